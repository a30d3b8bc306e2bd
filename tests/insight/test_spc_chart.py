import re
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

from insight.charts import svg_text
from insight.spc import SpcOptions, control
from insight.spc_chart import MARKS, control_chart
from insight.spc_icons import assurance_icon, variation_icon
from insight.spc_rules import Assurance, Variation
from insight.spc_spark import control_spark, control_sparks
from insight.spc_words import ASSURANCE_WORDS, VARIATION_WORDS, describe_control_chart

MONTHS = [str(each) for each in pd.period_range(end="2026-12", periods=24, freq="M")]
HIGHER = pd.DataFrame({"measure": ["M1"], "polarity": ["higher"]})
REBASE = pd.DataFrame({"measure": ["M1"], "service": ["planning"], "period": ["2026-05"]})


def points(values, polarity="higher", **more):
    figures = pd.DataFrame(
        {"measure": "M1", "service": "planning", "period": MONTHS[: len(values)], "value": values,
         "target": 0.9}
    )  # fmt: skip
    return control(figures, HIGHER.assign(polarity=polarity), **more).points


def drawing(figure) -> str:
    return svg_text(figure)


def words(figure) -> list[str]:
    tree = ElementTree.fromstring(drawing(figure))  # noqa: S314 (our own drawing)
    return ["".join(each.itertext()) for each in tree.iter("{http://www.w3.org/2000/svg}text")]


USUAL = 0.8 + np.tile([0.02, -0.03, 0.01, -0.01, 0.03, 0.0, -0.02], 4)[:24]
SPIKE = np.where(np.arange(24) == 10, 0.4, USUAL)


def test_lines_and_points_are_named():
    said = words(control_chart(points(SPIKE), unit="share", title="In time", polarity="higher"))
    assert {"In time", "Mean of the segment", "Limits", "Target", "No real change"} <= set(said)
    assert "Real change for the worse, low" in said
    assert any(each.startswith("upper limit 8") for each in said)
    assert any(each.startswith("Higher is better.") for each in said)
    assert "Limits, provisional" not in said


def test_every_kind_of_point_has_a_shape_of_its_own():
    shapes = [shape for _, shape, _ in MARKS.values()]
    assert len(set(shapes)) == len(shapes) == len(Variation) - 1
    assert "o" not in shapes


def styles(figure) -> list:
    (axes,) = figure.axes
    return [line.get_linestyle() for line in axes.lines if line.get_linewidth() == 1.1]


def test_provisional_limits_are_dashed_and_said():
    few = control_chart(points(SPIKE[:9]), unit="share")
    assert "Limits, provisional" in words(few)
    assert set(styles(few)) == {"--"}
    assert set(styles(control_chart(points(SPIKE), unit="share"))) == {"-"}


def test_a_rebase_breaks_the_lines_and_is_said():
    figure = control_chart(points(SPIKE, rebases=REBASE), unit="share")
    assert "rebased" in words(figure)
    assert sorted(set(styles(figure))) == ["-", "--"]
    assert {"Limits", "Limits, provisional"} <= set(words(figure))


def test_limits_of_shares_are_cut_off_for_display_alone():
    high = points(np.where(np.arange(24) % 2, 0.99, 0.9), options=SpcOptions(seasonal=False))
    assert high["upl"].iloc[0] > 1
    said = words(control_chart(high, unit="share"))
    assert "upper limit 100%" in said
    assert "limits 71% to 100%" in describe_control_chart(high, unit="share")


def test_a_missing_month_is_a_gap_in_time():
    whole, gap = points(SPIKE), points(SPIKE)[lambda rows: rows["period"].ne("2025-03")]
    assert control_chart(gap).axes[0].get_xlim() == control_chart(whole).axes[0].get_xlim()


def test_a_refused_chart_says_there_is_nothing():
    assert words(control_chart(points([0.5, 0.6]))) == ["No figures for this period."]
    assert describe_control_chart(points([0.5, 0.6])) == "No figures for this period."


def test_the_words_tell_segments_target_and_special_causes():
    said = describe_control_chart(points(SPIKE, rebases=REBASE), unit="share", assurance="fail")
    assert said.startswith("XmR chart of 24 points, January 2025 to December 2026. Mean 7")
    assert "Rebased from May 2026: mean 8" in said
    assert "provisional." in said
    assert "Target 90%: target out of reach of the present process." in said
    assert "November 2025 40%: beyond the limit" in said


def test_the_drawing_is_the_same_every_time():
    assert drawing(control_chart(points(SPIKE))) == drawing(control_chart(points(SPIKE)))


@pytest.mark.parametrize("kind", [None, *Variation])
def test_each_variation_has_an_icon_with_its_words(kind):
    icon = variation_icon(kind)
    tree = ElementTree.fromstring(icon)  # noqa: S314 (our own drawing)
    assert tree.get("aria-label") == (VARIATION_WORDS[kind] if kind else "no control chart")
    assert tree.get("role") == "img"
    assert 'aria-hidden="true"' in variation_icon(kind, words=False)


@pytest.mark.parametrize("kind", [None, *Assurance])
def test_each_assurance_has_an_icon_with_its_words(kind):
    tree = ElementTree.fromstring(assurance_icon(kind))  # noqa: S314 (our own drawing)
    assert tree.get("aria-label") == (ASSURANCE_WORDS[kind] if kind else "no assurance")


def shape(icon: str) -> str:
    return re.sub(r'fill="#\w+"|aria-label="[^"]*"|<title>.*?</title>|class="[^"]*"', "", icon)


def test_icons_differ_without_their_colours():
    drawn = [shape(variation_icon(kind)) for kind in [None, *Variation]]
    drawn += [shape(assurance_icon(kind)) for kind in Assurance]
    assert len(set(drawn)) == len(drawn)


def test_the_good_side_of_the_target_follows_the_polarity():
    for kind in (Assurance.PASS, Assurance.FAIL):
        assert assurance_icon(kind) != assurance_icon(kind, polarity="lower")


def test_a_spark_shows_band_target_and_special_causes():
    spark = control_spark(points(SPIKE), alt='Planning & "bins"')
    tree = ElementTree.fromstring(spark)  # noqa: S314 (our own drawing)
    names = [each.tag.split("}")[1] for each in tree]
    assert names.count("polygon") == 1
    assert names.count("path") == 2  # the target and the special cause
    assert tree.get("aria-label") == 'Planning & "bins"'
    assert control_spark(points(SPIKE).iloc[:0]) == ""


def test_a_spark_of_one_point_or_of_equal_points_can_be_drawn():
    for values in (SPIKE[:6] * 0 + 0.5, SPIKE[:6]):
        ElementTree.fromstring(control_spark(points(values).iloc[-1:]))  # noqa: S314
        assert "nan" not in control_spark(points(values))


def test_sparks_of_many_series_are_by_their_keys():
    both = pd.concat([points(SPIKE), points(SPIKE).assign(measure="M2")])
    found = control_sparks(both, ["measure", "service"])
    assert set(found) == {("M1", "planning"), ("M2", "planning")}
