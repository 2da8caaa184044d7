from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import traceback
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import hypothesis
import pytest

import clock
from scaffold import project
from scaffold.catalogue import Catalogue
from scaffold.fetch import cache
from scaffold.model import Cell
from scaffold.resolve import functions_of
from scaffold.settings import ROWS
from scaffold.spec import AMAZON, NAMES, Answers, FunctionSpec, ProjectSpec
from scaffold.translator import client
from servers import Certificates

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

# The same examples each time; `--hypothesis-profile=search` looks for new ones.
hypothesis.settings.register_profile("same", derandomize=True, max_examples=100, deadline=None, database=None)
hypothesis.settings.register_profile("search", max_examples=5000, deadline=None)
hypothesis.settings.load_profile("same")
Row = TypeVar("Row")
CATALOGUE = Catalogue(today=clock.TODAY)
clock.stop()  # for the command line's own, which is read when the tests import it
ROOT = Path(__file__).parents[1]
# The tools that were installed beside this Python, hadolint for one, and those of `make tools`.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), str(ROOT / ".tools/bin"), os.environ["PATH"]])
SCAFFOLD = [sys.executable, "-m", "scaffold"]
# The same on the day of the tests.
SCAFFOLD_THEN = [sys.executable, str(ROOT / "tests/clock.py")]


# What the tests of cells and of generated projects go through: `--use-case` narrows it.
USE_CASES: set[str] = set()


def package_of(language: str, use_case: str, package: str) -> str:
    """Return that package type if a language has the use case in it, else one that it has it in."""
    possible = CATALOGUE.package_types(CATALOGUE.languages[language], use_case)
    return package if package in possible else possible[0]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--use-case", action="append", help="for the tests of cells and generated projects: only this one")


def pytest_configure(config: pytest.Config) -> None:
    USE_CASES.update(config.getoption("--use-case") or CATALOGUE.use_cases)


@pytest.fixture(scope="session", autouse=True)
def _translator() -> Iterator[None]:
    yield
    client.stop()


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return CATALOGUE


# What of the environment leads requests elsewhere, or says which certificates count.
_NETWORK = ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy")
_CERTIFICATES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR")


@pytest.fixture
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give who runs the command folders of their own for configuration and cache, and no settings of a network."""
    for name in ("CONFIG", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    for name in (*_NETWORK, *_CERTIFICATES, cache.OFFLINE):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own_folders: None) -> Path:  # noqa: ARG001
    """Return where private copies of templates are made, for a person with folders of their own."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """Return a CA, and the certificate of a server on this machine."""
    return Certificates.make(tmp_path_factory.mktemp("certificates"))


def create(cell: Cell, folder: Path, architecture: str = "x86_64", base: str = AMAZON, **options: Any) -> Path:
    """Make the project of a cell in ``folder`` and return its own folder."""
    return project.create(CATALOGUE, spec_of(cell, architecture, base, **options), folder)


def spec_of(cell: Cell, architecture: str = "x86_64", base: str = AMAZON, **options: Any) -> ProjectSpec:
    """Return a project of a cell."""
    functions = (replace(function, base=base) for function in functions_of(CATALOGUE, cell, architecture))
    return ProjectSpec("sam-app", tuple(functions), **options)


def function_of(cell: Cell, architecture: str = "x86_64") -> FunctionSpec:
    """Return the function of a cell whose use case has just one."""
    (function,) = functions_of(CATALOGUE, cell, architecture)
    return function


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


def for_each(rows: Iterable[Row], check: Callable[[Row], object]) -> int:
    """Check each of many, fail with all that fail, each by its name, and return how many there were."""
    failed, count = [], 0
    for row in rows:
        count += 1
        try:
            check(row)
        except Exception as error:  # noqa: BLE001  each is told below
            line = traceback.extract_tb(error.__traceback__)[-1]
            failed.append(f"{row}\n  {Path(line.filename).name}:{line.lineno}: {str(error) or repr(error)}")
    assert count, "there is nothing to check"
    if failed:
        pytest.fail(f"{len(failed)} of {count} failed:\n" + "\n".join(failed), pytrace=False)
    return count


@pytest.fixture(scope="session")
def first_to_see(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], bool]:
    """Return a function that says whether no test of this run, in whichever process, has asked for a text before."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "seen"
    folder.mkdir(exist_ok=True)

    def is_first(text: str) -> bool:
        try:
            (folder / hashlib.sha256(text.encode()).hexdigest()).touch(exist_ok=False)
        except FileExistsError:
            return False
        return True

    return is_first


def tree(folder: Path) -> dict[str, bytes]:
    """Return the files below a folder with their contents."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def section(readme: str, title: str) -> str:
    """Return the shell lines of a section of a README."""
    _, *parts = re.split(rf"^##+ {re.escape(title)}\n", readme, flags=re.MULTILINE)
    assert parts, f"the README has no section {title}"
    body = re.split(r"^##+ ", parts[0], flags=re.MULTILINE)[0]
    return "\n".join(part.partition("```")[0] for part in body.split("```bash\n")[1:])
