from datetime import date

import numpy as np
import pandas as pd
import pytest

from insight.intervals import effective_base, wilson
from insight.periods import add_months, month_key
from insight.results import join_results
from insight.satisfaction import SCALES, SurveyMethod, satisfaction_figures, satisfaction_results
from insight.satisfaction.quarter_weights import quarter_weights
from insight.satisfaction.windows import in_windows

OCTOBER = date(2026, 10, 1)
MONTHS = [add_months(OCTOBER, -back) for back in range(5, -1, -1)]


def answers(count=600, seed=3):
    rng = np.random.default_rng(seed)
    month = rng.integers(0, len(MONTHS), count)
    at = np.array([np.datetime64(each) for each in MONTHS])[month] + rng.integers(0, 28, count)
    return pd.DataFrame(
        {
            "survey": "users",
            "response_id": np.arange(count).astype(str),
            "answered_at": pd.Series(at.astype("M8[s]")).dt.tz_localize("Europe/London"),
            "question": rng.choice(["overall", "speed"], count),
            "scale": "satisfaction-5",
            "answer": rng.choice(["1", "2", "3", "4", "5", "don't know", "9"], count),
            "service": rng.choice(["bins", "planning"], count),
            "weight": rng.uniform(0.5, 2, count),
        }
    )


def test_a_window_of_months_gives_the_figures_of_each_month_alone():
    rows = answers()
    figures = satisfaction_figures(rows, MONTHS)
    monthly = figures[figures["measure"].ne("satisfaction_share_quarter")].reset_index(drop=True)
    alone = join_results(satisfaction_results(rows, month) for month in MONTHS)
    pd.testing.assert_frame_equal(monthly, alone)


def test_a_rolling_quarter_is_its_three_months_answers_with_kishs_effective_base():
    rows = answers()
    figures = satisfaction_figures(rows, MONTHS)
    chosen = figures["measure"].eq("satisfaction_share_quarter") & figures["service"].eq("bins")
    quarter = figures[chosen & figures["breakdown"].eq("")].set_index("period")
    assert quarter.index.tolist() == [month_key(month) for month in MONTHS]
    mine = rows[rows["service"].eq("bins") & rows["question"].eq("overall")]
    inside = mine[mine["answered_at"].ge("2026-08-01") & mine["answer"].isin(list("12345"))]
    weight, happy = inside["weight"], inside["answer"].isin(["4", "5"])
    share = weight[happy].sum() / weight.sum()
    low, high = map(float, wilson(share, effective_base(weight.sum(), (weight**2).sum())))
    row = quarter.loc["2026-10"]
    assert row[["value", "lower", "upper"]].tolist() == pytest.approx([share, low, high])
    assert row["base"] == len(inside)


def test_windows_overlap_and_leave_out_what_lies_outside():
    times = pd.Series(
        pd.to_datetime(["2026-02-28", "2026-03-31", "2026-08-15", None, "2026-11-01"])
    )
    found = in_windows(times, MONTHS, 3)
    where = found.groupby("row")["period"].agg(sorted)
    assert where.to_dict() == {1: ["2026-05"], 2: ["2026-08", "2026-09", "2026-10"]}


@pytest.mark.parametrize("name", SCALES)
def test_every_scale_says_its_direction_and_ends_at_nought_and_a_hundred(name):
    scale = SCALES[name]
    assert scale.direction
    assert scale.asks
    assert 0 < scale.top + scale.bottom <= len(scale.rungs)
    best, worst = scale.rungs[0][0], scale.rungs[-1][0]
    rows = answers(2).assign(
        scale=name, answer=[best, worst], answered_at=pd.Timestamp("2026-10-05"), question="q",
        service="bins", weight=1.0,
    )  # fmt: skip
    figures = satisfaction_results(rows, OCTOBER).query("service == 'bins'")
    mean = figures[figures["measure"].eq("satisfaction_mean")].iloc[0]
    assert (mean["value"], mean["base"]) == (50, 2)
    net = figures[figures["measure"].eq("satisfaction_net")].iloc[0]
    assert net["value"] == 0


def test_dont_know_in_the_base_has_no_part_in_the_mean():
    rows = answers(4).assign(
        question="overall", service="bins", weight=1.0, answered_at=pd.Timestamp("2026-10-05"),
        answer=["5", "5", "1", "don't know"],
    )  # fmt: skip
    figures = satisfaction_results(rows, OCTOBER, dont_know_in_base=["overall"])
    mine = figures.query("service == 'bins' and breakdown == ''").set_index("measure")
    assert mine["base"].to_dict() == {
        "satisfaction_share": 4, "satisfaction_net": 4, "satisfaction_mean": 3,
    }  # fmt: skip
    assert mine.loc["satisfaction_share", "value"] == 0.5
    assert mine.loc["satisfaction_mean", "value"] == pytest.approx(200 / 3)


def test_equal_answers_leave_doubt_about_the_mean():
    rows = answers(12).assign(
        question="overall", service="bins", weight=1.0, answered_at=pd.Timestamp("2026-10-05"),
        answer="4",
    )  # fmt: skip
    figures = satisfaction_results(rows, OCTOBER).query("service == 'bins' and breakdown == ''")
    mean = figures[figures["measure"].eq("satisfaction_mean")].iloc[0]
    assert mean["value"] == 75
    assert mean["lower"] < 60
    assert mean["upper"] > 85


def test_weights_that_came_with_a_survey_are_left_as_they_are():
    rows = answers(900).assign(answered_at=pd.Timestamp("2026-10-05"), sex="F")
    rows.loc[:449, "sex"] = "M"
    margins = pd.DataFrame({"dimension": "sex", "group": ["f", "m"], "people": [70, 30]})
    kept = quarter_weights(rows, [OCTOBER], {"users": margins}, SurveyMethod())
    assert kept.weights == {}
    assert kept.last["respondents"].tolist() == [0]
    weighed = quarter_weights(
        rows.drop(columns="weight"), [OCTOBER], {"users": margins}, SurveyMethod()
    )
    given = weighed.weights["2026-10"]
    assert given[rows["sex"].eq("F")].to_numpy() == pytest.approx(1.4)
    assert given[rows["sex"].eq("M")].to_numpy() == pytest.approx(0.6)
    assert weighed.last["effective"].item() < 900
