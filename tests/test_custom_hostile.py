"""Templates that mean harm, or loop: what is refused, and that nothing of them is left."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

import cookiecutters
from cookiecutters import NAMES
from scaffold import custom
from scaffold.custom import process
from scaffold.errors import CustomTemplateError

posix = pytest.mark.skipif(os.name == "nt", reason="needs a POSIX shell or POSIX files")
linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a process do that")
BOTH = pytest.mark.parametrize("hooks", [True, False])
GLOBALS = "cycler.__init__.__globals__"


@pytest.fixture(autouse=True)
def _own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COOKIECUTTER_CONFIG", os.devnull)
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def refused(folder: Path, out: Path, **options: Any) -> str:
    """Create a project, and return why that was refused; what is around it stays as it was."""
    before = cookiecutters.listing(out.parent)
    with pytest.raises(CustomTemplateError) as caught:
        cookiecutters.create(folder, out, **options)
    assert cookiecutters.listing(out.parent) == before
    return str(caught.value)


@BOTH
@pytest.mark.parametrize("folder_name", ["", "docs/"])
def test_a_repository_without_the_name_of_one(tmp_path: Path, out: Path, folder_name: str, *, hooks: bool) -> None:
    files = {f"{folder_name}{name}": "" for name in ("{{ 'HEAD' }}", "objects/a", "refs/a", "config")}
    folder = cookiecutters.write(tmp_path / "template", files=files)
    where = folder_name.rstrip("/") or "."
    message = f"the project has the git repository {where}, and git runs what is in one"
    assert refused(folder, out, hooks=hooks) == message
    files = {f"{folder_name}{name}": "" for name in ("{{ 'HEAD' }}", "{{ 'commondir' }}")}
    folder = cookiecutters.write(tmp_path / "other", files=files)
    assert refused(folder, out, hooks=hooks) == message


@BOTH
@pytest.mark.parametrize("path", ["../../left", "../left", "../../../left", "/left", "a/../../left"])
@pytest.mark.parametrize("kind", ["file", "folder", "copied file", "copied folder"])
def test_a_path_that_leaves_the_project(tmp_path: Path, out: Path, path: str, kind: str, *, hooks: bool) -> None:
    path = str(tmp_path / path[1:]) if path.startswith("/") else path
    variables = {**NAMES, "path": path, "_copy_without_render": ["*"] if "copied" in kind else []}
    name = "{{cookiecutter.path}}" + ("/b.txt" if "folder" in kind else "")
    folder = cookiecutters.write(tmp_path / "template", variables, files={name: "left", "a/a.txt": ""})
    if kind == "copied folder" and path.startswith("/"):  # joined to the project's as text
        assert cookiecutters.create(folder, out, hooks=hooks).folder.joinpath(path[1:], "b.txt").is_file()
        assert not Path(path).exists()
        return
    message = refused(folder, out, hooks=hooks)
    if path == "../left" or "a/" in path:  # beside the project, in the staging folder
        assert message == "the template has made left, my-app, where a project's folder alone may be"
    else:
        assert message.startswith("the template was stopped: it would write ")
        assert re.search(r"left(/b\.txt)?, which is outside of the project$", message)


@pytest.mark.parametrize("name", [".git/hooks/post-checkout", ".GIT/config", "a/.git/config", "git~1/config", ".git"])
@BOTH
def test_what_git_would_run(tmp_path: Path, out: Path, name: str, *, hooks: bool) -> None:
    variables = {**NAMES, "path": name}
    files = {"{{cookiecutter.path}}": "", ".git/hooks/x": "", "a/b.txt": "", "git~1/b.txt": "", ".GIT/a.txt": ""}
    folder = cookiecutters.write(tmp_path / "template", variables, files=files)
    message = refused(folder, out, hooks=hooks)
    assert message.startswith("the template was stopped: it would write ")
    assert message.endswith(", and git runs what is in .git")


@posix
def test_a_path_through_a_link_that_a_hook_has_made(tmp_path: Path, out: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    hook = f"import os\nos.symlink({str(tmp_path / 'elsewhere')!r}, 'way')\n"
    variables = {**NAMES, "path": "way/a.txt"}
    folder = cookiecutters.write(
        tmp_path / "template", variables, files={"{{cookiecutter.path}}": ""}, hooks={"pre_gen_project.py": hook}
    )
    message = refused(folder, out)
    assert message.endswith(f"it would write {tmp_path / 'elsewhere/a.txt'}, which is outside of the project")


@posix
@pytest.mark.parametrize(
    ("hook", "message"),
    [
        ("ln -s /etc/passwd way", "the project has a symbolic link that leads out of it: way"),
        ("ln -s ../.. way", "the project has a symbolic link that leads out of it: way"),
        ("mkdir a; ln -s $PWD/a way", "the project has a symbolic link that leads out of it: way"),
        ("mkfifo way", "the project has what is neither a file nor a folder: way"),
        ("mkdir ../other", "the template has made my-app, other, where a project's folder alone may be"),
        ("touch ../.hidden", "the template has made .hidden, my-app, where a project's folder alone may be"),
        ("mv ../my-app ../.git", "the template names the project's folder '.git', which is for git"),
        ("rm -r ../my-app; ln -s / ../my-app", "the template has made my-app, which is no folder"),
        ("rm -r ../my-app", "the template has made nothing, where a project's folder alone may be"),
    ],
)
def test_what_a_hook_leaves_in_the_project(tmp_path: Path, out: Path, hook: str, message: str) -> None:
    hooks = {"post_gen_project.sh": f"#!/bin/sh\n{hook}\n"}
    folder = cookiecutters.write(tmp_path / "template", files={"a.txt": ""}, hooks=hooks)
    assert refused(folder, out) == message


@posix
def test_a_hook_runs_only_where_hooks_run(tmp_path: Path, out: Path) -> None:
    marker = tmp_path / "marker"
    names = ("pre_prompt", "pre_gen_project", "post_gen_project")
    hooks = {f"{name}.sh": f"#!/bin/sh\necho {name} >> '{marker}'\n" for name in names}
    folder = cookiecutters.write(tmp_path / "template", hooks=hooks, files={"a.txt": ""})
    cookiecutters.create(folder, out, {"slug": "without"}, hooks=False)
    assert not marker.exists()
    cookiecutters.create(folder, out, {"slug": "with"})
    assert marker.read_text().split() == [*names]


PROCESS = "it would start a process, which takes --trust without --no-hooks"
NETWORK = "it would use the network, which takes --trust without --no-hooks"
NATIVE = "it would call native code, which takes --trust without --no-hooks"
IMPORT = f"{GLOBALS}['__builtins__']['__import__']"


@pytest.mark.parametrize("place", ["a file", "a default"])
@pytest.mark.parametrize(
    ("code", "message"),
    [
        (f"{GLOBALS}.os.system('touch @/left')", PROCESS),
        (f"{GLOBALS}.os.popen('touch @/left').read()", PROCESS),
        (f"{GLOBALS}.os.execv('/bin/true', ['true'])", PROCESS),
        (f"{GLOBALS}.os.kill(1, 0)", PROCESS),
        (f"{IMPORT}('socket').create_connection(['127.0.0.1', 9])", NETWORK),
        (f"{IMPORT}('ctypes').CDLL(None)", NATIVE),
        (f"{GLOBALS}['__builtins__']['open']('@/left', 'w')", "it would write @/left, which is outside of the project"),
        (f"{GLOBALS}.os.open('left', 65, dir_fd=0)", "it would write relative to an open folder"),
        (f"{GLOBALS}.os.mkdir('@/left')", "it would write @/left, which is outside of the project"),
        (f"{GLOBALS}.os.symlink('@/out', '@/left')", "it would write @/left, which is outside of the project"),
        (f"{GLOBALS}.os.rename('@/secret', '@/left')", "it would write @/secret, which is outside of the project"),
        (f"{GLOBALS}.os.remove('@/secret')", "it would write @/secret, which is outside of the project"),
        (f"{GLOBALS}.os.chmod('@/secret', 511)", "it would write @/secret, which is outside of the project"),
        (f"{GLOBALS}.os.truncate('@/secret', 0)", "it would write @/secret, which is outside of the project"),
        (
            f"{GLOBALS}['__builtins__']['open']('@/secret').read()",
            "it would read @/secret, which is outside of the template",
        ),
        (f"{GLOBALS}.os.listdir('@')", "it would read @, which is outside of the template"),
    ],
)  # fmt: skip
def test_what_jinja_reaches_without_hooks(tmp_path: Path, out: Path, code: str, message: str, place: str) -> None:
    """It says what is refused; https://peps.python.org/pep-0578/ says why that is not all."""
    (tmp_path / "secret").write_text("secret")
    text = f"{{{{ {code.replace('@', str(tmp_path))} }}}}"
    variables = {**NAMES, "other": text} if place == "a default" else NAMES
    folder = cookiecutters.write(tmp_path / "template", variables, files={"a.txt": text, "b.txt": ""})
    assert refused(folder, out, hooks=False) == f"the template was stopped: {message.replace('@', str(tmp_path))}"
    assert (tmp_path / "secret").read_text() == "secret"


def test_the_environment_is_empty_without_hooks(tmp_path: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_SECRET", "x")
    text = f"{{{{ {GLOBALS}.os.environ|list|sort }}}} {{{{ {GLOBALS}.os.getcwd() }}}}"
    folder = cookiecutters.write(tmp_path / "template", {**NAMES, "cwd": text}, files={"a.txt": "{{cookiecutter.cwd}}"})
    seen = (cookiecutters.create(folder, out, hooks=False).folder / "a.txt").read_text()
    assert "A_SECRET" not in seen
    assert "HOME" not in seen
    assert f"{tmp_path / 'temporary'}/sam-scaffold-" in seen


@linux
def test_there_is_no_network_without_hooks() -> None:
    code = (
        "import socket, sys; from scaffold.render import fence; print(fence.leave_network());"
        "socket.create_connection(('127.0.0.1', int(sys.argv[1])))"
    )
    with socket.create_server(("127.0.0.1", 0)) as server:
        command = [sys.executable, "-c", code, str(server.getsockname()[1])]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    if done.stdout.strip():
        pytest.skip(f"this machine's kernel refuses: {done.stdout.strip()}")
    assert done.stderr.splitlines()[-1].startswith("OSError: [Errno 101] Network is unreachable")


@linux
def test_what_renders_without_hooks_is_in_a_network_of_its_own(tmp_path: Path) -> None:
    folder = cookiecutters.write(tmp_path / "template")
    mine = Path("/proc/self/ns/net").readlink()
    for hooks in (True, False):
        with custom.opened(folder, hooks=hooks) as template:
            if template.notices:
                pytest.skip(template.notices[0])
            process_id = template._renderer._process.pid  # noqa: SLF001  nothing else tells which process it is
            assert (Path(f"/proc/{process_id}/ns/net").readlink() == mine) == hooks


def test_a_network_that_cannot_be_left_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = cookiecutters.write(tmp_path / "template")
    answer = {"network": "Operation not permitted"}
    monkeypatch.setattr(process.Renderer, "ask", lambda *_, **__: answer)
    with custom.opened(folder, hooks=False) as template:
        assert template.notices == (
            "the template is rendered by a process that has the network: Operation not permitted",
        )


ENDLESS = "{% for a in range(99999) %}" * 3 + "{% endfor %}" * 3


@BOTH
def test_jinja_without_end(tmp_path: Path, out: Path, monkeypatch: pytest.MonkeyPatch, *, hooks: bool) -> None:
    folder = cookiecutters.write(tmp_path / "template", files={"a.txt": "", "b.txt": ENDLESS})
    before = cookiecutters.listing(tmp_path)
    with custom.opened(folder, hooks=hooks) as template:
        template.question({})
        monkeypatch.setattr(process, "LIMIT" if hooks else "LIMIT_WITHOUT_HOOKS", 0.5)
        with pytest.raises(CustomTemplateError) as caught:
            template.create({}, out, force=False)
    assert str(caught.value) == "the template was stopped: it took longer than 0.5 s"
    assert cookiecutters.listing(tmp_path) == before


def test_a_default_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = cookiecutters.write(tmp_path / "template", {"slug": ENDLESS})
    with custom.opened(folder) as template:
        monkeypatch.setattr(process, "LIMIT", 0.5)
        with pytest.raises(CustomTemplateError, match=r"it took longer than 0\.5 s"):
            template.question({})


def is_running(pid: int) -> bool:
    """Return whether a process lives; one that nobody waits for is dead, even if its number is still taken."""
    status = Path(f"/proc/{pid}/stat")
    if status.parent.parent.joinpath("self").exists():
        return status.exists() and status.read_text().rpartition(")")[2].split()[0] not in "ZX"
    return subprocess.run(["ps", "-p", str(pid)], capture_output=True, check=False).returncode == 0


def wait_for(condition: Any) -> None:
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end, "it takes too long"
        time.sleep(0.02)


@posix
def test_a_hook_without_end(tmp_path: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pids = tmp_path / "pids"
    pids.touch()
    hook = f"#!/bin/sh\ntrap '' TERM INT HUP\nsleep 1000 &\necho $$ $! > '{pids}'\nwhile :; do sleep 1000; done\n"
    folder = cookiecutters.write(tmp_path / "template", hooks={"post_gen_project.sh": hook}, files={"a.txt": ""})
    before = cookiecutters.listing(tmp_path)
    with custom.opened(folder) as template:
        monkeypatch.setattr(process, "LIMIT", 1)
        with pytest.raises(CustomTemplateError, match="it took longer than 1 s"):
            template.create({}, out, force=False)
    assert cookiecutters.listing(tmp_path) == before
    started = [int(pid) for pid in pids.read_text().split()]
    assert len(started) == 2
    wait_for(lambda: not any(is_running(pid) for pid in started))


@linux
@pytest.mark.parametrize("start", ["sleep 1000 &", "setsid sleep 1000 &", "(setsid sh -c 'sleep 1000' & ) &"])
def test_what_a_hook_leaves_running_is_ended(tmp_path: Path, out: Path, start: str) -> None:
    pids = tmp_path / "pids"
    start = start.replace(
        "sleep 1000", f"sh -c 'echo $$ >> {pids}; exec sleep 1000'" if "sh -c" not in start else "sleep 1000"
    )
    start = start.replace("sh -c 'sleep 1000'", f"sh -c 'echo $$ >> {pids}; exec sleep 1000'")
    hook = f"#!/bin/sh\n{start}\nwhile [ ! -s '{pids}' ]; do sleep 0.05; done\n"
    folder = cookiecutters.write(tmp_path / "template", hooks={"post_gen_project.sh": hook}, files={"a.txt": ""})
    assert cookiecutters.create(folder, out).folder.is_dir()
    (pid,) = map(int, pids.read_text().split())
    wait_for(lambda: not is_running(pid))


@posix
def test_a_hook_that_kills_the_process(tmp_path: Path, out: Path) -> None:
    folder = cookiecutters.write(
        tmp_path / "template", hooks={"post_gen_project.sh": "#!/bin/sh\nkill -9 $PPID\n"}, files={"a.txt": ""}
    )
    assert refused(folder, out) == "the process that renders the template was killed by signal 9"


@BOTH
def test_an_error_half_way(tmp_path: Path, out: Path, *, hooks: bool) -> None:
    files = {"a/a.txt": "", "b.txt": "", "z.txt": "{{ cookiecutter.none }}"}
    folder = cookiecutters.write(tmp_path / "template", files=files)
    assert refused(folder, out, hooks=hooks) == "the variable none is not defined"
    out.mkdir()
    (out / "mine.txt").touch()
    refused(folder, out, hooks=hooks)


@posix
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_leaves_nothing(tmp_path: Path, out: Path, number: signal.Signals) -> None:
    pids = tmp_path / "pids"
    pids.touch()
    hook = f"#!/bin/sh\ntrap '' INT TERM\necho $$ > '{pids}'\nwhile :; do sleep 1000; done\n"
    folder = cookiecutters.write(tmp_path / "template", hooks={"post_gen_project.sh": hook}, files={"a.txt": ""})
    before = cookiecutters.listing(tmp_path)
    code = (
        "import signal, sys\nfrom pathlib import Path\nfrom scaffold import custom\n"
        "signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))\n"
        "with custom.opened(Path(sys.argv[1])) as template:\n    template.create({}, Path(sys.argv[2]), force=False)\n"
    )
    environment = {**os.environ, "TMPDIR": str(tmp_path / "temporary")}
    command = [sys.executable, "-c", code, str(folder), str(out)]
    running = subprocess.Popen(command, env=environment, start_new_session=True, stderr=subprocess.DEVNULL)
    wait_for(lambda: pids.read_text().strip())
    os.killpg(running.pid, number)
    assert running.wait(timeout=60) in (143, -signal.SIGINT, 1)
    assert cookiecutters.listing(tmp_path) == before
    wait_for(lambda: not is_running(int(pids.read_text())))


@posix
def test_what_a_template_says_cannot_move_the_cursor(tmp_path: Path, out: Path) -> None:
    folder = cookiecutters.write(tmp_path / "template", files={"a.txt": "{{ cookiecutter['\\x1b[2J'] }}"})
    assert "\x1b" not in refused(folder, out)
