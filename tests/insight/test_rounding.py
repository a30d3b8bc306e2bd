from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from insight.rounding import published_values, written


def test_halves_go_away_from_nought():
    shown = published_values(pd.Series([0.5, 1.5, -0.5, 2.4]), "count", 0)
    assert shown.tolist() == [1, 2, -1, 2]


def test_a_share_is_rounded_as_a_percentage():
    assert published_values(pd.Series([0.9445, 0.285]), "share", [1, 0]).tolist() == [94.5, 29]


def test_each_value_has_its_own_unit_and_decimals():
    shown = published_values(
        pd.Series([0.5, 0.5, None], dtype="Float64"), ["share", "days", "days"], [0, 1, 0]
    )
    assert shown[:2].tolist() == [50, 0.5]
    assert np.isnan(shown[2])


@given(st.integers(0, 100_000), st.integers(0, 3))
def test_shares_round_like_decimals_by_hand(thousandths, decimals):
    value = thousandths / 100_000
    by_hand = (Decimal(thousandths) / 1000).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    assert published_values(pd.Series([value]), "share", decimals)[0] == float(by_hand)


def test_values_are_written_in_their_unit():
    values = pd.Series([0.285, 1.0, 2.0, 1450.4, -0.5, None, 24.95])
    units = ["share", "days", "days", "count", "score", "count", "pounds"]
    words = written(values, units, [0, 0, 0, 0, 1, 0, 2])
    assert words.fillna("").tolist() == [
        "29%", "1 day", "2 days", "1,450", "\N{MINUS SIGN}0.5", "", "\N{POUND SIGN}24.95",
    ]  # fmt: skip
