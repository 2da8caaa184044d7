"""Texts of others, as they may be printed: names of files may be any bytes, and none may do anything to a terminal."""

from __future__ import annotations


def escaped(text: str, keep: str = "") -> str:
    """Return a text with escapes in place of what cannot be printed or a terminal would obey, but for ``keep``."""
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() or one in keep else ascii(one)[1:-1] for one in text)
