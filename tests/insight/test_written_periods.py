import pandas as pd
import pytest

from insight.written_periods import written_periods


def one(text, **how):
    return written_periods(pd.Series([text], dtype="string"), **how)[0]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2018-19;Q1", "2018-19 Q1"),
        ("Q1 2018/19", "2018-19 Q1"),
        ("2018/2019 Quarter 3", "2018-19 Q3"),
        ("2019/20 (Q2)", "2019-20 Q2"),
        ("FY 2018/19", "2018-19"),
        ("Oct-26", "2026-10"),
        ("October 2026", "2026-10"),
        ("Sept 2026", "2026-09"),
        ("2026-10-01T00:00:00", "2026-10"),
        ("2026-10-01 00:00:00", "2026-10"),
        ("01/10/2026", "2026-10"),
        ("10/2026", "2026-10"),
        ("2026 Oct", "2026-10"),
    ],
)
def test_a_period_is_read_as_people_and_systems_write_it(written, meant):
    assert one(written) == meant


@pytest.mark.parametrize(
    "written", ["2010-14", "2018", "soon", "15/10/2026", "2026 Q1", "13/2026", "2018-19 Q5"]
)
def test_what_names_no_one_period_stays_as_it_is(written):
    assert one(written) == written


def test_quarters_of_the_calendar_become_those_of_the_financial_year():
    assert one("Q3 2016", quarters="calendar") == "2016-17 Q2"
    assert one("2024Q1", quarters="calendar") == "2023-24 Q4"
    assert one("2016-17 Q3", quarters="calendar") == "2016-17 Q3"


def test_a_blank_period_stays_blank():
    assert pd.isna(one(pd.NA))
