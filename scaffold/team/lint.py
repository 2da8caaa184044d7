"""Everything that is wrong with a team's catalogue, with file and line; nothing of it is rendered or run."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from scaffold import team_files
from scaffold.catalogue import Catalogue
from scaffold.errors import FilePosition, Problem, ProblemsError, ScaffoldError
from scaffold.printable import escaped
from scaffold.team import cells, files, overlaps, references, shape, templates
from scaffold.trees import LAYER_FILE

if TYPE_CHECKING:
    from pathlib import Path


def problems(root: Path, below: Catalogue) -> list[Problem]:
    """Return what is wrong with the catalogue in the folder ``root``, which lies over another one."""
    found_shape = shape.read(root)
    if not found_shape.layers and not found_shape.tables:
        hint = "for example catalogue.toml; `sam-scaffold catalogue new` writes one to start from"
        return [*found_shape.problems, Problem(FilePosition(str(root)), "has nothing that a catalogue has", hint)]
    found = [*found_shape.problems, *files.problems(root)]
    for layer in found_shape.layers:
        found += templates.problems(root / layer)
    catalogue = Catalogue(below.root, below.today, over=(*below.tree.over, root))
    # What names what, and which projects there are, can be told where every table is what it has to be.
    of_tables = team_files.problems(catalogue) or [*references.problems(root, catalogue)]
    if not of_tables and not any(_is_in(problem, LAYER_FILE) for problem in found):
        of_tables = _of_projects(catalogue, below, root, found_shape.layers)
    found += of_tables
    return sorted({_shown(problem): None for problem in found}, key=_order)


def _of_projects(catalogue: Catalogue, below: Catalogue, root: Path, layers: list[Path]) -> list[Problem]:
    try:
        combinations = cells.changed(catalogue, below)
        return [*overlaps.problems(catalogue, root, layers, combinations)]
    except ProblemsError as error:
        return [*error.problems]
    except ScaffoldError as error:
        return [Problem(FilePosition(str(root)), error.message, error.hint)]
    except (AttributeError, LookupError, TypeError, ValueError) as error:  # of a text such as "{0.x}" in a table
        message = f"no project can be made with its tables: {type(error).__name__}: {error}"
        return [Problem(FilePosition(str(root)), message, "look for braces: {{ stands for one of them")]


def _is_in(problem: Problem, name: str) -> bool:
    return isinstance(problem.location, FilePosition) and problem.location.file.endswith(name)


def _order(problem: Problem) -> tuple[str, int, int, str]:
    location = problem.location
    if not isinstance(location, FilePosition):
        return "", 0, 0, problem.message
    return location.file, location.line or 0, location.column or 0, problem.message


def _shown(problem: Problem) -> Problem:
    """Return a problem in which nothing is left that a terminal would obey: names of files are the catalogue's."""
    location = problem.location
    if isinstance(location, FilePosition):
        location = replace(location, file=escaped(location.file))
    allowed = tuple(map(escaped, problem.allowed))
    return replace(
        problem, location=location, message=escaped(problem.message), hint=escaped(problem.hint), allowed=allowed
    )
