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
    from scaffold.workshop.variants import Variant

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
    if wrong := unknown(pattern, _CLONE_PARTS):
        return min(wrong)
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

    def patterns(self) -> bool:
        """Check the patterns of names and addresses; return whether names can be made."""
        before = len(self.problems)
        parts = PART.findall(self.manifest.name)
        for wrong in unknown(self.manifest.name, manifests.NAME_PARTS):
            self.problems.at(["name"], *wrong)
        if not {"handle", "number"} & set(parts):
            self.problems.at(
                ["name"], f"{self.manifest.name!r} is the same for everyone", "put {handle} or {number} into it"
            )
        named = len(self.problems) == before
        if self.manifest.clone and (refusal := address_problem(self.manifest.clone)):
            self.problems.at(["clone"], *refusal)
        return named

    def is_nameable(self, variants: Iterable[Variant]) -> bool:
        """Check that the pattern of names makes an allowed one of the shortest handle: what is wrong is said once."""
        shortest = Participant(FilePosition(""), 1, "", "a")
        wrong = next((wrong for one in variants if (wrong := check_name(self._filled(shortest, one)))), None)
        if wrong:
            if "name" in self.manifest.file.values:
                hint = "begin the pattern with a letter, for example w-{handle}, and keep it short"
            else:
                hint = "begin the title with a letter, or say how to name them, for example name: 'w-{title}-{handle}'"
            said = ["name" if "name" in self.manifest.file.values else "title"]
            self.problems.at(said, f"as the name of a repository {wrong.message}", hint)
        return wrong is None

    def _filled(self, one: Participant, variant: Variant) -> str:
        parts = {key: variant.facts[key].lower().replace("_", "-") for key in ("language", "package_type")}
        parts |= {"title": self.slug, "handle": one.handle, "number": f"{one.number:02}"}
        if not one.number and "{handle}" not in self.manifest.name:
            parts["number"] = one.handle  # that of the organiser's own
        return fill(self.manifest.name, parts)

    def name(self, position: FilePosition, one: Participant, variant: Variant) -> str:
        """Return what a participant's repository is called; ``position`` is where the participant is named."""
        name = self._filled(one, variant)
        if not one.handle:
            return name  # which was told already
        wrong = check_name(name)
        if wrong:
            hint = f"shorten the title, or the pattern name, or give a handle; {wrong.hint}"
            self.problems.append(Problem(position, f"the repository of {one.name}: {wrong.message}", hint))
        elif name.lower() in _YAML_WORDS | _TAKEN or _REPORT.fullmatch(name.lower()):
            self.problems.append(
                Problem(
                    position, f"{name} cannot be a repository's name", "give another handle, or put {title} into name"
                )
            )
        return name

    def unique(self, drafts: list[tuple[Participant, Variant, str]]) -> None:
        """Check that no two repositories, nor their stacks, have one name; case does not tell them apart."""
        first: dict[str, Participant] = {}
        for one, _, name in drafts:
            other = first.setdefault(stack_name(name).lower(), one)
            if other is one:
                continue
            if not one.number:
                message = f"{other.name} would have the repository {name}, as the organiser's with the solutions has"
                self.problems.append(Problem(other.position, message, "give another handle"))
            elif other.handle != one.handle:  # else the roster told
                message = f"{one.name} would have the repository {name}, as {other.name} has"
                self.problems.append(Problem(one.position, message, "put {handle} into the pattern name"))
