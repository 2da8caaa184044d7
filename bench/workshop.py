"""How fast a workshop is made beside a shell loop over `sam init`, whether it stays so, and in how much memory.

Both are whole processes that take turns in one run, so that a machine that is slow for a while is slow for both.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
ROUNDS, SAMPLE, COUNT = int(os.environ.get("BENCH_ROUNDS", "3")), 10, 1000
LARGE = int(os.environ.get("BENCH_LARGE", "10000"))
LEAST, AIM = 25, 50  # times the throughput of the loop
MEMORY = 150  # MB, the most that a process may take
SPREAD = 0.1  # how far the time for one repository may be from that of the first thousand
INIT = "--no-interactive -r python3.13 -p Zip -d pip --app-template hello-world"
MANIFEST = """\
title: Bench
date: 2026-11-23
answers:
  package_type: Image
  runtime: python3.13
count: {count}
"""


def compare(folder: Path, environment: dict[str, str]) -> int:
    """Print what was measured and return how many of the figures miss what they are to reach."""
    sam, ours = [], []
    for number in range(ROUNDS):
        sam.append(timed(loop(folder / f"sam-{number}"), environment, folder) / SAMPLE)
        build, _ = workshop(folder, COUNT, environment)
        ours.append(build / COUNT)
        shutil.rmtree(folder / f"sam-{number}")
    theirs, mine = statistics.median(sam), statistics.median(ours)
    times = theirs / mine
    print("\n| what | ms for one | beside | ms for one | times faster | at least |\n|---|---|---|---|---|---|")
    row = ("workshop build", f"{mine * 1000:.1f}", "a shell loop over sam init", f"{theirs * 1000:.0f}", f"{times:.0f}")
    print(f"| {' | '.join(row)} | {LEAST}, aiming for {AIM} |")
    failed = int(times < LEAST)
    _, stamps = workshop(folder, LARGE, environment)
    edges = sorted({min(edge, len(stamps) - 1) for edge in (100, COUNT, LARGE // 2, LARGE)})
    first = None
    print(f"\nOne build of {LARGE} repositories, ms for each, after the start of {stamps[0]:.1f} s:", end=" ")
    for begin, end in zip([0, *edges], edges, strict=False):
        each = (stamps[end] - stamps[begin]) / (end - begin)
        print(f"{begin + 1} to {end}: {each * 1000:.1f};", end=" ")
        first = each if end == COUNT else first
    if first and len(stamps) > 2 * COUNT:
        slope = (stamps[-1] - stamps[COUNT]) / (len(stamps) - COUNT - 1)
        print(
            f"{(slope / first - 1) * 100:+.0f} % from the first thousand to the rest (at most {SPREAD * 100:+.0f} %)."
        )
        failed += slope / first - 1 > SPREAD
    print(
        f"Peak memory of its largest worker: {peaks['worker']:.0f} MB (at most {MEMORY}); "
        f"of the process that hands out the work: {peaks['first']:.0f} MB."
    )
    return failed + (peaks["worker"] > MEMORY)


def loop(out: Path) -> list[str]:
    line = f"for i in $(seq {SAMPLE}); do {ROOT}/.tools/bin/sam init {INIT} -n app-$i -o {out} || exit 1; done"
    return ["sh", "-c", line]


def timed(command: list[str], environment: dict[str, str], folder: Path) -> float:
    began = time.perf_counter()
    subprocess.run(command, env=environment, check=True, capture_output=True, cwd=folder)
    return time.perf_counter() - began


peaks = {"first": 0.0, "worker": 0.0}  # MB


def workshop(folder: Path, count: int, environment: dict[str, str]) -> tuple[float, list[float]]:
    """Build a workshop with the command; return the seconds, and when the first, the second … repository was there."""
    (folder / "workshop.yaml").write_text(MANIFEST.format(count=count))
    out = folder / "repositories"
    shutil.rmtree(out, ignore_errors=True)
    began = time.perf_counter()
    path = environment["PATH"].partition(":")[2]  # with the machine's own git
    process = subprocess.Popen(
        [f"{BIN}/sam-scaffold", "workshop", "build", "workshop.yaml", "--out", str(out)],
        env={**environment, "PATH": path}, cwd=folder, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    stamps: list[float] = []

    def watch() -> None:
        while process.poll() is None:
            records = out / ".workshop/records"
            done = len(os.listdir(records)) if records.is_dir() else 0  # noqa: PTH208  names are enough
            stamps.extend([time.perf_counter() - began] * (min(done, count) - len(stamps)))
            look(process.pid, "first")
            time.sleep(0.2)

    watcher = threading.Thread(target=watch)
    watcher.start()
    watcher.join()
    seconds = time.perf_counter() - began
    if process.returncode:
        raise SystemExit(f"workshop build ended with {process.returncode}")
    return seconds, stamps


def look(pid: int, kind: str) -> None:
    """Note the peak memory of a process, and of those that it started as workers'."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
        peaks[kind] = max(peaks[kind], int(status.split("VmHWM:")[1].split()[0]) / 1024)
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            look(int(child), "worker")
    except (OSError, IndexError):
        return
