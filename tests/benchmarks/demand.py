"""Time the demand step on a store of contacts, and measure the forecast on real calls.

Run with ``python tests/benchmarks/demand.py [CONTACTS ...]``; 10,000, 100,000 and 1,000,000 when
absent. The contacts are synthetic: seven services, six channels, a third with a note, 57,000
customers, 40,000 cases, over 24 months. Each size runs in a process of its own, so that the memory
is that size's. With ``INSIGHT_REAL_DATA`` set, the forecast is judged on Vancouver's calls too.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

SIZES = (10_000, 100_000, 1_000_000)
MONTH = date(2026, 10, 1)
SERVICES = ("planning", "council-tax", "waste", "street-cleaning", "housing", "dog-warden", "trees")
CHANNELS = ("phone", "email", "web", "face to face", "post", "chat")
NOTES = ("Any update on the case?", "Advised to use website.", "Still waiting for a reply.",
         "Resolved on call.", "Wants to pay by card.", "New bin ordered.")  # fmt: skip
CASES = 40_000


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def contact_rows(size: int) -> pd.DataFrame:
    """Return contacts as the store has them."""
    rng = np.random.default_rng(2026)
    at = pd.Timestamp("2024-11-01", tz="UTC") + pd.to_timedelta(
        rng.integers(0, 729 * 86_400, size), unit="s"
    )
    note = (
        pd.Series(rng.choice(NOTES, size), dtype="string")
        + " Ref "
        + pd.Series(rng.integers(0, 10**6, size)).astype("string")
    )
    case = "P/" + pd.Series(rng.integers(0, CASES, size)).astype("string")
    return pd.DataFrame(
        {
            "source": "crm",
            "row_key": pd.Series(np.arange(size)).astype("string").str.zfill(9),
            "row_hash": "0", "file_hash": "0", "row_number": np.arange(size), "run_id": "0",
            "contact_id": pd.Series(np.arange(size)).astype("string"),
            "contacted_at": at,
            "channel": rng.choice(CHANNELS, size),
            "service": rng.choice(SERVICES, size),
            "customer": "c" + pd.Series(rng.integers(0, 57_000, size)).astype("string"),
            "reason": rng.choice(["bill", "missed bin", "application", "moving"], size),
            "outcome": rng.choice(["Resolved", "Passed on"], size),
            "case_id": case.mask(rng.random(size) > 0.1),
            "text": note.mask(rng.random(size) > 1 / 3),
        }
    )  # fmt: skip


def case_rows() -> pd.DataFrame:
    """Return cases as the store has them."""
    rng = np.random.default_rng(7)
    received = pd.Timestamp("2024-11-01", tz="UTC") + pd.to_timedelta(
        rng.integers(0, 700, CASES), unit="D"
    )
    decided = pd.Series(received + pd.to_timedelta(rng.integers(5, 120, CASES), unit="D"))
    return pd.DataFrame(
        {
            "source": "register",
            "row_key": pd.Series(np.arange(CASES)).astype("string").str.zfill(9),
            "row_hash": "0", "file_hash": "0", "row_number": np.arange(CASES), "run_id": "0",
            "case_id": "P/" + pd.Series(np.arange(CASES)).astype("string"),
            "service": "planning",
            "case_type": "householder",
            "received_at": received,
            "decided_at": decided.mask(rng.random(CASES) < 0.1),
            "customer": "c" + pd.Series(rng.integers(0, 57_000, CASES)).astype("string"),
            "ward": rng.choice(["Abbey", "Brook"], CASES),
        }
    )  # fmt: skip


def measure(size: int) -> None:
    """Fill a store and run the step on it."""
    from models import Case, Contact
    from pipelines.edge.store import upsert, write_transaction
    from pipelines.edge.workspace import create_workspace, open_workspace
    from pipelines.steps.demand import publish_demand

    os.environ.setdefault("INSIGHT_PSEUDONYM_KEY", "0f" * 32)
    with tempfile.TemporaryDirectory() as folder:
        workspace = open_workspace(create_workspace(Path(folder) / "council"))
        rows = contact_rows(size)
        for start in range(0, size, 100_000):
            with write_transaction(workspace.engine) as connection:
                upsert(connection, Contact, rows.iloc[start : start + 100_000])
        with write_transaction(workspace.engine) as connection:
            upsert(connection, Case, case_rows())
        del rows
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        wall, cpu = time.perf_counter(), time.process_time()
        summary = publish_demand(workspace, MONTH)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    say(
        f"{size:>9,} contacts: {wall:6.1f} s, {cpu:6.1f} s of processor, {most:,.0f} MB at most "
        f"({before:,.0f} MB before). {summary.headline}"
    )


def many_series() -> None:
    """Forecast 20 services by 5 channels."""
    from insight.demand import bank_holidays, forecast_demand

    rng = np.random.default_rng(0)
    days = pd.date_range("2023-11-01", "2026-10-31").as_unit("us")
    weekday = np.where(days.day_of_week < 5, 1.0, 0.02)[:, None]
    season = 1 + 0.3 * np.sin(2 * np.pi * days.day_of_year.to_numpy() / 365)[:, None]
    mean = np.exp(rng.normal(1.5, 1, (1, 100))) * weekday * season
    names = pd.MultiIndex.from_product(
        [[f"service {n}" for n in range(20)], list(CHANNELS[:5])], names=["service", "channel"]
    )
    series = pd.DataFrame(rng.poisson(mean).astype(float), index=days, columns=names)
    cpu = time.process_time()
    found = forecast_demand(series, bank_holidays(date(2023, 1, 1), date(2026, 12, 31)))
    cpu = time.process_time() - cpu
    say(
        f"20 services by 5 channels (synthetic): {cpu:.1f} s of processor; "
        f"{found.skill['shown'].sum()} of 100 shown; "
        f"{found.skill['coverage'].mean():.1%} of days inside their 90% range"
    )


def real_calls(folder: Path) -> None:
    """Judge the forecast on Vancouver's calls, month by month from 2013."""
    from insight.demand import bank_holidays, daily_series, forecast_demand

    raw = pd.read_csv(
        folder / "vancouver-311-calls" / "contact_centre_daily_to_2019.csv",
        sep=";",
        encoding="utf-8-sig",
    )
    day = pd.to_datetime(raw["Date"]).dt.tz_localize(None).dt.normalize()
    cells = pd.DataFrame(
        {"day": day, "service": "all", "channel": "phone", "counted": raw["CallsOffered"] * 1.0}
    )
    closed = bank_holidays(date(2009, 1, 1), date(2020, 12, 31), country="CA", part="BC")
    row = forecast_demand(daily_series(cells, date(2019, 12, 31)), closed).skill.iloc[0]
    say(
        f"Vancouver, {row['origins']} origins to 2019: MASE {row['mase']:.3f} against "
        f"{row['mase_naive']:.3f} (difference {row['lower']:+.3f} to {row['upper']:+.3f}); pinball "
        f"{row['pinball']:.1f} against {row['pinball_naive']:.1f}; {row['coverage']:.1%} of days "
        "inside their 90% range"
    )
    months, days = [], []
    for start in pd.date_range("2013-01-01", "2019-12-01", freq="MS"):
        part = daily_series(cells[cells["day"] < start], (start - timedelta(days=1)).date())
        made = forecast_demand(part, closed)
        real = cells[cells["day"].dt.strftime("%Y-%m").eq(f"{start:%Y-%m}")]
        total = real["counted"].sum()
        months += (made.totals["lower"].le(total) & made.totals["upper"].ge(total)).tolist()
        both = made.days.merge(real[["day", "counted"]], on="day")
        days += both["counted"].between(both["lower"], both["upper"]).tolist()
    say(
        f"Vancouver, months forecast ahead from 2013: {np.mean(months):.1%} of {len(months)} "
        f"months and {np.mean(days):.1%} of {len(days)} days inside their 90% range"
    )


def main(arguments: list[str]) -> None:
    """Print a line per size, then the forecasts'."""
    if arguments[:1] == ["--one"]:
        measure(int(arguments[1]))
        return
    for size in [int(text) for text in arguments] or SIZES:
        subprocess.run([sys.executable, __file__, "--one", str(size)], check=True)
    many_series()
    if folder := os.environ.get("INSIGHT_REAL_DATA"):
        real_calls(Path(folder))


if __name__ == "__main__":
    main(sys.argv[1:])
