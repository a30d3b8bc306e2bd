"""The Scottish benchmarking figures from inbox to verdict, against sums done here from the file.

108 measures of 32 councils, aimed at Scotland's own figure; see `tests.lgbf_workspace`.
"""

import shutil
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from insight.spc import control
from insight.verdict import verdicts
from insight.year_end import year_end, year_to_date
from pipelines.edge.workspace import create_workspace, open_workspace
from pipelines.steps.ingest import ingest_inbox
from pipelines.steps.kpi import show_measure
from pipelines.steps.scorecard import (
    checked_targets,
    measure_figures,
    measure_frame,
    month_scorecard,
    publish_scorecard,
)
from tests.lgbf_workspace import WIDTH, read_indicators, read_years, settings_of

MARCH_2020 = date(2020, 3, 1)
FILE = Path("scottish-lgbf-kpis") / "lgbf_to_2019_20.csv.gz"
MAPPING = Path(__file__).parents[1] / "mappings" / "lgbf_with_spans.yaml"
VALUE = "LA_IndicatorReal"


@pytest.fixture(scope="module")
def years(real_data):
    return read_years(real_data)


@pytest.fixture(scope="module")
def indicators(real_data):
    return read_indicators(real_data)


@pytest.fixture(scope="module")
def opened(real_data, years, indicators, tmp_path_factory):
    """Take the file from the inbox into a workspace of all the councils, and judge March 2020."""
    root = create_workspace(tmp_path_factory.mktemp("lgbf") / "councils")
    for name, content in settings_of(years, indicators).items():
        path = root / "settings" / f"{name}.yaml"
        path.write_text(yaml.safe_dump({name: content}), encoding="utf-8")
    shutil.copy(MAPPING, root / "mappings")
    (root / "inbox" / "lgbf").mkdir()
    shutil.copy(real_data / FILE, root / "inbox" / "lgbf")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("INSIGHT_TODAY", "2026-11-23")
        patch.setenv("INSIGHT_PSEUDONYM_KEY", "0f" * 32)
        workspace = open_workspace(root, run_id="test")
        (outcome,) = ingest_inbox(workspace)
        summary = publish_scorecard(workspace, MARCH_2020)
        yield workspace, outcome.account, summary


@pytest.fixture(scope="module")
def card(opened):
    return month_scorecard(opened[0], MARCH_2020).set_index("measure")


@pytest.fixture(scope="module")
def charts(opened):
    workspace = opened[0]
    measures = measure_frame(workspace).rename(columns={"code": "measure"})
    return control(measure_figures(workspace, []), measures)


def refused(years):
    """Return the rows whose percentage is not its own numerator over denominator."""
    ratio = years["LA_Numerator_real"] / years["LA_Den_Real"]
    return (years[VALUE] - ratio).abs() > 0.006 * ratio.abs().clip(lower=1)


def shares(years, indicators):
    """Return the codes of percentages that never leave 0 to 100%."""
    inside = years[VALUE].between(0, 1).groupby(years["Code"]).all()
    percentages = indicators["MeasureType"].eq("Percentage")
    return {code for code in indicators.index if percentages[code] and inside[code]}


def test_every_row_is_taken_and_every_measure_and_council_is_told(opened, years, indicators, card):
    _, account, summary = opened
    assert (account.rows_read, account.accepted) == (len(years), len(years))
    assert len(card) == 108 * 32
    assert set(card.index.str.split(" ").str[0]) == set(indicators.index)
    wrong = years[years["Code"].isin(shares(years, indicators)) & refused(years)]
    assert len(summary.problems) == len(wrong) == 20
    for (_, row), said in zip(wrong.sort_values("code").iterrows(), summary.problems, strict=True):
        assert said.startswith(f"Return of {row['code']} for {row['year']} ({FILE.name}, row ")
        assert "the value isn't the numerator over the denominator" in said
    # What a measure has no figure for is awaited in words; nothing is left out.
    left = years[~years.index.isin(wrong.index)]
    there = set(left.loc[left["year"].eq("2019-20") & left[VALUE].notna(), "code"])
    assert set(card.index[card["rag"].eq("awaited")]) == set(card.index) - there


def rounded(value, decimals, percent):
    number = Decimal(repr(float(value))) * (100 if percent else 1)
    size = Decimal(1).scaleb(-decimals)
    return abs(number).quantize(size, rounding=ROUND_HALF_UP).copy_sign(number)


def test_every_colour_and_direction_is_that_of_the_files_own_figures(years, indicators, card):
    used = years[~(years["Code"].isin(shares(years, indicators)) & refused(years))]
    own = used.set_index(["code", "year"])[VALUE]
    goals = years[years["year"].eq("2019-20")].groupby("Code")["Scotland_Indicator_Real"].first()
    percent = shares(years, indicators)
    for code, row in card[~card["rag"].eq("awaited")].iterrows():
        about = indicators.loc[code.split(" ")[0]]
        kind = (row["decimals"], about.name in percent)
        value = rounded(own[code, "2019-20"], *kind)
        assert row["value"] == pytest.approx(own[code, "2019-20"]), code
        if about["Ranking_Type"] == "Goldilocks":
            middle = about["Ranking_GoldilocksMidpoint"]
            low, high = (rounded(middle + way * WIDTH, *kind) for way in (-1, 1))
            missed, bound = max((low - value, low), (value - high, high))
        else:
            bound = rounded(goals[about.name], *kind)
            missed = bound - value if about["Ranking_Type"] == "Descending" else value - bound
        allowed = abs(bound) * Decimal("0.05")
        word = "green" if missed <= 0 else "amber" if missed <= allowed else "red"
        assert row["rag"] == word, code
        before = own.get((code, "2018-19"))
        if before is None or about["Ranking_Type"] == "Goldilocks":
            continue
        gain = value - rounded(before, *kind)
        gain = gain if about["Ranking_Type"] == "Descending" else -gain
        way = "improving" if gain > 0 else "worsening" if gain < 0 else "no change"
        assert row["direction"] == way, code


def test_every_chart_has_the_limits_of_a_calculator_or_says_why_there_is_none(
    years, indicators, charts
):
    series = charts.series.set_index("measure")
    lines = charts.points.drop_duplicates("measure").set_index("measure")
    wrong = years["Code"].isin(shares(years, indicators)) & refused(years)
    kept = years[~wrong].sort_values("year")
    drawn = 0
    for code, values in kept.groupby("code")[VALUE]:
        found = series.loc[code]
        spans = years.loc[values.index[0], "spans"] > 1
        if spans:
            assert found["chart"] == "no chart"
            assert "rolling" in found["why"]
        elif len(values) < 5:
            assert found["why"] == (
                f"It has {len(values)} of the 5 figures from which limits can be worked out."
            )
        elif found["chart"] == "XmR chart":
            x = values.to_numpy()
            steps = np.abs(x[1:] - x[:-1])
            usual = steps[steps < 3.267 * steps.mean()]
            reach = 2.66 * (usual if len(usual) else steps).mean()
            assert lines.loc[code, "mean"] == pytest.approx(x.mean(), abs=1e-9), code
            assert lines.loc[code, "upl"] == pytest.approx(x.mean() + reach, abs=1e-9), code
            assert lines.loc[code, "lpl"] == pytest.approx(x.mean() - reach, abs=1e-9), code
            assert found["provisional"] == (len(x) < 13)
            drawn += 1
        else:
            assert found["chart"].startswith("p-chart")
            assert "bases" in found["why"]
    assert drawn > 2000


def test_every_measure_has_a_verdict_and_a_year(opened, card, charts):
    workspace = opened[0]
    series = charts.series
    told = verdicts(series, card["rag"].reindex(series["measure"]).set_axis(series.index))
    assert told["verdict_words"].str.endswith(".").all()
    # An awaited figure says so; a special cause is said first.
    special = series["variation"].fillna("common cause").ne("common cause")
    known = special & ~card["rag"].reindex(series["measure"]).eq("awaited").to_numpy()
    assert known.sum() > 300
    assert told.loc[known, "verdict_words"].str.startswith("A real ").all()
    figures, measures = measure_figures(workspace, []), measure_frame(workspace)
    asked = (figures, measures, checked_targets(workspace)[0], MARCH_2020)
    so_far = year_to_date(*asked).set_index("measure")
    pd.testing.assert_series_equal(so_far["to_date"], card["value"], check_names=False)
    pd.testing.assert_series_equal(so_far["to_date_rag"], card["rag"], check_names=False)
    assert year_end(*asked)["forecast_note"].eq("an annual measure has one figure a year").all()


def test_one_council_is_shown_as_its_own_figures_say(opened, years):
    shown = show_measure(opened[0], "CORP07 Falkirk", MARCH_2020)
    own = years[years["code"].eq("CORP07 Falkirk")].set_index("year")[VALUE]
    assert shown.figure["value"] == pytest.approx(own["2019-20"])
    # Ten years are few, but enough for provisional limits.
    assert (shown.process["chart"], shown.process["points"]) == ("XmR chart", 10)
    assert shown.process["provisional"]
    assert shown.year["to_date"] == pytest.approx(own["2019-20"])
