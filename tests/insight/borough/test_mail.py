import mailbox
from email import message_from_bytes, policy

import pandas as pd
import pytest

from insight.borough.mail import COLUMNS, eml, mbox

QUOTED = "We would like to pay by instalments.\nFrom now on, please."


def mails(count=400, **changes):
    number = pd.Series(range(count)).astype("string")
    whole = {
        "enquiry_id": "EQ" + number + "@mail.example.org",
        "received_at": "2026-07-09T11:12:13",
        "subject": "Bill for £90",
        "text": "From what I see, £90 is too much.\nPlease look again.",
        "sender": "ann.other@example.com",
        "name": "Ann Other",
        "kind": "person",
        "attachments": (number.astype(int) % 3).astype("string"),
        "replies_to": "",
        "quoted": "",
    }
    return pd.DataFrame(whole | changes, dtype="string")[COLUMNS]


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    """Read a mailbox with the standard library, which is not what the pipeline uses."""

    def read(frame):
        path = tmp_path_factory.mktemp("mail") / "box.mbox"
        path.write_bytes(mbox(frame))
        parse = lambda file: message_from_bytes(file.read(), policy=policy.default)  # noqa: E731
        return list(mailbox.mbox(path, factory=parse, create=False))

    return read


def words(message):
    body = message.get_body(("plain", "html"))
    return body.get_content()


def test_a_mailbox_holds_each_e_mail_once_with_its_words(read):
    found = read(mails())
    assert len(found) == 400
    for number, message in enumerate(found):
        assert message["Message-ID"] == f"<EQ{number}@mail.example.org>"
        assert message["Subject"] == "Bill for £90"
        assert message["Date"] == "Thu, 09 Jul 2026 11:12:13 +0100"
        assert "£90 is too much" in words(message)
        assert len(list(message.iter_attachments())) == number % 3


def test_programs_differ_in_form_and_in_what_they_add(read):
    found = read(mails(attachments="0"))
    kinds = pd.Series([message.get_content_type() for message in found])
    assert kinds.value_counts().min() >= 20
    assert set(kinds) == {"text/plain", "text/html", "multipart/alternative"}
    bodies = pd.Series([words(message) for message in found])
    for added in ("Sent from my iPhone", "intended solely", "Tessenby Widgets"):
        assert 10 < bodies.str.contains(added).sum() < 100
    charsets = {part.get_content_charset() for message in found for part in message.walk()}
    assert {"utf-8", "windows-1252"} <= charsets


def test_an_answer_names_and_quotes_what_it_answers(read):
    found = read(mails(quoted=QUOTED, replies_to="EQ9@mail.example.org", attachments="0"))
    assert {message["In-Reply-To"] for message in found} == {"<EQ9@mail.example.org>"}
    bodies = pd.Series([words(message) for message in found])
    marked = bodies.str.contains("wrote:\n\n> We would like") | bodies.str.contains("wrote:</div>")
    headed = bodies.str.contains("Sent: 09 July 2026 11:12")
    assert (marked ^ headed).all()
    assert min(marked.sum(), headed.sum()) > 100


def test_an_automatic_answer_says_that_it_is_one(read):
    (message,) = read(mails(1, kind="automatic"))
    assert message["Auto-Submitted"] == "auto-replied"


def test_an_e_mail_without_a_date_or_words_has_none(read):
    (undated,) = read(mails(1, received_at="yesterday"))
    assert undated["Date"].datetime is None
    (silent,) = read(mails(1, text=""))
    assert silent["Subject"] is None
    assert words(silent).strip() in {"", "<html></html>"}


def test_one_e_mail_is_a_file_of_its_own():
    data = eml(mails(1))
    assert data.startswith(b"From: Ann Other <ann.other@example.com>\r\n")
    assert "too much" in words(message_from_bytes(data, policy=policy.default))
    assert eml(mails(1)) == data
