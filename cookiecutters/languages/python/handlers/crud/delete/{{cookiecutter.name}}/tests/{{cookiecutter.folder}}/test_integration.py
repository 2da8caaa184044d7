"""Calls the deployed API."""

import json
from urllib.error import HTTPError
from urllib.request import Request, urlopen
from uuid import uuid4

import pytest


def test_does_not_find_an_item(url: str) -> None:
    request = Request(url.replace("{id}", str(uuid4())), method="DELETE")
    with pytest.raises(HTTPError) as raised:
        urlopen(request, timeout=30)

    with raised.value as response:
        assert response.headers["Content-Type"] == "application/problem+json"
        assert json.load(response) == {
            "title": "Not Found",
            "status": 404,
            "detail": "there is no item with this id",
        }
