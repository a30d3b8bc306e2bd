"""Fingerprints of people whose rows were erased, and which rows are theirs."""

import pandas as pd

from insight.contract import Contract, Privacy
from insight.pseudonym import pseudonymise

PERSON, CASE = "erased person", "erased case"
CASE_COLUMN = "case_id"


def fingerprints(values: pd.Series, key: bytes, *, of: str) -> pd.Series:
    """Return a keyed hash of each pseudonym (`PERSON`) or case reference (`CASE`).

    A fingerprint tells nobody who it is of, and can't be compared with the store's pseudonyms
    without the key.
    """
    return pseudonymise(values, key, scope=of)


def identifier_columns(contract: Contract) -> list[str]:
    """Name the columns that hold a pseudonym."""
    return [c.name for c in contract.columns if c.privacy is Privacy.IDENTIFIER]


def nobody_named(rows: pd.DataFrame, contract: Contract) -> pd.Series:
    """Tell which rows name no customer, so that only a case can say whose they are."""
    return rows[identifier_columns(contract)].isna().all(axis="columns")


def erased_rows(rows: pd.DataFrame, contract: Contract, erased: pd.Series, key: bytes) -> pd.Series:
    """Tell which rows belong to an erased customer and are dated up to their erasure.

    Parameters
    ----------
    rows
        An input's rows, pseudonyms in place.
    contract
        The input.
    erased
        When each was erased, by fingerprint; times with a zone.
    key
        The pseudonym key.

    Returns
    -------
    pandas.Series
        ``bool``. Theirs is a row with their pseudonym, and one that names nobody but one of
        their cases. A row without a time counts as dated before.
    """
    theirs = pd.Series(data=False, index=rows.index)
    names = [(name, PERSON) for name in identifier_columns(contract)]
    if CASE_COLUMN in rows and contract.name != "cases":
        names.append((CASE_COLUMN, CASE))
    for name, of in names:
        until = fingerprints(rows[name], key, of=of).map(erased)
        hit = until.notna()
        if contract.event_time is not None:
            hit &= ~(rows[contract.event_time] > until)
        if of == CASE:
            hit &= nobody_named(rows, contract)
        theirs |= hit
    return theirs.astype("bool")
