"""What can be made: read from the folders below ``cookiecutters/``, never listed by hand.

A *cell* is one combination of language, runtime, dependency manager, package type and use case. It exists when
the folders that it is made of exist. Here are also the layers of a cell, in the order in which they are rendered,
and the values that its templates see.
"""

from __future__ import annotations

import platform
import shlex
import sys
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scaffold import paths
from scaffold.errors import InternalError

if TYPE_CHECKING:
    from scaffold.spec import FunctionSpec, ProjectSpec, Settings

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

# Where AWS publishes its base images: https://docs.aws.amazon.com/lambda/latest/dg/images-create.html
AWS_IMAGES = "public.ecr.aws/lambda"

# The base that a function has if nobody says another: AWS's image for its runtime.
AMAZON = "amazon"

# Docker's name of each architecture of Lambda.
DOCKER_PLATFORMS = {"x86_64": "linux/amd64", "arm64": "linux/arm64"}

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

    ``image`` is the name of the image, with ``{runtime_version}`` and the like in it. ``runtimes`` are those it is
    offered for, where not all. ``tested`` are the runtimes whose images the tests build and ask; where that is
    empty, ``untested`` says why.
    """

    id: str
    image: str
    runtimes: tuple[str, ...] | None = None
    tested: tuple[str, ...] = ()
    untested: str = ""
    context: dict[str, str] = field(default_factory=dict, hash=False)

    def serves(self, runtime: Runtime) -> bool:
        """Return whether the base is offered for that runtime."""
        return bool(runtime.image) and (self.runtimes is None or runtime.id in self.runtimes)


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
    """What a handler says in its ``handler.toml``, if it has one: its libraries, and the runtimes these run on."""

    libraries: dict[str, str] = field(default_factory=dict, hash=False)
    runtimes: tuple[str, ...] | None = None
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
    runtimes: tuple[Runtime, ...]
    own_runtimes: frozenset[str]
    runtimes_of: str | None
    managers: dict[str, dict[str, Any]]
    bases: dict[str, Base]
    context: dict[str, str]

    def runtime(self, runtime_id: str) -> Runtime | None:
        """Return the runtime of that identifier, or ``None``."""
        return next((runtime for runtime in self.runtimes if runtime.id == runtime_id), None)

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
        for name in _folders(self.folder / "handlers"):
            path = self.folder / "handlers" / name / "handler.toml"
            row = _toml(path) if path.is_file() else {}
            found[name] = Handler(**{**row, **_tuples(row, "runtimes")})
        return found


@dataclass(frozen=True)
class UseCase:
    """A folder below ``cookiecutters/use_cases/``: what its ``use_case.toml`` says.

    ``function`` is what its function is called if nobody says otherwise, and ``path`` where that one answers, if it
    is not the same. ``identifiers`` are the names ``sam init --app-template`` knows it by; each may imply a package
    type and a language.
    """

    id: str
    title: str
    summary: str
    function: str
    identifiers: tuple[dict[str, str], ...]
    path: str = ""


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


def _folders(parent: Path) -> tuple[str, ...]:
    return tuple(sorted(path.name for path in parent.iterdir() if path.is_dir())) if parent.is_dir() else ()


def _base(name: str, row: dict[str, Any]) -> Base:
    return Base(id=name, **{**row, **_tuples(row, "runtimes", "tested")})


def _tuples(row: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: tuple(row[key]) for key in keys if key in row}


def _toml(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return tomllib.load(file)


class Catalogue:
    """The folders below ``root``, read on first use. ``today`` decides what is deprecated and what is blocked."""

    def __init__(self, root: Path = paths.COOKIECUTTERS, today: date | None = None) -> None:
        self.root = root
        self.today = today or date.today()  # noqa: DTZ011  a person's calendar day is what a deadline means

    @cached_property
    def languages(self) -> dict[str, Language]:
        """Every language, the most asked-for first."""
        base = self.root / "languages"
        data = {name: _toml(base / name / "language.toml") for name in _folders(base)}
        languages = [self._language(name, data) for name in data]
        return {language.id: language for language in sorted(languages, key=lambda one: (one.rank, one.id))}

    def _language(self, name: str, data: dict[str, dict[str, Any]]) -> Language:
        mine = data[name]
        rows = dict(mine.get("runtimes", {}))
        if "runtimes_of" in mine:
            rows = {**data[mine["runtimes_of"]]["runtimes"], **rows}
        runtimes = tuple(
            Runtime(id=key, **{**row, "architectures": tuple(row["architectures"])}) for key, row in rows.items()
        )
        return Language(
            id=name,
            folder=self.root / "languages" / name,
            title=mine["title"],
            rank=mine["rank"],
            handler=mine.get("handler", ""),
            naming=mine.get("naming", "kebab"),
            runtimes=runtimes,
            own_runtimes=frozenset(mine.get("runtimes", {})),
            runtimes_of=mine.get("runtimes_of"),
            managers=mine.get("managers", {}),
            bases={key: _base(key, row) for key, row in mine.get("bases", {}).items()},
            context=mine.get("context", {}),
        )

    @cached_property
    def use_cases(self) -> dict[str, UseCase]:
        """Every use case that some language has a handler for, by name, ``hello-world`` first."""
        base = self.root / "use_cases"
        found = [
            UseCase(
                id=name,
                title=row["title"],
                summary=row["summary"],
                function=row["function"],
                identifiers=tuple(row.get("identifiers", ())),
                path=row.get("path", ""),
            )
            for name in _folders(base)
            if any(name in language.use_cases() for language in self.languages.values())
            for row in [_toml(base / name / "use_case.toml")]
        ]
        return {one.id: one for one in sorted(found, key=lambda one: (one.id != "hello-world", one.id))}

    @cached_property
    def bases(self) -> dict[str, BaseKind]:
        """Every kind of base image by name, AWS's own first."""
        base = self.root / "bases"
        found = [BaseKind(id=name, **_toml(base / name / "base.toml")) for name in _folders(base)]
        return {one.id: one for one in sorted(found, key=lambda one: (one.rank, one.id))}

    def based(self, language: Language, manager: str, runtime: Runtime) -> list[str]:
        """Return the bases that an image of that language, dependency manager and runtime may start from."""
        folder = language.folder / "managers" / manager / "bases"
        if not self.managed(language, manager, runtime):
            return []
        return [
            name
            for name in self.bases
            if (folder / name).is_dir() and name in language.bases and language.bases[name].serves(runtime)
        ]

    @cached_property
    def packages(self) -> dict[str, Package]:
        """Every package type by the name that SAM gives it, ``Image`` first."""
        base = self.root / "packages"
        found = [Package(id=name, **_toml(base / name / "package.toml")) for name in _folders(base)]
        return {one.title: one for one in sorted(found, key=lambda one: (one.rank, one.id))}

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """Every combination that can be made today, previews and deprecated runtimes among them."""
        return tuple(
            Cell(use_case, package, language.id, runtime.id, manager)
            for use_case in self.use_cases
            for package in self.packages
            for language in self.languages.values()
            if use_case in language.use_cases()
            for runtime in language.runtimes
            if runtime.status(self.today) != BLOCKED and self.packaged(runtime, package)
            if self.handled(language, use_case, runtime)
            for manager in language.managers
            if self.managed(language, manager, runtime)
        )

    @staticmethod
    def packaged(runtime: Runtime, package_type: str) -> bool:
        """Return whether the runtime can be packaged so."""
        return bool(runtime.image) if package_type == "Image" else not runtime.image_only

    @staticmethod
    def managed(language: Language, manager: str, runtime: Runtime) -> bool:
        """Return whether the dependency manager serves that runtime."""
        only = language.managers[manager].get("runtimes")
        return only is None or runtime.id in only

    @staticmethod
    def handled(language: Language, use_case: str, runtime: Runtime) -> bool:
        """Return whether the language's handler for that use case runs on that runtime."""
        only = language.handlers[use_case].runtimes
        return only is None or runtime.id in only

    def find(self, query: str) -> list[Cell]:
        """Return the cells that hold every part of ``query``, in any order: ``python3.14/image``."""
        wanted = {part.lower() for part in query.strip("/").split("/") if part}
        return [cell for cell in self.cells if wanted <= {segment.lower() for segment in cell.segments}]

    def offered(
        self,
        *,
        preview: bool = False,
        deprecated: bool = False,
        use_case: str | None = None,
        base: str | None = None,
    ) -> list[tuple[Language, Runtime]]:
        """Return languages with their runtimes as a person is offered them.

        The newest of every language comes first, then the second newest of every language, and so on.
        ``deprecated`` asks for the second list: those that can still be created although their support has ended.
        """
        wanted = {DEPRECATED} if deprecated else {SUPPORTED, PREVIEW} if preview else {SUPPORTED}
        listed = []
        for language in self.languages.values():
            if not language.use_cases() or (use_case and use_case not in language.use_cases()):
                continue
            matching = [
                one
                for one in language.runtimes
                if one.status(self.today) in wanted
                if use_case is None or self.handled(language, use_case, one)
                if base is None or any(base in self.based(language, manager, one) for manager in language.managers)
            ]
            listed += [(age, language.rank, language, one) for age, one in enumerate(matching)]
        listed.sort(key=lambda row: (row[0], row[1]))
        return [(language, runtime) for _, _, language, runtime in listed]

    def successor(self, language: Language, runtime: Runtime) -> Runtime | None:
        """Return the newest supported runtime of the language, other than the one given."""
        return next((one for one in language.runtimes if one.status(self.today) == SUPPORTED and one != runtime), None)

    # Layers and context -------------------------------------------------------------------------------------

    @staticmethod
    def project_layers(project: ProjectSpec) -> list[Path]:
        """Return the cookiecutters that make a project before it has a function."""
        return [Path("project"), *([Path("ecr")] if project.ecr else [])]

    def layers(self, function: FunctionSpec) -> list[Path]:
        """Return the cookiecutters that make a function, in the order in which they are rendered."""
        language = Path("languages", function.language)
        package = Path("packages", function.package_type.lower())
        manager = language / "managers" / function.dependency_manager
        stack = [
            Path("function"),
            package,
            Path("use_cases", function.use_case),
            language / "common",
            language / package,
            manager / "common",
            manager / package,
            self._lock(manager, function.use_case),
            language / "handlers" / function.use_case,
        ]
        if function.package_type == "Image":
            stack[2:2] = [Path("bases", function.base)]
            stack[-1:-1] = [language / "bases" / function.base, manager / "bases" / function.base]
        return [layer for layer in stack if (self.root / layer / "cookiecutter.json").is_file()]

    def _lock(self, manager: Path, use_case: str) -> Path:
        """Return the lock files of a use case: its own, where its handler brings libraries, or the usual ones."""
        own = manager / "locks" / use_case
        return own if (self.root / own).is_dir() else manager / "locks" / "default"

    def context(self, project: ProjectSpec, function: FunctionSpec | None = None) -> dict[str, Any]:
        """Return the values that templates see: those of the project, and with a function given, its own."""
        values: dict[str, Any] = {
            "name": project.name,
            "stack_name": project.stack_name,
            "tracing": project.tracing,
            "application_insights": project.application_insights,
            "structured_logging": project.structured_logging,
            "ecr": project.ecr,
            "package_types": sorted({one.package_type for one in project.functions}),
            "image_functions": [one.name for one in project.functions if one.package_type == "Image"],
        }
        if function is None:
            return values
        language = self.languages[function.language]
        runtime = language.runtime(function.runtime)
        if runtime is None:
            raise InternalError(f"{function.language} has no runtime {function.runtime}")
        names = {
            "kebab": function.name,
            "snake": "_".join(function.words),
            "flat": "".join(function.words),
            "pascal": function.pascal,
        }
        folder = names[language.naming]
        use_case = self.use_cases[function.use_case]
        manager = language.managers[function.dependency_manager]
        values |= {
            "function": function.name,
            "function_snake": names["snake"],
            "function_flat": names["flat"],
            "function_pascal": names["pascal"],
            "function_id": function.logical_id,
            "folder": folder,
            "code_uri": f"{folder}/",
            "path": use_case.path if use_case.path and function.name == use_case.function else function.name,
            "runtime": runtime.id,
            "runtime_title": language.label(runtime),
            "runtime_version": language.version(runtime),
            "memory": "256",
            "timeout": "10",
            "docker_tag": function.settings.docker_tag or runtime.id,
            "architecture": function.architecture,
            "docker_platform": DOCKER_PLATFORMS[function.architecture],
            "use_case_title": use_case.title,
            "base_image": "",
        }
        handler = language.handlers[function.use_case]
        base = language.bases.get(function.base)
        image = function.package_type == "Image" and base is not None
        own = language.context | handler.context | (base.context if base and image else {}) | runtime.context
        values |= {key: _fill(text, values) for key, text in own.items()}
        said = {"memory": function.settings.memory, "timeout": function.settings.timeout}
        values |= {key: str(number) for key, number in said.items() if number}
        values["libraries"] = {name: _fill(text, values) for name, text in handler.libraries.items()}
        if base and image:
            values["base_image"] = function.private_base or _fill(
                base.image, values | {"aws_image": f"{AWS_IMAGES}/{runtime.image}"}
            )
        values["sam_local"] = not image or self.bases[function.base].sam_local
        values["handler"] = _fill(language.handler, values)
        values |= _docker_words(function.settings, values["handler"])
        for key in ("needs", "install", "test"):
            values[key] = [_fill(line, values) for line in manager.get(key, [])]
        return values

    # Advice -----------------------------------------------------------------------------------------------

    def warnings(self, project: ProjectSpec) -> list[str]:
        """Return what a user should know about runtimes that work today and not for ever."""
        found = []
        for function in project.functions:
            language = self.languages[function.language]
            runtime = language.runtime(function.runtime)
            if runtime and runtime.status(self.today) == DEPRECATED:
                found.append(self._deprecation(language, runtime))
            if runtime and runtime.status(self.today) == PREVIEW:
                found.append(f"{runtime.id} is a preview: AWS may change it, and gives no support for production.")
            base = language.bases.get(function.base) if function.package_type == "Image" else None
            if base and not base.tested and base.id != AMAZON:
                found.append(f"{language.title} on {base.id} is untested: {base.untested}.")
            if function.private_base.endswith(":latest"):
                found.append(
                    f"{function.private_base} moves: builds on other days may differ. Name a version or a digest."
                )
        return list(dict.fromkeys(found))

    def _deprecation(self, language: Language, runtime: Runtime) -> str:
        text = f"{runtime.id} is deprecated since {runtime.deprecated}"
        if runtime.block_create:
            text += f", and no function can be created with it from {runtime.block_create}"
        successor = self.successor(language, runtime)
        return f"{text}. Use {language.cli_name(successor)} instead." if successor else f"{text}."


def _fill(text: str, values: dict[str, Any]) -> str:
    """Fill ``{folder}`` and the like; the text is the catalogue's own, the values are checked."""
    return text.format_map(values)


# Where AWS's images have the emulator, and where the stages that are for this machine get it.
_EMULATOR = "/usr/local/bin/aws-lambda-rie"


def _docker_words(settings: Settings, handler: str) -> dict[str, str]:
    """Return what the settings add to `docker build` and to `docker run`, before and behind the image's name."""
    build = [word for key, value in settings.build_args.items() for word in ("--build-arg", f"{key}={value}")]
    build += ["--target", settings.build_target] if settings.build_target else []
    run = ["--workdir", settings.working_directory] if settings.working_directory else []
    # What Lambda starts instead of the image's own is started by the emulator here.
    run += ["--entrypoint", _EMULATOR] if settings.entrypoint else []
    command = [*settings.entrypoint, *(settings.command or ([handler] if settings.entrypoint else []))]
    return {
        "docker_build_options": "".join(f"{shlex.quote(word)} " for word in build),
        "docker_run_options": "".join(f"{shlex.quote(word)} " for word in run),
        "docker_command": "".join(f" {shlex.quote(word)}" for word in command),
    }


def host_architecture() -> str:
    """Return the architecture of this machine as Lambda names it, ``x86_64`` where it has no name there."""
    return "arm64" if platform.machine().lower() in {"arm64", "aarch64"} else "x86_64"


def base_image_name(language: Language, runtime: Runtime) -> str:
    """Return what ``--base-image`` takes: ``amazon/python3.14-base``, ``amazon/go-provided.al2023-base``."""
    prefix = f"{language.id}-" if runtime.id not in language.own_runtimes else ""
    return f"amazon/{prefix}{runtime.id}-base"
