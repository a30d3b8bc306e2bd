import pandas as pd
import pytest

from insight.topics.conversations import first_of_thread, further_topics
from insight.topics.rules import TopicRule, TopicRuleError, apply_rules, override

BADGE = TopicRule("blue badge", ("blue badge",), "always parking's")
PERMIT = TopicRule("permits", ("permit*",), "the word says it", unless=("building",))


def test_the_first_rule_that_fits_counts():
    said = apply_rules(
        pd.Series(["blue badge permits", "PERMITS please", "nothing"]), (BADGE, PERMIT)
    )
    assert said["topic"].fillna("").tolist() == ["blue badge", "permits", ""]
    assert said["reason"].fillna("").tolist() == ["always parking's", "the word says it", ""]


@pytest.mark.parametrize(
    ("text", "fits"),
    [("a blue  badge", True), ("Blue\nbadge?", True), ("bluebadge", False), ("blue badges", False)],
)
def test_words_are_whole_and_blanks_any(text, fits):
    assert apply_rules(pd.Series([text]), (BADGE,))["topic"].notna().tolist() == [fits]


def test_a_rule_may_have_exceptions():
    said = apply_rules(pd.Series(["building permit", "parking permit"]), (PERMIT,))
    assert said["topic"].notna().tolist() == [False, True]


def test_signs_in_a_rule_are_taken_as_they_are():
    rule = TopicRule("charges", ("£5 (each)",), "the fee")
    assert apply_rules(pd.Series(["it is £5 (each)", "£55 each"]), (rule,))[
        "topic"
    ].notna().tolist() == [True, False]


@pytest.mark.parametrize(
    "wrong", [{"reason": " "}, {"topic": ""}, {"words": ()}, {"words": ("!",)}]
)
def test_a_rule_without_topic_word_or_reason_is_refused(wrong):
    with pytest.raises(TopicRuleError, match="rule"):
        TopicRule(**({"topic": "a", "words": ("b",), "reason": "c"} | wrong))


def test_a_rule_stands_above_the_model_and_says_why():
    answers = pd.DataFrame(
        {"topic": ["", "bins"], "label": ["bins", "bins"], "accepted": [False, True],
         "confidence": [0.3, 0.9]}
    )  # fmt: skip
    ruled = override(answers, apply_rules(pd.Series(["blue badge", "my bin"]), (BADGE,)))
    assert ruled["topic"].tolist() == ["blue badge", "bins"]
    assert ruled["accepted"].tolist() == [True, True]
    assert ruled["rule"].fillna("").tolist() == ["always parking's", ""]
    assert ruled["confidence"].tolist() == [0.3, 0.9]


def test_a_reply_is_no_new_enquiry():
    when = pd.to_datetime(["2026-10-03", "2026-10-01", "2026-10-02", "2026-10-02"], utc=True)
    mail = pd.DataFrame(
        {
            "received_at": when,
            "enquiry_id": ["c", "a", "b", "d"],
            "thread_id": ["t", "t", None, "u"],
        },
        index=[7, 3, 5, 9],
    )
    assert first_of_thread(mail).to_dict() == {7: False, 3: True, 5: True, 9: True}


def sure_of(texts):
    """A model that is sure of bins and bills, and of nothing else."""
    topic = texts.str.extract(r"\b(bin|bill)", expand=False).astype("string")
    return pd.DataFrame({"topic": topic.fillna(""), "accepted": topic.notna()})


def test_a_second_topic_is_reported_and_the_first_is_not_repeated():
    texts = pd.Series(
        ["My bin was not emptied. The bin lid is broken too. And my bill is too high."]
    )
    found = further_topics(texts, pd.Series(["bin"]), sure_of)
    assert found.to_dict("records") == [{"text": 0, "topic": "bill"}]
    unsure = further_topics(texts, pd.Series([pd.NA]), sure_of)
    assert unsure.equals(found), "a letter of two topics is often of none as a whole"


def test_one_sentence_or_an_unsure_part_has_no_second_topic():
    texts = pd.Series(
        ["My bin was not emptied today", "My bin was not emptied. It is very cold out."]
    )
    assert further_topics(texts, pd.Series(["bin", pd.NA]), sure_of).empty
