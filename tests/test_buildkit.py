"""Dockerfiles with BuildKit's mounts: what they look like, that they build, and where a secret gets to."""

from __future__ import annotations

import base64
import io
import json
import re
import subprocess
import threading
import tomllib
import uuid
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import yaml

from conftest import CATALOGUE, can, for_each, function_of, needs
from dockerfiles import functions, projects, text_of
from images import buildkit
from images.engine import ask, dockerfile, events_of, gateway, images_of, listening, missing, request, running
from images.make import RUNTIMES, locked
from scaffold import project
from scaffold.dockerfile import Mounts, mount
from scaffold.model import Cell
from scaffold.spec import AMAZON, FunctionSpec, ProjectSpec

MOUNT = re.compile(r"--mount=\S+ \\\n    ")
TEXT = """\
FROM a AS build
RUN tool get --offline && chmod -R a+rX .
RUN echo tool get \\
    && toolbox get
RUN mkdir x \\
    && tool get \\
        --all
FROM a
RUN other
"""


def test_mounts_go_where_a_command_runs() -> None:
    tool = Mounts(["tool get"], ["/cache"], {"token": "/root/.token"}, locked=True, without=["--offline"])
    lines = [
        "--mount=type=cache,target=/cache,sharing=locked \\",
        "    --mount=type=secret,id=token,target=/root/.token \\",
    ]
    mounted = "\n".join(lines)
    assert mount(TEXT, [tool]) == (
        TEXT.replace("RUN tool get --offline &&", f"RUN {mounted}\n    tool get &&").replace(
            "RUN mkdir x", f"RUN {mounted}\n    mkdir x"
        )
    )
    assert mount(TEXT, []) == TEXT
    assert mount("# RUN tool get\n", [tool]) == "# RUN tool get\n"


def test_each_dockerfile_differs_in_mounts_and_flags_alone(tmp_path: Path) -> None:
    """Where a cache is mounted, nothing may forbid it, and no later step may count on what is in it."""

    def check(row: tuple[FunctionSpec, Path, Path]) -> None:
        function, plain, mounted = row
        before, after = text_of(plain, function), text_of(mounted, function)
        assert "--mount" not in before
        rows = CATALOGUE.mounts(function)
        for flag in (flag for one in rows for flag in one.without):
            before = before.replace(f" {flag} ", " ")
        assert MOUNT.sub("", after) == before
        assert {*re.findall(r"id=([^,]+)", after)} == {secret for one in rows for secret in one.secrets}
        assert all(len(line) <= 130 for line in after.splitlines())

    rows = []
    for plain in projects():
        folder = project.create(CATALOGUE, plain, tmp_path / "plain")
        mounted = project.create(CATALOGUE, replace(plain, buildkit=True), tmp_path / "mounted")
        rows += [(function, folder, mounted) for function in plain.functions]
    assert for_each(rows, check) > len(CATALOGUE.languages)
    needs("hadolint")
    files = [*(tmp_path / "mounted").rglob("Dockerfile")]
    run = subprocess.run(["hadolint", *files], capture_output=True, text=True, check=False, timeout=300)
    assert (run.stdout, run.returncode) == ("", 0)


def test_the_project_says_so(tmp_path: Path) -> None:
    image = function_of(Cell("hello-world", "Image", "go", "provided.al2023", "mod"))
    archive = function_of(Cell("hello-world", "Zip", "python", "python3.13", "pip")).renamed("other")
    folder = project.create(CATALOGUE, ProjectSpec("shop", (image, archive), buildkit=True), tmp_path)
    config = tomllib.loads((folder / "samconfig.toml").read_text())["default"]
    assert config["build"]["parameters"]["use_buildkit"] is True
    assert "sync" not in config, "sam sync would build without BuildKit"
    readme = (folder / "README.md").read_text()
    assert "| `netrc` | `/root/.netrc` |" in readme
    assert "pip.conf" not in readme, "a Zip has no Dockerfile"
    (metadata,) = re.findall(r"```yaml\n(.*?)```", readme, re.DOTALL)
    assert yaml.safe_load(metadata)["Metadata"]["DockerBuildExtraParams"] == ["--secret", "id=netrc,src=../.netrc"]

    plain = project.create(CATALOGUE, ProjectSpec("plain", (image, archive)), tmp_path)
    config = tomllib.loads((plain / "samconfig.toml").read_text())["default"]
    assert "use_buildkit" not in config["build"]["parameters"]
    assert "sync" in config
    assert "BuildKit" not in (plain / "README.md").read_text()


# With an engine -------------------------------------------------------------------------------------------------------

# Rust compiles for a minute, and .NET has no stand-in: what is left to `make proof` takes longer, or shows less.
QUICK = ("go-mod-amazon-hello-world", "nodejs-npm-debian-hello-world")
BUILT = [pytest.param(one, marks=[] if one.name in QUICK else [pytest.mark.proof], id=one.name) for one in functions()]


@pytest.fixture
def _engine() -> None:
    can("docker", "docker", "info")


def made(spec: ProjectSpec, folder: Path) -> Path:
    """Create a project; skip the test where a base image is missing."""
    created = project.create(CATALOGUE, spec, folder)
    reasons = [reason for name in images_of(dockerfile(created))[0] if (reason := missing(name))]
    if reasons:
        pytest.skip("; ".join(reasons))
    return created


@pytest.mark.image
@pytest.mark.usefixtures("_engine")
@pytest.mark.parametrize("function", BUILT)
def test_an_image_is_built_and_answers(function: FunctionSpec, tmp_path: Path) -> None:
    runtime = RUNTIMES.get(function.language, function.runtime)  # that of the stand-ins
    folder = made(ProjectSpec("sam-app", (replace(function, runtime=runtime),), buildkit=True), tmp_path)
    image = f"sam-scaffold-test/buildkit-{function.name}"
    with locked(image):
        buildkit.build(folder, image, *([] if function.base == AMAZON else ["--target=local"]))
    if function.use_case == "web":
        with listening(image, 8000) as address:
            status, _, body = request("GET", f"{address}/greetings/Ada")
            assert (status, json.loads(body)) == (200, {"message": "hello Ada"})
        return
    with running(image) as url:
        answer = ask(url, events_of(folder)["event.json"])
    assert json.loads(answer["body"])["message"] == "hello world"


TOKEN = "glpat-5ecret7oken"  # of nothing
PACKAGE, TEXT_OF_PACKAGE = "private_greeting", "from the private index"


def wheel() -> bytes:
    """Return a package that only the private index has."""
    info = f"{PACKAGE}-1.0.dist-info"
    files = {
        f"{PACKAGE}.py": f"TEXT = {TEXT_OF_PACKAGE!r}\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {PACKAGE}\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    files[f"{info}/RECORD"] = "".join(f"{name},,\n" for name in [*files, f"{info}/RECORD"])
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return buffer.getvalue()


@contextmanager
def private_index() -> Iterator[tuple[str, list[str]]]:
    """Serve an index of one package to those who have the token; yield its address and what was downloaded."""
    downloads: list[str] = []
    expected = f"Basic {base64.b64encode(f'user:{TOKEN}'.encode()).decode()}"
    file = f"{PACKAGE}-1.0-py3-none-any.whl"
    page = f'<!DOCTYPE html><html><body><a href="/files/{file}">{file}</a></body></html>'.encode()

    class Index(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            allowed = self.headers.get("Authorization") == expected
            is_file = self.path.startswith("/files/")
            self.send_response(200 if allowed else 401)
            self.send_header("Content-Type", "application/octet-stream" if is_file else "text/html")
            self.send_header("Cache-Control", "max-age=600" if is_file else "no-cache")
            self.end_headers()
            if allowed:
                downloads.extend([self.path] if is_file else [])
                self.wfile.write(wheel() if is_file else page)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer((gateway(), 0), Index)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"{gateway()}:{server.server_port}", downloads
    finally:
        server.shutdown()
        server.server_close()


def with_private_package(folder: Path, address: str) -> Path:
    """Let a project need that package; return the file with the address of the index and the token."""
    secret = folder.parent / "pip.conf"
    host = address.partition(":")[0]
    secret.write_text(f"[global]\nindex-url = http://user:{TOKEN}@{address}/simple\ntrusted-host = {host}\n")
    require(folder)
    return secret


def require(folder: Path) -> None:
    """Let a project require the package, in a file that no build has seen: Docker has a layer for each of them."""
    (folder / "hello_world/requirements.txt").write_text(f"# {uuid.uuid4()}\n{PACKAGE}==1.0\n")


def python(folder: Path) -> Path:
    function = function_of(Cell("hello-world", "Image", "python", RUNTIMES["python"], "pip"))
    return made(ProjectSpec("sam-app", (function,), buildkit=True), folder)


@pytest.mark.image
@pytest.mark.usefixtures("_engine")
def test_a_secret_reaches_pip_and_no_layer_and_the_next_build_finds_the_download(tmp_path: Path) -> None:
    folder = python(tmp_path)
    image = "sam-scaffold-test/buildkit-secret"
    with locked(image), private_index() as (address, downloads):
        secret = with_private_package(folder, address)
        buildkit.build(folder, image, f"--secret=id=pip,src={secret}")
        assert len(downloads) == 1
        # Not even in the stage that used it; what is deployed is looked at below.
        buildkit.build(folder, image, f"--secret=id=pip,src={secret}", "--target=dependencies")
        assert buildkit.found_in(image, TEXT_OF_PACKAGE, TOKEN) == {TEXT_OF_PACKAGE}
        require(folder)
        buildkit.build(folder, image, f"--secret=id=pip,src={secret}")
        assert len(downloads) == 1, "the second build took it from the cache"


@pytest.mark.image
@pytest.mark.toolchain
@pytest.mark.usefixtures("_engine")
def test_sam_passes_a_secret_as_the_readme_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    needs("sam")
    for name, value in buildkit.buildx().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("SAM_CLI_TELEMETRY", "0")
    folder = python(tmp_path)
    with private_index() as (address, downloads):
        with_private_package(folder, address)
        readme = (folder / "README.md").read_text()
        (lines,) = re.findall(r"```yaml\n.*?Metadata:\n(.*?)```", readme, re.DOTALL)
        template = folder / "template.yaml"
        text = template.read_text()
        image = "sam-scaffold-test/buildkit-sam"
        changed = re.sub(r"    Metadata:\n", f"    Metadata:\n      DockerImage: {image}\n{lines}", text, count=1)
        template.write_text(changed)
        done = subprocess.run(["sam", "build"], cwd=folder, capture_output=True, text=True, check=False, timeout=300)
        assert done.returncode == 0, done.stdout + done.stderr
        assert downloads
    image = f"{image}:{RUNTIMES['python']}"
    assert buildkit.found_in(image, TEXT_OF_PACKAGE, TOKEN) == {TEXT_OF_PACKAGE}
