"""Renders the project of a variant once, under a name that stands for each participant's.

Most of a repository is the same for everyone. So a project is made once under a name that occurs nowhere else, with
everything that making one takes, and from then on that name is exchanged for each participant's: text for text, byte
for byte, with nothing that could run. :func:`prove` makes one participant's project the long way and compares.
"""

from __future__ import annotations

import re
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from scaffold import lock, project
from scaffold.errors import InternalError
from scaffold.workshop.contents import File, split, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scaffold.catalogue import Catalogue
    from scaffold.spec import ProjectSpec

# A project's name as templates see it, and what they make of it: a stack's name, and the two in lower case.
STAND_IN = "Zz.Sam_Name.zZ"
_KEYS = {
    STAND_IN: "project.name",
    "Zz-Sam-Name-zZ": "project.stack_name",
    STAND_IN.lower(): "project.name.lower",
    "zz-sam-name-zz": "project.stack_name.lower",
}
_STAND_INS = re.compile("|".join(map(re.escape, _KEYS)))
_BLOB = "blob:"  # what the keys of blob ids begin with; the file's path follows


def render(catalogue: Catalogue, spec: ProjectSpec) -> dict[str, File]:
    """Return the files of a project, made under the stand-in for its name and accepted by the SAM translator."""
    with tempfile.TemporaryDirectory() as folder:
        target = project.create(catalogue, replace(spec, name=STAND_IN), Path(folder))
        files = {path: _template(data, executable=executable) for path, (data, executable) in _read(target).items()}
    return {**files, lock.FILE: _lock(files)}


def _lock(files: Mapping[str, File]) -> File:
    """Return the lock of a project in which the blob id of each file that has the name in it is filled in."""
    ids = {path: f"{_BLOB}{path}" if file.keys else lock.blob_id(file.data) for path, file in files.items()}
    del ids[lock.FILE]
    pattern = re.compile(f'(?<=: "){_BLOB}[^"]*')
    return File(split(lock.dump(ids), pattern, lambda match: match[0]))


def blob_ids(files: Mapping[str, File], values: Mapping[str, str]) -> dict[str, str]:
    """Return what the lock of one participant's project is filled in with, by the keys that it has for that."""
    return {key: lock.blob_id(files[key.removeprefix(_BLOB)].fill(values).data) for key in files[lock.FILE].keys}


def _template(data: bytes, *, executable: bool) -> File:
    """Return a generated file; what looks like a placeholder of overlays there was meant for somebody else."""
    text = text_of(data)
    return File((data,) if text is None else split(text, _STAND_INS, lambda match: _KEYS[match[0]]), executable)


def prove(catalogue: Catalogue, spec: ProjectSpec, files: Mapping[str, File], values: Mapping[str, str]) -> None:
    """Raise :class:`InternalError` unless the project of one participant, made the long way, has the same bytes."""
    with tempfile.TemporaryDirectory() as folder:
        expected = _read(project.create(catalogue, replace(spec, name=values["project.name"]), Path(folder)))
    values = {**values, **blob_ids(files, values)}
    filled = {path: (file.fill(values).data, file.executable) for path, file in files.items()}
    if filled != expected:
        different = sorted(path for path in {*filled, *expected} if filled.get(path) != expected.get(path))
        raise InternalError(
            f"{', '.join(different)} of {spec.name} cannot be made by exchanging its name", "please report it"
        )


def _read(folder: Path) -> dict[str, tuple[bytes, bool]]:
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), bool(path.stat().st_mode & 0o100))
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
