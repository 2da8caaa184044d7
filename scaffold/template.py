"""YAML files: merge a fragment into one, line by line, and say where in it something stands.

A file that a person wrote is never loaded and dumped: that changes most real templates. The parser says where
each key begins and ends, and lines are inserted there; every line that was in the file stays as it was.
"""

from __future__ import annotations

import functools
import io
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.constructor import SafeConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from scaffold import aliases
from scaffold.errors import TemplateError
from scaffold.intrinsics import Intrinsic

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

Path = tuple[str, ...]


class Position(NamedTuple):
    """A position in a text; line and column count from 1."""

    line: int
    column: int


class YamlSyntaxError(TemplateError):
    """A file is not YAML; ``position`` is where the parser stopped."""

    def __init__(
        self, message: str, position: Position, hint: str = "check indentation, colons and quotes there"
    ) -> None:
        super().__init__(message, hint)
        self.position = position


def compose(text: str) -> MappingNode | None:
    """Parse ``text`` to nodes that know their lines; ``None`` for an empty file.

    Raises :class:`YamlSyntaxError`, and :class:`TemplateError` where the file is not a mapping.
    """
    node = _parse(text)
    if node is not None and not isinstance(node, MappingNode):
        raise YamlSyntaxError("the file is not a mapping of keys to values", Position(1, 1))
    if node is not None:
        _refuse_duplicates(node)
    return node


def _refuse_aliases(text: str) -> None:
    """Raise :class:`YamlSyntaxError` for an alias that cannot be followed."""
    if aliases.has_aliases(text) and (alias := aliases.refused(YAML(typ="safe", pure=True).parse(text))):
        raise YamlSyntaxError(alias.message, Position(alias.line, alias.column), aliases.HINT)


def _parse(text: str, *, follows_aliases: bool = True) -> Node | None:
    try:
        if follows_aliases:
            _refuse_aliases(text)
        return YAML(typ="safe", pure=True).compose(text)  # type: ignore[no-any-return]
    except RecursionError as error:
        raise YamlSyntaxError(*_TOO_DEEP) from error
    except ReaderError as error:
        before = text[: error.position]
        position = Position(before.count("\n") + 1, error.position - before.rfind("\n"))
        message = f"the character U+{ord(text[error.position]):04X} is not allowed in YAML"
        raise YamlSyntaxError(
            message, position, "leave it out, or write it as an escape between double quotes"
        ) from error
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        position = Position(mark.line + 1, mark.column + 1) if mark else Position(1, 1)
        raise YamlSyntaxError(" ".join(str(error.problem or error.context).split()), position) from error
    except YAMLError as error:
        raise YamlSyntaxError(" ".join(str(error).split()), Position(1, 1)) from error


_TOO_DEEP = ("the file is nested too deeply", Position(1, 1), "a few levels are enough")


def _refuse_duplicates(node: Node) -> None:
    """Raise :class:`YamlSyntaxError` for a key that stands twice in one mapping; most parsers keep the last."""
    seen: dict[str, int] = {}
    children = node.value if isinstance(node, (MappingNode, SequenceNode)) else []
    for child in children:
        key, value = child if isinstance(child, tuple) else (None, child)
        if isinstance(key, ScalarNode) and key.value != "<<":
            if key.value in seen:
                position = Position(key.start_mark.line + 1, key.start_mark.column + 1)
                message = f"the key {key.value!r} is already on line {seen[key.value]}"
                raise YamlSyntaxError(message, position, "keep one of the two")
            seen[key.value] = key.start_mark.line + 1
        if value.start_mark.index > node.start_mark.index:  # an alias leads back to what was walked already
            _refuse_duplicates(value)


def entries(text: str) -> list[tuple[Position, str | dict[str, str | None] | None]] | None:
    """Return the entries of a list with their positions; ``None`` where ``text`` is no list.

    An entry is text as it was written, or a mapping from text to text; whatever else stands in it is ``None``.
    Raises :class:`YamlSyntaxError`.
    """
    node = _parse(text, follows_aliases=False)
    if not isinstance(node, SequenceNode):
        return None
    _refuse_duplicates(node)
    return [
        (
            Position(one.start_mark.line + 1, one.start_mark.column + 1),
            {_key(key): _text(value) for key, value in one.value} if isinstance(one, MappingNode) else _text(one),
        )
        for one in node.value
    ]


def _key(node: Node) -> str:
    return str(node.value) if isinstance(node, ScalarNode) else "?"


def _text(node: Node) -> str | None:
    if not isinstance(node, ScalarNode):
        return None
    return "" if _is_empty(node) else _whole(str(node.value))


def _whole(text: str) -> str:
    """Return a text with the halves of a character joined that JSON writes those beyond U+FFFF in."""
    if text.isascii() or not any("\ud800" <= one <= "\udfff" for one in text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def load(text: str) -> Any:  # noqa: ANN401  a YAML document may hold anything
    """Return the plain Python value of ``text``; dates are text as it was written. Raises :class:`YamlSyntaxError`."""
    compose(text)  # for the position of an error
    yaml = YAML(typ="safe", pure=True)
    yaml.Constructor = _Constructor
    try:
        return yaml.load(text)
    except RecursionError as error:
        raise YamlSyntaxError(*_TOO_DEEP) from error
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        position = Position(mark.line + 1, mark.column + 1) if mark else Position(1, 1)
        problem = str(getattr(error, "problem", None) or error)
        raise YamlSyntaxError(" ".join(problem.partition("\n")[0].split()), position) from error


_TEXT_KEYS = ("tag:yaml.org,2002:str", "tag:yaml.org,2002:merge")


class _Constructor(SafeConstructor):
    """Makes values of what a file says, and tells where that cannot be done: Python takes no number of 5,000 digits."""

    def construct_object(self, node: Node, deep: bool = False) -> Any:  # noqa: ANN401, FBT001, FBT002  as inherited
        try:
            value = super().construct_object(node, deep=deep)
            if isinstance(value, str):
                value = _whole(value)
                value.encode()  # an escape may stand for half a character, which no file can hold
        except ValueError as error:
            position = Position(node.start_mark.line + 1, node.start_mark.column + 1)
            raise YamlSyntaxError("this stands for no value", position, "write it as plain text or number") from error
        return value

    def construct_mapping(self, node: Node, deep: bool = False) -> Any:  # noqa: ANN401, FBT001, FBT002  as inherited
        for key, _ in node.value:
            if not isinstance(key, ScalarNode) or key.tag not in _TEXT_KEYS:
                position = Position(key.start_mark.line + 1, key.start_mark.column + 1)
                raise YamlSyntaxError("this key is not text", position, "put it in quotes, or check the spelling")
        return super().construct_mapping(node, deep=deep)


_Constructor.add_constructor("tag:yaml.org,2002:timestamp", SafeConstructor.construct_yaml_str)


def dump(value: Any, comments: Mapping[str, str] | None = None) -> str:  # noqa: ANN401
    """Return ``value`` as YAML, keys in the order given; ``comments`` are written above keys of these names."""
    yaml = YAML()
    yaml.default_flow_style = False
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.width = 4096  # no line is folded
    yaml.representer.ignore_aliases = lambda *_: True
    yaml.representer.add_representer(Intrinsic, _represent)
    stream = io.StringIO()
    yaml.dump(_commented(value, comments, 0) if comments else value, stream)
    return stream.getvalue()


def update(text: str, path: Sequence[str], values: Mapping[str, Any], removed: Iterable[str] = ()) -> str:
    """Return a YAML text with values set in the mapping that ``path`` leads to, which is made if it is not there.

    ``removed`` are keys that it loses. The text is loaded and dumped, so it keeps its comments but not every space:
    that will do for a file of settings, not for a template.
    """
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 4096  # no line is folded
    document = yaml.load(text)
    if document is None:  # nothing but comments, which belong to no value
        before, document = text, CommentedMap()
    else:
        before = ""
    mapping = document
    for key in path:
        if mapping.get(key) is None:
            mapping[key] = CommentedMap()
        mapping = mapping[key]
    mapping.update(values)
    for key in removed:
        mapping.pop(key, None)
    stream = io.StringIO()
    yaml.dump(document, stream)
    return (f"{before.rstrip()}\n" if before.strip() else "") + stream.getvalue()


def _commented(value: Any, comments: Mapping[str, str], indent: int) -> Any:  # noqa: ANN401
    """Return a value in which mappings know the comments above their keys."""
    if not isinstance(value, dict):
        return value
    mapping = CommentedMap((key, _commented(child, comments, indent + 2)) for key, child in value.items())
    for key in value:
        if key in comments:
            mapping.yaml_set_comment_before_after_key(key, before=comments[key], indent=indent)
    return mapping


def known_values(text: str) -> Any:  # noqa: ANN401  a template may hold anything
    """Return a template as plain values, scalars as text; ``None`` for what an intrinsic function in YAML stands for.

    Raises :class:`YamlSyntaxError`.
    """
    root = _composed(text)
    return _known(root) if root else {}


def _known(node: Node) -> Any:  # noqa: ANN401
    if str(node.tag).startswith("!"):
        return None
    if isinstance(node, SequenceNode):
        return [_known(child) for child in node.value]
    if not isinstance(node, MappingNode):
        return None if _is_empty(node) else str(node.value)
    merged: dict[str, Any] = {}
    own: dict[str, Any] = {}
    for key, value in node.value:
        if key.value == "<<":
            parts = value.value if isinstance(value, SequenceNode) else [value]
            for part in reversed(parts):
                merged |= _known(part) if isinstance(part, MappingNode) else {}
        else:
            own[str(key.value)] = _known(value)
    return merged | own


def keys(text: str, section: str) -> list[str]:
    """Return the keys of a section of a template: ``Resources`` for one."""
    root = _composed(text)
    value = next((value for key, value in (root.value if root else ()) if key.value == section), None)
    return [key.value for key, _ in value.value] if isinstance(value, MappingNode) else []


def plain(text: str) -> Any:  # noqa: ANN401  a template may hold anything
    """Return the value of a template, with intrinsic functions in their long form: ``{"Ref": "Queue"}``.

    ``{}`` for an empty file. Raises :class:`YamlSyntaxError`, and :class:`TemplateError` where the file is not a
    mapping.
    """
    root = _composed(text)
    return _plain(root) if root is not None else {}


def _plain(node: Node) -> Any:  # noqa: ANN401
    if isinstance(node, MappingNode):
        value: Any = {}
        for key, child in node.value:
            if key.value == "<<" and isinstance(key, ScalarNode):
                parents = child.value if isinstance(child, SequenceNode) else [child]
                for parent in parents:
                    value = {**_plain(parent), **value}
        value |= {str(key.value): _plain(child) for key, child in node.value if key.value != "<<"}
    elif isinstance(node, SequenceNode):
        value = [_plain(child) for child in node.value]
    elif _is_empty(node):
        value = None
    elif node.tag == "tag:yaml.org,2002:bool":
        value = node.value.lower() in ("true", "yes", "on")
    else:
        value = node.value
    tag = str(node.tag)
    if not tag.startswith("!"):
        return value
    name = tag[1:]
    if name == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {name if name in ("Ref", "Condition") else f"Fn::{name}": value}


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
    node: Node | None = compose(text)
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
    block = [f"{' ' * column}{line}{newline}" for line in dump(dict(added)).splitlines()] if added else []
    ranges = [_range(key, value, lines, comments) for key, value in node.value if key.value in {*removed}]
    if not ranges:
        end = _last_line_of(node, lines) + 1
        return "".join([*lines[:end], *block, *lines[end:]])
    for number, (start, end) in reversed([*enumerate(ranges)]):
        lines[start:end] = block if number == 0 else []
    result = "".join(lines)
    try:
        compose(result)
    except YamlSyntaxError as error:  # a removed line held an anchor
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


def _represent(representer: Any, value: Intrinsic) -> Any:  # noqa: ANN401  ruamel's representer and its node
    return representer.represent_scalar(value.tag, str(value))


@functools.lru_cache(maxsize=2)
def _composed(text: str) -> MappingNode | None:
    """Return the nodes of a text that is asked about again and again: once for each of its problems."""
    return compose(text)


def locate(text: str, path: Sequence[str | int]) -> Position:
    """Return where ``path`` stands in ``text``, or the nearest of its parents that does."""
    try:
        node: Node | None = _composed(text)
    except TemplateError:
        return Position(1, 1)
    mark = node.start_mark if node else None
    for step in path:
        if isinstance(node, MappingNode):
            pair = next(((key, value) for key, value in node.value if key.value == str(step)), None)
            if pair is None:
                break
            mark, node = pair[0].start_mark, pair[1]
        elif isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            mark = node.start_mark
        else:
            break
    return Position(mark.line + 1, mark.column + 1) if mark else Position(1, 1)


def merge(text: str, fragment: str) -> str:
    """Return ``text`` with every key of ``fragment`` that it lacks, each after the last of its neighbours.

    A new section of a template goes where CloudFormation's documentation has it: ``Parameters`` before ``Resources``.
    A key that both have and whose values are mappings is merged in turn; equal values stay as they are. Comments
    above a key of the fragment go with it. Line endings are those of ``text``. Raises :class:`TemplateError` where
    the two have different values for a key, and where a section of ``text`` is in flow style (``{…}``) and not empty.
    """
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = text.splitlines(keepends=True)
    root, addition = compose(text), compose(fragment)
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
        elif _is_empty(present) and _is_empty(value):
            return
        elif isinstance(value, MappingNode) and _is_empty(present):
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


def _is_empty(node: Node) -> bool:
    if isinstance(node, MappingNode):
        return not node.value
    return isinstance(node, ScalarNode) and node.tag == "tag:yaml.org,2002:null"


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
