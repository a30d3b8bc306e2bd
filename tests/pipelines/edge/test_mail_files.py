"""E-mails become rows of the enquiries contract, whatever their form, and nothing stops them."""

import hashlib

import pandas as pd
import pytest

from pipelines.edge.files import read_rows
from pipelines.edge.mail_files import HEADINGS, is_mail, read_mail
from pipelines.edge.raw_table import FileContent

HEAD = (
    b"From: Jane Smith <Jane@Example.com>\nTo: ct@council.gov.uk\nSubject: Council tax\n"
    b"Date: Mon, 2 Mar 2026 10:01:00 +0000\nMessage-ID: <m1@mail.example>\n"
)
SEPARATOR = b"From jane@example.com Mon Mar  2 10:01:00 2026\n"


def table(data):
    return read_mail(FileContent("post.mbox", data, hashlib.sha256(data).hexdigest()), 10**9)


def row(data):
    frame = table(data).frame
    assert len(frame) == 1
    return frame.iloc[0]


def multipart(kind, *parts, boundary=b"edge"):
    inside = b"".join(b"--" + boundary + b"\n" + part + b"\n" for part in parts)
    head = b"Content-Type: multipart/" + kind + b'; boundary="' + boundary + b'"\n\n'
    return head + inside + b"--" + boundary + b"--\n"


PLAIN = b"Content-Type: text/plain; charset=utf-8\n\nMy bill is wrong.\n"
HTML = b"Content-Type: text/html; charset=utf-8\n\n<p>My <b>bill</b> is wrong.</p>\n"
FILE = (
    b"Content-Type: application/pdf\nContent-Disposition: attachment; "
    b'filename="../../etc/passwd"\nContent-Transfer-Encoding: base64\n\n!!!! not base64\n'
)


def test_one_message_is_one_row_of_the_contract():
    mail = row(HEAD + PLAIN)
    assert list(mail.index) == list(HEADINGS)
    assert mail.drop("thread_id").to_dict() == {
        "enquiry_id": "m1@mail.example",
        "received_at": "2026-03-02T10:01:00+00:00",
        "subject": "Council tax",
        "text": "My bill is wrong.",
        "sender": "jane@example.com",
        "attachments": "0",
        "channel": "email",
        "kind": "person",
    }


@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
def test_a_mailbox_is_a_row_a_message(newline):
    second = HEAD.replace(b"m1@", b"m2@") + b"\nI wait.\n\n>From Mill Lane to here.\n>>From x\n"
    data = SEPARATOR + HEAD + PLAIN + b"\n" + SEPARATOR + second
    read = table(data.replace(b"\n", newline))
    assert read.row_numbers.tolist() == [1, 2]
    assert read.frame["text"].tolist() == [
        "My bill is wrong.",
        "I wait.\n\nFrom Mill Lane to here.",
    ]


def test_a_sentence_that_begins_with_from_does_not_end_its_message():
    text = b"\nI moved.\n\nFrom March 2026 I live here.\nFrom 10:30 nobody came.\n"
    read = table(SEPARATOR + HEAD + text + b"\n" + SEPARATOR + HEAD + PLAIN)
    assert len(read.frame) == 2
    assert "nobody came" in read.frame["text"][0]


@pytest.mark.parametrize(
    ("part", "text"),
    [
        (
            b"Content-Type: text/plain; charset=windows-1252\n\n\xa3120 \x96 why?",
            "£120 \u2013 why?",
        ),
        (b"Content-Type: text/plain; charset=iso-8859-1\n\n\x93no\x94", "“no”"),
        (b"Content-Type: text/plain; charset=utf-8\n\n\xa3120", "£120"),
        (b"Content-Type: text/plain; charset=windows-1252\n\n\xc2\xa3120", "£120"),
        (b"Content-Type: text/plain; charset=us-ascii\n\n\xc2\xa3120", "£120"),
        (b"Content-Type: text/plain; charset=gb2312\n\n" + "垃圾".encode("gb18030"), "垃圾"),
        (b"Content-Type: text/plain; charset=x-no-such\n\nCaf\xe9", "Café"),
        (b"Content-Type: text/plain; charset=zlib\n\nCaf\xe9", "Café"),
        (b"Content-Type: text/plain; charset=iso-2022-jp\n\n\x1b$B8x1`\x1b(B", "公園"),
        (b"Content-Transfer-Encoding: quoted-printable\n\n=C2=A3120 is=\n wrong", "£120 is wrong"),
        (b"Content-Transfer-Encoding: base64\n\nwqMxMjA=", "£120"),
        (b"Content-Transfer-Encoding: BASE64\n\nwqMxMjA", "£120"),
        (b"\nA\0 NUL", "A NUL"),
        (b"Content-Type: text/plain; format=flowed\n\nOne line \ngoes on.\n\n From x", None),
    ],
)
def test_words_are_read_in_the_encoding_they_are_in(part, text):
    assert row(HEAD + part)["text"] == (text or "One line goes on.\n\nFrom x")


def test_encodings_that_are_not_what_they_say_are_noted():
    data = HEAD + b"Content-Type: text/plain; charset=x-no-such\n\nCaf\xe9"
    assert "Messages not in the encoding they name" in " ".join(table(data).notes)


@pytest.mark.parametrize(
    ("raw", "subject"),
    [
        (b"=?utf-8?q?Treth_y_Cyngor_=C5=B4?=", "Treth y Cyngor Ŵ"),
        (b"=?utf-8?b?wqMxMjA=?=\n =?utf-8?q?_late?=", "£120 late"),
        (b"=?x-none?q?Caf=E9?= bill", "Café bill"),
        (b"=?utf-8?b?!!!?= x", None),
        (b"Caf\xe9", "Café"),
        (b"Caf\xc3\xa9", "Café"),
        (b"two\n lines", "two lines"),
        (b"=?utf-16?b?ANg=?=", None),
    ],
)
def test_headers_are_decoded_and_never_in_the_way(raw, subject):
    read = row(HEAD.replace(b"Council tax", raw) + PLAIN)
    assert subject is None or read["subject"] == subject


@pytest.mark.parametrize(
    ("parts", "text", "attachments"),
    [
        (multipart(b"alternative", PLAIN, HTML), "My bill is wrong.", "0"),
        (multipart(b"alternative", b"\n\n", HTML), "My bill is wrong.", "0"),
        (HTML, "My bill is wrong.", "0"),
        (multipart(b"mixed", PLAIN, FILE, FILE), "My bill is wrong.", "2"),
        (multipart(b"mixed", FILE, b"\nAbove.", FILE, b"\nBelow."), "Above.\nBelow.", "2"),
        (
            multipart(b"mixed", multipart(b"alternative", PLAIN, HTML, boundary=b"edge2"), FILE),
            "My bill is wrong.",
            "1",
        ),
        (
            multipart(b"related", HTML, b"Content-Type: image/png\nContent-ID: <logo>\n\nx"),
            "My bill is wrong.",
            "0",
        ),
        (
            multipart(b"mixed", PLAIN, b"Content-Type: message/rfc822\n\n" + HEAD + b"\nsecret"),
            "My bill is wrong.",
            "1",
        ),
        (
            multipart(b"mixed", PLAIN, b"Content-Type: application/ms-tnef; name=winmail.dat\n\nx"),
            "My bill is wrong.",
            "1",
        ),
        (multipart(b"mixed", PLAIN, FILE)[:-9], "My bill is wrong.", "1"),
        (b"Content-Type: multipart/mixed\n\nNo boundary.", "No boundary.", "0"),
        (FILE, "Council tax", "1"),
    ],
)
def test_words_are_found_and_files_are_counted_in_any_structure(parts, text, attachments):
    read = row(HEAD + parts)
    assert (read["text"], read["attachments"]) == (text, attachments)


@pytest.mark.parametrize(
    ("date", "received_at"),
    [
        (b"Date: Mon, 2 Mar 2026 10:01:00 +0100 (CET)\n", "2026-03-02T10:01:00+01:00"),
        (b"Date: 2 Mar 26 10:01 GMT\n", "2026-03-02T10:01:00+00:00"),
        (b"Date: Mon, 2 Mar 2026 10:01:60 -0000\n", "2026-03-02T10:01:59+00:00"),
        (b"Date: Mon, 2 Mar 2026 10:01:00\n", "2026-03-02T10:01:00"),
        (b"Date: soon\n", "2026-03-02T11:00:00+00:00"),
        (b"Date: Thu, 1 Jan 1970 00:00:00 +0000\n", "2026-03-02T11:00:00+00:00"),
        (b"Date: Mon, 99 Mar 2026 10:01:00 +0000\n", "2026-03-02T11:00:00+00:00"),
        (b"Date: Mon, 2 Mar 2026 10:01:00 +9999\n", "2026-03-02T11:00:00+00:00"),
        (b"", "2026-03-02T11:00:00+00:00"),
    ],
)
def test_a_date_that_cannot_be_believed_gives_way_to_the_servers(date, received_at):
    head = b"Received: from a by b;\n\tMon, 2 Mar 2026 11:00:00 +0000\nReceived: old\n" + HEAD
    head = head.replace(b"Date: Mon, 2 Mar 2026 10:01:00 +0000\n", date)
    assert row(head + PLAIN)["received_at"] == received_at


def test_without_any_date_the_cell_is_blank_for_the_contract_to_refuse():
    assert pd.isna(row(HEAD.replace(b"Date: Mon, 2", b"X-Date: 2") + PLAIN)["received_at"])


def test_an_id_is_made_where_there_is_none_and_kept_apart_where_it_is_used_twice():
    without = HEAD.replace(b"Message-ID: <m1@mail.example>\n", b"")
    other = HEAD + b"\nSomething else.\n"
    data = b"\n".join(SEPARATOR + m for m in (without + PLAIN, HEAD + PLAIN, HEAD + PLAIN, other))
    read = table(data)
    ids = read.frame["enquiry_id"].tolist()
    assert len(ids[0]) == 32
    assert ids[1] == ids[2] == "m1@mail.example"
    assert len(set(ids)) == 3
    assert read.notes == (
        "Messages with the Message-ID of another, which got one of their own: 1.",
    )
    assert table(data).frame["enquiry_id"].tolist() == ids


def test_an_id_that_names_its_sender_or_is_too_long_is_hashed():
    for long in (b"jane.1@x", b"a" * 101 + b"@x"):
        assert len(row(HEAD.replace(b"m1@mail.example", long) + PLAIN)["enquiry_id"]) == 32


def test_answers_share_their_thread():
    answer = HEAD.replace(b"m1@", b"m2@") + b"References: <m1@mail.example>\n"
    later = HEAD.replace(b"m1@", b"m3@") + b"In-Reply-To: <m2@mail.example>\n"
    other = HEAD.replace(b"m1@", b"m4@")
    data = b"\n".join(SEPARATOR + m + PLAIN for m in (HEAD, answer, later, other))
    first, second, third, apart = table(data).frame["thread_id"]
    assert first == second == third != apart


@pytest.mark.parametrize(
    "extra",
    [
        b"Auto-Submitted: auto-replied\n" + PLAIN,
        multipart(b"report; report-type=delivery-status", PLAIN),
        b"X-Failed-Recipients: a@b\n" + PLAIN,
    ],
)
def test_automatic_messages_are_marked_and_counted(extra):
    read = table(HEAD + extra)
    assert read.frame["kind"].tolist() == ["automatic"]
    assert read.notes[0].startswith("Automatic messages")
    assert read.notes[0].endswith(": 1.")


def test_a_web_forms_message_is_its_residents():
    head = HEAD.replace(b"Jane@Example.com", b"noreply@council.gov.uk")
    read = row(head + b"Auto-Submitted: auto-generated\nReply-To: Joe <joe@b.uk>\n" + PLAIN)
    assert (read["kind"], read["sender"]) == ("person", "joe@b.uk")


@pytest.mark.parametrize(
    "data",
    [
        b"Date,From\n2026,x\n",
        b"From,To\na,b\n",
        b"From: x,To: y\na,b\n",
        b"<html>From: a\nDate: b\n",
        b"Name: a\nAge: 3\n",
        b"From here\nto there\n",
        b"",
        b"{}",
        b"Subject\tDate\nx\ty\n",
    ],
)
def test_tables_are_not_taken_for_mail(data):
    assert not is_mail(data)


def test_mail_is_known_by_its_content(tmp_path):
    path = tmp_path / "export.csv"
    for data in (HEAD + PLAIN, b"\xef\xbb\xbf" + HEAD + PLAIN, SEPARATOR + HEAD + PLAIN):
        path.write_bytes(data)
        assert read_rows(path).frame["text"].tolist() == ["My bill is wrong."]
