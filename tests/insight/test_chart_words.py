import pandas as pd

from insight.chart_words import (
    NOTHING,
    describe_channel_volumes,
    describe_period_trend,
    describe_service_bars,
)


def test_every_bar_is_said_and_every_status_named():
    figures = pd.DataFrame(
        {
            "service": ["a", "b", "c", "d", "e"],
            "name": ["Planning", "Waste", None, "Dogs", "Trees"],
            "value": [0.72, 0.64, 0.5, None, None],
            "lower": [0.63, None, None, None, None],
            "upper": [0.79, None, None, None, None],
            "base": [120, None, None, None, None],
            "rag": ["green", "red", "red", "suppressed", None],
        }
    )
    assert describe_service_bars(figures, decimals=1) == (
        "Planning 72.0% (95% interval 63.0% to 79.0%, base 120); Waste 64.0%; c 50.0%. "
        "Red: Waste, c. Green: Planning. Not shown: Dogs. No figure: Trees."
    )


def test_a_trend_tells_its_ends_its_extremes_its_target_and_its_gaps():
    figures = pd.DataFrame(
        {
            "period": ["2026-10", "2026-05", "2026-06", "2026-08"],
            "value": [21.0, 30.0, 40.0, 15.5],
            "lower": [18.0, None, None, None],
            "upper": [25.0, None, None, None],
            "target": [20.0, 28.0, 28.0, 28.0],
        }
    )
    assert describe_period_trend(figures, unit="days") == (
        "From 30 days in May 2026 to 21 days in October 2026 (95% interval 18 days to 25 days). "
        "Lowest 16 days in August 2026, highest 40 days in June 2026. "
        "Target 20 days at the end. No figure: July 2026, September 2026."
    )


def test_one_month_is_no_trend():
    figures = pd.DataFrame({"period": ["2026-10"], "value": [0.5]})
    assert describe_period_trend(figures) == "50% in October 2026."


def test_years_that_read_like_months_are_years_when_it_is_said():
    figures = pd.DataFrame({"period": ["2009-10", "2010-11"], "value": [1, 2]})
    said = describe_period_trend(figures, unit="count", frequency="annual")
    assert said == "From 1 in April 2009 to March 2010 to 2 in April 2010 to March 2011."


def test_volumes_are_said_by_channel_and_by_service():
    figures = pd.DataFrame(
        {
            "service": ["b", "b", "a", "a"],
            "name": ["Bins", "Bins", "Appeals", "Appeals"],
            "channel": ["web", "phone", "phone", None],
            "value": [100, 300, 1000, 0],
        }
    )
    assert describe_channel_volumes(figures) == (
        "1,400 in all: phone 1,300 (93%), web 100 (7%). "
        "Bins 400: phone 300, web 100. Appeals 1,000: phone 1,000."
    )


def test_nothing_is_said_to_be_nothing():
    assert describe_service_bars(pd.DataFrame({"service": ["a"], "value": [None]})) == NOTHING
    assert describe_period_trend(pd.DataFrame({"period": [], "value": []})) == NOTHING
    assert describe_channel_volumes(pd.DataFrame({"service": [], "value": []})) == NOTHING
