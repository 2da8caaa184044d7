"""What a repository goes through: states, one upon the other, each with a message, perhaps a tag, and its files."""

from __future__ import annotations

from dataclasses import dataclass

BRANCH = "main"
Files = dict[str, tuple[bytes, bool]]  # contents and whether they may be executed, by path


@dataclass(frozen=True)
class State:
    """A state of a repository: its message, its tag, and the files that differ from the state before."""

    message: str
    tag: str | None
    files: Files
