"""Measure topics on real texts as a user would: ``insight topics evaluate`` by held-out folds.

Run with ``INSIGHT_REAL_DATA=FOLDER python tests/benchmarks/topic_real_sets.py [NAME ...]``. Every
row is scored by a model that never saw it, five folds cut with a fixed seed; the same folds score a
plain word and character TF-IDF LinearSVC. The sets are those nearest to a council's own: the NHS
comments with their 9 topics and 44 finer ones, the 44 once more by way of the 9 (topic, then finer
topic within it), consumer complaints, and the kinds of Baltimore's requests where the kind is told
from what else the request says: it has no free text, so agency, channel, area, weekday and hour
stand in for words, and little is to be expected.
"""
# ruff: noqa: T201 (what it prints is what it is for)

import os
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import f1_score
from sklearn.pipeline import make_pipeline, make_union
from sklearn.svm import LinearSVC

from insight.intervals import wilson
from insight.topics import classify, train_topics
from insight.topics.folds import cut_in_folds, score_in_folds

SEED = 20260401
FOLDS = 5
NHS = "nhs-patient-comments-topics/comments_train.csv"


def nhs(topic: str) -> pd.DataFrame:
    rows = pd.read_csv(data() / NHS, dtype="string", keep_default_na=False)
    wider = rows["label"]
    return pd.DataFrame({"text": rows["feedback"], "topic": rows[topic], "wider": wider})


def cfpb() -> pd.DataFrame:
    rows = pd.read_csv(data() / "cfpb-narratives/complaints_train.csv", dtype="string")
    return rows[["narrative", "product"]].set_axis(["text", "topic"], axis="columns")


def baltimore() -> pd.DataFrame:
    rows = pd.read_csv(data() / "baltimore-311/requests_train.csv.gz", dtype="string")
    made = pd.to_datetime(rows["CreatedDate"], format="%m/%d/%Y %I:%M:%S %p", errors="coerce")
    said = [
        rows["Agency"], rows["MethodReceived"], rows["Neighborhood"], rows["PoliceDistrict"],
        made.dt.day_name().astype("string"), "hour" + made.dt.hour.astype("string"),
        made.dt.month_name().astype("string"),
    ]  # fmt: skip
    text = pd.concat([each.fillna("").str.replace(" ", "_") for each in said], axis=1)
    return pd.DataFrame({"text": text.agg(" ".join, axis=1), "topic": rows["SRType"]})


SETS = {
    "nhs9": lambda: nhs("label"),
    "nhs44": lambda: nhs("subcategory"),
    "nhs44-by-9": lambda: nhs("subcategory"),
    "cfpb": cfpb,
    "baltimore": baltimore,
}


def data() -> Path:
    return Path(os.environ["INSIGHT_REAL_DATA"])


def plain(rows: pd.DataFrame, part: np.ndarray) -> tuple[np.ndarray, float]:
    """Answer each fold with a plain peer fitted on the others; and its CPU seconds a fold."""
    answers = np.empty(len(rows), dtype=object)
    started = time.process_time()
    for fold in range(FOLDS):
        machine = make_pipeline(
            make_union(
                TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
                TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True),
            ),
            LinearSVC(C=0.5),
        )
        rest, test = rows[part != fold], rows[part == fold]
        machine.fit(rest["text"].tolist(), rest["topic"].tolist())
        answers[part == fold] = machine.predict(test["text"].tolist())
    return answers, (time.process_time() - started) / FOLDS


def by_way_of_the_wider(rows: pd.DataFrame, part: np.ndarray) -> np.ndarray:
    """Answer with the wider topic first, then with the finest of those within it."""
    answers = np.empty(len(rows), dtype=object)
    for fold in range(FOLDS):
        rest, test = rows[part != fold], rows[part == fold]
        first = train_topics(rest.assign(topic=rest["wider"]), seed=SEED)
        wider = classify(first, test["text"])["label"].to_numpy(dtype=str)
        given = np.empty(len(test), dtype=object)
        for name in np.unique(wider):
            inside = rest[rest["wider"].eq(name)]
            asked = wider == name
            if inside["topic"].nunique() < 2:
                given[asked] = inside["topic"].iloc[0]
                continue
            finer = train_topics(inside, seed=SEED)
            given[asked] = classify(finer, test.loc[asked, "text"])["label"].to_numpy(dtype=str)
        answers[part == fold] = given
    return answers


def told(true: np.ndarray, answers: np.ndarray) -> str:
    right = float((true == answers).mean())
    lower, upper = wilson(right, len(true))
    macro = f1_score(true, answers, average="macro", zero_division=0)
    return f"accuracy {right:.4f} ({float(lower):.3f} to {float(upper):.3f}), macro-F1 {macro:.4f}"


def main(names: list[str]) -> None:
    for name in names:
        rows = SETS[name]().dropna(subset=["text", "topic"])
        rows = rows[rows["text"].str.strip().ne("") & rows["topic"].str.strip().ne("")]
        rows = rows[rows.groupby("topic")["text"].transform("nunique") >= 2 * FOLDS]
        rows = rows.reset_index(drop=True)
        part = cut_in_folds(rows, FOLDS, SEED)
        true = rows["topic"].to_numpy(dtype=str)
        print(f"\n{name}: {len(rows):,} texts, {rows['topic'].nunique()} topics, {FOLDS} folds")
        answers, seconds = plain(rows, part)
        print(f"  plain  {told(true, answers.astype(str))}; {seconds:.1f} CPU s a fold", flush=True)
        started = time.process_time()
        if name == "nhs44-by-9":
            print(f"  ours   {told(true, by_way_of_the_wider(rows, part).astype(str))}", flush=True)
            continue
        found = score_in_folds(rows[["text", "topic"]], folds=FOLDS, seed=SEED)
        seconds = (time.process_time() - started) / FOLDS
        figures = found.figures
        print(f"  ours   {told(true, found.answers['label'].to_numpy(dtype=str))}; "
              f"{seconds:.1f} CPU s a fold")  # fmt: skip
        print(
            f"         calibration error {figures['ece']:.4f}; answers {figures['coverage']:.3f}, "
            f"of them right {figures['precision_on_covered'] or float('nan'):.3f} (wanted 0.85); "
            f"shares: counted {figures['prevalence_error_raw']:.4f}, corrected "
            f"{figures['prevalence_error_corrected']:.4f}",
            flush=True,
        )


if __name__ == "__main__":
    main(sys.argv[1:] or list(SETS))
