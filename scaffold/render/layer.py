"""One layer, rendered by cookiecutter into a folder."""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path
from typing import Any

from scaffold.errors import FilePosition, InvalidTemplateError, Problem
from scaffold.file_names import COOKIECUTTER
from scaffold.lazy import defer, stand_in
from scaffold.spec import slug

# cookiecutter brings Jinja filters for dates and slugs, which no layer uses, its package looks up its own version, and
# its questions are not asked here: these take longer to load than the rest of it.
defer(lambda name: name in ("arrow", "cookiecutter"))
_UNASKED: dict[str, dict[str, Any]] = {
    "rich.prompt": {"InvalidResponse": ValueError},
    "cookiecutter.prompt": {"YesNoPrompt": None},
    "slugify": {"slugify": slug},
    "slugify.slugify": {"DEFAULT_SEPARATOR": "-"},
}
_loaded = {name: sys.modules.get(name) for name in _UNASKED}
stand_in(_UNASKED)

import cookiecutter.extensions  # noqa: E402, F401  environments name its classes as text
from cookiecutter.exceptions import CookiecutterException  # noqa: E402
from cookiecutter.generate import generate_files  # noqa: E402
from jinja2.bccache import Bucket, BytecodeCache  # noqa: E402
from jinja2.exceptions import TemplateError as JinjaError  # noqa: E402

for _name, _module in _loaded.items():
    del sys.modules[_name]
    if _module is not None:
        sys.modules[_name] = _module


COPIED = "_copy_without_render"


class _Compiled(BytecodeCache):
    """Keeps compiled templates: cookiecutter makes an environment a layer, and a layer is rendered for each function.

    https://jinja.palletsprojects.com/en/stable/api/#bytecode-cache
    """

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._codes[bucket.key, bucket.checksum] = bucket.code


# With the first two a line that holds only {% … %} leaves no trace in the output.
_JINJA = {"trim_blocks": True, "lstrip_blocks": True, "bytecode_cache": _Compiled()}


def render(layer: Path, context: dict[str, Any], into: Path) -> Path:
    """Render the cookiecutter in ``layer`` and return the folder in ``into``, named after the project, that it fills.

    What is in that folder already stays. Of the layer's ``cookiecutter.json``, only the patterns of files to copy as
    they are count here.

    ``generate_files`` and not ``cookiecutter()``: the latter reads the user's ``~/.cookiecutterrc``, writes a
    replay file and silently drops values that ``cookiecutter.json`` does not name. It changes the working
    directory while it runs, so it is not for threads. Raises :class:`InvalidTemplateError` for a fault of the layer,
    at its file and where Jinja knows it its line, and ``OSError`` where the disk refuses.
    """
    logging.getLogger(__name__).debug("rendering %s", layer)
    values = {"cookiecutter": {**context, COPIED: _copied(layer), "_jinja2_env_vars": _JINJA}}
    try:
        return Path(generate_files(layer, values, output_dir=into, overwrite_if_exists=True, accept_hooks=False))
    except (CookiecutterException, JinjaError) as error:
        raise _fault(error, layer, into) from error
    except OSError:
        raise
    except Exception as error:  # a template may do anything: divide by zero, look into None
        raise _fault(error, layer, into) from error


def _copied(layer: Path) -> list[str]:
    """Return the patterns of a layer's files that are copied as they are."""
    file = layer / COOKIECUTTER
    line: int | None = None
    try:
        values = json.loads(file.read_bytes().decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        message, line = f"is not JSON: {error.msg}", error.lineno
    except UnicodeDecodeError as error:
        message, line = "is not UTF-8 text", error.object[: error.start].count(b"\n") + 1
    except RecursionError:
        message = "is nested too deeply"
    else:
        message = "" if isinstance(values, dict) else "is not a mapping of names to values"
        copied = values.get(COPIED, []) if isinstance(values, dict) else []
        if isinstance(copied, list) and all(isinstance(one, str) for one in copied) and not message:
            return copied
        message = message or f"{COPIED} is not a list of patterns"
    raise InvalidTemplateError([Problem(FilePosition(str(file), line), message)])


def _fault(error: Exception, layer: Path, into: Path) -> InvalidTemplateError:
    from scaffold.render.faults import describe  # noqa: PLC0415  where nothing is wrong, nobody needs it

    found = describe(error, layer, [str(into), str(layer)])
    file = layer / found["file"] if found["file"] else layer
    return InvalidTemplateError([Problem(FilePosition(str(file), found["line"]), found["message"], found["hint"])])
