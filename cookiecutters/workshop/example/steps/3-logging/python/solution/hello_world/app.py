"""Answers GET /hello."""

from __future__ import annotations

import json
import logging
import re
from typing import Any

NAME = re.compile(r"[^\x00-\x1f\x7f-\x9f]{1,40}")

logger = logging.getLogger(__name__)
logger.setLevel(logging.INFO)


def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer a request, and log how.

    ``event`` is a request and the result a response as Amazon API Gateway has them:
    https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
    """
    response = greet(event)
    # Lambda adds the time, the level and an id of its own. This id is the one that the caller gets with the response.
    fields = {"status": response["statusCode"], "api_request_id": event["requestContext"]["requestId"]}
    logger.info("answered", extra=fields)
    return response


def greet(event: dict[str, Any]) -> dict[str, Any]:
    """Greet by name whoever says one in the query string, and else the world."""
    # Where there is no query string, this is null and not an empty object.
    query = event["queryStringParameters"] or {}
    name = query.get("name", "world").strip()
    # An exception would become a 502, as if the function were broken. It is the request that is.
    if not NAME.fullmatch(name):
        return answer(400, "a name has 1 to 40 characters, none of them a control character")
    return answer(200, f"hello {name}")


def answer(status: int, message: str) -> dict[str, Any]:
    """Return a response with a message in JSON."""
    return {
        "statusCode": status,
        "headers": {"Content-Type": "application/json"},
        "body": json.dumps({"message": message}),
    }
