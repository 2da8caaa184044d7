"""Asks what a custom template wants to know, with the questions that its author wrote, in the wizard's style."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from scaffold import prompts
from scaffold.custom_answers import json_text
from scaffold.prompts import BACK, Choice

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scaffold.custom import Question, Template
    from scaffold.prompts import Prompts


def run(template: Template, given: Mapping[str, Any]) -> dict[str, Any]:
    """Ask for what ``given`` leaves open, and return all answers by the names of the template's variables.

    Escape goes back to the question before. Raises what :meth:`scaffold.custom.Template.question` does, where the
    template itself fails.
    """
    asker = prompts.for_terminal()
    answers, previous = dict(given), dict[str, Any]()
    asked: list[str] = []
    while question := template.question(answers):
        answer = _ask(asker, question, previous.get(question.name, question.default))
        if answer is not BACK:
            answers[question.name] = answer
            asked.append(question.name)
        elif asked:
            name = asked.pop()
            previous[name] = answers.pop(name)
    return answers


def _ask(asker: Prompts, question: Question, default: Any) -> Any:  # noqa: ANN401  whatever the template's variable is
    message = question.message
    if question.answer_type == "boolean":
        return asker.select(message, [Choice("Yes", value=True), Choice("No", value=False)], default)
    if question.choices:
        return asker.select(message, [Choice(title, value) for value, title in question.choices], default)
    if question.answer_type == "json":
        text = asker.text(f"{message} (JSON)", json_text(default), _json_error)
        return text if text is BACK else json.loads(text)
    text = asker.text(message, "" if default is None else str(default), lambda _: None)
    return None if default is None and text == "" else text  # a null is false in the template's Jinja


def _json_error(text: str) -> str | None:
    try:
        value = json.loads(text)
    except ValueError as error:
        return f"This is not JSON: {error}"
    return None if isinstance(value, dict) else "Write an object: {…}"
