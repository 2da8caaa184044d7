"""Lock files that a catalogue has to bring: those of the built-in one hold other versions than its tables then."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from scaffold import toml_files
from scaffold.catalogue import Catalogue
from scaffold.errors import Problem
from scaffold.spec import DEFAULT_NAME, ProjectSpec
from scaffold.team.written import at

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scaffold.errors import FilePosition
    from scaffold.spec import FunctionSpec
    from scaffold.team.written import Project
    from scaffold.toml_files import Keys

_KINDS = ("libraries", "dev_libraries")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def problems(project: Project) -> Iterator[tuple[Path, Problem]]:
    """Yield the lock files that a project lacks, each with the file that says another version."""
    for function in project.spec.functions:
        layer = project.catalogue.outdated_locks(function)
        if layer is None:
            continue
        name = _changed(project, function)
        place = _place(project, function, name)
        message = f"changes {name}, but the lock files of {function.use_case} for {function.dependency_manager} do not"
        yield project.root / layer, Problem(place, message, f"add {layer.as_posix()}/: {_how(project, function)}")


def advice(catalogue: Catalogue, function: FunctionSpec) -> str:
    """Return what is wrong with the lock files of a function, or nothing."""
    layer = catalogue.outdated_locks(function)
    if layer is None:
        return ""
    return f"its lock files hold other versions than its tables: {layer.as_posix()} is missing"


def _how(project: Project, function: FunctionSpec) -> str:
    """Return how the lock files are made."""
    catalogue = project.catalogue
    manager = catalogue.languages[function.language].managers[function.dependency_manager]
    values = catalogue.context(project.spec, function)
    command = str(manager.get("relock", "")).format_map(values)
    made = f"`{command}` makes it in a project" if command else "make it in a project"
    return f"{made}, see docs/catalogues.md"


def _libraries(catalogue: Catalogue, function: FunctionSpec) -> dict[str, Any]:
    if function.language not in catalogue.languages or function.use_case not in catalogue.use_cases:
        return {}
    context = catalogue.context(ProjectSpec(DEFAULT_NAME, (function,)), function)
    return {name: value for kind in _KINDS for name, value in context.get(kind, {}).items()}


def _changed(project: Project, function: FunctionSpec) -> str:
    """Return the library that has another version, or is another one, than in the built-in catalogue."""
    below = _libraries(Catalogue(project.catalogue.root, project.catalogue.today), function)
    above = _libraries(project.catalogue, function)
    names = [name for name in {**above, **below} if above.get(name) != below.get(name)]
    return names[0] if names else "a library"


def _place(project: Project, function: FunctionSpec, name: str) -> FilePosition:
    """Return where the catalogue says the version of a library, in its tables of the handler and of the language."""
    language = f"languages/{function.language}"
    tables: list[tuple[str, list[Keys]]] = [
        (f"{language}/handlers/{function.use_case}/handler.toml", [("context",)]),
        (f"{language}/language.toml", [("context",), ("managers", function.dependency_manager, "context")]),
        (f"{language}/language.toml", [("runtimes", function.runtime, "context"), ("bases", function.base, "context")]),
        (f"use_cases/{function.use_case}/use_case.toml", [("context",)]),
    ]
    handler = project.catalogue.languages[function.language].handlers[function.use_case]
    text = str({**handler.dev_libraries, **handler.tracing_libraries, **handler.libraries}.get(name, ""))
    wanted: list[tuple[str, Keys]] = [(tables[0][0], (kind, name)) for kind in (*_KINDS, "tracing_libraries")]
    for value in _PLACEHOLDER.findall(text):
        wanted += [(file, (*keys, value)) for file, places in tables for keys in places]
    there = [file for file in dict.fromkeys(file for file, _ in tables) if (project.root / file).is_file()]
    for file, keys in wanted:
        if file in there:
            _, read = toml_files.read(project.root / file, "")
            if line := toml_files.exact_line_of(read, keys):
                return at(project.root / file, line)
    return at(project.root / there[0], 1) if there else at(project.root)
