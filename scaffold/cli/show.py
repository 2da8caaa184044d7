"""``sam-scaffold show``: the layers of a combination."""

from __future__ import annotations

import json
from dataclasses import replace

import click

from scaffold.cli.catalogues import catalogue, catalogue_option
from scaffold.cli.console import Command, echo, output_option
from scaffold.cli.options import cells, completer, find_cell
from scaffold.errors import UsageError
from scaffold.spec import AMAZON, DEFAULT_NAME, ProjectSpec


@click.command(
    cls=Command,
    examples=[
        ("The parts in any order", "sam-scaffold show python3.14/pip/image/hello-world"),
        ("With another base image", "sam-scaffold show python3.14/pip/image/hello-world --base-image debian"),
    ],
)
@click.argument("cell", shell_complete=completer(cells))
@click.option(
    "-i",
    "--base-image",
    metavar="BASE",
    default=AMAZON,
    shell_complete=completer(lambda: [*catalogue().bases]),
    help="The base image, by its name in `sam-scaffold list bases`.  [amazon]",
)
@catalogue_option
@output_option
def show(cell: str, base_image: str, output: str) -> None:
    """Show the layers of CELL, in the order in which they are rendered.

    CELL is a combination from `sam-scaffold list cells`, or enough parts of one to identify it.
    """
    from scaffold.render_steps import render_steps  # noqa: PLC0415
    from scaffold.resolve import functions_of  # noqa: PLC0415

    match = find_cell(cell)
    functions = tuple(replace(one, base=base_image) for one in functions_of(catalogue(), match))
    function = functions[0]
    language = catalogue().languages[function.language]
    runtime = catalogue().runtime(function.language, function.runtime)
    bases = catalogue().bases_for(language, runtime, function.dependency_manager, function.use_case) if runtime else []
    if base_image not in (bases if function.package_type == "Image" else [AMAZON]):
        hint = f"use one of {', '.join(bases)}" if function.package_type == "Image" else "leave out --base-image"
        raise UsageError(f"{match} has no base image {base_image!r}", hint)
    spec = ProjectSpec(DEFAULT_NAME, functions)
    # The functions of a group have most of their layers in common.
    layers = list(dict.fromkeys(step.layer.as_posix() for step in render_steps(catalogue(), spec)))
    elsewhere = {layer: folder for layer in layers if (folder := catalogue().team_folder(layer))}
    if output == "json":
        document = {"cell": str(match), "root": str(catalogue().root), "layers": layers}
        echo(json.dumps(document | {"from_catalogues": {layer: str(folder) for layer, folder in elsewhere.items()}}))
        return
    echo(match)
    for number, layer in enumerate(layers, 1):
        echo(f"{number:3} {layer}{f'  ({elsewhere[layer]})' if layer in elsewhere else ''}")
