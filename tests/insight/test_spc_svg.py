import re
from itertools import pairwise
from xml.etree import ElementTree

import pandas as pd
import pytest

from insight.spc import control
from insight.spc_rules import Variation
from insight.spc_svg import _SHAPES, STYLE, control_drawings

MONTHS = [str(each) for each in pd.period_range("2025-01", periods=20, freq="M")]
VALUES = [20, 22, 19, 21, 20, 23, 21, 20, 22, 19, 21, 20, 22, 21, 19, 20, 21, 22, 20, 40]


def charts(*codes, values=VALUES, rebases=None, alt="What it shows", **more):
    frames = [
        pd.DataFrame({"measure": code, "service": "one", "period": MONTHS, "value": values})
        for code in codes
    ]
    kinds = pd.DataFrame({"measure": codes, "polarity": "lower", "unit": "days"})
    found = control(pd.concat(frames).assign(**more), kinds, rebases=rebases)
    series = found.series.assign(
        unit="days", decimals=0, frequency="monthly", polarity="lower", alt=alt
    )
    return control_drawings(found.points, series)


def text_of(drawing):
    return re.findall(r">([^<>]+)</text>", drawing)


def test_a_chart_is_the_same_alone_and_among_others():
    assert charts("A", "B", "C")[1] == charts("B")[0]


def test_a_chart_writes_its_lines_figures_its_months_and_which_way_is_better():
    (drawing,) = charts("A", target=18.0)
    said = text_of(drawing)
    assert {"target 18 days", "mean 22 days", "2025", "2026", "Lower is better."} <= set(said)
    assert {"real change for the worse, high", "no real change"} <= set(said)
    assert ElementTree.fromstring(drawing).get("role") == "img"  # noqa: S314  (drawn here)


def test_every_kind_of_point_has_a_shape_of_its_own():
    kinds = set(Variation) - {Variation.COMMON}
    assert set(_SHAPES) == kinds
    assert len(set(_SHAPES.values())) == len(kinds)
    (drawing,) = charts("A")
    # Once in the chart, once in the key.
    assert drawing.count(_SHAPES["concern high"]) == 2


def test_a_missing_month_leaves_its_room():
    values = [*VALUES[:5], None, *VALUES[6:]]
    dots = re.findall(r"M([\d.]+) [\d.]+m-3 0a3", charts("A", values=values)[0])[:-1]
    steps = [round(float(b) - float(a), 1) for a, b in pairwise(dots)]
    assert max(steps) == pytest.approx(2 * min(steps), abs=0.2)


def test_a_rebase_is_drawn_and_named():
    rebases = pd.DataFrame({"measure": ["A"], "service": ["one"], "period": ["2025-11"]})
    assert "rebased" in text_of(charts("A", rebases=rebases)[0])
    assert "rebased" not in text_of(charts("A")[0])


def test_what_it_shows_in_words_is_escaped():
    assert 'aria-label="&lt;b&gt;&quot;' in charts("A", alt='<b>"')[0]


def test_no_charts_are_no_drawings():
    assert control_drawings(pd.DataFrame(), pd.DataFrame()) == []


def test_no_word_on_a_control_chart_is_smaller_than_13_pixels():
    sizes = [int(size) for size in re.findall(r"(\d+)px", STYLE)]
    assert sizes
    assert min(sizes) >= 13
