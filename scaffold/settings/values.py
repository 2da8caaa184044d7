"""Types of values that settings have: how each is written as a flag, in an answers file and in a template.

``read`` takes what a user gave, on the command line or in a file, and ``from_template`` takes what somebody's template
has; ``check`` compares either with Lambda's limits. What is wrong goes to ``refuse``. Texts are never rendered with
Jinja: they reach ``template.yaml`` as data, dumped to YAML.
"""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from scaffold.intrinsics import is_dynamic, is_intrinsic

if TYPE_CHECKING:
    from collections.abc import Sequence


class Refuse(Protocol):
    """A callback for a problem with a value: what is wrong, what to do, and the values allowed if there are few."""

    def __call__(self, message: str, hint: str = "", allowed: tuple[str, ...] = ()) -> None:
        """Record the problem."""


class Value:
    """A type of value; this one is a text without rules."""

    metavar = "TEXT"

    def option(self) -> dict[str, Any]:
        """Return the arguments of :func:`click.option` for the flag."""
        return {"metavar": self.metavar}

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of the value in an answers file."""
        return {"type": "string"}

    def read(self, given: Any, refuse: Refuse) -> Any:  # noqa: ANN401
        """Return the value that a user gave, or ``None`` if it cannot be read; refuse what is not allowed."""
        self.check(given, refuse)
        return given

    def check(self, value: Any, refuse: Refuse) -> None:  # noqa: ANN401
        """Refuse what Lambda, Docker or CloudFormation would refuse."""

    def dump(self, value: Any) -> Any:  # noqa: ANN401
        """Return the value for an answers file."""
        return value

    def arguments(self, flag: str, value: Any) -> list[str]:  # noqa: ANN401
        """Return the value as arguments of a command line."""
        return [flag, str(value)]

    def to_template(self, value: Any) -> Any:  # noqa: ANN401
        """Return the value for a template."""
        return value

    def from_template(self, node: Any) -> Any:  # noqa: ANN401
        """Return the value in a template; ``None`` if only CloudFormation will know it."""
        return None if is_intrinsic(node) else node


@dataclass(frozen=True)
class Number(Value):
    """A whole number from ``minimum`` to ``maximum``, both included; ``None`` is no limit.

    ``unit`` is the plural of what is counted, and ``source`` is where the limits are documented.
    """

    minimum: int
    maximum: int | None
    unit: str
    source: str
    metavar: str = "NUMBER"

    @property
    def range(self) -> str:
        """The numbers that are allowed, in words."""
        return f"{self.minimum} or more" if self.maximum is None else f"{self.minimum} to {self.maximum}"

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of a number within its limits."""
        upper = {} if self.maximum is None else {"maximum": self.maximum}
        return {"type": "integer", "minimum": self.minimum, **upper}

    def read(self, given: Any, refuse: Refuse) -> int | None:  # noqa: ANN401
        """Return the number that a text or a number stands for."""
        if isinstance(given, bool) or not re.fullmatch(r"-?[0-9]{1,18}", str(given)):
            refuse(f"{quote(given)} is not a whole number of {self.unit}", f"use {self.range}")
            return None
        self.check(int(given), refuse)
        return int(given)

    def from_template(self, node: Any) -> Any:  # noqa: ANN401
        """Return the number in a template, where it may stand in quotes."""
        return (
            int(node) if isinstance(node, str) and re.fullmatch(r"-?[0-9]{1,18}", node) else super().from_template(node)
        )

    def check(self, value: Any, refuse: Refuse) -> None:  # noqa: ANN401
        """Refuse a number outside its limits."""
        if isinstance(value, int) and not self.minimum <= value <= (value if self.maximum is None else self.maximum):
            refuse(f"{value} is out of range: Lambda takes {self.range} {self.unit}", f"see {self.source}")


@dataclass(frozen=True)
class OneOfNumbers(Number):
    """A whole number out of a few; ``nothing`` is what stands for none of them, which a template leaves out."""

    numbers: tuple[int, ...] = ()
    nothing: int = 0

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of the numbers."""
        return {"type": "integer", "enum": [self.nothing, *self.numbers]}

    def read(self, given: Any, refuse: Refuse) -> int | None:  # noqa: ANN401
        """Return the number that a text or a number stands for."""
        return self.nothing if str(given) == str(self.nothing) else super().read(given, refuse)

    def check(self, value: Any, refuse: Refuse) -> None:  # noqa: ANN401
        """Refuse any other number."""
        if isinstance(value, int) and value not in self.numbers:
            allowed = tuple(map(str, self.numbers))
            refuse(f"{value} is not an allowed number of {self.unit}", f"use one of {', '.join(allowed)}", allowed)


@dataclass(frozen=True)
class YesNo(Value):
    """Yes or no; ``yes`` is the value that means yes in a template."""

    yes: Any = True

    def option(self) -> dict[str, Any]:
        """Return the arguments for a pair of flags, ``--x/--no-x``."""
        return {"is_flag": True, "default": None}

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of a boolean."""
        return {"type": "boolean"}

    def read(self, given: Any, refuse: Refuse) -> bool:  # noqa: ANN401, ARG002  as inherited
        """Return whether the answer is yes."""
        return bool(given)

    def arguments(self, flag: str, value: Any) -> list[str]:  # noqa: ANN401
        """Return the flag for yes or for no."""
        return [flag if value else f"--no-{flag.removeprefix('--')}"]

    def to_template(self, value: Any) -> Any:  # noqa: ANN401
        """Return the value that means yes, or ``None``."""
        return self.yes if value else None

    def from_template(self, node: Any) -> bool | None:  # noqa: ANN401
        """Return whether a template says yes."""
        return True if node == self.yes else None


@dataclass(frozen=True)
class Block(YesNo):
    """Yes or no, where yes is a block of keys in a template."""

    def from_template(self, node: Any) -> bool | None:  # noqa: ANN401
        """Return whether there is such a block."""
        return True if isinstance(node, dict) and node and not is_intrinsic(node) else None


@dataclass(frozen=True)
class Choice(Value):
    """One of a few words; ``choices`` maps each to its word in a template."""

    choices: dict[str, str] = field(default_factory=dict, hash=False)

    def option(self) -> dict[str, Any]:
        """Return the choices as the flag's metavar."""
        return {"metavar": "|".join(self.choices)}

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of the choices."""
        return {"enum": [*self.choices]}

    def read(self, given: Any, refuse: Refuse) -> str | None:  # noqa: ANN401
        """Return the choice in lower case."""
        choice = str(given).lower()
        if choice not in self.choices:
            refuse(f"{quote(given)} is not a choice", f"use {' or '.join(self.choices)}", (*self.choices,))
            return None
        return choice

    def to_template(self, value: Any) -> str:  # noqa: ANN401
        """Return the choice's word in a template."""
        return self.choices[value]

    def from_template(self, node: Any) -> str | None:  # noqa: ANN401
        """Return the choice that a template has made."""
        return next((name for name, word in self.choices.items() if word == node), None)


@dataclass(frozen=True)
class Text(Value):
    """A text that matches ``pattern``; ``rule`` describes it in words, and ``example`` is one.

    Templates that others wrote are not held to it: Docker may take more than a flag does.
    """

    pattern: re.Pattern[str]
    rule: str
    example: str
    metavar: str = "TEXT"

    def read(self, given: Any, refuse: Refuse) -> str:  # noqa: ANN401
        """Return the text; refuse one that does not match the pattern."""
        if not self.pattern.fullmatch(str(given)):
            refuse(f"{quote(given)} is not allowed: {self.rule}", f"for example {self.example}")
        return str(given)


@dataclass(frozen=True)
class Folder(Value):
    """An absolute path in an image."""

    maximum: int  # characters
    source: str
    metavar: str = "PATH"

    def read(self, given: Any, refuse: Refuse) -> str:  # noqa: ANN401
        """Return the path; refuse one that is relative, or has invisible characters."""
        path = str(given)
        if not path.startswith("/"):
            refuse(f"{quote(path)} is not an absolute path", "for example /var/task")
        refuse_control_characters((path,), refuse)
        self.check(path, refuse)
        return path

    def check(self, value: Any, refuse: Refuse) -> None:  # noqa: ANN401
        """Refuse a path that is too long."""
        if isinstance(value, str) and len(value) > self.maximum:
            refuse(f"the path has {len(value)} characters; Lambda takes {self.maximum}", f"see {self.source}")


@dataclass(frozen=True)
class Words(Value):
    """The words of a command, all different; a flag takes them as for a shell, or as a JSON list."""

    maximum: int
    source: str
    metavar: str = "WORDS"

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of a text or a list of texts."""
        return {"type": ["array", "string"], "items": {"type": "string"}}

    def read(self, given: Any, refuse: Refuse) -> tuple[str, ...] | None:  # noqa: ANN401
        """Return the words of a text or a list."""
        try:
            words = tuple(_split(given) if isinstance(given, str) else map(str, given))
        except (ValueError, RecursionError) as error:
            refuse(f"{quote(given)} cannot be split into words: {error}", "quote it as for a shell, or use a JSON list")
            return None
        if not words:
            refuse("there are no words", "leave it out to use the image's own")
        refuse_control_characters(words, refuse)
        self.check(words, refuse)
        return words

    def check(self, value: Any, refuse: Refuse) -> None:  # noqa: ANN401
        """Refuse too many words, and the same word twice."""
        words = [word for word in value if isinstance(word, str)] if isinstance(value, (list, tuple)) else []
        if len(words) > self.maximum:
            refuse(f"there are {len(words)} words; Lambda takes {self.maximum}", f"see {self.source}")
        elif twice := _twice(words):
            refuse(f"{quote(twice)} occurs twice, which Lambda does not take", f"see {self.source}")

    def dump(self, value: Any) -> list[str]:  # noqa: ANN401
        """Return the words as a list."""
        return [*value]

    def arguments(self, flag: str, value: Any) -> list[str]:  # noqa: ANN401
        """Return the words as one argument of a command line."""
        return [flag, shlex.join(value)]

    def to_template(self, value: Any) -> list[str]:  # noqa: ANN401
        """Return the words as a list."""
        return [*value]


def _split(text: str) -> list[str]:
    """Split a text into words: as JSON if it starts like a list, otherwise as a shell does."""
    if not text.lstrip().startswith("["):
        return shlex.split(text)
    words: list[str] = json.loads(text)
    if not all(isinstance(word, str) for word in words):
        raise ValueError("not every item is a string")
    return words


@dataclass(frozen=True)
class Pairs(Value):
    """Names with values; a flag takes ``NAME=VALUE`` and may be repeated.

    ``name`` is what a name looks like, ``rule`` says that in words, and ``example`` is one with its value.
    """

    name: re.Pattern[str]
    rule: str
    example: str
    reserved: re.Pattern[str] | None = None
    maximum: int | None = None  # bytes of all names and values together
    source: str = ""
    metavar: str = "NAME=VALUE"
    text: re.Pattern[str] | None = None  # what a value looks like, if not anything goes
    text_rule: str = ""

    def option(self) -> dict[str, Any]:
        """Return what makes the flag repeatable."""
        return {"metavar": self.metavar, "multiple": True, "default": None}

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of a mapping from names to texts."""
        return {"type": "object", "additionalProperties": {"type": "string"}}

    def read(self, given: Any, refuse: Refuse) -> dict[str, str]:  # noqa: ANN401
        """Return the values by their names."""
        if isinstance(given, dict):
            parts = [(name, "=", str(value)) for name, value in given.items()]
        else:
            parts = [argument.partition("=") for argument in given]
        pairs: dict[str, str] = {}
        for name, equals, value in parts:
            if not equals or not name:
                refuse(f"{quote(name + equals + value)} is not {self.metavar}", f"for example {self.example}")
                continue
            if name in pairs:
                refuse(f"{name} is given twice", "give it once")
            if not value.isprintable():
                refuse(f"the value of {quote(name)} contains a character that cannot be seen", "remove it")
            elif self.text and not self.text.fullmatch(value):
                refuse(f"{quote(value)} is not allowed for {name}: {self.text_rule}", f"for example {self.example}")
            pairs[name] = value
        self.check(pairs, refuse)
        return pairs

    def check(self, value: Any, refuse: Refuse) -> None:  # noqa: ANN401
        """Refuse names that are not allowed or reserved, and too many bytes."""
        pairs = value if isinstance(value, dict) else {}
        texts = [text for text in pairs.values() if isinstance(text, str)]
        for name in map(str, pairs):
            if self.reserved and self.reserved.fullmatch(name):
                refuse(f"{name} is reserved: Lambda sets it", f"choose another name; see {self.source}")
            elif not self.name.fullmatch(name):
                refuse(f"{quote(name)} is not a valid name: {self.rule}", f"for example {self.example}")
        size = sum(len(text.encode(errors="surrogatepass")) for text in [*map(str, pairs), *texts])
        if self.maximum is not None and size > self.maximum:
            refuse(f"names and values have {size} bytes together; Lambda takes {self.maximum}", f"see {self.source}")

    def dump(self, value: Any) -> dict[str, str]:  # noqa: ANN401
        """Return the mapping."""
        return {**value}

    def arguments(self, flag: str, value: Any) -> list[str]:  # noqa: ANN401
        """Return the flag once for each pair."""
        return [word for name, text in value.items() for word in (flag, f"{name}={text}")]

    def to_template(self, value: Any) -> dict[str, str]:  # noqa: ANN401
        """Return the mapping."""
        return {**value}


@dataclass(frozen=True)
class TextList(Value):
    """Up to ``maximum`` different texts that match ``pattern``; a flag takes one and may be repeated.

    ``what`` names one of them in messages, and ``example`` is one. ``any_form`` is all that the API takes, to which
    templates that others wrote are held.
    """

    pattern: re.Pattern[str]
    any_form: re.Pattern[str]
    what: str
    example: str
    maximum: int
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
        odd = [text for text in texts if self.any_form.fullmatch(text) and not self.pattern.fullmatch(text)]
        for text in odd:
            refuse(f"{quote(text)} is not {self.what}", f"for example {self.example}")
        self.check(texts, refuse)
        return texts

    def check(self, value: Any, refuse: Refuse) -> None:  # noqa: ANN401
        """Refuse texts of another form, the same text twice, and too many."""
        texts = value if isinstance(value, (list, tuple)) else ()
        for text in texts:
            if isinstance(text, str) and not self.any_form.fullmatch(text) and not is_dynamic(text):
                refuse(f"{quote(text)} is not {self.what}", f"for example {self.example}")
        if twice := _twice([text for text in texts if isinstance(text, str)]):
            refuse(f"{quote(twice)} is given twice", "give it once")
        if len(texts) > self.maximum:
            refuse(f"there are {len(texts)}; a function takes {self.maximum}", f"see {self.source}")

    def dump(self, value: Any) -> list[str]:  # noqa: ANN401
        """Return the texts as a list."""
        return [*value]

    def arguments(self, flag: str, value: Any) -> list[str]:  # noqa: ANN401
        """Return the flag once for each text."""
        return [word for text in value for word in (flag, text)]

    def to_template(self, value: Any) -> list[str]:  # noqa: ANN401
        """Return the texts as a list."""
        return [*value]


def _twice(texts: Sequence[str]) -> str | None:
    """Return the first text that occurs more than once, or ``None``."""
    return next((text for number, text in enumerate(texts) if text in texts[:number]), None)


def refuse_control_characters(texts: tuple[str, ...] | list[str], refuse: Refuse) -> None:
    """Refuse each text with a character that cannot be seen."""
    for text in texts:
        if not text.isprintable():
            refuse(f"{quote(text)} contains a character that cannot be seen", "remove it")


def quote(value: object) -> str:
    """Return a value in quotes for a message, cut to fit a line."""
    text, limit = str(value), 80
    return repr(text if len(text) <= limit else f"{text[:limit]}…")
