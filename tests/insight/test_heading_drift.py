"""Headings that a source's files lost, gained or renamed."""

from insight.heading_drift import HeadedFile, heading_change, heading_words

JULY = HeadedFile("july.csv", ("Ref", "Call date", "Queue"))


def test_a_renamed_column_is_told_with_its_likely_match_and_what_to_mend():
    august = HeadedFile("august.csv", ("Ref", "Date of call", "Queue"))
    change = heading_change("calls", [JULY, august], used={"Call date"})
    assert change.renamed == {"Call date": "Date of call"}
    words = heading_words(change)
    assert words.startswith('calls: august.csv has "Date of call" where july.csv had "Call date".')
    assert "correct the mapping of calls" in words


def test_a_lost_and_a_new_column_are_told_apart_from_a_renamed_one():
    august = HeadedFile("august.csv", ("Ref", "Call date", "Overspill"))
    change = heading_change("calls", [JULY, august])
    assert (change.gone, change.new, change.renamed) == (("Queue",), ("Overspill",), {})
    assert heading_words(change) == (
        'calls: august.csv no longer has the column "Queue", and has the new column "Overspill". '
        "Nothing was read from what is gone, so there is nothing to do unless you need it."
    )


def test_a_new_column_alone_asks_for_nothing():
    august = HeadedFile("august.csv", (*JULY.headings, "Agent"))
    assert heading_words(heading_change("calls", [JULY, august])) == (
        'calls: august.csv has the new column "Agent". Nothing is read from it yet; map it if you '
        "need it."
    )


def test_the_order_of_columns_is_no_news():
    assert heading_change("calls", [JULY, HeadedFile("b", JULY.headings[::-1])]) is None
    assert heading_change("calls", [JULY]) is None


def test_a_source_whose_files_take_turns_is_held_to_the_like_file():
    form = HeadedFile("form.csv", ("Submitted", "Answer"))
    assert heading_change("calls", [JULY, form, HeadedFile("august.csv", JULY.headings)]) is None


def test_a_heading_with_a_word_more_is_likely_the_same():
    files = [HeadedFile("july", ("id", "rating")), HeadedFile("august", ("id", "star_rating"))]
    assert heading_change("comments", files).renamed == {"rating": "star_rating"}
    two = HeadedFile("august", ("id", "star_rating", "old_rating"))
    assert heading_change("comments", [files[0], two]).renamed == {}
