"""The defaults that a user of cookiecutter has for all templates.

https://cookiecutter.readthedocs.io/en/stable/advanced/user_config.html
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from scaffold import documents
from scaffold.errors import FilePosition, InvalidAnswersError, Problem

_VARIABLE = "COOKIECUTTER_CONFIG"


def user_defaults() -> dict[str, Any]:
    """Return ``default_context`` of the user's configuration of cookiecutter; it is data, and nothing renders it.

    Raises :class:`OutputError` where the file that the environment names cannot be read, and
    :class:`InvalidAnswersError` where it is not what cookiecutter takes.
    """
    named = os.environ.get(_VARIABLE)
    path = Path(named) if named else _home_file()
    if path is None or not (named or path.is_file()):
        return {}
    values = documents.values_of(path, documents.text_of(path, f"correct {_VARIABLE}, or unset it"))
    defaults = values.get("default_context") if isinstance(values, dict) else None
    if defaults is not None and not isinstance(defaults, dict):
        position = FilePosition(str(path))
        raise InvalidAnswersError([Problem(position, "default_context is not a mapping of names to values")])
    return {name: value for name, value in (defaults or {}).items() if isinstance(name, str)}


def _home_file() -> Path | None:
    try:
        return Path.home() / ".cookiecutterrc"
    except RuntimeError:  # there is no home
        return None
