"""What a function may say beyond its cell: each value checked before anything is written.

Numbers against Lambda's limits, texts against the form that Docker, Lambda or CloudFormation gives them. None of the
texts is ever rendered: those that are not plain words reach ``template.yaml`` as YAML made of data.
"""

from __future__ import annotations

import json
import re
import shlex
from typing import TYPE_CHECKING, Any

from scaffold.errors import Problem
from scaffold.rules import NOT_FOR_IMAGES, outside
from scaffold.spec import LIMITS, MAX_DIRECTORY, MAX_LAYERS, MAX_WORDS, Answers, Settings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scaffold.model import Runtime

_IMAGE_CONFIG = "https://docs.aws.amazon.com/lambda/latest/api/API_ImageConfig.html"
# https://pkg.go.dev/github.com/distribution/reference
_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")
_HOST = r"(?=[^/]*[.:]|localhost/)[A-Za-z0-9]+(?:[.-]+[A-Za-z0-9]+)*(?::[0-9]{1,5})?"
_PATH = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
REFERENCE = re.compile(rf"{_HOST}(?:/{_PATH})+(?P<tag>:{_TAG.pattern})?(?P<digest>@sha256:[a-f0-9]{{64}})?")
MAX_REFERENCE = 255  # characters of the name, without tag and digest
# https://docs.docker.com/reference/dockerfile/#from and #arg
_STAGE = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,127}")
_ARG = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LAYER = re.compile(r"arn:aws[a-z-]*:lambda:[a-z0-9-]+:[0-9]{12}:layer:[A-Za-z0-9_-]{1,140}:[0-9]+")

# Answers that only one package type knows; they imply it.
FOR_IMAGES = ("ecr", "entrypoint", "command", "working_directory", "build_arg", "docker_tag", "build_target")
FOR_ZIPS = {"layer": "Layers", "snap_start": "SnapStart"}


def read(answers: Answers, runtime: Runtime | None) -> tuple[Settings, list[Problem]]:
    """Return the settings that are in the answers, and every problem with them; of the runtime, if it is known."""
    reader = _Reader(answers)
    if answers.package_type == "Zip":
        for name in said(answers, FOR_IMAGES):
            reader.problem(
                name, "is for container images, and this is a Zip", "use --package-type Image, or leave it out"
            )
        if answers.snap_start and runtime and not runtime.snap_start:
            reader.problem("snap_start", f"is not there for {runtime.id}", "leave it out, or choose another runtime")
    if answers.package_type == "Image":
        for name in said(answers, FOR_ZIPS):
            key = FOR_ZIPS[name]
            reader.problem(name, f"is not for images: Lambda takes no {key} with one", NOT_FOR_IMAGES[key])
    settings = Settings(
        memory=reader.number("memory"),
        timeout=reader.number("timeout"),
        ephemeral_storage=reader.number("ephemeral_storage"),
        entrypoint=reader.words("entrypoint"),
        command=reader.words("command"),
        working_directory=reader.directory(),
        build_args=reader.pairs(),
        docker_tag=reader.form("docker_tag", _TAG, "letters, digits, _ . and -, at most 128, none of . - first", "v1"),
        build_target=reader.form("build_target", _STAGE, "a letter, then letters, digits, _ . and -", "build"),
        layers=reader.layers(),
        snap_start=bool(answers.snap_start),
    )
    least, _, unit, _ = LIMITS["ephemeral_storage"]
    if settings.snap_start and (settings.ephemeral_storage or 0) > least:
        wrong = f"does not go with more than {least} {unit} of ephemeral storage"
        reader.problem("snap_start", wrong, "leave one of the two out")
    return settings, reader.problems


def said(answers: Answers, names: Iterable[str]) -> list[str]:
    """Return those of the names that the answers say something about; a plain no is nothing."""
    return [name for name in names if getattr(answers, name) not in (None, False, ())]


def dump(settings: Settings) -> dict[str, Any]:
    """Return what the settings say, by the names of :class:`scaffold.spec.Answers`, without what they leave open."""
    rows: dict[str, Any] = {
        "memory": settings.memory,
        "timeout": settings.timeout,
        "ephemeral_storage": settings.ephemeral_storage,
        "entrypoint": list(settings.entrypoint),
        "command": list(settings.command),
        "working_directory": settings.working_directory,
        "build_arg": dict(settings.build_args),
        "docker_tag": settings.docker_tag,
        "build_target": settings.build_target,
        "layer": list(settings.layers),
        "snap_start": settings.snap_start,
    }
    return {name: value for name, value in rows.items() if value}


def fragment(settings: Settings, function_id: str) -> dict[str, Any]:
    """Return what the settings add to a template, as data."""
    config = {
        "EntryPoint": list(settings.entrypoint),
        "Command": list(settings.command),
        "WorkingDirectory": settings.working_directory,
    }
    properties: dict[str, Any] = {
        "EphemeralStorage": {"Size": settings.ephemeral_storage} if settings.ephemeral_storage else None,
        "ImageConfig": {key: value for key, value in config.items() if value},
        "Layers": list(settings.layers),
    }
    if settings.snap_start:
        # Lambda takes its snapshot of a version, and SAM publishes one where there is an alias.
        properties |= {"SnapStart": {"ApplyOn": "PublishedVersions"}, "AutoPublishAlias": "live"}
    metadata = {"DockerBuildArgs": dict(settings.build_args), "DockerBuildTarget": settings.build_target}
    function = {
        "Properties": {key: value for key, value in properties.items() if value},
        "Metadata": {key: value for key, value in metadata.items() if value},
    }
    function = {key: value for key, value in function.items() if value}
    return {"Resources": {function_id: function}} if function else {}


class _Reader:
    """Reads one answer after another, collecting problems."""

    def __init__(self, answers: Answers) -> None:
        self.answers = answers
        self.problems: list[Problem] = []

    def problem(self, name: str, message: str, hint: str = "") -> None:
        self.problems.append(Problem(name, message, hint))

    def number(self, name: str) -> int | None:
        said, limit = getattr(self.answers, name), LIMITS[name]
        if said is None:
            return None
        if not re.fullmatch(r"-?[0-9]{1,9}", str(said)):
            self.problem(name, f"{_short(said)} is no whole number of {limit.unit}", f"{limit.least} to {limit.most}")
            return None
        if wrong := outside(int(said), limit):
            self.problem(name, wrong, f"see {limit.source}")
        return int(said)

    def words(self, name: str) -> tuple[str, ...]:
        said = getattr(self.answers, name)
        if said is None:
            return ()
        try:
            found = _split(said) if isinstance(said, str) else [str(word) for word in said]
        except ValueError as error:
            self.problem(name, f"{_short(said)} cannot be taken apart: {error}", "quote it as for a shell, or as JSON")
            return ()
        if not found:
            self.problem(name, "is empty", "leave it out to use the image's own")
        elif len(found) > MAX_WORDS or len(found) != len(set(found)):
            self.problem(name, f"holds more than {MAX_WORDS} words, or one of them twice", f"see {_IMAGE_CONFIG}")
        self.printable(name, *found)
        return tuple(found)

    def directory(self) -> str | None:
        said = self.answers.working_directory
        if said is None:
            return None
        if not said.startswith("/"):
            self.problem("working_directory", f"{_short(said)} is no absolute path", "for example /var/task")
        elif len(said) > MAX_DIRECTORY:
            self.problem(
                "working_directory", f"has {len(said)} of at most {MAX_DIRECTORY} characters", f"see {_IMAGE_CONFIG}"
            )
        self.printable("working_directory", said)
        return said

    def pairs(self) -> dict[str, str]:
        said = self.answers.build_arg
        if said is None:
            return {}
        rows = [(key, "=", str(value)) for key, value in said.items()] if isinstance(said, dict) else None
        found: dict[str, str] = {}
        for key, equals, value in rows or [word.partition("=") for word in said]:
            if not equals or not _ARG.fullmatch(key):
                self.problem(
                    "build_arg", f"{_short(key + equals + value)} is not NAME=VALUE", "for example VERSION=1.2"
                )
            elif key in found:
                self.problem("build_arg", f"{key} is there twice", "say it once")
            self.printable("build_arg", value)
            found[key] = value
        return found

    def layers(self) -> tuple[str, ...]:
        said = tuple(self.answers.layer or ())
        for one in said:
            if not _LAYER.fullmatch(one):
                example = "arn:aws:lambda:eu-central-1:123456789012:layer:tools:1"
                self.problem("layer", f"{_short(one)} is no layer version", f"for example {example}")
        if len(said) > MAX_LAYERS:
            self.problem(
                "layer", f"is there {len(said)} times: a function takes {MAX_LAYERS}", f"see {LIMITS['memory'].source}"
            )
        return said

    def form(self, name: str, pattern: re.Pattern[str], rule: str, example: str) -> str | None:
        said: str | None = getattr(self.answers, name)
        if said is not None and not pattern.fullmatch(said):
            self.problem(name, f"{_short(said)} is not allowed: {rule}", f"for example {example}")
        return said

    def printable(self, name: str, *texts: str) -> None:
        for text in texts:
            if not text.isprintable():
                self.problem(name, f"{_short(text)} holds a control character", "leave it out")


def _split(text: str) -> list[str]:
    """Take words apart: as JSON where it begins like a list, else as a shell does."""
    if not text.lstrip().startswith("["):
        return shlex.split(text)
    words: list[str] = json.loads(text)
    if not all(isinstance(word, str) for word in words):
        raise ValueError("not all of it are strings")
    return words


def _short(said: object) -> str:
    text, most = str(said), 80
    return repr(text if len(text) <= most else f"{text[:most]}…")
