"""Calls the deployed API."""

import json
from pathlib import Path
from urllib.request import Request, urlopen

IMAGE = Path(__file__).parents[2] / "{{ cookiecutter.events }}/digit.png"


def test_returns_the_digit(url: str) -> None:
    request = Request(url, IMAGE.read_bytes(), {"Content-Type": "image/png"})

    with urlopen(request, timeout=30) as response:
        assert json.load(response)["digit"] == 7
