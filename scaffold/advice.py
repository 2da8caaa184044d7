"""What a user should know about a project that can be created, but may surprise."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scaffold import settings
from scaffold.contexts import context
from scaffold.model import APIS, ASYNCHRONOUS, DEPRECATED, PREVIEW, QUEUE, URL
from scaffold.render_steps import lock_layer
from scaffold.spec import AMAZON, DEFAULT_NAME, ProjectSpec

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaffold.catalogue import Catalogue
    from scaffold.model import Language, Runtime
    from scaffold.spec import FunctionSpec

_SECRET = re.compile(r"PASSWORD|PASSWD|SECRET|TOKEN|CREDENTIAL|PRIVATE_?KEY|API_?KEY|ACCESS_?KEY", re.IGNORECASE)
_SECRETS_GUIDE = "https://docs.aws.amazon.com/secretsmanager/latest/userguide/retrieving-secrets_lambda.html"


# The least that MaximumConcurrency of a queue's event source mapping can be:
# https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
_LEAST_MAXIMUM_CONCURRENCY = 2


def warnings(catalogue: Catalogue, project: ProjectSpec) -> list[str]:
    """Return warnings about the runtimes, base images and settings of a project, each once."""
    return list(
        dict.fromkeys(
            warning
            for function in project.functions
            for check in (
                _about_runtime,
                _about_base,
                _about_settings,
                _about_private_base,
                _about_own_code,
                _about_locks,
            )
            for warning in (*check(catalogue, function), *_about_own_dockerfile(project, function))
        )
    )


def note_on_identifier(catalogue: Catalogue, given: str | None, project: ProjectSpec) -> str:
    """Return what to know about a template's name that ``sam init`` has for a Zip only, if the project is an image."""
    if given is None or given in catalogue.use_cases or project.functions[0].package_type != "Image":
        return ""
    row = catalogue.identifier(given)
    if row is None or row.get("package") != "Zip":
        return ""
    return f"sam init has {given} as a Zip only; this is {project.functions[0].use_case} as an image"


def _about_runtime(catalogue: Catalogue, function: FunctionSpec) -> Iterator[str]:
    language = catalogue.languages[function.language]
    runtime = language.runtime(function.runtime)
    status = runtime.status(catalogue.today) if runtime else ""
    if runtime and status == DEPRECATED:
        yield _deprecation(catalogue, language, runtime)
    if runtime and status == PREVIEW:
        yield f"{runtime.id} is a preview: AWS may change it, and does not support it in production."


def _deprecation(catalogue: Catalogue, language: Language, runtime: Runtime) -> str:
    text = f"{runtime.id} has been deprecated since {runtime.deprecated}"
    if runtime.block_create:
        text += f"; AWS accepts no new functions with it from {runtime.block_create}"
    successor = catalogue.successor(language, runtime)
    return f"{text}. Use {language.cli_name(successor)} instead." if successor else f"{text}."


def _about_base(catalogue: Catalogue, function: FunctionSpec) -> Iterator[str]:
    language = catalogue.languages[function.language]
    base = language.bases.get(function.base) if function.package_type == "Image" else None
    if base is None or base.id == AMAZON:
        return
    if base.untested:
        yield f"{language.title} on {base.id} is untested: {base.untested}."
    elif base.tested and function.runtime not in base.tested:
        tested = ", ".join(base.tested)
        yield f"{base.id} has not been tested with {function.runtime}, only with {tested}."


def _about_settings(catalogue: Catalogue, function: FunctionSpec) -> Iterator[str]:
    given = function.settings
    use_case = catalogue.use_cases[function.use_case]
    invocation = use_case.invocation
    flags = [settings.ROWS[name].flag for name in given if settings.ROWS[name].asynchronous]
    if flags and invocation != ASYNCHRONOUS:
        # SAM sets all of them but the dead-letter queue on the alias.
        alias = " --qualifier live" if {"snap_start", "provisioned_concurrency"} & {*given} else ""
        yield (
            f"{', '.join(flags)}: only for asynchronous invocations, and nothing in the template invokes "
            f"{function.logical_id} asynchronously. Call it with `aws lambda invoke --invocation-type Event{alias}`, "
            "or add an event source that does."
        )
    if (
        invocation == QUEUE
        and given.get("reserved_concurrency", _LEAST_MAXIMUM_CONCURRENCY) < _LEAST_MAXIMUM_CONCURRENCY
    ):
        yield (
            "--reserved-concurrency: Lambda processes at least 2 batches of a queue at a time. Messages for which "
            f"{function.logical_id} has no capacity return to the queue until they reach the dead-letter queue. Use 2 "
            "or more, or set Enabled of its event source mapping to false to stop it."
        )
    if use_case.source not in ("", URL, *APIS) and "function_url" in given:
        yield f"--function-url: {function.logical_id} expects the events of its source, not the requests of a URL."
    path_parameters = use_case.part(function.part).path_parameters
    if path_parameters and "function_url" in given:
        names = ", ".join(path_parameters)
        yield (
            f"--function-url: {function.logical_id} takes {names} from the path of its API. A function URL has no path "
            "parameters, so the function answers each request of the URL as one without."
        )
    if "topic" in (given.get("on_failure"), given.get("on_success"), given.get("dead_letter")):
        yield f"the topic of {function.logical_id} has no subscribers yet; messages to it are lost until it has one."
    if function.settings.get("function_url") == "none":
        yield (
            f"--function-url none lets anyone on the Internet call {function.logical_id}; use iam to require AWS "
            "credentials."
        )
    secrets = [name for name in function.settings.get("env", {}) if _SECRET.search(name)]
    if secrets:
        yield (
            f"--env writes values to files in plain text, and {', '.join(secrets)} may be secret. Keep secrets in AWS "
            f"Secrets Manager, and pass the function the secret's name instead: {_SECRETS_GUIDE}"
        )


def _about_own_code(_catalogue: Catalogue, function: FunctionSpec) -> Iterator[str]:
    yield from function.own.warnings if function.own else ()


def _about_own_dockerfile(project: ProjectSpec, function: FunctionSpec) -> Iterator[str]:
    """Yield what Lambda or ``sam build`` would have against a Dockerfile that came with somebody's code."""
    path = function.own.dockerfile if function.own else None
    if path is None:
        return
    from scaffold.dockerfile_rules import Use, findings  # noqa: PLC0415  few projects need it

    use = Use(architecture=function.architecture, buildkit=project.buildkit)
    for finding in findings(path.read_text(encoding="utf-8", errors="replace"), path, use):
        yield f"{finding.name}: {finding.message}. {finding.hint[:1].upper()}{finding.hint[1:]}."


def _about_locks(catalogue: Catalogue, function: FunctionSpec) -> Iterator[str]:
    layer = outdated_locks(catalogue, function)
    if layer:
        yield (
            f"The lock files of {function.use_case} hold other versions than the catalogue: lock them again in the "
            f"project, or add {layer.as_posix()} to the catalogue."
        )


def outdated_locks(catalogue: Catalogue, function: FunctionSpec) -> Path | None:
    """Return the layer that a team's lock files for a function would be in; ``None`` if the built-in ones do."""
    if not catalogue.tree.over or function.own:
        return None
    handler = catalogue.languages[function.language].handlers[function.use_case]
    manager = Path("languages", function.language, "managers", function.dependency_manager)
    layer = lock_layer(catalogue, manager, handler.locks or function.use_case)
    if not catalogue.is_layer(layer) or catalogue.team_folder(layer):
        return None
    usual = replace(function, base=AMAZON)
    is_outdated = libraries(catalogue, usual) != libraries(catalogue.built_in, usual)
    return manager / "locks" / (handler.locks or function.use_case) if is_outdated else None


def libraries(catalogue: Catalogue, function: FunctionSpec) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the libraries of a function, and those of its tests, each with its version.

    Where a catalogue does not have the function's language or use case, it has none.
    """
    if function.language not in catalogue.languages or function.use_case not in catalogue.use_cases:
        return {}, {}
    values = context(catalogue, ProjectSpec(DEFAULT_NAME, (function,)), function)
    return values["libraries"], values["dev_libraries"]


def _about_private_base(_catalogue: Catalogue, function: FunctionSpec) -> Iterator[str]:
    if function.private_base.endswith(":latest"):
        yield f"{function.private_base} can change from one build to the next. Pin a version or a digest."
