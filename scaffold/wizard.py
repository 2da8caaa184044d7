"""The wizard: asks for what the command line left open, and nothing else.

A question with only one possible answer is not asked. Escape goes back from every question; a summary shows all
answers, and any of them can be changed there.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from scaffold import prompts, settings, team_defaults
from scaffold.catalogue import OWN_USE_CASE, Catalogue, host_architecture
from scaffold.custom_answers import CustomAnswers
from scaffold.errors import CancelledError, InvalidAnswersError, ProjectExistsError
from scaffold.model import CATEGORIES, SUPPORTED, Cell, Language, Runtime
from scaffold.prompts import BACK, Choice
from scaffold.resolve import examine, resolve
from scaffold.settings import EXTRAS, MONITORING, ROWS
from scaffold.spec import AMAZON, DEFAULT_NAME, NAME_RULE, Answers, ProjectSpec, check_name, suggest_name
from scaffold.staging import check_target

if TYPE_CHECKING:
    from pathlib import Path

    from scaffold.errors import Problem
    from scaffold.prompts import Prompts
    from scaffold.resolve import Resolution

# What a user may choose in a menu apart from an answer.
_SHOW_DEPRECATED, _CREATE, _QUIT, _OWN_CODE, _CUSTOM = object(), object(), object(), object(), object()
# Answers that a custom template has no use for: with one of them, none is offered.
_OF_CELLS = ("language", "runtime", "package_type", "base_image", "dependency_manager")

# Questions that take any number of answers; each answer is a setting.
_CHECKBOXES = {"monitoring": MONITORING, "extras": EXTRAS}
# What each question has to tick: a setting, its value, and the title.
_ENTRIES: dict[str, list[tuple[str, Any, str]]] = {
    question: [(name, value, title) for name in names for value, title in ROWS[name].titles]
    for question, names in _CHECKBOXES.items()
}
_TITLES = {
    "app_template": "Template",
    "runtime": "Runtime",
    "package_type": "Package type",
    "dependency_manager": "Dependency manager",
    "base_image": "Base image",
    "architecture": "Architecture",
    "monitoring": "Monitoring",
    "extras": "Extras",
    "name": "Name",
}
_QUESTIONS = {
    "app_template": "Which template?",
    "runtime": "Which runtime?",
    "package_type": "Which package type?",
    "dependency_manager": "Which dependency manager?",
    "base_image": "Which base image?",
    "architecture": "Which architecture?",
    "monitoring": "Which monitoring? Some of it costs extra",
    "extras": "Anything else?",
    "name": "What is the project called?",
}
# In this order. The architecture is this machine's and the base image AWS's, unless they are changed in the summary; of
# base images that only a team's catalogue has, people choose.
_ASKED = (
    "app_template", "runtime", "package_type", "dependency_manager", "base_image", "monitoring", "extras", "name",
)  # fmt: skip


def run(
    catalogue: Catalogue, given: Answers, output_dir: Path, *, preview: bool = False, force: bool = False
) -> ProjectSpec | CustomAnswers:
    """Ask for what ``given`` leaves open, and return the specification; or the custom template that was chosen.

    ``given`` are the answers that :func:`scaffold.resolve.examine` returned. ``preview`` offers preview runtimes, and
    ``force`` accepts the name of a folder that exists and is empty. Raises :class:`CancelledError` if the user quits.
    """
    return _Wizard(catalogue, given, output_dir, prompts.for_terminal(), preview=preview, force=force).run()


class _Wizard:
    def __init__(  # noqa: PLR0913
        self,
        catalogue: Catalogue,
        given: Answers,
        output_dir: Path,
        prompts: Prompts,
        *,
        preview: bool,
        force: bool,
    ) -> None:
        self.catalogue = catalogue
        self.output_dir = output_dir
        self.prompts = prompts
        self.preview = preview
        self.force = force
        self.given = given
        self.answers = given
        self.answered_checkboxes = frozenset(
            question for question, names in _CHECKBOXES.items() if any(given.get(name) is not None for name in names)
        )
        self.history: list[tuple[Answers, frozenset[str]]] = []
        self.location = self.checkout = ""  # of a custom template, if that is what they want
        # Earlier answers, preselected when a question is asked again; before, a team's defaults.
        self.previous: dict[str, Any] = self.team_defaults()

    def run(self) -> ProjectSpec | CustomAnswers:
        if self.answers.handler and not self.take_handler(self.answers.handler):
            raise CancelledError("nothing was written")
        while True:
            self.reconcile()
            name = self.next_question()
            if name is None:
                choice = self.ask_summary()
                if choice is _CREATE:
                    return resolve(self.catalogue, self.whole(), preview=self.preview)
                if choice is _QUIT:
                    raise CancelledError("nothing was written")
                if choice is BACK:
                    self.go_back()
                else:
                    self.ask(choice)
                continue
            before = (self.answers, self.answered_checkboxes)
            if self.ask(name):
                if self.location:
                    return CustomAnswers(self.location, self.checkout)
                self.history.append(before)
            else:
                self.go_back()

    def team_defaults(self) -> dict[str, Any]:
        """Return what the defaults of teams' catalogues answer, by question."""
        defaults = Answers.from_values(self.catalogue.defaults)
        if not defaults.values():
            return {}
        known = examine(self.catalogue, defaults, preview=self.preview).answers
        names = ("app_template", "package_type", "dependency_manager", "architecture", "base_image")
        answers: dict[str, Any] = {name: known.get(name) for name in names if known.get(name) is not None}
        if answers.get("base_image", "").startswith(f"{AMAZON}/"):
            answers["base_image"] = AMAZON
        if known.language and known.runtime:
            answers["runtime"] = (known.language, known.runtime)
        for question, entries in _ENTRIES.items():
            answers[question] = {title for name, value, title in entries if defaults.get(name) == value}
        return answers

    def whole(self) -> Answers:
        """Return the answers with the defaults of teams for what nobody is asked."""
        asked = {*_ASKED, *(name for names in _CHECKBOXES.values() for name in names), "language"}
        defaults = team_defaults.fitting(self.catalogue, self.answers, preview=self.preview, without=asked)
        return self.answers.with_defaults(defaults)

    def go_back(self) -> None:
        """Return to the previous question; at the first one, stay there."""
        if self.history:
            self.answers, self.answered_checkboxes = self.history.pop()

    # State ----------------------------------------------------------------------------------------------------

    def next_question(self) -> str | None:
        """Return the first question without an answer."""
        return next((name for name in _ASKED if not self.is_answered(name)), None)

    def is_answered(self, name: str) -> bool:
        if name == "base_image" and not self.has_team_base():
            return True
        return name in self.answered_checkboxes if name in _CHECKBOXES else self.answers.get(name) is not None

    def has_team_base(self) -> bool:
        """Return whether a base that only a team's catalogue has fits the answers."""
        is_image = self.answers.package_type == "Image" and self.answers.runtime is not None
        return is_image and not {*self.catalogue.team_bases}.isdisjoint(self.possible_bases())

    def reconcile(self) -> None:
        """Drop answers that others have made impossible, and fill in those that are the only ones possible."""
        for name in ("app_template", "package_type", "dependency_manager", "architecture"):
            possible = [choice.value for choice in self.choices(name)]
            answer = getattr(self.answers, name)
            if answer is not None and answer not in possible:
                answer = None
            if answer is None and name == "architecture" and self.answers.runtime:
                usual = (self.previous.get("architecture"), host_architecture(), possible[0])
                answer = next(architecture for architecture in usual if architecture in possible)
            if answer is None and len(possible) == 1 and (self.answers.runtime or name == "app_template"):
                answer = possible[0]
            self.answers = replace(self.answers, **{name: answer})
        if self.answers.package_type is not None:
            names = settings.names_of_other_package_type(self.answers.package_type)
            names += ["base_image"] if self.answers.package_type != "Image" else []
            self.answers = self.answers.with_values(**dict.fromkeys(names))
        base = self.answers.base_image
        if base in self.catalogue.bases and base not in self.possible_bases():
            self.answers = replace(self.answers, base_image=None)
        usual_base = self.previous.get("base_image")
        is_open = self.answers.base_image is None and self.answers.runtime and not self.has_team_base()
        is_reference = usual_base is not None and usual_base not in self.catalogue.bases
        takes_any = is_reference and self.answers.package_type == "Image" and not self.answers.handler
        if is_open and (takes_any or usual_base in self.possible_bases()):
            self.answers = replace(self.answers, base_image=usual_base)

    def possible_bases(self) -> list[str]:
        """Return the bases that fit the answers; none for a Zip."""
        runtime = self.catalogue.runtime(self.answers.language, self.answers.runtime)
        if self.answers.language is None or runtime is None:
            return [*self.catalogue.bases]
        if self.answers.package_type != "Image":
            return []
        if self.answers.handler:
            return [AMAZON]
        language = self.catalogue.languages[self.answers.language]
        return self.catalogue.bases_for(language, runtime, self.answers.dependency_manager, self.answers.app_template)

    def choices(self, name: str) -> list[Choice]:
        """Return the possible answers to a question, given the other answers so far."""
        answers, catalogue = self.answers, self.catalogue
        if name == "app_template":
            return self.use_case_choices()
        if name == "runtime":
            return self.runtime_choices(deprecated=False)
        if name == "architecture":
            return self.architecture_choices()
        if name == "base_image":
            return self.base_choices()
        fixed = {
            "use_case": answers.app_template,
            "language": answers.language,
            "runtime": answers.runtime,
            "package_type": answers.package_type if name != "package_type" else None,
        }
        possible = dict.fromkeys(getattr(cell, name) for cell in catalogue.cells if _matches(cell, fixed))
        if name == "dependency_manager" and answers.handler and answers.dependency_manager:
            possible = {answers.dependency_manager: None}  # whose manifest is there
        if name == "package_type":
            packages = [package for package in catalogue.packages.values() if package.title in possible]
            if answers.handler and not catalogue.languages[answers.language or ""].interpreted:
                packages = [package for package in packages if package.title == "Image"]
            return [Choice(f"{package.title}: {package.summary}", package.title) for package in packages]
        return [Choice(value, value) for value in possible]

    def use_case_choices(self) -> list[Choice]:
        """Return the use cases of the language that was given, by category; last, code that somebody has."""
        own = self.answers.handler is not None
        language = self.catalogue.languages.get((self.answers if own else self.given).language or "")
        names = self.catalogue.own_use_cases(language) if own else language.use_cases() if language else None
        choices = [
            Choice(f"{case.title}: {case.summary}", case.id, heading=CATEGORIES[case.category])
            for case in self.catalogue.use_cases.values()
            if names is None or case.id in names
        ]
        if not own and self.given.base_image not in self.catalogue.bases:
            heading = "Code that you have"
            choices.append(Choice("Your own code: a file or a folder with a handler", _OWN_CODE, heading=heading))
        if not any(self.given.get(name) for name in _OF_CELLS):
            title = "A custom template: a folder, a zip or a git repository with a cookiecutter"
            choices.append(Choice(title, _CUSTOM, heading="Somebody else's"))
        return choices

    def architecture_choices(self) -> list[Choice]:
        runtime = self.catalogue.runtime(self.answers.language, self.answers.runtime)
        language = self.catalogue.languages.get(self.answers.language or "")
        if runtime is None or language is None:
            return []
        possible = self.catalogue.architectures(language, self.answers.app_template, runtime)
        return [Choice(architecture, architecture) for architecture in possible]

    def base_choices(self) -> list[Choice]:
        language = self.catalogue.languages[self.answers.language or ""]
        choices = []
        team_bases = self.catalogue.team_bases
        for name in sorted(self.possible_bases(), key=lambda name: name not in team_bases):
            base = self.catalogue.bases[name]
            note = " (untested)" if language.bases[name].untested and name != AMAZON else ""
            choices.append(Choice(f"{base.title}: {base.summary}{note}", name))
        return choices

    def runtime_choices(self, *, deprecated: bool) -> list[Choice]:
        base = self.given.base_image if self.given.base_image in self.catalogue.bases else None
        offered = self.catalogue.offered_runtimes(
            preview=self.preview, deprecated=deprecated, use_case=self.answers.app_template, base=base
        )
        fixed = {
            "use_case": self.answers.app_template,
            "language": (self.answers if self.answers.handler else self.given).language,
            "package_type": self.given.package_type,
            "dependency_manager": self.given.dependency_manager,
        }
        possible = {(cell.language, cell.runtime) for cell in self.catalogue.cells if _matches(cell, fixed)}
        choices = []
        for language, runtime in offered:
            if (language.id, runtime.id) not in possible:
                continue
            status = runtime.status(self.catalogue.today)
            note = "" if status == SUPPORTED else f"  {status}"
            note += f" since {runtime.deprecated}" if deprecated else ""
            choices.append(Choice(f"{language.label(runtime)}{note}", (language.id, runtime.id)))
        if not deprecated and self.runtime_choices(deprecated=True):
            choices.append(Choice("Older runtimes, deprecated", _SHOW_DEPRECATED))
        return choices

    # Asking ---------------------------------------------------------------------------------------------------

    def ask(self, name: str) -> bool:
        """Ask a question and record its answer; return ``False`` if the user went back instead."""
        if name in _CHECKBOXES:
            return self.ask_checkboxes(name)
        if name == "name":
            return self.ask_name()
        default, question = getattr(self.answers, name), _QUESTIONS[name]
        if name == "runtime" and default:
            default = (self.answers.language, default)
        if name == "app_template" and self.answers.handler:
            default, question = default or OWN_USE_CASE, "What invokes it?"
        answer = self.prompts.select(question, self.choices(name), default or self.previous.get(name))
        if answer in (_OWN_CODE, _CUSTOM):
            return (self.ask_handler() if answer is _OWN_CODE else self.ask_location()) or self.ask(name)
        if answer is _SHOW_DEPRECATED:
            answer = self.prompts.select(_QUESTIONS[name], self.runtime_choices(deprecated=True), None)
            if answer is BACK:
                return self.ask(name)
        if answer is BACK:
            return False
        self.previous[name] = answer
        if name == "runtime":
            language, runtime = answer
            base = self.answers.base_image
            base = None if base and base.startswith(f"{AMAZON}/") else base  # which is for another runtime
            self.answers = replace(self.answers, language=language, runtime=runtime, base_image=base)
        else:
            self.answers = replace(self.answers, **{name: answer})
        return True

    def ask_handler(self) -> bool:
        """Ask where the code is that a user has; return ``False`` if the user went back instead."""
        default = self.previous.get("handler", "")
        answer = self.prompts.text("Where is it? A file or a folder", default, self.handler_error)
        if answer is BACK:
            return False
        self.previous["handler"] = answer
        return self.take_handler(answer)

    def ask_location(self) -> bool:
        """Ask where a custom template is; return ``False`` if the user went back instead."""
        from scaffold.fetch import address  # noqa: PLC0415  takes time to load

        location = self.previous.get("location", "")
        while True:
            location = self.prompts.text("Where is it? A path, a URL, or gh:owner/name", location, _location_error)
            if location is BACK or not location:
                return False
            self.previous["location"] = location
            if address.parse(location).kind != address.GIT:
                break
            message = "Which branch, tag or commit? Empty for the default branch"
            checkout = self.prompts.text(message, "", lambda _: None)
            if checkout is not BACK:
                self.checkout = checkout
                break
        self.location = location
        return True

    def take_handler(self, value: str) -> bool:
        """Take code with what follows from it; ask which function is meant, and return ``False`` if nobody says."""
        resolution = self.with_handler(value)
        several = next((problem.allowed for problem in resolution.problems if is_open(problem)), ())
        if several:
            choices = [Choice(name.removeprefix(f"{value}:"), name) for name in several]
            answer = self.prompts.select("Which function is the handler?", choices, None)
            return answer is not BACK and self.take_handler(answer)
        if resolution.problems:
            raise InvalidAnswersError(resolution.problems)
        self.answers = resolution.answers
        return True

    def with_handler(self, value: str) -> Resolution:
        return examine(self.catalogue, self.given.with_values(handler=value), preview=self.preview)

    def handler_error(self, value: str) -> str | None:
        """Return what is wrong with code that somebody names, or ``None``; of several handlers one is chosen later."""
        problems = [problem for problem in self.with_handler(value).problems if not is_open(problem)]
        return f"{problems[0].message}. {problems[0].hint}".strip() if problems else None

    def ask_checkboxes(self, question: str) -> bool:
        package_type = self.answers.package_type
        entries = [entry for entry in _ENTRIES[question] if ROWS[entry[0]].package_type in (None, package_type)]
        now = {title for name, value, title in entries if self.answers.get(name) == value}
        choices = [Choice(title, title) for _, _, title in entries]
        ticked = self.prompts.select_many(
            _QUESTIONS[question], choices, now or self.previous.get(question, set()), _more_than_one_of_a_kind
        )
        if ticked is BACK:
            return False
        self.previous[question] = set(ticked)
        values: dict[str, Any] = {name: False if value is True else None for name, value, _ in entries}
        values |= {name: value for name, value, title in entries if title in ticked}
        self.answers = self.answers.with_values(**values)
        self.answered_checkboxes |= {question}
        return True

    def ask_name(self) -> bool:
        default = self.answers.name or self.previous.get("name") or self.free_name()
        answer = self.prompts.text(_QUESTIONS["name"], default, self.name_error)
        if answer is BACK:
            return False
        self.previous["name"] = answer
        self.answers = replace(self.answers, name=answer)
        return True

    def name_error(self, name: str) -> str | None:
        """Return what to do about a name that is invalid or taken, or ``None``."""
        if check_name(name):
            return f"Try {suggest_name(name)}: {NAME_RULE}"
        try:
            check_target(self.output_dir / name, force=self.force)
        except ProjectExistsError as error:
            return f"Try {self.free_name(name)}: {error.message}"
        return None

    def free_name(self, name: str = DEFAULT_NAME) -> str:
        """Return ``name``, or the first of ``name-2``, ``name-3`` … that is not taken."""
        number, candidate = 1, name
        while (self.output_dir / candidate).exists():
            number += 1
            candidate = f"{name}-{number}"
        return candidate

    def ask_summary(self) -> Any:  # noqa: ANN401  the name of a question, or one of the markers
        """Show all answers; return the question to ask again, ``_CREATE``, ``_QUIT`` or ``BACK``."""
        answers = self.answers
        language = self.catalogue.languages[answers.language or ""]
        runtime = language.runtime(answers.runtime or "")
        chosen_titles = {
            question: [title.partition(":")[0] for name, value, title in entries if answers.get(name) == value]
            for question, entries in _ENTRIES.items()
        }
        values = {
            "name": answers.name,
            "app_template": self.catalogue.use_cases[answers.app_template or ""].title,
            "runtime": self.runtime_title(language, runtime) if runtime else None,
            "package_type": answers.package_type,
            "dependency_manager": answers.dependency_manager,
            "base_image": self.base_title(),
            "architecture": answers.architecture,
            **{question: ", ".join(titles) or "none" for question, titles in chosen_titles.items()},
        }
        choices = [Choice(f"Create it in {self.output_dir / (answers.name or '')}", _CREATE)]
        choices += [
            Choice(f"Change {_TITLES[name].lower() + ':':<20} {value}", name)
            for name, value in values.items()
            if name in ("name", *_CHECKBOXES) or len(self.choices(name)) > 1
        ]
        choices.append(Choice("Quit without creating anything", _QUIT))
        return self.prompts.select("Create this project?", choices, _CREATE)

    @staticmethod
    def runtime_title(language: Language, runtime: Runtime) -> str:
        label = language.label(runtime)
        return label if runtime.id in label else f"{label} ({runtime.id})"

    def base_title(self) -> str:
        name = self.answers.base_image or AMAZON
        return self.catalogue.bases[name].title if name in self.catalogue.bases else name.removeprefix(f"{AMAZON}/")


def _location_error(value: str) -> str | None:
    """Return what is wrong with the address of a custom template, or ``None``."""
    from scaffold.fetch import address  # noqa: PLC0415  takes time to load

    try:
        address.parse(value)
    except InvalidAnswersError as error:
        problem = error.problems[0]
        # A line has no room for all the forms that there are; the question names three.
        return problem.message if problem.hint == address.FORMS else f"{problem.message}; {problem.hint}"
    return None


def is_open(problem: Problem) -> bool:
    """Return whether a problem is a question: which function of several is the handler."""
    return problem.location == ("handler",) and bool(problem.allowed)


def _more_than_one_of_a_kind(titles: list[str]) -> str | None:
    """Return what to do about entries of which a project has only one, or ``None``."""
    for row in (row for row in ROWS.values() if row.extras):
        names = [title.partition(":")[0] for title in row.extras.values() if title in titles]
        if len(names) > 1:
            return f"Choose one of {' and '.join(names)}"
    return None


def _matches(cell: Cell, fixed: dict[str, str | None]) -> bool:
    """Return whether a cell has all of these attributes; one that is ``None`` may be anything."""
    return all(value is None or getattr(cell, name) == value for name, value in fixed.items())
