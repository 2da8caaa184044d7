import json
import logging
import os
import runpy
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from unittest.mock import patch
from urllib.parse import quote_plus

import pytest
from botocore.exceptions import ClientError
from botocore.response import StreamingBody
from botocore.stub import Stubber

# app creates its client when it is imported.
ENVIRONMENT = {
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
}
with patch.dict(os.environ, ENVIRONMENT):
    from {{ cookiecutter.folder }} import app

EVENTS = Path(__file__).parents[2] / "{{ cookiecutter.events }}"


@pytest.fixture
def s3() -> Iterator[Stubber]:
    with Stubber(app.s3) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


def sample(name: str) -> app.S3Event:
    event: app.S3Event = json.loads((EVENTS / name).read_text(encoding="utf-8"))
    return event


def event_with(*keys: str) -> app.S3Event:
    return {"Records": [{"s3": {"bucket": {"name": "orders"}, "object": {"key": quote_plus(key)}}} for key in keys]}


def expect_get(s3: Stubber, key: str, body: bytes) -> None:
    response = {"Body": StreamingBody(BytesIO(body), len(body))}
    s3.add_response("get_object", response, {"Bucket": "orders", "Key": key})


def expect_put(s3: Stubber, key: str, body: bytes) -> None:
    parameters = {"Bucket": "orders", "Key": key, "Body": body, "ContentType": "application/json"}
    s3.add_response("put_object", {}, parameters)


def test_imports_an_order(s3: Stubber, caplog: pytest.LogCaptureFixture) -> None:
    expect_get(s3, "incoming/1 a/b.json", b'{"orderId": "1001", "quantity": 2}')
    expect_put(s3, "processed/1 a/b.json", b'{"orderId": "1001", "quantity": 2, "status": "accepted"}')

    app.lambda_handler(sample("event.json"), None)

    (record,) = caplog.records
    assert record.levelno == logging.INFO
    assert record.getMessage() == "order imported: key=incoming/1 a/b.json order_id=1001 quantity=2"
    values = vars(record)
    assert (values["key"], values["order_id"], values["quantity"]) == ("incoming/1 a/b.json", "1001", 2)


@pytest.mark.parametrize("name", ["é.json", "a+b.json", "100%.json", "incoming/a.json"])
def test_keeps_the_name(s3: Stubber, name: str) -> None:
    expect_get(s3, f"incoming/{name}", b'{"orderId": "1001", "quantity": 2}')
    expect_put(s3, f"processed/{name}", b'{"orderId": "1001", "quantity": 2, "status": "accepted"}')

    app.lambda_handler(event_with(f"incoming/{name}"), None)


def test_fails_and_logs_which_object_it_was(s3: Stubber, caplog: pytest.LogCaptureFixture) -> None:
    expect_get(s3, "incoming/bad.json", b"this is not an order")

    with pytest.raises(json.JSONDecodeError):
        app.lambda_handler(sample("bad.json"), None)

    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert record.getMessage() == "import failed: key=incoming/bad.json"
    assert vars(record)["key"] == "incoming/bad.json"
    assert record.exc_info


@pytest.mark.parametrize("code", ["NoSuchKey", "AccessDenied"])
def test_fails_without_the_object(s3: Stubber, code: str) -> None:
    s3.add_client_error("get_object", code)

    with pytest.raises(ClientError, match=code):
        app.lambda_handler(event_with("incoming/gone.json"), None)


def test_fails_if_the_result_cannot_be_written(s3: Stubber) -> None:
    expect_get(s3, "incoming/a.json", b'{"orderId": "1001", "quantity": 2}')
    s3.add_client_error("put_object", "AccessDenied")

    with pytest.raises(ClientError, match="AccessDenied"):
        app.lambda_handler(event_with("incoming/a.json"), None)


def test_fails_if_one_of_several_objects_does(s3: Stubber, caplog: pytest.LogCaptureFixture) -> None:
    expect_get(s3, "incoming/a.json", b'{"orderId": "1001", "quantity": 1}')
    expect_put(s3, "processed/a.json", b'{"orderId": "1001", "quantity": 1, "status": "accepted"}')
    expect_get(s3, "incoming/b.json", b"[]")

    with pytest.raises(TypeError):
        app.lambda_handler(event_with("incoming/a.json", "incoming/b.json", "incoming/c.json"), None)

    assert [record.levelno for record in caplog.records] == [logging.INFO, logging.ERROR]


def test_writes_nothing_if_processing_fails(s3: Stubber, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(order: app.Order) -> str:
        raise ConnectionError(order.order_id)

    monkeypatch.setattr(app, "process", fail)
    expect_get(s3, "incoming/a.json", b'{"orderId": "1001", "quantity": 2}')

    with pytest.raises(ConnectionError, match="1001"):
        app.lambda_handler(event_with("incoming/a.json"), None)


def test_leaves_the_level_to_lambda() -> None:
    with patch.dict(os.environ, ENVIRONMENT, AWS_LAMBDA_LOG_LEVEL="ERROR"):
        # A name of its own gives it a new logger.
        module = runpy.run_path(app.__file__, run_name="app_with_json_logs")

    assert module["logger"].level == logging.NOTSET


@pytest.mark.parametrize(
    ("body", "order"),
    [
        (b'{"orderId": "1001", "quantity": 1}', app.Order("1001", 1)),
        (b'{"orderId": "1001", "quantity": 2147483647}', app.Order("1001", 2147483647)),
        (b'{"orderId": "1001", "quantity": 2, "note": "another key"}', app.Order("1001", 2)),
        ('{"orderId": "é", "quantity": 2}'.encode(), app.Order("é", 2)),
    ],
)
def test_accepts_an_order(body: bytes, order: app.Order) -> None:
    assert app.parse(body) == order


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b"{}",
        b"this is not an order",
        b'{"quantity": 2}',
        b'{"orderId": "", "quantity": 2}',
        b'{"orderId": "\\ud800", "quantity": 2}',
        b'{"orderId": "1001\\udfff", "quantity": 2}',
        b'{"orderId": 1001, "quantity": 2}',
        b'{"orderId": "1001"}',
        b'{"orderId": "1001", "quantity": 0}',
        b'{"orderId": "1001", "quantity": -1}',
        b'{"orderId": "1001", "quantity": 1.5}',
        b'{"orderId": "1001", "quantity": 2.0}',
        b'{"orderId": "1001", "quantity": 2e0}',
        b'{"orderId": "1001", "quantity": "2"}',
        b'{"orderId": "1001", "quantity": true}',
        b'{"orderId": "1001", "quantity": null}',
        b'{"orderId": "1001", "quantity": 2147483648}',
        b'{"orderId": "1001", "quantity": 99999999999999999999}',
        b'{"orderid": "1001", "quantity": 2}',
        b'{"OrderId": "1001", "Quantity": 2}',
        b'{"orderId": "1001", "quantity": 2} {}',
        b'{"orderId": "\xff", "quantity": 2}',
        b'{"orderId": "1001", "quantity": 2, "note": "\xed\xa0\x80"}',
        '{"orderId": "1001", "quantity": 2}'.encode("utf-16"),
    ],
)
def test_refuses_what_is_no_order(body: bytes) -> None:
    with pytest.raises((TypeError, ValueError)):
        app.parse(body)
