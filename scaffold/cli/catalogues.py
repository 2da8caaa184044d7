"""Which catalogues a command works with: the built-in one, and those of teams that ``--catalogue`` lays over it."""

from __future__ import annotations

import functools
import os
import shlex
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from scaffold.catalogue import TEAM_FILE, Catalogue
from scaffold.cli import trusting
from scaffold.cli.console import POSITIONS, fetched_from
from scaffold.errors import FetchError, InvalidAnswersError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from scaffold.errors import FilePosition
    from scaffold.fetch import Fetched
    from scaffold.fetch.address import Address

BUILT_IN = Catalogue()
GIVEN = f"{__name__}.given"  # in click's context: the values of --catalogue
_OPENED = f"{__name__}.opened"  # and the catalogue that they make
_FOR_HELP = f"{__name__}.for_help"  # the same while the command line is still read
_FETCHED = f"{__name__}.fetched"  # and what was fetched for it
_RUNS = f"{__name__}.runs"  # whether the command line has been read, and the command runs
NONE = "none"  # as a value: no catalogue of a team, not even one of the user's configuration
_KEY = ("catalogue",)
_FLAG = "--catalogue"
_CHECKOUT = "--checkout "


def catalogue() -> Catalogue:
    """Return the catalogue of the command that runs; it is kept in click's context, and gone with it.

    While the command line is still read, for help and completion, that is the built-in one with what lies in folders of
    this machine. Once the command runs, teams' catalogues are fetched and must be trusted. Raises as :func:`_fetched`
    and :func:`scaffold.cli.trusting.require`, and :class:`InvalidTemplateError` for what is wrong in them.
    """
    context = click.get_current_context(silent=True)
    if context is None:
        return BUILT_IN
    if _RUNS not in context.meta:
        if _FOR_HELP not in context.meta:
            context.meta[_FOR_HELP] = _for_help(given_catalogues())
        known: Catalogue = context.meta[_FOR_HELP]
        return known
    if _OPENED not in context.meta:
        context.meta[_OPENED] = _open(context)
    opened: Catalogue = context.meta[_OPENED]
    return opened


def given_catalogues() -> tuple[str, ...]:
    """Return the values of ``--catalogue`` of the command that runs."""
    context = click.get_current_context(silent=True)
    values: tuple[str, ...] = context.meta.get(GIVEN, ()) if context else ()
    return values


def words() -> list[str]:
    """Return the words of a command line that lead to the same catalogues, at the revisions that they have now."""
    context = click.get_current_context(silent=True)
    found: list[Fetched] = context.meta.get(_FETCHED, []) if context else []
    named = [word for value in given_catalogues() for word in (_FLAG, _without_credentials(value))]
    return named + [word for one in found if named for word in ("--trust", one.revision)]


def has_credentials(value: str) -> bool:
    """Return whether a value of ``--catalogue`` has credentials; raises :class:`InvalidAnswersError` as below."""
    return value != NONE and _address(value)[0].credentials is not None


def _without_credentials(value: str) -> str:
    """Return a value of ``--catalogue`` as it may be printed or written."""
    if value == NONE:
        return value
    address, ref = _address(value)
    return f"{address.url}{'#' if ref else ''}{ref}" if address.credentials else value


def _address(value: str) -> tuple[Address, str]:
    """Return the address in a value of ``--catalogue``, and the branch, tag or commit behind it.

    Raises :class:`InvalidAnswersError` for what is no address.
    """
    from scaffold.fetch import address  # noqa: PLC0415  takes time to load, and few runs need it

    where, _, ref = (value, "", "") if Path(value).exists() else value.partition("#")
    return address.parse(where, key=_KEY[0]), ref


@contextmanager
def hint_for(answers_file: Path | None) -> Iterator[None]:
    """Have errors say which catalogue a project's answers file was made with, where none is given now."""
    try:
        yield
    except InvalidAnswersError as error:
        from scaffold import answers  # noqa: PLC0415

        flags = answers.made_with(answers_file) if answers_file and not catalogue().tree.over else ""
        if not flags:
            raise
        raise InvalidAnswersError(error.problems, f"This was made with a team's catalogue: pass {flags}.") from error


def _open(context: click.Context) -> Catalogue:
    """Return the built-in catalogue with those of teams over it: the user's own configuration's first."""
    given = given_catalogues()
    own = () if NONE in given else trusting.configuration().catalogues
    places: dict[str, FilePosition | None] = dict(own)
    places |= {value: None for value in given if value != NONE and NONE not in given}
    if not places:
        return BUILT_IN
    from scaffold import team_files  # noqa: PLC0415  takes time to load, and few runs need it

    found = _fetched(context, places)
    context.meta[_FETCHED] = found
    addresses = [f"{one.address.url}#{one.revision}" for one in found if one.address.is_remote]
    opened = Catalogue(today=BUILT_IN.today, over=[one.folder for one in found], addresses=addresses)
    team_files.check(opened)
    return opened


def _for_help(values: tuple[str, ...]) -> Catalogue:
    local = tuple(Path(value).resolve() for value in values if Path(value).is_dir())
    return Catalogue(today=BUILT_IN.today, over=local) if local else BUILT_IN


class _Source(click.types.StringParamType):
    """Where a catalogue is; an environment variable has several as a shell has words, since a URL has colons."""

    name = "source"

    def split_envvar_value(self, rv: str) -> Sequence[str]:
        return [rv] if Path(rv).exists() else shlex.split(rv, posix=os.name == "posix")

    def shell_complete(
        self, _ctx: click.Context, _param: click.Parameter, incomplete: str
    ) -> list[click.shell_completion.CompletionItem]:
        return [click.shell_completion.CompletionItem(incomplete, type="dir")]


def _keep(ctx: click.Context, _param: click.Parameter, value: tuple[str, ...]) -> None:
    ctx.meta[GIVEN] = value


def _with_source(ctx: click.Context, problem: Problem, place: FilePosition | None) -> Problem:
    """Return a problem with what the value came from, where that is not the command line."""
    if place:
        return replace(problem, location=place)
    param = next((param for param in ctx.command.params if param.name == _KEY[0]), None)
    source = ctx.get_parameter_source(_KEY[0])
    if param and source is ParameterSource.ENVIRONMENT:
        return replace(problem, message=f"{problem.message} (from {param.envvar})")
    if source is ParameterSource.DEFAULT_MAP:
        return replace(problem, message=f"{problem.message} (from {ctx.meta[POSITIONS][_KEY[0]]})")
    return problem


def catalogue_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--catalogue`` and ``--trust``; what they lead to is what :func:`catalogue` returns from then on."""

    @functools.wraps(function)
    def command(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401  whatever the command takes
        click.get_current_context().meta[_RUNS] = True
        return function(*args, **kwargs)

    command = click.option(
        "--trust",
        type=trusting.Revision(),
        metavar="[COMMIT]",
        is_flag=False,
        flag_value=trusting.ANY,
        multiple=True,
        expose_value=False,
        callback=trusting.keep,
        help="Run a catalogue's or template's code unasked.",
    )(command)
    return click.option(
        "--catalogue",
        type=_Source(),
        multiple=True,
        metavar="WHERE",
        is_eager=True,  # so that --help and completion know what is in it
        expose_value=False,
        callback=_keep,
        help="A team's catalogue, laid over ours.",
    )(command)


def _fetched(context: click.Context, places: Mapping[str, FilePosition | None]) -> list[Fetched]:
    """Return the catalogues that values of ``--catalogue`` lead to, in their order.

    ``places`` are where the values stand in the user's configuration, or ``None`` for those of this run. What is
    returned are private copies, which stay what was trusted and are gone when the command ends. Raises
    :class:`InvalidAnswersError` for what is no catalogue, :class:`FetchError` for what cannot be had, and as
    :func:`scaffold.cli.trusting.require`.
    """
    from scaffold import fetch  # noqa: PLC0415  takes time to load, and few runs need it

    named_in = trusting.named_in(context, _KEY[0])
    may_ask = trusting.can_ask() and context.params.get("output") != "json"
    found: list[Fetched] = []
    problems: list[Problem] = []
    with ExitStack() as stack:
        for value, place in places.items():
            try:
                fetched = stack.enter_context(fetch.fetch(*_address(value), may_ask=may_ask))
            except InvalidAnswersError as error:
                problems += [_with_source(context, problem, place) for problem in error.problems]
                continue
            except FetchError as error:  # of a catalogue, a branch is said behind its address
                raise FetchError(error.message.replace(_CHECKOUT, "#"), error.hint.replace(_CHECKOUT, "#")) from error
            if problem := _problem(_without_credentials(value), fetched.folder):
                problems.append(_with_source(context, problem, place))
                continue
            _require_trust(fetched, named_in="" if place else named_in, may_ask=may_ask)
            found.append(fetched)
            fetched_from.set({**fetched_from.get(), str(fetched.folder): fetched.address.url})
        if problems:
            raise InvalidAnswersError(problems)
        trusting.check_all_used(one.revision for one in found)
        context.call_on_close(stack.pop_all().close)
    return found


def _require_trust(fetched: Fetched, *, named_in: str, may_ask: bool) -> None:
    from scaffold import trust  # noqa: PLC0415

    contents = replace(trust.inspect(fetched.folder), hooks=())  # those of layers are not run
    trusting.require(fetched, contents, "catalogue", may_ask=may_ask, quiet=True, named_in=named_in)


def _problem(value: str, folder: Path) -> Problem | None:
    """Return what is wrong with a folder as a catalogue, or ``None``; the value has no credentials."""
    from scaffold.team import shape  # noqa: PLC0415  few runs need it

    names = shape.top_folders()
    if any((folder / name).exists() for name in (*names, TEAM_FILE)):
        return None
    hint = f"it may have {TEAM_FILE}, {', '.join(f'{name}/' for name in names)}"
    return Problem(_KEY, f"{value} has nothing that a catalogue has", hint, value=value)
