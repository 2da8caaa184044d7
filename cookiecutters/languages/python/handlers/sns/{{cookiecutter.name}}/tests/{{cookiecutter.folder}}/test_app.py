import json
import logging
import runpy
from pathlib import Path

import pytest

from {{ cookiecutter.folder }} import app

EVENTS = Path(__file__).parents[2] / "{{ cookiecutter.events }}"
# The id of the message in bad.json, which is no order.
BAD = "2e1424d4-f796-459a-8184-9c92662be6da"


def sample(name: str) -> app.SNSEvent:
    event: app.SNSEvent = json.loads((EVENTS / name).read_text(encoding="utf-8"))
    return event


def event_with(*messages: str) -> app.SNSEvent:
    return {"Records": [{"Sns": {"MessageId": "1", "Message": message}} for message in messages]}


def test_logs_the_notification(caplog: pytest.LogCaptureFixture) -> None:
    app.lambda_handler(sample("event.json"), None)

    (record,) = caplog.records
    assert record.levelno == logging.INFO
    assert record.getMessage() == "warehouse notified: order_id=1001 quantity=2"
    assert (vars(record)["order_id"], vars(record)["quantity"]) == ("1001", 2)


def test_fails_and_logs_which_message_it_was(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(json.JSONDecodeError):
        app.lambda_handler(sample("bad.json"), None)

    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert record.getMessage() == f"message failed: message_id={BAD}"
    assert vars(record)["message_id"] == BAD
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
    ("message", "order"),
    [
        ('{"orderId": "1001", "quantity": 1}', app.Order("1001", 1)),
        ('{"orderId": "1001", "quantity": 2147483647}', app.Order("1001", 2147483647)),
        ('{"orderId": "1001", "quantity": 2, "note": "another key"}', app.Order("1001", 2)),
    ],
)
def test_accepts_an_order(message: str, order: app.Order) -> None:
    assert app.parse(message) == order


@pytest.mark.parametrize(
    "message",
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
def test_refuses_what_is_no_order(message: str) -> None:
    with pytest.raises((TypeError, ValueError)):
        app.lambda_handler(event_with(message), None)


def test_fails_if_one_of_several_messages_does(caplog: pytest.LogCaptureFixture) -> None:
    order = '{"orderId": "1001", "quantity": 1}'
    with pytest.raises(TypeError):
        app.lambda_handler(event_with(order, "[]", order), None)

    assert [record.levelno for record in caplog.records] == [logging.INFO, logging.ERROR]
