"""``sam-scaffold doctor``: which of the programs that a project takes are on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from scaffold.cli.catalogues import catalogue, catalogue_option, hint_for
from scaffold.cli.console import Command, echo, output_option, result, say, table
from scaffold.cli.edge import answers_from
from scaffold.cli.options import cells, completer
from scaffold.errors import UsageError

if TYPE_CHECKING:
    from scaffold.spec import ProjectSpec

_COLOURS = {"found": "green", "missing": "red", "too old": "red", "does not work": "red"}


@click.command(
    cls=Command,
    examples=[
        ("For the project in this folder", "sam-scaffold doctor"),
        ("For what you are about to create", "sam-scaffold doctor java25/maven/image"),
        ("For a script, which looks at the exit code", "sam-scaffold doctor shop --output json"),
    ],
)
@click.argument("what", required=False, shell_complete=completer(cells))
@catalogue_option
@output_option
@click.pass_context
def doctor(ctx: click.Context, what: str | None, output: str) -> None:
    """Show which programs are on this machine, in which version, and which are missing.

    WHAT is the folder of a project, or parts of a combination as in `sam-scaffold list cells`. Without it, that is the
    project in this folder, and where there is none, nothing is needed. The exit code is 3 if something that is needed
    is missing, too old or does not work.
    """
    from scaffold import tools  # noqa: PLC0415  takes time to load

    project = _project(what)
    found = tools.examine(catalogue(), tools.needed_by(catalogue(), project) if project else {})
    failed = [tool for tool in found if tool.fails]
    if output == "json":
        keys = ("name", "version", "least", "needed", "status", "hint")
        result(good=not failed, tools=[{key: getattr(tool, key) or _none(key) for key in keys} for tool in found])
        ctx.exit(3 if failed else 0)
    rows = [
        {
            "program": tool.title,
            "version": tool.version,
            "needed": (f"{tool.least} or later" if tool.least else "yes") if tool.needed else "",
            "status": tool.status,
        }
        for tool in found
        if tool.needed or not project or tool.status == tools.FOUND
    ]
    table(("program", "version", "needed", "status"), rows, styles={"status": _COLOURS})
    for tool in failed:
        echo(f"{click.style(tool.title, bold=True)}: {tool.hint}")
    ctx.exit(3 if failed else 0)


def _none(key: str) -> object:
    return False if key == "needed" else None


def _project(what: str | None) -> ProjectSpec | None:
    """Return the project that is meant: one that is there, or one that could be made; ``None`` if there is none."""
    from scaffold import answers, custom_answers, resolve  # noqa: PLC0415  take time to load
    from scaffold.spec import DEFAULT_NAME, ProjectSpec  # noqa: PLC0415

    folder = Path(what or ".")
    if folder.is_dir():
        file = folder / answers.FILE
        if not file.is_file():
            if what is None:
                return None
            raise UsageError(
                f"{what} is not a project of sam-scaffold", f"it has no {answers.FILE}; name a combination"
            )
        if custom_answers.read(file):
            say("Note", f"{folder} was made from a custom template: nobody knows what that takes", "cyan")
            return None
        with hint_for(file):
            given, positions = answers.read(catalogue(), file)
            with answers_from(positions):
                return resolve.resolve(catalogue(), given, preview=True)
    matching = catalogue().find(what or "")
    if not matching:
        raise UsageError(f"no cell matches {what!r}", "name a project's folder, or see `sam-scaffold list cells`")
    # Those that differ in their runtime and template alone take the same programs.
    kinds = {(cell.language, cell.dependency_manager, cell.package_type) for cell in matching}
    if len(kinds) > 1:
        names = ", ".join(sorted(" ".join(kind) for kind in kinds)[:8])
        raise UsageError(f"{what!r} may be several: {names}", "add a language, a dependency manager or a package type")
    return ProjectSpec(DEFAULT_NAME, resolve.functions_of(catalogue(), matching[0]))
