"""E-mails as a mailbox holds them: what a resident wrote, and all that mail programs add to it."""

import base64
import binascii
import html
from email.header import Header
from email.utils import format_datetime
from typing import NamedTuple
from zlib import crc32
from zoneinfo import ZoneInfo

import pandas as pd


class Mail(NamedTuple):
    """What `mbox` and `eml` need of each e-mail, all of it text.

    `text` holds the resident's own words; `replies_to` and `quoted` are the e-mail answered and
    what it said, blank for none.
    """

    enquiry_id: str
    received_at: str
    subject: str
    text: str
    sender: str
    name: str
    kind: str
    attachments: str
    replies_to: str
    quoted: str


COLUMNS = list(Mail._fields)

LONDON = ZoneInfo("Europe/London")
COUNCIL = "Council Tax <council.tax@tessenby.example>"

DISCLAIMER = (
    "This e-mail and any attachments are confidential and intended solely for the use of the "
    "individual to whom they are addressed. If you have received this e-mail in error please "
    "notify the sender and delete it."
)
FILES = {
    "letter.pdf": b"%PDF-1.4 an invented letter\n%%EOF\n",
    "photo.jpg": b"\xff\xd8\xff\xe0 an invented photograph",
    "form.docx": b"PK\x03\x04 an invented form",
}
_BOUNDARY = "=_invented_"


def mbox(mails: pd.DataFrame) -> bytes:
    """Return e-mails, one a row under `COLUMNS`, as one mailbox file."""
    parts = []
    for row in _rows(mails):
        moment = _moment(row.received_at)
        stamp = f"{moment:%a %b %d %H:%M:%S %Y}" if moment else "Thu Jan  1 00:00:00 1970"
        message = _message(row)
        stuffed = b"\n".join(
            b">" + line if line.lstrip(b">").startswith(b"From ") else line
            for line in message.split(b"\n")
        )
        parts.append(f"From {row.sender} {stamp}\n".encode() + stuffed + b"\n\n")
    return b"".join(parts)


def eml(mails: pd.DataFrame) -> bytes:
    """Return the one e-mail in `mails` as a file of its own."""
    (row,) = _rows(mails)
    return _message(row).replace(b"\n", b"\r\n")


def _rows(mails: pd.DataFrame) -> list[Mail]:
    columns = [mails[name].tolist() for name in COLUMNS]
    return [Mail(*values) for values in zip(*columns, strict=True)]


def _moment(received_at: str) -> pd.Timestamp | None:
    try:
        return pd.Timestamp(received_at).tz_localize(LONDON)
    except ValueError:
        return None


def _message(row: Mail) -> bytes:
    number = crc32(str(row.enquiry_id).encode())
    moment = _moment(row.received_at)
    headers = [
        f"From: {_encoded(row.name)} <{row.sender}>",
        f"To: {COUNCIL}",
        f"Date: {format_datetime(moment.to_pydatetime()) if moment else row.received_at}",
        f"Message-ID: <{row.enquiry_id}>",
    ]
    if row.text:  # who writes nothing at all has no subject either
        headers.insert(2, f"Subject: {_encoded(row.subject)}")
    if row.replies_to:
        headers += [f"In-Reply-To: <{row.replies_to}>", f"References: <{row.replies_to}>"]
    if row.kind == "automatic":
        headers.append("Auto-Submitted: auto-replied")
    headers.append("MIME-Version: 1.0")
    body = _body(_dressed(row, number, moment), number)
    for file in range(int(row.attachments)):
        if not file:
            body = b"\n".join([_opened("mixed"), _boundary("mixed"), body])
        body += b"\n" + _boundary("mixed") + b"\n" + _attachment((number + file) % len(FILES))
    if int(row.attachments):
        body += b"\n" + _boundary("mixed", last=True)
    return "\n".join(headers).encode() + b"\n" + body + b"\n"


def _encoded(text: str) -> str:
    return text if text.isascii() else Header(text, "utf-8").encode()


def _dressed(row: Mail, number: int, moment: pd.Timestamp | None) -> str:
    """Return the words with what stands below them: device, signature, small print, reply."""
    text = row.text
    if not text:
        return ""
    device, signed, small_print = number % 11, number // 11 % 13, number // 143 % 9
    if device == 0:
        text += "\n\nSent from my iPhone"
    if small_print == 0:
        text += f"\n\n{DISCLAIMER}"
    if signed < 2:
        text += f"\n\n-- \n{row.name}\nOffice manager\nTessenby Widgets Ltd | 01632 960555"
    if not row.quoted:
        return text
    when = moment or pd.Timestamp("2026-01-01")
    if number // 7 % 2:
        lines = "\n".join(f"> {line}" for line in row.quoted.split("\n"))
        return f"{text}\n\nOn {when:%a, %d %b %Y} at {when:%H:%M}, {COUNCIL} wrote:\n\n{lines}"
    return (
        f"{text}\n\n________________________________\nFrom: {COUNCIL}\n"
        f"Sent: {when:%d %B %Y %H:%M}\nTo: {row.name} <{row.sender}>\n"
        f"Subject: {row.subject}\n\n{row.quoted}"
    )


def _body(text: str, number: int) -> bytes:
    """Return `text` as one of the forms in which mail programs send it."""
    form = number // 1001 % 10
    if form < 3:
        return _part("plain", "utf-8", "8bit", text)
    if form < 6:
        return _part("plain", "windows-1252", "quoted-printable", text)
    if form < 7:
        return _part("plain", "utf-8", "base64", text)
    page = _page(text)
    if form < 8:
        return _part("html", "utf-8", "quoted-printable", page)
    return b"\n".join(
        [
            _opened("alternative"),
            _boundary("alternative"),
            _part("plain", "utf-8", "quoted-printable", text),
            _boundary("alternative"),
            _part("html", "utf-8", "quoted-printable", page),
            _boundary("alternative", last=True),
        ]
    )


def _page(text: str) -> str:
    lines = "".join(f"<div>{html.escape(line) or '<br>'}</div>" for line in text.split("\n"))
    return (
        f"<html><head><style>div {{font-family: Arial}}</style></head><body>{lines}</body></html>"
    )


def _part(kind: str, charset: str, transfer: str, text: str) -> bytes:
    data = text.encode(charset, errors="replace")
    if transfer == "quoted-printable":
        data = binascii.b2a_qp(data, istext=True)
    elif transfer == "base64":
        data = base64.encodebytes(data)
    head = (
        f"Content-Type: text/{kind}; charset={charset}\nContent-Transfer-Encoding: {transfer}\n\n"
    )
    return head.encode() + data


def _opened(kind: str) -> bytes:
    return f'Content-Type: multipart/{kind}; boundary="{_BOUNDARY}{kind}"\n'.encode()


def _boundary(kind: str, *, last: bool = False) -> bytes:
    return f"--{_BOUNDARY}{kind}{'--' if last else ''}".encode()


def _attachment(number: int) -> bytes:
    name, data = list(FILES.items())[number]
    head = (
        f'Content-Type: application/octet-stream; name="{name}"\n'
        "Content-Transfer-Encoding: base64\n"
        f'Content-Disposition: attachment; filename="{name}"\n\n'
    )
    return head.encode() + base64.encodebytes(data)
