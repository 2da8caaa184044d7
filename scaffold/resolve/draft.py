"""The answers for one function, on their way to a specification."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scaffold.errors import InternalError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scaffold.catalogue import Catalogue
    from scaffold.model import Language, Runtime
    from scaffold.spec import Answers, OwnCode


class Draft:
    """The answers for one function as far as they are checked and completed, which the steps of a resolution change.

    ``preview`` allows preview runtimes. ``problems`` is what is wrong with the answers, and ``missing`` is a problem
    for each required one that was not given. ``settings`` are those that were read, and ``own`` is the code that
    ``--handler`` leads to.
    """

    def __init__(self, catalogue: Catalogue, answers: Answers, *, preview: bool) -> None:
        self.catalogue = catalogue
        self.answers = answers
        self.preview = preview
        self.problems: list[Problem] = []
        self.missing: list[Problem] = []
        self.settings: dict[str, Any] = {}
        self.own: OwnCode | None = None

    def set(self, **values: Any) -> None:  # noqa: ANN401
        """Replace answers, by their names; ``None`` removes one."""
        self.answers = self.answers.with_values(**values)

    def refuse(self, name: str, message: str, hint: str = "", allowed: Iterable[str] = ()) -> None:
        """Add a problem with the answer ``name``; ``allowed`` are the values that it may have."""
        self.problems.append(Problem((name,), message, hint, tuple(allowed), self.answers.get(name)))

    def has_problem(self, *names: str) -> bool:
        """Return whether there is a problem with one of these answers."""
        return any(problem.location == (name,) for problem in self.problems for name in names)

    def language_and_runtime(self) -> tuple[Language | None, Runtime | None]:
        """Return language and runtime, or ``None`` for both unless both are known and free of problems."""
        is_missing = any(problem.location == ("runtime",) for problem in self.missing)
        if self.answers.language is None or is_missing or self.has_problem("runtime", "language", "base_image"):
            return None, None
        language = self.catalogue.languages[self.answers.language]
        return language, language.runtime(self.answers.runtime or "")

    def runtime_names(self) -> list[str]:
        """Return the names of the runtimes on offer, as people type them."""
        pairs = self.catalogue.offered_runtimes()
        return list(dict.fromkeys(language.cli_name(runtime) for language, runtime in pairs))


def known(value: str | None) -> str:
    """Return an answer that must be known by now."""
    if value is None:
        raise InternalError("an answer is still open")
    return value
