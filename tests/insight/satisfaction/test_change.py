from datetime import date

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import confint_proportions_2indep

from insight.intervals import newcombe, ratio_of, wilson
from insight.periods import add_months
from insight.satisfaction import SurveyMethod
from insight.satisfaction.change import (
    adjusted_change,
    adjusted_changes,
    change_words,
    satisfaction_changes,
)
from insight.satisfaction.shares import quarter_parts, votes_in

OCTOBER = date(2026, 10, 1)
METHOD = SurveyMethod()


def answers(month, yes, no, **columns):
    return pd.DataFrame(
        {
            "survey": "planning",
            "answered_at": pd.Timestamp(month).tz_localize("Europe/London") + pd.Timedelta("9D"),
            "question": "overall",
            "scale": "satisfaction-5",
            "answer": ["5"] * yes + ["1"] * no,
            "service": "planning",
        }
    ).assign(**columns)


def changes(*parts):
    surveys = pd.concat(parts, ignore_index=True)
    months = [add_months(OCTOBER, -back) for back in range(15, -1, -1)]
    found = satisfaction_changes(quarter_parts(surveys, months, method=METHOD), [OCTOBER])
    return found[found["service"].eq("planning")].set_index(["measure", "breakdown"])


def test_a_change_is_newcombes_as_statsmodels_has_it():
    found = changes(answers(OCTOBER, 60, 40), answers(add_months(OCTOBER, -6), 46, 54))
    row = found.loc[("satisfaction_change", "against=6 months before")]
    low, high = confint_proportions_2indep(60, 100, 46, 100, compare="diff", method="newcomb")
    assert row["value"] == pytest.approx(0.14)
    assert [row["lower"], row["upper"]] == pytest.approx([low, high], abs=1e-9)
    assert row["base"] == 100
    # Nothing is compared with a period that has no answers.
    assert {key for _, key in found.index} == {"against=6 months before"}


def test_thirty_percent_better_says_that_it_is_relative():
    found = changes(answers(OCTOBER, 598, 402), answers(add_months(OCTOBER, -6), 460, 540))
    points = found.loc[("satisfaction_change", "against=6 months before")]
    relative = found.loc[("satisfaction_change_relative", "against=6 months before")]
    assert points["value"] == pytest.approx(0.138)
    assert relative["value"] == pytest.approx(0.30)
    low, high = confint_proportions_2indep(598, 1000, 460, 1000, compare="ratio", method="score")
    assert [relative["lower"] + 1, relative["upper"] + 1] == pytest.approx([low, high], abs=0.003)
    told = change_words(
        tuple(points[["value", "lower", "upper"]]), tuple(relative[["value", "lower", "upper"]])
    )
    assert "up by 14 percentage points" in told
    assert "30% more" in told


@pytest.mark.parametrize(("k", "n", "j", "m"), [(60, 100, 46, 100), (9, 12, 4, 12)])
def test_a_ratio_lies_near_the_score_interval(k, n, j, m):
    low, high = ratio_of(k / n, wilson(k / n, n), j / m, wilson(j / m, m))
    reference = confint_proportions_2indep(k, n, j, m, compare="ratio", method="score")
    assert float(low) == pytest.approx(reference[0], rel=0.12)
    assert float(high) == pytest.approx(reference[1], rel=0.3)


def test_a_ratio_is_covered_about_as_often_as_it_says():
    rng = np.random.default_rng(5)
    k, j = rng.binomial(120, 0.6, 4000), rng.binomial(120, 0.46, 4000)
    low, high = ratio_of(k / 120, wilson(k / 120, 120), j / 120, wilson(j / 120, 120))
    covered = ((low <= 0.6 / 0.46) & (high >= 0.6 / 0.46)).mean()
    assert 0.94 < covered < 0.965


def test_twelve_answers_one_and_none_stay_honest():
    twelve = changes(answers(OCTOBER, 9, 3), answers(add_months(OCTOBER, -6), 6, 6))
    row = twelve.loc[("satisfaction_change", "against=6 months before")]
    assert row["lower"] < 0 < row["upper"]
    assert change_words(tuple(row[["value", "lower", "upper"]])).startswith(
        "no clear change: chance could"
    )
    one = changes(answers(OCTOBER, 1, 0), answers(add_months(OCTOBER, -6), 0, 1))
    row = one.loc[("satisfaction_change", "against=6 months before")]
    assert row["value"] == 1
    assert row["lower"] < 0 < row["upper"]
    # No share of nought can be so many percent more.
    assert ("satisfaction_change_relative", "against=6 months before") not in one.index
    none = changes(answers(OCTOBER, 0, 0).iloc[:0])
    assert none.empty


def mixed(month, granted, refused):
    return pd.concat(
        [
            answers(month, *granted, outcome="granted", applicant_kind="agent"),
            answers(month, *refused, outcome="refused", applicant_kind="agent"),
        ]
    )


def votes(*parts):
    surveys = pd.concat(parts, ignore_index=True)
    months = [add_months(OCTOBER, -back) for back in range(6, -1, -1)]
    found = votes_in(surveys, months, length=3, method=METHOD)
    now = found[found["period"].eq("2026-10")]
    return found, now, found[found["period"].eq("2026-04")]


def test_more_refusals_alone_are_no_change_for_the_same_mix():
    # Granted 80% and refused 20% satisfied in both; only the mix moves.
    parts = mixed(add_months(OCTOBER, -6), (80, 20), (10, 40)), mixed(OCTOBER, (40, 10), (20, 80))
    found, now, then = votes(*parts)
    raw = now["for"].sum() / len(now) - then["for"].sum() / len(then)
    assert raw == pytest.approx(60 / 150 - 90 / 150)
    adjusted = adjusted_change(now, then)
    assert adjusted.value == pytest.approx(0)
    assert adjusted.lower < 0 < adjusted.upper
    assert (adjusted.covered, adjusted.parts) == (1, 2)
    (row,) = adjusted_changes(found, OCTOBER).to_dict("records")
    assert (row["measure"], row["breakdown"]) == (
        "satisfaction_change_adjusted", "against=6 months before",
    )  # fmt: skip


def test_the_mix_held_still_is_that_of_both_periods_together():
    # Granted 50% then 70%, refused 20% both times; the mix turns from 70:30 to 30:70.
    then = mixed(add_months(OCTOBER, -6), (35, 35), (6, 24))
    _, after, before = votes(mixed(OCTOBER, (21, 9), (14, 56)), then)
    adjusted = adjusted_change(after, before)
    assert adjusted.value == pytest.approx(0.5 * 0.2 + 0.5 * 0)
    assert adjusted.base == 100


def test_with_one_kind_of_case_the_adjusted_change_is_newcombes():
    then = answers(add_months(OCTOBER, -6), 46, 54, outcome="granted", applicant_kind="agent")
    now = answers(OCTOBER, 60, 40, outcome="granted", applicant_kind="agent")
    _, after, before = votes(now, then)
    adjusted = adjusted_change(after, before)
    assert [adjusted.lower, adjusted.upper] == pytest.approx([*newcombe(0.6, 100, 0.46, 100)])


def test_an_adjusted_change_is_covered_about_as_often_as_it_says():
    rng = np.random.default_rng(11)
    true = 0.5 * (0.75 - 0.6) + 0.5 * (0.35 - 0.3)

    def period(granted, refused):
        cells = pd.DataFrame({"outcome": ["granted", "refused"], "applicant_kind": "agent"})
        counts = np.array([rng.binomial(60, granted), rng.binomial(60, refused)], dtype=float)
        return cells.assign(**{"for": counts, "denominator": 60.0, "squares": 60.0, "base": 60.0})

    found = [adjusted_change(period(0.75, 0.35), period(0.6, 0.3)) for _ in range(150)]
    covered = np.mean([each.lower <= true <= each.upper for each in found])
    assert 0.9 < covered <= 0.99


def test_parts_of_the_mix_with_fewer_than_five_answers_are_left_out():
    then = mixed(add_months(OCTOBER, -6), (10, 10), (2, 2))
    _, after, before = votes(mixed(OCTOBER, (15, 5), (20, 20)), then)
    adjusted = adjusted_change(after, before)
    assert adjusted.parts == 1
    assert adjusted.value == pytest.approx(0.25)
    assert adjusted.covered == pytest.approx(40 / 84)
