"""``sam-scaffold list``: what can be created."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from scaffold.catalogue import AWS_IMAGES
from scaffold.cli.catalogues import catalogue, catalogue_option
from scaffold.cli.console import Command, Group, debug_option, echo, output_option, table
from scaffold.model import BLOCKED, CATEGORIES, DEPRECATED, PREVIEW, SUPPORTED, base_image_name
from scaffold.spec import AMAZON

if TYPE_CHECKING:
    from datetime import date


@click.group("list", cls=Group)
@debug_option
def list_() -> None:
    """List what can be created: runtimes, templates, base images, or every combination."""


_STATUS_STYLE = {SUPPORTED: "green", DEPRECATED: "yellow", PREVIEW: "cyan", BLOCKED: "red"}


@list_.command("runtimes", cls=Command, examples=[("As JSON", "sam-scaffold list runtimes --output json")])
@click.option("--all", "show_all", is_flag=True, help="Include blocked runtimes, and those without a template.")
@catalogue_option
@output_option
def list_runtimes(output: str, *, show_all: bool) -> None:
    """List the Lambda runtimes with their dates, newest first in each language."""
    rows = [
        {
            "runtime": language.cli_name(runtime),
            "language": language.title,
            "status": runtime.status(catalogue().today),
            "os": runtime.os,
            "architectures": list(runtime.architectures),
            "base_image": base_image_name(language, runtime) if runtime.image else None,
            "deprecated": _iso(runtime.deprecated),
            "block_create": _iso(runtime.block_create),
            "block_update": _iso(runtime.block_update),
            "has_template": bool(language.use_cases()),
        }
        for language in catalogue().languages.values()
        for runtime in language.runtimes
        if show_all or (language.use_cases() and runtime.status(catalogue().today) != BLOCKED)
    ]
    if output == "json":
        echo(json.dumps(rows))
        return
    columns = ("runtime", "language", "status", "os", "architectures", "deprecated", "block_create")
    table(columns, rows, styles={"status": _STATUS_STYLE})


@list_.command("templates", cls=Command, examples=[("As JSON", "sam-scaffold list templates --output json")])
@catalogue_option
@output_option
def list_templates(output: str) -> None:
    """List the templates, with their names in sam init --app-template."""
    languages = catalogue().languages.values()
    rows = [
        {
            "template": case.id,
            "title": case.title,
            "summary": case.summary,
            "category": case.category,
            "languages": [language.id for language in languages if case.id in language.use_cases()],
            "sam_init": [row["id"] for row in case.identifiers],
        }
        for case in catalogue().use_cases.values()
    ]
    if output == "json":
        echo(json.dumps(rows))
        return
    count = sum(bool(language.use_cases()) for language in languages)
    for row in rows:
        row["category"] = CATEGORIES[str(row["category"])]
        row["languages"] = "all" if len(row["languages"]) == count else row["languages"]
    table(("category", "template", "summary", "languages", "sam_init"), rows)


@list_.command("bases", cls=Command, examples=[("As JSON", "sam-scaffold list bases --output json")])
@catalogue_option
@output_option
def list_bases(output: str) -> None:
    """List the base images, and the runtimes they have been tested with.

    For each runtime listed as tested, the tests build an image, run it as Lambda does and invoke it.
    """
    rows = [
        {
            "base_image": name if name != AMAZON else f"{AMAZON}/<runtime>-base",
            "language": language.title,
            "image": base.image.format_map(_Placeholders(aws_image=f"{AWS_IMAGES}/…")),
            "runtimes": list(
                dict.fromkeys(
                    runtime.id
                    for runtime in language.runtimes
                    if runtime.status(catalogue().today) != BLOCKED
                    if name in catalogue().bases_for(language, runtime)
                )
            ),
            "tested": list(base.tested),
            "untested": base.untested or None,
        }
        for name in catalogue().bases
        for language in catalogue().languages.values()
        if (base := language.bases.get(name))
    ]
    if output == "json":
        echo(json.dumps(rows))
        return
    reasons = {f"{row['language']} on {row['base_image']}": row["untested"] for row in rows if row["untested"]}
    for row in rows:
        row["tested"] = row["tested"] or "untested"
    table(("base_image", "language", "runtimes", "tested"), rows, styles={"tested": {"untested": "yellow"}})
    for combination, reason in reasons.items():
        echo(f"{combination} is untested: {reason}.")


@list_.command("cells", cls=Command, examples=[("Only those for images", "sam-scaffold list cells image")])
@click.argument("parts", nargs=-1)
@catalogue_option
@output_option
def list_cells(parts: tuple[str, ...], output: str) -> None:
    """List every combination of template, package type, language, runtime and dependency manager.

    Lists only those with all PARTS in their names, in any order.
    """
    rows = [
        {
            "cell": str(cell),
            "template": cell.use_case,
            "package_type": cell.package_type,
            "language": cell.language,
            "runtime": cell.runtime,
            "dependency_manager": cell.dependency_manager,
        }
        for cell in catalogue().find("/".join(parts))
    ]
    if output == "json":
        echo(json.dumps(rows))
        return
    table(("template", "package_type", "language", "runtime", "dependency_manager"), rows)


class _Placeholders(dict[str, str]):
    """Values for ``str.format_map`` that show an unknown ``{name}`` as ``<name>``."""

    def __missing__(self, key: str) -> str:
        return f"<{key}>"


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
