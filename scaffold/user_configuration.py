"""What a person has configured for themselves: catalogues of their team, and the custom templates that they trust.

It is the file ``config.toml`` in the folder that the operating system has for that, such as
``~/.config/sam-scaffold``. A project has no such file: whoever can write into a project must not be able to decide what
is trusted.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scaffold import user_folders
from scaffold.errors import FilePosition, InvalidAnswersError, Problem

if TYPE_CHECKING:
    from scaffold.toml_files import Keys

FILE = "config.toml"
_KEYS = ("catalogue", "trust")
_TRUST_KEYS = ("source", "revision")
_NO_REVISION = "leave it out to trust the source with all that it has"


@dataclass(frozen=True)
class Trusted:
    """A source of templates that is trusted with everything below it, or, with a ``revision``, just that one of it."""

    source: str
    revision: str = ""


@dataclass(frozen=True)
class UserConfiguration:
    """What the file says: the team's ``catalogues``, each laid over those before it, and what is trusted.

    Each catalogue has the position of its value in the file. A folder's path is taken from the folder of the file.
    ``ignored`` is why the file was not read, if it is not.
    """

    catalogues: tuple[tuple[str, FilePosition], ...] = ()
    trusted: tuple[Trusted, ...] = ()
    ignored: str = ""


def path() -> Path | None:
    """Return where the file is, or would be; ``None`` for a user without a home."""
    folder = user_folders.configuration()
    return folder and folder / FILE


def read() -> UserConfiguration:
    """Return what the file says; nothing if there is none.

    Raises :class:`OutputError` where it cannot be read, and :class:`InvalidAnswersError` with everything in it that is
    wrong.
    """
    file = path()
    try:
        if file is None or not file.exists():
            return UserConfiguration()
    except OSError as error:  # a home that this user may not look into
        return UserConfiguration(ignored=f"{file}: {error.strerror}")
    if ignored := _writer(file):
        return UserConfiguration(ignored=ignored)
    from scaffold import toml_files  # noqa: PLC0415  takes time to load, and few people have such a file

    values, text = toml_files.read(file, "")
    problems = _unknown(file, text, (), values, _KEYS)
    problems += [*_of_catalogues(file, text, values), *_of_trust(file, text, values)]
    if problems:
        raise InvalidAnswersError(problems)
    given = values.get("catalogue", ())
    rows = [given] if isinstance(given, str) else list(given)
    places = [("catalogue",) if isinstance(given, str) else ("catalogue", number) for number in range(len(rows))]
    catalogues = tuple(
        (_from_folder(row, file.parent), _position(file, text, keys)) for row, keys in zip(rows, places, strict=True)
    )
    trusted = (
        Trusted(_from_folder(row["source"], file.parent), row.get("revision", "").lower())
        for row in values.get("trust", ())
    )
    return UserConfiguration(catalogues, tuple(trusted))


def _from_folder(value: str, folder: Path) -> str:
    """Return the value of a catalogue, a path to what is there as an absolute one."""
    path, mark, ref = value.partition("#")
    try:
        local = folder / Path(path).expanduser()
        return f"{local}{mark}{ref}" if path and local.exists() else value
    except (OSError, RuntimeError):  # a name that is too long; no such user
        return value


def _writer(file: Path) -> str:
    """Return who else may have written a file that says whose code is trusted, or nothing."""
    if os.name == "nt":  # where a user's folders are the user's
        return ""
    for path in (file, file.parent):
        try:
            row = path.stat()
        except OSError as error:
            return f"{path}: {error.strerror}"
        if row.st_uid not in {os.geteuid(), 0}:
            return f"{path} is another user's"
        if row.st_mode & stat.S_IWOTH:
            return f"everybody can write {path}: chmod o-w {path}"
    return ""


def _of_catalogues(file: Path, text: str, values: dict[str, Any]) -> list[Problem]:
    given = values.get("catalogue", [])
    if isinstance(given, str) or (isinstance(given, list) and all(isinstance(row, str) for row in given)):
        return []
    hint = 'write catalogue = ["https://git.example.com/team/catalogue"]'
    return [Problem(_position(file, text, ("catalogue",)), "catalogue is neither text nor a list of texts", hint)]


def _of_trust(file: Path, text: str, values: dict[str, Any]) -> list[Problem]:
    from scaffold import revisions  # noqa: PLC0415  take time to load, and few people have such a file
    from scaffold.fetch import address as addresses  # noqa: PLC0415

    rows = values.get("trust", [])
    hint = 'write [[trust]], and below it source = "https://github.com/<owner>"'
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return [Problem(_position(file, text, ("trust",)), "trust is no list of tables", hint)]
    problems = []
    for number, row in enumerate(rows):
        keys = ("trust", number)
        problems += _unknown(file, text, keys, row, _TRUST_KEYS)
        wrong = [key for key in _TRUST_KEYS if key in row and not isinstance(row[key], str)]
        problems += [Problem(_position(file, text, (*keys, key)), f"{key} is not text", hint) for key in wrong]
        source, revision = row.get("source", ""), row.get("revision")
        if not source:
            problems.append(Problem(_position(file, text, keys), "a trusted source has no source", hint))
        elif "source" not in wrong and not addresses.covers(path := _from_folder(source, file.parent), path):
            message = f"{source!r} is neither an address nor a folder"
            problems.append(Problem(_position(file, text, (*keys, "source")), message, hint))
        if isinstance(revision, str) and not revisions.is_revision(revision.lower()):
            message = f"{revision!r} {revisions.WRONG}"
            problems.append(Problem(_position(file, text, (*keys, "revision")), message, _NO_REVISION))
    return problems


def _unknown(file: Path, text: str, keys: Keys, table: dict[str, Any], known: tuple[str, ...]) -> list[Problem]:
    hint = f"one of {', '.join(known)}"
    unknown = [key for key in table if key not in known]
    return [Problem(_position(file, text, (*keys, key)), f"{key!r} is not a known key", hint) for key in unknown]


def _position(file: Path, text: str, keys: Keys) -> FilePosition:
    from scaffold import toml_files  # noqa: PLC0415

    return FilePosition(str(file), toml_files.line_of(text, keys))
