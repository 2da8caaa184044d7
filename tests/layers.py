"""Writes values of real projects into the `cookiecutter.json` of layers that see all functions: python tests/layers.py.

Such a layer has an example of each function's values. When these get another key, this writes it into all of them. The
layers of CI have an example of what `scaffold.ci` makes of the functions, with the versions of all that they use.
"""

from __future__ import annotations

import json
from pathlib import Path

from conftest import CATALOGUE, spec_of
from scaffold.model import Cell
from scaffold.render_steps import OWN, RenderStep, render_steps
from scaffold.team import shape


def main() -> None:
    for file in (CATALOGUE.root / layer / shape.LAYER_FILE for layer in shape.read(CATALOGUE.root).layers):
        values = json.loads(file.read_text())
        if "pipeline" in values:
            (step,) = (
                step for step in _steps_of_ci(file.parent) if step.layer == file.parent.relative_to(CATALOGUE.root)
            )
            file.write_text(json.dumps({key: step.context[key] for key in values}, indent=2, ensure_ascii=False) + "\n")
            continue
        layer = file.parent.relative_to(CATALOGUE.root)
        if "functions" not in values or layer.parts[0] == OWN:  # which no cell has
            continue
        ((example, *_),) = values["functions"]
        for cell in CATALOGUE.cells:
            found = [*_steps(cell, layer)] if _is(cell, example, layer) else []
            if found:
                values["functions"] = [found[0]]
                file.write_text(json.dumps(values, indent=2, ensure_ascii=False) + "\n")
                break
        else:
            print(f"{layer}: no cell is like its example")  # noqa: T201


def _steps_of_ci(folder: Path) -> list[RenderStep]:
    """Return the steps of a project in Python, with an image, on the host of that folder or else on the first one."""
    hosts = sorted(path.parent.name for path in CATALOGUE.root.glob("ci/*/host.toml"))
    cell = Cell("hello-world", "Image", "python", "python3.14", "pip")
    return render_steps(CATALOGUE, spec_of(cell, ecr=True, ci=folder.name if folder.name in hosts else hosts[0]))


def _is(cell: Cell, example: dict[str, object], layer: Path) -> bool:
    said = {"language": cell.language, "runtime": cell.runtime, "package_type": cell.package_type}
    said["use_case"] = cell.use_case
    in_layer = "managers" not in layer.parts or cell.dependency_manager in layer.parts
    return in_layer and all(example[key] == value for key, value in said.items())


def _steps(cell: Cell, layer: Path) -> list[list[dict[str, object]]]:
    spec = spec_of(cell)
    return [step.context["functions"] for step in render_steps(CATALOGUE, spec) if step.layer == layer]


if __name__ == "__main__":
    main()
