"""What the documents say is so."""

from __future__ import annotations

import re
import shlex
import sys
from collections import Counter
from pathlib import Path

import click
import pytest

from conftest import CATALOGUE, ROOT
from processes import subcommands
from proof import MARKS, TESTS
from scaffold.cli.commands import cli
from scaffold.team import new

README = (ROOT / "README.md").read_text()


def test_the_table_of_what_was_run_is_that_of_todays_catalogue() -> None:
    """Made by `make proof`; a cell more or less makes it stale."""
    rows = README.partition(MARKS[0])[2].partition(MARKS[1])[0].splitlines()[2:]
    counts = {cells[1].strip(): cells[2].strip() for row in rows for cells in [row.split("|")]}
    count = Counter(CATALOGUE.languages[cell.language].title for cell in CATALOGUE.cells)
    assert counts == {title: str(number) for title, number in count.items()}, "run `make proof`"


def test_each_column_of_the_table_has_its_test() -> None:
    tests = "".join(path.read_text() for path in (ROOT / "tests").glob("test_*.py"))
    for name in TESTS.values():
        assert f"\ndef {name}(" in tests, name


def options(command: click.Command) -> set[str]:
    """Return the options of a command and of those below it."""
    own = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}
    return own.union(*map(options, subcommands(command).values()))


DOCUMENTS = ["README.md", "CONTRIBUTING.md", "docs/sam-init.md", "docs/custom-templates.md", "docs/catalogues.md"]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_commands_in_the_documents_parse(document: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    new.write(tmp_path / "catalogue", "Acme")  # which some of them are about
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"^```(?:bash|console)\n(.*?)^```", (ROOT / document).read_text(), re.MULTILINE | re.DOTALL)
    lines = re.findall(r"^(?:\$ |[A-Z_]+=\w+ )?(sam-scaffold .*)$", "".join(blocks), re.MULTILINE)
    assert lines
    for line in lines:
        words = shlex.split(line, comments=True)[1:]
        command: click.Command = cli
        while words and isinstance(command, click.Group):
            command = subcommands(command)[words.pop(0)]
        if words and "--help" not in words and "--version" not in words:
            command.make_context("x", words, resilient_parsing=False)


@pytest.mark.parametrize(
    "document", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/catalogues.md", "docs/custom-templates.md"]
)
def test_commands_that_the_text_names_exist(document: str) -> None:
    spans = re.findall(r"`([^`\n]+)`", (ROOT / document).read_text())
    named = [span.split()[1:] for span in spans if span.startswith("sam-scaffold ")]
    assert named
    for words in named:
        command: click.Command = cli
        for word in words:
            known = subcommands(command)
            if not known:
                break
            assert word in known or word.startswith("-"), f"{document}: {' '.join(words)}"
            command = known.get(word, command)
        flags = {word.partition("=")[0] for word in words if word.startswith("--")} - {"--help", "--version"}
        assert flags <= options(command), f"{document}: {' '.join(words)}"


def test_flags_that_the_changelog_names_exist() -> None:
    flags = set(re.findall(r"`(--[a-z-]+)", (ROOT / "CHANGELOG.md").read_text()))
    assert flags
    assert flags <= options(cli)


def test_examples_in_the_help_parse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    new.write(tmp_path / "catalogue", "Acme")
    monkeypatch.chdir(tmp_path)
    groups = {name: command for name, command in subcommands(cli).items() if isinstance(command, click.Group)}
    commands = [command for group in groups.values() for command in subcommands(group).values()]
    for command in [*(command for name, command in subcommands(cli).items() if name not in groups), *commands]:
        assert command.examples
        for _, line in command.examples:
            words = shlex.split(line)
            skip = 3 if words[1] in groups else 2
            command.make_context(words[1], words[skip:])


def test_links_between_documents_lead_somewhere() -> None:
    for document in (*DOCUMENTS, "CHANGELOG.md"):
        path = ROOT / document
        for link in re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text()):
            assert (path.parent / link).exists(), f"{document}: {link}"


def test_what_ci_leaves_out_a_year_ahead_asks_nobody_for_the_date() -> None:
    """Catalogues that a test reads itself are on the day of tests/clock.py; a process of its own is not."""
    script = (ROOT / ".ci/run").read_text()
    files = ("test_cells.py", "test_projects.py", "test_images.py", "test_fetch_git.py", "test_fetch_https.py")
    for name in files:
        assert f"--ignore tests/{name}" in script
        assert not re.search(r"\bSCAFFOLD\b|\bscaffold\(|cli\.main", (ROOT / "tests" / name).read_text()), name


def test_no_file_names_the_machine_it_was_written_on() -> None:
    # That of root is the same everywhere, in images for one.
    homes = {Path.home()} - {Path("/root")}
    folders = "|".join(re.escape(str(folder)) for folder in (ROOT, *homes, Path(sys.prefix)))
    named = re.compile(rf"(?<![\w}}<])({folders})(/|\b)")  # a path, not the end of one such as languages/go/root
    for path in [
        *ROOT.glob("*.md"),
        *ROOT.glob("docs/*"),
        *(ROOT / "cookiecutters").rglob("*"),
        *(ROOT / "scaffold").rglob("*.py"),
    ]:
        # One rule is about the home folder of root in images, which may be the one here.
        if path.is_file() and path != ROOT / "scaffold/dockerfile_rules/files.py":
            assert not named.search(path.read_text(encoding="utf-8", errors="replace")), path
