import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import balanced_accuracy_score

from insight.comments import SentimentMethod, measure_reading, read_sentiment
from insight.comments.sentiment import _balanced

GOOD = ["Lovely and quick", "Really helpful people", "Thank you, great service"]
BAD = ["Rude and slow", "Nobody answered the phone", "Terrible, still waiting"]


def labelled(each):
    rng = np.random.default_rng(8)
    words = [f"thing{n}" for n in range(300)]
    texts, labels = [], []
    for label, group in ((1, GOOD), (0, BAD)):
        for _ in range(each):
            texts.append(f"{rng.choice(group)} {rng.choice(words)} {rng.choice(words)}")
            labels.append(label)
    return pd.Series(texts, dtype="string"), pd.Series(labels, dtype="Int64")


def test_a_reading_that_labels_bear_out_is_used_with_its_error():
    texts, labels = labelled(150)
    reading = measure_reading(texts, labels)
    assert reading.usable
    assert reading.lower <= reading.right <= reading.upper
    assert "Read rightly" in reading.words
    asked = pd.Series(["Rude people, slow", "Lovely, thank you", "", None], dtype="string")
    assert read_sentiment(asked, reading).fillna(-1).tolist() == [0, 1, -1, -1]


def test_labels_that_say_nothing_give_no_sentiment():
    texts, labels = labelled(200)
    shuffled = labels.sample(frac=1, random_state=1).reset_index(drop=True)
    reading = measure_reading(texts, shuffled)
    assert not reading.usable
    assert reading.lower < 0.55
    assert reading.words.endswith("not shown.")
    assert read_sentiment(texts, reading).isna().all()


def test_equal_texts_never_stand_on_both_sides():
    # Each text is there many times with a label of its own at random: known by heart, it would
    # be read rightly every time.
    rng = np.random.default_rng(2)
    own = pd.Series([f"word{n} word{n + 500}" for n in range(60)], dtype="string")
    label = pd.Series(rng.integers(0, 2, 60))
    texts = pd.concat([own] * 10, ignore_index=True)
    reading = measure_reading(texts, pd.concat([label] * 10, ignore_index=True).astype("Int64"))
    assert reading.right < 0.7


@pytest.mark.parametrize(("each", "method"), [(0, None), (1, None), (99, None)])
def test_too_few_labels_are_not_measured(each, method):
    texts, labels = labelled(each)
    reading = measure_reading(texts, labels, method)
    assert not reading.usable
    assert np.isnan(reading.right)
    assert f"{2 * each} comments have a known direction" in reading.words


def test_the_balanced_share_is_sklearns_and_always_yes_is_half_right():
    rng = np.random.default_rng(3)
    label = rng.integers(0, 2, 400)
    found = np.where(rng.random(400) < 0.8, label, 1 - label)
    right, lower, upper = _balanced(found, label)
    assert right == pytest.approx(balanced_accuracy_score(label, found))
    assert lower < 0.8 < upper
    assert _balanced(np.ones(400, dtype=int), label)[0] == 0.5
    assert SentimentMethod().good_enough > 0.5


def test_what_patients_wrote_tells_criticism_but_not_their_rating(real_data):
    """The friends and family rating isn't a label of the comment: "what could be better?" is."""
    survey = pd.read_csv(real_data / "nhs-friends-family-survey" / "responses_train.csv", dtype=str)
    texts = survey["FFT answer"].mask(survey["FFT answer"].eq("Did not answer"))
    rating = survey["FFT categorical answer"].map({"1": 1, "2": 1, "4": 0, "5": 0}).astype("Int64")
    by_rating = measure_reading(texts, rating)
    assert not by_rating.usable
    assert by_rating.right == pytest.approx(0.71, abs=0.03)
    human = survey["Comment sentiment"].map({"1": 1, "2": 1, "4": 0, "5": 0}).astype("Int64")
    by_people = measure_reading(texts, human)
    assert by_people.usable
    assert by_people.right == pytest.approx(0.89, abs=0.02)
    assert by_people.always < 0.85


def test_nhs_comments_are_read_rightly_nine_times_in_ten(real_data):
    path = real_data / "nhs-patient-comments-topics" / "comments_train.csv"
    comments = pd.read_csv(path, dtype=str)
    score = pd.to_numeric(comments["criticality"], errors="coerce")
    score = score.where(score.between(-5, 5) & score.ne(0))
    direction = score.gt(0).astype("Int64").where(score.notna())
    reading = measure_reading(comments["feedback"], direction)
    assert reading.usable
    assert reading.base == score.notna().sum()
    assert reading.right == pytest.approx(0.89, abs=0.02)
