"""Writes a report into a folder: as JSON for programs, as CSV for a spreadsheet, as a page for the room."""

from __future__ import annotations

import csv
import io
import os
from contextlib import suppress
from typing import TYPE_CHECKING

from scaffold.errors import OutputError
from scaffold.workshop.page import page
from scaffold.workshop.report import file_name

if TYPE_CHECKING:
    from pathlib import Path

    from scaffold.workshop.report import Report

CSV, HTML = "report.csv", "index.html"


def write(folder: Path, report: Report) -> None:
    """Write the report into a folder that exists: JSON, CSV and the page; of a shard the JSON alone.

    Each file is whole at any moment: the old one or the new. Raises :class:`OutputError` where the disk refuses.
    """
    texts = {file_name(report.shard): report.dump(), **(derived_files(report) if report.shard is None else {})}
    for name, text in texts.items():
        _replace(folder / name, text)


def derived_files(report: Report) -> dict[str, str]:
    """Return the files that follow from the report, with their texts."""
    return {CSV: table(report), HTML: page(report)}


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
        values = row.values()
        writer.writerow([_cell(values[column]) for column in COLUMNS])
    return out.getvalue()


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
