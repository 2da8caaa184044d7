"""The command line: arguments in, text or JSON out. The only module that prints.

Results go to standard output, everything else to standard error. ``main`` returns the exit code.
"""

from __future__ import annotations

import itertools
import json
import logging
import os
import shlex
import sys
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scaffold import __version__, settings
from scaffold.catalogue import AWS_IMAGES, Catalogue, host_architecture
from scaffold.cli_workshop import workshop
from scaffold.console import Examples, echo, finding, is_terminal, output_option, result, say, table
from scaffold.errors import CancelledError, InvalidAnswersError, Problem, ScaffoldError, UsageError
from scaffold.model import BLOCKED, DEPRECATED, PREVIEW, SUPPORTED, base_image_name
from scaffold.resolve import complete, resolve
from scaffold.spec import AMAZON, DEFAULT_NAME, LIMITS, MONITORING, Answers, ProjectSpec

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

CATALOGUE = Catalogue()

# What a user types for each answer; base_image and the like differ from their names only in the hyphen.
FLAGS = {field.name: f"--{field.name.replace('_', '-')}" for field in fields(Answers)}


# Completion and help, from the catalogue ------------------------------------------------------------------------


def _completes(values: Callable[[], Sequence[str]]) -> Callable[..., list[str]]:
    def complete_value(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
        return [value for value in values() if value.lower().startswith(incomplete.lower())]

    return complete_value


def _runtimes() -> list[str]:
    pairs = [*CATALOGUE.offered(), *CATALOGUE.offered(deprecated=True)]
    return list(dict.fromkeys(language.cli_name(runtime) for language, runtime in pairs))


def _base_images() -> list[str]:
    pairs = [*CATALOGUE.offered(), *CATALOGUE.offered(deprecated=True)]
    return list(dict.fromkeys(base_image_name(language, runtime) for language, runtime in pairs if runtime.image))


def _bases() -> list[str]:
    return [*(name for name in CATALOGUE.bases if name != AMAZON), *_base_images()]


def _managers() -> list[str]:
    return sorted({name for one in CATALOGUE.languages.values() if one.use_cases() for name in one.managers})


def _languages() -> list[str]:
    return [one.id for one in CATALOGUE.languages.values() if one.use_cases()]


def _templates() -> list[str]:
    rows = [row["id"] for one in CATALOGUE.use_cases.values() for row in one.identifiers]
    return list(dict.fromkeys([*CATALOGUE.use_cases, *rows]))


class Lazy(click.Option):
    """An option whose help lists choices that are looked up only when the help is shown."""

    def __init__(self, *args: Any, choices: Callable[[], Sequence[str]], **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, shell_complete=_completes(choices), **kwargs)
        self.choices = choices

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return the option's names and its help with the choices behind it."""
        record = super().get_help_record(ctx)
        return (record[0], f"{record[1]}: {', '.join(self.choices())}") if record else None


def _number(name: str, what: str) -> str:
    limit = LIMITS[name]
    return f"{what}, {limit.least} to {limit.most} {limit.unit}."


# Commands -------------------------------------------------------------------------------------------------------


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", prog_name="sam-scaffold")
def cli() -> None:
    """Make AWS SAM projects that build, pass their tests and answer on arrival."""


cli.add_command(workshop)


@cli.command(
    cls=Examples,
    short_help="Make a new project.",
    examples=[
        ("Be asked", "sam-scaffold init"),
        ("Take every default", "sam-scaffold init --defaults"),
        (
            "A container image on Node.js, from a script",
            "sam-scaffold init --name shop --base-image amazon/nodejs24.x-base --no-interactive",
        ),
        (
            "A Zip on Python with X-Ray tracing and JSON logs",
            "sam-scaffold init -n shop -r python3.14 -p Zip --tracing --structured-logging --no-interactive",
        ),
        ("Look first, write nothing", "sam-scaffold init --defaults --dry-run"),
        ("The same project again", "sam-scaffold init --answers shop/.sam-scaffold.yaml --output-dir copy"),
    ],
)
@click.option("-n", "--name", metavar="NAME", help=f"The project's name: its folder and its stack.  [{DEFAULT_NAME}]")
@click.option("-r", "--runtime", metavar="RUNTIME", cls=Lazy, choices=_runtimes, help="The Lambda runtime")
@click.option(
    "-p",
    "--package-type",
    metavar="TYPE",
    cls=Lazy,
    choices=lambda: list(CATALOGUE.packages),
    help="How the function reaches Lambda, in any case",
)
@click.option(
    "-i",
    "--base-image",
    metavar="IMAGE",
    cls=Lazy,
    choices=_bases,
    help="What the image starts from; or, with --runtime, an image of your own made from AWS's, as "
    "registry.example.com/team/python:3.13",
)
@click.option(
    "-d",
    "--dependency-manager",
    metavar="MANAGER",
    cls=Lazy,
    choices=_managers,
    help="What installs the dependencies; the language's usual one if not said",
)
@click.option(
    "-a",
    "--architecture",
    metavar="ARCH",
    cls=Lazy,
    choices=lambda: ["x86_64", "arm64"],
    help=f"The processor the function runs on; this machine's ({host_architecture()}) if not said",
)
@click.option(
    "--app-template", metavar="NAME", cls=Lazy, choices=_templates, help="The template; its own name or sam's"
)
@click.option(
    "--language",
    metavar="NAME",
    cls=Lazy,
    choices=_languages,
    help="The language, where a runtime serves several, or for its newest runtime with --defaults",
)
@click.option(
    "-o",
    "--output-dir",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="The folder to make the project's folder in.  [this one]",
)
@click.option("--memory", metavar="MB", help=_number("memory", "The function's memory"))
@click.option("--timeout", metavar="SECONDS", help=_number("timeout", "How long one invocation may take"))
@click.option("--ephemeral-storage", metavar="MB", help=_number("ephemeral_storage", "The size of /tmp"))
@click.option("--entrypoint", metavar="WORDS", help="Image: what Lambda runs instead of its ENTRYPOINT; shell or JSON.")
@click.option("--command", metavar="WORDS", help="Image: what Lambda passes instead of its CMD; shell or JSON.")
@click.option("--working-directory", metavar="PATH", help="Image: where Lambda starts it, instead of its WORKDIR.")
@click.option(
    "--build-arg",
    metavar="NAME=VALUE",
    multiple=True,
    default=None,
    help="Image: an argument of its build, BASE_IMAGE for one; may be repeated. It stays readable: no secrets.",
)
@click.option("--docker-tag", metavar="TAG", help="Image: its tag.  [the runtime]")
@click.option("--build-target", metavar="STAGE", help="Image: the stage of the Dockerfile to build.  [the last]")
@click.option(
    "--layer", metavar="ARN", multiple=True, default=None, help="Zip: a layer version; may be repeated, up to 5 times."
)
@click.option("--snap-start/--no-snap-start", default=None, help="Zip: start from a snapshot.  [no]")
@click.option(
    "--ecr/--no-ecr",
    default=None,
    help="Image: a repository in a stack of its own, for dev and prod.  [no: SAM makes one]",
)
@click.option("--tracing/--no-tracing", default=None, help="Trace requests with AWS X-Ray.  [no]")
@click.option(
    "--application-insights/--no-application-insights",
    default=None,
    help="Monitor with CloudWatch Application Insights.  [no]",
)
@click.option("--structured-logging/--no-structured-logging", default=None, help="Write logs as JSON.  [no]")
@click.option(
    "--answers",
    "answers_file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Answers from a YAML or JSON file; flags win over it.",
)
@click.option("-y", "--defaults", is_flag=True, help="Ask nothing; take the default for what was not said.")
@click.option("--no-interactive", is_flag=True, help="Ask nothing; fail if a needed answer is missing.")
@click.option("--preview", is_flag=True, help="Offer runtimes that AWS has in preview.")
@click.option("--dry-run", is_flag=True, help="Show the files and template.yaml; write nothing.")
@click.option("--force", is_flag=True, help="Fill the project's folder if it exists and is empty.")
@output_option
@click.option("--debug", is_flag=True, help="Say on standard error what is done, with tracebacks.")
def init(  # noqa: PLR0913  click hands over an argument an option
    output_dir: Path,
    answers_file: Path | None,
    output: str,
    *,
    defaults: bool,
    no_interactive: bool,
    preview: bool,
    dry_run: bool,
    force: bool,
    debug: bool,
    **said: Any,  # noqa: ANN401  one for each field of Answers
) -> None:
    """Make a new AWS SAM project.

    What the flags leave open is asked, on a terminal. Everything is checked before anything is written, the SAM
    translator's verdict among it; then the project appears whole or not at all.
    """
    if debug:
        logging.basicConfig(level=logging.DEBUG, stream=sys.stderr, format="%(name)s: %(message)s")
    given = Answers(**{name: None if value == () else value for name, value in said.items()})
    places = FLAGS
    if answers_file:
        from scaffold import answers  # noqa: PLC0415

        with _named({}):
            from_file, lines = answers.read(answers_file)
        places = {**FLAGS, **{key: line for key, line in lines.items() if said.get(key) is None}}
        given = given.over(from_file)
    can_ask = not (defaults or no_interactive or output == "json") and is_terminal()
    with _named(places):
        spec = _spec(given, output_dir, can_ask=can_ask, defaults=defaults, preview=preview, force=force)
    for warning in CATALOGUE.warnings(spec):
        say("Warning", warning, "yellow")
    from scaffold import project  # noqa: PLC0415

    if dry_run:
        with _named(places):
            shown = project.preview(CATALOGUE, spec)
        _show_preview(spec, shown, output)
        return
    with _named(places):
        target = project.create(CATALOGUE, spec, output_dir, force=force)
    _show_project(spec, target, output)


def _spec(  # noqa: PLR0913
    given: Answers, output_dir: Path, *, can_ask: bool, defaults: bool, preview: bool, force: bool
) -> ProjectSpec:
    if not can_ask or given.functions:  # the wizard asks about one
        spec = resolve(CATALOGUE, given, preview=preview, defaults=defaults)
    else:
        implied, problems = complete(CATALOGUE, given, preview=preview)
        if problems:
            raise InvalidAnswersError(problems)
        if _is_complete(implied):
            spec = resolve(CATALOGUE, implied, preview=preview)
        else:
            from scaffold import wizard  # noqa: PLC0415

            spec = wizard.run(CATALOGUE, implied, output_dir, preview=preview, force=force)
            echo(f"\nThe same again:\n  {command_line(spec, output_dir)}", err=True)
    return spec


def _is_complete(answers: Answers) -> bool:
    return None not in (answers.name, answers.runtime, answers.package_type)


def command_line(spec: ProjectSpec, output_dir: Path = Path()) -> str:
    """Return the one line that makes the same project without a question."""
    function = spec.functions[0]
    language = CATALOGUE.languages[function.language]
    runtime = language.runtime(function.runtime)
    words = ["sam-scaffold", "init", "--name", spec.name]
    words += ["--runtime", language.cli_name(runtime) if runtime else function.runtime]
    if words[-1] == function.runtime and function.runtime not in language.own_runtimes:
        words += ["--language", function.language]
    words += ["--package-type", function.package_type, "--dependency-manager", function.dependency_manager]
    words += ["--base-image", function.base_image] if function.base_image else []
    words += ["--architecture", function.architecture, "--app-template", function.use_case]
    for name, value in settings.dump(function.settings).items():
        words += _flag(name, value)
    words += ["--ecr"] if spec.ecr else []
    for option in MONITORING:
        words += [FLAGS[option]] if getattr(spec, option) else []
    if output_dir != Path():
        words += ["--output-dir", str(output_dir)]
    return shlex.join([*words, "--no-interactive"])


def _flag(name: str, value: Any) -> list[str]:  # noqa: ANN401  what settings.dump returns
    """Return a setting as words of a command line."""
    if value is True:
        return [FLAGS[name]]
    if name in ("entrypoint", "command"):
        return [FLAGS[name], shlex.join(value)]
    rows = [f"{key}={text}" for key, text in value.items()] if isinstance(value, dict) else value
    return [word for row in (rows if isinstance(rows, list) else [rows]) for word in (FLAGS[name], str(row))]


def _show_preview(spec: ProjectSpec, shown: Any, output: str) -> None:  # noqa: ANN401  project.Preview
    if output == "json":
        result(dry_run=True, files=list(shown.files), template=shown.template)
        return
    echo(f"{spec.name}/")
    for file in shown.files:
        echo(f"  {file}")
    echo(f"\ntemplate.yaml:\n\n{shown.template}", nl=False)


def _show_project(spec: ProjectSpec, target: Path, output: str) -> None:
    function = spec.functions[0]
    if output == "json":
        # The keys of sam init --output json.
        result(
            project_directory=str(target.absolute()),
            template_file=str(target.absolute() / "template.yaml"),
            runtime=function.runtime,
            package_type=function.package_type,
            dependency_manager=function.dependency_manager,
            app_template=function.use_case,
            architectures=[function.architecture],
        )
        return
    contexts = [CATALOGUE.context(spec, one) for one in spec.functions]
    what = "; ".join(
        f"{context['use_case_title']}, {context['runtime_title']}, {one.package_type}, {one.architecture}"
        for one, context in zip(spec.functions, contexts, strict=True)
    )
    echo(f"{click.style('Made', fg='green')} {target}: {what}. The SAM translator accepts it.")
    echo("\nNext:")
    steps = [line for context in contexts for line in [*context["install"], *context["test"]]]
    for line in [f"cd {shlex.quote(str(target))}", *dict.fromkeys(steps), "sam build"]:
        echo(f"  {line}")
    echo("\nREADME.md in there has the rest.")


@cli.group("list", short_help="Show what can be made.")
def list_() -> None:
    """Show what can be made: runtimes, templates, or every combination."""


_STATUS_STYLE = {SUPPORTED: "green", DEPRECATED: "yellow", PREVIEW: "cyan", BLOCKED: "red"}


@list_.command("runtimes", cls=Examples, examples=[("As JSON", "sam-scaffold list runtimes --output json")])
@click.option("--all", "everything", is_flag=True, help="Blocked runtimes too, and those without a template yet.")
@output_option
def list_runtimes(output: str, *, everything: bool) -> None:
    """List the Lambda runtimes with their dates, newest first."""
    rows = [
        {
            "runtime": language.cli_name(runtime),
            "language": language.title,
            "status": runtime.status(CATALOGUE.today),
            "os": runtime.os,
            "architectures": list(runtime.architectures),
            "base_image": base_image_name(language, runtime) if runtime.image else None,
            "deprecated": _iso(runtime.deprecated),
            "block_create": _iso(runtime.block_create),
            "block_update": _iso(runtime.block_update),
            "has_template": bool(language.use_cases()),
        }
        for language in CATALOGUE.languages.values()
        for runtime in language.runtimes
        if everything or (language.use_cases() and runtime.status(CATALOGUE.today) != BLOCKED)
    ]
    if output == "json":
        echo(json.dumps(rows))
        return
    columns = ("runtime", "language", "status", "os", "architectures", "deprecated", "block_create")
    table(columns, rows, styles={"status": _STATUS_STYLE})


@list_.command("templates", cls=Examples, examples=[("As JSON", "sam-scaffold list templates --output json")])
@output_option
def list_templates(output: str) -> None:
    """List the templates, with what sam init --app-template calls them."""
    rows = [
        {
            "template": one.id,
            "title": one.title,
            "summary": one.summary,
            "languages": [language.id for language in CATALOGUE.languages.values() if one.id in language.use_cases()],
            "sam_init": [row["id"] for row in one.identifiers],
        }
        for one in CATALOGUE.use_cases.values()
    ]
    if output == "json":
        echo(json.dumps(rows))
        return
    table(("template", "summary", "languages", "sam_init"), rows)


@list_.command("bases", cls=Examples, examples=[("As JSON", "sam-scaffold list bases --output json")])
@output_option
def list_bases(output: str) -> None:
    """List what images may start from, and what of it has been tested.

    The tests build an image for each runtime that is named as tested, run it as Lambda does and ask it.
    """
    rows = [
        {
            "base_image": name if name != AMAZON else f"{AMAZON}/<runtime>-base",
            "language": language.title,
            "image": base.image.format_map(_Braces(aws_image=f"{AWS_IMAGES}/…")),
            "runtimes": list(
                dict.fromkeys(
                    one.id
                    for one in language.runtimes
                    if one.status(CATALOGUE.today) != BLOCKED
                    if name in CATALOGUE.based(language, one)
                )
            ),
            "tested": list(base.tested),
            "untested": base.untested or None,
        }
        for name in CATALOGUE.bases
        for language in CATALOGUE.languages.values()
        if (base := language.bases.get(name))
    ]
    if output == "json":
        echo(json.dumps(rows))
        return
    why = {f"{row['language']} on {row['base_image']}": row["untested"] for row in rows if not row["tested"]}
    for row in rows:
        row["tested"] = row["tested"] or "untested"
    table(("base_image", "language", "runtimes", "tested"), rows, styles={"tested": {"untested": "yellow"}})
    for what, reason in why.items():
        echo(f"{what} is untested: {reason}.")


@list_.command("cells", cls=Examples, examples=[("Those for images", "sam-scaffold list cells image")])
@click.argument("parts", nargs=-1)
@output_option
def list_cells(parts: tuple[str, ...], output: str) -> None:
    """List every combination of template, package type, language, runtime and dependency manager.

    PARTS narrow the list down, in any order.
    """
    rows = [
        {
            "cell": str(cell),
            "template": cell.use_case,
            "package_type": cell.package_type,
            "language": cell.language,
            "runtime": cell.runtime,
            "dependency_manager": cell.dependency_manager,
        }
        for cell in CATALOGUE.find("/".join(parts))
    ]
    if output == "json":
        echo(json.dumps(rows))
        return
    table(("template", "package_type", "language", "runtime", "dependency_manager"), rows)


@cli.command(
    cls=Examples,
    short_help="Show the layers a combination is made of.",
    examples=[("Any part that tells it apart will do", "sam-scaffold show python3.14/image/hello-world")],
)
@click.argument("cell", shell_complete=_completes(lambda: [str(cell) for cell in CATALOGUE.cells]))
@output_option
def show(cell: str, output: str) -> None:
    """Show the layers that CELL is made of, in the order in which they are rendered."""
    from scaffold.resolve import function_of  # noqa: PLC0415

    found = CATALOGUE.find(cell)
    if len(found) != 1:
        names = "".join(f"\n  {one}" for one in found[:20])
        raise UsageError(
            f"{cell!r} is {len(found)} cells:{names}" if found else f"{cell!r} is no cell",
            "add what tells them apart" if found else "sam-scaffold list cells shows them all",
        )
    layers = ["project", *(layer.as_posix() for layer in CATALOGUE.layers(function_of(CATALOGUE, found[0])))]
    if output == "json":
        echo(json.dumps({"cell": str(found[0]), "root": str(CATALOGUE.root), "layers": layers}))
        return
    echo(found[0])
    for number, layer in enumerate(layers, 1):
        echo(f"{number:3} {layer}")


@cli.command(
    cls=Examples,
    short_help="Check a template with the SAM translator.",
    examples=[
        ("The template in this folder", "sam-scaffold validate"),
        ("Another", "sam-scaffold validate app.yaml"),
    ],
)
@click.argument("path", type=click.Path(path_type=Path), default=Path())
@output_option
@click.pass_context
def validate(ctx: click.Context, path: Path, output: str) -> None:
    """Check a template with the SAM translator, without a network or credentials.

    PATH is a template, or a folder with a template.yaml. Exits with 3 where there is something to mend.
    """
    from scaffold import project  # noqa: PLC0415

    found = project.findings(path)
    if output == "json":
        result(good=not found, findings=[{**vars(one), "file": str(one.file)} for one in found])
    elif not found:
        echo(f"{click.style('Valid', fg='green')}: the SAM translator accepts {path}")
    for one in found if output == "text" else ():
        finding(f"{one.file}:{one.line}:{one.column}", one.message, one.hint)
    ctx.exit(3 if found else 0)


# Printing -------------------------------------------------------------------------------------------------------


class _Braces(dict[str, str]):
    """Values for a text with braces, of which those that are not known are shown as they are."""

    def __missing__(self, key: str) -> str:
        return f"<{key}>"


def _iso(day: Any) -> str | None:  # noqa: ANN401  a date or None
    return day.isoformat() if day else None


class _named:  # noqa: N801  reads as a verb where it is used
    """Rename the fields of problems to what the user knows: a flag, or a line of a file."""

    def __init__(self, places: dict[str, str]) -> None:
        self.places = places

    def __enter__(self) -> None:
        """Do nothing; the work is on the way out."""

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        """Raise the same problems with their places."""
        if isinstance(error, InvalidAnswersError):
            named = [Problem(self.places.get(one.field, one.field), one.message, one.hint) for one in error.problems]
            raise InvalidAnswersError(named) from error


def _report(error: ScaffoldError, output: str) -> None:
    problems = error.problems if isinstance(error, InvalidAnswersError) else ()
    lines = [f"{one.field}: {one.message}" + (f" ({one.hint})" if one.hint else "") for one in problems]
    if output == "json":
        message = "; ".join(lines) or error.message
        detail = {"type": type(error).__name__, "message": message, "resources": None}
        result(good=False, error=detail)
    elif problems:
        for one in problems:
            say("Error", f"{one.field} {one.message}" if one.field.startswith("--") else f"{one.field}: {one.message}",
                 "red", one.hint)  # fmt: skip
    else:
        say("Error", error.message, "red", error.hint)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    0 done, 1 failed, 2 usage, 3 findings, 130 interrupted. Prints no traceback unless ``--debug`` is among the
    arguments.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    output = _output_of(arguments)
    from scaffold import validate as translator  # noqa: PLC0415

    try:
        result = cli.main(arguments, prog_name="sam-scaffold", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except CancelledError:
        echo("Cancelled; nothing was written.", err=True)
        return 130
    except (KeyboardInterrupt, click.Abort):
        echo("Interrupted.", err=True)
        return 130
    except ScaffoldError as error:
        if "--debug" in arguments:
            import traceback  # noqa: PLC0415

            traceback.print_exc()
        _report(error, output)
        return error.exit_code
    except click.ClickException as error:
        if output == "json":
            _report(UsageError(error.format_message()), output)
        else:
            error.show()
        return error.exit_code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # whoever read us has gone; so do we
        return 1
    finally:
        translator.cool()


def _output_of(arguments: list[str]) -> str:
    """Return the output format, known even where the arguments cannot be parsed."""
    pairs = itertools.pairwise(arguments)
    return "json" if "--output=json" in arguments or ("--output", "json") in pairs else "text"
