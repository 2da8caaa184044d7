"""A git repository's own folder, written in one go: the only importer of dulwich.

dulwich writes the objects, the pack and the index in this process. The git program takes two processes for each
repository to do that, which was most of the time of a build; what dulwich writes is what that program reads, and the
tests look at it with that program.
"""

from __future__ import annotations

import calendar
import hashlib
import io
import time
from typing import TYPE_CHECKING

from dulwich.index import IndexChecksumWriter, IndexEntry, read_index_dict, write_index_dict
from dulwich.object_format import SHA1
from dulwich.objects import Blob, Commit, ObjectID, Tree
from dulwich.pack import write_pack_index, write_pack_objects

from scaffold.workshop.contents import BRANCH, full_ref

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from dulwich.objects import ShaFile

    from scaffold.placeholders import File
    from scaffold.workshop import contents

_FOLDER, _FILE, _PROGRAM = 0o40000, 0o100644, 0o100755
# As `git init` writes it, on a file system that tells upper from lower case and knows permissions.
CONFIG = b"[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = false\n\tlogallrefupdates = true\n"
HEAD = f"ref: refs/heads/{BRANCH}\n".encode()
_Entries = dict[str, tuple[int, ObjectID]]  # mode and id of each file, by its path
_Folder = dict[str, "tuple[int, ObjectID] | _Folder"]


def write(
    git: Path, commits: Sequence[contents.Commit], start: int, author: tuple[str, str], date: str
) -> tuple[dict[str, str], dict[str, str]]:
    """Write the folder ``git``, which does not exist yet; return the commits by branch and tag, and what is staged.

    Each commit lies upon the one before, dated ``date`` (YYYY-MM-DD) at midnight UTC; ``main`` is at the one with the
    number ``start``. The index says nothing of the files on the disk, so that it is the same everywhere; git looks at
    them once and then knows.
    """
    objects: dict[ObjectID, ShaFile] = {}
    entries: _Entries = {}
    stamp = calendar.timegm(time.strptime(date, "%Y-%m-%d"))
    identity = f"{author[0]} <{author[1]}>".encode()
    refs: dict[str, str] = {}
    parents: list[ObjectID] = []
    for number, state in enumerate(commits):
        entries |= _blobs(state.files, objects)
        commit = Commit()
        commit.tree = _tree(_folders(entries), objects)
        commit.parents = parents
        commit.author = commit.committer = identity
        commit.author_time = commit.commit_time = stamp
        commit.author_timezone = commit.commit_timezone = 0
        commit.message = f"{state.message}\n".encode()
        objects[commit.id] = commit
        parents = [commit.id]
        if state.tag:
            refs[state.tag] = commit.id.decode()
        if number == start:
            refs[BRANCH] = commit.id.decode()
            index = dict(entries)
    _write(git, objects, refs, index)
    return refs, {path: _marked(*entry) for path, entry in index.items()}


def _marked(mode: int, identifier: ObjectID) -> str:
    """Return the id of a file in the index, with an x behind it where it may be executed."""
    return identifier.decode() + ("x" if mode == _PROGRAM else "")


def _blobs(files: Mapping[str, File], objects: dict[ObjectID, ShaFile]) -> _Entries:
    entries = {}
    for path, file in files.items():
        blob = Blob.from_string(file.data)
        objects[blob.id] = blob
        entries[path] = (_PROGRAM if file.executable else _FILE, blob.id)
    return entries


def _folders(entries: _Entries) -> _Folder:
    top: _Folder = {}
    for path, entry in entries.items():
        *parents, name = path.split("/")
        folder = top
        for parent in parents:
            inner = folder.setdefault(parent, {})
            if not isinstance(inner, dict):
                raise TypeError(f"{parent} in {path} is a file as well")
            folder = inner
        folder[name] = entry
    return top


def _tree(folder: _Folder, objects: dict[ObjectID, ShaFile]) -> ObjectID:
    tree = Tree()
    for name, entry in folder.items():
        mode, identifier = (_FOLDER, _tree(entry, objects)) if isinstance(entry, dict) else entry
        tree.add(name.encode(), mode, identifier)
    objects[tree.id] = tree
    return tree.id


def _write(git: Path, objects: dict[ObjectID, ShaFile], refs: dict[str, str], index: _Entries) -> None:
    packs = git / "objects/pack"
    for folder in (git, git / "objects", packs, git / "refs"):
        folder.mkdir()
    (git / "HEAD").write_bytes(HEAD)
    (git / "config").write_bytes(CONFIG)
    (git / "packed-refs").write_bytes(packed_refs(refs))
    stage = packs / "new.pack"
    with stage.open("wb") as file:
        entries, checksum = write_pack_objects(file, [(item, None) for item in objects.values()], SHA1)
    name = f"pack-{checksum.hex()}"
    with (packs / f"{name}.idx").open("wb") as file:
        write_pack_index(file, sorted((key, *value) for key, value in entries.items()), checksum)
    stage.rename(packs / f"{name}.pack")
    with (git / "index").open("wb") as file:
        writer = IndexChecksumWriter(file, SHA1)
        write_index_dict(
            writer,
            {
                path.encode(): IndexEntry(0, 0, 0, 0, mode, 0, 0, 0, identifier)
                for path, (mode, identifier) in sorted(index.items())
            },
        )
        writer.close()


def packed_refs(refs: Mapping[str, str]) -> bytes:
    """Return the file that says at which commits the branch and the tags are."""
    commits = {full_ref(name): commit for name, commit in refs.items()}
    # As after `git pack-refs`: one file for all of them. The blank at the end of its head is part of the format.
    lines = ["# pack-refs with: peeled fully-peeled sorted "]
    lines += [f"{commit} {name}" for name, commit in sorted(commits.items())]
    return "".join(f"{line}\n" for line in lines).encode()


def is_whole(data: bytes) -> bool:
    """Return whether a pack, its index or the index of a working tree ends with the SHA-1 of what is before it."""
    return hashlib.sha1(data[:-20], usedforsecurity=False).digest() == data[-20:]


def staged(index: Path) -> dict[str, str] | None:
    """Return the blob of each file in the index, with an x behind it where it may be executed; ``None`` if broken.

    What git writes into the index by itself, when it has looked at the files, is not in it.
    """
    try:
        data = index.read_bytes()
        if not is_whole(data) and data[-20:] != bytes(20):  # a user's index.skipHash leaves the sum out
            return None
        entries = read_index_dict(io.BytesIO(data), SHA1)
        blobs = {}
        for path, entry in entries.items():
            if not isinstance(entry, IndexEntry) or entry.mode not in {_FILE, _PROGRAM}:
                return None
            blobs[path.decode("utf-8", "surrogateescape")] = _marked(entry.mode, entry.sha)
    except OSError:
        raise
    except Exception:  # noqa: BLE001  whatever bytes somebody has put there
        return None
    return blobs
