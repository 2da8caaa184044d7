"""Makes what a plan says: whole or not at all, and again from where it was interrupted.

Each repository is made in a hidden folder beside its place and put there by one rename.
"""

from __future__ import annotations

import os
from contextlib import closing, suppress
from typing import TYPE_CHECKING

from scaffold import __version__
from scaffold.errors import ProjectExistsError, ScaffoldError
from scaffold.git_program import without_credentials
from scaffold.translator import client
from scaffold.workshop import plan as plans
from scaffold.workshop import push as pushing
from scaffold.workshop import records, workers
from scaffold.workshop.push import IN_USE, PUSHED
from scaffold.workshop.report import Report, Row, Step
from scaffold.workshop.task import Job, Outcome, Task

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from scaffold.workshop.plan import Entry, Plan
    from scaffold.workshop.report import Record

_NAMED = 10  # repositories that one message names


def build(  # noqa: PLR0913  each is a flag
    plan: Plan,
    out: Path,
    *,
    jobs: int = 1,
    shard: tuple[int, int] | None = None,
    push: str | None = None,
    rebuild: bool = False,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Report:
    """Make what is missing in ``out`` and return the report, which is written there as well.

    ``jobs`` is how many processes work; ``shard`` is (3, 10) for the third of ten parts; ``push`` the pattern of the
    addresses to push to; ``rebuild`` makes those again that differ from the plan; ``progress`` is called with how
    many are done and how many there are. One that fails does not stop the others: the report says why. Raises
    :class:`UsageError` where another build is at work there, :class:`ProjectExistsError` where repositories differ and
    ``rebuild`` is not set, and :class:`OutputError` where there is no git to push with, where processes die, or where
    the report cannot be written.
    """
    if push:
        pushing.require_git()
    client.stop()  # the plan is checked: from here on each process has a translator of its own
    entries = [entry for number, entry in enumerate(plan.entries) if not shard or number % shard[1] == shard[0] - 1]
    entries += plan.solutions if not shard or shard[0] == 1 else ()
    with records.locked(out):
        known = records.known(out)
        tasks = [_task(entry, out, known, push) for entry in entries]
        _check_rebuild(tasks, plan, out, rebuild=rebuild)
        todo = [task for task in tasks if _is_to_do(task)]
        outcomes = {task.name: Outcome(task.name, task.record) for task in tasks if not _is_to_do(task)}
        progress(len(outcomes), len(tasks))
        job = Job(out, plan.manifest.output, plan.manifest.author, plan.manifest.date, plan.templates)
        try:
            with closing(workers.run(job, todo, jobs)) as ended:
                for outcome in ended:
                    outcomes[outcome.name] = outcome
                    progress(len(outcomes), len(tasks))
        except BaseException:
            outcomes |= _unheard(out, todo, outcomes)
            # What was interrupted is what is to be told, even where the report cannot be written any more.
            with suppress(ScaffoldError):
                records.write_report(out, _report(plan, entries, outcomes, shard, push), known)
            raise
        report = _report(plan, entries, outcomes, shard, push)
        records.write_report(out, report, known)
        return report


# Before -----------------------------------------------------------------------------------------------------------


def _task(entry: Entry, out: Path, known: Mapping[str, Record], push: str | None) -> Task:
    record = known.get(entry.name)
    if record and not os.path.lexists(records.path_of(out, record)):
        record = None
    # The solutions are the organiser's: nothing pushes them where participants might look.
    remote = plans.fill_address(push, entry) if push and entry.number else None
    is_made = record is not None and record.fingerprint == entry.fingerprint
    return Task(entry.name, entry.template, entry.values, entry.fingerprint, remote, record, is_made)


def _is_to_do(task: Task) -> bool:
    """Return whether a repository is to be made, or one that was made is to be pushed."""
    if not task.is_made or task.remote is None or task.record is None:
        return not task.is_made
    is_there = task.record.push in {PUSHED, IN_USE}
    return not is_there or task.record.remote != without_credentials(task.remote)


def _check_rebuild(tasks: Sequence[Task], plan: Plan, out: Path, *, rebuild: bool) -> None:
    """Raise where what is there is not of this manifest and nobody said to make it again."""
    different = [task.name for task in tasks if task.record and not task.is_made]
    if different and not rebuild:
        more = f" and {len(different) - _NAMED} more" if len(different) > _NAMED else ""
        names = ", ".join(different[:_NAMED]) + more
        raise ProjectExistsError(
            f"{len(different)} of {len(tasks)} repositories in {out} differ from {plan.manifest.file.path}: {names}",
            "add --rebuild to make these again, or choose another --out",
        )


# Afterwards -------------------------------------------------------------------------------------------------------


def _unheard(out: Path, todo: Sequence[Task], outcomes: Mapping[str, Outcome]) -> dict[str, Outcome]:
    """Return what is there of tasks whose end nobody heard of."""
    unheard = {}
    for task in todo:
        if task.name not in outcomes:
            record = records.of(out, task.name) or task.record
            if record and os.path.lexists(records.path_of(out, record)):
                unheard[task.name] = Outcome(task.name, record)
    return unheard


def _report(
    plan: Plan,
    entries: Sequence[Entry],
    outcomes: Mapping[str, Outcome],
    shard: tuple[int, int] | None,
    push: str | None,
) -> Report:
    manifest = plan.manifest
    solutions = {entry.name for entry in plan.solutions}
    rows = [_row(plan, entry, outcomes.get(entry.name), push) for entry in entries]
    steps = []
    for number, step in enumerate(manifest.steps, 1):
        is_told = step.solution and not manifest.keeps_solutions
        steps.append(Step(step.name, f"step-{number}-start", f"step-{number}-solution" if is_told else None))
    return Report(
        tool=f"sam-scaffold {__version__}",
        title=manifest.title,
        date=manifest.date,
        workshop=plan.fingerprint,
        output=manifest.output,
        total=len(plan.entries),
        shard=f"{shard[0]}/{shard[1]}" if shard else None,
        steps=tuple(steps),
        repositories=tuple(row for row in rows if row.repository not in solutions),
        solutions=tuple(row for row in rows if row.repository in solutions),
    )


def _row(plan: Plan, entry: Entry, outcome: Outcome | None, push: str | None) -> Row:
    record = outcome.record if outcome else None
    error = outcome.error if outcome else None
    variant = entry.variant
    enter = f"cd {entry.name}"
    if plan.manifest.steps and not plan.output.has_tags:
        enter += "/step-1-start"
    return Row(
        number=entry.number,
        name=entry.person,
        handle=entry.handle,
        repository=entry.name,
        language=variant.facts["language"],
        runtime=variant.facts["runtime"],
        package_type=variant.facts["package_type"],
        stack_name=entry.stack_name,
        status="failed" if error else "ready" if record else "missing",
        error=error,
        clone=plan.output.command(entry.name, _address(plan, entry, push, record)),
        commands=tuple(line for line in (enter, variant.install, variant.test) if line),
        record=record,
    )


def _address(plan: Plan, entry: Entry, push: str | None, record: Record | None) -> str | None:
    """Return the address that a repository is fetched from, or ``None`` where it has none but its folder."""
    address = plan.clone_address(entry) if entry.number else None
    if address is None and record:
        address = record.remote
    if address is None and push and entry.number:
        address = without_credentials(plans.fill_address(push, entry))
    return address
