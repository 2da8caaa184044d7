import json
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from {{ cookiecutter.folder }}.app import app

client = TestClient(app)
EVENT = Path(__file__).parents[2] / "{{ cookiecutter.events }}/event.json"


def test_the_sample_event_asks_for_a_greeting() -> None:
    response = client.get(json.loads(EVENT.read_text("utf-8"))["rawPath"])

    assert response.json() == {"message": "hello Ada"}


@pytest.mark.parametrize("name", ["Ada", "Zoë", "a b", "x" * 100, "é" * 100])
def test_greets(name: str) -> None:
    response = client.get(f"/greetings/{name}")

    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/json"
    assert response.json() == {"message": f"hello {name}"}


@pytest.mark.parametrize("name", ["x" * 101, "é" * 101])
def test_refuses_a_long_name(name: str) -> None:
    response = client.get(f"/greetings/{name}")

    assert response.status_code == 422
    assert response.json()["detail"][0]["loc"] == ["path", "name"]


@pytest.mark.parametrize("path", ["/", "/greetings", "/greetings/", "/greetings/Ada/", "/greetings/a/b"])
def test_knows_no_other_path(path: str) -> None:
    assert client.get(path).status_code == 404


def test_is_healthy() -> None:
    assert client.get("/health").status_code == 200
