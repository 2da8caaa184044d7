"""Functions with each Dockerfile that a language, a dependency manager and a base make, on the newest runtime."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from conftest import CATALOGUE, function_of
from scaffold.model import SUPPORTED, Cell
from scaffold.spec import FunctionSpec, ProjectSpec


def functions() -> Iterator[FunctionSpec]:
    """Yield a function for each, whose name says which it is."""
    for language in CATALOGUE.languages.values():
        runtime = next(one for one in language.runtimes if one.status(CATALOGUE.today) == SUPPORTED and one.image)
        for manager in language.managers:
            for use_case in ("hello-world", "web"):
                if use_case not in language.use_cases() or not CATALOGUE.handler_runs_on(language, use_case, runtime):
                    continue
                for base in CATALOGUE.bases_for(language, runtime, manager, use_case):
                    cell = Cell(use_case, "Image", language.id, runtime.id, manager)
                    function = replace(function_of(cell, "x86_64"), base=base)
                    yield function.renamed(f"{language.id}-{manager}-{base}-{use_case}")


def projects() -> Iterator[ProjectSpec]:
    """Yield a project for each language, with all of its functions."""
    for language, own in itertools.groupby(functions(), key=lambda function: function.language):
        yield ProjectSpec(language, tuple(own))


def text_of(folder: Path, function: FunctionSpec) -> str:
    """Return the Dockerfile of a project's function."""
    return (folder / CATALOGUE.folder(function) / "Dockerfile").read_text()
