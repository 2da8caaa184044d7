"""``sam-scaffold --info``: what is installed, in the shape of ``sam --info``."""

from __future__ import annotations

import json
import platform
import shutil
import subprocess
from importlib import metadata

from scaffold import __version__
from scaffold.cli.console import echo

_LIBRARIES = ("aws-sam-translator", "cookiecutter")
_WAIT = 10  # seconds for a program to tell its version
_NOT_THERE = "Not available"  # as sam says it


def show() -> None:
    """Print what is installed, as JSON."""
    engine = _version("docker", "version", "--format", "{{.Server.Version}}")
    document = {
        "version": __version__,
        "system": {"python": platform.python_version(), "os": platform.platform()},
        "additional_dependencies": {
            "container_engine": engine if engine == _NOT_THERE else f"Docker(v{engine})",
            "aws_sam_cli": _version("sam", "--version").rpartition(" ")[2] if shutil.which("sam") else _NOT_THERE,
            **{name.replace("-", "_"): metadata.version(name) for name in _LIBRARIES},
        },
    }
    echo(json.dumps(document, indent=2))


def _version(*command: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_WAIT, check=True)  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return _NOT_THERE
    return done.stdout.strip() or _NOT_THERE
