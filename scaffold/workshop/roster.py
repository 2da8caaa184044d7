"""The roster: who takes part. It comes from forms and spreadsheets, so nothing in it is trusted.

A cell is refused that could be more than text where it is laid into a file, between any quotes: control characters
and line breaks, marks that reverse the direction of reading, quotes, backslashes, braces and brackets. What is
harmless is made safe: names are normalised (NFC), a straight apostrophe becomes a typographic one.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scaffold import documents
from scaffold.errors import FilePosition, InvalidAnswersError, Problem
from scaffold.spec import RESERVED, slug

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

MAX_NAME = 100  # characters of a participant's name
MAX_CELL = 1000  # of any other cell
MAX_HANDLE = 40
_HANDLE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
HANDLE_RULE = f"lower-case letters and digits with single hyphens between them, at most {MAX_HANDLE} characters"
_COLUMN = re.compile(r"[a-z][a-z0-9_]*")
_FORBIDDEN = "\"'\\`$<>{}[]*|^"
# What a spreadsheet takes a cell for a formula by; in Japan the wide ones too.
_FORMULA = "=+-@\uff1d\uff0b\uff0d\uff20"
_NUMBER = re.compile(r"[+-][0-9 ()/.-]+")  # of a telephone or less than nothing: whoever calculates it does no harm
# Joiners that Persian, the languages of India and many emoji are written with.
_JOINERS = "\u200c\u200d"
# Letters and symbols that look like nothing: fillers of Hangul and Khmer, an empty Braille pattern, and such.
_BLANK = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
_OWN = ("number",)  # columns that placeholders already have something else for


@dataclass(frozen=True)
class Participant:
    """One row: its place in the file as ``file:line``, its number from 1, and its cells by column.

    ``name`` is as the person writes it, ``handle`` is for the names of folders and stacks.
    """

    position: FilePosition
    number: int
    name: str
    handle: str
    cells: dict[str, str] = field(default_factory=dict, hash=False)


def numbered(count: int, position: FilePosition) -> list[Participant]:
    """Return ``count`` participants without a roster: participant-01 and so on."""
    width = max(2, len(str(count)))
    return [
        Participant(position, number, f"Participant {number:0{width}}", f"participant-{number:0{width}}")
        for number in range(1, count + 1)
    ]


def read(path: Path) -> tuple[list[Participant], list[str]]:
    """Return the participants in a CSV or YAML file, in its order, and what was made safe, a sentence each.

    A CSV file has a header; comma, semicolon and tab are all understood. A YAML file is a list of names, or of
    mappings. ``name`` is needed, ``handle`` may be given; other columns may have any name of small letters, digits
    and ``_``. Raises :class:`OutputError`, and :class:`InvalidAnswersError` with every problem at once, each at its
    line.
    """
    text = documents.text_of(path, "name a CSV or YAML file as the roster")
    rows, problems = _yaml(path, text) if path.suffix.lower() in (".yaml", ".yml", ".json") else _csv(path, text)
    notices: list[str] = []
    participants = []
    for number, (position, cells) in enumerate(rows, 1):
        safe: dict[str, str] = {}
        wrong = []
        changed: list[str] = []
        for column, cell in cells.items():
            safe[column] = _made_safe(column, cell)
            if safe[column] != unicodedata.normalize("NFC", cell.strip(" \t\u00a0\u3000")):
                changed.append(f"{position}: {short(cell)} is written {short(safe[column])}")
            wrong += [
                Problem(position, f"{column} {message}", hint) for message, hint in _refusals(column, safe[column])
            ]
        if not wrong and safe.get("name") == "":
            wrong.append(Problem(position, "name is empty", "every participant has a name"))
        problems += wrong
        if not wrong and "name" in safe:  # else the header was told to lack it
            notices += changed
            handle, refusal = _handle(safe)
            problems += [Problem(position, *refusal)] if refusal else []
            participants.append(Participant(position, number, safe["name"], "" if refusal else handle, safe))
    problems += _collisions(participants)
    if not rows and not problems:
        problems.append(
            Problem(FilePosition(str(path), 1), "nobody is in the roster", "write a line for each participant")
        )
    if problems:
        raise InvalidAnswersError(sorted(problems, key=_problem_line))
    return participants, notices


def _problem_line(problem: Problem) -> int:
    """Return the line of the roster that a problem is on."""
    return problem.location.line or 0 if isinstance(problem.location, FilePosition) else 0


def _csv(path: Path, text: str) -> tuple[list[tuple[FilePosition, dict[str, str]]], list[Problem]]:
    """Return each row's place and cells, and what is wrong with the form of the file."""
    head = text.lstrip("\n").partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    problems: list[Problem] = []
    rows: list[tuple[FilePosition, dict[str, str]]] = []
    columns: list[str] = []
    for line, cells in _records(text, delimiter):
        position = FilePosition(str(path), line)
        if isinstance(cells, str):
            problems.append(Problem(position, f"is no CSV: {cells}", "check the quotes there"))
        elif not any(cell.strip() for cell in cells):
            continue
        elif not columns:
            columns = [re.sub(r"[\s-]+", "_", cell.strip().lower()) for cell in cells]
            problems += _header(position, columns)
        elif len(cells) != len(columns):
            hint = f"write each cell, also one that is empty, and quote one that holds {delimiter!r}"
            problems.append(Problem(position, f"has {len(cells)} cells, and the header has {len(columns)}", hint))
        else:
            rows.append((position, dict(zip(columns, cells, strict=True))))
    return rows, problems


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str] | str]]:
    """Yield each record of a CSV with the line that it begins on; where there is none, what is wrong in its place."""
    lines = io.StringIO(text, newline="\n").readlines()
    before = csv.field_size_limit(len(text) + 1)  # how long a cell may be is said elsewhere, with its line
    try:
        first = 0
        while first < len(lines):
            rest = map(lines.__getitem__, range(first, len(lines)))
            reader = csv.reader(rest, delimiter=delimiter, strict=True)
            line = first
            try:
                for cells in reader:
                    yield line + 1, cells
                    line = first + reader.line_num
                first = len(lines)
            except csv.Error as error:
                message = str(error)
                yield line + 1, "a quote begins there and does not end" if "end of data" in message else message
                first = line + 1  # whatever a stray quote has swallowed is looked at all the same
    finally:
        csv.field_size_limit(before)


def _header(position: FilePosition, columns: list[str]) -> list[Problem]:
    problems = []
    if "name" not in columns:
        hint = "the first line names the columns, one of them `name`"
        problems.append(Problem(position, "there is no column name", hint))
    for number, column in enumerate(columns):
        if not column:
            problems.append(Problem(position, f"column {number + 1} has no name", "give it one, or delete the column"))
        elif column in columns[:number]:
            problems.append(Problem(position, f"the column {short(column)} is there twice", "keep one of them"))
        elif column in _OWN:
            hint = "call it otherwise: participant.number counts the roster's lines"
            problems.append(Problem(position, f"the column {column} cannot be had", hint))
        elif not _COLUMN.fullmatch(column) or len(column) > MAX_HANDLE:
            hint = f"a letter from a to z first, then such letters, digits and _, at most {MAX_HANDLE} in all"
            problems.append(Problem(position, f"{short(column)} is no name of a column", hint))
    return problems


def _yaml(path: Path, text: str) -> tuple[list[tuple[FilePosition, dict[str, str]]], list[Problem]]:
    """Return the same of a YAML list."""
    entries = documents.entries_of(path, text)
    if entries is None:
        hint = "begin each participant with a hyphen: - name: Ada Lovelace"
        return [], [Problem(FilePosition(str(path), 1), "is no list", hint)] if text.strip() else []
    problems: list[Problem] = []
    rows: list[tuple[FilePosition, dict[str, str]]] = []
    for line, value in entries:
        position = FilePosition(str(path), line)
        row = value if isinstance(value, dict) else {"name": value}
        wrong = _header(position, list(row)) if isinstance(value, dict) else []
        wrong += [
            Problem(position, f"{short(key)} is no text", "write a text for each column, in quotes if need be")
            for key, cell in row.items()
            if cell is None
        ]
        problems += wrong
        if not wrong:
            rows.append((position, {key: cell or "" for key, cell in row.items()}))
    return rows, problems


def _made_safe(column: str, cell: str) -> str:
    text = unicodedata.normalize("NFC", cell).strip()
    text = text if any(map(_is_seen, text)) else ""
    # An address is the same letter by letter or another one: there an apostrophe is refused.
    return text if column == "handle" or "@" in text else text.replace("'", "\u2019")


def _refusals(column: str, cell: str) -> Iterable[tuple[str, str]]:
    """Return what is wrong with a cell, each with what to do."""
    most = MAX_NAME if column == "name" else MAX_CELL
    shown = short(cell)
    if len(cell) > most:
        return [(f"has {len(cell)} characters", f"the most is {most}")]
    hidden = sorted({letter for letter in cell if _is_hidden(letter)})
    if hidden:
        names = ", ".join(
            f"U+{ord(letter):04X} {unicodedata.name(letter, 'control character').lower()}" for letter in hidden
        )
        return [(f"{shown} holds {names}", "one line of plain text, please")]
    if column == "handle":
        return []
    if cell[:1] and cell[0] in _FORMULA and (column == "name" or not _NUMBER.fullmatch(cell)):
        return [(f"{shown} begins like a formula of a spreadsheet", f"leave out the {cell[0]} in front")]
    forbidden = sorted(set(cell) & set(_FORBIDDEN + ("/" if column == "name" else "")))
    if forbidden:
        return [(f"{shown} holds {' '.join(forbidden)}", "it goes into files of code as text: leave them out")]
    return []


def _is_hidden(character: str) -> bool:
    """Return whether a character cannot be seen: controls, line separators, marks of direction, private ones."""
    if character in _JOINERS:
        return False
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") or character in _BLANK


def _is_seen(character: str) -> bool:
    return character not in _JOINERS and not character.isspace()


def _handle(cells: dict[str, str]) -> tuple[str, tuple[str, str] | None]:
    """Return the handle of a participant: the given one, or one made of the name; or what is wrong with it."""
    if given := cells.get("handle"):
        proper = _HANDLE.fullmatch(given) and len(given) <= MAX_HANDLE and not RESERVED.fullmatch(given)
        near = slug(given, max_length=MAX_HANDLE)
        suggestion = f"; for example {near}" if near and near != given and not RESERVED.fullmatch(near) else ""
        return given, None if proper else (f"handle {short(given)} is not allowed", HANDLE_RULE + suggestion)
    made = slug(cells["name"], max_length=MAX_HANDLE, word_boundary=True)
    if not _HANDLE.fullmatch(made) or RESERVED.fullmatch(made):
        return "", (f"of {short(cells['name'])} no handle can be made", "give one in a column handle: " + HANDLE_RULE)
    return made, None


def _collisions(participants: list[Participant]) -> list[Problem]:
    first: dict[str, Participant] = {}
    problems = []
    for participant in participants:
        if not participant.handle:
            continue
        other = first.setdefault(participant.handle, participant)
        if other is not participant:
            message = (
                f"{participant.name} has the handle {participant.handle}, as {other.name} has "
                f"on line {other.position.line}"
            )
            problems.append(Problem(participant.position, message, "tell them apart in a column handle"))
    return problems


def short(text: str) -> str:
    """Return a text for a message: escaped, and not longer than a line."""
    most = 40
    shown = text if len(text) <= most else f"{text[:most]}…"
    return ascii(shown) if any(map(_is_hidden, shown)) else repr(shown)
