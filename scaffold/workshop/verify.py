"""Finds what has changed in repositories since they were made, down to one byte."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from scaffold.errors import FilePosition, Problem
from scaffold.workshop import files, records, report_files
from scaffold.workshop import report as reports

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from scaffold.workshop.report import Row


def folder(path: Path, *, jobs: int = 1, progress: Callable[[int, int], None] = lambda _d, _t: None) -> list[Problem]:
    """Compare every repository in a folder with the report in there, and the report's table and page with it.

    Raises as :func:`scaffold.workshop.report.read` does.
    """
    report = reports.read(path)
    problems = [
        Problem(FilePosition(str(path / name)), "is not what the report says: it was changed, or the report was")
        for name, text in report_files.derived_files(report).items()
        if files.read(path / name) != text.encode("utf-8", "backslashreplace")
    ]

    def compare(row: Row) -> list[Problem]:
        if row.status != "ready" or row.record is None:
            why = f": {row.error}" if row.error else ""
            return [Problem(FilePosition(str(path / row.repository)), f"is {row.status}{why}")]
        position = FilePosition(str(records.path_of(path, row.record)))
        return [Problem(position, line) for line in records.changes(path, row.record)]

    # Threads, for a disk that is far away; beside one that is near they neither help nor harm.
    with ThreadPoolExecutor(jobs) as pool:
        for number, of_row in enumerate(pool.map(compare, report.rows), 1):
            problems += of_row
            progress(number, len(report.rows))
    return problems
