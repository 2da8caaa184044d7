"""Projects from custom templates: other people's cookiecutters, and folders that are copied as they are.

A template is rendered by a process of its own into a staging folder; what came out is checked before it is moved to its
place. Nothing here decides whether a template is trusted.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from scaffold import paths, staging
from scaffold.answers import FILE as ANSWERS_FILE
from scaffold.custom import results
from scaffold.custom.defaults import user_defaults
from scaffold.custom.process import Renderer, shown_text
from scaffold.errors import InvalidAnswersError, Problem
from scaffold.file_names import COOKIECUTTER, is_git_folder
from scaffold.render.names import name_problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    Record = Callable[[Mapping[str, Any], Path], str]

NAME = "project_name"  # the variable that by custom names the project
_STAGE = "sam-scaffold"


@dataclass(frozen=True)
class Question:
    """A question of a template.

    ``name`` is the variable, ``answer_type`` one of "text", "choice", "boolean", "json" and "template", which chooses
    among nested templates. ``message`` and the titles of ``choices`` can be shown as they are; ``default`` and the
    values are the template's own. The default of "json" is a mapping; an answer is a mapping, which is laid over it, or
    JSON text, which replaces it.
    """

    name: str
    message: str
    answer_type: str
    default: Any
    choices: tuple[tuple[Any, str], ...] = ()


@dataclass(frozen=True)
class Created:
    """A project that was made: its folder, the answers with the defaults of the rest, and the template that it has.

    ``findings`` are what is wrong with that template, each at its position.
    """

    folder: Path
    answers: dict[str, Any]
    template: Path | None
    findings: tuple[Problem, ...]


class Template:
    """A template that is open: made by :func:`opened`.

    ``notices`` are what the user should know of how it is rendered. All methods raise :class:`CustomTemplateError`
    for what is wrong with the template; after that it can only be closed.
    """

    def __init__(self, renderer: Renderer, notices: tuple[str, ...], *, hooks: bool) -> None:
        self._renderer = renderer
        self.notices = notices
        self._hooks = hooks

    def question(self, answers: Mapping[str, Any]) -> Question | None:
        """Return the first question that ``answers`` leave open, or answer wrongly; ``None`` where there is none."""
        row = self._renderer.ask("ask", answers=dict(answers))["question"]
        if row is None:
            return None
        choices = tuple((value, shown_text(str(title))) for value, title in row["choices"])
        return Question(row["name"], shown_text(row["message"]), row["answer_type"], row["default"], choices)

    def problems(self, answers: Mapping[str, Any]) -> list[Problem]:
        """Return what is wrong with answers, each at ``("extra_context",)``."""
        rows = self._renderer.ask("check", answers=dict(answers))["problems"]
        return [
            Problem(
                ("extra_context",), shown_text(row["message"]), allowed=tuple(map(shown_text, row["allowed"])),
                value=row["value"],
            )
            for row in rows
        ]  # fmt: skip

    def unknown(self, answers: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the names of answers that the template has no variable for."""
        return tuple(self._renderer.ask("check", answers=dict(answers))["unknown"])

    def create(
        self,
        answers: Mapping[str, Any],
        output_dir: Path,
        *,
        force: bool,
        record: Record | None = None,
    ) -> Created:
        """Create the project in ``output_dir``; what the answers leave open takes the template's defaults.

        ``force`` allows an empty folder there. ``record`` makes the text of the answers file, of all answers and the
        project's folder; a template that has one of its own keeps that. It is the last that can be done with a
        template. Raises :class:`InvalidAnswersError`, :class:`ProjectExistsError` and :class:`OutputError` too; after
        any error, and after an interrupt, nothing is left behind, except by hooks outside of the project.
        """
        if problems := self.problems(answers):
            raise InvalidAnswersError(problems)
        if name := self._renderer.ask("name", answers=dict(answers))["name"]:
            staging.check_target(output_dir / name, force=force)  # before hooks do anything
        with staging.staging_place(output_dir, _STAGE) as stage:
            try:
                made = self._renderer.ask(
                    "create", answers=dict(answers), stage=str(stage.resolve()), output_dir=str(output_dir.resolve())
                )
            finally:
                self._renderer.end()  # so that nothing changes the project from here on
            project = results.project_in(stage)
            target = output_dir / project.name
            staging.check_target(target, force=force)
            results.check(project, allows_git=self._hooks)
            template, problems_found = results.judge(project, target)
            _write_answers(project, target, made["answers"], record)
            staging.move_to_target(project, target, force=force)
        return Created(target, made["answers"], template, problems_found)


@contextmanager
def opened(
    folder: Path, directory: str = "", *, hooks: bool = True, source: Mapping[str, str] | None = None
) -> Iterator[Template]:
    """Open the cookiecutter in a folder, which is a private copy, or in a ``directory`` of it.

    ``source`` is what the template sees of where it came from: "template" and "checkout". With ``hooks``, its hooks
    run with the user's environment; without, nothing but Jinja runs, in a process with a time limit, an empty
    environment and, on Linux, without a network. Raises :class:`CustomTemplateError`, and :class:`InvalidAnswersError`
    for the directory and for defaults of the user's.
    """
    _below(folder, directory)
    defaults = user_defaults()
    with tempfile.TemporaryDirectory(prefix="sam-scaffold-", ignore_cleanup_errors=True) as temporary:
        renderer = Renderer(Path(temporary), hooks=hooks)
        try:
            ready = renderer.ask(
                "open", folder=str(folder.resolve()), directory=directory, temporary=temporary, hooks=hooks,
                source=dict(source or {}), defaults=defaults,
            )  # fmt: skip
            yield Template(renderer, _notices(ready["network"]), hooks=hooks)
        finally:
            renderer.end()


def _notices(network: str) -> tuple[str, ...]:
    return (f"the template is rendered by a process that has the network: {network}",) if network else ()


def is_cookiecutter(folder: Path, directory: str = "") -> bool:
    """Return whether a folder, or a ``directory`` of it, is a cookiecutter. Raises :class:`InvalidAnswersError`."""
    return (_below(folder, directory) / COOKIECUTTER).is_file()


def copy(folder: Path, name: str, output_dir: Path, *, force: bool, record: Record | None = None) -> Created:
    """Copy a folder that is no cookiecutter to ``output_dir``/``name``, as it is but for git's own files.

    ``force`` and ``record`` are those of :meth:`Template.create`. Raises :class:`InvalidAnswersError` for the name,
    :class:`CustomTemplateError`, :class:`ProjectExistsError` and :class:`OutputError`; then nothing is left behind.
    """
    if problem := name_problem(name):
        raise InvalidAnswersError([Problem(("name",), f"{name!r} {problem}", "choose another --name", value=name)])
    target = output_dir / name
    staging.check_target(target, force=force)
    with staging.publish(target, force=force) as stage:
        try:
            shutil.copytree(folder, stage, symlinks=True, ignore=_git_folders, dirs_exist_ok=True)
        except shutil.Error as error:
            path, _, reason = error.args[0][0]
            raise OSError(0, str(reason), str(path)) from error
        stage.chmod(0o777 & ~paths.umask())  # the private copy is for one user alone
        results.check(stage, allows_git=False)
        template, problems = results.judge(stage, target)
        answers = {NAME: name}
        _write_answers(stage, target, answers, record)
    return Created(target, answers, template, problems)


def _write_answers(stage: Path, target: Path, answers: dict[str, Any], record: Record | None) -> None:
    """Write the answers file of a project, unless it has one."""
    file = stage / ANSWERS_FILE
    if record and not os.path.lexists(file):
        file.write_text(record(answers, target), encoding="utf-8", newline="\n")


def _git_folders(_folder: str, names: list[str]) -> list[str]:
    return [name for name in names if is_git_folder(name)]


def _below(folder: Path, directory: str) -> Path:
    """Return a directory of a template. Raises :class:`InvalidAnswersError` where it has none of that name."""
    path = folder / directory
    key = ("directory",)
    if ".." in PurePath(directory).parts or not path.resolve().is_relative_to(folder.resolve()):
        problem = Problem(key, f"{shown_text(directory)} leads out of the template", "name a folder in it")
        raise InvalidAnswersError([replace(problem, value=directory)])
    if not path.is_dir():
        problem = Problem(key, f"the template has no folder {shown_text(directory)}", "name a folder in it")
        raise InvalidAnswersError([replace(problem, value=directory)])
    return path
