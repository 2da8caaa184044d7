"""What the catalogue consists of: runtimes, bases, languages, use cases, packages and cells.

They are read from the folders below ``cookiecutters/`` and the TOML files in them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from scaffold.spec import AMAZON

if TYPE_CHECKING:
    from datetime import date

    from scaffold.trees import Tree

SYNCHRONOUS, ASYNCHRONOUS, QUEUE = "synchronous", "asynchronous", "queue"  # how an event source invokes

# The sources of the use cases that answer over HTTP: to anyone and with a path, or to a function URL.
API, HTTP_API, URL = "api", "http-api", "url"
APIS = (API, HTTP_API)
WEB = "web"  # any request, to a web server that has routes of its own

# What use cases are about, in the order in which people are offered them, with the words for people.
CATEGORIES = {
    "apis": "APIs",
    "events": "Events",
    "data": "Data",
    "machine-learning": "Machine learning",
    "web": "Web",
    "start": "From scratch",
}
SUPPORTED, DEPRECATED, BLOCKED, PREVIEW = "supported", "deprecated", "blocked", "preview"

# How to debug a function, unless its language says otherwise.
DEBUG = 'To debug {function_id}, run `make debug-{function}`, then start "Debug {function_id}" in VS Code.'


@dataclass(frozen=True)
class Runtime:
    """A Lambda runtime: a table ``[runtimes.<runtime>]`` of a ``language.toml``.

    The dates are AWS's: when support ends, and when functions can no longer be created or updated.
    """

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
        """Return the status on a day: supported, deprecated, blocked (for new functions) or preview."""
        if self.preview:
            return PREVIEW
        if self.block_create and today >= self.block_create:
            return BLOCKED
        if self.deprecated and today >= self.deprecated:
            return DEPRECATED
        return SUPPORTED


@dataclass(frozen=True)
class Base:
    """A base image of a language: a table ``[bases.<base>]`` of its ``language.toml``.

    ``image`` is the name of the image, with placeholders such as ``{runtime_version}``. ``oldest`` and ``newest`` are
    the first and the last runtime that it is offered for. ``tested`` are the runtimes whose images the tests build and
    invoke; if that is empty, ``untested`` says why.
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
    """A base image in general, for all languages: the ``base.toml`` of a folder below ``cookiecutters/bases/``.

    ``sam_local`` is whether ``sam local`` can run such an image. ``like`` is another base whose layers it has, where it
    has none of its own, and whose properties it has in each language, where it does not say otherwise.
    """

    id: str
    title: str
    summary: str
    rank: int
    sam_local: bool = True
    like: str = ""


@dataclass(frozen=True)
class Handler:
    """The ``handler.toml`` of a use case's handlers in a language, if there is one.

    ``libraries`` are those that its functions need, each with its version or, where that depends on the machine,
    with several specifiers of its dependency manager. ``tracing_libraries`` are those that they need besides in
    projects with tracing, and ``dev_libraries`` those of their tests and tools. ``oldest`` and ``newest`` are the
    first and the last runtime that they work with; previews may not have what they need yet. ``oldest_on`` has a
    later one for an architecture. ``shares`` are layers below the language's ``shared/``, with files that handlers
    of several use cases have. ``locks`` is another use case with the same libraries, whose lock files it shares.
    ``package_types`` are those that it is for, if not all of its use case's.
    """

    libraries: dict[str, str | list[str]] = field(default_factory=dict, hash=False)
    tracing_libraries: dict[str, str] = field(default_factory=dict, hash=False)
    dev_libraries: dict[str, str] = field(default_factory=dict, hash=False)
    oldest: str | None = None
    newest: str | None = None
    oldest_on: dict[str, str] = field(default_factory=dict, hash=False)
    shares: list[str] = field(default_factory=list, hash=False)
    locks: str | None = None
    package_types: tuple[str, ...] = ()
    context: dict[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Language:
    """A language: the ``language.toml`` of a folder below ``cookiecutters/languages/``.

    ``tree`` has the folders that its handlers are in. ``runtimes`` come newest first. Those of another language, named
    by ``runtimes_of``, are among them; ``own_runtimes`` are not. ``runtimes_title`` is what people call that language,
    or empty if it is none that people write. ``managers`` are its dependency managers, the usual one first.
    ``refused_managers`` are others that people try, each with the one to use instead, and ``refused_runtimes`` has a
    ``reason`` and what to use ``instead`` by how the names of such runtimes begin.
    """

    id: str
    tree: Tree
    title: str
    rank: int
    handler: str
    debug: str
    naming: str
    reserved_names: frozenset[str]
    refused_managers: dict[str, str]
    refused_runtimes: dict[str, dict[str, str]]
    interpreted: bool
    runtimes: tuple[Runtime, ...]
    own_runtimes: frozenset[str]
    runtimes_of: str | None
    runtimes_title: str
    managers: dict[str, dict[str, Any]]
    bases: dict[str, Base]
    context: dict[str, str]

    def runtime(self, runtime_id: str) -> Runtime | None:
        """Return the runtime with that identifier, or ``None``."""
        return next((runtime for runtime in self.runtimes if runtime.id == runtime_id), None)

    def is_within(self, runtime: Runtime, oldest: str | None, newest: str | None = None) -> bool:
        """Return whether a runtime is one of those from ``oldest`` to ``newest``; ``None`` leaves an end open."""
        ids = [other.id for other in self.runtimes]  # the newest first
        first = ids.index(newest) if newest else 0
        last = ids.index(oldest) if oldest else len(ids)
        return first <= ids.index(runtime.id) <= last

    def label(self, runtime: Runtime) -> str:
        """Return the name for people: ``Java 17 on AL2023``, ``TypeScript, Node.js 24``, ``Go on provided.al2023``."""
        version, _, system = self.version(runtime).partition(".al")
        if runtime.id in self.own_runtimes:
            return f"{self.title} {version} on AL{system}" if system else f"{self.title} {version}"
        return (
            f"{self.title}, {self.runtimes_title} {version}" if self.runtimes_title else f"{self.title} on {runtime.id}"
        )

    def version(self, runtime: Runtime) -> str:
        """Return the runtime's version: ``3.14``, ``24``, ``21``, even if the runtime is another language's."""
        family = self.id if runtime.id in self.own_runtimes else self.runtimes_of or self.id
        return runtime.id.removeprefix(family).removeprefix(".").removesuffix(".x")

    def cli_name(self, runtime: Runtime) -> str:
        """Return the value of ``--runtime``: the identifier, or ``go (provided.al2023)`` as ``sam init`` spells it."""
        return f"{self.id} ({runtime.id})" if runtime.id.startswith("provided") else runtime.id

    def use_cases(self) -> tuple[str, ...]:
        """Return the use cases for which this language has a handler."""
        return tuple(self.handlers)

    @cached_property
    def handlers(self) -> dict[str, Handler]:
        """The handlers of this language, by use case."""
        handlers = {}
        folder = f"languages/{self.id}/handlers"
        for name in self.tree.subfolders(folder):
            path = f"{folder}/{name}/handler.toml"
            handlers[name] = Handler(**self.tree.table(path)) if self.tree.having(path) else Handler()
        return handlers


@dataclass(frozen=True)
class Part:
    """A function of a use case: a table ``[[functions]]`` of its ``use_case.toml``, or the only one.

    ``id`` is its name within a group of functions, empty if it is the only one. ``path`` is the path of its API,
    ``method`` the method, and ``path_parameters`` has a value for each parameter in the path. ``sample_query`` and
    ``sample_body`` are the parameters and the body of a request to it; a body that is not JSON is in Base64.
    """

    id: str = ""
    path: str = ""
    method: str = "get"
    path_parameters: dict[str, str] = field(default_factory=dict, hash=False)
    sample_query: dict[str, str] = field(default_factory=dict, hash=False)
    sample_body: str = ""
    sample_body_type: str = "application/json"


@dataclass(frozen=True)
class UseCase:
    """What functions are for: the ``use_case.toml`` of a folder below ``cookiecutters/use_cases/``.

    ``--app-template`` calls it a template. ``own_code`` is whether what a user has already can take the place of its
    handler. ``name`` is the default name of its function; if it has several
    ``parts``, of their group. ``source`` is what invokes them: a folder below ``cookiecutters/sources/``.
    ``services`` are those of AWS that the functions call. ``package_types`` and ``bases`` are those that it is for,
    if not all. ``invocation`` is how they are invoked, and ``dead_letters`` whether their source sends events that
    it cannot deliver to their failure queue. ``local_variables`` are environment variables for a container outside
    of SAM, where nothing reads those of template.yaml. ``identifiers`` are its names for ``sam init
    --app-template``; each may imply a package type and a language. ``otherwise`` is what to do in a language that
    does not have it.
    """

    id: str
    title: str
    summary: str
    category: str
    name: str
    parts: tuple[Part, ...]
    identifiers: tuple[dict[str, str], ...] = ()
    source: str = ""
    services: tuple[str, ...] = ()
    package_types: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    invocation: str = SYNCHRONOUS
    dead_letters: bool = False
    local_variables: dict[str, str] = field(default_factory=dict, hash=False)
    otherwise: str = ""
    own_code: bool = False
    context: dict[str, str] = field(default_factory=dict, hash=False)

    def part(self, part_id: str) -> Part:
        """Return the part with that identifier."""
        return next(part for part in self.parts if part.id == part_id)

    def path_of(self, part: Part, name: str) -> str:
        """Return the path of a part's API; its first word is the name of the function or group, if that is its own."""
        if name == self.name or self.source == WEB:  # the routes of a web server are in its code
            return part.path
        return "/".join([name, *part.path.split("/")[1:]])


@dataclass(frozen=True)
class Package:
    """A package type: the ``package.toml`` of a folder below ``cookiecutters/packages/``."""

    id: str
    title: str
    summary: str
    rank: int


@dataclass(frozen=True)
class Cell:
    """One combination that can be created."""

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


def version_numbers(text: str) -> list[int]:
    """Return the numbers in a version, or in a text with one, to compare it with others."""
    return [int(number) for number in re.findall(r"\d+", text)]


def base_image_name(language: Language, runtime: Runtime) -> str:
    """Return the value of ``--base-image`` for AWS's image, such as ``amazon/python3.14-base``."""
    prefix = f"{language.id}-" if runtime.id not in language.own_runtimes else ""
    return f"{AMAZON}/{prefix}{runtime.id}-base"
