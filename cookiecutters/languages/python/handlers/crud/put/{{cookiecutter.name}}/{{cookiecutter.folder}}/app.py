"""Answers PUT /{{ cookiecutter.path }}."""

{% if cookiecutter.runtime_version == "3.9" %}
from __future__ import annotations

{% endif %}
import json
import os
import re
from base64 import b64decode
from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING, TypedDict

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from types_boto3_dynamodb.type_defs import PutItemInputTypeDef

ID_PATTERN = re.compile(r"[A-Za-z0-9_-]{1,100}")
# JSON can escape half of a surrogate pair, which is no character and cannot be written as UTF-8.
NAME_PATTERN = re.compile(r"[^\ud800-\udfff]{1,100}")
MAX_INTEGER = 2**31 - 1

TABLE_NAME = os.environ["TABLE_NAME"]

# Created once for each execution environment. The timeouts leave room for retries within the function's 10 seconds.
dynamodb = boto3.client("dynamodb", config=Config(connect_timeout=1, read_timeout=2, retries={"mode": "standard"}))


class Item(TypedDict):
    """What the table has of an item, and the API returns."""

    id: str
    name: str
    quantity: int
    version: int


class APIGatewayProxyEventV2(TypedDict, total=False):
    """The part of a request from Amazon API Gateway that this function reads.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
    """

    pathParameters: dict[str, str]
    body: str | None
    isBase64Encoded: bool


class APIGatewayProxyResponseV2(TypedDict):
    """A response as Amazon API Gateway expects it."""

    statusCode: int
    headers: dict[str, str]
    body: str


class InvalidBodyError(Exception):
    """Says what is wrong with a request's body, in words for the caller."""


def lambda_handler(event: APIGatewayProxyEventV2, context: object) -> APIGatewayProxyResponseV2:
    """Store the item in the body under the id in the path: a new one, or the next version of one."""
    item_id = (event.get("pathParameters") or {}).get("id", "")
    if not ID_PATTERN.fullmatch(item_id):
        return problem(HTTPStatus.BAD_REQUEST, "id must have 1 to 100 letters, digits, hyphens or underscores")
    try:
        item = parse(item_id, event)
    except InvalidBodyError as error:
        return problem(HTTPStatus.BAD_REQUEST, str(error))
    is_new = item["version"] == 1
    if store(item):
        return respond(HTTPStatus.CREATED if is_new else HTTPStatus.OK, item)
    if is_new:
        return problem(HTTPStatus.CONFLICT, "there is an item with this id already; send its version to replace it")
    return problem(HTTPStatus.CONFLICT, "the item does not have this version any more")


def parse(item_id: str, event: APIGatewayProxyEventV2) -> Item:
    """Return the item in a request's body; raise ``InvalidBodyError`` if it is none.

    Its version is the one after that in the body, or 1 if the body has none.
    """
    data = None
    with suppress(ValueError, RecursionError):  # neither base64, UTF-8 nor JSON, or nested too deeply
        data = json.loads(body_of(event))
    if not isinstance(data, dict):
        raise InvalidBodyError("the body must be a JSON object")
    name, quantity = data.get("name"), data.get("quantity")
    if not isinstance(name, str) or not NAME_PATTERN.fullmatch(name):
        raise InvalidBodyError("name must be a string of 1 to 100 characters")
    # Not isinstance: True is an int as well.
    if type(quantity) is not int or not 0 <= quantity <= MAX_INTEGER:
        raise InvalidBodyError(f"quantity must be an integer from 0 to {MAX_INTEGER}")
    version = data.get("version", 0)
    if "version" in data and (type(version) is not int or not 1 <= version <= MAX_INTEGER):
        raise InvalidBodyError(f"version must be an integer from 1 to {MAX_INTEGER}")
    return {"id": item_id, "name": name, "quantity": quantity, "version": version + 1}


def body_of(event: APIGatewayProxyEventV2) -> str:
    """Return a request's body, which API Gateway encodes unless it takes it for text."""
    body = event.get("body") or ""
    return b64decode(body, validate=True).decode() if event.get("isBase64Encoded") else body


def store(item: Item) -> bool:
    """Store an item and return true, or false if it is not the next version of what the table has.

    DynamoDB decides that, since another request may come between reading and writing. An item that was deleted and
    stored again begins at version 1 again, so an old version may fit the new item.
    """
    arguments: PutItemInputTypeDef = {
        "TableName": TABLE_NAME,
        "Item": {
            "id": {"S": item["id"]},
            "name": {"S": item["name"]},
            "quantity": {"N": str(item["quantity"])},
            "version": {"N": str(item["version"])},
        },
    }
    if item["version"] == 1:
        arguments["ConditionExpression"] = "attribute_not_exists(id)"
    else:
        arguments["ConditionExpression"] = "version = :version"
        arguments["ExpressionAttributeValues"] = {":version": {"N": str(item["version"] - 1)}}
    try:
        dynamodb.put_item(**arguments)
    except dynamodb.exceptions.ConditionalCheckFailedException:
        # Also if this very item was stored, the answer got lost and the client tried again.
        return False
    return True


def problem(status: HTTPStatus, detail: str) -> APIGatewayProxyResponseV2:
    """Describe what is wrong with a request, as https://www.rfc-editor.org/rfc/rfc9457 has it."""
    body = {"title": status.phrase, "status": status, "detail": detail}
    return respond(status, body, "application/problem+json")


def respond(status: HTTPStatus, body: object, content_type: str = "application/json") -> APIGatewayProxyResponseV2:
    """Return a response with ``body`` as JSON."""
    return {
        "statusCode": status,
        "headers": {"Content-Type": content_type},
        "body": json.dumps(body, separators=(",", ":")),
    }
