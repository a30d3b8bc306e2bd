import re
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_rgb

from insight.chart_parts import GREY, INK
from insight.charts import (
    CHANNEL_FILL,
    CHANNEL_HATCH,
    STATUS_FILL,
    STATUS_HATCH,
    channel_volumes,
    period_trend,
    service_bars,
    svg_text,
    volumes_by_channel,
)
from insight.rag import Rag

SERVICES = pd.DataFrame(
    {
        "service": ["planning", "waste", "housing", "dogs"],
        "value": [0.72, 0.64, 0.51, np.nan],
        "lower": [0.63, 0.59, 0.41, np.nan],
        "upper": [0.79, 0.69, 0.61, np.nan],
        "base": [120, 340, 90, None],
        "target": [0.7, 0.7, 0.6, 0.7],
        "rag": ["green", "amber", "red", "suppressed"],
    }
)
MONTHS = pd.DataFrame(
    {
        "period": ["2026-06", "2026-07", "2026-10"],
        "value": [0.5, 0.55, 0.62],
        "lower": [0.4, 0.45, 0.5],
        "upper": [0.6, 0.65, 0.7],
        "target": 0.7,
    }
)
VOLUMES = pd.DataFrame(
    {
        "service": ["bins", "bins", "trees"],
        "channel": ["phone", "web", "web"],
        "value": [600, 200, 200],
    }
)
CHARTS = {
    "bars": lambda: service_bars(SERVICES, title="Satisfaction"),
    "trend": lambda: period_trend(MONTHS, title="Trend"),
    "volumes": lambda: channel_volumes(VOLUMES, title="Volumes"),
}


def words(figure) -> list[str]:
    drawing = ElementTree.fromstring(svg_text(figure))  # noqa: S314 (our own drawing)
    return ["".join(text.itertext()) for text in drawing.iter() if text.tag.endswith("}text")]


def luminance(color: str) -> float:
    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(color)]
    return float(np.dot(parts, [0.2126, 0.7152, 0.0722]))


def contrast(one: str, other: str) -> float:
    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS)
def test_the_same_figures_make_the_same_bytes(chart):
    assert svg_text(chart(), name="a") == svg_text(chart(), name="a")


@pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS)
def test_a_chart_asks_nothing_of_the_internet_and_holds_no_date(chart):
    text = svg_text(chart())
    assert not re.search(r'(href|src)="(?!#)', text)
    assert set(re.findall(r'"(https?://[^"]+)"', text)) == {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }
    assert "metadata" not in text
    assert not re.search(r"20\d\d-\d\d-\d\dT", text)


@pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS)
def test_two_charts_on_a_page_share_no_id_and_lose_none(chart):
    one, other = svg_text(chart(), name="one"), svg_text(chart(), name="other")
    ids = [re.findall(r'\bid="([^"]+)"', text) for text in (one, other)]
    assert len(ids[0]) == len(set(ids[0]))
    assert not set(ids[0]) & set(ids[1])
    used = set(re.findall(r'(?:href="#|url\(#)([^")]+)', one))
    assert used
    assert used <= set(ids[0])


def test_an_svg_is_named_for_those_who_cannot_see_it_or_left_to_the_page():
    assert 'role="img" aria-label="&#60;b&#62; &#34;x&#34;"' in svg_text(
        CHARTS["bars"](), alt='<b> "x"'
    )
    assert 'aria-hidden="true"' in svg_text(CHARTS["bars"]())


def test_a_bar_has_its_status_interval_and_base_in_words():
    said = words(service_bars(SERVICES))
    assert {"72%, green", "64%, amber", "51%, red", "not shown"} <= set(said)
    assert "63% to 79%, base 120" in said
    assert "Thin line: 95% interval; dashed line: target" in said


def test_bars_without_intervals_or_statuses_say_no_more_than_they_know():
    said = words(service_bars(SERVICES[["service", "value"]]))
    assert {"72%", "no figure"} <= set(said)
    assert not any("interval" in word for word in said)


@pytest.mark.parametrize("title", ["Costs $5 and $6", "<script>alert(1)</script>", "_x_", "a\\b"])
def test_a_name_is_drawn_as_it_is_written(title):
    said = words(service_bars(SERVICES.assign(name=title[:22])))
    assert title[:22] in " ".join(said)
    assert "<script>" not in svg_text(service_bars(SERVICES, title=title))


def test_a_trend_shows_gaps_its_last_value_and_where_its_scale_starts():
    figure = period_trend(MONTHS)
    (line, target) = figure.axes[0].lines
    assert np.isnan(line.get_ydata()).tolist() == [False, False, True, True, False]
    assert np.asarray(target.get_ydata()).tolist() == [0.7] * 5
    said = words(figure)
    assert "62%" in said
    assert "The scale does not start at nought." in said
    assert {"Figure", "95% interval", "Target", "Oct"} <= set(said)


def test_a_trend_from_nought_says_nothing_of_its_scale():
    counts = pd.DataFrame({"period": ["2026-09", "2026-10"], "value": [2, 50]})
    figure = period_trend(counts, unit="count")
    assert figure.axes[0].get_ylim()[0] == 0
    assert not any("nought" in word for word in words(figure))


def test_a_point_between_gaps_keeps_its_interval():
    figure = period_trend(MONTHS)
    (alone,) = figure.axes[0].collections[1].get_segments()
    assert alone.tolist() == [[4, 0.5], [4, 0.7]]


@pytest.mark.parametrize(
    ("periods", "frequency", "labels"),
    [
        (["2026-27 Q1", "2026-27 Q2"], None, ["Q1\n2026-27", "Q2"]),
        (["2010-11", "2011-12"], "annual", ["2010-11", "2011-12"]),
        (["2025-12", "2026-01"], None, ["Dec\n2025", "Jan\n2026"]),
    ],
)
def test_periods_are_labelled_by_their_kind(periods, frequency, labels):
    rows = pd.DataFrame({"period": periods, "value": [1, 2]})
    axes = period_trend(rows, unit="count", frequency=frequency).axes[0]
    assert [tick.get_text() for tick in axes.get_xticklabels()] == labels


def test_three_years_of_months_keep_twelve_labels_and_the_last():
    keys = pd.period_range("2023-11", "2026-10", freq="M").strftime("%Y-%m")
    axes = period_trend(pd.DataFrame({"period": keys, "value": 0.5})).axes[0]
    labels = [tick.get_text() for tick in axes.get_xticklabels()]
    assert len(labels) == 12
    assert labels[-1].startswith("Oct")


def test_a_volume_bar_is_its_channels_end_to_end():
    figure = channel_volumes(VOLUMES)
    widths = [patch.get_width() for patch in figure.axes[0].patches]
    assert widths == [600, 0, 200, 200]
    assert {"800", "200", "600", "phone", "web"} <= set(words(figure))


def test_small_channels_are_added_up_not_dropped():
    many = pd.DataFrame(
        {
            "service": "bins",
            "channel": [f"channel {n}" for n in range(9)],
            "value": range(10, 1, -1),
        }
    )
    table = volumes_by_channel(many)
    assert list(table.columns) == [f"channel {n}" for n in range(6)] + ["other channels"]
    assert table.sum(axis=None) == sum(range(2, 11))
    assert len(CHANNEL_FILL) == len(CHANNEL_HATCH) == 7


@pytest.mark.parametrize(
    "figure",
    [service_bars(SERVICES[:0]), period_trend(MONTHS[:0]), channel_volumes(VOLUMES[:0]),
     service_bars(SERVICES[3:]), channel_volumes(VOLUMES.assign(value=0))],
)  # fmt: skip
def test_no_figures_say_so(figure):
    assert "No figures for this period." in words(figure)


@pytest.mark.parametrize("fill", [*STATUS_FILL.values(), *CHANNEL_FILL, "#9cc3e4", "#ffffff"])
def test_words_and_lines_stand_out_on_every_fill(fill):
    assert contrast(INK, fill) >= 7
    assert contrast(GREY, "#ffffff") >= 4.5


def test_no_two_statuses_differ_by_colour_alone():
    judged = [Rag.GREEN, Rag.AMBER, Rag.RED]
    assert len({STATUS_HATCH.get(status.value, "") for status in judged}) == 3
    assert len(set(CHANNEL_HATCH)) == len(CHANNEL_HATCH)


numbers = st.one_of(st.none(), st.floats(0, 1))


@settings(max_examples=10)
@given(st.lists(st.tuples(numbers, numbers, numbers), min_size=1, max_size=6))
def test_whatever_is_missing_a_chart_is_drawn(rows):
    frame = pd.DataFrame(rows, columns=["value", "width", "target"], dtype="float64")
    frame["lower"] = frame["value"] - frame["width"]
    frame["upper"] = frame["value"] + frame["width"]
    frame["service"] = [f"service {n}" for n in range(len(frame))]
    frame["period"] = [f"2026-{n + 1:02d}" for n in range(len(frame))]
    for unit in ("share", "count", "score"):
        assert words(service_bars(frame, unit=unit))
        assert words(period_trend(frame, unit=unit, decimals=1))
