"""Whether a custom template or a team's catalogue is trusted, and what it could do: both are code of somebody's.

Trust is of an exact revision, or of a source in the user's own configuration with everything below it. A source is
compared by whole segments of its normalised address, since comparing the beginnings of texts has let others in:
CVE-2026-53951 is that mistake in another program.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scaffold.code_files import shown
from scaffold.fetch import address as addresses
from scaffold.file_names import COOKIECUTTER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaffold.fetch import Fetched
    from scaffold.user_configuration import UserConfiguration

# https://cookiecutter.readthedocs.io/en/stable/advanced/hooks.html
_HOOKS = ("pre_prompt", "pre_gen_project", "post_gen_project")


@dataclass(frozen=True)
class Contents:
    """What of a template runs as a program or leads elsewhere: its hooks, its extensions of Jinja, and its symlinks.

    All of them are paths below the template's folder or names of Python's, as they are written there.
    """

    hooks: tuple[str, ...] = ()
    extensions: tuple[str, ...] = ()
    symlinks: tuple[str, ...] = ()


def inspect(folder: Path) -> Contents:
    """Return what is in a template's folder, of all cookiecutters that are in it, without running any of it."""
    hooks, extensions, symlinks = [], [], []
    for parent, names in _walk(folder):
        hooks += [path.relative_to(folder).as_posix() for path in _hooks(parent / "hooks")]
        for name in names:
            path = parent / name
            if path.is_symlink():
                symlinks.append(f"{path.relative_to(folder).as_posix()} -> {path.readlink()}")
            if name == COOKIECUTTER:
                extensions += _extensions(path)
    return Contents(tuple(hooks), tuple(dict.fromkeys(extensions)), tuple(symlinks))


def _walk(folder: Path) -> Iterator[tuple[Path, list[str]]]:
    for parent, folders, files in os.walk(folder):
        folders.sort()
        yield Path(parent), sorted([*files, *(name for name in folders if (Path(parent) / name).is_symlink())])


def _hooks(folder: Path) -> list[Path]:
    """Return the hooks in a folder, sorted: what cookiecutter takes for one, so that none is run unseen."""
    paths = sorted(folder.iterdir()) if folder.is_dir() else []
    # Not Path.stem: for it, a name that ends with a dot has no suffix.
    return [path for path in paths if os.path.splitext(path.name)[0] in _HOOKS and path.is_file()]  # noqa: PTH122


def _extensions(file: Path) -> list[str]:
    """Return the extensions that a ``cookiecutter.json`` names, or that it cannot be read."""
    try:
        values = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        return [f"unknown, since {file.parent.name}/{file.name} cannot be read"]
    names = values.get("_extensions", ()) if isinstance(values, dict) else ()
    return list(map(str, names)) if isinstance(names, list | dict | str) else []  # which cookiecutter goes through


def is_trusted(fetched: Fetched, configuration: UserConfiguration) -> tuple[bool, str]:
    """Return whether the user's configuration trusts what was fetched, and if it almost does, why it does not.

    A source that is trusted stands for its branches and tags, and for what its server has itself: not for commits that
    strangers have proposed there, nor for files that they have attached, nor for another address that the server leads
    to. Of a folder on this machine, it stands for everything below.
    """
    url = fetched.address.url
    rows = [row for row in configuration.trusted if addresses.covers(row.source, url)]
    if any(row.revision == fetched.revision for row in rows):
        return True, ""
    sources = [row.source for row in configuration.trusted if not row.revision]
    trusted = [source for source in sources if addresses.covers(source, url)]
    if not trusted:
        return False, ""
    reason = ""
    is_zip = fetched.address.kind == "zip" and fetched.address.is_remote
    if fetched.origin and not any(addresses.covers(source, fetched.origin) for source in sources):
        reason = f"the server leads to {shown(fetched.origin)}"
    elif is_zip and not any(addresses.covers(url, source) for source in trusted):
        reason = "there may be zips of others below it: name this one's whole address, or its digest"
    elif url.endswith(".wiki"):
        reason = "this is a wiki, which others may be able to edit"
    elif not fetched.is_published():
        reason = "no branch and no tag there is known to have this commit"
    return not reason, reason and f"its source is trusted, but {reason}"
