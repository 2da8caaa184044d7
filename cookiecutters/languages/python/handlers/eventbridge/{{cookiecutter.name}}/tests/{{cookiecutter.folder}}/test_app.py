import json
import logging
import runpy
from pathlib import Path

import pytest

from {{ cookiecutter.folder }} import app

EVENTS = Path(__file__).parents[2] / "{{ cookiecutter.events }}"
# The id of the event in bad.json, whose quantity is 0.
BAD = "8d3c1f0e-54a2-4f6b-9f57-2a0f6c9b7e11"


def sample(name: str) -> app.EventBridgeEvent:
    event: app.EventBridgeEvent = json.loads((EVENTS / name).read_text(encoding="utf-8"))
    return event


def test_logs_what_was_shipped(caplog: pytest.LogCaptureFixture) -> None:
    app.lambda_handler(sample("event.json"), None)

    (record,) = caplog.records
    assert record.levelno == logging.INFO
    assert record.getMessage() == "order shipped: order_id=1001 quantity=2"
    assert (vars(record)["order_id"], vars(record)["quantity"]) == ("1001", 2)


def test_fails_and_logs_which_event_it_was(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(ValueError, match="quantity must be an integer"):
        app.lambda_handler(sample("bad.json"), None)

    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert record.getMessage() == f"event failed: event_id={BAD}"
    assert vars(record)["event_id"] == BAD
    assert record.exc_info


def test_leaves_the_level_to_lambda(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_LAMBDA_LOG_LEVEL", "ERROR")

    # A name of its own gives it a new logger.
    module = runpy.run_path(app.__file__, run_name="app_with_json_logs")

    assert module["logger"].level == logging.NOTSET


def test_fails_with_whatever_processing_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(order: app.Order) -> None:
        raise ConnectionError(order.order_id)

    monkeypatch.setattr(app, "process", fail)

    with pytest.raises(ConnectionError, match="1001"):
        app.lambda_handler(sample("event.json"), None)


@pytest.mark.parametrize(
    ("detail", "order"),
    [
        ('{"orderId": "1001", "quantity": 1}', app.Order("1001", 1)),
        ('{"orderId": "1001", "quantity": 2147483647}', app.Order("1001", 2147483647)),
        ('{"orderId": "1001", "quantity": 2, "note": "another key"}', app.Order("1001", 2)),
    ],
)
def test_accepts_an_order(detail: str, order: app.Order) -> None:
    assert app.parse(json.loads(detail)) == order


@pytest.mark.parametrize(
    "detail",
    [
        "[]",
        "null",
        "{}",
        '"this is not an order"',
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
    ],
)
def test_refuses_what_is_no_order(detail: str) -> None:
    with pytest.raises((TypeError, ValueError)):
        app.lambda_handler({"id": "1", "detail": json.loads(detail)}, None)
