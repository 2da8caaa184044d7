"""Zips over https, from a server on this machine whose certificate is by a CA of its own."""

from __future__ import annotations

import hashlib
import http.server
import os
import socket
import stat
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import servers
from conftest import tree
from scaffold.errors import FetchError
from scaffold.fetch import cache, fetch, https
from scaffold.fetch.address import parse
from servers import Certificates, Server

pytestmark = pytest.mark.usefixtures("scratch")
SECRET = "pass-4711"
_CA = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")


@pytest.fixture
def server(tmp_path: Path, certificates: Certificates, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    root = tmp_path / "served"
    root.mkdir()
    with zipfile.ZipFile(root / "app.zip", "w") as file:
        file.writestr("app-main/cookiecutter.json", "{}")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.ca))
    with servers.https(root, certificates) as running:
        yield running


def digest(server: Server) -> str:
    return f"sha256:{hashlib.sha256((server.root / 'app.zip').read_bytes()).hexdigest()}"


def failure(url: str, checkout: str = "") -> FetchError:
    with pytest.raises(FetchError) as caught, fetch(parse(url), checkout):
        pass
    assert SECRET not in f"{caught.value} {caught.value.hint}"
    return caught.value


def cached(tmp_path: Path) -> list[Path]:
    return sorted(path for path in (tmp_path / "cache").rglob("*") if path.is_file())


def test_a_zip_is_fetched_and_kept(server: Server, tmp_path: Path, scratch: Path) -> None:
    with fetch(parse(f"{server.url}/app.zip")) as fetched:
        assert tree(fetched.folder) == {"cookiecutter.json": b"{}"}
        assert (fetched.revision, fetched.ref) == (digest(server), "")
        assert fetched.address.url == f"{server.url}/app.zip"
    assert list(scratch.iterdir()) == []
    (file,) = cached(tmp_path)
    assert file.name == f"{fetched.revision.replace(':', '-')}.zip"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    for folder in list(file.parents)[:2]:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_digest_that_is_there_takes_no_network(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, right = f"{server.url}/app.zip", digest(server)
    with fetch(parse(url), right):
        assert server.requests == ["/app.zip"]
    monkeypatch.setenv(cache.OFFLINE, "1")
    with fetch(parse(url), right) as again:
        assert tree(again.folder) == {"cookiecutter.json": b"{}"}
    assert server.requests == ["/app.zip"]
    error = failure(url)
    assert error.message == f"SAM_SCAFFOLD_OFFLINE forbids the network, which {url} takes"
    assert error.hint == f"what was fetched before needs no network: --checkout {right}"
    # What somebody has changed on the disk is not what was asked for.
    (file,) = cached(tmp_path)
    file.write_bytes(file.read_bytes() + b"x")
    assert failure(url, right).message == f"SAM_SCAFFOLD_OFFLINE forbids the network, which {url} takes"


def test_another_zip_than_the_digest_says(server: Server, tmp_path: Path) -> None:
    wrong = f"sha256:{'0' * 64}"
    assert failure(f"{server.url}/app.zip", wrong).message == (
        f"{server.url}/app.zip is not {wrong}: it is {digest(server)}"
    )
    assert cached(tmp_path) == []


def test_offline_without_the_variable(server: Server) -> None:
    url = f"{server.url}/app.zip"
    with fetch(parse(url)) as fetched:
        pass
    address = parse(url)
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    gone = f"https://127.0.0.1:{port}/app.zip"
    error = failure(gone)
    assert error.message == f"{gone}: the connection is refused"
    assert error.hint == "check the port, and the proxy (https_proxy)"
    server.redirects["/app.zip"] = gone
    with pytest.raises(FetchError) as caught, fetch(address):
        pass
    assert caught.value.hint.endswith(f"; what was fetched before needs no network: --checkout {fetched.revision}")


def test_no_such_host() -> None:
    error = failure("https://nowhere.invalid/app.zip")
    assert error.message == "https://nowhere.invalid/app.zip: there is no host nowhere.invalid, or no network"


@pytest.mark.parametrize("variable", _CA)
def test_each_variable_for_a_ca(
    variable: str, server: Server, certificates: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    error = failure(f"{server.url}/app.zip")
    assert error.message.startswith(f"{server.url}/app.zip: the certificate is not trusted: ")
    assert error.hint == "for a CA of your company, set SSL_CERT_FILE to the file with its certificate"
    monkeypatch.setenv(variable, str(certificates.ca))
    with fetch(parse(f"{server.url}/app.zip")) as fetched:
        assert fetched.revision == digest(server)


def test_variables_for_a_ca_that_lead_nowhere(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CURL_CA_BUNDLE", str(tmp_path / "none.pem"))
    assert failure(f"{server.url}/app.zip").message == f"CURL_CA_BUNDLE names {tmp_path}/none.pem, which is not there"
    (tmp_path / "none.pem").write_text("no certificate")
    message = f"{tmp_path}/none.pem has no certificates that can be read"
    assert failure(f"{server.url}/app.zip").message == message


def test_another_host_than_the_certificate_has(server: Server) -> None:
    url = f"https://localhost:{server.port}/app.zip"
    assert failure(url).message == (
        f"{url}: the certificate is not trusted: Hostname mismatch, certificate is not valid for 'localhost'."
    )


def test_what_the_server_answers(server: Server) -> None:
    error = failure(f"{server.url}/none.zip")
    assert (error.message, error.hint) == (
        f"{server.url}/none.zip: the server answers 404 Not Found",
        "check the address, and whether you may read it",
    )

    def unavailable(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.send_response_only(503, "Evil\x1b[2J")
        handler.end_headers()

    server.answers["/evil.zip"] = unavailable
    assert failure(f"{server.url}/evil.zip").message == f"{server.url}/evil.zip: the server answers 503 'Evil\\x1b[2J'"


def test_credentials_reach_their_host_alone(server: Server, certificates: Certificates, tmp_path: Path) -> None:
    server.login = f"me:{SECRET}"
    error = failure(f"{server.url}/app.zip")
    assert error.message == f"{server.url}/app.zip: the server answers 401 Unauthorized"
    assert error.hint == "credentials are needed: https://user:password@host/…; they are not kept"
    with_login = f"https://me:{SECRET}@127.0.0.1:{server.port}"
    with fetch(parse(f"{with_login}/app.zip")) as fetched:
        assert SECRET not in repr(fetched)
    assert failure(f"{with_login}/none/app.zip").message.endswith("answers 404 Not Found")
    other_root = tmp_path / "other"
    other_root.mkdir()
    (server.root / "app.zip").rename(other_root / "app.zip")
    with servers.https(other_root, certificates) as other:
        server.redirects["/app.zip"] = f"{other.url}/app.zip?token=x"
        with fetch(parse(f"{with_login}/app.zip")) as fetched:
            assert tree(fetched.folder) == {"cookiecutter.json": b"{}"}
        assert other.logins == [""]
        assert fetched.address.url == f"{server.url}/app.zip"
    for path in tmp_path.rglob("*"):
        assert SECRET not in str(path)
        assert not path.is_file() or SECRET.encode() not in path.read_bytes()


@pytest.mark.parametrize("target", ["http://127.0.0.1/app.zip", "file:///etc/passwd", f"https://me:{SECRET}@host/a"])
def test_redirects_lead_to_https_alone(target: str, server: Server) -> None:
    server.redirects["/app.zip"] = target
    message = f"{server.url}/app.zip leads to another address that is not taken: it is not https"
    assert failure(f"{server.url}/app.zip").message == message


def test_redirects_in_a_circle(server: Server) -> None:
    server.redirects["/app.zip"] = "/app.zip"
    message = f"{server.url}/app.zip leads from one address to the next, and nowhere"
    assert failure(f"{server.url}/app.zip").message == message
    assert len(server.requests) == 10


def test_a_proxy(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    with servers.proxy() as (url, asked):
        monkeypatch.setenv("HTTPS_PROXY", url)
        with fetch(parse(f"{server.url}/app.zip")):
            assert asked == [f"127.0.0.1:{server.port}"]
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        with fetch(parse(f"{server.url}/app.zip")):
            assert len(asked) == 1
        monkeypatch.delenv("NO_PROXY")
        monkeypatch.delenv("HTTPS_PROXY")
        monkeypatch.setenv("ALL_PROXY", url)
        with fetch(parse(f"{server.url}/app.zip")):
            assert len(asked) == 2


def test_a_proxy_whose_password_is_wrong_is_not_told(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    with servers.silent() as port:
        monkeypatch.setattr(https, "SECONDS", 0.2)
        monkeypatch.setenv("HTTPS_PROXY", f"http://me:{SECRET}@127.0.0.1:{port}")
        assert failure(f"{server.url}/app.zip").message == f"{server.url}/app.zip: no answer in 0.2 seconds"


def test_a_server_that_never_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(https, "SECONDS", 0.2)
    with servers.silent() as port:
        url = f"https://127.0.0.1:{port}/app.zip"
        error = failure(url)
    assert error.message == f"{url}: no answer in 0.2 seconds"
    assert error.hint == "try again later, or check the proxy (https_proxy)"


def test_a_server_that_stops_half_way(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(https, "SECONDS", 0.3)

    def begin(seconds: float) -> Callable[[http.server.BaseHTTPRequestHandler], None]:
        def answer(handler: http.server.BaseHTTPRequestHandler) -> None:
            handler.send_response(200)
            handler.send_header("Content-Length", "100")
            handler.end_headers()
            handler.wfile.write(b"PK")
            time.sleep(seconds)

        return answer

    server.answers |= {"/slow.zip": begin(1), "/short.zip": begin(0)}
    assert failure(f"{server.url}/slow.zip").message == f"{server.url}/slow.zip: no answer in 0.3 seconds"
    message = f"{server.url}/short.zip: the connection ended before all of it was there"
    assert failure(f"{server.url}/short.zip").message == message


def test_a_server_that_sends_byte_after_byte(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(https, "ALL_SECONDS", 0.1)

    def drip(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        for _ in range(30):
            handler.wfile.write(b"P")
            time.sleep(0.02)

    server.answers["/slow.zip"] = drip
    assert failure(f"{server.url}/slow.zip").message == f"{server.url}/slow.zip: it was not whole in 0.1 seconds"


def test_a_zip_that_never_ends(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(https, "MAX_BYTES", 1 << 20)

    def pour(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while True:
            handler.wfile.write(bytes(1 << 16))

    server.answers["/endless.zip"] = pour
    assert failure(f"{server.url}/endless.zip").message == f"{server.url}/endless.zip has more than 1 MB"


def test_a_hostile_zip_is_not_kept(server: Server, tmp_path: Path, scratch: Path) -> None:
    with zipfile.ZipFile(server.root / "app.zip", "w") as file:
        file.writestr("../../evil", "x")
    assert failure(f"{server.url}/app.zip").message == (
        f"{server.url}/app.zip cannot be used: ../../evil has .. in its path"
    )
    assert cached(tmp_path) == []
    assert list(scratch.iterdir()) == []
    assert list(tmp_path.rglob("evil")) == []


def test_a_cache_that_cannot_be_written_is_done_without(server: Server, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    with fetch(parse(f"{server.url}/app.zip")) as fetched:
        assert tree(fetched.folder) == {"cookiecutter.json": b"{}"}
    assert os.environ["XDG_CACHE_HOME"] == str(tmp_path / "cache")
