"""Review, corrections, contests, roll back, discovery and form gaps, from files to commands."""

import csv
import json

import openpyxl
import pandas as pd
import pytest
import yaml

from pipelines.edge.review_workbook import ReviewFileError
from pipelines.edge.workspace import open_workspace
from pipelines.steps.enquiries import publish_enquiries
from pipelines.steps.ingest import ingest_inbox
from pipelines.steps.topic_discovery import discover_topics
from pipelines.steps.topic_gaps import find_form_gaps
from pipelines.steps.topic_labels import control_set, training_labels
from pipelines.steps.topic_review import ReviewError, read_reviews, write_review
from pipelines.steps.topic_versions import (
    TopicVersionError,
    model_in_use,
    promote,
    promotions,
    roll_back,
    train_candidate,
    version_in_use,
)
from tests.topic_letters import HEADINGS, MONTH, WORDS, enquiries, fill, truth


@pytest.fixture
def taught(workspace):
    path = workspace.root / "inbox" / "enquiries" / "mail.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([HEADINGS, *enquiries(240, 120)])
    ingest_inbox(workspace)
    return workspace


def test_the_first_model_comes_into_use_by_itself(taught):
    publish_enquiries(taught, MONTH)
    found = promotions(taught)
    assert found["promoted_by"].tolist() == ["contest"]
    assert train_candidate(taught).words == "The labels are those of the model in use."
    assert len(promotions(taught)) == 1


def test_a_workbook_comes_back_teaches_and_its_control_rows_do_not(taught, tmp_path):
    publish_enquiries(taught, MONTH)
    before = len(training_labels(taught))
    blank = tmp_path / "review.xlsx"
    rows = write_review(taught, MONTH, blank)
    shown = pd.read_excel(blank, sheet_name="Enquiries", header=None, dtype=str, engine="calamine")
    shown = shown.set_axis(shown.loc[shown[0].eq("Row")].iloc[0], axis="columns")
    judging = shown[shown["Why it is here"].eq("control")]
    guess = ["Model's guess", "How sure", "Words that tell"]  # the words are the guess's own
    assert judging[guess].isna().all(axis=None)
    others = shown[
        shown["Why it is here"].isin(["fits no topic", "uncertain", "label looks wrong"])
    ]
    assert others[guess].notna().any().all()
    book = openpyxl.load_workbook(blank)
    (listed,) = book["Enquiries"].data_validations.dataValidation
    assert not listed.showErrorMessage, "a topic that isn't in the list may be written"
    sheet, cells = listed.formula1.split("!")
    offered = [cell.value for (cell,) in book[sheet][cells.replace("$", "")]]
    assert offered == [cell.value for cell in book["Topics"]["A"]][2:]
    assert offered[-1] == "none of these"
    assert set(offered) == {"bins", "tax", "none of these"}
    spelt = fill(blank, tmp_path / "a.xlsx", lambda text: truth(text).replace("b", " B"))
    came = read_reviews(taught, spelt, reviewer="web editor")
    assert (came.taken, came.unknown, len(came.conflicts)) == (rows, (), 0)
    control = control_set(taught)
    assert len(control) == 30
    assert not control["enquiry_id"].isin(training_labels(taught)["enquiry_id"]).any()
    assert len(training_labels(taught)) == before + rows - 30
    assert control["topic"].tolist() == [truth(text) for text in control["text"]]


def test_two_people_who_differ_are_told_and_teach_nothing(taught, tmp_path):
    publish_enquiries(taught, MONTH)
    blank = tmp_path / "review.xlsx"
    write_review(taught, MONTH, blank)
    read_reviews(taught, fill(blank, tmp_path / "a.xlsx", truth, rows=40), reviewer="editor")
    came = read_reviews(
        taught, fill(blank, tmp_path / "b.xlsx", lambda _: "bins", rows=40), reviewer="manager"
    )
    assert 0 < len(came.conflicts) < 40
    assert came.conflicts["said"].str.contains("editor says .*; manager says bins").all()
    assert came.kappa.texts == 40
    assert came.kappa.agreed == pytest.approx(1 - len(came.conflicts) / 40)
    doubted = set(came.conflicts["enquiry_id"])
    assert doubted.isdisjoint(training_labels(taught)["enquiry_id"])
    assert doubted.isdisjoint(control_set(taught)["enquiry_id"])


def test_a_text_that_changed_since_is_left_out(taught, tmp_path):
    publish_enquiries(taught, MONTH)
    blank = tmp_path / "review.xlsx"
    write_review(taught, MONTH, blank)
    filled = fill(blank, tmp_path / "a.xlsx", truth)
    rows = [[*row[:2], row[2] + " corrected", *row[3:]] for row in enquiries(240, 120)]
    path = taught.root / "inbox" / "enquiries" / "later.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([HEADINGS, *rows])
    later = open_workspace(taught.root, run_id="later")
    ingest_inbox(later)
    came = read_reviews(later, filled, reviewer="editor")
    assert came.taken == 0
    assert len(came.unknown) > 0


def test_a_worse_model_is_not_put_to_use_and_a_person_may_still(taught, tmp_path):
    publish_enquiries(taught, MONTH)
    first = version_in_use(taught)
    blank = tmp_path / "review.xlsx"
    write_review(taught, MONTH, blank)
    read_reviews(taught, fill(blank, tmp_path / "a.xlsx", truth, rows=30), reviewer="editor")
    # Labels that say the opposite of the truth.
    wrong = {"bins": "tax", "tax": "bins"}
    rows = [[*r[:6], wrong.get(r[6], "")] for r in enquiries(240, 120)]
    rows = [[f"W{r[0]}", *r[1:]] for r in rows for _ in range(1)]
    rows += [[f"V{r[0]}", *r[1:]] for r in rows]
    path = taught.root / "inbox" / "enquiries" / "wrong.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([HEADINGS, *rows])
    later = open_workspace(taught.root, run_id="later")
    ingest_inbox(later)
    trained = train_candidate(later)
    assert trained.version != first
    assert not trained.contest.better
    assert version_in_use(later) == first
    summary = publish_enquiries(later, MONTH)
    assert any("was not put to use" in problem for problem in summary.problems)
    promote(later, trained.version, by="web editor", reason="trial")
    assert model_in_use(later)[1] == trained.version
    assert roll_back(later, by="web editor", reason="it was worse") == first
    assert promotions(later)["version"].tolist() == [first, trained.version, first]


def test_nobody_unknown_or_unnamed_is_promoted(taught, tmp_path):
    with pytest.raises(TopicVersionError, match="No topic model"):
        roll_back(taught, by="a", reason="b")
    publish_enquiries(taught, MONTH)
    with pytest.raises(TopicVersionError, match="first model"):
        roll_back(taught, by="a", reason="b")
    with pytest.raises(TopicVersionError, match="no topic model nonsense"):
        promote(taught, "nonsense", by="a", reason="b")
    with pytest.raises(TopicVersionError, match="who promotes"):
        promote(taught, version_in_use(taught), by=" ", reason="b")
    with pytest.raises(ReviewError, match="who filled it in"):
        read_reviews(taught, tmp_path / "a.xlsx", reviewer=" ")


@pytest.mark.parametrize("content", [b"not a workbook", b""])
def test_a_file_that_is_no_review_is_refused(taught, tmp_path, content):
    path = tmp_path / "wrong.xlsx"
    path.write_bytes(content)
    with pytest.raises(ReviewFileError, match=r"wrong\.xlsx"):
        read_reviews(taught, path, reviewer="editor")


def test_an_empty_workbook_and_one_that_lost_its_head_are_refused(taught, tmp_path):
    publish_enquiries(taught, MONTH)
    blank = tmp_path / "review.xlsx"
    write_review(taught, MONTH, blank)
    with pytest.raises(ReviewError, match="no topic filled in"):
        read_reviews(taught, blank, reviewer="editor")
    book = openpyxl.load_workbook(blank)
    book["Enquiries"].delete_rows(1, 6)
    book.save(tmp_path / "cut.xlsx")
    with pytest.raises(ReviewFileError, match="lost its heading"):
        read_reviews(taught, tmp_path / "cut.xlsx", reviewer="editor")


def test_a_rule_of_the_councils_stands_above_the_model(taught):
    path = taught.root / "settings" / "topics.yaml"
    rule = {"topic": "Fuel voucher", "words": ["voucher"], "reason": "sent to the support team"}
    path.write_text(yaml.safe_dump({"topics": [], "topic_rules": [rule]}))
    ruled = open_workspace(taught.root, run_id="ruled")
    publish_enquiries(ruled, MONTH)
    answers = pd.read_sql("SELECT topic FROM topic_prediction", ruled.engine)
    assert answers["topic"].eq("Fuel voucher").sum() > 0


def test_what_nobody_planned_for_is_found_and_can_be_made_a_topic(taught):
    publish_enquiries(taught, MONTH)
    new = discover_topics(taught, MONTH)
    found, examples = new.found, new.examples
    assert 1 <= len(found.groups) <= 2
    assert set(found.groups["words"].iloc[0].split(", ")) & set(WORDS["voucher"])
    assert len(examples) == 3 * len(found.groups)
    # A handful of texts of a known topic may share an unusual pair of words with the new one.
    assert examples["text"].map(truth).eq("voucher").mean() > 0.6


def test_form_gaps_come_from_topics_and_web_counts(taught):
    topics = [{"name": "bins", "service": "waste", "form": "/bins/report"}]
    path = taught.root / "settings" / "topics.yaml"
    path.write_text(yaml.safe_dump({"topics": topics, "topic_rules": []}))
    web = taught.root / "inbox" / "web" / "web.csv"
    web.write_text(
        "date,page,service,views,form_starts,form_completions\n"
        "02/10/2026,/bins/report,waste,300,100,20\n"
    )
    later = open_workspace(taught.root, run_id="later")
    ingest_inbox(later)
    publish_enquiries(later, MONTH)
    found = find_form_gaps(later, MONTH).set_index("topic")
    assert found.loc["tax", "list"] == "build"
    assert found.loc["bins", "list"] == "mend"
    assert found.loc["bins", "given_up"] == pytest.approx(0.8)


def test_the_commands_say_what_to_do_next(taught, insight_here, tmp_path):
    file = tmp_path / "review.xlsx"
    assert insight_here("topics", "review")[0] == 2
    code, told, _ = insight_here("topics", "review", "--to", file, "--month", "2026-10")
    assert (code, "enquiries to look at" in told) == (0, True)
    filled = fill(file, tmp_path / "a.xlsx", truth)
    code, told, _ = insight_here("topics", "review", "--from", filled, "--by", "editor")
    assert (code, "answers taken in" in told) == (0, True)
    code, told, _ = insight_here("topics", "discover", "--month", "2026-10", "--json")
    assert code == 0
    assert set(json.loads(told)) == {"groups", "examples"}
    assert insight_here("topics", "versions")[0] == 0
    code, told, _ = insight_here("topics", "gaps", "--month", "2026-10", "--json")
    assert code == 0


def test_a_workbook_of_another_councils_model_is_refused(taught, tmp_path):
    publish_enquiries(taught, MONTH)
    blank = tmp_path / "review.xlsx"
    write_review(taught, MONTH, blank)
    filled = fill(blank, tmp_path / "a.xlsx", truth)
    book = openpyxl.load_workbook(filled)
    for row in book["Enquiries"].iter_rows(max_row=6, max_col=1):
        if str(row[0].value).startswith("Model version"):
            row[0].value = "Model version 0123456789ab"
    book.save(filled)
    with pytest.raises(ReviewError, match="0123456789ab, which this council never had"):
        read_reviews(taught, filled, reviewer="editor")
