"""What no topic covers, from its first month to a topic of its own; and the workspace's figures."""

import json
from datetime import date

import openpyxl
import pandas as pd
import pytest

from pipelines.edge.topic_groups import TopicGroupsError, read_groups, write_groups
from pipelines.edge.workspace import open_workspace
from pipelines.steps.enquiries import publish_enquiries
from pipelines.steps.ingest import ingest_inbox
from pipelines.steps.topic_adoption import AdoptionError, adopt_group
from pipelines.steps.topic_discovery import FOLDER, discover_topics, new_topic_words
from pipelines.steps.topic_labels import training_labels
from pipelines.steps.topic_review import read_reviews
from tests.topic_letters import MONTH, WORDS, drop, enquiries, fill, truth

NEXT = date(2026, 11, 1)


@pytest.fixture
def taught(workspace):
    drop(workspace, enquiries(240, 120))
    ingest_inbox(workspace)
    publish_enquiries(workspace, MONTH)
    return workspace


def test_a_new_topic_keeps_its_name_and_says_since_when(taught):
    first = discover_topics(taught, MONTH)
    group = first.found.groups["group"].iloc[0]
    assert "(new this month)" in new_topic_words(first, MONTH)[0]
    later = enquiries(200, 0, new=30, seed=5)
    rows = [[f"L{row[0]}", row[1].replace("/10/", "/11/"), *row[2:]] for row in later]
    drop(taught, rows)
    following = open_workspace(taught.root, run_id="following")
    ingest_inbox(following)
    second = discover_topics(following, NEXT)
    names = second.found.groups.set_index("group")["name"]
    assert names[group] == first.found.groups["name"].iloc[0]
    assert second.since[group] == "2026-10"
    said = next(words for words in new_topic_words(second, NEXT) if f"adopt {group} " in words)
    assert "(first seen in October 2026)" in said
    # A month that was not run in between doesn't make it new.
    before, since = read_groups(following.outputs / "models" / FOLDER, date(2027, 1, 1))
    assert group in before.index
    assert since[group] == "2026-10"


def test_a_damaged_memory_of_groups_is_passed_over_and_a_locked_one_said(taught, tmp_path):
    discover_topics(taught, MONTH)
    folder = taught.outputs / "models" / FOLDER
    (folder / "2026-10.json").write_text("{")
    assert read_groups(folder, NEXT) == (None, {})
    (tmp_path / "file").write_text("")
    with pytest.raises(TopicGroupsError, match="can't be kept"):
        write_groups(tmp_path / "file", MONTH, discover_topics(taught, MONTH).found)


def test_a_new_topic_is_adopted_by_command_and_known_from_then_on(taught, insight_here, tmp_path):
    group = discover_topics(taught, MONTH).found.groups["group"].iloc[0]
    with pytest.raises(AdoptionError, match=f"the groups are: .*{group}"):
        adopt_group(taught, MONTH, "nonsense", name="X", path=tmp_path / "a.xlsx")
    with pytest.raises(AdoptionError, match="what the topic is to be called"):
        adopt_group(taught, MONTH, group, name=" ", path=tmp_path / "a.xlsx")
    file = tmp_path / "new.xlsx"
    month = ("--month", "2026-10")
    code, told, _ = insight_here(
        "topics", "adopt", group, "--name", "Fuel vouchers", "--to", file, *month
    )
    assert code == 0
    assert "Next: empty the topic of those that aren't about it" in told
    sheet = openpyxl.load_workbook(file)["Enquiries"]
    assert "Fuel vouchers" in [cell.value for row in sheet.iter_rows() for cell in row]
    # A person takes out what isn't about it, then hands it in.
    filled = fill(
        file,
        tmp_path / "checked.xlsx",
        lambda text: "Fuel vouchers" if truth(text) == "voucher" else None,
    )
    came = read_reviews(taught, filled, reviewer="web editor")
    assert came.taken >= 8
    labels = training_labels(taught)
    assert labels.loc[labels["topic"].eq("Fuel vouchers"), "text"].map(truth).eq("voucher").all()
    assert insight_here("topics", "train")[0] == 0
    again = open_workspace(taught.root, run_id="again")
    publish_enquiries(again, MONTH)
    topics = pd.read_sql("SELECT topic FROM topic_prediction", again.engine)["topic"]
    assert topics.eq("Fuel vouchers").sum() >= came.taken
    assert group not in set(discover_topics(again, MONTH).found.groups["group"])


def test_the_workspaces_labels_are_scored_by_folds_and_its_months_classified(
    taught, insight_here, tmp_path
):
    file = tmp_path / "answers.csv"
    code, told, _ = insight_here("topics", "evaluate", "--json", "--predictions", file)
    assert code == 0
    figures = json.loads(told)
    assert figures["n_test"] == 120
    answers = pd.read_csv(file)
    labelled = training_labels(taught).set_index("enquiry_id")["topic"]
    right = answers["label"].eq(answers["enquiry_id"].map(labelled))
    assert figures["accuracy"] == pytest.approx(right.mean())
    assert insight_here("topics", "evaluate")[1].count("Next: insight topics review") == 1
    # And a month's enquiries, by the model in use, to a file.
    file = tmp_path / "october.csv"
    code, told, _ = insight_here("topics", "classify", "--to", file, "--month", "2026-10")
    assert (code, "240 texts" in told) == (0, True)
    answers = pd.read_csv(file).set_index("enquiry_id")
    stored = pd.read_sql("SELECT * FROM topic_prediction", taught.engine).set_index("enquiry_id")
    both = answers.join(stored["topic"].rename("stored"))
    assert (both["topic"].fillna("") == both["stored"].fillna("")).all()
    code, _, said = insight_here("topics", "classify", "--to", file, "--month", "2025-01")
    assert (code, "no enquiries of January 2025" in said) == (1, True)
    letters = tmp_path / "letters.csv"
    pd.DataFrame({"text": [" ".join(WORDS["bins"])]}).to_csv(letters, index=False)
    assert insight_here("topics", "classify", letters, "--to", file)[0] == 0
    assert pd.read_csv(file)["label"].tolist() == ["bins"]
