"""What a web server's project has besides: the stack for Fargate, Docker Compose, and the adapter's layer for a Zip."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from cfnlint import api as cfnlint
from cfnlint.config import ManualArgs
from samtranslator.yaml_helper import yaml_parse

from aws import running as running_aws
from conftest import CATALOGUE, can, function_of, needs
from images.engine import ask, docker, dockerfile, images_of, missing, request, run, running
from images.make import AWS, RUNTIMES, NoStandInError, adapter_layer, emulator, locked
from scaffold import project
from scaffold.model import Cell
from scaffold.spec import ProjectSpec
from toolchains import newest_runtime

WEB = "web"
# Those that take long to compile, or differ from others in their build alone, are left to `make proof`.
LONG = ("rust", "typescript")
ZIPS = [
    pytest.param(language.id, marks=[pytest.mark.proof] if language.id in LONG else [])
    for language in CATALOGUE.languages.values()
    if WEB in language.handlers and "Zip" in CATALOGUE.package_types(language, WEB)
]


def web(language: str, package: str, runtime: str, folder: Path) -> Path:
    """Make the project of a web server with the language's first dependency manager."""
    manager = next(iter(CATALOGUE.languages[language].managers))
    function = function_of(Cell(WEB, package, language, runtime, manager), "x86_64")
    return project.create(CATALOGUE, ProjectSpec("sam-app", (function,)), folder)


@pytest.fixture
def image_project(tmp_path: Path) -> Path:
    return web("python", "Image", RUNTIMES["python"], tmp_path)


def test_the_stack_for_fargate_lints_and_can_be_deployed(image_project: Path) -> None:
    file = image_project / "fargate.yaml"
    assert [str(match) for match in cfnlint.lint_file(file, ManualArgs(include_checks=["I"]))] == []
    with running_aws() as aws:
        ec2 = aws.client("ec2")
        vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
        subnets = [subnet["SubnetId"] for subnet in ec2.describe_subnets()["Subnets"][:2]]
        image = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/web:1"
        outputs = aws.deploy("web", file.read_text(), ImageUri=image, VpcId=vpc, SubnetIds=",".join(subnets))
        ecs, balancing = aws.client("ecs"), aws.client("elbv2")
        (cluster,) = ecs.list_clusters()["clusterArns"]
        (arn,) = ecs.list_services(cluster=cluster)["serviceArns"]
        (service,) = ecs.describe_services(cluster=cluster, services=[arn])["services"]
        task = ecs.describe_task_definition(taskDefinition=service["taskDefinition"])["taskDefinition"]
        (group,) = balancing.describe_target_groups()["TargetGroups"]
        (balancer,) = balancing.describe_load_balancers()["LoadBalancers"]

    (container,) = task["containerDefinitions"]
    assert (container["image"], container["user"], container["readonlyRootFilesystem"]) == (image, "993:990", True)
    # The port of the server, the way to tell that it works, and the way in, all the same.
    assert [one["containerPort"] for one in container["portMappings"]] == [8000]
    # Moto's service does not keep its load balancers.
    of_service = yaml_parse(file.read_text())["Resources"]["Service"]["Properties"]["LoadBalancers"]
    assert [(one["ContainerName"], one["ContainerPort"]) for one in of_service] == [(container["name"], 8000)]
    assert (group["Port"], group["HealthCheckPath"]) == (8000, "/health")
    assert outputs["Url"] == f"http://{balancer['DNSName']}/"


def test_image_and_zip_have_the_same_version_of_the_adapter(image_project: Path, tmp_path: Path) -> None:
    """Version 30 of the layer is 1.1.0: https://github.com/aws/aws-lambda-web-adapter/pull/871."""
    template = (web("python", "Zip", "python3.14", tmp_path / "zip") / "template.yaml").read_text()
    assert ":layer:LambdaAdapterLayerX86:30\n" in template
    assert "/aws-lambda-adapter:1.1.0 " in dockerfile(image_project).read_text()


def test_a_web_server_keeps_its_routes_whatever_its_name(tmp_path: Path) -> None:
    function = function_of(Cell(WEB, "Zip", "go", "provided.al2023", "mod"), "x86_64").renamed("shop")
    folder = project.create(CATALOGUE, ProjectSpec("sam-app", (function,)), tmp_path)
    assert json.loads((folder / "events/event.json").read_text())["rawPath"] == "/greetings/Ada"


@pytest.mark.image
@pytest.mark.toolchain
def test_compose_starts_the_server(image_project: Path) -> None:
    can("docker", "docker", "info")
    compose = compose_command()
    for name in images_of(dockerfile(image_project))[0]:
        if (reason := missing(name)) is not None:
            pytest.skip(reason)
    # So that the libraries come from the cache: Compose has no word for the host's network.
    docker("build", "--force-rm", "--network=host", dockerfile(image_project).parent)
    with locked("port-8000"):  # other tests start servers there
        answer = answer_of_compose(compose, image_project)
    assert answer == (200, "application/json", {"message": "hello Ada"})


def answer_of_compose(compose: list[str], folder: Path) -> tuple[int, str | None, Any]:
    """Start a project's server, ask it and take everything away."""
    environment = {**os.environ, "COMPOSE_PROJECT_NAME": "sam-scaffold-test-web", "DOCKER_BUILDKIT": "0"}
    try:
        up = run(*compose, "up", "--build", "--detach", cwd=folder, env=environment)
        assert up.returncode == 0, up.stdout
        status, content_type, body = request("GET", "http://localhost:8000/greetings/Ada")
    finally:
        run(*compose, "down", "--rmi", "all", cwd=folder, env=environment)
    return status, content_type, json.loads(body)


def compose_command() -> list[str]:
    """Return how Docker Compose is called here; skip where it is not."""
    if subprocess.run(["docker", "compose", "version"], capture_output=True, check=False).returncode == 0:
        return ["docker", "compose"]
    needs("docker-compose")
    return ["docker-compose"]


@pytest.mark.image
@pytest.mark.toolchain
@pytest.mark.parametrize("language", ZIPS)
def test_a_zip_answers_through_the_adapters_layer(language: str, tmp_path: Path) -> None:
    """What `sam build` makes, in /var/task of the runtime's image, with the layer in /opt."""
    can("docker", "docker", "info")
    needs("sam")
    row = CATALOGUE.languages[language]
    stand_in = row.runtime(RUNTIMES[language])
    assert stand_in
    runtime = newest_runtime(language, next(iter(row.managers)))
    if language == "python":  # sam build takes the very version, and so do compiled libraries
        runtime = stand_in.id
        can(runtime, runtime, "--version")
    image = f"{AWS}{stand_in.image}"
    if (reason := missing(image)) is not None:
        pytest.skip(reason)
    try:
        layer = adapter_layer()
    except NoStandInError as error:
        pytest.skip(str(error))

    folder = web(language, "Zip", runtime, tmp_path)
    built = run("sam", "build", cwd=folder, env={**os.environ, "SAM_CLI_TELEMETRY": "0"})
    assert built.returncode == 0, built.stdout
    properties = yaml_parse((folder / "template.yaml").read_text())["Resources"]["WebFunction"]["Properties"]
    variables: dict[str, Any] = properties["Environment"]["Variables"]
    started = variables.pop("AWS_LAMBDA_EXEC_WRAPPER", "/var/task/bootstrap")
    options = [
        f"--volume={emulator()}:/outside:ro",
        f"--volume={folder}/.aws-sam/build/WebFunction:/var/task:ro",
        f"--volume={layer}:/opt:ro",
        *(f"--env={name}={value}" for name, value in variables.items()),
        "--entrypoint=/outside",
    ]
    event = (folder / "events/event.json").read_bytes()
    with running(image, *options, command=(started, properties["Handler"])) as url:
        answers = [ask(url, event) for _ in range(2)]

    assert [json.loads(answer["body"]) for answer in answers] == [{"message": "hello Ada"}] * 2
