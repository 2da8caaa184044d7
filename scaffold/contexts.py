"""The values that templates see of a project, and of one of its functions."""

from __future__ import annotations

import functools
import shlex
import string
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scaffold import ci, settings
from scaffold.catalogue import AWS_IMAGES, DOCKER_PLATFORMS
from scaffold.errors import InternalError, TemplateError
from scaffold.model import APIS, ASYNCHRONOUS, Handler

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scaffold.catalogue import Catalogue
    from scaffold.model import Base, Language, Runtime, UseCase
    from scaffold.spec import FunctionSpec, OwnCode, ProjectSpec

# The lists of a dependency manager in `language.toml`: what a person needs, and what to run.
COMMANDS = ("needs", "install", "test", "lint", "lint_needs", "build_needs")

# How code that exists already is tested where its dependency manager does not say: its image is asked.
_OWN_TOOLS: tuple[dict[str, list[str]], ...] = (
    {"needs": ["curl, for the tests"], "install": [], "test": ["sh tests/{folder}/test_image.sh"]},
)


def context(catalogue: Catalogue, project: ProjectSpec, function: FunctionSpec | None = None) -> dict[str, Any]:
    """Return the values that templates see: those of the project, and with a function, those of the function too.

    Raises :class:`InternalError` if the catalogue does not have the function's runtime, and :class:`TemplateError` for
    a placeholder of the catalogue that is none.
    """
    values = _project_values(catalogue, project)
    if function is None:
        return values
    rows = _rows(catalogue, function)
    values |= _function_values(catalogue, project, function, rows)
    # From here on, in this order: texts may have placeholders for any value that was filled in before them.
    texts = _texts(catalogue, rows)
    for key, text in texts.items():
        values[key] = _fill_in(text, values)
    values |= settings.context_values(function.settings)
    _fill_in_libraries(project, rows.handler, values)
    _fill_in_base(catalogue, function, rows, values)
    _fill_in_handler(function, rows, texts, values)
    _fill_in_tools(rows.manager, values)
    values["own"] = _own_values(function.own) if function.own else {}
    if function.own:
        values |= _own_context(function, function.own, rows.manager, values)
    is_zip = function.package_type == "Zip"
    values["use_container"] = rows.manager.get("use_container") if is_zip else None
    values["beta_features"] = is_zip and rows.manager.get("beta_features", False)
    values["build_needs"] = values["build_needs"] if is_zip else []
    return values


def _project_values(catalogue: Catalogue, project: ProjectSpec) -> dict[str, Any]:
    return {
        "name": project.name,
        "stack_name": project.stack_name,
        "tracing": project.tracing,
        "application_insights": project.application_insights,
        "structured_logging": project.structured_logging,
        "ecr": project.ecr,
        "environments": project.has_environments,
        "ci_repository": ci.repository(catalogue.tree, project.ci) if project.ci else "",
        "devcontainer": project.devcontainer,
        "buildkit": project.buildkit,
        "updates": project.updated_by,
        "package_types": sorted({other.package_type for other in project.functions}),
        "vpc": any(function.settings.get("vpc") for function in project.functions),
        "file_system": any(function.settings.get("file_system") for function in project.functions),
        "open_parameters": settings.open_parameters(project),
        "own_folders": [catalogue.folder(other) for other in project.functions if other.own],
        "image_functions": [other.name for other in project.functions if other.package_type == "Image"],
    }


@dataclass(frozen=True)
class _Rows:
    """What the catalogue has for a function. A Zip has no ``base``; ``handler`` is empty for code of one's own."""

    language: Language
    runtime: Runtime
    manager: dict[str, Any]
    use_case: UseCase
    handler: Handler
    base: Base | None


def _rows(catalogue: Catalogue, function: FunctionSpec) -> _Rows:
    """Return what the catalogue has for a function. Raises :class:`InternalError` if that is not its runtime."""
    language = catalogue.languages[function.language]
    runtime = language.runtime(function.runtime)
    if runtime is None:
        raise InternalError(f"{function.language} has no runtime {function.runtime}")
    return _Rows(
        language=language,
        runtime=runtime,
        manager=language.managers[function.dependency_manager],
        use_case=catalogue.use_cases[function.use_case],
        handler=Handler() if function.own else language.handlers[function.use_case],
        base=language.bases.get(function.base) if function.package_type == "Image" else None,
    )


def _function_values(catalogue: Catalogue, project: ProjectSpec, function: FunctionSpec, rows: _Rows) -> dict[str, Any]:
    """Return the values of a function that have no placeholders, and the usual ones of those that few texts replace."""
    language, runtime, use_case = rows.language, rows.runtime, rows.use_case
    return {
        **_names(catalogue, project, function),
        "http": use_case.source in APIS,
        "services": list(use_case.services),
        "package_type": function.package_type,
        "package": function.package_type.lower(),
        "use_case": use_case.id,
        "language": language.id,
        "language_title": language.title,
        "runtimes_of": language.runtimes_of or language.id,
        "dependency_manager": function.dependency_manager,
        "has_alias": settings.has_alias(project, function),
        "reserved_concurrency": str(function.settings.get("reserved_concurrency", "")),
        "ephemeral_storage": str(function.settings.get("ephemeral_storage", "")),
        **_sample_request(use_case, function),
        "sends_failures": sends_failures(use_case, function),
        "runtime": runtime.id,
        "runtime_title": language.label(runtime),
        "runtime_version": language.version(runtime),
        "memory": "256",
        "timeout": "10",
        "log_retention": "30",
        "needs_permissions": settings.needs_permissions(function.settings),
        "docker_tag": runtime.id,
        "architecture": function.architecture,
        "docker_platform": DOCKER_PLATFORMS[function.architecture],
        "use_case_title": use_case.title,
        "base": catalogue.built_as(function.base),
        "base_image": "",
        "from_image": "",
        "server": "",
        "serve": "",
        # Code that exists already may lack a manifest or a lock, and its manifest may name files beside it.
        "is_existing": False,
        "has_manifest": True,
        "locked": True,
        "manifest_needs_code": False,
    }


def _names(catalogue: Catalogue, project: ProjectSpec, function: FunctionSpec) -> dict[str, str]:
    """Return what a function and its group are called, and where its files lie."""
    names = function.names_by_style
    folder = catalogue.folder(function)
    # Where `sam init` has the event of its function, so that scripts find that of a project's only one there.
    events = f"events/{folder}" if len(project.functions) > 1 else "events"
    return {
        "function": function.name,
        "function_snake": names["snake"],
        "function_flat": names["flat"],
        "function_pascal": names["pascal"],
        "function_id": function.logical_id,
        "folder": folder,
        "code_uri": f"{folder}/",
        "events": events,
        "event": f"{events}/event.json",
        "group": function.group,
        "group_pascal": function.group_pascal,
        "part": function.part,
    }


def _sample_request(use_case: UseCase, function: FunctionSpec) -> dict[str, Any]:
    """Return the route of a function, and a request for it."""
    part = use_case.part(function.part)
    path = use_case.path_of(part, function.group)
    return {
        "path": path,
        "method": part.method,
        "sample_path": path.format_map(part.path_parameters),
        "path_parameters": part.path_parameters,
        "sample_query": part.sample_query,
        "sample_body": part.sample_body,
        "sample_body_type": part.sample_body_type,
    }


def sends_failures(use_case: UseCase, function: FunctionSpec) -> bool:
    """Return whether the events that a function fails on go to its failure queue, and not where a setting says."""
    return use_case.invocation == ASYNCHRONOUS and not {"on_failure", "dead_letter"} & {*function.settings}


def _texts(catalogue: Catalogue, rows: _Rows) -> dict[str, str]:
    """Return the tables ``context`` that a function has, as one; a handler's may have its manager's values in it."""
    texts: dict[str, str] = (
        rows.language.context | rows.manager.get("context", {}) | rows.use_case.context | rows.handler.context
    )
    # Over what handlers of the built-in catalogue have.
    texts |= catalogue.team_context(rows.language.id, rows.use_case.id)
    return texts | (rows.base.context if rows.base else {}) | rows.runtime.context


def _fill_in_libraries(project: ProjectSpec, handler: Handler, values: dict[str, Any]) -> None:
    libraries = handler.libraries | (handler.tracing_libraries if project.tracing else {})
    for key, versions in (("libraries", libraries), ("dev_libraries", handler.dev_libraries)):
        values[key] = {name: _fill_in_each(text, values) for name, text in versions.items()}


def _fill_in_base(catalogue: Catalogue, function: FunctionSpec, rows: _Rows, values: dict[str, Any]) -> None:
    """Fill in the image that a function's own starts from, if any, and whether ``sam local`` runs the function."""
    base = rows.base
    if base is None:
        # sam local would have to download the layer of a Zip's server, which takes credentials.
        values["sam_local"] = not values["server"]
        return
    values["sam_local"] = catalogue.bases[base.id].sam_local
    public_image = _fill_in(base.image, values | {"aws_image": f"{AWS_IMAGES}/{rows.runtime.image}"})
    values["base_image"] = function.private_base or public_image
    # The Dockerfile of a base that can be replaced starts with an ARG of that name.
    values["from_image"] = "${BASE_IMAGE}" if "own_image" in base.context else values["base_image"]


def _fill_in_handler(function: FunctionSpec, rows: _Rows, texts: dict[str, str], values: dict[str, Any]) -> None:
    """Fill in the handler, how to debug it, and how to run it on this machine."""
    # That of a web server depends on the package type: an image's CMD, or what a Zip starts.
    values["handler"] = _fill_in(texts.get(f"{values['package']}_handler", rows.language.handler), values)
    debug = texts.get("debug", rows.language.debug)
    values |= {"language_debug": debug, "debug": _fill_in(debug, values)}
    values["variables"] = {name: _fill_in(text, values) for name, text in rows.use_case.local_variables.items()}
    if values["server"]:  # its image runs where nothing reads template.yaml
        values["variables"] |= function.settings.get("env", {})
    values |= _docker_arguments(function.settings, values["handler"], values["variables"])


def _fill_in_tools(manager: dict[str, Any], values: dict[str, Any]) -> None:
    """Fill in what a person needs and runs, and what dev containers and CI have to set up."""
    for key in COMMANDS:
        values[key] = [_fill_in(line, values) for line in manager.get(key, [])]
    values["dev_container"] = {
        key: {name: _fill_in(text, values) for name, text in value.items()} if key == "options" else value
        for key, value in manager["dev_container"].items()
    }
    values["ci"] = _fill_in_all(manager["ci"], values)


def _own_values(own: OwnCode) -> dict[str, Any]:
    """Return what templates see of code that exists already; paths in it are not theirs to render."""
    module, _, name = own.handler.rpartition(".")
    return {"handler": own.handler, "module": module, "name": name}


def _own_context(
    function: FunctionSpec, own: OwnCode, manager: dict[str, Any], values: dict[str, Any]
) -> dict[str, Any]:
    """Return the values in which a function whose code exists already differs from one of the catalogue."""
    rows = manager.get("own", _OWN_TOOLS)
    tools = next(row for row in rows if row.get("with") is None or row["with"] in own.files)
    known = values | {"libraries": shlex.join(own.provided)}
    install = [*tools["install"], *(tools.get("provided", []) if own.provided else [])]
    docker = _docker_arguments(function.settings, own.handler, values["variables"])
    return {
        "handler": own.handler,
        "code_uri": f"{values['folder']}/",
        "services": [],
        "debug": "",
        "needs": [_fill_in(line, known) for line in tools["needs"]],
        "install": [_fill_in(line, known) for line in install],
        "test": [_fill_in(line, known) for line in tools["test"]],
        **{key: [] for key in COMMANDS if key not in ("needs", "install", "test")},
        **docker,
    }


# Where AWS's images have the runtime interface emulator, and where the Dockerfiles' local stages put it.
_EMULATOR = "/usr/local/bin/aws-lambda-rie"


def _docker_arguments(values: Mapping[str, Any], handler: str, variables: Mapping[str, str]) -> dict[str, str]:
    """Return what a function's settings and variables add to `docker build` and to `docker run`, as text for a shell.

    ``docker_run_options`` stand before the image's name, ``docker_command`` stands after it.
    """
    build = [word for key, value in values.get("build_arg", {}).items() for word in ("--build-arg", f"{key}={value}")]
    target = ["--target", values["build_target"]] if "build_target" in values else []
    run = [word for name, value in variables.items() for word in ("--env", f"{name}={value}")]
    run += ["--workdir", values["working_directory"]] if "working_directory" in values else []
    # On Lambda, an entry point replaces the image's own; here the emulator has to start it.
    entrypoint = values.get("entrypoint", ())
    run += ["--entrypoint", _EMULATOR] if entrypoint else []
    command = [*entrypoint, *(values.get("command") or ([handler] if entrypoint else []))]
    return {
        "docker_build_args": "".join(f"{shlex.quote(word)} " for word in build),
        "docker_build_target": "".join(f"{shlex.quote(word)} " for word in target),
        "docker_run_options": "".join(f"{shlex.quote(word)} " for word in run),
        "docker_command": "".join(f" {shlex.quote(word)}" for word in command),
    }


def _fill_in(text: str, values: dict[str, Any]) -> str:
    """Replace ``{folder}`` and the like; the text is the catalogue's own, the values have been checked.

    Raises :class:`TemplateError` for a placeholder that is none.
    """
    try:
        _check_placeholders(text)
        return text.format_map(values)
    except (LookupError, ValueError, AttributeError, TypeError) as error:
        reason = f"nothing is called {error}" if isinstance(error, KeyError) else str(error)
        raise TemplateError(f"the placeholders of {text!r} cannot be filled in: {reason}", _PLACEHOLDERS) from error


@functools.cache  # as many as the catalogue has texts
def _check_placeholders(text: str) -> None:
    """Raise ``ValueError`` for a placeholder that is more than a name, such as a width of a billion characters."""
    for _, name, width, conversion in string.Formatter().parse(text):
        if name is not None and (width or conversion or not name.isidentifier()):
            raise ValueError(f"{{{name}}} is not a name alone")


_PLACEHOLDERS = "write a brace that is none as {{ or }}"


def _fill_in_each(text: str | list[str], values: dict[str, Any]) -> str | list[str]:
    return _fill_in(text, values) if isinstance(text, str) else [_fill_in(one, values) for one in text]


def _fill_in_all(data: Any, values: dict[str, Any]) -> Any:  # noqa: ANN401  what a TOML file may have
    """Do the same with every text in a table."""
    if isinstance(data, dict):
        return {key: _fill_in_all(value, values) for key, value in data.items()}
    return [_fill_in(one, values) for one in data] if isinstance(data, list) else _fill_in(data, values)
