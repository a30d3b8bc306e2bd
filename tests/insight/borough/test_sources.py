"""The other sources: contacts, counts, complaints, comments, surveys, returns, patrols."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from insight.borough.cases import chases
from insight.borough.comments import HOSTILE, make_comments
from insight.borough.complaints import make_complaints
from insight.borough.contacts import CHASING, DEFAULTED, make_contacts
from insight.borough.counts import make_calls, make_visits
from insight.borough.measures import AWAITED, ENTERED
from insight.borough.patrols import make_patrols
from insight.borough.plan import Plan
from insight.borough.returns import REVISED, make_partner_return, make_returns
from insight.borough.street_reports import make_spots
from insight.borough.surveys import (
    ANSWERS,
    PLANNING_QUESTIONS,
    drawn_answers,
    make_panel,
    make_planning_survey,
)

OCTOBER, MARCH, JANUARY = date(2026, 10, 1), date(2026, 3, 1), date(2026, 1, 1)


@pytest.fixture(scope="module")
def contacts(plan, people, applications):
    return make_contacts(plan, people, applications, chases(plan, applications))


def test_each_chase_is_a_contact_about_an_application(plan, applications, contacts):
    chasing = contacts[contacts["case_id"].notna()]
    assert len(chasing) == sum(len(c) for c in chases(plan, applications).values())
    assert chasing["reason"].eq(CHASING).all()
    assert chasing["service"].eq("planning").all()
    assert chasing["case_id"].isin(applications["case_id"]).all()
    assert chasing.groupby("case_id")["customer"].nunique().eq(1).all()
    assert not chasing["customer"].isin(list(DEFAULTED)).any()
    written = [case in text for case, text in zip(chasing["case_id"], chasing["text"], strict=True)]
    assert np.mean(written) > 0.95


def test_channels_are_spelt_as_people_spell_them(contacts):
    assert {"Tel.", "Telephone", "Face-to-face", "E-mail"} <= set(contacts["channel"])


def test_some_customers_come_again(contacts):
    known = contacts.loc[~contacts["customer"].isin(list(DEFAULTED)), "customer"]
    assert known.value_counts().max() >= 5


def test_a_realistic_share_of_customers_was_never_asked_for(contacts):
    shares = contacts["customer"].value_counts(normalize=True)
    assert 0.045 < shares[list(DEFAULTED)].sum() < 0.075
    assert shares.idxmax() in DEFAULTED  # as one customer, it would be the busiest of all


def test_calls_add_up_and_fewer_are_answered_at_annual_billing(plan):
    usual, billing = make_calls(plan, OCTOBER, 0), make_calls(plan, MARCH, 0)
    for calls in (usual, billing):
        assert (calls["Answered"] + calls["Abandoned"] == calls["Offered"]).all()
        assert calls["Within target"].between(0, 1).all()
        assert not calls.duplicated(["Day", "Queue"]).any()
    tax = [calls[calls["Queue"] == "Council Tax"] for calls in (usual, billing)]
    shares = [calls["Answered"].sum() / calls["Offered"].sum() for calls in tax]
    assert shares[1] < shares[0] - 0.05
    assert tax[1]["Offered"].sum() > 1.5 * tax[0]["Offered"].sum()


def test_chasing_shows_in_the_planning_queue(plan):
    calm, chased = make_calls(plan, OCTOBER, 0), make_calls(plan, OCTOBER, 100)
    planning = [
        calls.loc[calls["Queue"] == "Planning", "Offered"].sum() for calls in (calm, chased)
    ]
    assert planning[1] > 1.3 * planning[0]


def test_no_form_is_sent_more_often_than_begun(plan):
    visits = make_visits(plan, OCTOBER)
    numbers = visits[["views", "form_starts", "form_completions"]].astype("int64")
    assert (numbers["views"] >= numbers["form_starts"]).all()
    assert (numbers["form_starts"] >= numbers["form_completions"]).all()
    assert len(visits) == 31 * visits["page"].nunique()


@pytest.fixture(scope="module")
def complaints(long_plan, people):
    chased = dict.fromkeys(long_plan.span, 10) | {date(2026, 2, 1): 90}
    return make_complaints(long_plan, people, chased)


def test_planning_complaints_come_two_months_after_the_chasing(complaints):
    planning = complaints[
        (complaints["service"] == "planning") & (complaints["stage"] == "Stage 1")
    ]
    by_month = planning["received_at"].dt.strftime("%Y-%m").value_counts()
    assert by_month.idxmax() == "2026-04"
    assert by_month["2026-04"] > 3 * by_month.get("2026-02", 1)


def test_a_later_stage_comes_after_the_answer_to_the_stage_before(complaints):
    first = complaints[complaints["stage"] == "Stage 1"].set_index("complaint_id")
    second = complaints[complaints["stage"] == "Stage 2"].set_index("complaint_id")
    assert len(second) > 20
    assert complaints["stage"].eq("Ombudsman").any()
    assert (second["received_at"] > first.loc[second.index, "responded_at"]).all()
    assert not complaints.duplicated(["complaint_id", "stage"]).any()


def test_complaints_are_acknowledged_then_answered(complaints):
    assert (complaints["acknowledged_at"] > complaints["received_at"]).all()
    assert (complaints["responded_at"] > complaints["acknowledged_at"]).all()
    refused = complaints["outcome"].eq("Refused")
    assert (complaints["refused_reason"].notna() == refused).all()
    assert (
        complaints.loc[complaints["service"] == "housing", "regime"].eq("Housing Ombudsman").all()
    )


def test_every_month_has_a_hostile_comment_and_times_in_utc(plan, people):
    for month in plan.span:
        comments = make_comments(plan, people, month)
        assert comments["text"].isin(HOSTILE).sum() == 1
        zoned = pd.to_datetime(comments["received_at"], utc=True)
        local = zoned.dt.tz_convert("Europe/London").dt.strftime("%Y-%m")
        assert local.eq(f"{month:%Y-%m}").all()


@pytest.mark.parametrize("share", [0.46, 0.66, 0.5, 1.0])
def test_answers_are_draws_around_the_planted_share(share):
    rng = np.random.default_rng(3)
    months = [drawn_answers(np.full(150, share), rng) for _ in range(400)]
    known = [answers[answers != ANSWERS.tolist().index("Don't know")] for answers in months]
    shares = np.array([np.mean(answers < 2) for answers in known])
    sizes = np.array([answers.size for answers in known])
    assert sizes.mean() / 150 == pytest.approx(0.95, abs=0.01)
    assert shares.mean() == pytest.approx(share, abs=0.01)
    # As wide as chance makes them: neither planted to the person nor wilder than draws.
    assert shares.std() == pytest.approx(np.sqrt(share * (1 - share) / 142.5), rel=0.15)


def test_those_asked_have_an_application_open_or_decided_that_month(plan, people, applications):
    survey = make_planning_survey(plan, people, applications, OCTOBER)
    assert survey["Application number"].is_unique
    asked = applications.set_index("case_id").loc[survey["Application number"]]
    decided = asked["decided_at"]
    assert (decided.isna() | decided.ge("2026-10-01")).all()
    assert decided.notna().sum() > 20
    assert asked["received_at"].lt("2026-10-01").all()
    first, *others = PLANNING_QUESTIONS
    assert survey[first].notna().all()
    assert survey[others].isna().to_numpy().any()


def test_the_panel_answers_three_scales(plan, people):
    panel = make_panel(plan, people, OCTOBER)
    assert panel["scale"].value_counts().to_dict() == {
        "satisfaction-5": 60, "neteasy-7": 60, "nps-11": 60,
    }  # fmt: skip
    numbers = panel[panel["scale"] == "neteasy-7"]["answer"].astype("int64")
    assert numbers.between(1, 7).all()


def test_managers_return_every_monthly_measure_but_the_awaited_one(plan):
    monthly = {entered.code for entered in ENTERED if entered.frequency == "monthly"}
    last = make_returns(plan, plan.last_month)
    now = last[last["Period"] == "2026-10"]
    assert set(now["Measure code"]) == monthly - {AWAITED}
    before = make_returns(plan, date(2026, 8, 1))
    assert AWAITED in set(before["Measure code"])


def test_a_quarter_is_returned_with_its_last_month(plan):
    september = make_returns(plan, date(2026, 9, 1)).set_index("Measure code")
    assert september.loc["APPEALS-WON", "Period"] == "2026-27 Q2"
    assert "APPEALS-WON" not in set(make_returns(plan, OCTOBER)["Measure code"])


def test_one_figure_is_put_right_a_month_later(plan):
    september = make_returns(plan, date(2026, 9, 1))
    october = make_returns(plan, OCTOBER)
    told = [
        r[(r["Measure code"] == REVISED) & (r["Period"] == "2026-09")] for r in (september, october)
    ]
    assert len(told[0]) == len(told[1]) == 1
    assert told[1]["Numerator"].item() > told[0]["Numerator"].item()


def test_shares_have_a_base_and_stay_proportions():
    plan = Plan(OCTOBER, months=24)
    returns = pd.concat([make_returns(plan, month) for month in plan.span])
    based = returns.dropna(subset="Denominator")
    assert (based["Numerator"] <= based["Denominator"]).all()
    assert returns["Value"].notna().ne(returns["Denominator"].notna()).all()


def test_the_partner_has_headings_of_its_own(plan):
    partner = make_partner_return(plan, JANUARY)
    assert partner["Month"].tolist() == ["2026-01"]
    assert partner["Attendances"].gt(15_000).all()


def test_fouling_is_found_where_it_is(plan, ground):
    spots = make_spots(plan, ground)
    patrols = pd.concat([make_patrols(plan, ground, spots, month) for month in plan.span])
    there = patrols["place"].isin([spot.street for spot in spots])
    found = patrols["found"].eq("fouling")
    assert found[there].mean() > 2 * found[~there].mean()
    assert patrols["patrol_id"].is_unique
