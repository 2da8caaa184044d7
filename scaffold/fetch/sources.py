"""The ways to a template: a folder, a zip, a git repository; those over the network keep what they fetched."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from scaffold.code_files import shown
from scaffold.errors import FetchError
from scaffold.fetch import cache, folders, zips
from scaffold.fetch.git import Repository

if TYPE_CHECKING:
    from scaffold.fetch.address import Address

MAX_ZIP_BYTES = 200 * 1024 * 1024


def is_bare(folder: Path) -> bool:
    """Return whether a folder is a git repository without files of its own."""
    return all((folder / name).exists() for name in ("HEAD", "objects", "refs")) and not (folder / ".git").exists()


def from_folder(address: Address, checkout: str, folder: Path) -> str:
    """Copy a local folder and return its digest, which must be ``checkout`` if that is given."""
    revision = f"sha256:{folders.copy(Path(address.url), folder)}"
    _check_digest(address, checkout, revision)
    return revision


def from_zip(address: Address, checkout: str, folder: Path, scratch: Path) -> str:
    """Unpack a zip and return its digest, which must be ``checkout`` if that is given."""
    archive = scratch / "archive.zip"
    if not address.is_remote:
        _copy(Path(address.url), archive)
    elif not (checkout and _take(address, checkout, archive)):
        _check_online(address)
        _download(address, archive)
    revision = f"sha256:{cache.digest(archive)}"
    _check_digest(address, checkout, revision)
    zips.unpack(archive, folder, shown(address.url), is_wrapped=True)
    if address.is_remote:
        cache.store(address.url, revision, archive)
    return revision


def from_git(address: Address, checkout: str, folder: Path, scratch: Path, *, may_ask: bool) -> tuple[str, str]:
    """Unpack a commit, and return its id and the ref."""
    if address.kind == "folder" and not (is_bare(Path(address.url)) or Path(address.url, ".git").exists()):
        message = f"--checkout {shown(checkout)}: {shown(address.url)} is no git repository"
        raise FetchError(message, "give the repository's top folder, or no branch, tag or commit")
    archive = scratch / "archive.zip"
    commit, ref = checkout.lower(), checkout
    if not (cache.COMMIT.fullmatch(commit) and address.is_remote and _take(address, commit, archive)):
        if address.is_remote:
            _check_online(address)
        try:
            repository = Repository(address, scratch, may_ask=may_ask)
            commit, ref = repository.resolve(checkout)
            if not (address.is_remote and _take(address, commit, archive)):
                repository.archive(commit, archive)
        except FetchError as error:
            raise _with_hint(error, address) from error
    zips.unpack(archive, folder, f"{shown(address.url)} at {commit}", is_wrapped=False)
    if address.is_remote:
        cache.store(address.url, commit, archive)
    return commit, ref


def _take(address: Address, revision: str, archive: Path) -> bool:
    """Copy an archive from the cache, if it is there."""
    found = cache.find(address.url, revision)
    if found is None:
        return False
    try:
        shutil.copyfile(found, archive)
    except OSError:  # no right to read it; or it was deleted just now
        return False
    return True


def _download(address: Address, archive: Path) -> None:
    from scaffold.fetch import https  # noqa: PLC0415  a tenth of a second that git and folders do without

    try:
        https.download(address, archive)
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
    return FetchError(error.message, "; ".join(part for part in (error.hint, hint) if part)) if hint else error
