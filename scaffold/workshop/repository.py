"""What a participant gets, on the disk: a git repository, a folder or a zip; and how a repository is pushed.

Pushing is the git program's: it knows the user's credential helpers and ssh.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import signal
import stat
import subprocess
import time
import zipfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote

from scaffold import paths
from scaffold.errors import OutputError
from scaffold.workshop.states import BRANCH

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scaffold.workshop.states import Files, State

ANY = ("utf-8", "surrogateescape")  # names of files that somebody has put there may be any bytes
_LONGEST = 500  # characters of what git says
_PUSH_SECONDS = 300  # for one attempt
_PAUSES = (1.0, 4.0)  # seconds before the second and the third attempt
# What no second attempt will change.
_FINAL = re.compile(
    r"rejected|denied|not found|does not (?:exist|appear)|authentication|could not read Username|strange pathname",
    re.IGNORECASE,
)


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
    git = folder / ".git"
    refs, staged = commits.write(git, states, start, author, date)
    sums = {path: sum_of(git / path) for path in listed(git) if path != "index"}
    return Made(refs, digest_of_git(sums, staged))


def digest_of_git(sums: Mapping[str, str], staged: Mapping[str, str]) -> str:
    """Return a SHA-256 of git's folder from those of its files, and from what is in the index.

    The index itself is not among the files: git writes it anew whenever it has looked at the working tree.
    """
    both = {**sums, **{f"index {path}": blob for path, blob in staged.items()}}
    return hashlib.sha256("".join(f"{one}  {path}\n" for path, one in sorted(both.items())).encode(*ANY)).hexdigest()


# Pushing ----------------------------------------------------------------------------------------------------------


def needs_git() -> None:
    """Raise :class:`OutputError` where there is no git program."""
    if shutil.which("git") is None:
        raise OutputError("there is no git on the PATH", "install git: pushing takes it")


def push(folder: Path, address: str) -> None:
    """Push ``main`` and the tags to a remote that exists; never by force, and never asking for a password.

    What may be the network's fault is tried three times. Raises :class:`OutputError`, without credentials in its
    text.
    """
    refs = (f"refs/heads/{BRANCH}:refs/heads/{BRANCH}", "refs/tags/*:refs/tags/*")
    for pause in (*_PAUSES, None):
        said = _git(folder / ".git", "push", "--quiet", "--", address, *refs)
        if said is None:
            return
        if pause is None or _FINAL.search(said):
            lines = [line.strip() for line in said.splitlines() if line.strip()]
            why = next((line for line in lines if line.startswith("!")), _reason(lines))
            shown = "".join(one if one.isprintable() else " " for one in without_credentials(why, address))
            raise OutputError(shown[:_LONGEST])
        time.sleep(pause)


_pushing: subprocess.Popen[bytes] | None = None


def _git(git: Path, *arguments: str) -> str | None:
    """Run git on the repository in the folder ``git``; return what it says where it fails."""
    global _pushing  # noqa: PLW0603  for stop_pushing
    environment = _environment() | {"GIT_DIR": str(git)}
    # A session of its own has no terminal: neither git nor ssh can ask there. And it ends as one.
    with subprocess.Popen(  # noqa: S603
        ["git", *arguments], env=environment, start_new_session=True,  # noqa: S607
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        _pushing = process
        try:
            said = process.communicate(timeout=_PUSH_SECONDS)[1].decode(errors="replace")
        except subprocess.TimeoutExpired:
            stop_pushing()
            return f"no answer in {_PUSH_SECONDS} seconds"
        finally:
            _pushing = None
    return (said or f"git ended with {process.returncode}") if process.returncode else None


def stop_pushing() -> None:
    """End the git program that is pushing, if there is one, with what it has started."""
    if _pushing is None:
        return
    with suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(_pushing.pid, signal.SIGKILL)
        else:
            _pushing.kill()


# What a user may have set for the way to the remote; everything else that git listens to might lead it elsewhere.
_KEPT = re.compile(r"GIT_(?:SSH|SSH_COMMAND|SSH_VARIANT|ASKPASS|EXEC_PATH|SSL_\w+|PROXY_COMMAND|CONFIG_\w+)")


def _environment() -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_") or _KEPT.fullmatch(key)}
    kept.pop("SSH_ASKPASS", None)  # a window that asks
    return {
        **kept,
        "GIT_TERMINAL_PROMPT": "0",
        "SSH_ASKPASS_REQUIRE": "never",
        "GCM_INTERACTIVE": "never",
        "LC_ALL": "C",
    }


def _reason(lines: Sequence[str]) -> str:
    """Return the line of git's words that says why."""
    return next((line for line in lines if line.startswith(("fatal:", "error:"))), lines[-1] if lines else "no reason")


# Up to the last @ before a slash; or before several, where the word behind a colon is no port and so a password.
_LOGIN = re.compile(r"(\w[\w+.-]*)://([^/\s]*|[^/\s:@]*:(?!\d+/)\S*)@")


def without_credentials(text: str, address: str = "") -> str:
    """Return a text in which no address has a password or a token; of ssh the user stays, who is no secret.

    ``address`` is one whose password is left out wherever it stands.
    """
    text = _LOGIN.sub(_known_user, text)
    found = _LOGIN.match(address)
    if found:
        user, _, password = found[2].partition(":")
        secret = password or ("" if "ssh" in found[1] else user)
        for word in (secret, unquote(secret)):
            text = text.replace(word, "***") if word else text
    return text


def _known_user(found: re.Match[str]) -> str:
    scheme, login = found.groups()
    user = f"{login.partition(':')[0]}@" if "ssh" in scheme else ""
    return f"{scheme}://{user}"


# Folders and zips -------------------------------------------------------------------------------------------------


def write_folder(folder: Path, states: Sequence[State], start: int) -> Made:
    """Make a plain folder; with steps, a folder in it for each of their states, named as its tag would be."""
    files = _laid_out(states, start)
    _tree(folder, files)
    sums = {path: _sum(*content) for path, content in sorted(files.items())}
    return Made({}, digest_of_files(sums), sums)


def digest_of_files(sums: Mapping[str, str]) -> str:
    """Return a SHA-256 of a folder from those of its files."""
    return hashlib.sha256("".join(f"{one}  {path}\n" for path, one in sorted(sums.items())).encode(*ANY)).hexdigest()


def write_zip(file: Path, states: Sequence[State], start: int, name: str, date: str) -> Made:
    """Make a zip with one folder, ``name``, that holds the same as :func:`write_folder` makes."""
    year, month, day = (int(part) for part in date.split("-"))
    with zipfile.ZipFile(file, "x", zipfile.ZIP_DEFLATED) as archive:
        for path, (data, executable) in sorted(_laid_out(states, start).items()):
            # A zip knows the years from 1980 to 2107 and no time zone.
            entry = zipfile.ZipInfo(f"{name}/{path}", (min(max(year, 1980), 2107), month, day, 0, 0, 0))
            entry.external_attr = (0o100755 if executable else 0o100644) << 16
            entry.create_system = 3  # Unix, on every system
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return Made({}, hashlib.sha256(file.read_bytes()).hexdigest())


def _sum(data: bytes, executable: bool) -> str:  # noqa: FBT001  the two halves of a file, as they stand in Files
    return hashlib.sha256(data).hexdigest() + ("x" if executable else "")


def sum_of(path: Path) -> str:
    """Return the SHA-256 of a file, with an x behind it where it may be executed."""
    return _summed(path, hashlib.sha256())


def blob_of(path: Path) -> str:
    """Return git's id of a file as it lies there, with an x likewise; git itself would let line endings pass."""
    return _summed(path, hashlib.sha1(b"blob %d\0" % path.lstat().st_size, usedforsecurity=False))


def _summed(path: Path, digest: hashlib._Hash) -> str:
    facts = path.lstat()
    if not stat.S_ISREG(facts.st_mode):
        return "no file"  # a link, or something that never ends
    with path.open("rb") as file:
        while part := file.read(1 << 20):
            digest.update(part)
    return digest.hexdigest() + ("x" if facts.st_mode & 0o100 else "")


def listed(folder: Path) -> list[str]:
    """Return everything below a folder that is no folder, and every link; what a link leads to is not looked at."""
    found = []
    for parent, folders, files in os.walk(folder):
        here = Path(parent)
        links = [name for name in folders if (here / name).is_symlink()]
        found += [(here / name).relative_to(folder).as_posix() for name in [*files, *links]]
    return sorted(found)


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
    mask = paths.umask()
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
