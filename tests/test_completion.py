"""Completion in a real Bash: what stands on the line after a TAB, and what Bash then runs."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest

from conftest import SCAFFOLD_THEN, needs

GO = "go (provided.al2023)"
VALUES = [
    "a:b c", "a:b:d", "x=y (z)", "it's here", 'say "hi"', "price $5 `now`", "back\\slash", "; & <more> | x",
    "glob*?[x]{1,2}", "~tilde", "#hash", "ünï cödé", "%percent %%s", "list, type", "o'",
]  # fmt: skip
PROGRAM = f"""\
#!{sys.executable}
import click

from scaffold.cli import completion


@click.command()
@click.option("--value", type=click.Choice({VALUES!r}))
def command(value: str) -> None:
    pass


command(prog_name="sam-scaffold")
"""
# The function is what Enter runs; completion runs the program of that name.
STARTUP = """\
unset HISTFILE
bind 'set enable-bracketed-paste off'
bind 'set bell-style none'
bind 'set page-completions off'
eval "$(_SAM_SCAFFOLD_COMPLETE=bash_source sam-scaffold)"
sam-scaffold() { printf '\\n'; printf '<%s>\\n' "$@"; printf 'it has %s\\n' run; }
PS1='READY> '
"""


class Bash:
    """A person at an interactive Bash."""

    def __init__(self, folder: Path, path: str) -> None:
        needs("bash")
        (folder / "startup").write_text(STARTUP)
        (folder / "my answers (1).yaml").touch()
        self.child = pexpect.spawn(
            "bash", ["--noprofile", "--rcfile", "startup", "-i"],
            cwd=str(folder),
            env={**os.environ, "PATH": path, "TERM": "dumb", "INPUTRC": os.devnull, "LC_ALL": "C.UTF-8"},
            encoding="utf-8", dimensions=(60, 250), timeout=10,
        )  # fmt: skip
        self.child.expect_exact("READY> ")

    def shows(self, keys: str) -> str:
        """Type the beginning of a command line, and return what is on the screen before the line comes again."""
        self.child.send(f"sam-scaffold {keys}")
        self.child.expect_exact("READY> ")
        shown = self.child.before or ""
        self.child.send("\x15\r")  # Ctrl-U
        self.child.expect_exact("READY> ")
        return shown

    def runs(self, keys: str) -> list[str]:
        """Type a command line, press Enter, and return the words that Bash made of it."""
        self.child.send(f"sam-scaffold {keys}\r")
        self.child.expect_exact("it has run\r\nREADY> ")
        return re.findall(r"^<(.*)>\r$", self.child.before or "", re.MULTILINE)


def _path_with(folder: Path, text: str) -> str:
    """Return a search path on which a program with this text is the command."""
    program = folder / "bin/sam-scaffold"
    program.parent.mkdir()
    program.write_text(text)
    program.chmod(0o755)
    return f"{program.parent}{os.pathsep}{os.environ['PATH']}"


@pytest.fixture(scope="module")
def bash(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bash]:
    folder = tmp_path_factory.mktemp("bash")
    shell = Bash(folder, _path_with(folder, f'#!/bin/sh\nexec {shlex.join(SCAFFOLD_THEN)} "$@"\n'))
    yield shell
    shell.child.close(force=True)


@pytest.fixture(scope="module")
def difficult(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bash]:
    """A Bash with a command in the place of ours that has difficult values."""
    folder = tmp_path_factory.mktemp("difficult")
    shell = Bash(folder, _path_with(folder, PROGRAM))
    yield shell
    shell.child.close(force=True)


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ("init --runtime go\t023\t", ["--runtime", GO]),
        ("init --runtime go\t)\t", ["--runtime", "go (provided.al2)"]),
        ("init --runtime go\\ \t023\t", ["--runtime", GO]),
        ('init --runtime "go\t023\t', ["--runtime", GO]),
        ("init --runtime 'go\t023\t", ["--runtime", GO]),
        ("init --runtime GO\t023\t", ["--runtime", GO]),
        ("init --runtime=go\t023\t", [f"--runtime={GO}"]),
        ('init --runtime="go\t023\t', [f"--runtime={GO}"]),
        ("init --base-image amazon/nodejs24\t", ["--base-image", "amazon/nodejs24.x-base"]),
        ("init --run\tgo\t023\t--app-t\thello\t", ["--runtime", GO, "--app-template", "hello-world"]),
        ("ini\t--answers my\t", ["--answers", "my answers (1).yaml"]),
        ("init --answers=my\t", ["--answers=my answers (1).yaml"]),
        ("init --runtime no-such\t", ["--runtime", "no-such"]),
    ],
)
def test_the_line_runs_with_the_value(keys: str, words: list[str], bash: Bash) -> None:
    assert bash.runs(keys) == ["init", *words]


def test_what_is_ambiguous_is_shown_plainly(bash: Bash) -> None:
    shown = bash.shows("init --runtime go\t\t\t")
    assert {*re.split(r"\s{2,}", shown.strip().splitlines()[-1].strip())} == {GO, "go (provided.al2)"}


@pytest.mark.slow  # all of them together
@pytest.mark.parametrize("quote", ["", '"', "'"])
@pytest.mark.parametrize("value", VALUES)
def test_a_difficult_value(value: str, quote: str, difficult: Bash) -> None:
    start = {"a:b c": "a:b\\ " if not quote else "a:b ", "a:b:d": "a:b:"}.get(value, value[:1])
    start = start if quote or start not in "#~;" else f"\\{start}"
    assert difficult.runs(f"--value {quote}{start}\t") == ["--value", value]
    assert difficult.runs(f"--value={quote}{start}\t") == [f"--value={value}"]


def test_nothing_is_loaded_for_it_elsewhere() -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "scaffold", "--help"], capture_output=True, text=True, check=True
    )
    assert "scaffold.cli.commands" in done.stderr
    assert "completion" not in done.stderr
