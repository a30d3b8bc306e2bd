"""Small numbers that could point at a person are withheld, and can't be worked out again.

Counts from 1 to below the threshold are withheld, and shares whose numerator or denominator
is one. Nought is kept. Where published totals would give a withheld cell away, the next
smallest cell goes too, until no withheld cell follows from what is shown.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.linalg import null_space

from insight.results import ALL_SERVICES

WITHHELD = "[c]"
THRESHOLD = 5
_FIGURES = ("value", "numerator", "denominator", "lower", "upper", "base")
_SURE = 1e-9


def withheld(
    results: pd.DataFrame, *, disclosive: pd.Series | bool = True, threshold: int = THRESHOLD
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
    touchy = pd.Series(np.broadcast_to(np.asarray(disclosive, dtype=bool), len(rows)))
    hidden = (small & touchy).to_numpy(copy=True)
    counts = np.asarray(count.fillna(0), dtype=np.float64)
    for block in rows.groupby(["measure", "period"]).indices.values():
        if hidden[block].any():
            sums = _sums(rows.iloc[block].reset_index(drop=True))
            hidden[block] = _protect(hidden[block], counts[block], sums, threshold)
    return pd.Series(hidden, index=results.index, name="withheld")


def suppress_results(
    results: pd.DataFrame, *, disclosive: pd.Series | bool = True, threshold: int = THRESHOLD
) -> pd.DataFrame:
    """Empty the figures that must be withheld and set their ``status`` to ``suppressed``.

    Parameters are those of `withheld`.
    """
    hide = withheld(results, disclosive=disclosive, threshold=threshold)
    shown = results.copy()
    present = [name for name in _FIGURES if name in shown]
    shown[present] = shown[present].mask(hide)
    status = shown["status"] if "status" in shown else pd.Series("final", index=shown.index)
    return shown.assign(status=status.astype("string").mask(hide, "suppressed"))


def _small(counts: pd.Series, threshold: int) -> pd.Series:
    return (counts.gt(0) & counts.lt(threshold)).fillna(False).astype(bool)


def _sums(rows: pd.DataFrame) -> NDArray[np.float64]:
    """Equations of one measure and period: a row each, 1 for the parts and -1 for their sum."""
    service = rows["service"].astype("string").fillna("")
    keys = rows["breakdown"].astype("string").fillna("")
    of_all = pd.DataFrame({"whole": f"{ALL_SERVICES}|" + keys, "dimension": "service"})
    links = [of_all[service.ne(ALL_SERVICES)]]
    parts = keys.str.split(";", expand=True).fillna("")
    positions = range(parts.shape[1])
    for position in positions:
        # Parts stand to the left, so that only the end can hold empty ones.
        rest = pd.Series("", index=rows.index, dtype="string")
        for other in positions:
            if other != position:
                rest = rest + ";" + parts[other]
        whole = service + "|" + rest.str.strip(";")
        dimension = parts[position].str.split("=", n=1).str[0]
        link = pd.DataFrame({"whole": whole, "dimension": dimension})
        links.append(link[parts[position].ne("")])
    wholes = (service + "|" + keys).rename("whole").reset_index(name="whole")
    found = pd.concat(links).rename_axis("part").reset_index()
    found = found.merge(wholes.rename(columns={"index": "sum"}), on="whole")
    equation = found.groupby(["dimension", "whole"]).ngroup().to_numpy()
    sums = np.zeros((equation.max(initial=-1) + 1, len(rows)))
    sums[equation, found["part"]] = 1.0
    sums[equation, found["sum"]] = -1.0
    return sums


def _protect(
    hidden: NDArray[np.bool_], counts: NDArray[np.float64], sums: NDArray[np.float64], limit: int
) -> NDArray[np.bool_]:
    """Hide further cells until none that is hidden follows from those shown."""
    hidden = hidden.copy()
    while True:
        weak = _weak_equations(hidden, counts, sums, limit)
        shown = (sums != 0) & ~hidden & weak[:, None]
        if not shown.any():
            return hidden
        cells = np.flatnonzero(shown[shown.any(axis=1).argmax()])
        equation = sums[shown.any(axis=1).argmax(), cells]
        # Parts before their sum, and nought last: it is the least use as a disguise.
        order = np.lexsort((counts[cells], counts[cells] == 0, equation < 0))
        hidden[cells[order[0]]] = True


def _weak_equations(
    hidden: NDArray[np.bool_], counts: NDArray[np.float64], sums: NDArray[np.float64], limit: int
) -> NDArray[np.bool_]:
    """Tell which equations give a hidden cell away."""
    cells = np.flatnonzero(hidden)
    unknown = sums[:, cells]
    free = null_space(unknown) if unknown.size else np.eye(len(cells))
    known = cells[(np.abs(free) < _SURE).all(axis=1)]
    weak: NDArray[np.bool_] = (sums[:, known] != 0).any(axis=1)
    # A shown sum of small cells gives all of them away if each must be the least or the most.
    parts = (sums > 0) & hidden
    number, total = parts.sum(axis=1), parts @ counts
    all_small = (parts & ((counts <= 0) | (counts >= limit))).sum(axis=1) == 0
    extreme = (total == number) | ((total == number * (limit - 1)) & (number > 2))
    sum_shown = ((sums < 0) & hidden).sum(axis=1) == 0
    weak |= (number > 1) & all_small & extreme & sum_shown
    return weak
