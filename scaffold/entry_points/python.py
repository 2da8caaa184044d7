"""Handlers in Python: ``def lambda_handler(event, context)``.

https://docs.aws.amazon.com/lambda/latest/dg/python-handler.html
"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from scaffold.entry_points.base import EntryPoint, Imports, line_of, numbers, serves, text_of
from scaffold.errors import FilePosition, InvalidAnswersError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

EXTENSIONS = (".py",)
MANIFESTS = ("requirements.txt", "pyproject.toml", "Pipfile")
NEEDS_MANIFEST = False

# Lambda's runtimes have these: https://docs.aws.amazon.com/lambda/latest/dg/python-package.html
_PROVIDED = frozenset({"boto3", "botocore", "s3transfer", "jmespath", "dateutil", "urllib3", "six"})
_RUNTIME = frozenset({"awslambdaric", "lambda_runtime_client", "snapshot_restore_py"})  # of the runtime's own client
_CONTEXT = ("context", "ctx", "lambda_context")
_EVENT = ("event", "evt", "request")
_TWO = 2  # what Lambda passes: the event and the context


def entry_points(folder: Path, file: str) -> list[EntryPoint]:
    """Return the functions of a file that Lambda could call. Raises :class:`InvalidAnswersError` if it is no Python."""
    path = PurePosixPath(file)
    module = ".".join((*path.parent.parts, path.stem))
    found = []
    for node in _tree(folder, file).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            names = [argument.arg.strip("_") for argument in (*node.args.posonlyargs, *node.args.args)]
            takes_two = len(names) - len(node.args.defaults) <= _TWO <= len(names) or node.args.vararg is not None
            looks = len(names) >= _TWO and (names[1] in _CONTEXT or (names[0] in _EVENT and not names[1]))
            point = EntryPoint(file, node.lineno, node.name, f"{module}.{node.name}")
            is_usual = takes_two and point.is_usual
            note = "is async, which Lambda does not await in Python" if isinstance(node, ast.AsyncFunctionDef) else ""
            likely = (takes_two and looks) or is_usual
            found.append(EntryPoint(file, node.lineno, node.name, point.handler, likely and not note, note))
        elif isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Call | ast.Lambda):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if isinstance(target, ast.Name):  # handler = Mangum(app)
                    point = EntryPoint(file, node.lineno, target.id, f"{module}.{target.id}")
                    found.append(EntryPoint(file, node.lineno, target.id, point.handler, point.is_usual))
    return found


def handler_problem(file: str) -> str:
    """Return why Lambda cannot import a file by its name; nothing if it can."""
    return "Lambda imports no module with a dot in its name" if "." in PurePosixPath(file).stem else ""


def local_imports(folder: Path, file: str) -> list[str]:
    """Return the files in a folder that one of them imports; of a package, all modules on the way."""
    parent = PurePosixPath(file).parent
    found: dict[str, None] = {}
    for node in ast.walk(_tree(folder, file)):
        for base, name in _modules(node, parent):
            path = base
            for part in name:
                for candidate in (path / f"{part}.py", path / part / "__init__.py"):
                    if (folder / candidate).is_file():
                        found[str(candidate)] = None
                path /= part
    return [name for name in found if name != file]


def _modules(node: ast.AST, parent: PurePosixPath) -> Iterator[tuple[PurePosixPath, tuple[str, ...]]]:
    """Yield the modules that a node may import: the folder to begin in, and the parts of the name."""
    if isinstance(node, ast.Import):
        yield from ((PurePosixPath(), tuple(alias.name.split("."))) for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        base = PurePosixPath()
        if node.level:
            base = PurePosixPath(*parent.parts[: len(parent.parts) - node.level + 1])
        name = tuple(node.module.split(".")) if node.module else ()
        yield from ((base, (*name, alias.name)) for alias in node.names)


def imports(folder: Path, files: tuple[str, ...]) -> Imports:
    """Return what files import that is neither theirs nor Python's."""
    own = {part.removesuffix(".py") for file in files for part in PurePosixPath(file).parts}
    provided: dict[str, None] = {}
    missing: dict[str, str] = {}
    for file in files:
        if not file.endswith(".py"):
            continue
        for name in _needed(_tree(folder, file)):
            if name in _PROVIDED:
                provided[name] = None
            elif name not in sys.stdlib_module_names and name not in own and name not in _RUNTIME:
                missing.setdefault(name, file)
    return Imports(tuple(provided), tuple(missing.items()))


def _needed(tree: ast.AST) -> Iterator[str]:
    """Yield the first part of each module that is imported, but for those that the code can do without."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Try) and any("ImportError" in ast.unparse(one) for one in node.handlers if one.type):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            yield node.module.partition(".")[0]
        yield from _needed(node)


def warnings(folder: Path, file: str) -> list[str]:
    """Return what is wrong with where modules are: Lambda looks for them in the function's folder alone."""
    parent = PurePosixPath(file).parent
    found = []
    for node in ast.walk(_tree(folder, file)):
        for base, name in _modules(node, parent):
            first = name[0] if name else ""
            here, beside = [folder / part / first for part in (base, parent)]
            if base == parent or not first or _is_module(here) or not _is_module(beside):
                continue
            found.append(
                f"{file} imports {first}, which Lambda would find in the folder of the function, not in {parent}"
            )
    return list(dict.fromkeys(found))


def _is_module(path: Path) -> bool:
    return path.is_dir() or path.with_name(f"{path.name}.py").is_file()


def manifest_problem(folder: Path) -> tuple[str, str]:
    """Return why nothing installs what a manifest lists, and what to do about it; two empty texts if something does.

    What does is ``requirements.txt``, or ``pyproject.toml`` with uv's lock.
    """
    names = {name for name in ("requirements.txt", "uv.lock", "Pipfile", "pyproject.toml") if (folder / name).is_file()}
    if "requirements.txt" in names or not lists_libraries(folder) or {"pyproject.toml", "uv.lock"} <= names:
        return "", ""
    if "Pipfile" in names:
        return "there is no requirements.txt beside Pipfile", "write it: pipenv requirements > requirements.txt"
    return (
        "there is no uv.lock beside pyproject.toml, which lists libraries",
        "run `uv lock`, or write a requirements.txt",
    )


def lists_libraries(folder: Path) -> bool:
    """Return whether a manifest says which libraries code needs; ``pyproject.toml`` may be for tools alone."""
    project = _pyproject(folder)
    poetry = {*project.get("tool", {}).get("poetry", {}).get("dependencies", {})} - {"python"}
    listed = bool(project.get("project", {}).get("dependencies")) or bool(poetry)
    return listed or any((folder / name).is_file() for name in ("requirements.txt", "Pipfile"))


def _pyproject(folder: Path) -> dict[str, Any]:
    """Return what pyproject.toml says; nothing if there is none."""
    path = folder / "pyproject.toml"
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(text_of(folder, path.name))
    except tomllib.TOMLDecodeError as error:
        raise InvalidAnswersError([Problem(FilePosition(str(path)), f"no TOML: {error}")]) from error


def requirement(name: str) -> tuple[str, str]:
    """Return the line that makes a library a dependency, and the file that it belongs into."""
    return name, "requirements.txt"


def accepts(folder: Path, _file: str, version: str) -> bool:
    """Return whether code takes a version of Python: what ``requires-python`` says, or ``.python-version``.

    https://packaging.python.org/en/latest/specifications/version-specifiers/
    """
    pinned = folder / ".python-version"
    said = str(_pyproject(folder).get("project", {}).get("requires-python", ""))
    if not said and pinned.is_file():
        said = "==" + ".".join(map(str, numbers(text_of(folder, pinned.name))[:2]))
    rows = re.findall(r"(===?|~=|>=|<=|>|<)\s*([\d.]+)", said)
    operators = {"==": "=", "===": "=", "~=": "~"}
    return serves(version, [(operators.get(operator, operator), numbers(bound)) for operator, bound in rows])


def _tree(folder: Path, file: str) -> ast.Module:
    text = text_of(folder, file)
    try:
        return ast.parse(text)
    except SyntaxError as error:
        position = FilePosition(str(folder / file), error.lineno, error.offset)
        message = f"this is no Python {sys.version_info.major}.{sys.version_info.minor}: {error.msg}"
        hint = "correct it, or run sam-scaffold with the Python that it is for"
        raise InvalidAnswersError([Problem(position, message, hint)]) from error
    except (ValueError, RecursionError, MemoryError) as error:
        position = FilePosition(str(folder / file), line_of(text, max(text.find("\0"), 0)))
        raise InvalidAnswersError([Problem(position, f"this cannot be read as Python: {error}")]) from error
