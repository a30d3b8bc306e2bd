import pandas as pd
import pytest

from insight.target_checks import split_targets, whole_years_that_differ

MEASURES = pd.DataFrame(
    {
        "code": ["BINS", "ROOMS", "CALLS"],
        "polarity": ["higher", "band", "lower"],
        "unit": ["share", "share", "count"],
        "aggregation": ["last", "last", "sum"],
        "accumulation": "in period",
        "frequency": "monthly",
    }
)
GOOD = {"measure": "BINS", "year": "2026-27", "period": "2026-27", "value": 0.9}


def split(*rows):
    held, refused = split_targets(pd.DataFrame([GOOD, *rows]), MEASURES)
    assert held["measure"].iloc[0] == "BINS", "the rest goes on"
    return held, refused


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ({"measure": "NOPE", "period": "2026-27", "value": 1}, "no such measure"),
        ({"measure": "ROOMS", "period": "2026-27", "low": 0.9, "high": 0.8}, "band upside down"),
        ({"measure": "ROOMS", "period": "2026-27", "low": 0.9}, "no band"),
        ({"measure": "ROOMS", "period": "2026-27", "value": 0.9}, "no band"),
        ({"measure": "CALLS", "period": "2026-27"}, "no value"),
        ({"measure": "CALLS", "period": "2026-28", "value": 1}, "unknown period"),
        ({"measure": "CALLS", "period": "2026-13", "value": 1}, "unknown period"),
        (
            {"measure": "CALLS", "year": "2026-27", "period": "2027-04", "value": 1},
            "unknown period",
        ),
        ({"measure": "BINS", "period": "2026-10", "value": 90}, "not a share"),
        ({"measure": "ROOMS", "period": "2026-27", "low": 80, "high": 95}, "not a share"),
    ],
)
def test_a_target_that_makes_no_sense_is_refused_and_the_rest_goes_on(row, rule):
    held, refused = split(row)
    assert len(held) == 1
    assert refused["rule"].tolist() == [rule]
    assert refused["message"].item().startswith(f"Target of {row['measure']} for {row['period']}:")


def test_two_targets_that_differ_are_both_refused_and_the_same_one_twice_is_one():
    first = {"measure": "CALLS", "period": "2026-27", "value": 5}
    held, refused = split(first, first | {"value": 6})
    assert len(held) == 1
    assert refused["rule"].tolist() == ["two targets"]
    held, refused = split(first, first)
    assert len(held) == 2
    assert refused.empty


def test_profiled_periods_and_bands_that_run_upwards_hold():
    held, refused = split(
        {"measure": "ROOMS", "year": "2026-27", "period": "2026-27 Q4", "low": 0.8, "high": 0.8},
        {"measure": "CALLS", "year": "2026-27", "period": "2027-03", "value": 12},
    )
    assert len(held) == 3
    assert refused.empty


def test_what_somebody_typed_for_a_code_is_not_repeated_unless_it_looks_like_one():
    _, refused = split({"measure": "ring Mrs Smith on 0116", "period": "2026-27", "value": 1})
    assert "Smith" not in refused["message"].item()
    assert "a measure" in refused["message"].item()


def test_a_profile_that_does_not_add_up_to_its_year_is_told():
    year = {"measure": "CALLS", "year": "2026-27", "period": "2026-27", "value": 100.0}
    quarters = [year | {"period": f"2026-27 Q{n}", "value": 30.0} for n in (1, 2, 3, 4)]
    held, _ = split(year, *quarters)
    (told,) = whole_years_that_differ(held, MEASURES)["message"]
    assert "add up to 120, the year says 100" in told
    held, _ = split(year | {"value": 120.0}, *quarters)
    assert whole_years_that_differ(held, MEASURES).empty
    held, _ = split(year, *quarters[:3])
    assert whole_years_that_differ(held, MEASURES).empty
