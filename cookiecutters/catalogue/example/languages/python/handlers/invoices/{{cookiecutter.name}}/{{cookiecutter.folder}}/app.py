"""Invoices the orders that were placed, as an event bus tells."""

import logging
import os
from typing import TypedDict

logger = logging.getLogger(__name__)
# With JSON logs, Lambda takes the level from LoggingConfig in template.yaml. With plain text it would be WARNING.
if "AWS_LAMBDA_LOG_LEVEL" not in os.environ:
    logger.setLevel(logging.INFO)


class Line(TypedDict):
    """A line of an order: how many of a product, and what one of them costs."""

    product: str
    quantity: int
    cents: int


class Order(TypedDict):
    """What an event is about."""

    orderId: str
    lines: list[Line]


class OrderPlaced(TypedDict):
    """The part of an event that this function reads; the rule in template.yaml chooses by source and detail-type.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events.html
    """

    id: str
    detail: Order


def lambda_handler(event: OrderPlaced, context: object) -> None:
    """Invoice an order; if that fails, Lambda tries again, and in the end sends the event to the failure queue."""
    try:
        order = event["detail"]
        send_invoice(order["orderId"], total(order["lines"]))
    except Exception:
        # Lambda logs the error as well, but not which event it was.
        logger.exception("event failed: event_id=%s", event["id"], extra={"event_id": event["id"]})
        raise


def total(lines: list[Line]) -> int:
    """Return what an order costs, in cents; raise ``ValueError`` if nothing was ordered."""
    if not lines or any(line["quantity"] < 1 or line["cents"] < 0 for line in lines):
        raise ValueError(f"an order has lines, each with a quantity and a price: {lines!r}")
    return sum(line["quantity"] * line["cents"] for line in lines)


def send_invoice(order_id: str, cents: int) -> None:
    """Send the invoice: your own work goes here.

    The same event may come twice, so make this idempotent, for example by recording the order's id with a conditional
    write before doing the work.
    """
    fields = {"order_id": order_id, "cents": cents}
    # The message shows them in plain text, extra makes fields of them in JSON logs.
    logger.info("invoice sent: order_id=%(order_id)s cents=%(cents)d", fields, extra=fields)
