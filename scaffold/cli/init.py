"""``sam-scaffold init``: flags and answers in, a project and the next steps out."""

from __future__ import annotations

import re
import shlex
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scaffold import advice, settings
from scaffold.catalogue import host_architecture
from scaffold.cli import catalogues, custom_request, sources
from scaffold.cli.catalogues import catalogue, catalogue_option
from scaffold.cli.console import PREFIX, Command, Option, echo, is_terminal, output_option, result, say
from scaffold.cli.edge import answers_from
from scaffold.cli.options import (
    HOW,
    IMAGE,
    WHAT,
    LazyOption,
    bases,
    languages,
    managers,
    runtimes,
    setting_options,
    templates,
)
from scaffold.code_files import shown
from scaffold.contexts import context
from scaffold.errors import InvalidAnswersError, Problem
from scaffold.project_contexts import build_command, requirements
from scaffold.resolve import examine
from scaffold.spec import DEFAULT_NAME, Answers, FunctionSpec, ProjectSpec

if TYPE_CHECKING:
    from scaffold.custom_answers import CustomAnswers
    from scaffold.project import Preview
    from scaffold.resolve import Resolution

_MARKDOWN_LINK = re.compile(r"\[([^]]*)\]\([^)]*\)")


@click.command(
    cls=Command,
    section=HOW,
    notes=f"A flag wins over its variable (such as {PREFIX}RUNTIME), that over [default.init.parameters] in "
    "samconfig.toml, and that over --answers.",
    examples=[
        ("Answer questions", "sam-scaffold init"),
        ("Use all defaults", "sam-scaffold init --defaults"),
        (
            "A container image with Node.js, from a script",
            "sam-scaffold init --name shop --base-image amazon/nodejs24.x-base --no-interactive",
        ),
        (
            "A Zip with Python, X-Ray tracing and JSON logs",
            "sam-scaffold init -n shop -r python3.14 -p Zip --tracing --structured-logging --no-interactive",
        ),
        ("An image of a handler that you have", "sam-scaffold init --handler app.py --name shop"),
        ("A custom template: a folder, a zip or a git repository", "sam-scaffold init --location gh:owner/template"),
        ("See the files without writing them", "sam-scaffold init --defaults --dry-run"),
        ("Create the same project again", "sam-scaffold init --answers shop/.sam-scaffold.yaml --output-dir copy"),
    ],
)
@click.option(
    "-n",
    "--name",
    cls=Option,
    section=WHAT,
    metavar="NAME",
    help=f"Name of project, folder and stack.  [{DEFAULT_NAME}]",
)
@click.option(
    "-r",
    "--runtime",
    cls=LazyOption,
    section=WHAT,
    metavar="RUNTIME",
    choices=runtimes,
    listing="list runtimes",
    help="The Lambda runtime",
)
@click.option(
    "-p",
    "--package-type",
    cls=LazyOption,
    section=WHAT,
    metavar="TYPE",
    choices=lambda: list(catalogue().packages),
    help="The package type",
)
@click.option(
    "--app-template",
    cls=LazyOption,
    section=WHAT,
    metavar="NAME",
    choices=templates,
    listing="list templates",
    help="The template, also as sam init calls it",
)
@click.option(
    "--handler",
    cls=Option,
    section=WHAT,
    metavar="PATH[:FUNCTION]",
    help="Your own code instead of a template's.",
)
@click.option(
    "-d",
    "--dependency-manager",
    cls=LazyOption,
    section=WHAT,
    metavar="MANAGER",
    choices=managers,
    help="The dependency manager",
)
@click.option(
    "-a",
    "--architecture",
    cls=LazyOption,
    section=WHAT,
    metavar="ARCH",
    choices=lambda: ["x86_64", "arm64"],
    help=f"The architecture [{host_architecture()}]",
)
@click.option(
    "--language",
    cls=LazyOption,
    section=WHAT,
    metavar="NAME",
    choices=languages,
    help="The language, of several on a runtime",
)
@click.option(
    "-i",
    "--base-image",
    cls=LazyOption,
    section=IMAGE,
    metavar="IMAGE",
    choices=bases,
    listing="list bases",
    help="The base image, or your own",
)
@setting_options
@custom_request.options
@click.option(
    "-o",
    "--output-dir",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    default=Path(),
    help="Where to create the project's folder.  [.]",
)
@click.option(
    "--answers",
    "answers_file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Read answers from a YAML or JSON file.",
)
@click.option(
    "--config-file",
    metavar="FILE",
    type=click.Path(),
    is_eager=True,
    callback=sources.read_configuration,
    help="The SAM CLI's configuration.  [samconfig.toml]",
)
@click.option(
    "--config-env",
    metavar="NAME",
    default=sources.DEFAULT_ENVIRONMENT,
    is_eager=True,
    callback=sources.read_configuration,
    help=f"The environment in it.  [{sources.DEFAULT_ENVIRONMENT}]",
)
@catalogue_option
@click.option("--save-params", is_flag=True, help="Save the flags of this command in it.")
@click.option("-y", "--defaults", is_flag=True, help="Ask nothing; use defaults for the rest.")
@click.option("--no-interactive", is_flag=True, help="Ask nothing; fail if an answer is missing.")
@click.option("--explain", is_flag=True, help="Show where each answer is from; write nothing.")
@click.option("--dry-run", is_flag=True, help="Show files and template.yaml; write nothing.")
@click.option("--force", is_flag=True, help="Use the project's folder if it is empty.")
@click.option("--preview", is_flag=True, help="Allow runtimes that AWS has in preview.")
@click.option(
    "--beta-features/--no-beta-features",
    cls=Option,
    section=HOW,
    default=None,
    help="Allow beta features of `sam build`.  [yes]",
)
@output_option
@click.pass_context
def init(  # noqa: PLR0913  click passes each option as an argument
    ctx: click.Context,
    /,
    output_dir: Path,
    answers_file: Path | None,
    output: str,
    *,
    save_params: bool,
    defaults: bool,
    no_interactive: bool,
    explain: bool,
    preview: bool,
    dry_run: bool,
    force: bool,
    beta_features: bool | None,
    **others: Any,  # noqa: ANN401  one for each answer, and what has had its effect by now
) -> None:
    """Create a new AWS SAM project.

    On a terminal, init asks for what the flags leave open. Everything is checked before the project is created, whole
    or not at all.
    """
    if custom := custom_request.template_of(ctx):
        _create_custom(ctx, custom)
        return
    asked = sources.gather(ctx, others, answers_file)
    how = {"preview": preview, "defaults": defaults}
    given = sources.with_team_defaults(asked, **how)
    elsewhere = {keys: source.location for keys, source in given.sources.items() if source.is_elsewhere}
    with catalogues.hint_for(answers_file), answers_from(elsewhere):
        resolution = examine(catalogue(), given.answers, **how)
        # A person is asked for what only a team has a default for: it is preselected.
        unaided = resolution if asked is given else examine(catalogue(), asked.answers, **how)
        if beta_features is False and resolution.spec:
            _refuse_beta_features(resolution.spec)
        if explain:
            from scaffold.cli import explain as explanation  # noqa: PLC0415  takes time to load

            explanation.show(given, resolution, output)
            return
        reason = _why_not_ask(given.answers, output, defaults=defaults, no_interactive=no_interactive)
        spec = _decided(ctx, resolution, unaided, reason)
        if not isinstance(spec, ProjectSpec):
            _create_custom(ctx, spec)
            return
        _tell_own_code(spec)
        for warning in advice.warnings(catalogue(), spec):
            say("Warning", warning, "yellow")
        if note := advice.note_on_identifier(catalogue(), given.answers.app_template, spec):
            say("Note", note, "cyan")
        from scaffold import project  # noqa: PLC0415

        if dry_run:
            _show_preview(spec, project.preview(catalogue(), spec), output)
            return
        with sources.saving(ctx) if save_params else nullcontext():
            target = project.create(catalogue(), spec, output_dir, force=force)
    if output == "json":
        _print_result(spec, target, given.answers)
    else:
        _show_project(spec, target)


def _create_custom(ctx: click.Context, custom: CustomAnswers) -> None:
    from scaffold.cli import custom_template  # noqa: PLC0415  takes time to load, and few runs need it

    custom_template.create(ctx, custom)


def _decided(
    ctx: click.Context, resolution: Resolution, unaided: Resolution, reason: str
) -> ProjectSpec | CustomAnswers:
    """Return the project that answers make; the wizard asks for what is missing, unless there is a ``reason`` not to.

    ``unaided`` is what they make without a team's defaults. A person may choose a custom template there instead.
    """
    params = ctx.params
    is_open = any(problem.location == ("handler",) and problem.allowed for problem in unaided.problems)
    if reason or not (unaided.missing or is_open):
        return _with_digests(resolution.require(reason), "", dry_run=params["dry_run"])
    if unaided.problems and not is_open:
        raise InvalidAnswersError(unaided.problems)
    from scaffold import wizard  # noqa: PLC0415

    output_dir = params["output_dir"]
    spec = wizard.run(catalogue(), unaided.answers, output_dir, preview=params["preview"], force=params["force"])
    if not isinstance(spec, ProjectSpec):
        return spec
    if params["beta_features"] is False:
        _refuse_beta_features(spec)
    again = f"\nTo create the same project again:\n  {command_line(spec, output_dir)}"
    return _with_digests(spec, again, dry_run=params["dry_run"])


_SHOWN = 5  # of many files, none by its name


def _why_not_ask(answers: Answers, output: str, *, defaults: bool, no_interactive: bool) -> str:
    """Return why nobody can be asked for what is missing, and what to do; nothing if somebody can."""
    if defaults:
        return "Some answers have no default: pass these flags."
    if no_interactive:
        reason = "--no-interactive asks nothing"
    elif output == "json":
        reason = "--output json asks nothing"
    elif not is_terminal():
        reason = "there is no terminal to ask on"
    elif answers.functions:  # the wizard asks about a single function
        reason = "nobody is asked about several functions"
    else:
        return ""
    return f"Nothing was asked, since {reason}: pass these flags, or --defaults to take the defaults."


def _refuse_beta_features(spec: ProjectSpec) -> None:
    """Refuse dependency managers that `sam build` has in beta; raises :class:`InvalidAnswersError`."""
    for function in spec.functions:
        if context(catalogue(), spec, function)["beta_features"]:
            managers = catalogue().languages[function.language].managers
            others = [name for name, row in managers.items() if not row.get("beta_features")]
            message = f"`sam build` has {function.dependency_manager} in beta, which --no-beta-features refuses"
            hint = f"use {' or '.join(others)}, or leave out --no-beta-features" if others else "leave it out"
            raise InvalidAnswersError([Problem(("dependency_manager",), message, hint)])


def _with_digests(spec: ProjectSpec, again: str, *, dry_run: bool) -> ProjectSpec:
    """Return a project with its digests, and print ``again``, if there is something of it, whatever comes of that.

    So nobody has to answer everything again where a registry does not. What is just shown needs no digests.
    """
    try:
        return spec if dry_run else _pinned(spec)
    finally:
        if again:
            echo(again, err=True)


def _pinned(spec: ProjectSpec) -> ProjectSpec:
    """Return a project whose images are pinned with the digest of each; those not given are asked of registries.

    Raises :class:`InvalidAnswersError` for digests of images that it does not have, and for those that nobody knows.
    """
    if not spec.pin:
        return spec
    from scaffold import project, registry  # noqa: PLC0415  take time to load

    images = [name for name in project.images(catalogue(), spec) if "@" not in name]
    strange = [name for name in spec.digest if name not in images]
    if strange:
        hint = f"it has {', '.join(images)}"
        raise InvalidAnswersError(
            Problem(("digest",), f"no Dockerfile of the project starts from {name}", hint, tuple(images))
            for name in strange
        )
    open_images = [name for name in images if name not in spec.digest]
    if open_images:
        echo(f"Asking for the digests of {', '.join(open_images)} …", err=True)
    digests = {**spec.digest, **registry.digests(open_images)}
    return replace(spec, digest={name: digests[name] for name in images})


def command_line(spec: ProjectSpec, output_dir: Path = Path()) -> str:
    """Return the command line that creates the same project without a question."""
    function = spec.functions[0]
    language = catalogue().languages[function.language]
    runtime = language.runtime(function.runtime)
    words = ["sam-scaffold", "init", "--name", spec.name]
    words += ["--runtime", language.cli_name(runtime) if runtime else function.runtime]
    if words[-1] == function.runtime and function.runtime not in language.own_runtimes:
        words += ["--language", function.language]
    words += ["--package-type", function.package_type, "--dependency-manager", function.dependency_manager]
    words += ["--base-image", base] if (base := catalogue().explicit_base(function)) else []
    words += ["--architecture", function.architecture, "--app-template", function.use_case]
    if function.own:
        is_said = function.own.given.endswith((f":{function.own.function}", f":{function.own.handler}"))
        words += ["--handler", function.own.given + ("" if is_said else f":{function.own.handler}")]
    words += settings.arguments(function.settings)
    words += settings.arguments({**settings.of_project(spec), **catalogue().refused_defaults(spec)})
    if output_dir != Path():
        words += ["--output-dir", str(output_dir)]
    return shlex.join([*words, *catalogues.words(), "--no-interactive"])


def _show_preview(spec: ProjectSpec, preview: Preview, output: str) -> None:
    if output == "json":
        result(dry_run=True, files=list(preview.files), template=preview.template)
        return
    echo(f"{spec.name}/")
    for file in preview.files:
        echo(f"  {file}")
    echo(f"\ntemplate.yaml:\n\n{preview.template}", nl=False)


def _print_result(spec: ProjectSpec, target: Path, given: Answers) -> None:
    """Print the keys of ``sam init --output json`` with what was said, and what that was resolved to."""
    from scaffold.answers import cell  # noqa: PLC0415  takes time to load

    function = spec.functions[0]
    language = catalogue().languages[function.language]
    runtime = language.runtime(function.runtime)
    of_image = template_of_image = None
    if runtime and given.base_image:  # sam reads the runtime off its name, and has one template for most images
        of_image = language.cli_name(runtime)
        rows = catalogue().use_cases[function.use_case].identifiers
        template_of_image = next((row["id"] for row in rows if row.get("package") == "Image"), None)
    result(
        project_directory=str(target.absolute()),
        template_file=str(target.absolute() / "template.yaml"),
        runtime=given.runtime or of_image,
        package_type=function.package_type,
        dependency_manager=given.dependency_manager,
        app_template=given.app_template or template_of_image,
        architectures=[function.architecture],
        functions=[{"name": other.name, **cell(other), **_own_code(other)} for other in spec.functions],
    )


def _own_code(function: FunctionSpec) -> dict[str, Any]:
    """Return what JSON says of code that exists already: the handler in it, and what was copied and what was not."""
    own = function.own
    if own is None:
        return {}
    left_out = [{"path": one.path, "reason": one.reason} for one in own.left_out]
    return {"entry_point": own.handler, "copied": list(own.files), "left_out": left_out}


def _show_project(spec: ProjectSpec, target: Path) -> None:
    contexts = [context(catalogue(), spec, function) for function in spec.functions]
    summary = "; ".join(
        dict.fromkeys(
            f"{values['use_case_title']}, {values['runtime_title']}, {function.package_type}, {function.architecture}"
            for function, values in zip(spec.functions, contexts, strict=True)
        )
    )
    echo(f"{click.style('Created', fg='green')} {target}: {summary}. The SAM translator accepts it.")
    needs = [*requirements(contexts), *requirements(contexts, "build_needs")]
    named = ", ".join(["the AWS SAM CLI", "Docker", *(_MARKDOWN_LINK.sub(r"\1", need) for need in needs)])
    echo(f"\nNext steps, with {named}:")
    commands = [*contexts[0]["install"], *contexts[0]["test"]] if len(contexts) == 1 else ["make test"]
    for line in [f"cd {shlex.quote(str(target))}", *commands, build_command(contexts)]:
        echo(f"  {line}")
    echo("\nIts README.md explains the rest.")


def _tell_own_code(spec: ProjectSpec) -> None:
    """Tell on standard error what was found in code that exists already, and what of it the project does not get."""
    for own in (function.own for function in spec.functions if function.own):
        names = ", ".join(map(shown, own.files)) if len(own.files) <= _SHOWN else f"{len(own.files)} files"
        echo(f"Handler: {own.handler} in {shown(own.entry)}", err=True)
        echo(f"Copied from {shown(str(own.root))}: {names}", err=True)
        for one in own.left_out:
            echo(f"Left out: {shown(one.path)} ({one.reason})", err=True)
