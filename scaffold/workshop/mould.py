"""A variant of a workshop, made once: files in which each participant's values are filled in as plain text.

Most of a repository is the same for everyone. So a project is made once under a name that occurs nowhere else, with
all that making one takes, and from then on that name is exchanged for each participant's: text for text, byte for
byte, with nothing that could run. :func:`prove` makes one participant's project the long way and compares.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from scaffold import project
from scaffold.errors import InternalError, OutputError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from scaffold.catalogue import Catalogue
    from scaffold.spec import ProjectSpec

# A project's name as templates see it, and what they make of it: a stack's name, and the two in lower case.
MARK = "Zz.Sam_Mould.zZ"
_MARKS = {
    MARK: "project.name",
    "Zz-Sam-Mould-zZ": "project.stack_name",
    MARK.lower(): "project.name.lower",
    "zz-sam-mould-zz": "project.stack_name.lower",
}
_PLACEHOLDER = re.compile(r"\{\{[ \t]*((?:participant|project|workshop)\.[^{}\n]*?)[ \t]*\}\}")
_KEY = re.compile("|".join([*map(re.escape, _MARKS), _PLACEHOLDER.pattern]))
_SKIPPED = {"__pycache__", ".DS_Store", "Thumbs.db", "desktop.ini"}
_MAX_TEXT = 4 * 1024 * 1024  # bytes; no text with placeholders is larger


@dataclass(frozen=True)
class File:
    """What is in a file: bytes, and between them the keys of values; whether it may be executed."""

    parts: tuple[bytes | str, ...]
    executable: bool = False
    source: str = ""  # the file that a person wrote, for errors

    @property
    def keys(self) -> list[str]:
        """The keys of the values that are filled in."""
        return [part for part in self.parts if isinstance(part, str)]

    def fill(self, values: Mapping[str, str]) -> bytes:
        """Return the bytes of the file with the values of one participant."""
        return b"".join(part if isinstance(part, bytes) else values[part].encode() for part in self.parts)


@dataclass(frozen=True)
class Commit:
    """A state of a repository: the message, the tag, and the files that differ from the state before, by path."""

    message: str
    tag: str | None
    files: dict[str, File]


@dataclass(frozen=True)
class Mould:
    """All states of a repository, in their order; ``start`` is the one that a participant begins with."""

    commits: tuple[Commit, ...]
    start: int

    @property
    def keys(self) -> list[str]:
        """The keys of all values that are filled in, each once."""
        return sorted({key for commit in self.commits for file in commit.files.values() for key in file.keys})

    def fingerprint(self, values: Mapping[str, str]) -> str:
        """Return what tells this repository of one participant from every other: a SHA-256 in hexadecimal."""
        digest = hashlib.sha256(self._digest())
        for key in self.keys:
            digest.update(f"{key}\0{values[key]}\0".encode())
        return digest.hexdigest()

    def _digest(self) -> bytes:
        found = self.__dict__.get("_found")
        if found is None:
            digest = hashlib.sha256(f"{self.start}".encode())
            for commit in self.commits:
                digest.update(f"\0{commit.message}\0{commit.tag}\0".encode())
                for path, file in sorted(commit.files.items()):
                    digest.update(f"{path}\0{file.executable}\0".encode())
                    for part in file.parts:
                        text = part if isinstance(part, bytes) else b"{" + part.encode() + b"}"
                        digest.update(len(text).to_bytes(8, "big") + text)
            found = digest.digest()
            object.__setattr__(self, "_found", found)
        return found


def file_of(data: bytes, *, executable: bool = False, source: str = "") -> File:
    """Return a file, its placeholders found; what is no UTF-8 text, a picture for one, stays as it is."""
    if len(data) > _MAX_TEXT or b"\0" in data:
        return File((data,), executable, source)
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return File((data,), executable, source)
    parts: list[bytes | str] = []
    end = 0
    for match in _KEY.finditer(text):
        if match.start() > end:
            parts.append(text[end : match.start()].encode())
        parts.append(_MARKS.get(match[0]) or match[1])
        end = match.end()
    if end < len(text) or not parts:
        parts.append(text[end:].encode())
    return File(tuple(parts), executable, source)


def generated(catalogue: Catalogue, spec: ProjectSpec) -> dict[str, File]:
    """Return the files of a project, made with the mark as its name and accepted by the SAM translator."""
    with tempfile.TemporaryDirectory() as folder:
        made = project.create(catalogue, replace(spec, name=MARK), Path(folder))
        return {path: file_of(data, executable=run) for path, (data, run) in _contents(made).items()}


def prove(catalogue: Catalogue, spec: ProjectSpec, files: Mapping[str, File], values: Mapping[str, str]) -> None:
    """Raise :class:`InternalError` unless the project of one participant, made the long way, has the same bytes."""
    with tempfile.TemporaryDirectory() as folder:
        made = project.create(catalogue, replace(spec, name=values["project.name"]), Path(folder))
        expected = _contents(made)
    filled = {path: (file.fill(values), file.executable) for path, file in files.items()}
    if filled != expected:
        odd = sorted(path for path in {*filled, *expected} if filled.get(path) != expected.get(path))
        raise InternalError(
            f"{', '.join(odd)} of {spec.name} cannot be made by exchanging its name", "please report it"
        )


def overlay(folder: Path, known: Iterable[str]) -> tuple[dict[str, File], list[Problem]]:
    """Return the files of a folder that is laid over a repository, and what is wrong with it.

    ``known`` are the keys of values that there are. Links, git's own folder and anything but files are refused;
    what an operating system or Python leaves behind is passed over.
    """
    files: dict[str, File] = {}
    problems: list[Problem] = []
    allowed = sorted(known)
    if not folder.is_dir():
        return files, [Problem(str(folder), "is no folder", "make it, or name another")]
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if _SKIPPED & set(relative.parts):
            continue
        if path.is_symlink() or not (path.is_dir() or path.is_file()):
            problems.append(Problem(str(path), "is no file", "lay a copy of it here"))
        elif any(part.lower() == ".git" for part in relative.parts):
            if path.name.lower() == ".git":
                problems.append(Problem(str(path), "is git's own", "leave it out: every repository has one of its own"))
        elif any(ord(character) < 32 or character in '\\:*?"<>|' for character in str(relative)):  # noqa: PLR2004
            problems.append(Problem(str(path), "has a name that not every system allows", "rename it"))
        elif path.is_file():
            try:
                file = file_of(path.read_bytes(), executable=bool(path.stat().st_mode & 0o100), source=str(path))
            except OSError as error:
                raise OutputError(f"{path}: {error.strerror}", "make it readable") from error
            problems += _unknown(path, file, allowed)
            files[relative.as_posix()] = file
    return files, problems


def _unknown(path: Path, file: File, allowed: list[str]) -> list[Problem]:
    problems = []
    if set(file.keys) - set(allowed):
        text = path.read_text(encoding="utf-8")
        for match in _PLACEHOLDER.finditer(text):
            if match[1] not in allowed:
                before = text[: match.start()]
                place = f"{path}:{before.count(chr(10)) + 1}:{match.start() - before.rfind(chr(10))}"
                problems.append(Problem(place, f"{match[0]} stands for nothing", f"one of {', '.join(allowed)}"))
    return problems


def clashes(below: Mapping[str, File], above: Mapping[str, File]) -> list[Problem]:
    """Return which files of an overlay cannot lie beside what is there: names that differ in case alone, and such."""
    problems = []
    there = {path.lower(): path for path in below}
    folders = {parent.as_posix().lower() for path in below for parent in Path(path).parents}
    for path, file in above.items():
        other = there.get(path.lower(), path)
        if other != path:
            problems.append(Problem(file.source, f"is {other} but for its case", f"name it {other} to replace that"))
        elif path.lower() in folders:
            problems.append(Problem(file.source, "is a folder in the repository", "rename it"))
        elif any(parent.as_posix().lower() in there for parent in Path(path).parents):
            problems.append(Problem(file.source, "lies in what is a file in the repository", "rename its folder"))
    return problems


def _contents(folder: Path) -> dict[str, tuple[bytes, bool]]:
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), bool(path.stat().st_mode & 0o100))
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
