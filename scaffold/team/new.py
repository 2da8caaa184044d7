"""The catalogue that a new one begins as: a base image, a template with its handler, and defaults."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from scaffold import examples
from scaffold.paths import COOKIECUTTERS

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLE = COOKIECUTTERS / "catalogue/example"


def write(folder: Path, title: str) -> list[str]:
    """Write the example into ``folder``, whole or not at all, and return its files; ``title`` is one line of text.

    An empty folder may be there already. Raises :class:`ProjectExistsError` and :class:`OutputError`.
    """
    quoted = json.dumps(title, ensure_ascii=False)  # which is TOML as well
    return examples.write(EXAMPLE, folder, {"catalogue.toml": {"@title@": quoted}, "README.md": {"@heading@": title}})
