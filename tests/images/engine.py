"""Docker by its command: build what is generated, run it as on Lambda, and ask it."""

from __future__ import annotations

import functools
import json
import re
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from images.make import NoStandInError, emulator, locked, make

# Lambda's own user owns nothing in an image and may do nothing special; of the file system it can write to /tmp.
AS_ON_LAMBDA = [
    "--read-only",
    "--tmpfs=/tmp:exec",
    "--user=993:990",
    "--cap-drop=ALL",
    "--security-opt=no-new-privileges",
]


def run(*command: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        list(map(str, command)),
        text=True,
        check=False,
        stdout=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        **{"stderr": subprocess.STDOUT, "timeout": 900, **options},
    )


def docker(*command: str | Path) -> str:
    # The classic builder, as `sam build` uses it; not every client has BuildKit.
    done = run("env", "DOCKER_BUILDKIT=0", "docker", *command)
    assert done.returncode == 0, f"docker {' '.join(map(str, command))}\n{done.stdout[-6000:]}"
    return done.stdout


@functools.cache
def missing(name: str) -> str | None:
    """Return why there is no image of that name, or ``None`` once it is there."""
    try:
        make(name)
    except NoStandInError as error:
        return f"no {name}: {error}"
    return None


def dockerfile(folder: Path) -> Path:
    (file,) = folder.rglob("Dockerfile")
    return file


def images_of(file: Path) -> tuple[list[str], str]:
    """Return the images that a Dockerfile takes anything from, and the one that what is deployed starts from."""
    text = file.read_text()
    arguments = dict(re.findall(r"^ARG (\w+)=(\S+)", text, re.MULTILINE))
    text = re.sub(r"\$\{(\w+)\}", lambda found: arguments.get(found[1], found[0]), text)
    origins: dict[str, str] = {}
    base = ""
    for image, stage in re.findall(r"^FROM (\S+)(?: (?i:AS) (\S+))?", text, re.MULTILINE):
        base = origins.get(image, image)
        origins[stage] = base
    copied = [name for name in re.findall(r"^COPY --from=(\S+)", text, re.MULTILINE) if name not in origins]
    return [name for name in dict.fromkeys([*origins.values(), *copied]) if name != "scratch"], base


def build(folder: Path, image: str, *options: str) -> str:
    with locked(image):
        return docker("build", "--force-rm", "--network=host", *options, "--tag", image, dockerfile(folder).parent)


def config_of(image: str) -> dict[str, Any]:
    """Return what an image says of how it is run."""
    return json.loads(docker("inspect", "--format={{json .Config}}", image))


def under_an_emulator(image: str) -> tuple[list[str], tuple[str, ...]]:
    """Return options and command with which an image runs under an emulator that is mounted from outside."""
    config = config_of(image)
    options = [f"--volume={emulator()}:/outside:ro", "--entrypoint=/outside"]
    return options, (*config["Entrypoint"], *(config.get("Cmd") or []))


@contextmanager
def running(image: str, *options: str, command: tuple[str, ...] = ()) -> Iterator[str]:
    """Run an image as Lambda does, and yield where its emulator takes events."""
    with listening(image, 8080, *options, command=command) as address:
        yield f"{address}/2015-03-31/functions/function/invocations"


@contextmanager
def listening(image: str, port: int, *options: str, command: tuple[str, ...] = ()) -> Iterator[str]:
    """Run an image with the rights that Lambda would give it, and yield the URL of one of its ports."""
    publish = f"--publish=127.0.0.1::{port}"
    container = docker("run", "--detach", publish, *AS_ON_LAMBDA, *options, image, *command).strip()
    try:
        yield f"http://{docker('port', container, str(port)).split()[-1]}"
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
        time.sleep(0.05)
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


def request(method: str, url: str, patience: float = 30) -> tuple[int, str | None, bytes]:
    """Return status, Content-Type and body of an answer to an HTTP request.

    The server may need a moment to start: up to ``patience`` seconds.
    """
    limit = time.monotonic() + patience
    while True:
        try:
            with urllib.request.urlopen(urllib.request.Request(url, method=method), timeout=30) as response:
                return response.status, response.headers.get("Content-Type"), response.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers.get("Content-Type"), error.read()
        except (ConnectionError, urllib.error.URLError):
            assert time.monotonic() < limit, "the server does not answer"
            time.sleep(0.05)


@functools.cache
def gateway() -> str:
    """Return the address that this machine has for a container."""
    return docker("network", "inspect", "bridge", "--format={{(index .IPAM.Config 0).Gateway}}").strip()


def events_of(folder: Path) -> dict[str, bytes]:
    """Return the sample events of a project's function by the names of their files."""
    events = {path.name: path.read_bytes() for path in sorted(folder.glob("events/*.json"))}
    assert events
    return events
