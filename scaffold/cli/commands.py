"""The command ``sam-scaffold`` with all its subcommands, and the function that runs it."""

from __future__ import annotations

import importlib
import os
import sys
from typing import TYPE_CHECKING

import click

from scaffold import __version__
from scaffold.cli import edge
from scaffold.cli.console import Group, debug_option
from scaffold.translator import client

if TYPE_CHECKING:
    from collections.abc import Sequence


# What each command does, in a few words; its module is loaded when it is called.
_COMMANDS = {
    "catalogue": "Write, check and try a catalogue of your team.",
    "convert": "Turn a function into a container image, or a Zip.",
    "doctor": "Show which programs are here, and which are missing.",
    "export": "Write a combination as a cookiecutter.",
    "init": "Create a new project.",
    "list": "List what can be created.",
    "show": "Show the layers of a combination.",
    "validate": "Check a template with the SAM translator, and its Dockerfiles.",
    "workshop": "Make a repository for each participant of a workshop.",
}


class _Commands(Group):
    """The commands of the table above, each from the module of its name."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """Return the names of the commands, sorted."""
        return sorted(_COMMANDS)

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        """Return a command, or ``None`` if there is none of that name."""
        if name not in _COMMANDS:
            return None
        module = importlib.import_module(f"scaffold.cli.{name}")
        command: click.Command = getattr(module, "list_" if name == "list" else name)
        command.short_help = _COMMANDS[name]
        return command

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the names of the commands and what each does."""
        with formatter.section("Commands"):
            formatter.write_dl(sorted(_COMMANDS.items()))


def _info(ctx: click.Context, _param: click.Parameter, value: bool) -> None:  # noqa: FBT001  as click calls it
    if value and not ctx.resilient_parsing:
        from scaffold.cli import info  # noqa: PLC0415  takes time to load and few runs need it

        info.show()
        ctx.exit()


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", prog_name="sam-scaffold")
@debug_option
@click.option(
    "--info", is_flag=True, is_eager=True, expose_value=False, callback=_info, help="Show what is installed, as JSON."
)
def cli() -> None:
    """Create AWS SAM projects that build, pass their tests and work right away."""


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
