"""What the tables and folders of a catalogue name in each other: bases, runtimes, use cases, handlers."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from scaffold.errors import FilePosition, Problem
from scaffold.team.tables import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from scaffold.errors import Keys
    from scaffold.team.tables import Table
    from scaffold.trees import Tree

_TABLES = {"bases": "base.toml", "use_cases": "use_case.toml", "languages": "language.toml", "packages": "package.toml"}


def problems(root: Path, tree: Tree, tables: Mapping[str, Table]) -> Iterator[Problem]:
    """Yield what the catalogue in ``root`` names that is not there; ``tree`` is all of the catalogue, with it on top.

    ``tables`` are its own by their paths. They keep to their schemas.
    """
    names = _Names(tree)
    yield from _missing_tables(root, tree)
    for path, table in tables.items():
        name = path.split("/")[1] if "/" in path else ""
        if path.endswith("/base.toml"):
            yield from _base(name, table, names)
        elif path.endswith("/use_case.toml"):
            yield from _use_case(name, table, names)
        elif path.endswith("/language.toml"):
            yield from _language(name, table, names)
        elif path.endswith("/handler.toml") and name in names.tables["languages"]:
            yield from _handler(name, table, names)
    for language in _folders(root / "languages"):
        if language in names.tables["languages"]:
            yield from _folders_of(root / "languages" / language, language, names)
    for use_case in _folders(root / "use_cases"):
        yield from _known(root / "use_cases" / use_case / "packages", names.packages, "package type")


class _Names:
    """What there is in a catalogue, by name."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree

    @cached_property
    def tables(self) -> dict[str, dict[str, dict[str, Any]]]:
        """The tables of bases, use cases, languages and packages, by their folders."""
        return {
            folder: {
                name: self.tree.table(f"{folder}/{name}/{file}")
                for name in self.tree.subfolders(folder)
                if self.tree.having(f"{folder}/{name}/{file}")
            }
            for folder, file in _TABLES.items()
        }

    @property
    def packages(self) -> list[str]:
        return [*self.tables["packages"]]

    @cached_property
    def tools(self) -> list[str]:
        """The programs that ``tools.toml`` tells of."""
        return [*self.tree.table("tools.toml")]

    def runtimes(self, language: str) -> list[str]:
        """Return the runtimes of a language, those that it has from another one among them."""
        table = self.tables["languages"][language]
        others = self.tables["languages"].get(table.get("runtimes_of", ""), {})
        return [*others.get("runtimes", {}), *table.get("runtimes", {})]

    def handlers(self, language: str) -> tuple[str, ...]:
        return self.tree.subfolders(f"languages/{language}/handlers")


def _folders(folder: Path) -> list[str]:
    """Return the names of the folders in a folder of the catalogue itself; none if there is none."""
    return sorted(path.name for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []


def _missing_tables(root: Path, tree: Tree) -> Iterator[Problem]:
    for folder, file in _TABLES.items():
        for name in _folders(root / folder):
            if not tree.having(f"{folder}/{name}/{file}"):
                yield Problem(
                    FilePosition(str(root / folder / name)),
                    f"has no {file}, and there is no built-in {folder}/{name}",
                    nearest(name, _with(tree, folder, file)) or f"add {file}",
                )


def _with(tree: Tree, folder: str, file: str) -> list[str]:
    return [name for name in tree.subfolders(folder) if tree.having(f"{folder}/{name}/{file}")]


def _named(table: Table, keys: Keys, names: Iterable[str], known: Iterable[str], what: str) -> Iterator[Problem]:
    """Yield a problem for each name that is not known; ``keys`` lead to it, or to the list that it stands in."""
    known = list(known)
    for number, name in enumerate(names):
        if name not in known:
            yield Problem(table.position((*keys, number)), f"there is no {what} {name!r}", nearest(name, known), value=name)


def _base(name: str, table: Table, names: _Names) -> Iterator[Problem]:
    bases = names.tables["bases"]
    like = table.values.get("like")
    if like is not None:
        others = [other for other in bases if other != name and "like" not in bases[other]]
        if like == name:
            yield Problem(table.position(("like",)), "a base is not like itself", nearest("", others))
        elif like in bases and "like" in bases[like]:
            message = f"{like} is itself like {bases[like]['like']}"
            yield Problem(table.position(("like",)), message, f"name that: {bases[like]['like']}")
        else:
            yield from _named(table, ("like",), [like], others, "base")
    if not any(name in language.get("bases", {}) for language in names.tables["languages"].values()):
        hint = f'add [bases.{name}] with image = "…" to languages/<language>/language.toml'
        yield Problem(FilePosition(str(table.file)), f"no language has the base {name}", hint)


def _use_case(name: str, table: Table, names: _Names) -> Iterator[Problem]:
    values = table.values
    whole = names.tables["use_cases"][name]
    if "source" in values:
        yield from _named(table, ("source",), [values["source"]], names.tree.subfolders("sources"), "source")
    yield from _named(table, ("bases",), values.get("bases", ()), names.tables["bases"], "base")
    for number, row in enumerate(values.get("identifiers", ())):
        languages = [row["language"]] if "language" in row else []
        yield from _named(table, ("identifiers", number, "language"), languages, names.tables["languages"], "language")
    having = [language for language in names.tables["languages"] if name in names.handlers(language)]
    if not having:
        hint = f"add languages/<language>/handlers/{name}/"
        yield Problem(FilePosition(str(table.file)), f"no language has a handler for the use case {name}", hint)
    parts = [row["part"] for row in whole.get("functions", ())]
    for language in having:
        folder = f"languages/{language}/handlers/{name}"
        missing = [part for part in parts if names.tree.layer(f"{folder}/{part}") is None]
        missing += [] if parts or names.tree.layer(folder) else [""]
        for part in missing:
            path = f"{folder}/{part}".rstrip("/")
            yield Problem(FilePosition(str(table.file)), f"the layer {path} is missing", f"{language} has others of it")


def _language(name: str, table: Table, names: _Names) -> Iterator[Problem]:
    values, runtimes = table.values, names.runtimes(name)
    if "runtimes_of" in values:
        others = names.tables["languages"]
        yield from _named(table, ("runtimes_of",), [values["runtimes_of"]], others, "language")
    for base, row in values.get("bases", {}).items():
        if base not in names.tables["bases"]:
            hint = f"add bases/{base}/base.toml, with title, summary, rank and like"
            yield Problem(table.position(("bases", base)), f"there is no base {base!r}", hint)
        yield from _runtimes(table, ("bases", base), row, runtimes)
        yield from _named(table, ("bases", base, "tested"), row.get("tested", ()), runtimes, "runtime")
    for manager, row in values.get("managers", {}).items():
        yield from _runtimes(table, ("managers", manager), row, runtimes)
        yield from _named(table, ("managers", manager, "tools"), row.get("tools", ()), names.tools, "program")


def _runtimes(table: Table, keys: Keys, row: Mapping[str, Any], runtimes: list[str]) -> Iterator[Problem]:
    for key in ("oldest", "newest"):
        if key in row:
            yield from _named(table, (*keys, key), [row[key]], runtimes, "runtime")


def _handler(language: str, table: Table, names: _Names) -> Iterator[Problem]:
    values, runtimes = table.values, names.runtimes(language)
    yield from _runtimes(table, (), values, runtimes)
    for architecture, runtime in values.get("oldest_on", {}).items():
        yield from _named(table, ("oldest_on", architecture), [runtime], runtimes, "runtime")
    shared = names.tree.subfolders(f"languages/{language}/shared")
    yield from _named(table, ("shares",), values.get("shares", ()), shared, f"folder languages/{language}/shared/")
    if "locks" in values:
        yield from _named(table, ("locks",), [values["locks"]], names.handlers(language), "use case")


def _folders_of(folder: Path, language: str, names: _Names) -> Iterator[Problem]:
    """Yield the folders of a language that are for what is not there."""
    values = names.tables["languages"][language]
    use_cases = names.tables["use_cases"]
    yield from _known(folder / "handlers", use_cases, "use case", add="use_cases/{}/use_case.toml")
    yield from _known(folder / "bases", names.tables["bases"], "base", add="bases/{}/base.toml")
    yield from _known(folder / "clients", names.tables["bases"], "base", add="bases/{}/base.toml")
    yield from _known(folder / "packages", names.packages, "package type")
    yield from _known(folder / "managers", values.get("managers", {}), "dependency manager")
    for use_case in _folders(folder / "handlers"):
        parts = [row["part"] for row in use_cases.get(use_case, {}).get("functions", ())]
        yield from _known(folder / "handlers" / use_case, [*parts, "packages"], "part of the use case", inner=True)
        yield from _known(folder / "handlers" / use_case / "packages", names.packages, "package type")
    for manager in _folders(folder / "managers"):
        below = folder / "managers" / manager
        yield from _known(below / "bases", names.tables["bases"], "base", add="bases/{}/base.toml")
        yield from _known(below / "packages", names.packages, "package type")
        yield from _known(below / "locks", [*names.handlers(language), "default"], "use case")


def _known(folder: Path, known: Iterable[str], what: str, *, add: str = "", inner: bool = False) -> Iterator[Problem]:
    names = list(known)
    for name in _folders(folder):
        if name not in names and not (inner and ("{{" in name or name in ("hooks", "templates"))):
            hint = nearest(name, names)
            hint = hint if "did you mean" in hint or not add else f"add {add.format(name)}"
            yield Problem(FilePosition(str(folder / name)), f"there is no {what} {name!r}", hint)
