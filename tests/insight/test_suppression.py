import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from insight.results import breakdown
from insight.suppression import withheld

TYPES = {"measure": "string", "service": "string", "period": "string", "breakdown": "string"}


def table(cells: np.ndarray) -> pd.DataFrame:
    """Services by stages with every total, as counts in a results frame."""
    services = [f"service {row}" for row in range(cells.shape[0])]
    stages = [f"stage {column}" for column in range(cells.shape[1])]
    rows = [
        (service, breakdown({"stage": stage}), cells[i, j])
        for (i, service), (j, stage) in itertools.product(enumerate(services), enumerate(stages))
    ]
    rows += [(service, "", cells[i].sum()) for i, service in enumerate(services)]
    rows += [("all", breakdown({"stage": s}), cells[:, j].sum()) for j, s in enumerate(stages)]
    rows += [("all", "", cells.sum())]
    frame = pd.DataFrame(rows, columns=["service", "breakdown", "value"])
    return frame.assign(
        measure="complaints_received",
        period="2026-10",
        numerator=frame["value"].astype(float),
        denominator=np.nan,
        lower=0.0,
        upper=9.0,
        base=frame["value"].astype("Int64"),
    ).astype(TYPES | {"value": "float64"})


def test_small_counts_go_and_nought_stays():
    figures = table(np.array([[0, 1, 4, 5, 80]]))[:5]
    assert withheld(figures).tolist() == [False, True, True, False, False]
    assert withheld(figures, threshold=6).tolist() == [False, True, True, True, False]


def test_one_withheld_cell_takes_the_next_smallest_with_it():
    figures = table(np.array([[3, 7, 50, 0]]))
    hidden = withheld(figures)
    cells = figures["breakdown"].ne("") & figures["service"].ne("all")
    assert hidden[cells].tolist() == [True, True, False, False]
    assert not hidden[figures["breakdown"].eq("")].any()


def test_without_a_published_total_nothing_more_need_go():
    figures = table(np.array([[3, 7, 50]]))
    parts = figures[figures["breakdown"].ne("") & figures["service"].ne("all")]
    assert withheld(parts).tolist() == [True, False, False]


def test_two_ones_that_sum_to_two_hide_nothing_so_a_third_goes():
    figures = table(np.array([[1, 1, 30, 40]]))
    hidden = withheld(figures)
    cells = figures["breakdown"].ne("") & figures["service"].ne("all")
    assert hidden[cells].tolist() == [True, True, True, False]


def test_nought_goes_only_where_it_would_give_the_rest_away():
    figures = table(np.array([[4, 4, 4, 0]]))
    cells = figures["breakdown"].ne("") & figures["service"].ne("all")
    assert withheld(figures)[cells].all()


def test_a_share_goes_with_a_small_numerator_or_denominator():
    shares = pd.DataFrame(
        {
            "measure": "satisfaction_share",
            "service": ["a", "b", "c", "d"],
            "period": "2026-10",
            "breakdown": "",
            "value": [0.02, 1.0, 0.5, 0.0],
            "numerator": [2.0, 4.0, 20.0, 0.0],
            "denominator": [100.0, 4.0, 40.0, 50.0],
            "base": [100, 4, 40, 50],
        }
    )
    assert withheld(shares).tolist() == [True, True, False, False]


def test_a_wait_goes_with_a_small_base():
    waits = pd.DataFrame(
        {"measure": "wait", "service": ["a", "b"], "period": "2026-10", "breakdown": "",
         "value": [3.0, 30.0], "base": [2, 20]}
    )  # fmt: skip
    assert withheld(waits).tolist() == [True, False]


def test_only_disclosive_figures_are_withheld():
    figures = table(np.array([[3, 7, 50]]))
    assert not withheld(figures, disclosive=False).any()
    both = pd.concat([figures.assign(measure="open"), figures], ignore_index=True)
    hidden = withheld(both, disclosive=both["measure"].ne("open"))
    assert not hidden[both["measure"].eq("open")].any()
    assert hidden[both["measure"].ne("open")].any()


def test_no_rows_and_missing_figures_are_let_through():
    figures = table(np.array([[3, 7]]))
    assert withheld(figures[:0]).empty
    awaited = figures.assign(value=np.nan, numerator=np.nan, base=pd.NA)
    assert not withheld(awaited).any()


def recovered(cells: np.ndarray, hidden: np.ndarray, least: int) -> list[int]:
    """What a reader works out: hidden cells that the shown ones and the sums leave one value.

    `cells` has the totals in its last row and column; a reader knows that no hidden cell is
    below `least`.
    """
    height, width = cells.shape
    equations = []
    for i in range(height):
        line = np.zeros(cells.shape)
        line[i, :-1], line[i, -1] = 1, -1
        equations.append(line.ravel())
    for j in range(width):
        line = np.zeros(cells.shape)
        line[:-1, j], line[-1, j] = 1, -1
        equations.append(line.ravel())
    sums, flat, secret = np.array(equations), cells.ravel(), np.flatnonzero(hidden.ravel())
    seen = np.setdiff1d(np.arange(flat.size), secret)
    found = []
    for cell in range(len(secret)):
        aim = np.zeros(len(secret))
        aim[cell] = 1
        ends = [
            linprog(
                sign * aim,
                A_eq=sums[:, secret],
                b_eq=-sums[:, seen] @ flat[seen],
                bounds=(least, None),
            )
            for sign in (1, -1)
        ]
        bounded = all(end.success for end in ends)
        if bounded and abs(ends[0].fun + ends[1].fun) < 1e-6:
            found.append(int(secret[cell]))
    return found


def with_totals(cells: np.ndarray) -> np.ndarray:
    wide = np.column_stack([cells, cells.sum(axis=1)])
    return np.vstack([wide, wide.sum(axis=0)])


def hidden_grid(cells: np.ndarray) -> np.ndarray:
    figures = table(cells)
    height, width = cells.shape
    flags = withheld(figures).to_numpy()
    grid = np.zeros((height + 1, width + 1), dtype=bool)
    grid[:-1, :-1] = flags[: height * width].reshape(height, width)
    grid[:-1, -1] = flags[height * width : height * width + height]
    grid[-1, :-1] = flags[height * width + height : -1]
    grid[-1, -1] = flags[-1]
    return grid


counts = st.sampled_from([0, 0, 1, 2, 3, 4, 5, 6, 9, 14, 40])
grids = st.tuples(st.integers(1, 4), st.integers(1, 5)).flatmap(
    lambda shape: st.lists(counts, min_size=shape[0] * shape[1], max_size=shape[0] * shape[1]).map(
        lambda values: np.array(values).reshape(shape)
    )
)


@settings(max_examples=30)
@given(grids)
def test_nobody_can_work_out_a_small_number_from_the_totals(cells):
    full, hidden = with_totals(cells), hidden_grid(cells)
    small = (full > 0) & (full < 5)
    assert hidden[small].all()
    worked_out = recovered(full, hidden, least=0)
    assert not [cell for cell in worked_out if small.ravel()[cell]]


@pytest.mark.parametrize(
    "cells",
    [
        # Each row and column has two withheld or none, yet the middle one links two rings and
        # follows from the totals: counting withheld cells alone would not see it.
        [[3, 3, 50, 60], [3, 3, 2, 70], [80, 50, 3, 3], [90, 60, 3, 3]],
    ],
)
def test_a_cell_that_only_follows_from_several_totals_together_is_seen(cells):
    full = with_totals(np.array(cells))
    naive = (full > 0) & (full < 5)
    assert recovered(full, naive, least=0)
    assert not recovered(full, hidden_grid(np.array(cells)), least=0)
