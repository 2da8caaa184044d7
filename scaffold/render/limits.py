"""What the process that renders a custom template may use, where the system can limit it.

Limits keep a template's mistake from taking the whole machine; like the fence, they replace no trust.
"""

from __future__ import annotations

import errno

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

MEMORY = 2 << 30  # bytes of address space; cookiecutter takes 40 MB of it for a template of 200 files
FILE = 512 << 20  # bytes of one file, as much as all files of a template may have
_RESERVE = 64 << 20  # bytes, to tell that the memory is over

_limited: set[str] = set()


def apply() -> None:
    """Limit this process and all that it starts, for good; do nothing on systems without such limits."""
    _limit("RLIMIT_AS", MEMORY, MEMORY + _RESERVE)
    _limit("RLIMIT_FSIZE", FILE, FILE)


def _limit(name: str, soft: int, hard: int) -> None:
    number = getattr(resource, name, None)
    if number is None:
        return
    _, before = resource.getrlimit(number)
    if before != resource.RLIM_INFINITY and before <= hard:
        soft, hard = min(soft, before), before
    try:
        resource.setrlimit(number, (soft, hard))
        _limited.add(name)
    except (OSError, ValueError):
        return  # macOS knows a limit of memory, and takes none


def exceeded(error: BaseException) -> str:
    """Return which limit an error comes from, as a message; nothing if it comes from none."""
    if isinstance(error, MemoryError) and "RLIMIT_AS" in _limited:
        return f"the template was stopped: without hooks, it may take {MEMORY >> 30} GB of memory"
    if isinstance(error, OSError) and error.errno == errno.EFBIG and "RLIMIT_FSIZE" in _limited:
        return f"the template was stopped: without hooks, a file may have {FILE >> 20} MB"
    return ""


def use_reserve(error: BaseException) -> None:
    """Have enough memory to tell that there is no more, if that is what an error says."""
    if isinstance(error, MemoryError) and "RLIMIT_AS" in _limited:
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
