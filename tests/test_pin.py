"""Images that are pinned by digest: given, asked of a registry, written into Dockerfiles, and kept up to date."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from conftest import CATALOGUE, for_each, function_of, needs, scaffold
from dockerfiles import projects, text_of
from images import buildkit
from images.engine import images_of
from scaffold import answers, dockerfile, project, registry
from scaffold.errors import InvalidAnswersError
from scaffold.model import Cell
from scaffold.resolve import resolve
from scaffold.spec import FunctionSpec, ProjectSpec
from workshops import manifest
from workshops import run as workshop

SHA = f"sha256:{'a1' * 32}"
PYTHON = "public.ecr.aws/lambda/python:3.13"
FLAGS = ("--name", "shop", "--runtime", "python3.13", "--package-type", "Image", "--no-interactive")
TEXT = """\
ARG BASE_IMAGE=registry.example.com:5000/team/python:3.13
ARG OTHER=unused:1
FROM golang:1.27 AS build
ARG VERSION=1
FROM ${BASE_IMAGE} AS runtime
COPY --from=build /a /a
COPY --from=0 /b /b
COPY --from=ghcr.io/tool:2 /c /c
FROM scratch AS nothing
FROM runtime
COPY --from=done:1@sha256:0 /d /d
"""


def test_images_of_a_dockerfile_are_found_and_pinned() -> None:
    names = ["registry.example.com:5000/team/python:3.13", "golang:1.27", "ghcr.io/tool:2"]
    assert dockerfile.images(TEXT) == [*names, "done:1@sha256:0"]
    pinned = dockerfile.pin(TEXT, dict.fromkeys([*names, "unused:1"], SHA))
    assert dockerfile.images(pinned) == [*(f"{name}@{SHA}" for name in names), "done:1@sha256:0"]
    assert pinned.replace(f"@{SHA}", "") == TEXT
    assert dockerfile.pin(pinned, dict.fromkeys(names, SHA)) == pinned
    assert f"unused:1@{SHA}" not in pinned


def test_each_dockerfile_names_every_image_with_its_digest(tmp_path: Path) -> None:
    """That they are all found, another reader of Dockerfiles says."""

    def check(row: tuple[FunctionSpec, Path, dict[str, str]]) -> None:
        function, folder, digests = row
        file = folder / CATALOGUE.folder(function) / "Dockerfile"
        names, _ = images_of(file)
        assert names
        assert {*names} == {f"{name}@{digests[name]}" for name in (name.partition("@")[0] for name in names)}
        assert all("@" in name for name in dockerfile.images(text_of(folder, function)))

    rows = []
    for plain in projects():
        names = project.images(CATALOGUE, plain)
        digests = {name: f"sha256:{hashlib.sha256(name.encode()).hexdigest()}" for name in names}
        spec = replace(plain, pin=True, digest=digests, buildkit=True)
        folder = project.create(CATALOGUE, spec, tmp_path)
        rows += [(function, folder, digests) for function in spec.functions]
    assert for_each(rows, check) > len(CATALOGUE.languages)
    needs("hadolint")
    run = subprocess.run(["hadolint", *tmp_path.rglob("Dockerfile")], capture_output=True, text=True, check=False)
    assert (run.stdout, run.returncode) == ("", 0)


# Answers --------------------------------------------------------------------------------------------------------------


def test_the_same_answers_make_the_same_project(tmp_path: Path) -> None:
    flags = [*FLAGS, "--pin", "--digest", f"{PYTHON}={SHA}", "--updates", "dependabot"]
    assert scaffold("init", *flags, cwd=tmp_path).returncode == 0
    first = tmp_path / "shop"
    again = ["--answers", first / answers.FILE, "--output-dir", "again", "--no-interactive"]
    assert scaffold("init", *again, cwd=tmp_path).returncode == 0
    assert tree(first) == tree(tmp_path / "again/shop")
    assert yaml.safe_load((first / answers.FILE).read_text())["digest"] == {PYTHON: SHA}
    text = (first / "hello_world/Dockerfile").read_text()
    assert text.count(f"FROM {PYTHON}@{SHA}") == text.count("FROM ") == 3


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_digests_that_are_missing_are_named_together(tmp_path: Path) -> None:
    go = function_of(Cell("hello-world", "Image", "go", "provided.al2023", "mod"))
    spec = ProjectSpec("shop", (replace(go, base="distroless"),), pin=True, digest={"golang:1.27-alpine3.24": SHA})
    with pytest.raises(InvalidAnswersError) as caught:
        project.create(CATALOGUE, spec, tmp_path)
    assert [problem.message for problem in caught.value.problems] == [
        "there is no digest of gcr.io/distroless/static-debian13:nonroot to pin it by",
        "there is no digest of public.ecr.aws/lambda/provided:al2023 to pin it by",
    ]
    assert not [*tmp_path.iterdir()]
    archive = function_of(Cell("hello-world", "Zip", "python", "python3.13", "pip"))
    zipped = replace(spec, functions=(archive,))
    created = project.create(CATALOGUE, zipped, tmp_path)
    with pytest.raises(InvalidAnswersError, match="no digest of public"):
        project.add(CATALOGUE, zipped, (go.renamed("added"),), created)
    assert not (created / "added").exists()


def test_a_digest_of_another_image_is_a_mistake(tmp_path: Path) -> None:
    done = scaffold("init", *FLAGS, "--pin", "--digest", f"python:3.13={SHA}", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr == (
        f"Error: --digest: no Dockerfile of the project starts from python:3.13\n  it has {PYTHON}\n"
    )


@pytest.mark.parametrize("flags", [("--digest", f"{PYTHON}={SHA}"), ("--updates", "renovate")])
def test_what_belongs_to_pins_needs_them(flags: tuple[str, str], tmp_path: Path) -> None:
    done = scaffold("init", *FLAGS, *flags, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr == f"Error: {flags[0]}: has no effect unless base images are pinned\n  add --pin\n"


def test_a_zip_beside_an_image_has_nothing_to_pin(tmp_path: Path) -> None:
    file = tmp_path / "answers.yaml"
    functions = [{"name": "a", "package_type": "Zip"}, {"name": "b", "package_type": "Image"}]
    given = {"name": "shop", "runtime": "python3.13", "pin": True, "digest": {PYTHON: SHA}, "functions": functions}
    file.write_text(json.dumps(given))
    spec = resolve(CATALOGUE, answers.read(CATALOGUE, file)[0])
    assert (spec.pin, spec.digest) == (True, {PYTHON: SHA})
    folder = project.create(CATALOGUE, spec, tmp_path)
    assert f"FROM {PYTHON}@{SHA}" in (folder / "b/Dockerfile").read_text()
    again, _ = answers.read(CATALOGUE, folder / answers.FILE)
    assert resolve(CATALOGUE, again) == spec


@pytest.mark.slow
def test_a_workshop_is_given_its_digests(tmp_path: Path) -> None:
    given = {"runtime": "python3.13", "package_type": "Image", "pin": True}
    done = workshop("build", "--out", "out", cwd=manifest(tmp_path / "without", answers=given))
    assert done.returncode == 2
    assert f"digest: there is no digest of {PYTHON} to pin it by" in done.stderr
    folder = manifest(tmp_path / "with", answers={**given, "digest": {PYTHON: SHA}})
    done = workshop("build", "--out", "out", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")


# What keeps them up to date -------------------------------------------------------------------------------------------


def pinned(tmp_path: Path, updates: str) -> Path:
    """Create a project of three functions: on AWS's image, on Debian, and a Zip."""
    python = function_of(Cell("hello-world", "Image", "python", "python3.13", "pip"))
    archive = function_of(Cell("hello-world", "Zip", "python", "python3.13", "pip")).renamed("zipped")
    functions = (python, replace(python.renamed("other"), base="debian"), archive)
    spec = ProjectSpec("shop", functions, pin=True, updates=updates)
    digests = dict.fromkeys(project.images(CATALOGUE, spec), SHA)
    return project.create(CATALOGUE, replace(spec, digest=digests), tmp_path)


@pytest.mark.parametrize(
    ("updates", "file", "schema"),
    [("", "renovate.json", "renovate"), ("dependabot", ".github/dependabot.yml", "dependabot")],
)
def test_a_configuration_follows_its_schema(updates: str, file: str, schema: str, tmp_path: Path) -> None:
    needs("check-jsonschema")
    path = pinned(tmp_path, updates) / file
    command = ["check-jsonschema", "--builtin-schema", f"vendor.{schema}", path]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_dependabot_looks_where_dockerfiles_are(tmp_path: Path) -> None:
    folder = pinned(tmp_path, "dependabot")
    (update,) = yaml.safe_load((folder / ".github/dependabot.yml").read_text())["updates"]
    assert update["directories"] == ["/hello_world", "/other"]
    assert all((folder / name[1:] / "Dockerfile").is_file() for name in update["directories"])
    assert "does not read `ARG`" in (folder / "README.md").read_text()
    assert not (folder / "renovate.json").exists()


@pytest.mark.parametrize(
    ("tag", "others"),
    [
        ("3.14.2026.07.17.17", {"3.14.2026.08.01.10"}),
        ("3.14.2026.07.17.17-x86_64", {"3.14.2026.08.01.10-x86_64"}),
        ("17.al2023.2026.07.17.17-arm64", {"17.al2023.2026.08.01.10-arm64"}),
        ("3.14", set()),
        ("17.al2023", set()),
        ("al2023.2026.07.17.17", {"al2023.2026.08.01.10"}),
    ],
)
def test_renovate_stays_with_a_runtime(tag: str, others: set[str], tmp_path: Path) -> None:
    """As its documentation has it: a version is what matches, and it fits one of the same compatibility.

    https://docs.renovatebot.com/modules/versioning/regex/
    """
    builds = ("3.14", "3.15", "17.al2023", "17", "al2023", "al2")
    tags = {*builds, *(f"{name}.2026.08.01.10{end}" for name in builds for end in ("", "-x86_64", "-arm64"))}
    rules = json.loads((pinned(tmp_path, "") / "renovate.json").read_text())["packageRules"]
    dated = [row for row in rules if "matchCurrentValue" in row]
    fitting = [row for row in dated if re.search(row["matchCurrentValue"].strip("/"), tag)]
    if not others:
        assert not fitting
        return
    (rule,) = fitting
    version = re.compile(rule["versioning"].removeprefix("regex:").replace("(?<", "(?P<"))
    own = version.search(tag)
    assert own
    found = {name: version.search(name) for name in tags}
    assert {name for name, match in found.items() if match and match["compatibility"] == own["compatibility"]} == others


# Registries -----------------------------------------------------------------------------------------------------------

CONFIG_TYPE = "application/vnd.oci.image.config.v1+json"
INDEX_TYPE = "application/vnd.oci.image.index.v1+json"
MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json"


def manifests() -> dict[str, tuple[str, bytes]]:
    """Return what a registry has of an image for two architectures, by tag and by digest, each with its type."""
    rows: dict[str, tuple[str, bytes]] = {}

    def add(kind: str, value: dict[str, Any]) -> dict[str, Any]:
        body = json.dumps(value).encode()
        digest = f"sha256:{hashlib.sha256(body).hexdigest()}"
        rows[digest] = (kind, body)
        return {"mediaType": kind, "digest": digest, "size": len(body)}

    parts = []
    for architecture in ("amd64", "arm64"):
        platform = {"architecture": architecture, "os": "linux"}
        config = add(CONFIG_TYPE, {**platform, "config": {}, "rootfs": {"type": "layers", "diff_ids": []}})
        image = {"schemaVersion": 2, "mediaType": MANIFEST_TYPE, "config": config, "layers": []}
        parts.append({**add(MANIFEST_TYPE, image), "platform": platform})
    index = add(INDEX_TYPE, {"schemaVersion": 2, "mediaType": INDEX_TYPE, "manifests": parts})
    return {**rows, "3.13": rows[index["digest"]]}


@pytest.fixture
def address() -> Iterator[str]:
    """Serve a registry by its protocol: https://github.com/opencontainers/distribution-spec/blob/main/spec.md.

    It has the image ``team/python:3.13``, and never answers for ``team/slow``.
    """
    rows = manifests()
    done = threading.Event()

    class Registry(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if "/slow/" in self.path:
                done.wait(60)
                return
            reference = re.sub("/v2/team/python/(?:manifests|blobs)/", "", self.path)
            status, (kind, body) = (200, rows[reference]) if reference in rows else (404, ("", b"{}"))
            status = 200 if self.path == "/v2/" else status
            self.send_response(status)
            self.send_header("Content-Type", kind or "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Docker-Content-Digest", f"sha256:{hashlib.sha256(body).hexdigest()}")
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)

        do_HEAD = do_GET  # noqa: N815  the name that the server calls

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Registry)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"localhost:{server.server_port}"
    done.set()
    server.shutdown()
    server.server_close()


@pytest.fixture
def _buildx(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in buildkit.buildx().items():
        monkeypatch.setenv(name, value)


@pytest.mark.toolchain
@pytest.mark.usefixtures("_buildx")
def test_a_digest_is_asked_of_the_registry(address: str, tmp_path: Path) -> None:
    index = hashlib.sha256(manifests()["3.13"][1]).hexdigest()
    image = f"{address}/team/python:3.13"
    flags = ("--name", "shop", "--runtime", "python3.13", "--base-image", image, "--pin", "--no-interactive")
    done = scaffold("init", *flags, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stderr == f"Asking for the digests of {image} …\n"
    assert f"FROM {image}@sha256:{index} AS code" in (tmp_path / "shop/hello_world/Dockerfile").read_text()
    assert yaml.safe_load((tmp_path / "shop" / answers.FILE).read_text())["digest"] == {image: f"sha256:{index}"}


@pytest.mark.toolchain
@pytest.mark.usefixtures("_buildx")
def test_each_image_without_an_answer_is_named(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "TIME_LIMIT", 3)
    images = [f"{address}/team/{name}" for name in ("python:3.13", "python:3.12", "slow:1", "slow:2")]
    start = time.monotonic()
    with pytest.raises(InvalidAnswersError) as caught:
        registry.digests(images)
    assert time.monotonic() - start < 8, "they are asked at the same time"
    said = {problem.hint.split()[-1].partition("=")[0]: problem.message for problem in caught.value.problems}
    assert [*said] == images[1:]
    assert "not found" in said[images[1]]
    assert "no answer within 3 seconds" in said[images[2]]


def test_without_docker_an_error_says_what_to_do(tmp_path: Path) -> None:
    environment = {**os.environ, "PATH": str(tmp_path)}
    done = scaffold("init", *FLAGS, "--pin", "--output", "json", cwd=tmp_path, env=environment)
    assert done.returncode == 2
    (problem,) = json.loads(done.stdout)["error"]["problems"]
    assert problem["flag"] == "--digest"
    assert problem["message"] == f"the digest of {PYTHON} cannot be found: Docker is not installed"
    assert problem["hint"] == f"add it yourself: {PYTHON}=sha256:…"
    assert not [*tmp_path.iterdir()]
    for ending in ("--dry-run", "--explain"):
        assert scaffold("init", *FLAGS, "--pin", ending, cwd=tmp_path, env=environment).returncode == 0


def test_a_docker_without_buildx_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One of Debian, with no plugin: the program stands for it, since this machine's Docker may have the plugin."""
    program = tmp_path / "docker"
    program.write_text("#!/bin/sh\necho \"docker: 'buildx' is not a docker command.\" >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    with pytest.raises(InvalidAnswersError, match="Docker has no buildx"):
        registry.digests([PYTHON])
