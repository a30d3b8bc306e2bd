import numpy as np
import pandas as pd
import pytest

from insight.aggregation import aggregate
from insight.intervals import poisson_interval, wilson

QUARTER = ["2026-07", "2026-08", "2026-09"]


def months(*values, measure="m", periods=QUARTER, **columns):
    frame = pd.DataFrame({"period": periods[: len(values)], "value": values}).assign(
        measure=measure, service="bins", breakdown="", lower=np.nan, upper=np.nan,
        numerator=np.nan, denominator=np.nan, base=pd.NA,
    )  # fmt: skip
    texts = dict.fromkeys(["measure", "service", "breakdown", "period"], "string")
    return frame.assign(**columns).astype(texts | {"base": "Int64", "value": "float64"})


def wanted(aggregation, period="2026-27 Q2", frequency="quarterly", polarity="higher", measure="m"):
    row = {"measure": measure, "service": "bins", "breakdown": "", "period": period,
           "frequency": frequency, "aggregation": aggregation, "polarity": polarity}  # fmt: skip
    return pd.DataFrame([row], dtype="string")


def one(results, want):
    found = aggregate(results, want)
    assert len(found) == 1
    return found.iloc[0]


def test_a_sum_of_counts_has_the_interval_of_its_total():
    counted = months(10, 20, 30, lower=1.0, upper=99.0, base=[10, 20, 30])
    row = one(counted, wanted("sum"))
    assert (row["value"], row["base"], row["period"]) == (60, 60, "2026-27 Q2")
    assert [row["lower"], row["upper"]] == pytest.approx([*map(float, poisson_interval(60))])


def test_a_sum_of_pounds_has_no_interval():
    row = one(months(10, 20, 30), wanted("sum"))
    assert row["value"] == 60
    assert np.isnan(row["lower"])


def test_a_ratio_is_of_sums_and_a_mean_is_of_months():
    shares = months(1.0, 0.5, 0.5, numerator=[1.0, 50, 50], denominator=[1.0, 100, 100],
                    base=[1, 100, 100], lower=0.1, upper=0.9)  # fmt: skip
    row = one(shares, wanted("ratio of sums"))
    assert row["value"] == pytest.approx(101 / 201)
    assert [row["lower"], row["upper"]] == pytest.approx([*map(float, wilson(101 / 201, 201))])
    mean = one(shares, wanted("mean"))
    assert mean["value"] == pytest.approx(2 / 3)
    assert np.isnan(mean["lower"])


def test_last_and_worst_are_months_with_their_own_intervals():
    counted = months(5, 9, 7, lower=[1.0, 2.0, 3.0], upper=[10.0, 20.0, 30.0])
    last = one(counted, wanted("last"))
    assert (last["value"], last["upper"]) == (7, 30)
    assert one(counted, wanted("worst", polarity="higher"))["value"] == 5
    worst = one(counted, wanted("worst", polarity="lower"))
    assert (worst["value"], worst["lower"]) == (9, 2)


def test_two_months_are_not_a_quarter():
    assert aggregate(months(10, 20), wanted("sum")).empty
    assert aggregate(months(10, 20, None), wanted("sum")).empty
    assert aggregate(months(), wanted("sum")).empty


def test_a_year_takes_twelve_months():
    periods = [f"2026-{m:02d}" for m in range(4, 13)] + [f"2027-{m:02d}" for m in range(1, 4)]
    year = months(*range(1, 13), periods=periods)
    assert one(year, wanted("sum", "2026-27", "annual"))["value"] == 78
    assert one(year, wanted("last", "2026-27", "annual"))["value"] == 12


def test_several_measures_keep_their_own_rules():
    results = pd.concat([months(1, 2, 3, measure="a"), months(1, 2, 3, measure="b")])
    want = pd.concat([wanted("sum", measure="a"), wanted("mean", measure="b")])
    found = aggregate(results, want).set_index("measure")["value"]
    assert found.to_dict() == {"a": 6, "b": 2}


def test_a_month_needs_no_making():
    assert aggregate(months(1, 2, 3), wanted("sum", "2026-07", "monthly")).empty
