"""What a template of a layer uses, and where its syntax is wrong, without rendering it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import scaffold.render.layer  # noqa: F401  it sees to it that cookiecutter loads quickly

from cookiecutter.environment import StrictEnvironment  # isort: skip
from cookiecutter.generate import is_binary  # isort: skip
from jinja2 import nodes
from jinja2.exceptions import TemplateSyntaxError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

VALUES = "cookiecutter"  # the name under which templates see their values


@dataclass(frozen=True)
class Template:
    """The names of the values that a template uses, and of the templates that it includes, each with its first line.

    If its syntax is wrong, ``error`` says how, and ``line`` where.
    """

    names: dict[str, int] = field(default_factory=dict)
    included: dict[str, int] = field(default_factory=dict)
    error: str = ""
    line: int = 0


class Syntax:
    """The syntax of layers: Jinja with cookiecutter's extensions."""

    def __init__(self) -> None:
        self._environment = StrictEnvironment(context={}, keep_trailing_newline=True)
        self._environment.optimized = False  # constant expressions are not evaluated either

    def read(self, text: str) -> Template:
        """Return what a template uses; nothing of it is evaluated."""
        names: dict[str, int] = {}
        included: dict[str, int] = {}
        try:
            tree = self._environment.parse(text)
            names, included = _first(_names(tree)), _first(_included(tree))
            self._environment.compile(tree)  # which knows the names of filters and tests
        except TemplateSyntaxError as error:
            return Template(names, included, " ".join(str(error.message).split()), error.lineno)
        except RecursionError:
            return Template(names, included, "it is nested too deeply", 1)
        return Template(names, included)


def is_copied(path: Path) -> bool:
    """Return whether cookiecutter takes a file for a binary one, which it copies as it is."""
    return bool(is_binary(str(path)))


def _first(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    lines: dict[str, int] = {}
    for name, line in pairs:
        lines[name] = min(lines.get(name, line), line)
    return lines


def _names(tree: nodes.Template) -> Iterator[tuple[str, int]]:
    for node in tree.find_all(nodes.Getattr):
        if isinstance(node.node, nodes.Name) and node.node.name == VALUES:
            yield node.attr, node.lineno
    for item in tree.find_all(nodes.Getitem):
        is_value = isinstance(item.node, nodes.Name) and item.node.name == VALUES
        if is_value and isinstance(item.arg, nodes.Const):
            yield str(item.arg.value), item.lineno


def _included(tree: nodes.Template) -> Iterator[tuple[str, int]]:
    for kind in (nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends):
        for node in tree.find_all(kind):
            template = getattr(node, "template", None)
            if isinstance(template, nodes.Const):
                yield str(template.value), node.lineno
