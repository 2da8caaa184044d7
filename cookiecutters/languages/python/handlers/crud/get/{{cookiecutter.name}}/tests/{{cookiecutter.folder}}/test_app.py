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


@pytest.fixture
def dynamodb() -> Iterator[Stubber]:
    with Stubber(app.dynamodb) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


def expected(item_id: str) -> dict[str, object]:
    return {"TableName": "items", "Key": {"id": {"S": item_id}}, "ConsistentRead": True}


def get(item_id: str) -> app.APIGatewayProxyResponseV2:
    return app.lambda_handler({"pathParameters": {"id": item_id}}, None)


def test_returns_the_item(dynamodb: Stubber) -> None:
    item = {"id": {"S": "pencil"}, "name": {"S": "Pencil"}, "quantity": {"N": "3"}, "version": {"N": "1"}}
    dynamodb.add_response("get_item", {"Item": item}, expected("pencil"))

    assert app.lambda_handler(json.loads(EVENT.read_text(encoding="utf-8")), None) == {
        "statusCode": 200,
        "headers": {"Content-Type": "application/json"},
        "body": '{"id":"pencil","name":"Pencil","quantity":3,"version":1}',
    }


@pytest.mark.parametrize("item_id", ["1", "aZ09_-", "a" * 100])
def test_does_not_find_an_item(dynamodb: Stubber, item_id: str) -> None:
    dynamodb.add_response("get_item", {}, expected(item_id))

    assert get(item_id) == {
        "statusCode": 404,
        "headers": {"Content-Type": "application/problem+json"},
        "body": '{"title":"Not Found","status":404,"detail":"there is no item with this id"}',
    }


def test_fails_with_what_dynamodb_refuses(dynamodb: Stubber) -> None:
    dynamodb.add_client_error("get_item", "AccessDeniedException")

    with pytest.raises(ClientError, match="AccessDeniedException"):
        get("pencil")


# The table is not asked: the stub would raise an error, since it has no response.
@pytest.mark.usefixtures("dynamodb")
@pytest.mark.parametrize("item_id", ["", "a b", "a/b", "a\n", "é", "\N{ARABIC-INDIC DIGIT THREE}", "a" * 101])
def test_refuses_an_id(item_id: str) -> None:
    detail = "id must have 1 to 100 letters, digits, hyphens or underscores"
    assert get(item_id) == {
        "statusCode": 400,
        "headers": {"Content-Type": "application/problem+json"},
        "body": '{"title":"Bad Request","status":400,"detail":"' + detail + '"}',
    }
