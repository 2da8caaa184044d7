"""Every cell of the catalogue: what it is made of, and what the tools of the trade say of it.

There are hundreds, so no test starts a process for each: a test goes through all cells of a language, and what takes
long is done once for each text that differs.
"""

from __future__ import annotations

import functools
import json
import re
import subprocess
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree as ET

import pytest
from cfnlint import api as cfnlint
from cfnlint.config import ManualArgs

from conftest import CATALOGUE, ROOT, USE_CASES, for_each, function_of, needs, section, spec_of, tree
from scaffold import answers, contexts, project, template
from scaffold.dockerfile_rules import Use, findings
from scaffold.model import API, APIS, SUPPORTED, Cell, Language, Runtime
from scaffold.resolve import resolve
from scaffold.settings import MONITORING
from scaffold.spec import AMAZON, ProjectSpec

EXPECTED = tomllib.loads((Path(__file__).parent / "expected_files.toml").read_text())
LOCKS = {
    "package-lock.json",
    "Cargo.lock",
    "go.sum",
    "uv.lock",
    "Gemfile.lock",
    "requirements.txt",
    "requirements-dev.txt",
}
# In what a project of an image and that of a Zip differ.
PACKAGING = re.compile(
    r"[^/]+/(Dockerfile|\.dockerignore|\.npmignore|(src/main/resources/)?run\.sh)|([^/]+/)?Makefile|README\.md"
    r"|samconfig\.toml|template\.yaml|\.sam-scaffold\.\w+|(compose|fargate)\.yaml|\.vscode/launch\.json"
)


class Based(NamedTuple):
    """A cell, and what its image starts from."""

    cell: Cell
    base: str = AMAZON

    def __str__(self) -> str:
        return f"{self.cell}-{self.base}" if self.base != AMAZON else str(self.cell)

    @property
    def language(self) -> Language:
        return CATALOGUE.languages[self.cell.language]

    @property
    def runtime(self) -> Runtime:
        runtime = self.language.runtime(self.cell.runtime)
        assert runtime
        return runtime

    @property
    def supported(self) -> bool:
        return self.runtime.status(CATALOGUE.today) == SUPPORTED

    def spec(self, architecture: str = "x86_64", *, monitored: bool = False) -> ProjectSpec:
        return spec_of(self.cell, architecture, self.base, **dict.fromkeys(MONITORING, monitored))

    @property
    def contexts(self) -> list[dict[str, Any]]:
        spec = self.spec()
        return [contexts.context(CATALOGUE, spec, function) for function in spec.functions]

    @property
    def context(self) -> dict[str, Any]:
        return self.contexts[0]


def based() -> Iterator[Based]:
    """Yield every cell, and each image on each base. What another base adds is the same for every use case."""
    for cell in (cell for cell in CATALOGUE.cells if cell.use_case in USE_CASES):
        row = Based(cell)
        yield row
        if cell.package_type == "Image" and cell.use_case == "hello-world":
            names = CATALOGUE.bases_for(row.language, row.runtime, cell.dependency_manager)
            yield from [Based(cell, base) for base in names if base != AMAZON]


ROWS = list(based())
LANGUAGES = list(dict.fromkeys(row.cell.language for row in ROWS))
QUICK = ("python", "go")
BINARY = (".onnx", ".png", ".tflite", ".ubj")
Make = Callable[[Based], Path]
Note = Callable[[str, object], None]


class Share(NamedTuple):
    """Some cells of a language: those of its newest runtime, those of the older ones, or with neither said, all."""

    language: str
    newest: bool | None = None

    def __str__(self) -> str:
        return self.language if self.newest is not False else f"{self.language}-older"

    @property
    def rows(self) -> list[Based]:
        rows = [row for row in ROWS if row.cell.language == self.language]
        newest = next(row.runtime for row in rows if row.supported)
        return [row for row in rows if self.newest is None or (row.runtime == newest) is self.newest]

    @property
    def images(self) -> list[Based]:
        return [row for row in self.rows if row.cell.package_type == "Image"]


def shares(*newest: bool | None) -> pytest.MarkDecorator:
    """Run a test for these of each language. Those of a language share projects, so that one process has them all.

    `make check` has the newest of two languages.
    """
    return pytest.mark.parametrize(
        "share",
        [
            pytest.param(
                share,
                id=str(share),
                marks=[
                    pytest.mark.xdist_group(f"cells-{share}"),
                    *([] if part and language in QUICK else [pytest.mark.slow]),
                ],
            )
            for language in LANGUAGES
            for part in newest
            if (share := Share(language, part)).rows
        ],
    )


each_share = shares(True, False)
each_newest = shares(True)
each_language = shares(None)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Make:
    """Return the project of a cell on a base, translated, and made once for all tests that look at it."""
    folders: dict[Based, Path] = {}

    def make(row: Based) -> Path:
        if row not in folders:
            folders[row] = project.create(CATALOGUE, row.spec(), tmp_path_factory.mktemp("cell"))
        return folders[row]

    return make


def expected(row: Based, context: dict[str, Any]) -> set[str]:
    """Return the files that a function's project should have; what a handler and a use case bring lies in folders."""
    cell, base = row
    rows = EXPECTED[cell.language]
    kinds = ["all", cell.dependency_manager, cell.package_type.lower(), base]
    kinds += [f"{cell.dependency_manager}.{cell.package_type.lower()}", f"{cell.dependency_manager}.{base}"]
    kinds += [] if context["server"] else ["functions"]
    files = [
        *EXPECTED["project"],
        *EXPECTED["bases"].get(base, []),
        *(file for kind in kinds for file in rows.get(kind, [])),
    ]
    words = {key: value for key, value in context.items() if isinstance(value, str)}
    use_case = CATALOGUE.use_cases[cell.use_case]
    package = f"packages/{cell.package_type.lower()}"
    language = CATALOGUE.root / "languages" / row.language.id
    of_use_case, handlers = CATALOGUE.root / "use_cases" / use_case.id, language / "handlers" / use_case.id
    layers = [
        *([CATALOGUE.root / "sources" / use_case.source] if use_case.source else []),
        *([language / "sources" / API] if use_case.source in APIS else []),
        *of_part(of_use_case, "functions", words["part"]),
        of_use_case / package,
        of_use_case / package / "root",
        *(language / "shared" / name for name in row.language.handlers[use_case.id].shares),
        *of_part(handlers, words["part"]),
        handlers / package,
    ]
    brought = [path.relative_to(layer / NAME).as_posix() for layer in layers for path in own_files(layer)]
    names = {re.sub(r"\{\{cookiecutter\.(\w+)\}\}", lambda match: words[match[1]], file) for file in brought}
    return {file.format(**words) for file in files} | names


NAME = "{{cookiecutter.name}}"


def of_part(folder: Path, *part: str) -> list[Path]:
    """Return the folders with what all functions of a use case have, and with what one of them has."""
    return [folder, folder.joinpath(*part)] if part[-1] else [folder]


def own_files(layer: Path) -> list[Path]:
    return [
        path for path in (layer / NAME).rglob("*") if path.is_file() and path.name not in ("template.yaml", "README.md")
    ]


@each_share
def test_a_cell_translates_and_is_just_the_files_it_should_be(share: Share, made: Make, record_property: Note) -> None:
    def check(row: Based) -> None:
        """Compare a project's files with those it should have, and read each of them."""
        files = tree(made(row))
        assert set(files) == set().union(*(expected(row, context) for context in row.contexts))
        for name, content in files.items():
            if Path(name).suffix in BINARY:
                continue
            text = content.decode("utf-8")
            assert not re.search(r"\{%|cookiecutter", text), f"{name} holds Jinja"
            assert "\r" not in text, f"{name} has carriage returns"
            assert not text.strip() or (text.endswith("\n") and not text.endswith("\n\n")), f"{name} ends oddly"
            assert not any(line != line.rstrip() for line in text.splitlines()), f"{name} has blanks at a line's end"
            most = 460 if name.endswith(".rs") else 400  # in Rust, unit tests stand in the file that they test
            assert Path(name).name in LOCKS or len(text.splitlines()) <= most, f"{name} is long"
            parse(name, text)

    for_each(share.rows, check)
    record_property("count", f"{share.language} {sum(row.base == AMAZON for row in share.rows)}")


@functools.cache
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


@each_newest
def test_its_answers_make_the_same_bytes_again(share: Share, made: Make, tmp_path: Path) -> None:
    """An older runtime is one more word among the answers."""

    def check(row: Based) -> None:
        first = made(row)
        given, _ = answers.read(CATALOGUE, first / answers.FILE)
        again = project.create(CATALOGUE, resolve(CATALOGUE, given, preview=True), tmp_path / str(row))
        assert tree(again) == tree(first)
        assert str(ROOT) not in (first / answers.FILE).read_text()

    for_each(share.rows, check)


@each_share
def test_samconfig_is_right_for_the_package_type(share: Share, made: Make) -> None:
    def check(row: Based) -> None:
        config = tomllib.loads((made(row) / "samconfig.toml").read_text())["default"]
        image = row.cell.package_type == "Image"
        assert config["build"]["parameters"].get("cached", False) is not image
        for command in ("deploy", "package"):
            assert config[command]["parameters"].get("resolve_image_repos", False) is image
            assert config[command]["parameters"]["resolve_s3"]
        assert config["global"]["parameters"]["stack_name"] == "sam-app"

    for_each(share.rows, check)


@each_share
def test_an_image_has_the_code_and_the_tests_of_the_zip(share: Share, made: Make) -> None:
    """So unit tests that pass in the one pass in the other, and are run once (test_generated.py)."""
    zips = [row for row in share.rows if row.cell.package_type == "Zip"]

    def check(row: Based) -> None:
        image, plain = made(Based(replace(row.cell, package_type="Image"))), made(row)
        files, others = tree(plain), tree(image)
        odd = {name for name in {*files} | {*others} if files.get(name) != others.get(name)}
        assert [name for name in odd if not PACKAGING.fullmatch(name)] == []
        commands = [section((folder / "README.md").read_text(), "Test") for folder in (plain, image)]
        assert commands[0] == commands[1]

    for_each([row for row in zips if row.runtime.image], check)


@each_share
def test_what_is_pinned_is_a_version(share: Share, made: Make) -> None:
    def check(row: Based) -> None:
        folder = made(row)
        for path in folder.rglob("requirements*.txt"):
            pins = re.sub(r" \\\n +", " ", path.read_text()).splitlines()
            lines = [line for line in pins if line and not line.lstrip().startswith("#")]
            # What only trains a model again is never deployed, and comes without hashes.
            hashes = "" if "training" in path.parts else r"( --hash=sha256:\w{64})+"
            assert all(re.fullmatch(rf"[\w.-]+==[\w.]+( ; .*?)?{hashes}", line) for line in lines), path
        for path in folder.rglob("package.json"):
            manifest = json.loads(path.read_text())
            pins = {**manifest.get("dependencies", {}), **manifest.get("devDependencies", {})}
            assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in pins.values()), path
        for path in folder.rglob("Cargo.toml"):
            assert (path.parent / "Cargo.lock").is_file()
            tomllib.loads(path.read_text())

    for_each(share.rows, check)


# cfn-lint -------------------------------------------------------------------------------------------------------------


# Whether a runtime is deprecated, cfn-lint judges by today's date, and by the table that test_catalogue.py holds the
# catalogue's dates against.
LIFECYCLE = ["W2531", "E2531", "E2533"]


def lint(file: Path) -> list[str]:
    arguments = ManualArgs(include_checks=["I"], ignore_checks=LIFECYCLE)
    return [str(match) for match in cfnlint.lint_file(file, arguments)]


# What cfn-lint judges by no other value: names of handlers, paths, how something is built, an amount of memory.
ANY = re.compile(r"(?<=\s)(Handler|CodeUri|DockerContext|BuildMethod|MemorySize): .+")


def alike(row: Based, text: str) -> str:
    """Return a template without its comments, and without what says runtime, architecture, base image and language."""
    said = sorted({row.cell.runtime, str(row.context["base_image"]) or row.cell.runtime}, key=len, reverse=True)
    text = re.sub("|".join(rf"(?<![\w.]){re.escape(one)}(?![\w.])" for one in said), "RUNTIME", text)
    text = re.sub(r"(?<=- )(x86_64|arm64)$", "ARCHITECTURE", text, flags=re.MULTILINE)
    return ANY.sub(r"\1: ANY", re.sub(r"^ *#.*\n", "", text, flags=re.MULTILINE))


@each_language
def test_cfn_lint_has_nothing_to_say(
    share: Share, made: Make, tmp_path: Path, first_to_see: Callable[[str], bool], record_property: Note
) -> None:
    """It sees each text once, in whichever language that comes first.

    What a runtime adds to a template, that of the newest or of the oldest has. `sam validate --lint` sees every use
    case in every language once more (test_generated.py).
    """
    supported = [row.runtime for row in share.rows if row.supported]
    differing: dict[str, Path] = {}
    names: dict[Path, list[str]] = defaultdict(list)
    for row in share.rows:
        if row.runtime not in (supported[0], supported[-1]):
            continue
        plain = made(row) / "template.yaml"
        is_new = alike(row, plain.read_text()) not in differing
        names[differing.setdefault(alike(row, plain.read_text()), plain)].append(str(row))
        if is_new:  # monitoring changes equal texts equally
            monitored = tmp_path / f"{row}.yaml".replace("/", "-")
            spec = row.spec(row.runtime.architectures[-1], monitored=True)
            monitored.write_text(project.preview(CATALOGUE, spec).template)
            names[differing.setdefault(alike(row, monitored.read_text()), monitored)].append(str(row))

    def check(text: str) -> None:
        file = differing[text]
        assert not first_to_see(text) or lint(file) == [], f"in {', '.join(dict.fromkeys(names[file]))}"

    count = for_each(differing, check)
    record_property("count", f"{share.language} {count}")


@pytest.mark.slow
def test_cfn_lint_knows_every_runtime_and_architecture(tmp_path: Path) -> None:
    """One template has a function for each, since the test above sees some of them alone."""
    rows = {
        (row.cell.runtime, architecture): function_of(row.cell, architecture)
        for row in ROWS
        if row.supported and row.cell.package_type == "Zip" and row.cell.use_case == "hello-world"
        for architecture in row.runtime.architectures
    }
    functions = tuple(replace(function, name=f"f{number}") for number, function in enumerate(rows.values()))
    folder = project.create(CATALOGUE, ProjectSpec("sam-app", functions), tmp_path)
    assert len({runtime for runtime, _ in rows}) > len(LANGUAGES)
    assert lint(folder / "template.yaml") == []


# Dockerfiles ----------------------------------------------------------------------------------------------------------


@each_share
def test_hadolint_has_nothing_to_say(share: Share, made: Make, record_property: Note) -> None:
    """One process sees each Dockerfile that differs."""
    needs("hadolint")
    files: dict[str, Path] = {}
    names: dict[str, list[str]] = defaultdict(list)
    for row in share.images:
        file, *_ = sorted(made(row).rglob("Dockerfile"))
        names[str(files.setdefault(file.read_text(), file))].append(str(row))
    run = subprocess.run(
        ["hadolint", "--format=json", *files.values()], capture_output=True, text=True, check=False, timeout=300
    )
    problems = [{**problem, "cells": names[problem["file"]]} for problem in json.loads(run.stdout)]
    assert (problems, run.returncode) == ([], 0)
    record_property("count", f"{share.language} {len(files)}")


@each_share
def test_a_dockerfile_keeps_the_rules(share: Share, made: Make) -> None:
    def check(row: Based) -> None:
        for context in row.contexts:
            file = made(row) / str(context["folder"]) / "Dockerfile"
            check_dockerfile(row, context, file.read_text().splitlines())
            for target in (None, "local") if row.base != AMAZON else (None,):
                assert findings(file.read_text(), file, Use("x86_64", target)) == []

    def check_dockerfile(row: Based, context: dict[str, Any], lines: list[str]) -> None:
        image = str(context["base_image"])
        values = {"${BASE_IMAGE}": image} if f"ARG BASE_IMAGE={image}" in lines else {}
        names = [values.get(line.split()[1], line.split()[1]) for line in lines if line.startswith("FROM ")]
        stages = [line.split()[3] for line in lines if line.startswith("FROM ") and " AS " in line]

        for name in names:
            pinned = ":" in name and not name.endswith(":latest")
            assert pinned or name in stages or name == "scratch", f"{name} has no version"
        assert not any("--mount" in line or "--chmod" in line for line in lines), "the classic builder knows neither"
        assert not any(line.startswith("USER") for line in lines), "Lambda has a user of its own"
        commands = [line for line in lines if line.startswith(("CMD", "ENTRYPOINT"))]
        assert all(line.split(maxsplit=1)[1].startswith("[") for line in commands)
        if row.base == AMAZON:
            assert len(names) > 1, "nothing of the build is in the image"
            assert names[-1] == image, "the last stage is the AWS base image"
            if server := str(context["server"]):
                assert lines[-1] == f"ENTRYPOINT {json.dumps(server.split())}"
            else:
                assert lines[-1] == f'CMD ["{context["handler"]}"]'
                assert not any(line.startswith("ENTRYPOINT") for line in lines), "the base image's brings the emulator"
        else:
            assert names[stages.index("runtime")] == image
            assert lines[-1] == "FROM runtime", "a plain build has no emulator in it"
            local = lines.index("FROM runtime AS local")
            assert next(number for number, line in enumerate(lines) if "aws-lambda-rie" in line) > local

    for_each(share.images, check)


def test_a_loop_over_cells_names_each_that_fails() -> None:
    rows, others = Share("go").rows[:2], Share("python").rows[:3]

    def check(row: Based) -> None:
        assert row.cell.language == "python", f"{row.cell.use_case} is not Python"

    assert for_each(others, check) == 3
    with pytest.raises(pytest.fail.Exception) as caught:
        for_each([others[0], *rows, *others[1:]], check)
    message = str(caught.value)
    assert message.startswith("2 of 5 failed:\n")
    for row in rows:
        assert re.search(rf"^{re.escape(str(row))}\n  test_cells.py:\d+: .* is not Python", message, re.MULTILINE)
    with pytest.raises(AssertionError, match="nothing to check"):
        for_each([], check)
