"""The README's table of what was really run, from reports of pytest: `make proof`.

Takes the reports (JUnit XML) as its arguments, and writes the table between the marks in README.md. A test reports what
it went through as properties: `count` is a language and a number, `runtime` a language and one of its runtimes.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path
from xml.etree import ElementTree as ET

ROOT = Path(__file__).parents[1]
MARKS = ("<!-- proof -->\n", "<!-- /proof -->\n")
TESTS = {
    "translator": "test_a_cell_translates_and_is_just_the_files_it_should_be",
    "cfn-lint": "test_cfn_lint_has_nothing_to_say",
    "hadolint": "test_hadolint_has_nothing_to_say",
    "unit tests": "test_the_readmes_test_commands_work_without_a_network",
    "sam build": "test_sam_builds_the_zips_and_ships_nothing_for_development",
    "image build": "test_an_image_builds_and_answers",
}


def table(reports: list[Path], titles: dict[str, str]) -> str:
    """Return the table; ``titles`` are the languages by their identifiers, in the order to list them."""
    passed: dict[tuple[str, str], int] = defaultdict(int)
    runtimes: dict[tuple[str, str], set[str]] = defaultdict(set)
    kinds = {test: what for what, test in TESTS.items()}
    for case in (case for report in reports for case in ET.parse(report).iter("testcase")):
        what = kinds.get(case.get("name", "").partition("[")[0])
        if what is None or any(case.find(outcome) is not None for outcome in ("skipped", "failure", "error")):
            continue
        for row in case.iter("property"):
            language, _, value = row.get("value", "").partition(" ")
            if row.get("name") == "count":
                passed[language, what] += int(value)
            elif row.get("name") == "runtime":
                runtimes[language, what].add(value)
    head = ["language", "cells through the translator", "differing templates through cfn-lint"]
    head += ["differing Dockerfiles through hadolint", "functions' unit tests", "`sam build` of Zips", "image builds"]
    rows = [head, ["---"] * len(head)]
    for language, title in titles.items():
        cells = [title]
        for what in TESTS:
            count = passed[language, what]
            on = ", ".join(sorted(runtimes[language, what]))
            cells.append((f"{count}" + (f" on {on}" if on else "")) if count else "not run")
        rows.append(cells)
    return "".join(map(line, rows))


def line(cells: list[str]) -> str:
    """Return a row of a table in Markdown."""
    return f"| {' | '.join(cells)} |\n"


def put(text: str, marks: tuple[str, str], document: str = "README.md") -> None:
    """Put a text between its marks in a document of this repository."""
    path = ROOT / document
    before, begin, rest = path.read_text().partition(marks[0])
    _, end, after = rest.partition(marks[1])
    if not end:
        raise SystemExit(f"{document} lacks {' or '.join(mark.strip() for mark in marks)}")
    path.write_text(f"{before}{begin}{text}{end}{after}")


def main() -> None:
    """Put the table into README.md."""
    from scaffold.catalogue import Catalogue  # noqa: PLC0415

    titles = {one.id: one.title for one in Catalogue().languages.values() if one.use_cases()}
    put(table([Path(report) for report in sys.argv[1:]], titles), MARKS)


if __name__ == "__main__":
    main()
