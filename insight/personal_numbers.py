"""Patterns of what identifies a person and is not a name: addresses, phones, numbers.

All are RE2 patterns, which Arrow runs over a column in time linear in its text. Those whose last
digit is a checksum are also run by Python, one candidate at a time.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from stdnum import luhn
from stdnum.gb import nhs

from insight.personal_words import word_set


@dataclass(frozen=True, slots=True)
class Rule:
    r"""What to replace by what; ``\1`` in `token` is context that stays.

    With `holds`, a match is replaced only if its digits pass.
    """

    pattern: str
    token: str
    holds: Callable[[str], bool] | None = None

    @property
    def compiled(self) -> re.Pattern[str]:
        """The pattern for Python, in which it does not begin amid a decimal fraction."""
        return re.compile(rf"(?<!\d\.){self.pattern}", re.ASCII)


_GAP = r"[ .\-\x{00A0}\x{2010}-\x{2014}]"
_EMAIL = (
    r"[\p{L}\p{N}][\p{L}\p{N}._%+'&\-]*(?:@| ?[(\[](?i:at)[)\]] ?)"
    r"[\p{L}\p{N}](?:[\p{L}\p{N}\-]*(?:\.| ?[(\[](?i:dot)[)\]] ?))+[\p{L}]{2,}"
)

# Without the 0, a national number has nine or ten digits. Groups are held to what people write,
# because "03-04-2026 10:30" and "0900-1700" have nearly as many, and so have coordinates.
_BEFORE_PHONE = r"(^\.?|[^\w.]|[^\d]\.|\b(?i:tel|telephone|mob|mobile|phone))"
_AFTER_CODE = rf"{_GAP}{{0,2}}(?:\(0\)|0)?{_GAP}{{0,2}}\(?[1-35789](?:[)(]?{_GAP}?[)(]?\d){{8,9}}\b"
_PHONES = (
    rf"\+44{_AFTER_CODE}",
    rf"\+[1-9]\d{{0,2}}(?:[)(]?{_GAP}?[)(]?\d){{7,12}}\b",
    rf"\(0[1-35789]\d{{1,4}}\){_GAP}{{0,2}}\d(?:{_GAP}?\d){{4,7}}\b",
)
_PHONES_FROM_0 = (
    rf"0044{_AFTER_CODE}",
    rf"0[1-35789]\d{{3}}(?:{_GAP}{{0,2}}\d){{5,6}}\b",
    rf"0[1-35789]\d{_GAP}{{1,2}}\d{{4}}{_GAP}{{0,2}}\d{{4}}\b",
    rf"0[1-35789]\d{{2}}{_GAP}{{1,2}}\d{{3}}{_GAP}{{0,2}}\d{{3,4}}\b",
    rf"0[1-35789]\d{{2}}{_GAP}{{1,2}}\d{{4}}{_GAP}{{0,2}}\d{{3}}\b",
    rf"07{_GAP}\d{{3}}{_GAP}?\d{{3}}{_GAP}?\d{{3}}\b",
)

_AREA = (
    "A[BL]|B[ABDFHLNRSTX]?|C[ABFHMORTVW]|D[ADEGHLNTY]|E[CHNX]?|F[KY]|G[LUXY]?|H[ADGPRSUX]|I[GMPV]|"
    "JE|K[ATWY]|L[ADELNSU]?|M[EKL]?|N[EGNPRW]?|O[LX]|P[AEHLOR]|R[GHM]|S[AEGKLMNOPRSTWY]?|"
    "T[ADFNQRSW]|UB|W[ACDFNRSV]?|YO|ZE"
)
_OUTWARD = rf"\b(?:(?:{_AREA})\d[A-Z\d]?|GIR)[ \t\x{{00A0}}]{{0,2}}"
_INWARD_LETTER = "ABD-HJLNP-UW-Z"
_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"  # those of _INWARD_LETTER, one by one


def _but(ending: str) -> str:
    """Return a pattern of two inward letters that are not `ending`."""
    first, second = ending[0], ending[1]
    others = _LETTERS.replace(first, "")
    return f"(?:[{others}][{_LETTERS}]|{first}[{_LETTERS.replace(second, '')}])"


# In small letters "m1 1st" and "b2 3rd" are seldom postcodes, so ordinals are left out.
_NO_ORDINAL = f"(?:1{_but('ST')}|2{_but('ND')}|3{_but('RD')}|[04-9]{_but('TH')})"
_POSTCODES = (
    rf"{_OUTWARD}\d[{_INWARD_LETTER}]{{2}}\b",
    rf"(?i){_OUTWARD}{_NO_ORDINAL}\b",
)


def _insurance_prefix() -> str:
    """Return the pairs of letters that HMRC issues."""
    first, second, never = "ABCEGHJKLMNOPRSTWXYZ", "ABCEGHJKLMNPRSTWXYZ", "BG GB KN NK NT TN ZZ"
    pairs = (f"{a}[{''.join(b for b in second if a + b not in never.split())}]" for a in first)
    return f"(?:{'|'.join(pairs)})"


_NI = _insurance_prefix()
_NI_CONTEXT = r"(?i)\b((?:NI|NINO|national insurance)(?:\s+(?:no|num|number|is))*[\s.:#\-]*)"
_INSURANCE = (
    rf"(?i)\b{_NI}(?:\d{{6}}|\d\d \d\d \d\d ?)[A-D]\b",
    rf"\b{_NI}[ \-](?:\d{{6}}|\d\d[ \-]\d\d[ \-]\d\d)[ \-]?[A-D]\b",
    rf"\b{_NI}[ \-]\d\d[ \-]\d\d[ \-]\d\d\b",
)
# A registration of today's form; its letters may be a word after the first half of a postcode.
_PLATE = r"\b[A-HJ-PR-Y]{2}(?:0[1-9]|[1-7]\d) ?[A-HJ-PR-Z]{3}\b"
_LIKE_A_PLATE = word_set(
    "ALL AND ARE BEEN BUT BUS CAN DAY DUE FOR FROM GET HAD HAS HER HIS HOW LET NEW NOT NOW OFF OLD "
    "OUR OUT SAY SEE SHE THE TOO TWO USE WAS WAY WHO WHY YES YET YOU"
)
_PLATE_WORDS = r"(?i:reg|registration|registered|number plate|numberplate|plate|VRM)"
_PLATE_CONTEXT = rf"\b({_PLATE_WORDS}(?:\s+(?i:mark|plate|number|no|is|as))*[\s.:#(\-]*)"
_OLD_PLATE = r"(?:[A-Z]\d{1,3} ?[A-Z]{3}|[A-Z]{3} ?\d{1,3}[A-Z]?|(?i:[A-Z]{2}\d\d ?[A-Z]{3}))\b"
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DATE = (
    r"(?:\d{4}-\d\d?-\d\d?|\d{1,2}(?:st|nd|rd|th)?(?: of)?[ /.\-]{1,3}"
    rf"(?:\d{{1,2}}|{_MONTH})[ /.,\-]{{1,3}}\d{{2,4}}|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}})"
)
_BORN = r"(?:date of birth|birth ?date|d\.?o\.?b\b\.?|born)(?:\s+(?:is|was|on))*[\s:.,(\-]*"
_REFERENCE_WORDS = (
    "reference|ref|account|acct|claim|customer|payment|tenancy|licence|passport|UPRN|council tax"
)
_REFERENCE = (
    rf"(?:{_REFERENCE_WORDS})(?:\s+(?:reference|ref|account|number|no|num|id|is))*[\s.:#\-]*"
)
# Five digits in a row: years, sums and dates have fewer.
_REFERENCE_NUMBER = r"(?:[A-Z]{1,4}[ /\-]?)?(?:\d{5,}[A-Z\d]*|\d\d/\d{4,5}/[A-Z]{2,4})\b"
_ACCOUNT = r"\d{4}[ \-]?\d{4}\b"
_ACCOUNT_WORD = r"(?:account|acct?|a/?c)"


def _any(patterns: Iterable[str]) -> str:
    return "(?:" + "|".join(f"(?:{pattern})" for pattern in patterns) + ")"


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def _is_card(text: str) -> bool:
    return bool(luhn.is_valid(_digits(text)))


def _is_nhs(text: str) -> bool:
    return bool(nhs.is_valid(_digits(text)))


def _is_plate(text: str) -> bool:
    return text[-3:] not in _LIKE_A_PLATE


# In this order: what holds more digits goes before what could be a part of it.
RULES = (
    Rule(_EMAIL, "[email]"),
    Rule(r"\b[Gg][Bb]\d\d ?[A-Za-z]{4}(?: ?\d){14}\b", "[bank account]"),
    Rule(
        rf"\b\d\d-\d\d-\d\d(?:[\s,;/&:.#\-]|(?i:and|number|num|no|{_ACCOUNT_WORD})){{1,25}}{_ACCOUNT}",
        "[bank account]",
    ),
    Rule(
        r"(?i)\b(sort\s*-?\s*code(?:\s+(?:is|no|number))*[\s.:#\-]*)\d\d[ \-]?\d\d[ \-]?\d\d\b",
        r"\1[bank account]",
    ),
    Rule(
        rf"(?i)\b({_ACCOUNT_WORD}(?:\s+(?:no|num|number|is))*[\s.:#\-]*){_ACCOUNT}",
        r"\1[bank account]",
    ),
    Rule(
        r"\b(?:[2-6]\d{3}(?:[ \-]\d{4}){3}|3[47]\d\d[ \-]\d{6}[ \-]\d{5}|[2-6]\d{12,18}"
        r"|[2-6](?:[ \-]?\d){12,18})\b",
        "[card number]",
        _is_card,
    ),
    Rule(_any(_PHONES), "[phone]"),
    Rule(_BEFORE_PHONE + _any(_PHONES_FROM_0), r"\1[phone]"),
    Rule(r"\b\d{3}[ \-]?\d{3}[ \-]?\d{4}\b", "[NHS number]", _is_nhs),
    Rule(_any(_INSURANCE), "[national insurance number]"),
    Rule(
        rf"{_NI_CONTEXT}[A-Z]{{2}} ?\d\d ?\d\d ?\d\d(?: ?[A-D])?\b",
        r"\1[national insurance number]",
    ),
    Rule(_any(_POSTCODES), "[postcode]"),
    Rule(_PLATE, "[registration]", _is_plate),
    Rule(_PLATE_CONTEXT + _OLD_PLATE, r"\1[registration]"),
    Rule(rf"(?i)\b({_BORN}){_DATE}", r"\1[date of birth]"),
    Rule(rf"(?i)\b({_REFERENCE}){_REFERENCE_NUMBER}", r"\1[reference]"),
)

ANY_NUMBER = _any(rule.pattern for rule in RULES)
