"""A variant of a workshop, made once: files in which each participant's values are filled in as plain text.

Most of a repository is the same for everyone. So a project is made once under a name that occurs nowhere else, with
all that making one takes, and from then on that name is exchanged for each participant's: text for text, byte for
byte, with nothing that could run. :func:`prove` makes one participant's project the long way and compares.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
import unicodedata
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from scaffold import project
from scaffold.errors import FilePosition, InternalError, OutputError, Problem
from scaffold.spec import RESERVED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

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
_MARK = re.compile("|".join(map(re.escape, _MARKS)))
_PLACEHOLDER = re.compile(r"\{\{[ \t]*((?:participant|project|workshop)\.[^{}\n]*?)[ \t]*\}\}")
_SKIPPED = {"__pycache__", ".DS_Store", "Thumbs.db", "desktop.ini"}
_SHORT = re.compile(r"git~[0-9]+", re.IGNORECASE)  # what Windows calls .git, so that git refuses it
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
    """Return a file that a person wrote, its placeholders found.

    What is no UTF-8 text, a picture for one, stays as it is.
    """
    text = _text(data)
    parts = (data,) if text is None else _parts(text, _PLACEHOLDER, lambda match: match[1])
    return File(parts, executable, source)


def _text(data: bytes) -> str | None:
    if len(data) > _MAX_TEXT or b"\0" in data:
        return None
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None


def _parts(text: str, pattern: re.Pattern[str], key: Callable[[re.Match[str]], str]) -> tuple[bytes | str, ...]:
    """Return what is before, between and behind what a pattern finds, as bytes, and there the keys."""
    parts: list[bytes | str] = []
    end = 0
    for match in pattern.finditer(text):
        if match.start() > end:
            parts.append(text[end : match.start()].encode())
        parts.append(key(match))
        end = match.end()
    if end < len(text) or not parts:
        parts.append(text[end:].encode())
    return tuple(parts)


def generated(catalogue: Catalogue, spec: ProjectSpec) -> dict[str, File]:
    """Return the files of a project, made with the mark as its name and accepted by the SAM translator."""
    with tempfile.TemporaryDirectory() as folder:
        made = project.create(catalogue, replace(spec, name=MARK), Path(folder))
        return {path: _moulded(data, executable=run) for path, (data, run) in _contents(made).items()}


def _moulded(data: bytes, *, executable: bool) -> File:
    """Return a file of the project with the mark; what looks like a placeholder there was meant for somebody else."""
    text = _text(data)
    return File((data,) if text is None else _parts(text, _MARK, lambda match: _MARKS[match[0]]), executable)


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


def overlay(
    folder: Path, is_known: Callable[[str], bool], known: Iterable[str]
) -> tuple[dict[str, File], list[Problem]]:
    """Return the files of a folder that is laid over a repository, and what is wrong with it.

    ``is_known`` says of a key whether there is a value, ``known`` are those to name. Links, git's own folder and
    anything but files are refused; what an operating system or Python leaves behind is passed over.
    """
    files: dict[str, File] = {}
    problems: list[Problem] = []
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        shown = _shown(path)
        if _SKIPPED & set(relative.parts):
            continue
        if path.is_symlink() or not (path.is_dir() or path.is_file()):
            problems.append(Problem(FilePosition(shown), "is no file", "lay a copy of it here"))
        elif any(part.lower() == ".git" for part in relative.parts):
            if path.name.lower() == ".git":
                problems.append(
                    Problem(FilePosition(shown), "is git's own", "leave it out: every repository has one of its own")
                )
        elif not _is_portable(path.name):
            problems.append(Problem(FilePosition(shown), "has a name that not every system allows", "rename it"))
        elif path.is_file():
            try:
                data, mode = path.read_bytes(), path.stat().st_mode
            except OSError as error:
                raise OutputError(f"{path}: {error.strerror}", "make it readable") from error
            file = file_of(data, executable=bool(mode & 0o100), source=shown)
            problems += _unknown(shown, data, file, is_known, known)
            files[relative.as_posix()] = file
    return files, problems


def _is_portable(name: str) -> bool:
    """Return whether every system allows a file of that name, and text can hold it."""
    odd = any(ord(one) < 32 or one in '\\:*?"<>|' or "\ud800" <= one <= "\udfff" for one in name)  # noqa: PLR2004
    return not (odd or name[-1] in ". " or RESERVED.fullmatch(name) or _SHORT.fullmatch(name))


def _shown(path: Path) -> str:
    """Return a path as it can be printed: in a name there may be line breaks, and bytes that are no UTF-8."""
    return "".join(one if one.isprintable() else ascii(one)[1:-1] for one in str(path))


def _unknown(
    shown: str, data: bytes, file: File, is_known: Callable[[str], bool], known: Iterable[str]
) -> list[Problem]:
    """Return the placeholders of a file that stand for nothing, or that nobody can fill in."""
    if _text(data) is None:
        # Text in the encoding of an old editor, most likely: a picture has zeros in it, or nothing of the kind.
        found = None if b"\0" in data else _PLACEHOLDER.search(data.decode("latin-1"))
        hint = f"save it as UTF-8, of {_MAX_TEXT // 1024 // 1024} MB at most"
        return (
            [Problem(FilePosition(shown), f"has {found[0]}, and is no text that it can be filled in", hint)]
            if found
            else []
        )
    if all(map(is_known, file.keys)):
        return []
    text = data.decode()
    problems = []
    for match in _PLACEHOLDER.finditer(text):
        if not is_known(match[1]):
            before = text[: match.start()]
            position = FilePosition(shown, before.count("\n") + 1, match.start() - before.rfind("\n"))
            problems.append(Problem(position, f"{match[0]} stands for nothing", f"one of {', '.join(known)}"))
    return problems


def clashes(below: Mapping[str, File], above: Mapping[str, File]) -> list[Problem]:
    """Return which files of an overlay cannot lie beside what is there, or beside each other.

    Names that differ in case alone, or in how a letter with an accent is put together, are one on some systems; and a
    file cannot be where a folder is.
    """
    problems = []
    names: dict[str, str] = {}  # how each file and folder is written, by what systems may take it for
    for path in below:
        names.update((_folded(one), one) for one in _branches(path))
    files = {_folded(path) for path in below}
    folders = {_folded(one) for path in below for one in _branches(path)[:-1]}
    for path, file in above.items():
        *parents, own = _branches(path)
        other = next((names[key] for one in (*parents, own) if names.get(key := _folded(one), one) != one), None)
        if other:
            message = f"differs from {other} only in how it is written, in capitals for one"
            problems.append(Problem(FilePosition(file.source), message, f"write it {other}"))
        elif _folded(own) in folders:
            problems.append(Problem(FilePosition(file.source), "is a folder in the repository", "rename it"))
        elif not files.isdisjoint(map(_folded, parents)):
            problems.append(
                Problem(FilePosition(file.source), "lies in what is a file in the repository", "rename its folder")
            )
        names.update((_folded(one), one) for one in (*parents, own))
    return problems


def _branches(path: str) -> list[str]:
    """Return the folders that a file lies in, outermost first, and the file."""
    parts = path.split("/")
    return ["/".join(parts[: number + 1]) for number in range(len(parts))]


def _folded(path: str) -> str:
    return unicodedata.normalize("NFC", path).casefold()


def _contents(folder: Path) -> dict[str, tuple[bytes, bool]]:
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), bool(path.stat().st_mode & 0o100))
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
