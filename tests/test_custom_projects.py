"""Projects of custom templates: what is made, where, what is judged, and what a template can do wrong."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

import cookiecutters
from cookiecutters import PROJECT
from scaffold import custom
from scaffold.errors import (
    CustomTemplateError,
    FilePosition,
    InvalidAnswersError,
    InvalidCustomTemplateError,
    Problem,
    ProjectExistsError,
)

posix = pytest.mark.skipif(os.name == "nt", reason="needs a POSIX shell or POSIX files")
TEMPLATE = """\
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Resources:
  Function:
    Type: AWS::Serverless::Function
    Properties:
      {property}: app.handler
      Runtime: python3.14
      CodeUri: src/
"""


@pytest.fixture(autouse=True)
def _no_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COOKIECUTTER_CONFIG", os.devnull)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out" / "deeper"


def test_a_project_is_made_beside_others(tmp_path: Path, out: Path) -> None:
    folder = cookiecutters.write(
        tmp_path / "template", files={"{{cookiecutter.name}}/a.txt": "{{cookiecutter.slug}}\n"}
    )
    out.mkdir(parents=True)
    (out / "other").mkdir()
    made = cookiecutters.create(folder, out)
    assert made == custom.Created(out / "my-app", {"name": "My App", "slug": "my-app"}, None, ())
    assert cookiecutters.listing(out) == ["my-app", "my-app/My App", "my-app/My App/a.txt", "other"]
    assert (out / "my-app/My App/a.txt").read_bytes() == b"my-app\n"


def test_what_templates_see_of_their_source(tmp_path: Path, out: Path) -> None:
    text = (
        "{{cookiecutter._template}} {{cookiecutter._checkout}} {{cookiecutter._output_dir}} {{cookiecutter._repo_dir}}"
    )
    folder = cookiecutters.write(tmp_path / "template", files={"a.txt": text + " {{_cookiecutter.slug}}"})
    source = {"template": "https://example.com/t.git", "checkout": "v1"}
    made = cookiecutters.create(folder, out, source=source)
    slug = cookiecutters.NAMES["slug"]
    assert (made.folder / "a.txt").read_text() == f"https://example.com/t.git v1 {out} {folder} {slug}"


def test_force_takes_an_empty_folder_alone(tmp_path: Path, out: Path) -> None:
    folder = cookiecutters.write(tmp_path / "template", files={"a.txt": ""})
    (out / "my-app").mkdir(parents=True)
    with pytest.raises(ProjectExistsError, match="already exists"):
        cookiecutters.create(folder, out)
    assert cookiecutters.listing(out) == ["my-app"]
    cookiecutters.create(folder, out, force=True)
    with pytest.raises(ProjectExistsError, match="not empty"):
        cookiecutters.create(folder, out, force=True)
    assert cookiecutters.listing(out) == ["my-app", "my-app/a.txt"]


@pytest.mark.parametrize("name", ["template.yaml", "template.yml"])
def test_a_template_is_judged_and_the_project_kept(tmp_path: Path, out: Path, name: str) -> None:
    folder = cookiecutters.write(tmp_path / "template", files={name: TEMPLATE.format(property="Handlr")})
    made = cookiecutters.create(folder, out)
    assert made.template == made.folder / name
    assert (made.folder / name).is_file()
    assert [problem.location for problem in made.findings][:1] == [FilePosition(str(made.folder / name), 7, 7)]
    assert "Handlr" in made.findings[0].message


def test_a_valid_template_has_no_findings(tmp_path: Path, out: Path) -> None:
    folder = cookiecutters.write(tmp_path / "template", files={"template.yaml": TEMPLATE.format(property="Handler")})
    assert cookiecutters.create(folder, out).findings == ()


@pytest.mark.parametrize(("data", "message"), [(b"\xff", "is not UTF-8 text"), (b"- a\n", "not a mapping")])
def test_a_template_that_cannot_be_judged_is_a_finding(tmp_path: Path, out: Path, data: bytes, message: str) -> None:
    variables = {**cookiecutters.NAMES, "_copy_without_render": ["*.yaml"]}
    folder = cookiecutters.write(tmp_path / "template", variables, files={"template.yaml": data})
    (problem,) = cookiecutters.create(folder, out).findings
    assert message in problem.message


HOOK = "import os, pathlib\npathlib.Path('{name}').write_text(os.getcwd() + ' {{{{ cookiecutter.name }}}}')\n"


def test_hooks_run_or_do_not(tmp_path: Path, out: Path) -> None:
    names = ("pre_gen_project", "post_gen_project")
    hooks = {f"{name}.py": HOOK.format(name=name) for name in names}
    before = """import pathlib; pathlib.Path('cookiecutter.json').write_text('{"slug": "from-a-hook", "name": "1"}')"""
    folder = cookiecutters.write(tmp_path / "template", hooks={**hooks, "pre_prompt.py": before}, files={"a.txt": ""})
    made = cookiecutters.create(folder, out)
    assert made.folder == out / "from-a-hook"
    assert cookiecutters.listing(made.folder) == ["a.txt", "post_gen_project", "pre_gen_project"]
    assert (made.folder / "post_gen_project").read_text().endswith("/from-a-hook 1")
    assert cookiecutters.listing(cookiecutters.create(folder, out, hooks=False).folder) == ["a.txt"]
    assert sorted(path.name for path in out.iterdir()) == ["from-a-hook", "my-app"]


def test_hooks_find_the_project_below_the_output_directory(tmp_path: Path, out: Path) -> None:
    hook = "import pathlib\npathlib.Path(r'{{cookiecutter._output_dir}}', '{{cookiecutter.slug}}', 'made').touch()\n"
    folder = cookiecutters.write(tmp_path / "template", hooks={"post_gen_project.py": hook})
    assert cookiecutters.listing(cookiecutters.create(folder, out).folder) == ["made"]


@posix
def test_hooks_have_the_environment_and_print_to_standard_error(
    tmp_path: Path, out: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OF_THE_USER", "yes")
    hook = "#!/bin/sh\necho said $OF_THE_USER; cat; git init -q .\n"
    folder = cookiecutters.write(tmp_path / "template", hooks={"post_gen_project.sh": hook}, files={"a.txt": ""})
    made = cookiecutters.create(folder, out)
    captured = capfd.readouterr()
    assert (captured.out, captured.err) == ("", "said yes\n")
    assert (made.folder / ".git/HEAD").is_file()


def test_an_extension_of_the_template_is_code(tmp_path: Path, out: Path) -> None:
    module = "from cookiecutter.utils import simple_filter\n@simple_filter\ndef shout(text):\n    return text.upper()\n"
    variables = {**cookiecutters.NAMES, "_extensions": ["local_extensions.shout", "jinja2.ext.do"]}
    folder = cookiecutters.write(
        tmp_path / "template", variables, files={"a.txt": "{{'a'|shout}}"}, others={"local_extensions.py": module}
    )
    made = cookiecutters.create(folder, out)
    assert (made.folder / "a.txt").read_text() == "A"
    assert not list(folder.rglob("__pycache__"))
    with pytest.raises(InvalidCustomTemplateError) as caught:
        cookiecutters.create(folder, out, hooks=False)
    assert caught.value.problems == (
        Problem(
            FilePosition("cookiecutter.json", 4),
            "the template loads extensions (local_extensions.shout), which are code as hooks are: "
            "they take --trust without --no-hooks",
        ),
    )


def faulty(tmp_path: Path, variables: dict[str, Any] | None = None, **groups: Any) -> CustomTemplateError:
    folder = cookiecutters.write(tmp_path / "template", {**cookiecutters.NAMES, **(variables or {})}, **groups)
    with pytest.raises(CustomTemplateError) as caught:
        cookiecutters.create(folder, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert "/tmp" not in str(caught.value)
    return caught.value


@pytest.mark.parametrize(
    ("files", "position", "message"),
    [
        ({"b/c.txt": "1\n{{ cookiecutter.nme }}"}, ("b/c.txt", 2), "the variable nme is not defined"),
        ({"b/c.txt": "1\n2\n{{ nothing }}"}, ("b/c.txt", 3), "'nothing' is undefined"),
        ({"c.txt": "1\n2\n{% for %}"}, ("c.txt", 3), "is not valid Jinja: Expected an expression"),
        ({"c.txt": "1\n{{ 1/0 }}"}, ("c.txt", 2), "cannot be rendered: ZeroDivisionError: division by zero"),
        ({"c.txt": "{% include 'none.txt' %}"}, ("c.txt", 1), "includes none.txt, which is not there"),
        ({"c.txt": "{% include 'c.txt' %}"}, ("c.txt", 1), "includes itself, or is nested too deeply"),
        ({"c.txt": "caf\u00e9".encode("latin-1") + b" and more text"}, ("c.txt", None), "is not UTF-8 text"),
        ({"{{cookiecutter.nme}}.txt": ""}, ("{{cookiecutter.nme}}.txt", None), "the variable nme is not defined"),
    ],
    ids=str,
)  # fmt: skip
def test_a_fault_of_a_file_has_its_place(
    tmp_path: Path, files: dict[str, str | bytes], position: tuple[str, int | None], message: str
) -> None:
    error = faulty(tmp_path, files={"a.txt": "", **files})
    assert isinstance(error, InvalidCustomTemplateError)
    (problem,) = error.problems
    assert problem.location == FilePosition(f"{PROJECT}/{position[0]}", position[1])
    assert problem.message.startswith(message)


@pytest.mark.parametrize(
    ("name", "hook", "line", "message"),
    [
        ("post_gen_project.py", "raise SystemExit(3)", None, "the hook failed with exit code 3"),
        ("pre_gen_project.py", "raise SystemExit(1)", None, "the hook failed with exit code 1"),
        ("pre_prompt.py", "raise SystemExit(2)", None, "the hook failed with exit code 2"),
        ("pre_gen_project.py", "1\n{{ cookiecutter.nme }}", 2, "the variable nme is not defined"),
        pytest.param(
            "post_gen_project.sh", "#!/bin/sh\nkill -9 $$", None, "the hook was killed by signal 9", marks=posix
        ),
        pytest.param(
            "post_gen_project.sh", "echo 1", None,
            "the hook cannot be started: it is empty, or its first line names no interpreter", marks=posix,
        ),
    ],
)  # fmt: skip
def test_a_hook_that_fails(tmp_path: Path, name: str, hook: str, line: int | None, message: str) -> None:
    error = faulty(tmp_path, hooks={name: hook})
    assert isinstance(error, InvalidCustomTemplateError)
    assert [(row.location, row.message) for row in error.problems] == [(FilePosition(f"hooks/{name}", line), message)]


def test_a_folder_with_no_project_in_it(tmp_path: Path, out: Path) -> None:
    folder = cookiecutters.write(tmp_path / "template")
    (folder / PROJECT).rename(folder / "fixed")
    with pytest.raises(CustomTemplateError) as caught:
        cookiecutters.create(folder, out)
    assert str(caught.value) == "the template has no folder that is named by a variable, and that becomes the project"


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"_extensions": ["no.such"]}, "an extension cannot be loaded: No module named 'no'"),
        ({"_jinja2_env_vars": {"nothing": 1}}, "cannot be rendered: TypeError: Environment.__init__() got an unex"),
    ],
)  # fmt: skip
def test_an_environment_that_cannot_be_made(tmp_path: Path, variables: dict[str, Any], message: str) -> None:
    assert str(faulty(tmp_path, variables)).startswith(message)


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("", "is empty"), ("..", "begins or ends with a space, or ends with a dot"), ("a/b", "is a path, not a name"),
        (".GIT", "is for git"), ("git~1", "is for git"), ("NUL.txt", "Windows keeps for a device"),
        ("a:b", "has ':' in it"), ("a\nb", "has control characters in it"), ("a" * 300, "is too long"),
        (".g\u200cit", "has control characters in it"),
    ],
)  # fmt: skip
def test_the_name_of_a_project(tmp_path: Path, out: Path, name: str, problem: str) -> None:
    folder = cookiecutters.write(tmp_path / "template", files={"a.txt": ""})
    with pytest.raises(InvalidAnswersError) as caught:
        cookiecutters.create(folder, out, {"slug": name})
    assert str(caught.value) == f"the template names the project's folder {name!r}, which {problem}"
    assert not (tmp_path / "out").exists()
    with pytest.raises(InvalidAnswersError) as refused:
        custom.copy(folder, name, out, force=False)
    assert [(row.location, row.message) for row in refused.value.problems] == [(("name",), f"{name!r} {problem}")]


def test_a_folder_is_copied_as_it_is(tmp_path: Path, out: Path) -> None:
    source = tmp_path / "source"
    (source / ".git/hooks").mkdir(parents=True)
    (source / "src").mkdir()
    (source / "src/{{cookiecutter.x}}.txt").write_text("{{ 7*7 }}")
    (source / "template.yaml").write_text(TEMPLATE.format(property="Handlr"))
    assert not custom.is_cookiecutter(source)
    made = custom.copy(source, "copied", out, force=False)
    assert made.folder == out / "copied"
    assert cookiecutters.listing(made.folder) == ["src", "src/{{cookiecutter.x}}.txt", "template.yaml"]
    assert (made.folder / "src/{{cookiecutter.x}}.txt").read_text() == "{{ 7*7 }}"
    assert made.findings
    with pytest.raises(ProjectExistsError, match="not empty"):
        custom.copy(source, "copied", out, force=True)


@posix
def test_a_copy_has_no_link_that_leads_out(tmp_path: Path, out: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "a.txt").write_text("")
    (source / "inside").symlink_to("a.txt")
    assert (custom.copy(source, "inside", out, force=False).folder / "inside").is_symlink()
    for target in ("/etc", "../..", str(source / "a.txt")):
        (source / "bad").symlink_to(target)
        with pytest.raises(CustomTemplateError, match="the project has a symbolic link that leads out of it: bad"):
            custom.copy(source, "bad", out, force=False)
        (source / "bad").unlink()
    os.mkfifo(source / "pipe")
    with pytest.raises(Exception, match="pipe"):
        custom.copy(source, "bad", out, force=False)
    assert [path.name for path in out.iterdir()] == ["inside"]


@pytest.mark.parametrize("directory", ["python", "./python/"])
def test_an_error_in_a_directory_of_a_template_has_its_whole_path(tmp_path: Path, out: Path, directory: str) -> None:
    cookiecutters.write(tmp_path / "templates" / "python", files={"a.txt": "1\n{{ cookiecutter.none }}"})
    with pytest.raises(InvalidCustomTemplateError) as caught:
        cookiecutters.create(tmp_path / "templates", out, directory=directory)
    (problem,) = caught.value.problems
    assert problem.location == FilePosition(f"python/{PROJECT}/a.txt", 2)
