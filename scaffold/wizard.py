"""The questions: asks for what the command line left open, and nothing else.

A question with one possible answer is not asked. Escape leads back from every question; a summary shows all
answers and lets any of them be changed. On a terminal without cursor movement the same questions are asked line
by line.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from scaffold import settings
from scaffold.catalogue import Catalogue, host_architecture
from scaffold.errors import CancelledError, ProjectExistsError
from scaffold.model import SUPPORTED, Cell, Language, Runtime
from scaffold.resolve import resolve
from scaffold.settings import MONITORING
from scaffold.spec import AMAZON, DEFAULT_NAME, NAME_RULE, Answers, ProjectSpec, check_name, suggest_name
from scaffold.staging import check_target

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

BACK = object()
_MORE, _MAKE, _LEAVE = object(), object(), object()

_MONITORING_TITLES = {name: settings.ROWS[name].monitoring for name in settings.MONITORING}
_TITLES = {
    "app_template": "Template",
    "runtime": "Runtime",
    "package_type": "Package type",
    "dependency_manager": "Dependency manager",
    "base_image": "Base image",
    "architecture": "Architecture",
    "monitoring": "Monitoring",
    "name": "Name",
}
_QUESTIONS = {
    "app_template": "What should it do?",
    "runtime": "Which runtime?",
    "package_type": "How does it reach Lambda?",
    "dependency_manager": "What installs the dependencies?",
    "base_image": "What does the image start from?",
    "architecture": "Which processor?",
    "monitoring": "Which monitoring? Some of it is charged for",
    "name": "What is the project called?",
}
# In this order; the architecture is this machine's and the base image AWS's until changed in the summary.
_ASKED = ("app_template", "runtime", "package_type", "dependency_manager", "monitoring", "name")


@dataclass(frozen=True)
class Choice:
    """One possible answer, and how it is shown."""

    title: str
    value: Any


class Asker(Protocol):
    """A way to ask. Every method returns the answer or :data:`BACK`, and lets KeyboardInterrupt through."""

    def select(self, message: str, choices: list[Choice], default: object) -> Any:  # noqa: ANN401
        """Ask for one of the choices."""

    def check(self, message: str, choices: list[Choice], checked: set[str]) -> Any:  # noqa: ANN401
        """Ask for any number of the choices; return their values."""

    def text(self, message: str, default: str, wrong: Callable[[str], str | None]) -> Any:  # noqa: ANN401
        """Ask for a text; ``wrong`` returns what is wrong with one."""


def run(
    catalogue: Catalogue, given: Answers, output_dir: Path, *, preview: bool = False, force: bool = False
) -> ProjectSpec:
    """Ask for what ``given`` leaves open and return the whole.

    ``given`` has been through :func:`scaffold.resolve.examine`. Raises :class:`CancelledError` when the user leaves.
    """
    asker: Asker = Lines() if os.environ.get("TERM", "") in ("dumb", "unknown") else Menus()
    return _Wizard(catalogue, given, output_dir, asker, preview=preview, force=force).run()


class _Wizard:
    def __init__(  # noqa: PLR0913
        self,
        catalogue: Catalogue,
        given: Answers,
        output_dir: Path,
        asker: Asker,
        *,
        preview: bool,
        force: bool,
    ) -> None:
        self.catalogue = catalogue
        self.output_dir = output_dir
        self.asker = asker
        self.preview = preview
        self.force = force
        self.given = given
        self.answers = given
        self.monitored = any(given.get(name) is not None for name in MONITORING)
        self.history: list[tuple[Answers, bool]] = []
        self.last: dict[str, Any] = {}  # what was answered before, to start from when a question comes again

    def run(self) -> ProjectSpec:
        while True:
            self.settle()
            name = self.open()
            if name is None:
                chosen = self.summary()
                if chosen is _MAKE:
                    return resolve(self.catalogue, self.answers, preview=self.preview)
                if chosen is _LEAVE:
                    raise CancelledError("nothing was written")
                if chosen is BACK:
                    self.back()
                else:
                    self.ask(chosen)
                continue
            before = (self.answers, self.monitored)
            if self.ask(name):
                self.history.append(before)
            else:
                self.back()

    def back(self) -> None:
        """Return to the question before; from the first one there is nowhere to go."""
        if self.history:
            self.answers, self.monitored = self.history.pop()

    # State ----------------------------------------------------------------------------------------------------

    def open(self) -> str | None:
        """Return the first question without an answer."""
        return next((name for name in _ASKED if not self.answered(name)), None)

    def answered(self, name: str) -> bool:
        return self.monitored if name == "monitoring" else self.answers.get(name) is not None

    def settle(self) -> None:
        """Drop answers that the others made impossible, and take those that are the only ones possible."""
        for name in ("app_template", "package_type", "dependency_manager", "architecture"):
            possible = [choice.value for choice in self.choices(name)]
            current = getattr(self.answers, name)
            if current is not None and current not in possible:
                current = None
            if current is None and name == "architecture" and self.answers.runtime:
                current = host_architecture() if host_architecture() in possible else possible[0]
            if current is None and len(possible) == 1 and (self.answers.runtime or name == "app_template"):
                current = possible[0]
            self.answers = replace(self.answers, **{name: current})
        if self.answers.package_type is not None:
            foreign = settings.names_of_other_package_type(self.answers.package_type)
            foreign += ["base_image"] if self.answers.package_type != "Image" else []
            self.answers = self.answers.updated(**dict.fromkeys(foreign))
        if self.answers.base_image in self.catalogue.bases and self.answers.base_image not in self.bases():
            self.answers = replace(self.answers, base_image=None)

    def bases(self) -> list[str]:
        """Return the kinds of base image that go with the answers, once it is known that it is an image."""
        runtime = self.catalogue.runtime(self.answers.language, self.answers.runtime)
        if self.answers.language is None or runtime is None:
            return [*self.catalogue.bases]
        if self.answers.package_type != "Image":
            return []
        language = self.catalogue.languages[self.answers.language]
        return self.catalogue.bases_for(language, runtime, self.answers.dependency_manager)

    def choices(self, name: str) -> list[Choice]:
        """Return the answers that are possible with those given so far."""
        answers, catalogue = self.answers, self.catalogue
        if name == "app_template":
            return [Choice(f"{one.title}: {one.summary}", one.id) for one in catalogue.use_cases.values()]
        if name == "runtime":
            return self.runtimes(deprecated=False)
        if name == "architecture":
            runtime = catalogue.runtime(answers.language, answers.runtime)
            return [Choice(one, one) for one in (runtime.architectures if runtime else ())]
        if name == "base_image":
            language = catalogue.languages[answers.language or ""]
            rows = [(one, catalogue.bases[one], language.bases[one]) for one in self.bases()]
            return [
                Choice(f"{kind.title}: {kind.summary}{'' if base.tested or one == AMAZON else ' (untested)'}", one)
                for one, kind, base in rows
            ]
        fixed = {
            "use_case": answers.app_template,
            "language": answers.language,
            "runtime": answers.runtime,
            "package_type": answers.package_type if name != "package_type" else None,
        }
        found = [
            getattr(cell, name)
            for cell in catalogue.cells
            if all(value is None or getattr(cell, key) == value for key, value in fixed.items())
        ]
        if name == "package_type":
            return [Choice(f"{one.title}: {one.summary}", one.title) for one in catalogue.packages.values()
                    if one.title in found]  # fmt: skip
        return [Choice(one, one) for one in dict.fromkeys(found)]

    def wanted(self, cell: Cell) -> bool:
        """Return whether a cell has what the command line fixed, and the use case that was chosen."""
        fixed = {
            "use_case": self.answers.app_template,
            "language": self.given.language,
            "package_type": self.given.package_type,
            "dependency_manager": self.given.dependency_manager,
        }
        return all(value is None or getattr(cell, key) == value for key, value in fixed.items())

    def runtimes(self, *, deprecated: bool) -> list[Choice]:
        today = self.catalogue.today
        base = self.given.base_image if self.given.base_image in self.catalogue.bases else None
        offered = self.catalogue.offered_runtimes(
            preview=self.preview, deprecated=deprecated, use_case=self.answers.app_template, base=base
        )
        cells = [cell for cell in self.catalogue.cells if self.wanted(cell)]
        wanted = {(cell.language, cell.runtime) for cell in cells}
        found = []
        for language, runtime in offered:
            if (language.id, runtime.id) not in wanted:
                continue
            status = runtime.status(today)
            note = "" if status == SUPPORTED else f"  {status}"
            note += f" since {runtime.deprecated}" if deprecated else ""
            found.append(Choice(f"{language.label(runtime)}{note}", (language.id, runtime.id)))
        if not deprecated and self.runtimes(deprecated=True):
            found.append(Choice("Older ones, deprecated", _MORE))
        return found

    # Asking ---------------------------------------------------------------------------------------------------

    def ask(self, name: str) -> bool:
        """Ask one question and take its answer; return False where the user went back instead."""
        if name == "monitoring":
            return self.ask_monitoring()
        if name == "name":
            return self.ask_name()
        default = getattr(self.answers, name)
        if name == "runtime" and default:
            default = (self.answers.language, default)
        answer = self.asker.select(_QUESTIONS[name], self.choices(name), default or self.last.get(name))
        if answer is _MORE:
            answer = self.asker.select(_QUESTIONS[name], self.runtimes(deprecated=True), None)
            if answer is BACK:
                return self.ask(name)
        if answer is BACK:
            return False
        self.last[name] = answer
        if name == "runtime":
            language, runtime = answer
            base = self.answers.base_image
            base = None if base and base.startswith(f"{AMAZON}/") else base  # that is another runtime's
            self.answers = replace(self.answers, language=language, runtime=runtime, base_image=base)
        else:
            self.answers = replace(self.answers, **{name: answer})
        return True

    def ask_monitoring(self) -> bool:
        checked = {name for name in MONITORING if self.answers.get(name)} or self.last.get("monitoring", set())
        choices = [Choice(_MONITORING_TITLES[name], name) for name in MONITORING]
        answer = self.asker.check(_QUESTIONS["monitoring"], choices, checked)
        if answer is BACK:
            return False
        self.last["monitoring"] = set(answer)
        chosen: dict[str, Any] = {name: name in answer for name in MONITORING}
        self.answers = self.answers.updated(**chosen)
        self.monitored = True
        return True

    def ask_name(self) -> bool:
        default = self.answers.name or self.last.get("name") or self.free_name()
        answer = self.asker.text(_QUESTIONS["name"], default, self.wrong_name)
        if answer is BACK:
            return False
        self.last["name"] = answer
        self.answers = replace(self.answers, name=answer)
        return True

    def wrong_name(self, name: str) -> str | None:
        problem = check_name(name)
        if problem:
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

    def summary(self) -> Any:  # noqa: ANN401  the field to change, or one of the markers
        answers = self.answers
        language = self.catalogue.languages[answers.language or ""]
        runtime = language.runtime(answers.runtime or "")
        chosen = [_MONITORING_TITLES[name].partition(":")[0] for name in MONITORING if answers.get(name)]
        shown = {
            "name": answers.name,
            "app_template": self.catalogue.use_cases[answers.app_template or ""].title,
            "runtime": self.runtime_title(language, runtime) if runtime else None,
            "package_type": answers.package_type,
            "dependency_manager": answers.dependency_manager,
            "base_image": self.base_title(),
            "architecture": answers.architecture,
            "monitoring": ", ".join(chosen) or "none",
        }
        choices = [Choice(f"Make it, in {self.output_dir / (answers.name or '')}", _MAKE)]
        choices += [
            Choice(f"Change {_TITLES[name].lower() + ':':<20} {value}", name)
            for name, value in shown.items()
            if name in ("name", "monitoring") or len(self.choices(name)) > 1
        ]
        choices.append(Choice("Leave without making anything", _LEAVE))
        return self.asker.select("All set?", choices, _MAKE)

    @staticmethod
    def runtime_title(language: Language, runtime: Runtime) -> str:
        label = language.label(runtime)
        return label if runtime.id in label else f"{label} ({runtime.id})"

    def base_title(self) -> str:
        said = self.answers.base_image or AMAZON
        return self.catalogue.bases[said].title if said in self.catalogue.bases else said.replace(f"{AMAZON}/", "")


class Menus:
    """Questions with arrow keys and type-to-filter, by questionary."""

    def select(self, message: str, choices: list[Choice], default: object) -> Any:  # noqa: ANN401
        """Ask for one of the choices."""
        import questionary  # noqa: PLC0415

        rows = [questionary.Choice(choice.title, number) for number, choice in enumerate(choices)]
        start = next((row for row, choice in zip(rows, choices, strict=True) if choice.value == default), None)
        question = questionary.select(
            message,
            choices=rows,
            default=start,
            use_search_filter=True,
            use_jk_keys=False,
            instruction="(arrows, type to filter, Esc: back)",
        )
        answer = self._ask(question)
        return BACK if answer is BACK else choices[answer].value

    def check(self, message: str, choices: list[Choice], checked: set[str]) -> Any:  # noqa: ANN401
        """Ask for any number of the choices."""
        import questionary  # noqa: PLC0415

        rows = [questionary.Choice(one.title, one.value, checked=one.value in checked) for one in choices]
        question = questionary.checkbox(message, choices=rows, instruction="(space: choose, enter: go on, Esc: back)")
        return self._ask(question)

    def text(self, message: str, default: str, wrong: Callable[[str], str | None]) -> Any:  # noqa: ANN401
        """Ask for a text, checked while it is typed; Enter alone takes the default."""
        import questionary  # noqa: PLC0415

        question = questionary.text(
            message,
            validate=lambda text: (wrong(text) or True) if text else True,
            placeholder=[("class:instruction", f"{default}  (Enter takes it, Esc: back)")],
        )
        answer = self._ask(question)
        return answer if answer is BACK else answer or default

    @staticmethod
    def _ask(question: Any) -> Any:  # noqa: ANN401  questionary's Question
        from prompt_toolkit.key_binding import KeyBindings, merge_key_bindings  # noqa: PLC0415

        bindings = KeyBindings()

        @bindings.add("escape", eager=True)
        def _(event: Any) -> None:  # noqa: ANN401
            event.app.erase_when_done = True  # the question is asked again; its first asking need not stay
            event.app.exit(result=BACK)

        application = question.application
        application.key_bindings = merge_key_bindings([application.key_bindings or KeyBindings(), bindings])
        application.ttimeoutlen = 0.05  # seconds to wait whether an escape begins an arrow key
        return question.unsafe_ask()


class Lines:
    """The same questions line by line, for terminals without cursor movement, by click."""

    def select(self, message: str, choices: list[Choice], default: object) -> Any:  # noqa: ANN401
        """Ask for one of the choices by number."""
        start = next((number for number, one in enumerate(choices, 1) if one.value == default), 1)
        answer = self._number(message, choices, str(start))
        return BACK if answer == "<" else choices[int(answer) - 1].value

    def check(self, message: str, choices: list[Choice], checked: set[str]) -> Any:  # noqa: ANN401
        """Ask for each of the choices in turn."""
        import click  # noqa: PLC0415

        click.echo(message)
        found = []
        for one in choices:
            answer = click.prompt(
                f"  {one.title} (y/n, <: back)",
                type=click.Choice(["y", "n", "<"]),
                default="y" if one.value in checked else "n",
                show_choices=False,
            )
            if answer == "<":
                return BACK
            found += [one.value] if answer == "y" else []
        return found

    def text(self, message: str, default: str, wrong: Callable[[str], str | None]) -> Any:  # noqa: ANN401
        """Ask for a text, again until it is right."""
        import click  # noqa: PLC0415

        def checked(value: str) -> str:
            problem = None if value == "<" else wrong(value)
            if problem:
                raise click.BadParameter(problem)
            return value

        answer = click.prompt(f"{message} (<: back)", default=default, value_proc=checked)
        return BACK if answer == "<" else answer

    @staticmethod
    def _number(message: str, choices: list[Choice], default: str) -> str:
        import click  # noqa: PLC0415

        click.echo(message)
        for number, one in enumerate(choices, 1):
            click.echo(f"  {number}. {one.title}")
        numbers = [str(number) for number in range(1, len(choices) + 1)]
        answer: str = click.prompt(
            "Number (<: back)", type=click.Choice([*numbers, "<"]), default=default, show_choices=False
        )
        return answer
