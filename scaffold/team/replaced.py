"""What a catalogue's layer leaves out of the one that it replaces: that may be meant, and is easily overlooked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaffold import layers
from scaffold.errors import FilePosition, Problem
from scaffold.trees import LAYER_FILE, PROJECT_FOLDER, Tree

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_FEW = 6  # files that are named


def notes(root: Path, own: Iterable[Path], below: Tree) -> Iterator[Problem]:
    """Yield, for each of the layers ``own`` of the catalogue in ``root``, what those of ``below`` have besides."""
    for layer in own:
        replaced = below.layer(layer)
        if replaced is None:
            continue
        ours, theirs = _files(root / layer), _files(replaced)
        missing = sorted(theirs.keys() - ours.keys())
        what = f"replaces the layer {replaced}"
        if replaced.is_relative_to(below.folders[0]):
            what = f"replaces the built-in layer {layer.as_posix()}"
        if missing:
            more = f" and {len(missing) - _FEW} more" if len(missing) > _FEW else ""
            what += f" and leaves out {', '.join(missing[:_FEW])}{more}"
        # Of what is merged from several layers, a part may be lost though the file is there.
        merged = sorted(name for name in ours.keys() & theirs.keys() if layers.is_merged(_plain(name)))
        shorter = [name for name in merged if ours[name].stat().st_size < theirs[name].stat().st_size]
        if shorter:
            what += f"{'; it' if missing else ' and'} has less in {', '.join(shorter)}"
        if missing or shorter:
            hint = f"copy what is to stay from {replaced / PROJECT_FOLDER}"
            yield Problem(FilePosition(str(root / layer / LAYER_FILE)), what, hint)


def _files(layer: Path) -> dict[str, Path]:
    """Return the files of a layer, by their names in it."""
    project = layer / PROJECT_FOLDER
    paths = [path for path in project.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    return {_plain(path.relative_to(project).as_posix()): path for path in paths}


def _plain(name: str) -> str:
    """Return the name of a file without Jinja's way to write a dot."""
    return name.replace("{{'.'}}", ".")
