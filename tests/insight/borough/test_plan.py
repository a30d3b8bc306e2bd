from datetime import date

import pytest

from insight.borough.plan import Plan
from insight.errors import InsightError


def test_the_span_ends_with_the_last_month_and_crosses_the_year():
    plan = Plan(date(2026, 2, 1), months=4)
    assert plan.span == (date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1))
    assert [plan.age(month) for month in plan.span] == [3, 2, 1, 0]


@pytest.mark.parametrize(
    ("last", "months", "fault"),
    [(date(2026, 2, 1), 0, "at least one month"), (date(2026, 2, 3), 6, "first day")],
)
def test_an_impossible_plan_says_what_is_wrong(last, months, fault):
    with pytest.raises(InsightError, match=fault):
        Plan(last, months)


def test_too_few_reports_for_hotspots_are_refused():
    with pytest.raises(InsightError, match="at least 100 reports"):
        Plan(date(2026, 10, 1), fouling_a_year=40)


@pytest.mark.parametrize("months", [6, 24])
def test_satisfaction_falls_then_ends_thirty_percent_above_its_trough(months):
    plan = Plan(date(2026, 10, 1), months)
    shares = [plan.satisfaction(month) for month in plan.span]
    trough = shares.index(min(shares))
    assert shares[: trough + 1] == sorted(shares[: trough + 1], reverse=True)
    assert shares[trough:] == sorted(shares[trough:])
    assert shares[-1] / shares[trough] == pytest.approx(1.3)
    assert shares[min(trough + 6, months - 1)] == pytest.approx(shares[-1])


def test_officers_are_missing_in_the_gap_and_more_come_after_it():
    plan = Plan(date(2026, 10, 1), months=24)
    paces = {age: plan.capacity(plan.month(age)) for age in (20, 13, 7, 6, 0)}
    assert paces[20] == 1.0
    assert paces[13] == paces[7] < 1.0
    assert paces[6] == paces[0] > 1.0


def test_each_purpose_and_month_has_its_own_numbers_whatever_the_span():
    short, long = Plan(date(2026, 10, 1), 6), Plan(date(2026, 10, 1), 24)
    month = date(2026, 9, 1)
    first = short.stream("contacts", month).random()
    assert first == long.stream("contacts", month).random()
    assert first != short.stream("contacts", date(2026, 8, 1)).random()
    assert first != short.stream("comments", month).random()
    assert first != Plan(date(2026, 10, 1), seed=7).stream("contacts", month).random()
