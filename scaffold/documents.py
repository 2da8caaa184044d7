"""A YAML file that a person writes, checked against its JSON Schema, and where in it everything stands."""

from __future__ import annotations

import codecs
import difflib
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from scaffold import template
from scaffold.errors import FilePosition, InvalidAnswersError, OutputError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_UTF_8 = "save it as UTF-8"
_LINE = 60  # characters of a value that a message shows
_FEW = 10  # of more values that are allowed, only those near the one that is not are named


@dataclass(frozen=True)
class Document:
    """A file that its schema accepts: its path, its text and its values; dates are text as they were written."""

    path: Path
    text: str
    values: dict[str, Any]

    def position(self, keys: Sequence[str | int]) -> FilePosition:
        """Return where ``keys`` lead to; the position of the nearest parent where they end."""
        position = template.locate(self.text, keys)
        return FilePosition(str(self.path), position.line, position.column)


def text_of(path: Path, hint: str) -> str:
    """Return the text of a file. Raises :class:`OutputError` where it cannot be read, with ``hint``.

    Raises :class:`InvalidAnswersError` for the line that is not UTF-8.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise OutputError(f"{path}: {error.strerror}", hint) from error
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise InvalidAnswersError([Problem(FilePosition(str(path), 1, 1), "is UTF-16", _UTF_8)])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = error.object[: error.start]
        line, column = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        raise InvalidAnswersError(
            [Problem(FilePosition(str(path), line, column), f"is not UTF-8 text: {error.reason}", _UTF_8)]
        ) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def values_of(path: Path, text: str) -> Any:  # noqa: ANN401  a YAML document may hold anything
    """Return the values in a YAML text. Raises :class:`InvalidAnswersError` with file, line and column."""
    with _located(path):
        return template.load(text)


def entries_of(path: Path, text: str) -> list[tuple[int, str | dict[str, str | None] | None]] | None:
    """Return the entries of a YAML list with their lines, as :func:`scaffold.template.entries`; raises as above."""
    with _located(path):
        found = template.entries(text)
    return None if found is None else [(position.line, value) for position, value in found]


@contextmanager
def _located(path: Path) -> Iterator[None]:
    try:
        yield
    except template.YamlSyntaxError as error:
        position = FilePosition(str(path), error.position.line, error.position.column)
        raise InvalidAnswersError([Problem(position, error.message, error.hint)]) from error


def read(path: Path, schema: dict[str, Any], *, what: str, hint: str) -> Document:
    """Read a YAML or JSON file and check it against a JSON Schema.

    ``what`` a key stands for is part of the messages ("answer"), ``hint`` tells how to name the file. Raises
    :class:`OutputError` where there is no such file, and :class:`InvalidAnswersError` with every problem at once, each
    at ``file:line:column``; where it is not YAML, that is the problem.
    """
    text = text_of(path, hint)
    values = values_of(path, text)
    document = Document(path, text, {} if values is None else values)
    problems = problems_of(document.values, schema, what=what)
    if problems:
        located = [(template.locate(text, keys), problem) for keys, problem in problems]
        located.sort(key=lambda pair: pair[0])
        raise InvalidAnswersError(
            replace(problem, location=FilePosition(str(path), *position)) for position, problem in located
        )
    return document


def problems_of(values: Any, schema: dict[str, Any], *, what: str) -> list[tuple[list[str | int], Problem]]:  # noqa: ANN401
    """Return what a JSON Schema does not allow in values, each with the keys that lead there.

    ``what`` a key stands for is part of the messages ("answer"); the problems have no location yet.
    """
    import jsonschema  # noqa: PLC0415  takes time to load and few runs need it

    validator = jsonschema.Draft202012Validator(schema)
    return [problem for error in validator.iter_errors(values) for problem in _explain(error, what)]


def _explain(error: Any, what: str) -> list[tuple[list[str | int], Problem]]:  # noqa: ANN401  jsonschema's error
    """Return what is wrong and what is allowed, each with the keys that lead there."""
    path = list(error.absolute_path)
    name = ".".join(map(str, path))
    if error.validator == "additionalProperties" and isinstance(error.instance, dict):
        known = error.schema.get("properties", {})
        hint = f"one of {', '.join(known)}"
        unknown = [key for key in error.instance if key not in known]
        return [([*path, key], Problem((), f"{key!r} is not a known {what}", hint, value=key)) for key in unknown]
    if error.validator == "required":
        key = error.message.split("'")[1]  # an error for each key, which only its message names
        return [(path, Problem((), f"{key} is missing{f' in {name}' if name else ''}", _described(error, key)))]
    if error.validator in ("enum", "const"):
        allowed = error.validator_value if error.validator == "enum" else [error.validator_value]
        close = (
            difflib.get_close_matches(str(error.instance), map(str, allowed), cutoff=0.5) if len(allowed) > _FEW else []
        )
        hint = f"did you mean {' or '.join(close)}?" if close else f"one of {', '.join(map(str, allowed))}"
        few = tuple(map(str, allowed)) if len(allowed) <= _FEW else ()
        return [(path, Problem((), f"{name}: {_shown(error.instance)} is not allowed", hint, few, error.instance))]
    if error.validator in ("oneOf", "anyOf", "not"):
        keys = [key for one in error.validator_value for key in one.get("required", ()) if key in error.instance]
        message = error.schema.get("$comment", f"{name}: {_shown(error.instance)} is not allowed")
        return [([*path, *keys[-1:]], Problem((), message))]
    advice = error.schema.get("description", "")
    if error.validator == "type":
        wanted = error.validator_value
        kinds = " or ".join(_KINDS[kind] for kind in ([wanted] if isinstance(wanted, str) else wanted))
        what = "is empty" if error.instance is None else f"{_shown(error.instance)} is not {kinds}"
        return [(path, Problem((), f"{name}: {what}", advice, value=error.instance))]
    wrong = _WRONG.get(error.validator, "is not allowed").format(error.validator_value)
    return [(path, Problem((), f"{name}: {_shown(error.instance)} {wrong}", advice, value=error.instance))]


# JSON Schema's types, and what a value is that does not keep to a rule, in plain words.
_KINDS = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping of keys to values",
    "null": "nothing",
}
_WRONG = {
    "minLength": "is too short: the least is {}",
    "maxLength": "is too long: the most is {} characters",
    "minItems": "is too short: the least is {}",
    "maxItems": "is too long: the most is {}",
    "minimum": "is too small: the least is {}",
    "maximum": "is too large: the most is {}",
}


def _shown(value: Any) -> str:  # noqa: ANN401
    """Return a value for a message, not longer than a line."""
    text = repr(value)
    return text if len(text) <= _LINE else f"{text[:_LINE]}…"


def _described(error: Any, key: str) -> str:  # noqa: ANN401
    return str(error.schema.get("properties", {}).get(key, {}).get("description", ""))
