"""AWS on this machine: moto's server on the loopback interface, without credentials and without a way out.

Moto leaves a few things out that CloudFormation does; they are added here.
"""

from __future__ import annotations

import functools
import json
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3
from moto.apigateway.models import RestAPI, apigateway_backends
from moto.awslambda.models import LambdaFunction, lambda_backends
from moto.cloudformation.models import ChangeSet
from moto.ecr.models import Repository, ecr_backends
from moto.server import ThreadedMotoServer

if TYPE_CHECKING:
    from collections.abc import Iterator

ACCOUNT = "123456789012"
REGION = "eu-central-1"
NOWHERE = "http://127.0.0.1:9"


@dataclass(frozen=True)
class Aws:
    """A server that answers for AWS; ``environment`` makes any program that uses an SDK of AWS speak to it."""

    url: str

    @property
    def environment(self) -> dict[str, str]:
        return {
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_DEFAULT_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_ENDPOINT_URL": self.url,
            "SAM_CLI_POLL_DELAY": "0.1",
            "SAM_CLI_TELEMETRY": "0",
            # sam asks PyPI whether it is the newest.
            "HTTP_PROXY": NOWHERE,
            "HTTPS_PROXY": NOWHERE,
            "NO_PROXY": "localhost",
        }

    @functools.cached_property
    def session(self) -> boto3.Session:
        keys = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
        return boto3.Session(region_name=REGION, **keys)

    def reset(self) -> None:
        """Forget everything that was made."""
        with urllib.request.urlopen(f"{self.url}/moto-api/reset", b"", timeout=10):
            pass

    def client(self, service: str) -> Any:
        return self.session.client(service, endpoint_url=self.url)

    def deploy(self, name: str, template: str, **parameters: str) -> dict[str, str]:
        """Make a stack, wait until it is there and return its outputs."""
        cloudformation = self.client("cloudformation")
        cloudformation.create_stack(
            StackName=name,
            TemplateBody=template,
            Capabilities=["CAPABILITY_IAM"],
            Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
        )
        (stack,) = cloudformation.describe_stacks(StackName=name)["Stacks"]
        assert stack["StackStatus"] == "CREATE_COMPLETE"
        return {row["OutputKey"]: row["OutputValue"] for row in stack.get("Outputs", [])}


@contextmanager
def running(address: str = "127.0.0.1") -> Iterator[Aws]:
    server = ThreadedMotoServer(address, 0, verbose=False)
    server.start()
    try:
        # By name: moto finds a template that sam has put into a bucket only so.
        host = "localhost" if address == "127.0.0.1" else address
        yield Aws(f"http://{host}:{server.get_host_and_port()[1]}")
    finally:
        server.stop()


def _lower(settings: dict[str, Any] | None) -> dict[str, Any] | None:
    """Name settings as ECR's API does, which CloudFormation names with a capital."""
    return settings and {key[:1].lower() + key[1:]: value for key, value in settings.items()}


def _create_repository(name: str, resource: dict[str, Any], account: str, region: str, **_: Any) -> Repository:
    """Hand on the whole resource; moto itself leaves out both policies."""
    properties = resource["Properties"]
    backend = ecr_backends[account][region]
    made = backend.create_repository(
        repository_name=name,
        registry_id=None,
        encryption_config=_lower(properties.get("EncryptionConfiguration")),
        image_scan_config=_lower(properties.get("ImageScanningConfiguration")),
        image_tag_mutability=properties.get("ImageTagMutability"),
        image_tag_mutability_exclusion_filters=None,
        tags=properties.get("Tags", []),
    )
    if lifecycle := properties.get("LifecyclePolicy"):
        backend.put_lifecycle_policy(account, name, lifecycle["LifecyclePolicyText"])
    if policy := properties.get("RepositoryPolicyText"):
        backend.set_repository_policy(account, name, json.dumps(policy))
    return made


def _create_function(name: str, resource: dict[str, Any], account: str, region: str, **_: Any) -> LambdaFunction:
    """Hand on the whole resource; moto itself leaves out the package type, among others."""
    properties = resource["Properties"]
    tags = {tag["Key"]: tag["Value"] for tag in properties.get("Tags", [])}
    return lambda_backends[account][region].create_function({**properties, "FunctionName": name, "Tags": tags})


def _create_api(name: str, resource: dict[str, Any], account: str, region: str, **_: Any) -> RestAPI:
    """Take name and methods from the document, as API Gateway does; moto itself does not look into that."""
    properties = resource["Properties"]
    body = properties["Body"]
    made = _create_named_api(
        name, {**resource, "Properties": {"Name": body["info"]["title"], **properties}}, account, region
    )
    document = {"openapi": "3.0.1", "paths": body["paths"]}  # that of SAM is a version before, and the same but for it
    apigateway_backends[account][region].put_rest_api(made.id, document, fail_on_warnings=False)
    return made


def _apply(change_set: ChangeSet) -> None:
    """Execute a change set, the template's outputs included."""
    change_set.stack.resource_map.update(change_set.template_dict, change_set.parameters)
    change_set.stack.template_dict = change_set.template_dict
    change_set.stack.output_map = change_set.stack._create_output_map()  # noqa: SLF001  as its update does


Repository.create_from_cloudformation_json = staticmethod(_create_repository)
LambdaFunction.create_from_cloudformation_json = staticmethod(_create_function)
_create_named_api = RestAPI.create_from_cloudformation_json
RestAPI.create_from_cloudformation_json = staticmethod(_create_api)
ChangeSet.apply = _apply
