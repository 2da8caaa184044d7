"""The commands for catalogues of teams: arguments in, text or JSON out."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scaffold.catalogue import Catalogue
from scaffold.cli import catalogues
from scaffold.cli.console import Command, Group, debug_option, echo, output_option, result, show_problem
from scaffold.cli.edge import problem_row, show_findings
from scaffold.errors import UsageError
from scaffold.printable import escaped

if TYPE_CHECKING:
    from scaffold.team.run import Outcome

_COLOURS = {"passed": "green", "made": "green", "failed": "red", "skipped": "yellow"}
_LAST = 60  # lines of what a failed test printed; the reason is at the end


@click.group(cls=Group)
@debug_option
def catalogue() -> None:
    """Write, check and try a catalogue of your team.

    Such a catalogue is a folder of the shape of the built-in one, laid over it with --catalogue: base images,
    templates, versions and defaults of your own.
    """


_folder = click.argument("folder", metavar="[PATH]", type=click.Path(path_type=Path), default=Path())


@catalogue.command(
    cls=Command,
    short_help="Write a catalogue to start from.",
    examples=[
        ("In a folder of its own", "sam-scaffold catalogue new catalogue"),
        ("With a title", 'sam-scaffold catalogue new catalogue --title "Acme"'),
    ],
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--title", default="Acme", show_default=True, help="What the catalogue is called.")
@output_option
def new(folder: Path, title: str, output: str) -> None:
    """Write a catalogue to start from into DIR.

    It has a base image, a template with its handler in Python, and defaults. It works as it is.
    """
    from scaffold.team import new as example  # noqa: PLC0415
    from scaffold.team_files import LONGEST_TITLE  # noqa: PLC0415

    if not title.strip() or not title.isprintable() or len(title) > LONGEST_TITLE:
        hint = f'at most {LONGEST_TITLE} characters, for example --title "Acme"'
        raise UsageError("--title is one line of text", hint)
    files = example.write(folder, title)
    if output == "json":
        result(folder=str(folder.absolute()), files=files)
        return
    echo(f"{click.style('Made', fg='green')} {folder}. Its README.md says what each file is.")
    name = shlex.quote(str(folder))
    echo(
        f"\nNext:\n  sam-scaffold catalogue lint {name}\n  sam-scaffold catalogue test {name}\n"
        f"  sam-scaffold init --catalogue {name}"
    )


@catalogue.command(
    cls=Command,
    short_help="Say what is wrong with a catalogue.",
    examples=[
        ("The one in this folder", "sam-scaffold catalogue lint"),
        ("For a script, which looks at the exit code", "sam-scaffold catalogue lint catalogue --output json"),
    ],
)
@_folder
@output_option
@click.pass_context
def lint(ctx: click.Context, folder: Path, output: str) -> None:
    """Say what is wrong with the catalogue in PATH, with file and line.

    Nothing of it is rendered or run. Exits with 3 where there is something to mend, and with 0 where there are
    warnings alone: of layers that leave out files of those that they replace.
    """
    from scaffold.team import lint as linter  # noqa: PLC0415

    _require_folder(folder)
    problems = linter.problems(folder, catalogues.BUILT_IN)
    notes = linter.notes(folder, catalogues.BUILT_IN)
    if output == "json":
        rows = [[problem_row(problem) for problem in found] for found in (problems, notes)]
        result(good=not problems, findings=rows[0], warnings=rows[1])
    else:
        show_findings(problems, output, good=f"{click.style('Valid', fg='green')}: nothing is wrong with {folder}")
        for note in notes:
            show_problem(note, "warning")
    ctx.exit(3 if problems else 0)


@catalogue.command(
    "test",
    cls=Command,
    short_help="Make what a catalogue adds, and run its tests.",
    examples=[
        ("The one in this folder", "sam-scaffold catalogue test"),
        ("One of its templates", "sam-scaffold catalogue test . invoices/pip"),
        ("Without installing anything or running tests", "sam-scaffold catalogue test --no-run"),
    ],
)
@_folder
@click.argument("cells", metavar="[CELL]...", nargs=-1)
@click.option("--all-runtimes", is_flag=True, help="Each runtime, and not the newest one alone.")
@click.option("--run/--no-run", default=True, help="Whether to run the projects' tests.  [run]")
@output_option
@click.pass_context
def test(  # noqa: PLR0913  click hands over an argument an option
    ctx: click.Context, folder: Path, cells: tuple[str, ...], output: str, *, all_runtimes: bool, run: bool
) -> None:
    """Make each combination that the catalogue in PATH adds or changes, translate it, and run its tests.

    This runs code of the catalogue: the commands of each project's README that install it and run its tests, in a
    temporary folder, with your rights. --no-run makes and translates the projects and stops there; their templates are
    code as well.

    What a base image or a language has of its own is tried once with each dependency manager and package type, on the
    newest runtime. CELL is parts of a combination, as in `sam-scaffold list cells`, to try no others. What this
    machine lacks a program for is skipped. Exits with 3 if one fails, or if its folders change nothing at all.
    """
    from scaffold import team_files  # noqa: PLC0415
    from scaffold.team import cells as combinations  # noqa: PLC0415
    from scaffold.team import run as runner  # noqa: PLC0415
    from scaffold.team import shape  # noqa: PLC0415

    _require_folder(folder)
    having = shape.read(folder)
    if not (having.layers or having.tables or having.problems):
        raise UsageError(f"{folder} has nothing that a catalogue has", "name the folder of a catalogue")
    opened = Catalogue(today=catalogues.BUILT_IN.today, over=(folder.resolve(),))
    team_files.check(opened)
    chosen = combinations.changed(opened, catalogues.BUILT_IN, queries=cells, all_runtimes=all_runtimes)
    if not chosen and cells:
        raise UsageError(
            f"no combination of {folder} matches {' or '.join(map(repr, cells))}",
            "leave it out to see those that it adds or changes",
        )
    outcomes = []
    for outcome in runner.outcomes(opened, chosen, run=run):
        outcomes.append(outcome)
        if output == "text":
            _show(outcome)
    # Other things than combinations may be all that there is, such as defaults.
    is_idle = not outcomes and not any(combinations.is_for_all(path) for path in (*having.layers, *having.tables))
    good = not is_idle and all(outcome.status != runner.FAILED for outcome in outcomes)
    if output == "json":
        result(good=good, combinations=[_row(outcome) for outcome in outcomes])
    elif not outcomes:
        hint = " `sam-scaffold catalogue lint` may say why." if is_idle else ""
        echo(f"{folder} adds no combination, and changes none.{hint}")
    else:
        echo(_summary([outcome.status for outcome in outcomes]))
    ctx.exit(0 if good else 3)


def _require_folder(folder: Path) -> None:
    if not folder.is_dir():
        raise UsageError(f"there is no folder {folder}", "name that of a catalogue")


def _show(outcome: Outcome) -> None:
    status = click.style(outcome.status.ljust(7), fg=_COLOURS[outcome.status])
    echo(f"{status} {outcome.combination}" + (f": {escaped(outcome.reason)}" if outcome.reason else ""))
    if outcome.status == "failed":
        for line in _printed(outcome).splitlines()[-_LAST:]:
            echo(f"  {line}")


def _printed(outcome: Outcome) -> str:
    """Return what a project's tests printed, without what a terminal would obey."""
    lines = click.unstyle(outcome.output).replace("\r\n", "\n").rstrip().split("\n")
    lines = [line.rpartition("\r")[2] for line in lines]  # what is left of a line that was written again and again
    return "\n".join("".join(one if one.isprintable() or one == "\t" else " " for one in line) for line in lines)


def _row(outcome: Outcome) -> dict[str, object]:
    cell = outcome.combination.cell
    return {
        "cell": str(cell),
        "base_image": outcome.combination.base if cell.package_type == "Image" else None,
        "status": outcome.status,
        "reason": outcome.reason or None,
        "output": _printed(outcome) or None,
    }


def _summary(statuses: list[str]) -> str:
    counts = [f"{statuses.count(status)} {status}" for status in _COLOURS if status in statuses]
    noun = "combination" if len(statuses) == 1 else "combinations"
    return f"{len(statuses)} {noun}: {', '.join(counts)}."
