"""Handlers in Java: classes with ``RequestHandler`` or ``RequestStreamHandler``, or any method with a ``Context``.

https://docs.aws.amazon.com/lambda/latest/dg/java-handler.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaffold.entry_points.base import EntryPoint, blank, enclosing, line_of, numbers, text_of

if TYPE_CHECKING:
    from pathlib import Path

EXTENSIONS = (".java",)
MANIFESTS = ("pom.xml", "build.gradle", "build.gradle.kts")
NEEDS_MANIFEST = True

_COMMENTS = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
_PACKAGE = re.compile(r"^\s*package\s+([\w.]+)\s*;", re.MULTILINE)
_CLASS = re.compile(
    r"^[ \t]*(?:(?:public|protected|private|static|final|abstract)\s+)*(?:class|record|enum|interface)\s+"
    r"(?P<name>\w+)(?P<rest>[^{;]*)\{",
    re.MULTILINE,
)
_INTERFACES = re.compile(r"\bRequest(?:Stream)?Handler\b")
_METHOD = re.compile(
    r"\bpublic\s+(?:static\s+)?(?:final\s+)?[\w<>\[\],.? ]+?\s+(?P<name>\w+)\s*\((?P<parameters>[^)]*)\)"
)
_RELEASE = re.compile(
    r"<(?:maven\.compiler\.)?(?:release|target|source)>\s*(?:1\.)?(\d+)\s*<|<java\.version>\s*(?:1\.)?(\d+)\s*<"
    r"|JavaLanguageVersion\.of\((\d+)\)|(?:source|target)Compatibility\s*=\s*(?:JavaVersion\.VERSION_)?['\"]?(?:1[._])?(\d+)"
)


def entry_points(folder: Path, file: str) -> list[EntryPoint]:
    """Return the methods of a file that Lambda could call."""
    text = blank(text_of(folder, file), _COMMENTS)
    package = f"{found[1]}." if (found := _PACKAGE.search(text)) else ""
    classes = list(_CLASS.finditer(text))
    methods: dict[tuple[str, str], tuple[int, bool]] = {}
    handlers = {match["name"] for match in classes if _INTERFACES.search(match["rest"])}
    for method in _METHOD.finditer(text):
        name = enclosing(text, classes, method.start())
        if not name:
            continue
        has_context = bool(re.search(r"\bContext\s+\w+", method["parameters"]))
        is_likely = method["name"] == "handleRequest" if name.rpartition("+")[2] in handlers else has_context
        methods.setdefault((name.replace("+", "$"), method["name"]), (method.start("name"), is_likely))
    for match in classes:
        if match["name"] in handlers and not any(name.endswith(match["name"]) for name, _ in methods):
            methods[match["name"], "handleRequest"] = match.start("name"), True  # of a class that it extends
    return [
        EntryPoint(file, line_of(text, position), f"{name}::{method}", f"{package}{name}::{method}", is_likely)
        for (name, method), (position, is_likely) in methods.items()
    ]


def accepts(folder: Path, _file: str, version: str) -> bool:
    """Return whether a version of Java runs what the build compiles for: that version, or an earlier one."""
    said = [
        int(next(filter(None, match.groups())))
        for name in MANIFESTS
        if (folder / name).is_file()
        for match in _RELEASE.finditer(text_of(folder, name))
    ]
    return not said or max(said) <= (numbers(version) or (0,))[0]
