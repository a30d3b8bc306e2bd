"""Statistical process control: what a bare red, amber or green can't say.

Whether a figure is more than the process's own noise (variation), and whether the process, left
as it is, meets its target (assurance). The XmR chart is that of NHS England's Making Data Count
as NHSRplotthedots 0.2.2 draws it; `insight.spc_choice` refuses it where it would mislead and says
which chart fits instead. Segments begin where a person has recorded a rebase, and nowhere else.
All series are worked out together, as flat arrays.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

from insight.attribute_charts import attribute_lines
from insight.spc_choice import Chart, cases, choose, per_case
from insight.spc_limits import SpcOptions, xmr_lines
from insight.spc_rules import (
    RULES,
    Bools,
    Floats,
    Ints,
    Lines,
    Words,
    assurance_of,
    improvement_of,
    position_in,
    special_causes,
    variation_of,
)
from insight.spc_series import KEYS, Ordered, in_order

__all__ = ["Chart", "Control", "SpcOptions", "control"]
_ROUNDING = 1e-12  # of a series' largest figure
_LATEST = (
    "period", "value", "target", "charted", "segment", "mean", "lpl", "upl", "sigma_z", "rule",
    "variation", "provisional",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Control:
    """Control charts worked out; see `control` for the columns."""

    points: pd.DataFrame
    series: pd.DataFrame


def control(
    figures: pd.DataFrame,
    measures: pd.DataFrame | None = None,
    *,
    rebases: pd.DataFrame | None = None,
    options: SpcOptions | None = None,
    keys: Sequence[str] = KEYS,
) -> Control:
    """Work out the control charts of many measures at once.

    Parameters
    ----------
    figures
        A row per measure, service and period: `keys`, ``period``, ``value``, and where known
        ``numerator``, ``denominator`` and ``target``. A missing value or row is a gap: the points
        on either side are neighbours.
    measures
        By ``measure``, and any other of `keys`: see `insight.spc_series.MEASURE_DEFAULTS`.
    rebases
        `keys` and ``period``, the first of the new segment, as people recorded them.
    options
        How limits are worked out.
    keys
        What tells series apart; add ``breakdown`` where there are some.

    Returns
    -------
    Control
        ``points`` has a row per known point of a chart: `keys`, ``period``, ``value``,
        ``target``, ``charted`` (the value, or its change on last year), ``segment`` (from 1),
        ``baseline``, ``moving_range``, ``mean``, ``lpl``, ``upl``, ``near_lpl``, ``near_upl``,
        ``sigma_z`` (Laney's, where used), ``rule``, ``variation`` and ``provisional``.
        ``series`` has a row per series: `keys`, ``chart``, ``why``, ``points``, ``gaps``,
        ``segment_points``, ``constant`` (no variation at all), ``since`` (where the latest
        point's special cause began), ``before`` (the variation of the point before, in the same
        segment), ``assurance``, and of the latest point ``period``, ``value``, ``target``,
        ``charted``, ``segment``, ``mean``, ``lpl``, ``upl``, ``sigma_z``, ``rule``,
        ``variation`` and ``provisional``.

    Raises
    ------
    MissingColumnsError
        If a frame lacks a column.
    UnknownPeriodError
        If a period can't be read.

    Examples
    --------
    >>> months = [f"2026-{month:02d}" for month in range(1, 13)]
    >>> days = [20, 22, 19, 21, 20, 23, 21, 20, 22, 19, 21, 31]
    >>> figures = pd.DataFrame(
    ...     {"measure": "M1", "service": "planning", "period": months, "value": days, "target": 18})
    >>> found = control(figures, pd.DataFrame({"measure": ["M1"], "polarity": ["lower"]})).series
    >>> found[["rule", "variation", "since", "assurance"]].iloc[0].tolist()
    ['beyond the limit', 'concern high', '2026-12', 'inconsistent']
    """
    rules = options or SpcOptions()
    ordered = in_order(figures, measures, rebases, keys=keys)
    chosen = choose(ordered, rules)
    chart = chosen["chart"].to_numpy(dtype=object, copy=True)
    charted = _charted(ordered, chart == Chart.DIFFERENCE)
    kept = np.isfinite(charted) & (chart != Chart.NONE)[ordered.series]
    values, series, segment = charted[kept], ordered.series[kept], ordered.segment[kept]
    segment = np.unique(segment, return_inverse=True)[1].astype(np.int64)
    place = position_in(segment)
    baseline = place < (rules.fix_after or len(place) + 1)
    lines, ranges = xmr_lines(values, segment, baseline, rules)
    lines, sigma_z = _with_attributes(ordered, kept, chart, segment, baseline, lines)
    sizes = np.bincount(segment) if len(segment) else segment
    lines = _where(sizes[segment] >= rules.fewest_points, lines)
    largest = np.zeros(len(chart))
    np.maximum.at(largest, series, np.abs(values))
    found, way = special_causes(values, segment, lines, _ROUNDING * largest[series])
    kinds: Words = variation_of(way, improvement_of(ordered.each["polarity"])[series])
    kinds[~np.isfinite(lines.mean)] = None
    points = ordered.points.loc[kept, [*keys, "period", "value", "target"]].reset_index(drop=True)
    points = points.assign(
        charted=values,
        segment=segment - segment[np.arange(len(series)) - position_in(series)] + 1,
        baseline=baseline,
        moving_range=ranges,
        **{line.name: getattr(lines, line.name) for line in fields(lines)},
        sigma_z=sigma_z,
        rule=RULES[found],
        variation=kinds,
        provisional=sizes[segment] < rules.provisional_below,
    )
    each = ordered.each[list(keys)].assign(chart=_laney(chart, series, sigma_z), why=chosen["why"])
    each["points"] = ordered.total(np.ones(len(ordered.series))).astype(np.int64)
    each["gaps"] = _gaps(ordered)
    return Control(points, _with_latest(each, ordered, points, series, sizes[segment], way))


def _charted(ordered: Ordered, differenced: Bools) -> Floats:
    """Give the value, or for some series its change on the same period last year.

    No change is taken across a rebase: it would show the rebase itself for a year.
    """
    value = ordered.column("value")
    far = int(ordered.ordinal.max(initial=0)) + 1
    code = ordered.series * far + ordered.ordinal
    wanted = code - ordered.each["per_year"].to_numpy(dtype=np.int64)[ordered.series]
    at = np.minimum(np.searchsorted(code, wanted), max(len(code) - 1, 0))
    if not len(code):
        return value
    same = (code[at] == wanted) & (ordered.segment[at] == ordered.segment)
    return np.where(differenced[ordered.series], np.where(same, value - value[at], np.nan), value)


def _with_attributes(
    ordered: Ordered, kept: Bools, chart: Words, segment: Ints, baseline: Bools, lines: Lines
) -> tuple[Lines, Floats]:
    """Put the limits of p- and u-charts in place of the others."""
    sigma_z = np.full(len(segment), np.nan)
    given = {line.name: getattr(lines, line.name).copy() for line in fields(lines)}
    numerator, denominator = cases(ordered)[kept], ordered.column("denominator")[kept]
    of = chart[ordered.series[kept]]
    for kind, letter in ((Chart.P, "p"), (Chart.U, "u")):
        here = of == kind
        if not here.any():
            continue
        own = np.unique(segment[here], return_inverse=True)[1].astype(np.int64)
        made, sigma = attribute_lines(
            numerator[here], denominator[here], own, baseline[here], "p" if letter == "p" else "u"
        )
        sigma_z[here] = sigma
        times = per_case(ordered)[ordered.series[kept][here]]
        for name, line in given.items():
            line[here] = getattr(made, name) * times
    return Lines(**given), sigma_z


def _where(known: Bools, lines: Lines) -> Lines:
    kept = {line.name: np.where(known, getattr(lines, line.name), np.nan) for line in fields(lines)}
    return Lines(**kept)


def _laney(chart: Words, series: Ints, sigma_z: Floats) -> Words:
    corrected = np.bincount(series[np.isfinite(sigma_z)], minlength=len(chart)) > 0
    for plain, laney in ((Chart.P, Chart.LANEY_P), (Chart.U, Chart.LANEY_U)):
        chart[corrected & (chart == plain)] = laney.value
    return chart


def _gaps(ordered: Ordered) -> Ints:
    """Count the periods without a figure between the first and the last."""
    first, last = (np.zeros(len(ordered.each), dtype=np.int64) for _ in range(2))
    last[ordered.series] = ordered.ordinal  # the last one written stays
    first[ordered.series[::-1]] = ordered.ordinal[::-1]
    sizes = np.bincount(ordered.series, minlength=len(ordered.each))
    return np.where(sizes > 0, last - first + 1 - sizes, 0)


def _with_latest(
    each: pd.DataFrame,
    ordered: Ordered,
    points: pd.DataFrame,
    series: Ints,
    sizes: Ints,
    way: Ints,
) -> pd.DataFrame:
    """Add what the latest point of each series says."""
    last = np.flatnonzero(np.append(series[1:] != series[:-1], True)[: len(series)])
    segment, place = points["segment"].to_numpy(), np.arange(len(points))
    alike = np.append(False, (series[1:] == series[:-1]) & (segment[1:] == segment[:-1]))
    alike = alike[: len(series)]
    begins = ~(alike & np.append(False, way[1:] == way[:-1])[: len(series)])
    start = np.maximum.accumulate(np.where(begins, place, 0))
    kinds, periods = points["variation"].to_numpy(), points["period"].to_numpy()
    latest = points.loc[last, list(_LATEST)].assign(
        segment_points=sizes[last],
        since=pd.Series(periods[start[last]], last, "object").where(way[last] != 0, None),
        before=pd.Series(kinds[np.maximum(last - 1, 0)], last, "object").where(alike[last], None),
        constant=points["upl"].eq(points["lpl"]).iloc[last],
    )
    improvement = improvement_of(ordered.each["polarity"])[series[last]]
    # A target is for the figure, not for its change on last year.
    target = latest["target"].where(each["chart"].iloc[series[last]].to_numpy() != Chart.DIFFERENCE)
    latest["assurance"] = assurance_of(
        target.to_numpy(dtype="float64"),
        latest["lpl"].to_numpy(),
        latest["upl"].to_numpy(),
        improvement,
    )
    found = latest.set_axis(series[last]).reindex(each.index)
    flags = {name: found[name].eq(True) for name in ("provisional", "constant")}
    counts = {name: found[name].astype("Int64") for name in ("segment", "segment_points")}
    return pd.concat([each, found.assign(**flags, **counts)], axis="columns")
