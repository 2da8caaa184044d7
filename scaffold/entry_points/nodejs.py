"""Handlers in JavaScript: what a module exports.

https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
"""

from __future__ import annotations

import json
import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from scaffold.entry_points.base import EntryPoint, Imports, blank, line_of, numbers, serves, text_of
from scaffold.errors import FilePosition, InvalidAnswersError, Problem

if TYPE_CHECKING:
    from pathlib import Path

EXTENSIONS = (".js", ".mjs", ".cjs")
MANIFESTS = ("package.json",)
NEEDS_MANIFEST = False

# https://nodejs.org/api/modules.html#built-in-modules
_BUILTIN_NAMES = """
assert async_hooks buffer child_process cluster console constants crypto dgram diagnostics_channel dns domain
events fs http http2 https inspector module net os path perf_hooks process punycode querystring readline repl
stream string_decoder sys timers tls trace_events tty url util v8 vm wasi worker_threads zlib
"""
_BUILTIN = frozenset(_BUILTIN_NAMES.split())
# What Lambda's runtimes have since Node.js 18: https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html
_PROVIDED = re.compile(r"@aws-sdk/[a-z0-9-]+|@smithy/[a-z0-9-]+")

_COMMENTS = re.compile(r"/\*.*?\*/|(?<![:'\"`\\])//[^\n]*", re.DOTALL)
_NAME = r"[A-Za-z_$][\w$]*"
_DECLARED = re.compile(
    rf"^[ \t]*export\s+(?:async\s+)?(?:function\s*\*?\s*(?P<function>{_NAME})|(?:const|let|var)\s+(?P<value>{_NAME}))",
    re.MULTILINE,
)
_ASSIGNED = re.compile(rf"^[ \t]*(?:module\s*\.\s*)?exports\s*\.\s*(?P<name>{_NAME})\s*=(?!=)", re.MULTILINE)
_LIST = re.compile(r"^[ \t]*(?:export|module\s*\.\s*exports\s*=)\s*\{(?P<names>[^{}]*)\}", re.MULTILINE)
_LISTED = re.compile(rf"(?:(?P<own>{_NAME})\s*(?:as\s+|:\s*))?(?P<name>{_NAME})\s*$")
_PARAMETERS = re.compile(
    rf"(?:async\s*)?(?:function\s*\*?\s*(?:{_NAME})?\s*)?(?:\((?P<list>[^()]*)|(?P<one>{_NAME})\s*=>)"
)
_EVENT = re.compile(r"_*(?:event|evt|request)\b", re.IGNORECASE)
_IMPORTED = re.compile(
    r"""(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\s*\(\s*)(?P<quote>['"])(?P<name>[^'"\n]+)(?P=quote)"""
)
_TYPES = re.compile(r"""^[ \t]*(?:import|export)\s+type\b[^'"]*(['"])[^'"\n]+\1""", re.MULTILINE)
_CALLBACK = 3  # a handler's parameters, where the last one is a callback
_LAST_WITH_CALLBACKS = (22,)  # https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html


def entry_points(folder: Path, file: str) -> list[EntryPoint]:
    """Return what a module exports."""
    text = blank(text_of(folder, file), _COMMENTS)
    path = PurePosixPath(file)
    found: dict[str, tuple[int, str]] = {}  # where each is, and what it is
    for match in _DECLARED.finditer(text):
        name = match["function"] or match["value"]
        start = match.start("function") if match["function"] else text.find("=", match.end()) + 1
        rest = text[start:] if match["value"] is None or text[match.end() :].lstrip()[:1] in "=:" else ""
        found[name] = match.start(), f"function {rest}" if match["function"] else rest
    for match in _ASSIGNED.finditer(text):
        found.setdefault(match["name"], (match.start(), text[match.end() :]))
    for match in _LIST.finditer(text):
        for part in match["names"].split(","):
            listed = _LISTED.search(part.strip())
            if listed and listed["name"] != "default":
                is_es = match[0].lstrip().startswith("export")
                exported = listed["name"] if is_es or not listed["own"] else listed["own"]
                own = (listed["own"] or exported) if is_es else listed["name"]
                found.setdefault(exported, (match.start(), _definition(text, own)))
    return [
        _entry_point(path, line_of(text, position), name, definition.lstrip())
        for name, (position, definition) in found.items()
    ]


def _definition(text: str, name: str) -> str:
    """Return a text from where a name is defined in it, or nothing."""
    found = re.search(rf"\bfunction\s*\*?\s*{re.escape(name)}\b|\b{re.escape(name)}\s*(?::[^=\n]+)?=(?![=>])", text)
    if found is None:
        return ""
    return text[found.start() :] if found[0].startswith("function") else text[found.end() :]


def _entry_point(path: PurePosixPath, line: int, name: str, definition: str) -> EntryPoint:
    handler = f"{path.with_suffix('')}.{name}"
    point = EntryPoint(str(path), line, name, handler)
    parameters = _PARAMETERS.match(definition)
    first = (parameters["list"] or parameters["one"] or "") if parameters else ""
    is_like_one = bool(_EVENT.match(first.strip()))
    note = CALLBACK if first.count(",") >= _CALLBACK - 1 else ""
    return EntryPoint(str(path), line, name, handler, point.is_usual or is_like_one, note)


CALLBACK = "takes a callback"


def handler_problem(file: str) -> str:
    """Return why Lambda cannot load a file by its name; nothing if it can."""
    return "Lambda loads no module with a dot in its name" if "." in PurePosixPath(file).stem else ""


def warnings(folder: Path, file: str) -> list[str]:
    """Return what keeps a module from being loaded as it is written, and locks that npm does not read."""
    found = unread_locks(folder)
    text = blank(text_of(folder, file), _COMMENTS)
    is_module = re.search(r"^[ \t]*(?:import\s|import\{|export\s|export\{)", text, re.MULTILINE)
    if file.endswith(".js") and is_module and _package(folder).get("type") != "module":
        # https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
        found.append(f'{file} is an ES module: name it .mjs, or write "type": "module" into package.json')
    return found


def unread_locks(folder: Path) -> list[str]:
    """Return a warning if another dependency manager has locked the versions, and npm has not."""
    names = ["package-lock.json", "pnpm-lock.yaml", "yarn.lock", "bun.lock", "bun.lockb"]
    locks = [name for name in names if (folder / name).is_file()]
    if not locks or locks[0] == names[0]:
        return []
    return [f"npm does not read {locks[0]}: the image gets what package.json allows, until there is a {names[0]}"]


def local_imports(folder: Path, file: str) -> list[str]:
    """Return the files in a folder that one of them imports."""
    found = []
    for name in _names(folder, file):
        if not name.startswith("."):
            continue
        base = _joined(PurePosixPath(file).parent, name)
        for ending in ("", ".js", ".mjs", ".cjs", ".json", "/index.js"):
            if base is not None and (folder / f"{base}{ending}").is_file():
                found.append(str(PurePosixPath(f"{base}{ending}")))
                break
    return found


def _joined(folder: PurePosixPath, name: str) -> PurePosixPath | None:
    """Return a path relative to a folder, or ``None`` if it leads out of the code."""
    parts = list(folder.parts)
    for part in PurePosixPath(name).parts:
        if part == "..":
            if not parts:
                return None
            parts.pop()
        else:
            parts.append(part)
    return PurePosixPath(*parts)


def imports(folder: Path, files: tuple[str, ...]) -> Imports:
    """Return what files import that is neither theirs nor Node.js's."""
    provided: dict[str, None] = {}
    missing: dict[str, str] = {}
    for file in files:
        if PurePosixPath(file).suffix not in EXTENSIONS:
            continue
        for name in _names(folder, file):
            library = "/".join(name.split("/")[: 2 if name.startswith("@") else 1])
            if name.startswith((".", "/", "node:", "#")) or library in _BUILTIN:
                continue
            if _PROVIDED.fullmatch(library):
                provided[library] = None
            else:
                missing.setdefault(library, file)
    return Imports(tuple(provided), tuple(missing.items()))


def requirement(name: str) -> tuple[str, str]:
    """Return the line that makes a library a dependency, and the file that it belongs into."""
    return f'"dependencies": {{ "{name}": "*" }}', "package.json"


def _names(folder: Path, file: str) -> list[str]:
    text = blank(blank(text_of(folder, file), _COMMENTS), _TYPES)
    return list(dict.fromkeys(match["name"] for match in _IMPORTED.finditer(text)))


def accepts(folder: Path, file: str, version: str) -> bool:
    """Return whether code takes a version of Node.js: what ``engines`` says, and whether its handler takes a callback.

    https://docs.npmjs.com/cli/configuring-npm/package-json#engines
    """
    own = numbers(version)
    points = entry_points(folder, file) if file else []
    if own > _LAST_WITH_CALLBACKS and any(point.note == CALLBACK and point.is_likely for point in points):
        return False
    engines = _package(folder).get("engines")
    said = str(engines.get("node", "")) if isinstance(engines, dict) else ""
    return not said or any(_is_in(version, part) for part in said.split("||"))


def _is_in(version: str, text: str) -> bool:
    if span := re.fullmatch(r"\s*v?([\d.]+)\s+-\s+v?([\d.]+)\s*", text):
        return serves(version, [(">=", numbers(span[1])), ("<=", numbers(span[2]))])
    rows = re.findall(r"(>=|<=|>|<|\^|~|=)?\s*v?(\d[\d.]*)", text)
    # A runtime is a major version, which ^20.1, ~20.1, 20.1 and 20.x all mean.
    return serves(version, [(o, numbers(n)) if o in (">=", "<=", ">", "<") else ("=", numbers(n)[:1]) for o, n in rows])


def _package(folder: Path) -> dict[str, Any]:
    """Return what package.json says; nothing if there is none."""
    path = folder / "package.json"
    if not path.is_file():
        return {}
    try:
        values = json.loads(text_of(folder, path.name))
    except json.JSONDecodeError as error:
        raise InvalidAnswersError([Problem(FilePosition(str(path), error.lineno), f"no JSON: {error.msg}")]) from error
    return values if isinstance(values, dict) else {}
