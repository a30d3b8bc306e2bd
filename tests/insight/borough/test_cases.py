import numpy as np
import pandas as pd

from insight.borough.cases import backlog, chases, make_applications, make_claims


def test_dates_are_in_order(applications):
    assert (applications["valid_at"] > applications["received_at"]).all()
    assert (applications["target_at"] > applications["valid_at"]).all()
    decided = applications.dropna(subset="decided_at")
    assert (decided["decided_at"] > decided["valid_at"]).all()
    assert (applications["last_update_sent_at"].dt.normalize() >= applications["valid_at"]).all()
    assert applications["case_id"].is_unique


def test_the_backlog_rises_while_officers_are_missing_and_falls_after(plan, applications):
    open_cases = backlog(plan, applications)["open"].tolist()
    peak = open_cases.index(max(open_cases))
    assert 2 <= peak <= 4
    assert max(open_cases) > 1.5 * open_cases[0]
    assert open_cases[-1] < 0.8 * max(open_cases)


def test_the_long_story_has_a_quiet_year_before_and_is_over_in_the_end(long_plan, people, ground):
    cases = make_applications(long_plan, people, ground.wards["ward_name"].tolist())
    story = backlog(long_plan, cases)
    assert story["open"].iloc[:10].max() < 130
    assert story["open"].max() > 200
    assert story["overdue"].iloc[-1] < 10


def test_the_backlog_is_what_was_received_and_not_decided(plan, applications):
    story = backlog(plan, applications)
    still_open = applications["decided_at"].isna().sum()
    assert story["open"].iloc[-1] == still_open
    within = applications["decided_at"] >= pd.Timestamp(plan.span[0])
    assert story["decided"].sum() == within.sum()


def test_nobody_decides_faster_than_officers_can(plan, applications):
    per_month = applications["decided_at"].dt.strftime("%Y-%m").value_counts()
    for month in plan.span:
        assert per_month[f"{month:%Y-%m}"] <= 3.3 * plan.capacity(month) * 23 + 5


def test_late_cases_are_chased_more_and_chasing_follows_the_backlog(plan, applications):
    chased = chases(plan, applications)
    counts = [len(cases) for cases in chased.values()]
    assert max(counts[2:5]) > 2 * counts[0]
    every = np.concatenate(list(chased.values()))
    late = applications["decided_at"].fillna(pd.Timestamp("2026-11-01")) > applications["target_at"]
    per_case = np.bincount(every, minlength=len(applications))
    assert per_case[late].mean() > 3 * per_case[~late].mean()


def test_only_an_open_case_is_chased(plan, applications):
    for month, cases in chases(plan, applications).items():
        chased = applications.iloc[cases]
        assert (chased["valid_at"] < pd.Timestamp(month) + pd.offsets.MonthBegin(1)).all()
        decided = chased["decided_at"].dropna()
        assert (decided >= pd.Timestamp(month)).all()


def test_claims_are_decided_after_they_come(plan, people):
    claims = make_claims(plan, people)
    decided = claims.dropna(subset="decided_at")
    assert (decided["decided_at"] > decided["received_at"]).all()
    assert claims["decided_at"].isna().any()
