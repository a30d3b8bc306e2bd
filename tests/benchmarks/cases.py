"""A million cases and complaints through waits, lists, clocks and figures: CPU seconds.

Run: python tests/benchmarks/cases.py [rows ...]
"""

import sys
import time
from datetime import date

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
            "received_at": received, "decided_at": done, "target_at": received + pd.Timedelta(days=56),
            "outcome": pd.Series("granted", index=service.index, dtype="string").where(done.notna()),
        }
    )  # fmt: skip
    complaints = cases.rename(columns={"case_id": "complaint_id", "decided_at": "responded_at"}).assign(
        acknowledged_at=received + pd.Timedelta(days=2), regime="lgsco",
        stage=rng.choice(["stage 1", "stage 2"], rows),
        outcome=pd.Series("upheld", index=service.index).where(done.notna()), category="delay",
    )  # fmt: skip
    return cases, complaints


def main() -> None:
    standards = pd.DataFrame({"service": ["s1"], "case_type": [""], "standard_days": [56.0]})
    for rows in map(int, sys.argv[1:] or ["10000", "100000", "1000000"]):
        cases, complaints = made(rows)
        clocked = run_clocks(complaints)
        parts = {
            "run_clocks": lambda: run_clocks(complaints),
            "handling_results": lambda: handling_results(clocked, MONTH),
            "due_complaints": lambda: due_complaints(clocked, DAY),
            "case_results": lambda: case_results(cases, MONTH),
            "waits": lambda: waits(cases, DAY, standards),
            "past_standard": lambda: past_standard(cases, DAY, standards),
        }
        for name, part in parts.items():
            before = time.process_time()
            part()
            print(f"{rows:>9,} {name:<18} {time.process_time() - before:6.2f} CPU s")


if __name__ == "__main__":
    main()
