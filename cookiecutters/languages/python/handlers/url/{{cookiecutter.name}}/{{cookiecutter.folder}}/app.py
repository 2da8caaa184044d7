"""Answers GET / of a function URL."""

{% if cookiecutter.runtime_version == "3.8" %}
from __future__ import annotations

{% endif %}
import json
from http import HTTPStatus
from typing import TypedDict


class HTTP(TypedDict):
    """How a request was made."""

    method: str


class RequestContext(TypedDict):
    """What a function URL says about a request."""

    http: HTTP


class LambdaFunctionURLRequest(TypedDict, total=False):
    """The part of a request to a function URL that this function reads; without a query, it has no parameters.

    https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
    """

    rawPath: str
    queryStringParameters: dict[str, str]
    requestContext: RequestContext


class LambdaFunctionURLResponse(TypedDict):
    """A response as a function URL expects it."""

    statusCode: int
    headers: dict[str, str]
    body: str


def lambda_handler(event: LambdaFunctionURLRequest, context: object) -> LambdaFunctionURLResponse:
    """Greet whoever the query names, or else the world."""
    # A function URL passes on every path and method.
    path = event["rawPath"]
    if path != "/":
        return problem(HTTPStatus.NOT_FOUND, f"there is nothing at {path}")
    if event["requestContext"]["http"]["method"] != "GET":
        response = problem(HTTPStatus.METHOD_NOT_ALLOWED, "use GET")
        response["headers"]["Allow"] = "GET"
        return response
    parameters = event.get("queryStringParameters") or {}
    name = parameters.get("name") or "world"
    return respond(HTTPStatus.OK, {"message": f"hello {name}"})


def problem(status: HTTPStatus, detail: str) -> LambdaFunctionURLResponse:
    """Describe what is wrong with a request, as https://www.rfc-editor.org/rfc/rfc9457 has it."""
    body = {"title": status.phrase, "status": status, "detail": detail}
    return respond(status, body, "application/problem+json")


def respond(status: HTTPStatus, body: object, content_type: str = "application/json") -> LambdaFunctionURLResponse:
    """Return a response with ``body`` as JSON."""
    return {
        "statusCode": status,
        "headers": {"Content-Type": content_type},
        "body": json.dumps(body, separators=(",", ":")),
    }
