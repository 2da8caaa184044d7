"""``.sam-scaffold.lock``: the version that made a project, and the git blob id of each file as it was made.

With these, a later version can tell the files that were edited since from those that were not, and find the original
text of an edited one in the project's own git history. ``schemas/lock.schema.json`` describes the file.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from scaffold import __version__, paths

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FILE = ".sam-scaffold.lock"
SCHEMA = paths.SCHEMAS / "lock.schema.json"
FORMAT = 1  # of the file itself


def blob_id(content: bytes) -> str:
    """Return the id that git gives a file with that content: https://git-scm.com/book/en/v2/Git-Internals-Git-Objects."""
    # Not for security: it is git's own id, and SHA-1 is what git hashes with unless a repository is made otherwise.
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def dump(files: Mapping[str, str]) -> str:
    """Return the text of the lock; ``files`` has the blob id of each file by its path, with ``/`` between folders."""
    values = {"format": FORMAT, "sam_scaffold": __version__, "files": dict(sorted(files.items()))}
    return json.dumps(values, indent=2) + "\n"


def write(folder: Path) -> None:
    """Write the lock of the project in ``folder``, with every file that is there."""
    files = {
        path.relative_to(folder).as_posix(): blob_id(path.read_bytes())
        for path in folder.rglob("*")
        if path.is_file() and path.name != FILE
    }
    (folder / FILE).write_text(dump(files), encoding="utf-8", newline="\n")
