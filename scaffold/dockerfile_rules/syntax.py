"""Dockerfiles as text: instructions with their lines, flags, and words.

It reads what Docker reads: https://docs.docker.com/reference/dockerfile/
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_KNOWN = re.compile(
    r"ADD|ARG|CMD|COPY|ENTRYPOINT|ENV|EXPOSE|FROM|HEALTHCHECK|LABEL|MAINTAINER|ONBUILD|RUN|SHELL|STOPSIGNAL|USER|VOLUME"
    r"|WORKDIR"
)
# Before the first instruction and the first comment: https://docs.docker.com/reference/dockerfile/#parser-directives
_DIRECTIVE = re.compile(r"#\s*(syntax|escape|check)\s*=\s*(.+?)\s*$", re.IGNORECASE)
_TAKES_FLAGS = ("ADD", "COPY", "FROM", "HEALTHCHECK", "RUN")
# https://docs.docker.com/reference/dockerfile/#here-documents
_TAKES_HEREDOCS = ("ADD", "COPY", "RUN")
_HEREDOC = re.compile(r"""\d*<<(?P<dash>-?)(?P<quote>['"]?)(?P<name>[^<'"\s]+)(?P=quote)$""")
_FLAG = re.compile(r"--(?P<name>[a-z][a-z-]*)(?:=(?P<value>\S*))?(?:\s+|$)")
# A variable is set, and perhaps something else is said in its place: ${tag:-latest}, ${tag:+-$tag}.
_VARIABLE = re.compile(r"\$(?:(\w+)|\{(\w+)(?:(:?[-+])([^{}]*))?\})")


@dataclass(frozen=True)
class Instruction:
    """An instruction. ``text`` is what follows its name and its flags; ``line`` counts from 1.

    ``words`` are the words of the JSON form, and ``None`` in the shell form. ``heredocs`` are the texts of its
    here-documents. ``is_on_build`` tells what stands behind ONBUILD, which is run in images that start from this one.
    """

    name: str
    line: int
    text: str
    flags: tuple[tuple[str, str], ...] = ()
    words: tuple[str, ...] | None = None
    heredocs: tuple[str, ...] = ()
    is_on_build: bool = False

    def flag(self, name: str) -> str | None:
        """Return the value of a flag, empty where it has none; ``None`` for one that is not there."""
        return dict(self.flags).get(name)


@dataclass(frozen=True)
class Mistake:
    """What keeps Docker from reading a Dockerfile, its line and what to do about it."""

    line: int
    message: str
    hint: str


@dataclass(frozen=True)
class Source:
    """A Dockerfile that was read; ``escape`` is the character that continues a line."""

    instructions: tuple[Instruction, ...]
    mistakes: tuple[Mistake, ...] = ()
    escape: str = "\\"


def parse(text: str) -> Source:
    """Return the instructions of a Dockerfile, and what Docker would not read."""
    return _Parser(text).parse()


class _Parser:
    def __init__(self, text: str) -> None:
        self.lines = [line.removesuffix("\r") for line in text.removeprefix("\ufeff").split("\n")]
        self.next = 0
        self.escape = "\\"
        self.mistakes: list[Mistake] = []

    def parse(self) -> Source:
        self._read_directives()
        instructions = tuple(self._instructions())
        return Source(instructions, tuple(self.mistakes), self.escape)

    def _read_directives(self) -> None:
        for line in self.lines:
            match = _DIRECTIVE.match(line.strip())
            if match is None:
                return
            if match[1].lower() == "escape" and match[2] in ("\\", "`"):
                self.escape = match[2]

    def _instructions(self) -> Iterator[Instruction]:
        while self.next < len(self.lines):
            if _is_nothing(self.lines[self.next]):
                self.next += 1
                continue
            number = self.next + 1
            yield from self._instruction(number, self._logical_line())

    def _logical_line(self) -> str:
        """Return a line with those that continue it; comments and empty lines among these are left out."""
        continues = re.compile(rf"(?<!{re.escape(self.escape)}){re.escape(self.escape)}[ \t]*$")
        text = self.lines[self.next].lstrip()
        self.next += 1
        while continues.search(text):
            text = continues.sub("", text)
            while self.next < len(self.lines) and _is_nothing(self.lines[self.next]):
                self.next += 1
            if self.next == len(self.lines):
                break
            text += self.lines[self.next]
            self.next += 1
        return text.rstrip()

    def _instruction(self, number: int, line: str, *, is_on_build: bool = False) -> Iterator[Instruction]:
        name, text = (*re.split(r"\s+", line, maxsplit=1), "")[:2]
        name, text = name.upper(), text.strip()
        if not _KNOWN.fullmatch(name):
            hint = "check the spelling; a line that goes on ends with the escape character, a backslash by default"
            self.mistakes.append(Mistake(number, f"Docker knows no instruction {name[:40]}", hint))
            return
        if name == "ONBUILD" and not is_on_build:
            yield from self._instruction(number, text, is_on_build=True)
            return
        flags: list[tuple[str, str]] = []
        while name in _TAKES_FLAGS and (match := _FLAG.match(text)):
            flags.append((match["name"], match["value"] or ""))
            text = text[match.end() :]
        if not text:
            self.mistakes.append(Mistake(number, f"{name} says nothing", "say what it is for, or remove the line"))
            return
        heredocs = tuple(self._heredocs(number, text)) if name in _TAKES_HEREDOCS else ()
        yield Instruction(name, number, text, tuple(flags), _json_words(text), heredocs, is_on_build)

    def _heredocs(self, number: int, text: str) -> Iterator[str]:
        for match in filter(None, map(_HEREDOC.match, split(text, self.escape, unquoted=False))):
            name, start = match["name"], self.next
            for end in range(start, len(self.lines)):
                line = self.lines[end]
                if (line.lstrip("\t") if match["dash"] else line) == name:
                    self.next = end + 1
                    yield "\n".join(self.lines[start:end])
                    break
            else:
                self.next = len(self.lines)
                hint = f"end it with a line that holds {name} and nothing else"
                self.mistakes.append(Mistake(number, f"the here-document {name} has no end", hint))


def _is_nothing(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith("#")


def _json_words(text: str) -> tuple[str, ...] | None:
    try:
        words = json.loads(text) if text.startswith("[") else None
    except ValueError:
        return None
    return tuple(words) if isinstance(words, list) and all(isinstance(word, str) for word in words) else None


def split(text: str, escape: str = "\\", *, unquoted: bool = True) -> list[str]:
    """Return the words of a text, without their quotes and escapes unless these are to stay."""
    words, word, quote, index, begun = [], "", "", 0, False
    while index < len(text):
        one = text[index]
        index += 1
        if one == escape and quote != "'" and index < len(text):
            word, begun = word + ("" if unquoted else one) + text[index], True
            index += 1
        elif quote or one in "'\"":
            is_mark = one == quote or not quote
            quote = ("" if quote else one) if is_mark else quote
            word, begun = word + ("" if is_mark and unquoted else one), True
        elif one.isspace():
            words += [word] if begun else []
            word, begun = "", False
        else:
            word, begun = word + one, True
    return [*words, word] if begun else words


def pairs(instruction: Instruction, escape: str = "\\") -> list[tuple[str, str | None]]:
    """Return the names and values of ENV and ARG; a value is ``None`` where ARG gives none."""
    words = split(instruction.text, escape)
    if instruction.name == "ENV" and words and "=" not in words[0]:  # the old form: one name, and a value with blanks
        name, _, value = instruction.text.partition(" ")
        return [(name, value.strip())]
    return [(name, value if is_given else None) for name, is_given, value in (word.partition("=") for word in words)]


def expand(text: str, values: Mapping[str, str | None], missing: str | None = None) -> str | None:
    """Return a text with its variables filled in; ``None`` where nobody knows the value of one.

    That is ``None`` among ``values``, and ``missing`` where they do not have the variable.
    """
    unknown = False

    def value_of(match: re.Match[str]) -> str:
        nonlocal unknown
        value, operator = values.get(match[1] or match[2], missing), match[3] or ""
        unknown = unknown or value is None
        if operator.endswith("+"):
            return match[4] if value else ""
        return value or (match[4] if operator else "")

    for _ in range(_DEPTH):
        if unknown or not _VARIABLE.search(text):
            break
        text = _VARIABLE.sub(value_of, text)
        unknown = unknown or len(text) > _LONGEST
    return None if unknown else text


_LONGEST = 65_536  # characters, before a variable that doubles itself takes all memory
_DEPTH = 5  # the text in the place of a variable may name another one: ${image:-${default}}
