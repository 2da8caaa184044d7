"""The configuration files of the SAM CLI, ``samconfig.toml`` and ``samconfig.yaml``: reading and saving parameters.

Which file it is, and what is taken from it, is that of aws-sam-cli 1.170.0: the tables ``[<environment>.<command>.
parameters]`` and ``[<environment>.global.parameters]``, of which the first wins.
https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-cli-config.html
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any

from scaffold import documents, paths, template
from scaffold.errors import FilePosition, InvalidAnswersError, OutputError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

DEFAULT_FILE = "samconfig.toml"
_FILES = (DEFAULT_FILE, "samconfig.yaml", "samconfig.yml")  # the first that exists is read
_VERSION = 0.1  # of the files' format
_HINT = "name a configuration file with --config-file"


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


def find(given: str | None) -> Path | None:
    """Return the configuration file: the one ``given``, or that of the working directory; ``None`` if it has none.

    Raises :class:`OutputError` if the one given is not there, unless it has the name that is the default: ``sam`` does
    without that as well.
    """
    if not given:
        return next((path for path in map(Path, _FILES) if path.exists() and not path.is_dir()), None)
    path = Path(given)
    if path.exists():
        return path
    if given == DEFAULT_FILE:
        return None
    raise OutputError(
        f"--config-file: there is no file {given}", f"without it, {DEFAULT_FILE} is read, if there is one"
    )


def read(path: Path, environment: str, command: str) -> Configuration:
    """Return the parameters that a file has for a command in an environment; what is not there is nothing.

    Raises :class:`OutputError` if the file cannot be read, and :class:`InvalidAnswersError` if it is not what its name
    says, with the position.
    """
    text = documents.text_of(path, _HINT)
    tree = _tree(path, text)
    shared = _table(path, tree, environment, "global", "parameters")
    own = _table(path, tree, environment, command, "parameters")
    tables = {name: (environment, command if name in own else "global", "parameters") for name in {**shared, **own}}
    positions = _positions(path, text, tables)
    environments = tuple(name for name, value in tree.items() if isinstance(value, dict))
    return Configuration(path, {**shared, **own}, positions, frozenset(own), environments)


@contextmanager
def saving(path: Path, environment: str, command: str, values: Mapping[str, Any]) -> Iterator[None]:
    """Write parameters into a command's table of a file, which is created if it is not there; comments stay.

    What the environment's global table already has with the same value is left out, as ``sam`` does. Everything is
    prepared first, and the file is replaced as a whole once the block has ended well. Raises as :func:`read`, and
    :class:`OutputError` where the file cannot be written.
    """
    text = documents.text_of(path, _HINT) if path.exists() else ""
    tree = _tree(path, text)
    shared = _table(path, tree, environment, "global", "parameters")
    own = _table(path, tree, environment, command, "parameters")
    update = template.update if _is_yaml(path) else _update_toml
    text = update(text, (), {"version": tree.get("version", _VERSION)})
    new = {name: value for name, value in values.items() if shared.get(name) != value}
    text = update(text, (environment, command, "parameters"), new, {*own} & {*values} - {*new})
    path = path.resolve()  # a link stays one
    temporary = None
    try:
        with NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, prefix=".samconfig-", delete=False) as file:
            temporary = Path(file.name)
            file.write(text)
        temporary.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~paths.umask())
    except OSError as error:
        if temporary:
            temporary.unlink(missing_ok=True)
        message = f"{path} cannot be written: {error.strerror or error}"
        raise OutputError(message, "leave out --save-params, or name another file with --config-file") from error
    try:
        yield
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _update_toml(text: str, keys: tuple[str, ...], values: Mapping[str, Any], removed: Iterable[str] = ()) -> str:
    """Return a TOML text with values set in, and others removed from, the table that the keys lead to.

    Everything else stays as it is.
    """
    import tomlkit  # noqa: PLC0415  takes time to load and few runs write

    document = tomlkit.parse(text)
    table: Any = document
    for number, key in enumerate(keys, 1):
        if key not in table:
            table[key] = tomlkit.table(is_super_table=number < len(keys))
        table = table[key]
    for name, value in values.items():
        table[name] = value
    for name in removed:
        del table[name]
    return tomlkit.dumps(document)


def _tree(path: Path, text: str) -> dict[str, Any]:
    """Return the values of a file's text."""
    if _is_yaml(path):
        tree = documents.values_of(path, text)
    elif path.suffix == ".toml":
        from scaffold import toml_files  # noqa: PLC0415  takes time to load, and where there is no file, for nothing

        tree = toml_files.values_of(path, text)
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


def _positions(path: Path, text: str, tables: Mapping[str, tuple[str, ...]]) -> dict[str, FilePosition]:
    """Return where each parameter is, by its name; ``tables`` has the table that it is in.

    In a TOML file that is a line without a column.
    """
    if _is_yaml(path):
        return {name: FilePosition(str(path), *template.locate(text, (*keys, name))) for name, keys in tables.items()}
    from scaffold import toml_files  # noqa: PLC0415

    return {
        name: FilePosition(str(path), toml_files.exact_line_of(text, (*keys, name))) for name, keys in tables.items()
    }


def _is_yaml(path: Path) -> bool:
    return path.suffix in (".yaml", ".yml")
