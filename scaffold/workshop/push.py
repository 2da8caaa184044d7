"""Pushes repositories with the git program, which knows the user's credential helpers and ssh.

Whoever works in a folder of repositories, or hands it on, may have put programs there: hooks, and a configuration that
names some or leads the push elsewhere. So git never sees a repository's own configuration, hooks or branches: it pushes
from an empty repository that borrows the objects, and it pushes commits by their ids. What the user has configured for
themselves counts.
"""

from __future__ import annotations

import re
import shutil
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scaffold import git_program
from scaffold.errors import OutputError
from scaffold.git_program import without_credentials
from scaffold.workshop.contents import BRANCH, full_ref

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PUSHED, IN_USE, FAILED = "pushed", "in_use", "failed"
_LONGEST = 500  # characters of what git says
_PUSH_SECONDS = 300  # for one attempt
_PAUSES = (1.0, 4.0)  # seconds before the second and the third attempt
# What no second attempt will change.
_FINAL = re.compile(
    r"rejected|denied|not found|does not (?:exist|appear)|authentication|could not read Username|strange pathname",
    re.IGNORECASE,
)
_MAIN = full_ref(BRANCH)
# https://git-scm.com/docs/git-push#_output
_STATUS = re.compile(r"^(?P<flag>.)\t[^\t\n]*:(?P<ref>refs/[^\t\n]+)\t(?P<summary>.*)$", re.MULTILINE)
_NO_ATOMIC = "does not support --atomic push"
_BEHIND = re.compile(r"\((?:fetch first|non-fast-forward)\)")
_CONFIG = "[core]\n\trepositoryformatversion = 0\n\tbare = true\n\thooksPath = /dev/null\n"


def require_git() -> None:
    """Raise :class:`OutputError` where there is no git program."""
    if shutil.which("git") is None:
        raise OutputError("there is no git on the PATH", "install git: pushing takes it")


def push(objects: Path, refs: Mapping[str, str], address: str, scratch: Path) -> str:
    """Push commits to the branch and the tags of a remote that exists; never by force, never asking for a password.

    ``objects`` is a repository's folder of that name, ``refs`` maps full names to ids, ``scratch`` is a folder to make.
    A remote takes all of it or nothing. Returns ``pushed``; or ``in_use`` where ``main`` there has gone on from ours,
    since its participant works: then tags that are missing there are pushed, and ``main`` is left alone. What may be
    the network's fault is tried three times. Raises :class:`OutputError`, without credentials in its text.
    """
    remote = _Remote(objects, address, scratch)
    try:
        _make_empty_repository(scratch)
        for pause in (0.0, *_PAUSES):
            time.sleep(pause)
            outcome, answer = PUSHED, remote.push(refs)
            if answer.is_behind and (answer.has_tags or remote.has(refs[_MAIN])):
                tags = {ref: commit for ref, commit in refs.items() if ref not in {_MAIN, *answer.up_to_date}}
                outcome, answer = IN_USE, remote.push(tags)
            if not answer.error:
                return outcome
            if _FINAL.search(answer.error):
                break
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    reason = without_credentials(answer.reason, address)
    raise OutputError("".join(letter if letter.isprintable() else " " for letter in reason)[:_LONGEST])


def _make_empty_repository(folder: Path) -> None:
    for name in ("objects", "refs"):
        (folder / name).mkdir(parents=True)
    (folder / "HEAD").write_text(f"ref: {_MAIN}\n", encoding="ascii", newline="\n")
    (folder / "config").write_text(_CONFIG, encoding="ascii", newline="\n")


@dataclass(frozen=True)
class _Answer:
    """What git said to a push: what became of each ref, as flag and summary, and the whole text of a failure."""

    refs: Mapping[str, tuple[str, str]]
    error: str = ""

    @property
    def up_to_date(self) -> set[str]:
        """The refs that are at the remote as they are here."""
        return {ref for ref, (flag, _) in self.refs.items() if flag == "="}

    @property
    def has_tags(self) -> bool:
        """Whether the remote has a tag of ours, at the commit where we have it."""
        return not self.up_to_date <= {_MAIN}

    @property
    def is_behind(self) -> bool:
        """Whether nothing is in the way but commits on ``main`` that we do not have."""
        refused = self._refused
        return [ref for ref, _ in refused] == [_MAIN] and bool(_BEHIND.search(refused[0][1]))

    @property
    def _refused(self) -> list[tuple[str, str]]:
        """The refs that were refused for a reason of their own, with the reason."""
        rows = [(ref, summary) for ref, (flag, summary) in self.refs.items() if flag == "!"]
        return [row for row in rows if "atomic" not in row[1]]

    @property
    def reason(self) -> str:
        """The line of git's words that says why it failed."""
        if self._refused:
            ref, summary = self._refused[0]
            foreign = ": what is there is not built on this repository" if self.is_behind else ""
            return f"{ref.rpartition('/')[2]} {summary}{foreign}"
        lines = [line.strip() for line in self.error.splitlines() if line.strip()]
        return next((line for line in lines if line.startswith(("fatal:", "error:"))), lines[-1] if lines else "")


class _Remote:
    """A remote, as git reaches it from an empty repository with the objects of another."""

    def __init__(self, objects: Path, address: str, folder: Path) -> None:
        self._address = address
        self._atomic = True
        # In quotes, since a colon would separate two folders: https://git-scm.com/docs/git#_the_git_repository
        quoted = objects.absolute().as_posix().replace("\\", r"\\").replace('"', r"\"")
        self._environment = git_program.environment() | {
            "GIT_DIR": str(folder.absolute()),
            "GIT_ALTERNATE_OBJECT_DIRECTORIES": f'"{quoted}"',
        }

    def push(self, refs: Mapping[str, str]) -> _Answer:
        """Push all of them or none.

        Where the remote cannot promise that, ``main`` goes first: a remote that refuses it gets no tags.
        """
        if not refs:
            return _Answer({})
        if self._atomic:
            answer = self._push(refs, "--atomic")
            if _NO_ATOMIC not in answer.error:
                return answer
            self._atomic = False
        statuses: dict[str, tuple[str, str]] = {}
        for is_main in (True, False):
            part = {ref: commit for ref, commit in refs.items() if (ref == _MAIN) == is_main}
            answer = self._push(part) if part else _Answer({})
            statuses |= answer.refs
            if answer.error:
                return _Answer(statuses, answer.error)
        return _Answer(statuses)

    def _push(self, refs: Mapping[str, str], *options: str) -> _Answer:
        specs = [f"{commit}:{ref}" for ref, commit in refs.items()]
        options = ("--porcelain", "--recurse-submodules=no", *options)
        command = ("push", *options, "--", self._address, *specs)
        printed, error = git_program.run(self._environment, *command, seconds=_PUSH_SECONDS)
        statuses = {row["ref"]: (row["flag"], row["summary"]) for row in _STATUS.finditer(printed)}
        return _Answer(statuses, f"{printed}\n{error}" if error else "")

    def has(self, commit: str) -> bool:
        """Return whether the remote has a commit; nothing is fetched to know it."""
        options = ("--negotiate-only", f"--negotiation-tip={commit}", "--no-auto-maintenance")
        command = ("fetch", *options, "--", self._address)
        printed, error = git_program.run(self._environment, *command, seconds=_PUSH_SECONDS)
        return not error and commit in printed.split()
