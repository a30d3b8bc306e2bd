"""What identifies a person goes; ordinary words, dates, sums and house numbers stay."""

import re

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.gb import nhs

from insight.personal_names import NameFinder
from insight.redaction import TOKENS, RedactionError, redact


def redacted(text, **options):
    return redact(pd.Series([text], dtype="string"), **options).iloc[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("write to jane.o'neill+bins@example.co.uk.", "write to [email]."),
        ("<mailto:j@example.com>", "<mailto:[email]>"),
        ("jane (at) example (dot) com", "[email]"),
        ("zoë@exämple.de, please", "[email], please"),
    ],
)
def test_an_email_address_goes(text, expected):
    assert redacted(text) == expected


@pytest.mark.parametrize(
    "number",
    [
        "0116 257 2700",
        "(0116) 288 8961",
        "01162572700",
        "0116-257-2700",
        "0116.257.2700",
        "0116\u00a0257\u00a02700",
        "01530 123456",
        "01530 12345",
        "020 7946 0123",
        "07700 900123",
        "07700 900 123",
        "07700900123",
        "07 700 900 123",
        "0800 111 111",
        "+44 7700 900123",
        "+44 (0)7700 900123",
        "+447700900123",
        "0044 7700 900123",
        "00447700900123",
        "+353 86 123 4567",
        "+1 (617) 555-0123",
    ],
)
def test_a_phone_number_goes_however_it_is_spaced(number):
    assert redacted(f"ring {number}, after 5") == "ring [phone], after 5"


def test_a_phone_number_behind_its_own_word_goes():
    assert redacted("tel07700900123 Mob:07700900124") == "tel[phone] Mob:[phone]"


@pytest.mark.parametrize(
    "postcode",
    ["M1 1AE", "B33 8TB", "CR2 6XH", "DN55 1PT", "W1A 0AX", "EC1A 1BB", "GIR 0AA", "LE18 2DR"],
)
def test_each_form_of_postcode_goes_spaced_or_not_in_either_case(postcode):
    for written in (postcode, postcode.replace(" ", ""), postcode.lower(), f"{postcode[:-3]} 1AB"):
        assert redacted(f"I live in {written}.") == "I live in [postcode]."


def test_a_postcode_that_ends_like_an_ordinal_goes_in_capitals_only():
    assert redacted("at B33 8TH, flat b33 8th floor") == "at [postcode], flat b33 8th floor"


def test_an_ending_that_its_digit_never_has_is_no_ordinal():
    assert redacted("at b33 4rd, flat b33 3rd floor") == "at [postcode], flat b33 3rd floor"


def test_the_first_half_of_a_postcode_stays():
    assert redacted("everybody in LE18 and LE2") == "everybody in LE18 and LE2"


@pytest.mark.parametrize("number", ["AB123456C", "AB 12 34 56 C", "ab123456c", "AB 12 34 56"])
def test_a_national_insurance_number_goes(number):
    assert redacted(f"mine is {number}!") == "mine is [national insurance number]!"


def test_after_its_name_a_national_insurance_number_needs_no_last_letter():
    text = "NI number QQ123456, national insurance no: AB123456"
    expected = "NI number [X], national insurance no: [X]".replace("X", "national insurance number")
    assert redacted(text) == expected


@pytest.mark.parametrize(
    "prefix", ["BG", "GB", "KN", "NK", "NT", "TN", "ZZ", "DA", "FA", "AO", "QA"]
)
def test_letters_that_are_never_issued_make_no_insurance_number(prefix):
    assert redacted(f"item {prefix}123456C") == f"item {prefix}123456C"


@settings(deadline=None, derandomize=True, max_examples=20)
@given(st.lists(st.from_regex(r"[4-7][0-9]{9}", fullmatch=True), min_size=30, max_size=60))
def test_ten_digits_are_an_nhs_number_exactly_when_the_checksum_holds(numbers):
    spaced = [f"{n[:3]} {n[3:6]} {n[6:]}" for n in numbers]
    expected = ["[NHS number]" if nhs.is_valid(n) else n for n in numbers + spaced]
    assert redact(pd.Series(numbers + spaced)).tolist() == expected


@settings(deadline=None, derandomize=True, max_examples=20)
@given(st.from_regex(r"4[0-9]{14}", fullmatch=True))
def test_sixteen_digits_are_a_card_exactly_when_the_checksum_holds(digits):
    numbers = [digits + last for last in "0123456789"]
    grouped = [" ".join(re.findall("....", number)) for number in numbers]
    cards = [luhn.is_valid(number) for number in numbers] * 2
    expected = [
        "[card number]" if card else n for n, card in zip(numbers + grouped, cards, strict=True)
    ]
    assert redact(pd.Series(numbers + grouped)).tolist() == expected


def test_the_digits_after_a_card_do_not_hide_it():
    assert redacted("4111 1111 1111 1111 123") == "[card number] 123"
    assert redacted("4111111111111111 12/27") == "[card number] 12/27"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sort code 12-34-56 account 12345678", "sort code [bank account]"),
        ("12-34-56 12345678", "[bank account]"),
        (
            "Sort code: 123456, a/c no. 12345678",
            "Sort code: [bank account], a/c no. [bank account]",
        ),
        ("account number is 1234 5678", "account number is [bank account]"),
        ("GB29 NWBK 6016 1331 9268 19", "[bank account]"),
    ],
)
def test_bank_details_go(text, expected):
    assert redacted(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dear Mr Smith; my bin", "Dear Mr [name]; my bin"),
        ("Dear Mr and Mrs O'Neill-Brown", "Dear Mr and Mrs [name]"),
        ("Dear Jane I am writing", "Dear [name] I am writing"),
        ("Dear Jane and John,", "Dear [name],"),
        ("Dear Zoë van der Berg", "Dear [name]"),
        ("dear jane,\nmy bin", "dear [name],\nmy bin"),
        ("DEAR JANE SMITH MY BIN", "DEAR [name] MY BIN"),
        ("Hi Jane,", "Hi [name],"),
        ("Hello Jane\nmy bin", "Hello [name]\nmy bin"),
        ("Good morning Sarah. My bin", "Good morning [name]. My bin"),
        ("I met Mr Patel and cllr jones", "I met Mr [name] and cllr [name]"),
        ("Mr Smith Planning Officer", "Mr [name] Planning Officer"),
        ("My name is Jane Smith and", "My name is [name] and"),
        ("From: Jane Smith <j@example.com>", "From: [name] <[email]>"),
        ("Name: Jane Smith\nWard: Oadby", "Name: [name]\nWard: Oadby"),
        ("Regards,\nJane Smith", "Regards,\n[name]"),
        ("Kind regards\n\njane smith", "Kind regards\n\n[name]"),
        ("Yours sincerely,\r\nJ. Smith\r\nChair", "Yours sincerely,\r\n[name]\r\nChair"),
        ("Best wishes\nJane & John Smith", "Best wishes\n[name]"),
        ("Many thanks\nDr. A. Patel", "Many thanks\nDr. [name]"),
        ("Cheers\nDave\nSent from my phone", "Cheers\n[name]\nSent from my phone"),
        ("Regards, Jane Smith 07700 900123", "Regards, [name] [phone]"),
        ("Regards Jane Smith, Planning Officer", "Regards [name], Planning Officer"),
    ],
)
def test_a_name_goes_after_a_greeting_a_title_or_a_sign_off(text, expected):
    assert redacted(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Dear Council, the bin",
        "Dear Sir or Madam",
        "Dear Sir/Madam,",
        "Dear Customer Services Team",
        "dear council,",
        "Dear Planning,",
        "Hi, my bin was missed",
        "Hi My bin is missed",
        "Hi all,",
        "Hello there,",
        "Hi Team,",
        "Good morning, The bin",
        "Thanks Again",
        "Thank you.\nPlease call.",
        "Thanks.\nThe bin, which is blue",
        "Thanks for your help. Please call.",
        "Regards\nCustomer Services",
        "Regards\nA concerned resident",
        "give my regards to the team.",
        "My name is not important",
        "MS Teams call at 10",
        "the dishes\nBins and boxes",
        "They offer blooms call",
        "12/03/2026",
        "on 03-04-2026 10:30 or 01.04.2026 14:00, not 2026-04-03T10:00:00+03:00",
        "£1,234.00 and £12.50",
        "12 bags, 3 boxes, 3 x 240 litre",
        "Elm Drive and High Street in LE18",
        "the 31 bus on Glen Road, 5 minutes down the road, a 30 mph street",
        "in 2026 High Street was shut, on 3 December Glen Road too",
        "Junction 21 Narborough Road, 3 bins on Elm Drive, 12/03/2026 High Street",
        "12 bins and 2 cars in the close, 40 years in Bell Street",
        "Town Hall, Station Road",
        "Ashdown House is cold",
        "in LE18 AND LE2",
        "St John Ambulance, Victoria Park, James Cook hospital, Jack Russell",
        "This is South Wigston, on behalf of Severn Trent Ltd, my son Is",
        "born in Leicester, reference was lost, ref 2026, account 12",
        "open 0900-1700 and 1000-1600",
        "between 08:30 and 16:30",
        "the m1 1st exit, flat b2 3rd floor, q1 2nd half",
        "from LE2 1st April",
        "at 10 20 30 a day",
        "order 20260312, case CT123456, 24/00123/FUL",
        "101, 999 and 116 123",
        "at 39.4111111111111111, -71.00442026506394, -1.0770090012 and 0.01162572700",
        "will may come in june",
    ],
)
def test_ordinary_text_is_left_as_it_is(text):
    assert redacted(text) == text


def test_given_names_go_wherever_they_stand():
    names = ["Will", "Jane Smith", "Anne-Marie O\u2019Neill", "  "]
    text = "will Will see jane smith? Jane Smith's bin, JANE. SMITH, Anne-Marie O'Neill"
    expected = "will [name] see [name]? [name] bin, [name], [name]"
    assert redacted(text, names=names) == expected


def test_what_a_replacement_lays_bare_is_replaced_too():
    assert redacted("Thanks Jane bob smith", names=["Bob Smith"]) == "Thanks [name] [name]"


def test_the_end_of_a_word_is_no_title():
    assert redacted("the terms Tidy and Mr Jones set") == "the terms Tidy and Mr [name] set"


def test_a_longer_given_name_goes_before_a_shorter():
    assert (
        redacted("Jane Smith Jones, Jane", names=["Jane", "Jane Smith Jones"]) == "[name], [name]"
    )


def test_given_names_do_not_break_the_words_of_the_replacements():
    text = "ring 07700 900123 or 943 476 5919"
    assert redacted(text, names=["NHS", "Phone", "number"]) == "ring [phone] or [NHS number]"


def test_any_number_of_given_names_may_be_listed():
    names = [f"Na{chr(97 + n // 26 % 26)}{chr(97 + n % 26)}{'x' * (n // 676)}" for n in range(3000)]
    assert NameFinder(names).marker == ""
    assert redacted("Nobody and Naab came", names=names) == "Nobody and [name] came"


def test_council_references_go_when_their_pattern_is_given():
    pattern = r"\b(?:CT|HB)/?\d{6}\b"
    assert redacted("CT/123456 and HB123456", council_references=pattern) == (
        "[reference] and [reference]"
    )
    assert redacted("HB123456") == "HB123456"


@pytest.mark.parametrize("pattern", [r"\w*", r".", r"reference|email", r"\[.*\]", r"(?=a)"])
def test_a_careless_reference_pattern_neither_hangs_nor_nests(pattern):
    once = redacted("a@example.com about ab", council_references=pattern)
    assert redacted(once, council_references=pattern) == once
    assert "[[" not in once


def test_a_reference_pattern_that_is_none_is_refused():
    with pytest.raises(RedactionError, match="not a regular expression"):
        redacted("a", council_references="(")


def test_missing_texts_the_index_and_the_name_are_kept():
    texts = pd.Series(["Hi Jane,", None, ""], index=[5, 2, 9], name="text")
    result = redact(texts)
    assert result.index.tolist() == [5, 2, 9]
    assert result.name == "text"
    assert result.dtype == "string"
    assert result.tolist() == ["Hi [name],", pd.NA, ""]


def test_columns_without_texts_are_allowed():
    assert redact(pd.Series([], dtype="string")).tolist() == []
    assert redact(pd.Series([None, None])).isna().all()


def test_a_texts_company_changes_nothing():
    texts = ["Dear Mr Smith", "LE18 2DR", "no more", "ring 07700 900123", "no more", "LE18 2DR"]
    texts += ["my son Torquil", "at 14 Elm Drive", "thank Helen", "See\nWren Low\nw@example.com"]
    alone = [redacted(text) for text in texts]
    assert redact(pd.Series(texts)).tolist() == alone
    # Many are looked through another way than few.
    assert redact(pd.Series(texts * 20)).tolist() == alone * 20


def test_pages_of_blanks_take_no_time():
    text = "Regards" + " " * 100_000 + "\n" * 1000 + "Dear " + "A" * 50_000
    assert redacted(text).startswith("Regards")


PERSONAL = st.sampled_from(
    [
        "jane@example.com",
        "07700 900123",
        "+44 7700 900123",
        "LE18 2DR",
        "AB123456C",
        "943 476 5919",
        "4111 1111 1111 1111",
        "sort code 12-34-56",
        "account 12345678",
        "Dear Jane Smith",
        "Regards,\nJane Smith",
        "Mr Smith",
        "14 Elm Drive",
        "Flat 3",
        "DOB 03/04/1958",
        "my son",
        "Alan",
        "FX19 ABC",
        "Hi Jane,",
        "My name is",
        "CT123456",
        *TOKENS,
    ]
)
FILLING = st.sampled_from(
    [" ", "\n", ", ", "", ".", "-", " and ", "0", "12", "A", "[", "]", "Mrs "]
)
MIXED = st.lists(PERSONAL | FILLING | st.text(max_size=6), max_size=14).map("".join)


@settings(deadline=None, derandomize=True, max_examples=150)
@given(st.lists(MIXED, min_size=1, max_size=5))
def test_a_redacted_text_is_not_changed_again(texts):
    options = {"names": ["Jane Smith", "May"], "council_references": r"CT\d{6}"}
    once = redact(pd.Series(texts, dtype="string"), **options)
    assert redact(once, **options).tolist() == once.tolist()


@settings(deadline=None, derandomize=True)
@given(st.lists(st.text(alphabet="bincolectwasmd ,.\n!?'", max_size=80), max_size=20))
def test_words_in_small_letters_without_digits_are_never_touched(texts):
    assert redact(pd.Series(texts, dtype="string")).tolist() == texts


@pytest.mark.parametrize(
    "secret", ["jane@example.com", "07700 900123", "LE18 2DR", "AB123456C", "9434765919"]
)
def test_nothing_personal_survives_among_words_whatever_stands_beside_it(secret):
    between = [" ", ", ", ": ", "\n", "(", "/", " the ", " on 12/03/2026 "]
    texts = [f"bin{before}{secret}{after}bin" for before in between for after in between[:-2]]
    assert not redact(pd.Series(texts)).str.contains(secret, regex=False).any()
