"""What may come out of a custom template, and what of it is judged."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from scaffold.code_files import shown
from scaffold.errors import CustomTemplateError, FilePosition, OutputError, Problem, ScaffoldError
from scaffold.file_names import REPOSITORIES, is_git_folder
from scaffold.render.names import name_problem
from scaffold.translator import findings

if TYPE_CHECKING:
    from collections.abc import Iterator


def project_in(stage: Path) -> Path:
    """Return the one folder in a staging folder. Raises :class:`CustomTemplateError` where there is anything else."""
    names = sorted(path.name for path in stage.iterdir())
    if len(names) != 1:
        listed = ", ".join(map(shown, names)) or "nothing"
        raise CustomTemplateError(f"the template has made {listed}, where a project's folder alone may be")
    project = stage / names[0]
    if problem := name_problem(project.name):
        raise CustomTemplateError(f"the template names the project's folder {project.name!r}, which {problem}")
    if project.is_symlink() or not project.is_dir():
        raise CustomTemplateError(f"the template has made {shown(project.name)}, which is no folder")
    return project


def check(project: Path, *, allows_git: bool) -> None:
    """Raise :class:`CustomTemplateError` for links that lead out of a project, and for what is neither file nor folder.

    ``allows_git``: there may be a ``.git``, which a hook has made.
    """
    for path in (project, *_entries(project)):
        name = shown(path.relative_to(project).as_posix())
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode):
            # An absolute one breaks with the rename, wherever it leads.
            if path.readlink().is_absolute() or not path.resolve().is_relative_to(project.resolve()):
                raise CustomTemplateError(f"the project has a symbolic link that leads out of it: {name}")
        elif not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
            raise CustomTemplateError(f"the project has what is neither a file nor a folder: {name}")
        if is_git_folder(path.name) and not allows_git:
            raise CustomTemplateError(f"the project has {name}, and git runs what is in .git")
        is_in_git = any(is_git_folder(part) for part in path.relative_to(project).parts)
        if not is_in_git and any(all((path / part).exists() for part in parts) for parts in REPOSITORIES):
            raise CustomTemplateError(f"the project has the git repository {name}, and git runs what is in one")


def _entries(folder: Path) -> Iterator[Path]:
    def refuse(error: OSError) -> None:
        raise error

    for parent, folders, files in os.walk(folder, onerror=refuse):
        yield from (Path(parent, name) for name in [*folders, *files])


def judge(project: Path, target: Path) -> tuple[Path | None, tuple[Problem, ...]]:
    """Return where the template of a project will be, and what is wrong with it; ``target`` is the project's place.

    Whatever keeps the template from being judged is a finding too.
    """
    name = next((name for name in findings.NAMES if (project / name).is_file()), "")
    if not name:
        return None, ()
    path = target / name
    try:
        text = (project / name).read_bytes().decode("utf-8")
        return path, tuple(findings.of_text(path, text))
    except UnicodeDecodeError:
        return path, (Problem(FilePosition(str(path)), "is not UTF-8 text", "save it as UTF-8"),)
    except OutputError:
        raise
    except ScaffoldError as error:
        return path, (Problem(FilePosition(str(path)), error.message, error.hint),)
