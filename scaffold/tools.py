"""The programs that a project takes: which of them are on this machine, in which version, and what is missing."""

from __future__ import annotations

import re
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scaffold import contexts
from scaffold.model import version_numbers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scaffold.catalogue import Catalogue
    from scaffold.spec import ProjectSpec

FOUND, MISSING, TOO_OLD, BROKEN = "found", "missing", "too old", "does not work"
_SECONDS = 20  # for a program to print its version; the first start of some takes its time
_VERSION = re.compile(r"\d{1,9}(?:\.\d{1,9})+|\d{1,9}")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")  # Maven's, also without a terminal


@dataclass(frozen=True)
class Tool:
    """A program: its version if it is there, the ``least`` that does, and whether it is ``needed``.

    ``status`` is :data:`FOUND`, :data:`MISSING`, :data:`TOO_OLD` or :data:`BROKEN`; ``hint`` is what to do.
    """

    name: str
    title: str
    version: str
    least: str
    needed: bool
    status: str
    hint: str

    @property
    def fails(self) -> bool:
        """Whether something is missing that is needed."""
        return self.needed and self.status != FOUND


def needed_by(catalogue: Catalogue, project: ProjectSpec) -> dict[str, str]:
    """Return the programs that a project takes, by their names, each with the oldest version that does, if any.

    Tests and `sam build` take the toolchain of each function; an image, and a Zip that is built in a container, take
    Docker. What only deploys is not needed.
    """
    needed = {"sam": ""}
    for function in project.functions:
        context = contexts.context(catalogue, project, function)
        manager = catalogue.languages[function.language].managers[function.dependency_manager]
        if function.package_type == "Image" or context["use_container"]:
            needed["docker"] = ""
        # Code of one's own is tested by its own means, or as an image.
        names = manager["tools"] if function.own is None else []
        for name in names:
            least = manager.get("least", {}).get(name, "").format_map(context)
            needed[name] = max(needed.get(name, ""), least, key=version_numbers)
    return needed


def examine(catalogue: Catalogue, needed: Mapping[str, str]) -> list[Tool]:
    """Return what is known of each program in ``tools.toml``; ``needed`` are those that have to be there.

    Programs are asked for their versions at the same time, each in at most 20 seconds.
    """
    rows = catalogue.tree.table("tools.toml")
    with ThreadPoolExecutor() as pool:
        printed = list(pool.map(lambda row: _ask(row["version"]), rows.values()))
    tools = []
    for (name, row), output in zip(rows.items(), printed, strict=True):
        least = needed.get(name, "")
        status, version, hint = _judge(output, least)
        hint = hint.format(least=least, install=row["install"])
        tools.append(Tool(name, row["title"], version, least, name in needed, status, hint))
    return tools


def _judge(output: str | None, least: str) -> tuple[str, str, str]:
    """Return the status, the version and what to do, of what a program printed."""
    if output is None:
        return MISSING, "", "install it from {install}"
    found = _VERSION.search(_COLOUR.sub("", output))
    if found is None:
        return BROKEN, "", "start it, or install it again from {install}"
    if least and version_numbers(found[0]) < version_numbers(least):
        return TOO_OLD, found[0], "{least} or later is needed; get it from {install}"
    return FOUND, found[0], ""


def _ask(command: list[str]) -> str | None:
    """Return what a program prints of its version, nothing if it fails, and ``None`` if it is not there."""
    program = shutil.which(command[0])
    if program is None:
        return None
    try:
        done = subprocess.run(  # noqa: S603  a program of the catalogue, with arguments of the catalogue
            [program, *command[1:]], capture_output=True, text=True, timeout=_SECONDS, check=False, errors="replace",
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout or done.stderr if done.returncode == 0 else ""
