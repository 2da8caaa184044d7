"""What is known of the repositories in a folder, so that a build ends what another began and touches nothing else.

A record is written before its repository is put in its place: so what has no record is somebody else's, and what has
one is whole. The report takes the records over; those remain that no report holds.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from scaffold.errors import InvalidAnswersError, OutputError, UsageError
from scaffold.workshop import report as reports
from scaffold.workshop.manifest import ZIP

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scaffold.workshop.report import Report

STATE = ".workshop"  # the folder for what a build needs while it runs
_REPORT = re.compile(r"report(?:-[1-9][0-9]*-of-[1-9][0-9]*)?\.json")


@dataclass(frozen=True)
class Record:
    """What is known of a repository that was made: what it was made from, what is in it, whether it was pushed."""

    name: str
    output: str
    fingerprint: str
    refs: dict[str, str]
    digest: str
    files: dict[str, str] | None = None
    remote: str | None = None
    push: str | None = None
    push_error: str | None = None


def place(out: Path, name: str, output: str) -> Path:
    """Return where the repository of that name lies."""
    return out / (f"{name}.zip" if output == ZIP else name)


def stage(out: Path) -> Path:
    """Return the folder for what is half made."""
    return out / STATE / "stage"


def _file(out: Path, name: str) -> Path:
    return out / STATE / "records" / f"{name}.json"


def refused(error: OSError, path: Path) -> OutputError:
    """Return what to raise where the disk refuses."""
    return OutputError(
        f"{error.filename or path}: {error.strerror or error}", "make room there, or choose another --out"
    )


@contextmanager
def locked(out: Path) -> Iterator[None]:
    """Hold the folder for this process; make it where it is missing.

    Raises :class:`UsageError` where another process holds it, and :class:`OutputError`.
    """
    from filelock import FileLock, Timeout  # noqa: PLC0415  no other command needs it

    lock = FileLock(out / STATE / "lock", timeout=0)
    try:
        (out / STATE / "records").mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        raise UsageError(f"another build is at work in {out}", "wait for it, or choose another --out") from error
    except OSError as error:
        raise refused(error, out) from error
    try:
        try:
            shutil.rmtree(stage(out), ignore_errors=True)
            stage(out).mkdir()
        except OSError as error:
            raise refused(error, out) from error
        yield
    finally:
        shutil.rmtree(stage(out), ignore_errors=True)
        lock.release()


def known(out: Path) -> dict[str, Record]:
    """Return what is known of the repositories in a folder: from its reports, and from a build that did not end.

    Raises :class:`OutputError` where that cannot be read.
    """
    found = _reported(out)
    try:
        for file in (out / STATE / "records").glob("*.tmp"):
            file.unlink(missing_ok=True)  # was being written as a build was killed
        for record in _on_disk(out):
            if os.path.lexists(place(out, record.name, record.output)):
                found[record.name] = record
            else:
                _file(out, record.name).unlink(missing_ok=True)  # whatever comes there is not what it tells of
    except OSError as error:
        raise refused(error, out) from error
    return found


def of(out: Path, name: str) -> Record | None:
    """Return the record of a repository that is there, unless a report has taken it over."""
    with suppress(OSError, ValueError, TypeError):
        record = Record(**json.loads(_file(out, name).read_text(encoding="utf-8")))
        return record if os.path.lexists(place(out, name, record.output)) else None
    return None


def _on_disk(out: Path) -> Iterator[Record]:
    for file in sorted((out / STATE / "records").glob("*.json")):
        with suppress(ValueError, TypeError):  # one that was being written as the machine stopped
            yield Record(**json.loads(file.read_text(encoding="utf-8")))


def _reported(out: Path, without: str = "") -> dict[str, Record]:
    found: dict[str, Record] = {}
    for file in sorted(file for file in out.glob("report*.json") if _REPORT.fullmatch(file.name)):
        if file.name != without:
            try:
                found |= of_report(reports.read(file))
            except InvalidAnswersError as error:
                raise OutputError(f"{file} is no report: {error.problems[0].message}", _UNREADABLE) from error
            except UsageError as error:
                raise OutputError(error.message, _UNREADABLE) from error
    return found


_UNREADABLE = "put the report back as it was, or choose another --out: it says what was made here"


def of_report(report: Report) -> dict[str, Record]:
    """Return what a report tells of the repositories that are there."""
    return {
        row.repository: Record(
            row.repository, report.output, row.fingerprint, dict(row.refs), row.digest,
            None if row.files is None else dict(row.files), row.remote, row.push, row.push_error,
        )
        for row in [*report.repositories, *report.solutions]
        if row.fingerprint and row.digest
    }  # fmt: skip


def prepare(out: Path, record: Record) -> Path:
    """Write a record where nobody reads it yet; all that takes room on the disk. Return what :func:`keep` takes."""
    path = _file(out, record.name).with_suffix(".tmp")
    path.write_text(json.dumps(asdict(record)), encoding="utf-8")
    return path


def keep(out: Path, record: Record, prepared: Path | None = None) -> None:
    """Put a record in its place."""
    (prepared or prepare(out, record)).replace(_file(out, record.name))


def settle(out: Path, report: Report, before: dict[str, Record]) -> None:
    """Write a report; leave in records what it does not hold of those that were known ``before``.

    That is of participants who have left, and of what another report in the folder tells otherwise. Raises
    :class:`OutputError`.
    """
    others = _reported(out, without=reports.file_name(report.shard))
    held = of_report(report)
    try:
        for name, record in before.items():
            gone = not os.path.lexists(place(out, name, record.output))
            if name not in held and not gone and others.get(name) != record:
                keep(out, record)
        reports.write(out, report)
        for name, record in held.items():
            if others.get(name, record) != record:
                keep(out, record)
            else:
                _file(out, name).unlink(missing_ok=True)
    except OSError as error:
        raise refused(error, out) from error
