from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from statsmodels.duration.survfunc import SurvfuncRight

from insight.caller_words import waits
from insight.case_lists import past_standard, wait_now_results
from insight.case_waits import wait_now, window_start
from insight.recovery_sheet import NoCasesError, recovery_sheet

DAY = date(2026, 10, 31)
START = pd.Timestamp("2026-08-01")
STANDARDS = pd.DataFrame(
    {"service": ["planning"], "case_type": [""], "standard_days": [56.0]}
).astype({"service": "string", "case_type": "string"})


def queue(number=400, seed=1, late=0.4):
    rng = np.random.default_rng(seed)
    received = pd.Timestamp("2026-03-01") + pd.to_timedelta(rng.integers(0, 244, number), unit="D")
    decided = received + pd.to_timedelta(rng.gamma(3, 20, number).round(), unit="D")
    decided = pd.Series(decided).where(pd.Series(decided).le(pd.Timestamp(DAY)))
    return pd.DataFrame(
        {
            "case_id": [f"P{n}" for n in range(number)], "service": "planning",
            "case_type": "householder", "received_at": received, "decided_at": decided,
            "outcome": "granted", "target_at": pd.NaT, "extended_to": pd.NaT,
            "last_update_sent_at": pd.Series(received) + pd.Timedelta(days=10),
        }
    )  # fmt: skip


def test_the_wait_now_is_statsmodels_product_limit_with_late_entry():
    rows = queue().assign(outcome=lambda each: each["outcome"].where(each["decided_at"].notna()))
    found = wait_now(rows, DAY).iloc[0]
    seen = rows[~rows["decided_at"].lt(START)]
    event = seen["decided_at"].notna()
    entry = (START - seen["received_at"]).dt.days.clip(lower=0)
    left = (seen["decided_at"].fillna(pd.Timestamp(DAY)) - seen["received_at"]).dt.days
    # statsmodels takes entry < exit; a case there on the first morning counts that day.
    curve = SurvfuncRight(
        left.to_numpy() + 0.5, event.to_numpy().astype(int), entry=entry.to_numpy()
    )
    assert found["typical"] == curve.quantile(0.5) - 0.5
    assert found["slowest_tenth"] == curve.quantile(0.9) - 0.5
    with np.errstate(divide="ignore", invalid="ignore"):  # its curve ends at nought
        low, high = curve.quantile_ci(0.5, method="cloglog")
    assert (found["typical_lower"], found["typical_upper"]) == (low - 0.5, high - 0.5)
    assert (found["decided"], found["at_risk"]) == (event.sum(), len(seen))


def test_the_wait_does_not_jump_when_a_month_ends():
    # The first of a month once looked back two months, and the last of it three.
    rows = queue()
    both = [wait_now(rows, day).iloc[0] for day in (DAY, DAY + timedelta(days=1))]
    decided = [each["decided"] for each in both]
    on_the_first = rows["decided_at"].eq(START).sum()
    assert decided[1] == decided[0] - on_the_first
    assert window_start(date(2027, 5, 30)) == date(2027, 2, 28)


def test_a_backlog_that_decides_only_its_easy_cases_does_not_flatter_itself():
    easy = queue(20).assign(
        received_at=pd.Timestamp("2026-10-01"), decided_at=pd.Timestamp("2026-10-11")
    )
    stuck = queue(20).assign(
        received_at=pd.Timestamp("2026-08-05"), decided_at=pd.NaT, outcome=None
    )
    row = waits(pd.concat([easy, stuck]), DAY, STANDARDS).iloc[0]
    assert row["typical_decided_only"] == 10
    assert pd.isna(row["slowest_tenth"])
    assert "can't say how long" in row["what_to_say"]


def test_cases_past_standard_and_silent_are_listed_oldest_first():
    rows = queue().assign(outcome=lambda each: each["outcome"].where(each["decided_at"].notna()))
    listed = past_standard(rows, DAY, STANDARDS)
    age = (pd.Timestamp(DAY) - rows["received_at"]).dt.days
    expected = rows[rows["decided_at"].isna() & age.gt(56) & (age - 10).gt(14)]
    assert set(listed["case_id"]) == set(expected["case_id"])
    assert listed["days_over"].is_monotonic_decreasing
    results = wait_now_results(rows, [date(2026, 10, 1)], STANDARDS)
    whole = results[results["breakdown"].eq("") & results["service"].eq("planning")]
    assert whole.set_index("measure").loc["cases_past_standard", "value"] == len(expected)
    assert not results[results["measure"].str.startswith("case_wait")]["service"].eq("all").any()


def test_a_case_without_a_standard_is_late_by_its_own_target():
    rows = queue(3).assign(service="trees", decided_at=pd.NaT, outcome=None)
    rows["target_at"] = pd.to_datetime(["2026-10-01", "2026-10-30", "2026-12-01"])
    rows["extended_to"] = pd.to_datetime(["2026-11-15", None, None])
    rows["received_at"] = pd.Timestamp("2026-06-01")
    rows["last_update_sent_at"] = pd.NaT
    listed = past_standard(rows, DAY, STANDARDS)
    assert listed[["case_id", "days_over"]].to_numpy().tolist() == [["P1", 1.0]]


def test_the_recovery_sheet_adds_up():
    rows = queue().assign(outcome=lambda each: each["outcome"].where(each["decided_at"].notna()))
    sheet = recovery_sheet(rows, service="planning", monday=date(2026, 10, 19), standards=STANDARDS)
    end = pd.Timestamp("2026-10-25")
    week = rows["received_at"].between("2026-10-19", end)
    assert sheet.latest["received"] == week.sum()
    assert sheet.latest["decided"] == rows["decided_at"].between("2026-10-19", end).sum()
    still = rows["received_at"].le(end) & ~rows["decided_at"].le(end)
    assert sheet.latest["open"] == sheet.ages["open"].sum() == still.sum()
    change = sheet.weeks["received"] - sheet.weeks["decided"] - sheet.weeks["withdrawn"]
    assert sheet.weeks["open"].diff().iloc[1:].tolist() == change.iloc[1:].tolist()
    assert sheet.past_standard == sheet.ages["past_standard"].sum()
    assert len(sheet.actions) == 2


def test_a_service_without_cases_has_no_sheet_and_is_told_why():
    with pytest.raises(NoCasesError, match="no cases of bins"):
        recovery_sheet(queue(), service="bins", monday=date(2026, 10, 19), standards=STANDARDS)
    assert wait_now(queue().iloc[:0], DAY).empty
    assert wait_now_results(queue().iloc[:0], [date(2026, 10, 1)], STANDARDS).empty
