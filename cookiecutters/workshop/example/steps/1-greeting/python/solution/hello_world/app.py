"""Answers GET /hello."""

from __future__ import annotations

import json
from typing import Any


def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Greet by name whoever says one in the query string, and else the world.

    ``event`` is a request and the result a response as Amazon API Gateway has them:
    https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
    """
    # Where there is no query string, this is null and not an empty object.
    query = event["queryStringParameters"] or {}
    name = query.get("name", "world")
    return {
        "statusCode": 200,
        "headers": {"Content-Type": "application/json"},
        "body": json.dumps({"message": f"hello {name}"}),
    }
