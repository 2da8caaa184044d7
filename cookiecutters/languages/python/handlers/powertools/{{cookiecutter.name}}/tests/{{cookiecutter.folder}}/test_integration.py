"""Calls the deployed API."""

import json
from urllib.request import urlopen


def test_greets(url: str) -> None:
    with urlopen(url.replace("{name}", "Ada"), timeout=30) as response:
        assert response.status == 200
        assert response.headers["Content-Type"] == "application/json"
        assert json.load(response) == {"message": "hello Ada"}
