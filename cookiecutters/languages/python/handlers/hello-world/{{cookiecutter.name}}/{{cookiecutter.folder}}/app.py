"""Answers GET /{{ cookiecutter.path }}."""

{% if cookiecutter.runtime_version == "3.8" %}
from __future__ import annotations

{% endif %}
import json
from typing import TypedDict


class APIGatewayProxyResponse(TypedDict):
    """A response as Amazon API Gateway expects it.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
    """

    statusCode: int
    headers: dict[str, str]
    body: str


def lambda_handler(event: object, context: object) -> APIGatewayProxyResponse:
    """Greet whoever calls."""
    return {
        "statusCode": 200,
        "headers": {"Content-Type": "application/json"},
        "body": json.dumps({"message": "hello world"}),
    }
