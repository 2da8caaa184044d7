"""``init --location``: somebody's cookiecutter on the command line, in scripts and in the wizard, under trust."""

from __future__ import annotations

import json
import os
import re
import zipfile
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from conftest import ROOT, scaffold, tree
from scaffold import custom_answers, user_configuration
from scaffold.fetch import cache
from test_wizard import CTRL_C, DOWN, ENTER, ESCAPE, UP, Terminal

pytestmark = pytest.mark.usefixtures("own_folders")
SCHEMA = json.loads((ROOT / "schemas/output.schema.json").read_text())
TEMPLATE = """\
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Resources:
  Function:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: {{ cookiecutter.runtime }}
      Handler: app.handler
      CodeUri: src/
"""
VARIABLES = {
    "project_name": "shop",
    "slug": "{{ cookiecutter.project_name | lower | replace(' ', '-') }}",
    "runtime": ["python3.14", "python3.13"],
    "tracing": False,
    "tags": {"team": "a"},
    "_private": "x",
    "__derived": "{{ cookiecutter.slug }}-x",
    "__prompts__": {
        "project_name": "What is it called?",
        "runtime": {"__prompt__": "Which Python?", "python3.14": "Python 3.14, the newest"},
    },
}


@pytest.fixture(autouse=True)
def _no_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COOKIECUTTER_CONFIG", os.devnull)


@pytest.fixture
def template(tmp_path: Path) -> Path:
    return write_template(tmp_path / "template")


def write_template(folder: Path, variables: dict[str, Any] | None = None, hook: str = "") -> Path:
    project = folder / "{{cookiecutter.slug}}"
    (project / "src").mkdir(parents=True)
    (folder / "cookiecutter.json").write_text(json.dumps(variables or VARIABLES))
    (project / "template.yaml").write_text(TEMPLATE)
    (project / "src" / "app.py").write_text("NAME = '{{ cookiecutter.project_name }}'\n")
    (project / "{{ 'traced' if cookiecutter.tracing else 'plain' }}.txt").write_text("{{ cookiecutter.tags }}\n")
    if hook:
        (folder / "hooks").mkdir()
        (folder / "hooks" / "post_gen_project.py").write_text(hook)
    return folder


def init(*arguments: str | Path, cwd: Path, code: int = 0, **options: Any) -> tuple[str, str]:
    done = scaffold("init", *arguments, cwd=cwd, **options)
    assert done.returncode == code, (done.stdout, done.stderr)
    return done.stdout, done.stderr


def work(tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    folder.mkdir(exist_ok=True)
    return folder


def test_a_template_of_a_folder_with_its_defaults(template: Path, tmp_path: Path) -> None:
    cwd = work(tmp_path)
    out, err = init("--location", "../template", "--no-input", "--trust", cwd=cwd)
    assert out == f"Created shop from {template}. The SAM translator accepts it.\n"
    assert err.startswith(f"A template is code: it runs with your rights.\n  Source:     {template}\n")
    assert "  Hooks:      none\n  Extensions: none\n  Symlinks:   none\n" in err
    project = cwd / "shop"
    assert (project / "src" / "app.py").read_text() == "NAME = 'shop'\n"
    assert "Runtime: python3.14" in (project / "template.yaml").read_text()
    assert {*tree(project)} == {"template.yaml", "src/app.py", "plain.txt", ".sam-scaffold.yaml"}
    assert [path.name for path in cwd.iterdir()] == ["shop"]


def test_the_answers_make_the_same_project_again(template: Path, tmp_path: Path) -> None:
    cwd = work(tmp_path)
    answers = {"project_name": "My Shop", "runtime": "python3.13", "tracing": "yes", "tags": {"team": "{{ 7 * 7 }}"}}
    init("-l", template, "--extra-context", json.dumps(answers), "--no-input", "--trust", cwd=cwd)
    project = cwd / "my-shop"
    assert (project / "src" / "app.py").read_text() == "NAME = 'My Shop'\n"
    assert (project / "traced.txt").read_text() == "{'team': '{{ 7 * 7 }}'}\n"
    recorded = (project / ".sam-scaffold.yaml").read_text()
    assert "location: ../../template\nrevision: sha256:" in recorded
    assert "project_name: My Shop" in recorded
    init("--answers", project / ".sam-scaffold.yaml", "--trust", "--no-input", "-o", "again", cwd=cwd)
    again = tree(cwd / "again" / "my-shop")
    assert {**again, ".sam-scaffold.yaml": b""} == {**tree(project), ".sam-scaffold.yaml": b""}


def test_json_is_that_of_sam_init_and_tells_the_revision(template: Path, tmp_path: Path) -> None:
    out, err = init("--location", template, "--output", "json", "--trust", "--name", "Shop", cwd=work(tmp_path))
    document = json.loads(out)
    jsonschema.validate(document, {**SCHEMA, "$ref": "#/$defs/init"})
    assert document["project_directory"] == str(tmp_path / "work" / "shop")
    assert document["template_file"] == str(tmp_path / "work" / "shop" / "template.yaml")
    assert document["revision"].startswith("sha256:")
    assert document["answers"]["project_name"] == "Shop"
    assert (document["runtime"], document["architectures"], document["findings"]) == (None, None, [])
    assert "Source:" in err


def test_without_trust_nothing_is_run(tmp_path: Path) -> None:
    template = write_template(tmp_path / "template", hook=f"open({str(tmp_path / 'ran')!r}, 'w')\n")
    cwd = work(tmp_path)
    _, err = init("--location", template, "--no-input", cwd=cwd, code=4)
    assert "  Hooks:      hooks/post_gen_project.py\n" in err
    revision = next(line.split()[1] for line in err.splitlines() if "Contents:" in line)
    assert f"Error: the template {template} is not trusted, and nobody can be asked\n" in err
    assert f"pass --trust {revision}" in err
    out, _ = init("--location", template, "--output", "json", cwd=cwd, code=4)
    document = json.loads(out)
    jsonschema.validate(document, {**SCHEMA, "$ref": "#/$defs/failure"})
    assert document["error"]["type"] == "UntrustedTemplateError"
    assert not (tmp_path / "ran").exists()
    assert [*cwd.iterdir()] == []
    init("--location", template, "--no-input", "--trust", revision, cwd=cwd)
    assert (tmp_path / "ran").exists()


def test_trust_of_a_revision_ends_with_it(template: Path, tmp_path: Path) -> None:
    cwd = work(tmp_path)
    _, err = init("--location", template, "--no-input", cwd=cwd, code=4)
    revision = next(line.split()[1] for line in err.splitlines() if "Contents:" in line)
    (template / "{{cookiecutter.slug}}" / "more.txt").write_text("new\n")
    _, err = init("--location", template, "--no-input", "--trust", revision, cwd=cwd, code=4)
    assert f"Error: --trust is for {revision}, and the template is at sha256:" in err
    assert [*cwd.iterdir()] == []


def test_trust_in_the_configuration_of_a_person(template: Path, tmp_path: Path) -> None:
    path = user_configuration.path()
    path.parent.mkdir(parents=True)
    cwd = work(tmp_path)
    path.write_text(f"[[trust]]\nsource = '{tmp_path}/temp'\n")
    init("--location", template, "--no-input", cwd=cwd, code=4)
    path.write_text(f"[[trust]]\nsource = '{tmp_path}'\n")
    init("--location", template, "--no-input", cwd=cwd)
    assert (cwd / "shop").is_dir()


def test_a_project_cannot_decide_what_is_trusted(template: Path, tmp_path: Path) -> None:
    cwd = work(tmp_path)
    configuration = cwd / "samconfig.toml"
    configuration.write_text(f"[default.init.parameters]\nlocation = '{template}'\nno_input = true\ntrust = 'any'\n")
    _, err = init(cwd=cwd, code=2)
    assert "samconfig.toml:4: 'trust' is not taken from this file" in err
    configuration.write_text(f"[default.init.parameters]\nlocation = '{template}'\nno_input = true\n")
    _, err = init(cwd=cwd, code=4)
    revision = re.search(r"Contents: +(sha256:\w+)", err)[1]  # type: ignore[index]
    # Who passes --trust means what they name, and not what a file of somebody's names.
    _, err = init("--trust", cwd=cwd, code=4)
    assert re.search(r"samconfig\.toml:2\S* names it, and --trust alone is for what you name yourself\n", err)
    init("--trust", revision, cwd=cwd)
    assert (cwd / "shop").is_dir()


def test_hooks_are_left_out_on_request(tmp_path: Path) -> None:
    template = write_template(tmp_path / "template", hook=f"open({str(tmp_path / 'ran')!r}, 'w')\n")
    init("--location", template, "--no-input", "--trust", "--no-hooks", cwd=work(tmp_path))
    assert (tmp_path / "work" / "shop").is_dir()
    assert not (tmp_path / "ran").exists()


def test_every_wrong_answer_is_told_at_once(template: Path, tmp_path: Path) -> None:
    cwd = work(tmp_path)
    answers = json.dumps({"runtime": "python2.7", "tracing": "perhaps", "tags": 1})
    _, err = init("--location", template, "--extra-context", answers, "--no-input", "--trust", cwd=cwd, code=2)
    errors = [line for line in err.splitlines() if line.startswith("Error: --extra-context: ")]
    assert len(errors) == 3, err
    assert [*cwd.iterdir()] == []
    for text, message in (("{", "this is not JSON"), ("[1]", "this is no JSON object"), ("null", "this is no JSON ob")):
        _, err = init("--location", template, "--extra-context", text, "--trust", cwd=cwd, code=2)
        assert f"Error: --extra-context: {message}" in err


def test_what_the_template_decides_is_no_flag(template: Path, tmp_path: Path) -> None:
    _, err = init("-l", template, "-r", "python3.14", "--memory", "512", "--trust", cwd=work(tmp_path), code=2)
    for flag in ("--runtime", "--memory"):
        assert f"Error: {flag}: it has no meaning for a custom template, which decides that\n" in err
    assert "  leave it out, or --location\n" in err
    _, err = init("--checkout", "main", "--no-hooks", "--defaults", cwd=work(tmp_path), code=2)
    assert "--checkout and --no-hooks: only a custom template has that" in err


def test_a_location_is_not_empty(tmp_path: Path) -> None:
    _, err = init("--location", "", "--no-input", cwd=work(tmp_path), code=2)
    assert err.startswith("Error: --location: it is empty\n")


def test_open_questions_are_named_where_nobody_can_be_asked(template: Path, tmp_path: Path) -> None:
    _, err = init("--location", template, "--trust", "--name", "x", cwd=work(tmp_path), code=2)
    assert "slug is open\n" in err
    assert "runtime is open: Which Python?" in err
    assert "project_name" not in err.partition("Error")[2]
    assert "--no-input to take the defaults" in err


def test_what_is_no_cookiecutter_is_copied(tmp_path: Path) -> None:
    archive = tmp_path / "plain.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("plain-main/README.md", "# {{ this stays }}\n")
        file.writestr("plain-main/src/app.py", "")
    cwd = work(tmp_path)
    out, err = init("--location", "../plain.zip", cwd=cwd)
    assert f"Note: {archive} is no cookiecutter, so its files are copied as they are, and nothing of it is run\n" in err
    assert f"  its contents are sha256:{cache.digest(archive)}\n" in err
    assert out == f"Created plain from {archive}. It has no SAM template.\n"
    answers = (cwd / "plain" / ".sam-scaffold.yaml").read_bytes()
    files = {"README.md": b"# {{ this stays }}\n", "src/app.py": b"", ".sam-scaffold.yaml": answers}
    assert tree(cwd / "plain") == files
    _, err = init("--location", "../plain.zip", "--name", "mine", "--extra-context", '{"a": 1}', cwd=cwd)
    assert "Warning: --extra-context: it asks for nothing, so not for a\n" in err
    assert (cwd / "mine" / "README.md").is_file()
    init("--answers", "mine/.sam-scaffold.yaml", "--output-dir", "again", cwd=cwd)
    assert {*tree(cwd / "again" / "mine")} == {*files}
    _, err = init("--location", "../plain.zip", "--name", "../mine", cwd=cwd, code=2)
    assert "--name: '../mine' is a path, not a name" in err


def test_a_finding_of_the_translator_keeps_the_project(template: Path, tmp_path: Path) -> None:
    (template / "{{cookiecutter.slug}}" / "template.yaml").write_text(
        TEMPLATE.replace("Handler: app.handler", "Memory: 1")
    )
    out, err = init("--location", template, "--no-input", "--trust", cwd=work(tmp_path))
    assert "The SAM translator does not accept it:" in out
    assert "Warning: shop/template.yaml:" in err
    assert (tmp_path / "work" / "shop" / "src" / "app.py").is_file()


def test_a_finding_does_nothing_to_a_terminal(tmp_path: Path) -> None:
    folder = tmp_path / "plain"
    folder.mkdir()
    wrong = TEMPLATE.replace("  Function:", '  "F\\e[2J":').replace("Handler: app.handler", "Memory: 1")
    (folder / "template.yaml").write_text(wrong.replace("{{ cookiecutter.runtime }}", "python3.14"))
    _, err = init("--location", folder, cwd=work(tmp_path))
    assert "\\x1b[2J" in err
    assert "\x1b" not in err


def test_a_folder_that_is_there_is_left_alone(tmp_path: Path) -> None:
    template = write_template(tmp_path / "template", hook=f"open({str(tmp_path / 'ran')!r}, 'w')\n")
    cwd = work(tmp_path)
    (cwd / "shop").mkdir()
    (cwd / "shop" / "mine").write_text("")
    _, err = init("--location", template, "--no-input", "--trust", cwd=cwd, code=1)
    assert "shop already exists and is not empty" in err
    assert tree(cwd) == {"shop/mine": b""}
    assert not (tmp_path / "ran").exists()  # its hook might have done something elsewhere


@pytest.mark.slow
def test_one_of_several_templates(tmp_path: Path) -> None:
    repository = tmp_path / "templates"
    write_template(repository / "python")
    write_template(repository / "go")
    cwd = work(tmp_path)
    init("--location", repository, "--directory", "go", "--no-input", "--trust", cwd=cwd)
    assert (cwd / "shop").is_dir()
    _, err = init("--location", repository, "--directory", "../template", "--no-input", "--trust", cwd=cwd, code=2)
    assert "--directory" in err
    terminal = Terminal(cwd, "--location", str(repository), "--no-input", "--output-dir", "out")
    terminal.sees("Which of its templates")
    terminal.presses(DOWN, ENTER)
    terminal.sees("Do you trust this template")
    terminal.presses(UP, ENTER)
    code, out = terminal.ends()
    assert code == 0, out
    assert "directory: python" in (cwd / "out" / "shop" / ".sam-scaffold.yaml").read_text()


@pytest.mark.slow
@pytest.mark.usefixtures("template")
def test_the_wizard_asks_what_the_template_asks(tmp_path: Path) -> None:
    cwd = work(tmp_path)
    terminal = Terminal(cwd)
    terminal.sees("Which template")
    terminal.presses(UP, ENTER)  # the last entry
    terminal.sees("Where is it?")
    terminal.types("../missing")
    terminal.presses(ENTER)
    terminal.presses(*["\x7f"] * len("missing"))
    terminal.types("template")
    terminal.presses(ENTER)
    terminal.sees("Do you trust this template")
    terminal.presses(UP, ENTER)
    terminal.sees("What is it called?")
    terminal.types("My App")
    terminal.presses(ENTER)
    terminal.sees("slug")
    terminal.presses(ESCAPE)
    terminal.sees("What is it called?")
    terminal.presses(ENTER)  # what was answered before
    terminal.sees("my-app")
    terminal.presses(ENTER)
    before = terminal.sees("Which Python?")
    assert "_private" not in before
    terminal.sees("Python 3.14, the newest")
    terminal.presses(DOWN, ENTER)
    terminal.sees("tracing")
    terminal.presses(UP, ENTER)
    terminal.sees("tags (JSON)")
    terminal.presses(ENTER)
    code, out = terminal.ends()
    assert code == 0, out
    assert re.search(r"Created.*my-app from", out)
    line = " ".join(out.split())
    assert "sam-scaffold init --location" in line
    project = cwd / "my-app"
    assert (project / "traced.txt").read_text() == "{'team': 'a'}\n"
    assert "python3.13" in (project / "template.yaml").read_text()


@pytest.mark.slow
@pytest.mark.parametrize("keys", [(ENTER,), (ESCAPE,), (CTRL_C,)])
def test_a_no_leaves_nothing(keys: tuple[str, ...], tmp_path: Path) -> None:
    template = write_template(tmp_path / "template", hook=f"open({str(tmp_path / 'ran')!r}, 'w')\n")
    cwd = work(tmp_path)
    terminal = Terminal(cwd, "--location", str(template))
    terminal.sees("Do you trust this template")
    terminal.presses(*keys)
    code, out = terminal.ends()
    assert code == 130
    assert ("Cancelled; nothing was run." in out) == (keys != (CTRL_C,))
    assert [*cwd.iterdir()] == []
    assert not (tmp_path / "ran").exists()


def test_saved_flags_have_the_location_and_no_trust(template: Path, tmp_path: Path) -> None:
    cwd = work(tmp_path)
    init("--location", template, "--no-input", "--trust", "--save-params", cwd=cwd)
    saved = (cwd / "samconfig.toml").read_text()
    assert f'location = "{template}"' in saved
    assert "trust" not in saved


def test_the_schema_of_the_answers_is_the_codes() -> None:
    assert json.loads(custom_answers.SCHEMA.read_text()) == custom_answers.schema(), "run `make schemas`"
