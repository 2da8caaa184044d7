"""Where answers come from: flags, environment variables, configuration files, answers files; which wins, and why."""

from __future__ import annotations

import json
import os
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import click
import jsonschema
import pytest
import yaml

from conftest import ROOT, scaffold
from processes import subcommands
from scaffold import cli, samconfig, settings
from scaffold.catalogue import host_architecture
from scaffold.cli.commands import cli as group
from scaffold.cli.console import flag_key
from scaffold.cli.init import init as init_command

if TYPE_CHECKING:
    from collections.abc import Iterator

OUTPUT = json.loads((ROOT / "schemas" / "output.schema.json").read_text())
OTHER = "arm64" if host_architecture() == "x86_64" else "x86_64"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in [*os.environ]:
        if name.startswith("SAM_"):
            monkeypatch.delenv(name)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = cli.main(["init", *arguments])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def explained(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, tuple[object, str, str | None]]:
    code, out, _ = run(capsys, *arguments, "--explain", "--output", "json")
    assert code == 0, out
    result = json.loads(out)
    jsonschema.validate(result, {**OUTPUT, "$ref": "#/$defs/init"})
    assert len({row["answer"] for row in result["answers"]}) == len(result["answers"])
    return {row["answer"]: (row["value"], row["source"], row["location"]) for row in result["answers"]}


def parameters(values: dict[str, object], environment: str = "default", table: str = "init") -> str:
    lines = [f"{name} = {json.dumps(value)}" for name, value in values.items()]
    return "\n".join(["version = 0.1", f"[{environment}.{table}.parameters]", *lines, ""])


def test_which_source_wins(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The table of docs/sam-init.md, from the last source to the first: each takes over from the one before."""
    given = ["-n", "shop", "-r", "python3.14", "-p", "Zip"]
    expected = [(host_architecture(), "default", None)]
    assert explained(capsys, *given)["architecture"] == expected[-1]

    Path("a.yaml").write_text(f"tracing: true\narchitecture: {OTHER}\n")
    given += ["--answers", "a.yaml"]
    assert explained(capsys, *given)["architecture"] == (OTHER, "answers file", "a.yaml:2:1")

    Path("samconfig.toml").write_text(parameters({"architecture": "x86_64"}, table="global"))
    assert explained(capsys, *given)["architecture"] == ("x86_64", "configuration", "samconfig.toml:3")
    text = Path("samconfig.toml").read_text() + parameters({"architecture": "arm64"}).partition("\n")[2]
    Path("samconfig.toml").write_text(text)
    assert explained(capsys, *given)["architecture"] == ("arm64", "configuration", "samconfig.toml:5")

    monkeypatch.setenv("SAM_SCAFFOLD_ARCHITECTURE", "x86_64")
    assert explained(capsys, *given)["architecture"] == ("x86_64", "environment", "SAM_SCAFFOLD_ARCHITECTURE")
    monkeypatch.setenv("SAM_SCAFFOLD_ARCHITECTURE", "")
    assert explained(capsys, *given)["architecture"][1] == "configuration"
    monkeypatch.setenv("SAM_SCAFFOLD_ARCHITECTURE", "x86_64")

    rows = explained(capsys, *given, "--architecture", "arm64")
    assert rows["architecture"] == ("arm64", "flag", "--architecture")
    assert rows["name"] == ("shop", "flag", "--name")
    assert rows["tracing"] == (True, "answers file", "a.yaml:1:1")
    assert rows["language"] == ("python", "implied", None)
    assert rows["app_template"] == ("hello-world", "default", None)
    assert sorted(path.name for path in Path().iterdir()) == ["a.yaml", "samconfig.toml"]

    table = (ROOT / "docs/sam-init.md").read_text().partition("## Which value wins")[2]
    places = [line.split("|")[2] for line in table.splitlines() if line.startswith(("| 1", "| 2", "| 3", "| 4", "| 5"))]
    words = ("flag", "environment variable", "configuration file", "answers file", "default")
    assert all(word in place for word, place in zip(words, places, strict=True))


def test_several_functions_are_explained_each(capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.yaml").write_text(
        "name: shop\npackage_type: Zip\nfunctions:\n"
        "  - {name: one, runtime: python3.14}\n  - name: two\n    runtime: nodejs24.x\n    memory: 1024\n"
    )
    rows = explained(capsys, "--answers", "a.yaml", "--timeout", "20")
    assert rows["functions.0.runtime"] == ("python3.14", "answers file", "a.yaml:4:17")
    assert rows["functions.1.runtime"] == ("nodejs24.x", "answers file", "a.yaml:6:5")
    assert rows["functions.1.memory"] == (1024, "answers file", "a.yaml:7:5")
    assert rows["functions.1.name"] == ("two", "answers file", "a.yaml:5:5")
    assert rows["functions.0.language"] == ("python", "implied", None)
    assert rows["functions.0.app_template"] == ("hello-world", "default", None)
    assert rows["functions.0.package_type"] == ("Zip", "answers file", "a.yaml:2:1")
    assert rows["functions.0.timeout"] == rows["functions.1.timeout"] == (20, "flag", "--timeout")


def test_an_explanation_for_people_shows_what_is_known_and_then_what_is_missing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, out, err = run(capsys, "-n", "shop", "-i", "amazon/python3.14-base", "--tracing", "--explain")
    assert code == 0
    rows = [line.split(maxsplit=2) for line in out.splitlines() if line.strip()]
    assert ["runtime", "python3.14", "follows from the other answers"] in [
        [cell.strip() for cell in row] for row in rows
    ]
    assert ["tracing", "yes", "--tracing"] in [[cell.strip() for cell in row] for row in rows]
    code, out, err = run(capsys, "-n", "shop", "--explain")
    assert (code, "--name" in out, "--runtime: the runtime is missing" in err) == (2, True, True)
    code, out, _ = run(capsys, "-n", "shop", "--explain", "--output", "json")
    assert (code, json.loads(out)["status"]) == (2, "failure")


def commands(command: click.Command, *path: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    if not isinstance(command, click.Group):
        yield path, command
    for name, child in subcommands(command).items():
        yield from commands(child, *path, name)


def test_every_flag_has_an_environment_variable() -> None:
    count = 0
    for path, command in commands(group):
        for param in command.params:
            if isinstance(param, click.Option) and not param.hidden:
                assert param.envvar == f"SAM_SCAFFOLD_{flag_key(param).upper()}", (path, param.name)
                assert f"--{flag_key(param).replace('_', '-')}" in param.opts
                count += 1
    assert count > 60


def test_variables_of_other_kinds_than_text(tmp_path: Path) -> None:
    variables = {
        "SAM_SCAFFOLD_DEFAULTS": "true",
        "SAM_SCAFFOLD_TRACING": "1",
        "SAM_SCAFFOLD_STRUCTURED_LOGGING": "no",
        "SAM_SCAFFOLD_MEMORY": "1024",
        "SAM_SCAFFOLD_ENV": "AA=1 BB=2",
        "SAM_SCAFFOLD_OUTPUT_DIR": "below",
        "SAM_SCAFFOLD_OUTPUT": "json",
        "SAM_SCAFFOLD_PACKAGE_TYPE": "Zip",
    }
    done = scaffold("init", cwd=tmp_path, env={**os.environ, **variables})
    assert (done.returncode, json.loads(done.stdout)["package_type"]) == (0, "Zip"), done.stderr
    template = (tmp_path / "below/sam-app/template.yaml").read_text()
    for line in ("MemorySize: 1024", "Tracing: Active", "AA: '1'", "BB: '2'"):
        assert line in template
    assert "LogFormat" not in template
    listed = scaffold("list", "runtimes", cwd=tmp_path, env={**os.environ, "SAM_SCAFFOLD_OUTPUT": "json"})
    assert json.loads(listed.stdout)


def test_what_is_wrong_names_the_variable(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAM_SCAFFOLD_RUNTIME", "python9")
    monkeypatch.setenv("SAM_SCAFFOLD_MEMORY", "much")
    code, _, err = run(capsys, "--no-interactive", "-n", "shop", "-p", "Zip")
    assert code == 2
    assert "--runtime: there is no runtime called 'python9' (from SAM_SCAFFOLD_RUNTIME)" in err
    assert "--memory: 'much' is not a whole number of MB (from SAM_SCAFFOLD_MEMORY)" in err
    monkeypatch.setenv("SAM_SCAFFOLD_OUTPUT", "xml")
    code, _, err = run(capsys)
    assert (code, "'xml' is not one of 'text', 'json'. (from SAM_SCAFFOLD_OUTPUT)" in err) == (2, True)


@pytest.mark.parametrize("suffix", ["toml", "yaml", "yml"])
def test_a_configuration_has_every_kind_of_parameter(suffix: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = (
        parameters(
            {"runtime": "python3.14", "package_type": "Zip", "memory": 512, "layer": [], "no_interactive": "yes",
             "output_dir": "made", "structured_logging": "True", "log_retention": 0, "name": "shop"}
        )
        + '[default.init.parameters.env]\nAA = "x y"\n[default.global.parameters]\nregion = "eu-west-1"\n'
    )  # fmt: skip
    if suffix != "toml":
        text = yaml.safe_dump(tomllib.loads(text), sort_keys=False)
    Path(f"samconfig.{suffix}").write_text(text)
    code, _, err = run(capsys)
    assert (code, err) == (0, "")
    template = Path("made/shop/template.yaml").read_text()
    for line in ("MemorySize: 512", "AA: x y", "LogFormat: JSON", "Type: AWS::Logs::LogGroup"):
        assert line in template


ONE_LINE = "default = {init = {parameters = {architecture = 3}}}\n"
IN_YAML = "version: 0.1\ndefault:\n  init:\n    parameters:\n      architecture: mips\n"


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        (
            "samconfig.toml",
            parameters({"architecture": 3, "memory": "x"}),
            [":3: architecture: 3", ":4: memory: 'x'"],
        ),
        ("samconfig.toml", parameters({"base_image": "python9"}), [":3: base_image: there is no base image 'python9'"]),
        ("samconfig.toml", parameters({"output": "xml"}), ["'xml' is not one of", "(from samconfig.toml:3)"]),
        ("samconfig.toml", parameters({"preview": 2}), ["'2' is not a valid boolean", "(from samconfig.toml:3)"]),
        ("samconfig.toml", parameters({"output_dir": ["a"]}), [":3: output_dir: ['a'] is neither text nor"]),
        ("samconfig.toml", parameters({"tracing": "often"}), [":3: tracing: 'often' is not true or false"]),
        ("samconfig.toml", "[default.init.parameters.env]\nx = 1\n", ["samconfig.toml:1: env.x: 1 is not text"]),
        ("samconfig.toml", "version = 0.1\n[default.init\n", ["samconfig.toml:2:14: "]),
        ("samconfig.toml", "version = 0.1\nx", ["samconfig.toml:2:"]),
        ("samconfig.toml", "default = 3\n", ["samconfig.toml: default is not a table"]),
        ("samconfig.toml", ONE_LINE, ["samconfig.toml:1: architecture: 3 is not text"]),
        ("samconfig.yaml", IN_YAML, ["samconfig.yaml:5:7: architecture: there is no architecture 'mips'"]),
        ("samconfig.yaml", "default: [\n", ["samconfig.yaml:2:1: "]),
        ("samconfig.yaml", "- a\n", ["samconfig.yaml:1:1: the file is not a mapping"]),
    ],
)
def test_a_wrong_configuration_says_where(
    name: str, text: str, expected: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    Path(name).write_text(text)
    code, _, err = run(capsys, "--no-interactive", "-n", "shop", "-p", "Image", "-r", "python3.14")
    assert code == 2
    for part in expected:
        assert part in err
    assert [path.name for path in Path().iterdir()] == [name]


def test_a_configuration_file_must_be_there_and_be_one(capsys: pytest.CaptureFixture[str]) -> None:
    given = ["--defaults", "-n"]
    code, _, err = run(capsys, *given, "a", "--config-file", "none.toml")
    assert (code, "there is no file none.toml" in err) == (1, True)
    assert run(capsys, *given, "b", "--config-file", "samconfig.toml")[0] == 0  # as sam has it
    Path("config.ini").touch()
    code, _, err = run(capsys, *given, "c", "--config-file", "config.ini")
    assert (code, "config.ini: is neither .toml nor .yaml" in err) == (2, True)
    Path("empty.yaml").touch()
    assert run(capsys, *given, "d", "--config-file", "empty.yaml")[0] == 0


def test_what_means_nothing_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    text = parameters({"runtme": "python3.14", "s3_bucket": "x"}) + '[default.global.parameters]\nstack_name = "x"\n'
    Path("samconfig.toml").write_text(text)
    code, _, err = run(capsys, "--defaults", "-n", "shop", "--config-env", "prod")
    assert code == 0
    assert err.splitlines() == [
        "Warning: --config-env: samconfig.toml has no environment 'prod'",
        "  it has default",
    ]
    code, _, err = run(capsys, "--defaults", "-n", "other")
    assert code == 0
    assert err.splitlines() == [
        "Warning: samconfig.toml:3: 'runtme' is not a flag of init",
        "  did you mean runtime?",
        "Warning: samconfig.toml:4: 's3_bucket' is not a flag of init",
    ]


TOML = """\
# The team's.
version = 0.1

[default.global.parameters]
architecture = "arm64"  # everywhere

[default.init.parameters]
runtime = "python3.13"   # for now
"quoted" = 1

[prod]
[prod.deploy.parameters]
stack_name = 'shop'
"""


def test_saving_keeps_what_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    Path("samconfig.toml").write_text(TOML)
    arguments = ["-n", "shop", "-r", "nodejs24.x", "-p", "Zip", "-a", "arm64", "--no-interactive", "--no-tracing"]
    arguments += ["--env", "AA=x y", "--memory", "512", "--output", "json", "--force", "-o", "made"]
    code, out, _ = run(capsys, *arguments, "--save-params")
    assert (code, json.loads(out)["status"]) == (0, "success")
    text = Path("samconfig.toml").read_text()
    assert text.startswith(TOML[: TOML.index("runtime")])
    assert "# for now" in text
    assert text.endswith(TOML[TOML.index("[prod]") :])
    saved = tomllib.loads(text)["default"]["init"]["parameters"]
    assert saved == {
        "quoted": 1,
        "runtime": "nodejs24.x",
        "name": "shop",
        "package_type": "Zip",
        "no_interactive": True,
        "tracing": False,
        "env": {"AA": "x y"},
        "memory": 512,
        "output_dir": "made",
    }  # the architecture is in the table of all commands already
    made = Path("made/shop/template.yaml").read_text()
    Path("made").rename("before")
    assert run(capsys, "--output", "json")[0] == 0  # by what was saved alone
    assert Path("made/shop/template.yaml").read_text() == made
    assert run(capsys, *arguments, "--save-params", "--config-env", "ci", "-n", "third")[0] == 0
    assert tomllib.loads(Path("samconfig.toml").read_text())["ci"]["init"]["parameters"]["name"] == "third"


def test_saving_takes_over_from_the_table_of_all_commands(capsys: pytest.CaptureFixture[str]) -> None:
    text = (
        parameters({"runtime": "python3.12", "tracing": True})
        + parameters({"runtime": "python3.13"}, table="global").partition("\n")[2]
    )
    for name in ("samconfig.toml", "samconfig.yaml"):
        Path(name).write_text(text if name.endswith("toml") else yaml.safe_dump(tomllib.loads(text)))
        given = ("-n", name.replace(".", ""), "-p", "Zip", "--no-interactive", "--save-params", "--config-file", name)
        assert run(capsys, *given, "-r", "python3.13")[0] == 0
        values = samconfig.read(Path(name), "default", "init")
        assert values.values["runtime"] == "python3.13"
        assert "runtime" not in values.own
        assert "tracing" in values.own


@pytest.mark.parametrize("text", ["", "# Ours.\n", "default:\n", "version: 0.1\ndefault:\n  init:\n    parameters:\n"])
def test_saving_into_an_empty_table(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("samconfig.yaml").write_text(text)
    assert run(capsys, "--defaults", "-n", "shop", "--save-params")[0] == 0
    saved = Path("samconfig.yaml").read_text()
    assert saved.startswith(text.partition("\n")[0] if "#" in text else "")
    assert yaml.safe_load(saved)["default"]["init"]["parameters"] == {"name": "shop", "defaults": True}


def test_where_nothing_can_be_saved_nothing_is_made(capsys: pytest.CaptureFixture[str]) -> None:
    Path("samconfig.toml").symlink_to("no/such/folder.toml")
    code, _, err = run(capsys, "--defaults", "-o", "out", "--save-params")
    assert (code, "cannot be written" in err, "--save-params" in err) == (1, True, True)
    assert [path.name for path in Path().iterdir()] == ["samconfig.toml"]


def test_a_failure_is_json_wherever_that_was_asked_for(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def is_json(*arguments: str) -> bool:
        code, out, err = run(capsys, "--no-interactive", *arguments)
        assert code == 2
        assert err
        return bool(out) and json.loads(out)["status"] == "failure"

    assert is_json("--output", "JSON")
    assert is_json("--output=Json", "--nonsense")
    assert not is_json("--output", "json", "--output", "text")
    assert not is_json("--output", "json", "--output=text", "--nonsense")
    monkeypatch.setenv("SAM_SCAFFOLD_OUTPUT", "JSON")
    assert is_json()
    assert is_json("--nonsense")
    monkeypatch.delenv("SAM_SCAFFOLD_OUTPUT")
    assert not is_json()
    Path("samconfig.toml").write_text(parameters({"output": "json"}))
    assert is_json()
    assert not is_json("--output", "text")


def test_saving_in_yaml_keeps_comments(capsys: pytest.CaptureFixture[str]) -> None:
    Path("samconfig.yaml").write_text(
        "# Ours.\nversion: 0.1\ndefault:\n  init:\n    parameters:\n      tracing: true # on\n"
    )
    assert run(capsys, "-n", "shop", "-i", "amazon/python3.14-base", "--no-interactive", "--save-params")[0] == 0
    text = Path("samconfig.yaml").read_text()
    assert "# Ours." in text
    assert "# on" in text
    assert yaml.safe_load(text) == {
        "version": 0.1,
        "default": {
            "init": {
                "parameters": {
                    "tracing": True,
                    "name": "shop",
                    "base_image": "amazon/python3.14-base",
                    "no_interactive": True,
                }
            }
        },
    }


def test_nothing_is_saved_where_nothing_is_made(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["-n", "a/b"], ["-n", "shop", "--dry-run"], ["-n", "shop", "--explain"]):
        run(capsys, "--defaults", "--save-params", *arguments)
        assert [*Path().iterdir()] == []
    Path("samconfig.toml").write_text("version = 0.1\ndefault = 3\n")
    assert run(capsys, "--defaults", "--save-params")[0] == 2
    assert [path.name for path in Path().iterdir()] == ["samconfig.toml"]


def test_what_was_saved_is_read_alike_for_every_setting(tmp_path: Path) -> None:
    """A value of each row of the table, written by the TOML and the YAML writer and read again."""
    from test_settings_table import EXAMPLES  # noqa: PLC0415

    assert {row.name for row in settings.TABLE} == {*EXAMPLES}
    values = {name: example.value for name, example in EXAMPLES.items()}
    for name in ("samconfig.toml", "samconfig.yaml"):
        plain = {key: list(value) if isinstance(value, tuple) else value for key, value in values.items()}
        with samconfig.saving(tmp_path / name, "default", "init", plain):
            pass
        assert samconfig.read(tmp_path / name, "default", "init").values == plain


def test_beta_features(capsys: pytest.CaptureFixture[str]) -> None:
    given = ["--no-interactive", "-n", "shop", "-r", "python3.14", "-p", "Zip", "-d", "uv"]
    for arguments in ([], ["--explain"]):
        code, _, err = run(capsys, *given, "--no-beta-features", *arguments)
        assert (code, "uv in beta" in err, "use pip" in err) == (2, True, True)
    assert run(capsys, *given, "--beta-features")[0] == 0


def test_colour_is_off_as_sam_has_it(tmp_path: Path) -> None:
    import pexpect  # noqa: PLC0415

    from conftest import SCAFFOLD  # noqa: PLC0415

    inherited = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
    for variable, coloured in (({}, True), ({"SAM_CLI_NO_COLOR": "1"}, False)):
        environment = {**inherited, "TERM": "xterm-256color", **variable}
        arguments = [*SCAFFOLD[1:], "list", "runtimes"]
        child = pexpect.spawn(SCAFFOLD[0], arguments, cwd=str(tmp_path), env=environment, encoding="utf-8", timeout=20)
        assert ("\x1b[3" in child.read()) is coloured


def test_the_help_is_in_sections_and_fits_two_screens(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "--help")
    assert code == 0
    lines = out.splitlines()
    titles = [line for line in lines if line.endswith(":") and not line.startswith(" ")]
    sections = ["What to create", "Image", "Function", "Monitoring", "Custom template", "Where and how", "Examples"]
    assert titles == [f"{section}:" for section in sections]
    assert len(lines) <= 120
    assert max(map(len, lines[: lines.index("Examples:")])) <= 80
    for param in init_command.params:
        if not param.hidden:
            assert any(name in out for name in (param.opts[-1], f"--[no-]{param.opts[0][2:]}")), param.name


@pytest.mark.parametrize("arguments", [[], ["list"], ["workshop"]])
def test_without_arguments_there_is_help(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(arguments) == 0
    assert "Commands:" in capsys.readouterr().out
