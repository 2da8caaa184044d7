"""The command line: arguments in, text or JSON out. Only the modules of this package print.

Each command or group has a module of its own; :mod:`edge` turns errors into text or JSON and an exit code.
"""

from scaffold.cli.commands import main

__all__ = ["main"]
