"""Generated projects, used as their READMEs say: the very commands, with the real tools."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import CATALOGUE, can, create, needs, section
from expected import mistakes
from scaffold import project
from scaffold.model import SUPPORTED, Cell, tomllib
from scaffold.resolve import function_of
from scaffold.spec import FunctionSpec, ProjectSpec
from toolchains import newest_runtime

# One for each language, dependency manager, use case and package type; the runtime is what the machine can build.
KINDS = sorted({(cell.language, cell.dependency_manager, cell.use_case, cell.package_type) for cell in CATALOGUE.cells})
ZIPS = [kind for kind in KINDS if kind[3] == "Zip"]
named = pytest.mark.parametrize("kind", KINDS, ids="-".join)
# What only tests and builds take, as it would be called in an artefact. The gem i18n has tests as a part of itself.
DEVELOPMENT = re.compile(
    r"(^|/)(?<!i18n/)(tests?|node_modules/\.bin)/|test_app|app\.test\.|_test\.go$|Tests?\.(class|dll|java)$|"
    r"_pytest/|pytest[-_]|"
    r"typescript/|esbuild/|junit|minitest|xunit|vitest|\.npmignore$"
)


@pytest.fixture
def cell(kind: tuple[str, str, str, str], record_property: Callable[[str, object], None]) -> Cell:
    """Return the cell of a kind that this machine can build, and note it in the report."""
    language, manager, use_case, package = kind
    runtime = newest_runtime(language, manager)
    record_property("runtime", runtime)
    return Cell(use_case, package, language, runtime, manager)


@pytest.fixture(scope="session")
def caches(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return an environment in which the tools share what they compile between projects."""
    inherited = {key: value for key, value in os.environ.items() if key not in ("VIRTUAL_ENV", "PYTHONPATH")}
    return {**inherited, "CARGO_TARGET_DIR": str(tmp_path_factory.getbasetemp() / "cargo-target")}


def bash(script: str, folder: Path, environment: dict[str, str], *prefix: str) -> str:
    done = subprocess.run(
        [*prefix, "bash", "-euo", "pipefail", "-c", script],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        timeout=1200,
    )
    assert done.returncode == 0, f"{script}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
    return done.stdout + done.stderr


@named
def test_the_readmes_test_commands_work_and_then_without_a_network(
    kind: tuple[str, str, str, str], cell: Cell, tmp_path: Path, caches: dict[str, str]
) -> None:
    folder = create(cell, tmp_path)
    commands = section((folder / "README.md").read_text(), "Test")

    printed = bash(commands, folder, caches)

    assert re.search(r"[1-9]\d* pass|pass [1-9]|Tests run: [1-9]|^ok |BUILD SUCCESS|test result: ok|[1-9] runs|Passed!",
                     printed, re.MULTILINE), printed  # fmt: skip
    if shutil.which("unshare"):
        can("netns", "unshare", "--net", "true")
        manager = CATALOGUE.languages[kind[0]].managers[kind[1]]
        lines = commands.splitlines()
        install = len(manager["install"])
        offline = [line for line in lines[:install] if line.startswith(". ")] + lines[install:]
        bash("\n".join(offline), folder, caches, "unshare", "--net")


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind[3] == "Zip"], ids="-".join)
def test_a_unit_test_notices_a_mistake(
    kind: tuple[str, str, str, str], cell: Cell, tmp_path: Path, caches: dict[str, str]
) -> None:
    """With another greeting, another field of the message, or what no seed decides, the tests must not pass."""
    for number, mistake in enumerate(mistakes(kind[0], kind[2])):
        folder = create(cell, tmp_path / str(number))
        (source,) = folder.rglob(mistake.file)
        mistake.make(source)
        with pytest.raises(AssertionError):
            bash(section((folder / "README.md").read_text(), "Test"), folder, caches)


@pytest.mark.parametrize("kind", ZIPS, ids="-".join)
def test_sam_builds_the_zip_and_ships_nothing_for_development(
    kind: tuple[str, str, str, str], cell: Cell, tmp_path: Path, caches: dict[str, str]
) -> None:
    needs("sam")
    if kind[0] == "dotnet":
        can("nuget", "dotnet", "tool", "search", "Amazon.Lambda.Tools")
    folder = create(cell, tmp_path)
    environment = {key: value for key, value in caches.items() if key != "CARGO_TARGET_DIR"}
    # Where SAM wants to be told of a beta feature, the README says how.
    said = re.findall(r"^export \S+$", (folder / "README.md").read_text(), re.MULTILINE)
    bash("\n".join([*said, "sam build"]), folder, {**environment, "SAM_CLI_TELEMETRY": "0"})

    built = folder / ".aws-sam" / "build" / function_of(CATALOGUE, cell).logical_id
    files = [path.relative_to(built).as_posix() for path in built.rglob("*") if path.is_file()]
    assert files
    assert [file for file in files if DEVELOPMENT.search(file)] == []


@pytest.mark.parametrize("use_case", sorted({cell.use_case for cell in CATALOGUE.cells}))
@pytest.mark.parametrize("package", ["Zip", "Image"])
@pytest.mark.parametrize("language", [one.id for one in CATALOGUE.languages.values() if one.use_cases()])
def test_sam_validates_and_lints(
    language: str, package: str, use_case: str, tmp_path: Path, caches: dict[str, str]
) -> None:
    needs("sam")
    row = CATALOGUE.languages[language]
    runtime = next(one for one in row.runtimes if one.status(CATALOGUE.today) == SUPPORTED)
    cell = Cell(use_case, package, language, runtime.id, next(iter(row.managers)))
    folder = create(cell, tmp_path)
    environment = {**caches, "SAM_CLI_TELEMETRY": "0", "AWS_DEFAULT_REGION": "eu-central-1"}
    assert "is a valid SAM Template" in bash("sam validate --lint", folder, environment)


@pytest.mark.parametrize("version", ["22", "24"])
@pytest.mark.parametrize("use_case", ["hello-world", "sqs", "get-customer"])
def test_nodejs_on_the_version_of_each_runtime(
    version: str, use_case: str, tmp_path: Path, caches: dict[str, str]
) -> None:
    """The npm package `node` carries the binaries, so the tests run on what Lambda runs."""
    needs("npm")
    folder = create(Cell(use_case, "Zip", "nodejs", f"nodejs{version}.x", "npm"), tmp_path)
    tools = tmp_path / "node"
    bash(f"npm install --silent --prefix {tools} node@{version}", tmp_path, caches)
    path = f"{tools / 'node_modules' / 'node' / 'bin'}{os.pathsep}{caches['PATH']}"
    environment = {**caches, "PATH": path}
    assert bash("node --version", folder, environment).startswith(f"v{version}.")
    bash(section((folder / "README.md").read_text(), "Test"), folder, environment)


def test_a_project_may_mix_languages(tmp_path: Path, caches: dict[str, str]) -> None:
    """A Go and a Java function join a Python project, and all three build and pass their tests."""
    needs("sam", "go", "make", "javac", "mvn")
    python, go, java = (
        FunctionSpec(name, "hello-world", language, newest_runtime(language, manager), "Zip", manager, "x86_64")
        for name, language, manager in (
            ("hello-world", "python", "pip"),
            ("hello-go", "go", "mod"),
            ("hello-java", "java", "maven"),
        )
    )
    spec = ProjectSpec("mixed", (python,))
    folder = project.create(CATALOGUE, spec, tmp_path)
    before = (folder / "template.yaml").read_text().splitlines()
    project.add(CATALOGUE, spec, go, folder)
    project.add(CATALOGUE, ProjectSpec("mixed", (python, go)), java, folder)
    after = (folder / "template.yaml").read_text().splitlines()
    remaining = iter(after)
    assert all(line in remaining for line in before), "every line that was there is there, in its order"

    environment = {key: value for key, value in caches.items() if key != "CARGO_TARGET_DIR"}
    bash("sam build", folder, {**environment, "SAM_CLI_TELEMETRY": "0"})
    for function in (python, go, java):
        assert any((folder / ".aws-sam" / "build" / function.logical_id).iterdir())
    for part in (folder / "README.md").read_text().split("\n## ")[1:]:
        if "\n### Test\n" in part:
            bash(section(part, "Test"), folder, caches)


def test_python_answers_from_its_artefact(tmp_path: Path, caches: dict[str, str]) -> None:
    needs("sam")
    folder = create(Cell("hello-world", "Zip", "python", newest_runtime("python", "pip"), "pip"), tmp_path)
    bash("sam build", folder, {**caches, "SAM_CLI_TELEMETRY": "0"})
    code = "import json, app; print(json.dumps(app.lambda_handler({}, None)))"
    built = folder / ".aws-sam" / "build" / "HelloWorldFunction"
    answer = json.loads(bash(f"python3 -c '{code}'", built, caches))
    assert json.loads(answer["body"]) == {"message": "hello world"}


def test_what_is_pinned_is_a_version(made: Callable[..., Path]) -> None:
    for kind in KINDS:
        cell = next(cell for cell in CATALOGUE.cells if (cell.language, cell.dependency_manager, cell.use_case,
                                                         cell.package_type) == kind)  # fmt: skip
        folder = made(cell)
        for path in folder.rglob("requirements.txt"):
            lines = [line for line in path.read_text().splitlines() if line and not line.startswith(("#", "-r"))]
            assert all(re.fullmatch(r"[\w.-]+==[\d.]+", line) for line in lines), path
        for path in folder.rglob("package.json"):
            manifest = json.loads(path.read_text())
            pins = {**manifest.get("dependencies", {}), **manifest.get("devDependencies", {})}
            assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in pins.values()), path
        for path in folder.rglob("Cargo.toml"):
            assert (path.parent / "Cargo.lock").is_file()
            tomllib.loads(path.read_text())
