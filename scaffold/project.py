"""Projects on the disk: made beside their place, checked there, and put in place by one rename.

A new project is an empty project to which functions are added, so making one and adding to one are the same code.
"""

from __future__ import annotations

import logging
import os
import shutil
import signal
import tempfile
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scaffold import answers, dockerfile, paths, settings, template, validate
from scaffold.errors import (
    InternalError,
    InvalidAnswersError,
    OutputError,
    Problem,
    ProjectExistsError,
    TemplateError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scaffold.catalogue import Catalogue
    from scaffold.spec import FunctionSpec, ProjectSpec

TEMPLATE = "template.yaml"
DOCKERFILE = "Dockerfile"
_SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name))
_log = logging.getLogger(__name__)


def _append(text: str, addition: str) -> str:
    """Continue a text with another, unless it holds that already."""
    return f"{text.rstrip()}\n\n{addition.lstrip()}" if addition.strip() not in text else text


# The files that more than one layer may write, and how; a Dockerfile is so made of stages. Every other file has one
# writer.
_SHARED: dict[str, Callable[[str, str], str]] = {
    TEMPLATE: template.merge,
    "README.md": _append,
    ".gitignore": _append,
    DOCKERFILE: _append,
}


@dataclass(frozen=True)
class Preview:
    """What a project would be: its files, sorted, and the text of its template."""

    files: tuple[str, ...]
    template: str


@dataclass(frozen=True)
class Located:
    """A finding with its place in the file; line and column count from 1."""

    file: Path
    line: int
    column: int
    message: str
    hint: str


def create(catalogue: Catalogue, spec: ProjectSpec, output_dir: Path, *, force: bool = False) -> Path:
    """Make the project in ``output_dir`` and return its folder.

    ``force`` allows a folder that exists and is empty; one with files in it is never touched. Raises
    :class:`ProjectExistsError`, :class:`OutputError` and, for a defect of the catalogue, :class:`InternalError`;
    after any of them, and after an interrupt, nothing is left behind.
    """
    target = output_dir / spec.name
    check_target(target, force=force)
    with placed(target, force=force) as stage:
        _build(catalogue, spec, stage)
    return target


def preview(catalogue: Catalogue, spec: ProjectSpec) -> Preview:
    """Make the project in a temporary folder, look at it and throw it away."""
    with _refusals(Path(tempfile.gettempdir())), _staged(Path(tempfile.gettempdir()), spec.name) as stage:
        _build(catalogue, spec, stage)
        files = tuple(sorted(path.relative_to(stage).as_posix() for path in stage.rglob("*") if path.is_file()))
        return Preview(files, (stage / TEMPLATE).read_text(encoding="utf-8"))


def add(catalogue: Catalogue, spec: ProjectSpec, function: FunctionSpec, folder: Path) -> None:
    """Add a function to the project in ``folder``; ``spec`` is the project without it.

    The new project is made and validated beside the old one and then takes its place. Raises as :func:`create`
    does, and :class:`TemplateError` where the project already has something of that name.
    """
    with _refusals(folder), _staged(folder.parent, folder.name) as stage:
        shutil.rmtree(stage)
        shutil.copytree(folder, stage, symlinks=True)
        _add(catalogue, spec, function, stage)
        _check(stage)
        old = stage.with_name(f"{stage.name}.old")
        with _uninterrupted():
            folder.rename(old)
            try:
                stage.rename(folder)
            except OSError:
                old.rename(folder)
                raise
            shutil.rmtree(old)


def check_target(target: Path, *, force: bool) -> None:
    """Raise :class:`ProjectExistsError` unless a project may be put there."""
    if not os.path.lexists(target):
        return
    if not target.is_dir() or target.is_symlink():
        raise ProjectExistsError(f"{target} exists and is not a folder", "choose another --name or --output-dir")
    if any(target.iterdir()):
        raise ProjectExistsError(
            f"{target} exists and has files in it, which are never touched",
            "choose another --name or --output-dir",
        )
    if not force:
        raise ProjectExistsError(f"{target} exists", "it is empty: add --force to fill it")


def findings(path: Path) -> list[Located]:
    """Run the SAM translator over a template and return what it has against it, with lines.

    ``path`` is the template or a folder that holds one. Raises :class:`OutputError` where there is none.
    """
    if path.is_dir():
        names = (TEMPLATE, "template.yml", "template.json")
        path = next((path / name for name in names if (path / name).is_file()), path / TEMPLATE)
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise TemplateError(f"{path} is not UTF-8 text: {error.reason}", "save it as UTF-8") from error
    except OSError as error:
        raise OutputError(f"{path}: {error.strerror}", "name a template, or a folder with a template.yaml") from error
    return located(path, text)


def located(path: Path, text: str) -> list[Located]:
    """Return what is wrong with a template, given as text; ``path`` is where it came from."""
    try:
        template.compose(text)
    except template.YamlSyntaxError as error:
        return [Located(path, error.position.line, error.position.column, error.message, error.hint)]
    return _translated(path, text)


def _translated(path: Path, text: str) -> list[Located]:
    """Return what the SAM translator has against a template that is YAML."""
    rows = []
    for finding in validate.findings(text):
        position = template.locate(text, finding.path)
        rows.append(Located(path, position.line, position.column, finding.message, _hint(finding)))
    return sorted(rows, key=lambda row: (row.line, row.column, row.message))


_REFERENCE = "https://docs.aws.amazon.com/serverless-application-model/latest/developerguide"


def _hint(finding: validate.Finding) -> str:
    """Return what to do about a finding."""
    if finding.hint:
        return finding.hint
    if "no Resources" in finding.message:
        return "add a Resources section with at least one resource"
    if "is no resource" in finding.message:
        return "indent what belongs to it, or remove it"
    if "ImageUri" in finding.message:
        return "give the function an ImageUri, or Metadata with Dockerfile and DockerContext for sam build"
    if any(word in finding.message for word in ("is required", "issing", "needs to be present")):
        what = "add what is named"
    elif "not defined for resource" in finding.message or "not supported" in finding.message:
        what = "check the spelling of the property, or remove it"
    else:
        what = "compare with the reference"
    kind = finding.resource_type.removeprefix("AWS::Serverless::").lower()
    page = (
        f"sam-resource-{kind}.html"
        if finding.resource_type.startswith("AWS::Serverless::")
        else "sam-specification.html"
    )
    return f"{what}: {_REFERENCE}/{page}"


# Building -----------------------------------------------------------------------------------------------------------


def _build(catalogue: Catalogue, spec: ProjectSpec, stage: Path) -> None:
    for layer in catalogue.project_layers(spec):
        _layer(catalogue.root / layer, catalogue.context(spec), stage)
    (stage / answers.FILE).write_text(answers.dump(catalogue, spec), encoding="utf-8", newline="\n")
    for function in spec.functions:
        _add(catalogue, spec, function, stage)
    _check(stage)


def _add(catalogue: Catalogue, spec: ProjectSpec, function: FunctionSpec, stage: Path) -> None:
    context = catalogue.context(spec, function)
    for layer in catalogue.layers(function):
        _layer(catalogue.root / layer, context, stage)
    _set(function, str(context["folder"]), stage)


def _set(function: FunctionSpec, folder: str, stage: Path) -> None:
    """Write what the function says beyond its cell: as data, past every template."""
    addition = settings.fragment(function.settings, function.logical_id)
    if addition:
        path = stage / TEMPLATE
        text = template.merge(path.read_text(encoding="utf-8"), template.dump(addition))
        path.write_text(text, encoding="utf-8", newline="")
    if function.settings.build_args or function.settings.build_target:
        path = stage / folder / DOCKERFILE
        text = dockerfile.declare(path.read_text(encoding="utf-8"), [*function.settings.build_args])
        path.write_text(text, encoding="utf-8", newline="")
        stages = dockerfile.stages(text)
        if (wanted := function.settings.build_target) and wanted not in stages:
            hint = f"one of {', '.join(stages)}" if stages else "leave it out"
            raise InvalidAnswersError([Problem("build_target", f"{wanted!r} is no stage of the Dockerfile", hint)])


def _layer(layer: Path, context: dict[str, object], stage: Path) -> None:
    """Render a layer and lay it over what is there; shared files are merged, others must be new."""
    from scaffold.render import render  # noqa: PLC0415  cookiecutter takes time to load

    mask = paths.umask()
    workshop = _rendering(stage)
    try:
        workshop.mkdir()
        rendered = render(layer, context, workshop)
        for file in sorted(path for path in rendered.rglob("*") if path.is_file()):
            relative = file.relative_to(rendered)
            if "__pycache__" in relative.parts:
                continue  # pip compiles whatever ends in .py, the templates too
            destination = stage / relative
            merge = _SHARED.get(DOCKERFILE if relative.name == DOCKERFILE else relative.as_posix())
            if not destination.exists():
                destination.parent.mkdir(parents=True, exist_ok=True)
                # The permissions of a new file, whatever those of an installed template are.
                file.chmod((0o777 if file.stat().st_mode & 0o100 else 0o666) & ~mask)
                file.rename(destination)
            elif merge:
                text = merge(destination.read_text(encoding="utf-8"), file.read_text(encoding="utf-8"))
                destination.write_text(text, encoding="utf-8", newline="")
            else:
                raise TemplateError(f"{relative} is there already, and {layer.name} brings it again")
    finally:
        with _uninterrupted():
            shutil.rmtree(workshop, ignore_errors=True)


def _check(stage: Path) -> None:
    """Raise :class:`InternalError` where the translator refuses what the layers made together."""
    found = _translated(stage / TEMPLATE, (stage / TEMPLATE).read_text(encoding="utf-8"))
    if found:
        lines = "\n".join(f"{TEMPLATE}:{one.line}:{one.column}: {one.message}" for one in found)
        raise InternalError(
            f"the SAM translator refuses the project:\n{lines}", "nothing was written; please report it"
        )


# Placing ------------------------------------------------------------------------------------------------------------


@contextmanager
def placed(target: Path, *, force: bool) -> Iterator[Path]:
    """Yield an empty folder that becomes ``target`` in the end, whole; after any exception nothing is left behind.

    ``force`` allows an empty folder there. Raises :class:`ProjectExistsError` and :class:`OutputError`.
    """
    with _refusals(target):
        made = _make_parents(target.parent)
        try:
            with _staged(target.parent, target.name) as stage:
                yield stage
                _publish(stage, target, force=force)
        except BaseException:
            _remove_empty(made)
            raise


@contextmanager
def _staged(parent: Path, name: str) -> Iterator[Path]:
    """Yield an empty folder in ``parent``, hidden, of its own name; remove it in the end if it is still there."""
    stage = parent / f".{name}.{os.urandom(4).hex()}.tmp"
    try:
        stage.mkdir()
        yield stage
    finally:
        with _uninterrupted():
            shutil.rmtree(stage, ignore_errors=True)
            shutil.rmtree(_rendering(stage), ignore_errors=True)  # where a signal came before its own end


def _rendering(stage: Path) -> Path:
    """Return the folder that a layer is rendered in before it is laid over what is there."""
    return stage.with_name(f"{stage.name}.layer")


def _publish(stage: Path, target: Path, *, force: bool) -> None:
    check_target(target, force=force)
    if force and os.name == "nt" and target.is_dir():
        target.rmdir()  # elsewhere rename takes the place of an empty folder by itself
    try:
        stage.rename(target)
    except OSError as error:
        check_target(target, force=force)  # someone else was quicker
        raise OutputError(f"{target}: {error.strerror}") from error


def _make_parents(folder: Path) -> list[Path]:
    """Make a folder with its parents; return those that were new, the innermost first."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    return missing


def _remove_empty(folders: list[Path]) -> None:
    with suppress(OSError):  # someone uses it
        for folder in folders:
            folder.rmdir()


@contextmanager
def _refusals(target: Path) -> Iterator[None]:
    """Turn what the operating system refuses into an :class:`OutputError`."""
    try:
        yield
    except OSError as error:
        _log.debug("refused", exc_info=True)
        where = error.filename or target
        raise OutputError(f"{where}: {error.strerror or error}", "nothing was left behind") from error


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Let no signal interrupt what cleans up."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, signal.SIG_IGN) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
