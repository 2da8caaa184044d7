"""Options that are made from the catalogue and from the table of settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from scaffold import settings
from scaffold.cli.catalogues import catalogue
from scaffold.cli.console import Option
from scaffold.errors import UsageError
from scaffold.model import base_image_name
from scaffold.spec import AMAZON

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scaffold.model import Cell

# The sections of the help.
WHAT, IMAGE, FUNCTION, MONITORING, HOW = "What to create", "Image", "Function", "Monitoring", "Where and how"
_SHOWN_MATCHES = 20  # cells in an error


def completer(values: Callable[[], Sequence[str]]) -> Callable[..., list[str]]:
    """Return a function for shell completion; it calls ``values`` only when it needs them."""

    def complete_value(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
        with ctx.scope(cleanup=False):  # which has the catalogue
            return [value for value in values() if value.lower().startswith(incomplete.lower())]

    return complete_value


def runtimes() -> list[str]:
    """Return the values of ``--runtime``, the newest runtime of each language first."""
    pairs = [*catalogue().offered_runtimes(), *catalogue().offered_runtimes(deprecated=True)]
    return list(dict.fromkeys(language.cli_name(runtime) for language, runtime in pairs))


def bases() -> list[str]:
    """Return the values of ``--base-image``, apart from images of the user's own."""
    pairs = [*catalogue().offered_runtimes(), *catalogue().offered_runtimes(deprecated=True)]
    images = [base_image_name(language, runtime) for language, runtime in pairs if runtime.image]
    return list(dict.fromkeys([*(name for name in catalogue().bases if name != AMAZON), *images]))


def managers() -> list[str]:
    """Return the values of ``--dependency-manager``."""
    with_templates = [language for language in catalogue().languages.values() if language.use_cases()]
    return sorted({name for language in with_templates for name in language.managers})


def languages() -> list[str]:
    """Return the values of ``--language``."""
    return [language.id for language in catalogue().languages.values() if language.use_cases()]


def templates() -> list[str]:
    """Return the values of ``--app-template``: the catalogue's own names, then those of ``sam init``."""
    return list(dict.fromkeys([*catalogue().use_cases, *catalogue().identifiers()]))


def cells() -> list[str]:
    """Return the combinations that can be created."""
    return [str(cell) for cell in catalogue().cells]


def find_cell(query: str) -> Cell:
    """Return the only cell that has every part of a query; raises :class:`UsageError` if there is another, or none."""
    matching = catalogue().find(query)
    if not matching:
        raise UsageError(f"no cell matches {query!r}", "run `sam-scaffold list cells` to see them all")
    if len(matching) > 1:
        names = "".join(f"\n  {match}" for match in matching[:_SHOWN_MATCHES])
        raise UsageError(f"{len(matching)} cells match {query!r}:{names}", "add parts until only one matches")
    return matching[0]


class LazyOption(Option):
    """An option whose help lists its choices; they are looked up only when the help is shown.

    Of many choices it has the first few, and the command that lists all: ``listing``.
    """

    def __init__(
        self,
        *args: Any,  # noqa: ANN401
        choices: Callable[[], Sequence[str]],
        listing: str = "",
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        super().__init__(*args, shell_complete=completer(choices), **kwargs)
        self.choices = choices
        self.listing = listing

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return the option's names, and its help followed by the choices."""
        record = super().get_help_record(ctx)
        if not record:
            return None
        names, text = record
        choices = self.choices()
        if not self.listing:
            return names, f"{text}: {', '.join(choices)}."
        return names, f"{text}: {', '.join(choices[:_FEW])}, … (sam-scaffold {self.listing})."


_FEW = 2  # of many choices, those that the help has


def setting_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add an option for each row of the table of settings, in its order."""
    for row in reversed(settings.TABLE):
        options = row.value.option()
        names = f"{row.flag}/--no-{row.flag.removeprefix('--')}" if options.get("is_flag") else row.flag
        is_image = row.package_type == "Image"
        section = (
            MONITORING if row.monitoring else IMAGE if is_image else WHAT if row.name in settings.EXTRAS else FUNCTION
        )
        function = click.option(names, row.name, cls=Option, section=section, help=_help(row), **options)(function)
    return function


def _help(row: settings.Setting) -> str:
    """Return the help of a setting, without a full stop after a default in brackets."""
    return row.description.removesuffix(".") if row.description.endswith("].") else row.description
