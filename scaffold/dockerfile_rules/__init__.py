"""What Lambda and ``sam build`` have against a Dockerfile, as far as its text tells.

Only what can be known is reported: what a base image holds that is neither AWS's nor a well-known public one is not
known, nor is the value of a variable that it sets. No engine is asked.
"""

from __future__ import annotations

from pathlib import Path

from scaffold.dockerfile_rules import building, files, starting
from scaffold.dockerfile_rules.judged import SOURCES, Finding, Image, Use
from scaffold.dockerfile_rules.syntax import parse
from scaffold.errors import FilePosition

__all__ = ["SOURCES", "Finding", "Use", "findings", "missing_stages", "unused_stages"]

_RULES = (
    *(building.stage, building.base_image_tag, building.architecture, building.buildkit, building.secret),
    *(starting.entry_point, starting.handler, starting.shell_form, starting.web_server),
    *(files.unreadable, files.user, files.read_only),
)


def findings(text: str, path: Path, use: Use | None = None) -> list[Finding]:
    """Return what is wrong with a Dockerfile, in the order of its lines.

    ``path`` is the file that the text came from, and ``use`` what is known of the function besides. Where Docker could
    not read the file, that is all.
    """
    image = Image(parse(text), path, use or Use())
    found = list(building.syntax(image)) or [finding for rule in _RULES for finding in rule(image)]
    return sorted(found, key=_line)


def missing_stages(text: str) -> list[tuple[int, str]]:
    """Return the names that a Dockerfile uses like those of stages and that no stage above has, each with its line.

    ``findings`` does not take all of them for mistakes: an image of the machine that builds may have such a name.
    """
    return sorted(building.no_stages(_image(text)))


def unused_stages(text: str) -> list[tuple[int, str]]:
    """Return the stages before the last that nothing takes anything from, with their lines; a name may be empty."""
    return [*building.unused_stages(_image(text))]


def _image(text: str) -> Image:
    return Image(parse(text), Path("Dockerfile"), Use())


def _line(finding: Finding) -> int:
    return finding.location.line or 0 if isinstance(finding.location, FilePosition) else 0
