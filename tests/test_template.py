from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scaffold.errors import TemplateError
from scaffold.splice import merge
from scaffold.template import Position, YamlSyntaxError, compose, dump, load, locate

BASE = """\
# A template of ours
Globals:
  Function:
    Timeout: 3 # seconds

Resources:

  One:
    Type: T
    # why
    Properties: &anchor
      Text: |
        # not a comment

        end
  # about two
  Two:
    Type: T
    Properties: *anchor

# the end
"""
FRAGMENT = """\
Globals:
  Function:
    # because
    Tracing: Active
Resources:
  One:
    Properties:
      # a list
      List:
        - a
        - b: c
    Metadata:
      Key: value

  # about three
  Three:
    Type: T
Outputs:
  Out:
    Value: 1
"""
MERGED = """\
# A template of ours
Globals:
  Function:
    Timeout: 3 # seconds
    # because
    Tracing: Active

Resources:

  One:
    Type: T
    # why
    Properties: &anchor
      Text: |
        # not a comment

        end
      # a list
      List:
        - a
        - b: c
    Metadata:
      Key: value
  # about two
  Two:
    Type: T
    Properties: *anchor

  # about three
  Three:
    Type: T

# the end

Outputs:
  Out:
    Value: 1
"""


def test_lines_are_added_and_none_is_changed() -> None:
    assert merge(BASE, FRAGMENT) == MERGED


def test_merging_again_changes_nothing() -> None:
    assert merge(MERGED, FRAGMENT) == MERGED


@pytest.mark.parametrize(
    ("text", "fragment", "merged"),
    [
        ("", "A:\n  B: 1\n", "A:\n  B: 1\n"),
        ("A: 1", "B: 2\n", "A: 1\n\nB: 2\n"),
        ("R:\r\n  X: 1\r\n", "R:\n  Y: 2\n", "R:\r\n  X: 1\r\n\r\n  Y: 2\r\n"),
        ("R:\n    X:\n        T: 1\n", "R:\n  X:\n    U:\n      V: 2\n",
         "R:\n    X:\n        T: 1\n        U:\n          V: 2\n"),
        ("R:\nO:\n  P: 1\n", "R:\n  # x\n  X: 1\n", "R:\n  # x\n  X: 1\nO:\n  P: 1\n"),
        ("R: {} # none yet\n", "R:\n  X: 1\n", "R: # none yet\n  X: 1\n"),
        ("R:\n  X: !Sub ${A}\n", "R:\n  Y: !Ref B\n", "R:\n  X: !Sub ${A}\n\n  Y: !Ref B\n"),
        ("R:\n  X: [a,\n    b]\n#\tend\n", "R:\n  Y: 1\n", "R:\n  X: [a,\n    b]\n\n  Y: 1\n#\tend\n"),
        ("R:\n  X: &x {a: 1}\n  L:\n    - 1\n    - *x\n# c\nO: 1\n", "R:\n  Y: 1\n",
         "R:\n  X: &x {a: 1}\n  L:\n    - 1\n    - *x\n\n  Y: 1\n# c\nO: 1\n"),
        # Where two mappings end on one line, the inner one is continued first, whichever comes first in the fragment.
        ("R:\n  X:\n    P: 1\n", "R:\n  Y: 1\n  X:\n    Q: 2\n", "R:\n  X:\n    P: 1\n    Q: 2\n\n  Y: 1\n"),
        ("R:\n  X:\n    P:\n      A: 1\n", "R:\n  X:\n    Q: 2\n    P:\n      B: 2\n  Z: 1\n",
         "R:\n  X:\n    P:\n      A: 1\n      B: 2\n    Q: 2\n\n  Z: 1\n"),
        # Entries of a section stand apart, the first ones of a section that was empty too.
        ("R:\n", "R:\n  X: 1\n  Y: 2\n", "R:\n  X: 1\n  Y: 2\n"),
        ("R:\n  A: 1\n", "R:\n  X: 1\n  Y: 2\n", "R:\n  A: 1\n\n  X: 1\n\n  Y: 2\n"),
        # What the end of a document is, and blank lines before it.
        ("R: 1\n\n\n", "S: 2\n", "R: 1\n\nS: 2\n\n\n"),
        ("R: 1\n...\n", "S: 2\n", "R: 1\n\nS: 2\n...\n"),
        ("R:\n  X: 1\n\n...\n", "R:\n  Y: 2\nS: 2\n", "R:\n  X: 1\n\n  Y: 2\n\nS: 2\n\n...\n"),
        # A fragment may be indented more than the file, and a file less than usual.
        ("R:\n X: 1\n", "R:\n    Y:\n        Z: |\n            a\n              b\n",
         "R:\n X: 1\n\n Y:\n     Z: |\n         a\n           b\n"),
        ("R:\n X: 1\n", "R:\n    # less\n  # indented\n    Y: 2\n", "R:\n X: 1\n\n # less\n# indented\n Y: 2\n"),
        ("R:\n", "R:\n      X:\n        T: 1\n", "R:\n  X:\n    T: 1\n"),
        ("R:\n  X:\n", "R:\n  X:\n      T: 1\n", "R:\n  X:\n    T: 1\n"),
        # Text in blocks, with lines in it that could be comments or the end.
        ("R:\n  X: |\n    a\n\n    # b\n\n# c\nS: 1\n", "R:\n  Y: 1\n",
         "R:\n  X: |\n    a\n\n    # b\n\n  Y: 1\n\n# c\nS: 1\n"),
        ("R:\n  X: >-\n    a\n\n    b\n\n  # c\nS: 1\n", "R:\n  Y: 1\n",
         "R:\n  X: >-\n    a\n\n    b\n\n  Y: 1\n\n  # c\nS: 1\n"),
        ("R:\n  X: |\n    a\n", "R:\n  Y: |\n    b\n\n# of S\nS: 1\n",
         "R:\n  X: |\n    a\n\n  Y: |\n    b\n\n# of S\nS: 1\n"),
        # Values in flow style on more lines than one.
        ("R:\n  X: {a: 1,\n    b: [1,\n    2]\n    }\n# c\nS: 1\n", "R:\n  Y: 1\n",
         "R:\n  X: {a: 1,\n    b: [1,\n    2]\n    }\n\n  Y: 1\n# c\nS: 1\n"),
        ("R:\n  X: [1,\n    {a: 2,\n    b: 3}\n    ]\nS: 1\n", "R:\n  Y: 1\n",
         "R:\n  X: [1,\n    {a: 2,\n    b: 3}\n    ]\n\n  Y: 1\nS: 1\n"),
        ("R:\n  X: 'a\n    b'\nS: 1\n", "R:\n  Y: 1\n", "R:\n  X: 'a\n    b'\n\n  Y: 1\nS: 1\n"),
        ("R:\n  X: |\n    a", "R:\n  Y: 1\n", "R:\n  X: |\n    a\n\n  Y: 1\n"),
        ("R: 1\n", "", "R: 1\n"),
    ],
)  # fmt: skip
def test_shapes_that_real_files_have(text: str, fragment: str, merged: str) -> None:
    assert merge(text, fragment) == merged


@pytest.mark.parametrize(
    ("text", "fragment", "merged"),
    [
        # Before the sections that follow in CloudFormation's order, whose comments stay with them.
        ("Transform: T\n\n# what it makes\nResources:\n  A: 1\n  # of A\n\nOutputs:\n  O: 1\n",
         "Conditions:\n  C: 1\n# why\nParameters:\n  P: 1\nResources:\n  B: 2\n",
         ("Transform: T\n\n# why\nParameters:\n  P: 1\n\nConditions:\n  C: 1\n\n# what it makes\nResources:\n  A: 1\n\n"
         "  B: 2\n  # of A\n\nOutputs:\n  O: 1\n")),
        # The first of all, with a comment, below the head of a document and without an empty line in the file.
        ("# ours\nResources:\n  A: 1\n", "Description: D\n", "Description: D\n\n# ours\nResources:\n  A: 1\n"),
        ("---\n# ours\nOutputs: {}\n", "Globals:\n  G: 1\n", "---\nGlobals:\n  G: 1\n\n# ours\nOutputs: {}\n"),
        ("Description: D\nResources:\n  A: 1\n", "Metadata:\n  M: 1\n",
         "Description: D\n\nMetadata:\n  M: 1\n\nResources:\n  A: 1\n"),
        # Where a file has an order of its own: behind all that come first, before the one that then follows.
        ("Outputs:\n  O: 1\nParameters:\n  P: 1\nResources:\n  A: 1\n", "Mappings:\n  M: 1\n",
         "Outputs:\n  O: 1\nParameters:\n  P: 1\n\nMappings:\n  M: 1\n\nResources:\n  A: 1\n"),
        ("Resources:\n  A: 1\nParameters:\n  P: 1\n", "Outputs:\n  O: 1\nHooks:\n  H: 1\n",
         "Resources:\n  A: 1\nParameters:\n  P: 1\n\nOutputs:\n  O: 1\n\nHooks:\n  H: 1\n"),
        # A line of text that looks like a comment belongs to the text.
        ('Description: "a\n# b"\nResources:\n  A: 1\n', "Metadata:\n  M: 1\n",
         'Description: "a\n# b"\n\nMetadata:\n  M: 1\n\nResources:\n  A: 1\n'),
        ("Resources:\r\n  A: 1\r\n", "Rules:\n  R: 1\n", "Rules:\r\n  R: 1\r\n\r\nResources:\r\n  A: 1\r\n"),
    ],
)  # fmt: skip
def test_a_section_goes_where_templates_have_it(text: str, fragment: str, merged: str) -> None:
    assert merge(text, fragment) == merged
    assert merge(merged, fragment) == merged
    assert {**load(text), **load(fragment)}.keys() == load(merged).keys()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("R:\n  X: 2\n", r"R\.X is already on line 2, with another value"),
        ("R: {Z: 2}\n", r"R is written in flow style on line 1"),
        ("R: 1\n", r"R is already on line 1"),
    ],
)
def test_what_cannot_be_merged_says_where(text: str, message: str) -> None:
    with pytest.raises(TemplateError, match=message):
        merge(text, "R:\n  X: 1\n")


@pytest.mark.parametrize(
    ("value", "other"),
    [
        ("1", "'1'"), ("!Ref A", "!Sub A"), ("A", "B"), ("[1]", "[1, 2]"), ("[1, 2]", "[1]"), ("[1, 2]", "[2, 1]"),
        ("{b: {a: 1}}", "[{a: 1}]"), ("[{a: 1}]", "[{a: 1, b: 2}]"), ("[{a: 1, b: 2}]", "[{a: 1}]"),
        ("[{a: 1}]", "[{a: 2}]"), ("[{a: 1}]", "[{b: 1}]"), ("null", "1"), ("''", "null"),
    ],
)  # fmt: skip
def test_values_that_differ_are_not_merged(value: str, other: str) -> None:
    with pytest.raises(TemplateError, match=r"R\.X is already on line 2, with another value"):
        merge(f"R:\n  X: {value}\n", f"R:\n  X: {other}\n")


@pytest.mark.parametrize(
    ("value", "other"),
    [
        ("1", "1 # one"),
        ("'a'", '"a"'),
        ("[{a: 1, b: 2}]", "\n  - b: 2\n    a: 1"),
        ("{}", "{}"),
        ("[]", "[]"),
        ("", "null"),
    ],
)
def test_values_that_are_the_same_stay_as_they_are(value: str, other: str) -> None:
    text = f"R:\n  X: {value}\n"
    assert merge(text, f"R:\n  X: {other}\n") == text


@pytest.mark.parametrize(
    ("path", "position"),
    [
        (["Resources", "One", "Type"], Position(9, 5)),
        (["Resources", "One", "Missing"], Position(8, 3)),
        (["Missing"], Position(2, 1)),
    ],
)
def test_a_path_has_a_place(path: list[str], position: Position) -> None:
    assert locate(BASE, path) == position


@pytest.mark.parametrize(
    ("text", "position", "message"),
    [
        ("A: [1\n", Position(2, 1), "expected"),
        ("A: 1\nB:\n  A: 1\n  A: 2\n", Position(4, 3), "'A' is already on line 3"),
        ("A: b: c\n", Position(1, 5), "mapping values are not allowed here"),
        ("- 1\n", Position(1, 1), "not a mapping"),
    ],
)
def test_a_syntax_error_has_a_place(text: str, position: Position, message: str) -> None:
    with pytest.raises(YamlSyntaxError, match=message) as caught:
        compose(text)
    assert caught.value.position == position


def test_what_is_dumped_is_loaded_again() -> None:
    value = {"name": "on", "flag": True, "list": ["1.0", 1], "text": "a: b # c"}
    assert load(dump(value)) == value


# Properties of any two files that do not contradict each other --------------------------------------------------------


@dataclass(frozen=True)
class Entry:
    """A key, which stands in the file, the fragment or both: its value is text, or further keys."""

    value: str | dict[str, Entry]
    file: bool
    fragment: bool
    comment: bool
    blank: bool


VALUES = [
    "1", "'1'", "text # why", "[a, b]", "[a,\n  b,\n  ]", "{a: 1}", "{a: 1,\n  b: 2}", "'a\n\n  b'", "plain\n  text",
    "|\n  # no comment\n\n  two\n    three", "|\n  ends blank\n\n", ">-\n  a\n\n  b",
    "\n  - a\n  # inside\n  - b: 1\n    c: 2",
]  # fmt: skip


def entries(values: st.SearchStrategy[str | dict[str, Entry]]) -> st.SearchStrategy[dict[str, Entry]]:
    places = st.sampled_from([(True, False), (False, True), (True, True)])
    one = st.builds(
        lambda value, place, comment, blank: Entry(value, *place, comment, blank),
        values, places, st.booleans(), st.booleans(),
    )  # fmt: skip
    return st.dictionaries(st.sampled_from("ABCDE"), one, max_size=4)


TREES = entries(st.recursive(st.sampled_from(VALUES), entries, max_leaves=12))


def lay(tree: dict[str, Entry], side: str, width: int, path: tuple[str, ...] = ()) -> list[str]:
    """Return the lines of a file or a fragment that holds what stands on that side."""
    lines = []
    pad = " " * (width * len(path))
    for key, entry in tree.items():
        if not getattr(entry, side):
            continue
        name = ".".join((*path, key))
        below = lay(whole(entry, side), side, width, (*path, key)) if isinstance(entry.value, dict) else []
        if isinstance(entry.value, dict) and not below and side == "fragment" and entry.file:
            continue  # that would be to say that there is nothing
        lines += [""] if entry.blank else []
        lines += [f"{pad}# {side} {name}"] if entry.comment else []
        if isinstance(entry.value, dict):
            lines += [f"{pad}{key}:{'' if below else ' {}'}", *below]
        else:
            first, *rest = entry.value.split("\n")
            lines += [f"{pad}{key}: {first}".rstrip(), *(f"{pad}{line}" if line else "" for line in rest)]
    return lines


def whole(entry: Entry, side: str) -> dict[str, Entry]:
    """Return the entries below one; where that is on one side alone, so are all of them."""
    assert isinstance(entry.value, dict)
    if entry.file and entry.fragment:
        return entry.value
    return {key: replace(one, **{"file": False, "fragment": False, side: True}) for key, one in entry.value.items()}


def joined(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Return the values of both, what the first has first."""
    both = {key: joined(value, other[key]) if isinstance(value, dict) and isinstance(other.get(key), dict) else value
            for key, value in one.items()}  # fmt: skip
    return {**both, **{key: value for key, value in other.items() if key not in one}}


def in_order(value: Any) -> Any:
    """Return a value in which the order of keys counts."""
    return [(key, in_order(one)) for key, one in value.items()] if isinstance(value, dict) else value


@st.composite
def texts(draw: st.DrawFn) -> tuple[dict[str, Entry], str, str]:
    """Return entries, and a file and a fragment that hold them, each written in a way of its own."""
    tree = draw(TREES)
    tail = draw(st.sampled_from(["", "# the end\n", "\n\n", "...\n", "\n# over\n\n...\n", "Z: 1"]))
    written = lay(tree, "file", draw(st.sampled_from([2, 4, 1])))
    text = "\n".join([*written, tail]) if any(line.strip() and not line.startswith("#") for line in written) else ""
    fragment = "\n".join([*lay(tree, "fragment", draw(st.sampled_from([2, 3]))), ""])
    return tree, text.replace("\n", draw(st.sampled_from(["\n", "\r\n"]))), fragment


@given(texts())
def test_what_both_say_is_said_and_nothing_else(case: tuple[dict[str, Entry], str, str]) -> None:
    tree, text, fragment = case

    merged = merge(text, fragment)

    assert in_order(load(merged)) == in_order(joined(load(text) or {}, load(fragment) or {}) or None)
    assert merge(merged, fragment) == merged
    if "\r\n" in text:
        assert merged.count("\n") == merged.count("\r\n")
    filled = re.compile(r":( \{\})?$")  # a key without a value gets one
    remaining = iter(filled.sub(":", line) for line in merged.splitlines())
    lost = [line for line in text.splitlines() if filled.sub(":", line) not in remaining]
    assert not lost, "every line of the file is there, in its order"
    lines = [line.strip() for line in merged.splitlines()]
    for name, entry in added(tree):
        assert (f"# fragment {name}" in lines) is entry.comment
        if entry.comment:
            assert lines[lines.index(f"# fragment {name}") + 1].startswith(f"{name[-1]}:"), "above its key"


def added(tree: dict[str, Entry], path: tuple[str, ...] = ()) -> Iterator[tuple[str, Entry]]:
    """Yield what the fragment alone has, by its name."""
    for key, entry in tree.items():
        if entry.fragment and not entry.file:
            yield ".".join((*path, key)), entry
        if isinstance(entry.value, dict) and entry.fragment:
            yield from added(whole(entry, "fragment"), (*path, key))


@given(TREES)
def test_a_file_and_itself_are_the_file(tree: dict[str, Entry]) -> None:
    text = "\n".join([*lay(tree, "file", 2), ""])
    assert merge(text, text) == text
