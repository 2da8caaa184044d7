"""`.sam-scaffold.lock`: what tells files that were edited from those that were not, with git and nothing else."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import jsonschema
import pytest

from conftest import create, needs
from scaffold import __version__, lock
from scaffold.model import Cell

CELL = Cell("sqs", "Image", "python", "python3.14", "pip")


def git(folder: Path, *arguments: str) -> str:
    needs("git")
    identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "core.autocrlf=true"]
    done = subprocess.run(["git", *identity, *arguments], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def blobs(folder: Path, commit: str) -> dict[str, str]:
    """Return the blob ids of a commit's files by their paths."""
    rows = git(folder, "ls-tree", "-r", "-z", "--format=%(objectname) %(path)", commit).split("\0")
    return {path: name for name, _, path in (row.partition(" ") for row in rows if row)}


def locked(folder: Path) -> dict[str, str]:
    """Return the files of a project's lock, having checked the rest of it."""
    text = (folder / lock.FILE).read_text()
    values = json.loads(text)
    jsonschema.validate(values, json.loads(lock.SCHEMA.read_text()), cls=jsonschema.Draft202012Validator)
    assert (values["format"], values["sam_scaffold"]) == (lock.FORMAT, __version__)
    assert list(values["files"]) == sorted(values["files"])
    assert text == lock.dump(values["files"])
    return dict(values["files"])


@pytest.fixture
def committed(tmp_path: Path) -> Path:
    folder = create(CELL, tmp_path)
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "The project")
    return folder


def test_it_has_the_blob_ids_that_git_gives_the_new_project(committed: Path) -> None:
    files = blobs(committed, "HEAD")
    del files[lock.FILE]
    assert locked(committed) == files


def test_an_edited_file_is_told_and_its_original_found_in_the_history(committed: Path) -> None:
    edited = committed / "process_orders/app.py"
    original = edited.read_text()
    edited.write_text(original.replace("orderId", "order"))
    git(committed, "commit", "--quiet", "--all", "--message", "Another key")

    now = blobs(committed, "HEAD")
    files = locked(committed)
    assert [path for path, name in files.items() if now[path] != name] == ["process_orders/app.py"]
    assert git(committed, "cat-file", "blob", files["process_orders/app.py"]) == original


@pytest.mark.parametrize("content", [b"", b"a", b"a\n", b"\xff\x00", b"line\r\n"])
def test_a_blob_id_is_gits(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(content)
    assert lock.blob_id(content) == git(tmp_path, "hash-object", "--no-filters", "file").strip()
