"""What can be made: read from the folders below ``cookiecutters/``, never listed by hand.

A *cell* is one combination of language, runtime, dependency manager, package type and use case. It exists when
the folders that it is made of exist. Here are also the layers of a cell, in the order in which they are rendered,
and the values that its templates see.
"""

from __future__ import annotations

import platform
import re
import shlex
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scaffold import paths, settings
from scaffold.errors import InternalError
from scaffold.model import (
    BLOCKED,
    DEPRECATED,
    PREVIEW,
    SUPPORTED,
    BaseKind,
    Cell,
    Language,
    Package,
    Runtime,
    UseCase,
    base_of,
    folders,
    toml,
)
from scaffold.spec import AMAZON

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scaffold.spec import FunctionSpec, ProjectSpec

# Where AWS publishes its base images: https://docs.aws.amazon.com/lambda/latest/dg/images-create.html
AWS_IMAGES = "public.ecr.aws/lambda"

# Docker's name of each architecture of Lambda.
DOCKER_PLATFORMS = {"x86_64": "linux/amd64", "arm64": "linux/arm64"}


# Layers of root files that know all functions: they are rendered last, from the whole project.
ROOT_LAYERS = (Path("root"),)


@dataclass(frozen=True)
class Step:
    """A layer, below :attr:`Catalogue.root`, and the values that its templates see."""

    layer: Path
    context: dict[str, Any]


class Catalogue:
    """The folders below ``root``, read on first use. ``today`` decides what is deprecated and what is blocked."""

    def __init__(self, root: Path = paths.COOKIECUTTERS, today: date | None = None) -> None:
        self.root = root
        self.today = today or date.today()  # noqa: DTZ011  a person's calendar day is what a deadline means

    @cached_property
    def languages(self) -> dict[str, Language]:
        """Every language, the most asked-for first."""
        base = self.root / "languages"
        data = {name: toml(base / name / "language.toml") for name in folders(base)}
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
            interpreted=mine.get("interpreted", False),
            runtimes=runtimes,
            own_runtimes=frozenset(mine.get("runtimes", {})),
            runtimes_of=mine.get("runtimes_of"),
            managers=mine.get("managers", {}),
            bases={key: base_of(key, row) for key, row in mine.get("bases", {}).items()},
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
                asynchronous=row.get("asynchronous", False),
            )
            for name in folders(base)
            if any(name in language.use_cases() for language in self.languages.values())
            for row in [toml(base / name / "use_case.toml")]
        ]
        return {one.id: one for one in sorted(found, key=lambda one: (one.id != "hello-world", one.id))}

    @cached_property
    def bases(self) -> dict[str, BaseKind]:
        """Every kind of base image by name, AWS's own first."""
        base = self.root / "bases"
        found = [BaseKind(id=name, **toml(base / name / "base.toml")) for name in folders(base)]
        return {one.id: one for one in sorted(found, key=lambda one: (one.rank, one.id))}

    def based(self, language: Language, runtime: Runtime, manager: str | None = None) -> list[str]:
        """Return the bases that an image may start from; without a dependency manager, with any of the language's."""
        managers = language.managers if manager is None else (manager,)
        if not any(self.managed(language, one, runtime) for one in managers):
            return []
        fitting = {base.id for base in language.bases.values() if language.is_within(runtime, base.oldest, base.newest)}
        return [name for name in self.bases if name in fitting and runtime.image]

    @cached_property
    def packages(self) -> dict[str, Package]:
        """Every package type by the name that SAM gives it, ``Image`` first."""
        base = self.root / "packages"
        found = [Package(id=name, **toml(base / name / "package.toml")) for name in folders(base)]
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
        return language.is_within(runtime, language.managers[manager].get("oldest"))

    @staticmethod
    def handled(language: Language, use_case: str, runtime: Runtime) -> bool:
        """Return whether the language's handler for that use case runs on that runtime."""
        return language.is_within(runtime, language.handlers[use_case].oldest)

    def runtime(self, language: str | None, runtime: str | None) -> Runtime | None:
        """Return the runtime of a language by their identifiers, ``None`` where one is unknown or open."""
        found = self.languages.get(language or "")
        return found.runtime(runtime or "") if found else None

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
                if any(self.managed(language, manager, one) for manager in language.managers)
                if use_case is None or self.handled(language, use_case, one)
                if base is None or base in self.based(language, one)
            ]
            listed += [(age, language.rank, language, one) for age, one in enumerate(matching)]
        listed.sort(key=lambda row: (row[0], row[1]))
        return [(language, runtime) for _, _, language, runtime in listed]

    def successor(self, language: Language, runtime: Runtime) -> Runtime | None:
        """Return the newest supported runtime of the language, other than the one given."""
        return next((one for one in language.runtimes if one.status(self.today) == SUPPORTED and one != runtime), None)

    # Layers and context -------------------------------------------------------------------------------------

    def steps(self, project: ProjectSpec) -> list[Step]:
        """Return all that makes a project: every layer with its context, in the order in which they are rendered.

        First the layers of a project without functions, then those of each function, and last the root files that
        know all functions.
        """
        context = self.context(project)
        first = [Path("project"), *([Path("ecr")] if project.ecr else [])]
        steps = [Step(layer, context) for layer in first]
        for function in project.functions:
            steps += self.function_steps(project, function)
        return [*steps, *(Step(layer, context) for layer in ROOT_LAYERS)]

    def function_steps(self, project: ProjectSpec, function: FunctionSpec) -> list[Step]:
        """Return what adds a function to a project, as :meth:`steps` does."""
        context = self.context(project, function)
        return [Step(layer, context) for layer in self._function_layers(function)]

    def _function_layers(self, function: FunctionSpec) -> list[Path]:
        language = Path("languages", function.language)
        package = Path("packages", function.package_type.lower())
        manager = language / "managers" / function.dependency_manager
        row = self.languages[function.language]
        owner = Path("languages", row.runtimes_of or row.id)  # its runtimes' client serves other languages too
        base = Path("bases", function.base)
        image = function.package_type == "Image"
        custom = image and function.base != AMAZON
        stack = [
            Path("function"),
            package,
            *([Path("entry_script")] if custom and self.bases[function.base].sam_local else []),  # it has a shell
            *([base] if image else []),
            Path("use_cases", function.use_case),
            language / "common",
            language / package,
            manager / "common",
            manager / package,
            self._lock(manager, function.use_case),
            *([owner / "clients" / function.base, manager / base] if image else []),
            *([base / "interpreted"] if image and row.interpreted else []),
            *([language / base] if image else []),
            *([Path("emulator")] if custom else []),
            language / "handlers" / function.use_case,
        ]
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
        names = _names(function)
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
            "log_retention": "30",
            "docker_tag": runtime.id,
            "architecture": function.architecture,
            "docker_platform": DOCKER_PLATFORMS[function.architecture],
            "use_case_title": use_case.title,
            "base": function.base,
            "base_image": "",
            "from_image": "",
        }
        handler = language.handlers[function.use_case]
        base = language.bases.get(function.base) if function.package_type == "Image" else None
        own = language.context | manager.get("context", {}) | handler.context
        own |= (base.context if base else {}) | runtime.context
        values |= {key: _fill(text, values) for key, text in own.items()}
        values |= settings.rendered(function.settings)
        values["libraries"] = {name: _fill(text, values) for name, text in handler.libraries.items()}
        values["sam_local"] = base is None or self.bases[base.id].sam_local
        if base:
            usual = _fill(base.image, values | {"aws_image": f"{AWS_IMAGES}/{runtime.image}"})
            values["base_image"] = function.private_base or usual
            # The Dockerfile of a base that may be exchanged begins with an ARG of that name.
            values["from_image"] = "${BASE_IMAGE}" if "own_image" in base.context else values["base_image"]
        values["handler"] = _fill(language.handler, values)
        values |= _docker_words(function.settings, values["handler"])
        for key in ("needs", "install", "test"):
            values[key] = [_fill(line, values) for line in manager.get(key, [])]
        return values

    def folder(self, function: FunctionSpec) -> str:
        """Return the name of a function's folder, as its language writes names."""
        return _names(function)[self.languages[function.language].naming]

    def image_labels(self, function: FunctionSpec) -> dict[str, str]:
        """Return the labels that a function's settings ask of its image."""
        runtime = self.languages[function.language].runtime(function.runtime)
        is_aws_image = function.base == AMAZON and not function.private_base
        return settings.image_labels(function, runtime, is_aws_image=is_aws_image) if runtime else {}

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
            elif base and runtime and runtime.id not in base.tested and base.id != AMAZON:
                tested = ", ".join(base.tested)
                found.append(f"{base.id} was not tested with {runtime.id}, but with {tested}.")
            found += self._about_settings(function)
            if function.private_base.endswith(":latest"):
                found.append(
                    f"{function.private_base} moves: builds on other days may differ. Name a version or a digest."
                )
        return list(dict.fromkeys(found))

    def _about_settings(self, function: FunctionSpec) -> list[str]:
        """Return what a user should know about settings that are allowed and may surprise."""
        given = function.settings
        found = []
        waiting = [settings.ROWS[name].flag for name in given if settings.ROWS[name].asynchronous]
        if waiting and not self.use_cases[function.use_case].asynchronous:
            names = ", ".join(waiting)
            found.append(
                f"nothing in the template invokes {function.logical_id} asynchronously, and {names} is about such "
                "events alone: those of `aws lambda invoke --invocation-type Event`, or of a source that you add."
            )
        if given.get("function_url") == "none":
            found.append(f"--function-url none lets anyone on the Internet call {function.logical_id}; iam asks who.")
        secrets = [name for name in given.get("env", {}) if _SECRET.search(name)]
        if secrets:
            found.append(
                f"{', '.join(secrets)} sounds like a secret, and --env puts its value into files. Keep secrets in AWS "
                "Secrets Manager, and give the function the secret's name instead: "
                "https://docs.aws.amazon.com/secretsmanager/latest/userguide/retrieving-secrets_lambda.html"
            )
        return found

    def _deprecation(self, language: Language, runtime: Runtime) -> str:
        text = f"{runtime.id} is deprecated since {runtime.deprecated}"
        if runtime.block_create:
            text += f", and no function can be created with it from {runtime.block_create}"
        successor = self.successor(language, runtime)
        return f"{text}. Use {language.cli_name(successor)} instead." if successor else f"{text}."


def _names(function: FunctionSpec) -> dict[str, str]:
    """Return a function's name in each way that languages write it."""
    words = function.words
    return {"kebab": function.name, "snake": "_".join(words), "flat": "".join(words), "pascal": function.pascal}


def _fill(text: str, values: dict[str, Any]) -> str:
    """Fill ``{folder}`` and the like; the text is the catalogue's own, the values are checked."""
    return text.format_map(values)


_SECRET = re.compile(r"PASSWORD|PASSWD|SECRET|TOKEN|CREDENTIAL|PRIVATE_?KEY|API_?KEY|ACCESS_?KEY", re.IGNORECASE)

# Where AWS's images have the emulator, and where the stages that are for this machine get it.
_EMULATOR = "/usr/local/bin/aws-lambda-rie"


def _docker_words(given: Mapping[str, Any], handler: str) -> dict[str, str]:
    """Return what settings add to `docker build` and to `docker run`, before and behind the image's name."""
    build = [word for key, value in given.get("build_arg", {}).items() for word in ("--build-arg", f"{key}={value}")]
    target = ["--target", given["build_target"]] if "build_target" in given else []
    run = ["--workdir", given["working_directory"]] if "working_directory" in given else []
    # What Lambda starts instead of the image's own is started by the emulator here.
    entrypoint = given.get("entrypoint", ())
    run += ["--entrypoint", _EMULATOR] if entrypoint else []
    command = [*entrypoint, *(given.get("command") or ([handler] if entrypoint else []))]
    return {
        "docker_build_args": "".join(f"{shlex.quote(word)} " for word in build),
        "docker_build_target": "".join(f"{shlex.quote(word)} " for word in target),
        "docker_run_options": "".join(f"{shlex.quote(word)} " for word in run),
        "docker_command": "".join(f" {shlex.quote(word)}" for word in command),
    }


def host_architecture() -> str:
    """Return the architecture of this machine as Lambda names it, ``x86_64`` where it has no name there."""
    return "arm64" if platform.machine().lower() in {"arm64", "aarch64"} else "x86_64"
