"""Ships the orders that were placed, as an event bus tells."""

import logging
import os
import re
from dataclasses import dataclass
from typing import TypedDict

# JSON can escape half of a surrogate pair, which is no character and cannot be written as UTF-8.
ORDER_ID_PATTERN = re.compile(r"[^\ud800-\udfff]+")
MAX_QUANTITY = 2**31 - 1

logger = logging.getLogger(__name__)
# With JSON logs, Lambda takes the level from LoggingConfig in template.yaml. With plain text it would be WARNING.
if "AWS_LAMBDA_LOG_LEVEL" not in os.environ:
    logger.setLevel(logging.INFO)


class EventBridgeEvent(TypedDict):
    """The part of an event that this function reads; the rule in template.yaml chooses by source and detail-type.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events.html
    """

    id: str
    detail: object


@dataclass(frozen=True)
class Order:
    """What an event is about."""

    order_id: str
    quantity: int


def lambda_handler(event: EventBridgeEvent, context: object) -> None:
    """Process an order; if that fails, Lambda tries again, and in the end sends the event to the failure queue.

    https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
    """
    try:
        process(parse(event["detail"]))
    except Exception:
        # Lambda logs the error as well, but not which event it was.
        logger.exception("event failed: event_id=%s", event["id"], extra={"event_id": event["id"]})
        raise


def parse(detail: object) -> Order:
    """Return the order in an event's detail; raise ``TypeError`` or ``ValueError`` if it is none."""
    if not isinstance(detail, dict):
        raise TypeError("an order must be a JSON object")
    order_id, quantity = detail.get("orderId"), detail.get("quantity")
    if not isinstance(order_id, str) or not ORDER_ID_PATTERN.fullmatch(order_id):
        raise ValueError("orderId must be a string of one or more characters")
    # Not isinstance: True is an int as well.
    if type(quantity) is not int or not 1 <= quantity <= MAX_QUANTITY:
        raise ValueError(f"quantity must be an integer from 1 to {MAX_QUANTITY}")
    return Order(order_id, quantity)


def process(order: Order) -> None:
    """Ship an order: your own work goes here.

    EventBridge delivers an event at least once, and Lambda repeats one that failed, so the same order may come twice:
    make this idempotent, for example by recording the order's id with a conditional write before doing the work.
    """
    fields = {"order_id": order.order_id, "quantity": order.quantity}
    # The message shows them in plain text, extra makes fields of them in JSON logs.
    logger.info("order shipped: order_id=%(order_id)s quantity=%(quantity)d", fields, extra=fields)
