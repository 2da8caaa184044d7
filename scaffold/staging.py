"""Folders that appear whole or not at all: filled in a hidden folder beside the target, and moved there by a rename."""

from __future__ import annotations

import logging
import os
import shutil
import signal
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from scaffold.errors import OutputError, ProjectExistsError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

_SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name))
_log = logging.getLogger(__name__)


def check_target(target: Path, *, force: bool) -> None:
    """Raise :class:`ProjectExistsError` unless ``target`` is free; ``force`` allows an empty folder there."""
    if not os.path.lexists(target):
        return
    if not target.is_dir() or target.is_symlink():
        raise ProjectExistsError(
            f"{target} already exists and is not a folder", "choose another --name or --output-dir"
        )
    if any(target.iterdir()):
        raise ProjectExistsError(
            f"{target} already exists and is not empty; its files are never touched",
            "choose another --name or --output-dir",
        )
    if not force:
        raise ProjectExistsError(f"{target} already exists", "pass --force to use it, since it is empty")


def check_folder(folder: Path) -> None:
    """Raise :class:`ProjectExistsError` unless :func:`publish` can fill ``folder``: it is empty, or not there."""
    if not folder.name:
        raise ProjectExistsError(f"{folder} cannot be replaced while it is in use", "name a folder that is to be made")
    if os.path.lexists(folder) and (folder.is_symlink() or not folder.is_dir() or any(folder.iterdir())):
        raise ProjectExistsError(f"{folder} exists and is no empty folder", "name another folder")


@contextmanager
def publish(target: Path, *, force: bool) -> Iterator[Path]:
    """Yield an empty folder that is renamed to ``target`` in the end; after an exception, nothing is left behind.

    ``force`` allows an empty folder at ``target``. Raises :class:`ProjectExistsError` and :class:`OutputError`.
    """
    with staging_place(target.parent, target.name) as stage:
        yield stage
        move_to_target(stage, target, force=force)


@contextmanager
def staging_place(parent: Path, name: str) -> Iterator[Path]:
    """Yield an empty folder in ``parent``, which is made if need be, for what :func:`move_to_target` moves in the end.

    After an exception, nothing is left behind. Raises :class:`OutputError`.
    """
    with disk_errors(parent / name):
        parents = _make_parents(parent)
        try:
            with staging_folder(parent, name) as stage:
                yield stage
        except BaseException:
            _remove_empty(parents)
            raise


@contextmanager
def staging_folder(parent: Path, name: str) -> Iterator[Path]:
    """Yield a new hidden folder in ``parent``; it is removed in the end if it is still there."""
    stage = parent / f".{name}.{os.urandom(4).hex()}.tmp"
    try:
        stage.mkdir()
        yield stage
    finally:
        with ignore_signals():
            shutil.rmtree(stage, ignore_errors=True)
            shutil.rmtree(_rendering_folder(stage), ignore_errors=True)  # in case a signal interrupted its removal


@contextmanager
def rendering_folder(stage: Path) -> Iterator[Path]:
    """Yield an empty folder beside ``stage`` to render a layer into; it is removed in the end."""
    folder = _rendering_folder(stage)
    try:
        folder.mkdir()
        yield folder
    finally:
        with ignore_signals():
            shutil.rmtree(folder, ignore_errors=True)


def _rendering_folder(stage: Path) -> Path:
    return stage.with_name(f"{stage.name}.layer")


def move_to_target(stage: Path, target: Path, *, force: bool) -> None:
    """Rename a folder to ``target``. Raises :class:`ProjectExistsError` and :class:`OutputError`."""
    check_target(target, force=force)
    if force and os.name == "nt" and target.is_dir():
        target.rmdir()  # other systems' rename replaces an empty folder
    try:
        stage.rename(target)
    except OSError as error:
        check_target(target, force=force)  # another process may have been faster
        raise OutputError(f"{target}: {error.strerror}") from error


def _make_parents(folder: Path) -> list[Path]:
    """Create a folder and its parents; return those that did not exist before, the innermost first.

    Raises :class:`OutputError`.
    """
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"the folder {folder} cannot be made: {error.strerror or error}"
        raise OutputError(message, "choose another one with --output-dir; nothing was left behind") from error
    return missing


def _remove_empty(folders: list[Path]) -> None:
    with suppress(OSError):  # in use by now
        for folder in folders:
            folder.rmdir()


@contextmanager
def disk_errors(target: Path) -> Iterator[None]:
    """Turn an :class:`OSError` into an :class:`OutputError` that names the file, or ``target``."""
    try:
        yield
    except OSError as error:
        _log.debug("the operating system refused", exc_info=True)
        path = error.filename or target
        raise OutputError(f"{path}: {error.strerror or error}", "nothing was left behind") from error


@contextmanager
def ignore_signals() -> Iterator[None]:
    """Ignore signals that would interrupt a cleanup; outside the main thread, do nothing."""
    with _handled(_SIGNALS, signal.SIG_IGN):
        yield


@contextmanager
def delay_signals() -> Iterator[None]:
    """Have signals that interrupt come at the end; outside the main thread, do nothing.

    It is for starting a process: one that an interrupt leaves without a name can be ended by nobody.
    """
    came: list[int] = []
    heeded = [number for number in _SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]
    with _handled(heeded, lambda number, _: came.append(number)):
        yield
    for number in came:
        signal.raise_signal(number)


@contextmanager
def _handled(numbers: Iterable[int], handler: Any) -> Iterator[None]:  # noqa: ANN401  as signal.signal has it
    if threading.current_thread() is not threading.main_thread():  # where Python lets nobody change that
        yield
        return
    before = {number: signal.signal(number, handler) for number in numbers}
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)


def replace(folder: Path, stage: Path) -> None:
    """Replace ``folder`` by ``stage`` and delete the old one; if that fails, ``folder`` stays as it was."""
    old = stage.with_name(f"{stage.name}.old")
    with ignore_signals():
        folder.rename(old)
        try:
            stage.rename(folder)
        except OSError:
            old.rename(folder)
            raise
        shutil.rmtree(old, ignore_errors=True)  # the new one is in its place


def write_files(files: Mapping[Path, str | None]) -> None:
    """Write the texts of files, and delete those that have none; all of them, or none if the disk refuses.

    They are replaced in their order, each at once. A file that exists keeps its permissions. Raises
    :class:`OutputError`.
    """
    suffix = f".{os.urandom(4).hex()}.tmp"
    fresh = {path: path.with_name(f"{path.name}{suffix}") for path, text in files.items() if text is not None}
    old = {path: path.with_name(f"{path.name}{suffix}.old") for path in files if path.exists()}
    changed: list[Path] = []
    with disk_errors(next(iter(files))), ignore_signals():
        try:
            for path, copy in old.items():
                shutil.copy2(path, copy)
            for path, file in fresh.items():
                file.write_bytes((files[path] or "").encode())
                if path in old:
                    shutil.copymode(path, file)
            for path in files:
                changed.append(path)
                if path in fresh:
                    fresh[path].replace(path)
                else:
                    path.unlink()
        except OSError:
            _restore(changed, old)
            raise
        finally:
            for path in (*fresh.values(), *old.values()):
                path.unlink(missing_ok=True)


def _restore(changed: list[Path], old: Mapping[Path, Path]) -> None:
    for path in changed:
        if path in old:
            old[path].replace(path)
        else:
            path.unlink(missing_ok=True)
