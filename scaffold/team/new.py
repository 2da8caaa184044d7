"""The catalogue that a new one begins as: a base image, a template with its handler, and defaults."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path

from scaffold import examples
from scaffold.paths import COOKIECUTTERS
from scaffold.spec import slug
from scaffold.trees import subfolders

EXAMPLE = COOKIECUTTERS / "catalogue/example"
_COMPANY = "acme"  # the example's
_LONGEST = 30  # characters of a name that is typed


def write(folder: Path, title: str) -> list[str]:
    """Write the example into ``folder``, whole or not at all, and return its files; ``title`` is one line of text.

    Its base image is named after the title. An empty folder may be there already. Raises :class:`ProjectExistsError`
    and :class:`OutputError`.
    """
    quoted = json.dumps(title, ensure_ascii=False)  # which is TOML as well
    name = _name(title)
    with tempfile.TemporaryDirectory(prefix="sam-scaffold-") as temporary:
        example = Path(temporary) / "example"
        shutil.copytree(EXAMPLE, example, ignore=shutil.ignore_patterns("__pycache__"), copy_function=shutil.copyfile)
        (example / "bases" / _COMPANY).rename(example / "bases" / name)
        words = {
            "catalogue.toml": {"@title@": quoted, f'base_image = "{_COMPANY}"': f'base_image = "{name}"'},
            "README.md": {"@heading@": title, f"bases/{_COMPANY}/": f"bases/{name}/"},
            f"bases/{name}/base.toml": {'title = "Acme"': f"title = {quoted}"},
            "languages/python/language.toml": {f"[bases.{_COMPANY}]": f"[bases.{name}]"},
        }
        return examples.write(example, folder, words)


def _name(title: str) -> str:
    """Return what to call the base image of a company, which is not to replace a built-in one."""
    name = slug(title, max_length=_LONGEST)
    return name if name and name not in subfolders(COOKIECUTTERS / "bases") else _COMPANY
