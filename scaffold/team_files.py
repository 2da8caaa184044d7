"""The files of teams' catalogues: what is wrong in them, with file and line, before anything is made of them."""

from __future__ import annotations

import difflib
import json
import re
from dataclasses import replace
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from scaffold import answers, contexts, documents, paths, toml_files
from scaffold.catalogue import TEAM_FILE
from scaffold.errors import FilePosition, InvalidAnswersError, InvalidTemplateError, Problem, TemplateError
from scaffold.resolve import examine, functions_of
from scaffold.spec import AMAZON, DEFAULT_NAME, Answers, ProjectSpec, slug
from scaffold.trees import LAYER_FILE, PROJECT_FOLDER, Tree

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scaffold.catalogue import Catalogue
    from scaffold.toml_files import Keys

# The files that are read, by their places, and the schema of each; the first is what makes its folder one.
KINDS = {
    "languages/*/language.toml": "language",
    "bases/*/base.toml": "base",
    "use_cases/*/use_case.toml": "use_case",
    "packages/*/package.toml": "package",
    "ci/*/host.toml": "host",
    "languages/*/handlers/*/handler.toml": "handler",
    "ci/versions.toml": "versions",
    "tools.toml": "tools",
}
_MUST_BE_THERE = ("languages/*/language.toml", "bases/*/base.toml", "use_cases/*/use_case.toml")
_CONTROLS = "has characters that cannot be printed"
_NO_CONTROLS = "take them out: a terminal would obey them"
LONGEST_TITLE = 60  # characters
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_DEEP = 2  # keys of a value in a table of a file
# What a team's catalogue has no default for: each project has its own.
_NO_DEFAULTS = ("name", "handler", "functions")


def check(catalogue: Catalogue) -> None:
    """Raise :class:`InvalidTemplateError` with all problems in the files of teams' catalogues."""
    found = [*problems(catalogue), *_unrendered(catalogue)]
    if found:
        raise InvalidTemplateError(found)


def _unrendered(catalogue: Catalogue) -> Iterator[Problem]:
    """Yield the folders that look like layers and would not be rendered, so that a project would lack their files."""
    for folder in catalogue.tree.over:
        for name in catalogue.tree.subfolders(""):
            for path in sorted((folder / name).rglob(PROJECT_FOLDER)):
                if not (path.parent / LAYER_FILE).is_file() and PROJECT_FOLDER not in path.parent.parts:
                    yield without_layer_file(path.parent)


def without_layer_file(folder: Path) -> Problem:
    """Return the problem of a folder that has files for projects and is no layer."""
    message = f"has {PROJECT_FOLDER}/, but no {LAYER_FILE}, so it is never rendered"
    hint = f"add a {LAYER_FILE} that names the values that its templates use"
    return Problem(FilePosition(str(folder)), message, hint)


def problems(catalogue: Catalogue) -> list[Problem]:
    """Return what is wrong in the files of teams' catalogues, each at ``file:line``.

    What depends on other files is looked at once each of them is right by itself.
    """
    found: list[Problem] = []
    folders = catalogue.tree.folders
    for number in range(1, len(folders)):
        found += _Folder(Tree(folders[: number + 1])).problems()
    for check_more in (_references, _placeholders, _defaults):
        found = found or list(dict.fromkeys(check_more(catalogue)))
    return found


class _File:
    """A file of a team's catalogue: its path in it, its values, and the lines of these."""

    def __init__(self, folder: Path, name: str) -> None:
        self.name = name
        self.path = folder / name

    @cached_property
    def text(self) -> str:
        return documents.text_of(self.path, "fix it, or leave it out")

    @cached_property
    def values(self) -> dict[str, Any]:
        return toml_files.values_of(self.path, self.text)

    def at(self, keys: Keys) -> FilePosition:
        """Return the position of a value; of what is not in the file, that of the file."""
        return FilePosition(str(self.path), toml_files.line_of(self.text, keys) or 1)

    def has(self, keys: Keys) -> bool:
        """Return whether keys lead to a value."""
        value: Any = self.values
        for key in keys:
            try:
                value = value[key]
            except (LookupError, TypeError):
                return False
        return True


def _files(folder: Path, *patterns: str) -> list[_File]:
    """Return the files of a folder that match one of the patterns."""
    return [
        _File(folder, path.relative_to(folder).as_posix())
        for pattern in patterns
        for path in sorted(folder.glob(pattern))
    ]


class _Folder:
    """The topmost folder of a tree, over those below it."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.folder = tree.folders[-1]

    def problems(self) -> Iterator[Problem]:
        for pattern in _MUST_BE_THERE:
            kind, name = PurePosixPath(pattern).parts[0], PurePosixPath(pattern).name
            for one in Tree((self.folder,)).subfolders(kind):
                if one.isprintable() and not _NAME.fullmatch(one):
                    hint = f"use letters, digits and hyphens: {slug(one) or 'acme'}"
                    yield Problem(FilePosition(str(self.folder / kind / one)), f"{one!r} is hard to type", hint)
                if not one.isprintable():
                    yield Problem(FilePosition(str(self.folder / kind)), f"{one!r} {_CONTROLS}", _NO_CONTROLS)
                elif not self.tree.having(f"{kind}/{one}/{name}"):
                    position = FilePosition(str(self.folder / kind / one))
                    yield Problem(position, f"has no {name}", f"add one, or rename it to one of {self._names(kind)}")
        for pattern, schema in KINDS.items():
            for file in _files(self.folder, pattern):
                yield from self._file(file, json.loads((paths.SCHEMAS / f"{schema}.schema.json").read_bytes()))
        for file in _files(self.folder, TEAM_FILE):
            yield from self._file(file, _team_schema({"type": "object"}))

    def _names(self, kind: str) -> str:
        return ", ".join(Tree(self.tree.folders[:-1]).subfolders(kind))

    def _file(self, file: _File, schema: dict[str, Any]) -> Iterator[Problem]:
        """Yield what is wrong in a file: in what it says, and in what that makes of the files below it."""
        try:
            own = file.values
        except InvalidAnswersError as error:
            yield from error.problems
            return
        controls = [*_controls(own)]
        if controls:
            for keys in controls:
                yield Problem(file.at(keys), f"{keys[-1]!r} {_CONTROLS}", _NO_CONTROLS)
            return
        found = [
            replace(problem, location=file.at(tuple(keys)))
            for keys, problem in documents.problems_of(_plain(self.tree.table(file.name)), schema, what="key")
            if len(keys) < _DEEP or file.has(tuple(keys[:-1]))  # else it is in another file
        ]
        yield from sorted(self._with_names(file, found), key=_line)
        if not own:
            yield Problem(file.at(()), "is empty", "say what is different, or leave it out")

    def _with_names(self, file: _File, found: list[Problem]) -> list[Problem]:
        """Return problems with the name that is meant, perhaps, where keys are missing that a new folder would need."""
        if not any(PurePosixPath(file.name).match(pattern) for pattern in _MUST_BE_THERE):
            return found
        kind, name, _ = PurePosixPath(file.name).parts
        known = Tree(self.tree.folders[:-1]).subfolders(kind)
        close = [] if name in known else difflib.get_close_matches(name, known, n=1)
        hint = f"a new one needs it; did you mean {kind}/{close[0]}/?" if close else ""
        return [replace(one, hint=hint) if close and one.message.endswith(" is missing") else one for one in found]


def _controls(value: Any, keys: Keys = ()) -> Iterator[Keys]:  # noqa: ANN401  whatever a TOML file has
    """Yield the keys that lead to text, or are text, that a terminal would not just show."""
    if isinstance(value, str) and not value.replace("\n", "").replace("\t", "").isprintable():
        yield keys
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        if isinstance(key, str) and not key.isprintable():
            yield (*keys, key)
        else:
            yield from _controls(child, (*keys, key))


def _line(problem: Problem) -> int:
    return (problem.location.line or 0) if isinstance(problem.location, FilePosition) else 0


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as JSON has them: dates as text."""
    plain: dict[str, Any] = json.loads(json.dumps(values, default=str))
    return plain


def _team_schema(defaults: dict[str, Any]) -> dict[str, Any]:
    title = {
        "type": "string",
        "pattern": r"^\S[^\x00-\x1f\x7f]*$(?!\n)",  # to Python a $ matches before a last newline, too
        "maxLength": LONGEST_TITLE,
        "description": "What people call the catalogue, in a line.",
    }
    return {
        "type": "object",
        "properties": {
            "title": title,
            "defaults": {**defaults, "description": "Answers, as an answers file has them."},
        },
        "additionalProperties": False,
    }


# What depends on other files --------------------------------------------------------------------------------------


def _references(catalogue: Catalogue) -> Iterator[Problem]:
    """Yield what names something that is not there."""
    for folder in catalogue.tree.over:
        for file in _files(folder, "bases/*/base.toml"):
            yield from _base(catalogue, file)
        for file in _files(folder, "languages/*/language.toml"):
            yield from _language(catalogue, file)
        for file in _files(folder, "languages/*/handlers/*/handler.toml"):
            yield from _handler(catalogue, file)
        for file in _files(folder, "use_cases/*/use_case.toml"):
            yield from _use_case(catalogue, file)
        for path in sorted(folder.glob("languages/*/handlers/*/")):
            if not catalogue.tree.having(f"use_cases/{path.name}"):
                hint = f"add use_cases/{path.name}/use_case.toml, or give it the name of a use case"
                yield Problem(FilePosition(str(path)), "is a handler of no use case", hint)


def _base(catalogue: Catalogue, file: _File) -> Iterator[Problem]:
    like = file.values.get("like")
    possible = [base.id for base in catalogue.bases.values() if not base.like]
    if like is not None and like not in possible:
        message = f"like: {like!r} is no base that has layers of its own"
        yield Problem(file.at(("like",)), message, f"one of {', '.join(possible)}", tuple(possible), like)


def _language(catalogue: Catalogue, file: _File) -> Iterator[Problem]:
    language = catalogue.languages[file.path.parent.name]
    for name, row in file.values.get("bases", {}).items():
        if name not in catalogue.bases:
            hint = f"add bases/{name}/base.toml, or use one of {', '.join(catalogue.bases)}"
            yield Problem(file.at(("bases", name)), f"there is no base {name!r}", hint)
        for end in ("oldest", "newest"):
            yield from _runtime(catalogue, language.id, file, ("bases", name, end), row.get(end))
    for name, row in file.values.get("managers", {}).items():
        yield from _runtime(catalogue, language.id, file, ("managers", name, "oldest"), row.get("oldest"))


def _handler(catalogue: Catalogue, file: _File) -> Iterator[Problem]:
    language = PurePosixPath(file.name).parts[1]
    for end in ("oldest", "newest"):
        yield from _runtime(catalogue, language, file, (end,), file.values.get(end))
    for name, runtime in file.values.get("oldest_on", {}).items():
        yield from _runtime(catalogue, language, file, ("oldest_on", name), runtime)
    for name in file.values.get("shares", ()):
        if not catalogue.tree.having(f"languages/{language}/shared/{name}"):
            message = f"shares: there is no languages/{language}/shared/{name}"
            yield Problem(file.at(("shares",)), message, "add it, or leave it out", value=name)


def _use_case(catalogue: Catalogue, file: _File) -> Iterator[Problem]:
    source = file.values.get("source")
    sources = catalogue.tree.subfolders("sources")
    if source and source not in sources:
        message = f"source: there is no sources/{source}"
        yield Problem(file.at(("source",)), message, f"one of {', '.join(sources)}", sources, source)
    for name in file.values.get("bases", ()):
        if name not in catalogue.bases:
            message = f"bases: there is no base {name!r}"
            yield Problem(file.at(("bases",)), message, f"one of {', '.join(catalogue.bases)}", value=name)


def _runtime(catalogue: Catalogue, language: str, file: _File, keys: Keys, value: str | None) -> Iterator[Problem]:
    names = [runtime.id for runtime in catalogue.languages[language].runtimes]
    if value is not None and value not in names:
        message = f"{'.'.join(map(str, keys))}: {language} has no runtime {value!r}"
        yield Problem(file.at(keys), message, f"one of {', '.join(names)}", value=value)


def _placeholders(catalogue: Catalogue) -> Iterator[Problem]:
    """Yield what cannot be filled in, in a cell of each base, dependency manager and handler that a file is about."""
    for folder in catalogue.tree.over:
        for file in _files(folder, "languages/*/language.toml"):
            language = file.path.parent.name
            for base in file.values.get("bases", {}):
                yield from _filled_in(catalogue, file, ("bases", base), base, language=language, package_type="Image")
            for manager in catalogue.languages[language].managers:
                keys = ("managers", manager)
                yield from _filled_in(catalogue, file, keys, AMAZON, language=language, dependency_manager=manager)
        for file in _files(folder, "languages/*/handlers/*/handler.toml"):
            _, language, _, use_case, _ = PurePosixPath(file.name).parts
            yield from _filled_in(catalogue, file, (), AMAZON, language=language, use_case=use_case)
        for file in _files(folder, "use_cases/*/use_case.toml"):
            yield from _filled_in(catalogue, file, (), AMAZON, use_case=file.path.parent.name)


def _filled_in(catalogue: Catalogue, file: _File, keys: Keys, base: str, **parts: str) -> Iterator[Problem]:
    """Yield why the values of the first cell with these parts, and with that base, cannot be made."""
    for cell in catalogue.cells:
        runtime = catalogue.runtime(cell.language, cell.runtime)
        if runtime is None or any(getattr(cell, name) != value for name, value in parts.items()):
            continue
        if base != AMAZON and base not in catalogue.bases_for(catalogue.languages[cell.language], runtime):
            continue
        functions = tuple(replace(function, base=base) for function in functions_of(catalogue, cell))
        try:
            contexts.context(catalogue, ProjectSpec(DEFAULT_NAME, functions), functions[0])
        except TemplateError as error:
            yield Problem(file.at(keys), error.message, error.hint)
        return


def _defaults(catalogue: Catalogue) -> list[Problem]:
    """Return what is wrong with the defaults of teams, each of them and all together."""
    files = [file for folder in catalogue.tree.over for file in _files(folder, TEAM_FILE)]
    if not files:
        return []
    schema = answers.schema(catalogue)
    for name in _NO_DEFAULTS:
        del schema["properties"][name]
    found = []
    for file in files:
        for keys, problem in documents.problems_of(_plain(file.values), _team_schema(schema), what="answer"):
            message = problem.message.removeprefix("defaults.")
            found.append(replace(problem, location=file.at(tuple(keys)), message=message))
    if found:
        return sorted(found, key=_line)
    resolution = examine(catalogue, Answers.from_values(catalogue.defaults), preview=True, defaults=True)
    at = positions(catalogue)
    whole = FilePosition(str(files[-1].path))
    return [
        replace(
            problem,
            location=at.get(problem.name.partition(".")[0], whole),
            message=f"{problem.name}: {problem.message}",
        )
        for problem in (*resolution.problems, *resolution.missing)
    ]


def positions(catalogue: Catalogue) -> dict[str, FilePosition]:
    """Return where the default of each answer is, by its name."""
    found: dict[str, FilePosition] = {}
    for folder in catalogue.tree.over:
        for file in _files(folder, TEAM_FILE):
            found |= {name: file.at(("defaults", name)) for name in file.values.get("defaults", {})}
    return found
