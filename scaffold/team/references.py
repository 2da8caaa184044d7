"""What the folders and tables of a catalogue name that is not there, beyond what keeps it from being read.

:mod:`scaffold.team_files` knows what every command with such a catalogue has to refuse. This is the rest: what is there
to no effect.
"""

from __future__ import annotations

import difflib
from functools import cached_property
from typing import TYPE_CHECKING, Any

from scaffold import toml_files
from scaffold.errors import FilePosition, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from scaffold.catalogue import Catalogue
    from scaffold.errors import Keys
    from scaffold.trees import Tree

_FEW = 12  # of more names that would do, only a close one is named
_NO_PARTS = ("packages", "templates", "hooks")  # what a handler's folder may have besides its parts


def problems(root: Path, catalogue: Catalogue) -> Iterator[Problem]:
    """Yield what the catalogue in ``root`` has to no effect; ``catalogue`` is all of it, with that one on top.

    Its tables must be what they have to be.
    """
    tree = catalogue.tree
    for name in _folders(root / "bases"):
        if not any(name in language.bases for language in catalogue.languages.values()):
            hint = f'add [bases.{name}] with image = "…" to languages/<language>/language.toml'
            yield Problem(FilePosition(str(root / "bases" / name)), f"no language has the base {name}", hint)
    for name in _folders(root / "use_cases"):
        yield from _use_case(root, name, catalogue)
        yield from _known(root / "use_cases" / name / "packages", _packages(tree), "package type")
    for name in _folders(root / "packages"):
        if not tree.having(f"packages/{name}/package.toml"):
            yield _unknown(root / "packages" / name, _packages(tree), "package type")
    for name in _folders(root / "languages"):
        yield from _folders_of(root / "languages" / name, name, catalogue)
        yield from _language(_Table(root / "languages" / name / "language.toml"), name, catalogue)


def nearest(name: str, known: Iterable[str]) -> str:
    """Return a hint: the name that is meant, perhaps, or those that there are if they are few."""
    names = list(known)
    close = difflib.get_close_matches(name, names, n=1)
    return f"did you mean {close[0]}?" if close else f"one of {', '.join(names)}" if len(names) <= _FEW else ""


class _Table:
    """A TOML file of the catalogue, or an empty table where there is none."""

    def __init__(self, file: Path) -> None:
        self.file = file

    @cached_property
    def _read(self) -> tuple[dict[str, Any], str]:
        return toml_files.read(self.file, "") if self.file.is_file() else ({}, "")

    @property
    def values(self) -> dict[str, Any]:
        return self._read[0]

    def unknown(self, keys: Keys, names: Iterable[str], known: Iterable[str], what: str) -> Iterator[Problem]:
        """Yield a problem for each name that is not known; ``keys`` lead to the list that it stands in, or to it."""
        known = list(known)
        for number, name in enumerate(names):
            if name not in known:
                position = FilePosition(str(self.file), toml_files.line_of(self._read[1], (*keys, number)))
                yield Problem(position, f"there is no {what} {name!r}", nearest(name, known), value=name)


def _folders(folder: Path) -> list[str]:
    """Return the names of the folders in a folder of the catalogue itself; none if there is none."""
    return sorted(path.name for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []


def _packages(tree: Tree) -> list[str]:
    return [name for name in tree.subfolders("packages") if tree.having(f"packages/{name}/package.toml")]


def _use_case(root: Path, name: str, catalogue: Catalogue) -> Iterator[Problem]:
    """Yield what keeps a use case from being had in a language."""
    tree, place = catalogue.tree, FilePosition(str(root / "use_cases" / name))
    having = [language.id for language in catalogue.languages.values() if name in language.use_cases()]
    if not having:
        hint = f"add languages/<language>/handlers/{name}/"
        yield Problem(place, f"no language has a handler for the use case {name}", hint)
        return
    parts = [part.id for part in catalogue.use_cases[name].parts if part.id]
    for language in having:
        folder = f"languages/{language}/handlers/{name}"
        for path in [f"{folder}/{part}" for part in parts] or [folder]:
            if not catalogue.tree.layer(path):
                hint = f"add {path}/cookiecutter.json, and the layer's files beside it"
                yield Problem(place, f"{language} lacks the layer {path}", hint)
    table = _Table(root / "use_cases" / name / "use_case.toml")
    for number, row in enumerate(table.values.get("identifiers", ())):
        languages = [row["language"]] if "language" in row else []
        yield from table.unknown(("identifiers", number, "language"), languages, catalogue.languages, "language")
    functions = tree.subfolders(f"use_cases/{name}/functions")
    for part in functions:
        if part not in parts and (root / "use_cases" / name / "functions" / part).is_dir():
            yield _unknown(root / "use_cases" / name / "functions" / part, parts, "function of the use case")


def _language(table: _Table, name: str, catalogue: Catalogue) -> Iterator[Problem]:
    runtimes = [runtime.id for runtime in catalogue.languages[name].runtimes]
    others = [table.values["runtimes_of"]] if "runtimes_of" in table.values else []
    yield from table.unknown(("runtimes_of",), others, catalogue.languages, "language")
    for base, row in table.values.get("bases", {}).items():
        yield from table.unknown(("bases", base, "tested"), row.get("tested", ()), runtimes, "runtime")
    for manager, row in table.values.get("managers", {}).items():
        tools = catalogue.tree.table("tools.toml")
        yield from table.unknown(("managers", manager, "tools"), row.get("tools", ()), tools, "program in tools.toml")


def _folders_of(folder: Path, language: str, catalogue: Catalogue) -> Iterator[Problem]:
    """Yield the folders of a language that are for what is not there."""
    has = catalogue.languages[language]
    packages = _packages(catalogue.tree)
    for name in ("bases", "clients"):
        yield from _known(folder / name, catalogue.bases, "base")
    yield from _known(folder / "packages", packages, "package type")
    yield from _known(folder / "managers", has.managers, "dependency manager")
    for use_case in _folders(folder / "handlers"):
        if use_case not in catalogue.use_cases:
            continue  # which keeps the catalogue from being read
        below = folder / "handlers" / use_case
        parts = [part.id for part in catalogue.use_cases[use_case].parts if part.id]
        for name in _folders(below):
            if name not in (*parts, *_NO_PARTS) and "{{" not in name:
                yield _unknown(below / name, parts, "function of the use case")
        yield from _known(below / "packages", packages, "package type")
        table = _Table(below / "handler.toml")
        locks = [table.values["locks"]] if "locks" in table.values else []
        yield from table.unknown(("locks",), locks, has.use_cases(), "use case")
    for manager in _folders(folder / "managers"):
        below = folder / "managers" / manager
        yield from _known(below / "bases", catalogue.bases, "base")
        yield from _known(below / "packages", packages, "package type")
        yield from _known(below / "locks", [*has.use_cases(), "default"], "use case")


def _known(folder: Path, known: Iterable[str], what: str) -> Iterator[Problem]:
    names = list(known)
    for name in _folders(folder):
        if name not in names:
            yield _unknown(folder / name, names, what)


def _unknown(folder: Path, known: Iterable[str], what: str) -> Problem:
    return Problem(FilePosition(str(folder)), f"there is no {what} {folder.name!r}", nearest(folder.name, known))
