"""What is found in Dockerfiles: each rule by what breaks it, and nothing in those that are right.

In those of the catalogue nothing is found either, of which test_cells.py makes sure.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import ROOT, can
from scaffold.dockerfile_rules import SOURCES, Finding, Use, findings
from scaffold.dockerfile_rules.files import may_read
from scaffold.dockerfile_rules.stages import Reference, stages
from scaffold.dockerfile_rules.syntax import pairs, parse
from scaffold.errors import FilePosition

# As they are written by AWS's guides and by others, each right in its way.
GOOD = sorted((Path(__file__).parent / "dockerfiles").glob("*.Dockerfile"))
AWS = "FROM public.ecr.aws/lambda/python:3.14\n"
HANDLER = 'CMD ["app.handler"]\n'
SLIM = "FROM python:3.14-slim\n"
CLIENT = 'ENTRYPOINT ["python", "-m", "awslambdaric"]\nCMD ["app.handler"]\n'
HERE = Path("Dockerfile")


def found(text: str, use: Use | None = None) -> list[tuple[str, int | None, bool]]:
    """Return rule, line, and whether it surely fails, of each finding."""
    return [(one.rule, one.location.line, one.is_error) for one in findings(text, HERE, use) if is_located(one)]


def is_located(finding: Finding) -> bool:
    assert isinstance(finding.location, FilePosition)
    assert finding.location.file == "Dockerfile"
    assert finding.rule in SOURCES
    assert finding.hint.endswith(SOURCES[finding.rule])
    assert finding.message[-1] not in ".:"
    return True


@pytest.mark.parametrize("file", GOOD, ids=lambda file: file.stem)
@pytest.mark.parametrize("architecture", ["x86_64", "arm64"])
def test_a_good_dockerfile_has_nothing_to_find(file: Path, architecture: str) -> None:
    text = file.read_text()
    for variant in (text, text.replace("\n", "\r\n"), "\ufeff" + text, text.rstrip()):
        assert findings(variant, file, Use(architecture)) == []


ERROR, WARNING = True, False
BROKEN = [
    # What is started
    (SLIM, [("entry-point", 1, ERROR)]),
    ("FROM scratch\nCOPY app /\n", [("entry-point", 1, ERROR)]),
    (SLIM + HANDLER, [("entry-point", 2, ERROR)]),
    ('FROM eclipse-temurin:25-jre\nCMD ["shop.App::handleRequest"]\n', [("entry-point", 2, ERROR)]),
    ('FROM public.ecr.aws/lambda/provided:al2023\nCOPY main .\nCMD ["main"]\n', [("entry-point", 1, ERROR)]),
    (AWS + "COPY app.py .\n", [("handler", 1, ERROR)]),
    (AWS + "CMD []\n", [("handler", 2, ERROR)]),
    (AWS + 'CMD ["python", "app.py"]\n', [("handler", 2, ERROR)]),
    (AWS + 'ENTRYPOINT ["/lambda-entrypoint.sh"]\n', [("handler", 1, ERROR)]),
    ("FROM amazon/aws-lambda-nodejs:22\n", [("handler", 1, ERROR)]),
    # The form of commands
    (AWS + "CMD app.handler\n", [("shell-form", 2, ERROR)]),
    (AWS + "CMD ['app.handler']\n", [("shell-form", 2, ERROR)]),
    (AWS + HANDLER + "CMD app.handler\n", [("shell-form", 3, ERROR)]),
    (SLIM + 'ENTRYPOINT ["python", "-m", "awslambdaric"]\nCMD app.handler\n', [("shell-form", 3, ERROR)]),
    (SLIM + "CMD ['python', '-m', 'awslambdaric', 'app.handler']\n", [("shell-form", 2, ERROR)]),
    (SLIM + "CMD python -m awslambdaric app.handler\n", [("shell-form", 2, WARNING)]),
    (SLIM + "ENTRYPOINT python -m awslambdaric app.handler\n", [("shell-form", 2, WARNING)]),
    ("FROM scratch\nCOPY app /\nENTRYPOINT /app\n", [("shell-form", 3, ERROR)]),
    ("FROM gcr.io/distroless/cc-debian12:nonroot\nCMD /app\n", [("shell-form", 2, ERROR)]),
    (SLIM + 'CMD ["gunicorn", "app:app"]\n', [("web-server", 2, WARNING)]),
    (SLIM + 'ENTRYPOINT ["python", "-m"]\nCMD ["uvicorn", "app:app"]\n', [("web-server", 2, WARNING)]),
    ('FROM nginx:1.29\nENTRYPOINT ["/usr/sbin/nginx", "-g", "daemon off;"]\n', [("web-server", 2, WARNING)]),
    # What an image starts from
    (AWS.replace(":3.14", "") + HANDLER, [("base-image-tag", 1, WARNING)]),
    (AWS.replace("3.14", "latest") + HANDLER, [("base-image-tag", 1, WARNING)]),
    ("ARG TAG=latest\nFROM public.ecr.aws/lambda/python:${TAG}\n" + HANDLER, [("base-image-tag", 2, WARNING)]),
    ("FROM registry:5000/team/base\n", [("base-image-tag", 1, WARNING)]),
    (AWS + "COPY --from=ghcr.io/astral-sh/uv:latest /uv /bin/\n" + HANDLER, [("base-image-tag", 2, WARNING)]),
    # Stages
    (f"FROM code AS late\n{SLIM.strip()} AS code\n{CLIENT}", [("stage", 1, ERROR)]),
    (f"{SLIM}COPY --from=code /a /b\n{SLIM.strip()} AS code\n{CLIENT}", [("stage", 2, ERROR)]),
    (SLIM + "COPY --from=1 /a /b\n" + CLIENT, [("stage", 2, ERROR)]),
    (
        f"{SLIM.strip()} AS code\nFROM code\nRUN --mount=from=later ls\nFROM code AS later\n{CLIENT}",
        [("stage", 3, ERROR), ("buildkit", 3, WARNING)],
    ),
    # What an image starts from
    ("FROM mcr.microsoft.com/windows/nanoserver:ltsc2025\n", [("architecture", 1, ERROR)]),
    # Files
    (AWS + "COPY --chmod=600 app.py .\n" + HANDLER, [("buildkit", 2, WARNING), ("unreadable", 2, WARNING)]),
    (AWS + "COPY --chmod=u=rwX,go= app.py .\n" + HANDLER, [("buildkit", 2, WARNING), ("unreadable", 2, WARNING)]),
    (AWS + "COPY app.py .\nRUN chmod 0700 app.py\n" + HANDLER, [("unreadable", 3, WARNING)]),
    (AWS + "RUN ls && chmod -R go-rwx ${LAMBDA_TASK_ROOT}\n" + HANDLER, [("unreadable", 2, WARNING)]),
    (AWS + "ADD https://example.com/model.bin /opt/\n" + HANDLER, [("unreadable", 2, WARNING)]),
    (
        SLIM + SLIM + "COPY --from=0 /root/.local /root/.local\nENV PATH=/root/.local/bin:$PATH\n" + CLIENT,
        [("unreadable", 4, WARNING)],
    ),
    (AWS + "RUN pip3 install --user -r requirements.txt\n" + HANDLER, [("unreadable", 2, WARNING)]),
    (SLIM + "WORKDIR /root/app\n" + CLIENT, [("unreadable", 2, WARNING)]),
    (AWS + "USER 1000:1000\n" + HANDLER, [("user", 2, WARNING)]),
    (AWS + "VOLUME /data /tmp/cache\n" + HANDLER, [("read-only", 2, WARNING)]),
    (AWS + 'VOLUME ["/data"]\n' + HANDLER, [("read-only", 2, WARNING)]),
    (AWS + "ENV TMPDIR=/var/task/tmp\n" + HANDLER, [("read-only", 2, WARNING)]),
    # Secrets
    (AWS + "ENV DB_PASSWORD=hunter22\n" + HANDLER, [("secret", 2, WARNING)]),
    (AWS + "ENV API_KEY hunter 22\n" + HANDLER, [("secret", 2, WARNING)]),
    (AWS + "ARG NPM_TOKEN\n" + HANDLER, [("secret", 2, WARNING)]),
    (AWS + "ENV ID=AKIAIOSFODNN7EXAMPLE\n" + HANDLER, [("secret", 2, WARNING)]),
    # What sam build's builder does not know
    (AWS + "RUN --mount=type=cache,target=/c pip install x\n" + HANDLER, [("buildkit", 2, WARNING)]),
    (AWS + "COPY --link app.py .\n" + HANDLER, [("buildkit", 2, WARNING)]),
    (AWS + "RUN <<EOF\nFROM nowhere\nEOF\n" + HANDLER, [("buildkit", 2, WARNING)]),
    (AWS + "COPY <<-'EOF' /var/task/app.py\n\tCMD x\n\tEOF\n" + HANDLER, [("buildkit", 2, WARNING)]),
    ("FROM --platform=$BUILDPLATFORM golang:1.27 AS build\n" + AWS + HANDLER, [("buildkit", 1, WARNING)]),
    (AWS + "ARG TARGETARCH\n" + HANDLER, [("buildkit", 2, WARNING)]),
    # What Docker does not read
    ("", [("syntax", 1, ERROR)]),
    ("# nothing yet\nARG A=1\n", [("syntax", 1, ERROR)]),
    ("RUN true\n" + AWS, [("syntax", 1, ERROR)]),
    (AWS + "COPPY . .\nRUNN x\n", [("syntax", 2, ERROR), ("syntax", 3, ERROR)]),
    (AWS + "CMD\n", [("syntax", 2, ERROR)]),
    ("FROM --platform=linux/amd64\n", [("syntax", 1, ERROR)]),
    (AWS + "ENV A=a\n" + "ENV A=$A$A$A$A$A$A$A$A\n" * 40 + HANDLER, []),
    (AWS + "RUN <<EOF\necho\n", [("syntax", 2, ERROR)]),
    ("FROM python:3.14 build\n" + CLIENT, [("syntax", 1, ERROR)]),
]


@pytest.mark.parametrize(("text", "expected"), BROKEN, ids=[text.replace("\n", " / ").strip() for text, _ in BROKEN])
def test_a_finding_has_a_rule_a_line_and_a_severity(text: str, expected: list[tuple[str, int, bool]]) -> None:
    assert found(text) == expected


def test_every_rule_is_broken_by_a_test() -> None:
    assert {rule for _, expected in BROKEN for rule, _, _ in expected} == {*SOURCES}


def test_every_rule_is_documented() -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \|", (ROOT / "docs/dockerfiles.md").read_text(), re.MULTILINE)
    assert sorted(rows) == sorted(SOURCES)


@pytest.mark.parametrize(
    ("text", "use"),
    [
        (AWS, Use(sets_command=True)),
        (AWS + "CMD app.handler\n", Use(sets_command=True)),
        (SLIM, Use(sets_entry_point=True)),
        (SLIM + CLIENT + "FROM scratch AS other\n", Use(target="0")),
        (SLIM.strip() + " AS Deployed\n" + CLIENT + "FROM scratch AS other\n", Use(target="deployed")),
        ("ARG TAG\nFROM public.ecr.aws/lambda/python:$TAG\n" + HANDLER, Use(arguments={"TAG": "3.14"})),
        ("ARG TAG=latest\nFROM public.ecr.aws/lambda/python:$TAG\n" + HANDLER, Use(arguments={"TAG": "3.14"})),
        ("FROM public.ecr.aws/lambda/python:${TAG:-3.14}\n" + HANDLER, None),
        (AWS + "ARG TARGETARCH=amd64\nRUN <<EOF\n:\nEOF\n" + HANDLER, Use(buildkit=True)),
        (AWS + "ARG TARGETARCH\n" + HANDLER, Use(arguments={"TARGETARCH": "arm64"})),
        # What makes other stages is not in the image.
        (SLIM + "USER 1000\nENV TMPDIR=/x\nVOLUME /x\nARG NPM_TOKEN\nCOPY x /root/x\n" + AWS + HANDLER, None),
        (AWS + "USER app\nRUN true\nUSER root\n" + HANDLER, None),
        (AWS + "ADD https://example.com/model.bin /opt/\nRUN chmod a+r /opt/model.bin\n" + HANDLER, None),
        (AWS + "ADD https://example.com/x.rpm /opt/\nRUN rpm -i /opt/x.rpm && rm /opt/x.rpm\n" + HANDLER, None),
        (AWS + 'RUN chmod 600 ""\n' + HANDLER, None),
        (AWS + "RUN chmod 600 ~/.netrc /etc/shadow && rm -f ~/.netrc\n" + HANDLER, None),
        (AWS + "COPY .npmrc /root/.npmrc\nENV PATH=/root/.cargo/bin:$PATH\n" + HANDLER, None),
        (AWS + "ENV DB_PASSWORD= AUTH_TOKEN=none PASSWORD_LENGTH=12 SECRET_ARN=arn:aws:x\n" + HANDLER, None),
        # A base image of one's own may bring anything.
        ("FROM registry.example.com/lambda:1\n", None),
        ("FROM registry.example.com/lambda:1\nCMD app.handler\n".replace("app.handler", '["app.handler"]'), None),
        ("ARG BASE\nFROM $BASE\n" + HANDLER, None),
        ("FROM nginx:1.29\nCOPY lambda-adapter /opt/extensions/\n", None),
        ('FROM python:3.14 AS base\nONBUILD CMD ["a", "b"]\nFROM base\n' + CLIENT, None),
        ('FROM public.ecr.aws/lambda/provided:al2023\nCOPY --from=x:1 /out /\nCMD ["x"]\n', None),
    ],
)
def test_what_is_right_or_not_known_is_no_finding(text: str, use: Use | None) -> None:
    assert found(text, use) == []


@pytest.mark.parametrize(
    ("first", "architecture", "is_wrong"),
    [
        ("FROM --platform=linux/arm64 public.ecr.aws/lambda/python:3.14", "x86_64", True),
        ("FROM --platform=linux/arm64/v8 public.ecr.aws/lambda/python:3.14", "arm64", False),
        ("FROM --platform=linux/amd64 public.ecr.aws/lambda/python:3.14", "x86_64", False),
        ("FROM --platform=linux/amd64 public.ecr.aws/lambda/python:3.14", None, False),
        ("FROM public.ecr.aws/lambda/python:3.14-arm64", "x86_64", True),
        ("FROM public.ecr.aws/lambda/python:3.14.2026.07.17.17-x86_64", "arm64", True),
        ("FROM public.ecr.aws/lambda/python:3.14-arm64", "arm64", False),
        ("FROM --platform=linux/arm64 python:3.14 AS build\nFROM public.ecr.aws/lambda/python:3.14", "x86_64", False),
        ("FROM --platform=linux/arm64 public.ecr.aws/lambda/python:3.14 AS a\nFROM a", "x86_64", True),
    ],
)
def test_an_image_is_for_the_architecture_of_its_function(first: str, architecture: str | None, is_wrong: bool) -> None:
    expected = [("architecture", 1, ERROR)] if is_wrong else []
    assert found(f"{first}\n{HANDLER}", Use(architecture)) == expected


def test_a_target_that_is_no_stage_is_told_with_those_that_are() -> None:
    (finding,) = findings(AWS.strip() + " AS deployed\n" + HANDLER, HERE, Use(target="prod"))
    assert (finding.rule, finding.is_error) == ("syntax", True)
    assert "(deployed)" in finding.hint


def test_a_hint_says_what_to_write_and_no_message_repeats_a_secret() -> None:
    (shell,) = findings(AWS + "CMD ['app.handler']\n", HERE)
    assert 'CMD ["app.handler"]' in shell.hint
    (piped,) = findings(SLIM + "CMD python -m awslambdaric app.handler | tee log\n", HERE)
    assert "exec" in piped.hint
    (secret,) = findings(AWS + "ENV DB_PASSWORD=hunter22\n" + HANDLER, HERE)
    assert "hunter22" not in str(secret)


# How it is read -------------------------------------------------------------------------------------------------------

ODD = """\
# escape=`
# not a directive: escape=\\

from scratch as Base
env A=1 `
  # a comment between
  B="two words" `

  C='$A'
LABEL   x=y
    LABEL path="C:\\\\" `
  end=1
ENV OLD form of `
one value
cmd ["a",  "b"]
ONBUILD label z=1
"""


def test_continuations_comments_directives_and_old_forms() -> None:
    source = parse(ODD)
    assert source.mistakes == ()
    read = [(one.name, one.line, one.is_on_build) for one in source.instructions]
    assert read == [
        *(("FROM", 4, False), ("ENV", 5, False), ("LABEL", 10, False), ("LABEL", 11, False)),
        *(("ENV", 13, False), ("CMD", 15, False), ("LABEL", 16, True)),
    ]
    _, env, _, _, old, command, _ = source.instructions
    assert pairs(env, source.escape) == [("A", "1"), ("B", "two words"), ("C", "$A")]
    assert pairs(old, source.escape) == [("OLD", "form of one value")]
    assert command.words == ("a", "b")


@pytest.mark.image
def test_docker_reads_as_many_instructions(tmp_path: Path) -> None:
    """The older builder numbers its steps; each is what is read here."""
    can("docker", "docker", "info")
    (tmp_path / "Dockerfile").write_text(ODD)
    built = subprocess.run(
        ["docker", "build", "--no-cache", "--quiet=false", "--label=scratch", str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": "/usr/local/bin:/usr/bin:/bin", "DOCKER_BUILDKIT": "0"},
    )
    if image := re.search(r"Successfully built (\w+)", built.stdout):
        subprocess.run(["docker", "rmi", "--force", image[1]], capture_output=True, check=True)
    steps = re.findall(r"Step \d+/\d+ : (\w+)", built.stdout)
    names = ["ONBUILD" if one.is_on_build else one.name for one in parse(ODD).instructions]
    assert [step.upper() for step in steps][: len(names)] == names


def test_here_documents_flags_and_quotes() -> None:
    text = 'RUN --mount=type=cache,target=/x --network=none <<A cat <<-"B"\none\nA\n\ttwo\n\tB\nCOPY --from=x a b\n'
    run, copy = parse(text).instructions
    assert (run.flags, run.heredocs) == ((("mount", "type=cache,target=/x"), ("network", "none")), ("one", "\ttwo"))
    assert (copy.line, copy.flag("from"), copy.flag("chown"), copy.text) == (6, "x", None, "a b")
    assert [one.heredocs for one in parse("RUN echo $((1<<2)) '<<A' <<<x\nRUN [\"a\"]\n").instructions] == [(), ()]


def test_variables_are_known_where_the_dockerfile_sets_them() -> None:
    text = "ARG V=1\nFROM a:$V AS one\nARG V\nENV P=/x/$V Q=$HOME\nWORKDIR $P\nFROM ONE\nWORKDIR y\nRUN x\n"
    made, _ = stages(parse(text), {})
    assert (made[1].parent, made[1].base) == (made[0], Reference("a", "1"))
    run = made[1].steps[-1]
    assert (run.path("z"), run.path("$Q"), run.path("$V"), run.path("$P/../w")) == ("/x/1/y/z", None, None, "/x/w")


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("python", Reference("python")),
        ("localhost:5000/a/b", Reference("localhost:5000/a/b")),
        ("localhost:5000/a/b:1@sha256:0f", Reference("localhost:5000/a/b", "1", "sha256:0f")),
    ],
)
def test_a_reference_has_a_repository_a_tag_and_a_digest(text: str, reference: Reference) -> None:
    assert Reference.of(text) == reference


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        *(("644", True), ("0755", True), ("600", False), ("0750", False), ("+x", True), ("u+x", True), ("a+rX", True)),
        *(("go=", False), ("o-r", False), ("o-w", True), ("u=rw,go=r", True), ("go-rwx,o+r", True), ("=r", True)),
    ],
)
def test_what_a_mode_leaves_to_others(mode: str, expected: bool) -> None:
    assert may_read(mode) is expected


# Pieces of which Dockerfiles are made, and what is odd about them
PIECES = st.sampled_from(
    [
        *(
            "FROM ",
            "ARG ",
            "ENV ",
            "RUN ",
            "COPY ",
            "ADD ",
            "CMD ",
            "ENTRYPOINT ",
            "USER ",
            "VOLUME ",
            "WORKDIR ",
            "ONBUILD ",
        ),
        *(
            "\n",
            " ",
            "\\\n",
            "\r\n",
            "\t",
            "# escape=`\n",
            "# x\n",
            "`\n",
            "<<A",
            "A\n",
            "=",
            ":",
            "@",
            "/",
            '"',
            "'",
            "[",
        ),
        *(
            '["a"]',
            "[]",
            "]",
            "$",
            "${",
            "}",
            ":-",
            "--from=",
            "--chmod=",
            "--platform=",
            "--",
            "chmod 600 ",
            "AS ",
            "x",
        ),
        *("python:3", "public.ecr.aws/lambda/provided", "scratch", "https://a/b", "\x00", "\ud800", "é"),
    ]
)


@given(st.lists(PIECES, max_size=60).map("".join), st.sampled_from([Use(), Use("arm64", "x"), Use(target="0")]))
def test_whatever_a_file_holds_is_read(text: str, use: Use) -> None:
    for finding in findings(text, HERE, use):
        assert isinstance(finding.location, FilePosition)
        assert 1 <= (finding.location.line or 0) <= text.count("\n") + 1
