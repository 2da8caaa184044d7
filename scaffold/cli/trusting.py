"""Trust in somebody's template or catalogue on the command line: what it could do is shown, then somebody decides."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from scaffold.cli.console import POSITIONS, OptionalValue, echo, is_terminal, say
from scaffold.code_files import shown
from scaffold.errors import CancelledError, UntrustedTemplateError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scaffold.fetch import Fetched
    from scaffold.trust import Contents
    from scaffold.user_configuration import UserConfiguration

ANY = "any"  # what --trust without a revision stands for
_GIVEN = f"{__name__}.given"  # in click's context: the values of --trust
_CONFIGURATION = f"{__name__}.configuration"  # and what the user's own file says
_LOOK = "look at what has changed, then pass the new one; nothing was run"
_YES, _WITHOUT_HOOKS, _NO = object(), object(), object()
_FEW = 10  # of many hooks, extensions or links, the first ones


class Revision(OptionalValue):
    """The value of ``--trust``: a commit's full id, or a digest; of its environment variable also true or false."""

    name = "revision"

    def is_value(self, word: str) -> bool:
        """Return whether a word is a revision, or what could only be meant for one."""
        return bool(re.fullmatch(r"|sha256:.*|[0-9a-fA-F]{7,}", word))

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return a revision in lower case, :data:`ANY`, or nothing for what says no."""
        from scaffold import revisions  # noqa: PLC0415  few runs need it

        if revisions.is_revision(value.lower()):
            return value.lower()
        try:
            return ANY if value == ANY or click.BOOL.convert(value, param, ctx) else ""
        except click.BadParameter:
            self.fail(f"{value!r} {revisions.WRONG}.", param, ctx)


def keep(ctx: click.Context, _param: click.Parameter, value: tuple[str, ...]) -> None:
    """Keep the values of ``--trust``; the option's callback."""
    ctx.meta[_GIVEN] = {one for one in value if one}


def can_ask() -> bool:
    """Return whether somebody sees at a terminal what is to be trusted, and has not said that nothing is asked."""
    context = click.get_current_context()
    return is_terminal() and sys.stderr.isatty() and not context.params.get("no_interactive")


def configuration() -> UserConfiguration:
    """Return the user's own configuration, and warn once if it is not read."""
    from scaffold import user_configuration  # noqa: PLC0415  takes time to load

    context = click.get_current_context()
    if _CONFIGURATION not in context.meta:
        found = user_configuration.read()
        if found.ignored:
            say("Warning", f"your configuration is not read: {found.ignored}", "yellow")
        context.meta[_CONFIGURATION] = found
    read: UserConfiguration = context.meta[_CONFIGURATION]
    return read


def check_all_used(revisions: Iterable[str]) -> None:
    """Raise :class:`UntrustedTemplateError` for a revision of ``--trust`` that nothing of ``revisions`` is at."""
    unused = sorted(_given() - {ANY, *revisions})
    if unused:
        message = f"--trust is for {', '.join(unused)}, and no catalogue is at that"
        raise UntrustedTemplateError(message, _LOOK)


def named_in(ctx: click.Context, *names: str) -> str:
    """Return the place in a project's file that has one of these parameters, or nothing where none is from there."""
    from_file = (name for name in names if ctx.get_parameter_source(name) is ParameterSource.DEFAULT_MAP)
    return next((str(ctx.meta[POSITIONS][name]) for name in from_file), "")


def _given() -> set[str]:
    given: set[str] = click.get_current_context().meta.get(_GIVEN, set())
    return given


def require(  # noqa: PLR0913  what was fetched, and who decides
    fetched: Fetched, contents: Contents, what: str, *, may_ask: bool, quiet: bool = False, named_in: str = ""
) -> bool:
    """Show what was fetched and what it could do; return once it is trusted, and whether its hooks are.

    ``what`` it is, a template or a catalogue, is for messages. ``quiet`` shows it only where trust is open.
    ``named_in`` is the file of a project that names it, if one does: whoever wrote that is not who says ``--trust``,
    which then has to name the revision. Raises :class:`UntrustedTemplateError` where nobody trusts it and nobody can be
    asked; :class:`CancelledError` for a no.
    """
    from scaffold import prompts, trust, user_configuration  # noqa: PLC0415  take time to load

    given = _given()
    revisions = given - {ANY}
    is_trusted, reason = trust.is_trusted(fetched, configuration())
    is_trusted = is_trusted or fetched.revision in given or (ANY in given and not named_in)
    if not (quiet and is_trusted and not named_in):
        _show(fetched, contents, what)
    # Of one template, another revision than was said is not meant, whoever trusts its source; of several catalogues,
    # the revision may be another one's.
    if revisions and fetched.revision not in revisions and not (quiet and is_trusted):
        message = f"--trust is for {', '.join(sorted(revisions))}, and the {what} is at {fetched.revision}"
        raise UntrustedTemplateError(message, _LOOK)
    if is_trusted:
        return True
    is_known = bool(reason)  # its source is trusted, and that is not enough
    if ANY in given:
        reason = f"{named_in} names it, and --trust alone is for what you name yourself"
    if not may_ask:
        or_any = "" if named_in else ", or --trust for whatever it is by then"
        path = user_configuration.path()
        or_source = f"; or name its source below [[trust]] in {path}" if path else ""
        raise UntrustedTemplateError(
            f"the {what} {shown(fetched.address.url)} is not trusted, and nobody can be asked"
            + (f": {reason}" if reason else ""),
            f"look at it, then pass --trust {fetched.revision}{or_any}{'' if is_known else or_source}",
        )
    if reason:
        say("Note", reason, "cyan")
    choices = [prompts.Choice(f"Yes, run this {what}", _YES)]
    choices += [prompts.Choice("Yes, but without its hooks", _WITHOUT_HOOKS)] if contents.hooks else []
    choices.append(prompts.Choice("No", _NO))
    answer = prompts.for_terminal().select(f"Do you trust this {what}?", choices, _NO)
    if answer in (prompts.BACK, _NO):
        raise CancelledError("nothing was run")
    return answer is _YES


def _show(fetched: Fetched, contents: Contents, what: str) -> None:
    """Print where it is from and what it could do, on standard error."""
    from scaffold.revisions import is_commit  # noqa: PLC0415

    ref = f" ({shown(fetched.ref)})" if fetched.ref else ""
    rows = [
        ("Source", [fetched.address.url]),
        *([("Led to", [fetched.origin])] if fetched.origin else []),
        ("Commit" if is_commit(fetched.revision) else "Contents", [f"{fetched.revision}{ref}"]),
        ("Hooks", contents.hooks),
        ("Extensions", contents.extensions),
        ("Symlinks", contents.symlinks),
    ]
    echo(f"A {what} is code: it runs with your rights.", err=True)
    for title, values in rows:
        echo(f"  {f'{title}:':<12}{_few(values)}", err=True)


def _few(values: Sequence[str]) -> str:
    more = f" and {len(values) - _FEW} more" if len(values) > _FEW else ""
    return (", ".join(map(shown, values[:_FEW])) or "none") + more
