"""Rosters come from forms and spreadsheets: what is hostile is refused, or made safe, and told with its line."""

from __future__ import annotations

import json
import re
import time
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from conftest import scaffold
from scaffold.errors import InvalidAnswersError, OutputError
from scaffold.spec import check_name
from scaffold.workshop import roster
from scaffold.workshop.roster import HANDLE_RULE, Participant

MANIFEST = """\
title: Day
date: 2026-11-23
answers: {package_type: Zip, runtime: python3.13}
roster: ROSTER
"""
LAUGHS = "- &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"- &{name} [{', '.join([f'*{before}'] * 10)}]\n" for before, name in zip("abcdefghijk", "bcdefghijkl", strict=True)
)
FEW_LAUGHS = "".join(LAUGHS.splitlines(keepends=True)[:3])  # a thousand values

# Cells of a column `name` that are refused, with a part of what is said of each.
NAMES = {
    "{{ 7*7 }}": "holds * { }",
    "{% import os %}": "holds { }",
    "{{cookiecutter}}": "holds { }",
    "{{participant.name}}": "holds { }",
    "{{ project.name }}": "holds { }",
    "${HOME}": "holds $ { }",
    "$(id)": "holds $",
    "`id`": "holds `",
    "<script>": "holds < >",
    "[x](javascript:alert(1))": "holds [ ]",
    "*a*": "holds *",
    "a|b": "holds |",
    "^a": "holds ^",
    'Anna ""Li': 'holds "',
    "../x": "holds /",
    "/etc/passwd": "holds /",
    "C:\\x": "holds \\",
    "a\\nb": "holds \\",
    "..": "no handle can be made",
    ".": "no handle can be made",
    "=cmd|' /C calc'!A0": "begins like a formula",
    "+1": "begins like a formula",
    "-1": "begins like a formula",
    "@SUM(A1)": "begins like a formula",
    "\uff1d1+1": "begins like a formula",
    "  =1": "begins like a formula",
    "a\nb": "holds U+000A control character",
    "a\rb": "holds U+000A control character",
    "a\r\nb": "holds U+000A control character",
    "a\x00b": "holds U+0000 control character",
    "a\tb": "holds U+0009 control character",
    "a\x1b[31mb": "holds U+001B control character",
    "a\x7fb": "holds U+007F control character",
    "a\x85b": "holds U+0085 control character",
    "a\u2028b": "holds U+2028 line separator",
    "a\u2029b": "holds U+2029 paragraph separator",
    "\u202egnp.exe": "holds U+202E right-to-left override",
    "a\u2066b\u2069": "holds U+2066 left-to-right isolate, U+2069 pop directional isolate",
    "a\u200fb": "holds U+200F right-to-left mark",
    "a\u200bb": "holds U+200B zero width space",
    "a\u00adb": "holds U+00AD soft hyphen",
    "a\ufeffb": "holds U+FEFF zero width no-break space",
    "a\ue000b": "holds U+E000",
    "a\u3164b": "holds U+3164 hangul filler",
    "a\u2800b": "holds U+2800 braille pattern blank",
    "x" * 101: "has 101 characters",
    "x" * 10_000: "has 10000 characters",
    "x" * 200_000: "has 200000 characters",
    "con": "no handle can be made",
    "NUL": "no handle can be made",
    "COM1": "no handle can be made",
    "😀": "no handle can be made",
    "𐌰𐌱": "no handle can be made",
    "&amp;": "no handle can be made",
    "(!)": "no handle can be made",
    "": "name is empty",
    "   ": "name is empty",
    "\u00a0": "name is empty",
    "\u200d": "name is empty",
    "\u200c \u200d": "name is empty",
}
# Cells of any other column.
CELLS = {
    "=1+1": "begins like a formula",
    "@SUM(A1)": "begins like a formula",
    "+cmd": "begins like a formula",
    "-cmd|' /C calc'!A0": "begins like a formula",
    "o'hara@example.com": "holds '",
    "{{participant.name}}": "holds { }",
    "{% raw %}": "holds { }",
    "C:\\x": "holds \\",
    "a\nb": "holds U+000A",
    "\u202ex": "holds U+202E",
    "x" * 1001: "has 1001 characters",
}
# Honest ones, with the handle that each is given.
PEOPLE = {
    "山田 太郎": "shan-tian-tai-lang",
    "אבי כהן": "by-khn",
    "علی رضا\u200cپور": "ly-rdpwr",
    "Zoë O'Hara": "zoe-ohara",
    "Ng": "ng",
    "Dr. Anna-Lena Müller (she)": "dr-anna-lena-muller-she",
    "Łukasz Żółć": "lukasz-zolc",
    "José": "jose",
    "Jo\u0301se\u0301": "jose-2",
    "Null": "null",
    "True": "true",
    "Björk & Co., 3rd; #1!": "bjork-co-3rd-1",
    "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwaren": "wolfeschlegelsteinhausenbergerdorffwelch",
    "한글\u3000이름": "hangeul-ireum",
    "👩\u200d💻 Ada": "ada",
    "42": "42",
    "x" * 100: "x" * 40,
}


def quoted(cell: str) -> str:
    return f'"{cell}"' if '""' in cell else '"' + cell.replace('"', '""') + '"'


def written(folder: Path, text: str | bytes, name: str = "roster.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def problems(folder: Path, text: str | bytes, name: str = "roster.csv") -> list[tuple[int, str, str]]:
    """Return the line, the message and the advice of each problem of a roster."""
    path = written(folder, text, name)
    with pytest.raises(InvalidAnswersError) as caught:
        roster.read(path)
    rows = []
    for one in caught.value.problems:
        assert one.name.startswith(f"{path}:")
        assert one.message
        assert one.hint, f"{one.message}: what is to be done?"
        assert one.message.replace("\u200c", "").isprintable(), ascii(one.message)
        assert len(one.message) < 250
        rows.append((int(one.name.removeprefix(f"{path}:").split(":")[0]), one.message, one.hint))
    return rows


def read(folder: Path, text: str | bytes, name: str = "roster.csv") -> tuple[list[Participant], list[str]]:
    return roster.read(written(folder, text, name))


# One cell ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cell", NAMES, ids=lambda cell: ascii(cell)[:30])
def test_a_hostile_name_is_refused_at_its_line(cell: str, tmp_path: Path) -> None:
    [(line, message, _)] = problems(tmp_path, f"name,table\nAnna,1\n{quoted(cell)},2\nBob,3\n")
    assert line == 3
    assert NAMES[cell] in message


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: ascii(cell)[:30])
def test_a_hostile_cell_is_refused_at_its_line(cell: str, tmp_path: Path) -> None:
    [(line, message, _)] = problems(tmp_path, f"name,email\nAnna,a@example.com\nBob,{quoted(cell)}\n")
    assert line == 3
    assert message.startswith("email ")
    assert CELLS[cell] in message


@pytest.mark.parametrize("cell", [one for one in NAMES if not re.search(r"[\x00-\x08\x0e-\x1f\x7f]", one)], ids=ascii)
def test_the_same_name_in_yaml_is_refused(cell: str, tmp_path: Path) -> None:
    text = f"- Anna\n- name: {json.dumps(cell)}\n- Bob\n"
    found = problems(tmp_path, text, "roster.yaml")
    assert [line for line, *_ in found] == [2]
    said = NAMES[cell].replace("U+000A", "U+000D") if "\r" in cell and "\n" not in cell else NAMES[cell]
    assert said.split(" control")[0] in found[0][1] or "U+000D" in found[0][1]


@pytest.mark.parametrize(
    "cell", ["+49 170 1234567", "-5", "+1 (555) 010-9999", "a/b", "Tisch 1; hinten", "50 % & mehr"]
)
def test_what_other_columns_may_hold(cell: str, tmp_path: Path) -> None:
    [anna], notices = read(tmp_path, f"name,phone\nAnna,{quoted(cell)}\n")
    assert (anna.cells["phone"], notices) == (cell, [])


@pytest.mark.parametrize(
    "handle", ["Anna", "a b", "a_b", "-a", "a-", "a--b", "../a", "con", "nul", "é", "a" * 41, "{{7}}", "a.b"]
)
def test_a_handle_that_is_given_is_checked(handle: str, tmp_path: Path) -> None:
    [(line, message, hint)] = problems(tmp_path, f"name,handle\nAnna,{handle}\n")
    assert (line, "is not allowed" in message) == (2, True)
    assert hint.startswith(HANDLE_RULE)
    _, _, suggestion = hint.partition("for example ")
    if suggestion:
        assert read(tmp_path, f"name,handle\nAnna,{suggestion}\n")[0][0].handle == suggestion


def test_a_handle_may_be_given_and_is_taken(tmp_path: Path) -> None:
    found, notices = read(tmp_path, "handle,Name\n, Anna Li \nwinner, 😀\n")
    assert [(one.number, one.name, one.handle) for one in found] == [(1, "Anna Li", "anna-li"), (2, "😀", "winner")]
    assert notices == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("José", "Jose"), ("Anna  Li", "anna li"), ("José", "Jose\u0301"), ("Anna", "ANNA"), ("Anna Li", "Anna-Li"),
        ("Anna", "An\u200cna"), ("O'Hara", "O\u2019Hara"), ("Anna", "Anna!"), ("ß", "SS"),
        ("\u0391\u03bd\u03bd\u03b1", "Anna"), ("x" * 41, "x" * 42),
    ],
)  # fmt: skip
def test_names_that_collide_are_told_apart(one: str, other: str, tmp_path: Path) -> None:
    [(line, message, hint)] = problems(tmp_path, f"name\n{one}\nBob\n{other}\n")
    assert line == 4
    assert message.endswith("on line 2")
    assert "column handle" in hint
    found, _ = read(tmp_path, f"name,handle\n{one},\nBob,\n{other},second\n")
    assert [row.handle for row in found][1:] == ["bob", "second"]


def test_everybody_of_one_name_is_named(tmp_path: Path) -> None:
    found = problems(tmp_path, "name\n" + "Anna\n" * 4)
    assert [line for line, *_ in found] == [3, 4, 5]


# Honest people ----------------------------------------------------------------------------------------------------


def test_people_keep_their_names_and_get_safe_handles(tmp_path: Path) -> None:
    rows = "".join(f"{quoted(name)},{handle if handle == 'jose-2' else ''}\n" for name, handle in PEOPLE.items())
    found, notices = read(tmp_path, f"name,handle\n{rows}")
    assert {one.handle for one in found} == set(PEOPLE.values())
    for one, name in zip(found, PEOPLE, strict=True):
        assert one.name == unicodedata.normalize("NFC", name).replace("'", "\u2019")
        assert one.handle == PEOPLE[name]
        assert check_name(f"w-{one.handle}") is None
    assert notices == [f"{tmp_path / 'roster.csv'}:5: \"Zoë O'Hara\" is written 'Zoë O\u2019Hara'"]


def test_whatever_was_made_safe_is_told(tmp_path: Path) -> None:
    found, notices = read(tmp_path, "name,note\n\" Anna \",''\n\"Bob\n\",\tx \n'Eve',\u2028y\n")
    assert [(one.name, one.cells["note"]) for one in found] == [
        ("Anna", "\u2019\u2019"),
        ("Bob", "x"),
        ("\u2019Eve\u2019", "y"),
    ]
    assert [line.removeprefix(f"{tmp_path}/roster.csv:") for line in notices] == [
        "2: \"''\" is written '\u2019\u2019'",
        "3: 'Bob\\n' is written 'Bob'",
        "5: \"'Eve'\" is written '\u2019Eve\u2019'",
        "5: '\\u2028y' is written 'y'",
    ]


# The form of the file ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", {1: "nobody is in the roster"}),
        ("\n\n \n", {1: "nobody is in the roster"}),
        ("name\n", {1: "nobody is in the roster"}),
        ("\ufeffname\n", {1: "nobody is in the roster"}),
        ("nam\nAnna\n", {1: "there is no column name"}),
        ("Anna,python\nBob,nodejs\n", {1: "there is no column name"}),
        ("name,Name\nAnna,Li\n", {1: "the column 'name' is there twice"}),
        ("name,a,a,a\nAnna,1,2,3\n", {1: "the column 'a' is there twice"}),
        ("name,\nAnna,\n", {1: "column 2 has no name"}),
        ("name,number\nAnna,7\n", {1: "the column number cannot be had"}),
        ("name,größe\nAnna,7\n", {1: "'größe' is no name of a column"}),
        ("name,{{x}}\nAnna,7\n", {1: "'{{x}}' is no name of a column"}),
        ("name,a.b\nAnna,7\n", {1: "'a.b' is no name of a column"}),
        (f"name,{'x' * 41}\nAnna,7\n", {1: "is no name of a column"}),
        ("name,\u202ea\nAnna,7\n", {1: r"'\u202ea' is no name of a column"}),
        ("\n\nname,a\n\nAnna\n\nBob,1,2\n", {5: "has 1 cells, and the header has 2", 7: "has 3 cells"}),
        ('name\nAnna\n"Bob\nEve\n{x}\n', {3: "is no CSV: a quote begins there and does not end", 5: "holds { }"}),
        ('name\nAnna\n"Bob" Li\n{x}\n', {3: "is no CSV", 4: "holds { }"}),
        ('name,a\n"Bob,1\n"Eve",{x}\nAnna,{y}\n', {2: "is no CSV", 3: "a '{x}' holds", 4: "a '{y}' holds"}),
        ("name\rAnna\r{x}\r", {3: "holds { }"}),
        ("name\r\n\r\n{x}\r\n", {3: "holds { }"}),
        ("name;a\nAnna;{x}\n", {2: "holds { }"}),
        ("name\ta\nAnna\t{x}\n", {2: "holds { }"}),
        ("name\nAnna, Bob\n", {2: "has 2 cells, and the header has 1"}),
        ("name\nAnna\x0b\x0cx\n{x}\n", {2: "holds U+000B", 3: "holds { }"}),
        ("name\nAnna\x1cx\n{x}\n", {2: "holds U+001C", 3: "holds { }"}),
    ],
    ids=lambda value: ascii(value)[:40] if isinstance(value, str) else "",
)  # fmt: skip
def test_what_is_wrong_with_a_table(text: str, said: dict[int, str], tmp_path: Path) -> None:
    found = problems(tmp_path, text)
    assert sorted({line for line, *_ in found}) == sorted(said)
    for line, part in said.items():
        assert any(part in message for number, message, _ in found if number == line), found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name\nJosé\n".encode("latin-1"), "2:4: is not UTF-8"),
        ("name\nAnna\nBob,José\n".encode("latin-1"), "3:8: is not UTF-8"),
        ("name\nAnna\n".encode("utf-16"), "1:1: is UTF-16"),
        ("name\nAnna\n".encode("utf-16-be"), "1: there is no column name"),
        (b"name\n\xff\n", "2:1: is not UTF-8"),
        (b"name\n\xed\xa0\x80\n", "2:1: is not UTF-8"),
        (bytes(range(256)), "is not UTF-8"),
    ],
    ids=ascii,
)  # fmt: skip
@pytest.mark.parametrize("name", ["roster.csv", "roster.yaml"])
def test_what_is_no_utf_8_is_told_with_its_place(text: bytes, said: str, name: str, tmp_path: Path) -> None:
    path = written(tmp_path, text, name)
    with pytest.raises(InvalidAnswersError) as caught:
        roster.read(path)
    told = [f"{one.name}: {one.message}" for one in caught.value.problems]
    if name.endswith("csv") or "UTF" in said:
        assert any(f"{path}:{said}" in line or said in line for line in told), told


@pytest.mark.parametrize(
    "text",
    ["name,table\nAnna,1\nBob,2\n", "\ufeffname,table\nAnna,1\nBob,2\n", "name;table\r\nAnna;1\r\nBob;2\r\n",
     "Name\tTable\rAnna\t1\rBob\t2", "\n\nname,table\n\n,\nAnna,1\n  , \nBob,2\n\n\n",
     'table,"name"\n"1","Anna"\n2,Bob',
     "TABLE , NAME\n1,Anna\n2, Bob "],
    ids=ascii,
)  # fmt: skip
def test_tables_of_every_form_are_understood(text: str, tmp_path: Path) -> None:
    found, notices = read(tmp_path, text)
    assert [(one.name, one.handle, one.cells["table"]) for one in found] == [("Anna", "anna", "1"), ("Bob", "bob", "2")]
    assert notices == []


def test_a_cell_with_the_separator_is_quoted(tmp_path: Path) -> None:
    [one], _ = read(tmp_path, 'name,note\n"Li, Anna","a, b"\n')
    assert (one.name, one.cells["note"]) == ("Li, Anna", "a, b")


def test_pythons_own_limit_of_a_cell_stays(tmp_path: Path) -> None:
    import csv  # noqa: PLC0415

    before = csv.field_size_limit()
    problems(tmp_path, f"name\n{'x' * 200_000}\n")
    assert csv.field_size_limit() == before


@pytest.mark.parametrize("text", [".", "nothing.csv", "nothing/roster.csv"])
def test_a_roster_that_cannot_be_read(text: str, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=re.escape(str(tmp_path))):
        roster.read(tmp_path / text)


# YAML -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", {1: "nobody is in the roster"}),
        ("# nobody\n", {1: "is no list"}),
        ("[]\n", {1: "nobody is in the roster"}),
        ("Anna\n", {1: "is no list"}),
        ("name: Anna\n", {1: "is no list"}),
        ("roster:\n  - Anna\n", {1: "is no list"}),
        ("- Anna\n- [Bob]\n- {x}\n", {2: "'name' is no text", 3: "there is no column name"}),
        ("- Anna\n- {name: Bob, note: {a: b}}\n", {2: "'note' is no text"}),
        ("- name: Anna\n- nam: Bob\n", {2: "there is no column name"}),
        ("- {name: Anna, name: Bob}\n", {1: "the key 'name' is already on line"}),
        ("- name: Anna\n  Größe: 1\n", {1: "'Größe' is no name of a column"}),
        ("- name: Anna\n  number: 1\n", {1: "the column number cannot be had"}),
        ("- name: Anna\n  ? [a]\n  : b\n", {1: "'?' is no name of a column"}),
        ("- name: null\n- ~\n-\n", {1: "name is empty", 2: "name is empty", 3: "name is empty"}),
        ("- &a Anna\n- *a\n", {1: "has the handle anna"}),
        ("- &a {name: Anna}\n- {<<: *a, table: 1}\n", {2: "there is no column name"}),
        ("- &a [*a]\n", {1: "'name' is no text"}),
        ("- Anna\n- {name: Bob\n", {3: "expected ',' or '}'"}),
        ("- Anna\n-\tBob: x\n", {2: "cannot start any token"}),
        ("- Anna\n- Bob: x: y\n", {2: "mapping values are not allowed"}),
        ("- Anna\n---\n- Bob\n", {2: "but found another document"}),
        ("- Anna\n- Bo\x00b\n", {2: "U+0000 is not allowed in YAML"}),
        ("- Anna\n\n- *b\n", {3: "found undefined alias"}),
        ('- Anna\n- "Bo\\ud800b"\n', {2: "holds U+D800"}),
        ("[" * 5000, {1: "nested too deeply"}),
        ("- " * 5000, {1: "nested too deeply"}),
        (LAUGHS, dict.fromkeys(range(1, 13), "'name' is no text")),
        (LAUGHS + "- ? *l\n  : x\n- name: Bob\n  ? *l\n  : *l\n", {13: "no column name", 15: "'?' is no name"}),
        (FEW_LAUGHS, dict.fromkeys(range(1, 4), "'name' is no text")),
        (FEW_LAUGHS + "- ? *c\n  : x\n- name: Bob\n  ? *c\n  : *c\n", {4: "no column name", 6: "'?' is no name"}),
    ],
    ids=lambda value: ascii(value)[:40] if isinstance(value, str) else "",
)  # fmt: skip
def test_what_is_wrong_with_a_list(text: str, said: dict[int, str], tmp_path: Path) -> None:
    before = time.monotonic()
    found = problems(tmp_path, text, "roster.yaml")
    assert time.monotonic() - before < 10
    for line, part in said.items():
        assert any(part in message for number, message, _ in found if number == line), found
    if "&" not in text:
        assert {line for line, *_ in found} == set(said)


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("- Anna\n", {"name": "Anna"}),
        ("[{name: Anna, table: 1}]", {"name": "Anna", "table": "1"}),
        ('["Ada \\ud83d\\ude00"]', {"name": "Ada 😀"}),
        ('[{"name": "Anna", "table": 1}]', {"name": "Anna", "table": "1"}),
        ("\ufeff- name: Anna\r\n  table: 010\r\n", {"name": "Anna", "table": "010"}),
        ("- {name: Anna, a: no, b: 2026-02-30, c: 1.10, d: 0x1F, e: 1e3, f: null, g: true}",
         {"name": "Anna", "a": "no", "b": "2026-02-30", "c": "1.10", "d": "0x1F", "e": "1e3", "f": "", "g": "true"}),
        ("- no\n", {"name": "no"}),
        ("- 2026-02-30\n", {"name": "2026-02-30"}),
        ("- True\n", {"name": "True"}),
        ("- name: >\n    Anna\n    Li\n", {"name": "Anna Li"}),
        ("- name: Anna\n  a: &x one\n  b: *x\n", {"name": "Anna", "a": "one", "b": "one"}),
        ("- !!python/name:os.system Anna\n", {"name": "Anna"}),
    ],
    ids=ascii,
)  # fmt: skip
@pytest.mark.parametrize("name", ["roster.yaml", "ROSTER.YML", "roster.json"])
def test_lists_are_text_as_it_was_written(text: str, cells: dict[str, str], name: str, tmp_path: Path) -> None:
    [one], _ = read(tmp_path, text, name)
    assert one.cells == cells


# All at once, and nothing written -----------------------------------------------------------------------------------


def build(folder: Path, name: str = "roster.csv", manifest: str = MANIFEST) -> Any:
    (folder / "workshop.yaml").write_text(manifest.replace("ROSTER", name))
    return scaffold("workshop", "build", "workshop.yaml", "--out", "out", cwd=folder)


def test_one_of_each_is_named_with_its_line_and_nothing_is_written(tmp_path: Path) -> None:
    """Every hostile cell, and every way to get a line wrong, in one roster; the command says all of it at once."""
    lines = ["name,language,note"]
    wanted = []
    for cells in (
        *((quoted(cell), "python", "") for cell in NAMES),
        *(("Anna", "python", quoted(cell)) for cell in CELLS),
        ("Anna", "python"),
        ("Anna", "python", "a", "b"),
        ('"Bob" Li', "python", ""),
    ):
        wanted.append(len(re.findall(r"\r\n|\r|\n", "\n".join(lines))) + 2)
        lines.append(",".join(cells))
    lines.append("Good Person,python,")
    written(tmp_path, "\n".join(lines) + '\n"Eve,python,\n')
    wanted.append(len(re.findall(r"\r\n|\r|\n", "\n".join(lines))) + 2)
    done = build(tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
    found = [int(number) for number in re.findall(r"^Error: roster\.csv:(\d+): ", done.stderr, re.MULTILINE)]
    assert sorted(set(found)) == wanted
    assert len(done.stderr) < 40_000
    assert done.stderr.replace("\n", "").isprintable(), "a terminal shows a message and obeys none"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["roster.csv", "workshop.yaml"]
    checked = scaffold("workshop", "check", cwd=tmp_path)
    assert (checked.returncode, checked.stderr) == (3, "")
    assert [int(number) for number in re.findall(r"^roster\.csv:(\d+): ", checked.stdout, re.MULTILINE)] == found
    told = scaffold("workshop", "check", "--output", "json", cwd=tmp_path)
    assert [one["line"] for one in json.loads(told.stdout)["findings"]] == found


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("roster.csv", "name\nJosé\n".encode("latin-1")), ("roster.csv", "name\nAnna\n".encode("utf-16")),
        ("roster.csv", b""), ("roster.csv", b"nam\nx\n"), ("roster.yaml", LAUGHS.encode()),
        ("roster.yaml", b"- {name: Anna\n"), ("roster.yaml", b"name: Anna\n"), ("roster.yaml", b"- &a [*a]\n"),
        ("roster.json", b'["{{7*7}}"]'), ("none.csv", None),
    ],
)  # fmt: skip
def test_a_roster_in_no_form_writes_nothing(name: str, text: bytes | None, tmp_path: Path) -> None:
    if text is not None:
        written(tmp_path, text, name)
    done = build(tmp_path, name)
    assert (done.returncode, done.stdout) == (2, "")
    assert re.search(rf"^Error: ({re.escape(name)}:\d+|workshop.yaml:4:1)(:\d+)?: ", done.stderr, re.MULTILINE)
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_wrong_roster_makes_no_overlay_wrong(tmp_path: Path) -> None:
    """Which columns it has, nobody knows where it cannot be read: a placeholder of one is not told to be unknown."""
    (tmp_path / "overlay").mkdir()
    (tmp_path / "overlay/a.md").write_text("{{participant.table}}\n{{participant.number}}\n{{project.nonsense}}\n")
    written(tmp_path, "name,table\nAnna,{x}\n")
    done = build(tmp_path, manifest=f"{MANIFEST}overlay: overlay\n")
    assert re.findall(r"^Error: (\S+): ", done.stderr, re.MULTILINE) == ["roster.csv:2", "overlay/a.md:3:1"]


def test_a_name_reaches_the_readme_to_the_byte_and_is_never_filled_in_again(tmp_path: Path) -> None:
    names = [name for name, handle in PEOPLE.items() if handle != "jose-2"]
    written(tmp_path, "name,note\n" + "".join(f"{quoted(name)},project.name\n" for name in names))
    (tmp_path / "overlay").mkdir()
    text = "{{{participant.note}}} {{ participant.name }} {{{{participant.note}}}} {{7*7}} ${{x}} {% raw %}\n"
    (tmp_path / "overlay/a.txt").write_text(text)
    done = build(tmp_path, manifest=f"{MANIFEST}overlay: overlay\noutput: folder\n")
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
    assert "is written 'Zoë O\u2019Hara'" in done.stderr
    for name in names:
        person = unicodedata.normalize("NFC", name).replace("'", "\u2019")
        folder = tmp_path / "out" / f"day-{PEOPLE[name]}"
        assert f"This repository was made for {person}. " in (folder / "README.md").read_text(encoding="utf-8")
        filled = f"{{project.name}} {person} {{{{project.name}}}} {{{{7*7}}}} ${{{{x}}}} {{% raw %}}\n"
        assert (folder / "a.txt").read_text(encoding="utf-8") == filled


@pytest.mark.parametrize("width", [3, 4])
def test_who_has_no_name_has_a_number(width: int) -> None:
    count = 10 ** (width - 1)
    found = roster.numbered(count, "workshop.yaml:4:1")
    assert (found[0].handle, found[-1].handle) == (f"participant-{1:0{width}}", f"participant-{count}")
    assert len({one.handle for one in found}) == count


# Time -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    ["Anna Nr {0},python,{0}\n", "Anna,python,{{{0}}}\n", '"Anna {0},python,1\n', '"",""x{0}\n', 'Anna {0},"\n',
     '"A ""{0}"",python,1\n', "Anna {0}\n"],
)  # fmt: skip
def test_ten_thousand_lines_take_seconds(line: str, tmp_path: Path) -> None:
    path = written(tmp_path, "name,language,table\n" + "".join(line.format(number) for number in range(10_000)))
    before = time.monotonic()
    try:
        assert len(roster.read(path)[0]) == 10_000
    except InvalidAnswersError as error:
        assert len(error.problems) >= 5_000  # noqa: PT017
    assert time.monotonic() - before < 10


@pytest.mark.slow
def test_ten_thousand_entries_take_seconds(tmp_path: Path) -> None:
    text = "".join(f"- name: Anna Nr {number}\n  language: python\n" for number in range(10_000))
    before = time.monotonic()
    assert len(read(tmp_path, text, "roster.yaml")[0]) == 10_000
    assert time.monotonic() - before < 20


def test_the_whole_command_checks_ten_thousand_in_seconds(tmp_path: Path) -> None:
    written(tmp_path, "name,language\n" + "".join(f"Anna Nr {number},python\n" for number in range(10_000)))
    (tmp_path / "workshop.yaml").write_text(MANIFEST.replace("ROSTER", "roster.csv"))
    before = time.monotonic()
    done = scaffold("workshop", "check", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "10000 participants" in done.stdout
    assert time.monotonic() - before < 20
