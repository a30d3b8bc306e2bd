"""Measure enquiry topics by validation on public data: ``python tests/benchmarks/topics.py``.

Every row is scored by a model that never saw it, on the parts of the data sets that are shared:
Banking77 by tenths; the NHS comments by fifths that never part equal texts, as the data's own
split doesn't (``nhs9-rows``: fifths of rows, where they are parted); CLINC150 on its validation
part with out-of-scope texts; HWU64 fold by fold. Beside each stands a plain word and character
TF-IDF LinearSVC, fitted and timed in the same run, because seconds mean little on another machine.

Accuracy, macro-F1 and calibration error are those of all cuts' answers together, because a
calibration error of few texts is mostly chance: beside it stand the mean and the 95th percentile of
what chance alone gives so many texts, were every confidence true. One thread, processor seconds.
``--repeats`` says how many cuts (10 for all there are), ``--encoder`` names a folder of an encoder.
With one the first cut of each set is timed, whole; the others reuse sentence numbers, and aren't.
"""

# ruff: noqa: T201 (what it prints is what it is for)

import argparse
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedKFold, train_test_split
from sklearn.pipeline import make_pipeline, make_union
from sklearn.svm import LinearSVC

from insight.intervals import wilson
from insight.topics import classify, train_topics
from insight.topics.calibration import calibration_error, confusion_matrix, f1_by_topic
from insight.topics.features import Encoder, Floats
from insight.topics.folds import cut_in_folds
from insight.topics.kept_together import spelt_alike
from insight.topics.prevalence import corrected_shares, counted_shares, share_error
from insight.topics.scoring import score_answers, topic_beliefs, trained_shares
from pipelines.edge.sentence_encoder import load_encoder
from pipelines.edge.topic_models import model_bytes

SEED = 20260401


@dataclass(frozen=True)
class Cut:
    """One way to cut a data set: labelled texts, texts to score, and a pool of unlabelled ones."""

    train: pd.DataFrame
    test: pd.DataFrame
    pool: pd.Series | None = None
    out_of_scope: str | None = None


@dataclass
class Remembering:
    """An encoder that, where it looks up, encodes no text that it has read before."""

    encoder: Encoder
    read: dict[str, Floats] = field(default_factory=dict)
    looks_up: bool = False

    def __call__(self, texts: list[str]) -> Floats:
        new = [text for text in texts if not (self.looks_up and text in self.read)]
        self.read.update(zip(new, self.encoder(new), strict=True))
        return np.stack([self.read[text] for text in texts])


def read(data: Path, file: str, text: str, topic: str) -> pd.DataFrame:
    rows = pd.read_csv(data / file, dtype="string", keep_default_na=False)
    rows = rows.rename(columns={text: "text", topic: "topic"})
    return rows[rows["text"].str.strip().ne("")].reset_index(drop=True)


def in_folds(rows: pd.DataFrame, folds: int, repeats: int) -> Iterator[Cut]:
    splitter = StratifiedKFold(folds, shuffle=True, random_state=0)
    for number, (train, test) in enumerate(splitter.split(rows, rows["topic"])):
        if number < repeats:
            yield Cut(rows.iloc[train], rows.iloc[test])


def by_texts(rows: pd.DataFrame, folds: int, repeats: int) -> Iterator[Cut]:
    part = cut_in_folds(rows, folds, 0)
    for number in range(min(folds, repeats)):
        yield Cut(rows[part != number], rows[part == number])


def few_labels(rows: pd.DataFrame, repeats: int) -> Iterator[Cut]:
    for seed in range(min(repeats, 5)):
        rest, test = train_test_split(
            rows, test_size=2_000, stratify=rows["topic"], random_state=seed
        )
        train = rest.groupby("topic").sample(10, random_state=seed)
        yield Cut(train, test, pool=rest.drop(index=train.index)["text"])


def cuts(name: str, data: Path, repeats: int) -> Iterator[Cut]:
    if name.startswith("banking77"):
        rows = read(data, "banking77/train.csv", "text", "category")
        yield from few_labels(rows, repeats) if "few" in name else in_folds(rows, 10, repeats)
    elif name.startswith("nhs"):
        topic = "subcategory" if "44" in name else "label"
        file = "nhs-patient-comments-topics/comments_train.csv"
        cut = in_folds if name.endswith("rows") else by_texts
        yield from cut(read(data, file, "feedback", topic), 5, repeats)
    elif name == "hwu64":
        rows = read(data, "hwu64/folds_1_7.csv", "text", "label")
        for fold in sorted(rows["fold"].unique())[:repeats]:
            yield Cut(rows[rows["fold"].ne(fold)], rows[rows["fold"].eq(fold)])
    elif name == "clinc150":
        rows = read(data, "clinc150/train_val.csv", "text", "intent")
        taught = rows["split"].isin(["train", "oos_train"])
        yield Cut(rows[taught], rows[~taught], out_of_scope="oos")
    elif name == "cfpb":
        rows = read(data, "cfpb-narratives/complaints_train.csv", "narrative", "product")
        yield from in_folds(rows, 5, repeats)


NAMES = (
    "banking77", "clinc150", "hwu64", "nhs9", "nhs9-rows", "nhs44", "cfpb", "banking77-few",
)  # fmt: skip


def plain(cut: Cut) -> tuple[dict[str, float], pd.DataFrame]:
    """Fit and time the plain peer, which knows nothing of out-of-scope texts or pools."""
    known = cut.train[cut.train["topic"].ne(cut.out_of_scope or "")]
    inside = cut.test[cut.test["topic"].ne(cut.out_of_scope or "")]
    machine = make_pipeline(
        make_union(
            TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
            TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True),
        ),
        LinearSVC(C=0.5),
    )
    started = time.process_time()
    machine.fit(known["text"].tolist(), known["topic"].tolist())
    fitted = time.process_time()
    answers = machine.predict(inside["text"].tolist())
    rate = len(inside) / (time.process_time() - fitted)
    right = answers == inside["topic"].to_numpy(dtype=str)
    figures = {"plain": right.mean(), "plain_fit": fitted - started, "plain_rate": rate}
    return figures, pd.DataFrame({"plain": answers}, index=inside.index)


def ours(
    cut: Cut, encoder: Encoder | None, encoder_hash: str
) -> tuple[dict[str, float | None], pd.DataFrame]:
    started = time.process_time()
    model = train_topics(
        cut.train[["text", "topic"]],
        seed=SEED,
        out_of_scope=cut.out_of_scope,
        pool=cut.pool,
        encoder=encoder,
        encoder_hash=encoder_hash,
    )
    fit = time.process_time() - started
    started = time.process_time()
    answers = classify(model, cut.test["text"], encoder=encoder)
    rate = len(cut.test) / (time.process_time() - started)
    beliefs = topic_beliefs(model, cut.test["text"], encoder=encoder)
    figures = score_answers(
        model, answers, beliefs, cut.test["topic"], out_of_scope=cut.out_of_scope
    )
    shifted = shifted_errors(model, answers["label"], beliefs, cut)
    inside = cut.test["topic"].ne(cut.out_of_scope or "")
    told = answers[["label", "confidence"]].assign(topic=cut.test["topic"])[inside]
    return {
        **figures,
        "fit": fit,
        "fit_10k": fit * 10_000 / (len(cut.train) + (0 if cut.pool is None else len(cut.pool))),
        "rate": rate,
        "strange": int((~inside).sum()),
        "megabytes": len(model_bytes(model)) / 1e6,
        "shifted_raw": shifted[0],
        "shifted_corrected": shifted[1],
    }, told


def shifted_errors(model, labels, beliefs, cut: Cut) -> np.ndarray:
    """Return the mean errors of shares, counted and corrected, where the mix has shifted."""
    codes = pd.Index(model.topics).get_indexer(pd.Index(cut.test["topic"]))
    answers = pd.Index(model.topics).get_indexer(pd.Index(labels))
    inside = np.flatnonzero(codes >= 0)
    draw = np.random.default_rng(SEED)
    topics = len(model.topics)
    errors = []
    for _ in range(10):
        tilt = np.exp(draw.normal(scale=0.8, size=topics))[codes[inside]]
        rows = draw.choice(inside, len(inside), p=tilt / tilt.sum())
        true = counted_shares(codes[rows], topics)
        shares = corrected_shares(beliefs[rows], trained_shares(model), sharpness=model.sharpness)
        counted = counted_shares(answers[rows], topics)
        errors.append((share_error(counted, true), share_error(shares, true)))
    return np.mean(errors, axis=0)


def calibration_words(told: pd.DataFrame) -> str:
    """Say how far confidences are off, and how far they would be off by chance were they true."""
    confidences = told["confidence"].to_numpy(dtype=float)
    right = told["label"].eq(told["topic"]).to_numpy(dtype=bool)
    draw = np.random.default_rng(SEED)
    by_chance = [
        calibration_error(confidences, draw.random(len(told)) < confidences) for _ in range(200)
    ]
    return (
        f"{calibration_error(confidences, right):.4f} of {len(told):,} texts (by chance "
        f"{np.mean(by_chance):.4f}, 95% under {np.quantile(by_chance, 0.95):.4f})"
    )


def f1_gain(told: pd.DataFrame) -> str:
    """Say by how much macro-F1 exceeds the plain peer's, and the paired standard error of that."""
    names = pd.Index(sorted(set(told["topic"]) | set(told["label"]) | set(told["plain"])))
    true, ours_, peer = (
        names.get_indexer(pd.Index(told[column])) for column in ("topic", "label", "plain")
    )

    def gain(rows: np.ndarray) -> float:
        scores = [
            np.nanmean(f1_by_topic(confusion_matrix(each[rows], true[rows], len(names))))
            for each in (ours_, peer)
        ]
        return float(scores[0] - scores[1])

    # Copies of one text are drawn together: their labels are no independent evidence.
    copies = pd.Series(np.arange(len(told))).groupby(spelt_alike(told["text"]).to_numpy())
    groups = [rows.to_numpy() for _, rows in copies]
    draw = np.random.default_rng(SEED)
    drawn = [
        gain(np.concatenate([groups[at] for at in draw.integers(0, len(groups), len(groups))]))
        for _ in range(200)
    ]
    return f"{gain(np.arange(len(told))):+.4f} (se {np.std(drawn):.4f})"


def interval(share: float, texts: int) -> str:
    """Say a share with its 95% Wilson interval and what it is a share of."""
    lower, upper = wilson(share, texts)
    return f"{share:.4f} ({float(lower):.4f} to {float(upper):.4f} of {texts:,})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=os.environ.get("INSIGHT_REAL_DATA"))
    parser.add_argument("--only", nargs="*", choices=NAMES, default=NAMES)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--encoder", type=Path)
    chosen = parser.parse_args()
    encoder, known = load_encoder(chosen.encoder) if chosen.encoder else (None, "")
    for name in chosen.only:
        measured, answers = [], []
        reader = Remembering(encoder) if encoder else None
        for cut in cuts(name, chosen.data, chosen.repeats):
            if reader:
                reader.looks_up = bool(measured)
            peer, guesses = plain(cut)
            figures, told = ours(cut, reader, known)
            figures["ratio"] = figures["rate"] / peer["plain_rate"]
            if reader and measured:
                figures |= dict.fromkeys(("fit", "fit_10k", "rate", "ratio"))
            measured.append(peer | figures)
            answers.append(told.join(guesses).assign(text=cut.test["text"]))
        told = pd.concat(answers, ignore_index=True)
        table = pd.DataFrame(measured).astype(float)
        mean, spread = table.mean(), table.std()
        print(f"\n{name}: {len(measured)} cuts, {len(told):,} in-scope texts scored")
        print(
            f"  accuracy {interval(told['label'].eq(told['topic']).mean(), len(told))}, sd of cuts "
            f"{spread['accuracy']:.4f}; plain {told['plain'].eq(told['topic']).mean():.4f}"
        )
        print(
            f"  macro-F1 {f1_score(told['topic'], told['label'], average='macro'):.4f}, plain "
            f"{f1_score(told['topic'], told['plain'], average='macro'):.4f}; gain {f1_gain(told)}"
        )
        print(f"  calibration error {calibration_words(told)}")
        print(f"  covers {mean['coverage']:.3f} with precision {mean['precision_on_covered']:.3f}")
        if not np.isnan(mean["oos_auroc"]):
            print(
                f"  out of scope: AUROC {mean['oos_auroc']:.4f}, recall "
                f"{interval(mean['oos_recall'], int(table['strange'].sum()))} with "
                f"{interval(mean['in_scope_kept'], len(told))} of in-scope kept"
            )
        print(
            f"  shares: counted {mean['prevalence_error_raw']:.4f}, corrected "
            f"{mean['prevalence_error_corrected']:.4f}; mix shifted: counted "
            f"{mean['shifted_raw']:.4f}, corrected {mean['shifted_corrected']:.4f}"
        )
        print(f"  fit {mean['fit']:.1f} s ({mean['fit_10k']:.1f} s for 10,000; plain "
              f"{mean['plain_fit']:.1f} s); {mean['rate']:,.0f} texts/s, {mean['ratio']:.3f} of "
              f"plain ({'first cut alone' if reader else 'mean of cuts'}); "
              f"{mean['megabytes']:.2f} MB",
              flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
