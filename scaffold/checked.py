"""A YAML file that a person writes, checked against its JSON Schema, and where in it everything stands."""

from __future__ import annotations

import datetime as dt
import difflib
import json
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scaffold import template
from scaffold.errors import InvalidAnswersError, OutputError, Problem, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_FEW = 10  # of more values that are allowed, only those near the one that is not are named


@dataclass(frozen=True)
class Checked:
    """A file that its schema accepts: its path, its text and its values; dates are text as they were written."""

    path: Path
    text: str
    values: dict[str, Any]

    def place(self, steps: Sequence[str | int]) -> str:
        """Return where the keys ``steps`` lead to, as ``file:line:column``; the nearest parent where they end."""
        position = template.locate(self.text, steps)
        return f"{self.path}:{position.line}:{position.column}"

    def line(self, steps: Sequence[str | int]) -> str:
        """Return the same as ``file:line``."""
        return f"{self.path}:{template.locate(self.text, steps).line}"


def text_of(path: Path, hint: str) -> str:
    """Return the text of a file. Raises :class:`OutputError` and :class:`UsageError`; ``hint`` says which to name."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise OutputError(f"{path}: {error.strerror}", hint) from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 text: {error.reason}", "save it as UTF-8") from error


def values_of(path: Path, text: str) -> Any:  # noqa: ANN401  a YAML document may hold anything
    """Return the values in a YAML text. Raises :class:`UsageError` with file, line and column."""
    with _located(path):
        return _plain(template.load(text))


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
        place = f"{path}:{error.position.line}:{error.position.column}"
        raise UsageError(f"{place}: {error.message}", error.hint) from error


def read(path: Path, schema: Path, *, what: str, hint: str) -> Checked:
    """Read a YAML or JSON file and check it against the schema in the file ``schema``.

    ``what`` a key stands for is part of the messages ("answer"), ``hint`` tells how to name the file. Raises
    :class:`OutputError` where there is no such file, :class:`UsageError` where it is not YAML, and
    :class:`InvalidAnswersError` with every problem at once, each at ``file:line:column``.
    """
    import jsonschema  # noqa: PLC0415  takes time to load and few runs need it

    text = text_of(path, hint)
    values = values_of(path, text)
    checked = Checked(path, text, {} if values is None else values)
    validator = jsonschema.Draft202012Validator(json.loads(schema.read_text(encoding="utf-8")))
    problems = [
        Problem(checked.place(steps), message, advice)
        for wrong in validator.iter_errors(checked.values)
        for steps, message, advice in _explain(wrong, what)
    ]
    if problems:
        raise InvalidAnswersError(sorted(problems, key=lambda one: _numbers(one.field)))
    return checked


def _numbers(place: str) -> tuple[int, int]:
    line, column = place.rsplit(":", 2)[1:]
    return int(line), int(column)


def _plain(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, (dt.date, dt.datetime)) else value


def _explain(error: Any, what: str) -> list[tuple[list[str | int], str, str]]:  # noqa: ANN401  jsonschema's error
    """Return the places of an error with what is wrong there and what is allowed."""
    path = list(error.absolute_path)
    name = ".".join(map(str, path))
    said = f"{name}: {error.message}" if path else error.message
    if error.validator == "additionalProperties" and isinstance(error.instance, dict):
        known = error.schema.get("properties", {})
        return [
            ([*path, key], f"{key!r} is no {what}", f"one of {', '.join(known)}")
            for key in error.instance
            if key not in known
        ]
    if error.validator == "required":
        key = error.message.split("'")[1]  # an error for each key, which only its message names
        return [(path, f"{key} is missing{f' in {name}' if name else ''}", _described(error, key))]
    if error.validator in ("enum", "const"):
        allowed = error.validator_value if error.validator == "enum" else [error.validator_value]
        close = (
            difflib.get_close_matches(str(error.instance), map(str, allowed), cutoff=0.5) if len(allowed) > _FEW else []
        )
        hint = f"did you mean {' or '.join(close)}?" if close else f"one of {', '.join(map(str, allowed))}"
        return [(path, f"{name}: {error.instance!r} is not allowed", hint)]
    if error.validator == "pattern":
        return [(path, f"{name}: {error.instance!r} is not allowed", error.schema.get("description", ""))]
    if error.validator in ("oneOf", "anyOf", "not"):
        return [(path, error.schema.get("$comment", said), "")]
    return [(path, said, error.schema.get("description", ""))]


def _described(error: Any, key: str) -> str:  # noqa: ANN401
    return str(error.schema.get("properties", {}).get(key, {}).get("description", ""))
