{% if cookiecutter.runtime_version == "3.9" %}
from __future__ import annotations

{% endif %}
import json
import logging
import os
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from unittest.mock import patch
from urllib.parse import quote_plus

import polars as pl
import pytest
from botocore.exceptions import ClientError
from botocore.response import StreamingBody
from botocore.stub import ANY, Stubber
from PIL import Image

# app creates its client when it is imported.
ENVIRONMENT = {
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
}
with patch.dict(os.environ, ENVIRONMENT):
    from {{ cookiecutter.folder }} import app

EVENTS = Path(__file__).parents[2] / "{{ cookiecutter.events }}"
READINGS = b"station,temperature\nOslo,9.4\nCairo,31.5\nOslo,12.6\nCairo,\n"
REPORT = [
    {"station": "Cairo", "readings": 1, "lowest": 31.5, "mean": 31.5, "highest": 31.5},
    {"station": "Oslo", "readings": 2, "lowest": 9.4, "mean": 11.0, "highest": 12.6},
]


@pytest.fixture
def s3() -> Iterator[Stubber]:
    with Stubber(app.s3) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


def sample(name: str) -> app.S3Event:
    event: app.S3Event = json.loads((EVENTS / name).read_text(encoding="utf-8"))
    return event


def event_with(*keys: str) -> app.S3Event:
    return {"Records": [{"s3": {"bucket": {"name": "data"}, "object": {"key": quote_plus(key)}}} for key in keys]}


def expect_get(s3: Stubber, key: str, body: bytes, size: int | None = None) -> None:
    response = {"Body": StreamingBody(BytesIO(body), len(body)), "ContentLength": len(body) if size is None else size}
    s3.add_response("get_object", response, {"Bucket": "data", "Key": key})


def expect_put(s3: Stubber, key: str, body: object, content_type: str) -> None:
    s3.add_response("put_object", {}, {"Bucket": "data", "Key": key, "Body": body, "ContentType": content_type})


def parquet(frame: pl.DataFrame) -> bytes:
    file = BytesIO()
    frame.write_parquet(file)
    return file.getvalue()


def summarised(body: bytes, path: Path) -> list[dict[str, object]]:
    path.write_bytes(body)
    return app.summarise(app.read(path)).to_dicts()


def test_writes_a_report_and_a_chart(s3: Stubber, caplog: pytest.LogCaptureFixture) -> None:
    expect_get(s3, "incoming/may 2026.csv", READINGS)
    expect_put(s3, "processed/may 2026.csv.json", json.dumps(REPORT).encode(), "application/json")
    expect_put(s3, "processed/may 2026.csv.png", ANY, "image/png")

    app.lambda_handler(sample("event.json"), None)

    (record,) = caplog.records
    assert record.levelno == logging.INFO
    assert record.getMessage() == "file analysed: key=incoming/may 2026.csv stations=2"


def test_reads_parquet(s3: Stubber) -> None:
    frame = pl.DataFrame({"station": ["Oslo", "Oslo", "Cairo"], "temperature": [9.4, 12.6, 31.5], "note": ["x"] * 3})
    expect_get(s3, "incoming/é/may.parquet", parquet(frame))
    expect_put(s3, "processed/é/may.parquet.json", json.dumps(REPORT).encode(), "application/json")
    expect_put(s3, "processed/é/may.parquet.png", ANY, "image/png")

    app.lambda_handler(event_with("incoming/é/may.parquet"), None)


def test_the_chart_is_larger_with_more_stations() -> None:
    def height(stations: int) -> int:
        rows = [{**REPORT[0], "station": f"{number:03}"} for number in range(stations)]
        with Image.open(BytesIO(app.draw(pl.DataFrame(rows)))) as image:
            assert image.format == "PNG"
            return int(image.height)

    assert height(1) < height(40) == height(1000)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (["a,-1.26", "a,0.04"], [-1.3, -0.6, 0.0]),
        (["a,1", '"a",1e1', "a,NaN", "a,inf", ",5", "a,"], [1.0, 5.5, 10.0]),
    ],
)
def test_summarises(rows: list[str], expected: list[float], tmp_path: Path) -> None:
    body = "\n".join(["station,temperature", *rows]).encode()

    (row,) = summarised(body, tmp_path / "readings.csv")

    assert [row["lowest"], row["mean"], row["highest"]] == expected
    assert row["readings"] == 2


def test_reads_columns_in_any_order(tmp_path: Path) -> None:
    body = b"time,temperature,station\n12:00,9.4,Oslo\n"

    (row,) = summarised(body, tmp_path / "readings.csv")

    assert (row["station"], row["lowest"]) == ("Oslo", 9.4)


def test_finds_a_mistake_far_down_in_a_file(tmp_path: Path) -> None:
    body = b"station,temperature\n" + b"Oslo,9.4\n" * 100_000 + b"Oslo,warm\n"

    with pytest.raises(pl.exceptions.InvalidOperationError, match="warm"):
        summarised(body, tmp_path / "readings.csv")


@pytest.mark.parametrize("body", [b"station,temperature\n", b"station,temperature\nOslo,\n"])
def test_refuses_a_file_without_readings(body: bytes, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no readings"):
        summarised(body, tmp_path / "readings.csv")


@pytest.mark.parametrize("body", [b"", b"town,temperature\nOslo,9.4\n", b"\xff\xfe\x00"])
def test_refuses_other_files(body: bytes, tmp_path: Path) -> None:
    with pytest.raises(pl.exceptions.PolarsError):
        summarised(body, tmp_path / "readings.csv")


def test_fails_and_logs_which_object_it_was(s3: Stubber, caplog: pytest.LogCaptureFixture) -> None:
    expect_get(s3, "incoming/bad.csv", b"station,temperature\nOslo,warm\n")

    with pytest.raises(pl.exceptions.InvalidOperationError):
        app.lambda_handler(sample("bad.json"), None)

    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert record.getMessage() == "analysis failed: key=incoming/bad.csv"
    assert record.exc_info


def test_refuses_a_file_that_does_not_fit_in_tmp(s3: Stubber) -> None:
    expect_get(s3, "incoming/large.csv", b"", size=1024**3 + 1)

    with pytest.raises(ValueError, match="1073741824 bytes"):
        app.lambda_handler(event_with("incoming/large.csv"), None)


def test_fails_without_the_object(s3: Stubber) -> None:
    s3.add_client_error("get_object", "NoSuchKey")

    with pytest.raises(ClientError, match="NoSuchKey"):
        app.lambda_handler(event_with("incoming/gone.csv"), None)
