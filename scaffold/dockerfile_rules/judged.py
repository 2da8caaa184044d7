"""What the rules look at, what they report, and which there are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from scaffold.dockerfile_rules.stages import Reference, Stage, Step, stages
from scaffold.dockerfile_rules.syntax import Instruction, Source, split
from scaffold.errors import FilePosition, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_AWS = "https://docs.aws.amazon.com/lambda/latest/dg"
_DOCKER = "https://docs.docker.com/reference/dockerfile"
_REQUIREMENTS = f"{_AWS}/images-create.html#images-reqs"

# Each rule's id, and where what it demands is written.
SOURCES = {
    "syntax": f"{_DOCKER}/",
    "stage": "https://docs.docker.com/build/building/multi-stage/",
    "base-image-tag": "https://docs.docker.com/build/building/best-practices/#pin-base-image-versions",
    "entry-point": f"{_AWS}/images-create.html#images-ric",
    "handler": "https://github.com/aws/aws-lambda-base-images",
    "shell-form": f"{_DOCKER}/#shell-and-exec-form",
    "web-server": "https://github.com/aws/aws-lambda-web-adapter",
    "unreadable": _REQUIREMENTS,
    "user": _REQUIREMENTS,
    "read-only": _REQUIREMENTS,
    "secret": "https://docs.docker.com/reference/build-checks/secrets-used-in-arg-or-env/",
    "architecture": _REQUIREMENTS,
    "buildkit": "https://docs.docker.com/build/buildkit/",
}


@dataclass(frozen=True)
class Use:
    """What is known of a function's image besides its Dockerfile.

    ``architecture`` is the function's, ``target`` the stage that is built (by default the last), ``arguments`` are the
    build arguments, ``None`` for a value that is not known. ``sets_entry_point`` and ``sets_command`` tell whether
    ImageConfig in the template has one in the place of the Dockerfile's. ``buildkit`` tells that BuildKit builds it:
    ``sam build`` takes Docker's older builder.
    """

    architecture: str | None = None
    target: str | None = None
    arguments: Mapping[str, str | None] = field(default_factory=dict, hash=False)
    sets_entry_point: bool = False
    sets_command: bool = False
    buildkit: bool = False


@dataclass(frozen=True)
class Finding(Problem):
    """What is wrong with a Dockerfile. ``rule`` is one of ``SOURCES``.

    ``is_error`` tells what surely fails, as it is built or on Lambda; anything else is a warning.
    """

    rule: str = ""
    is_error: bool = False


class Command(NamedTuple):
    """A CMD or an ENTRYPOINT: its words, and whether it is one for a shell."""

    step: Step
    words: tuple[str, ...]
    is_shell: bool


class Image:
    """A Dockerfile as the function uses it; the last stage is the one that Lambda runs."""

    def __init__(self, source: Source, path: Path, use: Use) -> None:
        self.source, self.path, self.use = source, path, use
        found, self.shared = stages(source, use.arguments)
        self.stages = found
        targets = [stage for stage in found if use.target and stage.name.lower() == use.target.lower()]
        if use.target and use.target.isdecimal() and int(use.target) < len(found):
            targets = [found[int(use.target)]]
        self.has_target = not use.target or bool(targets)
        nothing = Stage("", Instruction("FROM", 1, "scratch"))
        self.final = (targets or found or [nothing])[-1]

    def command(self, name: str) -> Command | None:
        """Return the CMD or the ENTRYPOINT that is in force."""
        step = self.final.last(name)
        if step is None:
            return None
        words = step.instruction.words
        is_shell = words is None
        return Command(
            step, tuple(split(step.instruction.text, self.source.escape)) if words is None else words, is_shell
        )

    @property
    def entry_point(self) -> Command | None:
        """The Dockerfile's own entry point; that of AWS's base images, named once more, is theirs."""
        command = self.command("ENTRYPOINT")
        is_theirs = command and self.base and self.base.is_aws and command.words == ("/lambda-entrypoint.sh",)
        return None if is_theirs else command

    @property
    def has_adapter(self) -> bool:
        """Whether it may have the Lambda Web Adapter, which makes requests of events: an extension in /opt."""
        return any("/opt" in step.instruction.text or "adapter" in step.instruction.text for step in self.steps)

    @property
    def steps(self) -> list[Step]:
        """Everything that makes what Lambda runs."""
        return self.final.steps

    @property
    def base(self) -> Reference | None:
        """The image that Lambda runs starts from this one; ``None`` where that is not known."""
        return self.final.base

    def error(self, rule: str, line: int, message: str, remedy: str) -> Finding:
        """Return a finding that surely fails."""
        return Finding(
            FilePosition(str(self.path), line), message, f"{remedy}: {SOURCES[rule]}", rule=rule, is_error=True
        )

    def warning(self, rule: str, line: int, message: str, remedy: str) -> Finding:
        """Return a finding that may surprise."""
        return Finding(FilePosition(str(self.path), line), message, f"{remedy}: {SOURCES[rule]}", rule=rule)
