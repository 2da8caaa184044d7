{% if cookiecutter.runtime_version == "3.9" %}
from __future__ import annotations

{% endif %}
import json
import os
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

# app reads these when it is imported.
ENVIRONMENT = {
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "TABLE_NAME": "items",
}
with patch.dict(os.environ, ENVIRONMENT):
    from {{ cookiecutter.folder }} import app

EVENT = Path(__file__).parents[2] / "{{ cookiecutter.events }}/event.json"
BODY = '{"name": "Pencil", "quantity": 3}'


@pytest.fixture
def dynamodb() -> Iterator[Stubber]:
    with Stubber(app.dynamodb) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


def expected(item_id: str, name: str, quantity: int) -> dict[str, object]:
    return {
        "TableName": "items",
        "Item": {"id": {"S": item_id}, "name": {"S": name}, "quantity": {"N": str(quantity)}},
        "ConditionExpression": "attribute_not_exists(id)",
    }


def put(item_id: str, body: str | None) -> app.APIGatewayProxyResponse:
    return app.lambda_handler({"pathParameters": {"id": item_id}, "body": body}, None)


def assert_problem(response: app.APIGatewayProxyResponse, status: int, title: str, detail: str) -> None:
    assert response["statusCode"] == status
    assert response["headers"] == {"Content-Type": "application/problem+json"}
    problem = json.loads(response["body"])
    assert list(problem.items()) == [("title", title), ("status", status), ("detail", detail)]


def test_stores_the_item(dynamodb: Stubber) -> None:
    dynamodb.add_response("put_item", {}, expected("pencil", "Pencil", 3))

    response = app.lambda_handler(json.loads(EVENT.read_text(encoding="utf-8")), None)

    assert response == {
        "statusCode": 201,
        "headers": {"Content-Type": "application/json"},
        "body": '{"id":"pencil","name":"Pencil","quantity":3}',
    }


@pytest.mark.parametrize("item_id", ["1", "aZ09_-", "a" * 100])
@pytest.mark.parametrize(("name", "quantity"), [("P", 0), ("\N{PENCIL}" * 100, 2147483647)])
def test_accepts_an_item(dynamodb: Stubber, item_id: str, name: str, quantity: int) -> None:
    dynamodb.add_response("put_item", {}, expected(item_id, name, quantity))

    response = put(item_id, json.dumps({"name": name, "quantity": quantity, "note": "x"}, ensure_ascii=False))

    assert response["statusCode"] == 201
    assert json.loads(response["body"]) == {"id": item_id, "name": name, "quantity": quantity}


def test_accepts_a_body_of_the_largest_size(dynamodb: Stubber) -> None:
    dynamodb.add_response("put_item", {}, expected("1", "Pencil", 3))

    assert put("1", BODY.ljust(1024))["statusCode"] == 201


def test_replaces_no_item(dynamodb: Stubber) -> None:
    dynamodb.add_client_error("put_item", "ConditionalCheckFailedException")

    assert_problem(put("pencil", BODY), 409, "Conflict", "there is an item with this id already")


def test_fails_with_whatever_else_dynamodb_refuses(dynamodb: Stubber) -> None:
    dynamodb.add_client_error("put_item", "AccessDeniedException")

    with pytest.raises(ClientError, match="AccessDeniedException"):
        put("pencil", BODY)


# From here on the table is not asked: the stub would raise an error, since it has no response.
@pytest.mark.usefixtures("dynamodb")
@pytest.mark.parametrize("item_id", ["", "a b", "a/b", "a\n", "é", "\N{ARABIC-INDIC DIGIT THREE}", "a" * 101])
def test_refuses_an_id(item_id: str) -> None:
    detail = "id must have 1 to 100 letters, digits, hyphens or underscores"
    # The id is checked first.
    assert_problem(put(item_id, " " * 1025), 400, "Bad Request", detail)


@pytest.mark.usefixtures("dynamodb")
@pytest.mark.parametrize("body", [" " * 1025, "é" * 513, BODY + " " * 1000])
def test_refuses_a_large_body(body: str) -> None:
    assert_problem(put("1", body), 413, "Content Too Large", "the body must not have more than 1024 bytes")


@pytest.mark.usefixtures("dynamodb")
@pytest.mark.parametrize("body", [None, "", "[]", "null", '"text"', "this is not JSON", BODY + "{}", "[" * 1024])
def test_refuses_what_is_no_json_object(body: str | None) -> None:
    assert_problem(put("1", body), 400, "Bad Request", "the body must be a JSON object")


@pytest.mark.usefixtures("dynamodb")
@pytest.mark.parametrize("name", ["", "a" * 101, "\ud800", "a\udfff", 5, True, None, ["a"]])
def test_refuses_a_name(name: object) -> None:
    body = json.dumps({"name": name, "quantity": -1})

    assert_problem(put("1", body), 400, "Bad Request", "name must be a string of 1 to 100 characters")


@pytest.mark.usefixtures("dynamodb")
@pytest.mark.parametrize("quantity", ["-1", "1.5", "3.0", '"3"', "true", "null", "[]", "NaN", "2147483648"])
def test_refuses_a_quantity(quantity: str) -> None:
    body = '{"name": "Pencil", "quantity": ' + quantity + "}"

    assert_problem(put("1", body), 400, "Bad Request", "quantity must be an integer from 0 to 2147483647")


@pytest.mark.usefixtures("dynamodb")
def test_refuses_what_lacks_a_key() -> None:
    assert_problem(put("1", '{"quantity": 3}'), 400, "Bad Request", "name must be a string of 1 to 100 characters")
    detail = "quantity must be an integer from 0 to 2147483647"
    assert_problem(put("1", '{"name": "Pencil"}'), 400, "Bad Request", detail)
