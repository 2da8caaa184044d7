"""Which runtime of a language this machine can build and test: the newest that its toolchain fits."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

from conftest import CATALOGUE, needs
from scaffold.model import BLOCKED, PREVIEW

if TYPE_CHECKING:
    from collections.abc import Callable


# What `make lint` of a language needs beside its toolchain.
LINTERS = {"go": ["golangci-lint"], "ruby": ["rubocop"]}
# What a compiler optimises is not what is tested: it takes Rust most of its time, and Java's tools and tests, which run
# for seconds, almost half. npm asks the registry for nothing that it has, nor for advisories.
QUICK = {
    "CARGO_PROFILE_RELEASE_OPT_LEVEL": "0",
    "CARGO_PROFILE_DEV_DEBUG": "0",
    "JAVA_TOOL_OPTIONS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "npm_config_audit": "false",
    "npm_config_fund": "false",
    "npm_config_prefer_offline": "true",
}


def newest_runtime(language: str, manager: str) -> str:
    """Return the runtime, or skip the test for want of a tool (fail, where REQUIRE_TOOLS promises it)."""
    row = CATALOGUE.languages[language]
    needs(*row.managers[manager]["tools"])
    fits = _FITS.get(language, lambda _version: True)
    for runtime in row.runtimes:
        alive = runtime.status(CATALOGUE.today) not in (BLOCKED, PREVIEW) and not runtime.image_only
        if alive and CATALOGUE.manager_serves(row, manager, runtime) and fits(row.version(runtime)):
            return runtime.id
    raise AssertionError(f"no runtime of {language} fits this machine's toolchain")


def _printed(pattern: str, *command: str) -> tuple[int, ...]:
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = re.search(pattern, done.stdout + done.stderr)
    assert found, f"{command} printed no version"
    return tuple(int(part) for part in found[1].split("."))


def _python(version: str) -> bool:
    # sam build wants the very version of the runtime.
    return tuple(map(int, version.split("."))) == _printed(r"(\d+\.\d+)", "python3", "--version")


def _java(version: str) -> bool:
    return int(version.partition(".")[0]) <= _printed(r"javac (\d+)", "javac", "-version")[0]


def _dotnet(version: str) -> bool:
    return int(float(version)) <= _printed(r"(\d+)\.", "dotnet", "--version")[0]


def _ruby(version: str) -> bool:
    return tuple(map(int, version.split("."))) == _printed(r"ruby (\d+\.\d+)", "ruby", "--version")


_FITS: dict[str, Callable[[str], bool]] = {"python": _python, "java": _java, "dotnet": _dotnet, "ruby": _ruby}
