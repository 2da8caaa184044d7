"""Settings: what a function, or a project, may have beyond its cell. All of it follows from the table of settings."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from scaffold.errors import Problem
from scaffold.settings import fragments
from scaffold.settings.rules import RULES
from scaffold.settings.table import EXTRAS, FUNCTION, IMAGE, MONITORING, PROJECT, ROWS, TABLE, ZIP, Setting

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scaffold.errors import Keys
    from scaffold.model import Runtime
    from scaffold.settings.values import Refuse
    from scaffold.spec import Answers, FunctionSpec, ProjectSpec

__all__ = ["EXTRAS", "FUNCTION", "MONITORING", "PROJECT", "ROWS", "TABLE", "Setting"]

SNAPSTART_LABEL = "com.amazonaws.lambda.feature.snapstart"


def read(answers: Answers, runtime: Runtime | None) -> tuple[dict[str, Any], list[Problem]]:
    """Return the settings of a function and its project, and every problem with them.

    ``runtime`` is the function's runtime, if that is known.

    The settings are those in the answers and those that they imply, by name, in the table's order.
    """
    problems: list[Problem] = []
    values: dict[str, Any] = {}
    for row in TABLE:
        given = answers.settings.get(row.name)
        if given is None:
            continue
        if row.package_type not in (None, answers.package_type) and answers.package_type and _asks_for_something(given):
            problems.append(_wrong_package_type(row, answers.package_type))
        value = row.value.read(given, _recorder(problems, (row.name,), given))
        if value is not None and value is not False:
            values[row.name] = value
    for row in TABLE:
        for name in _implied_by(row, answers) if row.name in values else ():
            if answers.settings.get(name) is False:
                problems.append(Problem((row.name,), f"needs {name}, which is turned off", "leave out one of the two"))
            values[name] = True
    if values.get("snap_start") and answers.package_type == ZIP and runtime and not runtime.snap_start:
        message = f"not available for {runtime.id}"
        problems.append(Problem(("snap_start",), message, "leave it out, or choose another runtime"))
    problems += [
        Problem((rule.name,), rule.message, rule.hint)
        for rule in RULES
        if rule.in_answers and rule.applies(values.get(rule.name), values.get(rule.other))
    ]
    return {row.name: values[row.name] for row in TABLE if row.name in values}, problems


def _implied_by(row: Setting, answers: Answers) -> list[str]:
    """Return the settings that one implies, without those that only the other package type has."""
    return [name for name in row.implies if ROWS[name].package_type in (None, answers.package_type)]


def of_scope(values: Mapping[str, Any], scope: str) -> dict[str, Any]:
    """Return those settings that are a function's, or those that are a project's."""
    return {name: value for name, value in values.items() if ROWS[name].scope == scope}


def of_project(project: ProjectSpec) -> dict[str, Any]:
    """Return the settings that a project has itself, by name, in the table's order; those that are off are left out."""
    values = {row.name: getattr(project, row.name) for row in TABLE if row.scope == PROJECT}
    return {name: value for name, value in values.items() if value}


def without_images(answers: Answers) -> Answers:
    """Return the answers of a Zip in a project without those that are about the project's images, such as ``ecr``."""
    names = [row.name for row in TABLE if row.scope == PROJECT and row.package_type == IMAGE]
    return answers.with_values(**dict.fromkeys(names)) if answers.package_type == ZIP else answers


def _asks_for_something(given: Any) -> bool:  # noqa: ANN401
    """Return whether an answer asks for something; a no and an empty list do not."""
    return given is not False and given != ()


def _wrong_package_type(row: Setting, package_type: str) -> Problem:
    if package_type == ZIP:
        message, hint = "only for container images, and this is a Zip", "use the package type Image, or leave it out"
    else:
        message, hint = f"not for container images: Lambda takes no {row.path[-1]} with them", row.instead
    return Problem((row.name,), message, hint)


def _recorder(problems: list[Problem], location: Keys, value: Any) -> Refuse:  # noqa: ANN401
    """Return a callback that appends a problem at that location."""

    def refuse(message: str, hint: str = "", allowed: tuple[str, ...] = ()) -> None:
        problems.append(Problem(location, message, hint, allowed, value))

    return refuse


def check(row: Setting, value: Any) -> list[Problem]:  # noqa: ANN401
    """Return what is wrong with a setting's value in a template; the problems have no location yet."""
    problems: list[Problem] = []
    row.value.check(value, _recorder(problems, (), value))
    return problems


def implied_package_type(answers: Answers) -> str | None:
    """Return the package type that the settings in the answers imply, or ``None``."""
    implied = {
        row.package_type
        for row in TABLE
        if row.package_type and row.name in answers.settings and _asks_for_something(answers.settings[row.name])
    }
    return implied.pop() if len(implied) == 1 else None


def names_of_other_package_type(package_type: str) -> list[str]:
    """Return the names of the settings that only the other package type has."""
    return [row.name for row in TABLE if row.package_type not in (None, package_type)]


def dump(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings for an answers file, without those that others imply."""
    implied = {name for row in TABLE if row.name in settings for name in row.implies}
    return {name: ROWS[name].value.dump(value) for name, value in settings.items() if name not in implied}


def arguments(settings: Mapping[str, Any]) -> list[str]:
    """Return settings as arguments of a command line, without those that others imply."""
    implied = {name for row in TABLE if row.name in settings for name in row.implies}
    explicit = [(ROWS[name], value) for name, value in settings.items() if name not in implied]
    return [argument for row, value in explicit for argument in row.value.arguments(row.flag, value)]


def context_values(settings: Mapping[str, Any]) -> dict[str, str]:
    """Return those settings that layers render themselves, as text by their names."""
    return {name: str(value) for name, value in settings.items() if ROWS[name].rendered}


def fragments_of(project: ProjectSpec, function: FunctionSpec) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what each setting of a project's function adds to its template, as data, by the setting's name."""
    for name, value in function.settings.items():
        row = ROWS[name]
        if row.rendered:
            continue
        if row.fragment:
            yield name, row.fragment(value, function, project)
        elif (node := row.value.to_template(value)) not in (None, [], {}):
            yield name, fragments.set_value(function, row.path, node)


def open_parameters(project: ProjectSpec) -> list[str]:
    """Return the parameters that the settings of a project add to its template without a default."""
    parts = [part for function in project.functions for _, part in fragments_of(project, function)]
    nothing: dict[str, Any] = {}
    parameters = functools.reduce(fragments.merge, parts, nothing).get("Parameters", {})
    return [name for name, parameter in parameters.items() if "Default" not in parameter]


def has_alias(project: ProjectSpec, function: FunctionSpec) -> bool:
    """Return whether a function's settings give it an alias, which its event sources then invoke."""
    parts = [part for _, part in fragments_of(project, function)]
    return any("AutoPublishAlias" in fragments.properties(part, function) for part in parts)


def needs_permissions(settings: Mapping[str, Any]) -> bool:
    """Return whether the function's role gets permissions because of the settings."""
    return any(ROWS[name].permissions for name in settings)


def image_labels(function: FunctionSpec, runtime: Runtime, *, is_aws_image: bool) -> dict[str, str]:
    """Return the labels that a function's settings require on its image, by their names.

    Lambda takes snapshots of AWS's images whose runtime has SnapStart; any other image has to allow it with a label:
    https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html
    """
    wants_snapshots = function.package_type == IMAGE and function.settings.get("snap_start")
    return {} if not wants_snapshots or (is_aws_image and runtime.snap_start) else {SNAPSTART_LABEL: "Allow"}
