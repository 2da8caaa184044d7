"""Rules on files: Lambda's user must read them, and can write to /tmp alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaffold.dockerfile_rules.syntax import pairs, split

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaffold.dockerfile_rules.judged import Finding, Image
    from scaffold.dockerfile_rules.stages import Step

_FOR_ALL = "give everyone the right to read"
_URL = re.compile(r"https?://\S+(?<!\.git)$")
# The command, its options, a mode, and what it is for; up to what ends a command of a shell.
_CHMOD = re.compile(r"(?<![\w./-])chmod\s+((?:-{1,2}[\w-]+\s+)*)([0-7]{3,4}|[ugoa]*[-+=][\w,+=-]*)\s+([^\n;&|]+)")
# Where functions and what they need lie; in other places a file may well be for the build alone.
_CODE = re.compile(r"/(var/task|var/runtime|opt|function|app|usr/src|srv|code)(/|$)")
# Only its owner reads what lies in the home of root: it has mode 700 in Debian's, Alpine's and Amazon Linux's images.
# Tools of a build may well be there, such as /root/.cargo/bin; what pip installs for a user is for the function.
_ROOTS = re.compile(r"/root(/|$)")
_ROOTS_LIBRARIES = re.compile(r"/root/\.local(/|$)")
_USERS_OWN = re.compile(r"\bpip[\d.]*\s+install\b[^;&|]*\s--user\b")
_SEARCHED = ("PATH", "PYTHONPATH", "NODE_PATH", "GEM_PATH", "GEM_HOME", "CLASSPATH", "LD_LIBRARY_PATH")
_WRITABLE = re.compile(r"/(tmp|mnt|dev/shm)(/|$)")
_TEMPORARY = frozenset(("TMPDIR", "TMP", "TEMP", "TEMPDIR"))


def unreadable(image: Image) -> Iterator[Finding]:
    """Look for files that only their owner reads: Lambda's user is another one, without rights of its own."""
    steps = image.steps
    for number, step in enumerate(steps):
        repaired = any(_CHMOD.search(_shell_text(later)) for later in steps[number + 1 :])
        name = step.instruction.name
        if name in ("COPY", "ADD") and not repaired:
            yield from _copied(image, step, "\n".join(map(_shell_text, steps[number + 1 :])))
        elif name == "RUN" and not repaired:
            yield from _changed(image, step)
    yield from _in_home(image)


def _shell_text(step: Step) -> str:
    return "\n".join((step.instruction.text, *step.instruction.heredocs)) if step.instruction.name == "RUN" else ""


def _copied(image: Image, step: Step, later: str) -> Iterator[Finding]:
    mode = step.expand(step.instruction.flag("chmod") or "")
    if mode and not may_read(mode):
        message = f"--chmod={mode} keeps Lambda's user from reading the files"
        yield image.warning("unreadable", step.line, message, f"{_FOR_ALL}, as --chmod=755 does")
    elif not mode and step.instruction.name == "ADD" and (url := _url(step)):
        # https://docs.docker.com/reference/dockerfile/#adding-files-from-a-url
        words = step.instruction.words or split(step.instruction.text)
        if url.rpartition("/")[2] in later or words[-1] in later or _WRITABLE.match(words[-1]):
            return  # an archive, perhaps, which is unpacked and removed
        message = f"ADD of a URL makes a file that only root reads, of mode 600: {url}"
        yield image.warning("unreadable", step.line, message, "add a RUN chmod a+r for it")


def _url(step: Step) -> str | None:
    words = step.instruction.words or split(step.instruction.text)
    return next((word for word in words[:-1] if _URL.match(word) and "git@" not in word), None)


def _changed(image: Image, step: Step) -> Iterator[Finding]:
    matches = list(_CHMOD.finditer(_shell_text(step)))
    if not matches:
        return
    _, mode, paths = matches[-1].groups()  # what comes last has the last word
    known = [path for path in (step.path(word) for word in split(paths) if word[:1] not in ("", "~", "-")) if path]
    if not may_read(mode) and any(map(_CODE.match, known)):
        message = f"chmod {mode} keeps Lambda's user from reading {paths.split()[0]}"
        yield image.warning("unreadable", step.line, message, f"{_FOR_ALL}, as chmod 755 and chmod a+rX do")


def may_read(mode: str) -> bool:
    """Return whether others may read a file of that mode; of ``u+x`` and the like, whether it leaves them the right."""
    if mode.isdecimal():
        return bool(int(mode[-1], 8) & 4) if set(mode) <= set("01234567") else True
    allowed = True
    for part in mode.split(","):
        match = re.fullmatch(r"([ugoa]*)([-+=])([rwxXst]*)", part)
        if match and (not match[1] or set(match[1]) & set("oa")):
            operator, rights = match[2], match[3]
            allowed = "r" in rights if operator == "=" else allowed and not (operator == "-" and "r" in rights)
            allowed = allowed or (operator == "+" and "r" in rights)
    return allowed


def _in_home(image: Image) -> Iterator[Finding]:
    """Look for what is needed as the function runs, and lies in root's home, as what ``pip install --user`` brings."""
    if any("/root" in text and "chmod" in text for text in map(_shell_text, image.steps)):
        return
    remedy = "put it into a folder that everyone reads, such as /opt or /var/task"
    last = image.final.last("WORKDIR")
    if last and _ROOTS.match(last.path(last.instruction.text) or ""):
        message = f"only root reads {last.instruction.text}, and the function starts there"
        yield image.warning("unreadable", last.line, message, remedy)
    for step in image.steps:
        if _USERS_OWN.search(_shell_text(step)) and image.final.last("USER") is None:
            message = "pip install --user installs for root, whose home nobody else reads"
            yield image.warning("unreadable", step.line, message, "leave --user out")
        for name, value in pairs(step.instruction, image.source.escape) if step.instruction.name == "ENV" else ():
            if name in _SEARCHED and any(map(_ROOTS_LIBRARIES.match, (value or "").split(":"))):
                message = f"{name} leads into /root, which only root reads"
                yield image.warning("unreadable", step.line, message, remedy)


def user(image: Image) -> Iterator[Finding]:
    """Look for USER, which Lambda ignores. With the Lambda Web Adapter, a server runs elsewhere as well."""
    step = image.final.last("USER")
    name = step.expand(step.instruction.text.partition(":")[0].strip("\"' ")) if step else None
    if step and name and name not in ("root", "0") and not image.has_adapter:
        message = f"Lambda runs the function as a user of its own, not as {name}"
        remedy = "remove USER, and see that everyone may read what the function needs"
        yield image.warning("user", step.line, message, remedy)


def read_only(image: Image) -> Iterator[Finding]:
    """Look for folders to write to: on Lambda these are /tmp and a file system in /mnt alone."""
    for step in image.steps:
        instruction = step.instruction
        if instruction.name == "VOLUME":
            paths = [step.path(word) for word in instruction.words or split(instruction.text, image.source.escape)]
            fixed = [path for path in paths if path and not _WRITABLE.match(path)]
            if fixed:
                message = f"Lambda makes no volume of {', '.join(fixed)}, and nothing can be written there"
                yield image.warning("read-only", step.line, message, "write to /tmp, or to a file system in /mnt")
        for name, value in pairs(instruction, image.source.escape) if instruction.name == "ENV" else ():
            path = step.expand(value or "")
            if name in _TEMPORARY and path and not _WRITABLE.match(path):
                message = f"{name} is {path}, and on Lambda nothing can be written there"
                yield image.warning("read-only", step.line, message, f"set {name} to /tmp")
