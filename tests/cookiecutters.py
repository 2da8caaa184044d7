"""Custom templates that tests write, and what a person would do with them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from scaffold import custom

PROJECT = "{{cookiecutter.slug}}"
NAMES = {"name": "My App", "slug": "{{ cookiecutter.name|lower|replace(' ', '-') }}"}


def write(folder: Path, variables: dict[str, Any] | str | None = None, **groups: dict[str, str | bytes]) -> Path:
    """Write a template and return its folder: ``files`` of the project, ``hooks``, and ``others`` by their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    text = variables if isinstance(variables, str) else json.dumps(NAMES if variables is None else variables, indent=2)
    (folder / "cookiecutter.json").write_text(text)
    places = {"files": folder / PROJECT, "hooks": folder / "hooks", "others": folder}
    (folder / PROJECT).mkdir(exist_ok=True)
    for group, files in groups.items():
        for name, contents in files.items():
            path = places[group] / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(contents.encode() if isinstance(contents, str) else contents)
    return folder


def create(
    folder: Path, output_dir: Path, answers: dict[str, Any] | None = None, *, force: bool = False, **options: Any
) -> custom.Created:
    """Create a project without questions."""
    with custom.opened(folder, **options) as template:
        return template.create(answers or {}, output_dir, force=force)


def plain(folder: Path, output_dir: Path, answers: dict[str, str] | None = None, home: Path | None = None) -> None:
    """Create a project with cookiecutter's own command."""
    home = home or output_dir.with_name(f"{output_dir.name}-home")
    home.mkdir(exist_ok=True)
    environment = {**os.environ, "HOME": str(home), "USERPROFILE": str(home)}
    environment.pop("COOKIECUTTER_CONFIG", None)
    output_dir.mkdir(exist_ok=True)
    words = [f"{name}={value}" for name, value in (answers or {}).items()]
    command = [sys.executable, "-m", "cookiecutter", "--no-input", "--output-dir", str(output_dir), str(folder), *words]
    subprocess.run(command, check=True, env=environment, capture_output=True, text=True, timeout=60)


def listing(folder: Path) -> list[str]:
    """Return everything in a folder, however deep."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))
