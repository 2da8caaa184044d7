"""Calls the deployed API. AWS_SAM_STACK_NAME says which stack it belongs to."""

{% if cookiecutter.runtime_version == "3.8" %}
from __future__ import annotations

{% endif %}
import json
import os
import shutil
import subprocess
from urllib.request import urlopen

import pytest

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


def test_greets(url: str) -> None:
    with urlopen(url, timeout=30) as response:
        assert response.status == 200
        assert response.headers["Content-Type"] == "application/json"
        assert json.load(response) == {"message": "hello world"}
