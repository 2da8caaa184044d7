"""The same project again from somebody's cookiecutter: what is printed and recorded for that, and what is not run."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

import pytest

import cookiecutters
from conftest import scaffold, tree
from test_location import VARIABLES, init, work, write_template
from test_wizard import ENTER, UP, Terminal

pytestmark = pytest.mark.usefixtures("own_folders")


@pytest.fixture(autouse=True)
def _no_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COOKIECUTTER_CONFIG", os.devnull)


def printed_line(out: str) -> list[str]:
    """Return the words of the command line that creates the same project again."""
    return shlex.split(out.partition("To create the same project again:")[2].strip().splitlines()[0])


@pytest.mark.slow
def test_hooks_that_were_refused_stay_refused(tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    hooks = {"post_gen_project.py": f"open({str(ran)!r}, 'w')\n"}
    template = cookiecutters.write(tmp_path / "template", {"slug": "shop"}, files={"a.txt": "a"}, hooks=hooks)
    cwd = work(tmp_path)
    terminal = Terminal(cwd, "--location", "../template", "--output-dir", "out")
    terminal.sees("Do you trust this template")
    terminal.presses(UP, ENTER)  # above No: Yes, but without its hooks
    terminal.sees("slug")
    terminal.presses(ENTER)
    code, out = terminal.ends()
    assert code == 0, out
    project = cwd / "out" / "shop"
    assert "\nhooks: false\n" in (project / ".sam-scaffold.yaml").read_text()
    words = printed_line(out)
    assert words[:4] == ["sam-scaffold", "init", "--location", str(template)]
    assert words[6:9] == ["--no-hooks", "--output-dir", "out"]
    assert words[9] == "--trust"
    assert words[10].startswith("sha256:")
    assert words[11:] == ["--no-input"]

    again = tmp_path / "again"
    again.mkdir()
    done = scaffold(*words[1:], cwd=again)
    assert done.returncode == 0, done.stderr
    made = tree(again / "out" / "shop")
    assert {**made, ".sam-scaffold.yaml": b""} == {**tree(project), ".sam-scaffold.yaml": b""}
    init("--answers", project / ".sam-scaffold.yaml", "--trust", "--no-input", "-o", "third", cwd=cwd)
    assert not ran.exists()


def test_hooks_that_are_left_out_by_a_flag_are_recorded(tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    write_template(tmp_path / "template", hook=f"open({str(ran)!r}, 'w')\n")
    cwd = work(tmp_path)
    init("--location", "../template", "--no-input", "--trust", "--no-hooks", cwd=cwd)
    recorded = cwd / "shop" / ".sam-scaffold.yaml"
    assert "\nhooks: false\n" in recorded.read_text()
    init("--answers", recorded, "--trust", "--no-input", "-o", "again", cwd=cwd)
    assert not ran.exists()
    recorded.write_text(recorded.read_text().replace("hooks: false\n", ""))
    init("--answers", recorded, "--trust", "--no-input", "-o", "third", cwd=cwd)
    assert ran.exists()


def test_another_location_takes_the_answers_of_a_file(tmp_path: Path) -> None:
    for name in ("templates", "moved"):
        write_template(tmp_path / name / "python")
    cwd = work(tmp_path)
    answers = '{"project_name": "My Shop", "tracing": true}'
    where = ("--location", "../templates", "--directory", "python", "--extra-context", answers)
    init(*where, "--no-input", "--trust", "--no-hooks", cwd=cwd)
    recorded = cwd / "my-shop" / ".sam-scaffold.yaml"
    (tmp_path / "moved" / "python" / "{{cookiecutter.slug}}" / "new.txt").touch()
    moved = ("--answers", recorded, "--location", "../moved", "--no-input", "--trust")
    _, err = init(*moved, "--extra-context", '{"tracing": false}', "-o", "out", cwd=cwd)
    assert "has changed" not in err
    project = cwd / "out" / "my-shop"
    assert {"new.txt", "plain.txt", "src/app.py"} < {*tree(project)}
    assert "NAME = 'My Shop'\n" in (project / "src" / "app.py").read_text()
    assert "location: ../../../moved\n" in (project / ".sam-scaffold.yaml").read_text()
    assert "\ndirectory: python\nhooks: false\n" in (project / ".sam-scaffold.yaml").read_text()

    (cwd / "own.yaml").write_text("app_template: hello-world\n")
    _, err = init("--answers", "own.yaml", "--location", "../moved", cwd=cwd, code=2)
    assert err.startswith("Error: --answers own.yaml is of the catalogue, and --location is a custom template\n")


def test_a_name_that_cannot_be_is_a_wrong_answer_only_if_it_is_an_answer(tmp_path: Path) -> None:
    template = cookiecutters.write(tmp_path / "template", {"slug": "shop"}, files={"a.txt": "a"})
    cwd = work(tmp_path)
    flags = ("--location", template, "--no-input", "--trust")
    _, err = init(*flags, "--extra-context", '{"slug": "../x"}', cwd=cwd, code=2)
    wrong = "the template names the project's folder '../x', which is a path, not a name"
    assert f"Error: --extra-context: {wrong}\n  choose another name\n" in err
    (template / "cookiecutter.json").write_text('{"slug": "../x", "other": 1}')
    _, err = init(*flags, "--extra-context", '{"other": "2"}', cwd=cwd, code=1)
    assert f"Error: {wrong}\n" in err


def test_a_folder_that_has_changed_is_told(tmp_path: Path) -> None:
    template = write_template(tmp_path / "template")
    cwd = work(tmp_path)
    init("--location", template, "--no-input", "--trust", cwd=cwd)
    recorded = cwd / "shop" / ".sam-scaffold.yaml"
    revision = recorded.read_text().partition("revision: ")[2].split()[0]
    again = ("--answers", recorded, "--no-input", "--trust", "-o")
    _, err = init(*again, "same", cwd=cwd)
    assert "has changed" not in err
    (template / "{{cookiecutter.slug}}" / "new.txt").touch()
    _, err = init(*again, "new", cwd=cwd)
    assert f"Warning: {template} has changed since then: it was at {revision}\n" in err


def test_an_answer_without_a_question_is_told(tmp_path: Path) -> None:
    template = write_template(tmp_path / "template", {**VARIABLES, "name": "shop"})
    answers = ("--extra-context", '{"colour": "red", "name": "x"}')
    cwd = work(tmp_path)
    _, err = init("--location", template, *answers, "--no-input", "--trust", cwd=cwd)
    assert "Warning: --extra-context: the template has no variable colour\n" in err
    assert err.count("no variable") == 1
    (template / "cookiecutter.json").write_text('{"slug": "a", "tracing": 1, "tags": 1, "runtime": "python3.14"}')
    (template / "{{cookiecutter.slug}}" / "src" / "app.py").unlink()
    _, err = init("--location", template, "--name", "x", "--no-input", "--trust", cwd=cwd)
    assert "Warning: --name: the template has no variable project_name\n" in err


def test_a_template_sees_no_checkout_of_a_folder(tmp_path: Path) -> None:
    """As with cookiecutter, which has null there."""
    files = {"a.txt": "{{ cookiecutter._checkout is none }} {{ cookiecutter._template }}"}
    template = cookiecutters.write(tmp_path / "template", {"slug": "shop"}, files=files)
    cwd = work(tmp_path)
    init("--location", "../template", "--no-input", "--trust", cwd=cwd)
    assert (cwd / "shop" / "a.txt").read_text() == f"True {template}"
