"""`sam-scaffold init` by flags, as a script sees it: output, exit codes, files."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import jsonschema
import pytest

from conftest import CATALOGUE, ROOT, answered, scaffold, tree
from scaffold import cli
from scaffold.catalogue import host_architecture
from scaffold.cli.init import command_line
from scaffold.cli.init import init as init_command

FULL = ["--no-interactive", "-n", "shop", "-r", "python3.13", "-p", "Zip"]


OUTPUT = json.loads((ROOT / "schemas" / "output.schema.json").read_text())


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = cli.main(["init", *arguments])
    captured = capsys.readouterr()
    if "json" in arguments:
        jsonschema.validate(json.loads(captured.out), {**OUTPUT, "$ref": "#/$defs/init"})
    return code, captured.out, captured.err


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("arguments", "said", "resolved"),
    [
        # As sam init's own documentation and error message combine them. Said: what sam gives, which the template, the
        # runtime and the dependency manager are as they were said. Resolved: runtime, package type, dependency manager.
        (
            "-n shop -r python3.13 -d pip --app-template hello-world",
            ("hello-world", "python3.13", "pip"),
            ("python3.13", "Zip", "pip"),
        ),
        (
            "-n shop -p Image -i amazon/nodejs24.x-base",
            ("hello-world-lambda-image", "nodejs24.x", None),
            ("nodejs24.x", "Image", "npm"),
        ),
        (
            "-n shop -i amazon/go-provided.al2023-base -d mod",
            ("hello-world-lambda-image", "go (provided.al2023)", "mod"),
            ("provided.al2023", "Image", "mod"),
        ),
        ("-n shop -p image -r nodejs22.x", (None, "nodejs22.x", None), ("nodejs22.x", "Image", "npm")),
        (
            "-n shop -p zIP -r nodejs22.x --app-template hello-world",
            ("hello-world", "nodejs22.x", None),
            ("nodejs22.x", "Zip", "npm"),
        ),
        (
            "-n shop -r python3.12 --app-template hello-world-lambda-image",
            ("hello-world-lambda-image", "python3.12", None),
            ("python3.12", "Image", "pip"),
        ),
        (
            "-n shop -r 'go (provided.al2023)' -d mod --app-template hello-world",
            ("hello-world", "go (provided.al2023)", "mod"),
            ("provided.al2023", "Zip", "mod"),
        ),
        (
            "-n shop -r provided.al2023 -d cargo --app-template hello-world --no-input --beta-features",
            ("hello-world", "provided.al2023", "cargo"),
            ("provided.al2023", "Zip", "cargo"),
        ),
    ],
)
def test_scripts_of_sam_init_work(
    arguments: str,
    said: tuple[str | None, ...],
    resolved: tuple[str, str, str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, out, err = run(capsys, "--no-interactive", "--output", "json", *shlex.split(arguments))
    assert (code, err) == (0, "")
    result = json.loads(out)
    (function,) = result.pop("functions")
    assert (function["runtime"], function["package_type"], function["dependency_manager"]) == resolved
    assert result == {
        "type": "result",
        "status": "success",
        "project_directory": str(Path.cwd() / "shop"),
        "template_file": str(Path.cwd() / "shop" / "template.yaml"),
        "runtime": said[1],
        "package_type": resolved[1],
        "dependency_manager": said[2],
        "app_template": said[0],
        "architectures": [host_architecture()],
    }
    assert out.count("\n") == 1


def test_all_missing_flags_are_named_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "--no-interactive")
    assert (code, out) == (2, "")
    assert [line.split()[1] for line in err.splitlines() if line.startswith("Error")] == [
        "--name:",
        "--runtime:",
        "--package-type:",
    ]


def test_every_problem_is_told_at_once_and_nothing_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(
        capsys, "--no-interactive", "-n", "a/b", "-r", "nodejs12.x", "-p", "Tar", "-a", "mips", "-d", "cargo-cult"
    )
    assert code == 2
    for expected in ("--name: 'a/b'", "--runtime: nodejs12.x is blocked", "'Tar'", "'mips'", "'cargo-cult'"):
        assert expected in err
    assert [*Path.cwd().iterdir()] == []


@pytest.mark.parametrize(
    ("runtime", "date", "successor"),
    [
        ("nodejs12.x", "2023-03-31", "nodejs24.x"),
        ("nodejs14.x", "2024-01-09", "nodejs24.x"),
        ("python2.7", "2021-07-15", "python3.14"),
        ("python3.7", "2024-01-09", "python3.14"),
        ("go1.x", "2024-02-08", "provided.al2023"),
        ("java8", "2024-02-08", "java25"),
        ("ruby2.7", "2024-01-09", "ruby4.0"),
        ("dotnetcore3.1", "2023-04-03", "dotnet10"),
        ("provided", "2024-02-08", "provided.al2023"),
    ],
)
def test_a_blocked_runtime_names_the_date_and_the_successor(
    runtime: str, date: str, successor: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = run(capsys, "--no-interactive", "-n", "shop", "-p", "Zip", "-r", runtime)
    assert code == 2
    assert f"{runtime} is blocked: AWS has accepted no new functions with it since {date}" in err
    assert successor in err


def test_a_deprecated_runtime_works_with_a_warning(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "--no-interactive", "-n", "shop", "-p", "Image", "-r", "nodejs20.x")
    assert code == 0
    assert "deprecated since 2026-04-30" in err
    assert "from 2027-02-01" in err
    assert "nodejs24.x" in err


def test_a_runtime_that_libraries_do_not_run_on_names_those_that_they_do(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--no-interactive", "-n", "shop", "-p", "Zip", "-r", "java8.al2023", "--app-template", "powertools"]
    code, _, err = run(capsys, *arguments)
    assert code == 2
    assert "'java8.al2023' is not supported: the libraries of powertools need java11 or later" in err
    offered = re.findall(r"java[\d.al]+", err.partition("or later")[2])
    assert "java25" in offered
    assert not any(name.startswith("java8") for name in offered)


def test_a_preview_needs_its_flag(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--no-interactive", "-n", "shop", "-p", "Image", "-r", "python3.15"]
    code, _, err = run(capsys, *arguments)
    assert (code, "--preview" in err) == (2, True)
    code, _, err = run(capsys, *arguments, "--preview")
    assert (code, "is a preview" in err) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (
            ["-r", "python3.14", "-i", "amazon/nodejs24.x-base"],
            "'amazon/nodejs24.x-base' is for nodejs24.x, not for python3.14",
        ),
        (["-p", "Zip", "-i", "amazon/nodejs24.x-base"], "--package-type: a Zip has no base image"),
        (["-i", "amazon/nodejs24-base"], "did you mean amazon/nodejs24.x-base"),
        (["-r", "python3.41"], "did you mean python3.14"),
        (["-r", "Ruby"], "'Ruby' is a language, not a runtime"),
        (["-r", "go"], "use 'go (provided.al2023)'"),
        (["-r", "python3.14", "-i", "debian", "--app-template", "web"], "the template web is not for the base image"),
        (["-r", "python3.14", "-d", "npm"], "'npm' is not a dependency manager for Python"),
        (["-r", "python3.14", "--app-template", "hello-wrld"], "did you mean hello-world"),
        (["-r", "python3.14", "--language", "nodejs"], "nodejs does not run on python3.14"),
        (["-p", "Zip", "-r", "python3.14", "--app-template", "hello-world-lambda-image"], "a template for Image"),
        (["-r", "java8", "-a", "arm64", "-p", "Zip"], "java8 is blocked"),
        (
            ["-r", "python3.13", "-p", "Zip", "--app-template", "ml-xgboost"],
            "ml-xgboost in Python has no package type Zip",
        ),
        (["-r", "python3.11", "-a", "arm64", "--app-template", "ml-pytorch"], "need a later runtime"),
        (["-r", "python3.15", "--preview", "--app-template", "ml-pytorch"], "are there up to python3.14"),
    ],
)
def test_contradictions_say_what_to_do(arguments: list[str], expected: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "--no-interactive", "-n", "shop", *arguments)
    assert code == 2
    assert expected in err


def test_defaults_make_a_project_without_a_terminal(tmp_path: Path) -> None:
    done = scaffold("init", "--defaults", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "PackageType: Image" in (tmp_path / "sam-app" / "template.yaml").read_text()


@pytest.mark.parametrize(
    ("arguments", "runtime"),
    [
        ("-d npm", "nodejs24.x"),
        ("--language typescript", "nodejs24.x"),
        ("-d cargo", "provided.al2023"),
        ("--language go --app-template sqs", "provided.al2023"),
        ("-r provided.al2023 -d mod -p Zip", "provided.al2023"),
        ("-r java17 -d gradle", "java17"),
        ("-i amazon/rust-provided.al2023-base", "provided.al2023"),
        ("-r nodejs22.x --app-template hello-world-typescript", "nodejs22.x"),
    ],
)
def test_defaults_follow_what_was_said(arguments: str, runtime: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "--defaults", "--output", "json", *shlex.split(arguments))
    assert code == 0
    (function,) = json.loads(out)["functions"]
    assert function["runtime"] == runtime


def test_a_runtime_of_several_languages_asks_which(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "--no-interactive", "-n", "shop", "-p", "Zip", "-r", "provided.al2023")
    assert code == 2
    assert "use one of go (provided.al2023), rust (provided.al2023)" in err


def test_without_a_terminal_nobody_is_asked(tmp_path: Path) -> None:
    done = scaffold("init", cwd=tmp_path)
    assert done.returncode == 2
    assert "--name" in done.stderr


def test_monitoring_goes_into_the_template(capsys: pytest.CaptureFixture[str]) -> None:
    flags = ["--tracing", "--application-insights", "--structured-logging"]
    assert run(capsys, *FULL, *flags, "-a", "arm64")[0] == 0
    text = Path("shop/template.yaml").read_text()
    for line in ("Tracing: Active", "LogFormat: JSON", "AWS::ApplicationInsights::Application", "- arm64"):
        assert line in text
    assert run(capsys, *FULL, "-o", "plain", "--no-tracing")[0] == 0
    text = Path("plain/shop/template.yaml").read_text()
    for word in ("Tracing", "LogFormat", "Insights"):
        assert word not in text


def test_a_dry_run_shows_and_writes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, *FULL, "--dry-run")
    assert code == 0
    assert [*Path.cwd().iterdir()] == []
    assert run(capsys, *FULL)[0] == 0
    template = Path("shop/template.yaml").read_text()
    assert out.endswith(template)
    listed = {line.strip() for line in out.partition("template.yaml:\n")[0].splitlines()[1:] if line.strip()}
    assert listed == set(tree(Path("shop")))
    shown = json.loads(run(capsys, *FULL, "--dry-run", "--output", "json")[1])
    assert (set(shown["files"]), shown["template"]) == (listed, template)


def test_a_folder_with_files_is_never_touched(capsys: pytest.CaptureFixture[str]) -> None:
    Path("shop").mkdir()
    code, _, err = run(capsys, *FULL)
    assert (code, "--force" in err) == (1, True)
    assert run(capsys, *FULL, "--force")[0] == 0
    before = tree(Path("shop"))
    code, _, err = run(capsys, *FULL, "--force", "--tracing")
    assert (code, "never touched" in err) == (1, True)
    assert tree(Path("shop")) == before
    Path("file").touch()
    assert run(capsys, "--no-interactive", "-n", "file", *FULL[3:])[0] == 1


def test_a_failure_in_json_has_sam_inits_keys(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, *FULL)[0] == 0
    code, out, err = run(capsys, *FULL, "--output", "json")
    result = json.loads(out)
    assert (code, result["type"], result["status"]) == (1, "result", "failure")
    assert err.startswith(f"Error: {result['error']['message']}")  # as sam does, for whoever reads the log
    assert set(result["error"]) == {"type", "message", "resources", "problems"}
    code, out, _ = run(capsys, "--output=json", "--nonsense")
    assert (code, json.loads(out)["error"]["type"]) == (2, "UsageError")


def test_a_failure_in_json_lists_each_problem(capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.yaml").write_text("package_type: Zip\ndependency_manager: npm\nruntime: python3.13\ncommand: x\n")
    code, out, err = run(capsys, "--answers", "a.yaml", "-a", "mips", "--output", "json")
    problems = json.loads(out)["error"]["problems"]
    assert code == 2
    assert all(problem["message"] in err for problem in problems)
    keys = ("flag", "file", "line", "column", "value", "allowed")
    shown = [tuple(problem[key] for key in keys) for problem in problems]
    assert shown == [
        (None, "a.yaml", 2, 1, "npm", ["pip", "uv"]),
        ("--architecture", None, None, None, "mips", ["x86_64", "arm64"]),
        (None, "a.yaml", 4, 1, None, []),
        ("--name", None, None, None, None, []),
    ]
    assert all(problem["message"] and problem["hint"] for problem in problems)

    code, out, _ = run(capsys, "--name", "shop", "--defaults", "--force=1", "--output", "json")
    (problem,) = json.loads(out)["error"]["problems"]
    assert (code, problem["flag"]) == (2, "--force")
    code, out, _ = run(capsys, "--output", "json", "--no-interactiv")
    (problem,) = json.loads(out)["error"]["problems"]
    assert (problem["flag"], problem["allowed"][0]) == ("--no-interactiv", "--no-interactive")


def test_answers_from_a_file_and_flags_over_them(capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.yaml").write_text("name: shop\nruntime: python3.12\npackage_type: Zip\ntracing: true\n")
    assert run(capsys, "--answers", "a.yaml", "--runtime", "nodejs24.x", "--no-tracing")[0] == 0
    text = Path("shop/template.yaml").read_text()
    assert "nodejs24.x" in text
    assert "Tracing" not in text
    Path("a.json").write_text('{"name": "other", "base_image": "amazon/python3.13-base"}')
    assert run(capsys, "--answers", "a.json", "--no-interactive")[0] == 0
    assert Path("other/hello_world/Dockerfile").is_file()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name: shop\nruntme: python3.14\n", ["a.yaml:2:1: 'runtme' is not a known answer", "runtime"]),
        ("name: 3\npackage_type: Tar\n", ["a.yaml:1:1: name: 3 is not text", "a.yaml:2:1: package_type:"]),
        ("name: shop\n  runtime: x\n", ["a.yaml:2:10: mapping values are not allowed here"]),
        ("- a\n", ["a.yaml:1:1: the file is not a mapping"]),
        ("name: shop\nname: two\n", ["a.yaml:2:1: the key 'name' is already on line 1"]),
        (
            "name: a/b\nruntime: nodejs12.x\npackage_type: Zip\n",
            ["a.yaml:1:1: name: 'a/b'", "a.yaml:2:1: runtime: nodejs12.x is blocked"],
        ),
    ],
)
def test_a_wrong_answers_file_says_where(text: str, expected: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.yaml").write_text(text)
    code, _, err = run(capsys, "--answers", "a.yaml", "--no-interactive")
    assert code == 2
    for part in expected:
        assert part in err
    assert not Path("shop").exists()


def test_an_answers_file_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "--answers", "none.yaml")
    assert (code, "none.yaml: No such file" in err) == (1, True)


def test_a_missing_answer_in_a_file_is_a_missing_flag(capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.yaml").write_text("name: shop\n")
    code, _, err = run(capsys, "--answers", "a.yaml", "--no-interactive")
    assert code == 2
    assert "--runtime: the runtime is missing" in err


def test_the_equivalent_command_makes_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    from scaffold.resolve import resolve  # noqa: PLC0415
    from scaffold.spec import Answers  # noqa: PLC0415

    for cell in CATALOGUE.cells:
        given = Answers(
            name="shop",
            app_template=cell.use_case,
            language=cell.language,
            runtime=cell.runtime,
            package_type=cell.package_type,
            dependency_manager=cell.dependency_manager,
            settings={"tracing": True},
        )
        spec = resolve(CATALOGUE, given, preview=True)
        line = command_line(spec, Path("some where"))
        words = shlex.split(line)
        assert words[:2] == ["sam-scaffold", "init"]
        context = init_command.make_context("init", words[2:])
        assert resolve(CATALOGUE, answered(context.params), preview=True) == spec
        assert context.params["output_dir"] == Path("some where")
    capsys.readouterr()


@pytest.mark.parametrize("arguments", [["--help"], ["init", "--help"], ["list", "runtimes", "-h"], ["--version"]])
def test_help_loads_nothing_slow(arguments: list[str], tmp_path: Path) -> None:
    code = "import sys; from scaffold import cli; cli.main(sys.argv[1:]); print([m for m in sys.modules])"
    import subprocess  # noqa: PLC0415
    import sys  # noqa: PLC0415

    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    loaded = done.stdout.splitlines()[-1]
    for module in ("cookiecutter", "samtranslator", "questionary", "ruamel", "jsonschema", "rich", "jinja2"):
        assert f"'{module}'" not in loaded


def test_output_is_plain_without_a_terminal(tmp_path: Path) -> None:
    for arguments in (["init", "--defaults"], ["list", "runtimes"], ["init", "-n", "a/b", "--defaults"]):
        done = scaffold(*arguments, cwd=tmp_path)
        assert "\x1b" not in done.stdout + done.stderr
