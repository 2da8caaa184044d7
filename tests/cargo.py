"""What Cargo compiles of libraries, kept from one run of the tests to the next, as Maven and npm keep what they fetch.

Functions are compiled anew each time: what they are is another file, in another folder.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from conftest import ROOT

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "sam-scaffold-tests"

# A program or a test, as Cargo notes it: bin-bootstrap, test-bin-bootstrap, test-integration-test-integration.
PROGRAM = re.compile(r"(?:test-)?(?:bin|integration-test)-([\w-]+)")


@contextmanager
def kept(target: Path) -> Iterator[None]:
    """Have ``target`` hold what the last run compiled, if nothing that it depends on has changed, and keep what is new.

    Raises nothing where another run uses the same files: one of them compiles again what it could have had.
    """
    if shutil.which("cargo") is None:
        yield
        return
    cache = CACHE / f"cargo-{_key()}"
    if cache.is_dir() and not _copied(cache, target):
        shutil.rmtree(target, ignore_errors=True)
    before = _libraries(target)
    yield
    if _libraries(target) <= before:
        return
    _remove_functions(target)
    new = cache.with_name(f"new-{os.getpid()}")
    if _copied(target, new):
        for old in CACHE.glob("cargo-*"):  # of another compiler, or of other libraries
            shutil.rmtree(old, ignore_errors=True)
        with suppress(OSError):
            new.rename(cache)
    shutil.rmtree(new, ignore_errors=True)


def _key() -> str:
    """Return what tells of another compiler or other libraries."""
    compiler = subprocess.run(["rustc", "--version", "--verbose"], capture_output=True, check=True).stdout
    locks = sorted((ROOT / "cookiecutters/languages/rust").rglob("Cargo.lock"))
    return hashlib.sha256(compiler + b"".join(lock.read_bytes() for lock in locks)).hexdigest()[:16]


def _libraries(target: Path) -> set[str]:
    return {path.name for path in target.glob("*/deps/*") if path.suffix in (".rlib", ".rmeta", ".so")}


def _copied(source: Path, destination: Path) -> bool:
    """Copy a folder with the times of its files, by which Cargo knows what is fresh; on the same disk, as links."""
    destination.parent.mkdir(parents=True, exist_ok=True)
    link = ["--link"] if source.stat().st_dev == destination.parent.stat().st_dev else []
    return subprocess.run(["cp", "--archive", *link, source, destination], check=False).returncode == 0


def _remove_functions(target: Path) -> None:
    """Remove all but libraries: it is of no use to another project, and Cargo writes into files that it knows."""
    (target / ".rustc_info.json").unlink(missing_ok=True)
    for deps in target.glob("*/deps"):
        profile, crates = deps.parent, set()
        shutil.rmtree(profile / "incremental", ignore_errors=True)
        for noted in (profile / ".fingerprint").iterdir():
            programs = [match[1] for path in noted.iterdir() if (match := PROGRAM.fullmatch(path.name))]
            crates.update(programs)
            if programs:
                shutil.rmtree(noted)
        for path in [*profile.iterdir(), *deps.iterdir()]:
            is_of_program = path.name.removeprefix("lib").rpartition("-")[0] in crates or path.stem in crates
            if path.is_file() and is_of_program:
                path.unlink()
