"""What a template's files may be: the same rules for an archive's entries and for the files of a folder.

Nothing of it may be outside, or lead outside, of the folder it lies in, on any system: names are compared as systems
do that know no upper and lower case.
"""

from __future__ import annotations

import functools
import re
import unicodedata

from scaffold.code_files import shown
from scaffold.errors import FetchError
from scaffold.file_names import REPOSITORIES, is_git_folder

MAX_BYTES = 512 * 1024 * 1024  # of all files together
MAX_ENTRIES = 50_000  # files, links and folders
MAX_DEPTH = 64  # folders in each other
MAX_TARGET = 4096  # bytes of a symlink's target, as on Linux
MAX_LINKS = 1_000
_MAX_HOPS = 40  # symlinks on one way, as on Linux
_MAX_SHOWN = 10
FILE, LINK, FOLDER = "file", "symlink", "folder"

Parts = tuple[str, ...]


class Entries:
    """The entries of a template, and what is wrong with them."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self._there: dict[Parts, tuple[str, Parts]] = {}  # kinds and paths, by what no system tells apart
        self._links: dict[Parts, tuple[Parts, str]] = {}  # paths and targets

    def add(self, path: str, kind: str) -> Parts:
        """Add a file, a symlink or a folder, and return its path's segments; none where it is refused.

        Raises :class:`FetchError` when there are too many, or too many in each other.
        """
        if path.count("/") > MAX_DEPTH:
            raise FetchError(f"the template has more than {MAX_DEPTH} folders in each other")
        reason = _name_problem(path)
        if reason:
            self.problems.append(f"{shown(path)} {reason}")
            return ()
        parts = tuple(part for part in path.split("/") if part not in {"", "."})
        is_taken = all(self._has_room(parts[:length], FOLDER) for length in range(1, len(parts)))
        return parts if is_taken and parts and self._has_room(parts, kind, is_own=True) else ()

    def add_link(self, parts: Parts, target: str) -> None:
        """Say where the symlink leads that was added as ``parts``.

        Raises :class:`FetchError` when there are too many.
        """
        if len(self._links) >= MAX_LINKS:
            raise FetchError(f"the template has more than {MAX_LINKS:,} symlinks")
        self._links[_key(parts)] = (parts, target)

    def _has_room(self, parts: Parts, kind: str, *, is_own: bool = False) -> bool:
        """Return whether a path may be there, which then is.

        ``is_own`` where it is an entry, and not just a folder on the way to one.
        """
        there, spelling = self._there.setdefault(_key(parts), (kind, parts))
        if len(self._there) > MAX_ENTRIES:
            raise FetchError(f"the template has more than {MAX_ENTRIES:,} files and folders")
        path = shown("/".join(parts))
        if spelling is parts:
            return True
        if spelling != parts:
            self.problems.append(f"{path} is there as {shown('/'.join(spelling))}, too: some systems have one for both")
        elif there != kind:
            self.problems.append(f"{path} is there as a {there} and as a {kind}")
        elif is_own and kind != FOLDER:
            self.problems.append(f"{path} is there twice")
        else:
            return True
        return False

    def check(self, what: str) -> None:
        """Raise :class:`FetchError` with what is wrong, the first ten; ``what`` is the archive or the folder."""
        for parts, target in self._links.values():
            reason = self._link_problem(parts, target)
            if reason:
                self.problems.append(f"{shown('/'.join(parts))} {reason}")
        self.problems += [f"{path} is a git repository, in which git would run programs" for path in self._bare()]
        if not self.problems:
            return
        rest = len(self.problems) - _MAX_SHOWN
        lines = [*self.problems[:_MAX_SHOWN], *([f"and {rest} more"] if rest > 0 else [])]
        raise FetchError(f"{what} cannot be used: {'; '.join(lines)}", "take that out of it")

    def _bare(self) -> list[str]:
        """Return the folders that git takes for a repository without files of its own, by what is in them."""
        heads = [key[:-1] for key in self._there if key[-1] == "head"]
        return [
            shown("/".join(folder) or ".")
            for folder in heads
            if any(all((*folder, _plain(name)) in self._there for name in names) for names in REPOSITORIES)
        ]

    def _link_problem(self, parts: Parts, target: str) -> str:
        if not target or "\0" in target or len(target.encode(errors="surrogateescape")) > MAX_TARGET:
            return "is a symlink without a valid target"
        if target.startswith(("/", "\\")) or re.match("[A-Za-z]:", target):
            return f"is a symlink to the absolute path {shown(target)}"
        if target.count("/") > MAX_DEPTH:
            return f"is a symlink over more than {MAX_DEPTH} folders"
        if not target.isprintable() or "\\" in target:
            return f"is a symlink to {shown(target)}: no backslashes and nothing unprintable there"
        return self._follow(parts[:-1], target)

    def _follow(self, start: Parts, target: str) -> str:
        """Go where a symlink leads, as the system would, and return what is wrong with that."""
        at, left, hops = list(_key(start)), target.split("/")[::-1], 0
        while left:
            part = left.pop()
            if part == "..":
                if not at:
                    return f"is a symlink that leads outside: {shown(target)}"
                at.pop()
            elif part not in {"", "."}:
                at.append(_plain(part))
                link = self._links.get(tuple(at))
                if link:
                    hops += 1
                    at.pop()
                    left += link[1].split("/")[::-1]
                if link and (hops > _MAX_HOPS or link[1].startswith("/")):
                    is_circle = hops > _MAX_HOPS
                    return f"is a symlink that leads {'in a circle' if is_circle else 'outside'}: {shown(target)}"
        return ""


def _key(parts: Parts) -> Parts:
    return tuple(map(_plain, parts))


@functools.lru_cache(maxsize=4096)
def _plain(name: str) -> str:
    """Return what is the same for all names that some system takes for one."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _name_problem(path: str) -> str:
    """Return what is wrong with a path, as an archive has it."""
    if path.startswith(("/", "\\")) or re.match("[A-Za-z]:", path):
        return "is an absolute path"
    if "\\" in path:
        return "has a backslash in its name"
    if not path.isprintable():
        return "has characters in its name that cannot be printed"
    segments = path.split("/")
    if ".." in segments:
        return "has .. in its path"
    if any(is_git_folder(segment) for segment in segments):
        return "is in a folder .git, in which git would run programs"
    return ""
