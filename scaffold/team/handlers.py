"""The file that a function's handler names: without it Lambda has nothing to start."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaffold import contexts, entry_points
from scaffold.errors import Problem
from scaffold.team.written import at

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from scaffold.catalogue import Catalogue
    from scaffold.spec import FunctionSpec, ProjectSpec
    from scaffold.team.written import Project

_IN_A_FILE = re.compile(r"[\w/-]+(?:\.\w+)+")


def problems(project: Project) -> Iterator[tuple[Path, Problem]]:
    """Yield the handlers of a project that are in no file of it, each with the layer that should have it."""
    spec, files = project.spec, project.files.keys()
    for function in spec.functions:
        message = missing(project.catalogue, spec, function, files)
        handlers = f"languages/{function.language}/handlers/{function.use_case}"
        names = [f"{handlers}/{function.part}"] if function.part else [handlers]
        names += [f"languages/{function.language}/language.toml", f"use_cases/{function.use_case}"]
        place = next((project.root / name for name in names if (project.root / name).exists()), None)
        if message and place:
            yield place, Problem(at(place), message, "call the file so, or set handler in language.toml")


def missing(catalogue: Catalogue, spec: ProjectSpec, function: FunctionSpec, files: Collection[str]) -> str:
    """Return that none of a project's files is the one of a function's handler, or nothing.

    Of compiled languages, their builds alone can tell.
    """
    values = contexts.context(catalogue, spec, function)
    handler, folder = str(values["handler"]), str(values["folder"])
    endings = entry_points.extensions(function.language)
    is_compiled = not catalogue.languages[function.language].interpreted and ".ts" not in endings
    if is_compiled or not endings or not _IN_A_FILE.fullmatch(handler):
        return ""
    parts = handler.split(".")
    stems = ["/".join(parts[:length]) for length in range(1, len(parts))]
    names = {f"{folder}/{stem}{ending}" for stem in stems for ending in (*endings, "/__init__.py")}
    if {f"{folder}/{handler}", *names} & {*files}:
        return ""
    return f"has no file for the handler {handler}, such as {folder}/{stems[0]}{endings[0]}"
