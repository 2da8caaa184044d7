"""Starts the SAM translator and asks it.

Importing the translator takes several times as long as everything else, so a second process does it while the
first one renders, or while a person thinks at a prompt.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TypedDict

from scaffold.errors import InternalError


class Row(TypedDict):
    """What is wrong with a template, as the process says it.

    ``path`` are the keys that lead there, ``type`` is the resource's, and ``hint`` is empty where the process has none.
    """

    message: str
    path: list[str | int]
    type: str
    hint: str


class Translator:
    """A process that has loaded the translator, or is loading it; takes any number of templates, one at a time."""

    def __init__(self) -> None:
        # Not `-m`: that would put the working directory, which is the user's, in front of the module path.
        code = "import sys; sys.path[:] = sys.argv[1:]; from scaffold.translator.server import serve; serve()"
        # A session of its own: Ctrl-C is for the parent, which then closes the pipe.
        self._process = subprocess.Popen(  # noqa: S603  our own interpreter and our own code
            [sys.executable, "-I", "-S", "-c", code, *(path for path in sys.path if path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )

    def translate(self, text: str) -> list[Row]:
        """Translate a template, given as text, and return what is wrong with it. Raises :class:`InternalError`."""
        pipe = self._process
        if pipe.stdin is None or pipe.stdout is None:
            raise InternalError("the translator has no pipes")
        try:
            pipe.stdin.write(json.dumps(text).encode() + b"\n")
            pipe.stdin.flush()
            answer = pipe.stdout.readline()
        except BrokenPipeError:
            answer = b""
        if not answer:
            raise InternalError("the SAM translator stopped without an answer", "run again with --debug")
        rows: list[Row] = json.loads(answer)
        return rows

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


_running: Translator | None = None


def start() -> Translator:
    """Start loading the translator, once; return at once."""
    global _running  # noqa: PLW0603  one process serves the whole run
    if _running is None:
        _running = Translator()
    return _running


def stop() -> None:
    """End the process that :func:`start` started, if there is one."""
    global _running  # noqa: PLW0603
    if _running is not None:
        _running.close()
        _running = None


def translate(text: str) -> list[Row]:
    """Return what is wrong with a template, given as text; an empty list is a valid template."""
    return start().translate(text)
