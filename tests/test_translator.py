"""The translator's processes: with stand-ins and without, and what comes of one that cannot be loaded or dies."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from samtranslator.model import sam_resources
from samtranslator.sdk.resource import SamResourceType

from conftest import SCAFFOLD, can
from processes import only_document, only_message, run
from scaffold.errors import InternalError, Problem
from scaffold.translator import client

if TYPE_CHECKING:
    from collections.abc import Iterator

HEAD = "Transform: AWS::Serverless-2016-10-31\n"
# By type: properties that are valid, each on a line of its own, and a line that is not.
TYPES = {
    "Function": (
        (
            "Handler: a.b\nRuntime: python3.14\nInlineCode: x\nAutoPublishAlias: live\nSnapStart: {ApplyOn: None}\n"
            "Policies: [AmazonS3ReadOnlyAccess, {SQSPollerPolicy: {QueueName: q}}, {Statement: []}]\n"
            "DeploymentPreference: {Type: AllAtOnce}\nFunctionUrlConfig: {AuthType: AWS_IAM}\n"
            "Events: {A: {Type: Api, Properties: {Path: /, Method: get}}, H: {Type: HttpApi}, "
            "Q: {Type: SQS, Properties: {Queue: !GetAtt Q.Arn}}, "
            "S: {Type: Schedule, Properties: {Schedule: rate(1 day)}}}\n"
            "EventInvokeConfig: {DestinationConfig: {OnFailure: {Type: SQS}}}\n"
        ),
        "Policies: [{SQSPollerPolicy: {Queue: q}}]",
    ),
    "WebFunction": ("Runtime: python3.14\nCodeUri: src/\nAuthType: NONE\nTimeout: 3\n", "Timeout: []"),
    "CapacityProvider": ("VpcConfig: {SubnetIds: [subnet-1], SecurityGroupIds: [sg-1]}\n", "VpcConfig: 5"),
    "NetworkConnector": (
        "VpcConfig: {SubnetIds: [subnet-1], SecurityGroupIds: [sg-1], NetworkProtocol: IPv4}\n",
        "VpcConfig: 5",
    ),
    "MicrovmImage": ("Name: a\nCodeUri: s3://a/b\nBaseImageArn: b\nBaseImageVersion: '1'\n", "Name: [1]"),
    "Api": (
        "StageName: Prod\nCors: \"'*'\"\nAuth: {ApiKeyRequired: true}\nEndpointConfiguration: {Type: REGIONAL}\n",
        "StageName: [a]",
    ),
    "HttpApi": ("StageName: Prod\nCorsConfiguration: true\nFailOnWarnings: true\n", "Auth: []"),
    "WebSocketApi": (
        "RouteSelectionExpression: $request.body.action\nRoutes: {$default: {FunctionArn: !GetAtt F.Arn}}\n",
        "Routes: []",
    ),
    "SimpleTable": ("PrimaryKey: {Name: id, Type: String}\n", "PrimaryKey: {Name: id, Type: Text}"),
    "Application": ("Location: app/template.yaml\nParameters: {A: b}\n", "Parameters: []"),
    "LayerVersion": ("ContentUri: layer/\nRetentionPolicy: Retain\n", "RetentionPolicy: Never"),
    "StateMachine": ("Definition: {StartAt: A, States: {A: {Type: Pass, End: true}}}\nRole: a\n", "Policies: 5"),
    "Connector": (
        (
            "Source: {Type: AWS::Lambda::Function, Arn: a, RoleName: r}\nPermissions: [Read]\n"
            "Destination: {Type: AWS::DynamoDB::Table, Arn: b}\n"
        ),
        "Permissions: [Fly]",
    ),
    "GraphQLApi": ("SchemaInline: x\nAuth: {Type: API_KEY}\n", "Auth: {Type: NONE}"),
}
APPLICATION = "Resources:\n  A:\n    Type: AWS::Serverless::Application\n    Properties:\n      Location: {}\n"
ARN = "arn:aws:serverlessrepo:us-east-1:123456789012:applications/app"
OTHERS = {
    "CloudFormation's own": "Resources:\n  T:\n    Type: AWS::SNS::Topic\n",
    "nothing": "Resources: {}\n",
    "no YAML of 1.1": "Resources: {T: {Type: X, Properties: {D: 2026-02-31}}}\n",
    "Globals": "Globals: {Function: {Nonsense: 1}}\nResources: {T: {Type: X}}\n",
    "a policy that is not known": (
        "Resources: {F: {Type: AWS::Serverless::Function, Properties: {Handler: a, Runtime: b, Policies: [NoSuch]}}}\n"
    ),
    "a table with a connector": (
        "Resources: {F: {Type: AWS::Serverless::Function, Properties: {Handler: a, Runtime: b}, Connectors: "
        "{C: {Properties: {Destination: {Id: T}, Permissions: [Read]}}}}, T: {Type: AWS::Serverless::SimpleTable}}\n"
    ),
}
# The translator takes it for granted that a route is a mapping.
ROUTE = "Properties: {RouteSelectionExpression: a, Routes: {a: 5}}"
FAILS = f"{HEAD}Resources: {{A: {{Type: AWS::Serverless::WebSocketApi, {ROUTE}}}}}\n"


def resource(name: str, lines: str) -> str:
    properties = "".join(f"      {line}\n" for line in lines.splitlines())
    return f"{HEAD}Resources:\n  R:\n    Type: AWS::Serverless::{name}\n    Properties:\n{properties}"


def replaced(valid: str, line: str) -> str:
    """Return properties with the one that a line gives another value."""
    name = line.partition(":")[0]
    return "".join(f"{row}\n" for row in valid.splitlines() if not row.startswith(f"{name}:")) + f"{line}\n"


TEMPLATES = {
    **{f"{name}, valid": resource(name, valid) for name, (valid, _) in TYPES.items()},
    **{f"{name}, invalid": resource(name, replaced(valid, line)) for name, (valid, line) in TYPES.items()},
    **{f"{name} with an unknown property": resource(name, f"{valid}Nonsense: 1") for name, (valid, _) in TYPES.items()},
    **{f"{name} without properties": resource(name, "") for name in TYPES},
    **{name: HEAD + text for name, text in OTHERS.items()},
}


@pytest.fixture(scope="module")
def exact() -> Iterator[client.Translator]:
    """A process without stand-ins."""
    translator = client.Translator(stand_ins=False)
    yield translator
    translator.close()


def test_every_type_of_sam_is_among_the_templates() -> None:
    classes = [value for value in vars(sam_resources).values() if isinstance(value, type)]
    macros = [str(getattr(value, "resource_type", "")) for value in classes]
    known = {row.value for row in SamResourceType} | {name for name in macros if name.startswith("AWS::Serverless::")}
    assert {f"AWS::Serverless::{name}" for name in TYPES} == known


@pytest.mark.parametrize("name", TEMPLATES)
def test_stand_ins_change_no_verdict(name: str, exact: client.Translator) -> None:
    answer = client.start().ask(TEMPLATES[name])
    assert "problems" in answer, answer  # none of these needs the libraries
    assert answer == exact.ask(TEMPLATES[name])
    if name.endswith(", valid"):
        assert answer == {"problems": []}
    elif name.endswith(", invalid"):
        assert answer["problems"]


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        (f"{{ApplicationId: '{ARN}', SemanticVersion: 1.0.0}}", None),
        ("{ApplicationId: !Ref Id, SemanticVersion: !FindInMap [M, K, V]}", None),
        (f"{{ApplicationId: '{ARN}'}}", "missing the required [SemanticVersion]"),
        ("{SemanticVersion: 1.0.0}", "missing the required [ApplicationId]"),
        (f"{{ApplicationId: '{ARN}', SemanticVersion: ''}}", "'SemanticVersion' cannot be blank"),
        (f"{{ApplicationId: '{ARN}', SemanticVersion: 1.0}}", "SemanticVersion' should be a string"),
        (f"{{ApplicationId: '{ARN}', SemanticVersion: !GetAtt V.W}}", "'SemanticVersion' cannot be resolved"),
        ("{ApplicationId: '{{resolve:ssm:x}}', SemanticVersion: 1.0.0}", "does not support dynamic reference"),
        ("[a]", "Type of property 'Location' is invalid"),
    ],
)
def test_an_application_of_the_repository_is_judged_without_a_network(location: str, expected: str | None) -> None:
    text = (
        f"{HEAD}Parameters: {{Id: {{Type: String, Default: '{ARN}'}}}}\nMappings: {{M: {{K: {{V: 1.0.0}}}}}}\n"
        f"{APPLICATION.replace('{}', location)}"
    )
    problems = client.translate(text)
    assert len(problems) == (expected is not None), problems
    if expected:
        assert expected in problems[0].message
        assert problems[0].location[:2] == ("Resources", "A")


def test_the_process_without_stand_ins_reaches_no_network_and_no_account(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("[default]\nregion = cn-north-1\n[profile x]\nrole_arn = a\n")
    code = (
        "import sys; sys.path[:] = sys.argv[1:]\n"
        "from scaffold.translator import server\n"
        "server._isolate(); server._load()\n"
        "import boto3, socket\n"
        "assert boto3.Session().region_name == 'us-east-1'\n"
        "assert boto3.Session().get_credentials() is None\n"
        "for reach in (lambda: socket.create_connection(('127.0.0.1', 1)),\n"
        "              lambda: socket.getaddrinfo('localhost', 1),\n"
        "              lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'', ('127.0.0.1', 1))):\n"
        "    try:\n"
        "        reach()\n"
        "    except OSError as error:\n"
        "        assert str(error) == 'the translator has no network', error\n"
        "    else:\n"
        "        raise SystemExit('reached')\n"
    )
    environment = {
        **os.environ,
        "AWS_PROFILE": "x",
        "AWS_ACCESS_KEY_ID": "a",
        "AWS_SECRET_ACCESS_KEY": "b",
        "AWS_CONFIG_FILE": str(tmp_path / "config"),
    }
    subprocess.run([sys.executable, "-c", code, *filter(None, sys.path)], env=environment, check=True, cwd=tmp_path)


def test_a_translator_that_imports_more_than_the_stand_ins_have_is_loaded_with_the_libraries(tmp_path: Path) -> None:
    package = Path(sam_resources.__file__).parents[1]
    shutil.copytree(package, tmp_path / "samtranslator", ignore=shutil.ignore_patterns("__pycache__"))
    with (tmp_path / "samtranslator" / "__init__.py").open("a") as file:
        file.write("import boto3.dynamodb.types\n")
    (tmp_path / "template.yaml").write_text(TEMPLATES["Function, invalid"])
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path}"}
    done = run("validate", "template.yaml", "--debug", cwd=tmp_path, env=environment)
    assert done.returncode == 3
    assert "R" in done.stdout
    assert "No module named 'boto3.dynamodb'" in done.stderr  # with the stand-ins; told only for --debug
    done = run("validate", "template.yaml", cwd=tmp_path, env=environment)
    assert (done.returncode, done.stderr) == (3, "")


def test_a_template_that_the_translator_itself_fails_on_is_no_valid_one(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(FAILS)
    done = run("validate", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (3, "")
    assert "template.yaml:1:1: the SAM translator fails on the template: " in done.stdout
    assert "check the values for one of the wrong type" in done.stdout


INIT = ("init", "--no-interactive", "-n", "shop", "-r", "python3.13", "-p", "Zip")


@pytest.mark.parametrize("command", [INIT, ("validate", "valid.yaml")])
def test_a_translator_that_cannot_be_loaded_is_one_message(command: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "valid.yaml").write_text(HEAD + OTHERS["CloudFormation's own"])
    (tmp_path / "path" / "samtranslator").mkdir(parents=True)
    (tmp_path / "path" / "samtranslator" / "__init__.py").touch()
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path / 'path'}"}
    message = "the SAM translator cannot be loaded: ModuleNotFoundError: No module named 'samtranslator."
    only_message(run(*command, cwd=tmp_path, env=environment), message)
    only_document(run(*command, "--output", "json", cwd=tmp_path, env=environment), message)
    done = run(*command, "--debug", cwd=tmp_path, env=environment)
    assert done.stderr.count("Traceback (most recent call last)") >= 2  # the process's and the command's
    assert not (tmp_path / "shop").exists()


def killed(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the command and kill the translator's process as soon as it is there."""
    process = subprocess.Popen(
        [*SCAFFOLD, *arguments], cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    while process.poll() is None and not (found := children.read_text().split()):
        time.sleep(0.001)
    os.kill(int(found[0]), signal.SIGKILL)
    out, err = process.communicate(timeout=120)
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


@pytest.mark.parametrize("command", [INIT, ("validate", "valid.yaml")])
def test_a_translator_that_is_killed_is_one_message(command: tuple[str, ...], tmp_path: Path) -> None:
    can("processes in /proc", "test", "-e", "/proc/self/task")
    (tmp_path / "valid.yaml").write_text(HEAD + OTHERS["CloudFormation's own"])
    message = "the SAM translator's process ended without an answer: killed by signal 9"
    only_message(killed(*command, cwd=tmp_path), message)
    only_document(killed(*command, "--output", "json", cwd=tmp_path), message)
    assert "Traceback (most recent call last)" in killed(*command, "--debug", cwd=tmp_path).stderr
    assert not (tmp_path / "shop").exists()


@pytest.mark.parametrize("command", [INIT, ("validate", "valid.yaml")])
def test_a_translator_that_cannot_be_started_is_one_message(command: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "valid.yaml").write_text(HEAD + OTHERS["CloudFormation's own"])
    code = "import os, sys; from scaffold import __main__; sys.executable = '/nowhere/python'; __main__.main()"

    def start(*more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", code, *command, *more], cwd=tmp_path, capture_output=True, text=True, check=False
        )

    message = "the SAM translator's process cannot be started: No such file or directory"
    only_message(start(), message)
    only_document(start("--output", "json"), message)
    assert "Traceback (most recent call last)" in start("--debug").stderr
    assert not (tmp_path / "shop").exists()


def test_a_process_that_dies_in_the_middle_of_an_answer_is_no_answer() -> None:
    translator = client.Translator()
    os.kill(translator.pid, signal.SIGSTOP)
    os.kill(translator.pid, signal.SIGKILL)
    with pytest.raises(InternalError, match=r"ended without an answer: killed by signal 9"):
        translator.ask(HEAD)
    translator.close()
    assert client.translate(HEAD + OTHERS["nothing"]) == [
        Problem((), "the template has no Resources", "add a Resources section with at least one resource")
    ]
