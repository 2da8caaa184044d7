"""The error edge: whatever goes wrong becomes one message, or one JSON document, and an exit code."""

from __future__ import annotations

import io
import itertools
import json
import os
import sys
import traceback
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click
from click.core import ParameterSource

from scaffold.cli.console import (
    POSITIONS,
    PREFIX,
    echo,
    fetched_from,
    result,
    say,
    show_problem,
    wants_debug,
    wants_json,
)
from scaffold.errors import (
    CancelledError,
    FilePosition,
    InternalError,
    InvalidAnswersError,
    OutputError,
    Problem,
    ProblemsError,
    ScaffoldError,
    UsageError,
)
from scaffold.lazy import unwrapped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from scaffold.errors import Keys


def run(command: click.Command, arguments: list[str]) -> int:
    """Run a command and return its exit code; print no traceback unless that was asked for with ``--debug``."""
    _open_streams()
    wants_debug.set(False)
    wants_json.set(None)
    fetched_from.set({})
    if os.environ.get("SAM_CLI_NO_COLOR"):
        os.environ["NO_COLOR"] = "1"  # which every library knows
    try:
        return _run(command, arguments)
    except BrokenPipeError:  # whoever read us has gone; so do we
        _discard(sys.stdout, sys.stderr)
        return 1
    except OSError as error:  # what was to be printed could not be: the disk behind standard output may be full
        _discard(sys.stdout)
        with suppress(OSError):
            say("Error", f"standard output: {error.strerror or error}", "red")
        return 1


def _run(command: click.Command, arguments: list[str]) -> int:
    try:
        with unwrapped():
            code = command.main(arguments, prog_name="sam-scaffold", standalone_mode=False)
    except CancelledError as error:
        echo(f"Cancelled; {error.message}.", err=True)
        return 130
    except (KeyboardInterrupt, click.Abort):
        echo("Interrupted.", err=True)
        return 130
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001  a defect of ours is reported like everything else
        if "--debug" in arguments or wants_debug.get():
            traceback.print_exc()
        return _report(error, as_json=_wants_json(arguments))
    return code if isinstance(code, int) else 0


def _open_streams() -> None:
    """Make the standard streams safe to use: one may be closed, or take no characters beyond ASCII."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115  for all of the run
        elif mode == "w" and isinstance(stream, io.TextIOWrapper) and stream.errors == "strict":
            stream.reconfigure(errors="backslashreplace")


def _discard(*streams: TextIO) -> None:
    """Send what goes to streams nowhere from now on, what they still hold as well."""
    for stream in streams:
        with suppress(OSError, ValueError):  # a stream in memory has no number
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _wants_json(arguments: list[str]) -> bool:
    """Return whether JSON is wanted, also where the arguments cannot be parsed."""
    known = wants_json.get()
    if known is not None:
        return known
    pairs = itertools.pairwise([*arguments, ""])
    given = [value if flag == "--output" else flag.partition("=")[2] for flag, value in pairs if _is_output(flag)]
    return (given[-1] if given else os.environ.get(f"{PREFIX}OUTPUT", "")).lower() == "json"


def _is_output(argument: str) -> bool:
    return argument.partition("=")[0] == "--output"


def _report(error: Exception, *, as_json: bool) -> int:
    """Print what went wrong and return the exit code: for people to standard error, as JSON to standard output."""
    error = _with_source(error)
    failure = _failure(error)
    problems = failure.problems if isinstance(failure, ProblemsError) else ()
    if as_json:
        rows = [problem_row(problem) for problem in problems] or [_row_of(error, failure)]
        message = "; ".join(_located(problem, with_hint=True) for problem in problems) or failure.message
        message = f"{message}; {failure.hint}" if problems and failure.hint else message
        detail = {"type": type(failure).__name__, "message": message, "resources": None}
        result(good=False, error={**detail, "problems": rows})
    if isinstance(error, click.ClickException):
        error.show()
        return error.exit_code
    for problem in problems:
        say("Error", _located(problem), "red", problem.hint)
    if problems and failure.hint:
        echo(failure.hint, err=True)
    if not problems:
        say("Error", failure.message, "red", failure.hint)
    return failure.exit_code


def _with_source(error: Exception) -> Exception:
    """Return an error of click's with what the wrong value came from, where that is not the command line."""
    if not isinstance(error, click.BadParameter) or error.ctx is None or error.param is None:
        return error
    name = str(error.param.name)
    source = error.ctx.get_parameter_source(name)
    if source is ParameterSource.ENVIRONMENT:
        origin = error.param.envvar
    elif source is ParameterSource.DEFAULT_MAP:
        origin = error.ctx.meta[POSITIONS][name]
    else:
        return error
    return click.BadParameter(f"{error.message} (from {origin})", error.ctx, error.param)


def _failure(error: Exception) -> ScaffoldError:
    """Return an error that a user can understand in the place of any other."""
    if isinstance(error, ScaffoldError):
        return error
    if isinstance(error, click.ClickException):
        return UsageError(error.format_message())
    if isinstance(error, OSError) and error.strerror:
        return OutputError(f"{error.filename}: {error.strerror}" if error.filename else error.strerror)
    message = " ".join(f"{type(error).__name__}: {error}".split())
    if isinstance(error, ImportError):
        return InternalError(f"the installation of sam-scaffold is incomplete: {message}", "install it again")
    return InternalError(f"sam-scaffold has a defect: {message}", "run again with --debug, and report what that prints")


def _row_of(error: Exception, failure: ScaffoldError) -> dict[str, Any]:
    """Return the one problem of an error that is not about answers."""
    row = problem_row(Problem((), failure.message, failure.hint))
    if isinstance(error, click.NoSuchOption):
        row |= {"flag": error.option_name, "allowed": list(error.possibilities or ())}
    elif isinstance(error, click.BadOptionUsage):
        row["flag"] = error.option_name
    elif isinstance(error, click.BadParameter) and error.param is not None and error.param.opts:
        row["flag"] = error.param.opts[-1]
        if isinstance(error.param.type, click.Choice):
            row["allowed"] = [str(choice) for choice in error.param.type.choices]
    return row


def flag(keys: Keys) -> str:
    """Return the flag of an answer: ``--base-image`` for ``("base_image",)``."""
    return f"--{str(keys[-1]).replace('_', '-')}"


def _located(problem: Problem, *, with_hint: bool = False) -> str:
    """Return where a problem is and what it is, in a line."""
    location = problem.location
    name = flag(location) if isinstance(location, tuple) and len(location) == 1 else problem.name
    line = f"{name}: {problem.message}"
    return f"{line} ({problem.hint})" if with_hint and problem.hint else line


def problem_row(problem: Problem) -> dict[str, Any]:
    """Return a problem as JSON has it: ``problem`` in ``schemas/output.schema.json``."""
    location = problem.location
    position = location if isinstance(location, FilePosition) else None
    return {
        "flag": flag(location) if isinstance(location, tuple) and len(location) == 1 else None,
        "file": position.file if position else None,
        "line": position.line if position else None,
        "column": position.column if position else None,
        "value": _plain(problem.value),
        "message": problem.message,
        "hint": problem.hint,
        "allowed": list(problem.allowed),
    }


def show_findings(problems: Sequence[Problem], output: str, *, good: str) -> int:
    """Print what a command has found, or that all is ``good``, and return the exit code."""
    if output == "json":
        result(good=not problems, findings=[problem_row(problem) for problem in problems])
    elif not problems:
        echo(good)
    for problem in problems if output == "text" else ():
        show_problem(problem)
    return 3 if problems else 0


def _plain(value: Any) -> Any:  # noqa: ANN401  whatever stood in a file
    """Return a value as JSON can say it; YAML knows bytes, sets and numbers that are none."""
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        return str(value)
    return value


@contextmanager
def answers_from(locations: Mapping[Keys, FilePosition | str]) -> Iterator[None]:
    """Turn problems with answers into problems with what they came from.

    ``locations`` has a position in a file, or the name of an environment variable, by the keys of an answer.
    """
    try:
        yield
    except InvalidAnswersError as error:
        problems = [_with_location(problem, locations) for problem in error.problems]
        raise InvalidAnswersError(problems, error.hint) from error


def _with_location(problem: Problem, locations: Mapping[Keys, FilePosition | str]) -> Problem:
    keys = problem.location
    location = None if isinstance(keys, FilePosition) else locations.get(keys)
    if isinstance(location, FilePosition):
        return replace(problem, location=location, message=f"{problem.name}: {problem.message}")
    return replace(problem, message=f"{problem.message} (from {location})") if location else problem
