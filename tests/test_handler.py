"""Code that exists already: what is found in it, what a project gets of it, and images of it that answer."""

from __future__ import annotations

import functools
import json
import os
import re
import shlex
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema
import pytest

from conftest import CATALOGUE, ROOT, SCAFFOLD_THEN, can, function_of, needs, scaffold, tree
from images.engine import ask, build, dockerfile, images_of, missing, running
from images.make import RUNTIMES
from scaffold import advice, cli, project
from scaffold.catalogue import OWN_USE_CASE
from scaffold.cli.init import command_line
from scaffold.errors import InvalidAnswersError
from scaffold.model import APIS, Cell
from scaffold.resolve import resolve
from scaffold.spec import Answers, ProjectSpec

PYTHON = "def handler(event, context):\n    return event\n"
HANDLERS = Path(__file__).parent / "handlers"
OUTPUT = json.loads((ROOT / "schemas/output.schema.json").read_text())
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
    command = [*SCAFFOLD_THEN, "init", "--answers", str(root / ".sam-scaffold.yaml"), "-o", str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
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
    event.write_bytes(b"null")
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


# The command line -----------------------------------------------------------------------------------------------------


def test_json_says_what_was_copied_and_what_was_not(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    code = tmp_path / "code"
    shutil.copytree(HANDLERS / "python-requirements", code)
    (code / ".env").write_text("A=1")
    arguments = ["--name", "shop", "--handler", str(code), "-r", "python3.13", "-o", str(tmp_path), "--output", "json"]
    assert cli.main(["init", *arguments]) == 0
    out, err = capfd.readouterr()
    jsonschema.validate(json.loads(out), {**OUTPUT, "$ref": "#/$defs/init"})
    (function,) = json.loads(out)["functions"]
    assert function["entry_point"] == "app.respond"
    assert function["copied"] == ["app.py", "greeting.txt", "requirements.txt"]
    assert function["left_out"] == [{"path": ".env", "reason": "may be secret"}]
    assert "Left out: .env (may be secret)" in err
    assert not [*(tmp_path / "shop").rglob(".env")]


def test_the_command_that_makes_it_again(tmp_path: Path) -> None:
    spec = spec_of(SAMPLES[1])
    words = shlex.split(command_line(spec, tmp_path))
    assert words[words.index("--handler") + 1] == f"{HANDLERS}/python-requirements:app.respond"
    assert scaffold(*words[1:], cwd=tmp_path).returncode == 0
    assert tree(tmp_path / "shop") == tree(project.create(CATALOGUE, spec, tmp_path / "once more"))


def test_every_problem_is_told_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--name", "a b", "--handler", f"{HANDLERS}/go", "-p", "Zip", "--app-template", "crud", "-i", "debian"]
    assert cli.main(["init", "--no-interactive", "-o", str(tmp_path), *arguments]) == 2
    err = capsys.readouterr().err
    for flag in ("--name", "--app-template", "--package-type"):
        assert f"Error: {flag}: " in err
    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize(
    ("sample", "answers", "said"),
    [
        ("go", {"package_type": "Zip"}, "your own code in Go is for an image"),
        ("python-alone/lambda_function.py", {"base_image": "debian"}, "is built on AWS's image for the runtime"),
        ("python-alone/lambda_function.py", {"app_template": "web"}, "is a template for its own code, not for yours"),
        ("python-requirements", {"dependency_manager": "uv"}, "the code has no manifest of uv"),
        ("python-requirements", {"language": "go"}, "no handler is found"),
        ("python-requirements", {"runtime": "nodejs24.x"}, "the code is in Python, which nodejs24.x does not run"),
    ],
)
def test_what_does_not_fit_is_told(sample: str, answers: dict[str, str], said: str) -> None:
    with pytest.raises(InvalidAnswersError, match=re.escape(said)):
        resolve(CATALOGUE, Answers.from_values({"name": "shop", "handler": str(HANDLERS / sample), **answers}))


def test_the_lock_of_uv_and_the_version_of_python_are_found(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("def handler(event, context): ...\n")
    manifest = '[project]\nname = "a"\nversion = "1"\nrequires-python = ">=3.11,<3.14"\ndependencies = ["a"]\n'
    (tmp_path / "pyproject.toml").write_text(manifest)
    (tmp_path / "uv.lock").touch()
    spec = resolve(CATALOGUE, Answers(name="shop", handler=str(tmp_path)))
    assert (spec.functions[0].dependency_manager, spec.functions[0].runtime) == ("uv", "python3.13")
    root = project.create(CATALOGUE, spec, tmp_path / "out")
    assert "uv export" in dockerfile(root).read_text()


def test_a_private_key_is_told_by_its_contents(tmp_path: Path) -> None:
    key = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ\n"
    files = {
        "app.py": PYTHON,
        "deploy": key,
        "gcp.json": json.dumps({"private_key": key}),
        "README": "-----BEGIN PRIVATE KEY-----",
    }
    for name, content in files.items():
        (tmp_path / name).write_text(content)
    own = resolve(CATALOGUE, Answers(name="shop", handler=str(tmp_path))).functions[0].own
    assert own
    assert own.files == ("README", "app.py")
    assert [(one.path, one.reason) for one in own.left_out] == [
        ("deploy", "may be secret"),
        ("gcp.json", "may be secret"),
    ]


def test_documents_that_code_may_read_are_in_its_image(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/app.py").write_text(PYTHON)
    (tmp_path / "mine/prompt.md").write_text("Hello\n")
    spec = resolve(CATALOGUE, Answers(name="shop", handler=str(tmp_path / "mine")))
    root = project.create(CATALOGUE, spec, tmp_path / "out")
    assert "*.md" not in (root / "mine/.dockerignore").read_text().splitlines()


def test_what_speaks_against_a_dockerfile_that_came_with_the_code_is_told(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(PYTHON)
    (tmp_path / "Dockerfile").write_text("FROM public.ecr.aws/lambda/python:latest\nCOPY . .\nCMD app.handler\n")
    spec = resolve(CATALOGUE, Answers(name="shop", handler=f"{tmp_path}:handler", runtime="python3.13"))
    found = [line for line in advice.warnings(CATALOGUE, spec) if "Dockerfile:" in line]
    assert [line.partition("Dockerfile:")[2][:2] for line in found] == ["1:", "3:"]
    assert "latest moves to each new version" in found[0]


def test_a_runtime_of_another_language_is_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "app.js").write_text("exports.handler = async (event) => event;\n")
    with pytest.raises(InvalidAnswersError) as caught:
        resolve(CATALOGUE, Answers(name="shop", handler=str(tmp_path), runtime="python3.13"))
    (problem,) = caught.value.problems
    assert (problem.location, "the code is in Node.js" in problem.message) == (("runtime",), True)


def test_go_without_go_sum_is_refused(tmp_path: Path) -> None:
    (tmp_path / "go.mod").write_text("module m\n\ngo 1.24\n\nrequire github.com/aws/aws-lambda-go v1.49.0\n")
    (tmp_path / "main.go").write_text(
        'package main\n\nimport "github.com/aws/aws-lambda-go/lambda"\n\nfunc main() { lambda.Start(func() {}) }\n'
    )
    with pytest.raises(InvalidAnswersError, match=r"has no go\.sum"):
        resolve(CATALOGUE, Answers(name="shop", handler=str(tmp_path)))


def test_a_bundler_that_is_missing_is_told_before_anything_is_written(tmp_path: Path) -> None:
    (tmp_path / "app.ts").write_text("export const handler = async (event: object) => event;\n")
    (tmp_path / "package.json").write_text("{}")
    with pytest.raises(InvalidAnswersError, match="does not have esbuild"):
        resolve(CATALOGUE, Answers(name="shop", handler=str(tmp_path)))


# What invokes it, and what is around it -------------------------------------------------------------------------------


@pytest.mark.parametrize("use_case", CATALOGUE.own_use_cases())
def test_each_source_of_events_invokes_it(use_case: str, tmp_path: Path) -> None:
    """The translator accepts what is made, or nothing is."""
    root = project.create(CATALOGUE, spec_of(SAMPLES[0], app_template=use_case, tracing=True, ecr=True), tmp_path)
    template = (root / "template.yaml").read_text()
    sources = ("Events:", "EventSourceMapping", "FunctionUrlConfig")
    assert any(source in template for source in sources) is (use_case != OWN_USE_CASE)
    test = (root / "tests/python_alone/test_handler.py").read_text()
    assert ("statusCode" in test) is (CATALOGUE.use_cases[use_case].source in APIS)
    json.loads((root / "events/event.json").read_text())


@each_sample
def test_readme_and_make_name_what_is_there(sample: Sample, made: Callable[[Sample], Path]) -> None:
    root = made(sample)
    readme, makefile = (root / "README.md").read_text(), (root / "Makefile").read_text()
    assert f"Lambda calls `{sample.handler}`" in readme
    for text in (readme, makefile):
        assert not re.search(r"lint|format the code|integration|debug", text)
    for target in ("install", "test", "build"):
        dry = subprocess.run(["make", "-n", target], cwd=root, capture_output=True, text=True, check=True)
        for path in re.findall(r"(?:tests|events)/\S+", dry.stdout):
            assert (root / path).exists(), path
        if target != "build":
            assert all(line.strip() in readme for line in dry.stdout.splitlines() if not line.startswith("make"))
    assert not re.search(r"\n\n\n", readme.partition("## Your code")[2])
    assert max(map(len, makefile.splitlines())) <= 120


def test_a_zip_has_the_handler_and_the_code(tmp_path: Path) -> None:
    root = project.create(CATALOGUE, spec_of(SAMPLES[5], package_type="Zip"), tmp_path)
    template = (root / "template.yaml").read_text()
    assert "Handler: lib/app.lambdaHandler" in template
    assert "CodeUri: nodejs-package/" in template
    assert tree(root / "nodejs-package") == SAMPLES[5].files


def test_a_dockerfile_that_is_there_stays(tmp_path: Path) -> None:
    """The settings of an image are for a Dockerfile of ours."""
    spec = spec_of(SAMPLES[3], build_arg=("A=1",))
    root = project.create(CATALOGUE, spec, tmp_path)
    assert tree(folder_of(root)) == SAMPLES[3].files


def test_hostile_names_and_contents_are_data(tmp_path: Path) -> None:
    code, ran = tmp_path / "{{ cookiecutter.name }}", tmp_path / "ran"
    payload = f"{{{{ self.__init__.__globals__.__builtins__.open('{ran}', 'w') }}}}{{% raw %}}\r\n\xff".encode(
        "latin-1"
    )
    names = ['it\'s "so".txt', "two\nlines", "{{cookiecutter.folder}}", "{% raw %}", "$(touch ran)", "-rf", "a:b"]
    code.mkdir()
    (code / "app.py").write_text(f"open({str(ran)!r}, 'w')\n\n\ndef handler(event, context): ...\n")
    (code / "requirements.txt").write_text("{{ 7 * 7 }}\n")
    for name in names:
        (code / name).write_bytes(payload)
    (code / "passwd").symlink_to("/etc/passwd")
    done = scaffold(
        "init", "--handler", code, "-n", "shop", "-r", "python3.13", "-o", tmp_path, "--no-interactive", cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    assert "Left out: passwd (a symbolic link)" in done.stderr
    folder = folder_of(tmp_path / "shop")
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.name in names} == dict.fromkeys(
        names, payload
    )
    assert (folder / "requirements.txt").read_text() == "{{ 7 * 7 }}\n"
    assert not ran.exists()
    assert not [path for path in (tmp_path / "shop").rglob("*") if path.is_symlink()]


@pytest.mark.toolchain
def test_tools_of_other_functions_leave_it_alone(tmp_path: Path) -> None:
    """A function of the catalogue beside it has its linters; they say nothing about code that is not theirs."""
    cell = Cell("hello-world", "Image", "python", "python3.13", "pip")
    own = spec_of(SAMPLES[0]).functions[0]
    root = project.create(CATALOGUE, ProjectSpec("shop", (function_of(cell), own)), tmp_path)
    (root / "python_alone/lambda_function.py").write_text("import os,sys\n")
    done = subprocess.run(["ruff", "check", "."], cwd=root, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "All checks passed!\n"), done.stdout
    dry = subprocess.run(["make", "-n", "lint", "test"], cwd=root, capture_output=True, text=True, check=True).stdout
    assert "unittest discover --start-directory tests/python_alone" in dry
    assert not re.search(r"(mypy|pytest) .*python_alone", dry)
    assert json.loads((root / "events/python_alone/event.json").read_text()) == json.loads(EVENT)
