"""Manifest and roster in, everything that is to be made out: checked before anything is written."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from scaffold import __version__, advice, project, unnamed
from scaffold.errors import FilePosition, InvalidAnswersError, ScaffoldError
from scaffold.paths import COOKIECUTTERS
from scaffold.translator import findings
from scaffold.workshop import manifest as manifests
from scaffold.workshop import names, outputs, overlays
from scaffold.workshop import roster as rosters
from scaffold.workshop.contents import Commit, RepositoryTemplate, file_of
from scaffold.workshop.manifest import Manifest, Problems
from scaffold.workshop.names import Names
from scaffold.workshop.overlays import Overlay, Overlays
from scaffold.workshop.roster import Participant
from scaffold.workshop.variants import Variant, Variants

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scaffold.catalogue import Catalogue
    from scaffold.placeholders import File
    from scaffold.workshop.outputs import Output


@dataclass(frozen=True)
class Entry:
    """One repository that is to be made: whose, from which of the plan's templates, with which values.

    ``person`` is the participant's name as the roster has it, ``None`` where there is only a number.
    """

    number: int
    person: str | None
    handle: str
    name: str
    variant: Variant
    template: int
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
    templates: tuple[RepositoryTemplate, ...]
    entries: tuple[Entry, ...]
    solutions: tuple[Entry, ...]
    fingerprint: str
    notices: tuple[str, ...]
    warnings: tuple[str, ...]

    @property
    def output(self) -> Output:
        """What each participant gets."""
        return outputs.named(self.manifest.output)

    def clone_address(self, entry: Entry) -> str | None:
        """Return the address that a participant clones from, or ``None`` where the manifest names none."""
        return fill_address(self.manifest.clone, entry) if self.manifest.clone else None


def fill_address(pattern: str, entry: Entry) -> str:
    """Return an address with the name, the handle and the number of a repository filled in."""
    return names.fill(pattern, {"name": entry.name, "handle": entry.handle, "number": str(entry.number)})


def make(catalogue: Catalogue, path: Path) -> Plan:
    """Return the plan of the manifest at ``path``.

    Raises :class:`OutputError` for a file that cannot be read, and :class:`InvalidAnswersError` with every problem at
    once: of the manifest, the roster, the variants and the overlays, each at its position; and of the templates, for
    which all of the former have to be right.
    """
    return _Planner(catalogue, manifests.read(catalogue, path)).plan()


@dataclass(frozen=True)
class _Draft:
    """A repository of which there is only its owner, its variant and its name yet."""

    owner: Participant
    variant: Variant
    name: str


class _Planner:
    """One walk from a manifest to a plan, collecting problems."""

    def __init__(self, catalogue: Catalogue, manifest: Manifest) -> None:
        self.catalogue = catalogue
        self.manifest = manifest
        self.problems = Problems(manifest.file)
        self.names = Names(manifest, self.problems)
        self.variants = Variants(catalogue, manifest, self.problems)
        self.templates: list[RepositoryTemplate] = []
        self.generated: list[dict[str, File]] = []  # the generated files of each template, without overlays
        self.notices: list[str] = []
        self.columns: dict[str, str] = {}  # an empty value for each column of the roster
        self.shared = {
            "workshop.title": manifest.title,
            "workshop.date": manifest.date,
            "workshop.steps": _steps(manifest),
        }

    def plan(self) -> Plan:
        manifest = self.manifest
        self.problems += manifests.check(manifest)
        has_names = self.names.check_patterns()
        participants = self.participants()
        columns = {f"participant.{column}" for participant in participants or () for column in participant.cells}
        self.columns = dict.fromkeys(sorted(columns), "")
        variants = self.variants.read()
        ready = [variant for variant in variants if variant]
        pairs = self.variants.pick(participants or (), ready) if len(ready) == len(variants) else []
        drafts: list[_Draft] = []
        organisers: list[_Draft] = []
        if has_names and self.names.is_nameable(variant.facts for variant in ready):
            drafts = [self.draft(participant.position, participant, variant) for participant, variant in pairs]
            organisers = self.organisers(ready) if self.separate else []
            self.names.check_unique((draft.owner, draft.name) for draft in [*drafts, *organisers])
        layers = self.overlays(variants, has_roster=participants is not None)
        self.stop()

        projects = [self.variants.render(number, variant) for number, variant in enumerate(ready)]
        self.stop()
        rows = list(zip(projects, layers, strict=True))
        self.templates = [self.template(files, parts) for files, parts in rows]
        self.templates += [self.template(files, parts, whole=True) for files, parts in rows if self.separate]
        self.stop()
        numbers = {id(variant): number for number, variant in enumerate(ready)}
        entries = [self.entry(draft, numbers[id(draft.variant)]) for draft in drafts]
        solutions = [self.entry(draft, len(ready) + numbers[id(draft.variant)]) for draft in organisers]
        self.check(ready, projects, [*entries, *solutions])
        digest = hashlib.sha256(json.dumps([manifest.title, manifest.output, manifest.clone]).encode())
        for entry in [*entries, *solutions]:
            digest.update(f"{entry.name}\0{entry.fingerprint}\0".encode())
        warnings = [line for variant in ready for line in advice.warnings(self.catalogue, variant.spec)]
        return Plan(
            manifest=manifest,
            slug=self.names.slug,
            templates=tuple(self.templates),
            entries=tuple(entries),
            solutions=tuple(solutions),
            fingerprint=digest.hexdigest(),
            notices=tuple(self.notices),
            warnings=tuple(dict.fromkeys(warnings)),
        )

    def stop(self) -> None:
        """Raise the problems that there are by now, each once."""
        if self.problems:
            raise InvalidAnswersError(list(dict.fromkeys(self.problems)))

    @property
    def separate(self) -> bool:
        """Whether the organiser has repositories with the solutions, and the participants have none."""
        return self.manifest.keeps_solutions and any(step.solution for step in self.manifest.steps)

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

    def draft(self, position: FilePosition, owner: Participant, variant: Variant) -> _Draft:
        return _Draft(owner, variant, self.names.name(position, owner, variant.facts))

    def organisers(self, variants: list[Variant]) -> list[_Draft]:
        """Return the repositories with the solutions, one for each variant."""
        drafts = []
        languages = [variant.facts["language"] for variant in variants]
        position = self.manifest.file.position(["solutions"])
        for number, variant in enumerate(variants):
            language = variant.facts["language"]
            suffix = f"-{language}" if len(variants) > 1 else ""
            suffix += f"-{number + 1}" if languages.count(language) > 1 else ""
            drafts.append(self.draft(position, _organiser(f"solutions{suffix}"), variant))
        return drafts

    # What is made ---------------------------------------------------------------------------------------------

    def overlays(self, variants: Sequence[Variant | None], *, has_roster: bool) -> list[list[Overlay]]:
        """Return the overlays of each variant; where the roster cannot be read, nobody knows its columns."""
        keys = self.values(_organiser(""), "a")

        def is_known(key: str) -> bool:
            return key in keys or (not has_roster and key.startswith("participant."))

        reader = Overlays(self.manifest, self.problems, is_known, keys)
        layers = [reader.of(variant.facts) if variant else [] for variant in variants]
        self.notices += reader.notices
        return layers

    def template(self, files: dict[str, File], layers: Sequence[Overlay], *, whole: bool = False) -> RepositoryTemplate:
        """Return the commits of a variant; ``whole`` has the solutions even where they are separate."""
        readme = (COOKIECUTTERS / "workshop/README.md").read_text(encoding="utf-8")
        addition = file_of(f"\n{readme}".encode())
        files = {**files, "README.md": replace(files["README.md"], parts=files["README.md"].parts + addition.parts)}
        self.generated.append(files)
        below = dict(files)
        commits: list[Commit] = []
        for layer in layers:
            self.problems += overlays.conflicts(below, layer.files)
            below |= layer.files
            if not layer.step:
                commits.append(Commit(f"{self.manifest.title}: the project", None, {**files, **layer.files}))
                continue
            step = self.manifest.steps[layer.step - 1]
            if not layer.is_solution:
                message, tag = f"Step {layer.step}, start: {step.name}", f"step-{layer.step}-start"
            elif step.solution is not None and (whole or not self.separate):
                message, tag = f"Step {layer.step}, solution: {step.name}", f"step-{layer.step}-solution"
            else:
                continue
            commits.append(Commit(message, tag, layer.files))
        start = len(commits) - 1 if whole and self.separate else min(1, len(self.manifest.steps))
        return RepositoryTemplate(tuple(commits), start)

    def entry(self, draft: _Draft, template: int) -> Entry:
        owner, name = draft.owner, draft.name
        values = self.values(owner, name)
        values |= unnamed.blob_ids(self.generated[template], values)
        own = [__version__, self.manifest.output, self.manifest.date, *self.manifest.author, name]
        contents = self.templates[template].fingerprint(values)
        return Entry(
            number=owner.number,
            person=owner.name if owner.cells else None,
            handle=owner.handle,
            name=name,
            variant=draft.variant,
            template=template,
            values=values,
            fingerprint=hashlib.sha256(json.dumps([*own, contents]).encode()).hexdigest(),
        )

    def values(self, owner: Participant, name: str) -> dict[str, str]:
        """Return what the placeholders stand for in one repository."""
        return {
            **self.columns,
            **{f"participant.{column}": cell for column, cell in owner.cells.items()},
            "participant.name": owner.name,
            "participant.handle": owner.handle,
            "participant.number": str(owner.number),
            **unnamed.values(name),
            **self.shared,
        }

    # The templates --------------------------------------------------------------------------------------------

    def check(
        self, variants: Sequence[Variant], projects: Sequence[Mapping[str, File]], entries: Sequence[Entry]
    ) -> None:
        """Prove the project of the first of each variant; have the translator look at each template of an overlay."""
        users: dict[int, list[Entry]] = {}
        for entry in entries:
            users.setdefault(entry.template, []).append(entry)
        for number, template in enumerate(self.templates):
            from_template = users.get(number, [])
            if from_template and number < len(projects):
                unnamed.prove(self.catalogue, variants[number].spec, projects[number], from_template[0].values)
            for commit in template.commits:
                file = commit.files.get(project.TEMPLATE)
                if file and file.source:
                    self.translate(file, from_template)
        self.stop()

    def translate(self, file: File, entries: Sequence[Entry]) -> None:
        """Check a template.yaml of an overlay: once, and where it names participants, for each that it differs for."""
        keys = [key for key in file.keys if key.startswith("participant.")]
        different = {tuple(entry.values[key] for key in keys): entry for entry in reversed(entries)}
        for number, entry in enumerate(reversed(different.values())):
            text = file.fill(entry.values).data.decode(errors="replace")
            problems = findings.of_text(Path(file.source), text)
            whose = f"for {entry.person}: " if number and entry.person else ""
            self.problems += [replace(problem, message=whose + problem.message) for problem in problems]
            if problems and not number:
                return


def _steps(manifest: Manifest) -> str:
    """Return the steps as a list in Markdown, with what a participant needs to get to one."""
    if not manifest.steps:
        return ""
    has_tags = outputs.named(manifest.output).has_tags
    where = "at the tag" if has_tags else "in the folder"
    lines = []
    for number, step in enumerate(manifest.steps, 1):
        is_told = step.solution and not manifest.keeps_solutions
        solution = f", its solution {where} `step-{number}-solution`" if is_told else ""
        lines.append(f"{number}. {step.name}: begins {where} `step-{number}-start`{solution}")
    catch_up = _CATCH_UP if has_tags and len(manifest.steps) > 1 else ""
    return "\n" + "\n".join(lines) + catch_up


_CATCH_UP = """

You begin at `step-1-start`. To go on from a later one, commit what you have and begin a branch there:

```bash
git add --all
git commit --message "As far as I got"
git switch --create my-step-2-start step-2-start
```"""


def _organiser(handle: str) -> Participant:
    return Participant(FilePosition(""), 0, "the organiser", handle)
