"""What a catalogue would do to projects, found by lint, by `catalogue test` or as a project is made."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from conftest import CATALOGUE, ROOT, needs
from processes import run
from scaffold import project
from scaffold.catalogue import Catalogue
from scaffold.errors import InvalidTemplateError, TemplateError
from scaffold.team import cells, dockerfiles, handlers, lint, new, overlaps, written
from scaffold.team.run import is_without_tests
from test_catalogue_command import FOLDER, HANDLER, NAME, PLAIN, TABLE, answer, lay, told

ACME = "bases/acme"
DOCKERFILE = f"{ACME}/{NAME}/{FOLDER}/Dockerfile"
LAYER = '{"name": "sam-app", "folder": "x", "base_image": "x", "handler": "x"}'
OF_COMPANY = 'FROM {{ cookiecutter.base_image }}\nCOPY . .\nCMD ["{{ cookiecutter.handler }}"]\n'
INIT = ("--runtime", "python3.14", "--package-type", "Image", "--no-interactive", "--trust")
LIKE = "title = 'Acme'\nsummary = 'ours'\nrank = 0\nlike = 'amazon'\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of a new catalogue."""
    new.write(tmp_path / "catalogue", "Acme")
    return tmp_path / "catalogue"


def opened(folder: Path) -> Catalogue:
    return Catalogue(today=CATALOGUE.today, over=(folder,))


def make(folder: Path, query: str, into: Path) -> Path:
    """Make the first combination of a catalogue that a query fits."""
    catalogue = opened(folder)
    combination = cells.changed(catalogue, CATALOGUE, queries=[query])[0]
    return project.create(catalogue, cells.spec_of(catalogue, combination), into)


# Dockerfiles ------------------------------------------------------------------------------------------------------


def test_the_built_in_layers_have_nothing_to_find() -> None:
    kinds: dict[tuple[str, ...], cells.Combination] = {}
    for one in cells._combinations(CATALOGUE):  # noqa: SLF001  changed() has none of a catalogue that is below
        cell = one.cell
        kinds.setdefault((cell.language, cell.dependency_manager, cell.package_type, cell.use_case, one.base), one)
    assert len(kinds) > 300
    root = CATALOGUE.root
    layers = {file.parent for file in root.rglob("cookiecutter.json")}
    for made in written.projects(CATALOGUE, root, layers, [*kinds.values()]):
        for check in (dockerfiles.problems, handlers.problems, overlaps.problems):
            assert [*check(made)] == [], made.combination


def test_a_stage_that_is_missing_is_told_where_it_would_begin(folder: Path, tmp_path: Path) -> None:
    base = LIKE.replace("like = 'amazon'\n", "")
    lay(folder, {f"{ACME}/base.toml": base, f"{ACME}/cookiecutter.json": LAYER, DOCKERFILE: OF_COMPANY})
    message = "begins no stage runtime, from which the built-in layer emulator goes on"
    assert (f"{DOCKERFILE}:1", message) in told(folder)
    code, found = answer("test", folder, "image/pip/acme/hello-world", "--no-run", cwd=tmp_path)
    assert code == 3
    reason = found["combinations"][0]["reason"]
    assert re.fullmatch(r"line \d+ of hello_world/Dockerfile needs a stage runtime, and no layer has it above", reason)
    done = run("init", "--name", "shop", *INIT, "--base-image", "acme", "--catalogue", folder, cwd=tmp_path)
    assert (done.returncode, reason in done.stderr, (tmp_path / "shop").exists()) == (1, True, False)
    # One that has it is right, and the parts of the language go on from it.
    runtime = OF_COMPANY.replace("base_image }}", "base_image }} AS runtime")
    lay(folder, {DOCKERFILE: runtime})
    assert [row for row in told(folder) if "runtime" in row[1]] == []
    made = make(folder, "hello-world/image/pip/acme", tmp_path)
    assert "\nFROM runtime AS local\n" in (made / "hello_world/Dockerfile").read_text()


def test_without_a_layer_the_table_of_the_base_is_named(folder: Path) -> None:
    lay(folder, {f"{ACME}/base.toml": LIKE.replace("like = 'amazon'\n", "")})
    message = "begins no stage runtime, from which the built-in layer emulator goes on"
    assert told(folder) == [(f"{ACME}/base.toml:1", message)]


def test_a_dockerfile_beside_like_is_for_nothing(folder: Path) -> None:
    lay(folder, {f"{ACME}/base.toml": LIKE, f"{ACME}/cookiecutter.json": LAYER, DOCKERFILE: f"\n{OF_COMPANY}"})
    message = "this stage is no part of the image: no later one starts or copies from it"
    assert told(folder) == [(f"{DOCKERFILE}:2", message)]
    lay(folder, {DOCKERFILE: OF_COMPANY.replace("base_image }}", "base_image }} AS ours")})
    assert told(folder) == [(f"{DOCKERFILE}:1", message.replace("this stage", "the stage ours"))]


def test_a_stage_of_no_name_above_is_told_on_its_line(folder: Path) -> None:
    packages = f"{HANDLER}/packages/image"
    text = "{% if cookiecutter.folder %}\nCOPY --from=only-jinja-knows /a /b\n{% endif %}\nCOPY --from=tols /a /b\n"
    layer = '{"name": "sam-app", "folder": "x"}'
    lay(folder, {f"{packages}/cookiecutter.json": layer, f"{packages}/{NAME}/{FOLDER}/Dockerfile": text})
    assert told(folder) == [(f"{packages}/{NAME}/{FOLDER}/Dockerfile:4", "there is no stage tols above")]
    lay(folder, {f"{packages}/{NAME}/{FOLDER}/Dockerfile": text.replace("=tols", "=registry.example.com/tools:1")})
    assert told(folder) == []


# Versions and lock files ------------------------------------------------------------------------------------------

LOCKS = "languages/python/managers/{}/locks/{}"


@pytest.mark.parametrize(
    ("file", "text", "place", "library", "use_case"),
    [
        ("handlers/powertools/handler.toml", '[context]\n#\npowertools = "3.20.0"\n', 3, "aws-lambda-powertools", 0),
        ("language.toml", '[context]\npowertools = "3.20.0"\n', 2, "aws-lambda-powertools", 0),
        ("handlers/invoices/handler.toml", '[libraries]\nrequests = "2.32.3"\n', 2, "requests", "invoices"),
        ("handlers/invoices/handler.toml", '[dev_libraries]\n\nmoto = "5.0.0"\n', 3, "moto", "invoices"),
    ],
)
def test_another_version_needs_lock_files(  # noqa: PLR0913, PLR0917  a parameter a column
    file: str, text: str, place: int, library: str, use_case: str, folder: Path
) -> None:
    use_case = use_case or "powertools"
    path = folder / "languages/python" / file
    lay(folder, {f"languages/python/{file}": path.read_text() + text if path.exists() else text})
    place += len(path.read_text().splitlines()) - len(text.splitlines())
    at = f"languages/python/{file}:{place}"
    for manager in ("pip", "uv"):
        message = f"{library}: the lock files of {use_case} for {manager} hold another version, or none"
        assert (at, message) in told(folder)
    hints = [problem.hint for problem in lint.problems(folder, CATALOGUE) if "lock files" in problem.message]
    assert any(hint.startswith(f"add {LOCKS.format('uv', use_case)}/: `uv lock --project ") for hint in hints)
    assert any(" uv pip compile " in hint.replace("`", " ") for hint in hints)
    # Those that are there are taken as they are.
    for manager, name in (("pip", "requirements.txt"), ("uv", "uv.lock")):
        layer = LOCKS.format(manager, use_case)
        lay(
            folder,
            {f"{layer}/cookiecutter.json": '{"name": "x", "folder": "x"}', f"{layer}/{NAME}/{FOLDER}/{name}": ""},
        )
    assert told(folder) == []


def test_a_template_in_rust_needs_lock_files_of_its_own(folder: Path) -> None:
    layer = "languages/rust/handlers/invoices"
    values = '{"name": "x", "folder": "x"}'
    lay(folder, {f"{layer}/cookiecutter.json": values, f"{layer}/{NAME}/{FOLDER}/src/main.rs": ""})
    assert told(folder) == [(layer, "there are no lock files of invoices for cargo")]


def test_a_test_fails_that_would_not_install_the_versions_of_the_tables(folder: Path) -> None:
    lay(folder, {f"{HANDLER}/handler.toml": '[libraries]\nrequests = "2.32.3"\n'})
    code, found = answer("test", folder, "invoices/zip/pip", cwd=folder)
    reason = f"its lock files hold other versions than its tables: add {LOCKS.format('pip', 'invoices')}"
    assert (code, found["combinations"][0]["reason"]) == (3, reason)


def test_each_dependency_manager_with_lock_files_says_how_they_are_made() -> None:
    documented = (ROOT / "docs/catalogues.md").read_text()
    for language in CATALOGUE.languages.values():
        for name, manager in language.managers.items():
            has_locks = bool(CATALOGUE.tree.subfolders(f"languages/{language.id}/managers/{name}/locks"))
            assert ("relock" in manager) == has_locks, f"{language.id} {name}"
            command = manager.get("relock", "").replace("{folder}", "FOLDER").replace("{python}", "3.10")
            assert f"`{command}`" in documented or not command, command


def test_a_value_that_nothing_reads_is_told(folder: Path) -> None:
    lay(folder, {f"{HANDLER}/handler.toml": '[context]\npowertool = "3.20.0"\nimage_handler = "app.lambda_handler"\n'})
    table = folder / "languages/python/language.toml"
    table.write_text(table.read_text() + '[runtimes."python3.14".context]\npytest_ = "8"\n')
    line = len(table.read_text().splitlines())
    assert told(folder) == [
        (f"{HANDLER}/handler.toml:2", "context.powertool is read by no template and no table"),
        (
            f"languages/python/language.toml:{line}",
            "runtimes.python3.14.context.pytest_ is read by no template and no table",
        ),
    ]
    hints = [problem.hint for problem in lint.problems(folder, CATALOGUE)]
    assert hints[0] == "did you mean powertools?"


# Faults of layers -------------------------------------------------------------------------------------------------

MORE = f"{HANDLER}/{NAME}/{FOLDER}/more.py"
FAULTS = [
    ("cookiecutter.json", b'{\n"name": "x",}', ":2", "is not JSON: Expecting property name enclosed in double quotes"),
    ("cookiecutter.json", b"[1]", "", "is not a mapping of names to values"),
    ("cookiecutter.json", b'{"name": "\xfc"}', ":1", "is not UTF-8 text"),
    ("cookiecutter.json", b'{"_copy_without_render": "*.x"}', "", "_copy_without_render is not a list of patterns"),
    ("more.py", b"#\n{{ cookiecutter.nope }}\n", ":2", "the variable nope is not defined"),
    ("more.py", b"#\n\n{{ cookiecutter.name / 3 }}\n", ":3", "cannot be rendered: TypeError: unsupported operand type"),
    ("more.py", b"#\n{{ 1 / 0 }}\n", ":2", "cannot be rendered: ZeroDivisionError: division by zero"),
    ("more.py", b"#\n{% if %}\n", ":2", "is not valid Jinja: Expected an expression, got 'end of statement block'"),
    ("more.py", b"# a long enough text\n# gr\xfc\xdfe\n", "", "is not UTF-8 text"),
    ("more.py", b"{% include 'part.txt' %}\n", ":1", "includes part.txt, which is not there"),
]


@pytest.mark.parametrize(("name", "data", "line", "message"), FAULTS)
def test_a_fault_of_a_layer_names_its_file(  # noqa: PLR0913, PLR0917  a parameter a column
    name: str, data: bytes, line: str, message: str, folder: Path, tmp_path: Path
) -> None:
    file = folder / (MORE if name == "more.py" else f"{HANDLER}/{name}")
    file.write_bytes(data)
    with pytest.raises(InvalidTemplateError) as raised:
        make(folder, "invoices/zip/pip", tmp_path)
    (problem,) = raised.value.problems
    assert problem.name == f"{file}{line}"
    assert problem.message.startswith(message)
    assert "\n" not in problem.message
    assert not (tmp_path / "sam-app").exists()
    code, found = answer("test", folder, "invoices/zip/pip", "--no-run", cwd=tmp_path)
    reason = f"{file}{line}: {problem.message}"
    assert (code, found["combinations"][0]["reason"]) == (3, reason)


def test_a_file_that_cannot_be_merged_is_named_with_its_layer(folder: Path, tmp_path: Path) -> None:
    lay(folder, {f"{HANDLER}/{NAME}/{{{{'.'}}}}vscode/settings.json": "{"})
    with pytest.raises(TemplateError) as raised:
        make(folder, "invoices/zip/pip", tmp_path)
    begin = f".vscode/settings.json of the layer {folder}/"
    assert raised.value.message.startswith((begin, f".vscode/settings.json of the layer {CATALOGUE.root}/"))


def test_what_the_translator_rejects_is_no_defect(folder: Path, tmp_path: Path) -> None:
    lay(folder, {f"use_cases/invoices/{NAME}/template.yaml": TABLE})
    arguments = ("--name", "shop", *INIT, "--app-template", "invoices", "--catalogue", folder)
    done = run("init", *arguments, cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("Error: the SAM translator rejects the project:\n")
    assert "nothing was written; `sam-scaffold show CELL` lists the layers it is made of" in done.stderr
    assert "report" not in done.stderr


# Text -------------------------------------------------------------------------------------------------------------


def test_text_that_projects_would_get_from_windows_is_told(folder: Path) -> None:
    (folder / MORE).write_bytes(b"# a long enough text\n# gr\xfc\xdfe\n")
    assert told(folder) == [(f"{MORE}:2", "is not UTF-8 text")]
    (folder / MORE).write_bytes(b"\xef\xbb\xbf#\nx = 1\r\ny = 2\r\n")
    assert told(folder) == [
        (f"{MORE}:1", "begins with a byte order mark"),
        (f"{MORE}:2", "ends its lines as Windows does (CRLF), and so would the file of each project"),
    ]
    values = {"name": "x", "folder": "x", "events": "", "_copy_without_render": ["more.py", "*/more.py"]}
    lay(folder, {f"{HANDLER}/cookiecutter.json": json.dumps(values)})
    assert told(folder) == []


def test_tables_may_be_written_on_windows(folder: Path, tmp_path: Path) -> None:
    for file in folder.rglob("*.toml"):
        file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    for file in folder.rglob("cookiecutter.json"):
        file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert told(folder) == []
    assert (make(folder, "invoices/zip/pip", tmp_path) / "invoice_order/app.py").is_file()


# What makes no project that works ---------------------------------------------------------------------------------


def test_a_layer_without_its_json_makes_no_project(folder: Path, tmp_path: Path) -> None:
    (folder / HANDLER / "cookiecutter.json").unlink()
    message = f"{HANDLER}: has {NAME}/, but no cookiecutter.json, so it is never rendered"
    for command in (
        ("catalogue", "test", folder, "--no-run"),
        ("init", "--name", "shop", *INIT, "--catalogue", folder),
        ("list", "bases", "--catalogue", folder, "--trust"),
    ):
        done = run(*command, cwd=tmp_path)
        assert done.returncode == 1
        assert message in done.stderr
    assert not (tmp_path / "shop").exists()


@pytest.mark.parametrize(
    ("language", "handler", "name"),
    [
        ("python", "app.lambda_handler", "app.py"),
        ("nodejs", "app.lambdaHandler", "app.js"),
        ("typescript", "app.lambdaHandler", "app.ts"),
    ],
)
def test_the_file_of_the_handler_has_to_be_there(language: str, handler: str, name: str, folder: Path) -> None:
    layer = f"languages/{language}/handlers/invoices"
    lay(folder, {f"{layer}/cookiecutter.json": '{"name": "x", "folder": "x"}', f"{layer}/{NAME}/{FOLDER}/index.x": ""})
    (folder / HANDLER / NAME / FOLDER / "app.py").rename(folder / HANDLER / NAME / FOLDER / "main.py")
    here = [message for place, message in told(folder) if place == layer]
    (message,) = [message for message in here if "has no file" in message]
    assert message.startswith(f"has no file for the handler {handler}, such as ")
    assert message.endswith(f"/{name}")
    code, found = answer("test", folder, f"{language}/invoices/zip", "--no-run", cwd=folder)
    assert (code, found["combinations"][0]["reason"]) == (3, message)


# What runners print, as these did: pytest 9, Node.js 24, Go 1.27, Maven's Surefire 3, minitest 6, Cargo 1.93.
PRINTED = [
    ("# tests 0\n# pass 0\n# fail 0\n", True),
    ("\u2139 tests 0\n\u2139 suites 0\n", True),
    ("\u2139 tests 3\n\u2139 pass 3\n", False),
    ("?   \texample.com/orders\t[no test files]\n", True),
    ("ok  \texample.com/orders\t0.006s [no tests to run]\n", True),
    ("ok  \texample.com/orders\t0.006s\n?   \texample.com/orders/cmd\t[no test files]\n", False),
    ("[INFO] No tests to run.\n[INFO] BUILD SUCCESS\n", True),
    ("[INFO] Tests run: 3, Failures: 0\n[INFO] BUILD SUCCESS\n", False),
    ("0 runs, 0 assertions, 0 failures, 0 errors, 0 skips\n", True),
    ("4 runs, 9 assertions, 0 failures, 0 errors, 0 skips\n", False),
    ("\nrunning 0 tests\n\ntest result: ok. 0 passed; 0 failed\n", True),
    ("running 2 tests\n..\ntest result: ok. 2 passed; 0 failed\n\nrunning 0 tests\n", False),
    ("\x1b[33mno tests ran\x1b[0m in 0.01s\n", True),
    ("Nothing that is known.\n", False),
]


@pytest.mark.parametrize(("output", "expected"), PRINTED)
def test_runners_say_that_there_was_no_test(output: str, *, expected: bool) -> None:
    assert is_without_tests(output) == expected


def test_a_run_without_tests_fails(folder: Path) -> None:
    needs("node")
    table = folder / "languages/python/language.toml"
    command = "mkdir empty && cd empty && node --test"
    table.write_text(table.read_text() + PLAIN.replace("TEST", command))
    printed = subprocess.run(
        ["node", "--test"], cwd=folder / "bases", capture_output=True, text=True, check=False
    ).stdout
    if not is_without_tests(printed):
        pytest.skip("this Node.js looks for tests otherwise")
    code, found = answer("test", ".", "plain/zip/invoices", cwd=folder)
    assert (code, found["combinations"][0]["reason"]) == (3, "no test ran")


# Layers that are replaced -----------------------------------------------------------------------------------------


def test_a_layer_that_leaves_files_out_is_a_warning(folder: Path) -> None:
    lay(folder, {"root/cookiecutter.json": '{"name": "x"}', f"root/{NAME}/CODEOWNERS": "* @acme\n"})
    lay(folder, {f"root/{NAME}/README.md": "# {{ cookiecutter.name }}\n"})
    code, found = answer("lint", folder, cwd=folder)
    assert (code, found["findings"]) == (0, [])
    (warning,) = found["warnings"]
    assert warning["file"] == str(folder / "root/cookiecutter.json")
    assert warning["message"] == (
        "replaces the built-in layer root and leaves out Makefile, samconfig.toml; it has less in README.md"
    )
    assert warning["hint"] == f"copy what is to stay from {CATALOGUE.root / 'root' / NAME}"
    done = run("catalogue", "lint", folder, cwd=folder)
    assert done.returncode == 0
    assert f"{folder / 'root/cookiecutter.json'}: warning: replaces the built-in layer root" in done.stdout


def test_a_layer_that_has_all_files_is_none(folder: Path) -> None:
    layer = "languages/python/handlers/hello-world"
    for file in (CATALOGUE.root / layer).rglob("*"):
        if file.is_file() and "__pycache__" not in file.parts:
            lay(folder, {str(file.relative_to(CATALOGUE.root)): file.read_text()})
    assert lint.notes(folder, CATALOGUE) == []


# Names and titles -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "text", "line", "message", "hint"),
    [
        ("catalogue.toml", "title = ''\n", 1, "title: '' is not allowed", "What people call the catalogue, in a line."),
        (
            "bases/acme/base.toml",
            LIKE.replace("'Acme'", '"""a\nb"""'),
            1,
            "title: 'a\\nb' is not allowed",
            "What a person calls it, in a line.",
        ),
        (
            "bases/acme/base.toml",
            LIKE.replace("Acme", "x" * 61),
            1,
            f"title: '{'x' * 59}… is too long: the most is 60 characters",
            "What a person calls it, in a line.",
        ),
        ("bases/acme/base.toml", "title = Acme\n", 1, "Invalid value", 'text stands in quotes: title = "Acme"'),
        (
            "bases/acme/base.toml",
            "title = 'a'\ntitle = 'b'\n",
            2,
            "Cannot overwrite a value",
            "it is there twice: leave one out",
        ),
        (
            "languages/pyton/language.toml",
            "[bases.acme]\nimage = 'x'\n",
            1,
            "title is missing",
            "a new one needs it; did you mean languages/python/?",
        ),
    ],
)
def test_a_table_is_told_what_to_do(  # noqa: PLR0913, PLR0917  a parameter a column
    file: str, text: str, line: int, message: str, hint: str, folder: Path
) -> None:
    lay(folder, {file: text})
    found = [(problem.name, problem.message, problem.hint) for problem in lint.problems(folder, CATALOGUE)]
    wanted = [row for row in found if row[1] == message]
    assert wanted
    assert wanted[0][0].startswith(f"{folder / file}:{line}")
    assert wanted[0][2] == hint


def test_a_name_can_be_typed(folder: Path) -> None:
    (folder / "use_cases/invoices").rename(folder / "use_cases/my invoices")
    found = {problem.message: problem.hint for problem in lint.problems(folder, CATALOGUE)}
    assert found["'my invoices' is hard to type"] == "use letters, digits and hyphens: my-invoices"


def test_the_documents_have_the_keys_of_each_table() -> None:
    text = (ROOT / "docs/catalogues.md").read_text()
    rows = dict(re.findall(r"^\| \[`[^`]*`\]\(\.\./schemas/(\w+)\.schema\.json\) \| (.*) \|$", text, re.MULTILINE))
    assert {*rows} == {"base", "language", "use_case", "handler"}
    for name, keys in rows.items():
        schema = json.loads((ROOT / f"schemas/{name}.schema.json").read_text())
        assert re.findall(r"`(\w+)`", keys) == [*schema["properties"]]
    parts = dict(re.findall(r"^\| `\[(\w+)\.<name>\]` in `language\.toml` \| (.*) \|$", text, re.MULTILINE))
    schema = json.loads((ROOT / "schemas/language.schema.json").read_text())["properties"]
    assert {*parts} == {"runtimes", "bases", "managers"}
    for name, keys in parts.items():
        assert re.findall(r"`(\w+)`", keys) == [*schema[name]["additionalProperties"]["properties"]]
