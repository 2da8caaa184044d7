"""What the catalogue says of a Zip: how SAM builds it, and the comments on that in the templates of new projects."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from scaffold import existing, layers, template
from scaffold.render_steps import RenderStep

if TYPE_CHECKING:
    from scaffold.catalogue import Catalogue

# Above the metadata of a function that is an image: as packages/image has it.
IMAGE_COMMENT = "sam build makes the image from this, and sam deploy pushes it."


def files(catalogue: Catalogue, code: existing.Code, function_id: str) -> dict[str, str]:
    """Return the files that a Zip has beyond its code, the fragment of its template among them, by their paths."""
    language = Path("languages", code.language)
    folders = [language / "packages/zip", language / "managers" / code.dependency_manager / "packages/zip"]
    values = {**existing.context(catalogue, code), "function_id": function_id}
    return existing.render(catalogue, [RenderStep(folder, values) for folder in folders if catalogue.is_layer(folder)])


def fragment(catalogue: Catalogue, code: existing.Code, function_id: str) -> str:
    """Return what the template of a new project says of how such a Zip is built; nothing if SAM knows."""
    return files(catalogue, code, function_id).get(layers.TEMPLATE, "")


def build_properties(text: str) -> dict[str, Any]:
    """Return the ``BuildProperties`` in such a fragment."""
    for resource in template.plain(text).get("Resources", {}).values():
        properties: dict[str, Any] = resource.get("Metadata", {}).get("BuildProperties", {})
        return properties
    return {}


def comments_of(text: str) -> frozenset[str]:
    """Return the comments in a text, each as a line without what is around it."""
    return frozenset(line.strip() for line in text.splitlines() if line.strip().startswith("#"))
