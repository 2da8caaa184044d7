"""The files of code that exists already: which of them a project gets, which are left out and why, and their copies.

Nothing is run, rendered or changed: a file is copied byte for byte, or it is named among those that are left out.
"""

from __future__ import annotations

import fnmatch
import os
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from scaffold.errors import OutputError
from scaffold.private_keys import PRIVATE_KEY
from scaffold.spec import LeftOut

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MAX_FILES = 2000
# What a Zip may have unpacked: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
MAX_BYTES = 250 * 1024 * 1024

# The reasons for which a file is left out
SECRET, LINK, LEFTOVER, SPECIAL, PROJECT = (
    "may be secret",
    "a symbolic link",
    "comes from a tool",
    "neither a file nor a folder",
    "a project of sam-scaffold",
)

# As in cookiecutters/packages/image's .dockerignore, and where tools of a person's own keep credentials.
_SECRETS = (
    ".env*", "*.env", "*.jks", "*.key", "*.keystore", "*.p12", "*.p8", "*.pem", "*.pfx", "*.ppk", "*.tfstate*",
    "id_dsa*", "id_ecdsa*", "id_ed25519*", "id_rsa*", ".aws", ".docker", ".dockerconfigjson", ".git-credentials",
    ".netrc", ".pypirc", ".ssh",
)  # fmt: skip
_NO_SECRETS = (".env.example", ".env.sample", ".env.template")
# A key in code is for its author to find: without the file, the function would not work.
_CODE = frozenset({".cjs", ".cs", ".go", ".java", ".js", ".mjs", ".mts", ".py", ".rb", ".rs", ".ts"})
# https://docs.npmjs.com/cli/configuring-npm/npmrc: a token, or user and password in Base64
_NPM_CREDENTIALS = re.compile(rb"_(?:auth|authToken|password)\s*=")
# What version control, SAM, editors and the tools of the languages leave behind, in any folder
_LEFTOVERS = (
    ".aws-sam", ".bundle", ".cache", ".DS_Store", ".git", ".gradle", ".hg", ".mypy_cache", ".pytest_cache",
    ".ruff_cache", ".svn", ".terraform", ".tox", ".venv", "*.pyc", "__pycache__", "cdk.out", "node_modules", "venv",
)  # fmt: skip
# What else is one, if its folder has a file that says which tool wrote it
_LEFTOVERS_BESIDE = {
    "target": ("pom.xml", "Cargo.toml"),
    "build": ("build.gradle", "build.gradle.kts"),
    "dist": ("tsconfig.json",),
    "bin": ("*.csproj",),
    "obj": ("*.csproj",),
}
_LOCK = ".sam-scaffold.lock"


@dataclass(frozen=True)
class Selection:
    """What of a folder is copied: ``files`` by their paths with ``/`` between folders, sorted; and what is not."""

    files: tuple[str, ...]
    left_out: tuple[LeftOut, ...]


def select(folder: Path, is_wanted: Callable[[str], bool] = lambda _: True) -> Selection:
    """Return what of ``folder`` is copied; of the files, those alone that ``is_wanted``.

    Raises :class:`OutputError` for a file that cannot be read, and where it is too much for a function: then
    ``folder`` is probably not the function's alone.
    """
    files: list[str] = []
    left_out: list[LeftOut] = []
    size = 0
    for path, reason in _walk(folder, PurePosixPath(), is_wanted):
        if reason:
            left_out.append(LeftOut(path, reason))
            continue
        files.append(path)
        size += (folder / path).stat().st_size
        if not os.access(folder / path, os.R_OK):
            raise OutputError(f"{shown(str(folder / path))} cannot be read", "make it readable, or move it elsewhere")
        if len(files) > MAX_FILES or size > MAX_BYTES:
            limit = f"{MAX_FILES} files" if len(files) > MAX_FILES else f"{MAX_BYTES // 1024**2} MB"
            hint = "name a folder with the function alone, and fetch large data when the image is built"
            raise OutputError(f"{folder} has more than {limit}", hint)
    return Selection(tuple(sorted(files)), tuple(left_out))


def _walk(folder: Path, below: PurePosixPath, is_wanted: Callable[[str], bool]) -> Iterator[tuple[str, str]]:
    """Yield each file below a folder by its path, and the reason if it is left out; of a folder, just the folder."""
    try:
        entries = sorted(os.scandir(folder / below), key=lambda entry: entry.name)
    except OSError as error:
        raise OutputError(f"{shown(str(folder / below))} cannot be read: {error.strerror}") from error
    names = [entry.name for entry in entries]
    for entry in entries:
        path = below / entry.name
        reason = _reason(entry, names)
        if entry.is_dir(follow_symlinks=False) and not reason:
            yield from _walk(folder, path, is_wanted)
        elif reason or is_wanted(str(path)):
            yield str(path), reason


def _reason(entry: os.DirEntry[str], names: list[str]) -> str:
    """Return why a file or a folder is left out; ``names`` are those in its folder."""
    name, path = entry.name, Path(entry.path)
    if entry.is_symlink():
        return LINK
    if _is_like(name, _SECRETS) and not _is_like(name, _NO_SECRETS):
        return SECRET
    if entry.is_dir():
        signs = (*_LEFTOVERS_BESIDE.get(name, ()),)
        is_leftover = _is_like(name, _LEFTOVERS) or any(fnmatch.filter(names, sign) for sign in signs)
        return LEFTOVER if is_leftover else PROJECT if (path / _LOCK).exists() else ""
    if _is_like(name, _LEFTOVERS):
        return LEFTOVER
    return SECRET if _has_credentials(path) else "" if path.is_file() else SPECIAL


def _has_credentials(path: Path) -> bool:
    if path.suffix in _CODE or not path.is_file() or not os.access(path, os.R_OK) or path.stat().st_size > MAX_BYTES:
        return False
    data = path.read_bytes()
    return bool(PRIVATE_KEY.search(data) or (path.name == ".npmrc" and _NPM_CREDENTIALS.search(data)))


def _is_like(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatch.fnmatchcase(name.lower(), pattern.lower()) for pattern in patterns)


def copy(folder: Path, files: tuple[str, ...], into: Path, mask: int) -> None:
    """Copy files of ``folder`` into another folder, byte for byte; they stay executable, or not.

    ``mask`` is the umask. Raises ``OSError``, and :class:`OutputError` for a file that is a link by now.
    """
    for path in files:
        source, target = folder / path, into / path
        target.parent.mkdir(parents=True, exist_ok=True)
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        with open(os.open(source, flags), "rb") as file:  # noqa: PTH123  a path would follow a link
            target.write_bytes(file.read())
            is_executable = os.fstat(file.fileno()).st_mode & 0o100
        target.chmod((0o777 if is_executable else 0o666) & ~mask)


def shown(path: str) -> str:
    """Return a path as a person may see it: in quotes and escaped if it has what a terminal would obey."""
    return path if path.isprintable() else repr(path)
