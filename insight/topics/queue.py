"""What people should look at: the uncertain, the strange, a control sample, and likely slips."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer

UNSURE, STRANGE, CONTROL, SLIP = "uncertain", "fits no topic", "control", "label looks wrong"
KINDS = (CONTROL, SLIP, STRANGE, UNSURE)
NEAREST = 3


@dataclass(frozen=True, slots=True)
class ReviewSize:
    """How many rows of each kind a workbook holds."""

    control: int = 30
    slips: int = 20
    strange: int = 25
    unsure: int = 25


def review_queue(
    enquiries: pd.DataFrame, answers: pd.DataFrame, *, size: ReviewSize, seed: int
) -> pd.DataFrame:
    """Choose enquiries for people to label.

    Parameters
    ----------
    enquiries
        ``source``, ``enquiry_id``, ``text`` and ``topic`` (a person's label, or missing).
    answers
        With the same index: ``label``, ``confidence``, ``accepted`` and ``oos_score``.
    size
        How many of each kind.
    seed
        The same enquiries, in any order, and seed give the same queue.

    Returns
    -------
    pandas.DataFrame
        `enquiries` and `answers` of the chosen rows, with ``kind`` (first of `KINDS` that
        fits). The control rows are a plain random sample of the unlabelled ones: only such a
        sample says how good the model is, so it is drawn first and isn't mixed with the rest. Texts
        with nothing to go by, of no confidence at all, are in that sample alone.

    Notes
    -----
    A label looks wrong where the model, surely, says something else (confident learning:
    Northcutt et al. 2021, with the threshold of each topic its mean confidence). They are
    queued for a person, never dropped.
    """
    joined = enquiries.join(answers[["label", "confidence", "accepted", "oos_score"]])
    ordered = joined.sort_values(["source", "enquiry_id"], kind="stable")
    labelled = ordered["topic"].notna()
    open_, told = ordered[~labelled], ordered[labelled]
    rng = np.random.default_rng(seed)
    drawn = np.sort(rng.permutation(len(open_))[: size.control])
    control = open_.iloc[drawn].assign(kind=CONTROL)
    rest = open_.drop(control.index)
    rest = rest[rest["confidence"].gt(0)]
    strange = rest.sort_values("oos_score", ascending=False, kind="stable").head(size.strange)
    strange = strange[~strange["accepted"].astype(bool)].assign(kind=STRANGE)
    unsure = rest.drop(strange.index)
    unsure = unsure[~unsure["accepted"].astype(bool)]
    unsure = unsure.sort_values("confidence", kind="stable").head(size.unsure).assign(kind=UNSURE)
    slips = likely_slips(told).head(size.slips).assign(kind=SLIP)
    return pd.concat([control, slips, strange, unsure])


def likely_slips(told: pd.DataFrame) -> pd.DataFrame:
    """Return labelled rows whose label looks wrong, the surest first.

    Parameters
    ----------
    told
        ``topic`` (given by a person), ``label`` and ``confidence`` of a model that was trained
        without the row's own label, or on so many that one hardly counts.
    """
    if told.empty:
        return told
    usual = told.groupby("label")["confidence"].transform("mean")
    doubted = told["label"].ne(told["topic"]) & told["confidence"].ge(usual)
    return told[doubted].sort_values("confidence", ascending=False, kind="stable")


def nearest_examples(texts: pd.Series, labelled: pd.DataFrame) -> pd.Series:
    """Return, for each text, the labelled texts most like it, as "topic: text" lines.

    Parameters
    ----------
    texts
        Texts in question (redacted).
    labelled
        ``text`` (redacted) and ``topic``.
    """
    if labelled.empty or texts.empty:
        return pd.Series("", index=texts.index, dtype="string")
    reader = TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2))
    known = reader.fit_transform(labelled["text"].astype("string").fillna(""))
    asked = reader.transform(texts.astype("string").fillna(""))
    likeness: NDArray[np.float64] = (asked @ known.T).toarray()
    order = np.argsort(-likeness, axis=1, kind="stable")[:, :NEAREST]
    lines = labelled["topic"].astype(str) + ": " + labelled["text"].astype(str).str.slice(0, 160)
    near = lines.to_numpy(dtype=object)[order]
    return pd.Series(["\n".join(row) for row in near.tolist()], index=texts.index, dtype="string")
