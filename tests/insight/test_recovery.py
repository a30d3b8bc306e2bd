"""An attack on what is published, written apart from what protects it."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from insight.recovery import recoverable
from insight.results import breakdown
from insight.suppression import withheld

MONTHS = ("2026-07", "2026-08", "2026-09")
QUARTER = "2026-27 Q2"


def published(cells):
    """Services by stages by months with every total there is, as counts in a results frame."""
    services, stages, months = (range(size) for size in cells.shape)
    rows = []
    for chosen in itertools.product(*([*axis, None] for axis in (services, stages, months))):
        index = tuple(slice(None) if place is None else place for place in chosen)
        service, stage, month = chosen
        rows.append(
            {
                "measure": "complaints_received",
                "service": "all" if service is None else f"service {service}",
                "breakdown": "" if stage is None else breakdown({"stage": f"stage {stage}"}),
                "period": QUARTER if month is None else MONTHS[month],
                "numerator": float(np.sum(cells[index])),
                "chosen": chosen,
            }
        )
    return pd.DataFrame(rows).assign(base=lambda frame: frame["numerator"].astype("Int64"))


def attack(frame, hidden, shape, low, high):
    """What a reader finds: for each hidden row, its value if only one fits all that is shown.

    The reader writes every published figure as a sum of the innermost cells, and asks for the least
    and the most that a hidden figure can be.
    """
    places = {cell: n for n, cell in enumerate(itertools.product(*map(range, shape)))}

    def line(chosen):
        aim = np.zeros(len(places))
        for cell, n in places.items():
            aim[n] = all(
                want is None or want == have for want, have in zip(chosen, cell, strict=True)
            )
        return aim

    lines = np.array([line(chosen) for chosen in frame["chosen"]])
    shown, secret = lines[~hidden], lines[hidden]
    limits = [(0, None)] * len(places)
    found = {}
    for row, aim in zip(np.flatnonzero(hidden), secret, strict=True):
        ends = []
        for sign in (1, -1):
            best = linprog(
                sign * aim,
                A_eq=shown if len(shown) else None,
                b_eq=frame["numerator"][~hidden] if len(shown) else None,
                A_ub=np.vstack([-secret, secret]) if high else -secret,
                b_ub=np.concatenate([np.full(len(secret), -low), np.full(len(secret), high or 0)])
                if high
                else np.full(len(secret), -low),
                bounds=limits,
                integrality=np.ones(len(places)),
            )
            ends.append(sign * best.fun if best.success else None)
        if None not in ends and abs(ends[0] - ends[1]) < 0.5:
            found[row] = ends[0]
    return found


counts = st.sampled_from([0, 0, 1, 1, 2, 3, 4, 5, 6, 9, 14, 40])


@st.composite
def tables(draw):
    shape = draw(
        st.sampled_from([(3, 1, 1), (4, 1, 1), (2, 2, 1), (3, 2, 1), (2, 1, 3), (3, 3, 1)])
    )
    size = int(np.prod(shape))
    return np.array(draw(st.lists(counts, min_size=size, max_size=size))).reshape(shape)


def hidden_in(frame):
    hidden = withheld(frame, adds_up=True).to_numpy()
    small = frame["numerator"].between(1, 4).to_numpy()
    assert hidden[small].all(), "the rule itself"
    return hidden, small


@settings(max_examples=20)
@given(tables())
def test_a_reader_who_knows_the_totals_and_the_rule_recovers_no_small_count(cells):
    frame = published(cells)
    hidden, small = hidden_in(frame)
    nought = (frame["numerator"][hidden] == 0).any()
    found = attack(frame, hidden, cells.shape, low=0 if nought else 1, high=None)
    assert not [row for row in found if small[row]]
    if small[hidden].all():
        found = attack(frame, hidden, cells.shape, low=1, high=4)
        assert not [row for row in found if small[row]]


def naive(frame):
    return frame["numerator"].between(1, 4).to_numpy()


@pytest.mark.parametrize(
    ("cells", "limits"),
    [
        ([[[3]], [[7]], [[50]]], (1, None)),  # one of three, and their sum
        ([[[1]], [[1]], [[30]]], (1, None)),  # two that sum to two
        ([[[4]], [[4]], [[4]]], (1, 4)),  # three that can't be less
        ([[[20, 3, 30]], [[40, 50, 60]]], (1, None)),  # a month, and its quarter
    ],
)
def test_the_attack_succeeds_where_only_small_counts_are_withheld(cells, limits):
    cells = np.array(cells)
    frame = published(cells)
    assert attack(frame, naive(frame), cells.shape, *limits), "the attack is a real one"
    hidden, small = hidden_in(frame)
    assert not [row for row in attack(frame, hidden, cells.shape, *limits) if small[row]]


def test_without_saying_that_months_add_up_a_quarter_gives_its_month_away():
    cells = np.array([[[20, 3, 30]], [[40, 50, 60]]])
    frame = published(cells)
    hidden = withheld(frame).to_numpy()
    assert attack(frame, hidden, cells.shape, 1, None)


def test_a_total_of_more_than_its_parts_still_bounds_them():
    # Five published services out of more: a total of five leaves each of them just one.
    sums = np.array([[1.0, 1, 1, 1, 1, -1]])
    ones = np.array([1.0, 1, 1, 1, 1, 5])
    hidden = ones < 5
    assert recoverable(hidden, ones, sums, threshold=5).sum() == 5
    loose = np.array([1.0, 1, 1, 1, 1, 9])
    assert not recoverable(hidden, loose, sums, threshold=5).any()


def test_parts_that_overlap_say_nothing_exact():
    sums = np.array([[1.0, 1, -1]])
    assert not recoverable(
        np.array([True, False, False]), np.array([3.0, 9, 9]), sums, threshold=5
    ).any()


def test_a_share_whose_bottom_follows_from_the_total_is_protected_too():
    shares = pd.DataFrame(
        {"measure": "upheld", "service": ["all", "a", "b", "c"], "period": "2026-10",
         "breakdown": "", "numerator": [30.0, 2, 0, 28], "denominator": [100.0, 9, 41, 50],
         "base": [100, 9, 41, 50]}
    )  # fmt: skip
    assert withheld(shares).tolist() == [False, True, False, True]
