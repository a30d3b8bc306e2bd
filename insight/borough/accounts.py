"""What should become of every row of the borough's files, read in the order of their names."""

import numpy as np
import pandas as pd

from insight.borough.files import Batch
from insight.row_identity import row_keys

Account = dict[str, int]

_QUESTION, _ANSWER = " question", " answer"  # no file has such headings


def row_accounts(batch: Batch) -> dict[str, Account]:
    """Return what should become of the rows of each of a source's files.

    A row of a wide survey is as many rows as it has questions, and a blank answer is left out.

    Returns
    -------
    dict
        By file name: ``read``, ``accepted``, ``quarantined``, ``duplicates``, ``filtered``, and
        ``corrections`` (accepted rows that replace one with the same key).
    """
    files, questions = batch.files, batch.export.questions
    rows = pd.concat([file.frame for file in files], ignore_index=True)
    number = np.repeat(np.arange(len(files)), [len(file.frame) for file in files])
    broken = np.concatenate([file.broken for file in files])
    filtered = np.concatenate([file.filtered for file in files])
    key = list(batch.export.key)
    if questions:
        rows, key = _answers(rows, questions), [*key, _QUESTION]
        number, broken = np.tile(number, len(questions)), np.tile(broken, len(questions))
        filtered = rows[_ANSWER].isna().to_numpy()
        broken &= ~filtered
    taken = ~broken & ~filtered
    text = rows[taken].astype("string").fillna("")
    content = pd.util.hash_pandas_object(text, index=False)
    before = content.groupby(row_keys(text, key)).shift()
    duplicate, correction = np.zeros((2, len(rows)), dtype=bool)
    duplicate[taken] = before.notna() & (before == content)
    correction[taken] = before.notna() & (before != content)
    fates = {
        "read": np.ones(len(rows), dtype=bool),
        "accepted": taken & ~duplicate,
        "quarantined": broken,
        "duplicates": duplicate,
        "filtered": filtered,
        "corrections": correction,
    }
    sums = {fate: np.bincount(number, each, len(files)) for fate, each in fates.items()}
    return {
        file.name: {fate: int(counts[place]) for fate, counts in sums.items()}
        for place, file in enumerate(files)
    }


def _answers(rows: pd.DataFrame, questions: tuple[str, ...]) -> pd.DataFrame:
    """Return one row per question and row, question by question."""
    others = rows.columns.difference(list(questions), sort=False).tolist()
    return rows.melt(id_vars=others, var_name=_QUESTION, value_name=_ANSWER)
