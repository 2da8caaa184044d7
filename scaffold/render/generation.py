"""The files of a custom template's project, by cookiecutter's ``generate_files``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cookiecutter import generate, hooks
from cookiecutter.find import find_template
from cookiecutter.utils import create_env_with_context
from jinja2.exceptions import TemplateSyntaxError, UndefinedError

from scaffold.render.faults import ProjectNameError, TemplateFaultError, undefined_words
from scaffold.render.names import name_problem

_run_hook = generate.run_hook_from_repo_dir


def run_pre_prompt(folder: Path) -> str:
    """Run a template's hook ``pre_prompt`` in a copy, and return the copy; without that hook, ``folder``."""
    return str(hooks.run_pre_prompt_hook(folder))


def project_name(folder: Path, context: dict[str, Any]) -> str:
    """Return the name of the project's folder. Raises :class:`ProjectNameError`, and what Jinja does."""
    environment = create_env_with_context(context)
    unrendered = find_template(folder, environment).name
    try:
        name = str(environment.from_string(unrendered).render(**context))
    except UndefinedError as error:
        raise TemplateFaultError(undefined_words(error), file=unrendered) from error
    if problem := name_problem(name):
        raise ProjectNameError(f"the template names the project's folder {name!r}, which {problem}")
    return name


def generate_project(folder: Path, context: dict[str, Any], stage: str, *, accept_hooks: bool) -> str:
    """Render the project into ``stage`` and return its folder's name. Raises what cookiecutter and Jinja do.

    What fails leaves its files there. Hooks get ``stage`` as the output directory, since that is where they find the
    project; files get the one that the project is moved to.
    """
    environment = create_env_with_context(context)
    name = project_name(folder, context)
    # cookiecutter renders the path of the project once more, with that of each folder in it.
    if not _is_plain(environment, str(Path(stage, name))):
        raise TemplateFaultError(
            f"the project's folder {Path(context['cookiecutter']['_output_dir'], name)} has in its path what "
            "the template's Jinja would render",
            "choose another name, or another --output-dir",
        )

    def run_hook(repo: Any, hook: str, project: Any, values: dict[str, Any], delete: bool) -> None:  # noqa: ANN401, FBT001
        staged = {**values, "cookiecutter": {**values["cookiecutter"], "_output_dir": stage}}
        _run_hook(repo, hook, project, staged, delete)

    generate.run_hook_from_repo_dir = run_hook
    generate.generate_files(folder, context, output_dir=stage, accept_hooks=accept_hooks, keep_project_on_failure=True)
    return name


def _is_plain(environment: Any, text: str) -> bool:  # noqa: ANN401  Jinja's
    try:
        return all(kind == "data" for _, kind, _ in environment.lex(text))
    except TemplateSyntaxError:
        return False
