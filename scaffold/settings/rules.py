"""Which settings need or exclude each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Rule:
    """A rule about two settings, of which one needs the other, or which exclude each other.

    ``applies`` takes the values of both, ``None`` for one that is not set, and returns whether they break the rule.
    ``message`` and ``hint`` are about the setting ``name``. ``template_hint`` replaces the hint for those who wrote a
    template themselves. ``in_templates`` and ``in_answers`` are whether the rule is checked there at all.
    """

    name: str
    other: str
    applies: Callable[[Any, Any], bool]
    message: str
    hint: str
    template_hint: str = ""
    in_templates: bool = True
    in_answers: bool = True


_DEFAULT_STORAGE = 512  # MB
_LEAVE_ONE_OUT = "leave out one of the two"


def _both_set(value: object, other: object) -> bool:
    return bool(value) and other is not None


# Sources: https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html for the first three, and the sources of the
# settings for the others.
RULES: tuple[Rule, ...] = (
    Rule(
        "snap_start", "ephemeral_storage",
        lambda snap, storage: bool(snap) and isinstance(storage, int) and storage > _DEFAULT_STORAGE,
        f"cannot be used with more than {_DEFAULT_STORAGE} MB of ephemeral storage", _LEAVE_ONE_OUT,
    ),
    Rule(
        "snap_start", "provisioned_concurrency", _both_set,
        "cannot be used with provisioned concurrency", _LEAVE_ONE_OUT,
    ),
    Rule(
        "snap_start", "file_system", _both_set,
        "cannot be used with a file system", _LEAVE_ONE_OUT,
    ),
    Rule(
        "file_system", "vpc", lambda mount, vpc: mount is not None and not vpc,
        "needs a VPC, where its mount targets are", "add --vpc", "add a VpcConfig with subnets and security groups",
    ),
    Rule(
        "provisioned_concurrency", "reserved_concurrency",
        lambda provisioned, reserved: isinstance(provisioned, int) and isinstance(reserved, int)
        and provisioned > reserved > 0,
        "exceeds the reserved concurrency", f"raise --reserved-concurrency, or {_LEAVE_ONE_OUT}",
        f"raise ReservedConcurrentExecutions, or {_LEAVE_ONE_OUT}",
    ),
    Rule(
        "reserved_concurrency", "provisioned_concurrency",
        lambda reserved, provisioned: reserved == 0 and provisioned is not None,
        "0 disables the function, so provisioned concurrency has no use", _LEAVE_ONE_OUT,
        in_templates=False,
    ),
    Rule(
        "subnet", "security_group", lambda subnets, groups: bool(subnets) and groups is None,
        "needs security groups too", "", "add SecurityGroupIds",
        in_answers=False,  # the template that is created has a parameter for each
    ),
    Rule(
        "digest", "pin", lambda digests, pin: bool(digests) and not pin,
        "has no effect unless base images are pinned", "add --pin",
        in_templates=False,
    ),
    Rule(
        "updates", "pin", lambda updates, pin: bool(updates) and not pin,
        "has no effect unless base images are pinned", "add --pin",
        in_templates=False,
    ),
)  # fmt: skip
