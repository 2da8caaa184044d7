"""Values under [context] that no layer and no table reads: a misspelt version changes nothing, and nobody notices."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from scaffold import toml_files
from scaffold.errors import Problem
from scaffold.team import references
from scaffold.team.shape import TABLES
from scaffold.team.written import at
from scaffold.trees import LAYER_FILE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scaffold.catalogue import Catalogue
    from scaffold.errors import Keys

_KEY = re.compile(r'"(\w+)"\s*:')
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_READ_BY_CATALOGUE = frozenset({"debug", "image_handler", "zip_handler", "own_image", "server"})
_TABLES = ("languages/*/language.toml", "languages/*/handlers/*/handler.toml", "use_cases/*/use_case.toml")


def problems(root: Path, catalogue: Catalogue) -> Iterator[Problem]:
    """Yield the values of the catalogue in ``root`` that nothing reads; ``catalogue`` has all, with that one on top."""
    read: set[str] = set()
    for pattern in _TABLES:
        for file in sorted(root.glob(pattern)):
            values, text = toml_files.read(file, "")
            for keys in _contexts(values):
                read = read or _names(catalogue)
                if keys[-1] not in read:
                    message = f"{'.'.join(map(str, keys))} is read by no template and no table"
                    hint = references.nearest(str(keys[-1]), sorted(read)) or "leave it out"
                    yield Problem(at(file, toml_files.line_of(text, keys)), message, hint, value=keys[-1])


def _contexts(values: dict[str, Any], keys: Keys = ()) -> Iterator[Keys]:
    """Yield the keys that lead to values for templates, wherever a table has such."""
    for key, value in values.items():
        if key == "context" and isinstance(value, dict):
            yield from ((*keys, key, name) for name in value)
        elif isinstance(value, dict):
            yield from _contexts(value, (*keys, key))


def _names(catalogue: Catalogue) -> set[str]:
    """Return the names that layers list, and those that stand in braces in tables."""
    names = {*_READ_BY_CATALOGUE}
    for folder in catalogue.tree.folders:
        for file in folder.rglob(LAYER_FILE):
            names |= {*_KEY.findall(file.read_text(encoding="utf-8", errors="replace"))}
        for pattern in TABLES:
            for file in folder.glob(pattern):
                names |= {*_PLACEHOLDER.findall(file.read_text(encoding="utf-8", errors="replace"))}
    return names
