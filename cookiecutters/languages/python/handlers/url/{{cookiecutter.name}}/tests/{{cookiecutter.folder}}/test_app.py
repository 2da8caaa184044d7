import json
from pathlib import Path

import pytest

from {{ cookiecutter.folder }} import app

EVENT = Path(__file__).parents[2] / "{{ cookiecutter.events }}/event.json"


def request(path: str = "/", method: str = "GET") -> app.LambdaFunctionURLRequest:
    return {"rawPath": path, "requestContext": {"http": {"method": method}}}


def assert_greets(event: app.LambdaFunctionURLRequest, message: str) -> None:
    response = app.lambda_handler(event, None)

    assert response["statusCode"] == 200
    assert response["headers"] == {"Content-Type": "application/json"}
    assert json.loads(response["body"]) == {"message": message}


def test_greets_by_name() -> None:
    assert_greets(json.loads(EVENT.read_text(encoding="utf-8")), "hello Ada")


@pytest.mark.parametrize("parameters", ["null", "{}", '{"name": ""}', '{"other": "Ada"}'])
def test_greets_the_world_without_a_name(parameters: str) -> None:
    assert_greets({**request(), "queryStringParameters": json.loads(parameters)}, "hello world")


def test_greets_the_world_without_a_query() -> None:
    assert_greets(request(), "hello world")


# The path decides first: there is no method to use instead.
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_finds_nothing_at_another_path(method: str) -> None:
    assert app.lambda_handler(request("/other", method), None) == {
        "statusCode": 404,
        "headers": {"Content-Type": "application/problem+json"},
        "body": '{"title":"Not Found","status":404,"detail":"there is nothing at /other"}',
    }


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_allows_no_other_method(method: str) -> None:
    assert app.lambda_handler(request(method=method), None) == {
        "statusCode": 405,
        "headers": {"Content-Type": "application/problem+json", "Allow": "GET"},
        "body": '{"title":"Method Not Allowed","status":405,"detail":"use GET"}',
    }
