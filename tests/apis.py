"""The APIs of use cases, as if they were deployed: a server on the loopback interface that answers as they do."""

from __future__ import annotations

import json
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Response = tuple[int, Any]


def _problem(status: int, title: str, detail: str) -> Response:
    return status, {"title": title, "status": status, "detail": detail}


def _hello(_method: str, _path: list[str], _body: Any, _items: set[str]) -> Response:
    return 200, {"message": "hello world"}


def _greeting(_method: str, path: list[str], _body: Any, _items: set[str]) -> Response:
    return 200, {"message": f"hello {unquote(path[1])}"}


def _customer(_method: str, path: list[str], _body: Any, _items: set[str]) -> Response:
    return 200, {
        "id": path[1],
        "name": "Ada Lovelace",
        "email": "ada@example.com",
        "phone": "1",
        "address": {"street": "1 High Street", "city": "London", "postcode": "N1", "country": "England"},
    }


def _digit(_method: str, _path: list[str], _body: Any, _items: set[str]) -> Response:
    return 200, {"digit": 7, "probability": 1.0}


def _items(method: str, path: list[str], body: Any, items: set[str]) -> Response:
    """Answer as the functions on a table do, which is empty at first; ``items`` are the ids that have been stored."""
    if len(path) == 1:
        return 200, {"items": [], "next": None}
    if method == "PUT" and (path[1] in items or "version" in body):
        return _problem(409, "Conflict", "the item does not have this version any more")
    if method == "PUT":
        items.add(path[1])
        return 201, {"id": path[1], **body}
    return _problem(404, "Not Found", "there is no item with this id")


# What the deployed APIs answer, by the first word of their paths.
ANSWERS: dict[str, Callable[[str, list[str], Any, set[str]], Response]] = {
    "hello": _hello,
    "customers": _customer,
    "items": _items,
    "greetings": _greeting,
    **dict.fromkeys(["digits-pytorch", "digits-scikit-learn", "digits-tensorflow", "digits-xgboost"], _digit),
}


class Server(ThreadingHTTPServer):
    """Answers as the deployed APIs do, or wrongly; ``asked`` has the method and the first word of each request."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: set[tuple[str, str]] = set()
        self.items: set[str] = set()
        self.answers_wrong = False

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class Handler(BaseHTTPRequestHandler):
    server: Server

    def answer(self) -> None:
        path = urlsplit(self.path).path.removeprefix("/").split("/")
        self.server.asked.add((self.command, path[0]))
        text = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = json.loads(text) if text[:1] == b"{" else None  # an image has no need to be read
        status, value = ANSWERS[path[0]](self.command, path, body, self.server.items)
        if self.server.answers_wrong:
            status, value = 200, {"message": "hello moon"}
        content = json.dumps(value, separators=(",", ":")).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json" if status < 300 else "application/problem+json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_PUT = do_POST = do_DELETE = answer  # noqa: N815  as http.server calls them

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serving() -> Iterator[Server]:
    with Server() as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()
