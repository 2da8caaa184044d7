"""The wizard in a real pseudo-terminal: forwards, back, and out."""

from __future__ import annotations

import os
import re
import signal
import termios
import time
from pathlib import Path

import pexpect
import pytest

from conftest import CATALOGUE, SCAFFOLD_THEN
from scaffold.model import CATEGORIES

DOWN, UP, ENTER, ESCAPE, SPACE, CTRL_C = "\x1b[B", "\x1b[A", "\r", "\x1b", " ", "\x03"
TEMPLATE, RUNTIME, PACKAGE = "Which template", "Which runtime", "Which package type"
MANAGER, MONITORING, EXTRAS, NAME, SUMMARY = (
    "Which dependency manager",
    "Which monitoring",
    "Anything else",
    "What is the project called",
    "Create this project",
)


class Terminal:
    """A person at a terminal: reads a question, presses keys."""

    command = SCAFFOLD_THEN

    def __init__(self, folder: Path, *arguments: str, **environment: str) -> None:
        self.folder = folder
        self.keys = 0
        self.questions: list[str] = []
        inherited = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
        self.child = pexpect.spawn(
            self.command[0],
            [*self.command[1:], "init", *arguments],
            cwd=str(folder),
            env={**inherited, "TERM": "xterm-256color", **environment},
            encoding="utf-8",
            dimensions=(40, 160),
            timeout=20,
        )

    def sees(self, text: str) -> str:
        """Wait for a question or any other text; return what came before it."""
        self.child.expect_exact(text)
        before = self.child.before or ""
        time.sleep(0.15)  # a person reads, and the screen is drawn to the end
        self.questions.append(text)
        return before

    def presses(self, *keys: str) -> None:
        for key in keys:
            self.keys += 1
            self.child.send(key)
            time.sleep(0.15)

    def types(self, text: str) -> None:
        """Press the keys of a text, in haste."""
        self.keys += len(text)
        self.child.send(text)
        time.sleep(0.15)

    def ends(self) -> tuple[int, str]:
        rest = self.child.read()
        self.child.close()
        code = self.child.exitstatus if self.child.exitstatus is not None else 128 + (self.child.signalstatus or 0)
        return code, rest


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def to_runtime(terminal: Terminal) -> None:
    terminal.sees(TEMPLATE)
    terminal.presses(ENTER)
    terminal.sees(RUNTIME)


def test_nodejs_image_with_defaults_is_short(folder: Path) -> None:
    terminal = Terminal(folder)
    to_runtime(terminal)
    terminal.presses(DOWN, ENTER)
    for question in (PACKAGE, MONITORING, EXTRAS, NAME, SUMMARY):
        terminal.sees(question)
        terminal.presses(ENTER)
    code, out = terminal.ends()
    assert code == 0
    assert "sam-scaffold init --name sam-app --runtime nodejs24.x --package-type Image" in " ".join(out.split())
    assert "nodejs:24" in (folder / "sam-app" / "hello-world" / "Dockerfile").read_text()
    assert len(terminal.questions) <= 7
    assert terminal.keys <= 9


@pytest.mark.slow
def test_the_filter_and_every_way_back(folder: Path) -> None:
    terminal = Terminal(folder)
    to_runtime(terminal)
    terminal.types("3.12")
    terminal.presses(ENTER)
    terminal.sees(PACKAGE)
    terminal.presses(ESCAPE)
    terminal.sees(RUNTIME)
    terminal.presses(ENTER)  # what was answered before is where it starts again
    terminal.sees(PACKAGE)
    terminal.presses(DOWN, ENTER)
    terminal.sees(MANAGER)
    terminal.presses(ENTER)
    terminal.sees(MONITORING)
    terminal.presses(SPACE, ENTER)
    terminal.sees(EXTRAS)
    terminal.presses(SPACE, ENTER)
    terminal.sees(NAME)
    for question in (EXTRAS, MONITORING, MANAGER, PACKAGE, RUNTIME, TEMPLATE):
        terminal.presses(ESCAPE)
        terminal.sees(question)
    terminal.presses(ESCAPE)  # nowhere to go from the first one
    terminal.sees(TEMPLATE)
    terminal.presses(ENTER)
    terminal.sees(RUNTIME)
    terminal.presses(ENTER)
    terminal.sees(PACKAGE)
    terminal.presses(ENTER)
    terminal.sees(MANAGER)
    terminal.presses(ENTER)
    terminal.sees(MONITORING)
    terminal.presses(ENTER)
    terminal.sees(EXTRAS)
    terminal.presses(ENTER)
    terminal.sees(NAME)
    terminal.types("shop")
    terminal.presses(ENTER)
    terminal.sees(SUMMARY)
    terminal.presses(ENTER)
    code, _ = terminal.ends()
    text = (folder / "shop" / "template.yaml").read_text()
    assert code == 0
    for line in ("Runtime: python3.12", "PackageType: Zip", "Tracing: Active"):
        assert line in text
    assert (folder / "shop/.devcontainer/devcontainer.json").is_file()


@pytest.mark.slow
@pytest.mark.parametrize("package", ["Image", "Zip"])
def test_what_is_for_images_alone_is_offered_for_them(package: str, folder: Path) -> None:
    flags = ("--runtime", "python3.13", "--app-template", "hello-world", "--dependency-manager", "pip", "--no-tracing")
    terminal = Terminal(folder, *flags, "--package-type", package)
    terminal.sees(EXTRAS)
    terminal.presses(DOWN, DOWN, DOWN, SPACE, ENTER)  # behind the dev container and two hosts
    screen = terminal.sees(NAME)
    assert all((title in screen) is (package == "Image") for title in ("BuildKit", "Pinned base images"))
    terminal.presses(ENTER)
    terminal.sees(SUMMARY)
    terminal.presses(ENTER)
    code, _ = terminal.ends()
    assert code == 0
    readme = (folder / "sam-app/README.md").read_text()
    assert ("With BuildKit" in readme) is (package == "Image")


@pytest.mark.slow
@pytest.mark.parametrize(
    "typed", ["web", "machine learning", "zzz", "w\b"], ids=["a word of one", "all of one", "nothing", "taken back"]
)
def test_a_heading_is_never_the_answer(typed: str, folder: Path) -> None:
    """Where the filter puts the cursor on one, it goes on to the first template below."""
    terminal = Terminal(folder)
    terminal.sees(TEMPLATE)
    terminal.types(f"{typed}\r")
    terminal.sees(RUNTIME)
    terminal.child.sendcontrol("c")
    assert terminal.ends()[0] == 130


@pytest.mark.slow
def test_any_answer_can_be_changed_in_the_summary(folder: Path) -> None:
    terminal = Terminal(
        folder,
        "--name",
        "shop",
        "--package-type",
        "Zip",
        "--app-template",
        "hello-world",
        "--no-tracing",
        "--no-devcontainer",
    )
    terminal.sees(RUNTIME)
    terminal.types("Node.js 22")
    terminal.presses(ENTER)
    terminal.sees(SUMMARY)
    terminal.types("architecture")
    terminal.presses(ENTER)
    terminal.sees("Which architecture")
    terminal.types("arm")
    terminal.presses(ENTER)
    terminal.sees(SUMMARY)
    terminal.types("change name")
    terminal.presses(ENTER)
    terminal.sees(NAME)
    terminal.types("store")
    terminal.presses(ENTER)
    terminal.sees(SUMMARY)
    terminal.types("change runtime")
    terminal.presses(ENTER)
    terminal.sees(RUNTIME)
    terminal.types("Node.js 24")
    terminal.presses(ENTER)
    terminal.sees(SUMMARY)
    terminal.presses(ENTER)
    assert terminal.ends()[0] == 0
    text = (folder / "store" / "template.yaml").read_text()
    for line in ("Runtime: nodejs24.x", "- arm64"):
        assert line in text


@pytest.mark.slow
def test_a_deprecated_runtime_stands_in_a_second_list(folder: Path) -> None:
    arguments = (
        "-n",
        "shop",
        "-p",
        "Image",
        "--app-template",
        "hello-world",
        "--language",
        "nodejs",
        "--no-tracing",
        "--no-devcontainer",
    )
    terminal = Terminal(folder, *arguments)
    terminal.sees(RUNTIME)
    before = terminal.child.before or ""
    assert "Node.js 20" not in before
    terminal.types("Older")
    terminal.presses(ENTER)
    terminal.sees("Node.js 20  deprecated since 2026-04-30")
    terminal.types("Node.js 20")
    terminal.presses(ENTER)
    terminal.sees(SUMMARY)
    terminal.presses(ENTER)
    code, out = terminal.ends()
    assert code == 0
    assert "deprecated since 2026-04-30" in out


def test_a_name_is_checked_while_it_is_typed(folder: Path) -> None:
    (folder / "taken").mkdir()
    (folder / "taken" / "file").touch()
    terminal = Terminal(
        folder,
        "-i",
        "amazon/python3.13-base",
        "--app-template",
        "hello-world",
        "-d",
        "pip",
        "--tracing",
        "--no-devcontainer",
    )
    terminal.sees(NAME)
    terminal.types("my shop")
    terminal.sees("Try my-shop")
    terminal.presses(ENTER)  # not taken: the question stays
    terminal.presses("\x15")  # Ctrl-U
    terminal.types("taken")
    terminal.sees("Try taken-2")
    terminal.types("3")
    terminal.presses(ENTER)
    terminal.sees(SUMMARY)
    terminal.presses(ENTER)
    assert terminal.ends()[0] == 0
    assert (folder / "taken3").is_dir()


def test_a_taken_default_name_is_counted_up(folder: Path) -> None:
    (folder / "sam-app").mkdir()
    terminal = Terminal(
        folder,
        "-i",
        "amazon/python3.13-base",
        "-d",
        "pip",
        "--app-template",
        "hello-world",
        "--tracing",
        "--no-devcontainer",
    )
    terminal.sees(NAME)
    terminal.sees("sam-app-2")
    terminal.presses(ENTER)
    terminal.sees(SUMMARY)
    terminal.presses(ENTER)
    assert terminal.ends()[0] == 0
    assert (folder / "sam-app-2").is_dir()


@pytest.mark.parametrize("steps", [0, 1, *(pytest.param(number, marks=pytest.mark.slow) for number in range(2, 7))])
def test_ctrl_c_at_any_question_leaves_nothing(steps: int, folder: Path) -> None:
    terminal = Terminal(folder, "-d", "npm")
    questions = (TEMPLATE, RUNTIME, PACKAGE, MONITORING, EXTRAS, NAME, SUMMARY)
    for number, question in enumerate(questions[: steps + 1]):
        terminal.sees(question)
        if number < steps:
            terminal.presses(ENTER)
    terminal.presses(CTRL_C)
    code, out = terminal.ends()
    assert code == 130
    assert "Traceback" not in out
    assert [*folder.iterdir()] == []


class Observed(Terminal):
    """A terminal of which more than the screen is seen; standard error goes to a file, not to the terminal."""

    command = ("sh", "-c", 'exec "$@" 2>../standard-error', "sh", *SCAFFOLD_THEN)

    def __init__(self, folder: Path, *arguments: str, **environment: str) -> None:
        (folder / "working").mkdir()
        super().__init__(folder / "working", *arguments, **environment)
        self.modes = termios.tcgetattr(self.child.child_fd)
        self.errors = folder / "standard-error"

    def sees_to(self, question: str) -> None:
        """Accept what is preselected up to a question."""
        for number, text in enumerate((TEMPLATE, RUNTIME, PACKAGE, MONITORING, EXTRAS, NAME, SUMMARY)):
            if number:
                self.presses(ENTER)
            self.sees(text)
            if text == question:
                return

    def translator(self) -> Path:
        """Return where the system tells of the translator's process while it runs."""
        (child,) = Path(f"/proc/{self.child.pid}/task/{self.child.pid}/children").read_text().split()
        return Path("/proc", child)

    def is_as_before(self) -> bool:
        return termios.tcgetattr(self.child.child_fd) == self.modes


def leaves_nothing(terminal: Observed, translator: Path, *numbers: signal.Signals) -> None:
    """Assert that one of these signals ended the wizard, that all is as it was, and that one line says so."""
    out = terminal.child.read()
    is_restored = terminal.is_as_before()
    code, rest = terminal.ends()
    assert code in [128 + number for number in numbers]
    assert rest == ""
    assert is_restored
    for shown, hidden in (("\x1b[?25h", "\x1b[?25l"), ("\x1b[?2004l", "\x1b[?2004h")):  # cursor, bracketed paste
        assert out.rfind(hidden) <= out.rfind(shown)
    assert "xception" not in out
    assert terminal.errors.read_text() == "\nInterrupted.\n"
    assert not translator.exists()
    assert [*terminal.folder.iterdir()] == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize(
    "question", [TEMPLATE, *(pytest.param(text, marks=pytest.mark.slow) for text in (NAME, SUMMARY))]
)
def test_a_signal_at_a_question_is_like_ctrl_c(question: str, number: signal.Signals, folder: Path) -> None:
    terminal = Observed(folder, "-d", "npm")
    terminal.sees_to(question)
    translator = terminal.translator()
    assert not terminal.is_as_before()
    terminal.child.kill(number)
    leaves_nothing(terminal, translator, number)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_is_like_ctrl_c_line_by_line(number: signal.Signals, folder: Path) -> None:
    terminal = Observed(folder, "-d", "npm", TERM="dumb")
    terminal.sees("failed messages one by one")
    translator = terminal.translator()
    terminal.child.kill(number)
    assert terminal.ends()[0] == 128 + number
    assert terminal.errors.read_text().endswith("]: \nInterrupted.\n")
    assert not translator.exists()
    assert [*terminal.folder.iterdir()] == []


@pytest.mark.slow
def test_a_second_signal_does_not_interrupt_the_cleanup(folder: Path) -> None:
    for turn, pause in enumerate((0.0, 0.002, 0.01, 0.03, 0.1, 1.1)):
        (folder / str(turn)).mkdir()
        terminal = Observed(folder / str(turn))
        terminal.sees(TEMPLATE)
        translator = terminal.translator()
        terminal.child.kill(signal.SIGHUP)
        time.sleep(pause)
        terminal.child.kill(signal.SIGTERM)
        leaves_nothing(terminal, translator, signal.SIGHUP, signal.SIGTERM)  # whichever was faster


@pytest.mark.slow
def test_a_signal_in_the_middle_of_drawing_leaves_no_trace(folder: Path) -> None:
    for turn in range(6):
        (folder / str(turn)).mkdir()
        terminal = Observed(folder / str(turn))
        terminal.sees(TEMPLATE)
        translator = terminal.translator()
        terminal.child.send((DOWN + UP) * 20)
        time.sleep(turn / 100)
        terminal.child.kill(signal.SIGTERM)
        leaves_nothing(terminal, translator, signal.SIGTERM)


@pytest.mark.parametrize("term", ["xterm-256color", "dumb"])
def test_a_terminal_that_hangs_up_ends_it(term: str, folder: Path) -> None:
    terminal = Observed(folder, TERM=term)
    terminal.sees(TEMPLATE)
    translator = terminal.translator()
    os.close(terminal.child.child_fd)
    _, status = os.waitpid(terminal.child.pid, 0)
    assert os.waitstatus_to_exitcode(status) == 128 + signal.SIGHUP
    assert terminal.errors.read_text().endswith("\nInterrupted.\n")
    assert not translator.exists()
    assert [*terminal.folder.iterdir()] == []


@pytest.mark.slow
def test_leaving_from_the_summary(folder: Path) -> None:
    terminal = Terminal(folder, "-n", "shop", "-i", "amazon/nodejs24.x-base", "--app-template", "hello-world")
    code, out = terminal.ends()
    assert code == 0, out  # nothing was left open, so nothing was asked
    # Nor here: to sam init, that name means a Zip.
    terminal = Terminal(folder, "-n", "zip", "-r", "nodejs24.x", "-d", "npm", "--app-template", "hello-world")
    code, out = terminal.ends()
    assert code == 0, out
    assert "PackageType: Zip" in (folder / "zip/template.yaml").read_text()
    terminal = Terminal(
        folder,
        "-n",
        "shop2",
        "-r",
        "nodejs24.x",
        "--app-template",
        "get-customer",
        "--language",
        "nodejs",
        "--tracing",
        "--no-devcontainer",
    )
    terminal.sees(PACKAGE)
    terminal.presses(ENTER)
    terminal.sees(SUMMARY)
    terminal.presses(UP, ENTER)
    assert terminal.ends()[0] == 130
    assert not (folder / "shop2").exists()


def test_no_color_is_respected(folder: Path) -> None:
    colour = re.compile(r"\x1b\[[0-9;]*[1-9][0-9;]*m")
    for environment, coloured in (({}, True), ({"NO_COLOR": "1"}, False)):
        terminal = Terminal(
            folder, "-n", "shop", "-r", "python3.10", "-d", "pip", "--app-template", "get-customer", **environment
        )
        terminal.sees(PACKAGE)
        before = terminal.child.before or ""
        terminal.presses(CTRL_C)
        _, rest = terminal.ends()
        colours = [code for code in colour.findall(before + rest) if re.search(r"[345]8;|[^0-9](3|9)[0-7]m", code)]
        assert bool(colours) is coloured, colours


def test_a_project_is_on_one_host(folder: Path) -> None:
    terminal = Terminal(
        folder, "-i", "amazon/python3.13-base", "-d", "pip", "--app-template", "hello-world", "--tracing"
    )
    terminal.sees(EXTRAS)
    terminal.presses(DOWN, SPACE, DOWN, SPACE, ENTER)
    terminal.sees("Choose one of GitHub Actions and GitLab CI/CD")
    terminal.presses(DOWN, SPACE, ENTER)
    terminal.sees(NAME)
    terminal.presses(ENTER)
    terminal.sees(SUMMARY)
    terminal.presses(ENTER)
    code, out = terminal.ends()
    assert code == 0
    assert "--tracing --ci gitlab --no-interactive" in " ".join(out.split())
    assert (folder / "sam-app/.gitlab-ci.yml").is_file()
    assert not (folder / "sam-app/.github").exists()


def test_a_dumb_terminal_is_asked_line_by_line(folder: Path) -> None:
    terminal = Terminal(folder, "-d", "npm", "--language", "nodejs", TERM="dumb")
    answers = [(TEMPLATE, "1"), (RUNTIME, "1"), (PACKAGE, "<"), (RUNTIME, "1"), (PACKAGE, "2")]
    for question, answer in answers:
        terminal.sees(question)
        terminal.sees("Number")
        terminal.child.sendline(answer)
    # Three of monitoring, then a dev container and both hosts, of which one can be had.
    shown = ""
    for answer in "yyyyyyyny":
        shown += terminal.sees("(y/n, < to go back)")
        terminal.child.sendline(answer)
    assert shown.count("Error: Choose one of GitHub Actions and GitLab CI/CD") == 1
    terminal.sees(NAME)
    terminal.child.sendline("a b")
    terminal.sees("Try a-b")
    terminal.child.sendline("a-b")
    terminal.sees(SUMMARY)
    terminal.child.sendline("1")
    code, out = terminal.ends()
    assert code == 0
    assert "\x1b" not in out
    assert "PackageType: Zip" in (folder / "a-b" / "template.yaml").read_text()
    assert (folder / "a-b/.gitlab-ci.yml").is_file()


BASE = "Which base image"


@pytest.mark.slow
def test_an_image_may_start_from_another_base(folder: Path) -> None:
    terminal = Terminal(folder, "--runtime", "python3.13", "--package-type", "Image", "--timeout", "30")
    for question in (TEMPLATE, MANAGER, MONITORING, EXTRAS, NAME):
        terminal.sees(question)
        terminal.presses(ENTER)
    terminal.sees(SUMMARY)
    terminal.types("base image")
    terminal.presses(ENTER)
    terminal.sees(BASE)
    terminal.types("debian")
    terminal.presses(ENTER)
    terminal.sees(SUMMARY)
    terminal.presses(ENTER)
    code, out = terminal.ends()
    assert code == 0
    assert "--base-image debian" in " ".join(out.split())
    assert "--timeout 30" in " ".join(out.split())
    assert "slim-trixie" in (folder / "sam-app" / "hello_world" / "Dockerfile").read_text()


@pytest.mark.slow
def test_a_base_narrows_the_runtimes_down_and_goes_with_the_package_type(folder: Path) -> None:
    terminal = Terminal(folder, "--base-image", "scratch", "--name", "shop")
    to_runtime(terminal)
    offered = terminal.sees("Rust")
    assert "Go" in offered
    assert "Python" not in offered
    terminal.presses(ENTER)
    terminal.sees(MONITORING)
    terminal.presses(ENTER)
    terminal.sees(EXTRAS)
    terminal.presses(ENTER)
    terminal.sees(SUMMARY)
    terminal.types("package")
    terminal.presses(ENTER)
    terminal.sees(PACKAGE)
    terminal.types("zip")
    terminal.presses(ENTER)
    terminal.sees(SUMMARY)
    terminal.presses(ENTER)
    code, out = terminal.ends()
    assert code == 0
    assert "--base-image" not in out
    assert not [*folder.rglob("Dockerfile")]


@pytest.mark.slow
def test_a_base_from_the_command_line_outlives_the_questions(folder: Path) -> None:
    terminal = Terminal(folder, "--base-image", "debian", "--name", "shop")
    to_runtime(terminal)
    terminal.types("python 3.13")
    terminal.presses(ENTER)
    for question in (MANAGER, MONITORING, EXTRAS, SUMMARY):
        terminal.sees(question)
        terminal.presses(ENTER)
    code, out = terminal.ends()
    assert code == 0
    assert "--base-image debian" in " ".join(out.split())


def test_templates_come_by_category_and_typing_finds_one(folder: Path) -> None:
    terminal = Terminal(folder, "--name", "shop", "--language", "python")
    terminal.sees(TEMPLATE)
    titles = [CATEGORIES[case.category] for case in CATALOGUE.use_cases.values()]
    for title in dict.fromkeys(titles):
        terminal.child.expect_exact(f"{title}:")
    terminal.presses(*"crud", ENTER)
    terminal.sees(RUNTIME)
    terminal.presses(ENTER)
    terminal.sees(PACKAGE)
    terminal.presses(ENTER)
    terminal.sees(MANAGER)
    terminal.presses(ENTER)
    terminal.sees(MONITORING)
    terminal.presses(ENTER)
    terminal.sees(EXTRAS)
    terminal.presses(ENTER)
    terminal.sees(SUMMARY)
    terminal.presses(ENTER)
    terminal.child.expect_exact("Created")
    terminal.child.expect(pexpect.EOF)
    assert (folder / "shop/items_list").is_dir()


def test_every_template_fits_into_a_line_of_the_menu() -> None:
    long = [case.id for case in CATALOGUE.use_cases.values() if len(f"{case.title}: {case.summary}") > 95]
    assert long == []


OWN, WHICH, INVOKES = "Where is it", "Which function is the handler", "What invokes it"
TWO = "def one(event, context): ...\n\n\ndef two(event, context): ...\n"


def test_code_that_somebody_has_is_a_template(folder: Path) -> None:
    (folder / "code").mkdir()
    (folder / "code/orders.py").write_text(TWO)
    terminal = Terminal(folder)
    terminal.sees(TEMPLATE)
    terminal.presses(UP, UP, ENTER)
    terminal.sees(OWN)
    terminal.types("nowhere")
    terminal.presses(ENTER)
    terminal.sees("there is no file or folder nowhere")
    terminal.types("\x7f" * len("nowhere") + "code")
    terminal.presses(ENTER)
    terminal.sees(WHICH)
    terminal.presses(DOWN, ENTER)
    for question in (INVOKES, MONITORING, EXTRAS, NAME, SUMMARY):
        terminal.sees(question)
        terminal.presses(ENTER)
    code, out = terminal.ends()
    assert code == 0
    assert "--app-template blank --handler code:orders.two" in " ".join(out.split())
    assert 'CMD ["orders.two"]' in (folder / "sam-app/orders/Dockerfile").read_text()
    assert (folder / "sam-app/orders/orders.py").read_text() == TWO


def test_of_several_handlers_one_is_asked_for(folder: Path) -> None:
    (folder / "orders.py").write_text(TWO)
    terminal = Terminal(folder, "--handler", "orders.py", "--name", "shop", "--app-template", "sqs", "--no-tracing")
    terminal.sees(WHICH)
    terminal.presses(ENTER)
    terminal.sees(EXTRAS)
    terminal.presses(ESCAPE)
    terminal.sees(EXTRAS)
    terminal.presses(ENTER)
    terminal.sees(SUMMARY)
    terminal.presses(ENTER)
    code, _ = terminal.ends()
    assert code == 0
    assert 'CMD ["orders.one"]' in (folder / "shop/orders/Dockerfile").read_text()
    assert "Type: AWS::SQS::Queue" in (folder / "shop/template.yaml").read_text()
