"""Zips and folders as templates: what becomes of good ones, and hostile ones that are made here."""

from __future__ import annotations

import hashlib
import os
import re
import socket
import stat
import struct
import zipfile
from pathlib import Path

import pytest

from conftest import tree
from scaffold.errors import FetchError
from scaffold.fetch import entries, fetch
from scaffold.fetch.address import parse

pytestmark = pytest.mark.usefixtures("scratch")
LINK = stat.S_IFLNK | 0o777
EXECUTABLE = stat.S_IFREG | 0o6755


def zip_of(tmp_path: Path, *rows: tuple[str, str | bytes, int] | tuple[str, str | bytes]) -> Path:
    """Make a zip of names, contents and modes."""
    path = tmp_path / "outside" / "app.zip"
    path.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data, *mode in rows:
            info = zipfile.ZipInfo("placeholder")
            info.filename = name  # the constructor would correct it
            info.create_system, info.compress_type = 3, zipfile.ZIP_DEFLATED
            info.external_attr = (mode[0] if mode else stat.S_IFREG | 0o644) << 16
            file.NameToInfo.clear()  # it would warn of names that are there twice
            file.writestr(info, data)
    return path


def refusal(path: Path, scratch: Path, checkout: str = "") -> str:
    """Return why a template is refused; nothing is left behind, inside or outside of the private folder."""
    before = {*path.parent.rglob("*")}
    with pytest.raises(FetchError) as failure, fetch(parse(str(path)), checkout):
        pass
    assert {*path.parent.rglob("*")} == before
    assert list(scratch.iterdir()) == []
    return failure.value.message.removeprefix(f"{path} cannot be used: ")


def test_a_zip_becomes_a_private_folder(tmp_path: Path, scratch: Path) -> None:
    path = zip_of(
        tmp_path,
        ("cookiecutter.json", "{}"),
        ("{{cookiecutter.name}}/run", "run", EXECUTABLE),
        ("{{cookiecutter.name}}/link", "run", LINK),
        ("up", "{{cookiecutter.name}}/../cookiecutter.json", LINK),
        ("empty/", ""),
    )
    with fetch(parse(str(path))) as fetched:
        folder = fetched.folder
        assert fetched.revision == f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"
        assert (fetched.ref, fetched.address.name) == ("", "app")
        assert tree(folder) == {
            "cookiecutter.json": b"{}",
            "up": b"{}",
            "{{cookiecutter.name}}/link": b"run",
            "{{cookiecutter.name}}/run": b"run",
        }
        assert (folder / "empty").is_dir()
        assert (folder / "up").readlink() == Path("{{cookiecutter.name}}/../cookiecutter.json")
        assert stat.S_IMODE((folder / "{{cookiecutter.name}}/run").stat().st_mode) == 0o755
        assert stat.S_IMODE((folder / "cookiecutter.json").stat().st_mode) == 0o644
        assert stat.S_IMODE(folder.parent.stat().st_mode) == 0o700
    assert list(scratch.iterdir()) == []


def test_the_one_folder_of_a_zip_is_its_root(tmp_path: Path) -> None:
    path = zip_of(tmp_path, ("app-main/", ""), ("app-main/cookiecutter.json", "{}"), ("app-main/a/b", ""))
    with fetch(parse(str(path))) as fetched:
        assert tree(fetched.folder) == {"cookiecutter.json": b"{}", "a/b": b""}


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([("../evil", "")], "../evil has .. in its path"),
        ([("../", ""), ("../evil", "")], "../ has .. in its path; ../evil has .. in its path"),
        ([("a/../../evil", "")], "a/../../evil has .. in its path"),
        ([("a/..", "")], "a/.. has .. in its path"),
        ([("/tmp/evil", "")], "/tmp/evil is an absolute path"),
        ([("C:/evil", "")], "C:/evil is an absolute path"),
        ([("c:evil", "")], "c:evil is an absolute path"),
        ([("..\\evil", "")], "..\\evil has a backslash in its name"),
        ([("\\\\host\\evil", "")], "\\\\host\\evil is an absolute path"),
        ([("a\x1b[2J", "")], "'a\\x1b[2J' has characters in its name that cannot be printed"),
        ([("a", ""), ("a", "x")], "a is there twice"),
        ([("a", ""), ("./a", "x")], "a is there twice"),
        ([("Read", ""), ("read", "x")], "read is there as Read, too: some systems have one for both"),
        ([("d/a", ""), ("D/b", "")], "D is there as d, too: some systems have one for both"),
        ([("\u00e4", ""), ("a\u0308", "x")], "a\u0308 is there as \u00e4, too: some systems have one for both"),
        ([("a", ""), ("a/b", "x")], "a is there as a file and as a folder"),
        ([("a/b", ""), ("a", "x")], "a is there as a folder and as a file"),
        ([("a", "/tmp", LINK), ("a/b", "x")], "a is there as a symlink and as a folder"),
        ([("a", "..", LINK)], "a is a symlink that leads outside: .."),
        ([("a/b", "../../x", LINK)], "a/b is a symlink that leads outside: ../../x"),
        ([("a", "/etc/passwd", LINK)], "a is a symlink to the absolute path /etc/passwd"),
        ([("a", "C:\\x", LINK)], "a is a symlink to the absolute path C:\\x"),
        ([("a", "..\\x", LINK)], "a is a symlink to ..\\x: no backslashes and nothing unprintable there"),
        ([("a", "", LINK)], "a is a symlink without a valid target"),
        ([("a", "x" * 5000, LINK)], "a is a symlink without a valid target"),
        ([("a/b/c", "."), ("d", "a/b", LINK), ("e", "d/../../x", LINK)], ""),
        (
            [("a/b/c", "."), ("d", "a/b", LINK), ("e", "d/../../../x", LINK)],
            "e is a symlink that leads outside: d/../../../x",
        ),
        (
            [("a", "b", LINK), ("b", "A", LINK)],
            "a is a symlink that leads in a circle: b; b is a symlink that leads in",
        ),
        ([("p", "", stat.S_IFIFO | 0o644)], "p is neither a file nor a folder nor a symlink"),
        ([("p", "", stat.S_IFCHR | 0o644)], "p is neither a file nor a folder nor a symlink"),
        ([(".git/hooks/post-checkout", "x")], ".git/hooks/post-checkout is in a folder .git"),
        ([("a/.GIT/config", "x")], "a/.GIT/config is in a folder .git"),
        ([(".g\u200cit/config", "x")], "'.g\\u200cit/config' has characters in its name that cannot be printed"),
        ([("git~1/config", "x")], "git~1/config is in a folder .git"),
        ([(".git ./config", "x")], ".git ./config is in a folder .git"),
        ([(".git::$INDEX_ALLOCATION/config", "x")], ".git::$INDEX_ALLOCATION/config is in a folder .git"),
    ],
)
def test_hostile_entries(rows: list[tuple[str, str]], message: str, tmp_path: Path, scratch: Path) -> None:
    path = zip_of(tmp_path, ("cookiecutter.json", "{}"), *rows)
    if not message:
        with fetch(parse(str(path))) as fetched:
            assert (fetched.folder / "e").is_symlink()
        return
    found = refusal(path, scratch)
    assert found.startswith(message)


def test_the_first_entry_may_lead_outside_as_little_as_any_other(tmp_path: Path, scratch: Path) -> None:
    for first in ("../", "../evil", "/", "..", "./../evil"):
        path = zip_of(tmp_path, (first, ""), (f"{first.rstrip('/')}/evil", "x"))
        assert ".. in its path" in refusal(path, scratch) or "absolute path" in refusal(path, scratch)


def test_a_nul_in_a_name(tmp_path: Path, scratch: Path) -> None:
    path = zip_of(tmp_path, ("a", ""), ("evilXname", ""))
    path.write_bytes(path.read_bytes().replace(b"evilXname", b"evil\0name"))
    assert refusal(path, scratch) == "'evil\\x00name' has a NUL in its name"


def test_an_encrypted_zip(tmp_path: Path, scratch: Path) -> None:
    path = zip_of(tmp_path, ("a", "x"))
    data = bytearray(path.read_bytes())
    data[6] |= 1
    data[data.index(b"PK\1\2") + 8] |= 1
    path.write_bytes(data)
    assert refusal(path, scratch) == "a is encrypted"


def test_all_problems_are_told_at_once_but_no_more_than_ten(tmp_path: Path, scratch: Path) -> None:
    path = zip_of(tmp_path, *((f"../{number}", "") for number in range(12)))
    found = refusal(path, scratch)
    assert found.count("has .. in its path") == 10
    assert found.endswith("../9 has .. in its path; and 2 more")


def test_a_bomb_whose_sizes_are_honest(tmp_path: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entries, "MAX_BYTES", 1 << 20)
    path = zip_of(tmp_path, ("a", bytes(600_000)), ("b", bytes(600_000)))
    assert path.stat().st_size < 5000
    assert refusal(path, scratch) == f"{path} has more than 1 MB when it is unpacked"


def test_a_bomb_that_lies_about_its_size(tmp_path: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entries, "MAX_BYTES", 1 << 20)
    path = zip_of(tmp_path, ("a", bytes(9_000_000)))
    # Python reads no more than the size that is declared: the rest is never written, and the checksum is wrong.
    path.write_bytes(path.read_bytes().replace(struct.pack("<I", 9_000_000), struct.pack("<I", 5)))
    assert refusal(path, scratch) == f"{path} cannot be unpacked: Bad CRC-32 for file 'a'"


def test_entries_that_share_their_bytes(tmp_path: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """https://www.bamsoftware.com/hacks/zipbomb: many entries, one file's data."""
    monkeypatch.setattr(entries, "MAX_BYTES", 1 << 20)
    path = zip_of(tmp_path, *((f"file-{number}", bytes(300_000)) for number in range(10)))
    data = path.read_bytes()
    first = data.index(b"PK\1\2")
    at = first
    with path.open("wb") as file:
        directory = b""
        for number in range(10):
            record = bytearray(data[at : at + 46 + 6])
            record[42:46] = bytes(4)  # all of them at the first file
            directory += record
            at += 46 + 6
            assert record[46:] == f"file-{number}".encode()
        file.write(data[:first] + directory + data[at:])
    assert re.search("has more than 1 MB|Overlapped|differ", refusal(path, scratch))


def test_too_many_entries(tmp_path: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entries, "MAX_ENTRIES", 50)
    path = zip_of(tmp_path, *((str(number), "") for number in range(51)))
    assert refusal(path, scratch) == "the template has more than 50 files and folders"
    path = zip_of(tmp_path, ("/".join("abcdefghij" * 6), ""))
    assert refusal(path, scratch) == "the template has more than 50 files and folders"


def test_a_repository_that_is_no_git_folder(tmp_path: Path, scratch: Path) -> None:
    names = ("docs/HEAD", "docs/Objects/a", "docs/refs/a", "docs/config")
    path = zip_of(tmp_path, ("README.md", ""), ("docs/HEAD", ""), ("docs/commondir", ""))
    assert refusal(path, scratch) == "docs is a git repository, in which git would run programs"
    for name, others in (("docs", ["README.md"]), (".", [])):
        path = zip_of(tmp_path, *((one, "") for one in (*names, *others)))
        assert refusal(path, scratch) == f"{name} is a git repository, in which git would run programs"


def test_too_many_symlinks(tmp_path: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entries, "MAX_LINKS", 2)
    path = zip_of(tmp_path, *((f"l{number}", "a", stat.S_IFLNK | 0o777) for number in range(3)))
    assert refusal(path, scratch) == "the template has more than 2 symlinks"
    path = zip_of(tmp_path, ("l", "a/" * 65, stat.S_IFLNK | 0o777))
    assert refusal(path, scratch).endswith("l is a symlink over more than 64 folders")


def test_folders_too_deep_in_each_other(tmp_path: Path, scratch: Path) -> None:
    message = "the template has more than 64 folders in each other"
    assert refusal(zip_of(tmp_path, ("a/" * 30_000 + "a", "")), scratch) == message
    folder = tmp_path / "deep"
    folder.joinpath(*"a" * 66).mkdir(parents=True)
    assert refusal(folder, scratch) == message


def test_a_list_of_entries_that_would_fill_the_memory(tmp_path: Path, scratch: Path) -> None:
    path = zip_of(tmp_path, ("a", ""))
    data = bytearray(path.read_bytes())
    data[-10:-6] = struct.pack("<I", 1 << 30)
    path.write_bytes(data)
    assert refusal(path, scratch) == f"{path} has more than 50,000 files and folders"
    path.write_bytes(bytes(data[:-22]) + b"PK\6\7" + bytes(16) + bytes(data[-22:]))
    assert refusal(path, scratch) == f"{path} has more than 50,000 files and folders"


@pytest.mark.parametrize(
    ("data", "message"),
    [(b"", "is no zip"), (b"text" * 100, "is no zip"), (b"PK\5\6" + bytes(18), "is empty")],
)
def test_what_is_no_zip(data: bytes, message: str, tmp_path: Path, scratch: Path) -> None:
    path = zip_of(tmp_path)
    path.write_bytes(data)
    assert refusal(path, scratch) == f"{path} {message}"


def test_a_damaged_zip(tmp_path: Path, scratch: Path) -> None:
    path = zip_of(tmp_path, ("a", os.urandom(1000)))
    data = bytearray(path.read_bytes())
    data[100] ^= 255
    path.write_bytes(data)
    assert "cannot be unpacked: " in refusal(path, scratch)


def test_the_digest_of_a_zip(tmp_path: Path, scratch: Path) -> None:
    path = zip_of(tmp_path, ("a", "x"))
    right = f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"
    with fetch(parse(str(path)), right) as fetched:
        assert tree(fetched.folder) == {"a": b"x"}
    wrong = f"sha256:{'0' * 64}"
    assert refusal(path, scratch, wrong) == f"{path} is not {wrong}: it is {right}"
    assert refusal(path, scratch, "main") == f"--checkout main is for git, and {path} is a zip"


def test_a_folder_is_copied(tmp_path: Path, scratch: Path) -> None:
    source = tmp_path / "app"
    for name in ("a/b", ".git/config", "a/.hg/x", ".svn/x", "a/__pycache__/x.pyc", "node_modules/x", ".gitignore"):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text(name)
    (source / "empty").mkdir()
    (source / "link").symlink_to("a/b")
    (source / "a/b").chmod(0o4751)
    with fetch(parse(str(source))) as fetched:
        assert tree(fetched.folder) == {
            ".gitignore": b".gitignore", "a/b": b"a/b", "link": b"a/b", "node_modules/x": b"node_modules/x",
        }  # fmt: skip
        assert (fetched.folder / "link").readlink() == Path("a/b")
        assert (fetched.folder / "empty").is_dir()
        assert stat.S_IMODE((fetched.folder / "a/b").stat().st_mode) == 0o755
        first = fetched.revision
        (source / "a/b").write_text("changed after it was shown")
        assert (fetched.folder / "a/b").read_text() == "a/b"
    assert re.fullmatch("sha256:[0-9a-f]{64}", first)
    assert refusal(source, scratch, first).startswith(f"{source} is not {first}: it is sha256:")
    (source / "a/b").write_text("a/b")
    with fetch(parse(str(source)), first) as again:
        assert again.revision == first


def test_the_digest_of_a_folder_is_that_of_all_that_matters(tmp_path: Path) -> None:
    source = tmp_path / "app"
    source.mkdir()

    def revision() -> str:
        with fetch(parse(str(source))) as fetched:
            return fetched.revision

    seen = [revision()]
    (source / "a").write_text("x")
    seen.append(revision())
    (source / "a").chmod(0o755)
    seen.append(revision())
    (source / "l").symlink_to("a")
    seen.append(revision())
    (source / "l").unlink()
    (source / "l").symlink_to("./l2")
    seen.append(revision())
    (source / "a").rename(source / "b")
    seen.append(revision())
    (source / "d").mkdir()
    seen.append(revision())
    assert len({*seen}) == len(seen)
    os.utime(source / "b", (0, 0))
    assert revision() == seen[-1]


def test_hostile_folders(tmp_path: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "app"
    (source / "in").mkdir(parents=True)
    (source / "up").symlink_to("../secret")
    (source / "in" / "far").symlink_to(tmp_path)
    (source / "chain").symlink_to("in/far/secret")
    os.mkfifo(source / "pipe")
    monkeypatch.chdir(source)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket")
        found = refusal(source, scratch)
    assert sorted(found.split("; ")) == [
        "chain is a symlink that leads outside: in/far/secret",
        f"in/far is a symlink to the absolute path {tmp_path}",
        "pipe is neither a file nor a folder nor a symlink",
        "socket is neither a file nor a folder nor a symlink",
        "up is a symlink that leads outside: ../secret",
    ]


def test_a_folder_that_is_too_large(tmp_path: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "app"
    source.mkdir()
    with (source / "a").open("wb") as file:
        file.truncate(2 << 20)
    monkeypatch.setattr(entries, "MAX_BYTES", 1 << 20)
    assert refusal(source, scratch) == "the template has more than 1 MB"


def test_an_error_while_it_is_used_leaves_nothing(tmp_path: Path, scratch: Path) -> None:
    path = zip_of(tmp_path, ("a", "x"))
    with pytest.raises(KeyboardInterrupt), fetch(parse(str(path))):  # noqa: PT012  what happens inside is the point
        assert list(scratch.iterdir())
        raise KeyboardInterrupt
    assert list(scratch.iterdir()) == []
