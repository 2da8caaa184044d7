"""Where in a TOML text everything stands."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

import pytest

from conftest import CATALOGUE, ROOT, for_each
from scaffold import toml_files
from scaffold.team import shape
from scaffold.toml_positions import positions

TRICKY = '''# [not.a.table]
"quoted.key" = 1  # and = no key
a . b = { c = [1, { d = "]}, e = 1" }], 'f' = 2024-01-01 }
text = """
[neither]
x = 1
three quotes: \\""" and two at the end ""\"""
literal = \'\'\'
y = '1'\'\'\'
list = [
  "one",  # ]
  [ "two", "three" ],
]

[[tables]]
name = "first"
[tables.inner]
x = 0x1F
[[tables]]
[[tables.more]]
  z = -1.5e3
[ "a b" . c ]
'''


def leads(value: Any, keys: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the keys that lead to each value."""
    if keys:
        yield keys
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in pairs:
        yield from leads(below, (*keys, key))


def test_everything_in_the_files_of_this_repository_is_found() -> None:
    def check(path: Any) -> None:
        text = path.read_text(encoding="utf-8")
        assert {*positions(text)} == {*leads(tomllib.loads(text))}

    tables = [CATALOGUE.root / name for name in shape.read(CATALOGUE.root).tables]
    assert for_each([*tables, ROOT / "pyproject.toml"], check) > 200


def test_what_looks_like_a_key_is_none() -> None:
    found = positions(TRICKY)
    assert {*found} == {*leads(tomllib.loads(TRICKY))}
    assert {".".join(map(str, keys)): tuple(position) for keys, position in found.items()} == {
        "quoted.key": (2, 1),
        "a": (3, 1),
        "a.b": (3, 5),
        "a.b.c": (3, 11),
        "a.b.c.0": (3, 16),
        "a.b.c.1": (3, 19),
        "a.b.c.1.d": (3, 21),
        "a.b.f": (3, 41),
        "text": (4, 1),
        "literal": (8, 1),
        "list": (10, 1),
        "list.0": (11, 3),
        "list.1": (12, 3),
        "list.1.0": (12, 5),
        "list.1.1": (12, 12),
        "tables": (15, 1),
        "tables.0": (15, 1),
        "tables.0.name": (16, 1),
        "tables.0.inner": (17, 1),
        "tables.0.inner.x": (18, 1),
        "tables.1": (19, 1),
        "tables.1.more": (20, 1),
        "tables.1.more.0": (20, 1),
        "tables.1.more.0.z": (21, 3),
        "a b": (22, 1),
        "a b.c": (22, 1),
    }


@pytest.mark.parametrize(
    ("keys", "line", "exact"),
    [(("a", "b"), 3, 3), (("tables", 0, "inner", "y"), 17, None), (("nowhere",), None, None)],
)
def test_the_nearest_table_stands_for_what_is_not_there(
    keys: tuple[str | int, ...], line: int | None, exact: int | None
) -> None:
    assert (toml_files.line_of(TRICKY, keys), toml_files.exact_line_of(TRICKY, keys)) == (line, exact)
