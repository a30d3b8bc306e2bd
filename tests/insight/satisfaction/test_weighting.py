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


def test_raking_gives_the_textbooks_table():
    # The worked example of raking in S. Lohr, Sampling: Design and Analysis, chapter on nonresponse
    # (page not at hand): weights that sum to 3,000, raked to sex and race.
    races = ["black", "white", "asian", "native", "other"]
    sample = [[300, 1200, 60, 30, 30], [150, 1080, 90, 30, 30]]
    respondents = people(sample, sex=["female", "male"], race=races)
    wanted = margins(
        sex={"female": 1510, "male": 1490},
        race=dict(zip(races, [600, 2120, 150, 100, 30], strict=True)),
    )
    raked = rake(respondents, wanted, METHOD)
    found = table(raked.weights, respondents, 3000)
    order = [sorted(races).index(race) for race in races]
    published = [375.59, 1021.47, 53.72, 45.56, 13.67]
    assert found[0][order] == pytest.approx(published, abs=0.02)
    assert found.sum(axis=1) == pytest.approx([1510, 1490], abs=0.5)
    assert raked.notes == ()


def proportional(counts, down, across):
    """Fit a table to its margins by the textbook's loop, for comparison."""
    fitted = np.asarray(counts, dtype=float)
    for _ in range(1000):
        fitted *= (down / fitted.sum(axis=1))[:, None]
        fitted *= across / fitted.sum(axis=0)
    return fitted


def test_raking_equals_iterative_proportional_fitting():
    # The counts are Smith's (1976) as Agresti has them; the margins are made equal.
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
