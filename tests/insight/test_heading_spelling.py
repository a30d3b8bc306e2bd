import pandas as pd

from insight.heading_spelling import headings_as_named


def spelt(given, named):
    return headings_as_named(pd.DataFrame(columns=given), named).columns.tolist()


def test_breaks_hard_spaces_capitals_and_quotes_do_not_matter():
    question = (
        "How easy was it to get \u201cwhat\u201d you\u2019d  asked\u00a0for?\n(1\u20135) \u200b"
    )
    assert spelt([question], ['how easy was it to get "what" you\'d asked for? (1-5)']) == [
        'how easy was it to get "what" you\'d asked for? (1-5)'
    ]


def test_other_words_and_punctuation_do():
    assert spelt(["Late (%)", "Was it easy"], ["Late", "Was it easy?"]) == [
        "Late (%)",
        "Was it easy",
    ]


def test_a_name_that_stands_there_or_fits_twice_is_left_alone():
    assert spelt(["Name", "name"], ["Name"]) == ["Name", "name"]
    assert spelt(["NAME", "name"], ["Name"]) == ["NAME", "name"]
