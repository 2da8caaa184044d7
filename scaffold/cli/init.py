"""``sam-scaffold init``: flags in, a project and the next steps out."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scaffold import advice, settings
from scaffold.catalogue import host_architecture
from scaffold.cli.console import Command, echo, is_terminal, output_option, result, say
from scaffold.cli.edge import answers_from
from scaffold.cli.options import (
    CATALOGUE,
    Lazy,
    bases,
    languages,
    managers,
    runtimes,
    setting_options,
    templates,
)
from scaffold.errors import InvalidAnswersError
from scaffold.resolve import examine
from scaffold.spec import DEFAULT_NAME, Answers, ProjectSpec

if TYPE_CHECKING:
    from scaffold.errors import FilePosition, Keys
    from scaffold.project import Preview


@click.command(
    cls=Command,
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
@click.option("-r", "--runtime", metavar="RUNTIME", cls=Lazy, choices=runtimes, help="The Lambda runtime")
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
    choices=bases,
    help="What the image starts from; or, with --runtime, an image of your own made from AWS's, as "
    "registry.example.com/team/python:3.13",
)
@click.option(
    "-d",
    "--dependency-manager",
    metavar="MANAGER",
    cls=Lazy,
    choices=managers,
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
@click.option("--app-template", metavar="NAME", cls=Lazy, choices=templates, help="The template; its own name or sam's")
@click.option(
    "--language",
    metavar="NAME",
    cls=Lazy,
    choices=languages,
    help="The language, where a runtime serves several, or for its newest runtime with --defaults",
)
@click.option(
    "-o",
    "--output-dir",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="The folder to make the project's folder in.  [this one]",
)
@setting_options
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
    **answered: Any,  # noqa: ANN401  one for each answer
) -> None:
    """Make a new AWS SAM project.

    What the flags leave open is asked, on a terminal. Everything is checked before anything is written, the SAM
    translator's verdict among it; then the project appears whole or not at all.
    """
    given = Answers.from_values({name: None if value == () else value for name, value in answered.items()})
    positions: dict[Keys, FilePosition] = {}
    if answers_file:
        from scaffold import answers  # noqa: PLC0415

        from_file, positions = answers.read(CATALOGUE, answers_file)
        positions = {keys: position for keys, position in positions.items() if given.get(str(keys[0])) is None}
        given = given.with_defaults(from_file)
    with answers_from(positions):
        resolution = examine(CATALOGUE, given, preview=preview, defaults=defaults)
        can_ask = not (defaults or no_interactive or output == "json") and is_terminal()
        if resolution.missing and can_ask and not given.functions:  # the wizard asks about one
            if resolution.problems:
                raise InvalidAnswersError(resolution.problems)
            from scaffold import wizard  # noqa: PLC0415

            spec = wizard.run(CATALOGUE, resolution.answers, output_dir, preview=preview, force=force)
            echo(f"\nThe same again:\n  {command_line(spec, output_dir)}", err=True)
        else:
            spec = resolution.require()
        for warning in advice.warnings(CATALOGUE, spec):
            say("Warning", warning, "yellow")
        from scaffold import project  # noqa: PLC0415

        if dry_run:
            _show_preview(spec, project.preview(CATALOGUE, spec), output)
        else:
            _show_project(spec, project.create(CATALOGUE, spec, output_dir, force=force), output)


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
    words += settings.arguments(function.settings)
    of_project = [row for row in settings.TABLE if row.scope == settings.PROJECT]
    words += [row.flag for row in of_project if getattr(spec, row.name)]
    if output_dir != Path():
        words += ["--output-dir", str(output_dir)]
    return shlex.join([*words, "--no-interactive"])


def _show_preview(spec: ProjectSpec, preview: Preview, output: str) -> None:
    if output == "json":
        result(dry_run=True, files=list(preview.files), template=preview.template)
        return
    echo(f"{spec.name}/")
    for file in preview.files:
        echo(f"  {file}")
    echo(f"\ntemplate.yaml:\n\n{preview.template}", nl=False)


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
