"""What a project and a function are, and which values may become part of one.

Every value that reaches a template passes an allow-list here first: cookiecutter renders values as Jinja, so a
name holding ``{{ … }}`` would be code. From a :class:`ProjectSpec` on, nobody asks again where an answer came from.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from scaffold.errors import InvalidAnswersError, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

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


@dataclass(frozen=True)
class Answers:
    """What a user has answered so far; ``None``, or a setting that is absent, is what was not answered.

    ``settings`` holds answers by the names of :data:`scaffold.settings.TABLE`, as they were given. ``functions`` is
    what each function of several answers in place of the rest, by the same names; or its own name.
    """

    name: str | None = None
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
    def of(cls, values: Mapping[str, Any]) -> Answers:
        """Return the answers by their names; lists become tuples, and ``None`` is no answer."""
        given = {key: tuple(value) if isinstance(value, list) else value for key, value in values.items()}
        own: dict[str, Any] = {name: given.pop(name) for name in NAMES if name in given}
        return cls(**own, settings={key: value for key, value in given.items() if value is not None})

    def get(self, name: str) -> Any:  # noqa: ANN401  an answer may be of any type
        """Return an answer by its name, of a setting too; ``None`` where there is none."""
        return getattr(self, name) if name in NAMES else self.settings.get(name)

    def over(self, other: Answers) -> Answers:
        """Return these answers, with those of ``other`` where these are silent."""
        own: dict[str, Any] = {name: getattr(other if getattr(self, name) is None else self, name) for name in NAMES}
        return Answers(**own, settings={**other.settings, **self.settings})

    def updated(self, **values: Any) -> Answers:  # noqa: ANN401
        """Return these answers with others in their place, of settings too; ``None`` takes an answer back."""
        return Answers.of({**self.values(), **values})

    def values(self) -> dict[str, Any]:
        """Return every answer by its name, without what was not answered."""
        own = {name: value for name in NAMES if (value := getattr(self, name)) is not None}
        return {**own, **self.settings}


NAMES = tuple(field.name for field in fields(Answers) if field.name != "settings")


@dataclass(frozen=True)
class FunctionSpec:
    """One Lambda function: a cell of the catalogue, and what this one is called.

    ``base`` is the kind of image that an image starts from; ``private_base`` an image of the user's own in place of
    the usual one of that kind. ``settings`` are what :func:`scaffold.settings.read` returns: what was answered, and
    nothing else.
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

    def __post_init__(self) -> None:
        allowed = _FUNCTION_NAME.fullmatch(self.name) and not RESERVED.fullmatch(self.name)
        if not allowed or len(self.name) > MAX_NAME:
            problem = Problem(("function",), f"{self.name!r} cannot be a function's name", FUNCTION_NAME_RULE)
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
        return Problem(("name",), "the name is empty", f"for example {DEFAULT_NAME}")
    if RESERVED.fullmatch(name):
        reason = "is a device on Windows and cannot be a folder there"
    elif len(name) > MAX_NAME:
        reason = f"has {len(name)} characters; the most is {MAX_NAME}"
    elif not _NAME.fullmatch(name) or not name[-1].isalnum():
        reason = f"is not allowed: {NAME_RULE}"
    else:
        return None
    shown = name if len(name) <= MAX_NAME else f"{name[:MAX_NAME]}…"
    return Problem(("name",), f"{shown!r} {reason}", f"for example {suggest_name(name)}")


def slug(text: str, **options: Any) -> str:  # noqa: ANN401  those of slugify
    """Return a text in letters, digits and hyphens of ASCII; empty where nothing of it can be written so."""
    from slugify import slugify  # noqa: PLC0415  its tables take time to load and few users need them

    return slugify(text, **options)


def suggest_name(name: str) -> str:
    """Return the allowed name nearest to one that is not."""
    suggestion = slug(name, lowercase=False, max_length=MAX_NAME)
    if not suggestion:
        return DEFAULT_NAME
    if not suggestion[0].isalpha() or RESERVED.fullmatch(suggestion):
        suggestion = f"app-{suggestion}"[:MAX_NAME].rstrip("-")
    return suggestion
