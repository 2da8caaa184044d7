"""Makes what a plan says: by processes, whole or not at all, and again from where it was interrupted.

Each repository is made in a hidden folder beside its place and put there by one rename. A record of it is written
before that: so a folder that has no record is somebody else's, and one that has is whole.
"""

from __future__ import annotations

import json
import logging
import multiprocessing
import os
import shutil
import signal
import threading
from collections import deque
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from scaffold import __version__, validate
from scaffold.errors import OutputError, ProjectExistsError, ScaffoldError, UsageError
from scaffold.workshop import plan as plans
from scaffold.workshop import report as reports
from scaffold.workshop import repository, verify
from scaffold.workshop.manifest import FOLDER, GIT, SEPARATE, ZIP
from scaffold.workshop.report import Report, Row, Step

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from scaffold.workshop.mould import Mould
    from scaffold.workshop.plan import Entry, Plan

STATE = ".workshop"  # the folder for what a build needs while it runs
_AHEAD = 4  # tasks for each process that wait for it
_NAMED = 10  # repositories that one message names
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Record:
    """What is known of a repository that was made: what it was made from, what is in it, whether it was pushed."""

    name: str
    fingerprint: str
    refs: dict[str, str]
    digest: str
    files: dict[str, str] | None = None
    remote: str | None = None
    push: str | None = None
    push_error: str | None = None


@dataclass(frozen=True)
class Job:
    """What is the same for every repository of a build; goes to each process once."""

    out: Path
    output: str
    author: tuple[str, str]
    date: str
    moulds: tuple[Mould, ...]


@dataclass(frozen=True)
class Task:
    """What is to be done for one repository. ``record`` is what is known of the one that is there."""

    name: str
    mould: int
    values: dict[str, str]
    fingerprint: str
    remote: str | None
    record: Record | None
    made: bool


@dataclass(frozen=True)
class Done:
    """What became of a task: what is known of the repository that is there, and why it could not be made."""

    name: str
    record: Record | None
    error: str | None = None


def build(  # noqa: PLR0913  each is a flag
    plan: Plan,
    out: Path,
    *,
    jobs: int = 1,
    shard: tuple[int, int] | None = None,
    push: str | None = None,
    rebuild: bool = False,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Report:
    """Make what is missing in ``out`` and return the report, which is written there as well.

    ``jobs`` is how many processes work; ``shard`` is (3, 10) for the third of ten parts; ``push`` the pattern of the
    addresses to push to; ``rebuild`` makes those again that differ from the plan; ``progress`` is called with how
    many are done and how many there are. One that fails does not stop the others: the report says why. Raises
    :class:`UsageError` where another build is at work there, or where repositories differ and ``rebuild`` is not
    set, and :class:`OutputError` where the report cannot be written.
    """
    if push:
        repository.needs_git()
    entries = [one for number, one in enumerate(plan.entries) if not shard or number % shard[1] == shard[0] - 1]
    entries += plan.solutions if not shard or shard[0] == 1 else ()
    with locked(out):
        known = _known(out)
        tasks = [_task(plan, entry, out, known, push) for entry in entries]
        _refuse(tasks, plan, out, rebuild=rebuild)
        todo = [one for one in tasks if not one.made or _is_to_push(one)]
        results = {one.name: Done(one.name, one.record) for one in tasks if one.record}
        ended = len(tasks) - len(todo)
        progress(ended, len(tasks))
        job = Job(out, plan.manifest.output, plan.manifest.author, plan.manifest.date, plan.moulds)
        try:
            for done in _run(job, todo, jobs):
                results[done.name] = done
                ended += 1
                progress(ended, len(tasks))
        finally:
            shutil.rmtree(out / STATE / "stage", ignore_errors=True)
            report = _report(plan, entries, results, shard, push)
            reports.write(out, report)
            _forget(out, plan, report, known)
        return report


# Before -----------------------------------------------------------------------------------------------------------


@contextmanager
def locked(out: Path) -> Iterator[None]:
    """Hold the folder for this process; make it where it is missing."""
    from filelock import FileLock, Timeout  # noqa: PLC0415  no other command needs it

    state = out / STATE
    try:
        (state / "records").mkdir(parents=True, exist_ok=True)
        with FileLock(state / "lock", timeout=0):
            shutil.rmtree(state / "stage", ignore_errors=True)
            (state / "records").mkdir(exist_ok=True)
            (state / "stage").mkdir()
            yield
    except Timeout as error:
        raise UsageError(f"another build is at work in {out}", "wait for it, or choose another --out") from error
    except OSError as error:
        where = error.filename or out
        raise OutputError(f"{where}: {error.strerror or error}", "make room there, or choose another --out") from error


def _known(out: Path) -> dict[str, Record]:
    """Return what is known of the repositories in a folder: from its reports, and from a build that did not end."""
    found: dict[str, Record] = {}
    for file in sorted(out.glob("report*.json")):
        report = reports.read(file)
        for row in [*report.repositories, *report.solutions]:
            if row.fingerprint and row.digest:
                found[row.repository] = Record(
                    row.repository, row.fingerprint, dict(row.refs), row.digest,
                    dict(row.files) if row.files is not None else None, row.remote, row.push, row.push_error,
                )  # fmt: skip
    for file in (out / STATE / "records").glob("*.json"):
        with suppress(ValueError, TypeError):  # one that was being written as the machine stopped
            record = Record(**json.loads(file.read_text(encoding="utf-8")))
            found[record.name] = record
    return found


def _forget(out: Path, plan: Plan, report: Report, known: dict[str, Record]) -> None:
    """Drop the records that the report holds now; keep those of repositories whose participants have left."""
    for row in [*report.repositories, *report.solutions]:
        (out / STATE / "records" / f"{row.repository}.json").unlink(missing_ok=True)
    for name in known.keys() - {one.name for one in [*plan.entries, *plan.solutions]}:
        if os.path.lexists(place(out, name, plan.manifest.output)):
            _write(out, known[name])


def place(out: Path, name: str, output: str) -> Path:
    """Return where the repository of that name lies."""
    return out / (f"{name}.zip" if output == ZIP else name)


def _task(plan: Plan, entry: Entry, out: Path, known: dict[str, Record], push: str | None) -> Task:
    there = os.path.lexists(place(out, entry.name, plan.manifest.output))
    record = known.get(entry.name) if there else None
    # The solutions are the organiser's: nothing pushes them where participants might look.
    remote = plans.fill_address(push, entry) if push and entry.number else None
    made = record is not None and record.fingerprint == entry.fingerprint
    return Task(entry.name, entry.mould, entry.values, entry.fingerprint, remote, record, made)


def _is_to_push(task: Task) -> bool:
    if task.remote is None or task.record is None:
        return False
    return task.record.push != "pushed" or task.record.remote != repository.without_credentials(task.remote)


def _refuse(tasks: Sequence[Task], plan: Plan, out: Path, *, rebuild: bool) -> None:
    """Raise where what is there is not of this manifest and nobody said to make it again."""
    odd = [one.name for one in tasks if one.record and not one.made]
    if odd and not rebuild:
        names = ", ".join(odd[:_NAMED]) + (f" and {len(odd) - _NAMED} more" if len(odd) > _NAMED else "")
        raise ProjectExistsError(
            f"{len(odd)} of {len(tasks)} repositories in {out} differ from {plan.manifest.file.path}: {names}",
            "add --rebuild to make these again, or choose another --out",
        )


# At work ----------------------------------------------------------------------------------------------------------


def _run(job: Job, tasks: Sequence[Task], jobs: int) -> Iterator[Done]:
    """Do tasks in processes and yield what became of them, as they end."""
    if not tasks:
        return
    waiting = deque(tasks)
    running: set[Future[Done]] = set()
    # Spawned everywhere: a fork would take along whatever threads and handlers the caller has.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(min(jobs, len(tasks)), context, _start, (job,))
    try:
        while waiting or running:
            while waiting and len(running) < jobs * _AHEAD:
                running.add(pool.submit(_do, waiting.popleft()))
            ended, running = wait(running, return_when=FIRST_COMPLETED)
            for future in ended:
                yield future.result()
    except BrokenProcessPool as error:
        raise OutputError(
            "a process that made repositories has died, perhaps for want of memory",
            "run the same again, with fewer --jobs; what is made stays",
        ) from error
    finally:
        # What has begun is ended, so that nothing is left half made; what waits is not begun.
        pool.shutdown(wait=True, cancel_futures=True)


_job: Job | None = None


def _start(job: Job) -> None:
    """Prepare a process for its tasks."""
    global _job  # noqa: PLW0603  a process has one
    _job = job
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)  # the first process hears them and says when to end
    threading.Thread(target=_follow, daemon=True).start()
    validate.warm()


def _follow() -> None:
    """End this process when the one that started it has died."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _do(task: Task) -> Done:
    """Make one repository and push it, if that is wanted; whatever goes wrong is told, not raised."""
    job = _job
    if job is None:
        return Done(task.name, None, "the process was not prepared")
    record = task.record if task.made else None
    try:
        if record is None:
            record = _make(job, task)
    except ScaffoldError as error:
        return Done(task.name, task.record, f"{error.message}{f' ({error.hint})' if error.hint else ''}")
    except OSError as error:
        return Done(task.name, task.record, error.strerror or str(error))
    except Exception as error:  # noqa: BLE001  the others go on
        _log.debug("failed", exc_info=True)
        return Done(task.name, task.record, f"{type(error).__name__}: {error}")
    if task.remote:
        record = _push(job, task.remote, record)
    return Done(task.name, record)


def _make(job: Job, task: Task) -> Record:
    mould = job.moulds[task.mould]
    refusals = plans.refusals(plans.templates(mould, task.values))
    if refusals:
        raise OutputError(f"the SAM translator refuses template.yaml: {'; '.join(refusals)}")
    target = place(job.out, task.name, job.output)
    if task.record is None and os.path.lexists(target):
        raise ProjectExistsError(f"{target} exists and is not of this workshop; it is never touched")
    states = [
        repository.State(
            commit.message,
            commit.tag,
            {path: (one.fill(task.values), one.executable) for path, one in commit.files.items()},
        )
        for commit in mould.commits
    ]
    stage = job.out / STATE / "stage" / f"{task.name}.{os.urandom(4).hex()}"
    try:
        if job.output == GIT:
            made = repository.write_git(stage, states, mould.start, job.author, job.date)
        elif job.output == FOLDER:
            made = repository.write_folder(stage, states, mould.start)
        else:
            made = repository.write_zip(stage, states, mould.start, task.name, job.date)
        record = Record(task.name, task.fingerprint, made.refs, made.digest, made.files)
        _publish(job, task, stage, target, record)
    finally:
        if job.output == ZIP:
            stage.unlink(missing_ok=True)
        else:
            shutil.rmtree(stage, ignore_errors=True)
    return record


def _publish(job: Job, task: Task, stage: Path, target: Path, record: Record) -> None:
    """Put a repository in its place: away with the old one, the record, then the new one."""
    if task.record is not None and os.path.lexists(target):
        changed = verify.changes(target, job.output, task.record.refs, task.record.digest, task.record.files)
        if changed:
            raise ProjectExistsError(
                f"{target} has changed since it was made ({changed[0]}), so it is not made again", "move it away first"
            )
        old = stage.with_name(f"{stage.name}.old")
        target.rename(old)
        shutil.rmtree(old) if old.is_dir() else old.unlink()
    _write(job.out, record)
    stage.rename(target)


def _write(out: Path, record: Record) -> None:
    path = out / STATE / "records" / f"{record.name}.json"
    stage = path.with_suffix(".tmp")
    stage.write_text(json.dumps(asdict(record)), encoding="utf-8")
    stage.replace(path)


def _push(job: Job, remote: str, record: Record) -> Record:
    shown = repository.without_credentials(remote)
    try:
        repository.push(job.out / record.name, remote)
        record = replace(record, remote=shown, push="pushed", push_error=None)
    except OutputError as error:
        record = replace(record, remote=shown, push="failed", push_error=error.message)
    with suppress(OSError):  # it is pushed, or not, all the same
        _write(job.out, record)
    return record


# Afterwards -------------------------------------------------------------------------------------------------------


def _report(
    plan: Plan, entries: Sequence[Entry], results: dict[str, Done], shard: tuple[int, int] | None, push: str | None
) -> Report:
    manifest = plan.manifest
    own = {one.name for one in plan.solutions}
    solved = manifest.solutions != SEPARATE
    rows = [_row(plan, one, results.get(one.name), push) for one in entries]
    return Report(
        tool=f"sam-scaffold {__version__}",
        title=manifest.title,
        date=manifest.date,
        workshop=plan.fingerprint,
        output=manifest.output,
        total=len(plan.entries),
        shard=f"{shard[0]}/{shard[1]}" if shard else None,
        steps=tuple(
            Step(one.name, f"step-{number}-start", f"step-{number}-solution" if one.solution and solved else None)
            for number, one in enumerate(manifest.steps, 1)
        ),
        repositories=tuple(row for row in rows if row.repository not in own),
        solutions=tuple(row for row in rows if row.repository in own),
    )


def _row(plan: Plan, entry: Entry, done: Done | None, push: str | None) -> Row:
    record = done.record if done else None
    variant = entry.variant
    facts: dict[str, Any] = {key: variant.facts[key] for key in ("language", "runtime", "package_type")}
    known: dict[str, Any] = {}
    if record:
        known = {key: value for key, value in asdict(record).items() if key != "name"}
    enter = f"cd {entry.name}"
    if plan.manifest.output != GIT and plan.manifest.steps:
        enter += "/step-1-start"
    return Row(
        number=entry.number,
        name=entry.person,
        handle=entry.handle,
        repository=entry.name,
        stack_name=entry.stack_name,
        status="failed" if done and done.error else "ready" if record else "missing",
        error=done.error if done else None,
        clone=_clone(plan, entry, push),
        commands=tuple(line for line in (enter, variant.install, variant.test) if line),
        **facts,
        **{"refs": {}, **known},
    )


def _clone(plan: Plan, entry: Entry, push: str | None) -> str | None:
    """Return the command that gets a repository."""
    if plan.manifest.output == ZIP:
        return f"unzip {entry.name}.zip"
    if plan.manifest.output == FOLDER:
        return None
    address = plan.clone(entry) if entry.number else None
    if address is None and push and entry.number:
        address = repository.without_credentials(plans.fill_address(push, entry))
    return f"git clone {address or entry.name}"
