"""The layers of a project, in the order in which they are rendered, each with the values that its templates see."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scaffold import ci
from scaffold.contexts import context, sends_failures
from scaffold.model import API, APIS
from scaffold.project_contexts import (
    FUNCTION_VALUES,
    OWN_VALUES,
    build_command,
    dev_container,
    root_context,
    secrets,
)
from scaffold.spec import AMAZON, groups_of

if TYPE_CHECKING:
    from scaffold.catalogue import Catalogue
    from scaffold.errors import Problem
    from scaffold.spec import FunctionSpec, ProjectSpec

# The folder of the layers that are rendered once for a project, after all functions, because their files list them.
ROOT = "root"

# Where there may be one, beside the project's own: languages that share runtimes share tools as well.
_ROOT_LAYERS = (
    "use_cases/{use_case}",
    "languages/{runtimes_of}",
    "languages/{language}",
    "languages/{language}/managers/{dependency_manager}",
    "use_cases/{use_case}/packages/{package}",
)

# The folder of the layers for code that exists already.
OWN = "own"
EVERY_PROJECT = "every_project"


@dataclass(frozen=True)
class RenderStep:
    """A layer to render: its folder in :attr:`Catalogue.tree`, and the values that its templates see."""

    layer: Path
    context: dict[str, Any]


def render_steps(catalogue: Catalogue, project: ProjectSpec) -> list[RenderStep]:
    """Return every layer of a project with its context, in the order in which they are rendered.

    First come the layers of a project without functions, then those of each function, and last those whose files
    list all functions: of the project, of each use case, of each language and of its dependency managers, of the CI,
    and what a team adds to every project.
    """
    shared = context(catalogue, project)
    contexts = [context(catalogue, project, function) for function in project.functions]
    steps = [RenderStep(Path("project"), shared)]
    steps += [RenderStep(Path("ecr"), shared)] if project.ecr else []
    if project.devcontainer:
        steps.append(RenderStep(Path("devcontainer"), shared | {"dev_container": dev_container(contexts)}))
    steps += _update_steps(catalogue, project, shared, contexts)
    steps += _function_steps(catalogue, project.functions, contexts)
    steps.append(RenderStep(Path(ROOT), shared | root_context(contexts) | {"secrets": secrets(catalogue, project)}))
    steps += [
        RenderStep(layer, shared | {"functions": functions})
        for layer, functions in _root_layers(catalogue, [values for values in contexts if not values["own"]]).items()
    ]
    own = [{key: values[key] for key in OWN_VALUES} for values in contexts if values["own"]]
    steps += [RenderStep(Path(OWN, ROOT), shared | {"functions": own})] if own else []
    steps += _ci_steps(catalogue, project, shared, contexts) if project.ci else []
    # The built-in catalogue has no such layer: it is for what a team wants in all of its projects.
    every = Path(EVERY_PROJECT)
    return steps + ([RenderStep(every, shared | root_context(contexts))] if catalogue.is_layer(every) else [])


def function_render_steps(
    catalogue: Catalogue, project: ProjectSpec, functions: tuple[FunctionSpec, ...]
) -> list[RenderStep]:
    """Return the layers that add functions to a project, each with its context.

    ``project`` is the one without them. What it has stays where it is, the sample events of its only function too.
    """
    whole = replace(project, functions=(*project.functions, *functions))
    contexts = [context(catalogue, whole, function) for function in functions]
    return _function_steps(catalogue, functions, contexts)


def ci_problems(catalogue: Catalogue, project: ProjectSpec) -> list[Problem]:
    """Return why the host of the project's CI cannot build it, and what to do; nothing if it can."""
    if not project.ci:
        return []
    contexts = [context(catalogue, project, function) for function in project.functions]
    return ci.problems(catalogue.tree, project, contexts)


def _update_steps(
    catalogue: Catalogue, project: ProjectSpec, shared: dict[str, Any], contexts: list[dict[str, Any]]
) -> list[RenderStep]:
    """Return the layer of what keeps up to date pinned images, and what the workflow of a host uses, if any."""
    host = ci.updates(catalogue.tree, project.ci)
    updater = project.updated_by or host["updater"]
    if not updater:
        return []
    folders = [values["folder"] for values in contexts if values["package_type"] == "Image"]
    more = {
        "image_folders": folders if project.pin else [],
        "updates_workflow": updater == host["updater"],
        "workflow_manager": host["renovate_manager"],
    }
    return [RenderStep(Path("updates", updater), shared | more)]


def _ci_steps(
    catalogue: Catalogue, project: ProjectSpec, shared: dict[str, Any], contexts: list[dict[str, Any]]
) -> list[RenderStep]:
    """Return the layers of the project's CI: what all hosts share, and the host's own."""
    values = {
        "build_command": build_command(contexts),
        "pipeline": ci.pipeline(catalogue.tree, project.ci, contexts),
    }
    return [RenderStep(layer, shared | values) for layer in (ci.LAYER, ci.LAYER / project.ci)]


def _function_steps(
    catalogue: Catalogue, functions: tuple[FunctionSpec, ...], contexts: list[dict[str, Any]]
) -> list[RenderStep]:
    """Return the layers of each function, and last what the functions of a group share, once for each group."""
    context_of = dict(zip(functions, contexts, strict=True))
    steps = [RenderStep(layer, context_of[one]) for one in functions for layer in _function_layers(catalogue, one)]
    shared = [(Path("use_cases", group[0].use_case, "shared"), group[0]) for group in groups_of(functions)]
    return steps + [RenderStep(layer, context_of[one]) for layer, one in shared if catalogue.is_layer(layer)]


def _function_layers(catalogue: Catalogue, function: FunctionSpec) -> list[Path]:
    if function.own:
        return _own_layers(catalogue, function)
    language = catalogue.languages[function.language]
    language_folder = Path("languages", language.id)
    runtime_folder = Path("languages", language.runtimes_of or language.id)  # a runtime's client serves both
    package = Path("packages", function.package_type.lower())
    manager = language_folder / "managers" / function.dependency_manager
    use_case = catalogue.use_cases[function.use_case]
    source = Path("sources", use_case.source) if use_case.source else None
    handler = language.handlers[use_case.id]
    is_image = function.package_type == "Image"
    is_custom = is_image and catalogue.built_as(function.base) != AMAZON
    has_shell = is_custom and catalogue.bases[function.base].sam_local
    layers = [
        Path("function"),
        package,
        *([Path("entry_script")] if has_shell else []),
        *([catalogue.base_layer(Path("bases"), function.base)] if is_image else []),
        *([source] if source else []),
        *([language_folder / "sources" / API] if use_case.source in APIS else []),
        *([Path("failures")] if use_case.dead_letters or sends_failures(use_case, function) else []),
        Path("use_cases", use_case.id),
        *([Path("use_cases", use_case.id, "functions", function.part)] if function.part else []),
        language_folder / "common",
        language_folder / package,
        manager / "common",
        manager / package,
        lock_layer(catalogue, manager, handler.locks or use_case.id),
        *(_base_layers(catalogue, function, runtime_folder, manager) if is_image else []),
        *([Path("emulator")] if is_custom else []),
        Path("use_cases", use_case.id) / package,
        *(language_folder / "shared" / name for name in handler.shares),
        language_folder / "handlers" / use_case.id,
        language_folder / "handlers" / use_case.id / package,
        *([language_folder / "handlers" / use_case.id / function.part] if function.part else []),
    ]
    return [layer for layer in layers if catalogue.is_layer(layer)]


def _own_layers(catalogue: Catalogue, function: FunctionSpec) -> list[Path]:
    """Return the layers of a function whose code exists already: what invokes it, and its first test."""
    use_case = catalogue.use_cases[function.use_case]
    test = Path("languages", function.language, OWN)
    layers = [
        Path("function"),
        Path("packages", function.package_type.lower()),
        *([Path("sources", use_case.source)] if use_case.source else []),
        *([Path("failures")] if use_case.dead_letters or sends_failures(use_case, function) else []),
        Path("use_cases", use_case.id),
        Path(OWN),
        test if catalogue.is_layer(test) else Path(OWN, "image_test"),
    ]
    return [layer for layer in layers if catalogue.is_layer(layer)]


def _base_layers(catalogue: Catalogue, function: FunctionSpec, runtime_folder: Path, manager: Path) -> list[Path]:
    """Return the layers of a function's base image in its language and in its dependency manager."""
    language = catalogue.languages[function.language]
    return [
        catalogue.base_layer(runtime_folder / "clients", function.base),
        catalogue.base_layer(manager / "bases", function.base),
        *([catalogue.base_layer(Path("bases"), function.base, "interpreted")] if language.interpreted else []),
        catalogue.base_layer(Path("languages", language.id, "bases"), function.base),
    ]


def lock_layer(catalogue: Catalogue, manager: Path, use_case: str) -> Path:
    """Return the layer with a use case's lock files: its own if its handler has libraries, or the default one."""
    own = manager / "locks" / use_case
    return own if catalogue.tree.having(own) else manager / "locks" / "default"


def _root_layers(catalogue: Catalogue, contexts: list[dict[str, Any]]) -> dict[Path, list[dict[str, Any]]]:
    """Return the layers that a project has once, with the functions that have them.

    They belong to what ``_ROOT_LAYERS`` names, and to what handlers share.
    """
    folders = [(folder.format_map(values), values) for folder in _ROOT_LAYERS for values in contexts]
    folders += [
        (f"languages/{values['language']}/shared/{name}", values)
        for values in contexts
        for name in catalogue.languages[values["language"]].handlers[values["use_case"]].shares
    ]
    functions: dict[Path, list[dict[str, Any]]] = {}
    for folder, values in folders:
        row = {key: values[key] for key in FUNCTION_VALUES}
        rows = functions.setdefault(Path(folder, ROOT), [])
        rows += [row] if row not in rows else []  # a language may have its own runtimes
    return {layer: functions[layer] for layer in functions if catalogue.is_layer(layer)}
