from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import app
import pytest
from faker import Faker

EVENT = Path(__file__).parents[2] / "events" / "{{ cookiecutter.folder }}" / "event.json"
SEED = 2026
UUID4 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


@pytest.fixture
def event() -> dict[str, Any]:
    return json.loads(EVENT.read_text(encoding="utf-8"))


def test_answers_with_the_customer_of_its_seed(event: dict[str, Any]) -> None:
    twin = Faker()
    twin.seed_instance(SEED)
    app.fake.seed_instance(SEED)

    response = app.lambda_handler(event, None)

    assert response == {
        "statusCode": 200,
        "headers": {"Content-Type": "application/json"},
        "body": json.dumps(app.make_customer(twin)),
    }


def test_answers_with_another_customer_each_time(event: dict[str, Any]) -> None:
    first, second = (app.lambda_handler(event, None) for _ in range(2))

    assert first["body"] != second["body"]


def test_says_all_of_a_customer(event: dict[str, Any]) -> None:
    customer = json.loads(app.lambda_handler(event, None)["body"])

    assert list(customer) == ["id", "name", "email", "phone", "address"]
    address = customer.pop("address")
    assert list(address) == ["street", "city", "postcode", "country"]
    assert all(isinstance(text, str) and text for text in (*customer.values(), *address.values()))
    assert UUID4.fullmatch(customer["id"])
    assert "@" in customer["email"]
