"""Errors for users, each with an exit code that scripts can rely on.

Exit codes: 0 success, 1 failure, 2 usage, 3 findings, 4 a template that is not trusted, 130 interrupted. They extend
those of ``sam init``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable


class ScaffoldError(Exception):
    """An error that a user can understand and act on; printed without a traceback.

    ``message`` says what is wrong, and ``hint`` what to do about it; the hint may be empty.
    """

    exit_code = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class ProjectExistsError(ScaffoldError):
    """The project's folder already exists."""


class OutputError(ScaffoldError):
    """A file cannot be read or written: not found, no permission, a full or read-only disk."""


class TemplateError(ScaffoldError):
    """A template, a layer's or a user's, cannot be read, merged or translated."""


class UnsupportedCodeError(ScaffoldError):
    """Code, or a function of a template, that no image or no Zip can be made of here."""


class FetchError(ScaffoldError):
    """A custom template cannot be had: its address leads nowhere, the network or git fails, or its zip is refused."""


class RevisionError(FetchError):
    """A custom template has no such branch, tag or commit."""

    exit_code = 2


class CustomTemplateError(ScaffoldError):
    """A custom template cannot be rendered, or renders what no project may have."""


class UntrustedTemplateError(ScaffoldError):
    """Nobody has said that a custom template, or a team's catalogue, is trusted."""

    exit_code = 4


class InternalError(ScaffoldError):
    """A defect of sam-scaffold, such as a catalogue that contradicts itself, and not a mistake of the user."""


class UsageError(ScaffoldError):
    """The command line is invalid."""

    exit_code = 2


class CancelledError(ScaffoldError):
    """The user quit the wizard."""

    exit_code = 130


# The keys that lead to an answer, ``("memory",)`` or ``("functions", 0, "memory")``, or to a value of a document.
Keys = tuple[str | int, ...]


@dataclass(frozen=True)
class FilePosition:
    """A position in a file. Line and column count from 1; without a line, it is the whole file."""

    file: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)


@dataclass(frozen=True)
class Problem:
    """Something that is wrong with an answer or with the contents of a file.

    ``location`` is the keys of an answer, or a position in a file; the caller knows which flag or which line an answer
    came from. ``message`` says what is wrong, without the location, and ``hint`` what to do about it. ``allowed`` are
    the allowed values if there are few, and ``value`` is the wrong one if it is known.
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


class ProblemsError(ScaffoldError):
    """Several problems at once, each with its location; ``hint`` is about all of them."""

    def __init__(self, problems: Iterable[Problem], hint: str = "") -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problem.message for problem in self.problems), hint)


class InvalidTemplateError(ProblemsError, TemplateError):
    """All problems with a template, found before anything is written."""


class InvalidCustomTemplateError(ProblemsError, CustomTemplateError):
    """What is wrong with a custom template, at its position in a file of the template."""


class InvalidAnswersError(ProblemsError, UsageError):
    """All problems with the given answers, found before anything is written."""
