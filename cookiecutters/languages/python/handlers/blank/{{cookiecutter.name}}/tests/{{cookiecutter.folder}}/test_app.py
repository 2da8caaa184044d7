import json
from pathlib import Path

import pytest

from {{ cookiecutter.folder }} import app

EVENT = Path(__file__).parents[2] / "{{ cookiecutter.events }}/event.json"


def test_greets_by_name() -> None:
    event: app.Request = json.loads(EVENT.read_text(encoding="utf-8"))

    assert app.lambda_handler(event, None) == {"message": "hello Ada"}


@pytest.mark.parametrize("text", ["{}", '{"name": ""}', '{"name": null}'])
def test_greets_the_world_without_a_name(text: str) -> None:
    assert app.lambda_handler(json.loads(text), None) == {"message": "hello world"}
