"""The answers file: what a project was made from, to read by a person and to make the same bytes again."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from scaffold import __version__, paths, template
from scaffold.errors import InvalidAnswersError, OutputError, Problem, UsageError
from scaffold.spec import MONITORING, Answers, ProjectSpec

if TYPE_CHECKING:
    from pathlib import Path

    from scaffold.catalogue import Catalogue

FILE = ".sam-scaffold.yaml"
SCHEMA = paths.SCHEMAS / "answers.schema.json"


def dump(spec: ProjectSpec) -> str:
    """Return the answers file of a project: no path of a machine, no time, nothing secret."""
    function = spec.functions[0]
    values: dict[str, Any] = {
        "name": spec.name,
        "app_template": function.use_case,
        "language": function.language,
        "runtime": function.runtime,
        "package_type": function.package_type,
        "dependency_manager": function.dependency_manager,
        "architecture": function.architecture,
        "tracing": spec.tracing,
        "application_insights": spec.application_insights,
        "structured_logging": spec.structured_logging,
    }
    head = (
        f"# What this project was made from, by sam-scaffold {__version__}. To make the same again elsewhere:\n"
        f"#   sam-scaffold init --answers {FILE} --output-dir <folder>\n"
    )
    return head + template.dump(values)


def read(path: Path) -> tuple[Answers, dict[str, str]]:
    """Return the answers in a YAML or JSON file, and for each the place it stands at, as ``file:line``.

    Raises :class:`OutputError` where there is no such file, :class:`UsageError` where it is not YAML, and
    :class:`InvalidAnswersError` with every problem at once, checked against ``schemas/answers.schema.json``.
    """
    import jsonschema  # noqa: PLC0415  takes time to load and few runs need it

    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise OutputError(f"{path}: {error.strerror}", "name an answers file with --answers") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 text: {error.reason}", "save it as UTF-8") from error
    try:
        values = template.load(text)
    except template.YamlSyntaxError as error:
        place = f"{path}:{error.position.line}:{error.position.column}"
        raise UsageError(f"{place}: {error.message}", error.hint) from error
    if values is None:
        values = {}
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    problems = []
    for wrong in jsonschema.Draft202012Validator(schema).iter_errors(values):
        steps = [str(step) for step in wrong.absolute_path]
        unknown = _unknown(wrong)
        for step in [[*steps, key] for key in unknown] or [steps]:
            position = template.locate(text, step)
            message = f"{step[-1]!r} is no answer" if unknown else f"{'.'.join(step)}: {wrong.message}"
            hint = f"one of {', '.join(schema['properties'])}" if unknown else ""
            problems.append(Problem(f"{path}:{position.line}:{position.column}", message, hint))
    if problems:
        raise InvalidAnswersError(problems)
    known = {field.name for field in fields(Answers)}
    places = {key: f"{path}:{template.locate(text, [key]).line}" for key in values}
    return Answers(**{key: value for key, value in values.items() if key in known}), places


def _unknown(error: Any) -> list[str]:  # noqa: ANN401  jsonschema's error
    if error.validator != "additionalProperties":
        return []
    return [key for key in error.instance if key not in error.schema["properties"]]


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
    described = {
        "name": "The project's name: its folder, and its stack in CloudFormation.",
        "app_template": "The template, by its own name or by that of sam init --app-template.",
        "language": "The language; needed only where a runtime serves several.",
        "runtime": "The Lambda runtime.",
        "package_type": "How the function reaches Lambda.",
        "base_image": "The base image, as amazon/<runtime>-base; implies the runtime and Image.",
        "dependency_manager": "What installs the dependencies.",
        "architecture": "The processor the function runs on.",
        "tracing": "Whether AWS X-Ray traces requests.",
        "application_insights": "Whether CloudWatch Application Insights watches the stack.",
        "structured_logging": "Whether logs are JSON.",
    }
    properties: dict[str, Any] = {}
    for field in fields(Answers):
        kind = "boolean" if field.name in MONITORING else "string"
        properties[field.name] = {"type": kind, "description": described[field.name]}
        if field.name in offered:
            properties[field.name]["enum"] = offered[field.name]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "The answers that sam-scaffold makes a project from",
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }
