"""Which control chart fits a series, or why none does."""

from enum import StrEnum

import numpy as np
import pandas as pd

from insight.seasonality import strongly_seasonal
from insight.spc_limits import SpcOptions
from insight.spc_rules import Bools, Floats
from insight.spc_series import Ordered

FEWEST_CASES = 5.0
"""Cases, and cases that are not, expected at the middle base; with fewer the binomial and Poisson
distributions are too lopsided for symmetric limits (the usual rule for their normal form)."""
WIDEST_BASES = 4.0
"""Largest base by smallest (the ninth by the first tenth) up to which one pair of limits fits
all: beyond it the smallest base's honest limits are over twice as wide as the largest's."""
ROUNDING = 0.01
"""How far a value may lie from the same multiple of its own ratio, as a part of it."""
_DIVIDED = {"share": "p", "rate": "u"}


class Chart(StrEnum):
    """The chart that fits."""

    XMR = "XmR chart"
    P = "p-chart"
    LANEY_P = "p-chart with Laney's limits"
    U = "u-chart"
    LANEY_U = "u-chart with Laney's limits"
    DIFFERENCE = "XmR chart of the change on the same period last year"
    NONE = "no chart"


_CUMULATIVE = (
    "It is cumulative: each figure holds the one before, so control limits mean nothing. Chart "
    "what came in each period."
)
_ROLLING = (
    "It is a rolling figure: neighbours share most of their data, so control limits are too "
    "narrow. Chart the figure of each period alone."
)
_OVER = "Its numerator is over its denominator, or below nought, in {}: mend the figures."
_SMALL = "Its bases are small: fewer than five cases, or five that are not, are expected a period."
_VARIED = "Its bases differ widely: the largest is over four times the smallest."
_SEASONAL = (
    "It repeats itself every year, so what is charted is the change on the same period last year."
)


def choose(ordered: Ordered, options: SpcOptions) -> pd.DataFrame:
    """Choose a chart for each series.

    Parameters
    ----------
    ordered
        The figures.
    options
        How many points a chart needs, and whether seasons are looked for.

    Returns
    -------
    pandas.DataFrame
        ``chart`` (see `Chart`; Laney's limits are decided when they are worked out) and ``why``,
        empty for a plain XmR chart, a row per series.
    """
    each = ordered.each
    chosen = pd.DataFrame({"chart": Chart.XMR.value, "why": ""}, index=each.index, dtype="object")
    small, varied, based = _bases(ordered)
    for unit, kind in ((name, Chart(f"{letter}-chart")) for name, letter in _DIVIDED.items()):
        of_kind = each["unit"].eq(unit).to_numpy() & based
        chosen.loc[of_kind & varied] = [kind.value, _VARIED]
        chosen.loc[of_kind & small] = [kind.value, _SMALL]
    wrong = _impossible(ordered)
    divided = chosen["chart"].isin([Chart.P, Chart.U])
    for number, period in wrong.items():
        if divided.loc[number]:
            chosen.loc[number] = [Chart.NONE.value, _OVER.format(period)]
    apart = chosen["chart"].isin([Chart.P, Chart.U]) & np.isnan(per_case(ordered))
    chosen.loc[apart] = [Chart.XMR.value, ""]
    if options.seasonal:
        seasonal = strongly_seasonal(
            ordered.column("value"),
            ordered.series,
            ordered.segment,
            ordered.ordinal,
            each["per_year"].to_numpy(dtype=np.int64),
        )
        plain = chosen["chart"].eq(Chart.XMR)
        chosen.loc[seasonal & plain] = [Chart.DIFFERENCE.value, _SEASONAL]
    points = ordered.total(np.ones(len(ordered.series)))
    few = "It has " + pd.Series(points).astype("int64").astype(str) + " of the "
    few += f"{options.fewest_points} figures from which limits can be worked out."
    short = points < options.fewest_points
    chosen.loc[short, "chart"], chosen.loc[short, "why"] = Chart.NONE.value, few[short]
    for word, why in (("cumulative", _CUMULATIVE), ("rolling", _ROLLING)):
        chosen.loc[each["accumulation"].eq(word)] = [Chart.NONE.value, why]
    faulty = each["fault"].ne("")
    chosen.loc[faulty, "chart"] = Chart.NONE.value
    chosen.loc[faulty, "why"] = each.loc[faulty, "fault"]
    return chosen


def _bases(ordered: Ordered) -> tuple[Bools, Bools, Bools]:
    """Tell where bases are small, where they differ widely, and where they are known at all."""
    frame = pd.DataFrame({"n": ordered.column("denominator"), "k": cases(ordered)})
    usable = frame["n"].gt(0) & frame["k"].notna()
    grouped = frame.where(usable).groupby(ordered.series)
    every = pd.RangeIndex(len(ordered.each))
    middle, low, high = (grouped["n"].quantile(at).reindex(every) for at in (0.5, 0.1, 0.9))
    sums = grouped.sum().reindex(every)
    centre = sums["k"] / sums["n"].where(sums["n"].gt(0))
    other = (1 - centre).where(ordered.each["unit"].eq("share"), np.inf)
    # All or none of all cases is certain, whatever the base.
    certain = centre.eq(0) | other.eq(0)
    small = (middle * np.minimum(centre, other)).lt(FEWEST_CASES) & ~certain
    wide = (high / low).gt(WIDEST_BASES)
    # A base that is missing somewhere leaves that point off a p-chart, so all must be known.
    based = usable.groupby(ordered.series).all().reindex(every, fill_value=False)
    return small.to_numpy(), wide.to_numpy(), based.to_numpy()


def cases(ordered: Ordered) -> Floats:
    """Give the numerators; where one is missing, the value times the denominator."""
    made = ordered.column("value") * ordered.column("denominator")
    given = ordered.column("numerator")
    return np.where(np.isfinite(given), given, made)


def per_case(ordered: Ordered) -> Floats:
    """Give how much one case of one is in each series' unit: 1, or 1,000 for a rate per 1,000.

    NaN where the values are no fixed multiple of numerator over denominator, so that limits made
    of the two aren't limits of the value.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = cases(ordered) / ordered.column("denominator")
        times = pd.Series(ordered.column("value") / ratio).where(np.isfinite(ratio) & (ratio != 0))
    middle = times.groupby(ordered.series).median()
    # Without a single case nothing can be told, and any multiple of nought is nought.
    each = middle.reindex(pd.RangeIndex(len(ordered.each))).fillna(1.0)
    near = (times - each.to_numpy()[ordered.series]).abs().gt(ROUNDING * times.abs())
    uneven = near.groupby(ordered.series).any().reindex(each.index, fill_value=False)
    share = ordered.each["unit"].eq("share").to_numpy(dtype=bool)
    each = each.mask(share & (each - 1).abs().le(ROUNDING), 1.0)
    given: Floats = np.asarray(each.mask(uneven | (share & each.ne(1))), dtype=np.float64)
    return given


def _impossible(ordered: Ordered) -> dict[int, str]:
    k, n = cases(ordered), ordered.column("denominator")
    share = ordered.each["unit"].eq("share").to_numpy()[ordered.series]
    wrong = (k < 0) | (share & (k > n * (1 + 1e-12)))
    found = pd.Series(ordered.points["period"].to_numpy()[wrong], index=ordered.series[wrong])
    found = found[~found.index.duplicated()]
    return dict(zip(found.index.tolist(), found.astype(str).tolist(), strict=True))
