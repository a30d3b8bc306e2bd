import numpy as np
import pandas as pd
import pytest

from insight.errors import InsightError, MissingColumnsError
from insight.intervals import wilson
from insight.satisfaction import SurveyMethod
from insight.satisfaction.weighting import RakingError, check_margins, rake, who_is_missing

METHOD = SurveyMethod(lightest=0.01, heaviest=100)


def people(counts, **names):
    (rows, down), (columns, across) = names.items()
    return pd.DataFrame(
        [
            {rows: row, columns: column}
            for row, own in zip(down, counts, strict=True)
            for column, count in zip(across, own, strict=True)
            for _ in range(count)
        ]
    )


def margins(**dimensions):
    return pd.DataFrame(
        [
            {"dimension": dimension, "group": group, "people": count}
            for dimension, groups in dimensions.items()
            for group, count in groups.items()
        ]
    )


def table(weights, respondents, total):
    rows, columns = (respondents[name] for name in respondents)
    summed = pd.crosstab(rows, columns, values=weights, aggfunc="sum")
    return (summed * total / weights.sum()).to_numpy()


def test_raking_gives_the_published_table():
    # SAS/IML User's Guide, example 9.14 "Iterative Proportional Fitting": Bishop, Fienberg and
    # Holland's (1975) census table by age and marital status, raked to the next year's totals.
    ages = ["15-19", "20-24", "25-29", "30-34", "35-39", "40-44", "45-49", "50+"]
    known = [[1306, 83, 0], [619, 765, 3], [263, 1194, 9], [173, 1372, 28], [171, 1393, 51],
             [159, 1372, 81], [208, 1350, 108], [1116, 4100, 2329]]  # fmt: skip
    respondents = people(known, age=ages, status=["single", "married", "widowed"])
    wanted = margins(
        age=dict(zip(ages, [1412, 1402, 1450, 1541, 1681, 1532, 1662, 7644], strict=True)),
        status={"single": 3988, "married": 11702, "widowed": 2634},
    )
    raked = rake(respondents, wanted, METHOD)
    found = table(raked.weights, respondents, 18_324)[:, [1, 0, 2]]
    adjusted = [[1325.27, 86.73, 0], [615.56, 783.39, 3.05], [253.94, 1187.18, 8.88],
                [165.13, 1348.55, 27.32], [173.41, 1454.71, 52.87], [147.21, 1308.12, 76.67],
                [202.33, 1352.28, 107.40], [1105.16, 4181.04, 2357.81]]  # fmt: skip
    assert np.nan_to_num(found) == pytest.approx(np.array(adjusted), abs=0.25)
    assert raked.notes == ()


def test_raking_keeps_the_odds_of_the_table_it_was_given():
    # What marks a raked table off from any other with the same margins (Deming and Stephan 1940).
    # The table is Ardilly and Tille's, as the R package TeachingSampling has it.
    counts = [[80, 170, 150], [90, 80, 210], [10, 80, 130]]
    respondents = people(counts, row=["a", "b", "c"], column=["x", "y", "z"])
    wanted = margins(row={"a": 430, "b": 360, "c": 210}, column={"x": 150, "y": 300, "z": 550})
    found = table(rake(respondents, wanted, METHOD).weights, respondents, 1000)
    assert found.sum(axis=1) == pytest.approx([430, 360, 210], abs=0.5)
    assert found.sum(axis=0) == pytest.approx([150, 300, 550], abs=0.5)
    was = np.array(counts, float)
    for row in (1, 2):
        for column in (1, 2):
            odds = [
                each[0, 0] * each[row, column] / (each[0, column] * each[row, 0])
                for each in (found, was)
            ]
            assert odds[0] == pytest.approx(odds[1], rel=1e-6)


def proportional(counts, down, across):
    """Fit a table to its margins by the textbook's loop, for comparison."""
    fitted = np.asarray(counts, dtype=float)
    for _ in range(1000):
        fitted *= (down / fitted.sum(axis=1))[:, None]
        fitted *= across / fitted.sum(axis=0)
    return fitted


def test_raking_equals_iterative_proportional_fitting():
    counts = [[209, 101, 237], [151, 126, 426], [16, 21, 138]]
    respondents = people(counts, school=["a", "b", "c"], attitude=["x", "y", "z"])
    even = margins(school=dict.fromkeys("abc", 1), attitude=dict.fromkeys("xyz", 1))
    raked = rake(respondents, even, METHOD)
    expected = proportional(counts, np.full(3, 100.0), np.full(3, 100.0))
    assert table(raked.weights, respondents, 300) == pytest.approx(expected, abs=0.03)


def skewed(**more):
    respondents = people([[150, 100], [60, 40]], sex=["F", "M"], age_band=["old", "young"])
    return respondents, margins(sex={"f": 50, "m": 50}, age_band={"old": 40, "young": 60}, **more)


def test_weights_have_a_mean_of_one_and_an_effective_base_below_the_number():
    respondents, wanted = skewed()
    raked = rake(respondents, wanted, METHOD)
    weights = raked.weights
    assert weights.mean() == pytest.approx(1)
    assert raked.effective == pytest.approx(weights.sum() ** 2 / (weights**2).sum())
    assert raked.effective < len(respondents)
    assert raked.furthest < 0.001


def test_fewer_than_three_hundred_answers_are_not_weighted():
    respondents, wanted = skewed()
    with pytest.raises(RakingError, match=r"299 people answered; weighting needs 300"):
        rake(respondents.iloc[:299], wanted, METHOD)


def test_trimmed_weights_say_how_many_and_how_far_off_they_leave_the_margins():
    respondents = people([[330, 10], [8, 2]], sex=["F", "M"], age_band=["old", "young"])
    wanted = margins(sex={"f": 50, "m": 50}, age_band={"old": 50, "young": 50})
    raked = rake(respondents, wanted, SurveyMethod())
    assert raked.weights.max() / raked.weights.min() <= 10 + 1e-9
    assert "weights were trimmed to between 0.3 and 3." in raked.notes[0]
    assert raked.furthest > 0.1


def test_people_who_do_not_say_keep_their_share_and_absent_groups_are_named():
    respondents, wanted = skewed()
    respondents.loc[:34, "age_band"] = None
    wanted = pd.concat([wanted, margins(age_band={"75+": 20})])
    raked = rake(respondents, wanted, METHOD)
    unknown = respondents["age_band"].isna()
    assert raked.weights[unknown].sum() / len(respondents) == pytest.approx(0.1, abs=0.001)
    assert raked.notes == ("Nobody of age band 75+ answered; no weight can speak for them.",)
    known = respondents[~unknown]
    young = raked.weights[known.index[known["age_band"].eq("young")]].sum()
    assert young / len(respondents) == pytest.approx(0.9 * 0.6, abs=0.001)


def test_a_survey_that_asks_nobodys_group_says_so():
    _, wanted = skewed()
    with pytest.raises(RakingError, match="Ask for sex, age_band"):
        rake(pd.DataFrame({"ward": ["North"] * 400}), wanted, METHOD)


def test_margins_that_contradict_who_answered_do_not_pass_silently():
    respondents = people([[350, 0], [0, 50]], sex=["F", "M"], age_band=["old", "young"])
    wanted = margins(sex={"f": 50, "m": 50}, age_band={"old": 90, "young": 10})
    with pytest.raises(RakingError, match="didn't converge"):
        rake(respondents, wanted, METHOD)


def test_who_is_missing_is_told_only_beyond_chance():
    respondents, wanted = skewed()
    found = who_is_missing(respondents, wanted).set_index("group")
    assert found["missing"].to_dict() == {"f": False, "m": True, "old": False, "young": True}
    men = found.loc["m"]
    assert (men["answered"], men["base"], men["expected"]) == (100, 350, 175)
    assert [men["lower"], men["upper"]] == pytest.approx([*map(float, wilson(100 / 350, 350))])
    few = who_is_missing(respondents.head(3), wanted)
    assert not few["missing"].any() or few["base"].max() == 3


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"people": "many"}, "row 2, column people"),
        ({"people": -5}, "row 2, column people"),
        ({"group": "m", "dimension": "sex"}, "row 3: this group is there twice"),
    ],
)
def test_wrong_margins_say_which_row(change, said):
    _, wanted = skewed()
    wrong = wanted.astype("object")
    for column, value in change.items():
        wrong.loc[0, column] = value
    with pytest.raises(InsightError, match=said):
        check_margins(wrong)
    with pytest.raises(MissingColumnsError, match="people"):
        check_margins(wanted.drop(columns="people"))
