"""Finds the handler in code that exists already: its language, its entry point, and which files belong to it.

Files are read, never imported or run. What differs between languages is in one module for each, named as the language
is in the catalogue: ``EXTENSIONS``, ``MANIFESTS``, ``entry_points(folder, file)``, ``accepts(folder, file, version)``
and so on. A language without a module has no ``--handler``.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import re
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from scaffold import code_files
from scaffold.code_files import Selection, shown
from scaffold.entry_points.base import EntryPoint, Imports, closure, is_test, text_of
from scaffold.errors import InvalidAnswersError, Problem
from scaffold.spec import OwnCode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import ModuleType

ANSWER = "handler"
# Folders that hold the sources of a project whose manifest lies above them
_SOURCE_FOLDERS = frozenset({"app", "cmd", "lambda", "lib", "src"})
_CMD = re.compile(r"^\s*CMD\s+(\[.*\])\s*$", re.MULTILINE | re.IGNORECASE)
DOCKERFILE = "Dockerfile"
_SHOWN = 5  # of many candidates


def find(languages: Iterable[str], value: str, language: str | None = None) -> OwnCode:
    """Return the code that ``PATH`` or ``PATH:FUNCTION`` leads to, and the handler in it.

    ``languages`` are identifiers of the catalogue, of which ``language`` may be given. A file belongs to the folder
    with its manifest; without one, the project gets it and what it imports. Raises :class:`InvalidAnswersError` where
    there is no handler or more than one, and :class:`OutputError` for what cannot be read.
    """
    modules = {name: module for name in languages if language in (None, name) and (module := _module(name))}
    if not modules:
        raise _problem(f"no handlers are found in {language}", "use a template instead")
    path, function = _split(value)
    if path.is_dir():
        return _in_folder(modules, value, path.resolve(), function)
    return _in_file(modules, value, path.resolve(), function)


def accepts(language: str, code: OwnCode, version: str) -> bool:
    """Return whether code runs on a version of its language, as far as its files say."""
    module = _module(language)
    return module is None or bool(module.accepts(code.root, code.entry, version))


def extensions(language: str) -> tuple[str, ...]:
    """Return the endings of a language's source files; none where handlers are not looked for in it."""
    module = _module(language)
    return tuple(module.EXTENSIONS) if module else ()


# Files ------------------------------------------------------------------------------------------------------------


def _split(value: str) -> tuple[Path, str]:
    """Return the path and the function of ``PATH:FUNCTION``; a file's name may have a colon, too."""
    colons = [position for position, character in enumerate(value) if character == ":"]
    for end in [len(value), *reversed(colons)]:
        path = Path(value[:end])
        if value[:end] and "\0" not in value and path.exists():
            if not path.is_dir() and not path.is_file():
                raise _problem(f"{shown(str(path))} is neither a file nor a folder", "name a file of source code")
            return path, value[end + 1 :]
    hint = "name a file or a folder, and behind a colon the function if there are several: app.py:lambda_handler"
    raise _problem(f"there is no file or folder {shown(value)!s}", hint)


def _in_folder(modules: dict[str, ModuleType], value: str, folder: Path, function: str) -> OwnCode:
    selection = code_files.select(folder)
    points = _points(modules, folder, selection)
    language, point = _choose(points, value, function, folder, selection)
    module = modules[language]
    parents = [folder / parent for parent in PurePosixPath(point.file).parents]
    root = next((parent for parent in parents if _has_manifest(module, parent)), folder)
    if module.NEEDS_MANIFEST and root != folder:  # what it is built from begins there
        file = (folder / point.file).relative_to(root).as_posix()
        selection = code_files.select(root)
        point = next(one for one in module.entry_points(root, file) if one.function == point.function)
        folder = root
    return _code(module, value, folder, selection, (language, point))


def _in_file(modules: dict[str, ModuleType], value: str, path: Path, function: str) -> OwnCode:
    language = next((name for name, module in modules.items() if path.suffix in module.EXTENSIONS), None)
    if language is None:
        endings = ", ".join(ending for module in modules.values() for ending in module.EXTENSIONS)
        raise _problem(f"{shown(path.name)} is no source code that Lambda runs", f"name a file that ends in {endings}")
    module = modules[language]
    root = _root(module, path)
    file = path.relative_to(root or path.parent).as_posix()
    if root is None and module.NEEDS_MANIFEST:
        names = " or ".join(module.MANIFESTS)
        raise _problem(f"there is no {names} beside {shown(path.name)}, nor above it", "name the folder that has it")
    folder = root or path.parent
    selection = code_files.select(folder) if root else _alone(module, folder, file)
    if file not in selection.files:
        reason = next((one.reason for one in selection.left_out if _is_below(file, one.path)), "not in its folder")
        raise _problem(f"{shown(path.name)} is left out: {reason}", "name another file")
    chosen = _choose({language: module.entry_points(folder, file)}, value, function, folder, selection)
    return _code(module, value, folder, selection, chosen)


def _root(module: ModuleType, path: Path) -> Path | None:
    """Return the folder of a file's manifest: its own, or the one above the folder of sources that it is in."""
    if _has_manifest(module, path.parent):
        return path.parent
    for parent in path.parents:
        if parent.name in _SOURCE_FOLDERS and _has_manifest(module, parent.parent):
            return parent.parent
    return None


def _has_manifest(module: ModuleType, folder: Path) -> bool:
    """Return whether a folder says itself how it is built, by a manifest or a Dockerfile."""
    return any(path.is_file() for pattern in (*module.MANIFESTS, DOCKERFILE) for path in folder.glob(pattern))


def _alone(module: ModuleType, folder: Path, file: str) -> Selection:
    """Return a file without a manifest, and the files that it imports."""
    local: dict[str, list[str]] = {}
    waiting = [file]
    while waiting:
        one = waiting.pop()
        is_source = PurePosixPath(one).suffix in module.EXTENSIONS
        local[one] = module.local_imports(folder, one) if is_source else []
        waiting += [other for other in local[one] if other not in local]
    wanted = {*closure(file, local)}
    for path in wanted:
        if (folder / path).is_symlink():
            raise _problem(f"{shown(path)} is a symbolic link", "name the file that it leads to")
    files = [path for path in sorted(wanted) if not any(part in _NOT_BESIDE for part in PurePosixPath(path).parts)]
    return Selection(tuple(files), ())


_NOT_BESIDE = frozenset({"node_modules", ".venv", "venv", "__pycache__"})


def _is_below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(f"{folder}/")


# Entry points -------------------------------------------------------------------------------------------------------


def _points(modules: dict[str, ModuleType], folder: Path, selection: Selection) -> dict[str, list[EntryPoint]]:
    """Return what Lambda could call in files, by language."""
    found: dict[str, list[EntryPoint]] = {}
    for name, module in modules.items():
        for file in selection.files:
            is_source = getattr(module, "is_source", lambda _: True)
            if PurePosixPath(file).suffix in module.EXTENSIONS and not is_test(file) and is_source(file):
                if module.NEEDS_MANIFEST and not _has_manifest_above(module, folder, file):
                    continue
                found.setdefault(name, []).extend(module.entry_points(folder, file))
    for name in [name for name in found if any(point.is_likely for point in found[name])]:
        found.pop(getattr(modules[name], "INSTEAD_OF", ""), None)
    return found


def _has_manifest_above(module: ModuleType, folder: Path, file: str) -> bool:
    return any(_has_manifest(module, folder / parent) for parent in PurePosixPath(file).parents)


def _choose(
    points: dict[str, list[EntryPoint]], value: str, function: str, folder: Path, selection: Selection
) -> tuple[str, EntryPoint]:
    """Return the entry point that is meant, and its language; raise if it is none or several."""
    rows = [(language, point) for language, found in points.items() for point in found]
    if function:
        named = [row for row in rows if function == row[1].handler] or [
            row for row in rows if function in (row[1].function, row[1].function.rpartition("::")[2])
        ]
        if not named:
            known = _listed(point.function for _, point in rows)
            raise _problem(f"there is no {shown(function)} in {shown(folder.name)}", known and f"it has {known}")
        rows = named
    else:
        rows = [row for row in rows if row[1].is_likely]
        rows = _named_by_dockerfile(rows, folder, selection) or _usual(rows) or rows
    if not rows:
        raise _problem(f"no handler is found in {shown(folder.name)}", _what_is_there(points))
    if len(rows) > 1:
        listed = _listed(f"{shown(point.file)}:{point.line} {point.function}" for _, point in rows)
        languages = {language for language, _ in rows}
        hint = "say which with --language" if len(languages) > 1 else "say which: PATH:FUNCTION"
        path = value.removesuffix(f":{function}") if function else value
        allowed = tuple(f"{path}:{point.handler}" for _, point in rows) if len(languages) == 1 else ()
        raise _problem(f"several functions may be the handler: {listed}", hint, allowed)
    return rows[0]


def _usual(rows: list[tuple[str, EntryPoint]]) -> list[tuple[str, EntryPoint]]:
    """Return the only row with a name that handlers usually have, if all rows are of one file; else nothing."""
    usual = [row for row in rows if row[1].is_usual]
    return usual if len(usual) == 1 and len({point.file for _, point in rows}) == 1 else []


def _named_by_dockerfile(
    rows: list[tuple[str, EntryPoint]], folder: Path, selection: Selection
) -> list[tuple[str, EntryPoint]]:
    """Return the row that the last CMD of a Dockerfile names, if there is one."""
    if DOCKERFILE not in selection.files:
        return []
    commands = _CMD.findall(text_of(folder, DOCKERFILE))
    try:
        command = json.loads(commands[-1]) if commands else []
    except ValueError:
        return []
    # A Dockerfile may copy a folder of sources to where Lambda looks for modules.
    return [row for row in rows if any(f"/{row[1].handler}".endswith(("/" + str(one), f".{one}")) for one in command)]


def _what_is_there(points: dict[str, list[EntryPoint]]) -> str:
    notes = [f"{point.function} {point.note}" for row in points.values() for point in row if point.note]
    if notes:
        return _listed(notes)
    known = _listed(point.function for row in points.values() for point in row)
    return f"say which function: PATH:FUNCTION; there are {known}" if known else "name the file that has it"


def _listed(names: Iterable[str]) -> str:
    rows = list(dict.fromkeys(names))
    more = f" and {len(rows) - _SHOWN} more" if len(rows) > _SHOWN else ""
    return ", ".join(map(shown, rows[:_SHOWN])) + more


def _code(
    module: ModuleType, value: str, folder: Path, selection: Selection, chosen: tuple[str, EntryPoint]
) -> OwnCode:
    """Return what is found, checked: Lambda and a Dockerfile must be able to name the handler."""
    language, point = chosen
    why = getattr(module, "handler_problem", lambda _: "")(point.file) or (
        "" if _HANDLER.fullmatch(point.handler) else "its path has characters that Lambda does not take in a handler"
    )
    if why:
        raise _problem(f"{shown(point.file)} cannot hold the handler: {why}", "rename the file")
    why = getattr(module, "layout_problem", lambda _: "")(point.file)
    if why and DOCKERFILE not in selection.files:
        raise _problem(f"{shown(point.file)}: {why}", "add a Dockerfile that builds it, or move it")
    message, hint = getattr(module, "manifest_problem", lambda _: ("", ""))(folder)
    if message and DOCKERFILE not in selection.files:
        raise _problem(f"{shown(folder.name)}: {message}", hint)
    has_manifest = DOCKERFILE in selection.files or (
        module.lists_libraries(folder) if hasattr(module, "lists_libraries") else _has_manifest(module, folder)
    )
    needed: Imports = module.imports(folder, selection.files) if hasattr(module, "imports") else Imports()
    return OwnCode(
        given=value,
        root=folder,
        files=selection.files,
        left_out=selection.left_out,
        language=language,
        entry=point.file,
        function=point.function,
        handler=point.handler,
        provided=needed.provided,
        warnings=tuple(_warnings(module, folder, point, needed, has_manifest=has_manifest)),
    )


# What Lambda takes: https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html (no white space), without
# what would mean something else in YAML, JSON, Make or a shell.
_HANDLER = re.compile(r"[A-Za-z0-9_$+@.,:=/-]{1,128}")


def _warnings(
    module: ModuleType, folder: Path, point: EntryPoint, needed: Imports, *, has_manifest: bool
) -> Iterator[str]:
    """Yield what a person should know about code that can be built, but may not run."""
    if hasattr(module, "warnings"):
        yield from module.warnings(folder, point.file)
    if not has_manifest:
        for name, file in needed.missing:
            line, manifest = module.requirement(name)
            yield f"{shown(file)} imports {name}, which Lambda does not have: add `{line}` to {manifest}"


def _module(language: str) -> ModuleType | None:
    name = f"{__name__}.{language}"
    return importlib.import_module(name) if importlib.util.find_spec(name) else None


def _problem(message: str, hint: str = "", allowed: tuple[str, ...] = ()) -> InvalidAnswersError:
    return InvalidAnswersError([Problem((ANSWER,), message, hint, allowed)])
