"""Files with placeholders: bytes, and between them the keys of values that are filled in as text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Mapping

MAX_TEXT = 4 * 1024 * 1024  # bytes; no text with placeholders is larger


@dataclass(frozen=True)
class File:
    """A file: bytes, and between them the keys of the values that go there; whether it may be executed.

    ``source`` is the file that a person wrote, for messages; it is empty for a generated one.
    """

    parts: tuple[bytes | str, ...]
    executable: bool = False
    source: str = ""

    @property
    def keys(self) -> list[str]:
        """The keys of the values that are filled in."""
        return [part for part in self.parts if isinstance(part, str)]

    @property
    def data(self) -> bytes:
        """The bytes of a file without placeholders, or with all of them filled in."""
        return self._join({})

    def fill(self, values: Mapping[str, str]) -> File:
        """Return the file with values filled in. Raises :class:`KeyError` where one is missing."""
        return File((self._join(values),), self.executable, self.source)

    def _join(self, values: Mapping[str, str]) -> bytes:
        return b"".join(part if isinstance(part, bytes) else values[part].encode() for part in self.parts)


def text_of(data: bytes) -> str | None:
    """Return the text in which placeholders are looked for, or ``None`` where there is no such text."""
    if len(data) > MAX_TEXT or b"\0" in data:
        return None
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None


def split(text: str, pattern: re.Pattern[str], key: Callable[[re.Match[str]], str]) -> tuple[bytes | str, ...]:
    """Return what lies before, between and after the matches of a pattern as bytes, and the keys of the matches."""
    parts: list[bytes | str] = []
    end = 0
    for match in pattern.finditer(text):
        if match.start() > end:
            parts.append(text[end : match.start()].encode())
        parts.append(key(match))
        end = match.end()
    if end < len(text) or not parts:
        parts.append(text[end:].encode())
    return tuple(parts)
