"""A folder of this machine, copied, so that what is rendered is what was looked at."""

from __future__ import annotations

import hashlib
import os
import stat
from typing import TYPE_CHECKING

from scaffold.code_files import shown
from scaffold.errors import FetchError
from scaffold.fetch import entries, zips
from scaffold.fetch.entries import FILE, FOLDER, LINK, Entries, Parts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_CHUNK = 1 << 16
# What cannot belong to a template: the state of version control, and what Python leaves behind.
_LEFT_OUT = {".git", ".hg", ".svn", "__pycache__"}
# And what lies beside one that somebody works on: environments, whose links lead to this machine's Python.
_BESIDE = {".venv", ".tox", ".nox"}


def copy(source: Path, folder: Path) -> str:
    """Copy what is in ``source`` into ``folder``, which must not exist, and return a digest of it.

    The digest is SHA-256, over the paths, kinds, executable bits and contents. Raises :class:`FetchError`.
    """
    try:
        return _copy(source, folder)
    except OSError as error:
        message = f"{shown(str(error.filename or source))} cannot be copied: {error.strerror or error}"
        raise FetchError(message) from error


def _copy(source: Path, folder: Path) -> str:
    copied = Entries()
    kinds: dict[Parts, str] = {}
    links: dict[Parts, str] = {}
    for path, kind in _walk(source, ""):
        if not kind:
            copied.problems.append(f"{shown(path)} is neither a file nor a folder nor a symlink")
            continue
        parts = copied.add(path, kind)
        if parts:
            kinds[parts] = kind
        if parts and kind == LINK:
            links[parts] = (source / path).readlink().as_posix()
            copied.add_link(parts, links[parts])
    copied.check(shown(str(source)))
    folder.mkdir(mode=0o700)
    rows, left = [], entries.MAX_BYTES
    for parts, kind in sorted(kinds.items()):
        target = folder.joinpath(*parts)
        if kind == FILE:
            size, mark, digest = _copy_file(source.joinpath(*parts), target, left)
            left -= size
        elif kind == LINK:
            mark, digest = "link", hashlib.sha256(os.fsencode(links[parts])).hexdigest()
        else:
            target.mkdir()
            mark, digest = "folder", ""
        rows.append(f"{mark} {digest} {'/'.join(parts)}\n")
    zips.make_links(folder, links)
    return hashlib.sha256("".join(rows).encode(errors="surrogateescape")).hexdigest()


def _walk(source: Path, below: str) -> Iterator[tuple[str, str]]:
    """Yield the path and the kind of all that is in a folder, folders first; the kind is empty for what is no file."""
    with os.scandir(source / below) as rows:
        for entry in rows:
            path = f"{below}/{entry.name}" if below else entry.name
            if entry.is_symlink():
                yield path, LINK
            elif entry.name in _LEFT_OUT or (not below and entry.name in _BESIDE):
                continue
            elif entry.is_dir():
                yield path, FOLDER
                yield from _walk(source, path)
            else:
                yield path, FILE if entry.is_file() else ""


def _copy_file(source: Path, target: Path, left: int) -> tuple[int, str, str]:
    """Copy a file of at most ``left`` bytes; return its size, its kind in the digest, and the digest of its bytes."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    digest, size = hashlib.sha256(), 0
    with open(os.open(source, flags), "rb") as file, target.open("xb") as copied:  # noqa: PTH123  links are not followed
        mode = os.fstat(file.fileno()).st_mode
        if not stat.S_ISREG(mode):
            raise FetchError(f"{shown(str(source))} is no file any more")
        while chunk := file.read(_CHUNK):
            size += len(chunk)
            if size > left:
                raise FetchError(f"the template has more than {entries.MAX_BYTES >> 20} MB")
            digest.update(chunk)
            copied.write(chunk)
    is_executable = bool(mode & stat.S_IXUSR)
    target.chmod(0o755 if is_executable else 0o644)
    return size, "executable" if is_executable else "file", digest.hexdigest()
