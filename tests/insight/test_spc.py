from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insight.errors import InsightError, MissingColumnsError
from insight.spc import SpcOptions, control
from insight.spc_limits import SpcOptionsError

EXCEL = SpcOptions(screen=False)
AS_IT_IS = SpcOptions(seasonal=False)  # these invented figures go up and down like clockwork
# deviations.Rmd: the package's own example of screening.
DEVIATIONS = [1, 2, 1, 2, 10, *[1, 2] * 6, 1]


def months(count, last="2026-12"):
    return [str(each) for each in pd.period_range(end=last, periods=count, freq="M")]


def figures(values, measure="M1", service="planning", **more):
    periods = more.pop("period", None) or months(len(values))
    return pd.DataFrame(
        {"measure": measure, "service": service, "period": periods, "value": values, **more}
    )


def measures(**said):
    return pd.DataFrame({"measure": ["M1"], **{name: [each] for name, each in said.items()}})


def latest(*args, **kwargs):
    return control(*args, **kwargs).series.iloc[0]


# --- Limits ------------------------------------------------------------------------------------


def test_limits_without_screening_are_those_of_the_excel_tools():
    # Mean 35/18; moving ranges 15 times 1, 8 and 9: 32/17.
    found = latest(figures(DEVIATIONS), options=EXCEL)
    assert found["mean"] == pytest.approx(1.944444)
    assert found["upl"] == pytest.approx(1.944444 + 2.66 * 1.882353, abs=1e-5)
    assert found["lpl"] == pytest.approx(-3.062614, abs=1e-5)


def test_screening_drops_the_ranges_of_an_outlier():
    # 3.267 times 1.882 is 6.15: 8 and 9 go, and the mean range is 1.
    found = control(figures(DEVIATIONS))
    assert found.series["upl"].iloc[0] == pytest.approx(4.604444, abs=1e-5)
    assert found.series["lpl"].iloc[0] == pytest.approx(-0.715556, abs=1e-5)
    assert found.points["rule"].tolist() == [""] * 4 + ["beyond the limit"] + [""] * 13
    assert found.points["near_upl"].iloc[0] == pytest.approx(1.944444 + 2.66 * 2 / 3, abs=1e-5)
    assert found.points["near_lpl"].iloc[0] == pytest.approx(1.944444 - 2.66 * 2 / 3, abs=1e-5)


def test_screening_is_done_once():
    # Ranges 1 (19 times), 5 and 40: mean 64/21 = 3.05, of which 3.267 times is 9.96, so 40 goes.
    # Of the rest the mean is 1.2; again would drop the 5 too.
    values = [0, 1] * 10
    values = [*values, 6, 46]
    found = latest(figures(values))
    assert found["upl"] - found["mean"] == pytest.approx(2.66 * 24 / 20)


def test_a_range_of_just_the_threshold_is_dropped():
    # "Drop MR >= 3.267 AMR": ranges 1, 1, 1 and 3 have the mean 1.5.
    values = figures([0.0, 1, 0, 1, 4])
    assert latest(values, options=SpcOptions(screen_at=2.0))["upl"] == pytest.approx(1.2 + 2.66)
    wide = latest(values, options=SpcOptions(screen_at=2.0001))["upl"]
    assert wide == pytest.approx(1.2 + 2.66 * 1.5)


def test_limits_can_be_fixed_after_the_first_points():
    # Twelve points of mean 11 and ranges of 2; what comes later changes nothing.
    found = control(figures([10.0, 12] * 6 + [40, 42]), options=SpcOptions(fix_after=12))
    assert found.points["mean"].unique().tolist() == [11]
    assert found.points["upl"].unique().tolist() == pytest.approx([11 + 2.66 * 2])
    assert found.points["rule"].tolist()[-2:] == ["beyond the limit"] * 2
    assert found.points["moving_range"].notna().sum() == 11


def test_fewer_than_twelve_fixed_points_are_refused():
    with pytest.raises(SpcOptionsError, match="give 12 or more"):
        SpcOptions(fix_after=11)


REBASE = pd.DataFrame({"measure": ["M1"], "service": ["planning"], "period": ["2026-01"]})


def test_a_rebase_begins_a_segment_with_limits_of_its_own():
    found = control(figures([10.0, 12] * 6 + [30, 31] * 6), rebases=REBASE, options=AS_IT_IS)
    assert found.points["segment"].tolist() == [1] * 12 + [2] * 12
    assert found.points["mean"].unique().tolist() == [11, 30.5]
    assert (found.points["upl"] - found.points["mean"]).unique() == pytest.approx([5.32, 2.66])
    assert np.isnan(found.points["moving_range"].iloc[12])
    assert found.points["rule"].eq("").all()


def test_fixed_limits_and_rebases_go_together():
    # #16, #93: the first twelve of each segment.
    values = [10.0, 12] * 6 + [99] + [30.0, 31] * 6 + [99]
    rebases = REBASE.assign(period=months(26)[13])
    found = control(figures(values), rebases=rebases, options=SpcOptions(fix_after=12))
    assert found.points["mean"].unique().tolist() == [11, 30.5]
    assert found.points["baseline"].tolist() == ([True] * 12 + [False]) * 2


def test_assurance_comes_from_the_latest_segment():
    # #172.
    values = figures([10.0, 12] * 6 + [30, 31] * 6, target=[50.0] * 12 + [20.0] * 12)
    higher = measures(polarity="higher")
    assert latest(values, higher, rebases=REBASE, options=AS_IT_IS)["assurance"] == "pass"
    assert latest(values, higher, options=AS_IT_IS)["assurance"] == "inconsistent"
    assert (
        latest(values, measures(polarity="lower"), rebases=REBASE, options=AS_IT_IS)["assurance"]
        == "fail"
    )
    assert (
        latest(values, measures(polarity="band"), rebases=REBASE, options=AS_IT_IS)["assurance"]
        is None
    )


def test_a_rebase_in_a_month_without_a_figure_begins_with_the_next():
    values = figures([10.0, 12] * 6 + [30, 31] * 6)
    found = control(values.drop(index=12), rebases=REBASE).points
    assert found["segment"].tolist() == [1] * 12 + [2] * 11


@pytest.mark.parametrize(("points", "provisional"), [(12, True), (13, False)])
def test_limits_are_provisional_below_thirteen_points(points, provisional):
    assert latest(figures(range(points)))["provisional"] == provisional


def test_a_new_segment_is_provisional_though_the_series_is_long():
    rebases = REBASE.assign(period="2026-07")
    found = control(figures([10.0, 12] * 12), rebases=rebases, options=AS_IT_IS)
    assert found.points["provisional"].tolist() == [False] * 18 + [True] * 6


def test_a_segment_of_four_points_has_no_limits_yet():
    values, rebases = figures([10.0, 12] * 12, target=5.0), REBASE.assign(period="2026-09")
    found = control(values, rebases=rebases, options=AS_IT_IS)
    assert found.points["mean"].isna().tolist() == [False] * 20 + [True] * 4
    assert found.series[["variation", "assurance"]].isna().all(axis=None)


# --- Gaps, ties, constants ----------------------------------------------------------------------


def test_points_on_either_side_of_a_gap_are_neighbours():
    whole = figures([10.0, 11, 12, 99, 14, 15, 16, 17])
    gap = whole.assign(value=whole["value"].where(whole["value"].lt(99)))
    for given_ in (gap, gap.dropna()):
        found = control(given_)
        assert found.points["moving_range"].tolist()[1:] == [1, 1, 2, 1, 1, 1]
        assert found.points["rule"].ne("").all()
        assert found.series["gaps"].iloc[0] == 1


def test_a_constant_series_is_common_cause_whatever_its_number():
    for number in (0.1, 1 / 3, 0.0, 1e9 + 0.1):
        found = control(figures([number] * 24, target=number), measures(polarity="higher"))
        assert found.points["variation"].eq("common cause").all()
        assert found.points["mean"].eq(number).all()
        assert found.series["constant"].all()
        assert found.series["assurance"].isna().all()


def test_a_value_on_the_mean_breaks_a_run_though_the_mean_is_not_a_round_number():
    # The mean of these is 0.2 but for the computer's rounding.
    values = [0.3] * 6 + [0.2] + [0.1] * 6
    assert control(figures(values)).points["rule"].ne("shift").all()


def test_infinite_figures_are_gaps():
    assert latest(figures([1.0, 2, np.inf, 2, 1, 2, 1]))["points"] == 6


def test_the_order_of_rows_does_not_matter():
    values = figures([10.0, 12, 9, 14, 8, 15, 30, 9], target=9.0)
    mixed = values.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(control(values).points, control(mixed).points)


def test_since_when_is_where_the_run_began():
    values = [10.0, 12] * 9 + [17, 16, 17, 16, 17, 16, 17]
    found = latest(figures(values), measures(polarity="lower"))
    assert found["since"] == months(25)[18]
    assert found["variation"] == "concern high"
    assert found["before"] == "concern high"


def test_financial_quarters_and_years_are_charted():
    quarters = [f"{year}-{year % 100 + 1} Q{quarter}" for year in (2024, 2025)
                for quarter in (1, 2, 3, 4)]  # fmt: skip
    assert latest(figures(range(8), period=quarters))["gaps"] == 0
    years = [f"{year}-{(year + 1) % 100:02d}" for year in range(2004, 2012)]
    found = latest(figures(range(8), period=years), measures(frequency="annual"))
    assert (found["gaps"], found["chart"], found["period"]) == (0, "XmR chart", "2011-12")


# --- What is refused ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given_", "said", "why"),
    [
        (figures(range(20)), {"accumulation": "cumulative"}, "cumulative"),
        (figures(range(20)), {"accumulation": "rolling"}, "rolling"),
        (figures(range(4)), {}, "4 of the 5 figures"),
        (figures([1.0, 2, 3, 4, 5, 6], period=[*months(5), "2026-12"]), {}, "2026-12: keep one"),
        (figures([1.0, 2, 3, 4, 5, 6], period=[*months(5), "2026-27 Q1"]), {}, "different"),
        (
            figures([0.5] * 6, numerator=[5, 5, 12, 5, 5, 5], denominator=10),
            {"unit": "share"},
            "over its denominator.* 2026-09",
        ),
    ],
)
def test_a_series_that_cannot_be_charted_says_why_and_the_rest_goes_on(given_, said, why):
    both = pd.concat([given_, figures([3.0, 5, 4, 4, 6, 3, 5], measure="M2")])
    found = control(both, measures(**said))
    assert found.series["chart"].tolist() == ["no chart", "XmR chart"]
    assert pd.Series(found.series["why"].iloc[0]).str.contains(why).all()
    assert set(found.points["measure"]) == {"M2"}
    assert found.series["variation"].isna().tolist() == [True, False]


def test_shares_of_small_bases_go_on_a_p_chart():
    found = latest(figures([0.9] * 24, denominator=20.0), measures(unit="share"))
    assert found["chart"] == "p-chart"
    assert "bases are small" in found["why"]


def test_shares_of_bases_that_differ_widely_go_on_a_p_chart():
    bases = np.tile([100.0, 500.0], 12)
    found = latest(figures([0.5] * 24, denominator=bases), measures(unit="share"))
    assert found["chart"] == "p-chart"
    assert "differ widely" in found["why"]


def test_shares_of_large_and_even_bases_stay_on_an_xmr_chart():
    bases = np.tile([300.0, 500.0], 12)
    assert latest(figures([0.5] * 24, denominator=bases), measures(unit="share"))["why"] == ""


def test_rates_of_few_cases_go_on_a_u_chart():
    values = figures([0.02, 0.04] * 12, denominator=100.0)
    assert latest(values, measures(unit="rate"))["chart"] == "u-chart"
    assert latest(values, measures(unit="days"), options=AS_IT_IS)["chart"] == "XmR chart"


def test_a_rate_per_thousand_has_limits_per_thousand():
    cases = np.array([2.0, 4, 3, 5, 1, 4, 2, 3] * 3)
    said = {"numerator": cases, "denominator": 100.0}
    plain = control(figures(cases / 100, **said), measures(unit="rate"))
    per_thousand = control(figures(cases * 10, **said), measures(unit="rate"))
    assert per_thousand.series["chart"].tolist() == ["u-chart"]
    for line in ("mean", "lpl", "upl", "near_lpl", "near_upl"):
        np.testing.assert_allclose(per_thousand.points[line], plain.points[line] * 1000)


def test_a_rate_that_is_no_multiple_of_its_ratio_stays_on_an_xmr_chart():
    values = figures([7.0, 3, 8, 9] * 6, numerator=[2.0, 4, 3, 5] * 6, denominator=100.0)
    assert latest(values, measures(unit="rate"), options=AS_IT_IS)["chart"] == "XmR chart"


def wave(years, noise=1.0):
    month = np.arange(12 * years)
    return (
        100 + 20 * np.sin(month * np.pi / 6) + np.random.default_rng(1).normal(0, noise, len(month))
    )


def test_strong_seasonality_is_charted_as_the_change_on_last_year():
    values = wave(3)
    found = control(figures(values, target=90.0), measures(polarity="higher"))
    series = found.series.iloc[0]
    assert series["chart"] == "XmR chart of the change on the same period last year"
    assert found.points["charted"].tolist() == pytest.approx((values[12:] - values[:-12]).tolist())
    assert series["assurance"] is None
    assert series["value"] == pytest.approx(values[-1])


def test_a_change_on_last_year_is_not_taken_over_a_rebase():
    rebases = REBASE.assign(period=months(60)[30])
    found = control(figures(wave(5)), rebases=rebases)
    assert len(found.points) == (30 - 12) + (30 - 12)


def test_weak_seasonality_stays_on_an_xmr_chart():
    assert latest(figures(wave(3, noise=30)))["chart"] == "XmR chart"


def test_a_missing_column_is_named():
    with pytest.raises(MissingColumnsError, match="value"):
        control(pd.DataFrame({"measure": ["M1"], "service": ["s"], "period": ["2026-01"]}))


def test_an_unknown_period_is_named():
    with pytest.raises(InsightError, match="January"):
        control(figures([1.0], period=["January"]))


def test_no_figures_give_no_charts():
    found = control(figures([]).iloc[:0])
    assert len(found.points) == len(found.series) == 0
    only_gaps = control(figures([np.nan, np.nan]))
    assert only_gaps.series["chart"].tolist() == ["no chart"]


# --- Properties ---------------------------------------------------------------------------------

SOME = settings().max_examples // 2  # each draws up whole charts
SERIES = st.lists(st.integers(-40, 40), min_size=5, max_size=40)


@settings(max_examples=SOME, deadline=None)
@given(SERIES, st.integers(-1000, 1000), st.sampled_from([0.5, 2.0, 1024.0]))
def test_shifting_and_scaling_a_series_shifts_and_scales_its_limits_alone(values, add, times):
    plain = control(figures(np.array(values, float))).points
    moved = control(figures(np.array(values, float) * times + add)).points
    for line in ("mean", "lpl", "upl", "near_lpl", "near_upl"):
        np.testing.assert_allclose(moved[line], plain[line] * times + add, rtol=1e-9, atol=1e-7)
    assert moved["rule"].tolist() == plain["rule"].tolist()


@settings(max_examples=SOME, deadline=None)
@given(SERIES)
def test_turning_a_series_upside_down_turns_its_flags(values):
    up = control(figures(np.array(values, float)), measures(polarity="higher")).points
    down = control(figures(-np.array(values, float)), measures(polarity="lower")).points
    assert up["rule"].tolist() == down["rule"].tolist()
    turned = down["variation"].str.replace("low", "HIGH").str.replace("high", "low").str.lower()
    assert up["variation"].tolist() == turned.tolist()


@settings(max_examples=SOME, deadline=None)
@given(st.lists(SERIES, min_size=2, max_size=5), st.booleans(), st.sampled_from([None, 12]))
def test_series_together_are_as_they_are_alone_and_as_a_plain_loop_has_them(many, screen, fix):
    options = SpcOptions(screen=screen, fix_after=fix)
    frames = [figures(np.array(values, float), measure=f"M{at}") for at, values in enumerate(many)]
    together = control(pd.concat(frames).sample(frac=1, random_state=3), options=options).points
    for at, values in enumerate(many):
        found = together[together["measure"].eq(f"M{at}")]
        rules, mean, upper = by_loop(values, screen, fix)
        if control(frames[at], options=options).series["chart"].iloc[0] == "XmR chart":
            assert found["rule"].tolist() == rules
            np.testing.assert_allclose(found["mean"], mean, atol=1e-9)
            np.testing.assert_allclose(found["upl"], upper, atol=1e-9)


def by_loop(values, screen, fix):  # noqa: C901
    """Work a chart out point by point, straight from the written rules."""
    base = values[:fix] if fix else values
    mean = sum(base) / len(base)
    ranges = [abs(b - a) for a, b in pairwise(base)]
    average = sum(ranges) / len(ranges)
    if screen and (kept := [each for each in ranges if each < 3.267 * average - 1e-12]):
        average = sum(kept) / len(kept)
    upper, lower = mean + 2.66 * average, mean - 2.66 * average
    near = 2 / 3 * 2.66 * average
    slip = 1e-10

    def side(value):
        return 0 if abs(value - mean) < slip else (1 if value > mean else -1)

    outside = [value > upper + slip or value < lower - slip for value in values]
    close = [
        not out and abs(value - mean) > near + slip
        for value, out in zip(values, outside, strict=True)
    ]
    rules = [""] * len(values)
    for end in range(6, len(values)):
        if side(values[end]) and len({side(each) for each in values[end - 6 : end + 1]}) == 1:
            rules[end - 6 : end + 1] = ["shift"] * 7
    for end in range(2, len(values)):
        three = range(end - 2, end + 1)
        sides = {side(values[at]) for at in three}
        if sum(close[at] for at in three) >= 2 and len(sides) == 1 and 0 not in sides:
            for at in three:
                rules[at] = "two of three near the limit" if close[at] else rules[at]
    for end in range(6, len(values)):
        moves = [values[at] - values[at - 1] for at in range(end - 5, end + 1)]
        if all(move > 0 for move in moves) or all(move < 0 for move in moves):
            rules[end - 6 : end + 1] = ["trend"] * 7
    for at, out in enumerate(outside):
        rules[at] = "beyond the limit" if out else rules[at]
    return rules, mean, upper
