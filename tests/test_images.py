"""Generated images: built unchanged with a real engine, run as on Lambda, and asked.

Their base images are made on this machine (tests/images/make.py): no registry of images is needed.
"""

from __future__ import annotations

import functools
import json
import re
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from conftest import CATALOGUE, can, create, needs
from images.make import RUNTIMES, NoStandInError, locked, make
from scaffold.model import Cell
from scaffold.resolve import function_of
from test_generated import DEVELOPMENT, KINDS, MISTAKES

IMAGES = [kind[:3] for kind in KINDS if kind[3] == "Image"]
# The Dockerfile of a dependency manager is the same for each use case, so what it alone decides is looked at once.
MANAGERS = [kind for kind in IMAGES if kind[2] == "hello-world"]
HELLO = {"message": "hello world"}
# The step that fetches what a function depends on.
DEPENDENCIES = {
    "pip": "pip install",
    "uv": "uv export",
    "npm": "npm ci",
    "bundler": "bundle install",
    "mod": "go mod download",
    "cargo": "cargo build --release",
    "maven": "dependency:copy-dependencies",
    "gradle": "gradle --no-daemon libraries",
    "cli-package": "dotnet restore",
}
# What a function's folder has, and its image should not.
LEFTOVERS = re.compile(
    r"/var/task/([^/]+\.md|Dockerfile|\.\w+ignore|\.git|\.venv|\.cache|\.npm|\.lock|events|tests?|src|target|vendor/cache"
    r"|vendor/bundle/ruby/[^/]+/cache)(/|$)"
)
# Some languages' functions come without a library. How to add one (Python's is partly compiled), and a use of it.
NPM = ("npm install --package-lock-only --silent ms@2.1.3", 'import ms from "ms";\n', "ms(60000)", "1m")
PYTHON = ("from markupsafe import escape\n", 'str(escape("<hello>"))', "&lt;hello&gt;")
LIBRARIES = {
    ("python", "pip"): ("echo MarkupSafe==3.0.3 >> requirements.txt", *PYTHON),
    ("python", "uv"): ("uv add --quiet --no-sync MarkupSafe==3.0.3", *PYTHON),
    ("nodejs", "npm"): NPM,
    ("typescript", "npm"): NPM,
}
# Lambda's own user owns nothing in an image and may do nothing special; of the file system it can write to /tmp.
AS_ON_LAMBDA = [
    "--read-only",
    "--tmpfs=/tmp:exec",
    "--user=993:990",
    "--cap-drop=ALL",
    "--security-opt=no-new-privileges",
]


def docker(*command: str | Path, **options: Any) -> str:
    # The classic builder, as `sam build` uses it; not every client has BuildKit.
    done = subprocess.run(
        ["env", "DOCKER_BUILDKIT=0", "docker", *map(str, command)],
        text=True,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        **{"timeout": 900, **options},
    )
    assert done.returncode == 0, f"docker {' '.join(map(str, command))}\n{done.stdout[-6000:]}"
    return done.stdout


def stand_in(name: str) -> None:
    try:
        make(name)
    except NoStandInError as error:
        pytest.skip(f"no stand-in for {name}: {error}")


def dockerfile(folder: Path) -> Path:
    (file,) = folder.rglob("Dockerfile")
    return file


def bases(file: Path) -> list[str]:
    """Return the images that a Dockerfile starts from, the one that is run last."""
    return list(dict.fromkeys(re.findall(r"^FROM (\S+:\S+)", file.read_text(), re.MULTILINE)))


def build(folder: Path, image: str) -> str:
    with locked(image):
        return docker("build", "--force-rm", "--network", "host", "--tag", image, dockerfile(folder).parent)


@contextmanager
def running(image: str) -> Iterator[str]:
    """Run an image as Lambda does, and yield where its emulator takes events."""
    container = docker("run", "--detach", "--publish", "127.0.0.1::8080", *AS_ON_LAMBDA, image).strip()
    try:
        address = docker("port", container, "8080").split()[-1]
        yield f"http://{address}/2015-03-31/functions/function/invocations"
    except BaseException:
        print(docker("logs", container))  # noqa: T201  pytest shows it beside the failure
        raise
    finally:
        docker("rm", "--force", "--volumes", container)


def ask(url: str, event: bytes) -> Any:
    """Post an event; the emulator may need a moment until it listens."""
    limit = time.monotonic() + 30
    while (answer := answer_of(url, event)) is None:
        assert time.monotonic() < limit, "the emulator does not answer"
        time.sleep(0.1)
    return json.loads(answer)


def answer_of(url: str, event: bytes) -> bytes | None:
    """Return the answer, or ``None`` where nothing listens yet."""
    try:
        with urllib.request.urlopen(url, event, timeout=30) as response:
            return response.read()
    except urllib.error.HTTPError:
        raise
    except (ConnectionError, urllib.error.URLError):
        return None


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Callable[[tuple[str, str, str]], tuple[Path, Cell, str]]:
    """Return a project as someone has it who checked it out with umask 077, its cell, and its image's name.

    Files that nobody else may read are the harder case: what is right for them is right for others.
    """
    can("docker", "docker", "info")

    @functools.cache
    def prepare(kind: tuple[str, str, str]) -> tuple[Path, Cell, str]:
        language, manager, use_case = kind
        if language not in RUNTIMES:
            pytest.skip(f"no stand-in for an image with {CATALOGUE.languages[language].title} is made")
        cell = Cell(use_case, "Image", language, RUNTIMES[language], manager)
        folder = create(cell, tmp_path_factory.mktemp("-".join(kind)))
        subprocess.run(["chmod", "-R", "go=", folder], check=True)
        for base in bases(dockerfile(folder)):
            stand_in(base)
        return folder, cell, f"sam-scaffold-test/{'-'.join(kind)}"

    return prepare


@pytest.mark.parametrize("kind", IMAGES, ids="-".join)
def test_an_image_builds_and_answers(
    kind: tuple[str, str, str], project: Callable[..., Any], record_property: Callable[[str, object], None]
) -> None:
    folder, cell, image = project(kind)
    record_property("runtime", cell.runtime)
    (event,) = folder.glob("events/*/event.json")

    build(folder, image)
    with running(image) as url:
        answers = [ask(url, event.read_bytes()) for _ in range(2)]

    if kind[2] == "sqs":
        bad = json.loads(event.read_text())["Records"][1]["messageId"]
        assert answers == [{"batchItemFailures": [{"itemIdentifier": bad}]}] * 2
        return
    assert [answer["statusCode"] for answer in answers] == [200, 200]
    first, second = (json.loads(answer["body"]) for answer in answers)
    if kind[2] == "get-customer":
        assert list(first) == list(second) == ["id", "name", "email", "phone", "address"]
        assert first["id"] != second["id"]
    else:
        assert first == second == HELLO


@pytest.mark.parametrize("kind", MANAGERS, ids="-".join)
def test_an_image_of_edited_code_takes_its_dependencies_from_the_cache(
    kind: tuple[str, str, str], project: Callable[..., Any], tmp_path: Path
) -> None:
    folder, _, image = project(kind)
    build(folder, image)
    copy, edited = tmp_path / "edited", f"{image}:edited"
    subprocess.run(["cp", "-a", folder, copy], check=True)
    name, right, wrong = MISTAKES[kind[0], kind[2]]
    (source,) = (path for path in copy.rglob(name) if "test" not in path.parts)
    source.write_text(source.read_text().replace(right, wrong))

    try:
        printed = build(copy, edited)
        with running(edited) as url:
            answer = ask(url, next(copy.glob("events/*/event.json")).read_bytes())
    finally:
        docker("rmi", "--force", edited)

    steps = re.findall(r"^Step \d+/\d+ : (.*?)(?=^Step |\Z)", printed, re.MULTILINE | re.DOTALL)
    first = next(step for step in steps if DEPENDENCIES[kind[1]] in step)
    assert "Using cache" in first, printed
    assert json.loads(answer["body"]) == {"message": "hello moon"}, "the edited code is what runs"


def contents(image: str) -> set[tuple[str, str, str]]:
    """Return mode, kind and path of all that is in an image."""
    listing = docker("run", "--rm", "--entrypoint", "find", image, "/", "-xdev", "-printf", r"%m %y %p\n")
    return {(mode, kind, path) for mode, kind, path in (line.split(" ", 2) for line in listing.splitlines())}


def look_into(image: str, base: str) -> set[str]:
    """Return the paths of what an image has beyond its base, after a look at what and for whom it is."""
    # Docker writes these into a container when it starts.
    added = {one for one in contents(image) - contents(base) if not re.match("/(etc|proc|sys|dev)(/|$)", one[2])}
    paths = {path for _, _, path in added}
    place = "/var/runtime/bootstrap" if "/provided:" in base else "/var/task"
    assert paths
    assert [path for path in paths if not re.match(f"{place}(/|$)", path)] == []
    assert [path for path in paths if DEVELOPMENT.search(path)] == []
    assert [path for path in paths if LEFTOVERS.match(path)] == []
    for mode, kind, path in added:
        wanted = 0o555 if kind == "d" or path.endswith("/bootstrap") else 0o444
        assert int(mode, 8) & wanted == wanted, f"{path} has mode {mode}"
    return paths


@pytest.mark.parametrize("kind", IMAGES, ids="-".join)
def test_an_image_holds_the_function_and_its_libraries_for_all_to_read(
    kind: tuple[str, str, str], project: Callable[..., Any]
) -> None:
    folder, _, image = project(kind)
    build(folder, image)
    look_into(image, bases(dockerfile(folder))[-1])


@pytest.mark.parametrize("kind", [kind for kind in MANAGERS if kind[:2] in LIBRARIES], ids="-".join)
def test_an_image_holds_a_library_that_was_added(
    kind: tuple[str, str, str], project: Callable[..., Any], tmp_path: Path
) -> None:
    folder, _, image = project(kind)
    add, load, use, expected = LIBRARIES[kind[:2]]
    needs(add.split()[0])
    copy, image = tmp_path / "copy", f"{image}-library"
    subprocess.run(["cp", "-a", folder, copy], check=True)
    code = dockerfile(copy).parent
    subprocess.run(["sh", "-euc", f"umask 077; {add}"], cwd=code, check=True, timeout=120)
    (source,) = code.glob("app.*")
    future, _, text = source.read_text().rpartition("from __future__ import annotations\n")
    head = f"{future}from __future__ import annotations\n" if future else ""
    source.write_text(head + load + text.replace('"hello world"', use))

    build(copy, image)
    with running(image) as url:
        answer = ask(url, next(copy.glob("events/*/event.json")).read_bytes())

    assert json.loads(answer["body"]) == {"message": expected}
    look_into(image, bases(dockerfile(copy))[-1])


def test_sam_builds_an_image_and_invokes_it(project: Callable[..., Any], tmp_path: Path) -> None:
    needs("sam")
    kind = next(one for one in IMAGES if one[0] == "python")
    folder, cell, image = project(kind)
    # So that the libraries come from the cache: sam build has no word for the host's network.
    build(folder, image)
    copy = tmp_path / folder.name
    subprocess.run(["cp", "-a", folder, copy], check=True)
    identifier = function_of(CATALOGUE, cell).logical_id

    def sam(*command: str) -> str:
        environment = ["SAM_CLI_TELEMETRY=0", "AWS_DEFAULT_REGION=eu-central-1"]
        done = subprocess.run(
            ["env", *environment, "sam", *command],
            cwd=copy,
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
            timeout=300,
        )
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
        return done.stdout

    try:
        sam("build")
        event = next(copy.glob("events/*/event.json")).relative_to(copy)
        answer = json.loads(sam("local", "invoke", "--skip-pull-image", "--event", str(event)).splitlines()[-1])
        assert json.loads(answer["body"]) == HELLO
    finally:
        left = docker("images", "--format", "{{.Repository}}:{{.Tag}}", identifier.lower()).split()
        docker("rmi", "--force", *left)
