"""Handlers in TypeScript, which export what JavaScript does: what differs is how they are built."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from scaffold.entry_points import nodejs
from scaffold.entry_points.nodejs import (
    MANIFESTS,
    accepts,
    handler_problem,
    imports,
    local_imports,
    requirement,
)

if TYPE_CHECKING:
    from pathlib import Path

    from scaffold.entry_points.base import EntryPoint

__all__ = ["MANIFESTS", "accepts", "handler_problem", "imports", "local_imports", "requirement"]

EXTENSIONS = (".ts", ".mts", ".cts")
NEEDS_MANIFEST = True
# A project in TypeScript has JavaScript as well: what it was built to, and the settings of its tools.
INSTEAD_OF = nodejs.__name__.rpartition(".")[2]


def entry_points(folder: Path, file: str) -> list[EntryPoint]:
    """Return what a module exports; what is bundled of it lies at the top of the image."""
    stem = PurePosixPath(file).stem
    return [replace(point, handler=f"{stem}.{point.function}") for point in nodejs.entry_points(folder, file)]


def is_source(file: str) -> bool:
    """Return whether a file has code, and not declarations alone."""
    return not PurePosixPath(file).stem.endswith(".d")


def warnings(folder: Path, _file: str) -> list[str]:
    """Return a warning of locks that npm does not read; a bundler decides what kind of module comes of it."""
    return nodejs.unread_locks(folder)
