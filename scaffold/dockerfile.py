"""Reads and changes the text of a Dockerfile: its stages, build arguments and labels.

https://docs.docker.com/reference/dockerfile/
"""

from __future__ import annotations

import re

_FROM = re.compile(r"^FROM\s+\S+(?:\s+AS\s+(\S+))?\s*$", re.IGNORECASE | re.MULTILINE)
_ARG = re.compile(r"^ARG\s+(\w+)", re.IGNORECASE | re.MULTILINE)
_CMD = re.compile(r"^CMD\s.*$", re.IGNORECASE | re.MULTILINE)
_COMMENTED_CMD = re.compile(r"^(?:#.*\n)*CMD\s.*$", re.IGNORECASE | re.MULTILINE)
_LAYER_TO_FILL_IN = re.compile(r"^# (.+)\n#COPY layers/\d+/ /opt/\n", re.MULTILINE)
_LAYERS_COMMENT = (
    "# An image has no Lambda layers. Put what is in each beside this file, and take the # from its line:",
    "# aws lambda get-layer-version-by-arn --arn ARN --query Content.Location gives the address of its Zip.",
)
_RUN = re.compile(r"^RUN\s", re.IGNORECASE | re.MULTILINE)


def stages(text: str) -> list[str]:
    """Return the names of a Dockerfile's stages, in order."""
    return [match[1] for match in _FROM.finditer(text) if match[1]]


def declare(text: str, arguments: list[str]) -> str:
    """Return the Dockerfile with ``ARG`` lines for those arguments that it does not declare.

    They go into every stage that runs something, where they become environment variables of each command: that is how
    pip, npm, Go and others take them.
    """
    starts = [match.start() for match in _FROM.finditer(text)]
    if not starts:
        return text
    head, *parts = [text[start:end] for start, end in zip([0, *starts], [*starts, len(text)], strict=True)]
    declared = _ARG.findall(text)
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
    names = [match[1] for match in _FROM.finditer(text)]
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
