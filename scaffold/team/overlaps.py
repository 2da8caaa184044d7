"""The layers of a catalogue among all of a project: files that two of them write, and values that none gets."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scaffold import layers
from scaffold.errors import FilePosition, Problem
from scaffold.team import cells, templates
from scaffold.team.shape import PROJECT_FOLDER
from scaffold.trees import LAYER_FILE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from scaffold.catalogue import Catalogue
    from scaffold.team.cells import Combination

_VALUE = re.compile(r"\{\{ *cookiecutter\.(\w+) *\}\}")
_TEXT = re.compile(r"\{\{ *'([^']*)' *\}\}")
# Where a layer belongs to something that the catalogue names, so that some combination should have it.
_OWNED = ("bases", "use_cases", "sources", "handlers", "shared")


def problems(
    catalogue: Catalogue, root: Path, own: Iterable[Path], combinations: Iterable[Combination]
) -> Iterator[Problem]:
    """Yield what is wrong with the layers ``own`` of the catalogue in ``root`` in projects of these combinations.

    ``catalogue`` is all of it, with that one on top. Nothing is rendered: the names of files are filled in as far as
    they are plain values.
    """
    own = list(own)
    layers_of_it = {root / layer for layer in own}
    used: set[Path] = set()
    told: set[tuple[Path, str]] = set()
    for combination in combinations:
        steps = cells.steps_of(catalogue, cells.spec_of(catalogue, combination))
        # A symbolic link is told of elsewhere, and not looked into.
        steps = [step for step in steps if step[0] in layers_of_it or not (step[0] and step[0].is_relative_to(root))]
        used |= {folder for folder, _ in steps if folder}
        for file, problem in [*_twice(catalogue, root, steps), *_values(root, steps)]:
            if (file, problem.message) not in told:
                told.add((file, problem.message))
                yield problem
    for layer in own:
        if root / layer not in used and {*layer.parts} & {*_OWNED}:
            message = "no combination that can be created has this layer"
            yield Problem(
                FilePosition(str(root / layer)), message, "see which there are with `sam-scaffold list cells`"
            )


def _twice(
    catalogue: Catalogue, root: Path, steps: list[tuple[Path | None, dict[str, Any]]]
) -> Iterator[tuple[Path, Problem]]:
    """Yield the files that a layer of the catalogue in ``root`` writes, and another one too."""
    writers: dict[str, tuple[int, Path]] = {}
    for number, (folder, context) in enumerate(steps):
        project = folder / PROJECT_FOLDER if folder else Path()
        for file in sorted(project.rglob("*")) if folder else []:
            target = _target(file.relative_to(project), context)
            if target is None or not file.is_file() or "__pycache__" in file.parts:
                continue
            if ".." in Path(target).parts or Path(target).is_absolute():
                yield file, Problem(FilePosition(str(file)), f"leads out of the project: {target}", "name it otherwise")
                continue
            first, other = writers.setdefault(target, (number, file))
            if first == number or layers.is_merged(target):
                continue
            ours, theirs = (file, other) if file.is_relative_to(root) else (other, file)
            if ours.is_relative_to(root):
                message = f"writes {target}, which {_layer(catalogue, theirs)} writes as well"
                yield ours, Problem(FilePosition(str(ours)), message, "call it otherwise, or have that layer replaced")


def _layer(catalogue: Catalogue, file: Path) -> str:
    """Return what to call the layer that a file is of."""
    folder = file.parents[len(file.parts) - file.parts.index(PROJECT_FOLDER) - 1]
    if folder.is_relative_to(catalogue.root):
        return f"the built-in layer {folder.relative_to(catalogue.root).as_posix()}"
    return f"the layer {folder}"


def _target(relative: Path, context: Mapping[str, Any]) -> str | None:
    """Return the path of a file in a project; ``None`` where only Jinja could tell."""
    text = _VALUE.sub(lambda match: str(context.get(match[1], match[0])), relative.as_posix())
    text = _TEXT.sub(lambda match: match[1], text)
    return None if "{{" in text or "{%" in text else text


def _values(root: Path, steps: list[tuple[Path | None, dict[str, Any]]]) -> Iterator[tuple[Path, Problem]]:
    """Yield the values that a layer's cookiecutter.json lists and a project does not have."""
    for folder, context in steps:
        if folder is None or not folder.is_relative_to(root):
            continue
        file = folder / LAYER_FILE
        text = file.read_text(encoding="utf-8")
        for name in json.loads(text):
            if not name.startswith("_") and name not in context:
                message = f"lists {name}, which no project has a value for here"
                hint = "give it one under [context] of use_case.toml, handler.toml or language.toml"
                yield file, Problem(templates.position(file, text, name), message, hint)
