"""How the value of a setting is written: as a flag, in an answers file, in a template; and what it may be.

Each class is one form of value. ``read`` takes what a user gave, from a flag or a file, and ``of_template`` takes what
stands in somebody's template; both lead to the same Python value, which ``check`` holds against Lambda's limits.
What is wrong goes to ``refuse``. Texts are never rendered: they reach ``template.yaml`` as YAML made of data.
"""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import dataclass, field
from typing import Any, Protocol

from scaffold.intrinsics import is_intrinsic


class Refuse(Protocol):
    """Takes what is wrong with a value: the message, what to do, and the values that would do, where they are few."""

    def __call__(self, message: str, hint: str = "", allowed: tuple[str, ...] = ()) -> None:
        """Note the problem."""


class Value:
    """One form of value; the methods here are those of a text without rules."""

    metavar = "TEXT"

    def option(self) -> dict[str, Any]:
        """Return what :func:`click.option` is to know of the flag."""
        return {"metavar": self.metavar}

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of the value in an answers file."""
        return {"type": "string"}

    def read(self, given: Any, refuse: Refuse) -> Any:  # noqa: ANN401
        """Return the value that a user gave, or ``None`` where it cannot be read; refuse what is not allowed."""
        self.check(given, refuse)
        return given

    def check(self, value: Any, refuse: Refuse) -> None:  # noqa: ANN401
        """Refuse what Lambda, Docker or CloudFormation would."""

    def dump(self, value: Any) -> Any:  # noqa: ANN401
        """Return the value as an answers file has it."""
        return value

    def words(self, flag: str, value: Any) -> list[str]:  # noqa: ANN401
        """Return the value as words of a command line."""
        return [flag, str(value)]

    def to_template(self, value: Any) -> Any:  # noqa: ANN401
        """Return the value as the template has it."""
        return value

    def of_template(self, found: Any) -> Any:  # noqa: ANN401
        """Return the value that stands in a template; ``None`` where it is not known before the stack is made."""
        return None if is_intrinsic(found) else found


@dataclass(frozen=True)
class Number(Value):
    """A whole number, both ends included; without ``most`` it has no upper end."""

    least: int
    most: int | None
    unit: str
    source: str
    metavar: str = "NUMBER"

    @property
    def range(self) -> str:
        """The numbers that are allowed, in words."""
        return f"{self.least} or more" if self.most is None else f"{self.least} to {self.most}"

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of a number within its limits."""
        return {"type": "integer", "minimum": self.least, **({} if self.most is None else {"maximum": self.most})}

    def read(self, given: Any, refuse: Refuse) -> int | None:  # noqa: ANN401
        """Return the number that a text or a number stands for."""
        if isinstance(given, bool) or not re.fullmatch(r"-?[0-9]{1,9}", str(given)):
            refuse(f"{shown(given)} is not a whole number of {self.unit}", self.range)
            return None
        self.check(int(given), refuse)
        return int(given)

    def check(self, value: Any, refuse: Refuse) -> None:  # noqa: ANN401
        """Refuse a number outside its limits."""
        if isinstance(value, int) and not self.least <= value <= (value if self.most is None else self.most):
            refuse(f"is {value}: Lambda takes {self.range} {self.unit}", f"see {self.source}")


@dataclass(frozen=True)
class OneOfNumbers(Number):
    """A whole number of which only some are allowed."""

    numbers: tuple[int, ...] = ()

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of the numbers."""
        return {"type": "integer", "enum": [*self.numbers]}

    def check(self, value: Any, refuse: Refuse) -> None:  # noqa: ANN401
        """Refuse any other number."""
        if isinstance(value, int) and value not in self.numbers:
            allowed = tuple(map(str, self.numbers))
            refuse(f"is {value}, which is not among the {self.unit} that are allowed", f"one of {', '.join(allowed)}",
                   allowed)  # fmt: skip


@dataclass(frozen=True)
class YesNo(Value):
    """Yes or no; ``yes`` is what a template has for yes."""

    yes: Any = True

    def option(self) -> dict[str, Any]:
        """Return what makes a pair of flags, ``--x/--no-x``."""
        return {"is_flag": True, "default": None}

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of a boolean."""
        return {"type": "boolean"}

    def read(self, given: Any, refuse: Refuse) -> bool:  # noqa: ANN401, ARG002  as inherited
        """Return whether it is yes."""
        return bool(given)

    def words(self, flag: str, value: Any) -> list[str]:  # noqa: ANN401
        """Return the flag for yes or for no."""
        return [flag if value else f"--no-{flag.removeprefix('--')}"]

    def to_template(self, value: Any) -> Any:  # noqa: ANN401
        """Return what a template has for yes."""
        return self.yes if value else None

    def of_template(self, found: Any) -> bool | None:  # noqa: ANN401
        """Return whether a template says yes."""
        return True if found == self.yes else None


@dataclass(frozen=True)
class Block(YesNo):
    """Yes or no, where a template has a block of keys for yes."""

    def of_template(self, found: Any) -> bool | None:  # noqa: ANN401
        """Return whether there is such a block."""
        return True if isinstance(found, dict) and found and not is_intrinsic(found) else None


@dataclass(frozen=True)
class Choice(Value):
    """One of a few words; ``choices`` leads from each to what a template has."""

    choices: dict[str, str] = field(default_factory=dict, hash=False)

    def option(self) -> dict[str, Any]:
        """Return the choices as the flag's metavar."""
        return {"metavar": "|".join(self.choices)}

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of the choices."""
        return {"enum": [*self.choices]}

    def read(self, given: Any, refuse: Refuse) -> str | None:  # noqa: ANN401
        """Return the choice, whatever its case."""
        choice = str(given).lower()
        if choice not in self.choices:
            refuse(f"{shown(given)} is not one of the choices", f"use {' or '.join(self.choices)}", (*self.choices,))
            return None
        return choice

    def to_template(self, value: Any) -> str:  # noqa: ANN401
        """Return the word of the template."""
        return self.choices[value]

    def of_template(self, found: Any) -> str | None:  # noqa: ANN401
        """Return the choice that a template makes."""
        return next((name for name, word in self.choices.items() if word == found), None)


@dataclass(frozen=True)
class Text(Value):
    """A text of a certain form: ``rule`` says it in words, ``example`` shows it."""

    pattern: re.Pattern[str]
    rule: str
    example: str
    metavar: str = "TEXT"

    def check(self, value: Any, refuse: Refuse) -> None:  # noqa: ANN401
        """Refuse a text of another form."""
        if isinstance(value, str) and not self.pattern.fullmatch(value):
            refuse(f"{shown(value)} is not allowed: {self.rule}", f"for example {self.example}")


@dataclass(frozen=True)
class Folder(Value):
    """An absolute path in an image."""

    most: int  # characters
    source: str
    metavar: str = "PATH"

    def check(self, value: Any, refuse: Refuse) -> None:  # noqa: ANN401
        """Refuse a path that is relative, too long or cannot be seen."""
        if not isinstance(value, str):
            return
        if not value.startswith("/"):
            refuse(f"{shown(value)} is not an absolute path", "for example /var/task")
        elif len(value) > self.most:
            refuse(f"has {len(value)} of at most {self.most} characters", f"see {self.source}")
        refuse_control_characters((value,), refuse)


@dataclass(frozen=True)
class Words(Value):
    """Words of a command, each once; as a flag written as for a shell, or as JSON."""

    most: int
    source: str
    metavar: str = "WORDS"

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of a text or a list of texts."""
        return {"type": ["array", "string"], "items": {"type": "string"}}

    def read(self, given: Any, refuse: Refuse) -> tuple[str, ...] | None:  # noqa: ANN401
        """Return the words of a text or a list."""
        try:
            words = tuple(_split(given) if isinstance(given, str) else map(str, given))
        except ValueError as error:
            refuse(f"{shown(given)} cannot be taken apart: {error}", "quote it as for a shell, or as JSON")
            return None
        if not words:
            refuse("is empty", "leave it out to use the image's own")
        self.check(words, refuse)
        return words

    def check(self, value: Any, refuse: Refuse) -> None:  # noqa: ANN401
        """Refuse too many words, and one that is there twice."""
        words = [word for word in value if isinstance(word, str)] if isinstance(value, (list, tuple)) else []
        if len(words) > self.most or len(words) != len(set(words)):
            refuse(f"holds more than {self.most} words, or one of them twice", f"see {self.source}")
        refuse_control_characters(words, refuse)

    def dump(self, value: Any) -> list[str]:  # noqa: ANN401
        """Return the words as a list."""
        return [*value]

    def words(self, flag: str, value: Any) -> list[str]:  # noqa: ANN401
        """Return the words in one word of a command line."""
        return [flag, shlex.join(value)]

    def to_template(self, value: Any) -> list[str]:  # noqa: ANN401
        """Return the words as a list."""
        return [*value]


def _split(text: str) -> list[str]:
    """Take words apart: as JSON where it begins like a list, else as a shell does."""
    if not text.lstrip().startswith("["):
        return shlex.split(text)
    words: list[str] = json.loads(text)
    if not all(isinstance(word, str) for word in words):
        raise ValueError("not all of it are strings")
    return words


@dataclass(frozen=True)
class Pairs(Value):
    """Names with values; as flags, ``NAME=VALUE`` each time."""

    name: re.Pattern[str]
    example: str
    reserved: re.Pattern[str] | None = None
    most: int | None = None  # bytes of all names and values together
    source: str = ""
    metavar: str = "NAME=VALUE"

    def option(self) -> dict[str, Any]:
        """Return what makes the flag repeatable."""
        return {"metavar": self.metavar, "multiple": True, "default": None}

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of a mapping from names to texts."""
        return {"type": "object", "additionalProperties": {"type": "string"}}

    def read(self, given: Any, refuse: Refuse) -> dict[str, str]:  # noqa: ANN401
        """Return the values by their names."""
        mapping = isinstance(given, dict)
        rows = [(k, "=", str(v)) for k, v in given.items()] if mapping else [word.partition("=") for word in given]
        pairs: dict[str, str] = {}
        for name, equals, value in rows:
            if not equals or not self.name.fullmatch(name):
                refuse(f"{shown(name + equals + value)} is not NAME=VALUE", f"for example {self.example}")
            elif name in pairs:
                refuse(f"{name} is there twice", "give it once")
            pairs[name] = value
        self.check(pairs, refuse)
        return pairs

    def check(self, value: Any, refuse: Refuse) -> None:  # noqa: ANN401
        """Refuse reserved names, too many bytes, and characters that cannot be seen."""
        pairs = value if isinstance(value, dict) else {}
        texts = [text for text in pairs.values() if isinstance(text, str)]
        for name in pairs:
            if self.reserved and self.reserved.fullmatch(str(name)):
                refuse(f"{name} is reserved: Lambda sets it", f"choose another name; see {self.source}")
        size = sum(len(text.encode(errors="surrogatepass")) for text in [*map(str, pairs), *texts])
        if self.most is not None and size > self.most:
            refuse(f"has {size} bytes of names and values: Lambda takes {self.most}", f"see {self.source}")
        refuse_control_characters(texts, refuse)

    def dump(self, value: Any) -> dict[str, str]:  # noqa: ANN401
        """Return the mapping."""
        return {**value}

    def words(self, flag: str, value: Any) -> list[str]:  # noqa: ANN401
        """Return the flag once for each pair."""
        return [word for name, text in value.items() for word in (flag, f"{name}={text}")]

    def to_template(self, value: Any) -> dict[str, str]:  # noqa: ANN401
        """Return the mapping."""
        return {**value}


@dataclass(frozen=True)
class Many(Value):
    """Texts of one form, at most ``most``; as flags, one each time."""

    pattern: re.Pattern[str]
    what: str
    example: str
    most: int
    source: str
    metavar: str = "TEXT"

    def option(self) -> dict[str, Any]:
        """Return what makes the flag repeatable."""
        return {"metavar": self.metavar, "multiple": True, "default": None}

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of a list of texts."""
        return {"type": "array", "items": {"type": "string"}}

    def read(self, given: Any, refuse: Refuse) -> tuple[str, ...]:  # noqa: ANN401
        """Return the texts."""
        texts = tuple(given)
        self.check(texts, refuse)
        return texts

    def check(self, value: Any, refuse: Refuse) -> None:  # noqa: ANN401
        """Refuse texts of another form, and too many."""
        texts = value if isinstance(value, (list, tuple)) else ()
        for text in texts:
            if isinstance(text, str) and not self.pattern.fullmatch(text):
                refuse(f"{shown(text)} is not {self.what}", f"for example {self.example}")
        if len(texts) > self.most:
            refuse(f"is there {len(texts)} times: a function takes {self.most}", f"see {self.source}")

    def dump(self, value: Any) -> list[str]:  # noqa: ANN401
        """Return the texts as a list."""
        return [*value]

    def words(self, flag: str, value: Any) -> list[str]:  # noqa: ANN401
        """Return the flag once for each text."""
        return [word for text in value for word in (flag, text)]

    def to_template(self, value: Any) -> list[str]:  # noqa: ANN401
        """Return the texts as a list."""
        return [*value]


# What a queue or a topic of the template is called where one is asked for, and its type as SAM has it.
MADE = {"queue": "SQS", "topic": "SNS"}
_SERVICES = {"sqs": "SQS", "sns": "SNS", "lambda": "Lambda", "events": "EventBridge", "s3": "S3Bucket"}
# botocore's DestinationArn, narrowed to services that Lambda sends to.
_ARN = re.compile(r"arn:aws[a-z-]*:(sqs|sns|lambda|events|s3):[a-z0-9-]*:(?:[0-9]{12})?:[A-Za-z0-9_.:/$-]{1,256}")


@dataclass(frozen=True)
class Target(Value):
    """Where events go: an ARN, or ``queue`` or ``topic``, which the template then makes."""

    services: tuple[str, ...]
    source: str
    metavar: str = "ARN|queue|topic"

    @staticmethod
    def service(value: str) -> str | None:
        """Return the type of a target as SAM has it: ``SQS`` for ``queue`` and for the ARN of one."""
        arn = _ARN.fullmatch(value)
        return MADE.get(value) or (_SERVICES[arn[1]] if arn else value if value in _SERVICES.values() else None)

    def read(self, given: Any, refuse: Refuse) -> str | None:  # noqa: ANN401
        """Return the target."""
        target = str(given)
        if target not in MADE and not _ARN.fullmatch(target):
            example = "arn:aws:sqs:eu-central-1:123456789012:failures"
            refuse(f"{shown(target)} is neither an ARN nor queue nor topic", f"for example queue, or {example}")
            return None
        self.check(target, refuse)
        return target

    def check(self, value: Any, refuse: Refuse) -> None:  # noqa: ANN401
        """Refuse a service that Lambda does not send these events to."""
        service = self.service(value) if isinstance(value, str) else None
        if service and service not in self.services:
            allowed = ", ".join(self.services)
            refuse(f"cannot be of type {service}: Lambda takes {allowed}", f"see {self.source}", self.services)

    def of_template(self, found: Any) -> str | None:  # noqa: ANN401
        """Return the type of the target in a template."""
        service = found.get("Type") if isinstance(found, dict) else None
        return service if isinstance(service, str) else None


_EFS = r"arn:aws[a-z-]*:elasticfilesystem:[a-z0-9-]+:[0-9]{12}:access-point/fsap-[a-f0-9]{17}"
_S3_FILES = (
    r"arn:aws[a-z-]*:s3files:[a-z0-9-]+:[0-9]{12}:file-system/fs-[0-9a-f]{17,40}/access-point/fsap-[0-9a-f]{17,40}"
)
_MOUNT = re.compile(r"/mnt/[A-Za-z0-9_.-]+")
MAX_MOUNT = 160  # characters: botocore's LocalMountPath


@dataclass(frozen=True)
class Mount(Value):
    """An access point of EFS or of S3 Files and where it is mounted: the ARN and the path."""

    source: str
    metavar: str = "ARN=/mnt/PATH"
    access_point: re.Pattern[str] = re.compile(f"{_EFS}|{_S3_FILES}")

    def read(self, given: Any, refuse: Refuse) -> tuple[str, str]:  # noqa: ANN401
        """Return the ARN and the path."""
        arn, _, path = str(given).partition("=")
        self.check((arn, path), refuse)
        return arn, path

    def check(self, value: Any, refuse: Refuse) -> None:  # noqa: ANN401
        """Refuse what is not an access point, and a path outside ``/mnt``."""
        arn, path = value
        if arn is not None and not self.access_point.fullmatch(arn):
            example = "arn:aws:elasticfilesystem:eu-central-1:123456789012:access-point/fsap-0123456789abcdef0"
            refuse(f"{shown(arn)} is not an access point of EFS or S3 Files", f"for example {example}=/mnt/data")
        if path is not None and (not _MOUNT.fullmatch(path) or len(path) > MAX_MOUNT):
            refuse(f"{shown(path)} is not a path to mount at: /mnt/ and a name", f"/mnt/data; see {self.source}")

    def dump(self, value: Any) -> str:  # noqa: ANN401
        """Return the ARN and the path as a flag has them."""
        return "=".join(value)

    def words(self, flag: str, value: Any) -> list[str]:  # noqa: ANN401
        """Return the flag with both."""
        return [flag, "=".join(value)]

    def to_template(self, value: Any) -> list[dict[str, str]]:  # noqa: ANN401
        """Return the list of one mount that a template has."""
        return [{"Arn": value[0], "LocalMountPath": value[1]}]

    def of_template(self, found: Any) -> tuple[str | None, str | None] | None:  # noqa: ANN401
        """Return what is known of the first mount in a template."""
        if not isinstance(found, list) or not found or not isinstance(found[0], dict) or is_intrinsic(found[0]):
            return None
        arn, path = (found[0].get(key) for key in ("Arn", "LocalMountPath"))
        return arn if isinstance(arn, str) else None, path if isinstance(path, str) else None


def refuse_control_characters(texts: tuple[str, ...] | list[str], refuse: Refuse) -> None:
    """Refuse each text that holds a character that cannot be seen."""
    for text in texts:
        if not text.isprintable():
            refuse(f"{shown(text)} holds a control character", "leave it out")


def shown(value: object) -> str:
    """Return a value for a message, not longer than a line."""
    text, most = str(value), 80
    return repr(text if len(text) <= most else f"{text[:most]}…")
