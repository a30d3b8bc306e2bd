"""What surveys and comments give a page: a chart, the change in words, the drivers, the themes.

Each function takes the stored figures (`insight.results.RESULT_COLUMNS`), a service and a month,
and gives plain values; a page puts them where it wants them.
"""

from typing import Any

import pandas as pd

from insight.results import ALL_SERVICES, split_breakdowns
from insight.satisfaction.change import MONTHS_BEFORE, against, change_words
from pipelines.edge import page_parts as say
from pipelines.edge.drawings import Drawings
from pipelines.edge.page_charts import Chart, trend_chart

View = dict[str, Any]
MONTHS_IN_WORDS = {3: "three months", 6: "six months", 12: "a year"}
PRAISE, REST = "praise", "not praise"


def satisfaction_view(
    results: pd.DataFrame,
    service: str,
    period: str,
    *,
    name: str,
    drawings: Drawings | None = None,
) -> View:
    """Give one service's satisfaction: quarter by quarter, its change, and what drives it.

    Parameters
    ----------
    results
        Figures of `period` and the months before it.
    service, period
        Whose, and the month's key.
    name
        Begins the ids of the drawing; each chart of a page needs its own.
    drawings
        Where what has been drawn before is found.

    Returns
    -------
    dict
        ``quarters`` (a chart or None), ``changes`` (rows of ``since``, ``words`` and
        ``adjusted``, the change for the same mix of cases), ``drivers`` (rows of ``term``,
        ``dissatisfied``, ``of_dissatisfied``, ``satisfied``, ``of_satisfied``, ``lower``,
        ``upper`` and ``points``, both ends in words), ``responses`` (people this month) and
        ``headline`` (a sentence, or nothing where the figures carry none).
    """
    mine = results[results["service"].eq(service)]
    changes = change_rows(mine, period)
    return {
        "quarters": quarters_chart(mine, name=name, drawings=drawings),
        "changes": changes,
        "drivers": driver_rows(mine, period),
        "responses": _value(mine, "survey_responses", period),
        "headline": headline(changes),
    }


def quarters_chart(
    mine: pd.DataFrame, *, name: str, drawings: Drawings | None = None
) -> Chart | None:
    """Draw one service's rolling quarters with their interval; None where there are too few."""
    whole = mine["breakdown"].fillna("").eq("")
    return trend_chart(
        mine[mine["measure"].eq("satisfaction_share_quarter") & whole],
        name=name,
        title="Satisfied, three months at a time (each ending with the month shown)",
        unit="share",
        drawings=drawings,
    )


def change_rows(mine: pd.DataFrame, period: str) -> list[View]:
    """Say each comparison of one service's rolling quarter in words."""
    now = mine[mine["period"].eq(period)]
    rows = []
    for back in MONTHS_BEFORE:
        key = f"against={against(back)}"
        points = _triple(now, "satisfaction_change", key)
        if points is None:
            continue
        relative = _triple(now, "satisfaction_change_relative", key)
        adjusted = _triple(now, "satisfaction_change_adjusted", key)
        rows.append(
            {
                "back": back,
                "since": f"{MONTHS_IN_WORDS[back]} before",
                "points": points,
                "relative": relative,
                "real": points[1] > 0 or points[2] < 0,
                "words": change_words(points, relative),
                "adjusted": change_words(adjusted) if adjusted else "",
            }
        )
    return rows


def headline(changes: list[View]) -> str:
    """Give the largest real change in a sentence; nothing where every one may be chance."""
    real = [row for row in changes if row["real"]]
    if not real:
        return ""
    largest = max(real, key=lambda row: (abs(row["points"][0]), row["back"]))
    return f"Satisfaction is {largest['words']}, compared with {largest['since']}."


def driver_rows(mine: pd.DataFrame, period: str) -> list[View]:
    """Give what the dissatisfied mention and the satisfied don't, most first."""
    drivers = mine[mine["measure"].eq("satisfaction_driver") & mine["period"].eq(period)]
    if drivers.empty:
        return []
    bad, all_of = drivers["denominator"], drivers["base"].astype("float64")
    good = all_of - bad
    used = (drivers["numerator"] / bad - drivers["value"]) * good
    table = pd.DataFrame(
        {
            "term": split_breakdowns(drivers["breakdown"])["term"],
            "dissatisfied": drivers["numerator"].round().astype("int64"),
            "of_dissatisfied": bad.round().astype("int64"),
            "satisfied": used.round().astype("int64"),
            "of_satisfied": good.round().astype("int64"),
            "value": drivers["value"],
            "lower": drivers["lower"],
            "upper": drivers["upper"],
        }
    )
    ends = (table[name].mul(100).round().map("{:+.0f}".format) for name in ("lower", "upper"))
    lower, upper = ends
    table = table.assign(points=lower + " to " + upper)
    return say.records(table.sort_values(["value", "term"], ascending=[False, True]))


def comments_view(results: pd.DataFrame, service: str, period: str) -> View:
    """Give one service's comments of a month, praise first and apart.

    Returns
    -------
    dict
        ``total``, ``praise_share`` (a result's row, or None), ``praise`` and ``rest`` (rows of
        ``theme`` and ``comments``, commonest first), ``positive`` and ``reading`` (the share
        that reads as positive and how often such readings are right, or None: where one is
        missing the other must not be shown).
    """
    now = results[results["period"].eq(period)]
    mine = now[now["service"].eq(service)]
    positive = _row(mine, "comments_read_positive_share")
    reading = _row(now[now["service"].eq(ALL_SERVICES)], "comments_reading_right_share")
    both = positive is not None and reading is not None
    return {
        "total": _value(mine, "comments_received", period),
        "praise_share": _row(mine, "comments_praise_share"),
        "praise": theme_rows(mine, PRAISE),
        "rest": theme_rows(mine, REST),
        "positive": positive if both else None,
        "reading": reading if both else None,
    }


def theme_rows(mine: pd.DataFrame, side: str) -> list[View]:
    """Give the themes of praise, or of the rest, commonest first and "other" last."""
    counts = mine[mine["measure"].eq("comments_received") & mine["breakdown"].str.contains("theme")]
    if counts.empty:
        return []
    keys = split_breakdowns(counts["breakdown"])
    table = pd.DataFrame(
        {"theme": keys["theme"], "told": keys["told"], "comments": counts["value"]}
    )
    table = table[table["told"].eq(side)].assign(last=table["theme"].eq("other"))
    ordered = table.sort_values(["last", "comments", "theme"], ascending=[True, False, True])
    return say.records(ordered[["theme", "comments"]])


def _triple(rows: pd.DataFrame, measure: str, key: str) -> tuple[float, float, float] | None:
    found = rows[rows["measure"].eq(measure) & rows["breakdown"].eq(key)]
    if found.empty:
        return None
    value, lower, upper = (float(found[name].iloc[0]) for name in ("value", "lower", "upper"))
    return value, lower, upper


def _row(rows: pd.DataFrame, measure: str) -> View | None:
    found = rows[rows["measure"].eq(measure) & rows["breakdown"].fillna("").eq("")]
    return say.records(found.head(1))[0] if len(found) else None


def _value(rows: pd.DataFrame, measure: str, period: str) -> float | None:
    row = _row(rows[rows["period"].eq(period)], measure)
    return None if row is None else row["value"]
