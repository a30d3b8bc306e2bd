"""The scorecard: every measure of a month with its target, RAG and direction of travel."""

from collections.abc import Sequence
from datetime import date

import pandas as pd

from insight.aggregation import KEYS, aggregate
from insight.catalogue import FIGURES
from insight.cumulative import in_period
from insight.errors import MissingColumnsError
from insight.numbering import FigureTable, numbered, places
from insight.periods import (
    latest_complete_period,
    month_key,
    months_of,
    previous_period,
    same_period_last_year,
)
from insight.rag import change_within_interval, direction, rag
from insight.revisions import PROVISIONAL
from insight.rounding import written
from insight.targets import targets_for

MEASURE_COLUMNS: dict[str, object] = {
    "code": "",
    "title": "",
    "family": "",
    "service": "",
    "head_of_service": "",
    "figure": "",
    "figure_service": "",
    "breakdown": "",
    "unit": "count",
    "decimals": 0,
    "polarity": "",
    "band_low": None,
    "band_high": None,
    "tolerance_kind": "relative",
    "tolerance": 0.05,
    "aggregation": "last",
    "frequency": "monthly",
    "accumulation": "in period",
    "year_to_date": False,
    "calendar": "england and wales",
    "in_control": None,
    "drives_improvement": None,
    "objective": "",
    "published": False,
    "disclosive": False,
    "owner": "",
    "definition": "",
}
"""What a measures frame may hold, and what an absent or missing cell means.

``code``, ``title``, ``family``, ``service`` and ``polarity`` are needed. ``figure`` is the
computed figure's code, or empty for a measure that a person enters under its own code;
``figure_service`` is empty for the measure's own service. ``accumulation`` says what a value
covers: its own period, the year so far (``cumulative``) or periods that move on (``rolling``). A
share's ``decimals`` are those of its percentage, its absolute ``tolerance`` is a proportion.
"""
SAID_OR_NOT = ("in_control", "drives_improvement")
"""What nobody has said of a measure stays missing: neither yes nor no is assumed."""
SCORECARD_COLUMNS = (
    "measure", "title", "family", "service", "head_of_service", "unit", "decimals", "polarity",
    "period", "value", "lower", "upper", "base", "target", "target_low", "target_high", "rag",
    "direction", "previous", "last_year", "direction_last_year", "change_within_interval",
    "status", "commentary", "published", "disclosive", "definition", "owner", "frequency",
    "numerator", "denominator", "figure", "figure_service", "breakdown",
)  # fmt: skip
_NEEDED = {"code", "title", "family", "service", "polarity"}
_NUMBERS = ("value", "numerator", "denominator", "lower", "upper", "base")
_PERIODS = ("period", "previous_period", "last_years_period")


def as_measures(measures: pd.DataFrame) -> pd.DataFrame:
    """Give measures every column of `MEASURE_COLUMNS`, with its meaning where it is missing.

    Raises
    ------
    MissingColumnsError
        If a needed column is absent.
    """
    if missing := _NEEDED - set(measures.columns):
        raise MissingColumnsError(missing, "the table of measures")
    rows = measures.reindex(columns=list(MEASURE_COLUMNS)).reset_index(drop=True)
    for name, otherwise in MEASURE_COLUMNS.items():
        if name in SAID_OR_NOT:
            rows[name] = rows[name].astype("boolean")
        elif isinstance(otherwise, bool):
            rows[name] = rows[name].astype("boolean").fillna(otherwise).astype(bool)
        elif isinstance(otherwise, int | float):
            rows[name] = rows[name].astype("Float64").fillna(otherwise).astype("float64")
        elif otherwise is None:
            rows[name] = rows[name].astype("float64")
        else:
            text = rows[name].astype("string")
            rows[name] = text.mask(text.eq("").fillna(True), str(otherwise))
    definitions = {code: figure.definition for code, figure in FIGURES.items()}
    defined = rows["figure"].map(definitions).fillna("")
    instead = {"figure": rows["code"], "figure_service": rows["service"], "definition": defined}
    filled = {name: rows[name].mask(rows[name].eq(""), other) for name, other in instead.items()}
    # A month is the shortest period that the scorecard shows.
    filled["frequency"] = rows["frequency"].replace("weekly", "monthly")
    return rows.assign(**filled).astype({"decimals": "int64", "definition": "string"})


def scorecard(
    results: pd.DataFrame, measures: pd.DataFrame, targets: pd.DataFrame, month: date
) -> pd.DataFrame:
    """Judge every measure in the last period of its frequency that is over with `month`.

    Parameters
    ----------
    results
        Figures, and the values that people entered (`insight.kpi_returns.return_results`); with
        ``status`` and ``commentary`` where there are any. Quarters and years that aren't among
        them are made from their months by the measure's aggregation.
    measures
        One row a measure; see `MEASURE_COLUMNS`.
    targets
        See `insight.targets.targets_for`.
    month
        First of the month.

    Returns
    -------
    pandas.DataFrame
        One row a measure, in the order of `measures`, with `SCORECARD_COLUMNS`: ``previous``
        and ``last_year`` are the values one period and one year before; ``direction`` compares
        with the former, ``direction_last_year`` with the latter; where a value is of the year so
        far, the former compares what each period added. ``change_within_interval`` is
        true where chance alone could make the change from the previous period. A measure
        without a figure is awaited: no value is carried forward.

    Raises
    ------
    MissingColumnsError
        If `measures` lacks a needed column.
    """
    return scorecards(results, measures, targets, [month])


def scorecards(
    results: pd.DataFrame, measures: pd.DataFrame, targets: pd.DataFrame, months: Sequence[date]
) -> pd.DataFrame:
    """Judge every measure in each period that was the last one over in one of `months`.

    Parameters
    ----------
    results, measures, targets
        See `scorecard`.
    months
        Firsts of months, oldest first.

    Returns
    -------
    pandas.DataFrame
        `SCORECARD_COLUMNS`, each measure and period once; the last rows, as many as there are
        measures, are the scorecard of the last month.
    """
    each = as_measures(measures)
    rows = pd.concat([_with_periods(each, month) for month in months], ignore_index=True)
    rows = rows.drop_duplicates(["code", "period"], keep="last", ignore_index=True)
    rows = pd.concat([rows, targets_for(rows, targets)], axis="columns")
    figures = figures_of(results, rows)
    table = FigureTable(figures, rows, ["figure", "figure_service", "breakdown"])
    now, before, last_year = (_typed(table.at(rows[when], figures)) for when in _PERIODS)
    added = in_period(figures, rows)
    alone, alone_before = (_typed(table.at(rows[when], added))["value"] for when in _PERIODS[:2])
    judged = {
        "polarity": rows["polarity"],
        "unit": rows["unit"],
        "decimals": rows["decimals"],
        "low": rows["target_low"],
        "high": rows["target_high"],
    }
    status = (
        now["status"]
        .fillna("final")
        .mask(now["value"].isna() & now["status"].ne("suppressed").fillna(True), "awaited")
    )
    colour = rag(
        now["value"],
        rows["target"],
        **tolerance_of(rows),
        suppressed=status.eq("suppressed"),
        **judged,
    )
    card = rows.rename(columns={"code": "measure"}).assign(
        **{name: now[name] for name in (*_NUMBERS, "commentary")},
        status=status,
        rag=colour,
        previous=before["value"],
        last_year=last_year["value"],
        direction=direction(alone, alone_before, **judged),
        direction_last_year=direction(now["value"], last_year["value"], **judged),
        change_within_interval=change_within_interval(
            now[["value", "lower", "upper"]], before[["value", "lower", "upper"]]
        ).mask(rows["accumulation"].ne("in period")),
    )
    return card[list(SCORECARD_COLUMNS)]


def _with_periods(rows: pd.DataFrame, month: date) -> pd.DataFrame:
    frequencies = rows["frequency"].unique()
    now = {each: latest_complete_period(month, each) for each in frequencies}
    before = {each: previous_period(key, each) for each, key in now.items()}
    last_year = {each: same_period_last_year(key, each) for each, key in now.items()}
    periods = zip(_PERIODS, (now, before, last_year), strict=True)
    return rows.assign(
        **{name: rows["frequency"].map(keys).astype("string") for name, keys in periods}
    )


def tolerance_of(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Return the target's own tolerance, else the measure's."""
    kind = rows["target_absolute"].map({0.0: "relative", 1.0: "absolute"}).astype("string")
    return {
        "tolerance": rows["target_tolerance"].fillna(rows["tolerance"]),
        "tolerance_kind": kind.fillna(rows["tolerance_kind"]).astype("string"),
    }


def figures_of(
    results: pd.DataFrame, rows: pd.DataFrame, periods: Sequence[str] = _PERIODS
) -> pd.DataFrame:
    """Figures of the measures, with those of longer periods made where they are wanting.

    `periods` are the columns of `rows` (measures as `as_measures` gives them) that name them.
    """
    known = results[results["measure"].isin(rows["figure"].unique())]
    known = known.reindex(columns=list(dict.fromkeys([*known.columns, "status", "commentary"])))
    names = {"figure": "measure", "figure_service": "service"}
    rules = ["frequency", "aggregation", "polarity"]
    # The year so far at a quarter's end is that of its last month, and so is a rolling year's.
    own = rows["aggregation"].where(rows["accumulation"].eq("in period"), "last")
    made_up = rows.assign(aggregation=own)
    wanted = pd.concat(
        made_up[[*names, "breakdown", when, *rules]].rename(columns=names | {when: "period"})
        for when in periods
    )
    made = aggregate(known, wanted)
    if len(made):
        made = made.assign(status=_status_of_parts(made, known))
        there = known[known["period"].isin(made["period"].unique())]
        given, of_made = numbered([*KEYS, "period"], there, made)
        known = pd.concat([known, made[places(of_made, given) < 0]], ignore_index=True)
    texts = ["measure", "service", "breakdown", "period", "status", "commentary"]
    types = dict.fromkeys(texts, "string") | dict.fromkeys(_NUMBERS, "Float64")
    return known[list(types)].astype(types).rename(columns={new: old for old, new in names.items()})


def _status_of_parts(made: pd.DataFrame, known: pd.DataFrame) -> pd.Series:
    """Return ``provisional`` for each longer period of which a month is, else missing."""
    status = pd.Series(pd.NA, made.index, dtype="string")
    waiting = known.loc[known["status"].eq(PROVISIONAL), [*KEYS, "period"]]
    if waiting.empty:
        return status
    parts = pd.DataFrame(
        [
            (period, month_key(month))
            for period in made["period"].unique()
            for month in months_of(period)
        ],
        columns=["period", "month"],
    )
    each = made[[*KEYS, "period"]].reset_index().merge(parts, on="period")
    found = each.merge(waiting.rename(columns={"period": "month"}), on=[*KEYS, "month"])
    status.loc[found["index"].unique()] = PROVISIONAL
    return status


def _typed(found: pd.DataFrame) -> pd.DataFrame:
    types = dict.fromkeys(("value", "numerator", "denominator", "lower", "upper"), "float64")
    return found.astype(types | {"base": "Int64"})


def with_target_words(card: pd.DataFrame) -> pd.DataFrame:
    """Give bands their target in words ("80% to 95%"); other targets stay numbers."""
    low, high = (
        written(card[f"target_{end}"], card["unit"], card["decimals"]) for end in ("low", "high")
    )
    words = (low + " to " + high).astype("object")
    target = card["target"].astype("object").where(card["target"].notna(), None)
    return card.assign(target=target.mask(card["polarity"].eq("band") & words.notna(), words))
