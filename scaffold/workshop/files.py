"""Files of repositories on the disk: written, listed, summed and compared. Nothing that lies there is run."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from scaffold import paths

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from scaffold.placeholders import File
    from scaffold.workshop.contents import Commit

_ANY_BYTES = ("utf-8", "surrogateescape")  # names of files that somebody has put there may be any bytes
_SHOWN = 5  # differences that are told one by one


# What a repository holds ------------------------------------------------------------------------------------------


def at_commit(commits: Sequence[Commit], number: int) -> dict[str, File]:
    """Return all files as of the commit with that number."""
    files: dict[str, File] = {}
    for commit in commits[: number + 1]:
        files |= commit.files
    return files


def in_folders(commits: Sequence[Commit], start: int) -> dict[str, File]:
    """Return the files of every tag, each in a folder named as the tag; without tags, those of the commit ``start``."""
    tagged = [number for number, commit in enumerate(commits) if commit.tag]
    if not tagged:
        return at_commit(commits, start)
    return {
        f"{commits[number].tag}/{path}": file for number in tagged for path, file in at_commit(commits, number).items()
    }


def write(folder: Path, files: Mapping[str, File]) -> None:
    """Write files below a folder that does not exist yet."""
    mask = paths.umask()
    folder.mkdir()
    # Each folder is made once, those that it lies in before it.
    parents = {parent for path in files for parent in PurePosixPath(path).parents} - {PurePosixPath()}
    for parent in sorted(parents):
        (folder / parent).mkdir()
    for path, file in files.items():
        with (folder / path).open("xb") as stream:
            stream.write(file.data)
        if file.executable:
            (folder / path).chmod(0o777 & ~mask)


# What lies on the disk --------------------------------------------------------------------------------------------


def listed(folder: Path) -> list[str]:
    """Return everything below a folder that is no folder, and every link; what a link leads to is not looked at."""
    names = []
    for parent, folders, files in os.walk(folder):
        here = Path(parent)
        links = [name for name in folders if (here / name).is_symlink()]
        names += [(here / name).relative_to(folder).as_posix() for name in [*files, *links]]
    return sorted(names)


def read(path: Path) -> bytes | None:
    """Return the bytes of a file, or ``None`` where there is none."""
    return path.read_bytes() if path.is_file() else None


def checksum_of(file: File) -> str:
    """Return the SHA-256 of a file, with an x behind it where it may be executed."""
    return hashlib.sha256(file.data).hexdigest() + ("x" if file.executable else "")


def checksum(path: Path) -> str:
    """Return the same of a file on the disk."""
    return _checksum(path, hashlib.sha256())


def blob_id(path: Path) -> str:
    """Return git's id of a file as it lies there, with an x likewise; git itself would let line endings pass."""
    return _checksum(path, hashlib.sha1(b"blob %d\0" % path.lstat().st_size, usedforsecurity=False))


def _checksum(path: Path, digest: hashlib._Hash) -> str:
    facts = path.lstat()
    if not stat.S_ISREG(facts.st_mode):
        return "no file"  # a link, or something that never ends
    with path.open("rb") as file:
        while part := file.read(1 << 20):
            digest.update(part)
    return digest.hexdigest() + ("x" if facts.st_mode & 0o100 else "")


def digest(checksums: Mapping[str, str]) -> str:
    """Return a SHA-256 of a folder from the checksums of its files."""
    lines = (f"{checksum}  {path}\n" for path, checksum in sorted(checksums.items()))
    return hashlib.sha256("".join(lines).encode(*_ANY_BYTES)).hexdigest()


def differences(expected: Mapping[str, str], there: Mapping[str, str]) -> list[str]:
    """Return which files are not as expected, a sentence each; both map paths to checksums."""
    return shortened([f"{path} {what}" for path, what in _differences(expected, there)])


def _differences(expected: Mapping[str, str], there: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name in sorted({*expected, *there}):
        if name not in there:
            yield name, "is not there"
        elif name not in expected:
            yield name, "is new"
        elif expected[name] != there[name]:
            yield name, "has changed"


def shortened(lines: list[str]) -> list[str]:
    """Return the first few sentences, and how many more there are."""
    more = len(lines) - _SHOWN
    return [*lines[:_SHOWN], *([f"{more} more files differ"] if more > 0 else [])]
