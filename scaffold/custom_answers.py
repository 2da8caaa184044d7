"""The answers file of a project that a custom template made: which template, at which revision, with which answers.

It has the name of the one that projects of the catalogue have, and is told apart by its ``location``.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scaffold import __version__, documents, paths, template
from scaffold.answers import FILE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scaffold.fetch import Fetched

SCHEMA = paths.SCHEMAS / "custom-answers.schema.json"
KEY = "location"
# https://…, gh:owner/name, git@host:owner/name; a drive of Windows has one letter.
_REMOTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:|[^/\\]+@[^/\\]+:")
_DESCRIPTIONS = {
    KEY: "Where the custom template is: a folder or a zip, relative to this file's folder, or an address.",
    "revision": "The commit of a git repository, or the SHA-256 of a zip or of a folder's contents.",
    "directory": "The folder in it that is the cookiecutter.",
}


@dataclass(frozen=True)
class CustomAnswers:
    """What ``init --location`` makes a project of. ``checkout`` is a branch, a tag or a revision; empty is the default.

    ``values`` are answers to the template's questions, by the names of its variables. ``revision`` is the one that
    a folder, which nobody can check out, had when a file was written. Without ``hooks``, none of the template's is run.
    """

    location: str
    checkout: str = ""
    directory: str = ""
    revision: str = ""
    values: Mapping[str, Any] = field(default_factory=dict, hash=False)
    hooks: bool = True


def schema() -> dict[str, Any]:
    """Return the JSON Schema of the file."""
    properties: dict[str, Any] = {
        name: {"type": "string", "minLength": 1, "description": text} for name, text in _DESCRIPTIONS.items()
    }
    properties["hooks"] = {
        "type": "boolean",
        "description": "Whether the template's hooks run; without them, its extensions are refused as well.",
    }
    properties["extra_context"] = {"type": "object", "description": "The answers to the template's questions."}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "The answers that sam-scaffold creates a project of a custom template from",
        "type": "object",
        "properties": properties,
        "required": [KEY],
        "additionalProperties": False,
    }


def dump(fetched: Fetched, directory: str, values: Mapping[str, Any], project: Path, *, hooks: bool) -> str:
    """Return the text of the file for a project in the folder ``project``; the template's address has no password."""
    location = fetched.address.url if fetched.address.is_remote else _relative(Path(fetched.address.url), project)
    rows: dict[str, Any] = {KEY: location, "revision": fetched.revision, "directory": directory}
    rows |= {} if hooks else {"hooks": False}
    rows["extra_context"] = dict(values)
    comment = (
        f"# What this project was made from, by sam-scaffold {__version__}. To make the same again elsewhere:\n"
        f"#   sam-scaffold init --answers {FILE} --output-dir <folder>\n"
    )
    return comment + template.dump({key: value for key, value in rows.items() if value or value is False})


def json_text(values: Any) -> str:  # noqa: ANN401  any JSON
    """Return JSON as a person would type it: letters as they are, and escapes for what a terminal would not show."""
    text = json.dumps(values, ensure_ascii=False)
    return "".join(letter if letter.isprintable() else json.dumps(letter)[1:-1] for letter in text)


def _relative(path: Path, folder: Path) -> str:
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:  # another drive
        return str(path)


def read(path: Path) -> CustomAnswers | None:
    """Return what a file says, or ``None`` if it is about a project of the catalogue.

    Raises :class:`OutputError` if there is no such file, and :class:`InvalidAnswersError` if it is not YAML, or with
    everything in it that is wrong.
    """
    hint = "name an answers file with --answers"
    text = documents.text_of(path, hint)
    values = documents.values_of(path, text) if KEY in text else None  # which takes time
    if not isinstance(values, dict) or KEY not in values:
        return None
    values = documents.read(path, schema(), what="answer", hint=hint).values
    location, revision = values[KEY], values.get("revision", "")
    is_remote = bool(_REMOTE.match(location))
    is_folder = not is_remote and not location.endswith(".zip") and revision.startswith("sha256:")
    return CustomAnswers(
        location if is_remote else str(path.parent / location),
        "" if is_folder else revision,
        values.get("directory", ""),
        revision,
        values.get("extra_context", {}),
        values.get("hooks", True),
    )
