"""A container image becomes a Zip again, if its Dockerfile is one that sam-scaffold makes."""

from __future__ import annotations

import itertools
import os
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from scaffold import dockerfile, existing, layers, splice
from scaffold.catalogue import AWS_IMAGES
from scaffold.conversion import functions, zips
from scaffold.conversion.changes import Change, check, with_the_end_of
from scaffold.errors import InvalidTemplateError, Problem, UnsupportedCodeError
from scaffold.intrinsics import is_intrinsic
from scaffold.settings.table import IMAGE, ZIP

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

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
    text = file.read_bytes().decode("utf-8", "replace")
    code = _code(catalogue, function, file, text)
    rendered = zips.files(catalogue, code, function_id)
    fragment = rendered.pop(layers.TEMPLATE, "")
    new = {file.parent / name.partition("/")[2]: content for name, content in rendered.items()}
    new = {one: content for one, content in new.items() if not os.path.lexists(one)}
    after = _template(function, code, fragment)
    check(function, after)
    notes = [functions.name_note(function), *functions.answers_note(function)]
    if names := dockerfile.lambda_layers(text):
        notes.append(f"Give the function its Lambda layers again: {', '.join(names)}.")
    gone = _unused(catalogue, function, code, file)
    before = {function.path: function.text, **{one: one.read_bytes().decode("utf-8", "replace") for one in gone}}
    files: dict[Path, str | None] = {**new, function.path: after, **dict.fromkeys(gone)}
    return Change(function_id, ZIP, files, before, tuple(notes))


def _dockerfile(function: TemplateFunction) -> Path:
    """Return the function's Dockerfile; raises an error with all that keeps it from being a Zip."""
    if function.get("PackageType") != IMAGE:
        raise UnsupportedCodeError(f"{function.id} is a Zip already", "use --package-type Image to make an image of it")
    if "DockerContext" not in function.metadata:
        message = f"{function.id} names no DockerContext: its image is built elsewhere"
        raise UnsupportedCodeError(message, "a Zip needs the code and its Dockerfile here")
    problems: list[Problem] = []
    folder = functions.folder_of(function, function.metadata["DockerContext"], "DockerContext", problems)
    configuration = function.get("ImageConfig") or {}
    written_out = isinstance(configuration, dict) and isinstance(configuration.get("Command", []), list)
    if not written_out or is_intrinsic(configuration):
        hint = "write the handler there"
        problems.append(function.problem("ImageConfig is not written out", hint, "Properties", "ImageConfig"))
        configuration = {}
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


def _code(catalogue: Catalogue, function: TemplateFunction, file: Path, text: str) -> existing.Code:
    """Return what is known of the code in an image that sam-scaffold makes; raises an error for any other image."""
    folder = file.parent
    command = [match[1] for match in _COMMAND.finditer(text)][-1:]
    configured = (function.get("ImageConfig") or {}).get("Command") or command
    problems: list[Problem] = []
    architecture = functions.architecture_of(function, problems)
    if problems:
        raise InvalidTemplateError(problems)
    if command and len(configured) == 1:
        for language, runtime in _runtimes(catalogue, text):
            for manager, place in itertools.product(language.managers, (folder, folder / "src")):
                manifests = existing.manifests(language, manager, place)
                if not manifests and (not language.interpreted or place != folder):
                    continue
                draft = existing.Code(place, language.id, runtime.id, architecture, command[0], manager)
                try:
                    code = existing.inspect(
                        catalogue,
                        place,
                        language=language.id,
                        runtime=runtime.id,
                        architecture=architecture,
                        handler=command[0],
                        manager=manager if manifests else None,
                        build=zips.build_properties(zips.fragment(catalogue, draft, function.id)),
                    )
                except UnsupportedCodeError:
                    continue
                if _normal(text) in _made(catalogue, function, code):
                    return replace(code, handler=str(configured[0]))
    message = f"{file} differs from what sam-scaffold writes"
    hint = "a Zip cannot do all that an image can: change the function by hand"
    raise InvalidTemplateError([function.problem(message, hint, "Metadata", "Dockerfile")])


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
    _, like = existing.specification(code)
    texts |= {dockerfile.mount(text, catalogue.mounts(like)) for text in texts}  # as with --buildkit
    return {_normal(text) for text in texts}


def _normal(text: str) -> str:
    """Return a Dockerfile without what may differ: digests, labels, and lines for Lambda layers."""
    return re.sub(
        r"@sha256:[0-9a-f]{64}|^LABEL .*\n", "", dockerfile.without_lambda_layers(text), flags=re.MULTILINE
    ).strip()


def _template(function: TemplateFunction, code: existing.Code, fragment: str) -> str:
    context = os.path.relpath(code.folder, function.path.parent).replace(os.sep, "/")
    values: dict[str, Any] = {"PackageType": ZIP, "Runtime": code.runtime, "Handler": code.handler}
    values["CodeUri"] = f"{context}/"
    text = functions.exchange(function, function.text, "Properties", removed=_REMOVED, added=values)
    left = [key for key in function.metadata if key not in _BUILD_KEYS]
    if left:
        text = functions.exchange(function, text, "Metadata", removed=_BUILD_KEYS, added={})
    elif function.metadata:
        text = functions.exchange(
            function, text, "", removed=["Metadata"], added={}, comments=[f"# {zips.IMAGE_COMMENT}"]
        )
    return with_the_end_of(function.text, splice.merge(text, fragment))


def _unused(catalogue: Catalogue, function: TemplateFunction, code: existing.Code, file: Path) -> list[Path]:
    """Return the files that no function of the template needs any more."""
    folders, files = set(), set()
    for name, resource in function.document["Resources"].items():
        metadata = resource.get("Metadata") if isinstance(resource, dict) else None
        if name != function.id and isinstance(metadata, dict) and "DockerContext" in metadata:
            folder = (function.path.parent / str(metadata["DockerContext"])).resolve()
            folders.add(folder)
            files.add(folder / str(metadata.get("Dockerfile", layers.DOCKERFILE)))
    ignore = file.parent / layers.DOCKERIGNORE
    usual = existing.image_files(catalogue, code)[layers.DOCKERIGNORE].encode()
    gone = [] if file.resolve() in files else [file]
    is_ours = ignore.is_file() and ignore.read_bytes() == usual and file.parent.resolve() not in folders
    return gone + ([ignore] if is_ours else [])
