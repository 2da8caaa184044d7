"""What names one state of a template or a catalogue: a commit's full id, or the digest of a zip or of a folder."""

from __future__ import annotations

import re

COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
WRONG = "is neither a commit's full id nor sha256: and a digest"


def is_revision(text: str) -> bool:
    """Return whether a text is a revision, in lower case."""
    return bool(COMMIT.fullmatch(text) or DIGEST.fullmatch(text))


def is_commit(revision: str) -> bool:
    """Return whether a revision is a commit's id, and not a digest."""
    return bool(COMMIT.fullmatch(revision))
