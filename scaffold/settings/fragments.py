"""Fragments of templates, as data: what those settings add that need more than a single property."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scaffold.intrinsics import get_att, ref
from scaffold.settings.resources import CREATED_TARGETS, Target

if TYPE_CHECKING:
    from collections.abc import Callable

    from scaffold.spec import FunctionSpec, ProjectSpec

Fragment = dict[str, Any]

ALIAS = "live"

# What stands above a key wherever a fragment has it.
COMMENTS = {
    "AutoPublishAlias": "SAM publishes a version when a property of the function changes, and moves this alias to it.",
    "VpcConfig": (
        "Subnets need a NAT gateway or VPC endpoints for anything outside the VPC, AWS services included. SAM adds\n"
        "AWSLambdaVPCAccessExecutionRole to the role, for any network interface, since those of the\n"
        "function have no ids before Lambda creates them."
    ),
    "ReservedConcurrentExecutions": (
        "Reserved for this function, and its limit. 100 of the account's always stay unreserved, so an account with a\n"
        "small quota, as new ones have, refuses this."
    ),
    "FunctionUrlConfig": "AWS_IAM lets in callers with credentials, NONE anyone on the Internet.",
    "MessageRetentionPeriod": "Seconds. 14 days, the longest there is.",
}


def created_resources(fragment: Fragment) -> list[str]:
    """Return the logical ids of the resources that a fragment creates; it only adds to the others."""
    return [name for name, resource in fragment.get("Resources", {}).items() if "Type" in resource]


def set_value(function: FunctionSpec, path: tuple[str, ...], value: Any) -> Fragment:  # noqa: ANN401
    """Return the fragment that sets a value in a function's resource; ``path`` are the keys that lead to it."""
    nested = value
    for key in reversed(path):
        nested = {key: nested}
    return {"Resources": {function.logical_id: nested}}


def properties(fragment: Fragment, function: FunctionSpec) -> Fragment:
    """Return the properties that a fragment sets in a function's resource."""
    resource: Fragment = fragment.get("Resources", {}).get(function.logical_id, {})
    return dict(resource.get("Properties", {}))


def merge(fragment: Fragment, other: Fragment) -> Fragment:
    """Return both fragments in one; if both set the same key, ``other`` wins."""
    result = dict(fragment)
    for key, value in other.items():
        existing = result.get(key)
        result[key] = merge(existing, value) if isinstance(existing, dict) and isinstance(value, dict) else value
    return result


def no_fragment(_value: Any, _function: FunctionSpec, _project: ProjectSpec) -> Fragment:  # noqa: ANN401
    """Return an empty fragment, for a setting that is part of another one's fragment."""
    return {}


def with_alias(path: tuple[str, ...], value: Any = None) -> Callable[[Any, FunctionSpec, ProjectSpec], Fragment]:  # noqa: ANN401
    """Return a fragment function for a setting of published versions; it adds the alias that makes SAM publish them.

    ``value`` is written at ``path`` in the function's resource, by default the setting's own value.
    """

    def fragment(given: Any, function: FunctionSpec, _project: ProjectSpec) -> Fragment:  # noqa: ANN401
        setting = set_value(function, path, given if value is None else value)
        alias = {"AutoPublishAlias": ALIAS, "AutoPublishAliasAllProperties": True}
        return merge(setting, set_value(function, ("Properties",), alias))

    return fragment


def vpc(_given: Any, function: FunctionSpec, project: ProjectSpec) -> Fragment:  # noqa: ANN401
    """Return the VPC of a function, and the parameters for its subnets and its security groups.

    A project has one pair of parameters. A function has its own if its subnets or groups differ from those of the first
    function in a VPC.
    """
    first = next((other for other in project.functions if other.settings.get("vpc")), function)
    parameters: Fragment = {}
    config: dict[str, Any] = {}
    for setting, name, parameter_type, title in (
        ("subnet", "SubnetIds", "AWS::EC2::Subnet::Id", "Subnets"),
        ("security_group", "SecurityGroupIds", "AWS::EC2::SecurityGroup::Id", "Security groups"),
    ):
        own, common = function.settings.get(setting), first.settings.get(setting)
        shared = own is None or own == common
        ids = common if shared else own
        parameter = name if shared else f"{function.pascal}{name}"
        whose = "functions run" if shared else f"{function.logical_id} runs"
        parameters[parameter] = {
            "Description": f"{title} that {whose} in, separated by commas",
            "Type": f"List<{parameter_type}>",
            **({"Default": ",".join(ids)} if ids else {}),
        }
        config[name] = ref(parameter)
    return merge({"Parameters": parameters}, set_value(function, ("Properties", "VpcConfig"), config))


def file_system(given: Any, function: FunctionSpec, _project: ProjectSpec) -> Fragment:  # noqa: ANN401
    """Return the mount of a file system, and a policy that allows using it through its access point."""
    arn, path = given
    partition, region, account = (part for number, part in enumerate(arn.split(":")) if number in (1, 3, 4))
    if ":s3files:" in arn:
        # https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonS3FilesClientReadWriteAccess.html
        statement = {
            "Effect": "Allow",
            "Action": ["s3files:ClientMount", "s3files:ClientWrite"],
            "Resource": arn.partition("/access-point/")[0],
            "Condition": {"StringEquals": {"s3files:AccessPointArn": arn}},
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
    name = f"{function.logical_id}FileSystemPolicy"
    setting = set_value(function, ("Properties", "FileSystemConfigs"), mount)
    # Instances that are started while the stack is made mount it already.
    order = set_value(function, ("DependsOn",), name)
    return merge(merge(setting, order), {"Resources": {name: policy}})


def target(
    suffix: str, what: str, path: tuple[str, ...], key: str
) -> Callable[[Any, FunctionSpec, ProjectSpec], Fragment]:
    """Return a fragment function that sends events to an ARN, or to a queue or a topic in the same fragment.

    ``suffix`` is part of the logical id of that queue or topic, ``what`` are the events in words, ``path`` leads from
    the function's properties to the setting, and ``key`` is the ARN's key there. SAM adds the permission to send.
    """

    def fragment(given: Any, function: FunctionSpec, _project: ProjectSpec) -> Fragment:  # noqa: ANN401
        service = Target.service(given)
        resources: Fragment = {}
        destination: Any = given
        if given in CREATED_TARGETS:
            name = f"{function.logical_id}{suffix}{given.capitalize()}"
            resources["Resources"] = {name: _QUEUE if given == "queue" else _TOPIC}
            output = {"Description": f"Where {what} of {function.logical_id} go", "Value": ref(name)}
            resources["Outputs"] = {f"{name}{'Url' if given == 'queue' else 'Arn'}": output}
            destination = get_att(f"{name}.Arn") if given == "queue" else ref(name)
        config = {"Type": service, key: destination}
        return merge(set_value(function, ("Properties", *path), config), resources)

    return fragment


# 14 days in seconds, the longest that a queue can keep a message.
_QUEUE = {
    "Type": "AWS::SQS::Queue",
    "DeletionPolicy": "Delete",
    "UpdateReplacePolicy": "Delete",
    "Properties": {"MessageRetentionPeriod": 1209600},
}
_TOPIC = {"Type": "AWS::SNS::Topic"}


def function_url(given: Any, function: FunctionSpec, _project: ProjectSpec) -> Fragment:  # noqa: ANN401
    """Return a function's URL, and an output with it."""
    auth_type = {"iam": "AWS_IAM", "none": "NONE"}[given]
    output = {
        "Description": f"The HTTPS address of {function.logical_id} itself",
        "Value": get_att(f"{function.logical_id}Url.FunctionUrl"),
    }
    setting = set_value(function, ("Properties", "FunctionUrlConfig", "AuthType"), auth_type)
    return merge(setting, {"Outputs": {f"{function.logical_id}Url": output}})
