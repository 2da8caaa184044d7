"""The program of the process that renders a custom template with the whole of cookiecutter.

It takes requests, one JSON document a line, and answers each with ``{"ok": …}`` or with ``{"error": …}``, as
:func:`scaffold.render.faults.describe` has it. ``{"do": "open"}`` comes first; :class:`_Session` says what there is.
The pipes are out of reach of hooks, and what those and templates print goes to standard error.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import tempfile
import warnings
from pathlib import Path
from typing import IO, Any

from scaffold.render import fence, limits


def main() -> None:
    """Answer requests until there are no more."""
    requests, answers = _pipes()
    fence.adopt_and_end_with_parent()
    sys.dont_write_bytecode = True
    logging.disable()  # cookiecutter logs the traceback of a hook that fails
    warnings.simplefilter("ignore")
    session: _Session | None = None
    for line in requests:
        request = json.loads(line)
        action = request.pop("do")
        try:
            if action == "open":
                session = _Session(**request)
            if session is None:
                raise ValueError("nothing is open")  # noqa: TRY301  of whoever writes the other end
            answer = {"ok": getattr(session, action)(**({} if action == "open" else request))}
        except BaseException as error:  # noqa: BLE001  a template's extensions may raise anything, an exit too
            limits.use_reserve(error)
            answer = {"error": session.describe(error) if session else {"message": str(error)}}
        answers.write(json.dumps(answer, default=str) + "\n")
        answers.flush()
    os._exit(0)  # nothing is to be cleaned up


def _pipes() -> tuple[IO[str], IO[str]]:
    """Return standard input and output under numbers that no child gets; leave nothing to read, and standard error."""
    requests = os.fdopen(os.dup(0), encoding="utf-8")
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    try:
        os.dup2(2, 1)
    except OSError:  # closed
        os.dup2(nothing, 1)
        os.dup2(nothing, 2)
    return requests, answers


class _Session:
    """One template. Its public methods are the requests."""

    def __init__(  # noqa: PLR0913
        self, *, folder: str, directory: str, temporary: str, hooks: bool, source: dict[str, str],
        defaults: dict[str, Any],
    ) -> None:  # fmt: skip
        self._root = Path(folder, directory)
        self._directory = self._prefix = Path(directory).as_posix()
        self._current = self._root  # of nested templates the chosen one
        self._hooks = hooks
        self._source = source
        self._defaults = defaults
        self._prepared: dict[Path, Path] = {}
        self._folders = [os.path.realpath(folder), folder, os.path.realpath(temporary), temporary]
        self._temporary = temporary

    def open(self) -> dict[str, Any]:
        """Load cookiecutter, put up the fence, and run the template's hook before its questions."""
        tempfile.tempdir = self._temporary
        failure = "" if self._hooks else fence.leave_network()
        if not self._hooks:
            limits.apply()
        from scaffold.render import faults, generation, questions  # noqa: PLC0415  load cookiecutter, as all below

        self._faults, self._questions, self._generation = faults, questions, generation
        self._fence = fence.Fence(self._temporary, str(self._root), is_closed=not self._hooks)
        self._prepare(self._root)
        return {"network": failure}

    def ask(self, answers: dict[str, Any]) -> dict[str, Any]:
        """Return the first question that the answers leave open, or none."""
        reader = self._questions.Reader(answers, self._defaults, stops=True)
        try:
            self._context(reader)
        except self._questions.OpenQuestion as stop:
            return {"question": stop.question}
        return {"question": None}

    def check(self, answers: dict[str, Any]) -> dict[str, Any]:
        """Return what is wrong with answers, and the names of those for which there is no variable."""
        reader = self._questions.Reader(answers, self._defaults, stops=False)
        _, context = self._context(reader)
        return {"problems": reader.problems, "unknown": reader.unknown(context)}

    def name(self, answers: dict[str, Any]) -> dict[str, Any]:
        """Return the name of the project's folder, or none where there is something wrong, which rendering tells."""
        try:
            folder, context = self._context(self._questions.Reader(answers, self._defaults, stops=False))
            return {"name": self._generation.project_name(folder, context)}
        except Exception:  # noqa: BLE001  whatever the template does
            return {"name": None}

    def create(self, answers: dict[str, Any], stage: str, output_dir: str) -> dict[str, Any]:
        """Render the project into an empty folder; return its name, and all answers with the defaults for the rest."""
        self._folders += [os.path.realpath(stage), stage]
        reader = self._questions.Reader(answers, self._defaults, stops=False)
        folder, context = self._context(reader)
        own = {name: value for name, value in context["cookiecutter"].items() if not name.startswith("_")}
        context["cookiecutter"] |= {
            "_template": self._source.get("template", ""),
            "_output_dir": output_dir,
            "_repo_dir": str(folder),
            "_checkout": self._source.get("checkout") or None,
        }
        self._fence.open_project(stage)
        try:
            name = self._generation.generate_project(folder, context, stage, accept_hooks=self._hooks)
        except self._faults.ProjectNameError as error:
            # Without answers, but those that choose a nested template, it would have one.
            error.is_answered = self.name(reader.nested)["name"] is not None
            raise
        return {"folder": name, "answers": {**reader.nested, **own}}

    def describe(self, error: BaseException) -> dict[str, Any]:
        """Return what an error says, its file as seen from the folder that was fetched."""
        from scaffold.render import faults  # noqa: PLC0415

        row = faults.describe(error, self._current, self._folders)
        if row["file"] and self._prefix:
            row["file"] = f"{self._prefix}/{row['file']}"
        return row

    def _context(self, reader: Any) -> tuple[Path, dict[str, Any]]:  # noqa: ANN401  a Reader, which is loaded late
        """Return the folder of the template, of nested ones the chosen, and the context that the answers make."""
        folder, origin = self._prepare(self._root), self._root
        while True:
            context = self._questions.load(folder)
            if not self._hooks:
                self._questions.refuse_extensions(context)
            nested = reader.nested_folder(folder, context)
            if nested is None:
                return folder, reader.values(folder)
            origin = origin / nested.relative_to(folder.resolve())
            folder = self._prepare(origin, nested)

    def _prepare(self, origin: Path, folder: Path | None = None) -> Path:
        """Return a template's folder after its hook ``pre_prompt``, which changes a copy; once for each template.

        ``origin`` is where it lies in the template that was fetched, ``folder`` where it lies now.
        """
        self._current = folder or origin
        below = origin.relative_to(self._root).as_posix()
        self._prefix = "/".join(part for part in (self._directory, below) if part not in ("", "."))
        if origin not in self._prepared:
            if not (self._current / self._questions.FILE).is_file():
                raise self._faults.TemplateFaultError("there is no cookiecutter.json here", file=self._questions.FILE)
            if self._hooks:
                sys.path.append(str(self._current))  # cookiecutter lets extensions be modules of the template
                self._prepared[origin] = Path(self._generation.run_pre_prompt(self._current))
                sys.path[-1] = str(self._prepared[origin])
            else:
                self._prepared[origin] = self._current
        self._current = self._prepared[origin]
        return self._current
