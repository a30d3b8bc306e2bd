import pandas as pd
import pytest

from insight.errors import MissingColumnsError
from insight.return_checks import split_returns

MEASURES = pd.DataFrame(
    {
        "code": ["BINS", "DAYS", "WEEKLY", "CALLS"],
        "service": "waste",
        "unit": ["share", "days", "count", "count"],
        "frequency": ["monthly", "quarterly", "weekly", "monthly"],
    }
)
GOOD = {"measure": "BINS", "period": "2026-10", "numerator": 90, "denominator": 100}


def split(*rows):
    used, refused = split_returns(pd.DataFrame([GOOD, *rows]), MEASURES)
    assert used["measure"].iloc[0] == "BINS", "the rest goes on"
    return used, refused


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ({"measure": "NOPE", "period": "2026-10", "value": 1}, "no such measure"),
        ({"measure": "DAYS", "period": "2026-10", "value": 1}, "not a period of the measure"),
        ({"measure": "WEEKLY", "period": "2026-W60", "value": 1}, "not a period of the measure"),
        (
            {"measure": "BINS", "period": "2026-09", "numerator": 101, "denominator": 100},
            "numerator over denominator",
        ),
        ({"measure": "BINS", "period": "2026-09", "numerator": 1}, "no denominator"),
        ({"measure": "BINS", "period": "2026-09", "value": 45}, "not a share"),
        (
            {"measure": "BINS", "period": "2026-09", "value": 0.5} | {"numerator": 9}
            | {"denominator": 10},
            "value and ratio differ",
        ),
        (
            {"measure": "CALLS", "period": "2026-09", "value": 45, "unit": "pounds"},
            "another unit",
        ),
    ],
)  # fmt: skip
def test_a_return_that_cannot_be_right_is_refused_and_the_rest_goes_on(row, rule):
    used, refused = split(row)
    assert len(used) == 1
    assert refused["rule"].tolist() == [rule]
    assert refused["message"].item().startswith(f"Return of {row['measure']} for {row['period']}:")


def test_two_values_for_one_period_are_both_refused_however_the_period_is_written():
    first = {"measure": "DAYS", "period": "2026/27 q2", "value": 5}
    used, refused = split(first, first | {"period": "2026-27 Q2", "value": 6})
    assert used["measure"].tolist() == ["BINS"]
    assert refused["rule"].tolist() == ["two values"]
    used, refused = split(first, first)
    assert used["period"].tolist() == ["2026-10", "2026-27 Q2"]
    assert refused.empty


def test_nought_of_nought_is_a_quiet_month_without_a_value():
    used, refused = split({"measure": "BINS", "period": "2026-09", "numerator": 0,
                           "denominator": 0})  # fmt: skip
    assert len(used) == 2
    assert refused.empty


def test_the_same_figure_as_a_value_and_as_a_ratio_is_one():
    used, refused = split({"measure": "BINS", "period": "2026-10", "value": 0.9})
    assert len(used) == 1
    assert refused.empty


def calls(*values, **more):
    return [
        {"measure": "CALLS", "period": f"2026-{month:02d}", "value": value} | more
        for month, value in enumerate(values, 1)
    ]


def test_a_unit_that_changes_in_the_middle_is_refused_from_there():
    used, refused = split(*calls(1200, 1300, 1250, 1400, 1350, 1.3, 1.25))
    assert refused["rule"].tolist() == ["unit changed"] * 2
    assert refused["period"].tolist() == ["2026-06", "2026-07"]
    assert len(used) == 6


def test_a_large_change_that_says_its_unit_is_taken():
    _, refused = split(*calls(1200, 1300, 1250, 1400, 1350), *calls(9, unit="count"))
    assert "two values" in refused["rule"].tolist()
    late = {"measure": "CALLS", "period": "2026-08", "value": 1.3, "unit": "Number"}
    used, refused = split(*calls(1200, 1300, 1250, 1400, 1350), late)
    assert refused.empty
    assert len(used) == 7


def test_a_measure_that_varies_widely_or_has_few_values_is_not_judged():
    for values in [(1, 9, 100, 900, 3), (1200, 1300, 1.3), (0, 0, 0, 0, 70)]:
        assert split(*calls(*values))[1].empty


def test_half_and_half_is_no_telling_which_unit_is_wrong():
    assert split(*calls(1200, 1300, 1250, 1400, 1.2, 1.3, 1.25, 1.4))[1].empty


def test_weeks_and_months_of_a_weekly_measure_are_read():
    rows = [{"measure": "WEEKLY", "period": key, "value": 1} for key in ("2026w2", "2026-02")]
    used, refused = split(*rows)
    assert used["period"].tolist()[1:] == ["2026-W02", "2026-02"]
    assert refused.empty


def test_no_returns_have_no_faults_and_a_missing_column_is_said():
    used, refused = split_returns(pd.DataFrame([GOOD])[:0], MEASURES)
    assert used.empty
    assert refused.empty
    with pytest.raises(MissingColumnsError, match="period"):
        split_returns(pd.DataFrame([{"measure": "BINS"}]), MEASURES)
