"""``sam-scaffold init``: flags and answers in, a project and the next steps out."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scaffold import advice, settings
from scaffold.catalogue import build_command, host_architecture, requirements
from scaffold.cli.console import Command, echo, is_terminal, output_option, result, say
from scaffold.cli.edge import answers_from
from scaffold.cli.options import (
    CATALOGUE,
    LazyOption,
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

_MARKDOWN_LINK = re.compile(r"\[([^]]*)\]\([^)]*\)")


@click.command(
    cls=Command,
    short_help="Create a new project.",
    examples=[
        ("Answer questions", "sam-scaffold init"),
        ("Use all defaults", "sam-scaffold init --defaults"),
        (
            "A container image with Node.js, from a script",
            "sam-scaffold init --name shop --base-image amazon/nodejs24.x-base --no-interactive",
        ),
        (
            "A Zip with Python, X-Ray tracing and JSON logs",
            "sam-scaffold init -n shop -r python3.14 -p Zip --tracing --structured-logging --no-interactive",
        ),
        ("See the files without writing them", "sam-scaffold init --defaults --dry-run"),
        ("Create the same project again", "sam-scaffold init --answers shop/.sam-scaffold.yaml --output-dir copy"),
    ],
)
@click.option(
    "-n", "--name", metavar="NAME", help=f"The name of the project, its folder and its stack.  [{DEFAULT_NAME}]"
)
@click.option("-r", "--runtime", metavar="RUNTIME", cls=LazyOption, choices=runtimes, help="The Lambda runtime")
@click.option(
    "-p",
    "--package-type",
    metavar="TYPE",
    cls=LazyOption,
    choices=lambda: list(CATALOGUE.packages),
    help="The package type, in upper or lower case",
)
@click.option(
    "-i",
    "--base-image",
    metavar="IMAGE",
    cls=LazyOption,
    choices=bases,
    help="The base image; or, with --runtime, an image of your own built on AWS's, such as "
    "registry.example.com/team/python:3.13",
)
@click.option(
    "-d",
    "--dependency-manager",
    metavar="MANAGER",
    cls=LazyOption,
    choices=managers,
    help="The dependency manager; by default, the language's usual one",
)
@click.option(
    "-a",
    "--architecture",
    metavar="ARCH",
    cls=LazyOption,
    choices=lambda: ["x86_64", "arm64"],
    help=f"The architecture; by default, this machine's ({host_architecture()})",
)
@click.option(
    "--app-template",
    metavar="NAME",
    cls=LazyOption,
    choices=templates,
    help="The template, by its name here or in sam init",
)
@click.option(
    "--language",
    metavar="NAME",
    cls=LazyOption,
    choices=languages,
    help="The language, if several run on the runtime; or, with --defaults, to use its newest runtime",
)
@click.option(
    "-o",
    "--output-dir",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="Where to create the project's folder.  [the current folder]",
)
@setting_options
@click.option(
    "--answers",
    "answers_file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Read answers from a YAML or JSON file; flags take precedence.",
)
@click.option("-y", "--defaults", is_flag=True, help="Ask nothing; use defaults for everything not given.")
@click.option("--no-interactive", is_flag=True, help="Ask nothing; fail if a required answer is missing.")
@click.option("--preview", is_flag=True, help="Allow runtimes that AWS has in preview.")
@click.option("--dry-run", is_flag=True, help="Show the files and template.yaml without writing anything.")
@click.option("--force", is_flag=True, help="Use the project's folder if it exists and is empty.")
@output_option
def init(  # noqa: PLR0913  click passes each option as an argument
    output_dir: Path,
    answers_file: Path | None,
    output: str,
    *,
    defaults: bool,
    no_interactive: bool,
    preview: bool,
    dry_run: bool,
    force: bool,
    **answers: Any,  # noqa: ANN401  one for each answer
) -> None:
    """Create a new AWS SAM project.

    On a terminal, init asks for what the flags leave open. Everything is checked before anything is written, the
    template by the SAM translator too; then the whole project is created, or nothing at all.
    """
    given = Answers.from_values({name: None if value == () else value for name, value in answers.items()})
    positions: dict[Keys, FilePosition] = {}
    if answers_file:
        from scaffold.answers import read  # noqa: PLC0415

        from_file, positions = read(CATALOGUE, answers_file)
        positions = {keys: position for keys, position in positions.items() if given.get(str(keys[0])) is None}
        given = given.with_defaults(from_file)
    with answers_from(positions):
        resolution = examine(CATALOGUE, given, preview=preview, defaults=defaults)
        can_ask = not (defaults or no_interactive or output == "json") and is_terminal()
        if resolution.missing and can_ask and not given.functions:  # the wizard asks about a single function
            if resolution.problems:
                raise InvalidAnswersError(resolution.problems)
            from scaffold import wizard  # noqa: PLC0415

            spec = wizard.run(CATALOGUE, resolution.answers, output_dir, preview=preview, force=force)
            echo(f"\nTo create the same project again:\n  {command_line(spec, output_dir)}", err=True)
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
    """Return the command line that creates the same project without a question."""
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
    project_rows = [row for row in settings.TABLE if row.scope == settings.PROJECT]
    words += [row.flag for row in project_rows if getattr(spec, row.name)]
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
    contexts = [CATALOGUE.context(spec, function) for function in spec.functions]
    summary = "; ".join(
        f"{context['use_case_title']}, {context['runtime_title']}, {function.package_type}, {function.architecture}"
        for function, context in zip(spec.functions, contexts, strict=True)
    )
    echo(f"{click.style('Created', fg='green')} {target}: {summary}. The SAM translator accepts it.")
    needs = [*requirements(contexts), *requirements(contexts, "build_needs")]
    named = ", ".join(["the AWS SAM CLI", "Docker", *(_MARKDOWN_LINK.sub(r"\1", need) for need in needs)])
    echo(f"\nNext steps, with {named}:")
    commands = [*contexts[0]["install"], *contexts[0]["test"]] if len(contexts) == 1 else ["make test"]
    for line in [f"cd {shlex.quote(str(target))}", *commands, build_command(contexts)]:
        echo(f"  {line}")
    echo("\nIts README.md explains the rest.")
