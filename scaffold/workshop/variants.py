"""The variants of a workshop: what a participant's language and package type pick."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from scaffold.errors import FilePosition, InternalError, InvalidAnswersError, Problem, TemplateError
from scaffold.resolve import resolve
from scaffold.spec import Answers, ProjectSpec
from scaffold.workshop import manifest as manifests
from scaffold.workshop import mould as moulds
from scaffold.workshop import roster as rosters

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scaffold.catalogue import Catalogue
    from scaffold.workshop.manifest import Manifest, Problems
    from scaffold.workshop.mould import File
    from scaffold.workshop.roster import Participant


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
        return frozenset(one.language for one in functions), frozenset(one.package_type for one in functions)


class Variants:
    """The variants of a manifest; what is wrong with them goes to ``problems``."""

    def __init__(self, catalogue: Catalogue, manifest: Manifest, problems: Problems) -> None:
        self.catalogue = catalogue
        self.manifest = manifest
        self.problems = problems

    def read(self) -> list[Variant | None]:
        """Return the variants, ``None`` for one that cannot be made."""
        wrong: list[tuple[int, Problem]] = []
        found = [self._variant(number, wrong) for number in range(len(self.manifest.variants))]
        for number, problem in wrong:
            # What all of them have in common is wrong in the answers, else it is what the variant adds to them.
            common = len([one for _, one in wrong if one == problem]) == len(found)
            self._refused(number, problem, common=common)
        for number, variant in enumerate(found):
            other = next((two for two in found[:number] if variant and two and variant.choices == two.choices), None)
            if variant and other:
                message = f"a roster cannot tell this from another variant that is {self._described(variant)}"
                self.problems.at(["variants", number], message, "keep one of each language and package type")
        return found

    def _variant(self, number: int, wrong: list[tuple[int, Problem]]) -> Variant | None:
        said = {**self.manifest.answers, **self.manifest.variants[number]}
        # Not this machine's architecture: every machine makes the same.
        answers = replace(Answers.from_values({"architecture": "x86_64", **said}), name=moulds.MARK)
        try:
            spec = resolve(self.catalogue, answers)
        except InvalidAnswersError as error:
            wrong += [(number, problem) for problem in error.problems]
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

    def _refused(self, number: int, problem: Problem, *, common: bool) -> None:
        """Note what is wrong with an answer of a variant, where it stands."""
        keys = problem.location
        if isinstance(keys, FilePosition):  # never of an answer
            raise InternalError(f"a problem with a variant lies in a file: {problem.name}")
        there = "variants" in self.manifest.file.values
        mine = keys[0] in self.manifest.variants[number] or not (common and keys[0] in self.manifest.answers)
        start: list[str | int] = ["variants", number] if mine and there else ["answers"]
        self.problems.at([*start, *keys], f"{problem.name}: {problem.message}", problem.hint)

    def generated(self, number: int, variant: Variant) -> dict[str, File]:
        """Return the files of a variant's project; what the answers ask for may turn out to be impossible."""
        try:
            return moulds.generated(self.catalogue, variant.spec)
        except InvalidAnswersError as error:
            for problem in error.problems:
                self._refused(number, problem, common=True)
        except TemplateError as error:
            place: list[str | int] = ["variants", number] if "variants" in self.manifest.file.values else ["answers"]
            self.problems.at(place, error.message, error.hint or "give each function its own name")
        return {}

    def pick(self, participants: Iterable[Participant], variants: list[Variant]) -> list[tuple[Participant, Variant]]:
        """Return the participants with their variants, but for those whose variant is not clear."""
        pairs = []
        if self.manifest.count is not None and len(variants) > 1:
            self.problems.at(["count"], "nobody says which variant is whose", "use a roster with a column language")
            return []
        allowed = "; ".join(dict.fromkeys(self._described(variant) for variant in variants))
        fits: dict[tuple[tuple[str, str], ...], list[Variant]] = {}
        for one in participants:
            said = tuple((key, cell) for key in ("language", "package_type") if (cell := one.cells.get(key)))
            if said not in fits:
                fits[said] = [variant for variant in variants if all(self._is_meant(variant, *pair) for pair in said)]
            fit = fits[said]
            if len(fit) == 1:
                pairs.append((one, fit[0]))
            elif said and not fit:
                words = " and ".join(f"{key} {rosters.short(cell)}" for key, cell in said)
                self.problems.append(Problem(one.position, f"there is no variant for {words}", f"there is {allowed}"))
            else:
                message = f"{one.name} may have any of {len(fit)} variants"
                hint = f"say which in a column language or package_type: {allowed}"
                self.problems.append(Problem(one.position, message, hint))
        return pairs

    def _is_meant(self, variant: Variant, key: str, cell: str) -> bool:
        for function in variant.spec.functions:
            names = {getattr(function, key).lower()}
            if key == "language":
                names.add(self.catalogue.languages[function.language].title.lower())
            if cell.lower() in names:
                return True
        return False

    def _described(self, variant: Variant) -> str:
        return f"{variant.facts['language']} {variant.facts['package_type']}"
