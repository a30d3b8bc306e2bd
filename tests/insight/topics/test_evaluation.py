import pandas as pd
import pytest

from insight.topics import NothingToEvaluateError, classify, evaluate


@pytest.fixture(scope="module")
def unseen(labelled):
    return labelled.assign(text="Good morning. " + labelled["text"].str.replace("the", "that"))


def test_evaluation_tells_how_often_classify_is_right(model, unseen):
    metrics = evaluate(model, unseen)
    answers = classify(model, unseen["text"])
    assert metrics["n"] == len(unseen)
    assert metrics["covered"] == answers["accepted"].sum()
    right = answers["topic"].eq(unseen["topic"])[answers["accepted"]]
    assert metrics["precision_on_covered"] == pytest.approx(right.mean())
    assert metrics["accuracy"] > metrics["keyword_accuracy"] > metrics["majority_accuracy"]


def test_topics_the_model_was_never_taught_are_out_of_scope(model, unseen):
    strange = pd.DataFrame(
        {"text": ["When does the swimming pool open on Sundays?"], "topic": ["leisure"]}
    )
    metrics = evaluate(model, pd.concat([unseen, strange]))
    assert (metrics["n"], metrics["out_of_scope"]) == (len(unseen), 1)
    assert metrics["out_of_scope_withheld"] == 1


def test_a_file_with_none_of_the_models_topics_is_refused(model, unseen):
    with pytest.raises(NothingToEvaluateError, match="model's names"):
        evaluate(model, unseen.assign(topic="something else"))
