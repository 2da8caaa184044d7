"""`sam-scaffold doctor`: programs are told by what they print, and what is missing by the exit code."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from conftest import CATALOGUE, create
from processes import SCHEMA, run
from scaffold.model import Cell
from scaffold.resolve import functions_of
from scaffold.spec import ProjectSpec
from scaffold.tools import needed_by
from scaffold.trees import read_toml

# What programs print, as they do without a terminal.
PRINTED = {
    "docker": "20.10.24",
    "sam": "SAM CLI, version 1.170.0",
    "git": "git version 2.39.5",
    "java": 'openjdk version "21.0.9" 2026-10-20 LTS',
    "mvn": "\x1b[1mApache Maven 3.8.7\x1b[m\nMaven home: /usr/share/maven",
    "python3": "Python 3.9.2",
}


def machine(folder: Path, **printed: str | None) -> dict[str, Any]:
    """Make programs that print their versions, or fail for ``None``; return the options that run with these alone."""
    folder.mkdir()
    for name, text in printed.items():
        program = folder / name
        body = "exit 1" if text is None else f"cat <<'END'\n{text}\nEND"
        program.write_text(f"#!/bin/sh\nPATH=/usr/bin:/bin\n{body}\n")
        program.chmod(0o755)
    return {"env": {**os.environ, "PATH": str(folder)}}


def statuses(*arguments: str, cwd: Path, **options: Any) -> tuple[int, dict[str, tuple[str, str | None]]]:
    done = run("doctor", *arguments, "--output", "json", cwd=cwd, **options)
    found = json.loads(done.stdout)
    jsonschema.validate(found, {**SCHEMA, "$ref": "#/$defs/doctor"})
    assert found["status"] == ("failure" if done.returncode else "success")
    return done.returncode, {row["name"]: (row["status"], row["version"]) for row in found["tools"]}


def test_every_program_of_a_dependency_manager_is_known() -> None:
    known = {*read_toml(CATALOGUE.root / "tools.toml")}
    managers = [row for language in CATALOGUE.languages.values() for row in language.managers.values()]
    assert {name for row in managers for name in row["tools"]} <= known
    assert all({*row.get("least", {})} <= {*row["tools"]} for row in managers)


def test_what_a_cell_takes_follows_from_its_language_and_package_type() -> None:
    def needed(cell: str) -> dict[str, str]:
        return needed_by(CATALOGUE, ProjectSpec("shop", functions_of(CATALOGUE, CATALOGUE.find(cell)[0])))

    assert needed("hello-world/image/java/java25/maven") == {"sam": "", "docker": "", "java": "25", "mvn": "3.6.3"}
    assert needed("hello-world/zip/nodejs/nodejs24.x/npm") == {"sam": "", "node": "24", "npm": ""}
    assert needed("hello-world/zip/python/python3.13/pip") == {"sam": "", "docker": "", "python3": "3.10"}


def test_programs_are_found_too_old_broken_or_missing(tmp_path: Path) -> None:
    options = machine(tmp_path / "bin", **{**PRINTED, "docker": None})
    code, found = statuses("java25/maven/image", cwd=tmp_path, **options)
    assert code == 3
    assert found["java"] == ("too old", "21.0.9")
    assert found["mvn"] == ("found", "3.8.7")
    assert found["docker"] == ("does not work", None)
    assert found["sam"] == ("found", "1.170.0")
    assert found["gradle"] == ("missing", None)
    text = run("doctor", "java25/maven/image", cwd=tmp_path, **options)
    assert text.returncode == 3
    assert "Java: 25 or later is needed" in text.stdout
    assert "Docker: start it, or install it again" in text.stdout
    assert "Gradle" not in text.stdout


def test_the_project_at_hand_decides(tmp_path: Path) -> None:
    folder = create(Cell("hello-world", "Zip", "python", "python3.13", "pip"), tmp_path)
    options = machine(tmp_path / "bin", **PRINTED)
    code, found = statuses(cwd=folder, **options)
    assert (code, found["python3"]) == (3, ("too old", "3.9.2"))
    (tmp_path / "bin/python3").write_text("#!/bin/sh\necho Python 3.13.1\n")
    assert statuses(str(folder), cwd=tmp_path, **options)[0] == 0


def test_without_a_project_nothing_is_needed(tmp_path: Path) -> None:
    code, found = statuses(cwd=tmp_path, **machine(tmp_path / "bin"))
    assert code == 0
    assert {status for status, _ in found.values()} == {"missing"}


def test_what_is_here_is_found(tmp_path: Path) -> None:
    _, found = statuses(cwd=tmp_path)
    for name in ("git", "node", "go"):
        if shutil.which(name):
            assert found[name][0] == "found"
            assert found[name][1]


@pytest.mark.parametrize("what", ["image", "cobol", "bin"])
def test_what_cannot_be_meant_is_refused(what: str, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    done = run("doctor", what, cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr.count("Error: ")) == (2, "", 1)


def test_a_program_that_prints_what_nobody_expects_is_no_defect(tmp_path: Path) -> None:
    options = machine(tmp_path / "bin", sam="\x00\x1b[J", docker="", git=f"git {'9' * 50}.{'1' * 5000}")
    code, found = statuses(cwd=tmp_path, **options)
    assert (code, found["sam"][0], found["docker"][0]) == (0, "does not work", "does not work")
