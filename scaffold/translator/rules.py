"""What Lambda refuses although the SAM translator lets it pass, and what to do instead.

Only what is written out is judged: a value that is a ``!Ref`` or another intrinsic function is nobody's to know. The
checks of single settings and of what goes together are those of the table of settings.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from scaffold import settings
from scaffold.errors import Problem
from scaffold.intrinsics import is_intrinsic
from scaffold.settings.rules import RULES
from scaffold.settings.table import FUNCTION_TYPES, IMAGE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scaffold.errors import Keys

# What an image may not say and what serves instead, beside the settings that are for a Zip alone:
# https://docs.aws.amazon.com/lambda/latest/dg/images-create.html
NOT_FOR_IMAGES = {
    "Handler": "name the handler in the Dockerfile's CMD, or in ImageConfig.Command",
    "Runtime": "the image brings its runtime: name it in the Dockerfile's FROM",
}
ONE_ARCHITECTURE = "build an image for one, or make a function for each"


def problems(template: dict[str, Any]) -> list[Problem]:
    """Return everything that Lambda would refuse in a template, a plain value; locations are keys."""
    sections = template.get("Globals")
    shared = sections.get("Function") if isinstance(sections, dict) else None
    found: list[Problem] = []
    for name, resource in template["Resources"].items():
        if not isinstance(resource, dict):
            continue
        resource_type = resource.get("Type")
        common = _not_ignored(shared, resource) if resource_type in FUNCTION_TYPES else {}
        own = resource.get("Properties")
        own = own if isinstance(own, dict) else {}
        whole = {**resource, "Properties": {**common, **own}}
        for problem in _of_resource(resource_type, whole):
            keys = problem.location if isinstance(problem.location, tuple) else ()
            # What a function has from Globals stands there.
            from_globals = keys[:1] == ("Properties",) and keys[1] not in own
            location: Keys = ("Globals", "Function", *keys[1:]) if from_globals else ("Resources", name, *keys)
            found.append(replace(problem, location=location, message=f"{name}: {problem.message}"))
    return found


def _not_ignored(shared: Any, resource: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ANN401
    """Return the properties of ``Globals`` that a function takes: not those that its ``IgnoreGlobals`` names."""
    ignored = resource.get("IgnoreGlobals")
    if not isinstance(shared, dict) or ignored == "*":
        return {}
    names = ignored if isinstance(ignored, list) else []
    return {key: value for key, value in shared.items() if key not in names}


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
            if properties.get(key) and not is_intrinsic(properties[key]):
                yield Problem(("Properties", key), f"Lambda takes no {key} with an image", hint)
    architectures = properties.get("Architectures")
    if isinstance(architectures, list) and len(architectures) > 1:
        yield Problem(("Properties", "Architectures"), "a function has one architecture", ONE_ARCHITECTURE)


def _value(row: settings.Setting, resource: Mapping[str, Any]) -> Any:  # noqa: ANN401
    """Return the value of a setting in a resource; ``None`` where there is none, or it cannot be known."""
    found = _at(row, resource)
    return None if found is None or is_intrinsic(found) else row.value.of_template(found)


def _is_known(row: settings.Setting, resource: Mapping[str, Any]) -> bool:
    """Return whether it can be known if a resource has the setting."""
    found: Any = resource
    for key in row.path:
        if is_intrinsic(found):
            return False
        found = found.get(key) if isinstance(found, dict) else None
    return not is_intrinsic(found)


def _at(row: settings.Setting, resource: Mapping[str, Any]) -> Any:  # noqa: ANN401
    found: Any = resource
    for key in row.path:
        found = found.get(key) if isinstance(found, dict) and not is_intrinsic(found) else None
    return found
