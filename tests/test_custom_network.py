"""``init --location`` of what comes over the network, from servers on this machine: https, git, and their passwords."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import servers
from conftest import needs, tree
from scaffold.fetch import cache
from servers import Certificates, Origin, Server
from test_location import init, work, write_template
from test_wizard import ENTER, ESCAPE, UP, Terminal

SECRET = "pass-4711"


@pytest.fixture(autouse=True)
def _own_settings(own_folders: None, certificates: Certificates, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001
    monkeypatch.setenv("COOKIECUTTER_CONFIG", os.devnull)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.ca))
    monkeypatch.delenv("GIT_SSL_CAINFO", raising=False)


@pytest.fixture
def server(tmp_path: Path, certificates: Certificates) -> Iterator[Server]:
    """Serve a template as app.zip and, with one more file after the tag v1, as a repository acme/app."""
    needs("git")
    served = tmp_path / "served"
    files = tree(write_template(tmp_path / "template"))
    origin = Origin.make(served / "acme" / "app", {name: data.decode() for name, data in files.items()})
    origin.git("tag", "v1")
    origin.commit({"{{cookiecutter.slug}}/new.txt": ""})
    with zipfile.ZipFile(served / "app.zip", "w") as archive:
        for name, data in files.items():
            archive.writestr(f"app-main/{name}", data)
    with servers.https(served, certificates) as running:
        yield running


def commit_of(server: Server, name: str) -> str:
    return Origin(server.root / "acme" / "app").git("rev-parse", name)


def recorded(project: Path) -> str:
    return (project / ".sam-scaffold.yaml").read_text()


def test_a_commit_is_shown_and_recorded(server: Server, tmp_path: Path) -> None:
    cwd, url = work(tmp_path), f"{server.url}/acme/app"
    commit, newest = commit_of(server, "v1"), commit_of(server, "main")
    _, err = init("-l", f"{url}/", "--checkout", "v1", "--no-input", "--trust", cwd=cwd)
    assert err.startswith(f"Fetching {url} …\nA template is code: it runs with your rights.\n  Source:     {url}\n")
    assert f"  Commit:     {commit} (v1)\n" in err
    assert f"location: {url}\nrevision: {commit}\n" in recorded(cwd / "shop")
    assert not (cwd / "shop" / "new.txt").exists()
    _, err = init("-l", url, "--no-input", "--trust", "-o", "newest", cwd=cwd)
    assert f"  Commit:     {newest} (main)\n" in err
    assert (cwd / "newest" / "shop" / "new.txt").exists()
    # The answers file leads back to the first, and what is in the cache needs no network.
    answers = ("--answers", "shop/.sam-scaffold.yaml", "--no-input", "--trust")
    _, err = init(*answers, "-o", "again", cwd=cwd, env={**os.environ, cache.OFFLINE: "1"})
    assert "Fetching" not in err
    assert tree(cwd / "again" / "shop") == tree(cwd / "shop")


def test_a_copy_of_a_repository_has_its_commit_too(server: Server, tmp_path: Path) -> None:
    cwd, url = work(tmp_path), f"{server.url}/acme/app"
    origin = Origin(server.root / "acme" / "app")
    origin.git("rm", "-q", "cookiecutter.json")
    commit = origin.commit({})
    _, err = init("-l", url, "--name", "mine", cwd=cwd)
    assert f"Note: {url} is no cookiecutter, so its files are copied as they are, and nothing of it is run\n" in err
    assert f"  its commit is {commit} (main)\n" in err
    expected = f"location: {url}\nrevision: {commit}\nextra_context:\n  project_name: mine\n"
    assert recorded(cwd / "mine").endswith(expected)
    origin.commit({"later.txt": ""})
    init("--answers", "mine/.sam-scaffold.yaml", "-o", "again", cwd=cwd)
    assert tree(cwd / "again" / "mine") == tree(cwd / "mine")


def test_a_checkout_that_is_not_there_is_a_wrong_answer(server: Server, tmp_path: Path) -> None:
    url = f"{server.url}/acme/app"
    for checkout, message in (
        ("none", "has no branch and no tag none"),
        ("0" * 40, f"has no commit {'0' * 40}"),
        ("abcdef0", "has no branch, no tag and no single commit abcdef0"),
    ):
        _, err = init("-l", url, "--checkout", checkout, cwd=work(tmp_path), code=2)
        assert f"Error: {url} {message}\n  choose another branch, tag or commit\n" in err


@pytest.mark.slow
def test_the_wizard_asks_for_a_commit(server: Server, tmp_path: Path) -> None:
    terminal = Terminal(work(tmp_path))
    terminal.sees("Which template")
    terminal.presses(UP, ENTER)  # the last entry
    terminal.sees("Where is it?")
    terminal.types("acme/app")
    terminal.presses(ENTER)
    terminal.sees("there is no folder and no .zip acme/app; for GitHub, write gh:acme/app")
    terminal.presses(*["\x7f"] * len("acme/app"))
    terminal.types(f"{server.url}/acme/app")
    terminal.presses(ENTER)
    terminal.sees("Which branch, tag or commit?")
    terminal.presses(ESCAPE)
    terminal.sees("Where is it?")
    terminal.presses(ENTER)  # what was typed before
    terminal.sees("Which branch, tag or commit?")
    terminal.types("v1")
    terminal.presses(ENTER)
    terminal.sees(f"{commit_of(server, 'v1')} (v1)")
    terminal.sees("Do you trust this template")
    terminal.presses(ENTER)
    assert terminal.ends()[0] == 130


def test_a_zip_over_https(server: Server, tmp_path: Path) -> None:
    cwd, url = work(tmp_path), f"{server.url}/app.zip"
    out, err = init("-l", url, "--no-input", "--trust", cwd=cwd)
    digest = f"sha256:{cache.digest(server.root / 'app.zip')}"
    assert f"  Contents:   {digest}\n" in err
    assert out == f"Created shop from {url}. The SAM translator accepts it.\n"
    assert f"location: {url}\nrevision: {digest}\n" in recorded(cwd / "shop")
    _, err = init("-l", url, "--no-input", "--trust", cwd=cwd, code=1, env={**os.environ, cache.OFFLINE: "1"})
    assert err.startswith(f"Error: {cache.OFFLINE} forbids the network")


@pytest.mark.parametrize("path", ["acme/app", "app.zip"])
def test_a_password_is_in_no_output_and_on_no_disk(server: Server, tmp_path: Path, path: str) -> None:
    server.login = f"me:{SECRET}"
    cwd = work(tmp_path)
    url = f"https://me:{SECRET}@127.0.0.1:{server.port}/{path}"
    printed = [*init("-l", url, "--no-input", "--trust", "--name", "shop", cwd=cwd)]
    assert server.logins[-1].startswith("Basic ")
    assert f"location: {server.url}/{path}\n" in recorded(cwd / "shop")
    printed += init("-l", url, "--no-input", "--trust", "-o", "again", "--output", "json", cwd=cwd)
    printed += init("-l", url, "--no-input", cwd=cwd, code=4)
    printed += init("-l", url.replace(path, "none.zip"), "--no-input", cwd=cwd, code=1)
    printed += init("-l", url, "--no-input", "--trust", "--save-params", "-o", "third", cwd=cwd, code=2)
    assert printed[-1] == "Error: --save-params would save the password in --location\n  leave out one of them\n"
    assert not (cwd / "samconfig.toml").exists()
    assert not (cwd / "third").exists()
    assert SECRET not in "".join(printed)
    written = {**tree(cwd), **tree(tmp_path / "cache")}
    assert any(name.endswith(".zip") for name in written)
    for name, data in written.items():
        assert SECRET not in name
        assert SECRET.encode() not in data
