"""A container image becomes a Zip again, if its Dockerfile is one that sam-scaffold makes."""

from __future__ import annotations

import itertools
import json
import os
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scaffold import existing, layers, template
from scaffold.catalogue import AWS_IMAGES, RenderStep
from scaffold.conversion import functions
from scaffold.conversion.changes import Change, check
from scaffold.errors import InvalidTemplateError, Problem, UnsupportedCodeError
from scaffold.settings.table import IMAGE, ZIP

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaffold.catalogue import Catalogue
    from scaffold.conversion.functions import TemplateFunction
    from scaffold.model import Language, Runtime

_REMOVED = ("PackageType", "ImageUri", "ImageConfig", "Runtime", "Handler", "CodeUri")
_BUILD_KEYS = (
    "Dockerfile",
    "DockerContext",
    "DockerTag",
    "DockerBuildArgs",
    "DockerBuildTarget",
    "DockerBuildExtraParams",
)
_FROM = re.compile(rf"^FROM {re.escape(AWS_IMAGES)}/(\S+?)(?:@sha256:[0-9a-f]{{64}})?\s*$", re.MULTILINE)
_COMMAND = re.compile(r'^CMD \["([^"\\]+)"\]\s*$', re.MULTILINE)
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+")


def convert(catalogue: Catalogue, path: Path, function_id: str) -> Change:
    """Return what makes a Zip of a function that is a container image; nothing is written.

    Raises what :func:`scaffold.conversion.functions.read` does, :class:`InvalidTemplateError` with everything that
    stands against it, and :class:`UnsupportedCodeError` where the image is not one that sam-scaffold makes.
    """
    function = functions.read(path, function_id)
    file = _dockerfile(function)
    folder = file.parent
    text = file.read_bytes().decode("utf-8", "replace")
    code = _code(catalogue, function, folder, text)
    rendered = existing.render(catalogue, _zip_steps(catalogue, function, code))
    fragment = rendered.pop(layers.TEMPLATE, "")
    new = {folder / name.partition("/")[2]: content for name, content in rendered.items()}
    new = {file: content for file, content in new.items() if not file.exists()}
    after = _template(function, code, fragment)
    check(function, after)
    gone, notes = _unused(catalogue, function, code, file)
    before = {path: function.text, **{one: one.read_bytes().decode("utf-8", "replace") for one in gone}}
    files: dict[Path, str | None] = {**new, path: after, **dict.fromkeys(gone)}
    return Change(function_id, ZIP, files, before, tuple(notes))


def _dockerfile(function: TemplateFunction) -> Path:
    """Return the function's Dockerfile; raises an error with all that keeps it from being a Zip."""
    if function.get("PackageType") != IMAGE:
        raise UnsupportedCodeError(f"{function.id} is a Zip already", "use --package-type Image to make an image of it")
    problems: list[Problem] = []
    folder = functions.folder_of(function, function.metadata.get("DockerContext"), "DockerContext", problems)
    configuration = function.get("ImageConfig") or {}
    problems += [
        function.problem(f"a Zip has no {key}", f"remove ImageConfig.{key}", "Properties", "ImageConfig", key)
        for key in ("EntryPoint", "WorkingDirectory")
        if key in configuration
    ]
    for key in ("DockerBuildArgs", "DockerBuildTarget"):
        if key in function.metadata:
            hint = f"remove {key} if the Zip does without it"
            problems.append(function.problem(f"a Zip has no {key}", hint, "Metadata", key))
    name = str(function.metadata.get("Dockerfile", layers.DOCKERFILE))
    if folder is not None and not (folder / name).is_file():
        problems.append(
            function.problem(f"{folder / name} does not exist", "name the Dockerfile", "Metadata", "Dockerfile")
        )
    if problems or folder is None:
        raise InvalidTemplateError(problems)
    return folder / name


def _code(catalogue: Catalogue, function: TemplateFunction, folder: Path, text: str) -> existing.Code:
    """Return what is known of the code in an image that sam-scaffold makes; raises an error for any other image."""
    command = [match[1] for match in _COMMAND.finditer(text)][-1:]
    configured = (function.get("ImageConfig") or {}).get("Command") or command
    problems: list[Problem] = []
    architecture = functions.architecture_of(function, problems)
    if problems:
        raise InvalidTemplateError(problems)
    if command and len(configured) == 1:
        for language, runtime in _runtimes(catalogue, text):
            for manager, place in itertools.product(language.managers, (folder, folder / "src")):
                if not existing.manifests(language, manager, place) and (not language.interpreted or place != folder):
                    continue
                try:
                    code = existing.inspect(
                        catalogue,
                        place,
                        language=language.id,
                        runtime=runtime.id,
                        architecture=architecture,
                        handler=command[0],
                        manager=manager,
                        build=_ESBUILD,
                    )
                except UnsupportedCodeError:
                    continue
                if _normal(text) in _made(catalogue, function, code):
                    return replace(code, handler=str(configured[0]))
    message = f"{folder / str(function.metadata.get('Dockerfile', layers.DOCKERFILE))} is not as sam-scaffold writes it"
    hint = "a Zip cannot do all that an image can: change the function by hand"
    raise InvalidTemplateError([function.problem(message, hint, "Metadata", "Dockerfile")])


# What esbuild is given does not matter for a Zip: the layer of the package type says it.
_ESBUILD = {"EntryPoints": ["app.ts"], "Sourcemap": True}


def _runtimes(catalogue: Catalogue, text: str) -> Iterator[tuple[Language, Runtime]]:
    """Yield the languages and runtimes of the base image that the last stage starts from."""
    image = [match[1] for match in _FROM.finditer(text)][-1:]
    for language in catalogue.languages.values():
        yield from ((language, runtime) for runtime in language.runtimes if [runtime.image] == image)


def _made(catalogue: Catalogue, function: TemplateFunction, code: existing.Code) -> set[str]:
    """Return the Dockerfiles that sam-scaffold makes for such code: converted, and in a new project."""
    words = _WORD.findall(function.id.removesuffix("Function")) or [function.id]
    name = "-".join(word.lower() for word in words)
    texts = {existing.image_files(catalogue, code)[layers.DOCKERFILE]}
    for use_case in catalogue.languages[code.language].use_cases():
        steps = existing.image_steps(catalogue, code, name=name, use_case=use_case)
        texts.add(existing.render(catalogue, steps)[f"{existing.FOLDER}/{layers.DOCKERFILE}"])
    return {_normal(text) for text in texts}


def _normal(text: str) -> str:
    """Return a Dockerfile without what may differ: digests, labels, and options of esbuild."""
    text = re.sub(r"@sha256:[0-9a-f]{64}|^LABEL .*\n", "", text, flags=re.MULTILINE)
    text = re.sub(r"(npx --no-install esbuild) .*(--outdir)", r"\1 \2", text)
    return re.sub(r"^# Stack traces .*\nENV NODE_OPTIONS=.*\n", "", text, flags=re.MULTILINE).strip()


def _zip_steps(catalogue: Catalogue, function: TemplateFunction, code: existing.Code) -> list[RenderStep]:
    """Return the layers of a Zip, but for the one that says what every Zip says."""
    language = Path("languages", code.language)
    folders = [language / "packages/zip", language / "managers" / code.dependency_manager / "packages/zip"]
    values = {**existing.context(catalogue, code), "function_id": function.id}
    return [RenderStep(folder, values) for folder in folders if catalogue.is_layer(folder)]


def _template(function: TemplateFunction, code: existing.Code, fragment: str) -> str:
    here = ("Resources", function.id)
    context = os.path.relpath(code.folder, function.path.parent).replace(os.sep, "/")
    values: dict[str, Any] = {"PackageType": ZIP, "Runtime": code.runtime, "Handler": code.handler}
    values["CodeUri"] = f"{context}/"
    text = template.exchange(function.text, (*here, "Properties"), _REMOVED, values)
    left = [key for key in function.metadata if key not in _BUILD_KEYS]
    if left:
        text = template.exchange(text, (*here, "Metadata"), _BUILD_KEYS, {})
    elif function.metadata:
        text = template.exchange(text, here, ["Metadata"], {})
    return template.merge(text, fragment)


def _unused(
    catalogue: Catalogue, function: TemplateFunction, code: existing.Code, file: Path
) -> tuple[list[Path], list[str]]:
    """Return the files that nothing needs any more, and notes for a person."""
    notes = ["Lambda changes no function's package type: CloudFormation replaces a deployed function by a new one."]
    others = [
        name
        for name, resource in function.document["Resources"].items()
        if name != function.id
        and isinstance(resource, dict)
        and json.dumps(resource.get("Metadata", {}).get("DockerContext"))
        == json.dumps(function.metadata.get("DockerContext"))
    ]
    if others:
        notes.append(f"The Dockerfile stays: {', '.join(others)} may be built from it.")
        return [], notes
    ignore = file.parent / layers.DOCKERIGNORE
    usual = existing.image_files(catalogue, code)[layers.DOCKERIGNORE]
    return [file, *([ignore] if ignore.is_file() and ignore.read_text("utf-8") == usual else [])], notes
