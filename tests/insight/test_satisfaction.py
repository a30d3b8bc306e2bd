from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insight.errors import MissingColumnsError
from insight.intervals import net_interval, wilson
from insight.satisfaction import SCALES, answer_account, opinions, satisfaction_results

OCTOBER = date(2026, 10, 1)
TIME = pd.Timestamp("2026-10-15 12:00", tz="Europe/London")


def answers(*given: object, scale: str = "satisfaction-5", **columns: object) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "survey": "planning",
            "answered_at": TIME,
            "question": "overall",
            "scale": scale,
            "answer": pd.array([None if a is None else str(a) for a in given], dtype="string"),
            "service": "planning",
        }
    )
    return frame.assign(**columns)


def value(results, measure="satisfaction_share", service="planning", key=""):
    at = results["measure"].eq(measure) & results["service"].eq(service)
    found = results[at & results["breakdown"].eq(key)]
    return found.iloc[0] if len(found) else None


def test_the_top_two_of_five_are_satisfied_and_dont_know_leaves_the_base():
    given = ["very satisfied", "fairly satisfied", "neither", "fairly dissatisfied"]
    rows = answers(*given, "very dissatisfied", "don't know", None)
    row = value(satisfaction_results(rows, OCTOBER))
    assert (row["value"], row["numerator"], row["denominator"], row["base"]) == (0.4, 2, 5, 5)
    assert [row["lower"], row["upper"]] == pytest.approx([*map(float, wilson(0.4, 5))])
    net = value(satisfaction_results(rows, OCTOBER), "satisfaction_net")
    assert (net["value"], net["numerator"], net["base"]) == (0, 0, 5)
    assert [net["lower"], net["upper"]] == pytest.approx([*map(float, net_interval(0.4, 0.4, 5))])


def test_dont_know_stays_in_the_base_of_a_question_that_says_so():
    rows = answers("very satisfied", "don't know")
    row = value(satisfaction_results(rows, OCTOBER, dont_know_in_base=["overall"]))
    assert (row["value"], row["base"]) == (0.5, 2)


@pytest.mark.parametrize(
    ("scale", "best", "middle", "worst"),
    [
        ("satisfaction-5", "5", "3", "1"),
        ("agreement-5", "4.0", "3", "2"),
        ("happy-5", "5", "3", "1"),
        ("reverse-5", "1", "3", "5"),
        ("nps-11", "9", "7", "6"),
        ("neteasy-7", "2", "4", "5"),
        ("agreement-5", "tend to agree", "Neither agree nor disagree", "strongly disagree"),
        ("reverse-5", "Very good", "neither good nor poor", "poor"),
        ("satisfaction-5", " Very  Satisfied ", "Neither satisfied nor dissatisfied", "2"),
    ],
)
def test_each_scale_knows_its_direction(scale, best, middle, worst):
    read = opinions(answers(best, middle, worst, "Don\u2019t know", scale=scale))
    assert read.tolist() == ["satisfied", "neutral", "dissatisfied", "don't know"]


@pytest.mark.parametrize(
    ("scale", "odd"),
    [
        ("satisfaction-5", "6"),
        ("satisfaction-5", "0"),
        ("satisfaction-5", "4.5"),
        ("satisfaction-5", "yes"),
        ("nps-11", "11"),
        ("neteasy-7", "0"),
        ("yes-no", "maybe"),
        ("reverse-5", "7"),
        ("made-up", "5"),
    ],
)
def test_an_answer_its_scale_does_not_have_is_counted_never_guessed(scale, odd):
    rows = answers(odd, scale=scale)
    assert opinions(rows).tolist() == ["unreadable"]
    assert satisfaction_results(rows, OCTOBER).empty
    (account,) = answer_account(rows, OCTOBER).to_dict("records")
    assert (account["answers"], account["unreadable"]) == (1, 1)


@given(
    st.lists(
        st.tuples(
            st.sampled_from([*SCALES, "unknown"]),
            st.sampled_from(["1", "3", "5", "9", "yes", "very satisfied", "don't know", "", None]),
        )
    )
)
def test_every_answer_is_accounted_for_once(given):
    rows = answers(*[a for _, a in given]).assign(scale=[s for s, _ in given])
    account = answer_account(rows, OCTOBER)
    kinds = ["satisfied", "neutral", "dissatisfied", "dont_know", "unreadable", "blank"]
    assert account["answers"].sum() == len(given)
    assert account[kinds].sum(axis=1).eq(account["answers"]).all()


@settings(max_examples=20)
@given(st.lists(st.integers(1, 5), min_size=1))
def test_a_scale_turned_round_gives_the_same_satisfaction(scores):
    plain = satisfaction_results(answers(*scores), OCTOBER)
    turned = satisfaction_results(answers(*[6 - s for s in scores], scale="reverse-5"), OCTOBER)
    pd.testing.assert_frame_equal(plain, turned)


def test_only_answers_of_the_local_month_count():
    rows = answers(5, 1).assign(
        answered_at=pd.to_datetime(["2026-09-30T23:30Z", "2026-10-31T23:30Z"]).tz_convert(
            "Europe/London"
        )
    )
    assert value(satisfaction_results(rows, OCTOBER))["base"] == 2
    assert satisfaction_results(rows, date(2026, 9, 1)).empty


def test_a_service_speaks_by_its_overall_question_and_every_question_has_its_row():
    rows = pd.concat(
        [
            answers(5, 5),
            answers(1, 1, question="politeness"),
            answers(1, 7, scale="neteasy-7", question="ease"),
        ]
    )
    results = satisfaction_results(rows, OCTOBER)
    assert value(results)["value"] == 1
    assert value(results, key="question=politeness")["value"] == 0
    assert value(results, key="question=ease")["value"] == 0.5
    assert value(results, service="all")["base"] == 2


def test_a_single_question_needs_no_name_but_two_nameless_ones_make_no_headline():
    one = answers(5, 1, question="How was it?")
    assert value(satisfaction_results(one, OCTOBER))["value"] == 0.5
    two = pd.concat([one, answers(5, question="And the weather?")])
    results = satisfaction_results(two, OCTOBER)
    assert value(results) is None
    assert value(results, key="question=How was it?")["value"] == 0.5
    named = satisfaction_results(two, OCTOBER, headline="how was it?")
    assert value(named)["base"] == 2


def test_recommending_is_not_satisfaction():
    results = satisfaction_results(answers(10, 9, 3, scale="nps-11"), OCTOBER)
    assert value(results) is None
    assert value(results, "satisfaction_net", key="question=overall")["value"] == pytest.approx(
        1 / 3
    )


def test_one_question_on_two_scales_is_never_poured_together():
    rows = pd.concat([answers(5), answers(2, scale="nps-11")])
    results = satisfaction_results(rows, OCTOBER)
    assert value(results, key="question=overall") is None
    assert value(results, key="question=overall (nps-11)")["value"] == 0
    assert value(results, key="question=overall (satisfaction-5)")["value"] == 1


def test_weights_count_and_a_missing_one_is_one():
    rows = answers(5, 1, 1, weight=[2.0, None, 1.0])
    row = value(satisfaction_results(rows, OCTOBER))
    assert (row["value"], row["base"]) == (0.5, 3)
    assert [row["lower"], row["upper"]] == pytest.approx([*map(float, wilson(0.5, 16 / 6))])
    net = value(satisfaction_results(rows, OCTOBER), "satisfaction_net")
    assert [net["lower"], net["upper"]] == pytest.approx(
        [*map(float, net_interval(0.5, 0.5, 16 / 6))]
    )


def test_twelve_answers_stay_honest():
    row = value(satisfaction_results(answers(*[5] * 12), OCTOBER))
    assert row["value"] == 1
    assert row["lower"] < 0.8


def test_a_month_without_answers_has_no_figures():
    assert satisfaction_results(answers(), OCTOBER).empty
    assert answer_account(answers(), OCTOBER).empty
    assert satisfaction_results(answers(None, "don't know"), OCTOBER).empty


def test_a_survey_without_its_columns_is_refused_by_name():
    with pytest.raises(MissingColumnsError, match="scale"):
        satisfaction_results(answers(5).drop(columns="scale"), OCTOBER)


def test_the_nhs_friends_and_family_test_reads_with_one_as_best(real_data):
    raw = pd.read_csv(
        real_data / "nhs-friends-family-survey" / "responses_train.csv", dtype="string"
    )
    people = raw.drop_duplicates("Respondent ID")
    rows = pd.DataFrame(
        {
            "survey": "fft",
            "answered_at": TIME,
            "question": "overall",
            "scale": "reverse-5",
            "answer": people["FFT categorical answer"],
            "service": people["Service type 1"],
        }
    )
    row = value(satisfaction_results(rows, OCTOBER), service="all")
    rating = pd.to_numeric(people["FFT categorical answer"])
    assert row["numerator"] == rating.le(2).sum()
    assert row["base"] == rating.between(1, 5).sum()
    account = answer_account(rows, OCTOBER)
    assert account["unreadable"].sum() == rating.gt(5).sum()
    assert np.isclose(row["value"], rating.le(2).sum() / rating.between(1, 5).sum())
