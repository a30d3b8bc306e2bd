import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from insight.intervals import newcombe, wilson
from insight.rag import change_within_interval, direction, rag

NONE = float("nan")


def colour(value, target=NONE, **rules):
    (word,) = rag(pd.Series([value], dtype="float64"), target, **rules).tolist()
    return word


HIGHER = {"polarity": "higher", "decimals": 1}
LOWER = {"polarity": "lower", "decimals": 1}
BAND = {"polarity": "band", "decimals": 1, "low": 20.0, "high": 30.0}
RELATIVE = {"tolerance_kind": "relative", "tolerance": 0.1}
ABSOLUTE = {"tolerance_kind": "absolute", "tolerance": 3.0}


@pytest.mark.parametrize(
    ("rules", "target", "green", "amber", "red"),
    [
        (HIGHER | RELATIVE, 50.0, [50.0, 50.1, 999.0], [49.9, 45.0], [44.9, 0.0, -5.0]),
        (HIGHER | ABSOLUTE, 50.0, [50.0, 51.0], [49.9, 47.0], [46.9]),
        (HIGHER | {"tolerance": 0.0}, 50.0, [50.0], [], [49.9]),
        (LOWER | RELATIVE, 50.0, [50.0, 49.9, 0.0, -1.0], [50.1, 55.0], [55.1, 999.0]),
        (LOWER | ABSOLUTE, 50.0, [50.0], [50.1, 53.0], [53.1]),
        (LOWER | {"tolerance": 0.0}, 50.0, [50.0], [], [50.1]),
        (BAND | RELATIVE, NONE, [20.0, 25.0, 30.0], [19.9, 18.0, 30.1, 33.0], [17.9, 33.1]),
        (BAND | ABSOLUTE, NONE, [20.0, 30.0], [19.9, 17.0, 30.1, 33.0], [16.9, 33.1]),
        (BAND | {"tolerance": 0.0}, NONE, [20.0, 30.0], [], [19.9, 30.1]),
        # A target of nought has no relative tolerance; an absolute one holds.
        (LOWER | RELATIVE, 0.0, [0.0, -1.0], [], [0.1, 1.0]),
        (LOWER | ABSOLUTE, 0.0, [0.0], [0.1, 3.0], [3.1]),
        (HIGHER | RELATIVE, 0.0, [0.0, 1.0], [], [-0.1]),
        (HIGHER | ABSOLUTE, 0.0, [0.0], [-0.1, -3.0], [-3.1]),
        (BAND | {"low": 0.0, "high": 0.0} | RELATIVE, NONE, [0.0], [], [0.1, -0.1]),
        # A relative tolerance of a negative target goes the same way as of a positive one.
        (HIGHER | RELATIVE, -50.0, [-50.0, -49.9], [-50.1, -55.0], [-55.1]),
        (LOWER | RELATIVE, -50.0, [-50.0, -51.0], [-49.9, -45.0], [-44.9]),
    ],
)
def test_every_polarity_and_tolerance_has_its_edges(rules, target, green, amber, red):
    expected = {"green": green, "amber": amber, "red": red}
    for word, values in expected.items():
        assert [colour(value, target, **rules) for value in values] == [word] * len(values)


def test_what_is_shown_is_what_is_compared():
    share = {"polarity": "higher", "unit": "share", "tolerance": 0.05}
    assert colour(0.9496, 0.95, **share, decimals=0) == "green"
    assert colour(0.9449, 0.95, **share, decimals=0) == "amber"
    assert colour(0.9496, 0.95, **share, decimals=1) == "green"
    assert colour(0.9494, 0.95, **share, decimals=1) == "amber"
    # Shown as 95% against a target shown as 95%: two equal numbers are never amber.
    assert colour(0.95, 0.954, **share, decimals=0) == "green"


def test_an_absolute_tolerance_of_a_share_is_in_points_and_exact_at_its_edge():
    points = {"polarity": "higher", "unit": "share", "tolerance_kind": "absolute",
              "tolerance": 0.05, "decimals": 0}  # fmt: skip
    assert colour(0.85, 0.9, **points) == "amber"
    assert colour(0.84, 0.9, **points) == "red"


@pytest.mark.parametrize("polarity", ["higher", "lower", "band"])
def test_what_cannot_be_judged_says_why(polarity):
    rules = {"polarity": polarity, "low": 1.0, "high": 2.0}
    assert colour(NONE, 1.0, **rules) == "awaited"
    assert colour(1.0, 1.0, **rules, suppressed=True) == "suppressed"
    assert colour(NONE, 1.0, **rules, suppressed=True) == "suppressed"
    assert colour(1.0, NONE, polarity=polarity) == "no target"
    assert colour(NONE, NONE, polarity=polarity) == "awaited"


def test_a_band_upside_down_or_half_open_is_no_target():
    assert colour(5.0, polarity="band", low=10.0, high=1.0) == "no target"
    assert colour(5.0, polarity="band", low=1.0) == "no target"
    assert colour(5.0, 1.0, polarity="neither") == "no target"


def test_a_frame_is_judged_row_by_row():
    rows = pd.DataFrame(
        {
            "value": [0.8, 12.0, 5.0, None],
            "target": [0.9, 10.0, None, 1.0],
            "polarity": ["higher", "lower", "band", "higher"],
            "tolerance": [0.2, 1.0, 0.0, 0.0],
            "kind": ["relative", "absolute", "relative", "relative"],
            "unit": ["share", "days", "count", "count"],
            "low": [None, None, 4.0, None],
            "high": [None, None, 6.0, None],
        },
        index=[9, 4, 2, 1],
    )
    words = rag(
        rows["value"],
        rows["target"],
        polarity=rows["polarity"],
        tolerance=rows["tolerance"],
        tolerance_kind=rows["kind"],
        unit=rows["unit"],
        low=rows["low"],
        high=rows["high"],
    )
    assert words.to_dict() == {9: "amber", 4: "red", 2: "green", 1: "awaited"}
    assert rag(rows["value"][:0], 1.0, polarity="higher").empty


numbers = st.floats(-1e6, 1e6).map(lambda value: round(value, 2))


@given(numbers, numbers, st.floats(0, 1), st.sampled_from(["relative", "absolute"]))
def test_lower_is_higher_in_a_mirror(value, target, tolerance, kind):
    rules = {"tolerance": tolerance, "tolerance_kind": kind, "decimals": 2}
    assert colour(value, target, polarity="higher", **rules) == colour(
        -value, -target, polarity="lower", **rules
    )


@given(numbers, numbers, numbers, st.floats(0, 1))
def test_a_better_value_never_has_a_worse_colour(one, other, target, tolerance):
    rank = ["green", "amber", "red"].index
    rules = {"polarity": "higher", "tolerance": tolerance}
    assert rank(colour(max(one, other), target, **rules)) <= rank(
        colour(min(one, other), target, **rules)
    )


@pytest.mark.parametrize(
    ("value", "before", "rules", "word"),
    [
        (6.0, 5.0, HIGHER, "improving"),
        (5.0, 6.0, HIGHER, "worsening"),
        (5.04, 5.0, HIGHER, "no change"),
        (6.0, 5.0, LOWER, "worsening"),
        (5.0, 6.0, LOWER, "improving"),
        (21.0, 29.0, BAND, "no change"),
        (18.0, 10.0, BAND, "improving"),
        (35.0, 31.0, BAND, "worsening"),
        (33.0, 15.0, BAND, "improving"),
        (5.0, NONE, HIGHER, None),
        (NONE, 5.0, LOWER, None),
        (5.0, 6.0, {"polarity": "neither"}, None),
        (5.0, 6.0, {"polarity": "band"}, None),
    ],
)
def test_direction_of_travel_goes_by_polarity(value, before, rules, word):
    way = direction(pd.Series([value]), pd.Series([before]), **rules)
    assert way.astype("object").where(way.notna(), None).tolist() == [word]


def figure(share, base):
    lower, upper = wilson(share, base)
    return pd.DataFrame({"value": [share], "lower": lower, "upper": upper})


@given(st.integers(0, 50), st.integers(0, 50))
def test_a_change_that_chance_could_make_is_newcombes(now, before):
    lower, upper = newcombe(now / 50, 50, before / 50, 50)
    flag = change_within_interval(figure(now / 50, 50), figure(before / 50, 50))
    assert flag.tolist() == [bool(lower <= 0 <= upper)]


def test_a_change_without_intervals_is_not_judged():
    unknown = pd.DataFrame({"value": [0.5], "lower": [np.nan], "upper": [np.nan]})
    assert change_within_interval(figure(0.5, 50), unknown).isna().all()


def test_eight_of_ten_against_five_of_ten_may_be_chance_and_of_a_thousand_not():
    assert change_within_interval(figure(0.8, 10), figure(0.5, 10)).tolist() == [True]
    assert change_within_interval(figure(0.8, 1000), figure(0.5, 1000)).tolist() == [False]
