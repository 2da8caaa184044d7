"""The entry point of the command: sets up signals first, then loads everything else.

This module imports little, so that signals are handled from the first milliseconds on, and so that the translator's
process starts before the rest is loaded.
"""

from __future__ import annotations

import gc
import signal
import sys
from typing import NoReturn


def _terminate(number: int, _frame: object) -> NoReturn:
    """Exit with the code that a shell expects after a signal, running every ``finally`` on the way."""
    raise SystemExit(128 + number)


def main() -> None:
    """Run the command line and exit with its code; this is the console script."""
    try:
        for name in ("SIGTERM", "SIGHUP"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), _terminate)
        arguments = sys.argv[1:]
        if arguments[:1] == ["init"] and not {"--help", "-h"} & set(arguments):
            from scaffold.translator import client  # noqa: PLC0415

            client.start()
            gc.disable()  # the process is short, and there is no garbage while modules load
        from scaffold import cli  # noqa: PLC0415

        code = cli.main(arguments)
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)


if __name__ == "__main__":
    main()
