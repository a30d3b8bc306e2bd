"""Of an e-mail, only the words that its sender wrote in it are kept, and all of those."""

import time

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from insight.mail_text import new_words, words_of

OWN = "My bill is wrong.\nI moved out in March."
OUTLOOK = (
    "From: Council Tax <ct@council.gov.uk>\nSent: 02 March 2026 10:01\nTo: Jane\nSubject: Bill"
)

QUOTATIONS = {
    "gmail": "On Mon, 2 Mar 2026 at 10:01, Council Tax <ct@council.gov.uk> wrote:\n"
    "\n> Dear Jane\n>\n> Pay.",
    "gmail on two lines": "On Mon, 2 Mar 2026 at 10:01, Council Tax\n"
    "<ct@council.gov.uk> wrote:\n> Pay.",
    "apple, unmarked": "On 2 Mar 2026, at 10:01, Council Tax <ct@council.gov.uk> wrote:\n"
    "\nDear Jane\n\nPay.",
    "outlook": f"________________________________\n{OUTLOOK}\n\nDear Jane\n\nPay.",
    "outlook without a rule": f"{OUTLOOK}\n\nDear Jane\n\nPay.",
    "outlook with a copy": OUTLOOK.replace("Subject", "Cc: A; B\nSubject") + "\n\nPay.",
    "outlook in bold": "*From:* Council\n"
    "*Sent:* 02 March 2026 10:01\n*To:* Jane\n*Subject:* Bill\n\nPay.",
    "original message": f"-----Original Message-----\n{OUTLOOK}\n\nPay.",
    "forwarded": "---------- Forwarded message ---------\n"
    "From: A <a@b.uk>\nDate: Mon\nSubject: B\nTo: C\n\nPay.",
    "french": "Le lun. 2 mars 2026 à 10:01, Council <ct@council.gov.uk> a écrit :\n> Payez.",
    "french outlook": "De : Council\n"
    "Envoyé : lundi 2 mars 2026 10:01\nÀ : Jane\nObjet : Bill\n\nPayez.",
    "german": "Am Mo., 2. März 2026 um 10:01 Uhr schrieb Council <ct@council.gov.uk>:\n> Zahlen.",
    "german outlook": "Von: Council\nGesendet: Montag\nAn: Jane\nBetreff: Bill\n\nZahlen.",
    "welsh": "Ar Llun, 2 Maw 2026 am 10:01 ysgrifennodd Cyngor <ct@council.gov.uk>:\n> Talwch.",
    "welsh outlook": "Oddi wrth: Cyngor\nAnfonwyd: 02 Mawrth 2026\nAt: Jane\nPwnc: Bil\n\nTalwch.",
    "polish": "pon., 2 mar 2026 o 10:01 Council <ct@council.gov.uk> napisał(a):\n> Zapłać.",
    "marked only": "> Dear Jane\n> Pay.",
}


@pytest.mark.parametrize("form", QUOTATIONS)
def test_what_is_quoted_is_left_out(form):
    assert words_of(f"{OWN}\n\n{QUOTATIONS[form]}") == OWN
    assert words_of(f"{OWN}\r\n\r\n{QUOTATIONS[form]}".replace("\n", "\r\n")) == OWN


@pytest.mark.parametrize(
    "footer",
    [
        "-- \nJane Smith\n1 High Street",
        "Sent from my iPhone",
        "Sent from my Samsung Galaxy smartphone.",
        "Sent from Outlook for iOS",
        "Sent from Yahoo Mail on Android",
        "Get Outlook for Android<https://aka.ms/x>",
        "Anfonwyd o fy iPhone",
        "Envoyé de mon iPhone",
        "Von meinem iPhone gesendet",
        "This email and any attachments are confidential and intended solely for the addressee.\n"
        "\nIf you have received it in error, delete it.",
        "CONFIDENTIALITY NOTICE: the information in this message is privileged and intended for "
        "the recipient.",
        "Mae'r e-bost hwn ac unrhyw atodiadau yn gyfrinachol.",
    ],
)
def test_signatures_devices_and_legal_footers_are_left_out(footer):
    assert words_of(f"{OWN}\n\n{footer}") == OWN
    assert words_of(f"{OWN}\n\n{footer}\n\n{QUOTATIONS['outlook']}") == OWN


def test_a_gateways_warning_is_left_out_but_not_the_words_below_it():
    banner = (
        "CAUTION: This email originated from outside of the organisation. Do not click links\n"
        "or open attachments unless you recognise the sender."
    )
    assert words_of(f"{banner}\n\n{OWN}") == OWN
    assert words_of(f"{banner}\n________________\n{OWN}") == OWN
    assert words_of(f"{banner}\n{OWN}") == OWN


@pytest.mark.parametrize(
    "words",
    [
        "On 3 March your officer wrote:\nYou owe us nothing.\nSo why the bill?",
        "From: the corner of Mill Lane\nTo: the church\nno lamp works.",
        "Sent from my neighbour's house because my line is down.",
        "This email is confidential, please do not tell my neighbour.\n\nHe parks on the verge.",
        "-- first, the bin\n-- second, the lamp",
        "--\nI use dashes\n--\nbetween my thoughts",
        "The fence is > 2 metres high",
        "Date: 3 March\nPlace: Mill Lane\nThe bin was missed.",
        "I intended to pay. The letter was marked confidential.",
        "I came from an external sender of post.",
        "-- \n" + "\n".join(f"Point {n} of my complaint." for n in range(40)),
    ],
)
def test_a_residents_own_words_stay(words):
    assert words_of(words) == words.strip()
    assert words_of(f"Hello\n\n{words}\n\n{QUOTATIONS['gmail']}") == f"Hello\n\n{words}".strip()


def test_answers_between_quoted_lines_stay():
    text = (
        "On 2 Mar 2026 at 10:01, A <a@b.uk> wrote:\n> Which bin?\nThe green one.\n> When?\nToday."
    )
    assert words_of(text) == "The green one.\nToday."


@pytest.mark.parametrize("form", ["forwarded", "outlook", "original message"])
def test_a_forward_without_new_words_gives_the_first_message_in_it(form):
    forwarded = QUOTATIONS[form].partition("\n\n")[0] + f"\n\n{OWN}\n\n{QUOTATIONS['gmail']}"
    assert words_of(f"Sent from my iPhone\n\n{forwarded}") == OWN


def test_a_series_keeps_its_index_and_its_blanks():
    texts = pd.Series(["Hello\n> old", None, "  "], index=[7, 3, 5], dtype="string")
    assert new_words(texts).fillna("-").to_dict() == {7: "Hello", 3: "-", 5: "-"}


@given(st.text(alphabet=st.sampled_from("ab >-\n_:.*0123,<@From:Sent wrote"), max_size=400))
def test_any_text_gives_a_part_of_itself(text):
    words = words_of(text)
    assert set(words.split()) <= set(text.replace(">", " > ").replace(">", " ").split()) | set(
        text.split()
    )
    if any(letter.isalnum() for letter in text) and "-- \n" not in text and ":" not in text:
        assert any(letter.isalnum() for letter in words)


@pytest.mark.parametrize(
    "line", ["> a\n", "-----\n\n", "From:\n", "-- \n", "On 1:00\n", "x wrote:\n", "\n", "- " * 9]
)
def test_long_texts_take_no_longer_than_their_length(line):
    def seconds(lines):
        started = time.process_time()
        words_of("a\n" + line * lines)
        return time.process_time() - started

    # Four times the text takes four times as long; the square would be sixteen.
    assert seconds(40_000) < max(8 * seconds(10_000), 1)
