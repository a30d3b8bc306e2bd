"""What should become of every row of the borough's files, read in the order of their names."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from insight.borough.files import Batch, InboxFile
from insight.row_identity import row_keys

Account = dict[str, int]


def row_accounts(batch: Batch) -> dict[str, Account]:
    """Return what should become of the rows of each of a source's files.

    A row of a wide survey is as many rows as it has questions, and a blank answer is left out.

    Returns
    -------
    dict
        By file name: ``read``, ``accepted``, ``quarantined``, ``duplicates``, ``filtered``, and
        ``corrections`` (accepted rows that replace one with the same key).
    """
    parts = [_told(file, batch.export.questions) for file in batch.files]
    rows = pd.concat([part.assign(_file=n) for n, part in enumerate(parts)], ignore_index=True)
    key = [*batch.export.key, *(["_question"] if batch.export.questions else [])]
    taken = rows[~rows["_broken"] & ~rows["_filtered"]]
    text = taken.drop(columns=["_file", "_broken", "_filtered"]).astype("string").fillna("")
    content = pd.util.hash_pandas_object(text, index=False)
    named = row_keys(text, key)
    before = content.groupby(named).shift()
    seen = pd.DataFrame(
        {
            "file": taken["_file"],
            "duplicates": before.notna() & (before == content),
            "corrections": before.notna() & (before != content),
        }
    )
    sums = seen.groupby("file").sum().reindex(range(len(parts)), fill_value=0)
    return {
        file.name: _account(part, *sums.loc[number].astype(int))
        for number, (file, part) in enumerate(zip(batch.files, parts, strict=True))
    }


def _told(file: InboxFile, questions: tuple[str, ...]) -> pd.DataFrame:
    frame = file.frame.astype("object").assign(_broken=file.broken, _filtered=file.filtered)
    if not questions:
        return frame
    others = frame.columns.difference(list(questions), sort=False).tolist()
    long = frame.melt(id_vars=others, var_name="_question", value_name="_answer")
    blank: NDArray[np.bool_] = long["_answer"].isna().to_numpy()
    return long.assign(_filtered=blank, _broken=long["_broken"].to_numpy(dtype=bool) & ~blank)


def _account(part: pd.DataFrame, duplicates: int, corrections: int) -> Account:
    broken, filtered = int(part["_broken"].sum()), int(part["_filtered"].sum())
    return {
        "read": len(part),
        "accepted": len(part) - broken - filtered - duplicates,
        "quarantined": broken,
        "duplicates": duplicates,
        "filtered": filtered,
        "corrections": corrections,
    }
