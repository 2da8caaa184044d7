"""Archives that were fetched before, by URL and revision, in the user's cache folder; no credentials are among them."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import stat
from contextlib import suppress
from pathlib import Path

import platformdirs

OFFLINE = "SAM_SCAFFOLD_OFFLINE"
COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_MOST_SHOWN = 3


def is_offline() -> bool:
    """Return whether the user forbids the network."""
    return os.environ.get(OFFLINE, "") not in {"", "0"}


def find(url: str, revision: str) -> Path | None:
    """Return the archive of a revision, a full commit or a digest, if it is there and whole."""
    path = _path(url, revision)
    if not (path.is_file() and _is_ours(path)):
        return None
    if DIGEST.fullmatch(revision) and f"sha256:{digest(path)}" != revision:
        return None
    return path


def store(url: str, revision: str, archive: Path) -> None:
    """Keep a copy of an archive; without a disk to write to, do nothing."""
    path = _path(url, revision)
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


def mark(url: str, commit: str) -> None:
    """Remember that a branch or a tag has a commit; without a disk to write to, do nothing."""
    with suppress(OSError):
        _mark(url, commit).touch(mode=0o600)


def is_marked(url: str, commit: str) -> bool:
    """Return whether it is known that a branch or a tag has a commit."""
    mark = _mark(url, commit)
    return mark.is_file() and _is_ours(mark)


def _mark(url: str, commit: str) -> Path:
    return _path(url, commit).with_suffix(".published")


def hint(url: str) -> str:
    """Return how to use what is there of a URL, the newest first; or nothing."""
    files: list[tuple[float, str]] = []
    with suppress(OSError):
        for path in _path(url, "").parent.iterdir():
            revision = path.name.removesuffix(".zip").replace("sha256-", "sha256:")
            if path.suffix == ".zip" and (COMMIT.fullmatch(revision) or DIGEST.fullmatch(revision)):
                files.append((-path.stat().st_mtime, revision))
    names = [f"--checkout {revision}" for _, revision in sorted(files)[:_MOST_SHOWN]]
    return f"what was fetched before needs no network: {' or '.join(names)}" if names else ""


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is_ours(path: Path) -> bool:
    """Return whether nobody else can have written a file of the cache, nor put it where it is."""
    if os.name == "nt":  # where a user's folders are the user's
        return True
    rows = [one.stat() for one in (path, path.parent, path.parent.parent)]
    return all(row.st_uid == os.geteuid() and not row.st_mode & (stat.S_IWGRP | stat.S_IWOTH) for row in rows)


def _path(url: str, revision: str) -> Path:
    key = hashlib.sha256(url.encode(errors="surrogateescape")).hexdigest()[:32]
    root = platformdirs.user_cache_path("sam-scaffold", appauthor=False)
    # A colon is no part of a name on Windows.
    return Path(root) / "templates" / key / f"{revision.replace(':', '-')}.zip"
