"""The combinations that a team's catalogue adds or changes: those that are worth a look, and a run of their tests."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from scaffold.catalogue import FIRST_USE_CASE, OWN_USE_CASE
from scaffold.model import SUPPORTED, Cell
from scaffold.render_steps import render_steps
from scaffold.resolve import functions_of
from scaffold.spec import AMAZON, DEFAULT_NAME, ProjectSpec
from scaffold.team import shape

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path
    from typing import Any

    from scaffold.catalogue import Catalogue


@dataclass(frozen=True)
class Combination:
    """A cell on a base image; a Zip has none, which is ``amazon``."""

    cell: Cell
    base: str

    def __str__(self) -> str:
        """``hello-world/image/python/python3.14/pip``, and ``… on acme``."""
        return str(self.cell) if self.base == AMAZON else f"{self.cell} on {self.base}"

    @property
    def segments(self) -> set[str]:
        """What a person may call it by."""
        return {segment.lower() for segment in (*self.cell.segments, self.base)}


def spec_of(catalogue: Catalogue, combination: Combination) -> ProjectSpec:
    """Return the project of a combination; of the project's options, it has those that the team's layers are for."""
    functions = functions_of(catalogue, combination.cell)
    team = catalogue.tree.over
    having = {name: any((folder / name).is_dir() for folder in team) for name in ("ecr", "devcontainer")}
    return ProjectSpec(
        DEFAULT_NAME,
        tuple(replace(function, base=combination.base) for function in functions),
        ecr=having["ecr"],
        devcontainer=having["devcontainer"],
    )


def changed(
    catalogue: Catalogue, below: Catalogue, *, queries: Sequence[str] = (), all_runtimes: bool = False
) -> list[Combination]:
    """Return the combinations of a catalogue that differ from those of the one that it lies over.

    Of the runtimes that a combination may have, it is the newest supported one, but for ``all_runtimes`` or where a
    query names another one. What a whole language or a base image has of its own is in all of its combinations: one
    with each of the language's dependency managers and package types stands for them. ``queries`` are parts of names,
    in any order as for ``sam-scaffold list cells``; with some, only what one of them fits is returned.
    """
    wanted = [{part.lower() for part in query.split("/") if part} for query in queries] or [set[str]()]
    runtimes = {cell.runtime for cell in catalogue.cells}
    own = _own_folders(catalogue.tree.over)
    kinds: dict[tuple[str, ...], list[Combination]] = {}
    for combination in _combinations(catalogue):
        fitting = [query for query in wanted if query <= combination.segments]
        if not fitting or not _may_differ(catalogue, own, combination):
            continue
        cell = combination.cell
        key: tuple[str, ...] = (
            cell.language,
            cell.dependency_manager,
            cell.package_type,
            combination.base,
            cell.use_case,
        )
        if all_runtimes or key not in kinds or any(query & runtimes for query in fitting):
            kinds.setdefault(key, []).append(combination)
    found: list[Combination] = []
    represented: set[tuple[str, ...]] = set()
    for key, rows in sorted(kinds.items(), key=lambda item: not _is_first(item[0][-1])):
        is_of_team = _is_of_team(catalogue, key[-1], key[0])
        # On other base images it does the same, so one will do; as for the rest, what stands for all may be there.
        if not _is_on_first_base(kinds, key) if is_of_team else key[:-1] in represented:
            continue
        differing = [one for one in rows if _differs(catalogue, below, one)]
        found += differing
        if differing and not is_of_team:
            represented.add(key[:-1])
    order = {cell: number for number, cell in enumerate(catalogue.cells)}
    return sorted(found, key=lambda one: (order[one.cell], one.base != AMAZON, one.base))


def _combinations(catalogue: Catalogue) -> Iterator[Combination]:
    """Yield all that can be created and is neither a preview nor deprecated, the newest runtimes first."""
    for cell in catalogue.cells:
        language = catalogue.languages[cell.language]
        runtime = language.runtime(cell.runtime)
        if runtime is None or runtime.status(catalogue.today) != SUPPORTED:
            continue
        if cell.package_type != "Image":
            yield Combination(cell, AMAZON)
            continue
        for base in catalogue.bases_for(language, runtime, cell.dependency_manager, cell.use_case):
            yield Combination(cell, base)


def _is_first(use_case: str) -> bool:
    return use_case in (FIRST_USE_CASE, OWN_USE_CASE)


def _is_on_first_base(kinds: Iterable[tuple[str, ...]], key: tuple[str, ...]) -> bool:
    """Return whether a combination is on AWS's own base image, or on the first one where it has no such."""
    bases = [other[-2] for other in kinds if (*other[:-2], other[-1]) == (*key[:-2], key[-1])]
    return key[-2] == (AMAZON if AMAZON in bases else bases[0])


def _is_of_team(catalogue: Catalogue, use_case: str, language: str) -> bool:
    """Return whether a team's catalogue has something of a use case or of its handler."""
    names = (f"use_cases/{use_case}", f"languages/{language}/handlers/{use_case}")
    return any((folder / name).is_dir() for folder in catalogue.tree.over for name in names)


def _may_differ(catalogue: Catalogue, own: Iterable[Path], combination: Combination) -> bool:
    """Return whether one of the folders that teams' catalogues have is for a combination, or for any."""
    language = catalogue.languages[combination.cell.language]
    names: dict[str, set[str | None]] = {
        "languages": {language.id, language.runtimes_of},
        "bases": {combination.base, catalogue.bases[combination.base].like},
        "use_cases": {combination.cell.use_case},
    }
    return any(path.parts[0] not in names or path.parts[1] in names[path.parts[0]] for path in own)


def _own_folders(over: tuple[Path, ...]) -> frozenset[Path]:
    """Return the folders of teams' catalogues, relative to these: of what has a folder for each name, those."""
    found: set[Path] = set()
    for folder in over:
        for path in (one for one in folder.iterdir() if one.is_dir() and one.name in shape.top_folders()):
            below = [one for one in path.iterdir() if one.is_dir()] if path.name in _NAMED else [path]
            found |= {one.relative_to(folder) for one in below}
    return frozenset(found)


def is_for_all(path: Path) -> bool:
    """Return whether a layer or a table of a catalogue is for none of the things that its folders name: for all."""
    return path.parts[0] not in _NAMED


_NAMED = ("languages", "bases", "use_cases")  # whose folders are each for one thing


def _differs(catalogue: Catalogue, below: Catalogue, combination: Combination) -> bool:
    """Return whether a combination is new, or some layer of it or a value that its templates see."""
    cell = combination.cell
    language = below.languages.get(cell.language)
    if language is None or cell.use_case not in language.use_cases() or combination.base not in language.bases:
        return True
    if language.runtime(cell.runtime) is None or cell.dependency_manager not in language.managers:
        return True
    spec = spec_of(catalogue, combination)
    return steps_of(catalogue, spec) != steps_of(below, spec)


def steps_of(catalogue: Catalogue, spec: ProjectSpec) -> list[tuple[Path | None, dict[str, Any]]]:
    """Return the layers of a project with their values, each layer by the folder that it comes from."""
    return [(catalogue.tree.layer(step.layer), step.context) for step in render_steps(catalogue, spec)]
