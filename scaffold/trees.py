"""Folders laid over each other: the built-in catalogue below, and on it what a team has of its own.

A file comes from the topmost folder that has it, a layer as a whole. TOML tables are merged key by key, so that a
team's file holds just what it adds or replaces.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scaffold.errors import InternalError, TemplateError
from scaffold.file_names import COOKIECUTTER

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

LAYER_FILE = COOKIECUTTER  # of the catalogue's layers
PROJECT_FOLDER = "{{cookiecutter.name}}"  # of a layer: what a project gets


@dataclass(frozen=True)
class Tree:
    """Folders of the same shape, the lowest first; all paths below are relative to them."""

    folders: tuple[Path, ...]

    @property
    def over(self) -> tuple[Path, ...]:
        """The folders that are laid over the lowest one."""
        return self.folders[1:]

    def having(self, path: Path | str) -> list[Path]:
        """Return the folders that have such a file or folder, the lowest first."""
        return [folder for folder in self.folders if (folder / path).exists()]

    def layer(self, path: Path | str) -> Path | None:
        """Return the topmost folder of that path that is a layer, or ``None``."""
        return next(
            (folder / path for folder in reversed(self.folders) if (folder / path / LAYER_FILE).is_file()), None
        )

    def subfolders(self, path: Path | str) -> tuple[str, ...]:
        """Return the names of the folders in a folder, sorted; none if it does not exist."""
        return tuple(sorted({name for folder in self.folders for name in subfolders(folder / path)}))

    def table(self, path: Path | str) -> dict[str, Any]:
        """Return what a TOML file holds in all folders together.

        Raises :class:`InternalError` if the lowest one cannot be read or none is there, and :class:`TemplateError` for
        a file of a folder over it.
        """
        merged: dict[str, Any] = {}
        for folder in self.having(path) or self.folders[-1:]:
            try:
                merged = merge(merged, read_toml(folder / path))
            except InternalError as error:
                if folder not in self.over:
                    raise
                raise TemplateError(error.message, "add it, or fix it, in this catalogue") from error
        return merged


def merge(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Return two tables as one: tables in them are merged in turn, any other value of ``above`` replaces that below."""
    merged = dict(below)
    for key, value in above.items():
        under = merged.get(key)
        merged[key] = merge(under, value) if isinstance(under, dict) and isinstance(value, dict) else value
    return merged


def subfolders(parent: Path) -> tuple[str, ...]:
    """Return the names of the folders in a folder, sorted; none if it does not exist."""
    return tuple(sorted(path.name for path in parent.iterdir() if path.is_dir())) if parent.is_dir() else ()


def read_toml(path: Path) -> dict[str, Any]:
    """Return the contents of a TOML file of the catalogue. Raises :class:`InternalError` if it cannot be read."""
    if path.exists() and not path.is_file():  # a pipe would have to be waited for, and a device has no end
        raise InternalError(f"{path} is not a file", "reinstall sam-scaffold, or fix the file")
    try:
        # Editors of Windows begin files with a byte order mark, and end lines with two characters.
        return tomllib.loads(path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise InternalError(f"{path} cannot be read: {error}", "reinstall sam-scaffold, or fix the file") from error
