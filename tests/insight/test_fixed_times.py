import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from insight import written_times as written
from insight.parsing import parse_dates, parse_times

FORMS = [
    "%d/%m/%Y",
    "%d-%m-%Y %H:%M",
    "%d.%m.%Y %H:%M:%S",
    "%Y-%m-%d",
    "%Y/%m/%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S.%f",
    "%Y-%m-%dT%H:%M:%SZ",
    "%Y-%m-%dT%H:%M:%S+01:00",
    "%Y-%m-%d %H:%M:%S-05:30",
]
MOMENTS = st.lists(
    st.one_of(st.none(), st.datetimes(pd.Timestamp("1950-01-01"), pd.Timestamp("2080-01-01"))),
    min_size=1,
    max_size=6,
)


@pytest.fixture
def by_pattern(monkeypatch):
    """Read with the patterns alone."""

    def read(text, style):
        with monkeypatch.context() as patched:
            patched.setattr(written, "fixed_times", lambda *_: None)
            return parse_times(text, style=style, timezone="Europe/London")

    return read


@pytest.mark.parametrize("style", ["day-first", "month-first", "iso"])
@pytest.mark.parametrize("form", FORMS)
def test_times_of_one_form_read_as_the_patterns_read_them(by_pattern, form, style):
    moments = pd.date_range("2026-01-01", periods=40, freq="9D7h13min11s")
    text = pd.Series(moments.strftime(form), dtype="string")
    text[3] = pd.NA
    quick = parse_times(text, style=style, timezone="Europe/London")
    pd.testing.assert_series_equal(quick, by_pattern(text, style))


@given(st.sampled_from(FORMS), MOMENTS, st.text("0123456789/-: TZ+.ap", max_size=20))
def test_one_value_of_another_form_changes_nothing_for_the_others(form, moments, odd):
    text = pd.Series([None if m is None else m.strftime(form) for m in moments], dtype="string")
    with_odd = pd.concat([text, pd.Series([odd], dtype="string")], ignore_index=True)
    alone = parse_times(text, style="day-first", timezone="Europe/London")
    beside = parse_times(with_odd, style="day-first", timezone="Europe/London")
    assert beside.iloc[:-1].equals(alone)


@pytest.mark.parametrize("wrong", ["31/02/2026 10:00", "01/13/2026 10:00", "01/01/2026 24:00"])
def test_a_date_or_hour_that_there_is_not_is_missing(wrong):
    text = pd.Series([wrong, "01/03/2026 10:00"], dtype="string")
    read = parse_times(text, style="day-first", timezone="Europe/London")
    assert read.isna().tolist() == [True, False]


def test_seconds_beyond_the_minute_are_missing():
    text = pd.Series(["01/01/2026 10:00:75", "01/03/2026 10:00:00"], dtype="string")
    read = parse_times(text, style="day-first", timezone="Europe/London")
    assert read.isna().tolist() == [True, False]


def test_letters_beyond_ascii_are_no_digits():
    text = pd.Series(["0\N{ARABIC-INDIC DIGIT ONE}/01/2026", "01/03/2026"], dtype="string")
    assert parse_dates(text, style="day-first").isna().tolist() == [True, False]
