"""Generated templates, deployed to a stand-in for AWS: moto's server on the loopback interface."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import tomllib
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cfnlint import api as cfnlint
from cfnlint.config import ManualArgs
from samtranslator.internal.managed_policies import get_bundled_managed_policy_map
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
from samtranslator.yaml_helper import yaml_parse

from aws import ACCOUNT, REGION, Aws, running
from conftest import CATALOGUE, create, function_of, needs, section, spec_of, tree
from scaffold import contexts, project
from scaffold.catalogue import FIRST_USE_CASE
from scaffold.model import SUPPORTED, Cell
from scaffold.spec import FunctionSpec, ProjectSpec

# Of what SAM makes for itself; what is deployed here is looked at.
pytestmark = pytest.mark.filterwarnings("ignore:Tried to parse .* not supported by moto:UserWarning")
ENVIRONMENTS = ("dev", "prod")
each_environment = pytest.mark.parametrize("environment", ENVIRONMENTS)
REGISTRY = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com"
# What differs between languages shows in the first use case, and what differs between use cases in one language.
KINDS = sorted(
    {
        (cell.language, cell.use_case, cell.package_type)
        for cell in CATALOGUE.cells
        if cell.use_case == FIRST_USE_CASE or (cell.language, cell.package_type) == ("python", "Zip")
    }
)
# Use cases whose stack moto does not make, and why.
BEYOND_MOTO = {
    "eventbridge": "fails on a rule of another bus than the default one",
    "url": "has no function URLs in CloudFormation",
    "web": "has no layer of another account",
}


def newest(language: str, use_case: str, package: str) -> Cell:
    """Return the cell of the newest supported runtime, with the first dependency manager."""
    row = CATALOGUE.languages[language]
    fitting = [cell for cell in CATALOGUE.cells if cell.segments[:3] == (use_case, package.lower(), language)]
    alive = [one.id for one in row.runtimes if one.status(CATALOGUE.today) == SUPPORTED]
    return next(cell for runtime in alive for cell in fitting if cell.runtime == runtime)


HELLO = function_of(newest("python", "hello-world", "Image"), "x86_64")
OTHER = function_of(newest("go", "sqs", "Image"), "arm64")


@pytest.fixture(scope="module")
def server() -> Iterator[Aws]:
    with running() as one:
        yield one


@pytest.fixture
def aws(server: Aws, monkeypatch: pytest.MonkeyPatch) -> Aws:
    """Return an AWS in which nothing exists; this process knows of no other."""
    for key in [*os.environ]:
        if key.startswith("AWS_") or key.lower().endswith("_proxy"):
            monkeypatch.delenv(key)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    server.reset()
    return server


def with_ecr(folder: Path, name: str = "sam-app", *functions: FunctionSpec) -> Path:
    return project.create(CATALOGUE, ProjectSpec(name, functions or (HELLO,), ecr=True), folder)


# The repository's stack -------------------------------------------------------------------------------------------


@each_environment
def test_the_stack_makes_the_repository_it_promises(environment: str, aws: Aws, tmp_path: Path) -> None:
    template = (with_ecr(tmp_path) / "ecr.yaml").read_text()
    outputs = aws.deploy("sam-app-ecr", template, Environment=environment)

    name = f"sam-app/{environment}"
    ecr = aws.client("ecr")
    (repository,) = ecr.describe_repositories()["repositories"]
    assert repository["repositoryName"] == outputs["RepositoryName"] == name
    assert repository["repositoryUri"] == outputs["RepositoryUri"] == f"{REGISTRY}/{name}"
    assert repository["repositoryArn"] == outputs["RepositoryArn"]
    assert repository["imageScanningConfiguration"] == {"scanOnPush": True}
    assert repository["imageTagMutability"] == "IMMUTABLE"
    assert repository["encryptionConfiguration"] == {"encryptionType": "AES256"}
    tags = ecr.list_tags_for_resource(resourceArn=repository["repositoryArn"])["tags"]
    assert {tag["Key"]: tag["Value"] for tag in tags} == {"application": "sam-app", "environment": environment}


def test_it_keeps_the_last_images_and_drops_untagged_ones(aws: Aws, tmp_path: Path) -> None:
    template = (with_ecr(tmp_path) / "ecr.yaml").read_text()
    aws.deploy("sam-app-ecr", template, Environment="dev", KeptImages="7")

    policy = aws.client("ecr").get_lifecycle_policy(repositoryName="sam-app/dev")["lifecyclePolicyText"]
    untagged, tagged = json.loads(policy)["rules"]
    assert untagged["selection"] == {
        "tagStatus": "untagged",
        "countType": "sinceImagePushed",
        "countUnit": "days",
        "countNumber": 1,
    }
    assert tagged["selection"] == {
        "tagStatus": "tagged",
        "tagPrefixList": ["helloworldfunction-"],
        "countType": "imageCountMoreThan",
        "countNumber": 7,
    }
    assert untagged["action"] == tagged["action"] == {"type": "expire"}


def test_each_function_has_images_that_are_kept(aws: Aws, tmp_path: Path) -> None:
    zipped = function_of(newest("nodejs", "hello-world", "Zip"), "x86_64")
    folder = with_ecr(tmp_path, "sam-app", HELLO, replace(zipped, name="no-image"), OTHER)
    aws.deploy("sam-app-ecr", (folder / "ecr.yaml").read_text(), Environment="dev")

    policy = aws.client("ecr").get_lifecycle_policy(repositoryName="sam-app/dev")["lifecyclePolicyText"]
    rules = json.loads(policy)["rules"]
    assert [rule["rulePriority"] for rule in rules] == [1, 2, 3]
    images = yaml_parse((folder / "template.yaml").read_text())["Resources"]
    # What sam deploy calls an image begins with the name that sam build gave it: the function's, in lower case.
    expected = [f"{name.lower()}-" for name, row in images.items() if "Dockerfile" in row.get("Metadata", {})]
    assert [rule["selection"]["tagPrefixList"] for rule in rules[1:]] == [[prefix] for prefix in expected]


def test_lambda_may_pull_and_nobody_else_gets_anything(aws: Aws, tmp_path: Path) -> None:
    aws.deploy("sam-app-ecr", (with_ecr(tmp_path) / "ecr.yaml").read_text(), Environment="prod")

    policy = json.loads(aws.client("ecr").get_repository_policy(repositoryName="sam-app/prod")["policyText"])
    (statement,) = policy["Statement"]
    assert statement["Effect"] == "Allow"
    assert statement["Principal"] == {"Service": "lambda.amazonaws.com"}
    assert statement["Action"] == ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
    functions = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:*"
    assert statement["Condition"] == {"StringLike": {"aws:SourceArn": functions}}


def test_tags_are_mutable_if_somebody_wants_that(aws: Aws, tmp_path: Path) -> None:
    template = (with_ecr(tmp_path) / "ecr.yaml").read_text()
    aws.deploy("sam-app-ecr", template, Environment="dev", TagMutability="MUTABLE")
    (repository,) = aws.client("ecr").describe_repositories()["repositories"]
    assert repository["imageTagMutability"] == "MUTABLE"


def test_deleting_the_stack_takes_the_images_of_dev_alone(tmp_path: Path) -> None:
    template = yaml_parse((with_ecr(tmp_path) / "ecr.yaml").read_text())
    repository = template["Resources"]["Repository"]
    assert template["Conditions"] == {"IsDev": {"Fn::Equals": [{"Ref": "Environment"}, "dev"]}}
    assert repository["Properties"]["EmptyOnDelete"] == {"Fn::If": ["IsDev", True, False]}
    assert (repository["DeletionPolicy"], repository["UpdateReplacePolicy"]) == ("Delete", "Retain")


@pytest.mark.parametrize("name", ["sam-app", "Shop.v2_a", "true", "A" * 64])
def test_cfn_lint_has_nothing_to_say(name: str, aws: Aws, tmp_path: Path) -> None:
    file = with_ecr(tmp_path, name, HELLO, OTHER) / "ecr.yaml"
    assert [str(match) for match in cfnlint.lint_file(file, ManualArgs(include_checks=["I"]))] == []
    uri = aws.deploy("repository", file.read_text(), Environment="dev")["RepositoryUri"]
    assert re.fullmatch(rf"{REGISTRY}/[a-z0-9]+(-+[a-z0-9]+)*/dev", uri)


# The project around it --------------------------------------------------------------------------------------------


@each_environment
def test_samconfig_points_to_the_repository(environment: str, tmp_path: Path) -> None:
    config = tomllib.loads((with_ecr(tmp_path) / "samconfig.toml").read_text())
    shared, deploy = config[environment]["global"]["parameters"], config[environment]["deploy"]["parameters"]
    assert shared["stack_name"] == f"sam-app-{environment}"
    assert f"RepositoryUri of sam-app-ecr-{environment}" in shared["image_repository"]
    assert "resolve_image_repos" not in {**shared, **deploy}
    assert deploy.get("confirm_changeset", False) is (environment == "prod")
    stack = config[f"ecr-{environment}"]
    assert stack["global"]["parameters"] == {"stack_name": f"sam-app-ecr-{environment}"}
    assert stack["deploy"]["parameters"]["template_file"] == "ecr.yaml"
    assert stack["deploy"]["parameters"]["parameter_overrides"] == f"Environment={environment}"
    # Without a name for a stack, sam deploy asks for an environment.
    assert {"deploy", "global"} & {*config["default"]} == set()


def test_a_project_without_ecr_has_nothing_of_it(tmp_path: Path) -> None:
    plain, other = (
        tree(project.create(CATALOGUE, ProjectSpec("sam-app", (HELLO,)), tmp_path / "plain")),
        tree(with_ecr(tmp_path / "other")),
    )
    assert {*other} - {*plain} == {"ecr.yaml"}
    assert {*tomllib.loads(plain["samconfig.toml"].decode())} == {"version", "default"}
    for text in plain.values():
        assert b"ecr.yaml" not in text


def test_the_readme_says_once_how_to_deploy(tmp_path: Path) -> None:
    for number, ecr in enumerate((False, True)):
        spec = ProjectSpec("sam-app", (HELLO, OTHER), ecr=ecr)
        readme = (project.create(CATALOGUE, spec, tmp_path / str(number)) / "README.md").read_text()
        assert readme.count("\n## Deploy\n") == 1
        assert ("\nsam deploy\n" in readme) is not ecr
        assert ("`ecr.yaml`" in readme) is ecr
        assert len(re.findall(r"^docker build", readme, re.MULTILINE)) == 1


def sam(folder: Path, aws: Aws, *arguments: str) -> subprocess.CompletedProcess[str]:
    return bash(folder, aws, " ".join(["sam", *arguments]))


def bash(folder: Path, aws: Aws, script: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", script],
        cwd=folder,
        env={**os.environ, **aws.environment},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
        timeout=120,
    )


@pytest.mark.toolchain
def test_sam_takes_the_environment(aws: Aws, tmp_path: Path) -> None:
    """As README.md says; the template names an image in the registry, which sam deploy would have pushed."""
    needs("sam")
    folder = with_ecr(tmp_path)
    template = folder / "template.yaml"
    deploy = ("deploy", "--config-env", "dev", "--template", "template.yaml", "--no-execute-changeset")

    done = sam(folder, aws, "validate", "--config-env", "dev")
    assert done.returncode == 0, done.stderr

    done = sam(folder, aws, *deploy)
    assert done.returncode == 2
    assert "Invalid Image Repository ECR URI: RepositoryUri of sam-app-ecr-dev, see README.md" in done.stderr

    lines = section((folder / "README.md").read_text(), "Deploy").partition("sam build")[0]
    done = bash(folder, aws, lines)
    assert done.returncode == 0, done.stdout + done.stderr
    config = tomllib.loads((folder / "samconfig.toml").read_text())
    uri = config["dev"]["global"]["parameters"]["image_repository"]
    assert uri == f"{REGISTRY}/sam-app/dev"
    assert "RepositoryUri of" in config["prod"]["global"]["parameters"]["image_repository"]
    assert not [*folder.glob("*.bak")]

    package = "      PackageType: Image\n"
    template.write_text(template.read_text().replace(package, f"{package}      ImageUri: {uri}:function-1\n"))
    done = sam(folder, aws, *deploy)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Changeset created successfully" in done.stdout
    assert aws.client("cloudformation").list_change_sets(StackName="sam-app-dev")["Summaries"]


@pytest.mark.toolchain
def test_sam_package_makes_repositories_as_sam_deploy_does(aws: Aws, tmp_path: Path) -> None:
    """The template names an image, as sam build's does; that there is none here, it only finds out afterwards."""
    needs("sam")
    folder = create(newest("python", "hello-world", "Image"), tmp_path)
    template = folder / "template.yaml"
    package = "      PackageType: Image\n"
    template.write_text(template.read_text().replace(package, f"{package}      ImageUri: helloworldfunction:built\n"))

    done = sam(folder, aws, "package", "--template", "template.yaml")
    assert "Missing option" not in done.stderr, done.stderr
    (repository,) = aws.client("ecr").describe_repositories()["repositories"]
    assert "helloworldfunction" in repository["repositoryName"]


# The application's stack ------------------------------------------------------------------------------------------


def translated(folder: Path, **code: str) -> dict[str, Any]:
    """Return the template as CloudFormation sees it; ``code`` is where sam deploy has put what the function runs."""
    template = yaml_parse((folder / "template.yaml").read_text())
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"] |= code
    policies = get_bundled_managed_policy_map("aws")
    session = type("Session", (), {"region_name": REGION, "get_partition_for_region": lambda *_: "aws"})()
    sam = Translator(managed_policy_map=policies, sam_parser=Parser(), plugins=[], boto_session=session)
    return dict(sam.translate(sam_template=template, parameter_values={}))


def upload(aws: Aws) -> str:
    """Put some code where sam deploy puts a function's."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("app", "")
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="code", CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket="code", Key="app.zip", Body=archive.getvalue())
    return "s3://code/app.zip"


@pytest.mark.parametrize("kind", KINDS, ids="-".join)
@pytest.mark.slow
def test_cloudformation_takes_the_translated_template(kind: tuple[str, str, str], aws: Aws, tmp_path: Path) -> None:
    package = kind[-1]
    if kind[1] in BEYOND_MOTO:
        pytest.skip(f"moto {BEYOND_MOTO[kind[1]]}")
    cell = newest(*kind)
    folder = create(cell, tmp_path, ecr=package == "Image")
    if package == "Image":
        uri = aws.deploy("sam-app-ecr-dev", (folder / "ecr.yaml").read_text(), Environment="dev")["RepositoryUri"]
        template = translated(folder, ImageUri=f"{uri}:function-1")
    else:
        template = translated(folder, CodeUri=upload(aws))
    aws.deploy("sam-app", json.dumps(template))

    functions = {row["FunctionName"]: row for row in aws.client("lambda").list_functions()["Functions"]}
    spec = spec_of(cell)
    assert len(functions) == len(spec.functions)
    for one in spec.functions:
        context = contexts.context(CATALOGUE, spec, one)
        (function,) = [row for name, row in functions.items() if f"-{one.logical_id}-" in name]
        assert function["PackageType"] == package
        assert function["Architectures"] == ["x86_64"]
        assert function["MemorySize"] == int(context["memory"])
        assert function["Timeout"] == int(context["timeout"])
        described = aws.client("lambda").get_function(FunctionName=function["FunctionName"])
        if package == "Image":
            assert described["Code"]["ImageUri"] == f"{uri}:function-1"
            assert not function.get("Handler"), "the image says what runs"
        else:
            assert (function["Runtime"], function["Handler"]) == (context["runtime"], context["handler"])
    stack = aws.client("cloudformation").describe_stack_resources(StackName="sam-app")["StackResources"]
    assert len(stack) == len(template["Resources"])
