"""Notifies the warehouse of the orders that a topic announces."""

{% if cookiecutter.runtime_version == "3.8" %}
from __future__ import annotations

{% endif %}
import json
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


class SNSEntity(TypedDict):
    """The part of a message that this function reads."""

    MessageId: str
    Message: str


class SNSEventRecord(TypedDict):
    """A message as SNS delivers it."""

    Sns: SNSEntity


class SNSEvent(TypedDict):
    """Messages of a topic, usually one.

    https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html
    """

    Records: list[SNSEventRecord]


@dataclass(frozen=True)
class Order:
    """What a message announces."""

    order_id: str
    quantity: int


def lambda_handler(event: SNSEvent, context: object) -> None:
    """Process the messages; if one fails, Lambda tries again, and in the end sends the event to the failure queue.

    https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
    """
    for record in event["Records"]:
        message_id = record["Sns"]["MessageId"]
        try:
            process(parse(record["Sns"]["Message"]))
        except Exception:
            # Lambda logs the error as well, but not which message it was.
            logger.exception("message failed: message_id=%s", message_id, extra={"message_id": message_id})
            raise


def parse(message: str) -> Order:
    """Return the order in a message's text; raise ``TypeError`` or ``ValueError`` if it is none."""
    data = json.loads(message)
    if not isinstance(data, dict):
        raise TypeError("an order must be a JSON object")
    order_id, quantity = data.get("orderId"), data.get("quantity")
    if not isinstance(order_id, str) or not ORDER_ID_PATTERN.fullmatch(order_id):
        raise ValueError("orderId must be a string of one or more characters")
    # Not isinstance: True is an int as well.
    if type(quantity) is not int or not 1 <= quantity <= MAX_QUANTITY:
        raise ValueError(f"quantity must be an integer from 1 to {MAX_QUANTITY}")
    return Order(order_id, quantity)


def process(order: Order) -> None:
    """Notify the warehouse of an order: your own work goes here.

    SNS delivers a message at least once, and Lambda repeats one that failed, so the same order may come twice: make
    this idempotent, for example by recording the order's id with a conditional write before doing the work.
    """
    fields = {"order_id": order.order_id, "quantity": order.quantity}
    # The message shows them in plain text, extra makes fields of them in JSON logs.
    logger.info("warehouse notified: order_id=%(order_id)s quantity=%(quantity)d", fields, extra=fields)
