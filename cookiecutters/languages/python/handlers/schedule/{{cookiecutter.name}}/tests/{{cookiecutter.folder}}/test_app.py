import json
import logging
import runpy
from pathlib import Path

import pytest

from {{ cookiecutter.folder }} import app

EVENT = Path(__file__).parents[2] / "{{ cookiecutter.events }}/event.json"


@pytest.fixture
def event() -> app.ScheduleEvent:
    event: app.ScheduleEvent = json.loads(EVENT.read_text(encoding="utf-8"))
    return event


def test_reports_on_the_day_before(event: app.ScheduleEvent) -> None:
    assert app.lambda_handler(event, None) == {"day": "2026-02-28"}


def test_logs_the_day(event: app.ScheduleEvent, caplog: pytest.LogCaptureFixture) -> None:
    app.lambda_handler(event, None)

    (record,) = caplog.records
    assert record.levelno == logging.INFO
    assert record.getMessage() == "report made: day=2026-02-28"
    assert vars(record)["day"] == "2026-02-28"


def test_leaves_the_level_to_lambda(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_LAMBDA_LOG_LEVEL", "ERROR")

    # A name of its own gives it a new logger.
    module = runpy.run_path(app.__file__, run_name="app_with_json_logs")

    assert module["logger"].level == logging.NOTSET


@pytest.mark.parametrize(
    ("scheduled_time", "day"),
    [
        ("2024-03-01T00:00:00Z", "2024-02-29"),
        ("2026-01-01T23:59:59Z", "2025-12-31"),
        # 23:00 on 1 March and 01:00 on 2 March in UTC.
        ("2026-03-02T01:00:00+02:00", "2026-02-28"),
        ("2026-03-01T23:00:00-02:00", "2026-03-01"),
    ],
)
def test_counts_days_in_utc(scheduled_time: str, day: str) -> None:
    assert app.lambda_handler({"scheduledTime": scheduled_time}, None) == {"day": day}


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "null",
        '{"scheduledTime": null}',
        '{"scheduledTime": 1772330400}',
        '{"scheduledTime": ""}',
        '{"scheduledTime": "tomorrow"}',
        '{"scheduledTime": "2026-03-01"}',
        '{"scheduledTime": "2026-03-01T02:00:00"}',
        '{"scheduledTime": "2026-02-29T02:00:00Z"}',
        '{"scheduledTime": "<aws.scheduler.scheduled-time>"}',
    ],
)
def test_fails_without_a_scheduled_time(text: str, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(ValueError, match="scheduledTime must be a time"):
        app.lambda_handler(json.loads(text), None)

    assert not caplog.records
