"""The questions of a custom template, and its values: cookiecutter's own, with answers in the place of its prompts.

The answers are data. cookiecutter would put those of ``--extra-context`` among the template's defaults and render them
as Jinja; here they come where a person would have typed them.
"""

from __future__ import annotations

import copy
import json
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cookiecutter import prompt
from cookiecutter.generate import apply_overwrites_to_context, generate_context

from scaffold.file_names import COOKIECUTTER
from scaffold.render.faults import TemplateFaultError, file_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

FILE = COOKIECUTTER
_NESTED = ("templates", "template")
_REFUSED = "the template loads extensions ({}), which are code as hooks are: they take --trust without --no-hooks"
# cookiecutter sets these itself.
_RESERVED = ("__prompts__", "_template", "_output_dir", "_repo_dir", "_checkout")


class OpenQuestion(Exception):  # noqa: N818  it is no error: it ends cookiecutter's questions at the first open one
    """A question that the answers leave open."""

    def __init__(self, question: dict[str, Any]) -> None:
        super().__init__(question["name"])
        self.question = question


class _Plain(str):
    """A text that is an answer and not part of the template, so it is not rendered."""

    __slots__ = ()


@dataclass
class Reader:
    """Takes the place of cookiecutter's prompts: gives the answers, else the defaults, or stops at what is open."""

    answers: Mapping[str, Any]
    defaults: Mapping[str, Any]
    stops: bool
    problems: list[dict[str, Any]] = field(default_factory=list)
    nested: dict[str, Any] = field(default_factory=dict)
    _raw: Mapping[str, Any] = field(default_factory=dict)
    _level: int = 1
    _asks_template: bool = False

    def values(self, folder: Path) -> dict[str, Any]:
        """Return the context of the template in a folder, as far as ``cookiecutter.json`` and the answers make it.

        Raises :class:`OpenQuestion` where this reader stops, and what cookiecutter and Jinja raise.
        """
        context = load(folder)
        raw = context["cookiecutter"]
        self._raw = copy.deepcopy(raw)
        asked = {name: value for name, value in self.answers.items() if not name.startswith("_")}
        for name, value in self.answers.items():
            if name.startswith("_") and name in raw and name not in _RESERVED:
                self._overwrite(raw, name, value)
        context["_cookiecutter"] = _originals(raw, {**self.defaults, **asked})
        self._install()
        context["cookiecutter"].update(prompt.prompt_for_config(context))
        return context

    def nested_folder(self, folder: Path, context: dict[str, Any]) -> Path | None:
        """Return the folder of the template that is chosen among those within a template; ``None`` for one alone."""
        key = next((name for name in _NESTED if name in context["cookiecutter"]), None)
        if key is None:
            return None
        self._raw = copy.deepcopy(context["cookiecutter"])
        self._install()
        self._asks_template = True
        try:
            path = folder.joinpath(prompt.choose_nested_template(context, folder)).resolve()
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            message = f"{key} names a template without the path of a folder in it"
            raise TemplateFaultError(message, file=FILE, key=key) from error
        finally:
            self._asks_template = False
            self._level += 1
        if not path.is_relative_to(folder.resolve()):
            raise TemplateFaultError("the path of a template within this one leads out of it", file=FILE, key=key)
        if path == folder.resolve():
            raise TemplateFaultError("the path of a template within this one leads to itself", file=FILE, key=key)
        return path

    def unknown(self, context: dict[str, Any]) -> list[str]:
        """Return the names of answers for which a template has no variable."""
        variables = context["cookiecutter"].keys() - set(_RESERVED)
        return [name for name in self.answers if name not in variables and name not in self.nested]

    def _install(self) -> None:
        names = {
            "read_user_variable": self._text,
            "read_user_choice": self._choice,
            "read_user_yes_no": self._yes_no,
            "read_user_dict": self._json,
            "render_variable": _render_variable,
        }
        vars(prompt).update(names)

    def _overwrite(self, raw: dict[str, Any], name: str, value: Any) -> None:  # noqa: ANN401  any JSON
        try:
            apply_overwrites_to_context(raw, {name: _plain(value)})
        except (TypeError, ValueError) as error:
            self._refuse(name, value, str(error))

    # The prompts, with cookiecutter's parameters -------------------------------------------------------------------

    def _text(self, name: str, default: Any, prompts: Any = None, _prefix: str = "") -> Any:  # noqa: ANN401
        return self._answer(name, "text", default, prompts, lambda value: _as_text(value, default))

    def _yes_no(self, name: str, default: Any, prompts: Any = None, _prefix: str = "") -> Any:  # noqa: ANN401
        return self._answer(name, "boolean", default, prompts, _as_boolean)

    def _json(self, name: str, default: Any, prompts: Any = None, _prefix: str = "") -> Any:  # noqa: ANN401
        return self._answer(name, "json", default, prompts, lambda value: _as_mapping(value, default))

    def _choice(self, name: str, options: list[Any], prompts: Any = None, _prefix: str = "") -> Any:  # noqa: ANN401
        if not options:
            raise TemplateFaultError(f"{name} has no choices", file=FILE, key=name)
        answer_type = "choice"
        titles = _titles(name, options, prompts)
        if self._asks_template:
            prompts = {name: _message("templates", prompts) if name == "templates" else "Select a template"}
            answer_type, name = "template", name if self._level == 1 else f"{name}_{self._level}"
            prompts = {name: next(iter(prompts.values()))}
        raw = self._raw.get(name, [])
        originals = raw if isinstance(raw, list) and len(raw) == len(options) else options
        given = self.answers.get(name)
        if isinstance(given, list):  # as in cookiecutter, it leaves fewer to choose from
            wrong = [value for value in given if _index(value, options, originals) is None]
            if wrong or not given:
                self._refuse(name, given, _not_among(wrong[0] if wrong else "", options), options)
            else:
                kept = [_index(value, options, originals) or 0 for value in given]
                options, titles = [options[at] for at in kept], [titles[at] for at in kept]
                originals = [originals[at] for at in kept]
                if answer_type == "choice" and (len(kept) == 1 or not self.stops):
                    return options[0]

        def convert(value: Any) -> Any:  # noqa: ANN401
            at = _index(value, options, originals)
            if at is None:
                raise ValueError(_not_among(value, options))
            return options[at]

        value = self._answer(name, answer_type, options[0], prompts, convert, list(zip(options, titles, strict=True)))
        if answer_type == "template":
            self.nested[name] = value
        return value

    def _answer(  # noqa: PLR0913, PLR0917  what the prompts have in common
        self,
        name: str,
        answer_type: str,
        default: Any,  # noqa: ANN401
        prompts: Any,  # noqa: ANN401
        convert: Callable[[Any], Any],
        choices: list[tuple[Any, str]] | None = None,
    ) -> Any:  # noqa: ANN401
        if name in self.defaults:
            with suppress(ValueError):  # a default that is for other templates; cookiecutter passes over it, too
                default = convert(self.defaults[name])
        if name in self.answers and not (choices and isinstance(self.answers[name], list)):
            try:
                return convert(self.answers[name])
            except ValueError as error:
                self._refuse(name, self.answers[name], str(error), [value for value, _ in choices or []])
        if not self.stops:
            return default
        message = _message(name, prompts)
        raise OpenQuestion(
            {"name": name, "message": message, "answer_type": answer_type, "default": default, "choices": choices or []}
        )

    def _refuse(self, name: str, value: Any, message: str, allowed: list[Any] | None = None) -> None:  # noqa: ANN401
        row = {"message": f"{name}: {message}", "allowed": [str(value) for value in allowed or []], "value": value}
        self.problems.append(row)


def load(folder: Path) -> dict[str, Any]:
    """Return cookiecutter's context of a template: the values of its ``cookiecutter.json``, not rendered.

    Raises :class:`TemplateFaultError`.
    """
    path = folder / FILE
    text = file_text(path, FILE)
    try:
        values = json.loads(text)
    except json.JSONDecodeError as error:
        raise TemplateFaultError(
            f"is not JSON: {error.msg}", "correct it there", file=FILE, line=error.lineno, column=error.colno
        ) from error
    except RecursionError as error:
        raise TemplateFaultError("is nested too deeply", file=FILE, line=1) from error
    if not isinstance(values, dict):
        raise TemplateFaultError("is not a JSON object of variables and their defaults", file=FILE, line=1)
    context: dict[str, Any] = generate_context(context_file=str(path))
    return context


def refuse_extensions(context: Mapping[str, Any]) -> None:
    """Raise :class:`TemplateFaultError` for extensions that neither cookiecutter nor Jinja bring along."""
    extensions = context["cookiecutter"].get("_extensions", [])
    names = [str(name) for name in extensions] if isinstance(extensions, list) else [str(extensions)]
    foreign = [name for name in names if not _is_own(name)]
    if foreign:
        raise TemplateFaultError(_REFUSED.format(", ".join(foreign)), file=FILE, key="_extensions")


def _is_own(name: str) -> bool:
    module, _, attribute = name.rpartition(".")
    return module in ("cookiecutter.extensions", "jinja2.ext") and attribute.isidentifier()


def _render_variable(environment: Any, raw: Any, values: Any, _render: Any = prompt.render_variable) -> Any:  # noqa: ANN401
    """Do as cookiecutter does, which calls this for each part of a list or a mapping; leave answers as they are."""
    return str(raw) if isinstance(raw, _Plain) else _render(environment, raw, values)


def _plain(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, str):
        return _Plain(value)
    if isinstance(value, list):
        return [_plain(part) for part in value]
    if isinstance(value, dict):
        return {_Plain(name): _plain(part) for name, part in value.items()}
    return value


def _originals(raw: Mapping[str, Any], overwrites: Mapping[str, Any]) -> dict[str, Any]:
    """Return what cookiecutter gives templates as ``_cookiecutter``: values before they are rendered."""
    values = {name: copy.deepcopy(value) for name, value in raw.items() if not name.startswith("_")}
    for name, value in overwrites.items():
        try:
            apply_overwrites_to_context(values, {name: value})
        except (TypeError, ValueError):
            continue  # a problem with the answer, which is told elsewhere
    return values


def _as_text(value: Any, default: Any) -> Any:  # noqa: ANN401
    """Return a text, or null where that is the default too: Jinja would make the text "None" of it."""
    if isinstance(value, list | dict) or (value is None and default is not None):
        raise ValueError("it takes a text")
    return value if value is None or isinstance(value, str | bool) else str(value)


def _as_boolean(value: Any) -> bool:  # noqa: ANN401
    if isinstance(value, bool):
        return value
    if isinstance(value, str | int):
        try:
            return bool(prompt.YesNoPrompt().process_response(str(value)))
        except prompt.InvalidResponse:
            pass
    raise ValueError(f"{_short(value)} is neither yes nor no")


def _as_mapping(value: Any, default: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ANN401
    """Return what is typed as JSON in the place of the default, and a mapping with the rest of the default."""
    if isinstance(value, str):
        try:
            return dict(prompt.process_json(value))
        except prompt.InvalidResponse as error:
            raise ValueError(f"{_short(value)} is no JSON object") from error
    if not isinstance(value, dict):
        raise ValueError(f"{_short(value)} is no JSON object")  # noqa: TRY004
    whole = copy.deepcopy(dict(default))
    apply_overwrites_to_context(whole, value, in_dictionary_variable=True)
    return whole


def _index(value: Any, options: list[Any], originals: list[Any]) -> int | None:  # noqa: ANN401
    """Return which option a value is, as it was rendered or as it stands in the template."""
    for candidates in (options, originals, [str(option) for option in options]):
        for at, candidate in enumerate(candidates):
            if candidate == value or (candidates is not options and candidate == str(value)):
                return at
    return None


def _not_among(value: Any, options: list[Any]) -> str:  # noqa: ANN401
    return f"{_short(value)} is not one of {', '.join(map(str, options))}"


def _short(value: Any) -> str:  # noqa: ANN401
    text = value if isinstance(value, str) else json.dumps(value)
    return repr(text if len(text) <= 60 else f"{text[:60]}…")  # noqa: PLR2004  of a line of a terminal


def _titles(name: str, options: list[Any], prompts: Any) -> list[str]:  # noqa: ANN401
    titles = prompts.get(name) if isinstance(prompts, dict) else None
    titles = titles if isinstance(titles, dict) else {}
    return [_without_markup(titles.get(option, option)) for option in options]


def _message(name: str, prompts: Any) -> str:  # noqa: ANN401
    message = prompts.get(name) if isinstance(prompts, dict) else None
    if isinstance(message, dict):
        message = message.get("__prompt__")
    return _without_markup(message) if message and isinstance(message, str) else name


def _without_markup(text: Any) -> str:  # noqa: ANN401
    """Return a text without the colours that cookiecutter's prompts may have, by its own reader of them."""
    try:
        return str(prompt.Prompt(str(text)).prompt)
    except Exception:  # noqa: BLE001  rich's, for a tag that closes what nothing opened
        return str(text)
