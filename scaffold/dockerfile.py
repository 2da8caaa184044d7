"""Reads and changes the text of a Dockerfile: its stages, build arguments and labels, its images and its mounts.

https://docs.docker.com/reference/dockerfile/
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_FROM = re.compile(r"^FROM\s+(?P<image>\S+)(?:\s+AS\s+(?P<stage>\S+))?[ \t]*$", re.IGNORECASE | re.MULTILINE)
_ARG = re.compile(r"^ARG\s+(?P<name>\w+)(?:=(?P<image>\S+))?", re.IGNORECASE | re.MULTILINE)
_COPY = re.compile(r"^COPY\s+--from=(?P<image>\S+)", re.IGNORECASE | re.MULTILINE)
# An instruction goes on where a line ends with a backslash.
_RUN = re.compile(r"^RUN\s+(?P<commands>(?:.*\\\n)*.*)$", re.IGNORECASE | re.MULTILINE)
_CMD = re.compile(r"^CMD\s.*$", re.IGNORECASE | re.MULTILINE)
_COMMENTED_CMD = re.compile(r"^(?:#.*\n)*CMD\s.*$", re.IGNORECASE | re.MULTILINE)
_LAYER_TO_FILL_IN = re.compile(r"^# (.+)\n#COPY layers/\d+/ /opt/\n", re.MULTILINE)
_LAYERS_COMMENT = (
    "# An image has no Lambda layers. Put what is in each beside this file, and take the # from its line:",
    "# aws lambda get-layer-version-by-arn --arn ARN --query Content.Location gives the address of its Zip.",
)
_VARIABLE = re.compile(r"\$\{?(\w+)\}?")
_COMMAND_END = re.compile(r"&&|\|\||;")
_NO_IMAGE = "scratch"  # https://docs.docker.com/build/building/base-images/#create-a-minimal-base-image-using-scratch


@dataclass(frozen=True)
class Mounts:
    """What BuildKit mounts for some commands.

    ``caches`` are folders that stay for the next build. ``secrets`` has, for each secret by its id, the file that it is
    in. ``without`` are flags that the commands then do without, since they forbid a cache or expect it in a layer.
    """

    commands: Sequence[str]
    caches: Sequence[str] = ()
    secrets: Mapping[str, str] = field(default_factory=dict)
    locked: bool = False  # whether one build at a time may use the caches
    without: Sequence[str] = ()

    def serves(self, command: str) -> bool:
        """Return whether a command is one of those."""
        return any(f"{command} ".startswith(f"{name} ") for name in self.commands)

    def options(self) -> list[str]:
        """Return the options of ``RUN``. A secret that is not passed to the build is not there, which is no error."""
        sharing = ",sharing=locked" if self.locked else ""
        return [
            *(f"--mount=type=cache,target={folder}{sharing}" for folder in self.caches),
            *(f"--mount=type=secret,id={name},target={file}" for name, file in self.secrets.items()),
        ]


def stages(text: str) -> list[str]:
    """Return the names of a Dockerfile's stages, in order."""
    return [match["stage"] for match in _FROM.finditer(text) if match["stage"]]


def images(text: str) -> list[str]:
    """Return the images that a Dockerfile takes something from, each once, in order.

    An image in the default of a build argument counts if a stage starts from it.
    """
    return list(dict.fromkeys(match["image"] for match in _references(text)))


def pin(text: str, digests: Mapping[str, str]) -> str:
    """Return the Dockerfile with the digests of those images that have none: ``image:tag@sha256:…``."""
    for match in reversed(_references(text)):
        image = match["image"]
        if "@" not in image and image in digests:
            text = f"{text[: match.start('image')]}{image}@{digests[image]}{text[match.end('image') :]}"
    return text


def _references(text: str) -> list[re.Match[str]]:
    """Return where a Dockerfile names an image of a registry, in order."""
    own = {*stages(text), _NO_IMAGE}
    starts = [*_FROM.finditer(text)]
    used = {name for match in starts for name in _VARIABLE.findall(match["image"])}
    found = [match for match in (*starts, *_COPY.finditer(text)) if "$" not in match["image"]]
    # A build argument before the first stage is one of FROM.
    found += [match for match in _ARG.finditer(text) if match["name"] in used and match["image"]]
    named = [match for match in found if match["image"] not in own and not match["image"].isdecimal()]
    return sorted(named, key=lambda match: match.start())


def declare(text: str, arguments: list[str]) -> str:
    """Return the Dockerfile with ``ARG`` lines for those arguments that it does not declare.

    They go into every stage that runs something, where they become environment variables of each command: that is how
    pip, npm, Go and others take them.
    """
    starts = [match.start() for match in _FROM.finditer(text)]
    if not starts:
        return text
    head, *parts = [text[start:end] for start, end in zip([0, *starts], [*starts, len(text)], strict=True)]
    declared = [match["name"] for match in _ARG.finditer(text)]
    lines = "".join(f"ARG {name}\n" for name in arguments if name not in declared)
    return head + "".join(_after_from(part, lines) if _RUN.search(part) else part for part in parts)


def _after_from(stage: str, lines: str) -> str:
    first, newline, rest = stage.partition("\n")
    return first + newline + lines + rest


def label(text: str, labels: dict[str, str], stage: str | None = None) -> str:
    """Return the Dockerfile with labels at the end of a stage, by default the last one."""
    starts = [match.start() for match in _FROM.finditer(text)]
    if not labels or not starts:
        return text
    names = [match["stage"] for match in _FROM.finditer(text)]
    number = names.index(stage) if stage in names else len(names) - 1
    end = starts[number + 1] if number + 1 < len(starts) else len(text)
    body = text[:end].rstrip()
    lines = "".join(f'LABEL {name}="{value}"\n' for name, value in labels.items())
    return f"{body}\n{lines}" + (f"\n{text[end:]}" if text[end:] else "")


def without_command(text: str) -> str:
    """Return the Dockerfile without the arguments of its ``CMD``."""
    return _CMD.sub("CMD", text)


def add_lambda_layers(text: str, names: list[str]) -> str:
    """Return the Dockerfile with lines to fill in before its last ``CMD``, for Lambda layers with those names.

    Lambda puts a layer's files into ``/opt``, and takes no layers with an image:
    https://docs.aws.amazon.com/lambda/latest/dg/images-create.html
    """
    if not names:
        return text
    lines = [*_LAYERS_COMMENT]
    for number, name in enumerate(names, 1):
        lines += [f"# {' '.join(name.split())}", f"#COPY layers/{number}/ /opt/"]
    *_, last = _COMMENTED_CMD.finditer(text)
    return text[: last.start()] + "\n".join(lines) + "\n" + text[last.start() :]


def lambda_layers(text: str) -> list[str]:
    """Return the names of the Lambda layers for which a Dockerfile has lines that nobody filled in."""
    return _LAYER_TO_FILL_IN.findall(text)


def without_lambda_layers(text: str) -> str:
    """Return a Dockerfile without the lines for Lambda layers that nobody filled in."""
    return _LAYER_TO_FILL_IN.sub("", text).replace("\n".join(_LAYERS_COMMENT) + "\n", "")


def mount(text: str, mounts: Sequence[Mounts]) -> str:
    """Return the Dockerfile with mounts in each ``RUN`` instruction that runs one of their commands.

    The classic builder does not know them: https://docs.docker.com/reference/dockerfile/#run---mount
    """

    def with_mounts(match: re.Match[str]) -> str:
        commands = match["commands"]
        parts = [part.replace("\\\n", " ").strip() for part in _COMMAND_END.split(commands)]
        needed = [row for row in mounts if any(row.serves(part) for part in parts)]
        for flag in (flag for row in needed for flag in row.without):
            commands = commands.replace(f" {flag} ", " ")
        lines = [*dict.fromkeys(option for row in needed for option in row.options()), commands]
        return "RUN " + " \\\n    ".join(lines)

    return _RUN.sub(with_mounts, text)
