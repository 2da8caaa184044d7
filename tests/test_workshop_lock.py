"""`.sam-scaffold.lock` in the repositories of a workshop."""

from __future__ import annotations

from pathlib import Path

from scaffold import lock
from test_lock import blobs, git, locked
from workshops import built, manifest


def test_each_repository_of_a_workshop_has_its_own(tmp_path: Path) -> None:
    out = built(manifest(tmp_path / "w", count=2))
    repositories = sorted(path for path in out.iterdir() if (path / ".git").is_dir())
    assert len(repositories) == 2
    ids = []
    for repository in repositories:
        first = git(repository, "rev-list", "--max-parents=0", "HEAD").strip()
        files = blobs(repository, first)
        ids.append(locked(repository))
        assert {path: files[path] for path in ids[-1]} == ids[-1], repository.name
        assert set(files) - set(ids[-1]) == {lock.FILE}
    assert ids[0]["README.md"] != ids[1]["README.md"]
