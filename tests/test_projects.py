"""Projects of several functions: what their root files say of all of them, once."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from conftest import CATALOGUE, for_each, needs, package_of, section, tree
from scaffold import answers, contexts, lock, project
from scaffold.errors import InvalidAnswersError
from scaffold.model import APIS, SUPPORTED, Cell, Language
from scaffold.project_contexts import build_command
from scaffold.render.layer import render
from scaffold.resolve import functions_of, resolve
from scaffold.spec import Answers, FunctionSpec, ProjectSpec
from scaffold.translator import client

LANGUAGES = [language for language in CATALOGUE.languages.values() if language.use_cases()]


def functions(language: str, use_case: str, package: str, name: str = "", manager: str = "") -> list[FunctionSpec]:
    """Return the functions of a use case; one that is not there in this package type comes in its own."""
    row = CATALOGUE.languages[language]
    runtime = next(one for one in row.runtimes if one.status(CATALOGUE.today) == SUPPORTED)
    cell = Cell(
        use_case, package_of(language, use_case, package), language, runtime.id, manager or next(iter(row.managers))
    )
    return [one.renamed(name or one.group) for one in functions_of(CATALOGUE, cell)]


def function(language: str, use_case: str, package: str, name: str = "", manager: str = "") -> FunctionSpec:
    (one,) = functions(language, use_case, package, name, manager)
    return one


# Every language, as a Zip behind an API and as an image behind a queue.
EVERYTHING = tuple(
    function(language.id, use_case, package, f"{language.id}-{prefix}")
    for language in LANGUAGES
    for use_case, package, prefix in (("hello-world", "Zip", "api"), ("sqs", "Image", "orders"))
)


def made(folder: Path, *functions: FunctionSpec, **options: bool) -> Path:
    return project.create(CATALOGUE, ProjectSpec("shop", functions, **options), folder)


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("everything"), *EVERYTHING)


def words(folder: Path) -> int:
    return sum(any(map(str.isalnum, word)) for word in (folder / "README.md").read_text().split())


def test_the_readme_of_many_functions_repeats_nothing(everything: Path, tmp_path: Path) -> None:
    readme = (everything / "README.md").read_text()
    headings = re.findall(r"^#+ .*", readme, re.MULTILINE)
    assert len(headings) == len(set(headings))
    seven = made(tmp_path, *EVERYTHING[:7])
    assert words(seven) < 600, "it was 1,413 with a section for each function"
    for one in EVERYTHING:
        assert f"| `{CATALOGUE.folder(one)}/` | {one.logical_id}: " in readme


@pytest.mark.parametrize("package", ["Zip", "Image"])
@pytest.mark.slow
def test_the_readme_of_a_function_is_short(package: str, tmp_path: Path) -> None:
    limits = {"Zip": 235, "Image": 350}
    further = 30  # words for each further function of a group
    server = {"Zip": 15, "Image": 80}  # words for how a web server starts, and where else its image runs
    lengths, longest = {}, {}
    for language in LANGUAGES:
        for manager in language.managers:
            for use_case in language.use_cases():
                rows = functions(language.id, use_case, package, manager=manager)
                longest[language.id, manager, use_case] = (
                    limits[rows[0].package_type]
                    + further * (len(rows) - 1)
                    + (server[rows[0].package_type] if use_case == "web" else 0)
                )
                lengths[language.id, manager, use_case] = words(
                    made(
                        tmp_path / language.id / manager,
                        *rows,
                    ).rename(tmp_path / f"{language.id}-{manager}-{use_case}")
                )
    assert {key: length for key, length in lengths.items() if length > longest[key]} == {}


def test_make_knows_every_function_of_every_language(everything: Path) -> None:
    needs("make")
    printed = subprocess.run(
        ["make", "--dry-run", "--keep-going", "test", "lint", "format", "debug", "integration", "build", "local"],
        cwd=everything, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert printed.returncode == 0, printed.stderr
    for one in EVERYTHING:
        assert CATALOGUE.folder(one) in printed.stdout, one
    assert "warning" not in printed.stderr, printed.stderr
    done = subprocess.run(["make"], cwd=everything, capture_output=True, text=True, check=True)
    assert all(f"make {target} " in done.stdout for target in ("test", "lint", "build", "local", "debug", "deploy"))


@pytest.mark.slow
def test_make_has_just_the_targets_that_do_something_for_a_function(tmp_path: Path) -> None:
    needs("make")
    rows = [functions(language.id, use_case, "Zip") for language in LANGUAGES for use_case in language.use_cases()]
    rows += [
        [replace(function(language.id, "sqs", "Image"), base=base)] for language in LANGUAGES for base in language.bases
    ]

    def check(group: list[FunctionSpec]) -> None:
        row = group[0]
        folder = made(tmp_path / f"{row.language}-{row.use_case}-{row.package_type}-{row.base}", *group)
        (phony,) = re.findall(r"^\.PHONY: (help .*)", (folder / "Makefile").read_text(), re.MULTILINE)
        targets = phony.split()
        use_case = CATALOGUE.use_cases[row.use_case]
        assert ("integration" in targets) is (use_case.source in APIS)
        context = contexts.context(CATALOGUE, ProjectSpec("sam-app", ()), row)
        assert ("local" in targets) is (context["sam_local"] and not use_case.services)
        done = subprocess.run(["make", "--dry-run", *targets], cwd=folder, capture_output=True, text=True, check=True)
        assert "Nothing to be done" not in done.stdout
        done = subprocess.run(["make", "help"], cwd=folder, capture_output=True, text=True, check=True)
        models = {"models"} if use_case.category == "machine-learning" else set()
        assert set(re.findall(r"^make (\w+)", done.stdout, re.MULTILINE)) == {*targets} - {"help", "install"} | models

    for_each(rows, check)


def test_make_invokes_what_sam_can_start_and_names_the_others(tmp_path: Path) -> None:
    shell_less = replace(function("go", "sqs", "Image"), base="scratch")
    makefile = (made(tmp_path, shell_less, function("python", "hello-world", "Image")) / "Makefile").read_text()
    assert "\nFUNCTION ?= HelloWorldFunction\n" in makefile
    assert f"starts all but these: {shell_less.logical_id}\n" in makefile
    assert "starts all but" not in (made(tmp_path / "other", function("go", "sqs", "Image")) / "Makefile").read_text()


def test_git_ignores_what_go_s_debugger_makes(tmp_path: Path) -> None:
    needs("git")
    folder = made(tmp_path, function("go", "sqs", "Zip"))
    subprocess.run(["git", "init", "--quiet"], cwd=folder, check=True)
    names = ["process-orders/debug.test1234", "process-orders/__debug_bin1234", "process-orders/main_test.go"]
    done = subprocess.run(["git", "check-ignore", *names], cwd=folder, capture_output=True, text=True, check=True)
    assert done.stdout.split() == names[:2]


@pytest.mark.parametrize(("language", "suffix"), [("python", "py"), ("ruby", "rb")])
def test_a_long_name_makes_no_line_that_a_linter_finds_too_long(language: str, suffix: str, tmp_path: Path) -> None:
    """Ruff and RuboCop look at comments as well; what a formatter breaks, test_generated.py finds."""
    for use_case in CATALOGUE.languages[language].use_cases():
        folder = made(tmp_path / use_case, *functions(language, use_case, "Zip", "-".join(["lengthy"] * 7)))
        files = [*folder.rglob(f"*.{suffix}")]
        assert files
        assert [line for file in files for line in file.read_text().splitlines() if len(line) > 120] == []


def test_who_lets_browsers_call_an_api_reads_what_the_function_has_to_do(everything: Path) -> None:
    comment = (everything / "template.yaml").read_text().partition("# Cors:")[0].rpartition("#\n")[2]
    assert "Access-Control-Allow-Origin" in comment


def test_the_readme_has_the_commands_of_each_language_once(everything: Path) -> None:
    lines = section((everything / "README.md").read_text(), "Test").splitlines()
    for language in LANGUAGES:
        assert lines.count(f"# {language.title}") == 1
    others = [line for line in lines if line.startswith("# Likewise for ")]
    assert len(others) == len(LANGUAGES)


def test_vs_code_finds_each_function(everything: Path) -> None:
    launch = json.loads((everything / ".vscode/launch.json").read_text())
    names = [configuration["name"] for configuration in launch["configurations"]]
    assert launch["version"] == "0.2.0"
    assert len(names) == len(set(names))
    for one in EVERYTHING:
        assert f"Debug {one.logical_id}" in names


def named_events(folder: Path) -> dict[str, set[str]]:
    """Return what each file of a project names below ``events``: a sample event, or a folder with some."""
    texts = {name: content.decode(errors="replace") for name, content in tree(folder).items()}
    found = {name: set(re.findall(r"(?<![\w-])events/([\w-]+(?:\.json|\.png)?)", text)) for name, text in texts.items()}
    return {name: named for name, named in found.items() if named and name != lock.FILE}


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.id)
def test_the_event_of_one_function_lies_in_events_and_those_of_several_in_folders_there(
    language: Language, tmp_path: Path
) -> None:
    """Everything that names an event names the right one: tests, and what invokes or debugs a function."""
    use_cases = [use_case for use_case in CATALOGUE.use_cases if use_case in language.handlers]
    groups = [functions(language.id, use_case, "Image") for use_case in use_cases]
    for row in (group[0] for group in groups if len(group) == 1):
        folder = made(tmp_path / row.name, row)
        samples = {path.removeprefix("events/") for path in tree(folder) if path.startswith("events/")}
        assert "event.json" in samples
        files = named_events(folder)
        use_case = CATALOGUE.use_cases[row.use_case]
        # The sample event of S3 names a bucket that the stack does not have, so the README does not send it there.
        assert ("README.md" in files) is (use_case.source in APIS or not use_case.services)
        assert set().union(*files.values()) <= samples
        assert set().union(*(files.get(name, set()) for name in ("README.md", "Makefile"))) <= {
            "event.json",
            "digit.png",
        }

    rows = [row for group in groups for row in group]
    folder = made(tmp_path, *rows)
    events = {row.name: f"events/{CATALOGUE.folder(row)}/event.json" for row in rows}
    assert {path for path in tree(folder) if re.match("events/.*event.json", path)} == set(events.values())
    files = named_events(folder)
    assert set().union(*files.values()) == {CATALOGUE.folder(row) for row in rows}
    for row in rows:
        name = CATALOGUE.folder(row)
        own = [named for file, named in files.items() if file.startswith((f"{name}/", f"tests/{name}/"))]
        assert own
        assert set().union(*own) == {name}
    invoked = f"sam local invoke {rows[0].logical_id} --event {events[rows[0].name]}"
    assert invoked in section((folder / "README.md").read_text(), "Run").splitlines()
    makefile = (folder / "Makefile").read_text()
    assert f"\nEVENT ?= {events[rows[0].name]}\n" in makefile
    debugged = dict(re.findall(r"sam local invoke (\w+) --event (\S+) --debug-port", makefile))
    assert debugged.items() <= {row.logical_id: events[row.name] for row in rows}.items()


def test_the_templates_of_all_languages_translate_together(everything: Path) -> None:
    text = (everything / "template.yaml").read_text()
    assert client.translate(text) == []
    outputs = re.findall(r"^  (\w+Function):\n    Description: ARN", text, re.MULTILINE)
    assert outputs == [one.logical_id for one in EVERYTHING]
    assert text.count("OpenApiVersion: 3.0.1") == 1


@pytest.mark.parametrize(
    ("functions", "command"),
    [
        ([("python", "Zip")], "sam build --use-container"),
        ([("python", "Image")], "sam build"),
        ([("ruby", "Zip"), ("nodejs", "Zip"), ("java", "Zip")], "sam build --use-container"),
        ([("python", "Zip"), ("go", "Image")], "sam build --use-container"),
        ([("python", "Zip"), ("go", "Zip")], "sam build"),
        ([("nodejs", "Zip")], "sam build"),
    ],
)
def test_sam_builds_in_a_container_where_that_helps_and_nothing_stands_against_it(
    functions: list[tuple[str, str]], command: str, tmp_path: Path
) -> None:
    rows = [
        function(language, "hello-world", package, f"{language}-{package.lower()}") for language, package in functions
    ]
    spec = ProjectSpec("shop", tuple(rows))
    assert build_command([contexts.context(CATALOGUE, spec, row) for row in rows]) == command
    folder = made(tmp_path, *rows)
    assert command in section((folder / "README.md").read_text(), "Run").splitlines()
    assert f"build:\n\t{command}\n" in (folder / "Makefile").read_text()


def test_what_a_function_is_made_of_has_no_secrets_in_its_image(everything: Path) -> None:
    files = [*everything.glob("*/.dockerignore")]
    assert len(files) == len(LANGUAGES)
    for file in files:
        lines = file.read_text().splitlines()
        assert len(lines) == len(set(lines)), f"{file} says something twice"
        assert {"**/.env*", "**/*.pem", "**/*.key", "**/.venv", "**/id_rsa*"} <= set(lines)
    ignored = (everything / ".gitignore").read_text().splitlines()
    assert {".env*", "*.pem", "*.key"} <= set(ignored)


def test_languages_are_named_alike() -> None:
    newest = {
        language.id: language.label(next(one for one in language.runtimes if one.status(CATALOGUE.today) == SUPPORTED))
        for language in LANGUAGES
    }
    assert newest["nodejs"] == "Node.js 24"
    assert newest["typescript"] == "TypeScript, Node.js 24"
    assert newest["go"] == "Go on provided.al2023"
    assert newest["rust"] == "Rust on provided.al2023"
    assert newest["python"] == "Python 3.14"
    java = CATALOGUE.languages["java"]
    assert [java.label(one) for one in java.runtimes if one.id in ("java17", "java17.al2023", "java8.al2")] == [
        "Java 17 on AL2023",
        "Java 17",
        "Java 8 on AL2",
    ]


def test_a_stack_says_its_application_and_environment(everything: Path) -> None:
    class Loader(yaml.SafeLoader):
        pass

    Loader.add_multi_constructor("!", lambda _loader, suffix, node: {suffix: getattr(node, "value", None)})
    template = yaml.load((everything / "template.yaml").read_text(), Loader)
    assert template["Parameters"]["Environment"]["Default"] == "dev"
    assert template["Globals"]["Function"]["Tags"] == {"application": "shop", "environment": {"Ref": "Environment"}}
    assert 'tags = "application=shop environment=dev"' in (everything / "samconfig.toml").read_text()


def test_with_zips_and_images_ecr_is_for_the_images(tmp_path: Path) -> None:
    functions = (
        {"runtime": "python3.14", "package_type": "Zip"},
        {"runtime": "nodejs24.x", "package_type": "Image", "name": "web"},
    )
    spec = resolve(CATALOGUE, Answers.from_values({"name": "shop", "ecr": True, "functions": functions}))
    assert spec.ecr
    folder = project.create(CATALOGUE, spec, tmp_path)
    ecr = (folder / "ecr.yaml").read_text()
    assert "webfunction-" in ecr
    assert "helloworldfunction-" not in ecr
    again, _ = answers.read(CATALOGUE, folder / answers.FILE)
    assert resolve(CATALOGUE, again) == spec
    with pytest.raises(InvalidAnswersError, match="only for container images"):
        resolve(CATALOGUE, Answers.from_values({"name": "shop", "ecr": True, "functions": functions[:1]}))


def test_a_layer_that_changes_is_rendered_as_it_is_now(tmp_path: Path) -> None:
    """Templates stay compiled as long as the process lives, each for what it held."""
    layer = tmp_path / "layer"
    file = layer / "{{cookiecutter.name}}" / "words.txt"
    file.parent.mkdir(parents=True)
    (layer / "cookiecutter.json").write_text('{"name": "shop"}')
    for word in ("one", "two", "one"):
        file.write_text(f"{word} {{{{ cookiecutter.name }}}}\n")
        made = render(layer, {"name": "shop"}, tmp_path / "made")
        assert (made / "words.txt").read_text() == f"{word} shop\n"
