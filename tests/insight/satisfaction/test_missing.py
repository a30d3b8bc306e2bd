"""Who is missing from a survey of residents, as figures and on a page."""

from datetime import date

import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint

from insight.figure_checks import split_figures
from insight.satisfaction.missing import ANSWERED, POPULATION, group_results, missing_groups
from pipelines.edge.missing_view import missing_view

OCTOBER = date(2026, 10, 1)
MARGINS = {
    "panel": pd.DataFrame(
        {"dimension": "age_band", "group": ["16-34", "35-64", "65+"], "people": [30.0, 45.0, 25.0]}
    ),
    "silent": pd.DataFrame({"dimension": "sex", "group": ["f", "m"], "people": [1.0, 1.0]}),
}
AGES = ["16-34"] * 10 + ["35-64"] * 50 + ["65+"] * 40 + [None] * 7


def answers(ages=AGES, month=9):
    count = len(ages)
    rows = pd.DataFrame(
        {
            "survey": "panel",
            "response_id": [f"r{n}" for n in range(count)],
            "answered_at": pd.Timestamp(2026, month, 3, tz="Europe/London"),
            "age_band": pd.array(ages, dtype="string"),
        }
    )
    return pd.concat([rows, rows], ignore_index=True)  # two questions each


def results(rows):
    return group_results(missing_groups(rows, OCTOBER, MARGINS), OCTOBER)


def test_each_groups_share_is_beside_the_populations_with_wilsons_interval():
    found = results(answers())
    assert split_figures(found, [ANSWERED, POPULATION])[1].empty
    cells = found.set_index(["measure", "breakdown"])
    key = "dimension=age_band;group=16-34;survey=panel"
    row = cells.loc[(ANSWERED, key)]
    low, high = proportion_confint(10, 100, method="wilson")
    assert row[["value", "lower", "upper", "base"]].tolist() == pytest.approx([0.1, low, high, 100])
    assert cells.loc[(POPULATION, key), "value"] == pytest.approx(0.3)


def test_the_page_names_those_who_are_missing_beyond_chance():
    (view,) = missing_view(results(answers()), "2026-10")
    assert view["missing"] == [
        "Age band 16-34: 10% of those who answered, 30% of those who live here."
    ]
    assert [(row["group"], row["answered"], row["of"]) for row in view["rows"]] == [
        ("16-34", 10, 100), ("35-64", 50, 100), ("65+", 40, 100),
    ]  # fmt: skip


def test_twelve_answers_are_too_few_to_call_anybody_missing():
    few = ["16-34"] * 2 + ["35-64"] * 6 + ["65+"] * 4
    (view,) = missing_view(results(answers(few)), "2026-10")
    assert view["missing"] == []


@pytest.mark.parametrize(
    "rows", [answers([None] * 5), answers(month=6), answers([])], ids=["unknown", "old", "none"]
)
def test_where_nobody_or_no_group_is_known_there_is_no_figure_and_no_section(rows):
    found = results(rows)
    assert found.empty
    assert missing_view(found, "2026-10") == []
