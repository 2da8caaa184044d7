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
from typing import TYPE_CHECKING

from scaffold.errors import InvalidAnswersError, OutputError, UsageError
from scaffold.printable import escaped
from scaffold.workshop import outputs, report_files
from scaffold.workshop import report as reports
from scaffold.workshop.report import Record

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scaffold.workshop.report import Report

STATE = ".workshop"  # the folder for what a build needs while it runs
# What a record raises that was being written as the machine stopped.
_UNREADABLE = (ValueError, TypeError, KeyError)
_REPORT = re.compile(r"report(?:-[1-9][0-9]*-of-[1-9][0-9]*)?\.json")


def path_of(out: Path, record: Record) -> Path:
    """Return where the repository of a record lies."""
    return outputs.named(record.output).path(out, record.name)


def changes(out: Path, record: Record) -> list[str]:
    """Return what is not as it was made in the repository of a record, a sentence each.

    Nothing that lies there is run, nor is git, which would do as its configuration says.
    """
    return changes_at(path_of(out, record), record)


def changes_at(path: Path, record: Record) -> list[str]:
    """Return the same of a repository that lies elsewhere than where it is to be."""
    if not os.path.lexists(path):
        return ["is not there"]
    if path.is_symlink():
        return ["is a link"]
    try:
        lines = outputs.named(record.output).changes(path, record.checksums)
    except OSError as error:
        lines = [f"cannot be read: {error.filename or path}: {error.strerror or error}"]
    return [escaped(line) for line in lines]


def stage(out: Path) -> Path:
    """Return the folder for what is half made."""
    return out / STATE / "stage"


def _file(out: Path, name: str) -> Path:
    return out / STATE / "records" / f"{name}.json"


def disk_error(error: OSError, path: Path) -> OutputError:
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
        raise disk_error(error, out) from error
    try:
        try:
            shutil.rmtree(stage(out), ignore_errors=True)
            stage(out).mkdir()
        except OSError as error:
            raise disk_error(error, out) from error
        yield
    finally:
        shutil.rmtree(stage(out), ignore_errors=True)
        lock.release()


def known(out: Path) -> dict[str, Record]:
    """Return what is known of the repositories in a folder: from its reports, and from a build that did not end.

    Raises :class:`OutputError` where that cannot be read.
    """
    records = _reported(out)
    try:
        for file in (out / STATE / "records").glob("*.tmp"):
            file.unlink(missing_ok=True)  # was being written as a build was killed
        for record in _on_disk(out):
            if os.path.lexists(path_of(out, record)):
                records[record.name] = record
            else:
                _file(out, record.name).unlink(missing_ok=True)  # whatever comes there is not what it tells of
    except OSError as error:
        raise disk_error(error, out) from error
    return records


def of(out: Path, name: str) -> Record | None:
    """Return the record of a repository that is there, unless a report has taken it over."""
    with suppress(OSError, *_UNREADABLE):
        record = Record.of(json.loads(_file(out, name).read_text(encoding="utf-8")))
        return record if os.path.lexists(path_of(out, record)) else None
    return None


def _on_disk(out: Path) -> Iterator[Record]:
    for file in sorted((out / STATE / "records").glob("*.json")):
        with suppress(*_UNREADABLE):
            yield Record.of(json.loads(file.read_text(encoding="utf-8")))


def _reported(out: Path, without: str = "") -> dict[str, Record]:
    records: dict[str, Record] = {}
    for file in sorted(file for file in out.glob("report*.json") if _REPORT.fullmatch(file.name)):
        if file.name != without:
            try:
                records |= of_report(reports.read(file))
            except InvalidAnswersError as error:
                raise OutputError(f"{file} is no report: {error.problems[0].message}", _HINT) from error
            except UsageError as error:
                raise OutputError(error.message, _HINT) from error
    return records


_HINT = "put the report back as it was, or choose another --out: it says what was made here"


def of_report(report: Report) -> dict[str, Record]:
    """Return what a report tells of the repositories that are there."""
    return {row.repository: row.record for row in report.rows if row.record}


def prepare(out: Path, record: Record) -> Path:
    """Write a record where nobody reads it yet; all that takes room on the disk. Return what :func:`keep` takes."""
    path = _file(out, record.name).with_suffix(".tmp")
    path.write_text(json.dumps(record.values()), encoding="utf-8")
    return path


def keep(out: Path, record: Record, prepared: Path | None = None) -> None:
    """Put a record in its place."""
    (prepared or prepare(out, record)).replace(_file(out, record.name))


def write_report(out: Path, report: Report, before: dict[str, Record]) -> None:
    """Write a report; leave in records what it does not hold of those that were known ``before``.

    That is of participants who have left, and of what another report in the folder tells otherwise. Raises
    :class:`OutputError`.
    """
    others = _reported(out, without=reports.file_name(report.shard))
    held = of_report(report)
    try:
        for name, record in before.items():
            exists = os.path.lexists(path_of(out, record))
            if name not in held and exists and others.get(name) != record:
                keep(out, record)
        report_files.write(out, report)
        for name, record in held.items():
            # A report has one output; a repository that could not be made again may still be of another.
            if others.get(name, record) != record or record.output != report.output:
                keep(out, record)
            else:
                _file(out, name).unlink(missing_ok=True)
    except OSError as error:
        raise disk_error(error, out) from error
