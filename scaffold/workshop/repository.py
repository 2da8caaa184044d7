"""What a participant gets, on the disk: a git repository, a folder or a zip; and how a repository is pushed.

Pushing is the git program's: it knows the user's credential helpers and ssh.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import time
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from scaffold.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

Files = dict[str, tuple[bytes, bool]]  # contents and whether they may be executed, by path
BRANCH = "main"
_PUSH_SECONDS = 300  # for one attempt
_PAUSES = (1.0, 4.0)  # seconds before the second and the third attempt
# What no second attempt will change.
_FINAL = re.compile(
    r"rejected|denied|not found|does not (?:exist|appear)|authentication|could not read Username", re.IGNORECASE
)


@dataclass(frozen=True)
class State:
    """A state of a repository: its message, its tag, and the files that differ from the state before."""

    message: str
    tag: str | None
    files: Files


@dataclass(frozen=True)
class Made:
    """What was made: commit ids by branch and tag, a SHA-256 of everything in it, and of each file in a folder."""

    refs: dict[str, str]
    digest: str
    files: dict[str, str] | None = None


# A git repository -------------------------------------------------------------------------------------------------


def write_git(folder: Path, states: Sequence[State], start: int, author: tuple[str, str], date: str) -> Made:
    """Make a repository in ``folder``, which does not exist, with ``main`` at the state number ``start``.

    ``date`` is that of all commits, YYYY-MM-DD, at midnight UTC.
    """
    from scaffold.workshop import commits  # noqa: PLC0415  dulwich takes time to load

    _tree(folder, _until(states, start))
    refs = commits.write(folder / ".git", states, start, author, date)
    return Made(refs, digest_of_git(folder / ".git", refs))


def digest_of_git(git: Path, refs: Mapping[str, str]) -> str:
    """Return a SHA-256 of what a repository holds: its commits by branch and tag, HEAD and its configuration."""
    text = "".join(f"{name} {commit}\n" for name, commit in sorted(refs.items())).encode()
    return hashlib.sha256(text + (git / "HEAD").read_bytes() + (git / "config").read_bytes()).hexdigest()


def run_git(git: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run git on the repository in the folder ``git``, whatever the user's configuration and environment say.

    Raises :class:`OutputError` where there is no git.
    """
    environment = {
        **_without_git(os.environ),
        "GIT_DIR": str(git),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "LC_ALL": "C",
    }
    needs_git()
    return subprocess.run(["git", *arguments], env=environment, capture_output=True, check=False)  # noqa: S603, S607


def _reason(lines: Sequence[str]) -> str:
    """Return the line of git's words that says why."""
    return next((line for line in lines if line.startswith(("fatal:", "error:"))), lines[-1] if lines else "no reason")


def _without_git(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment without what would lead git to another repository."""
    keep = ("GIT_SSH", "GIT_SSH_COMMAND", "GIT_ASKPASS", "GIT_EXEC_PATH", "GIT_SSL_CAINFO", "GIT_PROXY_COMMAND")
    return {key: value for key, value in environment.items() if not key.startswith("GIT_") or key in keep}


def needs_git() -> None:
    """Raise :class:`OutputError` where there is no git program."""
    if shutil.which("git") is None:
        raise OutputError("there is no git on the PATH", "install git: verifying and pushing take it")


# Pushing ----------------------------------------------------------------------------------------------------------


def push(folder: Path, address: str) -> None:
    """Push ``main`` and the tags to a remote that exists; never by force, and never asking for a password.

    What may be the network's fault is tried three times. Raises :class:`OutputError`, without credentials in its
    text.
    """
    command = ["git", "push", "--quiet", address, f"refs/heads/{BRANCH}:refs/heads/{BRANCH}", "refs/tags/*:refs/tags/*"]
    environment = {"GIT_SSH_COMMAND": "ssh -oBatchMode=yes", **_without_git(os.environ), "GIT_TERMINAL_PROMPT": "0"}
    environment |= {"LC_ALL": "C", "GIT_DIR": str(folder / ".git")}
    for pause in (*_PAUSES, None):
        try:
            done = subprocess.run(  # noqa: S603
                command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False,
                timeout=_PUSH_SECONDS,
            )  # fmt: skip
            said = done.stderr.decode(errors="replace")
            failed = done.returncode != 0
        except subprocess.TimeoutExpired:
            said, failed = f"no answer in {_PUSH_SECONDS} seconds", True
        if not failed:
            return
        if pause is None or _FINAL.search(said):
            lines = [line.strip() for line in said.splitlines() if line.strip()]
            why = next((line for line in lines if line.startswith("!")), _reason(lines))
            raise OutputError(without_credentials(why, address))
        time.sleep(pause)


_CREDENTIALS = re.compile(r"(?<=://)[^/\s@]*@")


def without_credentials(text: str, address: str = "") -> str:
    """Return a text in which no address has a user, a password or a token in front of its host."""
    for part in re.split(r"[:@]", address.partition("://")[2].rpartition("@")[0]):
        text = text.replace(part, "***") if part else text
    return _CREDENTIALS.sub("", text)


# Folders and zips -------------------------------------------------------------------------------------------------


def write_folder(folder: Path, states: Sequence[State], start: int) -> Made:
    """Make a plain folder; with steps, a folder in it for each of their states, named as its tag would be."""
    files = _laid_out(states, start)
    _tree(folder, files)
    sums = {path: _sum(*content) for path, content in sorted(files.items())}
    return Made({}, digest_of_files(sums), sums)


def digest_of_files(sums: Mapping[str, str]) -> str:
    """Return a SHA-256 of a folder from those of its files."""
    return hashlib.sha256("".join(f"{one}  {path}\n" for path, one in sorted(sums.items())).encode()).hexdigest()


def write_zip(file: Path, states: Sequence[State], start: int, name: str, date: str) -> Made:
    """Make a zip with one folder, ``name``, that holds the same as :func:`write_folder` makes."""
    year, month, day = (int(part) for part in date.split("-"))
    with zipfile.ZipFile(file, "x", zipfile.ZIP_DEFLATED) as archive:
        for path, (data, executable) in sorted(_laid_out(states, start).items()):
            # A zip knows no year before 1980 and no time zone.
            entry = zipfile.ZipInfo(f"{name}/{path}", (max(year, 1980), month, day, 0, 0, 0))
            entry.external_attr = (0o100755 if executable else 0o100644) << 16
            entry.create_system = 3  # Unix, on every system
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return Made({}, hashlib.sha256(file.read_bytes()).hexdigest())


def _sum(data: bytes, executable: bool) -> str:  # noqa: FBT001  the two halves of a file, as they stand in Files
    return hashlib.sha256(data).hexdigest() + ("x" if executable else "")


def sum_of(path: Path) -> str:
    """Return the SHA-256 of a file, with an x behind it where it may be executed."""
    return _sum(path.read_bytes(), bool(path.stat().st_mode & 0o100))


def _until(states: Sequence[State], last: int) -> Files:
    files: Files = {}
    for state in states[: last + 1]:
        files |= state.files
    return files


def _laid_out(states: Sequence[State], start: int) -> Files:
    tagged = [number for number, state in enumerate(states) if state.tag]
    if not tagged:
        return _until(states, start)
    return {
        f"{states[number].tag}/{path}": content for number in tagged for path, content in _until(states, number).items()
    }


def _tree(folder: Path, files: Files) -> None:
    """Write files below a folder that does not exist yet."""
    mask = os.umask(0)
    os.umask(mask)
    folder.mkdir()
    # Each folder is made once, those that it lies in before it.
    parents = {parent for path in files for parent in PurePosixPath(path).parents} - {PurePosixPath()}
    for parent in sorted(parents):
        (folder / parent).mkdir()
    for path, (data, executable) in files.items():
        with (folder / path).open("xb") as file:
            file.write(data)
        if executable:
            (folder / path).chmod(0o777 & ~mask)
