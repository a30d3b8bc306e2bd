"""Promote and roll back models of files, as somebody types it."""

import json
import shutil

import pandas as pd
import pytest

from insight.topics.kept_together import spelt_alike
from tests.pipelines.test_topics_commands import insight, refusal, rows
from tests.topic_letters import fill

WHO = ("--by", "web editor", "--reason", "twice the labels")


def trained(folder, name, labelled, *more):
    file = folder / f"{name}.csv"
    labelled.to_csv(file, index=False)
    given = ("train", file, "--text", "words", "--label", "about", "--to", folder / name)
    result = insight(*given, *more)
    assert result.exit_code == 0, result.exception
    return folder / name


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A poor model in use, a better one that left the control set out, and one that didn't."""
    folder = tmp_path_factory.mktemp("models")
    labelled, control = rows(90, 1), rows(45, 2)
    control.to_csv(folder / "control.csv", index=False)
    wrong = labelled.assign(about=labelled["about"].replace({"dogs": "tax", "tax": "dogs"}))
    judged = ("--control", folder / "control.csv")
    trained(folder, "poor", wrong)
    trained(folder, "better", pd.concat([labelled, control]), *judged)
    trained(folder, "peeped", labelled)
    return folder


@pytest.fixture
def folder(made, tmp_path):
    """The same, for a test to change."""
    return shutil.copytree(made, tmp_path / "models")


def asked(folder, new="better", control="control.csv"):
    return (
        "promote", folder / new, "--model", folder / "poor", "--control", folder / control,
        "--text", "words", "--label", "about", *WHO,
    )  # fmt: skip


def answers(folder, model):
    text = ("--text", "words", "--to", folder / "answers.csv")
    result = insight("classify", folder / "control.csv", "--model", folder / model, *text)
    assert result.exit_code == 0, result.exception
    return (folder / "answers.csv").read_bytes()


def test_the_better_model_comes_into_use_and_one_command_goes_back(folder):
    (folder / "poor" / "my notes.txt").write_text("stay")
    poor, better = answers(folder, "poor"), answers(folder, "better")
    assert poor != better
    told = insight(*asked(folder))
    assert told.exit_code == 0, told.exception
    assert "the new one is better" in told.output
    assert answers(folder, "poor") == better
    assert "already" in refusal(*asked(folder))
    told = insight("rollback", "--model", folder / "poor", *WHO)
    assert told.exit_code == 0, told.exception
    assert answers(folder, "poor") == poor
    told = insight("versions", "--model", folder / "poor").output.splitlines()
    assert [line.split()[0] for line in told] == ["1.", "2.", "3."]
    assert told[0].split()[1] == told[2].split()[1] != told[1].split()[1]
    assert (folder / "poor" / "my notes.txt").read_text() == "stay"


def test_what_is_no_better_is_not_promoted_and_nothing_changes(folder):
    shutil.copy(folder / "better" / "control.json", folder / "poor" / "control.json")
    (folder / "poor").rename(folder / "worse")
    (folder / "better").rename(folder / "poor")
    before = {path.name: path.read_bytes() for path in (folder / "poor").iterdir()}
    assert "not clearly better" in refusal(*asked(folder, "worse"))
    assert {path.name: path.read_bytes() for path in (folder / "poor").iterdir()} == before
    assert "No model has been promoted" in refusal("rollback", "--model", folder / "poor", *WHO)


def test_a_model_that_may_have_seen_the_control_set_is_refused(folder):
    assert "may have learnt from the texts of control.csv" in refusal(*asked(folder, "peeped"))
    learnt = json.loads((folder / "better" / "metrics.json").read_text("utf-8"))["n"]
    words, control = spelt_alike(rows(90, 1)["words"]), spelt_alike(rows(45, 2)["words"])
    assert learnt == (~words.isin(control)).sum() < 90


def test_a_control_set_is_frozen_large_enough_and_of_this_council(folder):
    control = pd.read_csv(folder / "control.csv")
    control.head(29).to_csv(folder / "small.csv", index=False)
    assert "holds 29 control texts" in refusal(*asked(folder, control="small.csv"))
    control.assign(about=None).to_csv(folder / "blank.csv", index=False)
    assert "both a text and a topic" in refusal(*asked(folder, control="blank.csv"))
    control.rename(columns={"about": "x"}).to_csv(folder / "x.csv", index=False)
    assert "has no column about" in refusal(*asked(folder, control="x.csv"))
    other = control.assign(about="elsewhere")
    other.to_csv(folder / "else.csv", index=False)
    again = trained(folder, "other", rows(90, 3), "--control", folder / "else.csv")
    assert "same council" in refusal(*asked(folder, again.name, "else.csv"))
    assert insight(*asked(folder)).exit_code == 0
    control.head(40).to_csv(folder / "less.csv", index=False)
    again = trained(folder, "again", rows(90, 4), "--control", folder / "less.csv")
    assert "isn't the control set that judged" in refusal(*asked(folder, "again", "less.csv"))
    said = refusal(*asked(folder, "again", "less.csv"), "--new-control")
    assert "On 40 control texts" in said


def test_wrong_folders_and_damaged_ones_are_refused_in_words(folder):
    assert "holds no topic model" in refusal(*asked(folder, "nowhere"))
    assert "--model FOLDER-IN-USE" in insight("promote", folder / "better", *WHO[:3], "x",
                                              "--model", folder / "poor").output  # fmt: skip
    assert "Say who" in refusal(*asked(folder)[:-4], "--by", " ", "--reason", "x")
    assert insight(*asked(folder)).exit_code == 0
    train = ("train", folder / "peeped.csv", "--text", "words", "--label", "about", "--to",
             folder / "poor")  # fmt: skip
    assert "Train into another folder" in refusal(*train)
    (folder / "poor" / "topic_model.npz").write_bytes(b"damaged")
    assert "changed or damaged" in refusal(
        "classify", folder / "control.csv", "--model", folder / "poor", "--text", "words",
        "--to", folder / "answers.csv",
    )  # fmt: skip
    assert insight("rollback", "--model", folder / "poor", *WHO).exit_code == 0
    answers(folder, "poor")
    (folder / "poor" / "history.json").write_text("{")
    assert "history.json can't be read" in refusal("rollback", "--model", folder / "poor", *WHO)


def test_a_files_review_gives_the_control_set_that_judges(folder, tmp_path):
    file, blank = tmp_path / "letters.csv", tmp_path / "review.xlsx"
    rows(120, 9).assign(about=pd.NA).to_csv(file, index=False)
    given = ("review", file, "--text", "words")
    assert insight(*given, "--model", folder / "poor", "--to", blank).exit_code == 0
    filled = fill(blank, tmp_path / "editor.xlsx", lambda text: "tax" if "tax" in text else "bins")
    back = (*given, "--from", filled, "--to", tmp_path / "labels.csv")
    both = (*back, "--control", tmp_path / "control.csv")
    told = insight(*both)
    assert "30 control rows" in told.output
    labels = pd.read_csv(tmp_path / "labels.csv")
    control = pd.read_csv(tmp_path / "control.csv")
    assert len(control) == 30
    assert not labels["row"].isin(control["row"]).any()
    assert "control.csv is there already" in refusal(*both)
    learnt = trained(tmp_path, "new", rows(90, 1), "--control", tmp_path / "control.csv")
    assert (learnt / "control.json").exists()
