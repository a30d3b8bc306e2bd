"""Outlook's .msg gives the same row as any other e-mail, and a damaged one a sentence."""

import contextlib
import struct
from datetime import UTC, datetime
from functools import cache
from io import BytesIO

import pytest
from aspose.email_foss import msg
from hypothesis import given, settings
from hypothesis import strategies as st
from olefile import OleFileIO

from pipelines.edge.files import rows_in
from pipelines.edge.raw_table import (
    DamagedFileError,
    FileContent,
    FileTooLargeError,
    NotATableError,
    ReadError,
)

TEXT = "My bill is wrong.\r\n\r\n________________________________\r\nFrom: Council Tax\r\n"
TEXT += "Sent: 02 March 2026 10:01\r\nTo: Jane\r\nSubject: Bill\r\n\r\nPlease pay."
NAMES = msg.PropertyId


@cache
def message(text=TEXT, headers="", html=b"", kind="IPM.Note", files=1):
    mail = msg.MapiMessage.create("RE: Bill", text)
    mail.set_property(NAMES.MESSAGE_CLASS, kind)
    mail.set_property(NAMES.SENDER_EMAIL_ADDRESS, "Jane@example.com")
    mail.set_property(NAMES.MESSAGE_DELIVERY_TIME, datetime(2026, 3, 2, 10, 30, tzinfo=UTC))
    if headers:
        mail.set_property(NAMES.TRANSPORT_MESSAGE_HEADERS, headers)
    if html:
        mail.set_property(NAMES.BODY_HTML, html)
    for number in range(files):
        mail.add_attachment(f"../../{number}.pdf", b"%PDF" * 2_000, mime_type="application/pdf")
    return mail.to_bytes()


def read(data):
    return rows_in(FileContent("bill.msg", data, "0"))


def row(data):
    return read(data).frame.iloc[0]


def test_a_message_is_a_row_with_the_new_words_alone():
    mail = row(message())
    assert mail["text"] == "My bill is wrong."
    assert mail["received_at"] == "2026-03-02T10:30:00+00:00"
    assert mail["sender"] == "jane@example.com"
    assert mail["subject"] == "RE: Bill"
    assert (mail["attachments"], mail["kind"]) == ("1", "person")
    assert len(mail["enquiry_id"]) == 32


def test_the_headers_it_travelled_with_tell_more():
    headers = "From: <joe@b.uk>\r\nMessage-ID: <m2@x>\r\nReferences: <m1@x>\r\n"
    headers += (
        "Date: Mon, 2 Mar 2026 11:01:00 +0100\r\nContent-Type: multipart/mixed; boundary=a\r\n"
    )
    mail = row(message(headers=headers))
    assert mail["enquiry_id"] == "m2@x"
    assert mail["sender"] == "joe@b.uk"
    assert mail["received_at"] == "2026-03-02T11:01:00+01:00"
    assert mail["text"] == "My bill is wrong."


def test_html_is_read_where_there_is_no_plain_text():
    assert row(message(text="", html=b"<p>No <b>bin</b></p>"))["text"] == "No bin"


@pytest.mark.parametrize("kind", ["REPORT.IPM.Note.NDR", "IPM.Note.Rules.OofTemplate.Microsoft"])
def test_bounces_and_absences_are_automatic(kind):
    assert row(message(kind=kind))["kind"] == "automatic"


def test_a_contact_is_refused():
    with pytest.raises(NotATableError, match="is an Outlook contact or diary entry"):
        read(message(kind="IPM.Contact"))


@pytest.mark.parametrize("length", [520, 600, 1_100, 2_000, 4_000, 6_000])
def test_a_message_cut_short_is_damaged(length):
    with pytest.raises(ReadError, match=r"^bill\.msg is a"):
        read(message(files=0)[:length])


def test_a_message_without_its_properties_is_damaged():
    name = "__properties_version1.0".encode("utf-16-le")
    other = "__properties_version9.9".encode("utf-16-le")
    whole = message(files=1)
    at = whole.index(name)
    with pytest.raises(DamagedFileError, match="is a damaged Outlook message; save it from"):
        read(whole[:at] + other + whole[at + len(name) :])


def test_streams_that_claim_more_than_the_file_holds_are_refused():
    whole = bytearray(message(files=1))
    with OleFileIO(BytesIO(bytes(whole))) as container:
        longest = max(
            (entry for entry in container.direntries if entry and entry.entry_type == 2),
            key=lambda entry: entry.size,
        )
    size = struct.pack("<I", longest.size)
    at = whole.rindex(struct.pack("<I", longest.isectStart) + size)
    whole[at + 4 : at + 8] = struct.pack("<I", 2_000_000_000)
    with pytest.raises((DamagedFileError, FileTooLargeError)):
        read(bytes(whole))


@settings(max_examples=200)
@given(st.integers(0, 20_000), st.binary(min_size=1, max_size=64))
def test_any_damage_gives_a_table_or_one_sentence(at, junk):
    whole = message()
    at %= len(whole)
    with contextlib.suppress(ReadError):
        read(whole[:at] + junk + whole[at + len(junk) :])
