"""Answers GET /{{ cookiecutter.path }}."""

{% if cookiecutter.runtime_version == "3.9" %}
from __future__ import annotations

{% endif %}
import json
import os
import re
from http import HTTPStatus
from typing import TypedDict

import boto3
from botocore.config import Config

ID_PATTERN = re.compile(r"[A-Za-z0-9_-]{1,100}")

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


class APIGatewayProxyResponseV2(TypedDict):
    """A response as Amazon API Gateway expects it."""

    statusCode: int
    headers: dict[str, str]
    body: str


def lambda_handler(event: APIGatewayProxyEventV2, context: object) -> APIGatewayProxyResponseV2:
    """Return the item with the id in the path."""
    item_id = (event.get("pathParameters") or {}).get("id", "")
    if not ID_PATTERN.fullmatch(item_id):
        return problem(HTTPStatus.BAD_REQUEST, "id must have 1 to 100 letters, digits, hyphens or underscores")
    item = read(item_id)
    if item is None:
        return problem(HTTPStatus.NOT_FOUND, "there is no item with this id")
    return respond(HTTPStatus.OK, item)


def read(item_id: str) -> Item | None:
    """Return an item of the table, or None if there is none with that id."""
    # Consistent, so that whoever has just stored the item finds it.
    response = dynamodb.get_item(TableName=TABLE_NAME, Key={"id": {"S": item_id}}, ConsistentRead=True)
    attributes = response.get("Item")
    if attributes is None:
        return None
    return {
        "id": attributes["id"]["S"],
        "name": attributes["name"]["S"],
        "quantity": int(attributes["quantity"]["N"]),
        "version": int(attributes["version"]["N"]),
    }


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
