from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from insight.rounding import published_values


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
