from datetime import date

import pandas as pd
import pytest

from insight.complaints import complaints_results
from insight.errors import MissingColumnsError
from insight.intervals import wilson

OCTOBER = date(2026, 10, 1)


def complaints(*rows: tuple[str, str, str, str | None, str | None]) -> pd.DataFrame:
    """Rows of received_at (day of October, or a date), service, stage, outcome, responded_at."""
    frame = pd.DataFrame(
        rows, columns=["received_at", "service", "stage", "outcome", "responded_at"], dtype="string"
    )
    for name in ("received_at", "responded_at"):
        times = pd.to_datetime(frame[name], format="ISO8601").dt.tz_localize("Europe/London")
        frame[name] = times
    return frame


MONTH = complaints(
    ("2026-10-01", "bins", "stage 1", "upheld", "2026-10-09"),
    ("2026-10-31 23:30", "bins", "stage 1", "open", None),
    ("2026-10-05", "bins", "stage 2", "not upheld", "2026-10-20"),
    ("2026-10-06", "trees", "stage 1", "withdrawn", "2026-10-07"),
    ("2026-10-07", "trees", "request", None, None),
    ("2026-09-30 23:59", "trees", "stage 1", "partly upheld", "2026-10-02"),
    ("2026-10-20", "trees", "stage 1", "upheld", "2026-11-02"),
    ("2026-10-21", "trees", "ombudsman", "not upheld", None),
    ("2026-10-22", "trees", "stage 1", "refused", "2026-10-23"),
)


def value(results, measure, service="all", key=""):
    at = results["measure"].eq(measure) & results["service"].eq(service)
    found = results[at & results["breakdown"].eq(key)]
    return found.iloc[0] if len(found) else None


def test_complaints_are_counted_by_service_stage_and_outcome_in_the_local_month():
    results = complaints_results(MONTH, OCTOBER)
    assert value(results, "complaints_received")["value"] == 7
    assert value(results, "complaints_received", "bins")["value"] == 3
    assert value(results, "complaints_received", key="stage=stage 1")["value"] == 5
    assert value(results, "complaints_received", "bins", "outcome=open")["value"] == 1
    by_stage = results["breakdown"].str.startswith("stage=") & results["service"].eq("all")
    received = results["measure"].eq("complaints_received")
    assert results[received & by_stage]["value"].sum() == 7


def test_a_request_for_service_is_no_complaint_but_is_not_forgotten():
    results = complaints_results(MONTH, OCTOBER)
    assert value(results, "service_requests", "trees")["value"] == 1
    assert value(results, "complaints_received", key="stage=request") is None


def test_upheld_is_of_those_decided_in_the_month():
    # Decided in October: bins upheld and not upheld, trees partly upheld (received in
    # September), and the ombudsman's without an answer date. Not: open, withdrawn, refused,
    # or answered in November.
    results = complaints_results(MONTH, OCTOBER)
    row = value(results, "complaints_upheld_share")
    assert (row["numerator"], row["denominator"], row["value"], row["base"]) == (2, 4, 0.5, 4)
    assert [row["lower"], row["upper"]] == pytest.approx([*map(float, wilson(0.5, 4))])
    assert value(results, "complaints_upheld_share", "bins", "stage=stage 2")["value"] == 0


def test_one_complaint_stays_honest():
    one = complaints_results(MONTH[:1], OCTOBER)
    row = value(one, "complaints_upheld_share", "bins")
    assert row["value"] == 1
    assert row["lower"] == pytest.approx(0.2065, abs=1e-4)


def test_a_log_without_outcomes_or_answer_dates_still_counts():
    plain = MONTH.drop(columns=["outcome", "responded_at"])
    results = complaints_results(plain, OCTOBER)
    assert value(results, "complaints_received")["value"] == 7
    assert value(results, "complaints_upheld_share") is None


def test_answer_dates_may_be_plain_dates():
    dated = MONTH.assign(responded_at=MONTH["responded_at"].dt.tz_localize(None))
    pd.testing.assert_frame_equal(
        complaints_results(dated, OCTOBER), complaints_results(MONTH, OCTOBER)
    )


def test_a_month_without_complaints_has_no_figures():
    assert complaints_results(MONTH, date(2025, 1, 1)).empty
    assert complaints_results(MONTH[:0], OCTOBER).empty


def test_a_missing_column_is_named():
    with pytest.raises(MissingColumnsError, match="stage"):
        complaints_results(MONTH.drop(columns="stage"), OCTOBER)
