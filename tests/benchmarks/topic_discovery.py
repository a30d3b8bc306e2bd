"""Measure whether a topic that nobody taught is found, and what is found where there is none.

Run with ``INSIGHT_REAL_DATA=FOLDER python tests/benchmarks/topic_discovery.py [choose|report]``.
One class at a time is held out of what is known; half of the other classes' texts are known, the
other half and the held-out class are the month. Told are the purity of the group that holds most
of it (share of the group that is the class), its recall (share of the class in the group), each
with its standard error over classes, and the number of groups; then the number of groups where
nothing is held out. `choose` uses every other class of each file, to choose `least_excess` by;
`report` uses the rest. Chosen is the smallest that brings no more than one group by chance in 4,000
texts on every file.
"""
# ruff: noqa: T201 (what it prints is what it is for)

import os
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

from insight.topics.discovery import DiscoveryMethod, discover

SEED = 2026
CLASSES = 10
NOTHING_HELD_OUT = 5
SOURCES = {
    "banking77": ("banking77/train.csv", "text", "category"),
    "hwu64": ("hwu64/folds_1_7.csv", "text", "label"),
    "clinc150": ("clinc150/train_val.csv", "text", "intent"),
    "nhs": ("nhs-patient-comments-topics/comments_train.csv", "feedback", "subcategory"),
}
EXCESSES = (2.5, 2.75, 3.0, 3.5)
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


def came_back(rows: pd.DataFrame, held_out: str, method: DiscoveryMethod, seed: int) -> list[float]:
    """Return purity, recall and the number of groups."""
    known, month = parts(rows, held_out, seed)
    found = discover(
        month["text"], covered=known["text"], topics=known["topic"], method=method, seed=SEED
    )
    mine = month["topic"].eq(held_out)
    if found.groups.empty or not found.assigned[mine].notna().any():
        return [np.nan, 0.0, len(found.groups)]
    best = found.assigned[mine].value_counts().index[0]
    inside = found.assigned.eq(best).fillna(value=False)
    return [mine[inside].mean(), inside[mine].mean(), len(found.groups)]


def measure(name: str, method: DiscoveryMethod, half: int) -> str:
    """Return one line of figures."""
    rows = labelled(name)
    sizes = rows["topic"].value_counts()
    classes = sorted(sizes.index[sizes >= LEAST_OF_A_CLASS])
    drawn = np.random.default_rng(SEED).permutation(classes)[half::2][:CLASSES]
    figures = np.array([came_back(rows, topic, method, at) for at, topic in enumerate(drawn)])
    nothing = []
    for seed in range(NOTHING_HELD_OUT):
        known, month = parts(rows, None, 100 + seed)
        found = discover(
            month["text"], covered=known["text"], topics=known["topic"], method=method, seed=SEED
        )
        nothing.append(len(found.groups))
    purity, recall, groups = (spread(figures[:, at]) for at in range(3))
    return (
        f"{name:10} excess {method.least_excess:.2f}: found {np.isfinite(figures[:, 0]).sum()} of "
        f"{len(drawn)}; purity {purity}; recall {recall}; groups {groups}; "
        f"nothing held out: {spread(np.array(nothing, dtype=float))} groups"
    )


def spread(values: np.ndarray) -> str:
    """Return the mean and its standard error; what is missing is left out."""
    values = values[np.isfinite(values)]
    if len(values) < 2:
        return "too few"
    return f"{values.mean():.2f} (se {values.std(ddof=1) / np.sqrt(len(values)):.2f})"


def main(which: str) -> None:
    """Print the figures of every file."""
    excesses = EXCESSES if which == "choose" else (DiscoveryMethod().least_excess,)
    for name in SOURCES:
        for excess in excesses:
            started = time.process_time()
            line = measure(name, DiscoveryMethod(least_excess=excess), int(which == "report"))
            print(f"{line}; {time.process_time() - started:.0f} CPU s", flush=True)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "report")
