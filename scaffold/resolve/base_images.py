"""The base image: one of AWS's, a base of the catalogue, or an image of the user's own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaffold.model import base_image_name
from scaffold.resolve.suggestions import did_you_mean, use_one_of
from scaffold.spec import AMAZON

if TYPE_CHECKING:
    from scaffold.resolve.draft import Draft

# The name of an image in a registry, as Docker parses it: https://pkg.go.dev/github.com/distribution/reference
_HOST = r"(?=[^/]*[.:]|localhost/)[A-Za-z0-9]+(?:[.-]+[A-Za-z0-9]+)*(?::[0-9]{1,5})?"
_PATH = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_TAG = r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}"
REFERENCE = re.compile(rf"{_HOST}(?:/{_PATH})+(?P<tag>:{_TAG})?(?P<digest>@sha256:[a-f0-9]{{64}})?")
MAX_REFERENCE = 255  # characters of the name, without tag and digest


def infer_from_base_image(draft: Draft) -> None:
    """Take the runtime, the language and the package type that a base image implies."""
    given = draft.answers.base_image
    if given is None:
        return
    known = {
        base_image_name(language, runtime): (language, runtime)
        for language in draft.catalogue.languages.values()
        for runtime in language.runtimes
        if runtime.image and language.own_runtimes | set(language.use_cases())
    }
    if draft.answers.package_type == "Zip":
        draft.refuse("package_type", "a Zip has no base image", "use Image, or leave out the base image")
    elif draft.answers.package_type is None:
        draft.set(package_type="Image")
    if given not in known:
        _check_custom_base(draft, given)
        return
    language, runtime = known[given]
    if draft.answers.runtime not in (None, runtime.id, language.cli_name(runtime)):
        message = f"{given!r} is for {runtime.id}, not for {draft.answers.runtime}"
        draft.refuse("base_image", message, "leave out the base image or the runtime")
    draft.set(runtime=runtime.id)
    if runtime.id not in language.own_runtimes and draft.answers.language is None:
        draft.set(language=language.id)


def _check_custom_base(draft: Draft, given: str) -> None:
    """Check a base that is not one of AWS's images: a base of the catalogue, or an image of the user's own."""
    if given in draft.catalogue.bases:
        return
    reference = REFERENCE.fullmatch(given)
    if reference is None:
        draft.refuse("base_image", f"there is no base image {given!r}", _suggest_base(draft, given))
    elif not reference["tag"] and not reference["digest"]:
        draft.refuse("base_image", f"{given!r} has no tag", f"add one: {given}:1.0, or {given}@sha256:…")
    elif len(given.partition("@")[0].removesuffix(reference["tag"] or "")) > MAX_REFERENCE:
        draft.refuse("base_image", f"the name is longer than {MAX_REFERENCE} characters", "use a shorter one")


def _suggest_base(draft: Draft, given: str) -> str:
    """Return what a base image was probably meant to be."""
    pairs = [*draft.catalogue.offered_runtimes(), *draft.catalogue.offered_runtimes(deprecated=True)]
    aws_images = [base_image_name(language, runtime) for language, runtime in pairs if runtime.image]
    for name in (f"{AMAZON}/{given}", f"{AMAZON}/{given}-base"):
        if name in aws_images:
            return f"did you mean {name}?"
    own_image = "An image of your own needs a registry and a tag, such as registry.example.com/team/python:3.13"
    suggestion = did_you_mean(given, [*aws_images, *draft.catalogue.bases], otherwise="see `sam-scaffold list bases`.")
    return f"{suggestion} {own_image}"


def check_base(draft: Draft) -> None:
    """Check that the language has that base for its dependency manager and its runtime."""
    given = draft.answers.base_image
    language, runtime = draft.language_and_runtime()
    if draft.problems or draft.missing or given not in draft.catalogue.bases or language is None or runtime is None:
        return
    bases = draft.catalogue.bases_for(language, runtime, draft.answers.dependency_manager, draft.answers.app_template)
    if given in bases:
        return
    if given in draft.catalogue.bases_for(language, runtime, draft.answers.dependency_manager):
        message = f"the template {draft.answers.app_template} is not for the base image {given!r}"
    else:
        message = f"{given!r} is not known to work with {runtime.id if given in language.bases else language.title}"
    names = [base_image_name(language, runtime) if base == AMAZON else base for base in bases]
    draft.refuse("base_image", message, use_one_of(names), names)
