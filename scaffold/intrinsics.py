"""CloudFormation's intrinsic functions as values, for fragments of templates that are made as data."""

from __future__ import annotations

from typing import Any, Self


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


def is_dynamic(value: object) -> bool:
    """Return whether a value is a dynamic reference, which CloudFormation resolves: ``{{resolve:ssm:name}}``."""
    return isinstance(value, str) and "{{resolve:" in value


def known_entries(value: Any) -> Any:  # noqa: ANN401  a template may hold anything there
    """Return a value that was read from a template without what may not be there once the stack is made.

    That is ``None`` for an intrinsic function and a dynamic reference. A list loses each ``!If``, which may stand for
    ``AWS::NoValue``, and that itself.
    """
    if is_intrinsic(value) or is_dynamic(value):
        return None
    if isinstance(value, list):
        return [entry for entry in value if not _may_vanish(entry)]
    return value


def _may_vanish(entry: Any) -> bool:  # noqa: ANN401
    return is_intrinsic(entry) and ("Fn::If" in entry or entry.get("Ref") == "AWS::NoValue")
