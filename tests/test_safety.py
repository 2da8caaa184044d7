"""Hostile values, hostile machines, hostile moments: one whole project, or nothing."""

from __future__ import annotations

import os
import random
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from conftest import CATALOGUE, SCAFFOLD, can, scaffold, tree
from scaffold import cli, project
from scaffold.errors import InvalidAnswersError
from scaffold.resolve import resolve
from scaffold.spec import Answers, FunctionSpec, ProjectSpec, check_name, suggest_name

HOSTILE = [
    "{{7*7}}", "{% raw %}", "{{cookiecutter}}", "../x", "..", ".", "/etc/x", "a/b", "a\\b", "", " ", "  a", "a b",
    "-rf", "--name", "a\x00b", "a\x1b[31m", "a\nb", "a\tb", "\u202egnp.exe", "CON", "con", "nul.txt", "COM1",
    "lpt9.log", "a" * 200, "a" * 65, "a.", "a-", "a_", "a..b", ".hidden", "1app", "é", "日本", "a'b", 'a"b',
    "a$(id)", "a;b", "a|b", "a&b", "a`b`", "~", "a*", "a:b", "#a",
]  # fmt: skip
ARGUMENTS = ["init", "--no-interactive", "-n", "shop", "-r", "python3.13", "-p", "Image"]


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_a_hostile_name_is_refused_with_a_rule_and_a_suggestion(name: str) -> None:
    problem = check_name(name)
    assert problem
    assert problem.message
    suggestion = problem.hint.removeprefix("try ")
    assert check_name(suggestion) is None, suggestion


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_a_hostile_value_reaches_no_template(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for flag in ("--name", "--runtime", "--package-type", "--base-image", "--dependency-manager", "--architecture",
                 "--app-template",
                 "--language", "--memory", "--timeout", "--ephemeral-storage", "--build-arg"):  # fmt: skip
        arguments = {"--name": "shop", "--runtime": "python3.13", "--package-type": "Image"} | {flag: name}
        words = [f"{key}={value}" for key, value in arguments.items()]
        assert cli.main(["init", "--no-interactive", *words]) == 2, flag
    assert [*tmp_path.iterdir()] == []
    with pytest.raises(InvalidAnswersError):
        ProjectSpec(name, ())
    with pytest.raises(InvalidAnswersError):
        FunctionSpec(name, "hello-world", "python", "python3.13", "Zip", "pip", "x86_64")


@pytest.mark.parametrize(
    ("name", "suggested"),
    [
        ("a", "a"),
        ("A", "A"),
        ("my_app", "my-app"),
        ("my-app.v2", "my-app-v2"),
        ("a" * 64, "a" * 64),
        ("x1", "x1"),
        ("Shop_2", "Shop-2"),
    ],
)
def test_ordinary_names_are_taken(name: str, suggested: str) -> None:
    assert check_name(name) is None
    assert suggest_name(name) == suggested
    stack = ProjectSpec(name, ()).stack_name
    assert stack[0].isalpha()
    assert stack.replace("-", "").isalnum()


def test_the_name_of_a_stack_is_what_cloudformation_takes() -> None:
    assert ProjectSpec("my_app.v2", ()).stack_name == "my-app-v2"


def test_a_failure_half_way_leaves_nothing(tmp_path: Path) -> None:
    """The translator refuses what the layers make: the parents that were made go away again as well."""
    spec = resolve(CATALOGUE, Answers(name="shop", runtime="python3.13", package_type="Zip"))
    broken = tmp_path / "cookiecutters"
    import shutil  # noqa: PLC0415

    shutil.copytree(CATALOGUE.root, broken)
    fragment = broken / "packages" / "zip" / "{{cookiecutter.name}}" / "template.yaml"
    fragment.write_text(fragment.read_text().replace("Handler:", "Handler_:"))
    from scaffold.catalogue import Catalogue  # noqa: PLC0415
    from scaffold.errors import InternalError  # noqa: PLC0415

    with pytest.raises(InternalError, match=r"template.yaml:\d+:\d+"):
        project.create(Catalogue(broken), spec, tmp_path / "new" / "folders")
    assert not (tmp_path / "new").exists()


def test_what_pip_compiles_among_the_templates_reaches_no_project(tmp_path: Path) -> None:
    import compileall  # noqa: PLC0415
    import shutil  # noqa: PLC0415

    from scaffold.catalogue import Catalogue  # noqa: PLC0415

    installed = tmp_path / "cookiecutters"
    shutil.copytree(CATALOGUE.root, installed)
    compileall.compile_dir(installed, quiet=2)
    assert [*installed.rglob("*.pyc")]
    spec = resolve(CATALOGUE, Answers(name="shop", runtime="python3.13", package_type="Zip"))
    assert tree(project.create(Catalogue(installed), spec, tmp_path / "a")) == tree(
        project.create(CATALOGUE, spec, tmp_path / "b")
    )


@pytest.mark.slow
def test_a_full_disk_leaves_nothing(tmp_path: Path) -> None:
    can("mounts", "unshare", "--mount", "true")
    disk = tmp_path / "disk"
    disk.mkdir()
    for size in (4, 16, 32, 48):  # kB: full at the first file, or later; a whole project takes more
        script = (
            f"mount -t tmpfs -o size={size}k none {disk} && cd {disk} && "
            f"{' '.join(SCAFFOLD)} {' '.join(ARGUMENTS)}; echo exit $?; ls -A {disk}"
        )
        done = subprocess.run(["unshare", "--mount", "sh", "-c", script], capture_output=True, text=True, check=True)
        assert done.stdout == "exit 1\n", done.stdout
        assert "No space left on device" in done.stderr
        assert "Traceback" not in done.stderr


def test_a_read_only_folder_is_told(tmp_path: Path) -> None:
    can("mounts", "unshare", "--mount", "true")
    script = f"mount -t tmpfs -o ro none {tmp_path} && cd {tmp_path} && {' '.join(SCAFFOLD)} {' '.join(ARGUMENTS)}"
    done = subprocess.run(["unshare", "--mount", "sh", "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Read-only file system" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_limit_on_the_size_of_files_leaves_nothing(tmp_path: Path) -> None:
    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))

    done = scaffold(*ARGUMENTS, cwd=tmp_path, preexec_fn=limit)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert [*tmp_path.iterdir()] == []


def wait_for_child(process: subprocess.Popen[str]) -> None:
    """Wait until our code runs, which is when it starts the translator; before that a signal is Python's business."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    while process.poll() is None and not children.read_text():
        time.sleep(0.001)


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_at_any_moment_leaves_a_whole_project_or_nothing(number: signal.Signals, tmp_path: Path) -> None:
    scaffold(*ARGUMENTS, "-o", tmp_path / "whole", cwd=tmp_path)
    whole = tree(tmp_path / "whole" / "shop")
    chance = random.Random(number)
    codes = set()
    for turn in range(25):
        folder = tmp_path / str(turn)
        folder.mkdir()
        process = subprocess.Popen(
            [*SCAFFOLD, *ARGUMENTS], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        wait_for_child(process)
        time.sleep(chance.random() * 0.6)
        process.send_signal(number)
        _, err = process.communicate(timeout=60)
        codes.add(process.returncode)
        left = [path.name for path in folder.iterdir()]
        assert "Traceback" not in err
        assert left in ([], ["shop"]), f"{left} after {process.returncode}"
        if left:
            assert tree(folder / "shop") == whole
    assert codes <= {0, 128 + number, -number}, codes


@pytest.mark.slow
def test_twenty_at_once_make_one(tmp_path: Path) -> None:
    running = [
        subprocess.Popen(
            [*SCAFFOLD, *ARGUMENTS], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(20)
    ]
    ended = [(process.communicate(timeout=300), process.returncode) for process in running]
    assert sorted(code for _, code in ended) == [0] + [1] * 19
    assert all("shop already exists" in err for (_, err), code in ended if code)
    assert [path.name for path in tmp_path.iterdir()] == ["shop"]
    single = tmp_path / "single"
    scaffold(*ARGUMENTS, "-o", single, cwd=tmp_path)
    assert tree(tmp_path / "shop") == tree(single / "shop")


@pytest.mark.parametrize("umask", [0o022, 0o027, 0o077])
def test_permissions_follow_the_umask(umask: int, tmp_path: Path) -> None:
    assert scaffold(*ARGUMENTS, cwd=tmp_path, umask=umask).returncode == 0
    for path in [tmp_path / "shop", *(tmp_path / "shop").rglob("*")]:
        assert path.stat().st_mode & 0o777 == (0o777 if path.is_dir() else 0o666) & ~umask, path


def test_modules_in_the_users_folder_are_not_loaded(tmp_path: Path) -> None:
    for name in ("yaml.py", "samtranslator.py", "scaffold.py", "jinja2.py", "json.py"):
        (tmp_path / name).write_text("raise SystemExit('loaded from the working directory')\n")
    console_script = Path(sys.executable).with_name("sam-scaffold")
    done = subprocess.run(
        [console_script, *ARGUMENTS],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_environment_of_cookiecutter_is_not_read(tmp_path: Path) -> None:
    (tmp_path / ".cookiecutterrc").write_text("default_context:\n  name: hijacked\n")
    environment = {**os.environ, "HOME": str(tmp_path), "COOKIECUTTER_CONFIG": str(tmp_path / ".cookiecutterrc")}
    before = {path.name for path in tmp_path.iterdir()}
    assert scaffold(*ARGUMENTS, cwd=tmp_path, env=environment).returncode == 0
    assert {path.name for path in tmp_path.iterdir()} - before == {"shop"}


def test_no_network_is_needed(tmp_path: Path) -> None:
    can("netns", "unshare", "--net", "true")
    done = subprocess.run(
        ["unshare", "--net", *SCAFFOLD, *ARGUMENTS], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
