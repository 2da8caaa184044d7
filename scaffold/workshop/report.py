"""What a build did: as JSON for programs, as CSV for a spreadsheet, as a page for the room.

Nothing in it depends on when or where it was made: the same report is the same bytes. Whatever comes from a roster is
data. It is escaped in the page, and no spreadsheet takes it for a formula.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import html
import io
import json
import os
import re
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scaffold import paths
from scaffold.errors import FilePosition, InvalidAnswersError, OutputError, Problem, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

SCHEMA = paths.SCHEMAS / "workshop-report.schema.json"
PAGE = paths.COOKIECUTTERS / "workshop" / "index.html"
JSON, CSV, HTML = "report.json", "report.csv", "index.html"
_AGAIN = "workshop build writes it: run that again"
_MOST = 20  # problems of a broken file that are told
_LONGEST = 200  # characters of one of them


@dataclass(frozen=True)
class Step:
    """An exercise: its name, and the tags, or the folders, with its start and its solution."""

    name: str
    start: str
    solution: str | None


@dataclass(frozen=True, kw_only=True)
class Row:
    """What became of one repository; ``schemas/workshop-report.schema.json`` tells of each field."""

    number: int
    name: str | None
    handle: str
    repository: str
    language: str
    runtime: str
    package_type: str
    stack_name: str
    status: str
    error: str | None = None
    remote: str | None = None
    push: str | None = None
    push_error: str | None = None
    clone: str | None
    commands: tuple[str, ...]
    refs: Mapping[str, str]
    digest: str | None = None
    fingerprint: str | None = None
    files: Mapping[str, str] | None = None


@dataclass(frozen=True, kw_only=True)
class Report:
    """What became of a workshop, or of one shard of it."""

    tool: str
    title: str
    date: str
    workshop: str
    output: str
    total: int
    shard: str | None = None
    steps: tuple[Step, ...]
    repositories: tuple[Row, ...]
    solutions: tuple[Row, ...] = ()

    def dump(self) -> str:
        """Return the report as JSON; :func:`load` is the way back."""
        values = {
            **vars(self),
            "steps": [vars(step) for step in self.steps],
            "repositories": [_plain(row) for row in self.repositories],
            "solutions": [_plain(row) for row in self.solutions],
        }
        return json.dumps(values, ensure_ascii=False, indent=1) + "\n"


def _plain(row: Row) -> dict[str, Any]:
    files = None if row.files is None else dict(sorted(row.files.items()))
    return {**vars(row), "refs": dict(sorted(row.refs.items())), "files": files}


# Reading ------------------------------------------------------------------------------------------------------------


def load(text: str, file: str = JSON) -> Report:
    """Return the report in a JSON text; ``file`` is what messages call it.

    Raises :class:`UsageError` where the text is not JSON, and :class:`InvalidAnswersError` with the line of everything
    that ``schemas/workshop-report.schema.json`` does not allow.
    """
    import jsonschema  # noqa: PLC0415  takes time to load and few runs need it

    try:
        values = json.loads(text)
    except json.JSONDecodeError as error:
        raise UsageError(f"{file}:{error.lineno}:{error.colno}: this is not JSON: {error.msg}", _AGAIN) from error
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    wrong = [*jsonschema.Draft202012Validator(schema).iter_errors(values)]
    problems = []
    for one in wrong[:_MOST]:
        path = [*one.absolute_path]
        field = ".".join(map(str, path))
        message = one.message if len(one.message) <= _LONGEST else f"{one.message[:_LONGEST]}…"
        position = FilePosition(file, _line(text, path))
        problems.append(Problem(position, f"{field}: {message}" if field else message, _AGAIN))
    if len(wrong) > _MOST:
        problems.append(Problem(FilePosition(file), f"{len(wrong) - _MOST} more are wrong", _AGAIN))
    if problems:
        raise InvalidAnswersError(problems)
    return Report(
        **{
            **values,
            "steps": tuple(Step(**step) for step in values["steps"]),
            "repositories": tuple(_row(row) for row in values["repositories"]),
            "solutions": tuple(_row(row) for row in values["solutions"]),
        }
    )


def _row(values: dict[str, Any]) -> Row:
    return Row(**{**values, "commands": tuple(values["commands"])})


_BETWEEN = re.compile(r"[\s,:]*")


def _line(text: str, path: Iterable[str | int]) -> int:
    """Return the line, from 1, of a value in a JSON text, or of the nearest of its parents.

    YAML's parser would know it too, but takes minutes for a thousand repositories.
    """
    decoder = json.JSONDecoder()

    def skip(at: int) -> int:
        found = _BETWEEN.match(text, at)
        return found.end() if found else at

    at = skip(0)
    # A key that is there twice may lead to a value of another kind.
    with suppress(json.JSONDecodeError):
        for step in path:
            inside, index = skip(at + 1), 0
            while True:
                key: object = index
                if isinstance(step, str):
                    key, inside = decoder.raw_decode(text, inside)
                    inside = skip(inside)
                if key == step:
                    break
                inside = skip(decoder.raw_decode(text, inside)[1])
                index += 1
            at = inside
    return text.count("\n", 0, at) + 1


def read(path: Path) -> Report:
    """Return the report in a folder, or in the file of a shard.

    Raises :class:`OutputError` where there is none, and otherwise as :func:`load` does.
    """
    file = path / JSON if path.is_dir() else path
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        hint = "name a folder that workshop build has made"
        if path.is_dir() and any(path.glob(file_name("*/*"))):
            hint = "there are reports of shards: join them with workshop merge"
        raise OutputError(f"{file}: {error.strerror}", hint) from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{file} is not UTF-8 text: {error.reason}", _AGAIN) from error
    return load(text, str(file))


# Writing ------------------------------------------------------------------------------------------------------------


def file_name(shard: str | None) -> str:
    """Return the name of the JSON file: ``report.json``, or ``report-3-of-10.json`` for the shard ``3/10``."""
    return JSON if shard is None else f"report-{shard.replace('/', '-of-')}.json"


def write(folder: Path, report: Report) -> None:
    """Write the report into a folder that exists: JSON, CSV and the page; of a shard the JSON alone.

    Each file is whole at any moment: the old one or the new. Raises :class:`OutputError` where the disk refuses.
    """
    texts = {file_name(report.shard): report.dump()}
    if report.shard is None:
        texts |= {CSV: table(report), HTML: page(report)}
    for name, text in texts.items():
        _replace(folder / name, text)


def _replace(path: Path, text: str) -> None:
    # Always of the same name, so that a run that was killed leaves nothing that the next one does not take away.
    stage = path.with_name(f".{path.name}.tmp")
    try:
        stage.unlink(missing_ok=True)
        try:
            # What is no character, from a program's message for one, is written as JSON does it.
            stage.write_bytes(text.encode("utf-8", "backslashreplace"))
            os.replace(stage, path)  # noqa: PTH105  tests let the disk refuse here
        except BaseException:
            with suppress(OSError):
                stage.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise OutputError(f"{path}: {error.strerror or error}", "make room there, or choose another --out") from error


COLUMNS = (
    "number", "name", "handle", "repository", "language", "runtime", "package_type", "status", "error", "remote",
    "push", "push_error", "clone",
)  # fmt: skip
# https://owasp.org/www-community/attacks/CSV_Injection; the wide forms count in some languages.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def table(report: Report) -> str:
    """Return the participants' repositories as CSV; an apostrophe keeps a cell from being a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in report.repositories:
        writer.writerow([_cell(getattr(row, column)) for column in COLUMNS])
    return out.getvalue()


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


# Counting and joining -----------------------------------------------------------------------------------------------


def summary(report: Report) -> dict[str, int]:
    """Return how many participants' repositories the report has: total, ready, failed, missing, pushed, push_failed."""
    status = Counter(row.status for row in report.repositories)
    push = Counter(row.push for row in report.repositories)
    return {
        "total": len(report.repositories),
        "ready": status["ready"],
        "failed": status["failed"],
        "missing": status["missing"],
        "pushed": push["pushed"],
        "push_failed": push["failed"],
    }


def merge(reports: Sequence[Report]) -> Report:
    """Return the report of the whole workshop from those of all its shards, in any order.

    It is what a build without shards reports. Raises :class:`InvalidAnswersError` with everything that is wrong: shards
    that are missing, there twice, or of another workshop.
    """
    problems = [*_unlike(reports), *_incomplete(reports)]
    # A shard that is missing or there twice brings this along.
    problems = problems or [*_miscounted(reports)]
    reports = sorted(reports, key=_index)
    solutions: dict[str, Row] = {}
    for report in reports:
        for row in report.solutions:
            known = solutions.setdefault(row.repository, row)
            if {known.status, row.status} == {"ready"} and (known.digest, known.refs) != (row.digest, row.refs):
                problems.append(_wrong(f"{row.repository} of shard {report.shard} is not that of the shards before it"))
            # Every shard may have made it: one that could is enough.
            solutions[row.repository] = max(known, row, key=_luck)
    if problems:
        raise InvalidAnswersError(problems)
    first = reports[0]
    return Report(
        tool=first.tool,
        title=first.title,
        date=first.date,
        workshop=first.workshop,
        output=first.output,
        total=first.total,
        steps=first.steps,
        repositories=tuple(sorted((row for one in reports for row in one.repositories), key=lambda row: row.number)),
        solutions=tuple(sorted(solutions.values(), key=lambda row: (row.number, row.repository))),
    )


def _wrong(message: str, hint: str = "build the shard again, from the same manifest with the same version") -> Problem:
    return Problem(("shards",), message, hint)


def _index(report: Report) -> tuple[int, ...]:
    """Return a shard as two numbers, its own and how many there are."""
    return tuple(int(part) for part in report.shard.split("/")) if report.shard else ()


def _luck(row: Row) -> tuple[int, int]:
    return ("missing", "failed", "ready").index(row.status), (None, "failed", "pushed").index(row.push)


def _unlike(reports: Sequence[Report]) -> Iterable[Problem]:
    """Yield where reports are not of the same workshop as the first."""
    for report in reports[1:]:
        for field in ("tool", "title", "date", "workshop", "output", "total", "steps"):
            here, there = getattr(report, field), getattr(reports[0], field)
            if here != there:
                told = "" if field == "steps" else f": {here!r}, not {there!r}"
                yield _wrong(f"shard {report.shard} has another {field} than shard {reports[0].shard}{told}")


def _incomplete(reports: Sequence[Report]) -> Iterable[Problem]:
    """Yield which shards are missing, there twice, or none at all."""
    if not reports:
        yield _wrong("there is no report", "name the reports of all shards")
    if any(report.shard is None for report in reports):
        yield _wrong("one report is of the whole workshop", "leave it out: only those of shards are joined")
    there = Counter(report.shard for report in reports if report.shard)
    for shard, times in there.items():
        if times > 1:
            yield _wrong(f"shard {shard} is there {times} times", "name each report once")
    counts = sorted({_index(report)[1] for report in reports if report.shard})
    if len(counts) > 1:
        yield _wrong(
            f"the reports are of workshops in {' and in '.join(map(str, counts))} shards", "join one at a time"
        )
        return
    for count in counts:
        expected = [f"{number}/{count}" for number in range(1, count + 1)]
        for shard in expected:
            if shard not in there:
                yield _wrong(f"shard {shard} is missing", f"build it with --shard {shard}")
        for shard in sorted(there.keys() - set(expected)):
            yield _wrong(f"shard {shard} is none of {count}", "leave it out")


def _miscounted(reports: Sequence[Report]) -> Iterable[Problem]:
    """Yield participants who are in several shards, or in none."""
    numbers = Counter(row.number for report in reports for row in report.repositories)
    for number in sorted(number for number, times in numbers.items() if times > 1):
        yield _wrong(f"participant {number} is in {numbers[number]} places")
    if reports and len(numbers) != reports[0].total:
        yield _wrong(f"the shards have {len(numbers)} participants, the workshop {reports[0].total}")


# The page -----------------------------------------------------------------------------------------------------------

_FILLED = re.compile(r"<!-- (?P<block>\w+) -->(?P<inside>.*?)<!-- end (?P=block) -->|\[\[(?P<mark>\w+)\]\]", re.DOTALL)
# What changes the direction of the text after it, out of its element too; and what is nothing to see.
_UNSEEN: dict[int, str | None] = {
    **dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A))),
    **{code: "\ufffd" for code in (*range(0x20), *range(0x7F, 0xA0)) if code not in {0x09, 0x0A}},
}
_KINDS = {"Image": "container image", "Zip": "Zip package"}
_FAILED = ("Not ready", "This one could not be made. Please tell your organiser.")
_MISSING = ("Not made yet", "Please look here again later, or ask your organiser.")
_UNPUSHED = ("Not online yet", "It could not be published, so fetching it may fail. Please tell your organiser.")


def page(report: Report) -> str:
    """Return the page for the participants: ``cookiecutters/workshop/index.html``, filled in.

    The organiser's solutions and the text of errors are not on it.
    """
    text = PAGE.read_text(encoding="utf-8")
    varying, shared = _kinds(report)
    count = len(report.repositories)
    behind = sum(_state(row) is not None for row in report.repositories)
    steps = [
        {
            "name": step.name,
            "start": step.start,
            "solution": [{"solution": step.solution}] if step.solution else [],
        }
        for step in report.steps
    ]
    return _fill(
        text,
        {
            "style_hash": _hash(text, "style"),
            "script_hash": _hash(text, "script"),
            "title": report.title,
            "date": report.date,
            "count": f"{count:,} {'repository' if count == 1 else 'repositories'}",
            "shared": [{"kind": _KINDS.get(kind, kind)} for kind in shared],
            "behind": [{"behind": f"{behind:,} of {count:,} not ready yet"}] if behind else [],
            **{output: [{}] if report.output == output else [] for output in ("git", "zip", "folder")},
            "exercises": [{"tags": [{"step": steps}] if report.output == "git" else [],
                           "folders": [{"step": steps}] if report.output != "git" else []}] if steps else [],
            "person": [_person(row, varying) for row in report.repositories],
        },
    )  # fmt: skip


def _person(row: Row, varying: tuple[str, ...]) -> dict[str, Any]:
    state = _state(row)
    commands = [command for command in (row.clone, *row.commands) if command] if row.status == "ready" else []
    return {
        "handle": row.handle,
        "name": row.name or row.handle,
        "repository": row.repository,
        "kinds": [{"kinds": ", ".join(_KINDS.get(kind, kind) for kind in (getattr(row, field) for field in varying))}]
        if varying
        else [],
        "state": [{"state": state[0]}] if state else [],
        "reason": [{"reason": state[1]}] if state else [],
        "commands": [{"command": [{"command": command} for command in commands]}] if commands else [],
    }


def _state(row: Row) -> tuple[str, str] | None:
    """Return what keeps a participant from beginning, in two words and in a sentence."""
    if row.status != "ready":
        return _FAILED if row.status == "failed" else _MISSING
    return _UNPUSHED if row.push == "failed" else None


def _kinds(report: Report) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the fields in which the repositories differ, and the values that all of them share."""
    values = {
        field: sorted({getattr(row, field) for row in report.repositories}) for field in ("runtime", "package_type")
    }
    varying = tuple(field for field, found in values.items() if len(found) > 1)
    return varying, tuple(found[0] for found in values.values() if len(found) == 1)


def _fill(text: str, values: Mapping[str, Any]) -> str:
    """Fill in a text: ``[[mark]]`` with a value, and what is between ``<!-- block -->`` and its end once for each item.

    Every value is escaped: there is no way in for markup. What was filled in is not looked at again.
    """

    def one(found: re.Match[str]) -> str:
        if found["mark"]:
            return html.escape(str(values[found["mark"]]).translate(_UNSEEN), quote=True)
        return "".join(_fill(found["inside"], item) for item in values[found["block"]])

    return _FILLED.sub(one, text)


def _hash(text: str, element: str) -> str:
    """Return what the page's policy allows an inline style or script by."""
    inside = text.partition(f"<{element}>")[2].partition(f"</{element}>")[0]
    return base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode("ascii")
