import pandas as pd
import pytest

from insight.processes import processes, with_signals
from insight.scorecard import scorecard
from insight.spc import control
from tests.judged_month import LEDGER, MONTH, REBASED_AT, figures, judged, measures, targets


@pytest.fixture(scope="module")
def told():
    return judged().processes.measures.set_index("measure")


def test_a_colour_that_chance_turned_is_said_to_be_chance(told):
    assert told.loc["CHANCE", "colour_change"] == (
        "Turned amber from green; a change of this size is chance."
    )
    assert told.loc["CHANCE", "colour_change_is_noise"]
    assert told.loc["WORSE", "colour_change"] == (
        "Turned red from green; the chart shows a real change."
    )
    assert not told.loc["WORSE", "colour_change_is_noise"]


def test_a_colour_that_its_target_turned_is_said_to_be_of_the_target():
    moved = targets(BETTER=100.0).assign(period=lambda frame: frame["period"])
    own = moved["measure"].eq("BETTER") & moved["period"].eq("2026-27")
    month = moved[own].assign(period="2026-10")
    kept = pd.concat([targets(), month], ignore_index=True)
    given = (figures(), measures(), kept, MONTH)
    found = processes(*given[:3], scorecard(*given), MONTH).measures.set_index("measure")
    assert found.loc["BETTER", "colour_change"] == (
        "Turned amber from green; its target changed too."
    )
    assert found.loc["CHANCE", "colour_change"].endswith("is chance.")


def test_limits_are_those_worked_out_by_hand(told):
    values = figures().query("measure == 'CHANCE'")["value"].to_numpy()
    ranges = abs(values[1:] - values[:-1])
    kept = ranges[ranges < 3.267 * ranges.mean()]
    assert told.loc["CHANCE", "mean"] == pytest.approx(values.mean())
    assert told.loc["CHANCE", "upl"] == pytest.approx(values.mean() + 2.66 * kept.mean())


def test_one_pass_says_of_each_what_a_chart_of_its_own_says(told):
    rows = figures().query("measure == 'WORSE'").assign(target=80.0)
    alone = control(rows, measures().rename(columns={"code": "measure"})).series.iloc[0]
    for name in ("chart", "mean", "lpl", "upl", "variation", "assurance", "since", "rule"):
        assert told.loc["WORSE", name] == alone[name]
    assert told.loc["WORSE", "variation"] == "concern low"


def test_a_suppressed_measure_has_no_chart_and_no_words_that_give_it_away():
    found = judged().processes
    hidden = found.measures.set_index("measure").loc["HIDDEN"]
    assert hidden["verdict"] == "Not shown"
    empty = ["mean", "lpl", "upl", "variation", "assurance", "rag_before", "colour_change"]
    assert hidden[empty].isna().all()
    assert "HIDDEN" not in set(found.points["measure"])


def test_a_recorded_rebase_begins_new_limits_and_keeps_the_old_status_in_sight(told):
    rebased = told.loc["REBASED"]
    assert rebased["rebased_from"] == LEDGER["period"].item()
    assert rebased["variation"] == "common cause"
    assert rebased["old_variation"] == "improvement high"
    late = figures().query("measure == 'REBASED'")["value"][REBASED_AT:]
    assert rebased["mean"] == pytest.approx(late.mean())
    assert told["old_variation"].drop("REBASED").isna().all()


def test_a_quarterly_measure_is_charted_by_its_quarters():
    rows = measures().assign(frequency="quarterly")
    given = (figures(), rows, targets(), MONTH)
    found = processes(*given[:3], scorecard(*given), MONTH)
    quarters = found.points.query("measure == 'CHANCE'")
    assert quarters["period"].iloc[-1] == "2026-27 Q2"
    assert quarters["period"].str.contains("Q").all()
    assert len(quarters) == 7


def test_a_measure_without_any_figure_keeps_its_place():
    rows = pd.concat([measures(), measures().iloc[:1].assign(code="EMPTY")], ignore_index=True)
    given = (figures(), rows, targets(), MONTH)
    found = processes(*given[:3], scorecard(*given), MONTH).measures
    assert found["measure"].tolist() == rows["code"].tolist()
    assert found.iloc[-1][["verdict", "points", "chart"]].tolist() == ["Awaited", 0, "no chart"]


def test_each_period_is_stored_with_its_own_signal_and_the_latest_with_its_verdict():
    card = judged().card
    past = card.assign(period="2026-09")
    rows = with_signals(pd.concat([past, card], ignore_index=True), judged().processes)
    worse = rows[rows["measure"].eq("WORSE")].set_index("period")
    assert worse["spc"].tolist() == ["common cause", "concern low"]
    assert pd.isna(worse.loc["2026-09", "verdict"])
    assert worse.loc["2026-10", "verdict"] == "Missed by a real change"
