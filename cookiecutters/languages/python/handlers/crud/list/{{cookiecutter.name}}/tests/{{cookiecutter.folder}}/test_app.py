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
# The token of pencil, as it has always been: callers may keep it.
TOKEN = "cGVuY2ls"


@pytest.fixture
def dynamodb() -> Iterator[Stubber]:
    with Stubber(app.dynamodb) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


def attributes(item_id: str) -> dict[str, object]:
    return {"id": {"S": item_id}, "name": {"S": "Pencil"}, "quantity": {"N": "3"}, "version": {"N": "1"}}


def list_items(**parameters: str) -> app.APIGatewayProxyResponseV2:
    return app.lambda_handler({"queryStringParameters": parameters}, None)


def page_in(response: app.APIGatewayProxyResponseV2) -> app.Page:
    assert response["statusCode"] == 200
    assert response["headers"] == {"Content-Type": "application/json"}
    page: app.Page = json.loads(response["body"])
    return page


def test_returns_a_page(dynamodb: Stubber) -> None:
    found = {"Items": [attributes("pen"), attributes("pencil")], "LastEvaluatedKey": {"id": {"S": "pencil"}}}
    dynamodb.add_response("scan", found, {"TableName": "items", "Limit": 2})

    response = app.lambda_handler(json.loads(EVENT.read_text(encoding="utf-8")), None)

    assert response == {
        "statusCode": 200,
        "headers": {"Content-Type": "application/json"},
        "body": '{"items":[{"id":"pen","name":"Pencil","quantity":3,"version":1},'
        '{"id":"pencil","name":"Pencil","quantity":3,"version":1}],"next":"cGVuY2ls"}',
    }


def test_returns_the_next_page(dynamodb: Stubber) -> None:
    expected = {"TableName": "items", "Limit": 2, "ExclusiveStartKey": {"id": {"S": "pencil"}}}
    dynamodb.add_response("scan", {"Items": [attributes("ruler")]}, expected)

    page = page_in(list_items(limit="2", next=TOKEN))

    assert [item["id"] for item in page["items"]] == ["ruler"]
    assert page["next"] is None


# Their tokens would have padding, or a character that has another meaning in a query.
@pytest.mark.parametrize("item_id", ["1", "ab", "abc", "aZ09_-", "-" * 100, "a" * 99])
def test_goes_on_after_any_item(dynamodb: Stubber, item_id: str) -> None:
    key = {"id": {"S": item_id}}
    dynamodb.add_response("scan", {"Items": [attributes(item_id)], "LastEvaluatedKey": key})
    dynamodb.add_response("scan", {"Items": []}, {"TableName": "items", "Limit": 25, "ExclusiveStartKey": key})

    token = page_in(list_items(limit="1"))["next"]

    assert token
    assert token.replace("-", "").replace("_", "").isalnum()
    assert page_in(list_items(next=token)) == {"items": [], "next": None}


@pytest.mark.parametrize("event", [{}, {"queryStringParameters": {}}])
def test_has_a_limit_by_itself(dynamodb: Stubber, event: app.APIGatewayProxyEventV2) -> None:
    dynamodb.add_response("scan", {"Items": []}, {"TableName": "items", "Limit": 25})

    assert page_in(app.lambda_handler(event, None)) == {"items": [], "next": None}


@pytest.mark.parametrize("limit", ["1", "9", "10", "99", "100"])
def test_accepts_a_limit(dynamodb: Stubber, limit: str) -> None:
    dynamodb.add_response("scan", {"Items": []}, {"TableName": "items", "Limit": int(limit)})

    page_in(list_items(limit=limit))


def test_fails_with_what_dynamodb_refuses(dynamodb: Stubber) -> None:
    dynamodb.add_client_error("scan", "AccessDeniedException")

    with pytest.raises(ClientError, match="AccessDeniedException"):
        list_items()


# From here on the table is not asked: the stub would raise an error, since it has no response.
@pytest.mark.usefixtures("dynamodb")
@pytest.mark.parametrize(
    "limit", ["", "0", "101", "1000", "-1", "+1", "1.5", "ten", "1,2", "1 ", "1\n", "\N{ARABIC-INDIC DIGIT THREE}"]
)
def test_refuses_a_limit(limit: str) -> None:
    assert list_items(limit=limit) == {
        "statusCode": 400,
        "headers": {"Content-Type": "application/problem+json"},
        "body": '{"title":"Bad Request","status":400,"detail":"limit must be an integer from 1 to 100"}',
    }


@pytest.mark.usefixtures("dynamodb")
@pytest.mark.parametrize(
    "token",
    [
        "",
        "!",
        "é",
        "a",
        # "a b", a byte that is not UTF-8, and an id of 101 letters
        "YSBi",
        "_w",
        "YWFh" * 33 + "YWE",
        # the token of an id, with padding or with more
        "cGVu" + "====",
        "cGVu!",
        "cG Vu",
        "MQ==",
        "cGVu\n",
        # bits that mean nothing
        "MR",
    ],
)
def test_refuses_a_token(token: str) -> None:
    assert list_items(next=token) == {
        "statusCode": 400,
        "headers": {"Content-Type": "application/problem+json"},
        "body": '{"title":"Bad Request","status":400,"detail":"next must be the next of an earlier answer"}',
    }
