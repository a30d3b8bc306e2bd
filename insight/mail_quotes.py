"""What mail programs put around the words of whoever writes: quotations, footers, banners."""

import re

LONGEST_MARK = 400  # characters; a longer line is somebody's words
_HEADERS_APART = 12  # lines over which the headers of a quoted e-mail may be spread
_INTRODUCTION = 4  # lines over which "On ... wrote:" may be broken

# Any text with one of these may need stripping; the others stay as they are. Each begins with
# letters, so that the search is quick.
SUSPECT = re.compile(
    r"^[ \t]*>|^-- $|^[ \t]*[-_]{5}"
    r"|(?:wrote|a écrit|schrieb|ysgrifennodd|napisał|escribió|ha scritto|a scris|escreveu)"
    r"|^[ \t*]*(?:From|Von|De|Oddi wrth|Expéditeur|Od|Da|Date|Dyddiad|To|Subject)[ \t]?:"
    r"|(?:Sent|Get|Envoyé|Gesendet|Von|Anfonwyd|Begin|Dechrau)[ \t]"
    r"|[Cc]onfidential|CONFIDENTIAL|DISCLAIMER|Disclaimer|[Ii]ntended|[cg]yfrinachol"
    r"|originat|ORIGINAT|xternal|XTERNAL",
    re.MULTILINE,
)

_KINDS = {
    "from": "from|von|de|oddi wrth|expéditeur|od|da",
    "sent": "sent|date|gesendet|datum|envoyé|anfonwyd|dyddiad|data|enviado|fecha|wysłano",
    "to": "to|an|à|para|at|do|a|cc|kopie",
    "subject": "subject|betreff|objet|pwnc|asunto|temat|oggetto|assunto",
}
_LABEL = re.compile(
    r"[ \t]*\*?[ \t]*(?:"
    + "|".join(f"(?P<{kind}>{words})" for kind, words in _KINDS.items())
    + r")[ \t]?:[ \t]*\*?",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(
    r"[ \t]*(?:-{2,}[ \t]*(?:original message|forwarded message|original appointment"
    r"|ursprüngliche nachricht|weitergeleitete nachricht|message d'origine|message transféré"
    r"|neges wreiddiol|neges a anfonwyd ymlaen)[ \t]*-{2,}"
    r"|(?:begin forwarded message|dechrau neges a anfonwyd ymlaen)[ \t]*:?)[ \t]*\Z",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
_RULE = re.compile(r"[ \t]*[-_=*]{5,}[ \t]*\Z")
_WROTE = re.compile(
    r"(?:\b(?:wrote|a écrit|ysgrifennodd|napisał\(a\)|napisała?"
    r"|escribió|ha scritto|escreveu|a scris)"
    r"|\b(?:schrieb|ysgrifennodd)\b.{1,200})[ \t]*:[ \t]*\Z",
    re.IGNORECASE,
)
# An officer "wrote:" in a resident's words too; a mail program also tells the time or the address.
_TOLD = re.compile(r"\d{1,2}[:.h]\d{2}|<[^<>\s]{1,200}@[^<>\s]{1,200}>|\d{1,2}[/.]\d{1,2}[/.]\d{2}")
_DEVICE = (
    r"i ?phone|i ?pad|ipod|android|samsung|galaxy|huawei|honor|nokia|sony|xperia|lg|htc|oneplus"
    r"|pixel|motorola|moto|xiaomi|redmi|oppo|blackberry|lumia|windows|phone|mobile|smartphone"
    r"|tablet|kindle|device|mac|ffôn|handy"
)
_DEVICE_LINE = re.compile(
    rf"[ \t]*(?:(?:Sent|Posted) (?:from|via|using) (?:my |the |an? )?(?:[\w'\u2019.]+ ){{0,3}}?"
    rf"(?:{_DEVICE}|outlook|yahoo|gmail|proton ?mail|mail|aol|three|o2|ee|vodafone)\b[^\n]{{0,60}}"
    r"|Get Outlook for (?:iOS|Android)[^\n]{0,80}"
    rf"|Anfonwyd o (?:fy )?[^\n]{{0,20}}(?:{_DEVICE})[^\n]{{0,20}}"
    rf"|Envoyé (?:de|depuis) (?:mon|ma) [^\n]{{0,20}}(?:{_DEVICE})[^\n]{{0,20}}"
    rf"|(?:Von|Gesendet von) meinem [^\n]{{0,20}}(?:{_DEVICE})[^\n]{{0,20}})[ \t.]*\Z",
    re.IGNORECASE,
)
_NOT_A_DEVICE = re.compile(r"[.!?][ \t]+\w|\b(?:because|but|which|when|please|and I)\b")

_OF_THE_MAIL = (
    r"(?:e-?mail|message|communication|transmission|mail|information|contents?|attachments?|e-bost)"
)
_DISCLAIMER = re.compile(
    rf"[ \t*_\-=]*(?:(?:confidentiality|legal|privacy)? ?(?:disclaimer|notice)\b"
    r"|(?:important|please note|n\.?b\.?|confidential(?:ity)?)?[ \t:.\-]*"
    rf"(?:this|the (?:information|contents?)|any views)\b[^\n]{{0,60}}?"
    rf"{_OF_THE_MAIL}|mae['\u2019]r e-bost hwn\b)",
    re.IGNORECASE,
)
_SECRECY = re.compile(r"confidential|privileged|[cg]yfrinachol|legally", re.IGNORECASE)
_ADDRESSEE = re.compile(
    r"intended|addressee|recipient|addressed|attachments|attached files|received (?:it|this)"
    r"|bwriad|derbynnydd|atodiad",
    re.IGNORECASE,
)
_BANNER = re.compile(
    r"(?:originat\w* (?:from )?(?:\w+ )?outside|external (?:e-?mail|sender|source)"
    r"|sent from outside|from an external)",
    re.IGNORECASE,
)
_OF_A_GATEWAY = re.compile(
    r"caution|warning|click|links|organi[sz]ation|council|attachments|\A\W*external", re.IGNORECASE
)
_WARNING = re.compile(
    r"caution|warning|click|links|attachments?|external|originat|outside|sender|unless"
    r"|recogni[sz]e|is safe|suspicious|phishing",
    re.IGNORECASE,
)


def separator_end(lines: list[str], at: int) -> int | None:
    """Return the line after the headers of a quoted or forwarded e-mail that begin here."""
    line = lines[at]
    if len(line) > LONGEST_MARK:
        return None
    if _SEPARATOR.match(line):
        after = _next_words(lines, at + 1)
        return _headers_end(lines, after) or after
    if _RULE.match(line):
        after = _next_words(lines, at + 1)
        return _headers_end(lines, after)
    return _headers_end(lines, at)


def introduction_end(lines: list[str], at: int) -> int | None:
    """Return the line after "On ... wrote:" if that begins here, on one line or a few."""
    if not lines[at].strip():
        return None
    whole = ""
    for number in range(at, min(at + _INTRODUCTION, len(lines))):
        line = lines[number].strip()
        if not line or line.startswith(">") or len(whole) + len(line) > LONGEST_MARK:
            return None
        whole = f"{whole} {line}" if whole else line
        if line.endswith(":"):
            return number + 1 if _WROTE.search(whole) and _TOLD.search(whole) else None
        if number == at and _DIGIT.search(line) is None:
            return None
    return None


def is_rule(line: str) -> bool:
    """Return whether a line is only drawn."""
    return len(line) <= LONGEST_MARK and _RULE.match(line) is not None


def is_device_line(line: str) -> bool:
    """Return whether a line is what a telephone says of itself, as "Sent from my iPhone"."""
    return (
        len(line) <= 100
        and _DEVICE_LINE.match(line) is not None
        and _NOT_A_DEVICE.search(line) is None
    )


def is_disclaimer(paragraph: str) -> bool:
    """Return whether a paragraph is the legal footer of an organisation."""
    start = paragraph[:2_000]
    return (
        _DISCLAIMER.match(start) is not None
        and _SECRECY.search(start) is not None
        and _ADDRESSEE.search(start) is not None
    )


def banner_lines(paragraph: list[str]) -> int:
    """Return how many lines at a paragraph's top are a gateway's warning of mail from outside."""
    count = 0
    for line in paragraph:
        if len(line) > 2 * LONGEST_MARK or not _WARNING.search(line):
            break
        count += 1
    warning = " ".join(paragraph[:count])
    return count if _BANNER.search(warning) and _OF_A_GATEWAY.search(warning) else 0


def _headers_end(lines: list[str], at: int) -> int | None:
    """Return the line after a block of From, Sent, To and Subject that begins at line `at`."""
    if at >= len(lines) or len(lines[at]) > LONGEST_MARK or _LABEL.match(lines[at]) is None:
        return None
    kinds = set()
    end = at
    for number in range(at, min(at + _HEADERS_APART, len(lines))):
        line = lines[number]
        match = _LABEL.match(line) if len(line) <= LONGEST_MARK * 10 else None
        if match is not None:
            kinds.add(match.lastgroup)
            end = number + 1
        elif line.strip() and number > end + 1:
            break
    return end if "from" in kinds and len(kinds) >= 3 else None


def _next_words(lines: list[str], at: int) -> int:
    while at < len(lines) and not lines[at].strip():
        at += 1
    return at
