"""The workshop that a new one begins as: a manifest with comments, a roster, instructions, and three exercises."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

from scaffold import staging
from scaffold.paths import COOKIECUTTERS
from scaffold.workshop.manifest import FILE, SCHEMA

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLE = COOKIECUTTERS / "workshop/example"


def write(folder: Path, title: str, date: str) -> list[str]:
    """Write the example into ``folder``, whole or not at all, and return its files.

    ``date`` is YYYY-MM-DD; an empty folder may be there already. Raises :class:`ProjectExistsError` and
    :class:`OutputError`.
    """
    staging.check_folder(folder)
    ignored = shutil.ignore_patterns("__pycache__")
    with staging.publish(folder, force=True) as stage:
        # Python compiles what an installed package has, the exercises too.
        shutil.copytree(EXAMPLE, stage, ignore=ignored, copy_function=_copy, dirs_exist_ok=True)
        text = (EXAMPLE / FILE).read_text(encoding="utf-8")
        quoted = json.dumps(title, ensure_ascii=False)  # which is YAML as well
        text = text.replace("@title@", quoted).replace("@date@", date)
        (stage / FILE).write_text(text, encoding="utf-8", newline="\n")
        _copy(SCHEMA, stage / SCHEMA.name)
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _copy(source: str | Path, target: str | Path) -> None:
    """Copy the contents alone: the permissions are those of a new file, whatever an installed one has."""
    shutil.copyfile(source, target)
