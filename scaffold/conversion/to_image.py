"""A Zip becomes a container image: a Dockerfile for its folder, and the few lines of the template that say so."""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from fnmatch import fnmatch
from typing import TYPE_CHECKING, Any

from scaffold import dockerfile, existing, layers, settings, splice, template
from scaffold.conversion import functions, zips
from scaffold.conversion.changes import Change, check, with_the_end_of
from scaffold.errors import InvalidTemplateError, Problem, UnsupportedCodeError
from scaffold.intrinsics import is_intrinsic
from scaffold.model import BLOCKED, DEPRECATED
from scaffold.settings.table import IMAGE, ZIP
from scaffold.translator.rules import NOT_FOR_IMAGES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scaffold.catalogue import Catalogue
    from scaffold.conversion.functions import TemplateFunction

# What a function with an image has no more: what Lambda refuses with one, and what says how to build a Zip.
_REMOVED = ("PackageType", *NOT_FOR_IMAGES, "CodeUri", "RuntimeManagementConfig")
_UV = "uv"
_BUILD_KEYS = ("BuildMethod", "BuildProperties", "Dockerfile", "DockerContext", "DockerTag")
# Where SAM's configuration says to which repositories images go.
_CONFIGURATIONS = ("samconfig.toml", "samconfig.yaml", "samconfig.yml")
_PUSHES_IMAGES = re.compile(r"resolve_image_repos|image_repositor(?:y|ies)")


def convert(catalogue: Catalogue, path: Path, function_id: str) -> Change:
    """Return what makes a container image of a function that is a Zip; nothing is written.

    Raises what :func:`scaffold.conversion.functions.read` does, :class:`InvalidTemplateError` with everything that
    stands against it, and :class:`UnsupportedCodeError` for code that no image can be made of.
    """
    function = functions.read(path, function_id)
    code, folder = _code(catalogue, function)
    arns = [_layer_name(layer) for layer in functions.as_list(function.get("Layers"))]
    files = existing.image_files(catalogue, code)
    text = dockerfile.add_lambda_layers(files[layers.DOCKERFILE], arns)
    text = dockerfile.label(text, _labels(catalogue, function, code))
    name, command = _name_of_dockerfile(function, folder, text, code.handler)
    new: dict[Path, str] = {}
    if not os.path.lexists(folder / name):
        new[folder / name] = text
    if not os.path.lexists(folder / layers.DOCKERIGNORE):
        new[folder / layers.DOCKERIGNORE] = files[layers.DOCKERIGNORE]
    after = _template(catalogue, function, code, name, command)
    check(function, after)
    notes = [*_notes(catalogue, function, code, arns)]
    if folder / layers.DOCKERIGNORE in new:
        notes += _left_out(folder, files[layers.DOCKERIGNORE])
    return Change(function_id, IMAGE, {**new, function.path: after}, {function.path: function.text}, tuple(notes))


def _code(catalogue: Catalogue, function: TemplateFunction) -> tuple[existing.Code, Path]:
    """Return what is known of the function's code, and its folder; raises an error with all that is wrong."""
    if function.get("PackageType") == IMAGE or function.get("ImageUri") is not None:
        raise UnsupportedCodeError(f"{function.id} is a container image already", "use --package-type Zip to go back")
    problems: list[Problem] = []
    if function.get("PackageType") not in (None, ZIP):
        hint = "write Zip there, or leave it out"
        problems.append(function.problem("PackageType is not written out", hint, "Properties", "PackageType"))
    if function.get("InlineCode") is not None:
        hint = "move the code into a file in a folder of its own, and name the folder in CodeUri"
        problems.append(function.problem("its code is inline in the template", hint, "Properties", "InlineCode"))
    if function.get("CodeSigningConfigArn") is not None:
        hint = "remove CodeSigningConfigArn, or leave the function a Zip"
        message = "Lambda does not sign container images"
        problems.append(function.problem(message, hint, "Properties", "CodeSigningConfigArn"))
    if function.metadata.get("SkipBuild"):
        hint = "remove SkipBuild and name the folder of the source code in CodeUri"
        problems.append(function.problem("its code is built outside of SAM", hint, "Metadata", "SkipBuild"))
    architecture = functions.architecture_of(function, problems)
    runtime = functions.text_of(function, "Runtime", problems)
    provided = runtime.startswith("provided")
    handler = functions.text_of(function, "Handler", problems, default="bootstrap" if provided else "")
    folder = None
    if function.get("InlineCode") is None:
        folder = functions.folder_of(function, function.get("CodeUri") or ".", "CodeUri", problems)
    if problems or folder is None:
        raise InvalidTemplateError(problems)
    try:
        language = functions.language_of(catalogue, function, runtime, folder)
        code = existing.inspect(
            catalogue,
            folder,
            language=language,
            runtime=runtime,
            architecture=architecture,
            handler="bootstrap" if provided else handler,
            manager=_UV if function.metadata.get("BuildMethod") == "python-uv" else None,
            build=function.metadata.get("BuildProperties"),
        )
    except UnsupportedCodeError as error:
        raise InvalidTemplateError([function.problem(error.message, error.hint)]) from error
    if code.dependency_manager == _UV and not code.manifests:
        message = f"{folder} has no pyproject.toml with a uv.lock"
        raise InvalidTemplateError([function.problem(message, "run `uv lock` there", "Metadata", "BuildMethod")])
    return code, folder


def _name_of_dockerfile(function: TemplateFunction, folder: Path, text: str, handler: str) -> tuple[str, list[str]]:
    """Return the name that the Dockerfile gets, and the command that the function says in the place of its CMD.

    Functions that share a folder share its Dockerfile if they differ in the handler alone.
    """
    path = folder / layers.DOCKERFILE
    if not os.path.lexists(path):
        return layers.DOCKERFILE, []
    present = _text(path)
    if present == text:
        return layers.DOCKERFILE, []
    if dockerfile.without_command(present) == dockerfile.without_command(text):
        return layers.DOCKERFILE, [handler]
    name = f"{layers.DOCKERFILE}.{function.id}"
    if os.path.lexists(folder / name):
        message = f"{folder / name} exists already"
        raise UnsupportedCodeError(message, "move it away, or name it in the function's Metadata yourself")
    return name, []


def _template(
    catalogue: Catalogue, function: TemplateFunction, code: existing.Code, name: str, command: list[str]
) -> str:
    """Return the template's text with the function as an image."""
    added: dict[str, Any] = {"PackageType": IMAGE}
    if command:
        added["ImageConfig"] = {"Command": command}
    refused = {*_REMOVED, *(row.path[1] for row in settings.TABLE if row.instead)}
    text = functions.exchange(function, function.text, "Properties", removed=refused, added=added)
    # What Globals says of all functions is not for this one.
    ignored = [key for key in function.shared if key in refused - {"CodeUri", "PackageType"}]
    if ignored:
        present = functions.as_list(function.resource.get("IgnoreGlobals"))
        text = functions.exchange(
            function, text, "", removed=["IgnoreGlobals"], added={"IgnoreGlobals": [*present, *ignored]}
        )
    context = str(function.get("CodeUri") or ".").rstrip("/") or "/"
    context = context if context.startswith((".", "/")) else f"./{context}"
    metadata = {"Dockerfile": name, "DockerContext": context, "DockerTag": code.runtime}
    left = [key for key in function.metadata if key not in _BUILD_KEYS]
    if left:
        text = functions.exchange(function, text, "Metadata", removed=_BUILD_KEYS, added=metadata)
    else:
        if function.metadata:
            # What our own templates say of how the Zip is built is no longer true.
            comments = zips.comments_of(zips.fragment(catalogue, code, function.id))
            text = functions.exchange(function, text, "", removed=["Metadata"], added={}, comments=comments)
        fragment = {"Resources": {function.id: {"Metadata": metadata}}}
        text = splice.merge(text, template.dump(fragment, {"Metadata": zips.IMAGE_COMMENT}))
    return with_the_end_of(function.text, text)


def _labels(catalogue: Catalogue, function: TemplateFunction, code: existing.Code) -> dict[str, str]:
    _, like = existing.specification(code)
    wants = function.get("SnapStart")
    applied = isinstance(wants, dict) and wants.get("ApplyOn") == "PublishedVersions"
    return catalogue.image_labels(replace(like, settings={"snap_start": True} if applied else {}))


def _layer_name(layer: object) -> str:
    """Return a Lambda layer's ARN, or the name of the resource or parameter that stands for it."""
    if not is_intrinsic(layer) or not isinstance(layer, dict):
        return str(layer)
    ((key, value),) = layer.items()
    text = value if isinstance(value, str) else json.dumps(value)
    return f"!{key.removeprefix('Fn::')} {'.'.join(value) if key == 'Fn::GetAtt' else text}"


def _notes(catalogue: Catalogue, function: TemplateFunction, code: existing.Code, arns: list[str]) -> Iterator[str]:
    yield functions.name_note(function)
    language = catalogue.languages[code.language]
    runtime = language.runtime(code.runtime)
    if runtime and runtime.status(catalogue.today) in (DEPRECATED, BLOCKED):
        yield f"AWS no longer supports {code.runtime}, nor its base image: name a newer one in the Dockerfile."
    if arns:
        yield "An image takes no Lambda layers: fill in the COPY lines for them in the Dockerfile."
    if function.metadata.get("BuildMethod") == "makefile":
        target = f"build-{function.id}"
        yield f"sam build ran {target} of the Makefile. The Dockerfile does not: move over what else that did."
    if not code.manifests:
        manifest = language.managers[code.dependency_manager]["manifests"][0]
        yield f"{code.folder} has no {manifest}, so the image holds the code alone."
    if (code.folder / layers.DOCKERIGNORE).exists():
        yield f"{code.folder / layers.DOCKERIGNORE} stays as it is: see that it leaves out secrets."
    if not any(_PUSHES_IMAGES.search(_text(function.path.parent / name)) for name in _CONFIGURATIONS):
        yield "To deploy images, set resolve_image_repos in samconfig.toml, or pass it to sam deploy as a flag."
    yield from functions.answers_note(function)


def _left_out(folder: Path, ignored: str) -> Iterator[str]:
    """Yield a note on files that a Zip would have, and that the image's .dockerignore leaves out."""
    patterns = [line for line in ignored.splitlines() if line and not line.startswith("#")]
    everywhere = {pattern.removeprefix("**/") for pattern in patterns if pattern.startswith("**/")} - _NO_LOSS
    here = {pattern for pattern in patterns if "/" not in pattern} - _NO_LOSS
    found = sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if any(fnmatch(path.name, pattern) for pattern in everywhere | (here if path.parent == folder else set()))
    )
    if found:
        names = ", ".join(found[:_SHOWN]) + (f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else "")
        yield f"The .dockerignore leaves out {names}: take out the lines for what the function needs."


# What a .dockerignore leaves out and no function needs.
_NO_LOSS = {
    ".aws-sam",
    ".dockerignore",
    ".git",
    ".gitignore",
    ".venv",
    "Dockerfile*",
    "__pycache__",
    "*.pyc",
    "*_test.go",
}
_NO_LOSS |= {"bin", "build", "obj", "target", "test", "tests", "src/test", ".gradle", "README.md"}
_SHOWN = 5


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
