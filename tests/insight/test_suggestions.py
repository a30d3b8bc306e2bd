from datetime import date

import pandas as pd
import pytest

from data_contracts import INPUTS, load_contract
from insight.suggestions import HowRead, Setting, may_be_shown, suggest

TODAY = date(2026, 11, 23)
CHANNELS = "must be one of phone, email, web"


@pytest.fixture
def how():
    def make(contract="contacts", **known):
        return HowRead("calls", load_contract(contract), TODAY, **known)

    return make


def text(*values):
    return pd.Series(values, dtype="string")


def settings(suggestions):
    return [setting for each in suggestions for setting in each.settings]


def test_a_spelling_is_suggested_where_it_is_to_be_added(how):
    (told,) = suggest("channel", CHANNELS, text(*["Telephone line"] * 34), how())
    assert told.sentence == (
        'Add the spelling "Telephone line" under synonyms: channel: phone: in '
        "settings/council.yaml."
    )
    assert told.rows == 34
    keys = ("synonyms", "channel", "phone")
    assert told.settings == (Setting("settings/council.yaml", keys, "Telephone line", add=True),)


def test_the_allowed_values_are_listed_where_nothing_is_close(how):
    (told,) = suggest("channel", CHANNELS, text("Pigeon", "Pigeon"), how())
    assert told.settings == ()
    assert '"Pigeon" may be any of phone, email, web, post' in told.sentence
    assert "under synonyms: channel: the one that it means: in settings/council" in told.sentence


def test_where_most_rows_hold_another_columns_values_moved_cells_are_said_once(how):
    values = text(*["council-tax"] * 30, *["waste"] * 30)
    (told,) = suggest("channel", CHANNELS, values, how(), share=1.0)
    assert told.rows == 60
    assert '"council-tax" and "waste": look whether the cells have moved' in told.sentence
    assert len(suggest("channel", CHANNELS, values, how(), share=0.1)) == 2
    mixed = text(*["Telephone line"] * 30, *["waste"] * 30)
    assert len(suggest("channel", CHANNELS, mixed, how(), share=1.0)) == 2


def test_each_spelling_is_counted_and_the_most_frequent_comes_first(how):
    values = text("Pigeon", "E-mails", "E-mails", "E-mails", "Pigeon", "On-line form")
    told = suggest("channel", CHANNELS, values, how())
    assert [each.rows for each in told] == [3, 2, 1]


@pytest.mark.parametrize(
    "value",
    [
        "rang about her mother at number 12",
        "Mrs Whitlock, 4 Elm Rd",
        "[name] phoned",
        "jo@example.org",
        "Flat 12",
        "x" * 41,
    ],
)
def test_what_may_be_somebodys_words_is_never_repeated(how, value):
    (told,) = suggest("channel", CHANNELS, text(value), how())
    assert value not in told.sentence
    assert told.settings == ()
    assert told.rows == 1


def test_a_name_in_the_wrong_column_is_not_repeated(how):
    (once,) = suggest("channel", CHANNELS, text("Mabel Pugh"), how())
    assert "Mabel" not in once.sentence
    names = [f"{first} {last}" for first in ("Ann", "Bob", "Cy", "Di") for last in "PQRS"] * 2
    (shifted,) = suggest("channel", CHANNELS, text(*names), how())
    assert "Ann" not in shifted.sentence
    assert shifted.rows == 32


def test_identifiers_and_free_text_are_never_suggested_from(how):
    for column in ("customer", "text"):
        (told,) = suggest(column, "must not be longer than 9 characters", text("Tel"), how())
        assert "Tel" not in told.sentence


@pytest.mark.parametrize("rule", ["is not a date and time in the form the mapping says"])
def test_us_dates_are_told_by_those_that_can_be_nothing_else(how, rule):
    values = text("10/25/2026", "10/26/2026 14:00")
    accepted = pd.Series(pd.to_datetime(["2026-03-10"]))
    (told,) = suggest("contacted_at", rule, values, how(), accepted=accepted)
    assert settings([told]) == [Setting("mappings/calls.yaml", ("dates",), "month-first")]
    assert "2 of the 2 dates" in told.sentence
    named = how(mapping_file="mappings/contact-centre.yaml")
    assert settings(suggest("contacted_at", rule, values, named))[0].file == named.mapping_file


def test_the_order_is_not_suggested_where_other_rows_of_the_file_show_their_own(how):
    rule = "is not a date and time in the form the mapping says"
    accepted = pd.Series(pd.to_datetime(["2026-03-10", "2026-03-31"]))
    (told,) = suggest("contacted_at", rule, text("10/25/2026"), how(), accepted=accepted)
    assert told.settings == ()


def test_dates_in_the_future_are_only_moved_into_the_past(how):
    past, future = text("10/12/2026"), text("01/12/2027")
    assert settings(suggest("contacted_at", "is in the future", past, how()))
    assert not settings(suggest("contacted_at", "is in the future", future, how()))


def test_what_is_a_date_in_no_order_brings_no_setting(how):
    rule = "is not a date and time in the form the mapping says"
    (told,) = suggest("contacted_at", rule, text("10/25/2026", "soon"), how())
    assert told.settings == ()
    assert "dates in the mapping" in told.sentence


def test_swapped_columns_are_exchanged_only_if_most_rows_have_them_so(how):
    column, rule = "latitude, longitude", "latitude and longitude swapped"
    reports = how("street_reports", columns={"latitude": "Lat", "longitude": "Long"})
    (few,) = suggest(column, rule, text(pd.NA, pd.NA), reports, share=0.02)
    assert few.settings == ()
    assert "don't exchange the columns" in few.sentence
    (all_rows,) = suggest(column, rule, text(pd.NA, pd.NA), reports, share=1.0)
    assert "`latitude: Long` and `longitude: Lat`" in all_rows.sentence
    assert [setting.value for setting in all_rows.settings] == ["Long", "Lat"]


def test_a_slip_in_a_wards_name_is_translated_and_nothing_else_is_shown(how):
    reports = how("street_reports", wards=("Oadby Woodlands", "South Wigston"))
    values = text("Oadby Wodlands", "behind the house of Mr Pugh")
    slip, other = suggest("ward", "unknown ward", values, reports)
    assert slip.settings[0].keys == ("values", "ward", "Oadby Wodlands")
    assert slip.settings[0].value == "Oadby Woodlands"
    assert "Pugh" not in other.sentence
    assert "Oadby Woodlands, South Wigston" in other.sentence


def test_a_unit_is_named_without_the_number(how):
    (told,) = suggest("wait_seconds", "is not a whole number", text("12 mins", "7mins"), how())
    assert '"mins"' in told.sentence
    assert "12" not in told.sentence
    (words,) = suggest("wait_seconds", "is not a whole number", text("12 Elms", "a while"), how())
    assert "Elms" not in words.sentence


def test_references_are_made_only_where_most_rows_have_none(how):
    rule, making = "must not be blank", "`generate: [contact_id]` in mappings/calls.yaml"
    (few,) = suggest("contact_id", rule, text(pd.NA), how(), share=0.01)
    assert few.settings == ()
    assert making in few.sentence
    (most,) = suggest("contact_id", rule, text(pd.NA), how(), share=1.0)
    assert most.settings == (Setting("mappings/calls.yaml", ("generate",), "contact_id", add=True),)


def test_a_short_code_may_be_shown_once_and_a_number_only_when_it_comes_again():
    assert may_be_shown("Tel in", 1)
    assert not may_be_shown("Stage 4", 1)
    assert may_be_shown("Stage 4", 2)


@pytest.mark.parametrize("name", INPUTS)
def test_every_allowed_value_can_be_given_a_spelling_in_the_settings(name):
    from data_contracts import load_vocabularies

    for column in load_contract(name).columns:
        if column.allowed:
            known = load_vocabularies()[column.vocabulary]
            assert set(column.allowed) <= set(known.values())
