"""A month in which much is wrong: each is said with what to do, and the rest goes on."""

from datetime import date

import pytest

from pipelines.steps.comments import publish_comments
from pipelines.steps.complaints import publish_complaints
from pipelines.steps.demand import publish_demand
from pipelines.steps.figures import read_figures
from pipelines.steps.satisfaction import publish_satisfaction
from tests.small_month import write_csv

OCTOBER = date(2026, 10, 1)
SURVEYS = ["response_id", "survey", "answered_at", "question", "scale", "answer", "service"]
CASES = ["case_id", "service", "case_type", "received_at", "decided_at", "outcome"]
CONTACTS = ["contact_id", "contacted_at", "channel", "service", "customer"]
COMPLAINTS = ["complaint_id", "received_at", "service", "stage", "regime"]


@pytest.fixture
def take_in(tmp_path, insight_here):
    def take(source, header, rows):
        path = write_csv(tmp_path / f"{source}-{len(rows)}.csv", header, rows)
        return insight_here("ingest", path, "--source", source)

    return take


def answers(survey, month, count, answer, scale="satisfaction-5"):
    return [
        [f"{survey}{month}-{n}", survey, f"10/{month:02d}/2026", "overall", scale, answer(n),
         "waste"]
        for n in range(count)
    ]  # fmt: skip


def value(workspace, measure, service):
    found = read_figures(workspace, months=[OCTOBER], measures=[measure])
    found = found[found["service"].eq(service) & found["breakdown"].eq("")]
    return found.iloc[0] if len(found) else None


def test_a_scale_that_is_not_in_the_bank_is_refused_with_those_that_are(take_in):
    code, told, error = take_in("surveys", SURVEYS, answers("a", 10, 12, lambda n: "1", "smiley-3"))
    assert code == 1
    assert "must be one of satisfaction-5, agreement-5, happy-5" in told + error
    assert "neteasy-7" in told + error
    assert "Add the spelling" in told + error


def test_answers_off_their_scale_are_counted_out_and_the_rest_told(take_in, workspace):
    rows = answers("a", 10, 12, lambda n: str(7 + n % 3))
    rows += answers("b", 10, 12, lambda n: "very satisfied" if n < 9 else "very dissatisfied")
    assert take_in("surveys", SURVEYS, rows)[0] == 0
    (problem,) = publish_satisfaction(workspace, OCTOBER).problems
    assert "12 survey answers of October 2026 are not on their scale" in problem
    assert "Check the scale that the mapping gives their question." in problem
    row = value(workspace, "satisfaction_share", "waste")
    assert (row["value"], row["base"]) == (0.75, 12)
    assert row["upper"] - row["lower"] > 0.4


def test_a_wave_turned_round_is_named_with_both_ways_out(take_in, workspace):
    rows = []
    for month in range(5, 11):
        best, worst = ("1", "5") if month == 9 else ("5", "1")
        rows += answers("t", month, 60, lambda n, b=best, w=worst: b if n % 10 < 8 else w)
    take_in("surveys", SURVEYS, rows)
    (problem,) = publish_satisfaction(workspace, OCTOBER).problems
    assert "September 2026: its 60 answers look like the other months' turned round" in problem
    assert "reverse-5" in problem
    assert "confirmed_directions" in problem
    assert value(workspace, "satisfaction_share", "waste")["value"] == pytest.approx(0.8)


def test_a_decision_before_receipt_goes_to_quarantine_and_no_other_case_with_it(
    take_in, workspace, insight_here
):
    rows = [["P1", "planning", "householder", "01/10/2026", "01/09/2026", "granted"]]
    rows += [
        [f"Q{n}", "planning", "householder", "01/09/2026", "20/10/2026", "granted"]
        for n in range(30)
    ]
    assert take_in("cases", CASES, rows)[0] == 0
    publish_demand(workspace, OCTOBER)
    assert value(workspace, "cases_decided", "planning")["value"] == 30
    # On record and none: nought, and after the last event nothing.
    for measure in ("cases_received", "cases_open"):
        row = value(workspace, measure, "planning")
        assert (row["value"], row["lower"]) == (0, 0)
        assert row["upper"] == pytest.approx(3.689, abs=1e-3)
    publish_demand(workspace, date(2026, 11, 1))
    later = read_figures(workspace, months=[date(2026, 11, 1)], measures=["cases_received"])
    assert later.empty
    _, told, _ = insight_here("quarantine", "list")
    assert "decided_at" in told
    assert "received_at" in told


def test_one_customer_key_for_everyone_and_a_month_without_data_are_said(take_in, workspace):
    rows = [
        [
            f"c{n}",
            f"{1 + n % 28:02d}/{8 if n < 50 else 10:02d}/2026 10:00",
            "phone",
            "waste",
            "0000",
        ]
        for n in range(100)
    ]
    assert take_in("contacts", CONTACTS, rows)[0] == 0
    nobody, gap = publish_demand(workspace, OCTOBER).problems
    assert "1 customer number stands for nobody in particular: 100 contacts, 100.0%" in nobody
    assert "customers_that_are_nobody" in nobody
    assert "No contacts at all are on record for September 2026" in gap
    assert value(workspace, "contacts", "waste")["value"] == 50
    assert value(workspace, "repeat_contact_share", "waste") is None
    # No words, no person, no reason: that nobody is seen to chase says nothing.
    for measure in ("chasing_contacts", "chasing_contact_share", "avoidable_contacts"):
        assert value(workspace, measure, "waste") is None
        assert value(workspace, measure, "all") is None


def test_one_complaint_has_a_wide_interval_and_no_share_of_what_is_not_decided(take_in, workspace):
    rows = [["K1", "05/10/2026", "waste", "stage 1", "lgsco"]]
    assert take_in("complaints", COMPLAINTS, rows)[0] == 0
    publish_complaints(workspace, OCTOBER)
    row = value(workspace, "complaints_received", "waste")
    assert (row["value"], row["lower"] < 0.1, row["upper"] > 5) == (1, True, True)
    assert value(workspace, "complaints_upheld_share", "waste") is None


def test_a_service_without_a_contact_has_no_figure_rather_than_a_nought(take_in, workspace):
    take_in("contacts", CONTACTS, [["c1", "05/10/2026 10:00", "phone", "waste", "x"]])
    publish_demand(workspace, OCTOBER)
    assert value(workspace, "contacts", "planning") is None
    assert publish_comments(workspace, OCTOBER).headline.startswith("0 comments")
