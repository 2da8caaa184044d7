{% if cookiecutter.runtime_version == "3.9" %}
from __future__ import annotations

{% endif %}
import base64
import io
import json
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from {{ cookiecutter.folder }} import app

EVENT = Path(__file__).parents[2] / "{{ cookiecutter.events }}/event.json"
NO_IMAGE = "the body must be a PNG or JPEG image"
# Digits that the model has not learned from: each with its 64 pixels from 0 to 16, light on dark.
HELD_BACK = np.loadtxt(Path(__file__).with_name("held_back.csv"), dtype=np.float32, delimiter=",")
LABELS, IMAGES = HELD_BACK[:, 0].astype(int), HELD_BACK[:, 1:]


def encoded(image: Image.Image, kind: str = "PNG") -> str:
    file = io.BytesIO()
    image.save(file, kind)
    return base64.b64encode(file.getvalue()).decode()


def drawing(pixels: npt.NDArray[np.float32], *, dark_on_light: bool = False) -> Image.Image:
    """Return a digit as an image of 32 by 32 pixels."""
    grey = np.rint(pixels.reshape(8, 8) / 16 * 255).astype(np.uint8)
    return Image.fromarray(255 - grey if dark_on_light else grey).resize((32, 32), Image.Resampling.NEAREST)


def post(body: str | None) -> app.APIGatewayProxyResponse:
    return app.lambda_handler({"body": body}, None)


def assert_problem(response: app.APIGatewayProxyResponse, status: int, title: str, detail: str) -> None:
    assert response["statusCode"] == status
    assert response["headers"] == {"Content-Type": "application/problem+json"}
    assert json.loads(response["body"]) == {"title": title, "status": status, "detail": detail}


def test_returns_the_digit() -> None:
    response = app.lambda_handler(json.loads(EVENT.read_text(encoding="utf-8")), None)

    assert response == {
        "statusCode": 200,
        "headers": {"Content-Type": "application/json"},
        "body": '{"digit":7,"probability":1.0}',
    }


def test_knows_digits_that_it_has_not_learned_from() -> None:
    answers = [app.classify(image) for image in IMAGES]

    assert np.mean([answer.argmax() for answer in answers] == LABELS) > 0.95
    assert all(answer.sum() == pytest.approx(1, abs=1e-4) for answer in answers)


@pytest.mark.parametrize("dark_on_light", [False, True])
@pytest.mark.parametrize(("kind", "mode"), [("PNG", "L"), ("PNG", "RGBA"), ("PNG", "P"), ("JPEG", "RGB")])
def test_reads_a_drawing(kind: str, mode: str, dark_on_light: bool) -> None:
    drawings = [drawing(pixels, dark_on_light=dark_on_light).convert(mode) for pixels in IMAGES[:50]]

    digits = [json.loads(post(encoded(image, kind))["body"])["digit"] for image in drawings]

    assert np.mean(digits == LABELS[:50]) > 0.9


def test_reads_an_image_of_the_largest_size() -> None:
    image = encoded(drawing(IMAGES[0]).resize((1024, 1024)))

    assert post(image)["statusCode"] == 200


@pytest.mark.parametrize("size", [(1025, 1), (1, 1025), (20000, 20000)])
def test_refuses_an_image_with_more_pixels(size: tuple[int, int]) -> None:
    # Some 50 kB at most: its width and height alone are large.
    detail = "the image must not have more than 1024 pixels a side"
    assert_problem(post(encoded(Image.new("1", size))), 413, "Content Too Large", detail)


def test_refuses_an_image_with_more_bytes() -> None:
    image = encoded(Image.effect_noise((300, 300), 100))

    assert_problem(post(image), 413, "Content Too Large", "the image must not have more than 65536 bytes")


@pytest.mark.parametrize("body", [None, "", "this is no image", "A", "é", base64.b64encode(b"GIF89a").decode()])
def test_refuses_what_is_no_image(body: str | None) -> None:
    assert_problem(post(body), 400, "Bad Request", NO_IMAGE)


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
@pytest.mark.parametrize("kept", [10, 40, 120])
def test_refuses_half_an_image(kind: str, kept: int) -> None:
    file = base64.b64decode(encoded(drawing(IMAGES[0]), kind))

    assert_problem(post(base64.b64encode(file[:kept]).decode()), 400, "Bad Request", NO_IMAGE)
