"""Dev containers: what they hold for each language, read by the reference implementation."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest

from conftest import CATALOGUE, function_of, needs
from scaffold import project
from scaffold.model import SUPPORTED, Cell
from scaffold.spec import FunctionSpec, ProjectSpec

if TYPE_CHECKING:
    from pathlib import Path

KINDS = [(language.id, manager) for language in CATALOGUE.languages.values() for manager in language.managers]
each_kind = pytest.mark.parametrize(("language", "manager"), KINDS, ids=map("-".join, KINDS))
REFERENCE = "@devcontainers/cli@0.89.0"
FEATURES = "ghcr.io/devcontainers/features/"
# What a language's tools come with, and the version that says which; of uv's Python, uv itself brings the version.
EXPECTED = {
    "python-pip": {"python:1": "3.14"},
    "python-uv": {"python:1": "os-provided"},
    "nodejs-npm": {"node:1": "24"},
    "typescript-npm": {"node:1": "24"},
    "java-maven": {"java:1": "25"},
    "java-gradle": {"java:1": "25"},
    "dotnet-cli-package": {"dotnet:2": "10.0"},
    "go-mod": {"go:1": "1.27"},
    "ruby-bundler": {"ruby:1": "4.0"},
    "rust-cargo": {"rust:1": None},
}


def newest(language: str, manager: str) -> FunctionSpec:
    runtimes = CATALOGUE.languages[language].runtimes
    runtime = next(one.id for one in runtimes if one.status(CATALOGUE.today) == SUPPORTED)
    return function_of(Cell("hello-world", "Zip", language, runtime, manager), "x86_64")


def made(folder: Path, *functions: FunctionSpec) -> Path:
    return project.create(CATALOGUE, ProjectSpec("sam-app", functions, devcontainer=True), folder)


@each_kind
def test_it_has_the_tools_of_the_language(language: str, manager: str, tmp_path: Path) -> None:
    folder = made(tmp_path, newest(language, manager))
    config = json.loads((folder / ".devcontainer/devcontainer.json").read_text())
    versions = {name.removeprefix(FEATURES): options.get("version") for name, options in config["features"].items()}
    always = {"docker-in-docker:2": None, "aws-cli:1": None, "python:1": "os-provided"}
    assert versions == always | EXPECTED[f"{language}-{manager}"]
    assert "pipx install aws-sam-cli" in config["onCreateCommand"]
    targets = subprocess.run(["make", "--dry-run", "install"], cwd=folder, capture_output=True, text=True, check=True)
    assert config["postCreateCommand"] == "make install"
    assert targets.stdout
    assert "dev container" in (folder / "README.md").read_text()


def test_functions_of_several_languages_share_it(tmp_path: Path) -> None:
    functions = [newest(*kind).renamed("-".join(kind)) for kind in KINDS]
    config = json.loads((made(tmp_path, *functions) / ".devcontainer/devcontainer.json").read_text())
    assert len(config["features"]) == 2 + len({name for row in EXPECTED.values() for name in row})
    commands = config["onCreateCommand"].split(" && ")
    assert len(commands) == len(set(commands))
    assert {"pipx install uv", "pipx install cargo-lambda"} <= {*commands}
    assert config["features"][f"{FEATURES}java:1"] == {"version": "25", "installMaven": "true", "installGradle": "true"}


@pytest.mark.toolchain
def test_the_reference_implementation_reads_it(tmp_path: Path) -> None:
    needs("node", "npm")
    tools = tmp_path / "tools"
    subprocess.run(["npm", "install", "--silent", "--prefix", tools, REFERENCE], check=True, timeout=300)
    folder = made(tmp_path, newest("go", "mod"))
    done = subprocess.run(
        [tools / "node_modules/.bin/devcontainer", "read-configuration", "--workspace-folder", folder],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    config = json.loads(done.stdout)["configuration"]
    assert (config["name"], config["postCreateCommand"]) == ("sam-app", "make install")
    assert f"{FEATURES}go:1" in config["features"]
