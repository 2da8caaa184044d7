"""What the process that renders a custom template may not do, by an audit hook of Python.

It stops a template's own mistakes and plain tricks: paths that leave the project, and Jinja that reaches for Python's
objects. Code that runs in this process can find ways around an audit hook, as https://peps.python.org/pep-0578/ says,
so this replaces no trust. Hooks are programs of their own, which it does not see.
"""

from __future__ import annotations

import errno
import os
import sys
import zoneinfo
from typing import Any

from scaffold.file_names import is_git_folder

# The events that write, each with the positions of its paths and of the folder that a path starts from:
# https://docs.python.org/3/library/audit_events.html
_WRITES: dict[str, tuple[tuple[int, int], ...]] = {
    "os.chflags": ((0, -1),),
    "os.chmod": ((0, 2),),
    "os.chown": ((0, 3),),
    "os.link": ((0, 2), (1, 3)),
    "os.mkdir": ((0, 2),),
    "os.remove": ((0, 1),),
    "os.removexattr": ((0, -1),),
    "os.rename": ((0, 2), (1, 3)),
    "os.rmdir": ((0, 1),),
    "os.setxattr": ((0, -1),),
    "os.symlink": ((1, 2),),
    "os.truncate": ((0, -1),),
    "os.utime": ((0, 3),),
}
_READS = ("os.listdir", "os.scandir")
_WRITE_FLAGS = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
# What without hooks is refused as a whole: all events whose names begin so
_PROCESSES = (
    "os.exec", "os.fork", "os.kill", "os.posix_spawn", "os.spawn", "os.startfile", "os.system", "pty.spawn",
    "subprocess.", "_winapi.CreateProcess",
)  # fmt: skip
_NETWORK = ("socket.", "ftplib.", "imaplib.", "nntplib.", "poplib.", "smtplib.", "telnetlib.", "urllib.")
_NATIVE = ("ctypes.", "winreg.", "mmap.")
_NATIVE_MODULES = frozenset({"_ctypes", "ctypes", "_posixsubprocess"})
# Time zones, which the dates of a template take
_SYSTEM = ("/etc/localtime", "/etc/timezone", *zoneinfo.TZPATH, "/usr/share/zoneinfo")


class RefusedError(Exception):
    """Something that a template's rendering may not do; the text says what."""


class Fence:
    """Lets this process write below some folders only; with ``is_closed`` it also reads there only, and runs nothing.

    It holds for the rest of the process.
    """

    def __init__(self, temporary: str, template: str, *, is_closed: bool) -> None:
        self._writable = [os.path.realpath(temporary)]
        self._project: str | None = None
        self._is_closed = is_closed
        roots = [temporary, template, *filter(None, sys.path), sys.prefix, sys.base_prefix, *_SYSTEM]
        self._readable = [*map(os.path.realpath, roots), os.devnull] if is_closed else []
        sys.addaudithook(self._check)

    def open_project(self, folder: str) -> None:
        """Let this process write below ``folder`` too, except what git would run."""
        self._project = os.path.realpath(folder)
        self._writable.append(self._project)
        self._readable.append(self._project)

    def _check(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, mode, flags = arguments
            if (flags or 0) & _WRITE_FLAGS:
                # The event of os.open() does not say which folder a path starts from.
                self._check_write(path, None if mode is not None or _is_absolute(path) else -1)
            elif self._is_closed:
                self._check_read(path)
        elif event in _WRITES:
            for at, folder_at in _WRITES[event]:
                start = arguments[folder_at] if 0 <= folder_at < len(arguments) else None
                self._check_write(arguments[at], _fd(start))
            if event == "os.symlink":
                self._check_link(arguments[0], arguments[1])
        elif self._is_closed:
            if event in _READS:
                self._check_read("." if arguments[0] is None else arguments[0])
            else:
                _refuse_code(event, arguments)

    def _check_write(self, path: Any, folder: int | None) -> None:  # noqa: ANN401  as the event has it
        for real in _locations(path, folder):
            if real == os.devnull:
                continue
            if not any(_is_below(real, root) for root in self._writable):
                raise RefusedError(f"it would write {real}, which is outside of the project")
            if self._project and _is_below(real, self._project):
                below = os.path.relpath(real, self._project)
                if any(is_git_folder(part) for part in below.split(os.sep)):
                    raise RefusedError(f"it would write {_without_first(below)}, and git runs what is in .git")

    def _check_read(self, path: Any) -> None:  # noqa: ANN401
        if isinstance(path, int):
            return  # opened before, so it was checked
        real = os.path.realpath(os.fsdecode(path))
        if not any(_is_below(real, root) for root in self._readable):
            raise RefusedError(f"it would read {real}, which is outside of the template")

    def _check_link(self, target: Any, link: Any) -> None:  # noqa: ANN401
        folder = os.path.dirname(os.path.realpath(os.fsdecode(link)))
        self._check_write(os.path.join(folder, os.fsdecode(target)), None)


def leave_network() -> str:
    """Take the network away from this process; return why that cannot be done, or nothing.

    A network namespace of its own, which has no interfaces: https://man7.org/linux/man-pages/man7/namespaces.7.html
    """
    if sys.platform != "linux":
        return "only Linux lets a process give it up"
    user, group = os.getuid(), os.getgid()
    try:
        try:
            _unshare(_NEW_NETWORK)  # what root may do, who then keeps its rights on files
        except OSError:
            _unshare(_NEW_USER | _NEW_NETWORK)
            for name, text in (
                ("setgroups", "deny"),
                ("uid_map", f"{user} {user} 1"),
                ("gid_map", f"{group} {group} 1"),
            ):
                with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
                    file.write(text)
    except (OSError, AttributeError) as error:
        return getattr(error, "strerror", None) or str(error)
    return ""


_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000  # linux/sched.h


def _unshare(flags: int) -> None:
    if sys.version_info >= (3, 12):
        os.unshare(flags)
        return
    _call("unshare", flags)


def _call(name: str, *arguments: int) -> None:
    """Call a function of the C library. Raises ``OSError``."""
    import ctypes  # noqa: PLC0415  few processes need it

    library = ctypes.CDLL(None, use_errno=True)
    if getattr(library, name)(*arguments) != 0:
        number = ctypes.get_errno() or errno.EPERM
        raise OSError(number, os.strerror(number))


def adopt_and_end_with_parent() -> None:
    """On Linux, become the parent of what descendants leave behind, and end when the parent of this process ends.

    So whatever a hook starts, in a session of its own too, can be found and ended:
    https://man7.org/linux/man-pages/man2/PR_SET_CHILD_SUBREAPER.2const.html
    """
    if sys.platform != "linux":
        return
    try:
        _call("prctl", _SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        _call("prctl", _SET_PARENT_DEATH_SIGNAL, 9, 0, 0, 0)
    except (OSError, AttributeError, ImportError):
        return  # then the process group is what is ended


_SET_PARENT_DEATH_SIGNAL, _SET_CHILD_SUBREAPER = 1, 36  # linux/prctl.h


def _refuse_code(event: str, arguments: tuple[Any, ...]) -> None:
    if event.startswith(_PROCESSES):
        raise RefusedError("it would start a process, which takes --trust without --no-hooks")
    if event.startswith(_NETWORK):
        raise RefusedError("it would use the network, which takes --trust without --no-hooks")
    if event.startswith(_NATIVE) or (event == "import" and arguments[0] in _NATIVE_MODULES):
        raise RefusedError("it would call native code, which takes --trust without --no-hooks")


def _locations(path: Any, folder: int | None) -> tuple[str, ...]:  # noqa: ANN401
    """Return where a path leads, and where the entry itself is: the two differ for a link."""
    if isinstance(path, int):
        place = _folder_of(path)
        return (os.path.realpath(place),)
    text = os.fsdecode(path)
    if folder is not None and not os.path.isabs(text):
        text = os.path.join(_folder_of(folder), text)
    head, tail = os.path.split(os.path.abspath(text) if not _has_parent(text) else os.path.realpath(text))
    return os.path.realpath(text), os.path.join(os.path.realpath(head), tail)


def _has_parent(path: str) -> bool:
    return os.pardir in path.replace(os.altsep or os.sep, os.sep).split(os.sep)


def _folder_of(number: int) -> str:
    """Return the path of what is open under a number."""
    try:
        if sys.platform == "darwin":
            import fcntl  # noqa: PLC0415

            return os.fsdecode(fcntl.fcntl(number, 50, bytes(1024)).rstrip(b"\0"))  # F_GETPATH
        return os.readlink(f"/proc/self/fd/{number}")
    except OSError:
        raise RefusedError("it would write relative to an open folder") from None


def _fd(value: Any) -> int | None:  # noqa: ANN401
    """Return the number of the folder that a path starts from, or ``None`` where it is the working directory."""
    return value if isinstance(value, int) and value >= 0 else None


def _is_absolute(path: Any) -> bool:  # noqa: ANN401
    return isinstance(path, int) or os.path.isabs(os.fsdecode(path))


def _is_below(path: str, root: str) -> bool:
    path, root = os.path.normcase(path), os.path.normcase(root)
    return path == root or path.startswith(root.rstrip(os.sep) + os.sep)


def _without_first(path: str) -> str:
    """Return a path below the staging folder as one below the project."""
    return path.partition(os.sep)[2] or path
