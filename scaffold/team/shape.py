"""Where in a catalogue what may stand: layers, and tables with their schemas; anything else is a mistake."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from scaffold import team_files
from scaffold.errors import FilePosition, Problem
from scaffold.trees import LAYER_FILE, PROJECT_FOLDER

INCLUDED = "templates"  # of a layer: what its templates may include
HOOKS = "hooks"

# A star is a name that the catalogue gives: of a base, a use case, a language and so on.
LAYERS = (
    "project",
    "function",
    "failures",
    "ecr",
    "devcontainer",
    "entry_script",
    "emulator",
    "own",
    "own/root",
    "own/image_test",
    "root",
    "every_project",
    "ci",
    "ci/*",
    "updates/*",
    "packages/*",
    "bases/*",
    "bases/*/interpreted",
    "sources/*",
    "use_cases/*",
    "use_cases/*/root",
    "use_cases/*/shared",
    "use_cases/*/functions/*",
    "use_cases/*/packages/*",
    "use_cases/*/packages/*/root",
    "languages/*/root",
    "languages/*/common",
    "languages/*/own",
    "languages/*/packages/*",
    "languages/*/bases/*",
    "languages/*/clients/*",
    "languages/*/sources/*",
    "languages/*/shared/*",
    "languages/*/shared/*/root",
    "languages/*/handlers/*",
    "languages/*/handlers/*/*",
    "languages/*/handlers/*/packages/*",
    "languages/*/managers/*/common",
    "languages/*/managers/*/root",
    "languages/*/managers/*/existing",
    "languages/*/managers/*/packages/*",
    "languages/*/managers/*/bases/*",
    "languages/*/managers/*/locks/*",
)

# The tables, each with the name of its schema.
TABLES = {
    "catalogue.toml": "catalogue",
    "tools.toml": "tools",
    "ci/versions.toml": "versions",
    "ci/*/host.toml": "host",
    "packages/*/package.toml": "package",
    "bases/*/base.toml": "base",
    "use_cases/*/use_case.toml": "use_case",
    "use_cases/*/responses.toml": "responses",
    "languages/*/language.toml": "language",
    "languages/*/handlers/*/handler.toml": "handler",
    "languages/*/handlers/*/mistakes.toml": "mistakes",
}

_ANYWHERE = frozenset({"README.md", "LICENSE", ".gitignore", ".gitattributes", ".editorconfig", ".DS_Store"})


@dataclass
class Shape:
    """What a catalogue has, as paths relative to its folder: layers, tables, and what is wrong."""

    layers: list[Path] = field(default_factory=list)
    tables: dict[Path, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read(root: Path) -> Shape:
    """Return what is in the folder of a catalogue; symlinks are not followed."""
    shape = Shape()
    _walk(root, Path(), shape)
    return shape


def top_folders() -> list[str]:
    """Return the names of the folders that a catalogue may have at its top."""
    return sorted({pattern.partition("/")[0] for pattern in LAYERS})


def is_layer(relative: Path) -> bool:
    """Return whether a layer may be there."""
    return any(_matches(relative, pattern) for pattern in LAYERS)


def _matches(relative: Path, pattern: str) -> bool:
    parts = pattern.split("/")
    return len(parts) == len(relative.parts) and all(
        wanted in ("*", part) for part, wanted in zip(relative.parts, parts, strict=True)
    )


def _may_lead_on(relative: Path) -> bool:
    """Return whether a layer or a table may be in a folder or below it."""
    length = len(relative.parts)
    return any(
        _matches(relative, "/".join(parts[:length]))
        for parts in (pattern.split("/") for pattern in (*LAYERS, *TABLES))
        if len(parts) >= length
    )


def _names_in(relative: Path, *, files: bool = False) -> list[str]:
    """Return the names that a folder of the catalogue may have, as far as they are fixed."""
    length = len(relative.parts)
    patterns = [pattern.split("/") for pattern in (TABLES if files else (*LAYERS, *TABLES))]
    names = {
        parts[length]
        for parts in patterns
        if (len(parts) == length + 1 if files else len(parts) > length)
        if _matches(relative, "/".join(parts[:length])) or not relative.parts
    }
    return sorted(name for name in names if name != "*" and (files or not name.endswith(".toml")))


def _walk(root: Path, relative: Path, shape: Shape) -> None:
    folder = root / relative
    entries = sorted(folder.iterdir())
    has_file = (folder / LAYER_FILE).is_file() and not (folder / LAYER_FILE).is_symlink()
    may_be_layer = is_layer(relative)
    if has_file and may_be_layer:
        shape.layers.append(relative)
    elif has_file:
        shape.problems.append(
            Problem(
                FilePosition(str(folder / LAYER_FILE)),
                "no layer is read from here" if relative.parts else "the catalogue itself is not a layer",
                "move it to where one may be: `sam-scaffold show CELL` lists the layers of a combination",
            )
        )
    elif may_be_layer and (folder / PROJECT_FOLDER).is_dir():
        shape.problems.append(team_files.without_layer_file(folder))
    for entry in entries:
        here = relative / entry.name
        if entry.is_symlink():
            continue  # which scaffold.team.files reports
        if entry.is_file():
            _file(root, here, shape, is_layer=may_be_layer)
        elif entry.is_dir():
            _folder(root, here, shape)


def _folder(root: Path, here: Path, shape: Shape) -> None:
    name = here.name
    if name == "__pycache__" or (name.startswith(".") and len(here.parts) == 1):
        return  # of Python, or a repository's own: .git, .github
    if is_layer(here.parent) and (name in (PROJECT_FOLDER, INCLUDED, HOOKS) or "{{" in name):
        return  # scaffold.team.templates looks into these
    if _may_lead_on(here):
        _walk(root, here, shape)
        return
    known = _names_in(here.parent)
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    if len(here.parts) == 1 and not close and not _has_any(root / here):
        return  # documents, scripts: a repository may have what is no part of the catalogue
    hint = f"did you mean {close[0]}/?" if close else f"folders here are {', '.join(known)}" if known else "remove it"
    shape.problems.append(Problem(FilePosition(str(root / here)), "is no folder that a catalogue has", hint))


def _has_any(folder: Path) -> bool:
    """Return whether there are layers or tables in a folder, so that it is meant for the catalogue."""
    names = {PurePosixPath(pattern).name for pattern in TABLES} | {LAYER_FILE}
    return any(path.name in names for path in folder.rglob("*"))


def _file(root: Path, here: Path, shape: Shape, *, is_layer: bool) -> None:
    schema = next((schema for pattern, schema in TABLES.items() if _matches(here, pattern)), None)
    if schema:
        shape.tables[here] = schema
        return
    if here.name in _ANYWHERE or here.name == LAYER_FILE:
        return
    known = _names_in(here.parent, files=True) + ([LAYER_FILE] if is_layer else [])
    close = difflib.get_close_matches(here.name, known, n=1, cutoff=0.6)
    if len(here.parts) == 1 and not close:
        return  # a repository's own
    hint = f"did you mean {close[0]}?" if close else f"what a project is to have lies in {PROJECT_FOLDER}/"
    shape.problems.append(Problem(FilePosition(str(root / here)), "is no file that is read here", hint))
