"""What a function, or a project, may have beyond its cell: the table of settings, and all that follows from it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from scaffold.errors import Problem
from scaffold.settings import fragments
from scaffold.settings.table import FUNCTION, IMAGE, MONITORING, PROJECT, ROWS, RULES, TABLE, ZIP, Setting

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from scaffold.errors import Keys
    from scaffold.model import Runtime
    from scaffold.settings.values import Refuse
    from scaffold.spec import Answers, FunctionSpec, ProjectSpec

__all__ = ["MONITORING", "PROJECT", "ROWS", "TABLE", "Setting"]


def read(answers: Answers, runtime: Runtime | None) -> tuple[dict[str, Any], list[Problem]]:
    """Return the settings of a function, and every problem with them; ``runtime`` is its runtime, if that is known.

    The settings are those that were answered and those that these imply, by name, in the table's order.
    """
    problems: list[Problem] = []
    values: dict[str, Any] = {}
    for row in TABLE:
        given = answers.settings.get(row.name)
        if given is None:
            continue
        if row.package_type not in (None, answers.package_type) and answers.package_type and _is_answered(given):
            problems.append(_not_for(row, answers.package_type))
        value = row.value.read(given, _refusing(problems, (row.name,), given))
        if value is not None and value is not False and row.scope == FUNCTION:
            values[row.name] = value
    for row in TABLE:
        for name in row.implies if row.name in values else ():
            if answers.settings.get(name) is False:
                problems.append(Problem((row.name,), f"does not go with --no-{name}", "leave one of the two out"))
            values[name] = True
    if values.get("snap_start") and answers.package_type == ZIP and runtime and not runtime.snap_start:
        message = f"is not there for {runtime.id}"
        problems.append(Problem(("snap_start",), message, "leave it out, or choose another runtime"))
    problems += [
        Problem((rule.name,), rule.message, rule.hint)
        for rule in RULES
        if rule.applies(values.get(rule.name), values.get(rule.other))
    ]
    return {row.name: values[row.name] for row in TABLE if row.name in values}, problems


def _is_answered(given: Any) -> bool:  # noqa: ANN401
    """Return whether an answer asks for something; a plain no, and a list of nothing, do not."""
    return given is not False and given != ()


def _not_for(row: Setting, package_type: str) -> Problem:
    if package_type == ZIP:
        message, hint = "is for container images, and this is a Zip", "use --package-type Image, or leave it out"
    else:
        message, hint = f"is not for images: Lambda takes no {row.path[-1]} with one", row.instead
    return Problem((row.name,), message, hint)


def _refusing(problems: list[Problem], location: Keys, value: Any) -> Refuse:  # noqa: ANN401
    """Return what notes a problem of that location."""

    def refuse(message: str, hint: str = "", allowed: tuple[str, ...] = ()) -> None:
        problems.append(Problem(location, message, hint, allowed, value))

    return refuse


def check(row: Setting, value: Any) -> list[Problem]:  # noqa: ANN401
    """Return what is wrong with a value of a template; the locations are for the caller to say."""
    problems: list[Problem] = []
    row.value.check(value, _refusing(problems, (), value))
    return problems


def implied_package_type(answers: Answers) -> str | None:
    """Return the package type that the settings in the answers imply, if they imply one."""
    implied = {
        row.package_type
        for row in TABLE
        if row.package_type and row.name in answers.settings and _is_answered(answers.settings[row.name])
    }
    return implied.pop() if len(implied) == 1 else None


def foreign(package_type: str) -> list[str]:
    """Return the names of the settings that the other package type has alone."""
    return [row.name for row in TABLE if row.package_type not in (None, package_type)]


def dump(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings as an answers file has them: what follows from the others is left out."""
    implied = {name for row in TABLE if row.name in settings for name in row.implies}
    return {name: ROWS[name].value.dump(value) for name, value in settings.items() if name not in implied}


def words(settings: Mapping[str, Any]) -> list[str]:
    """Return settings as words of a command line."""
    implied = {name for row in TABLE if row.name in settings for name in row.implies}
    shown = [(ROWS[name], value) for name, value in settings.items() if name not in implied]
    return [word for row, value in shown for word in row.value.words(row.flag, value)]


def context_values(settings: Mapping[str, Any]) -> dict[str, str]:
    """Return what layers see of the settings: those for which the templates have a default."""
    return {name: str(value) for name, value in settings.items() if ROWS[name].rendered}


def fragment(project: ProjectSpec, functions: Iterable[FunctionSpec]) -> dict[str, Any]:
    """Return what the settings of some functions of a project add to its template, as data."""
    result: dict[str, Any] = {}
    for function in functions:
        for name, value in function.settings.items():
            row = ROWS[name]
            if row.rendered:
                continue
            if row.fragment:
                addition = row.fragment(value, function, project)
            else:
                written = row.value.to_template(value)
                addition = {} if written in (None, [], {}) else fragments.of_function(function, row.path, written)
            result = fragments.merged(result, addition)
    return result


def image_labels(function: FunctionSpec, runtime: Runtime, *, is_aws_image: bool) -> dict[str, str]:
    """Return the labels that the settings ask of an image.

    Lambda takes snapshots of AWS's images whose runtime has SnapStart; any other image says that it may:
    https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html
    """
    needed = function.package_type == IMAGE and function.settings.get("snap_start")
    return {} if not needed or (is_aws_image and runtime.snap_start) else {SNAPSTART_LABEL: "Allow"}


SNAPSTART_LABEL = "com.amazonaws.lambda.feature.snapstart"


def located(problems: Iterable[Problem], location: Keys) -> list[Problem]:
    """Return problems with their location."""
    return [replace(problem, location=location) for problem in problems]
