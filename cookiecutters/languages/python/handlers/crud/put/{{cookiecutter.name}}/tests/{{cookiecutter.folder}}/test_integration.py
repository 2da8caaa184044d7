"""Calls the deployed API."""

import json
from urllib.error import HTTPError
from urllib.request import Request, urlopen
from uuid import uuid4

import pytest


def test_replaces_no_item_that_is_not_there(url: str) -> None:
    body = {"name": "Pencil", "quantity": 3, "version": 1}
    request = Request(url.replace("{id}", str(uuid4())), json.dumps(body).encode(), method="PUT")
    with pytest.raises(HTTPError) as raised:
        urlopen(request, timeout=30)

    with raised.value as response:
        assert response.headers["Content-Type"] == "application/problem+json"
        assert json.load(response) == {
            "title": "Conflict",
            "status": 409,
            "detail": "the item does not have this version any more",
        }
