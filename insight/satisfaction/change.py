"""Whether satisfaction has changed: in points and relative, as found and with the mix held still.

"Thirty percent better" can mean 46% to 76% or 46% to 60%; every change here is said both ways,
each with its interval, and is called real only where its interval leaves out no change.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from insight.intervals import difference_of, effective_base, ratio_of, wilson
from insight.periods import add_months, month_key
from insight.results import as_results, join_results, no_results
from insight.rounding import written
from insight.satisfaction.shares import CASE_DIMENSIONS

MONTHS_BEFORE = (3, 6, 12)
"""A rolling quarter is compared with those that end so many months before it."""
_A_POINT = 0.0095
_FEWEST = 5
"""Answers a part of the mix needs in both periods to be compared."""


def against(months: int) -> str:
    """Name a comparison, as the breakdown says it."""
    return f"{months} months before"


def satisfaction_changes(parts: pd.DataFrame, months: Sequence[date]) -> pd.DataFrame:
    """Test each service's rolling quarter against earlier ones.

    Parameters
    ----------
    parts
        Sums of rolling quarters (`insight.satisfaction.shares.quarter_parts`).
    months
        Last months of the quarters to test.

    Returns
    -------
    pandas.DataFrame
        Results ``satisfaction_change`` (in proportion points) and
        ``satisfaction_change_relative`` (a share of the earlier figure), each broken down by
        ``against=6 months before`` and the like; ``base`` is the smaller of the two bases. The
        intervals are Newcombe's and, for the ratio, the same method's (Donner and Zou).
    """
    whole = parts[parts["breakdown"].eq("")]
    return _changes_of(whole, whole["for"] / whole["denominator"], months)


def _changes_of(whole: pd.DataFrame, share: pd.Series, months: Sequence[date]) -> pd.DataFrame:
    table = whole.assign(
        share=share, n=effective_base(whole["denominator"], whole["squares"])
    ).set_index(["period", "service"])[["share", "n", "base"]]
    results = []
    for back in MONTHS_BEFORE:
        pairs = pd.DataFrame(
            {
                "period": [month_key(month) for month in months],
                "before": [month_key(add_months(month, -back)) for month in months],
            }
        )
        both = (
            table.reset_index()
            .merge(pairs, on="period")
            .merge(
                table.reset_index(),
                left_on=["before", "service"],
                right_on=["period", "service"],
                suffixes=("", "_then"),
            )
        )
        if both.empty:
            continue
        now = wilson(both["share"], both["n"])
        then = wilson(both["share_then"], both["n_then"])
        base = np.minimum(both["base"], both["base_then"])
        common = both.assign(breakdown=f"against={against(back)}", base=base)
        lower, upper = difference_of(both["share"], now, both["share_then"], then)
        results.append(
            as_results(
                common.assign(
                    measure="satisfaction_change",
                    value=both["share"] - both["share_then"],
                    lower=lower,
                    upper=upper,
                )
            )
        )
        low, high = ratio_of(both["share"], now, both["share_then"], then)
        known = both["share_then"].gt(0)
        results.append(
            as_results(
                common.assign(
                    measure="satisfaction_change_relative",
                    value=(both["share"] / both["share_then"].where(known)) - 1,
                    lower=low - 1,
                    upper=high - 1,
                )[known]
            )
        )
    return join_results(results)


@dataclass(frozen=True, slots=True)
class Adjusted:
    """A change with the mix held still; proportions.

    `covered` is the share of all answers in parts of the mix that both periods have, `parts`
    how many those are.
    """

    value: float
    lower: float
    upper: float
    base: int
    covered: float
    parts: int


def adjusted_change(now: pd.DataFrame, then: pd.DataFrame) -> Adjusted | None:
    """Compare two periods as if both had had the same mix of cases.

    Parameters
    ----------
    now, then
        Votes on one service's headline (`insight.satisfaction.shares.votes_in`) with
        ``outcome`` and ``applicant_kind``.

    Returns
    -------
    Adjusted or None
        None where no part of the mix has at least five answers in both periods, or the answers
        are about no known case.

    Notes
    -----
    Direct standardisation to both periods together. The interval recovers the variance of a
    weighted sum from each part's Wilson interval (Zou, Huang and Zhang, 2009, "A note on
    confidence interval estimation for a linear function of binomial proportions"), which for
    one part is Newcombe's.
    """
    dims = [name for name in CASE_DIMENSIONS if name in now and name in then]
    if not dims:
        return None
    sums = ["for", "denominator", "squares", "base"]
    after = now.groupby(dims)[sums].sum().add_suffix("_now")
    both = after.join(then.groupby(dims)[sums].sum().add_suffix("_then"), how="inner")
    enough = both[["base_now", "base_then"]].min(axis=1).ge(_FEWEST)
    both = both[enough]
    if both.empty:
        return None
    mix = both["base_now"] + both["base_then"]
    answered = float(now["base"].sum() + then["base"].sum())
    weight = (mix / mix.sum()).to_numpy()
    first, first_bounds = _standardised(both, "now", weight)
    second, second_bounds = _standardised(both, "then", weight)
    lower, upper = difference_of(first, first_bounds, second, second_bounds)
    return Adjusted(
        first - second,
        float(lower),
        float(upper),
        int(min(both["base_now"].sum(), both["base_then"].sum())),
        float(mix.sum() / answered),
        len(both),
    )


def _standardised(
    cells: pd.DataFrame, when: str, weight: ArrayLike
) -> tuple[float, tuple[float, float]]:
    w = np.asarray(weight)
    total = cells[f"denominator_{when}"]
    share = (cells[f"for_{when}"] / total).to_numpy()
    lower, upper = wilson(share, effective_base(total, cells[f"squares_{when}"]))
    middle = float(np.sum(w * share))
    down = float(np.sqrt(np.sum(np.square(w * (share - lower)))))
    up = float(np.sqrt(np.sum(np.square(w * (upper - share)))))
    return middle, (middle - down, middle + up)


def adjusted_changes(quarters: pd.DataFrame, month: date) -> pd.DataFrame:
    """Results ``satisfaction_change_adjusted`` of one month's rolling quarter.

    Parameters
    ----------
    quarters
        Votes by rolling quarter (`insight.satisfaction.shares.votes_in`) with the case's
        dimensions; only services whose answers are about cases have a figure.
    month
        Last month of the quarter.
    """
    if not set(CASE_DIMENSIONS) <= set(quarters.columns):
        return no_results()
    own = quarters[quarters["headline"] & quarters["outcome"].notna() & quarters["base"].gt(0)]
    rows = []
    for service in sorted(own["service"].unique()):
        mine = own[own["service"].eq(service)]
        now = mine[mine["period"].eq(month_key(month))]
        for back in MONTHS_BEFORE:
            then = mine[mine["period"].eq(month_key(add_months(month, -back)))]
            found = adjusted_change(now, then)
            if found is not None:
                rows.append(
                    {
                        "measure": "satisfaction_change_adjusted",
                        "service": service,
                        "period": month_key(month),
                        "breakdown": f"against={against(back)}",
                        "value": found.value,
                        "lower": found.lower,
                        "upper": found.upper,
                        "numerator": found.covered,
                        "base": found.base,
                    }
                )
    return as_results(pd.DataFrame(rows)) if rows else no_results()


def change_words(
    points: tuple[float, float, float], relative: tuple[float, float, float] | None = None
) -> str:
    """Say a change in words, in points and relative; each as value, lower and upper bound.

    Examples
    --------
    >>> change_words((0.14, 0.05, 0.23), (0.30, 0.10, 0.54))
    'up by 14 percentage points (likely 5 to 23), which is 30% more (likely 10% to 54% more)'
    >>> change_words((-0.02, -0.1, 0.06))
    'no clear change: chance could bring anything from 10 points down to 6 up'
    """
    value, lower, upper = points
    if np.isnan(lower) or lower <= 0 <= upper:
        if np.isnan(lower):
            return "too few answers to say"
        low, high = _points(abs(lower)), _points(upper)
        unit = "point" if low == "1" else "points"
        return f"no clear change: chance could bring anything from {low} {unit} down to {high} up"
    way, ends = ("up", (lower, upper)) if value > 0 else ("down", (-upper, -lower))
    low, high = map(_points, ends)
    said = f"{way} by {_points(abs(value))} percentage points (likely {low} to {high})"
    if relative is None:
        return said
    more = "more" if relative[0] > 0 else "less"
    least, most = sorted(abs(end) for end in relative[1:])
    if np.isnan(least) or not np.isfinite(most) or relative[1] < 0 < relative[2]:
        return said
    times = f"{_percent(abs(relative[0]))} {more}"
    return f"{said}, which is {times} (likely {_percent(least)} to {_percent(most)} {more})"


def _points(share: float) -> str:
    """Write a proportion in points; what is not quite nought doesn't look like nought."""
    decimals = 0 if share >= _A_POINT or share == 0 else 1
    return str(written(pd.Series([100 * share]), "count", decimals).iloc[0])


def _percent(share: float) -> str:
    return str(written(pd.Series([share]), "share", 0).iloc[0])
