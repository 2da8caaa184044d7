from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import app
import pytest

EVENT = Path(__file__).parents[2] / "events" / "{{ cookiecutter.folder }}" / "event.json"
NO_ORDER = "2e1424d4-f796-459a-8184-9c92662be6da"


@pytest.fixture
def event() -> dict[str, Any]:
    return json.loads(EVENT.read_text(encoding="utf-8"))


def test_names_what_failed(event: dict[str, Any], caplog: pytest.LogCaptureFixture) -> None:
    response = app.lambda_handler(event, None)

    assert response == {"batchItemFailures": [{"itemIdentifier": NO_ORDER}]}
    assert "order 1001: 2" in caplog.messages
    assert f"message {NO_ORDER} failed" in caplog.messages


def test_goes_on_after_a_failure(event: dict[str, Any], caplog: pytest.LogCaptureFixture) -> None:
    event["Records"].reverse()

    response = app.lambda_handler(event, None)

    assert response == {"batchItemFailures": [{"itemIdentifier": NO_ORDER}]}
    assert "order 1001: 2" in caplog.messages


def test_names_none_when_all_is_well(event: dict[str, Any]) -> None:
    del event["Records"][1]

    assert app.lambda_handler(event, None) == {"batchItemFailures": []}


@pytest.mark.parametrize(
    "body",
    [
        "[]",
        "null",
        '{"quantity": 2}',
        '{"orderId": "", "quantity": 2}',
        '{"orderId": 1001, "quantity": 2}',
        '{"orderId": "1001"}',
        '{"orderId": "1001", "quantity": 0}',
        '{"orderId": "1001", "quantity": 1.5}',
        '{"orderId": "1001", "quantity": "2"}',
        '{"orderId": "1001", "quantity": true}',
    ],
)
def test_refuses_json_that_is_no_order(event: dict[str, Any], body: str) -> None:
    message = {**event["Records"][0], "body": body}

    response = app.lambda_handler({"Records": [message]}, None)

    assert response == {"batchItemFailures": [{"itemIdentifier": message["messageId"]}]}
