"""A model's two pictures: how far its confidence can be trusted, and what it mixes up."""

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from insight.chart_parts import BLUE, GREY, INK, look, new_axes
from insight.topics.metrics import ReliabilityBin

_MOST_TOPICS = 30
_LONGEST_NAME = 28


def calibration_picture(bins: list[ReliabilityBin]) -> Figure:
    """Draw the share of right answers against the confidence they were given with.

    Points on the dashed line keep what they promise; the bars are 95% intervals.
    """
    with look():
        texts = sum(each["n"] for each in bins)
        title = f"Is it right as often as it says? {texts:,} texts, in {len(bins)} equal parts"
        figure, axes = new_axes(4.2, title)
        axes.plot([0, 1], [0, 1], color=GREY, linestyle="--", linewidth=1)
        said = np.array([each["confidence"] for each in bins])
        kept = np.array([each["right"] for each in bins])
        lower = np.array([each["lower"] for each in bins])
        upper = np.array([each["upper"] for each in bins])
        if bins:
            axes.errorbar(
                said, kept, yerr=[kept - lower, upper - kept], color=BLUE, marker="o", linewidth=1.2
            )
        axes.set(
            xlim=(0, 1.02), ylim=(0, 1.02), xlabel="confidence", ylabel="share of answers right"
        )
    return figure


def confusion_picture(confusion: NDArray[np.int64], topics: tuple[str, ...]) -> Figure:
    """Draw which topics are taken for which, as shares of each true topic's texts.

    Where there are more than 30 topics, those with most texts taken for another are drawn.
    """
    missed = confusion.sum(axis=1) + confusion.sum(axis=0) - 2 * confusion.diagonal()
    drawn = np.sort(np.argsort(-missed, kind="stable")[:_MOST_TOPICS])
    totals = np.maximum(confusion.sum(axis=1, keepdims=True), 1)
    shares = (confusion / totals)[np.ix_(drawn, drawn)]
    names = [_short(topics[place]) for place in drawn]
    with look():
        title = "What is taken for what"
        if len(drawn) < len(topics):
            title += f": the {len(drawn)} of {len(topics)} topics most mixed up"
        figure, axes = new_axes(2.4 + 0.24 * len(drawn), title)
        image = axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
        axes.set_xticks(range(len(drawn)), names, rotation=90, fontsize=8)
        axes.set_yticks(range(len(drawn)), names, fontsize=8)
        axes.set(xlabel="answered", ylabel="true topic")
        figure.colorbar(image, ax=axes, label="share of the true topic's texts", shrink=0.7)
        if len(drawn) <= _MOST_TOPICS // 2:
            for row, column in np.argwhere(shares >= 0.005):
                share = shares[row, column]
                axes.text(
                    column,
                    row,
                    f"{share:.0%}",
                    ha="center",
                    va="center",
                    fontsize=7,
                    color="white" if share > 0.5 else INK,
                )
    return figure


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"
