"""The day on which the tests run: as time goes by, runtimes are deprecated and then blocked.

`python tests/clock.py init …` is the command line on that day.
"""

from __future__ import annotations

import importlib
from datetime import date

# When the catalogue is brought up to date, so is this day; README.md's table is that of its cells.
TODAY = date(2026, 11, 25)


class _Date(date):
    @classmethod
    def today(cls) -> date:
        return TODAY


def stop() -> None:
    """Let every catalogue that is read from now on be that of TODAY."""
    catalogue = importlib.import_module("scaffold.catalogue")
    catalogue.date = _Date


if __name__ == "__main__":
    stop()
    importlib.import_module("scaffold.__main__").main()
