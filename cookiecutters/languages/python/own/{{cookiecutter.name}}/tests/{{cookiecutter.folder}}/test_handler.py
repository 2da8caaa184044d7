"""The function is called as Lambda calls it: https://docs.aws.amazon.com/lambda/latest/dg/python-context.html"""

import importlib
import json
import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "{{ cookiecutter.folder }}"))  # where Lambda begins to look for modules


class Context:
    function_name = "{{ cookiecutter.function }}"
    function_version = "$LATEST"
    invoked_function_arn = "arn:aws:lambda:us-east-1:123456789012:function:{{ cookiecutter.function }}"
    memory_limit_in_mb = "{{ cookiecutter.memory }}"
    aws_request_id = "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"
    log_group_name = "/aws/lambda/{{ cookiecutter.function }}"
    log_stream_name = "2026/01/01/[$LATEST]58419525dade4d17a495dceeeed44708"
    identity = None
    client_context = None

    def get_remaining_time_in_millis(self):
        return {{ cookiecutter.timeout }} * 1000


class HandlerTest(unittest.TestCase):
    def test_it_answers_the_sample_event(self):
        handler = getattr(importlib.import_module("{{ cookiecutter.own.module | replace("/", ".") }}"), "{{ cookiecutter.own.name }}")
        event = json.loads((ROOT / "{{ cookiecutter.event }}").read_text(encoding="utf-8"))

        answer = handler(event, Context())

        json.dumps(answer)  # Lambda returns nothing else
{% if cookiecutter.http %}
        self.assertIn("statusCode", answer)  # API Gateway answers 502 without it
{% endif %}


if __name__ == "__main__":
    unittest.main()
