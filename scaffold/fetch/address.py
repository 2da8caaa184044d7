"""Addresses of custom templates: what a person may write, brought into one form that can be compared.

Trust is given to the beginnings of addresses, so two that lead to the same place have the same form, and what could
lead elsewhere than it reads is refused. In another tool a trusted prefix was left twice, through ``..`` and through
percent-encoding: CVE-2026-53951.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from scaffold.code_files import shown
from scaffold.errors import InvalidAnswersError, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

FOLDER, ZIP, GIT = "folder", "zip", "git"

_LONGEST = 4096  # characters: longer than any path
_SHORTFORMS = {"gh": "github.com", "gl": "gitlab.com", "bb": "bitbucket.org"}
_PORTS = {"https": 443, "ssh": 22}
# Hosts whose repositories have one path, whether it begins at the root or below the user's home.
_WITHOUT_HOMES = frozenset(_SHORTFORMS.values())
FORMS = "give a folder, a .zip, an https:// or ssh:// URL, git@host:path, or gh:user/repository (also gl:, bb:)"
# What would be used instead of each of these.
_REFUSED = {
    "http": ("http:// is not encrypted, so anybody on the way could change the template", "use https://"),
    "git": ("git:// is not encrypted, so anybody on the way could change the template", "use https:// or ssh://"),
    "file": ("file:// is not taken", "give the path itself"),
    "ftp": ("ftp:// is not encrypted", "use https://"),
}
_MERCURIAL = (
    "Mercurial repositories are not taken: hg would run the extensions of its configuration",
    "use a git repository, or a .zip of the template",
)
_SCHEME = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://")
# https://git-scm.com/docs/gitremote-helpers#_invocation
_TRANSPORT = re.compile(r"(?P<name>[A-Za-z0-9][A-Za-z0-9+.-]*)::")
# https://git-scm.com/docs/git-clone#_git_urls: no slash before the first colon. One letter is a drive of Windows.
_SCP = re.compile(r"(?:(?P<user>[^@:/\\]*)@)?(?P<host>\[[^\]/]*\]|[^:/@\[\]\\]{2,}):(?P<path>.*)", re.DOTALL)
_HOST = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?\.?|\[[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*\]")
_USER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.+-]*")
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
# In a path: what RFC 3986 allows there, and what has to be escaped, which people write as it is.
_SAFE = "-._~!$&'()*+,;=:@%"


@dataclass(frozen=True, repr=False)
class Credentials:
    """A user and a password, or a token in the place of the user, for one host."""

    user: str
    password: str

    def __repr__(self) -> str:
        return "Credentials(…)"


@dataclass(frozen=True)
class Address:
    """Where a template is.

    ``kind`` is ``folder``, ``zip`` or ``git``. ``url`` is an absolute path or a URL in its one form, without
    credentials; of ssh, a path below the user's home begins with ``~``. ``remote`` is what git is given: the same with
    the suffix ``.git`` kept, and ``host:path`` for a path below the home, since not every server knows the ``~``.
    """

    kind: str
    url: str
    is_remote: bool
    credentials: Credentials | None = field(default=None, repr=False)
    remote: str = field(default="", repr=False, compare=False)

    @property
    def name(self) -> str:
        """The last segment, without ``.git`` and ``.zip``."""
        if not self.is_remote:
            path = Path(self.url)
            return path.stem if path.suffix.lower() in {".zip", ".git"} else path.name
        return re.sub(r"\.(?:git|zip)$", "", unquote(self.url.rpartition("/")[2]), flags=re.IGNORECASE)


# In what was to be an address and is none, such as one without its scheme.
_LOGIN = re.compile(r"(?://[^/\s]*|(?<!\S)[^/\s:@]+:[^/\s@]+)@")


class _RefusedError(Exception):
    """An address that is not taken: why, and what to use instead."""

    def __init__(self, message: str, hint: str = FORMS) -> None:
        super().__init__(message)
        self.message, self.hint = message, hint


def parse(text: str, *, key: str = "location") -> Address:
    """Return the address that a person wrote; a local one must exist.

    Raises :class:`InvalidAnswersError` at the answer ``key``, without the credentials that may be in the text.
    """
    try:
        return _remote(text, least=2) or _local(text)
    except _RefusedError as refused:
        message, hint = (_LOGIN.sub("***@", text) for text in (refused.message, refused.hint))
        raise InvalidAnswersError([Problem((key,), message, hint)]) from None


def covers(source: str, url: str) -> bool:
    """Return whether the ``url`` of an address is ``source`` or below it, in whole segments.

    ``source`` may be anything that :func:`parse` takes, and a host, or the part of one that belongs to a user. What is
    not valid covers nothing.
    """
    try:
        outer, inner = (_remote(text, least=0) for text in (source, url))
    except _RefusedError:
        return False
    if outer is None and inner is None:
        return _is_within(_folder_segments(source), _folder_segments(url))
    return bool(outer and inner) and _is_within(_url_segments(outer), _url_segments(inner))


def _is_within(outer: Sequence[str], inner: Sequence[str]) -> bool:
    return bool(outer) and list(outer) == list(inner[: len(outer)])


def _folder_segments(path: str) -> Sequence[str]:
    if not path or not path.isprintable():
        return ()
    try:
        absolute = Path(path).expanduser()
        return Path(os.path.normcase(absolute.resolve())).parts if absolute.is_absolute() else ()
    except (OSError, RuntimeError):
        return ()


def _url_segments(address: Address | None) -> Sequence[str]:
    if address is None:
        return ()
    scheme, _, rest = address.url.partition("://")
    return [scheme, *rest.split("/")]


def _local(text: str) -> Address:
    try:
        resolved = Path(text).expanduser().resolve()
        is_folder, is_file = resolved.is_dir(), resolved.is_file()
    except (OSError, RuntimeError) as error:  # a name that is too long; no such user
        raise _RefusedError(f"{shown(text)} cannot be read") from error
    if is_folder:
        return Address(FOLDER, str(resolved), is_remote=False)
    if is_file and resolved.suffix.lower() == ".zip":
        return Address(ZIP, str(resolved), is_remote=False)
    if is_file:
        raise _RefusedError(f"{shown(text)} is neither a folder nor a .zip")
    hint = f"for GitHub, write gh:{text}" if re.fullmatch(r"[\w.-]+/[\w.-]+", text) else FORMS
    raise _RefusedError(f"there is no folder and no .zip {shown(text)}", hint)


def _remote(text: str, *, least: int) -> Address | None:
    """Return the address of a text that is no local path; ``least`` is how many segments its path must have."""
    if not text.strip():
        raise _RefusedError("it is empty")
    if len(text) > _LONGEST:
        raise _RefusedError(f"it is longer than {_LONGEST} characters")
    if not text.isprintable() or text != text.strip():
        raise _RefusedError("it has blanks around it, or control characters")
    if text.startswith("-"):
        raise _RefusedError("it begins with -, as options do", "for a folder of that name, put ./ before it")
    short, _, rest = text.partition(":")
    scheme, transport, scp = _SCHEME.match(text), _TRANSPORT.match(text), _SCP.fullmatch(text)
    if text.lower().startswith(("hg+", "hg::", "hg://")):
        raise _RefusedError(*_MERCURIAL)
    if transport:
        message = f"the transport {transport['name']}:: is not taken: git would run a program of that name"
        raise _RefusedError(message)
    if scheme:
        return _url(text, scheme["scheme"].lower(), least)
    if short in _SHORTFORMS:
        is_valid = rest and not rest.startswith("/") and not re.search(r"[@:\\]|(?:^|/)-", rest)
        if not is_valid or len(rest.strip("/").split("/")) < least:
            raise _RefusedError(f"{short}: takes a user and a repository", f"for example {short}:user/repository")
        return _url(f"https://{_SHORTFORMS[short]}/{rest}", "https", least, kind=GIT)
    return _scp(scp, least) if scp else None


def _url(text: str, scheme: str, least: int, kind: str = "") -> Address:
    if scheme in {"git+https", "git+ssh"}:
        scheme, kind = scheme.removeprefix("git+"), GIT
    if scheme not in _PORTS:
        raise _RefusedError(*_REFUSED.get(scheme, (f"{scheme}:// is not taken", FORMS)))
    rest = text.partition("://")[2]
    if any(letter in rest for letter in "?#"):
        raise _RefusedError("a URL of a template has neither a query nor a fragment", "name a branch with --checkout")
    if "\\" in rest or " " in rest:
        raise _RefusedError("a URL has no backslash and no blank in it", "write a blank as %20")
    login, at, host_and_port = rest.partition("/")[0].rpartition("@")
    host, port = _host_and_port(host_and_port, scheme)
    segments = _segments(rest.partition("/")[2], for_ssh=scheme == "ssh")
    is_zip = not kind and scheme == "https" and segments[-1:] != [] and segments[-1].lower().endswith(".zip")
    user, credentials = _login(login, scheme) if at else ("", None)
    root = f"{scheme}://{user}{host}{port}"
    if scheme == "ssh" and segments[:1] == ["~"] and host in _WITHOUT_HOMES and not port:
        del segments[0]
    url, remote = ("/".join([root, *path]) for path in (_without_suffix(segments), segments))
    if least and url in {root, f"{root}/~"}:
        raise _RefusedError("the URL names a host, and no template on it")
    if scheme == "ssh" and segments[:1] == ["~"] and not port:
        remote = f"{user}{host}:{'/'.join(segments[1:])}"
    return Address(ZIP if is_zip else GIT, url, is_remote=True, credentials=credentials, remote=remote)


def _scp(match: re.Match[str], least: int) -> Address:
    user, host, path = match["user"], match["host"], match["path"]
    if host.lower() in {*_PORTS, *_REFUSED} or (user is not None and not user):
        raise _RefusedError("it is neither a path nor a URL")
    if re.search(r"[\\ %?#@]", path):
        raise _RefusedError("host:path has no backslash, blank, %, ?, # or @ in its path", "use ssh://host/path")
    if path[1:2] == "~" and path[0] != "/":
        raise _RefusedError("git would leave out the first letter of the path", "use ssh://host/path")
    # https://git-scm.com/docs/git-clone#_git_urls: without a slash, a path is below the home
    home = "" if path.startswith(("/", "~")) else "~/"
    address = _url(f"ssh://{user + '@' if user else ''}{host}/{home}{path}", "ssh", least)
    if not home or not address.remote.startswith("ssh://"):
        return address
    root, _, rest = address.remote.removeprefix("ssh://").partition("/")
    return replace(address, remote=f"{root}:{rest}")  # as it was written, and as git's configuration may know it


def _host_and_port(text: str, scheme: str) -> tuple[str, str]:
    match = re.fullmatch(r"(?P<host>\[[^\]]*\]|[^:\[\]]*)(?::(?P<port>[0-9]{0,5}))?", text)
    if not match or not _HOST.fullmatch(match["host"]):
        raise _RefusedError("the host in the URL is not valid", "of a name beyond ASCII, write the form with xn--")
    port = int(match["port"] or _PORTS[scheme])
    return match["host"].lower().removesuffix("."), "" if port == _PORTS[scheme] else f":{port}"


def _segments(path: str, *, for_ssh: bool) -> list[str]:
    """Return the segments of a path, each in its one form."""
    if re.search(r"%(?![0-9A-Fa-f]{2})", path) or re.search(r"%(?:25|2f|5c|[01][0-9a-f]|7f)", path, re.IGNORECASE):
        raise _RefusedError("the path of the URL has an escape that is not taken: %25, %2F, %5C or a control character")
    if re.search(r":[^/]*@", path):
        raise _RefusedError("a password with a slash must have it as %2F")
    decoded = _ESCAPE.sub(_unescape, quote(path, safe=f"/{_SAFE}"))
    segments = [segment for segment in decoded.split("/") if segment not in {"", "."}]
    if ".." in segments:
        raise _RefusedError("the path of the URL has .. in it", "write the path that it leads to")
    if for_ssh and any(segment.startswith("-") for segment in segments):
        raise _RefusedError("a segment of the path begins with -, as options do")
    return segments


def _without_suffix(segments: Sequence[str]) -> list[str]:
    """Return the segments of a path without the suffix ``.git``, however often it is there."""
    path = "/".join(segments)
    while path.lower().endswith(".git"):
        path = path[: -len(".git")].rstrip("/")
    return path.split("/") if path else []


def _unescape(match: re.Match[str]) -> str:
    letter = chr(int(match[1], 16))
    return letter if _UNRESERVED.fullmatch(letter) else match[0].upper()


def _login(login: str, scheme: str) -> tuple[str, Credentials | None]:
    """Return what of a login stays in the URL, and the credentials."""
    name, colon, word = login.partition(":")
    user, password = unquote(name), unquote(word)
    if scheme == "ssh":
        if colon:
            raise _RefusedError("ssh takes no password from a URL", "use a key, and an agent for its passphrase")
        if not _USER.fullmatch(user):
            raise _RefusedError("the user in the URL is not valid")
        return f"{user}@", None
    if not f"{user}{password}".isprintable():
        raise _RefusedError("the credentials in the URL have control characters")
    return "", Credentials(user, password) if user or password else None
