"""The processes behind a whole scorecard: every measure's control chart and verdict in one pass."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from insight.cumulative import in_period
from insight.periods import add_months, latest_complete_period, previous_period
from insight.rag import rag
from insight.scorecard import as_measures, figures_of, tolerance_of
from insight.spc import Control, control
from insight.spc_choice import Chart
from insight.targets import targets_for
from insight.verdict import verdicts

HISTORY_MONTHS = {"weekly": 36, "monthly": 36, "quarterly": 60, "annual": 180}
"""How far back limits look, by frequency: three years, or what gives points enough for limits.

Thirteen quarters are over three years, and as many years more. A weekly measure is shown by month.
"""
LONGEST_HISTORY = max(HISTORY_MONTHS.values())
KEYS = ["measure", "service"]
PROCESS_COLUMNS = (
    "measure", "service", "chart", "why", "points", "segment_points", "charted", "mean", "lpl",
    "upl", "rule", "variation", "since", "assurance", "provisional", "verdict", "advice",
    "verdict_words", "rag_before", "colour_change", "colour_change_is_noise", "rebased_from",
    "old_variation", "old_assurance",
)  # fmt: skip
_FIGURE = ["figure", "figure_service", "breakdown"]
_HISTORY = ["value", "numerator", "denominator", "lower", "upper", "base"]
_COLOURS = ["green", "amber", "red"]
_UNCHARTED = ("points", "why", "chart", "provisional")


@dataclass(frozen=True, slots=True)
class Processes:
    """What `processes` gives.

    Attributes
    ----------
    measures
        One row a measure, in the order of the scorecard, with `PROCESS_COLUMNS`.
    points
        The points of the control charts, `insight.spc.Control.points`, by measure and service.
    """

    measures: pd.DataFrame
    points: pd.DataFrame


def processes(
    results: pd.DataFrame,
    measures: pd.DataFrame,
    targets: pd.DataFrame,
    card: pd.DataFrame,
    month: date,
    *,
    rebases: pd.DataFrame | None = None,
) -> Processes:
    """Say of every measure whether its change is real and whether its target can be reached.

    Parameters
    ----------
    results, measures, targets, month
        As `insight.scorecard.scorecard` takes them.
    card
        What that made of them.
    rebases
        ``measure``, ``service`` and ``period``, the first under new limits, as people recorded
        them.

    Returns
    -------
    Processes
        Of each measure the latest point of its chart (`insight.spc.control`), the verdict
        (`insight.verdict.verdicts`), the colour of the period before and what is to be said of
        a change of colour. Where limits were rebased, ``rebased_from`` is the period from which,
        and ``old_variation`` and ``old_assurance`` are what the chart would say under the old
        ones. Suppressed figures aren't charted.
    """
    rows = as_measures(measures)
    history = figure_history(results, rows, month)
    history = history.assign(target=_targets_of(history, rows, targets))
    kinds = rows.rename(columns={"code": "measure"})
    found = control(history, kinds, rebases=rebases)
    # In the order of the scorecard, also those of which there is no figure.
    wanted = pd.MultiIndex.from_frame(card[KEYS].astype("string"))
    series = found.series.set_index(KEYS).reindex(wanted).reset_index()
    series = series.assign(
        points=series["points"].fillna(0),
        why=series["why"].fillna("It has no figure yet."),
        chart=series["chart"].fillna(Chart.NONE.value),
        provisional=series["provisional"].eq(True),
    )
    status = card["rag"].reset_index(drop=True)
    before, changed = _before(card, rows, targets, month)
    said = verdicts(series, status, before=before, target_changed=changed)
    told = pd.concat([series, said], axis="columns").assign(
        rag_before=before,
        colour_change=_colour_change(status, before, said["colour_change_is_noise"], changed),
        **_old(history, kinds, found, rebases, wanted),
    )
    hidden = told["measure"].isin(card.loc[card["rag"].eq("suppressed"), "measure"])
    empty = [name for name in PROCESS_COLUMNS if name not in (*KEYS, *_UNCHARTED, *said.columns)]
    told[empty] = told[empty].mask(hidden)
    kept = ~found.points["measure"].isin(told.loc[hidden, "measure"])
    return Processes(told[list(PROCESS_COLUMNS)], found.points[kept].reset_index(drop=True))


def with_signals(rows: pd.DataFrame, found: Processes) -> pd.DataFrame:
    """Put what the control charts say beside the scorecard's figures.

    Parameters
    ----------
    rows
        Rows of one or more scorecards; ``measure`` and ``period`` are used.
    found
        The processes behind them.

    Returns
    -------
    pandas.DataFrame
        `rows` with ``spc``, the variation of each period's point, and of the latest period alone
        ``assurance``, ``verdict`` and ``colour_change_is_noise``: no other's is known.
    """
    by = ["measure", "period"]
    signals = found.points[[*by, "variation"]].rename(columns={"variation": "spc"})
    latest = found.measures[["measure", "assurance", "verdict", "colour_change_is_noise"]]
    told = rows.merge(signals.astype("string"), on=by, how="left")
    last = told["period"].eq(told["measure"].map(_latest(rows)))
    told = told.merge(latest.astype({"assurance": "string"}), on="measure", how="left")
    ended = ["assurance", "verdict", "colour_change_is_noise"]
    told[ended] = told[ended].where(last)
    return told.set_axis(rows.index)


def _latest(rows: pd.DataFrame) -> pd.Series:
    return rows.drop_duplicates("measure", keep="last").set_index("measure")["period"]


def figure_history(results: pd.DataFrame, rows: pd.DataFrame, month: date) -> pd.DataFrame:
    """Return the figures of measures period by period, of each its own period's alone.

    Parameters
    ----------
    results, month
        As for `processes`.
    rows
        Measures as `insight.scorecard.as_measures` gives them.

    Returns
    -------
    pandas.DataFrame
        ``measure``, ``service``, ``period``, ``value``, ``numerator``, ``denominator``,
        ``lower``, ``upper`` and ``base``, in the order of measures and time, of figures that
        are known and not suppressed, as far back as `HISTORY_MONTHS` says.
    """
    # Months are there as they are, unless they are made of weeks; what is longer has to be made.
    by_week = bool(results["period"].astype("string").str.contains("W", regex=False).any())
    numbered_rows = rows.assign(row=range(len(rows)))
    parts = [
        _history_of(results, some, month, str(frequency), made=frequency != "monthly" or by_week)
        for frequency, some in numbered_rows.groupby("frequency", sort=False)
    ]
    listed = pd.concat(parts).sort_values(["row", "place"], ignore_index=True)
    return listed[[*KEYS, "period", *_HISTORY]]


def _history_of(
    results: pd.DataFrame, rows: pd.DataFrame, month: date, frequency: str, *, made: bool
) -> pd.DataFrame:
    """Return the history of measures of one frequency, with their row's and period's place."""
    months = HISTORY_MONTHS[frequency]
    ends = [add_months(month, -back) for back in range(months - 1, -1, -1)]
    keys = list(dict.fromkeys(latest_complete_period(end, frequency) for end in ends))
    named = pd.DataFrame({f"period {place}": key for place, key in enumerate(keys)}, rows.index)
    columns = [str(name) for name in named][: None if made else 1]
    figures = figures_of(results, pd.concat([rows, named], axis="columns"), columns)
    figures = figures.drop_duplicates([*_FIGURE, "period"])
    figures = in_period(figures, rows[rows["aggregation"].isin(["sum", "ratio of sums"])])
    figures = figures[figures["value"].notna() & figures["status"].ne("suppressed").fillna(True)]
    places = pd.DataFrame({"period": pd.array(keys, dtype="string"), "place": range(len(keys))})
    mine = rows[["code", "service", "row", *_FIGURE]].rename(columns={"code": "measure"})
    return figures.merge(mine, on=_FIGURE).merge(places, on="period")


def _targets_of(history: pd.DataFrame, rows: pd.DataFrame, targets: pd.DataFrame) -> pd.Series:
    """Give each figure of the past the target of its own period.

    A target of the year so far isn't one of what a period added.
    """
    rules = ["frequency", "aggregation", "band_low", "band_high", "accumulation"]
    asked = history[["measure", "period"]].merge(
        rows[["code", *rules]].rename(columns={"code": "measure"}), on="measure", how="left"
    )
    found = targets_for(asked.rename(columns={"measure": "code"}), targets)["target"]
    return found.where(asked["accumulation"].eq("in period")).set_axis(history.index)


def _before(
    card: pd.DataFrame, rows: pd.DataFrame, targets: pd.DataFrame, month: date
) -> tuple[pd.Series, pd.Series]:
    """Give the colour of the period before, and whether its target was another."""
    keys = {
        each: previous_period(latest_complete_period(month, each), each)
        for each in rows["frequency"].unique()
    }
    past = rows.assign(period=rows["frequency"].map(keys).astype("string"))
    goal = targets_for(past, targets)
    value = card["previous"].set_axis(rows.index)
    colour = rag(
        value,
        goal["target"],
        polarity=rows["polarity"],
        unit=rows["unit"],
        decimals=rows["decimals"],
        low=goal["target_low"],
        high=goal["target_high"],
        **tolerance_of(past.assign(**goal)),
    )
    changed = pd.Series(False, index=rows.index)
    for name in ("target", "target_low", "target_high"):
        now, then = card[name].set_axis(rows.index).astype("float64"), goal[name]
        changed |= ~(now.eq(then) | (now.isna() & then.isna()))
    return colour, changed


def _colour_change(
    now: pd.Series, before: pd.Series, noise: pd.Series, target_changed: pd.Series
) -> pd.Series:
    """Say that a colour has changed and whether that means anything; nothing where it hasn't.

    Examples
    --------
    >>> green, amber = pd.Series(["green"]), pd.Series(["amber"])
    >>> chance, other = pd.Series([True], dtype="boolean"), pd.Series([False])
    >>> _colour_change(amber, green, chance, other).item()
    'Turned amber from green; a change of this size is chance.'
    """
    turned = "Turned " + now + " from " + before
    changed = now.isin(_COLOURS) & before.isin(_COLOURS) & now.ne(before)
    because = np.select(
        [target_changed, noise.eq(True).fillna(False), noise.eq(False).fillna(False)],
        ["; its target changed too.", "; a change of this size is chance.",
         "; the chart shows a real change."],
        ".",
    )  # fmt: skip
    return (turned + pd.Series(because, index=now.index, dtype="string")).where(changed, "")


def _old(
    history: pd.DataFrame,
    kinds: pd.DataFrame,
    found: Control,
    rebases: pd.DataFrame | None,
    wanted: pd.MultiIndex,
) -> dict[str, pd.Series]:
    """Work out again, without any rebase, the charts that have been rebased."""
    names = ("rebased_from", "old_variation", "old_assurance")
    late = found.points[found.points["segment"].gt(1)]
    if rebases is None or late.empty:
        return {name: pd.Series(None, index=range(len(wanted)), dtype="object") for name in names}
    latest = late["segment"].eq(late.groupby(KEYS)["segment"].transform("max"))
    since = late[latest].drop_duplicates(KEYS).set_index(KEYS)["period"]
    own = pd.MultiIndex.from_frame(history[KEYS]).isin(since.index)
    old = control(history[own], kinds).series.set_index(KEYS)
    frame = pd.DataFrame(
        {
            "rebased_from": since,
            "old_variation": old["variation"],
            "old_assurance": old["assurance"],
        }
    )
    given = frame.reindex(wanted).reset_index(drop=True).astype("object")
    return {name: given[name].where(given[name].notna(), None) for name in names}
