"""The table of settings: a row for each thing that a function, or a project, may have beyond its cell.

From a row follow its flag, its place in the answers file and in that file's schema, how it is read and written, the
equivalent command line, its fragment of the template, the checks before anything is written, and those of
``sam-scaffold validate``. To add a setting, add a row; ``RULES`` says which settings go together.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scaffold.settings import fragments
from scaffold.settings.values import (
    Block,
    Choice,
    Folder,
    Many,
    Mount,
    Number,
    OneOfNumbers,
    Pairs,
    Target,
    Text,
    Value,
    Words,
    YesNo,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from scaffold.spec import FunctionSpec, ProjectSpec

FUNCTION, PROJECT = "function", "project"
IMAGE, ZIP = "Image", "Zip"
FUNCTION_TYPES = ("AWS::Serverless::Function", "AWS::Serverless::WebFunction")

_GUIDE = "https://docs.aws.amazon.com/lambda/latest"
_QUOTAS = f"{_GUIDE}/dg/gettingstarted-limits.html"
_IMAGE_CONFIG = f"{_GUIDE}/api/API_ImageConfig.html"
_ASYNC = f"{_GUIDE}/dg/invocation-async-error-handling.html"
_DESTINATIONS = f"{_GUIDE}/dg/invocation-async-retain-records.html"
_DOCKERFILE = "https://docs.docker.com/reference/dockerfile/"
_SAM = "https://docs.aws.amazon.com/serverless-application-model/latest/developerguide"

# Names that Lambda sets itself: cfn-lint's rule E3663, environment_variable_keys.json of cfn-lint 1.58.0.
_RESERVED_NAMES = re.compile(
    "_HANDLER|_X_AMZN_TRACE_ID|AWS_(?:DEFAULT_)?REGION|AWS_EXECUTION_ENV|AWS_ACCESS_KEY(?:_ID)?|AWS_SECRET_ACCESS_KEY|"
    "AWS_SESSION_TOKEN|AWS_LAMBDA_(?:FUNCTION_(?:NAME|MEMORY_SIZE|VERSION)|INITIALIZATION_TYPE|LOG_(?:GROUP|STREAM)_NAME|"
    "RUNTIME_API)|LAMBDA_(?:TASK_ROOT|RUNTIME_DIR)"
)
# botocore's enum of the days that PutRetentionPolicy takes; 0 stands for no policy at all.
_DAYS = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653)


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One row of the table.

    ``name`` is the answer's, and the flag's with hyphens; ``help`` is what ``--help`` and the schema say. ``path``
    leads from the resource to the value in a template; ``fragment`` makes what cannot be said by a path alone. A
    setting that is ``rendered`` has a default in the templates, and is a value of their context. ``package_type`` is
    the only one with the setting, and ``instead`` what serves in the other. ``implies`` are settings that come with
    it unless they were answered. ``source`` is where the facts stand.
    """

    name: str
    value: Value
    help: str
    source: str
    path: tuple[str, ...] = ()
    resource_types: tuple[str, ...] = FUNCTION_TYPES
    scope: str = FUNCTION
    rendered: bool = False
    fragment: Callable[[Any, FunctionSpec, ProjectSpec], dict[str, Any]] | None = None
    package_type: str | None = None
    instead: str = ""
    implies: tuple[str, ...] = ()
    asynchronous: bool = False
    monitoring: str = ""  # what the wizard calls it, where it is a kind of monitoring

    @property
    def flag(self) -> str:
        """The setting's flag."""
        return f"--{self.name.replace('_', '-')}"

    @property
    def described(self) -> str:
        """The help with the limits of a number."""
        if isinstance(self.value, Number) and not isinstance(self.value, OneOfNumbers):
            return f"{self.help}, {self.value.range} {self.value.unit}."
        return f"{self.help}."


@dataclass(frozen=True)
class Rule:
    """Two settings of which one needs the other, or that exclude each other.

    ``applies`` looks at the values of the two; ``message`` and ``hint`` are about the first.
    """

    name: str
    other: str
    applies: Callable[[Any, Any], bool]
    message: str
    hint: str
    template_hint: str = ""  # where another hint is for those who wrote a template
    in_templates: bool = True


TABLE: tuple[Setting, ...] = (
    Setting(
        name="memory",
        value=Number(128, 10240, "MB", _QUOTAS, metavar="MB"),
        help="The function's memory; its share of CPU grows with it",
        path=("Properties", "MemorySize"),
        rendered=True,
        source=_QUOTAS,
    ),
    Setting(
        name="timeout",
        value=Number(1, 900, "seconds", _QUOTAS, metavar="SECONDS"),
        help="How long one invocation may take",
        path=("Properties", "Timeout"),
        rendered=True,
        source=_QUOTAS,
    ),
    Setting(
        name="ephemeral_storage",
        value=Number(512, 10240, "MB", _QUOTAS, metavar="MB"),
        help="The size of /tmp",
        path=("Properties", "EphemeralStorage", "Size"),
        source=_QUOTAS,
    ),
    Setting(
        name="env",
        value=Pairs(
            re.compile(r"[A-Za-z][A-Za-z0-9_]+"),
            "LOG_LEVEL=DEBUG",
            _RESERVED_NAMES,
            4096,
            f"{_GUIDE}/dg/configuration-envvars.html",
        ),
        help="An environment variable; may be repeated. It stays readable: no secrets",
        path=("Properties", "Environment", "Variables"),
        source=f"{_GUIDE}/dg/configuration-envvars.html",
    ),
    Setting(
        name="entrypoint",
        value=Words(1500, _IMAGE_CONFIG),
        help="Image: what Lambda runs instead of its ENTRYPOINT; as for a shell, or JSON",
        path=("Properties", "ImageConfig", "EntryPoint"),
        package_type=IMAGE,
        source=_IMAGE_CONFIG,
    ),
    Setting(
        name="command",
        value=Words(1500, _IMAGE_CONFIG),
        help="Image: what Lambda passes instead of its CMD; as for a shell, or JSON",
        path=("Properties", "ImageConfig", "Command"),
        package_type=IMAGE,
        source=_IMAGE_CONFIG,
    ),
    Setting(
        name="working_directory",
        value=Folder(1000, _IMAGE_CONFIG),
        help="Image: where Lambda starts it, instead of its WORKDIR",
        path=("Properties", "ImageConfig", "WorkingDirectory"),
        package_type=IMAGE,
        source=_IMAGE_CONFIG,
    ),
    Setting(
        name="build_arg",
        value=Pairs(re.compile(r"[A-Za-z_][A-Za-z0-9_]*"), "VERSION=1.2"),
        help="Image: an argument of its build, BASE_IMAGE for one; may be repeated. It stays readable: no secrets",
        path=("Metadata", "DockerBuildArgs"),
        package_type=IMAGE,
        source=f"{_DOCKERFILE}#arg",
    ),
    Setting(
        name="docker_tag",
        value=Text(
            re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}"),
            "letters, digits, _ . and -, at most 128, none of . - first",
            "v1",
            metavar="TAG",
        ),
        help="Image: its tag.  [the runtime]",
        path=("Metadata", "DockerTag"),
        rendered=True,
        package_type=IMAGE,
        source="https://pkg.go.dev/github.com/distribution/reference",
    ),
    Setting(
        name="build_target",
        value=Text(
            re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,127}"),
            "a letter, then letters, digits, _ . and -",
            "build",
            metavar="STAGE",
        ),
        help="Image: the stage of the Dockerfile to build.  [the last]",
        path=("Metadata", "DockerBuildTarget"),
        package_type=IMAGE,
        source=f"{_DOCKERFILE}#from",
    ),
    Setting(
        name="layer",
        value=Many(
            re.compile(r"arn:aws[a-z-]*:lambda:[a-z0-9-]+:[0-9]{12}:layer:[A-Za-z0-9_-]{1,140}:[0-9]+"),
            "a layer version",
            "arn:aws:lambda:eu-central-1:123456789012:layer:tools:1",
            5,
            _QUOTAS,
            metavar="ARN",
        ),
        help="Zip: a layer version; may be repeated, up to 5 times",
        path=("Properties", "Layers"),
        package_type=ZIP,
        instead="copy the layer's content into /opt in the Dockerfile",
        source=_QUOTAS,
    ),
    Setting(
        name="snap_start",
        value=YesNo({"ApplyOn": "PublishedVersions"}),
        help="Start from a snapshot; brings the alias `live`, since only versions have snapshots.  [no]",
        path=("Properties", "SnapStart"),
        fragment=fragments.with_alias(("Properties", "SnapStart"), {"ApplyOn": "PublishedVersions"}),
        source=f"{_GUIDE}/dg/snapstart.html",
    ),
    Setting(
        name="vpc",
        value=Block(),
        help="Run in subnets of a VPC, which are parameters of the template.  [no]",
        path=("Properties", "VpcConfig"),
        fragment=fragments.vpc,
        source=f"{_GUIDE}/dg/configuration-vpc.html",
    ),
    Setting(
        name="subnet",
        value=Many(
            re.compile(r"subnet-(?:[a-f0-9]{8}|[a-f0-9]{17})"),
            "a subnet's id",
            "subnet-0123456789abcdef0",
            16,
            f"{_GUIDE}/api/API_VpcConfig.html",
            metavar="ID",
        ),
        help="A subnet to run in: the parameter's default; may be repeated, up to 16 times",
        path=("Properties", "VpcConfig", "SubnetIds"),
        fragment=fragments.nothing,
        implies=("vpc",),
        source=f"{_GUIDE}/api/API_VpcConfig.html",
    ),
    Setting(
        name="security_group",
        value=Many(
            re.compile(r"sg-(?:[a-f0-9]{8}|[a-f0-9]{17})"),
            "a security group's id",
            "sg-0123456789abcdef0",
            5,
            f"{_GUIDE}/api/API_VpcConfig.html",
            metavar="ID",
        ),
        help="A security group to run in: the parameter's default; may be repeated, up to 5 times",
        path=("Properties", "VpcConfig", "SecurityGroupIds"),
        fragment=fragments.nothing,
        implies=("vpc",),
        source=f"{_GUIDE}/api/API_VpcConfig.html",
    ),
    Setting(
        name="file_system",
        value=Mount(f"{_GUIDE}/api/API_FileSystemConfig.html"),
        help="Mount an access point of EFS or S3 Files below /mnt; needs --vpc",
        path=("Properties", "FileSystemConfigs"),
        fragment=fragments.file_system,
        source=f"{_GUIDE}/dg/configuration-filesystem.html",
    ),
    Setting(
        name="on_failure",
        value=Target(("SQS", "SNS", "Lambda", "EventBridge", "S3Bucket"), _DESTINATIONS),
        help="Where an event goes that failed: an ARN, or a queue or topic that the template makes",
        path=("Properties", "EventInvokeConfig", "DestinationConfig", "OnFailure"),
        fragment=fragments.target("Failure", ("EventInvokeConfig", "DestinationConfig", "OnFailure"), "Destination"),
        asynchronous=True,
        source=_DESTINATIONS,
    ),
    Setting(
        name="on_success",
        value=Target(("SQS", "SNS", "Lambda", "EventBridge"), _DESTINATIONS),
        help="Where the result of an event goes: an ARN, or a queue or topic that the template makes",
        path=("Properties", "EventInvokeConfig", "DestinationConfig", "OnSuccess"),
        fragment=fragments.target("Success", ("EventInvokeConfig", "DestinationConfig", "OnSuccess"), "Destination"),
        asynchronous=True,
        source=_DESTINATIONS,
    ),
    Setting(
        name="retry_attempts",
        value=Number(0, 2, "attempts", _ASYNC),
        help="How often Lambda tries an event again that failed",
        path=("Properties", "EventInvokeConfig", "MaximumRetryAttempts"),
        asynchronous=True,
        source=_ASYNC,
    ),
    Setting(
        name="max_event_age",
        value=Number(60, 21600, "seconds", _ASYNC, metavar="SECONDS"),
        help="How long Lambda keeps an event that waits",
        path=("Properties", "EventInvokeConfig", "MaximumEventAgeInSeconds"),
        asynchronous=True,
        source=_ASYNC,
    ),
    Setting(
        name="dead_letter",
        value=Target(("SQS", "SNS"), f"{_GUIDE}/dg/invocation-async-retain-records.html"),
        help="Where an event goes that failed, without the reason; --on-failure tells it too. An ARN, queue or topic",
        path=("Properties", "DeadLetterQueue"),
        fragment=fragments.target("DeadLetter", ("DeadLetterQueue",), "TargetArn"),
        asynchronous=True,
        source=f"{_SAM}/sam-property-function-deadletterqueue.html",
    ),
    Setting(
        name="reserved_concurrency",
        value=Number(0, None, "invocations at a time", f"{_GUIDE}/dg/configuration-concurrency.html"),
        help="How many invocations at a time are kept for it, and are its most; 0 stops it",
        path=("Properties", "ReservedConcurrentExecutions"),
        source=f"{_GUIDE}/dg/configuration-concurrency.html",
    ),
    Setting(
        name="provisioned_concurrency",
        value=Number(1, None, "instances", f"{_GUIDE}/dg/provisioned-concurrency.html"),
        help="How many instances wait, started; brings the alias `live` that this needs",
        path=("Properties", "ProvisionedConcurrencyConfig", "ProvisionedConcurrentExecutions"),
        fragment=fragments.with_alias(
            ("Properties", "ProvisionedConcurrencyConfig", "ProvisionedConcurrentExecutions")
        ),
        source=f"{_GUIDE}/dg/provisioned-concurrency.html",
    ),
    Setting(
        name="function_url",
        value=Choice({"iam": "AWS_IAM", "none": "NONE"}),
        help="An HTTPS address of its own: for callers with credentials (iam), or for anyone (none)",
        path=("Properties", "FunctionUrlConfig", "AuthType"),
        fragment=fragments.function_url,
        source=f"{_GUIDE}/dg/urls-auth.html",
    ),
    Setting(
        name="log_retention",
        value=OneOfNumbers(0, 3653, "days", f"{_QUOTAS}", metavar="DAYS", numbers=(0, *_DAYS)),
        help="How many days logs are kept, of those that CloudWatch takes; 0: for ever.  [30]",
        path=("Properties", "RetentionInDays"),
        resource_types=("AWS::Logs::LogGroup",),
        rendered=True,
        source="https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html",
    ),
    Setting(
        name="ecr",
        value=YesNo(),
        help="Image: a repository in a stack of its own, for dev and prod.  [no: SAM makes one]",
        scope=PROJECT,
        package_type=IMAGE,
        source="https://docs.aws.amazon.com/AmazonECR/latest/userguide/Repositories.html",
    ),
    Setting(
        name="tracing",
        value=YesNo(),
        help="Trace requests with AWS X-Ray.  [no]",
        scope=PROJECT,
        monitoring="X-Ray tracing: each request's way through the application",
        source=f"{_SAM}/sam-resource-function.html",
    ),
    Setting(
        name="application_insights",
        value=YesNo(),
        help="Monitor with CloudWatch Application Insights.  [no]",
        scope=PROJECT,
        monitoring="Application Insights: dashboards and alarms for the stack",
        source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-application-insights.html",
    ),
    Setting(
        name="structured_logging",
        value=YesNo(),
        help="Write logs as JSON.  [no]",
        scope=PROJECT,
        monitoring="Structured logging: logs as JSON, one object a line",
        source=f"{_GUIDE}/dg/monitoring-cloudwatchlogs-logformat.html",
    ),
)

ROWS = {row.name: row for row in TABLE}
MONITORING = tuple(row.name for row in TABLE if row.monitoring)

_LEAST_STORAGE = 512  # MB


def _both(value: object, other: object) -> bool:
    return bool(value) and other is not None


# What goes together. Sources: https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html for the first three, and the
# pages of the rows for the others.
# What goes together. Sources: https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html for the first three, and the
# pages of the rows for the others.
RULES: tuple[Rule, ...] = (
    Rule(
        "snap_start", "ephemeral_storage",
        lambda snap, storage: bool(snap) and isinstance(storage, int) and storage > _LEAST_STORAGE,
        f"does not go with more than {_LEAST_STORAGE} MB of ephemeral storage", "leave one of the two out",
    ),
    Rule(
        "snap_start", "provisioned_concurrency", _both,
        "does not go with provisioned concurrency", "leave one of the two out",
    ),
    Rule(
        "snap_start", "file_system", _both,
        "does not go with a file system", "leave one of the two out",
    ),
    Rule(
        "file_system", "vpc", lambda mount, vpc: mount is not None and not vpc,
        "needs a VPC: its mount targets lie in one", "add --vpc", "add a VpcConfig with subnets and security groups",
    ),
    Rule(
        "provisioned_concurrency", "reserved_concurrency",
        lambda provisioned, reserved: isinstance(provisioned, int) and isinstance(reserved, int)
        and provisioned > reserved,
        "is more than the reserved concurrency", "raise --reserved-concurrency, or leave one of the two out",
        "raise ReservedConcurrentExecutions, or leave one of the two out",
    ),
    Rule(
        "reserved_concurrency", "provisioned_concurrency",
        lambda reserved, provisioned: reserved == 0 and provisioned is not None,
        "is 0, which stops the function that instances are kept for", "leave one of the two out",
        in_templates=False,
    ),
)  # fmt: skip
