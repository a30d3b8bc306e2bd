"""Samples people class, before and after a change, and what is said first."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from insight.demand import (
    SampleError,
    before_and_after,
    check_sample,
    draw_sample,
    headlines,
    sample_results,
    single_records,
)
from insight.errors import InsightError
from insight.results import RESULT_COLUMNS

OCTOBER = date(2026, 10, 1)


def records(**sizes: int) -> pd.DataFrame:
    """So many contacts by each channel."""
    channel = np.repeat([name.replace("_", " ") for name in sizes], list(sizes.values()))
    at = pd.Timestamp("2026-10-01 09:00", tz="Europe/London")
    frame = pd.DataFrame(
        {
            "contacted_at": at + pd.to_timedelta(np.arange(len(channel)), unit="min"),
            "channel": channel,
            "service": "bins",
            "text": [f"note {n}" for n in range(len(channel))],
            "customer": [f"secret {n}" for n in range(len(channel))],
        }
    )
    return single_records([OCTOBER], contacts=frame)


def test_a_sample_is_drawn_from_every_channel_in_proportion():
    drawn = draw_sample(records(phone=700, email=290, post=10), OCTOBER, size=100, seed=1)
    assert drawn["channel"].value_counts().to_dict() == {"phone": 70, "email": 29, "post": 1}
    assert "customer" not in drawn
    assert not drawn.astype("string").apply(lambda c: c.str.contains("secret")).any().any()


def test_the_same_seed_draws_the_same_contacts_whatever_order_they_come_in():
    rows = records(phone=200, email=50)
    first = draw_sample(rows, OCTOBER, size=30, seed=7)
    again = draw_sample(rows.sample(frac=1, random_state=3), OCTOBER, size=30, seed=7)
    assert first["text"].tolist() == again["text"].tolist()
    assert first["text"].tolist() != draw_sample(rows, OCTOBER, size=30, seed=8)["text"].tolist()


def test_a_rare_channel_is_drawn_at_least_once_and_no_more_than_there_are():
    drawn = draw_sample(records(phone=995, post=5), OCTOBER, size=20, seed=1)
    assert len(drawn) == 20
    assert drawn["channel"].eq("post").sum() == 1
    assert len(draw_sample(records(phone=5), OCTOBER, size=20, seed=1)) == 5


def coded(drawn: pd.DataFrame, classes: list) -> pd.DataFrame:
    return check_sample(drawn.assign(**{"class": pd.Series(classes, dtype="string")}))


def test_the_share_of_a_classed_sample_is_weighed_up_to_all_contacts():
    drawn = draw_sample(records(phone=800, email=200), OCTOBER, size=100, seed=1)
    classes = np.where(drawn["channel"].eq("email"), "progress chasing", "Not avoidable ")
    classes[0], classes[-1] = "cannot tell", ""
    known = coded(drawn, classes.tolist())
    found = sample_results(known, OCTOBER).set_index(["service", "breakdown"])
    row = found.loc[("bins", "")]
    email, phone = (
        known["channel"].eq(name) & known["class"].notna() for name in ("email", "phone")
    )
    told = known["class"].ne("cannot tell").fillna(False)
    weights = pd.Series(0.0, index=known.index)
    weights[email & told] = 200 / (email & told).sum()
    weights[phone & told] = 800 / (phone & told).sum()
    assert row["value"] == pytest.approx(200 / 1000)
    worth = weights.sum() ** 2 / (weights**2).sum()
    low, high = proportion_confint(0.2 * worth, worth, method="wilson")
    assert (row["lower"], row["upper"]) == (pytest.approx(low), pytest.approx(high))
    assert row["base"] == 98
    assert found.loc[("bins", "class=progress chasing"), "value"] == row["value"]


def test_a_class_that_is_none_is_named_by_its_contact():
    drawn = draw_sample(records(phone=3), OCTOBER, size=3, seed=1)
    with pytest.raises(SampleError, match=r"number 2 have a class that is none of the allowed"):
        coded(drawn, ["not avoidable", "dunno", None])
    with pytest.raises(SampleError, match="lacks the column"):
        check_sample(drawn.drop(columns="stratum_size"))


def linked(before: tuple[int, int], after: tuple[int, int], span: int = 60) -> pd.DataFrame:
    """So many contacts, and how many chase, before and after 1 July; all different people."""
    parts = []
    for start, (number, chase) in (("2026-05-02", before), ("2026-07-01", after)):
        days = pd.Timestamp(start) + pd.to_timedelta(np.arange(number) * span // number, unit="D")
        parts.append(pd.DataFrame({"day": days, "chasing": np.arange(number) < chase}))
    frame = pd.concat(parts, ignore_index=True)
    return frame.assign(service="planning", person=np.arange(len(frame)))


def test_a_change_is_told_in_points_and_in_proportion_with_newcombes_interval():
    found = before_and_after(linked((600, 240), (600, 150)), "planning", date(2026, 7, 1))
    low, high = confint_proportions_2indep(150, 600, 240, 600, method="newcomb")
    assert found.days == 60
    assert found.difference == pytest.approx((-0.15, low, high))
    assert found.relative[0] == pytest.approx(0.25 / 0.4 - 1)
    low, high = confint_proportions_2indep(150, 600, 240, 600, compare="ratio", method="log")
    assert found.relative[1:] == (pytest.approx(low - 1), pytest.approx(high - 1))
    assert found.real
    assert found.a_week_before == pytest.approx(240 * 7 / 60)


def test_a_change_of_few_contacts_is_not_called_real():
    assert not before_and_after(linked((12, 5), (12, 3)), "planning", date(2026, 7, 1)).real


def test_nothing_on_one_side_is_said():
    with pytest.raises(InsightError, match="both sides of 01/01/2020"):
        before_and_after(linked((12, 5), (12, 3)), "planning", date(2020, 1, 1))


def share(measure, service, period, value, base):
    low, high = proportion_confint(value * base, base, method="wilson")
    return (measure, service, period, "", value, value * base, base, low, high, base)


def frame(*rows) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=list(RESULT_COLUMNS))


def test_a_headline_needs_a_change_that_chance_does_not_explain():
    rows = [
        share("chasing_contact_share", "planning", "2026-10", 0.10, 600),
        share("chasing_contact_share", "planning", "2026-04", 0.40, 600),
        share("chasing_contact_share", "bins", "2026-10", 0.10, 60),
        share("chasing_contact_share", "bins", "2026-04", 0.14, 60),
    ]
    found = headlines(frame(*rows), "2026-10", ["2026-04"])
    assert found.candidates == 2
    assert found.found["service"].tolist() == ["planning"]
    assert found.found["change"].iloc[0] == pytest.approx(-0.3)


def test_among_many_figures_without_a_change_headlines_are_rare():
    rng = np.random.default_rng(5)
    named = 0
    for _ in range(40):
        rows = []
        for service in range(25):
            for period in ("2026-09", "2026-10"):
                value = rng.binomial(400, 0.3) / 400
                rows.append(share("chasing_contact_share", f"s{service}", period, value, 400))
        named += bool(len(headlines(frame(*rows), "2026-10", ["2026-09"]).found))
    assert named <= 6, "one month in twenty, give or take"


def test_no_figures_give_no_headline():
    found = headlines(frame(), "2026-10", ["2026-09"])
    assert (len(found.found), found.candidates) == (0, 0)
