"""Custom templates, by path, zip or git: each becomes a private folder that nobody else changes."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from scaffold import revisions
from scaffold.code_files import shown
from scaffold.errors import FetchError, RevisionError
from scaffold.staging import ignore_signals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scaffold.fetch.address import Address
    from scaffold.fetch.sources import Content, Wanted


@dataclass(frozen=True)
class Fetched:
    """A template that is here: a private copy in ``folder``, which is gone when the context ends.

    ``revision`` is the full id of a git commit, or ``sha256:`` and the digest of a zip or of a folder's contents.
    ``ref`` is what was asked for, or the name of the default branch, or empty. Symlinks never lead outside the folder.

    ``origin`` is the URL that it came from in the end, where the server led elsewhere, or empty. ``is_published`` asks
    whether a branch or a tag has the commit: of many hosts one can also have commits that strangers proposed, by id or
    by a ref such as ``refs/pull/1/head``.
    """

    address: Address
    folder: Path
    revision: str
    ref: str
    origin: str = ""
    is_published: Callable[[], bool] = field(default=lambda: True, compare=False, repr=False)


@contextmanager
def fetch(
    address: Address,
    checkout: str = "",
    *,
    directory: str = "",
    may_ask: bool = False,
    before_network: Callable[[], object] = lambda: None,
) -> Iterator[Fetched]:
    """Yield the template at an address.

    ``checkout`` is a branch, a tag or a commit's id for git, and the digest that a zip or a folder must have
    otherwise. Of a git repository, ``directory`` is all that is wanted, if it has that: then neither the size nor the
    links of what lies beside it matter. ``may_ask`` allows git and ssh to ask for passwords on the terminal.
    ``before_network`` is called before the network is used for it, if it is. Raises :class:`FetchError`.
    """
    from scaffold.fetch.sources import Wanted  # noqa: PLC0415  takes time to load

    wanted = Wanted(address, checkout, directory, may_ask, before_network)
    scratch = _private_folder()
    try:
        folder = scratch / "template"
        yield Fetched(address, folder, *_fetch(wanted, folder, scratch))
    finally:
        with ignore_signals():
            shutil.rmtree(scratch, ignore_errors=True)


def _private_folder() -> Path:
    try:
        return Path(tempfile.mkdtemp(prefix="sam-scaffold-"))
    except OSError as error:
        raise FetchError(f"no temporary folder can be made: {error.strerror}", "set TMPDIR to a folder") from error


def _fetch(wanted: Wanted, folder: Path, scratch: Path) -> Content:
    """Put the template's files into ``folder``, and return what they are."""
    from scaffold.fetch import sources  # noqa: PLC0415

    address, checkout = wanted.address, wanted.checkout
    is_digest = revisions.DIGEST.fullmatch(checkout)
    if address.kind == "zip":
        if checkout and not is_digest:
            hint = "give sha256: and 64 hexadecimal digits, the digest that the zip must have"
            raise RevisionError(f"--checkout {shown(checkout)} is for git, and {shown(address.url)} is a zip", hint)
        return sources.from_zip(wanted, folder, scratch)
    if address.kind == "git" or (checkout and not is_digest) or sources.is_bare(Path(address.url)):
        return sources.from_git(wanted, folder, scratch)
    return sources.from_folder(wanted, folder)
