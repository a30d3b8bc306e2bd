"""Reading times, dates, numbers and truth values; what does not fit is missing, never guessed."""

from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insight.parsing import (
    ParsingError,
    is_missing,
    parse_booleans,
    parse_dates,
    parse_numbers,
    parse_times,
)

ZONES = ["Europe/London", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "UTC"]


def column(*values):
    return pd.Series(list(values), dtype="string")


def time_of(text, style="day-first", timezone="Europe/London"):
    (moment,) = parse_times(column(text), style=style, timezone=timezone)
    return None if pd.isna(moment) else moment.isoformat(sep=" ").removesuffix("+00:00")


def date_of(text, style="day-first"):
    (day,) = parse_dates(column(text), style=style)
    return None if pd.isna(day) else f"{day:%Y-%m-%d}"


@pytest.mark.parametrize(
    "text",
    [
        "03/04/2026",
        "3/4/2026",
        "3.4.2026",
        "03-04-2026",
        "03 04 2026",
        "03/04/26",
        "3 April 2026",
        "3rd April 2026",
        "3 Apr 26",
        "03-Apr-26",
        "03-Apr-2026",
        "Fri 3 April 2026",
        "Friday, 3rd of April 2026",
        "April 3, 2026",
        "2026-04-03",
        "2026/04/03",
        "20260403",
        " 03/04/2026\u00a0",
        "03/04/2026 23:59",
        "2026-04-03T23:59:00-11:00",
    ],
)
def test_a_day_first_date_is_read_in_every_usual_form(text):
    assert date_of(text) == "2026-04-03"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("03/01/2026", "2026-01-03 00:00:00"),
        ("03/01/2026 14:30", "2026-01-03 14:30:00"),
        ("03/01/2026 14:30:15", "2026-01-03 14:30:15"),
        ("03/01/2026 2:30 PM", "2026-01-03 14:30:00"),
        ("03/01/2026 2.30pm", "2026-01-03 14:30:00"),
        ("03/01/2026 12:00 am", "2026-01-03 00:00:00"),
        ("03/01/2026 12:00 p.m.", "2026-01-03 12:00:00"),
        ("3 January 2026 at 9am", "2026-01-03 09:00:00"),
        ("3 January 2026, 09:05", "2026-01-03 09:05:00"),
        ("2026-01-03T14:30:15.1234567", "2026-01-03 14:30:15.123456"),
        ("03/07/2026 14:30", "2026-07-03 13:30:00"),
    ],
)
def test_a_time_of_day_is_read_on_the_clocks_of_the_zone(text, expected):
    assert time_of(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-07-03T10:00:00Z", "2026-07-03 10:00:00"),
        ("2026-07-03T10:00:00+03:00", "2026-07-03 07:00:00"),
        ("2026-07-03 10:00:00-0530", "2026-07-03 15:30:00"),
        ("2026-07-03 10:00:00+01", "2026-07-03 09:00:00"),
        ("03/07/2026 10:00 GMT", "2026-07-03 10:00:00"),
        ("03/07/2026 10:00 BST", "2026-07-03 09:00:00"),
    ],
)
def test_a_zone_in_the_text_goes_before_the_zone_of_the_file(text, expected):
    assert time_of(text, timezone="America/New_York") == expected


@pytest.mark.parametrize(
    "text",
    [
        "31/13/2026",
        "04/31/2026",
        "31/04/2026",
        "29/02/2023",
        "00/01/2026",
        "99/99/99",
        "03/04-2026",
        "3 Mayor 2026",
        "2026",
        "04/2026",
        "45383",
        "0000-01-01",
        "03/04/2026 24:00",
        "03/04/2026 10:60",
        "03/04/2026 13:00 pm",
        "03/04/2026 soon",
        "yesterday",
        "",
    ],
)
def test_what_is_no_day_first_date_is_missing(text):
    assert time_of(text) is None
    assert date_of(text) is None


def test_month_first_is_never_tried_on_day_first_text():
    assert date_of("04/13/2026") is None
    assert date_of("04/13/2026", style="month-first") == "2026-04-13"
    assert date_of("03/04/2026", style="month-first") == "2026-03-04"


def test_iso_reads_iso_alone():
    assert date_of("2026-04-03", style="iso") == "2026-04-03"
    assert date_of("03/04/2026", style="iso") is None
    assert date_of("3 April 2026", style="iso") is None


def test_a_leap_day_is_a_date_in_leap_years_only():
    assert [date_of("29/02/2024"), date_of("29/02/2026")] == ["2024-02-29", None]


def test_years_of_two_digits_turn_at_69():
    assert date_of("01/01/68") == "2068-01-01"
    assert date_of("01/01/69") == "1969-01-01"


def test_an_hour_shown_twice_is_the_first_of_the_two():
    assert time_of("25/10/2026 01:30") == "2026-10-25 00:30:00"


def test_an_hour_that_the_clocks_skip_is_the_moment_they_jump_to():
    assert time_of("29/03/2026 01:30") == "2026-03-29 01:00:00"
    assert time_of("30/12/2011 10:00", timezone="Pacific/Apia") is not None


def test_a_strptime_format_is_held_to_the_letter():
    style = "%Y-%m-%d %H:%M:%S"
    assert time_of("2026-07-03 10:00:00", style=style) == "2026-07-03 09:00:00"
    assert time_of("2026-07-03T10:00:00", style=style) is None
    assert date_of("2026-07-03 10:00:00", style=style) == "2026-07-03"


def test_a_strptime_format_with_a_zone_reads_each_rows_own():
    text = column("03/07/2026 10:00 +0300", "03/07/2026 10:00 -0500")
    times = parse_times(text, style="%d/%m/%Y %H:%M %z", timezone="Europe/London")
    assert times.dt.hour.tolist() == [7, 15]
    days = parse_dates(text, style="%d/%m/%Y %H:%M %z")
    assert days.tolist() == [pd.Timestamp("2026-07-03")] * 2


def test_far_years_stay_within_what_a_timestamp_holds():
    text = column("9999-12-31 23:59", "0001-01-01 00:00", "2062-01-01")
    for zone in ZONES:
        moments = parse_times(text, style="iso", timezone=zone)
        assert moments.isna().tolist() == [True, True, False]


@pytest.mark.parametrize("style", ["iso", "day-first", "%d/%m/%Y"])
def test_the_types_do_not_depend_on_the_rows(style):
    for text in (column(), column(None), column("03/04/2026", "x")):
        times = parse_times(text, style=style, timezone="Europe/London")
        assert str(times.dtype) == "datetime64[us, UTC]"
        assert str(parse_dates(text, style=style).dtype) == "datetime64[us]"


def test_index_and_name_are_kept():
    text = pd.Series(["03/04/2026", "1"], index=[7, 3], name="received_at", dtype="string")
    for parsed in (
        parse_times(text, style="day-first", timezone="UTC"),
        parse_dates(text, style="day-first"),
        parse_numbers(text),
        parse_booleans(text),
    ):
        assert parsed.index.tolist() == [7, 3]
        assert parsed.name == "received_at"


@pytest.mark.parametrize("style", ["dayfirst", "", "%q"])
def test_an_unknown_style_is_refused_with_what_may_be_used(style):
    with pytest.raises(ParsingError, match="%d/%m/%Y"):
        parse_dates(column("x"), style=style)


@pytest.mark.parametrize("zone", ["", "Europe", "Mars/Base", "../etc", "\0"])
def test_an_unknown_zone_is_refused_with_an_example(zone):
    with pytest.raises(ParsingError, match="Europe/London"):
        parse_times(column("x"), style="iso", timezone=zone)


SECONDS = st.integers(-2_000_000_000, 7_000_000_000)  # from 1906 to 2191
FORMS = {
    "day-first": ["%d/%m/%Y %H:%M:%S", "%d.%m.%Y %I:%M:%S %p", "%d %B %Y %H:%M:%S"],
    "month-first": ["%m/%d/%Y %H:%M:%S", "%B %d, %Y %H:%M:%S", "%m-%d-%Y %I:%M:%S %p"],
    "iso": ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S"],
}


@settings(deadline=None, derandomize=True)
@given(
    moments=st.lists(SECONDS.map(lambda s: datetime.fromtimestamp(s, UTC)), min_size=1),
    form=st.sampled_from([(style, form) for style, forms in FORMS.items() for form in forms]),
    minutes=st.integers(-14 * 60, 14 * 60),
)
def test_what_is_written_in_a_form_comes_back_from_it(moments, form, minutes):
    style, pattern = form
    written = [f"{moment:{pattern}}" for moment in moments]
    naive = parse_times(column(*written), style=style, timezone="UTC")
    assert naive.tolist() == moments
    sign, distance = "-" if minutes < 0 else "+", abs(minutes)
    zone = f"{sign}{distance // 60:02}:{distance % 60:02}"
    zoned = parse_times(column(*(text + zone for text in written)), style=style, timezone="UTC")
    assert zoned.tolist() == [moment - timedelta(minutes=minutes) for moment in moments]


@settings(deadline=None, derandomize=True)
@given(
    st.lists(st.text() | st.from_regex(r"[0-9/:. TZapm+-]{1,25}") | st.none(), max_size=10),
    st.sampled_from(["day-first", "month-first", "iso", "%d/%m/%Y", "%d/%m/%Y %H:%M%z"]),
    st.sampled_from(ZONES),
)
def test_no_text_raises_and_no_row_is_lost(values, style, timezone):
    text = column(*values)
    assert len(parse_times(text, style=style, timezone=timezone)) == len(values)
    assert len(parse_dates(text, style=style)) == len(values)
    assert len(parse_numbers(text)) == len(values)
    assert len(parse_booleans(text)) == len(values)
    assert len(is_missing(text)) == len(values)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1234.5", 1234.5),
        ("1,234.5", 1234.5),
        ("1,234,567", 1234567.0),
        ("£12.50", 12.5),
        ("£ 12.50", 12.5),
        ("-£3", -3.0),
        ("£-3", -3.0),
        ("(3)", -3.0),
        ("(£1,000.50)", -1000.5),
        ("\u22124", -4.0),
        ("+.5", 0.5),
        ("007", 7.0),
        ("1e5", 100_000.0),
        ("45%", 0.45),
        ("5 %", 0.05),
        (" 12\u00a0", 12.0),
    ],
)
def test_a_number_is_read_as_people_write_it(text, expected):
    assert parse_numbers(column(text)).tolist() == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "12,34",
        "1,2345",
        "1 234",
        "3-",
        "--3",
        "-(3)",
        "(3",
        "3)",
        "n/a",
        "",
        "ten",
        "1e999",
        "1.2.3",
    ],
)
def test_what_is_no_number_is_missing(text):
    numbers = parse_numbers(column(text))
    assert numbers.isna().all()
    assert str(numbers.dtype) == "Float64"


@settings(deadline=None, derandomize=True)
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False, width=32), max_size=20))
def test_a_printed_number_comes_back(values):
    assert parse_numbers(column(*map(repr, values))).tolist() == values


@pytest.mark.parametrize("written", ["1709648520", "1709648520000", "1709648520000.0"])
def test_seconds_and_milliseconds_since_1970_are_told_apart_by_their_length(written):
    assert time_of(written, style="epoch") == "2024-03-05 14:22:00"
    assert str(parse_dates(column(written), style="epoch")[0]) == "2024-03-05 00:00:00"
    assert time_of(written) is None
    assert time_of("5 March 2024", style="epoch") is None


def test_truth_is_read_in_any_case_and_nothing_else_is_truth():
    text = column("Yes", "n", " TRUE ", "f", "1", "0", "perhaps", "n/a", None)
    values = parse_booleans(text)
    assert str(values.dtype) == "boolean"
    assert values.tolist()[:6] == [True, False, True, False, True, False]
    assert values[6:].isna().all()


def test_words_for_nothing_are_told_from_words_that_cannot_be_read():
    text = column("n/a", "N/A", " - ", "", None, "null", "unknown", "0")
    assert is_missing(text).tolist() == [True] * 6 + [False, False]
