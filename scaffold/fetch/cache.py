"""Archives that were fetched before, by URL and revision, in the user's cache folder; no credentials are among them."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
from contextlib import suppress
from typing import TYPE_CHECKING

from scaffold import user_folders
from scaffold.revisions import DIGEST, is_revision

if TYPE_CHECKING:
    from pathlib import Path

OFFLINE = "SAM_SCAFFOLD_OFFLINE"
_MOST_SHOWN = 3


def is_offline() -> bool:
    """Return whether the user forbids the network."""
    return os.environ.get(OFFLINE, "") not in {"", "0"}


def find(url: str, revision: str, directory: str = "") -> Path | None:
    """Return the archive of a revision, a full commit or a digest, or of a directory in it, if it is there, whole."""
    path = _path(url, revision, directory)
    if path is None or not _is_ours(path):
        return None
    if DIGEST.fullmatch(revision) and f"sha256:{digest(path)}" != revision:
        return None
    return path


def store(url: str, revision: str, archive: Path, directory: str = "") -> None:
    """Keep a copy of an archive; without a disk to write to, do nothing."""
    path = _path(url, revision, directory)
    if path is None:
        return
    fresh = path.with_name(f"{path.name}.{os.urandom(4).hex()}.tmp")
    with suppress(OSError):
        root = path.parent.parent
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        root.chmod(0o700)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        try:
            shutil.copyfile(archive, fresh)
            fresh.chmod(0o600)
            fresh.replace(path)
        finally:
            fresh.unlink(missing_ok=True)


def use(path: Path) -> None:
    """Make an archive the newest of its URL, for :func:`hint`."""
    with suppress(OSError):
        path.touch()


def mark(url: str, commit: str) -> None:
    """Remember that a branch or a tag has a commit; without a disk to write to, do nothing."""
    path = _mark(url, commit)
    with suppress(OSError):
        if path:
            path.touch(mode=0o600)


def is_marked(url: str, commit: str) -> bool:
    """Return whether it is known that a branch or a tag has a commit."""
    path = _mark(url, commit)
    return path is not None and _is_ours(path)


def _mark(url: str, commit: str) -> Path | None:
    path = _path(url, commit)
    return path and path.with_suffix(".published")


def hint(url: str) -> str:
    """Return how to use what is there of a URL, the newest first; or nothing."""
    files: list[tuple[float, str]] = []
    any_path = _path(url, "")
    with suppress(OSError):
        for path in any_path.parent.iterdir() if any_path else ():
            revision = path.name.removesuffix(".zip").replace("sha256-", "sha256:")
            if path.suffix == ".zip" and is_revision(revision) and _is_ours(path):
                files.append((-path.stat().st_mtime, revision))
    names = [f"--checkout {revision}" for _, revision in sorted(files)[:_MOST_SHOWN]]
    return f"what was fetched before needs no network: {' or '.join(names)}" if names else ""


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is_ours(path: Path) -> bool:
    """Return whether a file of the cache is there, and nobody else can have written it or put it where it is."""
    try:
        rows = [one.stat() for one in (path, path.parent, path.parent.parent)]
    except OSError:
        return False
    if os.name == "nt":  # where a user's folders are the user's
        return True
    return all(row.st_uid == os.geteuid() and not row.st_mode & (stat.S_IWGRP | stat.S_IWOTH) for row in rows)


def _path(url: str, revision: str, directory: str = "") -> Path | None:
    root = user_folders.cache()
    key, part = (hashlib.sha256(text.encode(errors="surrogateescape")).hexdigest()[:32] for text in (url, directory))
    revision = f"{revision}-{part}" if directory else revision
    # A colon is no part of a name on Windows.
    return root and root / "templates" / key / f"{revision.replace(':', '-')}.zip"
