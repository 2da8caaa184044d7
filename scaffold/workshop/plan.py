"""Manifest and roster in, everything that is to be made out: checked before anything is written."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from scaffold import __version__, advice, project
from scaffold.errors import FilePosition, InvalidAnswersError, ScaffoldError
from scaffold.paths import COOKIECUTTERS
from scaffold.spec import stack_name
from scaffold.translator import client, findings
from scaffold.workshop import manifest as manifests
from scaffold.workshop import mould as moulds
from scaffold.workshop import names
from scaffold.workshop import roster as rosters
from scaffold.workshop.manifest import FOLDER, GIT, SEPARATE, ZIP, Manifest, Problems
from scaffold.workshop.mould import Commit, File, Mould
from scaffold.workshop.names import Names
from scaffold.workshop.roster import Participant
from scaffold.workshop.variants import Variant, Variants

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from scaffold.catalogue import Catalogue


@dataclass(frozen=True)
class Entry:
    """One repository that is to be made: whose, from which mould, with which values. ``person`` is the name."""

    number: int
    person: str | None
    handle: str
    name: str
    variant: Variant
    mould: int
    values: dict[str, str]
    fingerprint: str

    @property
    def stack_name(self) -> str:
        """The name of the repository's stack in CloudFormation."""
        return self.values["project.stack_name"]


@dataclass(frozen=True)
class Plan:
    """All of a workshop: the repositories of the participants, and those of the organiser alone."""

    manifest: Manifest
    slug: str
    moulds: tuple[Mould, ...]
    entries: tuple[Entry, ...]
    solutions: tuple[Entry, ...]
    fingerprint: str
    notices: tuple[str, ...]
    warnings: tuple[str, ...]

    def clone(self, entry: Entry) -> str | None:
        """Return the address that a participant clones from, or ``None``."""
        return fill_address(self.manifest.clone, entry) if self.manifest.clone else None


def fill_address(pattern: str, entry: Entry) -> str:
    """Return an address with the name, the handle and the number of a repository filled in."""
    return names.fill(pattern, {"name": entry.name, "handle": entry.handle, "number": str(entry.number)})


def make(catalogue: Catalogue, path: Path) -> Plan:
    """Return the plan of the manifest at ``path``.

    Raises :class:`OutputError` for a file that cannot be read, and :class:`InvalidAnswersError` with every problem at
    once: of the manifest, the roster, the variants and the overlays, each at its place; and of the templates, for which
    all of the former have to be right.
    """
    return _Planner(catalogue, manifests.read(catalogue, path)).plan()


class _Planner:
    """One walk from a manifest to a plan, collecting problems."""

    def __init__(self, catalogue: Catalogue, manifest: Manifest) -> None:
        self.catalogue = catalogue
        self.manifest = manifest
        self.problems = Problems(manifest.file)
        self.names = Names(manifest, self.problems)
        self.variants = Variants(catalogue, manifest, self.problems)
        self.overlays: dict[Path, dict[str, File]] = {}
        self.moulds: list[Mould] = []
        self.notices: list[str] = []
        self.columns: dict[str, str] = {}
        self.shared = {
            "workshop.title": manifest.title,
            "workshop.date": manifest.date,
            "workshop.steps": _steps(manifest),
        }

    def plan(self) -> Plan:
        manifest = self.manifest
        self.problems += manifests.problems(manifest)
        named = self.names.patterns()
        participants = self.participants()
        columns = {f"participant.{column}": "" for one in participants or () for column in one.cells}
        self.columns = dict.fromkeys(sorted(columns), "")
        variants = self.variants.read()
        ready = [one for one in variants if one]
        pairs = self.variants.pick(participants or (), ready) if len(ready) == len(variants) else []
        drafts, organisers = [], []
        if named and self.names.is_nameable(ready):
            drafts = [(one, variant, self.names.name(one.position, one, variant)) for one, variant in pairs]
            organisers = self.organisers(ready) if self.separate else []
            self.names.unique([*drafts, *organisers])
        keys = self.values(_nobody(""), "a")
        # Where the roster cannot be read, nobody knows its columns.
        anything = participants is None
        layers = [
            self.layers(one, lambda key: key in keys or (anything and key.startswith("participant.")), keys)
            if one
            else []
            for one in variants
        ]
        self.stop()

        numbers = {id(one): number for number, one in enumerate(ready)}
        made = [self.variants.generated(number, one) for number, one in enumerate(ready)]
        self.stop()
        rows = list(zip(made, layers, strict=True))
        self.moulds = [self.mould(files, parts) for files, parts in rows]
        self.moulds += [self.mould(files, parts, whole=True) for files, parts in rows if self.separate]
        self.stop()
        entries = [self.entry(one, variant, name, numbers[id(variant)]) for one, variant, name in drafts]
        solutions = [
            self.entry(one, variant, name, len(ready) + numbers[id(variant)]) for one, variant, name in organisers
        ]
        self.check(ready, made, [*entries, *solutions])
        digest = hashlib.sha256(json.dumps([manifest.title, manifest.output, manifest.clone]).encode())
        for entry in [*entries, *solutions]:
            digest.update(f"{entry.name}\0{entry.fingerprint}\0".encode())
        return Plan(
            manifest=manifest,
            slug=self.names.slug,
            moulds=tuple(self.moulds),
            entries=tuple(entries),
            solutions=tuple(solutions),
            fingerprint=digest.hexdigest(),
            notices=tuple(self.notices),
            warnings=tuple(dict.fromkeys(line for one in ready for line in advice.warnings(self.catalogue, one.spec))),
        )

    def stop(self) -> None:
        """Raise what was found so far, each problem once."""
        if self.problems:
            raise InvalidAnswersError(list(dict.fromkeys(self.problems)))

    @property
    def separate(self) -> bool:
        """Whether the organiser has repositories with the solutions, and the participants have none."""
        return self.manifest.solutions == SEPARATE and any(one.solution for one in self.manifest.steps)

    # Who takes part -------------------------------------------------------------------------------------------

    def participants(self) -> list[Participant] | None:
        """Return who takes part, or ``None`` where the roster does not say so."""
        if self.manifest.count is not None:
            return rosters.numbered(self.manifest.count, self.manifest.file.position(["count"]))
        path = self.manifest.folder / str(self.manifest.roster)
        try:
            participants, self.notices = rosters.read(path)
        except InvalidAnswersError as error:
            self.problems += error.problems
        except ScaffoldError as error:
            self.problems.at(["roster"], error.message, error.hint)
        else:
            return participants
        return None

    def organisers(self, variants: list[Variant]) -> list[tuple[Participant, Variant, str]]:
        """Return the repositories with the solutions, one for each variant, with their names."""
        found = []
        languages = [one.facts["language"] for one in variants]
        for number, variant in enumerate(variants):
            language = variant.facts["language"]
            suffix = f"-{language}" if len(variants) > 1 else ""
            suffix += f"-{number + 1}" if languages.count(language) > 1 else ""
            nobody = _nobody(f"solutions{suffix}")
            found.append(
                (nobody, variant, self.names.name(self.manifest.file.position(["solutions"]), nobody, variant))
            )
        return found

    # What is made ---------------------------------------------------------------------------------------------

    def layers(
        self, variant: Variant, is_known: Callable[[str], bool], known: Iterable[str]
    ) -> list[tuple[str, dict[str, File]]]:
        """Return the overlays of a variant, each with what it is: overlay, starter or solution, in their order."""
        rows: list[tuple[str, str | None, list[str | int]]] = [("overlay", self.manifest.overlay, ["overlay"])]
        for number, step in enumerate(self.manifest.steps):
            rows.append(("starter", step.starter, ["steps", number, "starter"]))
            rows.append(("solution", step.solution, ["steps", number, "solution"]))
        found: list[tuple[str, dict[str, File]]] = []
        folders: list[Path] = []
        for kind, text, steps in rows:
            folder = self.folder(text, steps, variant) if text else None
            if folder is None:
                found.append((kind, {}))
                continue
            self.apart(folder, folders, steps)
            folders.append(folder)
            if folder not in self.overlays:
                self.overlays[folder], problems = moulds.overlay(folder, is_known, known)
                self.problems += problems
            found.append((kind, self.overlays[folder]))
        return found

    def folder(self, text: str, steps: Sequence[str | int], variant: Variant) -> Path | None:
        """Return the folder of an overlay for a variant, if there is one."""
        unknown = names.unknown(text, manifests.PATH_PARTS)
        if unknown:
            self.problems.at(steps, *unknown[0])
            return None
        folder = self.manifest.folder / names.fill(text, variant.facts)
        if not folder.is_dir():
            self.problems.at(steps, f"{folder} is no folder", "make it, or name another")
            return None
        return folder

    def apart(self, folder: Path, others: Iterable[Path], steps: Sequence[str | int]) -> None:
        """Check that an overlay brings nobody the manifest, the roster, or what is in another overlay."""
        mine = folder.resolve()
        files = [self.manifest.file.path]
        if self.manifest.roster is not None:
            files.append(self.manifest.folder / self.manifest.roster)
        for file in files:
            if mine in file.resolve().parents:
                message = f"{folder} holds {file.name}, which everyone would get"
                self.problems.at(steps, message, "name a folder that holds nothing else than what everyone may have")
        for other in others:
            if mine in other.resolve().parents or other.resolve() in mine.parents:
                self.problems.at(steps, f"{folder} and {other} lie in each other", "put them beside each other")

    def mould(self, files: dict[str, File], layers: list[tuple[str, dict[str, File]]], *, whole: bool = False) -> Mould:
        """Return the states of a variant's repository; ``whole`` has the solutions even where they are separate."""
        readme = (COOKIECUTTERS / "workshop/README.md").read_text(encoding="utf-8")
        addition = moulds.file_of(f"\n{readme}".encode())
        files = {**files, "README.md": replace(files["README.md"], parts=files["README.md"].parts + addition.parts)}
        there = dict(files)
        commits: list[Commit] = []
        solved = whole or not self.separate
        number = 0
        for kind, above in layers:
            self.problems += moulds.clashes(there, above)
            there |= above
            if kind == "overlay":
                commits.append(Commit(f"{self.manifest.title}: the project", None, {**files, **above}))
                continue
            number += kind == "starter"
            step = self.manifest.steps[number - 1]
            if kind == "starter":
                commits.append(Commit(f"Step {number}, start: {step.name}", f"step-{number}-start", above))
            elif step.solution is not None and solved:
                commits.append(Commit(f"Step {number}, solution: {step.name}", f"step-{number}-solution", above))
        start = len(commits) - 1 if whole and self.separate else min(1, len(self.manifest.steps))
        return Mould(tuple(commits), start)

    def entry(self, one: Participant, variant: Variant, name: str, mould: int) -> Entry:
        values = self.values(one, name)
        said = [__version__, self.manifest.output, self.manifest.date, *self.manifest.author, name]
        inner = self.moulds[mould].fingerprint(values)
        return Entry(
            number=one.number,
            person=one.name if one.cells else None,
            handle=one.handle,
            name=name,
            variant=variant,
            mould=mould,
            values=values,
            fingerprint=hashlib.sha256(json.dumps([*said, inner]).encode()).hexdigest(),
        )

    def values(self, one: Participant, name: str) -> dict[str, str]:
        """Return what the placeholders stand for in one repository."""
        return {
            **self.columns,
            **{f"participant.{column}": cell for column, cell in one.cells.items()},
            "participant.name": one.name,
            "participant.handle": one.handle,
            "participant.number": str(one.number),
            "project.name": name,
            "project.stack_name": stack_name(name),
            "project.name.lower": name.lower(),
            "project.stack_name.lower": stack_name(name).lower(),
            **self.shared,
        }

    # The templates --------------------------------------------------------------------------------------------

    def check(self, variants: list[Variant], made: list[dict[str, File]], entries: list[Entry]) -> None:
        """Prove what was made for the first of each variant, and have the translator look at each overlaid template."""
        users: dict[int, list[Entry]] = {}
        for entry in entries:
            users.setdefault(entry.mould, []).append(entry)
        for number, mould in enumerate(self.moulds):
            mine = users.get(number, [])
            if mine and number < len(made):
                moulds.prove(self.catalogue, variants[number].spec, made[number], mine[0].values)
            for commit in mould.commits:
                file = commit.files.get(project.TEMPLATE)
                if file and file.source:
                    self.translate(file, mine)
        self.stop()

    def translate(self, file: File, entries: list[Entry]) -> None:
        """Check an overlaid template: once, and where it says who somebody is, for each that it says otherwise of."""
        keys = [key for key in file.keys if key.startswith("participant.")]
        different = {tuple(one.values[key] for key in keys): one for one in reversed(entries)}
        for number, entry in enumerate(reversed(different.values())):
            text = file.fill(entry.values).decode(errors="replace")
            problems = findings.of_text(Path(file.source), text)
            whose = f"for {entry.person}: " if number and entry.person else ""
            self.problems += [replace(problem, message=whose + problem.message) for problem in problems]
            if problems and not number:
                return


def templates(mould: Mould, values: Mapping[str, str]) -> list[str]:
    """Return every text that the template of a repository has in its states, each once."""
    texts = [
        file.fill(values).decode(errors="replace")
        for commit in mould.commits
        if (file := commit.files.get(project.TEMPLATE))
    ]
    return list(dict.fromkeys(texts))


def refusals(texts: Iterable[str]) -> list[str]:
    """Return what the SAM translator has against templates, given as text."""
    return [problem.message for text in texts for problem in client.translate(text)]


def _steps(manifest: Manifest) -> str:
    """Return the steps as a list in Markdown, with what a participant needs to get to one."""
    if not manifest.steps:
        return ""
    solved = manifest.solutions != SEPARATE
    where = {GIT: "at the tag", FOLDER: "in the folder", ZIP: "in the folder"}[manifest.output]
    lines = []
    for number, step in enumerate(manifest.steps, 1):
        solution = f", its solution {where} `step-{number}-solution`" if solved and step.solution else ""
        lines.append(f"{number}. {step.name}: begins {where} `step-{number}-start`{solution}")
    if manifest.output != GIT:
        return "\n" + "\n".join(lines)
    catch_up = (
        "\n\nYou begin at `step-1-start`. To go on from a later one, commit what you have and begin a branch there:\n\n"
        '```bash\ngit add --all\ngit commit --message "As far as I got"\n'
        "git switch --create my-step-2-start step-2-start\n```"
    )
    return "\n" + "\n".join(lines) + (catch_up if len(manifest.steps) > 1 else "")


def _nobody(handle: str) -> Participant:
    return Participant(FilePosition(""), 0, "the organiser", handle)
