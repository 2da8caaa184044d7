"""Finds what has changed in repositories since they were made, down to one byte."""

from __future__ import annotations

import hashlib
import os
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scaffold.errors import OutputError
from scaffold.workshop import report as reports
from scaffold.workshop import repository
from scaffold.workshop.manifest import FOLDER, GIT, ZIP

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

# What git writes into its folder by itself while somebody works; what else is there was put there.
_OF_GIT = ("objects", "refs", "logs")
_FILES_OF_GIT = {
    "HEAD", "config", "index", "packed-refs", "description", "FETCH_HEAD", "ORIG_HEAD", "COMMIT_EDITMSG", "gc.log",
}  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """What is not as it was made: of which repository, or of which file of the report."""

    repository: str
    message: str


def folder(path: Path, *, jobs: int = 1, progress: Callable[[int, int], None] = lambda _d, _t: None) -> list[Finding]:
    """Compare every repository in a folder with the report in there, and the report's table and page with it.

    Raises as :func:`scaffold.workshop.report.read` does.
    """
    report = reports.read(path)
    rows = [*report.repositories, *report.solutions]
    found = [
        Finding(name, "is not what the report says: it was changed, or the report was")
        for name, text in ((reports.CSV, reports.table(report)), (reports.HTML, reports.page(report)))
        if _bytes(path / name) != text.encode("utf-8", "backslashreplace")
    ]

    def look(row: reports.Row) -> list[Finding]:
        if row.status != "ready" or row.digest is None:
            return [Finding(row.repository, f"is {row.status}" + (f": {row.error}" if row.error else ""))]
        place = path / (f"{row.repository}.zip" if report.output == ZIP else row.repository)
        return [
            Finding(row.repository, line) for line in changes(place, report.output, row.refs, row.digest, row.files)
        ]

    # Threads are enough: most of the time is git's, in processes of its own.
    with ThreadPoolExecutor(jobs) as pool:
        for number, lines in enumerate(pool.map(look, rows), 1):
            found += lines
            progress(number, len(rows))
    return found


def changes(
    place: Path, output: str, refs: Mapping[str, str], digest: str, files: Mapping[str, str] | None
) -> list[str]:
    """Return what is not as it was made, a sentence each; the arguments are what the report says of it."""
    if not os.path.lexists(place):
        return ["is not there"]
    try:
        if output == GIT:
            return _git(place, refs, digest)
        if output == FOLDER:
            return _folder(place, digest, files or {})
        return _zip(place, digest)
    except OSError as error:
        return [f"cannot be read: {error.filename or place}: {error.strerror or error}"]


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _folder(place: Path, digest: str, files: Mapping[str, str]) -> list[str]:
    there = {path: repository.sum_of(place / path) for path in _listed(place)}
    found = [*_compared(files, there)]
    if not found and repository.digest_of_files(there) != digest:
        found.append("is not what the report says")
    return found


def _zip(place: Path, digest: str) -> list[str]:
    if hashlib.sha256(place.read_bytes()).hexdigest() == digest:
        return []
    try:
        with zipfile.ZipFile(place) as archive:
            broken = archive.testzip()
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError) as error:
        return [f"is broken: {error}"]
    return [f"{broken} in it is broken" if broken else "has other bytes than it was made with"]


def _git(place: Path, refs: Mapping[str, str], digest: str) -> list[str]:
    git = place / ".git"
    if not git.is_dir():
        return [".git is not there"]
    odd = [
        f".git/{path} was put there"
        for path in _listed(git)
        if (path.partition("/")[0] not in _OF_GIT and path not in _FILES_OF_GIT)
        or path in ("objects/info/alternates", "objects/info/http-alternates")
    ]  # fmt: skip
    if odd:
        return odd  # git may run or read what was put there: it is not started
    config = (git / "config").read_bytes() if (git / "config").is_file() else b""
    if repository.digest_of_git(git, refs) != digest:
        known = b"ref: refs/heads/" + repository.BRANCH.encode() + b"\n"
        head = (git / "HEAD").read_bytes() if (git / "HEAD").is_file() else b""
        if head != known:
            return [".git/HEAD has changed: another branch is checked out, or none"]
        return [".git/config has changed" if config else ".git/config is not there"]
    there = {name: commit for commit, name in (line.split() for line in _said(git, "show-ref").splitlines())}
    names = {
        f"refs/heads/{name}" if name == repository.BRANCH else f"refs/tags/{name}": one for name, one in refs.items()
    }
    found = [f"{name.partition('/')[2]} {what}" for name, what in _differences(names, there)]
    broken = _broken(git)
    if broken:
        return [*found, f"git finds it broken: {broken}"]
    expected = {}
    for line in _said(git, "ls-tree", "-r", "-z", "--full-tree", refs[repository.BRANCH]).split("\0"):
        if line:
            facts, path = line.split("\t", 1)
            mode, _, blob = facts.split()
            expected[path] = blob + ("x" if mode == "100755" else "")
    listed = [path for path in _listed(place) if not path.startswith(".git/")]
    return [*found, *_compared(expected, {path: _blob(place / path) for path in listed})]


def _blob(path: Path) -> str:
    """Return git's id of a file, as it lies there; git itself would let line endings pass."""
    data = str(path.readlink()).encode() if path.is_symlink() else path.read_bytes()
    name = hashlib.sha1(b"blob %d\0%b" % (len(data), data), usedforsecurity=False).hexdigest()
    if path.is_symlink():
        return f"{name}l"
    return name + ("x" if path.stat().st_mode & 0o100 else "")


def _listed(place: Path) -> list[str]:
    """Return every file below a folder, and every folder that is empty or a link."""
    found = []
    for parent, folders, files in os.walk(place):
        here = Path(parent)
        links = [name for name in folders if (here / name).is_symlink()]
        found += [(here / name).relative_to(place).as_posix() for name in [*files, *links]]
    return sorted(found)


def _differences(expected: Mapping[str, str], there: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    for name in sorted({*expected, *there}):
        if name not in there:
            yield name, "is not there"
        elif name not in expected:
            yield name, "is new"
        elif expected[name] != there[name]:
            yield name, "has changed"


_MOST = 5


def _compared(expected: Mapping[str, str], there: Mapping[str, str]) -> list[str]:
    lines = [f"{path} {what}" for path, what in _differences(expected, there)]
    more = len(lines) - _MOST
    return [*lines[:_MOST], *([f"{more} more files differ"] if more > 0 else [])]


def _said(git: Path, *arguments: str) -> str:
    done = repository.run_git(git, *arguments)
    if done.returncode:
        raise OutputError(f"{git}: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout.decode("utf-8", "surrogateescape")


def _broken(git: Path) -> str | None:
    done = repository.run_git(git, "fsck", "--full", "--no-dangling", "--no-progress")
    said = (done.stderr + done.stdout).decode(errors="replace").strip().splitlines()
    said = [line for line in said if not line.startswith("notice:")]
    return said[0] if done.returncode or said else None
