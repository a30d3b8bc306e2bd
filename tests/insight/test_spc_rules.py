"""Each rule of Making Data Count, as NHSRplotthedots 0.2.2 documents and tests it.

Numbers such as #143 are NHSRplotthedots's issues. All charts here have mean 0, limits at 3 and
near limits at 2, but for those of `test_spc.py`, whose lines are worked out.
"""

import numpy as np
import pandas as pd
import pytest

from insight.spc_rules import (
    RULES,
    Lines,
    Rule,
    assurance_of,
    improvement_of,
    special_causes,
    variation_of,
)

BEYOND, TREND, TWO, SHIFT = Rule.BEYOND, Rule.TREND, Rule.TWO_OF_THREE, Rule.SHIFT


def flags(values, segment=None):
    """Return each point's rule and direction, '' and 0 for none."""
    values = np.array(values, dtype=float)
    ones = np.ones(len(values))
    segment = np.zeros(len(values), int) if segment is None else np.array(segment)
    lines = Lines(0 * ones, -3 * ones, 3 * ones, -2 * ones, 2 * ones)
    found, way = special_causes(values, segment, lines, np.full(len(values), 1e-12))
    return RULES[found].tolist(), way.tolist()


def marked(values, rule, segment=None) -> list[int]:
    """Return the places of the points with a rule."""
    return [at for at, found in enumerate(flags(values, segment)[0]) if found == rule]


# --- 1. Beyond a limit -----------------------------------------------------------------------


def test_a_point_beyond_a_limit_is_marked_with_its_direction():
    assert flags([0, 3.1, 0, -3.1, 0]) == (["", BEYOND, "", BEYOND, ""], [0, 1, 0, -1, 0])


def test_a_point_on_a_limit_is_not_beyond_it():
    assert flags([0, 3, 0, -3, 0])[0] == [""] * 5


# --- 2. Trend --------------------------------------------------------------------------------

RISE = [-1.5, -1, -0.5, 0.1, 0.5, 1, 1.5]


def test_six_rises_in_a_row_mark_all_seven_points_as_rising():
    # ptd_part_of_seven_trend marks the whole window; the trend may cross the mean (#171).
    assert flags(RISE) == ([TREND] * 7, [1] * 7)


def test_six_falls_in_a_row_mark_all_seven_points_as_falling():
    # Rising and falling trends are told alike (#167).
    assert flags(RISE[::-1]) == ([TREND] * 7, [-1] * 7)


def test_five_rises_in_a_row_are_no_trend():
    assert marked(RISE[:6], TREND) == []


def test_a_tie_breaks_a_trend():
    # ptd_seven_point_trend(c(1:3, 3:6)) is all 0.
    assert marked([-1.5, -1, -0.5, -0.5, 0.5, 1, 1.5], TREND) == []


def test_points_before_and_after_a_trend_stay_unmarked():
    # ptd_seven_point_trend(c(2, 1:7, 3)).
    assert marked([-1, *RISE, 0], TREND) == [1, 2, 3, 4, 5, 6, 7]


def test_a_longer_trend_marks_all_of_its_points():
    assert marked([-1.8, *RISE, 1.9], TREND) == list(range(9))


def test_a_turning_point_belongs_to_the_trend_that_begins_there():
    # ptd_special_cause_type: "if a point is part of a trend either side, use right side".
    assert flags(RISE + RISE[-2::-1])[1] == [1] * 6 + [-1] * 7


def test_two_trends_with_a_tie_between_keep_their_own_direction():
    # There the package takes the tie for a fall; a point that rose with six others has risen.
    assert flags(RISE + RISE[::-1])[1] == [1] * 7 + [-1] * 7


# --- 3. Two of three near a limit --------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "places"),
    [
        ([2.5, 0.5, 2.5], [0, 2]),
        ([0.5, 2.5, 2.4], [1, 2]),
        ([2.5, 2.4, 0.5], [0, 1]),
        ([2.5, 2.4, 2.6], [0, 1, 2]),
        ([0.5, 0.4, 2.5, 0.5, 2.5, 0.4, 0.5], [2, 4]),
        ([2.5, 0.4, 0.5, 2.5], []),
        ([2.5, 0.4, 0.5, 2.5, 2.4], [3, 4]),
    ],
)
def test_two_of_three_near_the_limit_mark_only_the_near_points(values, places):
    # ptd_part_of_two_in_three, cases c to i of its test.
    assert marked(values, TWO) == places
    assert marked([-value for value in values], TWO) == places


@pytest.mark.parametrize("values", [[2.5, -0.5, 2.5], [2.5, 2.5, -0.5], [2.5, -2.5, 2.4]])
def test_the_third_point_on_the_other_side_of_the_mean_undoes_it(values):
    # #143 and #194.
    assert marked(values, TWO) == []


def test_the_third_point_on_the_mean_undoes_it():
    assert marked([2.5, 0, 2.5], TWO) == []


def test_a_point_beyond_the_limit_is_none_of_the_two():
    assert marked([2.5, 3.5, 0.5], TWO) == []


def test_a_point_beyond_the_limit_may_be_the_third():
    assert flags([2.5, 3.5, 2.4])[0] == [TWO, BEYOND, TWO]


def test_a_point_on_the_near_limit_is_not_near():
    assert marked([2, 0.5, 2], TWO) == []


def test_a_point_on_the_limit_is_near():
    assert marked([3, 0.5, 2.1], TWO) == [0, 2]


# --- 4. Shift ------------------------------------------------------------------------------------

HIGH = [1, 0.5, 1.2, 0.7, 1, 0.3, 1.1]


def test_seven_points_on_one_side_of_the_mean_are_all_marked():
    assert flags(HIGH) == ([SHIFT] * 7, [1] * 7)
    assert flags([-value for value in HIGH]) == ([SHIFT] * 7, [-1] * 7)


def test_six_points_on_one_side_are_no_shift():
    # ptd_seven_point_one_side_mean(c(rep(1, 6), -1)).
    assert marked([*HIGH[:6], -1], SHIFT) == []


def test_eight_points_on_one_side_are_all_marked():
    # ptd_seven_point_one_side_mean(c(rep(1, 8), -1)).
    assert marked([*HIGH, 0.6, -1], SHIFT) == list(range(8))


def test_a_point_on_the_mean_breaks_a_shift():
    assert marked([*HIGH[:4], 0, *HIGH[:6]], SHIFT) == []


# --- Precedence, segments, meaning ----------------------------------------------------------------


def test_beyond_the_limit_comes_before_a_trend():
    assert flags([-1.5, -1, -0.5, 0.5, 1, 1.5, 3.5])[0] == [TREND] * 6 + [BEYOND]


def test_a_trend_comes_before_two_of_three():
    assert flags([-1, -0.5, 0.5, 1, 1.5, 2.2, 2.5])[0] == [TREND] * 7


def test_two_of_three_comes_before_a_shift():
    assert flags([1, 0.5, 2.2, 2.5, 1, 0.3, 1.1])[0] == [SHIFT] * 2 + [TWO] * 2 + [SHIFT] * 3


def test_a_trend_comes_before_a_shift():
    assert flags([0.2, 0.4, 0.6, 0.8, 1, 1.2, 1.4])[0] == [TREND] * 7


def test_no_rule_looks_over_a_rebase():
    # ptd_calculate_point_type groups by f and rebase_group.
    segment = [0, 0, 0, 0, 1, 1, 1]
    assert flags(RISE, segment)[0] == [""] * 7
    assert flags(HIGH, segment)[0] == [""] * 7
    assert flags([2.5, 0.5, 2.5], [0, 0, 1])[0] == [""] * 3


def test_no_rule_looks_over_to_another_series():
    assert flags(HIGH + HIGH, [0] * 4 + [1] * 10)[0] == [""] * 4 + [SHIFT] * 10


@pytest.mark.parametrize(
    ("polarity", "way", "meaning"),
    [
        ("higher", 1, "improvement high"),
        ("higher", -1, "concern low"),
        ("lower", 1, "concern high"),
        ("lower", -1, "improvement low"),
        ("band", 1, "neutral high"),
        (None, -1, "neutral low"),
        ("higher", 0, "common cause"),
        ("lower", 0, "common cause"),
        ("", 0, "common cause"),
    ],
)
def test_a_direction_means_what_the_better_way_makes_of_it(polarity, way, meaning):
    # ptd_point_type.
    better = improvement_of(pd.Series([polarity], dtype="object"))
    assert variation_of(np.array([way]), better).tolist() == [meaning]


@pytest.mark.parametrize(
    ("target", "better", "expected"),
    [
        (11, 1, "fail"),
        (11, -1, "pass"),
        (-1, 1, "pass"),
        (-1, -1, "fail"),
        (5, 1, "inconsistent"),
        (5, -1, "inconsistent"),
        (10, 1, "inconsistent"),
        (0, -1, "inconsistent"),
        (11, 0, None),
        (np.nan, 1, None),
    ],
)
def test_assurance_is_where_the_target_lies_by_the_limits(target, better, expected):
    # ptd_calculate_assurance_type, with limits at 0 and 10.
    found = assurance_of(
        np.array([target], float), np.array([0.0]), np.array([10.0]), np.array([better])
    )
    assert found.tolist() == [expected]


def test_an_unchanging_figure_just_at_its_target_assures_nothing():
    up = np.array([1, 1, 1])
    found = assurance_of(np.array([5.0, 4.0, 6.0]), np.full(3, 5.0), np.full(3, 5.0), up)
    assert found.tolist() == [None, "pass", "fail"]


def test_without_points_nothing_is_marked():
    assert flags([]) == ([], [])
