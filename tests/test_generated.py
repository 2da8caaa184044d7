"""Generated projects, used as their READMEs say: the very commands, with the real tools.

Installing, testing and building take long, so there is one project a language, with every use case in it.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import cargo
from apis import serving
from aws import Aws, running
from conftest import CATALOGUE, USE_CASES, can, for_each, needs, package_of, section
from expected import DEVELOPMENT, Mistake, mistakes
from images.engine import request
from images.make import locked
from scaffold import contexts, lock, project
from scaffold.model import SUPPORTED, Cell
from scaffold.resolve import functions_of
from scaffold.spec import FunctionSpec, ProjectSpec
from toolchains import LINTERS, QUICK, newest_runtime

pytestmark = pytest.mark.toolchain
# What their tools print when tests have passed, and when one has failed.
PASSED = re.compile(
    r"[1-9]\d* pass|pass [1-9]|Tests run: [1-9]|^ok |BUILD SUCCESS|test result: ok|[1-9] runs|Passed!", re.MULTILINE
)
FAILED = re.compile(
    r"\b[1-9]\d* fail|\b[1-9]\d* errors|fail [1-9]|(Failures|Errors): [1-9]|^--- FAIL|test result: FAILED|Failed!",
    re.MULTILINE,
)


# Maven's verify, which runs the tests, checks the format and takes warnings for errors, as the README's lint does. The
# file is one of a function's own.
LINTED_BY_TESTS = {"java": "App.java"}


class Kind(NamedTuple):
    """A project of a language with a dependency manager, its runtime the newest that this machine can build."""

    language: str
    manager: str

    def __str__(self) -> str:
        return "-".join(self)

    @property
    def use_cases(self) -> list[str]:
        """All of the language; a second dependency manager has one without libraries of its own and one with some."""
        row = CATALOGUE.languages[self.language]
        served = [name for name in CATALOGUE.use_cases if name in row.handlers and name in USE_CASES]
        if self.manager == next(iter(row.managers)):
            return served
        return sorted(served, key=lambda name: bool(row.handlers[name].libraries))[:: max(len(served) - 1, 1)]

    def of_runtime(self, runtime: str) -> tuple[FunctionSpec, ...]:
        """Return the functions of all these use cases for a runtime, as Zips but for those that are images alone."""
        types = {name: package_of(self.language, name, "Zip") for name in self.use_cases}
        cells = (Cell(name, types[name], self.language, runtime, self.manager) for name in self.use_cases)
        return tuple(function for cell in cells for function in functions_of(CATALOGUE, cell))

    @property
    def functions(self) -> tuple[FunctionSpec, ...]:
        return self.of_runtime(newest_runtime(self.language, self.manager))

    @property
    def of_other_libraries(self) -> tuple[FunctionSpec, ...]:
        """One function for each set of libraries: what `sam build` does with the others is the same."""
        handlers = CATALOGUE.languages[self.language].handlers
        zips = [one for one in self.functions if one.package_type == "Zip"]
        sets = {str(sorted(handlers[one.use_case].libraries)): one for one in reversed(zips)}
        return tuple(reversed(sets.values()))


KINDS = [Kind(row.id, manager) for row in CATALOGUE.languages.values() for manager in row.managers]
KINDS = [kind for kind in KINDS if kind.use_cases]
MAIN = [kind for kind in KINDS if kind.manager == next(iter(CATALOGUE.languages[kind.language].managers))]


def named(kinds: list[Kind]) -> pytest.MarkDecorator:
    """Run a test for each of these projects; the tests of a project run in one process, which keeps it."""
    rows = [pytest.param(kind, marks=pytest.mark.xdist_group(f"generated-{kind}"), id=str(kind)) for kind in kinds]
    return pytest.mark.parametrize("kind", rows)


@pytest.fixture(scope="session")
def caches(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Yield an environment in which the tools share what they compile between projects."""
    inherited = {key: value for key, value in os.environ.items() if key not in ("VIRTUAL_ENV", "PYTHONPATH")}
    target = tmp_path_factory.getbasetemp() / "cargo-target"
    with cargo.kept(target):
        yield {**inherited, **QUICK, "CARGO_TARGET_DIR": str(target), "SAM_CLI_TELEMETRY": "0"}


def run(script: str, folder: Path, environment: dict[str, str], *prefix: str) -> tuple[int, str]:
    """Run a script of bash and return its exit code and what it printed."""
    done = subprocess.run(
        [*prefix, "bash", "-euo", "pipefail", "-c", script],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        timeout=1200,
    )
    return done.returncode, done.stdout


def bash(script: str, folder: Path, environment: dict[str, str], *prefix: str) -> str:
    """Run a script of bash, which must succeed, and return what it printed."""
    code, printed = run(script, folder, environment, *prefix)
    assert code == 0, f"{script}\n{printed[-8000:]}"
    return printed


class Project:
    """A project in a folder, and the commands of its README for each of its functions."""

    def __init__(self, spec: ProjectSpec, folder: Path, environment: dict[str, str]) -> None:
        self.folder = project.create(CATALOGUE, spec, folder)
        self.environment = environment
        self.functions = {function.name: function for function in spec.functions}
        values = {function.name: contexts.context(CATALOGUE, spec, function) for function in spec.functions}
        commands = [[*row["install"], *row["test"], *row["lint"]] for row in values.values()]
        lines = section((self.folder / "README.md").read_text(), "Test").splitlines()
        assert [line for line in lines if not line.startswith("#")] == commands[0], "the README has those of the first"
        self.install = list(dict.fromkeys(line for row in values.values() for line in row["install"]))
        self.tests = {name: self.runnable(row, "test") for name, row in values.items()}
        self.lint = {name: self.runnable(row, "lint") for name, row in values.items()}

    @staticmethod
    def runnable(context: dict[str, Any], key: str) -> str:
        """Return commands as a script of their own, in the environment that installing left active."""
        return "\n".join([*(line for line in context["install"] if line.startswith(". ")), *context[key]])

    def installed(self) -> None:
        """Install what all functions need; a line that is there for each of them is needed once."""
        bash("\n".join(self.install), self.folder, self.environment)

    def files(self, function: str, name: str) -> Iterator[Path]:
        """Return the files of that name that a function has, but for installed ones."""
        found = (self.folder / CATALOGUE.folder(self.functions[function])).rglob(name)
        return (path for path in found if not {"node_modules", ".venv"} & {*path.parts})

    @contextmanager
    def wrong_event(self, function: str) -> Iterator[None]:
        """Have a sample event meanwhile with which a function's tests must fail; those of hello-world do not."""
        assert function != "hello-world"
        context = contexts.context(
            CATALOGUE, ProjectSpec("sam-app", (*self.functions.values(),)), self.functions[function]
        )
        event = self.folder / str(context["event"])
        right = event.read_text()
        event.write_text("{}\n")
        try:
            yield
        finally:
            event.write_text(right)

    def tested(self, function: str, *prefix: str) -> str:
        """Run a function's tests and return what they print; AssertionError where they fail."""
        return bash(self.tests[function], self.folder, self.environment, *prefix)

    def mistakes(self) -> Iterator[tuple[str, Mistake, bool]]:
        """Yield each mistake that the tests must notice, with the function, and whether it is the function's first.

        One in what a group shares is made in the first of its functions.
        """
        seen: set[tuple[str, Mistake]] = set()
        for function in self.functions.values():
            rows = [row for row in mistakes(function.language, function.use_case) if row.part in ("", function.part)]
            rows = [row for row in rows if (function.group, row) not in seen]
            seen |= {(function.group, row) for row in rows}
            yield from ((function.name, row, number == 0) for number, row in enumerate(rows))


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory, caches: dict[str, str]) -> Callable[[Kind], Project]:
    """Return the project of a kind, with what it needs installed."""
    ready: dict[Kind, Project] = {}

    def prepare(kind: Kind) -> Project:
        if kind not in ready:
            one = Project(ProjectSpec("sam-app", kind.functions), tmp_path_factory.mktemp(str(kind)), caches)
            one.installed()
            ready[kind] = one
        return ready[kind]

    return prepare


@named(KINDS)
def test_the_readmes_test_commands_work_without_a_network(
    kind: Kind, installed: Callable[[Kind], Project], record_property: Callable[[str, object], None]
) -> None:
    one = installed(kind)
    # Without a network, but for the machine itself, which a test of a server asks.
    alone = "unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"
    code, _ = run("true", one.folder, one.environment, *alone) if shutil.which("unshare") else (1, "")
    offline = () if code else alone

    def check(function: str) -> None:
        printed = one.tested(function, *offline)
        assert PASSED.search(printed), printed
        assert not FAILED.search(printed), printed

    count = for_each(one.tests, check)
    record_property("count", f"{kind.language} {count}")
    record_property("runtime", f"{kind.language} {next(iter(one.functions.values())).runtime}")
    *_, last = one.tests
    with one.wrong_event(last):
        code, printed = run(one.tests[last], one.folder, one.environment)
    assert code, f"the tests of {last} do not notice another sample event: {printed[-2000:]}"
    if not offline:
        can("netns", *alone, "true")


def own_files(folder: Path) -> dict[str, bytes]:
    """Return the files of a project as it was made, by its lock."""
    return {name: (folder / name).read_bytes() for name in json.loads((folder / lock.FILE).read_text())["files"]}


@named(MAIN)
def test_lint_finds_nothing_in_any_function(kind: Kind, installed: Callable[[Kind], Project]) -> None:
    """The README's commands, each once; several of them look at all functions."""
    needs(*LINTERS.get(kind.language, []))
    one = installed(kind)
    scripts = [*one.lint.values()]
    lines = dict.fromkeys(line for script in scripts for line in script.splitlines())
    active = [line for line in one.install if line.startswith(". ")]
    if kind.language in LINTED_BY_TESTS:
        lines = dict.fromkeys(scripts[0].splitlines())
        unformatted_code_fails(one)

    def check(line: str) -> None:
        bash("\n".join([*active, line]), one.folder, one.environment)

    for_each([line for line in lines if line not in active], check)


def unformatted_code_fails(one: Project) -> None:
    """Have a function's tests refuse what its linter would, so that the linter need not look at every function."""
    last = list(one.tests)[-1]
    source = next(path for path in one.files(last, LINTED_BY_TESTS[one.functions[last].language]))
    right = source.read_text()
    source.write_text(right + "\n\n")
    try:
        code, printed = run(one.tests[last], one.folder, one.environment)
    finally:
        source.write_text(right)
    assert code
    assert "format violations" in printed, printed[-2000:]


def stop(server: subprocess.Popen[bytes]) -> None:
    """End a server and what it started: asked to, and by force where that does not end it.

    A server that restarts itself when its code changes hangs now and then when several of its processes are asked at
    once; what is tested is that it starts, and one left over would take the port from every test after this one.
    """
    os.killpg(server.pid, signal.SIGTERM)
    try:
        server.wait(timeout=15)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


@named(KINDS)
def test_the_readmes_command_starts_the_web_server(kind: Kind, installed: Callable[[Kind], Project]) -> None:
    if "web" not in kind.use_cases:
        pytest.skip("this dependency manager is tested with other templates")
    one = installed(kind)
    context = contexts.context(CATALOGUE, ProjectSpec("sam-app", ()), one.functions["web"])
    assert f"```bash\n{context['serve']}\n```" in (one.folder / "README.md").read_text()
    script = "\n".join([*(line for line in one.install if line.startswith(". ")), str(context["serve"])])
    with locked("port-8000"):  # it is that of all of them
        with socket.socket() as probe:
            assert probe.connect_ex(("localhost", 8000)), "another server listens on port 8000"
        server = subprocess.Popen(
            ["bash", "-euo", "pipefail", "-c", script], cwd=one.folder, env=one.environment, start_new_session=True
        )
        try:
            status, _, body = request("GET", "http://localhost:8000/greetings/Ada", patience=120)
        finally:
            stop(server)
    assert (status, json.loads(body)) == (200, {"message": "hello Ada"})


@named(KINDS)
def test_make_tests_and_lints_every_function(kind: Kind, tmp_path: Path, caches: dict[str, str]) -> None:
    """In a new project of the first and the last function; lint finds nothing, and format has nothing to do."""
    needs("make", *LINTERS.get(kind.language, []))
    one = Project(ProjectSpec("sam-app", (kind.functions[0], kind.functions[-1])), tmp_path, caches)
    before = own_files(one.folder)
    printed = bash("make test", one.folder, caches)
    assert PASSED.search(printed), printed
    assert not FAILED.search(printed), printed
    bash("make lint", one.folder, caches)
    bash(next(iter(one.lint.values())), one.folder, caches)
    bash("make format", one.folder, caches)
    assert own_files(one.folder) == before

    # What is wrong for the last function alone, and in no file of its code: earlier results do not stand for new ones.
    *_, last = one.tests
    with one.wrong_event(last):
        code, printed = run("make test", one.folder, caches)
    assert code, f"make test does not notice another sample event of {last}: {printed[-2000:]}"


@named(MAIN)
def test_the_integration_test_asks_the_deployed_api(kind: Kind, installed: Callable[[Kind], Project], aws: Aws) -> None:
    """The stack's outputs are moto's, and name a server here; what it answers decides."""
    needs("make", "sam")
    if kind.language == "ruby":  # .ci/ruby's lives in a root file system of its own
        can("sam beside Ruby", "ruby", "-e", "exit !system('sam', '--version').nil?")
    one = installed(kind)
    rows = [contexts.context(CATALOGUE, ProjectSpec("sam-app", ()), function) for function in one.functions.values()]
    apis = [row for row in rows if row["http"]]
    aws.reset()
    with serving() as server:
        outputs = {
            f"{context['function_pascal']}Api": {"Value": f"http://127.0.0.1:{server.port}/{context['path']}"}
            for context in apis
        }
        topic = {"T": {"Type": "AWS::SNS::Topic"}}
        aws.deploy("deployed", json.dumps({"Resources": topic, "Outputs": outputs}))
        environment = {**one.environment, **aws.environment, "NO_PROXY": "localhost,127.0.0.1"}
        printed = bash("make integration STACK=deployed", one.folder, environment)
        assert not FAILED.search(printed), printed
        assert server.asked >= {
            (str(context["method"]).upper(), str(context["path"]).split("/")[0]) for context in apis
        }
        server.answers_wrong = True
        code, _ = run("make integration STACK=deployed", one.folder, environment)
        assert code


@pytest.fixture(scope="module")
def aws() -> Iterator[Aws]:
    with running() as server:
        yield server


@named(MAIN)
@pytest.mark.parametrize("which", ["first", pytest.param("others", marks=pytest.mark.proof)])
def test_unit_tests_notice_each_mistake(kind: Kind, which: str, installed: Callable[[Kind], Project]) -> None:
    """With another greeting, another field of the message, or what no seed decides, the tests must not pass."""
    one = installed(kind)

    def check(row: tuple[str, Mistake]) -> None:
        function, mistake = row
        (source,) = one.files(function, mistake.file)
        right = source.read_text()
        mistake.make(source)
        try:
            code, printed = run(one.tests[function], one.folder, one.environment)
        finally:
            source.write_text(right)
        assert code, f"{mistake.wrong!r} in {mistake.file} is not noticed"
        assert FAILED.search(printed), f"{mistake.wrong!r} in {mistake.file} fails, but in no test: {printed[-2000:]}"

    rows = [(function, row) for function, row, is_first in one.mistakes() if is_first is (which == "first")]
    for_each(rows, check)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, caches: dict[str, str]) -> Callable[[Kind], Project]:
    """Return a new project of a kind, as `sam build` has left it."""
    ready: dict[Kind, Project] = {}

    def prepare(kind: Kind) -> Project:
        needs("sam")
        if kind not in ready:
            spec = ProjectSpec("sam-app", kind.of_other_libraries)
            one = Project(spec, tmp_path_factory.mktemp(f"{kind}-built"), caches)
            # Programs in Rust have the same name, and functions are built side by side: not in one folder.
            own = {name: value for name, value in caches.items() if name != "CARGO_TARGET_DIR"}
            bash("sam build", one.folder, own)
            ready[kind] = one
        return ready[kind]

    return prepare


@named(KINDS)
def test_sam_builds_the_zips_and_ships_nothing_for_development(
    kind: Kind, built: Callable[[Kind], Project], record_property: Callable[[str, object], None]
) -> None:
    if kind.language == "dotnet":
        can("nuget", "dotnet", "tool", "search", "Amazon.Lambda.Tools")
    one = built(kind)

    def check(function: str) -> None:
        artefact = one.folder / ".aws-sam" / "build" / one.functions[function].logical_id
        files = [path.relative_to(artefact).as_posix() for path in artefact.rglob("*") if path.is_file()]
        assert files
        assert [file for file in files if DEVELOPMENT.search(file)] == []

    count = for_each(one.functions, check)
    record_property("count", f"{kind.language} {count}")
    record_property("runtime", f"{kind.language} {next(iter(one.functions.values())).runtime}")


@named([kind for kind in MAIN if kind.language == "python"])
def test_python_answers_from_its_artefact(kind: Kind, built: Callable[[Kind], Project], caches: dict[str, str]) -> None:
    one = built(kind)
    code = "import json, app; print(json.dumps(app.lambda_handler({}, None)))"
    artefact = one.folder / ".aws-sam" / "build" / one.functions["hello-world"].logical_id
    answer = json.loads(bash(f"python3 -c '{code}'", artefact, caches))
    assert json.loads(answer["body"]) == {"message": "hello world"}


@pytest.mark.parametrize("kind", MAIN, ids=str)
def test_sam_validates_and_lints(kind: Kind, tmp_path: Path, caches: dict[str, str]) -> None:
    """One template has every use case, as a Zip if there is one, and as an image."""
    needs("sam")
    row = CATALOGUE.languages[kind.language]
    runtime = next(one for one in row.runtimes if one.status(CATALOGUE.today) == SUPPORTED)
    functions = kind.of_runtime(runtime.id)
    zips = [one for one in functions if one.package_type == "Zip"]
    images = [replace(one.renamed(f"{one.group}-image"), package_type="Image") for one in zips]
    folder = project.create(CATALOGUE, ProjectSpec("sam-app", (*functions, *images)), tmp_path)
    environment = {**caches, "AWS_DEFAULT_REGION": "eu-central-1"}
    assert "is a valid SAM Template" in bash("sam validate --lint", folder, environment)


@pytest.mark.parametrize("version", ["22", "24"])
def test_nodejs_on_the_version_of_each_runtime(version: str, tmp_path: Path, caches: dict[str, str]) -> None:
    """The npm package `node` carries the binaries, so the tests run on what Lambda runs."""
    needs("node", "npm")
    if subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.startswith(
        f"v{version}."
    ):
        pytest.skip("all other tests run on it")
    tools = tmp_path / "node"
    bash(f"npm install --silent --prefix {tools} node@{version}", tmp_path, caches)
    path = f"{tools / 'node_modules' / 'node' / 'bin'}{os.pathsep}{caches['PATH']}"
    functions = Kind("nodejs", "npm").of_runtime(f"nodejs{version}.x")
    spec = ProjectSpec("sam-app", functions)
    one = Project(spec, tmp_path / "project", {**caches, "PATH": path})
    assert bash("node --version", one.folder, one.environment).startswith(f"v{version}.")
    handlers = CATALOGUE.languages["nodejs"].handlers
    for number, function in enumerate(functions):
        # Linters and types are large, and no test imports them; the first function has them all the same.
        leave_out = {"npm_config_omit": "dev"} if number and not handlers[function.use_case].dev_libraries else {}
        install = "\n".join(contexts.context(CATALOGUE, spec, function)["install"])
        bash(install, one.folder, {**one.environment, **leave_out})
    for_each(one.tests, one.tested)


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
    project.add(CATALOGUE, spec, (go,), folder)
    project.add(CATALOGUE, ProjectSpec("mixed", (python, go)), (java,), folder)
    after = (folder / "template.yaml").read_text().splitlines()
    remaining = iter(after)
    assert all(line in remaining for line in before), "every line that was there is there, in its order"

    bash("sam build", folder, caches)
    for function in (python, go, java):
        assert any((folder / ".aws-sam" / "build" / function.logical_id).iterdir())
        values = contexts.context(CATALOGUE, spec, function)
        for line in values["install"], values["test"]:
            bash("\n".join(line), folder, caches)
