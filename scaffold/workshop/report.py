"""What a build did, as data and as JSON.

Nothing in it depends on when or where it was made: the same report is the same bytes.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from scaffold import paths
from scaffold.errors import FilePosition, InvalidAnswersError, OutputError, Problem, UsageError
from scaffold.workshop import outputs
from scaffold.workshop.outputs import Checksums
from scaffold.workshop.push import FAILED, IN_USE, PUSHED

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

SCHEMA = paths.SCHEMAS / "workshop-report.schema.json"
JSON = "report.json"
_HINT = "workshop build writes it: run that again"
_MOST = 20  # problems of a broken file that are told
_LONGEST = 200  # characters of one of them


@dataclass(frozen=True)
class Step:
    """An exercise: its name, and the tags, or the folders, with its start and its solution."""

    name: str
    start: str
    solution: str | None


@dataclass(frozen=True)
class Record:
    """What is known of a repository that was made: what it was made from, what is in it, whether it was pushed.

    ``push`` is ``pushed``, ``in_use`` or ``failed``, and ``None`` where nothing was to be pushed.
    """

    name: str
    output: str
    fingerprint: str
    checksums: Checksums
    remote: str | None = None
    push: str | None = None
    push_error: str | None = None

    def values(self) -> dict[str, Any]:
        """Return the record as JSON has it; :meth:`of` is the way back."""
        return asdict(self)

    @classmethod
    def of(cls, values: dict[str, Any]) -> Record:
        """Return the record with these values. Raises :class:`TypeError` where they are not those of one."""
        return cls(**{**values, "checksums": Checksums(**values["checksums"])})


@dataclass(frozen=True, kw_only=True)
class Row:
    """What became of one repository; ``schemas/workshop-report.schema.json`` tells of each field.

    ``record`` is ``None`` where there is no repository.
    """

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
    clone: str | None
    commands: tuple[str, ...]
    record: Record | None = None

    @property
    def push(self) -> str | None:
        """What became of the push."""
        return self.record.push if self.record else None

    @property
    def push_error(self) -> str | None:
        """Why it could not be pushed."""
        return self.record.push_error if self.record else None

    def values(self) -> dict[str, Any]:
        """Return the row as JSON has it: flat, its keys in the order of the schema."""
        record = self.record
        checksums = record.checksums if record else Checksums({}, "")
        return {
            "number": self.number,
            "name": self.name,
            "handle": self.handle,
            "repository": self.repository,
            "language": self.language,
            "runtime": self.runtime,
            "package_type": self.package_type,
            "stack_name": self.stack_name,
            "status": self.status,
            "error": self.error,
            "remote": record.remote if record else None,
            "push": self.push,
            "push_error": self.push_error,
            "clone": self.clone,
            "commands": self.commands,
            "refs": dict(sorted(checksums.refs.items())),
            "digest": checksums.digest or None,
            "fingerprint": record.fingerprint if record else None,
            "files": None if checksums.files is None else dict(sorted(checksums.files.items())),
        }


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

    @property
    def rows(self) -> tuple[Row, ...]:
        """The participants' repositories, and the organiser's."""
        return (*self.repositories, *self.solutions)

    def dump(self) -> str:
        """Return the report as JSON; :func:`load` is the way back."""
        values = {
            **vars(self),
            "steps": [vars(step) for step in self.steps],
            "repositories": [row.values() for row in self.repositories],
            "solutions": [row.values() for row in self.solutions],
        }
        return json.dumps(values, ensure_ascii=False, indent=1) + "\n"


def summary(report: Report) -> dict[str, int]:
    """Return how many participants' repositories there are in all, in each status, and of each outcome of a push."""
    status = Counter(row.status for row in report.repositories)
    push = Counter(row.push for row in report.repositories)
    return {
        "total": len(report.repositories),
        "ready": status["ready"],
        "failed": status["failed"],
        "missing": status["missing"],
        "pushed": push[PUSHED],
        "in_use": push[IN_USE],
        "push_failed": push[FAILED],
    }


# Reading ------------------------------------------------------------------------------------------------------------


def schema() -> dict[str, Any]:
    """Return the JSON Schema of a report; which outputs there are comes from their modules."""
    values: dict[str, Any] = json.loads(SCHEMA.read_text(encoding="utf-8"))
    values["properties"]["output"]["enum"] = [*outputs.names()]
    return values


def dump_schema() -> str:
    """Return the schema as the text of its file."""
    return json.dumps(schema(), indent=2) + "\n"


def load(text: str, file: str = JSON) -> Report:
    """Return the report in a JSON text; ``file`` is what messages call it.

    Raises :class:`UsageError` where the text is not JSON, and :class:`InvalidAnswersError` with the line of everything
    that ``schemas/workshop-report.schema.json`` does not allow.
    """
    import jsonschema  # noqa: PLC0415  takes time to load and few runs need it

    try:
        values = json.loads(text)
    except json.JSONDecodeError as error:
        raise UsageError(f"{file}:{error.lineno}:{error.colno}: this is not JSON: {error.msg}", _HINT) from error
    violations = [*jsonschema.Draft202012Validator(schema()).iter_errors(values)]
    problems = []
    for violation in violations[:_MOST]:
        path = [*violation.absolute_path]
        field = ".".join(map(str, path))
        message = violation.message
        message = message if len(message) <= _LONGEST else f"{message[:_LONGEST]}…"
        position = FilePosition(file, _line(text, path))
        problems.append(Problem(position, f"{field}: {message}" if field else message, _HINT))
    if len(violations) > _MOST:
        problems.append(Problem(FilePosition(file), f"{len(violations) - _MOST} more are wrong", _HINT))
    if problems:
        raise InvalidAnswersError(problems)
    output = values["output"]
    return Report(
        **{
            **values,
            "steps": tuple(Step(**step) for step in values["steps"]),
            "repositories": tuple(_row(row, output) for row in values["repositories"]),
            "solutions": tuple(_row(row, output) for row in values["solutions"]),
        }
    )


def _row(values: dict[str, Any], output: str) -> Row:
    """Return a row from its flat values; the record of one without fingerprint and digest says nothing."""
    values = {**values, "commands": tuple(values["commands"])}
    checksums = Checksums(values.pop("refs"), values.pop("digest"), values.pop("files"))
    known = {key: values.pop(key) for key in ("fingerprint", "remote", "push", "push_error")}
    record = None
    if known["fingerprint"] and checksums.digest:
        record = Record(name=values["repository"], output=output, checksums=checksums, **known)
    return Row(**values, record=record)


_BETWEEN = re.compile(r"[\s,:]*")


def _line(text: str, path: Iterable[str | int]) -> int:
    """Return the line, from 1, of a value in a JSON text, or of the nearest of its parents.

    YAML's parser would know it too, but takes minutes for a thousand repositories.
    """
    decoder = json.JSONDecoder()

    def skip(at: int) -> int:
        match = _BETWEEN.match(text, at)
        return match.end() if match else at

    at = skip(0)
    # A key that is there twice may lead to a value of another type.
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
        raise UsageError(f"{file} is not UTF-8 text: {error.reason}", _HINT) from error
    return load(text, str(file))


def file_name(shard: str | None) -> str:
    """Return the name of the JSON file: ``report.json``, or ``report-3-of-10.json`` for the shard ``3/10``."""
    return JSON if shard is None else f"report-{shard.replace('/', '-of-')}.json"
