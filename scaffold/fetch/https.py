"""Downloads over https, through the user's proxy, and with the certificates that this machine or the user trusts."""

from __future__ import annotations

import base64
import http.client
import socket
import ssl
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import truststore

from scaffold import __version__
from scaffold.code_files import shown
from scaffold.errors import FetchError
from scaffold.fetch import certificates

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scaffold.fetch.address import Address, Credentials

SECONDS = 30.0  # to connect, and without a byte
ALL_SECONDS = 600.0
MAX_BYTES = 200 * 1024 * 1024
_CHUNK = 1 << 16
_MAX_REDIRECTS = 10
_REDIRECTS = {301, 302, 303, 307, 308}
_HINTS = {
    401: "credentials are needed: https://user:password@host/…; they are not kept",
    403: "the credentials, if there were any, do not allow this",
    404: "check the address, and whether you may read it",
    407: "the proxy needs credentials: https_proxy=http://user:password@host:port",
}


def download(address: Address, target: Path) -> str:
    """Download what is at an address into a new file, and return the URL it came from in the end.

    Raises :class:`FetchError`, without credentials in its text.
    """
    name = address.url
    with _network_errors(name), _opened(address) as answer, target.open("xb") as file:
        deadline, size = time.monotonic() + ALL_SECONDS, 0
        while chunk := answer.read1(_CHUNK):
            size += len(chunk)
            if size > MAX_BYTES:
                raise FetchError(f"{name} has more than {MAX_BYTES >> 20} MB", "give a smaller .zip")
            if time.monotonic() > deadline:
                raise FetchError(f"{name}: it was not whole in {ALL_SECONDS:g} seconds", "try again later")
            file.write(chunk)
        if answer.length:
            raise FetchError(f"{name}: the connection ended before all of it was there", "try again")
        return str(answer.geturl())


@contextmanager
def _opened(address: Address) -> Iterator[http.client.HTTPResponse]:
    """Yield the answer to a request, after redirects; credentials go to the host of the address and to no other."""
    opener = _opener()
    url = address.url
    for _ in range(_MAX_REDIRECTS):
        request = urllib.request.Request(url, headers={"User-Agent": f"sam-scaffold/{__version__}"})  # noqa: S310  https, see _next
        if address.credentials and urlsplit(url).netloc == urlsplit(address.url).netloc:
            request.add_unredirected_header("Authorization", _basic(address.credentials))
        try:
            answer = opener.open(request, timeout=SECONDS)
        except urllib.error.HTTPError as error:
            with error:
                if error.code not in _REDIRECTS:
                    raise
                url = _next(url, error.headers.get("Location", ""), address.url)
            continue
        with answer:
            yield answer
        return
    raise FetchError(f"{address.url} leads from one address to the next, and nowhere", "check the address")


def _next(url: str, location: str, name: str) -> str:
    target = urljoin(url, location)
    parts = urlsplit(target)
    if parts.scheme != "https" or not parts.hostname or "@" in parts.netloc:
        raise FetchError(f"{name} leads to another address that is not taken: it is not https", "check the address")
    return target


def _opener() -> urllib.request.OpenerDirector:
    """Return what opens https and nothing else: no files, no http, no redirects of its own."""
    proxies = urllib.request.getproxies()
    proxy = proxies.get("https") or proxies.get("all")
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler({"https": proxy} if proxy else {}),
        urllib.request.HTTPSHandler(context=_context()),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.HTTPDefaultErrorHandler(),
    ):
        opener.add_handler(handler)
    return opener


def _context() -> ssl.SSLContext:
    """Return how certificates are judged: by the files that the user names, else as the operating system does."""
    named = certificates.paths()
    if not named:
        return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    for path in named:
        try:
            context.load_verify_locations(**{"capath" if path.is_dir() else "cafile": str(path)})
        except OSError as error:
            raise FetchError(f"{shown(str(path))} has no certificates that can be read", certificates.HINT) from error
    return context


def _basic(credentials: Credentials) -> str:
    pair = f"{credentials.user}:{credentials.password}".encode()
    return f"Basic {base64.b64encode(pair).decode()}"


@contextmanager
def _network_errors(name: str) -> Iterator[None]:
    try:
        yield
    except urllib.error.HTTPError as error:
        hint = _HINTS.get(error.code, "try again later")
        raise FetchError(f"{name}: the server answers {error.code} {shown(str(error.reason)[:100])}", hint) from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        reason = error.reason if isinstance(error, urllib.error.URLError) else error
        raise FetchError(*_explained(name, reason)) from None


def _explained(name: str, reason: object) -> tuple[str, str]:
    """Return the message and the hint for what went wrong on the way."""
    host = urlsplit(name).netloc
    if isinstance(reason, socket.gaierror):
        return f"{name}: there is no host {host}, or no network", "check the name, and the network"
    if isinstance(reason, ssl.SSLCertVerificationError):
        return f"{name}: the certificate is not trusted: {shown(reason.verify_message)}", certificates.HINT
    if isinstance(reason, TimeoutError):
        return f"{name}: no answer in {SECONDS:g} seconds", "try again later, or check the proxy (https_proxy)"
    if isinstance(reason, ConnectionRefusedError):
        return f"{name}: the connection is refused", "check the port, and the proxy (https_proxy)"
    text = reason.strerror if isinstance(reason, OSError) and reason.strerror else str(reason)
    hint = next(
        (hint for code, hint in _HINTS.items() if f"failed: {code}" in text), "check the address and the network"
    )
    return f"{name}: {shown(text[:200])}", hint
