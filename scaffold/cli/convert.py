"""``sam-scaffold convert``: a function of a template becomes a container image, or a Zip again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from scaffold.cli.catalogues import catalogue, catalogue_option
from scaffold.cli.console import Command, echo, is_terminal, output_option, result, say
from scaffold.errors import OutputError, UsageError

if TYPE_CHECKING:
    from scaffold.conversion.changes import Change


@click.command(
    cls=Command,
    examples=[
        ("See what would change", "sam-scaffold convert HelloWorldFunction --dry-run"),
        ("Turn a function into an image, from a script", "sam-scaffold convert HelloWorldFunction --yes"),
        ("Turn it into a Zip again", "sam-scaffold convert HelloWorldFunction --package-type Zip"),
    ],
)
@click.argument("function")
@click.option(
    "-p",
    "--package-type",
    type=click.Choice(["Image", "Zip"], case_sensitive=False),
    default="Image",
    show_default=True,
    help="What the function becomes.",
)
@click.option(
    "-t",
    "--template",
    "path",
    metavar="PATH",
    type=click.Path(path_type=Path),
    default=Path(),
    help="The template, or its folder.  [template.yaml]",
)
@click.option("-y", "--yes", is_flag=True, help="Ask nothing; write the changes.")
@click.option("--dry-run", is_flag=True, help="Show the changes; write nothing.")
@catalogue_option
@output_option
@click.pass_context
def convert(  # noqa: PLR0913  click passes each option as an argument
    ctx: click.Context, /, function: str, package_type: str, path: Path, output: str, *, yes: bool, dry_run: bool
) -> None:
    """Turn a function of any SAM template into a container image, or into a Zip again.

    FUNCTION is its name below Resources. Its folder gets a Dockerfile and a .dockerignore, and of the template just
    the lines of the function change. The changes are shown, checked with the SAM translator, and written after a yes.
    A Zip is made of images that sam-scaffold could have made.
    """
    from scaffold.conversion import changes, to_image, to_zip  # noqa: PLC0415  take time to load

    change = (to_image if package_type == "Image" else to_zip).convert(catalogue(), _template(path), function)
    if output == "text":
        _show(change)
    if not dry_run and not yes and not _agrees(output):
        echo("Nothing was written.", err=True)
        ctx.exit(1)
    if not dry_run:
        changes.write(change)
    if output == "json":
        result(
            function=change.function,
            package_type=change.package_type,
            dry_run=dry_run,
            files=[str(file) for file in change.files],
            diff=change.diff(),
            notes=list(change.notes),
        )
    elif not dry_run:
        echo(
            f"{click.style('Converted', fg='green')}: {change.function} is {_ARTICLES[change.package_type]} now",
            err=True,
        )


_ARTICLES = {"Image": "a container image", "Zip": "a Zip"}
_COLOURS = {"+": "green", "-": "red", "@": "cyan"}


def _template(path: Path) -> Path:
    from scaffold.translator.findings import NAMES  # noqa: PLC0415  takes time to load

    if not path.is_dir():
        return path
    found = next((path / name for name in NAMES if (path / name).is_file()), None)
    if found is None:
        raise OutputError(f"{path.resolve()} has no template.yaml", "name a template with --template")
    return found


def _show(change: Change) -> None:
    for line in change.diff().splitlines():
        echo(click.style(line, fg=_COLOURS.get(line[:1])) if line[:1] in _COLOURS else line)
    for note in change.notes:
        say("Note", note, "cyan")


def _agrees(output: str) -> bool:
    if output == "json" or not is_terminal():
        raise UsageError("cannot ask for confirmation here", "pass --yes, or --dry-run to see the changes")
    return click.confirm("Write these changes?", err=True)
