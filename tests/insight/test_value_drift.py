"""Value drift: what moved is told with its base, and what wanders every month is not."""

import numpy as np
import pandas as pd
import pytest

from insight.drift import value_words
from insight.value_drift import BLANK, FILLED, value_changes

LAST = 12
COLUMNS = ["source", "column", "month", "value", "rows"]


def shares_of(rng, *, rows, wander, values=4, name="channel", months=LAST + 1):
    usual = rng.dirichlet(np.full(values, 3.0))
    told = []
    for month in range(LAST + 1 - months, LAST + 1):
        now = rng.dirichlet(usual / wander**2) if wander else usual
        counts = rng.multinomial(rows, now)
        told += [("calls", name, month, f"v{at}", count) for at, count in enumerate(counts)]
    return pd.DataFrame(told, columns=COLUMNS)


def table(**monthly):
    rows = [
        ("calls", "channel", month, value, counts[month])
        for value, counts in monthly.items()
        for month in range(len(counts))
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


NONE = pd.DataFrame(columns=COLUMNS)


def test_columns_that_only_wander_as_ever_are_seldom_told():
    rng = np.random.default_rng(11)
    months_told, months = 0, 60
    for _ in range(months):
        columns = [
            shares_of(rng, rows=rows, wander=wander, name=f"{rows}-{wander}-{at}")
            for rows in (60, 400, 4000)
            for wander in (0.0, 0.07, 0.2)
            for at in range(2)
        ]
        months_told += bool(value_changes(pd.concat(columns), NONE, LAST))
    assert months_told <= 0.05 * months


def test_a_channel_that_all_but_vanishes_is_told_with_its_base():
    shares = table(phone=[610, 600, 620, 590, 25], web=[390, 400, 380, 410, 1215])
    (change,) = value_changes(shares, NONE, 4)
    words = value_words(change, pd.Timestamp("2026-10-01").date())
    assert words.startswith(
        'calls: channel "phone" is 2% of 1,240 rows in October 2026, 60% before'
    )


def test_blanks_are_told_as_blanks():
    rows = [("calls", "reason", month, BLANK, 10) for month in range(6)]
    rows += [("calls", "reason", month, FILLED, 490) for month in range(6)]
    shares = pd.DataFrame(rows, columns=COLUMNS)
    assert value_changes(shares, NONE, 5) == []
    shares.loc[shares["month"].eq(5), "rows"] = [260, 240]
    (change,) = value_changes(shares, NONE, 5)
    words = value_words(change, pd.Timestamp("2026-10-01").date())
    assert words.startswith("calls: reason is blank in 52% of 500 rows in October 2026, 2% before")


@pytest.mark.parametrize(("last_year", "told"), [(200, 1), (500, 0)])
def test_a_value_that_rises_every_march_is_told_only_the_first_time(last_year, told):
    tax = [last_year, *[200] * 11, 500]
    shares = table(tax=tax, other=[1000 - rows for rows in tax])
    assert len(value_changes(shares, NONE, LAST)) == told


def numbers(rng, factor):
    parts = []
    for month in range(8):
        seconds = np.round(rng.gamma(2, 60, 300) / (factor if month == 7 else 1))
        value, rows = np.unique(seconds, return_counts=True)
        frame = {"source": "calls", "column": "wait_seconds", "month": month}
        parts.append(pd.DataFrame(frame | {"value": value, "rows": rows}))
    return pd.concat(parts, ignore_index=True)


def test_a_number_in_another_unit_is_told_and_chance_is_not():
    rng = np.random.default_rng(5)
    assert value_changes(NONE, numbers(rng, 1), 7) == []
    (change,) = value_changes(NONE, numbers(rng, 60), 7)
    assert change.value is None
    words = value_words(change, pd.Timestamp("2026-10-01").date())
    assert "Find out whether its unit has changed" in words
    assert change.now < change.before / 20


def test_a_handful_of_rows_says_nothing():
    assert value_changes(table(phone=[8, 9, 7, 8, 0], web=[2, 1, 3, 2, 10]), NONE, 4) == []
