"""Where the time of a month goes: `python tests/benchmarks/run_month.py [--repeat 3]`.

Makes the invented borough, then runs its month as a person would, each time in a new process and
on a new store, and prints the median. Then it runs the plain steps once and times each, beside
the plainest way to move the same files: pandas' `read_csv` and `to_sql`.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import pandas as pd
from rich.console import Console
from sqlalchemy import create_engine

from pipelines.edge.demo import write_demo
from pipelines.edge.workspace import open_workspace, prepare_folders
from pipelines.steps.month import STEPS

MONTH = date(2026, 10, 1)


def fresh(root: Path) -> None:
    """Empty the workspace's store and outputs, so that a run has everything to do."""
    for name in ("store", "outputs", "logs"):
        shutil.rmtree(root / name, ignore_errors=True)
    prepare_folders(root)


def whole_run(root: Path) -> float:
    """Return the seconds of one `insight run`, Prefect's start included."""
    fresh(root)
    started = time.perf_counter()
    command = [sys.executable, "-m", "pipelines.cli", "run", "--month", f"{MONTH:%Y-%m}"]
    subprocess.run([*command, "--workspace", str(root)], check=True, capture_output=True)
    return time.perf_counter() - started


def bare_copy(root: Path) -> float:
    """Return the seconds that `read_csv` and `to_sql` take for the comma-separated files."""
    engine = create_engine(f"sqlite:///{root / 'bare.db'}")
    started = time.perf_counter()
    for path in sorted(root.glob("inbox/*/*.csv")):
        start = path.read_bytes()[:2]
        encoding = "utf-16" if start in {b"\xff\xfe", b"\xfe\xff"} else "cp1252"
        frame = pd.read_csv(path, sep=None, engine="python", encoding=encoding, dtype="string")
        frame.to_sql(path.parent.name, engine, if_exists="append", index=False)
    return time.perf_counter() - started


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--months", type=int, default=6)
    chosen = parser.parse_args()
    out = Console(highlight=False)
    os.environ.setdefault("INSIGHT_TODAY", "2026-11-23")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "borough"
        started = time.perf_counter()
        files = write_demo(root, last_month=MONTH, months=chosen.months, seed=2026)
        prepare_folders(root)
        out.print(f"{files.summary()} made in {time.perf_counter() - started:.1f} s")
        whole_run(root)  # warms Prefect's own database
        times = [whole_run(root) for _ in range(chosen.repeat)]
        told = ", ".join(f"{seconds:.1f}" for seconds in times)
        out.print(f"insight run: median {statistics.median(times):.1f} s of {told}")
        fresh(root)
        workspace = open_workspace(root)
        for name, step in STEPS.items():
            started = time.perf_counter()
            step(workspace, MONTH)
            out.print(f"  {name:14} {time.perf_counter() - started:5.1f} s")
        out.print(f"bare read_csv + to_sql of the csv files alone: {bare_copy(root):.1f} s")


if __name__ == "__main__":
    main()
