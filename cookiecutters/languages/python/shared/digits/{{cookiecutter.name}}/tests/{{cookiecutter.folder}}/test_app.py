{% if cookiecutter.runtime_version == "3.9" %}
from __future__ import annotations

{% endif %}
import base64
import io
import json
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageOps

from {{ cookiecutter.folder }} import app

EVENT = Path(__file__).parents[2] / "{{ cookiecutter.events }}/event.json"
NO_IMAGE = "the body must be a PNG image, sent as image/png"
# Digits that the model has not learned from: each with its 64 pixels from 0 to 16, light on dark.
HELD_BACK = np.loadtxt(Path(__file__).with_name("held_back.csv"), dtype=np.float32, delimiter=",")
LABELS, IMAGES = HELD_BACK[:, 0].astype(int), HELD_BACK[:, 1:]


def encoded(image: Image.Image, kind: str = "PNG") -> str:
    file = io.BytesIO()
    image.save(file, kind)
    return base64.b64encode(file.getvalue()).decode()


def drawing(pixels: npt.NDArray[np.float32]) -> Image.Image:
    """Return a digit as a mask of 100 by 100 pixels, with a margin."""
    mask = Image.fromarray(np.rint(pixels.reshape(8, 8) / 16 * 255).astype(np.uint8))
    return ImageOps.expand(mask.resize((80, 80), Image.Resampling.BICUBIC), border=10)


def inked(mask: Image.Image, ink: str, paper: str) -> Image.Image:
    return Image.composite(Image.new("RGB", mask.size, ink), Image.new("RGB", mask.size, paper), mask)


def deep(mask: Image.Image) -> Image.Image:
    """Return an image with 16 bits a pixel."""
    return Image.fromarray(np.asarray(mask).astype(np.uint16) * 257)


def on_nothing(mask: Image.Image) -> Image.Image:
    image = Image.new("RGBA", mask.size, "black")
    image.putalpha(mask)
    return image


def chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")


def post(body: str | None) -> app.APIGatewayProxyResponse:
    return app.lambda_handler({"body": body}, None)


def assert_problem(response: app.APIGatewayProxyResponse, status: int, title: str, detail: str) -> None:
    assert response["statusCode"] == status
    assert response["headers"] == {"Content-Type": "application/problem+json"}
    assert json.loads(response["body"]) == {"title": title, "status": status, "detail": detail}


def test_returns_the_digit() -> None:
    response = app.lambda_handler(json.loads(EVENT.read_text(encoding="utf-8")), None)

    assert response["statusCode"] == 200
    assert response["headers"] == {"Content-Type": "application/json"}
    answer = json.loads(response["body"])
    assert list(answer) == ["digit", "probability"]
    assert answer["digit"] == 7
    assert 0.95 < answer["probability"] <= 1


def test_knows_digits_that_it_has_not_learned_from() -> None:
    answers = [app.classify(image) for image in IMAGES]

    assert np.mean([answer.argmax() for answer in answers] == LABELS) > 0.95
    assert all(answer.sum() == pytest.approx(1, abs=1e-4) for answer in answers)


@pytest.mark.parametrize(
    "draw",
    [
        pytest.param(lambda mask: mask, id="light on dark"),
        pytest.param(ImageOps.invert, id="dark on light"),
        pytest.param(lambda mask: inked(mask, "blue", "yellow"), id="coloured"),
        pytest.param(lambda mask: inked(mask, "#777", "#bbb"), id="of little contrast"),
        pytest.param(lambda mask: inked(mask, "black", "white").convert("P"), id="with a palette"),
        pytest.param(lambda mask: mask.convert("RGBA"), id="opaque"),
        pytest.param(on_nothing, id="transparent"),
        pytest.param(deep, id="of 16 bits"),
        pytest.param(lambda mask: ImageOps.expand(mask, border=(200, 50)), id="small"),
    ],
)
def test_reads_a_drawing(draw: Callable[[Image.Image], Image.Image]) -> None:
    answers = [json.loads(post(encoded(draw(drawing(pixels))))["body"]) for pixels in IMAGES[:100]]

    assert np.mean([answer["digit"] for answer in answers] == LABELS[:100]) > 0.9
    assert len({answer["probability"] for answer in answers}) > 1


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


@pytest.mark.parametrize("color", ["black", "white", "grey"])
def test_refuses_an_image_of_nothing(color: str) -> None:
    assert_problem(post(encoded(Image.new("RGB", (8, 8), color))), 400, "Bad Request", "the image must show a digit")


@pytest.mark.parametrize("body", [None, "", "this is no image", "A", "é"])
def test_refuses_what_is_no_image(body: str | None) -> None:
    assert_problem(post(body), 400, "Bad Request", NO_IMAGE)


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF", "JPEG"])
def test_refuses_other_formats(kind: str) -> None:
    assert_problem(post(encoded(drawing(IMAGES[0]), kind)), 400, "Bad Request", NO_IMAGE)


HEADER = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", (8).to_bytes(4, "big") * 2 + b"\x08\x00\x00\x00\x00")


@pytest.mark.parametrize(
    "file",
    [
        pytest.param(HEADER, id="ends after the header"),
        pytest.param(HEADER + chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(10**8), 9)), id="text that grows"),
        pytest.param(HEADER + chunk(b"pHYs", b"\0"), id="short chunk"),
        pytest.param(HEADER + chunk(b"IDAT", zlib.compress(b"\xff" * 72)) + chunk(b"IEND", b""), id="unknown filter"),
    ],
)
def test_refuses_a_damaged_file(file: bytes) -> None:
    assert len(file) < 10**6
    response = post(base64.b64encode(file).decode())

    assert response["statusCode"] in (400, 413)
