"""The command ``sam-scaffold`` with all its subcommands, and the function that runs it."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from scaffold import __version__
from scaffold.cli import edge
from scaffold.cli.catalogue import catalogue
from scaffold.cli.console import Group, debug_option
from scaffold.cli.convert import convert
from scaffold.cli.doctor import doctor
from scaffold.cli.export import export
from scaffold.cli.init import init
from scaffold.cli.list import list_
from scaffold.cli.show import show
from scaffold.cli.validate import validate
from scaffold.cli.workshop import workshop
from scaffold.translator import client

if TYPE_CHECKING:
    from collections.abc import Sequence


def _info(ctx: click.Context, _param: click.Parameter, value: bool) -> None:  # noqa: FBT001  as click calls it
    if value and not ctx.resilient_parsing:
        from scaffold.cli import info  # noqa: PLC0415  takes time to load and few runs need it

        info.show()
        ctx.exit()


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", prog_name="sam-scaffold")
@debug_option
@click.option(
    "--info", is_flag=True, is_eager=True, expose_value=False, callback=_info, help="Show what is installed, as JSON."
)
def cli() -> None:
    """Create AWS SAM projects that build, pass their tests and work right away."""


for _command in (workshop, catalogue, convert, doctor, export, init, list_, show, validate):
    cli.add_command(_command)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    ``argv`` defaults to the arguments of the process. The codes are those of :mod:`scaffold.errors`. Prints no
    traceback unless it is asked for with ``--debug``.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    if "_SAM_SCAFFOLD_COMPLETE" in os.environ:
        from scaffold.cli import completion  # noqa: F401, PLC0415  it replaces click's
    try:
        return edge.run(cli, arguments)
    finally:
        client.stop()
