"""Processes the orders that arrive in a queue."""

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


class SQSRecord(TypedDict):
    """The part of a message that this function reads."""

    messageId: str
    body: str


class SQSEvent(TypedDict):
    """A batch of messages.

    https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
    """

    Records: list[SQSRecord]


class SQSBatchItemFailure(TypedDict):
    """Names a message that failed."""

    itemIdentifier: str


class SQSBatchResponse(TypedDict):
    """The messages that are to be delivered again; Lambda deletes the others from the queue.

    https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
    """

    batchItemFailures: list[SQSBatchItemFailure]


@dataclass(frozen=True)
class Order:
    """What a message asks for."""

    order_id: str
    quantity: int


def lambda_handler(event: SQSEvent, context: object) -> SQSBatchResponse:
    """Process a batch of messages and return which of them failed."""
    failures: list[SQSBatchItemFailure] = []
    for record in event["Records"]:
        message_id = record["messageId"]
        try:
            process(parse(record["body"]))
        except Exception:
            # Whatever is wrong with one message, the others of the batch are processed.
            logger.exception("message failed: message_id=%s", message_id, extra={"message_id": message_id})
            failures.append({"itemIdentifier": message_id})
    return {"batchItemFailures": failures}


def parse(body: str) -> Order:
    """Return the order in a message's body; raise ``TypeError`` or ``ValueError`` if it is none."""
    data = json.loads(body)
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
    """Do what an order asks for: your own work goes here.

    SQS delivers a message at least once, so the same order may come twice: make this idempotent, for example by
    recording the order's id with a conditional write before doing the work.
    """
    fields = {"order_id": order.order_id, "quantity": order.quantity}
    # The message shows them in plain text, extra makes fields of them in JSON logs.
    logger.info("order processed: order_id=%(order_id)s quantity=%(quantity)d", fields, extra=fields)
