from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest

from hello_world import app

EVENT = Path(__file__).parents[2] / "events/event.json"


@pytest.mark.skip(reason="step 3: remove this line and make the test pass")
@pytest.mark.parametrize("name", ["Rumpelstiltskin", "Rumpelstiltskin" * 3])
def test_logs_one_line_with_fields(name: str, caplog: pytest.LogCaptureFixture) -> None:
    event = json.loads(EVENT.read_text(encoding="utf-8"))
    event["queryStringParameters"] = {"name": name}

    response = app.lambda_handler(event, None)

    assert [record.levelno for record in caplog.records] == [logging.INFO]
    fields = vars(caplog.records[0])
    assert fields["status"] == response["statusCode"]
    assert fields["api_request_id"] == event["requestContext"]["requestId"]
    # A name is personal data, and nobody needs it in the log.
    assert "Rumpelstiltskin" not in str(fields)
