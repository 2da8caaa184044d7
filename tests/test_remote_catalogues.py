"""Catalogues of teams in git repositories and zips, from a server on this machine, under trust."""

from __future__ import annotations

import json
import os
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest

import servers
from conftest import SCAFFOLD, needs, tree
from processes import run
from servers import Certificates, Origin, Server
from test_team_catalogues import ACME
from workshops import lay, manifest

SECRET = "pass-4711"
INIT = ("init", "--name", "shop", "--runtime", "python3.14", "--package-type", "Image", "--no-interactive")
WITH_ACME = (*INIT, "--base-image", "acme")


@pytest.fixture
def origin(tmp_path: Path) -> Origin:
    return Origin.make(tmp_path / "served" / "acme" / "catalogue", ACME)


@pytest.fixture
def server(
    tmp_path: Path, origin: Origin, certificates: Certificates, monkeypatch: pytest.MonkeyPatch, own_folders: None
) -> Iterator[Server]:
    needs("git")
    assert own_folders is None
    monkeypatch.setenv("GIT_SSL_CAINFO", str(certificates.ca))
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.ca))
    assert origin.folder.is_relative_to(tmp_path / "served")
    with servers.https(tmp_path / "served", certificates) as running:
        yield running


def configuration_in(tmp_path: Path) -> Path:
    """Return the path of the user's configuration, in a folder that is there."""
    path = tmp_path / "config" / "sam-scaffold" / "config.toml"
    path.parent.mkdir(parents=True)
    return path


def test_a_repository_nobody_trusts_yet(server: Server, origin: Origin, tmp_path: Path) -> None:
    url, commit = f"{server.url}/acme/catalogue", origin.git("rev-parse", "HEAD")
    done = run(*WITH_ACME, "--catalogue", url, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (4, "")
    assert f"Source:     {url}\n" in done.stderr
    assert f"Commit:     {commit} (main)\n" in done.stderr
    assert f"pass --trust {commit}" in done.stderr
    done = run(*WITH_ACME, "--catalogue", url, "--trust", "0" * 40, cwd=tmp_path)
    assert done.returncode == 4
    assert f"--trust is for {'0' * 40}, and the catalogue is at {commit}" in done.stderr
    assert not (tmp_path / "shop").exists()
    done = run(*WITH_ACME, "--catalogue", url, "--trust", commit, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "FROM registry.example.com/lambda/python:" in (tmp_path / "shop/hello_world/Dockerfile").read_text()
    # What was trusted is that commit, not what comes after it.
    newer = origin.commit({"README.md": "changed"})
    done = run(*WITH_ACME, "--output-dir", "none", "--catalogue", url, "--trust", commit, cwd=tmp_path)
    assert done.returncode == 4
    assert f"and the catalogue is at {newer}" in done.stderr


def test_a_source_that_is_trusted_says_nothing_of_itself(server: Server, tmp_path: Path) -> None:
    configuration = configuration_in(tmp_path)
    url = f"{server.url}/acme/catalogue"
    configuration.write_text(f'catalogue = "{url}"\n[[trust]]\nsource = "{server.url}/acme"\n')
    done = run("list", "bases", "--output", "json", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "acme" in done.stdout
    configuration.write_text(f'catalogue = "{url}"\n[[trust]]\nsource = "{server.url}/ac"\n')
    assert run("list", "bases", cwd=tmp_path).returncode == 4
    done = run("list", "bases", "--catalogue", "none", cwd=tmp_path)
    assert done.returncode == 0
    assert "acme" not in done.stdout


def test_a_tag_stays_what_it_was_without_a_network(
    server: Server, origin: Origin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, commit = f"{server.url}/acme/catalogue", origin.git("rev-parse", "HEAD")
    origin.git("tag", "v1")
    shutil.rmtree(origin.folder / "bases")
    origin.commit({"catalogue.toml": "[defaults]\ntracing = true\n", "languages/python/language.toml": "[bases]\n"})
    done = run(*WITH_ACME, "--catalogue", f"{url}#v1", "--trust", commit, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    done = run(*WITH_ACME, "--output-dir", "none", "--catalogue", url, "--trust", cwd=tmp_path)
    assert (done.returncode, "acme" in done.stderr) == (2, True), done.stderr
    monkeypatch.setenv("SAM_SCAFFOLD_OFFLINE", "1")
    done = run(*WITH_ACME, "--output-dir", "offline", "--catalogue", f"{url}#{commit}", "--trust", commit, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    done = run(*WITH_ACME, "--output-dir", "none", "--catalogue", url, "--trust", cwd=tmp_path)
    assert done.returncode == 1
    assert "SAM_SCAFFOLD_OFFLINE" in done.stderr
    assert f"#{commit}" in done.stderr
    assert "--checkout" not in done.stderr


def test_what_is_wrong_is_named_by_its_address(server: Server, origin: Origin, tmp_path: Path) -> None:
    origin.commit({"catalogue.toml": "[defaults]\nmemoryy = 1\n"})
    done = run("list", "bases", "--catalogue", f"{server.url}/acme/catalogue", "--trust", cwd=tmp_path)
    assert done.returncode == 1
    assert f"Error: {server.url}/acme/catalogue/catalogue.toml:2: " in done.stderr
    assert "/tmp" not in done.stderr.partition("Error:")[2]


def test_a_workshop_takes_it(server: Server, origin: Origin, tmp_path: Path) -> None:
    folder = tmp_path / "workshop"
    folder.mkdir()
    function = {"name": "hello", "runtime": "python3.14", "package_type": "Image", "base_image": "acme"}
    manifest(folder, answers={"functions": [function]})
    arguments = ("workshop", "build", folder, "--catalogue", f"{server.url}/acme/catalogue")
    assert run(*arguments, cwd=tmp_path).returncode == 4
    done = run(*arguments, "--trust", origin.git("rev-parse", "HEAD"), cwd=tmp_path)
    assert (done.returncode, "runs with your rights" in done.stderr) == (0, False), done.stderr
    dockerfiles = list(tmp_path.rglob("Dockerfile"))
    assert dockerfiles
    assert all("FROM registry.example.com/" in path.read_text() for path in dockerfiles)


def test_credentials_are_in_nothing_that_is_printed_or_written(server: Server, origin: Origin, tmp_path: Path) -> None:
    server.login = f"ada:{SECRET}"
    address = server.url.replace("https://", f"https://ada:{SECRET}@")
    given = ("--catalogue", f"{address}/acme/catalogue", "--trust")
    work = tmp_path / "work"
    work.mkdir()
    printed = ""
    for arguments in (
        WITH_ACME,
        (*WITH_ACME, "--output", "json", "--output-dir", "again"),
        (*WITH_ACME, "--explain"),
        ("export", "python3.14/pip/image/hello-world", "exported", "--base-image", "acme"),
        ("list", "bases"),
    ):
        done = run(*arguments, *given, cwd=work)
        assert done.returncode == 0, done.stderr
        printed += done.stdout + done.stderr
    flags = f"--catalogue '{server.url}/acme/catalogue#{origin.git('rev-parse', 'HEAD')}'\n"
    assert flags in (work / "exported" / "README.md").read_text()
    assert flags in (work / "shop" / ".sam-scaffold.yaml").read_text()
    done = run(*WITH_ACME, "--output-dir", "saved", "--save-params", *given, cwd=work)
    assert done.returncode == 2
    assert "--save-params would save the password in --catalogue" in done.stderr
    printed += done.stderr
    for path in ("acme/nothing", "acme/empty"):
        (tmp_path / "served" / "acme" / "empty").mkdir(exist_ok=True)
        done = run("list", "bases", "--catalogue", f"{address}/{path}", "--trust", "--debug", cwd=work)
        assert done.returncode != 0
        printed += done.stdout + done.stderr
    Origin.make(tmp_path / "served" / "acme" / "other", {"README.md": "no catalogue"})
    done = run("list", "bases", "--catalogue", f"{address}/acme/other", "--trust", "--output", "json", cwd=work)
    assert json.loads(done.stdout)["error"]["problems"][0]["message"].startswith(f"{server.url}/acme/other has nothing")
    printed += done.stdout + done.stderr
    assert SECRET not in printed
    written = {**tree(work), **tree(tmp_path / "cache")}
    assert written
    assert not any(SECRET.encode() in data for data in written.values())


def test_a_project_does_not_say_what_is_trusted(server: Server, origin: Origin, tmp_path: Path) -> None:
    """Whoever passes --trust means what they name, and not what a file names that came with a project."""
    url, commit = f"{server.url}/acme/catalogue", origin.git("rev-parse", "HEAD")
    (tmp_path / "samconfig.toml").write_text(f'[default.init.parameters]\ncatalogue = ["{url}"]\n')
    done = run(*INIT, "--trust", cwd=tmp_path)
    assert done.returncode == 4
    assert "samconfig.toml:2" in done.stderr
    assert "names it, and --trust alone is for what you name yourself" in done.stderr
    assert f"look at it, then pass --trust {commit}; or" in done.stderr
    done = run(*INIT, "--trust", commit, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert f"Commit:     {commit} (main)\n" in done.stderr


def test_trust_in_a_source_is_for_its_branches_and_tags(server: Server, origin: Origin, tmp_path: Path) -> None:
    url, first = f"{server.url}/acme/catalogue", origin.git("rev-parse", "HEAD")
    origin.git("checkout", "--quiet", "--detach")
    proposed = origin.commit({"README.md": "by a stranger\n"})
    origin.git("update-ref", "refs/pull/7/head", proposed)
    origin.git("checkout", "--quiet", "main")
    origin.commit({"README.md": "ours\n"})
    configuration = configuration_in(tmp_path)
    configuration.write_text(f'[[trust]]\nsource = "{url}"\n')
    for ref in ("main", first):
        assert run("list", "bases", "--catalogue", f"{url}#{ref}", cwd=tmp_path).returncode == 0
    for ref in ("refs/pull/7/head", proposed):
        done = run("list", "bases", "--catalogue", f"{url}#{ref}", cwd=tmp_path)
        assert done.returncode == 4
        assert "its source is trusted, but no branch and no tag there is known to have this commit" in done.stderr


def test_two_catalogues_at_their_revisions(server: Server, origin: Origin, tmp_path: Path) -> None:
    second = Origin.make(
        tmp_path / "served" / "acme" / "second", {"catalogue.toml": '[defaults]\nruntime = "java25"\n'}
    )
    commits = [one.git("rev-parse", "HEAD") for one in (origin, second)]
    both = [word for name in ("catalogue", "second") for word in ("--catalogue", f"{server.url}/acme/{name}")]
    pins = [word for commit in commits for word in ("--trust", commit)]
    done = run("list", "bases", *both, *pins, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert run("list", "bases", *both, *pins[:2], cwd=tmp_path).returncode == 4
    # Of a revision that none of them is at, somebody expects something.
    configuration = configuration_in(tmp_path)
    configuration.write_text(f'[[trust]]\nsource = "{server.url}"\n')
    assert run("list", "bases", *both, cwd=tmp_path).returncode == 0
    done = run("list", "bases", *both, "--trust", "0" * 40, cwd=tmp_path)
    assert done.returncode == 4
    assert f"--trust is for {'0' * 40}, and no catalogue is at that" in done.stderr


@pytest.mark.parametrize("ref", ["", "#main"])
def test_a_repository_without_files_of_its_own(ref: str, tmp_path: Path, own_folders: None) -> None:
    assert own_folders is None
    needs("git")
    origin = Origin.make(tmp_path / "team", ACME)
    origin.git("clone", "--quiet", "--bare", ".", str(tmp_path / "team.git"))
    done = run("list", "bases", "--catalogue", f"team.git{ref}", "--trust", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "acme" in done.stdout


def test_trust_takes_no_word_that_is_no_revision(tmp_path: Path, own_folders: None) -> None:
    assert own_folders is None
    Origin.make(tmp_path / "team", ACME)
    given = ("--catalogue", "team", "--trust")
    done = run("show", *given, "python3.14/pip/image/hello-world", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    done = run("list", "bases", "--catalogue", "team", "--trust=main", cwd=tmp_path)
    assert done.returncode == 2
    assert "'main' is neither a commit's full id nor sha256: and a digest" in done.stderr
    for value in ("1367331", "sha256:1"):
        done = run("list", "cells", *given, value, cwd=tmp_path)
        assert (done.returncode, "is neither a commit's full id" in done.stderr) == (2, True), done.stderr
    assert run("list", "cells", *given, "", cwd=tmp_path).returncode == 4  # a variable that is not set
    for value, code in (("true", 0), ("1", 0), ("no", 4), ("", 4)):
        environment = {**os.environ, "SAM_SCAFFOLD_TRUST": value}
        assert run("list", "bases", "--catalogue", "team", cwd=tmp_path, env=environment).returncode == code, value


def test_a_wrong_one_in_the_configuration_is_told_with_its_line(tmp_path: Path, own_folders: None) -> None:
    assert own_folders is None
    configuration = configuration_in(tmp_path)
    configuration.write_text('catalogue = [\n  "../../empty",\n  "nothing",\n]\n')
    (tmp_path / "empty").mkdir()
    done = run("list", "bases", "--trust", cwd=tmp_path)
    assert done.returncode == 2
    assert f"{configuration}:2: {configuration.parent}/../../empty has nothing that a catalogue has" in done.stderr
    assert f"{configuration}:3: there is no folder and no .zip nothing" in done.stderr


def test_a_project_tells_which_catalogue_it_takes(server: Server, origin: Origin, tmp_path: Path) -> None:
    commit = origin.git("rev-parse", "HEAD")
    address = f"{server.url}/acme/catalogue#{commit}"
    assert run(*WITH_ACME, "--catalogue", address, "--trust", commit, cwd=tmp_path).returncode == 0
    done = run("doctor", "shop", cwd=tmp_path)
    assert done.returncode == 2
    answers = "shop/.sam-scaffold.yaml"
    assert f"Error: {answers}:" in done.stderr
    assert "base_image: there is no base image 'acme'" in done.stderr
    hint = f"This was made with a team's catalogue: pass --catalogue '{address}'.\n"
    assert done.stderr.endswith(hint)
    done = run("init", "--answers", answers, "--output-dir", "again", "--no-interactive", cwd=tmp_path)
    assert (done.returncode, done.stderr.endswith(hint)) == (2, True), done.stderr
    words = ("--catalogue", address, "--trust", commit)
    assert run("doctor", "shop", *words, cwd=tmp_path).returncode in {0, 3}
    # What stands behind the address is nobody's advice.
    path = tmp_path / answers
    text = path.read_text()
    path.write_text(text.replace(f"'{address}'", f"{server.url}/evil --trust; curl {server.url}"))
    done = run("doctor", "shop", cwd=tmp_path)
    assert done.returncode == 2
    assert "evil" not in done.stderr
    path.write_text(text)
    assert run("init", "--answers", answers, "--output-dir", "again", *words, cwd=tmp_path).returncode == 0
    assert tree(tmp_path / "again" / "shop") == tree(tmp_path / "shop")


def test_an_exported_cookiecutter_has_the_defaults_of_a_team(tmp_path: Path, own_folders: None) -> None:
    assert own_folders is None
    lay(tmp_path / "team", {"catalogue.toml": "[defaults]\nmemory = 777\ntracing = true\narchitecture = 'arm64'\n"})
    given = ("--catalogue", "team", "--trust")
    assert run("export", "python3.14/pip/zip/hello-world", "exported", *given, cwd=tmp_path).returncode == 0
    (template,) = (tmp_path / "exported").rglob("template.yaml")
    text = template.read_text()
    for value in ("MemorySize: 777", "Tracing: Active", "- arm64"):
        assert value in text


@pytest.mark.skipif(os.name == "nt", reason="needs a POSIX terminal")
def test_nobody_is_asked_who_does_not_see_what_for(tmp_path: Path, own_folders: None) -> None:
    """The question is on standard output, and what it is about on standard error."""
    assert own_folders is None
    lay(tmp_path / "team", ACME)
    command = f"{shlex.join(SCAFFOLD)} list bases --catalogue team"
    for line, code in ((command, None), (f"{command} 2> {tmp_path}/said", 4)):
        process = pexpect.spawn("bash", ["-c", line], cwd=str(tmp_path), encoding="utf-8", timeout=30)
        if code is None:
            process.expect("Do you trust this catalogue")
            process.sendcontrol("c")
        process.expect(pexpect.EOF)
        process.close()
        assert process.exitstatus == (130 if code is None else code)
    assert "nobody can be asked" in (tmp_path / "said").read_text()
