from __future__ import annotations

import base64
import csv
import hashlib
import io
import itertools
import json
import os
import random
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from chromium import Chromium
from conftest import needs
from scaffold.errors import InvalidAnswersError, OutputError, UsageError
from scaffold.workshop import page as pages
from scaffold.workshop import report as reports
from scaffold.workshop import report_files
from scaffold.workshop import shards as joining
from scaffold.workshop.outputs import Checksums
from scaffold.workshop.report import Record, Report, Row, Step

NAMES = (
    "José Müller", "山田 太郎", "אבי כהן", "محمد علي", "O'Brien \"Bob\" & <b>Co</b>", "Łukasz Żółć",
    "Maximiliana-Alexandra Konstantinopoulou-Featherstonehaugh von Hohenzollern-Sigmaringen III", "x" * 90,
)  # fmt: skip
HOSTILE = (
    "<script>alert(1)</script>", "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "\uff1d1",
    "\u202e=1", '"><img src=x onerror=a>', "'; DROP", "a\u202egnp.exe", "a\u2066b", "\u200fabc", "[[title]]",
    "<!-- end person -->", "<!-- person -->", "--><b>", "{{7*7}}", "${x}", "&amp;", "a,b;c", "a\nb", "]]>",
    "</style><style>*{}", "\x1b[31m", "a\x00b", "</summary>",
)  # fmt: skip


def row(number: int, name: str | None = None, **values: Any) -> Row:
    name = NAMES[number % len(NAMES)] if name is None else name
    repository = f"serverless-in-a-day-person-{number:02}"
    python = number % 2
    checksums = {"refs": {"main": f"{number:040x}", "step-1-start": f"{number:040x}", "step-1-solution": "c" * 40},
                 "digest": f"{number:064x}", "files": None}  # fmt: skip
    known = {"fingerprint": "f" * 64, "remote": None, "push": None, "push_error": None}
    for part in (checksums, known):
        part |= {key: values.pop(key) for key in [*values] if key in part}
    tests = ("python3 -m pip install --requirement hello-world/requirements-dev.txt", "python3 -m pytest hello-world")
    return Row(
        **{
            "number": number,
            "name": name,
            "handle": f"person-{number:02}",
            "repository": repository,
            "language": "python" if python else "nodejs",
            "runtime": "python3.13" if python else "nodejs24.x",
            "package_type": "Image",
            "stack_name": repository,
            "status": "ready",
            "clone": f"git clone https://git.example.com/summer-school-2026/{repository}.git",
            "commands": (f"cd {repository}", *(tests if python else ("npm ci --prefix hello-world", "npm test"))),
            "record": Record(values.get("repository", repository), "git", checksums=Checksums(**checksums), **known),
            **values,
        }
    )


def solution(**values: Any) -> Row:
    return row(**{"number": 1, "handle": "solutions-python", "repository": "organisers-own", **values})


def whole(count: int = 30, **values: Any) -> Report:
    return Report(
        **{
            "tool": "sam-scaffold 0.1.0",
            "title": "Serverless in a day",
            "date": "2026-11-23",
            "workshop": "a" * 64,
            "output": "git",
            "total": count,
            "steps": (
                Step("A greeting", "step-1-start", "step-1-solution"),
                Step("Say it from a queue", "step-2-start", None),
            ),
            "repositories": tuple(row(number) for number in range(1, count + 1)),
            **values,
        }
    )


def shards(report: Report, count: int) -> list[Report]:
    return [
        replace(report, shard=f"{index + 1}/{count}", repositories=report.repositories[index::count])
        for index in range(count)
    ]


def hostile() -> Report:
    rows = tuple(row(number, name) for number, name in enumerate(HOSTILE, 1))
    return whole(len(rows), repositories=rows, title=HOSTILE[0], steps=(Step(HOSTILE[0], "step-1-start", None),))


# JSON ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("report", [whole(), shards(whole(), 3)[1], hostile(), whole(1, steps=())])
def test_a_report_comes_back_as_it_was(report: Report) -> None:
    text = report.dump()
    assert reports.load(text) == report
    assert reports.load(text).dump() == text
    assert text.endswith("}\n")
    jsonschema.Draft202012Validator.check_schema(json.loads(reports.SCHEMA.read_text()))


def test_the_schema_has_the_outputs_that_there_are() -> None:
    assert reports.SCHEMA.read_text() == reports.dump_schema(), "run `make schemas`"


def test_a_report_is_text_that_people_can_read() -> None:
    text = whole(1, repositories=(row(1, "山田 太郎", files={"b": "b" * 64, "a": "a" * 64}),)).dump()
    assert '"name": "山田 太郎"' in text
    assert [*json.loads(text)] == [
        "tool", "title", "date", "workshop", "output", "total", "shard", "steps", "repositories", "solutions",
    ]  # fmt: skip
    assert [*json.loads(text)["repositories"][0]] == [
        "number", "name", "handle", "repository", "language", "runtime", "package_type", "stack_name", "status",
        "error", "remote", "push", "push_error", "clone", "commands", "refs", "digest", "fingerprint", "files",
    ]  # fmt: skip


def test_the_order_in_which_things_were_found_is_not_in_the_bytes() -> None:
    names = ["main", "step-1-start", "step-10-start", "step-2-start"]
    texts = {
        replace(
            whole(0), repositories=(row(1, refs=dict.fromkeys(order, "a"), files=dict.fromkeys(order, "b")),)
        ).dump()
        for order in itertools.permutations(names)
    }
    assert len(texts) == 1


def changed(change: Any) -> str:
    values = json.loads(whole(3).dump())
    change(values)
    return json.dumps(values, indent=1)


BROKEN: dict[str, tuple[Any, str, str]] = {
    "status": (lambda all_: all_["repositories"][1].update(status="done"), '"done"', "repositories.1.status: 'done'"),
    "number": (lambda all_: all_["repositories"][2].update(number="x1"), '"x1"', "repositories.2.number: 'x1'"),
    "ref": (lambda all_: all_["repositories"][0]["refs"].update(main="zz"), '"zz"', "repositories.0.refs.main: 'zz'"),
    "command": (lambda all_: all_["repositories"][2]["commands"].__setitem__(1, 77), "77", "repositories.2.commands.1"),
    "shard": (lambda all_: all_.update(shard="0/3"), '"0/3"', "shard: '0/3'"),
    "output": (lambda all_: all_.update(output="tar"), '"tar"', "output: 'tar' is not one of ['git', 'folder', 'zip']"),
    "date": (lambda all_: all_.update(date="tomorrow"), '"tomorrow"', "date: 'tomorrow'"),
    "unknown": (lambda all_: all_["steps"][1].update(colour=1), '"name": "Say it', "steps.1: Additional properties"),
    "absent": (lambda all_: all_["steps"][0].pop("start"), '"name": "A greeting"', "steps.0: 'start' is a required"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_is_told_with_its_line(name: str) -> None:
    change, where, message = BROKEN[name]
    text = changed(change)
    with pytest.raises(InvalidAnswersError) as caught:
        reports.load(text, "out/report.json")
    line = 1 + text[: text.index(where)].count("\n") - (name in {"unknown", "absent"})
    (problem,) = caught.value.problems
    assert problem.name == f"out/report.json:{line}"
    assert problem.message.startswith(message)
    assert problem.hint


def test_everything_that_is_broken_is_told_to_a_measure() -> None:
    def change(values: Any) -> None:
        values["repositories"] = [{**values["repositories"][0], "status": "x" * 10_000}] * 50

    with pytest.raises(InvalidAnswersError) as caught:
        reports.load(changed(change))
    assert len({problem.name for problem in caught.value.problems}) == 21
    assert caught.value.problems[-1].message == "30 more are wrong"
    assert max(len(problem.message) for problem in caught.value.problems) < 300


@pytest.mark.parametrize("text", ["", "[]", "null", "3", "{}", '{"steps": 1, "steps": [{"name": 1}]}'])
def test_what_is_no_report_at_all_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        reports.load(text)


def test_what_is_not_json_is_told_with_its_line() -> None:
    with pytest.raises(UsageError, match=r"^there\.json:3:2: this is not JSON: ") as caught:
        reports.load('{\n "tool": "x",\n }', "there.json")
    assert caught.value.hint


def test_a_report_is_read_from_its_folder(tmp_path: Path) -> None:
    report, (first, *_) = whole(), shards(whole(), 3)
    with pytest.raises(OutputError) as caught:
        reports.read(tmp_path)
    assert str(tmp_path / "report.json") in caught.value.message
    assert caught.value.hint == "name a folder that workshop build has made"
    report_files.write(tmp_path, first)
    with pytest.raises(OutputError) as caught:
        reports.read(tmp_path)
    assert "workshop merge" in caught.value.hint
    assert reports.read(tmp_path / "report-1-of-3.json") == first
    report_files.write(tmp_path, report)
    assert reports.read(tmp_path) == report
    (tmp_path / "report.json").write_bytes(b"\xff")
    with pytest.raises(UsageError, match="is not UTF-8 text"):
        reports.read(tmp_path)


# Files --------------------------------------------------------------------------------------------------------------


def test_a_shard_has_a_file_of_its_own(tmp_path: Path) -> None:
    assert reports.file_name(None) == "report.json"
    assert reports.file_name("3/10") == "report-3-of-10.json"
    for report in shards(whole(), 2):
        report_files.write(tmp_path, report)
    assert {path.name for path in tmp_path.iterdir()} == {"report-1-of-2.json", "report-2-of-2.json"}


def test_the_same_report_is_the_same_bytes(tmp_path: Path) -> None:
    seen = set()
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        report_files.write(tmp_path / name, hostile())
        report_files.write(tmp_path / name, hostile())
        assert {path.name for path in (tmp_path / name).iterdir()} == {"report.json", "report.csv", "index.html"}
        seen.add(tuple(path.read_bytes() for path in sorted((tmp_path / name).iterdir())))
    assert len(seen) == 1


def test_a_disk_that_refuses_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report_files.write(tmp_path, whole(2))
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", full)
        with pytest.raises(OutputError, match=r"report\.json: No space left on device"):
            report_files.write(tmp_path, whole(3))
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    with pytest.raises(OutputError, match="No such file"):
        report_files.write(tmp_path / "nowhere", whole(3))


def test_what_a_killed_run_left_goes_away(tmp_path: Path) -> None:
    (tmp_path / ".report.json.tmp").write_text("half")
    report_files.write(tmp_path, whole(2))
    assert {path.name for path in tmp_path.iterdir()} == {"report.json", "report.csv", "index.html"}


@pytest.mark.skipif(os.name == "nt", reason="Windows has no umask to speak of")
def test_the_page_may_be_read_by_whom_a_new_file_may(tmp_path: Path) -> None:
    old = os.umask(0o022)
    try:
        report_files.write(tmp_path, whole(1))
    finally:
        os.umask(old)
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o644}


def test_bytes_that_are_no_text_do_not_lose_the_report(tmp_path: Path) -> None:
    error = b"caf\xe9 refuses".decode(errors="surrogateescape")
    report = whole(1, repositories=(row(1, status="failed", error=error),))
    report_files.write(tmp_path, report)
    assert reports.read(tmp_path) == report
    assert "caf\\udce9 refuses" in (tmp_path / "report.csv").read_text(encoding="utf-8")


# CSV ----------------------------------------------------------------------------------------------------------------


def cells(report: Report) -> list[dict[str, str]]:
    return [*csv.DictReader(io.StringIO(report_files.table(report), newline=""))]


def test_the_table_has_a_line_for_each_participant(tmp_path: Path) -> None:
    failed = row(
        2, status="failed", error="the disk is full", push="failed", push_error="refused", remote="git@h:o/x.git"
    )
    report = whole(2, repositories=(row(1, "山田 太郎"), failed), solutions=(solution(),))
    report_files.write(tmp_path, report)
    assert (tmp_path / "report.csv").read_bytes().decode() == (
        "number,name,handle,repository,language,runtime,package_type,status,error,remote,push,push_error,clone\r\n"
        "1,山田 太郎,person-01,serverless-in-a-day-person-01,python,python3.13,Image,ready,,,,,"
        "git clone https://git.example.com/summer-school-2026/serverless-in-a-day-person-01.git\r\n"
        "2,אבי כהן,person-02,serverless-in-a-day-person-02,nodejs,nodejs24.x,Image,failed,the disk is full,"
        "git@h:o/x.git,failed,refused,"
        "git clone https://git.example.com/summer-school-2026/serverless-in-a-day-person-02.git\r\n"
    )


def test_no_cell_is_a_formula() -> None:
    rows = cells(hostile())
    assert len(rows) == len(HOSTILE)
    for name, found in zip(HOSTILE, rows, strict=True):
        assert found["name"] in {name, f"'{name}"}
        assert found["name"][0] not in "=+-@\t\r\n\uff1d"
        assert found["clone"].startswith("git clone ")
    assert [found["name"] for found in rows if found["name"].startswith("'")] == [
        "'=cmd|' /C calc'!A0", "'+1", "'-1", "'@SUM(A1)", "'\tx", "'\rx", "'\nx", "'\uff1d1", "'; DROP", "'--><b>",
    ]  # fmt: skip


def test_every_column_is_guarded() -> None:
    texts = {column: "=1" for column in report_files.COLUMNS if column != "number"}
    (found,) = cells(whole(1, repositories=(row(1, **texts),)))
    assert {found[column] for column in texts} == {"'=1"}


# Counts and shards --------------------------------------------------------------------------------------------------


def test_the_summary_counts() -> None:
    rows = (
        row(1, push="pushed"),
        row(2, push="in_use"),
        row(3, push="failed", push_error="refused"),
        row(4, status="failed", error="x"),
        row(5, status="missing"),
        row(6),
    )
    assert reports.summary(whole(6, repositories=rows, solutions=(solution(status="failed"),))) == {
        "total": 6, "ready": 4, "failed": 1, "missing": 1, "pushed": 1, "in_use": 1, "push_failed": 1,
    }  # fmt: skip


@pytest.mark.parametrize("count", [1, 3, 10, 31])
def test_joined_shards_are_what_one_build_reports(count: int) -> None:
    report = whole(30, solutions=(solution(), solution(number=2, repository="organisers-other")))
    parts = shards(report, count)
    random.Random(count).shuffle(parts)
    joined = joining.join(parts)
    assert joined == report
    assert joined.dump() == report.dump()
    assert joined.shard is None


def problems(*parts: Report) -> list[str]:
    with pytest.raises(InvalidAnswersError) as caught:
        joining.join(parts)
    assert all(problem.hint for problem in caught.value.problems)
    return [problem.message for problem in caught.value.problems]


def test_everything_that_keeps_shards_apart_is_told_at_once() -> None:
    one, two, three, four, five = shards(whole(), 5)
    assert problems() == ["there is no report"]
    assert problems(one, three, five) == ["shard 2/5 is missing", "shard 4/5 is missing"]
    assert problems(one, replace(three, workshop="b" * 64, tool="sam-scaffold 0.2.0"), five, five, four) == [
        "shard 3/5 has another tool than shard 1/5: 'sam-scaffold 0.2.0', not 'sam-scaffold 0.1.0'",
        f"shard 3/5 has another workshop than shard 1/5: {'b' * 64!r}, not {'a' * 64!r}",
        "shard 5/5 is there 2 times",
        "shard 2/5 is missing",
    ]
    assert problems(one, two, three, four, five, replace(five, shard="6/5")) == ["shard 6/5 is none of 5"]
    assert problems(one, *shards(whole(), 2)[1:]) == ["the reports are of workshops in 2 and in 5 shards"]
    assert "one report is of the whole workshop" in problems(whole(), one, two, three, four, five)
    assert problems(whole()) == ["one report is of the whole workshop"]


@pytest.mark.parametrize(
    ("field", "value"),
    [("title", "Other"), ("date", "2026-11-24"), ("output", "zip"), ("total", 31), ("steps", ()), ("workshop", "c")],
)
def test_shards_of_another_workshop_are_refused(field: str, value: Any) -> None:
    one, two = shards(whole(), 2)
    (message,) = problems(one, replace(two, **{field: value}))
    assert message.startswith(f"shard 2/2 has another {field} than shard 1/2")


def test_a_participant_is_in_one_shard() -> None:
    one, two = shards(whole(4), 2)
    twice = replace(two, repositories=(*two.repositories, row(1)))
    assert problems(one, twice) == ["participant 1 is in 2 places"]
    assert problems(one, replace(two, repositories=two.repositories[1:])) == [
        "the shards have 3 participants, the workshop 4"
    ]


def test_solutions_that_any_shard_could_make_are_there() -> None:
    one, two, three = shards(whole(), 3)
    outcomes = [
        solution(status="missing"),
        solution(status="failed", error="x"),
        solution(push="failed", push_error="x"),
        solution(push="pushed"),
        solution(push="in_use"),
    ]
    for first, second, third in itertools.permutations(outcomes, 3):
        joined = joining.join(
            [replace(one, solutions=(first,)), replace(two, solutions=(second,)), replace(three, solutions=(third,))]
        )
        assert joined.solutions == (max((first, second, third), key=outcomes.index),)
    assert joining.join([one, replace(two, solutions=outcomes[4:]), three]).solutions == (outcomes[4],)
    assert problems(
        replace(one, solutions=(solution(),)), replace(two, solutions=(solution(digest="e" * 64),)), three
    ) == ["organisers-own of shard 2/3 is not that of the shards before it"]


# The page -----------------------------------------------------------------------------------------------------------


class Page(HTMLParser):
    """What a reader of HTML makes of a page: its elements, and the text in each person's name."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self._within: list[str] = []
        self.feed(text)
        self.close()
        assert self._within == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in {"meta", "link", "input"}:
            self._within.append(tag)
            self.texts.setdefault(tag, []).append("")

    def handle_endtag(self, tag: str) -> None:
        assert self._within.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._within:
            self.texts[self._within[-1]][-1] += data

    def attributes(self, name: str) -> list[str | None]:
        return [attributes[name] for _, attributes in self.elements if name in attributes]


def shown(text: str) -> str:
    return re.sub(r"[\x00-\x08\x0b-\x1f]", "\ufffd", re.sub(r"[\u202a-\u202e\u2066-\u2069]", "", text))


@pytest.mark.parametrize("report", [whole(), hostile(), whole(1, steps=())], ids=["whole", "hostile", "small"])
def test_the_page_holds_what_the_report_says(report: Report) -> None:
    page = Page(pages.page(report))
    steps = [shown(step.name) for step in report.steps]
    assert page.texts["bdi"] == [*(shown(one.name or "") for one in report.repositories), *steps]
    assert page.texts["title"] == page.texts["h1"] == [shown(report.title)]
    assert page.texts["small"] == [one.repository for one in report.repositories]
    commands = [command for one in report.repositories for command in (one.clone, *one.commands)]
    assert page.texts["code"][: len(commands)] == commands
    assert len(page.texts["style"]) == len(page.texts["script"]) == 1
    handles = [one.handle for one in report.repositories]
    assert [one for one in page.attributes("id") if one and not one.startswith("_")] == handles


@pytest.mark.parametrize("field", ["name", "handle", "repository", "runtime", "clone"])
def test_every_value_is_escaped(field: str) -> None:
    value = "\"'><script>alert(1)</script>&"
    plain = Page(pages.page(whole(2)))
    page = Page(pages.page(whole(2, repositories=(row(1, **{field: value}), row(2)))))
    assert [tag for tag, _ in page.elements] == [tag for tag, _ in plain.elements]
    assert value in [text for texts in page.texts.values() for text in texts] + page.attributes("id")


def test_the_page_needs_nothing_but_itself() -> None:
    text = pages.page(whole())
    page = Page(text)
    assert page.attributes("src") == []
    assert {one for one in page.attributes("href") if one and not one.startswith("data:")} == {"#_behind"}
    assert page.attributes("style") == []
    assert [name for _, attributes in page.elements for name in attributes if name.startswith("on")] == []
    assert not re.search(r"url\(|@import", page.texts["style"][0])
    assert ("html", {"lang": "en"}) in page.elements
    assert ("meta", {"charset": "utf-8"}) in page.elements
    assert text.index("charset") < 1024
    (policy,) = [found["content"] for _, found in page.elements if found.get("http-equiv") == "Content-Security-Policy"]
    digests = {
        f"{name}-src 'sha256-{base64.b64encode(hashlib.sha256(page.texts[name][0].encode()).digest()).decode()}'"
        for name in ("style", "script")
    }
    assert {*(policy or "").split("; ")} == digests | {
        "default-src 'none'", "img-src data:", "base-uri 'none'", "form-action 'none'",
    }  # fmt: skip


def test_what_is_not_ready_is_told_in_words() -> None:
    rows = (
        row(1),
        row(2, status="failed", error="/home/ada/secret: no space"),
        row(3, status="missing"),
        row(4, push="failed", push_error="Permission denied for ada@host"),
    )
    page = Page(pages.page(whole(4, repositories=rows)))
    assert page.texts["strong"] == ["3 of 4 not ready yet", "Not ready", "Not made yet", "Not online yet"]
    commands = [text for text in page.texts["code"] if text.startswith("git clone")]
    assert commands == [rows[0].clone, rows[3].clone]
    text = pages.page(whole(4, repositories=rows))
    assert "secret" not in text
    assert "Permission denied" not in text
    assert "not ready yet" not in pages.page(whole())


def test_solutions_are_the_organisers_alone() -> None:
    report = whole(2, solutions=(solution(clone="git clone organisers-own"),))
    assert "organisers-own" in report.dump()
    assert "organisers-own" not in pages.page(report)
    assert "organisers-own" not in report_files.table(report)
    assert pages.page(report) == pages.page(replace(report, solutions=()))


def test_a_participant_without_a_name_is_found_by_number() -> None:
    rows = (replace(row(1), name=None, handle="participant-01"),)
    assert Page(pages.page(whole(1, repositories=rows, steps=()))).texts["bdi"] == ["participant-01"]


@pytest.mark.parametrize(
    ("output", "begin", "steps"),
    [
        (
            "git",
            "fetches your repository",
            [
                "git switch --create my-step-1-start step-1-start",
                "git switch --detach step-1-solution",
                "git switch --create my-step-2-start step-2-start",
            ],
        ),
        ("zip", "unpacks the archive", ["cd step-1-start", "step-1-solution", "cd step-2-start"]),
        ("folder", "They go into it", ["cd step-1-start", "step-1-solution", "cd step-2-start"]),
    ],
)  # fmt: skip
def test_each_output_has_its_own_way_to_begin_and_to_catch_up(output: str, begin: str, steps: list[str]) -> None:
    text = pages.page(whole(1, output=output))
    assert begin in text
    assert [code for code in Page(text).texts["code"] if "step-" in code] == steps
    assert ("git commit" in text) == (output == "git")
    assert "step-" not in pages.page(whole(1, output=output, steps=()))


def test_what_differs_stands_beside_each_name_and_what_does_not_on_top() -> None:
    mixed = Page(pages.page(whole(2, repositories=(row(1), row(2, package_type="Zip")))))
    assert mixed.texts["em"] == ["python3.13, container image", "nodejs24.x, Zip package"]
    alike = Page(pages.page(whole(2, repositories=(row(1), row(3)))))
    assert "em" not in alike.texts
    assert [text for text in alike.texts["li"] if text in {"python3.13", "container image"}] == [
        "python3.13", "container image",
    ]  # fmt: skip


def test_a_person_takes_little_of_the_page() -> None:
    small, large = (len(pages.page(whole(count))) for count in (10, 510))
    assert (large - small) / 500 < 800


def _luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_text_stands_out_from_its_ground() -> None:
    """Contrast as https://www.w3.org/TR/WCAG22/#contrast-minimum asks for, in the light and in the dark."""
    palettes = [dict(re.findall(r"--([\w-]+): (#\w+);", part)) for part in
                re.findall(r":root \{(.*?)\}", pages.PAGE.read_text(encoding="utf-8"), re.DOTALL)]  # fmt: skip
    light, dark, paper = palettes
    for palette in (light, light | dark, light | paper):
        pairs = [(text, ground) for text in ("ink", "quiet", "accent") for ground in ("ground", "sheet", "code")]
        for text, ground in [*pairs, ("warn", "warn-ground"), ("warn", "sheet"), ("on-accent", "accent")]:
            one, other = sorted((_luminance(palette[text]), _luminance(palette[ground])))
            assert (other + 0.05) / (one + 0.05) >= 4.5, (text, ground, palette)


# A browser ----------------------------------------------------------------------------------------------------------

VISIBLE = "[...document.querySelectorAll('.people > li')].filter(one => one.checkVisibility()).map(one => one.id)"


OUTSIDE = (
    "[...document.querySelectorAll('body *')].filter(one => one.getBoundingClientRect().right > innerWidth + 1)"
    ".map(one => one.outerHTML.slice(0, 80))"
)


def put(folder: Path, report: Report) -> str:
    report_files.write(folder, report)
    return (folder / "index.html").as_uri()


def test_a_browser_shows_all_from_disk_and_asks_for_nothing_else(tmp_path: Path) -> None:
    needs("chromium", "bash")
    report = hostile()
    report = replace(report, repositories=(*report.repositories, *whole().repositories[:9]))
    address = put(tmp_path, report)
    with Chromium(tmp_path / "profile") as browser:
        browser.open(address)
        names = browser.evaluate("[...document.querySelectorAll('.people bdi')].map(one => one.textContent)")
        assert names == [shown(one.name or "") for one in report.repositories]
        assert browser.requests == [address]
        assert browser.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.slow
def test_a_browser_needs_no_scrolling_sideways(tmp_path: Path, scheme: str) -> None:
    needs("chromium", "bash")
    rows = tuple(row(number, status="failed" if number == 3 else "ready") for number in range(1, 31))
    address = put(tmp_path, whole(30, repositories=rows))
    with Chromium(tmp_path / "profile", scheme=scheme) as browser:
        for width, height in ((320, 640), (360, 740), (1280, 800), (1920, 1080)):
            browser.resize(width, height)
            browser.open(address)
            browser.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
            assert browser.evaluate("innerWidth") == width
            assert browser.evaluate("document.documentElement.scrollWidth") <= width
            # Nor does anything stick out of its box where it would be cut off or painted over.
            assert browser.evaluate(OUTSIDE) == []
        ground = browser.evaluate("getComputedStyle(document.body).backgroundColor")
        assert ground == {"light": "rgb(245, 246, 244)", "dark": "rgb(16, 20, 23)"}[scheme]


def test_a_browser_finds_a_name_and_copies_the_commands(tmp_path: Path) -> None:
    needs("chromium", "bash")
    report = whole(16)
    address = put(tmp_path, report)

    def find(text: str) -> Any:
        return browser.evaluate(
            f"(() => {{ const find = document.getElementById('_find'); find.value = {json.dumps(text)};"
            f"find.dispatchEvent(new Event('input')); return {VISIBLE} }})()"
        )

    with Chromium(tmp_path / "profile") as browser:
        browser.open(f"{address}#person-05")
        opened = "[...document.querySelectorAll('details[open]')].map(one => one.parentElement.id)"
        assert browser.evaluate(opened) == ["person-05"]
        everybody = [one.handle for one in report.repositories]
        assert find("") == everybody
        assert find("jose") == find("JOSÉ  mul") == ["person-08", "person-16"]
        assert find("太郎") == ["person-01", "person-09"]
        assert find("person-03") == ["person-03"]
        assert browser.evaluate("document.querySelector('output').textContent") == "1 of 16"
        assert find("nobody at all") == []
        assert "Nobody" in browser.evaluate("document.querySelector('output').textContent")
        assert find("") == everybody
        browser.evaluate("navigator.clipboard.writeText = (text) => { window.copied = text; return Promise.resolve() }")
        said = browser.evaluate(
            "(async () => { const button = document.querySelector('#person-05 button'); button.click();"
            "await new Promise((done) => setTimeout(done, 50)); return [window.copied, button.textContent] })()"
        )
        one = report.repositories[4]
        assert said == ["\n".join([one.clone or "", *one.commands]), "Copied"]
        assert browser.complaints == []


def test_a_browser_without_scripts_shows_the_same(tmp_path: Path) -> None:
    needs("chromium", "bash")
    address = put(tmp_path, whole(16))
    with Chromium(tmp_path / "profile") as browser:
        browser.call("Emulation.setScriptExecutionDisabled", value=True)
        browser.open(address)
        assert len(browser.evaluate(VISIBLE)) == 16
        assert browser.evaluate("document.querySelectorAll('button').length") == 0
        assert not browser.evaluate("document.getElementById('_find').checkVisibility()")
        browser.evaluate("document.querySelector('summary').click()")
        assert browser.evaluate("document.querySelector('.people code').checkVisibility()")


def test_paper_shows_every_command(tmp_path: Path) -> None:
    needs("chromium", "bash")
    address = put(tmp_path, whole(16))
    with Chromium(tmp_path / "profile") as browser:
        browser.call("Emulation.setScriptExecutionDisabled", value=True)
        browser.open(address)
        height = "document.getElementById('person-03').getBoundingClientRect().height"
        closed = browser.evaluate(height)
        browser.call("Emulation.setEmulatedMedia", media="print")
        assert browser.evaluate(height) > closed + 50
