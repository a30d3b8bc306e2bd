from itertools import combinations_with_replacement

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from insight.errors import MissingColumnsError
from insight.patrols import PatrolMethod, patrol_plan
from insight.patrols.allot import best_visits, quiet_turn
from insight.patrols.coverage import look_back
from insight.patrols.today import RoundsError, visits_made, visits_today

METHOD = PatrolMethod(hours_a_week=4, minutes_a_visit=15, minutes_between=5)  # twelve visits


def places(scores, **columns):
    number = len(scores)
    given_ = {
        "cell": [f"c{at}" for at in range(number)],
        "place": [f"Street {at} (SK 1 {at})" for at in range(number)],
        "ward": [f"Ward {at % 3}" for at in range(number)],
        "easting": np.arange(number) * 100.0,
        "northing": 0.0,
        "score": np.array(scores, dtype=float),
        "reports": [round(score) for score in scores],
        "recent": [round(score / 4) for score in scores],
        "expected": 1.0,
        "evidence": ["strong" if score > 5 else "weak" for score in scores],
    }
    return pd.DataFrame(given_ | columns)


@given(st.lists(st.floats(0.1, 50), min_size=1, max_size=4), st.integers(0, 6), st.floats(0.1, 0.9))
def test_no_other_dealing_of_visits_is_worth_more(worth, visits, repeat):
    method = PatrolMethod(repeat_worth=repeat, most_visits=6)
    worth = np.sort(worth)[::-1]

    def value(counts):
        return sum(w * (1 - repeat**n) / (1 - repeat) for w, n in zip(worth, counts, strict=True))

    best = max(
        value(np.bincount(chosen, minlength=len(worth)))
        for chosen in combinations_with_replacement(range(len(worth)), visits)
    ) if visits else 0.0  # fmt: skip
    mine = best_visits(worth, visits, method)
    assert mine.sum() == visits
    assert value(mine) == pytest.approx(best)


def test_every_quiet_place_has_its_turn():
    quiet = places([1.0] * 11)
    seen = [quiet_turn(quiet, 3, week)["cell"].tolist() for week in range(11)]
    assert {cell for week in seen for cell in week} == set(quiet["cell"])
    assert all(len(set(week)) == 3 for week in seen)


def test_neighbours_in_the_turn_are_of_different_wards():
    turn = quiet_turn(places([1.0] * 9), 3, 0)
    assert turn["ward"].nunique() == 3


def test_hours_are_kept_and_some_are_for_the_quiet():
    plan = patrol_plan(places([40, 20, 9, 3, 1, 1, 0, 0]), method=METHOD, week=3)
    assert plan.visits == METHOD.visits == 12
    assert plan.places["recommendation"].eq("in turn").sum() >= 2
    # Ten visits by worth: 40 20 20 10 10 9 5 5 4.5 3, of which 40 20 10 5 are the first place's.
    assert plan.places.loc[plan.places["cell"].eq("c0"), "visits"].item() == 4


def test_a_place_without_reports_is_only_visited_in_its_turn():
    warm = places([9, 8, 7], reports=[9, 8, 0], evidence="strong")
    plan = patrol_plan(warm, method=METHOD, week=0)
    turn = plan.places.set_index("cell")["recommendation"]
    assert turn["c2"] == "in turn"


def test_more_needs_clear_evidence():
    plan = patrol_plan(
        places([9, 9], evidence=["strong", "too few"]),
        method=METHOD,
        week=0,
        rounds=pd.DataFrame({"place": ["Street 0", "Street 1"], "visits_a_week": [0, 0]}),
    )
    assert plan.places["recommendation"].tolist() == ["more", "watch"]


def test_less_is_advised_only_where_few_reports_are_sure():
    rounds = pd.DataFrame({"place": ["c2", "c3"], "visits_a_week": [5, 5]})
    spots = places([60, 50, 2, 2], recent=[15, 14, 0, 9])
    plan = patrol_plan(spots, method=PatrolMethod(hours_a_week=1), week=0, rounds=rounds)
    told = pd.concat([plan.places, plan.fewer]).set_index("cell")["recommendation"]
    assert told["c2"] in {"less", "in turn"}
    assert "c3" not in plan.fewer["cell"].tolist()


def test_without_rounds_nothing_is_called_less():
    plan = patrol_plan(places([40, 1, 1, 1]), method=METHOD, week=0)
    assert plan.equal_effort
    assert plan.fewer.empty


def test_shares_are_of_what_is_expected():
    plan = patrol_plan(places([30, 10, 0, 0]), method=METHOD, week=0)
    assert plan.places.set_index("cell").loc["c0", "share"] == 0.75
    assert plan.covered == 1.0


def test_each_place_has_one_sentence_of_its_own_figures():
    plan = patrol_plan(places([30, 10, 1]), method=METHOD, week=0)
    assert plan.places["reason"].str.endswith(".").all()
    assert plan.places["reason"].iloc[0].startswith("30 reports in the last year, 8 in its last 13")


def test_a_missing_column_is_named():
    with pytest.raises(MissingColumnsError, match="score"):
        patrol_plan(places([1]).drop(columns="score"), method=METHOD, week=0)


def test_rounds_match_a_street_a_square_or_a_reference():
    rounds = pd.DataFrame(
        {"place": [" street 0", "c1", "SK 1 2", "Nowhere"], "visits_a_week": ["1", "2", "3", "4"]}
    )
    weekly, unmatched = visits_today(places([1, 1, 1, 1]), rounds, visits=0)
    assert weekly.tolist() == [1, 2, 3, 0]
    assert unmatched.tolist() == ["Nowhere"]


@pytest.mark.parametrize("wrong", ["often", "-1", "", "99"])
def test_a_wrong_number_of_visits_is_told_with_its_row(wrong):
    rounds = pd.DataFrame({"place": ["c0", "c1"], "visits_a_week": ["1", wrong]})
    with pytest.raises(RoundsError, match="row 3"):
        visits_today(places([1, 1]), rounds, visits=0)


def test_patrols_on_record_are_counted_by_week():
    patrols = pd.DataFrame({"place": ["Street 0"] * 26 + ["c1"] * 13})
    weekly, _ = visits_made(places([1, 1]), patrols, weeks=13)
    assert weekly.tolist() == [2, 1]


def test_looking_back_counts_reports_that_came_later():
    used = pd.DataFrame({"cell": ["a", "b", "c"], "visits": [3, 1, 0], "today": [0.5, 0.0, 2.0]})
    later = pd.Series(["a", "a", "b", "c", "new"])
    told = look_back(used, later, days=91, rounds_known=True)
    assert (told.planned, told.reports, told.share) == (3, 5, 0.6)
    assert told.rounds == pytest.approx((0.5 + 0.5 + 0 + 1 + 0) / 5)
    assert told.equal == 1.0
    assert told.lower < 0.6 < told.upper


def test_looking_back_on_nothing_says_so():
    used = pd.DataFrame({"cell": ["a"], "visits": [1], "today": [1.0]})
    told = look_back(used, pd.Series(dtype="string"), days=91, rounds_known=False)
    assert "no reports" in told.words


def test_a_place_that_has_clearly_gone_quiet_is_watched_and_said_to_be():
    told = places([30.0, 30.0, 1.0], recent=[0, 8, 0], evidence=["strong", "strong", "weak"])
    plan = patrol_plan(told, method=METHOD, week=1).places.set_index("cell")
    assert plan.loc["c1", "recommendation"] == "more"
    assert plan.loc["c0", "recommendation"] == "watch"
    assert "0 in its last 13 weeks" in plan.loc["c0", "reason"]
    assert "clearly fewer than before" in plan.loc["c0", "reason"]


def test_rounds_on_a_street_count_for_what_lies_off_it():
    told = places([3.0], place=["Off Mill Lane (SK 1 1)"])
    weekly, unmatched = visits_today(
        told, pd.DataFrame({"place": ["mill lane"], "visits_a_week": ["2"]}), visits=0
    )
    assert weekly.tolist() == [2]
    assert unmatched.empty
