"""The answers file: what a project was made from, to read by a person and to make the same bytes again."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from scaffold import __version__, checked, paths, settings, template
from scaffold.spec import LIMITS, MONITORING, Answers

if TYPE_CHECKING:
    from pathlib import Path

    from scaffold.catalogue import Catalogue
    from scaffold.spec import FunctionSpec, ProjectSpec

FILE = ".sam-scaffold.yaml"
SCHEMA = paths.SCHEMAS / "answers.schema.json"
OF_PROJECT = ("name", "ecr", *MONITORING)  # what is said once, for all functions


def dump(catalogue: Catalogue, spec: ProjectSpec) -> str:
    """Return the answers file of a project: no path of a machine, no time, nothing secret."""
    monitoring = {name: getattr(spec, name) for name in MONITORING}
    function = spec.functions[0]
    values: dict[str, Any] = {"name": spec.name}
    if len(spec.functions) == 1 and function.name == catalogue.use_cases[function.use_case].function:
        values |= {**_cell(function), **monitoring, **settings.dump(function.settings)}
    else:
        rows = [{"name": one.name, **_cell(one), **settings.dump(one.settings)} for one in spec.functions]
        values |= {"functions": rows, **monitoring}
    if spec.ecr:
        values["ecr"] = True
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


def read(path: Path) -> tuple[Answers, dict[str, str]]:
    """Return the answers in a YAML or JSON file, and for each the place it stands at, as ``file:line``.

    Raises :class:`OutputError` where there is no such file, :class:`UsageError` where it is not YAML, and
    :class:`InvalidAnswersError` with every problem at once, checked against ``schemas/answers.schema.json``.
    """
    file = checked.read(path, SCHEMA, what="answer", hint="name an answers file with --answers")
    steps: list[tuple[str | int, ...]] = [(key,) for key in file.values]
    for number, one in enumerate(file.values.get("functions", ())):
        steps += [("functions", number), *(("functions", number, key) for key in one)]
    return Answers.of(file.values), {".".join(map(str, step)): file.line(step) for step in steps}


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
    for name in [field.name for field in fields(Answers) if field.name != "functions"]:
        kind, description = _DESCRIBED[name]
        properties[name] = {**kind, "description": description}
        if name in offered:
            properties[name]["enum"] = offered[name]
    own = {name: row for name, row in properties.items() if name not in OF_PROJECT}
    function = {"name": {**_TEXT, "description": "The function's name: its folder and its id in the template."}, **own}
    properties["functions"] = {
        "type": "array",
        "minItems": 1,
        "items": {"type": "object", "properties": function, "additionalProperties": False},
        "description": "Several functions; what one does not say is as the project says.",
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "The answers that sam-scaffold makes a project from",
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }


_TEXT = {"type": "string"}
_YES = {"type": "boolean"}
_WORDS = {"type": ["array", "string"], "items": _TEXT}


def _number(name: str) -> dict[str, Any]:
    return {"type": "integer", "minimum": LIMITS[name].least, "maximum": LIMITS[name].most}


_DESCRIBED: dict[str, tuple[dict[str, Any], str]] = {
    "name": (_TEXT, "The project's name: its folder, and its stack in CloudFormation."),
    "app_template": (_TEXT, "The template, by its own name or by that of sam init --app-template."),
    "language": (_TEXT, "The language; needed only where a runtime serves several."),
    "runtime": (_TEXT, "The Lambda runtime."),
    "package_type": (_TEXT, "How the function reaches Lambda."),
    "base_image": (_TEXT, "What the image starts from: amazon/<runtime>-base, debian and the like, or your own image."),
    "dependency_manager": (_TEXT, "What installs the dependencies."),
    "architecture": (_TEXT, "The processor the function runs on."),
    "memory": (_number("memory"), "The function's memory in MB; its share of CPU grows with it."),
    "timeout": (_number("timeout"), "How long one invocation may take, in seconds."),
    "ephemeral_storage": (_number("ephemeral_storage"), "The size of /tmp in MB."),
    "entrypoint": (_WORDS, "What Lambda runs in place of the image's ENTRYPOINT."),
    "command": (_WORDS, "What Lambda hands over in place of the image's CMD."),
    "working_directory": (_TEXT, "Where Lambda starts the image, in place of its WORKDIR."),
    "build_arg": (
        {"type": "object", "additionalProperties": _TEXT},
        "Arguments of the image's build, by name. They stay readable in the image: no secrets.",
    ),
    "docker_tag": (_TEXT, "The image's tag; the runtime if this is not said."),
    "build_target": (_TEXT, "The stage of the Dockerfile to build; the last one if this is not said."),
    "layer": ({"type": "array", "items": _TEXT}, "ARNs of layer versions, for a Zip."),
    "snap_start": (_YES, "Whether a Zip starts from a snapshot."),
    "ecr": (_YES, "Whether the project has a stack of its own with a repository in Amazon ECR."),
    "tracing": (_YES, "Whether AWS X-Ray traces requests."),
    "application_insights": (_YES, "Whether CloudWatch Application Insights watches the stack."),
    "structured_logging": (_YES, "Whether logs are JSON."),
}
