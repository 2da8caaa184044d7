"""What a conversion changes: computed as a whole, shown as a diff, checked, and written last."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scaffold import staging, template
from scaffold.errors import FilePosition, InternalError, InvalidTemplateError, OutputError, Problem
from scaffold.translator import client

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from scaffold.conversion.functions import TemplateFunction


_NO_NEWLINE = "\\ No newline at end of file"  # as diff and git say it


@dataclass(frozen=True)
class Change:
    """What a conversion would do.

    ``files`` has the new text of each file, or ``None`` for one that goes; the template is among them. ``before`` has
    the text that a file has now, if it is there. ``notes`` are what a person should know before agreeing.
    """

    function: str
    package_type: str
    files: Mapping[Path, str | None]
    before: Mapping[Path, str]
    notes: tuple[str, ...]

    def diff(self) -> str:
        """Return all changes as a unified diff."""
        parts = []
        for path, after in self.files.items():
            old = self.before.get(path, "").splitlines(keepends=True)
            new = (after or "").splitlines(keepends=True)
            names = (
                str(path) if path in self.before else "/dev/null",
                str(path) if after is not None else "/dev/null",
            )
            lines = difflib.unified_diff(old, new, *names)
            parts += [line if line.endswith("\n") else f"{line}\n{_NO_NEWLINE}\n" for line in lines]
        return "".join(parts)


def with_the_end_of(before: str, after: str) -> str:
    """Return a template's new text without a newline at its end that the old one did not have."""
    *_, last = before.splitlines() or [""]
    bare = after.rstrip("\r\n")
    return after if before.endswith(("\n", "\r")) or not bare.endswith(last) else bare


def check(function: TemplateFunction, text: str) -> None:
    """Raise an error unless a template's new text changes that function alone, and is as valid as it was.

    :class:`InvalidTemplateError` says what the SAM translator has against it that it had not before.
    """
    after = template.plain(text)
    before = {**function.document, "Resources": {**function.document["Resources"], function.id: None}}
    if {**after, "Resources": {**after["Resources"], function.id: None}} != before:
        raise InternalError(f"the conversion of {function.id} would change other parts of {function.path}")
    known = {problem.message for problem in client.translate(function.text)}
    new = [problem for problem in client.translate(text) if problem.message not in known]
    if new:
        raise InvalidTemplateError([_located(function, problem) for problem in new])


def _located(function: TemplateFunction, problem: Problem) -> Problem:
    keys = problem.location if isinstance(problem.location, tuple) else ()
    position = FilePosition(str(function.path), *template.locate(function.text, keys))
    return Problem(position, problem.message, problem.hint)


def write(change: Change) -> None:
    """Write all files of a change, or none.

    Raises :class:`OutputError` where the disk refuses, or where a file is no longer what the change was computed from.
    """
    for path in change.files:
        now = path.read_bytes() if path.is_file() else None
        before = change.before.get(path)
        if now != (None if before is None else before.encode()):
            raise OutputError(f"{path} has changed in the meantime", "run the command again; nothing was written")
    staging.write_files(change.files)
