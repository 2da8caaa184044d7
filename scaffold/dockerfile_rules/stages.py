"""The stages of a Dockerfile: what each starts from, and what its variables and its working directory are, where known.

https://docs.docker.com/build/building/multi-stage/
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from scaffold.dockerfile_rules.syntax import Instruction, Source, expand, pairs

Values = Mapping[str, str | None]
# BuildKit sets them: https://docs.docker.com/reference/dockerfile/#automatic-platform-args-in-the-global-scope
PLATFORM_ARGUMENTS = frozenset(
    f"{side}{part}" for side in ("TARGET", "BUILD") for part in ("PLATFORM", "OS", "ARCH", "VARIANT")
)
# https://docs.aws.amazon.com/lambda/latest/dg/python-image.html#python-image-instructions
_ENVIRONMENT_OF_AWS = {"LAMBDA_TASK_ROOT": "/var/task", "LAMBDA_RUNTIME_DIR": "/var/runtime"}
_AWS = r"(?:public\.ecr\.aws/lambda/|(?:docker\.io/)?amazon/aws-lambda-)"
_AWS_IMAGE = re.compile(rf"{_AWS}(?:dotnet|go|java|nodejs|provided|python|ruby)")
_LIBRARY = re.compile(r"(?:(?:index\.)?docker\.io/)?(?:library/)?|public\.ecr\.aws/docker/library/")
# Public images that bring nothing of Lambda's. What another one brings, its name does not tell.
_PLAIN = re.compile(
    r"almalinux|alpine|amazoncorretto|amazonlinux|bash|buildpack-deps|bun|busybox|caddy|clojure|composer|debian|denoland/deno"
    r"|eclipse-temurin|elixir|erlang|fedora|gcc|golang|gradle|haskell|httpd|ibm-semeru-runtimes|julia|maven|mono|nginx"
    r"|node|openjdk|oven/bun|perl|php|pypy|python|r-base|rockylinux|ruby|rust|sapmachine|scratch|swift|tomcat|ubuntu"
    r"|cgr\.dev/chainguard/.+|gcr\.io/distroless/.+|ghcr\.io/astral-sh/uv|mcr\.microsoft\.com/dotnet/.+"
    r"|public\.ecr\.aws/(?:amazoncorretto|amazonlinux|debian|ubuntu|nginx)/.+"
)


@dataclass(frozen=True)
class Reference:
    """An image: ``registry.example.com:5000/team/python:3.14@sha256:…`` in its parts."""

    repository: str
    tag: str = ""
    digest: str = ""

    @classmethod
    def of(cls, text: str) -> Reference:
        """Return a reference that stands in a Dockerfile, with its variables filled in."""
        name, _, digest = text.partition("@")
        repository, colon, tag = name.rpartition(":")
        return cls(repository, tag, digest) if colon and "/" not in tag else cls(name, "", digest)

    @property
    def is_aws(self) -> bool:
        """Whether it is one of AWS's base images for Lambda, whose entry point takes the name of a handler."""
        return _AWS_IMAGE.fullmatch(self.repository) is not None

    @property
    def is_os_only(self) -> bool:
        """Whether it is one of these without a runtime: the program that is one is to be added."""
        return self.is_aws and self.repository.endswith("provided")

    @property
    def is_plain(self) -> bool:
        """Whether it is a public image that surely has no runtime interface client."""
        match = _LIBRARY.match(self.repository)
        return _PLAIN.fullmatch(self.repository[match.end() if match else 0 :]) is not None

    def __str__(self) -> str:
        return self.repository + (f":{self.tag}" if self.tag else "")


@dataclass(frozen=True)
class Step:
    """An instruction in its stage, with the variables and the working directory that it sees."""

    instruction: Instruction
    values: Values
    workdir: str | None

    @property
    def line(self) -> int:
        """The line that the instruction begins on."""
        return self.instruction.line

    def expand(self, text: str) -> str | None:
        """Return a text with its variables filled in; ``None`` where one comes from a base image that is not known."""
        return expand(text, self.values)

    def path(self, text: str) -> str | None:
        """Return a path in the image, made absolute; ``None`` where it is not known."""
        path = self.expand(text)
        if path is None or (not path.startswith("/") and self.workdir is None):
            return None
        return posixpath.normpath(posixpath.join(self.workdir or "/", path))


@dataclass
class Stage:
    """A stage: its name, the stage or the image that it starts from, and its own steps.

    ``reference`` is ``None`` where it starts from a stage, and where a variable without a value names the image.
    """

    name: str
    source: Instruction
    parent: Stage | None = None
    reference: Reference | None = None
    platform: str | None = None
    own: list[Step] = field(default_factory=list)

    @property
    def lineage(self) -> list[Stage]:
        """The stages that this one is made of, from the one that starts from an image to itself."""
        return [*(self.parent.lineage if self.parent else ()), self]

    @property
    def base(self) -> Reference | None:
        """The image that it starts from in the end; ``None`` where that is not known."""
        return self.lineage[0].reference

    @property
    def steps(self) -> list[Step]:
        """What makes it, with what it has from other stages."""
        inherited: list[Step] = []
        for stage in self.lineage:
            # What stands behind ONBUILD is run by the next stage alone.
            waiting = [step for step in (stage.parent.own if stage.parent else ()) if step.instruction.is_on_build]
            inherited += [*waiting, *(step for step in stage.own if not step.instruction.is_on_build)]
        return inherited

    def last(self, name: str) -> Step | None:
        """Return the last of its instructions of that name."""
        return next((step for step in reversed(self.steps) if step.instruction.name == name), None)


def stages(source: Source, arguments: Values) -> tuple[list[Stage], Values]:
    """Return the stages of a Dockerfile in order, and the variables that stand before them.

    ``arguments`` are the build arguments that it is built with.
    """
    result: list[Stage] = []
    # Where BuildKit sets these they are not known; others that nobody declares are empty.
    shared: dict[str, str | None] = dict.fromkeys(PLATFORM_ARGUMENTS, None)
    scopes: list[_Scope] = []
    for instruction in source.instructions:
        if instruction.name == "FROM":
            stage = _stage(instruction, result, shared)
            parent = scopes[result.index(stage.parent)] if stage.parent else None
            scopes.append(_Scope(stage, parent))
            result.append(stage)
        elif result:
            scopes[-1].add(instruction, source.escape, shared, arguments)
        elif instruction.name == "ARG":
            for name, value in pairs(instruction, source.escape):
                # One without a value is for whoever builds the image to say.
                shared[name] = arguments.get(name, None if value is None else expand(value, shared, ""))
    return result, shared


class _Scope:
    """What the instructions of a stage see: ARG for the stage alone, ENV for those that start from it as well."""

    def __init__(self, stage: Stage, parent: _Scope | None) -> None:
        self.stage = stage
        is_aws = stage.reference is not None and stage.reference.is_aws
        self.environment: dict[str, str | None] = {}
        self.workdir: str | None = None
        if parent:
            self.environment, self.workdir = dict(parent.environment), parent.workdir
        elif is_aws:
            self.environment, self.workdir = dict(_ENVIRONMENT_OF_AWS), "/var/task"
        elif stage.reference and (stage.reference.is_plain or stage.reference.repository == "scratch"):
            self.workdir = "/"
        self.arguments: dict[str, str | None] = {}

    def add(self, instruction: Instruction, escape: str, shared: Values, given: Values) -> None:
        values = {**self.arguments, **self.environment}  # ENV wins over ARG
        step = Step(instruction, values, self.workdir)
        self.stage.own.append(step)
        if instruction.is_on_build:
            return
        if instruction.name == "WORKDIR":
            self.workdir = step.path(instruction.text.strip("\"'"))
        elif instruction.name == "ENV":
            self.environment |= {
                name: step.expand(value) if value is not None else None for name, value in pairs(instruction, escape)
            }
        elif instruction.name == "ARG":
            for name, value in pairs(instruction, escape):
                default = shared.get(name) if value is None else step.expand(value)
                self.arguments[name] = given.get(name, default)


def _stage(instruction: Instruction, earlier: list[Stage], shared: Values) -> Stage:
    """Return the stage that a FROM begins; it may start from an earlier one."""
    words = instruction.text.split()
    named = len(words) > 2 and words[1].lower() == "as"  # noqa: PLR2004  FROM image AS name
    name = words[2] if named else ""
    text = expand(words[0], shared, "")
    parent = find(earlier, text or "")
    reference = Reference.of(text) if text and parent is None else None
    return Stage(name, instruction, parent, reference, expand(instruction.flag("platform") or "", shared, ""))


def find(among: list[Stage], name: str) -> Stage | None:
    """Return the last stage of that name, which Docker compares without case."""
    return next((stage for stage in reversed(among) if stage.name and stage.name.lower() == name.lower()), None)
