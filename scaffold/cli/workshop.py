"""The commands of workshops: arguments in, text or JSON out."""

from __future__ import annotations

import datetime as dt
import os
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scaffold.cli.catalogues import catalogue, catalogue_option
from scaffold.cli.console import (
    Command,
    Group,
    debug_option,
    echo,
    output_option,
    progress_bar,
    result,
    say,
    table,
)
from scaffold.cli.edge import show_findings
from scaffold.errors import InvalidAnswersError, UsageError

if TYPE_CHECKING:
    from scaffold.workshop.plan import Plan
    from scaffold.workshop.report import Report

MANIFEST = "workshop.yaml"
_SHOWN = 20  # repositories that are named one by one


@click.group(cls=Group)
@debug_option
def workshop() -> None:
    """Make a repository for each participant of a workshop.

    One manifest and a roster become a ready repository for each participant, the same on every run.
    """


_file = click.argument("file", type=click.Path(path_type=Path), default=Path(MANIFEST))
_folder = click.argument("folder", type=click.Path(path_type=Path))


def _processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


_jobs = click.option(
    "-j", "--jobs", type=click.IntRange(1), default=_processors, help="How many processes work.  [one a processor]"
)


@workshop.command(
    cls=Command,
    short_help="Write a workshop to start from.",
    examples=[
        ("In a folder of its own", "sam-scaffold workshop new serverless-day"),
        ("With a title", 'sam-scaffold workshop new serverless-day --title "Serverless in a day"'),
    ],
)
@click.argument("folder", type=click.Path(path_type=Path), default=Path("workshop"))
@click.option("--title", default="Serverless in a day", show_default=True, help="What the workshop is called.")
@output_option
def new(folder: Path, title: str, output: str) -> None:
    """Write a workshop to start from into FOLDER.

    It is a manifest with comments, a roster, instructions, and three exercises in two languages. It can be built as
    it is.
    """
    from scaffold.workshop import example  # noqa: PLC0415

    if not title.strip() or any(ord(character) < 32 or character in "<>" for character in title):  # noqa: PLR2004
        raise UsageError("--title is one line of text without < and >", "for example --title 'Serverless in a day'")
    files = example.write(folder, title, dt.date.today().isoformat())  # noqa: DTZ011  a person's calendar day
    if output == "json":
        result(folder=str(folder.absolute()), files=files)
        return
    echo(f"{click.style('Made', fg='green')} {folder}. Its {MANIFEST} says what can be said.")
    name = shlex.quote(str(folder / MANIFEST))
    echo(f"\nNext:\n  sam-scaffold workshop check {name}\n  sam-scaffold workshop build {name}")


@workshop.command(
    cls=Command,
    short_help="Check a manifest, its roster and its overlays.",
    examples=[
        ("The one in this folder", "sam-scaffold workshop check"),
        ("Another", "sam-scaffold workshop check day/"),
    ],
)
@_file
@catalogue_option
@output_option
@click.pass_context
def check(ctx: click.Context, file: Path, output: str) -> None:
    """Check a manifest, its roster, its overlays and every template that comes of them.

    FILE is a manifest, or a folder with a workshop.yaml. Exits with 3 where there is something to mend.
    """
    try:
        plan = _plan(file)
    except InvalidAnswersError as error:
        ctx.exit(show_findings(error.problems, output, good=""))
    _tell(plan)
    counts: dict[str, Any] = {
        "participants": len(plan.entries),
        "variants": len({id(entry.variant) for entry in plan.entries}),
        "steps": len(plan.manifest.steps),
    }
    if output == "json":
        result(**counts, repositories=[entry.name for entry in plan.entries])
        return
    first, last = plan.entries[0].name, plan.entries[-1].name
    echo(
        f"{click.style('Valid', fg='green')}: {plan.manifest.title}, {_counted(counts)}. "
        f"Repositories {first} to {last}. The SAM translator accepts their templates."
    )


@workshop.command(
    cls=Command,
    short_help="Make the repositories.",
    examples=[
        ("For the manifest in this folder", "sam-scaffold workshop build"),
        (
            "Push each to a remote that exists",
            "sam-scaffold workshop build --push 'git@git.example.com:day/{name}.git'",
        ),
        ("The third tenth of a large roster", "sam-scaffold workshop build --shard 3/10 --out shard-3"),
        ("Those again that the manifest no longer makes so", "sam-scaffold workshop build --rebuild"),
    ],
)
@_file
@click.option(
    "-o", "--out", metavar="DIR", type=click.Path(file_okay=False, path_type=Path),
    help="The folder to make them in.  [the workshop's title]",
)  # fmt: skip
@_jobs
@click.option("--shard", metavar="N/COUNT", help="Make one part of COUNT; `workshop merge` joins them.")
@click.option("--push", metavar="ADDRESS", help="Push each to its remote; {name}, {handle} and {number} are filled in.")
@click.option("--rebuild", is_flag=True, help="Make those again that differ from what the manifest says now.")
@catalogue_option
@output_option
@click.pass_context
def build(  # noqa: PLR0913, PLR0917  click hands over an argument an option
    ctx: click.Context,
    file: Path,
    out: Path | None,
    jobs: int,
    shard: str | None,
    push: str | None,
    output: str,
    *,
    rebuild: bool,
) -> None:
    """Make a repository for each participant.

    FILE is a manifest, or a folder with a workshop.yaml. What is whole is left alone, so the same command finishes
    what was interrupted. A remote whose participant has gone on from what was made is left alone. Exits with 1 where a
    repository could not be made or pushed; the report says why.
    """
    part = _part(shard)
    from scaffold.workshop import build as builder  # noqa: PLC0415
    from scaffold.workshop import report_files  # noqa: PLC0415

    plan = _plan(file)
    _tell(plan)
    if push:
        _check_address(push, plan)
    out = out or Path(plan.slug)
    try:
        with progress_bar("Making repositories") as progress:
            report = builder.build(plan, out, jobs=jobs, shard=part, push=push, rebuild=rebuild, progress=progress)
    except KeyboardInterrupt:
        echo(f"Interrupted. What is made in {out} stays; the same command makes the rest.", err=True)
        ctx.exit(130)
    good = _show(report, out, output, f"{click.style('Made', fg='green')} {out}")
    if output == "text" and report.shard is None:
        page, sheet = out / report_files.HTML, out / report_files.CSV
        echo(f"\n{page} is the page for the participants, {sheet} the same as a table.")
    ctx.exit(0 if good else 1)


@workshop.command(
    cls=Command,
    short_help="Say what became of the repositories.",
    examples=[("Those in a folder", "sam-scaffold workshop status serverless-in-a-day")],
)
@_folder
@output_option
@click.pass_context
def status(ctx: click.Context, folder: Path, output: str) -> None:
    """Say what the report in FOLDER tells: how many repositories are ready, and which are not.

    Exits with 1 where some are not.
    """
    from scaffold.workshop import report as reports  # noqa: PLC0415

    report = reports.read(folder)
    ctx.exit(0 if _show(report, folder, output, str(folder)) else 1)


@workshop.command(
    cls=Command,
    short_help="Find what has changed in the repositories.",
    examples=[("In those of a folder", "sam-scaffold workshop verify serverless-in-a-day")],
)
@_folder
@_jobs
@output_option
@click.pass_context
def verify(ctx: click.Context, folder: Path, jobs: int, output: str) -> None:
    """Compare the repositories in FOLDER with its report, byte by byte.

    Exits with 3 where something has changed.
    """
    from scaffold.workshop import verify as verifier  # noqa: PLC0415

    with progress_bar("Comparing") as progress:
        problems = verifier.folder(folder, jobs=jobs, progress=progress)
    good = f"{click.style('Unchanged', fg='green')}: everything in {folder} is as it was made"
    ctx.exit(show_findings(problems, output, good=good))


@workshop.command(
    cls=Command,
    short_help="Join the reports of shards.",
    examples=[
        ("Shards that were made in one folder", "sam-scaffold workshop merge serverless-in-a-day"),
        ("Shards in folders of their own", "sam-scaffold workshop merge shard-1 shard-2 --out serverless-in-a-day"),
    ],
)
@click.argument(
    "folders",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path),
    metavar="FOLDER...",
)
@click.option(
    "-o", "--out", metavar="DIR", type=click.Path(file_okay=False, path_type=Path),
    help="Where all of it goes.  [FOLDER, if there is one]",
)  # fmt: skip
@output_option
@click.pass_context
def merge(ctx: click.Context, folders: tuple[Path, ...], out: Path | None, output: str) -> None:
    """Join the reports of all shards, and the repositories where they lie in several folders.

    The result is what a build without shards makes, byte for byte.
    """
    from scaffold.workshop import merge as merger  # noqa: PLC0415

    if out is None and len(folders) > 1:
        raise UsageError(
            "--out is missing: the shards lie in several folders", "name the folder that all of them go to"
        )
    out = out or folders[0]
    with progress_bar("Joining") as progress:
        report = merger.merge(folders, out, progress)
    ctx.exit(0 if _show(report, out, output, f"{click.style('Joined', fg='green')} {out}") else 1)


# Shared ---------------------------------------------------------------------------------------------------------


def _plan(file: Path) -> Plan:
    from scaffold.translator import client  # noqa: PLC0415

    client.start()
    from scaffold.workshop import plan as plans  # noqa: PLC0415

    return plans.make(catalogue(), file)


def _tell(plan: Plan) -> None:
    for line in [*plan.notices, *plan.warnings]:
        say("Warning", line, "yellow")


def _part(shard: str | None) -> tuple[int, int] | None:
    if shard is None:
        return None
    match = re.fullmatch(r"([1-9][0-9]{0,4})/([1-9][0-9]{0,4})", shard)
    if not match or int(match[1]) > int(match[2]):
        raise UsageError(f"--shard {shard!r} is no part of a whole", "for example --shard 3/10: the third of ten")
    return int(match[1]), int(match[2])


def _check_address(push: str, plan: Plan) -> None:
    from scaffold.git_program import without_credentials  # noqa: PLC0415
    from scaffold.workshop import names, outputs  # noqa: PLC0415

    if not plan.output.can_push:
        able = " and ".join(name for name in outputs.names() if outputs.named(name).can_push)
        raise UsageError(f"--push is for {able}, and the manifest says output: {plan.manifest.output}", "leave one out")
    refusal = names.address_problem(without_credentials(push))
    if refusal:
        raise UsageError(f"--push {refusal[0]}", refusal[1])


def _show(report: Report, folder: Path, output: str, head: str) -> bool:
    """Print what became of the repositories; return whether all is well."""
    from scaffold.workshop import report as reports  # noqa: PLC0415
    from scaffold.workshop.push import FAILED  # noqa: PLC0415

    counts: dict[str, Any] = reports.summary(report)
    failures = [
        {
            "repository": row.repository,
            "participant": row.name,
            "status": row.status,
            "error": row.error or row.push_error,
        }
        for row in report.rows
        if row.status != "ready" or row.push == FAILED
    ]
    if output == "json":
        file = str(folder.absolute() / reports.file_name(report.shard))
        result(good=not failures, report=file, **counts, failures=failures)
        return not failures
    words = [f"{counts['ready']} of {counts['total']} repositories are ready"]
    words += [f"{counts[key]} {word}" for key, word in _WORDS.items() if counts[key]]
    words += [f"{len(report.solutions)} with the solutions"] if report.solutions else []
    echo(f"{head}: {report.title}, {', '.join(words)}.")
    if failures:
        table(("repository", "participant", "status", "error"), failures[:_SHOWN])
    if len(failures) > _SHOWN:
        echo(f"and {len(failures) - _SHOWN} more, in {folder / reports.file_name(report.shard)}")
    return not failures


_WORDS = {
    "failed": "failed",
    "missing": "missing",
    "pushed": "pushed",
    "in_use": "in use already",
    "push_failed": "not pushed",
}


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{number} {key if number != 1 else key[:-1]}" for key, number in counts.items())
