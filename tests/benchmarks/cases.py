"""A million cases and complaints through waits, lists, clocks and figures: CPU seconds.

Run: python tests/benchmarks/cases.py [rows ...]
"""

import sys
import time
from collections.abc import Callable
from datetime import date
from functools import partial

import numpy as np
import pandas as pd

from insight.caller_words import waits
from insight.case_lists import past_standard
from insight.cases import case_results
from insight.complaints.clocks import run_clocks
from insight.complaints.due import due_complaints
from insight.complaints.handling import handling_results

MONTH, DAY = date(2026, 10, 1), date(2026, 10, 31)


def made(rows: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    rng = np.random.default_rng(1)
    received = pd.Series(
        pd.Timestamp("2024-11-01") + pd.to_timedelta(rng.integers(0, 729, rows), unit="D")
    )
    done = received + pd.to_timedelta(rng.gamma(2, 25, rows).round(), unit="D")
    done = done.where(done.le(pd.Timestamp(DAY)))
    service = pd.Series(rng.choice([f"s{n}" for n in range(20)], rows), dtype="string")
    cases = pd.DataFrame(
        {
            "case_id": pd.Series(np.arange(rows)).astype("string"), "service": service,
            "case_type": pd.Series(rng.choice(list("abcde"), rows), dtype="string"),
            "received_at": received, "decided_at": done,
            "target_at": received + pd.Timedelta(days=56),
            "outcome": pd.Series("granted", service.index, dtype="string").where(done.notna()),
        }
    )  # fmt: skip
    renamed = {"case_id": "complaint_id", "decided_at": "responded_at"}
    complaints = cases.rename(columns=renamed).assign(
        acknowledged_at=received + pd.Timedelta(days=2), regime="lgsco",
        stage=rng.choice(["stage 1", "stage 2"], rows),
        outcome=pd.Series("upheld", index=service.index).where(done.notna()),
        category="delay",
    )  # fmt: skip
    return cases, complaints


def main() -> None:
    standards = pd.DataFrame({"service": ["s1"], "case_type": [""], "standard_days": [56.0]})
    for rows in map(int, sys.argv[1:] or ["10000", "100000", "1000000"]):
        cases, complaints = made(rows)
        clocked = run_clocks(complaints)
        parts: dict[str, Callable[[], object]] = {
            "run_clocks": partial(run_clocks, complaints),
            "handling_results": partial(handling_results, clocked, MONTH),
            "due_complaints": partial(due_complaints, clocked, DAY),
            "case_results": partial(case_results, cases, MONTH),
            "waits": partial(waits, cases, DAY, standards),
            "past_standard": partial(past_standard, cases, DAY, standards),
        }
        for name, part in parts.items():
            before = time.process_time()
            part()
            spent = time.process_time() - before
            sys.stdout.write(f"{rows:>9,} {name:<18} {spent:6.2f} CPU s\n")


if __name__ == "__main__":
    main()
