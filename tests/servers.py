"""Servers on this machine that templates are fetched from: https with a CA of its own, git over it, ssh, a proxy."""

from __future__ import annotations

import base64
import getpass
import http.server
import os
import select
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_HERE = "127.0.0.1"


@dataclass(frozen=True)
class Certificates:
    """A CA, and a certificate by it for 127.0.0.1 alone, with its key."""

    ca: Path
    server: Path

    @classmethod
    def make(cls, folder: Path) -> Certificates:
        ca_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
        issuer, subject = _name("CA of a test"), _name(_HERE)
        ca = (
            _builder(issuer, issuer, ca_key)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(sign_certificates=True), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(ca_key.public_key()), critical=False)
            .sign(ca_key, hashes.SHA256())
        )
        names = [x509.IPAddress(IPv4Address(_HERE))]
        server = (
            _builder(issuer, subject, key)
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .add_extension(_usage(sign_certificates=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False)
            .sign(ca_key, hashes.SHA256())
        )
        made = cls(folder / "ca.pem", folder / "server.pem")
        made.ca.write_bytes(ca.public_bytes(serialization.Encoding.PEM))
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        made.server.write_bytes(private + server.public_bytes(serialization.Encoding.PEM))
        return made


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _builder(issuer: x509.Name, subject: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return x509.CertificateBuilder(
        issuer, subject, key.public_key(), x509.random_serial_number(), now - timedelta(2), now + timedelta(3650)
    )


def _usage(*, sign_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True, key_cert_sign=sign_certificates, crl_sign=sign_certificates, content_commitment=False,
        key_encipherment=False, data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip


@dataclass
class Server:
    """A server, what it was asked for, and what it serves: files, redirects and answers by path, repositories."""

    root: Path
    port: int = 0
    login: str = ""  # user:password that it wants
    redirects: dict[str, str] = field(default_factory=dict)
    answers: dict[str, Callable[[http.server.BaseHTTPRequestHandler], object]] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"https://{_HERE}:{self.port}"


@contextmanager
def https(root: Path, certificates: Certificates, login: str = "") -> Iterator[Server]:
    """Serve a folder's files and, with git-http-backend, its repositories."""
    server = Server(root, login=login)

    class Handler(_Handler):
        serves = server

    listening = _Listening((_HERE, 0), Handler)
    server.port = listening.server_address[1]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates.server)
    listening.socket = context.wrap_socket(listening.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=listening.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        listening.shutdown()
        listening.server_close()


class _Listening(http.server.ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a client that trusts no certificate ends the connection."""


class _Handler(http.server.BaseHTTPRequestHandler):
    serves: Server
    protocol_version = "HTTP/1.0"

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        server = self.serves
        path, _, query = self.path.partition("?")
        server.requests.append(self.path)
        server.logins.append(self.headers.get("Authorization", ""))
        wanted = f"Basic {base64.b64encode(server.login.encode()).decode()}"
        if server.login and self.headers.get("Authorization") != wanted:
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="test"')
            self._end(b"")
        elif path in server.redirects:
            self.send_response(302)
            self.send_header("Location", server.redirects[path] + (f"?{query}" if query else ""))
            self._end(b"")
        elif path in server.answers:
            server.answers[path](self)
        elif (server.root / path[1:]).is_file() and path.endswith(".zip"):
            self.send_response(200)
            self._end((server.root / path[1:]).read_bytes())
        elif "/info/refs" in path or path.endswith("git-upload-pack"):
            self._git(path, query)
        else:
            self.send_error(404)

    do_POST = do_GET  # noqa: N815  http.server's name

    def _git(self, path: str, query: str) -> None:
        """Pass a request to git-http-backend: https://git-scm.com/docs/git-http-backend, RFC 3875."""
        length = self.headers.get("Content-Length")
        body = self.rfile.read(int(length)) if length else self._chunks()
        backend = Path(subprocess.check_output(["git", "--exec-path"], text=True).strip()) / "git-http-backend"
        done = subprocess.run(
            [backend], input=body, capture_output=True, check=False,
            env={
                **plain_environment(), "GIT_PROJECT_ROOT": str(self.serves.root), "GIT_HTTP_EXPORT_ALL": "1",
                "PATH_INFO": path, "QUERY_STRING": query, "REQUEST_METHOD": self.command, "REMOTE_ADDR": _HERE,
                "CONTENT_TYPE": self.headers.get("Content-Type", ""), "CONTENT_LENGTH": str(len(body)),
                "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
                "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
            },
        )  # fmt: skip
        head, _, rest = done.stdout.partition(b"\r\n\r\n")
        rows = [row.split(": ", 1) for row in head.decode().splitlines()]
        status = next((value for name, value in rows if name == "Status"), "200 OK")
        self.send_response(int(status[:3]))
        for name, value in rows:
            if name != "Status":
                self.send_header(name, value)
        self._end(rest)

    def _end(self, body: bytes) -> None:
        self.send_header("Content-Length", str(len(body)))  # the client of git takes no end of a connection for one
        self.end_headers()
        self.wfile.write(body)

    def _chunks(self) -> bytes:
        body = b""
        while "chunked" in self.headers.get("Transfer-Encoding", ""):
            chunk = self.rfile.read(int(self.rfile.readline(), 16))
            self.rfile.readline()
            body += chunk
            if not chunk:
                break
        return body


def plain_environment() -> dict[str, str]:
    """Return this process's environment without what git listens to, so that a server is not the client's."""
    return {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}


@contextmanager
def proxy() -> Iterator[tuple[str, list[str]]]:
    """Run a proxy for https; yield its URL, and the hosts that it was asked to connect to."""
    asked: list[str] = []
    listening = socket.create_server((_HERE, 0))

    def serve() -> None:
        while True:
            try:
                client, _ = listening.accept()
            except OSError:  # closed
                return
            threading.Thread(target=_tunnel, args=(client, asked), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"http://{_HERE}:{listening.getsockname()[1]}", asked
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()


def _tunnel(client: socket.socket, asked: list[str]) -> None:
    with client, suppress(OSError):
        head = b""
        while b"\r\n\r\n" not in head:
            head += client.recv(4096)
        target = head.split()[1].decode()
        asked.append(target)
        host, _, port = target.rpartition(":")
        with socket.create_connection((host, int(port))) as server:
            client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            while True:
                for ready in select.select([client, server], [], [])[0]:
                    data = ready.recv(65536)
                    if not data:
                        return
                    (server if ready is client else client).sendall(data)


@contextmanager
def silent() -> Iterator[int]:
    """Listen on a port, accept connections and never answer; yield the port."""
    with socket.create_server((_HERE, 0)) as listening:
        yield listening.getsockname()[1]


@contextmanager
def ssh(folder: Path) -> Iterator[tuple[str, Path]]:
    """Run sshd for this user, with keys made here; yield user@host:port and a configuration for its clients.

    Below ``folder``/home is what it takes for the user's home. Clients need not name the port.
    """
    sshd = shutil.which("sshd", path=f"{os.environ['PATH']}:/usr/sbin")
    assert sshd, "see needs()"
    Path("/run/sshd").mkdir(exist_ok=True)  # where sshd drops its rights, if root runs it
    for name in ("host", "user"):
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)]
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    port = _free_port()
    (folder / "authorized").write_text((folder / "user.pub").read_text())
    public = " ".join((folder / "host.pub").read_text().split()[:2])
    (folder / "known").write_text(f"[{_HERE}]:{port} {public}\n")
    (folder / "home").mkdir()
    (folder / "enter").write_text(f'cd "{folder}/home" && HOME="$PWD" && export HOME && eval "$SSH_ORIGINAL_COMMAND"\n')
    (folder / "sshd_config").write_text(
        f"ListenAddress {_HERE}:{port}\nHostKey {folder}/host\nAuthorizedKeysFile {folder}/authorized\n"
        "StrictModes no\nUsePAM no\nPasswordAuthentication no\nPidFile none\nPermitRootLogin yes\n"
        f"ForceCommand sh {folder}/enter\n"
    )
    config = folder / "ssh_config"
    config.write_text(
        f"Host *\nPort {port}\nIdentityFile {folder}/user\nIdentitiesOnly yes\nUserKnownHostsFile {folder}/known\n"
        "StrictHostKeyChecking yes\n"
    )
    command = [sshd, "-D", "-e", "-f", str(folder / "sshd_config")]
    with subprocess.Popen(
        command, env=plain_environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr
        try:
            first = process.stderr.readline()
            assert "listening" in first, first + process.stderr.read()
            yield f"{getpass.getuser()}@{_HERE}:{port}", config
        finally:
            process.terminate()


def _free_port() -> int:
    with socket.create_server((_HERE, 0)) as listening:
        return int(listening.getsockname()[1])


@dataclass(frozen=True)
class Origin:
    """A git repository to fetch from."""

    folder: Path

    @classmethod
    def make(cls, folder: Path, files: dict[str, str]) -> Origin:
        origin = cls(folder)
        folder.mkdir(parents=True)
        origin.git("init", "--quiet", "--initial-branch=main")
        origin.commit(files)
        return origin

    def git(self, *arguments: str, data: bytes | None = None) -> str:
        who = {
            f"GIT_{role}_{what}": "test@example.org" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
        }
        done = subprocess.run(
            ["git", *arguments], cwd=self.folder, input=data, capture_output=True, check=True,
            env={**plain_environment(), **who, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"},
        )  # fmt: skip
        return done.stdout.decode().strip()

    def commit(self, files: dict[str, str]) -> str:
        """Write files, commit them and return the commit's id."""
        for path, text in files.items():
            target = self.folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
        self.git("add", "--all", "--force")
        self.git("commit", "--quiet", "--allow-empty", "--message=files")
        return self.git("rev-parse", "HEAD")


def wait_until(is_so: Callable[[], object], seconds: float = 20) -> None:
    """Wait for something that comes soon; fail if it does not."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.01)
