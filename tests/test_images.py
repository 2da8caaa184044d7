"""Generated images: built unchanged with a real engine, run as on Lambda, and asked.

Their base images are made on this machine (tests/images/make.py): no registry of images is needed. With
SCAFFOLD_REAL_IMAGES=1 they are the public ones.
"""

from __future__ import annotations

import base64
import functools
import json
import os
import re
import shlex
import shutil
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote

import pytest

from conftest import CATALOGUE, can, for_each, function_of, needs
from expected import DEVELOPMENT, Response, mistakes, responses
from images.engine import (
    AS_ON_LAMBDA,
    ask,
    build,
    docker,
    dockerfile,
    events_of,
    gateway,
    images_of,
    listening,
    missing,
    request,
    run,
    running,
    under_an_emulator,
)
from images.make import REAL, RUNTIMES, known, locked
from scaffold import contexts, project
from scaffold.model import SUPPORTED, Cell
from scaffold.render_steps import render_steps
from scaffold.resolve import functions_of
from scaffold.spec import AMAZON, FunctionSpec, ProjectSpec
from stored import Nothing, services_of
from toolchains import QUICK, newest_runtime

# A custom base is asked what proves it, and this use case once in each language: handlers are those of every base.
SECOND = "sqs"
WEB = "web"


class Kind(NamedTuple):
    """What is built; the runtime is the one that a stand-in has, or the newest where there is none."""

    language: str
    manager: str
    use_case: str
    base: str
    part: str = ""

    @property
    def cell(self) -> Cell:
        return Cell(self.use_case, "Image", self.language, runtime_of(self.language), self.manager)

    @property
    def function(self) -> FunctionSpec:
        functions = functions_of(CATALOGUE, self.cell)
        return replace(next(one for one in functions if one.part == self.part), base=self.base)

    @property
    def image(self) -> str:
        return f"sam-scaffold-test/{self}"

    def __str__(self) -> str:
        return "-".join(filter(None, self))


def runtime_of(language: str) -> str:
    runtimes = CATALOGUE.languages[language].runtimes
    newest = next(one.id for one in runtimes if one.status(CATALOGUE.today) == SUPPORTED and one.image)
    return RUNTIMES.get(language, newest)


def kinds() -> Iterator[Kind]:
    for language in [one for one in CATALOGUE.languages.values() if one.use_cases()]:
        runtime = language.runtime(runtime_of(language.id))
        for manager in [one for one in language.managers if CATALOGUE.manager_serves(language, one, runtime)]:
            bases = CATALOGUE.bases_for(language, runtime, manager)
            second = [one for one in bases if one != AMAZON][:1] if manager == next(iter(language.managers)) else []
            for base in bases:
                for use_case in [
                    one for one in language.use_cases() if CATALOGUE.handler_runs_on(language, one, runtime)
                ]:
                    if base == AMAZON or use_case == "hello-world" or (use_case == SECOND and base in second):
                        for part in CATALOGUE.use_cases[use_case].parts:
                            yield Kind(language.id, manager, use_case, base, part.id)


def ingredients(kind: Kind) -> tuple[object, ...]:
    """Return what decides a Dockerfile, a manifest and a lock file; those of equal ingredients are the same."""
    handler = CATALOGUE.languages[kind.language].handlers[kind.use_case]
    layers = [step.layer for step in render_steps(CATALOGUE, ProjectSpec("sam-app", (kind.function,)))]
    shared = [
        layer
        for layer in layers
        if "locks" in layer.parts or not {kind.use_case, "sources", "failures", "root"} & {*layer.parts}
    ]
    own = CATALOGUE.root / "languages" / kind.language / "handlers" / kind.use_case
    folders = own.glob("**/{{cookiecutter.folder}}/")
    paths = [path for folder in folders if folder.parent.name != "training" for path in folder.iterdir()]
    files = {path.name: path.read_text() for path in paths if MANIFESTS.fullmatch(path.name)}
    return (*shared, str(sorted({**handler.libraries, **handler.context, **files}.items())))


def chosen() -> Iterator[Kind]:
    """Yield one image for each base, and on AWS's with the first dependency manager those of other ingredients."""
    seen: set[tuple[object, ...]] = set()
    for kind in sorted(kinds(), key=lambda kind: kind.use_case != "hello-world"):
        first = kind.manager == next(iter(CATALOGUE.languages[kind.language].managers))
        if kind.language == "rust" and kind.use_case not in ("hello-world", SECOND, WEB):
            continue  # each compiles its crates anew, which takes minutes; sam build does the same with them
        if kind.use_case == "hello-world" or (kind.base == AMAZON and first and ingredients(kind) not in seen):
            seen.add(ingredients(kind))
            yield kind


MANIFESTS = re.compile(
    r"requirements\.txt|pyproject\.toml|uv\.lock|package(-lock)?\.json|go\.(mod|sum)|Cargo\.(toml|lock)|Gemfile(\.lock)?"
    r"|pom\.xml|.*\.gradle|gradle\.lockfile|.*\.(csproj|props)"
)
IMAGES = list(kinds())
CHOSEN = set(chosen())
# A Dockerfile is the same for each use case, so what it alone decides is looked at once.
DOCKERFILES = [kind for kind in IMAGES if kind.use_case == "hello-world"]
CUSTOM = [kind for kind in DOCKERFILES if kind.base != AMAZON]


def each(rows: list[Kind]) -> Callable[..., Any]:
    """Run a test for each of these images; `make proof` alone for those that hold nothing new.

    All tests of an image run in one process, so that no two build it at once.
    """
    parameters = [
        pytest.param(
            kind,
            id=str(kind),
            marks=[pytest.mark.xdist_group(str(kind)), *([] if kind in CHOSEN else [pytest.mark.proof])],
        )
        for kind in rows
    ]
    each_row = pytest.mark.parametrize("kind", parameters)
    return lambda test: pytest.mark.image(each_row(test))


# The step that fetches what a function depends on.
DEPENDENCIES = {
    "pip": "pip install",
    "uv": "uv export",
    "npm": "npm ci",
    "bundler": "bundle install",
    "mod": "go mod download",
    "cargo": "fn main() {}",
    "maven": "dependency:copy-dependencies",
    "gradle": "gradle --no-daemon libraries",
    "cli-package": "dotnet restore",
}
# Where an image has the files that it has beyond its base.
PLACES = {
    AMAZON: "/var/task",
    "amazon, OS only": "/var/runtime/bootstrap",
    "debian": "/var/task|/var/runtime|/lambda-entrypoint.sh|/usr/local/bundle|/opt/java/openjdk",
    "dotnet": "/var/task|/lambda-entrypoint.sh",
    "distroless": "/var/task/bootstrap",
    "scratch": "/var/task/bootstrap|/etc/ssl/certs/ca-certificates.crt",
}
ADAPTER = "/opt/extensions/lambda-adapter"
# The runtime's client, for Python with the tests of a library of its own, and libraries that come with their tests.
AS_PUBLISHED = re.compile(r"/var/(runtime|task/(matplotlib|mpl_toolkits|numpy|scipy))/")
# What a function's folder has, and its image should not.
LEFTOVERS = re.compile(
    r"/var/task/([^/]+\.md|Dockerfile|\.\w+ignore|\.git|\.venv|\.cache|\.npm|\.lock|events|tests?|src|target|vendor/cache"
    r"|vendor/bundle/ruby/[^/]+/cache)(/|$)|.*/aws-lambda-rie$"
)
# Docker writes these into a container when it starts.
DOCKERS = re.compile(r"/(\.dockerenv|(proc|sys|dev)(/.*)?|etc(/(hosts|hostname|resolv\.conf|mtab))?)?$")
# Some languages' functions come without a library. How to add one (Python's is partly compiled), and a use of it.
INSTALL = "npm install --package-lock-only --silent"
NPM = (f"{INSTALL} ms@2.1.3; {INSTALL} --save-dev @types/ms@2.1.0", 'import ms from "ms";\n', "ms(60000)", "1m")
PYTHON = ("from markupsafe import escape\n", 'str(escape("<hello>"))', "&lt;hello&gt;")
# uv locks with a Python that the project takes, and this machine may not have the runtime's.
UV = r"""sed -i.bak 's/==\(3\.[0-9]*\)\.\*/>=3.11/' pyproject.toml
uv add --quiet --no-sync MarkupSafe==3.0.3
sed -i.bak "s/>=3.11/$(grep -o '==3\.[0-9]*\.\*' pyproject.toml.bak)/" pyproject.toml uv.lock
rm *.bak"""
LIBRARIES = {
    ("python", "pip"): ("echo MarkupSafe==3.0.3 >> requirements.txt", *PYTHON),
    ("python", "uv"): (UV, *PYTHON),
    ("nodejs", "npm"): NPM,
    ("typescript", "npm"): NPM,
}


def build_to_ask(kind: Kind, folder: Path, image: str) -> str:
    """Build the image that has an emulator in it: what is deployed, or where that has none, the one with it."""
    return build(folder, image, *([] if kind.base == AMAZON else ["--target=local"]))


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Kind], Path]:
    """Return the project of a kind, as it was generated."""

    @functools.cache
    def make_project(kind: Kind) -> Path:
        spec = ProjectSpec("sam-app", (kind.function,))
        return project.create(CATALOGUE, spec, tmp_path_factory.mktemp(str(kind)))

    return make_project


@pytest.fixture(scope="session")
def checked_out(made: Callable[[Kind], Path]) -> Callable[[Kind], Path]:
    """Return the project of a kind as someone has it who checked it out with umask 077; all its base images are there.

    Files that nobody else may read are the harder case: what is right for them is right for others.
    """
    can("docker", "docker", "info")

    def prepare(kind: Kind) -> Path:
        folder = made(kind)
        subprocess.run(["chmod", "-R", "go=", folder], check=True)
        for image in images_of(dockerfile(folder))[0]:
            if (reason := missing(image)) is not None:
                pytest.skip(reason)
        return folder

    return prepare


@each(IMAGES)
def test_an_image_builds_and_answers(
    kind: Kind, checked_out: Callable[[Kind], Path], record_property: Callable[[str, object], None]
) -> None:
    if kind.language == "ruby" and CATALOGUE.use_cases[kind.use_case].services and not REAL:
        pytest.skip(
            "the stand-in for AWS's image of Ruby lacks the SDK that AWS's has, and no registry here has its gems"
        )
    folder = checked_out(kind)
    record_property("count", f"{kind.language} 1")
    record_property("runtime", f"{kind.language} {kind.cell.runtime}")

    build_to_ask(kind, folder, f"{kind.image}:asked")
    # Nothing but a server starts by itself in a web server's image, the emulator in it included.
    options, command = under_an_emulator(f"{kind.image}:asked") if kind.use_case == WEB else ([], ())
    with (
        services_of(kind.use_case, gateway()) as services,
        running(f"{kind.image}:asked", *services.options, *run_options(kind), *options, command=command) as url,
    ):
        for event, expected in responses(kind.use_case, kind.part, events_of(folder)):
            first, second = (answer_to(url, event, expected, services) for _ in range(2))
            assert (first == second) is expected.repeats or "fails" in expected.row


@each([kind for kind in IMAGES if kind.use_case == WEB])
def test_a_web_server_answers_as_a_container_what_it_answers_on_lambda(
    kind: Kind, checked_out: Callable[[Kind], Path]
) -> None:
    """One image: the Lambda Web Adapter in it does nothing outside Lambda, and changes nothing there."""
    folder = checked_out(kind)
    build(folder, kind.image)
    event = json.loads(events_of(folder)["event.json"])
    options, command = under_an_emulator(kind.image)

    with listening(kind.image, 8000) as server, running(kind.image, *options, command=command) as emulator:
        for method, path in REQUESTS:
            # API Gateway's HTTP APIs decode the path.
            event["rawPath"] = event["requestContext"]["http"]["path"] = unquote(path)
            event["requestContext"]["http"]["method"] = method
            by_lambda = ask(emulator, json.dumps(event).encode())
            status, content_type, body = request(method, f"{server}{path}")
            headers = {name.lower(): value for name, value in by_lambda["headers"].items()}
            text = by_lambda.get("body") or ""
            decoded = base64.b64decode(text) if by_lambda["isBase64Encoded"] else text.encode()
            assert (by_lambda["statusCode"], headers.get("content-type"), decoded) == (status, content_type, body), path
            assert status < 500, f"{method} {path}"
        by_url = {path: request("GET", f"{server}{path}") for path in ("/health", "/greetings/Ada", "/nowhere")}

    assert [status for status, _, _ in by_url.values()] == [200, 200, 404]
    assert json.loads(by_url["/greetings/Ada"][2]) == {"message": "hello Ada"}


# What a client may ask: letters beyond ASCII, the longest name and one that is too long, what is not there.
REQUESTS = [
    ("GET", "/greetings/Zo%C3%AB%20B"),
    ("GET", f"/greetings/{'x' * 100}"),
    ("GET", f"/greetings/{'x' * 101}"),
    ("GET", "/greetings/%22%3Cb%3E"),
    ("GET", "/greetings/"),
    ("GET", "/nowhere"),
    ("GET", "/health"),
    ("POST", "/greetings/Ada"),
]


def run_options(kind: Kind) -> list[str]:
    """Return what README.md says to `docker run` before the image's name."""
    return shlex.split(
        str(contexts.context(CATALOGUE, ProjectSpec("sam-app", ()), kind.function)["docker_run_options"])
    )


def answer_to(url: str, event: bytes, expected: Response, services: Nothing) -> object:
    """Ask a function, which must answer as expected and leave what is expected."""
    services.prepare(expected.row)
    answer = ask(url, event)
    try:
        expected.check(answer)
        services.check(expected.row)
    except AssertionError as error:
        raise AssertionError(f"{event.decode()[-300:]}: {error}") from error
    return answer


@each(CUSTOM)
def test_what_is_deployed_on_a_custom_base_leaves_the_emulator_to_others(
    kind: Kind, checked_out: Callable[[Kind], Path]
) -> None:
    folder = checked_out(kind)
    build(folder, kind.image)
    options, command = under_an_emulator(kind.image)

    with running(kind.image, *options, *run_options(kind), command=command) as url:
        answered = [
            (expected, ask(url, event)) for event, expected in responses(kind.use_case, kind.part, events_of(folder))
        ]
    alone = run("docker", "run", "--rm", *AS_ON_LAMBDA, kind.image, timeout=60)

    for expected, answer in answered:
        expected.check(answer)
    assert alone.returncode != 0
    if {"/bin/sh", "/usr/bin/sh"} & {path for _, _, path in contents(kind.image)}:
        assert re.search("emulator.*--target local", alone.stdout, re.DOTALL), alone.stdout


@each(DOCKERFILES)
def test_an_image_of_edited_code_takes_its_dependencies_from_the_cache(
    kind: Kind, checked_out: Callable[[Kind], Path], tmp_path: Path
) -> None:
    folder = checked_out(kind)
    build_to_ask(kind, folder, f"{kind.image}:asked")
    copy, edited = tmp_path / "edited", f"{kind.image}:edited"
    subprocess.run(["cp", "-a", folder, copy], check=True)
    mistake, *_ = mistakes(kind.language, kind.use_case)
    (source,) = (path for path in copy.rglob(mistake.file) if "test" not in path.parts)
    mistake.make(source)

    try:
        printed = build_to_ask(kind, copy, edited)
        with running(edited, *run_options(kind)) as url:
            answer = ask(url, next(iter(events_of(copy).values())))
    finally:
        docker("rmi", "--force", edited)

    steps = re.findall(r"^Step \d+/\d+ : (.*?)(?=^Step |\Z)", printed, re.MULTILINE | re.DOTALL)
    fetching = [step for step in steps if step.startswith("RUN") and DEPENDENCIES[kind.manager] in step]
    assert fetching
    assert [step for step in fetching if "Using cache" not in step] == [], printed
    assert json.loads(answer["body"]) == {"message": "hello moon"}, "the edited code is what runs"


@functools.cache
def contents(image: str) -> set[tuple[str, str, str]]:
    """Return mode, kind and path of all that is in an image. An image's own find is quicker than to export it."""
    if image == "scratch":
        return set()
    finding = ["--rm", "--user=0", "--entrypoint=find", image, "/", "-xdev", "-printf", r"%m %y %p\n"]
    found = run("docker", "run", *finding)
    if found.returncode == 0:
        return {(mode, kind, path) for mode, kind, path in (line.split(" ", 2) for line in found.stdout.splitlines())}
    container = docker("create", image, "none").strip()
    try:
        with subprocess.Popen(["docker", "export", container], stdout=subprocess.PIPE) as export:
            tar = tarfile.open(fileobj=export.stdout, mode="r|")  # noqa: SIM115  the stream is closed with its process
            return {(f"{one.mode:o}", "d" if one.isdir() else "f", f"/{one.name.strip('/')}") for one in tar}
    finally:
        docker("rm", container)


def look_into(kind: Kind, image: str, base: str) -> None:
    """Look at what an image has beyond its base, and for whom."""
    added = {one for one in contents(image) - contents(base) if not DOCKERS.match(one[2])}
    paths = {path for _, _, path in added}
    place = PLACES["amazon, OS only" if "/provided:" in base and kind.base == AMAZON else kind.base]
    place += f"|{ADAPTER}" if kind.use_case == WEB else ""
    assert paths
    assert [path for _, sort, path in added if sort != "d" and not re.match(f"({place})(/|$)", path)] == []
    assert [path for path in paths if DEVELOPMENT.search(path) and not AS_PUBLISHED.match(path)] == []
    assert [path for path in paths if LEFTOVERS.match(path)] == []
    for mode, sort, path in added:
        wanted = 0o555 if sort == "d" or path.endswith(("/bootstrap", "/lambda-entrypoint.sh")) else 0o444
        assert int(mode, 8) & wanted == wanted, f"{path} has mode {mode}"


@each(IMAGES)
def test_an_image_holds_the_function_and_its_libraries_for_all_to_read(
    kind: Kind, checked_out: Callable[[Kind], Path]
) -> None:
    folder = checked_out(kind)
    build(folder, kind.image)
    look_into(kind, kind.image, images_of(dockerfile(folder))[1])


@each([kind for kind in DOCKERFILES if kind[:2] in LIBRARIES])
def test_an_image_holds_a_library_that_was_added(
    kind: Kind, checked_out: Callable[[Kind], Path], tmp_path: Path
) -> None:
    folder = checked_out(kind)
    add, load, use, expected = LIBRARIES[kind[:2]]
    needs(add.split()[0])
    copy, image = tmp_path / "copy", f"{kind.image}-library"
    subprocess.run(["cp", "-a", folder, copy], check=True)
    code = dockerfile(copy).parent
    subprocess.run(["sh", "-euc", f"umask 077; {add}"], cwd=code, check=True, timeout=120)
    (source,) = code.glob("app.*")
    future, _, text = source.read_text().rpartition("from __future__ import annotations\n")
    head = f"{future}from __future__ import annotations\n" if future else ""
    source.write_text(head + load + text.replace('"hello world"', use))

    build_to_ask(kind, copy, f"{image}:asked")
    with running(f"{image}:asked") as url:
        answer = ask(url, next(iter(events_of(copy).values())))
    build(copy, image)

    assert json.loads(answer["body"]) == {"message": expected}
    look_into(kind, image, images_of(dockerfile(copy))[1])


@each(DOCKERFILES)
def test_sam_builds_an_image_and_invokes_it(kind: Kind, checked_out: Callable[[Kind], Path], tmp_path: Path) -> None:
    needs("sam")
    folder = checked_out(kind)
    # So that the libraries come from the cache: sam build has no word for the host's network.
    build(folder, kind.image)
    copy = tmp_path / folder.name
    subprocess.run(["cp", "-a", folder, copy], check=True)
    # sam calls an image as the function is called, which would be the same for two languages.
    identifier = "".join(part.capitalize() for part in re.split(r"\W", str(kind)))
    template = copy / "template.yaml"
    text = template.read_text().replace(kind.function.logical_id, identifier)
    # Nor is a busy machine to be a function that takes too long.
    template.write_text(re.sub(r"Timeout: \d+", "Timeout: 120", text))
    environment = {**os.environ, "SAM_CLI_TELEMETRY": "0", "AWS_DEFAULT_REGION": "eu-central-1"}
    event, *_ = sorted(copy.glob("events/*.json"))

    def sam(*command: str) -> str:
        done = run("sam", *command, cwd=copy, env=environment, stderr=subprocess.PIPE, timeout=300)
        assert (done.returncode, bool(done.stdout)) == (0, True), f"{done.stdout}\n{done.stderr}"
        return done.stdout

    with locked(identifier.lower()):
        try:
            sam("build")
            if not CATALOGUE.bases[kind.base].sam_local:
                return  # sam puts the emulator into an image with a shell command, and this one has no shell
            answer = json.loads(sam("local", "invoke", "--skip-pull-image", "--event", str(event)).splitlines()[-1])
        finally:
            left = docker("images", "--format", "{{.Repository}}:{{.Tag}}", identifier.lower()).split()
            run("docker", "rmi", "--force", *left)
    expected = responses(kind.use_case, kind.part, events_of(folder))
    next(response for sent, response in expected if sent == event.read_bytes()).check(answer)


@pytest.mark.image
@pytest.mark.toolchain
def test_one_project_has_every_language_as_zip_and_image(tmp_path: Path) -> None:
    """One `make test` and one `sam build` do for all of them, but for the languages without a toolchain here."""
    can("docker", "docker", "info")
    needs("sam", "make")
    functions: list[FunctionSpec] = []
    images: list[FunctionSpec] = []
    for language in CATALOGUE.languages.values():
        manager = next(iter(language.managers), "")
        if not manager or not all(map(shutil.which, language.managers[manager]["tools"])):
            continue
        cells = (
            Cell("hello-world", "Zip", language.id, newest_runtime(language.id, manager), manager),
            Cell("hello-world", "Image", language.id, runtime_of(language.id), manager),
        )
        zipped, image = (function_of(cell, "x86_64") for cell in cells)
        functions.append(replace(zipped, name=f"{language.id}-zip"))
        # The JDK here may be too old to compile for the Java of the stand-in image. Rust's takes minutes to compile,
        # and is built by itself.
        if language.id != "rust" and (language.interpreted or image.runtime == zipped.runtime):
            images.append(replace(image, name=f"{language.id}-image"))
    functions += images
    folder = project.create(CATALOGUE, ProjectSpec("sam-app", tuple(functions)), tmp_path)
    for function in images:
        code = folder / CATALOGUE.folder(function)
        for name in images_of(code / "Dockerfile")[0]:
            if (reason := missing(name)) is not None:
                pytest.skip(reason)
        # So that the libraries come from the cache: sam build has no word for the host's network.
        docker("build", "--force-rm", "--network=host", "--tag", f"sam-scaffold-test/mixed-{function.name}", code)
    environment = {**os.environ, **QUICK, "SAM_CLI_TELEMETRY": "0", "AWS_DEFAULT_REGION": "eu-central-1"}
    tags = [f"{function.logical_id.lower()}:{function.runtime}" for function in images]
    try:
        for command in (["make", "test"], ["sam", "build"]):
            done = run(*command, cwd=folder, env=environment, timeout=1800)
            assert done.returncode == 0, done.stdout[-8000:]
        for tag in tags:
            assert docker("image", "inspect", "--format={{.Id}}", tag)
    finally:
        run("docker", "rmi", "--force", *tags)
    built = folder / ".aws-sam/build"
    for function in functions:
        assert function in images or any((built / function.logical_id).iterdir()), function.name


BASES = [(language.id, base) for language in CATALOGUE.languages.values() for base in language.bases]


@pytest.mark.parametrize(("language", "base"), BASES, ids=map("-".join, BASES))
def test_the_catalogue_says_which_images_are_tested(language: str, base: str, made: Callable[[Kind], Path]) -> None:
    """Without an engine: one is tested if there is a way to make all the images that its Dockerfile names."""
    of_base = [kind for kind in DOCKERFILES if (kind.language, kind.base) == (language, base)]
    tested = [kind for kind in of_base if all(map(known, images_of(dockerfile(made(kind)))[0]))]
    row = CATALOGUE.languages[language].bases[base]
    assert row.tested == ((runtime_of(language),) if tested else ())
    assert bool(row.untested) is not bool(row.tested), "a reason where none is tested, and only there"


# A script of package.json that runs tests: it is there behind an API, and no part of what an image is built of.
INTEGRATION_SCRIPT = re.compile(r'^ *"(pre)?test:integration": .*\n', re.MULTILINE)


def test_images_of_equal_ingredients_are_built_of_equal_files(made: Callable[[Kind], Path]) -> None:
    """So one of them stands for the others, without an engine."""
    texts: dict[tuple[object, ...], tuple[Kind, dict[str, str]]] = {}
    same = 0

    def check(kind: Kind) -> None:
        nonlocal same
        context = contexts.context(CATALOGUE, ProjectSpec("sam-app", ()), kind.function)
        words = sorted({str(context[f"function{form}"]) for form in ("", "_snake", "_flat", "_pascal")}, key=len)
        names = re.compile("|".join(map(re.escape, reversed(words))))
        code = made(kind) / str(context["folder"])
        files = {
            names.sub("NAME", path.relative_to(code).as_posix()): names.sub("NAME", text)
            for path in code.rglob("*")
            if path.name in ("Dockerfile", ".dockerignore", "lambda-entrypoint.sh") or MANIFESTS.fullmatch(path.name)
            for text in [INTEGRATION_SCRIPT.sub("", path.read_text())]
        }
        assert "Dockerfile" in files
        first, expected = texts.setdefault(ingredients(kind), (kind, files))
        assert files == expected, f"not those of {'-'.join(first)}"
        same += first != kind

    for_each([kind for kind in IMAGES if kind.base == AMAZON], check)
    assert same
