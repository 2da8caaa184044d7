"""The day on which the tests run: as time goes by, runtimes are deprecated and then blocked.

`python tests/clock.py init …` is the command line on that day.
"""

from __future__ import annotations

import importlib
from datetime import date, datetime

# When the catalogue is brought up to date, so is this day; README.md's table is that of its cells.
TODAY = date(2026, 11, 25)
_LIFECYCLE_RULES = "cfnlint.rules.resources.lmbd.DeprecatedRuntime"


class _Date(date):
    @classmethod
    def today(cls) -> date:
        return TODAY


class _DateTime(datetime):
    @classmethod
    def today(cls) -> datetime:
        return cls.combine(TODAY, datetime.min.time())


def stop() -> None:
    """Let every catalogue that is read from now on be that of TODAY."""
    catalogue = importlib.import_module("scaffold.catalogue")
    catalogue.date = _Date


def stop_for_cfn_lint() -> None:
    """Let cfn-lint judge runtimes as of TODAY."""
    for rule in ("Create", "Eol", "Update"):
        importlib.import_module(_LIFECYCLE_RULES + rule).datetime = _DateTime


if __name__ == "__main__":
    stop()
    importlib.import_module("scaffold.__main__").main()
