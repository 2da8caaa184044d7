"""Answers in, one specification out: what follows from an answer, what is wrong with it, what is missing.

This is the one place where partial answers become a :class:`ProjectSpec`, whoever gave them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from scaffold import settings
from scaffold.catalogue import DOCKER_PLATFORMS, Catalogue, host_architecture
from scaffold.errors import InternalError, InvalidAnswersError, Problem
from scaffold.model import BLOCKED, PREVIEW, Cell, Language, Runtime, base_image_name
from scaffold.rules import ONE_ARCHITECTURE
from scaffold.spec import AMAZON, DEFAULT_NAME, Answers, FunctionSpec, ProjectSpec, Settings, check_name

if TYPE_CHECKING:
    from collections.abc import Iterable


def resolve(catalogue: Catalogue, answers: Answers, *, preview: bool = False, defaults: bool = False) -> ProjectSpec:
    """Turn answers into a specification, or raise :class:`InvalidAnswersError` with every problem at once.

    Missing answers are problems too, unless ``defaults`` is set; what follows from another answer (a base image
    implies the runtime and ``Image``) or has one sensible value is not missing. ``preview`` lets preview runtimes
    through. Of several functions, each is what it says over what the answers say; problems of one of them are
    those of the field ``functions.<number>.<answer>``, counted from 0.
    """
    if answers.functions is None:
        return _Resolution(catalogue, preview=preview).resolve(answers, defaults=defaults)
    return _several(catalogue, answers, answers.functions, preview=preview, defaults=defaults)


def _several(
    catalogue: Catalogue,
    answers: Answers,
    functions: tuple[dict[str, Any], ...],
    *,
    preview: bool,
    defaults: bool,
) -> ProjectSpec:
    shared = replace(answers, functions=None)
    problems: list[Problem] = []
    specs: list[ProjectSpec] = []
    taken: dict[str, int] = {}
    for number, one in enumerate(functions):
        own = {key: value for key, value in one.items() if key != "name"}
        try:
            spec = _Resolution(catalogue, preview=preview).resolve(Answers.of(own).over(shared), defaults=defaults)
            function = spec.functions[0]
            function = replace(function, name=one.get("name", function.name))
        except InvalidAnswersError as error:
            problems += [_placed(problem, number, own, shared) for problem in error.problems]
            continue
        # Languages write the name's words each in its own way: hello-world, hello_world, HelloWorld, helloworld.
        first = taken.setdefault("".join(function.words), number)
        if first != number:
            message = f"{function.name!r} is the name of function {first + 1} already, as a folder or as it stands"
            problems.append(Problem(f"functions.{number}.name", message, "give each its own name"))
        if function.name in _FOLDERS:
            message = f"{function.name!r} is another folder of the project"
            problems.append(Problem(f"functions.{number}.name", message, "name the function otherwise"))
        specs.append(replace(spec, functions=(function,)))
    if problems:
        raise InvalidAnswersError(list(dict.fromkeys(problems)))
    return replace(specs[0], functions=tuple(spec.functions[0] for spec in specs))


def _placed(problem: Problem, number: int, own: dict[str, Any], shared: Answers) -> Problem:
    """Return a problem of one function with its field; the project's name and what all share is wrong once."""
    if problem.field == "function":  # as its own name is called where there is one function
        return replace(problem, field=f"functions.{number}.name")
    shared_by_all = problem.field not in own and getattr(shared, problem.field, None) is not None
    if problem.field == "name" or shared_by_all:
        return problem
    return replace(problem, field=f"functions.{number}.{problem.field}")


def complete(catalogue: Catalogue, answers: Answers, *, preview: bool = False) -> tuple[Answers, list[Problem]]:
    """Return the answers with what follows from them filled in, and what is wrong with those that were given."""
    resolution = _Resolution(catalogue, preview=preview)
    implied = resolution.imply(answers)
    if implied.runtime is not None:  # without one, what fits together is still open
        resolution.fill(implied, defaults=True)
    return implied, resolution.problems


_FOLDERS = ("tests", "events")  # what a project has beside the folders of its functions
_MISSING = {
    "name": "the project's name",
    "runtime": "the Lambda runtime; a base image says it too",
    "package_type": "Zip or Image",
}


def function_of(catalogue: Catalogue, cell: Cell, architecture: str = "x86_64") -> FunctionSpec:
    """Return the function that a cell stands for, with the name its use case gives it."""
    return FunctionSpec(
        name=catalogue.use_cases[cell.use_case].function,
        use_case=cell.use_case,
        language=cell.language,
        runtime=cell.runtime,
        package_type=cell.package_type,
        dependency_manager=cell.dependency_manager,
        architecture=architecture,
    )


class _Resolution:
    """One walk from answers to a specification, collecting problems."""

    def __init__(self, catalogue: Catalogue, *, preview: bool) -> None:
        self.catalogue = catalogue
        self.preview = preview
        self.problems: list[Problem] = []
        self.settings = Settings()

    def problem(self, name: str, message: str, hint: str = "") -> None:
        self.problems.append(Problem(name, message, hint))

    def resolve(self, answers: Answers, *, defaults: bool) -> ProjectSpec:
        answers = self.fill(self.imply(answers), defaults=defaults)
        if self.problems:
            raise InvalidAnswersError(self.problems)
        cell = Cell(
            _said(answers.app_template),
            _said(answers.package_type),
            _said(answers.language),
            _said(answers.runtime),
            _said(answers.dependency_manager),
        )
        said = answers.base_image or AMAZON
        kind = said if said in self.catalogue.bases else AMAZON
        function = replace(
            function_of(self.catalogue, cell, _said(answers.architecture)),
            base=kind,
            private_base=said if settings.REFERENCE.fullmatch(said) else "",
            settings=self.settings,
        )
        return ProjectSpec(
            name=_said(answers.name),
            functions=(function,),
            tracing=bool(answers.tracing),
            application_insights=bool(answers.application_insights),
            structured_logging=bool(answers.structured_logging),
            ecr=bool(answers.ecr),
        )

    def imply(self, answers: Answers) -> Answers:
        """Fill in what follows from what was said, checking each value as it goes by."""
        if answers.name is not None and (wrong := check_name(answers.name)):
            self.problems.append(wrong)
        values = dict(vars(answers))
        for step in (
            self._package,
            self._template,
            self._base_image,
            self._runtime,
            self._language,
            self._managers,
        ):
            step(values)
        return Answers(**values)

    def fill(self, answers: Answers, *, defaults: bool) -> Answers:
        """Fill in what was not said: with a default where one is sensible, else as a problem."""
        values = dict(vars(answers))
        standard = {"name": DEFAULT_NAME, "package_type": next(iter(self.catalogue.packages))}
        wrong = {problem.field for problem in self.problems}
        if defaults and values["runtime"] is None and not {"runtime", "base_image"} & wrong:
            values |= self._newest(values)
        if values["package_type"] is None and not defaults:
            values["package_type"] = self._sam_package(values["app_template"])
        for name in ("name", "runtime", "package_type"):
            if values[name] is not None or name in wrong or (name == "runtime" and "base_image" in wrong):
                continue
            if defaults and name in standard:
                values[name] = standard[name]
            else:
                self.problem(name, "is missing", _MISSING[name])
        if values["app_template"] is None and "app_template" not in wrong:
            values["app_template"] = next(iter(self.catalogue.use_cases))
        runtime_wrong = bool({"runtime", "language", "base_image"} & {problem.field for problem in self.problems})
        if values["language"] and not runtime_wrong:
            self._manager_of(values)
            self._cell(values)
            self._based(values)
        self._architecture(values)
        self._settings(values)
        return Answers(**values)

    def _newest(self, values: dict[str, Any]) -> dict[str, str]:
        """Return the first runtime that is offered for what was said, with its language."""
        base = values["base_image"] if values["base_image"] in self.catalogue.bases else None
        for language, runtime in self.catalogue.offered(use_case=values["app_template"], base=base):
            fits = values["dependency_manager"] is None or values["dependency_manager"] in language.managers
            if fits and values["language"] in (None, language.id):
                return {"runtime": runtime.id, "language": language.id}
        return {}

    # What each answer implies ---------------------------------------------------------------------------------

    def _package(self, values: dict[str, Any]) -> None:
        said = values["package_type"]
        if said is None:
            given = Answers(**values)
            images, zips = settings.said(given, settings.FOR_IMAGES), settings.said(given, settings.FOR_ZIPS)
            if bool(images) != bool(zips):
                values["package_type"] = "Image" if images else "Zip"
            return
        found = next((one for one in self.catalogue.packages if one.lower() == said.lower()), None)
        if found is None:
            self.problem("package_type", f"{said!r} is no package type", _one_of(self.catalogue.packages))
        values["package_type"] = found

    def _template(self, values: dict[str, Any]) -> None:
        said = values["app_template"]
        if said is None:
            return
        rows = [
            (use_case.id, row)
            for use_case in self.catalogue.use_cases.values()
            for row in use_case.identifiers
            if row["id"] == said
        ]
        if said not in self.catalogue.use_cases and not rows:
            names = list(dict.fromkeys([*self.catalogue.use_cases, *self._identifiers()]))
            self.problem("app_template", f"{said!r} is no template", _nearest(said, names))
            values["app_template"] = None
            return
        if said in self.catalogue.use_cases:
            return
        use_case, row = rows[0]
        values["app_template"] = use_case
        for key, name in (("package", "package_type"), ("language", "language")):
            if key not in row:
                continue
            if values[name] not in (None, row[key]):
                self.problem(
                    "app_template",
                    f"{said!r} is a template for {row[key]}, not for {values[name]}",
                    f"use {use_case}",
                )
            values[name] = values[name] or row[key]

    def _sam_package(self, use_case: str | None) -> str | None:
        """Return the package type that a sam init script means by a template's name, where it says no other."""
        known = self.catalogue.use_cases[use_case].identifiers if use_case else ()
        return next((row.get("package") for row in known if row["id"] == use_case), None)

    def _identifiers(self) -> list[str]:
        return [row["id"] for use_case in self.catalogue.use_cases.values() for row in use_case.identifiers]

    def _base_image(self, values: dict[str, Any]) -> None:
        said = values["base_image"]
        if said is None:
            return
        known = {
            base_image_name(language, runtime): (language, runtime)
            for language in self.catalogue.languages.values()
            for runtime in language.runtimes
            if runtime.image and language.own_runtimes | set(language.use_cases())
        }
        if values["package_type"] == "Zip":
            self.problem("package_type", "'Zip' goes without a base image", "use Image, or leave the base image out")
        if said not in known:
            values["package_type"] = values["package_type"] or "Image"
            self._other_base(said)
            return
        language, runtime = known[said]
        spoken = (None, runtime.id, language.cli_name(runtime))
        if values["runtime"] not in spoken:
            self.problem("base_image", f"{said!r} has {runtime.id}, not {values['runtime']}", "say one of the two")
        values["package_type"] = values["package_type"] or "Image"
        values["runtime"] = runtime.id
        if runtime.id not in language.own_runtimes:
            values["language"] = values["language"] or language.id

    def _other_base(self, said: str) -> None:
        """Check a base that is no AWS image by name: a kind of the catalogue, or an image of the user's own."""
        if said in self.catalogue.bases:
            return
        reference = settings.REFERENCE.fullmatch(said)
        if reference is None:
            amazon = [base_image_name(*row) for row in self.catalogue.offered() if row[1].image]
            known = _nearest(
                said, [*amazon, *self.catalogue.bases], others="`sam-scaffold list bases` shows what there is"
            )
            own = "an image of your own is host/path:version, the path in lower case"
            self.problem("base_image", f"{said!r} is no base image", f"{known}; {own}")
        elif not reference["tag"] and not reference["digest"]:
            self.problem("base_image", f"{said!r} has no version", f"for example {said}:1.0, or {said}@sha256:…")
        elif len(said.partition("@")[0].removesuffix(reference["tag"] or "")) > settings.MAX_REFERENCE:
            self.problem(
                "base_image", f"the name has more than {settings.MAX_REFERENCE} characters", "use a shorter one"
            )

    def _based(self, values: dict[str, Any]) -> None:
        """Check that there is such a base for the language, its dependency manager and its runtime."""
        said = values["base_image"]
        language = self.catalogue.languages[values["language"]]
        runtime = language.runtime(values["runtime"] or "")
        if self.problems or said not in self.catalogue.bases or runtime is None:
            return
        fit = self.catalogue.based(language, runtime, values["dependency_manager"])
        if said in fit:
            return
        base = language.bases.get(said)
        why = f"is not known to work for {runtime.id if base else language.title}"
        names = [base_image_name(language, runtime) if one == AMAZON else one for one in fit]
        self.problem("base_image", f"{said!r} {why}", _one_of(names))

    def _settings(self, values: dict[str, Any]) -> None:
        """Check what a function says beyond its cell."""
        runtime = self.catalogue.runtime(values["language"], values["runtime"])
        self.settings, problems = settings.read(Answers(**values), runtime)
        self.problems += problems

    def _runtime(self, values: dict[str, Any]) -> None:
        said = values["runtime"]
        if said is None:
            return
        rows = [
            (language, runtime)
            for language in self.catalogue.languages.values()
            for runtime in language.runtimes
            if said in (runtime.id, language.cli_name(runtime))
        ]
        if not rows:
            self.problem("runtime", f"{said!r} is no runtime", _nearest(said, self._runtimes_served()))
            values["runtime"] = None
            return
        language, runtime = next((row for row in rows if row[0].id == values["language"]), rows[0])
        if said != runtime.id and said == language.cli_name(runtime):
            values["language"] = values["language"] or language.id
        values["runtime"] = runtime.id
        self._usable(language, runtime)

    def _usable(self, language: Language, runtime: Runtime) -> None:
        status = runtime.status(self.catalogue.today)
        successor = self.catalogue.successor(language, runtime)
        if status == BLOCKED:
            since = f"no function can be created with it since {runtime.block_create}"
            self.problem(
                "runtime",
                f"{runtime.id} is blocked: {since}",
                f"use {language.cli_name(successor)}" if successor else "",
            )
        elif status == PREVIEW and not self.preview:
            self.problem("runtime", f"{runtime.id} is a preview", "add --preview to use it all the same")

    def _language(self, values: dict[str, Any]) -> None:
        said, runtime = values["language"], values["runtime"]
        if said is not None and said not in self.catalogue.languages:
            self.problem("language", f"{said!r} is no language", _one_of(self._served()))
            values["language"] = None
            return
        if runtime is None or any(problem.field == "runtime" for problem in self.problems):
            return
        rows = [one for one in self.catalogue.languages.values() if one.runtime(runtime)]
        if said is not None:
            if said not in [one.id for one in rows]:
                self.problem("language", f"{said} does not run on {runtime}", _one_of([one.id for one in rows]))
            return
        manager = values["dependency_manager"]
        served = [one for one in rows if one.use_cases() and (manager is None or manager in one.managers)]
        owner = [one for one in served if runtime in one.own_runtimes]
        choice = owner or served
        if len(choice) > 1:
            names = [one.cli_name(runtime_row) for one in choice if (runtime_row := one.runtime(runtime))]
            self.problem("runtime", f"{runtime} serves several languages", f"say {_one_of(names)}")
        elif choice:
            values["language"] = choice[0].id
        else:
            best = next((one for one in rows if one.use_cases()), None)
            if best:
                self.problem("dependency_manager", f"{manager!r} does not serve {best.title}", _one_of(best.managers))
                values["language"] = best.id
                values["dependency_manager"] = None
            else:
                self.problem("runtime", f"there is no template for {runtime} yet", _one_of(self._runtimes_served()))

    def _managers(self, values: dict[str, Any]) -> None:
        said, language = values["dependency_manager"], values["language"]
        if said is None:
            return
        known = {name for one in self.catalogue.languages.values() for name in one.managers}
        if said not in known:
            self.problem("dependency_manager", f"{said!r} is no dependency manager", _nearest(said, sorted(known)))
            values["dependency_manager"] = None
        elif language and said not in (row := self.catalogue.languages[language]).managers:
            self.problem("dependency_manager", f"{said!r} does not serve {row.title}", _one_of(row.managers))
            values["dependency_manager"] = None

    # What was not said ----------------------------------------------------------------------------------------

    def _manager_of(self, values: dict[str, Any]) -> None:
        language = self.catalogue.languages[values["language"]]
        runtime = language.runtime(values["runtime"] or "")
        fit = [one for one in language.managers if runtime and self.catalogue.managed(language, one, runtime)]
        if values["dependency_manager"] is None and fit:
            values["dependency_manager"] = fit[0]

    def _cell(self, values: dict[str, Any]) -> None:
        parts = ("app_template", "package_type", "language", "runtime", "dependency_manager")
        if any(values[part] is None for part in parts) or self.problems:
            return
        cell = Cell(*(values[part] for part in parts))
        if cell in self.catalogue.cells:
            return
        near = [
            other for other in self.catalogue.cells if (other.language, other.runtime) == (cell.language, cell.runtime)
        ]
        hint = f"there is {', '.join(map(str, near[:3]))}" if near else _one_of(self._runtimes_served())
        self.problem("app_template", f"there is no template {cell}", hint)

    def _architecture(self, values: dict[str, Any]) -> None:
        said = values["architecture"]
        runtime = self.catalogue.runtime(values["language"], values["runtime"])
        possible = runtime.architectures if runtime else tuple(DOCKER_PLATFORMS)
        if said is not None and "," in said:
            self.problem("architecture", f"{said!r} is more than one, and a function has one", ONE_ARCHITECTURE)
        elif said is None:
            host = host_architecture()
            values["architecture"] = host if host in possible else possible[0]
        elif said not in possible:
            of = runtime.id if runtime else "Lambda"
            self.problem("architecture", f"{said!r} is no architecture of {of}", _one_of(possible))

    def _served(self) -> list[str]:
        return [one.id for one in self.catalogue.languages.values() if one.use_cases()]

    def _runtimes_served(self) -> list[str]:
        return [language.cli_name(runtime) for language, runtime in self.catalogue.offered()]


def _said(value: str | None) -> str:
    if value is None:
        raise InternalError("an answer was left open")
    return value


def _one_of(values: Iterable[str]) -> str:
    names = list(values)
    return f"one of {', '.join(names)}" if len(names) > 1 else f"use {names[0]}" if names else ""


def _nearest(said: str, known: list[str], others: str = "") -> str:
    import difflib  # noqa: PLC0415  for those who mistyped

    close = difflib.get_close_matches(said.lower(), known, n=3, cutoff=0.6)
    return f"did you mean {' or '.join(close)}?" if close else others or _one_of(known)
