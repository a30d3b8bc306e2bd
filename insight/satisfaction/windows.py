"""Windows of months that overlap: which of them an answer lies in."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from insight.periods import month_key, wall_clock


def in_windows(times: pd.Series, months: Sequence[date], length: int = 1) -> pd.DataFrame:
    """Tell which windows of `length` months, each ending with one of `months`, a time lies in.

    Returns
    -------
    pandas.DataFrame
        ``row`` (position in `times`) and ``period`` (key of the window's last month), a row
        for each window that a time lies in.
    """
    number = wall_clock(times).to_numpy().astype("datetime64[M]")
    last = np.array([np.datetime64(month, "M") for month in months])
    parts = []
    for back in range(length):
        at = (number - last[0]).astype("int64") + back
        inside = np.flatnonzero((at >= 0) & (at < len(months)) & ~np.isnat(number))
        parts.append((inside, at[inside]))
    rows = np.concatenate([part[0] for part in parts])
    which = np.concatenate([part[1] for part in parts])
    keys = pd.array([month_key(month) for month in months], dtype="string")
    return pd.DataFrame({"row": rows, "period": keys.take(which)})
