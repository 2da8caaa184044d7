"""``sam-scaffold init --location``: a project from somebody's cookiecutter, once it is trusted."""

from __future__ import annotations

import json
import shlex
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from scaffold.cli import sources, trusting
from scaffold.cli.console import POSITIONS, Option, echo, flag_key, result, say
from scaffold.cli.edge import problem_row
from scaffold.code_files import shown
from scaffold.errors import InvalidAnswersError, Problem, ProjectExistsError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from scaffold.custom import Created, Template
    from scaffold.custom_answers import CustomAnswers
    from scaffold.fetch import Fetched

SECTION = "Custom template"
_NAME, _ARCHITECTURES = "project_name", "architectures"  # the variables that sam fills in from flags
# Flags of init that a custom template leaves no room for, beside all answers but these.
_TAKEN = {"name", "architecture"}
_NO_ROOM = ("dry_run", "explain", "preview")


def options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of custom templates."""
    rows: list[tuple[tuple[str, ...], dict[str, Any]]] = [
        (
            ("-l", "--location"),
            {"metavar": "WHERE", "help": "A folder, zip or git repository of one."},
        ),
        (("--checkout",), {"metavar": "REF", "help": "The branch, tag or commit of a git repository."}),
        (("--directory",), {"metavar": "DIR", "help": "The folder in it that is the cookiecutter."}),
        (("--extra-context",), {"metavar": "JSON", "help": "Answers to the template's questions."}),
        (("--no-input",), {"is_flag": True, "help": "Take the template's defaults for the rest."}),
        (("--no-hooks",), {"is_flag": True, "help": "Leave out its hooks."}),
    ]
    for names, settings in reversed(rows):
        function = click.option(*names, cls=Option, section=SECTION, **settings)(function)
    return function


@dataclass(frozen=True)
class _Wish:
    """What the command line says about a custom template, apart from which one it is."""

    name: str | None
    values: Mapping[str, Any]
    output_dir: Path
    output: str
    hooks: bool
    force: bool
    defaults: bool
    may_ask: bool


def given(ctx: click.Context) -> CustomAnswers | None:
    """Return the custom template that a command line, the environment or a file names; ``None`` if none does.

    Raises :class:`UsageError` for flags that need one where there is none.
    """
    params = ctx.params
    custom = None
    if params["answers_file"]:
        from scaffold import custom_answers  # noqa: PLC0415  takes time to load

        custom = custom_answers.read(params["answers_file"])
    if params["location"]:
        from scaffold.custom_answers import CustomAnswers  # noqa: PLC0415

        return CustomAnswers(params["location"], params["checkout"] or "", params["directory"] or "")
    if custom:
        changes = {key: params[key] for key in ("checkout", "directory") if params[key]}
        return replace(custom, **changes)
    useless = [name for name in ("checkout", "directory", "extra_context", "no_hooks") if _is_flag(ctx, name)]
    if useless:
        flags = " and ".join(_flag(name) for name in useless)
        raise UsageError(f"{flags}: only a custom template has that", "name one with --location")
    return None


def _is_flag(ctx: click.Context, name: str) -> bool:
    return ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE


def _flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def create(ctx: click.Context, custom: CustomAnswers) -> None:
    """Create a project from a custom template, and print the result; ``ctx`` is that of ``init``."""
    from scaffold import fetch  # noqa: PLC0415  takes time to load
    from scaffold.fetch import address as addresses  # noqa: PLC0415

    wish = _wish(ctx, custom)
    address = addresses.parse(custom.location)
    if ctx.params["save_params"] and address.credentials:
        raise UsageError("--save-params would save the password in --location", "leave out one of them")
    if address.is_remote:
        echo(f"Fetching {address.url} …", err=True)
    with fetch.fetch(address, custom.checkout, may_ask=wish.may_ask) as fetched:
        if custom.revision and not custom.checkout and custom.revision != fetched.revision:
            say("Warning", f"{address.url} has changed since then: it was at {custom.revision}", "yellow")
        with sources.saving(ctx) if ctx.params["save_params"] else nullcontext():
            custom = replace(custom, directory=_directory(fetched, custom, wish))
            wish = replace(wish, hooks=_are_hooks_wanted(fetched, custom.directory, wish, _named_in(ctx)))
            made = _create(fetched, custom.directory, wish)
    if made.answers and wish.may_ask and not wish.defaults:
        line = command_line(fetched, custom.directory, wish, made)
        echo(f"\nTo create the same project again:\n  {line}", err=True)
    if wish.output == "json":
        _print_result(fetched, made)
    else:
        _show(fetched, made)


def _wish(ctx: click.Context, custom: CustomAnswers) -> _Wish:
    """Return what the command line says; raises :class:`InvalidAnswersError` with everything that does not go."""
    params = ctx.params
    problems = []
    for param in ctx.command.params:
        name = str(param.name)
        is_answer = name in sources.ANSWERS and name not in _TAKEN
        if (is_answer or name in _NO_ROOM) and _is_flag(ctx, name):
            message = f"--{flag_key(param).replace('_', '-')} has no meaning for a custom template, which decides that"
            problems.append(Problem((name,), message, "leave out one of the two"))
    values: dict[str, Any] = dict(custom.values)
    if params["extra_context"]:
        try:
            extra = json.loads(params["extra_context"])
        except ValueError as error:
            extra = None
            problems.append(Problem(("extra_context",), f"this is not JSON: {error}", _EXAMPLE))
        if isinstance(extra, dict):
            values |= extra
        elif extra is not None:
            problems.append(Problem(("extra_context",), "this is no JSON object", _EXAMPLE))
    if problems:
        raise InvalidAnswersError(problems)
    if params["name"]:
        values[_NAME] = params["name"]
    if params["architecture"]:
        values[_ARCHITECTURES] = {"value": [params["architecture"]]}  # in the shape that sam gives it
    as_json = params["output"] == "json"
    return _Wish(
        params["name"],
        values,
        params["output_dir"],
        params["output"],
        custom.hooks and not params["no_hooks"],
        params["force"],
        defaults=params["no_input"] or params["defaults"] or as_json,
        may_ask=trusting.can_ask() and not as_json,
    )


_EXAMPLE = """write it as in --extra-context '{"project_name": "shop"}'"""


def _directory(fetched: Fetched, custom: CustomAnswers, wish: _Wish) -> str:
    """Return the folder of the cookiecutter in what was fetched; of several, ask which one."""
    from scaffold import custom as rooms  # noqa: PLC0415
    from scaffold import prompts  # noqa: PLC0415
    from scaffold.errors import CancelledError  # noqa: PLC0415

    if custom.directory or rooms.is_cookiecutter(fetched.folder):
        return custom.directory
    below = sorted(
        file.parent.relative_to(fetched.folder).as_posix()
        for depth in ("*/", "*/*/")
        for file in fetched.folder.glob(f"{depth}cookiecutter.json")
    )
    if not below or not wish.may_ask:
        named = ", ".join(map(shown, below[:_FEW]))
        if below:
            say("Note", f"it has a cookiecutter in {named}", "cyan", "name one with --directory")
        return ""
    choices = [prompts.Choice(shown(name), name) for name in below]
    answer = prompts.for_terminal().select("Which of its templates?", choices, None)
    if answer is prompts.BACK:
        raise CancelledError("nothing was written")
    return str(answer)


_FEW = 5


def _named_in(ctx: click.Context) -> str:
    """Return the place in a project's file that says which template it is, if one does, and not the command line."""
    names = ("location", "checkout", "directory", "answers_file")
    named = (name for name in names if ctx.get_parameter_source(name) is ParameterSource.DEFAULT_MAP)
    return next((str(ctx.meta[POSITIONS][name]) for name in named), "")


def _are_hooks_wanted(fetched: Fetched, directory: str, wish: _Wish, named_in: str) -> bool:
    """Return whether a template's hooks run, once it is trusted; what is no cookiecutter is not run at all."""
    from scaffold import custom, trust  # noqa: PLC0415

    if not custom.is_cookiecutter(fetched.folder, directory):
        return wish.hooks
    contents = trust.inspect(fetched.folder / directory)
    return trusting.require(fetched, contents, "template", may_ask=wish.may_ask, named_in=named_in) and wish.hooks


def _create(fetched: Fetched, directory: str, wish: _Wish) -> Created:
    from scaffold import custom, custom_answers  # noqa: PLC0415

    if not custom.is_cookiecutter(fetched.folder, directory):
        name = wish.name or fetched.address.name
        say("Note", f"{shown(fetched.address.url)} is no cookiecutter, so its files are copied as they are", "cyan")
        return custom.copy(fetched.folder / directory, name, wish.output_dir, force=wish.force)
    source = {"template": fetched.address.url, "checkout": fetched.revision}
    with custom.opened(fetched.folder, directory, hooks=wish.hooks, source=source) as template:
        for notice in template.notices:
            say("Note", notice, "cyan")
        values = _answers(template, wish)

        def record(answers: Mapping[str, Any], folder: Path) -> str:
            return custom_answers.dump(fetched, directory, answers, folder, hooks=wish.hooks)

        try:
            return template.create(values, wish.output_dir, force=wish.force, record=record)
        except ProjectExistsError as error:
            raise ProjectExistsError(error.message, "choose another name or --output-dir") from error


def _answers(template: Template, wish: _Wish) -> dict[str, Any]:
    """Return the answers to the template's questions; raises :class:`InvalidAnswersError` for those that are wrong.

    Also raises it with every question that is open, where defaults were not asked for and nobody can be asked.
    """
    values = dict(wish.values)
    for name in template.unknown(values):
        if name == _ARCHITECTURES or (name == _NAME and not wish.name):
            continue
        flag = "--name" if name == _NAME else "--extra-context"
        say("Warning", f"{flag}: the template has no variable {shown(name)}", "yellow")
    if problems := template.problems(values):
        raise InvalidAnswersError(problems)
    if wish.defaults:
        return values
    if wish.may_ask:
        from scaffold import custom_wizard  # noqa: PLC0415

        return custom_wizard.run(template, values)
    missing = []
    answers = dict(values)
    while question := template.question(answers):
        answers[question.name] = question.default
        missing.append(Problem(("extra_context",), f"{shown(question.name)} is open: {shown(question.message)}"))
    if missing:
        raise InvalidAnswersError(missing, "Nobody can be asked: pass them, or --no-input to take the defaults.")
    return values


def command_line(fetched: Fetched, directory: str, wish: _Wish, made: Created) -> str:
    """Return the command line that creates the same project without a question."""
    words = ["sam-scaffold", "init", "--location", fetched.address.url]
    words += ["--checkout", fetched.revision] if fetched.address.kind == "git" else []
    words += ["--directory", directory] if directory else []
    words += ["--extra-context", json.dumps(dict(made.answers))]
    words += [] if wish.hooks else ["--no-hooks"]
    words += ["--output-dir", str(wish.output_dir)] if wish.output_dir != Path() else []
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
