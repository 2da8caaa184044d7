"""``sam-scaffold show``: the layers that a combination is made of."""

from __future__ import annotations

import json
from dataclasses import replace

import click

from scaffold.cli.console import Command, echo, output_option
from scaffold.cli.options import CATALOGUE, completes
from scaffold.errors import UsageError
from scaffold.spec import AMAZON, DEFAULT_NAME, ProjectSpec


@click.command(
    cls=Command,
    short_help="Show the layers a combination is made of.",
    examples=[
        ("Any part that tells it apart will do", "sam-scaffold show python3.14/pip/image/hello-world"),
        ("On another base image", "sam-scaffold show python3.14/pip/image/hello-world --base-image debian"),
    ],
)
@click.argument("cell", shell_complete=completes(lambda: [str(cell) for cell in CATALOGUE.cells]))
@click.option(
    "-i",
    "--base-image",
    metavar="BASE",
    default=AMAZON,
    shell_complete=completes(lambda: [*CATALOGUE.bases]),
    help="The base of an image, as `sam-scaffold list bases` names it.  [amazon]",
)
@output_option
def show(cell: str, base_image: str, output: str) -> None:
    """Show the layers that CELL is made of, in the order in which they are rendered."""
    from scaffold.resolve import function_of  # noqa: PLC0415

    found = CATALOGUE.find(cell)
    if len(found) != 1:
        names = "".join(f"\n  {one}" for one in found[:20])
        raise UsageError(
            f"{cell!r} is {len(found)} cells:{names}" if found else f"{cell!r} is no cell",
            "add what tells them apart" if found else "sam-scaffold list cells shows them all",
        )
    function = replace(function_of(CATALOGUE, found[0]), base=base_image)
    language = CATALOGUE.languages[function.language]
    runtime = CATALOGUE.runtime(function.language, function.runtime)
    bases = CATALOGUE.bases_for(language, runtime, function.dependency_manager) if runtime else []
    if base_image not in (bases if function.package_type == "Image" else [AMAZON]):
        hint = f"one of {', '.join(bases)}" if function.package_type == "Image" else "leave out --base-image"
        raise UsageError(f"{found[0]} has no base image {base_image!r}", hint)
    spec = ProjectSpec(DEFAULT_NAME, (function,))
    layers = [step.layer.as_posix() for step in CATALOGUE.render_steps(spec)]
    if output == "json":
        echo(json.dumps({"cell": str(found[0]), "root": str(CATALOGUE.root), "layers": layers}))
        return
    echo(found[0])
    for number, layer in enumerate(layers, 1):
        echo(f"{number:3} {layer}")
