"""Which files the layers of a project write, as far as the names of their templates tell; nothing is rendered."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from scaffold.errors import FilePosition
from scaffold.team import cells
from scaffold.trees import PROJECT_FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from scaffold.catalogue import Catalogue
    from scaffold.spec import ProjectSpec
    from scaffold.team.cells import Combination

_VALUE = re.compile(r"\{\{ *cookiecutter\.(\w+) *\}\}")
_TEXT = re.compile(r"\{\{ *'([^']*)' *\}\}")


@dataclass(frozen=True)
class Source:
    """A file of a layer: the layer's number among all of the project, the file, and the values that it sees."""

    step: int
    file: Path
    context: Mapping[str, Any]


@dataclass(frozen=True)
class Project:
    """A combination with its layers, each with its values. Those of ``root`` are the ones that are looked at."""

    catalogue: Catalogue
    root: Path
    combination: Combination
    steps: list[tuple[Path, dict[str, Any]]]

    @property
    def spec(self) -> ProjectSpec:
        """What is asked for."""
        return cells.spec_of(self.catalogue, self.combination)

    @cached_property
    def files(self) -> dict[str, list[Source]]:
        """The files of the layers, by their paths in the project; those that only Jinja could name are left out."""
        found: dict[str, list[Source]] = {}
        for number, (folder, context) in enumerate(self.steps):
            project = folder / PROJECT_FOLDER
            for file in sorted(project.rglob("*")):
                if "__pycache__" in file.parts or not file.is_file():
                    continue
                target = target_of(file.relative_to(project), context)
                if target is not None:
                    found.setdefault(target, []).append(Source(number, file, context))
        return found

    def is_own(self, file: Path) -> bool:
        """Return whether a file is of the catalogue that is looked at."""
        return file.is_relative_to(self.root)


def projects(catalogue: Catalogue, root: Path, layers: set[Path], combinations: list[Combination]) -> Iterator[Project]:
    """Yield the projects of combinations; ``layers`` are those of the catalogue in ``root``, which is on top."""
    for combination in combinations:
        steps = cells.steps_of(catalogue, cells.spec_of(catalogue, combination))
        # A symbolic link is told of elsewhere, and not looked into.
        usable = [(folder, context) for folder, context in steps if folder]
        usable = [row for row in usable if row[0] in layers or not row[0].is_relative_to(root)]
        yield Project(catalogue, root, combination, usable)


def target_of(relative: Path, context: Mapping[str, Any]) -> str | None:
    """Return the path of a layer's file in a project; ``None`` where only Jinja could tell."""
    text = _VALUE.sub(lambda match: str(context.get(match[1], match[0])), relative.as_posix())
    text = _TEXT.sub(lambda match: match[1], text)
    return None if "{{" in text or "{%" in text else text


def layer_of(catalogue: Catalogue, file: Path) -> str:
    """Return what to call the layer that a file is of."""
    folder = file.parents[len(file.parts) - file.parts.index(PROJECT_FOLDER) - 1]
    if folder.is_relative_to(catalogue.root):
        return f"the built-in layer {folder.relative_to(catalogue.root).as_posix()}"
    return f"the layer {folder}"


def at(path: Path, line: int | None = None) -> FilePosition:
    """Return a position in a file of the catalogue."""
    return FilePosition(str(path), line)
