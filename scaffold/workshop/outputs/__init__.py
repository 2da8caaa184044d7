"""What a participant gets. Each module in this folder makes one kind, and which there are is which modules lie here.

Such a module has a class that implements :class:`Output`, and one of it by the name ``OUTPUT``. The manifest's schema,
the report, the page and every command follow.
"""

from __future__ import annotations

import importlib
import pkgutil
from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from scaffold.workshop.contents import Commit

DEFAULT = "git"


@dataclass(frozen=True)
class Repository:
    """One participant's repository, as an output writes it.

    Its commits have no placeholders any more; the participant begins at the one with the number ``start``. ``date`` is
    that of all commits, YYYY-MM-DD, at midnight UTC, and ``author`` the name and address of whom they are by.
    """

    name: str
    commits: tuple[Commit, ...]
    start: int
    author: tuple[str, str]
    date: str


@dataclass(frozen=True)
class Checksums:
    """What tells a change: commit ids by branch and tag, a SHA-256 of everything, and of each file in a folder."""

    refs: Mapping[str, str]
    digest: str
    files: Mapping[str, str] | None = None


class Output(ABC):
    """A kind of output: how it is written, checked and given out."""

    description: str
    """What it is, for the manifest's schema: ``a git repository with a tag for each state``."""
    instructions: tuple[str, ...]
    """On the page for participants, how to begin once they have found their name; a sentence or two each."""
    has_tags = False
    """Whether a participant goes to a step's tag; else each step is a folder."""
    can_push = False
    """Whether it has a remote to be pushed to."""

    def path(self, folder: Path, name: str) -> Path:
        """Return where the repository of that name lies in a folder."""
        return folder / name

    @abstractmethod
    def write(self, path: Path, repository: Repository) -> Checksums:
        """Write a repository to ``path``, where nothing is yet. The same repository gives the same bytes."""

    @abstractmethod
    def changes(self, path: Path, checksums: Checksums) -> list[str]:
        """Return what is not as it was written, a sentence each.

        ``path`` exists and is no link. Nothing that lies there may be run. Raises :class:`OSError`.
        """

    @abstractmethod
    def command(self, name: str, address: str | None) -> str | None:
        """Return the command that gets a repository, from an address if it has one; ``None`` where none is needed."""

    def push(self, path: Path, checksums: Checksums, address: str, scratch: Path) -> str:
        """Push what was written, and return ``pushed``, or ``in_use`` where its participant has gone on from it.

        ``scratch`` is a folder to make, for whatever pushing needs. Raises :class:`OutputError`, without credentials in
        its text.
        """
        raise NotImplementedError


@cache
def names() -> tuple[str, ...]:
    """Return the names of all outputs, the usual one first."""
    found = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return DEFAULT, *(name for name in found if name != DEFAULT)


@cache
def named(name: str) -> Output:
    """Return the output of that name."""
    output: Output = importlib.import_module(f"{__name__}.{name}").OUTPUT
    return output
