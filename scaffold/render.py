"""One layer, rendered by cookiecutter into a folder."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import Any

from scaffold.errors import InternalError
from scaffold.lazy import defer, stand_in

# cookiecutter brings Jinja filters for dates, which no layer uses, its package looks up its own version, and its
# questions are not asked here: the three take longer to load than the rest of it.
defer(lambda name: name in ("arrow", "cookiecutter"))
_UNASKED: dict[str, dict[str, Any]] = {
    "rich.prompt": {"InvalidResponse": ValueError},
    "cookiecutter.prompt": {"YesNoPrompt": None},
}
stand_in(_UNASKED)

from cookiecutter.exceptions import CookiecutterException  # noqa: E402
from cookiecutter.generate import generate_files  # noqa: E402
from jinja2.exceptions import TemplateError as JinjaError  # noqa: E402

for _name in _UNASKED:
    del sys.modules[_name]

# With these a line that holds only {% … %} leaves no trace in the output.
_JINJA = {"trim_blocks": True, "lstrip_blocks": True}


def render(layer: Path, context: dict[str, Any], into: Path) -> Path:
    """Render the cookiecutter in ``layer`` and return the folder made in ``into``, named after the project.

    ``generate_files`` and not ``cookiecutter()``: the latter reads the user's ``~/.cookiecutterrc``, writes a
    replay file and silently drops values that ``cookiecutter.json`` does not name. It changes the working
    directory while it runs, so it is not for threads. Raises :class:`InternalError` for a fault of the layer and
    ``OSError`` where the disk refuses.
    """
    logging.getLogger(__name__).debug("rendering %s", layer)
    values = {"cookiecutter": {**context, "_jinja2_env_vars": _JINJA}}
    try:
        return Path(generate_files(layer, values, output_dir=into, accept_hooks=False))
    except (CookiecutterException, JinjaError) as error:
        raise InternalError(f"the layer {layer} cannot be rendered: {error}") from error
