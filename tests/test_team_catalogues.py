"""Catalogues of teams, laid over the built-in one: what they add, what wins, and what is wrong in them."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import jsonschema
import pytest

from conftest import CATALOGUE, ROOT, tree
from scaffold import answers, cli, contexts, project, team_defaults, team_files, user_configuration
from scaffold.catalogue import Catalogue
from scaffold.errors import InvalidTemplateError, TemplateError
from scaffold.model import Cell
from scaffold.render_steps import render_steps
from scaffold.resolve import resolve
from scaffold.spec import Answers
from scaffold.trees import Tree
from test_wizard import (
    DOWN,
    ENTER,
    EXTRAS,
    MANAGER,
    MONITORING,
    NAME,
    PACKAGE,
    RUNTIME,
    SUMMARY,
    TEMPLATE,
    Terminal,
)
from workshops import lay, manifest
from workshops import run as run_workshop

pytestmark = pytest.mark.usefixtures("own_folders")
OUTPUT = json.loads((ROOT / "schemas/output.schema.json").read_text())
BASE = "Which base image"
_FORMS = "give a folder, a .zip, an https:// or ssh:// URL, git@host:path, or gh:user/repository (also gl:, bb:)"
ACME = {
    "bases/acme/base.toml": 'title = "Acme"\nsummary = "our image"\nrank = 9\nlike = "amazon"\n',
    "languages/python/language.toml": (
        '[bases.acme]\nimage = "registry.example.com/lambda/python:{runtime_version}"\n'
    ),
}
ORDERS = {
    "use_cases/orders/use_case.toml": (
        'title = "Orders"\nsummary = "one function behind GET /orders"\ncategory = "apis"\nfunction = "orders"\n'
        'source = "api"\npath = "orders"\n'
    ),
}


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SAM_SCAFFOLD_TRUST", "any")


def team(folder: Path, *parts: dict[str, str]) -> Path:
    """Write a catalogue of a team."""
    folder.mkdir(exist_ok=True)
    for files in parts:
        lay(folder, dict(files))
    return folder


def with_orders(folder: Path) -> Path:
    """Write a catalogue with a use case: its table, and a handler that is that of another one in all but its name."""
    handlers = CATALOGUE.root / "languages/python/handlers"
    shutil.copytree(handlers / "hello-world", folder / "languages/python/handlers/orders")
    return team(folder, ORDERS)


def over(*folders: Path) -> Catalogue:
    return Catalogue(today=CATALOGUE.today, over=folders)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = cli.main([*map(str, arguments)])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def explained(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, tuple[object, str, str | None]]:
    code, out, _ = run(capsys, "init", *arguments, "--explain", "--output", "json")
    assert code == 0, out
    result = json.loads(out)
    jsonschema.validate(result, {**OUTPUT, "$ref": "#/$defs/init"})
    return {row["answer"]: (row["value"], row["source"], row["location"]) for row in result["answers"]}


# Folders over each other --------------------------------------------------------------------------------------------


def test_tables_are_merged_key_by_key_and_lists_are_replaced(tmp_path: Path) -> None:
    low = team(tmp_path / "low", {"a.toml": 'x = 1\nlist = [1, 2]\n[t]\none = "low"\ntwo = "low"\n'})
    high = team(tmp_path / "high", {"a.toml": 'list = [3]\n[t]\ntwo = "high"\nthree = "high"\n'})
    assert Tree((low, high)).table("a.toml") == {
        "x": 1, "list": [3], "t": {"one": "low", "two": "high", "three": "high"},
    }  # fmt: skip


def test_a_layer_comes_whole_from_the_topmost_folder_that_has_it(tmp_path: Path) -> None:
    layer = "updates/renovate"
    shutil.copytree(CATALOGUE.root / layer, tmp_path / "one" / layer)
    (tmp_path / "two" / layer).mkdir(parents=True)  # no layer: a folder in which one is replaced further down
    tree_ = over(tmp_path / "one", tmp_path / "two").tree
    assert tree_.layer(layer) == tmp_path / "one" / layer
    assert tree_.layer("project") == CATALOGUE.root / "project"
    assert tree_.layer("nothing") is None


def test_a_team_replaces_a_layer_and_hides_nothing(tmp_path: Path) -> None:
    layer = "languages/python/handlers/blank"
    shutil.copytree(CATALOGUE.root / layer, tmp_path / "team" / layer)
    (app,) = (tmp_path / "team" / layer).rglob("app.py")
    app.write_text('"""Ours."""\n' + app.read_text())
    catalogue = over(tmp_path / "team")
    assert catalogue.cells == CATALOGUE.cells
    given = Answers(name="shop", runtime="python3.13", package_type="Zip", app_template="blank")
    folder = project.create(catalogue, resolve(catalogue, given), tmp_path)
    (made,) = folder.glob("*/app.py")
    assert made.read_text().startswith('"""Ours."""\n')


def test_a_layer_for_every_project_comes_last(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project_folder = "every_project/{{cookiecutter.name}}"
    folder = team(tmp_path / "team", {
        "every_project/cookiecutter.json": '{"functions": [[{"folder": "a"}]]}',
        f"{project_folder}/CODEOWNERS": "{% for one in cookiecutter.functions %}{{ one.folder }}/ @acme\n{% endfor %}",
        f"{project_folder}/README.md": "## Support\n\nAsk the platform team.\n",
    })  # fmt: skip
    Path("own.py").write_text("def handler(event, context):\n    return event\n")
    for number, words in enumerate((["-n", "shop"], ["--handler", "own.py:handler", "-n", "own", "--ci", "github"])):
        code, _, err = run(capsys, "init", "--defaults", "--catalogue", str(folder), "-o", str(number), *words)
        assert code == 0, err
        (made,) = Path(str(number)).iterdir()
        assert re.fullmatch(r"\w+/ @acme\n", (made / "CODEOWNERS").read_text())
        assert (made / "README.md").read_text().endswith("\n\n## Support\n\nAsk the platform team.\n")
    code, out, _ = run(capsys, "show", "hello-world/zip/python3.13/pip", "--catalogue", str(folder), "--output", "json")
    assert json.loads(out)["layers"][-1] == "every_project"


def test_an_empty_team_changes_nothing(tmp_path: Path) -> None:
    catalogue = over(team(tmp_path / "team"))
    spec = resolve(catalogue, Answers(name="shop", runtime="nodejs24.x", package_type="Image"))
    made = tree(project.create(catalogue, spec, tmp_path / "a"))
    for name in (answers.FILE, ".sam-scaffold.lock"):  # which name the catalogue, and hold the other one's checksum
        del made[name]
    assert made.items() <= tree(project.create(CATALOGUE, spec, tmp_path / "b")).items()


# A base image -------------------------------------------------------------------------------------------------------


def test_two_files_are_a_base_image(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    acme = str(team(tmp_path / "acme", ACME))
    code, out, _ = run(capsys, "list", "bases", "--catalogue", acme, "--output", "json")
    rows = [row for row in json.loads(out) if row["base_image"] == "acme"]
    assert code == 0
    assert [(row["language"], row["image"], row["untested"]) for row in rows] == [
        ("Python", "registry.example.com/lambda/python:<runtime_version>", None)
    ]
    code, out, err = run(
        capsys,
        "init",
        "--catalogue",
        acme,
        "--base-image",
        "acme",
        "-r",
        "python3.13",
        "--no-interactive",
        "-n",
        "shop",
    )
    assert (code, err) == (0, "")
    dockerfile = Path("shop/hello_world/Dockerfile").read_text()
    assert set(re.findall(r"^FROM (\S+)", dockerfile, re.MULTILINE)) == {"registry.example.com/lambda/python:3.13"}
    assert "base_image: acme\n" in Path("shop/.sam-scaffold.yaml").read_text()
    given = ["--answers", "shop/.sam-scaffold.yaml", "-o", "again"]
    assert run(capsys, "init", *given, "--catalogue", acme, "--no-interactive")[0] == 0
    assert tree(Path("again/shop")) == tree(Path("shop"))
    code, _, err = run(capsys, "init", *given, "--no-interactive")
    assert code == 2
    assert "there is no base image 'acme'" in err


@pytest.mark.parametrize("like", ["amazon", "debian"])
def test_an_image_is_that_of_the_base_it_is_like(like: str, tmp_path: Path) -> None:
    """In all but the image that it starts from."""
    own = {**ACME, "bases/acme/base.toml": ACME["bases/acme/base.toml"].replace("amazon", like)}
    catalogue = over(team(tmp_path / "acme", own))
    assert catalogue.bases["acme"].sam_local == CATALOGUE.bases[like].sam_local
    given = Answers(name="shop", runtime="python3.13", package_type="Image")
    files = {}
    for base in (like, "acme"):
        folder = project.create(catalogue, resolve(catalogue, given.with_values(base_image=base)), tmp_path / base)
        files[base] = tree(folder)
        for name in (answers.FILE, ".sam-scaffold.lock"):
            del files[base][name]
    usual = {"amazon": b"public.ecr.aws/lambda/python:3.13", "debian": b"python:3.13-slim-trixie"}[like]
    assert files["acme"] == {
        name: data.replace(usual, b"registry.example.com/lambda/python:3.13") for name, data in files[like].items()
    }


def test_a_base_has_the_limits_of_the_one_it_is_like(tmp_path: Path) -> None:
    own = {**ACME, "bases/acme/base.toml": ACME["bases/acme/base.toml"].replace("amazon", "debian")}
    python = over(team(tmp_path / "acme", own)).languages["python"]
    assert python.bases["acme"].oldest == python.bases["debian"].oldest == "python3.10"
    assert python.bases["acme"].context == python.bases["debian"].context


def test_a_base_may_have_layers_of_its_own(tmp_path: Path) -> None:
    acme = team(tmp_path / "acme", ACME)
    shutil.copytree(CATALOGUE.root / "bases/amazon/interpreted", acme / "bases/acme/interpreted")
    catalogue = over(acme)
    spec = resolve(catalogue, Answers(name="shop", runtime="python3.13", base_image="acme"))
    layers = [step.layer.as_posix() for step in render_steps(catalogue, spec)]
    assert "bases/acme/interpreted" in layers
    assert "bases/amazon/interpreted" not in layers


MIRROR = {"languages/python/language.toml": '[bases.amazon]\nimage = "mirror.example.com/python:{runtime_version}"\n'}


def test_a_mirror_takes_the_place_of_aws_images_everywhere(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mirror = ["--catalogue", str(team(tmp_path / "mirror", MIRROR))]
    Path("own").mkdir()
    Path("own/app.py").write_text("def handler(event, context):\n    return event\n")
    for name, more in (("new", []), ("code", ["--handler", "own/app.py"])):
        command = ["init", *mirror, "-r", "python3.13", "-p", "Image", "--no-interactive", "-n", name, "--snap-start"]
        assert run(capsys, *command, *more)[0] == 0
        (dockerfile,) = [path.read_text() for path in Path(name).glob("*/Dockerfile")]
        assert set(re.findall(r"^FROM (\S+)", dockerfile, re.MULTILINE)) == {"mirror.example.com/python:3.13"}
        assert "LABEL " in dockerfile  # Lambda takes snapshots of AWS's images without one
    assert run(capsys, "init", "-r", "python3.13", "-p", "Zip", "--no-interactive", "-n", "zip")[0] == 0
    code = run(capsys, "convert", "HelloWorldFunction", "-t", "zip/template.yaml", "--yes", *mirror)[0]
    assert code == 0
    assert "FROM mirror.example.com/python:3.13\n" in Path("zip/hello_world/Dockerfile").read_text()


# A use case, and versions -------------------------------------------------------------------------------------------


def test_a_use_case_is_a_choice_everywhere(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    orders = str(with_orders(tmp_path / "team"))
    code, out, _ = run(capsys, "list", "templates", "--catalogue", orders, "--output", "json")
    assert code == 0
    (row,) = [row for row in json.loads(out) if row["template"] == "orders"]
    assert row["languages"] == ["python"]
    code, out, _ = run(capsys, "show", "orders/zip/python3.13/pip", "--catalogue", orders, "--output", "json")
    shown = json.loads(out)
    jsonschema.validate(shown, {**OUTPUT, "$ref": "#/$defs/show"})
    assert shown["from_catalogues"] == {"languages/python/handlers/orders": orders}
    code, out, _ = run(capsys, "show", "orders/zip/python3.13/pip", "--catalogue", orders)
    assert f" languages/python/handlers/orders  ({orders})\n" in out
    code, out, err = run(
        capsys, "init", "--catalogue", orders, "--app-template", "orders", "--defaults", "-p", "Zip", "-n", "shop"
    )
    assert (code, err) == (0, "")
    assert "Path: /orders" in Path("shop/template.yaml").read_text()
    assert run(capsys, "doctor", "shop", "--catalogue", orders)[0] in (0, 3)


def test_no_run_leaves_its_catalogue_to_the_next(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    orders = str(with_orders(tmp_path / "team"))
    assert "orders" in run(capsys, "list", "templates", "--catalogue", orders)[1]
    assert "orders" not in run(capsys, "list", "templates")[1]


def test_help_and_completion_know_what_is_in_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from click.shell_completion import ShellComplete  # noqa: PLC0415

    from scaffold.cli.commands import cli as command  # noqa: PLC0415

    folder = str(team(with_orders(tmp_path / "team"), ACME))
    completion = ShellComplete(command, {}, "sam-scaffold", "_SAM_SCAFFOLD_COMPLETE")
    found = completion.get_completions(["init", "--catalogue", folder, "--app-template"], "ord")
    assert [item.value for item in found] == ["orders"]
    assert completion.get_completions(["init", "--app-template"], "ord") == []
    # A wrong one ends nothing here.
    found = completion.get_completions(["init", "--catalogue", "nothing", "--app-template"], "hello-world-l")
    assert [item.value for item in found] == ["hello-world-lambda-image"]
    code, out, _ = run(capsys, "init", "--catalogue", folder, "--help")
    assert code == 0
    assert "--catalogue WHERE" in out


def test_a_version_of_a_team_wins_over_that_of_a_handler(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = team(tmp_path / "team", {"languages/python/language.toml": '[context]\nboto3 = "1.40.0"\n'})
    command = ["init", "--catalogue", str(folder), "--app-template", "put-item", "-r", "python3.13", "--defaults"]
    code, _, err = run(capsys, *command, "-n", "shop")
    assert code == 0
    assert "boto3==1.40.0" in Path("shop/put_item/requirements.in").read_text()
    assert err == (
        "Warning: The lock files of put-item hold other versions than the catalogue: lock them again in the project, "
        "or add languages/python/managers/pip/locks/crud to the catalogue.\n"
    )
    lock = "languages/python/managers/pip/locks/crud"
    shutil.copytree(CATALOGUE.root / lock, folder / lock)
    assert run(capsys, *command, "-n", "store")[2] == ""
    # What a runtime cannot do without is that runtime's.
    catalogue = over(folder)
    (cell,) = [one for one in catalogue.cells if one.segments == ("put-item", "zip", "python", "python3.9", "pip")]
    spec = resolve(catalogue, Answers(name="old", runtime=cell.runtime, package_type="Zip", app_template="put-item"))
    assert contexts.context(catalogue, spec, spec.functions[0])["boto3"] == "1.42.97"


def test_two_catalogues_over_each_other(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    company = team(with_orders(tmp_path / "company"), ACME, {
        "catalogue.toml": 'title = "Company"\n[defaults]\nmemory = 512\ntimeout = 20\n',
    })  # fmt: skip
    ours = team(tmp_path / "ours", {
        "catalogue.toml": 'title = "Ours"\n[defaults]\nmemory = 1024\n',
        "languages/python/language.toml": '[bases.acme]\nimage = "registry.example.com/ours:1"\n',
    })  # fmt: skip
    both = ["--catalogue", str(company), "--catalogue", str(ours)]
    rows = explained(capsys, *both, "--defaults", "--base-image", "acme", "-r", "python3.13")
    assert rows["memory"] == (1024, "catalogue", f"{ours}/catalogue.toml:3")
    assert rows["timeout"] == (20, "catalogue", f"{company}/catalogue.toml:4")
    assert run(capsys, "init", *both, "--defaults", "--base-image", "acme", "-r", "python3.13")[0] == 0
    assert "FROM registry.example.com/ours:1\n" in Path("sam-app/hello_world/Dockerfile").read_text()
    assert " and the catalogue of Company, Ours. To make" in Path("sam-app/.sam-scaffold.yaml").read_text()
    # The other way round the other one wins.
    rows = explained(capsys, *both[2:], *both[:2], "--defaults")
    assert rows["memory"] == (512, "catalogue", f"{company}/catalogue.toml:3")


# Defaults -----------------------------------------------------------------------------------------------------------

DEFAULTS = {
    "catalogue.toml": (
        'title = "Acme Ltd"\n[defaults]\nruntime = "python3.13"\npackage_type = "Zip"\ndependency_manager = "uv"\n'
        "memory = 512\ntracing = true\n"
    )
}


def test_defaults_come_last_of_all_sources(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = team(tmp_path / "team", DEFAULTS)
    flags = ["--catalogue", str(folder), "-n", "shop"]
    place = f"{folder}/catalogue.toml"
    for also in (["--defaults"], ["--no-interactive"]):
        rows = explained(capsys, *flags, *also)
        assert rows["runtime"] == ("python3.13", "catalogue", f"{place}:3")
        assert rows["package_type"] == ("Zip", "catalogue", f"{place}:4")
        assert rows["tracing"] == (True, "catalogue", f"{place}:7")
    assert rows["memory"] == (512, "catalogue", f"{place}:6")
    Path("answers.yaml").write_text("memory: 600\ntracing: false\n")
    flags += ["--answers", "answers.yaml", "--no-interactive"]
    rows = explained(capsys, *flags)
    assert rows["memory"] == (600, "answers file", "answers.yaml:1:1")
    assert rows["tracing"] == (False, "answers file", "answers.yaml:2:1")
    Path("samconfig.toml").write_text("version = 0.1\n[default.init.parameters]\nmemory = 700\n")
    assert explained(capsys, *flags)["memory"] == (700, "configuration", "samconfig.toml:3")
    monkeypatch.setenv("SAM_SCAFFOLD_MEMORY", "800")
    assert explained(capsys, *flags)["memory"] == (800, "environment", "SAM_SCAFFOLD_MEMORY")
    assert explained(capsys, *flags, "--memory", "900")["memory"] == (900, "flag", "--memory")


def test_a_default_that_does_not_fit_what_was_asked_for_is_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = team(tmp_path / "team", ACME, {
        "catalogue.toml": (
            '[defaults]\nruntime = "python3.13"\nbase_image = "acme"\ndependency_manager = "uv"\nmemory = 512\n'
        )
    })  # fmt: skip
    flags = ["--catalogue", str(folder), "--defaults"]
    rows = explained(capsys, *flags)
    assert (rows["base_image"][0], rows["package_type"][0], rows["dependency_manager"][0]) == ("acme", "Image", "uv")
    rows = explained(capsys, *flags, "-r", "nodejs24.x")
    assert "base_image" not in rows
    assert rows["dependency_manager"] == ("npm", "default", None)
    assert rows["memory"][0] == 512
    rows = explained(capsys, *flags, "-p", "Zip")
    assert "base_image" not in rows
    assert rows["runtime"][0] == "python3.13"
    assert "base_image" not in explained(capsys, *flags, "-r", "python3.13", "--base-image", "amazon/python3.13-base")


def test_what_nobody_wants_of_a_team_is_written_down(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """So that the same project can be made again."""
    folder = team(tmp_path / "team", ACME, {
        "catalogue.toml": '[defaults]\nruntime = "python3.13"\nbase_image = "acme"\ndevcontainer = true\n'
    })  # fmt: skip
    flags = ["--catalogue", str(folder), "--defaults"]
    given = ["--no-devcontainer", "--base-image", "amazon/python3.13-base"]
    assert run(capsys, "init", *flags, *given)[0] == 0
    text = Path("sam-app/.sam-scaffold.yaml").read_text()
    assert "base_image: amazon/python3.13-base\n" in text
    assert "devcontainer: false\n" in text
    assert run(capsys, "init", *flags, "--answers", "sam-app/.sam-scaffold.yaml", "-o", "again")[0] == 0
    assert tree(Path("again/sam-app")) == tree(Path("sam-app"))


def test_the_catalogue_may_be_in_a_variable_and_in_the_configuration(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = team(tmp_path / "one", ACME), team(tmp_path / "two words", DEFAULTS)
    monkeypatch.setenv("SAM_SCAFFOLD_CATALOGUE", f"{one} '{two}'")
    rows = explained(capsys, "--defaults", "-p", "Image", "--base-image", "acme")
    assert (rows["memory"][0], rows["base_image"][0]) == (512, "acme")
    monkeypatch.delenv("SAM_SCAFFOLD_CATALOGUE")
    configuration = user_configuration.path()
    configuration.parent.mkdir(parents=True)
    configuration.write_text(f"[[trust]]\nsource = {json.dumps(str(tmp_path))}\n")
    for value in (json.dumps([str(one), str(two)]), json.dumps(str(two))):
        Path("samconfig.toml").write_text(f"version = 0.1\n[default.init.parameters]\ncatalogue = {value}\n")
        assert explained(capsys, "--defaults")["memory"][0] == 512
    Path("samconfig.toml").unlink()
    assert run(capsys, "init", "--defaults", "--catalogue", str(two), "--save-params")[0] == 0
    assert f"catalogue = [{json.dumps(str(two))}]" in Path("samconfig.toml").read_text()
    assert explained(capsys, "--defaults")["memory"][0] == 512


def test_the_defaults_of_several_functions_are_those_that_fit_all(tmp_path: Path) -> None:
    catalogue = over(team(tmp_path / "team", DEFAULTS))
    functions = ({"name": "a", "runtime": "nodejs24.x"}, {"name": "b", "runtime": "python3.14"})
    given = Answers(name="shop", functions=functions)
    fitting = team_defaults.fitting(catalogue, given)
    assert fitting.values() == {"runtime": "python3.13", "package_type": "Zip", "memory": 512, "tracing": True}


# Workshops ----------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_workshop_has_the_choices_and_the_defaults_of_a_team(tmp_path: Path) -> None:
    folder = team(with_orders(tmp_path / "team"), ACME, DEFAULTS)
    wanted = {"app_template": "orders", "base_image": "acme", "package_type": "Image", "memory": 300}
    day = manifest(tmp_path / "day", answers={**wanted, "dependency_manager": "pip"}, count=2)
    refused = run_workshop("check", day, cwd=tmp_path)
    assert refused.returncode == 3
    assert "'orders' is not allowed" in refused.stdout
    accepted = run_workshop("check", day, "--catalogue", folder, cwd=tmp_path)
    assert accepted.returncode == 0, accepted.stdout
    done = run_workshop("build", day, "--catalogue", folder, "--out", "out", "--jobs", "2", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 of 2 repositories are ready" in done.stdout
    manifest(tmp_path / "day", answers={**wanted, "dependency_manager": "pip"}, count=2, output="folder")
    done = run_workshop(
        "build", day, "--out", "folders", cwd=tmp_path, env={**_environment(), "SAM_SCAFFOLD_CATALOGUE": str(folder)}
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (template,) = [path.read_text() for path in (tmp_path / "folders").glob("*-01/template.yaml")]
    assert "MemorySize: 300" in template  # the manifest's own wins
    assert "Tracing: Active" in template  # a default of the team
    (dockerfile,) = [path.read_text() for path in (tmp_path / "folders").glob("*-01/orders/Dockerfile")]
    assert "FROM registry.example.com/lambda/python:3.13\n" in dockerfile


def _environment() -> dict[str, str]:
    import os  # noqa: PLC0415

    return dict(os.environ)


# The wizard ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "work").mkdir()
    return tmp_path / "work"


@pytest.mark.slow
def test_two_files_change_the_wizard(tmp_path: Path, folder: Path) -> None:
    acme = team(tmp_path / "acme", ACME)
    terminal = Terminal(folder, "--catalogue", str(acme))
    for question in (TEMPLATE, RUNTIME, PACKAGE, MANAGER):
        terminal.sees(question)
        terminal.presses(ENTER)
    terminal.sees(BASE)
    terminal.sees("Acme: our image")  # the team's first
    terminal.sees("AWS: AWS's image")
    terminal.presses(ENTER)
    for question in (MONITORING, EXTRAS, NAME, SUMMARY):
        terminal.sees(question)
        terminal.presses(ENTER)
    code, out = terminal.ends()
    assert code == 0
    words = " ".join(out.split())
    assert "--base-image acme" in words
    assert re.search(rf"--catalogue {acme} --trust sha256:\w+ --no-interactive", words)
    assert "FROM registry.example.com/lambda/python:3.14\n" in (folder / "sam-app/hello_world/Dockerfile").read_text()


@pytest.mark.slow
def test_a_base_image_is_asked_only_where_a_team_has_one(tmp_path: Path, folder: Path) -> None:
    acme = team(tmp_path / "acme", ACME)
    terminal = Terminal(folder, "--catalogue", str(acme))
    terminal.sees(TEMPLATE)
    terminal.presses(ENTER)
    terminal.sees(RUNTIME)
    terminal.presses(DOWN, ENTER)  # Node.js
    for question in (PACKAGE, MONITORING, EXTRAS, NAME, SUMMARY):
        terminal.sees(question)
        terminal.presses(ENTER)
    assert terminal.ends()[0] == 0
    assert "public.ecr.aws/lambda/nodejs:24" in (folder / "sam-app/hello-world/Dockerfile").read_text()


@pytest.mark.slow
def test_defaults_are_chosen_already_and_can_be_changed(tmp_path: Path, folder: Path) -> None:
    """What is asked is preselected; what is never asked is taken."""
    own = {"catalogue.toml": DEFAULTS["catalogue.toml"] + 'devcontainer = true\narchitecture = "arm64"\n'}
    acme = team(tmp_path / "acme", own)
    terminal = Terminal(folder, "--catalogue", str(acme))
    for question in (TEMPLATE, RUNTIME, PACKAGE, MANAGER):
        terminal.sees(question)
        terminal.presses(ENTER)
    terminal.sees(MONITORING)
    terminal.presses(" ", ENTER)  # no tracing, which is the first one
    terminal.sees(EXTRAS)
    terminal.presses(ENTER)
    terminal.sees(NAME)
    terminal.presses(ENTER)
    terminal.sees(SUMMARY)
    terminal.presses(ENTER)
    code, out = terminal.ends()
    assert code == 0
    command = " ".join(out.split())
    assert "--runtime python3.13 --package-type Zip --dependency-manager uv --architecture arm64" in command
    assert "--memory 512" in command
    assert "--devcontainer" in command
    assert "--no-tracing" in command
    assert "tracing: false\n" in (folder / "sam-app/.sam-scaffold.yaml").read_text()


# What is wrong ------------------------------------------------------------------------------------------------------


def wrong(files: dict[str, str], tmp_path: Path) -> list[tuple[str, str, str]]:
    folder = team(tmp_path / "team", files)
    with pytest.raises(InvalidTemplateError) as error:
        team_files.check(over(folder))
    return [
        (problem.name.removeprefix(f"{folder}/"), problem.message, problem.hint) for problem in error.value.problems
    ]


RUNTIMES = ", ".join(runtime.id for runtime in CATALOGUE.languages["python"].runtimes)
BASES = [*CATALOGUE.bases]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (
            {"languages/python/language.toml": "[bases.acme\n"},
            [("languages/python/language.toml:1:12", "Expected ']' at the end of a table declaration", "…")],
        ),
        (
            {"bases/acme/base.toml": 'title = "Acme"\nrank = "9"\nlik = "amazon"\n'},
            [
                ("bases/acme/base.toml:1", "summary is missing", "What it is, in a line."),
                ("bases/acme/base.toml:2", "rank: '9' is not a whole number", "Its place in lists, the first is 1."),
                ("bases/acme/base.toml:3", "'lik' is not a known key", "one of title, summary, rank, sam_local, like"),
            ],
        ),
        (
            {"bases/acme/base.toml": ACME["bases/acme/base.toml"].replace("amazon", "amazn")},
            [
                (
                    "bases/acme/base.toml:4",
                    "like: 'amazn' is no base that has layers of its own",
                    f"one of {', '.join(BASES)}",
                )
            ],
        ),
        (
            {"bases/acme/cookiecutter.json": "{}"},
            [
                (
                    "bases/acme",
                    "has no base.toml",
                    f"add one, or rename it to one of {', '.join(sorted(CATALOGUE.bases))}",
                )
            ],
        ),
        (
            {"languages/python/language.toml": '[context]\npython = "3.10"\n\n[bases.acme]\nimage = "x"\n'},
            [
                (
                    "languages/python/language.toml:4",
                    "there is no base 'acme'",
                    f"add bases/acme/base.toml, or use one of {', '.join(BASES)}",
                )
            ],
        ),
        (
            {**ACME, "languages/python/language.toml": '[bases.acme]\nimage = "x"\noldest = "python3"\n'},
            [
                (
                    "languages/python/language.toml:3",
                    "bases.acme.oldest: python has no runtime 'python3'",
                    f"one of {RUNTIMES}",
                )
            ],
        ),
        (
            {**ACME, "languages/python/language.toml": '[bases.acme]\nimage = "x:{version}"\n'},
            [
                (
                    "languages/python/language.toml:1",
                    "the placeholders of 'x:{version}' cannot be filled in: nothing is called 'version'",
                    "write a brace that is none as {{ or }}",
                )
            ],
        ),
        *(
            (
                {**ACME, "languages/python/language.toml": f'[bases.acme]\nimage = "x:{{{name}}}"\n'},
                [
                    (
                        "languages/python/language.toml:1",
                        f"the placeholders of 'x:{{{name}}}' cannot be filled in: {{{first}}} is not a name alone",
                        "write a brace that is none as {{ or }}",
                    )
                ],
            )
            for name, first in (
                ("runtime_version:>1500000000", "runtime_version"),
                ("runtime.__class__", "runtime.__class__"),
                ("", ""),
            )
        ),
        (
            {"languages/python/handlers/hello-world/handler.toml": 'libarries = { boto3 = "1" }\n'},
            [
                (
                    "languages/python/handlers/hello-world/handler.toml:1",
                    "'libarries' is not a known key",
                    "…",
                )
            ],
        ),
        (
            {"languages/python/handlers/orders/cookiecutter.json": "{}"},
            [
                (
                    "languages/python/handlers/orders",
                    "is a handler of no use case",
                    "add use_cases/orders/use_case.toml, or give it the name of a use case",
                )
            ],
        ),
        (
            {"use_cases/orders/use_case.toml": ORDERS["use_cases/orders/use_case.toml"].replace('"api"', '"apx"')},
            [
                (
                    "use_cases/orders/use_case.toml:5",
                    "source: there is no sources/apx",
                    f"one of {', '.join(CATALOGUE.tree.subfolders('sources'))}",
                )
            ],
        ),
        (
            {"catalogue.toml": 'title = "Acme"\n[defaults]\nmemory = "much"\nname = "shop"\nruntim = "x"\n'},
            [
                (
                    "catalogue.toml:3",
                    "memory: 'much' is not a whole number",
                    "…",
                ),
                ("catalogue.toml:4", "'name' is not a known answer", "…"),
                ("catalogue.toml:5", "'runtim' is not a known answer", "…"),
            ],
        ),
        (
            {"catalogue.toml": '[defaults]\nruntime = "python3.13"\ndependency_manager = "npm"\n'},
            [
                (
                    "catalogue.toml:3",
                    "dependency_manager: 'npm' is not a dependency manager for Python",
                    "use one of pip, uv",
                )
            ],
        ),
        (
            {"catalogue.toml": 'title = "A\\u001b[31m"\n[defaults]\n"mem\\u0007" = 3\n'},
            [
                ("catalogue.toml:1", "'title' has characters that cannot be printed", "…"),
                ("catalogue.toml:3", "'mem\\x07' has characters that cannot be printed", "…"),
            ],
        ),
        (
            {"bases/a\x1b[31m/base.toml": ACME["bases/acme/base.toml"]},
            [("bases", "'a\\x1b[31m' has characters that cannot be printed", "…")],
        ),
        (
            {"catalogue.toml": "[defaults]\nmemory = 3\n"},
            [("catalogue.toml:2", "…", "…")],
        ),
    ],
)
def test_what_is_wrong_is_told_with_file_and_line(
    files: dict[str, str], expected: list[tuple[str, str, str]], tmp_path: Path
) -> None:
    found = wrong(files, tmp_path)
    assert [row[0] for row in found] == [row[0] for row in expected]
    for row, other in zip(found, expected, strict=True):
        for text, wanted in zip(row, other, strict=True):
            assert wanted in ("…", text)


def test_a_command_tells_all_of_it_and_makes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = team(tmp_path / "team", {"bases/acme/base.toml": "rank = 1\nlik = 2\n", "catalogue.toml": "titel = 3\n"})
    code, out, err = run(capsys, "init", "--defaults", "--catalogue", str(folder), "--output", "json")
    assert code == 1
    document = json.loads(out)
    jsonschema.validate(document, {**OUTPUT, "$ref": "#/$defs/failure"})
    assert document["error"]["type"] == "InvalidTemplateError"
    rows = {(row["file"], row["line"], row["message"]) for row in document["error"]["problems"]}
    assert (f"{folder}/bases/acme/base.toml", 2, "'lik' is not a known key") in rows
    assert (f"{folder}/catalogue.toml", 1, "'titel' is not a known key") in rows
    assert f"Error: {folder}/catalogue.toml:1: 'titel' is not a known key\n" in err
    assert not Path("sam-app").exists()


def test_what_is_no_catalogue_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty").mkdir()
    code, _, err = run(capsys, "list", "templates", "--catalogue", "empty", "--catalogue", "nothing")
    top = sorted(path.name for path in CATALOGUE.root.iterdir() if path.is_dir())
    layers = {"every_project", *top} - {"catalogue", "export", "workshop"}
    kinds = ", ".join(f"{name}/" for name in sorted(layers))
    assert (code, err) == (
        2,
        (
            "Error: --catalogue: empty has nothing that a catalogue has\n"
            f"  it may have catalogue.toml, {kinds}\n"
            "Error: --catalogue: there is no folder and no .zip nothing\n"
            f"  {_FORMS}\n"
        ),
    )
    monkeypatch.setenv("SAM_SCAFFOLD_CATALOGUE", "nothing")
    code, _, err = run(capsys, "list", "templates")
    assert (code, err) == (
        2,
        (f"Error: --catalogue: there is no folder and no .zip nothing (from SAM_SCAFFOLD_CATALOGUE)\n  {_FORMS}\n"),
    )


def test_a_file_that_cannot_be_read_is_that_of_the_team(tmp_path: Path) -> None:
    """Also for a catalogue that nobody has checked."""
    folder = team(tmp_path / "team", {"bases/acme/base.toml": "title =\n"})
    with pytest.raises(TemplateError, match=r"bases/acme/base\.toml cannot be read: Invalid value") as error:
        assert over(folder).bases
    assert error.value.hint == "add it, or fix it, in this catalogue"


def test_cells_of_a_team_are_found(tmp_path: Path) -> None:
    catalogue = over(with_orders(tmp_path / "team"))
    assert Cell("orders", "Zip", "python", "python3.13", "uv") in catalogue.cells
    assert len(catalogue.cells) > len(CATALOGUE.cells)
