"""Walk the parts of an e-mail: its words are read, its attachments counted and never opened."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from insight.mail_html import text_of_html
from pipelines.edge.mail_encoding import decoded_bytes, decoded_text

MOST_PARTS = 10_000  # parts of one message that are looked at
DEEPEST = 30  # multiparts in multiparts
LONGEST_HEADERS = 1_000_000  # bytes of a part's headers that are looked at

_HEADER_END = re.compile(rb"\r?\n\r?\n")
_HEADER = re.compile(rb"^([!-9;-~]{1,80})[ \t]*:(.*(?:\n[ \t].*)*)", re.MULTILINE)
_TYPE = re.compile(rb"\s*([\w.+-]+)/([\w.+-]+)")
_PARAMETER = re.compile(
    rb""";\s*([\w*-]{1,60})\s*=\s*(?:"((?:[^"\\]|\\.){0,2000})"|([^;\s]{0,2000}))"""
)
_STUFFED = re.compile(rb"^>(>*From )", re.MULTILINE)
# Parts that come with a message without being a file somebody sent.
_NO_FILES = frozenset(
    {
        b"application/pgp-signature",
        b"application/pkcs7-signature",
        b"application/x-pkcs7-signature",
        b"application/applefile",
    }
)

Headers = dict[bytes, bytes]


@dataclass(slots=True)
class Body:
    """What an e-mail holds.

    `texts` are its words in order; `wrongly_encoded` says that some were not in the encoding
    they claim, `cut_short` that there were more parts, or more deeply nested, than are looked at.
    """

    texts: list[str] = field(default_factory=list)
    attachments: int = 0
    parts: int = 0
    wrongly_encoded: bool = False
    cut_short: bool = False

    @property
    def text(self) -> str:
        """Its words."""
        return "\n".join(self.texts)


def split_headers(data: bytes, start: int, end: int) -> tuple[Headers, int]:
    """Return the first header of each name, and where the body begins."""
    if data.startswith((b"\n", b"\r\n"), start):
        return {}, min(data.index(b"\n", start) + 1, end)
    found = _HEADER_END.search(data, start, end)
    stop, body = (found.start(), found.end()) if found else (end, end)
    headers: Headers = {}
    for match in _HEADER.finditer(data[start : min(stop, start + LONGEST_HEADERS)]):
        headers.setdefault(match[1].lower(), match[2].strip())
    return headers, body


def content_type(headers: Headers) -> tuple[bytes, dict[bytes, bytes]]:
    """Return a part's type, such as ``b"text/plain"``, and the parameters that go with it."""
    raw = headers.get(b"content-type", b"")
    match = _TYPE.match(raw)
    if match is None:
        return b"text/plain", {}
    return match[0].strip().lower(), _parameters(raw[match.end() :])


def read_body(data: bytes, headers: Headers, start: int, end: int, *, stuffed: bool) -> Body:
    """Return the words and the number of attachments of the message between two positions.

    Parameters
    ----------
    data
        The whole file; it is not copied.
    headers
        Of the message.
    start, end
        Where its body lies.
    stuffed
        Whether lines that begin with "From " carry a ``>``, as in an mbox.
    """
    body = Body()
    _read(data, headers, start, end, body, depth=0, stuffed=stuffed, within=b"")
    return body


def _read(
    data: bytes,
    headers: Headers,
    start: int,
    end: int,
    body: Body,
    *,
    depth: int,
    stuffed: bool,
    within: bytes,
) -> None:
    body.parts += 1
    kind, parameters = content_type(headers)
    boundary = parameters.get(b"boundary", b"")
    if kind.startswith(b"multipart/") and boundary:
        if depth >= DEEPEST:
            body.cut_short = True
            return
        ranges = _ranges(data, boundary, start, end)
        if kind == b"multipart/alternative":
            _read_best(data, ranges, body, depth=depth, stuffed=stuffed)
            return
        for first, last in ranges:
            if body.parts >= MOST_PARTS:
                body.cut_short = True
                return
            inner, begins = split_headers(data, first, last)
            if kind == b"multipart/digest":
                inner.setdefault(b"content-type", b"message/rfc822")
            _read(data, inner, begins, last, body, depth=depth + 1, stuffed=stuffed, within=kind)
        return
    part = memoryview(data)[start:end]
    _read_leaf(part, headers, kind, parameters, body, stuffed=stuffed, within=within)


def _read_leaf(
    part: memoryview,
    headers: Headers,
    kind: bytes,
    parameters: dict[bytes, bytes],
    body: Body,
    *,
    stuffed: bool,
    within: bytes,
) -> None:
    if kind in _NO_FILES:
        return
    disposition = headers.get(b"content-disposition", b"").lower()
    named = b"filename" in disposition or b"name" in parameters or b"name*" in parameters
    attached = disposition.startswith(b"attachment") or named
    # Parts cannot be told apart without a boundary; their words are still words.
    whole = kind.startswith(b"multipart/")
    if whole or (kind in {b"text/plain", b"text/html"} and not attached):
        text = _words(bytes(part), headers, kind, parameters, body, stuffed=stuffed)
        if text.strip():
            body.texts.append(text)
    elif not _is_decoration(headers, kind, disposition, within):
        body.attachments += 1


def _read_best(
    data: bytes, ranges: Iterator[tuple[int, int]], body: Body, *, depth: int, stuffed: bool
) -> None:
    """Read one of several versions of the same words: plain text, or else whatever has any."""
    versions: list[tuple[bool, list[str]]] = []
    for first, last in ranges:
        if body.parts >= MOST_PARTS:
            body.cut_short = True
            break
        inner, begins = split_headers(data, first, last)
        kind, _ = content_type(inner)
        if kind == b"text/html" and any(plain for plain, _ in versions):
            body.parts += 1
            continue  # the same words again
        version = Body(parts=body.parts)
        _read(
            data,
            inner,
            begins,
            last,
            version,
            depth=depth + 1,
            stuffed=stuffed,
            within=b"multipart/alternative",
        )
        body.parts = version.parts
        body.attachments += version.attachments
        body.cut_short |= version.cut_short
        body.wrongly_encoded |= version.wrongly_encoded
        if version.texts:
            versions.append((kind == b"text/plain", version.texts))
    chosen = next((texts for plain, texts in versions if plain), None)
    if chosen is None and versions:
        chosen = versions[-1][1]
    body.texts.extend(chosen or [])


def _ranges(data: bytes, boundary: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Give where each part between the boundaries lies; a part that is never closed runs on."""
    mark = b"--" + boundary
    begins: int | None = None
    position = start
    while (found := data.find(mark, position, end)) >= 0:
        position = found + len(mark)
        if found > start and data[found - 1] != 0x0A:
            continue
        closing = data.startswith(b"--", position)
        line_end = data.find(b"\n", position, end)
        line_end = end if line_end < 0 else line_end
        # A longer boundary, of an inner multipart, may begin with this one.
        if not closing and data[position : min(line_end, position + 200)].strip():
            continue
        if begins is not None:
            yield begins, max(begins, found - 1)
        if closing:
            return
        begins = min(line_end + 1, end)
        position = begins
    if begins is not None:
        yield begins, end


def _words(
    raw: bytes,
    headers: Headers,
    kind: bytes,
    parameters: dict[bytes, bytes],
    body: Body,
    *,
    stuffed: bool,
) -> str:
    if stuffed and b">From " in raw:
        raw = _STUFFED.sub(rb"\1", raw)
    encoding = headers.get(b"content-transfer-encoding", b"")
    data = decoded_bytes(raw, encoding) if encoding else raw
    charset = parameters.get(b"charset", b"").decode("latin-1")
    text, wrong = decoded_text(data, charset)
    body.wrongly_encoded |= wrong
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if kind == b"text/html":
        return text_of_html(text)
    if parameters.get(b"format", b"").lower() == b"flowed":
        return _unflowed(text, joined=parameters.get(b"delsp", b"").lower() == b"yes")
    return text


def _unflowed(text: str, *, joined: bool) -> str:
    """Return `text` with the lines put together that format=flowed broke (RFC 3676)."""
    paragraphs: list[str] = []
    flowing: list[str] = []
    for line in text.split("\n"):
        if line.startswith(">"):
            paragraphs.extend(["".join(flowing)] if flowing else [])
            flowing = []
            paragraphs.append(line)
            continue
        words = line.removeprefix(" ")
        if words.endswith(" ") and words != "-- ":
            flowing.append(words[:-1] if joined else words)
        elif words == "-- ":
            paragraphs.extend(["".join(flowing)] if flowing else [])
            flowing = []
            paragraphs.append(words)
        else:
            paragraphs.append("".join(flowing) + words)
            flowing = []
    paragraphs.extend(["".join(flowing)] if flowing else [])
    return "\n".join(paragraphs)


def _is_decoration(headers: Headers, kind: bytes, disposition: bytes, within: bytes) -> bool:
    """Return whether a part belongs to the message's looks: a logo, or a version for calendars."""
    if disposition.startswith(b"attachment"):
        return False
    if within == b"multipart/related":
        return b"content-id" in headers and kind.startswith(b"image/")
    return within == b"multipart/alternative" and kind.startswith(b"text/")


def _parameters(raw: bytes) -> dict[bytes, bytes]:
    return {
        match[1].lower(): match[2].replace(b"\\", b"") if match[2] is not None else match[3]
        for match in _PARAMETER.finditer(raw[:10_000])
    }
