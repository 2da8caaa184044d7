import json
import re
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from {{ cookiecutter.folder }} import app

EVENT = Path(__file__).parents[2] / "{{ cookiecutter.events }}/event.json"
ID = "3f0d0c6b-2b1e-4c8a-9a53-0b6f6e6f7a11"


def get(customer_id: str) -> app.APIGatewayProxyResponse:
    return app.lambda_handler({"pathParameters": {"id": customer_id}}, None)


def customer_in(response: app.APIGatewayProxyResponse) -> dict[str, Any]:
    assert response["statusCode"] == 200
    assert response["headers"] == {"Content-Type": "application/json"}
    customer: dict[str, Any] = json.loads(response["body"])
    return customer


def test_returns_all_of_a_customer() -> None:
    event = json.loads(EVENT.read_text(encoding="utf-8"))

    customer = customer_in(app.lambda_handler(event, None))

    assert list(customer) == ["id", "name", "email", "phone", "address"]
    assert customer["id"] == event["pathParameters"]["id"]
    assert customer["email"].split("@")[1] in {"example.com", "example.net", "example.org"}
    address = customer.pop("address")
    assert list(address) == ["street", "city", "postcode", "country"]
    assert all(isinstance(text, str) and text for text in (*customer.values(), *address.values()))
    # Patterns that tell the fields apart, so that swapped ones are noticed.
    assert re.search(r"\d{3}\D?\d{4}", customer["phone"])
    assert re.match(r"\d+ \D", address["street"])
    assert re.fullmatch(r"\d{5}", address["postcode"])
    assert all(re.fullmatch(r"\D+", text) for text in (customer["name"], address["city"], address["country"]))


def test_same_id_same_customer() -> None:
    assert get(ID) == get(ID)


def test_upper_case_id_same_customer() -> None:
    assert get(ID.upper()) == get(ID)


# They differ in their first and in their last bit.
@pytest.mark.parametrize("other", ["bf0d0c6b-2b1e-4c8a-9a53-0b6f6e6f7a11", "3f0d0c6b-2b1e-4c8a-9a53-0b6f6e6f7a10"])
def test_other_id_other_customer(other: str) -> None:
    assert customer_in(get(other))["name"] != customer_in(get(ID))["name"]


@pytest.mark.parametrize("event", [{}, {"pathParameters": None}, {"pathParameters": {}}])
def test_no_id_new_customer(event: app.APIGatewayProxyEvent) -> None:
    first, second = (customer_in(app.lambda_handler(event, None)) for _ in range(2))

    assert first["id"] != second["id"]
    assert UUID(first["id"]).version == 4
    assert customer_in(get(first["id"])) == first


@pytest.mark.parametrize(
    "malformed",
    [
        "",
        "42",
        ID.replace("-", ""),
        "3f0d0c6b2b1e-4c8a-9a53-0b6f6e6f7a11",
        "3f0d0c6b-2b1e-4c8a-9a530b6f6e6f7a11",
        "{" + ID + "}",
        f"urn:uuid:{ID}",
        ID[1:],
        ID[:-1],
        f"{ID}0",
        f"{ID}\n",
        ID.replace("3f0d", "3g0d"),
        ID.replace("3", "\N{ARABIC-INDIC DIGIT THREE}"),
    ],
)
def test_malformed_id(malformed: str) -> None:
    assert get(malformed) == {
        "statusCode": 400,
        "headers": {"Content-Type": "application/problem+json"},
        "body": '{"title":"Bad Request","status":400,"detail":"id must be a UUID"}',
    }
