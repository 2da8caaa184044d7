"""One changed byte, and everything else that is not as it was made; and that looking is all that verify does."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from scaffold.workshop import records, verify
from scaffold.workshop import report as reports
from workshops import built, content, git, lay, run, stepped

OVERLAY = {"overlay/text.txt": "a\nb\n", "overlay/go.sh": "#!/bin/sh\n", "overlay/empty": "", "overlay/ü b.bin": b"\0"}


@pytest.fixture(scope="module", params=["git", "folder", "zip"])
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp(request.param)
    lay(folder, OVERLAY)
    (folder / "overlay/go.sh").chmod(0o755)
    return built(stepped(folder, count=2, output=request.param, overlay="overlay"))


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return one repository that was made with git."""
    folder = tmp_path_factory.mktemp("one")
    lay(folder, OVERLAY)
    (folder / "overlay/go.sh").chmod(0o755)
    return built(stepped(folder, count=1, overlay="overlay")) / "tiny-participant-01"


def findings(out: Path) -> list[tuple[str, str]]:
    return [(Path(problem.name).relative_to(out).as_posix(), problem.message) for problem in verify.folder(out)]


def files(out: Path) -> list[Path]:
    return [path for path in sorted(out.rglob("*")) if path.is_file() and ".workshop" not in path.parts]


@pytest.mark.slow
def test_one_flipped_bit_in_any_file_is_found(made: Path) -> None:
    assert findings(made) == []
    chance = random.Random(1)
    looked = 0
    for path in files(made):
        data = path.read_bytes()
        if path.name == "report.json":
            continue
        for _ in range(3 if data else 0):
            at = chance.randrange(len(data))
            path.write_bytes(data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :])
            found = findings(made)
            assert len(found) == 1, (path, at, found)
            assert found[0][0] == path.relative_to(made).parts[0], (path, found)
            looked += 1
        path.write_bytes(data + b"\n")
        assert len(findings(made)) == 1, path
        path.unlink()
        assert len(findings(made)) == 1, path
        path.write_bytes(data)
        if "go.sh" in path.name:
            assert len(findings(made)) == 1, "no longer executable"
            path.chmod(0o755)
    assert looked >= 12
    assert findings(made) == []


def test_every_byte_below_git_counts(repository: Path) -> None:
    """Each byte of each small file, and many of the pack; the index as it was made, which git writes anew later."""
    [row] = reports.read(repository.parent).repositories
    record = row.record
    assert record is not None
    assert records.path_of(repository.parent, record) == repository
    chance = random.Random(2)
    for path in files(repository / ".git"):
        data = path.read_bytes()
        places = range(len(data)) if len(data) < 600 else sorted(chance.sample(range(len(data)), 150))
        for at in places:
            path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
            found = records.changes(repository.parent, record)
            assert found, (path, at)
            assert path.relative_to(repository).as_posix() in found[0] or path.name == "index", (path, found)
        path.write_bytes(data)
    assert records.changes(repository.parent, record) == []


def hooked(place: Path) -> None:
    lay(place, {".git/hooks/post-checkout": "#!/bin/sh\n"})


def converted(place: Path) -> None:
    path = next(place.rglob("text.txt"))
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))


def programmed(place: Path) -> None:
    next(place.rglob("text.txt")).chmod(0o755)


def linked(place: Path) -> None:
    path = next(place.rglob("text.txt"))
    path.rename(place.parent / "text.txt")
    path.symlink_to(place.parent / "text.txt")


def endless(place: Path) -> None:
    path = next(place.rglob("text.txt"))
    path.unlink()
    os.mkfifo(path)
    (place / "zero").symlink_to("/dev/zero")


def moved(place: Path) -> None:
    place.rename(place.parent / "elsewhere")
    place.symlink_to(place.parent / "elsewhere")


def renamed(place: Path) -> None:
    path = next(place.rglob("text.txt"))
    path.rename(path.with_name("Text.txt"))


CHANGES: list[tuple[Callable[[Path], object], str]] = [
    (converted, "text.txt has changed"),
    (programmed, "text.txt has changed"),
    (linked, "text.txt has changed"),
    (endless, "text.txt has changed"),
    (renamed, "text.txt is not there"),
    (moved, "is a link"),
    (lambda place: lay(place, {"new": ""}), "new is new"),
    (lambda place: lay(place, {"\x1b[31m\n": ""}), "\\x1b[31m\\n is new"),
    (lambda place: (place / os.fsdecode(b"\xff")).touch(), "\\udcff is new"),
    (shutil.rmtree, "is not there"),
    (hooked, ".git/hooks/post-checkout was put there"),
    (lambda place: git(place, "tag", "--force", "step-1-start", "step-2-start"), "it moves step-1-start"),
    (lambda place: git(place, "tag", "mine"), ".git/refs/tags/mine was put there"),
    (lambda place: git(place, "branch", "mine", "step-2-start"), ".git/refs/heads/mine was put there"),
    (lambda place: git(place, "tag", "--delete", "step-1-start"), ".git/packed-refs has changed"),
    (lambda place: git(place, "checkout", "--quiet", "step-2-start"), ".git/HEAD has changed"),
    (lambda place: git(place, "rm", "--quiet", "--cached", "text.txt"), "something is staged"),
    (lambda place: git(place, "update-index", "--chmod=+x", "text.txt"), "something is staged"),
    (lambda place: git(place, "config", "user.name", "x"), ".git/config has changed"),
    (lambda place: git(place, "-c", "gc.reflogExpire=now", "gc", "--quiet"), "was put there"),
    (lambda place: (place / ".git/index").unlink(), ".git/index is not there"),
    (lambda place: (place / ".git/index").write_bytes(b"DIRC\0\0\0\2\xff\xff\xff\xff"), ".git/index is broken"),
    (lambda place: lay(place, {".git/objects/info/alternates": "/tmp\n"}), ".git/objects/info/alternates was put"),
    (lambda place: (place / ".git").rename(place.parent / "git"), ".git is not there"),
    (lambda place: ((place / ".git").rename(place.parent / "git"), (place / ".git").symlink_to("../git")),
     ".git is not there"),
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(CHANGES)))
def test_changes_are_told_for_what_they_are(number: int, repository: Path, tmp_path: Path) -> None:
    change, told = CHANGES[number]
    out = tmp_path / "out"
    shutil.copytree(repository.parent, out, symlinks=True)
    change(out / "tiny-participant-01")
    found = findings(out)
    assert found
    assert any(told in message for _, message in found), found
    assert all(message.isprintable() for _, message in found)


@pytest.mark.slow
def test_the_command(made: Path, tmp_path: Path) -> None:
    done = run("verify", made, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, f"Unchanged: everything in {made} is as it was made\n")
    path = next(path for path in files(made) if "participant-02" in str(path))
    data = path.read_bytes()
    path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    table = made / "report.csv"
    before = table.read_bytes()
    table.write_bytes(before + b"x")
    done = run("verify", made, "--output", "json", "--jobs", "3", cwd=tmp_path)
    found = json.loads(done.stdout)["findings"]
    changed = made / path.relative_to(made).parts[0]
    assert (done.returncode, [row["file"] for row in found]) == (3, [str(table), str(changed)])
    done = run("verify", made, cwd=tmp_path)
    assert (done.returncode, done.stdout.count("\n")) == (3, 2)
    path.write_bytes(data)
    table.write_bytes(before)
    assert run("verify", made, cwd=tmp_path).returncode == 0


def test_a_zip_with_other_bytes_and_the_same_content(tmp_path: Path) -> None:
    out = built(stepped(tmp_path, count=1, output="zip"))
    path = out / "tiny-participant-01.zip"
    with zipfile.ZipFile(path) as archive:
        rows = [(entry, archive.read(entry)) for entry in archive.infolist()]
    with zipfile.ZipFile(path, "w") as archive:
        for entry, data in rows:
            archive.writestr(entry, data, zipfile.ZIP_STORED)
    assert findings(out) == [("tiny-participant-01.zip", "has other bytes than it was made with")]
    path.write_bytes(b"no zip")
    assert len(findings(out)) == 1


def test_working_with_git_on_untouched_files_is_no_change(repository: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    shutil.copytree(repository.parent, out)
    place = out / "tiny-participant-01"
    index = (place / ".git/index").read_bytes()
    git(place, "status")
    assert (place / ".git/index").read_bytes() != index
    git(tmp_path, "clone", "--quiet", str(place), "copy")
    git(place, "diff")
    git(place, "log")
    assert findings(out) == []
    for version in ("3", "4"):
        git(place, "update-index", "--index-version", version)
        assert findings(out) == []
    git(place, "-c", "core.untrackedCache=true", "status")
    assert findings(out) == []


def test_nothing_that_a_repository_brings_is_run(repository: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    shutil.copytree(repository.parent, out)
    place = out / "tiny-participant-01"
    trap = tmp_path / "trap"
    lay(tmp_path, {"trap.sh": f'#!/bin/sh\necho "$0 $@" >> {trap}\n'})
    (tmp_path / "trap.sh").chmod(0o755)
    run_it = tmp_path / "trap.sh"
    for key in (
        "alias.fsck", "alias.ls-tree", "alias.show-ref", "alias.status", "core.alternateRefsCommand", "core.askPass",
        "core.editor", "core.fsmonitor", "core.gitProxy", "core.pager", "core.sshCommand", "credential.helper",
        "diff.external", "diff.x.command", "diff.x.textconv", "filter.x.clean", "filter.x.process", "filter.x.smudge",
        "gpg.program", "uploadpack.packObjectsHook",
    ):  # fmt: skip
        git(place, "config", key, str(run_it))
    git(place, "config", "core.hooksPath", str(tmp_path / "hooks"))
    lay(place, {".gitattributes": "* filter=x diff=x\n", ".git/info/attributes": "* filter=x diff=x\n"})
    (tmp_path / "hooks").mkdir()
    for name in ("post-index-change", "reference-transaction", "fsmonitor-watchman", "pre-auto-gc"):
        shutil.copy(run_it, tmp_path / "hooks" / name)
        lay(place, {f".git/hooks/{name}": run_it.read_text()})
        (place / ".git/hooks" / name).chmod(0o755)
    # With programs of its own in front of the PATH, too: nothing is started at all.
    lay(tmp_path, {"bin/git": run_it.read_text(), "bin/ssh": run_it.read_text()})
    for name in ("git", "ssh"):
        (tmp_path / "bin" / name).chmod(0o755)
    before = content(out)
    environment = {**os.environ, "PATH": f"{tmp_path}/bin:{os.environ['PATH']}"}
    done = run("verify", "out", cwd=tmp_path, env=environment)
    assert done.returncode == 3
    assert not trap.exists(), trap.read_text()
    assert content(out) == before
    subprocess.run(["git", "-C", place, "status"], capture_output=True, check=False)
    assert trap.exists(), "the trap does not work"
