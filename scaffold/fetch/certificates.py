"""Where the user has said that further certificates are, of a company's CA for one."""

from __future__ import annotations

import os
from pathlib import Path

from scaffold.code_files import shown
from scaffold.errors import FetchError

# Variables of Python's requests, of curl and of OpenSSL
_VARIABLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")
HINT = f"for a CA of your company, set {_VARIABLES[-1]} to the file with its certificate"


def paths() -> list[Path]:
    """Return the files and folders that are named. Raises :class:`FetchError` for one that is not there."""
    named = {variable: Path(os.environ[variable]) for variable in _VARIABLES if os.environ.get(variable)}
    for variable, path in named.items():
        if not path.exists():
            raise FetchError(f"{variable} names {shown(str(path))}, which is not there", "correct it or unset it")
    return list(named.values())


def join(files: list[Path], target: Path) -> None:
    """Write the certificates of all files into one. Raises :class:`FetchError` for a file that cannot be read."""
    with target.open("wb") as joined:
        for path in files:
            try:
                joined.write(path.read_bytes() + b"\n")
            except OSError as error:
                raise FetchError(f"{shown(str(path))} cannot be read: {error.strerror}", HINT) from error
