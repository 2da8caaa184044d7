"""Joins the reports of a workshop's shards."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from scaffold.errors import InvalidAnswersError, Problem
from scaffold.workshop.push import FAILED, IN_USE, PUSHED
from scaffold.workshop.report import Report

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scaffold.workshop.outputs import Checksums
    from scaffold.workshop.report import Row

# From what serves a participant least to what serves them best.
_STATUSES = ("missing", "failed", "ready")
_PUSHES = (None, FAILED, PUSHED, IN_USE)


def join(reports: Sequence[Report]) -> Report:
    """Return the report of the whole workshop from those of all its shards, in any order.

    It is what a build without shards reports. Raises :class:`InvalidAnswersError` with everything that is wrong: shards
    that are missing, there twice, or of another workshop.
    """
    problems = [*_unlike(reports), *_incomplete(reports)]
    # A shard that is missing or there twice brings this along.
    problems = problems or [*_miscounted(reports)]
    reports = sorted(reports, key=_index)
    solutions: dict[str, Row] = {}
    for report in reports:
        for row in report.solutions:
            known = solutions.setdefault(row.repository, row)
            if {known.status, row.status} == {"ready"} and _checksums(known) != _checksums(row):
                message = f"{row.repository} of shard {report.shard} is not that of the shards before it"
                problems.append(_problem(message))
            # Every shard may have made it: one that could is enough.
            solutions[row.repository] = max(known, row, key=_rank)
    if problems:
        raise InvalidAnswersError(problems)
    first = reports[0]
    return Report(
        tool=first.tool,
        title=first.title,
        date=first.date,
        workshop=first.workshop,
        output=first.output,
        total=first.total,
        steps=first.steps,
        repositories=tuple(
            sorted((row for report in reports for row in report.repositories), key=lambda row: row.number)
        ),
        solutions=tuple(sorted(solutions.values(), key=lambda row: (row.number, row.repository))),
    )


def _problem(
    message: str, hint: str = "build the shard again, from the same manifest with the same version"
) -> Problem:
    return Problem(("shards",), message, hint)


def _index(report: Report) -> tuple[int, ...]:
    """Return a shard as two numbers, its own and how many there are."""
    return tuple(int(part) for part in report.shard.split("/")) if report.shard else ()


def _rank(row: Row) -> tuple[int, int]:
    return _STATUSES.index(row.status), _PUSHES.index(row.push)


def _checksums(row: Row) -> Checksums | None:
    return row.record.checksums if row.record else None


def _unlike(reports: Sequence[Report]) -> Iterable[Problem]:
    """Yield where reports are not of the same workshop as the first."""
    for report in reports[1:]:
        for field in ("tool", "title", "date", "workshop", "output", "total", "steps"):
            here, there = getattr(report, field), getattr(reports[0], field)
            if here != there:
                values = "" if field == "steps" else f": {here!r}, not {there!r}"
                yield _problem(f"shard {report.shard} has another {field} than shard {reports[0].shard}{values}")


def _incomplete(reports: Sequence[Report]) -> Iterable[Problem]:
    """Yield which shards are missing, there twice, or none at all."""
    if not reports:
        yield _problem("there is no report", "name the reports of all shards")
    if any(report.shard is None for report in reports):
        yield _problem("one report is of the whole workshop", "leave it out: only those of shards are joined")
    there = Counter(report.shard for report in reports if report.shard)
    for shard, times in there.items():
        if times > 1:
            yield _problem(f"shard {shard} is there {times} times", "name each report once")
    counts = sorted({_index(report)[1] for report in reports if report.shard})
    if len(counts) > 1:
        yield _problem(
            f"the reports are of workshops in {' and in '.join(map(str, counts))} shards", "join one at a time"
        )
        return
    for count in counts:
        expected = [f"{number}/{count}" for number in range(1, count + 1)]
        for shard in expected:
            if shard not in there:
                yield _problem(f"shard {shard} is missing", f"build it with --shard {shard}")
        for shard in sorted(there.keys() - set(expected)):
            yield _problem(f"shard {shard} is none of {count}", "leave it out")


def _miscounted(reports: Sequence[Report]) -> Iterable[Problem]:
    """Yield participants who are in several shards, or in none."""
    numbers = Counter(row.number for report in reports for row in report.repositories)
    for number in sorted(number for number, times in numbers.items() if times > 1):
        yield _problem(f"participant {number} is in {numbers[number]} places")
    if reports and len(numbers) != reports[0].total:
        yield _problem(f"the shards have {len(numbers)} participants, the workshop {reports[0].total}")
