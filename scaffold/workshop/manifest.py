"""The manifest of a workshop: what its organiser writes, read and checked against its schema."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scaffold import answers, documents, paths
from scaffold.errors import Problem
from scaffold.workshop import outputs

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from scaffold.catalogue import Catalogue
    from scaffold.documents import Document

FILE = "workshop.yaml"
SCHEMA = paths.SCHEMAS / "workshop.schema.json"
DEFAULT_NAME = "{title}-{handle}"
NAME_PARTS = ("title", "handle", "number", "language", "package_type")
PATH_PARTS = ("language", "package_type", "runtime", "dependency_manager")
INCLUDED, SEPARATE = "included", "separate"
MAX_COUNT = 100_000
YEARS = (1980, 2099)  # a zip knows no year before, and one of 2107 is far away
_PASSWORD = re.compile(r"://[^/@]*:[^/@]*@")
_EMAIL = "workshop@example.invalid"  # a name that never resolves: https://www.rfc-editor.org/rfc/rfc2606


@dataclass(frozen=True)
class Step:
    """An exercise: what it is called, and the folders that are laid over the repository as it starts and is solved."""

    name: str
    starter: str | None
    solution: str | None


@dataclass(frozen=True)
class Manifest:
    """A manifest that its schema accepts. Paths in it are text as it was written, relative to its folder."""

    file: Document
    title: str
    date: str
    author: tuple[str, str]
    name: str
    answers: dict[str, Any]
    variants: tuple[dict[str, Any], ...]
    roster: str | None
    count: int | None
    overlay: str | None
    steps: tuple[Step, ...]
    solutions: str
    output: str
    clone: str | None

    @property
    def folder(self) -> Path:
        """The folder that paths are relative to."""
        return self.file.path.parent

    @property
    def keeps_solutions(self) -> bool:
        """Whether solutions are the organiser's alone."""
        return self.solutions == SEPARATE


class Problems(list[Problem]):
    """What is wrong with a workshop, as it is found."""

    def __init__(self, file: Document) -> None:
        super().__init__()
        self.file = file

    def at(self, keys: Sequence[str | int], message: str, hint: str = "") -> None:
        """Add what is wrong where ``keys`` of the manifest lead to."""
        self.append(Problem(self.file.position(keys), message, hint))


def read(catalogue: Catalogue, path: Path) -> Manifest:
    """Return the manifest at ``path``, a file or a folder with a ``workshop.yaml``.

    Raises :class:`OutputError` where there is none, and :class:`InvalidAnswersError` with every problem that the schema
    finds, each at ``file:line:column``; where it is not YAML, that is the problem.
    """
    if path.is_dir():
        path = path / FILE
    file = documents.read(
        path, schema(catalogue), what="key of a workshop", hint="`sam-scaffold workshop new` writes one"
    )
    values = file.values
    author = values.get("author", {})
    return Manifest(
        file=file,
        title=values["title"],
        date=values["date"],
        author=(author.get("name", values["title"]), author.get("email", _EMAIL)),
        name=values.get("name", DEFAULT_NAME),
        answers=values.get("answers", {}),
        variants=tuple(values.get("variants", ({},))),
        roster=values.get("roster"),
        count=int(values["count"]) if "count" in values else None,  # to JSON Schema 3.0 is a whole number as well
        overlay=values.get("overlay"),
        steps=tuple(Step(row["name"], row.get("starter"), row.get("solution")) for row in values.get("steps", ())),
        solutions=values.get("solutions", INCLUDED),
        output=values.get("output", outputs.DEFAULT),
        clone=values.get("clone"),
    )


def check(manifest: Manifest) -> list[Problem]:
    """Return what is wrong with the date and the address of a manifest although its schema accepts them."""
    problems = Problems(manifest.file)
    try:
        year = dt.date.fromisoformat(manifest.date).year
    except ValueError:
        problems.at(["date"], f"date: there is no {manifest.date}", "YYYY-MM-DD, a day that the calendar has")
    else:
        if not YEARS[0] <= year <= YEARS[1]:
            hint = f"one from {YEARS[0]} to {YEARS[1]}"
            problems.at(["date"], f"date: the year {year} is not allowed", hint)
    if _PASSWORD.search(manifest.clone or ""):
        hint = "leave out user and password: git asks each participant for their own"
        problems.at(["clone"], "clone: holds a password, which everyone would read", hint)
    return problems


def schema(catalogue: Catalogue) -> dict[str, Any]:
    """Return the JSON Schema of the manifest; what an answer may be comes from the catalogue."""
    answer_properties = answers.schema(catalogue)["properties"]
    for row in (answer_properties, answer_properties["functions"]["items"]["properties"]):
        row.pop("handler")  # code that somebody has is theirs, and no variant of a workshop
    answer_properties.pop("name")
    answers_schema = {"type": "object", "properties": answer_properties, "additionalProperties": False}
    end = r"$(?!\n)"  # to Python a $ matches before a last newline, too
    line = {"type": "string", "maxLength": 100, "pattern": rf"^(?=.*\S)[^\x00-\x1f\x7f<>]*{end}"}
    path = {"type": "string", "minLength": 1, "pattern": rf"^[^\x00-\x1f\x7f]*{end}"}
    parts = ", ".join(f"{{{part}}}" for part in PATH_PARTS)
    step = {
        "name": {**line, "description": "What the step is called, on the page for one: a line without < and >."},
        "starter": {**path, "description": f"The folder that is laid over the repository as the step starts; {parts}."},
        "solution": {**path, "description": f"The folder that is laid over the starter as its solution; {parts}."},
    }
    properties: dict[str, Any] = {
        "title": {**line, "description": "What the workshop is called: text in one line, without < and >."},
        "date": {
            "type": "string",
            "pattern": r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])" + end,
            "description": "The day of the workshop, YYYY-MM-DD. It is the date of every commit.",
        },
        "author": {
            "type": "object",
            "properties": {
                "name": {**line, "description": "Who every commit is by: text in one line, without < and >."},
                "email": {
                    **line,
                    "pattern": rf"^[^\s\x00-\x1f\x7f<>@]+@[^\s\x00-\x1f\x7f<>@]+{end}",
                    "description": "The address that every commit bears: ada@example.com.",
                },
            },
            "additionalProperties": False,
            "description": "Who every commit is by: name and email.",
        },
        "name": {
            "type": "string",
            "minLength": 1,
            "description": "What each repository and its stack are called: "
            + ", ".join(f"{{{part}}}" for part in NAME_PARTS)
            + f" are filled in. Usually {DEFAULT_NAME}.",
        },
        "answers": {**answers_schema, "description": "What `sam-scaffold init` is to make, without the name."},
        "variants": {
            "type": "array",
            "minItems": 1,
            "items": answers_schema,
            "description": "Answers over `answers`; a participant's language or package_type in the roster picks one.",
        },
        "roster": {**path, "description": "The participants: a CSV file with a header, or a YAML list."},
        "count": {
            "type": "integer",
            "minimum": 1,
            "maximum": MAX_COUNT,
            "description": f"How many take part, 1 to {MAX_COUNT}, where no roster says who: participant-01 and so on.",
        },
        "overlay": {**path, "description": f"A folder that is laid over every repository; {parts} are filled in."},
        "steps": {
            "type": "array",
            "maxItems": 100,
            "items": {"type": "object", "properties": step, "required": ["name"], "additionalProperties": False},
            "description": "The exercises in their order, each a commit and a tag at its start and at its solution.",
        },
        "solutions": {
            "enum": [INCLUDED, SEPARATE],
            "description": "Whether the solutions are in every repository or in one of the organiser's alone.",
        },
        "output": {
            "enum": [*outputs.names()],
            "description": "What each participant gets: "
            + "; ".join(f"{name}, {outputs.named(name).description}" for name in outputs.names())
            + f". Usually {outputs.DEFAULT}.",
        },
        "clone": {**path, "description": "Where participants clone from: https://git.example.com/org/{name}.git"},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A workshop of sam-scaffold",
        "type": "object",
        "properties": properties,
        "required": ["title", "date"],
        "oneOf": [{"required": ["roster"]}, {"required": ["count"]}],
        "$comment": "say who takes part: either roster, a file, or count, a number",
        "additionalProperties": False,
    }


def dump_schema(catalogue: Catalogue) -> str:
    """Return the schema as the text of its file."""
    return json.dumps(schema(catalogue), indent=2) + "\n"
