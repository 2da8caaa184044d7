"""Code that exists already: what is found in it, what a project gets of it, and images of it that answer."""

from __future__ import annotations

import functools
import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from conftest import CATALOGUE, can, needs, scaffold, tree
from images.engine import ask, build, dockerfile, images_of, missing, running
from images.make import RUNTIMES
from scaffold import project
from scaffold.catalogue import OWN_USE_CASE
from scaffold.resolve import resolve
from scaffold.spec import Answers, ProjectSpec

HANDLERS = Path(__file__).parent / "handlers"
EVENT = b'{"name": "Ada"}'


class Sample(NamedTuple):
    """A handler in the style of AWS's documentation, in a layout that people have, and what it answers to ``EVENT``."""

    path: str
    language: str
    handler: str
    entry: str
    answer: Any
    left: tuple[str, ...] = ()  # what of its folder is not part of it

    @property
    def folder(self) -> Path:
        return HANDLERS / self.path.partition("/")[0]

    @property
    def files(self) -> dict[str, bytes]:
        return {name: content for name, content in tree(self.folder).items() if name not in self.left}

    def __str__(self) -> str:
        return self.folder.name


SAMPLES = [
    Sample(
        "python-alone/lambda_function.py",
        "python",
        "lambda_function.lambda_handler",
        "lambda_function.py",
        {"name": "Ada", "total": 0},
        ("notes.txt",),
    ),
    Sample("python-requirements", "python", "app.respond", "app.py", {"body": "<p>Good morning, Ada</p>"}),
    Sample(
        "python-src/src/handler.py:main", "python", "src.handler.main", "src/handler.py", {"received": 1, "name": "Ada"}
    ),
    Sample("python-dockerfile", "python", "src.main.second", "src/main.py", "Servus Ada"),
    Sample(
        "nodejs-alone/index.js",
        "nodejs",
        "index.handler",
        "index.js",
        {"message": "hello Ada"},
    ),
    Sample(
        "nodejs-package/lib/app.js",
        "nodejs",
        "lib/app.lambdaHandler",
        "lib/app.js",
        {"name": "Ada", "milliseconds": 172800000},
    ),
    Sample("typescript", "typescript", "app.handler", "src/app.ts", {"message": "hello Ada"}),
    Sample(
        "java-maven",
        "java",
        "example.HandlerWeatherData::handleRequest",
        "src/main/java/example/HandlerWeatherData.java",
        {"name": "Ada", "weather": "sunny"},
    ),
    Sample("go", "go", "bootstrap", "main.go", "Hello Ada!"),
    Sample(
        "ruby/lambda_function.rb",
        "ruby",
        "lambda_function.lambda_handler",
        "lambda_function.rb",
        {"statusCode": 200, "name": "Ada", "body": '"HELLO FROM LAMBDA!"'},
    ),
    Sample("rust", "rust", "bootstrap", "src/main.rs", {"message": "Hello, Ada!"}),
    Sample("dotnet", "dotnet", "ImageUpper::ImageUpper.Function::FunctionHandler", "Function.cs", "ADA"),
]
each_sample = pytest.mark.parametrize("sample", SAMPLES, ids=str)


def spec_of(sample: Sample, **answers: Any) -> ProjectSpec:
    values = {
        "name": "shop",
        "handler": str(HANDLERS / sample.path),
        "runtime": RUNTIMES.get(sample.language),
        **answers,
    }
    return resolve(CATALOGUE, Answers.from_values(values))


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Sample], Path]:
    """Return the project of a sample."""

    @functools.cache
    def make(sample: Sample) -> Path:
        return project.create(CATALOGUE, spec_of(sample), tmp_path_factory.mktemp(str(sample)))

    return functools.partial(_made, make)


def _made(make: Callable[[Sample], Path], sample: Sample) -> Path:
    return make(sample._replace(answer=None))  # which may be a dictionary, and says nothing of the project


def folder_of(root: Path) -> Path:
    """Return the folder of the function of a project."""
    (folder,) = [
        path
        for path in root.iterdir()
        if path.is_dir() and path.name[0] != "." and path.name not in ("tests", "events")
    ]
    return folder


@each_sample
def test_the_handler_is_found(sample: Sample) -> None:
    function = spec_of(sample, runtime=None).functions[0]
    own = function.own
    assert own
    assert (function.language, own.handler, own.entry) == (sample.language, sample.handler, sample.entry)
    assert (function.package_type, function.use_case) == ("Image", OWN_USE_CASE)
    assert (own.warnings, own.left_out) == ((), ())


@each_sample
def test_files_are_copied_byte_for_byte(sample: Sample, made: Callable[[Sample], Path]) -> None:
    got = tree(folder_of(made(sample)))
    ours = {"Dockerfile", ".dockerignore"} if "Dockerfile" not in sample.files else set()
    assert {name: content for name, content in got.items() if name not in ours} == sample.files
    assert ours <= {*got}


@each_sample
def test_the_project_makes_itself_again(sample: Sample, made: Callable[[Sample], Path], tmp_path: Path) -> None:
    root = made(sample)
    before = tree(root)
    assert scaffold("init", "--answers", root / ".sam-scaffold.yaml", "-o", tmp_path, cwd=tmp_path).returncode == 0
    assert tree(tmp_path / "shop") == before


@pytest.mark.image
@each_sample
def test_an_image_of_it_answers(sample: Sample, made: Callable[[Sample], Path]) -> None:
    can("docker", "docker", "info")
    root = made(sample)
    for image in images_of(dockerfile(root))[0]:
        if (reason := missing(image)) is not None:
            pytest.skip(reason)
    began = time.monotonic()

    name = f"sam-scaffold-test/handler-{sample}"
    build(root, name)
    with running(name) as url:
        assert ask(url, EVENT) == sample.answer
    assert time.monotonic() - began < 60
    if [*root.glob("tests/*/test_image.sh")]:
        check_first_test(root)


def check_first_test(root: Path) -> None:
    """Check that a project's first test passes, and fails with a function that fails."""
    event, sample_event = root / "events/event.json", (root / "events/event.json").read_bytes()
    assert make(root).returncode == 0
    event.write_bytes(b'"neither an object nor null"')
    try:
        failed = make(root)
    finally:
        event.write_bytes(sample_event)
    assert failed.returncode != 0, failed.stdout


def make(root: Path) -> subprocess.CompletedProcess[str]:
    # The classic builder: not every client has BuildKit.
    environment = {**os.environ, "DOCKER_BUILDKIT": "0"}
    command = ["make", "test"]
    return subprocess.run(
        command,
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        stdin=subprocess.DEVNULL,
    )


# What each takes beyond what it comes with
FIRST_TESTS = ("python-requirements", "python-dockerfile", "nodejs-package", "ruby")
TOOLS = {"python": ("python3",), "nodejs": ("node", "npm"), "ruby": ("ruby",)}


@pytest.mark.toolchain
@pytest.mark.parametrize("sample", [one for one in SAMPLES if str(one) in FIRST_TESTS], ids=str)
def test_its_first_test_calls_it(sample: Sample, made: Callable[[Sample], Path], tmp_path: Path) -> None:
    needs("make", *TOOLS[sample.language])
    root = tmp_path / "shop"
    shutil.copytree(made(sample), root)
    done = make(root)
    if str(sample) == "python-dockerfile":  # it takes a variable that its Dockerfile sets
        assert "KeyError: 'GREETING'" in done.stderr
        return
    assert done.returncode == 0, done.stdout + done.stderr
    broken = folder_of(root) / sample.entry
    text = broken.read_text()
    broken.write_text(
        re.sub(r"\b(def|const|exports\.)( ?)(respond|main|lambda_handler|lambdaHandler|handler)\b", r"\1\2gone", text)
    )
    assert broken.read_text() != text
    assert make(root).returncode != 0
