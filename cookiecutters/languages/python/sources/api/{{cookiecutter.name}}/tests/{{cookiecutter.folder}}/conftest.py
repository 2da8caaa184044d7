"""Finds the deployed API. AWS_SAM_STACK_NAME says which stack it belongs to."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

# sam reads samconfig.toml in the folder where it runs.
ROOT = Path(__file__).parents[2]


@pytest.fixture
def url() -> str:
    stack = os.environ.get("AWS_SAM_STACK_NAME", "")
    if not stack:
        pytest.skip("set AWS_SAM_STACK_NAME to test the deployed stack")
    # Windows finds sam.cmd only by its whole path.
    sam = shutil.which("sam") or "sam"
    command = [sam, "list", "stack-outputs", "--stack-name", stack, "--output", "json"]
    outputs = json.loads(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout)
    values = {output["OutputKey"]: output["OutputValue"] for output in outputs}
    return str(values["{{ cookiecutter.function_pascal }}Api"])
