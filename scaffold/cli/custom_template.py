"""``sam-scaffold init --location``: a project from somebody's cookiecutter, once it is trusted."""

from __future__ import annotations

import shlex
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scaffold.cli import sources, trusting
from scaffold.cli.console import echo, result, say
from scaffold.cli.custom_request import ARCHITECTURES, NAME, Request, request_of
from scaffold.cli.edge import problem_row
from scaffold.code_files import shown
from scaffold.errors import CancelledError, InvalidAnswersError, Problem, ProjectExistsError, UsageError
from scaffold.file_names import COOKIECUTTER
from scaffold.revisions import is_commit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scaffold.custom import Created, Template
    from scaffold.custom_answers import CustomAnswers
    from scaffold.fetch import Fetched

_MOST_NAMED = 5  # of the cookiecutters in a repository


def create(ctx: click.Context, custom: CustomAnswers) -> None:
    """Create a project from a custom template, and print the result; ``ctx`` is that of ``init``."""
    from scaffold import fetch  # noqa: PLC0415  takes time to load
    from scaffold.fetch import address as addresses  # noqa: PLC0415

    request = request_of(ctx, custom)
    address = addresses.parse(custom.location)
    if ctx.params["save_params"] and address.credentials:
        raise UsageError("--save-params would save the password in --location", "leave out one of them")

    def tell() -> None:
        echo(f"Fetching {address.url} …", err=True)

    with fetch.fetch(
        address, custom.checkout, directory=custom.directory, may_ask=request.may_ask, before_network=tell
    ) as fetched:
        if custom.revision and not custom.checkout and custom.revision != fetched.revision:
            say("Warning", f"{address.url} has changed since then: it was at {custom.revision}", "yellow")
        with sources.saving(ctx) if ctx.params["save_params"] else nullcontext():
            custom = replace(custom, directory=_directory(fetched, custom, request))
            named_in = trusting.named_in(ctx, "location", "checkout", "directory", "answers_file")
            request = request._replace(hooks=_are_hooks_wanted(fetched, custom.directory, request, named_in))
            made = _create(fetched, custom.directory, request)
    if made.answers and request.may_ask and not request.defaults:
        line = command_line(fetched, custom.directory, request, made)
        echo(f"\nTo create the same project again:\n  {line}", err=True)
    if request.output == "json":
        _print_result(fetched, made)
    else:
        _show(fetched, made)


def _directory(fetched: Fetched, custom: CustomAnswers, request: Request) -> str:
    """Return the folder of the cookiecutter in what was fetched; of several, ask which one."""
    from scaffold import prompts  # noqa: PLC0415
    from scaffold.custom import is_cookiecutter  # noqa: PLC0415

    if custom.directory or is_cookiecutter(fetched.folder):
        return custom.directory
    below = sorted(
        file.parent.relative_to(fetched.folder).as_posix()
        for depth in ("*/", "*/*/")
        for file in fetched.folder.glob(f"{depth}{COOKIECUTTER}")
    )
    if not below or not request.may_ask:
        named = ", ".join(map(shown, below[:_MOST_NAMED]))
        if below:
            say("Note", f"it has a cookiecutter in {named}", "cyan", "name one with --directory")
        return ""
    choices = [prompts.Choice(shown(name), name) for name in below]
    answer = prompts.for_terminal().select("Which of its templates?", choices, None)
    if answer is prompts.BACK:
        raise CancelledError("nothing was written")
    return str(answer)


def _are_hooks_wanted(fetched: Fetched, directory: str, request: Request, named_in: str) -> bool:
    """Return whether a template's hooks run, once it is trusted; what is no cookiecutter is not run at all."""
    from scaffold import custom, trust  # noqa: PLC0415

    if not custom.is_cookiecutter(fetched.folder, directory):
        return request.hooks
    contents = trust.inspect(fetched.folder / directory)
    return trusting.require(fetched, contents, "template", may_ask=request.may_ask, named_in=named_in) and request.hooks


def _create(fetched: Fetched, directory: str, request: Request) -> Created:
    from scaffold import custom, custom_answers  # noqa: PLC0415

    def record(answers: Mapping[str, Any], folder: Path) -> str:
        return custom_answers.dump(fetched, directory, answers, folder, hooks=request.hooks)

    options: dict[str, Any] = {"force": request.force, "record": record}
    if not custom.is_cookiecutter(fetched.folder, directory):
        name = _name_of_copy(fetched, request)
        return custom.copy(fetched.folder / directory, name, request.output_dir, **options)
    # A template sees no checkout of a folder and a zip, as with cookiecutter.
    source = {"template": fetched.address.url, "checkout": fetched.revision if is_commit(fetched.revision) else ""}
    with custom.opened(fetched.folder, directory, hooks=request.hooks, source=source) as template:
        for notice in template.notices:
            say("Note", notice, "cyan")
        values = _answers(template, request)
        try:
            return template.create(values, request.output_dir, **options)
        except ProjectExistsError as error:
            raise ProjectExistsError(error.message, "choose another name or --output-dir") from error


def _name_of_copy(fetched: Fetched, request: Request) -> str:
    """Return the name of a project that is a copy, and tell that it is one, of what, and which answers it has not."""
    url = shown(fetched.address.url)
    ref = f" ({shown(fetched.ref)})" if fetched.ref else ""
    revision = f"its {'commit is' if is_commit(fetched.revision) else 'contents are'} {fetched.revision}{ref}"
    message = f"{url} is no cookiecutter, so its files are copied as they are, and nothing of it is run"
    say("Note", message, "cyan", revision)
    for name in request.values:
        if name not in (NAME, ARCHITECTURES):
            say("Warning", f"--extra-context: it asks for nothing, so not for {shown(name)}", "yellow")
    return str(request.values.get(NAME) or fetched.address.name)


def _answers(template: Template, request: Request) -> dict[str, Any]:
    """Return the answers to the template's questions; raises :class:`InvalidAnswersError` for those that are wrong.

    Also raises it with every question that is open, where defaults were not asked for and nobody can be asked.
    """
    values = dict(request.values)
    for name in template.unknown(values):
        if name == ARCHITECTURES or (name == NAME and not request.name):
            continue
        flag = "--name" if name == NAME else "--extra-context"
        say("Warning", f"{flag}: the template has no variable {shown(name)}", "yellow")
    if problems := template.problems(values):
        raise InvalidAnswersError(problems)
    if request.defaults:
        return values
    if request.may_ask:
        from scaffold import custom_wizard  # noqa: PLC0415

        return custom_wizard.run(template, values)
    missing = []
    answers = dict(values)
    while question := template.question(answers):
        answers[question.name] = question.default
        message = "" if question.message == question.name else f": {question.message}"
        missing.append(Problem(("extra_context",), f"{shown(question.name)} is open{message}"))
    if missing:
        raise InvalidAnswersError(missing, "Nobody can be asked: pass them, or --no-input to take the defaults.")
    return values


def command_line(fetched: Fetched, directory: str, request: Request, made: Created) -> str:
    """Return the command line that creates the same project without a question."""
    from scaffold import custom_answers  # noqa: PLC0415

    words = ["sam-scaffold", "init", "--location", fetched.address.url]
    words += ["--checkout", fetched.revision] if is_commit(fetched.revision) else []
    words += ["--directory", directory] if directory else []
    words += ["--extra-context", custom_answers.json_text(dict(made.answers))]
    words += [] if request.hooks else ["--no-hooks"]
    words += ["--output-dir", str(request.output_dir)] if request.output_dir != Path() else []
    return shlex.join([*words, "--trust", fetched.revision, "--no-input"])


def _print_result(fetched: Fetched, made: Created) -> None:
    """Print the keys of ``sam init --output json``, most of which a custom template decides, and what it was."""
    names = ("runtime", "package_type", "dependency_manager", "app_template", "architectures")
    nothing: dict[str, Any] = dict.fromkeys(names)
    result(
        project_directory=str(made.folder.absolute()),
        template_file=str(made.template.absolute()) if made.template else None,
        **nothing,
        location=fetched.address.url,
        revision=fetched.revision,
        answers=dict(made.answers),
        findings=[problem_row(problem) for problem in made.findings],
    )


def _show(fetched: Fetched, made: Created) -> None:
    verdict = "It has no SAM template."
    if made.template:
        verdict = "The SAM translator accepts it." if not made.findings else "The SAM translator does not accept it:"
    echo(f"{click.style('Created', fg='green')} {made.folder} from {shown(fetched.address.url)}. {verdict}")
    for problem in made.findings:
        say("Warning", f"{problem.name}: {problem.message}", "yellow", problem.hint)
