import numpy as np
import pandas as pd

from insight.targets import targets_for


def measure(period="2026-10", frequency="monthly", aggregation="last", low=np.nan, high=np.nan):
    row = {"code": "M", "period": period, "frequency": frequency, "aggregation": aggregation,
           "band_low": low, "band_high": high}  # fmt: skip
    return pd.DataFrame([row], index=[7])


def targets(**periods):
    return pd.DataFrame(
        {"measure": "M", "period": list(periods), "value": [float(v) for v in periods.values()]}
    )


def target(rows, listed):
    found = targets_for(rows, listed)
    assert found.index.equals(rows.index)
    return found["target"].item()


YEAR, QUARTER, MONTH = {"2026-27": 120}, {"2026-27 Q3": 50}, {"2026-10": 9}


def test_the_most_exact_target_holds():
    assert target(measure(), targets(**YEAR)) == 120
    assert target(measure(), targets(**YEAR, **QUARTER)) == 50
    assert target(measure(), targets(**YEAR, **QUARTER, **MONTH)) == 9


def test_other_periods_targets_do_not_hold():
    assert np.isnan(target(measure("2026-03"), targets(**YEAR, **QUARTER, **MONTH)))
    assert np.isnan(target(measure("2026-27 Q2", "quarterly"), targets(**QUARTER, **MONTH)))


def test_a_month_of_a_summed_measure_has_its_even_share():
    assert target(measure(aggregation="sum"), targets(**YEAR)) == 10
    assert target(measure("2026-27 Q2", "quarterly", "sum"), targets(**YEAR)) == 30
    assert target(measure(aggregation="sum"), targets(**YEAR, **MONTH)) == 9


def test_a_years_target_holds_for_a_year_that_reads_like_a_month():
    assert target(measure("2010-11", "annual"), targets(**{"2010-11": 4})) == 4


def test_a_band_comes_from_the_target_or_else_the_measure():
    listed = pd.DataFrame({"measure": ["M"], "period": ["2026-27"], "low": [1.0], "high": [2.0]})
    found = targets_for(measure(low=5.0, high=6.0), listed)
    assert found[["target_low", "target_high"]].iloc[0].tolist() == [1, 2]
    found = targets_for(measure(low=5.0, high=6.0), listed[:0])
    assert found[["target_low", "target_high"]].iloc[0].tolist() == [5, 6]


def test_measures_without_targets_and_no_measures_are_fine():
    nothing = pd.DataFrame(columns=["measure", "period", "value"])
    assert np.isnan(target(measure(), nothing))
    assert targets_for(measure()[:0], targets(**YEAR)).empty


def test_each_measure_has_its_own():
    rows = pd.concat([measure(), measure("2026-27 Q2", "quarterly")], ignore_index=True)
    rows["code"] = ["A", "B"]
    listed = pd.DataFrame({"measure": ["B", "A"], "period": "2026-27", "value": [2.0, 1.0]})
    assert targets_for(rows, listed)["target"].tolist() == [1, 2]
