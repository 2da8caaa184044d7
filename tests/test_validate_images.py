"""`sam-scaffold validate` and the Dockerfiles that a template names."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from conftest import CATALOGUE
from processes import SCHEMA
from scaffold import cli, images, project
from scaffold.resolve import functions_of
from scaffold.spec import ProjectSpec
from test_images import IMAGES

HEAD = "Transform: AWS::Serverless-2016-10-31\nResources:\n"
BASE = "public.ecr.aws/lambda/python:3.14"
GOOD = f'FROM {BASE}\nCMD ["app.handler"]\n'
FAILS = f"FROM {BASE}\n"
WARNS = f'FROM {BASE}\nUSER app\nCMD ["app.handler"]\n'


def function(
    name: str = "Orders",
    properties: str = "PackageType: Image",
    metadata: str = "{Dockerfile: Dockerfile, DockerContext: orders}",
) -> str:
    return (
        f"  {name}:\n    Type: AWS::Serverless::Function\n"
        f"    Properties:\n      {properties}\n    Metadata: {metadata}\n"
    )


def write(folder: Path, template: str, dockerfile: str) -> Path:
    (folder / "orders").mkdir(exist_ok=True)
    (folder / "orders/Dockerfile").write_text(dockerfile)
    (folder / "template.yaml").write_text(template)
    return folder


def run(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str]:
    code = cli.main(["validate", *map(str, arguments)])
    captured = capsys.readouterr()
    assert captured.err == ""
    return code, captured.out


def test_what_surely_fails_is_a_finding_and_anything_else_a_warning(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, HEAD + function(), WARNS)
    code, out = run(capsys, tmp_path)
    assert code == 0
    first, second, hint = out.splitlines()
    assert second.endswith(" [user]")
    assert first == f"Valid: the SAM translator accepts {tmp_path}"
    assert second.startswith(f"{tmp_path}/orders/Dockerfile:2: warning: Lambda runs the function as a user of its own")
    assert hint.startswith("  remove USER")

    write(tmp_path, HEAD + function(), FAILS)
    code, out = run(capsys, tmp_path)
    assert code == 3
    assert out.startswith(f"{tmp_path}/orders/Dockerfile:1: the entry point of {BASE} takes the handler from CMD")
    assert "Valid" not in out


def test_json_has_findings_and_warnings_with_their_rules(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    write(tmp_path, HEAD + function(), FAILS + "USER app\n")
    code, out = run(capsys, tmp_path, "--output", "json")
    result = json.loads(out)
    jsonschema.validate(result, {**SCHEMA, "$ref": "#/$defs/validate"})
    assert (code, result["status"]) == (3, "failure")
    assert [(row["rule"], row["line"]) for row in result["findings"]] == [("handler", 1)]
    assert [(row["rule"], row["line"]) for row in result["warnings"]] == [("user", 2)]

    write(tmp_path, HEAD + function(), WARNS)
    code, out = run(capsys, tmp_path, "--output", "json")
    assert (code, json.loads(out)["status"], json.loads(out)["findings"]) == (0, "success", [])


@pytest.mark.parametrize(
    ("template", "dockerfile", "rules"),
    [
        (function(), GOOD, []),
        # What the template sets in the place of the Dockerfile's
        (function(properties="PackageType: Image\n      ImageConfig: {Command: [app.handler]}"), FAILS, []),
        (function(properties="PackageType: Image\n      ImageConfig: {EntryPoint: !Ref Entry}"), FAILS, []),
        (function(properties="PackageType: Image\n      ImageConfig: !If [A, {Command: [a.b]}, !Ref B]"), FAILS, []),
        (function(properties="PackageType: Image\n      ImageConfig: {Fn::If: [A, {}, {}]}"), FAILS, []),
        (function(properties="PackageType: Image\n      ImageConfig: {WorkingDirectory: /x}"), FAILS, ["handler"]),
        # The architecture: the function's, that of Globals, or x86_64
        (
            function(properties="PackageType: Image\n      Architectures: [arm64]"),
            GOOD.replace("3.14", "3.14-x86_64"),
            ["architecture"],
        ),
        (function(properties="PackageType: Image\n      Architectures: [!Ref A]"), GOOD.replace("3.14", "1-arm64"), []),
        (function(), GOOD.replace("3.14", "3.14-arm64"), ["architecture"]),
        (
            function() + "Globals: {Function: {Architectures: [arm64]}}\n",
            GOOD.replace("3.14", "3.14-arm64"),
            [],
        ),
        # The stage and the arguments that it is built with
        (
            function(metadata="{Dockerfile: Dockerfile, DockerContext: ./orders, DockerBuildTarget: deployed}"),
            GOOD.replace("\n", " AS deployed\n", 1) + "FROM deployed\nUSER app\n",
            [],
        ),
        (
            function(metadata="{Dockerfile: Dockerfile, DockerContext: orders, DockerBuildTarget: other}"),
            GOOD,
            ["syntax"],
        ),
        (
            function(metadata="{Dockerfile: Dockerfile, DockerContext: orders, DockerBuildTarget: !Ref Stage}"),
            FAILS,
            [],
        ),
        (
            function(metadata="{Dockerfile: Dockerfile, DockerContext: orders, DockerBuildArgs: {TAG: 3.14}}"),
            "ARG TAG=latest\n" + GOOD.replace("3.14", "${TAG}"),
            [],
        ),
        (
            function(metadata="{Dockerfile: Dockerfile, DockerContext: orders, DockerBuildArgs: {TAG: !Ref Tag}}"),
            "ARG TAG=latest\n" + GOOD.replace("3.14", "${TAG}"),
            [],
        ),
        (
            function(metadata="{<<: *shared, DockerContext: orders}")
            + "Parameters:\n  x: &shared {Dockerfile: nowhere}\n",
            FAILS,
            [],
        ),
        # Two functions share a file: what is wrong with it is told once.
        (function() + function("Returns"), WARNS, ["user"]),
        # What sam build does not build
        (function(properties="PackageType: !Ref Type"), FAILS, []),
        (function(properties="Runtime: python3.14\n      Handler: a.b\n      CodeUri: x"), FAILS, []),
        (function(metadata="{Dockerfile: Dockerfile, DockerContext: orders, SkipBuild: true}"), FAILS, []),
        (function(metadata="{Dockerfile: Dockerfile}"), FAILS, []),
        (function(metadata="{Dockerfile: Other, DockerContext: orders}"), FAILS, []),
        (function(metadata="!Ref Metadata"), FAILS, []),
        ("  A: [\n", FAILS, []),
        ("  A: x\n  B: [y]\nGlobals: z\n", FAILS, []),
    ],
)
def test_a_dockerfile_is_judged_as_the_template_uses_it(
    template: str, dockerfile: str, rules: list[str], tmp_path: Path
) -> None:
    write(tmp_path, HEAD + template, dockerfile)
    found = images.findings_of(tmp_path / "template.yaml", HEAD + template)
    assert [finding.rule for finding in found] == rules


def test_a_project_that_is_built_by_buildkit_may_use_it(tmp_path: Path) -> None:
    text = HEAD + function()
    write(tmp_path, text, GOOD + "RUN --mount=type=cache,target=/x true\n")
    assert [finding.rule for finding in images.findings_of(tmp_path / "template.yaml", text)] == ["buildkit"]
    for broken in ("[default.build.parameters]\nuse_buildkit = false\n", "x = [1\n"):
        (tmp_path / "samconfig.toml").write_text(broken)
        assert images.findings_of(tmp_path / "template.yaml", text)
    (tmp_path / "samconfig.toml").write_text("version = 0.1\n[dev.build.parameters]\nuse_buildkit = true\n")
    assert images.findings_of(tmp_path / "template.yaml", text) == []


def test_a_generated_project_of_images_is_valid(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cells = {kind.language: kind.cell for kind in IMAGES if kind.use_case == "hello-world"}
    functions = [function for cell in cells.values() for function in functions_of(CATALOGUE, cell)]
    names = [f"f{number}" for number in range(len(functions))]
    spec = ProjectSpec("sam-app", tuple(replace(one, name=name) for one, name in zip(functions, names, strict=True)))
    folder = project.create(CATALOGUE, spec, tmp_path)
    code, out = run(capsys, folder)
    assert (code, len(out.splitlines())) == (0, 1), out

    dockerfile = next(folder.glob("*/Dockerfile"))
    dockerfile.write_text(re.sub(r"^CMD .*\n", "", dockerfile.read_text(), flags=re.MULTILINE))
    code, out = run(capsys, folder)
    assert (code, "takes" in out) == (3, True)
