"""``insight topics`` on files, as somebody types it: the right files, and the wrong ones."""

import json
from pathlib import Path

import jsonschema
import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from insight.errors import InsightError
from pipelines.cli import app
from pipelines.edge.labelled_files import read_labelled
from pipelines.steps.topic_review_files import FileReviews, write_labels
from pipelines.steps.topics import FIGURES
from tests.topic_letters import fill

SCHEMA = json.loads(
    (Path(__file__).parents[2] / "docs" / "topics-evaluate.schema.json").read_text("utf-8")
)
SAYINGS = {
    "bins": ("the green bin was not emptied", "recycling was left behind", "the lorry drove past"),
    "dogs": ("dog mess on the path", "an owner lets the dog foul", "dog poo by the school"),
    "tax": ("the council tax bill is wrong", "my direct debit was taken twice", "a tax reminder"),
}
STRANGE = (
    "what time is swimming", "book a wedding", "old photographs of the town", "train to London",
    "can I borrow a ladder", "who won the match", "recipe for soup", "is it going to snow",
)  # fmt: skip
ENDS = ("please help", "again", "this week", "in our road", "thanks", "near the park", "", "!!")


def rows(n, seed, *, strangers=0):
    draw = np.random.default_rng(seed)
    topics = np.resize(list(SAYINGS), n)
    texts = [f"{draw.choice(SAYINGS[topic])} {draw.choice(ENDS)} {k % 19}" for k, topic in
             enumerate(topics)]  # fmt: skip
    texts += [f"{draw.choice(STRANGE)} {draw.choice(ENDS)} {k % 19}" for k in range(strangers)]
    return pd.DataFrame({"words": texts, "about": [*topics, *["none"] * strangers]})


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("topics")
    rows(180, 1, strangers=60).to_csv(folder / "train.csv", index=False)
    rows(90, 2, strangers=30).to_csv(folder / "test.csv", index=False)
    return folder


def insight(*arguments):
    return CliRunner().invoke(app, ["topics", *map(str, arguments)])


def refusal(*arguments):
    result = insight(*arguments)
    assert isinstance(result.exception, InsightError), result.output
    return str(result.exception)


def evaluate(files, *more, train="train.csv", test="test.csv"):
    given = ("--train", files / train, "--test", files / test, "--text", "words")
    return ("evaluate", *given, "--label", "about", *more)


@pytest.fixture(scope="module")
def evaluated(files):
    result = insight(
        *evaluate(files, "--oos-label", "none", "--predictions", files / "p.csv", "--json")
    )
    assert result.exit_code == 0, result.exception
    return json.loads(result.stdout), pd.read_csv(files / "p.csv")


def test_the_figures_keep_to_their_published_schema(evaluated):
    figures, _ = evaluated
    jsonschema.validate(figures, SCHEMA)
    assert tuple(figures) == FIGURES == tuple(SCHEMA["properties"])
    assert (figures["n_train"], figures["n_test"]) == (240, 120)


def test_the_figures_can_be_worked_out_from_the_written_answers(evaluated, files):
    figures, answers = evaluated
    true = pd.read_csv(files / "test.csv")["about"]
    assert list(answers) == ["row", "label", "confidence", "oos_score", "accepted"]
    assert answers["row"].tolist() == list(range(120))
    inside = true.ne("none")
    right = answers["label"].eq(true)[inside]
    assert figures["accuracy"] == pytest.approx(right.mean())
    accepted = answers["accepted"][inside]
    assert figures["coverage"] == pytest.approx(accepted.mean())
    assert figures["precision_on_covered"] == pytest.approx(right[accepted].mean())
    strange, known = answers.loc[~inside, "oos_score"], answers.loc[inside, "oos_score"]
    over = (strange.to_numpy()[:, None] > known.to_numpy()).mean()
    assert figures["oos_auroc"] == pytest.approx(over, abs=1e-3)
    assert figures["oos_auroc"] > 0.9
    assert figures["accuracy"] > 0.9


def test_a_test_file_without_labels_gets_its_answers_and_no_figures(files, evaluated):
    pd.read_csv(files / "test.csv")[["words"]].to_csv(files / "bare.csv", index=False)
    result = insight(
        *evaluate(files, "--oos-label", "none", "--predictions", files / "b.csv", "--json",
                  test="bare.csv")
    )  # fmt: skip
    figures = json.loads(result.stdout)
    jsonschema.validate(figures, SCHEMA)
    assert figures["accuracy"] is figures["oos_recall"] is figures["prevalence_error_raw"] is None
    assert (files / "b.csv").read_bytes() == (files / "p.csv").read_bytes()


def test_what_the_test_file_says_never_reaches_the_model(files, evaluated):
    spoilt = pd.read_csv(files / "test.csv").assign(about="bins")
    spoilt.to_csv(files / "spoilt.csv", index=False)
    insight(
        *evaluate(files, "--oos-label", "none", "--predictions", files / "s.csv", "--json",
                  test="spoilt.csv")
    )  # fmt: skip
    assert (files / "s.csv").read_bytes() == (files / "p.csv").read_bytes()


def test_odd_texts_all_get_a_row(files):
    odd = ["", "   ", "DOG MESS ON THE PATH", "мусор не вывезли", "the green bin " * 80_000, "N/A",
           '=cmd|" /C calc"!A0', "dog\nmess\non the path"]  # fmt: skip
    pd.DataFrame({"words": odd, "about": "dogs"}).to_csv(files / "odd.csv", index=False)
    result = insight(*evaluate(files, "--predictions", files / "o.csv", test="odd.csv"))
    assert result.exit_code == 0, result.exception
    answers = pd.read_csv(files / "o.csv")
    assert len(answers) == len(odd)
    assert not answers["accepted"][[0, 1, 3]].any()
    assert answers["label"][2] == "dogs"
    assert answers["label"][4] == "bins"


def test_the_test_file_may_be_parted_and_spelt_otherwise(files, evaluated):
    test = pd.read_csv(files / "test.csv")
    spelt = test.assign(about=test["about"].str.upper() + " ")
    spelt.to_csv(files / "spelt.csv", index=False, sep=";", encoding="utf-16")
    given = evaluate(files, "--oos-label", "none", "--predictions", files / "sp.csv", "--json")
    result = insight(*given[:4], files / "spelt.csv", *given[5:])
    figures = json.loads(result.stdout)
    measured = [name for name in FIGURES if not name.startswith(("fit_", "texts_", "peak_"))]
    assert {name: figures[name] for name in measured} == {
        name: evaluated[0][name] for name in measured
    }
    assert (files / "sp.csv").read_bytes() == (files / "p.csv").read_bytes()


def test_labels_that_were_not_taught_are_named_beside_the_figures(files):
    test = pd.read_csv(files / "test.csv")
    test.loc[:9, "about"] = "trees"
    test.to_csv(files / "trees.csv", index=False)
    result = insight(*evaluate(files, "--oos-label", "nowhere", "--json", test="trees.csv"))
    assert json.loads(result.stdout)["n_test"] == len(test)
    assert "10 rows of trees.csv have a label that was not taught: trees." in result.stderr
    assert "No row of trees.csv has the label nowhere." in result.stderr
    told = insight(*evaluate(files, test="trees.csv")).stdout
    assert "oos auroc" not in told, "a figure that nobody asked for is no figure"
    test.assign(about="none").to_csv(files / "strange.csv", index=False)
    result = insight(*evaluate(files, "--oos-label", "none", "--json", test="strange.csv"))
    figures = json.loads(result.stdout)
    assert figures["accuracy"] is None
    assert figures["oos_recall"] is not None


def test_a_label_that_a_spreadsheet_would_run_is_guarded_and_comes_back(files):
    formula = '=HYPERLINK("http://x","y")'
    taught = rows(180, 1).replace({"about": {"bins": formula, "dogs": "-dogs"}})
    taught.to_csv(files / "formula.csv", index=False)
    given = ("--train", files / "formula.csv", "--test", files / "formula.csv")
    more = ("--text", "words", "--label", "about", "--predictions", files / "f.csv", "--json")
    assert json.loads(insight("evaluate", *given, *more).stdout)["accuracy"] == 1
    answers = pd.read_csv(files / "f.csv")
    assert set(answers["label"]) == {f"'{formula}", "'-dogs", "tax"}
    read = read_labelled(files / "f.csv", text="row", label="label")
    assert set(read["topic"]) == {formula, "-dogs", "tax"}


def test_wrong_files_are_refused_in_one_clear_sentence(files):
    unwritable = evaluate(files, "--predictions", files / "nowhere" / "p.csv", train="gone.csv")
    assert "p.csv can't be written" in refusal(*unwritable), "said before any file is read"
    (files / "wide.csv").write_text("words,about\na,b,c\nd,e,f\n")
    assert "as many fields as the header" in refusal(*evaluate(files, test="wide.csv"))
    (files / "empty.csv").write_text("\n")
    assert "empty.csv is empty" in refusal(*evaluate(files, test="empty.csv"))
    assert "gone.csv does not exist" in refusal(*evaluate(files, test="gone.csv"))
    nameless = pd.read_csv(files / "train.csv").rename(columns={"about": "kind"})
    nameless.to_csv(files / "kind.csv", index=False)
    told = refusal(*evaluate(files, train="kind.csv"))
    assert "has no column about" in told
    assert "words, kind" in told
    nameless.assign(about="bins").to_csv(files / "one.csv", index=False)
    assert "at least two topics" in refusal(*evaluate(files, train="one.csv"))
    pd.read_csv(files / "test.csv").assign(about="elsewhere").to_csv(files / "else.csv")
    assert "same council" in refusal(*evaluate(files, test="else.csv"))
    (files / "ragged.csv").write_text('words,about\n"a,b\n')
    assert "ragged.csv could not be read" in refusal(*evaluate(files, train="ragged.csv"))


def test_a_label_with_two_examples_is_left_out_and_named(files):
    train = pd.read_csv(files / "train.csv")
    rare = pd.DataFrame({"words": ["park the car", "parking fine"], "about": "parking"})
    pd.concat([train, rare]).to_csv(files / "rare.csv", index=False)
    result = insight(
        "train", files / "rare.csv", "--text", "words", "--label", "about", "--oos-label", "none",
        "--to", files / "rare-model",
    )  # fmt: skip
    assert result.exit_code == 0, result.exception
    assert "Left out, with 2 different texts where 5 are needed: parking" in result.output
    assert "parking (2)" in (files / "rare-model" / "card.md").read_text("utf-8")


@pytest.fixture(scope="module")
def taught(files):
    result = insight(
        "train", files / "train.csv", "--text", "words", "--label", "about", "--oos-label", "none",
        "--to", files / "model",
    )  # fmt: skip
    assert result.exit_code == 0, result.exception
    return files / "model"


def test_a_model_taught_on_a_file_names_the_topics_of_another(files, taught, evaluated):
    names = {path.name for path in taught.iterdir()}
    assert names == {"topic_model.npz", "topic_model.sha256", "card.md", "card.html",
                     "metrics.json", "calibration.svg", "confusion.svg"}  # fmt: skip
    result = insight(
        "classify",
        files / "test.csv",
        "--model",
        taught,
        "--text",
        "words",
        "--to",
        files / "c.csv",
    )
    assert result.exit_code == 0, result.exception
    assert "120 texts" in result.output
    assert (files / "c.csv").read_bytes() == (files / "p.csv").read_bytes()
    pd.DataFrame({"words": ["N/A", "", "dog mess"]}).to_csv(files / "few.csv", index=False)
    told = insight("classify", files / "few.csv", "--model", taught, "--text", "words",
                   "--to", files / "f.csv")  # fmt: skip
    assert "2 texts say nothing to go by" in " ".join(told.output.split())


def test_a_damaged_or_missing_model_is_refused(files, taught, tmp_path):
    def asked(folder):
        return refusal(
            "classify", files / "test.csv", "--model", folder, "--text", "words",
            "--to", tmp_path / "c.csv",
        )  # fmt: skip

    assert "holds no topic model" in asked(tmp_path)
    broken = tmp_path / "broken"
    broken.mkdir()
    for path in taught.iterdir():
        (broken / path.name).write_bytes(path.read_bytes())
    content = bytearray((broken / "topic_model.npz").read_bytes())
    content[len(content) // 2] ^= 1
    (broken / "topic_model.npz").write_bytes(content)
    assert "changed or damaged" in asked(broken)
    (broken / "topic_model.sha256").write_text("nonsense")
    assert "topic_model.sha256 is damaged" in asked(broken)
    assert not (tmp_path / "c.csv").exists()


def test_without_a_test_file_each_text_is_scored_by_a_model_that_never_saw_it(files):
    given = ("evaluate", "--train", files / "train.csv", "--text", "words", "--label", "about",
             "--oos-label", "none", "--folds", 3)  # fmt: skip
    result = insight(*given, "--json", "--predictions", files / "f.csv")
    figures = json.loads(result.stdout)
    jsonschema.validate(figures, SCHEMA)
    assert (figures["n_train"], figures["n_test"]) == (240, 240)
    answers = pd.read_csv(files / "f.csv")
    true = pd.read_csv(files / "train.csv")["about"]
    assert answers["row"].tolist() == list(range(240))
    inside = true.ne("none")
    assert figures["accuracy"] == pytest.approx(answers["label"].eq(true)[inside].mean())
    told = insight(*given).output
    assert "By 3 held-out folds of 180 labelled texts" in told
    assert "95% interval" in told
    assert "go with --train FILE" in insight("evaluate", "--test", files / "test.csv").output


def test_what_is_new_in_any_file_is_grouped_and_every_row_has_its_group_or_none(files):
    draw = np.random.default_rng(8)
    new = [" ".join(draw.permutation(["fuel", "voucher", "heating", "winter"])) for _ in range(40)]
    rest = rows(150, 6).assign(about=pd.NA)
    month = pd.concat([rows(150, 5), rest, pd.DataFrame({"words": new})], ignore_index=True)
    month.to_csv(files / "new.csv", index=False)
    given = ("discover", files / "new.csv", "--text", "words", "--label", "about")
    told = insight(*given, "--to", files / "groups.csv").output
    assert "voucher" in told
    groups = pd.read_csv(files / "groups.csv")
    assert groups["row"].tolist() == list(range(len(month)))
    assert groups["group"][:150].isna().all()
    assert groups["group"].tail(40).notna().mean() > 0.8
    assert set(json.loads(insight(*given, "--json").stdout)) == {"groups", "examples"}
    weaker = json.loads(insight(*given, "--weaker", "--json").stdout)["groups"]
    assert len(weaker) >= 1
    rows(60, 5).to_csv(files / "told.csv", index=False)
    said = refusal("discover", files / "told.csv", "--text", "words", "--label", "about")
    assert "told.csv has no text without a label" in said


def test_a_files_rows_are_reviewed_by_two_people_and_come_back_as_labels(files, taught, tmp_path):
    file = tmp_path / "letters.csv"
    mixed = rows(120, 9).assign(about=pd.NA)
    mixed.to_csv(file, index=False)
    blank = tmp_path / "review.xlsx"
    given = ("review", file, "--text", "words")
    told = insight(*given, "--model", taught, "--to", blank)
    assert told.exit_code == 0, told.exception
    assert "Next: fill in the column Topic" in told.output
    first = fill(blank, tmp_path / "editor.xlsx", lambda text: "tax" if "tax" in text else "bins")
    second = fill(blank, tmp_path / "manager.xlsx", lambda text: "bins")
    labels = tmp_path / "labels.csv"
    told = insight(*given, "--from", first, "--from", second, "--to", labels)
    assert told.exit_code == 0, told.exception
    assert "editor says tax; manager says bins" in told.output
    assert "Cohen's kappa" in told.output
    found = pd.read_csv(labels)
    assert set(found["topic"]) == {"bins"}
    assert (found["reviewers"] == "editor, manager").all()
    assert (mixed["words"].loc[found["row"]].to_numpy() == found["text"]).all()
    assert "say --model DIR" in insight(*given, "--to", blank).output
    mixed.assign(words="changed since").to_csv(file, index=False)
    assert "has changed since" in insight(*given, "--from", first, "--to", labels).output
    formula = FileReviews(found.head(1).assign(text="=cmd|calc!A0"), found, (), None)
    write_labels(formula, labels)
    assert "'=cmd" in labels.read_text("utf-8")
