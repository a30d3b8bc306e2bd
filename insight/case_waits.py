"""The wait now: how long a case that comes in today may take, open cases counted as well.

Decided cases alone flatter a service with a backlog (the slow ones aren't decided yet) or, when it
clears one, blacken it. The product-limit estimate (Kaplan and Meier 1958) takes every case at risk
in the last months: it enters with the age that it had when the period began, and leaves by its
decision, or by withdrawal or the period's end without one (left-truncated, right-censored data;
Klein and Moeschberger, Survival Analysis, 2nd edition, section 4.6).
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm

from insight.cases import dated_cases, is_decided, is_ended
from insight.periods import add_months, month_end

WAIT_MONTHS = 3
TYPICAL = 0.5
SLOWEST_TENTH = 0.9
FEWEST_DECISIONS = 5
_LONGEST = 3_653
"""Days, ten years: a longer wait is an open record that nobody closed; it counts up to here."""

Floats = NDArray[Any]


def window_start(day: date, months: int = WAIT_MONTHS) -> date:
    """Return the first day of the whole months that end with `day`, so that none is shorter.

    >>> window_start(date(2026, 10, 31)), window_start(date(2026, 11, 1))
    (datetime.date(2026, 8, 1), datetime.date(2026, 8, 2))
    """
    after = day + timedelta(days=1)
    first = add_months(after, -months)
    return first.replace(day=min(after.day, month_end(first).day))


def wait_now(
    cases: pd.DataFrame, day: date, *, by: Sequence[str] = ("service", "case_type")
) -> pd.DataFrame:
    """Estimate the typical wait and that of the slowest tenth, with 95% intervals.

    Parameters
    ----------
    cases
        Rows of the cases contract.
    day
        The last day that counts; the three months up to it say what the wait is.
    by
        Columns to group on.

    Returns
    -------
    pandas.DataFrame
        `by`, ``decided`` (decisions behind it), ``at_risk`` (cases seen), ``censored`` (those
        without a decision by then), and ``typical``, ``slowest_tenth`` with ``_lower`` and
        ``_upper``: days from receipt. Missing where fewer than five were decided, or where so
        few are decided that the share isn't reached; an upper end may be missing alone, which
        means "longer than can be said yet".

    Notes
    -----
    Intervals invert the log-log band of the estimate, with Greenwood's variance (Brookmeyer and
    Crowley 1982). A decision before receipt counts as no decision date: the case is left out.
    """
    keys = list(by)
    rows = dated_cases(cases)
    for key in keys:
        rows[key] = rows[key].astype("string").fillna("")
    seen = _at_risk(rows, day)
    groups, names = _numbered(seen, keys)
    return names.assign(**_curve_days(seen, groups, len(names)))


def _at_risk(rows: pd.DataFrame, day: date) -> pd.DataFrame:
    """Cases seen in the period, with ages ``entry`` and ``exit`` and whether ``event``."""
    start, end = pd.Timestamp(window_start(day)), pd.Timestamp(day)
    wrong = rows["decided_at"].lt(rows["received_at"])
    left = rows["decided_at"].where(rows["decided_at"].le(end))
    # Ended without a date: nobody knows when it left, so it says nothing of the wait.
    undated = rows["decided_at"].isna() & is_ended(rows)
    here = rows["received_at"].le(end) & ~left.lt(start) & ~wrong & ~undated
    kept = rows[here]
    left = left[here]
    received = kept["received_at"]
    entry = (start - received).dt.days.clip(lower=0)
    last = (left.fillna(end) - received).dt.days
    event = left.notna() & is_decided(kept)
    event &= last.le(_LONGEST)
    inside = entry.le(_LONGEST)
    found: pd.DataFrame = kept.assign(entry=entry, exit=last.clip(upper=_LONGEST), event=event)
    seen: pd.DataFrame = found.loc[inside]
    return seen


def _numbered(seen: pd.DataFrame, keys: list[str]) -> tuple[NDArray[Any], pd.DataFrame]:
    grouped = seen.groupby(keys, sort=True)
    names = grouped.size().reset_index()[keys]
    return np.asarray(grouped.ngroup(), dtype=np.int64), names


def _curve_days(
    seen: pd.DataFrame, groups: NDArray[Any], number: int
) -> dict[str, pd.Series | Floats]:
    longest = int(seen["exit"].max()) + 1 if len(seen) else 1
    shape = (number, longest + 1)
    event = seen["event"].to_numpy(dtype=bool)

    def counted(days: pd.Series, chosen: NDArray[np.bool_] | None = None) -> Floats:
        places = groups * shape[1] + days.to_numpy(dtype=np.int64)
        if chosen is not None:
            places = places[chosen]
        table: Floats = (
            np.bincount(places, minlength=number * shape[1]).reshape(shape).astype(float)
        )
        return table

    died = counted(seen["exit"], event)
    entered = counted(seen["entry"]).cumsum(axis=1)
    gone = counted(seen["exit"]).cumsum(axis=1)
    # At risk on a day: in by then, and not gone before it.
    risk = entered - np.hstack([np.zeros((number, 1)), gone[:, :-1]])
    survival, lower, upper = _product_limit(died, risk)
    decided = died.sum(axis=1)
    enough = decided >= FEWEST_DECISIONS
    out: dict[str, pd.Series | Floats] = {
        "decided": pd.Series(decided.astype(np.int64)),
        "at_risk": pd.Series(gone[:, -1].astype(np.int64)) if number else pd.Series(dtype="int64"),
    }
    out["censored"] = out["at_risk"] - out["decided"]
    for name, quantile in (("typical", TYPICAL), ("slowest_tenth", SLOWEST_TENTH)):
        for end, curve in (("", survival), ("_lower", lower), ("_upper", upper)):
            days = _first_at_or_below(curve, 1 - quantile)
            out[f"{name}{end}"] = pd.Series(days, dtype="Float64").where(pd.Series(enough))
    return out


def _product_limit(died: Floats, risk: Floats) -> tuple[Floats, Floats, Floats]:
    """Kaplan and Meier's curve by row, and its log-log 95% band."""
    with np.errstate(divide="ignore", invalid="ignore"):
        survival = np.cumprod(np.where(risk > 0, 1 - died / np.where(risk > 0, risk, 1), 1), axis=1)
        terms = np.where((risk > died) & (died > 0), died / (risk * (risk - died)), 0.0)
        log = np.log(survival)
        spread = norm.ppf(0.975) * np.sqrt(np.cumsum(terms, axis=1)) / np.abs(log)
        lower = np.where((survival < 1) & (survival > 0), survival ** np.exp(spread), survival)
        upper = np.where((survival < 1) & (survival > 0), survival ** np.exp(-spread), survival)
    return survival, lower, np.where(survival > 0, upper, np.nan)


def _first_at_or_below(curve: Floats, level: float) -> Floats:
    """First day on which each curve is at or below `level`, missing where it never is."""
    below = curve <= level + 1e-12
    days = np.where(below.any(axis=1), below.argmax(axis=1), np.nan).astype(float)
    return days if curve.size else np.array([], dtype=float)
