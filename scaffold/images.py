"""The images that a template has built: what is wrong with the Dockerfile of each function that has one.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-cli-using-build.html
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scaffold import template
from scaffold.dockerfile_rules import Finding, Use, findings
from scaffold.errors import OutputError, TemplateError
from scaffold.intrinsics import known_entries

if TYPE_CHECKING:
    from collections.abc import Iterator

_FUNCTIONS = ("AWS::Serverless::Function", "AWS::Lambda::Function")
_DEFAULT_ARCHITECTURE = "x86_64"


def findings_of(path: Path, text: str) -> list[Finding]:
    """Return what is wrong with the Dockerfiles that a template names, each thing once.

    ``text`` is the template and ``path`` the file that it came from, which the paths in it are relative to. A
    Dockerfile that is not there is left to ``sam build``, and a template that is not YAML to its own check. Raises
    :class:`OutputError` for a Dockerfile that cannot be read.
    """
    try:
        value = template.plain(text)
    except TemplateError:
        return []
    found: dict[Finding, None] = {}
    for file, use in _dockerfiles(path.parent, value, buildkit=_takes_buildkit(path.parent)):
        try:
            # What is not UTF-8 in it, Docker takes as it is: a comment, most likely.
            content = file.read_text(encoding="utf-8", errors="replace")
        except OSError as error:
            raise OutputError(f"{file}: {error.strerror}", "give yourself the right to read it") from error
        found |= dict.fromkeys(findings(content, file, use))
    return list(found)


def _dockerfiles(folder: Path, value: Any, *, buildkit: bool) -> Iterator[tuple[Path, Use]]:  # noqa: ANN401
    """Yield the Dockerfile of each function that has one, with what the template says of its use."""
    shared = _mapping(_mapping(_mapping(value).get("Globals")).get("Function"))
    for resource in map(_mapping, _mapping(_mapping(value).get("Resources")).values()):
        properties, metadata = _mapping(resource.get("Properties")), _mapping(resource.get("Metadata"))
        if resource.get("Type") not in _FUNCTIONS or properties.get("PackageType") != "Image":
            continue
        context, name = metadata.get("DockerContext"), metadata.get("Dockerfile")
        target = metadata.get("DockerBuildTarget")
        is_known = "DockerBuildTarget" not in metadata or isinstance(target, str)
        if not isinstance(context, str) or not isinstance(name, str) or not is_known:
            continue
        file = Path(os.path.normpath(folder / context / name))
        if metadata.get("SkipBuild") in (True, "true", "True") or not file.is_file():
            continue
        image_config = properties.get("ImageConfig", {})
        is_open = not isinstance(known_entries(image_config), dict)  # an intrinsic function may set everything
        arguments = _mapping(metadata.get("DockerBuildArgs"))
        yield (
            file,
            Use(
                architecture=_architecture(properties.get("Architectures", shared.get("Architectures", []))),
                target=target,
                arguments={key: one if isinstance(one, str) else None for key, one in arguments.items()},
                sets_entry_point=is_open or "EntryPoint" in image_config,
                sets_command=is_open or "Command" in image_config,
                buildkit=buildkit,
            ),
        )


def _mapping(value: Any) -> dict[str, Any]:  # noqa: ANN401  whatever stands there
    known = known_entries(value)
    return known if isinstance(known, dict) else {}


def _architecture(value: Any) -> str | None:  # noqa: ANN401
    """Return the architecture of a function; ``None`` where that is not known."""
    if value == []:
        return _DEFAULT_ARCHITECTURE
    return value[0] if isinstance(value, list) and len(value) == 1 and isinstance(value[0], str) else None


def _takes_buildkit(folder: Path) -> bool:
    """Return whether samconfig.toml beside a template has ``sam build`` take BuildKit, in any of its environments."""
    try:
        tables = tomllib.loads((folder / "samconfig.toml").read_text(encoding="utf-8")).values()
    except (OSError, ValueError):  # sam itself complains of one that it cannot read
        return False
    commands = [command for table in map(_mapping, tables) for command in (table.get("build"), table.get("global"))]
    return any(_mapping(_mapping(command).get("parameters")).get("use_buildkit") is True for command in commands)
