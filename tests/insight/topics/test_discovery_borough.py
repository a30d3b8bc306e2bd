"""What nobody planned for in the invented borough, among six months of its two mailboxes."""

from datetime import date

import pytest

from insight.borough.cases import backlog, make_applications
from insight.borough.enquiries import make_enquiries
from insight.borough.ground import make_ground
from insight.borough.people import make_people
from insight.borough.plan import Plan
from insight.borough.unplanned import UNPLANNED_TITLE
from insight.topics.discovery import discover


@pytest.fixture(scope="module")
def found():
    plan = Plan(date(2026, 10, 1), months=6)
    ground = make_ground(plan)
    people = make_people(plan, ground)
    cases = make_applications(plan, people, ground.wards["ward_name"].tolist())
    overdue = dict(zip(plan.span, backlog(plan, cases)["overdue"], strict=True))
    written = make_enquiries(plan, people, cases, overdue)
    written = written[written["kind"].eq("person")]
    labelled = written[written["topic"].notna()]
    recent = written[written["received_at"] >= "2026-08-01"].set_index("enquiry_id")
    whole = recent["subject"] + "\n" + recent["text"]
    covered = labelled["subject"] + "\n" + labelled["text"]
    return discover(whole, covered=covered, seed=1), recent["true_topic"].eq(UNPLANNED_TITLE)


def test_what_nobody_planned_for_comes_back(found):
    discovery, planted = found
    planted = planted.fillna(value=False)
    best = discovery.assigned[planted].value_counts().index[0]
    inside = discovery.assigned.eq(best).fillna(value=False)
    assert planted[inside].mean() > 0.9
    assert inside[planted].mean() > 0.9
    assert best == discovery.groups["group"].iloc[0]
    assert "voucher" in discovery.groups["words"].iloc[0]


def test_little_else_stands_out(found):
    discovery, _ = found
    assert len(discovery.groups) <= 3
