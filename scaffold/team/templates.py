"""The templates of a catalogue's layers: their syntax, and whether cookiecutter.json names what they use."""

from __future__ import annotations

import difflib
import functools
import json
import re
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scaffold.errors import FilePosition, Problem
from scaffold.render.syntax import Syntax
from scaffold.team.shape import INCLUDED, PROJECT_FOLDER
from scaffold.trees import LAYER_FILE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

COPIED = "_copy_without_render"
NAME = "name"


@dataclass(frozen=True)
class Use:
    """A value that a template uses: its name, in which file first, and on which line, or ``None`` in a file's name."""

    name: str
    file: Path
    line: int | None


def problems(folder: Path) -> Iterator[Problem]:
    """Yield what is wrong with the layer in ``folder``; nothing of it is rendered."""
    file = folder / LAYER_FILE
    try:
        text = file.read_text(encoding="utf-8")
        values = json.loads(text)
    except json.JSONDecodeError as error:
        yield Problem(FilePosition(str(file), error.lineno, error.colno), f"is not JSON: {error.msg}")
        return
    except (UnicodeDecodeError, RecursionError) as error:
        yield Problem(FilePosition(str(file)), f"is not JSON: {error}", "save it as UTF-8")
        return
    if not isinstance(values, dict):
        yield Problem(FilePosition(str(file), 1, 1), "is not a mapping of names to values", '{"name": "sam-app"}')
        return
    uses, wrong = examine(folder, values)
    yield from wrong
    yield from _of_folders(folder)
    yield from _of_values(file, text, values)
    listed = {name for name in values if not name.startswith("_")} | {NAME}
    for use in uses:
        if use.name not in listed:
            close = difflib.get_close_matches(use.name, listed, n=1)
            hint = f"did you mean {close[0]}?" if close else f"add it to {file}, with an example"
            yield Problem(
                FilePosition(str(use.file), use.line), f"uses {use.name}, which {LAYER_FILE} does not list", hint
            )
    # Where a template cannot be read, nobody knows what it uses.
    unused = [] if wrong else [name for name in values if name in listed - {NAME, *(use.name for use in uses)}]
    for name in unused:
        yield Problem(position(file, text, name), f"lists {name}, which no template of the layer uses", "leave it out")


def examine(folder: Path, values: dict[str, Any]) -> tuple[list[Use], list[Problem]]:
    """Return which values the templates of a layer use, each where it is used first, and where their syntax is wrong.

    ``values`` are those of its cookiecutter.json: files that it says to copy are no templates.
    """
    syntax, copied = _syntax(), values.get(COPIED, ())
    uses: dict[str, Use] = {}
    found: list[Problem] = []
    for path in _templates(folder):
        name = syntax.read(path.relative_to(folder).as_posix())
        if name.error:
            found.append(Problem(FilePosition(str(path)), f"the name is no template: {name.error}"))
        text = _text_of(path) if path.is_file() and not _is_copied(path.relative_to(folder), copied) else None
        template = syntax.read(text or "")
        if template.error:
            found.append(Problem(FilePosition(str(path), template.line), f"is no template: {template.error}"))
        for include, line in template.included.items():
            if not (folder / INCLUDED / include.removeprefix(f"{INCLUDED}/")).is_file():
                message = f"includes {include}, which the layer does not have"
                found.append(Problem(FilePosition(str(path), line), message, f"it would lie in {INCLUDED}/"))
        for used in (*name.names, *template.names):
            uses.setdefault(used, Use(used, path, template.names.get(used)))
    return [*uses.values()], found


@functools.cache
def _syntax() -> Syntax:
    return Syntax()


def _is_copied(relative: Path, patterns: Iterable[str]) -> bool:
    """Return whether cookiecutter copies a file of a layer as it is: patterns are of paths, or of folders above."""
    paths = [Path(*relative.parts[1:end]).as_posix() for end in range(2, len(relative.parts) + 1)]
    return any(fnmatch(path, pattern) for path in paths for pattern in patterns)


def _templates(folder: Path) -> list[Path]:
    folders = [path for path in (folder / PROJECT_FOLDER, folder / INCLUDED) if not path.is_symlink()]
    paths = [path for below in folders for path in below.rglob("*")]
    return sorted(path for path in paths if "__pycache__" not in path.parts and not path.is_symlink())


def _text_of(path: Path) -> str | None:
    """Return the text of a template; ``None`` for a binary file, which is copied."""
    data = path.read_bytes()
    try:
        return None if b"\0" in data else data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _of_folders(folder: Path) -> Iterator[Problem]:
    if not (folder / PROJECT_FOLDER).is_dir():
        yield Problem(
            FilePosition(str(folder / LAYER_FILE)),
            f"has no folder {PROJECT_FOLDER} beside it",
            "a layer's files lie there",
        )
    for path in sorted(folder.iterdir()):
        if path.is_dir() and "{{" in path.name and path.name != PROJECT_FOLDER:
            yield Problem(FilePosition(str(path)), "is not the folder of a layer's files", f"call it {PROJECT_FOLDER}")


def _of_values(file: Path, text: str, values: dict[str, Any]) -> Iterator[Problem]:
    copied = values.get(COPIED, [])
    if not isinstance(copied, list) or not all(isinstance(pattern, str) for pattern in copied):
        yield Problem(position(file, text, COPIED), f"{COPIED} is not a list of patterns", 'for example ["*.png"]')
    for name in values:
        if name.startswith("_") and name != COPIED:
            yield Problem(
                position(file, text, name), f"{name} means nothing in a layer", f"{COPIED} alone does; leave it out"
            )
    if NAME not in values:
        yield Problem(FilePosition(str(file), 1, 1), f"{NAME} is missing", f'"{NAME}": "sam-app", the project\'s name')


def position(file: Path, text: str, name: str) -> FilePosition:
    """Return where a cookiecutter.json lists a value: the first key of that name."""
    found = re.search(rf"{re.escape(json.dumps(name))}\s*:", text)
    if not found:
        return FilePosition(str(file))
    before = text[: found.start()]
    return FilePosition(str(file), before.count("\n") + 1, len(before) - before.rfind("\n"))
