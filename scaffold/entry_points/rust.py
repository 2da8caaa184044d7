"""Handlers in Rust: a program that calls ``run`` of the crate ``lambda_runtime``, or of ``lambda_http``.

https://docs.aws.amazon.com/lambda/latest/dg/rust-handler.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaffold.entry_points.base import EntryPoint, blank, line_of, text_of

if TYPE_CHECKING:
    from pathlib import Path

EXTENSIONS = (".rs",)
MANIFESTS = ("Cargo.toml",)
NEEDS_MANIFEST = True

_COMMENTS = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
_CRATE = re.compile(r"\blambda_(?:runtime|http)\b")
_MAIN = re.compile(r"\bfn\s+main\s*\(")
_RUN = re.compile(r"\brun\s*\(\s*(?:\w+::)*service_fn\s*\(\s*(?P<handler>[\w:]*)|\blambda_(?:runtime|http)::run\s*\(")


def entry_points(folder: Path, file: str) -> list[EntryPoint]:
    """Return the call that makes a program of a file a handler, if there is one."""
    text = blank(text_of(folder, file), _COMMENTS)
    found = _RUN.search(text)
    if not found or not _CRATE.search(text) or not _MAIN.search(text):
        return []
    return [EntryPoint(file, line_of(text, found.start()), found["handler"] or "main", "bootstrap")]


def accepts(_folder: Path, _file: str, _version: str) -> bool:
    """Return true: the system that runs a program does not know what Rust it is from."""
    return True
