"""Handlers in C#: methods with an ``ILambdaContext``, or a program that starts Lambda's bootstrap itself.

https://docs.aws.amazon.com/lambda/latest/dg/csharp-handler.html
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from scaffold.entry_points.base import EntryPoint, blank, enclosing, line_of, numbers, text_of

if TYPE_CHECKING:
    from pathlib import Path

EXTENSIONS = (".cs",)
MANIFESTS = ("*.csproj",)
NEEDS_MANIFEST = True

_COMMENTS = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
_NAMESPACE = re.compile(r"^\s*namespace\s+([\w.]+)", re.MULTILINE)
_CLASS = re.compile(
    r"^[ \t]*(?:(?:public|internal|private|protected|static|sealed|abstract|partial)\s+)*(?:class|record|struct)\s+"
    r"(?P<name>\w+)[^{;]*\{",
    re.MULTILINE,
)
_METHOD = re.compile(
    r"\bpublic\s+(?:static\s+|async\s+|virtual\s+)*[\w<>\[\],.?: ]+?\s+(?P<name>\w+)\s*\((?P<parameters>[^)]*)\)"
)
_BOOTSTRAP = re.compile(r"\bLambdaBootstrapBuilder\s*\.\s*Create\b")
_ASSEMBLY = re.compile(r"<AssemblyName>\s*([\w.-]+)\s*<")
_FRAMEWORK = re.compile(r"<TargetFrameworks?>\s*([^<]+)<")


def entry_points(folder: Path, file: str) -> list[EntryPoint]:
    """Return the methods of a file that Lambda could call, or the program that it is."""
    text = blank(text_of(folder, file), _COMMENTS)
    project = project_of(folder, file)
    if project is None:
        return []
    assembly = _assembly(folder, project)
    if bootstrap := _BOOTSTRAP.search(text):
        return [EntryPoint(file, line_of(text, bootstrap.start()), "Main", assembly)]
    namespace = f"{found[1]}." if (found := _NAMESPACE.search(text)) else ""
    classes = list(_CLASS.finditer(text))
    points = []
    for method in _METHOD.finditer(text):
        name = enclosing(text, classes, method.start())
        if not name:
            continue
        is_likely = "ILambdaContext" in method["parameters"] or method["name"] == "FunctionHandler"
        place, function = line_of(text, method.start("name")), f"{name}::{method['name']}"
        points.append(EntryPoint(file, place, function, f"{assembly}::{namespace}{function}", is_likely))
    return points


def project_of(folder: Path, file: str) -> str | None:
    """Return the project file of a source file: the one in its folder, or the nearest above it."""
    for parent in PurePosixPath(file).parents:
        found = sorted((folder / parent).glob("*.csproj"))
        if found:
            return found[0].relative_to(folder).as_posix()
    return None


def _assembly(folder: Path, project: str) -> str:
    named = _ASSEMBLY.search(text_of(folder, project))
    return named[1] if named else PurePosixPath(project).stem


def accepts(folder: Path, file: str, version: str) -> bool:
    """Return whether a version of .NET is one that the project is built for: ``net8.0`` runs on .NET 8 alone."""
    project = project_of(folder, file) if file else None
    said = _FRAMEWORK.search(text_of(folder, project)) if project else None
    return said is None or any(numbers(one)[:1] == numbers(version)[:1] for one in said[1].split(";"))
