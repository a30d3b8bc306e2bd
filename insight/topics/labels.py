"""Labels as people write them: one topic has one spelling."""

from collections.abc import Iterable

import pandas as pd


def one_spelling(labels: pd.Series, known: Iterable[str] = ()) -> pd.Series:
    """Spell alike what differs only in case and spacing.

    Parameters
    ----------
    labels
        One label a row; missing ones stay so.
    known
        Spellings that win, the first before the others. Elsewhere the commonest wins, of several
        as common the first by the alphabet.

    Examples
    --------
    >>> one_spelling(pd.Series(["Missed bin", "Missed bin", "MISSED  BIN ", "Tax"])).tolist()
    ['Missed bin', 'Missed bin', 'Missed bin', 'Tax']
    >>> one_spelling(pd.Series(["oos"]), known=["OOS"]).tolist()
    ['OOS']
    """
    written = labels.astype("string").str.strip()
    counted = written.value_counts().sort_index().sort_values(ascending=False, kind="stable")
    spellings = pd.Series([*known, *counted.index], dtype="string")
    chosen = pd.Series(spellings.to_numpy(), index=_key(spellings), dtype="string")
    chosen = chosen[~chosen.index.duplicated()]
    return _key(written).map(chosen).astype("string").set_axis(labels.index)


def _key(labels: pd.Series) -> pd.Series:
    return labels.str.strip().str.casefold().str.replace(r"\s+", " ", regex=True)
