{% if cookiecutter.runtime_version == "3.8" %}
from __future__ import annotations

{% endif %}
import json
from pathlib import Path

from {{ cookiecutter.folder }} import app

EVENT = Path(__file__).parents[2] / "{{ cookiecutter.events }}/event.json"


def test_greets() -> None:
    event = json.loads(EVENT.read_text(encoding="utf-8"))

    response = app.lambda_handler(event, None)

    assert response["statusCode"] == 200
    assert response["headers"] == {"Content-Type": "application/json"}
    assert json.loads(response["body"]) == {"message": "hello world"}
