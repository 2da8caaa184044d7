"""Answers GET /{{ cookiecutter.path }}."""

from __future__ import annotations

import json
from typing import Any, TypedDict

from faker import Faker

# Made once for each environment that Lambda starts, as it takes longer than any customer.
fake = Faker()


class Address(TypedDict):
    """Where a customer lives."""

    street: str
    city: str
    postcode: str
    country: str


class Customer(TypedDict):
    """What this function tells of a customer."""

    id: str
    name: str
    email: str
    phone: str
    address: Address


def make_customer(fake: Faker) -> Customer:
    """Make a customer up; the seed of ``fake`` decides all of it."""
    return {
        "id": fake.uuid4(),
        "name": fake.name(),
        # An address that nobody owns, as its domain is reserved for examples.
        "email": fake.safe_email(),
        "phone": fake.phone_number(),
        "address": {
            "street": fake.street_address(),
            "city": fake.city(),
            "postcode": fake.postcode(),
            "country": fake.country(),
        },
    }


def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Return a customer that was never seen before.

    ``event`` is a request and the result a response as Amazon API Gateway has them:
    https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
    """
    return {
        "statusCode": 200,
        "headers": {"Content-Type": "application/json"},
        "body": json.dumps(make_customer(fake)),
    }
