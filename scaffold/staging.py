"""Folders that appear whole or not at all: made beside their place, hidden, and put there by one rename."""

from __future__ import annotations

import logging
import os
import shutil
import signal
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from scaffold.errors import OutputError, ProjectExistsError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name))
_log = logging.getLogger(__name__)


def check_target(target: Path, *, force: bool) -> None:
    """Raise :class:`ProjectExistsError` unless a project may be put there."""
    if not os.path.lexists(target):
        return
    if not target.is_dir() or target.is_symlink():
        raise ProjectExistsError(f"{target} exists and is not a folder", "choose another --name or --output-dir")
    if any(target.iterdir()):
        raise ProjectExistsError(
            f"{target} exists and has files in it, which are never touched",
            "choose another --name or --output-dir",
        )
    if not force:
        raise ProjectExistsError(f"{target} exists", "it is empty: add --force to fill it")


@contextmanager
def published(target: Path, *, force: bool) -> Iterator[Path]:
    """Yield an empty folder that becomes ``target`` in the end, whole; after any exception nothing is left behind.

    ``force`` allows an empty folder there. Raises :class:`ProjectExistsError` and :class:`OutputError`.
    """
    with disk_errors(target):
        made = _make_parents(target.parent)
        try:
            with staging_folder(target.parent, target.name) as stage:
                yield stage
                _publish(stage, target, force=force)
        except BaseException:
            _remove_empty(made)
            raise


@contextmanager
def staging_folder(parent: Path, name: str) -> Iterator[Path]:
    """Yield an empty folder in ``parent``, hidden, of its own name; remove it in the end if it is still there."""
    stage = parent / f".{name}.{os.urandom(4).hex()}.tmp"
    try:
        stage.mkdir()
        yield stage
    finally:
        with uninterrupted():
            shutil.rmtree(stage, ignore_errors=True)
            shutil.rmtree(_rendering_folder(stage), ignore_errors=True)  # where a signal came before its own end


@contextmanager
def rendering_folder(stage: Path) -> Iterator[Path]:
    """Yield an empty folder beside ``stage`` to render a layer in; it is removed in the end."""
    folder = _rendering_folder(stage)
    try:
        folder.mkdir()
        yield folder
    finally:
        with uninterrupted():
            shutil.rmtree(folder, ignore_errors=True)


def _rendering_folder(stage: Path) -> Path:
    return stage.with_name(f"{stage.name}.layer")


def _publish(stage: Path, target: Path, *, force: bool) -> None:
    check_target(target, force=force)
    if force and os.name == "nt" and target.is_dir():
        target.rmdir()  # elsewhere rename takes the place of an empty folder by itself
    try:
        stage.rename(target)
    except OSError as error:
        check_target(target, force=force)  # someone else was quicker
        raise OutputError(f"{target}: {error.strerror}") from error


def _make_parents(folder: Path) -> list[Path]:
    """Make a folder with its parents; return those that were new, the innermost first."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    return missing


def _remove_empty(folders: list[Path]) -> None:
    with suppress(OSError):  # someone uses it
        for folder in folders:
            folder.rmdir()


@contextmanager
def disk_errors(target: Path) -> Iterator[None]:
    """Turn what the operating system refuses into an :class:`OutputError`."""
    try:
        yield
    except OSError as error:
        _log.debug("refused", exc_info=True)
        where = error.filename or target
        raise OutputError(f"{where}: {error.strerror or error}", "nothing was left behind") from error


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Let no signal interrupt what cleans up."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, signal.SIG_IGN) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def replace(folder: Path, stage: Path) -> None:
    """Put ``stage`` in the place of ``folder``, which is deleted; where that fails, ``folder`` stays as it was."""
    old = stage.with_name(f"{stage.name}.old")
    with uninterrupted():
        folder.rename(old)
        try:
            stage.rename(folder)
        except OSError:
            old.rename(folder)
            raise
        shutil.rmtree(old)
