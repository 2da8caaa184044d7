"""The answers for one function, turned into a specification step by step.

Each step looks at one answer, and at others that earlier steps have checked or filled in, so their order matters; the
reason is beside each call. First come those that infer answers from the given ones, then those that fill in defaults,
and last those that check the combination.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scaffold import settings
from scaffold.catalogue import OWN_USE_CASE
from scaffold.errors import InvalidAnswersError, Problem
from scaffold.resolve import base_images, combination, languages, own_code, templates
from scaffold.resolve.draft import Draft
from scaffold.resolve.specification import make_spec
from scaffold.spec import DEFAULT_NAME, check_name

if TYPE_CHECKING:
    from scaffold.catalogue import Catalogue
    from scaffold.spec import Answers, ProjectSpec

_REQUIRED = {
    "name": ("the project's name is missing", f"choose one, such as {DEFAULT_NAME}"),
    "runtime": ("the runtime is missing", "choose a Lambda runtime, or a base image that implies one"),
    "package_type": ("the package type is missing", "choose Image or Zip"),
}


@dataclass(frozen=True)
class Resolution:
    """The result of :func:`scaffold.resolve.examine`.

    ``answers`` are those that were given and those that they imply. ``problems`` is what is wrong with them, and
    ``missing`` is a problem for each required answer that was not given. ``spec`` is there if both are empty.
    """

    answers: Answers
    problems: tuple[Problem, ...]
    missing: tuple[Problem, ...]
    spec: ProjectSpec | None

    def require(self, hint: str = "") -> ProjectSpec:
        """Return the specification, or raise :class:`InvalidAnswersError` with every problem at once.

        ``hint`` is what to do about missing answers.
        """
        if self.spec is None:
            raise InvalidAnswersError([*self.problems, *self.missing], hint if self.missing else "")
        return self.spec


def resolve_function(catalogue: Catalogue, answers: Answers, *, preview: bool, defaults: bool) -> Resolution:
    """Return the result for one function. The arguments are those of :func:`scaffold.resolve.examine`.

    :attr:`Resolution.answers` has only what follows from the given ones, because a user can still be asked for what
    defaults would fill in.
    """
    draft = Draft(catalogue, answers, preview=preview)
    # Infer answers from the given ones.
    _check_name(draft)  # independent of the others
    own_code.find(draft)  # which has a language, and is an image unless that is said
    templates.infer_package_type(draft)  # first, because templates and base images are compared with it
    templates.infer_from_template(draft)  # sam's identifiers imply a package type and a language
    base_images.infer_from_base_image(draft)  # AWS's images imply a runtime and a language
    languages.infer_from_runtime(draft)  # after the base image, which may imply it; sam's spelling implies a language
    own_code.choose_runtime(draft)  # after the base image and the runtime, which may be said
    languages.infer_language(draft)  # from the runtime; if it serves several, from the dependency manager too
    own_code.find_dependency_manager(draft)  # needs the language
    languages.check_dependency_manager(draft)  # needs the language
    inferred = draft.answers
    # Fill in defaults.
    if defaults:
        languages.default_to_newest_runtime(draft)  # before the package type, since some runtimes are for images only
    _apply_defaults(draft, defaults=defaults)
    languages.default_dependency_manager(draft)  # needs the language, which is known by now if it ever will be
    # Check the combination.
    combination.check_cell(draft)
    base_images.check_base(draft)  # needs a cell that exists
    combination.resolve_architecture(draft)
    _read_settings(draft)  # needs the package type and the runtime
    own_code.check(draft)  # needs all others
    spec = make_spec(draft) if not draft.problems and not draft.missing else None
    return Resolution(inferred, tuple(draft.problems), tuple(draft.missing), spec)


def _check_name(draft: Draft) -> None:
    if draft.answers.name is not None and (problem := check_name(draft.answers.name)):
        draft.problems.append(problem)


def _apply_defaults(draft: Draft, *, defaults: bool) -> None:
    """Fill in the template, and with ``defaults`` name and package type; record what is still missing."""
    values = {"name": DEFAULT_NAME, "package_type": next(iter(draft.catalogue.packages))} if defaults else {}
    if draft.answers.package_type is None and not defaults:
        draft.set(package_type=templates.sam_package_type(draft))
    for name, (message, hint) in _REQUIRED.items():
        if draft.answers.get(name) is not None or draft.has_problem(name):
            continue
        if name == "runtime" and draft.has_problem("base_image"):
            continue
        if name == "package_type" and draft.has_problem("app_template"):
            continue  # which may imply one
        if name in ("runtime", "package_type") and draft.has_problem("handler"):
            continue  # which implies both
        if name in values:
            draft.set(**{name: values[name]})
        else:
            draft.missing.append(Problem((name,), message, hint))
    if draft.answers.app_template is None and not draft.has_problem("app_template"):
        draft.set(app_template=OWN_USE_CASE if draft.answers.handler else next(iter(draft.catalogue.use_cases)))


def _read_settings(draft: Draft) -> None:
    """Read and check what a function has beyond its cell."""
    runtime = draft.catalogue.runtime(draft.answers.language, draft.answers.runtime)
    draft.settings, problems = settings.read(draft.answers, runtime)
    draft.problems += problems
