"""The runtime, the language, which it may imply, and the language's dependency manager."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from scaffold.model import BLOCKED, PREVIEW, SUPPORTED
from scaffold.resolve.suggestions import did_you_mean, use_one_of

if TYPE_CHECKING:
    from scaffold.model import Language, Runtime
    from scaffold.resolve.draft import Draft


def infer_from_runtime(draft: Draft) -> None:
    """Take the runtime that is meant, and the language if it was named with the runtime."""
    given = draft.answers.runtime
    if given is None:
        return
    matching = [
        (language, runtime)
        for language in draft.catalogue.languages.values()
        for runtime in language.runtimes
        if given in (runtime.id, language.cli_name(runtime))
    ]
    if not matching:
        _refuse_runtime(draft, given)
        draft.set(runtime=None)
        return
    language, runtime = next((pair for pair in matching if pair[0].id == draft.answers.language), matching[0])
    if given != runtime.id and draft.answers.language is None:
        draft.set(language=language.id)
    draft.set(runtime=runtime.id)
    _check_status(draft, language, runtime)


def _refuse_runtime(draft: Draft, given: str) -> None:
    for language in draft.catalogue.languages.values():
        for prefix, row in language.refused_runtimes.items():
            if given.startswith(prefix):
                draft.refuse("runtime", f"{given!r} is not supported: {row['reason']}", f"use {row['instead']}")
                return
    meant = draft.catalogue.languages.get(given.lower())
    if meant:
        runtimes = [one for one in meant.runtimes if one.status(draft.catalogue.today) == SUPPORTED]
        names = [meant.cli_name(runtime) for runtime in runtimes]
        hint = use_one_of(map(shlex.quote, names))
        draft.refuse("runtime", f"{given!r} is a language, not a runtime", hint, names)
        return
    suggestion = did_you_mean(given, draft.runtime_names())
    draft.refuse("runtime", f"there is no runtime called {given!r}", suggestion)


def _check_status(draft: Draft, language: Language, runtime: Runtime) -> None:
    """Refuse a blocked runtime, and a preview that was not asked for."""
    status = runtime.status(draft.catalogue.today)
    successor = draft.catalogue.successor(language, runtime)
    if status == BLOCKED:
        message = f"{runtime.id} is blocked: AWS has accepted no new functions with it since {runtime.block_create}"
        draft.refuse("runtime", message, f"use {language.cli_name(successor)}" if successor else "")
    elif status == PREVIEW and not draft.preview:
        draft.refuse("runtime", f"{runtime.id} is a preview", "pass --preview to use it anyway")


def infer_language(draft: Draft) -> None:
    """Check the language that was given, or take the one that the runtime and the dependency manager are for."""
    given, runtime = draft.answers.language, draft.answers.runtime
    languages = draft.catalogue.languages.values()
    if given is not None and given not in draft.catalogue.languages:
        names = [language.id for language in languages if language.use_cases()]
        draft.refuse("language", f"there is no language called {given!r}", use_one_of(names), names)
        draft.set(language=None)
        return
    if runtime is None or draft.has_problem("runtime"):
        return
    on_runtime = [language for language in languages if language.runtime(runtime)]
    if given is not None:
        names = [language.id for language in on_runtime]
        if given not in names:
            if draft.own:  # nobody has said the language: it is what the code is in
                message = f"the code is in {draft.catalogue.languages[draft.own.language].title}"
                draft.refuse("runtime", f"{message}, which {runtime} does not run", "leave it out, or name another")
            else:
                draft.refuse("language", f"{given} does not run on {runtime}", use_one_of(names), names)
        return
    manager = draft.answers.dependency_manager
    with_templates = [language for language in on_runtime if language.use_cases()]
    possible = [language for language in with_templates if manager is None or manager in language.managers]
    possible = [language for language in possible if runtime in language.own_runtimes] or possible
    if len(possible) > 1:
        names = [language.cli_name(row) for language in possible if (row := language.runtime(runtime))]
        draft.refuse("runtime", f"several languages run on {runtime}", use_one_of(names), names)
    elif possible:
        draft.set(language=possible[0].id)
    elif with_templates:
        _refuse_dependency_manager(draft, with_templates[0])
        draft.set(language=with_templates[0].id)
    else:
        draft.refuse("runtime", f"there is no template for {runtime} yet", use_one_of(draft.runtime_names()))


def check_dependency_manager(draft: Draft) -> None:
    """Check that the language has that dependency manager, or any language if it is not known."""
    given = draft.answers.dependency_manager
    if given is None:
        return
    language = draft.catalogue.languages.get(draft.answers.language or "")
    languages = [language] if language else [*draft.catalogue.languages.values()]
    refusing = next((other for other in languages if given in other.refused_managers), None)
    names = sorted({name for other in draft.catalogue.languages.values() for name in other.managers})
    if refusing:
        _refuse_dependency_manager(draft, refusing)
    elif given not in names:
        message = f"there is no dependency manager called {given!r}"
        draft.refuse("dependency_manager", message, did_you_mean(given, names))
        draft.set(dependency_manager=None)
    elif language and given not in language.managers:
        _refuse_dependency_manager(draft, language)


def _refuse_dependency_manager(draft: Draft, language: Language) -> None:
    given = draft.answers.dependency_manager or ""
    message, hint = f"{given!r} is not a dependency manager for {language.title}", use_one_of(language.managers)
    if given in language.refused_managers:
        message, hint = f"`sam build` has no builder for {given}", f"use {language.refused_managers[given]}"
    draft.refuse("dependency_manager", message, hint, language.managers)
    draft.set(dependency_manager=None)


def default_to_newest_runtime(draft: Draft) -> None:
    """Choose the first runtime on offer that fits the given answers, with its language."""
    answers = draft.answers
    if answers.runtime is not None or draft.has_problem("runtime", "base_image"):
        return
    base = answers.base_image if answers.base_image in draft.catalogue.bases else None
    for language, runtime in draft.catalogue.offered_runtimes(use_case=answers.app_template, base=base):
        is_managed = answers.dependency_manager is None or answers.dependency_manager in language.managers
        if is_managed and answers.language in (None, language.id):
            draft.set(runtime=runtime.id, language=language.id)
            return


def default_dependency_manager(draft: Draft) -> None:
    """Choose the first dependency manager of the language that works with the runtime."""
    language, runtime = draft.language_and_runtime()
    if language is None or runtime is None or draft.answers.dependency_manager is not None:
        return
    names = (name for name in language.managers if draft.catalogue.manager_serves(language, name, runtime))
    draft.set(dependency_manager=next(names, None))
