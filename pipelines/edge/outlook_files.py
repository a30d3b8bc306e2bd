"""Read an e-mail that Outlook saved as .msg."""

import re
from io import BytesIO

from olefile import OleFileIO
from oxmsg import Message
from oxmsg.attachment import Attachment
from oxmsg.domain import constants as names

from insight.mail_html import text_of_html
from pipelines.edge.mail_encoding import decoded_text
from pipelines.edge.mail_files import mail_table
from pipelines.edge.mail_message import Mail, mail_from
from pipelines.edge.mail_parts import Body, Headers, split_headers
from pipelines.edge.raw_table import (
    DamagedFileError,
    FileContent,
    FileTooLargeError,
    NotATableError,
    RawTable,
)

_MARK = "__properties_version1.0".encode("utf-16-le")  # as an Office container writes names
_MOST_STREAMS = 50_000
_NO_MAIL = re.compile(
    r"ipm\.(?:contact|distlist|appointment|task|stickynote|activity|configuration)", re.IGNORECASE
)

# Properties by the numbers Microsoft gives them (MS-OXPROPS).
_HEADERS = 0x007D
_CONVERSATION = 0x0071
_HIDDEN_ATTACHMENT = 0x7FFE
_SENDER_KIND = 0x0C1E
_SENDER_SMTP = 0x5D01
_DELIVERED = 0x0E06
_MESSAGE_ID, _REFERENCES, _IN_REPLY_TO = 0x1035, 0x1039, 0x1042


def is_outlook(data: bytes) -> bool:
    """Return whether an Office container (which `data` must be) holds an e-mail of Outlook."""
    return _MARK in data


def read_outlook(content: FileContent, max_bytes: int) -> RawTable:
    """Return the one row of a .msg file, as `read_mail` does.

    Raises
    ------
    ReadError
        If it is damaged, unpacks to over `max_bytes`, or is no e-mail.
    """
    try:
        _check_size(content, max_bytes)
        return mail_table(content, [_mail(content.name, Message.load(content.data))])
    except (DamagedFileError, FileTooLargeError, NotATableError):
        raise
    except (Exception, RecursionError) as error:
        # The readers beneath raise whatever a broken length or offset leads them to.
        raise DamagedFileError(
            content.name, "is a damaged Outlook message; save it from Outlook again."
        ) from error


def _check_size(content: FileContent, max_bytes: int) -> None:
    """Refuse streams that share their bytes, so that a small file would fill the memory."""
    with OleFileIO(BytesIO(content.data)) as container:
        streams = container.listdir(streams=True, storages=False)
        if len(streams) > _MOST_STREAMS:
            raise DamagedFileError(
                content.name, "has more parts than any Outlook message; save it again."
            )
        size = sum(container.get_size(stream) for stream in streams)
    if size > min(max_bytes, 4 * len(content.data) + 1_000_000):
        raise FileTooLargeError(content.name, "unpacks to more than is allowed; save it again.")


def _mail(name: str, message: Message) -> Mail:
    kind = message.message_class
    if _NO_MAIL.match(kind):
        raise NotATableError(name, "is an Outlook contact or diary entry, not an e-mail.")
    headers = _headers(message)
    conversation = (message.properties.binary_prop_value(_CONVERSATION) or b"").hex()
    return mail_from(headers, _body(message), conversation=conversation, message_class=kind)


def _headers(message: Message) -> Headers:
    """Return the headers it travelled with, completed by what Outlook keeps beside them."""
    raw = _text(message, _HEADERS).encode("utf-8").lstrip(b"\r\n")
    headers, _ = split_headers(raw, 0, len(raw))
    # Outlook rewrites the body, so what the headers say of its form no longer holds; that it
    # was a report does.
    if not headers.get(b"content-type", b"").lower().startswith(b"multipart/report"):
        headers.pop(b"content-type", None)
    for name, value in (
        (b"subject", message.subject),
        (b"from", _sender(message)),
        (b"message-id", _text(message, _MESSAGE_ID)),
        (b"references", _text(message, _REFERENCES)),
        (b"in-reply-to", _text(message, _IN_REPLY_TO)),
        (b"date", _date(message)),
    ):
        if value and not headers.get(name):
            headers[name] = value.encode("utf-8", errors="replace")
    return headers


def _sender(message: Message) -> str:
    properties = message.properties
    smtp = _text(message, _SENDER_SMTP)
    if not smtp and _text(message, _SENDER_KIND).upper() != "EX":
        smtp = properties.str_prop_value(names.PID_SENDER_EMAIL_ADDRESS) or ""
    return f"<{smtp}>" if "@" in smtp else ""


def _date(message: Message) -> str:
    properties = message.properties
    moment = properties.date_prop_value(_DELIVERED) or message.sent_date
    return "" if moment is None else moment.strftime("%d %b %Y %H:%M:%S +0000")


def _body(message: Message) -> Body:
    body = Body()
    text = message.body or ""
    if not text.strip():
        text, body.wrongly_encoded = _from_html(message)
    body.texts.append(text.replace("\r\n", "\n").replace("\0", ""))
    body.attachments = sum(not _is_hidden(attachment) for attachment in message.attachments)
    return body


def _is_hidden(attachment: Attachment) -> bool:
    """Return whether an attachment is a picture within the text, such as a logo."""
    return any(each.pid == _HIDDEN_ATTACHMENT and each.value for each in attachment.properties)


def _from_html(message: Message) -> tuple[str, bool]:
    raw = message.properties.binary_prop_value(names.PID_HTML)
    if raw:
        text, wrong = decoded_text(raw, message.properties.body_encoding)
        return text_of_html(text), wrong
    return text_of_html(_text(message, names.PID_BODY_HTML)), False


def _text(message: Message, number: int) -> str:
    return message.properties.str_prop_value(number) or ""
