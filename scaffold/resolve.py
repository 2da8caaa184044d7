"""Answers in, one specification out: what follows from an answer, what is wrong with it, what is missing.

This is the one place where partial answers become a :class:`ProjectSpec`, whoever gave them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from scaffold import settings
from scaffold.catalogue import DOCKER_PLATFORMS, Catalogue, host_architecture
from scaffold.errors import InternalError, InvalidAnswersError, Problem
from scaffold.model import BLOCKED, PREVIEW, Cell, Language, Runtime, base_image_name
from scaffold.spec import AMAZON, DEFAULT_NAME, Answers, FunctionSpec, ProjectSpec, check_name
from scaffold.translator.rules import ONE_ARCHITECTURE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# The name of an image, as docker takes it: https://pkg.go.dev/github.com/distribution/reference
_HOST = r"(?=[^/]*[.:]|localhost/)[A-Za-z0-9]+(?:[.-]+[A-Za-z0-9]+)*(?::[0-9]{1,5})?"
_PATH = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_TAG = r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}"
REFERENCE = re.compile(rf"{_HOST}(?:/{_PATH})+(?P<tag>:{_TAG})?(?P<digest>@sha256:[a-f0-9]{{64}})?")
MAX_REFERENCE = 255  # characters of the name, without tag and digest


@dataclass(frozen=True)
class Resolution:
    """What became of answers.

    ``answers`` are those that were given and what follows from them; ``problems`` is what is wrong with them;
    ``missing`` is what nobody answered and has no default; ``spec`` is there where neither stands in the way.
    """

    answers: Answers
    problems: tuple[Problem, ...]
    missing: tuple[Problem, ...]
    spec: ProjectSpec | None

    def require(self) -> ProjectSpec:
        """Return the specification, or raise :class:`InvalidAnswersError` with every problem at once."""
        if self.spec is None:
            raise InvalidAnswersError([*self.problems, *self.missing])
        return self.spec


def resolve(catalogue: Catalogue, answers: Answers, *, preview: bool = False, defaults: bool = False) -> ProjectSpec:
    """Turn answers into a specification, or raise :class:`InvalidAnswersError` with every problem at once.

    As :func:`examine`, for those who cannot ask.
    """
    return examine(catalogue, answers, preview=preview, defaults=defaults).require()


def examine(catalogue: Catalogue, answers: Answers, *, preview: bool = False, defaults: bool = False) -> Resolution:
    """Return what follows from answers, what is wrong with them, what is missing, and the specification.

    Nothing is missing with ``defaults``; what follows from another answer (a base image implies the runtime and
    ``Image``) or has one sensible value never is. ``preview`` lets preview runtimes through. Of several functions, each
    is what it answers over what the answers say; the location of a problem with one of them is
    ``("functions", number, answer)``, counted from 0.
    """
    if answers.functions is None:
        return _Resolver(catalogue, answers, preview=preview).resolve(defaults=defaults)
    return _several(catalogue, answers, answers.functions, preview=preview, defaults=defaults)


def _several(
    catalogue: Catalogue,
    answers: Answers,
    functions: tuple[dict[str, Any], ...],
    *,
    preview: bool,
    defaults: bool,
) -> Resolution:
    shared = replace(answers, functions=None)
    problems: list[Problem] = []
    missing: list[Problem] = []
    specs: list[ProjectSpec] = []
    taken: dict[str, int] = {}
    for number, row in enumerate(functions):
        own = {key: value for key, value in row.items() if key != "name"}
        resolution = _Resolver(catalogue, Answers.of(own).over(shared), preview=preview).resolve(defaults=defaults)
        problems += [_of_function(problem, number, own, shared) for problem in resolution.problems]
        missing += [_of_function(problem, number, own, shared) for problem in resolution.missing]
        if resolution.spec is None:
            continue
        function = resolution.spec.functions[0]
        try:
            function = replace(function, name=row.get("name", function.name))
        except InvalidAnswersError as error:
            problems += [_of_function(problem, number, own, shared) for problem in error.problems]
            continue
        location = ("functions", number, "name")
        # Languages write the name's words each in its own way: hello-world, hello_world, HelloWorld, helloworld.
        first = taken.setdefault("".join(function.words), number)
        if first != number:
            message = f"{function.name!r} is the name of function {first + 1} already, as a folder or as it stands"
            problems.append(Problem(location, message, "give each its own name"))
        if function.name in _FOLDERS:
            message = f"{function.name!r} is another folder of the project"
            problems.append(Problem(location, message, "name the function otherwise"))
        specs.append(replace(resolution.spec, functions=(function,)))
    problems, missing = list(dict.fromkeys(problems)), list(dict.fromkeys(missing))
    whole = None
    if not problems and not missing:
        whole = replace(specs[0], functions=tuple(spec.functions[0] for spec in specs))
    return Resolution(answers, tuple(problems), tuple(missing), whole)


def _of_function(problem: Problem, number: int, own: Mapping[str, Any], shared: Answers) -> Problem:
    """Return a problem of one function with its location; the project's name and what all share is wrong once."""
    answer = str(problem.location[-1]) if isinstance(problem.location, tuple) else ""
    if answer == "function":  # as its own name is called where there is one function
        return replace(problem, location=("functions", number, "name"))
    shared_by_all = answer not in own and answer != "function" and shared.get(answer) is not None
    if answer == "name" or shared_by_all:
        return problem
    return replace(problem, location=("functions", number, answer))


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


class _Resolver:
    """One walk from answers to a specification.

    Each step looks at one answer and at those that the steps before it settled, so their order matters; the reason of
    each is beside it in ``resolve``. Two kinds of step: what follows from answers that were given, and what is taken
    for those that were not. Only the first kind shows in :attr:`Resolution.answers`: what a person did not answer is
    still to be asked.
    """

    def __init__(self, catalogue: Catalogue, answers: Answers, *, preview: bool) -> None:
        self.catalogue = catalogue
        self.answers = answers
        self.preview = preview
        self.problems: list[Problem] = []
        self.missing: list[Problem] = []
        self.settings: dict[str, Any] = {}

    def resolve(self, *, defaults: bool) -> Resolution:
        """Walk through all steps."""
        # What follows from what was given.
        self._check_name()  # of no consequence for the others
        self._imply_package_type()  # before templates and bases, which say what goes with it
        self._imply_from_template()  # sam's identifiers mean a package type and a language
        self._imply_from_base_image()  # AWS's images mean a runtime and a language
        self._imply_from_runtime()  # now that a base image may have said it; sam's spelling means a language
        self._imply_language()  # from the runtime, and from the dependency manager where it serves several
        self._check_dependency_manager()  # now that the language is known
        given = self.answers
        # What is taken for what was not given.
        if defaults:
            self._take_newest_runtime()  # before the package type: it may be for one alone
        self._take_or_miss(defaults=defaults)
        self._take_dependency_manager()  # the language is known now, if it ever is
        # What only all of it together shows.
        self._check_cell()
        self._check_base()  # of a cell that exists
        self._take_architecture()
        self._read_settings()  # of the package type and the runtime
        spec = self._spec() if not self.problems and not self.missing else None
        return Resolution(given, tuple(self.problems), tuple(self.missing), spec)

    def _spec(self) -> ProjectSpec:
        answers = self.answers
        cell = Cell(
            _known(answers.app_template),
            _known(answers.package_type),
            _known(answers.language),
            _known(answers.runtime),
            _known(answers.dependency_manager),
        )
        base = answers.base_image or AMAZON
        function = replace(
            function_of(self.catalogue, cell, _known(answers.architecture)),
            base=base if base in self.catalogue.bases else AMAZON,
            private_base=base if REFERENCE.fullmatch(base) else "",
            settings=self.settings,
        )
        of_project = {row.name: bool(answers.get(row.name)) for row in settings.TABLE if row.scope == settings.PROJECT}
        return ProjectSpec(name=_known(answers.name), functions=(function,), **of_project)

    def _refuse(self, name: str, message: str, hint: str = "", allowed: Iterable[str] = ()) -> None:
        self.problems.append(Problem((name,), message, hint, tuple(allowed), self.answers.get(name)))

    def _set(self, **values: Any) -> None:  # noqa: ANN401
        self.answers = self.answers.updated(**values)

    def _is_wrong(self, *names: str) -> bool:
        """Return whether something is wrong with one of these answers."""
        return any(problem.location == (name,) for problem in self.problems for name in names)

    # What follows from what was given ---------------------------------------------------------------------------

    def _check_name(self) -> None:
        if self.answers.name is not None and (problem := check_name(self.answers.name)):
            self.problems.append(problem)

    def _imply_package_type(self) -> None:
        given = self.answers.package_type
        if given is None:
            self._set(package_type=settings.implied_package_type(self.answers))
            return
        known = next((name for name in self.catalogue.packages if name.lower() == given.lower()), None)
        if known is None:
            names = [*self.catalogue.packages]
            self._refuse("package_type", f"{given!r} is no package type", _one_of(names), names)
        self._set(package_type=known)

    def _imply_from_template(self) -> None:
        given = self.answers.app_template
        if given is None or given in self.catalogue.use_cases:
            return
        rows = [(case.id, row) for case in self.catalogue.use_cases.values() for row in case.identifiers]
        use_case, row = next(((name, row) for name, row in rows if row["id"] == given), (None, {}))
        if use_case is None:
            names = list(dict.fromkeys([*self.catalogue.use_cases, *(row["id"] for _, row in rows)]))
            self._refuse("app_template", f"{given!r} is no template", _nearest(given, names))
        for key, name in (("package", "package_type"), ("language", "language")):
            other = self.answers.get(name)
            if key in row and other not in (None, row[key]):
                message = f"{given!r} is a template for {row[key]}, not for {other}"
                self._refuse("app_template", message, f"use {use_case}")
            elif key in row:
                self._set(**{name: row[key]})
        self._set(app_template=use_case)

    def _imply_from_base_image(self) -> None:
        given = self.answers.base_image
        if given is None:
            return
        known = {
            base_image_name(language, runtime): (language, runtime)
            for language in self.catalogue.languages.values()
            for runtime in language.runtimes
            if runtime.image and language.own_runtimes | set(language.use_cases())
        }
        if self.answers.package_type == "Zip":
            self._refuse("package_type", "'Zip' goes without a base image", "use Image, or leave the base image out")
        elif self.answers.package_type is None:
            self._set(package_type="Image")
        if given not in known:
            self._check_other_base(given)
            return
        language, runtime = known[given]
        if self.answers.runtime not in (None, runtime.id, language.cli_name(runtime)):
            message = f"{given!r} has {runtime.id}, not {self.answers.runtime}"
            self._refuse("base_image", message, "say one of the two")
        self._set(runtime=runtime.id)
        if runtime.id not in language.own_runtimes and self.answers.language is None:
            self._set(language=language.id)

    def _check_other_base(self, given: str) -> None:
        """Check a base that is no AWS image by name: a base of the catalogue, or an image of the user's own."""
        if given in self.catalogue.bases:
            return
        reference = REFERENCE.fullmatch(given)
        if reference is None:
            amazon = [base_image_name(*row) for row in self.catalogue.offered_runtimes() if row[1].image]
            nearest = _nearest(
                given, [*amazon, *self.catalogue.bases], others="`sam-scaffold list bases` shows what there is"
            )
            own = "an image of your own is host/path:version, the path in lower case"
            self._refuse("base_image", f"{given!r} is no base image", f"{nearest}; {own}")
        elif not reference["tag"] and not reference["digest"]:
            self._refuse("base_image", f"{given!r} has no version", f"for example {given}:1.0, or {given}@sha256:…")
        elif len(given.partition("@")[0].removesuffix(reference["tag"] or "")) > MAX_REFERENCE:
            self._refuse("base_image", f"the name has more than {MAX_REFERENCE} characters", "use a shorter one")

    def _imply_from_runtime(self) -> None:
        given = self.answers.runtime
        if given is None:
            return
        rows = [
            (language, runtime)
            for language in self.catalogue.languages.values()
            for runtime in language.runtimes
            if given in (runtime.id, language.cli_name(runtime))
        ]
        if not rows:
            self._refuse("runtime", f"{given!r} is no runtime", _nearest(given, self._runtimes_served()))
            self._set(runtime=None)
            return
        language, runtime = next((row for row in rows if row[0].id == self.answers.language), rows[0])
        if given != runtime.id and self.answers.language is None:
            self._set(language=language.id)
        self._set(runtime=runtime.id)
        self._check_status(language, runtime)

    def _check_status(self, language: Language, runtime: Runtime) -> None:
        """Refuse a runtime with which no function can be created, or not without asking for it."""
        status = runtime.status(self.catalogue.today)
        successor = self.catalogue.successor(language, runtime)
        if status == BLOCKED:
            message = f"{runtime.id} is blocked: no function can be created with it since {runtime.block_create}"
            self._refuse("runtime", message, f"use {language.cli_name(successor)}" if successor else "")
        elif status == PREVIEW and not self.preview:
            self._refuse("runtime", f"{runtime.id} is a preview", "add --preview to use it all the same")

    def _imply_language(self) -> None:
        given, runtime = self.answers.language, self.answers.runtime
        languages = self.catalogue.languages.values()
        if given is not None and given not in self.catalogue.languages:
            names = [language.id for language in languages if language.use_cases()]
            self._refuse("language", f"{given!r} is no language", _one_of(names), names)
            self._set(language=None)
            return
        if runtime is None or self._is_wrong("runtime"):
            return
        on_runtime = [language for language in languages if language.runtime(runtime)]
        if given is not None:
            names = [language.id for language in on_runtime]
            if given not in names:
                self._refuse("language", f"{given} does not run on {runtime}", _one_of(names), names)
            return
        manager = self.answers.dependency_manager
        served = [one for one in on_runtime if one.use_cases() and (manager is None or manager in one.managers)]
        choice = [language for language in served if runtime in language.own_runtimes] or served
        if len(choice) > 1:
            names = [one.cli_name(row) for one in choice if (row := one.runtime(runtime))]
            self._refuse("runtime", f"{runtime} serves several languages", f"say {_one_of(names)}", names)
        elif choice:
            self._set(language=choice[0].id)
        elif best := next((language for language in on_runtime if language.use_cases()), None):
            self._refuse("dependency_manager", f"{manager!r} does not serve {best.title}", _one_of(best.managers),
                         best.managers)  # fmt: skip
            self._set(language=best.id, dependency_manager=None)
        else:
            self._refuse("runtime", f"there is no template for {runtime} yet", _one_of(self._runtimes_served()))

    def _check_dependency_manager(self) -> None:
        given, language = self.answers.dependency_manager, self.answers.language
        if given is None:
            return
        known = {name for language in self.catalogue.languages.values() for name in language.managers}
        if given not in known:
            names = sorted(known)
            self._refuse("dependency_manager", f"{given!r} is no dependency manager", _nearest(given, names))
            self._set(dependency_manager=None)
        elif language and given not in (row := self.catalogue.languages[language]).managers:
            message = f"{given!r} does not serve {row.title}"
            self._refuse("dependency_manager", message, _one_of(row.managers), row.managers)
            self._set(dependency_manager=None)

    # What is taken for what was not given -----------------------------------------------------------------------

    def _take_newest_runtime(self) -> None:
        """Take the first runtime that is offered for what was given, with its language."""
        answers = self.answers
        if answers.runtime is not None or self._is_wrong("runtime", "base_image"):
            return
        base = answers.base_image if answers.base_image in self.catalogue.bases else None
        for language, runtime in self.catalogue.offered_runtimes(use_case=answers.app_template, base=base):
            fits = answers.dependency_manager is None or answers.dependency_manager in language.managers
            if fits and answers.language in (None, language.id):
                self._set(runtime=runtime.id, language=language.id)
                return

    def _take_or_miss(self, *, defaults: bool) -> None:
        """Take the usual name, package type and template; without ``defaults`` note what nobody said."""
        usual = {"name": DEFAULT_NAME, "package_type": next(iter(self.catalogue.packages))} if defaults else {}
        if self.answers.package_type is None and not defaults:
            self._set(package_type=self._sam_package_type())
        for name, what in _MISSING.items():
            if self.answers.get(name) is not None or self._is_wrong(name):
                continue
            if name == "runtime" and self._is_wrong("base_image"):
                continue
            if name in usual:
                self._set(**{name: usual[name]})
            else:
                self.missing.append(Problem((name,), "is missing", what))
        if self.answers.app_template is None and not self._is_wrong("app_template"):
            self._set(app_template=next(iter(self.catalogue.use_cases)))

    def _sam_package_type(self) -> str | None:
        """Return the package type that a sam init script means by a template's name, where it says no other."""
        name = self.answers.app_template
        identifiers = self.catalogue.use_cases[name].identifiers if name else ()
        return next((row.get("package") for row in identifiers if row["id"] == name), None)

    def _take_dependency_manager(self) -> None:
        language, runtime = self._language_and_runtime()
        if language is None or runtime is None or self.answers.dependency_manager is not None:
            return
        usual = next(
            (name for name in language.managers if self.catalogue.manager_serves(language, name, runtime)), None
        )
        self._set(dependency_manager=usual)

    def _take_architecture(self) -> None:
        given = self.answers.architecture
        runtime = self.catalogue.runtime(self.answers.language, self.answers.runtime)
        possible = runtime.architectures if runtime else tuple(DOCKER_PLATFORMS)
        if given is None:
            host = host_architecture()
            self._set(architecture=host if host in possible else possible[0])
        elif "," in given:
            message = f"{given!r} is more than one, and a function has one"
            self._refuse("architecture", message, ONE_ARCHITECTURE, possible)
        elif given not in possible:
            of = runtime.id if runtime else "Lambda"
            self._refuse("architecture", f"{given!r} is no architecture of {of}", _one_of(possible), possible)

    # What only all of it together shows -------------------------------------------------------------------------

    def _language_and_runtime(self) -> tuple[Language | None, Runtime | None]:
        """Return language and runtime, where both are known and nothing is wrong or missing that leads to them."""
        lacking = any(problem.location == ("runtime",) for problem in self.missing)
        if self.answers.language is None or lacking or self._is_wrong("runtime", "language", "base_image"):
            return None, None
        language = self.catalogue.languages[self.answers.language]
        return language, language.runtime(self.answers.runtime or "")

    def _check_cell(self) -> None:
        answers = self.answers
        parts = (answers.app_template, answers.package_type, answers.language, answers.runtime,
                 answers.dependency_manager)  # fmt: skip
        if self._language_and_runtime()[0] is None or None in parts or self.problems or self.missing:
            return
        cell = Cell(*map(_known, parts))
        if cell in self.catalogue.cells:
            return
        near = [
            str(one) for one in self.catalogue.cells if (one.language, one.runtime) == (cell.language, cell.runtime)
        ]
        hint = f"there is {', '.join(near[:3])}" if near else _one_of(self._runtimes_served())
        self._refuse("app_template", f"there is no template {cell}", hint)

    def _check_base(self) -> None:
        """Check that there is such a base for the language, its dependency manager and its runtime."""
        given = self.answers.base_image
        language, runtime = self._language_and_runtime()
        if self.problems or self.missing or given not in self.catalogue.bases or language is None or runtime is None:
            return
        bases = self.catalogue.bases_for(language, runtime, self.answers.dependency_manager)
        if given in bases:
            return
        why = f"is not known to work for {runtime.id if given in language.bases else language.title}"
        names = [base_image_name(language, runtime) if base == AMAZON else base for base in bases]
        self._refuse("base_image", f"{given!r} {why}", _one_of(names), names)

    def _read_settings(self) -> None:
        """Check what a function has beyond its cell."""
        runtime = self.catalogue.runtime(self.answers.language, self.answers.runtime)
        self.settings, problems = settings.read(self.answers, runtime)
        self.problems += problems

    def _runtimes_served(self) -> list[str]:
        return [language.cli_name(runtime) for language, runtime in self.catalogue.offered_runtimes()]


def _known(value: str | None) -> str:
    if value is None:
        raise InternalError("an answer was left open")
    return value


def _one_of(values: Iterable[str]) -> str:
    names = list(values)
    return f"one of {', '.join(names)}" if len(names) > 1 else f"use {names[0]}" if names else ""


def _nearest(given: str, known: list[str], others: str = "") -> str:
    import difflib  # noqa: PLC0415  for those who mistyped

    close = difflib.get_close_matches(given.lower(), known, n=3, cutoff=0.6)
    return f"did you mean {' or '.join(close)}?" if close else others or _one_of(known)
