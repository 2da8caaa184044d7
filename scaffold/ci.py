"""CI: what the workflow of a host has to set up, build, ask and deploy for a project's functions.

A host is a folder below ``cookiecutters/ci/``, with a ``host.toml`` and a layer. ``versions.toml`` beside them has the
version of everything that the workflows use of others, and each dependency manager's ``ci`` in ``language.toml`` says
how a machine gets its toolchain.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scaffold.errors import Problem
from scaffold.model import version_numbers

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scaffold.spec import ProjectSpec
    from scaffold.trees import Tree

LAYER = Path("ci")

# The first test of code that somebody has, where a unit test would be another build: see cookiecutters/own/.
_IMAGE_TEST = "test_image.sh"

_HOSTS_OWN = "dependabot"  # what a host that has it runs by itself

# What a workflow sees of each function.
_FUNCTION_VALUES = (
    "function",
    "function_id",
    "folder",
    "package_type",
    "architecture",
    "docker_platform",
    "base",
    "event",
    "services",
    "server",
    "sample_path",
    "docker_build_args",
    "docker_run_options",
    "docker_command",
)


@functools.cache
def _host(tree: Tree, host: str) -> dict[str, Any]:
    """Return the ``host.toml`` of a host; ``tree`` is the catalogue's."""
    return tree.table(LAYER / host / "host.toml")


def updates(tree: Tree, host: str) -> dict[str, str]:
    """Return what keeps up to date what a host's workflow uses: the host's own ``updater``, and ``renovate_manager``.

    Both may be empty, and are if ``host`` is.
    """
    row = _host(tree, host) if host else {}
    return {key: row.get(key, "") for key in ("updater", "renovate_manager")}


def pipeline(tree: Tree, host: str, contexts: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what the layers of a host see of a project.

    ``tree`` is the catalogue's, and ``contexts`` are those of the project's functions. The result has the
    ``host``, the ``tools``, ``scanners``, ``actions`` and ``images`` of ``versions.toml``, what to set up for a
    ``test`` and for a ``build``, whether it ``has_lint``, the ``toolchains`` with an image and the commands of each,
    the ``functions``, the ``architecture`` of the machine that builds them, and the ``emulated`` ones that containers
    need besides.
    """
    versions = tree.table(LAYER / "versions.toml")
    zips = [context for context in contexts if context["package_type"] == "Zip"]
    architectures = {context["architecture"] for context in contexts}
    architecture = architectures.pop() if len(architectures) == 1 else "x86_64"
    in_containers = [one for one in contexts if one["package_type"] == "Image" or one["use_container"]]
    return {
        "host": _host(tree, host),
        "tools": versions["tools"],
        "scanners": versions["scanners"],
        "images": versions["images"],
        "actions": {name: f"{name}@{row['commit']} # {row['tag']}" for name, row in versions["actions"].items()},
        "test": _setup(contexts, versions["tools"]),
        "build": _setup(zips, versions["tools"]),
        "build_image": zips[0]["ci"]["image"] if zips else f"python:{versions['images']['python']}",
        "toolchains": _toolchains(contexts, versions["tools"]),
        "has_lint": any(context["lint"] for context in contexts),
        "architecture": architecture,
        "emulated": sorted({one["architecture"] for one in in_containers} - {architecture}),
        "functions": [
            {key: context[key] for key in _FUNCTION_VALUES}
            # What `sam build` calls an image.
            | {"image": f"{context['function_id'].lower()}:{context['docker_tag']}"}
            # Without AWS, a function that calls it fails; and some are invoked by their tests already.
            | {"is_invoked": not context["services"] and not _tests_an_image(context)}
            for context in contexts
        ],
    }


def repository(tree: Tree, host: str) -> str:
    """Return what stands in a project for the name of its repository, until somebody fills it in."""
    return str(_host(tree, host)["repository"])


def problems(tree: Tree, project: ProjectSpec, contexts: list[dict[str, Any]]) -> list[Problem]:
    """Return why the host of a project cannot build it, and what to do; nothing if it can.

    ``tree`` and ``contexts`` are those of :func:`pipeline`.
    """
    row = _host(tree, project.ci)
    found = []
    if project.updated_by == _HOSTS_OWN and row.get("updater") != _HOSTS_OWN:
        found.append(Problem(("updates",), f"{row['title']} does not have Dependabot", "use renovate", ("renovate",)))
    if not row.get("one_image"):
        return found
    if tested := [context["language_title"] for context in contexts if _tests_an_image(context)]:
        message = f"the tests of your own code in {tested[0]} build its image, and run where there is no Docker"
        found.append(Problem(("ci",), message, "use github, or leave it out"))
    zips = {context["ci"]["image"]: context for context in contexts if context["package_type"] == "Zip"}
    if len(zips) > 1:
        titles = " and ".join(dict.fromkeys(context["language_title"] for context in zips.values()))
        hint = "make images of them, or leave out the functions of all languages but one"
        found.append(Problem(("ci",), f"no image has all that the Zips in {titles} need", hint))
    return found


def _tests_an_image(context: dict[str, Any]) -> bool:
    return any(_IMAGE_TEST in line for line in context["test"])


def _setup(contexts: Iterable[dict[str, Any]], tools: dict[str, str]) -> dict[str, Any]:
    """Return the ``actions`` that set up toolchains, each input in the latest version, and shell ``commands``."""
    actions: dict[str, dict[str, str]] = {}
    commands: list[str] = []
    for context in contexts:
        for action, inputs in context["ci"].get("actions", {}).items():
            known = actions.setdefault(action, {})
            for name, value in inputs.items():
                known[name] = max(known.get(name, value), value, key=version_numbers)
        commands += [command for command in _commands(context, tools) if command not in commands]
    return {"actions": actions, "commands": commands}


def _commands(context: dict[str, Any], tools: dict[str, str]) -> list[str]:
    """Return the shell lines that install a toolchain's tools: those of a dev container, and what CI needs besides."""
    from_pypi = [f"pipx install {name}=={tools[name]}" for name in context["dev_container"].get("pipx", ())]
    return [*from_pypi, *context["dev_container"].get("commands", ()), *context["ci"].get("commands", ())]


def _toolchains(contexts: list[dict[str, Any]], tools: dict[str, str]) -> list[dict[str, Any]]:
    """Return a row for each image that tests functions, with a name and the shell lines: ``setup`` and ``script``."""
    rows: dict[tuple[str, ...], dict[str, Any]] = {}
    for context in contexts:
        key = tuple(context[name] for name in ("language", "dependency_manager", "runtime"))
        row = rows.setdefault(key, {"image": context["ci"]["image"], "setup": _commands(context, tools), "script": []})
        lines = [*context["install"], *context["lint"], *context["test"]]
        row["script"] += [line for line in lines if line not in row["script"]]
    return [{"name": _short_name(key, [*rows])} | row for key, row in rows.items()]


def _short_name(key: tuple[str, ...], keys: list[tuple[str, ...]]) -> str:
    """Return the first words of a key that no other key begins with."""
    length = next(
        length for length in range(1, len(key) + 1) if [one[:length] for one in keys].count(key[:length]) == 1
    )
    return "-".join(key[:length])
