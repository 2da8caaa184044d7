"""Docker with BuildKit, by whichever client of this machine has it: one with buildx, or one from before that."""

from __future__ import annotations

import functools
import gzip
import os
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

from conftest import needs
from images.engine import dockerfile, run
from images.make import CACHE, locked


@functools.cache
def buildx() -> dict[str, str]:
    """Return the variables with which `docker` has its plugin buildx; skip the test where there is none."""
    for variables in _plugins():
        if run("docker", "buildx", "version", env={**os.environ, **variables}).returncode == 0:
            return variables
    needs("docker", "docker-buildx")
    pytest.skip("Docker finds no buildx")


def _plugins() -> list[dict[str, str]]:
    program = shutil.which("docker-buildx")
    if not program or not shutil.which("docker"):
        return [{}] if shutil.which("docker") else []
    # Docker looks for plugins in the folder of its configuration.
    folder = CACHE / "docker-config"
    plugin = folder / "cli-plugins/docker-buildx"
    with locked("docker-config"):
        plugin.parent.mkdir(parents=True, exist_ok=True)
        plugin.unlink(missing_ok=True)
        plugin.symlink_to(program)
    return [{}, {"DOCKER_CONFIG": str(folder)}]


@functools.cache
def _builder() -> tuple[str, dict[str, str]]:
    """Return a client that builds with BuildKit, and the variables that it takes; skip where there is none."""
    clients = [Path(folder, "docker") for folder in os.get_exec_path()]
    for variables in _plugins():
        for client in [one for one in clients if one.is_file()]:
            environment = {**os.environ, **variables, "DOCKER_BUILDKIT": "1"}
            probe = subprocess.run(
                [client, "build", "-"], input="FROM scratch\nLABEL probe=1\n", text=True, capture_output=True,
                check=False, timeout=60, env=environment,
            )  # fmt: skip
            if probe.returncode == 0:
                return str(client), environment
    needs("docker", "docker-buildx")
    pytest.skip("no Docker client of this machine builds with BuildKit: neither one with buildx nor one below 23")


def build(folder: Path, image: str, *options: str) -> str:
    """Build a project's image and return what the build printed."""
    client, environment = _builder()
    command = (client, "build", "--progress=plain", "--network=host", *options, "--tag", image)
    done = run(*command, dockerfile(folder).parent, env=environment)
    assert done.returncode == 0, done.stdout[-6000:]
    return done.stdout


def found_in(image: str, *texts: str) -> set[str]:
    """Return those texts that occur in what is saved of an image: configuration, history and layers."""
    found: set[str] = set()
    with subprocess.Popen(["docker", "save", image], stdout=subprocess.PIPE) as process:
        with tarfile.open(fileobj=process.stdout, mode="r|") as archive:
            for member in archive:
                file = archive.extractfile(member)
                data = file.read() if file else b""
                data = gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data
                found |= {text for text in texts if text.encode() in data}
        assert process.wait(timeout=60) == 0
    return found
