"""Workflows: linted for each language, package type and host, and their steps run as they are written."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cfnlint import api as cfnlint
from cfnlint.config import ManualArgs
from ruamel.yaml import YAML

from aws import ACCOUNT, REGION, running
from conftest import CATALOGUE, ROOT, can, function_of, needs
from images.engine import docker, dockerfile, images_of, missing
from images.make import RUNTIMES, locked
from scaffold import project
from scaffold.errors import InvalidAnswersError
from scaffold.model import SUPPORTED, Cell
from scaffold.render.layer import render
from scaffold.render_steps import render_steps
from scaffold.resolve import resolve
from scaffold.settings import ROWS
from scaffold.spec import Answers, FunctionSpec, ProjectSpec
from scaffold.trees import read_toml
from toolchains import LINTERS, QUICK, newest_runtime

# The tests of a file share what they make.
pytestmark = pytest.mark.xdist_group("ci")
# Of what SAM makes for itself.
moto_warns = pytest.mark.filterwarnings("ignore:Tried to parse .* not supported by moto:UserWarning")
HOSTS = ("github", "gitlab")
each_host = pytest.mark.parametrize("host", HOSTS)
FILES = {"github": ".github/workflows/ci.yml", "gitlab": ".gitlab-ci.yml"}
KINDS = [(language.id, manager) for language in CATALOGUE.languages.values() for manager in language.managers]
VERSIONS = read_toml(CATALOGUE.root / "ci/versions.toml")
WITH_IMAGES = ("everything", "arm64", "both", "web", "debian", "own")
# What only the host, or a machine without the tools, does: setting up, and looking up vulnerabilities.
SET_UP = re.compile(r"pipx install |go install |gem install |rustup |apt-get |export PATH=|ln -s ")


def function(
    language: str, package: str, manager: str = "", architecture: str = "x86_64", use_case: str = "hello-world"
) -> FunctionSpec:
    """Return a function on the newest supported runtime, called by its language, manager and package type."""
    row = CATALOGUE.languages[language]
    manager = manager or next(iter(row.managers))
    runtime = next(one.id for one in row.runtimes if one.status(CATALOGUE.today) == SUPPORTED)
    cell = Cell(use_case, package, language, runtime, manager)
    return function_of(cell, architecture).renamed(f"{language}-{manager}-{package}".lower())


def own(name: str) -> FunctionSpec:
    """Return a function with code that somebody has."""
    given = Answers(name="shop", handler=str(ROOT / "tests/handlers" / name), app_template="hello-world")
    return resolve(CATALOGUE, given).functions[0]


def spec_of(host: str, *functions: FunctionSpec, name: str = "shop") -> ProjectSpec:
    return ProjectSpec(name, functions, ecr=any(one.package_type == "Image" for one in functions), ci=host)


def made(folder: Path, host: str, *functions: FunctionSpec, name: str = "shop") -> Path:
    return project.create(CATALOGUE, spec_of(host, *functions, name=name), folder)


def projects(host: str) -> Iterator[tuple[str, tuple[FunctionSpec, ...]]]:
    """Yield a project for each kind and package type, and some that mix them, each with a name."""
    for language, manager in KINDS:
        for package in ("Zip", "Image"):
            yield f"{language}-{manager}-{package}", (function(language, package, manager),)
    images = [function(language, "Image", manager) for language, manager in KINDS]
    zips = [function(language, "Zip", manager) for language, manager in KINDS if host == "github"]
    yield "everything", (*images, *(zips or [function("go", "Zip")]))
    yield "arm64", (function("python", "Image", architecture="arm64"), function("go", "Zip", architecture="arm64"))
    yield "both", (function("python", "Image", architecture="arm64"), function("go", "Image"))
    yield "web", (function("nodejs", "Image", use_case="web"),)
    yield "own", (own("python-alone"),)
    if host == "github":
        yield "own-image-test", (own("go"),)
    yield "calls-aws", (function("python", "Image", use_case="put-item"),)
    yield "debian", (replace(function("python", "Image"), base="debian"),)
    yield "vpc", (replace(function("python", "Zip"), settings={"vpc": True}),)


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return the folder of all projects of a host, of each what it has at its root."""
    folders = {}
    for host in HOSTS:
        folders[host] = tmp_path_factory.mktemp(host)
        for name, functions in projects(host):
            for step in render_steps(CATALOGUE, spec_of(host, *functions, name=name)):
                if step.layer.parts[0] in ("root", "ci", "updates", "own"):
                    render(CATALOGUE.root / step.layer, step.context, folders[host])
    return folders


def plain(path: Path) -> Any:
    with path.open(encoding="utf-8") as file:
        return YAML(typ="safe", pure=True).load(file)


def clean(*command: str | Path, cwd: Path) -> None:
    """Run a linter, which must find nothing."""
    done = subprocess.run(list(map(str, command)), cwd=cwd, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr


def forget_aws(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take out of the environment what would lead to another AWS than moto."""
    for key in [*os.environ]:
        if key.startswith("AWS_") or key.lower().endswith("_proxy"):
            monkeypatch.delenv(key)


# Linted -------------------------------------------------------------------------------------------------------------


def test_actionlint_and_zizmor_find_nothing(everything: dict[str, Path]) -> None:
    needs("actionlint", "zizmor")
    files = sorted(everything["github"].glob("*/.github/workflows/ci.yml"))
    assert len(files) == len([*projects("github")])
    clean("actionlint", "-shellcheck=", *files, cwd=everything["github"])
    clean("zizmor", "--offline", "--no-progress", "--quiet", "--persona=pedantic", *files, cwd=everything["github"])


def test_the_schemas_of_the_hosts_hold(everything: dict[str, Path]) -> None:
    needs("check-jsonschema")
    of_github, of_gitlab = everything["github"], everything["gitlab"]
    check = ("check-jsonschema", "--builtin-schema")
    clean(*check, "vendor.github-workflows", *sorted(of_github.glob("*/.github/workflows/*.yml")), cwd=of_github)
    clean(*check, "vendor.dependabot", *sorted(of_github.glob("*/.github/dependabot.yml")), cwd=of_github)
    files = sorted(of_gitlab.glob("*/.gitlab-ci.yml"))
    assert len(files) == len([*projects("gitlab")])
    clean(*check, "vendor.gitlab-ci", "--data-transform", "gitlab-ci", *files, cwd=of_gitlab)


@each_host
def test_cfn_lint_finds_nothing_in_the_roles(host: str, everything: dict[str, Path]) -> None:
    texts = {path.read_text().replace(path.parent.name, "shop") for path in everything[host].glob("*/ci-roles.yaml")}
    assert len(texts) >= 2, "with images and without"
    for name in ("everything", "go-mod-Zip", "arm64"):
        file = everything[host] / name / "ci-roles.yaml"
        assert [str(match) for match in cfnlint.lint_file(file, ManualArgs(include_checks=["I"]))] == []


@each_host
def test_lines_are_short(host: str, everything: dict[str, Path]) -> None:
    long = [
        (str(path), line)
        for pattern in (FILES[host], "ci-roles.yaml")
        for path in everything[host].glob(f"*/{pattern}")
        for line in path.read_text().splitlines()
        if len(line) > 120 and "--env" not in line and "golangci" not in line and "ziglang" not in line
    ]
    assert long == []


# What they promise --------------------------------------------------------------------------------------------------


def test_actions_are_pinned_and_jobs_have_the_least_rights(everything: dict[str, Path]) -> None:
    for path in everything["github"].glob("*/.github/workflows/ci.yml"):
        text, workflow = path.read_text(), plain(path)
        pins = re.findall(r"uses: (\S+)@([0-9a-f]{40}) # (v[\d.]+)$", text, re.MULTILINE)
        assert len(pins) == text.count("uses: "), path
        assert {(name, commit, tag) for name, commit, tag in pins} <= {
            (name, row["commit"], row["tag"]) for name, row in VERSIONS["actions"].items()
        }
        assert workflow["permissions"] == {}
        assert [*workflow["jobs"]] == ["test", "build", "deploy-dev", "deploy-prod"]
        for name, job in workflow["jobs"].items():
            token = {"id-token": "write"} if name.startswith("deploy") else {}
            assert job["permissions"] == {"contents": "read", **token}
            assert job["timeout-minutes"] <= 60
            if token:
                assert (job["if"], job["environment"]) == ("github.event_name == 'push'", name.removeprefix("deploy-"))
            checkouts = [step for step in job["steps"] if step.get("uses", "").startswith("actions/checkout@")]
            assert [step["with"] for step in checkouts] == [{"persist-credentials": False}]
        assert workflow["jobs"]["deploy-prod"]["needs"] == "deploy-dev"
        assert workflow["on"] == {"push": {"branches": ["main"]}, "pull_request": None}
        assert "secrets." not in text


def test_gitlab_deploys_main_alone_and_prod_by_hand(everything: dict[str, Path]) -> None:
    for path in everything["gitlab"].glob("*/.gitlab-ci.yml"):
        jobs = plain(path)
        on_main = {"if": "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH"}
        assert jobs["deploy-dev"]["rules"] == [on_main]
        assert jobs["deploy-prod"]["rules"] == [on_main | {"when": "manual"}]
        assert jobs[".deploy"]["id_tokens"] == {"AWS_TOKEN": {"aud": "https://gitlab.com"}}
        for environment in ("dev", "prod"):
            assert jobs[f"deploy-{environment}"]["environment"] == environment
            assert {"build", "scan"} <= {*jobs[f"deploy-{environment}"]["needs"]}
        has_images = "Image" in path.parent.name or path.parent.name in WITH_IMAGES
        assert ("services" in jobs["build"]) is (has_images or path.parent.name == "calls-aws")


def test_what_is_built_is_built_on_its_architecture(everything: dict[str, Path]) -> None:
    machines = {"go-mod-Zip": "ubuntu-24.04", "arm64": "ubuntu-24.04-arm", "both": "ubuntu-24.04"}
    for name, machine in machines.items():
        text = (everything["github"] / name / FILES["github"]).read_text()
        job = plain(everything["github"] / name / FILES["github"])["jobs"]["build"]
        assert job["runs-on"] == machine
        assert ("setup-qemu-action" in text) is (name == "both")
        tags = plain(everything["gitlab"] / name / FILES["gitlab"])["build"].get("tags")
        assert tags == (["saas-linux-small-arm64"] if name == "arm64" else None)


def test_every_image_is_asked_that_can_answer(everything: dict[str, Path]) -> None:
    for name, asked in (
        ("web", "greetings"),
        ("debian", "--target local"),
        ("everything", "Invoke GoModImageFunction"),
    ):
        for host in HOSTS:
            assert asked in (everything[host] / name / FILES[host]).read_text(), (host, name)
    for host in HOSTS:
        assert "docker run --detach" not in (everything[host] / "calls-aws" / FILES[host]).read_text()
    text = (everything["github"] / "everything" / FILES["github"]).read_text()
    assert text.count("- name: Invoke ") == text.count("docker rm --force invoked") == len(KINDS)


def test_each_version_stands_once() -> None:
    languages = "".join(path.read_text() for path in CATALOGUE.root.glob("languages/*/language.toml"))
    for language in CATALOGUE.languages.values():
        for manager in language.managers.values():
            assert {*manager["ci"].get("actions", ())} <= {*VERSIONS["actions"]}
            assert {*manager["dev_container"].get("pipx", ())} <= {*VERSIONS["tools"]}
    (linter,) = re.findall(r"golangci-lint@(v[\d.]+)", languages)
    makefile = CATALOGUE.root / "languages/go/root/{{cookiecutter.name}}/Makefile"
    assert f"golangci-lint@{linter}" in makefile.read_text()
    (gradle,) = set(re.findall(r"gradle:([\d.]+)-jdk", languages))
    assert f'gradle-version = "{gradle}"' in languages
    used = "".join(path.read_text() for path in CATALOGUE.root.glob("ci/*/*cookiecutter.name*/**/*ci.yml")) + languages
    assert {name for name in VERSIONS["actions"] if f'"{name}"' not in used} == set()


# The answer ---------------------------------------------------------------------------------------------------------


def test_a_host_is_a_folder() -> None:
    assert [*ROWS["ci"].value.choices] == [*ROWS["ci"].extras] == list(HOSTS)
    assert sorted(path.parent.name for path in CATALOGUE.root.glob("ci/*/host.toml")) == sorted(HOSTS)


def answers(**values: Any) -> Answers:
    return Answers.from_values({"name": "shop", "runtime": "python3.14", "package_type": "Image", **values})


def test_images_get_a_repository_and_zips_do_not() -> None:
    spec = resolve(CATALOGUE, answers(ci="github"))
    assert (spec.ci, spec.ecr, spec.has_environments) == ("github", True, True)
    spec = resolve(CATALOGUE, answers(ci="GitLab", package_type="Zip"))
    assert (spec.ci, spec.ecr, spec.has_environments) == ("gitlab", False, True)
    with pytest.raises(InvalidAnswersError) as caught:
        resolve(CATALOGUE, answers(ci="github", ecr=False))
    assert [(one.location, one.message) for one in caught.value.problems] == [
        (("ci",), "needs ecr, which is turned off")
    ]
    with pytest.raises(InvalidAnswersError) as caught:
        resolve(CATALOGUE, answers(ci="jenkins"))
    assert [(one.location, one.hint) for one in caught.value.problems] == [(("ci",), "use github or gitlab")]


def test_gitlab_refuses_zips_that_no_image_can_build() -> None:
    rows = ({"name": "one", "package_type": "Zip"}, {"name": "two", "package_type": "Zip", "runtime": "nodejs24.x"})
    resolve(CATALOGUE, answers(ci="github", functions=rows))
    resolve(CATALOGUE, answers(ci="gitlab", functions=(rows[0], {"name": "two", "runtime": "nodejs24.x"})))
    with pytest.raises(InvalidAnswersError) as caught:
        resolve(CATALOGUE, answers(ci="gitlab", functions=rows))
    (problem,) = caught.value.problems
    assert problem.location == ("ci",)
    assert problem.message == "no image has all that the Zips in Python and Node.js need"


@each_host
def test_the_readme_says_what_to_set_up_once(host: str, everything: dict[str, Path]) -> None:
    for name in ("python-pip-Zip", "python-pip-Image"):
        readme = (everything[host] / name / "README.md").read_text()
        assert readme.count("## CI/CD") == 1
        section = readme.partition("## CI/CD")[2]
        assert sum(any(map(str.isalnum, word)) for word in section.split()) < 180
        assert FILES[host] in section
        assert ("Create the repositories of the images" in section) is name.endswith("Image")


# The roles ----------------------------------------------------------------------------------------------------------


@moto_warns
@each_host
@pytest.mark.parametrize("environment", ["dev", "prod"])
def test_a_job_of_the_repository_gets_a_role_and_nobody_else(
    host: str, environment: str, everything: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    forget_aws(monkeypatch)
    folder = everything[host] / "python-pip-Image"
    issuer = {"github": "token.actions.githubusercontent.com", "gitlab": "gitlab.com"}[host]
    subject = {
        "github": f"repo:octo@1/shop@2:environment:{environment}",
        "gitlab": "project_path:octo/shop:ref_type:branch:ref:main",
    }[host]
    repository = {"github": "octo@1/shop@2", "gitlab": "octo/shop"}[host]
    with running() as aws:
        parameters = {"Environment": environment, "Repository": repository, "CreateProvider": "false"}
        aws.reset()
        outputs = aws.deploy("roles", (folder / "ci-roles.yaml").read_text(), **parameters)
        iam = aws.client("iam")
        deploy, execution = (outputs[f"{name}RoleArn"].rpartition("/")[2] for name in ("Deploy", "Execution"))
        (statement,) = iam.get_role(RoleName=deploy)["Role"]["AssumeRolePolicyDocument"]["Statement"]
        assert statement["Principal"] == {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{issuer}"}
        audience = {"github": "sts.amazonaws.com", "gitlab": "https://gitlab.com"}[host]
        assert statement["Condition"] == {"StringEquals": {f"{issuer}:aud": audience, f"{issuer}:sub": subject}}
        policy = iam.get_role_policy(RoleName=deploy, PolicyName="deploy")["PolicyDocument"]
        open_to_all = [row["Sid"] for row in policy["Statement"] if row["Resource"] == "*"]
        assert open_to_all == ["LogInToEcr"]
        rights = {row["Sid"]: row for row in policy["Statement"]}
        assert rights["Push"]["Resource"].endswith(f":repository/python-pip-image/{environment}")
        assert rights["Stack"]["Resource"] == (
            f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/python-pip-Image-{environment}/*"
        )
        assert rights["CloudFormationActsAs"]["Resource"] == outputs["ExecutionRoleArn"]
        (statement,) = iam.get_role(RoleName=execution)["Role"]["AssumeRolePolicyDocument"]["Statement"]
        assert statement["Principal"] == {"Service": "cloudformation.amazonaws.com"}


@each_host
def test_the_placeholder_is_not_a_repository(host: str, everything: dict[str, Path]) -> None:
    """So that nobody deploys roles for a repository that is not theirs."""
    template = (everything[host] / "go-mod-Zip/ci-roles.yaml").read_text()
    (pattern,) = re.findall(r"AllowedPattern: (.*)", template)
    config = (everything[host] / "go-mod-Zip/samconfig.toml").read_text()
    (dev, prod) = re.findall(r'Repository=([^ "]+)', config)
    assert dev == prod
    assert not re.fullmatch(pattern, dev)
    good = {"github": ["octo/shop", "octo-org@12/my.shop@345"], "gitlab": ["octo/shop", "a/b/c"]}[host]
    assert all(re.fullmatch(pattern, name) for name in good)


# Their steps --------------------------------------------------------------------------------------------------------


class Workflow:
    """A project of a host, whose steps run here as they are written."""

    def __init__(self, folder: Path, host: str, environment: dict[str, str]) -> None:
        self.folder, self.environment = folder, environment
        self.file = plain(folder / FILES[host])

    def steps_of_github(self, job: str) -> list[str]:
        """Run a job's steps, but for those of actions, and return what was left to the host."""
        left = []
        for step in self.file["jobs"][job]["steps"]:
            script = step.get("run", step.get("uses", "").partition("@")[0])
            if "uses" in step or SET_UP.match(script) or "GRYPE" in step.get("env", {}):
                left.append(script)
                continue
            self.run(script, {"SYFT": "syft"} if "SYFT" in step.get("env", {}) else {})
        return left

    def lines_of_gitlab(self, job: str, **environment: str) -> None:
        """Run a job's script, whose lines share a shell."""
        self.run("\n".join(self.file[job]["script"]), environment)

    def run(self, script: str, environment: dict[str, str]) -> str:
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
            cwd=self.folder,
            env=self.environment | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
            timeout=1200,
        )
        assert done.returncode == 0, f"{script}\n{done.stdout[-6000:]}"
        return done.stdout


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Return an environment in which GitLab's name of the engine's machine is this one."""
    (tmp_path / ".curlrc").write_text("resolve = docker:9000:127.0.0.1\n")
    inherited = {key: value for key, value in os.environ.items() if key not in ("VIRTUAL_ENV", "PYTHONPATH")}
    return {**inherited, **QUICK, "SAM_CLI_TELEMETRY": "0", "CURL_HOME": str(tmp_path), "DOCKER_BUILDKIT": "0"}


@pytest.mark.toolchain
@pytest.mark.parametrize(("language", "manager"), [("python", "uv"), ("go", "mod")])
def test_the_steps_of_a_zip_run(language: str, manager: str, tmp_path: Path, environment: dict[str, str]) -> None:
    needs("sam", "make", "syft", *LINTERS.get(language, ()))
    runtime = newest_runtime(language, manager)
    one = function_of(Cell("hello-world", "Zip", language, runtime, manager))
    for host in HOSTS:
        folder = made(tmp_path / host, host, one)
        workflow = Workflow(folder, host, environment)
        if host == "github":
            assert "actions/checkout" in workflow.steps_of_github("test")
            left = workflow.steps_of_github("build")
            assert {"actions/checkout", "anchore/sbom-action/download-syft", "actions/upload-artifact"} <= {*left}
            shutil.rmtree(folder / ".aws-sam")
            workflow.run("tar --extract --file build.tar", {})
        elif language == "go":
            workflow.lines_of_gitlab("test-go")
            workflow.lines_of_gitlab("build")
            workflow.lines_of_gitlab("sbom", SYFT="syft")
        else:
            continue
        assert any(path.is_file() for path in (folder / ".aws-sam/build/HelloWorldFunction").iterdir())
        packages = json.loads((folder / "sbom/HelloWorldFunction.json").read_text())["packages"]
        assert language == "python" or "github.com/aws/aws-lambda-go" in {row["name"] for row in packages}


def asked() -> FunctionSpec:
    """Return a function with an image of which there is a stand-in, and whose name no other test has."""
    return function_of(Cell("hello-world", "Image", "python", RUNTIMES["python"], "pip")).renamed("pipeline")


@contextmanager
def asking() -> Iterator[None]:
    """Keep to one process the port and the container's name that workflows ask with."""
    with locked("port 9000"):
        try:
            yield
        finally:
            for command in (["rm", "--force", "invoked"], ["rmi", f"pipelinefunction:{RUNTIMES['python']}"]):
                subprocess.run(["docker", *command], capture_output=True, check=False)


@pytest.mark.image
def test_the_steps_of_an_image_run(tmp_path: Path, environment: dict[str, str]) -> None:
    """Built, asked, listed, packed, and loaded where it is deployed from."""
    needs("sam", "make", "syft")
    can("docker", "docker", "info")
    tag = f"pipelinefunction:{RUNTIMES['python']}"
    with asking():
        for host in HOSTS:
            folder = made(tmp_path / host, host, asked())
            for image in images_of(dockerfile(folder))[0]:
                if (reason := missing(image)) is not None:
                    pytest.skip(reason)
            workflow = Workflow(folder, host, environment)
            if host == "github":
                left = workflow.steps_of_github("build")
                assert [line for line in left if "install" in line] == ["pipx install aws-sam-cli==1.170.0"]
            else:
                workflow.lines_of_gitlab("build")
                workflow.lines_of_gitlab("sbom", SYFT="syft")
            assert json.loads((folder / "response.json").read_text())["statusCode"] == 200
            packages = json.loads((folder / "sbom/PipelineFunction.json").read_text())["packages"]
            assert len(packages) > 10, "those of the base, too"
            docker("rmi", tag)
            if host == "github":
                shutil.rmtree(folder / ".aws-sam")
                unpack = next(
                    step["run"]
                    for step in workflow.file["jobs"]["deploy-dev"]["steps"]
                    if step.get("name", "").startswith("Unpack")
                )
                workflow.run(unpack, {})
                assert docker("images", "--quiet", tag).strip()
                docker("rmi", tag)


@pytest.mark.image
def test_a_function_that_fails_fails_the_build(tmp_path: Path, environment: dict[str, str]) -> None:
    needs("sam", "make")
    can("docker", "docker", "info")
    folder = made(tmp_path, "github", asked())
    for image in images_of(dockerfile(folder))[0]:
        if (reason := missing(image)) is not None:
            pytest.skip(reason)
    (handler,) = folder.glob("*/app.py")
    handler.write_text(f"{handler.read_text()}\n\ndef lambda_handler(event, context):\n    raise ValueError(event)\n")
    workflow = Workflow(folder, "github", environment)
    steps = workflow.file["jobs"]["build"]["steps"]
    with asking():
        workflow.run("make build", {})
        ask = next(step["run"] for step in steps if step.get("name", "").startswith("Invoke "))
        with pytest.raises(AssertionError, match="errorType"):
            workflow.run(ask, {})


@moto_warns
@pytest.mark.toolchain
@each_host
def test_sam_takes_the_command_that_deploys(
    host: str, tmp_path: Path, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It makes the change set that CloudFormation would carry out with the role."""
    needs("sam")
    forget_aws(monkeypatch)
    folder = made(tmp_path, host, function("python", "Zip"), name="sam-app")
    role = f"arn:aws:iam::{ACCOUNT}:role/execution"
    workflow = Workflow(folder, host, environment)
    steps = workflow.file["jobs"]["deploy-prod"]["steps"] if host == "github" else []
    command = steps[-1]["run"] if steps else workflow.file[".deploy"]["script"][-1]
    names = {"EXECUTION_ROLE_ARN": role, "AWS_EXECUTION_ROLE_ARN": role, "CI_ENVIRONMENT_NAME": "prod"}
    with running() as aws:
        workflow.run(f"{command} --no-execute-changeset", {**aws.environment, **names})
        (stack,) = aws.client("cloudformation").list_stacks()["StackSummaries"][-1:]
        assert aws.client("cloudformation").list_change_sets(StackName="sam-app-prod")["Summaries"], stack


@moto_warns
@pytest.mark.toolchain
@each_host
def test_the_readmes_commands_make_the_roles(
    host: str, tmp_path: Path, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    needs("sam")
    forget_aws(monkeypatch)
    folder = made(tmp_path, host, function("go", "Zip"), name="sam-app")
    section = (folder / "README.md").read_text().partition("## CI/CD")[2]
    create, prints = re.findall(r"`(sam [^`]*)`", section)
    config = folder / "samconfig.toml"
    config.write_text(re.sub(r'Repository=[^ "]+', "Repository=octo/shop", config.read_text()))
    workflow = Workflow(folder, host, environment)
    with running() as aws:
        aws.reset()
        for command in (create, create.replace("ci-dev", "ci-prod")):
            workflow.run(command, aws.environment)
        printed = json.loads(workflow.run(prints, aws.environment))
        assert {row["OutputKey"] for row in printed} == {"DeployRoleArn", "ExecutionRoleArn"}
        names = {stack["StackName"] for stack in aws.client("cloudformation").describe_stacks()["Stacks"]}
        assert {"sam-app-ci-dev", "sam-app-ci-prod"} <= names


def test_the_makefile_and_ci_bring_what_these_tests_run() -> None:
    promised = re.findall(r'REQUIRE_TOOLS="(.*)"', (ROOT / ".ci/run").read_text())[0].split()
    assert {"actionlint", "zizmor", "check-jsonschema", "syft"} <= {*promised}
    makefile = (ROOT / "Makefile").read_text()
    assert f"/syft@v{VERSIONS['scanners']['syft']}" in makefile
