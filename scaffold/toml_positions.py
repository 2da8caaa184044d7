"""Where in a TOML text everything stands: the parser of Python tells that of a syntax error alone."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaffold.errors import Keys

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}|' + r"'''.*?'{3,5}|" + r'"(?:\\.|[^"\\\n])*"|' + r"'[^'\n]*'", re.DOTALL
)
_BARE = re.compile(r"[^\s,\[\]{}#=.\"']+")
_PLAIN_VALUE = re.compile(r"[^,\[\]{}#\n]+")  # a number, a date or a boolean


class Position(NamedTuple):
    """A position in a text; line and column count from 1."""

    line: int
    column: int


def positions(text: str) -> dict[Keys, Position]:
    """Return where each key and each element of a list stands, by the keys that lead there; the text must be TOML.

    A table that stands in several parts of the text is where its first part is.
    """
    return _Scanner(text).positions


class _Scanner:
    """Goes through a text that has been parsed without an error, so it need not look for any."""

    def __init__(self, text: str) -> None:
        self.positions: dict[Keys, Position] = {}
        self._text = text
        self._at = 0
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self._counts: dict[Keys, int] = {}  # how many tables an array of tables has so far
        table: Keys = ()
        while self._skip():
            if text[self._at] == "[":
                table = self._header()
            else:
                self._pair(table)

    def _skip(self) -> bool:
        """Go on to what is neither blank nor a comment; return whether there is any."""
        self._at = self._after(_BLANK)
        return self._at < len(self._text)

    def _after(self, pattern: re.Pattern[str]) -> int:
        match = pattern.match(self._text, self._at)
        return match.end() if match else self._at

    def _note(self, keys: Keys, offset: int) -> None:
        line = bisect_right(self._starts, offset)
        self.positions.setdefault(keys, Position(line, offset - self._starts[line - 1] + 1))

    def _key(self) -> Iterator[tuple[str, int]]:
        """Yield the parts of a dotted key, each with its offset."""
        while self._skip():
            start = self._at
            if self._text[start] in "\"'":
                self._at = self._after(_STRING)
                part: Any = tomllib.loads(f"key = {self._text[start : self._at]}")["key"]
            else:
                self._at = self._after(_BARE)
                part = self._text[start : self._at]
            yield str(part), start
            self._skip()
            if self._text[self._at] != ".":
                return
            self._at += 1

    def _header(self) -> Keys:
        start = self._at
        is_array = self._text.startswith("[[", start)
        self._at += 2 if is_array else 1
        parts = [name for name, _ in self._key()]
        self._at += 2 if is_array else 1
        keys: Keys = ()
        for number, part in enumerate(parts, 1):
            keys = (*keys, part)
            if is_array and number == len(parts):
                self._counts[keys] = self._counts.get(keys, 0) + 1
            self._note(keys, start)
            if keys in self._counts:
                keys = (*keys, self._counts[keys] - 1)
                self._note(keys, start)
        return keys

    def _pair(self, table: Keys) -> None:
        keys = table
        for part, start in self._key():
            keys = (*keys, part)
            self._note(keys, start)
        self._at += 1  # the equals sign
        self._value(keys)

    def _value(self, keys: Keys) -> None:
        self._skip()
        opening = self._text[self._at]
        if opening in "\"'":
            self._at = self._after(_STRING)
        elif opening not in "[{":
            self._at = self._after(_PLAIN_VALUE)
        else:
            self._at += 1
            number = 0
            while self._skip() and self._text[self._at] not in "]}":
                if self._text[self._at] == ",":
                    self._at += 1
                elif opening == "{":
                    self._pair(keys)
                else:
                    self._note((*keys, number), self._at)
                    self._value((*keys, number))
                    number += 1
            self._at += 1
