"""Answers in, a specification out: what answers imply, what is wrong with them, and what is missing.

Only this module turns partial answers into a :class:`ProjectSpec`, wherever they came from.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from scaffold import settings
from scaffold.catalogue import DOCKER_PLATFORMS, OWN_USE_CASE, Catalogue, host_architecture
from scaffold.errors import InternalError, InvalidAnswersError, OutputError, Problem, UnsupportedCodeError
from scaffold.model import BLOCKED, PREVIEW, SUPPORTED, Cell, Language, Runtime, base_image_name
from scaffold.render_steps import ci_problems
from scaffold.spec import (
    AMAZON,
    DEFAULT_NAME,
    MAX_NAME,
    Answers,
    FunctionSpec,
    OwnCode,
    ProjectSpec,
    check_name,
    slug,
)
from scaffold.translator.rules import ONE_ARCHITECTURE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from scaffold.errors import Keys

# The name of an image in a registry, as Docker parses it: https://pkg.go.dev/github.com/distribution/reference
_HOST = r"(?=[^/]*[.:]|localhost/)[A-Za-z0-9]+(?:[.-]+[A-Za-z0-9]+)*(?::[0-9]{1,5})?"
_PATH = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_TAG = r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}"
REFERENCE = re.compile(rf"{_HOST}(?:/{_PATH})+(?P<tag>:{_TAG})?(?P<digest>@sha256:[a-f0-9]{{64}})?")
MAX_REFERENCE = 255  # characters of the name, without tag and digest


@dataclass(frozen=True)
class Resolution:
    """The result of :func:`examine`.

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
        resolution = _Resolver(catalogue, answers, preview=preview).resolve(defaults=defaults)
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
        resolution = _Resolver(catalogue, merged, preview=preview).resolve(defaults=defaults)
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
            problems += _check_function_name(catalogue, function, ("functions", number, "name"))
        specs.append(replace(resolution.spec, functions=tuple(renamed)))
    problems, missing = list(dict.fromkeys(problems)), list(dict.fromkeys(missing))
    spec = None
    if not problems and not missing:
        whole = max(specs, key=lambda spec: spec.functions[0].package_type == "Image")  # the others know no images
        spec = replace(whole, functions=tuple(function for spec in specs for function in spec.functions))
    return Resolution(answers, tuple(problems), tuple(missing), spec)


def _check_function_name(catalogue: Catalogue, function: FunctionSpec, location: Keys) -> Iterator[Problem]:
    """Yield what is wrong with a function's name in its project."""
    language = catalogue.languages[function.language]
    hint = "give the function another name"
    if function.name in _RESERVED_FOLDERS:
        yield Problem(location, f"{function.name!r} is already the name of another folder of the project", hint)
    if function.name in language.reserved_names:
        message = f"{function.name!r} is the name of a module that {language.title} or its tests import"
        yield Problem(location, message, hint)


def _relocate(problem: Problem, number: int, own: Mapping[str, Any], common: Answers) -> Problem:
    """Return a problem with its location in ``functions``, unless it is with the project's name or a common answer."""
    answer = str(problem.location[-1]) if isinstance(problem.location, tuple) else ""
    if answer == "function":  # FunctionSpec's location for its name
        return replace(problem, location=("functions", number, "name"))
    is_common = answer not in own and common.get(answer) is not None
    if answer == "name" or is_common:
        return problem
    return replace(problem, location=("functions", number, answer))


# What people call a file or a folder with a handler, whatever it is for
_COMMON_NAMES = frozenset({
    "", "api", "app", "bin", "code", "cmd", "function", "functions", "handler", "handlers", "home", "index", "lambda",
    "lambda-function", "lambda-handler", "lib", "main", "program", "project", "root", "source", "src", "tmp", "work",
})  # fmt: skip
_RESERVED_FOLDERS = ("tests", "events")  # of the project itself
_REQUIRED = {
    "name": ("the project's name is missing", f"choose one, such as {DEFAULT_NAME}"),
    "runtime": ("the runtime is missing", "choose a Lambda runtime, or a base image that implies one"),
    "package_type": ("the package type is missing", "choose Image or Zip"),
}


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


class _Resolver:
    """Turns the answers for one function into a specification.

    Each method below looks at one answer, and at others that earlier methods have checked or filled in, so their order
    in ``resolve`` matters; the reason is beside each call. First come those that infer answers from the given ones,
    then those that fill in defaults. :attr:`Resolution.answers` has only the inferred ones, because a user can still be
    asked for the others.
    """

    def __init__(self, catalogue: Catalogue, answers: Answers, *, preview: bool) -> None:
        self.catalogue = catalogue
        self.answers = answers
        self.preview = preview
        self.problems: list[Problem] = []
        self.missing: list[Problem] = []
        self.settings: dict[str, Any] = {}
        self.own: OwnCode | None = None

    def resolve(self, *, defaults: bool) -> Resolution:
        """Return the result; ``defaults`` fills in every answer that was not given."""
        # Infer answers from the given ones.
        self._check_name()  # independent of the others
        self._find_own_code()  # which has a language, and is an image unless that is said
        self._infer_package_type()  # first, because templates and base images are compared with it
        self._infer_from_template()  # sam's identifiers imply a package type and a language
        self._infer_from_base_image()  # AWS's images imply a runtime and a language
        self._infer_from_runtime()  # after the base image, which may imply it; sam's spelling implies a language
        self._choose_runtime_of_own_code()  # after the base image and the runtime, which may be said
        self._infer_language()  # from the runtime; if it serves several, from the dependency manager too
        self._find_manager_of_own_code()  # needs the language
        self._check_dependency_manager()  # needs the language
        inferred = self.answers
        # Fill in defaults.
        if defaults:
            self._default_to_newest_runtime()  # before the package type, since some runtimes are for images only
        self._apply_defaults(defaults=defaults)
        self._default_dependency_manager()  # needs the language, which is known by now if it ever will be
        # Check the combination.
        self._check_cell()
        self._check_base()  # needs a cell that exists
        self._resolve_architecture()
        self._read_settings()  # needs the package type and the runtime
        self._check_own_code()  # needs all others
        spec = self._make_spec() if not self.problems and not self.missing else None
        return Resolution(inferred, tuple(self.problems), tuple(self.missing), spec)

    def _make_spec(self) -> ProjectSpec:
        answers = self.answers
        cell = Cell(
            _known(answers.app_template),
            _known(answers.package_type),
            _known(answers.language),
            _known(answers.runtime),
            _known(answers.dependency_manager),
        )
        base = answers.base_image or AMAZON
        functions = tuple(
            replace(
                function,
                base=base if base in self.catalogue.bases else AMAZON,
                private_base=base if REFERENCE.fullmatch(base) else "",
                settings=settings.of_scope(self.settings, settings.FUNCTION),
                own=self.own,
            )
            for function in functions_of(self.catalogue, cell, _known(answers.architecture))
        )
        if self.own:
            name = self._name_of_own_code(self.own)
            functions = tuple(function.renamed(name) for function in functions)
        own = settings.of_scope(self.settings, settings.PROJECT)
        return ProjectSpec(name=_known(answers.name), functions=functions, **own)

    def _refuse(self, name: str, message: str, hint: str = "", allowed: Iterable[str] = ()) -> None:
        self.problems.append(Problem((name,), message, hint, tuple(allowed), self.answers.get(name)))

    def _set(self, **values: Any) -> None:  # noqa: ANN401
        self.answers = self.answers.with_values(**values)

    def _has_problem(self, *names: str) -> bool:
        """Return whether there is a problem with one of these answers."""
        return any(problem.location == (name,) for problem in self.problems for name in names)

    # Code that exists already -----------------------------------------------------------------------------------

    def _find_own_code(self) -> None:
        """Find the handler in code that exists already, and with it the language."""
        given = self.answers.handler
        if given is None:
            return
        from scaffold import entry_points  # noqa: PLC0415  takes time to load, and few runs need it

        known = self.answers.language in (None, *self.catalogue.languages)  # what is not is told elsewhere
        try:
            self.own = entry_points.find(self.catalogue.languages, given, self.answers.language if known else None)
        except InvalidAnswersError as error:
            self.problems += error.problems
            return
        except OutputError as error:
            self._refuse("handler", error.message, error.hint)
            return
        self._set(language=self.own.language)
        if self.answers.package_type is None and not settings.implied_package_type(self.answers):
            self._set(package_type="Image")

    def _choose_runtime_of_own_code(self) -> None:
        """Choose the newest runtime that code takes, unless one is said."""
        if self.own is None or self.answers.runtime is not None or self._has_problem("runtime", "base_image"):
            return
        from scaffold import entry_points  # noqa: PLC0415  takes time to load, and few runs need it

        language = self.catalogue.languages[self.own.language]
        offered = [runtime for other, runtime in self.catalogue.offered_runtimes() if other.id == language.id]
        for runtime in offered:
            if entry_points.accepts(language.id, self.own, language.version(runtime)):
                self._set(runtime=runtime.id)
                return
        names = [language.cli_name(runtime) for runtime in offered]
        self._refuse("runtime", "the code takes none of the runtimes that Lambda supports", _use_one_of(names), names)

    def _find_manager_of_own_code(self) -> None:
        """Take the dependency manager whose manifest is there, and none that needs another."""
        if self.own is None or self.own.dockerfile:
            return
        from scaffold import existing  # noqa: PLC0415  takes time to load

        language = self.catalogue.languages[self.own.language]
        given = self.answers.dependency_manager
        if given is not None and not existing.manifests(language, given, self.own.root):
            found = existing.find_manager(language, self.own.root)
            if existing.manifests(language, found, self.own.root):
                self._refuse("dependency_manager", f"the code has no manifest of {given}", f"use {found}", [found])
        elif given is None:
            try:
                self._set(dependency_manager=existing.find_manager(language, self.own.root))
            except UnsupportedCodeError as error:
                self._refuse("handler", error.message, error.hint)

    def _check_own_code(self) -> None:
        """Check that the other answers are possible with code that exists already, and that an image can be made."""
        answers, own = self.answers, self.own
        if own is None:
            return
        possible = self.catalogue.own_use_cases(self.catalogue.languages[own.language])
        if answers.app_template is not None and answers.app_template not in possible:
            message = f"{answers.app_template} is a template for its own code, not for yours"
            self._refuse("app_template", message, _use_one_of(possible), possible)
        language = self.catalogue.languages.get(answers.language or "")
        if language and answers.package_type == "Zip":
            managers = [*language.managers]
            if not language.interpreted or answers.dependency_manager not in (None, managers[0]):
                tool = f"{language.title} with {answers.dependency_manager}" if language.interpreted else language.title
                self._refuse("package_type", f"your own code in {tool} is for an image", "use Image")
        if answers.get("pin") and own.dockerfile:
            self._refuse("pin", "your Dockerfile stays as it is", "leave it out, and pin the images in your Dockerfile")
        base = answers.base_image or ""
        if base and not base.startswith(f"{AMAZON}/"):
            hint = "leave out the base image, or add a Dockerfile to your code"
            self._refuse("base_image", "your own code is built on AWS's image for the runtime", hint)
        if not self.problems and not self.missing:
            from scaffold import existing  # noqa: PLC0415  takes time to load

            try:
                existing.own_code(self.catalogue, self._make_spec().functions[0])
            except UnsupportedCodeError as error:
                self._refuse("handler", error.message, error.hint)

    def _name_of_own_code(self, own: OwnCode) -> str:
        """Return the name of the function: that of its file or its folder, unless these say nothing."""
        file = PurePosixPath(own.entry)
        for text in (file.stem, own.root.name, own.root.parent.name):
            words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", text)
            name = slug(words)
            if name in _COMMON_NAMES or len(name) > MAX_NAME // 2 or not name[:1].isalpha():
                continue
            functions = functions_of(
                self.catalogue, Cell(_known(self.answers.app_template), "Image", own.language, "", "")
            )
            problems = _check_function_name(self.catalogue, functions[0].renamed(name), ("name",))
            if not [*problems]:
                return name
        return self.catalogue.use_cases[_known(self.answers.app_template)].name

    # Infer answers from the given ones --------------------------------------------------------------------------

    def _check_name(self) -> None:
        if self.answers.name is not None and (problem := check_name(self.answers.name)):
            self.problems.append(problem)

    def _infer_package_type(self) -> None:
        given = self.answers.package_type
        if given is None:
            self._set(package_type=settings.implied_package_type(self.answers))
            return
        known = next((name for name in self.catalogue.packages if name.lower() == given.lower()), None)
        if known is None:
            names = [*self.catalogue.packages]
            self._refuse("package_type", f"there is no package type {given!r}", _use_one_of(names), names)
        self._set(package_type=known)

    def _infer_from_template(self) -> None:
        given = self.answers.app_template
        if given in self.catalogue.use_cases:
            possible = self.catalogue.use_cases[given].package_types
            if self.answers.package_type is None and len(possible) == 1:
                self._set(package_type=possible[0])
            return
        if given is None:
            return
        implied = self.catalogue.identifier(given)
        if implied is None:
            self._refuse_template(given)
            self._set(app_template=None)
            return
        use_case = implied["use_case"]
        if implied.get("language") and self.answers.language not in (None, implied["language"]):
            message = f"{given!r} is a template for {implied['language']}, not for {self.answers.language}"
            self._refuse("app_template", message, self._otherwise(use_case) or f"use {use_case}")
        elif implied.get("language"):
            self._set(language=implied["language"])
        is_image = self.answers.package_type == "Image" or self.answers.base_image is not None
        if implied.get("package") == "Image" and self.answers.package_type == "Zip":
            self._refuse("app_template", f"{given!r} is a template for Image, not for Zip", f"use {use_case}")
        elif implied.get("package") and not is_image:  # what sam has as a Zip is here an image as well
            self._set(package_type=implied["package"])
        self._set(app_template=use_case)

    def _otherwise(self, use_case: str) -> str:
        """Return what to use in the given language, if it does not have that use case and that says what."""
        language = self.catalogue.languages.get(self.answers.language or "")
        is_missing = language and use_case not in language.use_cases()
        return self.catalogue.use_cases[use_case].otherwise if is_missing else ""

    def _refuse_template(self, given: str) -> None:
        names = list(dict.fromkeys([*self.catalogue.use_cases, *self.catalogue.identifiers()]))
        if given in {row["template"] for row in self.catalogue.sam_init()}:
            message = f"sam init's template {given!r} is not there yet"
            self._refuse("app_template", message, f"so far there are {', '.join(names)}", names)
        else:
            self._refuse("app_template", f"there is no template called {given!r}", _did_you_mean(given, names))

    def _infer_from_base_image(self) -> None:
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
            self._refuse("package_type", "a Zip has no base image", "use Image, or leave out the base image")
        elif self.answers.package_type is None:
            self._set(package_type="Image")
        if given not in known:
            self._check_custom_base(given)
            return
        language, runtime = known[given]
        if self.answers.runtime not in (None, runtime.id, language.cli_name(runtime)):
            message = f"{given!r} is for {runtime.id}, not for {self.answers.runtime}"
            self._refuse("base_image", message, "leave out the base image or the runtime")
        self._set(runtime=runtime.id)
        if runtime.id not in language.own_runtimes and self.answers.language is None:
            self._set(language=language.id)

    def _check_custom_base(self, given: str) -> None:
        """Check a base that is not one of AWS's images: a base of the catalogue, or an image of the user's own."""
        if given in self.catalogue.bases:
            return
        reference = REFERENCE.fullmatch(given)
        if reference is None:
            self._refuse("base_image", f"there is no base image {given!r}", self._suggest_base(given))
        elif not reference["tag"] and not reference["digest"]:
            self._refuse("base_image", f"{given!r} has no tag", f"add one: {given}:1.0, or {given}@sha256:…")
        elif len(given.partition("@")[0].removesuffix(reference["tag"] or "")) > MAX_REFERENCE:
            self._refuse("base_image", f"the name is longer than {MAX_REFERENCE} characters", "use a shorter one")

    def _suggest_base(self, given: str) -> str:
        """Return what a base image was probably meant to be."""
        pairs = [*self.catalogue.offered_runtimes(), *self.catalogue.offered_runtimes(deprecated=True)]
        aws_images = [base_image_name(language, runtime) for language, runtime in pairs if runtime.image]
        for name in (f"{AMAZON}/{given}", f"{AMAZON}/{given}-base"):
            if name in aws_images:
                return f"did you mean {name}?"
        own_image = "An image of your own needs a registry and a tag, such as registry.example.com/team/python:3.13"
        suggestion = _did_you_mean(
            given, [*aws_images, *self.catalogue.bases], otherwise="see `sam-scaffold list bases`."
        )
        return f"{suggestion} {own_image}"

    def _infer_from_runtime(self) -> None:
        given = self.answers.runtime
        if given is None:
            return
        matching = [
            (language, runtime)
            for language in self.catalogue.languages.values()
            for runtime in language.runtimes
            if given in (runtime.id, language.cli_name(runtime))
        ]
        if not matching:
            self._refuse_runtime(given)
            self._set(runtime=None)
            return
        language, runtime = next((pair for pair in matching if pair[0].id == self.answers.language), matching[0])
        if given != runtime.id and self.answers.language is None:
            self._set(language=language.id)
        self._set(runtime=runtime.id)
        self._check_status(language, runtime)

    def _refuse_runtime(self, given: str) -> None:
        for language in self.catalogue.languages.values():
            for prefix, row in language.refused_runtimes.items():
                if given.startswith(prefix):
                    self._refuse("runtime", f"{given!r} is not supported: {row['reason']}", f"use {row['instead']}")
                    return
        meant = self.catalogue.languages.get(given.lower())
        if meant:
            runtimes = [one for one in meant.runtimes if one.status(self.catalogue.today) == SUPPORTED]
            names = [meant.cli_name(runtime) for runtime in runtimes]
            hint = _use_one_of(map(shlex.quote, names))
            self._refuse("runtime", f"{given!r} is a language, not a runtime", hint, names)
            return
        suggestion = _did_you_mean(given, self._runtime_names())
        self._refuse("runtime", f"there is no runtime called {given!r}", suggestion)

    def _check_status(self, language: Language, runtime: Runtime) -> None:
        """Refuse a blocked runtime, and a preview that was not asked for."""
        status = runtime.status(self.catalogue.today)
        successor = self.catalogue.successor(language, runtime)
        if status == BLOCKED:
            message = f"{runtime.id} is blocked: AWS has accepted no new functions with it since {runtime.block_create}"
            self._refuse("runtime", message, f"use {language.cli_name(successor)}" if successor else "")
        elif status == PREVIEW and not self.preview:
            self._refuse("runtime", f"{runtime.id} is a preview", "pass --preview to use it anyway")

    def _infer_language(self) -> None:
        given, runtime = self.answers.language, self.answers.runtime
        languages = self.catalogue.languages.values()
        if given is not None and given not in self.catalogue.languages:
            names = [language.id for language in languages if language.use_cases()]
            self._refuse("language", f"there is no language called {given!r}", _use_one_of(names), names)
            self._set(language=None)
            return
        if runtime is None or self._has_problem("runtime"):
            return
        on_runtime = [language for language in languages if language.runtime(runtime)]
        if given is not None:
            names = [language.id for language in on_runtime]
            if given not in names:
                if self.own:  # nobody has said the language: it is what the code is in
                    message = f"the code is in {self.catalogue.languages[self.own.language].title}"
                    self._refuse("runtime", f"{message}, which {runtime} does not run", "leave it out, or name another")
                else:
                    self._refuse("language", f"{given} does not run on {runtime}", _use_one_of(names), names)
            return
        manager = self.answers.dependency_manager
        with_templates = [language for language in on_runtime if language.use_cases()]
        possible = [language for language in with_templates if manager is None or manager in language.managers]
        possible = [language for language in possible if runtime in language.own_runtimes] or possible
        if len(possible) > 1:
            names = [language.cli_name(row) for language in possible if (row := language.runtime(runtime))]
            self._refuse("runtime", f"several languages run on {runtime}", _use_one_of(names), names)
        elif possible:
            self._set(language=possible[0].id)
        elif with_templates:
            self._refuse_dependency_manager(with_templates[0])
            self._set(language=with_templates[0].id)
        else:
            self._refuse("runtime", f"there is no template for {runtime} yet", _use_one_of(self._runtime_names()))

    def _refuse_dependency_manager(self, language: Language) -> None:
        given = self.answers.dependency_manager or ""
        message, hint = f"{given!r} is not a dependency manager for {language.title}", _use_one_of(language.managers)
        if given in language.refused_managers:
            message, hint = f"`sam build` has no builder for {given}", f"use {language.refused_managers[given]}"
        self._refuse("dependency_manager", message, hint, language.managers)
        self._set(dependency_manager=None)

    def _check_dependency_manager(self) -> None:
        given = self.answers.dependency_manager
        if given is None:
            return
        language = self.catalogue.languages.get(self.answers.language or "")
        languages = [language] if language else [*self.catalogue.languages.values()]
        refusing = next((other for other in languages if given in other.refused_managers), None)
        names = sorted({name for other in self.catalogue.languages.values() for name in other.managers})
        if refusing:
            self._refuse_dependency_manager(refusing)
        elif given not in names:
            message = f"there is no dependency manager called {given!r}"
            self._refuse("dependency_manager", message, _did_you_mean(given, names))
            self._set(dependency_manager=None)
        elif language and given not in language.managers:
            self._refuse_dependency_manager(language)

    # Fill in defaults -------------------------------------------------------------------------------------------

    def _default_to_newest_runtime(self) -> None:
        """Choose the first runtime on offer that fits the given answers, with its language."""
        answers = self.answers
        if answers.runtime is not None or self._has_problem("runtime", "base_image"):
            return
        base = answers.base_image if answers.base_image in self.catalogue.bases else None
        for language, runtime in self.catalogue.offered_runtimes(use_case=answers.app_template, base=base):
            is_managed = answers.dependency_manager is None or answers.dependency_manager in language.managers
            if is_managed and answers.language in (None, language.id):
                self._set(runtime=runtime.id, language=language.id)
                return

    def _apply_defaults(self, *, defaults: bool) -> None:
        """Fill in the template, and with ``defaults`` name and package type; record what is still missing."""
        values = {"name": DEFAULT_NAME, "package_type": next(iter(self.catalogue.packages))} if defaults else {}
        if self.answers.package_type is None and not defaults:
            self._set(package_type=self._sam_package_type())
        for name, (message, hint) in _REQUIRED.items():
            if self.answers.get(name) is not None or self._has_problem(name):
                continue
            if name == "runtime" and self._has_problem("base_image"):
                continue
            if name == "package_type" and self._has_problem("app_template"):
                continue  # which may imply one
            if name in ("runtime", "package_type") and self._has_problem("handler"):
                continue  # which implies both
            if name in values:
                self._set(**{name: values[name]})
            else:
                self.missing.append(Problem((name,), message, hint))
        if self.answers.app_template is None and not self._has_problem("app_template"):
            self._set(app_template=OWN_USE_CASE if self.answers.handler else next(iter(self.catalogue.use_cases)))

    def _sam_package_type(self) -> str | None:
        """Return the package type that ``sam init`` has for a template's name, or ``None``."""
        name = self.answers.app_template
        identifiers = self.catalogue.use_cases[name].identifiers if name else ()
        return next((row.get("package") for row in identifiers if row["id"] == name), None)

    def _default_dependency_manager(self) -> None:
        language, runtime = self._language_and_runtime()
        if language is None or runtime is None or self.answers.dependency_manager is not None:
            return
        names = (name for name in language.managers if self.catalogue.manager_serves(language, name, runtime))
        self._set(dependency_manager=next(names, None))

    def _resolve_architecture(self) -> None:
        given = self.answers.architecture
        runtime = self.catalogue.runtime(self.answers.language, self.answers.runtime)
        possible = runtime.architectures if runtime else tuple(DOCKER_PLATFORMS)
        language = self.catalogue.languages.get(self.answers.language or "")
        served = possible
        if language and runtime:
            served = self.catalogue.architectures(language, self.answers.app_template, runtime)
        if given is None:
            host = host_architecture()
            self._set(architecture=host if host in served else served[0])
        elif "," in given:
            message = f"{given!r} is more than one architecture, and a function has one"
            self._refuse("architecture", message, ONE_ARCHITECTURE, possible)
        elif given not in DOCKER_PLATFORMS:
            self._refuse("architecture", f"there is no architecture {given!r}", _use_one_of(possible), possible)
        elif given not in possible:
            message = f"{runtime.id if runtime else 'Lambda'} does not run on {given!r}"
            self._refuse("architecture", message, _use_one_of(possible), possible)
        elif given not in served:
            message = f"on {given!r}, the libraries of {self.answers.app_template} need a later runtime"
            self._refuse("architecture", message, _use_one_of(served), served)

    # Check the combination --------------------------------------------------------------------------------------

    def _language_and_runtime(self) -> tuple[Language | None, Runtime | None]:
        """Return language and runtime, or ``None`` for both unless both are known and free of problems."""
        is_missing = any(problem.location == ("runtime",) for problem in self.missing)
        if self.answers.language is None or is_missing or self._has_problem("runtime", "language", "base_image"):
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
        language = self.catalogue.languages[cell.language]
        handler = language.handlers.get(cell.use_case)
        runtime = language.runtime(cell.runtime)
        if handler and runtime and not self.catalogue.handler_runs_on(language, cell.use_case, runtime):
            is_old = not language.is_within(runtime, handler.oldest)
            need = f"need {handler.oldest} or later" if is_old else f"are there up to {handler.newest}"
            possible = [
                language.cli_name(one)
                for one in language.runtimes
                if one.status(self.catalogue.today) == SUPPORTED
                and self.catalogue.handler_runs_on(language, cell.use_case, one)
            ]
            message = f"{cell.runtime!r} is not supported: the libraries of {cell.use_case} {need}"
            self._refuse("runtime", message, _use_one_of(possible), possible)
            return
        possible = self.catalogue.package_types(language, cell.use_case) if handler else []
        if handler and cell.package_type not in possible:
            message = f"{cell.use_case} in {language.title} has no package type {cell.package_type}"
            self._refuse("package_type", message, _use_one_of(possible), possible)
            return
        others = [other for other in self.catalogue.cells if other.runtime == cell.runtime]
        similar = [str(other) for other in others if other.language == cell.language]
        hint = self._otherwise(cell.use_case) or _use_one_of(similar[:3] or self._runtime_names())
        self._refuse("app_template", f"there is no template {cell}", hint)

    def _check_base(self) -> None:
        """Check that the language has that base for its dependency manager and its runtime."""
        given = self.answers.base_image
        language, runtime = self._language_and_runtime()
        if self.problems or self.missing or given not in self.catalogue.bases or language is None or runtime is None:
            return
        bases = self.catalogue.bases_for(language, runtime, self.answers.dependency_manager, self.answers.app_template)
        if given in bases:
            return
        if given in self.catalogue.bases_for(language, runtime, self.answers.dependency_manager):
            message = f"the template {self.answers.app_template} is not for the base image {given!r}"
        else:
            message = f"{given!r} is not known to work with {runtime.id if given in language.bases else language.title}"
        names = [base_image_name(language, runtime) if base == AMAZON else base for base in bases]
        self._refuse("base_image", message, _use_one_of(names), names)

    def _read_settings(self) -> None:
        """Read and check what a function has beyond its cell."""
        runtime = self.catalogue.runtime(self.answers.language, self.answers.runtime)
        self.settings, problems = settings.read(self.answers, runtime)
        self.problems += problems

    def _runtime_names(self) -> list[str]:
        pairs = self.catalogue.offered_runtimes()
        return list(dict.fromkeys(language.cli_name(runtime) for language, runtime in pairs))


def _known(value: str | None) -> str:
    """Return an answer that must be known by now."""
    if value is None:
        raise InternalError("an answer is still open")
    return value


def _use_one_of(values: Iterable[str]) -> str:
    names = list(values)
    return f"use one of {', '.join(names)}" if len(names) > 1 else f"use {names[0]}" if names else ""


def _did_you_mean(given: str, names: list[str], otherwise: str = "") -> str:
    """Return a hint with the names most similar to a mistyped one; without any, ``otherwise`` or all names."""
    import difflib  # noqa: PLC0415  few users mistype

    similar = difflib.get_close_matches(given.lower(), names, n=3, cutoff=0.6)
    return f"did you mean {' or '.join(similar)}?" if similar else otherwise or _use_one_of(names)
