from __future__ import annotations

import pytest

from scaffold.errors import TemplateError
from scaffold.template import Position, YamlSyntaxError, compose, dump, load, locate, merge

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
    ],
)  # fmt: skip
def test_shapes_that_real_files_have(text: str, fragment: str, merged: str) -> None:
    assert merge(text, fragment) == merged


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("R:\n  X: 2\n", r"R\.X is there already, on line 2, and says something else"),
        ("R: {Z: 2}\n", r"R is written in flow style on line 1"),
        ("R: 1\n", r"R is there already, on line 1"),
    ],
)
def test_what_cannot_be_merged_says_where(text: str, message: str) -> None:
    with pytest.raises(TemplateError, match=message):
        merge(text, "R:\n  X: 1\n")


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
        ("A: 1\nB:\n  A: 1\n  A: 2\n", Position(4, 3), "'A' is there already, on line 3"),
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
