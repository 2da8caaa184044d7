"""The APIs of use cases, as if they were deployed: a server on the loopback interface that answers as they do."""

from __future__ import annotations

import json
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any

from conftest import CATALOGUE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# What the deployed APIs answer, by their use cases; the id is the one that was asked for.
ANSWERS: dict[str, Callable[[str], Any]] = {
    "hello-world": lambda _id: {"message": "hello world"},
    "get-customer": lambda customer: {
        "id": customer,
        "name": "Ada Lovelace",
        "email": "ada@example.com",
        "phone": "1",
        "address": {"street": "1 High Street", "city": "London", "postcode": "N1", "country": "England"},
    },
}


class Server(ThreadingHTTPServer):
    """Answers as the deployed APIs do, or wrongly."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[str] = []
        self.answers_wrong = False

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        path = self.path.removeprefix("/Prod/")
        self.server.asked.append(path)
        use_case = next(name for name in ANSWERS if CATALOGUE.use_cases[name].path.split("/")[0] == path.split("/")[0])
        answer = {"message": "hello moon"} if self.server.answers_wrong else ANSWERS[use_case](path.split("/")[-1])
        body = json.dumps(answer, separators=(",", ":")).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serving() -> Iterator[Server]:
    with Server() as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()
