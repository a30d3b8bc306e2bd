"""What goes wrong with topics is said, and the rest of the month still runs."""

import shutil

import pandas as pd
import pytest
import yaml

from pipelines.edge.workspace import open_workspace
from pipelines.steps.enquiries import publish_enquiries
from pipelines.steps.figures import read_figures
from pipelines.steps.ingest import ingest_inbox
from pipelines.steps.month import STEPS, run_steps
from pipelines.steps.topic_pages import new_topics, topic_pages
from pipelines.steps.topic_versions import version_in_use
from tests.page_month import page_month
from tests.topic_letters import MONTH, WORDS, drop, enquiries

HUGE = "the bin lorry missed our recycling " * 30_000  # more than a megabyte


def letters(labels):
    """Sixty letters with `labels` from text to topic, none where it gives nothing."""
    return [[*row[:6], labels(row) or ""] for row in enquiries(60, 40)]


def counted(workspace):
    figures = read_figures(workspace, months=[MONTH], measures=["enquiries"])
    return figures.set_index(["service", "breakdown"])["value"]


def month_of(workspace, rows, *, refused=0):
    """Run on `rows` what of a month touches topics; return what to act on."""
    drop(workspace, rows)
    ingest_inbox(workspace)
    told = publish_enquiries(workspace, MONTH)
    pages = topic_pages(workspace, MONTH, page_month(), new_topics(workspace, MONTH))
    assert "<h2" in pages["service-managers/online.html"]
    assert counted(workspace)["all", ""] == len(rows) - refused
    return told.problems


def test_one_label_only(workspace):
    (problem,) = month_of(workspace, letters(lambda row: row[6] and "bins"))
    assert problem.startswith("Enquiries were counted but not classified: a model needs at least")
    assert "Label more of" in problem


def test_no_label_at_all(workspace):
    (problem,) = month_of(workspace, letters(lambda row: ""))
    assert "no row has both a text and a topic" in problem


def test_a_label_with_two_examples_is_named_and_the_others_are_learnt(workspace):
    rows = enquiries(60, 40)
    rows[0][6] = rows[2][6] = "parking"
    (problem,) = month_of(workspace, rows)
    assert "parking (2)" in problem
    assert "where 5 are needed" in problem
    assert counted(workspace)["all", "topic=parking"] == 2
    assert counted(workspace)["all", "topic=tax"] > 10


def test_odd_texts_are_counted_and_what_can_be_read_is_classified(workspace):
    rows = enquiries(120, 80, new=0)
    odd = [HUGE, "THE BIN LORRY MISSED OUR RECYCLING COLLECTION", "мусор не вывезли", ".", "👍",
           '=cmd|" /C calc"!A0 council tax bill payment']  # fmt: skip
    rows += [
        [f"O{at}", "12/10/2026 09:00", text, "", "email", "", ""] for at, text in enumerate(odd)
    ]
    assert month_of(workspace, rows, refused=1) == []
    aside = pd.read_sql("SELECT * FROM quarantined_row", workspace.engine)
    (rule,) = aside["rule"]
    assert "must not be longer than" in rule
    stored = pd.read_sql("SELECT * FROM topic_prediction", workspace.engine)
    stored = stored.set_index("enquiry_id")
    assert stored.loc["O1", "topic"] == "bins"
    assert not stored.loc[["O2", "O3", "O4"], "accepted"].any()


@pytest.mark.parametrize("harm", ["cut", "swapped", "gone"])
def test_a_corrupted_artefact_is_said_and_mended_by_training(workspace, make_workspace, harm,
                                                             insight_here):  # fmt: skip
    drop(workspace, enquiries(60, 40, new=0))
    ingest_inbox(workspace)
    publish_enquiries(workspace, MONTH)
    version = version_in_use(workspace)
    file = workspace.outputs / "models" / "enquiry_topics" / version / "topic_model.npz"
    content = file.read_bytes()
    if harm == "cut":
        file.write_bytes(content[: len(content) // 2])
    elif harm == "gone":
        file.unlink()
    else:  # another council's model in its place
        other = make_workspace("other")
        drop(other, [[*row[:6], row[6] and f"their {row[6]}"] for row in enquiries(60, 40)])
        ingest_inbox(other)
        publish_enquiries(other, MONTH)
        theirs = other.outputs / "models" / "enquiry_topics" / version_in_use(other)
        shutil.copy(theirs / "topic_model.npz", file)
    again = open_workspace(workspace.root, run_id="again")
    if harm == "swapped":  # the whole month, once
        told = dict(zip(STEPS, run_steps(again, MONTH), strict=True))
        assert "files for" in told["publish"].headline
        problems = told["enquiries"].problems
    else:
        problems = publish_enquiries(again, MONTH).problems
    (problem,) = problems
    assert "counted but not classified" in problem
    assert "insight topics train" in problem
    assert counted(again)["all", ""] == 60
    assert insight_here("topics", "review", "--to", workspace.root / "r.xlsx")[0] == 1
    assert insight_here("topics", "train")[0] == 0
    mended = publish_enquiries(open_workspace(workspace.root, run_id="mended"), MONTH)
    assert mended.problems == []


def test_another_councils_version_is_refused_and_its_topics_are_told(workspace, insight_here):
    drop(workspace, enquiries(60, 40))
    settings = {"topics": [{"name": "leisure", "service": "waste"}]}
    (workspace.root / "settings" / "topics.yaml").write_text(yaml.safe_dump(settings))
    opened = open_workspace(workspace.root, run_id="named")
    ingest_inbox(opened)
    told = publish_enquiries(opened, MONTH)
    assert any(
        "knows topics that settings/topics.yaml doesn't name: bins, tax" in problem
        for problem in told.problems
    )
    code, _, said = insight_here(
        "topics", "promote", "0123abcd", "--by", "me", "--reason", "theirs"
    )
    assert (code, "There is no topic model 0123abcd" in said) == (1, True)


def test_a_file_unlike_all_that_a_model_was_taught_is_pointed_out(
    workspace, insight_here, tmp_path
):
    words = [" ".join(WORDS["bins"][at:] + WORDS["bins"][:at]) for at in range(8)]
    bills = [" ".join(WORDS["tax"][at:] + WORDS["tax"][:at]) for at in range(8)]
    rows = pd.DataFrame({"text": words + bills, "topic": ["bins"] * 8 + ["tax"] * 8})
    rows.to_csv(tmp_path / "taught.csv", index=False)
    assert insight_here("topics", "train", tmp_path / "taught.csv", "--to", tmp_path / "m")[0] == 0
    strange = pd.DataFrame({"text": [f"quadratic zebra {n} sonata" for n in range(20)]})
    strange.to_csv(tmp_path / "theirs.csv", index=False)
    code, told, _ = insight_here(
        "topics", "classify", tmp_path / "theirs.csv", "--model", tmp_path / "m",
        "--to", tmp_path / "a.csv",
    )  # fmt: skip
    assert code == 0
    assert "Hardly any text looks like one of the model's topics" in told
