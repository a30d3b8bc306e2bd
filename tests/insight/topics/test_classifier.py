from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from insight.topics import classifier as classifier_module
from insight.topics import classify, train_topics


def test_clear_enquiries_get_their_topic(model):
    texts = pd.Series(
        ["Our recycling bin was not emptied again!", "dog mess on the path by the school"],
        index=["a", "b"],
    )
    answers = classify(model, texts)
    assert answers.index.tolist() == ["a", "b"]
    assert answers["topic"].tolist() == ["missed bin", "dog fouling"]
    assert answers["accepted"].all()
    assert answers["confidence"].between(0.5, 1).all()
    assert (answers["runner_up"] != answers["topic"]).all()
    assert answers["runner_up"].isin(model.topics).all()
    assert answers.dtypes.astype(str).to_dict() == {
        "topic": "string",
        "confidence": "float64",
        "runner_up": "string",
        "accepted": "bool",
        "label": "string",
        "oos_score": "float64",
    }


@pytest.mark.parametrize("text", ["", "   ", None, "мусор не вывезли", "££ ??", "\u0000"])
def test_what_holds_no_known_word_gets_no_answer_and_no_guess(model, text):
    (answer,) = classify(model, pd.Series([text], dtype="string")).to_dict("records")
    assert answer.pop("label") in model.topics
    assert answer.pop("oos_score") > model.calibration.most_strange
    assert answer == {"topic": "", "confidence": 0.0, "runner_up": "", "accepted": False}


@pytest.mark.parametrize("text", ["N/A", "none", "No comment.", "Nothing to add", "ok", "yes I"])
def test_what_gives_nothing_to_go_by_has_no_topics_confidence(model, text):
    (answer,) = classify(model, pd.Series([text])).to_dict("records")
    assert (answer["confidence"], answer["accepted"], answer["runner_up"]) == (0.0, False, "")
    assert answer["oos_score"] > model.calibration.most_strange


def test_what_people_put_into_a_box_counts_where_the_model_was_taught_it(labelled):
    said = pd.DataFrame({"text": ["No comment"] * 12, "topic": "dog fouling"})
    taught = train_topics(pd.concat([labelled, said], ignore_index=True), seed=1)
    (answer,) = classify(taught, pd.Series(["no  COMMENT"])).to_dict("records")
    assert answer["label"] == "dog fouling"
    assert answer["confidence"] > 0


def test_a_short_text_of_known_words_and_a_long_one_of_unknown_words_are_told(model):
    long = "The green bin was not emptied, " + "qwrtz zxcvb plmok " * 8
    answers = classify(model, pd.Series(["dog mess", long]))
    assert answers["label"].tolist() == ["dog fouling", "missed bin"]
    assert (answers["confidence"] > 0).all()


def test_an_enquiry_about_something_else_is_withheld_but_the_guess_is_kept(model):
    strange = pd.Series(["When does the swimming pool open for lessons on Sunday mornings?"])
    (answer,) = classify(model, strange).to_dict("records")
    assert (answer["topic"], answer["accepted"]) == ("", False)
    assert answer["runner_up"] in model.topics


def test_the_guess_behind_a_withheld_answer_is_the_likeliest_topic(model, labelled):
    silent = replace(model, calibration=replace(model.calibration, least_confidence=None))
    withheld = classify(silent, labelled["text"])
    given = classify(model, labelled["text"])
    sure = given["accepted"]
    assert not withheld["accepted"].any()
    assert withheld.loc[sure, "runner_up"].equals(given.loc[sure, "topic"].rename("runner_up"))


def test_a_subject_can_decide(model):
    text = pd.Series(["Please see the photograph."])
    assert classify(model, text)["topic"].tolist() == [""]
    told = classify(model, text, pd.Series(["Dog mess on the path by the school"]))
    assert told["topic"].tolist() == ["dog fouling"]


def test_shouting_makes_no_difference(model):
    quiet = pd.Series(["the council tax bill is wrong"])
    pd.testing.assert_frame_equal(classify(model, quiet), classify(model, quiet.str.upper()))


def test_an_answer_does_not_depend_on_the_other_texts(model, labelled, monkeypatch):
    texts = labelled["text"].head(25)
    together = classify(model, texts)
    monkeypatch.setattr(classifier_module, "BATCH", 4)
    pd.testing.assert_frame_equal(classify(model, texts), together)


def test_a_megabyte_of_text_is_answered(model):
    long = pd.Series(["the green bin was not emptied " * 40_000])
    assert classify(model, long)["topic"].tolist() == ["missed bin"]


def test_no_texts_give_no_answers(model):
    answers = classify(model, pd.Series([], dtype="string"))
    assert len(answers) == 0
    columns = ["topic", "confidence", "runner_up", "accepted", "label", "oos_score"]
    assert list(answers.columns) == columns


def test_accepted_answers_are_exactly_those_with_a_topic(unsure_model, labelled):
    answers = classify(unsure_model, labelled["text"])
    assert (answers["topic"].ne("") == answers["accepted"]).all()
    assert answers["accepted"].sum() > 0
    least = unsure_model.calibration.least_confidence
    assert (answers.loc[answers["accepted"], "confidence"] >= least).all()
    assert np.isfinite(answers["confidence"]).all()
