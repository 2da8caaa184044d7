"""Combinations of a team's catalogue, tried: each becomes a project, which is translated, and runs its tests."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scaffold import contexts, project, tools
from scaffold.errors import ScaffoldError
from scaffold.team import cells

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scaffold.catalogue import Catalogue
    from scaffold.spec import ProjectSpec
    from scaffold.team.cells import Combination
    from scaffold.tools import Tool

PASSED, MADE, FAILED, SKIPPED = "passed", "made", "failed", "skipped"
_SECONDS = 1800  # for the tests of one project, with all that they install
_SHELL = "sh"
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
    try:
        spec = cells.spec_of(catalogue, combination)
        made = project.create(catalogue, spec, folder)
    except ScaffoldError as error:
        reason, _, details = error.message.partition("\n")
        return Outcome(combination, FAILED, reason, details)
    except Exception as error:  # noqa: BLE001  tables and templates of a catalogue may raise anything
        return Outcome(combination, FAILED, f"{type(error).__name__}: {error}")
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
        process = subprocess.Popen(  # noqa: S603  running the tests is what this command is for
            [_SHELL, "-ec", script], cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=printed,
            stderr=subprocess.STDOUT, start_new_session=os.name == "posix",
        )  # fmt: skip
        try:
            code = process.wait(_SECONDS)
            reason = f"its tests exit with {code}" if code else ""
        except subprocess.TimeoutExpired:
            reason = f"its tests take longer than {_SECONDS // 60} minutes"
        finally:
            _end(process)
        printed.seek(0)
        return reason, printed.read().decode("utf-8", "replace")


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a script and all that it has started; one that was interrupted may have left something running."""
    with suppress(ProcessLookupError, PermissionError):
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()
