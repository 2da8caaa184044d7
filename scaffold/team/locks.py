"""Lock files that a catalogue has to bring: those of the built-in one hold other versions than its tables then."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from scaffold import toml_files
from scaffold.advice import libraries, outdated_locks
from scaffold.contexts import context
from scaffold.errors import Problem
from scaffold.resolve import functions_of
from scaffold.spec import DEFAULT_NAME, ProjectSpec
from scaffold.team.shape import INCLUDED
from scaffold.team.written import at
from scaffold.trees import LAYER_FILE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scaffold.catalogue import Catalogue
    from scaffold.errors import FilePosition
    from scaffold.spec import FunctionSpec
    from scaffold.toml_files import Keys

_KINDS = ("libraries", "dev_libraries")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def problems(root: Path, catalogue: Catalogue) -> Iterator[Problem]:
    """Yield the versions that the catalogue in ``root``, the topmost, changes without the lock files for them."""
    seen: set[tuple[str, str, str]] = set()
    for cell in catalogue.cells:
        key = (cell.language, cell.dependency_manager, cell.use_case)
        languages = (cell.language, catalogue.languages[cell.language].runtimes_of)
        names = [*(f"languages/{name}" for name in languages if name), f"use_cases/{cell.use_case}"]
        if key in seen or not any((root / name).is_dir() for name in names):
            continue
        seen.add(key)
        for function in functions_of(catalogue, cell)[:1]:  # those of a group share their lock files
            if _lacks_own(catalogue, function):
                yield _without(root, catalogue, function)
                continue
            changed = _changed(catalogue, function)
            layer = outdated_locks(catalogue, function) if changed else None
            if layer is None:
                continue
            about = (
                f"the lock files of {function.use_case} for {function.dependency_manager} hold another version, or none"
            )
            place = _place(root, catalogue, function, changed)
            yield Problem(place, f"{changed}: {about}", f"add {layer.as_posix()}/: {_how(catalogue, function)}")


def _lacks_own(catalogue: Catalogue, function: FunctionSpec) -> bool:
    """Return whether the usual lock files of a dependency manager are for use cases by name, and not for this one."""
    folder = f"languages/{function.language}/managers/{function.dependency_manager}/locks"
    name = catalogue.languages[function.language].handlers[function.use_case].locks or function.use_case
    usual = catalogue.tree.layer(f"{folder}/default")
    if usual is None or catalogue.tree.having(f"{folder}/{name}"):
        return False
    names = {path.stem for path in (usual / INCLUDED).glob("*")}
    return "use_case" in json.loads((usual / LAYER_FILE).read_bytes()) and function.use_case not in names


def _without(root: Path, catalogue: Catalogue, function: FunctionSpec) -> Problem:
    handler = root / f"languages/{function.language}/handlers/{function.use_case}"
    layer = f"languages/{function.language}/managers/{function.dependency_manager}/locks/{function.use_case}"
    message = f"there are no lock files of {function.use_case} for {function.dependency_manager}"
    place = at(handler if handler.is_dir() else root)
    return Problem(place, message, f"add {layer}/: {_how(catalogue, function)}")


def missing(catalogue: Catalogue, spec: ProjectSpec) -> str:
    """Return that a project's lock files hold other versions than its tables, or nothing."""
    layers = [outdated_locks(catalogue, function) for function in spec.functions]
    names = dict.fromkeys(layer.as_posix() for layer in layers if layer)
    return f"its lock files hold other versions than its tables: add {' and '.join(names)}" if names else ""


def _how(catalogue: Catalogue, function: FunctionSpec) -> str:
    """Return how the lock files are made."""
    manager = catalogue.languages[function.language].managers[function.dependency_manager]
    values = context(catalogue, ProjectSpec(DEFAULT_NAME, (function,)), function)
    command = str(manager.get("relock", "")).format_map(values)
    made = f"`{command}` makes it in a project" if command else "make it in a project"
    return f"{made}, see docs/catalogues.md"


def _changed(catalogue: Catalogue, function: FunctionSpec) -> str:
    """Return the library that has another version, or is another one, than in the built-in catalogue, or nothing."""
    usual, ours = (
        {name: value for kind in libraries(one, function) for name, value in kind.items()}
        for one in (catalogue.built_in, catalogue)
    )
    return next((name for name in {**ours, **usual} if ours.get(name) != usual.get(name)), "")


def _place(root: Path, catalogue: Catalogue, function: FunctionSpec, name: str) -> FilePosition:
    """Return where the catalogue says the version of a library, in its tables of the handler and of the language."""
    language = f"languages/{function.language}"
    tables: list[tuple[str, list[Keys]]] = [
        (f"{language}/handlers/{function.use_case}/handler.toml", [("context",)]),
        (f"{language}/language.toml", [("context",), ("managers", function.dependency_manager, "context")]),
        (f"{language}/language.toml", [("runtimes", function.runtime, "context"), ("bases", function.base, "context")]),
        (f"use_cases/{function.use_case}/use_case.toml", [("context",)]),
    ]
    handler = catalogue.languages[function.language].handlers[function.use_case]
    text = str({**handler.dev_libraries, **handler.tracing_libraries, **handler.libraries}.get(name, ""))
    wanted: list[tuple[str, Keys]] = [(tables[0][0], (kind, name)) for kind in (*_KINDS, "tracing_libraries")]
    for value in _PLACEHOLDER.findall(text):
        wanted += [(file, (*keys, value)) for file, places in tables for keys in places]
    there = [file for file in dict.fromkeys(file for file, _ in tables) if (root / file).is_file()]
    for file, keys in wanted:
        if file in there:
            _, read = toml_files.read(root / file, "")
            if line := toml_files.exact_line_of(read, keys):
                return at(root / file, line)
    return at(root / there[0], 1) if there else at(root)
