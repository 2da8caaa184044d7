"""Workshops, built by the real command and looked at with the real git."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import signal
import stat
import subprocess
import tarfile
import time
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import jsonschema
import pexpect
import pytest

from conftest import ROOT, SCAFFOLD, can, needs
from scaffold.workshop import task, verify
from scaffold.workshop.contents import Commit, RepositoryTemplate, file_of
from workshops import (
    ANSWERS,
    built,
    content,
    git,
    lay,
    manifest,
    report,
    run,
    same,
    settled,
    start,
    statuses,
    stepped,
    until,
)

pytestmark = pytest.mark.slow

OUTPUT = json.loads((ROOT / "schemas/output.schema.json").read_text())
TAGS = ["step-1-start", "step-1-solution", "step-2-start", "step-2-solution"]
ODD = "a name with blanks, ü, 山 & it's #1 [ä] ~!.txt"
PROGRAM = "#!/bin/sh\necho {{participant.handle}}\n"


def answer(done: subprocess.CompletedProcess[str], kind: str) -> dict[str, Any]:
    """Return what a command printed with --output json: one line, as the schema says."""
    assert done.stdout.count("\n") == 1, done.stdout
    found: dict[str, Any] = json.loads(done.stdout)
    jsonschema.validate(found, {**OUTPUT, "$ref": f"#/$defs/{kind}"})
    return found


def rich(folder: Path, **values: Any) -> Path:
    """Make a workshop with steps and every kind of file."""
    lay(
        folder / "overlay",
        {
            ODD: "für {{participant.name}}\n",
            "empty": "",
            "bytes.bin": bytes(range(256)) * 3,
            "crlf.txt": "a\r\nb\r\n",
            "docs/deep/er/slides.bin": random.Random(1).randbytes(5_000_000),
            "go.sh": PROGRAM,
        },
    )
    (folder / "overlay/go.sh").chmod(0o755)
    said = {"author": {"name": "Zoë O'Neil", "email": "zoe@example.org"}, "overlay": "overlay", "count": 2, **values}
    return stepped(folder, **said)


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = rich(tmp_path_factory.mktemp("rich"))
    built(folder, "--jobs", "2")
    return folder


# What is made -----------------------------------------------------------------------------------------------------


def test_a_repository_is_one_that_git_has_nothing_against(workshop: Path) -> None:
    settled(workshop / "out")
    for number in (1, 2):
        place = workshop / f"out/tiny-participant-0{number}"
        # Nobody has looked at the files yet: the index says nothing of them, and git must not call them changed.
        assert git(place, "status", "--porcelain", GIT_OPTIONAL_LOCKS="0") == ""
        assert git(place, "fsck", "--full", "--strict", "--no-dangling", "--no-progress") == ""
        assert git(place, "symbolic-ref", "HEAD") == "refs/heads/main"
        assert git(place, "for-each-ref", "--format=%(refname)").split() == sorted(
            ["refs/heads/main", *(f"refs/tags/{tag}" for tag in TAGS)]
        )
        assert git(place, "rev-parse", "main") == git(place, "rev-parse", "step-1-start")
        assert git(place, "log", "--format=%s|%D", "--reverse", "step-2-solution").splitlines() == [
            "Tiny: the project|",
            "Step 1, start: First|HEAD -> main, tag: step-1-start",
            "Step 1, solution: First|tag: step-1-solution",
            "Step 2, start: Second|tag: step-2-start",
            "Step 2, solution: Second|tag: step-2-solution",
        ]
        assert git(place, "rev-list", "--merges", "--all") == ""
        who = {"Zoë O'Neil <zoe@example.org> 2026-03-04T00:00:00+00:00"}
        assert {*git(place, "log", "--all", "--format=%an <%ae> %aI").splitlines()} == who
        assert {*git(place, "log", "--all", "--format=%cn <%ce> %cI").splitlines()} == who
        row = report(workshop / "out")["repositories"][number - 1]
        assert row["refs"] == {name: git(place, "rev-parse", name) for name in ["main", *TAGS]}


def test_files_are_as_the_organiser_wrote_them(workshop: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    git(tmp_path, "clone", "--quiet", str(workshop / "out/tiny-participant-02"), str(copy))
    assert git(copy, "status", "--porcelain") == ""
    assert (copy / ODD).read_text() == "für Participant 02\n"
    for name in ("empty", "bytes.bin", "crlf.txt", "docs/deep/er/slides.bin"):
        assert (copy / name).read_bytes() == (workshop / "overlay" / name).read_bytes(), name
    assert subprocess.run([copy / "go.sh"], capture_output=True, check=True).stdout == b"participant-02\n"
    modes = dict(reversed(line.split("\t")) for line in git(copy, "ls-tree", "-rz", "main").split("\0") if line)
    executable = [name for name, facts in modes.items() if not facts.startswith("100644 ")]
    assert executable == ["go.sh"]
    assert modes["go.sh"].startswith("100755 ")
    assert set(modes) == {path for path in content(copy, ".git") if (copy / path).is_file()}
    assert (copy / "exercise.txt").read_text() == "Participant 02, begin\n"
    git(copy, "checkout", "--quiet", "step-2-solution")
    assert (copy / "exercise.txt").read_text() == "Participant 02, done\n"
    assert (copy / "more.txt").read_text() == "more\n"


def test_whoever_builds_it_and_wherever_it_is_the_same(workshop: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    lay(
        home,
        {
            ".gitconfig": "[user]\nname = Somebody\nemail = s@example.org\n[core]\nautocrlf = true\n"
            "hooksPath = /hooks\n"
            "[commit]\ngpgsign = true\n[init]\ndefaultBranch = trunk\n[tag]\ngpgsign = true\n",
            "index": "no index",
        },
    )
    hostile = {
        "HOME": str(home), "TZ": "Pacific/Kiritimati", "LANG": "C", "LC_ALL": "C", "GIT_DIR": str(home / "other"),
        "GIT_INDEX_FILE": str(home / "index"), "GIT_AUTHOR_DATE": "2001-01-01", "GIT_COMMITTER_NAME": "Nobody",
        "GIT_AUTHOR_NAME": "Nobody", "GIT_WORK_TREE": str(home), "GIT_OBJECT_DIRECTORY": str(home),
        "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "core.bare", "GIT_CONFIG_VALUE_0": "true",
        "SOURCE_DATE_EPOCH": "1", "PYTHONHASHSEED": "7",
    }  # fmt: skip
    before = content(home)
    outer = tmp_path / "outer"  # a git repository that the folder lies in
    outer.mkdir()
    git(outer, "init", "--quiet")
    other = built(workshop, "-j", "1", out=outer / "out", env={**os.environ, **hostile}, umask=0o077)
    assert content(home) == before
    same(workshop / "out", other, but=".git/index")  # which git has written anew in another test
    modes = {stat.S_IMODE(path.stat().st_mode) for path in other.rglob("*") if ".workshop" not in path.parts}
    assert modes == {0o600, 0o700}
    assert git(other / "tiny-participant-01", "status", "--porcelain") == ""


@pytest.mark.parametrize("kind", ["folder", "zip"])
def test_folders_and_zips_hold_each_state_and_are_the_same_each_time(kind: str, tmp_path: Path) -> None:
    folder = rich(tmp_path / "rich", output=kind)
    out = built(folder, "--jobs", "2")
    time.sleep(2.1)  # a zip tells times by two seconds
    same(out, built(folder, "--jobs", "1", out="again", env={**os.environ, "TZ": "Asia/Tokyo"}))
    place = out / "tiny-participant-01"
    if kind == "zip":
        needs("unzip")
        assert not place.exists()
        with zipfile.ZipFile(out / "tiny-participant-01.zip") as archive:
            assert archive.testzip() is None
            assert all(name.startswith("tiny-participant-01/") for name in archive.namelist())
        environment = {**os.environ, "LC_ALL": "C.UTF-8"}
        subprocess.run(["unzip", "-q", "tiny-participant-01.zip"], cwd=out, check=True, env=environment)
    assert sorted(path.name for path in place.iterdir()) == sorted(TAGS)
    for tag in TAGS:
        assert os.access(place / tag / "go.sh", os.X_OK), tag
        assert stat.S_IMODE((place / tag / "empty").stat().st_mode) & 0o111 == 0
        assert (place / tag / ODD).read_text() == "für Participant 01\n"
        assert (place / tag / "more.txt").exists() == (tag == "step-2-solution")
    assert (place / "step-1-start/exercise.txt").read_text() == "Participant 01, begin\n"
    assert (place / "step-2-start/exercise.txt").read_text() == "Participant 01, done\n"


def test_without_steps_there_is_one_state(tmp_path: Path) -> None:
    folder = manifest(tmp_path, count=1, output="folder")
    assert (built(folder) / "tiny-participant-01/template.yaml").is_file()
    out = built(manifest(tmp_path, count=1), out="git")
    assert git(out / "tiny-participant-01", "rev-list", "--count", "--all") == "1"
    assert git(out / "tiny-participant-01", "tag") == ""


def test_separate_solutions_are_the_organisers_alone(tmp_path: Path) -> None:
    folder = stepped(tmp_path / "w", solutions="separate", count=2)
    remotes = tmp_path / "remotes"
    for name in ("tiny-participant-01", "tiny-participant-02", "tiny-solutions"):
        git(tmp_path, "init", "--quiet", "--bare", str(remotes / f"{name}.git"))
    out = built(folder, "--push", f"{remotes}/{{name}}.git")
    starts = ["step-1-start", "step-2-start"]
    assert git(out / "tiny-participant-01", "tag").split() == starts
    assert git(out / "tiny-solutions", "tag").split() == sorted(TAGS)
    assert git(out / "tiny-solutions", "log", "-1", "--format=%s") == "Step 2, solution: Second"
    assert (out / "tiny-solutions/more.txt").is_file()
    for number in (1, 2):
        everything = git(out / f"tiny-participant-0{number}", "log", "--all", "--format=", "--name-only")
        assert "more.txt" not in everything
        assert git(remotes / f"tiny-participant-0{number}.git", "tag").split() == starts
    assert git(remotes / "tiny-solutions.git", "for-each-ref") == ""
    found = report(out)
    assert [row["repository"] for row in found["solutions"]] == ["tiny-solutions"]
    assert found["solutions"][0]["push"] is None
    for name in ("report.csv", "index.html"):
        assert "tiny-solutions" not in (out / name).read_text()
    assert run("verify", out, cwd=folder).returncode == 0
    assert run("build", "--out", "out", cwd=folder).returncode == 0
    assert report(out) == found  # where they were pushed to stays known


# Interrupted ------------------------------------------------------------------------------------------------------


def orphans(mark: str) -> list[str]:
    """Return the processes that a build with this mark in its environment has left."""
    found = []
    for process in Path("/proc").iterdir():
        with suppress(OSError, ValueError):
            if mark.encode() in (process / "environ").read_bytes():
                found.append((process / "cmdline").read_text().replace("\0", " "))
    return found


def repositories(out: Path) -> dict[str, tuple[int, int]]:
    """Return which repositories there are, and what changes when one is made again."""
    return {
        path.name: (path.stat().st_ino, path.stat().st_mtime_ns)
        for path in out.glob("tiny-*")
    }  # fmt: skip


@pytest.fixture(scope="module")
def forty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = stepped(tmp_path_factory.mktemp("forty"), count=40)
    built(folder, out="whole")
    return folder


@pytest.mark.parametrize("seed", range(3))
def test_killed_at_any_moment_the_same_command_finishes(seed: int, forty: Path, tmp_path: Path) -> None:
    chance = random.Random(seed)
    mark = f"SCAFFOLD_TEST=killed-{os.getpid()}-{seed}"
    environment = {**os.environ, mark.partition("=")[0]: mark.partition("=")[2]}
    out = tmp_path / "out"
    for _ in range(3):
        process = start("build", "--out", out, "--jobs", "2", cwd=forty, env=environment)
        begun = len(repositories(out)) if out.exists() else 0
        until(lambda: len(repositories(out)) > begun or process.poll() is not None)  # noqa: B023
        time.sleep(chance.random() * 0.12)
        process.kill()
        process.communicate()
        until(lambda: not orphans(mark), 10)
    before = repositories(out)
    whole = content(forty / "whole")
    for name in before:
        assert {path: data for path, data in content(out).items() if path.split("/")[0] == name} == {
            path: data for path, data in whole.items() if path.split("/")[0] == name
        }
    built(forty, out=out)
    same(forty / "whole", out)
    settled(out)
    assert {name: facts for name, facts in repositories(out).items() if name in before} == before


def test_killed_as_it_makes_again_each_is_the_old_one_or_the_new_one(tmp_path: Path) -> None:
    folder = manifest(tmp_path / "w", count=30)
    out = built(folder, out="out")
    shutil.copytree(out, tmp_path / "old")
    manifest(folder, count=30, date="2027-01-01")
    built(folder, out="new")
    states = [content(tmp_path / "old"), content(folder / "new")]
    chance = random.Random(9)
    for _ in range(3):
        process = start("build", "--out", "out", "--jobs", "2", "--rebuild", cwd=folder)
        before = repositories(out)
        until(lambda: repositories(out) != before or process.poll() is not None)  # noqa: B023
        time.sleep(chance.random() * 0.03)
        process.kill()
        process.communicate()
        time.sleep(0.3)  # for its workers to hear of it
        there = content(out)
        for name in repositories(out):
            here = {path: data for path, data in there.items() if path.split("/")[0] == name}
            assert here in [{path: one[path] for path in one if path.split("/")[0] == name} for one in states], name
    built(folder, "--rebuild")
    same(folder / "new", out)
    settled(out)


def test_a_record_without_its_repository_is_no_right_to_a_strangers(tmp_path: Path) -> None:
    """kill -9 between the two leaves such a record; and half a one, where it was being written."""
    lay(tmp_path, {"r.csv": "name\nAnna\nBert\n"})
    folder = manifest(tmp_path, roster="r.csv")
    out = built(folder)
    [row, _] = report(out)["repositories"]
    checksums = {key: row[key] for key in ("refs", "digest")}
    record = {"name": "tiny-anna", "output": "git", "fingerprint": row["fingerprint"], "checksums": checksums}
    for path in [*out.glob("tiny-*"), *out.glob("report*"), *out.glob("*.html")]:
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    lay(out / ".workshop/records", {"tiny-anna.json": json.dumps(record), "tiny-bert.json": "{", "x.tmp": "half"})
    lay(tmp_path, {"r.csv": "name\nBert\n"})
    built(folder)
    settled(out)
    lay(out, {"tiny-anna/precious.txt": "mine\n"})
    lay(tmp_path, {"r.csv": "name\nAnna\nBert\n"})
    assert run("build", "--out", "out", cwd=folder).returncode == 1
    assert statuses(out) == {"anna": "failed", "bert": "ready"}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_soon_and_leaves_a_report(number: signal.Signals, tmp_path: Path) -> None:
    folder = manifest(tmp_path, count=150)
    out = folder / "out"
    process = start("build", "--out", "out", "--jobs", "2", cwd=folder)
    until(lambda: out.exists() and len(repositories(out)) > 5)
    process.send_signal(number)
    printed, said = process.communicate(timeout=10)
    assert (process.returncode, printed, said) == (128 + number, "", "")
    interrupted(folder, out)


def interrupted(folder: Path, out: Path) -> None:
    """Assert that the report tells what is there, and that the same command makes the rest."""
    there = repositories(out)
    found = report(out)
    ready = {row["repository"] for row in found["repositories"] if row["status"] == "ready"}
    missing = [row["repository"] for row in found["repositories"] if row["status"] == "missing"]
    assert ready == set(there)
    assert len(ready) + len(missing) == 150
    assert missing
    settled(out)
    done = run("status", "out", "--output", "json", cwd=folder)
    counts = answer(done, "workshop status")
    assert (done.returncode, counts["ready"], counts["missing"]) == (1, len(ready), len(missing))
    assert {(problem.name, problem.message) for problem in verify.folder(out)} == {
        (str(out / name), "is missing") for name in missing
    }
    built(folder)
    assert {name: facts for name, facts in repositories(out).items() if name in there} == there
    assert set(statuses(out).values()) == {"ready"}


def test_ctrl_c_in_a_terminal(tmp_path: Path) -> None:
    folder = manifest(tmp_path, count=150)
    out = folder / "out"
    terminal = pexpect.spawn(
        SCAFFOLD[0], [*SCAFFOLD[1:], "workshop", "build", "--out", "out", "-j", "2"],
        cwd=str(folder), timeout=30, encoding="utf-8", dimensions=(40, 120),
    )  # fmt: skip
    terminal.expect("Making repositories")
    until(lambda: out.exists() and len(repositories(out)) > 5)
    terminal.sendintr()
    terminal.expect(pexpect.EOF, timeout=10)
    terminal.close()
    assert terminal.exitstatus == 130
    assert "Traceback" not in terminal.before
    assert "Interrupted." in terminal.before
    interrupted(folder, out)


def test_ctrl_c_while_processes_start_is_no_traceback(tmp_path: Path) -> None:
    folder = manifest(tmp_path, count=30)
    chance = random.Random(3)
    for turn in range(6):
        process = start("build", "--out", str(turn), "--jobs", "4", cwd=folder)
        until(lambda to=turn: (folder / f"{to}/.workshop/stage").exists())  # type: ignore[misc]
        time.sleep(chance.random() * 0.4)
        os.killpg(process.pid, signal.SIGINT)
        _, said = process.communicate(timeout=10)
        assert process.returncode in {0, 130}
        assert said.strip().partition(". ")[0] in {"", "Interrupted.", "Interrupted"}


def test_a_killed_worker_is_told_and_the_same_command_finishes(tmp_path: Path) -> None:
    folder = manifest(tmp_path, count=200)
    out = folder / "out"
    process = start("build", "--out", "out", "--jobs", "3", cwd=folder)
    until(lambda: out.exists() and len(repositories(out)) > 5)
    os.kill(random.Random(5).choice(workers(process.pid)), signal.SIGKILL)
    _, said = process.communicate(timeout=20)
    assert process.returncode == 1
    assert said.startswith("Error: a process that made repositories has died"), said
    assert "Traceback" not in said
    ready = {row["repository"] for row in report(out)["repositories"] if row["status"] == "ready"}
    assert ready == set(repositories(out))
    built(folder)
    assert run("verify", "out", cwd=folder).returncode == 0


def children(process: int) -> list[int]:
    try:
        return [int(one) for one in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    except OSError:
        return []


def command(process: int) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


def workers(process: int) -> list[int]:
    return [one for one in children(process) if "spawn_main" in command(one)]


def test_a_killed_translator_costs_nobody_a_repository(tmp_path: Path) -> None:
    folder = manifest(tmp_path, count=200)
    out = folder / "out"
    process = start("build", "--out", "out", "--jobs", "2", cwd=folder)
    until(lambda: out.exists() and len(repositories(out)) > 5)
    for worker in workers(process.pid):
        for translator in children(worker):
            os.kill(translator, signal.SIGKILL)
    printed, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (0, ""), printed


# Again ------------------------------------------------------------------------------------------------------------


def test_what_is_gone_is_made_again_and_what_is_a_strangers_is_not_touched(tmp_path: Path) -> None:
    folder = manifest(tmp_path / "w", count=4)
    whole = built(folder, out="whole")
    out = tmp_path / "w/out"
    lay(out, {"tiny-participant-02/precious.txt": "mine\n"})
    (out / "tiny-participant-03").symlink_to(tmp_path / "nowhere")
    done = run("build", "--out", "out", "--output", "json", cwd=folder)
    assert done.returncode == 1
    found = answer(done, "workshop build")
    assert (found["status"], found["ready"], found["failed"]) == ("failure", 2, 2)
    assert [row["repository"] for row in found["failures"]] == ["tiny-participant-02", "tiny-participant-03"]
    assert "exists and is not of this workshop" in found["failures"][0]["error"]
    assert "tiny-participant-02" in (out / "report.csv").read_text()
    assert content(out / "tiny-participant-02") == {"precious.txt": b"mine\n"}
    assert (out / "tiny-participant-03").is_symlink()
    assert statuses(out) == {
        "participant-01": "ready", "participant-02": "failed", "participant-03": "failed", "participant-04": "ready"
    }  # fmt: skip
    assert run("build", "--rebuild", "--out", "out", cwd=folder).returncode == 1
    assert content(out / "tiny-participant-02") == {"precious.txt": b"mine\n"}
    shutil.rmtree(out / "tiny-participant-02")
    (out / "tiny-participant-03").unlink()
    shutil.rmtree(out / "tiny-participant-04")
    built(folder)
    same(whole, out)
    settled(out)


def test_a_changed_manifest_asks_before_it_makes_again_what_differs(tmp_path: Path) -> None:
    lay(
        tmp_path,
        {"r.csv": "name,level\nAnna,1\nBert,2\nCleo,1\n", "overlay/level.txt": "level {{participant.level}}\n"},
    )
    folder = manifest(tmp_path, roster="r.csv", overlay="overlay")
    out = built(folder)
    first = repositories(out)
    lay(tmp_path, {"r.csv": "name,level\nAnna,1\nBert,3\nCleo,3\nDora,1\n"})
    before = content(out, "none")
    done = run("build", "--out", "out", cwd=folder)
    assert done.returncode == 1
    assert "2 of 4 repositories in out differ from workshop.yaml: tiny-bert, tiny-cleo" in done.stderr
    assert "--rebuild" in done.stderr
    assert {**content(out, "none"), ".workshop/lock": b""} == {**before, ".workshop/lock": b""}

    (out / "tiny-cleo/level.txt").write_text("changed by hand\n")
    done = run("build", "--out", "out", "--rebuild", "--output", "json", cwd=folder)
    found = answer(done, "workshop build")
    assert (done.returncode, found["ready"]) == (1, 3)
    [failure] = found["failures"]
    assert failure["repository"] == "tiny-cleo"
    assert "has changed since it was made (level.txt has changed)" in failure["error"]
    assert (out / "tiny-cleo/level.txt").read_text() == "changed by hand\n"
    assert (out / "tiny-bert/level.txt").read_text() == "level 3\n"
    after = repositories(out)
    assert sorted(name for name in first if after[name] == first[name]) == ["tiny-anna", "tiny-cleo"]
    # The record of the failed one is that of what is there: mended, it is made again.
    (out / "tiny-cleo/level.txt").write_text("level 1\n")
    assert run("build", "--out", "out", cwd=folder).returncode == 1
    built(folder, "--rebuild")
    same(built(folder, out="fresh"), out)
    settled(out)


def test_people_come_and_go(tmp_path: Path) -> None:
    lay(tmp_path, {"r.csv": "name\nAnna\nBert\n"})
    folder = manifest(tmp_path, roster="r.csv")
    out = built(folder)
    first = repositories(out)
    lay(tmp_path, {"r.csv": "name\nAnna\nDora\n"})
    built(folder)
    assert sorted(statuses(out)) == ["anna", "dora"]
    built(folder)  # and once more: who left is not forgotten by then
    lay(tmp_path, {"r.csv": "name\nAnna\nBert\nDora\n"})
    done = run("build", "--out", "out", cwd=folder)
    # Bert has the number that he had, Dora has another; the number is in no file, so both are as they were.
    assert (done.returncode, done.stderr) == (0, "")
    assert {name: facts for name, facts in repositories(out).items() if name in first} == first
    settled(out)


def test_another_kind_of_output_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    folder = manifest(tmp_path, count=2)
    out = built(folder)
    assert run("build", manifest(tmp_path, count=2, output="folder"), "--out", out, cwd=folder).returncode == 1
    for kind in ("folder", "zip"):
        built(manifest(tmp_path, count=2, output=kind), "--rebuild")
        assert verify.folder(out) == []
        assert len(repositories(out)) == 2
    settled(out)


def test_two_builds_at_once(tmp_path: Path) -> None:
    folder = manifest(tmp_path, count=60)
    out = folder / "out"
    first = start("build", "--out", "out", "--jobs", "1", cwd=folder)
    until(lambda: out.exists() and len(repositories(out)) > 2)
    first.send_signal(signal.SIGSTOP)
    done = run("build", "--out", "out", cwd=folder, timeout=20)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "Error: another build is at work in out\n  wait for it, or choose another --out\n"
    found = answer(run("build", "--out", "out", "--output", "json", cwd=folder), "failure")
    assert found["error"]["message"].startswith("another build is at work")
    assert run("merge", "out", cwd=folder).returncode == 1  # which has nothing to join yet
    first.kill()
    first.communicate()
    built(folder)
    assert run("verify", "out", cwd=folder).returncode == 0


# What the disk says -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [8, 260, 700])
def test_a_full_disk_is_told_and_the_same_command_finishes(size: int, tmp_path: Path) -> None:
    """Full at the lock, in the middle of a repository, or after several: a repository takes 112 kB."""
    can("mounts", "unshare", "--mount", "true")
    folder = manifest(tmp_path / "w", count=8)
    disk = tmp_path / "disk"
    disk.mkdir()
    build = f"{' '.join(SCAFFOLD)} workshop build --out {disk}/out --jobs 2"
    script = (
        f"mount -t tmpfs -o size={size}k none {disk} && {build}; echo exit $?;"
        f"ls {disk}/out | grep tiny; find {disk}/out -path '*stage*' | grep . && echo left;"
        f"for one in {disk}/out/tiny-*; do test -e $one && git -C $one status --porcelain; done;"
        f"mount -o remount,size=9m {disk} && {build} && {' '.join(SCAFFOLD)} workshop verify {disk}/out"
    )
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", script], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "exit 1\n" in done.stdout
    assert "No space left on device" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert "left\n" not in done.stdout
    assert "8 of 8 repositories are ready" in done.stdout
    assert "Unchanged" in done.stdout


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    can("mounts", "unshare", "--mount", "true")
    folder = manifest(tmp_path / "w", count=1)
    disk = tmp_path / "disk"
    disk.mkdir()
    script = f"mount -t tmpfs -o ro none {disk} && exec {' '.join(SCAFFOLD)} workshop build . --out {disk}/out"
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", script], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "Read-only file system" in done.stderr
    assert "Traceback" not in done.stderr


def test_what_is_in_the_way_of_the_report_is_told_and_nothing_is_lost(tmp_path: Path) -> None:
    folder = manifest(tmp_path, count=2)
    whole = built(folder, out="whole")
    out = folder / "out"
    (out / "report.csv").mkdir(parents=True)
    done = run("build", "--out", "out", cwd=folder)
    assert (done.returncode, "report.csv: Is a directory" in done.stderr) == (1, True)
    there = repositories(out)
    (out / "report.csv").rmdir()
    built(folder)
    assert repositories(out) == there
    same(whole, out)
    settled(out)
    # A report that is none: nobody may take what lies there for a stranger's, or make it again.
    (out / "report.json").write_text("{")
    done = run("build", "--out", "out", cwd=folder)
    assert done.returncode == 1
    assert "put the report back" in done.stderr
    assert repositories(out) == there


def test_out_may_be_a_link_or_relative_but_no_file(tmp_path: Path) -> None:
    folder = manifest(tmp_path / "w", count=1)
    (tmp_path / "real").mkdir()
    (folder / "link").symlink_to(tmp_path / "real")
    out = built(folder, out="link")
    assert (out / "tiny-participant-01/.git").is_dir()
    assert (folder / "link").is_symlink()
    done = run("build", folder, "--out", "../here", cwd=tmp_path / "real")
    assert done.returncode == 0
    same(out, tmp_path / "here")
    done = run("build", "--out", "workshop.yaml", cwd=folder)
    assert (done.returncode, "is a file" in done.stderr) == (2, True)
    (folder / "file").write_text("")
    done = run("build", "--out", "file/below", cwd=folder)
    assert (done.returncode, "Not a directory" in done.stderr) == (1, True)


# One of many ------------------------------------------------------------------------------------------------------


def test_one_that_fails_does_not_stop_the_others_and_is_named(tmp_path: Path) -> None:
    lay(tmp_path, {"r.csv": "name\nAnna\nBért\nCleo\n", "out/tiny-bert": "a file\n"})
    folder = manifest(tmp_path, roster="r.csv")
    out = folder / "out"
    ascii_only = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = run("build", "--out", "out", "--output", "json", cwd=folder, env=ascii_only)
    [failure] = answer(done, "workshop build")["failures"]
    assert done.returncode == 1
    assert (failure["repository"], failure["participant"], failure["status"]) == ("tiny-bert", "Bért", "failed")
    assert statuses(out) == {"anna": "ready", "bert": "failed", "cleo": "ready"}
    assert "Bért,bert,tiny-bert,python,python3.13,Image,failed,out/tiny-bert exists" in (out / "report.csv").read_text()
    assert run("verify", "out", cwd=folder).returncode == 3
    text = run("build", "--out", "out", cwd=folder, env=ascii_only)
    # Click writes UTF-8 where the standard streams are said to be ASCII.
    assert (text.returncode, "Bért" in text.stdout) == (1, True)
    assert (out / "tiny-bert").read_text() == "a file\n"


def test_what_the_translator_refuses_is_not_made(tmp_path: Path) -> None:
    commits = (Commit("project", None, {"template.yaml": file_of(b"Resources: {}\n")}),)
    job = task.Job(tmp_path, "git", ("A", "a@example.org"), "2026-01-01", (RepositoryTemplate(commits, 0),))
    done = task.run(job, task.Task("tiny-anna", 0, {}, "f" * 64, None, None, is_made=False))
    assert done == task.Outcome(
        "tiny-anna", None, "the SAM translator refuses template.yaml: the template has no Resources"
    )
    assert [*tmp_path.iterdir()] == []


def test_a_new_workshop_gets_a_folder_of_its_own(tmp_path: Path) -> None:
    done = run("new", ".", cwd=tmp_path)
    assert (done.returncode, "name a folder that is to be made" in done.stderr) == (1, True)
    assert not [*tmp_path.iterdir()]


def test_what_commands_print_for_programs(tmp_path: Path) -> None:
    done = run("new", "w", "--output", "json", cwd=tmp_path)
    assert answer(done, "workshop new")["folder"] == str(tmp_path / "w")
    folder = manifest(tmp_path / "small", count=2)
    found = answer(run("check", "--output", "json", cwd=folder), "workshop check")
    assert found["repositories"] == ["tiny-participant-01", "tiny-participant-02"]
    found = answer(run("build", "--out", "out", "--output", "json", cwd=folder), "workshop build")
    assert found["report"] == str(folder / "out/report.json")
    assert (found["total"], found["ready"], found["failures"]) == (2, 2, [])
    found = answer(run("status", "out", "--output", "json", cwd=folder), "workshop build")
    assert found["ready"] == 2
    assert answer(run("verify", "out", "--output", "json", cwd=folder), "workshop verify")["findings"] == []
    text = run("status", "out", cwd=folder)
    assert (text.returncode, text.stdout) == (0, "out: Tiny, 2 of 2 repositories are ready.\n")
    for name in ("build", "check"):
        (folder / "workshop.yaml").write_text("title: 1\n")
        done = run(name, "--output", "json", cwd=folder)
        kind = "failure" if name == "build" else "workshop check"
        assert answer(done, kind)["status"] == "failure"
        assert done.returncode in {2, 3}
    done = run("status", tmp_path, "--output", "json", cwd=folder)
    assert (done.returncode, answer(done, "failure")["status"]) == (1, "failure")


def test_five_hundred(tmp_path: Path) -> None:
    folder = manifest(tmp_path, count=500, answers=ANSWERS)
    out = folder / "out"
    process = start("build", "--out", "out", "--jobs", "2", "--output", "json", cwd=folder)
    peak: dict[int, int] = {}
    while process.poll() is None:
        for worker in workers(process.pid):
            for one in [worker, *children(worker)]:
                try:
                    [line] = re.findall(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{one}/status").read_text())
                except (OSError, ValueError):
                    continue
                peak[one] = int(line)
        time.sleep(0.05)
    printed, said = process.communicate()
    assert (process.returncode, said) == (0, "")
    assert json.loads(printed)["ready"] == 500
    assert len(peak) >= 4, "two workers, each with a translator"
    assert max(peak.values()) < 150 * 1024, peak
    assert sorted(repositories(out)) == [f"tiny-participant-{number:03}" for number in range(1, 501)]
    for name in random.Random(0).sample(sorted(repositories(out)), 20):
        git(tmp_path, "clone", "--quiet", str(out / name), str(tmp_path / "copies" / name))
        assert f'stack_name = "{name}"' in (tmp_path / "copies" / name / "samconfig.toml").read_text()
        assert git(tmp_path / "copies" / name, "status", "--porcelain") == ""
    assert run("verify", "out", cwd=folder).returncode == 0


TAR = """
import io
import tarfile

from scaffold.workshop import files
from scaffold.workshop.outputs import Checksums, Output


class Tar(Output):
    description = "a tar archive of such a folder"
    instructions = ("Get the tarball & unpack it.",)

    def path(self, folder, name):
        return folder / f"{name}.tar"

    def write(self, path, repository):
        with tarfile.open(path, "w") as archive:
            for name, file in sorted(files.in_folders(repository.commits, repository.start).items()):
                entry = tarfile.TarInfo(f"{repository.name}/{name}")
                entry.size = len(file.data)
                archive.addfile(entry, io.BytesIO(file.data))
        return Checksums({}, files.checksum(path))

    def changes(self, path, checksums):
        return [] if files.checksum(path) == checksums.digest else ["has changed"]

    def command(self, name, address):
        return f"tar xf {name}.tar"


OUTPUT = Tar()
"""


def test_an_output_is_one_module(tmp_path: Path) -> None:
    """A copy of the program with one more module makes, reports, checks and joins what that one writes."""
    program = tmp_path / "program"
    for name in ("scaffold", "cookiecutters", "schemas"):
        shutil.copytree(ROOT / name, program / name, ignore=shutil.ignore_patterns("__pycache__"))
    environment = {**os.environ, "PYTHONPATH": str(program)}
    folder = stepped(tmp_path / "w", count=2, output="tar")
    done = run("check", "--output", "json", cwd=folder, env=environment)
    [problem] = answer(done, "workshop check")["findings"]
    assert (done.returncode, problem["value"], problem["allowed"]) == (3, "tar", ["git", "folder", "zip"])
    lay(program, {"scaffold/workshop/outputs/tar.py": TAR})
    out = built(folder, env=environment)
    assert sorted(path.name for path in out.glob("tiny-*")) == [f"tiny-participant-0{number}.tar" for number in (1, 2)]
    with tarfile.open(out / "tiny-participant-02.tar") as archive:
        assert {f"tiny-participant-02/{tag}/exercise.txt" for tag in TAGS} <= {*archive.getnames()}
    assert "<li>Get the tarball &amp; unpack it.</li>" in (out / "index.html").read_text()
    rows = report(out)["repositories"]
    assert [row["clone"] for row in rows] == [f"tar xf tiny-participant-0{number}.tar" for number in (1, 2)]
    assert all(row["commands"][0].endswith("/step-1-start") for row in rows)
    assert run("verify", "out", cwd=folder, env=environment).returncode == 0
    for number in (1, 2):
        built(folder, "--shard", f"{number}/2", out=f"shard-{number}", env=environment)
    assert run("merge", "shard-1", "shard-2", "--out", "whole", cwd=folder, env=environment).returncode == 0
    same(out, folder / "whole")
    with (out / "tiny-participant-01.tar").open("ab") as archive_file:
        archive_file.write(b"x")
    done = run("verify", "out", cwd=folder, env=environment)
    assert (done.returncode, done.stdout) == (3, "out/tiny-participant-01.tar: has changed\n")
    done = run("build", "--out", "out", "--push", "/far/{name}", cwd=folder, env=environment)
    assert (done.returncode, "--push is for git" in done.stderr) == (2, True)
