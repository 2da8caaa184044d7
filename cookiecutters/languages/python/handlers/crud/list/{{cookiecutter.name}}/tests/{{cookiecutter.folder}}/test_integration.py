"""Calls the deployed API."""

import json
from urllib.request import urlopen


def test_returns_a_page(url: str) -> None:
    with urlopen(f"{url}?limit=1", timeout=30) as response:
        assert response.status == 200
        assert response.headers["Content-Type"] == "application/json"
        page = json.load(response)

    assert list(page) == ["items", "next"]
    assert len(page["items"]) <= 1
