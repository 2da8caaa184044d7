"""`sam-scaffold export`: a cookiecutter that needs no sam-scaffold, and makes the same bytes."""

from __future__ import annotations

import json
import os
import re
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from cookiecutter.main import cookiecutter
from cookiecutter.prompt import prompt_for_config
from hypothesis import given
from hypothesis import strategies as st

from conftest import CATALOGUE, SCAFFOLD_THEN, for_each, needs, spec_of, tree
from processes import SCHEMA, run
from scaffold import answers, cli, export, lock, placeholders, project, template, unnamed
from scaffold.model import Cell
from scaffold.resolve import resolve
from scaffold.spec import Answers, ProjectSpec, check_name, stack_name
from test_safety import HOSTILE

HELLO = Cell("hello-world", "Image", "python", "python3.14", "pip")
NAMES = ("sam-app", "a", "My.App_2", "x" * 64, "TRUE", "a__b-_c")
VARIABLES = json.loads((CATALOGUE.root / "export/variables.json").read_bytes())
# One runtime for each way that a project may be made.
WAYS = {
    (cell.language, cell.package_type, cell.dependency_manager, cell.use_case): cell
    for cell in reversed(CATALOGUE.cells)
}
# All languages, both package types, a group, a web application, models and pictures.
SHOWN = [
    "hello-world/image/python/pip",
    "hello-world/zip/nodejs/npm",
    "crud/zip/typescript/npm",
    "crud/image/java/gradle",
    "sqs/zip/java/maven",
    "s3/image/go/mod",
    "hello-world/zip/rust/cargo",
    "crud/image/dotnet/cli-package",
    "sns/zip/ruby/bundler",
    "web/zip/nodejs/npm",
    "ml-pytorch/image/python/pip",
    "ml-xgboost/image/python/uv",
]


@pytest.fixture(autouse=True)
def _home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let cookiecutter and sam keep what they remember somewhere else than at home."""
    home = tmp_path_factory.mktemp("home")
    for name in ("HOME", "USERPROFILE", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(home))
    monkeypatch.setenv("SAM_CLI_TELEMETRY", "0")
    monkeypatch.delenv("COOKIECUTTER_CONFIG", raising=False)


def exported(spec: ProjectSpec, folder: Path) -> Path:
    export.write(CATALOGUE, spec, folder, "sam-scaffold export")
    return folder


def contents(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Return the files below a folder with their contents and permissions."""
    return {name: (data, (folder / name).stat().st_mode) for name, data in tree(folder).items()}


def rendered(exported: Path, name: str, into: Path) -> Path:
    """Return the project that the program cookiecutter makes."""
    done = cookiecut(exported, name, into)
    assert done.returncode == 0, done.stderr
    assert (done.stdout, done.stderr) == ("", "")
    return into / name


def cookiecut(exported: Path, name: str, into: Path) -> subprocess.CompletedProcess[str]:
    command = ["cookiecutter", "--no-input", "--output-dir", str(into), str(exported), f"project_name={name}"]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize("number", range(len(SHOWN)), ids=SHOWN)
def test_the_program_cookiecutter_makes_what_init_makes(number: int, tmp_path: Path) -> None:
    name = NAMES[number % len(NAMES)]
    spec = replace(spec_of(CATALOGUE.find(SHOWN[number])[0]), name=name)
    made = rendered(exported(spec, tmp_path / "exported"), name, tmp_path / "made")
    assert contents(made) == contents(project.create(CATALOGUE, spec, tmp_path / "expected"))


@pytest.mark.parametrize("language", sorted({language for language, *_ in WAYS}))
@pytest.mark.slow
def test_every_combination_makes_what_init_makes(language: str, tmp_path: Path) -> None:
    cells = [cell for way, cell in WAYS.items() if way[0] == language]

    def check(number: int) -> None:
        name = NAMES[number % len(NAMES)]
        spec = replace(spec_of(cells[number]), name=name)
        folder = exported(spec, tmp_path / str(number) / "exported")
        assert not [*folder.glob("hooks*")]
        made = cookiecutter(
            str(folder), no_input=True, output_dir=str(folder.parent), extra_context={"project_name": name}
        )
        expected = project.create(CATALOGUE, spec, tmp_path / str(number) / "expected")
        assert contents(Path(made)) == contents(expected), cells[number]

    for_each(range(len(cells)), check)


@pytest.mark.parametrize(("cell", "name"), [(HELLO, "shop"), (WAYS["java", "Zip", "gradle", "crud"], "My.App_2")])
@pytest.mark.toolchain
def test_sam_init_makes_what_init_makes(cell: Cell, name: str, tmp_path: Path) -> None:
    """What else it passes to a template, runtime and architectures, is not asked for here; samconfig.toml is kept."""
    needs("sam")
    spec = replace(spec_of(cell), name=name)
    exported(spec, tmp_path / "exported")
    done = subprocess.run(
        ["sam", "init", "--location", "exported", "--name", name, "--no-input"],
        cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert contents(tmp_path / name) == contents(project.create(CATALOGUE, spec, tmp_path / "expected"))


# A project that no layer makes, with whatever cookiecutter might change or take for its own.
AWKWARD = {
    "braces.txt": b"{{ x }} {% raw %} {# y #} {{{NAME}}} {%NAME%} {#NAME#} {NAME {{NAME\n{% if %}",
    "only-braces.js": b"f({{a: 1}}, `${{b}}`, '{% endraw %}')",
    "crlf.bat": b"@echo off\r\necho NAME\r\n",
    "old-mac.txt": b"a\rNAME\rb",
    "mixed.txt": b"a\nNAME\r\nb\rc\n\n",
    "no-end.txt": b"NAME",
    "blank-lines.txt": b"\n\nNAME\n\n\n",
    "empty.txt": b"",
    "bom.txt": b"\xef\xbb\xbfNAME\n",
    "unicode.txt": "é NAME \u2028 \x85 \x0b 𝄞\n".encode(),
    "latin.txt": b"caf\xe9 {{ x }}\n",
    "model.bin": bytes(range(256)) + b"{{ x }}",
    "[id]/*.js": b"{{ a }}",
    "?/page.txt": b"NAME",
    "web/.gitignore": b"*\n!NAME\n",
    "web/.gitattributes": b"* text eol=crlf\n",
    ".gitignore": b"*.txt\n*.bin\n",
    "run.sh": b"#!/bin/sh\necho NAME\n",
    "gradlew": b"#!/bin/sh\necho ${{x}}\n",
}


def awkward(_catalogue: Any, spec: ProjectSpec, output_dir: Path) -> Path:
    """Make the project in the place of `project.create`."""
    target = output_dir / spec.name
    for path, data in AWKWARD.items():
        file = target / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data.replace(b"NAME", spec.name.encode()))
        file.chmod(0o755 if data.startswith(b"#!") else 0o644)
    (target / answers.FILE).write_text(template.dump({"name": spec.name}))
    lock.write(target)
    return target


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such file names")
@pytest.mark.parametrize("name", NAMES)
def test_awkward_files_stay_as_they_are(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(project, "create", awkward)
    spec = replace(spec_of(HELLO), name=name)
    made = rendered(exported(spec, tmp_path / "exported"), name, tmp_path / "made")
    expected = contents(awkward(CATALOGUE, spec, tmp_path / "expected"))
    expected[lock.FILE] = (expected[lock.FILE][0], contents(made)[lock.FILE][1])
    assert contents(made) == {**expected, answers.FILE: contents(made)[answers.FILE]}
    assert (made / answers.FILE).read_bytes() == expected[answers.FILE][0]
    assert json.loads((made / lock.FILE).read_text())["files"].keys() == {*AWKWARD, answers.FILE}


@given(st.text(st.sampled_from("{}%#-'\"\\ \n\rNa"), max_size=12))
def test_any_text_is_what_jinja_makes_of_it(text: str) -> None:
    from cookiecutter.utils import create_env_with_context  # noqa: PLC0415  takes time to load

    parts = placeholders.split(text, re.compile("N"), lambda _: unnamed.NAME)
    file = placeholders.File(parts)
    if file.keys:
        environment = create_env_with_context({"cookiecutter": {}})
        source = export._template("x", file).decode()  # noqa: SLF001  it is what all the others rest on
        assert environment.from_string(source).render(cookiecutter={"project_name": "N"}) == text


def test_git_takes_every_file_and_gives_it_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its own rules count, not those for projects: a .gitignore in there would hide files, and so would line ends."""
    needs("git")
    monkeypatch.setattr(project, "create", awkward)
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "core.autocrlf")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "true")
    folder = exported(spec_of(HELLO), tmp_path / "exported")
    before = contents(folder)
    who = ("-c", "user.name=Sam", "-c", "user.email=sam@example.com")
    for arguments in (("init", "--quiet"), ("add", "--all"), (*who, "commit", "--quiet", "--message", "x")):
        subprocess.run(["git", *arguments], cwd=folder, check=True)
    subprocess.run(["git", "clone", "--quiet", folder, tmp_path / "clone"], check=True)
    clone = {name: row for name, row in contents(tmp_path / "clone").items() if not name.startswith(".git/")}
    assert clone == before


# Names --------------------------------------------------------------------------------------------------------------


def computed(name: str) -> dict[str, str]:
    """Return what cookiecutter makes of the variables for a name."""
    # It renders what it is given, which is not what this is about.
    literal = "".join(f"{{{{ '\\x{ord(c):02x}' }}}}" if ord(c) < 128 else c for c in name)
    return dict(prompt_for_config({"cookiecutter": {**VARIABLES, "project_name": literal}}, no_input=True))


def agrees(name: str) -> None:
    found = computed(name)
    assert found["project_name"] == name
    if check_name(name):
        assert found["__checked"] not in found
    else:
        assert found["__checked"] == "project_name"
        assert found["__stack_name"] == stack_name(name)
        assert template.dump({"name": name}) == f"name: {found['__yaml_name']}\n"
        assert found["__yaml_name"] == unnamed.values(name)[unnamed.YAML_NAME]


@given(st.from_regex(r"[A-Za-z][A-Za-z0-9._-]{0,66}", fullmatch=True))
def test_a_name_is_allowed_and_called_as_in_init(name: str) -> None:
    agrees(name)


@given(st.text(st.sampled_from("aZ9.-_é \n"), max_size=6))
def test_whatever_is_not_allowed_is_refused(name: str) -> None:
    agrees(name)


WORDS = ["true", "False", "NULL", "nUll", "yes", "no", "on", "y", "e1", "inf", "CON", "nul.txt", "com0", "Lpt9.a.b",
         "com", "com10", "conx", "console.a", "aux-1", "prn_"]  # fmt: skip


@pytest.mark.parametrize("name", [*HOSTILE, *WORDS, *NAMES], ids=ascii)
def test_names_that_mean_something_else(name: str) -> None:
    agrees(name)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        (
            "../x",
            "project_name: use up to 64 letters, digits, -, _ and single dots, a letter first, and a letter or digit",
        ),
        ("a" * 65, "project_name: use up to 64 letters"),
        ("", "project_name: use up to 64 letters"),
        ("NUL.txt", "project_name: this one is reserved for a device on Windows"),
    ],
)
def test_the_cookiecutter_refuses_a_name_before_it_writes(name: str, reason: str, tmp_path: Path) -> None:
    folder = exported(spec_of(HELLO), tmp_path / "exported")
    (tmp_path / "made").mkdir()
    done = cookiecut(folder, name, tmp_path / "made")
    assert done.returncode == 1
    assert reason in done.stdout
    assert done.stderr == ""
    assert {path.name for path in tmp_path.iterdir()} == {"exported", "made"}
    assert not [*(tmp_path / "made").iterdir()]


# The command --------------------------------------------------------------------------------------------------------


def test_the_command_says_what_it_made_and_what_to_do(tmp_path: Path) -> None:
    done = run(
        "export", "python3.14/pip/image/hello-world", "my template", "-a", "arm64", cwd=tmp_path, command=SCAFFOLD_THEN
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "Made my template: a cookiecutter of hello-world/image/python/python3.14/pip, arm64.\n\n"
        "Next, one of:\n"
        "  sam init --location 'my template' --no-input --name sam-app\n"
        "  cookiecutter 'my template' --no-input project_name=sam-app\n"
    )
    readme = (tmp_path / "my template/README.md").read_text()
    assert "# Hello World API, Python 3.14, Image\n" in readme
    command = "sam-scaffold export hello-world/image/python/python3.14/pip 'my template' --architecture arm64\n"
    assert command in readme
    made = rendered(tmp_path / "my template", "shop", tmp_path)
    expected = replace(spec_of(HELLO, "arm64"), name="shop")
    assert contents(made) == contents(project.create(CATALOGUE, expected, tmp_path / "expected"))


def test_the_result_for_programs(tmp_path: Path) -> None:
    done = run(
        "export",
        "python3.13/pip/image/sqs",
        "t",
        "-i",
        "debian",
        "--output",
        "json",
        cwd=tmp_path,
        command=SCAFFOLD_THEN,
    )
    found = json.loads(done.stdout)
    jsonschema.validate(found, {**SCHEMA, "$ref": "#/$defs/export"})
    assert (found["cell"], found["base_image"]) == ("sqs/image/python/python3.13/pip", "debian")
    assert found["folder"] == str(tmp_path / "t")
    assert found["files"] == sorted(tree(tmp_path / "t"))
    assert "python:3.13" in (tmp_path / "t" / export.PROJECT / "process_orders/Dockerfile").read_text()


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["cobol", "t"], 2, "no cell matches 'cobol'\n  run `sam-scaffold list cells` to see them all"),
        (["go/zip/sqs", "t"], 2, "2 cells match 'go/zip/sqs':\n  sqs/zip/go/provided.al2023/mod\n"),
        (
            ["go/provided.al2023/image/sqs", "t", "-i", "debian"],
            2,
            "--base-image: 'debian' is not known to work with Go",
        ),
        (["go/provided.al2023/zip/sqs", "t", "-a", "sparc"], 2, "--architecture: there is no architecture 'sparc'"),
        (["go/provided.al2023/zip/sqs", "full"], 1, "full exists and is no empty folder\n  name another folder"),
        (["go/provided.al2023/zip/sqs", "full/file"], 1, "full/file exists and is no empty folder"),
        (["go/provided.al2023/zip/sqs", "."], 1, ". cannot be replaced while it is in use"),
        (["go/provided.al2023/zip/sqs"], 2, "Missing argument 'DIR'"),
    ],
)
def test_what_cannot_be_exported(arguments: list[str], code: int, message: str, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full/file").touch()
    done = run("export", *arguments, cwd=tmp_path, command=SCAFFOLD_THEN)
    assert (done.returncode, done.stdout) == (code, "")
    assert message in done.stderr
    assert sorted(tmp_path.rglob("*")) == [tmp_path / "full", tmp_path / "full/file"]


def test_a_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    written: list[Path] = []

    def write_bytes(path: Path, data: bytes) -> int:
        written.append(path)
        if len(written) > 5:
            raise OSError(28, "No space left on device", str(path))
        with path.open("wb") as file:
            return file.write(data)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_bytes", write_bytes)
        assert cli.main(["export", "python3.14/pip/image/hello-world", "a/b/t"]) == 1
    assert {path.parts[:2] for path in written} == {("a", "b")}
    assert [*tmp_path.iterdir()] == []


def test_each_cell_is_what_its_parts_resolve_to() -> None:
    def check(cell: Cell) -> None:
        names = ("language", "runtime", "package_type", "dependency_manager")
        values = {name: getattr(cell, name) for name in names}
        spec = resolve(CATALOGUE, Answers(name="x", app_template=cell.use_case, **values), preview=True)
        assert {replace(function, architecture="") for function in spec.functions} == {
            replace(function, architecture="") for function in spec_of(cell).functions
        }

    for_each(CATALOGUE.cells, check)
