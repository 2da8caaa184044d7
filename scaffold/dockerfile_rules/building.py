"""Rules on how an image is built: from what, for which processor, by which builder, and what it gives away."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaffold.dockerfile_rules.stages import PLATFORM_ARGUMENTS, Reference, find
from scaffold.dockerfile_rules.syntax import expand, pairs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaffold.dockerfile_rules.judged import Finding, Image
    from scaffold.dockerfile_rules.stages import Step

# Flags that Docker's older builder, which `sam build` takes, refuses.
_BUILDKIT_FLAGS = frozenset(
    (
        "checksum",
        "chmod",
        "device",
        "exclude",
        "keep-git-dir",
        "link",
        "mount",
        "network",
        "parents",
        "security",
        "unpack",
    )
)
_PLATFORMS = {"amd64": "x86_64", "x86_64": "x86_64", "arm64": "arm64", "aarch64": "arm64"}
_OF_TAG = re.compile(r"(?:^|[.-])(x86_64|amd64|arm64|aarch64)(?:v8)?$")
_OF_REPOSITORY = re.compile(r"^(amd64|arm64)(?:v8)?/")
_SECRET = re.compile(
    r"(?:^|_)(?:password|passwd|secret|token|credentials?|(?:api|access|private|secret)_?key)$", re.IGNORECASE
)
# Recognised by their form: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
_SECRET_VALUE = re.compile(r"\bA(?:KIA|SIA)[A-Z0-9]{16}\b|-----BEGIN [A-Z ]*PRIVATE KEY|\bgh[pousr]_\w{36}")
_NO_SECRET = re.compile(r"|true|false|none|null|\d+|changeme|dummy|placeholder|xxx+", re.IGNORECASE)


def syntax(image: Image) -> Iterator[Finding]:
    """Look for what Docker does not read."""
    mistakes = [(mistake.line, mistake.message, mistake.hint) for mistake in image.source.mistakes]
    first = next((one for one in image.source.instructions if one.name != "ARG"), None)
    if not mistakes and (first is None or first.name != "FROM"):
        line = first.line if first else 1
        mistakes.append((line, "the first instruction must be FROM", "say which image it starts from"))
    for stage in image.stages:
        words = stage.source.text.split()
        if len(words) not in (1, 3) or (len(words) == 3 and words[1].lower() != "as"):  # noqa: PLR2004
            mistakes.append((stage.source.line, "FROM takes an image, and a name after AS", "write FROM image AS name"))
    if not image.has_target:
        names = ", ".join(stage.name for stage in image.stages if stage.name) or "none"
        message = f"there is no stage {image.use.target}, which DockerBuildTarget names"
        mistakes.append((image.final.source.line, message, f"name one of those that are there ({names})"))
    for line, message, remedy in sorted(mistakes):
        yield image.error("syntax", line, message, remedy)


def base_image_tag(image: Image) -> Iterator[Finding]:
    """Look for images without a version, which are other ones tomorrow."""
    names = {one.name.lower() for one in image.stages if one.name}  # one that comes too late is an error already
    for number, one in enumerate(image.stages):
        if one.reference and one.reference.repository not in ("scratch", *names):
            yield from _moving(image, one.source.line, one.reference)
        for step in one.own:
            name = step.expand(step.instruction.flag("from") or "") if step.instruction.name == "COPY" else None
            if name and not name.isdecimal() and not find(image.stages[:number], name):
                # A name alone may be a context that the build is given.
                reference = Reference.of(name)
                if reference.tag or "/" in name:
                    yield from _moving(image, step.line, reference)


def stage(image: Image) -> Iterator[Finding]:
    """Look for stages that come too late, or not at all: Docker takes their names for those of images."""
    later = {one.name.lower() for one in image.stages if one.name}
    for line, name in no_stages(image):
        remedy = "name a stage that begins above it"
        if name.isdecimal():
            yield image.error("stage", line, f"there is no stage {name} above", remedy)
        elif name.lower() in later:
            yield image.error("stage", line, f"the stage {name} is not there yet, so an image is looked for", remedy)


def no_stages(image: Image) -> Iterator[tuple[int, str]]:
    """Yield the names that stand in the place of a stage's and are none above, each with its line.

    Those of well-known images are left out, and what has a tag, a digest or a registry. Others may still be images of
    whoever builds.
    """
    for number, one in enumerate(image.stages):
        reference = one.reference
        if reference and reference.repository != "scratch" and not reference.is_plain and _is_word(reference):
            yield one.source.line, reference.repository
        for step in one.own:
            for name in _sources(step):
                is_missing = int(name) >= number if name.isdecimal() else _is_word(Reference.of(name))
                if is_missing and not find(image.stages[:number], name):
                    yield step.line, name


def unused_stages(image: Image) -> Iterator[tuple[int, str]]:
    """Yield the stages before the last that nothing starts or copies from, each with its line and its name, if any."""
    used: set[int] = set()
    for number, one in enumerate(image.stages):
        used |= {image.stages.index(one.parent)} if one.parent else set()
        for step in one.own:
            for name in _sources(step):
                source = find(image.stages[:number], name)
                used |= {int(name)} if name.isdecimal() else {image.stages.index(source)} if source else set()
    for number, one in enumerate(image.stages[:-1]):
        if number not in used:
            yield one.source.line, one.name


def _sources(step: Step) -> Iterator[str]:
    """Yield what an instruction takes files from: an image, a stage by its name, or one by its number."""
    mounts = [value for name, value in step.instruction.flags if name == "mount"]
    named = [part[5:] for value in mounts for part in value.split(",") if part.startswith("from=")]
    for text in (step.instruction.flag("from"), *named):
        if text and (name := step.expand(text)):
            yield name


def _is_word(reference: Reference) -> bool:
    return not (reference.tag or reference.digest or re.search(r"[/.:$]", reference.repository))


def _moving(image: Image, line: int, reference: Reference) -> Iterator[Finding]:
    if reference.digest or (reference.tag and reference.tag != "latest"):
        return
    how = "moves to each new version" if reference.tag else "has no tag, so that it moves to each new version"
    remedy = "name the tag of a version, or a digest"
    yield image.warning("base-image-tag", line, f"{reference} {how}", remedy)


def architecture(image: Image) -> Iterator[Finding]:
    """Look for images that are not for Linux, or not for the function's architecture."""
    for stage in image.final.lineage:
        line, platform = stage.source.line, stage.platform or ""
        reference = stage.reference or Reference("")
        system, _, rest = platform.partition("/")
        if system == "windows" or re.search(r"(^|/)windows/|nanoserver|servercore", reference.repository):
            remedy = "start from an image for Linux"
            yield image.error("architecture", line, "Lambda runs images for Linux alone", remedy)
            continue
        of_name = _OF_TAG.search(reference.tag) or _OF_REPOSITORY.match(reference.repository)
        asked = rest.partition("/")[0] or (of_name[1] if of_name else "")
        wanted = image.use.architecture
        if wanted and asked and _PLATFORMS.get(asked, asked) != wanted:
            what = f"--platform={platform}" if rest else str(reference)
            message = f"{what} is for {asked}, and the function for {wanted}"
            remedy = (
                "leave --platform out, which sam build sets, and name an image for both"
                if rest
                else (f"take the image for {wanted}, or change Architectures in the template")
            )
            yield image.error("architecture", line, message, remedy)


def buildkit(image: Image) -> Iterator[Finding]:
    """Look for what Docker's older builder refuses, which ``sam build`` takes.

    https://docs.docker.com/build/buildkit/#getting-started tells which builder is taken otherwise.
    """
    if image.use.buildkit:
        return
    declared = {name for name in PLATFORM_ARGUMENTS if name in image.use.arguments}
    for instruction in image.source.instructions:
        what = [f"--{name}" for name, _ in instruction.flags if name in _BUILDKIT_FLAGS]
        what += ["here-documents"] if instruction.heredocs else []
        if instruction.name == "FROM" and expand(instruction.text, image.shared, "") is None:
            what += _named(instruction.text)
        if instruction.name == "FROM":
            what += _named(instruction.flag("platform") or "")
        if instruction.name == "ARG":
            what += [name for name, value in pairs(instruction) if name in PLATFORM_ARGUMENTS and not value]
        if what := [name for name in dict.fromkeys(what) if name not in declared]:
            message = f"{', '.join(what)} needs BuildKit, and sam build takes Docker's older builder"
            yield image.warning("buildkit", instruction.line, message, "do without, or run sam build --use-buildkit")


def _named(text: str) -> list[str]:
    return [name for name in re.findall(r"\$\{?(\w+)", text) if name in PLATFORM_ARGUMENTS]


def secret(image: Image) -> Iterator[Finding]:
    """Look for secrets: whoever has the image reads its variables, and in its history the build arguments."""
    final = {step.line for step in image.steps}
    for instruction in image.source.instructions:
        if instruction.name not in ("ENV", "ARG"):
            continue
        for name, value in pairs(instruction, image.source.escape):
            is_named = _SECRET.search(name) is not None
            is_written = bool(value) and "$" not in str(value) and not _NO_SECRET.fullmatch(str(value))
            is_passed = instruction.line in final and (value is None or "$" in value)
            if (is_named and (is_written or is_passed)) or _SECRET_VALUE.search(value or ""):
                message = f"{name} looks like a secret, and everyone who has the image can read it"
                remedy = (
                    "leave it out; a function reads secrets from AWS Secrets Manager, a build from --mount=type=secret"
                )
                yield image.warning("secret", instruction.line, message, remedy)
