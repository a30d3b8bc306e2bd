import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from insight.errors import MissingColumnsError
from insight.patrols import PatrolMethod, patrol_plan
from insight.patrols.coverage import look_back
from insight.patrols.rates import best_rates, equal_rate, share_met, visits_in_week
from insight.patrols.today import RoundsError, places_named, visits_made, visits_today

# Twelve visits, in four shifts.
METHOD = PatrolMethod(hours_a_week=4, minutes_a_visit=15, minutes_between=5, shift_minutes=60)


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


@given(
    st.lists(st.floats(0, 50), min_size=1, max_size=60),
    st.integers(0, 200),
    st.sampled_from([0.5, 2.0, 7.0, 30.0]),
    st.sampled_from([3.0, 40.0]),
)
def test_no_number_of_visits_meets_less_than_equal_effort_does(worth, visits, lies, hours):
    method = PatrolMethod(hours_a_week=hours, lies_days=lies)
    worth = np.array(worth)
    rates = best_rates(worth, visits, method)
    equal = equal_rate(len(worth), visits, method)
    assert rates.sum() == pytest.approx(equal * len(worth))
    assert rates.min() >= method.quiet_share * equal - 1e-9
    assert rates.max() <= method.most_a_week + 1e-9
    mine, theirs = worth @ share_met(rates, method), worth.sum() * share_met(equal, method)
    assert mine >= theirs * (1 - 1e-6)


@given(st.lists(st.floats(0.1, 50), min_size=2, max_size=8), st.integers(1, 15), st.data())
def test_no_other_dealing_of_visits_meets_more(worth, visits, data):
    worth = np.array(worth)
    rates = best_rates(worth, visits, METHOD)
    # Any other plan with the same floor and cap: a part of some place's visits goes to another.
    one, other = data.draw(st.permutations(range(len(worth))))[:2]
    floor = METHOD.quiet_share * equal_rate(len(worth), visits, METHOD)
    moved = data.draw(st.floats(0, 1)) * min(rates[one] - floor, METHOD.most_a_week - rates[other])
    changed = rates.copy()
    changed[[one, other]] += [-moved, moved]
    assert worth @ share_met(rates, METHOD) >= worth @ share_met(changed, METHOD) - 1e-4


def test_visits_meet_what_a_simulated_street_has_lying():
    rng = np.random.default_rng(3)
    comes, lies = rng.uniform(0, 7_000, 200_000), rng.exponential(4.0, 200_000)
    for visits in (0.5, 1, 3):
        gap = 7 / visits
        met = np.floor((comes + lies) / gap) > np.floor(comes / gap)
        assert met.mean() == pytest.approx(
            float(share_met(visits, PatrolMethod(lies_days=4.0))), abs=0.005
        )


def test_every_place_has_its_turn_and_each_week_as_many_visits():
    rates = np.r_[2.4, np.full(24, 0.15)]
    order = places([1.0] * 25)
    made = np.array([visits_in_week(rates, order, week) for week in range(60)])
    assert set(made.sum(axis=1)) == {6}
    assert made[:, 0].min() == 2
    assert made.mean(axis=0) == pytest.approx(rates, abs=0.05)
    assert all(np.diff(np.flatnonzero(one)).max() <= 18 for one in made[:, 1:].T)


def test_neighbours_in_the_turn_are_of_different_wards():
    made = visits_in_week(np.full(9, 1 / 3), places([1.0] * 9), 0)
    assert places([1.0] * 9)["ward"][made > 0].nunique() == 3


def test_hours_are_kept_and_some_are_for_the_quiet():
    plan = patrol_plan(places([40, 20, 9, 3, 1, 1, 0, 0]), method=METHOD, week=3)
    assert plan.visits == METHOD.visits == 12
    weekly = plan.everywhere.set_index("cell")["weekly"]
    assert weekly[["c6", "c7"]].tolist() == pytest.approx([0.1 * 12 / 8] * 2)
    assert weekly.is_monotonic_decreasing


def test_a_place_is_not_sent_to_more_often_than_there_are_days_with_a_shift():
    plan = patrol_plan(places([40, 1, 1]), method=PatrolMethod(hours_a_week=6), week=0)
    assert plan.places["visits"].max() == PatrolMethod(hours_a_week=6).most_a_week == 2


def test_a_place_without_reports_has_its_turn_or_says_why_it_is_visited():
    reports = [9, 8, *[0] * 6]
    scores = places([9, 8, *[0.1] * 6], reports=reports)
    few = patrol_plan(scores, method=METHOD, week=0, visits=3)
    quiet = few.places[few.places["reports"].eq(0)]
    assert quiet["recommendation"].eq("in turn").all()
    assert quiet["reason"].str.contains("No reports in the last year; its turn").all()
    warm = patrol_plan(places([9, 8, 7], reports=[9, 8, 0]), method=METHOD, week=0)
    told = warm.places.set_index("cell").loc["c2"]
    assert "some are expected from the streets around" in told["reason"]


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
    both = pd.concat([plan.places, plan.fewer]).drop_duplicates("cell")
    told = both.set_index("cell")["recommendation"]
    assert told["c2"] in {"less", "in turn"}
    assert "c3" not in plan.fewer["cell"].tolist()


def test_without_rounds_nothing_is_called_less():
    plan = patrol_plan(places([40, 1, 1, 1]), method=METHOD, week=0)
    assert plan.met_today is None
    assert plan.fewer.empty


def test_shares_are_of_what_is_expected():
    plan = patrol_plan(places([30, 10, 0, 0]), method=METHOD, week=0)
    assert plan.places.set_index("cell").loc["c0", "share"] == 0.75
    weekly = plan.everywhere["weekly"].to_numpy()
    assert plan.met == pytest.approx(np.array([0.75, 0.25]) @ share_met(weekly[:2], METHOD))
    assert plan.met_equally == pytest.approx(float(share_met(3, METHOD)))


def test_what_is_expected_beyond_the_list_is_met_by_no_plan():
    listed = places([0.3, 0.1], reports=[3, 1])
    plan = patrol_plan(listed, method=METHOD, week=0)
    assert plan.met <= 0.4 * float(share_met(METHOD.most_a_week, METHOD))
    rounds = pd.DataFrame({"place": ["c0"], "visits_a_week": [1]})
    plan = patrol_plan(listed, method=METHOD, week=0, rounds=rounds)
    assert plan.met_today == pytest.approx(0.3 * float(share_met(1, METHOD)))
    assert "today's rounds 19%" in plan.words


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
    rounds = pd.DataFrame({"place": ["c0", "c1"], "visits_a_week": ["1", wrong]}, index=[2, 3])
    with pytest.raises(RoundsError, match="row 3"):
        visits_today(places([1, 1]), rounds, visits=0)


def test_rounds_of_which_no_place_is_known_are_no_rounds():
    rounds = pd.DataFrame({"place": ["Elsewhere"], "visits_a_week": ["1"]}, index=[2])
    plan = patrol_plan(places([3, 1]), method=METHOD, week=0, rounds=rounds)
    assert plan.met_today is None
    assert plan.unmatched == ("Elsewhere",)


def test_a_name_is_placed_where_it_is_of_one_place_alone():
    told = places(
        [1, 1, 1], place=["High Street (A 1)", "High Street (A 2)", "Off Mill Lane (A 3)"]
    )
    names = pd.Series(["high street", "A 2", "Mill Lane", "c0", "Nowhere", None])
    assert places_named(told, names).fillna("").tolist() == ["", "c1", "c2", "c0", "", ""]


def test_without_any_report_nothing_is_claimed_to_be_met():
    wards = places([1, 1], cell=["ward A", "ward B"], reports=0, recent=0)
    plan = patrol_plan(wards, method=METHOD, week=0)
    assert plan.words == ""
    assert plan.places["reason"].str.startswith("No reports in the last year: ").all()


def test_patrols_on_record_are_counted_by_week():
    patrols = pd.DataFrame({"place": ["Street 0"] * 26 + ["c1"] * 13})
    weekly, _ = visits_made(places([1, 1]), patrols, weeks=13)
    assert weekly.tolist() == [2, 1]


def test_looking_back_measures_plan_equal_effort_and_rounds_alike():
    used = pd.DataFrame({"cell": ["a", "b", "c"], "weekly": [3, 1, 0], "today": [0.5, 0.0, 2.0]})
    later = pd.Series(["a", "a", "b", "c", None])
    told = look_back(used, later, days=91, method=METHOD, rounds_known=True)
    half, one, two, three, equal = share_met([0.5, 1, 2, 3, 4 / 3], METHOD)
    assert told.reports == 5
    assert told.share == pytest.approx((2 * three + one) / 5)
    assert told.rounds == pytest.approx((2 * half + two) / 5)
    assert told.equal == pytest.approx(4 * equal / 5)
    assert told.lower < told.share < told.upper


def test_looking_back_on_nothing_says_so():
    used = pd.DataFrame({"cell": ["a"], "weekly": [1], "today": [1.0]})
    none = pd.Series(dtype="string")
    told = look_back(used, none, days=91, method=METHOD, rounds_known=False)
    assert "no reports" in told.words


def test_a_place_that_has_clearly_gone_quiet_is_watched_and_said_to_be():
    told = places(
        [30.0, 30.0, *[1.0] * 6], recent=[0, 8, *[0] * 6], evidence=["strong"] * 2 + ["weak"] * 6
    )
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
