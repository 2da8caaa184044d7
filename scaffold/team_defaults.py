"""The defaults of teams' catalogues: answers that count where nothing else says one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaffold.resolve import examine
from scaffold.spec import Answers

if TYPE_CHECKING:
    from collections.abc import Collection

    from scaffold.catalogue import Catalogue


def fitting(
    catalogue: Catalogue,
    given: Answers,
    *,
    preview: bool = False,
    defaults: bool = False,
    without: Collection[str] = (),
) -> Answers:
    """Return those of a team's defaults that go together with the answers that were given.

    Others are left out, such as a dependency manager of another language than the one that was asked for, and those
    ``without`` names. The other arguments are those of :func:`scaffold.resolve.examine`.
    """
    values = {
        name: value for name, value in catalogue.defaults.items() if given.get(name) is None and name not in without
    }
    if not values:
        return Answers()

    def problems(chosen: Answers) -> set[object]:
        return {*examine(catalogue, given.with_defaults(chosen), preview=preview, defaults=defaults).problems}

    known = problems(Answers())
    whole = Answers.from_values(values)
    if problems(whole) <= known:
        return whole
    chosen = Answers()
    for name, value in sorted(values.items(), key=lambda item: _rank(item[0])):
        more = chosen.with_values(**{name: value})
        if problems(more) <= known:
            chosen = more
    return chosen


# Of answers that do not go together, the first one in this order counts.
_ORDER = ("app_template", "language", "runtime", "package_type", "base_image", "dependency_manager", "architecture")


def _rank(name: str) -> int:
    return _ORDER.index(name) if name in _ORDER else len(_ORDER)
