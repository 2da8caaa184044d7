"""What a project and a function are, and which values may become part of one.

Every value that reaches a template passes an allow-list here first: cookiecutter renders values as Jinja, so a
name holding ``{{ … }}`` would be code. From a :class:`ProjectSpec` on, nobody asks again where an answer came from.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields
from typing import Any, NamedTuple

from scaffold.errors import InvalidAnswersError, Problem

MAX_NAME = 64  # characters: a stack name may have 128, and SAM appends to it for companion stacks
_NAME = re.compile(r"[A-Za-z](?:[A-Za-z0-9_-]|\.(?=[A-Za-z0-9]))*")
NAME_RULE = f"letters, digits, - _ and dots inside, a letter first, none of - _ . last, at most {MAX_NAME} in all"

# Windows refuses these as file names, with any extension and in any case:
# https://learn.microsoft.com/windows/win32/fileio/naming-a-file
RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)

# A function's name becomes a folder, a CloudFormation logical id and part of resource names.
_FUNCTION_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
FUNCTION_NAME_RULE = "lower-case words of letters and digits, joined by single hyphens, a letter first"

DEFAULT_NAME = "sam-app"
AMAZON = "amazon"  # the base that an image has if nobody says another: AWS's own for the runtime
MONITORING = ("tracing", "application_insights", "structured_logging")


class Limit(NamedTuple):
    """What a number may be, both ends included."""

    least: int
    most: int
    unit: str
    source: str


_QUOTAS = "https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"
# Managed Instances may have more; a function that Lambda itself runs may not.
LIMITS = {
    "memory": Limit(128, 10240, "MB", _QUOTAS),
    "timeout": Limit(1, 900, "seconds", _QUOTAS),
    "ephemeral_storage": Limit(512, 10240, "MB", _QUOTAS),
}
# What an ImageConfig may hold: https://docs.aws.amazon.com/lambda/latest/api/API_ImageConfig.html
MAX_WORDS = 1500
MAX_DIRECTORY = 1000  # characters
MAX_LAYERS = 5  # on a Zip: the quotas page


@dataclass(frozen=True)
class Answers:
    """What a user has said so far; ``None`` is what was not said."""

    name: str | None = None
    app_template: str | None = None
    language: str | None = None
    runtime: str | None = None
    package_type: str | None = None
    base_image: str | None = None
    dependency_manager: str | None = None
    architecture: str | None = None
    memory: int | str | None = None
    timeout: int | str | None = None
    ephemeral_storage: int | str | None = None
    entrypoint: tuple[str, ...] | str | None = None
    command: tuple[str, ...] | str | None = None
    working_directory: str | None = None
    build_arg: dict[str, str] | tuple[str, ...] | None = None
    docker_tag: str | None = None
    build_target: str | None = None
    layer: tuple[str, ...] | None = None
    snap_start: bool | None = None
    ecr: bool | None = None
    tracing: bool | None = None
    application_insights: bool | None = None
    structured_logging: bool | None = None
    functions: tuple[dict[str, Any], ...] | None = None  # what each says in place of the answers above; or its name

    @classmethod
    def of(cls, values: dict[str, Any]) -> Answers:
        """Return what a file says that its schema accepts; lists become tuples."""
        said: dict[str, Any] = {key: tuple(one) if isinstance(one, list) else one for key, one in values.items()}
        return cls(**said)

    def over(self, other: Answers) -> Answers:
        """Return these answers, with those of ``other`` where these are silent."""
        return Answers(
            **{
                field.name: mine if (mine := getattr(self, field.name)) is not None else getattr(other, field.name)
                for field in fields(self)
            }
        )


@dataclass(frozen=True)
class Settings:
    """What a function says beyond its cell; ``None`` and empty are left to the templates.

    ``memory`` and ``ephemeral_storage`` are MB, ``timeout`` is seconds. From ``entrypoint`` to ``build_target`` they
    are for images alone, ``layers`` and ``snap_start`` for Zips.
    """

    memory: int | None = None
    timeout: int | None = None
    ephemeral_storage: int | None = None
    entrypoint: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    working_directory: str | None = None
    build_args: dict[str, str] = field(default_factory=dict, hash=False)
    docker_tag: str | None = None
    build_target: str | None = None
    layers: tuple[str, ...] = ()
    snap_start: bool = False


@dataclass(frozen=True)
class FunctionSpec:
    """One Lambda function: a cell of the catalogue, and what this one is called.

    ``base`` is the kind of image that an image starts from; ``private_base`` an image of the user's own in place of
    the usual one of that kind.
    """

    name: str
    use_case: str
    language: str
    runtime: str
    package_type: str
    dependency_manager: str
    architecture: str
    base: str = AMAZON
    private_base: str = ""
    settings: Settings = Settings()

    def __post_init__(self) -> None:
        allowed = _FUNCTION_NAME.fullmatch(self.name) and not RESERVED.fullmatch(self.name)
        if not allowed or len(self.name) > MAX_NAME:
            problem = Problem("function", f"{self.name!r} cannot be a function's name", FUNCTION_NAME_RULE)
            raise InvalidAnswersError([problem])

    @property
    def base_image(self) -> str | None:
        """What ``--base-image`` takes for it; ``None`` where it follows from the rest."""
        return self.private_base or (self.base if self.base != AMAZON else None)

    @property
    def words(self) -> tuple[str, ...]:
        """The words of the name: ``hello-world`` is ``("hello", "world")``."""
        return tuple(self.name.split("-"))

    @property
    def pascal(self) -> str:
        """The name as ``HelloWorld``."""
        return "".join(word.capitalize() for word in self.words)

    @property
    def logical_id(self) -> str:
        """The function's logical id in ``template.yaml``, named as ``sam init`` does: ``HelloWorldFunction``."""
        return f"{self.pascal}Function"


@dataclass(frozen=True)
class ProjectSpec:
    """A whole project, ready to be made. Raises :class:`InvalidAnswersError` for a name that is not allowed."""

    name: str
    functions: tuple[FunctionSpec, ...]
    tracing: bool = False
    application_insights: bool = False
    structured_logging: bool = False
    ecr: bool = False

    def __post_init__(self) -> None:
        problem = check_name(self.name)
        if problem:
            raise InvalidAnswersError([problem])

    @property
    def stack_name(self) -> str:
        """The name as CloudFormation takes it, ``[a-zA-Z][-a-zA-Z0-9]*`` (botocore's cloudformation model)."""
        return stack_name(self.name)


def stack_name(name: str) -> str:
    """Return what the stack of a project of that name is called."""
    return re.sub(r"[._]+", "-", name)


def check_name(name: str) -> Problem | None:
    """Return what is wrong with a project's name, or ``None``. The hint holds a name that would do."""
    if not name.strip():
        return Problem("name", "the name is empty", f"for example {DEFAULT_NAME}")
    if RESERVED.fullmatch(name):
        reason = "is a device on Windows and cannot be a folder there"
    elif len(name) > MAX_NAME:
        reason = f"has {len(name)} characters; the most is {MAX_NAME}"
    elif not _NAME.fullmatch(name) or not name[-1].isalnum():
        reason = f"is not allowed: {NAME_RULE}"
    else:
        return None
    shown = name if len(name) <= MAX_NAME else f"{name[:MAX_NAME]}…"
    return Problem("name", f"{shown!r} {reason}", f"for example {suggest_name(name)}")


def suggest_name(name: str) -> str:
    """Return the allowed name nearest to one that is not."""
    from slugify import slugify  # noqa: PLC0415  its tables take time to load and few users need them

    suggestion = slugify(name, lowercase=False, max_length=MAX_NAME)
    if not suggestion:
        return DEFAULT_NAME
    if not suggestion[0].isalpha() or RESERVED.fullmatch(suggestion):
        suggestion = f"app-{suggestion}"[:MAX_NAME].rstrip("-")
    return suggestion
