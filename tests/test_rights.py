"""What the functions' roles may do, read from the translated templates of each use case with each setting."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from conftest import CATALOGUE, package_of
from scaffold import project
from scaffold.model import ASYNCHRONOUS
from scaffold.resolve import resolve
from scaffold.settings import TABLE, Setting
from test_settings_table import EXAMPLES, QUEUE, lint, of_flags, translated

# What AWS's own policies allow covers every resource. Each that a role has is named in the template, with the reason.
MANAGED = {
    "AWSLambdaBasicExecutionRole": None,  # every role has it
    "AWSLambdaVPCAccessExecutionRole": "--vpc",
    "AWSXrayWriteOnlyAccess": "--tracing",
}
# Which rights a setting needs: an action, and the end of the resource.
NEEDED = {
    "file_system": ("elasticfilesystem:ClientMount", "file-system/*"),
    "on_failure": ("sqs:SendMessage", "OnFailureQueue"),
    "on_success": ("sns:publish", "OnSuccessTopic"),
    "dead_letter": ("sqs:SendMessage", QUEUE),
}
# The services that a function needs rights for since its source does not push events, but is asked for them.
OF_SOURCES = {"sqs": {"sqs"}}
ROWS = [row for row in TABLE if row.package_type != "Image"]


@pytest.fixture(autouse=True)
def _region(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")


class Made:
    """A project of a use case with settings: its template, what that is translated to, and its functions.

    Its functions are Zips, but for those that are images alone.
    """

    def __init__(self, flags: str, use_case: str, folder: Path) -> None:
        spec = resolve(
            CATALOGUE, of_flags(flags, package_of("python", use_case, "Zip")).with_values(app_template=use_case)
        )
        self.functions = [function.logical_id for function in spec.functions]
        self.text = (project.create(CATALOGUE, spec, folder) / "template.yaml").read_text()
        self.translated = translated(self.text)
        self.resources: dict[str, Any] = json.loads(self.translated)["Resources"]

    def rights(self, function: str = "") -> Rights:
        """Return what the role of the function with that logical id allows; without one, of the only function."""
        roles = {name: row for name, row in self.resources.items() if row["Type"] == "AWS::IAM::Role"}
        (role,) = [
            row["Properties"]
            for name, row in roles.items()
            if "lambda.amazonaws.com" in json.dumps(row) and name.startswith(function)
        ]
        policies = [*role.get("Policies", [])]
        policies += [row["Properties"] for row in self.resources.values() if row["Type"] == "AWS::IAM::RolePolicy"]
        return Rights(
            managed={re.sub(r".*/", "", str(arn)) for arn in map(_flat, role["ManagedPolicyArns"])},
            statements=[
                (action, _flat(resource))
                for policy in policies
                for statement in policy["PolicyDocument"]["Statement"]
                for action in _list(statement["Action"])
                for resource in _list(statement["Resource"])
            ],
        )


@dataclass(frozen=True)
class Rights:
    """What a role allows: the names of AWS's own policies, and each action with its resource."""

    managed: set[str]
    statements: list[tuple[str, str]]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _flat(value: Any) -> str:
    """Return an ARN as text, in which an intrinsic function stands for what it names."""
    if isinstance(value, dict):
        ((_, argument),) = value.items()
        return _flat(argument)
    if isinstance(value, list):
        return " ".join(map(_flat, value))
    return str(value)


# A setting gives the same rights whatever the function is for, so three kinds of invocation are enough.
WITH_SETTINGS = ("hello-world", "sqs", "schedule")


@pytest.mark.parametrize(
    ("use_case", "row"),
    [
        pytest.param(use_case, row, id=f"{use_case}-{row.name if row else 'plain'}")
        for use_case in CATALOGUE.use_cases
        for row in (None, *(ROWS if use_case in WITH_SETTINGS else ()))
    ],
)
def test_a_role_may_do_what_it_must_and_no_more(use_case: str, row: Setting | None, tmp_path: Path) -> None:
    flags = EXAMPLES[row.name].flags if row else ""
    made = Made(flags, use_case, tmp_path)
    for function in made.functions:
        check_rights(made, made.rights(function), row, flags, use_case)


def check_rights(made: Made, rights: Rights, row: Setting | None, flags: str, use_case: str) -> None:
    expected = {
        name
        for name, flag in MANAGED.items()
        if flag is None or flag in flags or (flag == "--vpc" and row and "vpc" in {row.name, *row.implies})
    }
    assert rights.managed == expected
    for name in rights.managed:
        assert re.search(rf"^ *#.*{name}", made.text, re.MULTILINE), f"the template does not say why {name} is there"
    assert [(action, resource) for action, resource in rights.statements if resource == "*" or "*" in action] == []
    of_settings = {row.name} & {*NEEDED} if row else set()
    for action, end in (NEEDED[name] for name in of_settings):
        assert any(one == action and end in resource for one, resource in rights.statements), rights.statements
    services = {action.partition(":")[0] for action, _ in rights.statements}
    about = CATALOGUE.use_cases[use_case]
    of_use_case = {*about.services} | OF_SOURCES.get(about.source, set())
    if about.invocation == ASYNCHRONOUS and not of_settings & {"on_failure", "dead_letter"}:
        of_use_case.add("sqs")
        assert ("sqs:SendMessage", "FailureQueue") in {
            (action, re.sub(".*(FailureQueue) Arn", r"\1", resource)) for action, resource in rights.statements
        }
    assert services == {NEEDED[name][0].partition(":")[0] for name in of_settings} | of_use_case


@pytest.mark.parametrize(
    ("use_case", "function", "allowed"),
    [
        ("crud", "ItemsListFunction", {("dynamodb:Scan", "ItemsTable Arn")}),
        ("crud", "ItemsGetFunction", {("dynamodb:GetItem", "ItemsTable Arn")}),
        ("crud", "ItemsPutFunction", {("dynamodb:PutItem", "ItemsTable Arn")}),
        ("crud", "ItemsDeleteFunction", {("dynamodb:DeleteItem", "ItemsTable Arn")}),
        ("put-item", "PutItemFunction", {("dynamodb:PutItem", "PutItemTable Arn")}),
        (
            "s3",
            "ImportOrdersFunction",
            {
                ("s3:GetObject", "${ImportOrdersBucket.Arn}/incoming/*"),
                ("s3:PutObject", "${ImportOrdersBucket.Arn}/processed/*"),
                ("sqs:SendMessage", "ImportOrdersFailureQueue Arn"),
            },
        ),
    ],
)
def test_a_function_may_do_just_this(
    use_case: str, function: str, allowed: set[tuple[str, str]], tmp_path: Path
) -> None:
    assert {*Made("", use_case, tmp_path).rights(function).statements} == allowed


def test_a_queue_consumer_reads_its_own_queue(tmp_path: Path) -> None:
    rights = Made("", "sqs", tmp_path).rights()
    assert {resource.split()[-1] for _, resource in rights.statements} == {"QueueName"}
    assert all("ProcessOrdersQueue" in resource for _, resource in rights.statements), rights.statements
    assert {"sqs:ReceiveMessage", "sqs:DeleteMessage"} <= {action for action, _ in rights.statements}
    assert "sqs:SendMessage" not in {action for action, _ in rights.statements}


@pytest.mark.parametrize(("flags", "target"), [("", "ProcessOrdersFunction"), ("--provisioned-concurrency 1", "Alias")])
def test_a_queue_invokes_the_alias_where_there_is_one(flags: str, target: str, tmp_path: Path) -> None:
    resources = Made(flags, "sqs", tmp_path).resources
    reference = resources["ProcessOrdersEventSourceMapping"]["Properties"]["FunctionName"]["Ref"]
    assert resources[reference]["Type"] == ("AWS::Lambda::Alias" if target == "Alias" else "AWS::Lambda::Function")


@pytest.mark.parametrize(("reserved", "maximum"), [(None, 10), (0, 2), (1, 2), (5, 5), (50, 10)])
def test_a_queue_takes_no_more_than_the_reserved_concurrency(
    reserved: int | None, maximum: int, tmp_path: Path
) -> None:
    flags = "" if reserved is None else f"--reserved-concurrency {reserved}"
    resources = Made(flags, "sqs", tmp_path).resources
    scaling = resources["ProcessOrdersEventSourceMapping"]["Properties"]["ScalingConfig"]
    assert scaling == {"MaximumConcurrency": maximum}


@pytest.mark.parametrize("use_case", CATALOGUE.use_cases)
@pytest.mark.slow
def test_the_translated_template_is_clean_to_cfn_lint(use_case: str, tmp_path: Path) -> None:
    """A circular dependency shows there alone: cfn-lint does not expand a template of SAM."""
    everything = f"--vpc --tracing --structured-logging --application-insights --on-failure {QUEUE} --function-url iam"
    for number, flags in enumerate(["", everything, "--provisioned-concurrency 1"]):
        found = lint(Made(flags, use_case, tmp_path / str(number)).translated)
        # SAM's policy templates for queues name the batch forms of actions, which IAM does not know and ignores.
        assert [line for line in found if "W3037" not in line or "batch" not in line] == []


def test_a_circular_dependency_is_noticed() -> None:
    cycle = {"Type": "AWS::SNS::Topic", "DependsOn": "B"}, {"Type": "AWS::SNS::Topic", "DependsOn": "A"}
    assert any("E3004" in line for line in lint(json.dumps({"Resources": dict(zip("AB", cycle, strict=True))})))
