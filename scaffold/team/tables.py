"""The tables of a catalogue: each must be TOML and, laid over the built-in one, keep to its schema."""

from __future__ import annotations

import difflib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scaffold import documents, paths, toml_files, toml_positions
from scaffold.errors import FilePosition, InvalidAnswersError, Problem
from scaffold.trees import merge

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from scaffold.errors import Keys
    from scaffold.trees import Tree

_FEW = 12  # of more names that would do, only a close one is named


@dataclass(frozen=True)
class Table:
    """A TOML file: its values, and where each is."""

    file: Path
    values: dict[str, Any]
    positions: dict[Keys, toml_positions.Position]

    def position(self, keys: Keys) -> FilePosition:
        """Return where ``keys`` lead to, or the nearest of their parents."""
        return FilePosition(str(self.file), *toml_positions.locate(self.positions, keys))


def read(root: Path, names: Mapping[Path, str], below: Tree) -> tuple[dict[str, Table], list[Problem]]:
    """Return a catalogue's tables by their paths, and what is wrong with them.

    ``names`` has the name of each one's schema; ``below`` is what the catalogue lies over, whose tables need not be
    repeated.
    """
    tables: dict[str, Table] = {}
    problems: list[Problem] = []
    for relative, schema in names.items():
        file = root / relative
        try:
            values, text = toml_files.read(file, "")
        except InvalidAnswersError as error:
            problems += error.problems
            continue
        table = Table(file, values, toml_positions.positions(text))
        tables[relative.as_posix()] = table
        problems += _against_schema(table, schema, below.table(relative) if below.having(relative) else {})
    return tables, problems


def _against_schema(table: Table, schema: str, under: dict[str, Any]) -> list[Problem]:
    rules = json.loads((paths.SCHEMAS / f"{schema}.schema.json").read_bytes())
    # The built-in table keeps to the schema, so whatever does not is this one's. Dates are text there.
    values = json.loads(json.dumps(merge(under, table.values), default=str))
    return [
        Problem(table.position(tuple(keys)), problem.message, problem.hint, problem.allowed, problem.value)
        for keys, problem in documents.problems_of(values, rules, what="key")
    ]


def nearest(name: str, known: Iterable[str]) -> str:
    """Return a hint: the name that is meant, perhaps, or those that there are."""
    names = list(known)
    close = difflib.get_close_matches(name, names, n=1)
    if close:
        return f"did you mean {close[0]}?"
    return f"one of {', '.join(names)}" if len(names) <= _FEW else ""
