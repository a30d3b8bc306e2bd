"""Surveys and comments from files to figures, pages and commands, also when they're wrong."""

import json
from datetime import date

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from pipelines.edge.survey_views import comments_view, satisfaction_view
from pipelines.steps.comments import publish_comments
from pipelines.steps.figures import read_figures, window
from pipelines.steps.ingest import find_source
from pipelines.steps.ingest_file import ingest_file
from pipelines.steps.satisfaction import publish_satisfaction
from tests.small_month import write_csv

OCTOBER = date(2026, 10, 1)
CASES = ["case_id", "service", "case_type", "received_at", "decided_at", "outcome",
         "applicant_kind", "customer"]  # fmt: skip
SURVEYS = ["response_id", "survey", "answered_at", "question", "scale", "answer", "service",
           "case_id", "comment"]  # fmt: skip
COMMENTS = ["comment_id", "received_at", "text", "service", "kind", "rating"]
WORDS = {True: "very satisfied", False: "fairly dissatisfied"}
WROTE = {True: "quick and friendly people", False: "nobody rang back and I had to chase"}


@pytest.fixture
def take_in(tmp_path, insight_here):
    """Put rows of one kind into the store."""

    def take(source, header, rows):
        path = write_csv(tmp_path / f"{source}-{len(rows)}.csv", header, rows)
        code, told, error = insight_here("ingest", path, "--source", source)
        assert code == 0, told + error

    return take


def answer(number, month, happy, *, case="", text=None, **other):
    row = {
        "response_id": f"{month}-{number}", "survey": "applicants",
        "answered_at": f"10/{month[5:]}/{month[:4]}", "question": "overall",
        "scale": "satisfaction-5", "answer": WORDS[happy], "service": "planning",
        "case_id": case, "comment": WROTE[happy] if text is None else text,
    }  # fmt: skip
    return [(row | other)[name] for name in SURVEYS]


def case(number, *, outcome="granted", who="householder", customer=None):
    name = f"person{number}@example.com" if customer is None else customer
    return [f"C{number}", "planning", "householder", "01/01/2026", "02/02/2026", outcome, who, name]


@pytest.fixture
def two_quarters(take_in):
    """46 of 100 satisfied in April, 60 of 100 in October, each about a case of their own."""
    april = [answer(n, "2026-04", n < 46, case=f"C{n}") for n in range(100)]
    october = [answer(n, "2026-10", n < 60, case=f"C{100 + n}") for n in range(100)]
    take_in("cases", CASES, [case(n, who="agent" if n % 2 else "householder") for n in range(200)])
    take_in("surveys", SURVEYS, april + october)


def figures_of(workspace, **wanted):
    figures = read_figures(workspace, months=window(OCTOBER))
    chosen = figures[figures["service"].eq("planning")]
    for column, value in wanted.items():
        chosen = chosen[chosen[column].eq(value)]
    return chosen


def test_the_figures_and_the_change_are_those_of_statsmodels(workspace, two_quarters):
    summary = publish_satisfaction(workspace, OCTOBER)
    assert summary.problems == []
    share = figures_of(workspace, measure="satisfaction_share", period="2026-10", breakdown="")
    low, high = proportion_confint(60, 100, method="wilson")
    assert share[["value", "lower", "upper", "base"]].iloc[0].tolist() == pytest.approx(
        [0.6, low, high, 100]
    )
    key = "against=6 months before"
    changed = figures_of(workspace, measure="satisfaction_change", breakdown=key)
    (points,) = changed.to_dict("records")
    low, high = confint_proportions_2indep(60, 100, 46, 100, compare="diff", method="newcomb")
    assert [points["value"], points["lower"], points["upper"]] == pytest.approx([0.14, low, high])
    relative = figures_of(workspace, measure="satisfaction_change_relative", breakdown=key)
    assert relative["value"].item() == pytest.approx(0.6 / 0.46 - 1)
    adjusted = figures_of(workspace, measure="satisfaction_change_adjusted", breakdown=key)
    assert adjusted["value"].item() == pytest.approx(0.14, abs=0.01)
    agents = figures_of(
        workspace, measure="satisfaction_share", period="2026-10", breakdown="applicant_kind=agent"
    )
    assert agents["base"].item() == 50
    driver = figures_of(workspace, measure="satisfaction_driver").iloc[0]
    assert "chase" in driver["breakdown"] or "rang" in driver["breakdown"]
    assert (driver["numerator"], driver["denominator"], driver["base"]) == (94, 94, 200)


def test_the_page_says_the_change_in_words_and_the_command_says_the_same(
    workspace, two_quarters, insight_here
):
    publish_satisfaction(workspace, OCTOBER)
    results = read_figures(workspace, months=window(OCTOBER))
    view = satisfaction_view(results, "planning", "2026-10", name="q")
    (row,) = view["changes"]
    assert row["words"].startswith("up by 14 percentage points")
    assert "30% more" in row["words"]
    assert view["headline"].endswith("compared with six months before.")
    assert view["responses"] == 100
    (driver,) = [each for each in view["drivers"] if "chase" in each["term"]]
    assert (driver["dissatisfied"], driver["of_dissatisfied"], driver["satisfied"]) == (94, 94, 0)
    code, told, _ = insight_here("satisfaction", "change", "--month", "2026-10")
    assert code == 0
    assert f"planning, against six months before: {row['words']}." in told
    code, told, _ = insight_here("satisfaction", "drivers", "--month", "2026-10")
    assert "94 of 94 dissatisfied, 0 of 106 satisfied" in told
    code, told, _ = insight_here("satisfaction", "show", "--month", "2026-10", "--json")
    content = json.loads(told)
    whole = [row for row in content["figures"] if not row["breakdown"]]
    assert {row["service"] for row in whole} == {"all", "planning"}
    code, _, error = insight_here("satisfaction", "show", "--service", "libraries")
    assert code == 1
    assert "No survey asked about libraries. Services with answers: planning." in error


def test_one_voice_for_an_agent_who_answers_forty_times(workspace, take_in):
    cases = [case(n, customer="agent@example.com", who="agent") for n in range(40)]
    take_in("cases", CASES, [*cases, *[case(n) for n in range(40, 100)]])
    take_in("surveys", SURVEYS, [answer(n, "2026-10", n >= 40, case=f"C{n}") for n in range(100)])
    summary = publish_satisfaction(workspace, OCTOBER)
    share = figures_of(workspace, measure="satisfaction_share", period="2026-10", breakdown="")
    assert (share["value"].item(), share["base"].item()) == (pytest.approx(60 / 61), 61)
    assert summary.problems == []


def test_one_customer_key_for_everyone_is_said_and_everyone_counts(workspace, take_in):
    take_in("cases", CASES, [case(n, customer="none@example.com") for n in range(30)])
    take_in("surveys", SURVEYS, [answer(n, "2026-10", n < 18, case=f"C{n}") for n in range(30)])
    summary = publish_satisfaction(workspace, OCTOBER)
    share = figures_of(workspace, measure="satisfaction_share", period="2026-10", breakdown="")
    assert (share["value"].item(), share["base"].item()) == (pytest.approx(0.6), 30)
    (problem,) = summary.problems
    assert "30 responses are under one customer key" in problem


def test_a_survey_that_turns_round_is_left_out_until_a_person_says_it_is_right(
    make_workspace, take_in, root, workspace
):
    rng = np.random.default_rng(6)
    rows = []
    for month, shares in (
        ("2026-08", [0.05, 0.1, 0.15, 0.4, 0.3]),
        ("2026-09", [0.05, 0.1, 0.15, 0.4, 0.3]),
        ("2026-10", [0.3, 0.4, 0.15, 0.1, 0.05]),
    ):
        numbers = rng.choice([1, 2, 3, 4, 5], size=100, p=shares)
        rows += [answer(n, month, True, answer=str(a)) for n, a in enumerate(numbers)]
    take_in("surveys", SURVEYS, rows)
    summary = publish_satisfaction(workspace, OCTOBER)
    (problem,) = summary.problems
    assert "October 2026: its 100 answers look like the other months' turned round" in problem
    assert '"applicants, 2026-10" under surveys: confirmed_directions' in problem
    share = figures_of(workspace, measure="satisfaction_share", breakdown="")
    assert set(share["period"]) == {"2026-08", "2026-09"}


def test_twelve_answers_one_and_none(workspace, take_in, insight_here):
    take_in("surveys", SURVEYS, [answer(n, "2026-09", n < 9) for n in range(12)])
    take_in("surveys", SURVEYS, [answer(0, "2026-08", True)])
    summary = publish_satisfaction(workspace, OCTOBER)
    share = figures_of(workspace, measure="satisfaction_share", breakdown="").set_index("period")
    twelve, one = share.loc["2026-09"], share.loc["2026-08"]
    assert [twelve["lower"], twelve["upper"]] == pytest.approx(
        proportion_confint(9, 12, method="wilson")
    )
    assert one["value"] == 1
    assert one["lower"] == pytest.approx(proportion_confint(1, 1, method="wilson")[0])
    assert "2026-10" not in share.index
    (problem,) = summary.problems
    assert "applicants has no answers in October 2026; the last is of 10 September 2026" in problem
    code, told, _ = insight_here("satisfaction", "drivers", "--month", "2026-10")
    assert code == 0
    assert "3 dissatisfied and 10 satisfied people wrote something" in told


def test_a_store_without_a_survey_says_so_and_goes_on(workspace, insight_here):
    assert publish_satisfaction(workspace, OCTOBER).headline.startswith("0 figures")
    assert publish_comments(workspace, OCTOBER).headline.startswith("0 comments")
    _, told, _ = insight_here("satisfaction", "drivers", "--month", "2026-10")
    assert "Nobody answered in the twelve months to October 2026." in told
    code, told, _ = insight_here("satisfaction", "show", "--month", "2026-10")
    assert code == 0
    assert "Nobody answered in October 2026." in told
    code, told, _ = insight_here("satisfaction", "change", "--month", "2026-10")
    assert "There is nothing to compare the quarter ending October 2026 with" in told


def panel(root, count):
    reference = root / "reference" / "population.csv"
    reference.write_text(
        "Dimension,Group,People\nsex,Female,51\nsex,Male,49\nage_band,16-34,30\nage_band,35+,70\n",
        encoding="utf-8",
    )
    header = [*SURVEYS, "sex", "age_band"]
    rows = [
        [*answer(n, "2026-10", n % 4 < 3 if n % 10 < 8 else n % 4 < 1, survey="panel"),
         "Female" if n % 3 else "Male", "35+" if n % 10 < 8 else "16-34"]
        for n in range(count)
    ]  # fmt: skip
    return header, rows


def test_a_residents_panel_is_weighted_to_its_margins(make_workspace, insight_here, tmp_path, root):
    settings = {"surveys": {"margins": {"panel": "reference/population.csv"}}}
    opened = make_workspace("weighted", **settings)
    header, rows = panel(opened.root, 400)
    path = write_csv(tmp_path / "panel.csv", header, rows)
    ingest_file(opened, path, find_source(opened, "surveys", None))
    publish_satisfaction(opened, OCTOBER)
    plain = figures_of(opened, measure="satisfaction_share", period="2026-10", breakdown="")
    weighed = figures_of(
        opened, measure="satisfaction_share_quarter", period="2026-10", breakdown=""
    ).iloc[0]
    assert plain["base"].item() == weighed["base"] == 400
    # By hand: the table of sex and age fitted to its margins.
    frame = pd.DataFrame(rows, columns=header)
    counts = pd.crosstab(frame["sex"], frame["age_band"]).loc[["Female", "Male"], ["16-34", "35+"]]
    fitted = counts.to_numpy(float, copy=True)
    for _ in range(500):
        fitted *= (np.array([204, 196]) / fitted.sum(axis=1))[:, None]
        fitted *= np.array([120, 280]) / fitted.sum(axis=0)
    weight = fitted / counts.to_numpy()
    own = weight[frame["sex"].eq("Male").astype(int), frame["age_band"].eq("35+").astype(int)]
    happy = frame["answer"].eq("very satisfied").to_numpy()
    assert weighed["value"] == pytest.approx((own * happy).sum() / own.sum(), abs=1e-3)
    effective = own.sum() ** 2 / (own**2).sum()
    low, high = proportion_confint(weighed["value"] * effective, effective, method="wilson")
    assert [weighed["lower"], weighed["upper"]] == pytest.approx([low, high], abs=1e-3)


def test_margins_that_cannot_be_used_are_said_and_the_plain_answers_stay(make_workspace, tmp_path):
    opened = make_workspace("bad", surveys={"margins": {"panel": "reference/none.csv"}})
    header, rows = panel(opened.root, 400)
    ingest_file(
        opened, write_csv(tmp_path / "p.csv", header, rows), find_source(opened, "surveys", None)
    )
    (problem,) = publish_satisfaction(opened, OCTOBER).problems
    assert problem.startswith("panel is not weighted: There is no none.csv")
    (opened.root / "reference" / "none.csv").write_text(
        "dimension,group\nsex,F\n", encoding="utf-8"
    )
    (problem,) = publish_satisfaction(opened, OCTOBER).problems
    assert "none.csv" in problem
    assert "people" in problem
    assert len(figures_of(opened, measure="satisfaction_share_quarter", breakdown=""))


def test_a_survey_file_is_looked_at_without_being_stored(workspace, tmp_path, insight_here):
    rows = [answer(n, "2026-10", n < 60) for n in range(100)]
    rows += [answer(n, "2026-04", n < 46) for n in range(100)]
    rows.append(answer(999, "2026-10", True, scale="smileys"))
    path = write_csv(tmp_path / "survey.csv", SURVEYS, rows)
    code, told, error = insight_here("satisfaction", "change", "--survey", path)
    assert code == 0, error
    assert "Note: 1 row breaks the surveys contract; left out." in told
    assert "planning, against six months before: up by 14 percentage points" in told
    code, told, _ = insight_here("satisfaction", "show", "--survey", path)
    assert "planning: 60% (50% to 69%, 100 answers) satisfied" in told
    more = [*rows[:-1], *[answer(n, "2026-10", n < 20, question="speed") for n in range(100)]]
    both = write_csv(tmp_path / "both.csv", SURVEYS, more)
    words = ("satisfaction", "show", "--survey", both, "--question")
    assert "planning: 20% (13% to 29%, 100 answers) satisfied" in insight_here(*words, "Speed")[1]
    told = insight_here(*words, "weather")[1]
    assert 'No question is called "weather"' in told
    assert "Name one with --question: overall; speed." in told
    code, _, error = insight_here("satisfaction", "show", "--mapping", "x.yaml")
    assert code == 2
    bad = write_csv(tmp_path / "bad.csv", SURVEYS, [answer(1, "2026-10", True, scale="smileys")])
    code, _, error = insight_here("satisfaction", "show", "--survey", bad)
    assert code == 1
    assert "bad.csv holds no answer that keeps to the surveys contract" in error


def test_comments_are_counted_with_praise_apart(workspace, take_in, insight_here):
    rows = [
        [f"K{n}", "12/10/2026", f"Thank you, the crew was friendly {n}", "waste", "compliment", ""]
        for n in range(45)
    ] + [
        [f"C{n}", "12/10/2026", f"The bins were missed again on street {n}", "waste", "comment", ""]
        for n in range(50)
    ]
    take_in("comments", COMMENTS, rows)
    summary = publish_comments(workspace, OCTOBER)
    assert "No sentiment is shown." in summary.headline
    results = read_figures(workspace, months=window(OCTOBER))
    view = comments_view(results, "waste", "2026-10")
    assert view["total"] == 95
    assert view["praise_share"]["value"] == pytest.approx(45 / 95)
    assert view["praise_share"]["lower"] == pytest.approx(
        proportion_confint(45, 95, method="wilson")[0]
    )
    assert sum(row["comments"] for row in view["praise"]) == 45
    assert sum(row["comments"] for row in view["rest"]) == 50
    assert any("friendly" in row["theme"] or "crew" in row["theme"] for row in view["praise"])
    assert any("missed" in row["theme"] or "bins" in row["theme"] for row in view["rest"])
    assert view["positive"] is None
    assert view["reading"] is None
    code, told, _ = insight_here("comments", "show", "--month", "2026-10")
    assert code == 0
    assert "95 comments, 45 of them praise (47%; likely 38% to 57%)" in told
    assert "No sentiment is shown." in told
    code, _, error = insight_here("comments", "show", "--service", "parks")
    assert code == 1
    assert "Nobody commented on parks. Services with comments: waste." in error
    november = publish_comments(workspace, date(2026, 11, 1))
    assert "No comments of November 2026; the last is of 12 October 2026." in november.problems[0]


def test_sentiment_is_shown_with_its_error_where_ratings_bear_it_out(workspace, take_in):
    rng = np.random.default_rng(9)
    moods = [("Lovely helpful people", "9"), ("Rude and slow, a mess", "2")]
    rows = []
    for n in range(400):
        words, rating = moods[n % 2]
        place = " ".join(rng.choice([f"road{k}" for k in range(90)], 2))
        rated = rating if n < 300 else ""
        rows.append([f"C{n}", "12/10/2026", f"{words} {place}", "waste", "comment", rated])
    take_in("comments", COMMENTS, rows)
    publish_comments(workspace, OCTOBER)
    view = comments_view(read_figures(workspace, months=[OCTOBER]), "waste", "2026-10")
    assert view["positive"]["value"] == pytest.approx(0.5, abs=0.05)
    assert view["positive"]["base"] == 100
    assert view["reading"]["lower"] > 0.9
    assert view["reading"]["base"] == 300
