"""Use cases of several functions: names, what they share, and how people name a group."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from conftest import CATALOGUE, scaffold, tree
from scaffold import answers, project
from scaffold.errors import InvalidAnswersError
from scaffold.resolve import resolve
from scaffold.spec import Answers, ProjectSpec
from scaffold.template import compose
from test_settings_table import translated

PARTS = ["list", "get", "put", "delete"]


def spec(*functions: dict[str, Any], **values: Any) -> ProjectSpec:
    given = {"name": "shop", "runtime": "python3.14", "package_type": "Zip", **values}
    return resolve(CATALOGUE, Answers.from_values({**given, **({"functions": functions} if functions else {})}))


def resources(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(translated((folder / "template.yaml").read_text()))["Resources"]
    return found


@pytest.fixture(autouse=True)
def _region(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")


def test_a_group_has_a_function_for_each_part_and_shares_one_table(tmp_path: Path) -> None:
    made = spec(app_template="crud")
    assert [function.name for function in made.functions] == [f"items-{part}" for part in PARTS]
    folder = project.create(CATALOGUE, made, tmp_path)
    rows = resources(folder)
    tables = [name for name, row in rows.items() if row["Type"] == "AWS::DynamoDB::Table"]
    assert tables == ["ItemsTable"]
    variables = [
        row["Properties"]["Environment"]["Variables"] for row in rows.values() if row["Type"] == "AWS::Lambda::Function"
    ]
    assert variables == [{"TABLE_NAME": {"Ref": "ItemsTable"}}] * len(PARTS)
    assert {path.name for path in folder.iterdir() if path.is_dir()} >= {f"items_{part}" for part in PARTS}
    assert {path.name for path in (folder / "events").iterdir()} == {f"items_{part}" for part in PARTS}


def test_two_groups_of_a_kind_and_other_functions_fit_one_project(tmp_path: Path) -> None:
    made = spec(
        {"app_template": "crud"},
        {"app_template": "crud", "name": "customers", "memory": 512},
        {"app_template": "crud", "name": "orders", "runtime": "go (provided.al2023)", "package_type": "Image"},
        {"app_template": "sqs"},
    )
    folder = project.create(CATALOGUE, made, tmp_path)
    rows = resources(folder)
    tables = {name for name, row in rows.items() if row["Type"] == "AWS::DynamoDB::Table"}
    assert tables == {"ItemsTable", "CustomersTable", "OrdersTable"}
    paths = rows["ServerlessHttpApi"]["Properties"]["Body"]["paths"]
    assert set(paths) == {f"/{name}{rest}" for name in ("items", "customers", "orders") for rest in ("", "/{id}")}
    assert {method for row in paths.values() for method in row} == {"get", "put", "delete"}
    memory = {name: row["Properties"]["MemorySize"] for name, row in rows.items() if "MemorySize" in row["Properties"]}
    assert {name for name, size in memory.items() if size == 512} == {
        f"Customers{part.capitalize()}Function" for part in PARTS
    }
    readme = (folder / "README.md").read_text()
    assert all(readme.count(f"{one.logical_id}: ") == 1 for one in made.functions)


def test_answers_name_a_group_once_and_make_it_again(tmp_path: Path) -> None:
    short = project.create(CATALOGUE, spec(app_template="crud"), tmp_path / "short")
    text = (short / answers.FILE).read_text()
    assert "app_template: crud" in text
    assert "functions" not in text

    rows = ({"app_template": "crud", "name": "customers"}, {"app_template": "crud"}, {"app_template": "blank"})
    long = project.create(CATALOGUE, spec(*rows), tmp_path / "long")
    given, _ = answers.read(CATALOGUE, long / answers.FILE)
    assert [row["name"] for row in given.functions or ()] == ["customers", "items", "hello"]
    for number, folder in enumerate((short, long)):
        given, _ = answers.read(CATALOGUE, folder / answers.FILE)
        again = project.create(CATALOGUE, resolve(CATALOGUE, given), tmp_path / f"again-{number}")
        assert tree(again) == tree(folder)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([{"app_template": "crud"}, {"app_template": "crud"}], "'items' is already the name of function 1"),
        ([{"app_template": "crud"}, {"app_template": "blank", "name": "items"}], "'items' is already the name"),
        ([{"app_template": "blank", "name": "items-get"}, {"app_template": "crud"}], "'items-get' is already the name"),
        ([{"app_template": "crud", "name": "Items"}], "'Items-list' cannot be the name of a function"),
        ([{"app_template": "crud", "name": "a" * 58}], "cannot be the name of a function"),
    ],
)
def test_names_that_clash_are_refused(rows: list[dict[str, Any]], message: str) -> None:
    with pytest.raises(InvalidAnswersError) as caught:
        spec(*rows)
    problems = caught.value.problems
    assert any(message in problem.message for problem in problems), problems
    assert all(problem.location == ("functions", len(rows) - 1, "name") for problem in problems)


def test_a_group_joins_a_project(tmp_path: Path) -> None:
    hello = spec(app_template="hello-world")
    folder = project.create(CATALOGUE, hello, tmp_path)
    before = (folder / "template.yaml").read_text().splitlines()
    project.add(CATALOGUE, hello, spec(app_template="crud").functions, folder)
    remaining = iter((folder / "template.yaml").read_text().splitlines())
    assert all(line in remaining for line in before), "every line that was there is there, in its order"
    compose((folder / "template.yaml").read_text())
    assert "ItemsTable" in resources(folder)


def test_the_command_line_knows_groups(tmp_path: Path) -> None:
    flags = [
        "--name",
        "shop",
        "--runtime",
        "python3.14",
        "--package-type",
        "Image",
        "--app-template",
        "quick-start-web",
    ]
    done = scaffold("init", "--no-interactive", *flags, "--output", "json", cwd=tmp_path)
    result = json.loads(done.stdout)
    assert [row["name"] for row in result["functions"]] == [f"items-{part}" for part in PARTS]
    assert result["app_template"] == "quick-start-web"

    done = scaffold("show", "crud/zip/python3.14/pip", "--output", "json", cwd=tmp_path)
    layers = json.loads(done.stdout)["layers"]
    assert len(layers) == len(set(layers))
    assert [layer for layer in layers if layer.startswith("use_cases/crud")] == [
        "use_cases/crud",
        *(f"use_cases/crud/functions/{part}" for part in PARTS),
        "use_cases/crud/shared",
        "use_cases/crud/root",
    ]

    (row,) = [row for row in json.loads(scaffold("list", "templates", "--output", "json", cwd=tmp_path).stdout)
              if row["template"] == "crud"]  # fmt: skip
    assert row["category"] == "apis"
    assert row["sam_init"] == ["quick-start-web", "hello-world-connector"]


def test_what_calls_aws_says_how_to_run_it_there(tmp_path: Path) -> None:
    folder = project.create(CATALOGUE, spec({"app_template": "crud"}, {"app_template": "blank"}), tmp_path)
    readme, makefile = (folder / "README.md").read_text(), (folder / "Makefile").read_text()
    assert "sam local invoke HelloFunction" in readme
    assert "sam local invoke Items" not in readme
    assert "sam remote invoke ItemsListFunction --event-file events/items_list/event.json" in readme
    assert "\nFUNCTION ?= HelloFunction\n" in makefile
    assert "# These call AWS, so they run only there: ItemsListFunction, " in makefile


def test_a_readme_asks_for_the_latest_version_alone(tmp_path: Path) -> None:
    made = spec({"app_template": "blank"}, {"app_template": "crud"}, runtime="rust (provided.al2023)")
    readme = (project.create(CATALOGUE, made, tmp_path) / "README.md").read_text()
    (needed,) = (line for line in readme.splitlines() if line.startswith("- [Rust]"))
    assert "1.94.1 or later" in needed
