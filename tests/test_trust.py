"""Trust: what a template could do, and who has said that it is trusted."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from scaffold import trust, user_configuration
from scaffold.errors import FilePosition, InvalidAnswersError
from scaffold.fetch import Fetched, address, cache
from scaffold.user_configuration import Trusted, UserConfiguration

pytestmark = pytest.mark.usefixtures("own_folders")
COMMIT = "4f1c9b0f9d8e7a6b5c4d3e2f1a0b9c8d7e6f5a4b"


def configure(text: str) -> Path:
    path = user_configuration.path()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def problems() -> list[str]:
    with pytest.raises(InvalidAnswersError) as caught:
        user_configuration.read()
    return [f"{problem.name.rpartition('config.toml')[2]} {problem.message}" for problem in caught.value.problems]


def test_what_a_template_could_do_is_found_without_running_it(tmp_path: Path) -> None:
    (tmp_path / "hooks").mkdir()
    (tmp_path / "hooks" / "post_gen_project.py").write_text("raise SystemExit\n")
    (tmp_path / "hooks" / "pre_prompt.sh").write_text("exit 1\n")
    (tmp_path / "hooks" / "helper.py").write_text("")
    (tmp_path / "hooks" / "pre_gen_project.").symlink_to("helper.py")  # which is one for cookiecutter
    (tmp_path / "nested" / "hooks").mkdir(parents=True)
    (tmp_path / "nested" / "hooks" / "pre_gen_project.sh").write_text("")
    (tmp_path / "cookiecutter.json").write_text(json.dumps({"_extensions": ["local.Shout"]}))
    (tmp_path / "nested" / "cookiecutter.json").write_text(json.dumps({"_extensions": ["jinja2_time.TimeExtension"]}))
    (tmp_path / "link").symlink_to("nested")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "hooks").symlink_to("../hooks")
    (tmp_path / "other" / "cookiecutter.json").write_text(json.dumps({"_extensions": {"local.Table": 1}}))
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "cookiecutter.json").write_text("[" * 100_000)
    contents = trust.inspect(tmp_path)
    assert contents.hooks == (
        "hooks/post_gen_project.py", "hooks/pre_gen_project.", "hooks/pre_prompt.sh",
        "nested/hooks/pre_gen_project.sh",
        "other/hooks/post_gen_project.py", "other/hooks/pre_gen_project.", "other/hooks/pre_prompt.sh",
    )  # fmt: skip
    assert contents.extensions == (
        "local.Shout", "unknown, since broken/cookiecutter.json cannot be read", "jinja2_time.TimeExtension",
        "local.Table",
    )  # fmt: skip
    assert contents.symlinks == ("link -> nested", "hooks/pre_gen_project. -> helper.py", "other/hooks -> ../hooks")


@pytest.mark.parametrize(
    ("source", "revision", "trusted"),
    [
        ("https://github.com/acme", "", True),
        ("https://GitHub.com:443/acme/", "", True),
        ("gh:acme/template", "", True),
        ("https://github.com/acme/template.git", COMMIT, True),
        ("https://github.com/acme", "0" * 40, False),
        ("https://github.com/ac", "", False),
        ("https://github.com/acme/templates", "", False),
        ("https://github.com.evil.example/acme", "", False),
        ("https://github.com/other", "", False),
        ("https://github.com/other/../acme", "", False),
        ("https://github.com/acme/%2e%2e/acme", "", False),
    ],
)
def test_trust_is_of_a_source_by_whole_segments_or_of_a_revision(source: str, revision: str, trusted: bool) -> None:
    fetched = Fetched(address.parse("gh:acme/template"), Path(), COMMIT, "main")
    configuration = UserConfiguration(trusted=(Trusted(source, revision),))
    assert trust.is_trusted(fetched, configuration) == (trusted, "")


@pytest.mark.parametrize(
    ("source", "origin", "published", "reason"),
    [
        ("gh:acme", "", False, "its source is trusted, but no branch and no tag there is known to have this commit"),
        (
            "gh:acme", "https://github.com/other/app", True,
            "its source is trusted, but the server leads to https://github.com/other/app",
        ),
        ("gh:acme", "https://github.com/acme/app", True, ""),
        ("https://github.com", "https://github.com/other/app", True, ""),
    ],
)  # fmt: skip
def test_trust_in_a_source_is_not_in_strangers_there(source: str, origin: str, published: bool, reason: str) -> None:
    fetched = Fetched(address.parse("gh:acme/template"), Path(), COMMIT, "main", origin, lambda: published)
    trusted = trust.is_trusted(fetched, UserConfiguration(trusted=(Trusted(source),)))
    assert trusted == (not reason, reason)
    assert trust.is_trusted(fetched, UserConfiguration(trusted=(Trusted(source, COMMIT),))) == (True, "")


def test_a_server_that_leads_to_another_source_that_is_trusted() -> None:
    fetched = Fetched(address.parse("gh:acme/template"), Path(), COMMIT, "main", "https://codeload.example.com/acme")
    rows = (Trusted("gh:acme"), Trusted("https://codeload.example.com"))
    assert trust.is_trusted(fetched, UserConfiguration(trusted=rows)) == (True, "")
    assert trust.is_trusted(fetched, UserConfiguration(trusted=rows[1:])) == (False, "")


def test_zips_and_wikis_below_a_source_may_be_anybodys() -> None:
    url = "https://git.example.com/acme/tool/uploads/0123/evil.zip"
    zipped = Fetched(address.parse(url), Path(), f"sha256:{'0' * 64}", "")
    for source, trusted in (("https://git.example.com/acme", False), (url, True)):
        found = trust.is_trusted(zipped, UserConfiguration(trusted=(Trusted(source),)))
        assert found[0] is trusted
    wiki = Fetched(address.parse("gh:acme/tool.wiki"), Path(), COMMIT, "main")
    found = trust.is_trusted(wiki, UserConfiguration(trusted=(Trusted("gh:acme"),)))
    assert found == (False, "its source is trusted, but this is a wiki, which others may be able to edit")


def test_what_cannot_be_read_is_not_told_to_be_nothing(tmp_path: Path) -> None:
    deep = "[" * 100_000 + "]" * 100_000
    (tmp_path / "cookiecutter.json").write_text(f'{{"_x": {deep}, "_x": 1, "_extensions": ["evil.E"]}}')
    assert trust.inspect(tmp_path).extensions == (
        f"unknown, since {tmp_path.name}/cookiecutter.json cannot be read",
    )  # fmt: skip


def test_the_configuration_of_a_person() -> None:
    assert user_configuration.read() == UserConfiguration()
    configure(
        'catalogue = "../team"\n[[trust]]\nsource = "gh:acme/a"\n'
        f'[[trust]]\nsource = "gh:acme/b"\nrevision = "{COMMIT.upper()}"\n'
    )
    path = user_configuration.path()
    assert user_configuration.read() == UserConfiguration(
        (("../team", FilePosition(str(path), 1)),), (Trusted("gh:acme/a"), Trusted("gh:acme/b", COMMIT))
    )
    (path.parent.parent / "team").mkdir()
    configure('catalogue = [\n  "gh:a/b",\n  "../team#main",\n]\n')
    assert user_configuration.read().catalogues == (
        ("gh:a/b", FilePosition(str(path), 2)),
        (f"{path.parent}/../team#main", FilePosition(str(path), 3)),
    )


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_a_configuration_that_others_can_write_says_nothing() -> None:
    path = configure('[[trust]]\nsource = "gh:acme"\n')
    for shared in (path, path.parent):
        mode = shared.stat().st_mode
        shared.chmod(mode | 0o002)
        assert user_configuration.read() == UserConfiguration(
            ignored=f"everybody can write {shared}: chmod o-w {shared}"
        )
        shared.chmod(mode)
    assert user_configuration.read().trusted == (Trusted("gh:acme"),)
    if os.geteuid() == 0:
        os.chown(path, 12345, -1)
        assert user_configuration.read() == UserConfiguration(ignored=f"{path} is another user's")


def test_a_user_without_a_home_has_no_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever platformdirs makes of that, nothing in the working folder counts."""
    monkeypatch.chdir(tmp_path)
    for folder in (Path("~/.config/sam-scaffold"), tmp_path / "~" / ".config" / "sam-scaffold"):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "config.toml").write_text('[[trust]]\nsource = "gh:acme"\n')
        monkeypatch.setattr("platformdirs.user_config_path", lambda *_, found=folder, **__: found)
        assert user_configuration.path() is None
        assert user_configuration.read() == UserConfiguration()

    def nobody(*_: object, **__: object) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr("platformdirs.user_config_path", nobody)
    assert user_configuration.read() == UserConfiguration()
    monkeypatch.setattr("platformdirs.user_cache_path", nobody)
    assert cache.find("https://example.com/a", COMMIT) is None
    assert cache.hint("https://example.com/a") == ""
    cache.store("https://example.com/a", COMMIT, tmp_path)
    assert not cache.is_marked("https://example.com/a", COMMIT)


def test_everything_that_is_wrong_there_is_told_at_once() -> None:
    configure('catalog = "x"\ncatalogue = [1]\n\n[[trust]]\nrevision = 2\nurl = "x"\n')
    assert problems() == [
        ":1 'catalog' is not a known key",
        ":2 catalogue is neither text nor a list of texts",
        ":6 'url' is not a known key",
        ":5 revision is not text",
        ":4 a trusted source has no source",
    ]
    configure('[[trust]]\nsource = "team"\nrevision = ""\n[[trust]]\nsource = "gh:acme"\nrevision = "main"\n')
    assert problems() == [
        ":2 'team' is neither an address nor a folder",
        ":3 '' is neither a commit's full id nor sha256: and a digest",
        ":6 'main' is neither a commit's full id nor sha256: and a digest",
    ]
    configure("trust = true\n")
    assert problems() == [":1 trust is no list of tables"]
    configure("catalogue = \n")
    assert problems() == [":1:13 Invalid value"]
