"""Answers GET /{{ cookiecutter.path }}."""

{% if cookiecutter.runtime_version == "3.9" %}
from __future__ import annotations

{% endif %}
import json
import os
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from http import HTTPStatus
from typing import TYPE_CHECKING, TypedDict

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from types_boto3_dynamodb.type_defs import ScanInputTypeDef

ID_PATTERN = re.compile(r"[A-Za-z0-9_-]{1,100}")
DEFAULT_LIMIT = "25"
LIMIT_PATTERN = re.compile(r"[1-9][0-9]?|100")

TABLE_NAME = os.environ["TABLE_NAME"]

# Created once for each execution environment. The timeouts leave room for retries within the function's 10 seconds.
dynamodb = boto3.client("dynamodb", config=Config(connect_timeout=1, read_timeout=2, retries={"mode": "standard"}))


class Item(TypedDict):
    """What the table has of an item, and the API returns."""

    id: str
    name: str
    quantity: int
    version: int


class Page(TypedDict):
    """Some items, and a token for those after them, or None if they are the last."""

    items: list[Item]
    next: str | None


class APIGatewayProxyEventV2(TypedDict, total=False):
    """The part of a request from Amazon API Gateway that this function reads.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
    """

    queryStringParameters: dict[str, str]


class APIGatewayProxyResponseV2(TypedDict):
    """A response as Amazon API Gateway expects it."""

    statusCode: int
    headers: dict[str, str]
    body: str


def lambda_handler(event: APIGatewayProxyEventV2, context: object) -> APIGatewayProxyResponseV2:
    """Return a page of the items, in no order."""
    parameters = event.get("queryStringParameters") or {}
    limit = parameters.get("limit", DEFAULT_LIMIT)
    if not LIMIT_PATTERN.fullmatch(limit):
        return problem(HTTPStatus.BAD_REQUEST, "limit must be an integer from 1 to 100")
    try:
        after = decode(parameters["next"]) if "next" in parameters else None
    except ValueError:
        return problem(HTTPStatus.BAD_REQUEST, "next must be the next of an earlier answer")
    return respond(HTTPStatus.OK, read(int(limit), after))


def read(limit: int, after: str | None) -> Page:
    """Return the items of the table after the one with the id ``after``, or the first ones."""
    arguments: ScanInputTypeDef = {"TableName": TABLE_NAME, "Limit": limit}
    if after is not None:
        arguments["ExclusiveStartKey"] = {"id": {"S": after}}
    page = dynamodb.scan(**arguments)
    items: list[Item] = [
        {
            "id": attributes["id"]["S"],
            "name": attributes["name"]["S"],
            "quantity": int(attributes["quantity"]["N"]),
            "version": int(attributes["version"]["N"]),
        }
        for attributes in page["Items"]
    ]
    last = page.get("LastEvaluatedKey")
    return {"items": items, "next": encode(last["id"]["S"]) if last else None}


def encode(item_id: str) -> str:
    """Return an id as a token, which callers need not understand: base64url without padding."""
    return urlsafe_b64encode(item_id.encode()).decode().rstrip("=")


def decode(token: str) -> str:
    """Return the id in a token; raise ``ValueError`` if the token is none that ``encode`` returns."""
    item_id = urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode()
    # Decoding skips characters that do not belong there, so the way back has to lead to the same token.
    if not ID_PATTERN.fullmatch(item_id) or encode(item_id) != token:
        raise ValueError("not a token of this function")
    return item_id


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
