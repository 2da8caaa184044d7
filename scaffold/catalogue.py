"""What can be created: read from the folders below ``cookiecutters/``, never listed by hand.

A *cell* is one combination of language, runtime, dependency manager, package type and use case. It exists if the
folders it is made of exist. This module also knows the layers of a project, in the order in which they are rendered,
and the values that their templates see.
"""

from __future__ import annotations

import platform
import re
import shlex
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scaffold import ci, paths, settings
from scaffold.errors import InternalError, Problem, TemplateError
from scaffold.model import (
    API,
    APIS,
    ASYNCHRONOUS,
    BLOCKED,
    CATEGORIES,
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
    version_numbers,
)
from scaffold.spec import AMAZON, DEFAULT_NAME, ProjectSpec, groups_of
from scaffold.trees import LAYER_FILE, Tree, merge, subfolders

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scaffold.dockerfile import Mounts
    from scaffold.spec import FunctionSpec, OwnCode

# Where AWS publishes its base images: https://docs.aws.amazon.com/lambda/latest/dg/images-create.html
AWS_IMAGES = "public.ecr.aws/lambda"

# Docker's name of each architecture of Lambda.
DOCKER_PLATFORMS = {"x86_64": "linux/amd64", "arm64": "linux/arm64"}


FIRST_USE_CASE = "hello-world"  # the default one
TEAM_FILE = "catalogue.toml"  # of a team's catalogue: its title, and the answers that are its defaults
OWN_USE_CASE = "blank"  # that of code which exists already: nobody knows what is to invoke it

# The folder of the layers that are rendered once for a project, after all functions, because their files list them.
ROOT = "root"

# Where there may be one, beside the project's own: languages that share runtimes share tools as well.
_ROOT_LAYERS = (
    "use_cases/{use_case}",
    "languages/{runtimes_of}",
    "languages/{language}",
    "languages/{language}/managers/{dependency_manager}",
    "use_cases/{use_case}/packages/{package}",
)

# What such a layer sees of each function.
_FUNCTION_VALUES = (
    "language",
    "function",
    "function_id",
    "function_pascal",
    "function_snake",
    "folder",
    "package_type",
    "runtime",
    "runtime_version",
    "architecture",
    "use_case",
    "base",
    "http",
    "event",
    "group",
    "group_pascal",
    "services",
    "dev_libraries",
    "server",
    "serve",
    "variables",
    "sam_local",
    "docker_run_options",
)

# The folder of the layers for code that exists already, and what the one that a project has once sees of each function.
OWN = "own"
_OWN_VALUES = ("function_id", "folder", "package_type", "own", "install", "test", "event", "http", "use_case")

# What the layer `root` sees besides.
_ROOT_VALUES = (
    "own",
    "sample_path",
    "runtime_title",
    "use_case_title",
    "docker_platform",
    "docker_build_args",
    "docker_build_target",
    "docker_command",
)

# What a base of a language has of the one that it is like, where it does not say otherwise.
_LIKE = ("oldest", "newest", "context")

# How to debug a function, unless its language says otherwise.
_DEBUG = 'To debug {function_id}, run `make debug-{function}`, then start "Debug {function_id}" in VS Code.'

# How code that exists already is tested where its dependency manager does not say: its image is asked.
_OWN_TOOLS: tuple[dict[str, list[str]], ...] = (
    {"needs": ["curl, for the tests"], "install": [], "test": ["sh tests/{folder}/test_image.sh"]},
)

# The lists of a dependency manager in `language.toml`: what a person needs, and what to run.
COMMANDS = ("needs", "install", "test", "lint", "lint_needs", "build_needs")


@dataclass(frozen=True)
class RenderStep:
    """A layer to render: its folder in :attr:`Catalogue.tree`, and the values that its templates see."""

    layer: Path
    context: dict[str, Any]


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
            debug=table.get("debug", _DEBUG),
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

    def outdated_locks(self, function: FunctionSpec) -> Path | None:
        """Return the layer that a team's lock files for a function would be in; ``None`` if the built-in ones do."""
        if not self.tree.over or function.own:
            return None
        handler = self.languages[function.language].handlers[function.use_case]
        manager = Path("languages", function.language, "managers", function.dependency_manager)
        layer = self._lock_layer(manager, handler.locks or function.use_case)
        if not self.is_layer(layer) or self.team_folder(layer):
            return None
        below = Catalogue(self.root, self.today)
        usual = replace(function, base=AMAZON)
        is_there = function.language in below.languages and function.use_case in below.use_cases
        versions: list[dict[str, Any]] = []
        for catalogue in (self, below):
            has_it = catalogue is self or is_there
            context = catalogue.context(ProjectSpec(DEFAULT_NAME, (usual,)), usual) if has_it else {}
            versions.append({key: context.get(key, {}) for key in ("libraries", "dev_libraries")})
        return manager / "locks" / (handler.locks or function.use_case) if versions[0] != versions[1] else None

    def _team_context(self, language: str, use_case: str) -> dict[str, str]:
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

    # Layers and context -------------------------------------------------------------------------------------

    def render_steps(self, project: ProjectSpec) -> list[RenderStep]:
        """Return every layer of a project with its context, in the order in which they are rendered.

        First come the layers of a project without functions, then those of each function, and last those whose files
        list all functions: of the project, of each use case, of each language and of its dependency managers.
        """
        shared = self.context(project)
        contexts = [self.context(project, function) for function in project.functions]
        steps = [RenderStep(Path("project"), shared)]
        steps += [RenderStep(Path("ecr"), shared)] if project.ecr else []
        if project.devcontainer:
            steps.append(RenderStep(Path("devcontainer"), shared | {"dev_container": _dev_container(contexts)}))
        steps += self._update_steps(project, shared, contexts)
        steps += self._function_steps(project.functions, contexts)
        steps.append(RenderStep(Path(ROOT), shared | _root_context(contexts) | {"secrets": self._secrets(project)}))
        steps += [
            RenderStep(layer, shared | {"functions": functions})
            for layer, functions in self._root_layers([one for one in contexts if not one["own"]]).items()
        ]
        own = [{key: context[key] for key in _OWN_VALUES} for context in contexts if context["own"]]
        steps += [RenderStep(Path(OWN, ROOT), shared | {"functions": own})] if own else []
        return steps + (self._ci_steps(project, shared, contexts) if project.ci else [])

    def _update_steps(
        self, project: ProjectSpec, shared: dict[str, Any], contexts: list[dict[str, Any]]
    ) -> list[RenderStep]:
        """Return the layer of what keeps up to date pinned images, and what the workflow of a host uses, if any."""
        host = ci.updates(self.tree, project.ci)
        updater = project.updated_by or host["updater"]
        if not updater:
            return []
        folders = [context["folder"] for context in contexts if context["package_type"] == "Image"]
        values = {
            "image_folders": folders if project.pin else [],
            "updates_workflow": updater == host["updater"],
            "workflow_manager": host["renovate_manager"],
        }
        return [RenderStep(Path("updates", updater), shared | values)]

    def _ci_steps(
        self, project: ProjectSpec, shared: dict[str, Any], contexts: list[dict[str, Any]]
    ) -> list[RenderStep]:
        """Return the layers of the project's CI: what all hosts share, and the host's own."""
        values = {
            "build_command": build_command(contexts),
            "pipeline": ci.pipeline(self.tree, project.ci, contexts),
        }
        return [RenderStep(layer, shared | values) for layer in (ci.LAYER, ci.LAYER / project.ci)]

    def ci_problems(self, project: ProjectSpec) -> list[Problem]:
        """Return why the host of the project's CI cannot build it, and what to do; nothing if it can."""
        if not project.ci:
            return []
        contexts = [self.context(project, function) for function in project.functions]
        return ci.problems(self.tree, project, contexts)

    def function_render_steps(self, project: ProjectSpec, functions: tuple[FunctionSpec, ...]) -> list[RenderStep]:
        """Return the layers that add functions to a project, each with its context.

        ``project`` is the one without them. What it has stays where it is, the sample events of its only function too.
        """
        whole = replace(project, functions=(*project.functions, *functions))
        contexts = [self.context(whole, function) for function in functions]
        return self._function_steps(functions, contexts)

    def _function_steps(self, functions: tuple[FunctionSpec, ...], contexts: list[dict[str, Any]]) -> list[RenderStep]:
        """Return the layers of each function, and last what the functions of a group share, once for each group."""
        context_of = dict(zip(functions, contexts, strict=True))
        steps = [RenderStep(layer, context_of[one]) for one in functions for layer in self._function_layers(one)]
        shared = [(Path("use_cases", group[0].use_case, "shared"), group[0]) for group in groups_of(functions)]
        return steps + [RenderStep(layer, context_of[one]) for layer, one in shared if self.is_layer(layer)]

    def _root_layers(self, contexts: list[dict[str, Any]]) -> dict[Path, list[dict[str, Any]]]:
        """Return the layers that a project has once, with the functions that have them.

        They belong to what ``_ROOT_LAYERS`` names, and to what handlers share.
        """
        folders = [(folder.format_map(context), context) for folder in _ROOT_LAYERS for context in contexts]
        folders += [
            (f"languages/{context['language']}/shared/{name}", context)
            for context in contexts
            for name in self.languages[context["language"]].handlers[context["use_case"]].shares
        ]
        functions: dict[Path, list[dict[str, Any]]] = {}
        for folder, context in folders:
            values = {key: context[key] for key in _FUNCTION_VALUES}
            rows = functions.setdefault(Path(folder, ROOT), [])
            rows += [values] if values not in rows else []  # a language may have its own runtimes
        return {layer: functions[layer] for layer in functions if self.is_layer(layer)}

    def is_layer(self, folder: Path) -> bool:
        """Return whether a folder, relative to those of :attr:`tree`, is a layer."""
        return self.tree.layer(folder) is not None

    def team_folder(self, layer: Path | str) -> Path | None:
        """Return the folder of the team's catalogue that a layer is from, or ``None`` for a built-in one."""
        return next((folder for folder in self.tree.over[::-1] if (folder / layer / LAYER_FILE).is_file()), None)

    def _own_layers(self, function: FunctionSpec) -> list[Path]:
        """Return the layers of a function whose code exists already: what invokes it, and its first test."""
        use_case = self.use_cases[function.use_case]
        test = Path("languages", function.language, OWN)
        layers = [
            Path("function"),
            Path("packages", function.package_type.lower()),
            *([Path("sources", use_case.source)] if use_case.source else []),
            *([Path("failures")] if use_case.dead_letters or _sends_failures(use_case, function) else []),
            Path("use_cases", use_case.id),
            Path(OWN),
            test if self.is_layer(test) else Path(OWN, "image_test"),
        ]
        return [layer for layer in layers if self.is_layer(layer)]

    def _function_layers(self, function: FunctionSpec) -> list[Path]:
        if function.own:
            return self._own_layers(function)
        language = self.languages[function.language]
        language_folder = Path("languages", language.id)
        runtime_folder = Path("languages", language.runtimes_of or language.id)  # a runtime's client serves both
        package = Path("packages", function.package_type.lower())
        manager = language_folder / "managers" / function.dependency_manager
        use_case = self.use_cases[function.use_case]
        source = Path("sources", use_case.source) if use_case.source else None
        handler = language.handlers[use_case.id]
        is_image = function.package_type == "Image"
        is_custom = is_image and self.built_as(function.base) != AMAZON
        has_shell = is_custom and self.bases[function.base].sam_local
        layers = [
            Path("function"),
            package,
            *([Path("entry_script")] if has_shell else []),
            *([self.base_layer(Path("bases"), function.base)] if is_image else []),
            *([source] if source else []),
            *([language_folder / "sources" / API] if use_case.source in APIS else []),
            *([Path("failures")] if use_case.dead_letters or _sends_failures(use_case, function) else []),
            Path("use_cases", use_case.id),
            *([Path("use_cases", use_case.id, "functions", function.part)] if function.part else []),
            language_folder / "common",
            language_folder / package,
            manager / "common",
            manager / package,
            self._lock_layer(manager, handler.locks or use_case.id),
            *(self._base_layers(function, runtime_folder, manager) if is_image else []),
            *([Path("emulator")] if is_custom else []),
            Path("use_cases", use_case.id) / package,
            *(language_folder / "shared" / name for name in handler.shares),
            language_folder / "handlers" / use_case.id,
            language_folder / "handlers" / use_case.id / package,
            *([language_folder / "handlers" / use_case.id / function.part] if function.part else []),
        ]
        return [layer for layer in layers if self.is_layer(layer)]

    def _base_layers(self, function: FunctionSpec, runtime_folder: Path, manager: Path) -> list[Path]:
        """Return the layers of a function's base image in its language and in its dependency manager."""
        language = self.languages[function.language]
        return [
            self.base_layer(runtime_folder / "clients", function.base),
            self.base_layer(manager / "bases", function.base),
            *([self.base_layer(Path("bases"), function.base, "interpreted")] if language.interpreted else []),
            self.base_layer(Path("languages", language.id, "bases"), function.base),
        ]

    def _lock_layer(self, manager: Path, use_case: str) -> Path:
        """Return the layer with a use case's lock files: its own if its handler has libraries, or the default one."""
        own = manager / "locks" / use_case
        return own if self.tree.having(own) else manager / "locks" / "default"

    def context(self, project: ProjectSpec, function: FunctionSpec | None = None) -> dict[str, Any]:
        """Return the values that templates see: those of the project, and with a function, those of the function too.

        Raises :class:`InternalError` if the catalogue does not have the function's runtime.
        """
        values: dict[str, Any] = {
            "name": project.name,
            "stack_name": project.stack_name,
            "tracing": project.tracing,
            "application_insights": project.application_insights,
            "structured_logging": project.structured_logging,
            "ecr": project.ecr,
            "environments": project.has_environments,
            "ci_repository": ci.repository(self.tree, project.ci) if project.ci else "",
            "devcontainer": project.devcontainer,
            "buildkit": project.buildkit,
            "updates": project.updated_by,
            "package_types": sorted({other.package_type for other in project.functions}),
            "vpc": any(function.settings.get("vpc") for function in project.functions),
            "file_system": any(function.settings.get("file_system") for function in project.functions),
            "open_parameters": settings.open_parameters(project),
            "own_folders": [self.folder(other) for other in project.functions if other.own],
            "image_functions": [other.name for other in project.functions if other.package_type == "Image"],
        }
        if function is None:
            return values
        language = self.languages[function.language]
        runtime = language.runtime(function.runtime)
        if runtime is None:
            raise InternalError(f"{function.language} has no runtime {function.runtime}")
        names = _names_by_style(function)
        folder = names[language.naming]
        use_case = self.use_cases[function.use_case]
        manager = language.managers[function.dependency_manager]
        part = use_case.part(function.part)
        path = use_case.path_of(part, function.group)
        # Where `sam init` has the event of its function, so that scripts find that of a project's only one there.
        events = f"events/{folder}" if len(project.functions) > 1 else "events"
        values |= {
            "function": function.name,
            "function_snake": names["snake"],
            "function_flat": names["flat"],
            "function_pascal": names["pascal"],
            "function_id": function.logical_id,
            "folder": folder,
            "code_uri": f"{folder}/",
            "events": events,
            "event": f"{events}/event.json",
            "group": function.group,
            "group_pascal": function.group_pascal,
            "part": function.part,
            "http": use_case.source in APIS,
            "services": list(use_case.services),
            "package_type": function.package_type,
            "package": function.package_type.lower(),
            "use_case": use_case.id,
            "language": language.id,
            "language_title": language.title,
            "runtimes_of": language.runtimes_of or language.id,
            "dependency_manager": function.dependency_manager,
            "has_alias": settings.has_alias(project, function),
            "reserved_concurrency": str(function.settings.get("reserved_concurrency", "")),
            "ephemeral_storage": str(function.settings.get("ephemeral_storage", "")),
            "path": path,
            "method": part.method,
            "sample_path": path.format_map(part.path_parameters),
            "path_parameters": part.path_parameters,
            "sample_query": part.sample_query,
            "sample_body": part.sample_body,
            "sample_body_type": part.sample_body_type,
            "sends_failures": _sends_failures(use_case, function),
            "runtime": runtime.id,
            "runtime_title": language.label(runtime),
            "runtime_version": language.version(runtime),
            "memory": "256",
            "timeout": "10",
            "log_retention": "30",
            "needs_permissions": settings.needs_permissions(function.settings),
            "docker_tag": runtime.id,
            "architecture": function.architecture,
            "docker_platform": DOCKER_PLATFORMS[function.architecture],
            "use_case_title": use_case.title,
            "base": self.built_as(function.base),
            "base_image": "",
            "from_image": "",
            "server": "",
            "serve": "",
            # Code that exists already may lack a manifest or a lock, and its manifest may name files beside it.
            "is_existing": False,
            "has_manifest": True,
            "locked": True,
            "manifest_needs_code": False,
        }
        handler = Handler() if function.own else language.handlers[function.use_case]
        base = language.bases.get(function.base) if function.package_type == "Image" else None
        contexts = language.context | manager.get("context", {}) | use_case.context | handler.context
        contexts |= self._team_context(language.id, use_case.id)  # over what handlers of the built-in catalogue have
        contexts |= (base.context if base else {}) | runtime.context
        for key, text in contexts.items():  # in this order: a handler's may have its manager's in it
            values[key] = _fill_in(text, values)
        values |= settings.context_values(function.settings)
        libraries = handler.libraries | (handler.tracing_libraries if project.tracing else {})
        for key, versions in (("libraries", libraries), ("dev_libraries", handler.dev_libraries)):
            values[key] = {name: _fill_in_each(text, values) for name, text in versions.items()}
        # sam local would have to download the layer of a Zip's server, which takes credentials.
        values["sam_local"] = self.bases[base.id].sam_local if base else not values["server"]
        if base:
            public_image = _fill_in(base.image, values | {"aws_image": f"{AWS_IMAGES}/{runtime.image}"})
            values["base_image"] = function.private_base or public_image
            # The Dockerfile of a base that can be replaced starts with an ARG of that name.
            values["from_image"] = "${BASE_IMAGE}" if "own_image" in base.context else values["base_image"]
        # That of a web server depends on the package type: an image's CMD, or what a Zip starts.
        values["handler"] = _fill_in(contexts.get(f"{values['package']}_handler", language.handler), values)
        debug = contexts.get("debug", language.debug)
        values |= {"language_debug": debug, "debug": _fill_in(debug, values)}
        values["variables"] = {name: _fill_in(text, values) for name, text in use_case.local_variables.items()}
        if values["server"]:  # its image runs where nothing reads template.yaml
            values["variables"] |= function.settings.get("env", {})
        values |= _docker_arguments(function.settings, values["handler"], values["variables"])
        for key in COMMANDS:
            values[key] = [_fill_in(line, values) for line in manager.get(key, [])]
        values["dev_container"] = {
            key: {name: _fill_in(text, values) for name, text in value.items()} if key == "options" else value
            for key, value in manager["dev_container"].items()
        }
        values["ci"] = _fill_in_all(manager["ci"], values)
        values["own"] = _own_values(function.own) if function.own else {}
        if function.own:
            values |= self._own_context(function, function.own, manager, values)
        is_zip = function.package_type == "Zip"
        values["use_container"] = manager.get("use_container") if is_zip else None
        values["beta_features"] = is_zip and manager.get("beta_features", False)
        values["build_needs"] = values["build_needs"] if is_zip else []
        return values

    @staticmethod
    def _own_context(
        function: FunctionSpec, own: OwnCode, manager: dict[str, Any], values: dict[str, Any]
    ) -> dict[str, Any]:
        """Return the values in which a function whose code exists already differs from one of the catalogue."""
        rows = manager.get("own", _OWN_TOOLS)
        tools = next(row for row in rows if row.get("with") is None or row["with"] in own.files)
        known = values | {"libraries": shlex.join(own.provided)}
        install = [*tools["install"], *(tools.get("provided", []) if own.provided else [])]
        docker = _docker_arguments(function.settings, own.handler, values["variables"])
        return {
            "handler": own.handler,
            "code_uri": f"{values['folder']}/",
            "services": [],
            "debug": "",
            "needs": [_fill_in(line, known) for line in tools["needs"]],
            "install": [_fill_in(line, known) for line in install],
            "test": [_fill_in(line, known) for line in tools["test"]],
            **{key: [] for key in COMMANDS if key not in ("needs", "install", "test")},
            **docker,
        }

    def own_use_cases(self, language: Language | None = None) -> list[str]:
        """Return the use cases whose handler a user's own code may replace, of one language or of any."""
        possible = self.use_cases if language is None else language.use_cases()
        return [case.id for case in self.use_cases.values() if case.own_code and case.id in possible]

    def folder(self, function: FunctionSpec) -> str:
        """Return the name of a function's folder, in the style of its language."""
        return _names_by_style(function)[self.languages[function.language].naming]

    def mounts(self, function: FunctionSpec) -> list[Mounts]:
        """Return what BuildKit mounts for the commands of a function's Dockerfile."""
        from scaffold.dockerfile import Mounts  # noqa: PLC0415  takes time to load, and few projects need it

        rows = self.languages[function.language].managers[function.dependency_manager]["buildkit"]
        return [Mounts(**row) for row in rows]

    def _secrets(self, project: ProjectSpec) -> dict[str, str]:
        """Return the secrets that builds of a project's images take: for each by its id, the file that it is in."""
        images = [function for function in project.functions if function.package_type == "Image" and project.buildkit]
        return {name: file for one in images for row in self.mounts(one) for name, file in row.secrets.items()}

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


def _sends_failures(use_case: UseCase, function: FunctionSpec) -> bool:
    """Return whether the events that a function fails on go to its failure queue, and not where a setting says."""
    return use_case.invocation == ASYNCHRONOUS and not {"on_failure", "dead_letter"} & {*function.settings}


def _own_values(own: OwnCode) -> dict[str, Any]:
    """Return what templates see of code that exists already; paths in it are not theirs to render."""
    module, _, name = own.handler.rpartition(".")
    return {"handler": own.handler, "module": module, "name": name}


def _root_context(contexts: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what the layer ``root`` sees of all functions, whose contexts these are.

    ``toolchains`` has, for each dependency manager of each language, the commands of its first function, and the
    folders of the others.
    """
    toolchains: dict[tuple[str, ...], dict[str, Any]] = {}
    for context in contexts:
        key: tuple[str, ...] = (context["language"], context["dependency_manager"])
        key = (*key, context["function"]) if context["own"] else key
        if key in toolchains:
            toolchains[key]["others"].append(context["folder"])
        else:
            toolchains[key] = {**{name: context[name] for name in ("language_title", *COMMANDS)}, "others": []}
    debug_notes: dict[str, str] = {}  # that of the first function, for each way to debug
    for context in contexts:
        if context["debug"]:
            debug_notes.setdefault(context["language_debug"], context["debug"])
    keys = (*_FUNCTION_VALUES, *_ROOT_VALUES)
    return {
        "functions": [{key: context[key] for key in keys} for context in contexts],
        "toolchains": list(toolchains.values()),
        "build_command": build_command(contexts),
        # The usual way comes first, then what differs from it.
        "debug_notes": [debug_notes[way] for way in sorted(debug_notes, key=lambda way: way != _DEBUG)],
        "beta_features": any(context["beta_features"] for context in contexts),
        **{key: requirements(contexts, key) for key in ("needs", "build_needs", "lint_needs")},
    }


_FEATURES = "ghcr.io/devcontainers/features"


def _dev_container(contexts: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what a dev container needs for functions: ``features`` with their options, and ``commands`` to set it up.

    Functions that share a feature get all options of it, each in the latest version.
    """
    # SAM comes with pipx, which the feature of Python brings.
    features: dict[str, dict[str, str]] = {f"{_FEATURES}/docker-in-docker:2": {}, f"{_FEATURES}/aws-cli:1": {}}
    tools, commands = ["aws-sam-cli"], []
    for row in (context["dev_container"] for context in contexts):
        if "feature" in row:
            options = features.setdefault(f"{_FEATURES}/{row['feature']}", {})
            for name, value in row.get("options", {}).items():
                options[name] = max(options.get(name, value), value, key=version_numbers)
        tools += [tool for tool in row.get("pipx", ()) if tool not in tools]
        commands += [command for command in row.get("commands", ()) if command not in commands]
    features.setdefault(f"{_FEATURES}/python:1", {"version": "os-provided"})
    return {"features": features, "commands": [*(f"pipx install {tool}" for tool in tools), *commands]}


def build_command(contexts: list[dict[str, Any]]) -> str:
    """Return how to build a project with SAM; ``contexts`` are those of its functions.

    AWS's build images spare a machine the very version of a runtime. One function that cannot be built in them decides
    for all, since SAM takes the flag for a whole build.
    """
    wishes = {context["use_container"] for context in contexts}
    return "sam build --use-container" if True in wishes and False not in wishes else "sam build"


def requirements(contexts: list[dict[str, Any]], key: str = "needs") -> list[str]:
    """Return what a person has to install for a project's functions, in Markdown, each once in the latest version."""
    latest: dict[str, str] = {}
    for need in (need for context in contexts for need in context[key]):
        tool = _OR_LATER.sub("", need)
        latest[tool] = max(latest.get(tool, need), need, key=version_numbers)
    return list(latest.values())


_OR_LATER = re.compile(r"[\d.]+ or later")


def _names_by_style(function: FunctionSpec) -> dict[str, str]:
    """Return a function's name in each style that a ``language.toml`` may choose."""
    words = function.words
    return {"kebab": function.name, "snake": "_".join(words), "flat": "".join(words), "pascal": function.pascal}


def _fill_in(text: str, values: dict[str, Any]) -> str:
    """Replace ``{folder}`` and the like; the text is the catalogue's own, the values have been checked.

    Raises :class:`TemplateError` for a placeholder that is none.
    """
    try:
        return text.format_map(values)
    except (LookupError, ValueError, AttributeError, TypeError) as error:
        reason = f"nothing is called {error}" if isinstance(error, KeyError) else str(error)
        raise TemplateError(f"the placeholders of {text!r} cannot be filled in: {reason}", _PLACEHOLDERS) from error


_PLACEHOLDERS = "write a brace that is none as {{ or }}"


def _fill_in_each(text: str | list[str], values: dict[str, Any]) -> str | list[str]:
    return _fill_in(text, values) if isinstance(text, str) else [_fill_in(one, values) for one in text]


def _fill_in_all(data: Any, values: dict[str, Any]) -> Any:  # noqa: ANN401  what a TOML file may have
    """Do the same with every text in a table."""
    if isinstance(data, dict):
        return {key: _fill_in_all(value, values) for key, value in data.items()}
    return [_fill_in(one, values) for one in data] if isinstance(data, list) else _fill_in(data, values)


# Where AWS's images have the runtime interface emulator, and where the Dockerfiles' local stages put it.
_EMULATOR = "/usr/local/bin/aws-lambda-rie"


def _docker_arguments(values: Mapping[str, Any], handler: str, variables: Mapping[str, str]) -> dict[str, str]:
    """Return what a function's settings and variables add to `docker build` and to `docker run`, as text for a shell.

    ``docker_run_options`` stand before the image's name, ``docker_command`` stands after it.
    """
    build = [word for key, value in values.get("build_arg", {}).items() for word in ("--build-arg", f"{key}={value}")]
    target = ["--target", values["build_target"]] if "build_target" in values else []
    run = [word for name, value in variables.items() for word in ("--env", f"{name}={value}")]
    run += ["--workdir", values["working_directory"]] if "working_directory" in values else []
    # On Lambda, an entry point replaces the image's own; here the emulator has to start it.
    entrypoint = values.get("entrypoint", ())
    run += ["--entrypoint", _EMULATOR] if entrypoint else []
    command = [*entrypoint, *(values.get("command") or ([handler] if entrypoint else []))]
    return {
        "docker_build_args": "".join(f"{shlex.quote(word)} " for word in build),
        "docker_build_target": "".join(f"{shlex.quote(word)} " for word in target),
        "docker_run_options": "".join(f"{shlex.quote(word)} " for word in run),
        "docker_command": "".join(f" {shlex.quote(word)}" for word in command),
    }


def host_architecture() -> str:
    """Return the architecture of this machine by its name on Lambda, or ``x86_64`` if Lambda does not have it."""
    return "arm64" if platform.machine().lower() in {"arm64", "aarch64"} else "x86_64"
