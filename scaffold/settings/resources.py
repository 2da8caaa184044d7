"""Types of values that name an AWS resource: where events go, and file systems to mount."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from scaffold.intrinsics import is_intrinsic
from scaffold.settings.values import Refuse, Value, quote

# Targets that the template creates itself, and their types in SAM.
CREATED_TARGETS = {"queue": "SQS", "topic": "SNS"}
_SERVICES = {"sqs": "SQS", "sns": "SNS", "lambda": "Lambda", "events": "EventBridge", "s3": "S3Bucket"}
# botocore's DestinationArn, narrowed to services that Lambda sends to.
_ARN = re.compile(r"arn:aws[a-z-]*:(sqs|sns|lambda|events|s3):[a-z0-9-]*:(?:[0-9]{12})?:[A-Za-z0-9_.:/$-]{1,256}")


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
        """Return the type of a target in SAM: ``SQS`` for ``queue`` and for the ARN of a queue."""
        arn = _ARN.fullmatch(value)
        return CREATED_TARGETS.get(value) or (
            _SERVICES[arn[1]] if arn else value if value in _SERVICES.values() else None
        )

    def read(self, given: Any, refuse: Refuse) -> str | None:  # noqa: ANN401
        """Return the target."""
        target = str(given)
        if target not in CREATED_TARGETS and not _ARN.fullmatch(target):
            example = "arn:aws:sqs:eu-central-1:123456789012:failures"
            refuse(f"{quote(target)} is not an ARN, queue or topic", f"for example queue, or {example}")
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
        service = node.get("Type") if isinstance(node, dict) else None
        return service if isinstance(service, str) else None


_EFS = r"arn:aws[a-z-]*:elasticfilesystem:[a-z0-9-]+:[0-9]{12}:access-point/fsap-[a-f0-9]{17}"
_S3_FILES = (
    r"arn:aws[a-z-]*:s3files:[a-z0-9-]+:[0-9]{12}:file-system/fs-[0-9a-f]{17,40}/access-point/fsap-[0-9a-f]{17,40}"
)
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
        arn, _, path = str(given).partition("=")
        self.check((arn, path), refuse)
        return arn, path

    def check(self, value: Any, refuse: Refuse) -> None:  # noqa: ANN401
        """Refuse an ARN of something else, and a path outside ``/mnt``."""
        arn, path = value
        if arn is not None and not self.access_point.fullmatch(arn):
            example = "arn:aws:elasticfilesystem:eu-central-1:123456789012:access-point/fsap-0123456789abcdef0"
            refuse(f"{quote(arn)} is not an access point of EFS or S3 Files", f"for example {example}=/mnt/data")
        if path is not None and (not _MOUNT.fullmatch(path) or len(path) > MAX_MOUNT):
            refuse(
                f"{quote(path)} is not a valid mount path",
                f"use /mnt/ and a name, such as /mnt/data; see {self.source}",
            )

    def dump(self, value: Any) -> str:  # noqa: ANN401
        """Return ``ARN=PATH``."""
        return "=".join(value)

    def arguments(self, flag: str, value: Any) -> list[str]:  # noqa: ANN401
        """Return the flag with ``ARN=PATH``."""
        return [flag, "=".join(value)]

    def to_template(self, value: Any) -> list[dict[str, str]]:  # noqa: ANN401
        """Return a list with the one mount."""
        return [{"Arn": value[0], "LocalMountPath": value[1]}]

    def from_template(self, node: Any) -> tuple[str | None, str | None] | None:  # noqa: ANN401
        """Return the ARN and the path of the first mount in a template, ``None`` for what is not known."""
        if not isinstance(node, list) or not node or not isinstance(node[0], dict) or is_intrinsic(node[0]):
            return None
        arn, path = (node[0].get(key) for key in ("Arn", "LocalMountPath"))
        return arn if isinstance(arn, str) else None, path if isinstance(path, str) else None
