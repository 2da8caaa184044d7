"""What a function may say beyond its cell: limits, forms, what goes with what, and that every value stays data."""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from cfnlint import api as cfnlint
from cfnlint.config import ManualArgs

from conftest import CATALOGUE, answered, needs, scaffold
from scaffold import advice, answers, dockerfile, project, template
from scaffold.cli.init import command_line
from scaffold.cli.init import init as init_command
from scaffold.errors import InvalidAnswersError
from scaffold.resolve import resolve
from scaffold.settings import TABLE
from scaffold.settings.values import Number, OneOfNumbers
from scaffold.spec import Answers, ProjectSpec

IMAGE = {"name": "shop", "runtime": "python3.13", "package_type": "Image", "architecture": "x86_64"}
ZIP = {**IMAGE, "package_type": "Zip"}
ARN = "arn:aws:lambda:eu-central-1:123456789012:layer:tools:{}"
EVERYTHING: dict[str, Any] = {
    "memory": "1024",
    "timeout": 30,
    "ephemeral_storage": 2048,
    "entrypoint": '["/lambda-entrypoint.sh", "a b"]',
    "command": "app.lambda_handler",
    "working_directory": "/var/task",
    "build_arg": ("PIP_INDEX_URL=https://packages.example.com/simple?a=b", "EMPTY="),
    "docker_tag": "v1.2",
    "build_target": "code",
}
# Texts that would do harm or change on the way if one of Jinja, YAML, Markdown or a shell took them for its own.
TRICKY = [
    "{{ 7 * 7 }}", "{% raw %}", "{{ cookiecutter }}", "a: b", "- a", "# a", "yes", "null", "1.10", "0x10",
    "'", '"', "\\",
    "$(id)", "`id`", "a;b", "!Ref X", "&a", "*a", "%TAG", "@a", "é 日本", "--flag", "a" * 400, " a ",
]  # fmt: skip


def problems(**given: Any) -> dict[str, tuple[str, str]]:
    with pytest.raises(InvalidAnswersError) as caught:
        resolve(CATALOGUE, Answers.from_values(given))
    return {problem.name: (problem.message, problem.hint) for problem in caught.value.problems}


def spec(**given: Any) -> ProjectSpec:
    return resolve(CATALOGUE, Answers.from_values(given))


def made(folder: Path, **given: Any) -> tuple[Path, dict[str, Any]]:
    """Return a project's folder, and its function as it stands in the template."""
    path = project.create(CATALOGUE, spec(**given), folder)
    text = (path / "template.yaml").read_text().replace("!", "")
    return path, template.load(text)["Resources"]["HelloWorldFunction"]


NUMBERS = {row.name: row.value for row in TABLE if isinstance(row.value, Number)}


@pytest.mark.parametrize("name", [name for name, value in NUMBERS.items() if not isinstance(value, OneOfNumbers)])
def test_a_number_keeps_within_its_limit(name: str) -> None:
    limit = NUMBERS[name]
    for number in (limit.minimum, 10**8 if limit.maximum is None else limit.maximum):
        assert spec(**IMAGE, **{name: number}).functions[0].settings[name] == number
    for number in (limit.minimum - 1, *(() if limit.maximum is None else (limit.maximum + 1, 10**8))):
        message, hint = problems(**IMAGE, **{name: number})[name]
        assert message == f"{number} is out of range: Lambda takes {limit.range} {limit.unit}"
        assert limit.source in hint
    for text in ("", "x", "1.5", "512MB", "٣٠", "1e3"):
        message, hint = problems(**IMAGE, **{name: text})[name]
        assert limit.unit in message
        assert hint == f"use {limit.range}"


@pytest.mark.parametrize(
    ("name", "shape"), [("memory", "MemorySize"), ("timeout", "Timeout"), ("ephemeral_storage", "EphemeralStorageSize")]
)
def test_limits_are_those_of_lambdas_api(name: str, shape: str) -> None:
    model = botocore.session.get_session().get_service_model("lambda").shape_for(shape).metadata
    assert NUMBERS[name].minimum == model["min"]
    assert NUMBERS[name].maximum <= model.get("max", 900), "the API allows more, for Managed Instances alone"


def test_all_of_it_reaches_the_template(tmp_path: Path) -> None:
    path, function = made(tmp_path, **IMAGE, **EVERYTHING)
    properties, metadata = function["Properties"], function["Metadata"]
    assert (properties["MemorySize"], properties["Timeout"]) == (1024, 30)
    assert properties["EphemeralStorage"] == {"Size": 2048}
    assert properties["ImageConfig"] == {
        "EntryPoint": ["/lambda-entrypoint.sh", "a b"],
        "Command": ["app.lambda_handler"],
        "WorkingDirectory": "/var/task",
    }
    assert metadata["DockerTag"] == "v1.2"
    assert metadata["DockerBuildTarget"] == "code"
    arguments = {"PIP_INDEX_URL": "https://packages.example.com/simple?a=b", "EMPTY": ""}
    assert metadata["DockerBuildArgs"] == arguments

    matches = cfnlint.lint_file(path / "template.yaml", ManualArgs(include_checks=["I"]))
    assert [str(match) for match in matches] == []
    needs("hadolint")
    run = subprocess.run(["hadolint", *path.rglob("Dockerfile")], capture_output=True, text=True, check=False)
    assert run.stdout == ""
    lines = next(path.rglob("Dockerfile")).read_text().splitlines()
    assert lines.count("ARG PIP_INDEX_URL") == lines.count("ARG EMPTY") == 2, "each stage that runs something has it"


def test_the_readme_says_what_docker_needs_for_the_same(tmp_path: Path) -> None:
    path, _ = made(tmp_path, **IMAGE, **EVERYTHING)
    lines = [shlex.split(line) for line in (path / "README.md").read_text().splitlines() if line.startswith("docker ")]
    build, run = (next(line for line in lines if line[1] == verb) for verb in ("build", "run"))
    assert "PIP_INDEX_URL=https://packages.example.com/simple?a=b" in build
    assert build[build.index("--target") + 1] == "code"
    assert run[run.index("--workdir") + 1] == "/var/task"
    assert run[run.index("--entrypoint") + 1] == "/usr/local/bin/aws-lambda-rie"
    assert run[-3:] == ["/lambda-entrypoint.sh", "a b", "app.lambda_handler"]


@pytest.mark.parametrize("package", ["Image", "Zip"])
def test_answers_and_command_line_say_the_same_again(package: str, tmp_path: Path) -> None:
    settings = EVERYTHING if package == "Image" else {"memory": 512, "layer": (ARN.format(1),), "snap_start": True}
    first = spec(**{**IMAGE, "package_type": package}, **settings, ecr=True if package == "Image" else None)
    file = tmp_path / answers.FILE
    file.write_text(answers.dump(CATALOGUE, first))
    given, positions = answers.read(CATALOGUE, file)
    assert resolve(CATALOGUE, given) == first
    assert positions["memory",].file == str(file)

    words = shlex.split(command_line(first))
    context = init_command.make_context("init", words[2:])
    assert resolve(CATALOGUE, answered(context.params)) == first


@pytest.mark.parametrize("text", TRICKY)
def test_a_value_stays_data(text: str, tmp_path: Path) -> None:
    given = {"command": (text,), "working_directory": f"/{text}", "build_arg": {"A": text}, "env": {"AB": text}}
    path, function = made(tmp_path, **IMAGE, **given)
    # The tags of CloudFormation are taken out before the file is read, where the text has one too.
    plain = text.replace("!", "")
    assert function["Properties"]["ImageConfig"] == {"Command": [plain], "WorkingDirectory": f"/{plain}"}
    assert function["Metadata"]["DockerBuildArgs"] == {"A": plain}
    assert function["Properties"]["Environment"]["Variables"] == {"AB": plain}
    run = next(line for line in (path / "README.md").read_text().splitlines() if line.startswith("docker run"))
    assert shlex.split(run)[-1] == text
    assert resolve(CATALOGUE, answers.read(CATALOGUE, path / answers.FILE)[0]) == spec(**IMAGE, **given)


def test_every_problem_comes_at_once_and_nothing_is_written(tmp_path: Path) -> None:
    flags = ["--memory=1", "--timeout=x", "--ephemeral-storage=1", "--entrypoint='", "--command=[1]"]
    flags += [
        "--working-directory=x",
        "--build-arg=A",
        "--docker-tag=-",
        "--build-target=!",
        "--layer=x",
        "--snap-start",
        "--provisioned-concurrency=0",
        "--env=AWS_REGION=x",
        "--function-url=open",
    ]
    run = scaffold("init", "--no-interactive", "-n", "shop", "-r", "python3.13", "-p", "Image", *flags, cwd=tmp_path)
    assert run.returncode == 2
    for flag in flags:
        assert f"Error: {flag.partition('=')[0]}: " in run.stderr
    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"command": ""}, "there are no words"),
        ({"command": "a a"}, "occurs twice"),
        ({"command": tuple(map(str, range(1501)))}, "there are 1501 words; Lambda takes 1500"),
        ({"command": "a\x07"}, "cannot be seen"),
        ({"entrypoint": '"a'}, "cannot be split into words"),
        ({"entrypoint": "[1, 2]"}, "cannot be split into words"),
        ({"working_directory": "/" + "a" * 1000}, "1001 characters; Lambda takes 1000"),
        ({"working_directory": "/a\u202eb"}, "cannot be seen"),
        ({"build_arg": ("=x",)}, "NAME=VALUE"),
        ({"build_arg": ("A=1", "A=2")}, "twice"),
        ({"build_arg": ("A=\n",)}, "cannot be seen"),
        ({"docker_tag": "a" * 129}, "at most 128"),
        ({"build_target": "nope"}, "no stage 'nope'"),
        ({"architecture": "x86_64,arm64"}, "a function has one"),
    ],
)
def test_a_form_that_lambda_or_docker_would_refuse(given: dict[str, Any], expected: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidAnswersError) as caught:
        project.create(CATALOGUE, spec(**{**IMAGE, **given}), tmp_path)
    (problem,) = caught.value.problems
    assert problem.name == next(iter(given))
    assert expected in problem.message
    assert problem.hint
    assert [*tmp_path.iterdir()] == []


def test_the_source_of_a_form_is_named_as_aws_spells_it() -> None:
    for given in ({"command": "a a"}, {"working_directory": "/" + "a" * 1000}):
        ((_, hint),) = problems(**IMAGE, **given).values()
        assert hint == "see https://docs.aws.amazon.com/lambda/latest/api/API_ImageConfig.html"


def test_what_an_image_cannot_have_is_refused_with_the_alternative() -> None:
    _, hint = problems(**IMAGE, layer=(ARN.format(1),))["layer"]
    assert "copy the Lambda layer's content into /opt" in hint


@pytest.mark.parametrize(
    "name", ["entrypoint", "command", "working_directory", "build_arg", "docker_tag", "build_target"]
)
def test_what_a_zip_cannot_have_is_refused(name: str) -> None:
    assert problems(**ZIP, **{name: EVERYTHING[name]})[name][1] == "use the package type Image, or leave it out"


def test_a_zip_has_layers_and_snap_start(tmp_path: Path) -> None:
    arns = tuple(ARN.format(number) for number in range(1, 6))
    path, function = made(tmp_path, **ZIP, layer=arns, snap_start=True)
    assert function["Properties"]["Layers"] == [*arns]
    assert function["Properties"]["SnapStart"] == {"ApplyOn": "PublishedVersions"}
    assert function["Properties"]["AutoPublishAlias"] == "live"
    matches = cfnlint.lint_file(path / "template.yaml", ManualArgs(include_checks=["I"]))
    assert [str(match) for match in matches] == []
    assert "there are 6; a function takes 5" in problems(**ZIP, layer=(*arns, ARN.format(6)))["layer"][0]
    assert "python3.11" in problems(**{**ZIP, "runtime": "python3.11"}, snap_start=True)["snap_start"][0]
    assert "512 MB" in problems(**ZIP, snap_start=True, ephemeral_storage=513)["snap_start"][0]


@pytest.mark.parametrize(
    ("given", "package"),
    [
        ({"command": "app.lambda_handler"}, "Image"),
        ({"ecr": True}, "Image"),
        ({"ecr": False, "layer": (ARN.format(1),)}, "Zip"),
        ({"layer": (ARN.format(1),)}, "Zip"),
    ],
)
def test_a_setting_implies_the_package_type(given: dict[str, Any], package: str) -> None:
    assert spec(name="shop", runtime="python3.13", **given).functions[0].package_type == package


# Bases ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "image",
    [
        "registry.example.com/team/python:3.13",
        "registry.example.com:5000/python:3.13",
        "localhost:5000/a/b/c:x",
        "localhost/python:latest",
        "123456789012.dkr.ecr.eu-central-1.amazonaws.com/team/base@sha256:" + "0f" * 32,
        "public.ecr.aws/lambda/python:3.13.2026.01.01@sha256:" + "0f" * 32,
    ],
)
def test_an_image_of_ones_own_is_the_base(image: str, tmp_path: Path) -> None:
    given = {**IMAGE, "package_type": None, "base_image": image}
    path, _ = made(tmp_path, **given)
    lines = [line for line in next(path.rglob("Dockerfile")).read_text().splitlines() if line.startswith("FROM ")]
    assert lines[-1] == f"FROM {image}"
    assert resolve(CATALOGUE, answers.read(CATALOGUE, path / answers.FILE)[0]) == spec(**given)
    assert any("can change" in warning for warning in advice.warnings(CATALOGUE, spec(**given))) is image.endswith(
        ":latest"
    )


@pytest.mark.parametrize(
    "image",
    [
        "python:3.13", "team/python:3.13", "registry.example.com/team/python", "registry.example.com/Team/python:3",
        "registry.example.com/python:", "registry.example.com/python:-a", "registry.example.com//python:1",
        "https://registry.example.com/python:1", "registry.example.com/python@sha256:12",
        "registry.example.com/a b:1",
        "registry.example.com/{{ 7 }}:1", "registry.example.com/a:1\nRUN id", "-f.com/a:1",
        "registry.example.com/" + "a" * 250 + ":1",
    ],
)  # fmt: skip
def test_a_base_that_is_no_reference_is_refused(image: str) -> None:
    message, hint = problems(**IMAGE, base_image=image)["base_image"]
    assert message
    assert hint


@pytest.mark.parametrize(
    ("runtime", "base", "message", "hint"),
    [
        ("python3.13", "distroless", "is not known to work with Python", "use one of amazon/python3.13-base, debian"),
        ("python3.9", "debian", "is not known to work with python3.9", "use amazon/python3.9-base"),
        ("go (provided.al2023)", "debian", "is not known to work with Go", "distroless, scratch"),
        ("java25", "dotnet", "is not known to work with Java", "debian"),
        ("python3.13", "alpine", "there is no base image 'alpine'", "list bases"),
        ("python3.13", "Debian", "there is no base image 'Debian'", "did you mean debian?"),
    ],
)
def test_a_base_that_the_language_lacks_is_refused(runtime: str, base: str, message: str, hint: str) -> None:
    actual_message, actual_hint = problems(name="shop", runtime=runtime, base_image=base)["base_image"]
    assert message in actual_message
    assert hint in actual_hint


def test_a_base_that_was_never_tested_draws_a_warning() -> None:
    given = {**IMAGE, "base_image": "dotnet", "runtime": "dotnet10"}
    (warning,) = advice.warnings(CATALOGUE, spec(**given))
    assert ".NET on dotnet is untested: " in warning
    assert advice.warnings(CATALOGUE, spec(**IMAGE, base_image="debian")) == []


def test_a_base_alone_asks_for_the_runtime_and_defaults_take_the_newest_that_has_it() -> None:
    assert [*problems(name="shop", base_image="scratch")] == ["runtime"]
    taken = resolve(CATALOGUE, Answers(base_image="scratch"), defaults=True).functions[0]
    assert (taken.language, taken.runtime, taken.base) == ("go", "provided.al2023", "scratch")


def test_a_base_of_ones_own_says_no_runtime() -> None:
    assert [*problems(name="shop", base_image="registry.example.com/team/python:3.13")] == ["runtime"]


# Dockerfiles ------------------------------------------------------------------------------------------------------

DOCKERFILE = """\
ARG BASE=debian:13
from golang:1 as build
RUN go build
FROM ${BASE} AS runtime
COPY --from=build /a /a
FROM runtime
"""


def test_arguments_are_declared_where_something_runs() -> None:
    assert dockerfile.stages(DOCKERFILE) == ["build", "runtime"]
    text = dockerfile.declare(DOCKERFILE, ["BASE", "GOPROXY"])
    assert text == DOCKERFILE.replace("build\nRUN", "build\nARG GOPROXY\nRUN")
    assert dockerfile.declare(text, ["GOPROXY"]) == text
    assert dockerfile.declare("# nothing\n", ["A"]) == "# nothing\n"
