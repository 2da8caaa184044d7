"""Names that some system does not take, and symbolic links: what keeps a catalogue from being used everywhere."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from scaffold.errors import FilePosition, Problem
from scaffold.spec import RESERVED
from scaffold.team.shape import HOOKS
from scaffold.trees import LAYER_FILE

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_PATH = 150  # characters: Windows stops at 260, and the catalogue lies somewhere itself
_REFUSED = re.compile(r'[<>:"|?*\\\x00-\x1f]|[. ]$')  # https://learn.microsoft.com/windows/win32/fileio/naming-a-file


def problems(root: Path) -> Iterator[Problem]:
    """Yield what is wrong with names and kinds of files in the folder of a catalogue."""
    for top, folders, files in os.walk(root):
        folder = Path(top)
        links = {name for name in folders if (folder / name).is_symlink()}
        folders[:] = sorted({*folders} - {".git", "__pycache__"} - links)
        seen: dict[str, str] = {}
        for name in sorted([*folders, *links, *files]):
            path = folder / name
            yield from _of_name(root, path)
            other = seen.setdefault(name.lower(), name)
            if other != name:
                yield Problem(
                    _at(path),
                    f"differs from {other} in upper and lower case alone, which Windows and macOS do not keep",
                )
            if path.is_symlink():
                yield Problem(
                    _at(path),
                    "is a symbolic link: it may lead anywhere, and not every system has them",
                    "put what it leads to in its place",
                )
        if HOOKS in folders and LAYER_FILE in files:
            yield Problem(
                _at(folder / HOOKS), "hooks of a layer are never run", "do it in a template, or leave it to the project"
            )


def _of_name(root: Path, path: Path) -> Iterator[Problem]:
    plain = re.sub(r"\{\{.*?\}\}", "x", path.name)
    if RESERVED.fullmatch(plain):
        yield Problem(_at(path), f"{path.name} is a device on Windows, and no file can have its name", "rename it")
    elif _REFUSED.search(path.name):
        yield Problem(
            _at(path), "Windows takes no file of this name", 'leave out < > : " | ? * \\ and a dot at the end'
        )
    length = len(path.relative_to(root).as_posix())
    if length > MAX_PATH and not path.is_dir():
        yield Problem(
            _at(path),
            f"the path has {length} characters, and Windows takes 260 with all that is in front",
            f"keep it to {MAX_PATH}",
        )


def _at(path: Path) -> FilePosition:
    return FilePosition(str(path))
