"""Cases worked out again from the made rows: in, out, open by age, silent, and the wait now."""

from datetime import date, timedelta
from functools import cache
from math import ceil

import numpy as np
import pandas as pd
from statsmodels.duration.survfunc import SurvfuncRight

from tests.pipelines.pages import made_council as made

MONTH_END = date(2026, 12, 31)
SILENT_DAYS = 14
BANDS = {"0 to 27 days": (0, 27), "28 to 55 days": (28, 55), "56 to 90 days": (56, 90),
         "91 to 181 days": (91, 181), "182 days or more": (182, 10_000)}  # fmt: skip


@cache
def cases(service: str = "") -> tuple[dict, ...]:
    """Give cases as plain rows, what is missing as None, with the standard of each."""
    rows = made.cases()
    rows = rows[rows["service"].eq(service) | (service == "")]
    found = []
    for row in rows.to_dict("records"):
        row = {name: None if pd.isna(value) else value for name, value in row.items()}
        own = (row["service"], row["case_type"])
        row["standard"] = made.STANDARD.get(own, made.STANDARD.get((row["service"], "")))
        found.append(row)
    return tuple(found)


def open_on(service: str, day: date) -> list[dict]:
    return [
        row for row in cases(service)
        if row["received_at"] <= day and (row["decided_at"] is None or row["decided_at"] > day)
    ]  # fmt: skip


def decided_between(service: str, start: date, end: date) -> list[dict]:
    return [
        row for row in cases(service)
        if row["decided_at"] is not None and start <= row["decided_at"] <= end
        and row["outcome"] != "withdrawn"
    ]  # fmt: skip


def over_on(row: dict, day: date) -> int | None:
    """Count the days past the standard, or past the case's own target where it has none."""
    due = row["received_at"] + timedelta(days=row["standard"]) if row["standard"] else max(
        row["target_at"], row["extended_to"] or date.min
    )  # fmt: skip
    return (day - due).days if day > due else None


def told_on(row: dict, day: date) -> date | None:
    told = row["last_update_sent_at"]
    return told if told is not None and row["received_at"] <= told <= day else None


def silent_on(service: str, day: date) -> list[dict]:
    return [
        row for row in open_on(service, day)
        if over_on(row, day) is not None
        and (day - (told_on(row, day) or row["received_at"])).days > SILENT_DAYS
    ]  # fmt: skip


def band_of(row: dict, day: date) -> str:
    age = (day - row["received_at"]).days
    return next(name for name, (low, high) in BANDS.items() if low <= age <= high)


@cache
def wait_on(service: str, kind: str, day: date) -> dict[str, float | None]:
    """Estimate the wait by statsmodels: product limit, late entry, log-log intervals.

    Where the last case seen was decided, statsmodels ends the interval with it; ours leaves that
    end open, as R's survfit does.
    """
    start = (pd.Timestamp(day) + pd.Timedelta(days=1) - pd.DateOffset(months=3)).date()
    seen = []
    for row in cases(service):
        gone = row["decided_at"]
        left = gone if gone is not None and gone <= day else None
        if row["case_type"] != kind or row["received_at"] > day or (left and left < start):
            continue
        entry = max((start - row["received_at"]).days, 0)
        leaving = ((left or day) - row["received_at"]).days
        seen.append((entry, leaving, left is not None and row["outcome"] != "withdrawn"))
    entry, leaving, event = (np.array(each, dtype=float) for each in zip(*seen, strict=True))
    # Statsmodels takes who enters on a day to be at risk after it; ours are at risk on it.
    curve = SurvfuncRight(leaving, event, entry=entry - 0.5)
    found: dict[str, float | None] = {"decided": float(event.sum())}
    for name, share in (("typical", 0.5), ("slowest", 0.9)):
        found[name] = curve.quantile(share)
        with np.errstate(divide="ignore", invalid="ignore"):
            low, high = curve.quantile_ci(share, method="cloglog")
        last = curve.surv_times[curve.surv_prob == 0]
        known = np.isfinite(high) and high not in last
        found |= {f"{name}_lower": low, f"{name}_upper": high if known else None}
    waits = sorted(
        (row["decided_at"] - row["received_at"]).days
        for row in decided_between(service, start, day) if row["case_type"] == kind
    )  # fmt: skip
    for name, share in (("typical_plain", 0.5), ("slowest_plain", 0.9)):
        found[name] = ceil(np.quantile(waits, share))
    return found
