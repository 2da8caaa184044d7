"""A Zip becomes a container image: a Dockerfile for its folder, and the few lines of the template that say so."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from scaffold import dockerfile, existing, layers, settings, template
from scaffold.conversion import functions
from scaffold.conversion.changes import Change, check
from scaffold.errors import InvalidTemplateError, Problem, UnsupportedCodeError
from scaffold.intrinsics import is_intrinsic
from scaffold.settings.table import IMAGE
from scaffold.translator.rules import NOT_FOR_IMAGES

if TYPE_CHECKING:
    from pathlib import Path

    from scaffold.catalogue import Catalogue
    from scaffold.conversion.functions import TemplateFunction

# What a function with an image has no more: what Lambda refuses with one, and what says how to build a Zip.
_REMOVED = ("PackageType", *NOT_FOR_IMAGES, "CodeUri", "RuntimeManagementConfig")
_BUILD_KEYS = ("BuildMethod", "BuildProperties", "Dockerfile", "DockerContext", "DockerTag")
# Where SAM's configuration says to which repositories images go.
_CONFIGURATIONS = ("samconfig.toml", "samconfig.yaml", "samconfig.yml")
_PUSHES_IMAGES = re.compile(r"resolve_image_repos|image_repositor(?:y|ies)")
_COMMENT = "sam build makes the image from this, and sam deploy pushes it."


def convert(catalogue: Catalogue, path: Path, function_id: str) -> Change:
    """Return what makes a container image of a function that is a Zip; nothing is written.

    Raises what :func:`scaffold.conversion.functions.read` does, :class:`InvalidTemplateError` with everything that
    stands against it, and :class:`UnsupportedCodeError` for code that no image can be made of.
    """
    function = functions.read(path, function_id)
    code, folder = _code(catalogue, function)
    arns = [_layer_name(layer) for layer in function.get("Layers") or []]
    files = existing.image_files(catalogue, code)
    text = dockerfile.add_lambda_layers(files[layers.DOCKERFILE], arns)
    text = dockerfile.label(text, _labels(catalogue, function, code))
    name, command = _name_of_dockerfile(function, folder, text, code.handler)
    new: dict[Path, str] = {}
    if not (folder / name).exists():
        new[folder / name] = text
    if not (folder / layers.DOCKERIGNORE).exists():
        new[folder / layers.DOCKERIGNORE] = files[layers.DOCKERIGNORE]
    after = _template(function, code.runtime, name, command)
    check(function, after)
    notes = tuple(_notes(function, code, folder, arns))
    return Change(function_id, IMAGE, {**new, path: after}, {path: function.text}, notes)


def _code(catalogue: Catalogue, function: TemplateFunction) -> tuple[existing.Code, Path]:
    """Return what is known of the function's code, and its folder; raises an error with all that is wrong."""
    if function.get("PackageType") == IMAGE:
        raise UnsupportedCodeError(f"{function.id} is a container image already", "use --package-type Zip to go back")
    problems: list[Problem] = []
    if function.get("InlineCode") is not None:
        hint = "move the code into a file in a folder of its own, and name the folder in CodeUri"
        problems.append(function.problem("its code stands in the template", hint, "Properties", "InlineCode"))
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
            manager="uv" if function.metadata.get("BuildMethod") == "python-uv" else None,
            build=function.metadata.get("BuildProperties"),
        )
    except UnsupportedCodeError as error:
        raise InvalidTemplateError([function.problem(error.message, error.hint)]) from error
    return code, folder


def _name_of_dockerfile(function: TemplateFunction, folder: Path, text: str, handler: str) -> tuple[str, list[str]]:
    """Return the name that the Dockerfile gets, and the command that the function says in the place of its CMD.

    Functions that share a folder share its Dockerfile if they differ in the handler alone.
    """
    path = folder / layers.DOCKERFILE
    if not path.exists():
        return layers.DOCKERFILE, []
    present = path.read_text(encoding="utf-8", errors="replace")
    if present == text:
        return layers.DOCKERFILE, []
    if dockerfile.without_command(present) == dockerfile.without_command(text):
        return layers.DOCKERFILE, [handler]
    name = f"{function.id}.{layers.DOCKERFILE}"
    if (folder / name).exists():
        message = f"{folder / name} exists already"
        raise UnsupportedCodeError(message, "move it away, or name it in the function's Metadata yourself")
    return name, []


def _template(function: TemplateFunction, runtime: str, name: str, command: list[str]) -> str:
    """Return the template's text with the function as an image."""
    here = ("Resources", function.id)
    added: dict[str, Any] = {"PackageType": IMAGE}
    if command:
        added["ImageConfig"] = {"Command": command}
    refused = {*_REMOVED, *(row.path[1] for row in settings.TABLE if row.instead)}
    text = template.exchange(function.text, (*here, "Properties"), refused, added)
    # What Globals says of all functions is not for this one.
    ignored = [key for key in function.shared if key in refused - {"CodeUri", "PackageType"}]
    if ignored:
        present = function.resource.get("IgnoreGlobals") or []
        text = template.exchange(text, here, ["IgnoreGlobals"], {"IgnoreGlobals": [*present, *ignored]})
    context = str(function.get("CodeUri") or ".").rstrip("/") or "/"
    context = context if context.startswith((".", "/")) else f"./{context}"
    metadata = {"Dockerfile": name, "DockerContext": context, "DockerTag": runtime}
    left = [key for key in function.metadata if key not in _BUILD_KEYS]
    if left:
        return template.exchange(text, (*here, "Metadata"), _BUILD_KEYS, metadata)
    if function.metadata:
        text = template.exchange(text, here, ["Metadata"], {})
    fragment = template.dump({"Resources": {function.id: {"Metadata": metadata}}}, {"Metadata": _COMMENT})
    return template.merge(text, fragment)


def _labels(catalogue: Catalogue, function: TemplateFunction, code: existing.Code) -> dict[str, str]:
    _, like = existing.specification(code)
    wants = function.get("SnapStart")
    applied = isinstance(wants, dict) and wants.get("ApplyOn") == "PublishedVersions"
    return catalogue.image_labels(replace(like, settings={"snap_start": True} if applied else {}))


def _layer_name(layer: object) -> str:
    """Return a Lambda layer's ARN, or the name of the resource or parameter that stands for it."""
    if is_intrinsic(layer) and isinstance(layer, dict):
        return " ".join(str(value) for value in layer.values())
    return str(layer)


def _notes(function: TemplateFunction, code: existing.Code, folder: Path, arns: list[str]) -> list[str]:
    notes = ["Lambda changes no function's package type: CloudFormation replaces a deployed function by a new one."]
    if function.get("FunctionName") is not None:
        notes[0] += " While FunctionName keeps its value, that fails: give the function another name."
    if arns:
        notes.append("An image takes no Lambda layers: fill in the COPY lines for them in the Dockerfile.")
    if function.metadata.get("BuildMethod") == "makefile":
        target = f"build-{function.id}"
        notes.append(f"sam build ran {target} of the Makefile. The Dockerfile does not: move over what else that did.")
    if not code.manifests:
        notes.append(f"{folder} has no manifest of dependencies, so the image holds the code alone.")
    if (folder / layers.DOCKERIGNORE).exists():
        notes.append(f"{folder / layers.DOCKERIGNORE} stays as it is: see that it leaves out secrets.")
    if not any(_PUSHES_IMAGES.search(_text(function.path.parent / name)) for name in _CONFIGURATIONS):
        notes.append("To deploy images, pass --resolve-image-repos to sam deploy, or set it in samconfig.toml.")
    return notes


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
