"""Who answered a survey of all residents, group by group, beside who lives here."""

from typing import Any

import pandas as pd

from insight.results import split_breakdowns
from insight.satisfaction.missing import ANSWERED, POPULATION
from pipelines.edge import page_parts as say

View = dict[str, Any]


def missing_view(results: pd.DataFrame, period: str) -> list[View]:
    """Give each survey's groups, the dimensions in turn; nothing without margins.

    Returns
    -------
    list of dict
        ``survey``, ``rows`` (``dimension``, ``group``, ``answered``, ``of``, ``share``,
        ``lower``, ``upper``, ``population`` and ``missing``: whether the whole interval lies
        below the population's share) and ``missing`` (sentences of those that are).
    """
    now = results[results["period"].eq(period)]
    answered, there = (now[now["measure"].eq(name)] for name in (ANSWERED, POPULATION))
    if answered.empty:
        return []
    both = answered.merge(
        there[["breakdown", "value"]].rename(columns={"value": "population"}), on="breakdown"
    )
    names = split_breakdowns(both["breakdown"])
    table = pd.DataFrame(
        {
            "survey": names["survey"],
            "dimension": names["dimension"].str.replace("_", " "),
            "group": names["group"],
            "answered": both["numerator"],
            "of": both["denominator"],
            "share": both["value"],
            "lower": both["lower"],
            "upper": both["upper"],
            "population": both["population"],
            "missing": both["upper"].lt(both["population"]),
        }
    )
    return [
        {
            "survey": str(survey),
            "rows": (found := say.records(rows.drop(columns="survey"))),
            "missing": [_sentence(row) for row in found if row["missing"]],
        }
        for survey, rows in table.groupby("survey", sort=True)
    ]


def _sentence(row: View) -> str:
    share, population = (say.figure(row[name], "share") for name in ("share", "population"))
    return (
        f"{say.label(row['dimension'])} {row['group']}: {share} of those who answered, "
        f"{population} of those who live here."
    )
