"""A project as one cookiecutter, for programs that know nothing of layers: cookiecutter and ``sam init --location``."""

from __future__ import annotations

import glob
import json
import re
import shlex
from typing import TYPE_CHECKING

from scaffold import __version__, contexts, lock, paths, placeholders, staging, unnamed
from scaffold.file_names import COOKIECUTTER

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from scaffold.catalogue import Catalogue
    from scaffold.placeholders import File
    from scaffold.spec import ProjectSpec

_OWN = paths.COOKIECUTTERS / "export"  # what every exported template has
# cookiecutter renders the folder's name before it writes anything. For a name that is not allowed, __checked is the
# reason, and no variable is called that: so the program fails there, and prints the reason.
PROJECT = "{{cookiecutter[cookiecutter.__checked]}}"
_VARIABLES = {
    unnamed.NAME: "cookiecutter.project_name",
    unnamed.STACK_NAME: "cookiecutter.__stack_name",
    unnamed.LOWER_NAME: "cookiecutter.project_name | lower",
    unnamed.LOWER_STACK_NAME: "cookiecutter.__stack_name | lower",
    unnamed.YAML_NAME: "cookiecutter.__yaml_name",
}
# What Jinja would take for its own: the beginning of a tag, a brace before one, and line ends that it changes.
_SPECIAL = re.compile(r"\{[{%#]|\{\Z|\r")
_WITH_IDS = '{%- from "git.jinja" import blob_id with context -%}\n'
_FIELD = re.compile(r"\{\{(\w+)\}\}")


def write(catalogue: Catalogue, spec: ProjectSpec, folder: Path, command: str) -> list[str]:
    """Write a project as a cookiecutter into ``folder``, whole or not at all, and return its files.

    The folder may exist if it is empty. ``command`` is what makes the same folder again, for its README. Raises
    :class:`ProjectExistsError`, :class:`OutputError`, and for answers that no project can be made of,
    :class:`InvalidAnswersError`.
    """
    staging.check_folder(folder)
    project = unnamed.render(catalogue, spec)
    files = {
        "README.md": _readme(catalogue, spec, folder, command).encode(),
        ".gitattributes": (_OWN / "gitattributes").read_bytes(),
        "templates/git.jinja": (_OWN / "templates/git.jinja").read_bytes(),
        COOKIECUTTER: _variables(project).encode(),
        **{f"{PROJECT}/{_stored(path)}": _template(path, file) for path, file in project.items()},
    }
    executable = {f"{PROJECT}/{_stored(path)}" for path, file in project.items() if file.executable}
    with staging.publish(folder, force=True) as stage:
        for path, data in files.items():
            target = stage / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
            if path in executable:
                target.chmod(0o777 & ~paths.umask())
    return sorted(files)


def _template(path: str, file: File) -> bytes:
    """Return a file of the project as cookiecutter is to find it."""
    if not file.keys:
        return file.data
    parts = [
        f"{{{{ {_variable(part)} }}}}" if isinstance(part, str) else _escaped(part.decode()) for part in file.parts
    ]
    return "".join([_WITH_IDS] * (path == lock.FILE) + parts).encode()


def _variable(key: str) -> str:
    """Return what Jinja computes a value with, by its key."""
    if key.startswith(unnamed.BLOB):
        return f"blob_id({_stored(key.removeprefix(unnamed.BLOB))!r})"
    return _VARIABLES[key]


def _escaped(text: str) -> str:
    """Return what Jinja makes a text of."""
    return _SPECIAL.sub(lambda match: f"{{{{ {match[0]!r} }}}}", text)


def _stored(path: str) -> str:
    """Return where a file of the project lies in the template: git must not follow the rules for projects there."""
    folder, slash, name = path.rpartition("/")
    return f"{folder}{slash}{{{{'.'}}}}{name[1:]}" if name.startswith(".git") else path


def _variables(project: Mapping[str, File]) -> str:
    """Return ``cookiecutter.json``, with the files that cookiecutter has to copy as they are."""
    copied = [glob.escape(_stored(path)) for path, file in sorted(project.items()) if _is_copied(file)]
    values = json.loads((_OWN / "variables.json").read_bytes())
    return json.dumps({**values, "_copy_without_render": copied} if copied else values, indent=2) + "\n"


def _is_copied(file: File) -> bool:
    if file.keys:
        return False
    text = placeholders.text_of(file.data)
    return text is None or _SPECIAL.search(text) is not None


def _readme(catalogue: Catalogue, spec: ProjectSpec, folder: Path, command: str) -> str:
    function = spec.functions[0]
    context = contexts.context(catalogue, spec, function)
    packaged = f"{function.package_type} on {function.base_image}" if function.base_image else function.package_type
    values = {
        "title": f"{context['use_case_title']}, {context['runtime_title']}, {function.package_type}",
        "summary": f"{context['runtime_title']} with {function.dependency_manager}, packaged as {packaged}, "
        f"for {function.architecture}",
        "folder": shlex.quote(folder.name),
        "project_folder": PROJECT,
        "version": __version__,
        "command": command,
    }
    text = (_OWN / "README.md").read_text(encoding="utf-8")
    return _FIELD.sub(lambda match: values[match[1]], text)
