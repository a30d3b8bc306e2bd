"""Homes, registrations, birth dates, references and names go from the middle of a sentence."""

import pandas as pd
import pytest

from insight.redaction import redact


def redacted(text, **options):
    return redact(pd.Series([text], dtype="string"), **options).iloc[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I live at 14 Elm Drive, Oadby LE18 2DR", "I live at [address], Oadby [postcode]"),
        ("14A St Peter's Close and 3-5 The Parade", "[address] and [address]"),
        ("Flat 3b, 14 ELM DRIVE", "[address]"),
        ("outside 12 elm drive bins again", "outside [address] bins again"),
        ("at 9 Long St. by the shop", "at [address]. by the shop"),
        ("Flat 2 Ashdown House", "[address]"),
        ("of Rose Cottage, Mill Lane, LE2 1AB", "of [address], [postcode]"),
    ],
)
def test_a_home_goes_with_its_number_or_name(text, expected):
    assert redacted(text) == expected


def test_a_councils_own_streets_are_known_in_any_case_whatever_they_end_in():
    text = "4 saffron hill rise, 12 KELMARSH, Kelmarsh and 7 Elm Drive"
    expected = "[address], [address], Kelmarsh and [address]"
    assert redacted(text, streets=["Saffron Hill Rise", "Kelmarsh"]) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a blue van FX19 ABC and bd67jop, reg BD67JOP", None),
        ("my car AB12 CDE is gone", "my car [registration] is gone"),
        ("reg no. R123 ABC", "reg no. [registration]"),
        ("number plate: fx19 abc", "number plate: [registration]"),
        ("DOB 03/04/1958", "DOB [date of birth]"),
        ("date of birth: 3rd April 1958", "date of birth: [date of birth]"),
        ("born on 1958-04-03", "born on [date of birth]"),
        ("my reference is HB1234567", "my reference is [reference]"),
        ("Ref: 101000729509, UPRN 010001234567", "Ref: [reference], UPRN [reference]"),
        ("council tax account number 701234567", "council tax account number [reference]"),
    ],
)
def test_registrations_birth_dates_and_references_go(text, expected):
    whole = "a blue van [registration] and bd67jop, reg [registration]"
    assert redacted(text) == (expected or whole)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("thank Helen for it", "thank [name] for it"),
        ("Sarah O'Neill-Brown told me", "[name] told me"),
        ("I asked Mark Smith and Mark it", "I asked [name] and Mark it"),
        ("ALAN SMITH CAME", "[name]"),
        ("my name is jane smith", "my name is [name] smith"),
        ("I am Qadir Ozturk of Oadby", "I am [name] of Oadby"),
        ("on behalf of Wren Abernathy, who", "on behalf of [name], who"),
        ("my son Torquil is six", "my son [name] is six"),
        ("See you\nWren Abernathy\nw@example.com", "See you\n[name]\n[email]"),
        ("Olivia Ward and Yusuf Hall", "[name] and [name]"),
    ],
)
def test_a_name_goes_in_a_sentence_where_it_is_known_or_introduced(text, expected):
    assert redacted(text) == expected
