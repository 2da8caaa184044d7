"""Processes that do the tasks of a build.

Each has a pipe of its own and shares nothing with the others: so one may be killed at any moment.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from contextlib import contextmanager, suppress
from multiprocessing import connection, resource_tracker
from typing import TYPE_CHECKING

from scaffold import git_program
from scaffold.errors import OutputError
from scaffold.translator import client
from scaffold.workshop import task as tasks

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess
    from types import FrameType

    from scaffold.workshop.task import Job, Outcome, Task

_SECONDS = 5  # for a process to end, before it is killed
_SIGNALS = {getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)}


def run(job: Job, todo: Sequence[Task], jobs: int) -> Generator[Outcome, None, None]:
    """Do tasks in ``jobs`` processes and yield what became of them, as they end.

    Raises :class:`OutputError` where a process cannot be started, or has died.
    """
    waiting = deque(todo)
    workers: dict[Connection, BaseProcess] = {}
    try:
        for _ in range(min(jobs, len(todo))):
            pipe, process = _start(job)
            workers[pipe] = process
            pipe.send(waiting.popleft())
        while workers:
            ready = connection.wait([*workers])
            for pipe in [pipe for pipe in workers if pipe in ready]:
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


def _start(job: Job) -> tuple[Connection, BaseProcess]:
    # Spawned everywhere: a fork would take along whatever threads and handlers the caller has.
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_work, args=(theirs, job), daemon=True)
    with _signals_blocked():
        process.start()
    theirs.close()
    return ours, process


@contextmanager
def _signals_blocked() -> Iterator[None]:
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
    threading.Thread(target=_follow_parent, daemon=True).start()
    client.start()
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            pipe.send(tasks.run(job, pipe.recv()))
    client.stop()


def _end(_number: int = 0, _frame: FrameType | None = None) -> None:
    """End this process at once, with what it has started; nothing is in a place where half of it would be seen."""
    git_program.stop()
    os._exit(1)


def _follow_parent() -> None:
    """End this process when the one that started it has died."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        _end()
