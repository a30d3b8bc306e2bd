from datetime import UTC, date, datetime

import pandas as pd
import pytest

from insight.periods import UnknownPeriodError
from insight.release import ReleaseError, committee_month, last_reported_quarter, released

MONTHS = {"Q1": "September", "Q2": "November", "Q3": "March", "Q4": "June"}


def approvals(*quarters, by="Head of Service"):
    return pd.DataFrame({"quarter": list(quarters), "released_by": by})


@pytest.mark.parametrize(
    ("quarter", "month"),
    [
        ("2026-27 Q1", date(2026, 9, 1)),
        ("2026-27 Q2", date(2026, 11, 1)),
        ("2026-27 Q3", date(2027, 3, 1)),
        ("2026-27 Q4", date(2027, 6, 1)),
        ("2026/27q4", date(2027, 6, 1)),
    ],
)
def test_a_quarter_goes_to_committee_in_the_first_such_month_after_it(quarter, month):
    assert committee_month(quarter, MONTHS) == month


@pytest.mark.parametrize(
    ("today", "quarter"),
    [
        (date(2026, 8, 31), None),
        (date(2026, 9, 1), "2026-27 Q1"),
        (date(2026, 10, 31), "2026-27 Q1"),
        (date(2026, 11, 1), "2026-27 Q2"),
        (date(2027, 12, 1), "2026-27 Q2"),
    ],
)
def test_the_public_sees_up_to_the_last_quarter_released_and_reported(today, quarter):
    released_two = approvals("2026-27 Q1", "2026-27 Q2")
    assert last_reported_quarter(MONTHS, released_two, today) == quarter


def test_without_a_name_nothing_is_released():
    assert last_reported_quarter(MONTHS, approvals(), date(2027, 1, 1)) is None
    nobody = approvals("2026-27 Q1", by=" ")
    assert last_reported_quarter(MONTHS, nobody, date(2027, 1, 1)) is None


def test_a_release_names_its_quarter_and_its_person():
    now = datetime(2026, 10, 1, 9, tzinfo=UTC)
    (row,) = released("2026-27Q2", " Ann ", committee_months=MONTHS, now=now).to_dict("records")
    assert row == {"quarter": "2026-27 Q2", "released_by": "Ann", "released_at": pd.Timestamp(now)}
    with pytest.raises(ReleaseError, match="who releases"):
        released("2026-27 Q2", " ", committee_months=MONTHS, now=now)
    with pytest.raises(ReleaseError, match="isn't over before 1 January 2027"):
        released("2026-27 Q3", "Ann", committee_months=MONTHS, now=now)
    with pytest.raises(ReleaseError, match="Q2 goes to committee"):
        released("2026-27 Q2", "Ann", committee_months={}, now=now)
    with pytest.raises(UnknownPeriodError):
        released("2026-10", "Ann", committee_months=MONTHS, now=now)
