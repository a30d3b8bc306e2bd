import numpy as np

from insight.charts import svg_text
from insight.topics.pictures import calibration_picture, confusion_picture


def test_the_calibration_picture_says_how_many_texts_stand_behind_it(model):
    drawn = svg_text(calibration_picture(model.metrics["reliability"]), name="a", alt="b")
    assert "240 texts, in 10 equal parts" in drawn
    again = svg_text(calibration_picture(model.metrics["reliability"]), name="a", alt="b")
    assert drawn == again


def test_a_model_without_answers_still_has_its_pictures():
    assert "0 texts" in svg_text(calibration_picture([]), name="a", alt="b")


def test_the_topics_most_mixed_up_are_drawn_where_there_are_many():
    topics = tuple(f"topic {n}" for n in range(40))
    confusion = np.diag(np.full(40, 20))
    confusion[7, 9] = 5
    drawn = svg_text(confusion_picture(confusion, topics), name="a", alt="b")
    assert "the 30 of 40 topics most mixed up" in drawn
    assert "topic 7" in drawn
    assert "topic 9" in drawn
    few = svg_text(confusion_picture(confusion[5:10, 5:10], topics[5:10]), name="a", alt="b")
    assert "20%" in few
    assert "<script" not in svg_text(
        confusion_picture(confusion[:2, :2], ("<script>", "b")), name="a", alt="b"
    )
