"""Six months of the invented borough's mailboxes: what is new, and what to build and mend."""

from datetime import date

import pandas as pd
import pytest

from insight.borough.cases import backlog, make_applications
from insight.borough.counts import PAGES, make_visits
from insight.borough.enquiries import TOPICS, make_enquiries
from insight.borough.ground import make_ground
from insight.borough.online import FORMS, READ, make_topics
from insight.borough.people import make_people
from insight.borough.plan import Plan
from insight.borough.unplanned import UNPLANNED_TITLE
from insight.topics.discovery import discover
from insight.topics.form_gaps import form_gaps

PLAN = Plan(date(2026, 10, 1), months=6)


@pytest.fixture(scope="module")
def written():
    ground = make_ground(PLAN)
    people = make_people(PLAN, ground)
    cases = make_applications(PLAN, people, ground.wards["ward_name"].tolist())
    overdue = dict(zip(PLAN.span, backlog(PLAN, cases)["overdue"], strict=True))
    enquiries = make_enquiries(PLAN, people, cases, overdue)
    return enquiries[enquiries["kind"].eq("person")].set_index("enquiry_id")


@pytest.fixture(scope="module")
def found(written):
    labelled = written["topic"].notna()
    whole = written["subject"] + "\n" + written["text"]
    recent = written["received_at"].ge("2026-08-01") & ~labelled
    known = written[labelled].assign(text=whole[labelled])
    return discover(whole[recent], known=known, seed=1)


def test_what_nobody_planned_for_comes_back(written, found):
    planted = written["true_topic"].reindex(found.assigned.index).eq(UNPLANNED_TITLE)
    planted = planted.fillna(value=False)
    largest = found.groups["group"].iloc[0]
    inside = found.assigned.eq(largest).fillna(value=False)
    assert planted[inside].mean() > 0.95  # purity
    assert inside[planted].mean() > 0.95  # recall
    assert "voucher" in found.groups["name"].iloc[0]


def test_little_else_stands_out(found):
    assert len(found.groups) <= 3
    assert found.groups["texts"].iloc[1:].sum() < 0.03 * len(found.assigned)


@pytest.fixture(scope="module")
def gaps(written):
    known = written[written["true_topic"].isin([topic.title for topic in TOPICS])]
    volumes = (
        known.groupby(["service", "true_topic"], as_index=False)
        .size()
        .rename(columns={"true_topic": "topic", "size": "enquiries"})
        .assign(channel="email")
    )
    catalogue = pd.DataFrame(make_topics()["topics"]).rename(columns={"name": "topic"})
    visits = pd.concat([make_visits(PLAN, month) for month in PLAN.span])
    counts = ["views", "form_starts", "form_completions"]
    visits = visits.astype(dict.fromkeys(counts, "int64"))
    return form_gaps(volumes, catalogue[["topic", "form", "page"]], visits, {"email": 8})


def test_topics_without_a_form_are_to_be_built_by_volume(gaps, written):
    build = gaps[gaps["list"].eq("build")]
    assert set(build["topic"]) == {topic.title for topic in TOPICS} - set(FORMS)
    volumes = written["true_topic"].value_counts()
    assert build["enquiries"].tolist() == volumes[build["topic"]].tolist()
    assert build["enquiries"].is_monotonic_decreasing


def test_forms_that_are_given_up_are_to_be_mended_at_the_planted_share(gaps):
    mend = gaps[gaps["list"].eq("mend")]
    # Nobody writes about paying more often than they pay, and four in five forms are sent.
    assert set(mend["topic"]) == set(FORMS) - {"Payments and direct debit"}
    planted = 1 - mend["topic"].map(lambda topic: PAGES[FORMS[topic]][3])
    assert (mend["given_up"] - planted).abs().max() < 0.03
    assert (mend["saved_lower"] < mend["saved"]).all()
    assert (mend["saved"] < mend["saved_upper"]).all()


def test_pages_that_leave_the_question_open_are_to_be_rewritten(gaps):
    assert set(gaps.loc[gaps["list"].eq("rewrite"), "topic"]) == set(READ)
