"""Read e-mails, one or a mailbox of them, as rows of the enquiries contract."""

import re
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from insight.mail_threads import thread_ids
from pipelines.edge.mail_message import AUTOMATIC, PERSON, Mail, mail_from, stored_id
from pipelines.edge.mail_parts import read_body, split_headers
from pipelines.edge.raw_table import (
    TEXT,
    FileContent,
    FileTooLargeError,
    NotATableError,
    RawTable,
    raw_table,
)

HEADINGS = (
    "enquiry_id",
    "received_at",
    "subject",
    "text",
    "sender",
    "thread_id",
    "attachments",
    "channel",
    "kind",
)

NAMED_MAIL = (".eml", ".mbox")
_LOOKED_AT = 65_536  # bytes by which a file is known to be mail
_MARK = b"\xef\xbb\xbf"
_FIELD = re.compile(rb"([!-9;-~]{1,80})[ \t]*:")
_OF_MAIL = frozenset(
    b"from to date sent subject received message-id mime-version return-path delivered-to"
    b" content-type reply-to cc in-reply-to references x-received".split()
)
_SURE = frozenset(b"from date received message-id return-path delivered-to mime-version".split())
_FROM = b"From "
_DATED = re.compile(rb"From [^\n]{0,300}?\b\d{1,2}:\d{2}")


def is_mail(data: bytes) -> bool:
    """Return whether `data` is an e-mail or a mailbox of them, by how it begins."""
    start = _start(data)
    head = data[start : start + _LOOKED_AT]
    if head.startswith(_FROM) and _separates(data, start):
        return True
    names = set()
    for number, line in enumerate(head.splitlines()):
        if not line.strip():
            break
        if line[:1] in b" \t":
            if not number:
                return False
            continue
        match = _FIELD.match(line)
        if match is None:
            # The last line that is looked at may be cut off.
            if len(head) == _LOOKED_AT and head.endswith(line):
                break
            return False
        names.add(match[1].lower())
    return len(names & _OF_MAIL) >= 2 and bool(names & _SURE)


def read_mail(content: FileContent, max_bytes: int) -> RawTable:
    """Return one row for each e-mail of an .eml or .mbox file.

    Parameters
    ----------
    content
        The file.
    max_bytes
        Largest size to read, in bytes.

    Returns
    -------
    RawTable
        Under `HEADINGS`, numbered from 1. ``text`` is what the sender wrote anew, or the subject
        where that is all; ``attachments`` counts files, which are not opened; ``kind`` is
        ``automatic`` for bounces, receipts and automatic answers, else ``person``.

    Raises
    ------
    ReadError
        If the file is too large, or holds no e-mail.
    """
    if len(content.data) > max_bytes:
        raise FileTooLargeError(content.name, "is too large; split it into smaller files.")
    mails = []
    for start, end, stuffed in _messages(content.data):
        headers, begins = split_headers(content.data, start, end)
        body = read_body(content.data, headers, begins, end, stuffed=stuffed)
        mails.append(mail_from(headers, body))
    if not mails:
        raise no_mail(content.name)
    return mail_table(content, mails)


def no_mail(name: str) -> NotATableError:
    """Return what is wrong with a file that should hold e-mails and doesn't."""
    return NotATableError(name, "holds no e-mails; export it again as .eml, .mbox or .msg.")


def usual_rows(headings: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return which rows are taken unless a mapping says otherwise: of e-mails, people's."""
    return {"kind": (PERSON,)} if tuple(headings) == HEADINGS else {}


def mail_table(content: FileContent, mails: Sequence[Mail]) -> RawTable:
    """Return the rows of `mails`, with notes on what was odd about them."""
    ids, clashes = _ids(mails)
    columns = {
        "enquiry_id": ids,
        "received_at": [mail.received_at for mail in mails],
        "subject": [mail.subject for mail in mails],
        "text": [mail.text for mail in mails],
        "sender": [mail.sender for mail in mails],
        "thread_id": thread_ids([mail.links for mail in mails]),
        "attachments": [str(mail.attachments) for mail in mails],
        "channel": ["email"] * len(mails),
        "kind": [mail.kind for mail in mails],
    }
    series = [pd.Series([v or None for v in columns[name]], dtype=TEXT) for name in HEADINGS]
    numbers = np.arange(1, len(mails) + 1, dtype=np.int64)
    return raw_table(content, HEADINGS, series, numbers, notes=_notes(mails, clashes))


def _ids(mails: Sequence[Mail]) -> tuple[list[str], int]:
    """Return each e-mail's key; copies share theirs, but not two that say different things."""
    said: dict[str, str] = {}
    ids = []
    clashes = 0
    for mail in mails:
        key, content = stored_id(mail), mail.content_key
        if said.setdefault(key, content) != content:
            clashes += 1
            key = content
        ids.append(key)
    return ids, clashes


def _notes(mails: Sequence[Mail], clashes: int) -> list[str]:
    counts = {
        "Automatic messages (bounces, receipts, out-of-office answers)": sum(
            mail.kind == AUTOMATIC for mail in mails
        ),
        "Messages not in the encoding they name (look at letters with accents)": sum(
            mail.odd_encoding for mail in mails
        ),
        "Messages with more parts than are read (look at them in the mailbox)": sum(
            mail.cut_short for mail in mails
        ),
        "Messages with the Message-ID of another, which got one of their own": clashes,
    }
    return [f"{what}: {count}." for what, count in counts.items() if count]


def _start(data: bytes) -> int:
    start = len(_MARK) if data.startswith(_MARK) else 0
    while start < len(data) and data[start] in b"\r\n":
        start += 1
    return start


def _messages(data: bytes) -> Iterator[tuple[int, int, bool]]:
    """Give where each e-mail lies, and whether it is out of an mbox."""
    start = _start(data)
    if not (data.startswith(_FROM, start) and _separates(data, start)):
        yield start, len(data), False
        return
    while True:
        begins = _line_end(data, start)
        following = begins
        while True:
            following = data.find(b"\n" + _FROM, max(following - 1, 0)) + 1
            if not following or _separates(data, following):
                break
            following += len(_FROM)
        end = following or len(data)
        yield begins, end, True
        if not following:
            return
        start = following


def _separates(data: bytes, at: int) -> bool:
    """Return whether a line "From ..." begins an e-mail rather than somebody's sentence."""
    following = _line_end(data, at)
    if following - at > 1_000:
        return False
    headed = _FIELD.match(data, following) or data.startswith(b">From ", following)
    if not headed:
        return False
    if _DATED.match(data, at):
        return True
    return at == 0 or data.endswith((b"\n\n", b"\n\r\n"), max(at - 3, 0), at)


def _line_end(data: bytes, at: int) -> int:
    found = data.find(b"\n", at)
    return len(data) if found < 0 else found + 1
