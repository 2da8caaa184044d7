"""TOML files that a person writes: their values, and the line of each."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any

from scaffold import documents
from scaffold.errors import FilePosition, InvalidAnswersError, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_POSITION = re.compile(r" \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$")
_KEY = r"""(?:"(?:[^"\\]|\\.)*"|'[^']*'|[\w-]+)"""
_KEYS = rf"{_KEY}(?:\s*\.\s*{_KEY})*"
_HEADER = re.compile(rf"\s*(\[\[?)\s*({_KEYS})\s*\]")
_ENTRY = re.compile(rf"\s*({_KEYS})\s*=")

Keys = tuple[str | int, ...]


def read(path: Path, hint: str) -> tuple[dict[str, Any], str]:
    """Return the values of a file, and its text.

    Raises :class:`OutputError` where it cannot be read, with ``hint``, and :class:`InvalidAnswersError` for text that
    is not TOML, with the position.
    """
    text = documents.text_of(path, hint)
    return values_of(path, text), text


def values_of(path: Path, text: str) -> dict[str, Any]:
    """Return the values of a text. Raises :class:`InvalidAnswersError` where it is not TOML, with the position."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _POSITION.search(str(error))
        line, column = text.count("\n") + 1, 1
        if found and found["line"]:
            line, column = int(found["line"]), int(found["column"])
        problem = Problem(FilePosition(str(path), line, column), _POSITION.sub("", str(error)))
        raise InvalidAnswersError([problem]) from error


def line_of(text: str, keys: Sequence[str | int]) -> int | None:
    """Return the line of the value that keys lead to, or of the nearest table around it that has one."""
    lines = _lines(text)
    for length in range(len(keys), 0, -1):
        line = lines.get(tuple(keys[:length]))
        if line:
            return line
    return None


def _lines(text: str) -> dict[Keys, int]:
    """Return the line of each key that begins one; tables of an array are counted from 0."""
    lines: dict[Keys, int] = {}
    counts: dict[Keys, int] = {}
    table: Keys = ()
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            table = _split(header[2])
            if header[1] == "[[":
                counts[table] = counts.get(table, -1) + 1
                lines.setdefault(table, number)
                table = (*table, counts[table])
            else:
                table = _within_arrays(table, counts)
        elif entry := _ENTRY.match(line):
            _note(lines, (*table, *_split(entry[1])), len(table), number)
            continue
        else:
            continue
        _note(lines, table, 0, number)
    return lines


def _note(lines: dict[Keys, int], keys: Keys, known: int, number: int) -> None:
    for length in range(known + 1, len(keys) + 1):
        lines.setdefault(keys[:length], number)


def _within_arrays(table: Keys, counts: dict[Keys, int]) -> Keys:
    """Return the keys of a table with the number of the last one of each array that it is in."""
    keys: Keys = ()
    for key in table:
        keys = (*keys, key)
        keys = (*keys, counts[keys]) if keys in counts else keys
    return keys


def _split(keys: str) -> Keys:
    """Return the parts of a dotted key, without their quotes."""
    return tuple(part[1:-1] if part[0] in "\"'" else part for part in re.findall(_KEY, keys))


def exact_line_of(text: str, keys: Sequence[str | int]) -> int | None:
    """Return the line of the value that keys lead to, or ``None`` where a table is written in one line."""
    return _lines(text).get(tuple(keys))
