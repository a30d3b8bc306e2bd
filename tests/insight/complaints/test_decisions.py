import pandas as pd
import pytest

from insight.complaints.decisions import apply_decisions, read_back, review_list
from insight.complaints.request_or_complaint import suggest_kind
from insight.errors import MissingColumnsError

NONE = pd.DataFrame(
    columns=["source", "complaint_id", "decision", "decided_by", "reason"], dtype="string"
)


def complaints():
    return pd.DataFrame(
        {
            "source": "crm",
            "complaint_id": ["A", "B", "C", "B2"],
            "received_at": pd.to_datetime(
                ["2026-10-01", "2026-10-02", "2026-10-03", "2026-10-04"]
            ).tz_localize("Europe/London"),
            "service": "waste",
            "stage": ["stage 1", "request", "stage 1", "stage 2"],
            "description": ["My bin was missed today.", "=Bin missed 3 times although reported",
                None, "x"],
            "customer": ["p1", "p2", "p3", "p4"],
        }
    )  # fmt: skip


def filled(**decisions):
    """The list with decisions as (what, who, why) by reference."""
    rows = review_list(complaints(), NONE)
    for reference, (what, who, why) in decisions.items():
        at = rows["reference"].eq(reference)
        rows.loc[at, ["decision", "decided_by", "reason"]] = [what, who, why]
    return rows


def stored(what, who):
    return NONE.assign(source=[], complaint_id=[]) if what is None else pd.DataFrame(
        {"source": ["crm"], "complaint_id": ["A"], "decision": [what], "decided_by": [who],
         "reason": [None]}
    ).astype("string")  # fmt: skip


@pytest.mark.parametrize(
    ("words", "kind", "paragraph"),
    [
        ("Please could you deliver a new bin", "request", "1.2"),
        ("My bin was missed this morning", "request", "1.2"),
        ("I rang twice about the missed bin", "complaint", "1.7"),
        ("I want to make a complaint, please", "complaint", "1.4"),
        ("The warden was rude to me", "complaint", "1.4"),
        ("Bins", "complaint", "1.4"),
        (None, "complaint", "1.4"),
    ],
)
def test_a_suggestion_names_its_paragraph_and_doubt_means_complaint(words, kind, paragraph):
    rows = complaints().iloc[:1].assign(description=words)
    told = suggest_kind(rows).iloc[0]
    assert (told["suggested"], told["paragraph"]) == (kind, paragraph)


def test_the_same_customer_coming_back_within_90_days_is_a_complaint():
    rows = complaints().assign(description="Bin missed.", customer="p1", service="waste")
    assert suggest_kind(rows)["suggested"].tolist() == ["request", *["complaint"] * 3]
    rows["customer"] = None
    assert set(suggest_kind(rows)["suggested"]) == {"request"}


def test_only_first_stages_are_asked_and_a_decision_moves_the_stage():
    assert set(review_list(complaints(), NONE)["reference"]) == {"A", "B", "C"}
    found = read_back(filled(A=("Request", "J. Smith", None), B=("complaint", "J. Smith", None)),
                      complaints(), NONE)  # fmt: skip
    assert found.problems == ()
    assert (
        found.accepted["rule"].tolist() == ["first report", "reported before"]
        or len(found.accepted) == 2
    )
    applied = apply_decisions(complaints(), found.accepted)
    assert applied["stage"].tolist() == ["request", "stage 1", "stage 1", "stage 2"]


def test_faulty_rows_are_said_and_left_out():
    rows = filled(
        A=("complaint", "J. Smith", None),
        B=("perhaps", "J. Smith", None),
        C=("complaint", None, None),
    )
    extra = rows.iloc[[0]].assign(
        row_id="crm/unknown", reference="Z", decision="request", decided_by="x"
    )
    found = read_back(pd.concat([rows, extra], ignore_index=True), complaints(), NONE)
    assert found.accepted.empty
    said = " ".join(found.problems)
    for part in (
        "A differs from the suggestion",
        "B must be decided",
        "C needs the name",
        "Z is no row",
    ):
        assert part in said


def test_two_copies_that_differ_are_a_conflict_and_nothing_is_overwritten():
    mine = filled(A=("request", "J. Smith", None))
    found = read_back(mine, complaints(), stored("complaint", "A. Other"))
    assert found.accepted.empty
    assert found.conflicts[["reference", "now", "decision"]].to_numpy().tolist() == [
        ["A", "complaint", "request"]
    ]
    agreed = read_back(mine, complaints(), stored("request", "A. Other"))
    assert (len(agreed.accepted), len(agreed.conflicts), agreed.unchanged) == (0, 0, 1)


def test_a_workbook_without_its_ids_is_refused():
    with pytest.raises(MissingColumnsError, match="Row id"):
        read_back(filled().drop(columns="row_id"), complaints(), NONE)
