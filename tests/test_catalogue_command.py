"""`sam-scaffold catalogue new|lint|test`: the catalogue to start from works, and each mistake is told where it is."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from conftest import CATALOGUE, SCAFFOLD, needs, tree
from processes import SCHEMA, run
from scaffold import staging
from scaffold.catalogue import Catalogue
from scaffold.errors import FilePosition
from scaffold.team import cells, lint, new, shape, templates

NAME = "{{cookiecutter.name}}"
FOLDER = "{{cookiecutter.folder}}"
HANDLER = "languages/python/handlers/invoices"
LONG = len(f"{HANDLER}/{NAME}/") + 150
SUPPLIERS = 'title = "Suppliers"\nsummary = "one function"\ncategory = "events"\nfunction = "pay"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of a new catalogue."""
    new.write(tmp_path / "catalogue", "Acme")
    return tmp_path / "catalogue"


def lay(folder: Path, texts: dict[str, str]) -> None:
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def told(folder: Path) -> list[tuple[str, str]]:
    """Return where there are problems, relative to the catalogue, and what they are."""
    rows = []
    for problem in lint.problems(folder, CATALOGUE):
        assert isinstance(problem.location, FilePosition)
        place = Path(problem.location.file).relative_to(folder).as_posix()
        rows.append((f"{place}:{problem.location.line}" if problem.location.line else place, problem.message))
    return rows


def answer(command: str, *arguments: str | Path, cwd: Path) -> tuple[int, dict[str, Any]]:
    done = run("catalogue", command, *arguments, "--output", "json", cwd=cwd)
    found = json.loads(done.stdout)
    jsonschema.validate(found, {**SCHEMA, "$ref": f"#/$defs/catalogue {command}"})
    assert found["status"] == ("failure" if done.returncode else "success")
    return done.returncode, found


# New --------------------------------------------------------------------------------------------------------------


def test_a_new_catalogue_has_what_its_readme_tells_of(tmp_path: Path) -> None:
    code, found = answer("new", "ours", "--title", 'Größe "M"', cwd=tmp_path)
    assert (code, found["folder"]) == (0, str(tmp_path / "ours"))
    assert found["files"] == [*tree(tmp_path / "ours")]
    assert (tmp_path / "ours/catalogue.toml").read_text(encoding="utf-8").count('title = "Größe \\"M\\""') == 1
    readme = (tmp_path / "ours/README.md").read_text(encoding="utf-8")
    assert readme.startswith('# Größe "M"\n')
    named = [line.split("`")[1] for line in readme.splitlines() if line.startswith("| `")]
    assert named
    assert all((tmp_path / "ours" / name).exists() for name in named)
    assert all(any(file.startswith(name) for name in named) for file in found["files"] if file != "README.md" and
               not file.endswith("cookiecutter.json"))  # fmt: skip
    assert lint.problems(tmp_path / "ours", CATALOGUE) == []


def test_a_new_catalogue_takes_no_folder_that_has_something(tmp_path: Path) -> None:
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours/kept.txt").touch()
    done = run("catalogue", "new", "ours", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "Error: ours exists and is not empty\n  name another folder\n"
    assert [*tree(tmp_path)] == ["ours/kept.txt"]
    done = run("catalogue", "new", "ours/kept.txt", cwd=tmp_path)
    assert done.stderr == "Error: ours/kept.txt is there already, and is no folder\n  name another one\n"
    for title in ("two\nlines", "x" * 61, " "):
        done = run("catalogue", "new", "other", "--title", title, cwd=tmp_path)
        message = '--title is one line of text\n  at most 60 characters, for example --title "Acme"'
        assert (done.returncode, done.stderr) == (2, f"Error: {message}\n")


@pytest.mark.parametrize(
    ("title", "name"), [("Globex Ltd", "globex-ltd"), ("Debian", "acme"), ("日本", "ri-ben"), ("!", "acme")]
)
def test_the_base_image_is_called_after_the_company(title: str, name: str, tmp_path: Path) -> None:
    new.write(tmp_path / "ours", title)
    assert lint.problems(tmp_path / "ours", CATALOGUE) == []
    catalogue = Catalogue(today=CATALOGUE.today, over=(tmp_path / "ours",))
    assert (catalogue.bases[name].title, catalogue.defaults["base_image"]) == (title, name)
    assert name in catalogue.languages["python"].bases
    if name != "acme":
        assert "acme" not in {*catalogue.bases, *catalogue.languages["python"].bases}
        assert "acme" not in (tmp_path / "ours/README.md").read_text(encoding="utf-8")


def test_the_example_is_no_part_of_the_built_in_catalogue() -> None:
    assert "invoices" not in Catalogue().use_cases
    assert "acme" not in Catalogue().bases


# Lint -------------------------------------------------------------------------------------------------------------


def test_the_built_in_catalogue_has_the_shape_that_is_checked() -> None:
    found = shape.read(CATALOGUE.root)
    examples = str(CATALOGUE.root / "catalogue")  # a catalogue to start from, which belongs to no project
    assert [problem.name for problem in found.problems] == [examples]
    assert len(found.layers) > 300
    having = {layer.as_posix() for layer in found.layers} | {path.as_posix() for path in found.tables}
    for pattern in (*shape.LAYERS, *shape.TABLES):
        if pattern not in ("catalogue.toml", "every_project", "packages/*", "use_cases/*/packages/*/root"):
            assert any(Path(name).match(pattern) for name in having), f"{pattern} is nowhere"


WRONG: dict[str, tuple[dict[str, str], list[tuple[str, str]]]] = {
    "a folder of another name": (
        {"use_case/suppliers/use_case.toml": SUPPLIERS},
        [("use_case", "is no folder that a catalogue has")],
    ),
    "a file of another name": (
        {"languages/python/languages.toml": ""},
        [("languages/python/languages.toml", "is no file that is read here")],
    ),
    "what is no TOML": (
        {"catalogue.toml": 'title = "Acme\n'},
        [("catalogue.toml:1", "Illegal character '\\n'")],
    ),
    "a key that is not known": (
        {"use_cases/invoices/use_case.toml": f'{SUPPLIERS}sauce = """\nsource = 1\n"""\n'},
        [("use_cases/invoices/use_case.toml:5", "'sauce' is not a known key")],
    ),
    "a value of another type": (
        {"languages/python/language.toml": "[bases]\nacme = { image = 3 }\n"},
        [("languages/python/language.toml:2", "bases.acme.image: 3 is not text")],
    ),
    "a default that is no answer": (
        {"catalogue.toml": '[defaults]\nmemory = 512\narchitecture = "arm65"\n'},
        [("catalogue.toml:3", "architecture: 'arm65' is not allowed")],
    ),
    "a base that is like none": (
        {"bases/acme/base.toml": 'title = "Acme"\nsummary = "ours"\nrank = 0\nlike = "amazonn"\n'},
        [("bases/acme/base.toml:4", "like: 'amazonn' is no base that has layers of its own")],
    ),
    "a base without a language": (
        {"bases/idle/base.toml": 'title = "Idle"\nsummary = "ours"\nrank = 0\nlike = "amazon"\n'},
        [("bases/idle", "no language has the base idle")],
    ),
    "a handler of no use case": (
        {f"languages/go/handlers/invoice/{NAME}/x.go": "", "languages/go/handlers/invoice/cookiecutter.json": "{}"},
        [
            ("languages/go/handlers/invoice", "is a handler of no use case"),
            ("languages/go/handlers/invoice/cookiecutter.json:1", "name is missing"),
        ],
    ),
    "a use case without a handler": (
        {"use_cases/suppliers/use_case.toml": SUPPLIERS},
        [("use_cases/suppliers", "no language has a handler for the use case suppliers")],
    ),
    "a function without a handler": (
        {
            "use_cases/suppliers/use_case.toml": SUPPLIERS.replace("function", "group", 2)
            .replace("group =", "group =")
            .replace('summary = "one group"', 'summary = "two"')
            + 'functions = [{ part = "add" }, { part = "pay" }]\n',
            "languages/go/handlers/suppliers/add/cookiecutter.json": '{ "name": "x" }',
            f"languages/go/handlers/suppliers/add/{NAME}/x.go": "",
        },
        [("use_cases/suppliers", "go lacks the layer languages/go/handlers/suppliers/pay")],
    ),
    "a folder for a dependency manager that is not there": (
        {
            "languages/java/managers/ant/common/cookiecutter.json": '{ "name": "x" }',
            f"languages/java/managers/ant/common/{NAME}/build.xml": "",
        },
        [("languages/java/managers/ant", "there is no dependency manager 'ant'")],
    ),
    "values that are not listed, and some that are not used": (
        {f"{HANDLER}/cookiecutter.json": '{\n  "name": "x",\n  "event": "",\n  "folder": "x"\n}\n'},
        [
            (f"{HANDLER}/cookiecutter.json:3", "lists event, which no template of the layer uses"),
            (f"{HANDLER}/{NAME}/tests/{FOLDER}/test_app.py:9", "uses events, which cookiecutter.json does not list"),
        ],
    ),
    "a value that no project has": (
        {
            f"{HANDLER}/cookiecutter.json": '{"name": "x", "events": "", "folder": "x",\n  "colour": "red"}\n',
            f"{HANDLER}/{NAME}/{FOLDER}/colour.py": "{{ cookiecutter.colour }}\n",
        },
        [(f"{HANDLER}/cookiecutter.json:2", "lists colour, which no project has a value for here")],
    ),
    "a placeholder without a value": (
        {"use_cases/invoices/use_case.toml": SUPPLIERS + '[context]\ncity = "{town}"\n'},
        [
            (
                "use_cases/invoices/use_case.toml:1",
                "the placeholders of '{town}' cannot be filled in: nothing is called 'town'",
            )
        ],
    ),
    "what is no JSON": (
        {f"{HANDLER}/cookiecutter.json": '{"name":\n}'},
        [(f"{HANDLER}/cookiecutter.json:2", "is not JSON: Expecting value")],
    ),
    "extensions of Jinja": (
        {"use_cases/invoices/cookiecutter.json": '{"name": "x", "events": "",\n "_extensions": ["os.Path"]}\n'},
        [("use_cases/invoices/cookiecutter.json:2", "_extensions means nothing in a layer")],
    ),
    "a template that is none": (
        {f"{HANDLER}/{NAME}/{FOLDER}/more.py": "a\n{% if cookiecutter.folder %}\n{{ cookiecutter.folder | shout }}\n"},
        [
            (
                f"{HANDLER}/{NAME}/{FOLDER}/more.py:3",
                (
                    "is no template: Unexpected end of template. Jinja was looking for the following tags: "
                    "'elif' or 'else' or 'endif'. The innermost block that needs to be closed is 'if'."
                ),
            )
        ],
    ),
    "a filter that is not there": (
        {f"{HANDLER}/{NAME}/{FOLDER}/more.py": "a\n{{ cookiecutter.folder | shout }}\n"},
        [(f"{HANDLER}/{NAME}/{FOLDER}/more.py:2", "is no template: No filter named 'shout'.")],
    ),
    "a hook": (
        {f"{HANDLER}/hooks/post_gen_project.py": "print()"},
        [(f"{HANDLER}/hooks", "hooks of a layer are never run")],
    ),
    "a layer without its JSON": (
        {f"languages/python/shared/taxes/{NAME}/{FOLDER}/taxes.py": ""},
        [("languages/python/shared/taxes", f"has {NAME}/, but no cookiecutter.json, so it is never rendered")],
    ),
    "files of two layers": (
        {
            f"{HANDLER}/{NAME}/pyproject.toml": "",
            f"{HANDLER}/packages/zip/cookiecutter.json": '{ "name": "x", "folder": "x" }',
            f"{HANDLER}/packages/zip/{NAME}/{FOLDER}/app.py": "",
            f"{HANDLER}/packages/zip/{NAME}/README.md": "merged\n",
        },
        [
            (
                f"{HANDLER}/packages/zip/{NAME}/{FOLDER}/app.py",
                "writes invoice_order/app.py, which the layer {root}/" + HANDLER + " writes as well",
            ),
            (
                f"{HANDLER}/{NAME}/pyproject.toml",
                "writes pyproject.toml, which the built-in layer languages/python/root writes as well",
            ),
        ],
    ),
    "a layer that nothing has": (
        {"sources/fax/cookiecutter.json": '{ "name": "x" }', f"sources/fax/{NAME}/fax.txt": ""},
        [("sources/fax", "no combination that can be created has this layer")],
    ),
    "names that Windows does not take": (
        {f"{HANDLER}/{NAME}/{FOLDER}/aux.py": "", f"{HANDLER}/{NAME}/a?.txt": "", f"{HANDLER}/{NAME}/{'x' * 150}": ""},
        [
            (f"{HANDLER}/{NAME}/a?.txt", "Windows takes no file of this name"),
            (
                f"{HANDLER}/{NAME}/{'x' * 150}",
                f"the path has {LONG} characters, and Windows takes 260 with all that is in front",
            ),
            (f"{HANDLER}/{NAME}/{FOLDER}/aux.py", "aux.py is a device on Windows, and no file can have its name"),
        ],
    ),
    "names that differ in case": (
        {f"{HANDLER}/{NAME}/Notes.txt": "", f"{HANDLER}/{NAME}/notes.txt": ""},
        [
            (
                f"{HANDLER}/{NAME}/notes.txt",
                "differs from Notes.txt in upper and lower case alone, which Windows and macOS do not keep",
            )
        ],
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_each_mistake_is_told_where_it_is(case: str, folder: Path) -> None:
    texts, expected = WRONG[case]
    lay(folder, texts)
    assert told(folder) == [(place, message.replace("{root}", str(folder))) for place, message in expected]


def test_symbolic_links_are_told_and_not_followed(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret/cookiecutter.json").write_text("{")
    (folder / "languages/python/common").symlink_to(tmp_path / "secret")
    (folder / HANDLER / NAME / FOLDER / "again.py").symlink_to("app.py")
    message = "is a symbolic link: it may lead anywhere, and not every system has them"
    assert told(folder) == [
        ("languages/python/common", message),
        (f"{HANDLER}/{NAME}/{FOLDER}/again.py", message),
    ]


def test_all_that_is_wrong_is_told_at_once(folder: Path) -> None:
    lay(folder, {"use_case/x/use_case.toml": "", f"{HANDLER}/hooks/pre_gen_project.sh": ""})
    lay(folder, {f"{HANDLER}/{NAME}/{FOLDER}/a\x1b[2J.py": "{% endif %}"})
    code, found = answer("lint", folder.name, cwd=folder.parent)
    assert code == 3
    assert {Path(row["file"]).name for row in found["findings"]} == {"use_case", "hooks", "a\\x1b[2J.py"}
    done = run("catalogue", "lint", folder.name, cwd=folder.parent)
    assert (done.returncode, done.stderr) == (3, "")
    assert done.stdout.count("\n  ") == 3
    assert "catalogue/use_case: is no folder that a catalogue has\n  did you mean use_cases/?\n" in done.stdout
    assert "\x1b" not in done.stdout


def test_a_repository_may_have_more_than_the_catalogue(folder: Path) -> None:
    lay(folder, {"docs/why.md": "", ".github/CODEOWNERS": "", "Makefile": "", ".git/config": "", "bases/README.md": ""})
    assert told(folder) == []


def test_nothing_is_no_catalogue(tmp_path: Path) -> None:
    assert told(tmp_path) == [(".", "has nothing that a catalogue has")]
    done = run("catalogue", "lint", "nowhere", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "Error: there is no folder nowhere\n  name that of a catalogue\n"


def test_nothing_of_a_template_is_evaluated(folder: Path) -> None:
    """Where Jinja reads a template, it works out what has no variables in it, unless it is told not to."""
    lay(folder, {f"{HANDLER}/{NAME}/{FOLDER}/big.py": "{{ 'x' * 9999999999999 }}{{ (1).__class__.mro() }}\n"})
    assert told(folder) == []


def test_a_file_that_is_copied_is_no_template(folder: Path) -> None:
    values = {"name": "x", "folder": "x", "events": "", "_copy_without_render": ["*.hbs", "tests/raw"]}
    lay(folder, {f"{HANDLER}/cookiecutter.json": json.dumps(values)})
    lay(folder, {f"{HANDLER}/{NAME}/page.hbs": "{{#if}}", f"{HANDLER}/{NAME}/tests/raw/x/y.txt": "{{#if}}"})
    (folder / HANDLER / NAME / "picture.png").write_bytes(b"\x89PNG\0{{#if}}")
    assert told(folder) == []


def test_what_a_template_includes_is_looked_for(folder: Path) -> None:
    lay(folder, {f"{HANDLER}/templates/part.txt": "{{ cookiecutter.colour }}"})
    lay(folder, {f"{HANDLER}/{NAME}/x.txt": "{% include 'part.txt' %}\n{% include 'other.txt' %}"})
    assert told(folder) == [
        (f"{HANDLER}/templates/part.txt:1", "uses colour, which cookiecutter.json does not list"),
        (f"{HANDLER}/{NAME}/x.txt:2", "includes other.txt, which the layer does not have"),
    ]


# Test -------------------------------------------------------------------------------------------------------------


def names(folder: Path, *queries: str, **options: Any) -> list[str]:
    catalogue = Catalogue(today=CATALOGUE.today, over=(folder,))
    return [str(one) for one in cells.changed(catalogue, CATALOGUE, queries=queries, **options)]


def test_what_a_catalogue_adds_is_tried_and_nothing_else(folder: Path) -> None:
    new_ones = [
        "hello-world/image/python/python3.14/pip on acme",
        "hello-world/image/python/python3.14/uv on acme",
        "invoices/image/python/python3.14/pip",
        "invoices/image/python/python3.14/uv",
        "invoices/zip/python/python3.14/pip",
        "invoices/zip/python/python3.14/uv",
    ]
    assert names(folder) == new_ones
    asked_for = f"{new_ones[2]} on acme"
    assert names(folder, "acme/pip", "zip/uv") == [new_ones[0], asked_for, new_ones[5]]
    assert names(folder, "python3.12/zip/pip") == ["invoices/zip/python/python3.12/pip"]
    both = names(folder, "python3.12/zip/pip", "zip/uv")
    assert both == [new_ones[5], "invoices/zip/python/python3.12/pip"]  # the newest runtime first
    every = names(folder, "hello-world/acme", all_runtimes=True)
    assert [name.split("/")[3] for name in every if "/pip" in name] == ["python3.14", "python3.13", "python3.12"]


def test_one_use_case_stands_for_what_a_language_changes(tmp_path: Path) -> None:
    lay(tmp_path, {"languages/go/language.toml": '[context]\nmemory = "1024"\n', "README.md": ""})
    assert names(tmp_path) == [
        "hello-world/image/go/provided.al2023/mod",
        "hello-world/image/go/provided.al2023/mod on distroless",
        "hello-world/image/go/provided.al2023/mod on scratch",
        "hello-world/zip/go/provided.al2023/mod",
    ]


def test_what_changes_no_project_has_nothing_to_try(tmp_path: Path) -> None:
    done = run("catalogue", "test", ".", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "Error: . has nothing that a catalogue has\n  name the folder of a catalogue\n"
    base = 'title = "Idle"\nsummary = "ours"\nrank = 0\nlike = "amazon"\n'
    lay(tmp_path, {"bases/idle/base.toml": base})
    done = run("catalogue", "test", ".", cwd=tmp_path)
    message = ". adds no combination, and changes none. `sam-scaffold catalogue lint` may say why.\n"
    assert (done.returncode, done.stdout) == (3, message)
    lay(tmp_path, {"catalogue.toml": "[defaults]\nmemory = 512\n"})
    done = run("catalogue", "test", ".", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, ". adds no combination, and changes none.\n")


def test_projects_are_made_and_translated_without_running_anything(folder: Path) -> None:
    code, found = answer("test", folder, "zip", "--no-run", cwd=folder)
    rows = [(row["cell"], row["base_image"], row["status"]) for row in found["combinations"]]
    assert (code, rows) == (
        0,
        [
            ("invoices/zip/python/python3.14/pip", None, "made"),
            ("invoices/zip/python/python3.14/uv", None, "made"),
        ],
    )


# Which the SAM translator does not accept.
TABLE = "Resources:\n  Orders:\n    Type: AWS::Serverless::SimpleTable\n    Properties:\n      Colour: red\n"


def test_a_project_that_cannot_be_made_fails(folder: Path) -> None:
    lay(folder, {f"use_cases/invoices/{NAME}/template.yaml": TABLE})
    lay(folder, {f"{HANDLER}/{NAME}/{FOLDER}/x.py": "{{ cookiecutter.colour }}\n"})
    done = run("catalogue", "test", ".", "invoices/zip/pip", "--no-run", cwd=folder)
    assert done.returncode == 3
    first, *_, last = done.stdout.splitlines()
    file = folder / HANDLER / NAME / FOLDER / "x.py"
    assert first == f"failed  invoices/zip/python/python3.14/pip: {file}:1: the variable colour is not defined"
    assert last == "1 combination: 1 failed."
    (folder / HANDLER / NAME / FOLDER / "x.py").unlink()
    code, found = answer("test", ".", "invoices/zip/pip", "--no-run", cwd=folder)
    assert (code, found["combinations"][0]["reason"]) == (3, "the SAM translator rejects the project:")
    assert "Colour" in found["combinations"][0]["output"]


def test_what_this_machine_cannot_run_is_skipped(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/sh").symlink_to(shutil.which("sh") or "")
    done = run("catalogue", "test", ".", "zip/pip", cwd=folder, env={**os.environ, "PATH": str(tmp_path / "bin")})
    assert done.returncode == 0
    assert done.stdout.splitlines() == [
        "skipped invoices/zip/python/python3.14/pip: Python missing: install it from https://www.python.org/downloads/",
        "1 combination: 1 skipped.",
    ]


def test_what_is_no_combination_is_refused(folder: Path) -> None:
    done = run("catalogue", "test", ".", "cobol", cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    message = "no combination of . matches 'cobol'\n  leave it out to see those that it adds or changes"
    assert done.stderr == f"Error: {message}\n"
    lay(folder, {"bases/acme/base.toml": "title = 3\n"})
    done = run("catalogue", "test", ".", cwd=folder)
    assert (done.returncode, "bases/acme/base.toml:1" in done.stderr) == (1, True)


def test_the_help_says_that_code_is_run(tmp_path: Path) -> None:
    done = run("catalogue", "test", "--help", cwd=tmp_path)
    assert "This runs code of the catalogue" in done.stdout


# A manager whose commands need no tools stands for real ones: what they print and whether they fail is what matters.
PLAIN = """
[managers.plain]
tools = []
manifests = ["plain.txt"]
needs = []
install = ["echo installing {folder}", "test ! -e template.yaml.bak"]
test = ["printf 'one \\\\033[31mred\\\\n'", "TEST"]
dev_container = {}
ci = { image = "debian" }
buildkit = []
"""


@pytest.mark.parametrize(("command", "code"), [("true", 0), ("exit 7", 3)])
def test_the_commands_of_the_readme_are_run(command: str, code: int, folder: Path) -> None:
    table = folder / "languages/python/language.toml"
    table.write_text(table.read_text() + PLAIN.replace("TEST", command))
    actual, found = answer("test", ".", "plain/zip/invoices", cwd=folder)
    (row,) = found["combinations"]
    assert actual == code
    if code:
        assert row["reason"] == "its tests exit with 7"
        assert row["output"] == "installing invoice_order\none red"
    else:
        assert (row["status"], row["reason"], row["output"]) == ("passed", None, None)


@pytest.mark.parametrize(("handler", "comes"), [(signal.default_int_handler, True), (signal.SIG_IGN, False)])
def test_an_interrupt_waits_for_what_is_being_started(handler: Any, *, comes: bool) -> None:
    before = signal.signal(signal.SIGINT, handler)
    ended = False
    try:
        with pytest.raises(KeyboardInterrupt) if comes else nullcontext(), staging.delay_signals():
            signal.raise_signal(signal.SIGINT)
            ended = True
        assert signal.getsignal(signal.SIGINT) is handler
    finally:
        signal.signal(signal.SIGINT, before)
    assert ended


@pytest.mark.skipif(os.name != "posix", reason="sends a signal")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupt_ends_what_is_running(number: int, code: int, folder: Path, tmp_path: Path) -> None:
    started, temporary = tmp_path / "started", tmp_path / "temporary"
    temporary.mkdir()
    table = folder / "languages/python/language.toml"
    table.write_text(table.read_text() + PLAIN.replace("TEST", f"echo $$ > {started}; sleep 600"))
    environment = {**os.environ, "TMPDIR": str(temporary)}
    command = [*SCAFFOLD, "catalogue", "test", ".", "plain/zip/invoices"]
    with subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE) as process:
        while not (started.is_file() and started.read_text().endswith("\n")):
            assert process.poll() is None
            time.sleep(0.02)
        process.send_signal(number)
        process.communicate(timeout=60)
        assert process.returncode == code
    with pytest.raises(ProcessLookupError):
        os.kill(int(started.read_text()), 0)
    assert [*temporary.iterdir()] == []


@pytest.mark.toolchain
def test_the_tests_of_a_new_catalogue_pass(folder: Path) -> None:
    """As its README has it; the handler passes ruff and mypy as well."""
    needs("python3")
    done = run("catalogue", "test", ".", "zip/pip", cwd=folder)
    assert done.stdout.splitlines() == ["passed  invoices/zip/python/python3.14/pip", "1 combination: 1 passed."], done


@pytest.mark.parametrize("layer", [HANDLER, "use_cases/invoices", "use_cases/invoices/root"])
def test_the_layers_of_the_example_are_right(layer: str) -> None:
    assert [*templates.problems(new.EXAMPLE / layer)] == []
