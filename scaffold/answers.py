"""The answers file: what a project was created from, for people to read and for creating the same bytes again."""

from __future__ import annotations

import re
import shlex
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
_CATALOGUE = "--catalogue"
_LONGEST_COMMENT = 8192  # bytes
# Answers that all functions of a project have in common.
PROJECT_ANSWERS = ("name", *(row.name for row in settings.TABLE if row.scope == settings.PROJECT))


def dump(catalogue: Catalogue, spec: ProjectSpec) -> str:
    """Return the text of a project's answers file. It has no paths of this machine, no time and nothing secret."""
    monitoring = {name: getattr(spec, name) for name in settings.MONITORING}
    # A group's functions differ in their names and parts alone, so the first one stands for all of them.
    functions = [group[0] for group in spec.groups]
    function = functions[0]
    values: dict[str, Any] = {"name": spec.name}
    if len(functions) == 1 and function.group == catalogue.use_cases[function.use_case].name:
        values |= {**_dumped(catalogue, function), **monitoring, **settings.dump(function.settings)}
    else:
        rows = [
            {"name": other.group, **_dumped(catalogue, other), **settings.dump(other.settings)} for other in functions
        ]
        values |= {"functions": rows, **monitoring}
    own = {**settings.dump(settings.of_project(spec)), **catalogue.refused_defaults(spec)}
    values |= {name: value for name, value in own.items() if name not in values}
    titles = ", ".join(" ".join(title.split()) for title in catalogue.titles) or "a team"
    team = f" and the catalogue of {titles}" if catalogue.tree.over else ""
    flags = "".join(f" {word}" for word in catalogue_flags(catalogue))
    comment = (
        f"# What this project was made from, by sam-scaffold {__version__}{team}. To make the same again elsewhere:\n"
        f"#   sam-scaffold init --answers {FILE} --output-dir <folder>{flags}\n"
    )
    return comment + template.dump(values)


def catalogue_flags(catalogue: Catalogue) -> list[str]:
    """Return the words, quoted for a shell, that name a catalogue's parts of teams on any machine."""
    known = [shlex.quote(address) for address in catalogue.addresses]
    local = ["<catalogue>"] * (len(catalogue.tree.over) - len(known))
    return [word for where in (*local, *known) for word in (_CATALOGUE, where)]


def made_with(path: Path) -> str:
    """Return the flags of ``init`` that name the catalogues which a project's answers file was made with, if any.

    The file may be anybody's, so nothing but such flags with plain addresses is taken from it.
    """
    try:
        lines = path.read_bytes()[:_LONGEST_COMMENT].decode(errors="replace").split("\n")
    except OSError:
        return ""
    comment = next((line for line in lines if line.startswith("#") and f" {_CATALOGUE} " in line), "")
    flags = re.findall(rf" {_CATALOGUE} (<catalogue>|[\w@:/.~%+#-]+|'[\w@:/.~%+#-]+')(?= {_CATALOGUE} |$)", comment)
    return " ".join(f"{_CATALOGUE} {address}" for address in flags)


def _dumped(catalogue: Catalogue, function: FunctionSpec) -> dict[str, Any]:
    """Return the answers of a function as a file has them: code that existed already is in the project by now."""
    values = cell(function)
    base = catalogue.explicit_base(function)
    values |= {"base_image": base} if base else {}
    return values | {"handler": f"{catalogue.folder(function)}:{function.own.handler}"} if function.own else values


def cell(function: FunctionSpec) -> dict[str, Any]:
    """Return the answers that make a function, apart from its settings and its name."""
    values = {
        "handler": function.own.given if function.own else None,
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
    """Return the answers in a YAML or JSON file, and the position of each by the keys that lead to it.

    Raises :class:`OutputError` if there is no such file, and :class:`InvalidAnswersError` if it is not YAML, or with
    everything in it that the schema does not allow.
    """
    file = documents.read(path, schema(catalogue), what="answer", hint="name an answers file with --answers")
    keys: list[Keys] = [(key,) for key in file.values]
    for number, function in enumerate(file.values.get("functions", ())):
        keys += [("functions", number), *(("functions", number, key) for key in function)]
    values = _from_folder(file.values, path.parent)
    return Answers.from_values(values), {location: file.position(location) for location in keys}


def _from_folder(values: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Return answers with the paths in them as they are from here: in a file, they are relative to its folder."""
    if "handler" in values:
        values = {**values, "handler": str(folder / values["handler"])}
    if "functions" in values:
        values = {**values, "functions": [_from_folder(row, folder) for row in values["functions"]]}
    return values


def schema(catalogue: Catalogue) -> dict[str, Any]:
    """Return the JSON Schema of the answers file, with the choices that the catalogue has."""
    choices = {
        "app_template": list(dict.fromkeys([*catalogue.use_cases, *catalogue.identifiers()])),
        "language": [language.id for language in catalogue.languages.values() if language.use_cases()],
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
        if name in _DESCRIPTIONS:
            enum = {"enum": choices[name]} if name in choices else {}
            properties[name] = {"type": "string", "description": _DESCRIPTIONS[name], **enum}
    for row in settings.TABLE:
        properties[row.name] = {**row.value.schema(), "description": row.description}
    own = {name: row for name, row in properties.items() if name not in PROJECT_ANSWERS}
    function_name = {"type": "string", "description": "The function's name, used for its folder and its logical id."}
    properties["functions"] = {
        "type": "array",
        "minItems": 1,
        "items": {"type": "object", "properties": {"name": function_name, **own}, "additionalProperties": False},
        "description": "Several functions, each with the answers in which it differs from the project's.",
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "The answers that sam-scaffold creates a project from",
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }


_DESCRIPTIONS = {
    "name": "The project's name, used for its folder and its CloudFormation stack.",
    "handler": "Code that you have, PATH or PATH:FUNCTION, relative to the folder of this file.",
    "app_template": "The template, by its own name or the one that sam init --app-template takes.",
    "language": "The language; needed only if several run on the runtime.",
    "runtime": "The Lambda runtime.",
    "package_type": "How the function is packaged.",
    "base_image": "The base image: amazon/<runtime>-base, another base such as debian, or an image of your own.",
    "dependency_manager": "The dependency manager.",
    "architecture": "The instruction set architecture.",
}
