"""The page for the participants: who has which repository, and how to begin.

Whatever comes from a roster is data. It is escaped, and there is no way in for markup.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
from typing import TYPE_CHECKING, Any

from scaffold import paths
from scaffold.workshop import outputs
from scaffold.workshop.push import FAILED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scaffold.workshop.report import Report, Row

PAGE = paths.COOKIECUTTERS / "workshop" / "index.html"
_FILLED = re.compile(r"<!-- (?P<block>\w+) -->(?P<inside>.*?)<!-- end (?P=block) -->|\[\[(?P<mark>\w+)\]\]", re.DOTALL)
# What changes the direction of the text after it, out of its element too; and what is nothing to see.
_UNSEEN: dict[int, str | None] = {
    **dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A))),
    **{code: "\ufffd" for code in (*range(0x20), *range(0x7F, 0xA0)) if code not in {0x09, 0x0A}},
}
_TITLES = {"Image": "container image", "Zip": "Zip package"}
_FAILED = ("Not ready", "This one could not be made. Please tell your organiser.")
_MISSING = ("Not made yet", "Please look here again later, or ask your organiser.")
_UNPUSHED = ("Not online yet", "It could not be published, so fetching it may fail. Please tell your organiser.")


def page(report: Report) -> str:
    """Return the page for the participants: ``cookiecutters/workshop/index.html``, filled in.

    The organiser's solutions and the text of errors are not on it.
    """
    text = PAGE.read_text(encoding="utf-8")
    output = outputs.named(report.output)
    varying, shared = _variety(report)
    count = len(report.repositories)
    behind = sum(_state(row) is not None for row in report.repositories)
    steps = [
        {
            "name": step.name,
            "start": step.start,
            "solution": [{"solution": step.solution}] if step.solution else [],
        }
        for step in report.steps
    ]
    return _fill(
        text,
        {
            "style_hash": _hash(text, "style"),
            "script_hash": _hash(text, "script"),
            "title": report.title,
            "date": report.date,
            "count": f"{count:,} {'repository' if count == 1 else 'repositories'}",
            "shared": [{"fact": _TITLES.get(fact, fact)} for fact in shared],
            "behind": [{"behind": f"{behind:,} of {count:,} not ready yet"}] if behind else [],
            "instructions": [{"instruction": text} for text in output.instructions],
            "exercises": [{"tags": [{"step": steps}] if output.has_tags else [],
                           "folders": [] if output.has_tags else [{"step": steps}]}] if steps else [],
            "person": [_person(row, varying) for row in report.repositories],
        },
    )  # fmt: skip


def _person(row: Row, varying: tuple[str, ...]) -> dict[str, Any]:
    state = _state(row)
    facts = [getattr(row, field) for field in varying]
    commands = [command for command in (row.clone, *row.commands) if command] if row.status == "ready" else []
    return {
        "handle": row.handle,
        "name": row.name or row.handle,
        "repository": row.repository,
        "facts": [{"facts": ", ".join(_TITLES.get(fact, fact) for fact in facts)}] if facts else [],
        "state": [{"state": state[0]}] if state else [],
        "reason": [{"reason": state[1]}] if state else [],
        "commands": [{"command": [{"command": command} for command in commands]}] if commands else [],
    }


def _state(row: Row) -> tuple[str, str] | None:
    """Return what keeps a participant from beginning, in two words and in a sentence."""
    if row.status != "ready":
        return _FAILED if row.status == "failed" else _MISSING
    return _UNPUSHED if row.push == FAILED else None


def _variety(report: Report) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the fields in which the repositories differ, and the values that all of them share."""
    values = {
        field: sorted({getattr(row, field) for row in report.repositories}) for field in ("runtime", "package_type")
    }
    varying = tuple(field for field, different in values.items() if len(different) > 1)
    return varying, tuple(different[0] for different in values.values() if len(different) == 1)


def _fill(text: str, values: Mapping[str, Any]) -> str:
    """Fill in a text: ``[[mark]]`` with a value, and what is between ``<!-- block -->`` and its end once for each item.

    Every value is escaped: there is no way in for markup. What was filled in is not looked at again.
    """

    def replacement(match: re.Match[str]) -> str:
        if match["mark"]:
            return html.escape(str(values[match["mark"]]).translate(_UNSEEN), quote=True)
        return "".join(_fill(match["inside"], item) for item in values[match["block"]])

    return _FILLED.sub(replacement, text)


def _hash(text: str, element: str) -> str:
    """Return what the page's policy allows an inline style or script by."""
    inside = text.partition(f"<{element}>")[2].partition(f"</{element}>")[0]
    return base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode("ascii")
