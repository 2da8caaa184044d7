"""A script of `sam init` needs only the other name: the same calls, with `sam` itself beside ours where it can run.

`sam init` runs without a network for Zips, from the templates that it brings along. What needs the network is compared
with what its source says (aws-sam-cli 1.170.0).
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from samtranslator.yaml_helper import yaml_parse

import parity
from conftest import ROOT, SCAFFOLD, needs

CALL = "-n shop -r python3.13 -d pip --app-template hello-world -a x86_64"
CONFIGURATION = """\
# Ours.
version = 0.1

[default.global.parameters]
region = "eu-west-1"
architecture = "arm64"

[default.init.parameters]
tracing = true  # Always.
output_dir = "made"
runtime = "python3.12"
application_insights = true

[prod.init.parameters]
runtime = "nodejs22.x"
dependency_manager = "npm"
"""


@pytest.mark.slow
def test_every_combination_of_sam_init_works_or_says_why_not() -> None:
    rows = parity.run()
    assert len(rows) == 236
    assert [row for row in rows if row[1] == parity.WRONG] == []
    document = (ROOT / parity.DOCUMENT).read_text()
    shown = document.partition(parity.MARKS[0])[2].partition(parity.MARKS[1])[0]
    assert shown == parity.table(rows), "run `make parity`"


class Both:
    """`sam init` and `sam-scaffold init`, each in a folder of its own with the same files."""

    def __init__(self, folder: Path, files: dict[str, str]) -> None:
        needs("sam")
        self.home = folder / "home"
        self.home.mkdir()
        self.folders = {name: folder / name for name in ("sam", "ours")}
        for place in self.folders.values():
            place.mkdir()
            for name, text in files.items():
                (place / name).write_text(text)

    def run(self, arguments: str, **environment: str) -> tuple[subprocess.CompletedProcess[str], ...]:
        """Return what each did with these arguments, which the command comes before: sam first."""
        return tuple(
            subprocess.run(
                [*command, *shlex.split(arguments)],
                cwd=folder,
                capture_output=True,
                text=True,
                check=False,
                timeout=120,
                stdin=subprocess.DEVNULL,
                env={**os.environ, "HOME": str(self.home), "SAM_CLI_TELEMETRY": "0", **environment},
            )
            for command, folder in zip((["sam"], SCAFFOLD), self.folders.values(), strict=True)
        )

    def results(self, arguments: str, **environment: str) -> tuple[dict[str, Any], ...]:
        """Return the JSON that each prints, without the folder that they cannot share; assert that both succeed."""
        results = []
        for done, folder in zip(self.run(arguments, **environment), self.folders.values(), strict=True):
            assert done.returncode == 0, done.stderr
            (line,) = done.stdout.splitlines()
            results.append(json.loads(line.replace(f"{folder.resolve()}", "")))
        return tuple(results)

    def templates(self, path: str = "shop/template.yaml") -> tuple[dict[str, Any], ...]:
        """Return the values of each template."""
        return tuple(yaml_parse((folder / path).read_text()) for folder in self.folders.values())


@pytest.fixture
def both(tmp_path: Path, request: pytest.FixtureRequest) -> Both:
    return Both(tmp_path, getattr(request, "param", {}))


pytestmark = pytest.mark.filterwarnings("default")


@pytest.mark.toolchain
@pytest.mark.parametrize(
    "arguments",
    [
        CALL,
        f"{CALL} --no-interactive",
        f"{CALL} --tracing --no-application-insights --structured-logging",
        f"{CALL} --no-input --debug",
        f"{CALL} --package-type Zip --output-dir below/it",
        f"{CALL} --no-beta-features",
        "--name shop --runtime nodejs22.x --dependency-manager npm --app-template hello-world --architecture arm64",
        "-n shop -r java21 -d maven --app-template hello-world -a x86_64",
        "-n shop -r ruby3.3 -d bundler --app-template hello-world -a x86_64",
        "-n shop -r dotnet8 -d cli-package --app-template hello-world -a x86_64",
    ],
)
def test_a_call_gives_the_same_result(arguments: str, both: Both) -> None:
    theirs, ours = both.results(f"init {arguments} --output json")
    assert ours.pop("functions")
    assert ours == theirs
    folder = theirs["project_directory"].lstrip("/")
    for template in both.templates(f"{folder}/template.yaml"):
        assert {"HelloWorldFunction", "HelloWorldApi"} <= {*template["Outputs"]}
        assert "HelloWorldFunction" in template["Resources"]
        assert ("Tracing" in template["Globals"]["Function"]) == ("--tracing" in arguments)
    for place in both.folders.values():
        event = json.loads((place / folder / "events/event.json").read_text())
        assert event["path"]
        assert (place / folder / "samconfig.toml").is_file()


@pytest.mark.toolchain
@pytest.mark.parametrize("both", [{"samconfig.toml": CONFIGURATION}], indirect=True)
@pytest.mark.parametrize(
    ("arguments", "runtime", "is_traced"),
    [
        ("-d pip", "python3.12", True),
        ("-d pip -r python3.13 --no-tracing", "python3.13", False),
        ("--config-env prod", "nodejs22.x", False),
    ],
)
def test_the_file_in_the_working_directory_counts(arguments: str, runtime: str, is_traced: bool, both: Both) -> None:
    theirs, ours = both.results(f"init -n shop --app-template hello-world --output json {arguments}")
    ours.pop("functions")
    if "prod" in arguments:  # which says nothing of the architecture
        ours["architectures"] = theirs["architectures"]
    assert ours == theirs
    assert ours["runtime"] == runtime
    folder = ours["project_directory"].lstrip("/")
    assert folder == ("shop" if "prod" in arguments else "made/shop")
    for template in both.templates(f"{folder}/template.yaml"):
        assert ("Tracing" in template["Globals"]["Function"]) is is_traced


@pytest.mark.toolchain
@pytest.mark.parametrize(
    ("both", "flag"),
    [
        ({"samconfig.yaml": yaml.safe_dump(tomllib.loads(CONFIGURATION))}, ""),
        ({"samconfig.yml": yaml.safe_dump(tomllib.loads(CONFIGURATION))}, ""),
        ({"other.toml": CONFIGURATION}, "--config-file other.toml"),
        ({"samconfig.toml": CONFIGURATION, "samconfig.yaml": "version: 0.1\ndefault: {}\n"}, ""),
    ],
    indirect=["both"],
)
def test_it_may_be_another_file(flag: str, both: Both) -> None:
    theirs, ours = both.results(f"init -n shop -d pip --app-template hello-world --output json {flag}")
    ours.pop("functions")
    assert ours == theirs
    assert ours["architectures"] == ["arm64"]


@pytest.mark.toolchain
@pytest.mark.parametrize("both", [{"samconfig.toml": CONFIGURATION}, {}], indirect=True)
def test_parameters_are_saved_as_sam_saves_them(both: Both) -> None:
    theirs, ours = both.run(f"init {CALL} --no-interactive --structured-logging --save-params --config-env ci")
    assert (theirs.returncode, ours.returncode) == (0, 0)
    for done in (theirs, ours):
        assert "Saved parameters to config file 'samconfig.toml' under environment 'ci': {" in done.stderr
    saved = [(folder / "samconfig.toml").read_text() for folder in both.folders.values()]
    values = [tomllib.loads(text) for text in saved]
    assert values[1]["version"] == values[0]["version"]
    assert values[1]["ci"]["init"]["parameters"] == values[0]["ci"]["init"]["parameters"]
    assert "global" not in values[1]["ci"]  # where sam saves a region, too
    if "# Ours." in saved[1]:
        assert saved[1].startswith(CONFIGURATION)


@pytest.mark.toolchain
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (f"{CALL} --config-file none.toml", (1, 1)),
        ("--no-interactive -n shop", (2, 2)),
        ("--no-interactive -n shop -r python9 -d pip --app-template hello-world", (2, 2)),
        (f"{CALL} --tracig", (2, 2)),
        ("-n shop -r python3.13 -d pip --app-template nothing --output json", (1, 2)),  # an answer is wrong
    ],
)
def test_failures_go_where_those_of_sam_go(arguments: str, code: tuple[int, int], both: Both) -> None:
    theirs, ours = both.run(f"init {arguments}")
    assert (theirs.returncode, ours.returncode) == code
    assert theirs.stderr
    assert ours.stderr
    if "--output json" in arguments:
        documents = [json.loads(done.stdout) for done in (theirs, ours)]
        assert all((document["type"], document["status"]) == ("result", "failure") for document in documents)
        assert {*documents[0]["error"]} | {"problems"} == {*documents[1]["error"]}
    else:
        assert (theirs.stdout, ours.stdout) == ("", "")
    assert [*both.folders["ours"].iterdir()] == []


@pytest.mark.toolchain
def test_debug_and_info_are_known_where_sam_knows_them(both: Both) -> None:
    calls = (("--debug", "", {}), ("", "--debug", {}), ("", "", {"SAM_DEBUG": "true"}))
    for number, (before, after, variable) in enumerate(calls):
        theirs, ours = both.run(f"{before} init {CALL} -o {number} {after}", **variable)
        assert (theirs.returncode, ours.returncode) == (0, 0), ours.stderr
        assert "scaffold" in ours.stderr
    theirs, ours = both.run("--info")
    documents = [json.loads(done.stdout) for done in (theirs, ours)]
    assert {*documents[1]} <= {*documents[0]}
    assert {*documents[0]["system"]} == {*documents[1]["system"]}
    engines = {document["additional_dependencies"]["container_engine"] for document in documents}
    assert len(engines) == 1


def test_sams_lists_are_known() -> None:
    """Runtimes and base images that `sam init --help` lists are there, or refused with a reason."""
    needs("sam")
    env = {**os.environ, "SAM_CLI_TELEMETRY": "0", "COLUMNS": "500"}
    text = subprocess.run(["sam", "init", "--help"], capture_output=True, text=True, check=True, env=env).stdout
    words = re.sub(r"\s+", " ", text)
    runtimes = re.search(r"Runtimes: ((?:[\w.]+, )+[\w.]+)", words)
    images = re.search(r"Base images: ((?:amazon/[\w.-]+, )+amazon/[\w.-]+)", words)
    assert runtimes
    assert images
    for flag, names in (("--runtime", runtimes[1]), ("--base-image", images[1])):
        for name in names.split(", "):
            done = subprocess.run(
                [*SCAFFOLD, "init", "--explain", "--output", "json", "-n", "shop", flag, name],
                capture_output=True, text=True, check=False,
            )  # fmt: skip
            messages = [row["message"] for row in json.loads(done.stdout).get("error", {}).get("problems", ())]
            wrong = [message for message in messages if "there is no" in message]
            assert wrong == [], name
