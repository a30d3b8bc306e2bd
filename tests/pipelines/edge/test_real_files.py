"""The real files, read as they came: nothing is said of their encodings or delimiters."""

import re

import pytest

from insight.parsing import parse_dates, parse_numbers, parse_times
from insight.redaction import TOKENS, redact
from pipelines.edge.files import read_rows

FILES = [
    ("somerville-happiness-2015/SomervilleHappinessSurvey2015.csv", (143, 7), "utf-16", ";"),
    ("vancouver-311-calls/contact_centre_daily_to_2019.csv", (3_850, 7), "utf-8-sig", ";"),
    ("vancouver-feedback-cases/feedback_cases_2023.csv", (7_062, 11), "utf-8", ","),
    ("boston-animal-311/reports_2013_2018.csv.gz", (37_710, 25), "utf-8", ","),
    ("kansas-city-resident-survey/wave_2021_q1sep.csv", (1_033, 155), "utf-8", ","),
    ("nhs-friends-family-survey/responses_train.csv", (5_264, 59), "utf-8", ","),
    ("nhs-patient-comments-topics/comments_train.csv", (6_531, 8), "utf-8", ","),
    ("oadby-wigston-geography/postcodes_le2_le18.csv", (2_731, 10), "utf-8", ","),
]


@pytest.mark.parametrize(("name", "shape", "encoding", "delimiter"), FILES)
def test_a_real_file_is_read_without_being_described(real_data, name, shape, encoding, delimiter):
    table = read_rows(real_data / name)
    assert table.frame.shape == shape
    assert (table.encoding, table.delimiter) == (encoding, delimiter)
    assert table.row_numbers.tolist() == list(range(2, shape[0] + 2))
    assert table.notes == ()


def test_the_utf16_survey_has_its_headings_and_values(real_data):
    frame = read_rows(real_data / FILES[0][0]).frame
    assert frame.columns.tolist() == ["D", "X1", "X2", "X3", "X4", "X5", "X6"]
    assert parse_numbers(frame["X1"]).between(1, 5).all()


def test_the_mark_at_the_start_is_no_part_of_the_first_heading(real_data):
    frame = read_rows(real_data / FILES[1][0]).frame
    assert frame.columns[0] == "Date"
    assert parse_dates(frame["Date"], style="iso").notna().all()
    assert parse_numbers(frame["ServiceLevel"]).dropna().between(0, 1).all()


def test_vancouvers_offset_is_honoured_whatever_the_files_zone(real_data):
    opened = read_rows(real_data / FILES[2][0]).frame["Service request open timestamp"]
    times = parse_times(opened, style="iso", timezone="America/Vancouver")
    assert opened.iloc[0].endswith("+03:00")
    assert times.notna().all()
    assert times.iloc[0].isoformat() == "2023-01-26T05:50:13+00:00"


def test_bostons_times_hang_on_bostons_clocks(real_data):
    opened = read_rows(real_data / FILES[3][0]).frame["open_dt"]
    times = parse_times(opened, style="%Y-%m-%d %H:%M:%S", timezone="America/New_York")
    assert times.notna().all()
    assert times.iloc[0].isoformat() == "2013-01-01T11:32:33+00:00"


def test_the_friends_and_family_dates_are_day_first(real_data):
    dates = read_rows(real_data / FILES[5][0]).frame["Date"]
    day_first = parse_dates(dates, style="day-first")
    assert day_first.notna().mean() > 0.95
    assert day_first.dropna().between("2020-04-01", "2023-12-31").mean() > 0.99


def test_real_comments_lose_names_and_nothing_else(real_data):
    # Its publishers took out surnames; the forenames of staff who are praised remain.
    texts = read_rows(real_data / FILES[6][0]).frame["feedback"].dropna()
    redacted = redact(texts)
    assert 150 < redacted.ne(texts).sum() < 250
    left = redacted.str.replace("[name]", "", regex=False)
    assert not left.str.contains("|".join(map(re.escape, TOKENS))).any()
    assert redact(redacted).equals(redacted)


def test_real_coordinates_and_case_numbers_are_not_taken_for_cards_or_phones(real_data):
    frame = read_rows(real_data / FILES[3][0]).frame
    for column in ("case_enquiry_id", "latitude", "longitude", "open_dt", "type", "neighborhood"):
        assert redact(frame[column]).equals(frame[column])
