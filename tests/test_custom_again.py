"""The same project again from somebody's cookiecutter: what is printed and recorded for that, and what is not run."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

import pytest

import cookiecutters
from conftest import scaffold, tree
from test_location import init, work, write_template
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
