"""The digests of images, asked of their registries through Docker, which has the credentials for private ones.

``docker buildx imagetools inspect`` reads what a registry says of an image and downloads none of its layers:
https://docs.docker.com/reference/cli/docker/buildx/imagetools/inspect/
"""

from __future__ import annotations

import json
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from scaffold.errors import InvalidAnswersError, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

TIME_LIMIT = 30  # seconds until a registry counts as unreachable
_BUILDX = ("docker", "buildx")
_DIGEST = re.compile(r"sha256:[a-f0-9]{64}")


class _NoAnswerError(Exception):
    """Docker does not know; the message says why."""


def digests(images: Sequence[str]) -> dict[str, str]:
    """Return the digest of each image; where it is for several architectures, that of all of them together.

    Raises :class:`InvalidAnswersError` with a problem for each image whose digest cannot be found.
    """
    if not images:
        return {}
    try:
        _run("version")
        with ThreadPoolExecutor(len(images)) as executor:
            answers = dict(zip(images, executor.map(_ask, images), strict=True))
    except _NoAnswerError as error:
        answers = dict.fromkeys(images, error)
    problems = [_problem(image, answer) for image, answer in answers.items() if isinstance(answer, _NoAnswerError)]
    if problems:
        raise InvalidAnswersError(problems)
    return {image: str(answer) for image, answer in answers.items()}


def _problem(image: str, reason: _NoAnswerError) -> Problem:
    return Problem(
        ("digest",), f"the digest of {image} cannot be found: {reason}", f"add it yourself: {image}=sha256:…"
    )


def _ask(image: str) -> str | _NoAnswerError:
    try:
        manifest = json.loads(_run("imagetools", "inspect", "--format", "{{json .Manifest}}", image))
    except _NoAnswerError as error:
        return error
    except ValueError:
        return _NoAnswerError("Docker's answer is not JSON")
    digest = str(manifest.get("digest", "")) if isinstance(manifest, dict) else ""
    return digest if _DIGEST.fullmatch(digest) else _NoAnswerError("Docker's answer has no digest")


def _run(*arguments: str) -> str:
    """Return what a command of buildx prints, or raise :class:`_NoAnswerError`."""
    try:
        done = subprocess.run(  # noqa: S603  no shell, and an image's name is checked before
            [*_BUILDX, *arguments], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
            timeout=TIME_LIMIT,
        )  # fmt: skip
    except FileNotFoundError as error:
        raise _NoAnswerError("Docker is not installed") from error
    except OSError as error:
        raise _NoAnswerError(f"Docker cannot be run: {error.strerror}") from error
    except subprocess.TimeoutExpired as error:
        raise _NoAnswerError(f"there was no answer within {TIME_LIMIT} seconds") from error
    if done.returncode == 0:
        return done.stdout
    if arguments == ("version",):
        raise _NoAnswerError("Docker has no buildx, which asks registries")
    lines = [line for line in done.stderr.splitlines() if line.strip()] or [f"exit code {done.returncode}"]
    raise _NoAnswerError(lines[-1].removeprefix("ERROR: ").strip())
