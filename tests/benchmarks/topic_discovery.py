"""Measure whether a topic that nobody taught is found, and what is found where there is none.

Run with ``INSIGHT_REAL_DATA=FOLDER python tests/benchmarks/topic_discovery.py [choose|report]``.
One class at a time is held out of what is known; half of the other classes' texts are known, the
other half and the held-out class are the month. A class is found if most texts of some group are of
it. Told are the purity of the group that holds most of it (share of the group that is the class)
and its recall (share of the class in the group; nought where no group holds any), with standard
errors over classes; how many more groups are of the class, and how many are of no class held out
(false); then the groups of each of ten months where nothing is held out. `choose` takes every
other class of each file, which the method was chosen by; `report` takes the rest.
"""
# ruff: noqa: T201 (what it prints is what it is for)

import os
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

from insight.topics.discovery import discover

SEED = 2026
CLASSES = 10
NOTHING_HELD_OUT = 10
SOURCES = {
    "banking77": ("banking77/train.csv", "text", "category"),
    "hwu64": ("hwu64/folds_1_7.csv", "text", "label"),
    "clinc150": ("clinc150/train_val.csv", "text", "intent"),
    "nhs": ("nhs-patient-comments-topics/comments_train.csv", "feedback", "subcategory"),
}
LEAST_OF_A_CLASS = 30


def labelled(name: str) -> pd.DataFrame:
    """Return a file's ``text`` and ``topic``, those of no topic left out."""
    path, text, topic = SOURCES[name]
    rows = pd.read_csv(Path(os.environ["INSIGHT_REAL_DATA"]) / path, dtype="string")
    rows = rows[[text, topic]].set_axis(["text", "topic"], axis="columns").dropna()
    return rows[rows["topic"].ne("oos")].drop_duplicates("text").reset_index(drop=True)


def parts(rows: pd.DataFrame, held_out: str | None, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what is known, and the month."""
    known = np.random.default_rng(seed).random(len(rows)) < 0.5
    if held_out is not None:
        known &= rows["topic"].ne(held_out).to_numpy()
        # Half of it, so that it comes as often as its neighbours.
        other = np.random.default_rng(seed + 1).random(len(rows)) < 0.5
        rows = rows.assign(left=rows["topic"].eq(held_out) & other)
        return rows[known], rows[~known & ~rows["left"]]
    return rows[known], rows[~known]


def came_back(rows: pd.DataFrame, held_out: str, seed: int) -> list[float]:
    """Return purity, recall, and the number of groups of the class and of others."""
    known, month = parts(rows, held_out, seed)
    found = discover(month["text"], known=known, seed=SEED)
    mine = month["topic"].eq(held_out)
    own = mine.groupby(found.assigned).agg(["sum", "size", "mean"])
    if not own["sum"].any():
        return [np.nan, 0.0, 0, len(own)]
    best = own.loc[own["sum"].idxmax()]
    mostly = int((own["mean"] > 0.5).sum())
    return [best["mean"], best["sum"] / mine.sum(), mostly, len(own) - mostly]


def measure(name: str, half: int) -> str:
    """Return one line of figures."""
    rows = labelled(name)
    sizes = rows["topic"].value_counts()
    classes = sorted(sizes.index[sizes >= LEAST_OF_A_CLASS])
    drawn = np.random.default_rng(SEED).permutation(classes)[half::2][:CLASSES]
    figures = np.array([came_back(rows, topic, at) for at, topic in enumerate(drawn)])
    purity, recall, own, false = figures.T
    nothing = []
    for seed in range(NOTHING_HELD_OUT):
        known, month = parts(rows, None, 100 + seed)
        nothing.append(len(discover(month["text"], known=known, seed=SEED).groups))
    return (
        f"{name:10} {len(rows)} texts: found {(own > 0).sum()} of {len(drawn)}; purity "
        f"{spread(purity)}; recall {spread(recall)}; {np.maximum(own - 1, 0).sum():.0f} more of "
        f"the class, {false.sum():.0f} false groups in {len(drawn)} months; nothing held out: "
        f"{sum(nothing)} groups in {NOTHING_HELD_OUT} months {nothing}"
    )


def spread(values: np.ndarray) -> str:
    """Return the mean and its standard error; what is missing is left out."""
    values = values[np.isfinite(values)]
    if len(values) < 2:
        return "too few"
    return f"{values.mean():.2f} (se {values.std(ddof=1) / np.sqrt(len(values)):.2f})"


def main(which: str) -> None:
    """Print the figures of every file."""
    for name in SOURCES:
        started = time.process_time()
        line = measure(name, int(which == "report"))
        print(f"{line}; {time.process_time() - started:.0f} CPU s", flush=True)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "report")
