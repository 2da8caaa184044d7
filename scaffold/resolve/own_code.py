"""Code that exists already: what it implies, and whether the other answers are possible with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaffold import settings
from scaffold.errors import InvalidAnswersError, OutputError, UnsupportedCodeError
from scaffold.resolve.specification import make_spec
from scaffold.resolve.suggestions import use_one_of
from scaffold.spec import AMAZON

if TYPE_CHECKING:
    from scaffold.resolve.draft import Draft


def find(draft: Draft) -> None:
    """Find the handler in code that exists already, and with it the language."""
    given = draft.answers.handler
    if given is None:
        return
    from scaffold import entry_points  # noqa: PLC0415  takes time to load, and few runs need it

    known = draft.answers.language in (None, *draft.catalogue.languages)  # what is not is told elsewhere
    try:
        draft.own = entry_points.find(draft.catalogue.languages, given, draft.answers.language if known else None)
    except InvalidAnswersError as error:
        draft.problems += error.problems
        return
    except OutputError as error:
        draft.refuse("handler", error.message, error.hint)
        return
    draft.set(language=draft.own.language)
    if draft.answers.package_type is None and not settings.implied_package_type(draft.answers):
        draft.set(package_type="Image")


def choose_runtime(draft: Draft) -> None:
    """Choose the newest runtime that code takes, unless one is said."""
    if draft.own is None or draft.answers.runtime is not None or draft.has_problem("runtime", "base_image"):
        return
    from scaffold import entry_points  # noqa: PLC0415  takes time to load, and few runs need it

    language = draft.catalogue.languages[draft.own.language]
    offered = [runtime for other, runtime in draft.catalogue.offered_runtimes() if other.id == language.id]
    for runtime in offered:
        if entry_points.accepts(language.id, draft.own, language.version(runtime)):
            draft.set(runtime=runtime.id)
            return
    names = [language.cli_name(runtime) for runtime in offered]
    draft.refuse("runtime", "the code takes none of the runtimes that Lambda supports", use_one_of(names), names)


def find_dependency_manager(draft: Draft) -> None:
    """Take the dependency manager whose manifest is there, and none that needs another."""
    if draft.own is None or draft.own.dockerfile:
        return
    from scaffold import existing  # noqa: PLC0415  takes time to load

    language = draft.catalogue.languages[draft.own.language]
    given = draft.answers.dependency_manager
    if given is not None and not existing.manifests(language, given, draft.own.root):
        found = existing.find_manager(language, draft.own.root)
        if existing.manifests(language, found, draft.own.root):
            draft.refuse("dependency_manager", f"the code has no manifest of {given}", f"use {found}", [found])
    elif given is None:
        try:
            draft.set(dependency_manager=existing.find_manager(language, draft.own.root))
        except UnsupportedCodeError as error:
            draft.refuse("handler", error.message, error.hint)


def check(draft: Draft) -> None:
    """Check that the other answers are possible with code that exists already, and that an image can be made."""
    answers, own = draft.answers, draft.own
    if own is None:
        return
    possible = draft.catalogue.own_use_cases(draft.catalogue.languages[own.language])
    if answers.app_template is not None and answers.app_template not in possible:
        message = f"{answers.app_template} is a template for its own code, not for yours"
        draft.refuse("app_template", message, use_one_of(possible), possible)
    language = draft.catalogue.languages.get(answers.language or "")
    if language and answers.package_type == "Zip":
        managers = [*language.managers]
        if not language.interpreted or answers.dependency_manager not in (None, managers[0]):
            tool = f"{language.title} with {answers.dependency_manager}" if language.interpreted else language.title
            draft.refuse("package_type", f"your own code in {tool} is for an image", "use Image")
    if answers.get("pin") and own.dockerfile:
        draft.refuse("pin", "your Dockerfile stays as it is", "leave it out, and pin the images in your Dockerfile")
    base = answers.base_image or ""
    if base and not base.startswith(f"{AMAZON}/"):
        hint = "leave out the base image, or add a Dockerfile to your code"
        draft.refuse("base_image", "your own code is built on AWS's image for the runtime", hint)
    if not draft.problems and not draft.missing:
        from scaffold import existing  # noqa: PLC0415  takes time to load

        try:
            existing.own_code(draft.catalogue, make_spec(draft).functions[0])
        except UnsupportedCodeError as error:
            draft.refuse("handler", error.message, error.hint)
