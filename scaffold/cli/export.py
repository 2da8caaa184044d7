"""``sam-scaffold export``: a combination as a cookiecutter."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from scaffold import advice
from scaffold.catalogue import host_architecture
from scaffold.cli.catalogues import catalogue, catalogue_option
from scaffold.cli.console import Command, echo, output_option, result, say
from scaffold.cli.options import bases, cells, completer, find_cell
from scaffold.spec import DEFAULT_NAME, Answers


@click.command(
    cls=Command,
    examples=[
        ("The parts in any order", "sam-scaffold export python3.14/pip/image/hello-world hello-python"),
        ("With another base image", "sam-scaffold export python3.14/pip/image/hello-world hello-debian -i debian"),
        ("For a script", "sam-scaffold export crud/zip/java25/maven crud-java --architecture arm64 --output json"),
    ],
)
@click.argument("cell", shell_complete=completer(cells))
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "-i",
    "--base-image",
    metavar="IMAGE",
    shell_complete=completer(bases),
    help="The base image, or your own, as in init.  [amazon]",
)
@click.option(
    "-a",
    "--architecture",
    metavar="ARCH",
    shell_complete=completer(lambda: ["x86_64", "arm64"]),
    help=f"The architecture: x86_64 or arm64.  [{host_architecture()}]",
)
@catalogue_option
@output_option
def export(cell: str, folder: Path, base_image: str | None, architecture: str | None, output: str) -> None:
    """Write CELL as a cookiecutter into DIR, which must be empty or not there.

    It needs no sam-scaffold: cookiecutter and sam init --location make projects from it, with the bytes that
    sam-scaffold init gives them. CELL is a combination from `sam-scaffold list cells`, or enough parts of one to
    identify it.
    """
    from scaffold import export as exports  # noqa: PLC0415  take time to load
    from scaffold.answers import catalogue_flags  # noqa: PLC0415
    from scaffold.resolve import resolve  # noqa: PLC0415

    match = find_cell(cell)
    answers = Answers(
        name=DEFAULT_NAME,
        app_template=match.use_case,
        language=match.language,
        runtime=match.runtime,
        package_type=match.package_type,
        base_image=base_image,
        dependency_manager=match.dependency_manager,
        architecture=architecture,
    )
    if catalogue().defaults:
        from scaffold import team_defaults  # noqa: PLC0415

        answers = answers.with_defaults(team_defaults.fitting(catalogue(), answers, preview=True))
    spec = resolve(catalogue(), answers, preview=True)
    for warning in advice.warnings(catalogue(), spec):
        say("Warning", warning, "yellow")
    function = spec.functions[0]
    words = ["sam-scaffold", "export", str(match), folder.name, "--architecture", function.architecture]
    words += ["--base-image", function.base_image] if function.base_image else []
    command = " ".join([shlex.join(words), *catalogue_flags(catalogue())])
    files = exports.write(catalogue(), spec, folder, command)
    if output == "json":
        result(
            cell=str(match),
            folder=str(folder.absolute()),
            base_image=function.base_image,
            architecture=function.architecture,
            files=files,
        )
        return
    name = shlex.quote(str(folder))
    echo(f"{click.style('Made', fg='green')} {folder}: a cookiecutter of {match}, {spec.functions[0].architecture}.")
    echo(f"\nNext, one of:\n  sam init --location {name} --no-input --name {DEFAULT_NAME}")
    echo(f"  cookiecutter {name} --no-input project_name={DEFAULT_NAME}")
