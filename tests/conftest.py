from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from scaffold import project
from scaffold.catalogue import Catalogue
from scaffold.model import Cell
from scaffold.resolve import function_of
from scaffold.settings import MONITORING, ROWS
from scaffold.spec import AMAZON, NAMES, Answers, ProjectSpec
from scaffold.translator import client

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CATALOGUE = Catalogue()
ROOT = Path(__file__).parents[1]
# The tools that were installed beside this Python, hadolint for one, and those of `make tools`.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), str(ROOT / ".tools/bin"), os.environ["PATH"]])
SCAFFOLD = [sys.executable, "-m", "scaffold"]


@pytest.fixture(scope="session", autouse=True)
def _translator() -> Iterator[None]:
    yield
    client.stop()


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return CATALOGUE


def create(cell: Cell, folder: Path, architecture: str = "x86_64", base: str = AMAZON, **options: Any) -> Path:
    """Make the project of a cell in ``folder`` and return its own folder."""
    function = replace(function_of(CATALOGUE, cell, architecture), base=base)
    return project.create(CATALOGUE, ProjectSpec("sam-app", (function,), **options), folder)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Return the project of a cell, made once for all tests that only look at it."""

    @functools.cache
    def make(cell: Cell, architecture: str = "x86_64", base: str = AMAZON, *, monitored: bool = False) -> Path:
        options = dict.fromkeys(MONITORING, monitored)
        return create(cell, tmp_path_factory.mktemp("cell"), architecture, base, **options)

    return make


def answered(params: dict[str, Any]) -> Answers:
    """Return the answers among the parameters of a command line, as `init` takes them."""
    names = {*NAMES, *ROWS}
    return Answers.from_values({key: None if value == () else value for key, value in params.items() if key in names})


def needs(*tools: str) -> None:
    """Skip the test where a tool is missing; fail instead where REQUIRE_TOOLS promises it."""
    missing = [tool for tool in tools if shutil.which(tool) is None]
    promised = set(os.environ.get("REQUIRE_TOOLS", "").split())
    broken = [tool for tool in missing if tool in promised]
    if broken:
        pytest.fail(f"REQUIRE_TOOLS promises {', '.join(broken)}, which this machine lacks")
    if missing:
        pytest.skip(f"this machine lacks {', '.join(missing)}")


def can(tool: str, *command: str) -> None:
    """Skip, or with REQUIRE_TOOLS fail, where a command does not succeed; ``tool`` is what it stands for."""
    needs(command[0])
    if subprocess.run(command, capture_output=True, check=False).returncode:
        if tool in os.environ.get("REQUIRE_TOOLS", "").split():
            pytest.fail(f"REQUIRE_TOOLS promises {tool}, but {' '.join(command)} fails")
        pytest.skip(f"this machine has no {tool}: {' '.join(command)} fails")


def scaffold(*arguments: str | Path, cwd: Path, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run the command as a process of its own, without a terminal."""
    return subprocess.run(
        [*SCAFFOLD, *map(str, arguments)],
        cwd=cwd,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
        **{"timeout": 120, **options},
    )


def tree(folder: Path) -> dict[str, bytes]:
    """Return the files below a folder with their contents."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def section(readme: str, title: str) -> str:
    """Return the shell lines of a section of a README."""
    _, found, rest = readme.partition(f"### {title}\n")
    assert found, f"the README has no section {title}"
    body = rest.partition("\n### ")[0].partition("\n## ")[0]
    return "\n".join(part.partition("```")[0] for part in body.split("```bash\n")[1:])
