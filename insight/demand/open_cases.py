"""Which case was open when somebody got in touch, found for all contacts at once."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from insight.periods import wall_clock

Ints = NDArray[np.int64]
ENDED = ("granted", "refused", "withdrawn", "awarded", "completed", "approved", "closed")
_NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class CaseLinks:
    """For each contact: the row of its case among `cases` (-1: none or several), and its state."""

    case: Ints
    open: NDArray[np.bool_]
    closed_days_ago: NDArray[np.float64]
    """Days since the case ended, NaN where it is open or there is none."""


def case_spans(cases: pd.DataFrame) -> pd.DataFrame:
    """Return each case once: ``case_id``, ``service``, ``customer``, ``ward``, from and to.

    ``start`` and ``end`` are microseconds on the wall clock; an open case ends never. A case that
    ended without a date, or before it began, is left out: nobody knows when it was open.
    """
    wanted = ["case_id", "service", "customer", "ward", "case_type", "outcome"]
    rows = cases.reindex(columns=[*wanted, "received_at", "decided_at"])
    received, decided = (
        wall_clock(pd.to_datetime(rows[name])).astype("datetime64[us]")
        for name in ("received_at", "decided_at")
    )
    # A decision on a day without a time holds until the day is over.
    whole = decided.dt.normalize().eq(decided)
    decided = decided.mask(whole, decided + pd.Timedelta(days=1))
    undated = decided.isna() & rows["outcome"].astype("string").str.casefold().isin(ENDED)
    start = received.astype("int64").where(received.notna(), 0)
    end = decided.astype("int64").where(decided.notna(), _NEVER)
    kept = received.notna() & ~undated.fillna(False) & end.ge(start)
    spans = rows[kept].assign(start=start[kept], end=end[kept])
    spans["case_id"] = spans["case_id"].astype("string").str.strip()
    spans["reference"] = spans["case_id"].str.casefold()
    return spans.drop_duplicates("reference", keep="last").reset_index(drop=True)


def link_cases(records: pd.DataFrame, spans: pd.DataFrame, usable: pd.Series) -> CaseLinks:
    """Link each record to its case: by reference, else by the customer's only open case.

    Parameters
    ----------
    records
        As `insight.demand.volume.single_records` gives.
    spans
        What `case_spans` gives.
    usable
        Which records have a customer that stands for a person.

    Notes
    -----
    Open cases of a customer and service at a moment are those received by then less those ended
    by then; two binary searches find both numbers. The same difference of running sums of the
    cases' row numbers names the case where exactly one is open. So a million contacts take one
    sort, however many cases one agent has.
    """
    at = records["at"].to_numpy().astype("datetime64[us]").astype(np.int64)
    case = _by_reference(records["case_id"], spans)
    start, end = spans["start"].to_numpy(np.int64), spans["end"].to_numpy(np.int64)
    number, only = _by_customer(records, spans, usable.to_numpy(bool), at)
    by_name = case >= 0
    chosen = np.where(by_name, case, np.where(number == 1, only, -1))
    there = chosen >= 0
    began = np.where(there, start[np.maximum(chosen, 0)] if len(start) else 0, _NEVER)
    ended = np.where(there, end[np.maximum(chosen, 0)] if len(end) else 0, _NEVER)
    is_open = np.where(by_name, (began <= at) & (at < ended), number > 0)
    closed = there & by_name & (ended <= at)
    ago = np.where(closed, (at - np.where(closed, ended, 0)) / 86_400e6, np.nan)
    return CaseLinks(chosen, is_open.astype(bool), ago)


def _by_reference(references: pd.Series, spans: pd.DataFrame) -> Ints:
    places, written = pd.factorize(references)
    plain = pd.Series(written, dtype="string").str.strip().str.casefold()
    found = pd.Index(spans["reference"]).get_indexer(pd.Index(plain))
    return np.append(found, -1)[places].astype(np.int64)


def _by_customer(
    records: pd.DataFrame, spans: pd.DataFrame, usable: NDArray[np.bool_], at: Ints
) -> tuple[Ints, Ints]:
    """Count each record's customer's open cases of its service, and name an only one."""
    keyed = spans["customer"].notna() & spans["service"].notna()
    owned = spans[keyed]
    if owned.empty or not len(records):
        return np.zeros(len(records), np.int64), np.full(len(records), -1, np.int64)
    pairs = pd.MultiIndex.from_arrays(
        [owned["customer"].astype("string"), owned["service"].astype("string")]
    )
    codes, each = pd.factorize(pairs)
    # Only customers with a case need looking up, which few of a million contacts have.
    wanted = usable & records["customer"].isin(owned["customer"]).to_numpy(bool)
    asked = records.loc[wanted, ["customer", "service"]].astype("string")
    group = each.get_indexer(pd.MultiIndex.from_frame(asked))
    number, only = np.zeros(len(records), np.int64), np.full(len(records), -1, np.int64)
    row = np.flatnonzero(keyed.to_numpy(bool))
    begun = _running(codes, owned["start"].to_numpy(np.int64), row, group, at[wanted])
    over = _running(codes, owned["end"].to_numpy(np.int64), row, group, at[wanted])
    still = np.where(group >= 0, begun[0] - over[0], 0)
    number[wanted] = still
    only[wanted] = np.where(still == 1, begun[1] - over[1], -1)
    return number, only


def _running(codes: Ints, times: Ints, row: Ints, group: Ints, at: Ints) -> tuple[Ints, Ints]:
    """Count and sum the row numbers of a group's cases whose time has come by `at`."""
    order = np.lexsort((times, codes))
    base = np.searchsorted(codes[order], np.arange(codes.max() + 2))
    # One key that sorts by group, then by time: ranks among all times keep it a small integer.
    moments = np.unique(times)
    key = codes[order].astype(np.int64) * (len(moments) + 1) + np.searchsorted(
        moments, times[order]
    )
    asked = np.maximum(group, 0) * (len(moments) + 1) + np.searchsorted(moments, at, "right")
    upto = np.searchsorted(key, asked, "left")
    first = base[np.maximum(group, 0)]
    sums = np.concatenate([[0], np.cumsum(row[order])])
    return (upto - first).astype(np.int64), (sums[upto] - sums[first]).astype(np.int64)
