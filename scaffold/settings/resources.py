"""Types of values that name an AWS resource: where events go, and file systems to mount."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from scaffold.intrinsics import is_dynamic
from scaffold.settings.values import Refuse, Value, quote

# Targets that the template creates itself, and their types in SAM.
CREATED_TARGETS = {"queue": "SQS", "topic": "SNS"}
# Where Lambda sends events, by the type in SAM: botocore's DestinationArn, narrowed to what each service has. It sends
# none to FIFO queues and topics:
# https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
_REGION_AND_ACCOUNT = r"[a-z0-9-]+:[0-9]{12}"
_ARNS = {
    "SQS": re.compile(rf"arn:aws[a-z-]*:sqs:{_REGION_AND_ACCOUNT}:[A-Za-z0-9_-]{{1,80}}"),
    "SNS": re.compile(rf"arn:aws[a-z-]*:sns:{_REGION_AND_ACCOUNT}:[A-Za-z0-9_-]{{1,256}}"),
    "Lambda": re.compile(
        rf"arn:aws[a-z-]*:lambda:{_REGION_AND_ACCOUNT}:function:[A-Za-z0-9_-]{{1,64}}(?::[A-Za-z0-9_$-]{{1,128}})?"
    ),
    "EventBridge": re.compile(rf"arn:aws[a-z-]*:events:{_REGION_AND_ACCOUNT}:event-bus/[A-Za-z0-9_./-]{{1,256}}"),
    "S3Bucket": re.compile(r"arn:aws[a-z-]*:s3:::[a-z0-9.-]{3,63}"),
}
_FIFO = re.compile(r"arn:aws[a-z-]*:(?:sqs|sns):.*\.fifo")


@dataclass(frozen=True)
class Target(Value):
    """Where events go: an ARN, or ``queue`` or ``topic`` for one that the template creates.

    ``services`` are the types of targets that are allowed, by their names in SAM.
    """

    services: tuple[str, ...]
    source: str
    metavar: str = "ARN|queue|topic"

    @staticmethod
    def service(value: str) -> str | None:
        """Return the type of a target in SAM: ``SQS`` for ``queue``, for the ARN of a queue, and for itself."""
        if value in _ARNS:
            return value
        of_arn = next((service for service, arn in _ARNS.items() if arn.fullmatch(value)), None)
        return CREATED_TARGETS.get(value) or of_arn

    def read(self, given: Any, refuse: Refuse) -> str | None:  # noqa: ANN401
        """Return the target."""
        target = str(given)
        if _FIFO.fullmatch(target):
            refuse(f"{quote(target)} is a FIFO queue or topic, to which Lambda sends no events", f"see {self.source}")
            return None
        if target in _ARNS or self.service(target) is None:
            example = "arn:aws:sqs:eu-central-1:123456789012:failures"
            refuse(f"{quote(target)} is not the ARN of a target, queue or topic", f"for example queue, or {example}")
            return None
        self.check(target, refuse)
        return target

    def check(self, value: Any, refuse: Refuse) -> None:  # noqa: ANN401
        """Refuse a service that Lambda does not send these events to."""
        service = self.service(value) if isinstance(value, str) else None
        if service and service not in self.services:
            allowed = ", ".join(self.services)
            refuse(f"{service} is not allowed here: Lambda takes {allowed}", f"see {self.source}", self.services)

    def from_template(self, node: Any) -> str | None:  # noqa: ANN401
        """Return the type of the target in a template."""
        return _known(node.get("Type")) if isinstance(node, dict) else None


_EFS = r"arn:aws[a-z-]*:elasticfilesystem:[a-z0-9-]+:[0-9]{12}:access-point/fsap-[a-f0-9]{17}"
_S3_FILES = (
    r"arn:aws[a-z-]*:s3files:[a-z0-9-]+:[0-9]{12}:file-system/fs-[0-9a-f]{17,40}/access-point/fsap-[0-9a-f]{17,40}"
)
_EXAMPLE = "arn:aws:elasticfilesystem:eu-central-1:123456789012:access-point/fsap-0123456789abcdef0"
_MOUNT = re.compile(r"/mnt/[A-Za-z0-9_.-]+")
MAX_MOUNT = 160  # characters: botocore's LocalMountPath


@dataclass(frozen=True)
class Mount(Value):
    """The ARN of an access point of EFS or S3 Files, and the path where it is mounted."""

    source: str
    metavar: str = "ARN=/mnt/PATH"
    access_point: re.Pattern[str] = re.compile(f"{_EFS}|{_S3_FILES}")

    def read(self, given: Any, refuse: Refuse) -> tuple[str, str]:  # noqa: ANN401
        """Return the ARN and the path."""
        arn, equals, path = str(given).partition("=")
        if not equals:
            refuse(f"{quote(given)} is not ARN=/mnt/NAME", f"for example {_EXAMPLE}=/mnt/data")
        else:
            self.check(((arn, path),), refuse)
        return arn, path

    def check(self, value: Any, refuse: Refuse) -> None:  # noqa: ANN401
        """Refuse an ARN of something else, a path outside ``/mnt``, and a second mount."""
        for arn, path in value:
            if arn is not None and not self.access_point.fullmatch(arn):
                refuse(f"{quote(arn)} is not an access point of EFS or S3 Files", f"for example {_EXAMPLE}")
            if path is not None and (not _MOUNT.fullmatch(path) or len(path) > MAX_MOUNT):
                hint = f"use /mnt/ and a name, such as /mnt/data; see {self.source}"
                refuse(f"{quote(path)} is not a valid mount path", hint)
        if len(value) > 1:
            refuse(f"there are {len(value)}; a function takes 1", f"see {self.source}")

    def dump(self, value: Any) -> str:  # noqa: ANN401
        """Return ``ARN=PATH``."""
        return "=".join(value)

    def arguments(self, flag: str, value: Any) -> list[str]:  # noqa: ANN401
        """Return the flag with ``ARN=PATH``."""
        return [flag, "=".join(value)]

    def to_template(self, value: Any) -> list[dict[str, str]]:  # noqa: ANN401
        """Return a list with the one mount."""
        return [{"Arn": value[0], "LocalMountPath": value[1]}]

    def from_template(self, node: Any) -> tuple[tuple[str | None, str | None], ...] | None:  # noqa: ANN401
        """Return the ARN and the path of each mount in a template, ``None`` for what is not known."""
        mounts = [mount for mount in node if isinstance(mount, dict)] if isinstance(node, list) else []
        return tuple((_known(mount.get("Arn")), _known(mount.get("LocalMountPath"))) for mount in mounts) or None


def _known(value: Any) -> str | None:  # noqa: ANN401
    return value if isinstance(value, str) and not is_dynamic(value) else None
