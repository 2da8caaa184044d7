"""How much memory and how large a file a custom template may take without hooks."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

import cookiecutters
from scaffold.errors import CustomTemplateError

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux is sure to limit both")
OPEN = "cycler.__init__.__globals__['__builtins__']['open']"


@pytest.fixture(autouse=True)
def _no_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COOKIECUTTER_CONFIG", os.devnull)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{{ 'a' * 3000000000 }}", "the template was stopped: without hooks, it may take 2 GB of memory"),
        (
            f"{{{{ {OPEN}('x', 'w').truncate(600000000) }}}}",  # takes no disk
            "the template was stopped: without hooks, a file may have 512 MB",
        ),
    ],
)
def test_what_takes_too_much_is_told(tmp_path: Path, text: str, message: str) -> None:
    variables = {**cookiecutters.NAMES, "text": text}  # a default is rendered where the process may write
    template = cookiecutters.write(tmp_path / "template", variables, files={"a.txt": "{{ cookiecutter.text }}"})
    with pytest.raises(CustomTemplateError) as caught:
        cookiecutters.create(template, tmp_path / "out", hooks=False)
    assert str(caught.value) == message
    assert not (tmp_path / "out").exists()


def test_what_takes_little_is_made(tmp_path: Path) -> None:
    template = cookiecutters.write(tmp_path / "template", files={"a.txt": "{{ 'a' * 100000000 }}"})
    made = cookiecutters.create(template, tmp_path / "out", hooks=False)
    assert (made.folder / "a.txt").stat().st_size == 100_000_000
