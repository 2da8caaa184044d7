from __future__ import annotations

import json
import shutil
import tomllib
from collections import defaultdict
from dataclasses import replace
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from cookiecutter.main import cookiecutter

from conftest import CATALOGUE, ROOT, for_each, function_of, spec_of, tree
from expected import Response, mistakes, responses
from scaffold import answers, contexts, existing, project
from scaffold.catalogue import OWN_USE_CASE, Catalogue
from scaffold.model import BLOCKED, DEPRECATED, PREVIEW, SUPPORTED, Cell
from scaffold.render.layer import render
from scaffold.render_steps import RenderStep, render_steps
from scaffold.resolve import resolve
from scaffold.settings import ROWS
from scaffold.spec import AMAZON, Answers, OwnCode, ProjectSpec
from scaffold.team import files, shape, templates

LEAVES = sorted(CATALOGUE.root / layer for layer in shape.read(CATALOGUE.root).layers)
HOSTS = sorted(path.parent.name for path in CATALOGUE.root.glob("ci/*/host.toml"))
LIFECYCLE = json.loads(
    resources.files("cfnlint").joinpath("data/AdditionalSpecs/LmbdRuntimeLifecycle.json").read_text()
)


def runtimes() -> dict[str, object]:
    return {runtime.id: runtime for language in CATALOGUE.languages.values() for runtime in language.runtimes}


def specs_of(cell: Cell, **settings: Any) -> list[ProjectSpec]:
    """Return projects of a cell, one on each base that it may start from."""
    language = CATALOGUE.languages[cell.language]
    runtime = language.runtime(cell.runtime)
    assert runtime
    is_image = cell.package_type == "Image"
    bases = CATALOGUE.bases_for(language, runtime, cell.dependency_manager) if is_image else [AMAZON]
    specs = [spec_of(cell, base=base) for base in bases]
    return [
        replace(spec, functions=tuple(replace(function, settings=settings) for function in spec.functions))
        for spec in specs
    ]


# What templates see of code that exists already, beyond what they see of a function.
EXISTING_CODE = {
    "cargo": {"binary": "bootstrap", "plain_crate": True},
    "npm": {
        "esbuild": "app.ts --bundle --platform=node --format=cjs --target=node24 --sourcemap",
        "source_maps": True,
    },
}


def existing_steps() -> list[RenderStep]:
    """Return the layers of images of code that exists already, for each dependency manager."""
    steps = []
    for language in CATALOGUE.languages.values():
        runtime = next(row for row in language.runtimes if row.image and row.status(CATALOGUE.today) == SUPPORTED)
        for manager in language.managers:
            code = existing.Code(Path(), language.id, runtime.id, "x86_64", "", manager, ("manifest",))
            handler = contexts.context(CATALOGUE, *existing.specification(code))["handler"]
            code = replace(code, handler=handler, context=EXISTING_CODE.get(manager, {}))
            steps += existing.image_steps(CATALOGUE, code)
    return steps


def own_steps() -> list[RenderStep]:
    """Return the layers of a project of code that exists already, for each language."""
    steps = []
    for language in CATALOGUE.languages.values():
        if not language.use_cases():
            continue
        runtime = next(row for row in language.runtimes if row.image and row.status(CATALOGUE.today) == SUPPORTED)
        own = OwnCode("app", Path(), (), (), language.id, "app", "lambda_handler", "app.lambda_handler")
        function = function_of(Cell(OWN_USE_CASE, "Image", language.id, runtime.id, next(iter(language.managers))))
        steps += render_steps(CATALOGUE, ProjectSpec("sam-app", (replace(function, own=own),)))
    return steps


@pytest.mark.parametrize("name", sorted(LIFECYCLE))
def test_dates_are_those_of_cfn_lint(name: str) -> None:
    runtime = runtimes()[name]
    dates = {
        "deprecated": runtime.deprecated,
        "create-block": runtime.block_create,
        "update-block": runtime.block_update,
    }
    actual = {key: value.isoformat() if value else None for key, value in dates.items()}
    assert actual == {key: LIFECYCLE[name][key] or None for key in actual}


def test_a_runtime_without_a_row_in_cfn_lints_table_has_a_reason_or_no_date_from_which_it_is_blocked() -> None:
    """Images without a Runtime value, previews, and runtimes whose end AWS has not set."""
    for name in set(runtimes()) - set(LIFECYCLE):
        runtime = runtimes()[name]
        assert runtime.preview or runtime.image_only or runtime.block_create is None, name


@pytest.mark.parametrize(
    ("day", "name", "status"),
    [
        ("2026-11-23", "python3.14", SUPPORTED),
        ("2026-11-23", "python3.15", PREVIEW),
        ("2026-11-23", "python3.10", DEPRECATED),
        ("2026-11-23", "nodejs12.x", BLOCKED),
        ("2026-11-23", "go1.x", BLOCKED),
        ("2026-10-30", "python3.10", SUPPORTED),
        ("2027-02-01", "python3.10", BLOCKED),
    ],
)
def test_a_date_decides_the_status(day: str, name: str, status: str) -> None:
    assert runtimes()[name].status(date.fromisoformat(day)) == status


def test_the_newest_of_every_language_is_offered_first_and_no_deprecated_one() -> None:
    catalogue = Catalogue(today=date(2026, 11, 23))
    offered = [runtime.id for _, runtime in catalogue.offered_runtimes()]
    with_templates = [language for language in catalogue.languages.values() if language.use_cases()]
    assert offered[:2] == ["python3.14", "nodejs24.x"]
    newest = catalogue.offered_runtimes()[: len(with_templates)]
    assert {language.id for language, _ in newest} == {language.id for language in with_templates}
    assert not {"python3.10", "nodejs20.x", "python3.15"} & set(offered)
    assert "python3.15" in [runtime.id for _, runtime in catalogue.offered_runtimes(preview=True)]
    assert "nodejs20.x" in [runtime.id for _, runtime in catalogue.offered_runtimes(deprecated=True)]


def test_what_exists_follows_from_the_folders(tmp_path: Path) -> None:
    language = tmp_path / "languages" / "cobol"
    (language / "handlers" / "hello").mkdir(parents=True)
    (language / "language.toml").write_text(
        'title = "COBOL"\nrank = 1\n[managers.cpm]\n'
        '[runtimes]\n"cobol85" = { os = "AL2023", architectures = ["arm64"] }'
    )
    for folder, name, text in (
        ("use_cases", "hello", 'title = "Hello"\nsummary = "hi"\ncategory = "apis"\nfunction = "hello"'),
        ("packages", "zip", 'title = "Zip"\nsummary = "a zip"\nrank = 1'),
    ):
        (tmp_path / folder / name).mkdir(parents=True)
        (tmp_path / folder / name / f"{folder[:-1]}.toml").write_text(text)
    assert [str(cell) for cell in Catalogue(tmp_path).cells] == ["hello/zip/cobol/cobol85/cpm"]


@pytest.mark.parametrize(
    ("schema_name", "pattern"),
    [
        ("language", "languages/*/language.toml"),
        ("use_case", "use_cases/*/use_case.toml"),
        ("package", "packages/*/package.toml"),
        ("base", "bases/*/base.toml"),
        ("host", "ci/*/host.toml"),
        ("versions", "ci/versions.toml"),
        ("tools", "tools.toml"),
        ("responses", "use_cases/*/responses.toml"),
        ("handler", "languages/*/handlers/*/handler.toml"),
        ("mistakes", "languages/*/handlers/*/mistakes.toml"),
    ],
)
def test_data_files_keep_to_their_schemas(schema_name: str, pattern: str) -> None:
    schema = json.loads((ROOT / "schemas" / f"{schema_name}.schema.json").read_text())
    paths = sorted(CATALOGUE.root.glob(pattern))
    assert paths
    for path in paths:
        data = json.loads(json.dumps(tomllib.loads(path.read_text()), default=str))
        jsonschema.validate(data, schema, cls=jsonschema.Draft202012Validator)
        up = "../" * len(path.relative_to(ROOT).parent.parts)
        assert path.read_text().startswith(f"#:schema {up}schemas/{schema_name}.schema.json\n"), path


def test_the_answers_schema_is_the_catalogues() -> None:
    assert json.loads(answers.SCHEMA.read_text()) == answers.schema(CATALOGUE), "run `make schemas`"


def values_of(leaf: Path) -> tuple[dict[str, Any], list[str]]:
    """Return the values that a layer's cookiecutter.json names, and which files are copied as they are."""
    values = json.loads((leaf / "cookiecutter.json").read_text())
    return values, values.pop("_copy_without_render", [])


@pytest.mark.parametrize("leaf", LEAVES, ids=lambda leaf: leaf.relative_to(CATALOGUE.root).as_posix())
def test_a_layer_names_the_values_it_uses(leaf: Path) -> None:
    """And nothing else is wrong with it that `catalogue lint` would find in a team's."""
    assert [*templates.problems(leaf)] == []


UPDATES = ROWS["updates"].value.choices


def test_each_layer_belongs_to_a_cell() -> None:
    specs = [
        replace(spec, ecr=True, devcontainer=True, pin=True, updates=updates)
        for cell in CATALOGUE.cells
        for spec in specs_of(cell, vpc=True)
        for updates in UPDATES
    ]
    specs += [replace(specs[0], ci=host) for host in HOSTS]
    used = {step.layer for spec in specs for step in render_steps(CATALOGUE, spec)}
    used |= {step.layer for step in [*existing_steps(), *own_steps()]}
    assert used == {leaf.relative_to(CATALOGUE.root) for leaf in LEAVES}


def test_template_paths_leave_room_for_windows() -> None:
    assert [*files.problems(CATALOGUE.root)] == []


def test_every_layer_gets_the_values_it_names() -> None:
    for cell in CATALOGUE.cells:
        for step in (step for spec in specs_of(cell) for step in render_steps(CATALOGUE, spec)):
            values, _ = values_of(CATALOGUE.root / step.layer)
            assert set(values) <= set(step.context), f"{step.layer} of {cell}"


def test_a_new_use_case_is_folders_and_nothing_else(tmp_path: Path) -> None:
    """Its project can be made, and made again from its answers, before anything else was written or run."""
    root = tmp_path / "cookiecutters"
    shutil.copytree(CATALOGUE.root, root)
    shutil.copytree(root / "use_cases/hello-world", root / "use_cases/hello-moon")
    shutil.copytree(root / "languages/go/handlers/hello-world", root / "languages/go/handlers/hello-moon")
    catalogue = Catalogue(root)
    given = Answers(name="moon", runtime="go (provided.al2023)", package_type="Image", app_template="hello-moon")
    first = project.create(catalogue, resolve(catalogue, given), tmp_path / "first")
    again, _ = answers.read(catalogue, first / answers.FILE)
    assert tree(project.create(catalogue, resolve(catalogue, again), tmp_path / "again")) == tree(first)


def lines(folder: Path) -> dict[str, list[str]]:
    """Return the files below a folder, without blank lines and indentation."""
    return {
        name: [line.strip() for line in content.decode("latin-1").splitlines() if line.strip()]
        for name, content in tree(folder).items()
    }


def test_each_layer_renders_alone_with_plain_cookiecutter(tmp_path: Path) -> None:
    """The values in its cookiecutter.json are those of a real project, and make the same of it; but for blanks.

    Of these, only this program's settings for Jinja take away what tags leave behind.
    """
    specs = [
        replace(spec, ecr=ecr, devcontainer=ecr, buildkit=ecr, pin=ecr, updates=updates if ecr else "")
        for cell in CATALOGUE.cells
        for settings in ({}, {"vpc": True})
        for spec in specs_of(cell, **settings)
        for ecr, updates in ((False, ""), *((True, name) for name in UPDATES))
    ]
    example = Cell("hello-world", "Image", "python", "python3.14", "pip")  # as tests/layers.py has it
    specs += [spec_of(example, ecr=True, ci=host) for host in HOSTS]
    contexts_of: dict[Path, list[dict[str, Any]]] = defaultdict(list)
    for step in [*(step for spec in specs for step in render_steps(CATALOGUE, spec)), *existing_steps(), *own_steps()]:
        contexts_of[CATALOGUE.root / step.layer].append(step.context)
    config = tmp_path / "config.yaml"
    config.write_text(f"cookiecutters_dir: {tmp_path}/cookiecutters\nreplay_dir: {tmp_path}/replay\n")

    def check(leaf: Path) -> None:
        # A list is what to choose from, so a value that is a list stands in a list of one choice.
        values = {key: value[0] if isinstance(value, list) else value for key, value in values_of(leaf)[0].items()}
        real = [context for context in contexts_of[leaf] if all(context[key] == value for key, value in values.items())]
        assert real, "no project has the values of its cookiecutter.json"
        name = leaf.relative_to(CATALOGUE.root)
        plain = cookiecutter(
            str(leaf), no_input=True, output_dir=str(tmp_path / "plain" / name), config_file=str(config)
        )
        (tmp_path / "ours" / name).mkdir(parents=True)
        ours = render(leaf, real[0], tmp_path / "ours" / name)
        assert lines(Path(plain)) == lines(ours)
        assert lines(ours)

    assert for_each(LEAVES, check) == len(contexts_of)


HANDLERS = [(language, use_case) for language in CATALOGUE.languages.values() for use_case in language.use_cases()]


def test_each_handler_names_mistakes_that_its_files_could_have() -> None:
    """That its unit tests notice them, test_generated.py finds out."""
    for language, use_case in HANDLERS:
        for mistake in mistakes(language.id, use_case):
            layers = [f"shared/{name}" for name in language.handlers[use_case].shares]
            layers += dict.fromkeys([f"handlers/{use_case}", f"handlers/{use_case}/{mistake.part}".rstrip("/")])
            folder = CATALOGUE.root / "languages" / language.id
            files = [
                file
                for layer in layers
                for file in (folder / layer).glob(f"{{{{cookiecutter.name}}}}/**/{mistake.file}")
            ]
            assert len(files) == 1, (language.id, use_case, mistake.file)
            assert mistake.right in files[0].read_text(), (language.id, use_case, mistake.right)
            assert mistake.wrong != mistake.right


def test_each_use_case_says_what_it_responds_to_each_of_its_events(tmp_path: Path) -> None:
    for use_case in CATALOGUE.use_cases:
        cell = next(cell for cell in CATALOGUE.cells if cell.use_case == use_case)
        spec = replace(spec_of(cell), name=f"of-{use_case}")
        folder = project.create(CATALOGUE, spec, tmp_path)
        for function in spec.functions:
            event = folder / str(contexts.context(CATALOGUE, spec, function)["event"])
            events = {path.name: path.read_bytes() for path in event.parent.glob("*.json")}
            assert event.name in events
            assert all(json.loads(event) is not None for event, _ in responses(use_case, function.part, events))


@pytest.mark.parametrize(
    ("status", "header", "content_type", "body", "problem"),
    [
        (200, "content-type", "application/json", '{"id": "7", "to": [1]}', None),
        (201, "Content-Type", "application/json", '{"id": "7", "to": [1]}', "status 201"),
        (200, "Content-Type", "text/html", '{"id": "7", "to": [1]}', "text/html"),
        (200, "Accept", "application/json", '{"id": "7", "to": [1]}', "Content-Type"),
        (200, "Content-Type", "application/json", '{"id": "x", "to": [1]}', "response.id is 'x'"),
        (200, "Content-Type", "application/json", '{"id": 7, "to": [1]}', "response.id is no text"),
        (200, "Content-Type", "application/json", '{"to": [1], "id": "7"}', "has ..to., .id"),
        (200, "Content-Type", "application/json", '{"id": "7", "to": []}', "response.to has 0"),
        (200, "Content-Type", "application/json", '{"id": "7", "to": [true]}', r"response.to\[0\] is True"),
        (200, "Content-Type", "application/json", '["id"]', "no object"),
    ],
)
def test_an_answer_that_is_not_the_one_expected_is_noticed(
    status: int, header: str, content_type: str, body: str, problem: str | None
) -> None:
    wanted = {"id": {"pattern": "[0-9]"}, "to": [1]}
    expected = Response({"status": 200, "content_type": "application/json", "body": wanted})
    answer = {"statusCode": status, "headers": {header: content_type}, "body": body}
    if problem is None:
        expected.check(answer)
    else:
        with pytest.raises(AssertionError, match=problem):
            expected.check(answer)


def test_without_a_value_and_a_status_null_is_the_answer() -> None:
    Response({}).check(None)
    with pytest.raises(AssertionError):
        Response({}).check({})
