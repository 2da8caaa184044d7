"""The command as a process that fails: what it may print, and nothing else."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import click
import jsonschema

from conftest import ROOT, SCAFFOLD

SCHEMA = json.loads((ROOT / "schemas" / "output.schema.json").read_text())


def run(*arguments: str | Path, cwd: Path, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run the command, or with ``command`` something in its place, and return what it printed."""
    command = [*options.pop("command", SCAFFOLD), *map(str, arguments)]
    return subprocess.run(
        command, cwd=cwd, text=True, check=False, timeout=120,
        **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL, **options},
    )  # fmt: skip


def subcommands(command: click.Command) -> dict[str, click.Command]:
    """Return the commands of a group by their names; none for what is no group."""
    if not isinstance(command, click.Group):
        return {}
    context = click.Context(command)
    found = {name: command.get_command(context, name) for name in command.list_commands(context)}
    return {name: child for name, child in found.items() if child}


def only_message(done: subprocess.CompletedProcess[str], message: str, hint: str = "") -> None:
    """Assert that a run failed with one message and what to do, and that nothing else was printed."""
    assert done.stdout == "", done
    _only_error(done, message, hint)


def only_document(done: subprocess.CompletedProcess[str], message: str) -> None:
    """Assert that a run with --output json failed with one document, and the message for people beside it."""
    (line,) = done.stdout.splitlines()
    answer = json.loads(line)
    jsonschema.validate(answer, {**SCHEMA, "$ref": "#/$defs/failure"})
    _only_error(done, message)
    assert message in answer["error"]["message"]
    assert [row["message"] for row in answer["error"]["problems"]] == [answer["error"]["message"]]


def _only_error(done: subprocess.CompletedProcess[str], message: str, hint: str = "") -> None:
    lines = done.stderr.splitlines()
    assert done.returncode == 1, done
    assert len(lines) == 2, done.stderr
    assert lines[0].startswith("Error: ")
    assert message in lines[0]
    assert lines[1].startswith("  ")
    assert hint in lines[1]
