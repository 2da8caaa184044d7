"""What the catalogue is made of: runtimes, bases, languages, use cases, packages and cells.

They are read from the folders below ``cookiecutters/`` and the TOML files in these.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from scaffold.errors import InternalError
from scaffold.spec import AMAZON

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

SUPPORTED, DEPRECATED, BLOCKED, PREVIEW = "supported", "deprecated", "blocked", "preview"


@dataclass(frozen=True)
class Runtime:
    """One Lambda runtime. The dates are AWS's: support ends, creating is blocked, updating is blocked."""

    id: str
    os: str
    architectures: tuple[str, ...]
    image: str | None = None
    deprecated: date | None = None
    block_create: date | None = None
    block_update: date | None = None
    preview: bool = False
    image_only: bool = False
    snap_start: bool = False
    context: dict[str, str] = field(default_factory=dict, hash=False)

    def status(self, today: date) -> str:
        """Return supported, deprecated, blocked (no new function can be created) or preview."""
        if self.preview:
            return PREVIEW
        if self.block_create and today >= self.block_create:
            return BLOCKED
        if self.deprecated and today >= self.deprecated:
            return DEPRECATED
        return SUPPORTED


@dataclass(frozen=True)
class Base:
    """What a language's images may start from: a table ``[bases.<base>]`` of its ``language.toml``.

    ``image`` is the name of the image, with ``{runtime_version}`` and the like in it. ``oldest`` and ``newest`` are the
    runtimes that it is offered for, both ends included. ``tested`` are the runtimes whose images the tests build and
    ask; where that is empty, ``untested`` says why.
    """

    id: str
    image: str
    oldest: str | None = None
    newest: str | None = None
    tested: tuple[str, ...] = ()
    untested: str = ""
    context: dict[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class BaseKind:
    """A folder below ``cookiecutters/bases/``: what its ``base.toml`` says.

    ``sam_local`` is whether ``sam local`` can run such an image.
    """

    id: str
    title: str
    summary: str
    rank: int
    sam_local: bool = True


@dataclass(frozen=True)
class Handler:
    """What a handler says in its ``handler.toml``, if it has one: its libraries, and the oldest runtime for them."""

    libraries: dict[str, str] = field(default_factory=dict, hash=False)
    oldest: str | None = None
    context: dict[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Language:
    """A folder below ``cookiecutters/languages/``: what its ``language.toml`` says."""

    id: str
    folder: Path
    title: str
    rank: int
    handler: str
    naming: str
    interpreted: bool
    runtimes: tuple[Runtime, ...]
    own_runtimes: frozenset[str]
    runtimes_of: str | None
    managers: dict[str, dict[str, Any]]
    bases: dict[str, Base]
    context: dict[str, str]

    def runtime(self, runtime_id: str) -> Runtime | None:
        """Return the runtime of that identifier, or ``None``."""
        return next((runtime for runtime in self.runtimes if runtime.id == runtime_id), None)

    def is_within(self, runtime: Runtime, oldest: str | None, newest: str | None = None) -> bool:
        """Return whether a runtime is one of those from the oldest to the newest; ``None`` leaves an end open."""
        ids = [row.id for row in self.runtimes]  # the newest first
        first = ids.index(newest) if newest else 0
        last = ids.index(oldest) if oldest else len(ids)
        return first <= ids.index(runtime.id) <= last

    def label(self, runtime: Runtime) -> str:
        """Return the runtime as a person reads it: ``Python 3.14``, ``Node.js 24``, ``Go (provided.al2023)``."""
        if runtime.id not in self.own_runtimes:
            return f"{self.title} ({runtime.id})"
        return f"{self.title} {self.version(runtime)}"

    def version(self, runtime: Runtime) -> str:
        """Return the runtime's version: ``3.14``, ``24``, ``21``, also where the runtime is another language's."""
        family = self.id if runtime.id in self.own_runtimes else self.runtimes_of or self.id
        return runtime.id.removeprefix(family).removeprefix(".").removesuffix(".x")

    def cli_name(self, runtime: Runtime) -> str:
        """Return what ``--runtime`` takes: the identifier, or as ``sam init`` spells it, ``go (provided.al2023)``."""
        return f"{self.id} ({runtime.id})" if runtime.id.startswith("provided") else runtime.id

    def use_cases(self) -> tuple[str, ...]:
        """Return the use cases for which this language has a handler."""
        return tuple(self.handlers)

    @cached_property
    def handlers(self) -> dict[str, Handler]:
        """The handlers of this language, by use case."""
        found = {}
        for name in folders(self.folder / "handlers"):
            path = self.folder / "handlers" / name / "handler.toml"
            row = toml(path) if path.is_file() else {}
            row.pop("mistakes", None)  # what its tests must notice: only the tests of this repository read that
            found[name] = Handler(**row)
        return found


@dataclass(frozen=True)
class UseCase:
    """A folder below ``cookiecutters/use_cases/``: what its ``use_case.toml`` says.

    ``function`` is what its function is called if nobody says otherwise, and ``path`` where that one answers, if it
    is not the same. ``asynchronous`` is whether its event source invokes the function asynchronously. ``identifiers``
    are the names ``sam init --app-template`` knows it by; each may imply a package type and a language.
    """

    id: str
    title: str
    summary: str
    function: str
    identifiers: tuple[dict[str, str], ...]
    path: str = ""
    asynchronous: bool = False


@dataclass(frozen=True)
class Package:
    """A folder below ``cookiecutters/packages/``."""

    id: str
    title: str
    summary: str
    rank: int


@dataclass(frozen=True)
class Cell:
    """One combination that can be made."""

    use_case: str
    package_type: str
    language: str
    runtime: str
    dependency_manager: str

    def __str__(self) -> str:
        """``hello-world/image/python/python3.14/pip``."""
        return "/".join(self.segments)

    @property
    def segments(self) -> tuple[str, ...]:
        """The parts of the cell's name."""
        return (
            self.use_case,
            self.package_type.lower(),
            self.language,
            self.runtime,
            self.dependency_manager,
        )


def folders(parent: Path) -> tuple[str, ...]:
    """Return the names of the folders in a folder, sorted; none where that is missing."""
    return tuple(sorted(path.name for path in parent.iterdir() if path.is_dir())) if parent.is_dir() else ()


def base_of(name: str, row: dict[str, Any]) -> Base:
    """Return the base that a table of a ``language.toml`` describes."""
    return Base(id=name, **{**row, "tested": tuple(row.get("tested", ()))})


def toml(path: Path) -> dict[str, Any]:
    """Return what a TOML file of the catalogue holds. Raises :class:`InternalError` where it is not TOML."""
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise InternalError(
            f"{path} cannot be read: {error}", "install sam-scaffold again, or mend the file"
        ) from error


def base_image_name(language: Language, runtime: Runtime) -> str:
    """Return what ``--base-image`` takes: ``amazon/python3.14-base``, ``amazon/go-provided.al2023-base``."""
    prefix = f"{language.id}-" if runtime.id not in language.own_runtimes else ""
    return f"{AMAZON}/{prefix}{runtime.id}-base"
