"""What can go wrong, each with the exit code that a script may rely on.

Exit codes: 0 done, 1 failed, 2 usage, 3 findings, 130 interrupted. They extend those of ``sam init``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable


class ScaffoldError(Exception):
    """Something a user can understand and act on; printed without a traceback.

    ``hint`` says what to do about it, where there is something to do.
    """

    exit_code = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class ProjectExistsError(ScaffoldError):
    """The project's folder is taken."""


class OutputError(ScaffoldError):
    """The disk refused: full, read-only, no permission."""


class TemplateError(ScaffoldError):
    """A template, ours or a user's, cannot be read, merged or translated."""


class InternalError(ScaffoldError):
    """The catalogue contradicts itself: a defect of sam-scaffold, never of its user."""


class UsageError(ScaffoldError):
    """The command line cannot be carried out as it stands."""

    exit_code = 2


class CancelledError(ScaffoldError):
    """The user left the wizard."""

    exit_code = 130


# An answer by its name, ``("memory",)`` or ``("functions", 0, "memory")``, or the keys that lead to a value of a
# document.
Keys = tuple[str | int, ...]


@dataclass(frozen=True)
class FilePosition:
    """A position in a file. Line and column count from 1; without a line, the file as a whole is meant."""

    file: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, with what a user answered or with what a file holds.

    ``location`` is an answer, or a position in a file; whoever shows the problem knows which flag or which line of a
    file an answer came from. ``hint`` is what to do about it. ``allowed`` are the values that would do, where they
    are few, and ``value`` is the one that does not, where it is known.
    """

    location: Keys | FilePosition
    message: str
    hint: str = ""
    allowed: tuple[str, ...] = ()
    value: Any = field(default=None, hash=False)

    @property
    def name(self) -> str:
        """The location as text: ``memory``, ``functions.0.memory``, ``template.yaml:3:7``."""
        return str(self.location) if isinstance(self.location, FilePosition) else ".".join(map(str, self.location))


class InvalidAnswersError(UsageError):
    """Every problem with the answers given, found before anything is written."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problem.message for problem in self.problems))
