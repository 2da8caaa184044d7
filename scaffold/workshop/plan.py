"""Manifest and roster in, everything that is to be made out: checked before anything is written."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from scaffold import __version__, project, validate
from scaffold.errors import InvalidAnswersError, Problem, ScaffoldError
from scaffold.paths import COOKIECUTTERS
from scaffold.resolve import resolve
from scaffold.spec import Answers, ProjectSpec, check_name
from scaffold.workshop import manifest as manifests
from scaffold.workshop import mould as moulds
from scaffold.workshop import roster as rosters
from scaffold.workshop.manifest import FOLDER, GIT, SEPARATE, ZIP, Manifest
from scaffold.workshop.mould import Commit, File, Mould
from scaffold.workshop.roster import Participant

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from scaffold.catalogue import Catalogue

_PART = re.compile(r"\{([^{}]*)\}")
_CLONE_PARTS = ("name", "handle", "number")
# Words that YAML reads as something else than text where they stand alone, as a project's name may.
_YAML_WORDS = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}
_TAKEN = {"report.json", "report.csv", "index.html"}
MAX_TITLE = 40  # characters of the title's part in a name


@dataclass(frozen=True)
class Variant:
    """What a participant's language and package type pick: a project without its name, and how to begin with it."""

    spec: ProjectSpec
    facts: dict[str, str]
    install: str
    test: str


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
    return _fill(pattern, {"name": entry.name, "handle": entry.handle, "number": str(entry.number)})


def address_problem(pattern: str) -> tuple[str, str] | None:
    """Return what is wrong with the address of a repository for each participant, and what to do; or ``None``."""
    unknown = sorted(set(_PART.findall(pattern)) - set(_CLONE_PARTS))
    if unknown:
        return f"{{{unknown[0]}}} stands for nothing", f"one of {_braced(_CLONE_PARTS)}"
    if not set(_PART.findall(pattern)) & set(_CLONE_PARTS):
        return f"{pattern} is the same for everyone", "put {name} where the repository's name goes"
    return None


def make(catalogue: Catalogue, path: Path) -> Plan:
    """Return the plan of the manifest at ``path``.

    Raises :class:`OutputError` and :class:`UsageError` for a file that cannot be read, and
    :class:`InvalidAnswersError` with every problem at once: of the manifest, the roster, the variants and the
    overlays, each at its place; and of the templates, for which all of the former have to be right.
    """
    return _Planner(catalogue, manifests.read(path)).plan()


class _Planner:
    """One walk from a manifest to a plan, collecting problems."""

    def __init__(self, catalogue: Catalogue, manifest: Manifest) -> None:
        self.catalogue = catalogue
        self.manifest = manifest
        self.problems: list[Problem] = []
        self.overlays: dict[Path, dict[str, File]] = {}
        self.moulds: list[Mould] = []
        self.notices: list[str] = []
        self.slug = self.title()
        self.columns: dict[str, str] = {}

    def problem(self, steps: Sequence[str | int], message: str, hint: str = "") -> None:
        self.problems.append(Problem(self.manifest.file.place(steps), message, hint))

    def plan(self) -> Plan:
        manifest = self.manifest
        self.patterns()
        participants = self.participants()
        self.columns = {f"participant.{column}": "" for one in participants for column in one.cells}
        variants = self.variants()
        known = {*self.values(_nobody(""), "a")}
        pairs = self.pick(participants, [one for one in variants if one]) if all(variants) else []
        drafts = [(one, variant, self.name(one.place, one, variant)) for one, variant in pairs]
        self.unique(drafts)
        layers = [self.layers(one, known) if one else [] for one in variants]
        if self.problems:
            raise InvalidAnswersError(list(dict.fromkeys(self.problems)))

        ready = [one for one in variants if one]
        numbers = {id(one): number for number, one in enumerate(ready)}
        made = [moulds.generated(self.catalogue, one.spec) for one in ready]
        rows = list(zip(made, layers, strict=True))
        self.moulds = [self.mould(files, parts) for files, parts in rows]
        entries = [self.entry(one, variant, name, numbers[id(variant)]) for one, variant, name in drafts]
        organisers = []
        if self.separate:
            self.moulds += [self.mould(files, parts, whole=True) for files, parts in rows]
            organisers = self.organisers(ready)
        self.check(ready, made, [*entries, *organisers])
        digest = hashlib.sha256(json.dumps([manifest.title, manifest.output, manifest.clone]).encode())
        for entry in [*entries, *organisers]:
            digest.update(f"{entry.name}\0{entry.fingerprint}\0".encode())
        return Plan(
            manifest=manifest,
            slug=self.slug,
            moulds=tuple(self.moulds),
            entries=tuple(entries),
            solutions=tuple(organisers),
            fingerprint=digest.hexdigest(),
            notices=tuple(self.notices),
            warnings=tuple(dict.fromkeys(line for one in ready for line in self.catalogue.warnings(one.spec))),
        )

    @property
    def separate(self) -> bool:
        """Whether the organiser has repositories with the solutions, and the participants have none."""
        return self.manifest.solutions == SEPARATE and any(one.solution for one in self.manifest.steps)

    # The manifest ---------------------------------------------------------------------------------------------

    def title(self) -> str:
        from slugify import slugify  # noqa: PLC0415  its tables take time to load

        title = slugify(self.manifest.title, max_length=MAX_TITLE, word_boundary=True)
        if not title:
            self.problem(["title"], f"of {self.manifest.title!r} no part of a name can be made", "use some letters")
        return title or "workshop"

    def patterns(self) -> None:
        parts = _PART.findall(self.manifest.name)
        for part in [part for part in parts if part not in manifests.NAME_PARTS]:
            self.problem(["name"], f"{{{part}}} stands for nothing", f"one of {_braced(manifests.NAME_PARTS)}")
        if not {"handle", "number"} & set(parts):
            self.problem(
                ["name"], f"{self.manifest.name!r} is the same for everyone", "put {handle} or {number} into it"
            )
        if self.manifest.clone and (wrong := address_problem(self.manifest.clone)):
            self.problem(["clone"], *wrong)

    def participants(self) -> list[Participant]:
        if self.manifest.count is not None:
            return rosters.numbered(self.manifest.count, self.manifest.file.line(["count"]))
        path = self.manifest.folder / str(self.manifest.roster)
        try:
            participants, self.notices = rosters.read(path)
        except InvalidAnswersError as error:
            self.problems += error.problems
        except ScaffoldError as error:
            self.problem(["roster"], error.message, error.hint)
        else:
            return participants
        return []

    def variants(self) -> list[Variant | None]:
        return [self.variant(number, row) for number, row in enumerate(self.manifest.variants)]

    def variant(self, number: int, row: Mapping[str, Any]) -> Variant | None:
        said = {**self.manifest.answers, **row}
        # Not this machine's architecture: every machine makes the same.
        answers = replace(Answers.of({"architecture": "x86_64", **said}), name=moulds.MARK)
        try:
            spec = resolve(self.catalogue, answers)
        except InvalidAnswersError as error:
            for problem in error.problems:
                steps = [int(step) if step.isdigit() else step for step in problem.field.split(".")]
                where = ["variants", number] if not steps or steps[0] in row else ["answers"]
                missing = steps[0] not in said
                start = (
                    where if not missing else (["variants", number] if "variants" in self.manifest.file.values else [])
                )
                self.problem([*start, *steps], f"{problem.field}: {problem.message}", problem.hint)
            return None
        function = spec.functions[0]
        contexts = [self.catalogue.context(spec, one) for one in spec.functions]
        install = dict.fromkeys(line for context in contexts for line in context["install"])
        test = dict.fromkeys(line for context in contexts for line in context["test"])
        return Variant(
            spec=spec,
            facts={part: str(getattr(function, part)) for part in manifests.PATH_PARTS},
            install=" && ".join(install),
            test=" && ".join(test),
        )

    # The participants -----------------------------------------------------------------------------------------

    def pick(self, participants: Iterable[Participant], variants: list[Variant]) -> list[tuple[Participant, Variant]]:
        pairs = []
        if self.manifest.count is not None and len(variants) > 1:
            self.problem(["count"], "nobody says which variant is whose", "use a roster with a column language")
            return []
        for one in participants:
            said = {key: cell for key in ("language", "package_type") if (cell := one.cells.get(key))}
            fit = [variant for variant in variants if all(self.is_meant(variant, *pair) for pair in said.items())]
            allowed = "; ".join(dict.fromkeys(self.described(variant) for variant in variants))
            if len(fit) == 1:
                pairs.append((one, fit[0]))
            elif said and not fit:
                words = " and ".join(f"{key} {cell!r}" for key, cell in said.items())
                self.problems.append(Problem(one.place, f"there is no variant for {words}", f"there is {allowed}"))
            else:
                message = f"{one.name} may have any of {len(fit)} variants"
                hint = f"say which in a column language or package_type: {allowed}"
                self.problems.append(Problem(one.place, message, hint))
        return pairs

    def is_meant(self, variant: Variant, key: str, cell: str) -> bool:
        for function in variant.spec.functions:
            names = {getattr(function, key).lower()}
            if key == "language":
                names.add(self.catalogue.languages[function.language].title.lower())
            if cell.lower() in names:
                return True
        return False

    def described(self, variant: Variant) -> str:
        return f"{variant.facts['language']} {variant.facts['package_type']}"

    def name(self, place: str, one: Participant, variant: Variant) -> str:
        parts = {key: variant.facts[key].lower().replace("_", "-") for key in ("language", "package_type")}
        width = max(2, len(str(one.number)))
        parts |= {"title": self.slug, "handle": one.handle, "number": f"{one.number:0{width}}"}
        name = _fill(self.manifest.name, parts)
        wrong = check_name(name)
        if wrong:
            hint = f"shorten the title, or the pattern name, or give a handle; {wrong.hint}"
            self.problems.append(Problem(place, f"the repository of {one.name}: {wrong.message}", hint))
        elif name.lower() in _YAML_WORDS | _TAKEN:
            self.problems.append(Problem(place, f"{name} cannot be a repository's name", "give another handle"))
        return name

    def unique(self, drafts: list[tuple[Participant, Variant, str]]) -> None:
        """Check that no two repositories, nor their stacks, have one name; case does not tell them apart."""
        first: dict[str, Participant] = {}
        for one, _, name in drafts:
            other = first.setdefault(_stack(name).lower(), one)
            if other is not one and other.handle != one.handle:
                message = f"{one.name} would have the repository {name}, as {other.name} has"
                self.problems.append(Problem(one.place, message, "put {handle} into the pattern name"))

    # What is made ---------------------------------------------------------------------------------------------

    def layers(self, variant: Variant, known: Iterable[str]) -> list[tuple[str, dict[str, File]]]:
        """Return the overlays of a variant, each with what it is: overlay, starter or solution, in their order."""
        rows: list[tuple[str, str | None, list[str | int]]] = [("overlay", self.manifest.overlay, ["overlay"])]
        for number, step in enumerate(self.manifest.steps):
            rows.append(("starter", step.starter, ["steps", number, "starter"]))
            rows.append(("solution", step.solution, ["steps", number, "solution"]))
        return [(kind, self.overlay(text, steps, variant, known) if text else {}) for kind, text, steps in rows]

    def overlay(self, text: str, steps: list[str | int], variant: Variant, known: Iterable[str]) -> dict[str, File]:
        unknown = [part for part in _PART.findall(text) if part not in manifests.PATH_PARTS]
        if unknown:
            self.problem(steps, f"{{{unknown[0]}}} stands for nothing", f"one of {_braced(manifests.PATH_PARTS)}")
            return {}
        folder = self.manifest.folder / _fill(text, variant.facts)
        if folder not in self.overlays:
            if not folder.is_dir():
                self.problem(steps, f"{folder} is no folder", "make it, or name another")
                return {}
            self.overlays[folder], problems = moulds.overlay(folder, known)
            self.problems += problems
        return self.overlays[folder]

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

    def organisers(self, variants: list[Variant]) -> list[Entry]:
        """Return the repositories with the solutions, one for each variant."""
        found = []
        languages = [one.facts["language"] for one in variants]
        for number, variant in enumerate(variants):
            language = variant.facts["language"]
            suffix = f"-{language}" if len(variants) > 1 else ""
            suffix += f"-{number + 1}" if languages.count(language) > 1 else ""
            nobody = _nobody(f"solutions{suffix}")
            name = self.name(self.manifest.file.line(["solutions"]), nobody, variant)
            found.append(self.entry(nobody, variant, name, len(variants) + number))
        return found

    def values(self, one: Participant, name: str) -> dict[str, str]:
        """Return what the placeholders stand for in one repository."""
        return {
            **self.columns,
            **{f"participant.{column}": cell for column, cell in one.cells.items()},
            "participant.name": one.name,
            "participant.handle": one.handle,
            "participant.number": str(one.number),
            "project.name": name,
            "project.stack_name": _stack(name),
            "project.name.lower": name.lower(),
            "project.stack_name.lower": _stack(name).lower(),
            "workshop.title": self.manifest.title,
            "workshop.date": self.manifest.date,
            "workshop.steps": _steps(self.manifest),
        }

    # The templates --------------------------------------------------------------------------------------------

    def check(self, variants: list[Variant], made: list[dict[str, File]], entries: list[Entry]) -> None:
        """Prove what was made for the first of each variant, and have the translator look at each overlaid template."""
        names: dict[str, str] = {}
        for entry in entries:
            other = names.setdefault(entry.stack_name.lower(), entry.handle)
            if other != entry.handle:
                self.problem(["name"], f"{entry.name} is the repository of {other} and of {entry.handle}", "rename one")
        for variant, files in zip(variants, made, strict=True):
            for entry in [one for one in entries if one.variant is variant][:1]:
                moulds.prove(self.catalogue, variant.spec, files, entry.values)
        for number, mould in enumerate(self.moulds):
            overlaid = [file for one in mould.commits if (file := one.files.get(project.TEMPLATE)) and file.source]
            for entry in [one for one in entries if one.mould == number][:1]:
                for file in overlaid:
                    self.translate(file, entry.values)
        if self.problems:
            raise InvalidAnswersError(list(dict.fromkeys(self.problems)))

    def translate(self, file: File, values: Mapping[str, str]) -> None:
        text = file.fill(values).decode(errors="replace")
        for row in project.located(self.manifest.folder / file.source, text):
            self.problems.append(Problem(f"{file.source}:{row.line}:{row.column}", row.message, row.hint))


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
    return [finding.message for text in texts for finding in validate.findings(text)]


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
    return Participant("", 0, "the organiser", handle)


def _stack(name: str) -> str:
    return re.sub(r"[._]+", "-", name)


def _fill(pattern: str, parts: Mapping[str, str]) -> str:
    return _PART.sub(lambda match: parts.get(match[1], match[0]), pattern)


def _braced(parts: Iterable[str]) -> str:
    return ", ".join(f"{{{part}}}" for part in parts)
