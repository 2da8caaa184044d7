import json
import logging
from pathlib import Path

import pytest

from {{ cookiecutter.folder }} import app

EVENT = Path(__file__).parents[2] / "{{ cookiecutter.events }}/event.json"


@pytest.fixture
def event() -> app.OrderPlaced:
    event: app.OrderPlaced = json.loads(EVENT.read_text(encoding="utf-8"))
    return event


def test_sends_an_invoice_for_the_whole_order(event: app.OrderPlaced, caplog: pytest.LogCaptureFixture) -> None:
    app.lambda_handler(event, None)

    (record,) = caplog.records
    assert record.levelno == logging.INFO
    assert record.getMessage() == "invoice sent: order_id=1001 cents=4900"


def test_a_gift_costs_nothing() -> None:
    assert app.total([{"product": "saucer", "quantity": 1, "cents": 0}]) == 0


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [{"product": "saucer", "quantity": 0, "cents": 375}],
        [{"product": "saucer", "quantity": 1, "cents": -375}],
    ],
)
def test_fails_and_logs_which_event_it_was(
    lines: list[app.Line], event: app.OrderPlaced, caplog: pytest.LogCaptureFixture
) -> None:
    event["detail"]["lines"] = lines

    with pytest.raises(ValueError, match="an order has lines"):
        app.lambda_handler(event, None)

    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert record.getMessage() == f"event failed: event_id={event['id']}"
