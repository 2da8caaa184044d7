"""The process that renders a custom template: started, asked, and ended with everything that its hooks have started."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scaffold import staging
from scaffold.code_files import shown
from scaffold.errors import (
    CustomTemplateError,
    FilePosition,
    InternalError,
    InvalidAnswersError,
    InvalidCustomTemplateError,
    Problem,
)

if TYPE_CHECKING:
    from scaffold.errors import ScaffoldError

# Seconds that a step may take: a question, or the rendering with its hooks.
LIMIT: float = 600
LIMIT_WITHOUT_HOOKS: float = 60
# Without hooks, what Python itself needs to start, wherever its libraries are.
_KEPT = ("SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")


class Renderer:
    """A process of :mod:`scaffold.render.custom`. Raises :class:`InternalError` where it cannot be started."""

    def __init__(self, temporary: Path, *, hooks: bool) -> None:
        self._hooks = hooks
        self._lock = threading.Lock()
        self._has_ended = False
        self._is_late = False
        # Not `-m`: that would put the working directory, which may be a template's, in front of the module path.
        code = "import sys; sys.path[:] = sys.argv[1:]; from scaffold.render.custom import main; main()"
        paths = [str(Path(path).resolve()) for path in sys.path if path]
        try:
            # A session of its own, so that all in it can be ended together; no terminal, so that no hook waits for one.
            self._process = subprocess.Popen(  # noqa: S603  our own interpreter and our own code
                [sys.executable, "-I", "-S", "-X", "utf8", "-c", code, *paths],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=None if hooks or "--debug" in sys.argv else subprocess.DEVNULL,
                env=None if hooks else {name: os.environ[name] for name in _KEPT if name in os.environ},
                cwd=None if hooks else temporary,
                start_new_session=True,
                creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
            )
        except OSError as error:
            reason = error.strerror or error
            raise InternalError(f"the process that renders templates cannot be started: {reason}") from error

    def ask(self, action: str, **values: Any) -> Any:  # noqa: ANN401  whatever the action answers
        """Return the answer to a request.

        Raises :class:`CustomTemplateError` for what is wrong with the template, and where the time is over. After
        that, and after an interrupt, the process has ended.
        """
        timer = threading.Timer(self._limit(), self._end_late)
        timer.daemon = True
        timer.start()
        try:
            line = self._exchange(json.dumps({"do": action, **values}))
        except BaseException:
            self.end()
            raise
        finally:
            timer.cancel()
        if not line.endswith(b"\n"):
            raise self._failure()
        answer = json.loads(line)
        if "error" in answer:
            raise _error(answer["error"])
        return answer["ok"]

    def _exchange(self, request: str) -> bytes:
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            raise InternalError("the process that renders templates has no pipes")
        try:
            stdin.write(request.encode() + b"\n")
            stdin.flush()
            return stdout.readline()
        except BrokenPipeError:
            return b""

    def _failure(self) -> CustomTemplateError:
        """Return why there is no answer, and end what is left of the process."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=1)
        self.end()
        if self._is_late:
            return CustomTemplateError(
                f"the template was stopped: it took longer than {self._limit()} s",
                "a loop in it, or a hook, may have no end",
            )
        code = self._process.returncode
        reason = f"was killed by signal {-code}" if code < 0 else f"ended with exit code {code}"
        return CustomTemplateError(f"the process that renders the template {reason}")

    def _limit(self) -> float:
        return LIMIT if self._hooks else LIMIT_WITHOUT_HOOKS

    def _end_late(self) -> None:
        self._is_late = True
        self._end()

    def end(self) -> None:
        """End the process, whatever it is doing, and what hooks have left behind."""
        with staging.ignore_signals():
            self._end()
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                with suppress(OSError):
                    if pipe:
                        pipe.close()

    def _end(self) -> None:
        with self._lock:
            if self._has_ended:
                return
            self._has_ended = True
            if os.name == "nt":
                command = ["taskkill", "/T", "/F", "/PID", str(self._process.pid)]
                subprocess.run(command, check=False, capture_output=True)  # noqa: S603  a number of ours
            else:
                _end_group(self._process.pid)
            with suppress(OSError):
                self._process.kill()


def _end_group(leader: int) -> None:
    """Kill a process, its group, and on Linux all its descendants: it adopts those whose parents have ended."""
    _send(leader, signal.SIGSTOP)  # it starts no more of them
    while pids := _descendants(leader):
        for pid in pids:
            _send(pid, signal.SIGKILL)
    with suppress(OSError):
        os.killpg(leader, signal.SIGKILL)


def _send(pid: int, number: signal.Signals) -> None:
    with suppress(OSError):
        os.kill(pid, number)


def _descendants(pid: int) -> set[int]:
    """Return the processes below one that are not dead yet; none where there is no /proc."""
    children: dict[int, list[tuple[int, str]]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, ValueError, IndexError):
            # https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html: the name, in brackets, may hold anything
            state, parent = path.read_bytes().rpartition(b")")[2].decode("ascii").split()[:2]
            children.setdefault(int(parent), []).append((int(path.parent.name), state))
    running: set[int] = set()
    parents = [pid]
    while parents:
        for child, state in children.get(parents.pop(), ()):
            parents.append(child)
            if state not in "ZXx":
                running.add(child)
    return running


def _error(row: dict[str, Any]) -> ScaffoldError:
    message, hint = shown_text(row["message"]), shown_text(row.get("hint", ""))
    if row.get("is_answer"):
        return InvalidAnswersError([Problem(("extra_context",), message, hint or "choose another name")])
    if not row.get("file"):
        return CustomTemplateError(message, hint)
    position = FilePosition(shown(row["file"]), row["line"], row["column"])
    return InvalidCustomTemplateError([Problem(position, message, hint)])


def shown_text(text: str) -> str:
    """Return a template's text as a person may see it: on one line, and escaped if it has what a terminal obeys."""
    return shown(" ".join(text.split()))
