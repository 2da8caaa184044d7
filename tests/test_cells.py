"""Every cell of the catalogue: what it is made of, and what the tools of the trade say of it."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
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
from scaffold.spec import AMAZON, ProjectSpec

if TYPE_CHECKING:
    from collections.abc import Callable

EXPECTED = tomllib.loads((Path(__file__).parent / "expected_files.toml").read_text())
LOCKS = {"package-lock.json", "Cargo.lock", "go.sum", "uv.lock", "Gemfile.lock", "packages.lock.json"}
IMAGES = [cell for cell in CATALOGUE.cells if cell.package_type == "Image"]


def bases(cell: Cell) -> list[str]:
    language = CATALOGUE.languages[cell.language]
    runtime = language.runtime(cell.runtime)
    assert runtime
    return CATALOGUE.bases_for(language, runtime, cell.dependency_manager)


# Each image on each base that it may start from. What a base adds is the same for every use case.
BASED = [
    pytest.param(cell, base, id=f"{cell}-{base}")
    for cell in IMAGES
    for base in bases(cell)
    if base == AMAZON or cell.use_case == "hello-world"
]
each_image = pytest.mark.parametrize(("cell", "base"), BASED)
OTHERS = pytest.mark.parametrize(("cell", "base"), [row for row in BASED if row.values[1] != AMAZON])


def status(cell: Cell) -> str:
    runtime = CATALOGUE.languages[cell.language].runtime(cell.runtime)
    assert runtime
    return runtime.status(CATALOGUE.today)


# cfn-lint rightly warns of runtimes that are not supported any more.
LINTED = [cell for cell in CATALOGUE.cells if status(cell) == SUPPORTED]
each_cell = pytest.mark.parametrize("cell", CATALOGUE.cells, ids=str)


def expected(cell: Cell, base: str, folder: str, words: dict[str, str]) -> set[str]:
    rows = EXPECTED[cell.language]
    kinds = ("all", cell.dependency_manager, cell.package_type.lower(), cell.use_case, base)
    kinds += (f"{cell.dependency_manager}.{cell.package_type.lower()}", f"{cell.dependency_manager}.{base}")
    files = [
        *EXPECTED["project"],
        *EXPECTED["bases"].get(base, []),
        *(file for kind in kinds for file in rows.get(kind, [])),
    ]
    return {file.format(folder=folder, **words) for file in files}


def context_of(cell: Cell, base: str = AMAZON) -> dict[str, object]:
    function = replace(function_of(CATALOGUE, cell), base=base)
    return CATALOGUE.context(ProjectSpec("sam-app", (function,)), function)


@each_cell
def test_a_cell_is_just_the_files_it_should_be(cell: Cell, made: Callable[..., Path]) -> None:
    look_at(cell, AMAZON, made(cell))


@OTHERS
def test_so_is_an_image_on_another_base(cell: Cell, base: str, made: Callable[..., Path]) -> None:
    look_at(cell, base, made(cell, base=base))


def look_at(cell: Cell, base: str, folder: Path) -> None:
    """Compare a project's files with those it should have, and read each of them."""
    context = context_of(cell, base)
    words = {key: value for key, value in context.items() if isinstance(value, str) and key != "folder"}
    files = tree(folder)

    assert set(files) == expected(cell, base, str(context["folder"]), words)
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
    elif suffix in (".xml", ".csproj", ".props"):
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


@OTHERS
def test_cfn_lint_has_nothing_to_say_on_another_base(cell: Cell, base: str, made: Callable[..., Path]) -> None:
    found = cfnlint.lint_file(made(cell, base=base) / "template.yaml", ManualArgs(include_checks=["I"]))
    assert [str(match) for match in found] == []


@each_image
def test_hadolint_has_nothing_to_say(cell: Cell, base: str, made: Callable[..., Path]) -> None:
    needs("hadolint")
    files = [*made(cell, base=base).rglob("Dockerfile")]
    assert files
    run = subprocess.run(["hadolint", *files], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout) == (0, "")


@each_image
def test_a_dockerfile_keeps_the_rules(cell: Cell, base: str, made: Callable[..., Path]) -> None:
    lines = next(iter(made(cell, base=base).rglob("Dockerfile"))).read_text().splitlines()
    image = str(context_of(cell, base)["base_image"])
    values = {"${BASE_IMAGE}": image} if f"ARG BASE_IMAGE={image}" in lines else {}
    images = [values.get(line.split()[1], line.split()[1]) for line in lines if line.startswith("FROM ")]
    stages = [line.split()[3] for line in lines if line.startswith("FROM ") and " AS " in line]

    for name in images:
        pinned = ":" in name and not name.endswith(":latest")
        assert pinned or name in stages or name == "scratch", f"{name} has no version"
    assert not any("--mount" in line or "--chmod" in line for line in lines), "the classic builder knows neither"
    assert not any(line.startswith("USER") for line in lines), "Lambda has a user of its own"
    assert all(line.split(maxsplit=1)[1].startswith("[") for line in lines if line.startswith(("CMD", "ENTRYPOINT")))
    if base == AMAZON:
        assert len(images) > 1, "nothing of the build is in the image"
        assert images[-1] == image, "the last stage is the AWS base image"
        assert lines[-1] == f'CMD ["{context_of(cell)["handler"]}"]'
        assert not any(line.startswith("ENTRYPOINT") for line in lines), "the base image's brings the emulator"
    else:
        assert images[stages.index("runtime")] == image
        assert lines[-1] == "FROM runtime", "a plain build has no emulator in it"
        local = lines.index("FROM runtime AS local")
        assert next(number for number, line in enumerate(lines) if "aws-lambda-rie" in line) > local


@each_cell
def test_its_answers_make_the_same_bytes_again(cell: Cell, made: Callable[..., Path], tmp_path: Path) -> None:
    first = made(cell)
    given, _ = answers.read(CATALOGUE, first / answers.FILE)
    again = project.create(CATALOGUE, resolve(CATALOGUE, given, preview=True), tmp_path / "again")
    assert tree(again) == tree(first)
    assert str(ROOT) not in (first / answers.FILE).read_text()


@OTHERS
def test_so_do_those_of_another_base(cell: Cell, base: str, made: Callable[..., Path], tmp_path: Path) -> None:
    first = made(cell, base=base)
    given, _ = answers.read(CATALOGUE, first / answers.FILE)
    assert tree(project.create(CATALOGUE, resolve(CATALOGUE, given, preview=True), tmp_path / "again")) == tree(first)


@each_cell
def test_samconfig_is_right_for_the_package_type(cell: Cell, made: Callable[..., Path]) -> None:
    config = tomllib.loads((made(cell) / "samconfig.toml").read_text())["default"]
    image = cell.package_type == "Image"
    assert config["build"]["parameters"].get("cached", False) is not image
    assert config["deploy"]["parameters"].get("resolve_image_repos", False) is image
    assert config["global"]["parameters"]["stack_name"] == "sam-app"
