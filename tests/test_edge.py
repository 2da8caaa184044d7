"""Whatever goes wrong is one message, or one JSON document, and an exit code; a traceback is for --debug."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from conftest import CATALOGUE, ROOT, SCAFFOLD
from processes import only_document, only_message, run, subcommands
from scaffold import cli
from scaffold.cli.commands import cli as group
from scaffold.cli.edge import problem_row
from scaffold.errors import Problem
from scaffold.lazy import unwrapped

if TYPE_CHECKING:
    from collections.abc import Callable

TRACEBACK = "Traceback (most recent call last)"
# Runs the command on another catalogue, which is the first argument.
ELSEWHERE = (
    "import sys, pathlib; from scaffold import paths; paths.COOKIECUTTERS = pathlib.Path(sys.argv.pop(1)); "
    "from scaffold.__main__ import main; main()"
)


def paths_of(command: click.Command, *path: str) -> list[tuple[str, ...]]:
    return [path, *(row for name, child in subcommands(command).items() for row in paths_of(child, *path, name))]


@pytest.mark.parametrize("path", paths_of(group), ids=" ".join)
def test_every_command_knows_debug(path: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([*path, "--help"]) == 0
    assert "--debug" in capsys.readouterr().out
    for number in range(len(path) + 1):
        assert cli.main([*path[:number], "--debug", *path[number:], "--help"]) == 0


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], Path]:
    """Return what makes a catalogue with a text in Python's language.toml replaced."""

    def make(old: str, new: str) -> Path:
        root = tmp_path_factory.mktemp("broken") / "cookiecutters"
        shutil.copytree(CATALOGUE.root, root)
        file = root / "languages" / "python" / "language.toml"
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new, 1))
        return root

    return make


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("title =", "title", "python/language.toml cannot be read: Expected '='"),
        ("title =", "titel =", "KeyError: 'title'"),
        ("rank =", "rank = 'first' #", "TypeError: '<' not supported"),
        ("architectures =", "processors =", "KeyError: 'architectures'"),
    ],
)
def test_a_broken_catalogue_is_one_message(
    old: str, new: str, message: str, broken: Callable[[str, str], Path], tmp_path: Path
) -> None:
    command = [sys.executable, "-c", ELSEWHERE, str(broken(old, new))]
    only_message(run("init", "--defaults", cwd=tmp_path, command=command), message)
    only_document(run("init", "--defaults", "--output", "json", cwd=tmp_path, command=command), message)
    only_document(run("list", "runtimes", "--output", "json", cwd=tmp_path, command=command), message)
    assert TRACEBACK in run("--debug", "show", "python3.13", cwd=tmp_path, command=command).stderr
    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize("library", ["click", "ruamel.yaml", "cookiecutter"])
def test_a_library_that_is_missing_is_one_message(library: str, tmp_path: Path) -> None:
    (tmp_path / "path").mkdir()
    (tmp_path / "path" / f"{library.partition('.')[0]}.py").touch()  # a module that is no such library
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path / 'path'}{os.pathsep}{ROOT}"}
    arguments = ("init", "--no-interactive", "-n", "shop", "-r", "python3.13", "-p", "Zip")
    message = "the installation of sam-scaffold is incomplete: "
    only_message(run(*arguments, cwd=tmp_path, env=environment), message, "install it again")
    only_document(run(*arguments, "--output", "json", cwd=tmp_path, env=environment), message)
    only_document(run(*arguments, "--output=json", cwd=tmp_path, env=environment), message)
    assert TRACEBACK in run(*arguments, "--debug", cwd=tmp_path, env=environment).stderr


@pytest.mark.parametrize("arguments", [["list", "cells"], ["validate", "nothing"]])
@pytest.mark.parametrize("output", [[], ["--output", "json"]])
def test_a_reader_that_has_gone_is_told_nothing(arguments: list[str], output: list[str], tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as pipe:
        done = run(*arguments, *output, cwd=tmp_path, stdout=pipe)
        assert done.returncode == 1
        assert done.stderr.splitlines() in (
            [],
            ["Error: nothing: No such file or directory", *done.stderr.splitlines()[1:]],
        )
        assert TRACEBACK not in done.stderr
        assert run("validate", "nothing", cwd=tmp_path, stdout=pipe, stderr=pipe).returncode == 1


@pytest.mark.parametrize(
    "arguments", [["list", "cells"], ["list", "cells", "--output", "json"], ["validate", "nothing", "--output", "json"]]
)
def test_standard_output_on_a_full_disk_is_one_message(arguments: list[str], tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = run(*arguments, cwd=tmp_path, stdout=full)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.endswith("No space left on device")


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_stream_that_is_closed_is_no_defect(closed: str, tmp_path: Path) -> None:
    for arguments, code in (("list runtimes", 0), ("init -n shop", 2), ("init --defaults -n shop --dry-run", 0)):
        shell = ["sh", "-c", f'"$0" -m scaffold {arguments} {closed}', sys.executable]
        done = run(cwd=tmp_path, command=shell, stdin=None)
        assert (done.returncode, "defect" in done.stderr) == (code, False), done.stderr


def test_characters_that_the_terminal_has_not_are_escaped(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "latin-1"}
    done = run("init", "--defaults", "-n", "shop", "-o", "日本", cwd=tmp_path, env=environment)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Created \\u65e5\\u672c/shop" in done.stdout


def test_a_value_that_json_cannot_say_is_text() -> None:
    values = (b"a", {1}, float("nan"), [float("inf")], 3, None, {"a": ["b"]})
    rows = [problem_row(Problem(("memory",), "is wrong", value=value))["value"] for value in values]
    assert rows == ["b'a'", "{1}", "nan", "[inf]", 3, None, {"a": ["b"]}]
    json.dumps(rows, allow_nan=False)


def test_an_error_of_the_operating_system_is_no_defect(tmp_path: Path) -> None:
    """A folder below a file, a name that is too long: found by whoever touches the disk."""
    (tmp_path / "file").touch()
    for path, reason in (("file/x", "Not a directory"), ("x" * 300, "File name too long")):
        for arguments in (["init", "--defaults", "-n", "shop", "-o", path], ["validate", f"{path}/y"]):
            done = run(*arguments, cwd=tmp_path)
            assert done.returncode == 1
            assert reason in done.stderr
            assert "defect" not in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_run_that_goes_well_prints_nothing_to_standard_error(tmp_path: Path) -> None:
    for arguments in (
        ["init", "--no-interactive", "-n", "shop", "-r", "python3.14", "-p", "Zip", "-a", "arm64"],
        ["validate", "shop"],
        ["list", "runtimes"],
        ["show", str(CATALOGUE.cells[0])],
        ["--version"],
    ):
        done = subprocess.run(
            [sys.executable, "-W", "default", *SCAFFOLD[1:], *arguments],
            cwd=tmp_path, capture_output=True, text=True, check=False,
        )  # fmt: skip
        ours = [line for line in done.stderr.splitlines() if "site-packages" not in line and not line.startswith("  ")]
        assert (done.returncode, ours) == (0, []), done.stderr


@pytest.mark.parametrize("signalled", [KeyboardInterrupt, SystemExit])
def test_a_signal_while_a_class_gets_its_attributes_is_one(signalled: type[BaseException]) -> None:
    """Before Python 3.12, it comes as the cause of another error."""

    class Attribute:
        def __set_name__(self, _owner: type, _name: str) -> None:
            raise signalled

    with pytest.raises(signalled), unwrapped():
        type("Owner", (), {"attribute": Attribute()})
    with pytest.raises(RuntimeError, match="another"), unwrapped():
        raise RuntimeError("another")
