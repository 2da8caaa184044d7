"""Finds what has changed in repositories since they were made, down to one byte."""

from __future__ import annotations

import os
import re
import zipfile
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from scaffold.errors import FilePosition, Problem
from scaffold.workshop import records, repository
from scaffold.workshop import report as reports
from scaffold.workshop.manifest import FOLDER, GIT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from scaffold.workshop.records import Record


def folder(path: Path, *, jobs: int = 1, progress: Callable[[int, int], None] = lambda _d, _t: None) -> list[Problem]:
    """Compare every repository in a folder with the report in there, and the report's table and page with it.

    Raises as :func:`scaffold.workshop.report.read` does.
    """
    report = reports.read(path)
    rows = [*report.repositories, *report.solutions]
    known = records.of_report(report)
    found = [
        Problem(FilePosition(str(path / name)), "is not what the report says: it was changed, or the report was")
        for name, text in ((reports.CSV, reports.table(report)), (reports.HTML, reports.page(report)))
        if _bytes(path / name) != text.encode("utf-8", "backslashreplace")
    ]

    def look(row: reports.Row) -> list[Problem]:
        if row.status != "ready" or row.repository not in known:
            return [
                Problem(
                    FilePosition(str(path / row.repository)),
                    f"is {row.status}" + (f": {row.error}" if row.error else ""),
                )
            ]
        record = known[row.repository]
        place = records.place(path, record.name, record.output)
        return [Problem(FilePosition(str(place)), line) for line in changes(place, record)]

    # Threads, for a disk that is far away; beside one that is near they neither help nor harm.
    with ThreadPoolExecutor(jobs) as pool:
        for number, lines in enumerate(pool.map(look, rows), 1):
            found += lines
            progress(number, len(rows))
    return found


def changes(place: Path, record: Record) -> list[str]:
    """Return what is not as it was made, a sentence each; ``record`` is what is known of it.

    Nothing that lies there is run, nor is git, which would do as its configuration says.
    """
    if not os.path.lexists(place):
        return ["is not there"]
    if place.is_symlink():
        return ["is a link"]
    try:
        if record.output == GIT:
            found = _git(place, record)
        elif record.output == FOLDER:
            found = _folder(place, record)
        else:
            found = _zip(place, record.digest)
    except OSError as error:
        found = [f"cannot be read: {error.filename or place}: {error.strerror or error}"]
    return [_shown(line) for line in found]


def _shown(text: str) -> str:
    """Return a text in which nothing does anything to a terminal: names of files may be any bytes."""
    return "".join(one if one.isprintable() else ascii(one)[1:-1] for one in text)


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _folder(place: Path, record: Record) -> list[str]:
    if not place.is_dir():
        return ["is no folder"]
    expected = record.files or {}
    there = {path: repository.sum_of(place / path) if path in expected else "" for path in repository.listed(place)}
    found = [*_compared(expected, there)]
    if not found and repository.digest_of_files(there) != record.digest:
        found.append("is not what the report says")
    return found


def _zip(place: Path, digest: str) -> list[str]:
    there = repository.sum_of(place)
    if there == "no file":
        return ["is no file"]
    if there.removesuffix("x") == digest:
        return []
    try:
        with zipfile.ZipFile(place) as archive:
            broken = archive.testzip()
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError) as error:
        return [f"is broken: {error}"]
    return [f"{broken} in it is broken" if broken else "has other bytes than it was made with"]


def _git(place: Path, record: Record) -> list[str]:
    from scaffold.workshop import commits  # noqa: PLC0415  dulwich takes time to load

    git = place / ".git"
    if git.is_symlink() or not git.is_dir():
        return [".git is not there"]
    there = repository.listed(git)
    staged = commits.staged(git / "index") if "index" in there and (git / "index").is_file() else None
    sums = {path: repository.sum_of(git / path) for path in there if path != "index"}
    if staged is None or repository.digest_of_git(sums, staged) != record.digest:
        return _reasons(git, there, record.refs, staged)
    files = [path for path in repository.listed(place) if not path.startswith(".git/")]
    return _compared(staged, {path: repository.blob_of(place / path) if path in staged else "" for path in files})


def _reasons(git: Path, there: Sequence[str], refs: Mapping[str, str], staged: Mapping[str, str] | None) -> list[str]:
    """Return why git's folder is not as it was made."""
    from scaffold.workshop import commits  # noqa: PLC0415

    packs = [path for path in there if re.fullmatch(r"objects/pack/pack-[0-9a-f]{40}\.(pack|idx)", path)]
    own = {"HEAD": commits.HEAD, "config": commits.CONFIG, "packed-refs": commits.packed_refs(refs)}
    found = []
    for path, data in own.items():
        if _bytes(git / path) != data or path not in there:
            found.append(f".git/{path} {'has changed' if path in there else 'is not there'}")
    for path in packs:
        data = _bytes(git / path) or b""
        if not commits.is_whole(data) or (path.endswith(".pack") and data[-20:].hex() not in path):
            found.append(f".git/{path} has changed")
    if len(packs) < 2:  # noqa: PLR2004  the pack and its index
        found.append(".git/objects/pack is not whole")
    if staged is None:
        found.append(".git/index " + ("is broken" if "index" in there else "is not there"))
    for path in sorted({*there} - {*own, *packs, "index"}):
        name = path.removeprefix("refs/").removeprefix("heads/").removeprefix("tags/")
        moved = path.startswith("refs/") and name in refs
        found.append(f".git/{path} " + ("was put there: it moves " + name if moved else "was put there"))
    return _first(found) or [".git is not what the report says: another commit, or something is staged"]


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
    return _first([f"{path} {what}" for path, what in _differences(expected, there)])


def _first(lines: list[str]) -> list[str]:
    more = len(lines) - _MOST
    return [*lines[:_MOST], *([f"{more} more files differ"] if more > 0 else [])]
