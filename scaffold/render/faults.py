"""What is wrong with a custom template: cookiecutter's and Jinja's errors as a message with a file and a line in it."""

from __future__ import annotations

import errno
import os
import posixpath
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cookiecutter.exceptions import (
    FailedHookException,
    NonTemplatedInputDirException,
    OutputDirExistsException,
    UndefinedVariableInTemplate,
    UnknownExtension,
)
from jinja2.exceptions import TemplateNotFound, TemplateSyntaxError, UndefinedError

from scaffold.file_names import COOKIECUTTER
from scaffold.render import limits
from scaffold.render.fence import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType


class TemplateFaultError(Exception):
    """Something that is wrong with a template, with its file and the line, or a key whose line is looked up."""

    def __init__(  # noqa: PLR0913
        self, message: str, hint: str = "", *, file: str = "", line: int | None = None, column: int | None = None,
        key: str = "",
    ) -> None:  # fmt: skip
        super().__init__(message)
        self.hint, self.file, self.line, self.column, self.key = hint, file, line, column, key


class ProjectNameError(TemplateFaultError):
    """The project's folder would get a name that it cannot have; ``is_answered`` if that is because of the answers."""

    is_answered = False


def file_text(path: Path, name: str) -> str:
    """Return the text of a template's file, which messages call ``name``. Raises :class:`TemplateFaultError`."""
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise TemplateFaultError("is not UTF-8 text", "save it as UTF-8", file=name, line=line) from error
    except OSError as error:
        raise TemplateFaultError(f"cannot be read: {error.strerror}", file=name) from error


def describe(error: BaseException, template: Path, roots: list[str]) -> dict[str, Any]:
    """Return ``{"message", "hint", "file", "line", "column"}`` of whatever rendering raised; ``file`` may be empty.

    ``template`` is the folder of the template, ``roots`` are the folders that only this process knows: no message
    names them.
    """
    if isinstance(error, TemplateFaultError):
        file, line = error.file, error.line or _line_of(template, error.key if error.file else "")
        row: dict[str, Any] = {"message": str(error), "hint": error.hint, "file": file, "line": line}
        return {**row, "column": error.column, "is_answer": isinstance(error, ProjectNameError) and error.is_answered}
    if isinstance(error, RefusedError):
        return _row(f"the template was stopped: {error}")
    cause = error.error if isinstance(error, UndefinedVariableInTemplate) else error
    message, hint = _words(error, cause)
    file, line = _position(cause if cause.__traceback__ else error, template)
    if isinstance(error, UndefinedVariableInTemplate) and not file:
        file, line = _position(error, template)
    if isinstance(error, FailedHookException | NonTemplatedInputDirException):
        line = None
    for root in sorted(roots, key=len, reverse=True):
        message = message.replace(root + os.sep, "").replace(root, ".")
    return {"message": message, "hint": hint, "file": file, "line": line, "column": None}


def _row(message: str, hint: str = "") -> dict[str, Any]:
    return {"message": message, "hint": hint, "file": "", "line": None, "column": None}


def _words(error: BaseException, cause: BaseException) -> tuple[str, str]:
    """Return a message and a hint."""
    if message := limits.exceeded(cause):
        return message, ""
    for kind, describe_kind in _WORDS.items():
        if isinstance(error, kind):
            return describe_kind(error)
        if isinstance(cause, kind):
            return describe_kind(cause)
    return f"cannot be rendered: {type(cause).__name__}: {_line(cause)}", ""


def _line(error: BaseException) -> str:
    return " ".join(str(error).split())


# The first that fits, for what cookiecutter says and then for what Jinja or Python told it.
_WORDS: dict[type[BaseException], Callable[[Any], tuple[str, str]]] = {
    NonTemplatedInputDirException: lambda _: (
        "the template has no folder that is named by a variable, and that becomes the project",
        "name it like {{cookiecutter.project_slug}}",
    ),
    FailedHookException: lambda error: (_hook_words(error), "what it printed says why, if anything does"),
    OutputDirExistsException: lambda _: (
        "two folders of the template get the same name, or a hook has made one of that name",
        "",
    ),
    UnknownExtension: lambda error: (
        f"an extension cannot be loaded: {_line(error).partition(': ')[2]}",
        "install it beside sam-scaffold, if the template's author says so",
    ),
    TemplateSyntaxError: lambda error: (f"is not valid Jinja: {error.message}", ""),
    UndefinedError: lambda error: (undefined_words(error), "cookiecutter.json has to name it"),
    TemplateNotFound: lambda error: (f"includes {error.name}, which is not there", ""),
    UnicodeDecodeError: lambda _: ("is not UTF-8 text", "save it as UTF-8, or name it in _copy_without_render"),
    OSError: lambda error: (f"{error.filename or 'a file'}: {error.strerror or _line(error)}", ""),
    MemoryError: lambda _: ("takes more memory than there is", ""),
    RecursionError: lambda _: ("includes itself, or is nested too deeply", ""),
}


def undefined_words(error: UndefinedError) -> str:
    """Return Jinja's message, which calls cookiecutter's variables the attributes of a Python object."""
    variable = re.fullmatch(r"'[\w.]*[dD]ict object' has no attribute '(.+)'", error.message or "")
    return f"the variable {variable[1]} is not defined" if variable else f"{error.message}"


def _hook_words(error: BaseException) -> str:
    while isinstance(error.__cause__, FailedHookException):  # that of pre_prompt says what happened only there
        error = error.__cause__
    if isinstance(error.__cause__, OSError):
        cause = error.__cause__
        no_program = "it is empty, or its first line names no interpreter"
        return f"the hook cannot be started: {no_program if cause.errno == errno.ENOEXEC else cause.strerror}"
    code = re.search(r"exit status: (-?\d+)", str(error))
    number = int(code[1]) if code else 0
    return f"the hook was killed by signal {-number}" if number < 0 else f"the hook failed with exit code {number}"


def _position(error: BaseException, template: Path) -> tuple[str, int | None]:
    """Return the file of a template and the line that raised an error; an empty name where nothing tells it."""
    file, line = "", None
    for frame, number in _frames(error):
        name, values = frame.f_code.co_name, frame.f_locals
        source = frame.f_code.co_filename
        if name == "prompt_for_config" and "key" in values:
            file, line = COOKIECUTTER, _line_of(template, str(values["key"]))
        elif name == "generate_files" and isinstance(values.get("infile"), str):
            file, line = _in_project(values, values["infile"]), None
        elif name in ("run_hook", "run_pre_prompt_hook") and "script" in values:
            file, line = f"hooks/{Path(values['script']).name}", None
        elif "/" in file and not (file.startswith("hooks/") or Path(source).is_absolute() or source.startswith("<")):
            file, line = _beside(file, source), number  # code that Jinja has made of a file
        elif source == "<template>" and file.startswith("hooks/"):
            line = number
    if isinstance(error, TemplateSyntaxError):
        if error.filename and file:
            file = _beside(file, error.filename)
        if file != COOKIECUTTER:
            line = error.lineno
    return file, line


def _in_project(values: dict[str, Any], path: str) -> str:
    return f"{Path(values['template_dir']).name}/{path.replace(os.sep, '/')}"


def _beside(file: str, source: str) -> str:
    """Return a file that Jinja names as seen from the project's folder in the template, as seen from the template."""
    return posixpath.normpath(posixpath.join(file.partition("/")[0], source.replace(os.sep, "/")))


def _frames(error: BaseException | None) -> Iterator[tuple[FrameType, int]]:
    """Yield the frames of an error and of those that it was raised from, the outermost first."""
    if error is None:
        return
    trace = error.__traceback__
    while trace is not None:
        yield trace.tb_frame, trace.tb_lineno
        trace = trace.tb_next
    yield from _frames(error.__cause__)


def _line_of(template: Path, key: str) -> int | None:
    """Return the line of ``cookiecutter.json`` that sets a variable."""
    if not key:
        return None
    try:
        lines = (template / COOKIECUTTER).read_text(encoding="utf-8", errors="replace").split("\n")
    except OSError:
        return None
    pattern = re.compile(rf'^\s*\{{?\s*"{re.escape(key)}"\s*:')
    return next((number for number, line in enumerate(lines, 1) if pattern.search(line)), None)
