"""Projects on disk: layers are rendered into a staging folder, checked there, and moved into place.

A new project is an empty one to which functions are added, so creating and extending a project share their code.
"""

from __future__ import annotations

import functools
import json
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scaffold import answers, code_files, dockerfile, existing, lock, paths, settings, staging, template
from scaffold.errors import InternalError, InvalidAnswersError, Problem, TemplateError
from scaffold.settings import fragments
from scaffold.translator import client, findings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from scaffold.catalogue import Catalogue, RenderStep
    from scaffold.spec import FunctionSpec, ProjectSpec

TEMPLATE = "template.yaml"
DOCKERFILE = "Dockerfile"


def _append(text: str, addition: str) -> str:
    """Append a text to another, unless that already contains it."""
    return f"{text.rstrip()}\n\n{addition.lstrip()}" if addition.strip() not in text else text


def _append_lines(text: str, addition: str) -> str:
    """Append the lines of a list to another, without a blank line between them."""
    return text.rstrip("\n") + "\n" + addition


def _merge_json(text: str, addition: str) -> str:
    """Merge two JSON files: objects key by key, lists one after the other, anything else from ``addition``."""
    return json.dumps(_merge_values(json.loads(text), json.loads(addition)), indent=2) + "\n"


def _merge_values(value: Any, addition: Any) -> Any:  # noqa: ANN401
    if isinstance(value, dict) and isinstance(addition, dict):
        own = {key: _merge_values(value[key], addition[key]) if key in value else addition[key] for key in addition}
        return {**value, **own}
    if isinstance(value, list) and isinstance(addition, list):
        return [*value, *(element for element in addition if element not in value)]
    return addition


# How files are merged that more than one layer may write: those at the project's root, and those of that name in any
# folder. Any other file must come from a single layer.
_MERGERS: dict[str, Callable[[str, str], str]] = {
    TEMPLATE: template.merge,
    "README.md": _append,
    "Makefile": _append,
    ".gitattributes": _append,
    ".gitignore": _append,
    ".vscode/extensions.json": _merge_json,
    ".vscode/launch.json": _merge_json,
    ".vscode/settings.json": _merge_json,
}
_MERGERS_BY_NAME: dict[str, Callable[[str, str], str]] = {
    DOCKERFILE: _append,  # each layer adds stages
    ".dockerignore": _append_lines,
}


@dataclass(frozen=True)
class Preview:
    """What a project would contain: the paths of its files, sorted, and the text of its template."""

    files: tuple[str, ...]
    template: str


def create(catalogue: Catalogue, spec: ProjectSpec, output_dir: Path, *, force: bool = False) -> Path:
    """Create the project in ``output_dir`` and return its folder.

    ``force`` allows a folder that exists and is empty; one with files in it is never touched. Raises
    :class:`ProjectExistsError`, :class:`OutputError` and, for a defect of the catalogue, :class:`InternalError`;
    after any of them, and after an interrupt, nothing is left behind.
    """
    target = output_dir / spec.name
    staging.check_target(target, force=force)
    with staging.publish(target, force=force) as stage:
        _build(catalogue, spec, stage)
    return target


def preview(catalogue: Catalogue, spec: ProjectSpec) -> Preview:
    """Return what :func:`create` would make, from a temporary folder. Raises as :func:`create` does."""
    temporary = Path(tempfile.gettempdir())
    with staging.disk_errors(temporary), staging.staging_folder(temporary, spec.name) as stage:
        _build(catalogue, spec, stage)
        files = tuple(sorted(path.relative_to(stage).as_posix() for path in stage.rglob("*") if path.is_file()))
        return Preview(files, (stage / TEMPLATE).read_text(encoding="utf-8"))


def add(catalogue: Catalogue, spec: ProjectSpec, functions: tuple[FunctionSpec, ...], folder: Path) -> None:
    """Add functions to the project in ``folder``; ``spec`` is the project without them. A group comes as a whole.

    The new project is created and checked beside the old one, and then replaces it. Raises as :func:`create` does,
    and :class:`TemplateError` if the project already has a file or a resource of that name.
    """
    with staging.disk_errors(folder), staging.staging_folder(folder.parent, folder.name) as stage:
        shutil.rmtree(stage)
        shutil.copytree(folder, stage, symlinks=True)
        _render(catalogue, catalogue.function_render_steps(spec, functions), stage)
        _copy_own_code(catalogue, functions, stage)
        _apply_settings(catalogue, spec, functions, stage)
        _check(stage)
        staging.replace(folder, stage)


# Building -----------------------------------------------------------------------------------------------------------


def _build(catalogue: Catalogue, spec: ProjectSpec, stage: Path) -> None:
    _render(catalogue, catalogue.render_steps(spec), stage)
    _copy_own_code(catalogue, spec.functions, stage)
    _apply_settings(catalogue, spec, spec.functions, stage)
    (stage / answers.FILE).write_text(answers.dump(catalogue, spec), encoding="utf-8", newline="\n")
    lock.write(stage)
    _check(stage)


def _apply_settings(catalogue: Catalogue, spec: ProjectSpec, functions: tuple[FunctionSpec, ...], stage: Path) -> None:
    """Write the functions' settings into the project's files, as data that no template renders."""
    parts = [(name, part) for function in functions for name, part in settings.fragments_of(spec, function)]
    if parts:
        path = stage / TEMPLATE
        path.write_text(_with_settings(path.read_text(encoding="utf-8"), parts), encoding="utf-8", newline="")
    for function in functions:
        file = stage / catalogue.folder(function) / DOCKERFILE
        if file.is_file() and not (function.own and DOCKERFILE in function.own.files):  # which stays as it is
            _apply_to_dockerfile(function, catalogue.image_labels(function), file)


def _copy_own_code(catalogue: Catalogue, functions: tuple[FunctionSpec, ...], stage: Path) -> None:
    """Copy code that exists already into the folders of its functions; an image without a Dockerfile gets one."""
    for function in functions:
        if function.own is None:
            continue
        folder = stage / catalogue.folder(function)
        ignore = folder / ".dockerignore"
        ignore.unlink(missing_ok=True)  # the layer's: it is for a Dockerfile of ours
        code_files.copy(function.own.root, function.own.files, folder, paths.umask())
        if function.package_type != "Image" or DOCKERFILE in function.own.files:
            continue
        code = existing.inspect(
            catalogue,
            folder,
            language=function.language,
            runtime=function.runtime,
            architecture=function.architecture,
            handler=function.own.handler,
        )
        for name, text in existing.image_files(catalogue, code).items():
            if name not in function.own.files:
                (folder / name).write_text(text, encoding="utf-8", newline="\n")


def _with_settings(text: str, parts: list[tuple[str, dict[str, Any]]]) -> str:
    """Return a template with the fragments of settings, each with its name.

    Raises :class:`InvalidAnswersError` for each that the template, or another setting, leaves no room for.
    """
    hint = "leave it out, or rename a function"
    taken = set(template.keys(text, "Resources"))
    problems = []
    for name, part in parts:
        created = fragments.created_resources(part)
        problems += [
            Problem((name,), f"the template already has a resource {logical_id}", hint)
            for logical_id in created
            if logical_id in taken
        ]
        taken |= {*created}
    whole = functools.reduce(fragments.merge, (part for _, part in parts))
    try:
        merged = template.merge(text, template.dump(whole, fragments.COMMENTS))
    except TemplateError:
        for name, part in parts:
            try:
                template.merge(text, template.dump(part))
            except TemplateError as error:
                problems.append(Problem((name,), error.message, hint))
        merged = text
        if not problems:
            raise
    if problems:
        raise InvalidAnswersError(problems)
    return merged


def _apply_to_dockerfile(function: FunctionSpec, labels: dict[str, str], file: Path) -> None:
    build_args, build_target = function.settings.get("build_arg", {}), function.settings.get("build_target")
    text = file.read_text(encoding="utf-8")
    changed = dockerfile.label(dockerfile.declare(text, [*build_args]), labels, build_target)
    if changed != text:
        file.write_text(changed, encoding="utf-8", newline="")
    stages = dockerfile.stages(changed)
    if build_target and build_target not in stages:
        hint = f"use one of {', '.join(stages)}" if stages else "leave it out"
        problem = Problem(("build_target",), f"the Dockerfile has no stage {build_target!r}", hint, tuple(stages))
        raise InvalidAnswersError([problem])


def _render(catalogue: Catalogue, steps: Iterable[RenderStep], stage: Path) -> None:
    """Render layers into the staging folder; files that have a merger are merged, others must be new."""
    from scaffold.render import render  # noqa: PLC0415  cookiecutter takes time to load

    mask = paths.umask()
    # One folder serves all layers: on some disks, removing a folder takes longer than rendering a file.
    with staging.rendering_folder(stage) as folder:
        for step in steps:
            rendered = render(catalogue.root / step.layer, step.context, folder)
            _move(rendered, stage, Path(), mask, step.layer)


def _move(rendered: Path, stage: Path, relative: Path, mask: int, layer: Path) -> None:
    """Move what is in a folder of a rendered layer into the staging folder; a folder that exists there is merged."""
    for source in sorted((rendered / relative).iterdir()):
        here = relative / source.name
        destination = stage / here
        if source.name == "__pycache__":
            continue  # pip compiles every .py file that it installs, templates too
        if source.is_dir():
            if destination.exists() or any(path.name == "__pycache__" for path in source.rglob("*")):
                destination.mkdir(exist_ok=True)
                _move(rendered, stage, here, mask, layer)
            else:
                for file in source.rglob("*"):
                    _set_permissions(file, mask)
                source.rename(destination)
            continue
        merge = _MERGERS.get(here.as_posix()) or _MERGERS_BY_NAME.get(here.name)
        if not destination.exists():
            _set_permissions(source, mask)
            source.rename(destination)
        elif merge:
            text = merge(destination.read_text(encoding="utf-8"), source.read_text(encoding="utf-8"))
            destination.write_text(text, encoding="utf-8", newline="")
            source.unlink()
        else:
            raise TemplateError(f"{here} already exists, and the layer {layer.as_posix()} would write it again")


def _set_permissions(path: Path, mask: int) -> None:
    """Give a file the permissions of a new one, not those of the installed template."""
    if path.is_file():
        path.chmod((0o777 if path.stat().st_mode & 0o100 else 0o666) & ~mask)


def _check(stage: Path) -> None:
    """Raise :class:`InternalError` if the SAM translator rejects the template that the layers have produced."""
    text = (stage / TEMPLATE).read_text(encoding="utf-8")
    if client.translate(text):  # where nothing is wrong, no position is needed
        problems = findings.of_text(Path(TEMPLATE), text)
        lines = "\n".join(f"{problem.name}: {problem.message}" for problem in problems)
        raise InternalError(
            f"the SAM translator rejects the project:\n{lines}", "nothing was written; please report this"
        )
