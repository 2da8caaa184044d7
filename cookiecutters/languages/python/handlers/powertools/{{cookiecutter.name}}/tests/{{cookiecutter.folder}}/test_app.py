import json
import os
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch
from urllib.parse import quote

import pytest

# app reads these when it is imported.
ENVIRONMENT = {"POWERTOOLS_SERVICE_NAME": "greeting-api", "POWERTOOLS_METRICS_NAMESPACE": "greetings"}
with patch.dict(os.environ, ENVIRONMENT):
    from {{ cookiecutter.folder }} import app

SAMPLE = Path(__file__).parents[2] / "{{ cookiecutter.events }}/event.json"
EVENT = json.loads(SAMPLE.read_text(encoding="utf-8"))
CONTEXT: Any = SimpleNamespace(
    aws_request_id="8d7e6f5a-4b3c-2d1e-0f9a-8b7c6d5e4f3a",
    function_name="greeting-api",
    invoked_function_arn="arn:aws:lambda:us-east-1:123456789012:function:greeting-api",
    memory_limit_in_mb=256,
)


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> StringIO:
    stream = StringIO()
    monkeypatch.setattr(app.logger.registered_handler, "stream", stream)
    return stream


def get(name: str) -> dict[str, Any]:
    event = {**EVENT, "path": f"/{{ cookiecutter.path }}"}
    response: dict[str, Any] = app.lambda_handler(event, CONTEXT)
    return response


def body_of(response: dict[str, Any]) -> Any:
    assert response["multiValueHeaders"] == {"Content-Type": ["application/json"]}
    return json.loads(response["body"])


def test_greets(log: StringIO, capsys: pytest.CaptureFixture[str]) -> None:
    response = app.lambda_handler(EVENT, CONTEXT)

    assert response["statusCode"] == 200
    assert body_of(response) == {"message": "hello Ada"}

    (line,) = log.getvalue().splitlines()
    logged = json.loads(line)
    assert logged["message"] == "greeting sent"
    assert logged["name"] == "Ada"
    assert logged["service"] == "greeting-api"
    assert logged["correlation_id"] == EVENT["requestContext"]["requestId"]
    assert logged["function_request_id"] == CONTEXT.aws_request_id

    # The first invocation writes the metric of the cold start as well.
    metrics = [json.loads(text) for text in capsys.readouterr().out.splitlines()]
    (greetings,) = [metric for metric in metrics if "Greetings" in metric]
    assert greetings["Greetings"] == [1.0]
    assert greetings["service"] == "greeting-api"
    (published,) = greetings["_aws"]["CloudWatchMetrics"]
    assert published["Namespace"] == "greetings"
    assert published["Metrics"] == [{"Name": "Greetings", "Unit": "Count"}]


@pytest.mark.parametrize("name", [" Ada ", "Ada Lovelace", "Zoë", "a/b", "100%", "é" * 100])
def test_greets_by_the_trimmed_name(name: str) -> None:
    assert body_of(get(quote(name, safe=""))) == {"message": f"hello {name.strip()}"}


# pytest has filters of its own, so that of app does not hold here.
@pytest.mark.filterwarnings("ignore:No application metrics to publish")
@pytest.mark.parametrize("name", ["%20", "%C3%A9" * 101, "%FF"])
def test_refuses_a_name(log: StringIO, capsys: pytest.CaptureFixture[str], name: str) -> None:
    response = get(name)

    assert response["statusCode"] == 400
    assert body_of(response) == {"statusCode": 400, "message": "name must have 1 to 100 characters"}
    assert log.getvalue() == ""
    assert "Greetings" not in capsys.readouterr().out


@pytest.mark.filterwarnings("ignore:No application metrics to publish")
def test_knows_no_other_route() -> None:
    response = app.lambda_handler({**EVENT, "path": "/farewells/Ada"}, CONTEXT)

    assert response["statusCode"] == 404
    assert body_of(response) == {"statusCode": 404, "message": "Not found"}
