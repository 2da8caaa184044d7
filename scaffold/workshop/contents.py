"""What a repository holds: commits of files, and in the files placeholders for each participant's values."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from scaffold.placeholders import File, split, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping

BRANCH = "main"
PLACEHOLDER = re.compile(r"\{\{[ \t]*((?:participant|project|workshop)\.[^{}\n]*?)[ \t]*\}\}")


@dataclass(frozen=True)
class Commit:
    """A state of a repository: the message, the tag, and the files that differ from the commit before, by path."""

    message: str
    tag: str | None
    files: Mapping[str, File]


@dataclass(frozen=True)
class RepositoryTemplate:
    """All commits of a variant's repositories, in their order; ``start`` is the one that a participant begins with."""

    commits: tuple[Commit, ...]
    start: int

    def fill(self, values: Mapping[str, str]) -> tuple[Commit, ...]:
        """Return the commits with the values of one participant."""
        return tuple(
            replace(commit, files={path: file.fill(values) for path, file in commit.files.items()})
            for commit in self.commits
        )

    def texts(self, path: str, values: Mapping[str, str]) -> list[str]:
        """Return every text that a file of one participant's repository has in its commits, each once."""
        files = [file for commit in self.commits if (file := commit.files.get(path))]
        return list(dict.fromkeys(file.fill(values).data.decode(errors="replace") for file in files))

    def fingerprint(self, values: Mapping[str, str]) -> str:
        """Return what tells this repository of one participant from every other: a SHA-256 in hexadecimal."""
        digest = hashlib.sha256(self._digest)
        for key in self._keys:
            digest.update(f"{key}\0{values[key]}\0".encode())
        return digest.hexdigest()

    @cached_property
    def _keys(self) -> list[str]:
        return sorted({key for commit in self.commits for file in commit.files.values() for key in file.keys})

    @cached_property
    def _digest(self) -> bytes:
        digest = hashlib.sha256(f"{self.start}".encode())
        for commit in self.commits:
            digest.update(f"\0{commit.message}\0{commit.tag}\0".encode())
            for path, file in sorted(commit.files.items()):
                digest.update(f"{path}\0{file.executable}\0".encode())
                for part in file.parts:
                    text = part if isinstance(part, bytes) else b"{" + part.encode() + b"}"
                    digest.update(len(text).to_bytes(8, "big") + text)
        return digest.digest()


def full_ref(name: str) -> str:
    """Return the branch or a tag as git calls it: refs/heads/main, refs/tags/step-1-start."""
    return f"refs/heads/{name}" if name == BRANCH else f"refs/tags/{name}"


def file_of(data: bytes, *, executable: bool = False, source: str = "") -> File:
    """Return a file that a person wrote, split at its placeholders.

    What is not UTF-8 text, a picture for example, stays as it is.
    """
    text = text_of(data)
    parts = (data,) if text is None else split(text, PLACEHOLDER, lambda match: match[1])
    return File(parts, executable, source)
