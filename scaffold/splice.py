"""Changes of YAML files, line by line: a fragment merged into one, keys exchanged for others.

A file that a person wrote is never loaded and dumped: that changes most real templates. The parser says where
each key begins and ends, and lines are inserted or removed there; every other line stays as it was.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from scaffold import template
from scaffold.errors import TemplateError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

Path = tuple[str, ...]


def merge(text: str, fragment: str) -> str:
    """Return ``text`` with every key of ``fragment`` that it lacks, each after the last of its neighbours.

    A new section of a template goes where CloudFormation's documentation has it: ``Parameters`` before ``Resources``.
    A key that both have and whose values are mappings is merged in turn; equal values stay as they are. Comments
    above a key of the fragment go with it. Line endings are those of ``text``. Raises :class:`TemplateError` where
    the two have different values for a key, and where a section of ``text`` is in flow style (``{…}``) and not empty.
    """
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = text.splitlines(keepends=True)
    root, addition = template.composed(text), template.composed(fragment)
    if addition is None:
        return text
    if lines and not lines[-1].endswith(("\n", "\r")):
        lines[-1] += newline
    merger = _Merger(lines, fragment.splitlines(), newline)
    merger.mapping(root, addition)
    return merger.result()


# The sections of a template as AWS's examples order them:
# https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy.html
_SECTIONS = (
    "AWSTemplateFormatVersion",
    "Transform",
    "Description",
    "Metadata",
    "Parameters",
    "Rules",
    "Mappings",
    "Conditions",
    "Globals",
    "Resources",
    "Outputs",
)
_ORDER = {name: number for number, name in enumerate(_SECTIONS)}


class _Merger:
    """Collects what goes where; ``result`` carries it out from the end, so that line numbers stay true."""

    def __init__(self, lines: list[str], fragment: list[str], newline: str) -> None:
        self.lines = lines
        self.fragment = fragment
        self.newline = newline
        self.insertions: dict[int, list[tuple[int, int, list[str]]]] = {}

    def mapping(self, target: MappingNode | None, addition: MappingNode, path: Path = (), start: int = 0) -> None:
        """Add what ``target`` lacks; the comments of ``addition`` begin on line ``start`` of the fragment."""
        present = {key.value: (key, value) for key, value in target.value} if target is not None else {}
        for key, value in addition.value:
            where = (*path, key.value)
            end = _last_line(key, value, self.fragment)
            if key.value in present:
                self.both(present[key.value], value, where, int(key.end_mark.line) + 1)
            else:
                if target is not None and target.flow_style:
                    raise TemplateError(
                        f"{'.'.join(path)} is written in flow style on line {target.start_mark.line + 1}",
                        "write it in block style, one key a line",
                    )
                column = target.value[0][0].start_mark.column if target is not None and target.value else 0
                block = self.taken(start, end, column - key.start_mark.column)
                if target is None or path:
                    after = self.end_of(target) if target is not None else self.end_of_file()
                    self.insert(after, block, depth=len(path), first=not present)
                else:
                    self.insert_section(target, key.value, block)
            start = end + 1

    def insert_section(self, target: MappingNode, name: str, block: list[str]) -> None:
        """Note where a section goes among those of a file: in CloudFormation's usual order, else to the end.

        Comments right above the section that follows stay with that.
        """
        order = _ORDER.get(name, len(_ORDER))
        orders = [_ORDER.get(key.value, len(_ORDER)) for key, _ in target.value]
        earlier = max((number for number, other in enumerate(orders) if other < order), default=-1)
        later = next((number for number in range(earlier + 1, len(orders)) if orders[number] > order), None)
        if later is None:
            self.insert(self.end_of_file(), block, depth=0, first=False)
            return
        key = target.value[later][0]
        line = int(key.start_mark.line)
        above, value = target.value[later - 1]
        end = _last_line(above, value, self.lines) + 1 if later else 0
        while line > end and _is_comment(self.lines[line - 1], key.start_mark.column):
            line -= 1
        pending = self.insertions.setdefault(line, [])
        if line and self.lines[line - 1].strip() not in ("", "---") and not any(depth == 0 for depth, _, _ in pending):
            block.insert(0, self.newline)
        pending.append((0, order, [*block, self.newline]))

    def both(self, mine: tuple[ScalarNode, Node], value: Node, path: Path, start: int) -> None:
        """Merge a key that is there already; what it holds begins on line ``start`` of the fragment."""
        key, present = mine
        if isinstance(value, MappingNode) and isinstance(present, MappingNode) and present.value:
            self.mapping(present, value, path, start)
        elif template.is_empty(present) and template.is_empty(value):
            return
        elif isinstance(value, MappingNode) and template.is_empty(present):
            self.fill(key, present, value, path, start)
        elif not _same(present, value):
            raise TemplateError(f"{'.'.join(path)} is already on line {key.start_mark.line + 1}, with another value")

    def fill(self, key: ScalarNode, present: Node, value: MappingNode, path: Path, start: int) -> None:
        """Put the whole of a mapping below a key that has none yet."""
        line = key.start_mark.line
        if present.start_mark.line == line and present.end_mark.column > present.start_mark.column:
            text = self.lines[line]
            self.lines[line] = text[: present.start_mark.column].rstrip() + text[present.end_mark.column :]
        first_key = value.value[0][0]
        last = _last_line_of(value, self.fragment)
        block = self.taken(start, last, key.start_mark.column + 2 - first_key.start_mark.column)
        self.insert(line + 1, block, depth=len(path), first=True)

    def end_of(self, node: MappingNode) -> int:
        """Return the number of the line behind the last line of a mapping."""
        return _last_line_of(node, self.lines) + 1

    def end_of_file(self) -> int:
        """Return the number of the line behind the last one, without blank ones and an end-of-document mark."""
        last = len(self.lines)
        while last and self.lines[last - 1].strip() in ("", "..."):
            last -= 1
        return last

    def taken(self, start: int, end: int, by: int) -> list[str]:
        """Return lines ``start`` to ``end`` of the fragment, moved ``by`` columns, without blank ones in front."""
        block = self.fragment[start : end + 1]
        while block and not block[0].strip():
            block.pop(0)
        return [_shift(line, by) + self.newline for line in block]

    def insert(self, after: int, block: list[str], *, depth: int, first: bool) -> None:
        """Note that ``block`` goes before line ``after``; ``first`` is the first entry of its mapping."""
        pending = self.insertions.setdefault(after, [])
        apart = after > 0 if depth == 0 else depth == 1 and not first
        if apart:
            block.insert(0, self.newline)  # sections and their entries stand apart
        pending.append((depth, 0, block))

    def result(self) -> str:
        """Carry out what was collected and return the file."""
        for after in sorted(self.insertions, reverse=True):
            # Where two mappings end on one line, the inner one is continued first.
            blocks = sorted(self.insertions[after], key=lambda block: (-block[0], block[1]))
            self.lines[after:after] = [line for _, _, block in blocks for line in block]
        return "".join(self.lines)


def _shift(line: str, by: int) -> str:
    if not line.strip():
        return ""
    return " " * by + line if by >= 0 else line[min(-by, len(line) - len(line.lstrip())) :]


def _same(one: Node, other: Node) -> bool:
    if isinstance(one, ScalarNode) and isinstance(other, ScalarNode):
        return bool(one.value == other.value and one.tag == other.tag)
    if isinstance(one, SequenceNode) and isinstance(other, SequenceNode):
        return len(one.value) == len(other.value) and all(map(_same, one.value, other.value))
    if isinstance(one, MappingNode) and isinstance(other, MappingNode):
        theirs = {key.value: value for key, value in other.value}
        return len(one.value) == len(other.value) and all(
            key.value in theirs and _same(value, theirs[key.value]) for key, value in one.value
        )
    return False


def _last_line(key: Node, value: Node, lines: list[str]) -> int:
    """Return the index of the last line that a key and its value take up, without what follows them."""
    if value.start_mark.index < key.start_mark.index:  # an alias: the node stands where its anchor is
        return int(key.end_mark.line)
    if isinstance(value, MappingNode) and not value.flow_style and value.value:
        return _last_line_of(value, lines)
    if isinstance(value, SequenceNode) and not value.flow_style and value.value:
        last = value.value[-1]
        if last.start_mark.index >= value.start_mark.index:
            return _last_line(value, last, lines)
        return _back_to_content(int(value.end_mark.line) - 1, int(key.start_mark.line), lines)
    end = value.end_mark
    line = int(end.line) if end.column else int(end.line) - 1
    first = int(key.start_mark.line)
    line = max(min(line, len(lines) - 1), first)
    if isinstance(value, ScalarNode) and value.style in ("|", ">"):
        indent = re.compile(rf"\s{{{_column(lines[first]) + 1},}}\S")
        while line > first and not indent.match(lines[line]):
            line -= 1
    return line


def _last_line_of(mapping: MappingNode, lines: list[str]) -> int:
    key, value = mapping.value[-1]
    return _last_line(key, value, lines)


def _back_to_content(line: int, first: int, lines: list[str]) -> int:
    while line > first and (not lines[line].strip() or lines[line].lstrip().startswith("#")):
        line -= 1
    return line


def _is_comment(line: str, column: int) -> bool:
    """Return whether a line is a comment that begins at a column or before it."""
    return line.lstrip().startswith("#") and _column(line) <= column


def _column(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


# Keys exchanged for others ------------------------------------------------------------------------------------------


def exchange(
    text: str,
    path: Sequence[str],
    removed: Iterable[str],
    added: Mapping[str, Any],
    comments: Collection[str] = (),
) -> str:
    """Return a template without some keys of the mapping at ``path``, and with others in their place.

    With a key go its value, and those lines right above it that are in ``comments``. What is added stands where the
    first removed key was, and at the end of the mapping if none was there. Every other line stays. Raises
    :class:`TemplateError` where there is no such mapping, where a key shares its line with others, in flow style as in
    JSON, and where a line that goes holds an anchor that is needed elsewhere.
    """
    node: Node | None = template.compose(text)
    for step in path:
        pairs = node.value if isinstance(node, MappingNode) else ()
        node = next((value for key, value in pairs if key.value == step), None)
    if not isinstance(node, MappingNode):
        raise TemplateError(f"{'.'.join(path)} is not a mapping", "write it out, one key a line")
    if node.flow_style or not node.value:
        line = node.start_mark.line + 1
        raise TemplateError(f"{'.'.join(path)} is written in flow style on line {line}", _BLOCK_STYLE)
    lines = text.splitlines(keepends=True)
    newline = "\r\n" if "\r\n" in text else "\n"
    if not lines[-1].endswith(("\n", "\r")):
        lines[-1] += newline
    column = int(node.value[0][0].start_mark.column)
    block = [f"{' ' * column}{line}{newline}" for line in template.dump(dict(added)).splitlines()] if added else []
    ranges = [_range(key, value, lines, comments) for key, value in node.value if key.value in {*removed}]
    if not ranges:
        end = _last_line_of(node, lines) + 1
        return "".join([*lines[:end], *block, *lines[end:]])
    for number, (start, end) in reversed([*enumerate(ranges)]):
        lines[start:end] = block if number == 0 else []
    result = "".join(lines)
    try:
        template.compose(result)
    except template.YamlSyntaxError as error:  # a removed line held an anchor
        message = f"{'.'.join(path)} holds what an alias stands for elsewhere in the file: {error.message}"
        raise TemplateError(message, "write out what the alias stands for") from error
    return result


_BLOCK_STYLE = "write it in block style, one key a line"


def _range(key: ScalarNode, value: Node, lines: list[str], comments: Collection[str]) -> tuple[int, int]:
    """Return where a key with its value begins, and those comments right above it, and the line after the last one."""
    column = key.start_mark.column
    start = int(key.start_mark.line)
    if lines[start][:column].strip():
        raise TemplateError(f"{key.value} is not the first on line {start + 1}", _BLOCK_STYLE)
    end = _last_line(key, value, lines) + 1
    while start and lines[start - 1].strip() in comments:
        start -= 1
    return start, end
