"""What a reader can work out of withheld counts from the shown ones and their sums.

The reader is taken to know every sum, that counts are whole and not below nought, that a withheld
one isn't nought (unless the rule withheld a nought as well) and which counts the rule withholds.
Whether a withheld count then has one possible value is asked of an integer programme, so nothing is
missed that several sums together give away.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

_FEW = 400
"""Withheld cells that hang together, above which whole numbers aren't insisted on: real ones bound
a cell no tighter in two-way tables, and are quicker."""


def recoverable(hidden: Bools, counts: Floats, sums: Floats, *, threshold: int) -> Bools:
    """Tell which withheld counts have only one value that fits all that is shown.

    Parameters
    ----------
    hidden
        Which counts are withheld.
    counts
        The counts.
    sums
        Equations: a row each, 1 for the parts and -1 for their sum. Where the parts are fewer than
        the sum, the reader knows only that they aren't more.
    threshold
        The rule withholds counts from 1 to below it; others are withheld to protect those.

    Returns
    -------
    numpy.ndarray
        True for withheld counts that can be worked out.

    Examples
    --------
    >>> parts_and_sum = np.array([[1.0, 1.0, 1.0, -1.0]])
    >>> counts = np.array([1.0, 1.0, 30.0, 32.0])
    >>> recoverable(counts < 5, counts, parts_and_sum, threshold=5).tolist()
    [True, True, False, False]
    """
    known = np.zeros(len(hidden), dtype=bool)
    off = sums @ counts
    usable = off <= 1e-6  # parts that overlap add up to more and say nothing exact
    touched = sums[usable][:, hidden]
    used = (touched != 0).any(axis=1)
    if not used.any():
        return known
    equations = touched[used]
    wanted = -(sums[usable][used][:, ~hidden] @ counts[~hidden])
    slack = off[usable][used] < -1e-6
    links = csr_array(equations.astype(bool).T.astype(int) @ equations.astype(bool).astype(int))
    _, part = connected_components(links, directed=False)
    cells = np.flatnonzero(hidden)
    for each in np.unique(part):
        own = part == each
        rows = (equations[:, own] != 0).any(axis=1)
        if rows.any():
            known[cells[own]] = _pinned(
                equations[np.ix_(rows, own)],
                wanted[rows],
                slack[rows],
                counts[cells[own]],
                threshold,
            )
    return known


def _pinned(
    equations: Floats, wanted: Floats, slack: Bools, counts: Floats, threshold: int
) -> Bools:
    """Tell which cells of one component have a single value.

    A reader who takes every withheld cell for one that the rule itself withholds is thought of as
    well, where that is true.
    """
    least = 0.0 if (counts == 0).any() else 1.0
    pinned = _single(equations, wanted, slack, counts, (least, np.inf))
    if ((counts >= 1) & (counts < threshold)).all():
        pinned |= _single(equations, wanted, slack, counts, (1.0, threshold - 1.0))
    return pinned


def _single(
    equations: Floats, wanted: Floats, slack: Bools, counts: Floats, ends: tuple[float, float]
) -> Bools:
    """Look for another value of each cell; a fit found for one often shows others to be open."""
    number = len(counts)
    floor = np.where(slack, -np.inf, wanted)
    rule = LinearConstraint(equations, floor, wanted)
    bounds = Bounds(*ends)
    whole = np.full(number, int(number <= _FEW))
    open_ = np.zeros(number, dtype=bool)
    for cell in range(number):
        for sign in (1.0, -1.0):
            if open_[cell]:
                break
            aim = np.zeros(number)
            aim[cell] = sign
            found = milp(aim, constraints=rule, bounds=bounds, integrality=whole)
            if found.x is None:
                open_[cell] = found.status == 3  # nothing bounds it
            else:
                open_ |= np.abs(found.x - counts) > 0.5
    return ~open_
