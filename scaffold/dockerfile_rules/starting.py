"""Rules on what Lambda starts: the entry point, the handler, and the form in which they are given."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaffold.dockerfile_rules.judged import Command, Finding, Image
    from scaffold.dockerfile_rules.stages import Reference

# A handler as AWS's base images take it: app.lambda_handler, src/app.handler, helloworld.App::handleRequest. A program
# that is named so would have one of the endings of programs.
_HANDLER = re.compile(r"[\w/-]+(\.[\w-]+)*(::\w+|\.(?!(?:py|js|[cm]js|ts|sh|rb|jar|dll|exe|bin|pl|php|out|so)$)\w+)")
# They listen on a port, and know nothing of Lambda's runtime API.
_SERVER = re.compile(
    r"apache2ctl|apachectl|caddy|catalina\.sh|daphne|flask|granian|gunicorn|httpd|hypercorn|nginx|php-fpm|puma|rackup|unicorn"
    r"|uvicorn|waitress-serve"
)
_PYTHON = re.compile(r"python[\d.]*")


def entry_point(image: Image) -> Iterator[Finding]:
    """Look for what starts a program that speaks with Lambda: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html."""
    base = image.base
    if base is None or image.use.sets_entry_point or image.entry_point:
        return
    if base.is_os_only:
        yield from _bootstrap(image, base)
    if not base.is_plain or image.use.sets_command:
        return
    line, command = image.final.source.line, image.command("CMD")
    remedy = "start a runtime interface client with ENTRYPOINT, or use one of AWS's base images"
    if command is None:
        if not image.has_adapter:
            yield image.error(
                "entry-point", line, f"{base} has no runtime interface client, and nothing starts one", remedy
            )
    elif not command.is_shell and len(command.words) == 1 and _HANDLER.fullmatch(command.words[0]):
        message = f"{command.words[0]} is a handler, and {base} has no entry point that takes one"
        yield image.error("entry-point", command.step.line, message, remedy)


def _bootstrap(image: Image, base: Reference) -> Iterator[Finding]:
    """Look for the program that an OS-only image is to run: /var/runtime/bootstrap."""
    for step in image.steps:
        text = step.instruction.text + "".join(step.instruction.heredocs)
        brings_folders = step.instruction.name in ("COPY", "ADD") and text.split()[-1].strip('"]') in (
            "/",
            "/var",
            "/var/",
        )
        if brings_folders or re.search(r"bootstrap|/var/runtime|LAMBDA_RUNTIME_DIR", text):
            return
    message = f"{base} has no runtime, and nothing puts a program at /var/runtime/bootstrap"
    yield image.error("entry-point", image.final.source.line, message, "copy it there, or start it with ENTRYPOINT")


def handler(image: Image) -> Iterator[Finding]:
    """Look for the one argument that the entry point of AWS's base images takes: the handler."""
    base = image.base
    if base is None or not base.is_aws:
        return
    if image.use.sets_entry_point or image.use.sets_command or image.entry_point:
        return
    command = image.command("CMD")
    if command is None or (not command.is_shell and not command.words):
        line = command.step.line if command else image.final.source.line
        what = "any word" if base.is_os_only else "the handler"
        remedy = f'add a CMD with {what} in it, such as CMD ["app.handler"]'
        yield image.error(
            "handler", line, f"the entry point of {base} takes {what} from CMD, and there is none", remedy
        )
    elif not command.is_shell and len(command.words) > 1:
        message = f"the entry point of {base} takes one word from CMD, the handler, and this has {len(command.words)}"
        yield image.error("handler", command.step.line, message, "leave the handler alone, or set an ENTRYPOINT")


def shell_form(image: Image) -> Iterator[Finding]:
    """Look for commands that Docker hands to /bin/sh, with -c before them."""
    command, entry = image.command("CMD"), image.command("ENTRYPOINT")
    takes_handler = image.base is not None and image.base.is_aws and not image.entry_point
    has_own = image.entry_point and not image.entry_point.is_shell
    if entry and entry.is_shell and not image.use.sets_entry_point:
        surprise = "ENTRYPOINT in shell form takes nothing from CMD, and is no child of Lambda's own"
        yield _in_shell_form(image, entry, "ENTRYPOINT", surprise)
    if command is None or not command.is_shell or image.use.sets_command:
        return
    if image.use.sets_entry_point or takes_handler or has_own:
        message = "CMD in shell form hands /bin/sh and -c to the entry point, not the handler"
        yield image.error("shell-form", command.step.line, message, _write_json(command, "CMD"))
    elif entry is None:
        yield _in_shell_form(image, command, "CMD", "CMD in shell form runs under /bin/sh")


def _in_shell_form(image: Image, command: Command, name: str, surprise: str) -> Finding:
    """Return what a shell makes of a command: an error where it surely fails, or a warning that tells of a surprise."""
    remedy = _write_json(command, name)
    if image.base is not None and _has_no_shell(image.base):
        message = f"{name} in shell form needs a shell, and {image.base} has none"
        return image.error("shell-form", command.step.line, message, remedy)
    if command.step.instruction.text.startswith("["):
        message = f"{name} is not JSON, so that a shell is to run a program called ["
        return image.error("shell-form", command.step.line, message, remedy)
    return image.warning("shell-form", command.step.line, surprise, remedy)


def _write_json(command: Command, name: str) -> str:
    is_meant = command.step.instruction.text.startswith("[")
    return f"{'JSON takes double quotes' if is_meant else 'write it as JSON'}: {_as_json(command, name)}"


def _has_no_shell(base: Reference) -> bool:
    is_distroless = base.repository.startswith("gcr.io/distroless/") and not base.tag.startswith("debug")
    return base.repository == "scratch" or is_distroless


def _as_json(command: Command, name: str) -> str:
    """Return a command of the shell form in the JSON form, where a shell does nothing for it."""
    text = command.step.instruction.text.strip()
    words = (
        [word.strip("'\" ,") for word in re.split(r"[\s,]+", text.strip("[]"))] if text[:1] == "[" else [*command.words]
    )
    if re.search(r"[$|&;<>*`]", text):
        words = ["/bin/sh", "-c", "exec …"]
    return f"{name} [" + ", ".join(f'"{word}"' for word in words if word) + "]"


def web_server(image: Image) -> Iterator[Finding]:
    """Look for a web server alone: it answers requests, and Lambda has events."""
    if image.use.sets_entry_point or image.use.sets_command or image.has_adapter:
        return
    base = image.base
    if base is None or not (base.is_plain or base.is_aws):
        return
    commands = [command for command in (image.entry_point, image.command("CMD")) if command]
    words = [word for command in commands for word in command.words]
    words = words[1:] if words[:1] == ["exec"] else words
    if len(words) > 2 and _PYTHON.fullmatch(words[0].rpartition("/")[2]) and words[1] == "-m":  # noqa: PLR2004
        words = words[2:]
    program = words[0].rpartition("/")[2] if words else ""
    if _SERVER.fullmatch(program):
        message = f"{program} waits for requests, and asks Lambda for no events"
        remedy = "copy the Lambda Web Adapter into /opt/extensions, or start a runtime interface client"
        yield image.warning("web-server", commands[0].step.line, message, remedy)
