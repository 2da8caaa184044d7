"""The table of settings: a row for everything that a function, or a project, may have beyond its cell.

From a row follow its flag, its key in the answers file and in that file's schema, how it is read and written, the
equivalent command line, its fragment of the template, the checks before anything is written, and those of
``sam-scaffold validate``. To add a setting, add a row; :mod:`scaffold.settings.rules` says which settings need or
exclude each other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from scaffold.settings import fragments
from scaffold.settings.resources import Mount, Target
from scaffold.settings.values import (
    Block,
    Choice,
    Folder,
    Number,
    OneOfNumbers,
    Pairs,
    Text,
    TextList,
    Value,
    Words,
    YesNo,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from scaffold.spec import FunctionSpec, ProjectSpec

FUNCTION, PROJECT = "function", "project"
IMAGE, ZIP = "Image", "Zip"
FUNCTION_TYPES = ("AWS::Serverless::Function",)

_GUIDE = "https://docs.aws.amazon.com/lambda/latest"
_QUOTAS = f"{_GUIDE}/dg/gettingstarted-limits.html"
_IMAGE_CONFIG = f"{_GUIDE}/api/API_ImageConfig.html"
_ASYNC = f"{_GUIDE}/dg/invocation-async-error-handling.html"
_DESTINATIONS = f"{_GUIDE}/dg/invocation-async-retain-records.html"
_DOCKERFILE = "https://docs.docker.com/reference/dockerfile/"
_SAM = "https://docs.aws.amazon.com/serverless-application-model/latest/developerguide"

# Names of variables that Lambda sets itself: cfn-lint's rule E3663, environment_variable_keys.json of cfn-lint 1.58.0.
_RESERVED_NAMES = re.compile(
    "_HANDLER|_X_AMZN_TRACE_ID|AWS_(?:DEFAULT_)?REGION|AWS_EXECUTION_ENV|AWS_ACCESS_KEY(?:_ID)?|AWS_SECRET_ACCESS_KEY|"
    "AWS_SESSION_TOKEN|AWS_LAMBDA_(?:FUNCTION_(?:NAME|MEMORY_SIZE|VERSION)|INITIALIZATION_TYPE|LOG_(?:GROUP|STREAM)_NAME|"
    "RUNTIME_API)|LAMBDA_(?:TASK_ROOT|RUNTIME_DIR)"
)
# The days that PutRetentionPolicy takes, from its documentation in botocore; 0 stands for no policy at all.
_DAYS = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653)


_DESTINATION = ("EventInvokeConfig", "DestinationConfig")


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One row of the table.

    ``name`` is the key of the answer, and with hyphens the flag; ``help`` is for ``--help`` and the schema. ``path``
    leads from the resource to the value in a template; ``fragment`` returns the fragment if a path is not enough. A
    setting that is ``rendered`` is a value of the layers' context, and has a default there. ``package_type`` is the
    only package type with the setting, and ``instead`` is what to use with the other. ``implies`` are settings that it
    turns on. ``asynchronous`` is whether it matters only for asynchronous invocations. ``source`` is where the facts
    are documented.
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
    permissions: bool = False  # whether SAM, or the fragment, gives the function's role permissions for it
    monitoring: str = ""  # its title in the wizard's list of monitoring options, if it is one
    extra: str = ""  # its title in the wizard's question for anything else, if it is there
    extras: dict[str, str] = field(default_factory=dict, hash=False)  # the same for each choice of a Choice

    @property
    def flag(self) -> str:
        """The setting's flag."""
        return f"--{self.name.replace('_', '-')}"

    @property
    def titles(self) -> list[tuple[Any, str]]:
        """The values that the wizard offers for it, each with its title."""
        return [*self.extras.items()] or [(True, self.monitoring or self.extra)]

    @property
    def description(self) -> str:
        """The help as a sentence, with the limits of a number."""
        if isinstance(self.value, Number) and not isinstance(self.value, OneOfNumbers):
            return f"{self.help} ({self.value.range} {self.value.unit})."
        return f"{self.help}."


TABLE: tuple[Setting, ...] = (
    Setting(
        name="memory",
        value=Number(128, 10240, "MB", _QUOTAS, metavar="MB"),
        help="Memory, and with it CPU",
        path=("Properties", "MemorySize"),
        rendered=True,
        source=_QUOTAS,
    ),
    Setting(
        name="timeout",
        value=Number(1, 900, "seconds", _QUOTAS, metavar="SECONDS"),
        help="Time for an invocation",
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
            "a letter, then letters, digits or _, two characters at least",
            "LOG_LEVEL=DEBUG",
            _RESERVED_NAMES,
            4096,
            f"{_GUIDE}/dg/configuration-envvars.html",
        ),
        help="Environment variable, no secret; repeatable",
        path=("Properties", "Environment", "Variables"),
        source=f"{_GUIDE}/dg/configuration-envvars.html",
    ),
    Setting(
        name="entrypoint",
        value=Words(1500, _IMAGE_CONFIG),
        help="Override ENTRYPOINT; a command or a JSON list",
        path=("Properties", "ImageConfig", "EntryPoint"),
        package_type=IMAGE,
        source=_IMAGE_CONFIG,
    ),
    Setting(
        name="command",
        value=Words(1500, _IMAGE_CONFIG),
        help="Override CMD; words or a JSON list",
        path=("Properties", "ImageConfig", "Command"),
        package_type=IMAGE,
        source=_IMAGE_CONFIG,
    ),
    Setting(
        name="working_directory",
        value=Folder(1000, _IMAGE_CONFIG),
        help="Override WORKDIR",
        path=("Properties", "ImageConfig", "WorkingDirectory"),
        package_type=IMAGE,
        source=_IMAGE_CONFIG,
    ),
    Setting(
        name="build_arg",
        value=Pairs(re.compile(r"[A-Za-z_][A-Za-z0-9_]*"), "letters, digits and _, no digit first", "VERSION=1.2"),
        help="A build argument, no secret; repeatable",
        path=("Metadata", "DockerBuildArgs"),
        package_type=IMAGE,
        source=f"{_DOCKERFILE}#arg",
    ),
    Setting(
        name="docker_tag",
        value=Text(
            re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}"),
            "use letters, digits, _ . and -, at most 128, not starting with . or -",
            "v1",
            metavar="TAG",
        ),
        help="The image's tag.  [the runtime]",
        path=("Metadata", "DockerTag"),
        rendered=True,
        package_type=IMAGE,
        source="https://pkg.go.dev/github.com/distribution/reference",
    ),
    Setting(
        name="build_target",
        value=Text(
            re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,127}"),
            "use letters, digits, _ . and -, starting with a letter",
            "build",
            metavar="STAGE",
        ),
        help="The stage to build.  [the last one]",
        path=("Metadata", "DockerBuildTarget"),
        package_type=IMAGE,
        source=f"{_DOCKERFILE}#from",
    ),
    Setting(
        name="layer",
        value=TextList(
            re.compile(r"arn:aws[a-z-]*:lambda:[a-z0-9-]+:[0-9]{12}:layer:[A-Za-z0-9_-]{1,140}:[0-9]+"),
            re.compile(r"arn:[a-zA-Z0-9-]+:lambda:(?:[a-z0-9-]+:[0-9]{12}:layer:[A-Za-z0-9_-]+:[0-9]+|::awslayer:\w+)"),
            "the ARN of a Lambda layer version",
            "arn:aws:lambda:eu-central-1:123456789012:layer:tools:1",
            5,
            _QUOTAS,
            metavar="ARN",
        ),
        help="Zip: a Lambda layer version; up to 5 times",
        path=("Properties", "Layers"),
        package_type=ZIP,
        instead="copy the Lambda layer's content into /opt in the Dockerfile",
        source=_QUOTAS,
    ),
    Setting(
        name="snap_start",
        value=YesNo({"ApplyOn": "PublishedVersions"}),
        help="Start from snapshots; adds alias `live`.  [no]",
        path=("Properties", "SnapStart"),
        fragment=fragments.with_alias(("Properties", "SnapStart"), {"ApplyOn": "PublishedVersions"}),
        source=f"{_GUIDE}/dg/snapstart.html",
    ),
    Setting(
        name="vpc",
        value=Block(),
        help="Run in a VPC that parameters describe.  [no]",
        path=("Properties", "VpcConfig"),
        fragment=fragments.vpc,
        permissions=True,
        source=f"{_GUIDE}/dg/configuration-vpc.html",
    ),
    Setting(
        name="subnet",
        value=TextList(
            re.compile(r"subnet-(?:[a-f0-9]{8}|[a-f0-9]{17})"),
            re.compile(r"subnet-[0-9a-z]*"),
            "the id of a subnet",
            "subnet-0123456789abcdef0",
            16,
            f"{_GUIDE}/api/API_VpcConfig.html",
            metavar="ID",
        ),
        help="Run in this subnet of the VPC; up to 16 times",
        path=("Properties", "VpcConfig", "SubnetIds"),
        fragment=fragments.no_fragment,
        implies=("vpc",),
        source=f"{_GUIDE}/api/API_VpcConfig.html",
    ),
    Setting(
        name="security_group",
        value=TextList(
            re.compile(r"sg-(?:[a-f0-9]{8}|[a-f0-9]{17})"),
            re.compile(r"sg-[0-9a-zA-Z]*"),
            "the id of a security group",
            "sg-0123456789abcdef0",
            5,
            f"{_GUIDE}/api/API_VpcConfig.html",
            metavar="ID",
        ),
        help="Use this security group; up to 5 times",
        path=("Properties", "VpcConfig", "SecurityGroupIds"),
        fragment=fragments.no_fragment,
        implies=("vpc",),
        source=f"{_GUIDE}/api/API_VpcConfig.html",
    ),
    Setting(
        name="file_system",
        value=Mount(f"{_GUIDE}/api/API_FileSystemConfig.html"),
        help="Mount an access point of EFS or S3 Files",
        path=("Properties", "FileSystemConfigs"),
        fragment=fragments.file_system,
        permissions=True,
        source=f"{_GUIDE}/dg/configuration-filesystem.html",
    ),
    Setting(
        name="on_failure",
        value=Target(("SQS", "SNS", "Lambda", "EventBridge", "S3Bucket"), _DESTINATIONS),
        help="Where failed events go",
        path=("Properties", *_DESTINATION, "OnFailure"),
        fragment=fragments.target(
            "OnFailure", "events that failed", ("EventInvokeConfig", "DestinationConfig", "OnFailure"), "Destination"
        ),
        asynchronous=True,
        permissions=True,
        source=_DESTINATIONS,
    ),
    Setting(
        name="on_success",
        value=Target(("SQS", "SNS", "Lambda", "EventBridge"), _DESTINATIONS),
        help="Where results of events go",
        path=("Properties", *_DESTINATION, "OnSuccess"),
        fragment=fragments.target(
            "OnSuccess", "results", ("EventInvokeConfig", "DestinationConfig", "OnSuccess"), "Destination"
        ),
        asynchronous=True,
        permissions=True,
        source=_DESTINATIONS,
    ),
    Setting(
        name="retry_attempts",
        value=Number(0, 2, "retries", _ASYNC),
        help="For a failed event",
        path=("Properties", "EventInvokeConfig", "MaximumRetryAttempts"),
        asynchronous=True,
        source=_ASYNC,
    ),
    Setting(
        name="max_event_age",
        value=Number(60, 21600, "seconds", _ASYNC, metavar="SECONDS"),
        help="For a waiting event",
        path=("Properties", "EventInvokeConfig", "MaximumEventAgeInSeconds"),
        asynchronous=True,
        source=_ASYNC,
    ),
    Setting(
        name="dead_letter",
        value=Target(("SQS", "SNS"), f"{_GUIDE}/dg/invocation-async-retain-records.html"),
        help="Where failed events go, without the error",
        path=("Properties", "DeadLetterQueue"),
        fragment=fragments.target("Async", "failed events", ("DeadLetterQueue",), "TargetArn"),
        asynchronous=True,
        permissions=True,
        source=f"{_SAM}/sam-property-function-deadletterqueue.html",
    ),
    Setting(
        name="reserved_concurrency",
        value=Number(0, None, "concurrent invocations", f"{_GUIDE}/dg/configuration-concurrency.html"),
        help="Reserved, and the limit; 0 disables it",
        path=("Properties", "ReservedConcurrentExecutions"),
        source=f"{_GUIDE}/dg/configuration-concurrency.html",
    ),
    Setting(
        name="provisioned_concurrency",
        value=Number(1, None, "instances", f"{_GUIDE}/dg/provisioned-concurrency.html"),
        help="Instances kept ready; adds alias `live`",
        path=("Properties", "ProvisionedConcurrencyConfig", "ProvisionedConcurrentExecutions"),
        fragment=fragments.with_alias(
            ("Properties", "ProvisionedConcurrencyConfig", "ProvisionedConcurrentExecutions")
        ),
        source=f"{_GUIDE}/dg/provisioned-concurrency.html",
    ),
    Setting(
        name="function_url",
        value=Choice({"iam": "AWS_IAM", "none": "NONE"}),
        help="An HTTPS address, for IAM callers or anyone",
        path=("Properties", "FunctionUrlConfig", "AuthType"),
        fragment=fragments.function_url,
        source=f"{_GUIDE}/dg/urls-auth.html",
    ),
    Setting(
        name="log_retention",
        value=OneOfNumbers(0, 3653, "days", _QUOTAS, metavar="DAYS", numbers=_DAYS),
        help="How long to keep logs; 0 is forever.  [30]",
        path=("Properties", "RetentionInDays"),
        resource_types=("AWS::Logs::LogGroup",),
        rendered=True,
        source="https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html",
    ),
    Setting(
        name="ecr",
        value=YesNo(),
        help="The repository in a stack of its own.  [no]",
        scope=PROJECT,
        package_type=IMAGE,
        source="https://docs.aws.amazon.com/AmazonECR/latest/userguide/Repositories.html",
    ),
    Setting(
        name="tracing",
        value=YesNo(),
        help="Trace requests with AWS X-Ray.  [no]",
        scope=PROJECT,
        monitoring="X-Ray tracing: the path of each request through the application",
        source=f"{_SAM}/sam-resource-function.html",
    ),
    Setting(
        name="application_insights",
        value=YesNo(),
        help="Use CloudWatch Application Insights.  [no]",
        scope=PROJECT,
        monitoring="Application Insights: dashboards and alarms for the stack",
        source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-application-insights.html",
    ),
    Setting(
        name="structured_logging",
        value=YesNo(),
        help="Write logs as JSON.  [no]",
        scope=PROJECT,
        monitoring="Structured logging: logs as JSON, one object per line",
        source=f"{_GUIDE}/dg/monitoring-cloudwatchlogs-logformat.html",
    ),
    Setting(
        name="devcontainer",
        value=YesNo(),
        help="A dev container with all tools.  [no]",
        scope=PROJECT,
        extra="Dev container: all tools in a container, for VS Code and GitHub Codespaces",
        source="https://containers.dev/implementors/json_reference/",
    ),
    Setting(
        name="ci",
        value=Choice({"github": "github", "gitlab": "gitlab"}),
        help="Test, build and deploy on every push.  [no]",
        scope=PROJECT,
        implies=("ecr",),
        extras={
            "github": "GitHub Actions: test and deploy on every push",
            "gitlab": "GitLab CI/CD: test and deploy on every push",
        },
        source=f"{_SAM}/deploying-using-github.html",
    ),
    Setting(
        name="buildkit",
        value=YesNo(),
        help="Use caches and secrets of BuildKit.  [no]",
        scope=PROJECT,
        package_type=IMAGE,
        extra="BuildKit: builds that keep downloads for the next one, and take tokens as secrets",
        source=f"{_DOCKERFILE}#run---mount",
    ),
    Setting(
        name="pin",
        value=YesNo(),
        help="Pin base images by digest.  [no]",
        scope=PROJECT,
        package_type=IMAGE,
        extra="Pinned base images: by digest, which Renovate keeps up to date",
        source="https://docs.docker.com/build/building/best-practices/#pin-base-image-versions",
    ),
    Setting(
        name="digest",
        value=Pairs(
            re.compile(r"[a-z0-9][a-zA-Z0-9._/:-]{0,254}:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}"),
            "an image and its tag, as in the Dockerfile",
            f"public.ecr.aws/lambda/python:3.14=sha256:{'0123456789abcdef' * 4}",
            text=re.compile(r"sha256:[a-f0-9]{64}"),
            text_rule="sha256: and 64 digits of 0-9 and a-f",
            metavar="IMAGE=DIGEST",
        ),
        help="Pin an image to this digest; repeatable",
        scope=PROJECT,
        package_type=IMAGE,
        source="https://github.com/opencontainers/image-spec/blob/main/descriptor.md#digests",
    ),
    Setting(
        name="updates",
        value=Choice({"renovate": "renovate", "dependabot": "dependabot"}),
        help="Who updates pinned digests.  [renovate]",
        scope=PROJECT,
        package_type=IMAGE,
        source="https://docs.renovatebot.com/docker/#digest-pinning",
    ),
)

ROWS = {row.name: row for row in TABLE}
MONITORING = tuple(row.name for row in TABLE if row.monitoring)
EXTRAS = tuple(row.name for row in TABLE if row.extra or row.extras)
