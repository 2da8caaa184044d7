"""Handlers in Go: a program, ``package main``, that calls ``lambda.Start``.

https://docs.aws.amazon.com/lambda/latest/dg/golang-handler.html
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from scaffold.entry_points.base import EntryPoint, blank, line_of, text_of

if TYPE_CHECKING:
    from pathlib import Path

EXTENSIONS = (".go",)
MANIFESTS = ("go.mod",)
NEEDS_MANIFEST = True

_COMMENTS = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
_MAIN = re.compile(r"^\s*package\s+main\b", re.MULTILINE)
_START = re.compile(r"\blambda\.Start\w*\(\s*(?P<handler>[\w.]*)")


def entry_points(folder: Path, file: str) -> list[EntryPoint]:
    """Return the call that makes a program of a file a handler, if there is one."""
    text = blank(text_of(folder, file), _COMMENTS)
    if not _MAIN.search(text):
        return []
    return [
        EntryPoint(file, line_of(text, match.start()), match["handler"] or "main", "bootstrap")
        for match in _START.finditer(text)
    ][:1]


def layout_problem(file: str) -> str:
    """Return what is wrong with where the program lies; nothing if it is at the module's root."""
    return "the program is not in the folder of go.mod" if len(PurePosixPath(file).parts) > 1 else ""


def accepts(_folder: Path, _file: str, _version: str) -> bool:
    """Return true: the system that runs a program does not know what Go it is from."""
    return True
