"""The workshop that a new one begins as: a manifest with comments, a roster, instructions, and three exercises."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from scaffold import examples
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
    quoted = json.dumps(title, ensure_ascii=False)  # which is YAML as well
    return examples.write(EXAMPLE, folder, {FILE: {"@title@": quoted, "@date@": date}}, besides=[SCHEMA])
