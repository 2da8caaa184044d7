"""The specification of a project and its functions, and the names they may have.

Names are checked against allow-lists before they reach a template: cookiecutter renders values as Jinja, so a name with
``{{ … }}`` would be code. Once there is a :class:`ProjectSpec`, it no longer matters where an answer came from.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any

from scaffold.errors import InvalidAnswersError, Problem
from scaffold.file_names import WINDOWS_DEVICE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MAX_NAME = 64  # characters: a stack name may have 128, and SAM appends to it for companion stacks
_NAME = re.compile(r"[A-Za-z](?:[A-Za-z0-9_-]|\.(?=[A-Za-z0-9]))*")
NAME_RULE = f"use up to {MAX_NAME} letters, digits, -, _ and single dots, a letter first, and a letter or digit last"

RESERVED = WINDOWS_DEVICE  # no file can have such a name there

# A function's name becomes a folder, a CloudFormation logical id and part of resource names.
_FUNCTION_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
FUNCTION_NAME_RULE = "use lower-case letters and digits, and single hyphens between words, starting with a letter"

DEFAULT_NAME = "sam-app"
AMAZON = "amazon"  # the default base: AWS's own image for the runtime


@dataclass(frozen=True)
class Answers:
    """What a user has answered so far. An answer that is ``None``, or a setting that is absent, was not given.

    ``settings`` has answers by the names of :data:`scaffold.settings.TABLE`, as they were given. ``functions`` has a
    mapping for each of several functions: its own name, and the answers in which it differs, by the same names.
    """

    name: str | None = None
    handler: str | None = None
    app_template: str | None = None
    language: str | None = None
    runtime: str | None = None
    package_type: str | None = None
    base_image: str | None = None
    dependency_manager: str | None = None
    architecture: str | None = None
    settings: Mapping[str, Any] = field(default_factory=dict, hash=False)
    functions: tuple[dict[str, Any], ...] | None = None

    @classmethod
    def from_values(cls, values: Mapping[str, Any]) -> Answers:
        """Return answers from a mapping of names to values; lists become tuples, and ``None`` is no answer."""
        given = {key: tuple(value) if isinstance(value, list) else value for key, value in values.items()}
        own: dict[str, Any] = {name: given.pop(name) for name in NAMES if name in given}
        return cls(**own, settings={key: value for key, value in given.items() if value is not None})

    def get(self, name: str) -> Any:  # noqa: ANN401  an answer may be of any type
        """Return the answer with that name, which may be a setting's; ``None`` if it was not given."""
        return getattr(self, name) if name in NAMES else self.settings.get(name)

    def with_defaults(self, other: Answers) -> Answers:
        """Return these answers, with those of ``other`` for what was not given here."""
        own: dict[str, Any] = {name: getattr(other if getattr(self, name) is None else self, name) for name in NAMES}
        return Answers(**own, settings={**other.settings, **self.settings})

    def with_values(self, **values: Any) -> Answers:  # noqa: ANN401
        """Return these answers with some replaced, which may be settings; ``None`` removes one."""
        return Answers.from_values({**self.values(), **values})

    def values(self) -> dict[str, Any]:
        """Return every answer that was given, by its name, settings included."""
        own = {name: value for name in NAMES if (value := getattr(self, name)) is not None}
        return {**own, **self.settings}


NAMES = tuple(field.name for field in fields(Answers) if field.name != "settings")


@dataclass(frozen=True)
class LeftOut:
    """A file or a folder of somebody's code that a project does not get: its path, and the reason."""

    path: str
    reason: str


@dataclass(frozen=True)
class OwnCode:
    """Code that a user has already, and the handler in it: what ``--handler`` leads to.

    ``given`` is the value of the flag. ``files`` are those of the folder ``root`` that the project gets, ``entry`` is
    the one with the handler: paths have ``/`` between folders. ``function`` is what people call it and ``handler`` what
    Lambda is told. ``provided`` are libraries that it imports and Lambda's runtime has, though no other machine.
    """

    given: str
    root: Path
    files: tuple[str, ...]
    left_out: tuple[LeftOut, ...]
    language: str
    entry: str
    function: str
    handler: str
    provided: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def dockerfile(self) -> Path | None:
        """The Dockerfile that came with it, if one did."""
        return self.root / "Dockerfile" if "Dockerfile" in self.files else None


@dataclass(frozen=True)
class FunctionSpec:
    """A Lambda function: a cell of the catalogue, a name and settings.

    If the cell's use case has several functions, ``part`` says which one it is, and its name is ``<group>-<part>``.
    ``base`` is the identifier of its base image, and ``private_base`` an image of the user's own that replaces the
    usual one. ``settings`` are what :func:`scaffold.settings.read` returns, without any defaults. ``own`` is the user's
    code in the place of the cell's handler; then the use case is what invokes it. Raises :class:`InvalidAnswersError`
    for a name that is not allowed.
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
    settings: Mapping[str, Any] = field(default_factory=dict, hash=False)
    part: str = ""
    own: OwnCode | None = None

    def __post_init__(self) -> None:
        allowed = _FUNCTION_NAME.fullmatch(self.name) and not RESERVED.fullmatch(self.name)
        if not allowed or len(self.name) > MAX_NAME:
            problem = Problem(("function",), f"{self.name!r} cannot be the name of a function", FUNCTION_NAME_RULE)
            raise InvalidAnswersError([problem])

    def renamed(self, name: str) -> FunctionSpec:
        """Return the function with another name, which is the group's if it has one."""
        return replace(self, name=f"{name}-{self.part}" if self.part else name)

    @property
    def group(self) -> str:
        """The name of its group, or its own if there is no group."""
        return self.name.removesuffix(f"-{self.part}") if self.part else self.name

    @property
    def base_image(self) -> str | None:
        """The value of ``--base-image``, or ``None`` for AWS's image of the runtime."""
        return self.private_base or (self.base if self.base != AMAZON else None)

    @property
    def pascal(self) -> str:
        """The name as ``HelloWorld``."""
        return _pascal(self.name)

    @property
    def names_by_style(self) -> dict[str, str]:
        """The name in each style that a ``language.toml`` may choose for folders."""
        words = self.name.split("-")
        return {"kebab": self.name, "snake": "_".join(words), "flat": "".join(words), "pascal": self.pascal}

    @property
    def group_pascal(self) -> str:
        """The name of its group as ``HelloWorld``: what ids of resources begin with that its functions share."""
        return _pascal(self.group)

    @property
    def logical_id(self) -> str:
        """The function's logical id in ``template.yaml``, in the style of ``sam init``: ``HelloWorldFunction``."""
        return f"{self.pascal}Function"


@dataclass(frozen=True)
class ProjectSpec:
    """A whole project, ready to be created. Raises :class:`InvalidAnswersError` for a name that is not allowed.

    ``ci`` is the host whose workflow it has, a folder below ``cookiecutters/ci/``, or empty. What is beside name and
    functions has the names of the project's settings in :data:`scaffold.settings.TABLE`.
    """

    name: str
    functions: tuple[FunctionSpec, ...]
    tracing: bool = False
    application_insights: bool = False
    structured_logging: bool = False
    ecr: bool = False
    devcontainer: bool = False
    ci: str = ""
    buildkit: bool = False
    pin: bool = False
    digest: Mapping[str, str] = field(default_factory=dict, hash=False)
    updates: str = ""

    def __post_init__(self) -> None:
        problem = check_name(self.name)
        if problem:
            raise InvalidAnswersError([problem])

    @property
    def groups(self) -> tuple[tuple[FunctionSpec, ...], ...]:
        """The functions by group, in their order; one that is no part of a group is by itself."""
        return groups_of(self.functions)

    @property
    def has_environments(self) -> bool:
        """Whether it is deployed to dev and to prod, each with a stack of its own."""
        return self.ecr or bool(self.ci)

    @property
    def updated_by(self) -> str:
        """What keeps the digests of its base images up to date, or nothing if these are not pinned."""
        return (self.updates or "renovate") if self.pin else ""

    @property
    def stack_name(self) -> str:
        """The name of its stack, as CloudFormation allows it: ``[a-zA-Z][-a-zA-Z0-9]*`` (from botocore's model)."""
        return stack_name(self.name)


def groups_of(functions: tuple[FunctionSpec, ...]) -> tuple[tuple[FunctionSpec, ...], ...]:
    """Return functions by group, in their order."""
    groups: dict[str, tuple[FunctionSpec, ...]] = {}
    for function in functions:
        groups[function.group] = (*groups.get(function.group, ()), function)
    return tuple(groups.values())


def _pascal(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("-"))


def stack_name(name: str) -> str:
    """Return the name of the stack of a project with that name."""
    return re.sub(r"[._]+", "-", name)


def check_name(name: str) -> Problem | None:
    """Return what is wrong with a project's name, or ``None``. The hint suggests a valid name."""
    if not name.strip():
        return Problem(("name",), "the name is empty", f"try {DEFAULT_NAME}")
    if RESERVED.fullmatch(name):
        reason = "is reserved for a device on Windows"
    elif len(name) > MAX_NAME:
        reason = f"has {len(name)} characters; the limit is {MAX_NAME}"
    elif not _NAME.fullmatch(name) or not name[-1].isalnum():
        reason = f"is not allowed: {NAME_RULE}"
    else:
        return None
    shown = name if len(name) <= MAX_NAME else f"{name[:MAX_NAME]}…"
    return Problem(("name",), f"{shown!r} {reason}", f"try {suggest_name(name)}")


def slug(text: str, **options: Any) -> str:  # noqa: ANN401  those of slugify
    """Return a text in ASCII letters, digits and hyphens, possibly empty; ``options`` are those of slugify."""
    from slugify import slugify  # noqa: PLC0415  its tables take time to load and few users need them

    return slugify(text, **options)


def suggest_name(name: str) -> str:
    """Return a valid name similar to one that is not."""
    suggestion = slug(name, lowercase=False, max_length=MAX_NAME)
    if not suggestion:
        return DEFAULT_NAME
    if not suggestion[0].isalpha() or RESERVED.fullmatch(suggestion):
        suggestion = f"app-{suggestion}"[:MAX_NAME].rstrip("-")
    return suggestion
