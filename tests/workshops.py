"""Workshops for tests, made by the real command."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from conftest import SCAFFOLD, scaffold

ANSWERS = {"runtime": "python3.13", "package_type": "Image"}
STEPS = [
    {"name": "First", "starter": "one/starter", "solution": "one/solution"},
    {"name": "Second", "solution": "two/solution"},
]


def manifest(folder: Path, **values: Any) -> Path:
    """Write a manifest; YAML is what JSON is as well."""
    said = {"title": "Tiny", "date": "2026-03-04", "answers": ANSWERS, **values}
    if "roster" not in said:
        said.setdefault("count", 3)
    folder.mkdir(exist_ok=True)
    (folder / "workshop.yaml").write_text(json.dumps({key: one for key, one in said.items() if one is not None}))
    return folder


def lay(folder: Path, files: dict[str, str | bytes]) -> None:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else data.encode())


def stepped(folder: Path, **values: Any) -> Path:
    """Write a manifest with two steps, and their overlays."""
    lay(
        folder,
        {
            "one/starter/exercise.txt": "{{participant.name}}, begin\n",
            "one/solution/exercise.txt": "{{participant.name}}, done\n",
            "two/solution/more.txt": "more\n",
        },
    )
    return manifest(folder, steps=STEPS, **values)


def run(*arguments: str | Path, cwd: Path, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run ``sam-scaffold workshop``; nothing it says may be a traceback."""
    done = scaffold("workshop", *arguments, cwd=cwd, **options)
    assert "Traceback" not in done.stdout + done.stderr, done.stderr
    return done


def built(folder: Path, *arguments: str | Path, out: str | Path = "out", **options: Any) -> Path:
    """Build the workshop in a folder and return where its repositories are."""
    done = run("build", "--out", out, *arguments, cwd=folder, **options)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    return folder / out


def start(*arguments: str | Path, cwd: Path, **options: Any) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*SCAFFOLD, "workshop", *map(str, arguments)],
        cwd=cwd, text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        start_new_session=True, **options,
    )  # fmt: skip


def until(true: Callable[[], object], seconds: float = 60) -> None:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "this does not come about"
        time.sleep(0.002)


def git(repository: Path, *arguments: str, **environment: str) -> str:
    """Run git as a participant would, whose configuration is empty."""
    done = subprocess.run(
        ["git", "-C", str(repository), *arguments],
        env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", **environment},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stderr == "" or arguments[0] in {"clone", "checkout"}, done.stderr
    return done.stdout.rstrip("\n")


def content(folder: Path, without: str = ".workshop") -> dict[str, bytes | None]:
    """Return every file below a folder with its bytes, and every folder; but for what a build needs while it runs."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
        if path.relative_to(folder).parts[0] != without
    }


def same(one: Path, other: Path, *, but: str = "/none/") -> None:
    """Assert that two folders are the same, ``but`` for files of a name; tell names alone where they are not."""
    here, there = content(one), content(other)
    odd = [name for name in here.keys() | there.keys() if here.get(name, 0) != there.get(name, 0)]
    odd = sorted(name for name in odd if not name.endswith(but))
    assert not odd, odd


def settled(out: Path) -> None:
    """Assert that a build has left nothing behind but its lock."""
    left = {path.relative_to(out).as_posix() for path in [*(out / ".workshop").rglob("*"), *out.glob(".*")]}
    left -= {".workshop", ".workshop/lock", ".workshop/records"}
    assert not left, left


def report(out: Path, name: str = "report.json") -> dict[str, Any]:
    found: dict[str, Any] = json.loads((out / name).read_text())
    return found


def statuses(out: Path) -> dict[str, str]:
    return {row["handle"]: row["status"] for row in report(out)["repositories"]}
