"""What can be created: read from the folders below ``cookiecutters/``, never listed by hand.

A *cell* is one combination of language, runtime, dependency manager, package type and use case. It exists if the
folders it is made of exist.
"""

from __future__ import annotations

import platform
from dataclasses import fields
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from scaffold import paths, settings
from scaffold.model import (
    BLOCKED,
    CATEGORIES,
    DEBUG,
    DEPRECATED,
    PREVIEW,
    SUPPORTED,
    Base,
    BaseKind,
    Cell,
    Handler,
    Language,
    Package,
    Part,
    Runtime,
    UseCase,
    base_image_name,
)
from scaffold.spec import AMAZON
from scaffold.trees import LAYER_FILE, Tree, merge, subfolders

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from scaffold.dockerfile import Mounts
    from scaffold.spec import FunctionSpec, ProjectSpec

# Where AWS publishes its base images: https://docs.aws.amazon.com/lambda/latest/dg/images-create.html
AWS_IMAGES = "public.ecr.aws/lambda"

# Docker's name of each architecture of Lambda.
DOCKER_PLATFORMS = {"x86_64": "linux/amd64", "arm64": "linux/arm64"}

FIRST_USE_CASE = "hello-world"  # the default one
TEAM_FILE = "catalogue.toml"  # of a team's catalogue: its title, and the answers that are its defaults
OWN_USE_CASE = "blank"  # that of code which exists already: nobody knows what is to invoke it

# What a base of a language has of the one that it is like, where it does not say otherwise.
_LIKE = ("oldest", "newest", "context")


class Catalogue:
    """The folders below ``root``, read on first use. ``today`` decides which runtimes are deprecated or blocked.

    ``over`` are folders of the same shape, each laid over those before it and over ``root``: catalogues of teams.
    ``addresses`` are what ``--catalogue`` takes for them on any machine, for those that were fetched.
    """

    def __init__(
        self,
        root: Path = paths.COOKIECUTTERS,
        today: date | None = None,
        over: Sequence[Path] = (),
        addresses: Sequence[str] = (),
    ) -> None:
        self.root = root
        self.addresses = tuple(addresses)
        self.tree = Tree((root, *over))
        self._team_contexts: dict[tuple[str, str], dict[str, str]] = {}
        self.today = today or date.today()  # noqa: DTZ011  a deadline means the user's calendar day

    @cached_property
    def built_in(self) -> Catalogue:
        """The lowest folder alone, without what teams have laid over it."""
        return Catalogue(self.root, self.today) if self.tree.over else self

    @cached_property
    def languages(self) -> dict[str, Language]:
        """Every language by its identifier, the most popular first."""
        tables = {
            name: self.tree.table(f"languages/{name}/language.toml") for name in self.tree.subfolders("languages")
        }
        languages = [self._language(name, tables) for name in tables]
        return {
            language.id: language for language in sorted(languages, key=lambda language: (language.rank, language.id))
        }

    def _language(self, name: str, tables: dict[str, dict[str, Any]]) -> Language:
        table = tables[name]
        own_runtimes = table.get("runtimes", {})
        runtimes_of = tables.get(table.get("runtimes_of", ""), {})
        shared_runtimes = runtimes_of.get("runtimes", {})
        runtimes = tuple(
            Runtime(id=key, **{**row, "architectures": tuple(row["architectures"])})
            for key, row in {**shared_runtimes, **own_runtimes}.items()
        )
        return Language(
            id=name,
            tree=self.tree,
            title=table["title"],
            rank=table["rank"],
            handler=table.get("handler", ""),
            debug=table.get("debug", DEBUG),
            naming=table.get("naming", "kebab"),
            reserved_names=frozenset(table.get("reserved_names", ())),
            refused_managers=table.get("refused_managers", {}),
            refused_runtimes=table.get("refused_runtimes", {}),
            interpreted=table.get("interpreted", False),
            runtimes=runtimes,
            own_runtimes=frozenset(own_runtimes),
            runtimes_of=table.get("runtimes_of"),
            runtimes_title=runtimes_of["title"] if "handler" in runtimes_of else "",
            managers=table.get("managers", {}),
            bases=self._bases_of(table.get("bases", {})),
            context=table.get("context", {}),
        )

    @cached_property
    def use_cases(self) -> dict[str, UseCase]:
        """Every use case that some language has a handler for, by its identifier: the first one, then by category."""
        use_cases = [
            _use_case(name, self.tree.table(f"use_cases/{name}/use_case.toml"))
            for name in self.tree.subfolders("use_cases")
            if any(name in language.use_cases() for language in self.languages.values())
        ]
        categories = list(CATEGORIES)
        use_cases.sort(key=lambda case: (case.id != FIRST_USE_CASE, categories.index(case.category), case.id))
        return {case.id: case for case in use_cases}

    def identifier(self, name: str) -> dict[str, str] | None:
        """Return what a use case says of a name that ``sam init --app-template`` takes, or ``None``."""
        rows = (row | {"use_case": case.id} for case in self.use_cases.values() for row in case.identifiers)
        return next((row for row in rows if row["id"] == name), None)

    def identifiers(self) -> list[str]:
        """Return the names that ``sam init --app-template`` takes and some use case serves."""
        return [row["id"] for case in self.use_cases.values() for row in case.identifiers]

    def sam_init(self) -> list[dict[str, str]]:
        """Return the combinations that ``sam init`` has, of which some may be missing here.

        Those of aws-sam-cli 1.170.0: ``template``, ``runtime``, ``dependency_manager``, ``package_type``, and whether
        ``flags_reach_it``.
        """
        import csv  # noqa: PLC0415  few runs need it

        with (self.root / "sam-init.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    @cached_property
    def bases(self) -> dict[str, BaseKind]:
        """Every base by its identifier, AWS's own first."""
        tables = {name: self.tree.table(f"bases/{name}/base.toml") for name in self.tree.subfolders("bases")}
        bases = []
        for name, table in tables.items():
            other = tables.get(table.get("like", ""), {})
            shared = {"sam_local": other["sam_local"]} if "sam_local" in other else {}
            bases.append(BaseKind(id=name, **{**shared, **table}))
        return {base.id: base for base in sorted(bases, key=lambda base: (base.rank, base.id))}

    def _bases_of(self, rows: dict[str, dict[str, Any]]) -> dict[str, Base]:
        """Return the bases of a language by its tables ``[bases.<base>]``."""
        bases = {}
        for name, row in rows.items():
            kind = self.bases.get(name)
            other = rows.get(kind.like, {}) if kind else {}
            shared = {key: other[key] for key in _LIKE if key in other}
            bases[name] = Base(id=name, **{**merge(shared, row), "tested": tuple(row.get("tested", ()))})
        return bases

    def built_as(self, base: str) -> str:
        """Return the base whose layers images of ``base`` have: the one that it is like, or itself."""
        return self.bases[base].like or base

    def base_layer(self, folder: Path, base: str, path: str = "") -> Path:
        """Return the layer of a base in a folder: its own if there is one, or that of the base that it is like."""
        own = folder / base / path
        return own if self.is_layer(own) else folder / self.built_as(base) / path

    @cached_property
    def team_bases(self) -> list[str]:
        """The bases that the built-in catalogue does not have, by their identifiers."""
        own = subfolders(self.root / "bases")
        return [name for name in self.bases if name not in own]

    def bases_for(
        self, language: Language, runtime: Runtime, manager: str | None = None, use_case: str | None = None
    ) -> list[str]:
        """Return the identifiers of the bases that an image with that runtime may use.

        ``manager`` is the dependency manager; without one, it may be any of the language's. With
        ``use_case``, those that it is not for are left out.
        """
        managers = language.managers if manager is None else (manager,)
        if not any(self.manager_serves(language, name, runtime) for name in managers):
            return []
        fitting = {base.id for base in language.bases.values() if language.is_within(runtime, base.oldest, base.newest)}
        if use_case and self.use_cases[use_case].bases:
            possible = self.use_cases[use_case].bases
            fitting = {name for name in fitting if name in possible or self.built_as(name) in possible}
        return [name for name in self.bases if name in fitting and runtime.image]

    @cached_property
    def packages(self) -> dict[str, Package]:
        """Every package type by the name that SAM gives it, ``Image`` first."""
        packages = [
            Package(id=name, **self.tree.table(f"packages/{name}/package.toml"))
            for name in self.tree.subfolders("packages")
        ]
        return {package.title: package for package in sorted(packages, key=lambda package: (package.rank, package.id))}

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """Every combination that can be created today, including preview and deprecated runtimes."""
        return tuple(
            Cell(use_case, package, language.id, runtime.id, manager)
            for use_case in self.use_cases
            for package in self.packages
            for language in self.languages.values()
            if use_case in language.use_cases()
            for runtime in language.runtimes
            if runtime.status(self.today) != BLOCKED and self.has_package_type(runtime, package)
            if package in self.package_types(language, use_case)
            if self.handler_runs_on(language, use_case, runtime)
            for manager in language.managers
            if self.manager_serves(language, manager, runtime)
        )

    def package_types(self, language: Language, use_case: str) -> list[str]:
        """Return the package types that a use case is for in a language that has it."""
        own = language.handlers[use_case].package_types or self.use_cases[use_case].package_types
        return [name for name in self.packages if not own or name in own]

    @staticmethod
    def has_package_type(runtime: Runtime, package_type: str) -> bool:
        """Return whether Lambda has the runtime for that package type."""
        return bool(runtime.image) if package_type == "Image" else not runtime.image_only

    @staticmethod
    def manager_serves(language: Language, manager: str, runtime: Runtime) -> bool:
        """Return whether one of the language's dependency managers works with that runtime."""
        return language.is_within(runtime, language.managers[manager].get("oldest"))

    @staticmethod
    def handler_runs_on(language: Language, use_case: str, runtime: Runtime) -> bool:
        """Return whether the language's handler for that use case runs on that runtime."""
        handler = language.handlers[use_case]
        return language.is_within(runtime, handler.oldest, handler.newest)

    @staticmethod
    def architectures(language: Language, use_case: str | None, runtime: Runtime) -> tuple[str, ...]:
        """Return those of a runtime that the libraries of the language's handler for a use case work on."""
        handler = language.handlers.get(use_case or "", Handler())
        return tuple(name for name in runtime.architectures if language.is_within(runtime, handler.oldest_on.get(name)))

    def runtime(self, language_id: str | None, runtime_id: str | None) -> Runtime | None:
        """Return the runtime of a language by their identifiers, or ``None`` if either is unknown or ``None``."""
        language = self.languages.get(language_id or "")
        return language.runtime(runtime_id or "") if language else None

    def find(self, query: str) -> list[Cell]:
        """Return the cells with every part of ``query`` in their name, in any order: ``python3.14/image``."""
        parts = {part.lower() for part in query.strip("/").split("/") if part}
        return [cell for cell in self.cells if parts <= {segment.lower() for segment in cell.segments}]

    def offered_runtimes(
        self,
        *,
        preview: bool = False,
        deprecated: bool = False,
        use_case: str | None = None,
        base: str | None = None,
    ) -> list[tuple[Language, Runtime]]:
        """Return pairs of a language and a runtime, in the order in which a user is offered them.

        The newest runtime of every language comes first, then the second newest of every language, and so on.
        ``preview`` adds runtimes that AWS has in preview. ``deprecated`` returns those runtimes instead that no longer
        have support, but can still be used for new functions. ``use_case`` and ``base`` leave out runtimes that do not
        have them.
        """
        statuses = {DEPRECATED} if deprecated else {SUPPORTED, PREVIEW} if preview else {SUPPORTED}
        ranked = []
        for language in self.languages.values():
            if not language.use_cases() or (use_case and use_case not in language.use_cases()):
                continue
            matching = [
                runtime
                for runtime in language.runtimes
                if runtime.status(self.today) in statuses
                if any(self.manager_serves(language, manager, runtime) for manager in language.managers)
                if use_case is None or self.handler_runs_on(language, use_case, runtime)
                if base is None or base in self.bases_for(language, runtime, use_case=use_case)
            ]
            ranked += [(age, language.rank, language, runtime) for age, runtime in enumerate(matching)]
        ranked.sort(key=lambda row: (row[0], row[1]))
        return [(language, runtime) for _, _, language, runtime in ranked]

    def successor(self, language: Language, runtime: Runtime) -> Runtime | None:
        """Return the newest supported runtime of the language other than ``runtime``, or ``None``."""
        supported = (other for other in language.runtimes if other.status(self.today) == SUPPORTED)
        return next((other for other in supported if other != runtime), None)

    @cached_property
    def defaults(self) -> dict[str, Any]:
        """The answers that teams' catalogues have as defaults, by their names."""
        above = Tree(self.tree.over)
        return dict(above.table(TEAM_FILE).get("defaults", {})) if above.having(TEAM_FILE) else {}

    def explicit_base(self, function: FunctionSpec) -> str | None:
        """Return the value of ``--base-image`` that makes the function again, or ``None`` if it takes none."""
        is_usual = function.base_image is None and function.package_type == "Image" and function.own is None
        language = self.languages[function.language]
        runtime = language.runtime(function.runtime)
        return (
            base_image_name(language, runtime)
            if is_usual and runtime and "base_image" in self.defaults
            else (function.base_image)
        )

    def refused_defaults(self, project: ProjectSpec) -> dict[str, bool]:
        """Return the settings that teams have as defaults and a project does not have, each with ``False``."""
        names = [row.name for row in settings.TABLE if row.scope == settings.PROJECT]
        return {name: False for name in names if self.defaults.get(name) is True and not getattr(project, name)}

    @cached_property
    def titles(self) -> list[str]:
        """What people call the teams' catalogues, the lowest first."""
        tables = [Tree((folder,)).table(TEAM_FILE) for folder in self.tree.over if (folder / TEAM_FILE).is_file()]
        return [str(table["title"]) for table in tables if "title" in table]

    def team_context(self, language: str, use_case: str) -> dict[str, str]:
        """Return the values for templates that teams have for a language and for its handler of a use case."""
        if (language, use_case) not in self._team_contexts:
            context: dict[str, str] = {}
            names = ("language.toml", f"handlers/{use_case}/handler.toml")
            for folder in self.tree.over:
                for path in (f"languages/{language}/{name}" for name in names):
                    if (folder / path).is_file():
                        context |= Tree((folder,)).table(path).get("context", {})
            self._team_contexts[language, use_case] = context
        return self._team_contexts[language, use_case]

    def is_layer(self, folder: Path) -> bool:
        """Return whether a folder, relative to those of :attr:`tree`, is a layer."""
        return self.tree.layer(folder) is not None

    def team_folder(self, layer: Path | str) -> Path | None:
        """Return the folder of the team's catalogue that a layer is from, or ``None`` for a built-in one."""
        return next((folder for folder in self.tree.over[::-1] if (folder / layer / LAYER_FILE).is_file()), None)

    def own_use_cases(self, language: Language | None = None) -> list[str]:
        """Return the use cases whose handler a user's own code may replace, of one language or of any."""
        possible = self.use_cases if language is None else language.use_cases()
        return [case.id for case in self.use_cases.values() if case.own_code and case.id in possible]

    def folder(self, function: FunctionSpec) -> str:
        """Return the name of a function's folder, in the style of its language."""
        return function.names_by_style[self.languages[function.language].naming]

    def mounts(self, function: FunctionSpec) -> list[Mounts]:
        """Return what BuildKit mounts for the commands of a function's Dockerfile."""
        from scaffold.dockerfile import Mounts  # noqa: PLC0415  takes time to load, and few projects need it

        rows = self.languages[function.language].managers[function.dependency_manager]["buildkit"]
        return [Mounts(**row) for row in rows]

    def image_labels(self, function: FunctionSpec) -> dict[str, str]:
        """Return the labels that a function's settings require on its image, by their names."""
        language = self.languages[function.language]
        runtime = language.runtime(function.runtime)
        # A team may have put an image of its own in the place of AWS's.
        is_replaced = AMAZON in language.bases and language.bases[AMAZON].image != "{aws_image}"
        is_aws_image = function.base == AMAZON and not function.private_base and not is_replaced
        return settings.image_labels(function, runtime, is_aws_image=is_aws_image) if runtime else {}


def _use_case(name: str, row: dict[str, Any]) -> UseCase:
    """Return the use case that the table of a ``use_case.toml`` describes."""
    functions = [{"id": table.pop("part"), **table} for table in row.get("functions", ())]
    only = {field.name: row[field.name] for field in fields(Part) if field.name in row}
    given = {field.name: row[field.name] for field in fields(UseCase) if field.name in row}
    return UseCase(
        id=name,
        name=row["function"] if "function" in row else row["group"],
        parts=tuple(Part(**table) for table in functions or [only]),
        **given,
    )


def host_architecture() -> str:
    """Return the architecture of this machine by its name on Lambda, or ``x86_64`` if Lambda does not have it."""
    return "arm64" if platform.machine().lower() in {"arm64", "aarch64"} else "x86_64"
