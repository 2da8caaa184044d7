"""The values that templates see of a whole project: those that are made of all its functions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from scaffold.contexts import COMMANDS
from scaffold.model import DEBUG, version_numbers

if TYPE_CHECKING:
    from scaffold.catalogue import Catalogue
    from scaffold.spec import ProjectSpec

# What a layer that a project has once sees of each function.
FUNCTION_VALUES = (
    "language",
    "function",
    "function_id",
    "function_pascal",
    "function_snake",
    "folder",
    "package_type",
    "runtime",
    "runtime_version",
    "architecture",
    "use_case",
    "base",
    "http",
    "event",
    "group",
    "group_pascal",
    "services",
    "dev_libraries",
    "server",
    "serve",
    "variables",
    "sam_local",
    "docker_run_options",
)

# What the layer `root` sees besides.
_ROOT_VALUES = (
    "own",
    "sample_path",
    "runtime_title",
    "use_case_title",
    "docker_platform",
    "docker_build_args",
    "docker_build_target",
    "docker_command",
)

# What a layer for code that exists already sees of each function that has such code.
OWN_VALUES = ("function_id", "folder", "package_type", "own", "install", "test", "event", "http", "use_case")


def root_context(contexts: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what the layer ``root`` sees of all functions, whose contexts these are.

    ``toolchains`` has, for each dependency manager of each language, the commands of its first function, and the
    folders of the others.
    """
    toolchains: dict[tuple[str, ...], dict[str, Any]] = {}
    for context in contexts:
        key: tuple[str, ...] = (context["language"], context["dependency_manager"])
        key = (*key, context["function"]) if context["own"] else key
        if key in toolchains:
            toolchains[key]["others"].append(context["folder"])
        else:
            toolchains[key] = {**{name: context[name] for name in ("language_title", *COMMANDS)}, "others": []}
    debug_notes: dict[str, str] = {}  # that of the first function, for each way to debug
    for context in contexts:
        if context["debug"]:
            debug_notes.setdefault(context["language_debug"], context["debug"])
    keys = (*FUNCTION_VALUES, *_ROOT_VALUES)
    return {
        "functions": [{key: context[key] for key in keys} for context in contexts],
        "toolchains": list(toolchains.values()),
        "build_command": build_command(contexts),
        # The usual way comes first, then what differs from it.
        "debug_notes": [debug_notes[way] for way in sorted(debug_notes, key=lambda way: way != DEBUG)],
        "beta_features": any(context["beta_features"] for context in contexts),
        **{key: requirements(contexts, key) for key in ("needs", "build_needs", "lint_needs")},
    }


_FEATURES = "ghcr.io/devcontainers/features"


def dev_container(contexts: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what a dev container needs for functions: ``features`` with their options, and ``commands`` to set it up.

    Functions that share a feature get all options of it, each in the latest version.
    """
    # SAM comes with pipx, which the feature of Python brings.
    features: dict[str, dict[str, str]] = {f"{_FEATURES}/docker-in-docker:2": {}, f"{_FEATURES}/aws-cli:1": {}}
    tools, commands = ["aws-sam-cli"], []
    for row in (context["dev_container"] for context in contexts):
        if "feature" in row:
            options = features.setdefault(f"{_FEATURES}/{row['feature']}", {})
            for name, value in row.get("options", {}).items():
                options[name] = max(options.get(name, value), value, key=version_numbers)
        tools += [tool for tool in row.get("pipx", ()) if tool not in tools]
        commands += [command for command in row.get("commands", ()) if command not in commands]
    features.setdefault(f"{_FEATURES}/python:1", {"version": "os-provided"})
    return {"features": features, "commands": [*(f"pipx install {tool}" for tool in tools), *commands]}


def build_command(contexts: list[dict[str, Any]]) -> str:
    """Return how to build a project with SAM; ``contexts`` are those of its functions.

    AWS's build images spare a machine the very version of a runtime. One function that cannot be built in them decides
    for all, since SAM takes the flag for a whole build.
    """
    wishes = {context["use_container"] for context in contexts}
    return "sam build --use-container" if True in wishes and False not in wishes else "sam build"


def requirements(contexts: list[dict[str, Any]], key: str = "needs") -> list[str]:
    """Return what a person has to install for a project's functions, in Markdown, each once in the latest version."""
    latest: dict[str, str] = {}
    for need in (need for context in contexts for need in context[key]):
        tool = _OR_LATER.sub("", need)
        latest[tool] = max(latest.get(tool, need), need, key=version_numbers)
    return list(latest.values())


_OR_LATER = re.compile(r"[\d.]+ or later")


def secrets(catalogue: Catalogue, project: ProjectSpec) -> dict[str, str]:
    """Return the secrets that builds of a project's images take: for each by its id, the file that it is in."""
    images = [function for function in project.functions if function.package_type == "Image" and project.buildkit]
    return {name: file for one in images for row in catalogue.mounts(one) for name, file in row.secrets.items()}
