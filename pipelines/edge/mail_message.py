"""What one e-mail says of itself: who wrote it, when, about what, and whether a person did."""

import binascii
import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_tz

from insight.mail_text import words_of
from insight.mail_threads import MailLinks, plain_subject
from pipelines.edge.mail_encoding import decoded_header
from pipelines.edge.mail_parts import Body, Headers, content_type

PERSON, AUTOMATIC = "person", "automatic"

_EARLIEST_YEAR = 1990  # of a date that is believed
_LONGEST_ID = 100  # characters that the enquiries contract allows
_LONGEST_ADDRESS = 300
_MOST_REFERENCES = 100
_MONTH_NAMES = b"jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES, start=1)}
_DATE = re.compile(
    rb"(?:\s*[A-Za-z]{3},)?\s*(\d{1,2})\s+([A-Za-z]{3})\s+(\d{4})\s+(\d{1,2}):(\d{2})(?::(\d{2}))?"
    rb"\s*(?:([+-])(\d{2})(\d{2})|(GMT|UTC?|Z)\b)?"
)
_ID = re.compile(rb"<([^<>\s]{1,1000})>")
_ADDRESS = re.compile(
    r"<\s*([^<>\s@]{1,200}@[^<>\s@]{1,200})\s*>|([^<>\s@,;:\"']{1,200}@[^<>\s@,;:\"']{1,200})"
)
_NOBODY = re.compile(r"(?:no|do[-_.]?not|dont)[-_.]?reply|web-?forms?@|forms@", re.IGNORECASE)
_MACHINE = re.compile(r"(?:mailer-daemon|postmaster|microsoftexchange[0-9a-f]{8,})", re.IGNORECASE)
_AWAY = re.compile(
    r"(?:automatic reply|auto[- ]?reply|autoreply|auto[- ]?response|out of (?:the )?office"
    r"|away from (?:the )?office|ymateb awtomatig|allan o'r swyddfa|réponse automatique"
    r"|automatische antwort|abwesenheit\w*|undeliver(?:able|ed)|delivery status notification"
    r"|mail delivery (?:failed|subsystem)|returned mail|delivery (?:failure|delayed)"
    r"|(?:not )?read:|read receipt|recall:)",
    re.IGNORECASE,
)
_REPORT_CLASS = re.compile(r"report\.|ipm\.(?:note\.rules\.oof|recall|outlook\.recall)", re.I)


@dataclass(slots=True)
class Mail:
    """One e-mail, as the enquiries contract has it, and what tells its conversation.

    `received_at` is ISO 8601, blank where no date can be believed; `message_id` is blank where
    there is none; `kind` is ``person`` or ``automatic``.
    """

    message_id: str
    received_at: str
    subject: str
    text: str
    sender: str
    attachments: int
    kind: str
    links: MailLinks
    odd_encoding: bool = False
    cut_short: bool = False

    @property
    def content_key(self) -> str:
        """A hash of what it says, the same for every copy of it."""
        parts = (self.received_at, self.sender, self.subject, self.text)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def mail_from(
    headers: Headers, body: Body, *, conversation: str = "", message_class: str = ""
) -> Mail:
    """Return the e-mail that `headers` and `body` make.

    Parameters
    ----------
    headers
        The first of each name, as it is written.
    body
        Its words and the number of its attachments.
    conversation
        Outlook's index in hexadecimal digits, where it is known otherwise.
    message_class
        Outlook's name of the kind of item.
    """
    subject = decoded_header(headers.get(b"subject", b""))
    message_id = _first_id(headers.get(b"message-id", b""))
    sender = _sender(headers)
    words = words_of(body.text)
    if not any(letter.isalnum() for letter in words):
        # Some write all they have to say in the subject.
        words = plain_subject(subject)
    return Mail(
        message_id=message_id,
        received_at=_received_at(headers),
        subject=subject,
        text=words,
        sender=sender,
        attachments=body.attachments,
        kind=AUTOMATIC if _is_automatic(headers, sender, subject, message_class) else PERSON,
        links=MailLinks(
            message_id,
            _references(headers),
            conversation or _conversation(headers.get(b"thread-index", b"")),
            subject,
        ),
        odd_encoding=body.wrongly_encoded,
        cut_short=body.cut_short,
    )


def stored_id(mail: Mail) -> str:
    """Return the Message-ID, or a hash where it is missing, too long or gives its sender away."""
    if not mail.message_id:
        return mail.content_key
    person = mail.sender.partition("@")[0]
    telling = len(person) > 3 and person in mail.message_id.lower()
    if telling or len(mail.message_id) > _LONGEST_ID:
        return hashlib.sha256(mail.message_id.encode()).hexdigest()[:32]
    return mail.message_id


def iso_time(raw: bytes) -> str:
    """Return a header's date as ISO 8601 with its offset, blank where it is none."""
    match = _DATE.match(raw)
    if match is not None and (month := _MONTHS.get(match[2].lower())):
        day, year, hour, minute = int(match[1]), int(match[3]), int(match[4]), int(match[5])
        second = min(int(match[6] or 0), 59)  # a leap second is no time elsewhere
        offset: int | None = 0 if match[10] else None
        if match[7]:
            offset = (int(match[8]) * 60 + int(match[9])) * (-1 if match[7] == b"-" else 1)
        elif not match[10] and raw[match.end() :].strip():
            return _iso_otherwise(raw)
        return _iso(year, month, day, hour, minute, second, offset)
    return _iso_otherwise(raw)


def _iso_otherwise(raw: bytes) -> str:
    try:
        parsed = parsedate_tz(decoded_header(raw[:200]))
    except (ValueError, IndexError, TypeError, OverflowError):
        return ""
    if parsed is None:
        return ""
    offset = None if parsed[9] is None else int(parsed[9] / 60)
    return _iso(*parsed[:5], min(parsed[5], 59), offset)


def _iso(
    year: int, month: int, day: int, hour: int, minute: int, second: int, offset: int | None
) -> str:
    if year < _EARLIEST_YEAR:
        return ""
    try:
        zone = None if offset is None else timezone(timedelta(minutes=offset))
        return datetime(year, month, day, hour, minute, second, tzinfo=zone).isoformat()
    except (ValueError, OverflowError):
        return ""


def _received_at(headers: Headers) -> str:
    for name in (b"date", b"sent"):
        if (raw := headers.get(name)) and (time := iso_time(raw)):
            return time
    # The topmost was written last, by the council's own server.
    received = headers.get(b"received", b"")
    return iso_time(b" ".join(received.rpartition(b";")[2].split()))


def _first_id(raw: bytes) -> str:
    match = _ID.search(raw)
    value = match[1] if match else b"".join(raw.split())[:1000].strip(b"<>")
    return value.decode("ascii", errors="backslashreplace").replace("\0", "")


def _references(headers: Headers) -> tuple[str, ...]:
    found: list[str] = []
    for name in (b"references", b"in-reply-to"):
        raw = headers.get(name, b"")
        found.extend(_first_id(match[0]) for match in _ID.finditer(raw[:20_000]))
    return tuple(found[:_MOST_REFERENCES])


def _conversation(raw: bytes) -> str:
    """Return Outlook's Thread-Index header as hexadecimal digits."""
    try:
        return binascii.a2b_base64(b"".join(raw.split())[:4_000]).hex()
    except binascii.Error:
        return ""


def _sender(headers: Headers) -> str:
    sender = _address(headers.get(b"from", b"")) or _address(headers.get(b"sender", b""))
    if not sender or _NOBODY.search(sender):
        # A form on a web site answers to whoever filled it in.
        return _address(headers.get(b"reply-to", b"")) or sender
    return sender


def _address(raw: bytes) -> str:
    if not raw:
        return ""
    text = decoded_header(raw)
    in_brackets = _ADDRESS.search(text, max(text.rfind("<"), 0)) or _ADDRESS.search(text)
    if in_brackets is None:
        return text[:_LONGEST_ADDRESS] if text and " " not in text else ""
    return (in_brackets[1] or in_brackets[2]).lower()[:_LONGEST_ADDRESS]


def _is_automatic(headers: Headers, sender: str, subject: str, message_class: str) -> bool:
    kind, _ = content_type(headers)
    submitted = headers.get(b"auto-submitted", b"").strip().lower()
    if (
        kind == b"multipart/report"
        or submitted.startswith((b"auto-replied", b"auto-notified"))
        or b"x-failed-recipients" in headers
        or headers.get(b"precedence", b"").strip().lower() == b"auto_reply"
        or b"x-autoreply" in headers
        or b"x-autorespond" in headers
        or _REPORT_CLASS.match(message_class) is not None
        or _MACHINE.match(sender) is not None
    ):
        return True
    # A council's web form is "auto-generated" too, so that alone is not enough.
    generated = submitted.startswith(b"auto") or b"x-auto-response-suppress" in headers
    unanswerable = headers.get(b"return-path", b"-").strip() == b"<>"
    return (generated or unanswerable) and _AWAY.match(subject) is not None
