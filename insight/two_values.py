"""Two values for one period in one file: nobody but the manager knows which is right."""

import numpy as np
import numpy.typing as npt
import pandas as pd

RULE = "another row gives another value"
KEY = ["measure", "period"]
FIGURES = ["value", "numerator", "denominator", "unit"]
MOST_NAMED = 5


def differing(rows: pd.DataFrame, file_of: npt.NDArray[np.int64]) -> pd.DataFrame:
    """Find the returns that another row of their own file contradicts.

    Parameters
    ----------
    rows
        Typed rows of the kpi_returns contract.
    file_of
        The number of each row's file: a later file may correct an earlier one.

    Returns
    -------
    pandas.DataFrame
        ``row``, ``column`` and ``rule`` of every row concerned, the first one too. Rows that
        differ in their commentary alone give one value.

    Examples
    --------
    >>> rows = pd.DataFrame({"measure": "BINS", "period": ["2026-09", "2026-10", "2026-10"],
    ...     "value": [7.0, 8, 9], "numerator": None, "denominator": None, "unit": None})
    >>> differing(rows, np.array([0, 0, 0]))["row"].tolist()
    [1, 2]
    """
    told = rows[[*KEY, *FIGURES]].assign(file=file_of)
    different = told.drop_duplicates()
    twice = different.duplicated(["file", *KEY], keep=False)
    wrong = pd.MultiIndex.from_frame(different.loc[twice, ["file", *KEY]])
    found = rows.index[pd.MultiIndex.from_frame(told[["file", *KEY]]).isin(wrong)]
    return pd.DataFrame({"row": found, "column": "value", "rule": RULE})


def named(rows: pd.DataFrame) -> tuple[str, ...]:
    """Say which rows of a file contradict each other: ``measure``, ``period``, ``row_number``.

    Examples
    --------
    >>> rows = pd.DataFrame({"measure": "BINS", "period": "2026-10", "row_number": [3, 4]})
    >>> named(rows)
    ('BINS in 2026-10 has values that differ in rows 3 and 4; all are refused. Keep the right \
one in the file, and ingest it again.',)
    """
    numbers = rows["row_number"].astype("string").groupby([rows[name] for name in KEY], sort=False)
    said = [
        f"{measure} in {period} has values that differ in rows {', '.join(each[:-1])} and "
        f"{each.iloc[-1]}; all are refused. Keep the right one in the file, and ingest it again."
        for (measure, period), each in numbers
    ]
    more = len(said) - MOST_NAMED
    rest = [f"{more} more of the same: insight quarantine list"] if more > 0 else []
    return (*said[:MOST_NAMED], *rest)
