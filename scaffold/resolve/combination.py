"""What depends on all answers together: whether the catalogue has such a cell, and the architecture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaffold.catalogue import DOCKER_PLATFORMS, host_architecture
from scaffold.model import SUPPORTED, Cell
from scaffold.resolve.draft import known
from scaffold.resolve.suggestions import use_one_of
from scaffold.resolve.templates import otherwise
from scaffold.translator.rules import ONE_ARCHITECTURE

if TYPE_CHECKING:
    from scaffold.resolve.draft import Draft


def check_cell(draft: Draft) -> None:
    """Check that there is such a combination, and say which of the answers is in its way."""
    answers = draft.answers
    parts = (answers.app_template, answers.package_type, answers.language, answers.runtime,
             answers.dependency_manager)  # fmt: skip
    if draft.language_and_runtime()[0] is None or None in parts or draft.problems or draft.missing:
        return
    cell = Cell(*map(known, parts))
    if cell in draft.catalogue.cells:
        return
    language = draft.catalogue.languages[cell.language]
    handler = language.handlers.get(cell.use_case)
    runtime = language.runtime(cell.runtime)
    if handler and runtime and not draft.catalogue.handler_runs_on(language, cell.use_case, runtime):
        is_old = not language.is_within(runtime, handler.oldest)
        need = f"need {handler.oldest} or later" if is_old else f"are there up to {handler.newest}"
        possible = [
            language.cli_name(one)
            for one in language.runtimes
            if one.status(draft.catalogue.today) == SUPPORTED
            and draft.catalogue.handler_runs_on(language, cell.use_case, one)
        ]
        message = f"{cell.runtime!r} is not supported: the libraries of {cell.use_case} {need}"
        draft.refuse("runtime", message, use_one_of(possible), possible)
        return
    possible = draft.catalogue.package_types(language, cell.use_case) if handler else []
    if handler and cell.package_type not in possible:
        message = f"{cell.use_case} in {language.title} has no package type {cell.package_type}"
        draft.refuse("package_type", message, use_one_of(possible), possible)
        return
    others = [other for other in draft.catalogue.cells if other.runtime == cell.runtime]
    similar = [str(other) for other in others if other.language == cell.language]
    hint = otherwise(draft, cell.use_case) or use_one_of(similar[:3] or draft.runtime_names())
    draft.refuse("app_template", f"there is no template {cell}", hint)


def resolve_architecture(draft: Draft) -> None:
    """Check the architecture, or take this machine's if the function runs on it."""
    given = draft.answers.architecture
    runtime = draft.catalogue.runtime(draft.answers.language, draft.answers.runtime)
    possible = runtime.architectures if runtime else tuple(DOCKER_PLATFORMS)
    language = draft.catalogue.languages.get(draft.answers.language or "")
    served = possible
    if language and runtime:
        served = draft.catalogue.architectures(language, draft.answers.app_template, runtime)
    if given is None:
        host = host_architecture()
        draft.set(architecture=host if host in served else served[0])
    elif "," in given:
        message = f"{given!r} is more than one architecture, and a function has one"
        draft.refuse("architecture", message, ONE_ARCHITECTURE, possible)
    elif given not in DOCKER_PLATFORMS:
        draft.refuse("architecture", f"there is no architecture {given!r}", use_one_of(possible), possible)
    elif given not in possible:
        message = f"{runtime.id if runtime else 'Lambda'} does not run on {given!r}"
        draft.refuse("architecture", message, use_one_of(possible), possible)
    elif given not in served:
        message = f"on {given!r}, the libraries of {draft.answers.app_template} need a later runtime"
        draft.refuse("architecture", message, use_one_of(served), served)
