import numpy as np
import pandas as pd
import pytest

from insight.errors import MissingColumnsError
from insight.intervals import wilson
from insight.kpi_returns import return_results
from insight.periods import UnknownPeriodError
from insight.results import RESULT_COLUMNS

MEASURES = pd.DataFrame(
    {
        "code": ["BINS", "DAYS", "WEEKLY"],
        "service": ["waste", "housing", "waste"],
        "unit": ["share", "days", "count"],
        "frequency": ["monthly", "quarterly", "weekly"],
    }
)


def returns(*rows):
    columns = ["measure", "period", "value", "numerator", "denominator"]
    return pd.DataFrame(rows, columns=columns)


def test_a_value_or_a_ratio_may_be_entered():
    entered = returns(("BINS", "2026-10", None, 90, 100), ("DAYS", "2026-27 Q2", 21.5, None, None))
    results = return_results(entered.assign(commentary="Late.", entered_by="Manager"), MEASURES)
    assert list(results.columns) == [*RESULT_COLUMNS, "commentary", "commentary_by"]
    bins, days = results.to_dict("records")
    assert (bins["service"], bins["value"], bins["base"]) == ("waste", 0.9, 100)
    assert [bins["lower"], bins["upper"]] == pytest.approx([*map(float, wilson(0.9, 100))])
    assert (days["period"], days["value"]) == ("2026-27 Q2", 21.5)
    assert np.isnan(days["lower"])
    assert (days["commentary"], days["commentary_by"]) == ("Late.", "Manager")


def test_a_share_over_one_has_no_value_and_a_ratio_of_days_may():
    entered = returns(("BINS", "2026-10", None, 101, 100), ("DAYS", "2026-27 Q2", None, 300, 10))
    assert return_results(entered, MEASURES)["value"].fillna(-1).tolist() == [-1, 30]


def test_periods_are_rewritten_as_keys():
    entered = returns(("DAYS", "2026/27 q2", 1, None, None), ("WEEKLY", "2026-10", 1, None, None))
    assert return_results(entered, MEASURES)["period"].tolist() == ["2026-27 Q2", "2026-10"]


def test_a_month_for_a_quarterly_measure_is_refused():
    with pytest.raises(UnknownPeriodError, match="2026-10"):
        return_results(returns(("DAYS", "2026-10", 1, None, None)), MEASURES)


def test_an_unknown_measure_is_left_out_and_no_returns_give_no_figures():
    assert return_results(returns(("NOPE", "2026-10", 1, None, None)), MEASURES).empty
    assert return_results(returns(), MEASURES).empty
    with pytest.raises(MissingColumnsError, match="period"):
        return_results(returns().drop(columns="period"), MEASURES)
