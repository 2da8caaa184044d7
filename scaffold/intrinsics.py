"""CloudFormation's intrinsic functions as values, for fragments of templates that are made as data."""

from __future__ import annotations

from typing import Self


class Intrinsic(str):
    """A text that stands behind an intrinsic function's tag in YAML: ``!Ref Queue``, ``!GetAtt Queue.Arn``."""

    __slots__ = ("tag",)
    tag: str

    def __new__(cls, tag: str, text: str) -> Self:
        """Return the text with its tag, ``!Ref`` for one."""
        intrinsic = super().__new__(cls, text)
        intrinsic.tag = tag
        return intrinsic


def ref(name: str) -> Intrinsic:
    """Return ``!Ref name``."""
    return Intrinsic("!Ref", name)


def get_att(name: str) -> Intrinsic:
    """Return ``!GetAtt name``, such as ``Queue.Arn``."""
    return Intrinsic("!GetAtt", name)


def is_intrinsic(value: object) -> bool:
    """Return whether a value that was read from a template is an intrinsic function in its long form."""
    if not isinstance(value, dict) or len(value) != 1:
        return False
    key = next(iter(value))
    return isinstance(key, str) and (key in ("Ref", "Condition") or key.startswith("Fn::"))
