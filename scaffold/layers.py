"""Layers rendered over each other into a folder: which files they may share, and how those are merged."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scaffold import paths, splice, staging
from scaffold.errors import TemplateError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from scaffold.render_steps import RenderStep
    from scaffold.trees import Tree

TEMPLATE = "template.yaml"
DOCKERFILE = "Dockerfile"
DOCKERIGNORE = ".dockerignore"


def _append(text: str, addition: str) -> str:
    """Append a text to another, unless that already contains it."""
    return f"{text.rstrip()}\n\n{addition.lstrip()}" if addition.strip() not in text else text


def _append_lines(text: str, addition: str) -> str:
    """Append the lines of a list to another, without a blank line between them."""
    return text.rstrip("\n") + "\n" + addition


def _merge_json(text: str, addition: str) -> str:
    """Merge two JSON files: objects key by key, lists one after the other, anything else from ``addition``."""
    return json.dumps(_merge_values(json.loads(text), json.loads(addition)), indent=2) + "\n"


def _merge_values(value: Any, addition: Any) -> Any:  # noqa: ANN401
    if isinstance(value, dict) and isinstance(addition, dict):
        own = {key: _merge_values(value[key], addition[key]) if key in value else addition[key] for key in addition}
        return {**value, **own}
    if isinstance(value, list) and isinstance(addition, list):
        return [*value, *(element for element in addition if element not in value)]
    return addition


# How files are merged that more than one layer may write: those at the project's root, and those of that name in any
# folder. Any other file must come from a single layer.
_MERGERS: dict[str, Callable[[str, str], str]] = {
    TEMPLATE: splice.merge,
    "README.md": _append,
    "Makefile": _append,
    ".gitattributes": _append,
    ".gitignore": _append,
    ".vscode/extensions.json": _merge_json,
    ".vscode/launch.json": _merge_json,
    ".vscode/settings.json": _merge_json,
}
_MERGERS_BY_NAME: dict[str, Callable[[str, str], str]] = {
    DOCKERFILE: _append,  # each layer adds stages
    DOCKERIGNORE: _append_lines,
}


def render(tree: Tree, steps: Iterable[RenderStep], stage: Path) -> None:
    """Render layers of a catalogue's ``tree`` into the folder ``stage``, one over the other.

    Files that have a merger are merged, others must be new. Raises :class:`TemplateError` where two layers write the
    same file, :class:`InternalError` for a fault of a layer, and ``OSError`` where the disk refuses.
    """
    from scaffold.render import layer as cookiecutter  # noqa: PLC0415  takes time to load

    mask = paths.umask()
    # One folder serves all layers: on some disks, removing a folder takes longer than rendering a file.
    with staging.rendering_folder(stage) as folder:
        for step in steps:
            rendered = cookiecutter.render(tree.layer(step.layer) or step.layer, step.context, folder)
            _move(rendered, stage, Path(), mask, step.layer)


def _move(rendered: Path, stage: Path, relative: Path, mask: int, layer: Path) -> None:
    """Move what is in a folder of a rendered layer into the staging folder; a folder that exists there is merged."""
    for source in sorted((rendered / relative).iterdir()):
        here = relative / source.name
        destination = stage / here
        if source.name == "__pycache__":
            continue  # pip compiles every .py file that it installs, templates too
        if source.is_dir():
            if destination.exists() or any(path.name == "__pycache__" for path in source.rglob("*")):
                destination.mkdir(exist_ok=True)
                _move(rendered, stage, here, mask, layer)
            else:
                for file in source.rglob("*"):
                    _set_permissions(file, mask)
                source.rename(destination)
            continue
        merge = _MERGERS.get(here.as_posix()) or _MERGERS_BY_NAME.get(here.name)
        if not destination.exists():
            _set_permissions(source, mask)
            source.rename(destination)
        elif merge:
            text = merge(destination.read_text(encoding="utf-8"), source.read_text(encoding="utf-8"))
            destination.write_text(text, encoding="utf-8", newline="")
            source.unlink()
        else:
            raise TemplateError(f"{here} already exists, and the layer {layer.as_posix()} would write it again")


def _set_permissions(path: Path, mask: int) -> None:
    """Give a file the permissions of a new one, not those of the installed template."""
    if path.is_file():
        path.chmod((0o777 if path.stat().st_mode & 0o100 else 0o666) & ~mask)


def is_merged(path: str) -> bool:
    """Return whether several layers may write a file of a project."""
    return path in _MERGERS or Path(path).name in _MERGERS_BY_NAME
