"""What the SAM translator and the rules of Lambda have against a template: where in the file, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaffold import template
from scaffold.errors import FilePosition, OutputError, Problem, TemplateError
from scaffold.translator import client

if TYPE_CHECKING:
    from pathlib import Path

    from scaffold.translator.client import Row

NAMES = ("template.yaml", "template.yml", "template.json")


def of_file(path: Path) -> list[Problem]:
    """Return what is wrong with a template, each problem at its position in the file.

    ``path`` is the template or a folder that holds one. Raises :class:`OutputError` where there is none that can be
    read, and :class:`TemplateError` where it is not UTF-8.
    """
    try:
        if path.is_dir():
            path = next((path / name for name in NAMES if (path / name).is_file()), path / NAMES[0])
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise TemplateError(f"{path} is not UTF-8 text: {error.reason}", "save it as UTF-8") from error
    except OSError as error:
        raise OutputError(f"{path}: {error.strerror}", "name a template, or a folder with a template.yaml") from error
    return of_text(path, text)


def of_text(path: Path, text: str) -> list[Problem]:
    """Return what is wrong with a template, given as text; ``path`` is the file that it came from."""
    try:
        template.compose(text)
    except template.YamlSyntaxError as error:
        return [Problem(FilePosition(str(path), *error.position), error.message, error.hint)]
    rows = [(template.locate(text, row["path"]), row) for row in client.translate(text)]
    rows.sort(key=lambda pair: (*pair[0], pair[1]["message"]))
    return [Problem(FilePosition(str(path), *position), row["message"], _hint(row)) for position, row in rows]


_REFERENCE = "https://docs.aws.amazon.com/serverless-application-model/latest/developerguide"


def _hint(row: Row) -> str:
    """Return what to do: what the process says, or what follows from the translator's words."""
    message = row["message"]
    if row["hint"]:
        return row["hint"]
    if "no Resources" in message:
        return "add a Resources section with at least one resource"
    if "is no resource" in message:
        return "indent what belongs to it, or remove it"
    if "ImageUri" in message:
        return "give the function an ImageUri, or Metadata with Dockerfile and DockerContext for sam build"
    if any(word in message for word in ("is required", "issing", "needs to be present")):
        what = "add what is named"
    elif "not defined for resource" in message or "not supported" in message:
        what = "check the spelling of the property, or remove it"
    else:
        what = "compare with the reference"
    resource = row["type"].removeprefix("AWS::Serverless::")
    page = f"sam-resource-{resource.lower()}.html" if resource != row["type"] else "sam-specification.html"
    return f"{what}: {_REFERENCE}/{page}"
