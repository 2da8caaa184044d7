"""Where the answers of ``init`` come from, and which source wins.

In this order: a flag, an environment variable, the configuration file of the SAM CLI, an answers file, the defaults of
a team's catalogue, and last a default. What is no answer, such as ``--output-dir``, comes from the first three alone.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click
from click.core import ParameterSource

from scaffold import settings
from scaffold.cli.catalogues import catalogue, given_catalogues, has_credentials, hint_for
from scaffold.cli.console import POSITIONS, echo, flag_key, say
from scaffold.errors import InvalidAnswersError, Problem, UsageError
from scaffold.spec import NAMES, Answers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scaffold.errors import FilePosition, Keys
    from scaffold.samconfig import Configuration

FLAG, ENVIRONMENT, CONFIGURATION, ANSWERS_FILE = "flag", "environment", "configuration", "answers file"
TEAM = "catalogue"
DEFAULT_ENVIRONMENT = "default"  # of a configuration file
_COMMAND = "init"  # whose table is read in configuration files
_CONFIGURATION = f"{__name__}.configuration"  # the key of what was read, in click's context
ANSWERS = {*NAMES, *settings.ROWS}  # the names of all answers
# What tells where to read or how to report is not saved, nor what belongs to a single run.
_NOT_SAVED = {"config_file", "config_env", "save_params", "output", "dry_run", "explain", "force", "trust"}
# What a file that came with a project may not decide.
_NOT_READ = {"trust"}


class Source(NamedTuple):
    """Where an answer was given: one of the kinds above, and the flag, the variable or the position in a file."""

    kind: str
    location: str | FilePosition

    @property
    def is_elsewhere(self) -> bool:
        """Whether the answer was not given on the command line."""
        return self.kind != FLAG


class Given(NamedTuple):
    """The answers that were given, and the source of each by its keys."""

    answers: Answers
    sources: Mapping[Keys, Source]


def read_configuration(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """Read the configuration file; the callback of ``--config-file`` and ``--config-env``, which does it once.

    From then on, click takes from it what no flag and no variable says. Raises :class:`InvalidAnswersError`.
    """
    given = {**ctx.params, str(param.name): value}
    if ctx.resilient_parsing or not {"config_file", "config_env"} <= {*given}:
        return value
    from scaffold import samconfig  # noqa: PLC0415  takes time to load, which --help does without

    path = samconfig.find(given["config_file"])
    configuration = samconfig.read(path, given["config_env"], _COMMAND) if path else samconfig.Configuration()
    ctx.meta[_CONFIGURATION] = configuration
    params = {key: param for key, param in _options(ctx).items() if param.name not in ANSWERS}
    values = {key: value for key, value in configuration.values.items() if key in params}
    if refused := [key for key in values if key in _NOT_READ]:
        hint = "pass it as a flag, or say in your own configuration what you trust"
        raise InvalidAnswersError(
            Problem(configuration.positions[key], f"{key!r} is not taken from this file", hint) for key in refused
        )
    ctx.default_map = {
        str(params[key].name): _value(params[key], key, value, configuration.positions[key])
        for key, value in values.items()
    }
    ctx.meta[POSITIONS] = {params[key].name: configuration.positions[key] for key in values}
    return value


def _value(param: click.Option, key: str, value: Any, position: FilePosition) -> str | list[str]:  # noqa: ANN401
    """Return the value of an option that is no answer as click takes it: a list of an option that can be repeated."""
    if not param.multiple:
        return _text(key, value, position)
    return [_text(key, one, position) for one in (value if isinstance(value, list) else [value])]


def _text(key: str, value: Any, position: FilePosition) -> str:  # noqa: ANN401  whatever stood in a file
    """Return the value of an option that is no answer as click takes it from a command line."""
    if isinstance(value, str | int | float):
        return str(value)
    problem = Problem(position, f"{key}: {value!r} is neither text nor true or false")
    raise InvalidAnswersError([problem])


def _options(ctx: click.Context) -> dict[str, click.Option]:
    """Return the command's options by their keys in a configuration file."""
    return {flag_key(param): param for param in ctx.command.params if isinstance(param, click.Option)}


def gather(ctx: click.Context, params: Mapping[str, Any], answers_file: Path | None) -> Given:
    """Return the answers among the parameters of a command, those of the configuration and those of an answers file.

    Raises :class:`InvalidAnswersError` with what is wrong in a file, at its position. Warns of what is in the
    configuration and has no meaning.
    """
    given = {name: value for name, value in params.items() if name in ANSWERS and value != ()}
    answers = Answers.from_values(given)
    sources: dict[Keys, Source] = {(name,): _source(ctx, name) for name in answers.values()}
    configuration: Configuration = ctx.meta[_CONFIGURATION]
    _warn(ctx, configuration)
    in_configuration: dict[Keys, FilePosition] = {
        (name,): position for name, position in configuration.positions.items() if name in ANSWERS
    }
    files: list[tuple[str, Answers, Mapping[Keys, FilePosition]]] = [
        (CONFIGURATION, _from_configuration(configuration), in_configuration)
    ]
    if answers_file:
        from scaffold.answers import read  # noqa: PLC0415  takes time to load

        with hint_for(answers_file):
            files.append((ANSWERS_FILE, *read(catalogue(), answers_file)))
    for kind, other, positions in files:
        new = {keys: Source(kind, where) for keys, where in positions.items() if answers.get(str(keys[0])) is None}
        answers, sources = answers.with_defaults(other), {**new, **sources}
    return Given(answers, sources)


def with_team_defaults(given: Given, *, preview: bool, defaults: bool) -> Given:
    """Return answers with those of a team's defaults that go together with them; the same where there are none."""
    if not catalogue().defaults:
        return given
    from scaffold import team_defaults, team_files  # noqa: PLC0415  take time to load

    fitting = team_defaults.fitting(catalogue(), given.answers, preview=preview, defaults=defaults)
    positions = team_files.positions(catalogue())
    new: dict[Keys, Source] = {(name,): Source(TEAM, positions[name]) for name in fitting.values()}
    return Given(given.answers.with_defaults(fitting), {**new, **given.sources})


def _source(ctx: click.Context, name: str) -> Source:
    param = next(param for param in ctx.command.params if param.name == name)
    if ctx.get_parameter_source(name) is ParameterSource.ENVIRONMENT:
        return Source(ENVIRONMENT, str(param.envvar))
    return Source(FLAG, f"--{flag_key(param).replace('_', '-')}")


def _from_configuration(configuration: Configuration) -> Answers:
    """Return the answers in a configuration; raise :class:`InvalidAnswersError` for values of a wrong type."""
    values = {name: value for name, value in configuration.values.items() if name in ANSWERS - {"functions"}}
    if not values:
        return Answers()
    from scaffold import answers, documents  # noqa: PLC0415  take time to load

    schema = answers.schema(catalogue())
    rows = schema["properties"]
    values = {name: _truth(value) if rows[name].get("type") == "boolean" else value for name, value in values.items()}
    # What a name may be is told better by what resolves it: which ones are alike, and since when one is gone.
    for name in NAMES:
        rows[name] = {key: value for key, value in rows[name].items() if key != "enum"}
    problems = [
        replace(problem, location=configuration.positions[str(keys[0])])
        for keys, problem in documents.problems_of(values, schema, what="answer")
    ]
    if problems:
        raise InvalidAnswersError(problems)
    return Answers.from_values(values)


def _truth(value: Any) -> Any:  # noqa: ANN401  whatever stood in a file
    """Return whether a text or a number says yes, as click understands it; what it does not understand as it is."""
    try:
        return click.BOOL.convert(str(value), None, None)
    except click.BadParameter:
        return value


def _warn(ctx: click.Context, configuration: Configuration) -> None:
    """Warn of an environment that is not there, and of parameters that ``init`` does not have."""
    environment = ctx.params["config_env"]
    is_named = ctx.get_parameter_source("config_env") is not ParameterSource.DEFAULT
    if is_named and environment not in configuration.environments and not ctx.params["save_params"]:
        path, has = configuration.path, ", ".join(configuration.environments)
        message = f"{path} has no environment {environment!r}" if path else "there is no configuration file"
        say("Warning", f"--config-env: {message}", "yellow", has and f"it has {has}")
    options = _options(ctx)
    unknown = sorted(configuration.own - {*options})
    if not unknown:
        return
    import difflib  # noqa: PLC0415  few files have any

    for name in unknown:
        close = difflib.get_close_matches(name, options, n=1)
        hint = f"did you mean {close[0]}?" if close else ""
        say("Warning", f"{configuration.positions[name]}: {name!r} is not a flag of {_COMMAND}", "yellow", hint)


@contextmanager
def saving(ctx: click.Context) -> Iterator[None]:
    """Write the flags of this command line into the configuration file, as ``sam init --save-params`` does.

    Prepares everything first and writes once the block has ended well. Raises as :func:`scaffold.samconfig.saving`.
    """
    from scaffold import samconfig  # noqa: PLC0415

    configuration: Configuration = ctx.meta[_CONFIGURATION]
    catalogues = given_catalogues()
    if any(map(has_credentials, catalogues)):
        raise UsageError("--save-params would save the password in --catalogue", "leave out one of them")
    given = {**ctx.params, "catalogue": catalogues}
    path = configuration.path or Path(ctx.params["config_file"] or samconfig.DEFAULT_FILE)
    values = {
        key: _saved(str(param.name), given[str(param.name)])
        for key, param in _options(ctx).items()
        if key not in _NOT_SAVED and ctx.get_parameter_source(str(param.name)) is ParameterSource.COMMANDLINE
        if param.name in given
    }
    environment = ctx.params["config_env"]
    with samconfig.saving(path, environment, _COMMAND, values):
        yield
    echo(f"Saved parameters to config file '{path}' under environment '{environment}': {values}", err=True)


def _saved(name: str, value: Any) -> Any:  # noqa: ANN401  whatever an option has
    """Return a value as a file has it."""
    if name in settings.ROWS:
        row = settings.ROWS[name].value
        value = row.dump(row.read(value, lambda *_: None))
    if isinstance(value, tuple):
        return list(value)
    return value if isinstance(value, str | bool | int | list | dict) else str(value)
