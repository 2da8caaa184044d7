"""The layers of a catalogue among all of a project: files that two of them write, and values that none gets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from scaffold import layers
from scaffold.errors import Problem
from scaffold.team import templates
from scaffold.team.written import at, layer_of
from scaffold.trees import LAYER_FILE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scaffold.team.written import Project

# Where a layer belongs to something that the catalogue names, so that some combination should have it.
_OWNED = ("bases", "use_cases", "sources", "handlers", "shared")


def problems(project: Project) -> Iterator[tuple[Path, Problem]]:
    """Yield what is wrong with the layers of a project that are of the catalogue, each with the file."""
    yield from _twice(project)
    yield from _values(project)


def unused(root: Path, own: Iterable[Path], projects: Iterable[Project]) -> Iterator[Problem]:
    """Yield the layers ``own`` of the catalogue in ``root`` that none of the projects has."""
    used = {folder for project in projects for folder, _ in project.steps}
    for layer in own:
        if root / layer not in used and {*layer.parts} & {*_OWNED}:
            message = "no combination that can be created has this layer"
            yield Problem(at(root / layer), message, "see which there are with `sam-scaffold list cells`")


def _twice(project: Project) -> Iterator[tuple[Path, Problem]]:
    """Yield the files that a layer of the catalogue writes, and another one too."""
    for target, sources in project.files.items():
        first = sources[0]
        if ".." in Path(target).parts or Path(target).is_absolute():
            yield first.file, Problem(at(first.file), f"leads out of the project: {target}", "name it otherwise")
            continue
        for source in sources[1:]:
            if source.step == first.step or layers.is_merged(target):
                continue
            ours, theirs = (source.file, first.file) if project.is_own(source.file) else (first.file, source.file)
            if project.is_own(ours):
                message = f"writes {target}, which {layer_of(project.catalogue, theirs)} writes as well"
                yield ours, Problem(at(ours), message, "call it otherwise, or have that layer replaced")


def _values(project: Project) -> Iterator[tuple[Path, Problem]]:
    """Yield the values that a layer's cookiecutter.json lists and a project does not have."""
    for folder, context in project.steps:
        if not project.is_own(folder):
            continue
        file = folder / LAYER_FILE
        text = file.read_text(encoding="utf-8-sig")
        for name in json.loads(text):
            if not name.startswith("_") and name not in context:
                message = f"lists {name}, which no project has a value for here"
                hint = "give it one under [context] of use_case.toml, handler.toml or language.toml"
                yield file, Problem(templates.position(file, text, name), message, hint)
