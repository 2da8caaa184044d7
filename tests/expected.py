"""What is expected of a project: mistakes that its tests notice, responses to events, what is not shipped.

`mistakes.toml` lies in the folder of each handler and `responses.toml` in that of each use case, for the tests alone.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conftest import CATALOGUE
from scaffold.trees import read_toml

if TYPE_CHECKING:
    from pathlib import Path

# What only tests and builds take, as it would be called in an artefact. The gem i18n and AnyIO have theirs as
# a part of themselves; libraries from npm may come with tests and a tsconfig.json.
DEVELOPMENT = re.compile(
    r"^(?!.*node_modules/.+/(tests?/|tsconfig\.json$)).*("
    r"(^|/)(?<!i18n/)tests?/|test_app|app\.test\.|_test\.go$|Tests?\.(class|dll|java)$|"
    r"_pytest/|(?<!anyio/)(?<!anyio/__pycache__/)pytest[-_]|"
    r"/\.bin/(biome|esbuild|tsc)$|typescript/|esbuild/|biomejs/|@types/|biome\.json$|tsconfig\.json$|"
    r"junit|minitest|xunit|vitest|\.npmignore$)"
)


@dataclass(frozen=True)
class Mistake:
    """A text in a handler's file, and one in its place with which the handler's unit tests must not pass."""

    file: str
    right: str
    wrong: str
    part: str = ""

    def make(self, source: Path) -> None:
        """Write the mistake into a file."""
        text = source.read_text()
        assert self.right in text, f"{source} has no {self.right!r}"
        source.write_text(text.replace(self.right, self.wrong, 1))


def mistakes(language: str, use_case: str) -> list[Mistake]:
    """Return the mistakes that the unit tests of a handler must notice."""
    path = CATALOGUE.root / "languages" / language / "handlers" / use_case / "mistakes.toml"
    return [Mistake(**row) for row in read_toml(path)["mistakes"]]


@dataclass(frozen=True)
class Response:
    """What a function responds to one of its sample events, or to another one."""

    row: dict[str, Any]

    @property
    def repeats(self) -> bool:
        """Whether the same event gets the same response again."""
        return bool(self.row.get("repeats", True))

    def check(self, response: Any) -> None:
        """Raise AssertionError unless that is the response."""
        if self.row.get("fails"):
            assert isinstance(response, dict), f"the response is {response!r}, and no error"
            assert "errorMessage" in response, f"the response is {response!r}, and no error"
            return
        if "status" not in self.row:
            match(response, self.row.get("value"))
            return
        status = self.row["status"]
        if "body" not in self.row:
            assert response["statusCode"] == status, f"the response has status {response['statusCode']}"
            assert not response.get("body"), f"the response has a body: {response['body']}"
            return
        content_type, body = self.row["content_type"], self.row["body"]
        headers = [*(response.get("headers") or {}).items()]
        several = (response.get("multiValueHeaders") or {}).items()
        headers += [(name, value) for name, values in several for value in values]
        types = [value for name, value in headers if name.lower() == "content-type"]
        # JSON is in UTF-8 whether a web framework says so or not.
        types = [re.sub(r";\s*charset=utf-8$", "", value, flags=re.IGNORECASE) for value in types]
        assert response["statusCode"] == status, f"the response has status {response['statusCode']}"
        assert types == [content_type], f"the response has Content-Type {types}"
        match(json.loads(response["body"]), body)


def responses(use_case: str, part: str, events: dict[str, bytes]) -> list[tuple[bytes, Response]]:
    """Return pairs of an event and what a function of a use case responds to it.

    ``part`` says which one if there are several, and ``events`` are its sample events by their files.
    """
    rows = read_toml(CATALOGUE.root / "use_cases" / use_case / "responses.toml")["responses"]
    rows = [row for row in rows if row.get("part", "") == part]
    assert {row["event"] for row in rows if "event" in row} == set(events), "each sample event has its response"
    return [(_event(row, events), Response(row)) for row in rows]


def _event(row: dict[str, Any], events: dict[str, bytes]) -> bytes:
    if "event" in row:
        return events[row["event"]]
    if "sent" in row:
        return bytes(row["sent"].encode())
    records = [{"messageId": f"{number}", "body": body} for number, body in enumerate(row["bodies"])]
    return json.dumps({"Records": records}).encode()


def match(value: Any, wanted: Any, where: str = "the response", *, ordered: bool = True) -> None:
    """Raise AssertionError unless ``value`` is what is wanted.

    {"pattern": …} is any text that matches as a whole, and {"null": True} is null. ``ordered`` is whether the keys of
    an object come in the same order.
    """
    if wanted == {"null": True}:
        assert value is None, f"{where} is {value!r}, not null"
    elif isinstance(wanted, dict) and set(wanted) == {"pattern"}:
        assert isinstance(value, str), f"{where} is no text: {value!r}"
        assert re.fullmatch(wanted["pattern"], value), f"{where} is {value!r}, not {wanted['pattern']}"
    elif isinstance(wanted, dict):
        assert isinstance(value, dict), f"{where} is no object: {value!r}"
        same = list(value) == list(wanted) if ordered else set(value) == set(wanted)
        assert same, f"{where} has {list(value)}"
        for key in wanted:
            match(value[key], wanted[key], f"{where}.{key}", ordered=ordered)
    elif isinstance(wanted, list):
        assert isinstance(value, list), f"{where} is no list: {value!r}"
        assert len(value) == len(wanted), f"{where} has {len(value)} elements"
        for number, (one, other) in enumerate(zip(value, wanted, strict=True)):
            match(one, other, f"{where}[{number}]", ordered=ordered)
    else:
        assert (type(value), value) == (type(wanted), wanted), f"{where} is {value!r}"
