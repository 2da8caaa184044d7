"""A workshop in shards: together they are what one build makes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from workshops import built, content, lay, manifest, report, run, same, settled, stepped

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a workshop whole, in three shards in three folders, and the first of them again in two."""
    folder = stepped(tmp_path_factory.mktemp("shards"), count=7, solutions="separate")
    built(folder, out="whole")
    for number in (1, 2, 3):
        built(folder, "--shard", f"{number}/3", out=f"part-{number}")
    return folder


def merged(folder: Path, *parts: str, out: str = "all") -> tuple[int, str]:
    done = run("merge", *parts, "--out", out, cwd=folder)
    return done.returncode, done.stdout + done.stderr


def test_shards_in_folders_of_their_own(workshop: Path) -> None:
    sizes = [len(report(workshop / f"part-{one}", f"report-{one}-of-3.json")["repositories"]) for one in (1, 2, 3)]
    assert sizes == [3, 2, 2]
    assert not (workshop / "part-1/report.csv").exists()
    assert [path.name for path in workshop.glob("part-*/tiny-solutions")] == ["tiny-solutions"]
    code, said = merged(workshop, "part-3", "part-1", "part-2")
    assert code == 0, said
    same(workshop / "whole", workshop / "all")
    settled(workshop / "all")
    before = content(workshop / "all", "none")
    assert merged(workshop, "part-1", "part-2", "part-3")[0] == 0
    assert content(workshop / "all", "none") == before
    assert run("verify", "all", cwd=workshop).returncode == 0
    # Whoever goes on from there finds everything made.
    built(workshop, out="all")
    same(workshop / "whole", workshop / "all")


def test_shards_in_one_folder(workshop: Path) -> None:
    for number in (2, 1, 3):
        out = built(workshop, "--shard", f"{number}/3", out="joined")
    done = run("status", "joined", cwd=workshop)
    assert (done.returncode, "join them with workshop merge" in done.stderr) == (1, True)
    shutil.rmtree(out / "tiny-participant-02")
    done = run("merge", "joined", cwd=workshop)
    assert (done.returncode, "is in the report and not there" in done.stderr) == (1, True)
    built(workshop, "--shard", "2/3", out="joined")
    done = run("merge", "joined", "--output", "json", cwd=workshop)
    assert (done.returncode, json.loads(done.stdout)["ready"]) == (0, 7)
    same(workshop / "whole", out)
    settled(out)


def test_what_does_not_belong_together_is_told(workshop: Path, tmp_path: Path) -> None:
    for part in ("part-1", "part-2", "part-3"):
        shutil.copytree(workshop / part, tmp_path / part)
    code, said = merged(tmp_path, "part-1", "part-3")
    assert (code, "shard 2/3 is missing" in said) == (2, True)
    code, said = merged(tmp_path, "part-1", "part-2", "part-3", "part-1")
    assert (code, "shard 1/3 is there 2 times" in said) == (2, True)
    other = stepped(tmp_path / "other", count=7, title="Other", solutions="separate")
    built(other, "--shard", "2/3", out="part")
    code, said = merged(tmp_path, "part-1", "other/part", "part-3")
    assert (code, "shard 2/3 has another title" in said) == (2, True)
    code, said = merged(tmp_path, "part-1", "other")
    assert code == 2
    assert not (tmp_path / "all").exists(), "nothing is made of what does not fit"
    code, said = merged(tmp_path, "other")
    assert (code, "there is no report of a shard" in said) == (1, True)
    done = run("merge", "part-1", "part-2", cwd=tmp_path)
    assert (done.returncode, "--out is missing" in done.stderr) == (2, True)

    (tmp_path / "part-2/tiny-participant-02/README.md").write_text("changed on the way\n")
    code, said = merged(tmp_path, "part-1", "part-2", "part-3")
    assert (code, "part-2/tiny-participant-02 has changed since it was made: README.md" in said) == (1, True)
    assert not (tmp_path / "all/report.json").exists()
    lay(tmp_path / "all", {"tiny-participant-03/mine": ""})
    shutil.rmtree(tmp_path / "part-2")
    shutil.copytree(workshop / "part-2", tmp_path / "part-2")
    code, said = merged(tmp_path, "part-1", "part-2", "part-3")
    assert (code, "all/tiny-participant-03 is in the way" in said) == (1, True)
    shutil.rmtree(tmp_path / "all/tiny-participant-03")
    assert merged(tmp_path, "part-1", "part-2", "part-3")[0] == 0
    same(workshop / "whole", tmp_path / "all")


@pytest.mark.parametrize("shard", ["0/3", "4/3", "1", "1/0", "-1/3", "1/3/3", "a/b", "01/3", "1 / 3", "\u0661/3", ""])
def test_what_is_no_shard(shard: str, tmp_path: Path) -> None:
    done = run("build", f"--shard={shard}", "--out", "out", cwd=tmp_path)
    assert (done.returncode, "is no part of a whole" in done.stderr) == (2, True)


def test_more_shards_than_participants(tmp_path: Path) -> None:
    folder = manifest(tmp_path, count=2)
    for number in (1, 2, 3):
        built(folder, "--shard", f"{number}/3", out="joined")
    assert run("merge", "joined", cwd=folder).returncode == 0
    same(built(folder, out="whole"), folder / "joined")


def test_a_shard_after_the_whole_does_not_forget(tmp_path: Path) -> None:
    """Two reports in one folder tell of the same repository: what is known of it is what is there."""
    lay(tmp_path, {"overlay/a.txt": "a\n"})
    folder = manifest(tmp_path, count=2, overlay="overlay")
    out = built(folder)
    lay(tmp_path, {"overlay/a.txt": "b\n"})
    built(folder, "--shard", "1/2", "--rebuild")
    built(folder, "--shard", "1/2")  # and knows that it is made
    done = run("build", "--out", "out", cwd=folder)
    assert (done.returncode, "1 of 2 repositories in out differ" in done.stderr) == (1, True)
    built(folder, "--rebuild")
    fresh = built(folder, out="fresh")
    (out / "report-1-of-2.json").unlink()
    same(fresh, out)
