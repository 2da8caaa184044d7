"""What a person has configured for themselves: catalogues of their team, and the custom templates that they trust.

It is the file ``config.toml`` in the folder that the operating system has for that, such as
``~/.config/sam-scaffold``. A project has no such file: whoever can write into a project must not be able to decide what
is trusted.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scaffold.errors import FilePosition, InvalidAnswersError, OutputError, Problem

if TYPE_CHECKING:
    from pathlib import Path

FILE = "config.toml"
_KEYS = ("catalogue", "trust")
_TRUST_KEYS = ("source", "revision")
_TOML_POSITION = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


@dataclass(frozen=True)
class Trusted:
    """A source of templates that is trusted with everything below it, or, with a ``revision``, just that one of it."""

    source: str
    revision: str = ""


@dataclass(frozen=True)
class UserConfiguration:
    """What the file says: the team's ``catalogues``, each laid over those before it, and what is trusted."""

    catalogues: tuple[str, ...] = ()
    trusted: tuple[Trusted, ...] = ()


def path() -> Path:
    """Return where the file is, or would be."""
    from platformdirs import user_config_path  # noqa: PLC0415  takes time to load

    return user_config_path("sam-scaffold", appauthor=False) / FILE


def read() -> UserConfiguration:
    """Return what the file says; nothing if there is none.

    Raises :class:`OutputError` where it cannot be read, and :class:`InvalidAnswersError` with everything in it that is
    wrong.
    """
    file = path()
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return UserConfiguration()
    except OSError as error:
        raise OutputError(f"{file}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InvalidAnswersError(
            [Problem(FilePosition(str(file)), "is not UTF-8 text", "save it as UTF-8")]
        ) from error
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidAnswersError([_syntax_problem(file, text, error)]) from error
    problems = [
        *_unknown(file, text, values, _KEYS),
        *_of_catalogues(file, text, values),
        *_of_trust(file, text, values),
    ]
    if problems:
        raise InvalidAnswersError(problems)
    catalogues = values.get("catalogue", ())
    catalogues = (catalogues,) if isinstance(catalogues, str) else tuple(catalogues)
    return UserConfiguration(catalogues, tuple(Trusted(**row) for row in values.get("trust", ())))


def _of_catalogues(file: Path, text: str, values: dict[str, Any]) -> list[Problem]:
    given = values.get("catalogue", [])
    if isinstance(given, str) or (isinstance(given, list) and all(isinstance(row, str) for row in given)):
        return []
    hint = 'write catalogue = ["https://git.example.com/team/catalogue"]'
    return [Problem(_position(file, text, "catalogue"), "catalogue is neither text nor a list of texts", hint)]


def _of_trust(file: Path, text: str, values: dict[str, Any]) -> list[Problem]:
    rows = values.get("trust", [])
    hint = 'write [[trust]], and below it source = "https://github.com/<owner>"'
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return [Problem(_position(file, text, "trust"), "trust is no list of tables", hint)]
    problems = []
    for row in rows:
        problems += _unknown(file, text, row, _TRUST_KEYS)
        wrong = [key for key in _TRUST_KEYS if key in row and not isinstance(row[key], str)]
        problems += [Problem(_position(file, text, key), f"{key} is not text", hint) for key in wrong]
        if not row.get("source"):
            problems.append(Problem(_position(file, text, "trust"), "a trusted source has no source", hint))
    return problems


def _unknown(file: Path, text: str, table: dict[str, Any], known: tuple[str, ...]) -> list[Problem]:
    hint = f"one of {', '.join(known)}"
    return [
        Problem(_position(file, text, key), f"{key!r} is not a known key", hint) for key in table if key not in known
    ]


def _position(file: Path, text: str, key: str) -> FilePosition:
    """Return the first line with that key, or the table of that name."""
    pattern = re.compile(rf"\s*(?:\[+\s*)?[\"']?{re.escape(key)}[\"']?\s*[\]=]")
    lines = [number for number, line in enumerate(text.splitlines(), 1) if pattern.match(line)]
    return FilePosition(str(file), lines[0] if lines else None)


def _syntax_problem(file: Path, text: str, error: tomllib.TOMLDecodeError) -> Problem:
    found = _TOML_POSITION.search(str(error))
    line, column = text.count("\n") + 1, 1
    if found and found[1]:
        line, column = int(found[1]), int(found[2])
    return Problem(FilePosition(str(file), line, column), _TOML_POSITION.sub("", str(error)))
