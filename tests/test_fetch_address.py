from __future__ import annotations

from pathlib import Path

import pytest

from scaffold.errors import InvalidAnswersError
from scaffold.fetch import address
from scaffold.fetch.address import Credentials, covers, parse

SECRET = "pass-4711"


@pytest.mark.parametrize(
    ("text", "kind", "url", "remote"),
    [
        ("gh:acme/app", "git", "https://github.com/acme/app", ""),
        ("gl:acme/group/app.git", "git", "https://gitlab.com/acme/group/app", "https://gitlab.com/acme/group/app.git"),
        ("bb:acme/app", "git", "https://bitbucket.org/acme/app", ""),
        ("HTTPS://GitHub.com:443/Acme//app/", "git", "https://github.com/Acme/app", ""),
        ("https://github.com/acme/./app.git", "git", "https://github.com/acme/app", "https://github.com/acme/app.git"),
        ("https://github.com./acme/app", "git", "https://github.com/acme/app", ""),
        ("https://host:8443/app/.git", "git", "https://host:8443/app", "https://host:8443/app/.git"),
        ("https://host/%7Eme/%61pp", "git", "https://host/~me/app", ""),
        ("https://host/My%20app/ä", "git", "https://host/My%20app/%C3%A4", ""),
        ("https://host/a%2bb", "git", "https://host/a%2Bb", ""),
        ("git+https://host/app.zip", "git", "https://host/app.zip", ""),
        ("https://host/-/archive/app.zip", "zip", "https://host/-/archive/app.zip", ""),
        ("https://host/app.ZIP", "zip", "https://host/app.ZIP", ""),
        ("ssh://git@Host:22/acme/app.git", "git", "ssh://git@host/acme/app", "ssh://git@host/acme/app.git"),
        ("git+ssh://host:2222/app", "git", "ssh://host:2222/app", ""),
        ("ssh://git@[::1]:2222/app", "git", "ssh://git@[::1]:2222/app", ""),
        ("git@host:acme/app.git", "git", "ssh://git@host/~/acme/app", "git@host:acme/app.git"),
        ("ssh://git@host/~/acme/app.git", "git", "ssh://git@host/~/acme/app", "git@host:acme/app.git"),
        ("git@host:~/acme/app", "git", "ssh://git@host/~/acme/app", "git@host:acme/app"),
        ("git@host:~me/app", "git", "ssh://git@host/~me/app", ""),
        ("git@[::1]:app", "git", "ssh://git@[::1]/~/app", "git@[::1]:app"),
        ("ssh://git@host:2222/~/app", "git", "ssh://git@host:2222/~/app", ""),
        ("git@host:/srv/app", "git", "ssh://git@host/srv/app", ""),
        ("host:app", "git", "ssh://host/~/app", "host:app"),
        ("git@GitHub.com:acme/app.git", "git", "ssh://git@github.com/acme/app", "git@github.com:acme/app.git"),
        ("ssh://git@gitlab.com/~/acme/app", "git", "ssh://git@gitlab.com/acme/app", ""),
        ("ssh://git@bitbucket.org/acme/app", "git", "ssh://git@bitbucket.org/acme/app", ""),
    ],
)
def test_each_form_of_an_address_has_one_normal_form(text: str, kind: str, url: str, remote: str) -> None:
    found = parse(text)
    assert (found.kind, found.url, found.remote) == (kind, url, remote or url)
    assert found.is_remote
    assert parse(found.url if kind != "git" or "zip" not in url else f"git+{url}").url == url


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "it is empty"),
        ("  ", "it is empty"),
        (" gh:acme/app", "it has blanks around it, or control characters"),
        ("gh:acme/app\n", "it has blanks around it, or control characters"),
        ("https://host/a\x1b[2J", "it has blanks around it, or control characters"),
        ("-oProxyCommand=touch x", "it begins with -, as options do"),
        ("--upload-pack=touch x", "it begins with -, as options do"),
        ("ssh://-oProxyCommand=x/app", "the host in the URL is not valid"),
        ("ssh://-l@host/app", "the user in the URL is not valid"),
        ("git@-oProxyCommand=x:app", "the host in the URL is not valid"),
        ("ssh://host/-u/app", "a segment of the path begins with -, as options do"),
        ("git@host:", "the URL names a host, and no template on it"),
        ("ssh://git@host/~", "the URL names a host, and no template on it"),
        ("git@host:a~me/app", "git would leave out the first letter of the path"),
        ("git@host:-app", "a segment of the path begins with -, as options do"),
        ("ssh://host/%2du/app", "a segment of the path begins with -, as options do"),
        ("http://host/app", "http:// is not encrypted, so anybody on the way could change the template"),
        ("git://host/app", "git:// is not encrypted, so anybody on the way could change the template"),
        ("file:///srv/app", "file:// is not taken"),
        ("s3://bucket/app.zip", "s3:// is not taken"),
        ("git+file:///srv/app", "git+file:// is not taken"),
        ("ext::sh -c touch% x", "the transport ext:: is not taken: git would run a program of that name"),
        ("fd::17", "the transport fd:: is not taken: git would run a program of that name"),
        ("file::/srv/app", "the transport file:: is not taken: git would run a program of that name"),
        (
            "hg+https://host/app",
            "Mercurial repositories are not taken: hg would run the extensions of its configuration",
        ),
        (
            "hg::https://host/app",
            "Mercurial repositories are not taken: hg would run the extensions of its configuration",
        ),
        ("gh:acme", "gh: takes a user and a repository"),
        ("gh:", "gh: takes a user and a repository"),
        ("gh:user:pass@acme/app", "gh: takes a user and a repository"),
        ("gh:acme/--app", "gh: takes a user and a repository"),
        ("gh:acme/../evil/app", "the path of the URL has .. in it"),
        ("https://host", "the URL names a host, and no template on it"),
        ("https:///app", "the host in the URL is not valid"),
        ("https://host:pass/app", "the host in the URL is not valid"),
        ("https://hóst/app", "the host in the URL is not valid"),
        ("https://host/acme/../evil", "the path of the URL has .. in it"),
        ("https://host/acme/%2e%2E/evil", "the path of the URL has .. in it"),
        ("https://host/acme/.%2e/evil", "the path of the URL has .. in it"),
        ("https://host/app?ref=x", "a URL of a template has neither a query nor a fragment"),
        ("https://host/app#x", "a URL of a template has neither a query nor a fragment"),
        ("https://host/acme\\..\\evil", "a URL has no backslash and no blank in it"),
        ("https://host/acme app", "a URL has no backslash and no blank in it"),
        ("git@host:a b", "host:path has no backslash, blank, %, ?, # or @ in its path"),
        ("https:/host/app", "it is neither a path nor a URL"),
        ("@host:app", "it is neither a path nor a URL"),
        ("h" * 5000, "it is longer than 4096 characters"),
    ],
)
def test_what_is_no_address_is_refused(text: str, message: str) -> None:
    with pytest.raises(InvalidAnswersError) as failure:
        parse(text, key="catalogue")
    (problem,) = failure.value.problems
    assert (problem.location, problem.message) == (("catalogue",), message)


@pytest.mark.parametrize("escape", ["%252e%252e", "%2f..", "%2F", "%5c", "%00", "%0a", "%7F", "%2", "%zz"])
def test_escapes_that_hide_a_way_are_refused(escape: str) -> None:
    with pytest.raises(InvalidAnswersError, match="the path of the URL has an escape that is not taken"):
        parse(f"https://host/acme/{escape}/evil")


@pytest.mark.parametrize(
    ("text", "user", "password"),
    [
        (f"https://me:{SECRET}@host/app", "me", SECRET),
        ("https://t%6Fken%40x@host/app.zip", "token@x", ""),
        ("https://me:a%2Fb%3A@host:8443/app", "me", "a/b:"),
        ("https://me@x.org:a@b@host/app", "me@x.org", "a@b"),
    ],
)
def test_credentials_are_kept_apart(text: str, user: str, password: str) -> None:
    found = parse(text)
    assert found.credentials == Credentials(user, password)
    assert "@" not in found.url
    assert "@" not in found.remote
    for word in filter(None, (user, password)):
        assert word not in f"{found!r} {found.credentials!r} {found}"


@pytest.mark.parametrize(
    "text",
    [
        f"http://me:{SECRET}@host/app",
        f"ssh://me:{SECRET}@host/app",
        f"https://me:{SECRET}/x@host/app",
        f"https://me:{SECRET}%0a@host/app",
        f"https://me:{SECRET}@host/app?x",
        f"https:/me:{SECRET}@host/app",
        f"ftp://me:{SECRET}@host/app",
        f"me:{SECRET}@host/app",
    ],
)
def test_no_message_has_the_password(text: str) -> None:
    with pytest.raises(InvalidAnswersError) as failure:
        parse(text)
    for problem in failure.value.problems:
        assert SECRET not in repr(problem)


def test_local_addresses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "My templates").mkdir()
    (tmp_path / "link").symlink_to("My templates")
    (tmp_path / "app.zip").touch()
    (tmp_path / "text").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    folder = str(tmp_path.resolve() / "My templates")
    for text in ("My templates", "./link/", "~/link", folder, "My templates/../link"):
        found = parse(text)
        assert (found.kind, found.url, found.is_remote, found.name) == ("folder", folder, False, "My templates")
    assert (parse("app.zip").kind, parse("app.zip").name) == ("zip", "app")
    for text, message, hint in (
        ("text", "text is neither a folder nor a .zip", address.FORMS),
        ("acme/app", "there is no folder and no .zip acme/app", "for GitHub, write gh:acme/app"),
        ("no\u202ewhere", "it has blanks around it, or control characters", address.FORMS),
    ):
        with pytest.raises(InvalidAnswersError) as failure:
            parse(text)
        assert [(row.message, row.hint) for row in failure.value.problems] == [(message, hint)]


def test_names() -> None:
    names = {"gh:acme/app.git": "app", "https://host/My%20app.zip": "My app", "git@host:app": "app"}
    assert {text: parse(text).name for text in names} == names


@pytest.mark.parametrize(
    ("source", "url", "is_covered"),
    [
        ("https://github.com/acme", "https://github.com/acme/app", True),
        ("gh:acme", "https://github.com/acme/app", True),
        ("https://GitHub.com:443/acme/", "https://github.com/acme/app", True),
        ("https://github.com", "https://github.com/acme/app", True),
        ("https://github.com/acme/app.git", "https://github.com/acme/app", True),
        ("git@github.com:acme", "ssh://git@github.com/acme/app", True),
        ("git@host:acme", "ssh://git@host/~/acme/app", True),
        ("git@host:acme", "git@host:acme/app", True),
        ("git@host:", "git@host:acme/app", True),
        ("ssh://git@host", "git@host:acme/app", True),
        ("ssh://git@host/acme", "git@host:acme/app", False),
        ("git@host:acme", "git@host:/acme/app", False),
        ("git@host:acme", "ssh://git@host/acme/app", False),
        ("https://github.com/%61cme", "https://github.com/acme/app", True),
        ("https://github.com/acme", "https://github.com/acme-evil/x", False),
        ("https://github.com/acme", "https://github.com.evil.org/acme/app", False),
        ("https://github.com/acme", "https://github.com:8443/acme/app", False),
        ("https://github.com/acme", "https://github.com/acme/../evil/app", False),
        ("https://github.com/acme", "https://github.com/acme/%2e%2e/evil/app", False),
        ("https://github.com/acme", "https://github.com/acme/%252e%252e/evil/app", False),
        ("https://github.com/acme", "https://github.com/acme%2f..%2fevil/app", False),
        ("https://github.com/acme", "https://github.com/Acme/app", False),
        ("https://github.com/acme", "ssh://git@github.com/acme/app", False),
        ("ssh://git@github.com/acme", "ssh://evil@github.com/acme/app", False),
        ("https://github.com/acme/app/sub", "https://github.com/acme/app", False),
        ("https://github.com/acme@x", "https://x/acme/app", False),
        ("https://", "https://github.com/acme/app", False),
        ("gh:", "https://github.com/acme/app", False),
        ("", "https://github.com/acme/app", False),
        ("/", "https://github.com/acme/app", False),
        ("https://github.com/acme", "/https:/github.com/acme/app", False),
        ("", "/srv/app", False),
        (".", "/srv/app", False),
        ("/srv/../srv", "/srv/app", True),
        ("/srv/app", "/srv/app", True),
        ("/srv/app", "/srv/application", False),
        ("/srv/app", "/srv/app/../evil", False),
    ],
)
def test_a_source_covers_what_is_below_it_in_whole_segments(source: str, url: str, *, is_covered: bool) -> None:
    assert covers(source, url) == is_covered


def test_a_source_is_where_its_symlinks_lead(tmp_path: Path) -> None:
    (tmp_path / "real" / "app").mkdir(parents=True)
    (tmp_path / "evil").mkdir()
    (tmp_path / "link").symlink_to("real")
    (tmp_path / "real" / "out").symlink_to("../evil")
    assert covers(str(tmp_path / "link"), parse(str(tmp_path / "real" / "app")).url)
    assert not covers(str(tmp_path / "real"), parse(str(tmp_path / "real" / "out")).url)


@pytest.mark.parametrize("text", ["//bob:pass-4711@host/x", "bob:pass-4711@host/x", "https:/bob:pass-4711@host/x"])
def test_what_was_to_be_an_address_is_told_without_its_password(text: str) -> None:
    with pytest.raises(InvalidAnswersError) as caught:
        parse(text)
    (problem,) = caught.value.problems
    assert "pass-4711" not in f"{problem.message} {problem.hint} {problem.value}"
