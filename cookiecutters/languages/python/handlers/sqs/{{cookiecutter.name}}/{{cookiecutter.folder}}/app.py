"""Processes the orders that arrive in a queue."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from typing import Any

logger = logging.getLogger(__name__)
logger.setLevel(logging.INFO)


@dataclass(frozen=True)
class Order:
    """What a message asks for."""

    order_id: str
    quantity: int


def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Process a batch of messages and name those that failed: Amazon SQS hands out these again.

    https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
    """
    failures = []
    for record in event["Records"]:
        try:
            process(parse(record["body"]))
        except Exception:
            # Whatever is wrong with one message, the others of the batch get their turn.
            logger.exception("message %s failed", record["messageId"])
            failures.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failures}


def parse(body: str) -> Order:
    """Return the order in a message's body, or raise ``ValueError``."""
    data = json.loads(body)
    if not isinstance(data, dict):
        raise ValueError("an order is a JSON object")
    order_id, quantity = data.get("orderId"), data.get("quantity")
    if not isinstance(order_id, str) or not order_id:
        raise ValueError("orderId must be a string that is not empty")
    # In Python true and false are numbers too.
    if not isinstance(quantity, int) or isinstance(quantity, bool) or quantity < 1:
        raise ValueError("quantity must be a whole number from 1 up")
    return Order(order_id, quantity)


def process(order: Order) -> None:
    """Do what an order asks for: your own work goes here.

    A message may come twice, so doing it twice must be safe.
    """
    logger.info("order %s: %d", order.order_id, order.quantity)
