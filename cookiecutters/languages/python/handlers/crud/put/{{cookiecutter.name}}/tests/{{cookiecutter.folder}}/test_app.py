{% if cookiecutter.runtime_version == "3.9" %}
from __future__ import annotations

{% endif %}
import json
import os
from base64 import b64encode
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
REPLACEMENT = '{"name": "Pencil", "quantity": 3, "version": 7}'


@pytest.fixture
def dynamodb() -> Iterator[Stubber]:
    with Stubber(app.dynamodb) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


def expected(item_id: str, name: str, quantity: int) -> dict[str, object]:
    return {
        "TableName": "items",
        "Item": {
            "id": {"S": item_id},
            "name": {"S": name},
            "quantity": {"N": str(quantity)},
            "version": {"N": "1"},
        },
        "ConditionExpression": "attribute_not_exists(id)",
    }


def expected_replacement(version: int) -> dict[str, object]:
    return {
        "TableName": "items",
        "Item": {
            "id": {"S": "pencil"},
            "name": {"S": "Pencil"},
            "quantity": {"N": "3"},
            "version": {"N": str(version + 1)},
        },
        "ConditionExpression": "version = :version",
        "ExpressionAttributeValues": {":version": {"N": str(version)}},
    }


def put(body: str | None, item_id: str = "pencil") -> app.APIGatewayProxyResponseV2:
    return app.lambda_handler({"pathParameters": {"id": item_id}, "body": body, "isBase64Encoded": False}, None)


def put_bytes(body: bytes) -> app.APIGatewayProxyResponseV2:
    encoded = b64encode(body).decode()
    return app.lambda_handler({"pathParameters": {"id": "pencil"}, "body": encoded, "isBase64Encoded": True}, None)


def assert_problem(response: app.APIGatewayProxyResponseV2, status: int, title: str, detail: str) -> None:
    assert response["statusCode"] == status
    assert response["headers"] == {"Content-Type": "application/problem+json"}
    problem = json.loads(response["body"])
    assert list(problem.items()) == [("title", title), ("status", status), ("detail", detail)]


def test_stores_a_new_item(dynamodb: Stubber) -> None:
    dynamodb.add_response("put_item", {}, expected("pencil", "Pencil", 3))

    assert app.lambda_handler(json.loads(EVENT.read_text(encoding="utf-8")), None) == {
        "statusCode": 201,
        "headers": {"Content-Type": "application/json"},
        "body": '{"id":"pencil","name":"Pencil","quantity":3,"version":1}',
    }


def test_replaces_no_item_without_its_version(dynamodb: Stubber) -> None:
    dynamodb.add_client_error("put_item", "ConditionalCheckFailedException")

    detail = "there is an item with this id already; send its version to replace it"
    assert_problem(put(BODY), 409, "Conflict", detail)


@pytest.mark.parametrize("version", [1, 7, 2147483647])
def test_replaces_an_item(dynamodb: Stubber, version: int) -> None:
    dynamodb.add_response("put_item", {}, expected_replacement(version))

    response = put(json.dumps({"name": "Pencil", "quantity": 3, "version": version}))

    assert response["statusCode"] == 200
    assert response["headers"] == {"Content-Type": "application/json"}
    item = {"id": "pencil", "name": "Pencil", "quantity": 3, "version": version + 1}
    assert json.loads(response["body"]) == item


def test_replaces_no_other_version(dynamodb: Stubber) -> None:
    dynamodb.add_client_error("put_item", "ConditionalCheckFailedException")

    assert_problem(put(REPLACEMENT), 409, "Conflict", "the item does not have this version any more")


@pytest.mark.parametrize("body", [BODY, REPLACEMENT])
def test_fails_with_whatever_else_dynamodb_refuses(dynamodb: Stubber, body: str) -> None:
    dynamodb.add_client_error("put_item", "AccessDeniedException")

    with pytest.raises(ClientError, match="AccessDeniedException"):
        put(body)


@pytest.mark.parametrize("item_id", ["1", "aZ09_-", "a" * 100])
@pytest.mark.parametrize(("name", "quantity"), [("P", 0), ("\N{PENCIL}\N{VARIATION SELECTOR-16}" * 50, 2147483647)])
def test_accepts_an_item(dynamodb: Stubber, item_id: str, name: str, quantity: int) -> None:
    dynamodb.add_response("put_item", {}, expected(item_id, name, quantity))

    body = json.dumps({"name": name, "quantity": quantity, "note": "x"}, ensure_ascii=False)

    assert put(body, item_id)["statusCode"] == 201


def test_decodes_a_body(dynamodb: Stubber) -> None:
    dynamodb.add_response("put_item", {}, expected("pencil", "é", 3))

    assert put_bytes('{"name": "é", "quantity": 3}'.encode())["statusCode"] == 201


# From here on the table is not asked: the stub would raise an error, since it has no response.
@pytest.mark.usefixtures("dynamodb")
@pytest.mark.parametrize("body", [b"", b"[]", b'{"name": "\xff", "quantity": 3}', BODY.encode("utf-16")])
def test_refuses_bytes_that_are_no_json_object(body: bytes) -> None:
    assert_problem(put_bytes(body), 400, "Bad Request", "the body must be a JSON object")


@pytest.mark.usefixtures("dynamodb")
def test_refuses_what_is_no_base64() -> None:
    body = "!" + b64encode(BODY.encode()).decode()
    event: app.APIGatewayProxyEventV2 = {"pathParameters": {"id": "1"}, "body": body, "isBase64Encoded": True}

    assert_problem(app.lambda_handler(event, None), 400, "Bad Request", "the body must be a JSON object")


@pytest.mark.usefixtures("dynamodb")
@pytest.mark.parametrize("body", [None, "", "[]", "null", '"text"', "this is not JSON", BODY + "{}", "[" * 100_000])
def test_refuses_what_is_no_json_object(body: str | None) -> None:
    assert_problem(put(body), 400, "Bad Request", "the body must be a JSON object")


@pytest.mark.usefixtures("dynamodb")
def test_refuses_a_request_without_a_body() -> None:
    response = app.lambda_handler({"pathParameters": {"id": "1"}}, None)

    assert_problem(response, 400, "Bad Request", "the body must be a JSON object")


@pytest.mark.usefixtures("dynamodb")
@pytest.mark.parametrize("item_id", ["", "a b", "a/b", "a\n", "é", "\N{ARABIC-INDIC DIGIT THREE}", "a" * 101])
def test_refuses_an_id(item_id: str) -> None:
    detail = "id must have 1 to 100 letters, digits, hyphens or underscores"
    assert_problem(put(BODY, item_id), 400, "Bad Request", detail)


@pytest.mark.usefixtures("dynamodb")
@pytest.mark.parametrize("name", ["", "a" * 101, "\ud800", "a\udfff", 5, True, None, ["a"]])
def test_refuses_a_name(name: object) -> None:
    body = json.dumps({"name": name, "quantity": 3})

    assert_problem(put(body), 400, "Bad Request", "name must be a string of 1 to 100 characters")


@pytest.mark.usefixtures("dynamodb")
@pytest.mark.parametrize("quantity", ["-1", "1.5", "3.0", '"3"', "true", "null", "[]", "NaN", "2147483648"])
def test_refuses_a_quantity(quantity: str) -> None:
    body = '{"name": "Pencil", "quantity": ' + quantity + "}"

    assert_problem(put(body), 400, "Bad Request", "quantity must be an integer from 0 to 2147483647")


@pytest.mark.usefixtures("dynamodb")
@pytest.mark.parametrize("version", ["0", "-1", "1.5", "1.0", '"1"', "true", "null", "[]", "2147483648"])
def test_refuses_a_version(version: str) -> None:
    body = '{"name": "Pencil", "quantity": 3, "version": ' + version + "}"

    assert_problem(put(body), 400, "Bad Request", "version must be an integer from 1 to 2147483647")


@pytest.mark.usefixtures("dynamodb")
def test_refuses_what_lacks_a_key() -> None:
    assert_problem(put('{"quantity": 3}'), 400, "Bad Request", "name must be a string of 1 to 100 characters")
    detail = "quantity must be an integer from 0 to 2147483647"
    assert_problem(put('{"name": "Pencil"}'), 400, "Bad Request", detail)
