import pytest

from insight.headings import likely_columns


@pytest.mark.parametrize(
    ("wanted", "heading"),
    [
        ("channel", "Channel"),
        ("channel", "Chanel"),
        ("channel", "Contact method"),
        ("received_at", "Date received"),
        ("received_at", "Date of receipt"),
        ("contact_id", "ContactRef"),
        ("latitude", "Lat"),
        ("Telephone no.", "Tel Number"),
        ("Average wait (secs)", "Avg wait seconds"),
        ("customer", "Customer ID"),
        ("Ward name", "Ward"),
    ],
)
def test_another_name_for_the_same_thing_is_found(wanted, heading):
    assert likely_columns([wanted], ["Remarks", heading, "Weather"]) == {wanted: heading}


@pytest.mark.parametrize(
    ("wanted", "heading"),
    [
        ("received_at", "Date resolved"),
        ("received_at", "Date of birth"),
        ("contacted_at", "Date"),
        ("service", "Service charge paid"),
        ("ward", "Award"),
        ("text", "Next"),
        ("channel", ""),
        ("channel", "???"),
    ],
)
def test_another_thing_is_not_suggested(wanted, heading):
    assert likely_columns([wanted], [heading]) == {}


def test_nothing_is_suggested_where_two_headings_are_as_close():
    assert likely_columns(["received_at"], ["Date received", "Time received"]) == {}
    assert likely_columns(["customer"], ["Caller", "Customer ref"]) == {"customer": "Customer ref"}


def test_a_heading_is_suggested_once_to_the_column_closest_to_it():
    found = likely_columns(["received_at", "responded_at"], ["Received", "Date replied"])
    assert found == {"received_at": "Received", "responded_at": "Date replied"}
    assert likely_columns(["easting", "eastings"], ["Easting"]) == {"easting": "Easting"}


def test_only_what_is_close_enough_is_suggested():
    assert likely_columns(["channel"], ["Chanel"], minimum=0.95) == {}
