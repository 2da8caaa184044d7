"""The stages of the Dockerfiles that layers write together: those that are missing, and those that are for nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scaffold import dockerfile_rules, layers
from scaffold.errors import Problem
from scaffold.team.written import at, layer_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from scaffold.team.written import Project, Source

_OUTPUT = re.compile(r"\{\{-?(.*?)-?\}\}", re.DOTALL)
_VALUE = re.compile(r" *cookiecutter\.(\w+) *")
_TAG = re.compile(r"\{%-?\s*(\w+).*?%\}|\{#.*?#\}", re.DOTALL)
_UNKNOWN = "unknown/image:0"  # in the place of what only Jinja could tell: no stage is called so
_DOCUMENT = "docs/catalogues.md has the names of the stages"


@dataclass(frozen=True)
class _Line:
    """A line of a Dockerfile: where it comes from, and whether it depends on a value."""

    file: Path
    number: int
    is_conditional: bool


def problems(project: Project) -> Iterator[tuple[Path, Problem]]:
    """Yield what is wrong with the stages of a project's Dockerfiles, each with the catalogue's file."""
    for name, sources in project.files.items():
        if name.rpartition("/")[2] == layers.DOCKERFILE:
            text, lines = _whole(sources)
            if text is not None:
                yield from _missing(project, text, lines)
                yield from _unused(project, text, lines)


def _missing(project: Project, text: str, lines: list[_Line]) -> Iterator[tuple[Path, Problem]]:
    for number, stage in dockerfile_rules.missing_stages(text):
        line = lines[number - 1]
        if line.is_conditional:
            continue  # the tests of a real project tell
        if project.is_own(line.file):
            message = f"there is no stage {stage} above"
            hint = f"begin it with FROM … AS {stage}; if it is an image, name its tag, too"
            yield line.file, Problem(at(line.file, line.number), message, hint)
            continue
        own = [other.file for other in lines if project.is_own(other.file)]
        base = project.root / "bases" / project.combination.base
        place = at(own[-1], 1) if own else at(base / "base.toml", 1)
        if own or base.is_dir():
            message = f"begins no stage {stage}, from which {layer_of(project.catalogue, line.file)} goes on"
            yield place_of(own, base), Problem(place, message, f"begin it with FROM … AS {stage}: {_DOCUMENT}")


def place_of(own: list[Path], base: Path) -> Path:
    """Return the file of the catalogue that lacks a stage: its last part of the Dockerfile, or the base's table."""
    return own[-1] if own else base / "base.toml"


def _unused(project: Project, text: str, lines: list[_Line]) -> Iterator[tuple[Path, Problem]]:
    like = project.catalogue.bases[project.combination.base].like
    for number, stage in dockerfile_rules.unused_stages(text):
        line = lines[number - 1]
        # One with a name may be built by whoever asks for it.
        if project.is_own(line.file) and (like or not stage):
            what = f"the stage {stage}" if stage else "this stage"
            hint = "give it the name of a stage that later ones go on from"
            hint = f'{hint}, or leave out like = "{like}", whose layers make the image' if like else hint
            message = f"{what} is no part of the image: no later one starts or copies from it"
            yield line.file, Problem(at(line.file, line.number), message, hint)


def _whole(sources: list[Source]) -> tuple[str | None, list[_Line]]:
    """Return the text that the parts of a Dockerfile make, and where its lines are from; none if it includes others."""
    texts: list[str] = []
    lines: list[_Line] = []
    for source in sources:
        text = source.file.read_text(encoding="utf-8", errors="replace")
        if "{% include" in text:
            return None, []
        plain = _plain(text, source.context).split("\n")
        texts += plain
        depths = _depths(text)
        lines += [_Line(source.file, number, depths[number - 1] > 0) for number in range(1, len(plain) + 1)]
    return "\n".join(texts), lines


def _plain(text: str, context: Mapping[str, Any]) -> str:
    """Return a template with plain values filled in, and without tags; its lines stay what they are."""

    def value(match: re.Match[str]) -> str:
        name = _VALUE.fullmatch(match[1])
        known = context.get(name[1]) if name else None
        return (known if isinstance(known, str) else _UNKNOWN) + "\n" * match[0].count("\n")

    return _OUTPUT.sub(value, _TAG.sub(lambda match: "\n" * match[0].count("\n"), text))


def _depths(text: str) -> list[int]:
    """Return, for each line of a template, in how many conditions and loops it is."""
    depths, depth = [], 0
    for line in text.split("\n"):
        words = [match[1] for match in _TAG.finditer(line) if match[1]]
        depth += sum(word in ("if", "for") for word in words)
        depths.append(depth)
        depth -= sum(word in ("endif", "endfor") for word in words)
    return depths
