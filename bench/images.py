"""What generated images take, side by side with those of `sam init`: size, first build, rebuild, first answer.

Base images are there before anything is measured: the stand-ins of the tests, or with SCAFFOLD_REAL_IMAGES=1 the
public ones. SAM_TEMPLATES is the folder of a checkout of the templates of sam init; else they are cloned, at the commit
that this version of sam takes. A second table has the use cases that are images alone. Arguments such as
'go-*-amazon' choose what to measure; with --readme the tables go into README.md. Exits with 1 where ours is larger or
its rebuild is slower.
"""

from __future__ import annotations

import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[0] = str(ROOT / "tests")  # in the place of this folder, in which `images` would be this file

from conftest import CATALOGUE  # noqa: E402
from expected import mistakes  # noqa: E402
from images.engine import (  # noqa: E402
    AS_ON_LAMBDA,
    ask,
    build,
    config_of,
    docker,
    dockerfile,
    images_of,
    missing,
    run,
    running,
    under_an_emulator,
)
from images.make import REAL  # noqa: E402
from proof import line, put  # noqa: E402
from scaffold import project  # noqa: E402
from scaffold.spec import AMAZON, ProjectSpec  # noqa: E402
from test_images import DOCKERFILES, IMAGES, Kind  # noqa: E402

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
MARKS = ("<!-- images -->\n", "<!-- /images -->\n")
LARGE_MARKS = ("<!-- large -->\n", "<!-- /large -->\n")
REPOSITORY = "https://github.com/aws/aws-sam-cli-app-templates"
# Where sam init has a template for an image, and the file of its handler.
SAM = {
    ("python", "pip"): ("{runtime}/hello-img", "app.py"),
    ("nodejs", "npm"): ("{runtime}/hello-img", "app.mjs"),
    ("java", "maven"): ("{runtime}/hello-img-maven", "App.java"),
    ("java", "gradle"): ("{runtime}/hello-img-gradle", "App.java"),
    ("dotnet", "cli-package"): ("{runtime}/hello-img", "Function.cs"),
    ("ruby", "bundler"): ("{runtime}/hello-img", "app.rb"),
    ("go", "mod"): ("al2023/go/hello-img", "main.go"),
}
# Which of the stand-ins is nearest to an image that only sam init's templates build in.
NEAREST = {
    r"public\.ecr\.aws/sam/build-java(\d+)(:.*)?": r"maven:3.9.16-amazoncorretto-\1",
    r"public\.ecr\.aws/sam/build-(ruby|python)([\d.]+\d)(:.*)?": r"public.ecr.aws/lambda/\1:\2",
    r"public\.ecr\.aws/docker/library/golang:.*": "golang:1.27-alpine3.24",
}
# The tests that run in the build of sam init's Java image ask a server on the Internet, which may be out of reach.
TESTLESS = "MAVEN_OPTS=-DskipTests=true"


# Run in the image of a function with a model.
ACCURACY = """
import app, numpy as np
rows = np.loadtxt("/tmp/held_back.csv", dtype=np.float32, delimiter=",")
print(np.mean([app.classify(row[1:]).argmax() == row[0] for row in rows]))
"""


@dataclass
class Side:
    """One image, and what was measured of it: MB and seconds."""

    name: str
    folder: Path
    handler: Path
    event: bytes
    size: float = 0
    beyond: float = 0
    first: float = 0
    rebuilds: list[float] = field(default_factory=list)
    answers: list[float] = field(default_factory=list)

    def build(self, *options: str) -> float:
        return timed(lambda: build(self.folder, self.name, *options))

    def build_first(self) -> None:
        self.first = self.build("--no-cache")
        base = images_of(dockerfile(self.folder))[1]
        self.size = megabytes(self.name)
        self.beyond = self.size - (0 if base == "scratch" else megabytes(base))

    def rebuild(self) -> None:
        # An edit that was never built: the cache remembers those of runs before.
        with self.handler.open("a") as file:
            file.write(f"{'#' if self.handler.suffix in ('.py', '.rb') else '//'} Edit {uuid.uuid4()}\n")
        self.rebuilds.append(self.build())

    def answer(self) -> None:
        """Ask what is deployed. What has no emulator of its own, or does not use it, gets one from outside."""
        own = config_of(self.name)["Entrypoint"] == ["/lambda-entrypoint.sh"]
        options, command = ([], ()) if own else under_an_emulator(self.name)
        begin = time.monotonic()
        with running(self.name, *options, command=command) as url:
            ask(url, self.event)
            self.answers.append(time.monotonic() - begin)

    def figures(self) -> list[str]:
        times = [self.first, statistics.median(self.rebuilds)]
        if self.answers:
            times.append(statistics.median(self.answers))
        return [f"{self.size:.0f}", f"{self.beyond:.1f}", *(f"{one:.1f}" for one in times)]

    def accuracy(self) -> str:
        """Return the share of held-back images that the function in the image knows, or a dash if it has no model."""
        held_back = next(self.folder.glob("tests/*/held_back.csv"), None)
        if held_back is None:
            return "—"
        options = [*AS_ON_LAMBDA, f"--volume={held_back}:/tmp/held_back.csv:ro", "--entrypoint=python3"]
        *_, share = docker("run", "--rm", *options, self.name, "-c", ACCURACY).split()  # libraries print before it
        return f"{float(share):.1%}"


def timed(work) -> float:  # noqa: ANN001
    begin = time.monotonic()
    work()
    return time.monotonic() - begin


def megabytes(image: str) -> float:
    return int(docker("inspect", "--format={{.Size}}", image)) / 1e6


def main(words: list[str]) -> int:
    patterns = [word for word in words if word != "--readme"] or ["*"]
    kinds = [kind for kind in DOCKERFILES if any(fnmatch(str(kind), pattern) for pattern in patterns)]
    head = ["language", "base", "size, MB", "beyond its base, MB", "first build, s", "rebuild, s", "first answer, s"]
    lines = [line(head), line(["---"] * len(head))]
    notes: list[str] = []
    worse = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        templates = checkout(folder, notes)
        print("Each figure: ours / sam init's\n", *lines, sep="", end="", flush=True)
        for kind in kinds:
            language = CATALOGUE.languages[kind.language]
            title = f"{language.title} ({kind.manager})" if len(language.managers) > 1 else language.title
            ours = our_side(kind, folder, notes)
            if ours is None:
                continue
            theirs = sam_side(kind, folder, templates, notes) if kind.base == AMAZON and templates else None
            theirs = measure(ours, theirs, notes)
            others = theirs.figures() if theirs else ["—"] * 5
            pairs = zip(ours.figures(), others, strict=True)
            lines.append(line([title, kind.base, *(f"{mine} / {their}" for mine, their in pairs)]))
            print(lines[-1], end="", flush=True)
            if theirs and ours.size > theirs.size:
                worse.append(f"{title}: larger than sam init's, {ours.size:.2f} MB against {theirs.size:.2f}")
            if theirs and statistics.median(ours.rebuilds) > statistics.median(theirs.rebuilds):
                worse.append(f"{title}: rebuilt slower than sam init's")
            run("docker", "rmi", "--force", *(side.name for side in (ours, theirs) if side))
        large = measure_large(patterns, folder, notes)
    print(
        "\n",
        *large,
        "\n",
        *(f"- {note}\n" for note in dict.fromkeys(notes)),
        *(f"WORSE: {one}\n" for one in worse),
        sep="",
    )
    if "--readme" in words:
        put("".join(lines), MARKS)
        put("".join(large), LARGE_MARKS)
    return 1 if worse else 0


def measure_large(patterns: list[str], folder: Path, notes: list[str]) -> list[str]:
    """Return the lines of the table of the use cases that are images alone."""
    head = [
        "template",
        "size, MB",
        "beyond its base, MB",
        "first build, s",
        "rebuild, s",
        "first answer, s",
        "accuracy",
    ]
    lines = [line(head), line(["---"] * len(head))]
    large = [kind for kind in IMAGES if list(CATALOGUE.use_cases[kind.use_case].package_types) == ["Image"]]
    kinds = [kind for kind in large if kind.manager == next(iter(CATALOGUE.languages[kind.language].managers))]
    for kind in [kind for kind in kinds if any(fnmatch(str(kind), pattern) for pattern in patterns)]:
        ours = our_side(kind, folder, notes)
        if ours is None:
            continue
        measure(ours, None, notes, answers=not CATALOGUE.use_cases[kind.use_case].services)
        figures = ours.figures()
        lines.append(line([f"`{kind.use_case}`", *figures, *["—"] * (5 - len(figures)), ours.accuracy()]))
        print(lines[-1], end="", flush=True)
        run("docker", "rmi", "--force", ours.name)
    return lines


def our_side(kind: Kind, folder: Path, notes: list[str]) -> Side | None:
    made = project.create(CATALOGUE, ProjectSpec("app", (kind.function,)), folder / str(kind))
    if not present(dockerfile(made), notes):
        return None
    (handler,) = (
        path for path in made.rglob(mistakes(kind.language, kind.use_case)[0].file) if "test" not in path.parts
    )
    event = next(made.glob("events/*.json")).read_bytes()
    return Side(f"sam-scaffold-bench/{kind}:ours", made, handler, event)


def sam_side(kind: Kind, folder: Path, templates: Path, notes: list[str]) -> Side | None:
    """Return the project that sam init makes, which renders the same template with cookiecutter, or nothing."""
    if kind[:2] not in SAM:
        notes.append(f"sam init has no image with {kind.language} and {kind.manager}")
        return None
    place, handler = SAM[kind[:2]]
    template = templates / place.format(runtime=kind.cell.runtime)
    if not list(template.rglob("Dockerfile")):
        notes.append(f"{template.relative_to(templates)}: no Dockerfile in this copy of sam init's templates")
        return None
    out = folder / f"sam-{kind}"
    words = ["--no-input", "--default-config", str(template), "-o", str(out), "project_name=app"]
    subprocess.run([f"{Path(sys.executable).parent}/cookiecutter", *words], check=True, capture_output=True)
    if not present(dockerfile(out), notes):
        return None
    (code,) = (path for path in out.rglob(handler) if "test" not in path.parts)
    event = next(out.glob("app/events/*.json"), None)
    return Side(f"sam-scaffold-bench/{kind}:sam", out / "app", code, event.read_bytes() if event else b"{}")


def present(file: Path, notes: list[str]) -> bool:
    """Have the images that a Dockerfile names, and say what stands in for those that only sam init names."""
    for name in images_of(file)[0]:
        found = next((re.sub(rule, near, name) for rule, near in NEAREST.items() if re.fullmatch(rule, name)), name)
        if (reason := missing(name if REAL else found)) is not None:
            notes.append(reason)
            return False
        if found != name and not REAL:
            said = ["--change", f"ENV {TESTLESS}"] if "build-java" in name else []
            stand_in(found, name, said)
            notes.append(f"{found} stands in for {name}{f', with {TESTLESS}' if said else ''}")
    return True


def stand_in(found: str, name: str, changes: list[str]) -> None:
    if not changes:
        docker("tag", found, name)
        return
    container = docker("create", found, "none").strip()
    docker("commit", *changes, container, name)
    docker("rm", container)


def checkout(folder: Path, notes: list[str]) -> Path | None:
    if said := os.environ.get("SAM_TEMPLATES"):
        return Path(said)
    (config,) = (ROOT / ".tools/venv").glob("lib/python*/site-packages/samcli/runtime_config.json")
    commit = json.loads(config.read_text())["app_template_repo_commit"]
    clone = folder / "templates"
    for words in (["clone", "--quiet", REPOSITORY, clone], ["-C", clone, "checkout", "--quiet", commit]):
        done = run("git", *words)
        if done.returncode:
            notes.append(f"sam init's templates are not here: {done.stdout.strip().splitlines()[-1]}")
            return None
    return clone


def measure(ours: Side, theirs: Side | None, notes: list[str], *, answers: bool = True) -> Side | None:
    """Measure both in turns, since a shared machine is fast and slow in turns. Return theirs if it was built."""
    ours.build_first()
    try:
        if theirs:
            theirs.build_first()
    except AssertionError as error:
        said = [one for one in str(error).strip().splitlines() if "ERROR" in one][:1] or str(error).splitlines()[-1:]
        notes.append(f"{theirs.name} is not built here: {said[0]}")
        theirs = None
    sides = [side for side in (ours, theirs) if side]
    for _ in range(ROUNDS):
        for side in sides:
            side.rebuild()
    for _ in range(ROUNDS if answers else 0):
        for side in sides:
            side.answer()
    return theirs


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
