"""The folders that the operating system has for a user's configuration and caches."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_NAME = "sam-scaffold"


def configuration() -> Path | None:
    """Return the folder of the user's configuration, which need not be there; ``None`` for a user without a home."""
    from platformdirs import user_config_path  # noqa: PLC0415  takes time to load

    return _absolute(lambda: user_config_path(_NAME, appauthor=False))


def cache() -> Path | None:
    """Return the folder of what can be had again, which need not be there; ``None`` for a user without a home."""
    from platformdirs import user_cache_path  # noqa: PLC0415

    return _absolute(lambda: user_cache_path(_NAME, appauthor=False))


def _absolute(folder: Callable[[], Path]) -> Path | None:
    try:
        found = folder()
    except RuntimeError:  # a user that the system does not know, as in a container
        return None
    # Some versions of platformdirs return a path in the working folder then, whose files are somebody else's.
    return found if found.is_absolute() and "~" not in found.parts else None
