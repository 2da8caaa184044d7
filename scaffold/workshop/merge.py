"""Joins what the shards of a workshop made: their reports, and the repositories where they lie apart."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

from scaffold.errors import OutputError, ProjectExistsError
from scaffold.workshop import report as reports
from scaffold.workshop import verify
from scaffold.workshop.build import locked, place

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from scaffold.workshop.report import Report, Row


def merge(
    folders: Sequence[Path], out: Path, progress: Callable[[int, int], None] = lambda _done, _total: None
) -> Report:
    """Join the reports of all shards that lie in ``folders``, and return the report of the whole.

    It is written to ``out``, and repositories that lie elsewhere are copied there. Raises
    :class:`InvalidAnswersError` with everything that is missing or does not belong together,
    :class:`ProjectExistsError` where something else is in the way, and :class:`OutputError`.
    """
    found = [(file, reports.read(file)) for folder in folders for file in sorted(folder.glob(reports.file_name("*/*")))]
    if not found:
        names = ", ".join(map(str, folders))
        raise OutputError(f"there is no report of a shard in {names}", "build them with `workshop build --shard 1/3`")
    whole = reports.merge([report for _, report in found])
    with locked(out):
        rows = [(file.parent, row) for file, report in found for row in [*report.repositories, *report.solutions]]
        for number, (folder, row) in enumerate(rows, 1):
            if folder.resolve() != out.resolve() and row.digest is not None:
                _copy(folder, out, row, whole)
            progress(number, len(rows))
        reports.write(out, whole)
        for file, _ in found:
            if file.parent.resolve() == out.resolve():
                file.unlink()  # the report of the whole holds it now
    return whole


def _copy(folder: Path, out: Path, row: Row, whole: Report) -> None:
    source, target = place(folder, row.repository, whole.output), place(out, row.repository, whole.output)
    if not os.path.lexists(source):
        raise OutputError(f"{source} is in the report and not there", "build the shard again")
    if os.path.lexists(target):
        if verify.changes(target, whole.output, row.refs, row.digest or "", row.files):
            raise ProjectExistsError(f"{target} is in the way: it is not what the shard made", "move it away")
        return
    stage = out / ".workshop/stage" / source.name
    try:
        if source.is_dir():
            shutil.copytree(source, stage, symlinks=True)
        else:
            shutil.copy2(source, stage)
        stage.rename(target)
    except OSError as error:
        raise OutputError(f"{error.filename or target}: {error.strerror or error}", "run the same again") from error
