import numpy as np
import pandas as pd
import pytest

from insight.intervals import wilson
from insight.target_setting import target_aid

MEASURE = pd.Series(
    {"code": "M", "polarity": "higher", "unit": "share", "decimals": 0, "frequency": "monthly",
     "in_control": True, "drives_improvement": True}
)  # fmt: skip
VALUES = [0.70, 0.72, 0.74, 0.76, 0.78, 0.80] * 4


def aid(values=VALUES, changes=None, **rules):
    history = pd.DataFrame({"period": range(len(values)), "value": values})
    return target_aid(history, pd.Series({**MEASURE, **(changes or {})}), **rules)


def candidate(told, target):
    rows = told.candidates[np.isclose(told.candidates["candidate"], target)]
    return rows.to_dict("records")[0]


def test_each_candidate_shows_how_many_past_periods_would_have_met_it():
    told = aid(candidates=[0.78])
    row = candidate(told, 0.78)
    assert (row["met"], row["periods"], row["share_met"]) == (8, 24, 8 / 24)
    assert [row["lower"], row["upper"]] == pytest.approx([*map(float, wilson(8 / 24, 24))])
    assert (told.best, told.worst, told.mean) == pytest.approx((0.8, 0.7, 0.75))


def test_periods_are_judged_as_they_are_shown():
    assert candidate(aid([0.7496] * 12, candidates=[0.75]), 0.75)["met"] == 12


def test_a_target_beyond_the_limits_is_out_of_reach_and_one_on_the_other_side_always_met():
    told = aid(limits=(0.66, 0.84), candidates=[0.9, 0.84, 0.66, 0.6])
    warnings = {target: candidate(told, target)["warning"] for target in (0.9, 0.84, 0.66, 0.6)}
    assert warnings[0.9].startswith("out of reach")
    assert warnings[0.6].startswith("always met")
    assert warnings[0.84] == warnings[0.66] == ""


def test_lower_is_better_the_other_way_round():
    told = aid([20.0, 22, 24, 26] * 6, {"polarity": "lower", "unit": "days"},
               limits=(15.0, 31.0), candidates=[14, 32, 24])  # fmt: skip
    assert candidate(told, 14)["warning"].startswith("out of reach")
    assert candidate(told, 32)["warning"].startswith("always met")
    assert candidate(told, 24)["met"] == 18
    assert told.candidates["candidate"].is_monotonic_decreasing, "the hardest is last"
    assert (told.best, told.worst) == (20, 26)


def test_without_limits_reach_is_judged_by_past_periods_and_by_enough_of_them():
    told = aid(candidates=[0.9, 0.6])
    assert candidate(told, 0.9)["warning"].startswith("out of reach")
    assert candidate(told, 0.6)["warning"].startswith("always met")
    few = aid(VALUES[:11], candidates=[0.9, 0.6])
    assert few.candidates["warning"].eq("").all()
    assert any("Only 11 periods" in note for note in few.notes)


def test_what_a_rising_measure_has_met_is_not_called_out_of_reach():
    rising = [0.4 + n / 200 for n in range(24)]
    told = aid(rising, limits=(0.44, 0.475), candidates=[0.5, 0.6])
    assert candidate(told, 0.5)["warning"] == ""
    assert candidate(told, 0.6)["warning"].startswith("out of reach")


def test_only_three_years_count_and_missing_periods_do_not():
    assert aid([0.1] * 10 + [0.5] * 36).mean == 0.5
    assert aid([0.1] * 9 + [0.5] * 12, {"frequency": "quarterly"}).mean == 0.5
    assert aid([0.5, None, 0.7]).periods == 2
    assert aid([]).periods == 0


def test_what_should_make_somebody_think_again_is_said():
    told = aid(changes={"in_control": False, "drives_improvement": False}, current=0.7)
    said = " ".join(told.notes)
    assert "isn't in the council's control" in said
    assert "not to make the service better" in said
    assert "easier than the average so far" in said
    assert not any("control:" in note or "easier" in note for note in aid(current=0.8).notes)


def test_a_band_has_no_single_candidates():
    told = aid(changes={"polarity": "band"})
    assert told.candidates.empty
    assert "two ends" in told.notes[0]


def test_what_the_settings_do_not_say_of_a_measure_is_not_said():
    told = " ".join(aid(changes={"in_control": None, "drives_improvement": None}).notes)
    assert "council's control" not in told
    assert "improves the service" not in told
    assert "doesn't say in_control or drives_improvement" in told
