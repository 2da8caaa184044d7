"""``sam-scaffold validate``: what is wrong with a template, and with the Dockerfiles that it names."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scaffold.cli.console import Command, echo, output_option, result, show_problem
from scaffold.cli.edge import problem_row

if TYPE_CHECKING:
    from scaffold.errors import Problem


@click.command(
    cls=Command,
    examples=[
        ("The template in this folder", "sam-scaffold validate"),
        ("Another template", "sam-scaffold validate app.yaml"),
    ],
)
@click.argument("path", type=click.Path(path_type=Path), default=Path())
@output_option
@click.pass_context
def validate(ctx: click.Context, path: Path, output: str) -> None:
    """Check a template with the SAM translator, without a network or credentials, and the Dockerfiles that it names.

    PATH is a template, or a folder with a template.yaml. The exit code is 3 if there are problems; with warnings
    alone, about Dockerfiles, it is 0.
    """
    from scaffold import images  # noqa: PLC0415
    from scaffold.translator import findings  # noqa: PLC0415

    file, text = findings.read(path)
    of_images = images.findings_of(file, text)
    problems = [*findings.of_text(file, text), *(finding for finding in of_images if finding.is_error)]
    warnings = [finding for finding in of_images if not finding.is_error]
    if output == "json":
        result(good=not problems, findings=[_row(problem) for problem in problems], warnings=[*map(_row, warnings)])
    else:
        if not problems:
            echo(f"{click.style('Valid', fg='green')}: the SAM translator accepts {path}")
        for problem in problems:
            rule = f" [{_rule(problem)}]" if _rule(problem) else ""
            show_problem(replace(problem, message=f"{problem.message}{rule}"))
        for warning in warnings:
            show_problem(replace(warning, message=f"{warning.message} [{_rule(warning)}]"), "warning")
    ctx.exit(3 if problems else 0)


def _rule(problem: Problem) -> str:
    """Return the rule of Dockerfiles that a problem has; that of a template has none."""
    return str(getattr(problem, "rule", ""))


def _row(problem: Problem) -> dict[str, Any]:
    return {**problem_row(problem), **({"rule": _rule(problem)} if _rule(problem) else {})}
