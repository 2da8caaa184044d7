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


class Wanted(NamedTuple):
    """What is to be fetched, and how: the arguments of :func:`scaffold.fetch.fetch`."""

    address: Address
    checkout: str
    directory: str
    may_ask: bool
    before_network: Callable[[], object]


class Content(NamedTuple):
    """What was fetched: the last values of :class:`scaffold.fetch.Fetched`."""

    revision: str
    ref: str = ""
    origin: str = ""
    is_published: Callable[[], bool] = lambda: True


def from_folder(wanted: Wanted, folder: Path) -> Content:
    """Copy a local folder; its digest must be what is wanted, if that says one."""
    revision = f"sha256:{folders.copy(Path(wanted.address.url), folder)}"
    _check_digest(wanted, revision)
    return Content(revision)


def from_zip(wanted: Wanted, folder: Path, scratch: Path) -> Content:
    """Unpack a zip; its digest must be what is wanted, if that says one."""
    address, checkout = wanted.address, wanted.checkout
    archive = scratch / "archive.zip"
    origin, is_cached = "", False
    if not address.is_remote:
        _copy(Path(address.url), archive)
    elif checkout and _copy_cached(address, checkout, archive):
        is_cached = True
    else:
        _use_network(wanted)
        origin = _origin(address, _download(address, archive))
    revision = f"sha256:{cache.digest(archive)}"
    _check_digest(wanted, revision)
    zips.unpack(archive, folder, shown(address.url), is_wrapped=True)
    if address.is_remote and not origin and not is_cached:
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


def from_git(wanted: Wanted, folder: Path, scratch: Path) -> Content:
    """Unpack a commit, or what is in a directory of it."""
    address, checkout = wanted.address, wanted.checkout
    if address.kind == "folder" and not (is_bare(Path(address.url)) or Path(address.url, ".git").exists()):
        message = f"--checkout {shown(checkout)}: {shown(address.url)} is no git repository"
        raise RevisionError(message, "give the repository's top folder, or no branch, tag or commit")
    archive, directory = scratch / "archive.zip", _plain(wanted.directory)
    commit, ref = checkout.lower(), checkout
    origin, is_branch = "", False
    is_cached = address.is_remote and is_commit(commit) and _copy_cached(address, commit, archive, directory)
    if not is_cached:
        if address.is_remote:
            _use_network(wanted)
        try:
            repository = Repository(address, scratch, may_ask=wanted.may_ask)
            commit, ref, is_branch = repository.resolve(checkout)
            is_cached = address.is_remote and _copy_cached(address, commit, archive, directory)
            if not is_cached:
                repository.archive(commit, archive, directory)
        except FetchError as error:
            raise _with_hint(error, address) from error
        origin = _origin(address, repository.origin)
    zips.unpack(archive, folder, f"{shown(address.url)} at {commit}", is_wrapped=False)
    if address.is_remote and not origin and not is_cached:
        cache.store(address.url, commit, archive, directory)
    if address.is_remote and not origin and is_branch:
        cache.mark(address.url, commit)

    def is_published() -> bool:
        return is_branch or _is_published(address, commit, scratch, may_ask=wanted.may_ask)

    return Content(commit, ref, origin, is_published)


def _plain(directory: str) -> str:
    """Return the path of a directory in its one form; of one that leads upwards, nothing, which is all there is."""
    parts = [part for part in directory.split("/") if part not in {"", "."}]
    return "" if ".." in parts else "/".join(parts)


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
    cache.use(cached)
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


def _check_digest(wanted: Wanted, revision: str) -> None:
    if wanted.checkout and wanted.checkout != revision:
        message = f"{shown(wanted.address.url)} is not {shown(wanted.checkout)}: it is {revision}"
        raise FetchError(message, "look at what has changed before you take it")


def _use_network(wanted: Wanted) -> None:
    """Say that the network is used; raises :class:`FetchError` where the user forbids it."""
    address = wanted.address
    if cache.is_offline():
        hint = cache.hint(address.url) or f"unset {cache.OFFLINE}, or give a folder or a .zip of this machine"
        raise FetchError(f"{cache.OFFLINE} forbids the network, which {address.url} takes", hint)
    wanted.before_network()


def _with_hint(error: FetchError, address: Address) -> FetchError:
    """Return an error of the network, with what could be done without it."""
    hint = cache.hint(address.url) if address.is_remote else ""
    return type(error)(error.message, "; ".join(part for part in (error.hint, hint) if part)) if hint else error
