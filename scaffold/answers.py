"""The answers file: what a project was made from, to read by a person and to make the same bytes again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scaffold import __version__, documents, paths, settings, template
from scaffold.spec import NAMES, Answers

if TYPE_CHECKING:
    from pathlib import Path

    from scaffold.catalogue import Catalogue
    from scaffold.errors import FilePosition, Keys
    from scaffold.spec import FunctionSpec, ProjectSpec

FILE = ".sam-scaffold.yaml"
SCHEMA = paths.SCHEMAS / "answers.schema.json"
OF_PROJECT = ("name", *(row.name for row in settings.TABLE if row.scope == settings.PROJECT))  # once for all functions


def dump(catalogue: Catalogue, spec: ProjectSpec) -> str:
    """Return the answers file of a project: no path of a machine, no time, nothing secret."""
    monitoring = {name: getattr(spec, name) for name in settings.MONITORING}
    function = spec.functions[0]
    values: dict[str, Any] = {"name": spec.name}
    if len(spec.functions) == 1 and function.name == catalogue.use_cases[function.use_case].function:
        values |= {**_cell(function), **monitoring, **settings.dump(function.settings)}
    else:
        rows = [{"name": one.name, **_cell(one), **settings.dump(one.settings)} for one in spec.functions]
        values |= {"functions": rows, **monitoring}
    values |= {name: True for name in OF_PROJECT if name not in values and getattr(spec, name)}
    head = (
        f"# What this project was made from, by sam-scaffold {__version__}. To make the same again elsewhere:\n"
        f"#   sam-scaffold init --answers {FILE} --output-dir <folder>\n"
    )
    return head + template.dump(values)


def _cell(function: FunctionSpec) -> dict[str, Any]:
    values = {
        "app_template": function.use_case,
        "language": function.language,
        "runtime": function.runtime,
        "package_type": function.package_type,
        "base_image": function.base_image,
        "dependency_manager": function.dependency_manager,
        "architecture": function.architecture,
    }
    return {name: value for name, value in values.items() if value is not None}


def read(catalogue: Catalogue, path: Path) -> tuple[Answers, dict[Keys, FilePosition]]:
    """Return the answers in a YAML or JSON file, and for each its position, by the keys that lead to it.

    Raises :class:`OutputError` where there is no such file, and :class:`InvalidAnswersError` with every problem at
    once, checked against the schema that follows from the catalogue; where it is not YAML, that is the problem.
    """
    file = documents.read(path, schema(catalogue), what="answer", hint="name an answers file with --answers")
    keys: list[Keys] = [(key,) for key in file.values]
    for number, function in enumerate(file.values.get("functions", ())):
        keys += [("functions", number), *(("functions", number, key) for key in function)]
    return Answers.of(file.values), {one: file.position(one) for one in keys}


def schema(catalogue: Catalogue) -> dict[str, Any]:
    """Return the JSON Schema of the answers file, its choices taken from the catalogue."""
    offered = {
        "app_template": [*catalogue.use_cases]
        + [row["id"] for one in catalogue.use_cases.values() for row in one.identifiers if row["id"] != one.id],
        "language": [one.id for one in catalogue.languages.values() if one.use_cases()],
        "runtime": sorted(
            {
                name
                for language in catalogue.languages.values()
                for runtime in language.runtimes
                for name in (runtime.id, language.cli_name(runtime))
            }
        ),
        "package_type": [*catalogue.packages],
        "dependency_manager": sorted({name for language in catalogue.languages.values() for name in language.managers}),
        "architecture": ["x86_64", "arm64"],
    }
    properties: dict[str, Any] = {}
    for name in NAMES:
        if name in _DESCRIBED:
            choices = {"enum": offered[name]} if name in offered else {}
            properties[name] = {"type": "string", "description": _DESCRIBED[name], **choices}
    for row in settings.TABLE:
        properties[row.name] = {**row.value.schema(), "description": row.description}
    own = {name: row for name, row in properties.items() if name not in OF_PROJECT}
    function_name = {"type": "string", "description": "The function's name: its folder and its id in the template."}
    properties["functions"] = {
        "type": "array",
        "minItems": 1,
        "items": {"type": "object", "properties": {"name": function_name, **own}, "additionalProperties": False},
        "description": "Several functions; what one does not say is as the project says.",
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "The answers that sam-scaffold makes a project from",
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }


_DESCRIBED = {
    "name": "The project's name: its folder, and its stack in CloudFormation.",
    "app_template": "The template, by its own name or by that of sam init --app-template.",
    "language": "The language; needed only where a runtime serves several.",
    "runtime": "The Lambda runtime.",
    "package_type": "How the function reaches Lambda.",
    "base_image": "What the image starts from: amazon/<runtime>-base, debian and the like, or your own image.",
    "dependency_manager": "What installs the dependencies.",
    "architecture": "The processor the function runs on.",
}
