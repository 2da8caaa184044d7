"""Projects on disk: layers are rendered into a staging folder, checked there, and moved into place.

A new project is an empty one to which functions are added, so creating and extending a project share their code.
"""

from __future__ import annotations

import functools
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scaffold import answers, code_files, dockerfile, layers, lock, paths, settings, splice, staging, template
from scaffold.errors import InternalError, InvalidAnswersError, Problem, TemplateError
from scaffold.render_steps import function_render_steps, render_steps
from scaffold.settings import fragments
from scaffold.translator import client, findings

if TYPE_CHECKING:
    from scaffold.catalogue import Catalogue
    from scaffold.spec import FunctionSpec, ProjectSpec

TEMPLATE = layers.TEMPLATE
DOCKERFILE = layers.DOCKERFILE


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
        _require_digests(catalogue, spec, spec.functions, stage)
    return target


def preview(catalogue: Catalogue, spec: ProjectSpec) -> Preview:
    """Return what :func:`create` would make, from a temporary folder. Raises as :func:`create` does."""
    temporary = Path(tempfile.gettempdir())
    with staging.disk_errors(temporary), staging.staging_folder(temporary, spec.name) as stage:
        _build(catalogue, spec, stage)
        files = tuple(sorted(path.relative_to(stage).as_posix() for path in stage.rglob("*") if path.is_file()))
        return Preview(files, (stage / TEMPLATE).read_text(encoding="utf-8"))


def images(catalogue: Catalogue, spec: ProjectSpec) -> tuple[str, ...]:
    """Return the images that a project's Dockerfiles take something from, each once, from a temporary folder."""
    temporary = Path(tempfile.gettempdir())
    with staging.disk_errors(temporary), staging.staging_folder(temporary, spec.name) as stage:
        layers.render(catalogue.tree, render_steps(catalogue, spec), stage)
        _copy_own_code(catalogue, spec.functions, stage)
        files = _dockerfiles(catalogue, spec.functions, stage).values()
        texts = [file.read_text(encoding="utf-8") for file in files]
        return tuple(dict.fromkeys(image for text in texts for image in dockerfile.images(text)))


def add(catalogue: Catalogue, spec: ProjectSpec, functions: tuple[FunctionSpec, ...], folder: Path) -> None:
    """Add functions to the project in ``folder``; ``spec`` is the project without them. A group comes as a whole.

    The new project is created and checked beside the old one, and then replaces it. Raises as :func:`create` does,
    and :class:`TemplateError` if the project already has a file or a resource of that name.
    """
    with staging.disk_errors(folder), staging.staging_folder(folder.parent, folder.name) as stage:
        shutil.rmtree(stage)
        shutil.copytree(folder, stage, symlinks=True)
        layers.render(catalogue.tree, function_render_steps(catalogue, spec, functions), stage)
        _copy_own_code(catalogue, functions, stage)
        _apply_settings(catalogue, spec, functions, stage)
        _require_digests(catalogue, spec, functions, stage)
        _check(catalogue, stage)
        staging.replace(folder, stage)


# Building -----------------------------------------------------------------------------------------------------------


def _build(catalogue: Catalogue, spec: ProjectSpec, stage: Path) -> None:
    layers.render(catalogue.tree, render_steps(catalogue, spec), stage)
    _copy_own_code(catalogue, spec.functions, stage)
    _apply_settings(catalogue, spec, spec.functions, stage)
    (stage / answers.FILE).write_text(answers.dump(catalogue, spec), encoding="utf-8", newline="\n")
    lock.write(stage)
    _check(catalogue, stage)


def _apply_settings(catalogue: Catalogue, spec: ProjectSpec, functions: tuple[FunctionSpec, ...], stage: Path) -> None:
    """Write the functions' settings into the project's files, as data that no template renders."""
    parts = [(name, part) for function in functions for name, part in settings.fragments_of(spec, function)]
    if parts:
        path = stage / TEMPLATE
        path.write_text(_with_settings(path.read_text(encoding="utf-8"), parts), encoding="utf-8", newline="")
    for function, file in _dockerfiles(catalogue, functions, stage).items():
        _apply_to_dockerfile(catalogue, spec, function, file)


def _dockerfiles(catalogue: Catalogue, functions: tuple[FunctionSpec, ...], stage: Path) -> dict[FunctionSpec, Path]:
    """Return the Dockerfiles that are ours, by their functions; one that came with code stays as it is."""
    ours = [one for one in functions if not (one.own and one.own.dockerfile)]
    files = {function: stage / catalogue.folder(function) / DOCKERFILE for function in ours}
    return {function: file for function, file in files.items() if file.is_file()}


def _copy_own_code(catalogue: Catalogue, functions: tuple[FunctionSpec, ...], stage: Path) -> None:
    """Copy code that exists already into the folders of its functions; an image without a Dockerfile gets one."""
    for function in functions:
        if function.own is None:
            continue
        folder = stage / catalogue.folder(function)
        ignore = folder / layers.DOCKERIGNORE
        ignore.unlink(missing_ok=True)  # the layer's: it is for a Dockerfile of ours
        code_files.copy(function.own.root, function.own.files, folder, paths.umask())
        from scaffold import existing  # noqa: PLC0415  takes time to load, and few projects need it

        code = existing.own_code(catalogue, function)
        if code is None:
            continue
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
        merged = splice.merge(text, template.dump(whole, fragments.COMMENTS))
    except TemplateError:
        for name, part in parts:
            try:
                splice.merge(text, template.dump(part))
            except TemplateError as error:
                problems.append(Problem((name,), error.message, hint))
        merged = text
        if not problems:
            raise
    if problems:
        raise InvalidAnswersError(problems)
    return merged


def _apply_to_dockerfile(catalogue: Catalogue, spec: ProjectSpec, function: FunctionSpec, file: Path) -> None:
    build_args, build_target = function.settings.get("build_arg", {}), function.settings.get("build_target")
    text = file.read_text(encoding="utf-8")
    changed = dockerfile.label(dockerfile.declare(text, [*build_args]), catalogue.image_labels(function), build_target)
    if spec.buildkit:
        changed = dockerfile.mount(changed, catalogue.mounts(function))
    if spec.pin:
        changed = dockerfile.pin(changed, spec.digest)
    if changed != text:
        file.write_text(changed, encoding="utf-8", newline="")
    stages = dockerfile.stages(changed)
    if build_target and build_target not in stages:
        hint = f"use one of {', '.join(stages)}" if stages else "leave it out"
        problem = Problem(("build_target",), f"the Dockerfile has no stage {build_target!r}", hint, tuple(stages))
        raise InvalidAnswersError([problem])


def _require_digests(catalogue: Catalogue, spec: ProjectSpec, functions: tuple[FunctionSpec, ...], stage: Path) -> None:
    """Raise :class:`InvalidAnswersError` with every image that has to be pinned and has no digest."""
    if not spec.pin:
        return
    texts = [file.read_text(encoding="utf-8") for file in _dockerfiles(catalogue, functions, stage).values()]
    missing = dict.fromkeys(image for text in texts for image in dockerfile.images(text) if "@" not in image)
    if missing:
        raise InvalidAnswersError(
            Problem(("digest",), f"there is no digest of {image} to pin it by", f"add it: {image}=sha256:…")
            for image in missing
        )


def _check(catalogue: Catalogue, stage: Path) -> None:
    """Raise :class:`InternalError` if the SAM translator rejects the template that the layers have produced.

    With a team's catalogue it is :class:`TemplateError`: built-in layers alone are known to be right.
    """
    text = (stage / TEMPLATE).read_text(encoding="utf-8")
    if client.translate(text):  # where nothing is wrong, no position is needed
        problems = findings.of_text(Path(TEMPLATE), text)
        lines = "\n".join(f"{problem.name}: {problem.message}" for problem in problems)
        message = f"the SAM translator rejects the project:\n{lines}"
        if catalogue.tree.over:
            raise TemplateError(message, "nothing was written; `sam-scaffold show CELL` lists the layers it is made of")
        raise InternalError(message, "nothing was written; please report this")
