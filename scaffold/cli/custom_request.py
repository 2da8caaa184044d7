"""What the command line says about a custom template: which one it is, and what is to be made of it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import click
from click.core import ParameterSource

from scaffold.cli import sources, trusting
from scaffold.cli.console import Option, flag_key
from scaffold.errors import InvalidAnswersError, Problem, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from scaffold.custom_answers import CustomAnswers

SECTION = "Custom template"
NAME, ARCHITECTURES = "project_name", "architectures"  # the variables that flags of sam answer
# All other answers of init have no meaning for a custom template, nor do these flags.
_ANSWERS = {"name", "architecture"}
_WITHOUT_MEANING = ("dry_run", "explain", "preview")
_EXAMPLE = """write it as in --extra-context '{"project_name": "shop"}'"""


def options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of custom templates."""
    rows: list[tuple[tuple[str, ...], dict[str, Any]]] = [
        (
            ("-l", "--location"),
            {"metavar": "WHERE", "help": "A folder, zip or git repository of one."},
        ),
        (("--checkout",), {"metavar": "REF", "help": "The branch, tag or commit of a git repository."}),
        (("--directory",), {"metavar": "DIR", "help": "The folder in it that is the cookiecutter."}),
        (("--extra-context",), {"metavar": "JSON", "help": "Answers to the template's questions."}),
        (("--no-input",), {"is_flag": True, "help": "Take the template's defaults for the rest."}),
        (("--no-hooks",), {"is_flag": True, "help": "Leave out its hooks."}),
    ]
    for names, settings in reversed(rows):
        function = click.option(*names, cls=Option, section=SECTION, **settings)(function)
    return function


class Request(NamedTuple):
    """What is to be made of a custom template, and how.

    ``values`` are answers to its questions. ``defaults`` takes the template's own for the others; else somebody is
    asked, if ``may_ask``.
    """

    name: str | None
    values: Mapping[str, Any]
    output_dir: Path
    output: str
    hooks: bool
    force: bool
    defaults: bool
    may_ask: bool


def template_of(ctx: click.Context) -> CustomAnswers | None:
    """Return the custom template that a command line, the environment or a file names; ``None`` if none does.

    With ``--location``, an answers file still has the directory and the answers; its revision is another template's.
    Raises :class:`UsageError` for flags that need a custom template where there is none.
    """
    params = ctx.params
    location, answers_file = params["location"], params["answers_file"]
    template = None
    if answers_file:
        from scaffold import custom_answers  # noqa: PLC0415  takes time to load

        template = custom_answers.read(answers_file)
        if template is None and location is not None:
            message = f"--answers {answers_file} is of the catalogue, and --location is a custom template"
            raise UsageError(message, "leave out one of them")
    if location is not None:
        from scaffold.custom_answers import CustomAnswers  # noqa: PLC0415

        template = replace(template or CustomAnswers(location), location=location, checkout="", revision="")
    if template:
        changes = {key: params[key] for key in ("checkout", "directory") if params[key]}
        return replace(template, **changes)
    useless = [name for name in ("checkout", "directory", "extra_context", "no_hooks") if _is_flag(ctx, name)]
    if useless:
        flags = " and ".join(f"--{name.replace('_', '-')}" for name in useless)
        raise UsageError(f"{flags}: only a custom template has that", "name one with --location")
    return None


def _is_flag(ctx: click.Context, name: str) -> bool:
    return ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE


def request_of(ctx: click.Context, template: CustomAnswers) -> Request:
    """Return what is to be made; raises :class:`InvalidAnswersError` with all flags that have no meaning for it."""
    params = ctx.params
    problems = []
    for param in ctx.command.params:
        name = str(param.name)
        is_answer = name in sources.ANSWERS and name not in _ANSWERS
        if (is_answer or name in _WITHOUT_MEANING) and _is_flag(ctx, name):
            message = "it has no meaning for a custom template, which decides that"
            problems.append(Problem((flag_key(param),), message, "leave it out, or --location"))
    extra: Any = {}
    if params["extra_context"] is not None:
        try:
            extra = json.loads(params["extra_context"])
        except ValueError as error:
            problems.append(Problem(("extra_context",), f"this is not JSON: {error}", _EXAMPLE))
        if not isinstance(extra, dict):
            problems.append(Problem(("extra_context",), "this is no JSON object", _EXAMPLE))
    if problems:
        raise InvalidAnswersError(problems)
    values = {**template.values, **extra}
    if params["name"]:
        values[NAME] = params["name"]
    if params["architecture"]:
        values[ARCHITECTURES] = {"value": [params["architecture"]]}  # in the shape that sam gives it
    as_json = params["output"] == "json"
    return Request(
        params["name"],
        values,
        params["output_dir"],
        params["output"],
        template.hooks and not params["no_hooks"],
        params["force"],
        defaults=params["no_input"] or params["defaults"] or as_json,
        may_ask=trusting.can_ask() and not as_json,
    )
