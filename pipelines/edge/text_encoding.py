"""Find out how a text file's characters are written, from its bytes alone."""

import codecs
import re
from dataclasses import dataclass

from charset_normalizer import from_bytes

from pipelines.edge.raw_table import DamagedFileError, FileContent, NotATableError

# UTF-32's mark begins with UTF-16's, so it is looked for first.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 65_536  # bytes shown to the guessing of last resort
_MOST_CONTROL = 0.02  # share of control characters above which bytes are no text
_UTF8_SEQUENCE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_HIGH_BYTE = re.compile(rb"[\x80-\xff]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class DecodedText:
    """A text, the same as UTF-8 without a mark, the encoding it came in, and notes on it."""

    text: str
    utf8: bytes
    encoding: str
    notes: tuple[str, ...] = ()


def decode(content: FileContent) -> DecodedText:
    """Return the text of `content`.

    A byte-order mark is believed; then NULs in every other byte mean UTF-16, bytes that are valid
    UTF-8 are UTF-8, UTF-8 with a few stray bytes is mended from Windows-1252, and Windows-1252
    itself is what is left to a British office. Guessing from letter frequencies comes last.

    Raises
    ------
    NotATableError
        If the bytes are not text.
    DamagedFileError
        If the file's mark promises an encoding that its bytes break, or if it has NULs.
    """
    decoded = _decode(content)
    sample = decoded.text[:_SAMPLE]
    if sum(1 for _ in _CONTROL.finditer(sample)) > _MOST_CONTROL * len(sample):
        raise _not_text(content)
    if (position := decoded.text.find("\0")) >= 0:
        line = decoded.text.count("\n", 0, position) + 1
        raise DamagedFileError(
            content.name,
            f"has a NUL character in line {line}, so it is damaged or not text; export it again.",
        )
    return decoded


def _decode(content: FileContent) -> DecodedText:
    data = content.data
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _promised(content, encoding)
    if b"\0" in data:
        return _with_nuls(content)
    try:
        return DecodedText(data.decode("utf-8"), data, "utf-8")
    except UnicodeDecodeError:
        pass
    stray = _strays(data)
    if stray:
        return stray
    try:
        return _reencoded(data.decode("cp1252"), "cp1252")
    except UnicodeDecodeError:
        return _guessed(content)


def _promised(content: FileContent, encoding: str) -> DecodedText:
    try:
        text = content.data.decode(encoding)
    except UnicodeDecodeError as error:
        raise DamagedFileError(
            content.name,
            f"begins as {encoding.removesuffix('-sig').upper()} text but breaks off or is "
            f"damaged at byte {error.start}; export it again.",
        ) from error
    if encoding == "utf-8-sig":
        return DecodedText(text, content.data.removeprefix(codecs.BOM_UTF8), encoding)
    return _reencoded(text, encoding)


def _with_nuls(content: FileContent) -> DecodedText:
    """Read UTF-16 that lacks its mark: in text, nearly every other byte is NUL."""
    data = content.data
    half = max(len(data) // 2, 1)
    even, odd = data[0::2].count(0) / half, data[1::2].count(0) / half
    few, many = sorted((even, odd))
    # A file with a NUL here and there is damaged, whatever its encoding.
    if many < 0.5 or few > 0.1:
        return _reencoded(data.decode("latin-1"), "latin-1")
    encoding = "utf-16-le" if odd > even else "utf-16-be"
    try:
        return _reencoded(data.decode(encoding), encoding)
    except UnicodeDecodeError:
        raise _not_text(content) from None


def _strays(data: bytes) -> DecodedText | None:
    """Read UTF-8 into which some Windows-1252 was pasted, if that is what it is."""
    sequences = _UTF8_SEQUENCE.findall(data)
    high = sum(1 for _ in _HIGH_BYTE.finditer(data))
    stray = high - sum(map(len, sequences))
    if len(sequences) <= stray:
        return None
    note = f"{stray} characters were not UTF-8 like the rest and were read as Windows-1252."
    text = data.decode("utf-8", errors=_STRAY_HANDLER)
    return DecodedText(text, text.encode("utf-8"), "utf-8", (note,))


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    stray = error.object[error.start : error.end]
    return stray.decode("cp1252", errors="replace"), error.end


_STRAY_HANDLER = "council-insight.cp1252"
codecs.register_error(_STRAY_HANDLER, _as_windows)


def _guessed(content: FileContent) -> DecodedText:
    best = from_bytes(content.data[:_SAMPLE]).best()
    if best is None:
        raise _not_text(content)
    try:
        text = content.data.decode(best.encoding)
    except (UnicodeDecodeError, LookupError):
        raise _not_text(content) from None
    note = f"Its encoding was guessed to be {best.encoding}; look at letters with accents."
    decoded = _reencoded(text, best.encoding)
    return DecodedText(decoded.text, decoded.utf8, decoded.encoding, (note,))


def _reencoded(text: str, encoding: str) -> DecodedText:
    # Some codecs let half a surrogate pair through, which UTF-8 cannot hold.
    utf8 = text.encode("utf-8", errors="replace")
    return DecodedText(text, utf8, encoding)


def _not_text(content: FileContent) -> NotATableError:
    return NotATableError(
        content.name,
        "is not text and not a workbook; export it again as CSV (UTF-8) or xlsx.",
    )
