"""Request or complaint: the workbook from the command line to an officer and back."""

import shutil
from datetime import date

import pytest
from openpyxl import load_workbook

from pipelines.steps.complaints import publish_complaints, read_complaints, read_decisions
from pipelines.steps.demand import publish_demand
from pipelines.steps.figures import read_figures
from pipelines.steps.now import publish_due, publish_waits
from tests.small_month import write_csv

OCTOBER = date(2026, 10, 1)
HEADER = ["complaint_id", "received_at", "service", "stage", "regime", "acknowledged_at",
          "responded_at", "outcome", "refused_reason", "description"]  # fmt: skip
ROWS = [
    ["K1", "01/10/2026", "bins", "request", "", "", "", "", "",
     "Second time I write: the bin was missed again and nobody answered my complaint"],
    ["K2", "02/10/2026", "bins", "stage 1", "lgsco", "", "", "", "", "Please send me a new bin"],
    ["K3", "05/10/2026", "bins", "stage 1", "lgsco", "07/10/2026", "12/10/2026", "refused",
     "Over twelve months old", "This is about last winter"],
    ["K4", "05/10/2026", "bins", "stage 1", "lgsco", "07/10/2026", "13/10/2026", "refused",
     "Wrote from jo.bloggs@example.com about her neighbour", "Again"],
]  # fmt: skip


@pytest.fixture
def taken_in(insight_here, tmp_path):
    path = write_csv(tmp_path / "complaints.csv", HEADER, ROWS)
    code, told, error = insight_here("ingest", path, "--source", "complaints")
    assert code == 0, told + error


@pytest.fixture
def review(insight_here, tmp_path, taken_in):
    """Write the workbook by the command line; return it and its copy for a second officer."""
    path = tmp_path / "to-decide.xlsx"
    code, told, error = insight_here("complaints", "review", path)
    assert code == 0, told + error
    return path, shutil.copy(path, tmp_path / "second.xlsx")


def fill(path, decisions, who):
    """Write decisions as a person does in Excel: by reference, under the headings."""
    book = load_workbook(path)
    sheet = book["To decide"]
    rows = list(sheet.iter_rows())
    (head,) = [row for row in rows if "Decision" in [cell.value for cell in row]]
    at = {cell.value: cell.column - 1 for cell in head}
    for row in rows:
        if (decision := decisions.get(row[0].value)) is not None:
            row[at["Decision"]].value = decision
            row[at["Decided by"]].value = who
            row[at["Reason (needed where it differs)"]].value = "Rang the resident"
    book.save(path)


def test_what_an_officer_writes_in_excel_counts_from_then_on(insight_here, workspace, review):
    path, _ = review
    fill(path, {"K1": "Complaint", "K2": "request"}, "Ann Officer")
    code, told, error = insight_here("complaints", "decide", path)
    assert (code, error) == (0, "")
    assert "2 decisions stored" in told
    decided = read_decisions(workspace)
    assert set(decided["decided_by"]) == {"Ann Officer"}
    stages = read_complaints(workspace).set_index("complaint_id")["stage"]
    assert stages[["K1", "K2"]].tolist() == ["stage 1", "request"]
    publish_complaints(workspace, OCTOBER)
    figures = read_figures(workspace, months=[OCTOBER])
    whole = figures[figures["breakdown"].eq("") & figures["service"].eq("bins")]
    values = whole.set_index("measure")["value"]
    assert values[["complaints_received", "service_requests"]].tolist() == [3, 1]


def test_a_second_persons_copy_overwrites_nothing_and_names_the_conflict(
    insight_here, workspace, review
):
    first, second = review
    fill(first, {"K1": "complaint"}, "Ann Officer")
    fill(second, {"K1": "request", "K2": "request"}, "Ben Officer")
    assert insight_here("complaints", "decide", first)[0] == 0
    code, told, _ = insight_here("complaints", "decide", second)
    assert code == 1
    assert "1 decisions stored, 0 as they were, 1 in conflict" in told
    assert "Conflict on K1: the store says complaint (Ann Officer)" in told
    assert "request (Ben Officer)" in told
    kept = read_complaints(workspace).set_index("complaint_id")["stage"]
    assert kept[["K1", "K2"]].tolist() == ["stage 1", "request"]


def test_the_same_copy_twice_changes_nothing(insight_here, review):
    path, _ = review
    fill(path, {"K1": "complaint"}, "Ann Officer")
    assert insight_here("complaints", "decide", path)[0] == 0
    code, told, _ = insight_here("complaints", "decide", path)
    assert code == 0
    assert "0 decisions stored, 1 as they were, 0 in conflict" in told


def test_a_reason_refused_is_redacted_and_only_the_councils_reasons_are_a_breakdown(
    workspace, taken_in
):
    stored = read_complaints(workspace)["refused_reason"].dropna().str.cat(sep=" ")
    assert "Over twelve months old" in stored
    assert "example.com" not in stored
    publish_complaints(workspace, OCTOBER)
    figures = read_figures(workspace, months=[OCTOBER], measures=["complaints_refused"])
    bins = figures[figures["service"].eq("bins")].set_index("breakdown")["value"]
    assert bins["refused_reason=Over twelve months old"] == 1
    assert bins["refused_reason=other"] == 1
    assert not bins.index.str.contains("neighbour").any()


def test_the_list_of_what_is_due_is_rebuilt_for_the_day(workspace, taken_in):
    summary = publish_due(workspace, OCTOBER)
    assert summary.headline.startswith("On 23 November 2026: 2 overdue, 0 due today")
    folder = workspace.outputs / "now" / "complaints-officer"
    listed = (folder / "complaints_due.csv").read_text(encoding="utf-8-sig")
    assert "K2" in listed
    assert "new bin" not in listed + (folder / "index.html").read_text(encoding="utf-8")


def test_the_waits_are_rebuilt_for_the_day_and_cases_told_of_lately_are_left_out(
    workspace, insight_here, tmp_path
):
    header = ["case_id", "service", "case_type", "received_at", "target_at", "decided_at",
              "outcome", "last_update_sent_at"]  # fmt: skip
    rows = [
        ["P1", "planning", "householder", "01/06/2026", "27/07/2026", "", "", "20/11/2026"],
        ["P2", "planning", "householder", "01/06/2026", "27/07/2026", "", "", ""],
        ["P3", "planning", "householder", "01/11/2026", "27/12/2026", "", "", ""],
        ["P4", "planning", "householder", "01/06/2026", "27/07/2026", "", "", "28/10/2026"],
    ]
    path = write_csv(tmp_path / "cases.csv", header, rows)
    code, told, error = insight_here("ingest", path, "--source", "cases")
    assert code == 0, told + error
    summary = publish_waits(workspace, OCTOBER)
    assert "2 open cases past standard without an update" in summary.headline
    now = workspace.outputs / "now"
    listed = (now / "customer-services" / "cases_past_standard.csv").read_text("utf-8-sig")
    assert "P2" in listed
    assert "P1" not in listed
    assert (now / "recovery-planning" / "index.html").exists()
    publish_demand(workspace, OCTOBER)
    figures = read_figures(workspace, months=[OCTOBER])
    whole = figures[figures["breakdown"].eq("") & figures["service"].eq("planning")]
    values = whole.set_index("measure")["value"]
    # In October P1 hadn't been told yet; P4 had, three days before the month's end.
    assert values[["cases_past_standard", "cases_without_update"]].tolist() == [3, 2]
