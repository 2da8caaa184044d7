"""Imports the orders that are uploaded to a bucket."""

import json
import logging
import os
import re
from dataclasses import dataclass
from typing import TypedDict
from urllib.parse import unquote_plus

import boto3
from botocore.config import Config

# JSON can escape half of a surrogate pair, which is no character and cannot be written as UTF-8.
ORDER_ID_PATTERN = re.compile(r"[^\ud800-\udfff]+")
MAX_QUANTITY = 2**31 - 1

logger = logging.getLogger(__name__)
# With JSON logs, Lambda takes the level from LoggingConfig in template.yaml. With plain text it would be WARNING.
if "AWS_LAMBDA_LOG_LEVEL" not in os.environ:
    logger.setLevel(logging.INFO)

# Created once for each execution environment. Both calls, with three attempts each and the pauses between them, fit in
# the function's 30 seconds.
s3 = boto3.client("s3", config=Config(connect_timeout=1, read_timeout=2, retries={"mode": "standard"}))


class S3Bucket(TypedDict):
    """The bucket of an object."""

    name: str


class S3Object(TypedDict):
    """An object; its key is encoded as in an HTML form."""

    key: str


class S3Entity(TypedDict):
    """What was created, and where."""

    bucket: S3Bucket
    object: S3Object


class S3EventRecord(TypedDict):
    """The part of a notification that this function reads."""

    s3: S3Entity


class S3Event(TypedDict):
    """A notification, in a list of one.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
    """

    Records: list[S3EventRecord]


@dataclass(frozen=True)
class Order:
    """What an object asks for."""

    order_id: str
    quantity: int


def lambda_handler(event: S3Event, context: object) -> None:
    """Import each object; if one fails, Lambda invokes the function again."""
    for record in event["Records"]:
        key = unquote_plus(record["s3"]["object"]["key"])
        try:
            import_order(record["s3"]["bucket"]["name"], key)
        except Exception:
            # Lambda logs the error as well, but not which object it was.
            logger.exception("import failed: key=%s", key, extra={"key": key})
            raise


def import_order(bucket: str, key: str) -> None:
    """Process the order in an object, and write the result below processed/.

    S3 sends an event at least once, and Lambda repeats one that failed. A repeated event overwrites the result with the
    same, so it is harmless as long as nobody overwrites an upload.
    """
    order = parse(s3.get_object(Bucket=bucket, Key=key)["Body"].read())
    status = process(order)
    result = {"orderId": order.order_id, "quantity": order.quantity, "status": status}
    s3.put_object(
        Bucket=bucket,
        Key="processed/" + key.removeprefix("incoming/"),
        Body=json.dumps(result).encode(),
        ContentType="application/json",
    )
    fields = {"key": key, "order_id": order.order_id, "quantity": order.quantity}
    # The message shows them in plain text, extra makes fields of them in JSON logs.
    logger.info("order imported: key=%(key)s order_id=%(order_id)s quantity=%(quantity)d", fields, extra=fields)


def parse(body: bytes) -> Order:
    """Return the order in an object's body; raise ``TypeError`` or ``ValueError`` if it is none."""
    # By itself, json would guess another encoding, and let half surrogates pass.
    data = json.loads(body.decode())
    if not isinstance(data, dict):
        raise TypeError("an order must be a JSON object")
    order_id, quantity = data.get("orderId"), data.get("quantity")
    if not isinstance(order_id, str) or not ORDER_ID_PATTERN.fullmatch(order_id):
        raise ValueError("orderId must be a string of one or more characters")
    # Not isinstance: True is an int as well.
    if type(quantity) is not int or not 1 <= quantity <= MAX_QUANTITY:
        raise ValueError(f"quantity must be an integer from 1 to {MAX_QUANTITY}")
    return Order(order_id, quantity)


def process(order: Order) -> str:
    """Do what an order asks for, and return its new status: your own work goes here.

    The same order may come twice: make this idempotent, for example by recording the order's id with a conditional
    write before doing the work.
    """
    return "accepted"
