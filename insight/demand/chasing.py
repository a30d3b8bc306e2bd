"""Repeat, chasing and avoidable contacts, found in one pass over a sorted table."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from insight.demand import method as kinds
from insight.demand.customers import nobody_keys
from insight.demand.method import DemandMethod
from insight.demand.open_cases import CaseLinks, case_spans, link_cases
from insight.periods import add_months

Bools = NDArray[np.bool_]
EVIDENCE = (
    "words and an open case", "words", "repeat about an open case", "repeat for the same reason",
    "says it is not the first time",
)  # fmt: skip
_DAY = 86_400_000_000


def link_contacts(
    records: pd.DataFrame,
    cases: pd.DataFrame,
    method: DemandMethod,
    *,
    nobody: pd.Series | None = None,
) -> pd.DataFrame:
    """Say of each contact whether it repeats, chases, could have been avoided, was the last one.

    Parameters
    ----------
    records
        As `insight.demand.volume.single_records` gives, some weeks before the first month of
        interest included.
    cases
        Rows of the contract ``cases``.
    method
        The settings' choices.
    nobody
        Customer keys that stand for nobody; found here when absent.

    Returns
    -------
    pandas.DataFrame
        The records' ``day``, ``period``, ``channel``, ``service``, and:

        ``person``
            Who it is, as a whole number; below nought where nobody knows.
        ``known``
            Whether a person is known and the days before are on record.
        ``repeat``
            The same person and service at most ``repeat_days`` before (same day included).
        ``followed``, ``followed_known``
            Whether the person came again within as long, and whether so long is on record.
        ``visible``
            Whether anything is on record by which chasing could show: words, or who it was.
        ``cue``
            Whether its words show chasing.
        ``open_case``, ``case_id``, ``ward``
            Whether a case was open, which one, and where.
        ``chasing``, ``evidence``
            Whether it is chasing, and by what (`EVIDENCE`).
        ``avoidable``
            Its class of avoidable contact, "not avoidable", or missing where nobody has said.
        ``resolved``
            Whether its outcome says it was dealt with; missing without an outcome.
    """
    keys = nobody_keys(records, method)["customer"] if nobody is None else nobody
    usable = records["customer"].notna() & ~records["customer"].isin(keys)
    person, _ = pd.factorize(records["customer"].where(usable))
    person = np.where(person < 0, -1 - np.arange(len(records)), person).astype(np.int64)
    service, _ = pd.factorize(records["service"])
    day = records["day"].to_numpy().astype("datetime64[D]").astype(np.int64)
    at = records["at"].to_numpy().astype("datetime64[us]").astype(np.int64)
    reason, _ = pd.factorize(records["reason"].str.strip().str.casefold())
    before, after, alike = _gaps(person, service.astype(np.int64), reason.astype(np.int64), at, day)
    first, last = (day.min(), day.max()) if len(day) else (0, 0)
    known = usable.to_numpy(bool)
    looked_back = known & (day - first >= method.repeat_days)
    repeat = known & (before <= method.repeat_days)
    cue = has_cue(records["text"], method.cues)
    again = has_cue(records["text"], method.again)
    spans = case_spans(cases)
    links = link_cases(records, spans, usable)
    repeats = (repeat, repeat & alike, again)
    chasing, evidence = _chasing(records, cue, repeats, links, spans, method)
    found = records[["day", "period", "channel", "service"]].assign(
        person=person,
        known=looked_back,
        repeat=repeat,
        followed=known & (after <= method.repeat_days),
        followed_known=looked_back & (last - day >= method.repeat_days),
        visible=known | records["text"].notna().to_numpy(bool),
        cue=cue,
        open_case=links.open,
        case_id=_of_case(spans["case_id"], links),
        ward=_of_case(spans["ward"], links),
        chasing=chasing,
        evidence=evidence,
        resolved=_resolved(records["outcome"], method),
    )
    found["avoidable"] = _avoidable(records, found, links, method)
    return found


def look_back(months: Sequence[date], method: DemandMethod) -> list[date]:
    """Return `months` and those before them that a repeat in the first may be a repeat of."""
    back = -(-method.repeat_days // 28)
    return [*(add_months(months[0], -n) for n in range(back, 0, -1)), *months]


def has_cue(texts: pd.Series, cues: Sequence[str]) -> Bools:
    """Tell which texts show that somebody is chasing; a missing text shows nothing.

    Examples
    --------
    >>> from insight.demand.method import CUES
    >>> said = pd.Series(["Any update on my claim?", "I updated my address", None], dtype="string")
    >>> has_cue(said, CUES).tolist()
    [True, False, False]
    """
    if not cues:
        return np.zeros(len(texts), dtype=bool)
    # Notes repeat: each wording is looked at once.
    places, written = pd.factorize(texts)
    words = pd.Series(written, dtype="string").str.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    pattern = rf"(?i)\b(?:{'|'.join(f'(?:{cue})' for cue in cues)})\b"
    shown = words.str.contains(pattern, regex=True).fillna(False).to_numpy(bool)
    return np.asarray(np.append(shown, False)[places], dtype=bool)


def _gaps(
    person: NDArray[np.int64],
    service: NDArray[np.int64],
    reason: NDArray[np.int64],
    at: NDArray[np.int64],
    day: NDArray[np.int64],
) -> tuple[NDArray[np.float64], NDArray[np.float64], Bools]:
    """Days since the same person's contact before about the service, and until the one after.

    Last, whether the one before gave the same reason; one without a reason may be the same.
    """
    order = np.lexsort((np.arange(len(at)), at, service, person))
    same = (np.diff(person[order]) == 0) & (np.diff(service[order]) == 0)
    apart = np.where(same, np.diff(day[order]), np.inf).astype(np.float64)
    before, after = np.full(len(at), np.inf), np.full(len(at), np.inf)
    before[order[1:]] = apart
    after[order[:-1]] = apart
    alike = np.zeros(len(at), dtype=bool)
    sorted_reason = reason[order]
    blank = (sorted_reason[1:] < 0) | (sorted_reason[:-1] < 0)
    alike[order[1:]] = blank | (np.diff(sorted_reason) == 0)
    return before, after, alike


def _chasing(
    records: pd.DataFrame,
    cue: Bools,
    repeats: tuple[Bools, Bools, Bools],
    links: CaseLinks,
    spans: pd.DataFrame,
    method: DemandMethod,
) -> tuple[Bools, pd.Series]:
    repeat, same_reason, again = repeats
    about = (repeat | again) & links.open & ~cue
    alone = ~links.open & ~cue
    if method.repeat_needs_open_case:
        alone &= ~records["service"].isin(spans["service"].dropna().unique()).to_numpy(bool)
    states = [
        cue & links.open, cue & ~links.open, about, alone & same_reason,
        alone & again & ~same_reason,
    ]  # fmt: skip
    evidence = pd.Series(pd.NA, index=records.index, dtype="string")
    for state, words in zip(states, EVIDENCE, strict=True):
        evidence = evidence.mask(state, words)
    return np.logical_or.reduce(states), evidence


def _of_case(values: pd.Series, links: CaseLinks) -> pd.Series:
    """Take each linked case's value."""
    return pd.Series(values.astype("string").array.take(links.case, allow_fill=True))


def _resolved(outcomes: pd.Series, method: DemandMethod) -> pd.Series:
    said = outcomes.str.strip().str.casefold()
    return said.isin(method.resolved).astype("boolean").mask(said.isna() | said.eq(""))


def _avoidable(
    records: pd.DataFrame, found: pd.DataFrame, links: CaseLinks, method: DemandMethod
) -> pd.Series:
    """Class each contact: what the contact centre said wins, then what the records show."""
    reason = records["reason"].str.strip().str.casefold()
    shown = pd.Series(pd.NA, index=records.index, dtype="string")
    shown = shown.mask(_told_elsewhere(records, found["person"], reason, method),
                       kinds.REPEAT_NOTIFICATION)  # fmt: skip
    shown = shown.mask(links.closed_days_ago <= method.repeat_days, kinds.PREMATURE_CLOSURE)
    shown = shown.mask(found["chasing"], kinds.CHASING)
    return reason.map(dict(method.reasons)).astype("string").fillna(shown)


def _told_elsewhere(
    records: pd.DataFrame, person: pd.Series, reason: pd.Series, method: DemandMethod
) -> Bools:
    """Tell which contacts give another service a reason that the person gave one just before."""
    codes, _ = pd.factorize(reason)
    service, _ = pd.factorize(records["service"])
    who = person.to_numpy()
    at = records["at"].to_numpy().astype("datetime64[us]").astype(np.int64)
    rows = np.flatnonzero((who >= 0) & (codes >= 0))
    order = rows[np.lexsort((at[rows], codes[rows], who[rows]))]
    same = (np.diff(who[order]) == 0) & (np.diff(codes[order]) == 0)
    soon = np.diff(at[order]) <= method.repeat_days * _DAY
    told = np.zeros(len(records), dtype=bool)
    told[order[1:]] = same & soon & (np.diff(service[order]) != 0)
    return told
