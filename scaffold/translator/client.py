"""Starts the SAM translator and asks it.

Importing the translator takes several times as long as everything else, so a second process does it while the
first one renders, or while a person thinks at a prompt. This module loads little, so that it starts early.
"""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scaffold.errors import Problem


class Translator:
    """A process that has loaded the translator, or is loading it; takes any number of templates, one at a time.

    Stand-ins for some libraries make it load in a fraction of the time. Raises ``OSError`` where it cannot be started.
    """

    def __init__(self, *, stand_ins: bool = True) -> None:
        # Not `-m`: that would put the working directory, which is the user's, in front of the module path.
        code = (
            "import sys; sys.path[:] = sys.argv[1:]; from scaffold.translator.server import serve; "
            f"serve(stand_ins={stand_ins})"
        )
        # A session of its own: Ctrl-C is for the parent, which then closes the pipe. What it writes to standard error,
        # as its interpreter dies for example, is shown only to those who ask for it.
        self._process = subprocess.Popen(  # noqa: S603  our own interpreter and our own code
            [sys.executable, "-I", "-S", "-c", code, *(path for path in sys.path if path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=None if "--debug" in sys.argv else subprocess.DEVNULL,
            start_new_session=True,
        )

    def ask(self, text: str) -> dict[str, Any]:
        """Return the answer to a template: :func:`scaffold.translator.server.serve` says what is in it.

        Raises :class:`InternalError` where the process has died.
        """
        import json  # noqa: PLC0415

        from scaffold.errors import InternalError  # noqa: PLC0415

        pipe = self._process
        if pipe.stdin is None or pipe.stdout is None:
            raise InternalError("the SAM translator's process has no pipes")
        try:
            pipe.stdin.write(json.dumps(text).encode() + b"\n")
            pipe.stdin.flush()
            line = pipe.stdout.readline()
        except BrokenPipeError:
            line = b""
        if not line.endswith(b"\n"):
            raise InternalError(f"the SAM translator's process ended without an answer{self._reason()}", _AGAIN)
        answer: dict[str, Any] = json.loads(line)
        return answer

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid

    def _reason(self) -> str:
        with suppress(subprocess.TimeoutExpired):
            code = self._process.wait(timeout=1)
            return f": killed by signal {-code}" if code < 0 else f": exit code {code}"
        return ""

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                try:
                    pipe.close()
                except BrokenPipeError:
                    continue


_AGAIN = "run the command again, with --debug if it stays so"
_REINSTALL = "install sam-scaffold again; --debug shows what cannot be loaded"
_CHECK = "a deployment would end there, too: check the values for one of the wrong type"

_running: dict[bool, Translator] = {}  # with stand-ins, and without


def start(*, stand_ins: bool = True) -> Translator:
    """Start loading the translator, once; return at once. Raises ``OSError`` where it cannot be started."""
    if stand_ins not in _running:
        _running[stand_ins] = Translator(stand_ins=stand_ins)
    return _running[stand_ins]


def stop() -> None:
    """End the processes that were started."""
    while _running:
        _, translator = _running.popitem()
        translator.close()


def translate(text: str) -> list[Problem]:
    """Return what is wrong with a template, given as text, each problem at its keys; nothing for a valid template.

    Where a stand-in does not do, the libraries themselves are loaded in another process: they decide. Raises
    :class:`InternalError` where the translator cannot be loaded, and where its process dies.
    """
    from scaffold.errors import InternalError, Problem  # noqa: PLC0415

    for stand_ins in (True, False):
        try:
            translator = start(stand_ins=stand_ins)
        except OSError as error:
            reason = error.strerror or error
            raise InternalError(f"the SAM translator's process cannot be started: {reason}", _AGAIN) from error
        answer = translator.ask(text)
        if "problems" in answer:
            return [Problem(tuple(row["keys"]), row["message"], row["hint"]) for row in answer["problems"]]
        _log(stand_ins, answer["traceback"])
    if not answer["is_loaded"]:
        raise InternalError(f"the SAM translator cannot be loaded: {answer['failure']}", _REINSTALL)
    return [Problem((), f"the SAM translator fails on the template: {answer['failure']}", _CHECK)]


def _log(stand_ins: bool, trace: str) -> None:  # noqa: FBT001  one value of two
    import logging  # noqa: PLC0415

    logging.getLogger(__name__).debug("the translator failed, stand-ins: %s\n%s", stand_ins, trace)
