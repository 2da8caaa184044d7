"""The questions of custom templates in a real terminal, where what is asked and answered is unusual."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

import pytest

import cookiecutters
from test_location import work
from test_wizard import ENTER, Terminal

pytestmark = [pytest.mark.usefixtures("own_folders"), pytest.mark.slow]


@pytest.fixture(autouse=True)
def _no_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COOKIECUTTER_CONFIG", os.devnull)


def test_a_default_of_null_stays_null(tmp_path: Path) -> None:
    files = {"a.txt": "{{ 'some' if cookiecutter.nothing else 'no' }}"}
    cookiecutters.write(tmp_path / "template", {"slug": "shop", "nothing": None}, files=files)
    terminal = Terminal(work(tmp_path), "--location", "../template", "--trust")
    terminal.sees("slug")
    terminal.presses(ENTER)
    before = terminal.sees("nothing")
    assert "None" not in before
    terminal.presses(ENTER)
    code, out = terminal.ends()
    assert code == 0, out
    assert (tmp_path / "work" / "shop" / "a.txt").read_text() == "no"


def test_answers_are_printed_as_they_are_typed(tmp_path: Path) -> None:
    variables = {"slug": "shop", "owner": {"name": "Zoë"}, "note": "a"}
    cookiecutters.write(tmp_path / "template", variables, files={"a.txt": "{{ cookiecutter.owner }}"})
    answers = ("--extra-context", '{"note": "a\u2028b\u009b"}')
    terminal = Terminal(work(tmp_path), "--location", "../template", "--trust", *answers)
    terminal.sees("slug")
    terminal.presses(ENTER)
    terminal.sees("owner (JSON)")
    terminal.sees('{"name": "Zoë"}')
    terminal.presses(ENTER)
    code, out = terminal.ends()
    assert code == 0, out
    (words,) = (shlex.split(line) for line in out.splitlines() if "sam-scaffold init" in line)
    printed = words[words.index("--extra-context") + 1]
    assert printed == '{"slug": "shop", "owner": {"name": "Zoë"}, "note": "a\\u2028b\\u009b"}'
