"""Real texts that people labelled, each through ingest with a mapping and on to topics.

The expected figures are worked out here from the raw files, by other means than the code's.
"""

import json
from datetime import date

import pandas as pd

from insight.topics import topic_volumes
from pipelines.steps.enquiries import NO_PREDICTIONS, publish_enquiries
from pipelines.steps.events import read_events
from pipelines.steps.figures import read_figures
from tests.real_accounts import told


def same_topics(figures, labels):
    """Hold the enquiries by topic to the file's own labels."""
    rows = figures[figures["measure"].eq("enquiries") & figures["service"].eq("all")]
    rows = rows[rows["breakdown"].str.match(r"topic=[^;]*$")]
    topics = rows["breakdown"].str.removeprefix("topic=")
    counted = dict(zip(topics, rows["value"].astype(int), strict=True))
    assert counted == labels.value_counts().to_dict()


def counted_by_topic(workspace):
    """Count what the store holds as the step does, without teaching it dozens of topics."""
    enquiries = read_events(workspace, "enquiries")
    return topic_volumes(enquiries, pd.DataFrame(columns=list(NO_PREDICTIONS)), period="2026-10")


def test_nhs_comments_are_classified_better_than_chance(workspace, real_data, ingest, pages):
    path = real_data / "nhs-patient-comments-topics" / "comments_train.csv"
    account = ingest(workspace, path, "nhs_comments", "comments")
    raw = pd.read_csv(path)
    assert told(account) == (len(raw), len(raw), 0, 0, 0)
    month = date(2026, 10, 1)
    publish_enquiries(workspace, month)
    figures = read_figures(workspace, months=[month], measures=["enquiries"])
    topics = figures[figures["breakdown"].str.match(r"topic=[^;]*$") & figures["service"].eq("all")]
    assert topics["value"].sum() == len(raw)
    (card,) = workspace.outputs.glob("models/enquiry_topics/*/card.md")
    assert "accuracy" in card.read_text("utf-8").lower()
    pages(workspace, month)
    page = workspace.outputs / f"{month:%Y-%m}" / "service-managers" / "all.html"
    assert "Care received" in page.read_text("utf-8")


def test_complaint_narratives_keep_their_product_as_topic(workspace, real_data, ingest):
    path = real_data / "cfpb-narratives" / "complaints_train.csv"
    account = ingest(workspace, path, "cfpb_narratives", "narratives")
    raw = pd.read_csv(path)
    assert told(account) == (len(raw), len(raw), 0, 0, 0)
    publish_enquiries(workspace, date(2026, 10, 1))
    same_topics(read_figures(workspace, months=[date(2026, 10, 1)]), raw["product"])


def test_texts_with_line_breaks_are_one_enquiry_each(workspace, real_data, ingest):
    folder = real_data / "banking77"
    account = ingest(workspace, folder / "train.csv", "banking77", "banking")
    raw = pd.read_csv(folder / "train.csv")
    assert told(account) == (len(raw), len(raw), 0, 0, 0)
    lines = (folder / "train.csv").read_text("utf-8").count("\n")
    assert lines - 1 > account.rows_read
    same_topics(counted_by_topic(workspace), raw["category"])
    stored = read_events(workspace, "enquiries")
    assert set(stored["topic"]) == set(json.loads((folder / "categories.json").read_text("utf-8")))


def test_enquiries_out_of_scope_are_a_topic_of_their_own(workspace, real_data, ingest):
    path = real_data / "clinc150" / "train_val.csv"
    account = ingest(workspace, path, "clinc150", "clinc")
    raw = pd.read_csv(path)
    assert told(account) == (len(raw), len(raw), 0, 0, 0)
    same_topics(counted_by_topic(workspace), raw["intent"])
    by_domain = read_events(workspace, "enquiries")["service"].value_counts()
    assert by_domain.to_dict() == raw["domain"].value_counts().to_dict()


def test_an_utterance_without_its_number_is_refused_and_the_rest_is_taken(
    workspace, real_data, ingest
):
    path = real_data / "hwu64" / "folds_1_7.csv"
    account = ingest(workspace, path, "hwu64", "utterances")
    raw = pd.read_csv(path, dtype=str)
    lacks = raw["answerid"].isna()
    assert lacks.sum() == 1
    assert told(account) == (len(raw), len(raw) - 1, 1, 0, 0)
    same_topics(counted_by_topic(workspace), raw.loc[~lacks, "label"])
