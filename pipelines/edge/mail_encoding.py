"""Decode the parts and headers of e-mails, whatever they say of themselves."""

import binascii
import codecs
import re
from email.errors import HeaderParseError
from email.header import decode_header
from functools import lru_cache

LONGEST_HEADER = 20_000  # characters of one header that are read

_MISSING_PADDING = re.compile(rb"[^A-Za-z0-9+/]+")
_HIGH = re.compile(rb"[\x80-\xff]")
# Only text, and of it what mail is written in: Python also has codecs for bytes, hosts and escapes.
_MAIL_CODECS = re.compile(
    r"(?:ascii|utf|iso|cp\d|windows|koi8|gb|big5|euc|shift|mac-|tis|hz|johab|latin|ptcp|kz1048)"
)
# What senders call by the smaller set's name is nearly always the larger one.
_WIDER = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "big5": "cp950",
}
_SINGLE_BYTE = re.compile(r"cp(?:125\d|874|437|850|858)\Z|iso8859|koi8|mac-")


def decoded_text(data: bytes, charset: str) -> tuple[str, bool]:
    """Return `data` as text, and whether `charset` was unknown or wrong.

    Bytes that are UTF-8 with some letters outside ASCII are UTF-8, since no other encoding makes
    them by chance; then `charset` is believed, and what it cannot read is Windows-1252.
    """
    if data.isascii() and not _escapes(charset):
        return data.decode("ascii").replace("\0", ""), False
    codec = _codec(charset)
    if codec is None or _SINGLE_BYTE.match(codec) or codec == "utf-8":
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            pass
        else:
            return _sound(text), codec not in {"utf-8", None} or (codec is None and bool(charset))
    try:
        return _sound(data.decode(codec or "cp1252")), codec is None
    except (UnicodeError, LookupError):
        fallback = (
            codec if codec and not _SINGLE_BYTE.match(codec) and codec != "utf-8" else "cp1252"
        )
        return _sound(data.decode(fallback, errors="replace")), True


def decoded_bytes(data: bytes, encoding: bytes) -> bytes:
    """Return what a part holds: `data` freed of its transfer encoding, however damaged."""
    kind = encoding.strip().lower()
    if kind == b"quoted-printable":
        return binascii.a2b_qp(data)
    if kind == b"base64":
        try:
            return binascii.a2b_base64(data)
        except binascii.Error:
            letters = _MISSING_PADDING.sub(b"", data)
            if len(letters) % 4 == 1:
                letters = letters[:-1]
            return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))
    return data


def decoded_header(raw: bytes) -> str:
    """Return a header's value as one line of text."""
    if b"\n" in raw or b"\t" in raw:
        raw = b" ".join(raw.split())
    text, _ = decoded_text(raw[:LONGEST_HEADER].strip(), "utf-8")
    if "=?" not in text:
        return text
    try:
        chunks = decode_header(text)
    except (HeaderParseError, ValueError, LookupError):
        return text
    words = []
    for chunk, charset in chunks:
        if isinstance(chunk, str):
            words.append(chunk)
        elif charset is None:
            # The library writes what stood between the encoded words this way.
            words.append(chunk.decode("raw-unicode-escape", errors="replace"))
        else:
            words.append(decoded_text(chunk, charset)[0])
    return " ".join(_sound("".join(words)).split())


@lru_cache(maxsize=256)
def _codec(charset: str) -> str | None:
    """Return Python's name of `charset`, or of the larger set it is usually meant to be."""
    name = charset.strip().strip("\"'").lower()
    try:
        codec = codecs.lookup(name).name
    except (LookupError, ValueError, UnicodeError):
        return None
    codec = _WIDER.get(codec, codec)
    return codec if _MAIL_CODECS.match(codec) else None


@lru_cache(maxsize=256)
def _escapes(charset: str) -> bool:
    """Return whether `charset` writes other letters by ASCII bytes."""
    return _codec(charset) in {"utf-7", "hz"} or charset.lower().startswith(
        ("iso-2022", "utf-16", "utf-32")
    )


def _sound(text: str) -> str:
    """Return `text` without NULs, and with halves of surrogate pairs replaced."""
    text = text.replace("\0", "")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
