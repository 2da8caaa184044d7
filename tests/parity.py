"""What works of `sam init`: each of its combinations, by the flags that a script has for it. `make parity`.

The combinations are those of cookiecutters/sam-init.csv. One that works makes a project of the same package type,
runtime and dependency manager; one that is refused says why and what to use; the rest is missing, and says that.
"""

from __future__ import annotations

import contextlib
import io
import json
import tempfile
from collections import Counter
from pathlib import Path

from proof import line, put

MARKS = ("<!-- parity -->\n", "<!-- /parity -->\n")
DOCUMENT = "docs/sam-init.md"
ALL, REACHED = "all", "all that flags reach"
WORKS, REFUSED, MISSING, WRONG = "works", "refused", "missing", "wrong"


def flags(row: dict[str, str]) -> list[str]:
    """Return the flags with which a script asks `sam init` for a combination."""
    words = ["--name", "app", "--dependency-manager", row["dependency_manager"], "--app-template", row["template"]]
    if row["package_type"] == "Zip":
        return [*words, "--runtime", row["runtime"]]
    return [*words, "--package-type", "Image", "--base-image", row["runtime"]]


def outcome(row: dict[str, str], folder: Path) -> tuple[str, str]:
    """Return what becomes of a combination, and the message if it is no project."""
    from scaffold import cli  # noqa: PLC0415

    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        code = cli.main(["init", "--no-interactive", "--output", "json", "--output-dir", str(folder), *flags(row)])
    result = json.loads(out.getvalue())
    if code == 0:
        wanted = (row["package_type"], row["dependency_manager"])
        is_right = (folder / "app/template.yaml").is_file()
        for function in result["functions"]:
            is_right &= wanted == (function["package_type"], function["dependency_manager"])
            is_right &= function["runtime"] in row["runtime"]
        return (WORKS if is_right else WRONG), json.dumps(result)
    problems = result["error"]["problems"]
    messages = "; ".join(problem["message"] for problem in problems)
    if all("is not there yet" in problem["message"] for problem in problems):
        return MISSING, messages
    reasons = ("is not supported: ", "is blocked: ")
    is_refused = any(reason in problem["message"] for problem in problems for reason in reasons)
    return (REFUSED if is_refused and all(problem["hint"] for problem in problems) else WRONG), messages


def run() -> list[tuple[dict[str, str], str, str]]:
    """Return every combination with what becomes of it."""
    from scaffold.catalogue import Catalogue  # noqa: PLC0415

    rows = []
    for row in Catalogue().sam_init():
        with tempfile.TemporaryDirectory() as folder:
            rows.append((row, *outcome(row, Path(folder))))
    return rows


def table(rows: list[tuple[dict[str, str], str, str]]) -> str:
    """Return the sums as a table in Markdown: of each template, and of all."""
    sums: dict[str, Counter[str]] = {}
    for row, what, _ in rows:
        for name in (row["template"], REACHED, ALL) if row["flags_reach_it"] == "yes" else (row["template"], ALL):
            sums.setdefault(name, Counter())[what] += 1
    columns = (WORKS, REFUSED, MISSING)
    names = sorted(sums, key=lambda name: (name == ALL, name == REACHED, -sums[name][WORKS], name))
    titles = {name: name if name in (ALL, REACHED) else f"`{name}`" for name in names}
    lines = [["template of `sam init`", *columns], ["---", *["--:"] * len(columns)]]
    lines += [[titles[name], *(str(sums[name][column]) for column in columns)] for name in names]
    return "".join(map(line, lines))


def main() -> None:
    """Print what becomes of each combination, and put the sums into the document."""
    rows = run()
    for row, what, message in rows:
        print(what, *row.values(), *([message] if what in (REFUSED, WRONG) else []), sep="\t")  # noqa: T201
    wrong = sum(what == WRONG for _, what, _ in rows)
    if wrong:
        raise SystemExit(f"{wrong} are neither there nor refused with a reason")
    put(table(rows), MARKS, DOCUMENT)
    print(table(rows))  # noqa: T201


if __name__ == "__main__":
    main()
