"""Folders to start from: an example is copied whole or not at all, with a few words filled in."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

from scaffold import staging
from scaffold.errors import ProjectExistsError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path


def write(
    example: Path, folder: Path, words: Mapping[str, Mapping[str, str]], *, besides: Iterable[Path] = ()
) -> list[str]:
    """Copy an example into ``folder``, which may be there already if it is empty, and return the files.

    ``words`` has, for files by their names, texts and what to write in their place; ``besides`` are more files to copy.
    Raises :class:`ProjectExistsError` and :class:`OutputError`.
    """
    if not folder.name:
        raise ProjectExistsError(f"{folder} cannot be replaced while it is in use", "name a folder that is to be made")
    if os.path.lexists(folder) and not folder.is_dir():
        raise ProjectExistsError(f"{folder} is there already, and is no folder", "name another one")
    if folder.is_dir() and any(folder.iterdir()):
        raise ProjectExistsError(f"{folder} exists and is not empty", "name another folder")
    ignored = shutil.ignore_patterns("__pycache__")
    with staging.publish(folder, force=True) as stage:
        # Python compiles what an installed package has, the code of examples too.
        shutil.copytree(example, stage, ignore=ignored, copy_function=_copy, dirs_exist_ok=True)
        for name, replacements in words.items():
            text = (example / name).read_text(encoding="utf-8")
            for old, new in replacements.items():
                text = text.replace(old, new)
            (stage / name).write_text(text, encoding="utf-8", newline="\n")
        for file in besides:
            _copy(file, stage / file.name)
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _copy(source: str | Path, target: str | Path) -> None:
    """Copy the contents alone: the permissions are those of a new file, whatever an installed one has."""
    shutil.copyfile(source, target)
