"""What Lambda refuses although the SAM translator lets it pass, and what to do instead.

Only what is written out is judged: what a ``!Ref`` or another intrinsic function stands for is not known before the
stack is made. The checks of single settings and of what goes together are those of the table of settings.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from scaffold import settings
from scaffold.errors import Problem
from scaffold.intrinsics import is_intrinsic, known_entries
from scaffold.settings.rules import RULES
from scaffold.settings.table import FUNCTION_TYPES, IMAGE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scaffold.errors import Keys

# Takes a resource's name, the resource and its own properties, and returns these with what Globals adds to them.
WithGlobals = Callable[[str, dict[str, Any], dict[str, Any]], dict[str, Any]]

# What an image may not have and what serves instead, beside the settings that are for a Zip alone:
# https://docs.aws.amazon.com/lambda/latest/dg/images-create.html
NOT_FOR_IMAGES = {
    "Handler": "name the handler in the Dockerfile's CMD, or in ImageConfig.Command",
    "Runtime": "the image brings its runtime: name it in the Dockerfile's FROM",
}
NOT_WITH_IMAGES = "Lambda takes no"
ONE_ARCHITECTURE = "build an image for one, or make a function for each"


def problems(template: dict[str, Any], with_globals: WithGlobals) -> list[Problem]:
    """Return everything that Lambda would refuse in a template, a plain value; locations are keys."""
    sections = template.get("Globals")
    shared = sections.get("Function") if isinstance(sections, dict) else None
    result: list[Problem] = []
    for name, resource in template["Resources"].items():
        properties = resource.get("Properties")
        own = properties if isinstance(properties, dict) else {}
        merged = with_globals(name, resource, own)
        for problem in _of_resource(resource.get("Type"), {**resource, "Properties": merged}):
            keys = problem.location if isinstance(problem.location, tuple) else ()
            # What a function has from Globals stands there.
            from_globals = not _has(own, keys[1:]) and _has(shared, keys[1:])
            location: Keys = ("Globals", "Function", *keys[1:]) if from_globals else ("Resources", name, *keys)
            result.append(replace(problem, location=location, message=f"{name}: {problem.message}"))
    return result


def _has(value: Any, keys: Keys) -> bool:  # noqa: ANN401
    """Return whether keys lead somewhere in a value."""
    for key in keys:
        if not isinstance(value, dict) or key not in value:
            return False
        value = value[key]
    return True


def _of_resource(resource_type: Any, resource: dict[str, Any]) -> Iterator[Problem]:  # noqa: ANN401
    if resource_type in FUNCTION_TYPES:
        yield from _of_function(resource["Properties"])
        if "CapacityProviderConfig" in resource["Properties"]:
            return  # a function on instances of its own has other limits
    rows = [row for row in settings.TABLE if row.path and resource_type in row.resource_types]
    values: dict[str, Any] = {}
    for row in rows:
        value = _value(row, resource)
        if value is None:
            continue
        values[row.name] = value
        for problem in settings.check(row, value):
            yield replace(problem, location=row.path, message=f"{'.'.join(row.path[1:])}: {problem.message}")
    for rule in RULES if resource_type in FUNCTION_TYPES else ():
        row = settings.ROWS[rule.name]
        other = settings.ROWS[rule.other]
        known = _is_known(row, resource) and _is_known(other, resource)
        if rule.in_templates and known and rule.applies(values.get(rule.name), values.get(rule.other)):
            yield Problem(row.path, f"{row.path[1]}: {rule.message}", rule.template_hint or rule.hint)


def _of_function(properties: Mapping[str, Any]) -> Iterator[Problem]:
    if properties.get("PackageType") == IMAGE:
        instead = {**NOT_FOR_IMAGES, **{row.path[1]: row.instead for row in settings.TABLE if row.instead}}
        for key, hint in instead.items():
            if known_entries(properties.get(key)):
                yield Problem(("Properties", key), f"{NOT_WITH_IMAGES} {key} with an image", hint)
    architectures = known_entries(properties.get("Architectures"))
    if isinstance(architectures, list) and len(architectures) > 1:
        yield Problem(("Properties", "Architectures"), "a function has one architecture", ONE_ARCHITECTURE)


def _value(row: settings.Setting, resource: Mapping[str, Any]) -> Any:  # noqa: ANN401
    """Return the value of a setting in a resource; ``None`` where there is none, or it is not known."""
    value = _at(row, resource)
    return None if value is None else row.value.from_template(value)


def _is_known(row: settings.Setting, resource: Mapping[str, Any]) -> bool:
    """Return whether it is known if a resource has the setting."""
    value: Any = resource
    for key in row.path:
        if is_intrinsic(value):
            return False
        value = value.get(key) if isinstance(value, dict) else None
    return not is_intrinsic(value)


def _at(row: settings.Setting, resource: Mapping[str, Any]) -> Any:  # noqa: ANN401
    value: Any = resource
    for key in row.path:
        value = value.get(key) if isinstance(value, dict) and not is_intrinsic(value) else None
    return known_entries(value)
