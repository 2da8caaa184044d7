"""Properties of any roster, honest or hostile; test_workshop_roster.py has the cases that are known."""

from __future__ import annotations

import csv
import io
import json
import re
import tempfile
import unicodedata
from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st

from scaffold.errors import FilePosition, InvalidAnswersError
from scaffold.workshop import roster

# Letters of several scripts with marks to combine, what files of code take for more than text, and what is not seen.
LETTERS = st.text("abzABZ 09-'.&éßŁø\u0301\u0308山田כהעلی", max_size=12)
HOSTILE = st.text("a \"'\\`$<>{}[]*|^/=+-@,;\t\n\r\x00\x1b\u200b\u202e\u2028\u3164\ue000", max_size=6)
CELLS = st.one_of(LETTERS, LETTERS, LETTERS, HOSTILE, st.text(max_size=8))
NAMES = st.one_of(
    LETTERS, LETTERS, st.sampled_from(["Anna Li", "anna li", "José", "Jose\u0301", "O'Hara", "con", "x" * 101]), CELLS
)
ROWS = st.lists(st.tuples(NAMES, CELLS), min_size=1, max_size=6)
Rows = list[tuple[str, str]]
# What no cell that was taken may hold, wherever it is laid.
DANGEROUS = re.compile(r"[\"'\\`$<>{}\[\]*|^\n\r\t\x00]")


def as_csv(rows: Rows, delimiter: str = ",", columns: tuple[str, str] = ("name", "team")) -> str:
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows([columns, *rows])
    return file.getvalue()


def as_json(rows: Rows) -> str:
    return json.dumps([{"name": name, "team": team} for name, team in rows], indent=1)


def read(text: str, suffix: str) -> tuple[list[tuple[object, ...]], list[str]]:
    """Return participants without their lines, and messages: what was made safe, or else everything that is wrong."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"roster{suffix}")
        path.write_text(text, encoding="utf-8", newline="")
        try:
            participants, notices = roster.read(path)
        except InvalidAnswersError as error:
            for problem in error.problems:
                assert isinstance(problem.location, FilePosition)
                assert problem.location.file == str(path)
                assert 1 <= (problem.location.line or 0) <= text.count("\n") + text.count("\r") + 1
                assert problem.hint
            return [], [problem.message for problem in error.problems]
        return (
            [(one.number, one.name, one.handle, tuple(one.cells.items())) for one in participants],
            [notice.partition(": ")[2] for notice in notices],
        )


@given(ROWS)
@example([("Anna Li", "")])
def test_what_is_taken_is_harmless_and_told_apart(rows: Rows) -> None:
    participants, messages = read(as_csv(rows), ".csv")
    written = [row for row in rows if any(cell.strip() for cell in row)]
    assert participants or messages
    if not participants:
        return
    assert [number for number, *_ in participants] == list(range(1, len(written) + 1))
    handles = [str(handle) for _, _, handle, _ in participants]
    assert len(set(handles)) == len(handles)
    for (_, name, handle, cells), (own, team) in zip(participants, written, strict=True):
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", str(handle))
        assert len(str(handle)) <= 40
        for cell, source in zip(dict(cells).values(), (own, team), strict=True):
            assert not DANGEROUS.search(cell)
            assert all(unicodedata.category(one) not in {"Cc", "Cs", "Co", "Zl", "Zp"} for one in cell)
            assert cell[:1] not in set("=@") or not cell
            seen = unicodedata.normalize("NFC", source).strip().replace("'", "\u2019")
            assert cell == (seen if seen.strip("\u200c\u200d \u00a0") else ""), "nothing else is changed"
        assert name == dict(cells)["name"]
        assert name
        assert "/" not in str(name)


@given(ROWS, st.sampled_from(",;\t"))
def test_the_form_of_the_file_does_not_matter(rows: Rows, delimiter: str) -> None:
    # A line break is one in a file of text, however it is written; an empty line is none of a list's.
    rows = [(name.replace("\r", "\n"), team.replace("\r", "\n")) for name, team in rows if (name + team).strip()]
    if not rows:
        return
    result = read(as_csv(rows), ".csv")
    assert read(as_csv(rows, delimiter), ".csv") == result
    assert read(as_csv([(team, name) for name, team in rows], delimiter, ("team", "name")), ".csv")[0] == [
        (number, name, handle, tuple(reversed(cells))) for number, name, handle, cells in result[0]
    ]
    listed = read(as_json(rows), ".json")
    assert listed[0] == result[0]
    assert without_lines(listed[1]) == without_lines(result[1])


def without_lines(messages: list[str]) -> list[str]:
    return [re.sub(r"on line \d+", "", message) for message in messages]


@given(ROWS)
def test_what_was_taken_is_taken_again_as_it_is(rows: Rows) -> None:
    participants, _ = read(as_csv(rows), ".csv")
    if participants:
        again = [(str(name), dict(cells)["team"]) for _, name, _, cells in participants]
        assert read(as_csv(again), ".csv") == (participants, [])


@given(ROWS)
def test_one_bad_line_is_told_whatever_the_others_are(rows: Rows) -> None:
    _, before = read(as_csv(rows), ".csv")
    participants, messages = read(as_csv([*rows, ("${HOME}", "")]), ".csv")
    assert participants == []
    assert "name '${HOME}' holds $ { }" in messages
    problems = before if not read(as_csv(rows), ".csv")[0] else []
    assert set(problems) - {"nobody is in the roster"} <= set(messages), "and none hides another"
