"""How commands print, and the options and help that they share.

Results go to standard output, everything else to standard error, with colour only on a terminal that has it.
"""

from __future__ import annotations

import itertools
import json
import logging
import os
import sys
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import click

from scaffold.printable import escaped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from scaffold.errors import Problem


_LAYOUT = "\n\t"  # of what texts have that cannot be printed, all that stays
PREFIX = "SAM_SCAFFOLD_"  # of the environment variables that stand for flags
POSITIONS = f"{__name__}.positions"  # in click's context: where a configuration file has what, by parameters' names


# What the options below were given, wherever it came from, for whoever reports an error: it has no context of click's.
wants_debug: ContextVar[bool] = ContextVar("wants_debug", default=False)
wants_json: ContextVar[bool | None] = ContextVar("wants_json", default=None)
# The addresses of what was fetched, by the folders of the private copies, which tell a reader nothing.
fetched_from: ContextVar[Mapping[str, str]] = ContextVar("fetched_from", default={})  # noqa: B039  never changed


def _debug(_ctx: click.Context, _param: click.Parameter, value: bool) -> None:  # noqa: FBT001  as click calls it
    if value or os.environ.get("SAM_DEBUG", "").lower() == "true":  # which sam has
        wants_debug.set(True)
        logging.basicConfig(level=logging.DEBUG, stream=sys.stderr, format="%(name)s: %(message)s")


def _output(_ctx: click.Context, _param: click.Parameter, value: str) -> str:
    wants_json.set(value == "json")
    return value


debug_option = click.option(
    "--debug",
    is_flag=True,
    expose_value=False,
    callback=_debug,
    help="Log to standard error, and show tracebacks.",
)


class OptionalValue(click.types.StringParamType):
    """The type of an option's value that may be left out."""

    def is_value(self, word: str) -> bool:
        """Return whether a word behind the option's name is its value, and not what comes next."""
        raise NotImplementedError


class Option(click.Option):
    """An option that is listed in a section of the help."""

    def __init__(self, *args: Any, section: str, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        self.section = section

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return the option's names, a pair of flags in short: ``--[no-]tracing``."""
        record = super().get_help_record(ctx)
        if record and self.secondary_opts:
            return f"--[no-]{self.opts[0].removeprefix('--')}", record[1]
        return record


class Command(click.Command):
    """A command with ``--debug``, and with an environment variable for each flag.

    Its help lists options in their sections, those without one in ``section``; after ``notes`` it ends with examples:
    pairs of a description and a command line.
    """

    def __init__(
        self,
        *args: Any,  # noqa: ANN401
        examples: Sequence[tuple[str, str]] = (),
        section: str = "Options",
        notes: str = "",
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        super().__init__(*args, **kwargs)
        self.examples = examples
        self.section = section
        self.notes = notes
        debug_option(self)
        for param in self.params:
            if isinstance(param, click.Option):
                param.envvar = f"{PREFIX}{flag_key(param).upper()}"

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Have options whose value may be left out take the next word only where that is one."""
        end = args.index("--") if "--" in args else len(args)
        loose = {
            name: (param.type, param.flag_value)
            for param in self.params
            if isinstance(param, click.Option) and isinstance(param.type, OptionalValue)
            for name in param.opts
        }
        given = []
        for word, following in itertools.pairwise([*args[:end], None]):
            kind, left_out = loose.get(str(word), (None, None))
            takes_next = following is not None and kind is not None and kind.is_value(following)
            given.append(str(word) if kind is None or takes_next else f"{word}={left_out}")
        return super().parse_args(ctx, [*given, *args[end:]])

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, a section after the other, with their descriptions in one column."""
        sections: dict[str, list[tuple[str, str]]] = {}
        for param in self.get_params(ctx):
            record = param.get_help_record(ctx)
            if record:
                sections.setdefault(getattr(param, "section", self.section), []).append(record)
        width = max(len(names) for records in sections.values() for names, _ in records)
        for title, records in sections.items():
            with formatter.section(title):
                names, text = records[0]
                formatter.write_dl([(names.ljust(min(width, _NAMES)), text), *records[1:]], col_max=_NAMES)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the notes, and the examples without wrapping their command lines."""
        if self.notes:
            formatter.write_paragraph()
            formatter.write_text(self.notes)
        with formatter.section("Examples"):
            for description, line in self.examples:
                formatter.write_text(f"{description}:")
                formatter.write(f"{'':{formatter.current_indent + 2}}{line}\n")
        super().format_epilog(ctx, formatter)


_NAMES = 28  # characters for the names of an option in the help; longer ones get a line of their own


class Group(click.Group):
    """A group of commands, which prints its help if it is called without a command, and is content with that."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Print the help where there are no arguments."""
        if not args and not ctx.resilient_parsing:
            echo(ctx.get_help())
            ctx.exit()
        return super().parse_args(ctx, args)


def flag_key(param: click.Parameter) -> str:
    """Return the name of an option's flag as a key: ``base_image`` for ``--base-image``."""
    flag = next((name for name in param.opts if name.startswith("--")), param.opts[0])
    return flag.lstrip("-").replace("-", "_")


output_option = click.option(
    "--output",
    type=click.Choice(["text", "json"], case_sensitive=False),
    is_eager=True,  # so that it is known when another one is wrong
    callback=_output,
    default="text",
    show_default=True,
    help="The format of results.",
)


def table(
    columns: Sequence[str], rows: Sequence[dict[str, Any]], styles: dict[str, dict[str, str]] | None = None
) -> None:
    """Print rows as a table; ``styles`` maps a column and the text of one of its cells to a colour."""
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
            text = _cell(", ".join(value) if isinstance(value, list) else str(value or ""))
            style = (styles or {}).get(column, {}).get(text)
            cells.append(Text(text, style or ""))
        table.add_row(*cells)
    # A pipe has no width: a row stays on one line there.
    width = None if sys.stdout.isatty() else 400
    console = Console(width=width, color_system=None) if _is_plain() else Console(width=width)
    with console.capture() as capture:
        console.print(table)
    # Rich fills each line up to the width of the table.
    echo("\n".join(line.rstrip() for line in capture.get().splitlines()))


def _cell(text: str) -> str:
    return escaped(with_addresses(text), _LAYOUT)


@contextmanager
def progress_bar(description: str) -> Iterator[Callable[[int, int], None]]:
    """Yield a function that takes the numbers of finished and of all tasks, for a progress bar on standard error.

    There is no bar unless standard error is a terminal.
    """
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield lambda _done, _total: None
        return
    from rich.console import Console  # noqa: PLC0415  takes time to load
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(description, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def result(*, good: bool = True, **values: Any) -> None:  # noqa: ANN401  any values that JSON has
    """Print the result of a command for programs, as one line of JSON."""
    echo(json.dumps({"type": "result", "status": "success" if good else "failure", **_in_all(values)}))


def _in_all(value: Any) -> Any:  # noqa: ANN401  any values that JSON has
    """Return a value with addresses in all texts, as :func:`with_addresses` does."""
    if isinstance(value, dict):
        return {key: _in_all(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_in_all(one) for one in value]
    return with_addresses(value) if isinstance(value, str) else value


def with_addresses(text: str) -> str:
    """Return a text that names files of what was fetched by its address, and not by the folder of the copy."""
    for folder, address in fetched_from.get().items():
        text = text.replace(folder, address)
    return text


def show_problem(problem: Problem, label: str = "") -> None:
    """Print a problem that is the result of a command: its location, the message, and the hint below.

    ``label`` stands before the message, for what is less than an error.
    """
    name, message, hint = (escaped(text, _LAYOUT) for text in (problem.name, problem.message, problem.hint))
    message = f"{click.style(label, fg='yellow')}: {message}" if label else message
    echo(f"{click.style(name, bold=True)}: {message}" + (f"\n  {hint}" if hint else ""))


def echo(text: object = "", *, err: bool = False, nl: bool = True) -> None:
    """Print a text; without colour if NO_COLOR is set, or if the terminal has none."""
    click.echo(with_addresses(str(text)), err=err, nl=nl, color=False if _is_plain() else None)


def _is_plain() -> bool:
    return bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"


def say(label: str, message: str, colour: str, hint: str = "") -> None:
    """Print an error or a warning to standard error, and the hint below."""
    echo(f"{click.style(label, fg=colour, bold=True)}: {escaped(message, _LAYOUT)}", err=True)
    if hint:
        echo(f"  {escaped(hint, _LAYOUT)}", err=True)


def is_terminal() -> bool:
    """Return whether there is a terminal on which to ask questions."""
    return sys.stdin.isatty() and sys.stdout.isatty()
