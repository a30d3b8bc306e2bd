"""Find the words in an e-mail that its sender wrote in it."""

import pandas as pd

from insight.mail_quotes import (
    SUSPECT,
    banner_lines,
    introduction_end,
    is_device_line,
    is_disclaimer,
    is_rule,
    separator_end,
)

_LONGEST_SIGNATURE = 15  # lines; what is longer may be somebody's words
_BANNERS_WITHIN = 12  # lines from the top in which a gateway's warning stands
_MOST_FORWARDED = 5  # times that a forwarded e-mail may hold nothing but another


def new_words(texts: pd.Series) -> pd.Series:
    r"""Return what each e-mail adds to those it quotes.

    Parameters
    ----------
    texts
        Bodies of e-mails as plain text (``string``).

    Returns
    -------
    pandas.Series
        ``string`` with the same index; missing where there are no words. Left out are lines
        behind ``>``, what follows "On ... wrote:", "Original Message" or a block of From, Sent,
        To and Subject; signatures behind ``"-- "``, "Sent from my iPhone", legal disclaimers, and
        a gateway's warning about mail from outside.

    Notes
    -----
    Where in doubt, words stay. Answers between quoted lines stay. An e-mail that adds nothing to
    what it forwards or quotes gives the first e-mail beneath, since that is what its sender
    wanted said.

    Examples
    --------
    >>> text = "It is still here.\n\nOn Mon, 2 Mar 2026 at 10:01, A <a@b.uk> wrote:\n> Which bin?"
    >>> new_words(pd.Series([text], dtype="string"))[0]
    'It is still here.'
    """
    words = [None if pd.isna(text) else words_of(text) or None for text in texts.array]
    return pd.Series(words, index=texts.index, dtype="string", name=texts.name)


def words_of(text: str) -> str:
    """Return what one e-mail adds to those it quotes; see `new_words`."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("\xa0", " ").replace("\u200b", "").strip("\n\ufeff")
    if SUSPECT.search(text) is None:
        return text.strip()
    lines = text.split("\n")
    for _ in range(_MOST_FORWARDED):
        own, beneath = _own_lines(lines)
        words = "\n".join(own).strip()
        if _has_words(words) or not beneath:
            return words
        lines = beneath
    return "\n".join(lines).strip()


def _own_lines(lines: list[str]) -> tuple[list[str], list[str]]:
    """Return the lines that are new, and, in case there are none, those of the e-mail beneath."""
    own: list[str] = []
    beneath: list[str] = []
    at = _after_banner(lines)
    while at < len(lines):
        line = lines[at]
        if line.lstrip(" \t").startswith(">"):
            quoted_end = _quotation_end(lines, at)
            beneath = beneath or [_unquoted(each) for each in lines[at:quoted_end]]
            at = quoted_end
            continue
        cut = separator_end(lines, at) or introduction_end(lines, at)
        if cut is not None:
            following = _first_words(lines, cut)
            if following < len(lines) and lines[following].lstrip().startswith(">"):
                at = following  # marked line by line, so answers may stand between
                continue
            beneath = beneath or lines[cut:]
            break
        if line == "-- " and _is_signature(lines, at):
            break
        if line.strip() and not (at and lines[at - 1].strip()):
            paragraph = _paragraph(lines, at)
            if is_disclaimer(paragraph) and _has_words("\n".join(own)):
                break
        if not is_device_line(line):
            own.append(line)
        at += 1
    while own and (not own[-1].strip() or is_rule(own[-1])):
        own.pop()
    return own, beneath


def _after_banner(lines: list[str]) -> int:
    at = 0
    for number in range(min(len(lines), _BANNERS_WITHIN)):
        if number < at or not lines[number].strip() or is_rule(lines[number]):
            continue
        warned = banner_lines(_paragraph(lines, number).split("\n"))
        if not warned:
            break
        at = number + warned
    while at and at < len(lines) and (not lines[at].strip() or is_rule(lines[at])):
        at += 1
    return at


def _quotation_end(lines: list[str], at: int) -> int:
    while at < len(lines) and lines[at].lstrip(" \t").startswith(">"):
        at += 1
    return at


def _unquoted(line: str) -> str:
    line = line.lstrip(" \t").removeprefix(">")
    return line.removeprefix(" ")


def _is_signature(lines: list[str], at: int) -> bool:
    words = 0
    for number in range(at + 1, len(lines)):  # a slice would copy the rest at every mark
        line = lines[number]
        if line.lstrip().startswith(">"):
            continue
        words += bool(line.strip())
        if words > _LONGEST_SIGNATURE:
            break
    if words <= _LONGEST_SIGNATURE:
        return True
    # A long rest is no signature, unless it is the e-mail beneath.
    end = at + 1 + _LONGEST_SIGNATURE
    return any(
        (separator_end(lines, number) or introduction_end(lines, number)) is not None
        for number in range(at + 1, min(end, len(lines)))
    )


def _paragraph(lines: list[str], at: int) -> str:
    end = at
    while end < len(lines) and lines[end].strip() and end - at < 40:
        end += 1
    return "\n".join(lines[at:end])


def _first_words(lines: list[str], at: int) -> int:
    while at < len(lines) and not lines[at].strip():
        at += 1
    return at


def _has_words(text: str) -> bool:
    return any(letter.isalnum() for letter in text)
