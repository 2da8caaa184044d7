"""Makes a report and a chart of the temperatures in the files that are uploaded to a bucket."""

import io
import json
import logging
import os
import shutil
import tempfile
from pathlib import Path, PurePosixPath
from typing import TypedDict
from urllib.parse import unquote_plus

import boto3
import polars as pl
from botocore.config import Config
from matplotlib.figure import Figure

# It has to fit in /tmp, for which template.yaml has 2048 MB.
MAX_FILE_BYTES = 1024**3
# Nobody can read a chart of more.
MAX_STATIONS_SHOWN = 40

logger = logging.getLogger(__name__)
# With JSON logs, Lambda takes the level from LoggingConfig in template.yaml. With plain text it would be WARNING.
if "AWS_LAMBDA_LOG_LEVEL" not in os.environ:
    logger.setLevel(logging.INFO)

# Created once for each execution environment.
s3 = boto3.client("s3", config=Config(connect_timeout=1, read_timeout=10, retries={"mode": "standard"}))


class S3Bucket(TypedDict):
    """The bucket of an object."""

    name: str


class S3Object(TypedDict):
    """An object; its key is encoded as in an HTML form."""

    key: str


class S3Entity(TypedDict):
    """What was created, and where."""

    bucket: S3Bucket
    object: S3Object


class S3EventRecord(TypedDict):
    """The part of a notification that this function reads."""

    s3: S3Entity


class S3Event(TypedDict):
    """A notification, in a list of one.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
    """

    Records: list[S3EventRecord]


def lambda_handler(event: S3Event, context: object) -> None:
    """Analyse each object; if one fails, Lambda invokes the function again."""
    for record in event["Records"]:
        key = unquote_plus(record["s3"]["object"]["key"])
        try:
            analyse(record["s3"]["bucket"]["name"], key)
        except Exception:
            # Lambda logs the error as well, but not which object it was.
            logger.exception("analysis failed: key=%s", key, extra={"key": key})
            raise


def analyse(bucket: str, key: str) -> None:
    """Write the report on an object and its chart below processed/.

    S3 sends an event at least once, and Lambda repeats one that failed. A repeated event overwrites both with the same,
    so it is harmless as long as nobody overwrites an upload.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"readings{PurePosixPath(key).suffix}")
        download(bucket, key, path)
        report = summarise(read(path))
    name = "processed/" + key.removeprefix("incoming/")
    body = json.dumps(report.to_dicts()).encode()
    s3.put_object(Bucket=bucket, Key=f"{name}.json", Body=body, ContentType="application/json")
    s3.put_object(Bucket=bucket, Key=f"{name}.png", Body=draw(report), ContentType="image/png")
    fields = {"key": key, "stations": report.height}
    # The message shows them in plain text, extra makes fields of them in JSON logs.
    logger.info("file analysed: key=%(key)s stations=%(stations)d", fields, extra=fields)


def download(bucket: str, key: str, path: Path) -> None:
    """Write an object into a file; raise ``ValueError`` if it is too large."""
    answer = s3.get_object(Bucket=bucket, Key=key)
    if answer["ContentLength"] > MAX_FILE_BYTES:
        raise ValueError(f"the file must not have more than {MAX_FILE_BYTES} bytes")
    with path.open("wb") as file:
        shutil.copyfileobj(answer["Body"], file, 1024**2)


def read(path: Path) -> pl.LazyFrame:
    """Return the readings in a file. Polars reads just these columns, and only when a result is collected."""
    # As text, so that what is no number fails below with its value, wherever in the file it is.
    frame = pl.scan_parquet(path) if path.suffix == ".parquet" else pl.scan_csv(path, infer_schema=False)
    readings = frame.select(pl.col("station").cast(pl.String), pl.col("temperature").cast(pl.Float64))
    return readings.drop_nulls().filter(pl.col("temperature").is_finite())


def summarise(readings: pl.LazyFrame) -> pl.DataFrame:
    """Return what there is to say of each station; raise ``ValueError`` if there are no readings."""
    temperature = pl.col("temperature")
    stations = readings.group_by("station").agg(
        pl.len().alias("readings"),
        temperature.min().round(1).alias("lowest"),
        temperature.mean().round(1).alias("mean"),
        temperature.max().round(1).alias("highest"),
    )
    # In batches, so that the file need not fit in memory.
    report = stations.sort("station").collect(engine="streaming")
    if report.is_empty():
        raise ValueError("the file has no readings")
    return report


def draw(report: pl.DataFrame) -> bytes:
    """Return a chart of a report as PNG: a line from the lowest to the highest temperature, and the mean on it."""
    shown = report.head(MAX_STATIONS_SHOWN)
    figure = Figure(figsize=(8, 1 + 0.4 * shown.height), layout="constrained")
    axes = figure.subplots()
    axes.hlines(shown["station"], shown["lowest"], shown["highest"])
    axes.plot(shown["mean"], shown["station"], "o")
    axes.invert_yaxis()
    axes.set_xlabel("°C")
    file = io.BytesIO()
    figure.savefig(file, format="png")
    return file.getvalue()
