import pandas as pd
import pytest

from insight.errors import MissingColumnsError
from insight.results import RESULT_COLUMNS, split_breakdowns
from insight.topics import NOT_CLASSIFIED, topic_volumes, with_topics


@pytest.fixture
def enquiries():
    return pd.DataFrame(
        {
            "source": "mail",
            "enquiry_id": ["1", "2", "3", "4", "5"],
            "service": ["bins", "bins", "bins", "tax", "tax"],
            "channel": ["email", "email", "web", "web", pd.NA],
            "topic": ["missed bin", pd.NA, pd.NA, "", pd.NA],
        },
        index=[10, 20, 30, 40, 50],
    ).astype("string")


@pytest.fixture
def predictions():
    return pd.DataFrame(
        {
            "source": "mail",
            "enquiry_id": ["1", "2", "3", "4"],
            "topic": ["bin; new=?", "bin; new=?", "", "tax bill"],
            "accepted": [True, True, False, False],
        }
    )


def values(results, measure):
    rows = results[results["measure"].eq(measure)]
    return rows.set_index(["service", "breakdown"])["value"].to_dict()


def test_a_persons_label_wins_and_a_withheld_answer_counts_for_nothing(enquiries, predictions):
    told = with_topics(enquiries, predictions)
    assert told["topic"].tolist() == ["missed bin", "bin; new=?", *[NOT_CLASSIFIED] * 3]
    assert told["classified"].tolist() == [True, True, False, False, False]
    assert told.index.equals(enquiries.index)


def test_enquiries_are_counted_by_topic_and_channel(enquiries, predictions):
    results = topic_volumes(enquiries, predictions, period="2026-10")
    assert tuple(results.columns) == RESULT_COLUMNS
    counts = values(results, "enquiries")
    assert counts["all", ""] == 5
    assert counts["bins", ""] == 3
    assert counts["all", "topic=bin%3B new%3D?"] == 1
    assert counts["all", "channel=web;topic=not classified"] == 2
    assert counts["all", "channel=;topic=not classified"] == 1
    assert results["period"].eq("2026-10").all()


def test_topics_add_up_to_the_whole(enquiries, predictions):
    results = topic_volumes(enquiries, predictions, period="2026-10")
    counts = results[results["measure"].eq("enquiries") & results["service"].eq("all")]
    dimensions = split_breakdowns(counts["breakdown"])
    by_topic = counts[dimensions["topic"].notna() & ~counts["breakdown"].str.contains("channel")]
    assert by_topic["value"].sum() == 5
    assert dimensions["topic"].eq("bin; new=?").any()


def test_coverage_stands_beside_the_counts(enquiries, predictions):
    results = topic_volumes(enquiries, predictions, period="2026-10")
    shares = results[results["measure"].eq("enquiries_classified_share")]
    (whole,) = shares[shares["service"].eq("all") & shares["breakdown"].eq("")].to_dict("records")
    assert (whole["value"], whole["numerator"], whole["base"]) == (0.4, 2, 5)
    assert whole["lower"] < 0.4 < whole["upper"]
    assert values(results, "enquiries_classified_share")["all", "channel=email"] == 1


def test_another_sources_prediction_is_not_used(enquiries, predictions):
    told = with_topics(enquiries, predictions.assign(source="web form"))
    assert told["classified"].sum() == 1


def test_without_predictions_only_labels_count(enquiries):
    none = pd.DataFrame(columns=["source", "enquiry_id", "topic", "accepted"])
    assert with_topics(enquiries, none)["classified"].sum() == 1


def test_a_month_without_enquiries_has_no_figures(enquiries, predictions):
    assert len(topic_volumes(enquiries.iloc[:0], predictions, period="2026-10")) == 0


def test_a_missing_column_is_named(enquiries, predictions):
    with pytest.raises(MissingColumnsError, match="channel"):
        topic_volumes(enquiries.drop(columns="channel"), predictions, period="2026-10")
    with pytest.raises(MissingColumnsError, match="predictions has no column accepted"):
        with_topics(enquiries, predictions.drop(columns="accepted"))
    with pytest.raises(MissingColumnsError, match="topic"):
        with_topics(enquiries.drop(columns="topic"), predictions)
