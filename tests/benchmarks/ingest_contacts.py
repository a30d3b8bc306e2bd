"""Time a million contacts from file to store, beside a bare ``read_csv`` and ``to_sql``.

Run with ``python tests/benchmarks/ingest_contacts.py [ROWS ...]``. The contacts are synthetic:
structured, without free text, under a stranger's headings. Both sides write SQLite on the same
disk in the same process; ours also maps, checks, pseudonymises and keeps the schema's indexes.
"""

import logging
import os
import sqlite3
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
import structlog
import yaml
from sqlalchemy import create_engine

from pipelines.edge.mappings import read_mapping
from pipelines.edge.workspace import create_workspace, open_workspace
from pipelines.steps.ingest import find_source
from pipelines.steps.ingest_file import ingest_file

SEED = 2026
SIZES = (10_000, 100_000, 1_000_000)
CHANNELS = {"Telephone": "phone", "E-mail": "email", "Web form": "web", "Counter": "face to face"}
MAPPING = {
    "contract": "contacts",
    "columns": {
        "contact_id": "Interaction",
        "contacted_at": "Started",
        "channel": "Media",
        "service": "Queue",
        "customer": "Customer ref",
        "reason": "Wrap code",
        "outcome": "Result",
        "wait_seconds": "Wait",
        "duration_seconds": "Talk",
        "case_id": "Case",
    },
    "values": {"channel": CHANNELS},
}


def contacts(rows: int) -> pd.DataFrame:
    """Return contacts as a telephony system exports them."""
    rng = np.random.default_rng(SEED)
    started = pd.Timestamp("2025-01-01") + pd.to_timedelta(rng.integers(0, 31_000_000, rows), "s")
    return pd.DataFrame(
        {
            "Interaction": [f"INT{number:09d}" for number in range(rows)],
            "Started": started.strftime("%d/%m/%Y %H:%M:%S"),
            "Media": rng.choice(list(CHANNELS), rows),
            "Queue": rng.choice(["council-tax", "planning", "waste", "housing"], rows),
            "Customer ref": pd.Series(rng.integers(1, 58_000, rows)).map("C{:06d}".format),
            "Wrap code": rng.choice(["bill query", "missed bin", "new application"], rows),
            "Result": rng.choice(["resolved", "passed on"], rows),
            "Wait": rng.integers(0, 1800, rows),
            "Talk": rng.integers(10, 2400, rows),
            "Case": pd.Series(rng.integers(1, 90_000, rows)).map("A/{:05d}".format),
        }
    )


def timed(work: object) -> float:
    """Return the seconds that `work` takes."""
    started = time.perf_counter()
    work()  # type: ignore[operator]
    return time.perf_counter() - started


def bare(path: Path, database: Path) -> None:
    """Read the file and put it into SQLite, as a script would."""
    engine = create_engine(f"sqlite:///{database}")
    pd.read_csv(path).to_sql("contact", engine, index=False)
    engine.dispose()


def measure(rows: int, folder: Path) -> dict[str, float]:
    """Return the seconds of both, and of reading the same file again."""
    path = folder / "contacts.csv"
    contacts(rows).to_csv(path, index=False)
    mapping_file = folder / "contacts.yaml"
    mapping_file.write_text(yaml.safe_dump(MAPPING), encoding="utf-8")
    workspace = open_workspace(create_workspace(folder / "council"))
    mapping = read_mapping(mapping_file)
    source = find_source(workspace, "contacts", mapping)
    _ = workspace.engine, workspace.key
    seconds = {"bare": timed(lambda: bare(path, folder / "bare.db"))}
    seconds["ours"] = timed(lambda: ingest_file(workspace, path, source, mapping))
    seconds["again"] = timed(lambda: ingest_file(workspace, path, source, mapping, again=True))
    with sqlite3.connect(workspace.root / "store" / "insight.db") as store:
        (stored,) = store.execute("select count(*) from contact").fetchone()
    if stored != rows:
        raise SystemExit(f"{stored} of {rows} contacts were stored")
    return seconds


def main(sizes: list[int]) -> None:
    """Print a line per size."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    os.environ.setdefault("INSIGHT_PSEUDONYM_KEY", "0f" * 32)
    for rows in sizes:
        with tempfile.TemporaryDirectory() as folder:
            s = measure(rows, Path(folder))
        sys.stdout.write(
            f"{rows:>9,} contacts: read_csv + to_sql {s['bare']:.2f} s, ingest {s['ours']:.2f} s "
            f"({s['ours'] / s['bare']:.2f} times), again {s['again']:.2f} s "
            f"({s['again'] / s['bare']:.2f} times)\n"
        )


if __name__ == "__main__":
    main([int(text) for text in sys.argv[1:]] or list(SIZES))
