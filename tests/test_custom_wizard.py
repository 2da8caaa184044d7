"""The questions of custom templates in a real terminal, where what is asked and answered is unusual."""

from __future__ import annotations

import os
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
