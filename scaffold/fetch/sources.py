"""The ways to a template: a folder, a zip, a git repository; those over the network keep what they fetched."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from scaffold.code_files import shown
from scaffold.errors import FetchError, InvalidAnswersError, RevisionError
from scaffold.fetch import address as addresses
from scaffold.fetch import cache, folders, zips
from scaffold.fetch.git import Repository
from scaffold.file_names import REPOSITORIES
from scaffold.revisions import is_commit

if TYPE_CHECKING:
    from collections.abc import Callable

    from scaffold.fetch.address import Address

MAX_ZIP_BYTES = 200 * 1024 * 1024


def is_bare(folder: Path) -> bool:
    """Return whether a folder is a git repository without files of its own."""
    return all((folder / name).exists() for name in REPOSITORIES[0]) and not (folder / ".git").exists()


class Content(NamedTuple):
    """What was fetched: the values of the same names of :class:`scaffold.fetch.Fetched`."""

    revision: str
    ref: str = ""
    origin: str = ""
    is_published: Callable[[], bool] = lambda: True


def from_folder(address: Address, checkout: str, folder: Path) -> Content:
    """Copy a local folder; its digest must be ``checkout`` if that is given."""
    revision = f"sha256:{folders.copy(Path(address.url), folder)}"
    _check_digest(address, checkout, revision)
    return Content(revision)


def from_zip(
    address: Address, checkout: str, folder: Path, scratch: Path, before_network: Callable[[], object]
) -> Content:
    """Unpack a zip; its digest must be ``checkout`` if that is given."""
    archive = scratch / "archive.zip"
    origin = ""
    if not address.is_remote:
        _copy(Path(address.url), archive)
    elif not (checkout and _copy_cached(address, checkout, archive)):
        _check_online(address)
        before_network()
        origin = _origin(address, _download(address, archive))
    revision = f"sha256:{cache.digest(archive)}"
    _check_digest(address, checkout, revision)
    zips.unpack(archive, folder, shown(address.url), is_wrapped=True)
    if address.is_remote and not origin:
        cache.store(address.url, revision, archive)
    return Content(revision, origin=origin)


def _origin(address: Address, url: str) -> str:
    """Return the URL that something came from, where that is another address than the one that was asked for."""
    if not url:
        return ""
    try:
        other = addresses.parse(url).url
    except InvalidAnswersError:  # such as one with a query, which may have a signature in it
        return url.partition("?")[0]
    return "" if other == address.url else other


def from_git(  # noqa: PLR0913  what the caller has
    address: Address,
    checkout: str,
    folder: Path,
    scratch: Path,
    before_network: Callable[[], object],
    *,
    directory: str,
    may_ask: bool,
) -> Content:
    """Unpack a commit, or what is in a ``directory`` of it."""
    if address.kind == "folder" and not (is_bare(Path(address.url)) or Path(address.url, ".git").exists()):
        message = f"--checkout {shown(checkout)}: {shown(address.url)} is no git repository"
        raise RevisionError(message, "give the repository's top folder, or no branch, tag or commit")
    archive = scratch / "archive.zip"
    commit, ref = checkout.lower(), checkout
    origin, is_branch = "", False
    directory = (
        "" if ".." in directory.split("/") else "/".join(part for part in directory.split("/") if part not in {"", "."})
    )
    if not (is_commit(commit) and address.is_remote and _copy_cached(address, commit, archive, directory)):
        if address.is_remote:
            _check_online(address)
            before_network()
        try:
            repository = Repository(address, scratch, may_ask=may_ask)
            commit, ref, is_branch = repository.resolve(checkout)
            if not (address.is_remote and _copy_cached(address, commit, archive, directory)):
                repository.archive(commit, archive, directory)
        except FetchError as error:
            raise _with_hint(error, address) from error
        origin = _origin(address, repository.origin)
    zips.unpack(archive, folder, f"{shown(address.url)} at {commit}", is_wrapped=False)
    if address.is_remote and not origin:
        cache.store(address.url, commit, archive, directory)
        if is_branch:
            cache.mark(address.url, commit)

    def is_published() -> bool:
        return is_branch or _is_published(address, commit, scratch, may_ask=may_ask)

    return Content(commit, ref, origin, is_published)


def _is_published(address: Address, commit: str, scratch: Path, *, may_ask: bool) -> bool:
    """Return whether a branch or a tag has a commit; what was found once is kept, what cannot be found out is a no."""
    if address.is_remote and cache.is_marked(address.url, commit):
        return True
    if address.is_remote and cache.is_offline():
        return False
    try:
        repository = Repository(address, scratch, may_ask=may_ask)
        is_published = repository.publishes(commit) and not _origin(address, repository.origin)
    except FetchError:
        return False
    if is_published and address.is_remote:
        cache.mark(address.url, commit)
    return is_published


def _copy_cached(address: Address, revision: str, archive: Path, directory: str = "") -> bool:
    """Copy an archive from the cache, if it is there: that of a directory, or of all."""
    cached = cache.find(address.url, revision, directory) or cache.find(address.url, revision)
    if cached is None:
        return False
    try:
        shutil.copyfile(cached, archive)
    except OSError:  # no right to read it; or it was deleted just now
        return False
    return True


def _download(address: Address, archive: Path) -> str:
    from scaffold.fetch import https  # noqa: PLC0415  a tenth of a second that git and folders do without

    try:
        return https.download(address, archive)
    except FetchError as error:
        raise _with_hint(error, address) from error


def _copy(source: Path, archive: Path) -> None:
    try:
        if source.stat().st_size > MAX_ZIP_BYTES:
            raise FetchError(f"{shown(str(source))} has more than {MAX_ZIP_BYTES >> 20} MB", "give a smaller .zip")
        shutil.copyfile(source, archive)
    except OSError as error:
        raise FetchError(f"{shown(str(source))} cannot be read: {error.strerror or error}") from error


def _check_digest(address: Address, checkout: str, revision: str) -> None:
    if checkout and checkout != revision:
        message = f"{shown(address.url)} is not {shown(checkout)}: it is {revision}"
        raise FetchError(message, "look at what has changed before you take it")


def _check_online(address: Address) -> None:
    if cache.is_offline():
        hint = cache.hint(address.url) or f"unset {cache.OFFLINE}, or give a folder or a .zip of this machine"
        raise FetchError(f"{cache.OFFLINE} forbids the network, which {address.url} takes", hint)


def _with_hint(error: FetchError, address: Address) -> FetchError:
    """Return an error of the network, with what could be done without it."""
    hint = cache.hint(address.url) if address.is_remote else ""
    return type(error)(error.message, "; ".join(part for part in (error.hint, hint) if part)) if hint else error
