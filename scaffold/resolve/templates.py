"""The template, and the package type, which it may imply."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaffold import settings
from scaffold.resolve.suggestions import did_you_mean, use_one_of

if TYPE_CHECKING:
    from scaffold.resolve.draft import Draft


def infer_package_type(draft: Draft) -> None:
    """Take the package type as SAM spells it, or the one that settings imply."""
    given = draft.answers.package_type
    if given is None:
        draft.set(package_type=settings.implied_package_type(draft.answers))
        return
    known = next((name for name in draft.catalogue.packages if name.lower() == given.lower()), None)
    if known is None:
        names = [*draft.catalogue.packages]
        draft.refuse("package_type", f"there is no package type {given!r}", use_one_of(names), names)
    draft.set(package_type=known)


def infer_from_template(draft: Draft) -> None:
    """Take the use case that is meant, and what else a name of ``sam init`` implies."""
    given = draft.answers.app_template
    if given in draft.catalogue.use_cases:
        possible = draft.catalogue.use_cases[given].package_types
        if draft.answers.package_type is None and len(possible) == 1:
            draft.set(package_type=possible[0])
        return
    if given is None:
        return
    implied = draft.catalogue.identifier(given)
    if implied is None:
        _refuse_template(draft, given)
        draft.set(app_template=None)
        return
    use_case = implied["use_case"]
    if implied.get("language") and draft.answers.language not in (None, implied["language"]):
        message = f"{given!r} is a template for {implied['language']}, not for {draft.answers.language}"
        draft.refuse("app_template", message, otherwise(draft, use_case) or f"use {use_case}")
    elif implied.get("language"):
        draft.set(language=implied["language"])
    is_image = draft.answers.package_type == "Image" or draft.answers.base_image is not None
    if implied.get("package") == "Image" and draft.answers.package_type == "Zip":
        draft.refuse("app_template", f"{given!r} is a template for Image, not for Zip", f"use {use_case}")
    elif implied.get("package") and not is_image:  # what sam has as a Zip is here an image as well
        draft.set(package_type=implied["package"])
    draft.set(app_template=use_case)


def _refuse_template(draft: Draft, given: str) -> None:
    names = list(dict.fromkeys([*draft.catalogue.use_cases, *draft.catalogue.identifiers()]))
    if given in {row["template"] for row in draft.catalogue.sam_init()}:
        message = f"sam init's template {given!r} is not there yet"
        draft.refuse("app_template", message, f"so far there are {', '.join(names)}", names)
    else:
        draft.refuse("app_template", f"there is no template called {given!r}", did_you_mean(given, names))


def otherwise(draft: Draft, use_case: str) -> str:
    """Return what to use in the given language, if it does not have that use case and that says what."""
    language = draft.catalogue.languages.get(draft.answers.language or "")
    is_missing = language and use_case not in language.use_cases()
    return draft.catalogue.use_cases[use_case].otherwise if is_missing else ""


def sam_package_type(draft: Draft) -> str | None:
    """Return the package type that ``sam init`` has for a template's name, or ``None``."""
    name = draft.answers.app_template
    identifiers = draft.catalogue.use_cases[name].identifiers if name else ()
    return next((row.get("package") for row in identifiers if row["id"] == name), None)
