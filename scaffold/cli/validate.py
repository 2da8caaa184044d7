"""``sam-scaffold validate``: what is wrong with a template."""

from __future__ import annotations

from pathlib import Path

import click

from scaffold.cli.console import Command, echo, output_option, result, show_problem
from scaffold.cli.edge import problem_row


@click.command(
    cls=Command,
    short_help="Check a template with the SAM translator.",
    examples=[
        ("The template in this folder", "sam-scaffold validate"),
        ("Another template", "sam-scaffold validate app.yaml"),
    ],
)
@click.argument("path", type=click.Path(path_type=Path), default=Path())
@output_option
@click.pass_context
def validate(ctx: click.Context, path: Path, output: str) -> None:
    """Check a template with the SAM translator, without a network or credentials.

    PATH is a template, or a folder with a template.yaml. The exit code is 3 if there are problems.
    """
    from scaffold.translator import findings  # noqa: PLC0415

    problems = findings.of_file(path)
    if output == "json":
        result(good=not problems, findings=[problem_row(problem) for problem in problems])
    elif not problems:
        echo(f"{click.style('Valid', fg='green')}: the SAM translator accepts {path}")
    for problem in problems if output == "text" else ():
        show_problem(problem)
    ctx.exit(3 if problems else 0)
