"""What the SAM translator complains of, as problems: where in the template that is, and what to do about it.

The translator names resources, events and properties only in the words of its messages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scaffold.errors import Problem

if TYPE_CHECKING:
    from scaffold.errors import Keys

_REFERENCE = "https://docs.aws.amazon.com/serverless-application-model/latest/developerguide"


def problem(cause: Any, resources: dict[str, Any]) -> Problem:  # noqa: ANN401  one of the translator's exceptions
    """Return a cause as a problem at the keys of what it is about; ``resources`` are those of the template."""
    message = " ".join(str(getattr(cause, "message", cause)).split())
    name, event = _resource(message, resources)
    if name is None:
        return Problem((), message, _hint(message, ""))
    resource_type = str(resources[name].get("Type", ""))
    inner = event or _keys(message, resources[name].get("Properties"))
    keys = ("Resources", name, *inner)
    return Problem(keys, message, _hint(message, resource_type))


def _resource(message: str, resources: dict[str, Any]) -> tuple[str | None, Keys]:
    """Return the resource that a message is about; and the keys of its event, where that is what SAM names."""
    named = _between(message, "Resource with id [", "]")
    if named in resources:
        return named, ()
    # What SAM makes of an event is called as the function and the event are.
    for name, resource in resources.items():
        properties = resource.get("Properties")
        events = properties.get("Events") if isinstance(properties, dict) else None
        for event in events if isinstance(events, dict) else ():
            if named == f"{name}{event}":
                return name, ("Properties", "Events", event)
    return next((name for name in resources if f"[{name}]" in message), None), ()


def _keys(message: str, properties: Any) -> Keys:  # noqa: ANN401  whatever the template has there
    """Return the keys that lead from a resource to the event or the property that a message names."""
    event = _between(message, "Event with id [", "]")
    if event:
        return ("Properties", "Events", event)
    if any(word in message for word in ("required", "needs to be present", "Missing")):
        return ()
    words = [word.strip("'\"`.,:;()[]") for word in message.partition("is invalid.")[2].split()]
    name = next((word for word in words if isinstance(properties, dict) and word in properties), None)
    return ("Properties", name) if name else ()


def _between(text: str, start: str, end: str) -> str:
    _, found, rest = text.partition(start)
    return rest.partition(end)[0] if found else ""


def _hint(message: str, resource_type: str) -> str:
    """Return what to do, which follows from the translator's words."""
    if "no Resources" in message:
        return "add a Resources section with at least one resource"
    if "ImageUri" in message:
        return "give the function an ImageUri, or Metadata with Dockerfile and DockerContext for sam build"
    if "invalid 'PackageType'" in message:
        return "write Image or Zip: SAM takes no function or parameter there"
    if any(word in message for word in ("is required", "issing", "needs to be present")):
        what = "add what is named"
    elif "not defined for resource" in message or "not supported" in message:
        what = "check the spelling of the property, or remove it"
    else:
        what = "compare with the reference"
    name = resource_type.removeprefix("AWS::Serverless::")
    page = f"sam-resource-{name.lower()}.html" if name != resource_type else "sam-specification.html"
    return f"{what}: {_REFERENCE}/{page}"
