"""Zips of people, of the net and of ``git archive``, unpacked into a private folder or refused."""

from __future__ import annotations

import os
import shutil
import stat
import zipfile
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING

from scaffold.code_files import shown
from scaffold.errors import FetchError
from scaffold.fetch import entries
from scaffold.fetch.entries import FILE, FOLDER, LINK, Entries, Parts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_CHUNK = 1 << 16
# https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, 4.3.15 and 4.3.16
_END = b"PK\5\6"
_END_64 = b"PK\6\7"
_END_SIZE, _LONGEST_COMMENT, _LOCATOR_SIZE = 22, 0xFFFF, 20
# What a list of MAX_ENTRIES files with long names takes: zipfile reads all of it at once.
_MAX_DIRECTORY = entries.MAX_ENTRIES * 512
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_IS_ENCRYPTED = 1
_UNIX_MODE = 16  # bits to the left, in the attributes of an entry


def unpack(archive: Path, folder: Path, what: str, *, is_wrapped: bool) -> None:
    """Unpack a zip into ``folder``, which must not exist.

    With ``is_wrapped``, and if all entries are below one folder, as in the zips of GitHub, it is that folder's that are
    unpacked. ``what`` is the archive in messages. Raises :class:`FetchError`, with all that is wrong with the names and
    kinds of entries at once.
    """
    with _zip_errors(what):
        _check_directory(archive, what)
        with zipfile.ZipFile(archive) as file:
            _Unpacking(file, folder, what).run(is_wrapped=is_wrapped)


class _Unpacking:
    def __init__(self, file: zipfile.ZipFile, folder: Path, what: str) -> None:
        self._file, self._folder, self._what = file, folder, what
        self._left = entries.MAX_BYTES

    def run(self, *, is_wrapped: bool) -> None:
        """Look at all entries before anything is written; symlinks come last, so that no file goes through one."""
        rows = self._rows(is_wrapped=is_wrapped)
        self._folder.mkdir(mode=0o700)
        for parts, (info, kind) in rows.items():
            target = self._folder.joinpath(*parts)
            if kind == FOLDER:
                target.mkdir(parents=True, exist_ok=True)
            elif kind == FILE:
                target.parent.mkdir(parents=True, exist_ok=True)
                self._write(info, target)
        links = {parts: self._target(info) for parts, (info, kind) in rows.items() if kind == LINK}
        make_links(self._folder, links)

    def _rows(self, *, is_wrapped: bool) -> Mapping[Parts, tuple[zipfile.ZipInfo, str]]:
        infos = self._file.infolist()
        root = _root([info.filename for info in infos]) if is_wrapped else ""
        checked = Entries()
        rows: dict[Parts, tuple[zipfile.ZipInfo, str]] = {}
        for info in infos:
            # zipfile ends a name at its first NUL, and the system's separator is a slash to it.
            name = info.orig_filename
            reason = _problem(info)
            if reason:
                checked.problems.append(f"{shown(name)} {reason}")
                continue
            kind = _kind(info)
            parts = checked.add(name.removeprefix(root), kind)
            if parts:
                rows[parts] = (info, kind)
            if parts and kind == LINK:
                checked.add_link(parts, self._target(info))
        checked.check(self._what)
        if not rows:
            raise FetchError(f"{self._what} is empty")
        return rows

    def _target(self, info: zipfile.ZipInfo) -> str:
        with self._file.open(info) as stream:
            return os.fsdecode(stream.read(entries.MAX_TARGET + 1))

    def _write(self, info: zipfile.ZipInfo, target: Path) -> None:
        is_executable = info.external_attr >> _UNIX_MODE & stat.S_IXUSR
        with self._file.open(info) as stream, target.open("xb") as copy:
            while chunk := stream.read(_CHUNK):
                self._left -= len(chunk)  # what is really there: the sizes in an archive may be anything
                if self._left < 0:
                    raise FetchError(f"{self._what} has more than {entries.MAX_BYTES >> 20} MB when it is unpacked")
                copy.write(chunk)
        target.chmod(0o755 if is_executable else 0o644)


def make_links(folder: Path, links: Mapping[Parts, str]) -> None:
    """Make symlinks, which :class:`Entries` has checked; where the system refuses them, copies of what they lead to."""
    for parts, target in links.items():
        link = folder.joinpath(*parts)
        link.parent.mkdir(parents=True, exist_ok=True)
        there = link.parent / target
        try:
            link.symlink_to(target, target_is_directory=there.is_dir())
        except OSError:
            if os.name != "nt":  # where it takes a right that few users have
                raise
            if there.is_dir():
                shutil.copytree(there, link)
            elif there.is_file():
                shutil.copyfile(there, link)


def _root(names: list[str]) -> str:
    """Return the folder that all entries are below, with a slash; or nothing."""
    first = names[0].partition("/")[0] + "/" if names else ""
    is_root = len(first) > 1 and first not in {"./", "../"} and all(name.startswith(first) for name in names)
    return first if is_root and any(name != first for name in names) else ""


def _kind(info: zipfile.ZipInfo) -> str:
    mode = info.external_attr >> _UNIX_MODE
    if stat.S_ISLNK(mode):
        return LINK
    return FOLDER if info.filename.endswith("/") or stat.S_ISDIR(mode) else FILE


def _problem(info: zipfile.ZipInfo) -> str:
    """Return what is wrong with an entry, its name aside."""
    mode = info.external_attr >> _UNIX_MODE
    if "\0" in info.orig_filename:
        return "has a NUL in its name"
    if stat.S_IFMT(mode) not in {0, stat.S_IFREG, stat.S_IFDIR, stat.S_IFLNK}:
        return "is neither a file nor a folder nor a symlink"
    if info.flag_bits & _IS_ENCRYPTED:
        return "is encrypted"
    if info.compress_type not in _METHODS:
        return "is compressed in a way that few programs know"
    if stat.S_ISLNK(mode) and (info.filename.endswith("/") or info.file_size > entries.MAX_TARGET):
        return "is a symlink without a valid target"
    return ""


def _check_directory(archive: Path, what: str) -> None:
    """Raise :class:`FetchError` for a list of entries so long that reading it would take all memory."""
    with archive.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - _END_SIZE - _LONGEST_COMMENT - _LOCATOR_SIZE))
        tail = file.read()
    # As zipfile looks for it: without a comment first.
    at = len(tail) - _END_SIZE if tail[-_END_SIZE:].startswith(_END) else tail.rfind(_END)
    if at < 0:
        raise FetchError(f"{what} is no zip")
    length = int.from_bytes(tail[at + 12 : at + 16], "little")
    if length > _MAX_DIRECTORY or tail[max(0, at - _LOCATOR_SIZE) : at].startswith(_END_64):
        raise FetchError(f"{what} has more than {entries.MAX_ENTRIES:,} files and folders")


@contextmanager
def _zip_errors(what: str) -> Iterator[None]:
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        reason = str(error)[:200]
        raise FetchError(f"{what} cannot be unpacked: {shown(reason)}", "make the zip once more") from error
    except OSError as error:
        raise FetchError(f"{what} cannot be unpacked: {error.strerror or error}") from error
