"""The entry point of the command: sets up signals first, then loads everything else.

This module imports little, so that signals are handled from the first milliseconds on, and so that the translator's
process starts before the rest is loaded.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from contextlib import suppress
from typing import NoReturn

from scaffold.lazy import unwrapped

_SIGNALS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))


class _Terminated(SystemExit):
    """Ends the process after a signal, with the code that a shell expects."""


def _terminate(number: int, _frame: object) -> NoReturn:
    """End the process, running every ``finally`` on the way."""
    for other in _SIGNALS:  # they often come in pairs; the second one must not interrupt the cleanup
        signal.signal(other, signal.SIG_IGN)
    raise _Terminated(128 + number)


def _repeat(lost: sys.UnraisableHookArgs) -> None:
    """Repeat a signal whose exception Python has dropped, as it does in destructors and in callbacks of its own.

    A moment later, since here it would be dropped once more.
    """
    error = lost.exc_value
    if not isinstance(error, KeyboardInterrupt | _Terminated) or not hasattr(signal, "setitimer"):
        sys.__unraisablehook__(lost)
        return

    def end(_number: int, _frame: object) -> NoReturn:
        raise error

    signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, 0.001)


def main() -> None:
    """Run the command line and exit with its code; this is the console script."""
    arguments = sys.argv[1:]
    try:
        sys.unraisablehook = _repeat
        for number in _SIGNALS:
            signal.signal(number, _terminate)
        with unwrapped():
            code = _load_and_run(arguments)
    except _Terminated:
        if arguments[:1] == ["init"]:  # as after Ctrl-C
            # Not through a buffer: the terminal may be gone, and what stays in a buffer fails once more at the exit.
            with suppress(AttributeError, OSError, ValueError):  # there may be no standard error
                os.write(sys.stderr.fileno(), b"\nInterrupted.\n")
        raise
    except KeyboardInterrupt:
        code = 130
    except Exception as error:  # noqa: BLE001  a library that cannot be loaded, before there is anything to tell it with
        code = _report(error, arguments)
    sys.exit(code)


def _load_and_run(arguments: list[str]) -> int:
    if arguments[:1] == ["init"] and not {"--help", "-h"} & set(arguments):
        from scaffold.translator import client  # noqa: PLC0415

        with suppress(OSError):  # told when it is needed: by then there is something to tell it with
            client.start()
        gc.disable()  # the process is short, and there is no garbage while modules load
    from scaffold import cli  # noqa: PLC0415

    return cli.main(arguments)


def _report(error: Exception, arguments: list[str]) -> int:
    """Print that the command itself cannot be loaded, as :mod:`scaffold.cli.edge` would, and return the exit code."""
    import itertools  # noqa: PLC0415
    import json  # noqa: PLC0415
    import traceback  # noqa: PLC0415

    if "--debug" in arguments:
        traceback.print_exc()
    message = " ".join(f"the installation of sam-scaffold is incomplete: {type(error).__name__}: {error}".split())
    hint = "install it again"
    words = [argument.lower() for argument in arguments]
    if "--output=json" in words or ("--output", "json") in itertools.pairwise(words):
        unknown = dict.fromkeys(("flag", "file", "line", "column", "value"))
        row: dict[str, object] = {**unknown, "message": message, "hint": hint, "allowed": []}
        detail = {"type": "InternalError", "message": message, "resources": None, "problems": [row]}
        sys.stdout.write(json.dumps({"type": "result", "status": "failure", "error": detail}) + "\n")
    sys.stderr.write(f"Error: {message}\n  {hint}\n")
    return 1


if __name__ == "__main__":
    main()
