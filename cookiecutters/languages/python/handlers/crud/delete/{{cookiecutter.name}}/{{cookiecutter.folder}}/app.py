"""Answers DELETE /{{ cookiecutter.path }}."""

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
    """Delete the item with the id in the path."""
    item_id = (event.get("pathParameters") or {}).get("id", "")
    if not ID_PATTERN.fullmatch(item_id):
        return problem(HTTPStatus.BAD_REQUEST, "id must have 1 to 100 letters, digits, hyphens or underscores")
    if not delete(item_id):
        return problem(HTTPStatus.NOT_FOUND, "there is no item with this id")
    return {"statusCode": HTTPStatus.NO_CONTENT, "headers": {}, "body": ""}


def delete(item_id: str) -> bool:
    """Delete an item of the table and return true, or false if there is none with that id."""
    try:
        dynamodb.delete_item(
            TableName=TABLE_NAME,
            Key={"id": {"S": item_id}},
            # Without it, DynamoDB does not say whether there was one.
            ConditionExpression="attribute_exists(id)",
        )
    except dynamodb.exceptions.ConditionalCheckFailedException:
        # Also if this very call deleted it, the answer got lost and the client tried again.
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
