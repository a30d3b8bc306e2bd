import pandas as pd
import pytest

from insight.satisfaction.respondents import (
    one_voice,
    shared_keys,
    with_cases,
    without_shared_keys,
)


def times(*days):
    return pd.to_datetime(list(days)).tz_localize("Europe/London")


def answers(**columns):
    count = len(next(iter(columns.values())))
    frame = pd.DataFrame(
        {
            "survey": "planning",
            "response_id": [f"R{n}" for n in range(count)],
            "question": "overall",
            "answered_at": times(*["2026-10-10"] * count),
        }
    )
    return frame.assign(**columns)


def test_a_case_decided_after_the_answer_was_undecided_then():
    cases = pd.DataFrame(
        {
            "case_id": ["A", "B", "C"],
            "decided_at": times("2026-10-01", "2026-10-20", None),
            "outcome": ["granted", "refused", None],
            "applicant_kind": ["agent", "householder", "householder"],
            "customer": ["k1", "k2", "k3"],
        }
    )
    found = with_cases(answers(case_id=["A", "B", "C", "Z", None]), cases)
    assert found["outcome"].fillna("?").tolist() == ["granted", "undecided", "undecided", "?", "?"]
    assert found["who"].fillna("?").tolist() == ["k1", "k2", "k3", "?", "?"]
    assert found["applicant_kind"].fillna("?").tolist()[:2] == ["agent", "householder"]


@pytest.mark.parametrize("cases", [pd.DataFrame({"case_id": []}), pd.DataFrame()])
def test_without_cases_nothing_is_known_of_them(cases):
    found = with_cases(answers(case_id=["A", None]), cases)
    assert found[["outcome", "applicant_kind", "who"]].isna().all(axis=None)


def test_an_agent_who_answers_forty_times_has_one_voice_their_last():
    days = [f"2026-10-{day:02d}" for day in range(1, 31)]
    rows = answers(who=["agent"] * 30, answer=["1"] * 29 + ["5"], answered_at=times(*days))
    others = answers(who=["a", "b", None, None], answer=["5", "4", "3", "2"])
    kept = one_voice(pd.concat([rows, others], ignore_index=True))
    assert kept["answer"].tolist() == ["5", "5", "4", "3", "2"]


def test_a_person_has_a_voice_in_every_question_and_period():
    rows = answers(who=["k"] * 4, question=["overall", "ease"] * 2, period=["a", "a", "b", "b"])
    assert len(one_voice(rows, within=["period"])) == 4
    assert len(one_voice(rows)) == 2


def test_one_key_for_everyone_is_nobodys():
    rows = answers(who=["0000"] * 20)
    assert shared_keys(rows) == {"planning": 20}
    assert len(one_voice(without_shared_keys(rows))) == 20


def test_a_busy_agent_is_no_shared_key():
    rows = answers(who=["agent"] * 9 + [f"k{n}" for n in range(11)])
    assert shared_keys(rows) == {}
    # Too few people to tell: three answers of one person may be three answers of one person.
    assert shared_keys(answers(who=["k"] * 3)) == {}
