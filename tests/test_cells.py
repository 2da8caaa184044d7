"""Every cell of the catalogue: what it is made of, and what the tools of the trade say of it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from cfnlint import api as cfnlint
from cfnlint.config import ManualArgs

from conftest import CATALOGUE, ROOT, needs, tree
from scaffold import answers, project, template
from scaffold.model import SUPPORTED, Cell, tomllib
from scaffold.resolve import function_of, resolve
from scaffold.spec import ProjectSpec

if TYPE_CHECKING:
    from collections.abc import Callable

EXPECTED = tomllib.loads((Path(__file__).parent / "expected_files.toml").read_text())
LOCKS = {"package-lock.json", "Cargo.lock", "go.sum", "uv.lock", "Gemfile.lock", "packages.lock.json"}
IMAGES = [cell for cell in CATALOGUE.cells if cell.package_type == "Image"]


def status(cell: Cell) -> str:
    runtime = CATALOGUE.languages[cell.language].runtime(cell.runtime)
    assert runtime
    return runtime.status(CATALOGUE.today)


# cfn-lint rightly warns of runtimes that are not supported any more.
LINTED = [cell for cell in CATALOGUE.cells if status(cell) == SUPPORTED]
each_cell = pytest.mark.parametrize("cell", CATALOGUE.cells, ids=str)


def expected(cell: Cell, folder: str, words: dict[str, str]) -> set[str]:
    rows = EXPECTED[cell.language]
    kinds = ("all", cell.dependency_manager, cell.package_type.lower(), cell.use_case)
    kinds += (f"{cell.dependency_manager}.{cell.package_type.lower()}",)
    files = [*EXPECTED["project"], *(file for kind in kinds for file in rows.get(kind, []))]
    return {file.format(folder=folder, **words) for file in files}


def context_of(cell: Cell) -> dict[str, object]:
    function = function_of(CATALOGUE, cell)
    return CATALOGUE.context(ProjectSpec("sam-app", (function,)), function)


@each_cell
def test_a_cell_is_just_the_files_it_should_be(cell: Cell, made: Callable[..., Path]) -> None:
    context = context_of(cell)
    words = {key: value for key, value in context.items() if isinstance(value, str) and key != "folder"}
    files = tree(made(cell))

    assert set(files) == expected(cell, str(context["folder"]), words)
    for name, content in files.items():
        text = content.decode("utf-8")
        assert not any(mark in text for mark in ("{{", "{%", "cookiecutter")), f"{name} holds Jinja"
        assert "\r" not in text, f"{name} has carriage returns"
        assert not text.strip() or (text.endswith("\n") and not text.endswith("\n\n")), f"{name} ends oddly"
        assert not any(line != line.rstrip() for line in text.splitlines()), f"{name} has blanks at a line's end"
        assert Path(name).name in LOCKS or len(text.splitlines()) <= 400, f"{name} is long"
        parse(name, text)


def parse(name: str, text: str) -> None:
    """Read a file as its kind is read; raise where it is none."""
    suffix = Path(name).suffix
    if suffix == ".json":
        json.loads(text)
    elif suffix == ".toml":
        tomllib.loads(text)
    elif suffix in (".yaml", ".yml"):
        template.compose(text)
    elif suffix == ".py":
        compile(text, name, "exec")
    elif suffix in (".xml", ".csproj"):
        ET.fromstring(text)
    elif suffix == ".sh":
        subprocess.run(["bash", "-n"], input=text, text=True, check=True)


@pytest.mark.parametrize("cell", LINTED, ids=str)
@pytest.mark.parametrize("monitored", [False, True], ids=["plain", "monitored"])
def test_cfn_lint_has_nothing_to_say(cell: Cell, monitored: bool, made: Callable[..., Path]) -> None:
    language = CATALOGUE.languages[cell.language]
    runtime = language.runtime(cell.runtime)
    assert runtime
    architecture = runtime.architectures[-1] if monitored else runtime.architectures[0]
    folder = made(cell, architecture, monitored=monitored)
    found = cfnlint.lint_file(folder / "template.yaml", ManualArgs(include_checks=["I"]))
    assert [str(match) for match in found] == []


@pytest.mark.parametrize("cell", IMAGES, ids=str)
def test_hadolint_has_nothing_to_say(cell: Cell, made: Callable[..., Path]) -> None:
    needs("hadolint")
    files = [*made(cell).rglob("Dockerfile")]
    assert files
    run = subprocess.run(["hadolint", *files], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout) == (0, "")


@pytest.mark.parametrize("cell", IMAGES, ids=str)
def test_a_dockerfile_keeps_the_rules(cell: Cell, made: Callable[..., Path]) -> None:
    lines = next(iter(made(cell).rglob("Dockerfile"))).read_text().splitlines()
    bases = [line.split()[1] for line in lines if line.startswith("FROM ")]
    stages = [line.split()[3] for line in lines if line.startswith("FROM ") and " AS " in line]
    context = context_of(cell)

    assert bases[-1] == context["base_image"], "the last stage is the AWS base image"
    assert len(bases) > 1, "nothing of the build is in the image"
    for base in bases:
        assert base in stages or (":" in base and not base.endswith(":latest")), f"{base} has no version"
    assert lines[-1] == f'CMD ["{context["handler"]}"]'
    assert not any("--mount" in line or "--chmod" in line for line in lines), "the classic builder knows neither"
    assert not any(line.startswith(("USER", "ENTRYPOINT")) for line in lines)


@each_cell
def test_its_answers_make_the_same_bytes_again(cell: Cell, made: Callable[..., Path], tmp_path: Path) -> None:
    first = made(cell)
    given, _ = answers.read(first / answers.FILE)
    again = project.create(CATALOGUE, resolve(CATALOGUE, given, preview=True), tmp_path / "again")
    assert tree(again) == tree(first)
    assert str(ROOT) not in (first / answers.FILE).read_text()


@each_cell
def test_samconfig_is_right_for_the_package_type(cell: Cell, made: Callable[..., Path]) -> None:
    config = tomllib.loads((made(cell) / "samconfig.toml").read_text())["default"]
    image = cell.package_type == "Image"
    assert config["build"]["parameters"].get("cached", False) is not image
    assert config["deploy"]["parameters"].get("resolve_image_repos", False) is image
    assert config["global"]["parameters"]["stack_name"] == "sam-app"
