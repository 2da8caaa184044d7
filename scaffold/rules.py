"""What Lambda refuses although the SAM translator lets it pass, and what to do instead.

Only what is written out is judged: a value that is a ``!Ref`` or another intrinsic function is nobody's to know.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scaffold.spec import LIMITS, Limit

if TYPE_CHECKING:
    from collections.abc import Iterator

FUNCTIONS = ("AWS::Serverless::Function", "AWS::Serverless::WebFunction")

# What an image may not say and what serves instead:
# https://docs.aws.amazon.com/lambda/latest/dg/images-create.html
NOT_FOR_IMAGES = {
    "Layers": "copy the layer's content into /opt in the Dockerfile",
    "Handler": "name the handler in the Dockerfile's CMD, or in ImageConfig.Command",
    "Runtime": "the image brings its runtime: name it in the Dockerfile's FROM",
    "SnapStart": "keep start-up short in the image, or package the function as a Zip",
}
ONE_ARCHITECTURE = "build an image for one, or make a function for each"

_NUMBERS = {
    "MemorySize": LIMITS["memory"],
    "Timeout": LIMITS["timeout"],
    "EphemeralStorage.Size": LIMITS["ephemeral_storage"],
}


@dataclass(frozen=True)
class Breach:
    """A rule that a resource breaks: what is wrong, the keys that lead there, and what to do."""

    message: str
    path: tuple[str, ...]
    hint: str


def outside(value: int, limit: Limit) -> str | None:
    """Return what is wrong with a number, or ``None`` where it keeps within its limit."""
    if limit.least <= value <= limit.most:
        return None
    return f"is {value}: Lambda takes {limit.least} to {limit.most} {limit.unit}"


def breaches(template: dict[str, Any]) -> list[Breach]:
    """Return every rule that the functions of a template, a plain value, break."""
    sections = template.get("Globals")
    shared = sections.get("Function") if isinstance(sections, dict) else None
    found: list[Breach] = []
    for name, resource in template["Resources"].items():
        if not isinstance(resource, dict) or resource.get("Type") not in FUNCTIONS:
            continue
        own = resource.get("Properties")
        own = own if isinstance(own, dict) else {}
        both = {**shared, **own} if isinstance(shared, dict) else own
        for key, message, hint in _of_function(both):
            if key.partition(".")[0] in own:
                place: tuple[str, ...] = ("Resources", name, "Properties", *key.split("."))
            else:
                place = ("Globals", "Function", *key.split("."))
            found.append(Breach(f"{name}: {message}", place, hint))
    return found


def _of_function(properties: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    if properties.get("PackageType") == "Image":
        for key, instead in NOT_FOR_IMAGES.items():
            if properties.get(key) and properties[key] != {"ApplyOn": "None"}:
                yield key, f"Lambda takes no {key} with an image", instead
    architectures = properties.get("Architectures")
    if isinstance(architectures, list) and len(architectures) > 1:
        yield "Architectures", "a function has one architecture", ONE_ARCHITECTURE
    if "CapacityProviderConfig" in properties:
        return  # a function on instances of its own has other limits
    for key, limit in _NUMBERS.items():
        value: Any = properties
        for step in key.split("."):
            value = value.get(step) if isinstance(value, dict) else None
        if isinstance(value, int) and (wrong := outside(value, limit)):
            yield key, f"{key} {wrong}", f"see {limit.source}"
