"""What settings add to a template, as data: where more than one property, or another resource, comes with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scaffold.intrinsics import get_att, ref
from scaffold.settings.values import MADE, Target

if TYPE_CHECKING:
    from collections.abc import Callable

    from scaffold.spec import FunctionSpec, ProjectSpec

Fragment = dict[str, Any]

ALIAS = "live"


def of_function(function: FunctionSpec, path: tuple[str, ...], value: Any) -> Fragment:  # noqa: ANN401
    """Return the fragment in which a path below a function leads to a value."""
    nested = value
    for key in reversed(path):
        nested = {key: nested}
    return {"Resources": {function.logical_id: nested}}


def merged(fragment: Fragment, other: Fragment) -> Fragment:
    """Return both fragments as one; where they say different things of a key, ``other`` says it."""
    result = dict(fragment)
    for key, value in other.items():
        mine = result.get(key)
        result[key] = merged(mine, value) if isinstance(mine, dict) and isinstance(value, dict) else value
    return result


def nothing(_value: Any, _function: FunctionSpec, _project: ProjectSpec) -> Fragment:  # noqa: ANN401
    """Return an empty fragment: another setting says this one as well."""
    return {}


def with_alias(path: tuple[str, ...], value: Any = None) -> Callable[[Any, FunctionSpec, ProjectSpec], Fragment]:  # noqa: ANN401
    """Return what makes a setting of versions, which SAM publishes where there is an alias.

    ``value`` stands in the template; without one, the setting's own does.
    """

    def fragment(given: Any, function: FunctionSpec, _project: ProjectSpec) -> Fragment:  # noqa: ANN401
        if not given:
            return {}
        own = of_function(function, path, given if value is None else value)
        return merged(own, of_function(function, ("Properties", "AutoPublishAlias"), ALIAS))

    return fragment


def vpc(given: Any, function: FunctionSpec, project: ProjectSpec) -> Fragment:  # noqa: ANN401
    """Return the VPC of a function, and the parameters that say its subnets and its security groups.

    A project has one pair of parameters. A function whose subnets or groups are other than those of the first one in
    a VPC has its own.
    """
    if not given:
        return {}
    first = next((one for one in project.functions if one.settings.get("vpc")), function)
    parameters: Fragment = {}
    config: dict[str, Any] = {}
    for setting, name, kind, what in (
        ("subnet", "SubnetIds", "AWS::EC2::Subnet::Id", "Subnets"),
        ("security_group", "SecurityGroupIds", "AWS::EC2::SecurityGroup::Id", "Security groups"),
    ):
        own, usual = function.settings.get(setting), first.settings.get(setting)
        shared = own is None or own == usual
        ids = usual if shared else own
        parameter = name if shared else f"{function.pascal}{name}"
        whose = "functions run" if shared else f"{function.logical_id} runs"
        parameters[parameter] = {
            "Description": f"{what} that {whose} in, separated by commas",
            "Type": f"List<{kind}>",
            **({"Default": ",".join(ids)} if ids else {}),
        }
        config[name] = ref(parameter)
    return merged({"Parameters": parameters}, of_function(function, ("Properties", "VpcConfig"), config))


def file_system(given: Any, function: FunctionSpec, _project: ProjectSpec) -> Fragment:  # noqa: ANN401
    """Return the mount of a file system, and the right to use it through its access point."""
    arn, path = given
    partition, region, account = (part for number, part in enumerate(arn.split(":")) if number in (1, 3, 4))
    if ":s3files:" in arn:
        # https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonS3FilesClientReadWriteAccess.html
        statement = {
            "Effect": "Allow",
            "Action": ["s3files:ClientMount", "s3files:ClientWrite"],
            "Resource": arn.partition("/access-point/")[0],
        }
    else:
        # https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html
        statement = {
            "Effect": "Allow",
            "Action": ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
            "Resource": f"arn:{partition}:elasticfilesystem:{region}:{account}:file-system/*",
            "Condition": {"StringEquals": {"elasticfilesystem:AccessPointArn": arn}},
        }
    policy = {
        "Type": "AWS::IAM::RolePolicy",
        "Properties": {
            "PolicyName": "file-system",
            "RoleName": ref(f"{function.logical_id}Role"),
            "PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        },
    }
    mount = [{"Arn": arn, "LocalMountPath": path}]
    own = of_function(function, ("Properties", "FileSystemConfigs"), mount)
    return merged(own, {"Resources": {f"{function.logical_id}FileSystemPolicy": policy}})


def target(what: str, path: tuple[str, ...], key: str) -> Callable[[Any, FunctionSpec, ProjectSpec], Fragment]:
    """Return what sends events to an ARN, or to a queue or a topic that the fragment brings.

    ``what`` is part of the resource's name, ``path`` leads to the setting below the function's properties, and
    ``key`` is where the ARN stands there. SAM gives the function the right to send.
    """

    def fragment(given: Any, function: FunctionSpec, _project: ProjectSpec) -> Fragment:  # noqa: ANN401
        service = Target.service(given)
        resources: Fragment = {}
        destination: Any = given
        if given in MADE:
            name = f"{function.logical_id}{what}{given.capitalize()}"
            resources[name] = _QUEUE if given == "queue" else _TOPIC
            destination = get_att(f"{name}.Arn") if given == "queue" else ref(name)
        config = {"Type": service, key: destination}
        return merged(of_function(function, ("Properties", *path), config), {"Resources": resources})

    return fragment


# Seconds, 14 days: the longest that a queue keeps a message.
_QUEUE = {
    "Type": "AWS::SQS::Queue",
    "DeletionPolicy": "Delete",
    "UpdateReplacePolicy": "Delete",
    "Properties": {"MessageRetentionPeriod": 1209600},
}
_TOPIC = {"Type": "AWS::SNS::Topic"}


def function_url(given: Any, function: FunctionSpec, _project: ProjectSpec) -> Fragment:  # noqa: ANN401
    """Return a function's own address, and the output that says it."""
    auth_type = {"iam": "AWS_IAM", "none": "NONE"}[given]
    output = {
        "Description": f"The HTTPS address of {function.logical_id} itself",
        "Value": get_att(f"{function.logical_id}Url.FunctionUrl"),
    }
    own = of_function(function, ("Properties", "FunctionUrlConfig", "AuthType"), auth_type)
    return merged(own, {"Outputs": {f"{function.logical_id}Url": output}})
