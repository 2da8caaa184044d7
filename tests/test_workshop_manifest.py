"""A manifest, from text to plan: what is wrong is told all at once, with its place and what is allowed."""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from conftest import CATALOGUE, function_of, scaffold, tree
from scaffold import cli, project, template, unnamed
from scaffold.errors import InternalError, InvalidAnswersError, OutputError
from scaffold.model import Cell
from scaffold.resolve import functions_of
from scaffold.spec import AMAZON, ProjectSpec
from scaffold.workshop import example, plan
from scaffold.workshop import manifest as manifests
from scaffold.workshop.contents import file_of
from scaffold.workshop.plan import Plan

HEAD = "title: Day\ndate: 2026-11-23\n"
PYTHON = "answers: {package_type: Zip, runtime: python3.13}\n"
VALID = f"{HEAD}{PYTHON}count: 2\n"  # whatever is added begins on line 5
ROSTER = "name,table\nAnna Li,1\nBob,2\n"
LANGUAGES = "name,language\nAnna Li,python\nBob,nodejs\n"
FUNCTIONS_OF = "answers: {package_type: Zip, runtime: python3.13, functions: "
TWO = "answers: {package_type: Zip}\nvariants: [{runtime: python3.13}, {runtime: nodejs24.x}]\nroster: languages.csv\n"
STARTER = "answers: {package_type: Zip, runtime: python3.13}\nroster: roster.csv\noverlay: overlay\n"

Files = dict[str, "str | bytes"]


def write(folder: Path, text: str, files: Files | None = None) -> Path:
    """Write a manifest and what it needs, and return its path."""
    for name, content in {"roster.csv": ROSTER, "languages.csv": LANGUAGES, **(files or {})}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    path = folder / manifests.FILE
    path.write_bytes(text.encode())
    return path


def made(folder: Path, text: str, files: Files | None = None) -> Plan:
    return plan.make(CATALOGUE, write(folder, text, files))


def problems(folder: Path, text: str, files: Files | None = None) -> list[tuple[str, str, str]]:
    """Return the place of each problem, relative to the folder, what is wrong there, and what to do."""
    with pytest.raises(InvalidAnswersError) as caught:
        made(folder, text, files)
    return [(one.name.removeprefix(f"{folder}/"), one.message, one.hint) for one in caught.value.problems]


def said(folder: Path, text: str, files: Files | None = None) -> list[str]:
    """Return the same in one line each; paths are relative."""
    rows = problems(folder, text, files)
    for row in rows:
        assert all(row), f"{row}: what is to be done?"
    return [": ".join(row).replace(f"{folder}/", "").removeprefix("workshop.yaml:") for row in rows]


def position(row: dict[str, Any]) -> str:
    """Return the position that a finding has in JSON, as text has it."""
    return ":".join(str(row[key]) for key in ("file", "line", "column") if row[key] is not None)


# The schema -------------------------------------------------------------------------------------------------------


def test_the_schema_is_the_catalogues() -> None:
    assert json.loads(manifests.SCHEMA.read_text()) == manifests.schema(CATALOGUE), "run `make schemas`"
    assert manifests.SCHEMA.read_text() == manifests.dump_schema(CATALOGUE)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["1:1: title is missing", "1:1: date is missing", "1:1: say who takes part"]),
        ("# nothing\n", ["1:1: title is missing", "1:1: date is missing", "1:1: say who takes part"]),
        (f"{VALID}titel: x\n", ["5:1: 'titel' is not a known key of a workshop: one of title, date, "]),
        (f"{VALID}1: x\nnull: y\n", ["5:1: this key is not text"]),
        (f"{VALID}roster: roster.csv\n", ["4:1: say who takes part: either roster, a file, or count"]),
        (f"{HEAD}{PYTHON}", ["1:1: say who takes part"]),
        (f"title: 3\ndate: 2026-01-01\n{PYTHON}count: 1\n", ["1:1: title: 3 is not text"]),
        (f'title: ""\ndate: 2026-01-01\n{PYTHON}count: 1\n', ["1:1: title: '' is not allowed"]),
        (f'title: "  "\ndate: 2026-01-01\n{PYTHON}count: 1\n', ["1:1: title: '  ' is not allowed: What the workshop"]),
        (f'title: "a\\nb"\ndate: 2026-01-01\n{PYTHON}count: 1\n', ["1:1: title: 'a\\nb' is not allowed"]),
        (f"title: |\n  a\ndate: 2026-01-01\n{PYTHON}count: 1\n", ["1:1: title: 'a\\n' is not allowed"]),
        (f"title: <b>\ndate: 2026-01-01\n{PYTHON}count: 1\n", ["1:1: title: '<b>' is not allowed"]),
        (f"title: {'x' * 101}\ndate: 2026-01-01\n{PYTHON}count: 1\n", ["1:1: title: 'xxx"]),
        (f"title:\ndate:\n{PYTHON}count:\n", ["1:1: title: is empty", "2:1: date: is empty", "4:1: count: is empty"]),
        (f"title: a\ndate: tomorrow\n{PYTHON}count: 1\n", ["2:1: date: 'tomorrow' is not allowed: The day of"]),
        (f"title: a\ndate: 2026-1-5\n{PYTHON}count: 1\n", ["2:1: date: '2026-1-5' is not allowed"]),
        (f"title: a\ndate: 2026-01-05 10:00:00\n{PYTHON}count: 1\n", ["2:1: date: '2026-01-05 10:00:00' is not"]),
        (f"title: a\ndate: 20260105\n{PYTHON}count: 1\n", ["2:1: date: 20260105 is not text: The day of"]),
        (f"{HEAD}{PYTHON}count: 0\n", ["4:1: count: 0 is too small: the least is 1"]),
        (f"{HEAD}{PYTHON}count: 100001\n", ["4:1: count: 100001 is too large: the most is 100000"]),
        (f"{HEAD}{PYTHON}count: many\n", ["4:1: count: 'many' is not a whole number"]),
        (f"{HEAD}{PYTHON}count: 1.5\n", ["4:1: count: 1.5 is not a whole number"]),
        (f"{HEAD}{PYTHON}count: yes\n", ["4:1: count: 'yes' is not a whole number"]),
        (f"{HEAD}{PYTHON}count: true\n", ["4:1: count: True is not a whole number"]),
        (f"{VALID}steps:\n", ["5:1: steps: is empty"]),
        (f"{VALID}steps: {{}}\n", ["5:1: steps: {} is not a list"]),
        (f"{VALID}steps: [a, {{}}, {{name: b, end: c}}]\n",
         ["5:9: steps.0: 'a' is not a mapping", "5:12: name is missing in steps.1: What the step",
          "5:26: 'end' is not a known key"]),
        (f"{VALID}variants: []\n", ["5:1: variants: [] is too short"]),
        (f"{VALID}variants: [{{name: a}}, {{runtime: python9}}]\n",
         ["5:13: 'name' is not a known key",
          "5:24: variants.1.runtime: 'python9' is not allowed: did you mean python"]),
        (f"{VALID}author: Ada\n", ["5:1: author: 'Ada' is not a mapping"]),
        (f"{VALID}author: {{name: '', email: a b@c, tel: 1}}\n",
         ["5:10: author.name: '' is not allowed",
          "5:20: author.email: 'a b@c' is not allowed: The address",
          "5:34: 'tel' is not a known key of a workshop: one of name, email"]),
        (f"{VALID}output: tar\nsolutions: no\n",
         ["5:1: output: 'tar' is not allowed: one of git, folder, zip", "6:1: solutions: 'no' is not allowed: one of"]),
        (f'{VALID}overlay: ""\nclone: "a\\tb"\n',
         ["5:1: overlay: '' is too short", "6:1: clone: 'a\\tb' is not allowed"]),
        (f'{VALID}overlay: "a\\0b"\n', ["5:1: overlay: 'a\\x00b' is not allowed"]),
        # Not the values: the YAML.
        ("title: a\n  date: b\n", ["2:7: mapping values are not allowed here"]),
        (f"{VALID}title: b\n", ["5:1: the key 'title' is already on line 1: keep one"]),
        (f"{VALID}\ttitle: b\n", ["5:1: found character '\\t'"]),
        ("- a\n", ["1:1: the file is not a mapping of keys"]),
        (f"{VALID}steps: *a\n", ["5:8: found undefined alias"]),
        (f"{VALID}steps: &a [*a]\n", ["5:12: the alias *a stands inside what it names: write out what is behind it"]),
        (f"{VALID}steps: {'[' * 5000}\n", ["1:1: the file is nested too deeply"]),
        (f"{VALID}? [a]\n: b\n", ["5:3: this key is not text"]),
        (f"{VALID}a: !!python/object/apply:os.system [ls]\n", ["5:4: could not determine a constructor"]),
        (f"{HEAD}{PYTHON}count: {'9' * 5000}\n", ["4:8: this stands for no value"]),
        ('title: "a\\ud800b"\n', ["1:8: this stands for no value"]),
        ("title: a\x00b\n", ["1:9: the character U+0000 is not allowed in YAML"]),
    ],
    ids=lambda value: ascii(value)[-40:] if isinstance(value, str) else "",
)  # fmt: skip
def test_what_the_schema_refuses(text: str, expected: list[str], tmp_path: Path) -> None:
    path = write(tmp_path, text)
    with pytest.raises(InvalidAnswersError) as caught:
        manifests.read(CATALOGUE, path)
    rows = [f"{one.name}: {one.message}: {one.hint}".removeprefix(f"{path}:") for one in caught.value.problems]
    assert len(rows) == len(expected), rows
    for row, part in zip(rows, expected, strict=True):
        assert row.startswith(part), rows
        assert len(row) < 700, "a value of thousands of characters is not repeated"


def test_a_few_aliases_that_stand_for_billions_end_quickly(tmp_path: Path) -> None:
    rows = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
    rows += [f"{new}: &{new} [{', '.join([f'*{old}'] * 10)}]" for old, new in zip("abcdefgh", "bcdefghi", strict=True)]
    assert said(tmp_path, "\n".join(rows))[0].startswith("5:36: with the alias *d the file holds more than 100,000")


def test_ordinary_aliases_may_be_used(tmp_path: Path) -> None:
    text = f"{HEAD}answers: &zip {{package_type: Zip}}\nvariants: [{{<<: *zip, runtime: python3.13}}]\ncount: 1\n"
    assert made(tmp_path, text).entries[0].variant.facts["runtime"] == "python3.13"


@pytest.mark.parametrize("name", ["roster.csv", "nothing.yaml", "."])
def test_there_may_be_no_manifest(name: str, tmp_path: Path) -> None:
    with pytest.raises((OutputError, InvalidAnswersError), match=r"No such file"):
        plan.make(CATALOGUE, tmp_path / "nothing" / name)


def test_json_writes_one_character_as_two_halves(tmp_path: Path) -> None:
    text = '{"title": "\\ud83d\\ude00 Day", "date": "2026-11-23", "answers": {"package_type": "Zip"}, "count": 1}'
    text = text.replace('"Zip"', '"Zip", "runtime": "python3.13"')
    assert made(tmp_path, text).manifest.title == "\U0001f600 Day"


def test_values_that_json_takes_for_the_same_are_taken(tmp_path: Path) -> None:
    assert len(made(tmp_path, f"{HEAD}{PYTHON}count: 3.0\n").entries) == 3


@pytest.mark.parametrize(
    "title",
    ["Serverless in a day", 'Ada\'s "day"', "Größer & schöner: {{participant.name}}", "サーバーレス", "a # b", "yes",
     "\\n", "1e3x", "{{ 7*7 }}", "- a", "!Ref x", "%TAG", "👩‍💻 day", "- 'a' \\ \"b\" ${x} `y`"],
)  # fmt: skip
@pytest.mark.slow
def test_a_title_stays_as_it_was_written(title: str, tmp_path: Path) -> None:
    folder = tmp_path / "day"
    example.write(folder, title, "2026-11-23")
    text = (folder / "workshop.yaml").read_text().replace("answers:\n", "name: 'w-{handle}'\nanswers:\n", 1)
    (folder / "workshop.yaml").write_text(text)
    found = plan.make(CATALOGUE, folder)
    assert found.manifest.title == title
    entry = found.entries[0]
    readme = found.templates[entry.template].commits[0].files["README.md"].fill(entry.values).data.decode()
    assert f"\n## {title}\n" in readme


# The planner ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"title: a\ndate: 2026-02-30\n{PYTHON}count: 1\n", ["2:1: date: there is no 2026-02-30"]),
        (f"title: a\ndate: '2025-02-29'\n{PYTHON}count: 1\n", ["2:1: date: there is no 2025-02-29"]),
        (f"title: a\ndate: 1979-12-31\n{PYTHON}count: 1\n", ["2:1: date: the year 1979 is not allowed"]),
        (f"title: a\ndate: '0000-01-01'\n{PYTHON}count: 1\n", ["2:1: date: there is no 0000-01-01"]),
        (f"title: a\ndate: 2108-01-01\n{PYTHON}count: 1\n", ["2:1: date: the year 2108 is not allowed"]),
        (f"title: '!'\ndate: 2026-01-01\n{PYTHON}count: 1\n", ["1:1: of '!' no part of a name can be made"]),
        (f"title: 2026 day\ndate: 2026-01-01\n{PYTHON}count: 9\n",
         ["1:1: as the name of a repository '2026-day-a' is not allowed"]),
        (f"{VALID}name: x\n", ["5:1: 'x' is the same for everyone: put {handle} or {number}"]),
        (f"{VALID}name: '{{title}}-{{language}}'\n", ["5:1: '{title}-{language}' is the same for everyone"]),
        (f"{VALID}name: '{{x}}-{{handle}}-{{participant.name}}'\n",
         ["5:1: {x} stands for nothing: one of {title}, {handle}", "5:1: {participant.name} stands for nothing"]),
        (f"{VALID}name: '../{{handle}}'\n", ["5:1: as the name of a repository '../a' is not allowed"]),
        (f"{VALID}name: '{{number}}'\n", ["5:1: as the name of a repository '01' is not allowed"]),
        (f"{VALID}name: '{{{{handle}}}}'\n", ["5:1: as the name of a repository '{a}' is not allowed"]),
        (f"{VALID}name: 'con.{{handle}}'\n",
         ["5:1: as the name of a repository 'con.a' is reserved for a device on Windows"]),
        (f"{VALID}name: '{'x' * 64}{{handle}}'\n", ["5:1: as the name of a repository 'xxx"]),
        (f"{VALID}clone: https://h/x.git\n", ["5:1: https://h/x.git is the same for everyone: put {name}"]),
        (f"{VALID}clone: https://h/{{repo}}\n", ["5:1: {repo} stands for nothing: one of {name}, {handle}, {number}"]),
        (f"{VALID}clone: 'https://a:b@h/{{name}}'\n", ["5:1: clone: holds a password, which everyone would read"]),
        (f"{VALID}overlay: nowhere\n", ["5:1: nowhere is no folder"]),
        (f"{VALID}overlay: roster.csv\n", ["5:1: roster.csv is no folder"]),
        (f"{VALID}overlay: 'o/{{handle}}'\n", ["5:1: {handle} stands for nothing: one of {language}, {package_type}"]),
        (f"{VALID}steps: [{{name: a, starter: x}}, {{name: b, solution: '{{x}}'}}]\n",
         ["5:19: x is no folder", "5:42: {x} stands for nothing"]),
        (f"{VALID}overlay: .\n", ["5:1: FOLDER holds workshop.yaml, which everyone would get"]),
        (f"{HEAD}{PYTHON}roster: none.csv\n", ["4:1: none.csv: No such file or directory"]),
        (f"{HEAD}{PYTHON}roster: .\n", ["4:1: FOLDER: Is a directory"]),
        (f"{HEAD}{TWO.replace('roster: languages.csv', 'count: 4')}", ["5:1: nobody says which variant is whose"]),
        # Answers, and in which variant they stand.
        (f"{HEAD}count: 1\n",
         ["1:1: runtime: the runtime is missing", "1:1: package_type: the package type is missing"]),
        ("answers: {package_type: Zip}\ncount: 1\n", ["3:1: runtime: the runtime is missing"]),
        ("answers: {package_type: Zip, base_image: debian, runtime: python3.13}\ncount: 1\n",
         ["3:11: package_type: a Zip has no base image"]),
        (f"{PYTHON}variants: [{{}}, {{base_image: debian}}]\nroster: roster.csv\n",
         ["4:16: package_type: a Zip has no base image"]),
        ("answers: {package_type: Zip}\nvariants: [{runtime: python3.13}, {memory: 512}]\nroster: roster.csv\n",
         ["4:35: runtime: the runtime is missing"]),
        ("answers: {runtime: nodejs12.x}\nvariants: [{package_type: Zip}, {package_type: Image}]\nroster: roster.csv\n",
         ["3:11: runtime: "]),
        ("answers: {package_type: Image, build_target: nope, runtime: python3.13}\ncount: 1\n",
         ["3:32: build_target: the Dockerfile has no stage 'nope': use one of"]),
        ("answers: {package_type: Image, runtime: python3.13}\nvariants: [{build_target: nope}]\ncount: 1\n",
         ["4:13: build_target: the Dockerfile has no stage 'nope'"]),
        (TWO.replace("nodejs24.x", "python3.12"),
         ["languages.csv:2: Anna Li may have any of 2", "languages.csv:3: there is no variant for language 'nodejs'",
          "4:35: a roster cannot tell this from another variant that is python Zip"]),
        # Functions.
        (FUNCTIONS_OF + "[{name: a}, {name: b}, {name: a}]}\ncount: 1\n",
         ["3:86: functions.2.name: 'a' is already the name of function 1"]),
        (FUNCTIONS_OF + "[{}, {}]}\ncount: 1\n",
         ["3:67: functions.1.name: 'hello-world' is already the name of function 1"]),
        (FUNCTIONS_OF + "[{name: a-b}, {name: ab, runtime: dotnet8}]}\ncount: 1\n",
         ["3:77: functions.1.name: 'ab' is already the name of function 1, apart from hyphens"]),
        (FUNCTIONS_OF + "[{name: tests}, {name: events}, {name: A_b}]}\ncount: 1\n",
         ["3:64: functions.0.name: 'tests' is already the name of another folder",
          "3:79: functions.1.name: 'events' is already the name of another folder",
          "3:95: functions.2.name: 'A_b' cannot be the name of a function"]),
        ("answers: {package_type: Zip, functions: [{runtime: python3.13}, {app_template: sqs}]}\ncount: 1\n",
         ["3:65: functions.1.runtime: the runtime is missing"]),
    ],
    ids=lambda value: ascii(value)[-40:] if isinstance(value, str) else "",
)  # fmt: skip
def test_what_the_planner_refuses(text: str, expected: list[str], tmp_path: Path) -> None:
    rows = said(tmp_path, text if text.startswith("title") else f"{HEAD}{text}")
    assert len(rows) == len(expected), rows
    for part in expected:
        assert any(row.startswith(part.replace("FOLDER", str(tmp_path))) for row in rows), rows


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("Anna,py\nBob,ruby\n", ["2: there is no variant for language 'py': there is python Zip; nodejs", "3: there"]),
        ("Anna,\nBob,nodejs\n", ["2: Anna may have any of 2 variants: say which in a column language or package_type"]),
        (f"Anna,{'x' * 900}\n", ["2: there is no variant for language 'xxx"]),
    ],
)  # fmt: skip
def test_who_has_no_variant(rows: str, expected: list[str], tmp_path: Path) -> None:
    found = said(tmp_path, f"{HEAD}{TWO}", {"languages.csv": f"name,language\n{rows}"})
    assert len(found) == len(expected)
    for row, part in zip(found, expected, strict=True):
        assert row.startswith(f"languages.csv:{part}")
        assert len(row) < 250


def test_a_language_may_be_said_as_people_say_it(tmp_path: Path) -> None:
    rows = "name,language,package type\nA,PYTHON,\nB,Python,zip\nC,nodejs,ZIP\nD,Node.js,\n"
    found = made(tmp_path, f"{HEAD}{TWO}", {"languages.csv": rows})
    assert [one.variant.facts["language"] for one in found.entries] == ["python", "python", "nodejs", "nodejs"]
    both = f"{HEAD}answers: {{runtime: python3.13}}\nvariants: [{{package_type: Zip}}, {{package_type: Image}}]\n"
    rows = "name,package_type\nA,image\nB,Zip\n"
    found = made(tmp_path, f"{both}roster: roster.csv\n", {"roster.csv": rows})
    assert [one.variant.facts["package_type"] for one in found.entries] == ["Image", "Zip"]


@pytest.mark.parametrize(
    "name", ["null", "True", "yes", "NO", "on", "Off", "y", "n", "~x", "Report.json", "index.html"]
)
def test_a_name_that_is_something_else_is_refused(name: str, tmp_path: Path) -> None:
    pattern, given = (
        ("'{handle}'", name) if "." not in name else (f"'{{handle}}.{name.partition('.')[2]}'", name.partition(".")[0])
    )
    rows = f"name\nAnna\n{given}\n"
    text = f"{HEAD}{PYTHON}roster: roster.csv\nname: {pattern}\n"
    if name == "~x":
        assert made(tmp_path, text, {"roster.csv": rows}).entries[1].name == "x"
        return
    [row] = said(tmp_path, text, {"roster.csv": rows})
    assert row.startswith(f"roster.csv:3: {name.lower()} cannot be a repository's name: give another handle")


def test_a_long_name_is_refused_where_it_stands(tmp_path: Path) -> None:
    text = f"title: {'Serverless workshop ' * 3}\ndate: 2026-11-23\n{PYTHON}roster: roster.csv\n"
    [row] = said(tmp_path, text, {"roster.csv": "name\nAnna\nMaximiliana-Alexandra Konstantinopoulou\n"})
    assert row.startswith("roster.csv:3: the repository of Maximiliana-Alexandra Konstantinopoulou: 'serverless-")
    assert "shorten the title" in row


def test_a_participant_may_not_be_called_as_the_organisers_repository(tmp_path: Path) -> None:
    """Else they would get it, with every solution."""
    text = f"{HEAD}{PYTHON}roster: roster.csv\nsolutions: separate\nsteps: [{{name: a, solution: s}}]\n"
    [row] = said(tmp_path, text, {"roster.csv": "name\nAnna\nSolutions\n", "s/a.txt": ""})
    assert row.startswith("roster.csv:3: Solutions would have the repository day-solutions, as the organiser's")
    found = made(tmp_path, f"{text}name: 'w{{number}}'\n", {"roster.csv": "name\nAnna\n", "s/a.txt": ""})
    assert [one.name for one in [*found.entries, *found.solutions]] == ["w01", "wsolutions"]


# Overlays ---------------------------------------------------------------------------------------------------------


def test_placeholders_are_told_with_their_place(tmp_path: Path) -> None:
    files: Files = {
        "overlay/a.md": "{{participant.table}} {{participant.x}}\nü {{ project.y }}\r\n{{workshop.title|upper}}\n",
        "overlay/b/c.py": "x = '{{participant.Name}}' # {{cookiecutter.x}} {{ x }} ${{ github.y }}\n",
        "overlay/d.txt": b"J\xf6rg {{participant.name}}",
        "overlay/e.bin": b"\0 {{participant.nobody}}",
    }
    rows = said(tmp_path, f"{HEAD}{STARTER}", files)
    assert [row.partition(" stands for nothing: one of participant.")[0] for row in rows[:4]] == [
        "overlay/a.md:1:23: {{participant.x}}",
        "overlay/a.md:2:3: {{ project.y }}",
        "overlay/a.md:3:1: {{workshop.title|upper}}",
        "overlay/b/c.py:1:6: {{participant.Name}}",
    ]
    assert rows[4].startswith(
        "overlay/d.txt: has {{participant.name}}, and is no text that it can be filled in: save it"
    )
    assert len(rows) == 5
    assert "participant.table" in rows[0]


def test_files_that_cannot_be_in_a_repository_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path, f"{HEAD}{STARTER}", {
        "overlay/.git/config": "", "overlay/sub/.GIT/hooks/x": "", "overlay/readme.md": "", "overlay/X.txt": "",
        "overlay/x.txt": "", "overlay/Events/a.json": "", "overlay/hello_world": "", "overlay/samconfig.toml/a": "",
        "overlay/a:b": "", "overlay/aux/x": "", "overlay/end.": "", "overlay/caf\u00e9": "", "overlay/cafe\u0301": "",
        "overlay/a\nb": "", "overlay/GIT~1": "", "overlay/__pycache__/x.pyc": b"\0", "overlay/.DS_Store": b"\0",
    })  # fmt: skip
    overlay = tmp_path / "overlay"
    (overlay / "passwd").symlink_to("/etc/passwd")
    (overlay / "etc").symlink_to("/etc")
    (overlay / "gone").symlink_to("nothing")
    os.mkfifo(overlay / "pipe")
    Path(os.fsdecode(os.fsencode(overlay) + b"/\xff")).touch()
    with pytest.raises(InvalidAnswersError) as caught:
        plan.make(CATALOGUE, path)
    wrong = "has a name that not every system allows"
    link = "is no file"
    assert {one.name.removeprefix(f"{overlay}/"): one.message for one in caught.value.problems} == {
        ".git": "is git's own", "sub/.GIT": "is git's own", "passwd": link, "etc": link, "gone": link, "pipe": link,
        "a:b": wrong, "aux": wrong, "end.": wrong, "a\\nb": wrong, "\\udcff": wrong,
        "GIT~1": wrong,
    }  # fmt: skip
    for name in (".git", "sub", "aux"):
        shutil.rmtree(overlay / name)
    for name in ("a:b", "end.", "a\nb", "GIT~1", "passwd", "etc", "gone", "pipe", os.fsdecode(b"\xff")):
        (overlay / name).unlink()
    with pytest.raises(InvalidAnswersError) as caught:
        plan.make(CATALOGUE, path)
    rows = {one.name.removeprefix(f"{overlay}/"): one.message for one in caught.value.problems}
    assert rows == {
        "readme.md": "differs from README.md only in how it is written, in capitals for one",
        "x.txt": "differs from X.txt only in how it is written, in capitals for one",
        "caf\u00e9": "differs from cafe\u0301 only in how it is written, in capitals for one",
        "Events/a.json": "differs from events only in how it is written, in capitals for one",
        "hello_world": "is a folder in the repository",
        "samconfig.toml/a": "lies in what is a file in the repository",
    }


def test_overlays_do_not_lie_in_each_other(tmp_path: Path) -> None:
    """A starter that holds the folder of its solution would give it away."""
    text = f"{VALID}solutions: separate\nsteps: [{{name: a, starter: s, solution: s/solution}}]\n"
    [row] = said(tmp_path, text, {"s/solution/a.txt": "42"})
    assert row.startswith("6:31: s/solution and s lie in each other: put them beside")


PEM = (
    "-----BEGIN {}PRIVATE KEY-----{}MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7{}-----END {}PRIVATE KEY-----\n"
)


def test_secrets_and_installed_libraries_are_left_out_and_named(tmp_path: Path) -> None:
    files: Files = {
        ".env": "KEY=s3cret", ".env.local": "KEY=s3cret", "sub/.ENV": "KEY=s3cret", ".envrc": "export KEY=s3cret",
        "id_ed25519": "s3cret", "deploy.p12": b"\0s3cret", "key.txt": PEM.format("RSA ", "\n", "\n", "RSA "),
        "old.asc": PEM.format("EC ", "\nProc-Type: 4,ENCRYPTED\n\n", "\n", "EC "),
        "account.json": json.dumps({"private_key": PEM.format("", "\n", "\n", "")}),
        "crlf.pem": PEM.format("OPENSSH ", "\r\n", "\r\n", "OPENSSH ").encode(),
        ".venv/lib/s3cret.py": "", "web/node_modules/left-pad/index.js": "{{participant.nobody}}",
    }  # fmt: skip
    kept: Files = {
        ".env.example": "KEY=", ".env.local.sample": "KEY=", "env.md": ".env", "id_ed25519.pub": "ssh-ed25519 AAAA",
        "keys.md": "-----BEGIN PRIVATE KEY-----\n…\n-----END PRIVATE KEY-----\n", "venv.txt": "", "slides.key": b"\0",
        "cert.pem": PEM.format("", "\n", "\n", "").replace("PRIVATE KEY", "CERTIFICATE"),
    }  # fmt: skip
    for layer in ("overlay", "starter"):
        write(tmp_path, "", {f"{layer}/{name}": content for name, content in {**files, **kept}.items()})
    (tmp_path / "overlay/web/node_modules/.bin").mkdir()
    (tmp_path / "overlay/web/node_modules/.bin/pad").symlink_to("../left-pad/index.js")
    (tmp_path / "overlay/.env.production").symlink_to("/etc/passwd")
    text = f"{HEAD}{STARTER}output: folder\nsteps: [{{name: a, starter: starter}}]\n"
    path = write(tmp_path, text)
    done = scaffold("workshop", "build", path, "--out", tmp_path / "out", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    there = tree(tmp_path / "out/day-anna-li/step-1-start")
    assert {name: there.get(name) for name in kept} == {
        name: content if isinstance(content, bytes) else content.encode() for name, content in kept.items()
    }
    assert set(there) & set(files) == set()
    assert not any(
        b"s3cret" in content or b"MIIEvQ" in content for name, content in there.items() if name != "cert.pem"
    )
    folders = {".venv/lib/s3cret.py": ".venv", "web/node_modules/left-pad/index.js": "web/node_modules"}
    names = {f"{layer}/{folders.get(name, name)}" for layer in ("overlay", "starter") for name in files}
    told = re.findall(r"^Warning: (.*) is left out: \w+", done.stderr, re.MULTILINE)
    assert sorted(told) == sorted(str(tmp_path / name) for name in names | {"overlay/.env.production"})


def test_bytes_and_executable_bits_are_kept(tmp_path: Path) -> None:
    binary = bytes(range(256)) * 8 + b"{{participant.name}} \0 zz-sam-name-zz"
    text = "zz-sam-name-zz Zz.Sam_Name.zZ {{participant.name}}\r\nlast line without an end"
    path = write(tmp_path, f"{HEAD}{STARTER}output: folder\n", {
        "overlay/slides.pdf": binary, "overlay/a.txt": text, "overlay/run.sh": "#!/bin/sh\n", "overlay/empty": "",
        "overlay/bom.csv": b"\xef\xbb\xbf{{participant.handle}}",
    })  # fmt: skip
    (tmp_path / "overlay/run.sh").chmod(0o755)
    (tmp_path / "overlay/slides.pdf").chmod(0o600)
    assert cli.main(["workshop", "build", str(path), "--out", str(tmp_path / "out")]) == 0
    folder = tmp_path / "out/day-anna-li"
    assert (folder / "slides.pdf").read_bytes() == binary
    assert (folder / "a.txt").read_bytes().decode() == text.replace("{{participant.name}}", "Anna Li")
    assert (folder / "bom.csv").read_bytes() == b"\xef\xbb\xbfanna-li"
    assert (folder / "empty").read_bytes() == b""
    runs = {name for name in tree(folder) if (folder / name).stat().st_mode & stat.S_IXUSR}
    assert runs == {"run.sh"}


NOT_A_TEMPLATE = {
    "a: [\n": "2:1: expected the node content",
    "- a\n": "1:1: the file is not a mapping",
    "": "1:1: the template has no Resources",
    "Resources: {}\nResources: {}\n": "2:1: the key 'Resources' is already on line",
    "Resources:\n  A:\n    Type: AWS::Serverless::Function\n    Properties: {Handler: x, Nope: 3}\n":
        "4:30: Resource with id [A] is invalid. property Nope not defined",
    "Resources: {A: {Type: 'AWS::SNS::Topic', Properties: {X: 2026-02-30}}}\n": "1:1: the SAM translator cannot read",
    "Resources: {A: {Type: 'AWS::SNS::Topic'}}\n? [a]\n: b\n": "1:1: the SAM translator cannot read the template on",
}  # fmt: skip


@pytest.mark.parametrize("text", NOT_A_TEMPLATE, ids=lambda text: ascii(text)[-30:])
def test_an_overlay_that_breaks_the_template_is_told_with_its_line(text: str, tmp_path: Path) -> None:
    [row] = said(tmp_path, f"{HEAD}{STARTER}", {"overlay/template.yaml": text})
    assert row.startswith(f"overlay/template.yaml:{NOT_A_TEMPLATE[text]}")


def test_a_template_is_checked_for_each_that_it_says_otherwise_of(tmp_path: Path) -> None:
    text = "Description: {{participant.name}}\nResources:\n  Topic: {Type: 'AWS::SNS::Topic'}\n"
    rows = said(
        tmp_path, f"{HEAD}{STARTER}", {"overlay/template.yaml": text, "roster.csv": "name\nAnna\nBob: x\n! y\n"}
    )
    assert [row.rpartition(": ")[0] for row in rows] == [
        "overlay/template.yaml:1:17: for Bob: x: mapping values are not allowed here",
    ], "! y is a tag, which YAML allows"


# All at once, and the commands ------------------------------------------------------------------------------------

EVERYTHING = """\
title: '!'
date: 2026-02-30
answers: {package_type: Zip, memory: 512}
variants:
  - runtime: python3.13
  - runtime: nodejs12.x
  - {runtime: nodejs24.x, base_image: debian}
roster: roster.csv
name: '{nobody}-{handle}'
clone: https://h/{repo}
overlay: overlay
steps:
  - {name: a, starter: nowhere, solution: '{x}'}
"""


def test_everything_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write(Path(), EVERYTHING, {"overlay/a.md": "{{project.x}}", "roster.csv": "name\n{x}\nBob,3\n"})
    Path("overlay/link").symlink_to("/etc/passwd")
    wanted = {
        "workshop.yaml:1:1", "workshop.yaml:2:1", "workshop.yaml:6:5", "workshop.yaml:7:5", "workshop.yaml:9:1",
        "workshop.yaml:10:1", "workshop.yaml:13:15", "workshop.yaml:13:33", "overlay/a.md:1:1", "overlay/link",
        "roster.csv:2", "roster.csv:3",
    }  # fmt: skip
    before = tree(Path())
    assert cli.main(["workshop", "check"]) == 3
    out, err = capsys.readouterr()
    assert err == ""
    assert set(re.findall(r"^(\S+): ", out, re.MULTILINE)) == wanted
    assert cli.main(["workshop", "check", "--output", "json"]) == 3
    out, err = capsys.readouterr()
    assert ({position(row) for row in json.loads(out)["findings"]}, err) == (wanted, "")
    assert cli.main(["workshop", "build", "--out", "out"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert set(re.findall(r"^Error: (\S+): ", err, re.MULTILINE)) == wanted
    assert tree(Path()) == before


@pytest.mark.parametrize(
    "text", ["", "- a\n", "title: a\n  b: c\n", f"{VALID}nope: 1\n", f"title: a\ndate: 2026-02-30\n{PYTHON}count: 1\n"]
)
@pytest.mark.slow
def test_no_manifest_is_worth_a_traceback(text: str, tmp_path: Path) -> None:
    write(tmp_path, text)
    done = scaffold("workshop", "check", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (3, "")
    assert done.stdout.startswith("workshop.yaml:")
    done = scaffold("workshop", "build", "--out", "out", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("Error: workshop.yaml:")
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_manifest_that_is_no_text(tmp_path: Path) -> None:
    path = write(tmp_path, "")
    path.write_bytes(b"title: a\ndate: \xff\n")
    with pytest.raises(InvalidAnswersError) as caught:
        plan.make(CATALOGUE, path)
    assert [one.name for one in caught.value.problems] == [f"{path}:2:7"]


def test_a_thousand_problems_take_no_longer_than_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The place of each is looked up in nodes that were parsed once."""
    calls = []
    compose = template.compose
    monkeypatch.setattr(template, "compose", lambda text: (calls.append(1), compose(text))[1])
    rows = "".join("  - {name: a, nope: 1}\n" for _ in range(100))
    assert len(problems(tmp_path, f"{VALID}steps:\n{rows}")) == 100
    assert len(calls) <= 2


@pytest.mark.slow
def test_what_workshop_new_writes_is_checked_and_built_as_it_is(tmp_path: Path) -> None:
    done = scaffold("workshop", "new", "day", cwd=tmp_path)
    assert done.returncode == 0
    text = (tmp_path / "day/workshop.yaml").read_text()
    first = text.splitlines()[0]
    assert first == "# yaml-language-server: $schema=workshop.schema.json"
    assert (tmp_path / "day" / first.partition("=")[2]).read_bytes() == manifests.SCHEMA.read_bytes()
    assert scaffold("workshop", "check", "day", cwd=tmp_path).stdout.startswith("Valid: ")
    assert scaffold("workshop", "build", cwd=tmp_path / "day").returncode == 0
    assert len([*(tmp_path / "day").glob("serverless-in-a-day/*/.git")]) == 4
    # What its comments offer is right as well, once it is no comment.
    options = [line.removeprefix("# ") for line in text.splitlines() if re.match(r"# [a-z]+: \S", line)]
    keys = {line.partition(":")[0] for line in options} - {"roster", "count", "yaml-language-server"}
    assert keys == {"author", "name", "solutions", "output", "clone"}
    more = "".join(f"{line}\n" for line in options if line.partition(":")[0] in keys)
    (tmp_path / "day/workshop.yaml").write_text(text + more)
    found = plan.make(CATALOGUE, tmp_path / "day")
    assert found.manifest.author == ("Ada Lovelace", "ada@example.com")


# Rendering once ----------------------------------------------------------------------------------------------------

# One runtime for each way that a project may be made: what a template does with the project's name hangs on these.
WAYS = {
    (cell.language, cell.package_type, cell.dependency_manager, cell.use_case): cell
    for cell in reversed(CATALOGUE.cells)
}
NAMES = ("w-2-jose-muller-42", "Day.One_x9.B-c", "a", "x" * 64, "A1", "True")


def prove(spec: ProjectSpec, names: tuple[str, ...] = NAMES) -> None:
    files = unnamed.render(CATALOGUE, spec)
    assert any(file.keys for file in files.values())
    for name in names:
        unnamed.prove(CATALOGUE, spec, files, unnamed.values(name))


@pytest.mark.parametrize("number", range(len(WAYS)), ids=["/".join(way) for way in WAYS])
@pytest.mark.slow
def test_exchanging_the_name_makes_the_same_project(number: int) -> None:
    """The central claim of rendering once, for every way: two names each, in turns, so that all come up."""
    cell = [*WAYS.values()][number]
    image = cell.package_type == "Image"
    functions = functions_of(CATALOGUE, cell)
    spec = ProjectSpec(
        unnamed.STAND_IN, functions, ecr=image, **dict.fromkeys(("tracing", "structured_logging"), number % 2 == 0)
    )
    prove(spec, (NAMES[number % 2], NAMES[2 + number % 3]))


def bases_of(cell: Cell) -> list[str]:
    language = CATALOGUE.languages[cell.language]
    runtime = language.runtime(cell.runtime)
    assert runtime is not None
    return CATALOGUE.bases_for(language, runtime, cell.dependency_manager)


@pytest.mark.parametrize("language", CATALOGUE.languages)
def test_the_same_on_other_bases(language: str) -> None:
    row = CATALOGUE.languages[language]
    cells = [cell for cell in CATALOGUE.cells if cell.language == language and cell.package_type == "Image"]
    for base in [base for base in row.bases if base != AMAZON]:
        cell = next((cell for cell in cells if base in bases_of(cell)), None)
        if cell:
            function = replace(function_of(cell, "arm64"), base=base)
            prove(ProjectSpec(unnamed.STAND_IN, (function,), ecr=True), NAMES[:1])


def test_a_difference_is_found() -> None:
    spec = ProjectSpec(unnamed.STAND_IN, (function_of(next(iter(WAYS.values()))),))
    files = unnamed.render(CATALOGUE, spec)
    files["README.md"] = file_of(b"Sam")
    with pytest.raises(InternalError, match=r"README.md of .* cannot be made by exchanging its name"):
        unnamed.prove(CATALOGUE, spec, files, unnamed.values("a"))


def test_what_looks_like_a_placeholder_in_an_answer_is_kept(tmp_path: Path) -> None:
    command = "['{{project.name}}', '{{participant.nobody}}', '{% x %}']"
    text = f"{HEAD}answers: {{package_type: Image, runtime: python3.13, command: {command}}}\ncount: 1\n"
    found = made(tmp_path, text)
    one = found.entries[0]
    made_template = found.templates[0].commits[0].files["template.yaml"].fill(one.values).data.decode()
    assert "{{project.name}}" in made_template
    assert "{{participant.nobody}}" in made_template


FUNCTIONS = """\
answers:
  package_type: Zip
  structured_logging: true
  memory: 512
  functions:
    - {name: greet, runtime: python3.13, timeout: 7}
    - {name: order-queue, app_template: sqs, runtime: nodejs24.x, memory: 1024}
    - {name: greet-again, runtime: python3.12, package_type: Image}
count: 2
"""


def test_several_functions_in_one_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = made(tmp_path, f"{HEAD}{FUNCTIONS}")
    spec = found.entries[0].variant.spec
    assert [(one.name, one.language, one.package_type) for one in spec.functions] == [
        ("greet", "python", "Zip"), ("order-queue", "nodejs", "Zip"), ("greet-again", "python", "Image"),
    ]  # fmt: skip
    assert [(one.settings.get("memory"), one.settings.get("timeout")) for one in spec.functions] == [
        (512, 7),
        (1024, None),
        (512, None),
    ]
    prove(replace(spec, name=unnamed.STAND_IN), NAMES[:2])
    # Its own answers file makes it again, to the byte.
    folder = project.create(CATALOGUE, replace(spec, name="shop"), tmp_path / "one")
    monkeypatch.chdir(tmp_path)
    assert cli.main(["init", "--no-interactive", "--answers", str(folder / ".sam-scaffold.yaml"), "-o", "two"]) == 0
    assert tree(tmp_path / "two/shop") == tree(folder)
    text = (folder / "template.yaml").read_text()
    assert all(f"  {name}Function:" in text for name in ("Greet", "OrderQueue", "GreetAgain"))


def fingerprints(folder: Path, roster: str, overlay: str = "{{participant.table}}", more: str = "") -> dict[str, str]:
    found = made(folder, f"{HEAD}{STARTER}{more}", {"roster.csv": roster, "overlay/a.md": overlay})
    return {one.handle: one.fingerprint for one in found.entries}


def test_a_fingerprint_changes_with_what_is_used_and_with_nothing_else(tmp_path: Path) -> None:
    before = fingerprints(tmp_path, "name,table,shoe\nAnna,1,38\nBob,2,44\n")
    assert before["anna"] != before["bob"]
    same = [
        fingerprints(tmp_path, "name,table,shoe\nAnna,1,39\nBob,2,45\n"),
        fingerprints(tmp_path, "table,name\n1,Anna\n2,Bob\n"),
        fingerprints(tmp_path, "name,table,extra\nBob,2,x\nAnna,1,y\n"),
        fingerprints(tmp_path, "name,table\nEve,7\nAnna,1\nBob,2\n"),
        fingerprints(tmp_path, "name,table\nAnna,1\nBob,2\n", more="clone: https://h/{name}\n"),
    ]
    for other in same:
        assert {key: other[key] for key in before} == before
    other = fingerprints(tmp_path, "name,table\nAnna,3\nBob,2\n")
    assert (other["anna"] != before["anna"], other["bob"]) == (True, before["bob"])
    for changed in (
        fingerprints(tmp_path, "name,table\nAnna,1\nBob,2\n", overlay="{{participant.table}}!"),
        fingerprints(tmp_path, "name,table\nAnna,1\nBob,2\n", more="author: {name: Ada}\n"),
        fingerprints(tmp_path, "name,table\nAnna,1\nBob,2\n", more="output: zip\n"),
        fingerprints(tmp_path, "name,table\nAnna,1\nBob,2\n", more="name: 'x-{handle}'\n"),
        fingerprints(tmp_path, "name,table\nAnna,1\nBob,2\n", more="steps: [{name: a}]\n"),
    ):
        assert not set(changed.values()) & set(before.values())


def test_a_value_moves_no_boundary(tmp_path: Path) -> None:
    """Values that run together to one text are told apart all the same."""
    text = "{{participant.left}}{{participant.right}}"
    found = [fingerprints(tmp_path, f"name,left,right\nAnna,{cells}\n", overlay=text) for cells in ("1,12", "11,2")]
    assert found[0]["anna"] != found[1]["anna"]
