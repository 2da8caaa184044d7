"""Aliases in YAML (``*name``): those that nobody could follow are found before anything tries to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_VALUES = 100_000  # in a file, with the values behind an alias counted each time that it stands there
HINT = "write out what is behind it"


class Refused(NamedTuple):
    """An alias that cannot be followed: its line and column, counted from 1, and why."""

    line: int
    column: int
    message: str


def has_aliases(text: str) -> bool:
    """Return whether a YAML text may hold aliases; looking at it is quicker than parsing it."""
    return "&" in text and "*" in text


def refused(events: Iterable[Any]) -> Refused | None:
    """Return the first alias that stands inside what it names, or with which a file holds too many values.

    A few lines of aliases of aliases stand for billions of values. ``events`` are those of a YAML parser, ruamel's or
    PyYAML's, which give an event for each alias without following it. Takes time in proportion to the events alone.
    """
    total = 0
    sizes: dict[str, int | None] = {}  # of what an anchor names, in values; None as long as it is not complete
    open_collections: list[tuple[str | None, int]] = []
    for event in events:
        name = type(event).__name__
        if name in ("SequenceEndEvent", "MappingEndEvent"):
            anchor, before = open_collections.pop()
            if anchor is not None:
                sizes[anchor] = total - before
        elif name == "AliasEvent":
            size = sizes.get(event.anchor, 0)  # an unknown name is for the parser to refuse
            total += size or 0
            reason = (
                f"the alias *{event.anchor} stands inside what it names"
                if size is None
                else f"with the alias *{event.anchor} the file holds more than {MOST_VALUES:,} values"
            )
            if size is None or total > MOST_VALUES:
                return Refused(event.start_mark.line + 1, event.start_mark.column + 1, reason)
        elif name in ("ScalarEvent", "SequenceStartEvent", "MappingStartEvent"):
            if event.anchor is not None:
                sizes[event.anchor] = 1 if name == "ScalarEvent" else None
            if name != "ScalarEvent":
                open_collections.append((event.anchor, total))
            total += 1
    return None
