"""Joins what the shards of a workshop made: their reports, and the repositories where they lie apart."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

from scaffold.errors import OutputError, ProjectExistsError
from scaffold.workshop import records, shards
from scaffold.workshop import report as reports

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from scaffold.workshop.report import Record, Report


def merge(
    folders: Sequence[Path], out: Path, progress: Callable[[int, int], None] = lambda _done, _total: None
) -> Report:
    """Join the reports of all shards that lie in ``folders``, and return the report of the whole.

    It is written to ``out``, and repositories that lie elsewhere are copied there. Raises
    :class:`InvalidAnswersError` with everything that is missing or does not belong together,
    :class:`ProjectExistsError` where something else is in the way, and :class:`OutputError`.
    """
    parts = [(file, reports.read(file)) for folder in folders for file in sorted(folder.glob(reports.file_name("*/*")))]
    if not parts:
        names = ", ".join(map(str, folders))
        raise OutputError(f"there is no report of a shard in {names}", "build them with `workshop build --shard 1/3`")
    whole = shards.join([report for _, report in parts])
    with records.locked(out):
        before = records.known(out)
        made = [(file.parent, record) for file, report in parts for record in records.of_report(report).values()]
        for number, (folder, record) in enumerate(made, 1):
            _copy(folder, out, record)
            progress(number, len(made))
        try:
            for name in records.of_report(whole):
                before.pop(name, None)
            records.write_report(out, whole, before)
            for file, _ in parts:
                if file.parent.resolve() == out.resolve():
                    file.unlink()  # the report of the whole holds it now
        except OSError as error:
            raise records.disk_error(error, out) from error
    return whole


def _copy(folder: Path, out: Path, record: Record) -> None:
    """Copy a repository, unless it is there, and see that it is whole."""
    source, target = (records.path_of(parent, record) for parent in (folder, out))
    if not os.path.lexists(source):
        raise OutputError(f"{source} is in the report and not there", "build the shard again")
    if folder.resolve() == out.resolve():
        return
    if os.path.lexists(target):
        if records.changes(out, record):
            raise ProjectExistsError(f"{target} is in the way: it is not what the shard made", "move it away")
        return
    stage = records.stage(out) / source.name
    try:
        if source.is_dir():
            shutil.copytree(source, stage, symlinks=True)
        else:
            shutil.copy2(source, stage, follow_symlinks=False)
        changes = records.changes_at(stage, record)
        if changes:
            raise OutputError(f"{source} has changed since it was made: {changes[0]}", "build the shard again")
        stage.rename(target)
    except (OSError, shutil.Error) as error:
        where = getattr(error, "filename", None) or target
        raise OutputError(f"{where}: {getattr(error, 'strerror', None) or error}", "run the same again") from error
