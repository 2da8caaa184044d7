"""Answers PUT /{{ cookiecutter.path }}."""

{% if cookiecutter.runtime_version == "3.9" %}
from __future__ import annotations

{% endif %}
import json
import os
import re
from contextlib import suppress
from http import HTTPStatus
from typing import TypedDict

import boto3
from botocore.config import Config

ID_PATTERN = re.compile(r"[A-Za-z0-9_-]{1,100}")
# JSON can escape half of a surrogate pair, which is no character and cannot be written as UTF-8.
NAME_PATTERN = re.compile(r"[^\ud800-\udfff]{1,100}")
MAX_BODY_BYTES = 1024
MAX_QUANTITY = 2**31 - 1

TABLE_NAME = os.environ["TABLE_NAME"]

# Created once for each execution environment. The timeouts leave room for retries within the function's 10 seconds.
dynamodb = boto3.client("dynamodb", config=Config(connect_timeout=1, read_timeout=2, retries={"mode": "standard"}))


class Item(TypedDict):
    """What the table has of an item, and the API returns."""

    id: str
    name: str
    quantity: int


class APIGatewayProxyEvent(TypedDict, total=False):
    """The part of a request from Amazon API Gateway that this function reads.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
    """

    pathParameters: dict[str, str] | None
    body: str | None


class APIGatewayProxyResponse(TypedDict):
    """A response as Amazon API Gateway expects it."""

    statusCode: int
    headers: dict[str, str]
    body: str


class InvalidBodyError(Exception):
    """Says what is wrong with a request's body, in words for the caller."""


def lambda_handler(event: APIGatewayProxyEvent, context: object) -> APIGatewayProxyResponse:
    """Store the item in the body under the id in the path, unless there is one."""
    item_id = (event.get("pathParameters") or {}).get("id", "")
    if not ID_PATTERN.fullmatch(item_id):
        return problem(HTTPStatus.BAD_REQUEST, "id must have 1 to 100 letters, digits, hyphens or underscores")
    body = event.get("body") or ""
    if len(body.encode()) > MAX_BODY_BYTES:
        detail = f"the body must not have more than {MAX_BODY_BYTES} bytes"
        # Before Python 3.13, its phrase is that of an older RFC.
        return problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail, title="Content Too Large")
    try:
        item = parse(item_id, body)
    except InvalidBodyError as error:
        return problem(HTTPStatus.BAD_REQUEST, str(error))
    if not create(item):
        return problem(HTTPStatus.CONFLICT, "there is an item with this id already")
    return respond(HTTPStatus.CREATED, item)


def parse(item_id: str, body: str) -> Item:
    """Return the item in a request's body; raise ``InvalidBodyError`` if it is none."""
    data = None
    with suppress(ValueError, RecursionError):  # no JSON, or nested too deeply
        data = json.loads(body)
    if not isinstance(data, dict):
        raise InvalidBodyError("the body must be a JSON object")
    name, quantity = data.get("name"), data.get("quantity")
    if not isinstance(name, str) or not NAME_PATTERN.fullmatch(name):
        raise InvalidBodyError("name must be a string of 1 to 100 characters")
    # Not isinstance: True is an int as well.
    if type(quantity) is not int or not 0 <= quantity <= MAX_QUANTITY:
        raise InvalidBodyError(f"quantity must be an integer from 0 to {MAX_QUANTITY}")
    return {"id": item_id, "name": name, "quantity": quantity}


def create(item: Item) -> bool:
    """Store an item and return true, or false if there is one with its id."""
    try:
        dynamodb.put_item(
            TableName=TABLE_NAME,
            Item={"id": {"S": item["id"]}, "name": {"S": item["name"]}, "quantity": {"N": str(item["quantity"])}},
            # DynamoDB decides, since between reading and writing another request may come.
            ConditionExpression="attribute_not_exists(id)",
        )
    except dynamodb.exceptions.ConditionalCheckFailedException:
        # Also if this very item was stored, the answer got lost and the client tried again.
        return False
    return True


def problem(status: HTTPStatus, detail: str, title: str | None = None) -> APIGatewayProxyResponse:
    """Describe what is wrong with a request, as https://www.rfc-editor.org/rfc/rfc9457 has it."""
    body = {"title": title or status.phrase, "status": status, "detail": detail}
    return respond(status, body, "application/problem+json")


def respond(status: HTTPStatus, body: object, content_type: str = "application/json") -> APIGatewayProxyResponse:
    """Return a response with ``body`` as JSON."""
    return {
        "statusCode": status,
        "headers": {"Content-Type": content_type},
        "body": json.dumps(body, separators=(",", ":")),
    }
