"""Calls the deployed API."""

import json
from urllib.request import urlopen

ID = "3f0d0c6b-2b1e-4c8a-9a53-0b6f6e6f7a11"


def test_returns_the_customer(url: str) -> None:
    with urlopen(url.replace("{id}", ID), timeout=30) as response:
        assert response.status == 200
        assert response.headers["Content-Type"] == "application/json"
        customer = json.load(response)

    assert list(customer) == ["id", "name", "email", "phone", "address"]
    assert customer["id"] == ID
