"""Pushing to remotes of every kind: those that take it, that refuse, that are not there, that never answer."""

from __future__ import annotations

import base64
import http.server
import json
import os
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from scaffold.git_program import without_credentials
from test_workshop_build import answer, children, command, orphans, repositories, workers
from workshops import built, content, git, lay, manifest, report, run, settled, start, stepped, until

pytestmark = pytest.mark.slow

TAGS = ["step-1-start", "step-1-solution", "step-2-start", "step-2-solution"]


def remotes(folder: Path, *names: str) -> Path:
    for name in names:
        git(folder.parent, "init", "--quiet", "--bare", "--initial-branch=main", str(folder / f"tiny-{name}.git"))
    return folder


def hook(remote: Path, text: str) -> None:
    lay(remote, {"hooks/pre-receive": f"#!/bin/sh\n{text}\n"})
    (remote / "hooks/pre-receive").chmod(0o755)


def pushes(out: Path) -> dict[str, tuple[str | None, str | None]]:
    return {row["handle"]: (row["push"], row["push_error"]) for row in report(out)["repositories"]}


def test_everything_arrives_where_it_can_and_the_report_tells_where_not(tmp_path: Path) -> None:
    names = "Anna,Bert,Cleo,Dora,Emil"
    lay(tmp_path, {"w/r.csv": "name\n" + names.replace(",", "\n")})
    folder = stepped(tmp_path / "w", roster="r.csv")
    far = remotes(tmp_path / "far", "anna", "bert", "dora", "emil")
    hook(far / "tiny-bert.git", "echo no room for you >&2; exit 1")
    # Dora's has another history.
    other = tmp_path / "other"
    git(tmp_path, "init", "--quiet", "--initial-branch", "main", str(other))
    (other / "file").write_text("work of hours\n")
    git(other, "add", ".")
    git(other, "-c", "user.name=D", "-c", "user.email=d@example.org", "commit", "--quiet", "--message", "work")
    git(other, "push", "--quiet", str(far / "tiny-dora.git"), "main")
    theirs = git(far / "tiny-dora.git", "rev-parse", "main")

    address = "../far/{name}.git"  # relative to where the command runs
    hostile = {**os.environ, "GIT_DIR": "/nowhere", "GIT_INDEX_FILE": "/nowhere", "GIT_TRACE": "1"}
    done = run("build", "--out", "out", "--push", address, "-j", "2", cwd=folder, env=hostile)
    assert done.returncode == 1
    out = folder / "out"
    found = pushes(out)
    assert {name: one[0] for name, one in found.items()} == {
        "anna": "pushed", "bert": "failed", "cleo": "failed", "dora": "failed", "emil": "pushed"
    }  # fmt: skip
    assert "pre-receive hook declined" in str(found["bert"][1])
    assert "does not appear to be a git repository" in str(found["cleo"][1])
    assert "rejected" in str(found["dora"][1])
    assert git(far / "tiny-dora.git", "rev-parse", "main") == theirs
    for name in ("anna", "emil"):
        remote = far / f"tiny-{name}.git"
        assert git(remote, "tag").split() == sorted(TAGS)
        rows = {row["handle"]: row for row in report(out)["repositories"]}
        assert {one: git(remote, "rev-parse", one) for one in ["main", *TAGS]} == rows[name]["refs"]
        assert rows[name]["remote"] == f"../far/tiny-{name}.git"
        assert rows[name]["clone"] == f"git clone ../far/tiny-{name}.git"
    for text in (done.stdout, (out / "report.csv").read_text()):
        assert "pre-receive hook declined" in text
    assert "2 pushed, 3 not pushed" in done.stdout
    assert run("status", "out", cwd=folder).returncode == 1
    assert run("verify", "out", cwd=folder).returncode == 0

    # Again: what has arrived is left alone, what has not is tried.
    (far / "tiny-bert.git/hooks/pre-receive").unlink()
    remotes(far, "cleo")
    hook(far / "tiny-anna.git", "touch touched")
    before = repositories(out)
    assert run("build", "--out", "out", "--push", address, cwd=folder).returncode == 1
    assert {name for name, one in pushes(out).items() if one[0] == "failed"} == {"dora"}
    assert not (far / "tiny-anna.git/touched").exists()
    assert repositories(out) == before
    # Without --push nothing is pushed, and what is known of it stays.
    before_report = report(out)
    assert run("build", "--out", "out", cwd=folder).returncode == 1
    assert report(out) == before_report


def test_what_may_pass_is_tried_again(tmp_path: Path) -> None:
    folder = stepped(tmp_path / "w", count=2)
    far = remotes(tmp_path / "far", "participant-01", "participant-02")
    # The first hangs up at the first time, the second refuses at any time.
    hook(far / "tiny-participant-01.git", "echo x >> times; test $(wc -l < times) -gt 1 || kill -9 $PPID")
    hook(far / "tiny-participant-02.git", "echo x >> times; exit 1")
    done = run("build", "--out", "out", "--push", f"file://{far}/{{name}}.git", cwd=folder)
    assert done.returncode == 1
    assert [one[0] for one in pushes(folder / "out").values()] == ["pushed", "failed"]
    assert [(far / f"tiny-participant-0{number}.git/times").read_text() for number in (1, 2)] == ["x\nx\n", "x\n"]
    assert git(far / "tiny-participant-01.git", "tag").split() == sorted(TAGS)


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("https://user:s3cr3t-token@127.0.0.1:1/{name}.git", "json"),
        ("http://s3cr3t-token@127.0.0.1:1/a@b/{name}.git", "text"),
    ],
)
def test_credentials_are_told_nowhere(address: str, kind: str, tmp_path: Path) -> None:
    folder = manifest(tmp_path, count=1)
    done = run("build", "--out", "out", "--push", address, "--output", kind, cwd=folder)
    assert done.returncode == 1
    if kind == "json":
        [failure] = json.loads(done.stdout)["failures"]
        assert "127.0.0.1" in failure["error"]
    written = b"".join(data or b"" for data in content(folder / "out", "none").values())
    assert "s3cr3t" not in done.stdout + done.stderr
    assert b"s3cr3t" not in written
    assert b"127.0.0.1:1/" in written
    done = run("build", "--out", "new", "--push", address.replace("{name}", "all"), cwd=folder)
    assert (done.returncode, "s3cr3t" in done.stderr) == (2, False)


@pytest.mark.parametrize(
    ("text", "address", "shown"),
    [
        ("fatal: at 'https://u:p@h/x.git'", "", "fatal: at 'https://h/x.git'"),
        ("https://token@h/x", "", "https://h/x"),
        ("https://u:p@ss@h/x", "", "https://h/x"),
        ("https://u:p/ss@h/x", "", "https://h/x"),
        ("https://h:443/a@b/x", "https://h:443/a@b/x", "https://h:443/a@b/x"),
        ("ssh://git@h:22/x", "", "ssh://git@h:22/x"),
        ("ssh://git:pw@h/x", "", "ssh://git@h/x"),
        ("git@h:o/x.git", "", "git@h:o/x.git"),
        ("/path/a@b/x", "", "/path/a@b/x"),
        ("https://h/a@b/x", "", "https://h/a@b/x"),
        ("the password p4ssw0rd is wrong", "https://u:p4ssw0rd@h/x", "the password *** is wrong"),
        ("the password p@ss is wrong", "https://u:p%40ss@h/x", "the password *** is wrong"),
        ("no git at 'ssh://git@h/x.git'", "ssh://git@h/x.git", "no git at 'ssh://git@h/x.git'"),
        ("https://a:b@h/x and https://c:d@h/y", "", "https://h/x and https://h/y"),
    ],
)
def test_addresses_lose_their_credentials_and_nothing_else(text: str, address: str, shown: str) -> None:
    assert without_credentials(text, address) == shown


def test_nobody_is_asked_and_ctrl_c_does_not_wait(tmp_path: Path) -> None:
    """A remote that never answers, and a program that would ask for the password."""
    folder = manifest(tmp_path, count=2)
    asked = tmp_path / "asked"
    lay(tmp_path, {"ask": f"#!/bin/sh\ntouch {asked}\nsleep 600\n"})
    (tmp_path / "ask").chmod(0o755)
    mark = f"push-{os.getpid()}"
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        environment = {**os.environ, "SSH_ASKPASS": str(tmp_path / "ask"), "DISPLAY": ":0", "SCAFFOLD_TEST": mark}
        for end in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
            arguments = ("build", "--out", "out", "--push", f"http://127.0.0.1:{port}/{{name}}.git", "-j", "2")
            process = start(*arguments, cwd=folder, env=environment)
            until(lambda to=process.pid: pushing(to))  # type: ignore[misc]
            time.sleep(0.2)
            if end == signal.SIGINT:
                os.killpg(process.pid, end)
            else:
                process.send_signal(end)
            _, said = process.communicate(timeout=10)
            assert process.returncode == {signal.SIGINT: 130, signal.SIGTERM: 143}.get(end, -end)
            assert "Traceback" not in said
            until(lambda: not orphans(mark), 10)
            # They are there all the same; of the first two ends, the report tells so.
            assert [row["status"] for row in report(folder / "out")["repositories"]] == ["ready", "ready"]
    assert not asked.exists()
    built(folder)


def pushing(process: int) -> bool:
    """Return whether both of two workers push."""
    return sum("git push" in command(one) for worker in workers(process) for one in children(worker)) > 1


def test_a_remote_that_wants_a_password_is_one_that_refuses(tmp_path: Path) -> None:
    class Locked(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="x"')
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    folder = manifest(tmp_path, count=1)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Locked) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/{{name}}.git"
        lay(tmp_path, {"ask": f"#!/bin/sh\ntouch {tmp_path}/asked\necho answer\n"})
        (tmp_path / "ask").chmod(0o755)
        environment = {**os.environ, "SSH_ASKPASS": str(tmp_path / "ask"), "DISPLAY": ":0"}
        done = run("build", "--out", "out", "--push", address, cwd=folder, timeout=30, env=environment)
        server.shutdown()
    assert done.returncode == 1
    assert not (tmp_path / "asked").exists()
    [(state, why)] = pushes(folder / "out").values()
    assert state == "failed"
    assert "could not read Username" in str(why)


def trap(folder: Path) -> tuple[Path, Path]:
    """Return a program that leaves a file behind, and that file."""
    sprung = folder / "sprung"
    lay(folder, {"trap.sh": f'#!/bin/sh\necho "$0 $@" >> {sprung}\n'})
    (folder / "trap.sh").chmod(0o755)
    return folder / "trap.sh", sprung


def with_hook(repository: Path, program: Path, _elsewhere: Path) -> None:
    lay(repository, {".git/hooks/pre-push": program.read_text(), ".git/hooks/reference-transaction": "#!/bin/sh\n"})
    (repository / ".git/hooks/pre-push").chmod(0o755)


def with_hooks_path(repository: Path, program: Path, _elsewhere: Path) -> None:
    lay(repository.parent, {"hooks/pre-push": program.read_text()})
    (repository.parent / "hooks/pre-push").chmod(0o755)
    git(repository, "config", "core.hooksPath", str(repository.parent / "hooks"))


def with_program_for_signing(repository: Path, program: Path, _elsewhere: Path) -> None:
    git(repository.parents[2] / "far/tiny-participant-01.git", "config", "receive.certNonceSeed", "x")
    git(repository, "config", "push.gpgSign", "true")
    git(repository, "config", "gpg.program", str(program))


def with_other_configuration(repository: Path, program: Path, _elsewhere: Path) -> None:
    other = repository.parent / "common"
    shutil.copytree(repository / ".git", other)
    lay(other, {"hooks/pre-push": program.read_text()})
    (other / "hooks/pre-push").chmod(0o755)
    (repository / ".git/commondir").write_text("../../common\n")


def with_other_address(repository: Path, _program: Path, elsewhere: Path) -> None:
    git(repository, "config", f"url.{elsewhere.parent}/.insteadOf", f"{repository.parents[2]}/far/")


def with_other_push_address(repository: Path, _program: Path, elsewhere: Path) -> None:
    git(repository, "config", f"url.{elsewhere.parent}/.pushInsteadOf", f"{repository.parents[2]}/far/")


ATTACKS = [
    with_hook,
    with_hooks_path,
    with_program_for_signing,
    with_other_configuration,
    with_other_address,
    with_other_push_address,
]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_nothing_that_lies_in_a_repository_is_run_or_obeyed(
    attack: Callable[[Path, Path, Path], None], tmp_path: Path
) -> None:
    folder = stepped(tmp_path / "w", count=1)
    repository = built(folder) / "tiny-participant-01"
    far, elsewhere = (remotes(tmp_path / name, "participant-01") for name in ("far", "elsewhere"))
    program, sprung = trap(tmp_path)
    attack(repository, program, elsewhere / "tiny-participant-01.git")
    done = run("build", "--out", "out", "--push", f"{far}/{{name}}.git", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert not sprung.exists(), sprung.read_text()
    assert git(elsewhere / "tiny-participant-01.git", "for-each-ref") == ""
    [row] = report(folder / "out")["repositories"]
    assert {ref: git(far / "tiny-participant-01.git", "rev-parse", ref) for ref in ["main", *TAGS]} == row["refs"]
    settled(folder / "out")
    # And git by itself would have done as it says.
    git(far / "tiny-participant-01.git", "update-ref", "-d", "refs/heads/main")
    subprocess.run(
        ["git", "-C", repository, "push", "--quiet", str(far / "tiny-participant-01.git"), "main"],
        capture_output=True, check=False,
    )  # fmt: skip
    assert sprung.exists() or git(elsewhere / "tiny-participant-01.git", "for-each-ref"), "the trap does not work"


def test_what_is_pushed_is_what_was_made(tmp_path: Path) -> None:
    """A branch or a tag that somebody has moved is not."""
    folder = stepped(tmp_path / "w", count=1)
    repository = built(folder) / "tiny-participant-01"
    far = remotes(tmp_path / "far", "participant-01")
    git(repository, "-c", "user.name=X", "-c", "user.email=x@x", "commit", "--quiet", "--allow-empty", "-m", "mine")
    git(repository, "tag", "--force", "step-1-start", "main")
    git(repository, "tag", "mine")
    before = content(repository)
    assert run("build", "--out", "out", "--push", f"{far}/{{name}}.git", cwd=folder).returncode == 0
    [row] = report(folder / "out")["repositories"]
    assert git(far / "tiny-participant-01.git", "tag").split() == sorted(TAGS)
    assert {ref: git(far / "tiny-participant-01.git", "rev-parse", ref) for ref in ["main", *TAGS]} == row["refs"]
    assert content(repository) == before


def test_what_the_user_has_configured_counts(tmp_path: Path) -> None:
    """Addresses, and the program for ssh; but no hooks."""
    folder = stepped(tmp_path / "w", count=1)
    far = remotes(tmp_path / "far", "participant-01")
    program, sprung = trap(tmp_path)
    lay(tmp_path / "home", {
        "ssh": f'#!/bin/sh\necho "$@" > {tmp_path}/called\nwhile [ $# -gt 1 ]; do shift; done\neval "exec $1"\n',
        "hooks/pre-push": program.read_text(),
        ".gitconfig": f'[url "ssh://git@host{far}/"]\n\tinsteadOf = day:\n'
        f"[core]\n\tsshCommand = {tmp_path}/home/ssh\n\thooksPath = {tmp_path}/home/hooks\n",
    })  # fmt: skip
    for name in ("ssh", "hooks/pre-push"):
        (tmp_path / "home" / name).chmod(0o755)
    environment = {**os.environ, "HOME": str(tmp_path / "home"), "GIT_SSH_VARIANT": "simple"}
    done = run("build", "--out", "out", "--push", "day:{name}.git", cwd=folder, env=environment)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert git(far / "tiny-participant-01.git", "tag").split() == sorted(TAGS)
    assert "git@host git-receive-pack" in (tmp_path / "called").read_text()
    assert not sprung.exists()


def test_the_users_credential_helper_is_asked(tmp_path: Path) -> None:
    seen: list[str | None] = []

    class Server(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self.headers["Authorization"])
            self.send_response(403 if seen[-1] else 401)
            self.send_header("WWW-Authenticate", 'Basic realm="x"')
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    folder = manifest(tmp_path, count=1)
    lay(tmp_path / "home", {
        "helper": "#!/bin/sh\necho username=ada\necho password=s3cret\n",
        ".gitconfig": f"[credential]\n\thelper = {tmp_path}/home/helper\n",
    })  # fmt: skip
    (tmp_path / "home/helper").chmod(0o755)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/{{name}}.git"
        environment = {**os.environ, "HOME": str(tmp_path / "home")}
        done = run("build", "--out", "out", "--push", address, cwd=folder, timeout=60, env=environment)
        server.shutdown()
    assert done.returncode == 1
    assert f"Basic {base64.b64encode(b'ada:s3cret').decode()}" in seen
    assert "s3cret" not in done.stdout + done.stderr + json.dumps(report(folder / "out"))


def work(remote: Path, copy: Path) -> str:
    """Do what a participant does, and return the commit that ``main`` is at then."""
    git(copy.parent, "clone", "--quiet", str(remote), str(copy))
    (copy / "mine.txt").write_text("work of hours\n")
    git(copy, "add", ".")
    git(copy, "-c", "user.name=P", "-c", "user.email=p@example.org", "commit", "--quiet", "--message", "work")
    git(copy, "push", "--quiet", "origin", "main")
    return git(copy, "rev-parse", "main")


def bare(remote: Path, *, atomic: bool) -> None:
    """Set whether a remote can take all or nothing; some hosts cannot."""
    git(remote, "config", "receive.advertiseAtomic", str(atomic).lower())


@pytest.mark.parametrize("atomic", [True, False])
@pytest.mark.parametrize("steps", [True, False])
def test_a_remote_whose_participant_works_is_no_failure(steps: bool, atomic: bool, tmp_path: Path) -> None:
    folder = (stepped if steps else manifest)(tmp_path / "w", count=2)
    far = remotes(tmp_path / "far", "participant-01", "participant-02")
    for number in (1, 2):
        bare(far / f"tiny-participant-0{number}.git", atomic=atomic)
    built(folder, "--push", f"{far}/{{name}}.git", out="first")
    remote = far / "tiny-participant-01.git"
    theirs = work(remote, tmp_path / "copy")
    if steps:
        git(remote, "tag", "--delete", "step-2-solution")
    objects = git(folder / "first/tiny-participant-01", "count-objects", "-v")
    done = run("build", "--out", "out", "--push", f"{far}/{{name}}.git", cwd=folder)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert "2 of 2 repositories are ready, 1 pushed, 1 in use already." in done.stdout
    assert pushes(folder / "out") == {"participant-01": ("in_use", None), "participant-02": ("pushed", None)}
    assert git(remote, "rev-parse", "main") == theirs
    assert git(remote, "tag").split() == (sorted(TAGS) if steps else [])
    assert git(folder / "out/tiny-participant-01", "count-objects", "-v") == objects, "nothing is fetched"
    found = answer(run("status", "out", "--output", "json", cwd=folder), "workshop status")
    assert (found["status"], found["pushed"], found["in_use"], found["push_failed"]) == ("success", 1, 1, 0)
    assert "Not online" not in (folder / "out/index.html").read_text()
    assert run("verify", "out", cwd=folder).returncode == 0
    # Once more: what is known to be there is left alone.
    hook(remote, "touch touched")
    built(folder, "--push", f"{far}/{{name}}.git")
    assert not (remote / "touched").exists()


@pytest.mark.parametrize("atomic", [True, False])
@pytest.mark.parametrize("refusal", ["history", "hook", "tag"])
def test_a_push_that_is_refused_leaves_no_tag_behind(refusal: str, atomic: bool, tmp_path: Path) -> None:
    folder = stepped(tmp_path / "w", count=1)
    far = remotes(tmp_path / "far", "participant-01")
    remote = far / "tiny-participant-01.git"
    bare(remote, atomic=atomic)
    git(tmp_path, "init", "--quiet", "--initial-branch", "main", str(tmp_path / "other"))
    git(tmp_path / "other", "remote", "add", "origin", str(remote))
    git(tmp_path / "other", "-c", "user.name=D", "-c", "user.email=d@d", "commit", "-q", "--allow-empty", "-m", "x")
    if refusal == "history":
        git(tmp_path / "other", "push", "--quiet", "origin", "main")
    elif refusal == "tag":
        git(tmp_path / "other", "push", "--quiet", "origin", "main:refs/tags/step-2-start")
    else:
        lay(remote, {"hooks/update": '#!/bin/sh\ntest "$1" != refs/heads/main\n'})
        (remote / "hooks/update").chmod(0o755)
    before = git(remote, "for-each-ref")
    done = run("build", "--out", "out", "--push", f"{far}/{{name}}.git", cwd=folder)
    assert done.returncode == 1
    [(state, why)] = pushes(folder / "out").values()
    expected = {
        "history": "main [rejected] (fetch first): what is there is not built on this repository",
        "hook": "main [remote rejected] (hook declined)",
        "tag": "step-2-start [rejected] (already exists)",
    }
    assert (state, why) == ("failed", expected[refusal])
    if refusal != "tag" or atomic:
        assert git(remote, "for-each-ref") == before
    else:
        assert git(remote, "rev-parse", "step-2-start") in before, "never by force"


def test_what_cannot_be_pushed_is_told_before_anything_is_written(tmp_path: Path) -> None:
    folder = manifest(tmp_path, count=1)
    for address in ("/remotes/all.git", "/remotes/{nobody}.git"):
        done = run("build", "--out", "out", "--push", address, cwd=folder)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith("Error: --push ")
    for kind in ("zip", "folder"):
        manifest(tmp_path, count=1, output=kind)
        done = run("build", "--out", "out", "--push", "/remotes/{name}.git", cwd=folder)
        assert (done.returncode, "--push is for git" in done.stderr) == (2, True)
    # Not an option of git's, either.
    manifest(tmp_path, count=1)
    done = run("build", "--out", "new", f"--push=--receive-pack=touch {tmp_path}/run; {{name}}", cwd=folder)
    assert done.returncode == 1
    assert not (tmp_path / "run").exists()
    assert not (folder / "out").exists()
