"""Suggest whether what somebody sent is a request for service or a complaint, and by which rule.

A rule only suggests; a named officer decides, and doubt means complaint. Paragraphs are those of
the LGSCO's Complaint Handling Code, part 2, section 1 (February 2024): 1.2 says what a service
request is, 1.4 what a complaint is, 1.5 that the word isn't needed, 1.7 when a request has become
a complaint, 1.8 that requests are recorded and reviewed.
"""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pandas as pd

from insight.errors import MissingColumnsError
from insight.periods import wall_clock

COMPLAINT, REQUEST = "complaint", "request"
EARLIER = timedelta(days=90)
"""How far back an earlier record of the same customer and service makes this one a follow-up."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: what it suggests, why, by which paragraph, and the cues it looks for."""

    name: str
    suggests: str
    paragraph: str
    why: str
    cues: str = ""


RULES = (
    Rule(
        "says complaint", COMPLAINT, "1.4",
        "The person calls it a complaint.",
        r"\bcomplain(?:t|ts|ed|ing|s)?\b|\bombudsman\b|\bgrievance\b",
    ),
    Rule(
        "reported before", COMPLAINT, "1.7",
        "The words say that it was reported before and isn't put right.",
        r"\b(?:reported|rang|rung|called|phoned|wrote|written|asked|told you|e-?mailed)\b"
        r"[^.?!]{0,60}"
        r"\b(?:times|twice|before|again|already|last (?:week|month|year)|weeks ago|months ago)\b"
        r"|\balready (?:reported|rang|rung|called|written|asked|told)\b"
        r"|\b(?:second|third|fourth|fifth|\d+(?:nd|rd|th)) time\b"
        r"|\balthough reported\b|\bstill (?:not|no|there|waiting|missed|hasn|haven|isn)",
    ),
    Rule(
        "earlier record", COMPLAINT, "1.7",
        "The same customer came about the same service in the 90 days before.",
    ),
    Rule(
        "dissatisfied", COMPLAINT, "1.4",
        "The words express dissatisfaction; the word complaint isn't needed (1.5).",
        r"\b(?:unacceptable|disgrac\w+|disgust\w+|appall\w+|rude(?:ly|ness)?|unhappy|dissatisf\w+"
        r"|disappoint\w+|fed up|not good enough|poor service|terrible|awful|ignored|angry|upset"
        r"|apolog\w+|let down|nobody|no one|never|compensation|wrong|late|delay(?:s|ed)?|failed"
        r"|no reply|no answer|no decision|on hold|passed from)\b",
    ),
    Rule(
        "asks for something", REQUEST, "1.2",
        "It asks that a service is provided or a problem fixed, and expresses no dissatisfaction.",
        r"\b(?:please|could you|can you|can i|could i|would you|i would like|i'd like|how do i"
        r"|when (?:is|will|are)|where (?:is|can|do)|i want to (?:report|order|book|apply|pay)"
        r"|i need|need(?:s)? (?:a|an|to be)|request(?:ing)?|reporting|to report)\b",
    ),
    Rule(
        "first report", REQUEST, "1.2",
        "A fault is reported for the first time, and no dissatisfaction expressed.",
        r"\b(?:missed|not (?:been )?(?:collected|emptied|swept)|broken|blocked|overflowing"
        r"|pothole|fly.?tip\w*|dumped|not working|damaged)\b",
    ),
    Rule(
        "in doubt", COMPLAINT, "1.4",
        "No rule fits the words, or there are none; doubt means complaint.",
    ),
)  # fmt: skip
"""In order: the first that fits decides."""
BY_NAME = {rule.name: rule for rule in RULES}


def suggest_kind(complaints: pd.DataFrame) -> pd.DataFrame:
    """Suggest request or complaint for each row.

    Parameters
    ----------
    complaints
        Rows of the complaints contract with ``received_at`` and ``service``; ``description``
        (redacted) and ``customer`` (pseudonym) where there are any.

    Returns
    -------
    pandas.DataFrame
        On the same index: ``suggested``, ``rule``, ``paragraph`` and ``why``, texts.

    Raises
    ------
    MissingColumnsError
        If a column is absent.

    Examples
    --------
    >>> rows = pd.DataFrame({
    ...     "received_at": pd.to_datetime(["2026-10-01", "2026-10-02"]), "service": "waste",
    ...     "description": ["My bin was missed today.", "Bin missed 3 times although reported."]})
    >>> suggest_kind(rows)[["suggested", "rule", "paragraph"]].values.tolist()
    [['request', 'first report', '1.2'], ['complaint', 'reported before', '1.7']]
    """
    if missing := {"received_at", "service"} - set(complaints.columns):
        raise MissingColumnsError(missing)
    rows = complaints.reindex(
        columns=list(dict.fromkeys([*complaints.columns, "description", "customer"]))
    )
    words = rows["description"].astype("string").fillna("").str.casefold()
    words = words.str.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'", regex=False)
    fits = [
        _follows(rows) if rule.name == "earlier record"
        else words.str.contains(rule.cues, regex=True).to_numpy(dtype=bool) if rule.cues
        else np.ones(len(rows), dtype=bool)
        for rule in RULES
    ]  # fmt: skip
    first = np.argmax(np.vstack(fits), axis=0) if len(rows) else np.array([], dtype=int)
    told = pd.DataFrame(
        [(r.suggests, r.name, r.paragraph, r.why) for r in RULES],
        columns=["suggested", "rule", "paragraph", "why"],
        dtype="string",
    )
    return told.iloc[first].set_index(rows.index)


def _follows(rows: pd.DataFrame) -> np.ndarray:
    """Tell which rows follow one of the same customer and service within `EARLIER`."""
    at = wall_clock(pd.to_datetime(rows["received_at"])).reset_index(drop=True)
    keys = [rows["customer"].astype("string").reset_index(drop=True),
            rows["service"].astype("string").reset_index(drop=True)]  # fmt: skip
    ordered = at.sort_values(kind="stable")
    before = ordered.groupby([key.loc[ordered.index] for key in keys]).shift()
    near = (ordered - before).le(EARLIER) & (ordered - before).gt(pd.Timedelta(0))
    return near.reindex(at.index).fillna(False).to_numpy(dtype=bool)
