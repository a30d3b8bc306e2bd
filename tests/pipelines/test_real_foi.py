"""Requests for information answered in time, from two governments' returns to p-charts.

The law asks for 20 working days; the target of 90% is the test's own, and is stated. Each body is
one measure.
"""

from datetime import date
from math import exp, lgamma, log

import numpy as np
import pandas as pd
import pytest
import yaml

from insight.spc import control
from insight.verdict import verdicts
from insight.year_end import year_end, year_to_date
from pipelines.edge.workspace import open_workspace
from pipelines.steps.scorecard import (
    checked_targets,
    measure_figures,
    measure_frame,
    month_scorecard,
    publish_scorecard,
)

TARGET = 0.9
ASKED = "Total requests received (excluding on-hold and lapsed).1"
MET = "20-day deadline met"


def aimed(workspace, codes, frequency, year):
    """Describe a measure for each code, aimed at the target in `year`; open them."""
    measures = [
        {
            "code": code, "title": code, "family": "general statutory", "service": "all",
            "unit": "share", "decimals": 1, "polarity": "higher", "aggregation": "ratio of sums",
            "frequency": frequency, "entered": True, "calendar": "united kingdom",
            "targets": {year: {"value": TARGET, "agreed_by": "the test"}},
        }
        for code in codes
    ]  # fmt: skip
    path = workspace.root / "settings" / "measures.yaml"
    path.write_text(yaml.safe_dump({"measures": measures}), encoding="utf-8")
    return open_workspace(workspace.root, run_id="test")


def quarters_of(real_data):
    """Return the central returns' quarters, by financial quarter, with numbers."""
    raw = pd.read_csv(real_data / "foi-timeliness" / "central_government_2010_2017.csv", dtype=str)
    raw = raw[raw["Quarter"].str.startswith("Q") & raw[MET].str.strip().ne("-")]
    number, year = raw["Quarter"].str[1].astype(int), raw["Quarter"].str[-4:].astype(int)
    start = year - number.eq(1)
    ends = ((start + 1) % 100).map("{:02d}".format)
    period = start.astype(str) + "-" + ends + " Q" + ((number + 2) % 4 + 1).astype(str)
    k, n = (raw[name].str.replace(",", "").astype(float) for name in (MET, ASKED))
    code = "FOI in 20 days " + raw["Government body"]
    return pd.DataFrame({"code": code, "period": period, "k": k, "n": n})


def colour(k, n):
    """Judge a share by the target: halves away from nought, a twentieth of it is amber."""
    shown = np.floor(k / n * 1000 + 0.5) / 10
    return "green" if shown >= 90 else "amber" if shown >= 85.5 else "red"


@pytest.fixture
def central(workspace, real_data, ingest):
    rows = quarters_of(real_data)
    ingest(workspace, real_data / "foi-timeliness" / "central_government_2010_2017.csv",
           "foi_central", "foi")  # fmt: skip
    codes = rows["code"][rows["code"].str.fullmatch(r"[A-Za-z0-9_.& -]{1,60}")]
    return aimed(workspace, sorted(set(codes)), "quarterly", "2017-18"), rows


def test_every_departments_quarter_is_judged_charted_and_forecast_as_by_hand(central):
    workspace, rows = central
    month = date(2017, 12, 1)
    summary = publish_scorecard(workspace, month)
    card = month_scorecard(workspace, month).set_index("measure")
    figures, measures = measure_figures(workspace, []), measure_frame(workspace)
    charts = control(figures.assign(target=TARGET), measures.rename(columns={"code": "measure"}))
    asked = (figures, measures, checked_targets(workspace)[0], month)
    so_far = year_to_date(*asked).set_index("measure")
    forecast = year_end(*asked).set_index("measure")
    latest = rows[rows["period"].eq("2017-18 Q3")].set_index("code")
    for code, own in latest.reindex(card.index).iterrows():
        if pd.isna(own["n"]):
            assert card.loc[code, "rag"] == "awaited"
            continue
        assert card.loc[code, "value"] == pytest.approx(own["k"] / own["n"])
        assert card.loc[code, "rag"] == colour(own["k"], own["n"])
        year = rows[rows["code"].eq(code) & rows["period"].str.startswith("2017-18")]
        if len(year) == 3:
            share = year["k"].sum() / year["n"].sum()
            assert so_far.loc[code, "to_date"] == pytest.approx(share)
            # The rest of the year goes as the year so far.
            assert forecast.loc[code, "forecast"] == pytest.approx(share)
            lower, upper = forecast.loc[code, ["forecast_lower", "forecast_upper"]]
            assert 0 <= lower <= share <= upper <= 1
    # A name with an apostrophe or a comma, or a very long one, is no measure's code: each of its
    # rows is refused by file and row.
    others = rows[~rows["code"].isin(card.index)]
    assert len(summary.problems) == len(others) == 205
    assert all("measures.yaml has no such measure" in said for said in summary.problems)
    told = verdicts(
        charts.series, card["rag"].reindex(charts.series["measure"]).reset_index(drop=True)
    )
    assert told["verdict_words"].str.endswith(".").all()
    charts_by_hand(rows, charts)


def charts_by_hand(rows, charts):
    """Check each kind of chart by its written formulas."""
    points = charts.points.set_index(["measure", "period"])
    kinds = charts.series.set_index("measure")["chart"]
    assert kinds.value_counts().to_dict() == {
        "XmR chart": 29, "p-chart with Laney's limits": 9, "p-chart": 7,
    }  # fmt: skip
    for code, kind in kinds.items():
        own = rows[rows["code"].eq(code) & rows["n"].gt(0)].sort_values("period")
        if kind == "XmR chart":
            # Bases large and alike: the ninth tenth is under four times the first.
            assert own["n"].quantile(0.9) <= 4 * own["n"].quantile(0.1), code
            share = own["k"] / own["n"]
            steps = share.diff().abs()
            kept = steps[steps < 3.267 * steps.mean()]
            usual = (kept if len(kept) else steps).mean()
            line = points.loc[code].iloc[-1]
            assert line["upl"] == pytest.approx(share.mean() + 2.66 * usual), code
            continue
        mean = own["k"].sum() / own["n"].sum()
        if kind == "p-chart":
            last = points.loc[code].iloc[-1]
            cases = round(last["lpl"] * own["n"].iloc[-1])
            below = [share_below(end, own["n"].iloc[-1], mean) for end in (cases, cases + 1)]
            # Three deviations of a normal distribution leave 0.00135 below.
            assert below[0] < 0.00135 <= below[1], code
            continue
        deviation = np.sqrt(mean * (1 - mean) / own["n"])
        z = (own["k"] / own["n"] - mean) / deviation
        sigma = z.diff().abs().mean() / 1.128
        found = points.loc[code].loc[own["period"]]
        np.testing.assert_allclose(found["mean"], mean)
        np.testing.assert_allclose(found["upl"], mean + 3 * sigma * deviation)
        np.testing.assert_allclose(found["lpl"], mean - 3 * sigma * deviation)


def share_below(cases, n, p):
    """Add up the binomial distribution's chances of fewer than `cases` of `n`."""
    q = 1 - p
    chances = [
        exp(lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) + k * log(p) + (n - k) * log(q))
        for k in range(cases)
    ]
    return sum(chances)


def test_every_scottish_authoritys_year_is_judged_and_short_series_wait(
    workspace, real_data, ingest
):
    path = real_data / "foi-timeliness" / "scottish_local_government_2013_2017.csv"
    ingest(workspace, path, "foi_scotland", "foisa")
    needed = ["authority_id", "year", "FOISA requests", "FOISA response on time"]
    raw = pd.read_csv(path, usecols=needed)
    raw["code"] = "FOISA on time " + raw["authority_id"].astype(str)
    rows = raw.dropna(subset=["FOISA requests", "FOISA response on time"])
    workspace = aimed(workspace, sorted(set(raw["code"])), "annual", "2017-18")
    month = date(2018, 3, 1)
    summary = publish_scorecard(workspace, month)
    card = month_scorecard(workspace, month).set_index("measure")
    # An answer may be of a request of the year before: then more are in time than were asked.
    over = rows[rows["FOISA response on time"] > rows["FOISA requests"]]
    assert len(summary.problems) == len(over)
    assert all("the numerator is over its denominator" in said for said in summary.problems)
    latest = rows[rows["year"].eq(2017)].drop(index=over.index, errors="ignore").set_index("code")
    for code, row in card.iterrows():
        if code not in latest.index or latest.loc[code, "FOISA requests"] == 0:
            assert row["rag"] == "awaited", code
            continue
        k, n = latest.loc[code, ["FOISA response on time", "FOISA requests"]]
        assert (row["value"], row["rag"]) == (pytest.approx(k / n), colour(k, n)), code
    measures = measure_frame(workspace).rename(columns={"code": "measure"})
    charts = control(measure_figures(workspace, []), measures).series
    # Five years at the most: provisional, or too few.
    assert charts.loc[charts["chart"].ne("no chart"), "provisional"].all()
    assert charts.loc[charts["chart"].eq("no chart"), "why"].str.len().gt(0).all()
