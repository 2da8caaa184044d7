{% set noqa = "" if cookiecutter.runtime_version in ("3.8", "3.9", "3.10") else "  # noqa: UP017" %}
"""Reports each night on the day before."""

import logging
import os
from datetime import date, datetime, timedelta, timezone
from typing import TypedDict

logger = logging.getLogger(__name__)
# With JSON logs, Lambda takes the level from LoggingConfig in template.yaml. With plain text it would be WARNING.
if "AWS_LAMBDA_LOG_LEVEL" not in os.environ:
    logger.setLevel(logging.INFO)


class ScheduleEvent(TypedDict):
    """The ``Input`` of the schedule in template.yaml.

    https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
    """

    scheduledTime: str


class Response(TypedDict):
    """The day that was reported on, such as 2026-02-28."""

    day: str


def lambda_handler(event: ScheduleEvent, context: object) -> Response:
    """Report on the day before the scheduled time, in UTC."""
    # Not the clock's time: a run that is repeated after midnight reports on the same day again.
    day = parse(event).date() - timedelta(days=1)
    make_report(day)
    return {"day": day.isoformat()}


def parse(event: ScheduleEvent) -> datetime:
    """Return the scheduled time in UTC; raise ``ValueError`` if the event has none."""
    try:
        # Not datetime.UTC, which Python 3.10 does not have: tests may run on it.
        return datetime.strptime(event["scheduledTime"], "%Y-%m-%dT%H:%M:%S%z").astimezone(timezone.utc){{ noqa }}
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"scheduledTime must be a time such as 2026-03-01T02:00:00Z: {event!r}") from error


def make_report(day: date) -> None:
    """Make the report on a day: your own work goes here.

    A schedule runs at least once, and Lambda repeats a run that failed, so the same day may come twice: make this
    idempotent, for example by writing the report to a key that is made of the day.
    """
    # The message shows the day in plain text, extra makes a field of it in JSON logs.
    logger.info("report made: day=%s", day, extra={"day": day.isoformat()})
