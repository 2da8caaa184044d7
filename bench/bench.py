"""How long the commands take beside those they replace: whole processes, side by side in one run, as ratios.

Takes hyperfine, and `sam` from `make tools`. Prints a table and exits with 1 where a ratio is above its target.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import workshop

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
MEMORY = 100  # MB, the most that init may take in one process
ROUNDS, RUNS = 8, os.environ.get("BENCH_RUNS", "3")
CELL = "--no-interactive -n app -r python3.13 -p Zip -d pip --app-template hello-world"


def main() -> int:
    if not shutil.which("hyperfine"):
        print("make bench takes hyperfine: https://github.com/sharkdp/hyperfine")
        return 1
    if not (ROOT / ".tools/bin/sam").exists():
        print("make bench takes sam: run `make tools`")
        return 1
    with tempfile.TemporaryDirectory() as name:
        return compare(Path(name))


def compare(folder: Path) -> int:
    # sam init first tries to clone its templates. With a git that fails it takes those bundled with it, as without
    # a network, and the network's speed is not part of the figure.
    path = folder / "bin"
    path.mkdir()
    (path / "git").write_text("#!/bin/sh\nexit 1\n")
    (path / "git").chmod(0o755)
    environment = {
        **os.environ,
        "PATH": f"{path}:{os.environ['PATH']}",
        "SAM_CLI_TELEMETRY": "0",
        "HOME": str(folder),  # where sam would keep a clone, and cookiecutter its settings and replays
    }
    out = folder / "out"
    ours, sam = f"{BIN}/sam-scaffold", f"{ROOT}/.tools/bin/sam"
    template = plain_cookiecutter(folder, ours)
    cookiecutter = f"{BIN}/cookiecutter --no-input {template} -o {out}"
    rows = [
        ("init --help", f"{ours} init --help", "sam init --help", f"{sam} init --help", 0.3),
        ("init, translated", f"{ours} init {CELL} -o {out}", "sam init, bundled", f"{sam} init {CELL} -o {out}", 0.9),
        ("init, translated", f"{ours} init {CELL} -o {out}", "cookiecutter, as many files", cookiecutter, 1.0),
    ]
    print("| what | seconds | beside | seconds | ratio | to reach |\n|---|---|---|---|---|---|")
    failed = 0
    for what, command, beside, other, target in rows:
        mine, theirs = measure(folder, environment, command, other)
        failed += mine / theirs > target
        print(f"| {what} | {mine:.3f} | {beside} | {theirs:.3f} | {mine / theirs:.2f} | {target} |")
    memory = peak(f"{ours} init {CELL} -o {out}/memory", environment)
    print(f"\nPeak memory of init: {memory[0]:.0f} MB in its largest process, {memory[1]:.0f} MB in all its processes.")
    failed += workshop.compare(folder, environment)
    return 1 if failed or memory[0] > MEMORY else 0


def plain_cookiecutter(folder: Path, ours: str) -> Path:
    """Make one cookiecutter of the files of a project, rendered by cookiecutter's own command."""
    made = folder / "made"
    subprocess.run([*f"{ours} init {CELL} -o {made}".split()], check=True, capture_output=True)
    template = folder / "template"
    shutil.copytree(made / "app", template / "{{cookiecutter.name}}")
    (template / "cookiecutter.json").write_text('{"name": "app"}')
    for file in template.rglob("*"):
        if file.is_file() and file.suffix in (".md", ".yaml", ".toml"):
            file.write_text(file.read_text().replace("app:", "{{ cookiecutter.name }}:"))
    return template


def measure(folder: Path, environment: dict[str, str], *commands: str) -> list[float]:
    """Return the median seconds of each command; they take turns, since a shared machine is fast and slow in turns."""
    report = folder / "report.json"
    times: list[list[float]] = [[] for _ in commands]
    for _ in range(ROUNDS):
        subprocess.run(
            ["hyperfine", "-N", "--warmup", "1", "--runs", RUNS, "--prepare", f"rm -rf {folder}/out",
             "--export-json", str(report), *commands],
            env=environment, check=True, capture_output=True, cwd=folder,
        )  # fmt: skip
        for command, row in enumerate(json.loads(report.read_text())["results"]):
            times[command] += row["times"]
    return [statistics.median(mine) for mine in times]


def peak(command: str, environment: dict[str, str]) -> tuple[float, float]:
    """Return the peak memory (MB) of the largest process, and the sum of peaks of the process and its child."""
    code = (
        "import resource, subprocess, sys, threading, time\n"
        "process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)\n"
        "peaks = {}\n"
        "def look(pid):\n"
        "    try:\n"
        "        status = open(f'/proc/{pid}/status').read()\n"
        "        peaks[pid] = max(peaks.get(pid, 0), int(status.split('VmHWM:')[1].split()[0]))\n"
        "        for child in open(f'/proc/{pid}/task/{pid}/children').read().split():\n"
        "            look(int(child))\n"
        "    except (OSError, IndexError):\n"
        "        pass\n"
        "while process.poll() is None:\n"
        "    look(process.pid); time.sleep(0.002)\n"
        "print(max(peaks.values()) / 1024, sum(peaks.values()) / 1024)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *command.split()], env=environment, check=True, capture_output=True, text=True
    )
    largest, total = map(float, done.stdout.split())
    return largest, total


if __name__ == "__main__":
    sys.exit(main())
