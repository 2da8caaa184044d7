"""Makes what a plan says: by processes, whole or not at all, and again from where it was interrupted.

Each repository is made in a hidden folder beside its place and put there by one rename.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import shutil
import signal
import sys
import threading
from collections import deque
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from multiprocessing import connection, resource_tracker
from typing import TYPE_CHECKING, Any

from scaffold import __version__
from scaffold.errors import InternalError, OutputError, ProjectExistsError, ScaffoldError
from scaffold.translator import client
from scaffold.workshop import plan as plans
from scaffold.workshop import records, repository, verify
from scaffold.workshop.manifest import FOLDER, GIT, SEPARATE, ZIP
from scaffold.workshop.records import Record, place
from scaffold.workshop.report import Report, Row, Step
from scaffold.workshop.states import State

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess
    from pathlib import Path
    from types import FrameType

    from scaffold.workshop.mould import Mould
    from scaffold.workshop.plan import Entry, Plan

_NAMED = 10  # repositories that one message names
_SECONDS = 5  # for a process to end, before it is killed
_SIGNALS = {getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)}
_log = logging.getLogger(__name__)


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
    client.stop()  # the plan is checked: from here on each process has a translator of its own
    entries = [one for number, one in enumerate(plan.entries) if not shard or number % shard[1] == shard[0] - 1]
    entries += plan.solutions if not shard or shard[0] == 1 else ()
    with records.locked(out):
        known = records.known(out)
        tasks = [_task(entry, out, known, push) for entry in entries]
        _refuse(tasks, plan, out, rebuild=rebuild)
        todo = [one for one in tasks if _is_to_do(one)]
        results = {one.name: Done(one.name, one.record) for one in tasks if not _is_to_do(one)}
        progress(len(results), len(tasks))
        job = Job(out, plan.manifest.output, plan.manifest.author, plan.manifest.date, plan.moulds)
        try:
            with closing(_run(job, todo, jobs)) as ended:
                for done in ended:
                    results[done.name] = done
                    progress(len(results), len(tasks))
        except BaseException:
            # What was interrupted is what is to be told, even where the report cannot be written any more.
            with suppress(ScaffoldError):
                records.settle(out, _report(plan, entries, results | _found(out, todo, results), shard, push), known)
            raise
        report = _report(plan, entries, results, shard, push)
        records.settle(out, report, known)
        return report


def _found(out: Path, todo: Sequence[Task], results: dict[str, Done]) -> dict[str, Done]:
    """Return what is there of tasks whose end nobody heard of."""
    found = {}
    for task in todo:
        if task.name not in results:
            record = records.of(out, task.name) or task.record
            if record and os.path.lexists(place(out, task.name, record.output)):
                found[task.name] = Done(task.name, record)
    return found


# Before -----------------------------------------------------------------------------------------------------------


def _task(entry: Entry, out: Path, known: dict[str, Record], push: str | None) -> Task:
    record = known.get(entry.name)
    if record and not os.path.lexists(place(out, entry.name, record.output)):
        record = None
    # The solutions are the organiser's: nothing pushes them where participants might look.
    remote = plans.fill_address(push, entry) if push and entry.number else None
    made = record is not None and record.fingerprint == entry.fingerprint
    return Task(entry.name, entry.mould, entry.values, entry.fingerprint, remote, record, made)


def _is_to_do(task: Task) -> bool:
    """Return whether a repository is to be made, or one that was made is to be pushed."""
    if not task.made or task.remote is None or task.record is None:
        return not task.made
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


def _run(job: Job, tasks: Sequence[Task], jobs: int) -> Generator[Done, None, None]:
    """Do tasks in processes and yield what became of them, as they end.

    Each process has a pipe of its own and shares nothing with the others: so one may be killed at any moment.
    """
    waiting = deque(tasks)
    workers: dict[Connection, BaseProcess] = {}
    try:
        for _ in range(min(jobs, len(tasks))):
            pipe, process = _hire(job)
            workers[pipe] = process
            pipe.send(waiting.popleft())
        while workers:
            ready = connection.wait([*workers])
            for pipe in [one for one in workers if one in ready]:
                yield pipe.recv()
                if waiting:
                    pipe.send(waiting.popleft())
                else:
                    pipe.close()
                    workers.pop(pipe).join()
    except (EOFError, BrokenPipeError, ConnectionResetError) as error:
        raise OutputError(
            "a process that made repositories has died, perhaps for want of memory",
            "run the same again, with fewer --jobs; what is made stays",
        ) from error
    except OSError as error:
        raise OutputError(f"no process can be started: {error.strerror or error}", "take fewer --jobs") from error
    finally:
        # Whatever is half made lies in the stage. So nobody waits for a push that may take minutes.
        for process in workers.values():
            process.terminate()
        for pipe, process in workers.items():
            process.join(_SECONDS)
            process.kill()
            process.join()
            pipe.close()


def _hire(job: Job) -> tuple[Connection, BaseProcess]:
    # Spawned everywhere: a fork would take along whatever threads and handlers the caller has.
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_work, args=(theirs, job), daemon=True)
    with _deaf():
        process.start()
    theirs.close()
    return ours, process


@contextmanager
def _deaf() -> Iterator[None]:
    """Let nothing interrupt the start of a process, and that process never hear of Ctrl-C: the first one ends it."""
    if sys.platform == "win32":
        yield
        return
    resource_tracker.ensure_running()  # which unblocks signals as it starts
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(pipe: Connection, job: Job) -> None:
    """Do the tasks that come through a pipe until it is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _end)
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS - {signal.SIGINT})
    threading.Thread(target=_follow, daemon=True).start()
    client.start()
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            pipe.send(_do(job, pipe.recv()))
    client.stop()


def _end(_number: int = 0, _frame: FrameType | None = None) -> None:
    """End this process at once, with what it has started; nothing is in a place where half of it would be seen."""
    repository.stop_pushing()
    os._exit(1)


def _follow() -> None:
    """End this process when the one that started it has died."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        _end()


def _do(job: Job, task: Task) -> Done:
    """Make one repository and push it, if that is wanted; whatever goes wrong is told, not raised."""
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


def _refusals(texts: Sequence[str]) -> list[str]:
    try:
        return plans.refusals(texts)
    except (InternalError, ValueError):
        client.stop()  # its process was killed: a new one answers, for this repository and those after it
        return plans.refusals(texts)


def _make(job: Job, task: Task) -> Record:
    mould = job.moulds[task.mould]
    refusals = _refusals(plans.templates(mould, task.values))
    if refusals:
        raise OutputError(f"the SAM translator refuses template.yaml: {'; '.join(refusals)}")
    target = place(job.out, task.name, job.output)
    if os.path.lexists(target) and (task.record is None or place(job.out, task.name, task.record.output) != target):
        made = records.of(job.out, task.name)
        if made and made.fingerprint == task.fingerprint:
            return made  # by a process of a build that was killed a moment ago
        raise ProjectExistsError(f"{target} exists and is not of this workshop; it is never touched")
    states = [
        State(
            commit.message,
            commit.tag,
            {path: (one.fill(task.values), one.executable) for path, one in commit.files.items()},
        )
        for commit in mould.commits
    ]
    stage = records.stage(job.out) / f"{task.name}.{os.urandom(4).hex()}"
    try:
        if job.output == GIT:
            wrote = repository.write_git(stage, states, mould.start, job.author, job.date)
        elif job.output == FOLDER:
            wrote = repository.write_folder(stage, states, mould.start)
        else:
            wrote = repository.write_zip(stage, states, mould.start, task.name, job.date)
        record = Record(task.name, job.output, task.fingerprint, wrote.refs, wrote.digest, wrote.files)
        _publish(job, task, stage, target, record)
    finally:
        _remove(stage)
    return record


def _publish(job: Job, task: Task, stage: Path, target: Path, record: Record) -> None:
    """Put a repository in its place: away with the old one, the record, then the new one."""
    prepared = records.prepare(job.out, record)  # from here on there are renames alone
    old = None
    if task.record is not None:
        there = place(job.out, task.name, task.record.output)
        changed = verify.changes(there, task.record)
        if changed:
            prepared.unlink()
            raise ProjectExistsError(
                f"{there} has changed since it was made ({changed[0]}), so it is not made again", "move it away first"
            )
        old = stage.with_name(f"{stage.name}.old")
        there.rename(old)
    records.keep(job.out, record, prepared)
    stage.rename(target)
    if old:
        _remove(old)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _push(job: Job, remote: str, record: Record) -> Record:
    shown = repository.without_credentials(remote)
    try:
        repository.push(job.out / record.name, remote)
        record = replace(record, remote=shown, push="pushed", push_error=None)
    except OutputError as error:
        record = replace(record, remote=shown, push="failed", push_error=error.message)
    with suppress(OSError):  # it is pushed, or not, all the same
        records.keep(job.out, record)
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
        known = {key: value for key, value in asdict(record).items() if key not in {"name", "output"}}
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
        clone=_clone(plan, entry, push, record),
        commands=tuple(line for line in (enter, variant.install, variant.test) if line),
        **facts,
        **{"refs": {}, **known},
    )


def _clone(plan: Plan, entry: Entry, push: str | None, record: Record | None) -> str | None:
    """Return the command that gets a repository."""
    if plan.manifest.output == ZIP:
        return f"unzip {entry.name}.zip"
    if plan.manifest.output == FOLDER:
        return None
    address = plan.clone(entry) if entry.number else None
    if address is None and record:
        address = record.remote
    if address is None and push and entry.number:
        address = repository.without_credentials(plans.fill_address(push, entry))
    return f"git clone {address or entry.name}"
