"""No e-mail, however made, stops the reading of others, hangs it or loses what it says."""

import base64
import contextlib
import time
from email.message import EmailMessage
from email.utils import format_datetime

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.edge.files import rows_in
from pipelines.edge.mail_files import read_mail
from pipelines.edge.raw_table import FileContent, ReadError

HEAD = (
    b"From: Jane Smith <Jane@Example.com>\nTo: ct@council.gov.uk\nSubject: Council tax\n"
    b"Date: Mon, 2 Mar 2026 10:01:00 +0000\nMessage-ID: <m1@mail.example>\n"
)
SEPARATOR = b"From jane@example.com Mon Mar  2 10:01:00 2026\n"


def table(data):
    return read_mail(FileContent("post.mbox", data, "0"), 10**9)


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


def nested(depth):
    inner = b"Content-Type: text/plain\n\ndeep\n"
    for level in range(depth):
        mark = b"b%d" % level
        inner = (
            b'Content-Type: multipart/mixed; boundary="' + mark + b'"\n\n--' + mark + b"\n" + inner
        )
    return HEAD + inner


@pytest.mark.parametrize(
    "bomb",
    [
        lambda: nested(3_000),
        lambda: HEAD + multipart(b"mixed", *[b"\nx"] * 100_000),
        lambda: HEAD + multipart(b"mixed", *[FILE] * 50_000),
        lambda: HEAD + b"X: " + b"a" * 50_000_000 + b"\n\nbody",
        lambda: HEAD + b"Subject: " + b"=?utf-8?q?" * 100_000 + b"\n\nbody",
        lambda: HEAD + b"References: " + b"<a@b> " * 1_000_000 + b"\n\nbody",
        lambda: HEAD + b"Content-Type: text/html\n\n" + b"<div " * 200_000,
        lambda: HEAD + b"Content-Type: text/html\n\n" + b"<blockquote>" * 200_000 + b"x",
        lambda: HEAD + b"Content-Type: text/html\n\n" + b"<!--" * 200_000 + b"&#x" * 200_000,
        lambda: HEAD + b"Content-Type: multipart/mixed; boundary=a\n\n" + b"--a" * 1_000_000,
        lambda: HEAD + b"Content-Type: multipart/mixed; boundary=a\n\n" + b"--ab\n" * 500_000,
        lambda: SEPARATOR + HEAD + b"\n" + b"From x\n" * 300_000,
        lambda: (SEPARATOR + HEAD + b"\nx\n\n") * 10_000,
        lambda: b"From: a\nDate: b\n" + b"\xff\x00" * 1_000_000,
        lambda: HEAD + b"Content-Transfer-Encoding: base64\n\n" + b"=" * 5_000_000,
        lambda: HEAD + b"Content-Type: text/plain" + b'; a="' * 100_000 + b"\n\nbody",
    ],
)
def test_a_message_made_to_hang_a_reader_is_read_or_refused_in_seconds(bomb):
    data = bomb()
    started = time.process_time()
    with contextlib.suppress(ReadError):
        table(data)
    assert time.process_time() - started < 8


@settings(max_examples=300)
@given(st.binary(max_size=400), st.sampled_from([b"", b"\n", b"\n\n", PLAIN, HTML, FILE[:60]]))
def test_any_bytes_after_a_header_give_a_table_or_one_sentence(junk, middle):
    for start in (HEAD, SEPARATOR + HEAD):
        data = start + middle + junk
        try:
            read = rows_in(FileContent("a.eml", data, "0"))
        except ReadError as error:
            assert str(error).startswith("a.eml ")  # noqa: PT017
        else:
            "".join(read.frame.fillna("").to_numpy().ravel()).encode("utf-8")


WORDS = st.text(st.characters(codec="utf-8", categories=("L", "N")), min_size=1, max_size=40)


@given(
    words=WORDS,
    subject=WORDS,
    moment=st.datetimes(
        min_value=pd.Timestamp("1995-01-01").to_pydatetime(),
        max_value=pd.Timestamp("2030-01-01").to_pydatetime(),
        timezones=st.timezones(),
    ),
    files=st.lists(st.binary(max_size=50), max_size=4),
    charset=st.sampled_from(["utf-8", "gb18030"]),
    encoding=st.sampled_from(["base64", "quoted-printable"]),
    html=st.booleans(),
)
def test_what_a_library_writes_is_read_back(words, subject, moment, files, charset, encoding, html):
    mail = EmailMessage()
    mail["From"] = "Jane <jane@example.com>"
    mail["Subject"] = subject
    mail["Date"] = format_datetime(moment)
    mail["Message-ID"] = "<x@y>"
    mail.set_content(words, charset=charset, cte=encoding)
    if html:
        mail.add_alternative(f"<p>{words}</p>", subtype="html")
    for number, data in enumerate(files):
        mail.add_attachment(data, maintype="a", subtype="b", filename=f"{number}.bin")
    read = row(mail.as_bytes())
    assert read["text"] == words
    assert read["subject"] == subject
    assert read["attachments"] == str(len(files))
    assert pd.Timestamp(read["received_at"]) == pd.Timestamp(moment).floor("s")


def test_attachments_are_never_decoded():
    huge = base64.b64encode(bytes(20_000_000))
    part = FILE.replace(b"!!!! not base64", huge)
    started = time.process_time()
    assert row(HEAD + multipart(b"mixed", PLAIN, part))["attachments"] == "1"
    assert time.process_time() - started < 1
