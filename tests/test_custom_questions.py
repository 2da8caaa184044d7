"""The questions of custom templates, and the answers that they take."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import cookiecutters
from scaffold import custom
from scaffold.errors import CustomTemplateError, FilePosition, InvalidAnswersError, InvalidCustomTemplateError, Problem

VARIABLES = {
    "name": "My App",
    "slug": "{{ cookiecutter.name|lower|replace(' ', '-') }}",
    "license": ["MIT", "{{ cookiecutter.name }} licence", 3],
    "docker": True,
    "python": 3.12,
    "_private": "{{ not rendered }}",
    "__upper": "{{ cookiecutter.name|upper }}",
    "tags": {"owner": "{{ cookiecutter.slug }}", "cost": {"centre": "1"}},
    "__prompts__": {
        "name": "[bold]What is it called?[/]",
        "license": {"__prompt__": "Which\nlicence?", "MIT": "MIT, \x1b[31mfree"},
        "docker": "With a Dockerfile?",
    },
}
MESSAGE = "{{cookiecutter.name}}|{{cookiecutter._private}}|{{cookiecutter.__upper}}|{{cookiecutter.tags|jsonify(None)}}"


@pytest.fixture(autouse=True)
def _no_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    monkeypatch.delenv("COOKIECUTTER_CONFIG", raising=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return cookiecutters.write(tmp_path / "template", VARIABLES, files={"a.txt": MESSAGE})


def test_questions_come_in_the_order_of_cookiecutter(folder: Path) -> None:
    questions = []
    answers = {}
    with custom.opened(folder) as template:
        while question := template.question(answers):
            questions.append(question)
            answers[question.name] = question.default
    choices = (("MIT", "'MIT, \\x1b[31mfree'"), ("My App licence", "My App licence"), ("3", "3"))
    assert questions == [
        custom.Question("name", "What is it called?", "text", "My App"),
        custom.Question("slug", "slug", "text", "my-app"),
        custom.Question("license", "Which licence?", "choice", "MIT", choices),
        custom.Question("docker", "With a Dockerfile?", "boolean", default=True),
        custom.Question("python", "python", "text", "3.12"),
        custom.Question("tags", "tags", "json", {"owner": "my-app", "cost": {"centre": "1"}}),
    ]


def test_an_answer_changes_later_defaults_and_can_be_taken_back(folder: Path) -> None:
    with custom.opened(folder) as template:
        first = template.question({})
        assert template.question({"name": "Other One"}) == custom.Question("slug", "slug", "text", "other-one")
        assert template.question({}) == first


def test_what_answers_may_be(folder: Path, tmp_path: Path) -> None:
    given = {"license": 3, "docker": "no", "python": 3.14, "tags": {"cost": {"unit": "x"}}}
    made = cookiecutters.create(folder, tmp_path, given)
    assert made.answers == {
        "name": "My App",
        "slug": "my-app",
        "license": "3",
        "docker": False,
        "python": "3.14",
        "tags": {"owner": "my-app", "cost": {"centre": "1", "unit": "x"}},
    }


def test_json_that_is_typed_replaces_the_default(folder: Path, tmp_path: Path) -> None:
    assert cookiecutters.create(folder, tmp_path, {"tags": '{"a": "b"}'}).answers["tags"] == {"a": "b"}


@pytest.mark.parametrize("value", ["1", "true", "T", " yes ", "y", "on", True, 1])
def test_text_can_be_a_yes(folder: Path, value: object) -> None:
    with custom.opened(folder) as template:
        assert template.problems({"docker": value}) == []


def test_a_list_leaves_fewer_choices(folder: Path, tmp_path: Path) -> None:
    answers = {"name": "a", "slug": "a", "license": ["a licence", "MIT"]}
    with custom.opened(folder) as template:
        question = template.question(answers)
        assert question
        assert [value for value, _ in question.choices] == ["a licence", "MIT"]
        made = template.create(answers, tmp_path, force=False)
    assert made.answers["license"] == "a licence"


def test_null_answers_only_what_is_null_without_an_answer(tmp_path: Path) -> None:
    folder = cookiecutters.write(tmp_path / "nulls", {"slug": "a", "nothing": None}, files={"a.txt": ""})
    with custom.opened(folder) as template:
        assert template.problems({"nothing": None}) == []
        problems = template.problems({"slug": None})
    assert [problem.message for problem in problems] == ["slug: it takes a text"]


def test_every_wrong_answer_is_a_problem(folder: Path, tmp_path: Path) -> None:
    answers = {"license": "GPL\x1b[0m", "docker": "perhaps", "tags": "[]", "name": ["a"]}
    allowed = ("MIT", "My App licence", "3")
    at = ("extra_context",)
    problems = [
        Problem(at, "name: it takes a text", value=["a"]),
        Problem(at, "license: 'GPL\\x1b[0m' is not one of MIT, My App licence, 3", "", allowed, "GPL\x1b[0m"),
        Problem(at, "docker: 'perhaps' is neither yes nor no", value="perhaps"),
        Problem(at, "tags: '[]' is no JSON object", value="[]"),
    ]
    with custom.opened(folder) as template:
        assert template.problems(answers) == problems
        question = template.question({"name": "a", "slug": "b", "license": "GPL"})
        assert question
        assert question.name == "license"
        with pytest.raises(InvalidAnswersError) as caught:
            template.create(answers, tmp_path / "out", force=False)
    assert list(caught.value.problems) == problems
    assert not (tmp_path / "out").exists()


def test_answers_without_a_variable_are_known(folder: Path) -> None:
    with custom.opened(folder) as template:
        assert template.unknown({"name": "a", "nmae": "b", "_template": "c", "_private": "d"}) == ("nmae", "_template")


def test_answers_are_data(folder: Path, tmp_path: Path) -> None:
    answers = {
        "name": "{{ 7*7 }}",
        "slug": "x",
        "_private": "{{ 7*7 }}",
        "__upper": "{% raw %}",
        "tags": {"{{ 7*7 }}": "{{ 7*7 }}"},
    }
    made = cookiecutters.create(folder, tmp_path, answers)
    tags = '{"cost": {"centre": "1"}, "owner": "x", "{{ 7*7 }}": "{{ 7*7 }}"}'
    assert (made.folder / "a.txt").read_text() == f"{{{{ 7*7 }}}}|{{{{ 7*7 }}}}|{{% raw %}}|{tags}"


def test_the_plain_command_renders_answers(folder: Path, tmp_path: Path) -> None:
    cookiecutters.plain(folder, tmp_path / "plain", {"name": "{{ 7*7 }}", "slug": "x"})
    assert (tmp_path / "plain/x/a.txt").read_text().startswith("49|")


@pytest.mark.parametrize("name", ["{{ 7 }}a", "{% if a", "{#a"])
def test_a_project_cannot_be_named_by_jinja(folder: Path, tmp_path: Path, name: str) -> None:
    with pytest.raises(CustomTemplateError) as caught:
        cookiecutters.create(folder, tmp_path / "out", {"slug": name})
    path = tmp_path / "out" / name
    assert str(caught.value) == f"the project's folder {path} has in its path what the template's Jinja would render"
    assert not (tmp_path / "out").exists()


def test_the_users_defaults_are_data(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "home/.cookiecutterrc").write_text(
        'default_context:\n  name: "{{ 7*7 }}"\n  license: 3\n  docker: "no"\n  python: [1]\n  other: 1\n'
    )
    with custom.opened(folder) as template:
        question = template.question({})
        assert question == custom.Question("name", "What is it called?", "text", "{{ 7*7 }}")
        made = template.create({"slug": "x"}, tmp_path, force=False)
    assert made.answers | {"tags": 0} == {
        "name": "{{ 7*7 }}", "slug": "x", "license": "3", "docker": False, "python": "3.12", "tags": 0,
    }  # fmt: skip
    other = tmp_path / "other.yaml"
    other.write_text("default_context: {name: Other}\n")
    monkeypatch.setenv("COOKIECUTTER_CONFIG", str(other))
    assert cookiecutters.create(folder, tmp_path).answers["slug"] == "other"
    other.write_text("default_context: [a]\n")
    with pytest.raises(InvalidAnswersError) as caught:
        cookiecutters.create(folder, tmp_path)
    assert str(caught.value.problems[0].location) == str(other)


NESTED = {
    "templates": {
        "web": {"path": "./web", "title": "A web service", "description": "HTTP"},
        "queue": {"path": "./deep/queue", "title": "queue", "description": "queue"},
    }
}


@pytest.fixture
def nested(tmp_path: Path) -> Path:
    folder = tmp_path / "many"
    cookiecutters.write(folder, NESTED)
    cookiecutters.write(folder / "web", files={"web.txt": "{{cookiecutter.name}}"})
    cookiecutters.write(folder / "deep/queue", {"template": ["Fast (fast)", "Slow (slow)"]})
    cookiecutters.write(folder / "deep/queue/fast", files={"fast.txt": ""})
    cookiecutters.write(folder / "deep/queue/slow", files={"slow.txt": ""})
    return folder


def test_nested_templates_are_questions(nested: Path, tmp_path: Path) -> None:
    with custom.opened(nested) as template:
        choices = (("web", "A web service (HTTP)"), ("queue", "queue"))
        first = custom.Question("templates", "Select a template", "template", "web", choices)
        assert template.question({}) == first
        choices = (("Fast (fast)", "Fast (fast)"), ("Slow (slow)", "Slow (slow)"))
        second = custom.Question("template_2", "Select a template", "template", "Fast (fast)", choices)
        assert template.question({"templates": "queue"}) == second
        answers = {"templates": "queue", "template_2": "Slow (slow)"}
        assert template.question(answers) == custom.Question("name", "name", "text", "My App")
        assert template.problems({"templates": "batch"})[0].allowed == ("web", "queue")
        assert template.unknown(answers) == ()
        made = template.create(answers, tmp_path / "out", force=False)
    assert cookiecutters.listing(made.folder) == ["slow.txt"]
    assert made.answers == {**answers, "name": "My App", "slug": "my-app"}


def test_a_directory_of_a_template(nested: Path, tmp_path: Path) -> None:
    assert custom.is_cookiecutter(nested, "web")
    assert not custom.is_cookiecutter(nested, "deep")
    assert cookiecutters.listing(cookiecutters.create(nested, tmp_path, directory="web").folder) == ["web.txt"]


@pytest.mark.parametrize(
    ("directory", "message"),
    [("none", "the template has no folder none"), ("../home", "../home leads out of the template")],
)
def test_a_directory_that_is_not_in_the_template(nested: Path, directory: str, message: str) -> None:
    with pytest.raises(InvalidAnswersError) as caught, custom.opened(nested, directory):
        pass
    assert [(problem.location, problem.message) for problem in caught.value.problems] == [(("directory",), message)]


@pytest.mark.parametrize(
    ("variables", "line", "message"),
    [
        ({"templates": {"a": {"path": "../other"}}}, 2, "the path of a template within this one leads out of it"),
        ({"templates": {"a": {"path": "/etc"}}}, 2, "templates names a template without the path of a folder in it"),
        ({"templates": {"a": {}}}, 2, "templates names a template without the path of a folder in it"),
        ({"x": 1, "template": ["a"]}, 3, "template names a template without the path of a folder in it"),
        ({"template": ["a (.)"]}, 2, "the path of a template within this one leads to itself"),
        ({"template": []}, 2, "template has no choices"),
        ({"templates": {"a": {"path": "none"}}}, None, "there is no cookiecutter.json here"),
        ('{"a": 1,\n"b" 2}', 2, "is not JSON: Expecting ':' delimiter"),
        ("[]", 1, "is not a JSON object of variables and their defaults"),
        ({"a": "1", "b": "{{ cookiecutter.c }}"}, 3, "the variable c is not defined"),
        ({"a": "{% if %}"}, 2, "is not valid Jinja: Expected an expression, got 'end of statement block'"),
        ({"a": "{{ 1/0 }}"}, 2, "cannot be rendered: ZeroDivisionError: division by zero"),
        ({"a": []}, 2, "a has no choices"),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_wrong_with_the_variables(tmp_path: Path, variables: object, line: int | None, message: str) -> None:
    text = variables if isinstance(variables, str) else json.dumps(variables, indent=2)
    folder = cookiecutters.write(tmp_path / "template", text)
    with pytest.raises(InvalidCustomTemplateError) as caught, custom.opened(folder) as template:
        template.problems({})
    (problem,) = caught.value.problems
    name = "none/cookiecutter.json" if "none" in text else "cookiecutter.json"
    column = 5 if "delimiter" in message else None
    assert (problem.location, problem.message) == (FilePosition(name, line, column), message)
