"""A git repository: a commit and a tag for each state of a step, ``main`` at the first.

Nothing that lies in one is run to check or to push it: its configuration may name programs.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaffold.workshop import files, push
from scaffold.workshop.contents import full_ref
from scaffold.workshop.outputs import Checksums, Output

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from scaffold.workshop.outputs import Repository

_PACK = re.compile(r"objects/pack/pack-[0-9a-f]{40}\.(pack|idx)")


class Git(Output):
    """A repository to clone, or to push to a remote."""

    description = "a repository, with a tag for each state of a step"
    instructions = (
        (
            "Run the commands in a terminal, from the top down. The first one fetches your repository; the rest go "
            "into it, install what it needs and run its tests."
        ),
    )
    has_tags = True
    can_push = True

    def write(self, path: Path, repository: Repository) -> Checksums:
        """Write the working tree and git's own folder."""
        from scaffold.workshop import git_objects  # noqa: PLC0415  dulwich takes time to load

        files.write(path, files.at_commit(repository.commits, repository.start))
        git = path / ".git"
        refs, staged = git_objects.write(git, repository.commits, repository.start, repository.author, repository.date)
        checksums = {name: files.checksum(git / name) for name in files.listed(git) if name != "index"}
        return Checksums(refs, _digest(checksums, staged))

    def changes(self, path: Path, checksums: Checksums) -> list[str]:
        """Compare git's own folder and the working tree, without git, which would do as its configuration says."""
        from scaffold.workshop import git_objects  # noqa: PLC0415

        git = path / ".git"
        if git.is_symlink() or not git.is_dir():
            return [".git is not there"]
        names = files.listed(git)
        staged = git_objects.staged(git / "index") if "index" in names and (git / "index").is_file() else None
        there = {name: files.checksum(git / name) for name in names if name != "index"}
        if staged is None or _digest(there, staged) != checksums.digest:
            return _reasons(git, names, checksums.refs, staged)
        tree = [name for name in files.listed(path) if not name.startswith(".git/")]
        return files.differences(staged, {name: files.blob_id(path / name) if name in staged else "" for name in tree})

    def command(self, name: str, address: str | None) -> str:
        """Return the command that clones it, from the disk where it has no address."""
        return f"git clone {address or name}"

    def push(self, path: Path, checksums: Checksums, address: str, scratch: Path) -> str:
        """Push ``main`` and the tags as they were made, whatever they are now."""
        refs = {full_ref(name): commit for name, commit in checksums.refs.items()}
        return push.push(path / ".git/objects", refs, address, scratch)


def _digest(checksums: Mapping[str, str], staged: Mapping[str, str]) -> str:
    """Return a SHA-256 of git's folder from the checksums of its files, and from what is in the index.

    The index itself is not among the files: git writes it anew whenever it has looked at the working tree.
    """
    return files.digest({**checksums, **{f"index {path}": blob for path, blob in staged.items()}})


def _reasons(git: Path, names: Sequence[str], refs: Mapping[str, str], staged: Mapping[str, str] | None) -> list[str]:
    """Return why git's folder is not as it was made."""
    from scaffold.workshop import git_objects  # noqa: PLC0415

    packs = [name for name in names if _PACK.fullmatch(name)]
    own = {
        "HEAD": git_objects.HEAD,
        "config": git_objects.CONFIG,
        "packed-refs": git_objects.packed_refs(refs),
    }
    reasons = []
    for name, data in own.items():
        if files.read(git / name) != data or name not in names:
            reasons.append(f".git/{name} {'has changed' if name in names else 'is not there'}")
    for name in packs:
        data = files.read(git / name) or b""
        if not git_objects.is_whole(data) or (name.endswith(".pack") and data[-20:].hex() not in name):
            reasons.append(f".git/{name} has changed")
    if len(packs) < 2:  # noqa: PLR2004  the pack and its index
        reasons.append(".git/objects/pack is not whole")
    if staged is None:
        reasons.append(".git/index " + ("is broken" if "index" in names else "is not there"))
    for name in sorted({*names} - {*own, *packs, "index"}):
        ref = name.removeprefix("refs/").removeprefix("heads/").removeprefix("tags/")
        moves = name.startswith("refs/") and ref in refs
        reasons.append(f".git/{name} " + ("was put there: it moves " + ref if moves else "was put there"))
    return files.shortened(reasons) or [".git is not what the report says: another commit, or something is staged"]


OUTPUT = Git()
