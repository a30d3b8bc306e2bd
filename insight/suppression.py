"""Small numbers that could point at a person are withheld, and can't be worked out again.

Counts from 1 to below the threshold are withheld, and shares whose numerator or denominator
is one. Nought is kept. Where published totals would give a withheld cell away, the next
smallest cell goes too, until no withheld cell follows from what is shown (`insight.recovery`).
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from insight.periods import Frequency, UnknownPeriodError, months_of, parse_period, period_key
from insight.recovery import recoverable
from insight.results import ALL_SERVICES

WITHHELD = "[c]"
THRESHOLD = 5
_FIGURES = ("value", "numerator", "denominator", "lower", "upper", "base")


def withheld(
    results: pd.DataFrame,
    *,
    disclosive: pd.Series | bool = True,
    threshold: int = THRESHOLD,
    adds_up: pd.Series | bool = False,
    hidden_before: pd.Series | bool = False,
    shown_before: pd.Series | bool = False,
) -> pd.Series:
    """Tell which figures must be withheld.

    Parameters
    ----------
    results
        Figures with the columns of a results frame. Services add up to service ``"all"``, and
        breakdowns to the figure with one dimension less, where those are in the frame too.
    disclosive
        Which rows could point at people; only those are withheld.
    threshold
        Counts from 1 to below it are withheld.
    adds_up
        Which rows' counts add up over time, so that a quarter gives its months away.
    hidden_before
        Which rows an earlier release withheld; they stay withheld, and are protected.
    shown_before
        Which rows an earlier release showed: hiding them now would cover nothing.

    Returns
    -------
    pandas.Series
        True where a figure must be withheld.

    Examples
    --------
    >>> figures = pd.DataFrame({"measure": "complaints", "period": "2026-10", "breakdown": "",
    ...     "service": ["all", "bins", "trees", "parks"], "base": [60, 3, 7, 50]})
    >>> withheld(figures).tolist()
    [False, True, True, False]
    """
    rows = results.reset_index(drop=True)
    rows = rows.reindex(columns=list(dict.fromkeys([*rows.columns, *_FIGURES])))
    top, bottom, base = (rows[name].astype("Float64") for name in (*_FIGURES[1:3], "base"))
    count = top.abs().fillna(base)
    small = _small(count, threshold) | _small(bottom, threshold)
    touchy, kept, fixed = (
        np.broadcast_to(np.asarray(each, dtype=bool), len(rows))
        for each in (disclosive, hidden_before, shown_before)
    )
    hidden = (small.to_numpy() & touchy) | kept
    layers = [np.asarray(each.fillna(0), dtype=np.float64) for each in (count, bottom)]
    over_time = pd.Series(np.broadcast_to(np.asarray(adds_up, dtype=bool), len(rows)))
    together = rows["period"].mask(over_time, "")
    for block in rows.groupby([rows["measure"], together]).indices.values():
        if hidden[block].any():
            own = rows.iloc[block].reset_index(drop=True)
            sums = (
                np.vstack([_sums(own), _sums_over_time(own)]) if over_time[block[0]] else _sums(own)
            )
            hidden[block] = _protect_all(
                hidden[block], [each[block] for each in layers], sums, threshold, fixed[block]
            )
    return pd.Series(hidden, index=results.index, name="withheld")


def _protect_all(
    hidden: NDArray[np.bool_],
    layers: list[NDArray[np.float64]],
    sums: NDArray[np.float64],
    limit: int,
    fixed: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    """Protect numerators and denominators, until neither gives anything away."""
    before = None
    while before is None or (hidden != before).any():
        before = hidden
        for counts in layers:
            if counts.any():
                hidden = _protect(hidden, counts, sums, limit, fixed)
    return hidden


def _sums_over_time(rows: pd.DataFrame) -> NDArray[np.float64]:
    """Equations of one measure over time: months make a quarter and a year, quarters a year."""
    place = {
        key: position
        for position, key in enumerate(
            zip(rows["service"], rows["breakdown"].fillna(""), rows["period"], strict=True)
        )
    }
    found = []
    for (service, breakdown, period), whole in place.items():
        for parts in _ways(str(period)):
            line = np.zeros(len(rows))
            inside = [place.get((service, breakdown, part)) for part in parts]
            if any(position is not None for position in inside):
                line[[position for position in inside if position is not None]] = 1.0
                line[whole] = -1.0
                found.append(line)
    return np.array(found).reshape(-1, len(rows))


def _ways(period: str) -> list[list[str]]:
    """List the ways in which a quarter or a year is put together."""
    try:
        kind = parse_period(period)[0]
    except UnknownPeriodError:
        return []
    if kind is Frequency.MONTHLY:
        return []
    months = months_of(period, kind)
    ways = [[period_key(month, "monthly") for month in months]]
    if kind is Frequency.ANNUAL:
        ways.append([period_key(month, "quarterly") for month in months[::3]])
    return ways


def _small(counts: pd.Series, threshold: int) -> pd.Series:
    return (counts.gt(0) & counts.lt(threshold)).fillna(False).astype(bool)


def _sums(rows: pd.DataFrame) -> NDArray[np.float64]:
    """Equations of one measure: a row each, 1 for the parts and -1 for their sum."""
    when = rows["period"].astype("string") + "|"
    service = rows["service"].astype("string").fillna("")
    keys = rows["breakdown"].astype("string").fillna("")
    of_all = pd.DataFrame({"whole": when + f"{ALL_SERVICES}|" + keys, "dimension": "service"})
    links = [of_all[service.ne(ALL_SERVICES)]]
    parts = keys.str.split(";", expand=True).fillna("")
    positions = range(parts.shape[1])
    for position in positions:
        # Parts stand to the left, so that only the end can hold empty ones.
        rest = pd.Series("", index=rows.index, dtype="string")
        for other in positions:
            if other != position:
                rest = rest + ";" + parts[other]
        whole = when + service + "|" + rest.str.strip(";")
        dimension = parts[position].str.split("=", n=1).str[0]
        link = pd.DataFrame({"whole": whole, "dimension": dimension})
        links.append(link[parts[position].ne("")])
    wholes = (when + service + "|" + keys).rename("whole").reset_index(name="whole")
    found = pd.concat(links).rename_axis("part").reset_index()
    found = found.merge(wholes.rename(columns={"index": "sum"}), on="whole")
    equation = found.groupby(["dimension", "whole"]).ngroup().to_numpy()
    sums = np.zeros((equation.max(initial=-1) + 1, len(rows)))
    sums[equation, found["part"]] = 1.0
    sums[equation, found["sum"]] = -1.0
    return sums


def _protect(
    hidden: NDArray[np.bool_],
    counts: NDArray[np.float64],
    sums: NDArray[np.float64],
    limit: int,
    fixed: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    """Hide further cells until none that is hidden follows from those shown."""
    hidden = hidden.copy()
    while True:
        known = recoverable(hidden, counts, sums, threshold=limit)
        weak = (sums[:, known] != 0).any(axis=1)
        shown = (sums != 0) & ~hidden & ~fixed & weak[:, None]
        if not shown.any():
            return hidden
        first = shown.any(axis=1).argmax()
        cells = np.flatnonzero(shown[first])
        equation = sums[first, cells]
        # Parts before their sum, and nought last: it is the least use as a disguise.
        order = np.lexsort((counts[cells], counts[cells] == 0, equation < 0))
        hidden[cells[order[0]]] = True
