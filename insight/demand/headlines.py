"""What to say first of a service: changes that chance doesn't explain, or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from insight.intervals import difference_of

FALSE_DISCOVERY = 0.05
_Z = float(ndtri(0.975))
SHARES = (
    "chasing_contact_share", "repeat_contact_share", "first_contact_resolution_share",
    "avoidable_contact_share", "digital_take_up_share", "satisfaction_share",
    "complaints_upheld_share", "calls_answered_share", "calls_abandoned_share",
    "service_level_share",
)  # fmt: skip
COUNTS = ("complaints_received",)


@dataclass(frozen=True, slots=True)
class Headlines:
    """The changes that stand, and how many were looked at.

    ``found``: ``service``, ``measure``, ``value``, ``before``, ``change``, ``lower``, ``upper``,
    ``p``; the surest first in each service.
    """

    found: pd.DataFrame
    candidates: int


def headlines(
    results: pd.DataFrame, period: str, earlier: Sequence[str], *, rate: float = FALSE_DISCOVERY
) -> Headlines:
    """Find a month's changes that stand after allowing for all that were looked at.

    Parameters
    ----------
    results
        Figures of the month and of those before it.
    period
        The month's key.
    earlier
        Keys of the earlier months that each is compared with.
    rate
        Share of the headlines that may be chance (Benjamini and Hochberg).

    Notes
    -----
    Candidates are the whole figures of every service: the shares of `SHARES` against each earlier
    month; the counts of `COUNTS`, by the exact conditional test's normal form; and
    ``contacts_change``, whose interval is already of a change. Shares' p-values come from the
    widths of the two intervals, so that whatever widened them (few answers, weights, people who
    came twice) widens this too. A change is kept if it stands after the correction *and* its own
    interval leaves nought outside; of several comparisons of one figure that stand, the surest.
    """
    numbers = dict.fromkeys(["value", "lower", "upper", "numerator", "denominator"], "float64")
    results = results.astype(numbers)
    whole = results[results["breakdown"].fillna("").eq("") & results["value"].notna()]
    tested = pd.concat([_changes(whole, period), *_compared(whole, period, earlier)])
    tested = tested[tested["p"].notna()].reset_index(drop=True).astype({"p": "float64"})
    kept = tested[_discovered(tested["p"].to_numpy(), rate)]
    kept = kept[kept["lower"].gt(0) | kept["upper"].lt(0)]
    kept = kept.sort_values(["service", "p", "measure", "past"], ignore_index=True)
    return Headlines(kept.drop_duplicates(["service", "measure"], ignore_index=True), len(tested))


def _discovered(p: np.ndarray, rate: float) -> np.ndarray:
    """Benjamini and Hochberg: which p-values stand."""
    number = len(p)
    if not number:
        return np.zeros(0, dtype=bool)
    order = np.argsort(p, kind="stable")
    under = p[order] <= rate * np.arange(1, number + 1) / number
    cut = np.flatnonzero(under)
    stands = np.zeros(number, dtype=bool)
    if len(cut):
        stands[order[: cut[-1] + 1]] = True
    return stands


def _changes(whole: pd.DataFrame, period: str) -> pd.DataFrame:
    rows = whole[whole["measure"].eq("contacts_change") & whole["period"].eq(period)]
    rows = rows[rows["lower"].notna() & rows["lower"].gt(-1) & rows["value"].gt(-1)]
    log, low, high = (np.log1p(rows[name]) for name in ("value", "lower", "upper"))
    p = 2 * ndtr(-np.abs(log) * 2 * _Z / (high - low))
    return _named(rows, rows["numerator"], rows["denominator"], rows["value"], rows["lower"],
                  rows["upper"], p)  # fmt: skip


def _compared(whole: pd.DataFrame, period: str, earlier: Sequence[str]) -> list[pd.DataFrame]:
    chosen = whole[whole["measure"].isin([*SHARES, *COUNTS]) & whole["lower"].notna()]
    now = chosen[chosen["period"].eq(period)]
    past = chosen[chosen["period"].isin(list(earlier))]
    both = now.merge(past, on=["measure", "service"], suffixes=("", "_past"))
    share = both[both["measure"].isin(SHARES)]
    lower, upper = difference_of(
        share["value"], (share["lower"], share["upper"]),
        share["value_past"], (share["lower_past"], share["upper_past"]),
    )  # fmt: skip
    change = share["value"] - share["value_past"]
    # The side of the interval towards nought is the one that the test is about.
    reach = np.where(change > 0, change - lower, upper - change) / _Z
    p = 2 * ndtr(-np.abs(change) / np.where(reach > 0, reach, np.inf))
    count = both[both["measure"].isin(COUNTS)]
    a, b = count["value"], count["value_past"]
    with np.errstate(divide="ignore", invalid="ignore"):
        log, spread = np.log(a / b), np.sqrt(1 / a + 1 / b)
        p_count = np.where((a > 0) & (b > 0), 2 * ndtr(-np.abs(log) / spread), np.nan)
        ends = np.exp(log - _Z * spread) - 1, np.exp(log + _Z * spread) - 1
    return [
        _named(share, share["value"], share["value_past"], change, lower, upper, p),
        _named(count, a, b, a / b - 1, *ends, p_count),
    ]


def _named(rows: pd.DataFrame, *columns: "pd.Series | np.ndarray") -> pd.DataFrame:
    """Put a comparison's columns together: value, before, change, lower, upper and p."""
    named = dict(zip(("value", "before", "change", "lower", "upper", "p"), columns, strict=True))
    past = rows["period_past"] if "period_past" in rows else pd.Series(pd.NA, index=rows.index)
    return rows[["service", "measure"]].assign(**named, past=past)
