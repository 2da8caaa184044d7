"""The configuration files of the SAM CLI, ``samconfig.toml`` and ``samconfig.yaml``: reading and saving parameters.

Which file it is, and what is taken from it, is that of aws-sam-cli 1.170.0: the tables ``[<environment>.<command>.
parameters]`` and ``[<environment>.global.parameters]``, of which the first wins.
https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-cli-config.html
"""

from __future__ import annotations

import re
import tempfile
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scaffold import documents, paths, template
from scaffold.errors import FilePosition, InvalidAnswersError, OutputError, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT_FILE = "samconfig.toml"
_FILES = (DEFAULT_FILE, "samconfig.yaml", "samconfig.yml")  # the first that exists is read
_VERSION = 0.1  # of the files' format
_HINT = "name a configuration file with --config-file"
_TOML_POSITION = re.compile(r" \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$")


@dataclass(frozen=True)
class Configuration:
    """The parameters that a file has for a command, and where each is.

    ``own`` are the names of those in the command's own table, and ``environments`` those of the whole file.
    """

    path: Path | None = None
    values: dict[str, Any] = field(default_factory=dict)
    positions: dict[str, FilePosition] = field(default_factory=dict)
    own: frozenset[str] = frozenset()
    environments: tuple[str, ...] = ()


def find(folder: Path, given: str | None = None) -> Path | None:
    """Return the configuration file: the one ``given``, or that of a folder; ``None`` if it has none.

    Raises :class:`OutputError` if the one given is not there, unless it has the name that is the default: ``sam`` does
    without that as well.
    """
    if given is None:
        return next((folder / name for name in _FILES if (folder / name).exists()), None)
    path = folder / given
    if path.exists():
        return path
    if given == DEFAULT_FILE:
        return None
    raise OutputError(f"{given}: No such file or directory", _HINT)


def read(path: Path, environment: str, command: str) -> Configuration:
    """Return the parameters that a file has for a command in an environment; what is not there is nothing.

    Raises :class:`OutputError` if the file cannot be read, and :class:`InvalidAnswersError` if it is not what its name
    says, with the position.
    """
    text = documents.text_of(path, _HINT)
    tree = _tree(path, text)
    shared = _table(path, tree, environment, "global", "parameters")
    own = _table(path, tree, environment, command, "parameters")
    positions = {
        name: _position(path, text, (environment, command if name in own else "global", "parameters", name))
        for name in {**shared, **own}
    }
    environments = tuple(name for name, value in tree.items() if isinstance(value, dict))
    return Configuration(path, {**shared, **own}, positions, frozenset(own), environments)


def save(path: Path, environment: str, command: str, values: Mapping[str, Any]) -> None:
    """Write parameters into a command's table of a file, which is created if it is not there; comments stay.

    What the environment's global table already has with the same value is left out, as ``sam`` does. The file is
    replaced as a whole. Raises as :func:`read`.
    """
    text = documents.text_of(path, _HINT) if path.exists() else ""
    tree = _tree(path, text)
    shared = _table(path, tree, environment, "global", "parameters")
    _table(path, tree, environment, command, "parameters")
    new = {name: value for name, value in values.items() if shared.get(name) != value}
    keys = (environment, command, "parameters")
    update = template.update if _is_yaml(path) else _update_toml
    text = update(text, (), {"version": tree.get("version", _VERSION)})
    _write(path, update(text, keys, new))


def _update_toml(text: str, keys: tuple[str, ...], values: Mapping[str, Any]) -> str:
    """Return a TOML text with values set in the table that the keys lead to; everything else stays as it is."""
    import tomlkit  # noqa: PLC0415  takes time to load and few runs write

    document = tomlkit.parse(text)
    table: Any = document
    for number, key in enumerate(keys, 1):
        if key not in table:
            table[key] = tomlkit.table(is_super_table=number < len(keys))
        table = table[key]
    for name, value in values.items():
        table[name] = value
    return tomlkit.dumps(document)


def _tree(path: Path, text: str) -> dict[str, Any]:
    """Return the values of a file's text."""
    if _is_yaml(path):
        tree = documents.values_of(path, text)
    elif path.suffix == ".toml":
        try:
            tree = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise InvalidAnswersError([_toml_problem(path, text, error)]) from error
    else:
        problem = Problem(
            FilePosition(str(path)), "is neither .toml nor .yaml", "sam reads no other configuration files"
        )
        raise InvalidAnswersError([problem])
    if tree is None:
        return {}
    if not isinstance(tree, dict):
        raise InvalidAnswersError([Problem(FilePosition(str(path), 1, 1), "the file is not a mapping", _HINT)])
    return tree


def _toml_problem(path: Path, text: str, error: tomllib.TOMLDecodeError) -> Problem:
    found = _TOML_POSITION.search(str(error))
    line, column = text.count("\n") + 1, 1
    if found and found["line"]:
        line, column = int(found["line"]), int(found["column"])
    return Problem(FilePosition(str(path), line, column), _TOML_POSITION.sub("", str(error)))


def _table(path: Path, tree: dict[str, Any], *keys: str) -> dict[str, Any]:
    """Return the table that the keys lead to; where there is none, an empty one."""
    table: Any = tree
    for number, key in enumerate(keys, 1):
        table = table.get(key)
        if table is None:
            return {}
        if not isinstance(table, dict):
            name = ".".join(keys[:number])
            raise InvalidAnswersError([Problem(FilePosition(str(path)), f"{name} is not a table", _HINT)])
    return {str(name): value for name, value in table.items()}


def _position(path: Path, text: str, keys: tuple[str, ...]) -> FilePosition:
    """Return where a parameter is; in a TOML file the line only, and none where the table is written in one line."""
    if _is_yaml(path):
        return FilePosition(str(path), *template.locate(text, keys))
    *header, name = keys
    current = ""
    for number, line in enumerate(text.splitlines(), 1):
        if table := re.match(r"\s*\[([^\[\]]+)\]", line):
            current = re.sub(r"[\s\"']", "", table[1])
        elif current == ".".join(header) and re.match(rf"\s*[\"']?{re.escape(name)}[\"']?\s*[=.]", line):
            return FilePosition(str(path), number)
    return FilePosition(str(path))


def _is_yaml(path: Path) -> bool:
    return path.suffix in (".yaml", ".yml")


def _write(path: Path, text: str) -> None:
    """Replace a file as a whole; raises :class:`OutputError` where that is not possible."""
    temporary = None
    path = path.resolve()  # a link stays one
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=path.parent, prefix=".samconfig-", delete=False
        ) as file:
            temporary = Path(file.name)
            file.write(text)
        temporary.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~paths.umask())
        temporary.replace(path)
    except OSError as error:
        if temporary:
            temporary.unlink(missing_ok=True)
        raise OutputError(f"{path}: {error.strerror or error}", "the parameters were not saved") from error
