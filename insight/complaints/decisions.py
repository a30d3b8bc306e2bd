"""An officer's decisions on request or complaint: the list to decide, reading it back, conflicts.

A row is known by its source and reference, which don't change, and carries the version of the
decision that it was made from. Where the store has moved on since, the copy is
somebody's older one: an equal decision is fine, another one is a conflict that people settle.
"""

import hashlib
from dataclasses import dataclass

import pandas as pd

from insight.complaints.figures import REQUEST as REQUEST_STAGE
from insight.complaints.request_or_complaint import COMPLAINT, REQUEST, suggest_kind
from insight.errors import MissingColumnsError

KEYS = ["source", "complaint_id"]
UNDECIDED = "0"
FIRST_STAGES = ("stage 1", REQUEST_STAGE)
KINDS = (COMPLAINT, REQUEST)
HEADINGS = {
    "reference": "Reference",
    "received": "Received",
    "service": "Service",
    "recorded": "Recorded as",
    "words": "What was written (redacted)",
    "suggested": "Suggested",
    "why": "Why",
    "paragraph": "Paragraph of the Code",
    "decision": "Decision",
    "reason": "Reason (needed where it differs)",
    "decided_by": "Decided by",
    "row_id": "Row id",
    "base_version": "Base version",
}
"""Columns of the workbook: our name to its heading."""


def version_of(decisions: pd.DataFrame) -> pd.Series:
    """Return a short version of each stored decision; it moves on when the decision does."""
    text = (
        decisions["decision"].astype("string").fillna("")
        + "|" + decisions["decided_by"].astype("string").fillna("")
        + "|" + decisions["reason"].astype("string").fillna("")
    )  # fmt: skip
    codes, distinct = pd.factorize(text)
    short = [hashlib.sha256(each.encode()).hexdigest()[:10] for each in distinct]
    return pd.Series(pd.array(short, dtype="string").take(codes), index=decisions.index)


def row_ids(rows: pd.DataFrame) -> pd.Series:
    """Return the id that ties a row of the workbook to one of the store."""
    return rows["source"].astype("string") + "/" + rows["complaint_id"].astype("string")


def asked(complaints: pd.DataFrame) -> pd.Series:
    """Tell which rows are a question: at the first stage, and not recorded there both ways."""
    first = complaints["stage"].isin(list(FIRST_STAGES))
    both_ways = complaints[first].duplicated(KEYS, keep=False)
    return first & ~both_ways.reindex(complaints.index, fill_value=False)


def review_list(complaints: pd.DataFrame, decisions: pd.DataFrame) -> pd.DataFrame:
    """Make the list that an officer decides from.

    Parameters
    ----------
    complaints
        Rows of the store with `KEYS`; only stage 1 and requests are asked (`asked`).
    decisions
        What was decided before: `KEYS`, ``decision``, ``decided_by``, ``reason``.

    Returns
    -------
    pandas.DataFrame
        The columns of `HEADINGS`, undecided first, then those where the suggestion and the
        record differ, oldest first.
    """
    told = suggest_kind(complaints)[asked(complaints)].reset_index(drop=True)
    rows = complaints[asked(complaints)].reset_index(drop=True)
    known = decisions[[*KEYS, "decision", "decided_by", "reason"]].assign(
        base_version=version_of(decisions)
    )
    both = rows[KEYS].merge(known, on=KEYS, how="left")
    recorded = rows["stage"].eq(REQUEST_STAGE).map({True: REQUEST, False: COMPLAINT})
    listed = pd.DataFrame(
        {
            "reference": rows["complaint_id"],
            "received": rows["received_at"].dt.strftime("%d/%m/%Y"),
            "service": rows["service"],
            "recorded": recorded,
            "words": rows["description"],
            "suggested": told["suggested"],
            "why": told["why"],
            "paragraph": told["paragraph"],
            "decision": both["decision"],
            "reason": both["reason"],
            "decided_by": both["decided_by"],
            "row_id": row_ids(rows),
            "base_version": both["base_version"].fillna(UNDECIDED),
        }
    ).astype("string")
    order = pd.DataFrame(
        {
            "decided": listed["decision"].notna(),
            "agrees": listed["suggested"].eq(listed["recorded"]),
            "received": rows["received_at"],
            "row_id": listed["row_id"],
        }
    ).sort_values(["decided", "agrees", "received", "row_id"])
    return listed.loc[order.index].reset_index(drop=True)[list(HEADINGS)]


@dataclass(frozen=True, slots=True)
class ReadBack:
    """What a returned workbook comes to.

    `accepted` has `KEYS`, ``decision``, ``decided_by``, ``reason``, ``suggested``, ``rule`` and
    ``paragraph``; `unchanged` counts rows that say what the store says; `problems` are sentences
    about rows that were left out, by reference.
    """

    accepted: pd.DataFrame
    unchanged: int
    conflicts: pd.DataFrame
    problems: tuple[str, ...]


def read_back(
    returned: pd.DataFrame, complaints: pd.DataFrame, decisions: pd.DataFrame
) -> ReadBack:
    """Judge a returned workbook against the store as it is now.

    Parameters
    ----------
    returned
        The workbook's rows under our names (`HEADINGS`), texts.
    complaints, decisions
        As for `review_list`.

    Raises
    ------
    MissingColumnsError
        If the workbook lacks a column it can't do without.
    """
    needed = ("reference", "decision", "decided_by", "row_id", "base_version")
    if missing := set(needed) - set(returned.columns):
        raise MissingColumnsError({HEADINGS[name] for name in missing}, "the workbook")
    rows = returned.reindex(columns=list(HEADINGS)).astype("string")
    rows = rows.apply(lambda column: column.str.strip()).replace("", pd.NA)
    rows["decision"] = rows["decision"].str.casefold()
    rows["line"] = rows["reference"].fillna("A row without a reference")
    told = suggest_kind(complaints)
    store = complaints[KEYS].assign(
        row_id=row_ids(complaints),
        **{name: told[name] for name in ("suggested", "rule", "paragraph")},
    )[asked(complaints)]
    now = decisions[[*KEYS, "decision", "decided_by", "reason"]].assign(
        now_version=version_of(decisions)
    )
    now = now.rename(columns={"decision": "now", "decided_by": "now_by", "reason": "now_reason"})
    rows = rows.drop(columns=["suggested", "paragraph"]).merge(
        store.merge(now, on=KEYS, how="left"), on="row_id", how="left"
    )
    rows["now_version"] = rows["now_version"].fillna(UNDECIDED)
    blank = rows["decision"].isna()
    twice = rows["row_id"].duplicated(keep=False) & ~blank
    faults = {
        "is no row of the store; don't change the row id": ~blank & rows["source"].isna(),
        "is there twice; keep one row": twice & rows["source"].notna(),
        "must be decided as complaint or request": ~blank & ~rows["decision"].isin(list(KINDS)),
        "needs the name of who decided": ~blank & rows["decided_by"].isna(),
        "differs from the suggestion and needs a reason": (
            rows["decision"].isin(list(KINDS))
            & rows["decision"].ne(rows["suggested"]).fillna(False)
            & rows["reason"].isna()
        ),
    }
    bad = pd.Series(False, index=rows.index)
    problems = []
    for sentence, here in faults.items():
        mine = here.fillna(False).astype(bool) & ~bad
        problems += [f"{line} {sentence}." for line in rows.loc[mine, "line"]]
        bad |= mine
    good = rows[~blank & ~bad]
    same = (
        good["decision"].eq(good["now"])
        & good["decided_by"].eq(good["now_by"])
        & good["reason"].fillna("").eq(good["now_reason"].fillna(""))
    ).fillna(False)
    moved = good["base_version"].ne(good["now_version"]) & ~same.astype(bool)
    # Two people with the same answer agree: the first one's name stays.
    agreed = moved & good["decision"].eq(good["now"]).fillna(False)
    clash = moved & ~agreed
    columns = [*KEYS, "decision", "decided_by", "reason", "suggested", "rule", "paragraph"]
    return ReadBack(
        accepted=good.loc[~same.astype(bool) & ~moved, columns].reset_index(drop=True),
        unchanged=int((same.astype(bool) | agreed).sum()),
        conflicts=good.loc[clash, ["reference", "now", "now_by", "decision", "decided_by"]]
        .reset_index(drop=True),
        problems=tuple(problems),
    )  # fmt: skip


def apply_decisions(complaints: pd.DataFrame, decisions: pd.DataFrame) -> pd.DataFrame:
    """Let what officers decided win over how a row was recorded.

    Parameters
    ----------
    complaints
        Rows with `KEYS` and ``stage``.
    decisions
        `KEYS` and ``decision``.

    Returns
    -------
    pandas.DataFrame
        `complaints` with ``stage`` as decided: a complaint recorded as a request is at stage 1;
        later stages are never touched.
    """
    if decisions.empty:
        return complaints
    known = complaints[KEYS].merge(decisions[[*KEYS, "decision"]], on=KEYS, how="left")
    decided = known["decision"].set_axis(complaints.index)
    first = asked(complaints)
    stage = complaints["stage"].mask(decided.eq(REQUEST).fillna(False) & first, REQUEST_STAGE)
    stage = stage.mask(decided.eq(COMPLAINT).fillna(False) & first, "stage 1")
    return complaints.assign(stage=stage)
