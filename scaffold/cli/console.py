"""What commands print with, and the help that they share. Only what is here and the commands themselves print.

Results go to standard output, everything else to standard error; colour only where somebody sees it.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from scaffold.errors import Problem


def _debug(_ctx: click.Context, _param: click.Parameter, value: bool) -> None:  # noqa: FBT001  as click calls it
    if value:
        logging.basicConfig(level=logging.DEBUG, stream=sys.stderr, format="%(name)s: %(message)s")


debug_option = click.option(
    "--debug",
    is_flag=True,
    expose_value=False,
    callback=_debug,
    help="Say on standard error what is done, with tracebacks.",
)


class Command(click.Command):
    """A command that knows ``--debug``, and whose help ends with examples, laid out as they were written."""

    def __init__(self, *args: Any, examples: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        self.examples = examples
        debug_option(self)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples."""
        with formatter.section("Examples"):
            for number, (what, line) in enumerate(self.examples):
                if number:
                    formatter.write_paragraph()
                formatter.write_text(f"{what}:")
                formatter.write(f"{'':{formatter.current_indent + 2}}{line}\n")
        super().format_epilog(ctx, formatter)


output_option = click.option(
    "--output",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How results are written to standard output.",
)


def table(
    columns: Sequence[str], rows: Sequence[dict[str, Any]], styles: dict[str, dict[str, str]] | None = None
) -> None:
    """Print rows as a table; ``styles`` gives the cells of a column a colour by their text."""
    from rich import box  # noqa: PLC0415  takes time to load
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column.replace("_", " "), overflow="fold")
    for row in rows:
        cells = []
        for column in columns:
            value = row[column]
            text = ", ".join(value) if isinstance(value, list) else str(value or "")
            style = (styles or {}).get(column, {}).get(text)
            cells.append(Text(text, style or ""))
        table.add_row(*cells)
    # A pipe has no width: nothing is folded there, so that a row stays a line.
    Console(width=None if sys.stdout.isatty() else 400).print(table)


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """Yield what takes the numbers of a progress bar on standard error; on a terminal it shows the time left."""
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield lambda _done, _total: None
        return
    from rich.console import Console  # noqa: PLC0415  takes time to load
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def result(*, good: bool = True, **values: Any) -> None:  # noqa: ANN401  whatever a command has found
    """Print what a command has to say to a program: one line of JSON."""
    echo(json.dumps({"type": "result", "status": "success" if good else "failure", **values}))


def show_problem(problem: Problem) -> None:
    """Print something to mend, as a result: where it is, and below it what to do."""
    echo(f"{click.style(problem.name, bold=True)}: {problem.message}" + (f"\n  {problem.hint}" if problem.hint else ""))


def echo(text: object = "", *, err: bool = False, nl: bool = True) -> None:
    """Print; without colour where nobody sees it, where NO_COLOR is set, and on a terminal that has none."""
    plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    click.echo(text, err=err, nl=nl, color=False if plain else None)


def say(kind: str, message: str, colour: str, hint: str = "") -> None:
    """Print an error or a warning to standard error, and below it what to do."""
    echo(f"{click.style(kind, fg=colour, bold=True)}: {message}", err=True)
    if hint:
        echo(f"  {hint}", err=True)


def is_terminal() -> bool:
    """Return whether a person is there to be asked."""
    return sys.stdin.isatty() and sys.stdout.isatty()
