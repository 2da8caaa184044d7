"""The workshop that `workshop new` writes, as participants meet it: each tag green, each exercise red at first."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from conftest import needs, scaffold, section
from scaffold.workshop.example import EXAMPLE

pytestmark = pytest.mark.toolchain

STEPS = (1, 2, 3)
INCLUDED, SEPARATE = "included", "separate"
LANGUAGES = ("python", "nodejs")
FUNCTION = {"python": "hello_world/app.py", "nodejs": "hello-world/app.js"}
TESTS = {"python": "tests/hello_world", "nodejs": "hello-world/tests"}
# What the README's commands install, from what, and which of its lines do so.
INSTALLED = {"python": ".venv", "nodejs": "hello-world/node_modules"}
FROM = {"python": "requirements-dev.txt", "nodejs": "hello-world/package-lock.json"}
INSTALLS = re.compile(r"venv \.venv|pip install|npm ci")
SKIP = {
    "python": r'@pytest\.mark\.skip\(reason="step {}: .*\n',
    "nodejs": r'\{{ skip: "step {}: [^}}]*\}}, ',
}
TOOLS = {"python": ("git", "python3"), "nodejs": ("git", "node", "npm")}
WITHOUT = ("VIRTUAL_ENV", "PYTHONPATH", "NODE_OPTIONS")
ENVIRONMENT = {key: value for key, value in os.environ.items() if key not in WITHOUT and not key.startswith("GIT_")}


@dataclass(frozen=True)
class Counts:
    """How many tests passed, were skipped, failed."""

    passed: int
    skipped: int
    failed: int


def shell(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", command],
        cwd=folder,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
    )


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Make the workshop in both modes, as an organiser would; return the folders of repositories."""
    found = {}
    for mode in (INCLUDED, SEPARATE):
        folder = tmp_path_factory.mktemp(mode)
        assert scaffold("workshop", "new", "day", cwd=folder).returncode == 0
        manifest = folder / "day/workshop.yaml"
        text = manifest.read_text()
        assert "# solutions: separate\n" in text
        manifest.write_text(text.replace("# solutions: separate\n", f"solutions: {mode}\n"))
        done = scaffold("workshop", "build", "day", "--out", "out", cwd=folder)
        assert done.returncode == 0, done.stderr
        found[mode] = folder / "out"
    return found


class Installed:
    """What a language's tests need, installed once by the README's own lines; each clone gets a copy or a link.

    That is honest only where each clone asks for the same, at every tag, which is looked at.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def into(self, clone: Path, language: str) -> None:
        mine = self.folder / language
        if not mine.exists():
            shutil.copytree(clone, mine)
            done = shell(section((mine / "README.md").read_text(), "Test"), mine)
            assert done.returncode == 0, done.stdout + done.stderr
        assert (clone / FROM[language]).read_bytes() == (mine / FROM[language]).read_bytes()
        there, source = clone / INSTALLED[language], mine / INSTALLED[language]
        if there.exists() or not source.exists():  # npm makes no folder for nothing
            return
        if language == "python":
            there.mkdir()
            (there / "bin").symlink_to(source / "bin")  # an environment knows its own place
        else:
            shutil.copytree(source, there, symlinks=True)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    return Installed(tmp_path_factory.mktemp("installed"))


def run(clone: Path, language: str, installed: Installed) -> Counts:
    """Run the tests of a clone with the commands of its README and count them."""
    installed.into(clone, language)
    lines = [
        line for line in section((clone / "README.md").read_text(), "Test").splitlines() if not INSTALLS.search(line)
    ]
    assert any("pytest" in line or "npm test" in line for line in lines), lines
    done = shell("\n".join(lines), clone)
    said = done.stdout + done.stderr
    if language == "python":
        last = [line for line in said.splitlines() if re.search(r" in [\d.]+s", line)][-1]
        found = [re.search(rf"(\d+) {word}", last) for word in ("passed", "skipped", "failed")]
    else:
        found = [re.search(rf"^(?:#|\u2139) {word} (\d+)$", said, re.MULTILINE) for word in ("pass", "skipped", "fail")]
    counts = Counts(*(int(one[1]) if one else 0 for one in found))
    # The test of the deployed stack is skipped at every tag.
    counts = replace(counts, skipped=counts.skipped - 1)
    assert (done.returncode == 0) == (counts.failed == 0), said
    assert counts.passed, said
    return counts


def cloned(repository: Path, folder: Path) -> Path:
    git(folder, "clone", "--quiet", str(repository), repository.name)
    return folder / repository.name


def repositories(out: Path, language: str) -> list[Path]:
    """Return the repositories of participants in a language."""
    found = [path for path in sorted(out.iterdir()) if (path / FUNCTION[language]).is_file()]
    return [path for path in found if "-solutions" not in path.name]


def switch(clone: Path, ref: str) -> None:
    git(clone, "switch", "--quiet", "--detach", ref)
    assert git(clone, "status", "--porcelain") == "", "what is installed is ignored, and no file differs"


def check_every_tag(clone: Path, language: str, tags: set[str], installed: Installed) -> dict[str, Counts]:
    assert set(git(clone, "tag").split()) == tags
    assert git(clone, "branch", "--show-current").strip() == "main"
    found = {}
    for ref in ("main", *sorted(tags)):
        switch(clone, ref)
        found[ref] = run(clone, language, installed)
        assert found[ref].failed == 0, ref
        assert bool(found[ref].skipped) == (ref == "main" or ref.endswith("start")), ref
        assert git(clone, "status", "--porcelain") == "", "running tests leaves nothing that git sees"
    return found


def unskip(clone: Path, language: str, step: int) -> None:
    """Do what the handout says: find the step's test and remove what skips it."""
    changed = []
    for path in sorted((clone / TESTS[language]).iterdir()):
        if path.is_file():
            text = path.read_text()
            new = re.sub(SKIP[language].format(step), "", text)
            path.write_text(new)
            changed += [path] if new != text else []
    assert len(changed) == 1, changed


ALL = {f"step-{step}-{kind}" for step in STEPS for kind in ("start", "solution")}
STARTS = {f"step-{step}-start" for step in STEPS}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_tag_passes_its_tests(
    language: str, built: dict[str, Path], installed: Installed, tmp_path: Path
) -> None:
    """The first clone of a language is tested at every tag; the others have the same code and tests there."""
    needs(*TOOLS[language])
    first, *others = repositories(built[INCLUDED], language)
    clone = cloned(first, tmp_path)
    assert git(clone, "rev-parse", "main") == git(clone, "rev-parse", "step-1-start")
    found = check_every_tag(clone, language, ALL, installed)
    for step in STEPS:
        before, after = found[f"step-{step}-start"], found[f"step-{step}-solution"]
        assert after == Counts(before.passed + before.skipped, 0, 0), "a solution passes what its step begins with"
    assert others
    for other in others:
        second = cloned(other, tmp_path)
        assert run(second, language, installed) == found["main"]
        for tag in ALL:
            for path in (FUNCTION[language], TESTS[language]):
                assert git(second, "rev-parse", f"{tag}:{path}") == git(clone, "rev-parse", f"{tag}:{path}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_exercise_fails_until_it_is_solved(
    language: str, built: dict[str, Path], installed: Installed, tmp_path: Path
) -> None:
    needs(*TOOLS[language])
    clone = cloned(repositories(built[INCLUDED], language)[0], tmp_path)
    for step in STEPS:
        switch(clone, f"step-{step}-start")
        skipped = run(clone, language, installed)
        unskip(clone, language, step)
        red = run(clone, language, installed)
        assert red.failed, f"step {step} asks for nothing"
        assert (red.skipped, red.passed >= skipped.passed) == (0, True)
        git(clone, "restore", f"--source=step-{step}-solution", FUNCTION[language])
        assert run(clone, language, installed).failed == 0
        assert git(clone, "diff", f"step-{step}-solution") == "", "that is all that a solution is"
        git(clone, "reset", "--quiet", "--hard")


@pytest.mark.parametrize("language", LANGUAGES)
def test_catching_up_as_the_handout_says(language: str, built: dict[str, Path], tmp_path: Path) -> None:
    """Every line of its section, half-done work in the way."""
    needs("git")
    clone = cloned(repositories(built[INCLUDED], language)[0], tmp_path)
    text = (clone / "INSTRUCTIONS.md").read_text()
    configure = re.search(r"```bash\n(git config .*?)```", text, re.DOTALL)
    behind = re.search(r"## You are behind\n.*?```bash\n(.*?)```", text, re.DOTALL)
    assert configure
    assert behind
    (clone / FUNCTION[language]).write_text("half done")
    (clone / "notes.txt").write_text("mine")
    done = shell(configure[1] + behind[1], clone)
    assert done.returncode == 0, done.stderr
    assert git(clone, "diff", "step-2-start") == ""
    git(clone, "switch", "--quiet", "main")
    assert ((clone / "notes.txt").read_text(), (clone / FUNCTION[language]).read_text()) == ("mine", "half done")
    for line in re.findall(r"^git restore .*$", text, re.MULTILINE):
        assert shell(line, clone).returncode == 0
    changed = git(clone, "status", "--porcelain").split()[1::2]
    assert len(changed) == 2, "the tests of steps 2 and 3, and nothing else"


@pytest.mark.parametrize("language", LANGUAGES)
def test_solutions_of_the_organisers_alone(
    language: str, built: dict[str, Path], installed: Installed, tmp_path: Path
) -> None:
    needs(*TOOLS[language])
    out = built[SEPARATE]
    clone = cloned(repositories(out, language)[0], tmp_path)
    mine = cloned(out / f"serverless-in-a-day-solutions-{language}", tmp_path)
    assert set(git(clone, "tag").split()) == STARTS
    counts = check_every_tag(clone, language, STARTS, installed)
    assert counts["step-3-start"].skipped > counts["step-1-start"].skipped, "nothing is solved there"
    assert set(git(mine, "tag").split()) == ALL
    switch(mine, "step-3-solution")
    assert run(mine, language, installed).skipped == 0


def test_no_participant_has_a_solution_in_any_object(built: dict[str, Path], tmp_path: Path) -> None:
    """Neither in a clone nor in what was made: every object of git is looked at, reachable or not."""
    needs("git")
    out = built[SEPARATE]
    for language in LANGUAGES:
        files = [path for path in EXAMPLE.glob(f"steps/*/{language}/solution/**/*") if path.is_file()]
        assert len(files) == 6
        solutions = {git(tmp_path, "hash-object", "--no-filters", str(path)).strip() for path in files}
        organiser = out / f"serverless-in-a-day-solutions-{language}"
        assert solutions <= objects(organiser), "the test finds them where they are"
        assert len(repositories(out, language)) == 2
        for repository in repositories(out, language):
            clone = cloned(repository, tmp_path)
            assert len(objects(clone)) > 20
            assert not solutions & objects(clone)
            assert not solutions & objects(repository)
            for path in clone.rglob("*"):
                assert ".git" in path.parts or "solution" not in path.name


def objects(repository: Path) -> set[str]:
    return set(git(repository, "cat-file", "--batch-all-objects", "--batch-check=%(objectname)").split())


def test_participants_are_who_the_roster_says(built: dict[str, Path], tmp_path: Path) -> None:
    needs("git")
    clone = cloned(built[INCLUDED] / "serverless-in-a-day-jose-muller", tmp_path)
    assert "This repository was made for José Müller." in (clone / "README.md").read_text()
    text = (clone / "INSTRUCTIONS.md").read_text()
    assert "José Müller, table 1" in text
    assert "{{" not in text
    assert 'stack_name = "serverless-in-a-day-jose-muller"' in (clone / "samconfig.toml").read_text()
    assert "clean" in git(clone, "status")
