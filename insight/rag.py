"""Red, amber, green and the direction of travel, from the figures as they are shown."""

from enum import StrEnum

import numpy as np
import pandas as pd

from insight.intervals import difference_of
from insight.rounding import published_values

Cells = pd.Series | str | float | bool
_SLIP = 1e-9


class Rag(StrEnum):
    """A measure's status; a word, because colour alone says nothing to many readers."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    NO_TARGET = "no target"
    AWAITED = "awaited"
    SUPPRESSED = "suppressed"


class Travel(StrEnum):
    """The direction of travel."""

    IMPROVING = "improving"
    WORSENING = "worsening"
    NO_CHANGE = "no change"


def rag(
    value: pd.Series,
    target: Cells,
    *,
    polarity: Cells,
    tolerance: Cells = 0.0,
    tolerance_kind: Cells = "relative",
    unit: Cells = "count",
    decimals: Cells = 0,
    low: Cells = np.nan,
    high: Cells = np.nan,
    suppressed: Cells = False,
) -> pd.Series:
    """Judge values by their targets.

    Values and targets are compared as they are shown, rounded to the measure's decimals: 94.96
    shown as 95 meets a target of 95. Green is at the target or better, amber within the
    tolerance of it, red beyond.

    Parameters
    ----------
    value
        Figures, missing where awaited. Every other argument is one for all, or a series with
        the same index.
    target
        What to reach; not used for a band.
    polarity
        ``"higher"`` or ``"lower"`` is better, or ``"band"``: green from `low` to `high`, amber
        within the tolerance outside. Any other has no target.
    tolerance, tolerance_kind
        ``"relative"`` to the target (0.05 is a twentieth of it), or ``"absolute"`` in the
        measure's unit. A relative tolerance of a target of nought is nought.
    unit, decimals
        How the value is shown; see `insight.rounding.published_values`.
    low, high
        The band. One that is upside down is no target.
    suppressed
        Values that mustn't be shown, which have no colour either.

    Returns
    -------
    pandas.Series
        The words of `Rag`.

    Examples
    --------
    >>> days = pd.Series([20.0, 21.0, 25.0, None])
    >>> rag(days, 20.0, polarity="lower", tolerance=0.1, unit="days").tolist()
    ['green', 'amber', 'red', 'awaited']
    >>> rag(pd.Series([0.9496]), 0.95, polarity="higher", unit="share").tolist()
    ['green']
    """
    rows = pd.DataFrame(
        {
            "polarity": polarity,
            "tolerance": tolerance,
            "absolute": pd.Series(tolerance_kind, index=value.index).eq("absolute"),
            "suppressed": suppressed,
            "unit": unit,
            "shown": _shown(value, value.index, unit, decimals),
            "target": _shown(target, value.index, unit, decimals),
            "low": _shown(low, value.index, unit, decimals),
            "high": _shown(high, value.index, unit, decimals),
        },
        index=value.index,
    )
    missed, bound = _missed(rows)
    scale = np.where(rows["unit"] == "share", 100.0, 1.0)
    allowed = (rows["tolerance"] * scale).where(rows["absolute"], bound.abs() * rows["tolerance"])
    slip = _SLIP * bound.abs().clip(lower=1)
    status = np.select(
        [
            rows["suppressed"].astype("boolean").fillna(False).to_numpy(dtype=bool),
            rows["shown"].isna(),
            missed.isna(),
            missed <= slip,
            missed <= allowed.fillna(0) + slip,
        ],
        [Rag.SUPPRESSED, Rag.AWAITED, Rag.NO_TARGET, Rag.GREEN, Rag.AMBER],
        Rag.RED,
    )
    return pd.Series(status, index=value.index, dtype="string", name="rag")


def _shown(values: Cells, index: pd.Index, unit: Cells, decimals: Cells) -> pd.Series:
    series = pd.Series(values, index=index).astype("Float64")
    return published_values(series, np.asarray(unit), np.asarray(decimals))


def _missed(rows: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """By how much each shown value misses, and the bound it is measured from.

    Nought or less is on target; missing where there is no target.
    """
    shown, target, low, high = rows["shown"], rows["target"], rows["low"], rows["high"]
    polarity = rows["polarity"]
    under, over = low - shown, shown - high
    band = polarity.eq("band") & low.le(high)
    missed = (target - shown).where(polarity.eq("higher"))
    missed = missed.mask(polarity.eq("lower"), shown - target)
    missed = missed.mask(band, under.where(under >= over, over))
    return missed, target.mask(band, low.where(under >= over, high)).astype("float64")


def direction(
    value: pd.Series,
    before: pd.Series,
    *,
    polarity: Cells,
    unit: Cells = "count",
    decimals: Cells = 0,
    low: Cells = np.nan,
    high: Cells = np.nan,
) -> pd.Series:
    """Say whether values are better or worse than `before`, as shown.

    In a band every value is as good as another; outside it, nearer is better.

    Returns
    -------
    pandas.Series
        The words of `Travel`, missing where either figure is.

    Examples
    --------
    >>> direction(pd.Series([5.0, 5.2]), pd.Series([7.0, 5.0]), polarity="lower").tolist()
    ['improving', 'no change']
    """
    now, then = (_shown(each, value.index, unit, decimals) for each in (value, before))
    floor, ceiling = (_shown(each, value.index, unit, decimals) for each in (low, high))
    way = pd.Series(polarity, index=value.index)

    def outside(shown: pd.Series) -> pd.Series:
        under, over = floor - shown, shown - ceiling
        return under.where(under >= over, over).clip(lower=0)

    gain = (now - then).where(way.eq("higher"))
    gain = gain.mask(way.eq("lower"), then - now)
    gain = gain.mask(way.eq("band"), outside(then) - outside(now))
    travel = np.select([gain > _SLIP, gain < -_SLIP], [Travel.IMPROVING, Travel.WORSENING], "")
    words = pd.Series(travel, index=value.index, dtype="string")
    return words.mask(words == "", Travel.NO_CHANGE).mask(gain.isna()).rename("direction")


def change_within_interval(now: pd.DataFrame, before: pd.DataFrame) -> pd.Series:
    """Tell which changes chance alone could make.

    Parameters
    ----------
    now, before
        ``value``, ``lower`` and ``upper`` on the same index.

    Returns
    -------
    pandas.Series
        True where the interval of the difference holds nought (Newcombe's rule), missing where
        a figure or its interval is.
    """
    ours, theirs = now.astype("float64"), before.astype("float64")
    lower, upper = difference_of(
        ours["value"],
        (ours["lower"], ours["upper"]),
        theirs["value"],
        (theirs["lower"], theirs["upper"]),
    )
    within = pd.Series((lower <= 0) & (upper >= 0), index=now.index, dtype="boolean")
    return within.mask(np.isnan(lower) | np.isnan(upper)).rename("change_within_interval")
