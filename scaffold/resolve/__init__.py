"""Answers in, a specification out: what answers imply, what is wrong with them, and what is missing.

Only this package turns partial answers into a :class:`ProjectSpec`, wherever they came from.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from scaffold import settings
from scaffold.errors import InvalidAnswersError, Problem
from scaffold.render_steps import ci_problems
from scaffold.resolve.resolver import Resolution, resolve_function
from scaffold.resolve.specification import check_function_name, functions_of
from scaffold.spec import Answers, ProjectSpec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scaffold.catalogue import Catalogue

__all__ = ["Resolution", "examine", "functions_of", "resolve"]


def resolve(catalogue: Catalogue, answers: Answers, *, preview: bool = False, defaults: bool = False) -> ProjectSpec:
    """Return the specification that answers make, or raise :class:`InvalidAnswersError` with every problem at once.

    The arguments are those of :func:`examine`.
    """
    return examine(catalogue, answers, preview=preview, defaults=defaults).require()


def examine(catalogue: Catalogue, answers: Answers, *, preview: bool = False, defaults: bool = False) -> Resolution:
    """Return what answers imply, what is wrong with them, what is missing, and the specification.

    ``defaults`` fills in every answer that was not given. Without it, only those are filled in that follow from others
    (a base image implies the runtime and ``Image``) or have one usual value. ``preview`` allows preview runtimes. If
    there are several functions, each one's own answers take precedence over the common ones; the location of a problem
    with one of them is ``("functions", number, answer)``, counted from 0.
    """
    if answers.functions is None:
        resolution = resolve_function(catalogue, answers, preview=preview, defaults=defaults)
    else:
        resolution = _examine_functions(catalogue, answers, answers.functions, preview=preview, defaults=defaults)
    if resolution.spec and (problems := ci_problems(catalogue, resolution.spec)):
        return replace(resolution, problems=tuple(problems), spec=None)
    return resolution


def _examine_functions(
    catalogue: Catalogue,
    answers: Answers,
    functions: tuple[dict[str, Any], ...],
    *,
    preview: bool,
    defaults: bool,
) -> Resolution:
    common = replace(answers, functions=None)
    problems: list[Problem] = []
    missing: list[Problem] = []
    specs: list[ProjectSpec] = []
    numbers: dict[str, int] = {}  # of the first function with a name, without its hyphens
    package_types = {given.get("package_type", common.package_type) for given in functions}
    for number, given in enumerate(functions):
        own = {key: value for key, value in given.items() if key != "name"}
        merged = Answers.from_values(own).with_defaults(common)
        if len(package_types) > 1:
            merged = settings.without_images(merged)
        resolution = resolve_function(catalogue, merged, preview=preview, defaults=defaults)
        problems += [_relocate(problem, number, own, common) for problem in resolution.problems]
        missing += [_relocate(problem, number, own, common) for problem in resolution.missing]
        if resolution.spec is None:
            continue
        try:
            renamed = [one.renamed(given.get("name", one.group)) for one in resolution.spec.functions]
        except InvalidAnswersError as error:
            problems += [_relocate(problem, number, own, common) for problem in error.problems]
            continue
        # A group's name is taken as well: what its functions share is called by it.
        for name in dict.fromkeys([renamed[0].group, *(one.name for one in renamed)]):
            # Each language has its own style for a folder: hello-world, hello_world, HelloWorld, helloworld.
            first = numbers.setdefault(name.replace("-", ""), number)
            if first != number:
                message = f"{name!r} is already the name of function {first + 1}, apart from hyphens"
                problems.append(Problem(("functions", number, "name"), message, "give each function a name of its own"))
        for function in renamed:
            problems += check_function_name(catalogue, function, ("functions", number, "name"))
        specs.append(replace(resolution.spec, functions=tuple(renamed)))
    problems, missing = list(dict.fromkeys(problems)), list(dict.fromkeys(missing))
    spec = None
    if not problems and not missing:
        whole = max(specs, key=lambda spec: spec.functions[0].package_type == "Image")  # the others know no images
        spec = replace(whole, functions=tuple(function for spec in specs for function in spec.functions))
    return Resolution(answers, tuple(problems), tuple(missing), spec)


def _relocate(problem: Problem, number: int, own: Mapping[str, Any], common: Answers) -> Problem:
    """Return a problem with its location in ``functions``, unless it is with the project's name or a common answer."""
    answer = str(problem.location[-1]) if isinstance(problem.location, tuple) else ""
    if answer == "function":  # FunctionSpec's location for its name
        return replace(problem, location=("functions", number, "name"))
    is_common = answer not in own and common.get(answer) is not None
    if answer == "name" or is_common:
        return problem
    return replace(problem, location=("functions", number, answer))
