"""``sam-scaffold init --explain``: every answer, and where it comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scaffold import settings
from scaffold.cli.console import result, table
from scaffold.spec import NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaffold.cli.sources import Given
    from scaffold.errors import Keys
    from scaffold.resolve import Resolution

IMPLIED, DEFAULT = "implied", "default"
_TEXTS = {IMPLIED: "follows from the other answers", DEFAULT: "default"}


def show(given: Given, resolution: Resolution, output: str) -> None:
    """Print the answers that make a project, and the source of each; raise for what is wrong or missing.

    Raises :class:`InvalidAnswersError`, as text after the answers that are known.
    """
    rows = [_row(given, resolution, keys, value) for keys, value in _values(resolution)]
    if output == "json":
        resolution.require()
        result(answers=rows)
        return
    columns = ("answer", "value", "from")
    table(columns, [{"answer": row["answer"], "value": _text(row["value"]), "from": _origin(row)} for row in rows])
    resolution.require()


def _values(resolution: Resolution) -> Iterator[tuple[Keys, Any]]:
    """Yield the value of each answer by its keys; those that are known already where there is no specification."""
    from scaffold import answers  # noqa: PLC0415  takes time to load

    spec = resolution.spec
    if spec is None:
        for name, value in resolution.answers.values().items():
            yield (name,), value
        return
    yield ("name",), spec.name
    for number, function in enumerate(spec.functions):
        if resolution.answers.functions is not None:
            yield ("functions", number, "name"), function.name
        for name, value in {**answers.cell(function), **settings.dump(function.settings)}.items():
            yield (name,) if resolution.answers.functions is None else ("functions", number, name), value
    for name in answers.PROJECT_ANSWERS[1:]:
        yield (name,), getattr(spec, name)


def _row(given: Given, resolution: Resolution, keys: Keys, value: Any) -> dict[str, Any]:  # noqa: ANN401
    name = str(keys[-1])
    source = given.sources.get(keys) or given.sources.get((name,))
    if source:
        kind, location = source.kind, str(source.location)
    else:
        is_implied = _is_implied(given, keys) if len(keys) > 1 else resolution.answers.get(name) is not None
        kind, location = (IMPLIED if is_implied and name in NAMES else DEFAULT), None
    return {"answer": ".".join(map(str, keys)), "value": _plain(value), "source": kind, "location": location}


def _is_implied(given: Given, keys: Keys) -> bool:
    """Return whether an answer of one of several functions follows from others that were given for it or for all."""
    names = _IMPLYING.get(str(keys[-1]), ())
    return any(location in given.sources for name in names for location in ((*keys[:-1], name), (name,)))


# From which answers another one may follow.
_IMPLYING = {
    "language": ("runtime", "base_image", "app_template"),
    "runtime": ("base_image",),
    "package_type": ("base_image", "app_template"),
}


def _origin(row: dict[str, Any]) -> str:
    return row["location"] or _TEXTS[row["source"]]


def _plain(value: Any) -> Any:  # noqa: ANN401
    return list(value) if isinstance(value, tuple) else value


def _text(value: Any) -> str:  # noqa: ANN401
    """Return a value as it is written in an answers file, in a line."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return ", ".join(f"{name}={text}" for name, text in value.items()) or "none"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value) or "none"
