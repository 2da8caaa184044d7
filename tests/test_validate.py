"""`sam-scaffold validate`, and the process in which the SAM translator runs."""

from __future__ import annotations

import json
import os
import re
import subprocess
import time
from pathlib import Path

import pytest
import samtranslator

from conftest import CATALOGUE, ROOT, SCAFFOLD, can, create
from scaffold import cli
from scaffold.model import Cell
from scaffold.translator import client, findings

HEAD = "Transform: AWS::Serverless-2016-10-31\n"
# Each line stands for ten times as many values as the one above it: ten lines for billions.
ALIASES = (
    "".join(
        f"{new}: &{new} [{', '.join([value] * 10)}]\n"
        for new, value in zip("abcdefghij", ["x", *(f"*{name}" for name in "abcdefghi")], strict=True)
    )
    + "Resources:\n  T:\n    Type: X\n    Properties: {P: *j}\n"
)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = cli.main(["validate", *arguments])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def unprivileged(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the command as somebody to whom the permissions of files apply, which they do not to root."""
    wrapper: list[str] = []
    if os.geteuid() == 0:
        wrapper = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
        can("setpriv", *wrapper, "true")
    return subprocess.run(
        [*wrapper, *SCAFFOLD, *arguments], cwd=cwd, capture_output=True, text=True, check=False, timeout=120
    )


@pytest.mark.parametrize(
    ("body", "place", "message"),
    [
        (
            "Resources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      Runtime: python3.14\n",
            "3:3",
            "Runtime and Handler needs to be present",
        ),
        (
            (
                "Resources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      PackageType: Image\n"
                "      ImageUri: x\n      Handler: app.handler\n"
            ),
            "8:7",
            "F: Lambda takes no Handler with an image",
        ),
        (
            (
                "Resources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      Runtime: python3.14\n"
                "      Handler: a.b\n      Nonsense: 1\n"
            ),
            "8:7",
            "Nonsense",
        ),
        (
            (
                "Resources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      Runtime: python3.14\n"
                "      Handler: a.b\n      Events:\n        Call:\n          Type: Api\n          Properties:\n"
                "            Path: /x\n"
            ),
            "9:9",
            r"Event with id \[Call\]",
        ),
        ("Resources:\n  A:\n  B:\n    Type: AWS::SNS::Topic\n", "3:3", "A is not a resource"),
        ("Resources: {}\n", "1:1", "the template has no Resources"),
        ("Resources:\n  A: [\n", "4:1", "expected"),
        ("Resources:\n  A:\n    Type: X\n  A:\n    Type: Y\n", "5:3", "'A' is already on line 3"),
        ("Resources: &r\n  A: *r\n", "3:6", r"the alias \*r stands inside what it names"),
        ("Resources: &r {A: &a {Type: X, Properties: [*a]}}\n", "2:45", r"the alias \*a stands inside"),
        (ALIASES, "6:36", r"with the alias \*d the file holds more than 100,000 values"),
    ],
)
def test_a_finding_has_a_place_and_says_what_to_do(
    body: str, place: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "template.yaml"
    file.write_text(HEAD + body)
    code, out, err = run(capsys, str(file))
    assert (code, err) == (3, "")
    first, hint = out.splitlines()[:2]
    assert re.search(rf":{place}: .*({message})", first), out
    assert hint.startswith("  ")
    assert len(hint) > 10

    code, out, _ = run(capsys, str(tmp_path), "--output", "json")
    result = json.loads(out)
    assert (code, result["status"]) == (3, "failure")
    assert set(result["findings"][0]) == {"flag", "file", "line", "column", "value", "message", "hint", "allowed"}


IMAGE = (
    "Resources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n"
    "      PackageType: Image\n      ImageUri: x\n"
)


ZIP = (
    "Resources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n"
    "      Handler: a.b\n      Runtime: python3.14\n"
)


@pytest.mark.parametrize(
    ("line", "message", "hint"),
    [
        ("Layers: [arn:aws:lambda:eu-central-1:123456789012:layer:a:1]", "takes no Layers", "into /opt"),
        ("Handler: app.handler", "takes no Handler", "CMD"),
        ("Runtime: python3.14", "takes no Runtime", "FROM"),
        ("Architectures: [x86_64, arm64]", "one architecture", "a function for each"),
        ("MemorySize: 10241", "128 to 10240 MB", "https://docs.aws.amazon.com"),
        ("Timeout: 0", "1 to 900 seconds", "https://docs.aws.amazon.com"),
        ("EphemeralStorage: {Size: 511}", "512 to 10240 MB", "https://docs.aws.amazon.com"),
    ],
)
def test_what_lambda_refuses_is_found_with_what_to_do(line: str, message: str, hint: str, tmp_path: Path) -> None:
    file = tmp_path / "template.yaml"
    file.write_text(f"{HEAD}{IMAGE}      {line}\n")
    (found,) = findings.of_file(file)
    assert (found.location.line, message in found.message, hint in found.hint) == (8, True, True), found

    file.write_text(f"{HEAD}Globals:\n  Function:\n    {line}\n{IMAGE}")
    assert any(message in one.message and one.location.line == 4 for one in findings.of_file(file))


@pytest.mark.parametrize(
    "line",
    [
        "MemorySize: !Ref Size",
        "SnapStart: {ApplyOn: PublishedVersions}",
        "SnapStart: {ApplyOn: None}",
        "Architectures: [arm64]",
        "Timeout: 900",
    ],
)
def test_what_lambda_takes_is_no_finding(line: str, tmp_path: Path) -> None:
    file = tmp_path / "template.yaml"
    file.write_text(f"{HEAD}Parameters:\n  Size:\n    Type: Number\n    Default: 512\n{IMAGE}      {line}\n")
    assert findings.of_file(file) == []


GLOBALS = "Globals:\n  Function:\n    Handler: a.b\n    EphemeralStorage: {Size: 511}\n"


def problems_of(text: str, folder: Path) -> list[str]:
    file = folder / "template.yaml"
    file.write_text(HEAD + text)
    return [problem.name.removeprefix(f"{file}:") + f" {problem.message}" for problem in findings.of_file(file)]


@pytest.mark.parametrize(
    ("ignored", "expected"),
    [
        ("'*'", []),
        ("[Handler, EphemeralStorage]", []),
        ("[Handler]", ["5:24 F: EphemeralStorage.Size: 511 is out of range: Lambda takes 512 to 10240 MB"]),
        ("[EphemeralStorage]", ["4:5 F: Lambda takes no Handler with an image"]),
        ("[]", ["4:5 F: Lambda takes no Handler with an image", "5:24 F: EphemeralStorage.Size: 511 is out of range"]),
        # The translator refuses these, and says so; nobody knows what Globals would add.
        ("[Nonsense]", ["7:3 Resource with id [F] is invalid. Resource F has invalid resource attribute"]),
        ("Handler", ["7:3 Resource with id [F] is invalid. Resource F has invalid resource attribute"]),
    ],
)
def test_what_a_function_ignores_of_globals_is_not_held_against_it(
    ignored: str, expected: list[str], tmp_path: Path
) -> None:
    image = IMAGE.replace("Serverless::Function\n", f"Serverless::Function\n    IgnoreGlobals: {ignored}\n")
    found = problems_of(GLOBALS + image, tmp_path)
    assert [line.startswith(part) for line, part in zip(found, expected, strict=True)] == [True] * len(expected), found


def test_globals_are_merged_as_the_translator_merges_them(tmp_path: Path) -> None:
    first, second = (
        "Layers: [{}]\n".format(", ".join(f"arn:aws:lambda:eu-west-1:123456789012:layer:a:{n}" for n in numbers))
        for numbers in ("123", "456")
    )
    network = "VpcConfig: {SubnetIds: [subnet-0123456789abcdef0], SecurityGroupIds: [sg-0123456789abcdef0]}"
    shared = f"{first}    Architectures: [x86_64]\n    {network}\n"
    text = f"Globals:\n  Function:\n    {shared}{ZIP}"
    assert problems_of(f"{text}      Architectures: [arm64]\n", tmp_path) == []  # replaced, not added
    (found,) = problems_of(f"{text}      {second}", tmp_path)
    assert found.startswith("13:7 F: Layers: there are 6; a function takes 5")
    mount = "FileSystemConfigs: [{Arn: !Ref A, LocalMountPath: /mnt/a}]"
    assert problems_of(f"{text}      {mount}\n", tmp_path) == []  # the VPC that it needs is in Globals
    text = f"Globals:\n  Function:\n    MemorySize: 64\n{IMAGE}".replace("::Function", "::WebFunction")
    assert not any("MemorySize" in line for line in problems_of(text, tmp_path))  # it takes no Globals


@pytest.mark.parametrize(
    "line",
    [
        "SnapStart: !Ref AWS::NoValue",
        "SnapStart: !If [C, {ApplyOn: PublishedVersions}, !Ref AWS::NoValue]\n      EphemeralStorage: {Size: 1024}",
        "SnapStart: {ApplyOn: !If [C, PublishedVersions, None]}\n      EphemeralStorage: {Size: 1024}",
        "SnapStart: {ApplyOn: PublishedVersions}\n      EphemeralStorage: {Size: !If [C, 512, 1024]}",
        "SnapStart: {ApplyOn: PublishedVersions}\n      EphemeralStorage: !If [C, {Size: 1024}, !Ref AWS::NoValue]",
        "MemorySize: !FindInMap [A, B, C]",
        "Timeout: {'Fn::ImportValue': x}",
        "Architectures: [!If [C, arm64, !Ref AWS::NoValue], !If [C, !Ref AWS::NoValue, x86_64]]",
        "FileSystemConfigs: [{Arn: !GetAtt A.Arn, LocalMountPath: /mnt/a}]\n      VpcConfig: !If [C, {}, !Ref N]",
        "FileSystemConfigs: [!If [C, {Arn: x, LocalMountPath: y}, !Ref AWS::NoValue]]",
        "Environment: {Variables: {AB: !Sub '${B}', CD: !If [C, a, !Ref AWS::NoValue]}}",
        "ReservedConcurrentExecutions: !Ref AWS::NoValue",
    ],
)
@pytest.mark.parametrize("in_globals", [False, True])
def test_what_an_intrinsic_function_stands_for_is_not_judged(line: str, in_globals: bool, tmp_path: Path) -> None:
    parameters = "Parameters:\n  N: {Type: Number, Default: 1}\nConditions: {C: !Equals [a, a]}\n"
    globals_ = "Globals:\n  Function:\n    {}\n".format(line.replace("\n      ", "\n    ")) if in_globals else ""
    assert problems_of(f"{parameters}{globals_}{IMAGE}" + ("" if in_globals else f"      {line}\n"), tmp_path) == []


def test_a_package_type_that_is_a_function_is_refused_by_the_translator_alone(tmp_path: Path) -> None:
    text = IMAGE.replace("PackageType: Image", "PackageType: !If [C, Image, Zip]\n      Handler: a.b")
    found = problems_of(f"Conditions: {{C: !Equals [a, a]}}\n{text}", tmp_path)
    assert [line.partition(" : ")[0] for line in found] == [
        "7:7 Resource with id [F] is invalid. invalid 'PackageType'"
    ]


def test_a_rule_speaks_for_the_translator_only_where_it_says_the_same(tmp_path: Path) -> None:
    image = "Type: AWS::Serverless::Function, Properties: {PackageType: Image, ImageUri: x, Handler:"
    text = f"Conditions: {{C: !Equals [a, a]}}\nResources:\n  A: {{{image} a}}}}\n  B: {{{image} !If [C, a, b]}}}}\n"
    first, second = problems_of(text, tmp_path)
    assert first.startswith("4:86 A: Lambda takes no Handler with an image")
    assert "[B]" in second
    assert "Runtime, Handler, Layers cannot be present" in second


def test_a_function_on_instances_of_its_own_has_other_limits(tmp_path: Path) -> None:
    file = tmp_path / "template.yaml"
    file.write_text(f"{HEAD}{IMAGE}      MemorySize: 20480\n      CapacityProviderConfig: {{Arn: x}}\n")
    assert not any("MemorySize" in one.message for one in findings.of_file(file))


def test_all_findings_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    function = "    Type: AWS::Serverless::Function\n    Properties:\n      Runtime: python3.14\n"
    (tmp_path / "template.yaml").write_text(f"{HEAD}Resources:\n  One:\n{function}  Two:\n{function}")
    code, out, _ = run(capsys, str(tmp_path))
    assert code == 3
    assert "[One]" in out
    assert "[Two]" in out


def test_a_valid_template_is_said_to_be(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = create(Cell("hello-world", "Image", "nodejs", "nodejs24.x", "npm"), tmp_path)
    code, out, _ = run(capsys, str(folder))
    assert (code, out) == (0, f"Valid: the SAM translator accepts {folder}\n")
    code, out, _ = run(capsys, str(folder), "--output", "json")
    assert (code, json.loads(out)) == (0, {"type": "result", "status": "success", "findings": [], "warnings": []})


def test_a_file_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, str(tmp_path))
    assert code == 1
    assert "No such file" in err


def test_aliases_of_aliases_are_refused_before_they_are_followed(tmp_path: Path) -> None:
    assert len(ALIASES) < 616
    began = time.monotonic()
    assert len(problems_of(ALIASES, tmp_path)) == 1
    (problem,) = client.translate(HEAD + ALIASES)  # nobody asked the parser of positions before
    assert problem.message == "with the alias *d the file holds more than 100,000 values, on line 6"
    assert time.monotonic() - began < 5


def test_aliases_that_stand_for_little_are_followed(tmp_path: Path) -> None:
    resource = "&t\n    Type: AWS::SNS::Topic\n    Properties: &p {TopicName: a}"
    text = f"Resources:\n  A: {resource}\n  B: *t\n  C:\n    Type: AWS::SNS::Topic\n    Properties:\n      <<: *p\n"
    assert problems_of(text, tmp_path) == []
    assert problems_of(text + "  D: *u\n", tmp_path) == ["11:6 found undefined alias 'u'"]


@pytest.mark.parametrize(("mode", "path"), [(0o000, "x/template.yaml"), (0o444, "x"), (0o444, "x/template.yaml")])
def test_what_may_not_be_read_is_one_message(mode: int, path: str, tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "template.yaml").write_text(f"{HEAD}Resources: {{}}\n")
    (tmp_path / "x").chmod(mode)
    try:
        done = unprivileged("validate", path, cwd=tmp_path)
        output = unprivileged("validate", path, "--output", "json", cwd=tmp_path)
    finally:
        (tmp_path / "x").chmod(0o755)
    assert done.returncode == output.returncode == 1
    assert done.stderr.splitlines() == [
        f"Error: {path}: Permission denied", "  name a template, or a folder with a template.yaml"
    ]  # fmt: skip
    assert json.loads(output.stdout)["error"]["message"] == f"{path}: Permission denied"
    assert (done.stdout, output.stderr) == ("", done.stderr)


def test_local_paths_and_images_stand_for_what_sam_package_makes(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(
        HEAD + "Resources:\n"
        "  Zip:\n    Type: AWS::Serverless::Function\n"
        "    Properties: {CodeUri: src/, Handler: a.b, Runtime: ruby3.4}\n"
        "  Image:\n    Type: AWS::Serverless::Function\n    Properties: {PackageType: Image}\n"
        "    Metadata: {Dockerfile: Dockerfile, DockerContext: .}\n"
        "  Layer:\n    Type: AWS::Serverless::LayerVersion\n    Properties: {ContentUri: layer/}\n"
        "  Machine:\n    Type: AWS::Serverless::StateMachine\n"
        "    Properties: {DefinitionUri: m.json, Role: !Sub 'arn:aws:iam::1:role/x'}\n"
        "  Nested:\n    Type: AWS::Serverless::Application\n    Properties: {Location: other/template.yaml}\n"
        "  Policies:\n    Type: AWS::Serverless::Function\n"
        "    Properties: {Handler: a.b, Runtime: ruby3.4, Policies: [AmazonS3ReadOnlyAccess, {SQSPollerPolicy: "
        "{QueueName: q}}]}\n"
    )
    assert findings.of_file(tmp_path) == []


def test_a_broken_policy_template_is_found_without_jsonschema(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(
        HEAD + "Resources:\n  F:\n    Type: AWS::Serverless::Function\n"
        "    Properties: {Handler: a.b, Runtime: ruby3.4, Policies: [{SQSPollerPolicy: {Nonsense: q}}]}\n"
    )
    (finding,) = findings.of_file(tmp_path)
    assert "QueueName" in finding.message


def test_the_translator_imports_the_libraries_replaced_only_where_it_is_known() -> None:
    """A new release that uses boto3 or jsonschema for more than today must be looked at."""
    root = Path(samtranslator.__file__).parent
    found = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        if re.search(r"^\s*(import|from) (boto3|botocore|jsonschema)\b", path.read_text(), re.MULTILINE)
    }
    assert found == {
        "feature_toggle/feature_toggle.py",
        "plugins/application/serverless_app_plugin.py",
        "policy_template_processor/processor.py",
        "region_configuration.py",
        "sdk/parameter.py",
        "translator/arn_generator.py",
        "translator/managed_policy_translator.py",
        "translator/translator.py",
        "validator/validator.py",
    }


def test_the_process_ends_with_its_parent_and_starts_again() -> None:
    translator = client.Translator()
    assert translator.ask("Resources:\n  T:\n    Type: AWS::SNS::Topic\n") == {"problems": []}
    translator.close()
    client.stop()
    assert client.translate("Resources:\n  T:\n    Type: AWS::SNS::Topic\n") == []


def test_json_output_keeps_to_a_schema(capsys: pytest.CaptureFixture[str]) -> None:
    schema = json.loads((ROOT / "schemas" / "output.schema.json").read_text())
    import jsonschema  # noqa: PLC0415

    for arguments in (
        ["list", "runtimes", "--all"],
        ["list", "templates"],
        ["list", "bases"],
        ["list", "cells"],
        ["show", "go/zip/sqs"],
    ):
        if arguments[0] == "show":
            arguments[1] = str(CATALOGUE.cells[0])
        assert cli.main([*arguments, "--output", "json"]) == 0
        kind = " ".join(arguments[:2]) if arguments[0] == "list" else "show"
        result = json.loads(capsys.readouterr().out)
        jsonschema.validate(result, {**schema, "$ref": f"#/$defs/{kind}"})


def test_show_says_which_cells_are_meant(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["show", "python3.14/pip/image/hello-world"]) == 0
    lines = capsys.readouterr().out.split()
    assert lines[0] == "hello-world/image/python/python3.14/pip"
    assert lines[2] == "project"
    assert lines[-7:][::2] == [
        "languages/python/handlers/hello-world",
        "root",
        "languages/python/root",
        "languages/python/managers/pip/root",
    ]
    assert cli.main(["show", "python3.14"]) == 2
    assert "hello-world/zip/python/python3.14/uv" in capsys.readouterr().err
    assert cli.main(["show", "cobol"]) == 2


def test_tables_are_readable(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["list", "runtimes"]) == 0
    rows = capsys.readouterr().out.splitlines()
    assert any(
        re.search(r"python3\.14\s+Python\s+supported\s+AL2023\s+x86_64, arm64\s+2029-06-30", row) for row in rows
    )
    assert not any("nodejs12.x" in row for row in rows)
    assert cli.main(["list", "runtimes", "--all"]) == 0
    assert "nodejs12.x" in capsys.readouterr().out


def test_an_event_is_to_blame_and_not_another_resource_of_its_name(tmp_path: Path) -> None:
    queue = f"{HEAD}Resources:\n  Orders:\n    Type: AWS::SQS::Queue\n  F:\n    Type: AWS::Serverless::Function\n"
    function = "    Properties:\n      PackageType: Image\n      ImageUri: x\n      Events:\n        Orders:\n"
    file = tmp_path / "template.yaml"
    file.write_text(f"{queue}{function}          Type: Bogus\n")
    assert [problem.location.line for problem in findings.of_file(file)] == [11]
    file.write_text(f"{queue}{function}          Type: SQS\n          Properties: {{BatchSize: 1}}\n")
    assert [problem.location.line for problem in findings.of_file(file)] == [11]
