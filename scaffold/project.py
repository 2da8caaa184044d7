"""Projects on the disk: the catalogue's steps carried out in a staging folder, checked there, and published.

A new project is an empty project to which functions are added, so making one and adding to one are the same code.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scaffold import answers, dockerfile, paths, settings, staging, template
from scaffold.errors import InternalError, InvalidAnswersError, Problem, TemplateError
from scaffold.translator import findings

if TYPE_CHECKING:
    from collections.abc import Callable

    from scaffold.catalogue import Catalogue, RenderStep
    from scaffold.spec import FunctionSpec, ProjectSpec

TEMPLATE = "template.yaml"
DOCKERFILE = "Dockerfile"


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


def create(catalogue: Catalogue, spec: ProjectSpec, output_dir: Path, *, force: bool = False) -> Path:
    """Make the project in ``output_dir`` and return its folder.

    ``force`` allows a folder that exists and is empty; one with files in it is never touched. Raises
    :class:`ProjectExistsError`, :class:`OutputError` and, for a defect of the catalogue, :class:`InternalError`;
    after any of them, and after an interrupt, nothing is left behind.
    """
    target = output_dir / spec.name
    staging.check_target(target, force=force)
    with staging.published(target, force=force) as stage:
        _build(catalogue, spec, stage)
    return target


def preview(catalogue: Catalogue, spec: ProjectSpec) -> Preview:
    """Make the project in a temporary folder, look at it and throw it away."""
    temporary = Path(tempfile.gettempdir())
    with staging.disk_errors(temporary), staging.staging_folder(temporary, spec.name) as stage:
        _build(catalogue, spec, stage)
        files = tuple(sorted(path.relative_to(stage).as_posix() for path in stage.rglob("*") if path.is_file()))
        return Preview(files, (stage / TEMPLATE).read_text(encoding="utf-8"))


def add(catalogue: Catalogue, spec: ProjectSpec, function: FunctionSpec, folder: Path) -> None:
    """Add a function to the project in ``folder``; ``spec`` is the project without it.

    The new project is made and validated beside the old one and then takes its place. Raises as :func:`create`
    does, and :class:`TemplateError` where the project already has something of that name.
    """
    with staging.disk_errors(folder), staging.staging_folder(folder.parent, folder.name) as stage:
        shutil.rmtree(stage)
        shutil.copytree(folder, stage, symlinks=True)
        for step in catalogue.function_render_steps(spec, function):
            _render(catalogue, step, stage)
        _apply_settings(catalogue, spec, (function,), stage)
        _check(stage)
        staging.replace(folder, stage)


# Building -----------------------------------------------------------------------------------------------------------


def _build(catalogue: Catalogue, spec: ProjectSpec, stage: Path) -> None:
    for step in catalogue.render_steps(spec):
        _render(catalogue, step, stage)
    _apply_settings(catalogue, spec, spec.functions, stage)
    (stage / answers.FILE).write_text(answers.dump(catalogue, spec), encoding="utf-8", newline="\n")
    _check(stage)


def _apply_settings(catalogue: Catalogue, spec: ProjectSpec, functions: tuple[FunctionSpec, ...], stage: Path) -> None:
    """Write what the functions say beyond their cells: as data, past every template."""
    addition = settings.fragment(spec, functions)
    if addition:
        path = stage / TEMPLATE
        text = template.merge(path.read_text(encoding="utf-8"), template.dump(addition))
        path.write_text(text, encoding="utf-8", newline="")
    for function in functions:
        file = stage / catalogue.folder(function) / DOCKERFILE
        if file.is_file():
            _apply_to_dockerfile(function, catalogue.image_labels(function), file)


def _apply_to_dockerfile(function: FunctionSpec, labels: dict[str, str], file: Path) -> None:
    build_args, build_target = function.settings.get("build_arg", {}), function.settings.get("build_target")
    text = file.read_text(encoding="utf-8")
    changed = dockerfile.label(dockerfile.declare(text, [*build_args]), labels, build_target)
    if changed != text:
        file.write_text(changed, encoding="utf-8", newline="")
    stages = dockerfile.stages(changed)
    if build_target and build_target not in stages:
        hint = f"one of {', '.join(stages)}" if stages else "leave it out"
        problem = Problem(("build_target",), f"{build_target!r} is no stage of the Dockerfile", hint, tuple(stages))
        raise InvalidAnswersError([problem])


def _render(catalogue: Catalogue, step: RenderStep, stage: Path) -> None:
    """Render a layer and lay it over what is there; shared files are merged, others must be new."""
    from scaffold.render import render  # noqa: PLC0415  cookiecutter takes time to load

    mask = paths.umask()
    with staging.rendering_folder(stage) as folder:
        rendered = render(catalogue.root / step.layer, step.context, folder)
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
                raise TemplateError(f"{relative} is there already, and {step.layer.as_posix()} brings it again")


def _check(stage: Path) -> None:
    """Raise :class:`InternalError` where the translator refuses what the layers made together."""
    problems = findings.of_text(Path(TEMPLATE), (stage / TEMPLATE).read_text(encoding="utf-8"))
    if problems:
        lines = "\n".join(f"{problem.name}: {problem.message}" for problem in problems)
        raise InternalError(
            f"the SAM translator refuses the project:\n{lines}", "nothing was written; please report it"
        )
