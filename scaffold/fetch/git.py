"""Templates in git repositories: a ref becomes a commit, and that commit alone is fetched and archived.

A repository is foreign: nothing of it is checked out, no hook, filter or submodule of it runs, and git may use no
transports but https and ssh; or files, for a path that the user gave.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from scaffold import git_program
from scaffold.code_files import shown
from scaffold.errors import FetchError, RevisionError
from scaffold.fetch import certificates, entries
from scaffold.revisions import COMMIT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scaffold.fetch.address import Address

ASK_SECONDS = 60  # for the names of a repository's branches and tags
FETCH_SECONDS = 600
STALL_SECONDS = 30  # with less than a kilobyte a second
MAX_BYTES = 1024 * 1024 * 1024  # of what git writes: objects, and an archive
_PATH_BYTES = 512  # of a path, if all paths are long
_LONGEST = 300  # characters of what git says

_PUBLISHED = ("refs/heads/", "refs/tags/")
_ALL_BRANCHES_AND_TAGS = tuple(f"+{refs}*:{refs}*" for refs in _PUBLISHED)
_REDIRECT = re.compile(r"warning: redirecting to (\S+)")  # which git says unless it is to be quiet
_NO_COMMIT = re.compile(r"not our ref|unadvertised object")  # which git says of a full id that is not there
_ONLY_NAMES = "unadvertised object"  # of a server that gives out nothing but branches and tags
_ANOTHER = "choose another branch, tag or commit"
_SHORT_COMMIT = re.compile(r"[0-9a-f]{4,63}")
# Stronger than what any .gitattributes of the repository says: bytes as they were committed, all of them, no program.
_ATTRIBUTES = "* -export-ignore -export-subst -filter -text -ident -eol -working-tree-encoding\n"
_SETTINGS = (
    f"core.hooksPath={os.devnull}", f"core.attributesFile={os.devnull}", "core.fsmonitor=false", "gc.auto=0",
    "maintenance.auto=false", "fetch.recurseSubmodules=no", "submodule.recurse=false", "fetch.writeCommitGraph=false",
    "transfer.bundleURI=false", "http.lowSpeedLimit=1000",
)  # fmt: skip
_SSH = "ssh -o ConnectTimeout=15 -o ServerAliveInterval=15"
# What git and ssh say, and what a user can do about it.
_HINTS = (
    (r"could not resolve host", "check the name, and the network"),
    (r"host key verification failed", "connect to the host once with ssh, to see and accept its key"),
    (
        r"authentication failed|could not read (?:username|password)|permission denied|returned error: 40[13]",
        "credentials are needed: for https a credential helper of git, for ssh a key in the agent",
    ),
    (r"certificate", certificates.HINT),
    (r"dubious ownership", "it is another user's: clone it, or name it in git's setting safe.directory"),
    (r"not found|does not (?:exist|appear)|returned error: 404", "check the address, and whether you may read it"),
    (
        r"transport '\w+' not allowed",
        "git's configuration (url.<base>.insteadOf) leads to a transport that is not taken",
    ),
)


def _object_format(commit: str) -> str:
    return "sha256" if len(commit) == 64 else "sha1"  # noqa: PLR2004  hexadecimal digits


class Repository:
    """A git repository, reached from an empty one in ``scratch``. All methods raise :class:`FetchError`."""

    def __init__(self, address: Address, scratch: Path, *, may_ask: bool) -> None:
        if shutil.which("git") is None:
            raise FetchError("there is no git on the PATH", "install git, or give a folder or a .zip")
        self._address, self._scratch, self._may_ask = address, scratch, may_ask
        self.origin = ""  # where the server led to, if it did
        self._remote = address.remote or address.url
        self._variables = git_program.environment(may_ask=may_ask) | {
            "GIT_DIR": str(scratch / "repository"),
            "GIT_ALLOW_PROTOCOL": "https:ssh" if address.is_remote else "file",
            "GIT_ATTR_NOSYSTEM": "1",
            "GIT_NO_LAZY_FETCH": "1",
            "GIT_LFS_SKIP_SMUDGE": "1",
        }
        if address.is_remote:
            self._set_ssh_command()
            self._set_certificates()

    def resolve(self, checkout: str) -> tuple[str, str, bool]:
        """Return the commit that ``checkout`` stands for, what that is called, and whether a branch or a tag has it.

        Without a ``checkout``, that is the default branch. A full id is taken as it is, and may be on none.
        """
        if not checkout:
            return *self._default_branch(), True
        if COMMIT.fullmatch(checkout.lower()):
            return checkout.lower(), checkout, False
        self._check_name(checkout)
        names = [checkout] if checkout.startswith("refs/") else [f"refs/heads/{checkout}", f"refs/tags/{checkout}"]
        ids = self._list(*names, *(f"{name}^{{}}" for name in names))
        # Behind an annotated tag is the commit that it names.
        commits = {name: ids.get(f"{name}^{{}}", ids[name]) for name in names if name in ids}
        if len({*commits.values()}) > 1:
            hint = " or ".join(f"--checkout {name}" for name in commits)
            raise RevisionError(f"{self._name} has a branch and a tag {shown(checkout)}", hint)
        if commits:
            is_branch_or_tag = all(name.startswith(_PUBLISHED) for name in commits)
            return next(iter(commits.values())), checkout, is_branch_or_tag
        if _SHORT_COMMIT.fullmatch(checkout.lower()):
            return self._full(checkout.lower()), checkout, True
        raise RevisionError(f"{self._name} has no branch and no tag {shown(checkout)}", _ANOTHER)

    def publishes(self, commit: str) -> bool:
        """Return whether a branch or a tag has a commit, as its last one or before."""
        printed = self._git("ls-remote", "--heads", "--tags", "--", self._remote, seconds=ASK_SECONDS)
        if any(row.startswith(f"{commit}\t") for row in printed.splitlines()):
            return True
        # Commits without their files, where the server can leave those out.
        self._variables["GIT_DIR"] = str(self._scratch / "history")
        self._git("init", "--quiet", "--bare", "--template=", f"--object-format={_object_format(commit)}")
        self._fetch("--filter=tree:0", *_ALL_BRANCHES_AND_TAGS)
        arguments = ("for-each-ref", "--count=1", f"--contains={commit}", *_PUBLISHED)
        printed, error = git_program.run(self._variables, *arguments, seconds=FETCH_SECONDS)
        return bool(printed.strip()) and not error

    def archive(self, commit: str, archive: Path, directory: str = "") -> None:
        """Write a zip with the files of a commit, byte for byte: all, or those in a ``directory`` if it has that."""
        self._init(commit)
        if not self._has(commit):
            try:
                self._fetch("--depth=1", commit)
            except FetchError as error:
                if not _NO_COMMIT.search(error.message):
                    raise
                if _ONLY_NAMES in error.message:
                    self._fetch(*_ALL_BRANCHES_AND_TAGS)
        if not self._has(commit):
            raise RevisionError(f"{self._name} has no commit {commit}", _ANOTHER)
        kind, _ = git_program.run(self._variables, "cat-file", "-t", f"{commit}:{directory}", seconds=ASK_SECONDS)
        below = ("--", f"{directory}/") if directory and kind.strip() == "tree" else ()
        self._check_size(commit, *below)
        attributes = self._scratch / "repository" / "info" / "attributes"
        attributes.parent.mkdir(exist_ok=True)
        attributes.write_text(_ATTRIBUTES, encoding="ascii")
        self._git("archive", "--format=zip", f"--output={archive}", commit, *below)

    def _check_size(self, commit: str, *below: str) -> None:
        """Raise :class:`FetchError` for a commit of too many files, before ``git archive`` has them all in memory.

        Ten folders of ten folders of ten folders … are a few objects, and more files than fit anywhere.
        """
        names = self._scratch / "names"
        reason = f"{self._name} has more than {entries.MAX_ENTRIES:,} files and folders"

        def limit() -> str:
            return reason if names.stat().st_size > entries.MAX_ENTRIES * _PATH_BYTES else ""

        arguments = ("ls-tree", "-r", "-t", "-z", "--name-only", commit, *below)
        _, error = git_program.run(self._variables, *arguments, seconds=FETCH_SECONDS, limit=limit, output=names)
        if error and error != reason:
            raise self._failure(error)
        if error or names.read_bytes().count(b"\0") > entries.MAX_ENTRIES:
            raise FetchError(reason, "give a smaller template")

    @property
    def _name(self) -> str:
        return shown(self._address.url)

    def _default_branch(self) -> tuple[str, str]:
        printed = self._ask("--symref", "HEAD")
        head = re.search(r"^([0-9a-f]{40,64})\tHEAD$", printed, re.MULTILINE)
        if not head:
            raise FetchError(f"{self._name} has no default branch with a commit", "name a branch, a tag or a commit")
        branch = re.search(r"^ref: refs/heads/(\S+)\tHEAD$", printed, re.MULTILINE)
        return head[1], branch[1] if branch and branch[1].isprintable() else ""

    def _check_name(self, checkout: str) -> None:
        problem = "begins with -, as options do" if checkout.startswith("-") else ""
        if not problem:
            name = checkout if checkout.startswith("refs/") else f"refs/heads/{checkout}"
            _, error = git_program.run(self._variables, "check-ref-format", name, seconds=ASK_SECONDS)
            problem = "is no name of a branch or a tag, and no commit" if error else ""
        if problem:
            raise RevisionError(f"--checkout {shown(checkout)} {problem}", "give a branch, a tag or a commit's id")

    def _list(self, *names: str) -> dict[str, str]:
        """Return the ids of those refs that the remote has."""
        rows = (row.split("\t") for row in self._ask("", *names).splitlines() if row.count("\t") == 1)
        return {name: commit for commit, name in rows if name in names and COMMIT.fullmatch(commit)}

    def _ask(self, option: str, *names: str) -> str:
        options = (option,) if option else ()
        return self._git("ls-remote", *options, "--", self._remote, *names, seconds=ASK_SECONDS)

    def _full(self, short: str) -> str:
        """Return the full id of a commit; all branches and tags are fetched to find it."""
        self._init("")
        self._fetch(*_ALL_BRANCHES_AND_TAGS)
        arguments = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{short}^{{commit}}")
        printed, error = git_program.run(self._variables, *arguments, seconds=ASK_SECONDS)
        if error or not COMMIT.fullmatch(printed.strip()):
            message = f"{self._name} has no branch, no tag and no single commit {short}"
            raise RevisionError(message, _ANOTHER)
        return printed.strip()

    def _init(self, commit: str) -> None:
        if not (self._scratch / "repository").exists():
            self._git("init", "--quiet", "--bare", "--template=", f"--object-format={_object_format(commit)}")

    def _has(self, commit: str) -> bool:
        arguments = ("cat-file", "-t", commit)
        printed, _ = git_program.run(self._variables, *arguments, seconds=ASK_SECONDS)
        return printed.strip() == "commit"

    def _fetch(self, *specs: str) -> None:
        options = ("--no-tags", "--no-write-fetch-head", "--no-auto-maintenance", "--no-recurse-submodules")
        depth, specs = (specs[:1], specs[1:]) if specs[0].startswith("--") else ((), specs)
        self._git("fetch", *options, *depth, "--", self._remote, *specs)

    def _git(self, command: str, *arguments: str, seconds: float = 0) -> str:
        settings = [*_SETTINGS, f"http.lowSpeedTime={STALL_SECONDS}"]
        warnings: list[str] = []
        with self._helper() as (helper, descriptors):
            options = [word for setting in (*settings, *helper) for word in ("-c", setting)]
            printed, error = git_program.run(
                self._variables, *options, command, *arguments,
                seconds=seconds or FETCH_SECONDS, may_ask=self._may_ask, descriptors=descriptors, limit=self._limit,
                warnings=warnings,
            )  # fmt: skip
        if error:
            raise self._failure(error)
        redirects = (_REDIRECT.fullmatch(line) for line in warnings)
        self.origin = next((match[1] for match in redirects if match), self.origin)
        return printed

    @contextmanager
    def _helper(self) -> Iterator[tuple[list[str], list[int]]]:
        """Yield the settings for a credential helper, and the pipe it reads from.

        What is in a pipe shows in no list of processes, in no environment and on no disk; and git asks the helper for
        no other host than this.
        """
        credentials = self._address.credentials
        if credentials is None:
            yield [], []
            return
        if sys.platform == "win32":
            raise FetchError("on Windows, git is given no credentials of a URL", "git's credential manager keeps them")
        reader, writer = os.pipe()
        try:
            with os.fdopen(writer, "wb") as pipe:
                pipe.write(f"username={credentials.user}\npassword={credentials.password}\n".encode())
            key = f"credential.{'/'.join(self._address.url.split('/')[:3])}.helper"
            script = f'!f() {{ test "$1" = get && cat /dev/fd/{reader}; }}; f'
            yield [f"{key}=", f"{key}={script}"], [reader]
        finally:
            os.close(reader)

    def _set_ssh_command(self) -> None:
        """Have ssh give up in time and ask nobody, unless the user has said which ssh is to be used."""
        if {"GIT_SSH", "GIT_SSH_COMMAND"} & {*self._variables}:
            return
        own, _ = git_program.run(self._variables, "config", "--get", "core.sshCommand", seconds=ASK_SECONDS)
        if not own.strip():
            self._variables["GIT_SSH_COMMAND"] = _SSH if self._may_ask else f"{_SSH} -o BatchMode=yes"

    def _set_certificates(self) -> None:
        """Have git take the certificates that other programs take, unless it has some of its own."""
        arguments = ("config", "--get-urlmatch", "http.sslCAInfo", self._address.url)
        own, _ = git_program.run(self._variables, *arguments, seconds=ASK_SECONDS)
        if own.strip() or "GIT_SSL_CAINFO" in self._variables:
            return
        paths = certificates.paths()
        files, folders = [path for path in paths if not path.is_dir()], [path for path in paths if path.is_dir()]
        if folders:
            self._variables.setdefault("GIT_SSL_CAPATH", str(folders[0]))
        if files:  # git takes one, so one has them all
            joined = self._scratch / "certificates.pem"
            certificates.join(files, joined)
            self._variables["GIT_SSL_CAINFO"] = str(joined)

    def _limit(self) -> str:
        size = 0
        for folder, _, files in os.walk(self._scratch):
            for name in files:
                try:
                    size += os.lstat(os.path.join(folder, name)).st_size  # noqa: PTH118  many files, often
                except OSError:  # git has renamed it
                    continue
        return f"the repository has more than {MAX_BYTES >> 20} MB" if size > MAX_BYTES else ""

    def _failure(self, error: str) -> FetchError:
        lines = [line.strip() for line in error.splitlines() if line.strip()]
        marked = [line for line in lines if re.match(r"fatal:|error:|ERROR:", line)]
        # ssh says its reason before git says that there was none.
        vague = re.compile(r"fatal: (?:Could not read from remote|the remote end hung up)", re.IGNORECASE)
        clear = [line for line in marked if not vague.match(line)] or [line for line in lines if not vague.match(line)]
        reason = git_program.without_credentials(clear[0] if clear else lines[0] if lines else "git failed")
        credentials = self._address.credentials
        if credentials:
            reason = reason.replace(credentials.password or credentials.user, "***")
        reason = "".join(letter if letter.isprintable() else " " for letter in reason)[:_LONGEST]
        hint = next((hint for pattern, hint in _HINTS if re.search(pattern, error, re.IGNORECASE)), "")
        return FetchError(f"{self._name}: {re.sub(r'^(?:fatal|error|ERROR): ', '', reason)}", hint)
