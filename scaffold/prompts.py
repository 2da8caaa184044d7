"""Ways to ask a question on a terminal: with menus, or line by line where the cursor cannot move."""

from __future__ import annotations

import os
import signal
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# The answer of a user who wants to go back to the previous question.
BACK = object()
_BACK_KEY = "<"  # on a terminal without cursor movement
_SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


@dataclass(frozen=True)
class Choice:
    """A possible answer, and the title that a user sees; ``heading`` is what it is listed under, if anything."""

    title: str
    value: Any
    heading: str = ""


class Prompts(Protocol):
    """A way to ask. Every method returns the answer or :data:`BACK`, and lets KeyboardInterrupt through."""

    def select(self, message: str, choices: list[Choice], default: object) -> Any:  # noqa: ANN401
        """Ask for one of the choices; return its value."""

    def select_many(
        self, message: str, choices: list[Choice], selected: set[str], find_error: Callable[[list[str]], str | None]
    ) -> Any:  # noqa: ANN401
        """Ask for any number of the choices, of which some are selected already; return their values as a list."""

    def text(self, message: str, default: str, find_error: Callable[[str], str | None]) -> Any:  # noqa: ANN401
        """Ask for a text for which ``find_error`` returns ``None`` instead of a message."""


def for_terminal() -> Prompts:
    """Return the way to ask that suits the terminal."""
    return Lines() if os.environ.get("TERM", "") in ("dumb", "unknown") else Menus()


class _Heading(str):
    """The text of a heading, which no filter finds: questionary compares in lower case."""

    __slots__ = ()

    def lower(self) -> str:
        return ""


def _stay_off_headings(question: Any) -> None:  # noqa: ANN401  questionary's Question
    """Move a menu's cursor on from a heading: when the filter changes, questionary puts it on the first line."""
    from questionary import Separator  # noqa: PLC0415
    from questionary.prompts.common import InquirerControl  # noqa: PLC0415

    application = question.application
    controls = application.layout.find_all_controls()
    control = next(control for control in controls if isinstance(control, InquirerControl))

    def move(_sender: object) -> None:
        if isinstance(control.get_pointed_at(), Separator):
            control.select_next()

    application.key_processor.after_key_press += move


class Menus:
    """Menus with arrow keys and a filter, by questionary."""

    def select(self, message: str, choices: list[Choice], default: object) -> Any:  # noqa: ANN401
        """Ask for one of the choices."""
        import questionary  # noqa: PLC0415

        items: list[questionary.Choice] = []
        preselected = None
        heading = ""
        for number, choice in enumerate(choices):
            if choice.heading != heading:
                heading = choice.heading
                items.append(questionary.Separator(_Heading(f"{heading}:")))
            items.append(questionary.Choice(choice.title, number))
            if choice.value == default:
                preselected = items[-1]
        question = questionary.select(
            message,
            choices=items,
            default=preselected,
            use_search_filter=True,
            use_jk_keys=False,
            instruction="(arrow keys to move, type to filter, Esc to go back)",
        )
        _stay_off_headings(question)
        answer = self._ask(question)
        return BACK if answer is BACK else choices[answer].value

    def select_many(
        self, message: str, choices: list[Choice], selected: set[str], find_error: Callable[[list[str]], str | None]
    ) -> Any:  # noqa: ANN401
        """Ask for any number of the choices, again until they go together."""
        import questionary  # noqa: PLC0415

        instruction = "(space to select, Enter to continue, Esc to go back)"
        while True:
            items = [
                questionary.Choice(choice.title, choice.value, checked=choice.value in selected) for choice in choices
            ]
            answer = self._ask(questionary.checkbox(message, choices=items, instruction=instruction))
            # questionary's own message is only there in a terminal that says where its cursor is.
            error = None if answer is BACK else find_error(answer)
            if error is None:
                return answer
            selected, instruction = {*answer}, f"({error})"

    def text(self, message: str, default: str, find_error: Callable[[str], str | None]) -> Any:  # noqa: ANN401
        """Ask for a text, which is checked while it is typed; Enter alone accepts the default."""
        import questionary  # noqa: PLC0415

        question = questionary.text(
            message,
            validate=lambda text: (find_error(text) or True) if text else True,
            placeholder=[("class:instruction", f"{default}  (Enter to accept, Esc to go back)")],
        )
        answer = self._ask(question)
        return answer if answer is BACK else answer or default

    @staticmethod
    def _ask(question: Any) -> Any:  # noqa: ANN401  questionary's Question
        from prompt_toolkit.key_binding import KeyBindings, merge_key_bindings  # noqa: PLC0415

        bindings = KeyBindings()

        @bindings.add("escape", eager=True)
        def _(event: Any) -> None:  # noqa: ANN401
            event.app.erase_when_done = True  # it will be asked again, so it need not stay on the screen
            event.app.exit(result=BACK)

        application = question.application
        application.key_bindings = merge_key_bindings([application.key_bindings or KeyBindings(), bindings])
        application.ttimeoutlen = 0.05  # seconds to wait for the rest of an arrow key, which starts with an escape
        with _signals_held(application) as close_if_held:
            return application.run(pre_run=close_if_held, handle_sigint=False)


@contextmanager
def _signals_held(application: Any) -> Iterator[Callable[[], None]]:  # noqa: ANN401  prompt_toolkit's Application
    """Let a signal close the question first, and do what it otherwise does only then.

    An exception of a signal handler in the middle of drawing would leave the cursor hidden. Yields a function that
    closes the question if there has been a signal.
    """
    held: list[int] = []

    def close_if_held() -> None:
        if held and application.future and not application.future.done():
            application.exit(exception=KeyboardInterrupt)

    def hold(number: int, _frame: object) -> None:
        held.append(number)
        if application.loop:  # else it has not started, and calls `close_if_held` when it does, or it has ended
            application.loop.call_soon_threadsafe(close_if_held)

    before = {number: handler for number in _SIGNALS if callable(handler := signal.getsignal(number))}
    for number in before:
        signal.signal(number, hold)
    try:
        yield close_if_held
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        if held:
            signal.raise_signal(held[0])


class Lines:
    """The same questions line by line, for terminals without cursor movement, by click."""

    def select(self, message: str, choices: list[Choice], default: object) -> Any:  # noqa: ANN401
        """Ask for the number of one of the choices."""
        import click  # noqa: PLC0415

        click.echo(message)
        heading = ""
        for number, choice in enumerate(choices, 1):
            if choice.heading != heading:
                heading = choice.heading
                click.echo(f"{heading}:")
            click.echo(f"  {number}. {choice.title}")
        numbers = [str(number) for number in range(1, len(choices) + 1)]
        preselected = next((number for number, choice in enumerate(choices, 1) if choice.value == default), 1)
        answer: str = click.prompt(
            f"Number ({_BACK_KEY} to go back)",
            type=click.Choice([*numbers, _BACK_KEY]),
            default=str(preselected),
            show_choices=False,
        )
        return BACK if answer == _BACK_KEY else choices[int(answer) - 1].value

    def select_many(
        self, message: str, choices: list[Choice], selected: set[str], find_error: Callable[[list[str]], str | None]
    ) -> Any:  # noqa: ANN401
        """Ask for a yes or a no to each of the choices, again until they go together."""
        import click  # noqa: PLC0415

        click.echo(message)
        values = []
        for choice in choices:
            answer = click.prompt(
                f"  {choice.title} (y/n, {_BACK_KEY} to go back)",
                type=click.Choice(["y", "n", _BACK_KEY]),
                default="y" if choice.value in selected else "n",
                show_choices=False,
            )
            if answer == _BACK_KEY:
                return BACK
            values += [choice.value] if answer == "y" else []
        if error := find_error(values):
            click.echo(f"Error: {error}")
            return self.select_many(message, choices, {*values}, find_error)
        return values

    def text(self, message: str, default: str, find_error: Callable[[str], str | None]) -> Any:  # noqa: ANN401
        """Ask for a text, again until it is valid."""
        import click  # noqa: PLC0415

        def validate(text: str) -> str:
            error = None if text == _BACK_KEY else find_error(text)
            if error:
                raise click.BadParameter(error)
            return text

        answer = click.prompt(f"{message} ({_BACK_KEY} to go back)", default=default, value_proc=validate)
        return BACK if answer == _BACK_KEY else answer
