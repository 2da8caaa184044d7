"""Templates in git repositories: over https and ssh from servers on this machine, and in folders."""

from __future__ import annotations

import http.server
import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

import servers
from conftest import needs, tree
from scaffold.errors import FetchError
from scaffold.fetch import cache, entries, fetch, git
from scaffold.fetch.address import parse
from servers import Certificates, Origin, Server

pytestmark = pytest.mark.usefixtures("scratch")
SECRET = "pass-4711"
FILES = {"cookiecutter.json": "{}\r\n", "{{cookiecutter.name}}/a": "a"}


@pytest.fixture
def origin(tmp_path: Path) -> Origin:
    return Origin.make(tmp_path / "served" / "acme" / "app", FILES)


@pytest.fixture
def server(
    tmp_path: Path, origin: Origin, certificates: Certificates, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Server]:
    needs("git")
    monkeypatch.setenv("GIT_SSL_CAINFO", str(certificates.ca))
    assert origin.folder.is_relative_to(tmp_path / "served")
    with servers.https(tmp_path / "served", certificates) as running:
        yield running


def url_of(server: Server) -> str:
    return f"{server.url}/acme/app"


def cached_files(tmp_path: Path) -> list[str]:
    return sorted(path.name for path in (tmp_path / "cache").rglob("*") if path.is_file())


def failure(url: str, checkout: str = "") -> FetchError:
    with pytest.raises(FetchError) as caught, fetch(parse(url), checkout):
        pass
    assert SECRET not in f"{caught.value} {caught.value.hint}"
    return caught.value


def test_the_default_branch(server: Server, origin: Origin, scratch: Path, tmp_path: Path) -> None:
    with fetch(parse(url_of(server))) as fetched:
        assert tree(fetched.folder) == {name: text.encode() for name, text in FILES.items()}
        assert (fetched.revision, fetched.ref) == (origin.git("rev-parse", "HEAD"), "main")
    assert list(scratch.iterdir()) == []
    assert cached_files(tmp_path) == [f"{fetched.revision}.published", f"{fetched.revision}.zip"]


def test_each_way_to_name_a_commit(server: Server, origin: Origin) -> None:
    first = origin.git("rev-parse", "HEAD")
    second = origin.commit({"b": "b"})
    origin.git("tag", "light", first)
    origin.git("tag", "--annotate", "--message=v1", "v1", first)
    origin.git("branch", "feature/x", first)
    origin.commit({"c": "c"})
    for checkout in (
        "light",
        "v1",
        "feature/x",
        "refs/heads/feature/x",
        "refs/tags/v1",
        first,
        first[:8],
        first.upper(),
    ):
        with fetch(parse(url_of(server)), checkout) as fetched:
            assert (fetched.revision, fetched.ref) == (first, checkout)
            assert "b" not in tree(fetched.folder)
    with fetch(parse(url_of(server)), second) as fetched:
        assert {"b", "c"} & {*tree(fetched.folder)} == {"b"}


def test_a_commit_that_is_there_takes_no_network(
    server: Server, origin: Origin, monkeypatch: pytest.MonkeyPatch
) -> None:
    with fetch(parse(url_of(server))) as fetched:
        commit = fetched.revision
    asked = len(server.requests)
    (server.root / "acme/app.git").symlink_to("app")
    with fetch(parse(f"{url_of(server)}.git"), "main"):  # of a branch, which commit it is has to be asked; no more
        assert [row for row in server.requests[asked:] if "info/refs" not in row] == ["/acme/app.git/git-upload-pack"]
    monkeypatch.setenv(cache.OFFLINE, "1")
    monkeypatch.setenv("PATH", "")
    asked = len(server.requests)
    with fetch(parse(url_of(server)), commit) as fetched:
        assert tree(fetched.folder) == {name: text.encode() for name, text in FILES.items()}
    for checkout in ("", "main", "0" * 40):
        error = failure(url_of(server), checkout)
        assert error.message == f"SAM_SCAFFOLD_OFFLINE forbids the network, which {url_of(server)} takes"
        assert error.hint == f"what was fetched before needs no network: --checkout {commit}"
    assert failure("https://127.0.0.1:1/other").hint == (
        "unset SAM_SCAFFOLD_OFFLINE, or give a folder or a .zip of this machine"
    )
    assert len(server.requests) == asked
    assert origin.folder.exists()


def test_offline_without_the_variable(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    with fetch(parse(url_of(server))) as fetched:
        pass
    monkeypatch.setattr(git, "ASK_SECONDS", 10)
    server.answers["/acme/app/info/refs"] = lambda handler: handler.send_error(502)
    error = failure(url_of(server))
    assert error.message.startswith(f"{url_of(server)}: ")
    assert "502" in error.message
    assert error.hint == f"what was fetched before needs no network: --checkout {fetched.revision}"
    error = failure("https://nowhere.invalid/app")
    assert "Could not resolve host: nowhere.invalid" in error.message
    assert error.hint == "check the name, and the network"


@pytest.mark.parametrize(
    ("checkout", "message"),
    [
        ("-u", "--checkout -u begins with -, as options do"),
        ("--upload-pack=touch x", "--checkout --upload-pack=touch x begins with -, as options do"),
        ("a..b", "--checkout a..b is no name of a branch or a tag, and no commit"),
        ("main~1", "--checkout main~1 is no name of a branch or a tag, and no commit"),
        ("a b", "--checkout a b is no name of a branch or a tag, and no commit"),
        ("a\x1b[2J", "--checkout 'a\\x1b[2J' is no name of a branch or a tag, and no commit"),
        ("m*", "--checkout m* is no name of a branch or a tag, and no commit"),
        ("main:refs/heads/x", "--checkout main:refs/heads/x is no name of a branch or a tag, and no commit"),
        ("none", "URL has no branch and no tag none"),
        ("heads/main", "URL has no branch and no tag heads/main"),
        ("abcdef12", "URL has no branch, no tag and no single commit abcdef12"),
        ("0" * 39 + "1", "URL has no commit " + "0" * 39 + "1"),
    ],
)
def test_what_is_no_commit(checkout: str, message: str, server: Server) -> None:
    error = failure(url_of(server), checkout)
    assert error.message.startswith(message.replace("URL", url_of(server)))
    assert error.exit_code == 2


def test_a_branch_and_a_tag_of_one_name(server: Server, origin: Origin) -> None:
    origin.git("tag", "v1")
    origin.commit({"b": "b"})
    origin.git("branch", "v1")
    error = failure(url_of(server), "v1")
    assert error.message == f"{url_of(server)} has a branch and a tag v1"
    assert error.hint == "--checkout refs/heads/v1 or --checkout refs/tags/v1"


def test_a_repository_without_commits(server: Server) -> None:
    (server.root / "empty").mkdir()
    Origin(server.root / "empty").git("init", "--quiet")
    assert failure(f"{server.url}/empty").message == f"{server.url}/empty has no default branch with a commit"


def test_what_is_no_repository(server: Server) -> None:
    error = failure(f"{server.url}/none")
    assert "not found" in error.message
    assert error.hint == "check the address, and whether you may read it"


def test_a_certificate_by_an_unknown_ca(
    server: Server, certificates: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GIT_SSL_CAINFO")
    error = failure(url_of(server))
    assert "certificate" in error.message
    assert error.hint == "for a CA of your company, set SSL_CERT_FILE to the file with its certificate"
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.ca))
    with fetch(parse(url_of(server))) as fetched:
        assert fetched.ref == "main"


def test_git_uses_the_proxy(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    with servers.proxy() as (url, asked):
        monkeypatch.setenv("https_proxy", url)
        with fetch(parse(url_of(server))):
            assert {*asked} == {f"127.0.0.1:{server.port}"}


def test_attributes_of_the_repository_change_nothing(server: Server, origin: Origin, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    (tmp_path / "gitconfig").write_text(
        f'[core]\n\tautocrlf = true\n\thooksPath = {tmp_path}/hooks\n[filter "evil"]\n\tsmudge = touch {ran}; cat\n'
        f"\tprocess = touch {ran}\n\trequired = true\n"
    )
    for name in ("reference-transaction", "post-checkout", "fsmonitor-watchman"):
        hook = tmp_path / "hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\ntouch {ran}\n")
        hook.chmod(0o755)
    files = {
        ".gitattributes": "* filter=evil text eol=crlf ident export-subst\nhidden export-ignore\nfolder export-ignore\n"
        "folder/** export-ignore\n",
        "folder/a": "$Format:%H$ $Id$\n",
        "hidden": "hidden\n",
        "unix": "unix\n",
    }
    origin.commit(files)
    for checkout in ("", "main", origin.git("rev-parse", "HEAD")[:10]):
        with fetch(parse(url_of(server)), checkout) as fetched:
            found = tree(fetched.folder)
            assert {name: found[name].decode() for name in files} == files
        shutil.rmtree(tmp_path / "cache")
    assert not ran.exists()
    assert os.environ["GIT_CONFIG_GLOBAL"]


def test_submodules_and_links(server: Server, origin: Origin) -> None:
    commit = origin.git("rev-parse", "HEAD")
    origin.git("update-index", "--add", "--cacheinfo", f"160000,{commit},module")
    (origin.folder / ".gitmodules").write_text(
        '[submodule "module"]\n\tpath = module\n\turl = ext::sh -c "touch evil"\n'
    )
    (origin.folder / "link").symlink_to("cookiecutter.json")
    (origin.folder / "run").write_text("")
    (origin.folder / "run").chmod(0o755)
    origin.git("add", ".gitmodules", "link", "run")
    origin.git("commit", "--quiet", "--message=module")
    with fetch(parse(url_of(server))) as fetched:
        assert list((fetched.folder / "module").iterdir()) == []
        assert (fetched.folder / "link").readlink() == Path("cookiecutter.json")
        assert os.access(fetched.folder / "run", os.X_OK)


def hostile_tree(origin: Origin, rows: list[tuple[str, str, str]]) -> None:
    """Commit a tree that git itself would not make: modes, names and contents, with folders by their contents' tree."""
    data = b""
    for mode, name, content in rows:
        blob = content if mode == "40000" else origin.git("hash-object", "-w", "--stdin", data=content.encode())
        data += f"{mode} {name}\0".encode() + bytes.fromhex(blob)
    root = origin.git("hash-object", "-t", "tree", "-w", "--stdin", "--literally", data=data)
    origin.git("update-ref", "refs/heads/main", origin.git("commit-tree", "-m", "hostile", root))


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([("120000", "link", "../outside")], "link is a symlink that leads outside: ../outside"),
        ([("120000", "link", "/etc/passwd")], "link is a symlink to the absolute path /etc/passwd"),
        # Of these, git says it as well.
        ([("100644", "..", "x")], ""),
        ([("100644", "../evil", "x")], ""),
        ([("100644", ".git", "gitdir: /tmp")], ""),
        ([("100644", "a", "x"), ("100644", "a", "y")], "a is there twice"),
        ([("120000", "a", "/tmp"), ("100644", "a/evil", "y")], "a is there as a symlink and as a folder"),
    ],
)
def test_hostile_repositories(  # noqa: PLR0913, PLR0917  two parameters and four fixtures
    rows: list[tuple[str, str, str]], message: str, server: Server, origin: Origin, tmp_path: Path, scratch: Path
) -> None:
    hostile_tree(origin, rows)
    commit = origin.git("rev-parse", "main")
    error = failure(url_of(server))
    begin = f"{url_of(server)} at {commit} cannot be used: "
    assert error.message.startswith(begin) if message else rows[0][1] in error.message
    assert message in error.message
    assert list(scratch.iterdir()) == []
    assert not (tmp_path / "cache").exists()
    assert not list(tmp_path.rglob("evil"))


def test_a_bomb_of_trees(server: Server, origin: Origin, monkeypatch: pytest.MonkeyPatch, scratch: Path) -> None:
    """Ten folders of ten folders …: a few objects, and more files than any disk holds."""
    monkeypatch.setattr(entries, "MAX_ENTRIES", 1000)
    inner = origin.git("hash-object", "-w", "--stdin", data=b"x" * 100)
    for depth in range(9):
        mode = "40000" if depth else "100644"
        data = b"".join(f"{mode} f{number}\0".encode() + bytes.fromhex(inner) for number in range(10))
        inner = origin.git("hash-object", "-t", "tree", "-w", "--stdin", data=data)
        if depth > 1:
            origin.git("update-ref", "refs/heads/main", origin.git("commit-tree", "-m", "bomb", inner))
            assert failure(url_of(server)).message == f"{url_of(server)} has more than 1,000 files and folders"
    assert list(scratch.iterdir()) == []


def test_a_repository_that_is_too_large(server: Server, origin: Origin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(git, "MAX_BYTES", 1 << 20)
    (origin.folder / "large").write_bytes(os.urandom(2 << 20))
    origin.commit({})
    assert failure(url_of(server)).message == f"{url_of(server)}: the repository has more than 1 MB"


def test_a_repository_that_changes_meanwhile(server: Server, origin: Origin, monkeypatch: pytest.MonkeyPatch) -> None:
    first = origin.git("rev-parse", "HEAD")
    resolve = git.Repository.resolve

    def slowly(repository: git.Repository, checkout: str) -> tuple[str, str]:
        found = resolve(repository, checkout)
        origin.commit({"evil": "came after the commit was known"})
        return found

    monkeypatch.setattr(git.Repository, "resolve", slowly)
    with fetch(parse(url_of(server))) as fetched:
        assert fetched.revision == first
        assert "evil" not in tree(fetched.folder)
        origin.commit({"cookiecutter.json": "changed after it was shown"})
        assert (fetched.folder / "cookiecutter.json").read_bytes() == b"{}\r\n"


def test_credentials_for_git(server: Server, tmp_path: Path, scratch: Path) -> None:
    server.login = f"me:{SECRET}"
    stored = tmp_path / "stored"
    (tmp_path / "gitconfig").write_text(f"[credential]\n\thelper = store --file {stored}\n")
    error = failure(url_of(server))
    assert "could not read Username" in error.message
    assert error.hint.startswith("credentials are needed: ")
    with_login = url_of(server).replace("https://", f"https://me:{SECRET}@")
    seen: list[str] = []
    done = threading.Event()

    def watch() -> None:
        while not done.is_set():
            seen.extend(of_children())

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        with fetch(parse(with_login)) as fetched:
            assert SECRET not in repr(fetched)
            assert fetched.ref == "main"
    finally:
        done.set()
        thread.join()
    assert any("ls-remote" in text for text in seen)
    assert any("credential" in text for text in seen)
    assert not [text for text in seen if SECRET in text]
    for path in tmp_path.rglob("*"):
        assert not path.is_file() or SECRET.encode() not in path.read_bytes(), path
    assert list(scratch.iterdir()) == []
    assert not stored.exists()
    error = failure(with_login.replace(SECRET, "wrong"), "v1")
    assert "Authentication failed" in error.message
    assert "wrong" not in f"{error.message} {error.hint}"


def of_children() -> list[str]:
    """Return the command lines and the environments of all processes below this one."""
    parents: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(folder.name)] = int(fields[1])
    texts = []
    for process in parents:
        at = process
        while at in parents and at != os.getpid():
            at = parents[at]
        if at == os.getpid() != process:
            for name in ("cmdline", "environ"):
                try:
                    texts.append(Path(f"/proc/{process}/{name}").read_bytes().decode(errors="replace"))
                except OSError:
                    continue
    return texts


def test_credentials_reach_no_other_host(server: Server, certificates: Certificates, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    with servers.https(tmp_path / "other", certificates, login="me:other") as other:
        server.redirects["/acme/app/info/refs"] = f"{other.url}/acme/app/info/refs"
        error = failure(url_of(server).replace("https://", f"https://me:{SECRET}@"))
        assert "could not read Username" in error.message
        assert [login for login in other.logins if login] == []
        assert other.requests


def test_a_redirect_is_told_and_its_commit_not_kept(server: Server, certificates: Certificates, tmp_path: Path) -> None:
    assert cached_files(tmp_path) == []
    other = Origin.make(tmp_path / "other" / "acme" / "moved", FILES)
    with servers.https(tmp_path / "other", certificates) as second:
        server.redirects["/acme/app/info/refs"] = f"{second.url}/acme/moved/info/refs"
        for checkout in ("", other.git("rev-parse", "HEAD")):
            with fetch(parse(url_of(server)), checkout) as fetched:
                assert fetched.revision == other.git("rev-parse", "HEAD")
                assert fetched.origin == f"{second.url}/acme/moved"
                assert fetched.is_published() is not checkout
    assert cached_files(tmp_path) == []


def test_a_directory_of_a_large_repository(server: Server, origin: Origin, monkeypatch: pytest.MonkeyPatch) -> None:
    """What lies beside it is not fetched into the template, however much and whatever it is."""
    origin.commit({"templates/app/cookiecutter.json": "{}", "templates/app/a/b": "b", "other/c": "c"})
    (origin.folder / "other" / "link").symlink_to("/etc/passwd")
    commit = origin.commit({f"other/{number}": "" for number in range(20)})
    monkeypatch.setattr(entries, "MAX_ENTRIES", 12)
    for number, directory in enumerate(("templates/app", "templates/app/", "./templates//app")):
        if number:
            monkeypatch.setenv(cache.OFFLINE, "1")
        with fetch(parse(url_of(server)), commit, directory=directory) as fetched:
            assert {*tree(fetched.folder)} == {"templates/app/cookiecutter.json", "templates/app/a/b"}
            assert fetched.revision == commit
    monkeypatch.delenv(cache.OFFLINE)
    for directory in ("", "nothing", "templates/../templates/app", "templates/app/a/b"):
        with pytest.raises(FetchError) as caught, fetch(parse(url_of(server)), commit, directory=directory):
            pass
        assert str(caught.value) == f"{url_of(server)} has more than 12 files and folders"


def test_what_a_branch_or_a_tag_has_is_published(
    server: Server, origin: Origin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = origin.git("rev-parse", "HEAD")
    origin.commit({"b": "b"})
    origin.git("checkout", "--quiet", "-b", "proposed", first)
    proposed = origin.commit({"c": "c"})
    origin.git("update-ref", "refs/pull/1/head", proposed)
    origin.git("checkout", "--quiet", "main")
    origin.git("branch", "-D", "proposed")
    published = {}
    for checkout in ("", "main", first, first[:10], proposed, "refs/pull/1/head", "refs/heads/main"):
        with fetch(parse(url_of(server)), checkout) as fetched:
            published[checkout] = fetched.is_published()
    is_not = {proposed, "refs/pull/1/head"}
    assert published == {checkout: checkout not in is_not for checkout in published}
    for checkout in ("", "main"):  # what branches and tags are at is known from fetching them
        shutil.rmtree(tmp_path / "cache")
        with fetch(parse(url_of(server)), checkout) as fetched:
            main = fetched.revision
        monkeypatch.setenv(cache.OFFLINE, "1")
        with fetch(parse(url_of(server)), main) as fetched:
            assert fetched.is_published()
        monkeypatch.delenv(cache.OFFLINE)
    with fetch(parse(url_of(server)), first) as fetched:
        assert fetched.is_published()
    # What was found out once takes no network.
    origin.folder.rename(tmp_path / "gone")
    with fetch(parse(url_of(server)), first) as fetched:
        assert fetched.is_published()
    with fetch(parse(str(tmp_path / "gone")), proposed) as fetched:
        assert not fetched.is_published()


def test_a_redirect_to_a_transport_that_is_not_taken(server: Server, tmp_path: Path) -> None:
    server.redirects["/acme/app/info/refs"] = "http://127.0.0.1:1/acme/app/info/refs"
    assert "not supported or disabled" in failure(url_of(server)).message.replace('"http" ', "")
    (tmp_path / "gitconfig").write_text(
        f'[url "ext::sh -c touch% {tmp_path}/ran "]\n\tinsteadOf = {server.url}/\n[protocol]\n\tallow = always\n'
        '[protocol "ext"]\n\tallow = always\n'
    )
    error = failure(url_of(server))
    assert "transport 'ext' not allowed" in error.message
    assert error.hint == "git's configuration (url.<base>.insteadOf) leads to a transport that is not taken"
    assert not (tmp_path / "ran").exists()


def test_a_server_that_never_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(git, "ASK_SECONDS", 0.3)
    with servers.silent() as port:
        url = f"https://127.0.0.1:{port}/app"
        assert failure(url).message == f"{url}: no answer in 0.3 seconds"


def test_a_server_that_goes_silent(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(git, "STALL_SECONDS", 1)
    waiting = threading.Event()

    def stall(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "application/x-git-upload-pack-advertisement")
        handler.end_headers()
        waiting.wait(10)

    server.answers["/acme/app/info/refs"] = stall
    error = failure(url_of(server))
    waiting.set()
    assert "Operation too slow" in error.message


def test_without_git(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    error = failure("gh:acme/app")
    assert (error.message, error.hint) == ("there is no git on the PATH", "install git, or give a folder or a .zip")


def test_variables_of_git_lead_nowhere_else(
    server: Server, origin: Origin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_OBJECT_DIRECTORY", "GIT_INDEX_FILE", "GIT_NAMESPACE"):
        monkeypatch.setenv(name, str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_ALLOW_PROTOCOL", "ext")
    with fetch(parse(url_of(server))) as fetched:
        assert fetched.revision == origin.git("rev-parse", "HEAD")
    assert not (tmp_path / "elsewhere").exists()


def test_a_local_repository_with_a_checkout(origin: Origin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = origin.git("rev-parse", "HEAD")
    origin.git("tag", "v1")
    origin.commit({"b": "b"})
    (origin.folder / "b").write_text("not committed")
    monkeypatch.setenv(cache.OFFLINE, "1")  # takes no network
    with fetch(parse(str(origin.folder))) as fetched:
        assert tree(fetched.folder)["b"] == b"not committed"
        assert fetched.revision.startswith("sha256:")
    for checkout in ("v1", first, first[:7]):
        with fetch(parse(str(origin.folder)), checkout) as fetched:
            assert (fetched.revision, fetched.ref) == (first, checkout)
            assert tree(fetched.folder) == {name: text.encode() for name, text in FILES.items()}
    bare = tmp_path / "bare.git"
    origin.git("clone", "--quiet", "--bare", str(origin.folder), str(bare))
    with fetch(parse(str(bare))) as fetched:
        assert (fetched.ref, fetched.address.name) == ("main", "bare")
        assert tree(fetched.folder)["b"] == b"b"
    assert not (tmp_path / "cache").exists()
    assert failure(str(origin.folder), "none").message == f"{origin.folder} has no branch and no tag none"
    (tmp_path / "plain").mkdir()
    error = failure(str(tmp_path / "plain"), "v1")
    assert error.message == f"--checkout v1: {tmp_path}/plain is no git repository"
    assert error.hint == "give the repository's top folder, or no branch, tag or commit"


def test_hostile_configuration_of_a_local_repository(origin: Origin, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    origin.git("config", "uploadpack.packObjectsHook", f"touch {ran};")
    origin.git("config", "core.fsmonitor", f"touch {ran}")
    origin.git("config", "core.sshCommand", f"touch {ran}")
    origin.git("config", "credential.helper", f"!touch {ran}")
    origin.git("config", "remote.origin.url", f"ext::touch% {ran}")
    for hook in ("post-checkout", "reference-transaction", "pre-auto-gc"):
        (origin.folder / ".git/hooks" / hook).write_text(f"#!/bin/sh\ntouch {ran}\n")
        (origin.folder / ".git/hooks" / hook).chmod(0o755)
    with fetch(parse(str(origin.folder)), "main") as fetched:
        assert fetched.ref == "main"
    assert not ran.exists()


@pytest.fixture(scope="module")
def sshd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    needs("git", "ssh", "ssh-keygen", "sshd")
    with servers.ssh(tmp_path_factory.mktemp("ssh")) as running:
        yield running


def test_a_repository_over_ssh(sshd: tuple[str, Path], origin: Origin, monkeypatch: pytest.MonkeyPatch) -> None:
    login, config = sshd
    monkeypatch.setenv("GIT_SSH_COMMAND", f"ssh -F {config}")
    with fetch(parse(f"ssh://{login}{origin.folder}")) as fetched:
        assert (fetched.revision, fetched.ref) == (origin.git("rev-parse", "HEAD"), "main")
        assert fetched.address.url == f"ssh://{login}{origin.folder}"
        assert tree(fetched.folder) == {name: text.encode() for name, text in FILES.items()}
    error = failure(f"ssh://{login}{origin.folder}-none")
    assert "does not appear to be a git repository" in error.message
    assert error.hint == "check the address, and whether you may read it"


def test_all_certificates_that_are_named_count(
    server: Server, certificates: Certificates, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GIT_SSL_CAINFO")
    others = Certificates.make(tmp_path)
    others.ca.write_bytes(others.ca.read_bytes().rstrip())  # no end of its last line
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(others.ca))
    assert "certificate" in failure(url_of(server)).message
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.ca))
    with fetch(parse(url_of(server))) as fetched:
        assert fetched.ref == "main"


def test_a_path_below_the_home_of_ssh_is_another_than_one_from_the_root(
    sshd: tuple[str, Path], origin: Origin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    login, config = sshd
    host = login.rpartition(":")[0]
    monkeypatch.setenv("GIT_SSH_COMMAND", f"ssh -F {config}")
    at_home = Origin.make(config.parent / "home" / "team" / "app", {"home": "1"})
    commit = at_home.git("rev-parse", "HEAD")
    with fetch(parse(f"{host}:team/app")) as fetched:
        assert (fetched.revision, fetched.address.url) == (commit, f"ssh://{host}/~/team/app")
    for text in (fetched.address.url, f"{host}:~/team/app", f"ssh://{login}/~/team/app"):
        shutil.rmtree(tmp_path / "cache")
        with fetch(parse(text)) as again:
            assert again.revision == commit
    assert "does not appear to be a git repository" in failure(f"ssh://{host}/team/app", "main").message
    # One from the root has the same segments; neither is taken from the other's cache.
    with fetch(parse(f"{host}:{origin.folder}")) as fetched:
        assert fetched.address.url == f"ssh://{host}{origin.folder}"
    assert cache.find(fetched.address.url, fetched.revision)
    assert not cache.find(f"ssh://{host}/~{origin.folder}", fetched.revision)
    assert "does not appear" in failure(f"{host}:{str(origin.folder)[1:]}", fetched.revision).message


def test_ssh_asks_nobody(
    sshd: tuple[str, Path], origin: Origin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a wrapper that is found before ssh, since a user's own command is left alone."""
    login, config = sshd
    given = tmp_path / "given"
    wrapper = tmp_path / "bin" / "ssh"
    wrapper.parent.mkdir()
    wrapper.write_text(f'#!/bin/sh\necho "$@" >> {given}\nexec {shutil.which("ssh")} -F {config} "$@"\n')
    wrapper.chmod(0o755)
    monkeypatch.setenv("PATH", f"{wrapper.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.delenv("GIT_SSH_COMMAND", raising=False)
    with fetch(parse(f"ssh://{login}{origin.folder}")):
        assert "-o ConnectTimeout=15 -o ServerAliveInterval=15 -o BatchMode=yes" in given.read_text()
    shutil.rmtree(tmp_path / "cache")
    given.unlink()
    with fetch(parse(f"ssh://{login}{origin.folder}"), may_ask=True):
        assert "BatchMode" not in given.read_text()
    config.with_name("known").rename(config.with_name("known-before"))
    try:
        error = failure(f"ssh://{login}{origin.folder}")
    finally:
        config.with_name("known-before").rename(config.with_name("known"))
    assert "No ED25519 host key is known for" in error.message
    assert error.hint.startswith("connect to the host once with ssh, to see and accept its key; what was fetched ")


def test_sources_of_the_same_url_share_the_cache(server: Server) -> None:
    (server.root / "acme/app.git").symlink_to("app")
    with fetch(parse(f"{server.url}/acme//app.git/")) as fetched:
        pass
    assert cache.find(url_of(server), fetched.revision)
