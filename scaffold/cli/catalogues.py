"""Which catalogues a command works with: the built-in one, and those of teams that ``--catalogue`` lays over it."""

from __future__ import annotations

import os
import shlex
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from scaffold.catalogue import TEAM_FILE, Catalogue
from scaffold.cli.console import POSITIONS
from scaffold.errors import InvalidAnswersError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

BUILT_IN = Catalogue()
GIVEN = f"{__name__}.given"  # in click's context: the values of --catalogue
_OPENED = f"{__name__}.opened"  # and the catalogue that they make
_KEY = ("catalogue",)


def catalogue() -> Catalogue:
    """Return the catalogue of the command that runs; it is kept in click's context, and gone with it."""
    context = click.get_current_context(silent=True)
    opened: Catalogue = context.meta.get(_OPENED, BUILT_IN) if context else BUILT_IN
    return opened


def given_catalogues() -> tuple[str, ...]:
    """Return the values of ``--catalogue`` of the command that runs."""
    context = click.get_current_context(silent=True)
    values: tuple[str, ...] = context.meta.get(GIVEN, ()) if context else ()
    return values


class _Source(click.types.StringParamType):
    """Where a catalogue is; an environment variable has several as a shell has words, since a URL has colons."""

    name = "source"

    def split_envvar_value(self, rv: str) -> Sequence[str]:
        return shlex.split(rv, posix=os.name == "posix")

    def shell_complete(
        self, _ctx: click.Context, _param: click.Parameter, incomplete: str
    ) -> list[click.shell_completion.CompletionItem]:
        return [click.shell_completion.CompletionItem(incomplete, type="dir")]


def _with_source(ctx: click.Context, param: click.Parameter, problem: Problem) -> Problem:
    """Return a problem with what the value came from, where that is not the command line."""
    source = ctx.get_parameter_source(str(param.name))
    if source is ParameterSource.ENVIRONMENT:
        return replace(problem, message=f"{problem.message} (from {param.envvar})")
    if source is ParameterSource.DEFAULT_MAP:
        return replace(problem, message=f"{problem.message} (from {ctx.meta[POSITIONS][param.name]})")
    return problem


def _open(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> None:
    if not value:
        return
    ctx.meta[GIVEN] = value
    try:
        opened = Catalogue(today=BUILT_IN.today, over=folders(value))
    except InvalidAnswersError as error:
        raise InvalidAnswersError([_with_source(ctx, param, problem) for problem in error.problems]) from error
    if not ctx.resilient_parsing:
        from scaffold import team_files  # noqa: PLC0415  takes time to load, and few runs need it

        team_files.check(opened)
    ctx.meta[_OPENED] = opened


def catalogue_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--catalogue``; what it leads to is what :func:`catalogue` returns from then on."""
    return click.option(
        "--catalogue",
        type=_Source(),
        multiple=True,
        metavar="DIR",
        is_eager=True,  # so that --help and completion know what is in it
        expose_value=False,
        callback=_open,
        help="A team's catalogue to lay over the built-in one.",
    )(function)


def folders(values: Sequence[str]) -> tuple[Path, ...]:
    """Return the folders that values of ``--catalogue`` lead to, in their order.

    Raises :class:`InvalidAnswersError` for what is no folder of a catalogue, all at once.
    """
    problems = [problem for value in values if (problem := _problem(value))]
    if problems:
        raise InvalidAnswersError(problems)
    return tuple(Path(value).resolve() for value in values)


def _problem(value: str) -> Problem | None:
    folder = Path(value)
    if not folder.is_dir():
        return Problem(_KEY, f"there is no folder {value}", "name the folder of a catalogue", value=value)
    from scaffold.team import shape  # noqa: PLC0415  few runs need it

    names = shape.top_folders()
    if any((folder / name).exists() for name in (*names, TEAM_FILE)):
        return None
    hint = f"it may have {TEAM_FILE}, {', '.join(f'{name}/' for name in names)}"
    return Problem(_KEY, f"{value} has nothing that a catalogue has", hint, value=value)
