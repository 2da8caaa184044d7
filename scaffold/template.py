"""YAML files: what is in one, where in it something stands, and a value as YAML."""

from __future__ import annotations

import functools
import io
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
    from collections.abc import Iterable, Mapping, Sequence


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
    return "" if is_empty(node) else _whole(str(node.value))


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


def keys(text: str, section: str) -> list[str]:
    """Return the keys of a section of a template: ``Resources`` for one."""
    root = composed(text)
    value = next((value for key, value in (root.value if root else ()) if key.value == section), None)
    return [key.value for key, _ in value.value] if isinstance(value, MappingNode) else []


def plain(text: str) -> Any:  # noqa: ANN401  a template may hold anything
    """Return the value of a template, with intrinsic functions in their long form: ``{"Ref": "Queue"}``.

    ``{}`` for an empty file. Raises :class:`YamlSyntaxError`, and :class:`TemplateError` where the file is not a
    mapping.
    """
    root = composed(text)
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
    elif is_empty(node):
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


def _represent(representer: Any, value: Intrinsic) -> Any:  # noqa: ANN401  ruamel's representer and its node
    return representer.represent_scalar(value.tag, str(value))


@functools.lru_cache(maxsize=48)
def composed(text: str) -> MappingNode | None:
    """Return the nodes of a text: it is asked about for each of its problems, and fragments go into many templates."""
    return compose(text)


def locate(text: str, path: Sequence[str | int]) -> Position:
    """Return where ``path`` stands in ``text``, or the nearest of its parents that does."""
    try:
        node: Node | None = composed(text)
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


def is_empty(node: Node) -> bool:
    """Return whether a node stands for nothing: an empty mapping or null."""
    if isinstance(node, MappingNode):
        return not node.value
    return isinstance(node, ScalarNode) and node.tag == "tag:yaml.org,2002:null"
