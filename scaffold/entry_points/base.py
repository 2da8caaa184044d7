"""What a language's module tells of code, and helpers that several of them have."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

# What a handler is called in AWS's documentation and console
USUAL_NAMES = frozenset({"handler", "lambda_handler", "lambdaHandler", "handleRequest", "FunctionHandler"})


@dataclass(frozen=True)
class EntryPoint:
    """A function that Lambda could call.

    ``file`` is its path with ``/`` between folders and ``line`` its place there. ``function`` is what people call it,
    and ``handler`` what Lambda is told. ``is_likely`` is whether it looks like a handler; one that does not is taken
    where it is named. ``note`` is what to know about it.
    """

    file: str
    line: int
    function: str
    handler: str
    is_likely: bool = True
    note: str = ""

    @property
    def is_usual(self) -> bool:
        """Whether it has a name that handlers usually have."""
        return self.function.rpartition("::")[2].rpartition(".")[2] in USUAL_NAMES


@dataclass(frozen=True)
class Imports:
    """What the files of some code import.

    ``provided`` are libraries that Lambda's runtime has, though no other machine. ``missing`` are those that nobody
    has, each with a file that imports it.
    """

    provided: tuple[str, ...] = ()
    missing: tuple[tuple[str, str], ...] = ()


def text_of(folder: Path, file: str) -> str:
    """Return a file's text; what is not UTF-8 in it is no name of anything."""
    return (folder / file).read_text(encoding="utf-8", errors="replace")


def line_of(text: str, position: int) -> int:
    """Return the line of a position in a text, counted from 1."""
    return text.count("\n", 0, position) + 1


def blank(text: str, pattern: re.Pattern[str]) -> str:
    """Return a text with spaces in the place of what a pattern finds; its lines stay where they are."""
    return pattern.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)


def closure(start: str, local: dict[str, list[str]]) -> tuple[str, ...]:
    """Return a file and those that it imports, and they in turn; ``local`` has the local imports of each."""
    seen, waiting = {start}, [start]
    while waiting:
        new = [file for file in local.get(waiting.pop(), ()) if file not in seen]
        seen |= {*new}
        waiting += new
    return tuple(sorted(seen))


_TESTS = re.compile(
    r"(?:^|/)(?:__tests__|tests?|specs?)/|(?:^|/)(?:test_|conftest)[^/]*$|[._-](?:test|tests|spec)\.[^/]*$"
)


def enclosing(text: str, types: list[re.Match[str]], position: int) -> str:
    """Return the names of the types around a position, the outermost first, with ``+`` between them.

    ``types`` are where classes and records begin, each with a group ``name``. Braces in text count as well, which is
    rarely wrong: those of a string mostly come in pairs.
    """
    names = []
    for match in types:
        start = text.find("{", match.end() - 1)
        if start == -1 or start > position:
            continue
        inside = text[start:position]
        if inside.count("{") > inside.count("}"):
            names.append(match["name"])
    return "+".join(names)


def is_test(file: str) -> bool:
    """Return whether a file is one of tests, as tools find them."""
    return bool(_TESTS.search(file)) or PurePosixPath(file).stem.endswith(("Test", "Tests"))


def serves(version: str, ranges: Sequence[tuple[str, tuple[int, ...]]]) -> bool:
    """Return whether a version such as ``3.14`` is in all ranges, each an operator and a version.

    ``=`` and ``~`` compare what both have, ``~`` all of it but the last number, as in Python's ``~=``.
    """
    own = numbers(version)
    for operator, bound in ranges:
        both = min(len(own), len(bound))
        fits = {
            "=": own[:both] == bound[:both],
            ">=": own >= bound[: len(own)],
            ">": own > bound[: len(own)],
            "<=": own[: len(bound)] <= bound,
            "<": own + (0,) * (len(bound) - len(own)) < bound,
            "~": own[: len(bound) - 1] == bound[:-1][: len(own)] and own >= bound[: len(own)],
        }
        if not fits[operator]:
            return False
    return True


def numbers(text: str) -> tuple[int, ...]:
    """Return the numbers of a version."""
    return tuple(int(number) for number in re.findall(r"\d+", text))
