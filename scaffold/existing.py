"""Code that exists already: what is known of a function's folder, and the files that make an image of it.

The code is read, never run and never changed. Its image starts from AWS's base image of its runtime, and is built from
the catalogue's own layers where they fit, or from a layer ``existing`` of its dependency manager.
"""

from __future__ import annotations

import json
import re
import shlex
import tempfile
import tomllib
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from scaffold import contexts, layers, staging
from scaffold.catalogue import AWS_IMAGES
from scaffold.errors import UnsupportedCodeError
from scaffold.render_steps import RenderStep
from scaffold.spec import AMAZON, DEFAULT_NAME, FunctionSpec, ProjectSpec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scaffold.catalogue import Catalogue
    from scaffold.model import Language

# Where layers put files of the function; nothing of that name gets into what is rendered.
FOLDER = "function"

# A use case that every language has a handler for: its values fill those of a context that no Dockerfile here uses.
_USE_CASE = "blank"

# What stands in a Dockerfile's CMD between quotes: names of modules, classes and methods, and paths.
_HANDLER = re.compile(r"[A-Za-z0-9_$./:\-]+(?:::[A-Za-z0-9_$.`<>]+)*")
_BINARY = re.compile(r"[A-Za-z0-9_-]+")

# Lines of a requirements.txt that lead to other files: https://pip.pypa.io/en/stable/reference/requirements-file-format/
_LOCAL_REQUIREMENT = re.compile(
    r"\s*(?:-r|-c|-e|--requirement|--constraint|--editable|\.|file:|\S+\s+@\s+file:)", re.IGNORECASE
)
_LOCAL_GEM = re.compile(r"^\s*(?:gemspec\b|eval_gemfile\b|gem\b.*\bpath:|path\b)", re.MULTILINE)


@dataclass(frozen=True)
class Code:
    """Code of a function that exists already: what a Dockerfile for it has to know.

    ``folder`` has all that the image gets. ``language``, ``runtime`` and ``dependency_manager`` are the catalogue's
    identifiers, ``handler`` is what CMD names. ``manifests`` are the names of the manifest and the lock that are there,
    relative to ``folder``; interpreted code may have none. ``context`` has what templates see besides.
    """

    folder: Path
    language: str
    runtime: str
    architecture: str
    handler: str
    dependency_manager: str
    manifests: tuple[str, ...] = ()
    context: Mapping[str, Any] = field(default_factory=dict, hash=False)


def inspect(  # noqa: PLR0913  a function of a template, taken apart
    catalogue: Catalogue,
    folder: Path,
    *,
    language: str,
    runtime: str,
    architecture: str,
    handler: str,
    manager: str | None = None,
    build: Mapping[str, Any] | None = None,
) -> Code:
    """Return what is known of the code in a folder.

    ``manager`` is the dependency manager if that is known, and ``build`` the ``BuildProperties`` of a function that
    SAM builds with esbuild or Cargo Lambda. Raises :class:`UnsupportedCodeError` where no image can be made of it.
    """
    row = catalogue.languages[language]
    found = row.runtime(runtime)
    # The image of go1.x runs the program that Handler names; that of provided.al2023 runs bootstrap.
    is_replaced = row.runtimes_of is not None and runtime in row.own_runtimes
    if found is None or found.image is None or is_replaced:
        raise UnsupportedCodeError(f"no image is made for {runtime}", "choose a newer runtime")
    if not _HANDLER.fullmatch(handler):
        raise UnsupportedCodeError(f"{handler!r} is not the name of a handler", "name a module and a function")
    manager = manager or find_manager(row, folder)
    files = manifests(row, manager, folder)
    _refuse_outside(folder, manager, files)
    lock = row.managers[manager].get("lock", "")
    values: dict[str, Any] = {"has_manifest": bool(files), "locked": not lock or lock in files}
    values |= _DETAILS.get(manager, _nothing)(folder, language, build or {})
    if "esbuild" in values and any(
        PurePosixPath(name).with_suffix("") == PurePosixPath(handler).with_suffix("")
        for name in (build or {}).get("EntryPoints", ())
        if "/" in name
    ):
        values["esbuild"] += " --outbase=."  # without it, the folders of the entry points are left out
    return Code(folder, language, runtime, architecture, handler, manager, files, values)


def own_code(catalogue: Catalogue, function: FunctionSpec) -> Code | None:
    """Return what is known of a function's own code; ``None`` if its image needs no Dockerfile of ours.

    Raises as :func:`inspect`.
    """
    own = function.own
    if own is None or function.package_type != "Image" or own.dockerfile:
        return None
    manager = function.dependency_manager
    build = {"EntryPoints": [own.entry], "Target": "es2022", "Sourcemap": True, "Minify": False}
    return inspect(
        catalogue,
        own.root,
        language=function.language,
        runtime=function.runtime,
        architecture=function.architecture,
        handler=own.handler,
        manager=manager if manifests(catalogue.languages[function.language], manager, own.root) else None,
        build=build if function.language == "typescript" else None,
    )


def find_manager(language: Language, folder: Path) -> str:
    """Return the identifier of the dependency manager whose manifest is in a folder.

    Without any, it is the language's first one, if the language needs no manifest. Raises
    :class:`UnsupportedCodeError` if it does.
    """
    for manager in language.managers:
        if manifests(language, manager, folder):
            return manager
    if language.interpreted:
        return next(iter(language.managers))
    names = " or ".join(dict.fromkeys(row["manifests"][0].rstrip("*") for row in language.managers.values()))
    raise UnsupportedCodeError(f"{folder} has no {names}", f"an image with {language.title} is built from one")


def manifests(language: Language, manager: str, folder: Path) -> tuple[str, ...]:
    """Return the names of a dependency manager's files in a folder, the lock last; none if one of them is missing."""
    row = language.managers[manager]
    found = [sorted(path.name for path in folder.glob(pattern) if path.is_file()) for pattern in row["manifests"]]
    if not all(found):
        return ()
    lock = row.get("lock", "")
    return tuple(names[0] for names in found) + ((lock,) if lock and (folder / lock).is_file() else ())


def image_files(catalogue: Catalogue, code: Code) -> dict[str, str]:
    """Return the text of the ``Dockerfile`` and the ``.dockerignore`` for code, by these names.

    Raises :class:`InternalError` for a fault of the catalogue, and :class:`OutputError` where the disk refuses.
    """
    rendered = render(catalogue, image_steps(catalogue, code))
    return {name: rendered[f"{FOLDER}/{name}"] for name in (layers.DOCKERFILE, layers.DOCKERIGNORE)}


def image_steps(
    catalogue: Catalogue, code: Code, *, name: str = FOLDER, use_case: str | None = None
) -> list[RenderStep]:
    """Return the layers of the image for code, with the values that their templates see.

    With ``use_case``, they are those of a function of the catalogue with that use case, which is called ``name``.
    """
    language = catalogue.languages[code.language]
    folder = Path("languages", language.id)
    manager = folder / "managers" / code.dependency_manager
    base = Path("bases", AMAZON)
    stages = [manager / "existing"]
    if use_case or not catalogue.is_layer(stages[0]):
        stages = [manager / "packages/image", manager / base] if code.manifests else []
    image = [Path("packages/image"), folder / "packages/image", *stages]
    image += [base / "interpreted"] if language.interpreted else []
    image += [folder / base]
    values = context(catalogue, code, name=name, use_case=use_case or _USE_CASE)
    return [RenderStep(layer, values) for layer in image if catalogue.is_layer(layer)]


def context(catalogue: Catalogue, code: Code, *, name: str = FOLDER, use_case: str = _USE_CASE) -> dict[str, Any]:
    """Return the values that the templates of layers see for code; the function's folder is called ``function``."""
    language = catalogue.languages[code.language]
    part = catalogue.use_cases[use_case].parts[0].id
    values = contexts.context(catalogue, *specification(code, name=name, use_case=use_case, part=part))
    runtime = language.runtime(code.runtime)
    # A team may have a mirror of AWS's images; a language without handlers has none of its own.
    image = values["base_image"] or (f"{AWS_IMAGES}/{runtime.image}" if runtime else "")
    names = {"folder": FOLDER, "code_uri": f"{FOLDER}/", "handler": code.handler}
    return {**values, "base_image": image, "from_image": image, "is_existing": True, **names, **code.context}


def specification(
    code: Code, *, name: str = FOLDER, use_case: str = _USE_CASE, part: str = ""
) -> tuple[ProjectSpec, FunctionSpec]:
    """Return a project with a function like that of the code, and the function."""
    function = FunctionSpec(
        name=name,
        use_case=use_case,
        language=code.language,
        runtime=code.runtime,
        package_type="Image",
        dependency_manager=code.dependency_manager,
        architecture=code.architecture,
        part=part,
    )
    return ProjectSpec(DEFAULT_NAME, (function,)), function


def render(catalogue: Catalogue, steps: list[RenderStep]) -> dict[str, str]:
    """Return the texts of the files that layers make, by their paths relative to the project.

    Raises :class:`InternalError` for a fault of the catalogue, and :class:`OutputError` where the disk refuses.
    """
    temporary = Path(tempfile.gettempdir())
    with staging.disk_errors(temporary), staging.staging_folder(temporary, "sam-scaffold") as stage:
        layers.render(catalogue.tree, steps, stage)
        return {
            path.relative_to(stage).as_posix(): path.read_text(encoding="utf-8")
            for path in stage.rglob("*")
            if path.is_file()
        }


# Lines of manifests that name files outside of their folder: `COPY` takes nothing from there.
_OUTSIDE = {
    "pip": r"[^#]*(?:^|\s|file:)\.\.[/\\]",
    "npm": r'\s*"[^"]+"\s*:\s*"(?:file:|link:)?\.\.[/\\]',
    "mod": r".*=>\s*\.\.[/\\]",
    "cargo": r'[^#]*\bpath\s*=\s*"\.\.[/\\]',
    "bundler": r"[^#]*\bpath:?\s*(?:=>)?\s*[\"']\.\.[/\\]",
    "cli-package": r'.*<ProjectReference\b.*"\.\.[/\\]',
}


def _refuse_outside(folder: Path, manager: str, files: tuple[str, ...]) -> None:
    """Raise :class:`UnsupportedCodeError` for a manifest that names files outside of its folder."""
    pattern = _OUTSIDE.get(manager)
    if not files or pattern is None:
        return
    for number, line in enumerate(_read(folder / files[0]).splitlines(), 1):
        if re.match(pattern, line):
            message = (
                f"{folder / files[0]}:{number} names files outside of {folder}, where docker build takes nothing from"
            )
            raise UnsupportedCodeError(message, "move them into the folder, or write the Dockerfile by hand")


# What a Dockerfile depends on beyond the manifest's name --------------------------------------------------------------


def _nothing(_folder: Path, _language: str, _build: Mapping[str, Any]) -> dict[str, Any]:
    return {}


def _pip(folder: Path, _language: str, _build: Mapping[str, Any]) -> dict[str, Any]:
    text = _read(folder / "requirements.txt")
    return {"manifest_needs_code": any(_LOCAL_REQUIREMENT.match(line) for line in text.splitlines())}


def _bundler(folder: Path, _language: str, _build: Mapping[str, Any]) -> dict[str, Any]:
    return {"manifest_needs_code": bool(_LOCAL_GEM.search(_read(folder / "Gemfile")))}


def _npm(folder: Path, language: str, build: Mapping[str, Any]) -> dict[str, Any]:
    manifest = _json(folder / "package.json")
    dependencies = {key: value for section in _DEPENDENCIES for key, value in _table(manifest.get(section)).items()}
    paths = any(str(value).startswith(("file:", "link:", ".", "/")) for value in dependencies.values())
    values: dict[str, Any] = {"manifest_needs_code": paths or "workspaces" in manifest}
    if language == "typescript":
        if "esbuild" not in dependencies:
            message = f"{folder / 'package.json'} does not have esbuild, which bundles the code"
            raise UnsupportedCodeError(message, "add it: npm install --save-dev --save-exact esbuild")
        values["esbuild"] = shlex.join(esbuild_arguments(build))
        values["source_maps"] = bool(build.get("Sourcemap"))
    return values


_DEPENDENCIES = ("dependencies", "devDependencies", "optionalDependencies")

# SAM's own values, and the properties that are not esbuild's (esbuild.py of aws_lambda_builders 1.67.0).
_DEFAULTS = {"Target": "es2020", "Format": "cjs", "Minify": True}
_NOT_ESBUILD = {"EntryPoints", "UseNpmCi", "Bundle", "Platform", "Outdir"}


def esbuild_arguments(build: Mapping[str, Any]) -> list[str]:
    """Return the arguments that SAM gives to esbuild for ``BuildProperties``, without those for the output's folder.

    Raises :class:`UnsupportedCodeError` for a value that no argument can stand for.
    """
    arguments = [str(name) for name in _list(build.get("EntryPoints", []))]
    if not arguments:
        raise UnsupportedCodeError(
            "the function's BuildProperties have no EntryPoints", "name the file with the handler"
        )
    arguments += ["--bundle", "--platform=node"]
    for key, value in {**_DEFAULTS, **build}.items():
        flag = "--" + "-".join(word.lower() for word in re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+", key))
        if key in _NOT_ESBUILD or value is False:
            continue
        if value is True:
            arguments.append(flag)
        elif isinstance(value, str):
            arguments.append(f"{flag}={value}")
        elif isinstance(value, list):
            arguments += [f"{flag}:{item}" for item in value]
        else:
            raise UnsupportedCodeError(f"BuildProperties.{key} is neither text nor a list", "write it as one of these")
    if any(not argument.isprintable() for argument in arguments):
        raise UnsupportedCodeError(
            "the function's BuildProperties have characters that no command has", "leave them out"
        )
    return arguments


def _mod(folder: Path, _language: str, _build: Mapping[str, Any]) -> dict[str, Any]:
    if re.search(r"^\s*require\b", _read(folder / "go.mod"), re.MULTILINE) and not (folder / "go.sum").is_file():
        raise UnsupportedCodeError(f"{folder} has no go.sum, which go.mod needs", "run `go mod tidy` there")
    return {}


def _cargo(folder: Path, _language: str, build: Mapping[str, Any]) -> dict[str, Any]:
    manifest = _toml(folder / "Cargo.toml")
    if "package" not in manifest:
        message = f"{folder / 'Cargo.toml'} is a workspace, and the image is built from one package"
        raise UnsupportedCodeError(message, "name the folder of the package, with a Cargo.toml that needs no other")
    targets = [str(row.get("name")) for row in manifest.get("bin", ())] or [str(manifest["package"].get("name"))]
    wanted = str(build.get("Binary") or ("bootstrap" if "bootstrap" in targets else targets[0]))
    if wanted not in targets or not _BINARY.fullmatch(wanted):
        message = f"{folder / 'Cargo.toml'} has no binary {wanted!r}"
        raise UnsupportedCodeError(message, f"name one of {', '.join(targets)}")
    if len(targets) > 1 and "Binary" not in build and wanted != "bootstrap":
        message = f"{folder / 'Cargo.toml'} has several binaries: {', '.join(targets)}"
        raise UnsupportedCodeError(message, "name the function's in Metadata.BuildProperties.Binary")
    plain = (folder / "src/main.rs").is_file() and not {"lib", "workspace"} & {*manifest}
    plain = plain and not (folder / "src/lib.rs").is_file() and not (folder / "build.rs").is_file()
    plain = plain and all(row.get("path", "src/main.rs") == "src/main.rs" for row in manifest.get("bin", ()))
    plain = plain and "path = " not in _read(folder / "Cargo.toml").replace('path = "src/main.rs"', "")
    return {"binary": wanted, "plain_crate": plain and len(targets) == 1}


_DETAILS = {"pip": _pip, "npm": _npm, "bundler": _bundler, "mod": _mod, "cargo": _cargo}


def _list(value: Any) -> list[Any]:  # noqa: ANN401
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _table(value: Any) -> dict[str, Any]:  # noqa: ANN401
    return value if isinstance(value, dict) else {}


def _read(path: Path) -> str:
    """Return the text of a manifest; nothing if there is none."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise UnsupportedCodeError(
            f"{path} cannot be read: {error}", "it has to be UTF-8 text that you may read"
        ) from error


def _json(path: Path) -> dict[str, Any]:
    try:
        return _table(json.loads(_read(path) or "{}"))
    except ValueError as error:
        raise UnsupportedCodeError(f"{path} is not JSON: {error}", "mend it first") from error


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(_read(path))
    except tomllib.TOMLDecodeError as error:
        raise UnsupportedCodeError(f"{path} is not TOML: {error}", "mend it first") from error
