"""The specification that complete answers make, and the names of its functions."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from scaffold import settings
from scaffold.errors import Problem
from scaffold.model import Cell
from scaffold.resolve.base_images import REFERENCE
from scaffold.resolve.draft import known
from scaffold.spec import AMAZON, MAX_NAME, FunctionSpec, ProjectSpec, slug

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaffold.catalogue import Catalogue
    from scaffold.errors import Keys
    from scaffold.resolve.draft import Draft
    from scaffold.spec import OwnCode

# What people call a file or a folder with a handler, whatever it is for
_COMMON_NAMES = frozenset({
    "", "api", "app", "bin", "code", "cmd", "function", "functions", "handler", "handlers", "home", "index", "lambda",
    "lambda-function", "lambda-handler", "lib", "main", "program", "project", "root", "source", "src", "tmp", "work",
})  # fmt: skip
_RESERVED_FOLDERS = ("tests", "events")  # of the project itself


def make_spec(draft: Draft) -> ProjectSpec:
    """Return the specification that answers make. Raises :class:`InternalError` if one of them is still open."""
    answers = draft.answers
    cell = Cell(
        known(answers.app_template),
        known(answers.package_type),
        known(answers.language),
        known(answers.runtime),
        known(answers.dependency_manager),
    )
    base = answers.base_image or AMAZON
    functions = tuple(
        replace(
            function,
            base=base if base in draft.catalogue.bases else AMAZON,
            private_base=base if REFERENCE.fullmatch(base) else "",
            settings=settings.of_scope(draft.settings, settings.FUNCTION),
            own=draft.own,
        )
        for function in functions_of(draft.catalogue, cell, known(answers.architecture))
    )
    if draft.own:
        name = _name_of_own_code(draft, draft.own)
        functions = tuple(function.renamed(name) for function in functions)
    own = settings.of_scope(draft.settings, settings.PROJECT)
    return ProjectSpec(name=known(answers.name), functions=functions, **own)


def functions_of(catalogue: Catalogue, cell: Cell, architecture: str = "x86_64") -> tuple[FunctionSpec, ...]:
    """Return the functions of a cell, with the default names of its use case."""
    use_case = catalogue.use_cases[cell.use_case]
    return tuple(
        FunctionSpec(
            name=use_case.name,
            use_case=cell.use_case,
            language=cell.language,
            runtime=cell.runtime,
            package_type=cell.package_type,
            dependency_manager=cell.dependency_manager,
            architecture=architecture,
            part=part.id,
        ).renamed(use_case.name)
        for part in use_case.parts
    )


def check_function_name(catalogue: Catalogue, function: FunctionSpec, location: Keys) -> Iterator[Problem]:
    """Yield what is wrong with a function's name in its project."""
    language = catalogue.languages[function.language]
    hint = "give the function another name"
    if function.name in _RESERVED_FOLDERS:
        yield Problem(location, f"{function.name!r} is already the name of another folder of the project", hint)
    if function.name in language.reserved_names:
        message = f"{function.name!r} is the name of a module that {language.title} or its tests import"
        yield Problem(location, message, hint)


def _name_of_own_code(draft: Draft, own: OwnCode) -> str:
    """Return the name of the function: that of its file or its folder, unless these say nothing."""
    file = PurePosixPath(own.entry)
    for text in (file.stem, own.root.name, own.root.parent.name):
        words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", text)
        name = slug(words)
        if name in _COMMON_NAMES or len(name) > MAX_NAME // 2 or not name[:1].isalpha():
            continue
        functions = functions_of(
            draft.catalogue, Cell(known(draft.answers.app_template), "Image", own.language, "", "")
        )
        problems = check_function_name(draft.catalogue, functions[0].renamed(name), ("name",))
        if not [*problems]:
            return name
    return draft.catalogue.use_cases[known(draft.answers.app_template)].name
