"""The command line: arguments in, text or JSON out. Only the modules of this package print.

One module a command group; :mod:`edge` turns what goes wrong into text or JSON and an exit code.
"""

from scaffold.cli.commands import main

__all__ = ["main"]
