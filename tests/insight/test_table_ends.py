"""Where a table's headings and end are found, and what is never taken for either."""

import pytest

from insight.layout import find_header, heading_rows, joined_headings, unique_headings
from insight.table_ends import begins_table, find_end, is_total

TABLE = [["Date", "Offered", "Answered"], ["1/5", "10", "9"], ["2/5", "12", "11"]]


def end(*rows, width=3, numbers=None):
    found = find_end(rows, numbers or range(2, len(rows) + 2), width)
    return found.totals, found.notes


def test_the_first_row_is_the_header_unless_what_stands_above_is_a_title():
    assert find_header(TABLE) == 0
    assert find_header([["Calls"], ["Run on 1 May"], [], *TABLE]) == 3
    assert find_header([[None] * 3] * 100 + TABLE) == 100
    assert find_header([[], [None]]) is None


def test_a_record_is_never_the_header():
    assert find_header([["id"], ["1", "x", "y"], ["2", "x", "y"]]) == 0


def test_headings_that_the_mapping_names_go_before_what_looks_like_them():
    rows = [["Key", "Value", "Unit"], ["Period", "May", "-"], [], *TABLE]
    assert find_header(rows) == 0
    assert find_header(rows, ["date", "offered"]) == 3


def test_two_rows_of_headings_are_told_from_a_record_below_one():
    assert heading_rows([["Ward", "2026", ""], ["", "Q1", "Q2"], ["North", "5", "7"]], 0) == 2
    assert heading_rows([["Name", "", "Score"], ["Jo", "x", "low"], ["Al", "y", "3"]], 0) == 1
    assert heading_rows([["Calls", "by day"], ["Date", "In", "Out"], ["1/5", "2", "3"]], 0) == 1
    assert joined_headings(["", "2025", None], ["Ward", "Q1", "Q2"]) == [
        "Ward",
        "2025 Q1",
        "2025 Q2",
    ]


def test_a_third_equal_heading_and_one_that_has_the_number_already_are_told_apart():
    names = ["Late", "Late (2)", "Late", "Late"]
    assert unique_headings(names)[0] == ["Late", "Late (2)", "Late (3)", "Late (4)"]


@pytest.mark.parametrize(
    "word", ["Total", "TOTALS:", "Grand total", "Sub-total", "Sum", "Overall total"]
)
def test_a_row_that_only_calls_itself_a_total_is_one(word):
    assert is_total([word, None, "1,234", "95%", "-", "n/a", "(£3)"])
    assert not is_total([word, "North", "12"])
    assert not is_total([word])


def test_a_total_of_something_is_one_only_where_it_leaves_cells_blank():
    assert is_total(["Total 01/05/2026", None, "20"], filled_above=3)
    assert is_total(["Waste total", None, "20"], filled_above=3)
    assert not is_total(["Total contacts", "20"], filled_above=2)


def test_totals_averages_and_notes_end_a_table_and_the_last_record_stops_the_search():
    record = ["2/5", "12", "11"]
    assert end(record, ["Total", "12", "11"]) == ((1,), ())
    assert end(record, ["Total", "12", "11"], ["Average", "12", "11"]) == ((1, 2), ())
    assert end(record, ["Average", "12", "11"]) == ((), ())
    assert end(record, ["Source: ACD", "", ""], ["Total", "1", "2"]) == ((2,), (1,))
    assert end(record, ["Made by hand", "", ""], numbers=[2, 5]) == ((), (1,))
    assert end(record, ["Made by hand", "", ""], numbers=[2, 3]) == ((), ())
    assert end(["Total", "1", "2"], record) == ((), ())


def test_in_two_columns_a_lone_cell_may_be_a_record():
    assert end(["a", "1"], ["Note", ""], width=2) == ((), ())
    assert end(["a", "1"], ["b", ""], width=2, numbers=[2, 9]) == ((), ())
    assert end(["a", "1"], ["Note: x", ""], width=2, numbers=[2, 9]) == ((), (1,))


def test_words_over_numbers_begin_another_table_and_a_record_does_not():
    above = [["1/5", "10"], ["2/5", "12"], ["3/5", "9"]]
    assert begins_table(["Queue", "Mean wait"], above, [["Tax", "31"]])
    assert not begins_table(["4/5", "none"], above, [["5/5", "31"]])
    assert not begins_table(["Queue", "Queue"], above, [["Tax", "31"]])
    assert not begins_table(["Queue", "Mean wait"], above[:2], [["Tax", "31"]])
