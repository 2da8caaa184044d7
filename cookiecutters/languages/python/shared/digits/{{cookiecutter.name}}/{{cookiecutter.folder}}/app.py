{% set name = cookiecutter.use_case | replace("ml-", "") %}
"""Answers POST /{{ cookiecutter.path }}: says which digit an image shows."""

{% if cookiecutter.runtime_version == "3.9" %}
from __future__ import annotations

{% endif %}
import base64
import io
import json
{% if name in ("scikit-learn", "pytorch") %}
import os
{% endif %}
from http import HTTPStatus
from pathlib import Path
from typing import TypedDict

import numpy as np
import numpy.typing as npt
{% if name == "xgboost" %}
import xgboost
{% elif name == "tensorflow" %}
from ai_edge_litert.interpreter import Interpreter  # type: ignore[import-untyped]
{% endif %}
from PIL import Image, ImageOps
{% if name in ("scikit-learn", "pytorch") %}

# From 1.29 on, ONNX Runtime sends usage data to Microsoft, unless it finds this when it is loaded:
# https://github.com/microsoft/onnxruntime/blob/main/docs/Privacy.md
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
import onnxruntime  # type: ignore[import-untyped]
{% endif %}

MAX_IMAGE_BYTES = 64 * 1024
# A small file may contain a large image, which takes memory and time.
MAX_SIDE = 1024
# What the model has learned from: 8 by 8 pixels from 0 to 16, light on dark, which the digit fills.
SIDE, WHITE = 8, 16
# In shades of grey, 0 to 255: between digit and background, and what belongs to the digit.
LEAST_CONTRAST, INK = 32, 64
NO_IMAGE = "the body must be a PNG image, sent as image/png"

# Loaded once for each execution environment.
{% if name in ("scikit-learn", "pytorch") %}
OPTIONS = onnxruntime.SessionOptions()
# With less than 1,769 MB of memory a function has not even one CPU: threads would wait for each other.
OPTIONS.intra_op_num_threads = 1
MODEL = onnxruntime.InferenceSession(Path(__file__).with_name("digits.onnx"), OPTIONS)
{% elif name == "xgboost" %}
# With less than 1,769 MB of memory a function has not even one CPU: threads would wait for each other.
MODEL = xgboost.Booster({"nthread": 1}, model_file=Path(__file__).with_name("digits.ubj"))
{% else %}
MODEL = Interpreter(str(Path(__file__).with_name("digits.tflite"))).get_signature_runner()
{% endif %}


class APIGatewayProxyEvent(TypedDict, total=False):
    """The part of a request from Amazon API Gateway that this function reads.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
    """

    body: str | None


class APIGatewayProxyResponse(TypedDict):
    """A response as Amazon API Gateway expects it."""

    statusCode: int
    headers: dict[str, str]
    body: str


class InvalidImageError(Exception):
    """Says what is wrong with an image, in words for the caller."""


class ImageTooLargeError(InvalidImageError):
    """Says which limit an image exceeds."""


def lambda_handler(event: APIGatewayProxyEvent, context: object) -> APIGatewayProxyResponse:
    """Return the digit in the image that is the body, and how probable it is to the model."""
    try:
        pixels = read(event.get("body") or "")
    except ImageTooLargeError as error:
        # Before Python 3.13, its phrase is that of an older RFC.
        return problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, str(error), title="Content Too Large")
    except InvalidImageError as error:
        return problem(HTTPStatus.BAD_REQUEST, str(error))
    probabilities = classify(pixels)
    digit = int(probabilities.argmax())
    return respond(HTTPStatus.OK, {"digit": digit, "probability": round(float(probabilities[digit]), 4)})


def classify(pixels: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return the probability of each digit for an image of 64 pixels, row by row."""
{% if name in ("scikit-learn", "pytorch") %}
    (probabilities,) = MODEL.run(["probabilities"], {"pixels": pixels.reshape(1, -1)})
{% elif name == "xgboost" %}
    probabilities = MODEL.inplace_predict(pixels.reshape(1, -1))
{% else %}
    (probabilities,) = MODEL(pixels=pixels.reshape(1, -1)).values()
{% endif %}
    return np.asarray(probabilities[0], dtype=np.float32)


def read(body: str) -> npt.NDArray[np.float32]:
    """Return the pixels that the model expects of an image in Base64.

    Raises ``InvalidImageError`` if it is none, and ``ImageTooLargeError`` if it is too large.
    """
    try:
        # API Gateway encodes an image; a caller may send it encoded as well.
        data = base64.b64decode(body)
    except ValueError as error:
        raise InvalidImageError(NO_IMAGE) from error
    if len(data) > MAX_IMAGE_BYTES:
        raise ImageTooLargeError(f"the image must not have more than {MAX_IMAGE_BYTES} bytes")
    try:
        with Image.open(io.BytesIO(data), formats=["PNG"]) as image:
            if max(image.size) > MAX_SIDE:
                raise ImageTooLargeError(f"the image must not have more than {MAX_SIDE} pixels a side")
            grey = to_grey(image)
    except Image.DecompressionBombError as error:
        raise ImageTooLargeError(f"the image must not have more than {MAX_SIDE} pixels a side") from error
    # Pillow has no common exception for a damaged file.
    except (OSError, SyntaxError, ValueError) as error:
        raise InvalidImageError(NO_IMAGE) from error
    return to_pixels(grey)


def to_grey(image: Image.Image) -> Image.Image:
    """Return an image in shades of grey, on white where it is transparent."""
    if image.mode.startswith("I"):  # Pillow would cut off 16 bits at 255
        return Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    if image.has_transparency_data:
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image.convert("RGBA"))
    return image.convert("L")


def to_pixels(grey: Image.Image) -> npt.NDArray[np.float32]:
    """Return the digit in an image as the model expects it; raise ``InvalidImageError`` if there is nothing in it."""
    values = np.asarray(grey)
    if int(values.max()) - int(values.min()) < LEAST_CONTRAST:
        raise InvalidImageError("the image must show a digit")
    border = np.concatenate([values[0], values[-1], values[:, 0], values[:, -1]])
    light_on_dark = ImageOps.autocontrast(ImageOps.invert(grey) if border.mean() > 127 else grey)
    box = light_on_dark.point(lambda value: 255 * (value > INK)).getbbox()
    digit = ImageOps.pad(light_on_dark.crop(box), (8 * SIDE, 8 * SIDE)).resize((SIDE, SIDE), Image.Resampling.BOX)
    return np.asarray(digit, dtype=np.float32).reshape(-1) * (WHITE / 255)


def problem(status: HTTPStatus, detail: str, title: str | None = None) -> APIGatewayProxyResponse:
    """Describe what is wrong with a request, as https://www.rfc-editor.org/rfc/rfc9457 has it."""
    body = {"title": title or status.phrase, "status": status, "detail": detail}
    return respond(status, body, "application/problem+json")


def respond(status: HTTPStatus, body: object, content_type: str = "application/json") -> APIGatewayProxyResponse:
    """Return a response with ``body`` as JSON."""
    return {
        "statusCode": status,
        "headers": {"Content-Type": content_type},
        "body": json.dumps(body, separators=(",", ":")),
    }
