"""`sam-scaffold convert`: a Zip becomes an image that answers as before, and nothing else of the template changes."""

from __future__ import annotations

import difflib
import json
import re
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pexpect
import pytest

from conftest import CATALOGUE, SCAFFOLD, can, create, for_each, spec_of, tree
from expected import responses
from images.engine import build, events_of, images_of, missing, running
from processes import SCHEMA, run
from scaffold import dockerfile, project, staging, template
from scaffold.conversion import changes, functions, to_image, to_zip
from scaffold.errors import OutputError
from scaffold.model import Cell
from scaffold.translator import client
from stored import Nothing
from test_images import answer_to, runtime_of

HEAD = "AWSTemplateFormatVersion: '2010-09-09'\nTransform: AWS::Serverless-2016-10-31\n"


def manifests() -> list[tuple[str, str]]:
    return [(language.id, manager) for language in CATALOGUE.languages.values() for manager in language.managers]


def zip_of(language: str, manager: str, folder: Path, use_case: str = "hello-world") -> Path:
    return create(Cell(use_case, "Zip", language, runtime_of(language), manager), folder)


def ids_of(folder: Path) -> list[str]:
    resources = template.plain((folder / "template.yaml").read_text())["Resources"]
    return [name for name, resource in resources.items() if resource["Type"] == functions.FUNCTION]


def converted(folder: Path, *names: str, module: Any = to_image) -> None:
    for name in names or ids_of(folder):
        changes.write(module.convert(CATALOGUE, folder / "template.yaml", name))


def changed_lines(before: str, after: str) -> list[str]:
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return [line for line in lines if line[:1] in "+-" and line[:3] not in ("+++", "---")]


def project_of(folder: Path, text: str, **files: str) -> Path:
    """Write a template and the files beside it; `__` in a name stands for a slash."""
    files = {name.replace("__", "/"): content for name, content in files.items()}
    for name, content in {"src/app.py": "def handler(event, context):\n    return event\n", **files}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    (folder / "template.yaml").write_text(text)
    return folder


# Projects of ours -----------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_each_zip_becomes_an_image_and_the_same_zip_again(tmp_path: Path) -> None:
    def check(row: tuple[str, str, str]) -> None:
        language, manager, use_case = row
        folder = zip_of(language, manager, tmp_path / "-".join(row), use_case)
        before = tree(folder)
        converted(folder)
        after = tree(folder)
        names = {name for name in after if before.get(name) != after[name]}
        assert {Path(name).name for name in names} == {"template.yaml", "Dockerfile", ".dockerignore"}
        assert client.translate(after["template.yaml"].decode()) == []
        for line in changed_lines(before["template.yaml"].decode(), after["template.yaml"].decode()):
            assert re.match(r"[+-]\s+(#|- app\.ts|\w+:)", line), line
        converted(folder, module=to_zip)
        assert tree(folder) == before

    rows = [(*one, "hello-world") for one in manifests()]
    rows += [("python", "pip", "crud"), ("rust", "cargo", "sqs")]
    assert for_each(rows, check) == len(rows)


@pytest.mark.slow
def test_each_image_of_ours_becomes_a_zip(tmp_path: Path) -> None:
    def check(row: tuple[str, str]) -> None:
        language, manager = row
        cell = Cell("hello-world", "Image", language, runtime_of(language), manager)
        folder = create(cell, tmp_path / "-".join(row))
        expected = create(
            replace(cell, package_type="Zip"),
            tmp_path / "zip" / "-".join(row),
        )
        converted(folder, module=to_zip)
        ours, theirs = (template.plain((one / "template.yaml").read_text())["Resources"] for one in (folder, expected))
        assert ours == theirs

    assert for_each(manifests(), check) == len(manifests())


@pytest.mark.slow
def test_mounts_and_digests_do_not_bar_the_way_back(tmp_path: Path) -> None:
    def check(row: tuple[str, str]) -> None:
        language, manager = row
        cell = Cell("hello-world", "Image", language, runtime_of(language), manager)
        spec = replace(spec_of(cell), buildkit=True)
        folder = project.create(CATALOGUE, spec, tmp_path / "-".join(row))
        (file,) = folder.rglob("Dockerfile")
        names = dockerfile.images(file.read_text())
        file.write_text(dockerfile.pin(file.read_text(), dict.fromkeys(names, f"sha256:{'0' * 64}")))
        assert "--mount=" in file.read_text()
        converted(folder, module=to_zip)
        assert not file.exists()

    assert for_each(manifests(), check) == len(manifests())


@pytest.mark.image
@pytest.mark.parametrize(
    ("language", "manager"),
    [pytest.param(*one, marks=pytest.mark.xdist_group(f"{one[0]}-{one[1]}-hello-world-amazon")) for one in manifests()],
)
def test_an_image_that_was_a_zip_answers_as_before(language: str, manager: str, tmp_path: Path) -> None:
    can("docker", "docker", "info")
    folder = zip_of(language, manager, tmp_path)
    (name,) = ids_of(folder)
    converted(folder)
    metadata = template.plain((folder / "template.yaml").read_text())["Resources"][name]["Metadata"]
    file = folder / metadata["DockerContext"] / metadata["Dockerfile"]
    subprocess.run(["chmod", "-R", "go=", file.parent], check=True)
    for image in images_of(file)[0]:
        if (reason := missing(image)) is not None:
            pytest.skip(reason)

    image = f"sam-scaffold-test/converted-{language}-{manager}"
    build(file.parent, image)
    with running(image) as url:
        for event, expected in responses("hello-world", "", events_of(folder)):
            answer_to(url, event, expected, Nothing())


# Templates of others --------------------------------------------------------------------------------------------------

# Styles that public templates have: Globals, odd indentation, comments, quotes, several functions in one folder.
OTHERS = {
    "globals": """\
Globals:
  Function:
    Timeout: 3
    Runtime: python3.12   # of all functions
    Handler: app.handler
    Layers:
      - arn:aws:lambda:us-east-1:123456789012:layer:shared:3
Resources:
  # The only one.
  F:
    Type: AWS::Serverless::Function # More info: https://example.org
    Properties:
      CodeUri: src/
      Events: {Api: {Type: Api, Properties: {Path: /hello, Method: get}}}

  Other:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
""",
    "indented": """\
Resources:
    F:
        Type: "AWS::Serverless::Function"
        Properties:
            # Where the code is.
            CodeUri: 'src'
            "Handler": app.handler
            Runtime: "python3.11"
            Policies:
            - Statement:
              - Effect: Allow
                Action: s3:GetObject
                Resource: !Sub 'arn:${AWS::Partition}:s3:::bucket/*'
            Description: >
                Folded text,
                in two lines.
            Layers:
            - !Ref Shared
    Shared:
        Type: AWS::Serverless::LayerVersion
        Properties: {ContentUri: src}
Outputs:
    Arn: {Value: !GetAtt F.Arn}
""",
    "metadata": """\
Resources:
  F:
    Type: AWS::Serverless::Function
    Metadata:
      cfn_nag:
        rules_to_suppress:
          - id: W89
      BuildMethod: python3.12
    Properties:
      Runtime: python3.12
      Handler: app.handler
      CodeUri: src
      SnapStart:
        ApplyOn: PublishedVersions
      AutoPublishAlias: live
""",
}


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("style", OTHERS)
def test_of_another_template_only_the_lines_of_the_function_change(style: str, newline: str, tmp_path: Path) -> None:
    folder = project_of(tmp_path, "")
    file = folder / "template.yaml"
    before = (HEAD + OTHERS[style]).replace("\n", newline)
    file.write_bytes(before.encode())
    converted(folder, "F")
    after = file.read_bytes().decode()

    old, new = template.plain(before), template.plain(after)
    function = new["Resources"]["F"]
    assert {**new, "Resources": {**new["Resources"], "F": None}} == {
        **old,
        "Resources": {**old["Resources"], "F": None},
    }
    assert function["Properties"]["PackageType"] == "Image"
    assert not {"Handler", "Runtime", "CodeUri", "Layers"} & {*function["Properties"]}
    assert {key: function["Metadata"][key] for key in ("Dockerfile", "DockerContext")} == {
        "Dockerfile": "Dockerfile",
        "DockerContext": "./src",
    }
    kept = {key: value for key, value in old["Resources"]["F"]["Properties"].items() if key in function["Properties"]}
    assert {key: function["Properties"][key] for key in kept} == kept
    assert client.translate(after) == []
    assert after.count("\n") == after.count(newline)
    removed = [line[1:].strip() for line in changed_lines(before, after) if line.startswith("-")]
    assert all(
        re.match(r"""["']?(Handler|Runtime|CodeUri|Layers|BuildMethod)|- (!Ref Shared|arn:)""", line)
        for line in removed
    )


def test_what_globals_say_of_zips_is_ignored_for_the_image_alone(tmp_path: Path) -> None:
    folder = project_of(tmp_path, HEAD + OTHERS["globals"])
    converted(folder, "F")
    resources = template.plain((folder / "template.yaml").read_text())["Resources"]
    assert resources["F"]["IgnoreGlobals"] == ["Runtime", "Handler", "Layers"]
    assert "IgnoreGlobals" not in resources["Other"]


def test_lambda_layers_become_lines_to_fill_in(tmp_path: Path) -> None:
    folder = project_of(tmp_path, HEAD + OTHERS["globals"])
    change = to_image.convert(CATALOGUE, folder / "template.yaml", "F")
    text = change.files[folder / "src/Dockerfile"]
    assert text
    assert "# arn:aws:lambda:us-east-1:123456789012:layer:shared:3\n#COPY layers/1/ /opt/\nCMD [" in text
    assert any("Lambda layers" in note for note in change.notes)


def test_functions_of_one_folder_share_a_dockerfile(tmp_path: Path) -> None:
    text = HEAD + "".join(
        f"{head}  {name}:\n    Type: AWS::Serverless::Function\n    Properties:\n      Runtime: python3.13\n"
        f"      Handler: app.{handler}\n      CodeUri: src/\n"
        for head, name, handler in (("Resources:\n", "First", "one"), ("", "Second", "two"), ("", "Third", "one"))
    )
    folder = project_of(tmp_path, text)
    converted(folder)
    found = template.plain((folder / "template.yaml").read_text())["Resources"]
    assert [one["Properties"].get("ImageConfig") for one in found.values()] == [None, {"Command": ["app.two"]}, None]
    assert sorted(path.name for path in (folder / "src").iterdir()) == [".dockerignore", "Dockerfile", "app.py"]
    converted(folder, "Second", module=to_zip)
    assert template.plain((folder / "template.yaml").read_text())["Resources"]["Second"]["Properties"] == {
        "PackageType": "Zip", "Runtime": "python3.13", "Handler": "app.two", "CodeUri": "src/"
    }  # fmt: skip
    assert (folder / "src/Dockerfile").exists()


def test_a_dockerfile_of_theirs_stays(tmp_path: Path) -> None:
    text = f"{HEAD}Resources:\n{function_of()}"
    folder = project_of(tmp_path, text, src__Dockerfile="FROM scratch\n")
    converted(folder)
    assert (folder / "src/Dockerfile").read_text() == "FROM scratch\n"
    metadata = template.plain((folder / "template.yaml").read_text())["Resources"]["F"]["Metadata"]
    assert metadata["Dockerfile"] == "Dockerfile.F"
    assert (folder / "src/Dockerfile.F").is_file()


def function_of(*lines: str, uri: str = "src", runtime: str = "python3.13") -> str:
    own = [f"Runtime: {runtime}", "Handler: app.handler", f"CodeUri: {uri}", *lines]
    return "  F:\n    Type: AWS::Serverless::Function\n    Properties:\n" + "".join(f"      {line}\n" for line in own)


# What cannot be converted ---------------------------------------------------------------------------------------------

# The function stands on line 3, its properties on line 6 and below.
REFUSED = [
    ("Runtime: python3.13, Handler: a.b, InlineCode: x", 8, "its code is inline in the template"),
    ("Runtime: python3.13, Handler: a.b, CodeUri: src, CodeSigningConfigArn: x", 9, "does not sign container images"),
    ("Runtime: python3.13, Handler: a.b, CodeUri: s3://bucket/key", 8, "s3://bucket/key"),
    ("Runtime: python3.13, Handler: a.b, CodeUri: !Ref Code", 8, "not a local folder"),
    ("Runtime: python3.13, Handler: a.b, CodeUri: nowhere", 8, "does not exist"),
    ("Runtime: python3.13, Handler: a.b, CodeUri: template.yaml", 8, "is a file"),
    ("Runtime: !Ref Runtime, Handler: a.b, CodeUri: src", 6, "Runtime is not written out"),
    ("Runtime: python3.13, CodeUri: src", 5, "Handler is missing"),
    ("Runtime: cobol1.x, Handler: a.b, CodeUri: src", 3, "no runtime called 'cobol1.x'"),
    ("Runtime: java21, Handler: a.b, CodeUri: src", 3, "has no pom.xml or build.gradle"),
    ("Runtime: provided.al2023, Handler: a.b, CodeUri: src", 3, "has no go.mod or Cargo.toml"),
    (r'Runtime: python3.13, Handler: "a\"]\nRUN id", CodeUri: src', 3, "is not the name of a handler"),
]


@pytest.mark.parametrize(("properties", "line", "message"), REFUSED)
def test_what_cannot_be_an_image_is_refused_with_its_place(
    properties: str, line: int, message: str, tmp_path: Path
) -> None:
    head = "Transform: AWS::Serverless-2016-10-31\nResources:\n  F:\n    Type: AWS::Serverless::Function\n"
    head += "    Properties:\n"
    text = head + "".join(f"      {one}\n" for one in properties.split(", "))
    folder = project_of(tmp_path, text)
    before = tree(folder)
    done = run("convert", "F", "--yes", cwd=folder)
    assert (done.returncode, done.stdout) == (1, "")
    assert message in done.stderr
    assert done.stderr.startswith(f"Error: template.yaml:{line}:")
    assert tree(folder) == before


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    text = f"{HEAD}Resources:\n{function_of('CodeSigningConfigArn: x', uri='nowhere', runtime='!Ref R')}"
    done = run("convert", "F", "--yes", cwd=project_of(tmp_path, text))
    assert done.stderr.count("Error: ") == 3


FLOW = f"{HEAD}Resources: {{F: {{Type: {functions.FUNCTION}, Properties: {{Runtime: python3.13, Handler: a.b}}}}}}\n"
TOPIC = "  G:\n    Type: AWS::SNS::Topic\n    Properties:\n      TopicName: *h\n"
ANCHOR = f"{HEAD}Resources:\n{function_of()}{TOPIC}".replace("Handler: app", "Handler: &h app")


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("G", f"{HEAD}Resources:\n{function_of()}", "it has F"),
        ("T", f"{HEAD}Resources:\n  T:\n    Type: AWS::SNS::Topic\n", "T is AWS::SNS::Topic"),
        ("F", "{}", "has no resource 'F'"),
        ("F", "", "has no resource 'F'"),
        ("F", "a: [", "template.yaml:1:5"),
        ("F", FLOW, "is written in flow style on line 3"),
        ("F", ANCHOR, "elsewhere in the file"),
    ],
)  # fmt: skip
def test_a_template_that_is_not_as_it_should_be_is_refused(name: str, text: str, message: str, tmp_path: Path) -> None:
    folder = project_of(tmp_path, text)
    done = run("convert", name, "--yes", cwd=folder)
    assert (done.returncode, message in done.stderr) == (1, True), done.stderr
    assert (folder / "template.yaml").read_text() == text
    assert "Traceback" not in done.stderr


def test_an_image_that_is_not_ours_does_not_become_a_zip(tmp_path: Path) -> None:
    text = f"{HEAD}Resources:\n{function_of()}"
    folder = project_of(tmp_path, text)
    converted(folder)
    file = folder / "src/Dockerfile"
    file.write_text(file.read_text().replace("COPY . .", "COPY . .\nRUN yum install -y ghostscript"))
    before = tree(folder)
    done = run("convert", "F", "--package-type", "Zip", "--yes", cwd=folder)
    assert (done.returncode, "differs from what sam-scaffold writes" in done.stderr) == (1, True)
    assert tree(folder) == before


def test_values_are_never_code(tmp_path: Path) -> None:
    text = f"{HEAD}Resources:\n{function_of()}    Metadata:\n      BuildMethod: esbuild\n      BuildProperties:\n"
    text = text.replace("python3.13", "nodejs24.x")
    text += "        EntryPoints: [app.ts]\n        Banner:\n          - 'js={{ 7*7 }} $(id) `id` \" \\'\n"
    folder = project_of(
        tmp_path, text, src__package__json="", **{"src/package.json": '{"devDependencies": {"esbuild": "1"}}'}
    )
    converted(folder)
    assert "'--banner:js={{ 7*7 }} $(id) `id` \" \\'" in (folder / "src/Dockerfile").read_text()


ESBUILD = """\
    Metadata:
      BuildMethod: esbuild
      BuildProperties:
        EntryPoints:
          - functions/movie.ts
        External:
          - sharp
"""


def movie(folder: Path) -> Path:
    text = f"{HEAD}Resources:\n{function_of(runtime='nodejs24.x')}{ESBUILD}"
    files = {"src/package.json": '{"devDependencies": {"esbuild": "1"}}', "src/functions/movie.ts": ""}
    return project_of(folder, text.replace("app.handler", "functions/movie.handler"), **files)


def test_an_entry_point_in_a_folder_stays_there(tmp_path: Path) -> None:
    """As SAM would do it, the handler's name would have to change."""
    converted(movie(tmp_path))
    text = (tmp_path / "src/Dockerfile").read_text()
    assert "esbuild functions/movie.ts --bundle --platform=node" in text
    assert "--external:sharp --outbase=. --outdir=/code" in text
    assert text.endswith('CMD ["functions/movie.handler"]\n')


def test_a_way_to_build_that_a_dockerfile_alone_knows_is_not_lost(tmp_path: Path) -> None:
    converted(movie(tmp_path))
    before = tree(tmp_path)
    done = run("convert", "F", "--package-type", "Zip", "--yes", cwd=tmp_path)
    assert (done.returncode, "differs from what sam-scaffold writes" in done.stderr) == (1, True)
    assert tree(tmp_path) == before


def test_a_dockerfile_that_another_function_is_built_from_stays(tmp_path: Path) -> None:
    other = "  G:\n    Type: AWS::Serverless::Function\n    Properties:\n      PackageType: Image\n"
    other += "    Metadata:\n      Dockerfile: Dockerfile\n      DockerContext: src/\n"
    folder = project_of(tmp_path, f"{HEAD}Resources:\n{function_of()}{other}")
    converted(folder, "F")
    converted(folder, "F", module=to_zip)
    assert {path.name for path in (folder / "src").iterdir()} == {"app.py", "Dockerfile", ".dockerignore"}


def test_lambda_layers_do_not_bar_the_way_back(tmp_path: Path) -> None:
    folder = project_of(tmp_path, HEAD + OTHERS["globals"])
    converted(folder, "F")
    change = to_zip.convert(CATALOGUE, folder / "template.yaml", "F")
    assert "layer:shared:3" in " ".join(change.notes)


def test_what_a_zip_would_have_and_the_image_lacks_is_told(tmp_path: Path) -> None:
    files = {"src/certs/global-bundle.pem": "", "src/prompt.md": "", "src/__pycache__/app.pyc": ""}
    folder = project_of(tmp_path, f"{HEAD}Resources:\n{function_of()}", **files)
    notes = to_image.convert(CATALOGUE, folder / "template.yaml", "F").notes
    assert [note for note in notes if ".dockerignore leaves out certs/global-bundle.pem:" in note]


OUTSIDE = [
    ("python3.13", "requirements.txt", "requests\n-r ../shared.txt\n", 2),
    ("nodejs24.x", "package.json", '{"dependencies": {\n"shared": "file:../shared"}}', 2),
    ("ruby3.3", "Gemfile", 'gem "shared", path: "../shared"\n', 1),
    ("provided.al2023", "go.mod", "module m\n\nreplace example.org/shared => ../shared\n", 3),
    ("provided.al2023", "Cargo.toml", '[package]\nname = "f"\n[dependencies]\nshared = { path = "../shared" }\n', 4),
    ("dotnet8", "F.csproj", '<Project>\n<ProjectReference Include="..\\Shared\\S.csproj" />\n</Project>\n', 2),
]


@pytest.mark.parametrize(("runtime", "name", "content", "line"), OUTSIDE)
def test_a_manifest_that_leads_out_of_the_folder_is_refused(
    runtime: str, name: str, content: str, line: int, tmp_path: Path
) -> None:
    text = f"{HEAD}Resources:\n{function_of(runtime=runtime)}"
    folder = project_of(tmp_path, text, **{f"src/{name}": content, "src/main.rs": ""})
    done = run("convert", "F", "--yes", cwd=folder)
    assert (done.returncode, f"src/{name}:{line} names files outside" in done.stderr) == (1, True), done.stderr


def test_uv_without_its_lock_is_refused(tmp_path: Path) -> None:
    text = f"{HEAD}Resources:\n{function_of()}    Metadata:\n      BuildMethod: python-uv\n"
    folder = project_of(tmp_path, text, **{"src/pyproject.toml": ""})
    done = run("convert", "F", "--yes", cwd=folder)
    assert (done.returncode, "uv.lock" in done.stderr) == (1, True)


def test_a_link_stays_one(tmp_path: Path) -> None:
    folder = project_of(tmp_path / "infra", f"{HEAD}Resources:\n{function_of()}")
    (tmp_path / "template.yaml").symlink_to(folder / "template.yaml")
    assert run("convert", "F", "--yes", cwd=tmp_path).returncode == 0
    assert (tmp_path / "template.yaml").is_symlink()
    assert "PackageType: Image" in (folder / "template.yaml").read_text()


@pytest.mark.parametrize("properties", ["", "    Properties: {}\n"])
def test_a_function_may_have_everything_from_globals(properties: str, tmp_path: Path) -> None:
    text = f"{HEAD}Globals:\n  Function:\n    Runtime: python3.13\n    Handler: app.handler\n    CodeUri: src\n"
    text += f"Resources:\n  F:\n    Type: AWS::Serverless::Function\n{properties}"
    folder = project_of(tmp_path, text.rstrip("\n"))
    converted(folder)
    found = template.plain((folder / "template.yaml").read_text())["Resources"]["F"]
    assert (found["Properties"], found["IgnoreGlobals"]) == ({"PackageType": "Image"}, ["Runtime", "Handler"])


def test_a_file_without_a_newline_at_its_end_stays_so(tmp_path: Path) -> None:
    text = f"{HEAD}Resources:\n{function_of()}Outputs:\n  A:\n    Value: !GetAtt F.Arn"
    folder = project_of(tmp_path, text)
    change = to_image.convert(CATALOGUE, folder / "template.yaml", "F")
    assert str(change.files[folder / "template.yaml"]).endswith("Value: !GetAtt F.Arn")
    assert "GetAtt" not in "".join(line for line in change.diff().splitlines() if line[:1] in "+-")


MERGED = f"{HEAD}Common: &common\n  Runtime: python3.13\nResources:\n{function_of()}"
MERGED = MERGED.replace("      Runtime: python3.13\n", "      <<: *common\n", 1)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (MERGED, "a merge key (<<) holds Runtime"),
        (f"{HEAD}Resources:\n{function_of('PackageType: !Ref Type')}", "PackageType is not written out"),
        (f"{HEAD}Resources:\n{function_of('Architectures: [arm]')}", "Architectures names none of Lambda's"),
        (f"{HEAD}Resources:\n{function_of('ImageUri: x')}", "is a container image already"),
    ],
)
def test_what_is_not_written_out_is_refused(text: str, message: str, tmp_path: Path) -> None:
    folder = project_of(tmp_path, text)
    done = run("convert", "F", "--yes", cwd=folder)
    assert (done.returncode, message in done.stderr) == (1, True), done.stderr
    assert (folder / "template.yaml").read_text() == text


# The command ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return project_of(tmp_path, f"{HEAD}Resources:\n{function_of()}")


def test_a_dry_run_shows_and_writes_nothing(folder: Path) -> None:
    before = tree(folder)
    done = run("convert", "F", "--dry-run", cwd=folder)
    assert done.returncode == 0
    assert "+      PackageType: Image\n" in done.stdout
    assert "-      Runtime: python3.13\n" in done.stdout
    assert '\n+CMD ["app.handler"]\n' in done.stdout
    assert "replaces the function if it is deployed" in done.stderr
    assert tree(folder) == before


def test_json_is_one_line_that_the_schema_knows(folder: Path) -> None:
    done = run("convert", "F", "--yes", "--output", "json", cwd=folder)
    found = json.loads(done.stdout)
    jsonschema.validate(found, {**SCHEMA, "$ref": "#/$defs/convert"})
    assert found["files"] == ["src/Dockerfile", "src/.dockerignore", "template.yaml"]
    again = run("convert", "F", "--yes", "--output", "json", cwd=folder)
    jsonschema.validate(json.loads(again.stdout), {**SCHEMA, "$ref": "#/$defs/convert"})
    assert (again.returncode, "is a container image already" in again.stderr) == (1, True)


def test_without_a_terminal_it_takes_yes(folder: Path) -> None:
    before = tree(folder)
    done = run("convert", "F", cwd=folder)
    assert (done.returncode, "pass --yes" in done.stderr) == (2, True)
    assert tree(folder) == before


@pytest.mark.parametrize(("answer", "code"), [("n\r", 1), ("\r", 1), ("\x03", 130), ("y\r", 0)])
def test_it_asks_before_it_writes(answer: str, code: int, folder: Path) -> None:
    before = tree(folder)
    child = pexpect.spawn(SCAFFOLD[0], [*SCAFFOLD[1:], "convert", "F"], cwd=folder, encoding="utf-8", timeout=60)
    child.expect_exact("Write these changes?")
    child.send(answer)
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == code
    assert (tree(folder) == before) is (code != 0)


def test_a_template_that_changes_meanwhile_is_not_overwritten(folder: Path) -> None:
    child = pexpect.spawn(SCAFFOLD[0], [*SCAFFOLD[1:], "convert", "F"], cwd=folder, encoding="utf-8", timeout=60)
    child.expect_exact("Write these changes?")
    with (folder / "template.yaml").open("a") as file:
        file.write("# mine\n")
    before = tree(folder)
    child.sendline("y")
    child.expect_exact("has changed in the meantime")
    child.expect(pexpect.EOF)
    assert tree(folder) == before


def test_where_the_disk_refuses_nothing_is_left_behind(folder: Path) -> None:
    change = to_image.convert(CATALOGUE, folder / "template.yaml", "F")
    before = tree(folder)
    template_file = folder / "template.yaml"
    template_file.unlink()
    template_file.mkdir()  # which no file can replace
    with pytest.raises(OutputError, match=r"template\.yaml"):
        staging.write_files(change.files)
    template_file.rmdir()
    assert tree(folder) == {name: content for name, content in before.items() if name != "template.yaml"}
