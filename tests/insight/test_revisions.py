"""Which figures wait for records, and which differ from what was published."""

from datetime import date

import pandas as pd

from insight.revisions import closed_until, new_revisions, with_revised
from insight.scorecard import scorecard

KEY = ["measure", "service", "period"]
NONE = pd.DataFrame(columns=[*KEY, "entry"])


def card(value, **more):
    row = {"measure": "A", "service": "all", "period": "2026-10", "value": value}
    return pd.DataFrame([row | {"unit": "share", "decimals": 1, "status": "final"} | more])


def test_the_source_that_is_furthest_behind_says_until_when_figures_are_closed():
    newest = {"calls": date(2026, 10, 30), "mail": date(2026, 10, 12)}
    promised = {"calls": 35, "mail": 35}
    assert closed_until(newest, promised, date(2026, 11, 20)) == date(2026, 10, 19)
    assert closed_until({}, {}, date(2026, 11, 20)) == date(2026, 11, 19)
    assert closed_until(newest, {}, date(2026, 11, 20)) == date(2026, 10, 12)


def test_a_change_beyond_the_published_decimals_is_none():
    assert new_revisions(card(0.5004), card(0.5001), NONE).empty
    found = new_revisions(card(0.512), card(0.5001), NONE)
    assert found[["old_value", "new_value"]].to_numpy().tolist() == [[0.5001, 0.512]]


def test_only_what_was_published_as_final_is_revised():
    for status in ("provisional", "awaited", "suppressed"):
        assert new_revisions(card(0.6), card(0.5, status=status), NONE).empty
    assert len(new_revisions(card(0.6), card(0.5, status="revised"), NONE)) == 1
    assert new_revisions(card(None), card(0.5), NONE).empty
    assert new_revisions(card(0.6), card(0.5, period="2026-09"), NONE).empty


def test_a_provisional_figure_stays_so_though_it_was_revised():
    on_record = card(0.5)[KEY].assign(entry=1)
    assert with_revised(card(0.6), on_record)["status"].tolist() == ["revised"]
    waiting = card(0.6, status="provisional")
    assert with_revised(waiting, on_record)["status"].tolist() == ["provisional"]


def test_a_quarter_is_provisional_while_one_of_its_months_is():
    measures = pd.DataFrame(
        [
            {"code": code, "title": code, "family": "x", "service": "all", "polarity": "lower",
             "figure": "complaints_received", "frequency": "quarterly", "aggregation": "sum"}
            for code in ("Q",)
        ]
    )  # fmt: skip
    months = ["2026-07", "2026-08", "2026-09"]
    for waiting, expected in (([], "final"), (["2026-08"], "provisional")):
        figures = pd.DataFrame(
            {
                "measure": "complaints_received", "service": "all", "breakdown": "",
                "period": months, "value": 1.0, "numerator": 1.0, "denominator": None,
                "lower": None, "upper": None, "base": 1,
                "status": ["provisional" if m in waiting else "final" for m in months],
            }
        )  # fmt: skip
        targets = pd.DataFrame(columns=["measure", "year", "period", "value", "low", "high"])
        made = scorecard(figures, measures, targets, date(2026, 9, 1))
        assert made[["value", "status"]].to_numpy().tolist() == [[3.0, expected]]
