"""What a function finds in the services of AWS that it calls, and what it leaves there, as `responses.toml` says.

The services are moto's, on an address that containers reach.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

from aws import Aws, running
from conftest import CATALOGUE
from expected import match

if TYPE_CHECKING:
    from collections.abc import Iterator

TABLE = "table"
PROCESSED = "processed/"


class Nothing:
    """Stands for the services of a function that calls none."""

    options: tuple[str, ...] = ()

    def prepare(self, row: dict[str, Any]) -> None:
        """Put there what a row of `responses` says is stored; that is nothing."""
        assert "stored" not in row

    def check(self, row: dict[str, Any]) -> None:
        """Raise AssertionError where what is left is not what a row of `responses` says; that is nothing."""
        assert "left" not in row


class Services(Nothing):
    """The services of a function; ``options`` are those with which Docker runs it so that it finds them."""

    def __init__(self, aws: Aws) -> None:
        self.aws = aws
        environment = {**aws.environment, "AWS_REGION": aws.environment["AWS_DEFAULT_REGION"], "TABLE_NAME": TABLE}
        names = [name for name in environment if name.startswith("AWS_") or name == "TABLE_NAME"]
        self.options = tuple(f"--env={name}={environment[name]}" for name in names)

    def prepare(self, row: dict[str, Any]) -> None:
        self.aws.reset()
        for name, content in row["stored"].items():
            if isinstance(content, list):
                self._make_table(name, content)
            else:
                self._make_bucket(name, content)

    def _make_table(self, name: str, items: list[dict[str, Any]]) -> None:
        dynamodb = self.aws.client("dynamodb")
        dynamodb.create_table(
            TableName=name,
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            BillingMode="PAY_PER_REQUEST",
        )
        for item in items:
            typed = {key: TypeSerializer().serialize(value) for key, value in item.items()}
            dynamodb.put_item(TableName=name, Item=typed)

    def _make_bucket(self, name: str, objects: dict[str, str]) -> None:
        s3 = self.aws.client("s3")
        place = {"LocationConstraint": self.aws.environment["AWS_DEFAULT_REGION"]}
        s3.create_bucket(Bucket=name, CreateBucketConfiguration=place)
        for key, text in objects.items():
            s3.put_object(Bucket=name, Key=key, Body=text.encode())

    def check(self, row: dict[str, Any]) -> None:
        for name, wanted in row.get("left", {}).items():
            found = self._items(name) if isinstance(wanted, list) else self._objects(name)
            match(found, wanted, f"what is left in {name}", ordered=False)

    def _items(self, name: str) -> list[dict[str, Any]]:
        rows = self.aws.client("dynamodb").scan(TableName=name)["Items"]
        items = [{key: TypeDeserializer().deserialize(value) for key, value in row.items()} for row in rows]
        return [json.loads(json.dumps(item, default=int)) for item in items]

    def _objects(self, name: str) -> dict[str, Any]:
        s3 = self.aws.client("s3")
        keys = [row["Key"] for row in s3.list_objects_v2(Bucket=name, Prefix=PROCESSED).get("Contents", [])]
        objects = {key: s3.get_object(Bucket=name, Key=key) for key in keys}
        return {
            key: json.loads(one["Body"].read()) if key.endswith(".json") else {"content_type": one["ContentType"]}
            for key, one in objects.items()
        }


@contextmanager
def services_of(use_case: str, address: str) -> Iterator[Nothing]:
    """Run the services that a use case's functions call; ``address`` is this machine's for a container."""
    if not CATALOGUE.use_cases[use_case].services:
        yield Nothing()
        return
    with running(address) as aws:
        yield Services(aws)
