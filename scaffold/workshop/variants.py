"""The variants of a workshop: what a participant's language and package type pick."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from scaffold import team_defaults, unnamed
from scaffold.contexts import context
from scaffold.errors import FilePosition, InternalError, InvalidAnswersError, Problem, TemplateError
from scaffold.resolve import resolve
from scaffold.spec import Answers, ProjectSpec
from scaffold.workshop import manifest as manifests
from scaffold.workshop import roster as rosters

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scaffold.catalogue import Catalogue
    from scaffold.placeholders import File
    from scaffold.workshop.manifest import Manifest, Problems
    from scaffold.workshop.roster import Participant

_CHOICES = ("language", "package_type")  # columns of a roster that pick a variant


@dataclass(frozen=True)
class Variant:
    """What a participant's language and package type pick: a project without its name, and how to begin with it."""

    spec: ProjectSpec
    facts: dict[str, str]
    install: str
    test: str

    @property
    def choices(self) -> tuple[frozenset[str], frozenset[str]]:
        """The languages and the package types that a roster may pick it by."""
        functions = self.spec.functions
        return (
            frozenset(function.language for function in functions),
            frozenset(function.package_type for function in functions),
        )

    def __str__(self) -> str:
        return f"{self.facts['language']} {self.facts['package_type']}"


class Variants:
    """The variants of a manifest; what is wrong with them goes to ``problems``."""

    def __init__(self, catalogue: Catalogue, manifest: Manifest, problems: Problems) -> None:
        self.catalogue = catalogue
        self.manifest = manifest
        self.problems = problems

    def read(self) -> list[Variant | None]:
        """Return the variants, ``None`` for one that cannot be made."""
        refusals: list[tuple[int, Problem]] = []
        variants = [self._variant(number, refusals) for number in range(len(self.manifest.variants))]
        for number, problem in refusals:
            # What all of them have in common is wrong in the answers, else it is what the variant adds to them.
            common = sum(other == problem for _, other in refusals) == len(variants)
            self._refuse(number, problem, common=common)
        for number, variant in enumerate(variants):
            if variant and any(other and other.choices == variant.choices for other in variants[:number]):
                message = f"a roster cannot tell this from another variant that is {variant}"
                self.problems.at(["variants", number], message, "keep one of each language and package type")
        return variants

    def _variant(self, number: int, refusals: list[tuple[int, Problem]]) -> Variant | None:
        values = {**self.manifest.answers, **self.manifest.variants[number]}
        # Not this machine's architecture: every machine makes the same.
        answers = replace(Answers.from_values({"architecture": "x86_64", **values}), name=unnamed.STAND_IN)
        answers = answers.with_defaults(team_defaults.fitting(self.catalogue, answers))
        try:
            spec = resolve(self.catalogue, answers)
        except InvalidAnswersError as error:
            refusals += [(number, problem) for problem in error.problems]
            return None
        contexts = [context(self.catalogue, spec, function) for function in spec.functions]
        install = dict.fromkeys(line for values in contexts for line in values["install"])
        test = dict.fromkeys(line for values in contexts for line in values["test"])
        return Variant(
            spec=spec,
            facts={part: str(getattr(spec.functions[0], part)) for part in manifests.PATH_PARTS},
            install=" && ".join(install),
            test=" && ".join(test),
        )

    def _refuse(self, number: int, problem: Problem, *, common: bool) -> None:
        """Note what is wrong with an answer of a variant, where it is written."""
        keys = problem.location
        if isinstance(keys, FilePosition):  # never of an answer
            raise InternalError(f"a problem with a variant lies in a file: {problem.name}")
        is_own = keys[0] in self.manifest.variants[number] or not (common and keys[0] in self.manifest.answers)
        start = self._keys(number) if is_own else ["answers"]
        self.problems.at([*start, *keys], f"{problem.name}: {problem.message}", problem.hint)

    def _keys(self, number: int) -> list[str | int]:
        """Return where a variant is written in the manifest."""
        return ["variants", number] if "variants" in self.manifest.file.values else ["answers"]

    def render(self, number: int, variant: Variant) -> dict[str, File]:
        """Return the files of a variant's project; what the answers ask for may turn out to be impossible."""
        try:
            return unnamed.render(self.catalogue, variant.spec)
        except InvalidAnswersError as error:
            for problem in error.problems:
                self._refuse(number, problem, common=True)
        except TemplateError as error:
            self.problems.at(self._keys(number), error.message, error.hint or "give each function its own name")
        return {}

    def pick(self, participants: Iterable[Participant], variants: list[Variant]) -> list[tuple[Participant, Variant]]:
        """Return the participants with their variants, but for those whose variant is not clear."""
        if self.manifest.count is not None and len(variants) > 1:
            self.problems.at(["count"], "nobody says which variant is whose", "use a roster with a column language")
            return []
        pairs = []
        offered = "; ".join(dict.fromkeys(map(str, variants)))
        fitting: dict[tuple[tuple[str, str], ...], list[Variant]] = {}
        for participant in participants:
            wishes = tuple((key, cell) for key in _CHOICES if (cell := participant.cells.get(key)))
            if wishes not in fitting:
                fitting[wishes] = [
                    variant for variant in variants if all(self._fits(variant, *wish) for wish in wishes)
                ]
            fits = fitting[wishes]
            if len(fits) == 1:
                pairs.append((participant, fits[0]))
                continue
            if wishes and not fits:
                words = " and ".join(f"{key} {rosters.short(cell)}" for key, cell in wishes)
                message, hint = f"there is no variant for {words}", f"there is {offered}"
            else:
                message = f"{participant.name} may have any of {len(fits)} variants"
                hint = f"say which in a column language or package_type: {offered}"
            self.problems.append(Problem(participant.position, message, hint))
        return pairs

    def _fits(self, variant: Variant, key: str, cell: str) -> bool:
        for function in variant.spec.functions:
            names = {getattr(function, key).lower()}
            if key == "language":
                names.add(self.catalogue.languages[function.language].title.lower())
            if cell.lower() in names:
                return True
        return False
