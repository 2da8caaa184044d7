"""Calls the deployed API."""

import json
from urllib.error import HTTPError
from urllib.request import Request, urlopen


def test_stores_an_item_once(url: str) -> None:
    body = {"name": "Integration test", "quantity": 1}
    request = Request(url.replace("{id}", "integration-test"), json.dumps(body).encode(), method="PUT")

    # It stays in the table, so this stores it only in the first run.
    try:
        response = urlopen(request, timeout=30)
    except HTTPError as error:
        response = error

    with response:
        answer = json.load(response)
    if response.status == 201:
        assert answer == {"id": "integration-test", **body}
    else:
        assert response.status == 409
        assert answer["detail"] == "there is an item with this id already"
