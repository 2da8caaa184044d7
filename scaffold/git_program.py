"""The git program, started without a shell, so that only what the user has configured for themselves counts."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

# What a user may have set for the way to the remote; everything else that git listens to might lead it elsewhere.
_KEPT = re.compile(r"GIT_(?:SSH|SSH_COMMAND|SSH_VARIANT|ASKPASS|EXEC_PATH|SSL_\w+|PROXY_COMMAND|CONFIG_\w+)")
_POLL_SECONDS = 0.2

_running: subprocess.Popen[bytes] | None = None


def environment(*, may_ask: bool = False) -> dict[str, str]:
    """Return the environment for git: it asks for nothing unless ``may_ask``."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_") or _KEPT.fullmatch(key)}
    if may_ask:
        return {**kept, "LC_ALL": "C"}
    kept.pop("SSH_ASKPASS", None)  # a window that asks
    return {
        **kept,
        "GIT_TERMINAL_PROMPT": "0",
        "SSH_ASKPASS_REQUIRE": "never",
        "GCM_INTERACTIVE": "never",
        "LC_ALL": "C",
    }


def run(  # noqa: PLR0913  one run of git, and what ends it
    variables: Mapping[str, str],
    *arguments: str,
    seconds: float,
    may_ask: bool = False,
    descriptors: Sequence[int] = (),
    limit: Callable[[], str] | None = None,
    output: Path | None = None,
    warnings: list[str] | None = None,
) -> tuple[str, str]:
    """Run git; return what it prints, unless that goes to the file ``output``, and what it says where it fails.

    ``variables`` is its whole environment. After ``seconds`` it is ended, and as soon as ``limit`` returns a reason.
    ``descriptors`` are open files that it inherits. To ``warnings`` it adds the lines that git says where it does not
    fail. Raises ``OSError`` where there is no git.
    """
    global _running  # noqa: PLW0603  for stop
    with ExitStack() as stack:
        stdout = stack.enter_context(output.open("wb")) if output else subprocess.PIPE
        # A session of its own has no terminal: neither git nor ssh can ask there. And it ends as one.
        process = stack.enter_context(
            subprocess.Popen(  # noqa: S603
                ["git", *arguments], env=variables, start_new_session=not may_ask, pass_fds=descriptors,  # noqa: S607
                stdin=subprocess.DEVNULL, stdout=stdout, stderr=subprocess.PIPE,
            )
        )  # fmt: skip
        _running = process
        try:
            printed, error, reason = _communicate(process, seconds, limit)
        except BaseException:
            stop()
            raise
        finally:
            _running = None
    if reason:
        return "", reason
    if warnings is not None and not process.returncode:
        warnings += error.splitlines()
    return printed, (error or f"git ended with {process.returncode}") if process.returncode else ""


def _communicate(
    process: subprocess.Popen[bytes], seconds: float, limit: Callable[[], str] | None
) -> tuple[str, str, str]:
    """Return what git prints, what it says, and the reason if it was ended."""
    deadline = time.monotonic() + seconds
    while True:
        left = deadline - time.monotonic()
        try:
            printed, error = process.communicate(timeout=max(min(left, _POLL_SECONDS), 0) if limit else left)
        except subprocess.TimeoutExpired:
            reason = limit() if limit else ""
            if not reason and time.monotonic() >= deadline:
                reason = f"no answer in {seconds:g} seconds"
            if reason:
                stop()
                return "", "", reason
        else:
            return (printed or b"").decode(errors="replace"), error.decode(errors="replace"), limit() if limit else ""


def stop() -> None:
    """End the git program that is running, if there is one, with what it has started."""
    if _running is None:
        return
    with suppress(OSError):
        if hasattr(os, "killpg") and os.getpgid(_running.pid) == _running.pid:
            os.killpg(_running.pid, signal.SIGKILL)
        else:
            _running.kill()


# Up to the last @ before a slash; or before several, where the word behind a colon is no port and so a password.
_LOGIN = re.compile(r"(\w[\w+.-]*)://([^/\s]*|[^/\s:@]*:(?!\d+/)\S*)@")


def without_credentials(text: str, address: str = "") -> str:
    """Return a text in which no address has a password or a token; of ssh the user stays, who is no secret.

    ``address`` is one whose password is left out wherever it stands.
    """
    text = _LOGIN.sub(_without_password, text)
    login = _LOGIN.match(address)
    if login:
        user, _, password = login[2].partition(":")
        secret = password or ("" if "ssh" in login[1] else user)
        for word in (secret, unquote(secret)):
            text = text.replace(word, "***") if word else text
    return text


def _without_password(match: re.Match[str]) -> str:
    scheme, login = match.groups()
    user = f"{login.partition(':')[0]}@" if "ssh" in scheme else ""
    return f"{scheme}://{user}"
