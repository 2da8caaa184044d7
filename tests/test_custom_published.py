"""Cookiecutters that others have published: projects from them have the bytes that cookiecutter's own command makes.

They are source distributions of an exact digest, under the MIT licence, and pip downloads them once.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

import cookiecutters
from conftest import tree
from test_location import init, work

pytestmark = [pytest.mark.usefixtures("own_folders"), pytest.mark.slow]
ENVIRONMENT = dict(os.environ)  # whoever runs the tests may have a proxy, which the fixture takes away
# name, version, digest, the folder that they make without answers, and answers for another project
PUBLISHED = [
    (
        "cookiecutter-fastapi-starter==0.2.0",
        "37279730e180b16e71b96522aa9ef05bb1dee8fcb57da33c9034ca4e98c5e0a7",
        "fastapi-starter",
        {"project_name": "My Shop", "database": "sqlite", "include_auth": "no", "license": "Proprietary"},
    ),
    (
        "cookiecutter-obsidian-plugin==0.0.3",
        "46d71fef9596d9ac1401681846ea77b15120ba30b462a54d07098e088635298b",
        "obsidian-plugin",
        {"plugin_id": "my-notes", "license": "none", "enable_vitest": "yes"},
    ),
]


def downloaded(requirement: str, digest: str, cache: Path) -> Path:
    """Return the archive of a source distribution, of this digest; skip the test where it cannot be had."""
    name = requirement.replace("-", "_").replace("==", "-")
    archive = cache / f"{name}.tar.gz"
    if not archive.exists():
        requirements = cache / f"{name}.txt"
        requirements.write_text(f"{requirement} --hash=sha256:{digest}\n")
        command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet", "--no-deps"]
        options = ["--no-binary=:all:", "--require-hashes", "--retries=1", f"--dest={cache}", f"-r{requirements}"]
        done = subprocess.run([*command, *options], capture_output=True, text=True, check=False, env=ENVIRONMENT)
        if done.returncode:
            assert "DO NOT MATCH THE HASHES" not in done.stderr
            reason = (done.stderr.strip().splitlines() or ["pip says nothing"])[-1]
            pytest.skip(f"{requirement} cannot be downloaded: {reason}")
    return archive


@pytest.mark.parametrize(("requirement", "digest", "folder", "answers"), PUBLISHED, ids=["fastapi", "obsidian"])
@pytest.mark.parametrize("given", [False, True], ids=["defaults", "answers"])
def test_a_published_cookiecutter(  # noqa: PLR0913  the columns of a table
    requirement: str, digest: str, folder: str, answers: dict[str, str], *, given: bool, tmp_path: Path,
    pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("COOKIECUTTER_CONFIG", os.devnull)
    cache = pytestconfig.cache.mkdir("published") if pytestconfig.cache else tmp_path
    with tarfile.open(downloaded(requirement, digest, cache)) as archive:
        archive.extractall(tmp_path, filter="data")
    (template,) = (path for path in tmp_path.glob("cookiecutter_*") if path.is_dir())
    values = answers if given else {}
    cwd = work(tmp_path)
    init("-l", template, "--extra-context", json.dumps(values), "--no-input", "--trust", cwd=cwd)
    cookiecutters.plain(template, tmp_path / "plain", values)
    (project,) = cwd.iterdir()
    assert given or project.name == folder
    made = tree(project)
    assert made.pop(".sam-scaffold.yaml")
    expected = tree(tmp_path / "plain" / project.name)
    assert len(expected) > 15
    assert made == expected
    modes = {
        name: ((project / name).stat().st_mode, (tmp_path / "plain" / project.name / name).stat().st_mode)
        for name in made
    }
    assert [name for name, (mine, theirs) in modes.items() if mine != theirs] == []
