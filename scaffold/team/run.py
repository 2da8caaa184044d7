"""Combinations of a team's catalogue, tried: each becomes a project, which is translated, and runs its tests."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scaffold import contexts, layers, project, tools
from scaffold.dockerfile_rules import Use, findings
from scaffold.errors import ProblemsError, ScaffoldError
from scaffold.staging import delay_signals
from scaffold.team import cells, handlers, locks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scaffold.catalogue import Catalogue
    from scaffold.spec import ProjectSpec
    from scaffold.team.cells import Combination
    from scaffold.tools import Tool

PASSED, MADE, FAILED, SKIPPED = "passed", "made", "failed", "skipped"
_SECONDS = 1800  # for the tests of one project, with all that they install
_SHELL = "sh"
_COLOUR = re.compile(r"\x1b\[[\d;]*m")
# What runners print where there was no test.
_NO_TEST = re.compile(
    r"^(?:# |\u2139 )tests 0$|\[no test files\]|no tests to run|No tests to run|:test NO-SOURCE|No test is available"
    r"|^0 runs,|^running 0 tests$|no tests ran|^Ran 0 tests|^NO TESTS RAN",
    re.MULTILINE,
)
_TEST = re.compile(
    r"^(?:# |\u2139 )tests [1-9]"
    r"|^ok +\t?\S+(?!.*no tests to run)|Tests run: [1-9]|^[1-9]\d* runs,|^running [1-9]\d* tests?$"
    r"|[1-9]\d* passed|^Ran [1-9]|Passed!",
    re.MULTILINE,
)
# What a project's tools would take for their own: the virtual environment that this program runs in.
_LEFT_OUT = ("VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME")


@dataclass(frozen=True)
class Outcome:
    """What became of a combination: one of the words above, the reason if it is none to be glad of, and the output."""

    combination: Combination
    status: str
    reason: str = ""
    output: str = ""


def outcomes(catalogue: Catalogue, combinations: Iterable[Combination], *, run: bool) -> Iterator[Outcome]:
    """Yield what becomes of each combination, as soon as it is known.

    Unless ``run`` is false, the commands of the project's README that install it and run its tests are run in a
    temporary folder: that is code of the catalogue.
    """
    known: dict[tuple[str, str], Tool] = {}
    for combination in combinations:
        with tempfile.TemporaryDirectory(prefix="sam-scaffold-", ignore_cleanup_errors=True) as temporary:
            yield _outcome(catalogue, combination, Path(temporary).resolve(), known, run=run)


def _outcome(
    catalogue: Catalogue, combination: Combination, folder: Path, known: dict[tuple[str, str], Tool], *, run: bool
) -> Outcome:
    spec, made, reason, details = _made(catalogue, combination, folder)
    if spec is None or reason:
        return Outcome(combination, FAILED, reason, details)
    if not run:
        return Outcome(combination, MADE)
    missing = _missing(catalogue, spec, known)
    if missing:
        return Outcome(combination, SKIPPED, missing)
    scripts = dict.fromkeys(_script(catalogue, spec, number) for number in range(len(spec.functions)))
    for script in scripts:
        reason, output = _run(script, made)
        if reason:
            return Outcome(combination, FAILED, reason, output)
    return Outcome(combination, PASSED)


def _made(catalogue: Catalogue, combination: Combination, folder: Path) -> tuple[ProjectSpec | None, Path, str, str]:
    """Make a project of a combination; return it and its folder, or why that fails, with details."""
    spec: ProjectSpec | None = None
    try:
        spec = cells.spec_of(catalogue, combination)
        made = project.create(catalogue, spec, folder)
        return spec, made, _mistake(catalogue, spec, made), ""
    except ProblemsError as error:
        reason, details = "; ".join(f"{one.name}: {one.message}" for one in error.problems), ""
    except ScaffoldError as error:
        reason, _, details = error.message.partition("\n")
    except Exception as error:  # noqa: BLE001  tables of a catalogue may raise anything
        reason, details = f"no project can be made: {type(error).__name__}: {error}", ""
    return spec, folder, reason, details


def _mistake(catalogue: Catalogue, spec: ProjectSpec, folder: Path) -> str:
    """Return what is wrong with a project that its tests need not notice, or nothing."""
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    for function in spec.functions:
        if message := handlers.missing(catalogue, spec, function, files):
            return message
        file = folder / catalogue.folder(function) / layers.DOCKERFILE
        if function.package_type == "Image" and file.is_file():
            use = Use(architecture=function.architecture, buildkit=spec.buildkit)
            for finding in findings(file.read_text(encoding="utf-8"), file.relative_to(folder), use):
                if finding.is_error:
                    return f"{finding.name}: {finding.message}"
    return locks.missing(catalogue, spec)


def _missing(catalogue: Catalogue, spec: ProjectSpec, known: dict[tuple[str, str], Tool]) -> str:
    """Return what this machine lacks for a project's tests, or nothing. ``known`` are programs that were looked for."""
    if shutil.which(_SHELL) is None:
        return f"there is no {_SHELL}"
    managers = [
        catalogue.languages[function.language].managers[function.dependency_manager] for function in spec.functions
    ]
    # Images are not built here, and nothing is deployed.
    names = {name for manager in managers for name in manager["tools"]}
    needed = {name: least for name, least in tools.needed_by(catalogue, spec).items() if name in names}
    if not {*needed.items()} <= {*known}:
        known.update({(tool.name, tool.least): tool for tool in tools.examine(catalogue, needed) if tool.needed})
    failing = [tool for tool in (known[item] for item in needed.items() if item in known) if tool.fails]
    return "; ".join(f"{tool.title} {tool.status}: {tool.hint}" for tool in failing)


def _script(catalogue: Catalogue, spec: ProjectSpec, number: int) -> str:
    """Return the lines of a project's README that install a function and run its tests."""
    context = contexts.context(catalogue, spec, spec.functions[number])
    return "\n".join([*context["install"], *context["test"]])


def _run(script: str, folder: Path) -> tuple[str, str]:
    """Run a script in the folder of a project; return why it failed, or nothing, and what it printed."""
    environment = {name: value for name, value in os.environ.items() if name not in _LEFT_OUT}
    with tempfile.TemporaryFile() as printed:
        process: subprocess.Popen[bytes] | None = None
        try:
            with delay_signals():
                process = subprocess.Popen(  # noqa: S603  running the tests is what this command is for
                    [_SHELL, "-ec", script], cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=printed,
                    stderr=subprocess.STDOUT, start_new_session=os.name == "posix",
                )  # fmt: skip
            code = process.wait(_SECONDS)
            reason = f"its tests exit with {code}" if code else ""
        except subprocess.TimeoutExpired:
            reason = f"its tests take longer than {_SECONDS // 60} minutes"
        finally:
            if process:
                _end(process)
        printed.seek(0)
        output = printed.read().decode("utf-8", "replace")
        return reason or ("no test ran" if is_without_tests(output) else ""), output


def is_without_tests(output: str) -> bool:
    """Return whether what a project's tools printed says that there was no test; not all of them tell.

    Most end well then, but for pytest.
    """
    plain = _COLOUR.sub("", output)
    return bool(_NO_TEST.search(plain)) and not _TEST.search(plain)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a script and all that it has started; one that was interrupted may have left something running."""
    with suppress(ProcessLookupError, PermissionError):
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()
