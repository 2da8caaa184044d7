"""Texts of a catalogue's making, as they may be printed."""

from __future__ import annotations


def plain(text: str) -> str:
    """Return a text with escapes in the place of what a terminal would obey, line breaks among it."""
    return text if text.isprintable() else "".join(one if one.isprintable() else repr(one)[1:-1] for one in text)
