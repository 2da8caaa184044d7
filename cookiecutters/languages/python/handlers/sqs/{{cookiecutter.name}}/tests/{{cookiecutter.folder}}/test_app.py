{% if cookiecutter.runtime_version == "3.8" %}
from __future__ import annotations

{% endif %}
import json
import logging
import runpy
from pathlib import Path

import pytest

from {{ cookiecutter.folder }} import app

EVENT = Path(__file__).parents[2] / "{{ cookiecutter.events }}/event.json"
# In the sample event the first message is an order, the second is not.
GOOD, BAD = "059f36b4-87a3-44ab-83d2-661975830a7d", "2e1424d4-f796-459a-8184-9c92662be6da"


@pytest.fixture
def event() -> app.SQSEvent:
    event: app.SQSEvent = json.loads(EVENT.read_text(encoding="utf-8"))
    return event


def event_with(body: str) -> app.SQSEvent:
    return {"Records": [{"messageId": "1", "body": body}]}


@pytest.mark.parametrize("step", [1, -1], ids=["good first", "bad first"])
def test_reports_only_the_message_that_failed(event: app.SQSEvent, step: int) -> None:
    event["Records"] = event["Records"][::step]

    assert app.lambda_handler(event, None) == {"batchItemFailures": [{"itemIdentifier": BAD}]}


def test_logs_what_was_processed(event: app.SQSEvent, caplog: pytest.LogCaptureFixture) -> None:
    app.lambda_handler(event, None)

    (record,) = (record for record in caplog.records if record.levelno == logging.INFO)
    assert record.getMessage() == "order processed: order_id=1001 quantity=2"
    assert (vars(record)["order_id"], vars(record)["quantity"]) == ("1001", 2)


def test_logs_what_failed(event: app.SQSEvent, caplog: pytest.LogCaptureFixture) -> None:
    app.lambda_handler(event, None)

    (record,) = (record for record in caplog.records if record.levelno == logging.ERROR)
    assert record.getMessage() == f"message failed: message_id={BAD}"
    assert vars(record)["message_id"] == BAD
    assert record.exc_info


def test_leaves_the_level_to_lambda(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_LAMBDA_LOG_LEVEL", "ERROR")

    # A name of its own gives it a new logger.
    module = runpy.run_path(app.__file__, run_name="app_with_json_logs")

    assert module["logger"].level == logging.NOTSET


def test_reports_whatever_processing_raises(event: app.SQSEvent, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(order: app.Order) -> None:
        raise ConnectionError(order.order_id)

    monkeypatch.setattr(app, "process", fail)

    failures = app.lambda_handler(event, None)["batchItemFailures"]

    assert failures == [{"itemIdentifier": GOOD}, {"itemIdentifier": BAD}]


@pytest.mark.parametrize(
    "body",
    [
        '{"orderId": "1001", "quantity": 1}',
        '{"orderId": "1001", "quantity": 2147483647}',
        '{"orderId": "1001", "quantity": 2, "note": "another key"}',
    ],
)
def test_accepts_an_order(body: str) -> None:
    assert app.lambda_handler(event_with(body), None) == {"batchItemFailures": []}


@pytest.mark.parametrize(
    "body",
    [
        "[]",
        "null",
        "{}",
        "this is not an order",
        '{"quantity": 2}',
        '{"orderId": "", "quantity": 2}',
        '{"orderId": "\\ud800", "quantity": 2}',
        '{"orderId": "1001\\udfff", "quantity": 2}',
        '{"orderId": 1001, "quantity": 2}',
        '{"orderId": "1001"}',
        '{"orderId": "1001", "quantity": 0}',
        '{"orderId": "1001", "quantity": -1}',
        '{"orderId": "1001", "quantity": 1.5}',
        '{"orderId": "1001", "quantity": 2.0}',
        '{"orderId": "1001", "quantity": 2e0}',
        '{"orderId": "1001", "quantity": "2"}',
        '{"orderId": "1001", "quantity": true}',
        '{"orderId": "1001", "quantity": null}',
        '{"orderId": "1001", "quantity": 2147483648}',
        '{"orderId": "1001", "quantity": 99999999999999999999}',
        '{"orderid": "1001", "quantity": 2}',
        '{"OrderId": "1001", "Quantity": 2}',
        '{"orderId": "1001", "quantity": 2} {}',
    ],
)
def test_refuses_what_is_no_order(body: str) -> None:
    assert app.lambda_handler(event_with(body), None) == {"batchItemFailures": [{"itemIdentifier": "1"}]}
