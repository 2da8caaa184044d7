"""What repositories and their stacks are called, and the patterns that say so."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaffold.errors import FilePosition, Problem
from scaffold.spec import check_name, slug, stack_name
from scaffold.workshop import manifest as manifests
from scaffold.workshop.roster import Participant

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from scaffold.workshop.manifest import Manifest, Problems

PART = re.compile(r"\{([^{}]*)\}")
_CLONE_PARTS = ("name", "handle", "number")
# Words that YAML reads as something else than text where they stand alone, as a project's name may.
_YAML_WORDS = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}
_TAKEN = {"report.json", "report.csv", "index.html"}
_REPORT = re.compile(r"report-.*\.json")
MAX_TITLE = 40  # characters of the title's part in a name


def fill(pattern: str, parts: Mapping[str, str]) -> str:
    """Return a pattern with its parts filled in; what is none of them stays."""
    return PART.sub(lambda match: parts.get(match[1], match[0]), pattern)


def unknown(pattern: str, parts: Iterable[str]) -> list[tuple[str, str]]:
    """Return which parts of a pattern are none of ``parts``, each with what to do."""
    hint = f"one of {', '.join(f'{{{part}}}' for part in parts)}"
    return [(f"{{{part}}} stands for nothing", hint) for part in PART.findall(pattern) if part not in parts]


def address_problem(pattern: str) -> tuple[str, str] | None:
    """Return what is wrong with the address of a repository for each participant, and what to do; or ``None``."""
    if refusals := unknown(pattern, _CLONE_PARTS):
        return min(refusals)
    if not set(PART.findall(pattern)) & set(_CLONE_PARTS):
        return f"{pattern} is the same for everyone", "put {name} where the repository's name goes"
    return None


class Names:
    """The names of a workshop's repositories; what is wrong with them goes to ``problems``."""

    def __init__(self, manifest: Manifest, problems: Problems) -> None:
        self.manifest = manifest
        self.problems = problems
        self.slug = self._title()

    def _title(self) -> str:
        title = slug(self.manifest.title, max_length=MAX_TITLE, word_boundary=True)
        if not title:
            self.problems.at(["title"], f"of {self.manifest.title!r} no part of a name can be made", "use some letters")
        return title or "workshop"

    def check_patterns(self) -> bool:
        """Check the patterns of names and addresses; return whether names can be made."""
        before = len(self.problems)
        parts = PART.findall(self.manifest.name)
        for problem in unknown(self.manifest.name, manifests.NAME_PARTS):
            self.problems.at(["name"], *problem)
        if not {"handle", "number"} & set(parts):
            self.problems.at(
                ["name"], f"{self.manifest.name!r} is the same for everyone", "put {handle} or {number} into it"
            )
        named = len(self.problems) == before
        if self.manifest.clone and (refusal := address_problem(self.manifest.clone)):
            self.problems.at(["clone"], *refusal)
        return named

    def is_nameable(self, variants: Iterable[Mapping[str, str]]) -> bool:
        """Check that the pattern makes an allowed name of the shortest handle, so that a wrong one is told once.

        ``variants`` are what is known of each: its language and its package type.
        """
        shortest = Participant(FilePosition(""), 1, "", "a")
        problem = next((problem for facts in variants if (problem := check_name(self._fill(shortest, facts)))), None)
        if problem:
            if "name" in self.manifest.file.values:
                hint = "begin the pattern with a letter, for example w-{handle}, and keep it short"
            else:
                hint = "begin the title with a letter, or say how to name them, for example name: 'w-{title}-{handle}'"
            key = "name" if "name" in self.manifest.file.values else "title"
            self.problems.at([key], f"as the name of a repository {problem.message}", hint)
        return problem is None

    def _fill(self, participant: Participant, facts: Mapping[str, str]) -> str:
        parts = {key: facts[key].lower().replace("_", "-") for key in ("language", "package_type")}
        parts |= {"title": self.slug, "handle": participant.handle, "number": f"{participant.number:02}"}
        if not participant.number and "{handle}" not in self.manifest.name:
            parts["number"] = participant.handle  # that of the organiser's own
        return fill(self.manifest.name, parts)

    def name(self, position: FilePosition, participant: Participant, facts: Mapping[str, str]) -> str:
        """Return what a participant's repository is called.

        ``position`` is where the participant is named, ``facts`` are those of the variant.
        """
        name = self._fill(participant, facts)
        if not participant.handle:
            return name  # which was told already
        problem = check_name(name)
        if problem:
            hint = f"shorten the title, or the pattern name, or give a handle; {problem.hint}"
            self.problems.append(Problem(position, f"the repository of {participant.name}: {problem.message}", hint))
        elif name.lower() in _YAML_WORDS | _TAKEN or _REPORT.fullmatch(name.lower()):
            self.problems.append(
                Problem(
                    position, f"{name} cannot be a repository's name", "give another handle, or put {title} into name"
                )
            )
        return name

    def check_unique(self, names: Iterable[tuple[Participant, str]]) -> None:
        """Check that no two repositories, nor their stacks, have one name; case does not tell them apart."""
        first: dict[str, Participant] = {}
        for participant, name in names:
            other = first.setdefault(stack_name(name).lower(), participant)
            if other is participant:
                continue
            if not participant.number:
                message = f"{other.name} would have the repository {name}, as the organiser's with the solutions has"
                self.problems.append(Problem(other.position, message, "give another handle"))
            elif other.handle != participant.handle:  # else the roster told
                message = f"{participant.name} would have the repository {name}, as {other.name} has"
                self.problems.append(Problem(participant.position, message, "put {handle} into the pattern name"))
