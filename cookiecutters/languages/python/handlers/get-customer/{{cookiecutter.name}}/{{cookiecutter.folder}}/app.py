"""Answers GET /{{ cookiecutter.path }}."""

import json
import re
from http import HTTPStatus
from typing import TypedDict
from uuid import UUID, uuid4

from faker import Faker

# uuid.UUID also accepts braces, a urn: prefix and missing hyphens.
UUID_PATTERN = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")

# Creating one takes longer than a request, so it is done once for each execution environment.
fake = Faker()


class Address(TypedDict):
    """Where a customer lives."""

    street: str
    city: str
    postcode: str
    country: str


class Customer(TypedDict):
    """What the API returns about a customer."""

    id: str
    name: str
    email: str
    phone: str
    address: Address


class APIGatewayProxyEvent(TypedDict, total=False):
    """The part of a request from Amazon API Gateway that this function reads.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
    """

    pathParameters: dict[str, str] | None


class APIGatewayProxyResponse(TypedDict):
    """A response as Amazon API Gateway expects it."""

    statusCode: int
    headers: dict[str, str]
    body: str


def lambda_handler(event: APIGatewayProxyEvent, context: object) -> APIGatewayProxyResponse:
    """Return the customer with the id in the path, or a new customer if there is no id."""
    customer_id = (event.get("pathParameters") or {}).get("id")
    if customer_id is None:
        return respond(HTTPStatus.OK, make_customer(uuid4()))
    if not UUID_PATTERN.fullmatch(customer_id):
        return bad_request("id must be a UUID")
    return respond(HTTPStatus.OK, make_customer(UUID(customer_id)))


def make_customer(customer_id: UUID) -> Customer:
    """Make up the customer with that id: always the same one, since the id is the seed."""
    fake.seed_instance(customer_id.int)
    return {
        "id": str(customer_id),
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


def bad_request(detail: str) -> APIGatewayProxyResponse:
    """Describe what is wrong with a request, as https://www.rfc-editor.org/rfc/rfc9457 has it."""
    status = HTTPStatus.BAD_REQUEST
    problem = {"title": status.phrase, "status": status, "detail": detail}
    return respond(status, problem, "application/problem+json")


def respond(status: HTTPStatus, body: object, content_type: str = "application/json") -> APIGatewayProxyResponse:
    """Return a response with ``body`` as JSON."""
    return {
        "statusCode": status,
        "headers": {"Content-Type": content_type},
        "body": json.dumps(body, separators=(",", ":")),
    }
