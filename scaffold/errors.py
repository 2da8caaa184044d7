"""What can go wrong, each with the exit code that a script may rely on.

Exit codes: 0 done, 1 failed, 2 usage, 3 findings, 130 interrupted. They extend those of ``sam init``.
"""

from __future__ import annotations

from dataclasses import dataclass


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


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with one answer.

    ``field`` is the answer's name in :class:`scaffold.spec.Answers`; whoever renders the problem knows whether
    it came from a flag or from a line of a file. ``hint`` is what to do.
    """

    field: str
    message: str
    hint: str = ""


class InvalidAnswersError(UsageError):
    """Every problem with the answers given, found before anything is written."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(problem.message for problem in problems))
        self.problems = tuple(problems)
