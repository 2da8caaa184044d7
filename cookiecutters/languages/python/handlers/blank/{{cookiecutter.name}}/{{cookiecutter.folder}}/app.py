"""Greets by name."""

from typing import TypedDict


class Request(TypedDict, total=False):
    """What the function is invoked with; every key may be missing."""

    name: str


class Response(TypedDict):
    """What the function answers."""

    message: str


def lambda_handler(event: Request, context: object) -> Response:
    """Greet whoever the request names, or else the world."""
    name = event.get("name") or "world"
    return {"message": f"hello {name}"}
