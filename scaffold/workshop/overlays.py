"""Folders that an organiser lays over repositories: which they are, what is in them, and what is wrong there."""

from __future__ import annotations

import os
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scaffold.errors import FilePosition, OutputError, Problem
from scaffold.placeholders import MAX_TEXT, File, text_of
from scaffold.printable import escaped
from scaffold.private_keys import PRIVATE_KEY
from scaffold.spec import RESERVED
from scaffold.workshop import manifest as manifests
from scaffold.workshop import names
from scaffold.workshop.contents import PLACEHOLDER, file_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from scaffold.workshop.manifest import Manifest, Problems

# What an operating system or Python leaves behind.
_LEFT_BEHIND = {"__pycache__", ".DS_Store", "Thumbs.db", "desktop.ini"}
# What an organiser's own work leaves in a folder, and every participant would get. A sample of an .env is for them.
_INSTALLED = {".venv", "node_modules"}
_ENVIRONMENT = re.compile(r"\.env.*", re.IGNORECASE)
_SAMPLE = re.compile(r"\.env.*\.(?:example|sample|template|dist|defaults)", re.IGNORECASE)
_KEY_NAME = re.compile(r"id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?|.+\.(?:p12|pfx|ppk|jks|keystore)", re.IGNORECASE)
_GIT_SHORT = re.compile(r"git~[0-9]+", re.IGNORECASE)  # what Windows calls .git, so that git refuses it


@dataclass(frozen=True)
class Overlay:
    """Files that are laid over a repository: for everyone, or as a step starts or is solved. Steps count from 1."""

    files: Mapping[str, File]
    step: int = 0
    is_solution: bool = False


class Overlays:
    """The overlays of a manifest; what is wrong with them goes to ``problems``.

    ``is_known`` says of a placeholder's key whether there is a value, ``known`` are those to name.
    """

    def __init__(
        self, manifest: Manifest, problems: Problems, is_known: Callable[[str], bool], known: Iterable[str]
    ) -> None:
        self.manifest = manifest
        self.problems = problems
        self.is_known = is_known
        self.known = known
        self.notices: list[str] = []  # what was left out, a sentence each
        self._read: dict[Path, dict[str, File]] = {}

    def of(self, facts: Mapping[str, str]) -> list[Overlay]:
        """Return the overlays of a variant in their order; ``facts`` fill in the paths of their folders."""
        rows: list[tuple[str | None, list[str | int], int, bool]] = [(self.manifest.overlay, ["overlay"], 0, False)]
        for number, step in enumerate(self.manifest.steps):
            rows.append((step.starter, ["steps", number, "starter"], number + 1, False))
            rows.append((step.solution, ["steps", number, "solution"], number + 1, True))
        overlays = []
        folders: list[Path] = []
        for text, keys, number, is_solution in rows:
            folder = self._folder(text, keys, facts) if text else None
            files: dict[str, File] = {}
            if folder:
                self._check_apart(folder, folders, keys)
                folders.append(folder)
                files = self._files(folder)
            overlays.append(Overlay(files, number, is_solution))
        return overlays

    def _files(self, folder: Path) -> dict[str, File]:
        if folder not in self._read:
            contents = read(folder, self.is_known, self.known)
            self._read[folder] = contents.files
            self.problems += contents.problems
            self.notices += [f"{path} is left out: {why}" for path, why in contents.left_out]
        return self._read[folder]

    def _folder(self, text: str, keys: Sequence[str | int], facts: Mapping[str, str]) -> Path | None:
        """Return the folder of an overlay for a variant, if there is one."""
        refusals = names.unknown(text, manifests.PATH_PARTS)
        if refusals:
            self.problems.at(keys, *refusals[0])
            return None
        folder = self.manifest.folder / names.fill(text, facts)
        if not folder.is_dir():
            self.problems.at(keys, f"{folder} is no folder", "make it, or name another")
            return None
        return folder

    def _check_apart(self, folder: Path, others: Iterable[Path], keys: Sequence[str | int]) -> None:
        """Check that an overlay brings nobody the manifest, the roster, or what is in another overlay."""
        own = folder.resolve()
        files = [self.manifest.file.path]
        if self.manifest.roster is not None:
            files.append(self.manifest.folder / self.manifest.roster)
        for file in files:
            if own in file.resolve().parents:
                message = f"{folder} holds {file.name}, which everyone would get"
                self.problems.at(keys, message, "name a folder that holds nothing else than what everyone may have")
        for other in others:
            if own in other.resolve().parents or other.resolve() in own.parents:
                self.problems.at(keys, f"{folder} and {other} lie in each other", "put them beside each other")


@dataclass(frozen=True)
class Contents:
    """What is in a folder that is laid over a repository: its files, and what is wrong or left out, with the reason."""

    files: dict[str, File]
    problems: list[Problem]
    left_out: list[tuple[str, str]]


def read(folder: Path, is_known: Callable[[str], bool], known: Iterable[str]) -> Contents:
    """Return what is in a folder.

    ``is_known`` says of a placeholder's key whether there is a value, ``known`` are those to name. Links, git's own
    folder and anything but files are refused. Secrets and installed libraries are left out and named; what an operating
    system or Python leaves behind is passed over.
    """
    contents = Contents({}, [], [])
    for path in _walk(folder):
        position = FilePosition(printable(path))
        if reason := _reason_to_leave_out(path.name):
            contents.left_out.append((position.file, reason))
        elif path.is_symlink() or not (path.is_dir() or path.is_file()):
            contents.problems.append(Problem(position, "is no file", "lay a copy of it here"))
        elif path.name.lower() == ".git":
            hint = "leave it out: every repository has one of its own"
            contents.problems.append(Problem(position, "is git's own", hint))
        elif not _is_portable(path.name):
            contents.problems.append(Problem(position, "has a name that not every system allows", "rename it"))
        elif path.is_file():
            try:
                data, mode = path.read_bytes(), path.stat().st_mode
            except OSError as error:
                raise OutputError(f"{path}: {error.strerror}", "make it readable") from error
            if PRIVATE_KEY.search(data):
                contents.left_out.append((position.file, "it holds a private key"))
                continue
            file = file_of(data, executable=bool(mode & 0o100), source=position.file)
            contents.problems.extend(_unknown_placeholders(data, file, is_known, known))
            contents.files[path.relative_to(folder).as_posix()] = file
    return contents


def _walk(folder: Path) -> Iterator[Path]:
    """Yield everything below a folder in the order of its paths, but for what was left behind.

    What is in git's own folder, and in one that is left out, is not looked at.
    """
    paths = []
    for parent, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name not in _LEFT_BEHIND]
        paths += [Path(parent, name) for name in [*folders, *files] if name not in _LEFT_BEHIND]
        folders[:] = [name for name in folders if name.lower() != ".git" and not _reason_to_leave_out(name)]
    return iter(sorted(paths))


def _reason_to_leave_out(name: str) -> str:
    """Return why a file or a folder of that name is not for participants, or nothing."""
    if name in _INSTALLED:
        return "participants install their own"
    if _ENVIRONMENT.fullmatch(name) and not _SAMPLE.fullmatch(name):
        return "it may hold secrets; name it .env.example if it is a sample"
    return "it holds a private key" if _KEY_NAME.fullmatch(name) else ""


def _is_portable(name: str) -> bool:
    """Return whether every system allows a file of that name, and text can hold it."""
    forbidden = any(
        ord(letter) < 32 or letter in '\\:*?"<>|' or "\ud800" <= letter <= "\udfff"  # noqa: PLR2004
        for letter in name
    )
    return not (forbidden or name[-1] in ". " or RESERVED.fullmatch(name) or _GIT_SHORT.fullmatch(name))


def printable(path: Path) -> str:
    """Return a path as it can be printed: in a name there may be line breaks, and bytes that are not UTF-8."""
    return escaped(str(path))


def _unknown_placeholders(
    data: bytes, file: File, is_known: Callable[[str], bool], known: Iterable[str]
) -> list[Problem]:
    """Return the placeholders of a file that stand for nothing, or that nobody can fill in."""
    text = text_of(data)
    if text is None:
        # Text in the encoding of an old editor, most likely: a picture has zeros in it, or nothing of the kind.
        match = None if b"\0" in data else PLACEHOLDER.search(data.decode("latin-1"))
        hint = f"save it as UTF-8, of {MAX_TEXT // 1024 // 1024} MB at most"
        message = f"has {match[0]}, and is no text that it can be filled in" if match else ""
        return [Problem(FilePosition(file.source), message, hint)] if match else []
    if all(map(is_known, file.keys)):
        return []
    problems = []
    for match in PLACEHOLDER.finditer(text):
        if not is_known(match[1]):
            before = text[: match.start()]
            position = FilePosition(file.source, before.count("\n") + 1, match.start() - before.rfind("\n"))
            problems.append(Problem(position, f"{match[0]} stands for nothing", f"one of {', '.join(known)}"))
    return problems


def conflicts(below: Mapping[str, File], above: Mapping[str, File]) -> list[Problem]:
    """Return which files of an overlay cannot lie beside the files below it, or beside each other.

    Names that differ in case alone, or in how a letter with an accent is put together, are the same name on some
    systems; and a file cannot be where a folder is.
    """
    problems = []
    spellings: dict[str, str] = {}  # how each file and folder is written, by what systems may take it for
    for path in below:
        spellings.update((_folded(branch), branch) for branch in _branches(path))
    files = {_folded(path) for path in below}
    folders = {_folded(branch) for path in below for branch in _branches(path)[:-1]}
    for path, file in above.items():
        branches = _branches(path)
        other = next(
            (spelling for branch in branches if (spelling := spellings.get(_folded(branch), branch)) != branch), None
        )
        problem = None
        if other:
            problem = f"differs from {other} only in how it is written, in capitals for one", f"write it {other}"
        elif _folded(path) in folders:
            problem = "is a folder in the repository", "rename it"
        elif not files.isdisjoint(map(_folded, branches[:-1])):
            problem = "lies in what is a file in the repository", "rename its folder"
        if problem:
            problems.append(Problem(FilePosition(file.source), *problem))
        spellings.update((_folded(branch), branch) for branch in branches)
    return problems


def _branches(path: str) -> list[str]:
    """Return the folders that a file lies in, outermost first, and the file."""
    parts = path.split("/")
    return ["/".join(parts[: number + 1]) for number in range(len(parts))]


def _folded(path: str) -> str:
    return unicodedata.normalize("NFC", path).casefold()
