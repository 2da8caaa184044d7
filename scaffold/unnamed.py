"""Projects without a name: made once, under a name that stands for any.

Most of a project is the same whatever it is called. So one is made under a name that occurs nowhere else, with
everything that making one takes, and from then on that name is exchanged for others: text for text, byte for byte,
with nothing that could run. :func:`prove` makes one of them the long way and compares.
"""

from __future__ import annotations

import re
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from scaffold import answers, lock, project
from scaffold.errors import InternalError
from scaffold.placeholders import File, split, text_of
from scaffold.spec import stack_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scaffold.catalogue import Catalogue
    from scaffold.spec import ProjectSpec

# A project's name as templates see it, and what they make of it: a stack's name, and the two in lower case.
STAND_IN = "Zz.Sam_Name.zZ"
NAME, STACK_NAME = "project.name", "project.stack_name"
LOWER_NAME, LOWER_STACK_NAME = f"{NAME}.lower", f"{STACK_NAME}.lower"
_KEYS = {
    STAND_IN: NAME,
    "Zz-Sam-Name-zZ": STACK_NAME,
    STAND_IN.lower(): LOWER_NAME,
    "zz-sam-name-zz": LOWER_STACK_NAME,
}
YAML_NAME = f"{NAME}.yaml"  # as the answers file has it, where true is no name and 'true' is
_NO_NAMES = ("true", "false", "null")
_STAND_INS = re.compile("|".join(map(re.escape, _KEYS)))
BLOB = "blob:"  # what the keys of blob ids begin with; the file's path follows


def values(name: str) -> dict[str, str]:
    """Return what the keys of :func:`render` stand for in the project of that name, but for the blob ids."""
    stack = stack_name(name)
    is_quoted = name.lower() in _NO_NAMES and name in (name.lower(), name.upper(), name.capitalize())
    return {
        NAME: name,
        STACK_NAME: stack,
        LOWER_NAME: name.lower(),
        LOWER_STACK_NAME: stack.lower(),
        YAML_NAME: f"'{name}'" if is_quoted else name,
    }


def render(catalogue: Catalogue, spec: ProjectSpec) -> dict[str, File]:
    """Return the files of a project, made under the stand-in for its name and accepted by the SAM translator."""
    with tempfile.TemporaryDirectory() as folder:
        target = project.create(catalogue, replace(spec, name=STAND_IN), Path(folder))
        files = {path: _template(data, executable=executable) for path, (data, executable) in _read(target).items()}
    file = files[answers.FILE]
    files[answers.FILE] = replace(file, parts=tuple(YAML_NAME if part == NAME else part for part in file.parts))
    return {**files, lock.FILE: _lock(files)}


def _lock(files: Mapping[str, File]) -> File:
    """Return the lock of a project in which the blob id of each file that has the name in it is filled in."""
    ids = {path: f"{BLOB}{path}" if file.keys else lock.blob_id(file.data) for path, file in files.items()}
    del ids[lock.FILE]
    pattern = re.compile(f'(?<=: "){BLOB}[^"]*')
    return File(split(lock.dump(ids), pattern, lambda match: match[0]))


def blob_ids(files: Mapping[str, File], values: Mapping[str, str]) -> dict[str, str]:
    """Return what the lock of one project is filled in with, by the keys that it has for that."""
    return {key: lock.blob_id(files[key.removeprefix(BLOB)].fill(values).data) for key in files[lock.FILE].keys}


def _template(data: bytes, *, executable: bool) -> File:
    """Return a generated file; what looks like a placeholder of overlays there was meant for somebody else."""
    text = text_of(data)
    return File((data,) if text is None else split(text, _STAND_INS, lambda match: _KEYS[match[0]]), executable)


def prove(catalogue: Catalogue, spec: ProjectSpec, files: Mapping[str, File], values: Mapping[str, str]) -> None:
    """Raise :class:`InternalError` unless the project with these values, made the long way, has the same bytes."""
    with tempfile.TemporaryDirectory() as folder:
        expected = _read(project.create(catalogue, replace(spec, name=values[NAME]), Path(folder)))
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
