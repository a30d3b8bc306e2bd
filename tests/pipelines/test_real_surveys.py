"""Real surveys, each through ingest with a mapping and on to satisfaction.

The expected figures are worked out here from the raw files, by other means than the code's.
"""

from datetime import date

import pandas as pd
import pytest

from pipelines.steps.figures import read_figures
from pipelines.steps.satisfaction import publish_satisfaction
from tests.real_accounts import told


def test_friends_and_family_answers_run_the_other_way(workspace, real_data, ingest, pages):
    path = real_data / "nhs-friends-family-survey" / "responses_train.csv"
    account = ingest(workspace, path, "nhs_friends_family", "friends-and-family")
    raw = pd.read_csv(path, dtype=str)
    assert told(account)[0] == len(raw)
    # Some of the file's dates are month-first; day-first, these have no such month.
    middle = raw["Date"].str.split("/").str[1].astype(int)
    assert account.quarantined == middle.gt(12).sum() > 0
    month = date(2022, 3, 1)
    summary = publish_satisfaction(workspace, month)
    figures = read_figures(workspace, months=[month], measures=["satisfaction_share"])
    asked = raw[raw["Date"].str.match(r"0?\d{1,2}/0?3/2022$", na=False)]
    why = asked[asked["FFT question"].eq("FFT Why?")]["FFT categorical answer"]
    scored = why[why.isin(list("12345"))]
    question = figures[figures["service"].eq("all") & figures["breakdown"].eq("question=FFT Why?")]
    assert question["base"].item() == len(scored)
    assert question["value"].item() == pytest.approx(scored.isin(list("12")).mean())
    assert any("not on their scale" in problem for problem in summary.problems)
    assert pages(workspace, month)["service-managers"]


def test_the_utf16_somerville_survey_needs_no_special_case(workspace, real_data, ingest, pages):
    path = real_data / "somerville-happiness-2015" / "SomervilleHappinessSurvey2015.csv"
    account = ingest(workspace, path, "somerville", "happiness")
    raw = pd.read_csv(path, sep=";", encoding="utf-16")
    assert told(account) == (6 * len(raw), 6 * len(raw), 0, 0, 0)
    month = date(2015, 6, 1)
    publish_satisfaction(workspace, month)
    figures = read_figures(workspace, months=[month], measures=["satisfaction_share"])
    streets = figures[figures["breakdown"].eq("question=streets") & figures["service"].eq("all")]
    assert streets["value"].item() == pytest.approx(raw["X5"].ge(4).mean())
    assert pages(workspace, month)["service-managers"]


def test_kansas_citys_wide_survey_keeps_dont_know_out_and_turns_round_what_runs_the_other_way(
    workspace, real_data, ingest
):
    folder = real_data / "kansas-city-resident-survey"
    account = ingest(workspace, folder / "wave_2021_q1sep.csv", "kansas_city", "residents")
    raw = pd.read_csv(folder / "wave_2021_q1sep.csv", dtype=str)
    codebook = pd.read_csv(folder / "codebook.csv", dtype=str).set_index("column")
    of_five = codebook[codebook["scale"].str.contains("1=.*5=", na=False)]
    asked = [name for name in of_five.index if name != "q40_w"]  # bands of age
    answers = raw[asked].notna().sum().sum()
    blank = raw[asked].size - answers
    assert told(account) == (raw[asked].size, answers, 0, 0, blank)
    month = date(2021, 9, 1)
    summary = publish_satisfaction(workspace, month)
    assert not summary.problems
    figures = read_figures(workspace, months=[month], measures=["satisfaction_share"])
    figures = figures[figures["service"].eq("all")].set_index("breakdown")
    for column, good in (("q17_04", "45"), ("q3_10", "45"), ("q28_h", "12")):
        scored = raw[column][raw[column].isin(list("12345"))]
        figure = figures.loc[f"question={codebook.loc[column, 'label']}"]
        assert figure["base"] == len(scored)
        assert figure["value"] == pytest.approx(scored.isin(list(good)).mean())
    ours = read_figures(workspace, months=[month], measures=["satisfaction_share"])
    assert ours["service"].eq("contact-centre").sum() == 5
    # Net and mean, of a question that runs either way.
    both = ["satisfaction_net", "satisfaction_mean"]
    more = read_figures(workspace, months=[month], measures=both)
    more = more[more["service"].eq("all")].set_index(["measure", "breakdown"])
    for column, best in (("q17_04", 5), ("q28_h", 1)):
        key = f"question={codebook.loc[column, 'label']}"
        scored = raw[column][raw[column].isin(list("12345"))].astype(int)
        good = scored if best == 5 else 6 - scored
        assert more.loc[("satisfaction_net", key), "value"] == pytest.approx(
            good.ge(4).mean() - good.le(2).mean()
        )
        mean = more.loc[("satisfaction_mean", key)]
        assert mean["value"] == pytest.approx(25 * (good.mean() - 1))
        half = 1.96 * 25 * good.std() / len(good) ** 0.5
        assert mean["lower"] < mean["value"] - half < mean["value"] + half < mean["upper"]
