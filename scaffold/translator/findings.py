"""What the SAM translator and the rules of Lambda have against a template, each problem at its position in the file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from scaffold import template
from scaffold.errors import FilePosition, OutputError, Problem, TemplateError
from scaffold.translator import client

if TYPE_CHECKING:
    from pathlib import Path

NAMES = ("template.yaml", "template.yml", "template.json")


def read(path: Path) -> tuple[Path, str]:
    """Return the path of a template and its text; ``path`` is the template or a folder that holds one.

    Raises :class:`OutputError` where there is none that can be read, and :class:`TemplateError` where it is not UTF-8.
    """
    try:
        if path.is_dir():
            path = next((path / name for name in NAMES if (path / name).is_file()), path / NAMES[0])
        return path, path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise TemplateError(f"{path} is not UTF-8 text: {error.reason}", "save it as UTF-8") from error
    except OSError as error:
        raise OutputError(f"{path}: {error.strerror}", "name a template, or a folder with a template.yaml") from error


def of_file(path: Path) -> list[Problem]:
    """Return what is wrong with a template, each problem at its position; takes and raises what :func:`read` does."""
    return of_text(*read(path))


def of_text(path: Path, text: str) -> list[Problem]:
    """Return what is wrong with a template, each problem at its position in the file.

    ``text`` is the template, and ``path`` the file that it came from.
    """
    try:
        template.compose(text)
    except template.YamlSyntaxError as error:
        return [Problem(FilePosition(str(path), *error.position), error.message, error.hint)]
    problems = [(_position(text, problem), problem) for problem in client.translate(text)]
    problems.sort(key=lambda pair: (*pair[0], pair[1].message))
    return [replace(problem, location=FilePosition(str(path), *position)) for position, problem in problems]


def _position(text: str, problem: Problem) -> template.Position:
    return template.locate(text, problem.location if isinstance(problem.location, tuple) else ())
