"""TOML files that a person writes: their values, and the line of each."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any

from scaffold import documents, toml_positions
from scaffold.errors import FilePosition, InvalidAnswersError, OutputError, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_POSITION = re.compile(r" \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$")
# What to do about what Python's parser says, by how that begins.
_ADVICE = {
    "Invalid value": 'text stands in quotes: title = "Acme"',
    "Cannot overwrite a value": "it is there twice: leave one out",
    "Cannot declare": "the table is there twice: put its keys into one",
    "Expected '='": 'a line is key = value, and a key with other characters than letters stands in quotes: "a b" = 1',
    "Invalid statement": 'a line is key = value, or [table]; a key with a blank stands in quotes: "a b" = 1',
    "Expected ']'": "close the name of the table with ]",
    "Expected newline": 'one value a line: quotes in a text are written \\", or the text stands in single quotes',
    "Illegal character": "text ends on its own line, in the quotes that it begins with",
    "Invalid hex": "write a backslash as \\\\, or the text in single quotes",
    "Unescaped": "write a backslash as \\\\, or the text in single quotes",
    "Unclosed": "close it: each [ with ], and each { with }",
    "Unterminated": "end the text in the quotes that it begins with",
}
Keys = tuple[str | int, ...]


def read(path: Path, hint: str) -> tuple[dict[str, Any], str]:
    """Return the values of a file, and its text.

    Raises :class:`OutputError` where it cannot be read, with ``hint``, and :class:`InvalidAnswersError` for text that
    is not TOML, with the position.
    """
    if path.exists() and not path.is_file():  # a pipe would have to be waited for, and a device has no end
        raise OutputError(f"{path} is not a file", hint)
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
        message = _POSITION.sub("", str(error))
        hint = next((advice for start, advice in _ADVICE.items() if message.startswith(start)), "")
        problem = Problem(FilePosition(str(path), line, column), message, hint)
        raise InvalidAnswersError([problem]) from error


def line_of(text: str, keys: Sequence[str | int]) -> int | None:
    """Return the line of the value that keys lead to, or of the nearest table around it that has one."""
    found = toml_positions.positions(text)
    return next((found[tuple(keys[:end])].line for end in range(len(keys), 0, -1) if tuple(keys[:end]) in found), None)


def exact_line_of(text: str, keys: Sequence[str | int]) -> int | None:
    """Return the line of the value that keys lead to, or ``None`` if there is none."""
    position = toml_positions.positions(text).get(tuple(keys))
    return position.line if position else None
