"""A function of a template: what it says itself, what it has from Globals, and where its code is."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scaffold import answers, splice, template
from scaffold.errors import (
    FilePosition,
    InvalidTemplateError,
    OutputError,
    Problem,
    TemplateError,
    UnsupportedCodeError,
)
from scaffold.intrinsics import is_intrinsic

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

    from scaffold.catalogue import Catalogue
    from scaffold.errors import Keys

FUNCTION = "AWS::Serverless::Function"
ARCHITECTURES = ("x86_64", "arm64")  # the first one is Lambda's default


@dataclass(frozen=True)
class TemplateFunction:
    """A function of a template. ``document`` is the template as a plain value, ``text`` what stands in the file."""

    path: Path
    text: str
    document: dict[str, Any]
    id: str

    @property
    def resource(self) -> dict[str, Any]:
        """The resource itself."""
        resource: dict[str, Any] = self.document["Resources"][self.id]
        return resource

    @property
    def own(self) -> dict[str, Any]:
        """The properties that the function itself has."""
        return _mapping(self.resource.get("Properties"))

    @property
    def shared(self) -> dict[str, Any]:
        """The properties that the function has from Globals."""
        ignored = self.resource.get("IgnoreGlobals")
        shared = _mapping(_mapping(self.document.get("Globals")).get("Function"))
        return {} if ignored == "*" else {key: value for key, value in shared.items() if key not in as_list(ignored)}

    @property
    def metadata(self) -> dict[str, Any]:
        """Its metadata: how SAM builds it."""
        return _mapping(self.resource.get("Metadata"))

    def get(self, name: str) -> Any:  # noqa: ANN401  a template may hold anything
        """Return a property, its own or that of Globals; a list is both, as SAM merges them."""
        own, shared = self.own.get(name), self.shared.get(name)
        if isinstance(own, list) and isinstance(shared, list):
            return [*shared, *own]
        return shared if own is None else own

    def position(self, *keys: str) -> FilePosition:
        """Return where keys of the function stand in the file, in Globals if it has them from there."""
        location: Keys = ("Resources", self.id, *keys)
        if keys[:1] == ("Properties",) and len(keys) > 1 and keys[1] not in self.own and keys[1] in self.shared:
            location = ("Globals", "Function", *keys[1:])
        return FilePosition(str(self.path), *template.locate(self.text, location))

    def problem(self, message: str, hint: str, *keys: str) -> Problem:
        """Return a problem at keys of the function."""
        return Problem(self.position(*keys), f"{self.id}: {message}", hint)


def read(path: Path, function_id: str) -> TemplateFunction:
    """Return a function of a template.

    Raises :class:`OutputError` where the file cannot be read, :class:`TemplateError` where it is no template or has no
    such resource, and :class:`UnsupportedCodeError` where the resource is no function of SAM.
    """
    if path.is_symlink():
        path = path.resolve()  # the link stays one
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise TemplateError(f"{path} is not UTF-8 text: {error.reason}", "save it as UTF-8") from error
    except OSError as error:
        raise OutputError(f"{path}: {error.strerror}", "name a template with --template") from error
    try:
        document = template.plain(text)
    except template.YamlSyntaxError as error:
        raise TemplateError(f"{FilePosition(str(path), *error.position)}: {error.message}", error.hint) from error
    resources = _mapping(document.get("Resources"))
    names = [name for name, resource in resources.items() if _mapping(resource).get("Type") == FUNCTION]
    if function_id not in resources:
        close = difflib.get_close_matches(function_id, names, n=1)
        hint = f"did you mean {close[0]}?" if close else f"it has {', '.join(names) or f'no {FUNCTION}'}"
        raise TemplateError(f"{path} has no resource {function_id!r}", hint)
    resource_type = _mapping(resources[function_id]).get("Type")
    if resource_type != FUNCTION:
        position = FilePosition(str(path), *template.locate(text, ("Resources", function_id)))
        found = f"is {resource_type}" if resource_type else "has no type"
        raise UnsupportedCodeError(f"{position}: {function_id} {found}", f"name a resource of type {FUNCTION}")
    return TemplateFunction(path, text, document, function_id)


def folder_of(function: TemplateFunction, value: object, key: str, problems: list[Problem]) -> Path | None:
    """Return the folder that a property or a metadata key names, relative to the template.

    Appends to ``problems``, and returns ``None``, if that is no folder on this machine.
    """
    section = "Properties" if key == "CodeUri" else "Metadata"
    if not isinstance(value, str):
        message = f"{key} is not a local folder"
        problems.append(function.problem(message, "name the folder with the code", section, key))
        return None
    if value.startswith(("s3://", "https://")):
        message = f"{key} is {value}, and the code is needed here"
        problems.append(function.problem(message, "name the folder with the code", section, key))
        return None
    folder = function.path.parent / value
    if not folder.is_dir():
        reason = "is a file" if folder.is_file() else "does not exist"
        problems.append(function.problem(f"{key}: {folder} {reason}", "name the folder with the code", section, key))
        return None
    return folder


def architecture_of(function: TemplateFunction, problems: list[Problem]) -> str:
    """Return the function's architecture; appends to ``problems`` if it is not written out."""
    value = function.get("Architectures")
    if value is None:
        return ARCHITECTURES[0]
    if isinstance(value, list) and value and value[-1] in ARCHITECTURES:
        return str(value[-1])
    hint = "write x86_64 or arm64 there"
    problems.append(function.problem("Architectures names none of Lambda's", hint, "Properties", "Architectures"))
    return ARCHITECTURES[0]


def text_of(function: TemplateFunction, name: str, problems: list[Problem], default: str = "") -> str:
    """Return a property that is text; appends to ``problems`` if it is missing or not written out."""
    value = function.get(name)
    if value is None and default:
        return default
    if isinstance(value, str):
        return value
    reason = "is not written out" if is_intrinsic(value) else "is missing"
    problems.append(function.problem(f"{name} {reason}", "write it into the function", "Properties", name))
    return default


def language_of(catalogue: Catalogue, function: TemplateFunction, runtime: str, folder: Path) -> str:
    """Return the language of a function's code: by its runtime, by how SAM builds it, or by what is in its folder.

    Raises :class:`UnsupportedCodeError` if that cannot be told.
    """
    method = str(function.metadata.get("BuildMethod", ""))
    languages = [language for language in catalogue.languages.values() if language.runtime(runtime)]
    if not languages:
        hint = "run `sam-scaffold list runtimes` to see those that there are"
        raise UnsupportedCodeError(f"no runtime called {runtime!r}", hint)
    if len(languages) == 1:
        return languages[0].id
    if method == "esbuild" or languages[0].interpreted:
        return next(row.id for row in languages if row.interpreted is (method != "esbuild"))
    for language in languages:
        names = [name for row in language.managers.values() for name in row["manifests"]]
        if any(any(folder.glob(name)) for name in names):
            return language.id
    wanted = " or ".join(
        name for row in languages for manager in row.managers.values() for name in manager["manifests"]
    )
    raise UnsupportedCodeError(f"{folder} has no {wanted}", f"code for {runtime} is built from one")


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def as_list(value: object) -> list[Any]:
    """Return a value as a list: itself, of one entry, or empty for ``None``."""
    return value if isinstance(value, list) else [] if value is None else [value]


def exchange(  # noqa: PLR0913  as splice.exchange
    function: TemplateFunction,
    text: str,
    section: str,
    *,
    removed: Collection[str],
    added: Mapping[str, Any],
    comments: Collection[str] = (),
) -> str:
    """Return a template's text with keys of the function, or of a section of it, exchanged for others.

    A section that is missing or empty is written. Raises :class:`InvalidTemplateError` where the function is not
    written in a way that its keys can be told apart: in flow style, with aliases or merge keys.
    """
    here = ("Resources", function.id, *([section] if section else []))
    try:
        if section and not function.resource.get(section):
            fragment = {"Resources": {function.id: {section: dict(added)}}}
            return splice.merge(text, template.dump(fragment)) if added else text
        result = splice.exchange(text, here, removed, added, comments)
    except TemplateError as error:
        raise InvalidTemplateError([function.problem(error.message, error.hint, *here[2:])]) from error
    left = template.plain(result)
    for key in here:
        left = left[key]
    if kept := [key for key in removed if key in left and key not in added]:
        message = f"a merge key (<<) holds {', '.join(kept)}"
        raise InvalidTemplateError([function.problem(message, "write them into the function itself", *here[2:])])
    return result


def name_note(function: TemplateFunction) -> str:
    """Return what a deployment of the function with another package type means."""
    note = "Lambda cannot change a function's package type, so CloudFormation replaces the function if it is deployed."
    return note if function.get("FunctionName") is None else f"{note} That fails unless you change its FunctionName."


def answers_note(function: TemplateFunction) -> Iterator[str]:
    """Yield what to know of a project of ours: what it was made from, and its README, stay as they were."""
    if (function.path.parent / answers.FILE).is_file():
        yield f"{answers.FILE} and README.md still say what the project was made as."
