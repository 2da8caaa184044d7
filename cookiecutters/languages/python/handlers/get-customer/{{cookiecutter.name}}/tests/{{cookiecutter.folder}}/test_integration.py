"""Calls the deployed API. AWS_SAM_STACK_NAME says which stack it belongs to."""

import json
import os
import shutil
import subprocess
from urllib.request import urlopen

import pytest

ID = "3f0d0c6b-2b1e-4c8a-9a53-0b6f6e6f7a11"
STACK = os.environ.get("AWS_SAM_STACK_NAME", "")

pytestmark = pytest.mark.skipif(not STACK, reason="set AWS_SAM_STACK_NAME to test the deployed stack")


@pytest.fixture
def url() -> str:
    # Windows finds sam.cmd only by its whole path.
    sam = shutil.which("sam") or "sam"
    command = [sam, "list", "stack-outputs", "--stack-name", STACK, "--output", "json"]
    outputs = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    values = {output["OutputKey"]: output["OutputValue"] for output in outputs}
    return str(values["{{ cookiecutter.function_pascal }}Api"])


def test_returns_the_customer(url: str) -> None:
    with urlopen(url.replace("{id}", ID), timeout=30) as response:
        assert response.status == 200
        assert response.headers["Content-Type"] == "application/json"
        customer = json.load(response)

    assert list(customer) == ["id", "name", "email", "phone", "address"]
    assert customer["id"] == ID
