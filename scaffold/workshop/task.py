"""Makes one repository: translated, written, put in its place and pushed; or tells why not."""

from __future__ import annotations

import logging
import os
import shutil
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from scaffold import project
from scaffold.errors import InternalError, OutputError, ProjectExistsError, ScaffoldError
from scaffold.git_program import without_credentials
from scaffold.translator import client
from scaffold.workshop import outputs, push, records
from scaffold.workshop.outputs import Repository
from scaffold.workshop.report import Record

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from scaffold.workshop.contents import RepositoryTemplate

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Job:
    """What is the same for every repository of a build; goes to each process once."""

    out: Path
    output: str
    author: tuple[str, str]
    date: str
    templates: tuple[RepositoryTemplate, ...]


@dataclass(frozen=True)
class Task:
    """What is to be done for one repository.

    ``template`` is the number of one of the job's. ``record`` is what is known of the repository that is there;
    ``is_made`` says that it is what this task would make. ``remote`` is the address to push to.
    """

    name: str
    template: int
    values: dict[str, str]
    fingerprint: str
    remote: str | None
    record: Record | None
    is_made: bool


@dataclass(frozen=True)
class Outcome:
    """What became of a task: what is known of the repository that is there, and why it could not be made."""

    name: str
    record: Record | None
    error: str | None = None


def run(job: Job, task: Task) -> Outcome:
    """Make one repository and push it, if that is wanted; whatever goes wrong is told, not raised."""
    record = task.record if task.is_made else None
    try:
        if record is None:
            record = _make(job, task)
    except ScaffoldError as error:
        return Outcome(task.name, task.record, f"{error.message}{f' ({error.hint})' if error.hint else ''}")
    except OSError as error:
        return Outcome(task.name, task.record, error.strerror or str(error))
    except Exception as error:  # noqa: BLE001  the others go on
        _log.debug("failed", exc_info=True)
        return Outcome(task.name, task.record, f"{type(error).__name__}: {error}")
    if task.remote:
        record = _push(job, task.remote, record)
    return Outcome(task.name, record)


def _make(job: Job, task: Task) -> Record:
    template = job.templates[task.template]
    refusals = _refusals(template.texts(project.TEMPLATE, task.values))
    if refusals:
        raise OutputError(f"the SAM translator refuses template.yaml: {'; '.join(refusals)}")
    output = outputs.named(job.output)
    target = output.path(job.out, task.name)
    if os.path.lexists(target) and (task.record is None or records.path_of(job.out, task.record) != target):
        made = records.of(job.out, task.name)
        if made and made.fingerprint == task.fingerprint:
            return made  # by a process of a build that was killed a moment ago
        raise ProjectExistsError(f"{target} exists and is not of this workshop; it is never touched")
    repository = Repository(task.name, template.fill(task.values), template.start, job.author, job.date)
    stage = records.stage(job.out) / f"{task.name}.{os.urandom(4).hex()}"
    try:
        checksums = output.write(stage, repository)
        record = Record(task.name, job.output, task.fingerprint, checksums)
        _publish(job.out, task.record, stage, target, record)
    finally:
        _remove(stage)
    return record


def _refusals(texts: Sequence[str]) -> list[str]:
    """Return what the SAM translator has against templates, given as text."""
    try:
        return _translate(texts)
    except (InternalError, ValueError):
        client.stop()  # its process was killed: a new one answers, for this repository and those after it
        return _translate(texts)


def _translate(texts: Sequence[str]) -> list[str]:
    return [problem.message for text in texts for problem in client.translate(text)]


def _publish(out: Path, before: Record | None, stage: Path, target: Path, record: Record) -> None:
    """Put a repository in its place: away with the one before, the record, then the new one."""
    prepared = records.prepare(out, record)  # from here on there are renames alone
    old = None
    if before is not None:
        path = records.path_of(out, before)
        changes = records.changes(out, before)
        if changes:
            prepared.unlink()
            raise ProjectExistsError(
                f"{path} has changed since it was made ({changes[0]}), so it is not made again", "move it away first"
            )
        old = stage.with_name(f"{stage.name}.old")
        path.rename(old)
    records.keep(out, record, prepared)
    stage.rename(target)
    if old:
        _remove(old)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _push(job: Job, remote: str, record: Record) -> Record:
    scratch = records.stage(job.out) / f"{record.name}.{os.urandom(4).hex()}.git"
    record = replace(record, remote=without_credentials(remote), push_error=None)
    try:
        outcome = outputs.named(record.output).push(records.path_of(job.out, record), record.checksums, remote, scratch)
        record = replace(record, push=outcome)
    except OutputError as error:
        record = replace(record, push=push.FAILED, push_error=error.message)
    with suppress(OSError):  # it is pushed, or not, all the same
        records.keep(job.out, record)
    return record
