import numpy as np
import pandas as pd
import pytest

from insight.errors import MissingColumnsError
from insight.topics import TopicMethod, TopicTrainingError, train_topics
from insight.topics.features import read_texts

METHOD = TopicMethod(folds=3)


def test_the_model_learns_the_topics_and_proves_it_on_texts_it_had_not_seen(model):
    assert model.topics == (
        "council tax bill",
        "dog fouling",
        "missed bin",
        "planning application",
    )
    assert model.metrics["n"] == model.trained_rows == 240
    assert model.metrics["macro_f1"] > 0.95
    assert model.metrics["keyword_macro_f1"] < model.metrics["macro_f1"]
    assert model.metrics["majority_macro_f1"] == pytest.approx(0.1)
    assert model.metrics["coverage"] > 0.8


def test_the_same_rows_in_any_order_give_the_same_model(labelled, model):
    again = train_topics(labelled.sample(frac=1, random_state=5), method=METHOD, seed=1)
    assert again.data_hash == model.data_hash
    assert again.metrics == model.metrics
    assert again.calibration == model.calibration
    assert np.array_equal(again.machine.linear.term_weights, model.machine.linear.term_weights)
    assert np.array_equal(again.machine.features.buckets, model.machine.features.buckets)


def test_other_rows_have_another_hash(labelled, model):
    assert train_topics(labelled.iloc[:-1], method=METHOD, seed=1).data_hash != model.data_hash


def test_held_out_scores_never_come_from_a_copy_of_the_same_text():
    draw = np.random.default_rng(0)
    nonsense = ["".join(draw.choice(list("abcdefghij"), 12)) for _ in range(60)]
    texts = pd.Series(nonsense * 5 + [text.upper() for text in nonsense], dtype="string")
    topics = pd.Series(draw.choice(["one", "two"], 60).tolist() * 6, dtype="string")
    model = train_topics(pd.DataFrame({"text": texts, "topic": topics}), method=METHOD, seed=1)
    # Knowing a copy's label would give 100%; the labels are coin tosses.
    assert model.metrics["accuracy"] < 0.75


def test_rows_without_topic_or_text_are_passed_over(labelled, model):
    blank = pd.DataFrame(
        {"text": ["no topic", "  ", pd.NA], "topic": [pd.NA, "missed bin", "missed bin"]},
        dtype="string",
    )
    again = train_topics(pd.concat([labelled, blank]), method=METHOD, seed=1)
    assert again.data_hash == model.data_hash


def test_the_subject_teaches_too():
    texts = pd.Series([f"Please see above, number {n}." for n in range(60)], dtype="string")
    subjects = pd.Series(["Missed bin", "Council tax", "Dog mess"] * 20, dtype="string")
    rows = pd.DataFrame({"text": texts, "topic": subjects, "subject": subjects})
    assert train_topics(rows, method=METHOD, seed=1).metrics["accuracy"] == 1.0
    without = train_topics(rows.drop(columns="subject"), method=METHOD, seed=1)
    assert without.metrics["accuracy"] < 0.6


def test_a_topic_with_few_different_texts_is_left_out_by_name(labelled, model):
    rare = pd.DataFrame({"text": ["Pay and display"] * 30, "topic": "parking"}, dtype="string")
    again = train_topics(pd.concat([labelled, rare]), method=METHOD, seed=1)
    assert again.left_out == {"parking": 1}
    assert again.topics == model.topics


def test_two_topics_are_enough(labelled):
    two = labelled[labelled["topic"].isin(["dog fouling", "missed bin"])]
    model = train_topics(two, method=METHOD, seed=1)
    assert model.topics == ("dog fouling", "missed bin")
    assert model.metrics["accuracy"] > 0.95


def test_what_cannot_teach_is_refused_in_one_clear_sentence(labelled):
    def refusal(rows):
        with pytest.raises(TopicTrainingError) as error:
            train_topics(rows, method=METHOD, seed=1)
        return str(error.value)

    assert "Label some enquiries first" in refusal(labelled.assign(topic=pd.NA))
    only = labelled[labelled["topic"].eq("missed bin")]
    assert "1 has them" in refusal(only)
    assert "dog fouling (4)" in refusal(
        pd.concat([only, labelled[labelled["topic"].eq("dog fouling")].drop_duplicates().head(4)])
    )
    assert "none has them" in refusal(labelled.head(8))
    letters = pd.Series([chr(97 + n % 26) + " " + chr(97 + n // 26) for n in range(240)])
    assert "word of two letters" in refusal(labelled.assign(text=letters))
    with pytest.raises(MissingColumnsError, match="topic"):
        train_topics(labelled.drop(columns="topic"), method=METHOD, seed=1)


def test_a_refusal_never_repeats_what_a_resident_wrote(labelled):
    rows = labelled.head(8).assign(text="my secret illness")
    with pytest.raises(TopicTrainingError) as error:
        train_topics(rows, method=METHOD, seed=1)
    assert "secret" not in str(error.value)


def test_a_model_that_is_never_precise_enough_withholds_everything():
    draw = np.random.default_rng(1)
    texts = [" ".join(draw.choice(["bin", "dog", "tax", "plan"], 6)) for _ in range(200)]
    rows = pd.DataFrame({"text": texts, "topic": draw.choice(["one", "two"], 200)})
    model = train_topics(rows, method=METHOD, seed=1)
    assert model.calibration.least_confidence is None
    assert model.metrics["coverage"] == 0


def test_names_in_one_text_only_are_not_remembered(labelled):
    texts = labelled["text"].copy()
    texts.iloc[0] += " Zebedee Quux"
    model = train_topics(labelled.assign(text=texts), method=METHOD, seed=1)
    name = read_texts(pd.Series(["zebedee", "quux"]), METHOD)
    assert (model.machine.features.known_share(name) < 0.2).all()
    assert not any("zebedee" in term for terms in model.keywords for term in terms)


def test_real_comments_are_told_apart_far_better_than_by_simple_rules(real_data):
    folder = real_data / "nhs-patient-comments-topics"
    rows = pd.read_csv(folder / "comments_train.csv", dtype="string")
    rows = rows.rename(columns={"feedback": "text", "label": "topic"})[["text", "topic"]]
    model = train_topics(rows, method=TopicMethod(folds=3), seed=1)
    metrics = model.metrics
    assert len(model.topics) == 9
    assert metrics["macro_f1"] > 0.55
    assert metrics["macro_f1"] > metrics["keyword_macro_f1"] + 0.1
    assert metrics["macro_f1"] > metrics["majority_macro_f1"] + 0.4
    assert metrics["precision_lower"] >= model.method.wanted_precision
    assert metrics["coverage"] > 0.4
    assert metrics["ece"] < 0.06
