"""The table of settings: every row reaches flag, schema, answers file, template, command line, and the way back."""

from __future__ import annotations

import json
import re
import shlex
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from cfnlint import api as cfnlint
from cfnlint.core import get_rules
from samtranslator.internal.managed_policies import get_bundled_managed_policy_map
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
from samtranslator.yaml_helper import yaml_parse

from conftest import CATALOGUE, ROOT, answered, section
from scaffold import advice, answers, project
from scaffold.cli.init import command_line
from scaffold.cli.init import init as init_command
from scaffold.errors import InvalidAnswersError
from scaffold.resolve import resolve
from scaffold.settings import PROJECT, ROWS, TABLE, Setting
from scaffold.spec import Answers, ProjectSpec
from scaffold.translator import findings

EFS = "arn:aws:elasticfilesystem:eu-central-1:123456789012:access-point/fsap-0123456789abcdef0"
S3_FILES = f"arn:aws:s3files:eu-central-1:123456789012:file-system/fs-{'0' * 17}/access-point/fsap-{'1' * 17}"
QUEUE = "arn:aws:sqs:eu-central-1:123456789012:failures"
LAYER = "arn:aws:lambda:eu-central-1:123456789012:layer:tools:1"
SUBNET = "subnet-0123456789abcdef"  # and a digit
GROUP = "sg-0123456789abcdef0"
AWS_IMAGE, SHA = "public.ecr.aws/lambda/python:3.13", f"sha256:{'5' * 64}"
DIGEST = f"--digest {AWS_IMAGE}={SHA}"
HERE = {"name": "shop", "runtime": "python3.13", "architecture": "x86_64"}


class Example:
    """A setting in use: the flags, what they are as answers, where that stands in the template; and a wrong value."""

    def __init__(
        self, flags: str, value: Any, template: dict[str, Any], wrong: str = "", *, wrong_template: Any = None
    ) -> None:
        self.flags = flags
        self.value = value
        self.template = template
        self.wrong = wrong
        self.wrong_template = wrong_template


def function(**properties: Any) -> dict[str, Any]:
    return {"Resources": {"HelloWorldFunction": {"Properties": properties}}}


def metadata(**values: Any) -> dict[str, Any]:
    return {"Resources": {"HelloWorldFunction": {"Metadata": values}}}


def event(**config: Any) -> dict[str, Any]:
    return function(EventInvokeConfig=config)


EXAMPLES: dict[str, Example] = {
    "memory": Example("--memory 512", 512, function(MemorySize=512), "--memory 127", wrong_template=127),
    "timeout": Example("--timeout 60", 60, function(Timeout=60), "--timeout 901", wrong_template=901),
    "ephemeral_storage": Example(
        "--ephemeral-storage 1024", 1024, function(EphemeralStorage={"Size": 1024}), "--ephemeral-storage 511",
        wrong_template=511,
    ),
    "env": Example(
        "--env LOG_LEVEL=DEBUG --env 'A_B=c d=e'", {"LOG_LEVEL": "DEBUG", "A_B": "c d=e"},
        function(Environment={"Variables": {"LOG_LEVEL": "DEBUG", "A_B": "c d=e"}}), "--env AWS_REGION=x",
        wrong_template={"AWS_REGION": "x"},
    ),
    "entrypoint": Example(
        "--entrypoint '/a b'", ["/a", "b"], function(ImageConfig={"EntryPoint": ["/a", "b"]}), "--entrypoint 'a a'",
        wrong_template=["a", "a"],
    ),
    "command": Example(
        "--command '[\"a\", \"b c\"]'", ["a", "b c"], function(ImageConfig={"Command": ["a", "b c"]}),
        "--command ''", wrong_template=["a", "a"],
    ),
    "working_directory": Example(
        "--working-directory /work", "/work", function(ImageConfig={"WorkingDirectory": "/work"}),
        "--working-directory work", wrong_template="/" + "a" * 1000,
    ),
    "build_arg": Example(
        "--build-arg A=1 --build-arg B=", {"A": "1", "B": ""}, metadata(DockerBuildArgs={"A": "1", "B": ""}),
        "--build-arg A",
    ),
    "docker_tag": Example("--docker-tag v1", "v1", metadata(DockerTag="v1"), "--docker-tag -"),
    "build_target": Example(
        "--build-target code", "code", metadata(DockerBuildTarget="code"), "--build-target '!'"
    ),
    "layer": Example(f"--layer {LAYER}", [LAYER], function(Layers=[LAYER]), "--layer x", wrong_template=["x"]),
    "snap_start": Example(
        "--snap-start", True, function(SnapStart={"ApplyOn": "PublishedVersions"}, AutoPublishAlias="live")
    ),
    "vpc": Example(
        "--vpc", True,
        {
            "Parameters": {"SubnetIds": {"Type": "List<AWS::EC2::Subnet::Id>"},
                           "SecurityGroupIds": {"Type": "List<AWS::EC2::SecurityGroup::Id>"}},
            **function(VpcConfig={"SubnetIds": "!Ref SubnetIds", "SecurityGroupIds": "!Ref SecurityGroupIds"}),
        },
    ),
    "subnet": Example(
        f"--subnet {SUBNET}0 --subnet {SUBNET}1", [f"{SUBNET}0", f"{SUBNET}1"],
        {"Parameters": {"SubnetIds": {"Default": f"{SUBNET}0,{SUBNET}1"}},
         **function(VpcConfig={"SubnetIds": "!Ref SubnetIds", "SecurityGroupIds": "!Ref SecurityGroupIds"})},
        "--subnet sg-1", wrong_template=["sg-1"],
    ),
    "security_group": Example(
        "--security-group sg-0123456789abcdef0", ["sg-0123456789abcdef0"],
        {"Parameters": {"SecurityGroupIds": {"Default": "sg-0123456789abcdef0"}},
         **function(VpcConfig={"SubnetIds": "!Ref SubnetIds", "SecurityGroupIds": "!Ref SecurityGroupIds"})},
        "--security-group subnet-1", wrong_template=["subnet-1"],
    ),
    "file_system": Example(
        f"--file-system {EFS}=/mnt/data --vpc", f"{EFS}=/mnt/data",
        function(FileSystemConfigs=[{"Arn": EFS, "LocalMountPath": "/mnt/data"}]),
        f"--file-system {EFS}=/data --vpc", wrong_template=[{"Arn": EFS, "LocalMountPath": "/data"}],
    ),
    "on_failure": Example(
        "--on-failure queue", "queue",
        {"Resources": {
            "HelloWorldFunction": {"Properties": {"EventInvokeConfig": {"DestinationConfig": {
                "OnFailure": {"Type": "SQS", "Destination": "!GetAtt HelloWorldFunctionOnFailureQueue.Arn"}}}}},
            "HelloWorldFunctionOnFailureQueue": {"Type": "AWS::SQS::Queue"},
        }},
        "--on-failure nowhere",
    ),
    "on_success": Example(
        "--on-success topic", "topic",
        {"Resources": {
            "HelloWorldFunction": {"Properties": {"EventInvokeConfig": {"DestinationConfig": {
                "OnSuccess": {"Type": "SNS", "Destination": "!Ref HelloWorldFunctionOnSuccessTopic"}}}}},
            "HelloWorldFunctionOnSuccessTopic": {"Type": "AWS::SNS::Topic"},
        }},
        "--on-success arn:aws:s3:::bucket", wrong_template={"Type": "S3Bucket", "Destination": "arn:aws:s3:::bucket"},
    ),
    "retry_attempts": Example(
        "--retry-attempts 0", 0, event(MaximumRetryAttempts=0), "--retry-attempts 3", wrong_template=3
    ),
    "max_event_age": Example(
        "--max-event-age 60", 60, event(MaximumEventAgeInSeconds=60), "--max-event-age 59", wrong_template=59
    ),
    "dead_letter": Example(
        f"--dead-letter {QUEUE}", QUEUE, function(DeadLetterQueue={"Type": "SQS", "TargetArn": QUEUE}),
        "--dead-letter arn:aws:lambda:eu-central-1:123456789012:function:x",
        wrong_template={"Type": "Lambda", "TargetArn": "x"},
    ),
    "reserved_concurrency": Example(
        "--reserved-concurrency 0", 0, function(ReservedConcurrentExecutions=0), "--reserved-concurrency -1",
        wrong_template=-1,
    ),
    "provisioned_concurrency": Example(
        "--provisioned-concurrency 2", 2,
        function(ProvisionedConcurrencyConfig={"ProvisionedConcurrentExecutions": 2}, AutoPublishAlias="live"),
        "--provisioned-concurrency 0", wrong_template=0,
    ),
    "function_url": Example(
        "--function-url iam", "iam",
        {**function(FunctionUrlConfig={"AuthType": "AWS_IAM"}),
         "Outputs": {"HelloWorldFunctionUrl": {"Value": "!GetAtt HelloWorldFunctionUrl.FunctionUrl"}}},
        "--function-url open",
    ),
    "log_retention": Example(
        "--log-retention 7", 7,
        {"Resources": {"HelloWorldFunctionLogGroup": {"Properties": {"RetentionInDays": 7}}}},
        "--log-retention 8", wrong_template=8,
    ),
    "ecr": Example("--ecr", True, {}),
    "tracing": Example("--tracing", True, {"Globals": {"Function": {"Tracing": "Active"}}}),
    "application_insights": Example(
        "--application-insights", True,
        {"Resources": {"ApplicationInsightsMonitoring": {"Type": "AWS::ApplicationInsights::Application"}}},
    ),
    "structured_logging": Example(
        "--structured-logging", True, {"Globals": {"Function": {"LoggingConfig": {"LogFormat": "JSON"}}}}
    ),
    "devcontainer": Example("--devcontainer", True, {}),
    "ci": Example("--ci github", "github", {}),
    "buildkit": Example("--buildkit", True, {}),
    "pin": Example(f"--pin {DIGEST}", True, {}),
    "digest": Example(f"--pin {DIGEST}", {AWS_IMAGE: SHA}, {}, f"--pin --digest {AWS_IMAGE}=sha256:0"),
    "updates": Example(f"--pin {DIGEST} --updates dependabot", "dependabot", {}, "--pin --updates nobody"),
}  # fmt: skip

CASES = [
    pytest.param(row, package, id=f"{row.name}-{package}")
    for row in TABLE
    for package in ("Image", "Zip")
    if row.package_type in (None, package)
]
each_row = pytest.mark.parametrize(("row", "package"), CASES)


def of_flags(flags: str, package: str) -> Answers:
    """Return what the command line says."""
    words = [*shlex.split(flags), "--package-type", package]
    words += [word for name, value in HERE.items() for word in (f"--{name}", value)]
    return answered(init_command.make_context("init", words).params)


def settings_of(spec: ProjectSpec, row: Setting) -> Any:
    return getattr(spec, row.name) if row.scope == PROJECT else spec.functions[0].settings[row.name]


def lint(text: str, *checks: str) -> list[str]:
    return [str(match) for match in cfnlint.lint(text, get_rules([], [], [*checks]), ["eu-central-1"])]


def plain(text: str) -> Any:
    """Return a template's values, in which a short intrinsic is a text: ``!Ref Queue``."""

    class Loader(yaml.SafeLoader):
        pass

    Loader.add_multi_constructor("!", lambda _loader, suffix, node: f"!{suffix} {node.value}")
    return yaml.load(text, Loader)


def holds(whole: Any, part: Any) -> bool:
    """Return whether a value has everything that is in another."""
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(key in whole and holds(whole[key], value) for key, value in part.items())
    return bool(whole == part)


def translated(text: str) -> str:
    """Return what SAM makes of a template, as JSON; paths and images stand for what `sam package` writes there."""
    text = re.sub(r"^(\s+)(CodeUri: ).*$", r"\1\2s3://bucket/key", text, flags=re.MULTILINE)
    image = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop:1"
    text = text.replace("PackageType: Image\n", f"PackageType: Image\n      ImageUri: {image}\n")
    policies = get_bundled_managed_policy_map("aws")
    return json.dumps(Translator(policies, Parser(), []).translate(yaml_parse(text), {}))


@pytest.fixture(autouse=True)
def _region(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")


def test_every_row_has_an_example() -> None:
    assert [*EXAMPLES] == [row.name for row in TABLE]


@each_row
def test_a_row_reaches_everything_and_comes_back(row: Setting, package: str, tmp_path: Path) -> None:
    example = EXAMPLES[row.name]
    spec = resolve(CATALOGUE, of_flags(example.flags, package))

    folder = project.create(CATALOGUE, spec, tmp_path)
    text = (folder / "template.yaml").read_text()
    assert holds(plain(text), example.template), text
    assert (folder / "ecr.yaml").exists() is (row.name == "ecr" or (row.name == "ci" and package == "Image"))
    assert (folder / ".devcontainer").exists() is (row.name == "devcontainer")
    assert (folder / "renovate.json").exists() is (row.name in ("pin", "digest"))
    assert (folder / ".github/dependabot.yml").exists() is (row.name in ("ci", "updates"))

    file = folder / answers.FILE
    assert plain(file.read_text())[row.name] == example.value
    jsonschema.validate(plain(file.read_text()), answers.schema(CATALOGUE))
    assert resolve(CATALOGUE, answers.read(CATALOGUE, file)[0]) == spec

    line = command_line(spec)
    assert row.flag in shlex.split(line)
    again = answered(init_command.make_context("init", shlex.split(line)[2:]).params)
    assert settings_of(resolve(CATALOGUE, again), row) == settings_of(spec, row)
    assert resolve(CATALOGUE, again) == spec


# What does not go with the rest is linted by itself.
# What is said of one Dockerfile: a stage, and images.
LANGUAGES_OWN = ("build_target", "updates")
APART = ("snap_start", "reserved_concurrency", "pin", "digest")
SETS = {
    "most": [row for row in TABLE if row.name not in APART],
    "snapshots": [row for row in TABLE if row.name in ("snap_start", "vpc", "env", "function_url")],
    "stopped": [row for row in TABLE if row.name == "reserved_concurrency"],
    "pinned": [ROWS["pin"]],
    "digests": [ROWS["digest"]],
}


@pytest.mark.parametrize("package", ["Image", "Zip"])
@pytest.mark.parametrize("name", SETS)
@pytest.mark.slow
def test_settings_are_clean_to_cfn_lint_as_they_are_and_as_sam_translates_them(
    name: str, package: str, tmp_path: Path
) -> None:
    rows = [row for row in SETS[name] if row.package_type in (None, package)]
    flags = " ".join(EXAMPLES[row.name].flags for row in rows)
    text = (
        project.create(CATALOGUE, resolve(CATALOGUE, of_flags(flags, package)), tmp_path) / "template.yaml"
    ).read_text()
    assert lint(text, "I") == []
    assert lint(translated(text)) == []


def test_every_row_is_linted() -> None:
    assert {row.name for rows in SETS.values() for row in rows} == {*ROWS}


@pytest.mark.parametrize("row", [row for row in TABLE if EXAMPLES[row.name].wrong], ids=lambda row: row.name)
def test_a_wrong_value_is_refused_before_anything_is_written(row: Setting) -> None:
    package = row.package_type or "Image"
    with pytest.raises(InvalidAnswersError) as caught:
        resolve(CATALOGUE, of_flags(EXAMPLES[row.name].wrong, package))
    assert [problem.location for problem in caught.value.problems] == [(row.name,)]
    assert all(problem.hint for problem in caught.value.problems)
    assert all(problem.value is not None for problem in caught.value.problems)


WRONG_IN_TEMPLATES = [row for row in TABLE if EXAMPLES[row.name].wrong_template is not None]


@pytest.mark.parametrize("row", WRONG_IN_TEMPLATES, ids=lambda row: row.name)
def test_validate_finds_the_same_in_a_template(row: Setting, tmp_path: Path) -> None:
    spec = resolve(CATALOGUE, of_flags("", row.package_type or "Image"))
    path = project.create(CATALOGUE, spec, tmp_path) / "template.yaml"
    values = plain(path.read_text())
    name = "HelloWorldFunctionLogGroup" if row.name == "log_retention" else "HelloWorldFunction"
    target = values["Resources"][name]
    for key in row.path[:-1]:
        target = target.setdefault(key, {})
    target[row.path[-1]] = EXAMPLES[row.name].wrong_template
    (tmp_path / "template.json").write_text(json.dumps(values))
    problems = findings.of_file(tmp_path / "template.json")
    assert any(".".join(row.path[1:]) in problem.message and problem.hint for problem in problems), problems


def test_every_flag_is_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text()
    assert [row.flag for row in TABLE if f"`{row.flag}" not in readme] == []


def test_names_are_those_of_the_flags() -> None:
    params = {param.name for param in init_command.params}
    assert set(ROWS) <= params


@pytest.mark.slow
def test_settings_go_with_every_language_and_use_case(tmp_path: Path) -> None:
    """The SAM translator accepts them all, as it does each project that is made."""
    cells = {(cell.language, cell.use_case, cell.package_type): cell for cell in reversed(CATALOGUE.cells)}
    for number, cell in enumerate(cells.values()):
        rows = [row for row in SETS["most"] if row.package_type in (None, cell.package_type)]
        if cell.use_case == "web":  # as a Zip it has a layer already, and a second one is refused
            rows = [row for row in rows if row.name != "layer"]
        flags = " ".join(EXAMPLES[row.name].flags for row in rows if row.name not in LANGUAGES_OWN)
        given = of_flags(flags, cell.package_type).with_values(
            runtime=cell.runtime, language=cell.language, app_template=cell.use_case
        )
        spec = resolve(CATALOGUE, given, preview=True)
        project.create(CATALOGUE, spec, tmp_path / str(number))


# What goes together --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("package", ["Image", "Zip"])
@pytest.mark.parametrize(
    ("flags", "name", "message"),
    [
        ("--snap-start --ephemeral-storage 513", "snap_start", "512 MB"),
        ("--snap-start --provisioned-concurrency 1", "snap_start", "provisioned concurrency"),
        (f"--snap-start --vpc --file-system {EFS}=/mnt/a", "snap_start", "file system"),
        (f"--file-system {EFS}=/mnt/a", "file_system", "VPC"),
        ("--provisioned-concurrency 3 --reserved-concurrency 2", "provisioned_concurrency", "reserved"),
        ("--subnet subnet-0123456789abcdef0 --no-vpc", "subnet", "needs vpc"),
        ("--security-group sg-0123456789abcdef0 --no-vpc", "security_group", "needs vpc"),
    ],
)
def test_what_does_not_go_together_is_refused_with_the_way_out(
    flags: str, name: str, message: str, package: str
) -> None:
    with pytest.raises(InvalidAnswersError) as caught:
        resolve(CATALOGUE, of_flags(flags, package))
    (problem,) = caught.value.problems
    assert (problem.location, message in problem.message, bool(problem.hint)) == ((name,), True, True)


@pytest.mark.parametrize(
    ("properties", "message"),
    [
        (
            {"SnapStart": {"ApplyOn": "PublishedVersions"}, "EphemeralStorage": {"Size": 600}},
            "SnapStart: cannot be used with more than 512 MB",
        ),
        (
            {"SnapStart": {"ApplyOn": "PublishedVersions"}, "AutoPublishAlias": "live",
             "ProvisionedConcurrencyConfig": {"ProvisionedConcurrentExecutions": 1}},
            "SnapStart: cannot be used with provisioned",
        ),
        ({"FileSystemConfigs": [{"Arn": EFS, "LocalMountPath": "/mnt/a"}]}, "FileSystemConfigs: needs a VPC"),
        ({"FileSystemConfigs": [{"Arn": {"Ref": "X"}, "LocalMountPath": "/mnt/a"}]}, "FileSystemConfigs: needs a VPC"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("shared", [False, True])
def test_validate_finds_what_does_not_go_together(
    properties: dict[str, Any], message: str, shared: bool, tmp_path: Path
) -> None:
    own = {"PackageType": "Image", "ImageUri": "x"}
    template = {
        "Transform": "AWS::Serverless-2016-10-31",
        "Parameters": {"X": {"Type": "String"}},
        "Resources": {"F": {"Type": "AWS::Serverless::Function", "Properties": own}},
    }
    if shared:
        template["Globals"] = {"Function": properties}
    else:
        own |= properties
    (tmp_path / "template.json").write_text(json.dumps(template))
    messages = [problem.message for problem in findings.of_file(tmp_path / "template.json")]
    assert any(message in line for line in messages), messages


@pytest.mark.parametrize(
    "properties",
    [
        {"SnapStart": {"ApplyOn": "None"}, "EphemeralStorage": {"Size": 600}},
        {"SnapStart": {"Fn::If": ["A", {"ApplyOn": "PublishedVersions"}, {"Ref": "AWS::NoValue"}]},
         "EphemeralStorage": {"Size": 600}},
        {"FileSystemConfigs": {"Fn::If": ["A", [{"Arn": EFS, "LocalMountPath": "/mnt/a"}], {"Ref": "AWS::NoValue"}]}},
        {"FileSystemConfigs": [{"Arn": EFS, "LocalMountPath": "/mnt/a"}], "VpcConfig": {"Ref": "AWS::NoValue"}},
    ],
)  # fmt: skip
def test_what_cannot_be_known_is_not_judged(properties: dict[str, Any], tmp_path: Path) -> None:
    template = {
        "Transform": "AWS::Serverless-2016-10-31",
        "Conditions": {"A": {"Fn::Equals": ["1", "1"]}},
        "Resources": {
            "F": {
                "Type": "AWS::Serverless::Function",
                "Properties": {"PackageType": "Image", "ImageUri": "x", **properties},
            }
        },
    }
    (tmp_path / "template.json").write_text(json.dumps(template))
    assert findings.of_file(tmp_path / "template.json") == []


# Single settings -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("runtime", "base", "labelled"),
    [
        ("python3.13", None, False),
        ("java25", None, False),
        ("dotnet10", None, False),
        ("python3.11", None, True),
        ("nodejs24.x", None, True),
        ("ruby3.4", None, True),
        ("go (provided.al2023)", None, True),
        ("go (provided.al2023)", "scratch", True),
        ("python3.13", "debian", True),
        ("python3.13", "registry.example.com/team/python:3.13", True),
    ],
)
def test_an_image_takes_snapshots_with_the_label_where_its_base_needs_one(
    runtime: str, base: str | None, labelled: bool, tmp_path: Path
) -> None:
    given = {"name": "shop", "runtime": runtime, "package_type": "Image", "base_image": base, "snap_start": True}
    folder = project.create(CATALOGUE, resolve(CATALOGUE, Answers.from_values(given)), tmp_path)
    properties = plain((folder / "template.yaml").read_text())["Resources"]["HelloWorldFunction"]["Properties"]
    assert (properties["SnapStart"], properties["AutoPublishAlias"]) == ({"ApplyOn": "PublishedVersions"}, "live")
    (file,) = folder.rglob("Dockerfile")
    last = file.read_text().rpartition("\nFROM ")[2]
    assert ('LABEL com.amazonaws.lambda.feature.snapstart="Allow"' in last) is labelled
    assert file.read_text().count("snapstart") == int(labelled)


def test_a_zip_starts_from_a_snapshot_only_where_its_runtime_has_that() -> None:
    for runtime, fits in (("python3.13", True), ("python3.11", False), ("nodejs24.x", False)):
        given = Answers.from_values({"name": "shop", "runtime": runtime, "package_type": "Zip", "snap_start": True})
        if fits:
            assert resolve(CATALOGUE, given).functions[0].settings["snap_start"] is True
        else:
            with pytest.raises(InvalidAnswersError, match=f"not available for {runtime}"):
                resolve(CATALOGUE, given)


def test_a_project_has_one_pair_of_parameters_and_a_function_that_differs_its_own(tmp_path: Path) -> None:
    functions = (
        {"name": "first", "subnet": ["subnet-0123456789abcdef0"]},
        {"name": "second"},
        {"name": "third", "subnet": ["subnet-0123456789abcdef1"]},
        {"name": "fourth", "vpc": False},
    )
    given = {"name": "shop", "runtime": "python3.13", "package_type": "Zip", "vpc": True, "functions": functions}
    folder = project.create(CATALOGUE, resolve(CATALOGUE, Answers.from_values(given)), tmp_path)
    template = plain((folder / "template.yaml").read_text())
    assert {name: row.get("Default") for name, row in template["Parameters"].items()} == {
        "Environment": "dev",
        "SubnetIds": "subnet-0123456789abcdef0", "SecurityGroupIds": None, "ThirdSubnetIds": "subnet-0123456789abcdef1"
    }  # fmt: skip
    configs = {name: row["Properties"].get("VpcConfig") for name, row in template["Resources"].items()}
    usual = {"SubnetIds": "!Ref SubnetIds", "SecurityGroupIds": "!Ref SecurityGroupIds"}
    assert configs["FirstFunction"] == configs["SecondFunction"] == usual
    assert configs["ThirdFunction"] == {**usual, "SubnetIds": "!Ref ThirdSubnetIds"}
    assert configs["FourthFunction"] is None
    assert lint((folder / "template.yaml").read_text(), "I") == []
    again, _ = answers.read(CATALOGUE, folder / answers.FILE)
    assert resolve(CATALOGUE, again) == resolve(CATALOGUE, Answers.from_values(given))


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        ("--function-url none", "anyone on the Internet"),
        ("--env DB_PASSWORD=x --env ApiKey=y", "DB_PASSWORD, ApiKey may be secret"),
        ("--on-failure queue --retry-attempts 1", "--on-failure, --retry-attempts: only for asynchronous invocations"),
    ],
)
def test_what_is_allowed_and_may_surprise_draws_a_warning(flags: str, expected: str) -> None:
    (warning,) = advice.warnings(CATALOGUE, resolve(CATALOGUE, of_flags(flags, "Zip")))
    assert expected in warning
    assert advice.warnings(CATALOGUE, resolve(CATALOGUE, of_flags("--function-url iam --env LEVEL=1", "Zip"))) == []


def test_environment_variables_have_room_for_4_kb() -> None:
    assert resolve(CATALOGUE, of_flags(f"--env AB={'x' * 4094}", "Zip"))
    with pytest.raises(InvalidAnswersError, match="4097 bytes"):
        resolve(CATALOGUE, of_flags(f"--env AB={'x' * 4093}é", "Zip"))


@pytest.mark.parametrize("mount", [EFS, S3_FILES])
def test_a_file_system_comes_with_the_right_to_use_it_and_no_other(mount: str, tmp_path: Path) -> None:
    spec = resolve(CATALOGUE, of_flags(f"--vpc --file-system {mount}=/mnt/data", "Image"))
    text = (project.create(CATALOGUE, spec, tmp_path) / "template.yaml").read_text()
    policy = plain(text)["Resources"]["HelloWorldFunctionFileSystemPolicy"]["Properties"]
    assert policy["RoleName"] == "!Ref HelloWorldFunctionRole"
    (statement,) = policy["PolicyDocument"]["Statement"]
    service = mount.split(":")[2]
    assert statement["Action"] == [f"{service}:ClientMount", f"{service}:ClientWrite"]
    assert statement["Resource"] in (
        mount.partition("/access-point/")[0],
        "arn:aws:elasticfilesystem:eu-central-1:123456789012:file-system/*",
    )
    assert statement["Condition"] == {"StringEquals": {f"{service}:AccessPointArn": mount}}
    assert lint(translated(text)) == []


def test_logs_are_kept_for_ever_where_0_days_are_asked_for(tmp_path: Path) -> None:
    spec = resolve(CATALOGUE, of_flags("--log-retention 0", "Zip"))
    text = (project.create(CATALOGUE, spec, tmp_path) / "template.yaml").read_text()
    assert "RetentionInDays:" not in text
    assert lint(text, "I") == []


def test_limits_are_those_of_the_services_own_models() -> None:
    import botocore.session  # noqa: PLC0415

    session = botocore.session.get_session()
    shapes = {
        "retry_attempts": "MaximumRetryAttempts",
        "max_event_age": "MaximumEventAgeInSeconds",
        "reserved_concurrency": "ReservedConcurrentExecutions",
        "provisioned_concurrency": "PositiveInteger",
    }
    for name, shape in shapes.items():
        limits = session.get_service_model("lambda").shape_for(shape).metadata
        value: Any = ROWS[name].value
        assert (value.minimum, value.maximum) == (limits["min"], limits.get("max"))
    subnets, groups = (session.get_service_model("lambda").shape_for(name).metadata["max"]
                       for name in ("SubnetIds", "SecurityGroupIds"))  # fmt: skip
    rows: Any = ROWS
    assert (rows["subnet"].value.maximum, rows["security_group"].value.maximum) == (subnets, groups)
    text = session.get_service_model("logs").shape_for("Days").documentation
    days = {int(number) for number in re.findall(r"\d+", text.partition("Possible values are:")[2].partition(".")[0])}
    assert days == {*rows["log_retention"].value.numbers}


def test_an_alias_follows_every_property(tmp_path: Path) -> None:
    """SAM publishes a version for code, variables, memory and SnapStart; of the rest only where it is told to."""
    spec = resolve(CATALOGUE, of_flags("--provisioned-concurrency 1", "Zip"))
    text = (project.create(CATALOGUE, spec, tmp_path) / "template.yaml").read_text()

    def version(template: str) -> set[str]:
        resources = json.loads(translated(template))["Resources"]
        return {name for name, row in resources.items() if row["Type"] == "AWS::Lambda::Version"}

    assert version(text) != version(text.replace("Timeout: 10", "Timeout: 11"))


def test_two_functions_that_claim_one_resource_are_refused(tmp_path: Path) -> None:
    functions = (
        {"name": "orders", "on_failure": "queue"},
        {"name": "orders-function-on-failure", "app_template": "sqs"},
    )
    given = {"name": "shop", "runtime": "python3.13", "package_type": "Zip", "functions": functions}
    with pytest.raises(InvalidAnswersError, match="already has a resource OrdersFunctionOnFailureQueue"):
        project.create(CATALOGUE, resolve(CATALOGUE, Answers.from_values(given)), tmp_path)
    assert [*tmp_path.iterdir()] == []


def test_a_variable_that_a_layer_sets_otherwise_is_refused(tmp_path: Path) -> None:
    given = of_flags("--env NODE_OPTIONS=x", "Zip").with_values(runtime="nodejs24.x", language="typescript")
    with pytest.raises(InvalidAnswersError, match="NODE_OPTIONS is already on line") as caught:
        project.create(CATALOGUE, resolve(CATALOGUE, given), tmp_path)
    assert [problem.location for problem in caught.value.problems] == [("env",)]
    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        ("--on-failure arn:aws:sqs:eu-central-1:123456789012:q.fifo", "is a FIFO queue or topic"),
        ("--dead-letter arn:aws:sns:eu-central-1:123456789012:t.fifo", "is a FIFO queue or topic"),
        ("--on-failure arn:aws:s3:::bucket/key", "is not the ARN of a target"),
        ("--on-failure arn:aws:events:eu-central-1:123456789012:rule/x", "is not the ARN of a target"),
        ("--on-failure arn:aws:lambda:eu-central-1:123456789012:layer:x:1", "is not the ARN of a target"),
        ("--on-failure arn:aws:sqs:::x", "is not the ARN of a target"),
        ("--on-failure SQS", "is not the ARN of a target"),
        (f"--file-system {EFS} --vpc", "is not ARN=/mnt/NAME"),
        ("--env A=1", "'A' is not a valid name: a letter"),
        ("--env MY-VAR=1", "'MY-VAR' is not a valid name: a letter"),
        ("--subnet subnet-abc123", "is not the id of a subnet"),
        (f"--security-group {GROUP} --security-group {GROUP}", "is given twice"),
        ("--reserved-concurrency 1000000000000000000000", "is not a whole number"),
    ],
)
def test_a_value_that_cannot_work_is_told_for_what_it_is(flags: str, message: str) -> None:
    with pytest.raises(InvalidAnswersError) as caught:
        resolve(CATALOGUE, of_flags(flags, "Zip"))
    (problem,) = caught.value.problems
    assert message in problem.message
    assert problem.hint


@pytest.mark.parametrize(
    ("flags", "use_case", "expected"),
    [
        ("--reserved-concurrency 0", "sqs", "at least 2 batches of a queue at a time"),
        ("--reserved-concurrency 1", "sqs", "at least 2 batches of a queue at a time"),
        ("--function-url iam", "sqs", "expects the events of its source"),
        ("--function-url iam", "get-customer", "A function URL has no path parameters"),
        ("--provisioned-concurrency 1 --on-failure queue", "hello-world", "--invocation-type Event --qualifier live"),
        ("--on-success topic", "hello-world", "has no subscribers yet"),
    ],
)
def test_what_a_use_case_makes_surprising_draws_a_warning(flags: str, use_case: str, expected: str) -> None:
    spec = resolve(CATALOGUE, of_flags(flags, "Zip").with_values(app_template=use_case))
    assert any(expected in warning for warning in advice.warnings(CATALOGUE, spec))
    usual = resolve(CATALOGUE, of_flags("--reserved-concurrency 2", "Zip").with_values(app_template="sqs"))
    assert advice.warnings(CATALOGUE, usual) == []


def test_only_an_api_is_traced_as_one(tmp_path: Path) -> None:
    for use_case, traced in (("get-customer", {"OpenApiVersion": "3.0.1", "TracingEnabled": True}), ("sqs", None)):
        given = of_flags("--tracing", "Zip").with_values(app_template=use_case)
        folder = project.create(CATALOGUE, resolve(CATALOGUE, given), tmp_path / use_case)
        api = plain((folder / "template.yaml").read_text())["Globals"].get("Api")
        assert (api and {key: api[key] for key in api if key != "MethodSettings"}) == traced


def test_a_project_in_a_vpc_says_how_its_parameters_get_their_values(tmp_path: Path) -> None:
    ids = f"--subnet {SUBNET}0 --security-group {GROUP}"
    for number, (flags, in_readme, in_config, deploy) in enumerate(
        [
            ("--vpc", "`sam deploy --guided` asks for them", False, "sam deploy --guided"),
            (f"--vpc --subnet {SUBNET}0", "`sam deploy --guided` asks for them", False, "sam deploy --guided"),
            (f"--vpc {ids}", "", False, "sam deploy"),
            (f"--vpc {ids} --file-system {EFS}=/mnt/data", "port 2049", False, "sam deploy"),
            ("--vpc --ecr", "to be filled in in `samconfig.toml`", True, "sam deploy --config-env dev"),
            (f"--vpc --ecr {ids}", "", False, "sam deploy --config-env dev"),
        ]
    ):
        folder = project.create(CATALOGUE, resolve(CATALOGUE, of_flags(flags, "Image")), tmp_path / str(number))
        readme = (folder / "README.md").read_text()
        config = tomllib.loads((folder / "samconfig.toml").read_text())
        assert "### In a VPC" in readme
        assert in_readme in readme
        assert ("file system" in readme) is ("--file-system" in flags)
        assert deploy in section(readme, "Deploy").splitlines()
        in_make = deploy.replace("--config-env dev", "--config-env $(ENVIRONMENT)")
        in_make = in_make.replace("sam deploy", "sam deploy --stack-name $(STACK)")
        assert f"\ndeploy: build\n\t{in_make}\n" in (folder / "Makefile").read_text()
        overrides = [config.get(name, {}).get("deploy", {}).get("parameters", {}).get("parameter_overrides")
                     for name in ("dev", "prod")]  # fmt: skip
        placeholders = " SubnetIds=ID SecurityGroupIds=ID" if in_config else ""
        expected = [f"Environment={environment}{placeholders}" for environment in ("dev", "prod")]
        assert overrides == (expected if "--ecr" in flags else [None, None])


VALID = {
    "values of any form": {"Environment": {"Variables": {"PEM": "-----BEGIN\nkey\n", "JSON_BLOCK": "{\t}"}}},
    "dynamic references": {
        "VpcConfig": {"SubnetIds": ["{{resolve:ssm:a}}"], "SecurityGroupIds": ["{{resolve:ssm:b}}"]},
        "FileSystemConfigs": [{"Arn": "{{resolve:ssm:arn}}", "LocalMountPath": "/mnt/a"}],
    },
    "words of any form": {"ImageConfig": {"Command": ["-c", "set -e\nexec app"], "WorkingDirectory": ""}},
    "old ids": {"VpcConfig": {"SubnetIds": ["subnet-abc123"], "SecurityGroupIds": ["sg-abc123"]}},
}


@pytest.mark.parametrize("name", VALID)
def test_validate_takes_what_lambda_takes(name: str, tmp_path: Path) -> None:
    properties = {"PackageType": "Image", "ImageUri": "x", **VALID[name]}
    template = {
        "Transform": "AWS::Serverless-2016-10-31",
        "Resources": {"F": {"Type": "AWS::Serverless::Function", "Properties": properties}},
    }
    (tmp_path / "template.json").write_text(json.dumps(template))
    assert findings.of_file(tmp_path / "template.json") == []


@pytest.mark.parametrize(
    ("properties", "message"),
    [
        ({"MemorySize": "64"}, "MemorySize: 64 is out of range"),
        ({"FileSystemConfigs": [{"Arn": EFS, "LocalMountPath": "/mnt/a"}, {"Arn": EFS, "LocalMountPath": "/data"}],
          "VpcConfig": {"SubnetIds": {"Ref": "X"}, "SecurityGroupIds": {"Ref": "X"}}}, "there are 2"),
        ({"Environment": {"Variables": {"MY-VAR": "1"}}}, "'MY-VAR' is not a valid name"),
        ({"VpcConfig": {"SubnetIds": [f"{SUBNET}0"]}}, "needs security groups"),
    ],
)  # fmt: skip
def test_validate_finds_what_lambda_refuses(properties: dict[str, Any], message: str, tmp_path: Path) -> None:
    own = {"PackageType": "Image", "ImageUri": "x", **properties}
    template = {
        "Transform": "AWS::Serverless-2016-10-31",
        "Parameters": {"X": {"Type": "CommaDelimitedList"}},
        "Resources": {"F": {"Type": "AWS::Serverless::Function", "Properties": own}},
    }
    (tmp_path / "template.json").write_text(json.dumps(template))
    found = [problem.message for problem in findings.of_file(tmp_path / "template.json")]
    assert any(message in line for line in found), found
